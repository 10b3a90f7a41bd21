"""¿Ayuda el aumento de datos con quinientas fotos?

La misma red con las fotos tal cual, que es el control, o con espejo horizontal y desplazamiento. Cada una se
entrena hasta que se aplana, con la tasa que mejor le va; las fotos de validación y de prueba no se cambian.
Que el aumento ayuda lo desmentiría que en la prueba no se distinguiera.
"""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Training, draw_parts, outcome, probe_training, train_until_flat
from course_utils.networks.models import colour_cnn

SEEDS = (0, 1, 2, 3, 4)
CHANGES = ("none", "flip_shift")
SHIFT = 0.1  # parte del lado: unos 3 píxeles de 32
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 500, 300, 2000
TRAINING = Training(trial_epochs=4, patience=9, max_epochs=300, batch_size=32)

load_data = load_cifar10
PROBE = Probe(
    96,
    20,
    {
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, patience=3, max_epochs=6),
    },
)


def augmentation_layers():
    """Espejo horizontal y desplazamiento al azar: dos capas de Keras que solo actúan al entrenar."""
    from keras import layers

    return layers.RandomFlip("horizontal", seed=0), layers.RandomTranslation(SHIFT, SHIFT, seed=1)


def run(seed: int, data) -> dict:
    """Con las fotos tal cual y cambiadas, lo que da :func:`~course_utils.experiments.protocol.outcome`."""
    fitting, validation, test = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    measured = {}
    for name in CHANGES:

        def build(name=name):
            return colour_cnn(preprocessing=augmentation_layers() if name == "flip_shift" else ())

        measured[name] = outcome(train_until_flat(build, fitting, validation, seed, TRAINING), fitting, test)
    return measured
