"""Ejercicios del capítulo 09: segmentación de instancias."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected

# --- 09.1 ------------------------------------------------------------------------------------------


def components_with_four_and_eight():
    """Componentes con cuatro vecinos y con ocho."""
    return 5, 3


COMPONENTS = Exercise(
    id="09.1",
    title="contar componentes",
    level="easy",
    text="""
En esta cuadrícula, 1 es pelota, 2 es caja y el punto es fondo. Dos píxeles de la misma clase que se tocan son
del mismo objeto. ¿Cuántos objetos salen si tocarse es compartir un **lado** (cuatro vecinos)? ¿Y si también
vale una **esquina** (ocho)?

```
1 1 . . 2
1 1 . 2 .
. . 1 . .
1 . 1 1 1
```
""",
    judge=ByReference(
        components_with_four_and_eight,
        mistakes=[
            Mistake(
                "al-reves",
                "Los has dado en orden inverso: con ocho vecinos se junta más, así que nunca salen más "
                "objetos que con cuatro.",
                lambda: (3, 5),
            ),
            Mistake(
                "junta-las-clases",
                "Con ocho vecinos has unido la caja y la pelota de la fila 3 por la esquina. Son de clases "
                "distintas: no se unen.",
                lambda: (5, 2),
            ),
            Mistake(
                "cuenta-el-fondo",
                "Has contado también el fondo. El fondo no es un objeto.",
                lambda: (6, 4),
            ),
            Mistake(
                "cuenta-las-clases",
                "Dos son las clases que hay. Se cuentan los trozos separados de cada una.",
                lambda: (2, 2),
            ),
            Mistake(
                "olvida-las-cajas-sueltas",
                "Con cuatro vecinos, los dos píxeles de caja solo se tocan por una esquina: son dos objetos.",
                lambda: (4, 3),
            ),
            Mistake(
                "olvida-la-esquina",
                "Has contado lo mismo las dos veces. Mira las esquinas: hay dos píxeles de caja que se "
                "tocan así.",
                lambda: (5, 5),
            ),
            Mistake(
                "une-solo-las-cajas",
                "Con ocho vecinos también se tocan, por una esquina, los dos trozos de pelota: el 1 de la "
                "fila 2 y columna 2 y el de la fila 3 y columna 3.",
                lambda: (5, 4),
            ),
        ],
    ),
    hints=[
        "Empieza por los cuatro vecinos: rodea cada trozo con el lápiz, clase por clase.",
        "Con ocho, une los trozos de la misma clase que se tocan en diagonal.",
    ],
    explanation="Con cuatro vecinos hay tres trozos de pelota y dos de caja. Con ocho, la esquina une dos "
    "de pelota y las dos cajas: quedan tres. La caja y la pelota se tocan por una esquina, pero son de "
    "clases distintas.",
    controls=(Slider("Con cuatro", 1, 8), Slider("Con ocho", 1, 8)),
)

# --- 09.2 ------------------------------------------------------------------------------------------


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
    ]


FILL = Exercise(
    id="09.2",
    title="números sin saltos",
    level="easy",
    text="""
