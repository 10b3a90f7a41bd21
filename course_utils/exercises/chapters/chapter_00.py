"""Ejercicios del capítulo 00: preparativos."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.style import number_text

# --- 00.1 ------------------------------------------------------------------------------------------


def crop(image, top, left, height, width):
    """Recorte de height × width píxeles desde la fila top, columna left."""
    return image[top : top + height, left : left + width]


def _images_to_crop():
    small = np.arange(2 * 3 * 3).reshape(2, 3, 3)
    large = np.arange(7 * 9 * 3).reshape(7, 9, 3)
    return [(small, 0, 1, 1, 2), (large, 1, 2, 4, 3), (large, 3, 0, 2, 5)]


CROP = Exercise(
    id="00.1",
    title="recortar una imagen",
    level="easy",
    text="""
Una imagen en color es un array (fila, columna, canal). Escribe la función que recorta un rectángulo de
`height` filas y `width` columnas, a partir de la fila `top` y la columna `left`, sin perder los canales.
""",
    judge=ByReference(
        crop,
        cases=_images_to_crop,
        mistakes=[
            Mistake(
                "intercambia-los-ejes",
                "Usas la columna como primer índice. En un array de imagen, la fila va primero.",
                lambda image, top, left, height, width: image[left : left + width, top : top + height],
            ),
            Mistake(
                "tamaño-como-final",
                "Usas `height` y `width` como final del recorte. Son tamaños: el final es el comienzo más "
                "el tamaño.",
                lambda image, top, left, height, width: image[top:height, left:width],
            ),
            Mistake(
                "incluye-el-final",
                "Sale una fila y una columna de más. En Python el final de un corte ya queda fuera: no "
                "sumes 1.",
                lambda image, top, left, height, width: image[
                    top : top + height + 1, left : left + width + 1
                ],
            ),
            Mistake(
                "pierde-los-canales",
                "Devuelves un solo canal. Si no indicas el tercer eje, se conservan los tres.",
                lambda image, top, left, height, width: image[top : top + height, left : left + width, 0],
            ),
            Mistake(
                "ignora-la-esquina",
                "Recortas siempre desde la esquina superior izquierda: el corte debe empezar en `top` y "
                "en `left`.",
                lambda image, top, left, height, width: image[:height, :width],
            ),
            Mistake(
                "dos-cortes-seguidos",
                "El segundo corchete vuelve a cortar filas, ahora del recorte. Los dos cortes van en los "
                "mismos corchetes, separados por una coma.",
                lambda image, top, left, height, width: image[top : top + height][left : left + width],
            ),
        ],
    ),
    hints=[
        "Un corte `a:b` va del índice a, incluido, al b, excluido.",
        "El primer eje son las filas: de `top` a `top + height`.",
    ],
    explanation="Filas primero, columnas después, y el final de cada corte es comienzo + tamaño. El eje "
    "de los canales no se nombra y se conserva entero.",
)

# --- 00.2 ------------------------------------------------------------------------------------------


def neuron(x, w, b):
    """Salida de una neurona con ReLU."""
    z = (x * w).sum() + b
    return max(z, 0.0)


def _neuron_inputs():
    return [
        (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 1.0),
        (np.array([1.0, 2.0]), np.array([3.0, -4.0]), 1.0),
        (np.array([2.0, 0.5, -1.0]), np.array([1.0, 2.0, -3.0]), -1.5),
        (np.array([-1.0, 1.0]), np.array([2.0, -2.0]), 3.0),
    ]


NEURON = Exercise(
    id="00.2",
    title="una neurona",
    level="easy",
    text="""
