"""Qué da y qué quita el aumento de datos: cuánto ayuda, cuándo estorba y qué robustez da."""

import numpy as np

from course_utils.datasets.dataset import split_validation
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, mean_over_directions
from course_utils.networks.models import two_block_cnn
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2)
SIZES = (100, 500, 2000)  # imágenes de entrenamiento
PASSES = 40_000  # imágenes que ve la red al entrenar, repetidas o no: las mismas en todos los casos
DRAWN = 2000  # imágenes por época
SHIFT, ANGLE, LIGHT = 4, 30, 0.3  # píxeles, grados y parte del intervalo de grises
TESTED = 2000  # imágenes de prueba que se cambian para medir la robustez

VALIDATION = 500  # imágenes

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"SIZES": (10, 20, 40), "PASSES": 160, "DRAWN": 80, "TESTED": 15, "VALIDATION": 10})


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


def train(policy: str, images: int, seed: int, data):
    """Entrena la red de dos bloques con unas pocas imágenes y una política de aumento.

    Parameters
    ----------
    policy : str
        Una de las de :func:`augmentation`.
    images : int
        Imágenes de entrenamiento; cada semilla elige las suyas.

    Returns
    -------
    model : keras.Sequential
        Las capas de aumento, que solo actúan al entrenar, y la red.
    result : TrainingResult
        Cada época ve ``DRAWN`` imágenes.
    """
    from keras import Sequential, layers

    (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    chosen = np.random.default_rng(seed).permutation(len(x_fit))[:images]
    repeated = np.resize(chosen, DRAWN)  # las mismas, una y otra vez, hasta llenar una época
    fix_seeds(seed)
    model = Sequential([layers.Input((28, 28, 1)), *augmentation(policy), two_block_cnn()])
    training, validation = (x_fit[repeated], y_fit[repeated]), (x_val[:VALIDATION], y_val[:VALIDATION])
    return model, fit(model, training, validation, epochs=PASSES // DRAWN)


def changed_accuracy(model, data) -> dict[str, float]:
    """Exactitud con las primeras imágenes de prueba cambiadas, sin volver a entrenar.

    ``"original"``, y la media de moverlas ``SHIFT`` píxeles en las cuatro direcciones, de girarlas ``ANGLE``
    grados a cada lado, y de aclararlas y oscurecerlas ``LIGHT``.
    """
    from keras import layers

    images, labels = data.x_test[:TESTED].astype(np.float32), data.y_test[:TESTED]

    def measure(changed):
        return accuracy_on(model, changed, labels)

    def both_ways(layer, strength, **options):  # con los dos topes iguales, la capa ya no sortea
        ways = [layer((limit, limit), **options) for limit in (-strength, strength)]
        return float(np.mean([measure(way(images, training=True).numpy()) for way in ways]))

    return {
        "original": measure(images),
        "shift": mean_over_directions(measure, images, [SHIFT])[0],
        "rotation": both_ways(layers.RandomRotation, ANGLE / 360, fill_mode="constant"),
        "light": both_ways(layers.RandomBrightness, LIGHT),
    }


def run_one(policy: str, images: int, seed: int, data) -> dict:
    """Segundos y exactitudes de entrenamiento, validación (la mejor y la última) y prueba."""
    model, result = train(policy, images, seed, data)
    measured = {
        "seconds": round(result.seconds, 1),
        "accuracy": result.history["accuracy"][-1],
        "best_val_accuracy": max(result.history["val_accuracy"]),
        "val_accuracy": result.history["val_accuracy"][-1],
        "test_accuracy": accuracy_on(model, data.x_test, data.y_test),
    }
    if images == SIZES[-1]:
        measured["changed"] = changed_accuracy(model, data)
    return measured


def run(seed: int, data) -> dict:
    """Por cada número de imágenes y cada política, lo que devuelve :func:`run_one`."""
    policies = {size: ["none", "gentle"] for size in SIZES}
    policies[SIZES[1]] += ["upside_down", "any_angle"]
    policies[SIZES[2]] += ["shift", "rotation", "light"]
    return {
        str(size): {policy: run_one(policy, size, seed, data) for policy in names}
        for size, names in policies.items()
    }