Al quitar los objetos pequeños quedan números sueltos: 0, 3, 7… Devuelve el mismo mapa con los objetos
numerados de 1 en adelante, **sin saltos y en el mismo orden**. El 0 es el fondo y sigue siendo 0, también si
no aparece.
""",
    judge=ByReference(
        fill_gaps,
        cases=_gaps,
        mistakes=[
            Mistake(
                "el-fondo-cuenta",
                "Numeras los valores distintos desde 0, y donde no hay fondo el primer objeto recibe el 0: "
                "desaparece.",
                lambda ids: np.unique(ids, return_inverse=True)[1].reshape(ids.shape),
            ),
            Mistake(
                "el-fondo-es-un-objeto",
                "El fondo ha recibido un número de objeto. Numera solo lo que es mayor que 0.",
                lambda ids: np.unique(ids, return_inverse=True)[1].reshape(ids.shape) + 1,
            ),
            Mistake(
                "resta-lo-mismo",
                "Restas lo mismo a todos. El primero queda en 1, pero los demás saltos siguen ahí.",
                lambda ids: np.where(ids > 0, ids - ids[ids > 0].min() + 1, 0),
            ),
            Mistake(
                "de-mayor-a-menor",
                "El orden es el contrario: el número más pequeño pasa a ser el 1.",
                lambda ids: np.where(ids > 0, fill_gaps(ids).max() + 1 - fill_gaps(ids), 0),
            ),
            Mistake(
                "quedan-saltos",
                "No has cambiado nada: los saltos siguen ahí.",
                lambda ids: ids.copy(),
            ),
            Mistake(
                "solo-una-mascara",
                "Has dejado un 1 en todos los objetos: eso es la máscara binaria, y ya no se sabe cuál es "
                "cuál.",
                lambda ids: (ids > 0).astype(int),
            ),
        ],
    ),
    hints=[
        "`np.unique` da los números que hay, ordenados.",
        "Pinta cada objeto, uno a uno, en un array de ceros.",
    ],
    explanation="Los números de objeto son nombres y se pueden cambiar. Sin saltos, el mayor es también "
    "cuántos hay, y sirven de índice en la lista de clases. `relabel_sequential`, de scikit-image, hace "
    "esto mismo.",
)

# --- 09.3 ------------------------------------------------------------------------------------------


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


def _of_all(ids):
    offsets = np.zeros((*ids.shape, 2))
    places = np.argwhere(ids > 0)
    offsets[ids > 0] = places.mean(axis=0) - places
    return offsets


def _ids():
    first = np.zeros((3, 5), int)
    first[1, 1:4] = 1
    second = np.zeros((4, 6), int)
    second[:3, 0], second[2, 1:4] = 1, 1  # una L
    second[:2, 4:] = 2
    return [first, second]


OFFSETS = Exercise(
    id="09.3",
    title="el camino hasta el centro",
    level="medium",
    text="""
`ids` tiene 0 en el fondo y el número de su objeto en los demás píxeles. Devuelve un array de forma (filas,
columnas, 2): cuántas **filas** y cuántas **columnas** hay que moverse desde cada píxel hasta el centro de su
objeto, que es la media de las posiciones de sus píxeles. En el fondo, ceros.
""",
    judge=ByReference(
        center_offsets,
        cases=_ids,
        mistakes=[
            Mistake(
                "desde-el-centro",
                "El signo es el contrario: das el camino del centro al píxel. Es destino menos origen.",
                lambda ids: -center_offsets(ids),
            ),
            Mistake(
                "columnas-delante",
                "Has puesto primero las columnas. En un array la fila va primero.",
                lambda ids: center_offsets(ids)[..., ::-1],
            ),
            Mistake(
                "centro-de-la-caja",
                "Has usado el centro de la caja. En un objeto con forma de L no coincide con la media de "
                "sus píxeles.",
                _of_box,
            ),
            Mistake(
                "un-solo-centro",
                "Todos apuntan al mismo sitio: has calculado un centro para todos los objetos juntos.",
                _of_all,
            ),
            Mistake(
                "el-centro-y-no-el-camino",
                "Das dónde está el centro, no cuánto falta para llegar. Resta la posición del píxel.",
                lambda ids: (
                    center_offsets(ids)
                    + np.where((ids > 0)[..., None], np.moveaxis(np.indices(ids.shape), 0, -1), 0)
                ),
            ),
            Mistake(
                "distancia-sin-signo",
                "Sin signo no se sabe hacia qué lado moverse.",
                lambda ids: np.abs(center_offsets(ids)),
            ),
        ],
    ),
    hints=[
        "`np.argwhere(ids == k)` da las posiciones (fila, columna) del objeto k.",
        "Su media por el primer eje es el centro.",
    ],
    explanation="Es lo que aprende la red. Sumado a la posición del píxel, el camino lleva al centro: ese "
    "es su voto.",
)

# --- 09.4 ------------------------------------------------------------------------------------------


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
    ]


def _voted(is_object, offsets, centers, sign=1, swap=False):
    ids = np.zeros(is_object.shape, int)
    for row, col in np.argwhere(is_object):
        way = offsets[row, col][::-1] if swap else offsets[row, col]
        ids[row, col] = ((centers - np.array([row, col]) - sign * way) ** 2).sum(axis=1).argmin() + 1
    return ids


VOTES = Exercise(
    id="09.4",
    title="juntar píxeles por sus votos",
    level="medium",
    text="""
