"""El mismo mapa conectado a la imagen de tres maneras: densa, local y con pesos compartidos."""

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import one_map_net
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2, 3, 4)
CONNECTIONS = ("dense", "local", "conv")
EPOCHS = {600: 30, 6000: 10}  # imágenes de entrenamiento: épocas

load_data = load_fashion_mnist


def run_one(connection: str, images: int, seed: int, data) -> dict:
    """Entrena una red y la mide con las imágenes de prueba.

    Parameters
    ----------
    connection : {"dense", "local", "conv"}
        Cómo se conecta el mapa a la imagen.
    images : int
        Imágenes de entrenamiento: las primeras de la parte de ajuste. Una de las claves de ``EPOCHS``.
    seed : int
        Semilla de los pesos iniciales y del orden de los lotes.
    data : Dataset
        Fashion-MNIST o sus datos sustitutos.

    Returns
    -------
    dict
        Parámetros de la red, segundos, exactitud en entrenamiento (última época) y en prueba.
    """
    (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    validation = x_val[:500], y_val[:500]  # aquí no se elige nada con ella
    fix_seeds(seed)
    model = one_map_net(connection)
    result = fit(model, (x_fit[:images], y_fit[:images]), validation, epochs=EPOCHS[images])
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "accuracy": result.history["accuracy"][-1],
        "test_accuracy": accuracy(data.y_test, predict_classes(model, data.x_test)),
    }


def run(seed: int, data) -> dict:
    """Las tres redes, con pocas imágenes y con más.

    Parameters
    ----------
    seed : int
        Semilla.
    data : Dataset
        Fashion-MNIST o sus datos sustitutos.

    Returns
    -------
    dict
        Por cada número de imágenes y cada conexión, lo que devuelve :func:`run_one`.
    """
    return {
        str(images): {connection: run_one(connection, images, seed, data) for connection in CONNECTIONS}
        for images in EPOCHS
    }
