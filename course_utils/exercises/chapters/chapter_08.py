"""Ejercicios del capítulo 08: segmentación semántica."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.expected import as_integers
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.exercises.layers import read_model

# --- 08.1 ------------------------------------------------------------------------------------------


def overlap():
    """IoU de las dos máscaras del enunciado."""
    return 2 / 8


OVERLAP = Exercise(
    id="08.1",
    title="IoU a mano",
    level="easy",
    text="""
La primera máscara es la verdadera y la segunda, la predicha:

```
1 1 0 0      0 1 1 0
1 1 0 0      0 1 1 0
1 1 0 0      0 0 0 0
0 0 0 0      0 0 0 0
```

¿Cuánto vale su **IoU**? Se puede contestar con una fracción.
""",
    judge=ByReference(
        overlap,
        mistakes=[
            Mistake(
                "dice",
                "0,4 es el Dice: cuenta dos veces los comunes. El IoU los cuenta una vez, arriba y abajo.",
                lambda: 4 / 10,
            ),
            Mistake(
                "comunes-dos-veces",
                "Has sumado las dos áreas. Los píxeles comunes están así dos veces en la unión: resta una.",
                lambda: 2 / 10,
            ),
            Mistake(
                "exhaustividad",
                "Has dividido entre los píxeles de la máscara verdadera. Lo que se predice de más no "
                "contaría.",
                lambda: 2 / 6,
            ),
            Mistake(
                "precision",
                "Has dividido entre los píxeles predichos. Lo que se deja sin encontrar no contaría.",
                lambda: 2 / 4,
            ),
            Mistake(
                "exactitud",
                "Eso es la exactitud: cuenta como aciertos los píxeles de fondo que están fuera de las dos.",
                lambda: 10 / 16,
            ),
            Mistake(
                "entre-la-imagen",
                "Has dividido entre los 16 píxeles de la imagen. Solo cuentan los de alguna de las dos "
                "máscaras.",
                lambda: 2 / 16,
            ),
        ],
    ),
    hints=[
        "¿Cuántos píxeles están en las dos? ¿Y en alguna?",
        "Para los de alguna, suma las dos áreas y resta los que has contado dos veces.",
    ],
    explanation="Dos píxeles en común; 6 + 4 − 2 = 8 en alguna. IoU = 2 / 8 = 0,25.",
    controls=(Number("IoU"),),
)

# --- 08.2 ------------------------------------------------------------------------------------------


def iou(mask, other):
    """Píxeles comunes entre píxeles de alguna; 1 si las dos máscaras están vacías."""
    union = (mask | other).sum()
    return (mask & other).sum() / union if union else 1.0


def _guarded(measure):
    """La medida, con las dos máscaras vacías ya resueltas."""
    return lambda mask, other: float(measure(mask, other)) if (mask | other).any() else 1.0


def _mask_pairs():
    rng = np.random.default_rng(82)
    pairs = [(np.array([[1, 1, 0], [0, 0, 0]]), np.array([[0, 1, 1], [0, 1, 0]]))]
    pairs += [((rng.random((4, 5)) < 0.6), (rng.random((4, 5)) < 0.3)) for _ in range(2)]
    pairs += [(np.zeros((2, 3), int), np.zeros((2, 3), int))]
    return [(mask.astype(bool), other.astype(bool)) for mask, other in pairs]


IOU = Exercise(
    id="08.2",
    title="tu propio IoU",
    level="easy",
    text="""
