"""Ejercicios del capítulo 06: una red convolucional para Fashion-MNIST."""

import numpy as np

from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.chapters.own_networks import NETWORK_MISTAKES, network_within_budget
from course_utils.exercises.chapters.splits import (
    among,
    by_pairs,
    every,
    leaking,
    look_at_splits,
    one_of_each_block,
)
from course_utils.exercises.controls import Number, Slider

chapter = Chapter("06")


def dense_network_parameters():
    """Parámetros de las dos capas densas."""
    hidden = (28 * 28 + 1) * 128
    output = (128 + 1) * 10
    return hidden + output  # Flatten y Dropout no tienen


chapter.by_reference(
    "06.1",
    dense_network_parameters,
    controls=(Number("Parámetros"),),
    mistakes={
        "olvida-los-sesgos": lambda: 784 * 128 + 128 * 10,
        "olvida-la-salida": lambda: 785 * 128,
        "dropout-con-parametros": lambda: 785 * 128 + 129 * 10 + 128,
        "no-aplana": lambda: 29 * 128 + 129 * 10,
        "salida-desde-la-imagen": lambda: 785 * 128 + 785 * 10,
    },
)


def prepare(images):
    """Imágenes listas para la red: de 0 a 1 y con eje de canal."""
    return (images / 255)[..., None]


def _raw_images():
    rng = np.random.default_rng(62)
    images = rng.integers(0, 256, (3, 2, 4), dtype=np.uint8)
    images[0] //= 3  # una imagen oscura, que no llega a 255
    return [np.array([[[0, 255], [51, 102]]], dtype=np.uint8), images]


