"""Las variantes de la receta larga que prueba ``make bench-receta``."""

import json
from dataclasses import asdict

import numpy as np

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.networks.models import compact_cnn
from tools import bench_recipe


def test_whitened_kernels_answer_alike_and_come_in_pairs():
    images, _ = draw_garments(20_000, seed=0)
    model = compact_cnn((16, 3, 4))
    bench_recipe.whiten_first_layer(model, images, seed=0)
    layer = next(one for one in model.layers if hasattr(one, "kernel"))
    kernels = layer.kernel.numpy().reshape(9, 16)
    np.testing.assert_allclose(kernels[:, :8], -kernels[:, 8:])
    spots = np.random.default_rng(1).integers(0, 26, (5000, 2))
    patches = np.array([images[n, r : r + 3, c : c + 3, 0].ravel() for n, (r, c) in enumerate(spots)]) / 255
    covariance = np.cov(patches @ kernels[:, :8], rowvar=False)
    assert np.abs(covariance - np.diag(covariance.diagonal())).max() < 0.1
    assert covariance.diagonal()[0] > 0.9  # la dirección que más varía; el «poco» pesa más en las otras


def test_what_is_stored_counts_only_with_its_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_recipe, "FOLDER", tmp_path)
    assert not bench_recipe.is_measured("larga", 0)
    for recipe, valid in ((bench_recipe.LONG, True), (bench_recipe.MIXED, False)):
        bench_recipe.path_of("larga", 0).write_text(json.dumps({"recipe": asdict(recipe)}), encoding="utf-8")
        assert bench_recipe.is_measured("larga", 0) is valid


def test_what_cannot_be_tried_is_explained(capsys, monkeypatch, tmp_path):
    assert bench_recipe.main(["sin_nada"]) == 1
    assert "No hay ninguna variante «sin_nada».\nLas que hay: con_mixup, larga" in capsys.readouterr().err
    assert bench_recipe.main(["larga", "--semillas", "0"]) == 1
    assert "pon 1 o más" in capsys.readouterr().err
    monkeypatch.setattr(bench_recipe, "FOLDER", tmp_path)
    assert bench_recipe.main(["con_mixup", "destilada"]) == 1
    assert "pon antes sin_suavizar primera_blanqueada." in capsys.readouterr().err
    monkeypatch.setattr(bench_recipe, "load_fashion_mnist", lambda: load_fashion_mnist(stand_in=True))
    assert bench_recipe.main(["larga"]) == 1
    assert "Hacen falta las imágenes de Fashion-MNIST" in capsys.readouterr().err
