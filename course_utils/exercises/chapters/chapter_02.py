"""Ejercicios del capítulo 02: de densas a convolucionales."""

import numpy as np

from course_utils.exercises.chapter import Chapter
from course_utils.exercises.controls import Number, Slider

chapter = Chapter("02")


def dense_map_parameters():
    """Parámetros de una capa densa de 32 × 32 en color a 30 × 30."""
    inputs, neurons = 32 * 32 * 3, 30 * 30
    return inputs * neurons + neurons


chapter.by_reference(
    "02.1",
    dense_map_parameters,
    controls=(Number("Parámetros"),),
    mistakes={
        "olvida-los-sesgos": lambda: 32 * 32 * 3 * 30 * 30,
        "olvida-los-canales": lambda: (32 * 32 + 1) * 30 * 30,
        "convolucional": lambda: 3 * 3 * 3 + 1,
        "solo-su-ventana": lambda: 30 * 30 * (3 * 3 * 3 + 1),
        "un-solo-sesgo": lambda: 32 * 32 * 3 * 30 * 30 + 1,
        "olvida-las-columnas": lambda: (32 * 3 + 1) * 30,
        "una-neurona-por-pixel": lambda: (32 * 32 * 3 + 1) * 32 * 32,
    },
)


def local_parameters(height, width, kernel_size):
    """Parámetros de una capa local, con sesgos."""
    positions = (height - kernel_size + 1) * (width - kernel_size + 1)
    return positions * (kernel_size**2 + 1)


chapter.by_reference(
    "02.2",
    local_parameters,
    cases=[(3, 3, 3), (3, 4, 2), (5, 7, 3), (28, 28, 5)],
    mistakes={
        "comparte-los-pesos": lambda h, w, k: k**2 + 1,
        "olvida-los-sesgos": lambda h, w, k: (h - k + 1) * (w - k + 1) * k**2,
        "un-solo-sesgo": lambda h, w, k: (h - k + 1) * (w - k + 1) * k**2 + 1,
        "conecta-todo": lambda h, w, k: (h - k + 1) * (w - k + 1) * (h * w + 1),
        "una-neurona-por-pixel": lambda h, w, k: h * w * (k**2 + 1),
        "kernel-de-una-fila": lambda h, w, k: (h - k + 1) * (w - k + 1) * (k + 1),
        "olvida-la-primera": lambda h, w, k: (h - k) * (w - k) * (k**2 + 1),
        "olvida-las-columnas": lambda h, w, k: (h - k + 1) * (k**2 + 1),
    },
)


def shift(image, rows, cols):
    """Imagen movida rows píxeles hacia abajo y cols a la derecha."""
    moved = np.zeros_like(image)
    height, width = image.shape
    for row in range(height):
        for col in range(width):
            if 0 <= row + rows < height and 0 <= col + cols < width:
                moved[row + rows, col + cols] = image[row, col]
    return moved


def _edge_shift(image, rows, cols):
    padded = np.pad(image, ((abs(rows),) * 2, (abs(cols),) * 2), mode="edge")
    top, left = abs(rows) - rows, abs(cols) - cols
    return padded[top : top + image.shape[0], left : left + image.shape[1]]


def _images_to_shift():
    small = np.arange(1.0, 10.0).reshape(3, 3)
    large = np.arange(1.0, 21.0).reshape(4, 5)
    return [
        (small, 1, 0),
        (small, 0, 1),
        (small, 0, -1),
        (large, -1, 2),
        (large, 2, -3),
        (large / 4 - 3, 1, 1),
        (large, -2, -1),
        (small, 0, 0),
        (small, 4, -1),
        (small, -4, 0),
        (small, 0, -5),
        (large, 1, 6),
    ]


chapter.by_reference(
    "02.3",
    shift,
    cases=_images_to_shift(),
    mistakes={
        "da-la-vuelta": lambda image, rows, cols: np.roll(image, (rows, cols), axis=(0, 1)),
        "sentido-contrario": lambda image, rows, cols: shift(image, -rows, -cols),
        "intercambia-los-ejes": lambda image, rows, cols: shift(image, cols, rows),
        "repite-el-borde": _edge_shift,
        "solo-las-filas": lambda image, rows, cols: shift(image, rows, 0),
    },
)


def equivariance_error(layer, image, cols):
    """Mayor diferencia entre desplazar antes y después de la capa."""
    before = layer(np.roll(image, cols, axis=1))
    after = np.roll(layer(image), cols, axis=1)
    return np.abs(before - after).max()


def circular_blur(image):
    """Media de cada píxel y sus vecinos, en círculo: equivariante."""
    return (np.roll(image, 1, axis=1) + image + np.roll(image, -1, axis=1)) / 3


def weights_by_column(image):
    """Cada columna con su propio peso: no equivariante."""
    return image * np.arange(image.shape[1])


def weights_by_row(image):
    """Cada fila con su propio peso: equivariante a las columnas y no a las filas."""
    return image * np.arange(len(image))[:, None]


def alternate_signs(image):
    """Una columna sí y otra no, cambiada de signo: no equivariante, aunque los valores absolutos lo sean."""
    return image * (-1.0) ** np.arange(image.shape[1])


def running_total(image):
    """Suma acumulada por filas: no equivariante."""
    return image.cumsum(axis=1)