`mask` y `other` son dos máscaras booleanas de la misma forma. Devuelve su **IoU**. Si las dos están vacías,
coinciden del todo: devuelve 1.
""",
    judge=ByReference(
        iou,
        cases=_mask_pairs,
        mistakes=[
            Mistake(
                "olvida-las-vacias",
                "Con las dos máscaras vacías das 0, y coinciden: no hay nada y no se predice nada.",
                lambda mask, other: float((mask & other).sum() / max((mask | other).sum(), 1)),
            ),
            Mistake(
                "vacias-sin-definir",
                "Con las dos máscaras vacías divides 0 entre 0 y sale NaN. Mira antes si la unión es 0.",
                lambda mask, other: float((mask & other).sum() / np.float64((mask | other).sum())),
            ),
            Mistake(
                "dice",
                "Eso es el Dice: divides el doble de los comunes entre la suma de las dos áreas.",
                _guarded(lambda mask, other: 2 * (mask & other).sum() / (mask.sum() + other.sum())),
            ),
            Mistake(
                "comunes-dos-veces",
                "Divides entre la suma de las dos áreas. Los comunes están en las dos: réstalos una vez.",
                _guarded(lambda mask, other: (mask & other).sum() / (mask.sum() + other.sum())),
            ),
            Mistake(
                "exactitud",
                "Cuentas también el fondo que comparten. Fuera de las dos máscaras no hay nada que medir.",
                _guarded(lambda mask, other: (mask == other).mean()),
            ),
            Mistake(
                "exhaustividad",
                "Divides entre el área de `mask`: lo que `other` tiene de más no cuenta.",
                _guarded(lambda mask, other: (mask & other).sum() / mask.sum()),
            ),
            Mistake(
                "precision",
                "Divides entre el área de `other`: lo que le falta por encontrar no cuenta.",
                _guarded(lambda mask, other: (mask & other).sum() / other.sum()),
            ),
        ],
    ),
    hints=["Con booleanos, `&` es «en las dos» y `|` es «en alguna».", "¿Qué pasa si la unión mide 0?"],
    explanation="El fondo común no aparece en la cuenta: por eso el IoU no sube al añadir fondo a la imagen.",
)

# --- 08.3 ------------------------------------------------------------------------------------------


def dice_from_iou(jaccard):
    """El Dice de dos máscaras cuyo IoU se conoce."""
    return 2 * jaccard / (1 + jaccard)


DICE = Exercise(
    id="08.3",
    title="de IoU a Dice",
    level="medium",
    text="""
Con I píxeles comunes y U en alguna, el IoU es I / U, y las dos áreas suman U + I. Escribe el **Dice** de
dos máscaras a partir de su IoU.
""",
    judge=ByReference(
        dice_from_iou,
        cases=[(0.0,), (0.25,), (0.5,), (0.8,), (1.0,)],
        mistakes=[
            Mistake(
                "al-reves",
                "Has escrito el IoU a partir del Dice. El Dice nunca es menor que el IoU.",
                lambda iou: iou / (2 - iou),
            ),
            Mistake("el-doble", "Falta dividir: con un IoU de 0,8 das más de 1.", lambda iou: 2 * iou),
            Mistake(
                "lo-mismo",
                "Solo son iguales cuando valen 0 o 1.",
                lambda iou: iou,
            ),
            Mistake(
                "media-con-uno",
                "Con máscaras que no se tocan, el IoU es 0 y el Dice también.",
                lambda iou: (1 + iou) / 2,
            ),
            Mistake(
                "olvida-el-dos",
                "Con dos máscaras iguales tiene que dar 1: falta el 2 de arriba.",
                lambda iou: iou / (1 + iou),
            ),
        ],
    ),
    hints=["Dice = 2·I dividido entre la suma de las áreas.", "Divide arriba y abajo entre U."],
    explanation="Dice = 2I / (U + I). Dividiendo arriba y abajo entre U queda 2·IoU / (1 + IoU). Crecen a la "
    "vez: ordenan igual dos predicciones de la misma imagen.",
)

# --- 08.4 ------------------------------------------------------------------------------------------


def class_iou(matrix):
    """IoU de cada clase, con las verdaderas en filas y las predichas en columnas."""
    hits = matrix.diagonal()
    return hits / (matrix.sum(axis=0) + matrix.sum(axis=1) - hits)


def _divide_hits(total):
    return lambda matrix: matrix.diagonal() / total(matrix)


CLASS_IOU = Exercise(
    id="08.4",
    title="el IoU de cada clase",
    level="medium",
    text="""
