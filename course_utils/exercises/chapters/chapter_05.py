"""Ejercicios del capítulo 05: pooling."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.expected import as_integers
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.exercises.layers import read_model
from course_utils.ops.pooling import avg_pool2d, max_pool2d
from course_utils.ops.shapes import pool_output_size
from course_utils.style import number_text

# --- 05.1 ------------------------------------------------------------------------------------------


def max_pool(feature_map):
    """Máximo de cada ventana de 2 × 2, sin solaparse."""
    rows, cols = feature_map.shape[0] // 2, feature_map.shape[1] // 2
    output = np.zeros((rows, cols))
    for row in range(rows):
        for col in range(cols):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            output[row, col] = window.max()
    return output


def _feature_maps():
    rng = np.random.default_rng(51)
    return [
        np.array([[1.0, 3.0], [2.0, 0.0]]),
        np.array([[-4.0, -1.0, 2.0, 5.0], [-3.0, -2.0, 6.0, 1.0]]),
        rng.integers(-9, 10, (5, 6)).astype(float),
        rng.integers(-9, 0, (4, 7)).astype(float),
    ]


MAX_POOL = Exercise(
    id="05.1",
    title="el máximo de cada ventana",
    level="easy",
    text="""
Divide el mapa en ventanas de 2 × 2 que no se solapan y quédate con el máximo de cada una. Si una fila o una
columna sobra al final, se desecha.
""",
    judge=ByReference(
        max_pool,
        cases=_feature_maps,
        mistakes=[
            Mistake(
                "promedia",
                "Das el promedio de cada ventana: eso es *average pooling*. Aquí se pide el máximo.",
                lambda feature_map: avg_pool2d(feature_map),
            ),
            Mistake(
                "ventanas-que-se-solapan",
                "Tus ventanas avanzan de uno en uno y se solapan. En el pooling, el stride es el tamaño "
                "de la ventana.",
                lambda feature_map: max_pool2d(feature_map, 2, strides=1),
            ),
            Mistake(
                "ventanas-incompletas",
                "Con filas o columnas impares sale una ventana incompleta de más: lo que sobra se desecha.",
                lambda feature_map: max_pool2d(feature_map, padding="same"),
            ),
            Mistake(
                "empieza-en-cero",
                "Donde todo es negativo das 0, que no está en la ventana. Empieza a comparar con uno de "
                "sus valores, no con 0.",
                lambda feature_map: np.maximum(max_pool2d(feature_map), 0),
            ),
            Mistake(
                "el-minimo",
                "Das el mínimo de cada ventana.",
                lambda feature_map: -max_pool2d(-feature_map),
            ),
            Mistake(
                "un-pixel-de-cada-dos",
                "Te quedas con la esquina de cada ventana, sin comparar los cuatro valores.",
                lambda feature_map: feature_map[
                    : feature_map.shape[0] // 2 * 2 : 2, : feature_map.shape[1] // 2 * 2 : 2
                ],
            ),
            Mistake(
                "intercambia-los-ejes",
                "La salida está traspuesta: el primer índice es la fila.",
                lambda feature_map: max_pool2d(feature_map).T,
            ),
            Mistake(
                "valor-absoluto",
                "Comparas sin el signo: un valor muy negativo no es el mayor.",
                lambda feature_map: max_pool2d(np.abs(feature_map)),
            ),
        ],
    ),
    hints=[
        "La salida tiene `filas // 2` y `columnas // 2`.",
        "La ventana (row, col) empieza en la fila 2·row y en la columna 2·col.",
    ],
    explanation="Cada ventana de 2 × 2 se queda en un número. No hay pesos que aprender.",
)

# --- 05.2 ------------------------------------------------------------------------------------------


def average_of_window():
    """Promedio de la ventana [[4, −3], [2, −9]]."""
    return (4 - 3 + 2 - 9) / 4


AVERAGE = Exercise(
    id="05.2",
    title="el promedio de una ventana",
    level="easy",
    text="""
