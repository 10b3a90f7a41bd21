"""Una capa densa, dos seguidas y dos con ReLU en medio, ante las mismas prendas."""

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import enough_epochs
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2, 3, 4)
HIDDEN = 64  # neuronas de la primera de las dos capas
NETWORKS = ("one", "two", "two_relu")
EPOCHS = 10
BATCH_SIZE = 256
MIN_STEPS = 480  # con pocas imágenes, diez épocas serían muy pocos pasos

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"EPOCHS": 2, "MIN_STEPS": 1, "BATCH_SIZE": 40})


def build(network: str):
    """Una red sin entrenar, de imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax."""
    from keras import Sequential, layers

    hidden = {
        "one": [],
        "two": [layers.Dense(HIDDEN)],
        "two_relu": [layers.Dense(HIDDEN, activation="relu")],
    }[network]
    start = [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten()]
    return Sequential([*start, *hidden, layers.Dense(10)], name=network)


def train(network: str, seed: int, data):
    """Entrena una de las tres redes con la parte de ajuste y la mide época a época con la de validación.

    Parameters
    ----------
    network : {"one", "two", "two_relu"}
        Una capa densa de 10 neuronas, o una de 64 y una de 10, sin activación entre ellas o con ReLU.

    Returns
    -------
    model : keras.Sequential
    result : TrainingResult
    """
    fitting, validation = split_validation(data)
    epochs = enough_epochs(EPOCHS, len(fitting[0]), BATCH_SIZE, MIN_STEPS)
    fix_seeds(seed)
    model = build(network)
    return model, fit(model, fitting, validation, epochs=epochs, batch_size=BATCH_SIZE)


def run(seed: int, data) -> dict:
    """Por cada red: parámetros e historia de la pérdida y la exactitud."""
    measured = {}
    for network in NETWORKS:
        _, result = train(network, seed, data)
        measured[network] = {"parameters": result.parameters, "history": result.history}
    return measured
