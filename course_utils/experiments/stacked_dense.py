"""¿Sirve de algo una segunda capa densa sin activación entre las dos? ¿Y con ReLU?

Cambian la capa y la activación; cada red se entrena hasta que se aplana, con la tasa que mejor le va. Que la
ReLU añade algo lo dice su control: las mismas dos capas, con los mismos parámetros, sin ella. Lo desmentiría
que la diferencia entre las dos no se distinguiera de cero. ``trial_losses`` es la pérdida de validación tras
las mismas pocas épocas con cada una de ``TRAINING.rates``: qué red parece mejor según la tasa que compartan.
"""

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Trained, Training, draw_images, outcome, train_until_flat

SEEDS = (0, 1, 2, 3, 4)
HIDDEN = 64  # neuronas de la primera de las dos capas
NETWORKS = ("one", "two", "two_relu")
IMAGES, VALIDATION_IMAGES = 4000, 1000
TRAINING = Training(batch_size=128)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": ("one", "two_relu"),
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TRAINING": Training(trial_epochs=2, patience=4, flat=0.5, max_epochs=8, batch_size=30),
    },
)


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


def train(network: str, seed: int, data) -> Trained:
    """Entrena una de las tres redes con las imágenes que tocan a esa semilla.

    Parameters
    ----------
    network : {"one", "two", "two_relu"}
        Una capa densa de 10 neuronas, o una de 64 y una de 10, sin activación entre ellas o con ReLU.
    """
    fitting, validation = draw_images(data, seed, IMAGES, VALIDATION_IMAGES)
    return train_until_flat(lambda: build(network), fitting, validation, seed, TRAINING)


def run(seed: int, data) -> dict:
    """Por cada red, lo que da :func:`~course_utils.experiments.protocol.outcome` y ``trial_losses``."""
    fitting, _ = draw_images(data, seed, IMAGES, VALIDATION_IMAGES)
    measured = {}
    for network in NETWORKS:
        trained = train(network, seed, data)
        measured[network] = outcome(trained, fitting, (data.x_test, data.y_test))
        measured[network]["trial_losses"] = [trained.trial_losses[rate] for rate in TRAINING.rates]
    return measured
