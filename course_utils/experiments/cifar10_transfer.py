"""¿Sirve lo aprendido en seis clases de CIFAR-10 para separar otras dos con pocas fotos?

Con las mismas fotos se entrena toda la red desde cero, o una capa sobre los rasgos aprendidos en las seis
clases, o una capa sobre los rasgos de la misma red sin entrenar. La red se entrena hasta que se aplana, con
la tasa que mejor le va; la capa, hasta su mínimo, con la penalización que mejor le va. Que lo que ayuda es
haber aprendido lo dice el control, los rasgos sin entrenar: lo desmentiría que no se distinguieran de los
aprendidos. Las parejas se diferencian en más de una cosa: por qué una transfiere mejor que la otra no lo dice
esta medida.
"""

from dataclasses import replace

import numpy as np

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.dataset import Dataset
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Trained, Training, draw_images, outcome, train_until_flat
from course_utils.networks.linear_probe import LinearProbe, fit_linear_probe
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import colour_cnn
from course_utils.networks.training import fix_seeds

SEEDS = (0, 1, 2, 3, 4)
SOURCE = (0, 1, 2, 4, 6, 8)  # avión, automóvil, pájaro, ciervo, rana y barco
PAIRS = {"horse_truck": (7, 9), "cat_dog": (3, 5)}
SOURCE_IMAGES, SOURCE_VALIDATION_IMAGES = 1500, 300
SIZES = (20, 100)  # fotos de las dos clases juntas
VALIDATION_IMAGES, TEST_IMAGES = 200, 500
PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)  # de los pesos de la capa sobre los rasgos
SOURCE_TRAINING = Training(batch_size=32)
TRAINING = Training(trial_epochs=40, patience=60, max_epochs=1000, batch_size=20)

load_data = load_cifar10
PROBE = Probe(
    300,
    60,
    {
        "PAIRS": {"cat_dog": (3, 5)},
        "SOURCE_IMAGES": 70,
        "SOURCE_VALIDATION_IMAGES": 20,
        "SIZES": (30, 40),
        "VALIDATION_IMAGES": 10,
        "TEST_IMAGES": 8,
        "SOURCE_TRAINING": Training(
            widen=1000, trial_epochs=2, patience=3, flat=0.5, max_epochs=5, batch_size=35
        ),
        "TRAINING": Training(widen=900, trial_epochs=2, patience=6, flat=0.4, max_epochs=4, batch_size=15),
    },
)


def only(images, labels, classes):
    """Las imágenes de unas clases, con las etiquetas contadas de nuevo desde 0.

    Parameters
    ----------
    images : ndarray, shape (N, 32, 32, 3)
    labels : ndarray, shape (N,)
    classes : tuple of int
        Clases que se quedan; la menor pasa a ser la 0.
    """
    kept = np.isin(labels, classes)
    return images[kept], np.searchsorted(sorted(classes), labels[kept])


def alternating(labels, seed: int) -> np.ndarray:
    """Índices en un orden al azar en el que se alternan las dos clases: cada trozo par tiene igual de ambas.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Clases, 0 o 1. De la que más abunda sobran algunos.
    """
    rng = np.random.default_rng(seed)
    first, second = (rng.permutation(np.flatnonzero(labels == label)) for label in (0, 1))
    count = min(len(first), len(second))
    return np.stack([first[:count], second[:count]], axis=1).ravel()


def draw_pair(pair: str, seed: int, data: Dataset, validation: int, test: int, fitting: int):
    """Las fotos de dos clases que tocan a una semilla: para validar, de prueba y para ajustar.

    Con ``n`` fotos se toman las ``n`` primeras de ajustar: las de un tamaño están entre las del siguiente.

    Parameters
    ----------
    validation, test, fitting : int
        Cuántas de cada, las dos clases juntas.

    Returns
    -------
    list of (ndarray, ndarray)
    """
    x_train, y_train = only(data.x_train, data.y_train, PAIRS[pair])
    x_test, y_test = only(data.x_test, data.y_test, PAIRS[pair])
    order, tested = alternating(y_train, seed), alternating(y_test, seed)[:test]
    validating, fitted = np.split(order[: validation + fitting], [validation])
    return [
        (x_train[validating], y_train[validating]),
        (x_test[tested], y_test[tested]),
        (x_train[fitted], y_train[fitted]),
    ]