Una neurona multiplica cada entrada por su peso, suma, añade su sesgo y aplica ReLU: los negativos
pasan a 0. `x` y `w` son arrays de la misma longitud y `b`, un número.
""",
    judge=ByReference(
        neuron,
        cases=_neuron_inputs,
        mistakes=[
            Mistake(
                "olvida-el-sesgo",
                "El resultado no depende de `b`. Suma el sesgo antes de aplicar ReLU.",
                lambda x, w, b: max((x * w).sum(), 0.0),
            ),
            Mistake(
                "olvida-relu",
                "Devuelves números negativos: falta ReLU, que los cambia por 0.",
                lambda x, w, b: (x * w).sum() + b,
            ),
            Mistake(
                "sesgo-despues-de-relu",
                "Sumas el sesgo después de ReLU. El sesgo decide cuándo se activa la neurona: va antes.",
                lambda x, w, b: max((x * w).sum(), 0.0) + b,
            ),
            Mistake(
                "no-suma",
                "Devuelves un valor por entrada. La neurona suma todos los productos y da un solo número.",
                lambda x, w, b: np.maximum(x * w + b, 0),
            ),
            Mistake(
                "valor-absoluto",
                "Cambias el signo de los negativos. ReLU los deja en 0.",
                lambda x, w, b: abs((x * w).sum() + b),
            ),
            Mistake(
                "relu-antes-de-sumar",
                "Aplicas ReLU y el sesgo a cada producto y después sumas. Primero se suman los productos; el "
                "sesgo y ReLU van una sola vez, al final.",
                lambda x, w, b: np.maximum(x * w + b, 0).sum(),
            ),
        ],
    ),
    hints=[
        "`(x * w).sum()` multiplica elemento a elemento y suma.",
        "Primero el sesgo, después ReLU: `max(z, 0)`.",
    ],
    explanation="`z = x·w + b` y la salida es `max(z, 0)`. Con el sesgo dentro, la neurona elige a partir de "
    "qué suma se activa.",
)

# --- 00.3 ------------------------------------------------------------------------------------------


def dense_layer_parameters():
    """Parámetros de 128 neuronas densas sobre 28 × 28 píxeles."""
    weights = 28 * 28 * 128  # cada neurona, un peso por píxel
    biases = 128  # cada neurona, el suyo
    return weights + biases


DENSE = Exercise(
    id="00.3",
    title="parámetros de una capa densa",
    level="easy",
    text="""
Una imagen gris de 28 × 28 se aplana y entra en una capa densa de 128 neuronas. ¿Cuántos parámetros tiene la
capa, entre pesos y sesgos?
""",
    judge=ByReference(
        dense_layer_parameters,
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Son los pesos. Cada neurona tiene además un sesgo.",
                lambda: 28 * 28 * 128,
            ),
            Mistake(
                "sesgo-por-entrada",
                "Has contado un sesgo por píxel. El sesgo es de la neurona, no de la entrada.",
                lambda: 28 * 28 * 128 + 28 * 28,
            ),
            Mistake(
                "no-aplana",
                "Has contado 28 entradas. Al aplanar, cada píxel es una: 28 × 28.",
                lambda: 28 * 128 + 128,
            ),
            Mistake(
                "suma-entradas-y-neuronas",
                "Has sumado entradas y neuronas. Cada neurona tiene un peso para **cada** entrada: se "
                "multiplican.",
                lambda: 28 * 28 + 128,
            ),
            Mistake(
                "un-solo-sesgo",
                "Has contado un solo sesgo para toda la capa: cada neurona tiene el suyo.",
                lambda: 28 * 28 * 128 + 1,
            ),
        ],
    ),
    hints=["¿Cuántos pesos tiene una sola neurona?", "Una neurona: 784 pesos y un sesgo. ¿Y 128?"],
    explanation="(784 + 1) × 128: cada neurona lleva un peso por píxel y un sesgo.",
    controls=(Number("Parámetros"),),
)

# --- 00.4 ------------------------------------------------------------------------------------------


def softmax(z):
    """Probabilidades a partir de las salidas z de la última capa."""
    exponentials = np.exp(z - z.max())  # así la mayor es 1 y no se desborda
    return exponentials / exponentials.sum()


SOFTMAX = Exercise(
    id="00.4",
    title="softmax que no se desborda",
    level="medium",
    text="""
