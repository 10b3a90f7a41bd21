"""La misma red con pooling de varios tamaños ante dos preguntas: qué prenda es y dónde está."""

import math

import numpy as np

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.protocol import Probe
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.images.rearrangement import shrink_to_centre
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import pooling_cnn
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {
    "none": ("max", 1),  # una ventana de un píxel no cambia nada
    "max_2": ("max", 2),
    "max_4": ("max", 4),
    "max_7": ("max", 7),
    "max_28": ("max", 28),
    "average_2": ("average", 2),
    "average_4": ("average", 4),
    "stride_2": ("stride", 2),
}
WHERE = ("none", "max_2", "max_4", "max_7", "max_28")  # las que también responden a «dónde»
TRAIN_IMAGES, TEST_IMAGES = 4000, 1000
BATCH_SIZE = 64
EPOCHS = 10
MIN_STEPS = 630  # con menos imágenes, diez épocas serían muy pocos pasos
DISTANCES = (0, 1, 2, 3, 4)  # píxeles
NOISE_LEVELS = (0, 10, 25, 50)  # desviación típica, en grises de 0 a 255
LEFTMOST = -5  # la clase de «dónde» es el desplazamiento, de −5 a 4 píxeles: diez clases

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "EPOCHS": 2,
        "MIN_STEPS": 1,
        "BATCH_SIZE": 40,
        "DISTANCES": (0, 2),
        "NOISE_LEVELS": (25,),
    },
)


def place_in_columns(images):
    """Mueve cada imagen de −5 a 4 píxeles en horizontal; la pregunta es cuántos.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Imágenes con sitio a los lados, como las de :func:`shrink_to_centre`.

    Returns
    -------
    placed : ndarray, shape (N, H, W, C)
        La imagen número i, movida ``i % 10 - 5`` píxeles a la derecha.
    columns : ndarray of int64, shape (N,)
        ``i % 10``: la clase.
    """
    columns = np.arange(len(images)) % 10
    placed = np.empty_like(images)
    for column in range(10):
        distance = LEFTMOST + column
        direction = "right" if distance > 0 else "left"
        placed[columns == column] = shift_images(images[columns == column], direction, abs(distance))
    return placed, columns


def small_garments(data):
    """Las prendas reducidas al centro del lienzo, para que al moverlas no se corten.

    Returns
    -------
    train, test : tuple of (ndarray, ndarray)
        Imágenes y clases.
    """
    (x_fit, y_fit), _ = split_validation(data)
    parts = (x_fit, y_fit, TRAIN_IMAGES), (data.x_test, data.y_test, TEST_IMAGES)
    return tuple((shrink_to_centre(x[:count]), y[:count]) for x, y, count in parts)


def train_one(network: str, seed: int, train):
    """Entrena una de las redes.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.
    train : tuple of (ndarray, ndarray)
        Imágenes y clases.

    Returns
    -------
    model : keras.Model
        La red entrenada.
    result : TrainingResult
        Parámetros, segundos e historia.
    """
    epochs = max(EPOCHS, math.ceil(MIN_STEPS / math.ceil(len(train[0]) / BATCH_SIZE)))
    fix_seeds(seed)
    model = pooling_cnn(*NETWORKS[network])
    return model, fit(model, train, None, epochs=epochs, batch_size=BATCH_SIZE)


def what(network: str, seed: int, data) -> dict:
    """Aprende qué prenda es, siempre en el centro, y se examina con prendas movidas o con ruido.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.

    Returns
    -------
    dict
        Parámetros, segundos, exactitud en entrenamiento (última época), y en prueba por distancia (media de
        las cuatro direcciones) y por nivel de ruido.
    """
    train, (x_test, y_test) = small_garments(data)
    model, result = train_one(network, seed, train)

    def hits(images):
        return accuracy(y_test, predict_classes(model, images))

    rng = np.random.default_rng(seed)
    noise = rng.normal(size=x_test.shape).astype(np.float32)
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "train_accuracy": result.history["accuracy"][-1],
        "shifted_accuracy": [hits(x_test)]
        + [
            float(np.mean([hits(shift_images(x_test, side, distance)) for side in DIRECTIONS]))
            for distance in DISTANCES[1:]
        ],
        "noisy_accuracy": [hits(x_test + level * noise) for level in NOISE_LEVELS],
    }


def where(network: str, seed: int, data) -> float:
    """Aprende en qué columna está la prenda, sea la que sea.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.

    Returns
    -------
    float
        Exactitud en prueba: una de cada diez si responde al azar.
    """
    train, test = (place_in_columns(images) for images, _ in small_garments(data))
    model, _ = train_one(network, seed, train)
    return accuracy(test[1], predict_classes(model, test[0]))


def run(seed: int, data) -> dict:
    """Todas las redes ante la primera pregunta, y las de ``WHERE`` también ante la segunda.

    Returns
    -------
    dict
        En ``what``, lo que devuelve :func:`what` por cada red; en ``where``, lo que devuelve :func:`where`.
    """
    return {
        "what": {network: what(network, seed, data) for network in NETWORKS},
        "where": {network: where(network, seed, data) for network in WHERE},
    }
