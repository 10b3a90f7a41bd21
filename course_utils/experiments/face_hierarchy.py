"""¿Qué sabe cada capa de una red que separa caras de caras descolocadas, antes y después de entrenarla?

De cada capa se mide cuánto acierta una sonda lineal que solo ve la mayor respuesta de cada filtro: qué hay, y
no dónde. La red se entrena hasta que se aplana, con la tasa que mejor le va. Tres controles: la misma red sin
entrenar, para saber qué pone el entrenamiento; ocho filtros de cada capa, elegidos al azar, para que una no
gane por dar más números; y sondas que lo ven todo, los píxeles o los mapas enteros, que dicen si lo que falta
en una capa es información o es que la sonda no ve el dónde. Que la tercera capa convierte la disposición en
un «qué» lo desmentiría que, con ocho filtros, no acertara más que la primera ni que sin entrenar. La densa,
entrenada igual, se compara con las caras en su sitio y movidas.
"""

from dataclasses import astuple, replace

import numpy as np

from course_utils.datasets.dataset import Dataset, split_validation
from course_utils.datasets.drawn.faces import CLASS_NAMES, Faces, generate_faces
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Trained,
    Training,
    accuracy_on,
    outcome,
    probe_training,
    train_until_flat,
)
from course_utils.networks.activations import feature_maps, top_patches
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import face_cnn, face_dense
from course_utils.networks.training import fix_seeds

SEEDS = (0, 1, 2, 3, 4)
LAYERS = ("conv1", "conv2", "conv3")
WHOLE = ("pool1", "pool2", "conv3")  # los mapas que se leen enteros
NETWORKS = {"cnn": face_cnn, "dense": face_dense}
TRAINING = Training(rates=(0.001, 0.003, 0.01), trial_epochs=3, patience=6)
SAME_FILTERS, DRAWS = 8, 20  # los de conv1, y cuántas veces se eligen en las demás
PENALTIES = tuple(10.0**power for power in range(-9, 2))  # de una sonda; véase probe_accuracy
DISTANCES = (0, 1, 2, 3, 4, 5)  # píxeles: a cada lado siempre hay cinco de fondo
PATCHES = 16  # ventanas por filtro
NEAR = 4  # píxeles del centro de la ventana al de la pieza, a lo sumo
IMAGES, TEST_IMAGES = 2400, 1000  # en cada semilla; de las primeras, la sexta parte es de validación
TRAIN, TEST = 3 * IMAGES, 3 * TEST_IMAGES
TRAIN_SEED, TEST_SEED = 1, 2  # de los dibujos
PROBE = Probe(
    96,
    24,
    {
        "IMAGES": 48,
        "TEST_IMAGES": 20,
        "TRAINING": probe_training(20, rates=(1e-18, 0.003, 1), patience=3),
        "DRAWS": 2,
        "DISTANCES": (0, 3),
        "PATCHES": 4,
    },
)


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


def draw_faces(seed: int, data: Dataset) -> Dataset:
    """Las caras que tocan a una semilla, de entrenamiento y de prueba."""
    train, test = _drawn(seed, len(data.x_train), IMAGES), _drawn(seed, len(data.x_test), TEST_IMAGES)
    return replace(
        data,
        x_train=data.x_train[train],
        y_train=data.y_train[train],
        x_test=data.x_test[test],
        y_test=data.y_test[test],
    )