`is_object` dice qué píxeles son de algún objeto; `offsets`, de forma (filas, columnas, 2), cuántas filas y
columnas hay de cada uno a su centro; `centers`, de forma (K, 2), las filas y columnas de los centros. Cada
píxel **vota** adónde llega, y es del centro más próximo a su voto. Devuelve un mapa con 1 para los del primer
centro, 2 para los del segundo… y 0 en el fondo.
""",
    judge=ByReference(
        group_by_votes,
        cases=_votes,
        mistakes=[
            Mistake(
                "sin-votar",
                "Has mirado qué centro está más cerca del píxel, no de su voto. Así un objeto tapado por "
                "otro se reparte mal.",
                lambda is_object, offsets, centers: _voted(is_object, 0 * offsets, centers),
            ),
            Mistake(
                "olvida-su-posicion",
                "Has comparado el desplazamiento con los centros. El voto es la posición del píxel más su "
                "desplazamiento.",
                lambda is_object, offsets, centers: _voted(
                    is_object, offsets - np.moveaxis(np.indices(is_object.shape), 0, -1), centers
                ),
            ),
            Mistake(
                "hacia-atras",
                "Has restado el desplazamiento: los votos se alejan de los centros.",
                lambda is_object, offsets, centers: _voted(is_object, offsets, centers, sign=-1),
            ),
            Mistake(
                "columnas-por-filas",
                "Has sumado las columnas a la fila y las filas a la columna.",
                lambda is_object, offsets, centers: _voted(is_object, offsets, centers, swap=True),
            ),
            Mistake(
                "desde-cero",
                "Los objetos empiezan en 1: el 0 es el fondo, y el primero ha desaparecido.",
                lambda is_object, offsets, centers: np.where(
                    is_object, group_by_votes(is_object, offsets, centers) - 1, 0
                ),
            ),
            Mistake(
                "vota-el-fondo",
                "El fondo también ha votado. Solo votan los píxeles de `is_object`.",
                lambda is_object, offsets, centers: group_by_votes(np.ones_like(is_object), offsets, centers),
            ),
            Mistake(
                "el-mas-lejano",
                "Te quedas con el centro más lejano: es `argmin`, no `argmax`.",
                lambda is_object, offsets, centers: np.where(
                    is_object, _farthest(is_object, offsets, centers), 0
                ),
            ),
        ],
    ),
    hints=[
        "El voto de un píxel es `(fila, columna) + offsets[fila, columna]`.",
        "Los objetos se numeran desde 1.",
    ],
    explanation="El píxel más cercano a un centro puede ser de otro objeto. Por eso se comparan los votos "
    "y no los píxeles.",
)


def _farthest(is_object, offsets, centers):
    votes = np.moveaxis(np.indices(is_object.shape), 0, -1) + offsets
    return ((votes[..., None, :] - centers) ** 2).sum(axis=-1).argmax(axis=-1) + 1


# --- 09.5 ------------------------------------------------------------------------------------------


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
    ]


def _shared(truth, predicted, divide):
    table = np.zeros((truth.max(), predicted.max()))
    for i, j in np.ndindex(table.shape):
        mine, found = truth == i + 1, predicted == j + 1
        table[i, j] = divide((mine & found).sum(), mine.sum(), found.sum())
    return table


OVERLAPS = Exercise(
    id="09.5",
    title="la tabla de IoU",
    level="medium",
    text="""