`matrix` es una matriz de confusión de píxeles: clase verdadera en la fila, predicha en la columna. Devuelve
un array con el **IoU de cada clase**. Todas aparecen alguna vez.
""",
    judge=ByReference(
        class_iou,
        cases=lambda: [
            (np.array([[3, 1], [2, 4]]),),
            (np.array([[50, 2, 8], [5, 20, 0], [1, 4, 10]]),),
        ],
        mistakes=[
            Mistake(
                "exhaustividad",
                "Divides entre las filas: eso es de los que son, cuántos se encuentran. Falta lo que se "
                "predice de más.",
                _divide_hits(lambda matrix: matrix.sum(axis=1)),
            ),
            Mistake(
                "precision",
                "Divides entre las columnas: eso es de los que se dicen, cuántos son. Falta lo que se "
                "deja fuera.",
                _divide_hits(lambda matrix: matrix.sum(axis=0)),
            ),
            Mistake(
                "comunes-dos-veces",
                "La diagonal está en su fila y también en su columna: réstala una vez de la suma.",
                _divide_hits(lambda matrix: matrix.sum(axis=0) + matrix.sum(axis=1)),
            ),
            Mistake(
                "dice",
                "Eso es el Dice de cada clase.",
                lambda matrix: 2 * matrix.diagonal() / (matrix.sum(axis=0) + matrix.sum(axis=1)),
            ),
            Mistake(
                "entre-todos",
                "Divides entre todos los píxeles: así una clase pequeña nunca puede llegar a 1.",
                _divide_hits(lambda matrix: matrix.sum()),
            ),
            Mistake(
                "la-media",
                "Eso ya es el IoU medio; se pide un número por clase.",
                lambda matrix: float(class_iou(matrix).mean()),
            ),
        ],
    ),
    hints=[
        "Los comunes de una clase están en la diagonal.",
        "La unión es su fila más su columna, con la diagonal contada una sola vez.",
    ],
    explanation="Fila: los píxeles que son de la clase. Columna: los que se dicen de ella. La diagonal está "
    "en las dos, y por eso se resta una vez.",
)

# --- 08.5 ------------------------------------------------------------------------------------------


def transposed_size(n, kernel_size, stride):
    """Lo que mide la salida de una convolución transpuesta sin recortar."""
    return (n - 1) * stride + kernel_size


TRANSPOSED_SIZE = Exercise(
    id="08.5",
    title="cuánto mide lo que se agranda",
    level="easy",
    text="""
Una convolución transpuesta de **un eje** recibe `n` valores y estampa un kernel de `kernel_size` por cada
uno, a `stride` píxeles del anterior. Ni se recorta ni se rellena nada. ¿Cuánto mide la salida? El kernel
nunca es más corto que el stride.
""",
    judge=ByReference(
        transposed_size,
        cases=[(1, 3, 2), (2, 3, 2), (4, 2, 2), (3, 4, 1), (5, 5, 3)],
        mistakes=[
            Mistake(
                "n-por-stride",
                'Eso mide con `padding="same"`, o si el kernel es igual que el stride. El último sello '
                "ocupa todo su kernel.",
                lambda n, kernel_size, stride: n * stride,
            ),
            Mistake(
                "un-avance-de-mas",
                "Con n valores hay n sellos y n − 1 avances entre ellos.",
                lambda n, kernel_size, stride: n * stride + kernel_size,
            ),
            Mistake(
                "olvida-el-ultimo-sello",
                "Esa es la posición donde empieza el último sello. ¿Dónde acaba?",
                lambda n, kernel_size, stride: (n - 1) * stride,
            ),
            Mistake(
                "convolucion",
                "Esa es la fórmula de la convolución, que encoge. Aquí se recorre el camino contrario.",
                lambda n, kernel_size, stride: (n - kernel_size) // stride + 1,
            ),
            Mistake(
                "intercambia",
                "Has cambiado los papeles: los avances son de `stride` y el sello mide `kernel_size`.",
                lambda n, kernel_size, stride: (n - 1) * kernel_size + stride,
            ),
            Mistake(
                "sin-stride",
                "Así se estampa en todos los píxeles. Cada sello está a `stride` del anterior.",
                lambda n, kernel_size, stride: n + kernel_size - 1,
            ),
        ],
    ),
    hints=["¿Dónde empieza el primer sello? ¿Y el último?", "A donde empieza el último súmale lo que mide."],
    explanation="El último sello empieza en (n − 1)·s y ocupa k píxeles. Es la fórmula de la convolución, "
    "despejando el tamaño de la entrada.",
)

# --- 08.6 ------------------------------------------------------------------------------------------


def even_stamps():
    """kernel_size y strides que llevan de 8 a 16 con dos sellos en cada píxel."""
    return 4, 2


def _stamps(answer):
    kernel_size, stride = as_integers(answer, "kernel_size", "strides")
    if not 1 <= kernel_size <= 16 or not 1 <= stride <= 16:
        raise Unexpected("El kernel y el stride miden de 1 a 16 píxeles.")
    inner = np.zeros(stride * 12 + kernel_size, int)  # con muchos sellos, los del medio no notan los bordes
    for start in range(0, stride * 12, stride):
        inner[start : start + kernel_size] += 1
    return {"size": 8 * stride, "stamps": sorted(set(inner[4 * stride : 8 * stride].tolist()))}


EVEN = Exercise(
    id="08.6",
    title="agrandar sin cuadrícula",
    level="medium",
    text="""
