"""¿Cuánto distingue una red que solo sabe si aparece cada patrón, según los filtros que tenga?

Cambia el número de filtros; cada red se entrena hasta que se aplana, con la tasa que mejor le va. Cuatro
filtros con 32 mezclas de 1×1 y dieciséis filtros tienen casi los mismos parámetros: si lo que falta son
parámetros y no filtros, no se distinguirán. Que más filtros distinguen más lo desmentiría que al doblarlos la
diferencia llegara a cero; que la red falla porque le llega poco, y no porque memorice, que acertara mucho más
con las prendas con que aprendió que con las nuevas.
"""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Training, draw_parts, outcome, probe_training, train_until_flat
from course_utils.networks.models import presence_net
from course_utils.networks.training import predict_classes

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {str(filters): (filters, 0) for filters in (1, 2, 4, 8, 16, 32)}  # filtros y mezclas
NETWORKS |= {"mixed": (4, 32)}  # filtros de 5×5 y mezclas de 1×1: casi los mismos parámetros que 16 filtros
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 1000, 500, 2500
TRAINING = Training(rates=(0.003, 0.01, 0.03), trial_epochs=12, patience=8)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": {"16": (16, 0), "mixed": (4, 32)},
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, rates=(1e-4, 1e-3, 1e-1), patience=3),
    },
)


def run_one(network: str, seed: int, data) -> dict:
    """Entrena una red con las imágenes que tocan a esa semilla y la mide.

    Parameters
    ----------
    network : str
        Cuántos filtros, de ``"1"`` a ``"32"``, o ``"mixed"``, cuatro filtros y 32 mezclas.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`, y cuántas clases distintas responde.
    """
    fitting, validation, test = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    trained = train_until_flat(lambda: presence_net(*NETWORKS[network]), fitting, validation, seed, TRAINING)
    answered = np.unique(predict_classes(trained.model, test[0]))
    return outcome(trained, fitting, test) | {"answered_classes": len(answered)}


def run(seed: int, data) -> dict:
    """Lo que devuelve :func:`run_one`, por red."""
    return {network: run_one(network, seed, data) for network in NETWORKS}
