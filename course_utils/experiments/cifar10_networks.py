"""CIFAR-10 con una red densa y una convolucional, y la convolucional sin color o con menos detalle."""

import math

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.dataset import split_validation
from course_utils.experiments.protocol import Probe
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
PROBE = Probe(72, 20, {"EPOCHS": 2, "MIN_STEPS": 1, "BATCH_SIZE": 30})


def prepare(images, variant: str):
    """Las imágenes tal como las ve cada red.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 32, 32, 3)
        Imágenes en color.
    variant : {"dense", "cnn", "grey", "16", "8"}
        Enteras las dos primeras, sin color, o con el detalle de 16×16 o de 8×8 píxeles.

    Returns
    -------
    ndarray of uint8, shape (N, 32, 32, 1 o 3)
    """
    if variant == "grey":
        return to_grey(images)
    return lower_resolution(images, BLOCKS[variant]) if variant in BLOCKS else images


def train(variant: str, seed: int, data):
    """Entrena una red con las primeras imágenes de la parte de ajuste.

    Parameters
    ----------
    variant : {"dense", "cnn", "grey", "16", "8"}
        Qué red y con qué imágenes.

    Returns
    -------
    model : keras.Model
        La red entrenada.
    result : TrainingResult
        Parámetros, segundos e historia de cada época.
    """
    (x_fit, y_fit), _ = split_validation(data)
    x_fit, y_fit = prepare(x_fit[:IMAGES], variant), y_fit[:IMAGES]
    fix_seeds(seed)
    model = colour_dense() if variant == "dense" else colour_cnn(channels=x_fit.shape[-1])
    epochs = max(EPOCHS, math.ceil(MIN_STEPS / math.ceil(len(x_fit) / BATCH_SIZE)))
    return model, fit(model, (x_fit, y_fit), None, epochs=epochs, batch_size=BATCH_SIZE)


def run(seed: int, data) -> dict:
    """Entrena todas las redes con una semilla y las mide con las imágenes de prueba.

    Returns
    -------
    dict
        Por cada variante: parámetros, segundos, exactitud en entrenamiento (última época) y en prueba, y
        matriz de confusión.
    """
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
