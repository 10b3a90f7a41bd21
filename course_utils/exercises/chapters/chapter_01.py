"""Ejercicios del capítulo 01: redes convolucionales."""

import numpy as np

from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.controls import Matrix, Number
from course_utils.exercises.expected import as_kernel
from course_utils.ops import avg_pool2d, convolve2d, correlate2d, max_pool2d

chapter = Chapter("01")


def first_response():
    """Primer valor del mapa: la ventana de arriba a la izquierda."""
    return 0 * 1 + 1 * 0 + 3 * 2 + 4 * (-1)


chapter.by_reference(
    "01.1",
    first_response,
    controls=(Number("Primer valor"),),
    mistakes={
        "gira-el-kernel": lambda: 0 * (-1) + 1 * 2 + 3 * 0 + 4 * 1,
        "suma-la-ventana": lambda: 0 + 1 + 3 + 4,
        "otra-ventana": lambda: 4 * 1 + 5 * 0 + 7 * 2 + 8 * (-1),
        "por-columnas": lambda: 0 * 1 + 1 * 2 + 3 * 0 + 4 * (-1),
        "producto-de-sumas": lambda: 8 * 2,
    },
)


def strongest(feature_map):
    """Fila y columna donde el filtro responde más."""
    row, col = np.unravel_index(feature_map.argmax(), feature_map.shape)
    return int(row), int(col)


def _maps_with_one_peak():
    return [
        np.array([[1.0, 2.0, 9.0], [0.0, 3.0, 1.0]]),
        np.array([[0.0, 1.0], [2.0, -7.0], [5.0, 3.0]]),
        np.array([[-9.0, -1.0, -4.0, -2.0], [-5.0, -6.0, -3.0, -8.0]]),
        np.array([[0.2, 0.1], [0.3, 0.4], [0.3, 0.2]]),
    ]


chapter.by_reference(
    "01.2",
    strongest,
    cases=_maps_with_one_peak(),
    mistakes={
        "indice-del-mapa-aplanado": lambda feature_map: feature_map.argmax(),
        "columna-y-fila": lambda feature_map: strongest(feature_map)[::-1],
        "el-minimo": lambda feature_map: strongest(-feature_map),
        "valor-absoluto": lambda feature_map: strongest(np.abs(feature_map)),
    },
)


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

chapter.by_rules(
    "01.3",
    vertical_edges,
    _edge_responses,
    controls=(Matrix("Kernel", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),),
    mistakes={
        "responde-a-lo-liso": Rule(
            lambda seen: abs(seen["flat"]) > SMALL, lambda: np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1]])
        ),
        "no-responde": Rule(
            lambda seen: max(seen["positive"], -seen["negative"], seen["across"]) < SMALL,
            lambda: np.zeros((3, 3)),
        ),
        "bordes-horizontales": Rule(
            lambda seen: max(seen["positive"], -seen["negative"]) < SMALL,
            lambda: np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
        ),
        "tambien-horizontales": Rule(
            lambda seen: seen["across"] > SMALL, lambda: np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]])
        ),
        "lineas-en-vez-de-bordes": Rule(
            lambda seen: seen["positive"] > SMALL and seen["negative"] < -SMALL,
            lambda: np.array([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
        ),
        "signo-contrario": Rule(
            lambda seen: seen["positive"] < SMALL, lambda: np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
        ),
    },
)


