"""Ejercicios del capítulo 09: segmentación de instancias."""

from functools import partial

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.controls import Number, Slider

chapter = Chapter("09")


def components_with_four_and_eight():
    """Componentes con cuatro vecinos y con ocho."""
    return 5, 3


chapter.by_reference(
    "09.1",
    components_with_four_and_eight,
    controls=(Slider("Con cuatro", 1, 8), Slider("Con ocho", 1, 8)),
    consequence=lambda four, eight: (
        f"al contar las esquinas salen {four - eight} menos"
        if four > eight
        else "al contar las esquinas no sale ninguno menos"
    ),
    mistakes={
        "al-reves": lambda: (3, 5),
        "junta-las-clases": lambda: (5, 2),
        "cuenta-el-fondo": lambda: (6, 4),
        "cuenta-las-clases": lambda: (2, 2),
        "olvida-las-cajas-sueltas": lambda: (4, 3),
        "olvida-la-esquina": lambda: (5, 5),
        "une-solo-las-cajas": lambda: (5, 4),
    },
)


def fill_gaps(ids):
    """Los mismos objetos, numerados de 1 en adelante sin saltos y en el mismo orden."""
    kept = np.unique(ids[ids > 0])  # ya salen ordenados
    filled = np.zeros_like(ids)
    for number, old in enumerate(kept, start=1):
        filled[ids == old] = number
    return filled


def _gaps():
    return [
        np.array([[0, 3], [7, 7]]),
        np.array([[5, 5, 0], [0, 2, 9]]),
        np.array([[4, 4], [6, 6]]),
        np.array([[0, 1, 8], [8, 8, 3]]),
        np.array([[12, 0, 3], [0, 5, 0], [12, 0, 3]]),  # objetos que no se tocan, en dos trozos
    ]


chapter.by_reference(
    "09.2",
    fill_gaps,
    cases=_gaps(),
    mistakes={
        "el-fondo-cuenta": lambda ids: np.unique(ids, return_inverse=True)[1].reshape(ids.shape),
        "el-fondo-es-un-objeto": lambda ids: np.unique(ids, return_inverse=True)[1].reshape(ids.shape) + 1,
        "resta-lo-mismo": lambda ids: np.where(ids > 0, ids - ids[ids > 0].min() + 1, 0),
        "de-mayor-a-menor": lambda ids: np.where(ids > 0, fill_gaps(ids).max() + 1 - fill_gaps(ids), 0),
        "quedan-saltos": lambda ids: ids.copy(),
        "solo-una-mascara": lambda ids: (ids > 0).astype(int),
    },
)


def center_offsets(ids):
    """Filas y columnas de cada píxel hasta el centro de su objeto; 0 en el fondo."""
    offsets = np.zeros((*ids.shape, 2))
    for number in np.unique(ids[ids > 0]):
        mine = ids == number
        places = np.argwhere(mine)
        offsets[mine] = places.mean(axis=0) - places
    return offsets


def _of_box(ids):
    offsets = np.zeros((*ids.shape, 2))
    for number in np.unique(ids[ids > 0]):
        places = np.argwhere(ids == number)
        offsets[ids == number] = (places.min(axis=0) + places.max(axis=0)) / 2 - places
    return offsets


def _ids():
    first = np.zeros((3, 5), int)
    first[1, 1:4] = 1
    second = np.zeros((4, 6), int)
    second[:3, 0], second[2, 1:4] = 1, 1  # una L
    second[:2, 4:] = 2
    touching = np.array([[1, 1, 2, 2]])
    split = np.array([[2, 0, 0, 2], [0, 1, 1, 0]])  # un objeto, a los lados de otro
    return [first, second, touching, split]


chapter.by_reference(
    "09.3",
    center_offsets,
    cases=_ids(),
    mistakes={
        "desde-el-centro": lambda ids: -center_offsets(ids),
        "columnas-delante": lambda ids: center_offsets(ids)[..., ::-1],
        "centro-de-la-caja": _of_box,
        "un-solo-centro": lambda ids: center_offsets((ids > 0).astype(int)),
        "el-centro-y-no-el-camino": lambda ids: (
            center_offsets(ids) + np.where((ids > 0)[..., None], np.moveaxis(np.indices(ids.shape), 0, -1), 0)
        ),
        "distancia-sin-signo": lambda ids: np.abs(center_offsets(ids)),
    },
)