`truth` y `predicted` son mapas de objetos de la misma imagen: 0 en el fondo y de 1 en adelante, sin saltos,
en los objetos. Devuelve la tabla de **IoU**: una fila por objeto verdadero y una columna por objeto
predicho.
""",
    judge=ByReference(
        overlaps,
        cases=_pairs,
        mistakes=[
            Mistake(
                "traspuesta",
                "Las filas son los objetos verdaderos y las columnas, los predichos.",
                lambda truth, predicted: overlaps(truth, predicted).T,
            ),
            Mistake(
                "entre-el-verdadero",
                "Divides entre el área del objeto verdadero: una predicción que ocupara toda la imagen "
                "sacaría un 1.",
                lambda truth, predicted: _shared(truth, predicted, lambda c, a, b: c / a),
            ),
            Mistake(
                "entre-el-predicho",
                "Divides entre el área del objeto predicho: bastaría con acertar un píxel suelto.",
                lambda truth, predicted: _shared(truth, predicted, lambda c, a, b: c / b),
            ),
            Mistake(
                "es-dice",
                "Eso es el Dice, el doble de lo común entre la suma de las áreas. El IoU divide entre la "
                "unión.",
                lambda truth, predicted: _shared(truth, predicted, lambda c, a, b: 2 * c / (a + b)),
            ),
            Mistake(
                "cuenta-lo-comun-dos-veces",
                "Has dividido entre la suma de las áreas: los píxeles comunes están contados dos veces.",
                lambda truth, predicted: _shared(truth, predicted, lambda c, a, b: c / (a + b)),
            ),
            Mistake(
                "con-el-fondo",
                "Sobran una fila y una columna: el 0 es el fondo, no un objeto.",
                lambda truth, predicted: overlaps(truth + 1, predicted + 1),
            ),
        ],
    ),
    hints=[
        "`truth == i` es la máscara del objeto i.",
        "Intersección es `&` y unión es `|`.",
    ],
    explanation="La tabla es todo lo que hace falta para emparejar: después ya no se miran los píxeles.",
)

# --- 09.6 ------------------------------------------------------------------------------------------


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
        (np.array([[0.65, 0.6, 0.1], [0.0, 0.3, 0.9], [0.3, 0.52, 0.2]]), np.array([0.5, 0.6, 0.4]), 0.5),
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


MATCH = Exercise(
    id="09.6",
    title="emparejar por confianza",
    level="medium",
    text="""
`table` es la tabla de IoU: una fila por objeto verdadero y una columna por predicción; todos son de la misma
clase. Recorre las predicciones **de la más segura a la menos** (`scores`). Cada una se queda con el objeto
**libre** con el que tiene más IoU, si llega a `threshold`. Devuelve una lista con la fila que le toca a cada
predicción, en el orden de las columnas, o -1 si se queda sin pareja.
""",
    judge=ByReference(
        match,
        cases=_tables,
        mistakes=[
            Mistake(
                "en-su-orden",
                "Las recorres en el orden en que llegan. Va primero la más segura.",
                lambda table, scores, threshold: _matched(
                    table, scores, threshold, order=lambda s: range(len(s))
                ),
            ),
            Mistake(
                "de-menos-a-mas",
                "Empiezas por la menos segura: `argsort` ordena de menor a mayor.",
                lambda table, scores, threshold: _matched(table, scores, threshold, order=np.argsort),
            ),
            Mistake(
                "repite-objeto",
                "Un objeto verdadero ha quedado con dos predicciones: la segunda es un acierto inventado. "
                "Quítalo de los libres.",
                lambda table, scores, threshold: _matched(table, scores, threshold, reuse=True),
            ),
            Mistake(
                "el-umbral-no-entra",
                "Con un IoU igual al umbral también hay pareja: es «mayor o igual».",
                lambda table, scores, threshold: _matched(table, scores, threshold, strict=True),
            ),
            Mistake(
                "sin-umbral",
                "Has emparejado predicciones que apenas rozan el objeto: falta mirar el umbral.",
                lambda table, scores, threshold: _matched(table, scores, threshold, any_overlap=True),
            ),
            Mistake(
                "se-rinde",
                "Si el mejor objeto está ocupado, queda el mejor de los libres, que también puede llegar "
                "al umbral.",
                _best_or_nothing,
            ),
            Mistake(
                "cuenta-desde-uno",
                "Las filas se cuentan desde 0, y -1 es «sin pareja».",
                lambda table, scores, threshold: [
                    i + 1 if i >= 0 else -1 for i in match(table, scores, threshold)
                ],
            ),
        ],
    ),
    hints=["`np.argsort(-scores)` da el orden.", "Lleva una lista de los objetos que quedan libres."],
    explanation="La segura elige primero, aunque le quite a otra su única pareja: no se busca el mejor "
    "reparto posible. Es la regla de COCO.",
)

# --- 09.7 ------------------------------------------------------------------------------------------


def precision_and_recall(hits, positives):
    """Precisión y exhaustividad al aceptar la primera predicción, las dos primeras…"""
    found = np.cumsum(hits)
    return found / np.arange(1, len(hits) + 1), found / positives


CURVE = Exercise(
    id="09.7",
    title="la curva de precisión y exhaustividad",
    level="easy",
    text="""
