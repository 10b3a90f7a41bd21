"""Siete redes ante las mismas prendas, cada una con su receta.

``make bench-modelos`` lo repite entero, con todas las filas en la misma ejecución.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import mean_over_directions
from course_utils.images.degradation import add_noise
from course_utils.images.movement import rotate_images
from course_utils.networks.metrics import accuracy, confusion_matrix, reliability
from course_utils.networks.models import (
    compact_cnn,
    dense_beginner,
    lenet,
    linear_classifier,
    multiply_adds,
    tutorial_cnn,
)
from course_utils.networks.training import (
    Recipe,
    TrainingResult,
    fit,
    fit_recipe,
    fix_seeds,
    predict_probabilities,
)

SEEDS = (0, 1, 2, 3, 4)
EPOCHS = 5  # de las redes de los tutoriales, con Adam
BATCH_SIZE = 64
SGD_EPOCHS, SGD_BATCH_SIZE = 10, 256  # de LeNet con sigmoides
NETWORKS = {
    "linear": linear_classifier,
    "dense": dense_beginner,
    "lenet_sigmoid": lambda: lenet("sigmoid"),
    "lenet_relu": lambda: lenet("relu"),
    "tutorial": tutorial_cnn,
    "fast": compact_cnn,
    "long": compact_cnn,
}
RECIPES = {
    "fast": Recipe(epochs=4, learning_rate=8e-3),
    "long": Recipe(epochs=18, learning_rate=8e-3),
}
MIN_STEPS = 600  # con pocas imágenes, esas épocas serían muy pocos pasos

DISTANCES = (1, 2, 3, 4)  # píxeles
ANGLES = (5, 10, 15, 20)  # grados, a un lado y a otro
NOISES = (10, 20, 40)  # niveles de gris
MOVED = 2000  # primeras imágenes de prueba con que se mide lo anterior

SPEED_IMAGES = 2560  # veinte lotes

load_data = load_fashion_mnist
PROBE = Probe(
    60,
    10,
    {
        "EPOCHS": 2,
        "BATCH_SIZE": 40,
        "SGD_EPOCHS": 3,
        "SGD_BATCH_SIZE": 30,
        "MIN_STEPS": 1,
        "MOVED": 8,
        "DISTANCES": (1, 2),
        "ANGLES": (5, 10),
        "NOISES": (10, 20),
        "RECIPES": {
            name: replace(one, epochs=epochs, batch_size=30)
            for epochs, (name, one) in enumerate(RECIPES.items(), start=2)
        },
    },
)


def train(network: str, seed: int, data):
    """Entrena una de las siete redes con todas las imágenes de entrenamiento, como dice su receta.

    Parameters
    ----------
    network : str
        Una de las claves de ``NETWORKS``.

    Returns
    -------
    model : keras.Model
    result : TrainingResult
    """
    fix_seeds(seed)
    model = NETWORKS[network]()
    train_set = data.x_train, data.y_train
    if network in RECIPES:
        recipe = RECIPES[network]
        epochs = max(recipe.epochs, -(-MIN_STEPS * recipe.batch_size // len(data.x_train)))
        return model, fit_recipe(model, train_set, replace(recipe, epochs=epochs), seed=seed)
    if network == "lenet_sigmoid":
        return model, _fit_with_sgd(model, train_set)
    return model, fit(model, train_set, None, epochs=EPOCHS, batch_size=BATCH_SIZE)


def evaluate(model, data, *, averaged: bool) -> dict:
    """Exactitud, confusión, calibración, y exactitud con imágenes desplazadas, giradas y con ruido.

    Con ``averaged``, la exactitud en prueba, la confusión y la calibración son las del promedio de diez
    vistas.
    """

    def hits(images):  # las de prueba o las primeras
        predicted = predict_probabilities(model, images).argmax(axis=1)
        return accuracy(data.y_test[: len(images)], predicted)

    probabilities = predict_probabilities(model, data.x_test, averaged=averaged)
    predicted = probabilities.argmax(axis=1)
    table = reliability(data.y_test, probabilities)
    images = data.x_test[:MOVED]
    return {
        "test_accuracy": accuracy(data.y_test, predicted),
        "confusion": confusion_matrix(data.y_test, predicted, len(data.class_names)).tolist(),
        "calibration": {
            "counts": table.counts.tolist(),
            "confidence": np.nan_to_num(table.confidence).tolist(),
            "accuracy": np.nan_to_num(table.accuracy).tolist(),
            "error": table.error,
        },
        "single_view_accuracy": hits(data.x_test),
        "unmoved": hits(images),
        "shift": mean_over_directions(hits, images, DISTANCES),
        "rotation": [
            float(np.mean([hits(rotate_images(images, sign * angle)) for sign in (-1, 1)]))
            for angle in ANGLES
        ],
        "noise": [hits(add_noise(images, std, seed=std)) for std in NOISES],
    }


def measure_network(network: str, seed: int, data) -> dict:
    """Una fila de la tabla: lo que da :func:`evaluate` y lo que cuesta la red.

    Parámetros, multiplicaciones, segundos, segundos de procesador y pérdidas.
    """
    started = time.process_time()
    model, result = train(network, seed, data)
    cpu_seconds = time.process_time() - started  # la suma de los núcleos; otros procesos le afectan menos
    return {
        "parameters": result.parameters,
        "multiply_adds": multiply_adds(model),
        "seconds": round(result.seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "loss": result.history["loss"],
    } | evaluate(model, data, averaged=network in RECIPES)


def run(seed: int, data) -> dict:
    """Lo de :func:`observe` y ``speed``, imágenes por segundo de cada manera de entrenar la misma red."""
    return observe(seed, data) | {"speed": measured_speed(seed)}


def observe(seed: int, data) -> dict:
    """Lo que se repite: lo medido de cada red, ``networks``."""
    return {"networks": {network: measure_network(network, seed, data) for network in NETWORKS}}


def measured_speed(seed: int) -> dict[str, float]:
    """Imágenes por segundo de procesador al entrenar la red del curso, cambiando una sola cosa cada vez.

    La biblioteca oneDNN se elige antes de que TensorFlow empiece, así que se mide en procesos nuevos.
    """

    def speeds(onednn, *ways):
        command = [sys.executable, "-m", __name__, str(seed), *ways]
        environment = os.environ | {"TF_ENABLE_ONEDNN_OPTS": onednn, "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    one_change = ("jit_compile", "steps_per_execution", "keras_layers", "batch_32", "batch_512")
    return speeds("1", "plain", *one_change) | {"without_onednn": speeds("0", "plain")["plain"]}


def images_per_second(way: str, seed: int) -> float:
    """Imágenes por segundo de procesador de una manera de entrenar, sin contar la preparación."""
    from keras import Sequential, layers

    images, labels = draw_garments(SPEED_IMAGES, seed=seed)
    options = {"jit_compile": way == "jit_compile"}
    if way == "steps_per_execution":
        options["steps_per_execution"] = 10
    seconds = []
    for epochs in (1, 3):
        fix_seeds(seed)
        model = compact_cnn()
        if way == "keras_layers":
            moves = [layers.RandomFlip("horizontal"), layers.RandomTranslation(1 / 28, 1 / 28)]
            model = Sequential([layers.Input((28, 28, 1)), *moves, model])
        started = time.process_time()
        batch_size = int(way.removeprefix("batch_")) if way.startswith("batch_") else 128
        recipe = Recipe(epochs, batch_size=batch_size, augment=way != "keras_layers")
        fit_recipe(model, (images, labels), recipe, seed=seed, **options)
        seconds.append(time.process_time() - started)
    return round(2 * SPEED_IMAGES / (seconds[1] - seconds[0]))  # la preparación está en las dos


def _fit_with_sgd(model, train_set):
    """LeNet con sigmoides, como en D2L: descenso de gradiente con tasa 0,9."""
    from keras import losses, optimizers

    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.SGD(0.9), loss, metrics=["accuracy"])
    started = time.perf_counter()
    history = model.fit(*train_set, batch_size=SGD_BATCH_SIZE, epochs=SGD_EPOCHS, verbose=0).history
    return TrainingResult(model.count_params(), time.perf_counter() - started, history)


if __name__ == "__main__":
    print(json.dumps({way: images_per_second(way, int(sys.argv[1])) for way in sys.argv[2:]}))
