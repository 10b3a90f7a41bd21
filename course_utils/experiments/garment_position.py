"""Prendas pequeñas que se mueven por el lienzo, y parejas en las que importa quién va a la izquierda."""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, fitting_images, mean_over_directions
from course_utils.images.movement import shift_randomly
from course_utils.images.rearrangement import place_in_pairs, shrink_to_centre
from course_utils.networks.models import dense_beginner, readout_cnn
from course_utils.networks.training import fit, fix_seeds
from course_utils.ops.pooling import avg_pool2d

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = ("dense", "dense_moved", "flatten", "global_max")
READOUTS = ("flatten", "global_max")  # las dos que también separan parejas
DISTANCES = (0, 1, 2, 3, 4, 5, 6, 7)  # píxeles: con 7, la prenda llega al borde y no se corta
IMAGES, TEST_IMAGES = 6000, 1000
EPOCHS, BATCH_SIZE = 5, 16
PAIR_CLASSES = (7, 8)  # zapatilla y bolso

load_data = load_fashion_mnist
PROBE = Probe(240, 60, {"EPOCHS": 2, "IMAGES": 120, "BATCH_SIZE": 12, "TEST_IMAGES": 20, "DISTANCES": (0, 5)})


def train(network: str, seed: int, data):
    """Una red entrenada con prendas de 14×14 en el centro de un lienzo de 28×28.

    Parameters
    ----------
    network : {"dense", "dense_moved", "flatten", "global_max"}
        La densa, la densa con cada prenda de entrenamiento en un sitio al azar, o una de las dos
        convolucionales.
    """
    images, labels = fitting_images(data, IMAGES)
    images = shrink_to_centre(images)
    if network == "dense_moved":
        images = shift_randomly(images, max(DISTANCES), np.random.default_rng(seed))
    fix_seeds(seed)
    model = dense_beginner() if network.startswith("dense") else readout_cnn(network)
    fit(model, (images, labels), None, epochs=EPOCHS, batch_size=BATCH_SIZE)
    return model


def shifted_accuracy(model, data) -> list[float]:
    """Exactitud con las prendas de prueba a cada una de ``DISTANCES``, media de las cuatro direcciones."""
    images, labels = shrink_to_centre(data.x_test[:TEST_IMAGES]), data.y_test[:TEST_IMAGES]
    return mean_over_directions(lambda moved: accuracy_on(model, moved, labels), images, DISTANCES)


def garment_pairs(images, labels) -> tuple[np.ndarray, np.ndarray]:
    """Cada pareja de zapatilla y bolso dos veces, una en cada orden.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, 1)
        Prendas.
    labels : ndarray of int, shape (N,)
        Sus clases.

    Returns
    -------
    pairs : ndarray of float32, shape (2 P, H / 2, W + 16, 1)
        Parejas de prendas reducidas a la mitad; en la primera mitad, la zapatilla va a la izquierda.
    sides : ndarray of int64, shape (2 P,)
        0 si la zapatilla va a la izquierda, 1 si va a la derecha.
    """
    first, second = (avg_pool2d(images[labels == label], 2) for label in PAIR_CLASSES)
    count = min(len(first), len(second))
    first, second = first[:count], second[:count]
    pairs = np.concatenate([place_in_pairs(first, second), place_in_pairs(second, first)])
    return pairs, np.repeat([0, 1], count)


def pair_accuracy(readout: str, seed: int, data) -> float:
    """Entrena una red para decir quién va a la izquierda: exactitud con parejas de prueba; 0,5 al azar."""
    pairs, sides = garment_pairs(*fitting_images(data, IMAGES))
    test_pairs, test_sides = garment_pairs(data.x_test, data.y_test)
    fix_seeds(seed)
    model = readout_cnn(readout, pairs.shape[1:], classes=2)
    fit(model, (pairs, sides), None, epochs=EPOCHS, batch_size=BATCH_SIZE)
    return accuracy_on(model, test_pairs, test_sides)


def run(seed: int, data) -> dict:
    """``shifted``, por red, la exactitud a cada distancia; ``pairs``, por lectura, con las parejas."""
    return {
        "shifted": {network: shifted_accuracy(train(network, seed, data), data) for network in NETWORKS},
        "pairs": {readout: pair_accuracy(readout, seed, data) for readout in READOUTS},
    }