chapter.by_reference(
    "06.2",
    prepare,
    cases=_raw_images(),
    mistakes={
        "division-entera": lambda images: (images // 255)[..., None],
        "olvida-el-canal": lambda images: images / 255,
        "canal-delante": lambda images: (images / 255)[:, None],
        "cada-imagen-por-su-lado": lambda images: (images / images.max(axis=(1, 2), keepdims=True))[
            ..., None
        ],
        "entre-256": lambda images: (images / 256)[..., None],
        "no-divide": lambda images: images[..., None].astype(float),
    },
)


def split(count, validation, seed):
    """Índices de entrenamiento y de validación."""
    order = np.random.default_rng(seed).permutation(count)
    return order[validation:], order[:validation]


chapter.by_rules(
    "06.3",
    split,
    look_at_splits,
    asks="function",
    mistakes={
        "filtra": Rule(lambda seen: seen["shared"] > 0, leaking),
        "al-reves": Rule(
            lambda seen: seen["kept"] == 20 and seen["held_out"] == 80,
            lambda count, validation, seed: split(count, validation, seed)[::-1],
        ),
        "otro-tamaño": Rule(
            lambda seen: seen["held_out"] != 20,
            lambda count, validation, seed: split(count, validation // 2, seed),
        ),
        "pierde-o-repite": Rule(
            lambda seen: seen["distinct"] != 100 or seen["total"] != 100,
            lambda count, validation, seed: (
                split(count, validation, seed)[0][: count // 2],
                split(count, validation, seed)[1],
            ),
        ),
        "no-repite": Rule(
            lambda seen: not seen["repeats"], lambda count, validation, seed: split(count, validation, None)
        ),
        "tamaño-fijo": Rule(
            lambda seen: seen["other_sizes"] != (20, 10),
            lambda count, validation, seed: split(count, count // 5, seed),
        ),
        "no-baraja": Rule(
            lambda seen: len(seen["gaps"]) <= 2 and seen["gaps"][0] == 1,
            lambda count, validation, seed: (np.arange(validation, count), np.arange(validation)),
        ),
        "a-saltos": Rule(
            lambda seen: len(seen["gaps"]) <= 2,
            every,
        ),
        "ignora-la-semilla": Rule(
            lambda seen: seen["same"], lambda count, validation, seed: split(count, validation, 0)
        ),
        "no-todos-tocan": Rule(
            lambda seen: seen["never"],
            lambda count, validation, seed: among(validation + 3, count, validation, seed),
        ),
        "van-juntos": Rule(lambda seen: seen["tied"], by_pairs),
        "nunca-coinciden": Rule(lambda seen: seen["apart"], one_of_each_block),
    },
)


def standardize(train, test):
    """Las dos partes con media 0 y desviación 1, según el entrenamiento."""
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (test - mean) / std


def _by_itself(data):
    return (data - data.mean()) / data.std()


def _divided_by(spread):
    """Modelo equivocado: divide entre otra medida del entrenamiento."""
    return lambda train, test: tuple((part - train.mean()) / spread(train) for part in (train, test))


def _together(train, test):
    both = np.concatenate([train, test])
    return (train - both.mean()) / both.std(), (test - both.mean()) / both.std()


chapter.by_reference(
    "06.4",
    standardize,
    cases=[
        (np.array([0.0, 2.0]), np.array([1.0, 5.0])),
        (np.array([1.0, 2.0, 3.0, 6.0]), np.array([4.0, 10.0, -2.0])),
        (np.array([[-0.25, 1.5], [0.75, -2.5]]), np.array([[0.4, -1.3]])),
    ],
    mistakes={
        "cada-parte-la-suya": lambda train, test: (_by_itself(train), _by_itself(test)),
        "todo-junto": _together,
        "con-la-prueba": lambda train, test: ((train - test.mean()) / test.std(), _by_itself(test)),
        "desviacion-muestral": _divided_by(lambda train: train.std(ddof=1)),
        "por-columnas": lambda train, test: tuple(
            (part - train.mean(axis=0)) / train.std(axis=0) for part in (train, test)
        ),
        "divide-entre-la-varianza": _divided_by(np.var),
        "solo-resta": _divided_by(lambda train: 1),
        "solo-el-entrenamiento": lambda train, test: (_by_itself(train), test),
    },
)


def confusion_matrix(true, predicted, classes):
    """Recuento de clases verdaderas (fila) y predichas (columna)."""
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted, strict=True):
        matrix[t, p] += 1
    return matrix


def _row_normalized(true, predicted, classes):
    matrix = confusion_matrix(true, predicted, classes)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


chapter.by_reference(
    "06.5",
    confusion_matrix,
    cases=[
        (np.array([0, 0]), np.array([1, 1]), 2),
        (np.array([0, 1, 1, 1]), np.array([0, 1, 0, 0]), 2),
        (np.array([2, 0, 1, 2, 2, 0]), np.array([2, 1, 1, 0, 0, 1]), 4),
        (np.zeros(300, int), np.zeros(300, int), 2),
        (np.array([10, 3, 10]), np.array([10, 3, 2]), 11),
    ],
    mistakes={
        "traspuesta": lambda true, predicted, classes: confusion_matrix(predicted, true, classes),
        "no-cuenta-repetidos": lambda true, predicted, classes: (
            confusion_matrix(true, predicted, classes) > 0
        ).astype(int),
        "proporciones": _row_normalized,
        "solo-aciertos": lambda true, predicted, classes: np.diag(
            np.diag(confusion_matrix(true, predicted, classes))
        ),
        "quita-clases-vacias": lambda true, predicted, classes: confusion_matrix(
            true, predicted, int(max(true.max(), predicted.max())) + 1
        ),
    },
)


def accuracy_from_logits(logits, labels):
    """Proporción de ejemplos cuya mayor salida es la de su clase."""
    return (logits.argmax(axis=1) == labels).mean()


def _top_two(logits, labels):
    best = np.argsort(logits, axis=1)[:, -2:]
    return (best == labels[:, None]).any(axis=1).mean()


chapter.by_reference(
    "06.6",
    accuracy_from_logits,
    cases=[
        (np.array([[2.0, 1.0]]), np.array([0])),
        (
            np.array([[0.0, 3.0, 1.0], [2.0, -1.0, 1.0], [-3.0, -2.0, -5.0], [0.4, 0.3, 0.2]]),
            np.array([1, 2, 1, 0]),
        ),
        (np.array([[0.6, 0.7, -1.0], [0.9, 0.2, 0.8], [-2.0, -1.0, -3.0]]), np.array([1, 0, 0])),
        (np.array([[-3.0, -2.0, -5.0]]), np.array([1])),
        (np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 3.0, 2.0, 1.0]]), np.array([2, 3])),
        (np.array([[5.0, 1.0, 2.0], [3.0, 0.0, 4.0], [0.0, 2.0, 1.0]]), np.array([0, 1, 1])),
    ],
    mistakes={
        "cuenta-aciertos": lambda logits, labels: (logits.argmax(axis=1) == labels).sum(),
        "tasa-de-error": lambda logits, labels: 1 - accuracy_from_logits(logits, labels),
        "la-menor-salida": lambda logits, labels: accuracy_from_logits(-logits, labels),
        "umbral": lambda logits, labels: (logits[np.arange(len(labels)), labels] > 0.5).mean(),
        "entre-las-dos-mejores": _top_two,
    },
)


