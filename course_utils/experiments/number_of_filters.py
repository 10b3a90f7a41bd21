"""Cuánto distingue una red que solo sabe si encuentra cada patrón, según los filtros que tenga.

Cambia el número de filtros; cada red se entrena hasta que se aplana, con la tasa que mejor le va. Con pocos
filtros la red también tiene menos parámetros: el control es ``mixed``, que tiene los de 16 filtros y solo 4
filtros, con 32 mezclas de 1×1 detrás. Que importan los filtros y no los parámetros lo desmentiría que
``mixed`` acertara tanto como 16.
"""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Training, draw_images, outcome, train_until_flat
from course_utils.networks.models import presence_net
from course_utils.networks.training import predict_classes

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {"1": (1, 0), "2": (2, 0), "4": (4, 0), "8": (8, 0), "16": (16, 0), "mixed": (4, 32)}
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 1000, 500, 4000
TRAINING = Training(rates=(0.003, 0.01, 0.03), trial_epochs=5, patience=9)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": {"1": (1, 0), "mixed": (4, 32)},
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": Training(trial_epochs=2, patience=3, flat=0.5, max_epochs=8, batch_size=30),
    },
)


def run_one(network: str, seed: int, data) -> dict:
    """Entrena una red y la mide.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``: el número de filtros de 5×5, o ``"mixed"``, cuatro con 32 mezclas.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`, y cuántas clases distintas responde.
    """
    fitting, validation = draw_images(data, seed, IMAGES, VALIDATION_IMAGES)
    images, labels = data.x_test[:TEST_IMAGES], data.y_test[:TEST_IMAGES]
    trained = train_until_flat(lambda: presence_net(*NETWORKS[network]), fitting, validation, seed, TRAINING)
    answered = len(np.unique(predict_classes(trained.model, images)))
    return outcome(trained, fitting, (images, labels)) | {"answered_classes": answered}


def run(seed: int, data) -> dict:
    """Por cada red, lo que devuelve :func:`run_one`."""
    return {network: run_one(network, seed, data) for network in NETWORKS}
