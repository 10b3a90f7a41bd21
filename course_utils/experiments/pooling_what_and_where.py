"""¿Qué da y qué cuesta condensar los mapas, si se pregunta qué prenda es y si se pregunta dónde está?

Cambia cómo se condensa: nada, el máximo con ventanas de 2×2 al mapa entero, el promedio o el stride. Cada red
se entrena hasta que se aplana, con la tasa que mejor le va. La de stride 2 es el control del máximo de 2×2:
sus mapas son igual de pequeños y no resumen nada. Que el *pooling* da tolerancia a los desplazamientos lo
desmentiría que la de máximo, con la prenda movida, no sacara nada a la de stride; que condensar cuesta, que
la que no condensa no acertara más con la prenda en su sitio. Con ruido, el control del máximo es el promedio.
"""

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Trained,
    Training,
    accuracy_on,
    draw_parts,
    mean_over_directions,
    outcome,
    probe_training,
    train_until_flat,
)
from course_utils.images.movement import shift_images
from course_utils.images.rearrangement import shrink_to_centre
from course_utils.networks.models import pooling_cnn

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {
    "none": ("max", 1),  # una ventana de un píxel no cambia nada
    "max_2": ("max", 2),
    "max_7": ("max", 7),
    "max_28": ("max", 28),
    "average_2": ("average", 2),
    "stride_2": ("stride", 2),
}
WHERE = ("none", "max_2", "max_7")  # la global no puede: le llega lo mismo esté donde esté
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 600, 400, 1000
TRAINING = Training(rates=(0.001, 0.003, 0.01), trial_epochs=10)
DISTANCES = (0, 1, 2, 3, 4)  # píxeles
NOISE_LEVELS = (0, 10, 25, 50)  # desviación típica, en grises de 0 a 255
LEFTMOST = -5  # la clase de «dónde» es el desplazamiento, de −5 a 4 píxeles: diez clases

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": {"average_2": ("average", 2)},
        "WHERE": ("average_2",),
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, rates=(1e-18, 0.03, 1), patience=3),
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


def small_garments(data, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Las prendas que tocan a una semilla, reducidas al centro para que al moverlas no se corten.

    Tres parejas de imágenes y etiquetas: con las que se ajusta, con las que se valida y las de prueba.
    """
    parts = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    return [(shrink_to_centre(images), labels) for images, labels in parts]


def _train(network: str, seed: int, fitting, validation) -> Trained:
    return train_until_flat(lambda: pooling_cnn(*NETWORKS[network]), fitting, validation, seed, TRAINING)


def what(network: str, seed: int, data) -> dict:
    """Aprende qué prenda es, siempre en el centro, y se examina con prendas movidas o con ruido.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`, y la exactitud en prueba por distancia
        (media de las cuatro direcciones) y por nivel de ruido.
    """
    fitting, validation, test = small_garments(data, seed)
    trained = _train(network, seed, fitting, validation)

    def measure(images):
        return accuracy_on(trained.model, images, test[1])

    noise = np.random.default_rng(seed).normal(size=test[0].shape).astype(np.float32)
    return outcome(trained, fitting, test) | {
        "shifted_accuracy": mean_over_directions(measure, test[0], DISTANCES),
        "noisy_accuracy": [measure(test[0] + level * noise) for level in NOISE_LEVELS],
    }


def where(network: str, seed: int, data) -> dict:
    """Aprende en qué columna está la prenda; quien responde al azar acierta una de cada diez.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`.
    """
    fitting, validation, test = (place_in_columns(images) for images, _ in small_garments(data, seed))
    return outcome(_train(network, seed, fitting, validation), fitting, test)


def run(seed: int, data) -> dict:
    """Lo que devuelve :func:`what` con todas las redes, y :func:`where` con las de ``WHERE``."""
    return {
        "what": {network: what(network, seed, data) for network in NETWORKS},
        "where": {network: where(network, seed, data) for network in WHERE},
    }