¿Qué da *average pooling* en la ventana `[[4, -3], [2, -9]]`?
""",
    judge=ByReference(
        average_of_window,
        mistakes=[
            Mistake("da-el-maximo", "4 es el máximo: eso es *max pooling*.", lambda: 4),
            Mistake(
                "no-divide",
                "Has sumado los cuatro valores; falta dividir entre cuántos son.",
                lambda: 4 - 3 + 2 - 9,
            ),
            Mistake(
                "quita-los-signos",
                "Has promediado sin los signos. Los negativos restan.",
                lambda: (4 + 3 + 2 + 9) / 4,
            ),
            Mistake(
                "solo-los-positivos",
                "Has promediado solo los positivos. Entran los cuatro.",
                lambda: (4 + 2) / 2,
            ),
            Mistake(
                "divide-entre-dos",
                "Has dividido entre el lado de la ventana; hay 2 × 2 valores.",
                lambda: (4 - 3 + 2 - 9) / 2,
            ),
        ],
    ),
    hints=["Suma los cuatro, con su signo.", "Divide entre 4."],
    explanation="(4 − 3 + 2 − 9) / 4 = −1,5.",
    controls=(Number("Promedio"),),
)

# --- 05.3 ------------------------------------------------------------------------------------------


def pool_size(n, window, stride):
    """Ventanas de pooling que caben en n píxeles, sin relleno."""
    return (n - window) // stride + 1


POOL_SIZE = Exercise(
    id="05.3",
    title="el tamaño tras el pooling",
    level="medium",
    text="""
Una ventana de `window` píxeles avanza de `stride` en `stride` por una fila de `n`, sin relleno. ¿Cuántos
valores salen?
""",
    judge=ByReference(
        pool_size,
        cases=[(4, 2, 2), (5, 2, 2), (7, 3, 2), (8, 3, 3), (6, 2, 3), (28, 3, 2)],
        mistakes=[
            Mistake(
                "redondea-hacia-arriba",
                "Cuentas una ventana que no cabe entera: sin relleno, los píxeles que sobran se desechan.",
                lambda n, w, s: -(-(n - w) // s) + 1,
            ),
            Mistake(
                "no-redondea",
                "Te salen decimales: media ventana no existe. Usa `//` en vez de `/`.",
                lambda n, w, s: (n - w) / s + 1,
            ),
            Mistake(
                "cuenta-con-relleno",
                "Esa es la cuenta de `same`, que rellena para no perder píxeles. Aquí no hay relleno.",
                lambda n, w, s: -(-n // s),
            ),
            Mistake(
                "olvida-el-uno",
                "Cuentas los saltos, no las ventanas: falta la primera.",
                lambda n, w, s: (n - w) // s,
            ),
            Mistake(
                "divide-entre-la-ventana",
                "Divides entre el tamaño de la ventana. Solo es lo mismo cuando el stride es igual que la "
                "ventana.",
                lambda n, w, s: n // w,
            ),
            Mistake(
                "divide-entre-el-stride",
                "Divides entre el stride sin tener en cuenta que la última ventana debe caber entera.",
                lambda n, w, s: n // s,
            ),
            Mistake(
                "olvida-el-stride",
                "El resultado no depende de `stride`.",
                lambda n, w, s: n - w + 1,
            ),
        ],
    ),
    hints=["Es la misma cuenta que en una convolución.", "¿Cuántos saltos de `stride` caben en n − window?"],
    explanation="⌊(n − ventana) / stride⌋ + 1: la fórmula del capítulo 03 sin relleno.",
)

# --- 05.4 ------------------------------------------------------------------------------------------


def global_average(maps):
    """Promedio de cada mapa entero: un número por canal."""
    return maps.mean(axis=(0, 1))


GLOBAL = Exercise(
    id="05.4",
    title="un número por mapa",
    level="easy",
    text="""