Elige `kernel_size` y `strides` de una `Conv2DTranspose` con `padding="same"` que lleve un mapa de **8 a
16** píxeles de lado. En cada eje, los sellos tienen que **solaparse**, y en todos los píxeles, salvo en los
bordes, tiene que caer el **mismo número** de ellos. Si contestas en código: `(kernel_size, strides)`.
""",
    judge=ByRules(
        even_stamps,
        _stamps,
        asks="value",
        mistakes=[
            Mistake(
                "no-llega",
                'Con stride 1 y `padding="same"` el mapa sigue midiendo 8.',
                lambda: (4, 1),
                when=lambda seen: seen["size"] < 16,
            ),
            Mistake(
                "se-pasa",
                lambda seen: f'Con `padding="same"` mide 8 veces el stride: {seen["size"]} píxeles.',
                lambda: (4, 3),
                when=lambda seen: seen["size"] > 16,
            ),
            Mistake(
                "huecos",
                "El kernel es más corto que el stride: en algunos píxeles no cae ningún sello.",
                lambda: (1, 2),
                when=lambda seen: 0 in seen["stamps"],
            ),
            Mistake(
                "cuadricula",
                lambda seen: (
                    f"Los sellos no se reparten por igual: en unos píxeles, {seen['stamps'][0]}, y en los "
                    f"vecinos, {seen['stamps'][1]}. Sale una cuadrícula: el kernel debe ser múltiplo del "
                    "stride."
                ),
                lambda: (3, 2),
                when=lambda seen: len(seen["stamps"]) > 1,
            ),
            Mistake(
                "sin-solape",
                "No hay cuadrícula, pero tampoco solape: los sellos van uno al lado del otro. Busca el "
                "siguiente múltiplo.",
                lambda: (2, 2),
                when=lambda seen: seen["stamps"] == [1],
            ),
        ],
    ),
    hints=[
        'Con `padding="same"`, la salida mide n·s.',
        "El reparto es igual si el kernel es múltiplo del stride.",
    ],
    explanation="Con stride 2 el mapa dobla su lado, y un kernel de 4 pone dos sellos en cada píxel de cada "
    "eje. Uno de 3 pondría uno y dos, alternados.",
    controls=(Slider("kernel_size", 1, 5), Slider("strides", 1, 3)),
)

# --- 08.7 ------------------------------------------------------------------------------------------


def stamp(image, kernel, stride):
    """La convolución transpuesta: un sello por valor, y donde se solapan se suman."""
    (height, width), (kh, kw) = image.shape, kernel.shape
    output = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for r in range(height):
        for c in range(width):
            output[r * stride : r * stride + kh, c * stride : c * stride + kw] += image[r, c] * kernel
    return output


def _stamp_variant(stride_factor=1, overwrite=False, flip=False, transpose=False, weigh=True):
    def answer(image, kernel, stride):
        kernel = kernel[::-1, ::-1] if flip else kernel.T if transpose else kernel
        step = stride if stride_factor else 1
        (height, width), (kh, kw) = image.shape, kernel.shape
        output = np.zeros(((height - 1) * step + kh, (width - 1) * step + kw))
        for r in range(height):
            for c in range(width):
                place = np.s_[r * step : r * step + kh, c * step : c * step + kw]
                value = image[r, c] * kernel if weigh else kernel
                output[place] = value if overwrite else output[place] + value
        return output

    return answer


def _gather(image, kernel, stride):
    """Una convolución completa y con stride: encoge en vez de agrandar."""
    (kh, kw) = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    rows = range(0, padded.shape[0] - kh + 1, stride)
    cols = range(0, padded.shape[1] - kw + 1, stride)
    return np.array([[(padded[r : r + kh, c : c + kw] * kernel).sum() for c in cols] for r in rows], float)


def _stamp_cases():
    rng = np.random.default_rng(87)
    return [
        (np.array([[1, 2], [3, 4]]), np.array([[1, 2, 0], [3, 5, 1]]), 2),
        (rng.integers(1, 9, (2, 3)), rng.integers(1, 9, (3, 2)), 1),
        (rng.integers(1, 9, (3, 2)), rng.integers(1, 9, (3, 4)), 2),
    ]


STAMP = Exercise(
    id="08.7",
    title="la convolución transpuesta, con bucles",
    level="hard",
    text="""