def map_shapes():
    """Forma de la salida de cada capa."""
    first = (28 - 3 + 1, 28 - 3 + 1, 8)
    pooled = (26 // 2, 26 // 2, 8)
    second = (13 - 3 + 1, 13 - 3 + 1, 16)
    pooled_again = (11 // 2, 11 // 2, 16)
    return [first, pooled, second, pooled_again]


chapter.by_reference(
    "01.4",
    map_shapes,
    mistakes={
        "la-convolucion-no-encoge": lambda: [(28, 28, 8), (14, 14, 8), (14, 14, 16), (7, 7, 16)],
        "canales-delante": lambda: [(8, 26, 26), (8, 13, 13), (16, 11, 11), (16, 5, 5)],
        "pooling-redondea-hacia-arriba": lambda: [(26, 26, 8), (13, 13, 8), (11, 11, 16), (6, 6, 16)],
        "pooling-reduce-canales": lambda: [(26, 26, 8), (13, 13, 4), (11, 11, 16), (5, 5, 8)],
        "los-canales-se-multiplican": lambda: [(26, 26, 8), (13, 13, 8), (11, 11, 128), (5, 5, 128)],
        "solo-el-lado": lambda: [26, 13, 11, 5],
        "cuenta-la-entrada": lambda: [(28, 28, 1), (26, 26, 8), (13, 13, 8), (11, 11, 16), (5, 5, 16)],
        "quita-uno": lambda: [(27, 27, 8), (13, 13, 8), (12, 12, 16), (6, 6, 16)],
    },
)


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
        (rng.normal(size=(6, 7)).round(1), np.array([[0.5, -1.5, 0.3], [0.2, 0.4, -0.7]])),
    ]


chapter.by_reference(
    "01.5",
    block,
    cases=_block_cases(),
    mistakes={
        "olvida-relu": lambda image, kernel: max_pool2d(correlate2d(image, kernel)),
        "valor-absoluto": lambda image, kernel: max_pool2d(np.abs(correlate2d(image, kernel))),
        "relu-a-la-imagen": lambda image, kernel: max_pool2d(correlate2d(np.maximum(image, 0), kernel)),
        "promedia": lambda image, kernel: avg_pool2d(np.maximum(correlate2d(image, kernel), 0)),
        "pooling-antes": lambda image, kernel: np.maximum(correlate2d(max_pool2d(image), kernel), 0),
        "gira-el-kernel": lambda image, kernel: max_pool2d(np.maximum(convolve2d(image, kernel), 0)),
        "olvida-el-pooling": lambda image, kernel: np.maximum(correlate2d(image, kernel), 0),
    },
)


def blocks_needed():
    """Bloques que hacen falta para pasar de 64 a 4."""
    size, blocks = 64, 0
    while size > 4:
        size //= 2  # la convolución conserva el tamaño; el pooling, la mitad
        blocks += 1
    return blocks


chapter.by_reference(
    "01.6",
    blocks_needed,
    controls=(Number("Bloques"),),
    mistakes={
        "divide-una-vez": lambda: 16,
        "cuenta-la-entrada": lambda: 5,
        "para-antes": lambda: 3,
        "divide-por-cuatro": lambda: 2,
    },
)


def corners(vertical, horizontal):
    """Mapa de esquinas a partir de los mapas de bordes."""
    return np.minimum(np.maximum(vertical, 0), np.maximum(horizontal, 0))


def _pairs_of_maps():
    rng = np.random.default_rng(7)
    return [
        (np.array([[2.0, 3.0], [-1.0, 0.5]]), np.array([[4.0, -2.0], [-3.0, 2.0]])),
        (rng.normal(size=(4, 5)).round(1), rng.normal(size=(4, 5)).round(1)),
        (np.array([[1.6, 0.3]]), np.array([[1.4, 0.7]])),
        (np.array([[-1.0, 0.5]]), np.array([[0.7, 1.2]])),
    ]


chapter.by_reference(
    "01.7",
    corners,
    cases=_pairs_of_maps(),
    mistakes={
        "uno-u-otro": lambda v, h: np.maximum(np.maximum(v, 0), np.maximum(h, 0)),
        "olvida-relu": lambda v, h: np.minimum(v, h),
        "suma": lambda v, h: np.maximum(v, 0) + np.maximum(h, 0),
        "multiplica": lambda v, h: np.maximum(v, 0) * np.maximum(h, 0),
        "solo-dice-si-hay": lambda v, h: (v > 0) & (h > 0),
        "multiplica-negativos": lambda v, h: v * h,
    },
)
