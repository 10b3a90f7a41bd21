"""Prueba variantes de la receta larga de la red del curso::

    python -m tools.bench_recipe [VARIANTE...] [--semillas 5]

Cada semilla cambia los pesos, el orden y con qué 50 000 imágenes de entrenamiento de Fashion-MNIST se
entrena; se mide con las otras 10 000, y las de prueba no se miran. Con varias semillas se escribe la
diferencia emparejada con la primera variante, que es el control: cada una cambia una cosa de «con_mixup».
Una sola no distingue medio punto: sirve para descartar, no para concluir. Lo ya medido se guarda en
``_build/experimentos`` y no se repite mientras su receta sea la misma.
"""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from time import process_time

import numpy as np

from course_utils.datasets import load_fashion_mnist
from course_utils.experiments.comparison import paired_difference
from course_utils.experiments.protocol import draw_images
from course_utils.experiments.reference_models import RECIPES
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import compact_cnn
from course_utils.networks.training import Recipe, fit_recipe, fix_seeds, predict_probabilities
from tools.chapters import ROOT, write_text

FIT, VALIDATION = 50_000, 10_000
FOLDER = ROOT / "_build" / "experimentos"
LONG = RECIPES["long"]
MIXED = replace(LONG, mixup=0.2)
VARIANTS: dict[str, Recipe] = {
    "con_mixup": MIXED,  # el control de las demás
    "larga": LONG,
    "sin_suavizar": replace(MIXED, label_smoothing=0.0),
    "lote_256": replace(MIXED, batch_size=256),
    "tasa_12": replace(MIXED, learning_rate=1.2e-2),
    "primera_blanqueada": MIXED,
    "destilada": MIXED,
    "22_epocas": replace(MIXED, epochs=22),
}
TEACHERS = ("con_mixup", "sin_suavizar", "primera_blanqueada")  # de «destilada», que por eso va después


def whiten_first_layer(model, images, seed: int) -> None:
    """Pone en la primera convolución las direcciones principales de los recortes de 3×3, con los dos signos.

    Cada una se divide entre la desviación típica de los recortes en ella, más un poco.
    """
    layer = next(one for one in model.layers if type(one).__name__ == "Conv2D")
    rows, cols = np.indices((3, 3))
    spots = np.random.default_rng(seed).integers(0, 26, (20_000, 2))
    chosen = images[: len(spots), :, :, 0] / 255
    patches = chosen[
        np.arange(len(spots))[:, None, None], spots[:, :1, None] + rows, spots[:, 1:, None] + cols
    ]
    variances, directions = np.linalg.eigh(np.cov(patches.reshape(len(spots), 9), rowvar=False))
    kernels = np.flip(directions / np.sqrt(variances + 1e-2), axis=1)  # (9, 9): primero, la que más varía
    half = layer.filters // 2
    both = np.concatenate([kernels[:, :half], -kernels[:, :half]], axis=1)
    layer.kernel.assign(both.reshape(3, 3, 1, layer.filters))


def path_of(variant: str, seed: int, suffix: str = ".json") -> Path:
    return FOLDER / f"receta_{variant}_{seed}{suffix}"


def teach(labels, images, seed: int):
    """Las etiquetas a medias con lo que responden las maestras, y los segundos que costaron."""
    answers, seconds = np.eye(10, dtype=np.float32)[labels], 0.0
    for name in TEACHERS:
        teacher = compact_cnn()
        teacher.load_weights(path_of(name, seed, ".weights.h5"))
        answers += predict_probabilities(teacher, images, averaged=True) / len(TEACHERS)
        seconds += read(name, seed)["cpu_seconds"]
    return answers / 2, seconds


def measure(variant: str, seed: int, data) -> None:
    """Entrena una variante y guarda lo que acierta, lo que ha costado (maestras incluidas) y su red."""
    (images, labels), validation = draw_images(data, seed, FIT, VALIDATION)
    fix_seeds(seed)
    model, before = compact_cnn(), 0.0
    started = process_time()
    if variant == "primera_blanqueada":
        whiten_first_layer(model, images, seed)
    if variant == "destilada":
        labels, before = teach(labels, images, seed)
    fit_recipe(model, (images, labels), VARIANTS[variant], seed=seed)
    seconds = before + process_time() - started
    one, ten = (
        accuracy(validation[1], predict_probabilities(model, validation[0], averaged=views).argmax(axis=1))
        for views in (False, True)
    )
    model.save_weights(path_of(variant, seed, ".weights.h5"))
    found = {"one_view": one, "ten_views": ten, "cpu_seconds": seconds, "recipe": asdict(VARIANTS[variant])}
    write_text(json.dumps(found), path_of(variant, seed))


def read(variant: str, seed: int) -> dict:
    return json.loads(path_of(variant, seed).read_text(encoding="utf-8"))


def is_measured(variant: str, seed: int) -> bool:
    """Si ya está guardada, con la receta que tiene ahora."""
    return path_of(variant, seed).exists() and read(variant, seed).get("recipe") == asdict(VARIANTS[variant])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Prueba variantes de la receta larga.")
    parser.add_argument("variants", nargs="*", metavar="VARIANTE", help=", ".join(VARIANTS))
    parser.add_argument("--semillas", type=int, default=1, help="cuántas, desde la 0")
    options = parser.parse_args(arguments)
    names, seeds = list(dict.fromkeys(options.variants or VARIANTS)), range(options.semillas)
    if not seeds:
        print(f"Con {options.semillas} semillas no se mide nada: pon 1 o más.", file=sys.stderr)
        return 1
    if unknown := [name for name in names if name not in VARIANTS]:
        print(
            f"No hay ninguna variante «{unknown[0]}».\nLas que hay: {', '.join(VARIANTS)}.", file=sys.stderr
        )
        return 1
    given = names[: names.index("destilada")] if "destilada" in names else TEACHERS
    if gone := [
        one for one in TEACHERS if one not in given and not all(is_measured(one, seed) for seed in seeds)
    ]:
        print(f"«destilada» aprende de otras: pon antes {' '.join(gone)}.", file=sys.stderr)
        return 1
    data = load_fashion_mnist()
    if data.is_stand_in:
        print("Hacen falta las imágenes de Fashion-MNIST: define COURSE_DATA_DIR.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        for name in names:
            if not is_measured(name, seed):
                measure(name, seed, data)
    print(f"{'variante':20}una vista  diez vistas  s de CPU / 1,8")
    first = [read(names[0], seed) for seed in seeds]
    for name in names:
        found = [read(name, seed) for seed in seeds]
        one, ten, seconds = (
            np.mean([row[key] for row in found]) for key in ("one_view", "ten_views", "cpu_seconds")
        )
        print(f"{name:20}{one:9.4f}{ten:13.4f}{seconds / 1.8:17.0f}")
        if name != names[0] and len(seeds) > 1:
            for key in ("one_view", "ten_views"):
                gain = paired_difference(*([row[key] for row in rows] for rows in (found, first)))
                print(f"    {key} − {names[0]}: {gain}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
