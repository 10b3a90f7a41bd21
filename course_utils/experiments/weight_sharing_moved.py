"""El mapa local y el de pesos compartidos, ahora con las prendas pequeñas y en cualquier sitio."""

from dataclasses import replace

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.weight_sharing import EPOCHS, run_one
from course_utils.images.movement import shift_randomly
from course_utils.images.rearrangement import shrink_to_centre

SEEDS = (0, 1, 2, 3, 4)
CONNECTIONS = ("local", "conv")
DISTANCE = 7  # píxeles que quedan libres a cada lado de la prenda reducida

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": {70: 2, 80: 2}})


def move_garments(data):
    """Las mismas prendas a la mitad de tamaño y en un sitio al azar, siempre el mismo."""
    rng = np.random.default_rng(0)
    small = (shrink_to_centre(images).astype(np.uint8) for images in (data.x_train, data.x_test))
    x_train, x_test = (shift_randomly(images, DISTANCE, rng) for images in small)
    return replace(data, x_train=x_train, x_test=x_test)


def run(seed: int, data) -> dict:
    """Como en ``weight_sharing``, con las prendas en cualquier sitio."""
    moved = move_garments(data)
    return {
        str(images): {connection: run_one(connection, images, seed, moved) for connection in CONNECTIONS}
        for images in EPOCHS
    }