Softmax convierte las salidas `z` de la última capa en probabilidades: la exponencial de cada una, dividida
entre la suma de todas las exponenciales. Tiene que funcionar también con `z = [1000, 1001]`, donde la
exponencial no cabe en un `float`.
""",
    judge=ByReference(
        softmax,
        cases=lambda: [
            np.array([0.0, 0.0]),
            np.array([1.0, 2.0, 3.0]),
            np.array([-1.0, 0.0, 4.0]),
            np.array([1000.0, 1001.0]),
        ],
        mistakes=[
            Mistake(
                "se-desborda",
                "La fórmula es correcta, pero con valores grandes la exponencial se desborda y sale "
                "`nan`. Resta antes el máximo de `z`: el cociente no cambia.",
                lambda z: np.exp(z) / np.exp(z).sum(),
            ),
            Mistake(
                "sin-exponencial",
                "Divides las salidas entre su suma, sin la exponencial: así pueden salir probabilidades "
                "negativas.",
                lambda z: z / z.sum(),
            ),
            Mistake(
                "sigmoide",
                "Aplicas la sigmoide a cada salida por separado: las probabilidades no suman 1.",
                lambda z: 1 / (1 + np.exp(-z)),
            ),
            Mistake(
                "divide-entre-el-maximo",
                "Divides entre la mayor exponencial en vez de entre la suma: las probabilidades no suman 1.",
                lambda z: np.exp(z - z.max()),
            ),
            Mistake(
                "exponencial-sin-dividir",
                "Falta dividir entre la suma de las exponenciales.",
                lambda z: np.exp(z),
            ),
            Mistake(
                "devuelve-logaritmos",
                "Devuelves el logaritmo de las probabilidades: sobran los logaritmos.",
                lambda z: z - z.max() - np.log(np.exp(z - z.max()).sum()),
            ),
            Mistake(
                "resta-solo-arriba",
                "Restas el máximo en una exponencial y no en las de la suma. El cociente solo se conserva si "
                "se resta lo mismo en todas.",
                lambda z: np.exp(z - z.max()) / np.exp(z).sum(),
            ),
        ],
    ),
    hints=[
        "Comprueba que lo que devuelves suma 1.",
        "e^(a − c) / e^(b − c) vale lo mismo que e^a / e^b: puedes restar lo que quieras a todas las "
        "salidas.",
        "Resta `z.max()` antes de `np.exp`.",
    ],
    explanation="Restar el máximo multiplica arriba y abajo por lo mismo, así que el cociente no cambia, "
    "y la mayor exponencial pasa a ser 1.",
)

# --- 00.5 ------------------------------------------------------------------------------------------


def cross_entropy(probabilities, labels):
    """Entropía cruzada media de un lote."""
    right = probabilities[np.arange(len(labels)), labels]  # (N,)
    return -np.log(right).mean()


def _probability_batches():
    return [
        (np.array([[0.5, 0.5]]), np.array([0])),
        (np.array([[0.2, 0.8], [0.7, 0.3]]), np.array([1, 1])),
        (np.array([[0.1, 0.6, 0.3], [0.25, 0.5, 0.25], [0.9, 0.05, 0.05]]), np.array([2, 1, 0])),
    ]


CROSS_ENTROPY = Exercise(
    id="00.5",
    title="entropía cruzada de un lote",
    level="medium",
    text="""