`hits` tiene un 1 por predicción acertada y un 0 por fallada, **de la más segura a la menos**; `positives` es
cuántos objetos hay. Devuelve `(precisión, exhaustividad)`: dos arrays, con un valor por cada número de
predicciones aceptadas, desde la primera sola hasta todas.
""",
    judge=ByReference(
        precision_and_recall,
        cases=[
            (np.array([1, 0]), 2),
            (np.array([1, 1, 0, 1, 0, 1]), 5),
            (np.array([0, 1, 1, 0]), 7),
        ],
        mistakes=[
            Mistake(
                "al-reves",
                "El orden es (precisión, exhaustividad). La precisión divide entre lo aceptado; la "
                "exhaustividad, entre lo que hay.",
                lambda hits, positives: precision_and_recall(hits, positives)[::-1],
            ),
            Mistake(
                "divide-entre-todas",
                "La precisión se divide entre las predicciones aceptadas hasta ahí, no entre todas.",
                lambda hits, positives: (np.cumsum(hits) / len(hits), np.cumsum(hits) / positives),
            ),
            Mistake(
                "sin-acumular",
                "Cada valor cuenta los aciertos desde la primera predicción: te falta `np.cumsum`.",
                lambda hits, positives: (hits / np.arange(1, len(hits) + 1), hits / positives),
            ),
            Mistake(
                "entre-los-aciertos",
                "La exhaustividad se divide entre los objetos que hay, no entre los que se acaban "
                "encontrando.",
                lambda hits, positives: (
                    precision_and_recall(hits, positives)[0],
                    np.cumsum(hits) / hits.sum(),
                ),
            ),
            Mistake(
                "solo-el-final",
                "Esos son los valores con todas las predicciones aceptadas. Se pide uno por cada paso.",
                lambda hits, positives: (hits.sum() / len(hits), hits.sum() / positives),
            ),
            Mistake(
                "de-la-menos-segura",
                "Empiezas por la última, la menos segura.",
                lambda hits, positives: precision_and_recall(hits[::-1], positives),
            ),
        ],
    ),
    hints=["Los aciertos hasta cada paso son una suma acumulada.", "Las predicciones aceptadas son 1, 2, 3…"],
    explanation="La exhaustividad nunca baja. La precisión sube con cada acierto y baja con cada fallo: de "
    "ahí los dientes de sierra.",
)

# --- 09.8 ------------------------------------------------------------------------------------------


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


AP = Exercise(
    id="09.8",
    title="el AP, en 101 puntos",
    level="hard",
    text="""
