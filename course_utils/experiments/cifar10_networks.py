"""CIFAR-10 con una red densa y una convolucional, y la convolucional sin color o con menos detalle."""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import enough_epochs, fitting_images
from course_utils.images.degradation import lower_resolution, to_grey
from course_utils.networks.metrics import accuracy, confusion_matrix
from course_utils.networks.models import colour_cnn, colour_dense
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2)
IMAGES = 3000
EPOCHS = 8
BATCH_SIZE = 64
MIN_STEPS = 350  # con pocas imágenes, ocho épocas serían muy pocos pasos
BLOCKS = {"16": 2, "8": 4}  # píxeles de lado que quedan: lado del bloque que se promedia
VARIANTS = ("dense", "cnn", "grey", *BLOCKS)

load_data = load_cifar10
PROBE = Probe(72, 20, {"IMAGES": 50, "EPOCHS": 2, "MIN_STEPS": 1, "BATCH_SIZE": 30})


def prepare(images, variant: str):
    """Las imágenes como las ve cada red: enteras, en gris o con el detalle de 16×16 o de 8×8 píxeles."""
    if variant == "grey":
        return to_grey(images)
    return lower_resolution(images, BLOCKS[variant]) if variant in BLOCKS else images


def train(variant: str, seed: int, data):
    """Entrena una red con las primeras imágenes de la parte de ajuste.

    Parameters
    ----------
    variant : {"dense", "cnn", "grey", "16", "8"}
        La densa o la convolucional, o esta con las imágenes de :func:`prepare`.

    Returns
    -------
    model : keras.Model
    result : TrainingResult
    """
    images, labels = fitting_images(data, IMAGES)
    images = prepare(images, variant)
    fix_seeds(seed)
    model = colour_dense() if variant == "dense" else colour_cnn(channels=images.shape[-1])
    epochs = enough_epochs(EPOCHS, len(images), BATCH_SIZE, MIN_STEPS)
    return model, fit(model, (images, labels), None, epochs=epochs, batch_size=BATCH_SIZE)


def run(seed: int, data) -> dict:
    """Por variante: parámetros, segundos, exactitud al entrenar (última época) y en prueba, y confusión."""
    measured = {}
    for variant in VARIANTS:
        model, result = train(variant, seed, data)
        predicted = predict_classes(model, prepare(data.x_test, variant))
        measured[variant] = {
            "parameters": result.parameters,
            "seconds": round(result.seconds, 1),
            "accuracy": result.history["accuracy"][-1],
            "test_accuracy": accuracy(data.y_test, predicted),
            "confusion": confusion_matrix(data.y_test, predicted, len(data.class_names)).tolist(),
        }
    return measured
