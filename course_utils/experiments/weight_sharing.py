"""El mismo mapa conectado a la imagen de tres maneras: densa, local y con pesos compartidos."""

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, fitting_images
from course_utils.networks.models import one_map_net
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2, 3, 4)
CONNECTIONS = ("dense", "local", "conv")
EPOCHS = {600: 30, 6000: 10}  # imágenes de entrenamiento: épocas

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": {70: 2, 80: 2}})


def run_one(connection: str, images: int, seed: int, data, filters: int = 4) -> dict:
    """Entrena una red y la mide con las imágenes de prueba.

    Parameters
    ----------
    connection : {"dense", "local", "conv"}
        Cómo se conecta el mapa a la imagen.
    images : int
        Imágenes de entrenamiento: las primeras de la parte de ajuste. Una de las claves de ``EPOCHS``.
    filters : int
        Mapas de la red convolucional.

    Returns
    -------
    dict
        Parámetros de la red, segundos, exactitud en entrenamiento (última época) y en prueba.
    """
    fix_seeds(seed)
    model = one_map_net(connection, filters)
    result = fit(model, fitting_images(data, images), None, epochs=EPOCHS[images])
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "accuracy": result.history["accuracy"][-1],
        "test_accuracy": accuracy_on(model, data.x_test, data.y_test),
    }


def run(seed: int, data) -> dict:
    """Por cada número de imágenes y cada conexión, lo que devuelve :func:`run_one`."""
    return {
        str(images): {connection: run_one(connection, images, seed, data) for connection in CONNECTIONS}
        for images in EPOCHS
    }