Con los arrays `precision` y `recall` del ejercicio anterior, calcula el AP de COCO. Para cada exhaustividad
0, 0,01, 0,02… hasta 1, la precisión es la **mayor** de las que tienen esa exhaustividad **o más**, y 0 si
no se llega nunca. El AP es la media de los 101 valores.
""",
    judge=ByReference(
        precision_area,
        cases=_curves,
        mistakes=[
            Mistake(
                "sin-interpolar",
                "Tomas la precisión del primer punto que llega, con sus dientes de sierra. Hay que tomar "
                "la mayor de ahí en adelante.",
                lambda precision, recall: _sampled(precision, recall, best=False),
            ),
            Mistake(
                "once-puntos",
                "Son 101 exhaustividades, de centésima en centésima. Con 11 es la regla antigua de Pascal "
                "VOC.",
                lambda precision, recall: _sampled(precision, recall, points=11),
            ),
            Mistake(
                "cien-puntos",
                "Has usado 100 puntos: de 0 a 1, incluidos los dos, de centésima en centésima hay 101.",
                lambda precision, recall: _sampled(precision, recall, points=100),
            ),
            Mistake(
                "lo-que-no-se-alcanza",
                "Donde la exhaustividad no llega, la precisión es 0. Si no, daría igual no encontrar la "
                "mitad.",
                lambda precision, recall: _sampled(precision, recall, missing=None),
            ),
            Mistake(
                "media-de-las-precisiones",
                "Es la media de las precisiones, una por predicción. Se pide una por exhaustividad.",
                lambda precision, recall: float(precision.mean()),
            ),
            Mistake(
                "trapecios",
                "Has medido el área bajo la curva con trapecios. Se parece, pero COCO toma el valor en 101 "
                "puntos.",
                lambda precision, recall: float(np.trapezoid(precision, recall)),
            ),
        ],
    ),
    hints=["`recall >= r` dice qué puntos llegan.", "Son dos casos: si llega alguno, el máximo; si no, 0."],
    explanation="La mejor precisión «de ahí en adelante» lima los dientes de sierra: si aceptando más se "
    "acierta más, nadie se quedaría en el hueco.",
)

# --- 09.9 ------------------------------------------------------------------------------------------


def panoptic_quality_by_hand():
    """Calidad panóptica con tres parejas, tres objetos sin encontrar y uno inventado."""
    overlaps_of_pairs = [0.9, 0.75, 0.6]
    return sum(overlaps_of_pairs) / (3 + 3 / 2 + 1 / 2)


QUALITY = Exercise(
    id="09.9",
    title="la calidad panóptica, a mano",
    level="medium",
    text="""
De una clase hay **seis** objetos. Se predicen **cuatro**: tres tienen pareja, con IoU 0,9, 0,75 y 0,6, y el
cuarto es inventado. ¿Cuánto vale la **calidad panóptica** (PQ)?
""",
    judge=ByReference(
        panoptic_quality_by_hand,
        mistakes=[
            Mistake(
                "solo-la-calidad",
                "0,75 es el IoU medio de las parejas (SQ). Falta lo que se ha quedado sin pareja.",
                lambda: 0.75,
            ),
            Mistake(
                "solo-el-reconocimiento",
                "0,6 es la parte de reconocimiento (RQ), 3 / 5. Falta multiplicarla por el IoU medio.",
                lambda: 0.6,
            ),
            Mistake(
                "cuentan-enteros",
                "Has sumado enteros los tres sin encontrar y el inventado. Cada uno cuenta la mitad.",
                lambda: 2.25 / 7,
            ),
            Mistake(
                "entre-los-que-hay",
                "Has dividido entre los seis que hay: el inventado no te ha costado nada.",
                lambda: 2.25 / 6,
            ),
            Mistake(
                "entre-los-predichos",
                "Has dividido entre los cuatro predichos: los tres sin encontrar no te han costado nada.",
                lambda: 2.25 / 4,
            ),
        ],
    ),
    hints=[
        "Arriba va la suma de los IoU de las parejas.",
        "Abajo, las parejas, más la mitad de los que no se encuentran, más la mitad de los inventados.",
    ],
    explanation="2,25 / (3 + 1,5 + 0,5) = 0,45. También es 0,75 · 0,6: cuánto se parecen las parejas por "
    "cuántas hay.",
    controls=(Number("PQ"),),
)

# --- 09.10 -----------------------------------------------------------------------------------------


def counting_error(true, predicted):
    """Error absoluto medio al contar y proporción de imágenes con la cuenta exacta."""
    errors = np.abs(predicted - true)
    return errors.mean(), (errors == 0).mean()


COUNTING = Exercise(
    id="09.10",
    title="cuánto se falla al contar",
    level="easy",
    text="""