`maps` tiene forma (filas, columnas, canales). *Global average pooling* resume cada mapa entero en su
promedio. Devuelve un array de forma (canales,).
""",
    judge=ByReference(
        global_average,
        cases=lambda: [
            np.arange(8.0).reshape(2, 2, 2),
            np.random.default_rng(54).integers(-9, 10, (3, 2, 4)).astype(float),
        ],
        mistakes=[
            Mistake(
                "promedia-los-canales",
                "Promedias los canales de cada píxel. Aquí se promedian los píxeles de cada canal.",
                lambda maps: maps.mean(axis=-1),
            ),
            Mistake(
                "cuenta-los-ejes-desde-uno",
                "Promedias las columnas y los canales. Los ejes se cuentan desde 0, y no hay lote.",
                lambda maps: maps.mean(axis=(1, 2)),
            ),
            Mistake(
                "deja-los-ejes",
                "El promedio está bien, pero quedan dos ejes de longitud 1: se pide la forma (canales,).",
                lambda maps: maps.mean(axis=(0, 1), keepdims=True),
            ),
            Mistake(
                "todo-junto",
                "Promedias todo en un solo número: hay un promedio por canal.",
                lambda maps: maps.mean(),
            ),
            Mistake(
                "el-maximo",
                "Das el máximo de cada mapa: eso es *global max pooling*.",
                lambda maps: maps.max(axis=(0, 1)),
            ),
            Mistake(
                "solo-las-filas",
                "Promedias un solo eje: quedan por resumir las columnas.",
                lambda maps: maps.mean(axis=0),
            ),
            Mistake(
                "suma",
                "Sumas en vez de promediar: el resultado dependería del tamaño de la imagen.",
                lambda maps: maps.sum(axis=(0, 1)),
            ),
        ],
    ),
    hints=["`axis` dice qué ejes desaparecen.", "Deben desaparecer las filas y las columnas: `axis=(0, 1)`."],
    explanation="Se promedian los ejes 0 y 1 y queda uno por canal. Vale para imágenes de cualquier tamaño.",
)

# --- 05.5 ------------------------------------------------------------------------------------------


def unmoved_positions():
    """Posiciones que, al avanzar un píxel, siguen en su ventana."""
    return [p for p in range(7) if p // 2 == (p + 1) // 2]


UNMOVED = Exercise(
    id="05.5",
    title="cuándo no se nota el desplazamiento",
    level="medium",
    text="""
Una fila de 8 píxeles es toda de ceros, salvo un 9 en la posición p. Se le aplica *max pooling* con
ventana 2 y stride 2. Después el 9 se mueve un píxel a la derecha. ¿Para qué posiciones p, de 0 a 6, la salida
**no cambia**? Da la lista, en orden.
""",
    judge=ByReference(
        unmoved_positions,
        mistakes=[
            Mistake(
                "siempre",
                "No siempre: si el 9 estaba al final de su ventana, pasa a la siguiente y la salida cambia.",
                lambda: [0, 1, 2, 3, 4, 5, 6],
            ),
            Mistake(
                "impares",
                "Al revés: desde una posición impar el 9 salta a la ventana siguiente.",
                lambda: [1, 3, 5],
            ),
            Mistake("nunca", "Alguna hay: si el 9 sigue en su ventana, el máximo es el mismo.", lambda: []),
            Mistake(
                "cuenta-ventanas",
                "Son los números de las ventanas, no las posiciones del 9.",
                lambda: [0, 1, 2, 3],
            ),
        ],
    ),
    hints=[
        "Las ventanas son (0, 1), (2, 3), (4, 5) y (6, 7).",
        "¿Desde qué posición, al avanzar uno, se sigue en la misma pareja?",
    ],
    explanation="Desde 0, 2, 4 y 6 el 9 sigue en su ventana; desde 1, 3 y 5 pasa a la siguiente. Un "
    "píxel suelto tolera más o menos la mitad de los pasos; una imagen de verdad, bastantes menos.",
)

# --- 05.6 ------------------------------------------------------------------------------------------


def max_pool_gradient(feature_map, output_gradient):
    """Gradiente respecto de la entrada de un max pooling de 2 × 2."""
    gradient = np.zeros_like(feature_map)
    for row in range(output_gradient.shape[0]):
        for col in range(output_gradient.shape[1]):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            i, j = np.unravel_index(window.argmax(), window.shape)
            gradient[2 * row + i, 2 * col + j] = output_gradient[row, col]
    return gradient


def _spread(output_gradient):
    return output_gradient.repeat(2, axis=0).repeat(2, axis=1)


def _corner_only(feature_map, output_gradient):
    gradient = np.zeros_like(feature_map)
    gradient[::2, ::2] = output_gradient
    return gradient


def _maps_and_gradients():
    rng = np.random.default_rng(56)
    return [
        (np.array([[1.0, 4.0], [3.0, 2.0]]), np.array([[5.0]])),
        (rng.permutation(16).reshape(4, 4).astype(float), rng.integers(-5, 6, (2, 2)).astype(float)),
        (rng.permutation(24).reshape(4, 6).astype(float) - 12, rng.integers(1, 6, (2, 3)).astype(float)),
    ]


POOL_GRADIENT = Exercise(
    id="05.6",
    title="por dónde vuelve el gradiente",
    level="hard",
    text="""