def group_by_votes(is_object, offsets, centers):
    """Objeto de cada píxel: el del centro más próximo a su voto, desde 1; 0 en el fondo."""
    ids = np.zeros(is_object.shape, int)
    for row, col in np.argwhere(is_object):
        vote = np.array([row, col]) + offsets[row, col]
        distances = ((centers - vote) ** 2).sum(axis=1)
        ids[row, col] = distances.argmin() + 1
    return ids


def _votes():
    is_object = np.ones((1, 8), bool)
    is_object[0, 4] = False
    offsets = np.zeros((1, 8, 2))
    offsets[0, :, 1] = [1, 0, -1, 3, 0, 1, 0, -6]
    square = np.ones((4, 5), bool)
    square[0, 0] = False
    ways = np.zeros((4, 5, 2))
    ways[..., 0] = [[0, 2, 0, 0, 3], [1, 1, 0, 0, 2], [0, 0, 0, 0, 1], [-3, -1, 0, -2, 0]]
    ways[..., 1] = [[0, 0, 0, 0, -1], [1, 0, -1, 0, -1], [1, 0, 2, 0, -1], [1, 0, 1, -2, -1]]
    return [
        (is_object, offsets, np.array([[0, 1], [0, 6]])),
        (square, ways, np.array([[2, 1], [3, 3], [0, 2]])),
        # desde (0, 0), (0, 4) está más cerca que (3, 3), y (3, 3) que (5, 0)
        (np.array([[True, False]]), np.zeros((1, 2, 2)), np.array([[5, 0], [3, 3], [0, 4]])),
        (np.array([[True]]), np.array([[[1.4, -0.4]]]), np.array([[0, 0], [2, -1], [3, 3]])),
        (np.array([[False, True]]), np.zeros((1, 2, 2)), np.array([[0, 2.4], [0, -0.3]])),
    ]


def _voted(is_object, offsets, centers, sign=1, swap=False, pick=np.argmin):
    ids = np.zeros(is_object.shape, int)
    for row, col in np.argwhere(is_object):
        way = offsets[row, col][::-1] if swap else offsets[row, col]
        ids[row, col] = pick(((centers - np.array([row, col]) - sign * way) ** 2).sum(axis=1)) + 1
    return ids


chapter.by_reference(
    "09.4",
    group_by_votes,
    cases=_votes(),
    mistakes={
        "sin-votar": partial(_voted, sign=0),
        "olvida-su-posicion": lambda is_object, offsets, centers: _voted(
            is_object, offsets - np.moveaxis(np.indices(is_object.shape), 0, -1), centers
        ),
        "hacia-atras": partial(_voted, sign=-1),
        "columnas-por-filas": partial(_voted, swap=True),
        "desde-cero": lambda is_object, offsets, centers: np.where(
            is_object, group_by_votes(is_object, offsets, centers) - 1, 0
        ),
        "vota-el-fondo": lambda is_object, offsets, centers: group_by_votes(
            np.ones_like(is_object), offsets, centers
        ),
        "el-mas-lejano": partial(_voted, pick=np.argmax),
    },
)


def overlaps(truth, predicted):
    """IoU de cada objeto verdadero (fila) con cada predicho (columna)."""
    table = np.zeros((truth.max(), predicted.max()))
    for i in range(truth.max()):
        for j in range(predicted.max()):
            mine, found = truth == i + 1, predicted == j + 1
            table[i, j] = (mine & found).sum() / (mine | found).sum()
    return table


def _pairs():
    return [
        (np.array([[1, 1, 1, 2, 2, 2]]), np.array([[1, 1, 0, 2, 2, 3]])),
        (
            np.array([[1, 1, 0, 2], [1, 1, 0, 2], [0, 0, 0, 2]]),
            np.array([[1, 1, 2, 2], [1, 2, 2, 2], [0, 0, 0, 0]]),
        ),
        (np.ones((17, 17), int), 1 + (np.arange(289).reshape(17, 17) % 9 == 0)),  # más de 255 píxeles
    ]