Escribe la **convolución transpuesta** sin recorte de una imagen de forma (filas, columnas) con un kernel y
el mismo `stride` en los dos ejes. Cada valor de la imagen multiplica al kernel entero y lo estampa en la
salida, a `stride` píxeles del anterior; donde se solapan, los sellos se suman.
""",
    judge=ByReference(
        stamp,
        cases=_stamp_cases,
        mistakes=[
            Mistake(
                "sobrescribe",
                "El último sello borra los anteriores donde se solapan: usa `+=`.",
                _stamp_variant(overwrite=True),
            ),
            Mistake(
                "kernel-girado",
                "Has dado media vuelta al kernel. El sello se pone tal cual.",
                _stamp_variant(flip=True),
            ),
            Mistake(
                "kernel-traspuesto",
                "Has cambiado las filas del kernel por sus columnas. Lo transpuesto es la matriz de toda "
                "la operación, no el kernel.",
                _stamp_variant(transpose=True),
            ),
            Mistake(
                "olvida-el-stride",
                "Los sellos están a un píxel del anterior. Tienen que estar a `stride`.",
                _stamp_variant(stride_factor=0),
            ),
            Mistake(
                "sin-multiplicar",
                "Estampas el kernel sin multiplicarlo por el valor de la imagen: solo cuentas sellos.",
                _stamp_variant(weigh=False),
            ),
            Mistake(
                "convolucion",
                "Has hecho una convolución: recoge valores de una ventana. La transpuesta los reparte.",
                _gather,
            ),
        ],
    ),
    hints=[
        "Empieza con una salida de ceros: en cada eje mide (n − 1)·s + k.",
        "El sello del valor (r, c) empieza en (r·s, c·s) y ocupa lo que el kernel.",
    ],
    explanation="Es la convolución recorrida al revés: donde aquella recoge una ventana en un número, esta "
    "reparte un número en una ventana.",
)

# --- 08.8 ------------------------------------------------------------------------------------------


def enlarge(image, factor):
    """Cada píxel, repetido factor veces en filas y en columnas."""
    return image.repeat(factor, axis=0).repeat(factor, axis=1)


def _nails(image, factor):
    output = np.zeros((image.shape[0] * factor, image.shape[1] * factor), image.dtype)
    output[::factor, ::factor] = image
    return output


ENLARGE = Exercise(
    id="08.8",
    title="agrandar con el vecino más próximo",
    level="easy",
    text="""
La manera más sencilla de agrandar un mapa: cada píxel se convierte en un cuadrado de `factor` × `factor`
con su mismo valor. `image` tiene forma (filas, columnas).
""",
    judge=ByReference(
        enlarge,
        cases=lambda: [
            (np.array([[1, 2], [3, 4]]), 2),
            (np.arange(1, 7).reshape(2, 3), 3),
        ],
        mistakes=[
            Mistake(
                "mosaico",
                "Has repetido la imagen entera, como azulejos. Se repite cada píxel, junto a sí mismo.",
                lambda image, factor: np.tile(image, (factor, factor)),
            ),
            Mistake(
                "solo-filas",
                "Falta repetir en las columnas: la salida tiene la misma anchura.",
                lambda image, factor: image.repeat(factor, axis=0),
            ),
            Mistake(
                "solo-columnas",
                "Falta repetir en las filas: la salida tiene la misma altura.",
                lambda image, factor: image.repeat(factor, axis=1),
            ),
            Mistake(
                "deja-ceros",
                "Cada valor está en su esquina, rodeado de ceros. Tiene que llenar su cuadrado.",
                _nails,
            ),
            Mistake(
                "en-fila",
                "Sin decir el eje, `repeat` aplana la imagen.",
                lambda image, factor: image.repeat(factor),
            ),
            Mistake(
                "reparte-el-valor",
                "Has repartido cada valor entre los píxeles de su cuadrado: cada uno se queda con el "
                "valor entero.",
                lambda image, factor: enlarge(image, factor) / factor**2,
            ),
        ],
    ),
    hints=["NumPy sabe repetir cada elemento a lo largo de un eje.", "Se repite dos veces, una por eje."],
    explanation="Es lo mismo que una convolución transpuesta con un kernel de unos que mide lo que el "
    "stride. No aprende nada.",
)

# --- 08.9 ------------------------------------------------------------------------------------------


def pixel_classes(scores):
    """La clase con más puntuación en cada píxel."""
    return scores.argmax(axis=-1)


def _scores():
    rng = np.random.default_rng(89)
    return [(rng.normal(size=(1, 2, 2, 4)).round(2),), (rng.normal(size=(2, 3, 4, 3)).round(2),)]


PIXEL_CLASSES = Exercise(
    id="08.9",
    title="de puntuaciones a clases",
    level="easy",
    text="""
