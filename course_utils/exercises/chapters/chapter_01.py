"""Ejercicios del capítulo 01: redes convolucionales."""

import numpy as np

from course_utils.ops.convolution import convolve2d, correlate2d
from course_utils.exercises.controls import Matrix, Number
from course_utils.exercises.engine import Exercise
from course_utils.exercises.expected import as_kernel
from course_utils.exercises.judges import ByReference, ByRules, Mistake
from course_utils.ops.pooling import avg_pool2d, max_pool2d

# --- 01.1 ------------------------------------------------------------------------------------------


def first_response():
    """Primer valor del mapa: la ventana de arriba a la izquierda."""
    return 0 * 1 + 1 * 0 + 3 * 2 + 4 * (-1)


FIRST = Exercise(
    id="01.1",
    title="la primera suma de productos",
    level="easy",
    text="""
La imagen es `[[0, 1, 2], [3, 4, 5], [6, 7, 8]]` y el kernel, `[[1, 0], [2, -1]]`. ¿Cuánto vale el primer
número del mapa de características, el de la ventana de arriba a la izquierda?
""",
    judge=ByReference(
        first_response,
        mistakes=[
            Mistake(
                "gira-el-kernel",
                "Has recorrido el kernel del revés. Cada píxel se multiplica por el peso que tiene "
                "**encima**: el primero por 1, el segundo por 0…",
                lambda: 0 * (-1) + 1 * 2 + 3 * 0 + 4 * 1,
            ),
            Mistake(
                "suma-la-ventana",
                "Has sumado los píxeles de la ventana sin multiplicarlos por el kernel.",
                lambda: 0 + 1 + 3 + 4,
            ),
            Mistake(
                "otra-ventana",
                "Es el último valor del mapa, el de la ventana de abajo a la derecha.",
                lambda: 4 * 1 + 5 * 0 + 7 * 2 + 8 * (-1),
            ),
            Mistake(
                "por-columnas",
                "Has emparejado las filas de la ventana con las columnas del kernel.",
                lambda: 0 * 1 + 1 * 2 + 3 * 0 + 4 * (-1),
            ),
            Mistake(
                "producto-de-sumas",
                "Has multiplicado la suma de la ventana por la del kernel. Primero se multiplica, píxel a "
                "píxel, y al final se suma.",
                lambda: 8 * 2,
            ),
        ],
    ),
    hints=[
        "La ventana es `[[0, 1], [3, 4]]`.",
        "Multiplica cada píxel por el peso que queda encima y suma los cuatro.",
    ],
    explanation="0·1 + 1·0 + 3·2 + 4·(−1) = 2.",
    controls=(Number("Primer valor"),),
)

# --- 01.2 ------------------------------------------------------------------------------------------


def strongest(feature_map):
    """Fila y columna donde el filtro responde más."""
    row, col = np.unravel_index(feature_map.argmax(), feature_map.shape)
    return int(row), int(col)


def _maps_with_one_peak():
    return [
        np.array([[1.0, 2.0, 9.0], [0.0, 3.0, 1.0]]),
        np.array([[0.0, 1.0], [2.0, -7.0], [5.0, 3.0]]),
        np.array([[-9.0, -1.0, -4.0, -2.0], [-5.0, -6.0, -3.0, -8.0]]),
    ]


