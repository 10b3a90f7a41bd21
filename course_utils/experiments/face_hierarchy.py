"""Qué sabe cada capa de una red que separa caras de caras descolocadas, antes y después de entrenarla."""

import numpy as np

from course_utils.datasets.dataset import Dataset, split_validation
from course_utils.datasets.drawn.faces import CLASS_NAMES, generate_faces
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on
from course_utils.networks.activations import feature_maps, top_patches
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import face_cnn, face_dense
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2, 3, 4)
LAYERS = ("conv1", "conv2", "conv3")
EPOCHS = {"cnn": 6, "dense": 30}  # la densa tarda menos por época y necesita más
DISTANCES = (0, 1, 2, 3, 4, 5)  # píxeles: a cada lado siempre hay cinco de fondo
PATCHES = 16  # ventanas por filtro
NEAR = 4  # píxeles del centro de la ventana al de la pieza, a lo sumo
TRAIN, TEST = 2400, 1000  # imágenes
TRAIN_SEED, TEST_SEED = 1, 2  # de los dibujos
PROBE = Probe(96, 24, {"EPOCHS": {"cnn": 2, "dense": 3}, "DISTANCES": (0, 3), "PATCHES": 4})


def load_data(train: int = TRAIN, test: int = TEST) -> Dataset:
    """Las caras del experimento: siempre las mismas; clase 1, cara; clase 0, descolocada.

    Parameters
    ----------
    train, test : int
        Imágenes de cada parte; en las dos, la mitad son caras.
    """
    training, testing = generate_faces(train, TRAIN_SEED), generate_faces(test, TEST_SEED)
    return Dataset(
        "caras", training.images, training.labels, testing.images, testing.labels, CLASS_NAMES,
        provenance="dibujadas por el curso", licence="CC BY 4.0", is_stand_in=False,
    )  # fmt: skip


def train(network: str, seed: int, data: Dataset):
    """Entrena una red con la parte de ajuste de las caras.

    Parameters
    ----------
    network : {"cnn", "dense"}

    Returns
    -------
    model : keras.Model
    result : TrainingResult
    """
    fitting, validation = split_validation(data)
    fix_seeds(seed)
    model = {"cnn": face_cnn, "dense": face_dense}[network]()
    return model, fit(model, fitting, validation, epochs=EPOCHS[network])


def moved_accuracy(model, data: Dataset) -> list[float]:
    """Exactitud en prueba al mover las caras de lado; el fondo que sale por un borde entra por el otro.

    Por cada distancia de ``DISTANCES``, la media de mover a la izquierda y a la derecha.
    """

    def moved(cols):
        return accuracy_on(model, np.roll(data.x_test, cols, axis=2), data.y_test)

    return [float(np.mean([moved(-distance), moved(distance)])) for distance in DISTANCES]


def strongest(model, images, layer: str) -> np.ndarray:
    """La mayor respuesta de cada filtro en cada imagen, (N, F): si aparece su patrón, no dónde.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.
    images : ndarray, shape (N, H, W, C)
    layer : str
        Capa convolucional, de F filtros.
    """
    return feature_maps(model, images, [layer])[layer].max(axis=(1, 2))


def probe_accuracy(train_features, train_labels, test_features, test_labels) -> float:
    """Exactitud de una sonda lineal: los mejores pesos, por mínimos cuadrados, para adivinar la clase.

    Se mide con la parte de prueba; 0,5 es el azar.

    Parameters
    ----------
    train_features, test_features : ndarray, shape (N, F)
        Lo que ve la sonda.
    train_labels, test_labels : ndarray of int, shape (N,)
        Clase, 0 o 1.
    """

    def with_bias(features):
        return np.column_stack([features, np.ones(len(features))])

    weights, *_ = np.linalg.lstsq(with_bias(train_features), 2 * train_labels - 1.0, rcond=None)
    return accuracy(test_labels, (with_bias(test_features) @ weights > 0).astype(int))


def preference(patches, labels) -> float:
    """Cuánto prefieren los filtros una clase: 0 si sus ventanas son de las dos por igual, 1 si de una sola.

    Media de ``|2p − 1|`` en los filtros vivos, con ``p`` la parte de sus ventanas que son de la clase 1.
    """
    live = patches.values[:, 0] > 0
    share = labels[patches.images[live]].mean(axis=1)
    return float(np.abs(2 * share - 1).mean())


def part_filters(patches, faces) -> int:
    """Cuántos filtros buscan una pieza: tres de cada cuatro de sus ventanas están centradas en la misma.

    De los filtros vivos, cuántos tienen la misma clase de pieza (ojo, nariz o boca) a ``NEAR`` píxeles o
    menos del centro, en cada eje.
    """
    live = patches.values[:, 0] > 0
    images = patches.images[live]
    away = np.abs(patches.centers[live][:, :, np.newaxis] - faces.centers[images]).max(axis=-1)  # (F, K, 4)
    centered = [((away <= NEAR) & (faces.parts[images] == part)).any(axis=-1) for part in range(3)]
    return int((np.mean(centered, axis=-1).max(axis=0) >= 0.75).sum())


def measure_layers(model, data: Dataset) -> dict:
    """Lo que sabe cada capa de una red, entrenada o no.

    Exactitud de la sonda, preferencia de los filtros por una clase, filtros vivos y los que buscan una pieza.
    """
    faces = generate_faces(len(data.x_test), TEST_SEED)
    measured = {}
    for layer in LAYERS:
        seen = [strongest(model, images, layer) for images in (data.x_train, data.x_test)]
        patches = top_patches(model, data.x_test, layer, count=PATCHES)
        measured[layer] = {
            "probe": probe_accuracy(seen[0], data.y_train, seen[1], data.y_test),
            "preference": preference(patches, data.y_test),
            "live": int((patches.values[:, 0] > 0).sum()),
            "part_filters": part_filters(patches, faces),
        }
    return measured


def run(seed: int, data: Dataset) -> dict:
    """Lo que sabe cada capa antes y después de entrenar, y la exactitud con las caras movidas.

    La exactitud es la de la misma red y la de una densa, con las caras en su sitio y a cada distancia.
    """
    fix_seeds(seed)
    untrained = measure_layers(face_cnn(), data)
    cnn, _ = train("cnn", seed, data)
    dense, _ = train("dense", seed, data)
    return {
        "untrained": untrained,
        "trained": measure_layers(cnn, data),
        "moved_accuracy": {"cnn": moved_accuracy(cnn, data), "dense": moved_accuracy(dense, data)},
    }