`true` y `predicted` son arrays de enteros: cuántos objetos hay y cuántos se predicen en cada imagen. Devuelve
`(error, exactas)`: el **error absoluto medio**, en objetos, y la proporción de imágenes con la cuenta
**exacta**.
""",
    judge=ByReference(
        counting_error,
        cases=[
            (np.array([3, 5]), np.array([4, 5])),
            (np.array([2, 6, 4, 7]), np.array([3, 5, 4, 4])),
            (np.array([5, 5, 5]), np.array([7, 4, 5])),
        ],
        mistakes=[
            Mistake(
                "con-signo",
                "Sin valor absoluto, contar uno de más y uno de menos se compensan.",
                lambda true, predicted: ((predicted - true).mean(), (predicted == true).mean()),
            ),
            Mistake(
                "cuadratico",
                "Has tomado la raíz del error cuadrático medio, que castiga más los fallos grandes. Se "
                "pide el absoluto.",
                lambda true, predicted: (
                    np.sqrt(((predicted - true) ** 2).mean()),
                    (predicted == true).mean(),
                ),
            ),
            Mistake(
                "relativo",
                "Has dividido entre los que hay. Se pide en objetos.",
                lambda true, predicted: (
                    (np.abs(predicted - true) / true).mean(),
                    (predicted == true).mean(),
                ),
            ),
            Mistake(
                "suma-todas",
                "Has sumado los errores de todas las imágenes: falta dividir entre cuántas son.",
                lambda true, predicted: (np.abs(predicted - true).sum(), (predicted == true).mean()),
            ),
            Mistake(
                "cuenta-las-exactas",
                "El segundo número es una proporción, de 0 a 1, no cuántas.",
                lambda true, predicted: (np.abs(predicted - true).mean(), (predicted == true).sum()),
            ),
            Mistake(
                "proporcion-de-fallos",
                "Has dado la proporción de imágenes que fallan. Se piden las exactas.",
                lambda true, predicted: (np.abs(predicted - true).mean(), (predicted != true).mean()),
            ),
        ],
    ),
    hints=["`np.abs` quita el signo.", "La media de unos y ceros es una proporción."],
    explanation="Los dos hacen falta: con un error medio de 1 se puede fallar siempre por uno, o acertar "
    "casi siempre y fallar por mucho.",
)

# --- 09.11 -----------------------------------------------------------------------------------------


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
    return [(small, 0.25, 0.5), (larger, 1.8, 0.3), (larger, 0.5, 1.25)]


BETWEEN = Exercise(
    id="09.11",
    title="entre cuatro píxeles",
    level="medium",
    text="""