STRONGEST = Exercise(
    id="01.2",
    title="dónde está el patrón",
    level="easy",
    text="""
Un mapa de características dice cuánto se parece cada ventana al patrón del filtro. Devuelve `(fila,
columna)` del lugar donde más se parece: el valor mayor del mapa.
""",
    judge=ByReference(
        strongest,
        cases=_maps_with_one_peak,
        mistakes=[
            Mistake(
                "indice-del-mapa-aplanado",
                "`argmax` da un solo número, la posición en el mapa aplanado. Conviértelo en fila y "
                "columna con `np.unravel_index` o con `divmod`.",
                lambda feature_map: int(feature_map.argmax()),
            ),
            Mistake(
                "columna-y-fila",
                "Devuelves la columna antes que la fila.",
                lambda feature_map: strongest(feature_map)[::-1],
            ),
            Mistake(
                "el-minimo",
                "Devuelves el lugar del valor menor: donde la ventana se parece menos.",
                lambda feature_map: strongest(-feature_map),
            ),
            Mistake(
                "valor-absoluto",
                "Buscas el valor más lejano de cero. Una respuesta muy negativa es lo contrario del patrón.",
                lambda feature_map: strongest(np.abs(feature_map)),
            ),
        ],
    ),
    hints=[
        "`feature_map.argmax()` busca en el mapa aplanado.",
        "Cada fila tiene `feature_map.shape[1]` valores: `divmod(posición, columnas)` da fila y columna.",
    ],
    explanation="`argmax` da la posición por filas; `np.unravel_index` la convierte en (fila, columna).",
)

# --- 01.3 ------------------------------------------------------------------------------------------


def vertical_edges():
    """Kernel que responde donde se pasa de oscuro a claro."""
    return np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])


def _edge_responses(answer):
    kernel = as_kernel(answer)
    edge = np.zeros((7, 8))
    edge[:, 4:] = 1  # oscuro a la izquierda, claro a la derecha
    vertical = correlate2d(edge, kernel)
    horizontal = correlate2d(edge.T, kernel)
    return {
        "flat": float(kernel.sum()),
        "positive": float(vertical.max()),
        "negative": float(vertical.min()),
        "across": float(np.abs(horizontal).max()),
    }


SMALL = 1e-6

EDGES = Exercise(
    id="01.3",
    title="un filtro para bordes verticales",
    level="medium",
    text="""
Escribe un kernel de 3 × 3 que dé un valor **positivo** en los bordes verticales que pasan de oscuro
(izquierda) a claro (derecha), y **cero** en las zonas lisas y en los bordes horizontales. Se juzga por lo
que hace, no por sus números.
""",
    judge=ByRules(
        vertical_edges,
        _edge_responses,
        mistakes=[
            Mistake(
                "responde-a-lo-liso",
                lambda seen: (
                    "Responde también en las zonas lisas y claras: allí la salida es la suma de "
                    "los pesos, que debe ser 0."
                ),
                lambda: np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1]]),
                when=lambda seen: abs(seen["flat"]) > SMALL,
            ),
            Mistake(
                "no-responde",
                "No responde a ningún borde: la salida es siempre cero.",
                lambda: np.zeros((3, 3)),
                when=lambda seen: max(seen["positive"], -seen["negative"], seen["across"]) < SMALL,
            ),
            Mistake(
                "bordes-horizontales",
                "Responde a los bordes horizontales y no a los verticales: lo que cambia de arriba abajo "
                "del kernel debe cambiar de izquierda a derecha.",
                lambda: np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
                when=lambda seen: max(seen["positive"], -seen["negative"]) < SMALL,
            ),
            Mistake(
                "tambien-horizontales",
                "Responde a los bordes verticales, pero también a los horizontales. Para que no lo haga, "
                "cada fila del kernel debe sumar cero.",
                lambda: np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]),
                when=lambda seen: seen["across"] > SMALL,
            ),
            Mistake(
                "lineas-en-vez-de-bordes",
                "En el mismo borde da valores positivos y negativos: así se detectan líneas finas. Un "
                "lado del kernel debe restar y el otro sumar.",
                lambda: np.array([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
                when=lambda seen: seen["positive"] > SMALL and seen["negative"] < -SMALL,
            ),
            Mistake(
                "signo-contrario",
                "Responde con signo negativo: detecta el paso de claro a oscuro. Cambia los signos.",
                lambda: np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
                when=lambda seen: seen["positive"] < SMALL,
            ),
        ],
    ),
    hints=[
        "En una zona lisa todos los píxeles valen lo mismo: ¿qué deben sumar los pesos para que salga cero?",
        "La columna izquierda del kernel cae sobre lo oscuro y la derecha sobre lo claro: ¿qué signo debe "
        "tener cada una?",
    ],
    explanation="La derecha suma y la izquierda resta: en lo liso se anulan y en el paso de oscuro a "
    "claro queda la diferencia. Como cada fila suma cero, un borde horizontal no se ve.",
    controls=(Matrix("Kernel", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),),
)