def _drawn(seed: int, available: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(available)[:count]


def train(network: str, seed: int, faces: Dataset) -> Trained:
    """Entrena una red con las caras que tocan a una semilla.

    Parameters
    ----------
    network : {"cnn", "dense"}
    faces : Dataset
        Lo que da :func:`draw_faces`.
    """
    fitting, validation = split_validation(faces)
    return train_until_flat(NETWORKS[network], fitting, validation, seed, TRAINING)


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


def probe_accuracy(train, validation, test, penalties=PENALTIES) -> float:
    """Exactitud en prueba de una sonda lineal: los pesos que mejor adivinan la clase, por mínimos cuadrados.

    A los errores al cuadrado se les suman los pesos al cuadrado, por una penalización que se elige en
    validación: de casi nada a tanto que la sonda apenas se mueve.

    Parameters
    ----------
    train, validation, test : tuple of (ndarray, ndarray)
        Lo que ve la sonda, de forma (N, …), y la clase, 0 o 1.
    penalties : sequence of float
        Las que se prueban, como parte de la mayor varianza de los rasgos.
    """
    (x_fit, y_fit), (x_val, y_val), (x_test, _) = (
        (np.reshape(features, (len(features), -1)).astype(float), 2 * labels - 1.0)
        for features, labels in (train, validation, test)
    )
    middle, level = x_fit.mean(axis=0), y_fit.mean()
    left, sizes, axes = np.linalg.svd(x_fit - middle, full_matrices=False)
    along = sizes * (left.T @ (y_fit - level))

    def scores(features, penalty):
        weights = axes.T @ (along / (sizes**2 + max(penalty * sizes[0] ** 2, 1e-9)))
        return (features - middle) @ weights + level

    best = min(penalties, key=lambda penalty: np.mean((scores(x_val, penalty) - y_val) ** 2))
    return accuracy(test[1], (scores(x_test, best) > 0).astype(int))


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


def located_faces(seed: int, data: Dataset) -> Faces:
    """Las caras de prueba que tocan a una semilla, con el lugar de cada pieza."""
    chosen = _drawn(seed, len(data.x_test), TEST_IMAGES)
    return Faces(*(part[chosen] for part in astuple(generate_faces(len(data.x_test), TEST_SEED))))


def probe_parts(look, faces: Dataset) -> list[tuple]:
    """Lo que ``look`` ve en las caras de ajuste, de validación y de prueba, con sus clases."""
    parts = (*split_validation(faces), (faces.x_test, faces.y_test))
    return [(look(images), labels) for images, labels in parts]


def measure_layers(model, seed: int, faces: Dataset, located: Faces) -> dict:
    """Lo que sabe cada capa de una red, entrenada o no.

    Por capa, exactitud de la sonda con la mayor respuesta de cada filtro, con todos y con ``SAME_FILTERS``
    (media de ``DRAWS`` sorteos); preferencia de los filtros por una clase, filtros vivos y los que buscan una
    pieza. En ``"whole"``, la sonda que ve los mapas enteros.

    Parameters
    ----------
    located : Faces
        Las caras de prueba, con el lugar de cada pieza.
    """
    measured: dict = {}
    rng = np.random.default_rng(seed)
    for layer in LAYERS:
        seen = probe_parts(lambda images, layer=layer: strongest(model, images, layer), faces)
        filters = seen[0][0].shape[1]
        draws = [rng.permutation(filters)[:SAME_FILTERS] for _ in range(DRAWS)]
        some = [[(values[:, chosen], labels) for values, labels in seen] for chosen in draws]
        patches = top_patches(model, faces.x_test, layer, count=PATCHES)
        measured[layer] = {
            "probe": probe_accuracy(*seen),
            "probe_same_filters": float(np.mean([probe_accuracy(*one) for one in some])),
            "preference": preference(patches, faces.y_test),
            "live": int((patches.values[:, 0] > 0).sum()),
            "part_filters": part_filters(patches, located),
        }
    measured["whole"] = {
        layer: probe_accuracy(
            *probe_parts(lambda images, layer=layer: feature_maps(model, images, [layer])[layer], faces)
        )
        for layer in WHOLE
    }
    return measured


def run(seed: int, data: Dataset) -> dict:
    """Lo que sabe cada capa antes y después de entrenar, lo que hay en los píxeles y lo que acierta la red.

    De la red y de una densa, lo que da :func:`~course_utils.experiments.protocol.outcome`, y la exactitud con
    las caras en su sitio y a cada distancia.
    """
    faces, located = draw_faces(seed, data), located_faces(seed, data)
    fix_seeds(seed)
    untrained = measure_layers(face_cnn(), seed, faces, located)
    trained = {network: train(network, seed, faces) for network in NETWORKS}
    fitting, _ = split_validation(faces)
    return {
        "untrained": untrained,
        "trained": measure_layers(trained["cnn"].model, seed, faces, located),
        "pixels": probe_accuracy(*probe_parts(lambda images: images / 255, faces)),
        "networks": {
            network: outcome(one, fitting, (faces.x_test, faces.y_test)) for network, one in trained.items()
        },
        "moved_accuracy": {network: moved_accuracy(one.model, faces) for network, one in trained.items()},
    }