def _layers_and_images():
    image = np.random.default_rng(4).integers(0, 9, (4, 5)).astype(float)
    return [
        (circular_blur, image, 1),
        (weights_by_column, image[:2], 1),
        (weights_by_column, image, 2),
        (running_total, image, 1),
        (weights_by_column, 0.7 - image / 8, 1),
        (weights_by_column, image / 8 - 0.7, 1),
        (running_total, image - 4, 1),
        (weights_by_row, image, 1),
        (weights_by_column, image[[1, 0]] * [[1], [3]], -1),  # la diferencia mayor, en la última fila
        (alternate_signs, image[:, :4], 1),
    ]


chapter.by_reference(
    "02.4",
    equivariance_error,
    cases=_layers_and_images(),
    mistakes={
        "mide-la-invariancia": lambda layer, image, cols: np.abs(
            layer(np.roll(image, cols, axis=1)) - layer(image)
        ).max(),
        "no-desplaza-la-entrada": lambda layer, image, cols: np.abs(
            layer(image) - np.roll(layer(image), cols, axis=1)
        ).max(),
        "desplaza-filas": lambda layer, image, cols: np.abs(
            layer(np.roll(image, cols, axis=0)) - np.roll(layer(image), cols, axis=0)
        ).max(),
        "sentido-contrario": lambda layer, image, cols: np.abs(
            layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), -cols, axis=1)
        ).max(),
        "sin-valor-absoluto": lambda layer, image, cols: (
            layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), cols, axis=1)
        ).max(),
        "olvida-el-eje": lambda layer, image, cols: np.abs(
            layer(np.roll(image, cols)) - np.roll(layer(image), cols)
        ).max(),
        "diferencia-media": lambda layer, image, cols: np.abs(
            layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), cols, axis=1)
        ).mean(),
    },
)


def permute_pixels(images, order):
    """Las imágenes con los píxeles cambiados de sitio, todas igual."""
    flat = images.reshape(len(images), -1)  # (N, H·W)
    return flat[:, order].reshape(images.shape)


def _images_and_orders():
    rng = np.random.default_rng(5)
    return [
        (np.arange(8).reshape(2, 2, 2), np.array([1, 2, 3, 0])),
        (rng.integers(0, 9, (3, 2, 3)), np.array([4, 0, 5, 2, 1, 3])),
        (rng.integers(0, 99, (2, 3, 4)), rng.permutation(12)),
    ]


chapter.by_reference(
    "02.5",
    permute_pixels,
    cases=_images_and_orders(),
    mistakes={
        "permutacion-inversa": lambda images, order: permute_pixels(images, np.argsort(order)),
        "por-columnas": lambda images, order: (
            permute_pixels(images.transpose(0, 2, 1), order)
            .reshape(len(images), images.shape[2], images.shape[1])
            .transpose(0, 2, 1)
        ),
        "otra-en-cada-imagen": lambda images, order: np.stack(
            [permute_pixels(image[None], np.roll(order, n))[0] for n, image in enumerate(images)]
        ),
        "solo-la-primera": lambda images, order: np.concatenate(
            [permute_pixels(images[:1], order), images[1:]]
        ),
        "no-recupera-la-forma": lambda images, order: images.reshape(len(images), -1)[:, order],
    },
)


def kernel_as_matrix(kernel, n):
    """Matriz que hace lo mismo que el kernel con n píxeles."""
    rows = n - len(kernel) + 1
    matrix = np.zeros((rows, n))
    for row in range(rows):
        matrix[row, row : row + len(kernel)] = kernel
    return matrix


chapter.by_reference(
    "02.6",
    kernel_as_matrix,
    cases=[
        (np.array([1.0, 2.0]), 3),
        (np.array([1.0, 0.0, -2.0]), 5),
        (np.array([3.0, -1.0, 4.0, 2.0]), 7),
        (np.array([0.5, -1.25]), 4),
        (np.array([2.0, -3.0, 1.0]), 3),
    ],
    mistakes={
        "gira-el-kernel": lambda kernel, n: kernel_as_matrix(kernel[::-1], n),
        "traspuesta": lambda kernel, n: kernel_as_matrix(kernel, n).T,
        "da-la-vuelta": lambda kernel, n: np.stack(
            [np.roll(np.pad(kernel, (0, n - len(kernel))), row) for row in range(n)]
        ),
        "no-avanza": lambda kernel, n: np.tile(
            np.pad(kernel, (0, n - len(kernel))), (n - len(kernel) + 1, 1)
        ),
        "salta-ventanas": lambda kernel, n: np.stack(
            [
                np.pad(kernel, (0, n - len(kernel)))
                if row == 0
                else np.roll(np.pad(kernel, (0, n - len(kernel))), min(row * len(kernel), n - len(kernel)))
                for row in range(n - len(kernel) + 1)
            ]
        ),
    },
)


def window_radius():
    """Radio de una ventana con 49 pesos."""
    side = 7  # 7 × 7 = 49
    return (side - 1) // 2


chapter.by_reference(
    "02.7",
    window_radius,
    controls=(Slider("Δ", 1, 8),),
    consequence=lambda radius: f"la ventana va de la fila −{radius} a la +{radius}",
    mistakes={
        "da-el-lado": lambda: 7,
        "no-reparte": lambda: 6,
        "olvida-el-centro": lambda: 4,
    },
)