Al retroceder por un *max pooling* de 2 × 2, cada valor de `output_gradient` vuelve a los cuatro píxeles de
su ventana. Devuelve el gradiente respecto de `feature_map`, que tiene filas y columnas pares y ningún
empate.
""",
    judge=ByReference(
        max_pool_gradient,
        cases=_maps_and_gradients,
        mistakes=[
            Mistake(
                "reparte-por-igual",
                "Repartes el gradiente entre los cuatro: eso es *average pooling*. La salida solo depende "
                "del máximo.",
                lambda x, gradient: _spread(gradient) / 4,
            ),
            Mistake(
                "a-los-cuatro",
                "Das el gradiente entero a los cuatro píxeles. Solo el que ganó cambia la salida.",
                lambda x, gradient: _spread(gradient),
            ),
            Mistake(
                "a-la-esquina",
                "Das el gradiente siempre a la esquina de la ventana: va al píxel que ganó, esté donde esté.",
                _corner_only,
            ),
            Mistake(
                "al-minimo",
                "Das el gradiente al menor de la ventana.",
                lambda x, gradient: max_pool_gradient(-x, gradient),
            ),
            Mistake(
                "multiplica-por-el-maximo",
                "Multiplicas por el valor del máximo. La salida es una copia de ese píxel: su derivada es 1.",
                lambda x, gradient: max_pool_gradient(x, gradient) * x,
            ),
        ],
    ),
    hints=[
        "Si cambias un poco un píxel que no es el máximo, ¿cambia la salida?",
        "`window.argmax()` dice quién ganó; `np.unravel_index` lo convierte en fila y columna.",
    ],
    explanation="Solo el píxel que ganó recibe el gradiente; los demás, 0.",
)

# --- 05.7 ------------------------------------------------------------------------------------------


def thirds():
    """Ventana y stride que llevan de 24 a 8 sin solapes ni huecos."""
    return 3, 3


def _pool_of(answer):
    window, stride = as_integers(answer, "ventana", "stride")
    if not 1 <= window <= 24 or stride < 1:
        raise Unexpected("La ventana mide de 1 a 24 píxeles y el stride es 1 o más.")
    return {"window": window, "stride": stride, "size": pool_output_size(24, window, stride)}


THIRDS = Exercise(
    id="05.7",
    title="de 24 a 8, sin solapes ni huecos",
    level="easy",
    text="""
