"""Ejercicios del capítulo 08: segmentación semántica."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.chapters.own_networks import SEGMENTER_MISTAKES, segmenter_of
from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.expected import as_integers

chapter = Chapter("08")


def overlap():
    """IoU de las dos máscaras del enunciado."""
    return 2 / 8


chapter.by_reference(
    "08.1",
    overlap,
    controls=(Number("IoU"),),
    mistakes={
        "dice": lambda: 4 / 10,
        "comunes-dos-veces": lambda: 2 / 10,
        "exhaustividad": lambda: 2 / 6,
        "precision": lambda: 2 / 4,
        "exactitud": lambda: 10 / 16,
        "entre-la-imagen": lambda: 2 / 16,
    },
)


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
    pairs += [(np.zeros((2, 3), int), np.eye(2, 3)), (np.eye(2, 3), np.zeros((2, 3), int))]
    pairs += [(np.ones((17, 17)), np.arange(289).reshape(17, 17) % 8 > 0)]  # más de 255 píxeles
    return [(mask.astype(bool), other.astype(bool)) for mask, other in pairs]


chapter.by_reference(
    "08.2",
    iou,
    cases=_mask_pairs(),
    mistakes={
        "olvida-las-vacias": lambda mask, other: (mask & other).sum() / max((mask | other).sum(), 1),
        "alguna-vacia": lambda mask, other: (
            (mask & other).sum() / (mask | other).sum() if mask.any() and other.any() else 1.0
        ),
        "vacias-sin-definir": lambda mask, other: (mask & other).sum() / np.float64((mask | other).sum()),
        "dice": _guarded(lambda mask, other: 2 * (mask & other).sum() / (mask.sum() + other.sum())),
        "comunes-dos-veces": _guarded(lambda mask, other: (mask & other).sum() / (mask.sum() + other.sum())),
        "exactitud": _guarded(lambda mask, other: (mask == other).mean()),
        "exhaustividad": _guarded(lambda mask, other: (mask & other).sum() / mask.sum()),
        "precision": _guarded(lambda mask, other: (mask & other).sum() / other.sum()),
    },
)


def dice_from_iou(jaccard):
    """El Dice de dos máscaras cuyo IoU se conoce."""
    return 2 * jaccard / (1 + jaccard)


chapter.by_reference(
    "08.3",
    dice_from_iou,
    cases=[(0.0,), (0.25,), (0.5,), (0.8,), (1.0,)],
    mistakes={
        "al-reves": lambda iou: iou / (2 - iou),
        "el-doble": lambda iou: 2 * iou,
        "lo-mismo": lambda iou: iou,
        "media-con-uno": lambda iou: (1 + iou) / 2,
        "olvida-el-dos": lambda iou: iou / (1 + iou),
    },
)


def class_iou(matrix):
    """IoU de cada clase, con las verdaderas en filas y las predichas en columnas."""
    hits = matrix.diagonal()
    return hits / (matrix.sum(axis=0) + matrix.sum(axis=1) - hits)


def _divide_hits(total):
    return lambda matrix: matrix.diagonal() / total(matrix)


chapter.by_reference(
    "08.4",
    class_iou,
    cases=[
        (np.array([[3, 1], [2, 4]]),),
        (np.array([[50, 2, 8], [5, 20, 0], [1, 4, 10]]),),
    ],
    mistakes={
        "exhaustividad": _divide_hits(lambda matrix: matrix.sum(axis=1)),
        "precision": _divide_hits(lambda matrix: matrix.sum(axis=0)),
        "comunes-dos-veces": _divide_hits(lambda matrix: matrix.sum(axis=0) + matrix.sum(axis=1)),
        "dice": lambda matrix: 2 * matrix.diagonal() / (matrix.sum(axis=0) + matrix.sum(axis=1)),
        "entre-todos": _divide_hits(lambda matrix: matrix.sum()),
        "la-media": lambda matrix: class_iou(matrix).mean(),
    },
)


def transposed_size(n, kernel_size, stride):
    """Lo que mide la salida de una convolución transpuesta sin recortar."""
    return (n - 1) * stride + kernel_size


chapter.by_reference(
    "08.5",
    transposed_size,
    cases=[(1, 3, 2), (2, 3, 2), (4, 2, 2), (3, 4, 1), (5, 5, 3)],
    mistakes={
        "n-por-stride": lambda n, kernel_size, stride: n * stride,
        "un-avance-de-mas": lambda n, kernel_size, stride: n * stride + kernel_size,
        "olvida-el-ultimo-sello": lambda n, kernel_size, stride: (n - 1) * stride,
        "convolucion": lambda n, kernel_size, stride: (n - kernel_size) // stride + 1,
        "intercambia": lambda n, kernel_size, stride: (n - 1) * kernel_size + stride,
        "sin-stride": lambda n, kernel_size, stride: n + kernel_size - 1,
    },
)


def even_stamps():
    """kernel_size y strides que llevan de 8 a 16 con dos sellos en cada píxel."""
    return 4, 2


def _stamps(answer):
    kernel_size, stride = as_integers(answer, "kernel_size", "strides")
    if not 1 <= kernel_size <= 16 or not 1 <= stride <= 16:
        raise Unexpected("El kernel y el stride miden de 1 a 16 píxeles.")
    inner = np.zeros(stride * 40 + kernel_size, int)  # con muchos sellos, los del medio no notan los bordes
    for start in range(0, stride * 40, stride):
        inner[start : start + kernel_size] += 1
    return {"size": 8 * stride, "stamps": sorted(set(inner[16 * stride : 24 * stride].tolist()))}


chapter.by_rules(
    "08.6",
    even_stamps,
    _stamps,
    controls=(Slider("kernel_size", 1, 5), Slider("strides", 1, 3)),
    consequence=lambda kernel_size, strides: (
        f"la salida mide {8 * strides} y los sellos empiezan en 0, {strides}, {2 * strides}…"
    ),
    mistakes={
        "no-llega": Rule(lambda seen: seen["size"] < 16, lambda: (4, 1)),
        "se-pasa": Rule(lambda seen: seen["size"] > 16, lambda: (4, 3)),
        "huecos": Rule(lambda seen: 0 in seen["stamps"], lambda: (1, 2)),
        "cuadricula": Rule(lambda seen: len(seen["stamps"]) > 1, lambda: (3, 2)),
        "sin-solape": Rule(lambda seen: seen["stamps"] == [1], lambda: (2, 2)),
    },
)


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
        (rng.normal(size=(3, 4)).round(1), rng.normal(size=(2, 3)).round(1), 1),
        (rng.integers(1, 9, (2, 2)), np.array([[3]]), 1),  # si el kernel es menor que el stride, Keras alarga
        (np.array([[1, 2], [3, 5]]), np.array([[0.5, 1.25]]), 1),  # píxeles enteros, pesos que no lo son
    ]


chapter.by_reference(
    "08.7",
    stamp,
    cases=_stamp_cases(),
    mistakes={
        "sobrescribe": _stamp_variant(overwrite=True),
        "kernel-girado": _stamp_variant(flip=True),
        "kernel-traspuesto": _stamp_variant(transpose=True),
        "olvida-el-stride": _stamp_variant(stride_factor=0),
        "sin-multiplicar": _stamp_variant(weigh=False),
        "convolucion": _gather,
    },
)


def enlarge_nearest(image, factor):
    """Cada píxel, repetido factor veces en filas y en columnas."""
    return image.repeat(factor, axis=0).repeat(factor, axis=1)


def _nails(image, factor):
    output = np.zeros((image.shape[0] * factor, image.shape[1] * factor), image.dtype)
    output[::factor, ::factor] = image
    return output


chapter.by_reference(
    "08.8",
    enlarge_nearest,
    cases=[
        (np.array([[1, 2], [3, 4]]), 2),
        (np.arange(1, 7).reshape(2, 3), 3),
        (np.array([[-0.5, 1.7], [300.25, -4.0]]), 2),
    ],
    mistakes={
        "mosaico": lambda image, factor: np.tile(image, (factor, factor)),
        "solo-filas": lambda image, factor: image.repeat(factor, axis=0),
        "solo-columnas": lambda image, factor: image.repeat(factor, axis=1),
        "deja-ceros": _nails,
        "en-fila": lambda image, factor: image.repeat(factor),
        "reparte-el-valor": lambda image, factor: enlarge_nearest(image, factor) / factor**2,
    },
)


def pixel_classes(scores):
    """La clase con más puntuación en cada píxel."""
    return scores.argmax(axis=-1)


def _scores():
    rng = np.random.default_rng(89)
    return [(rng.normal(size=(1, 2, 2, 4)).round(2),), (rng.normal(size=(2, 3, 4, 3)).round(2),)]


chapter.by_reference(
    "08.9",
    pixel_classes,
    cases=_scores(),
    mistakes={
        "otro-eje": lambda scores: scores.argmax(axis=1),
        "una-por-imagen": lambda scores: scores.mean(axis=(1, 2)).argmax(axis=-1),
        "la-puntuacion": lambda scores: scores.max(axis=-1),
        "la-menor": lambda scores: scores.argmin(axis=-1),
        "cuenta-positivas": lambda scores: (scores > 0).sum(axis=-1),
        "en-un-solo-eje": lambda scores: scores.argmax(),
    },
)


def class_weights(mask, classes):
    """Un peso por clase, inverso a sus píxeles, con media 1 sobre los píxeles."""
    counts = np.bincount(mask.ravel(), minlength=classes)
    return mask.size / (classes * counts)


def _from_counts(weights):
    return lambda mask, classes: weights(np.bincount(mask.ravel(), minlength=classes), classes)


chapter.by_reference(
    "08.10",
    class_weights,
    cases=[
        (np.array([[0, 0, 0], [0, 1, 1]]), 2),
        (np.array([[0, 0, 0, 0], [0, 2, 2, 1]]), 3),
        (np.eye(17, dtype=int), 2),  # más de 255 píxeles de una clase
    ],
    mistakes={
        "la-frecuencia": _from_counts(lambda counts, classes: counts / counts.sum()),
        "sin-normalizar": _from_counts(lambda counts, classes: 1 / counts),
        "suman-uno": _from_counts(lambda counts, classes: 1 / counts / (1 / counts).sum()),
        "media-de-clases": _from_counts(lambda counts, classes: classes / counts / (1 / counts).sum()),
        "olvida-las-clases": _from_counts(lambda counts, classes: counts.sum() / counts),
        "uno-menos": _from_counts(lambda counts, classes: 1 - counts / counts.sum()),
    },
)


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
    cases.append((np.array([[0.5, 0.9, 0.2]]), np.array([[False, True, False]]), (0.3, 0.5, 0.6)))
    cases.append((np.array([[0.9, 0.2]]), np.array([[True, False]]), (0.6, 0.3)))
    # El mejor es el sexto, por poco, y con el último no se predice nada
    cases.append(
        (
            np.array([[0.24, 0.59, 0.56, 0.54, 0.64, 0.2, 0.36, 0.61, 0.42]]),
            np.array([[0, 1, 0, 0, 1, 0, 0, 1, 0]], bool),
            (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
        )
    )
    # Aquí ganan otros con el índice de Youden, precisión × exhaustividad, su media, el Dice sin umbral y la
    # media de los Dice de objeto y de fondo
    for chances, truth in (
        ([0.95, 0.6, 0.8, 0.4, 0.4], [0, 1, 1, 1, 0]),
        ([0.4, 0.95, 0.8, 0.8, 0.95, 0.6, 0.2], [0, 1, 0, 0, 0, 0, 1]),
        ([0.95, 0.4, 0.2, 0.8, 0.4, 0.6, 0.95], [1, 0, 1, 1, 0, 0, 0]),
        ([0.4, 0.2, 0.95, 0.8], [0, 1, 1, 1]),
        ([0.95, 0.8, 0.6, 0.8, 0.2, 0.4], [1, 0, 0, 1, 1, 0]),
    ):
        cases.append((np.array([chances]), np.array([truth], bool), (0.1, 0.3, 0.5, 0.7, 0.9)))
    return cases


chapter.by_reference(
    "08.11",
    best_threshold,
    cases=_threshold_cases(),
    mistakes={
        "por-exactitud": _best(lambda mask, truth: (mask == truth).mean()),
        "por-exhaustividad": _best(lambda mask, truth: (mask & truth).sum()),
        "por-precision": _best(lambda mask, truth: (mask & truth).sum() / max(mask.sum(), 0.5)),
        "el-peor": _best(lambda mask, truth: -_dice(mask, truth)),
        "la-nota": lambda probabilities, truth, candidates: max(
            _dice(probabilities > threshold, truth) for threshold in candidates
        ),
        "la-posicion": lambda probabilities, truth, candidates: np.argmax(
            [_dice(probabilities > threshold, truth) for threshold in candidates]
        ),
        "siempre-un-medio": lambda probabilities, truth, candidates: 0.5,
        "cuenta-los-iguales": lambda probabilities, truth, candidates: max(
            candidates, key=lambda threshold: _dice(probabilities >= threshold, truth)
        ),
    },
)


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


chapter.by_rules("08.12", build_segmenter, segmenter_of, asks="model", mistakes=SEGMENTER_MISTAKES)
