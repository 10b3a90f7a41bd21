"""Una red densa y una convolucional ante las mismas prendas, con el mismo protocolo."""

from dataclasses import asdict

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, enough_epochs
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.metrics import accuracy, confusion_matrix
from course_utils.networks.models import dense_beginner, small_cnn
from course_utils.networks.training import fit, fix_seeds, predict_classes

SEEDS = (0, 1, 2)
NETWORKS = {"dense": dense_beginner, "cnn": small_cnn}
EPOCHS = 5
BATCH_SIZE = 64
MIN_STEPS = 840  # con pocas imágenes, cinco épocas serían muy pocos pasos
DISTANCES = (0, 1, 2, 3, 4)  # píxeles

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": 2, "MIN_STEPS": 1, "BATCH_SIZE": 40, "DISTANCES": (0, 2)})


def train(network: str, seed: int, data):
    """Entrena una de las dos redes con la parte de ajuste y la mide época a época con la de validación.

    Parameters
    ----------
    network : {"dense", "cnn"}

    Returns
    -------
    model : keras.Model
    result : TrainingResult
    """
    fitting, validation = split_validation(data)
    epochs = enough_epochs(EPOCHS, len(fitting[0]), BATCH_SIZE, MIN_STEPS)
    fix_seeds(seed)
    model = NETWORKS[network]()
    return model, fit(model, fitting, validation, epochs=epochs, batch_size=BATCH_SIZE)


def shifted_accuracy(model, data) -> dict[str, list[float]]:
    """Por cada dirección, exactitud con las imágenes de prueba desplazadas ``DISTANCES`` píxeles."""
    return {
        direction: [
            accuracy_on(model, shift_images(data.x_test, direction, distance), data.y_test)
            for distance in DISTANCES
        ]
        for direction in DIRECTIONS
    }


def run(seed: int, data) -> dict:
    """Por red: parámetros, segundos, historia, exactitud en prueba, también al desplazar, y confusión."""
    measured = {}
    for network in NETWORKS:
        model, result = train(network, seed, data)
        predicted = predict_classes(model, data.x_test)
        measured[network] = asdict(result) | {
            "test_accuracy": accuracy(data.y_test, predicted),
            "confusion": confusion_matrix(data.y_test, predicted, len(data.class_names)).tolist(),
            "shifted_accuracy": shifted_accuracy(model, data),
        }
    return measured
