"""CIFAR-10 con cincuenta imágenes por clase: sin aumento de datos y con espejo y desplazamiento."""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.dataset import split_validation
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on
from course_utils.networks.models import colour_cnn
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2)
IMAGES = 500
EPOCHS = 24
SHIFT = 0.1  # parte del lado: unos 3 píxeles de 32

VALIDATION = 500  # imágenes

load_data = load_cifar10
PROBE = Probe(108, 20, {"EPOCHS": 2, "IMAGES": 90, "VALIDATION": 10})


def augmentation_layers():
    """Espejo horizontal y desplazamiento al azar: dos capas de Keras que solo actúan al entrenar."""
    from keras import layers

    return layers.RandomFlip("horizontal", seed=0), layers.RandomTranslation(SHIFT, SHIFT, seed=1)


def run(seed: int, data) -> dict:
    """La misma red con las imágenes tal cual, ``"none"``, y aumentadas, ``"flip_shift"``.

    Segundos, exactitud de cada época en entrenamiento y en validación, y exactitud en prueba.
    """
    (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    measured = {}
    for name in ("none", "flip_shift"):
        fix_seeds(seed)
        model = colour_cnn(preprocessing=augmentation_layers() if name == "flip_shift" else ())
        train, validation = (x_fit[:IMAGES], y_fit[:IMAGES]), (x_val[:VALIDATION], y_val[:VALIDATION])
        result = fit(model, train, validation, epochs=EPOCHS)
        measured[name] = {
            "seconds": round(result.seconds, 1),
            "accuracy": result.history["accuracy"],
            "val_accuracy": result.history["val_accuracy"],
            "test_accuracy": accuracy_on(model, data.x_test, data.y_test),
        }
    return measured