`probabilities` tiene forma (N, clases) y `labels`, forma (N,): la clase verdadera de cada ejemplo. La
pérdida de un ejemplo es menos el logaritmo natural de la probabilidad que la red da a su clase verdadera;
la del lote, la media.
""",
    judge=ByReference(
        cross_entropy,
        cases=_probability_batches,
        mistakes=[
            Mistake(
                "olvida-el-signo",
                "La pérdida sale negativa: el logaritmo de una probabilidad es negativo y falta el signo "
                "menos.",
                lambda p, y: -cross_entropy(p, y),
            ),
            Mistake(
                "suma-en-vez-de-media",
                "Sumas las pérdidas del lote. Con la media, la pérdida no depende de cuántos ejemplos haya.",
                lambda p, y: cross_entropy(p, y) * len(y),
            ),
            Mistake(
                "logaritmo-decimal",
                "Usas el logaritmo en base 10. Es el natural, `np.log`.",
                lambda p, y: cross_entropy(p, y) / np.log(10),
            ),
            Mistake(
                "sin-logaritmo",
                "Usas 1 − p. Sin el logaritmo, equivocarse con mucha seguridad casi no se castiga.",
                lambda p, y: (1 - p[np.arange(len(y)), y]).mean(),
            ),
            Mistake(
                "probabilidad-mayor",
                "Usas la probabilidad más alta, acierte o no. Es la de la clase verdadera, que dice "
                "`labels`.",
                lambda p, y: -np.log(p.max(axis=1)).mean(),
            ),
            Mistake(
                "promedia-antes",
                "Promedias las probabilidades y después tomas el logaritmo. El orden importa: un "
                "logaritmo por ejemplo, y luego la media.",
                lambda p, y: -np.log(p[np.arange(len(y)), y].mean()),
            ),
            Mistake(
                "no-promedia",
                "Devuelves una pérdida por ejemplo. La del lote es un solo número: su media.",
                lambda p, y: -np.log(p[np.arange(len(y)), y]),
            ),
            Mistake(
                "todas-las-filas",
                "Con `[:, labels]` tomas de **cada** fila las columnas de todas las etiquetas. Hace falta "
                "una sola por fila: dos listas de índices, la de filas y la de columnas.",
                lambda p, y: -np.log(p[:, y]).mean(),
            ),
            Mistake(
                "etiquetas-como-filas",
                "Con `[labels]` eliges filas. Las etiquetas dicen qué **columna** mirar en cada fila.",
                lambda p, y: -np.log(p[y]).mean(),
            ),
        ],
    ),
    hints=[
        "De cada fila solo interesa una probabilidad: la de la columna que dice su etiqueta.",
        "`probabilities[np.arange(N), labels]` toma una de cada fila.",
    ],
    explanation="Se toma la probabilidad de la clase verdadera de cada fila, su logaritmo cambiado de "
    "signo, y la media.",
)

# --- 00.6 ------------------------------------------------------------------------------------------


def gradient_step(x, y, w, b, learning_rate):
    """Pesos (w, b) después de un paso de descenso de gradiente."""
    error = w * x + b - y
    gradient_w = (2 * error * x).mean()
    gradient_b = (2 * error).mean()
    return w - learning_rate * gradient_w, b - learning_rate * gradient_b


def _lines():
    return [
        (np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.0, 0.0, 0.1),
        (np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 1.0, -1.0, 0.05),
        (np.array([-1.0, 3.0]), np.array([0.5, 2.0]), 0.5, 2.0, 0.2),
    ]


def _bias_after(x, y, w, b, learning_rate):
    w = w - learning_rate * (2 * (w * x + b - y) * x).mean()
    return w, b - learning_rate * (2 * (w * x + b - y)).mean()


STEP = Exercise(
    id="00.6",
    title="un paso de descenso de gradiente",
    level="hard",
    text="""
