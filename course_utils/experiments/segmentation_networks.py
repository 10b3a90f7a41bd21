"""Qué se consigue con una U-Net pequeña en uno o dos minutos: clases por píxel y objetos."""

import hashlib
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from course_utils.datasets.drawn.shapes import CLASS_NAMES, REGION_NAMES, Shapes, generate_shapes
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import enough_epochs
from course_utils.networks.metrics import confusion_matrix
from course_utils.networks.training import Recipe, fix_seeds
from course_utils.segmentation.grouping import (
    PixelMaps,
    center_targets,
    connected_instances,
    voted_instances,
    watershed_instances,
)
from course_utils.segmentation.instance_metrics import Instances, average_precision, panoptic_quality
from course_utils.segmentation.semantic_metrics import class_iou, mean_iou
from course_utils.segmentation.unet import (
    fit_pixels,
    object_loss,
    object_targets,
    predict_maps,
    predict_scores,
    unet,
)

SEEDS = (0, 1, 2)
TRAIN_SEED, TEST_SEED = 1, 3  # de las escenas; las recetas se eligieron con otras, las de la semilla 2
TRAIN, TEST = 9000, 1000
CLASSES, FIRST_OBJECT = len(CLASS_NAMES), len(REGION_NAMES)
RUNS = {  # lo que se entrena: solo clases, poco y algo más; y clases con objetos
    "semantic_short": Recipe(epochs=2, batch_size=24),
    "semantic_long": Recipe(epochs=5, batch_size=24),
    "objects": Recipe(epochs=4, batch_size=24),
}
MIN_STEPS = 60  # con pocas escenas, esas épocas serían muy pocos pasos
METHODS = {
    "components": lambda maps: connected_instances(
        maps.probabilities.argmax(axis=-1), FIRST_OBJECT, maps.probabilities.max(axis=-1)
    ),
    "watershed": lambda maps: watershed_instances(maps, FIRST_OBJECT, inside=False),
    "votes": lambda maps: voted_instances(maps, FIRST_OBJECT),
}
PROBE = Probe(
    8,
    3,
    {
        "MIN_STEPS": 1,
        "RUNS": {
            name: replace(recipe, epochs=epochs, batch_size=4)
            for epochs, (name, recipe) in enumerate(RUNS.items(), start=2)
        },
    },
)


class Scenes(NamedTuple):
    """Las escenas de entrenamiento y de prueba."""

    train: Shapes
    test: Shapes
    name: str = "escenas"
    is_stand_in: bool = False

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            for array in (part.images, part.semantic, part.instances):
                digest.update(array)
        return digest.hexdigest()[:16]


def load_data(train: int = TRAIN, test: int = TEST) -> Scenes:
    """Las escenas del experimento: siempre las mismas."""
    return Scenes(generate_shapes(train, TRAIN_SEED), generate_shapes(test, TEST_SEED))


def train(name: str, seed: int, data: Scenes):
    """Una de las redes de ``RUNS``, entrenada, y su ``TrainingResult``."""
    from keras import losses

    scenes, recipe = data.train, RUNS[name]
    epochs = enough_epochs(recipe.epochs, len(scenes.images), recipe.batch_size, MIN_STEPS)
    recipe = replace(recipe, epochs=epochs)
    fix_seeds(seed)
    if name == "objects":
        model, loss = unet(CLASSES + 3), object_loss(CLASSES)
        targets = object_targets(scenes.semantic, scenes.instances)
    else:
        model, loss = unet(CLASSES), losses.SparseCategoricalCrossentropy(from_logits=True)
        targets = scenes.semantic[..., np.newaxis]
    return model, fit_pixels(model, scenes.images, targets, loss, recipe, seed=seed)


def measure_classes(classes, scenes: Shapes) -> dict:
    """IoU de cada clase y su media; ``classes`` son las predichas, (N, H, W)."""
    confusion = confusion_matrix(scenes.semantic.ravel(), classes.ravel(), CLASSES)
    return {"class_iou": class_iou(confusion).tolist(), "mean_iou": mean_iou(confusion)}


def measure_objects(maps, scenes: Shapes) -> dict:
    """Lo que da cada manera de juntar píxeles con los mismos mapas, uno por escena.

    AP con cada umbral de IoU, calidad panóptica, error medio al contar y milisegundos de procesador
    por imagen.
    """
    truths = [
        Instances(ids, classes) for ids, classes in zip(scenes.instances, scenes.object_classes, strict=True)
    ]
    measured = {}
    for name, group in METHODS.items():
        started = time.process_time()
        found = [group(one) for one in maps]
        milliseconds = 1000 * (time.process_time() - started) / len(maps)
        miscounted = [abs(one.count - truth.count) for one, truth in zip(found, truths, strict=True)]
        measured[name] = {
            "ap": average_precision(truths, found).tolist(),
            "panoptic_quality": panoptic_quality(truths, found),
            "count_error": float(np.mean(miscounted)),
            "exact_counts": float(np.mean(np.equal(miscounted, 0))),
            "milliseconds": round(milliseconds, 2),
        }
    return measured


def run(seed: int, data: Scenes) -> dict:
    """Por red: parámetros, épocas, segundos, y lo que se mide con las escenas de prueba.

    También imágenes por segundo al predecir; de la red de objetos, con los votos incluidos.
    """
    rows = {}
    for name in RUNS:
        cpu = time.process_time()
        model, result = train(name, seed, data)
        cpu = time.process_time() - cpu
        predict_scores(model, data.test.images[:50])  # la primera vez se prepara el grafo
        started = time.perf_counter()
        if name == "objects":
            maps = predict_maps(model, data.test.images)
            for one in maps:
                voted_instances(one, FIRST_OBJECT)
            classes = np.stack([one.probabilities.argmax(axis=-1) for one in maps])
        else:
            classes = predict_scores(model, data.test.images).argmax(axis=-1)
        seconds = time.perf_counter() - started
        rows[name] = {
            "parameters": result.parameters,
            "epochs": len(result.history["loss"]),
            "seconds": round(result.seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "loss": result.history["loss"],
            "images_per_second": round(len(classes) / seconds),
        } | measure_classes(classes, data.test)
        if name == "objects":
            rows[name]["methods"] = measure_objects(maps, data.test)
    return rows


def observe(seed: int, data: Scenes) -> dict:
    """Lo de :func:`run`, y lo que sale de objetos y de mapas casi buenos: sin entrenar no acierta ninguno."""
    rng = np.random.default_rng(seed)
    pairs = list(zip(data.test.instances, data.test.object_classes, strict=True))
    truths = [Instances(ids, classes) for ids, classes in pairs]
    found = [
        Instances(np.roll(ids, 2, axis=1), np.roll(classes, number), rng.random(len(classes)))
        for number, (ids, classes) in enumerate(pairs)
    ]
    almost = {
        "ap": average_precision(truths, found).tolist(),
        "panoptic_quality": panoptic_quality(truths, found),
    }
    shown = (0.6 + 0.3 * rng.random((*data.test.semantic.shape, 1))) * np.eye(CLASSES)[data.test.semantic]
    centers = center_targets(data.test.instances)
    maps = [
        PixelMaps(probabilities + 0.01, 0.6 * targets[..., 0], targets[..., 1:] + 0.5)
        for probabilities, targets in zip(shown, centers, strict=True)
    ]
    return run(seed, data) | {"almost": almost, "methods": measure_objects(maps, data.test)}