def build_network():
    """Red convolucional pequeña, con salida sin softmax."""
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )


chapter.by_rules("06.7", build_network, network_within_budget, asks="model", mistakes=NETWORK_MISTAKES)


def mean_and_spread(accuracies):
    """Media y desviación típica muestral de varias semillas."""
    mean = sum(accuracies) / len(accuracies)
    squares = sum((value - mean) ** 2 for value in accuracies)
    return mean, (squares / (len(accuracies) - 1)) ** 0.5


chapter.by_reference(
    "06.8",
    mean_and_spread,
    cases=[([1.0, 3.0],), ([0.90, 0.92, 0.91],), ([0.5, 0.9, 0.7, 0.2, 0.6],)],
    mistakes={
        "divide-entre-n": lambda values: (np.mean(values), np.std(values)),
        "da-la-varianza": lambda values: (np.mean(values), np.var(values, ddof=1)),
        "error-de-la-media": lambda values: (
            np.mean(values),
            np.std(values, ddof=1) / len(values) ** 0.5,
        ),
        "da-la-mediana": lambda values: (np.median(values), np.std(values, ddof=1)),
        "da-el-recorrido": lambda values: (np.mean(values), max(values) - min(values)),
        "al-reves": lambda values: mean_and_spread(values)[::-1],
    },
)

VALIDATION = (0.55, 0.44, 0.39, 0.36, 0.34, 0.33, 0.34, 0.36, 0.38, 0.41)


def best_epoch():
    """Época de menor pérdida de validación."""
    return VALIDATION.index(min(VALIDATION)) + 1


chapter.by_reference(
    "06.9",
    best_epoch,
    controls=(Slider("Época", 1, 10),),
    consequence=lambda epoch: f"el entrenamiento habría acabado en la época {epoch}",
    mistakes={
        "mira-el-entrenamiento": lambda: 10,
        "mira-la-prueba": lambda: 7,
        "donde-se-cruzan": lambda: 3,
        "la-primera": lambda: 1,
    },
)


def conv_products(out_height, out_width, kernel_size, in_channels, filters):
    """Multiplicaciones que hace una capa convolucional con una imagen."""
    per_value = kernel_size**2 * in_channels
    return out_height * out_width * filters * per_value


chapter.by_reference(
    "06.10",
    conv_products,
    cases=[(1, 1, 3, 1, 1), (2, 3, 1, 2, 1), (2, 2, 5, 3, 2), (4, 4, 3, 2, 5), (26, 26, 3, 1, 16)],
    mistakes={
        "cuenta-los-pesos": lambda h, w, k, c, f: k**2 * c * f,
        "olvida-los-canales": lambda h, w, k, c, f: h * w * k**2 * f,
        "olvida-los-filtros": lambda h, w, k, c, f: h * w * k**2 * c,
        "cuenta-los-sesgos": lambda h, w, k, c, f: h * w * f * (k**2 * c + 1),
        "kernel-de-una-fila": lambda h, w, k, c, f: h * w * f * k * c,
        "una-posicion-por-pixel": lambda h, w, k, c, f: h * f * k**2 * c,
    },
)


def calibration_error(confidence, correct, bins):
    """Distancia media entre lo segura que dice estar la red y lo que acierta."""
    place = (confidence * bins).astype(int)
    error = 0.0
    for number in range(bins):
        group = place == number
        if group.any():
            error += group.mean() * abs(confidence[group].mean() - correct[group].mean())
    return error


def _per_bin(confidence, correct, bins):
    place = (confidence * bins).astype(int)
    groups = [place == number for number in range(bins) if (place == number).any()]
    return [(confidence[group].mean() - correct[group].mean(), group.mean()) for group in groups]


