"""Pesos compartidos con el doble de filtros: casi los mismos parámetros que el mapa local de cuatro."""

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.protocol import Probe
from course_utils.experiments.weight_sharing import EPOCHS
from course_utils.experiments.weight_sharing_moved import move_garments
from course_utils.networks.metrics import accuracy
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2, 3, 4)
FILTERS = 8

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": {40: 2, 80: 2}})


def eight_maps_net():
    """La red convolucional de ``one_map_net`` con ocho filtros, sin entrenar.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 54 170 parámetros.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(FILTERS, kernel_size=3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def run_one(images: int, seed: int, data) -> dict:
    """Entrena la red y la mide con las imágenes de prueba.

    Parameters
    ----------
    images : int
        Imágenes de entrenamiento, como en :func:`~course_utils.experiments.weight_sharing.run_one`.

    Returns
    -------
    dict
        Parámetros de la red, segundos, exactitud en entrenamiento (última época) y en prueba.
    """
    (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    validation = x_val[:500], y_val[:500]  # aquí no se elige nada con ella
    fix_seeds(seed)
    model = eight_maps_net()
    result = fit(model, (x_fit[:images], y_fit[:images]), validation, epochs=EPOCHS[images])
    return {
        "parameters": result.parameters,
        "seconds": round(result.seconds, 1),
        "accuracy": result.history["accuracy"][-1],
        "test_accuracy": accuracy(data.y_test, predict_classes(model, data.x_test)),
    }


def run(seed: int, data) -> dict:
    """La red de ocho filtros con las prendas en su sitio y movidas, con pocas imágenes y con más.

    Returns
    -------
    dict
        ``"centred"`` y ``"moved"``: por cada número de imágenes, lo que devuelve :func:`run_one`.
    """
    places = {"centred": data, "moved": move_garments(data)}
    return {
        place: {str(images): run_one(images, seed, placed) for images in EPOCHS}
        for place, placed in places.items()
    }
