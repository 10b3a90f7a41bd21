"""Ejercicios del capítulo 03: kernel, stride y padding."""

import numpy as np

from course_utils.ops.convolution import convolve2d, correlate2d
from course_utils.exercises.controls import Matrix, Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.expected import as_integers, as_kernel
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected

# --- 03.1 ------------------------------------------------------------------------------------------


def output_size(n, kernel_size):
    """Posiciones de la ventana a lo largo de n píxeles."""
    return n - kernel_size + 1


SIZE = Exercise(
    id="03.1",
    title="cuántas veces cabe la ventana",
    level="easy",
    text="""
Un kernel avanza de píxel en píxel por una fila de `n` píxeles, sin relleno y sin salirse.
Escribe la función que dice cuántos valores tiene la salida.
""",
    judge=ByReference(
        output_size,
        cases=[(3, 3), (4, 2), (5, 3), (7, 1), (28, 5)],
        mistakes=[
            Mistake(
                "olvida-el-uno",
                "Cuentas los avances de la ventana, no sus posiciones: falta la primera, antes de avanzar. "
                "Prueba con un kernel tan grande como la fila.",
                lambda n, kernel_size: n - kernel_size,
            ),
            Mistake(
                "no-encoge",
                "Das por hecho que hay una posición por píxel, y las últimas ventanas se saldrían de la "
                "fila. Dibuja 5 píxeles y un kernel de 3.",
                lambda n, kernel_size: n,
            ),
            Mistake(
                "pasea-el-centro",
                "Solo descuentas medio kernel. La ventana pierde posiciones por los dos lados, no por uno.",
                lambda n, kernel_size: n - kernel_size // 2,
            ),
            Mistake(
                "cuenta-las-que-se-salen",
                "Cuentas también las ventanas que solo tocan la fila en parte. Aquí todas deben caber "
                "enteras.",
                lambda n, kernel_size: n + kernel_size - 1,
            ),
            Mistake(
                "trocea",
                "Cuentas trozos que no se solapan. La ventana avanza un píxel, no un kernel entero.",
                lambda n, kernel_size: n // kernel_size,
            ),
        ],
    ),
    hints=[
        "Dibuja una fila de 5 píxeles y desliza sobre ella una ventana de 3: ¿en qué píxel empieza cada vez?",
        "El comienzo de la ventana va de la posición 0 a la última en que aún cabe. ¿Cuál es esa?",
        "La última ventana empieza `kernel_size` píxeles antes del final; desde 0 hasta ahí hay una "
        "posición más que avances.",
    ],
    explanation="La ventana puede empezar en los píxeles 0, 1, …, n − k: son n − k + 1 comienzos.",
)

# --- 03.2 ------------------------------------------------------------------------------------------


def conv_size(n, kernel_size, stride, padding):
    """Tamaño de la salida con stride y padding."""
    padded = n + 2 * padding
    return (padded - kernel_size) // stride + 1


CONV_SIZE = Exercise(
    id="03.2",
    title="el tamaño de la salida, con stride y padding",
    level="medium",
    text="""
Ahora la ventana avanza de `stride` en `stride` y se añaden `padding` píxeles **a cada lado**.
Si la última ventana no cabe, no se cuenta. Escribe la función que da el tamaño de la salida.
""",
    judge=ByReference(
        conv_size,
        cases=[
            (5, 3, 1, 0),
            (5, 3, 2, 0),
            (6, 3, 2, 0),
            (5, 3, 1, 1),
            (7, 3, 2, 1),
            (8, 3, 3, 0),
            (28, 5, 2, 2),
        ],
        mistakes=[
            Mistake(
                "olvida-el-uno",
                "Cuentas los saltos de la ventana, no sus posiciones: falta la primera.",
                lambda n, k, s, p: (n + 2 * p - k) // s,
            ),
            Mistake(
                "padding-una-vez",
                "El relleno se suma una sola vez y hay dos lados.",
                lambda n, k, s, p: (n + p - k) // s + 1,
            ),
            Mistake(
                "olvida-el-padding",
                "El resultado no cambia con `padding`: la ventana recorre la fila con sus dos rellenos.",
                lambda n, k, s, p: (n - k) // s + 1,
            ),
            Mistake(
                "olvida-el-stride",
                "El resultado no cambia con `stride`: si la ventana avanza de 2 en 2, da la mitad de saltos.",
                lambda n, k, s, p: n + 2 * p - k + 1,
            ),
            Mistake(
                "redondea-hacia-arriba",
                "Cuentas una ventana que no cabe entera. Los píxeles que sobran al final se quedan sin usar: "
                "se redondea hacia abajo.",
                lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1,
            ),
            Mistake(
                "uno-antes-de-dividir",
                "Sumas el 1 antes de dividir por el stride. La primera posición no necesita ningún salto: "
                "súmala al final.",
                lambda n, k, s, p: (n + 2 * p - k + 1) // s,
            ),
            Mistake(
                "no-redondea",
                "Sale un número con decimales: no hay media ventana. Usa la división entera, `//`.",
                lambda n, k, s, p: (n + 2 * p - k) / s + 1,
            ),
        ],
    ),
    hints=[
        "Empieza por la fila ya rellenada: ¿cuántos píxeles tiene?",
        "Desde la primera posición hasta la última hay (tamaño con relleno − kernel) píxeles. ¿Cuántos "
        "saltos de `stride` caben ahí?",
        "Saltos enteros, con `//`, y una posición más que saltos.",
    ],
    explanation="Con relleno la fila mide n + 2p. En n + 2p − k píxeles caben ⌊(n + 2p − k) / s⌋ saltos "
    "enteros, y hay una posición más que saltos.",
)

