"""¿Quién reconoce una prenda fuera del sitio donde la aprendió, y quién sabe dónde está?

Prendas pequeñas en el centro de un lienzo. Cambia la red: densa, o convolucional que lee sus mapas aplanados
o por su máximo. Cada una se entrena hasta que se aplana, con la tasa que mejor le va, y se examina con la
prenda movida. Controles de las que se hunden:

- la densa con lo que cae fuera del centro borrado: si se hundía por los píxeles que nunca vio encendidos,
  dejará de hundirse;
- la que aplana con sus mapas devueltos al centro antes de la última capa: si quien no sigue a la prenda es
  esa capa, y no las convoluciones, acertará como en el centro;
- la densa entrenada con las prendas movidas: si una densa no pudiera acertar fuera del centro, tampoco
  acertaría.

Y parejas de prendas en las que se pregunta cuál va a la izquierda: el máximo de cada mapa no puede saberlo.
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
from course_utils.images.movement import DIRECTIONS, shift_images, shift_randomly
from course_utils.images.rearrangement import place_in_pairs, shrink_to_centre
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import dense_beginner, readout_cnn
from course_utils.ops.pooling import avg_pool2d

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = ("dense", "dense_moved", "flatten", "global_max")
READOUTS = ("flatten", "global_max")  # las dos que también separan parejas
DISTANCES = (0, 1, 2, 3, 4, 5, 6, 7)  # píxeles: con 7, la prenda llega al borde y no se corta
CENTRE = slice(7, 21)  # filas y columnas donde están las prendas al entrenar
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 2000, 500, 1000
PAIR_IMAGES, PAIR_VALIDATION_IMAGES = 1500, 500  # de diez clases: de cada una de las dos, la décima parte
PAIR_TEST_IMAGES = 2500
PAIR_CLASSES = (7, 8)  # zapatilla y bolso
TRAINING = Training(trial_epochs=6)

load_data = load_fashion_mnist
PROBE = Probe(
    260,
    60,
    {
        "NETWORKS": ("dense", "dense_moved", "flatten"),
        "READOUTS": ("global_max",),
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "PAIR_IMAGES": 200,
        "PAIR_VALIDATION_IMAGES": 50,
        "PAIR_TEST_IMAGES": 55,
        "DISTANCES": (0, 5),
        "TRAINING": probe_training(30, rates=(1e-18, 3e-5, 1)),
    },
)


def small_garments(data, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Las prendas que tocan a una semilla, reducidas al centro de su lienzo.

    Tres parejas de imágenes y etiquetas: con las que se ajusta, con las que se valida y las de prueba.
    """
    parts = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    return [(shrink_to_centre(images), labels) for images, labels in parts]


def train(network: str, seed: int, data) -> Trained:
    """Una red entrenada con prendas de 14×14 en el centro de un lienzo de 28×28.

    Parameters
    ----------
    network : {"dense", "dense_moved", "flatten", "global_max"}
        La densa, la densa con cada prenda, también las de validación, en un sitio al azar, o una de las dos
        convolucionales.
    """
    parts = small_garments(data, seed)[:2]
    if network == "dense_moved":
        rng = np.random.default_rng(seed)
        parts = [(shift_randomly(images, max(DISTANCES), rng), labels) for images, labels in parts]
    build = dense_beginner if network.startswith("dense") else lambda: readout_cnn(network)
    return train_until_flat(build, *parts, seed, TRAINING)


def shifted_accuracy(model, test) -> list[float]:
    """Exactitud con las prendas de prueba a cada una de ``DISTANCES``, media de las cuatro direcciones."""
    images, labels = test
    return mean_over_directions(lambda moved: accuracy_on(model, moved, labels), images, DISTANCES)


def masked_accuracy(model, test) -> list[float]:
    """Lo mismo que :func:`shifted_accuracy`, con un 0 en todo píxel de fuera del centro."""
    images, labels = test
    centre = np.zeros_like(images[:1])
    centre[:, CENTRE, CENTRE] = 1
    return mean_over_directions(lambda moved: accuracy_on(model, moved * centre, labels), images, DISTANCES)


def realigned_accuracy(model, test) -> list[float]:
    """Lo mismo que :func:`shifted_accuracy`, con los mapas devueltos al centro antes de aplanarlos.

    A más de 4 píxeles, lo que las convoluciones ven alrededor de la prenda se sale del mapa y se pierde.
    """
    from keras import Model

    images, labels = test
    flatten = next(layer for layer in model.layers if layer.name.startswith("flatten"))
    maps_of = Model(model.inputs, flatten.input)

    def measure(direction: str, distance: int) -> float:
        maps = maps_of.predict(shift_images(images, direction, distance), batch_size=500, verbose=0)
        back = [-step * distance for step in DIRECTIONS[direction]]
        scores = model.layers[-1](np.roll(maps, back, axis=(1, 2)).reshape(len(maps), -1))
        return accuracy(labels, np.argmax(scores, axis=1))

    return [float(np.mean([measure(where, distance) for where in DIRECTIONS])) for distance in DISTANCES]


CONTROLS = {"dense": masked_accuracy, "flatten": realigned_accuracy}


def garment_pairs(images, labels) -> tuple[np.ndarray, np.ndarray]:
    """Cada pareja de zapatilla y bolso dos veces, una en cada orden.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, 1)
        Prendas.
    labels : ndarray of int, shape (N,)
        Sus clases.

    Returns
    -------
    pairs : ndarray of float32, shape (2 P, H / 2, W + 16, 1)
        Parejas de prendas reducidas a la mitad; en la primera mitad, la zapatilla va a la izquierda.
    sides : ndarray of int64, shape (2 P,)
        0 si la zapatilla va a la izquierda, 1 si va a la derecha.
    """
    first, second = (avg_pool2d(images[labels == label], 2) for label in PAIR_CLASSES)
    count = min(len(first), len(second))
    first, second = first[:count], second[:count]
    pairs = np.concatenate([place_in_pairs(first, second), place_in_pairs(second, first)])
    return pairs, np.repeat([0, 1], count)


def pairs_outcome(readout: str, seed: int, data) -> dict:
    """Entrena una red para decir quién va a la izquierda; a cara o cruz se acierta 0,5.

    Lo que da :func:`~course_utils.experiments.protocol.outcome`.
    """
    parts = draw_parts(data, seed, PAIR_IMAGES, PAIR_VALIDATION_IMAGES, PAIR_TEST_IMAGES)
    fitting, validation, test = (garment_pairs(*part) for part in parts)

    def build():
        return readout_cnn(readout, fitting[0].shape[1:], classes=2)

    return outcome(train_until_flat(build, fitting, validation, seed, TRAINING), fitting, test)


def run(seed: int, data) -> dict:
    """``centred``, lo que da ``outcome`` de cada red; ``shifted`` y ``control``, por red, la exactitud a cada
    distancia; ``pairs``, lo que da :func:`pairs_outcome` de cada lectura.
    """
    fitting, _, test = small_garments(data, seed)
    models = {network: train(network, seed, data) for network in NETWORKS}
    return {
        "centred": {network: outcome(trained, fitting, test) for network, trained in models.items()},
        "shifted": {network: shifted_accuracy(one.model, test) for network, one in models.items()},
        "control": {network: control(models[network].model, test) for network, control in CONTROLS.items()},
        "pairs": {readout: pairs_outcome(readout, seed, data) for readout in READOUTS},
    }