def _shared(truth, predicted, divide):
    table = np.zeros((truth.max(), predicted.max()))
    for i, j in np.ndindex(table.shape):
        mine, found = truth == i + 1, predicted == j + 1
        table[i, j] = divide((mine & found).sum(), mine.sum(), found.sum())
    return table


chapter.by_reference(
    "09.5",
    overlaps,
    cases=_pairs(),
    mistakes={
        "traspuesta": lambda truth, predicted: overlaps(truth, predicted).T,
        "entre-el-verdadero": partial(_shared, divide=lambda c, a, b: c / a),
        "entre-el-predicho": partial(_shared, divide=lambda c, a, b: c / b),
        "es-dice": partial(_shared, divide=lambda c, a, b: 2 * c / (a + b)),
        "cuenta-lo-comun-dos-veces": partial(_shared, divide=lambda c, a, b: c / (a + b)),
        "con-el-fondo": lambda truth, predicted: overlaps(truth + 1, predicted + 1),
    },
)


def match(table, scores, threshold):
    """Objeto verdadero de cada predicción, o -1: por confianza, el mejor que quede libre."""
    partners = [-1] * len(scores)
    free = list(range(len(table)))
    for j in np.argsort(-scores):
        if free:
            best = max(free, key=lambda i: table[i, j])
            if table[best, j] >= threshold:
                partners[j] = best
                free.remove(best)
    return partners


def _tables():
    return [
        (np.array([[0.8, 0.6], [0.1, 0.55]]), np.array([0.7, 0.9]), 0.5),
        (np.array([[0.9, 0.6], [0.1, 0.55]]), np.array([0.9, 0.7]), 0.5),
        (np.array([[0.5, 0.0, 0.7], [0.2, 0.4, 0.0]]), np.array([0.9, 0.8, 0.6]), 0.5),
        (np.array([[0.9, 0.8]]), np.array([0.6, 0.7]), 0.5),
        (np.array([[0.1, 0.8], [0.9, 0.6], [0.7, 0.2]]), np.array([0.6, 0.9]), 0.5),
        (np.array([[0.65, 0.6, 0.1], [0.0, 0.3, 0.9], [0.3, 0.52, 0.2]]), np.array([0.5, 0.6, 0.4]), 0.5),
        (np.array([[0.6], [0.9]]), np.array([0.8]), 0.5),
        (np.array([[0.6, 0.8]]), np.array([0.9, 0.7]), 0.75),
    ]


def _matched(table, scores, threshold, order=None, reuse=False, strict=False, any_overlap=False):
    partners, free = [-1] * len(scores), list(range(len(table)))
    for j in np.argsort(-scores) if order is None else order(scores):
        if free:
            best = max(free, key=lambda i: table[i, j])
            good = table[best, j] > threshold if strict else table[best, j] >= threshold
            if good or (any_overlap and table[best, j] > 0):
                partners[j] = best
                if not reuse:
                    free.remove(best)
    return partners


def _best_or_nothing(table, scores, threshold):
    """Solo mira el mejor objeto de todos: si está ocupado, se rinde."""
    partners, free = [-1] * len(scores), set(range(len(table)))
    for j in np.argsort(-scores):
        best = int(table[:, j].argmax())
        if table[best, j] >= threshold and best in free:
            partners[j] = best
            free.remove(best)
    return partners


chapter.by_reference(
    "09.6",
    match,
    cases=_tables(),
    mistakes={
        "en-su-orden": partial(_matched, order=lambda scores: range(len(scores))),
        "de-menos-a-mas": partial(_matched, order=np.argsort),
        "repite-objeto": partial(_matched, reuse=True),
        "el-umbral-no-entra": partial(_matched, strict=True),
        "sin-umbral": partial(_matched, any_overlap=True),
        "se-rinde": _best_or_nothing,
        "cuenta-desde-uno": lambda table, scores, threshold: [
            i + 1 if i >= 0 else -1 for i in match(table, scores, threshold)
        ],
    },
)


def precision_and_recall(hits, positives):
    """Precisión y exhaustividad al aceptar la primera predicción, las dos primeras…"""
    found = np.cumsum(hits)
    return found / np.arange(1, len(hits) + 1), found / positives