RoIAlign lee un mapa en posiciones con decimales, que nunca caen en la última fila ni en la última columna.
Devuelve el valor de `feature_map` en (`row`, `col`): la media de los **cuatro vecinos**, en la que cada uno
pesa más cuanto más cerca está. En (1, 2) exactos es el propio píxel; a mitad de camino entre dos, su
promedio.
""",
    judge=ByReference(
        value_between,
        cases=_places,
        mistakes=[
            Mistake(
                "redondea",
                "Has tomado el píxel más próximo. Es lo que hacía RoIPool, y desplaza la máscara hasta "
                "medio píxel del mapa.",
                lambda feature_map, row, col: feature_map[int(row + 0.5), int(col + 0.5)],
            ),
            Mistake(
                "trunca",
                "Has tirado los decimales: tomas siempre el píxel de arriba a la izquierda.",
                lambda feature_map, row, col: feature_map[int(row), int(col)],
            ),
            Mistake(
                "todos-pesan-igual",
                "Has promediado los cuatro vecinos por igual. Pesa más el que está más cerca.",
                lambda feature_map, row, col: feature_map[
                    int(row) : int(row) + 2, int(col) : int(col) + 2
                ].mean(),
            ),
            Mistake(
                "pesos-al-reves",
                "Pesa más el vecino más lejano: has cambiado cada peso por su complementario.",
                lambda feature_map, row, col: value_between(
                    feature_map, int(row) + 1 - row % 1 - 1e-12, int(col) + 1 - col % 1 - 1e-12
                ),
            ),
            Mistake(
                "traspuesto",
                "Has usado los decimales de la fila en las columnas y los de la columna en las filas.",
                lambda feature_map, row, col: value_between(
                    feature_map, int(row) + col % 1, int(col) + row % 1
                ),
            ),
            Mistake(
                "solo-las-filas",
                "Solo has interpolado entre filas. Falta hacerlo entre columnas.",
                lambda feature_map, row, col: value_between(feature_map, row, float(int(col))),
            ),
        ],
    ),
    hints=[
        "Primero interpola en horizontal, arriba y abajo; después, en vertical, entre esos dos valores.",
        "Con decimales 0,25, el peso del siguiente es 0,25 y el del anterior, 0,75.",
    ],
    explanation="Es la interpolación bilineal. Sin redondear, la máscara queda donde estaba el objeto.",
)

# --- 09.12 -----------------------------------------------------------------------------------------

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


DISTANCE = Exercise(
    id="09.12",
    title="un máximo por objeto",
    level="medium",
    text="""
En este perfil de alturas hay **dos** objetos que se tocan: el primero va de la columna 0 a la 7 y tiene dos
cimas iguales, en la 2 y en la 6; el segundo va de la 8 a la 10 y su cima está en la 9.

```
columna   0 1 2 3 4 5 6 7 8 9 10
altura    1 4 6 4 3 4 6 2 3 5 2
```

De dos máximos a `min_distance` columnas o menos queda el más alto y, si empatan, el de la izquierda. Elige
`min_distance` para que quede **un máximo en cada objeto**.
""",
    judge=ByRules(
        separating_distance,
        _look_at_distance,
        mistakes=[
            Mistake(
                "sobran",
                "Quedan los tres máximos: las dos cimas del primer objeto siguen ahí, y el agua lo "
                "partiría en dos. Sube la distancia.",
                lambda: 2,
                lambda peaks: len(peaks) > 2,
            ),
            Mistake(
                "dos-en-el-mismo",
                "Quedan dos, pero los dos son del primer objeto: la cima de la columna 6 ha borrado la de "
                "la 9, que está más cerca de ella que la 2. Que la cuenta salga no basta.",
                lambda: 3,
                lambda peaks: len(peaks) == 2 and peaks[1] < 8,
            ),
            Mistake(
                "falta-el-segundo",
                "Queda uno solo: la cima del segundo objeto está demasiado cerca y se ha perdido. Baja la "
                "distancia.",
                lambda: 8,
                lambda peaks: len(peaks) < 2,
            ),
        ],
    ),
    hints=[
        "¿A cuántas columnas están las dos cimas del primero?",
        "Se elige primero la de la columna 2. ¿A cuánto queda de ella la 9?",
    ],
    explanation="Vale de 4 a 6: la cima de la columna 6 está a 4 de la 2, y la de la 9, a 7. Con objetos "
    "más pequeños o más juntos puede que no valga ninguna distancia: por eso una misma para todos los "
    "objetos falla.",
    controls=(Slider("min_distance", 1, 8),),
)

EXERCISES = (
    COMPONENTS,
    FILL,
    OFFSETS,
    VOTES,
    OVERLAPS,
    MATCH,
    CURVE,
    AP,
    QUALITY,
    COUNTING,
    BETWEEN,
    DISTANCE,
)
