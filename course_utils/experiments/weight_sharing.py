"""¿Acierta más una red cuando las neuronas de un mapa comparten los pesos?

Dos maneras de conectar unos mapas de 26×26 a la imagen, con ventanas de 3×3: con pesos propios en cada
posición (local) o con los de su filtro (convolucional). Se comparan con los mismos mapas (4) y con casi los
mismos parámetros (la convolucional, con 8), y en dos mundos: las prendas centradas, donde lo que se aprende
en un sitio no tiene por qué servir en otro, y en cualquier sitio, donde sirve. Que compartir ayuda cuando el
patrón puede estar en cualquier sitio lo desmentiría que con las prendas movidas no ganaran las dos
convolucionales.
"""

from dataclasses import replace

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Training, draw_parts, outcome, train_until_flat
from course_utils.images.movement import shift_randomly
from course_utils.images.rearrangement import shrink_to_centre
from course_utils.networks.models import one_map_net

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {"local": ("local", 4), "conv_4": ("conv", 4), "conv_8": ("conv", 8)}
PLACES = ("centred", "moved")
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 1000, 500, 2500
DISTANCE = 7  # píxeles que quedan libres a cada lado de la prenda reducida
TRAINING = Training(trial_epochs=3, patience=5)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": {"local": ("local", 4), "conv_8": ("conv", 8)},
        "PLACES": ("moved",),
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": Training(widen=1000, trial_epochs=2, patience=3, flat=0.5, max_epochs=8, batch_size=30),
    },
)


def move_garments(data, seed: int):
    """Las mismas prendas a la mitad de tamaño, cada una en un sitio al azar, que depende de la semilla."""
    rng = np.random.default_rng(seed)
    small = (shrink_to_centre(images).astype(np.uint8) for images in (data.x_train, data.x_test))
    x_train, x_test = (shift_randomly(images, DISTANCE, rng) for images in small)
    return replace(data, x_train=x_train, x_test=x_test)


def run_one(network: str, seed: int, data) -> dict:
    """Entrena una red con las imágenes que tocan a esa semilla y la mide.

    Parameters
    ----------
    network : {"local", "conv_4", "conv_8"}
        Cómo se conectan los mapas y cuántos hay; en la local, cuatro.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`.
    """
    fitting, validation, test = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    trained = train_until_flat(lambda: one_map_net(*NETWORKS[network]), fitting, validation, seed, TRAINING)
    return outcome(trained, fitting, test)


def run(seed: int, data) -> dict:
    """Por sitio de las prendas y red, lo que devuelve :func:`run_one`."""
    placed = {"centred": data, "moved": move_garments(data, seed)}
    return {
        place: {network: run_one(network, seed, placed[place]) for network in NETWORKS} for place in PLACES
    }
