"""Cuánto distingue una red que solo sabe si encuentra cada patrón, según los filtros que tenga."""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import fitting_images
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import presence_net
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2, 3, 4)
FILTERS = (1, 2, 4, 8, 16, 32)
MIXED = (4, 32)  # filtros de 5×5 y mezclas de 1×1: casi los mismos parámetros que 16 filtros
IMAGES, EPOCHS = 5000, 10

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"IMAGES": 70, "EPOCHS": 2})


def run_one(filters: int, mixtures: int, seed: int, data) -> dict:
    """Entrena una red y la mide: parámetros, segundos, exactitud en prueba y cuántas clases responde.

    Parameters
    ----------
    filters, mixtures : int
        Los de :func:`course_utils.networks.models.presence_net`.
    """
    fix_seeds(seed)
    model = presence_net(filters, mixtures)
    result = fit(model, fitting_images(data, IMAGES), None, epochs=EPOCHS)
    predicted = predict_classes(model, data.x_test)
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "test_accuracy": accuracy(data.y_test, predicted),
        "answered_classes": len(np.unique(predicted)),
    }


def run(seed: int, data) -> dict:
    """Lo que devuelve :func:`run_one` por número de filtros, y en ``"mixed"`` cuatro con sus mezclas."""
    measured = {str(filters): run_one(filters, 0, seed, data) for filters in FILTERS}
    return measured | {"mixed": run_one(*MIXED, seed, data)}