El modelo es la recta `w * x + b` y la pérdida, la media de los cuadrados de (predicción − `y`). Devuelve la
pareja `(w, b)` después de **un** paso con esa tasa de aprendizaje.
""",
    judge=ByReference(
        gradient_step,
        cases=_lines,
        mistakes=[
            Mistake(
                "sube-en-vez-de-bajar",
                "Los pesos se mueven al revés y la pérdida crece. O sumas el gradiente en vez de restarlo, o "
                "tu error es `y` − predicción y el gradiente sale con el signo cambiado.",
                lambda x, y, w, b, lr: gradient_step(x, y, w, b, -lr),
            ),
            Mistake(
                "olvida-el-2",
                "Los pasos salen la mitad de largos: la derivada del cuadrado lleva un 2.",
                lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr / 2),
            ),
            Mistake(
                "suma-en-vez-de-media",
                "Sumas sobre los ejemplos. La pérdida es una media, y su gradiente también.",
                lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr * len(x)),
            ),
            Mistake(
                "olvida-la-x",
                "El gradiente de `w` no depende de `x`. Al derivar `w * x + b` respecto de `w` aparece `x`.",
                lambda x, y, w, b, lr: (
                    w - lr * (2 * (w * x + b - y)).mean(),
                    b - lr * (2 * (w * x + b - y)).mean(),
                ),
            ),
            Mistake(
                "sesgo-con-la-w-nueva",
                "Cambias `w` antes de calcular el gradiente de `b`. Los dos gradientes se calculan en el "
                "mismo punto.",
                _bias_after,
            ),
            Mistake(
                "error-al-reves",
                "Para `b` usas el gradiente con el signo cambiado y para `w` no: el error es predicción − "
                "y en los dos.",
                lambda x, y, w, b, lr: (gradient_step(x, y, w, b, lr)[0], gradient_step(x, y, w, b, -lr)[1]),
            ),
            Mistake(
                "devuelve-el-gradiente",
                "Devuelves el gradiente. Falta el paso: a cada parámetro se le resta la tasa por su "
                "gradiente.",
                lambda x, y, w, b, lr: ((2 * (w * x + b - y) * x).mean(), (2 * (w * x + b - y)).mean()),
            ),
            Mistake(
                "no-promedia",
                "Devuelves un valor por ejemplo. La pérdida es una media, y cada gradiente, un solo número: "
                "la media sobre los ejemplos.",
                lambda x, y, w, b, lr: (
                    w - lr * 2 * (w * x + b - y) * x,
                    b - lr * 2 * (w * x + b - y),
                ),
            ),
        ],
    ),
    hints=[
        "Llama `error` a `w * x + b - y`: la pérdida es la media de `error**2`.",
        "La derivada respecto de `w` es la media de `2 * error * x`; respecto de `b`, la de `2 * error`.",
        "A cada parámetro se le resta la tasa de aprendizaje por su gradiente, los dos a la vez.",
    ],
    explanation="Por la regla de la cadena, `dL/dw` es la media de 2·error·x y `dL/db`, la de 2·error. Los "
    "dos se restan, multiplicados por la tasa de aprendizaje.",
)

# --- 00.7 ------------------------------------------------------------------------------------------


def good_learning_rate():
    """Tasa que acerca w a 3 en diez pasos sin pasarse."""
    return 0.4


def _descent(answer):
    if type(answer) not in (int, float) or not 0 < answer <= 10:
        raise Unexpected("Se espera un número mayor que 0, por ejemplo 0.1.")
    path = [0.0]
    for _ in range(10):
        path.append(path[-1] - answer * 2 * (path[-1] - 3))
    return {"rate": answer, "first": path[1], "last": path[-1]}


RATE = Exercise(
    id="00.7",
    title="una tasa de aprendizaje que llega",
    level="easy",
    text="""
La pérdida es (w − 3)², su gradiente 2 (w − 3) y se empieza en w = 0. Elige una tasa de aprendizaje con la
que, **en diez pasos**, `w` quede a menos de 0,01 de 3 **sin pasarse nunca** al otro lado.
""",
    judge=ByRules(
        good_learning_rate,
        _descent,
        mistakes=[
            Mistake(
                "no-converge",
                lambda seen: (
                    f"Tras diez pasos w = {number_text(seen['last'])}: cada paso salta al otro lado y "
                    "no se acerca. La tasa es demasiado grande."
                ),
                lambda: 1.1,
                when=lambda seen: seen["rate"] >= 1,
            ),
            Mistake(
                "se-pasa",
                lambda seen: (
                    f"El primer paso lleva a w = {number_text(seen['first'])}, más allá de 3: después "
                    "oscila. Reduce la tasa."
                ),
                lambda: 0.8,
                when=lambda seen: seen["first"] > 3 + 1e-9,
            ),
            Mistake(
                "demasiado-lenta",
                lambda seen: (
                    f"Tras diez pasos w = {number_text(seen['last'])}: va por buen camino, pero los "
                    "pasos son cortos. Aumenta la tasa."
                ),
                lambda: 0.05,
                when=lambda seen: abs(seen["last"] - 3) >= 0.01,
            ),
        ],
    ),
    hints=[
        "Cada paso multiplica la distancia a 3 por 1 − 2·tasa.",
        "Para no pasarse, 1 − 2·tasa no puede ser negativo. Para llegar, su décima potencia debe ser muy "
        "pequeña.",
    ],
    explanation="La distancia se multiplica por 1 − 2η en cada paso. No se pasa si η no supera 0,5, y "
    "en diez pasos llega si 3·(1 − 2η)¹⁰ baja de 0,01, es decir, con η mayor que 0,22. Con 0,5 llega en uno.",
    controls=(Slider("Tasa de aprendizaje", 0.05, 1.2, 0.05),),
)

EXERCISES = (CROP, NEURON, DENSE, SOFTMAX, CROSS_ENTROPY, STEP, RATE)
