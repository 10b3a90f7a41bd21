"""Entrena la U-Net que segmenta y cuenta en la página y la exporta::

    python -m tools.web_unet

La red y la receta son las de clases y objetos del capítulo 9, pero con escenas nuevas en cada lote. Con la
misma máquina y un hilo sale la misma red; queda también, en Keras, en ``_build/unet.keras``.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from course_utils.datasets.drawn.shapes import generate_shapes
from course_utils.experiments.segmentation_networks import CLASSES, RUNS, TRAIN, TRAIN_SEED
from course_utils.networks.training import fix_seeds, use_onednn
from course_utils.segmentation.unet import fit_pixels, object_loss, object_targets, unet
from tools.chapters import ROOT

KERAS = ROOT / "_build" / "unet.keras"
RECIPE = replace(RUNS["objects"], epochs=10)


def draw_again(images, _targets, rng):
    """En vez de las escenas del lote, otras tantas que nadie ha visto, con sus objetivos."""
    scenes = generate_shapes(len(images), int(rng.integers(2**31)))
    return scenes.images, object_targets(scenes.semantic, scenes.instances)


def train():
    """La red entrenada, que queda además en ``_build``."""
    fix_seeds(0)
    model, first = unet(CLASSES + 3), generate_shapes(TRAIN, TRAIN_SEED)
    targets = object_targets(first.semantic, first.instances)
    result = fit_pixels(
        model, first.images, targets, object_loss(CLASSES), RECIPE, seed=0, augment=draw_again
    )
    KERAS.parent.mkdir(exist_ok=True)
    model.save(KERAS)
    print(f"Entrenada en {result.seconds:.0f} s; pérdida de cada época: {result.history['loss']}")
    return model


def main() -> int:
    use_onednn()
    train()
    return 0


if __name__ == "__main__":
    sys.exit(main())
