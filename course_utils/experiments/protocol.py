"""Los pasos que comparten los experimentos."""

import math
from collections.abc import Callable

import numpy as np

from course_utils.datasets.dataset import Dataset, split_validation
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.metrics import accuracy
from course_utils.networks.training import predict_classes


def fitting_images(data: Dataset, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Las primeras imágenes de la parte de ajuste y sus etiquetas."""
    (images, labels), _ = split_validation(data)
    return images[:count], labels[:count]


def enough_epochs(epochs: int, images: int, batch_size: int, min_steps: int) -> int:
    """Las épocas que se piden o, con pocas imágenes, las que hagan falta para dar ``min_steps`` pasos."""
    return max(epochs, math.ceil(min_steps / math.ceil(images / batch_size)))


def accuracy_on(model, images, labels) -> float:
    """Exactitud de una red con unas imágenes."""
    return accuracy(labels, predict_classes(model, images))


def mean_over_directions(measure: Callable, images, distances) -> list[float]:
    """Lo que mide ``measure`` al mover las imágenes, en píxeles: media de las cuatro direcciones."""
    return [
        float(np.mean([measure(shift_images(images, direction, distance)) for direction in DIRECTIONS]))
        for distance in distances
    ]
