"""Ejercicios del capítulo 10: CIFAR-10, color, detalle y transferencia."""

import numpy as np

from course_utils.exercises.chapter import Chapter
from course_utils.exercises.controls import Number

chapter = Chapter("10")


def channel_means(images):
    """Media del rojo, del verde y del azul, de 0 a 1."""
    return images.mean(axis=(0, 1, 2)) / 255


def _colour_batches():
    rng = np.random.default_rng(101)
    return [
        np.array([[[[255, 0, 51]], [[255, 102, 0]]]], dtype=np.uint8),
        rng.integers(0, 256, (3, 3, 3, 3), dtype=np.uint8),
        rng.integers(0, 256, (2, 4, 5, 3), dtype=np.uint8),
    ]


chapter.by_reference(
    "10.1",
    channel_means,
    cases=_colour_batches(),
    mistakes={
        "no-divide": lambda images: images.mean(axis=(0, 1, 2)),
        "entre-256": lambda images: images.mean(axis=(0, 1, 2)) / 256,
        "una-sola-media": lambda images: images.mean() / 255,
        "por-imagen": lambda images: images.mean(axis=(1, 2)) / 255,
        "mezcla-los-canales": lambda images: images.mean(axis=(1, 2, 3)) / 255,
        "division-entera": lambda images: images.mean(axis=(0, 1, 2)) // 255,
    },
)


def to_grey(image):
    """Una imagen en gris: 0,299 del rojo, 0,587 del verde y 0,114 del azul."""
    return image @ np.array([0.299, 0.587, 0.114])


def _colour_images():
    rng = np.random.default_rng(102)
    return [
        np.array([[[200, 100, 0]]], dtype=np.uint8),
        rng.integers(0, 256, (3, 3, 3), dtype=np.uint8),
        rng.integers(0, 256, (2, 4, 3), dtype=np.uint8),
    ]


chapter.by_reference(
    "10.2",
    to_grey,
    cases=_colour_images(),
    mistakes={
        "media-de-los-canales": lambda image: image.mean(axis=-1),
        "canales-al-reves": lambda image: image @ np.array([0.114, 0.587, 0.299]),
        "rojo-por-verde": lambda image: image @ np.array([0.587, 0.299, 0.114]),
        "otros-pesos": lambda image: image @ np.array([0.2126, 0.7152, 0.0722]),
        "pesa-y-promedia": lambda image: to_grey(image) / 3,
        "entre-255": lambda image: to_grey(image) / 255,
        "quita-los-decimales": lambda image: to_grey(image).astype(int),
        "redondea": lambda image: np.rint(to_grey(image)),
        "el-maximo": lambda image: image.max(axis=-1),
        "solo-el-verde": lambda image: image[..., 1],
        "se-desborda": lambda image: (image * np.array([299, 587, 114]).astype(np.uint8)).sum(axis=-1) / 1000,
        "deja-el-canal": lambda image: image * np.array([0.299, 0.587, 0.114]),
    },
)


def colour_cost():
    """Parámetros de más de la primera capa si la entrada es en color."""
    return 3 * 3 * 3 * 16 - 3 * 3 * 1 * 16


chapter.by_reference(
    "10.3",
    colour_cost,
    controls=(Number("Parámetros de más"),),
    mistakes={
        "el-total-en-color": lambda: 28 * 16,
        "los-pesos-en-color": lambda: 27 * 16,
        "un-filtro": lambda: 18,
        "un-canal-de-mas": lambda: 9 * 16,
        "sesgo-por-canal": lambda: (9 * 2 + 2) * 16,
        "no-cambia": lambda: 0,
    },
)


