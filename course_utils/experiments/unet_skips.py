"""¿Qué hacen los atajos de una U-Net, y qué cambia si en vez de sumar concatenan?

Una U-Net pequeña con dos atajos y tres maneras de hacerlos: sin ellos, que es el control; sumando los mapas
de la bajada; y concatenándolos. Sumar no tiene pesos, y sin atajos los parámetros son los mismos; concatenar
agranda las convoluciones que siguen, y se le quitan filtros del fondo hasta dejar casi los mismos (18 383 y
18 248). Que los atajos ayudan lo desmentiría que no se distinguieran de no tenerlos; que concatenar es mejor
que sumar, que no ganara.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from course_utils.datasets.drawn.shapes import CLASS_NAMES, generate_shapes
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Trained,
    Training,
    draw_images,
    draw_test_images,
    probe_training,
    train_until_flat,
)
from course_utils.networks.metrics import confusion_matrix
from course_utils.segmentation.semantic_metrics import class_iou, mean_iou

SEEDS = (0, 1, 2, 3, 4)
FILTERS = (8, 16, 24)  # a tamaño completo, a la mitad y a la cuarta parte
NETWORKS = {"none": ("none", FILTERS), "add": ("add", FILTERS), "concat": ("concat", (8, 16, 19))}
SCENES, VALIDATION_SCENES, TEST_SCENES = 150, 75, 200
TRAIN_SEED, TEST_SEED = 91, 92  # de los dibujos
TRAIN, TEST = 3 * (SCENES + VALIDATION_SCENES), 2 * TEST_SCENES
TRAINING = Training(rates=(0.003, 0.01, 0.03), trial_epochs=8, patience=12, max_epochs=200, batch_size=15)
PROBE = Probe(
    12,
    5,
    {
        "NETWORKS": {kind: (kind, (2, 3, 4)) for kind in ("add", "concat")},
        "SCENES": 6,
        "VALIDATION_SCENES": 4,
        "TEST_SCENES": 3,
        "TRAINING": probe_training(3, rates=(1e-18, 3e-3, 1), patience=4, max_epochs=5),
    },
)


@dataclass(frozen=True)
class SmallScenes:
    """Escenas a la mitad de su tamaño: imágenes (N, 32, 32, 3), de 0 a 255, y la clase de cada píxel."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    name: str = "escenas"
    is_stand_in: bool = False

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(array)
        return digest.hexdigest()[:16]


def load_data(train: int = TRAIN, test: int = TEST) -> SmallScenes:
    """Dibuja las escenas del experimento: siempre las mismas."""
    return SmallScenes(
        *_halved(generate_shapes(train, TRAIN_SEED)), *_halved(generate_shapes(test, TEST_SEED))
    )


def _halved(scenes):
    """La media de cada cuadrado de 2×2 píxeles, y la clase del primero."""
    count, side = scenes.images.shape[:2]
    squares = scenes.images.reshape(count, side // 2, 2, side // 2, 2, 3)
    return squares.mean(axis=(2, 4)).round().astype(np.uint8), np.ascontiguousarray(
        scenes.semantic[:, ::2, ::2]
    )


def small_unet(skips: str, filters: tuple[int, int, int]):
    """Una U-Net de dos atajos, sin entrenar: de (N, 32, 32, 3) a las puntuaciones de siete clases.

    Parameters
    ----------
    skips : {"none", "add", "concat"}
        Lo que hace cada atajo con los mapas que suben y los guardados al bajar.
    filters : tuple of int
        A tamaño completo, a la mitad y a la cuarta parte.
    """
    from keras import Model, layers

    join = {
        "none": lambda pair: pair[0],
        "add": lambda pair: layers.Add()(pair),
        "concat": lambda pair: layers.Concatenate()(pair),
    }[skips]

    def convolve(x, count):
        x = layers.Conv2D(count, 3, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    def enlarge(x, count, kept):
        return convolve(join([layers.Conv2DTranspose(count, 2, strides=2)(x), kept]), count)

    full, half, quarter = filters
    inputs = layers.Input((32, 32, 3))
    at_full = convolve(convolve(layers.Rescaling(1 / 127.5, offset=-1)(inputs), full), full)
    at_half = convolve(convolve(layers.MaxPooling2D()(at_full), half), half)
    x = convolve(convolve(layers.MaxPooling2D()(at_half), quarter), quarter)
    x = enlarge(enlarge(x, half, at_half), full, at_full)
    return Model(inputs, layers.Conv2D(len(CLASS_NAMES), 1)(x))


def run_one(network: str, seed: int, data: SmallScenes) -> dict:
    """Entrena una de las redes con las escenas que tocan a esa semilla y la mide.

    Parameters
    ----------
    network : {"none", "add", "concat"}
        Qué hacen sus atajos.

    Returns
    -------
    dict
        Lo que da :func:`pixel_outcome`.
    """
    fitting, validation = draw_images(data, seed, SCENES, VALIDATION_SCENES)
    trained = train_until_flat(lambda: small_unet(*NETWORKS[network]), fitting, validation, seed, TRAINING)
    return pixel_outcome(trained, fitting, draw_test_images(data, seed, TEST_SCENES))


def pixel_outcome(trained: Trained, train, test) -> dict:
    """Lo que se guarda de una red que da una clase a cada píxel, ya entrenada.

    Parámetros, tasa, épocas, e IoU medio con las escenas de entrenamiento y de prueba; con estas, también el
    de cada clase.
    """
    seen, unseen = (
        confusion_matrix(masks.ravel(), _predict(trained.model, images).ravel(), len(CLASS_NAMES))
        for images, masks in (train, test)
    )
    return {
        "parameters": trained.model.count_params(),
        "rate": trained.rate,
        "epochs": trained.epochs,
        "train_mean_iou": mean_iou(seen),
        "test_mean_iou": mean_iou(unseen),
        "test_class_iou": class_iou(unseen).tolist(),
    }


def _predict(model, images) -> np.ndarray:
    return model.predict(images, batch_size=100, verbose=0).argmax(axis=-1)


def run(seed: int, data: SmallScenes) -> dict:
    """Por red, lo que devuelve :func:`run_one`."""
    return {network: run_one(network, seed, data) for network in NETWORKS}