chapter.by_reference(
    "09.7",
    precision_and_recall,
    cases=[
        (np.array([1, 0]), 2),
        (np.array([1, 1, 0, 1, 0, 1]), 5),
        (np.array([0, 1, 1, 0]), 7),
    ],
    mistakes={
        "al-reves": lambda hits, positives: precision_and_recall(hits, positives)[::-1],
        "divide-entre-todas": lambda hits, positives: (
            np.cumsum(hits) / len(hits),
            np.cumsum(hits) / positives,
        ),
        "sin-acumular": lambda hits, positives: (hits / np.arange(1, len(hits) + 1), hits / positives),
        "entre-los-aciertos": lambda hits, positives: (
            precision_and_recall(hits, positives)[0],
            np.cumsum(hits) / hits.sum(),
        ),
        "solo-el-final": lambda hits, positives: (hits.sum() / len(hits), hits.sum() / positives),
        "de-la-menos-segura": lambda hits, positives: precision_and_recall(hits[::-1], positives),
    },
)


def precision_area(precision, recall):
    """Media, en 101 exhaustividades de 0 a 1, de la mejor precisión con esa o más."""
    total = 0.0
    for wanted in np.linspace(0, 1, 101):
        reached = recall >= wanted
        total += precision[reached].max() if reached.any() else 0.0
    return total / 101


def _curves():
    hits = [[1, 1, 0, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1]]
    return [
        precision_and_recall(np.array(one), positives) for one, positives in zip(hits, (5, 3, 3), strict=True)
    ]


def _sampled(precision, recall, points=101, best=True, missing=0.0):
    values = []
    for wanted in np.linspace(0, 1, points):
        reached = np.flatnonzero(recall >= wanted)
        if not len(reached):
            values.append(precision[-1] if missing is None else missing)
        else:
            values.append(precision[reached].max() if best else precision[reached[0]])
    return float(np.mean(values))


chapter.by_reference(
    "09.8",
    precision_area,
    cases=_curves(),
    mistakes={
        "sin-interpolar": partial(_sampled, best=False),
        "once-puntos": partial(_sampled, points=11),
        "cien-puntos": partial(_sampled, points=100),
        "falta-el-uno": lambda precision, recall: np.mean(
            [precision[recall >= wanted].max(initial=0) for wanted in np.linspace(0, 0.99, 100)]
        ),
        "lo-que-no-se-alcanza": partial(_sampled, missing=None),
        "media-de-las-precisiones": lambda precision, recall: precision.mean(),
        "trapecios": lambda precision, recall: np.trapezoid(precision, recall),
    },
)


def panoptic_quality_by_hand():
    """Calidad panóptica con tres parejas, tres objetos sin encontrar y uno inventado."""
    overlaps_of_pairs = [0.9, 0.75, 0.6]
    return sum(overlaps_of_pairs) / (3 + 3 / 2 + 1 / 2)


chapter.by_reference(
    "09.9",
    panoptic_quality_by_hand,
    controls=(Number("PQ"),),
    mistakes={
        "solo-la-calidad": lambda: 0.75,
        "solo-el-reconocimiento": lambda: 0.6,
        "cuentan-enteros": lambda: 2.25 / 7,
        "entre-los-que-hay": lambda: 2.25 / 6,
        "entre-los-predichos": lambda: 2.25 / 4,
    },
)


def counting_error(true, predicted):
    """Error absoluto medio al contar y proporción de imágenes con la cuenta exacta."""
    errors = np.abs(predicted - true)
    return errors.mean(), (errors == 0).mean()


def _with_error(error):
    """Otro error, con la proporción de cuentas exactas bien calculada."""
    return lambda true, predicted: (error(true, predicted), (predicted == true).mean())


def _with_share(share):
    """El error bien calculado, con otra proporción."""
    return lambda true, predicted: (np.abs(predicted - true).mean(), share(true, predicted))


