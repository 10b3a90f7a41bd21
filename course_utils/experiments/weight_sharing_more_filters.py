"""Pesos compartidos con el doble de filtros: casi los mismos parámetros que el mapa local de cuatro."""

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.weight_sharing import EPOCHS, run_one
from course_utils.experiments.weight_sharing_moved import move_garments

SEEDS = (0, 1, 2, 3, 4)
FILTERS = 8

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": {70: 2, 80: 2}})


def run(seed: int, data) -> dict:
    """La red de ocho filtros con las prendas en su sitio, ``"centred"``, y movidas, ``"moved"``."""
    places = {"centred": data, "moved": move_garments(data)}
    return {
        place: {str(images): run_one("conv", images, seed, placed, FILTERS) for images in EPOCHS}
        for place, placed in places.items()
    }
