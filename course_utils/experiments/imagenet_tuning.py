"""¿Gana algo ajustar también la base, después de entrenar la capa nueva?

EfficientNet-Lite0, con lo que aprendió en ImageNet, y una capa que separa gatos de perros con unas fotos:
congelada, que es el control, o con todos sus pesos ajustados a partir de ahí, con una tasa pequeña que elige
la validación. La normalización por lotes conserva lo que trae. Que el ajuste ayuda lo desmentiría que no se
distinguiera de la congelada.
"""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.dataset import Dataset
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.cifar10_transfer import (
    TEST_IMAGES,
    VALIDATION_IMAGES,
    draw_pair,
    probe_outcome,
)
from course_utils.experiments.imagenet_transfer import (
    NETWORK_STAGES,
    PENALTIES,
    TRUNK,
    features,
    over_photos,
    untrained,
)
from course_utils.experiments.protocol import Training, outcome, probe_training, train_until_flat
from course_utils.networks.linear_probe import fit_linear_probe
from course_utils.networks.training import fix_seeds

SEEDS = (0, 1, 2, 3, 4)
PAIR = "cat_dog"
SIDE = 64  # píxeles a los que se agranda cada foto
SIZE = 100  # fotos de las dos clases juntas
TUNING = Training(
    rates=(1e-5, 1e-4, 1e-3), widen=10, trial_epochs=2, patience=3, max_epochs=40, batch_size=20
)

load_data = load_cifar10
PROBE = Probe(
    300,
    60,
    {
        "TRUNK": untrained,
        "NETWORK_STAGES": ((3, 1, 1, 8, 1), (3, 2, 2, 12, 2)),
        "SIDE": 16,
        "SIZE": 20,
        "VALIDATION_IMAGES": 10,
        "TEST_IMAGES": 8,
        "TUNING": probe_training(11, rates=(1e-5, 1e-4, 1e-3), patience=3),
    },
)


def run(seed: int, data: Dataset) -> dict:
    """Lo que da :func:`~course_utils.experiments.protocol.outcome`, con la base congelada y ajustada."""
    from keras import Sequential, layers

    photos = draw_pair(PAIR, seed, data, VALIDATION_IMAGES, TEST_IMAGES, SIZE)
    validation, test, fitting = photos
    fix_seeds(seed)
    base = TRUNK(SIDE, NETWORK_STAGES, fitting[0])
    seen_by_head = features(base, photos)
    probe = fit_linear_probe(seen_by_head[2], seen_by_head[0], PENALTIES)
    frozen = probe_outcome(probe, seen_by_head[2], seen_by_head[1])

    def build():
        head = Sequential([layers.Input(base.output_shape[1:]), layers.Dense(2)])
        head.set_weights([probe.weights, probe.bias])
        return over_photos(base, head)

    tuned = train_until_flat(build, fitting, validation, seed, TUNING)
    return {"frozen": frozen, "tuned": outcome(tuned, fitting, test)}
