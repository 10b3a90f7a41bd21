"""Dos clases nuevas con pocas imágenes: desde cero, o con los rasgos de una red que aprendió otras seis."""

import numpy as np

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on
from course_utils.networks.models import colour_cnn
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2)
SOURCE = (0, 1, 2, 4, 6, 8)  # avión, automóvil, pájaro, ciervo, rana y barco
PAIRS = {"horse_truck": (7, 9), "cat_dog": (3, 5)}
SOURCE_IMAGES, SOURCE_EPOCHS = 3000, 8
EPOCHS = {20: 40, 100: 30}  # imágenes de las dos clases juntas: épocas
BATCH_SIZE = 20

load_data = load_cifar10
PROBE = Probe(300, 60, {"SOURCE_EPOCHS": 2, "SOURCE_IMAGES": 70, "EPOCHS": {30: 3, 40: 4}})


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


def train_source(seed: int, data):
    """La red entrenada con las seis clases de las que se va a transferir."""
    images, labels = only(data.x_train, data.y_train, SOURCE)
    fix_seeds(seed)
    model = colour_cnn(classes=len(SOURCE))
    fit(model, (images[:SOURCE_IMAGES], labels[:SOURCE_IMAGES]), None, epochs=SOURCE_EPOCHS)
    return model


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


def linear_head():
    """Una capa densa que separa dos clases a partir de 1024 rasgos, sin entrenar."""
    from keras import Sequential, layers

    return Sequential([layers.Input((1024,)), layers.Dense(2)])


def run(seed: int, data) -> dict:
    """Exactitud en prueba por cada pareja de clases, número de imágenes y manera de aprender.

    ``"scratch"``, toda la red desde cero; ``"frozen"``, una capa densa sobre los rasgos aprendidos;
    ``"random"``, una capa densa sobre los rasgos de una red sin entrenar.
    """
    source = train_source(seed, data)
    untrained = colour_cnn(classes=len(SOURCE))
    measured = {}
    for name, classes in PAIRS.items():
        train, test = only(data.x_train, data.y_train, classes), only(data.x_test, data.y_test, classes)
        views = {
            "scratch": (train[0], test[0]),
            "frozen": (features(source, train[0]), features(source, test[0])),
            "random": (features(untrained, train[0]), features(untrained, test[0])),
        }
        measured[name] = {str(size): {} for size in EPOCHS}
        for size, epochs in EPOCHS.items():
            chosen = balanced_sample(train[1], size, seed)
            for view, (x_train, x_test) in views.items():
                fix_seeds(seed)
                model = colour_cnn(classes=2) if view == "scratch" else linear_head()
                few = x_train[chosen], train[1][chosen]
                fit(model, few, None, epochs=epochs, batch_size=BATCH_SIZE)
                measured[name][str(size)][view] = accuracy_on(model, x_test, test[1])
    return measured


def balanced_sample(labels, size: int, seed: int):
    """Índices de ``size`` ejemplos al azar, la mitad de cada una de dos clases.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Clases, 0 o 1.
    size : int
        Cuántos en total, un número par; como mucho, los que hay.
    """
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(labels == label))[: size // 2] for label in (0, 1)])