# --- 03.3 ------------------------------------------------------------------------------------------


def halving_layer():
    """Kernel, stride y padding que dejan 28 píxeles en 14."""
    return 3, 2, 1


def _layer_of(answer):
    kernel_size, stride, padding = as_integers(answer, "kernel_size", "stride", "padding")
    if kernel_size < 1 or stride < 1 or padding < 0 or kernel_size > 28 + 2 * padding:
        raise Unexpected(
            "El kernel y el stride son 1 o más, el padding 0 o más, y el kernel debe caber en la fila."
        )
    return {"k": kernel_size, "s": stride, "p": padding, "size": conv_size(28, kernel_size, stride, padding)}


HALVE = Exercise(
    id="03.3",
    title="de 28 a 14",
    level="easy",
    text="""
Una imagen mide 28 × 28. Elige kernel, stride y padding para que la salida mida **14 × 14**, con un kernel
que mire más de un píxel y sin ventanas que solo vean relleno. Hay varias respuestas.

En código, la respuesta es una tupla: `(kernel_size, stride, padding)`.
""",
    judge=ByRules(
        halving_layer,
        _layer_of,
        mistakes=[
            Mistake(
                "kernel-de-un-pixel",
                lambda seen: (
                    "Con kernel 1 cada ventana ve un solo píxel y no puede encontrar ningún patrón (y la "
                    f"salida mide {seen['size']}). Usa un kernel mayor."
                ),
                lambda: (1, 2, 0),
                when=lambda seen: seen["k"] == 1,
            ),
            Mistake(
                "ventanas-de-relleno",
                lambda seen: (
                    f"Con padding {seen['p']} y kernel {seen['k']} hay ventanas que solo ven relleno. "
                    "El padding debe ser menor que el kernel."
                ),
                lambda: (2, 2, 2),
                when=lambda seen: seen["p"] >= seen["k"],
            ),
            Mistake(
                "sin-stride",
                lambda seen: (
                    f"La salida mide {seen['size']}. Con stride 1 solo se pierden los píxeles del borde: "
                    "para quedarse en la mitad, la ventana debe avanzar de 2 en 2."
                ),
                lambda: (3, 1, 1),
                when=lambda seen: seen["size"] > 14 and seen["s"] == 1,
            ),
            Mistake(
                "stride-excesivo",
                lambda seen: (
                    f"La salida mide {seen['size']}: con stride {seen['s']} queda menos de la mitad. "
                    "Baja el stride."
                ),
                lambda: (3, 3, 0),
                when=lambda seen: seen["size"] < 14 and seen["s"] > 2,
            ),
            Mistake(
                "falta-padding",
                lambda seen: (
                    f"La salida mide {seen['size']}, por poco: el kernel se come los bordes. "
                    "Aumenta el padding o reduce el kernel."
                ),
                lambda: (3, 2, 0),
                when=lambda seen: seen["size"] < 14,
            ),
            Mistake(
                "sobra-padding",
                lambda seen: (
                    f"La salida mide {seen['size']}: hay más relleno del que hace falta. "
                    "Reduce el padding o aumenta el kernel."
                ),
                lambda: (3, 2, 2),
                when=lambda seen: seen["size"] > 14,
            ),
        ],
    ),
    hints=[
        "14 es la mitad de 28: ¿cuánto tiene que avanzar la ventana?",
        "Con stride 2, la salida es ⌊(28 + 2·padding − kernel) / 2⌋ + 1. Iguálala a 14.",
    ],
    explanation="Con stride 2 hace falta ⌊(28 + 2p − k) / 2⌋ = 13, es decir, 2p − k igual a −2 o a −1: "
    "kernel 2 sin relleno, 3 con relleno 1, 4 con relleno 1, 5 con relleno 2…",
    controls=(Slider("Tamaño del kernel", 1, 7), Slider("Stride", 1, 4), Slider("Padding", 0, 3)),
)

