"""La misma red con pooling de varios tamaños ante dos preguntas: qué prenda es y dónde está."""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, enough_epochs, fitting_images, mean_over_directions
from course_utils.images.movement import shift_images
from course_utils.images.rearrangement import shrink_to_centre
from course_utils.networks.models import pooling_cnn
from course_utils.networks.training import fit, fix_seeds

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
        "TRAIN_IMAGES": 70,
        "TEST_IMAGES": 15,
        "EPOCHS": 2,
        "MIN_STEPS": 1,
        "BATCH_SIZE": 40,
        "DISTANCES": (0, 2),
        "NOISE_LEVELS": (10, 25),
    },
)


def place_in_columns(images):
    """Mueve la imagen número i, con sitio a los lados, ``i % 10 - 5`` píxeles a la derecha.

    Devuelve las imágenes movidas y ``i % 10``, la clase.
    """
    columns = np.arange(len(images)) % 10
    placed = np.empty_like(images)
    for column in range(10):
        distance = LEFTMOST + column
        direction = "right" if distance > 0 else "left"
        placed[columns == column] = shift_images(images[columns == column], direction, abs(distance))
    return placed, columns


def small_garments(data):
    """Entrenamiento y prueba con las prendas reducidas al centro, para que al moverlas no se corten."""
    x_train, y_train = fitting_images(data, TRAIN_IMAGES)
    x_test, y_test = data.x_test[:TEST_IMAGES], data.y_test[:TEST_IMAGES]
    return (shrink_to_centre(x_train), y_train), (shrink_to_centre(x_test), y_test)


def train_one(network: str, seed: int, train):
    """Una de las redes, entrenada con unas imágenes y sus clases, y su ``TrainingResult``."""
    epochs = enough_epochs(EPOCHS, len(train[0]), BATCH_SIZE, MIN_STEPS)
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

    def measure(images):
        return accuracy_on(model, images, y_test)

    rng = np.random.default_rng(seed)
    noise = rng.normal(size=x_test.shape).astype(np.float32)
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "train_accuracy": result.history["accuracy"][-1],
        "shifted_accuracy": mean_over_directions(measure, x_test, DISTANCES),
        "noisy_accuracy": [measure(x_test + level * noise) for level in NOISE_LEVELS],
    }


def where(network: str, seed: int, data) -> float:
    """Aprende en qué columna está la prenda: exactitud en prueba, una de cada diez si responde al azar.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.
    """
    train, test = (place_in_columns(images) for images, _ in small_garments(data))
    model, _ = train_one(network, seed, train)
    return accuracy_on(model, *test)


def run(seed: int, data) -> dict:
    """Lo que devuelve :func:`what` con todas las redes, y :func:`where` con las de ``WHERE``."""
    return {
        "what": {network: what(network, seed, data) for network in NETWORKS},
        "where": {network: where(network, seed, data) for network in WHERE},
    }
