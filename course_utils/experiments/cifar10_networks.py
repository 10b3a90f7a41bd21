"""¿Gana la convolucional a la densa con fotos en color, y cuánto pierde sin color o con menos detalle?

Cambian la red o lo que ve; cada una se entrena hasta que se aplana, con la tasa que mejor le va. El control
del color y del detalle es la misma red con las mismas fotos enteras. Que el color sirve lo desmentiría que en
gris acertara lo mismo; que el detalle sirve, que acertara lo mismo con 16×16 o con 8×8. La densa y la
convolucional se diferencian en más de una cosa: cuál gana se ve; por qué, no.
"""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Trained,
    Training,
    draw_parts,
    outcome,
    probe_training,
    train_until_flat,
)
from course_utils.images.degradation import lower_resolution, to_grey
from course_utils.networks.metrics import confusion_matrix
from course_utils.networks.models import colour_cnn, colour_dense
from course_utils.networks.training import predict_classes

SEEDS = (0, 1, 2, 3, 4)
BLOCKS = {"16": 2, "8": 4}  # píxeles de lado que quedan: lado del bloque que se promedia
VARIANTS = ("dense", "cnn", "grey", *BLOCKS)
CONFUSED = ("cnn", "grey")  # de las que se guarda qué clases confunden
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 1000, 300, 2000
TRAINING = Training(trial_epochs=8, batch_size=32)

load_data = load_cifar10
PROBE = Probe(
    96,
    20,
    {
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, patience=3),
    },
)


def prepare(images, variant: str):
    """Las imágenes como las ve cada red: enteras, en gris o con el detalle de 16×16 o de 8×8 píxeles."""
    if variant == "grey":
        return to_grey(images)
    return lower_resolution(images, BLOCKS[variant]) if variant in BLOCKS else images


def photos(variant: str, seed: int, data):
    """Las fotos que tocan a una semilla: con las que se ajusta, con las que se valida y las de prueba."""
    drawn = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    return [(prepare(images, variant), labels) for images, labels in drawn]


def train(variant: str, seed: int, data) -> Trained:
    """Entrena una red con las fotos que tocan a esa semilla.

    Parameters
    ----------
    variant : {"dense", "cnn", "grey", "16", "8"}
        La densa o la convolucional, o esta con las imágenes de :func:`prepare`.
    """
    fitting, validation, _ = photos(variant, seed, data)
    channels = fitting[0].shape[-1]
    build = colour_dense if variant == "dense" else lambda: colour_cnn(channels)
    return train_until_flat(build, fitting, validation, seed, TRAINING)


def run(seed: int, data) -> dict:
    """Por variante, lo que da :func:`~course_utils.experiments.protocol.outcome`; de dos, la confusión."""
    measured = {}
    for variant in VARIANTS:
        fitting, _, test = photos(variant, seed, data)
        trained = train(variant, seed, data)
        measured[variant] = outcome(trained, fitting, test)
        if variant in CONFUSED:
            predicted = predict_classes(trained.model, test[0])
            matrix = confusion_matrix(test[1], predicted, len(data.class_names))
            measured[variant]["confusion"] = matrix.tolist()
    return measured
