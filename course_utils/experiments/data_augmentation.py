"""¿Cuánto ayuda el aumento de datos con pocas imágenes, cuándo estorba y qué robustez da?

Cambia la política de aumento y el número de imágenes; cada red se entrena hasta que se aplana su pérdida con
imágenes de validación sin aumentar, con la tasa que mejor le va. El control es la misma red, con las mismas
imágenes y sin aumento. Que el aumento ayuda lo desmentiría que esa no acertara menos con imágenes de prueba
tal como son; que da robustez, que no acertara menos con imágenes de prueba movidas, giradas o con otra luz.
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
from course_utils.networks.models import two_block_cnn

SEEDS = (0, 1, 2, 3, 4)
POLICIES = {  # imágenes de entrenamiento: políticas
    100: ("none", "gentle"),
    1000: ("none", "gentle", "upside_down", "any_angle", "shift", "rotation", "light"),
}
CHANGED = 1000  # de entrenamiento: las redes que se miden también con imágenes cambiadas
DRAWN = 1000  # imágenes por época, como poco: si hay menos, se repiten
VALIDATION_IMAGES, TEST_IMAGES = 500, 1000
SHIFT, ANGLE, LIGHT = 4, 30, 0.3  # píxeles, grados y parte del intervalo de grises
TRAINING = Training(trial_epochs=6)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "POLICIES": {20: ("any_angle",), 40: ("gentle",)},
        "CHANGED": 40,
        "DRAWN": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, rates=(1e-18, 3e-5, 1)),
    },
)


def augmentation(policy: str) -> list:
    """Las capas de aumento de cada política, para imágenes de 0 a 255 con el fondo negro.

    Parameters
    ----------
    policy : str
        ``"none"``, nada; ``"gentle"``, volteo horizontal y desplazamiento corto; ``"shift"``,
        ``"rotation"`` o ``"light"``, una sola transformación fuerte; ``"upside_down"``, volteo vertical;
        ``"any_angle"``, giro de cualquier ángulo.
    """
    from keras import layers

    shift, angle = SHIFT / 28, ANGLE / 360
    return {  # cada capa que se crea gasta un sorteo: solo se crean las de esa política
        "none": lambda: [],
        "gentle": lambda: [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(2 / 28, 2 / 28, fill_mode="constant"),
        ],
        "shift": lambda: [layers.RandomTranslation(shift, shift, fill_mode="constant")],
        "rotation": lambda: [layers.RandomRotation(angle, fill_mode="constant")],
        "light": lambda: [layers.RandomBrightness(LIGHT)],
        "upside_down": lambda: [layers.RandomFlip("vertical")],
        "any_angle": lambda: [layers.RandomRotation(0.5, fill_mode="constant")],
    }[policy]()


def drawn_images(images: int, seed: int, data):
    """Las imágenes que tocan a una semilla: las de ajuste, las de validación y las de prueba."""
    return draw_parts(data, seed, images, VALIDATION_IMAGES, TEST_IMAGES)


def train(policy: str, images: int, seed: int, data) -> Trained:
    """Entrena la red de dos bloques con unas pocas imágenes y una política de aumento.

    Las capas de aumento van dentro de la red y solo actúan al entrenar. Si hay menos de ``DRAWN`` imágenes,
    cada época las ve varias veces, hasta sumar esas.

    Parameters
    ----------
    policy : str
        Una de las de :func:`augmentation`.
    images : int
        Imágenes de entrenamiento.
    """
    from keras import Sequential, layers

    (x_fit, y_fit), validation, _ = drawn_images(images, seed, data)
    repeated = np.resize(np.arange(len(x_fit)), max(DRAWN, len(x_fit)))

    def build():
        return Sequential([layers.Input((28, 28, 1)), *augmentation(policy), two_block_cnn()])

    return train_until_flat(build, (x_fit[repeated], y_fit[repeated]), validation, seed, TRAINING)


def changed_accuracy(model, test) -> dict[str, float]:
    """Exactitud con las imágenes de prueba cambiadas, sin volver a entrenar.

    La media de moverlas ``SHIFT`` píxeles en las cuatro direcciones, de girarlas ``ANGLE`` grados a cada
    lado, y de aclararlas y oscurecerlas ``LIGHT``.
    """
    from keras import layers

    images, labels = test[0].astype(np.float32), test[1]

    def measure(changed):
        return accuracy_on(model, changed, labels)

    def both_ways(layer, strength, **options):  # con los dos topes iguales, la capa ya no sortea
        ways = [layer((limit, limit), **options) for limit in (-strength, strength)]
        return float(np.mean([measure(way(images, training=True).numpy()) for way in ways]))

    return {
        "shift": mean_over_directions(measure, images, [SHIFT])[0],
        "rotation": both_ways(layers.RandomRotation, ANGLE / 360, fill_mode="constant"),
        "light": both_ways(layers.RandomBrightness, LIGHT),
    }


def run_one(policy: str, images: int, seed: int, data) -> dict:
    """Lo que da :func:`~course_utils.experiments.protocol.outcome`; con ``CHANGED`` imágenes, ``changed``."""
    trained = train(policy, images, seed, data)
    fitting, _, test = drawn_images(images, seed, data)
    measured = outcome(trained, fitting, test)
    return measured | ({"changed": changed_accuracy(trained.model, test)} if images == CHANGED else {})


def run(seed: int, data) -> dict:
    """Por cada número de imágenes y cada política, lo que devuelve :func:`run_one`."""
    return {
        str(images): {policy: run_one(policy, images, seed, data) for policy in policies}
        for images, policies in POLICIES.items()
    }