La red da `scores`, de forma (imagen, fila, columna, clase). Devuelve la **clase de cada píxel**, de forma
(imagen, fila, columna).
""",
    judge=ByReference(
        pixel_classes,
        cases=_scores,
        mistakes=[
            Mistake(
                "otro-eje",
                "Has buscado el máximo en el eje 1, que son las filas. Las clases son el último eje.",
                lambda scores: scores.argmax(axis=1),
            ),
            Mistake(
                "una-por-imagen",
                "Das una sola clase por imagen: eso es clasificar. Se pide una por píxel.",
                lambda scores: scores.mean(axis=(1, 2)).argmax(axis=-1),
            ),
            Mistake(
                "la-puntuacion",
                "Das la mayor puntuación, y se pide a qué clase corresponde.",
                lambda scores: scores.max(axis=-1),
            ),
            Mistake(
                "la-menor",
                "Has elegido la clase con menos puntuación.",
                lambda scores: scores.argmin(axis=-1),
            ),
            Mistake(
                "cuenta-positivas",
                "Cuentas las puntuaciones positivas. Con varias clases gana la mayor, aunque todas sean "
                "negativas.",
                lambda scores: (scores > 0).sum(axis=-1),
            ),
            Mistake(
                "en-un-solo-eje",
                "Sin decir el eje, `argmax` aplana el array y da un solo número.",
                lambda scores: int(scores.argmax()),
            ),
        ],
    ),
    hints=["¿Qué eje lleva las clases?", "No hace falta softmax: no cambia cuál es la mayor."],
    explanation="Softmax conserva el orden, así que la clase más probable es la de mayor puntuación.",
)

# --- 08.10 -----------------------------------------------------------------------------------------


def class_weights(mask, classes):
    """Un peso por clase, inverso a sus píxeles, con media 1 sobre los píxeles."""
    counts = np.bincount(mask.ravel(), minlength=classes)
    return mask.size / (classes * counts)


def _from_counts(weights):
    return lambda mask, classes: weights(np.bincount(mask.ravel(), minlength=classes), classes)


WEIGHTS = Exercise(
    id="08.10",
    title="pesos contra el desequilibrio",
    level="medium",
    text="""
