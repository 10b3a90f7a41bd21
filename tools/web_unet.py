"""Entrena la U-Net que segmenta y cuenta en la página y la exporta a ``figures/static/unet.bin``::

    python -m tools.web_unet [--sin-entrenar]

La red y la receta son las de clases y objetos del capítulo 9, pero con escenas nuevas en cada lote. Queda
también, en Keras, en ``_build/unet.keras``, de donde se exporta otra vez con ``--sin-entrenar``. Al final se
mide con escenas que no ha visto, con los pesos redondeados que lleva el archivo.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from course_utils.datasets.drawn.shapes import generate_shapes
from course_utils.experiments.segmentation_networks import (
    CLASSES,
    RUNS,
    TEST_SEED,
    TRAIN,
    TRAIN_SEED,
    measure_objects,
)
from course_utils.figures.base import STATIC
from course_utils.networks.training import fix_seeds, use_onednn
from course_utils.networks.web import export_web
from course_utils.segmentation.unet import fit_pixels, object_loss, object_targets, predict_maps, unet
from tools.chapters import ROOT

KERAS = ROOT / "_build" / "unet.keras"
RECIPE = replace(RUNS["objects"], epochs=10)
TEST = 300


def draw_again(images, _targets, rng):
    """En vez de las escenas del lote, otras tantas que nadie ha visto, con sus objetivos."""
    scenes = generate_shapes(len(images), int(rng.integers(2**31)))
    return scenes.images, object_targets(scenes.semantic, scenes.instances)


def train() -> None:
    """Entrena la red y la deja en ``_build``."""
    fix_seeds(0)
    model, first = unet(CLASSES + 3), generate_shapes(TRAIN, TRAIN_SEED)
    targets = object_targets(first.semantic, first.instances)
    result = fit_pixels(
        model, first.images, targets, object_loss(CLASSES), RECIPE, seed=0, augment=draw_again
    )
    KERAS.parent.mkdir(exist_ok=True)
    model.save(KERAS)
    losses = " ".join(f"{loss:.3f}" for loss in result.history["loss"])
    print(f"Entrenada en {result.seconds:.0f} s; pérdida de cada época: {losses}")


def main(arguments: list[str]) -> int:
    use_onednn()
    if arguments != ["--sin-entrenar"]:
        train()
    from keras import models

    model = models.load_model(KERAS, compile=False)
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