Un mapa de 24 × 24 pasa por un pooling sin relleno. Elige ventana y stride para que quede en **8 × 8** y
cada píxel entre en **exactamente una** ventana. En código, la respuesta es `(ventana, stride)`.
""",
    judge=ByRules(
        thirds,
        _pool_of,
        mistakes=[
            Mistake(
                "se-solapan",
                lambda seen: (
                    f"Salen {seen['size']} y las ventanas se solapan: miden {seen['window']} y "
                    f"solo avanzan {seen['stride']}. Algunos píxeles cuentan más de una vez."
                ),
                lambda: (4, 3),
                when=lambda seen: seen["window"] > seen["stride"],
            ),
            Mistake(
                "deja-huecos",
                lambda seen: (
                    f"Salen {seen['size']}, pero entre ventanas hay píxeles que no mira nadie: "
                    f"avanzan {seen['stride']} y miden {seen['window']}."
                ),
                lambda: (2, 3),
                when=lambda seen: seen["window"] < seen["stride"],
            ),
            Mistake(
                "poco",
                lambda seen: f"No hay solapes ni huecos, pero salen {seen['size']}: hay que condensar más.",
                lambda: (2, 2),
                when=lambda seen: seen["size"] > 8,
            ),
            Mistake(
                "demasiado",
                lambda seen: f"No hay solapes ni huecos, pero salen {seen['size']}: hay que condensar menos.",
                lambda: (4, 4),
                when=lambda seen: seen["size"] < 8,
            ),
        ],
    ),
    hints=["Para no solaparse ni dejar huecos, ¿qué relación tienen ventana y stride?", "24 entre 8."],
    explanation="Ventana y stride iguales cubren cada píxel una vez, y 24 / 8 = 3.",
    controls=(Slider("Ventana", 1, 6), Slider("Stride", 1, 6)),
)

# --- 05.8 ------------------------------------------------------------------------------------------


def build_model():
    """Red que acaba en global average pooling."""
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10),
        ]
    )


def _model_kinds(answer):
    layers = read_model(answer)
    kinds = [layer.kind for layer in layers]
    return {"kinds": kinds, "last": layers[-1], "parameters": sum(layer.parameters for layer in layers)}


def _model(*builders):
    """Función que construye el modelo con las capas de esos nombres."""

    def build():
        import keras

        makers = {
            "conv": lambda: keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            "max": lambda: keras.layers.MaxPooling2D(2),
            "average": lambda: keras.layers.AveragePooling2D(2),
            "global": keras.layers.GlobalAveragePooling2D,
            "globalmax": keras.layers.GlobalMaxPooling2D,
            "flatten": keras.layers.Flatten,
            "dense": lambda: keras.layers.Dense(10),
            "dense5": lambda: keras.layers.Dense(5),
        }
        return keras.Sequential([keras.Input((28, 28, 1)), *(makers[name]() for name in builders)])

    return build


GLOBAL_MODEL = Exercise(
    id="05.8",
    title="una red que acaba en pooling global",
    level="medium",
    text="""
Construye un `keras.Sequential` para imágenes (28, 28, 1): al menos una convolución, un *max pooling*,
*global average pooling* en vez de aplanar, y una capa densa de 10 salidas al final. Empieza con
`keras.Input((28, 28, 1))`.
""",
    judge=ByRules(
        build_model,
        _model_kinds,
        asks="model",
        mistakes=[
            Mistake(
                "sin-convolucion",
                "No hay ninguna convolución: sin filtros, el pooling resume los píxeles tal cual.",
                _model("max", "global", "dense"),
                when=lambda seen: "Conv2D" not in seen["kinds"],
            ),
            Mistake(
                "aplana",
                lambda seen: (
                    f"Aplanas los mapas, y la red tiene {number_text(seen['parameters'])} parámetros. "
                    "`GlobalAveragePooling2D` deja un número por canal."
                ),
                _model("conv", "max", "flatten", "dense"),
                when=lambda seen: "Flatten" in seen["kinds"],
            ),
            Mistake(
                "maximo-global",
                "Ese pooling global se queda con el máximo de cada mapa; se pide el promedio, "
                "`GlobalAveragePooling2D`.",
                _model("conv", "max", "globalmax", "dense"),
                when=lambda seen: "GlobalMaxPooling2D" in seen["kinds"],
            ),
            Mistake(
                "sin-pooling-global",
                "Falta `GlobalAveragePooling2D`: así la capa densa se aplica a cada posición y salen "
                "mapas, no diez números.",
                _model("conv", "max", "dense"),
                when=lambda seen: "GlobalAveragePooling2D" not in seen["kinds"],
            ),
            Mistake(
                "promedia-por-ventanas",
                "El pooling por ventanas que pones promedia; se pide el máximo, `MaxPooling2D`.",
                _model("conv", "average", "global", "dense"),
                when=lambda seen: "MaxPooling2D" not in seen["kinds"] and "AveragePooling2D" in seen["kinds"],
            ),
            Mistake(
                "sin-max-pooling",
                "Falta un *max pooling* después de la convolución.",
                _model("conv", "global", "dense"),
                when=lambda seen: "MaxPooling2D" not in seen["kinds"],
            ),
            Mistake(
                "pooling-antes-de-convolucion",
                "El *max pooling* va antes que la primera convolución: resume los píxeles antes de buscar "
                "nada en ellos.",
                _model("max", "conv", "global", "dense"),
                when=lambda seen: seen["kinds"].index("MaxPooling2D") < seen["kinds"].index("Conv2D"),
            ),
            Mistake(
                "otra-salida",
                "La última capa debe ser densa, con 10 salidas: una por clase.",
                _model("conv", "max", "global", "dense5"),
                when=lambda seen: seen["last"].kind != "Dense" or seen["last"].output_shape != (10,),
            ),
        ],
    ),
    hints=[
        "El orden es entrada, convolución, pooling, pooling global y densa.",
        "`keras.layers.GlobalAveragePooling2D()` no lleva argumentos.",
    ],
    explanation="El pooling global deja un número por filtro, así que la capa densa es pequeña y la red "
    "admite otros tamaños de imagen.",
    needs_keras=True,
)

# --- 05.9 ------------------------------------------------------------------------------------------


def receptive_field(layers):
    """Píxeles de la entrada que ve una salida."""
    size, jump = 1, 1
    for kernel_size, stride in layers:
        size += (kernel_size - 1) * jump
        jump *= stride
    return size


def _field_jump_first(layers):
    size, jump = 1, 1
    for kernel_size, stride in layers:
        jump *= stride
        size += (kernel_size - 1) * jump
    return size


RECEPTIVE = Exercise(
    id="05.9",
    title="el campo receptivo",
    level="hard",
    text="""