# --- 03.4 ------------------------------------------------------------------------------------------


def same_padding(n, kernel_size, stride):
    """Píxeles que padding="same" añade antes y después de un eje."""
    size = -(-n // stride)  # n / stride, redondeado hacia arriba
    total = max((size - 1) * stride + kernel_size - n, 0)
    before = total // 2
    return before, total - before


def _total_padding(n, kernel_size, stride):
    return (-(-n // stride) - 1) * stride + kernel_size - n


SAME = Exercise(
    id="03.4",
    title='lo que añade padding="same"',
    level="medium",
    text="""
Con `padding="same"` la salida mide n / stride, redondeado hacia arriba. Keras añade el relleno justo para
eso y, si es impar, **el píxel que sobra va después**. Devuelve la pareja (antes, después).
""",
    judge=ByReference(
        same_padding,
        cases=[(5, 3, 1), (4, 2, 1), (5, 4, 1), (6, 3, 2), (7, 3, 2), (6, 1, 3), (28, 5, 2), (9, 4, 3)],
        mistakes=[
            Mistake(
                "siempre-simetrico",
                "Repartes medio kernel a cada lado. Eso solo vale con kernel impar y stride 1: calcula "
                "cuántos píxeles faltan para la última ventana.",
                lambda n, k, s: (k // 2, k // 2),
            ),
            Mistake(
                "mitad-a-cada-lado",
                "Repartes (k − 1) / 2 a cada lado, redondeado hacia abajo. Con kernel par falta un píxel, "
                "que va después, y con stride el total es otro.",
                lambda n, k, s: ((k - 1) // 2, (k - 1) // 2),
            ),
            Mistake(
                "sobra-antes",
                "El total está bien, pero el píxel que sobra va después, no antes.",
                lambda n, k, s: same_padding(n, k, s)[::-1],
            ),
            Mistake(
                "ignora-el-stride",
                "El resultado no depende de `stride`. Con stride 2 las ventanas son menos y el relleno "
                "también.",
                lambda n, k, s: ((k - 1) // 2, k - 1 - (k - 1) // 2),
            ),
            Mistake(
                "total-a-cada-lado",
                "Añades el relleno entero a cada lado: hay que repartirlo entre los dos.",
                lambda n, k, s: (max(_total_padding(n, k, s), 0),) * 2,
            ),
            Mistake(
                "relleno-negativo",
                "Si el kernel es menor que el stride la cuenta sale negativa, y no se puede quitar píxeles: "
                "el mínimo es 0.",
                lambda n, k, s: (
                    _total_padding(n, k, s) // 2,
                    _total_padding(n, k, s) - _total_padding(n, k, s) // 2,
                ),
            ),
        ],
    ),
    hints=[
        "Calcula primero cuánto mide la salida: `-(-n // stride)` redondea hacia arriba.",
        "La última ventana empieza en (salida − 1) · stride y ocupa `kernel_size` píxeles: ¿cuántos faltan?",
        "Reparte lo que falta con `// 2`; lo que queda va después. Y nunca menos de 0.",
    ],
    explanation="La última ventana termina en el píxel (⌈n/s⌉ − 1)·s + k. Lo que sobrepasa n es el "
    "relleno, y la mitad, redondeada hacia abajo, va antes. Por eso `same` no es simétrico "
    "con kernels pares o con stride.",
)

# --- 03.5 ------------------------------------------------------------------------------------------


def correlate(image, kernel):
    """Suma de productos en cada posición de la ventana."""
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] - rows + 1, image.shape[1] - cols + 1))
    for row in range(output.shape[0]):
        for col in range(output.shape[1]):
            window = image[row : row + rows, col : col + cols]
            output[row, col] = (window * kernel).sum()
    return output


def _images_and_kernels():
    rng = np.random.default_rng(3)
    small = np.arange(9.0).reshape(3, 3)
    return [
        (small, np.array([[0.0, 1.0], [2.0, 3.0]])),
        (rng.integers(0, 9, (4, 6)).astype(float), rng.integers(-3, 4, (2, 3)).astype(float)),
        (
            rng.integers(0, 9, (6, 5)).astype(float),
            np.array([[1.0, 0.0, -2.0], [3.0, 0.0, 4.0], [0.0, 5.0, -1.0]]),
        ),
    ]


def _without_last(image, kernel):
    output = correlate2d(image, kernel)
    output[-1], output[:, -1] = 0, 0
    return output


CORRELATE = Exercise(
    id="03.5",
    title="la ventana que se desliza",
    level="medium",
    text="""
Escribe lo que calcula una capa convolucional con un canal y un filtro: en cada posición de la ventana,
multiplica sus píxeles por el kernel, uno a uno, y suma. Sin relleno y con stride 1. `image` y `kernel` son
arrays (fila, columna) y el kernel puede no ser cuadrado.
""",
    judge=ByReference(
        correlate,
        cases=_images_and_kernels,
        mistakes=[
            Mistake(
                "gira-el-kernel",
                "Giras el kernel media vuelta: eso es la convolución de las matemáticas. Las capas "
                "convolucionales no lo giran; calculan la correlación.",
                convolve2d,
            ),
            Mistake(
                "refleja-las-columnas",
                "Recorres las columnas del kernel al revés que las de la ventana.",
                lambda image, kernel: correlate2d(image, kernel[:, ::-1]),
            ),
            Mistake(
                "intercambia-los-ejes",
                "La salida está traspuesta: el primer índice es la fila y el segundo, la columna.",
                lambda image, kernel: correlate2d(image, kernel).T,
            ),
            Mistake(
                "promedia",
                "Divides entre el número de píxeles. El kernel ya lleva sus pesos: solo hay que sumar.",
                lambda image, kernel: correlate2d(image, kernel) / kernel.size,
            ),
            Mistake(
                "no-llega-al-final",
                "La última fila y la última columna se quedan a cero: `range` ya excluye su final, no le "
                "restes otro 1.",
                _without_last,
            ),
            Mistake(
                "suma-sin-kernel",
                "Sumas los píxeles de la ventana sin multiplicarlos por el kernel.",
                lambda image, kernel: correlate2d(image, np.ones_like(kernel)),
            ),
        ],
    ),
    hints=[
        "¿Cuánto mide la salida en cada eje? Es el ejercicio 03.1, dos veces.",
        "La ventana de la posición (row, col) es `image[row : row + rows, col : col + cols]`.",
        "Con NumPy, `(window * kernel).sum()` multiplica píxel a píxel y suma.",
    ],
    explanation="Es la correlación cruzada. Con la imagen de 0 a 8 y el kernel [[0, 1], [2, 3]] sale 19, "
    "25, 37, 43.",
)

# --- 03.6 ------------------------------------------------------------------------------------------


def moving_kernel():
    """Kernel que mueve la imagen un píxel a la derecha."""
    kernel = np.zeros((3, 3))
    kernel[1, 0] = 1  # cada salida copia el píxel que tiene a su izquierda
    return kernel


def _movement(answer):
    image = np.zeros((7, 7))
    image[3, 3] = 1
    seen = correlate2d(np.pad(image, 1), as_kernel(answer))
    lit = np.argwhere(seen != 0)
    return {
        "moves": [(int(row) - 3, int(col) - 3) for row, col in lit],
        "gain": float(seen.sum()),
    }


def _kernel_with(row, col, weight=1.0):
    kernel = np.zeros((3, 3))
    kernel[row, col] = weight
    return kernel


MOVE = Exercise(
    id="03.6",
    title="un kernel que mueve la imagen",
    level="medium",
    text="""
Escribe un kernel de 3 × 3 que, al deslizarlo como hace una capa convolucional con `padding="same"`,
devuelva la misma imagen **movida un píxel a la derecha**. Se juzga por lo que hace con una imagen, no por
sus números.
""",
    judge=ByRules(
        moving_kernel,
        _movement,
        mistakes=[
            Mistake(
                "apaga-la-imagen",
                "Con todo a cero la salida es cero: algún píxel de la ventana tiene que pasar.",
                lambda: np.zeros((3, 3)),
                when=lambda seen: not seen["moves"],
            ),
            Mistake(
                "mezcla-vecinos",
                lambda seen: (
                    f"Cada píxel acaba en {len(seen['moves'])} sitios a la vez: la imagen se emborrona. "
                    "Para mover sin mezclar, deja un solo número distinto de cero."
                ),
                lambda: np.full((3, 3), 1 / 9),
                when=lambda seen: len(seen["moves"]) > 1,
            ),
            Mistake(
                "no-mueve",
                "El centro de la ventana deja cada píxel donde está.",
                lambda: _kernel_with(1, 1),
                when=lambda seen: seen["moves"] == [(0, 0)],
            ),
            Mistake(
                "mueve-a-la-izquierda",
                "La imagen va a la izquierda. Cada salida debe copiar el píxel que está a **su** "
                "izquierda: ¿qué casilla del kernel mira ahí?",
                lambda: _kernel_with(1, 2),
                when=lambda seen: seen["moves"] == [(0, -1)],
            ),
            Mistake(
                "mueve-de-fila",
                "La imagen sube o baja: el primer índice del kernel es la fila, y se pide moverla de "
                "columna.",
                lambda: _kernel_with(0, 1),
                when=lambda seen: seen["moves"][0][0] != 0 and seen["moves"][0][1] == 0,
            ),
            Mistake(
                "mueve-en-diagonal",
                "La imagen se mueve en diagonal: usa la fila central del kernel.",
                lambda: _kernel_with(0, 0),
                when=lambda seen: seen["moves"][0][0] != 0,
            ),
            Mistake(
                "cambia-el-brillo",
                lambda seen: (
                    "El movimiento es el pedido, pero los píxeles quedan multiplicados por "
                    f"{seen['gain']:g}: el peso debe ser 1."
                ),
                lambda: _kernel_with(1, 0, 2.0),
                when=lambda seen: abs(seen["gain"] - 1) > 1e-6,
            ),
        ],
    ),
    hints=[
        "Piensa qué píxel de la ventana debe copiar cada salida.",
        "Si la imagen va a la derecha, cada salida toma lo que había a su izquierda.",
    ],
    explanation="Cada salida copia el píxel de su izquierda, que en el kernel es la casilla (1, 0). "
    "Parece al revés porque el kernel dice de dónde se toma, no adónde va.",
    controls=(Matrix("Kernel", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),),
)

# --- 03.7 ------------------------------------------------------------------------------------------


def window_span(kernel_size, dilation):
    """Píxeles que abarca un kernel dilatado."""
    return dilation * (kernel_size - 1) + 1


SPAN = Exercise(
    id="03.7",
    title="lo que abarca un kernel dilatado",
    level="easy",
    text="""
Con `dilation_rate=d`, el kernel mira un píxel de cada `d`. ¿Cuántos píxeles hay desde el primero que mira
hasta el último, contando los dos?
""",
    judge=ByReference(
        window_span,
        cases=[(1, 3), (2, 2), (3, 1), (3, 2), (5, 3)],
        mistakes=[
            Mistake(
                "multiplica-todo",
                "Multiplicas el kernel por la dilatación. Lo que se separa son los huecos entre píxeles, "
                "y hay uno menos que píxeles.",
                lambda k, d: k * d,
            ),
            Mistake(
                "olvida-el-primero",
                "Cuentas la distancia entre el primero y el último; falta contar uno de los dos.",
                lambda k, d: d * (k - 1),
            ),
            Mistake(
                "suma-la-dilatacion",
                "Sumas la dilatación una vez. Cada hueco entre dos píxeles del kernel mide `dilation`.",
                lambda k, d: k + d - 1,
            ),
            Mistake(
                "huecos-de-mas",
                "Cuentas `dilation` píxeles vacíos en cada hueco y son uno menos: con dilatación 1 no hay "
                "ninguno.",
                lambda k, d: k + d * (k - 1),
            ),
        ],
    ),
    hints=[
        "Dibuja un kernel de 3 con dilatación 2: un píxel sí, uno no.",
        "Entre k píxeles hay k − 1 huecos. ¿Cuánto se avanza en cada uno?",
    ],
    explanation="Del primero al último hay k − 1 saltos de d píxeles, y se cuenta también el primero: "
    "d·(k − 1) + 1. Un kernel de 3 con dilatación 2 abarca 5 píxeles con solo 3 pesos por "
    "fila.",
)

# --- 03.8 ------------------------------------------------------------------------------------------


def pixel_usage(n, kernel_size, stride):
    """Cuántas ventanas ven cada píxel de una fila, sin relleno."""
    usage = np.zeros(n, dtype=int)
    for start in range(0, n - kernel_size + 1, stride):
        usage[start : start + kernel_size] += 1
    return usage


def _usage_past_the_edge(n, kernel_size, stride):
    usage = np.zeros(n, dtype=int)
    for start in range(0, n, stride):
        usage[start : start + kernel_size] += 1
    return usage


def _usage_one_less(n, kernel_size, stride):
    usage = np.zeros(n, dtype=int)
    for start in range(0, n - kernel_size, stride):
        usage[start : start + kernel_size] += 1
    return usage


USAGE = Exercise(
    id="03.8",
    title="píxeles que participan poco",
    level="hard",
    text="""
Los píxeles del borde entran en menos ventanas que los del centro. Devuelve un array con `n` enteros: en
cuántas ventanas participa cada píxel de una fila, sin relleno.
""",
    judge=ByReference(
        pixel_usage,
        cases=[(4, 3, 1), (5, 3, 1), (6, 3, 2), (7, 2, 3), (10, 5, 2)],
        mistakes=[
            Mistake(
                "todos-igual",
                "Das a todos los píxeles `kernel_size` ventanas. Eso solo pasa en el centro: el primero "
                "entra en una.",
                lambda n, k, s: np.full(n, k),
            ),
            Mistake(
                "olvida-el-stride",
                "El resultado no depende de `stride`: con stride 2 la ventana empieza en un píxel de cada "
                "dos.",
                lambda n, k, s: pixel_usage(n, k, 1),
            ),
            Mistake(
                "ventanas-que-se-salen",
                "Cuentas ventanas que se salen de la fila por el final: la última empieza en n − "
                "kernel_size.",
                _usage_past_the_edge,
            ),
            Mistake(
                "falta-la-ultima",
                "Falta la última ventana: `range` excluye su final, así que debe ser n − kernel_size + 1.",
                _usage_one_less,
            ),
            Mistake(
                "cuenta-comienzos",
                "Marcas dónde empieza cada ventana. Cada ventana usa `kernel_size` píxeles seguidos.",
                lambda n, k, s: np.isin(np.arange(n), np.arange(0, n - k + 1, s)).astype(int),
            ),
        ],
    ),
    hints=[
        "Empieza con un array de ceros y recorre las posiciones de la ventana.",
        "La ventana que empieza en `start` suma 1 a `usage[start : start + kernel_size]`.",
        "Los comienzos van de 0 a n − kernel_size, ese incluido, de `stride` en `stride`.",
    ],
    explanation="Cada ventana suma 1 a los píxeles que ve. Con n = 5 y kernel 3 sale 1, 2, 3, 2, 1: sin "
    "relleno, el borde pesa menos en la salida.",
)

# --- 03.9 ------------------------------------------------------------------------------------------


def kernel_gradient(image, output_gradient):
    """Gradiente de la pérdida respecto del kernel."""
    return correlate2d(image, output_gradient)


def _image_and_gradient():
    rng = np.random.default_rng(9)
    return [
        (np.arange(9.0).reshape(3, 3), np.array([[1.0, 0.0], [0.0, 0.0]])),
        (rng.normal(size=(4, 4)).round(1), rng.normal(size=(2, 2)).round(1)),
        (rng.normal(size=(5, 6)).round(1), rng.normal(size=(3, 4)).round(1)),
    ]


GRADIENT = Exercise(
    id="03.9",
    title="el gradiente del kernel",
    level="hard",
    text="""
`output_gradient` dice cuánto cambia la pérdida con cada valor de la salida. Cada peso del kernel se usa en
todas las posiciones: ¿cuánto cambia la pérdida con cada peso? Puedes usar `correlate2d` de
`course_utils.ops.convolution`.
""",
    judge=ByReference(
        kernel_gradient,
        cases=_image_and_gradient,
        mistakes=[
            Mistake(
                "gira-el-gradiente",
                "Giras el gradiente media vuelta. Eso hace falta para el gradiente de la **entrada**; "
                "para el del kernel, no.",
                convolve2d,
            ),
            Mistake(
                "traspone",
                "El resultado está traspuesto: el peso (fila, columna) va en esa fila y esa columna.",
                lambda image, gradient: correlate2d(image, gradient).T,
            ),
            Mistake(
                "promedia-posiciones",
                "Promedias sobre las posiciones. El peso actúa en todas y sus efectos se suman.",
                lambda image, gradient: correlate2d(image, gradient) / gradient.size,
            ),
            Mistake(
                "ignora-la-imagen",
                "Das a todos los pesos la suma del gradiente. Cada peso multiplica píxeles distintos: "
                "su gradiente depende de la imagen.",
                lambda image, gradient: np.full_like(correlate2d(image, gradient), gradient.sum()),
            ),
            Mistake(
                "ignora-el-gradiente",
                "Sumas los píxeles que ve cada peso sin multiplicarlos por el gradiente de la salida en "
                "que participan.",
                lambda image, gradient: correlate2d(image, np.ones_like(gradient)),
            ),
        ],
    ),
    hints=[
        "Escribe la salida de una entrada de 3 × 3 con kernel de 2 × 2 y deriva respecto del primer peso.",
        "El peso (i, j) multiplica, en la posición (r, c), al píxel (r + i, c + j). Suma sobre r y c.",
        "Esa suma es la misma operación de la capa: la imagen, recorrida por una ventana con otros pesos.",
    ],
    explanation="`dL/dW[i, j] = Σ dL/dY[r, c] · X[r + i, c + j]`: la correlación de la imagen con el "
    "gradiente de la salida.",
)

# --- 03.10 -----------------------------------------------------------------------------------------


def windows_through_pixel():
    """Ventanas de 3 × 3 que ven el píxel (0, 2) de una imagen de 5 × 5."""
    by_rows = 1  # solo las ventanas que empiezan en la fila 0
    by_cols = 3  # las que empiezan en las columnas 0, 1 y 2
    return by_rows * by_cols


BORDER = Exercise(
    id="03.10",
    title="un píxel del borde",
    level="easy",
    text="""
Un kernel de 3 × 3 recorre una imagen de 5 × 5 con stride 1 y sin relleno. ¿Cuántas ventanas ven el píxel de
la fila 0 y columna 2, el del centro del borde de arriba?
""",
    judge=ByReference(
        windows_through_pixel,
        mistakes=[
            Mistake(
                "como-el-centro",
                "Nueve ventanas ven el píxel del centro. El de arriba no tiene ventanas que empiecen más "
                "arriba.",
                lambda: 9,
            ),
            Mistake(
                "como-la-esquina",
                "Una sola ventana ve la esquina. Este píxel está en el borde, pero en el centro de él: "
                "cuenta por columnas.",
                lambda: 1,
            ),
            Mistake(
                "cuenta-dos-filas",
                "Cuentas dos filas de ventanas, y la segunda empieza ya en la fila 1: no llega a la 0.",
                lambda: 6,
            ),
            Mistake(
                "suma-los-ejes",
                "Sumas las posiciones por filas y por columnas; como son combinaciones, se multiplican.",
                lambda: 4,
            ),
        ],
    ),
    hints=[
        "Una ventana queda dicha con la fila y la columna en que empieza. ¿En qué filas puede empezar "
        "para ver la fila 0?",
        "¿Y en qué columnas para ver la columna 2? Multiplica las dos cuentas.",
    ],
    explanation="En filas solo sirve empezar en la 0; en columnas, en la 0, la 1 y la 2: 1 × 3 = 3 "
    "ventanas, frente a las 9 del píxel central.",
    controls=(Number("Ventanas"),),
)

EXERCISES = (SIZE, CONV_SIZE, HALVE, SAME, CORRELATE, MOVE, SPAN, USAGE, GRADIENT, BORDER)