def source_photos(seed: int, data: Dataset):
    """Las fotos de las seis clases que tocan a una semilla: para ajustar y para validar."""
    images, labels = only(data.x_train, data.y_train, SOURCE)
    six = replace(data, x_train=images, y_train=labels)
    return draw_images(six, seed, SOURCE_IMAGES, SOURCE_VALIDATION_IMAGES)


def untrained_source():
    """La red del capítulo para las seis clases de las que se va a transferir, sin entrenar."""
    return colour_cnn(classes=len(SOURCE))


def train_source(seed: int, data: Dataset) -> Trained:
    """La red que aprende las seis clases de las que se va a transferir."""
    return train_until_flat(untrained_source, *source_photos(seed, data), seed, SOURCE_TRAINING)


def features(model, images):
    """Lo que sale de la capa ``features`` de una red, congelada: 1024 números por imagen.

    Parameters
    ----------
    model : keras.Model
        Una red de :func:`course_utils.networks.models.colour_cnn`.
    images : ndarray, shape (N, 32, 32, 3)
    """
    from keras import Model

    extractor = Model(model.inputs, model.get_layer("features").output)
    return extractor.predict(images, batch_size=500, verbose=0)


def probe_outcome(probe: LinearProbe, train, test) -> dict:
    """Lo que se guarda de una capa sobre rasgos congelados: parámetros, penalización y exactitudes.

    Parameters
    ----------
    train, test : tuple of (ndarray, ndarray)
        Rasgos y clases.
    """
    seen, unseen = (accuracy(labels, probe.scores(inputs).argmax(axis=1)) for inputs, labels in (train, test))
    parameters = probe.weights.size + probe.bias.size
    return {
        "parameters": parameters,
        "penalty": probe.penalty,
        "train_accuracy": seen,
        "test_accuracy": unseen,
    }


def run(seed: int, data: Dataset) -> dict:
    """Por pareja, fotos y manera de aprender, lo que da ``outcome`` o :func:`probe_outcome`.

    ``"scratch"``, toda la red desde cero; ``"frozen"``, una capa densa sobre los rasgos aprendidos;
    ``"random"``, una capa densa sobre los rasgos de una red sin entrenar. En ``"source"``, la red de la que
    se transfiere, con sus seis clases.
    """
    source = train_source(seed, data)
    fix_seeds(seed)
    untrained = untrained_source()
    six = only(data.x_test, data.y_test, SOURCE)
    measured: dict = {"source": outcome(source, source_photos(seed, data)[0], six)}
    bases = {"frozen": source.model, "random": untrained}
    for pair in PAIRS:
        photos = draw_pair(pair, seed, data, VALIDATION_IMAGES, TEST_IMAGES, max(SIZES))
        looks = {
            name: [(features(base, images), labels) for images, labels in photos]
            for name, base in bases.items()
        }
        measured[pair] = {}
        for size in SIZES:
            validation, test, few = first_to_fit(photos, size)
            trained = train_until_flat(lambda: colour_cnn(classes=2), few, validation, seed, TRAINING)
            measured[pair][str(size)] = {"scratch": outcome(trained, few, test)}
            for name, look in looks.items():
                validation, test, few = first_to_fit(look, size)
                probe = fit_linear_probe(few, validation, PENALTIES)
                measured[pair][str(size)][name] = probe_outcome(probe, few, test)
    return measured


def first_to_fit(photos, size: int):
    """Lo que da :func:`draw_pair`, o sus rasgos, con solo las ``size`` primeras de ajustar."""
    validation, test, fitting = photos
    return validation, test, tuple(part[:size] for part in fitting)