def shrink(image, factor):
    """La imagen reducida: cada píxel es el promedio de un bloque de factor × factor."""
    rows, cols, channels = image.shape
    blocks = image.reshape(rows // factor, factor, cols // factor, factor, channels)
    return blocks.mean(axis=(1, 3))


def _to_shrink():
    rng = np.random.default_rng(104)
    small = np.array([[0, 4, 8, 8], [2, 2, 8, 0]], dtype=float)[..., np.newaxis]
    return [
        (small, 2),
        (rng.integers(0, 256, (4, 6, 3)).astype(float), 2),
        (rng.integers(0, 256, (6, 6, 2)).astype(float), 3),
        (rng.normal(size=(2, 4, 1)).round(2) - 0.5, 2),
        (rng.integers(150, 256, (4, 4, 3), dtype=np.uint8), 2),
    ]


chapter.by_reference(
    "10.4",
    shrink,
    cases=_to_shrink(),
    mistakes={
        "un-pixel-de-cada-bloque": lambda image, factor: image[::factor, ::factor],
        "el-maximo": lambda image, factor: _blocks(image, factor).max(axis=(1, 3)),
        "suma": lambda image, factor: _blocks(image, factor).sum(axis=(1, 3)),
        "mezcla-los-canales": lambda image, factor: _blocks(image, factor).mean(axis=(1, 3, 4)),
        "solo-las-filas": lambda image, factor: image.reshape(-1, factor, *image.shape[1:]).mean(axis=1),
        "no-reduce": lambda image, factor: (
            shrink(image, factor).repeat(factor, axis=0).repeat(factor, axis=1)
        ),
        "mezcla-los-bloques": lambda image, factor: image.reshape(
            factor, image.shape[0] // factor, factor, image.shape[1] // factor, image.shape[2]
        ).mean(axis=(0, 2)),
    },
)


def _blocks(image, factor):
    rows, cols, channels = image.shape
    return image.reshape(rows // factor, factor, cols // factor, factor, channels)


def relabel(labels, classes):
    """Las etiquetas de unas clases, contadas desde 0 en el orden de la lista."""
    return [classes.index(label) for label in labels if label in classes]


chapter.by_reference(
    "10.5",
    relabel,
    cases=[
        ([3, 7, 9, 7], [7, 9]),
        ([5, 3, 3, 0], [5, 3]),
        ([0, 1, 2, 9, 4, 2], [2, 0, 4]),
        ([6, 6], [1, 8]),
    ],
    mistakes={
        "no-renumera": lambda labels, classes: [label for label in labels if label in classes],
        "ordena-las-clases": lambda labels, classes: [
            sorted(classes).index(label) for label in labels if label in classes
        ],
        "por-orden-de-aparicion": lambda labels, classes: _by_appearance(
            [label for label in labels if label in classes]
        ),
        "cuenta-desde-uno": lambda labels, classes: [index + 1 for index in relabel(labels, classes)],
        "no-filtra": lambda labels, classes: [
            classes.index(label) if label in classes else label for label in labels
        ],
        "los-indices": lambda labels, classes: [i for i, label in enumerate(labels) if label in classes],
    },
)


def _by_appearance(labels):
    seen = list(dict.fromkeys(labels))
    return [seen.index(label) for label in labels]


def nearest_images(test, train):
    """De cada imagen de prueba, el índice de la de entrenamiento que más se parece."""
    found = []
    for image in test:
        differences = train.astype(float) - image.astype(float)
        squares = (differences**2).reshape(len(train), -1).sum(axis=1)
        found.append(int(squares.argmin()))
    return found


def _neighbours():
    rng = np.random.default_rng(112)
    plain = np.array([[[[10]]], [[[200]]], [[[100]]]], dtype=np.uint8)
    # (30, 30) está cerca de (40, 40), pero suma lo mismo que (0, 60)
    pairs = np.array([[[[0], [60]]], [[[40], [40]]], [[[250], [250]]]], dtype=np.uint8)
    return [
        (np.array([[[[190]]], [[[30]]]], dtype=np.uint8), plain),
        (np.array([[[[30], [30]]]], dtype=np.uint8), pairs),
        # a (60, 0) hay menos distancia sumada que a (35, 35), pero más con los cuadrados
        (np.zeros((1, 2, 1, 1), np.uint8), np.array([[[[60]], [[0]]], [[[35]], [[35]]]], dtype=np.uint8)),
        (
            rng.integers(0, 256, (4, 2, 2, 3), dtype=np.uint8),
            rng.integers(0, 256, (7, 2, 2, 3), dtype=np.uint8),
        ),
        # a (50, 0) hay menos distancia; entre la desviación de cada píxel, a (150, 10)
        (np.array([[[[60]], [[10]]]], np.uint8), np.array([[[[50]], [[0]]], [[[150]], [[10]]]], np.uint8)),
        (np.array([[[[12]]], [[[9]]]], dtype=np.uint8), plain),  # la misma es la más parecida a las dos
    ]


def _by(measure):
    """Como la solución, con otra manera de medir."""

    def wrong(test, train):
        return [int(np.argmin([measure(image, other) for other in train])) for image in test]

    return wrong


chapter.by_reference(
    "10.6",
    nearest_images,
    cases=_neighbours(),
    mistakes={
        "se-desborda": _by(lambda image, other: ((other - image).astype(float) ** 2).sum()),
        "se-desborda-en-el-otro-sentido": _by(
            lambda image, other: ((image - other).astype(float) ** 2).sum()
        ),
        "cuadrado-de-8-bits": _by(lambda image, other: ((other - image) ** 2).sum()),
        "sin-cuadrado": _by(lambda image, other: np.abs(other.astype(float) - image).sum()),
        "la-mas-lejana": _by(lambda image, other: -((other.astype(float) - image) ** 2).sum()),
        "se-compensan": _by(lambda image, other: abs((other.astype(float) - image).sum())),
        "la-menor-con-signo": _by(lambda image, other: (other.astype(float) - image).sum()),
        "al-reves": lambda test, train: nearest_images(train, test),
    },
)


def trainable_parameters():
    """Parámetros que se entrenan con los rasgos congelados."""
    return (4 * 4 * 64 + 1) * 2


chapter.by_reference(
    "10.7",
    trainable_parameters,
    controls=(Number("Parámetros"),),
    mistakes={
        "olvida-los-sesgos": lambda: 1024 * 2,
        "un-numero-por-mapa": lambda: 65 * 2,
        "diez-salidas": lambda: 1025 * 10,
        "una-salida": lambda: 1025,
        "todo-se-entrena": lambda: 448 + 4640 + 18496 + 2050,
        "nada-se-entrena": lambda: 0,
    },
)