chapter.by_reference(
    "09.10",
    counting_error,
    cases=[
        (np.array([3, 5]), np.array([4, 5])),
        (np.array([2, 6, 4, 7]), np.array([3, 5, 4, 4])),
        (np.array([5, 5, 5]), np.array([7, 4, 5])),
        (np.array([4, 2, 2]), np.array([2, 4, 2])),  # las mismas cuentas, en otras imágenes
    ],
    mistakes={
        "con-signo": _with_error(lambda true, predicted: (predicted - true).mean()),
        "cuadratico": _with_error(lambda true, predicted: np.sqrt(((predicted - true) ** 2).mean())),
        "relativo": _with_error(lambda true, predicted: (np.abs(predicted - true) / true).mean()),
        "suma-todas": _with_error(lambda true, predicted: np.abs(predicted - true).sum()),
        "cuenta-las-exactas": _with_share(lambda true, predicted: (predicted == true).sum()),
        "proporcion-de-fallos": _with_share(lambda true, predicted: (predicted != true).mean()),
    },
)


def value_between(feature_map, row, col):
    """Valor en una posición con decimales: media de los cuatro vecinos, según lo cerca que estén."""
    top, left = int(row), int(col)
    down, right = row - top, col - left
    above = (1 - right) * feature_map[top, left] + right * feature_map[top, left + 1]
    below = (1 - right) * feature_map[top + 1, left] + right * feature_map[top + 1, left + 1]
    return (1 - down) * above + down * below


def _places():
    small = np.array([[0.0, 10.0], [20.0, 60.0]])
    larger = np.array([[3.0, 1.0, 4.0], [1.0, 5.0, 9.0], [2.0, 6.0, 5.0]])
    return [
        (small, 0.25, 0.4),
        (larger, 1.8, 0.3),
        (larger, 0.6, 1.25),
        (larger[::-1] / 4 - 3, 1.4, 0.75),
        (larger, 1.0, 1.0),  # un píxel exacto: el de abajo y el de la derecha no pesan nada
    ]


chapter.by_reference(
    "09.11",
    value_between,
    cases=_places(),
    mistakes={
        "redondea": lambda feature_map, row, col: feature_map[int(row + 0.5), int(col + 0.5)],
        "trunca": lambda feature_map, row, col: feature_map[int(row), int(col)],
        "todos-pesan-igual": lambda feature_map, row, col: feature_map[
            int(row) : int(row) + 2, int(col) : int(col) + 2
        ].mean(),
        "pesos-al-reves": lambda feature_map, row, col: value_between(
            feature_map, int(row) + 1 - row % 1 - 1e-12, int(col) + 1 - col % 1 - 1e-12
        ),
        "traspuesto": lambda feature_map, row, col: value_between(
            feature_map, int(row) + col % 1, int(col) + row % 1
        ),
        "solo-las-filas": lambda feature_map, row, col: value_between(feature_map, row, float(int(col))),
    },
)

HEIGHTS = (1, 4, 6, 4, 3, 4, 6, 2, 3, 5, 2)  # el primer objeto llega hasta la columna 7


def separating_distance():
    """Una distancia que deja un máximo por objeto."""
    return 5


def _peaks(distance):
    """Máximos sin otro ya elegido a esa distancia o menos, de más alto a más bajo."""
    kept = []
    for place in sorted(range(1, len(HEIGHTS) - 1), key=lambda i: (-HEIGHTS[i], i)):
        is_peak = HEIGHTS[place] == max(HEIGHTS[place - 1 : place + 2])
        if is_peak and all(abs(place - other) > distance for other in kept):
            kept.append(place)
    return sorted(kept)


def _look_at_distance(answer):
    if type(answer) not in (int, float) or answer not in range(1, 9):
        raise Unexpected("La distancia es un entero de 1 a 8.")
    return _peaks(int(answer))


chapter.by_rules(
    "09.12",
    separating_distance,
    _look_at_distance,
    controls=(Slider("min_distance", 1, 8),),
    consequence=lambda distance: f"la lista de columnas es {_peaks(distance)}",
    mistakes={
        "sobran": Rule(lambda peaks: len(peaks) > 2, lambda: 2),
        "dos-en-el-mismo": Rule(lambda peaks: len(peaks) == 2 and peaks[1] < 8, lambda: 3),
        "falta-el-segundo": Rule(lambda peaks: len(peaks) < 2, lambda: 8),
    },
)