`layers` es una lista de parejas `(kernel_size, stride)`, de la primera capa a la última; un pooling de 2 ×
2 es `(2, 2)`. ¿Cuántos píxeles de la entrada, a lo largo de un eje, influyen en un valor de la salida?
""",
    judge=ByReference(
        receptive_field,
        cases=[
            ([(3, 1)],),
            ([(3, 1), (3, 1)],),
            ([(3, 1), (2, 2)],),
            ([(3, 1), (2, 2), (3, 1)],),
            ([(5, 2), (3, 2), (3, 1), (2, 2)],),
        ],
        mistakes=[
            Mistake(
                "ignora-los-strides",
                "No tienes en cuenta los strides: después de un pooling de 2, avanzar un valor es avanzar "
                "dos píxeles de la entrada.",
                lambda layers: 1 + sum(k - 1 for k, _ in layers),
            ),
            Mistake(
                "empieza-en-cero",
                "Te falta uno: sin ninguna capa, una salida ya ve un píxel. El tamaño empieza en 1.",
                lambda layers: receptive_field(layers) - 1,
            ),
            Mistake(
                "suma-los-kernels",
                "Sumas los kernels enteros. Dos ventanas vecinas se solapan: cada capa añade kernel − 1, "
                "no kernel.",
                lambda layers: sum(k for k, _ in layers),
            ),
            Mistake(
                "multiplica-los-kernels",
                "Multiplicas los kernels, y las ventanas de una capa se solapan: dos de 3 ven 5 píxeles, "
                "no 9.",
                lambda layers: int(np.prod([k for k, _ in layers])),
            ),
            Mistake(
                "stride-antes-de-tiempo",
                "El stride de una capa separa lo que ven las **siguientes**, no ella misma: actualiza el "
                "salto después.",
                _field_jump_first,
            ),
            Mistake(
                "solo-la-ultima",
                "Das el kernel de la última capa, que se mide en su entrada, no en la imagen.",
                lambda layers: layers[-1][0],
            ),
        ],
    ),
    hints=[
        "Lleva dos cuentas: el tamaño del campo y el salto, cuántos píxeles de la entrada hay entre dos "
        "valores vecinos.",
        "Cada capa añade (kernel − 1) · salto al tamaño; después, el salto se multiplica por su stride.",
    ],
    explanation="El campo empieza en 1 y crece (k − 1)·salto en cada capa; el salto es el producto de los "
    "strides anteriores.",
)

EXERCISES = (MAX_POOL, AVERAGE, POOL_SIZE, GLOBAL, UNMOVED, POOL_GRADIENT, THIRDS, GLOBAL_MODEL, RECEPTIVE)