Para que una clase de pocos píxeles cuente en la pérdida tanto como una de muchos, cada píxel se multiplica
por el peso de su clase. Devuelve un array con el **peso de cada clase**: inverso al número de sus píxeles
en `mask` y tal que la media de los pesos **de todos los píxeles** sea 1. Todas las clases aparecen.
""",
    judge=ByReference(
        class_weights,
        cases=lambda: [
            (np.array([[0, 0, 0], [0, 1, 1]]), 2),
            (np.array([[0, 0, 0, 0], [0, 2, 2, 1]]), 3),
        ],
        mistakes=[
            Mistake(
                "la-frecuencia",
                "Eso es la frecuencia: la clase con más píxeles pesaría más todavía.",
                _from_counts(lambda counts, classes: counts / counts.sum()),
            ),
            Mistake(
                "sin-normalizar",
                "Son inversos a los píxeles, pero no están normalizados: la pérdida cambiaría de escala "
                "con el tamaño de la imagen.",
                _from_counts(lambda counts, classes: 1 / counts),
            ),
            Mistake(
                "suman-uno",
                "Has hecho que los pesos sumen 1. Se pide que valgan 1 de media **sobre los píxeles**.",
                _from_counts(lambda counts, classes: 1 / counts / (1 / counts).sum()),
            ),
            Mistake(
                "media-de-clases",
                "Has hecho que la media de los pesos, uno por clase, sea 1. La media se toma sobre los "
                "píxeles, y hay más de unas clases que de otras.",
                _from_counts(lambda counts, classes: classes / counts / (1 / counts).sum()),
            ),
            Mistake(
                "olvida-las-clases",
                "Así cada clase suma tanto como la imagen entera. Reparte entre el número de clases.",
                _from_counts(lambda counts, classes: counts.sum() / counts),
            ),
            Mistake(
                "uno-menos",
                "Uno menos la frecuencia no es inverso: con clases pequeñas casi no distingue unas de otras.",
                _from_counts(lambda counts, classes: 1 - counts / counts.sum()),
            ),
        ],
    ),
    hints=[
        "`np.bincount` cuenta los píxeles de cada clase.",
        "Con esos pesos, cada clase debe sumar píxeles / clases.",
    ],
    explanation="Con C clases, cada una suma píxeles / C: el peso de la clase es ese número entre sus "
    "píxeles.",
)

# --- 08.11 -----------------------------------------------------------------------------------------


def best_threshold(probabilities, truth, candidates):
    """El umbral con el que la máscara predicha tiene mayor Dice."""

    def dice(threshold):
        mask = probabilities > threshold
        return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())

    return max(candidates, key=dice)


def _best(score):
    """El candidato que más puntúa según (predicha, verdadera)."""

    def answer(probabilities, truth, candidates):
        return max(candidates, key=lambda threshold: score(probabilities > threshold, truth))

    return answer


def _dice(mask, truth):
    return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())


def _threshold_cases():
    cases = []
    for seed in (0, 92):
        rng = np.random.default_rng(seed)
        truth = np.zeros((6, 8), bool)
        truth[1:3, 1:4] = True
        probabilities = np.where(truth, rng.uniform(0.2, 1, truth.shape), rng.uniform(0, 0.7, truth.shape))
        cases.append((probabilities.round(2), truth, (0.1, 0.3, 0.5, 0.7, 0.9)))
    return cases


THRESHOLD = Exercise(
    id="08.11",
    title="elegir el umbral",
    level="medium",
    text="""
`probabilities` es lo que da la red en cada píxel y `truth`, la máscara booleana verdadera, de la misma
forma y con algún píxel. De los umbrales de `candidates`, devuelve **el que da mayor Dice** cuando la
máscara predicha son los píxeles que lo superan. A igualdad, el primero.
""",
    judge=ByReference(
        best_threshold,
        cases=_threshold_cases,
        mistakes=[
            Mistake(
                "por-exactitud",
                "Has elegido el de mayor exactitud. Con tanto fondo, gana el que casi no predice nada.",
                _best(lambda mask, truth: (mask == truth).mean()),
            ),
            Mistake(
                "por-exhaustividad",
                "Has elegido el que encuentra más píxeles del objeto: gana siempre el umbral más bajo.",
                _best(lambda mask, truth: (mask & truth).sum()),
            ),
            Mistake(
                "por-precision",
                "Has elegido el que menos se equivoca cuando dice «objeto»: se deja casi todo sin encontrar.",
                _best(lambda mask, truth: (mask & truth).sum() / max(mask.sum(), 0.5)),
            ),
            Mistake(
                "el-peor",
                "Has elegido el de menor Dice.",
                _best(lambda mask, truth: -_dice(mask, truth)),
            ),
            Mistake(
                "la-nota",
                "Das el Dice del mejor umbral, y se pide el umbral.",
                lambda probabilities, truth, candidates: float(
                    max(_dice(probabilities > threshold, truth) for threshold in candidates)
                ),
            ),
            Mistake(
                "la-posicion",
                "Das la posición del mejor umbral en la lista, y se pide el umbral.",
                lambda probabilities, truth, candidates: int(
                    np.argmax([_dice(probabilities > threshold, truth) for threshold in candidates])
                ),
            ),
            Mistake(
                "siempre-un-medio",
                "Has devuelto 0,5. ¿Y si otro da más Dice?",
                lambda probabilities, truth, candidates: 0.5,
            ),
        ],
    ),
    hints=[
        "Escribe antes el Dice de dos máscaras booleanas.",
        "`max(candidates, key=…)` devuelve el candidato, no su nota.",
    ],
    explanation="0,5 no es especial: con pocos píxeles de objeto, el mejor umbral suele ser otro. Se elige "
    "con imágenes de validación y se mide con otras.",
)

# --- 08.12 -----------------------------------------------------------------------------------------


def build_segmenter():
    """Red que dice de cada píxel de una imagen de 32 × 32 si es de la región de interés."""
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((32, 32, 3)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(16, 2, strides=2, activation="relu"),
            layers.Conv2DTranspose(1, 2, strides=2),
        ]
    )


def _segmenter(down=2, up=2, outputs=1, activation=None, width=16, dense=False):
    def build():
        from keras import Sequential, layers

        parts = [layers.Input((32, 32, 3))]
        same = {"padding": "same", "activation": "relu"}
        parts += [layers.Conv2D(width, 3, strides=2, **same) for _ in range(down)]
        parts += [layers.Conv2DTranspose(width, 2, strides=2, activation="relu") for _ in range(up)]
        if dense:
            parts += [
                layers.MaxPooling2D(8),
                layers.Flatten(),
                layers.Dense(1024),
                layers.Reshape((32, 32, 1)),
            ]
        parts += [layers.Conv2D(outputs, 1, activation=activation)]
        return Sequential(parts)

    return build


def _segmenter_of(answer):
    found = read_model(answer)
    shapes = [layer.output_shape for layer in found]
    return {
        "kinds": {layer.kind for layer in found},
        "output": tuple(shapes[-1] or ()),
        "smallest": min((shape[0] for shape in shapes if shape and len(shape) == 3), default=32),
        "parameters": sum(layer.parameters for layer in found),
        "activation": found[-1].config.get("activation"),
    }


SEGMENTER = Exercise(
    id="08.12",
    title="una red que devuelve una máscara",
    level="medium",
    text="""