# --- 01.4 ------------------------------------------------------------------------------------------


def map_shapes():
    """Forma de la salida de cada capa."""
    first = (28 - 3 + 1, 28 - 3 + 1, 8)
    pooled = (26 // 2, 26 // 2, 8)
    second = (13 - 3 + 1, 13 - 3 + 1, 16)
    pooled_again = (11 // 2, 11 // 2, 16)
    return [first, pooled, second, pooled_again]


SHAPES = Exercise(
    id="01.4",
    title="la forma de cada mapa",
    level="medium",
    text="""
Por una red pasa una imagen de forma (28, 28, 1): convolución 3 × 3 con 8 filtros, pooling 2 × 2,
convolución 3 × 3 con 16 filtros, pooling 2 × 2. Las convoluciones no llevan relleno y el pooling desecha lo
que no completa una ventana.

Da la lista de las cuatro formas de salida: `[(filas, columnas, canales), …]`.
""",
    judge=ByReference(
        map_shapes,
        mistakes=[
            Mistake(
                "la-convolucion-no-encoge",
                "Has conservado el tamaño en las convoluciones. Sin relleno, un kernel de 3 × 3 quita dos "
                "filas y dos columnas.",
                lambda: [(28, 28, 8), (14, 14, 8), (14, 14, 16), (7, 7, 16)],
            ),
            Mistake(
                "canales-delante",
                "Has puesto los canales delante. En Keras van al final: (filas, columnas, canales).",
                lambda: [(8, 26, 26), (8, 13, 13), (16, 11, 11), (16, 5, 5)],
            ),
            Mistake(
                "pooling-redondea-hacia-arriba",
                "La mitad de 11 no es entera: la última fila y la última columna no completan una ventana "
                "y se pierden.",
                lambda: [(26, 26, 8), (13, 13, 8), (11, 11, 16), (6, 6, 16)],
            ),
            Mistake(
                "pooling-reduce-canales",
                "Has reducido también los canales. El pooling resume cada mapa por separado: hay tantos "
                "como antes.",
                lambda: [(26, 26, 8), (13, 13, 4), (11, 11, 16), (5, 5, 8)],
            ),
            Mistake(
                "los-canales-se-multiplican",
                "Has multiplicado los filtros por los canales de entrada. Cada filtro mira todos los "
                "canales y produce un solo mapa.",
                lambda: [(26, 26, 8), (13, 13, 8), (11, 11, 128), (5, 5, 128)],
            ),
            Mistake(
                "solo-el-lado",
                "Has dado solo el lado de cada mapa. Cada forma tiene tres números: filas, columnas y "
                "canales.",
                lambda: [26, 13, 11, 5],
            ),
            Mistake(
                "cuenta-la-entrada",
                "La primera forma de tu lista es la de la imagen. Se piden solo las cuatro que salen de "
                "una capa.",
                lambda: [(28, 28, 1), (26, 26, 8), (13, 13, 8), (11, 11, 16), (5, 5, 16)],
            ),
            Mistake(
                "quita-uno",
                "Has quitado una fila y una columna en cada convolución; un kernel de 3 quita 3 − 1 = 2.",
                lambda: [(27, 27, 8), (13, 13, 8), (12, 12, 16), (6, 6, 16)],
            ),
        ],
    ),
    hints=[
        "Una ventana de 3 cabe 28 − 3 + 1 veces en 28.",
        "El número de canales de salida es el número de filtros; el pooling no lo cambia.",
    ],
    explanation="28 → 26 → 13 → 11 → 5 en filas y columnas; los canales son los filtros de la última "
    "convolución: 8, 8, 16, 16.",
)

# --- 01.5 ------------------------------------------------------------------------------------------


def block(image, kernel):
    """Un bloque de la red, con un solo filtro."""
    feature_map = correlate2d(image, kernel)
    active = np.maximum(feature_map, 0)
    return max_pool2d(active, 2)


def _block_cases():
    rng = np.random.default_rng(1)
    return [
        (np.array([[-3, -2, 2, 4], [-2, -4, 1, 0], [-1, -1, 3, 2], [0, 5, 1, 1]]) * 1.0, np.eye(2)),
        (rng.integers(-2, 3, (5, 5)).astype(float), np.array([[1.0, -1.0], [0.0, 2.0]])),
        (
            rng.integers(-5, 6, (9, 7)).astype(float),
            np.array([[1.0, 0.0, -2.0], [0.0, 1.0, 0.0], [3.0, 0.0, -1.0]]),
        ),
    ]


BLOCK = Exercise(
    id="01.5",
    title="un bloque de la red",
    level="medium",
    text="""
Las redes convolucionales repiten un mismo bloque: convolución, ReLU, pooling. Escríbelo para un canal y un
filtro, con `correlate2d` de `course_utils.ops.convolution` y `max_pool2d` de `course_utils.ops.pooling` (ventana de
2 × 2, que es la que usa si no se dice otra).
""",
    judge=ByReference(
        block,
        cases=_block_cases,
        mistakes=[
            Mistake(
                "olvida-relu",
                "Salen valores negativos: falta ReLU entre la convolución y el pooling.",
                lambda image, kernel: max_pool2d(correlate2d(image, kernel)),
            ),
            Mistake(
                "valor-absoluto",
                "Los negativos cambian de signo. ReLU los pone a cero: lo contrario del patrón no es el "
                "patrón.",
                lambda image, kernel: max_pool2d(np.abs(correlate2d(image, kernel))),
            ),
            Mistake(
                "relu-a-la-imagen",
                "Aplicas ReLU a la imagen, antes de la convolución. Se aplica a lo que la convolución "
                "devuelve.",
                lambda image, kernel: max_pool2d(correlate2d(np.maximum(image, 0), kernel)),
            ),
            Mistake(
                "promedia",
                "Resumes cada ventana con el promedio, y aquí se pide el máximo.",
                lambda image, kernel: avg_pool2d(np.maximum(correlate2d(image, kernel), 0)),
            ),
            Mistake(
                "pooling-antes",
                "Haces el pooling antes de la convolución: así se pierde el detalle que el filtro busca.",
                lambda image, kernel: np.maximum(correlate2d(max_pool2d(image), kernel[:2, :2]), 0),
            ),
            Mistake(
                "gira-el-kernel",
                "Usas la convolución de las matemáticas, que gira el kernel. Las capas convolucionales "
                "calculan la correlación.",
                lambda image, kernel: max_pool2d(np.maximum(convolve2d(image, kernel), 0)),
            ),
            Mistake(
                "olvida-el-pooling",
                "Falta el pooling: el mapa no se ha reducido.",
                lambda image, kernel: np.maximum(correlate2d(image, kernel), 0),
            ),
        ],
    ),
    hints=[
        "Son tres pasos, cada uno con la salida del anterior.",
        "ReLU de un array es `np.maximum(array, 0)`.",
    ],
    explanation="La convolución mide el parecido, ReLU se queda con lo que sí se parece y el pooling "
    "resume cada ventana.",
)

# --- 01.6 ------------------------------------------------------------------------------------------


def blocks_needed():
    """Bloques que hacen falta para pasar de 64 a 4."""
    size, blocks = 64, 0
    while size > 4:
        size //= 2  # la convolución conserva el tamaño; el pooling, la mitad
        blocks += 1
    return blocks


BLOCKS = Exercise(
    id="01.6",
    title="cuántos bloques",
    level="easy",
    text="""
Cada bloque tiene una convolución que conserva el tamaño (`padding="same"`) y un pooling de 2 × 2. ¿Cuántos
bloques hacen falta para que una imagen de 64 × 64 acabe en mapas de 4 × 4?
""",
    judge=ByReference(
        blocks_needed,
        mistakes=[
            Mistake(
                "divide-una-vez",
                "64 / 4 = 16 es cuántas veces más pequeño queda el mapa. Cada bloque solo lo divide entre 2.",
                lambda: 16,
            ),
            Mistake(
                "cuenta-la-entrada",
                "Has contado también el tamaño de partida: 64, 32, 16, 8 y 4 son cinco tamaños, pero "
                "menos pasos.",
                lambda: 5,
            ),
            Mistake(
                "para-antes",
                "Con tres bloques los mapas miden 8 × 8.",
                lambda: 3,
            ),
            Mistake(
                "divide-por-cuatro",
                "Cada pooling reduce el **área** a la cuarta parte, pero el lado, a la mitad.",
                lambda: 2,
            ),
        ],
    ),
    hints=["Escribe el tamaño después de cada bloque: 64, 32…", "Cuenta las flechas, no los números."],
    explanation="64 → 32 → 16 → 8 → 4: cuatro mitades.",
    controls=(Number("Bloques"),),
)

# --- 01.7 ------------------------------------------------------------------------------------------


def corners(vertical, horizontal):
    """Mapa de esquinas a partir de los mapas de bordes."""
    return np.minimum(np.maximum(vertical, 0), np.maximum(horizontal, 0))


def _pairs_of_maps():
    rng = np.random.default_rng(7)
    return [
        (np.array([[2.0, 3.0], [-1.0, 0.5]]), np.array([[4.0, -2.0], [-3.0, 2.0]])),
        (rng.normal(size=(4, 5)).round(1), rng.normal(size=(4, 5)).round(1)),
    ]


CORNERS = Exercise(
    id="01.7",
    title="de bordes a esquinas",
    level="hard",
    text="""
La segunda capa combina lo que encontró la primera. Recibe dos mapas, el de bordes verticales y el de
horizontales, donde solo los valores positivos significan «hay borde». Devuelve un mapa de esquinas: donde
hay **los dos**, la menor de las dos respuestas; donde falta alguno, 0.
""",
    judge=ByReference(
        corners,
        cases=_pairs_of_maps,
        mistakes=[
            Mistake(
                "uno-u-otro",
                "Tu mapa se activa con un solo borde. Una esquina necesita los dos: es un «y», no un «o».",
                lambda v, h: np.maximum(np.maximum(v, 0), np.maximum(h, 0)),
            ),
            Mistake(
                "olvida-relu",
                "Salen negativos: donde falta algún borde debe haber 0.",
                lambda v, h: np.minimum(v, h),
            ),
            Mistake(
                "suma",
                "Sumas las respuestas: un borde muy marcado parece una esquina aunque el otro falte.",
                lambda v, h: np.maximum(v, 0) + np.maximum(h, 0),
            ),
            Mistake(
                "multiplica",
                "Multiplicas las respuestas: se activa donde debe, pero con otro valor. Se pide la menor "
                "de las dos.",
                lambda v, h: np.maximum(v, 0) * np.maximum(h, 0),
            ),
            Mistake(
                "solo-dice-si-hay",
                "Dices dónde hay esquina, pero no cuánta. Un mapa guarda la fuerza de la respuesta: "
                "aquí, la menor de las dos.",
                lambda v, h: (v > 0) & (h > 0),
            ),
            Mistake(
                "multiplica-negativos",
                "Al multiplicar, dos negativos dan un positivo y aparece una esquina donde no hay ningún "
                "borde. Y se pide la menor, no el producto.",
                lambda v, h: v * h,
            ),
        ],
    ),
    hints=[
        "Primero decide qué hacer con los negativos: no son bordes.",
        "`np.minimum(a, b)` compara dos arrays elemento a elemento.",
    ],
    explanation="ReLU quita lo que no es borde y el mínimo solo es positivo si lo son los dos. Así se "
    "construye un patrón compuesto a partir de patrones básicos.",
)

EXERCISES = (FIRST, STRONGEST, EDGES, SHAPES, BLOCK, BLOCKS, CORNERS)