chapter.by_reference(
    "06.11",
    calibration_error,
    cases=[
        (np.array([0.9, 0.9]), np.array([1, 0]), 2),
        (np.array([0.5, 0.2]), np.array([1, 0]), 2),
        (np.array([0.2, 0.3, 0.9, 0.8, 0.7]), np.array([0, 1, 1, 1, 0]), 2),
        (np.array([0.5, 0.2, 0.7, 0.4]), np.array([1, 0, 1, 1]), 2),
        (np.array([0.05, 0.1, 0.4, 0.9]), np.array([0, 1, 0, 1]), 2),  # con la mediana sale otra cosa
        (np.array([0.15, 0.45, 0.95, 0.96, 0.55, 0.97]), np.array([1, 0, 1, 0, 1, 1]), 5),
    ],
    mistakes={
        "sin-pesar": lambda confidence, correct, bins: np.mean(
            [abs(gap) for gap, _ in _per_bin(confidence, correct, bins)]
        ),
        "sin-valor-absoluto": lambda confidence, correct, bins: sum(
            gap * weight for gap, weight in _per_bin(confidence, correct, bins)
        ),
        "un-solo-grupo": lambda confidence, correct, bins: abs(confidence.mean() - correct.mean()),
        "cada-prediccion-por-su-lado": lambda confidence, correct, bins: np.abs(confidence - correct).mean(),
        "el-peor-intervalo": lambda confidence, correct, bins: max(
            abs(gap) for gap, _ in _per_bin(confidence, correct, bins)
        ),
    },
)


def cycle_rate(step, steps, highest):
    """Tasa de aprendizaje de un ciclo que sube la cuarta parte de los pasos y baja el resto."""
    rise = steps / 4
    if step < rise:
        return highest * step / rise
    return highest * (steps - step) / (steps - rise)


chapter.by_reference(
    "06.12",
    cycle_rate,
    cases=[
        (0, 40, 0.8),
        (5, 40, 0.8),
        (10, 40, 0.8),
        (25, 40, 0.8),
        (40, 40, 0.8),
        (30, 100, 0.02),
        (7, 30, 0.5),
    ],
    mistakes={
        "solo-sube": lambda step, steps, highest: highest * min(1, step / (steps / 4)),
        "cuarta-parte-entera": lambda step, steps, highest: (
            highest * min(step / (steps // 4), (steps - step) / (steps - steps // 4))
        ),
        "empieza-arriba": lambda step, steps, highest: highest * (1 - step / steps),
        "sube-hasta-la-mitad": lambda step, steps, highest: highest * (1 - abs(2 * step / steps - 1)),
        "baja-como-sube": lambda step, steps, highest: (
            highest * step / (steps / 4) if step < steps / 4 else highest * (2 - step / (steps / 4))
        ),
        "baja-desde-el-principio": lambda step, steps, highest: (
            highest * step / (steps / 4) if step < steps / 4 else highest * (1 - step / steps)
        ),
    },
)


def _softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def averaged_class(scores, mirrored):
    """La clase que decide la media de las probabilidades de cada imagen y de su espejo."""
    total = 0
    for part in (scores, mirrored):
        powers = np.exp(part - part.max(axis=1, keepdims=True))
        total = total + powers / powers.sum(axis=1, keepdims=True)
    return total.argmax(axis=1)


def _averaging_cases():
    first = np.array([[2.0, 0.0, 1.9], [0.0, 1.0, -1.0], [9.0, 0.0, 0.0]])
    second = np.array([[0.0, 0.5, 1.9], [3.0, 1.0, 0.0], [-9.0, 5.0, 0.0]])
    extra = np.array([[6.0, 0.0, 0.0], [0.0, 0.1, 0.3]]), np.array([[0.0, 1.5, 2.0], [0.0, 0.4, 0.3]])
    sharp = np.array([[3.0, 2.4, -9.0]]), np.array([[-6.0, 2.0, 3.0]])
    close = np.array([[-2.0, -1.4, -0.2]]), np.array([[0.6, 0.4, -1.3]])
    surest = np.log([[0.6, 0.39, 0.01]]), np.log([[0.01, 0.44, 0.55]])
    lowest = np.log([[0.3, 0.65, 0.05]]), np.log([[0.3, 0.2, 0.5]])
    return [(first, second), extra, sharp, close, surest, lowest]


chapter.by_reference(
    "06.13",
    averaged_class,
    cases=_averaging_cases(),
    mistakes={
        "solo-la-original": lambda scores, mirrored: scores.argmax(axis=1),
        "solo-el-espejo": lambda scores, mirrored: mirrored.argmax(axis=1),
        "suma-las-puntuaciones": lambda scores, mirrored: (scores + mirrored).argmax(axis=1),
        "promedia-las-clases": lambda scores, mirrored: (
            (scores.argmax(axis=1) + mirrored.argmax(axis=1)) // 2
        ),
        "softmax-por-columnas": lambda scores, mirrored: (
            _softmax(scores.T).T + _softmax(mirrored.T).T
        ).argmax(axis=1),
    },
)