Construye una red **solo con convoluciones** para la segmentación binaria de imágenes de forma (32, 32, 3):
que baje hasta mapas de 8 × 8 o menos y vuelva a subir, con una salida de forma **(32, 32, 1)**, sin
activación o con sigmoide, y menos de 20 000 parámetros. Empieza con `keras.Input((32, 32, 3))`.
""",
    judge=ByRules(
        build_segmenter,
        _segmenter_of,
        asks="model",
        mistakes=[
            Mistake(
                "capa-densa",
                "Hay una capa densa o que aplana: ata la red a un solo tamaño y pierde el sitio de cada "
                "píxel.",
                _segmenter(dense=True),
                when=lambda seen: seen["kinds"] & {"Dense", "Flatten", "Reshape"},
            ),
            Mistake(
                "no-vuelve",
                lambda seen: (
                    f"La salida tiene forma {seen['output']}: hay que recuperar los 32 píxeles de cada lado."
                ),
                _segmenter(up=1),
                when=lambda seen: seen["output"][:2] != (32, 32),
            ),
            Mistake(
                "otras-salidas",
                lambda seen: (
                    f"Da {seen['output'][-1]} números por píxel. Para fondo o región de interés basta uno."
                ),
                _segmenter(outputs=2),
                when=lambda seen: seen["output"][-1] != 1,
            ),
            Mistake(
                "no-baja",
                lambda seen: (
                    f"El mapa más pequeño mide {seen['smallest']}: cada salida ve un trozo muy corto de "
                    "imagen."
                ),
                _segmenter(down=1, up=1),
                when=lambda seen: seen["smallest"] > 8,
            ),
            Mistake(
                "softmax-de-uno",
                "Softmax reparte 1 entre las salidas de cada píxel. Con una sola, siempre da 1.",
                _segmenter(activation="softmax"),
                when=lambda seen: seen["activation"] == "softmax",
            ),
            Mistake(
                "relu-al-final",
                "Con ReLU al final, la puntuación nunca es negativa y no se puede decir «fondo» con "
                "seguridad.",
                _segmenter(activation="relu"),
                when=lambda seen: seen["activation"] not in (None, "linear", "sigmoid"),
            ),
            Mistake(
                "demasiados",
                lambda seen: f"Tiene {seen['parameters']} parámetros: reduce los filtros.",
                _segmenter(width=64),
                when=lambda seen: seen["parameters"] >= 20_000,
            ),
        ],
    ),
    hints=[
        "Dos convoluciones con stride 2 bajan de 32 a 8.",
        "Para subir, `Conv2DTranspose` con stride 2 dobla el lado.",
    ],
    explanation="Baja con stride, sube con convoluciones transpuestas y acaba con un número por píxel. Sin "
    "capas densas, los mismos pesos sirven para cualquier tamaño.",
    needs_keras=True,
)

EXERCISES = (
    OVERLAP,
    IOU,
    DICE,
    CLASS_IOU,
    TRANSPOSED_SIZE,
    EVEN,
    STAMP,
    ENLARGE,
    PIXEL_CLASSES,
    WEIGHTS,
    THRESHOLD,
    SEGMENTER,
)
