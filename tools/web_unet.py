"""Entrena la U-Net que segmenta y cuenta en la página y la exporta a ``figures/static/unet.bin``::

    python -m tools.web_unet [--sin-entrenar]

La red, la receta y los pasos son los de clases y objetos del capítulo 9, pero con escenas nuevas en cada
lote. Sus pesos, sin redondear, quedan en ``_build/unet.weights.h5``, de donde se exportan otra vez con
``--sin-entrenar``. Al final se mide con escenas que no ha visto y los pesos redondeados que lleva el archivo.
"""

from __future__ import annotations

import sys

import numpy as np

from course_utils.datasets.drawn.shapes import SIZES, generate_shapes
from course_utils.experiments.segmentation_networks import (
    CLASSES,
    RUNS,
    TEST_SEED,
    TRAIN,
    measure_objects,
)
from course_utils.figures.base import STATIC
from course_utils.networks.training import fix_seeds, use_onednn
from course_utils.networks.web import export_web
from course_utils.segmentation.unet import fit_pixels, object_loss, object_targets, predict_maps, unet
from tools.chapters import ROOT

WEIGHTS = ROOT / "_build" / "unet.weights.h5"
TEST = 300


def draw_again(images, _targets, rng):
    """En vez de las escenas del lote, otras tantas que nadie ha visto, con sus objetivos."""
    scenes = generate_shapes(len(images), int(rng.integers(2**31)))
    return scenes.images, object_targets(scenes.semantic, scenes.instances)


def train() -> None:
    """Entrena la red y deja sus pesos en ``_build``."""
    fix_seeds(0)
    model = unet(CLASSES + 3)
    # de estas escenas vacías solo se usa cuántas son: cada lote se dibuja
    images = np.zeros((TRAIN, SIZES[0], SIZES[0], 3), np.uint8)
    targets = np.zeros((TRAIN, SIZES[0], SIZES[0], 4), np.float32)
    loss = object_loss(CLASSES)
    result = fit_pixels(model, images, targets, loss, RUNS["objects"], seed=0, augment=draw_again)
    WEIGHTS.parent.mkdir(exist_ok=True)
    model.save_weights(WEIGHTS)
    losses = " ".join(f"{loss:.3f}" for loss in result.history["loss"])
    print(f"Entrenada en {result.seconds:.0f} s; pérdida de cada época: {losses}")


def main(arguments: list[str]) -> int:
    use_onednn()
    if arguments != ["--sin-entrenar"]:
        train()
    model = unet(CLASSES + 3)
    model.load_weights(WEIGHTS)
    size = export_web(model, STATIC / "unet.bin")
    print(f"Escrito unet.bin: {size / 1000:.0f} kB.")
    model.set_weights([weight.astype("float16").astype("float32") for weight in model.get_weights()])
    scenes = generate_shapes(TEST, TEST_SEED)
    for name, measured in measure_objects(predict_maps(model, scenes.images), scenes).items():
        ap = sum(measured["ap"]) / len(measured["ap"])
        print(f"{name:12} AP {ap:.3f}   cuentas exactas {measured['exact_counts']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
