"""Guardar y cargar redes: lo que vuelve es lo que se guardó, y lo ajeno se rechaza."""

import numpy as np
import pytest

from course_utils.networks.models import compact_cnn, dense_beginner, small_cnn
from course_utils.networks.training import fix_seeds
from course_utils.networks.weights import load_weights, save_weights


def test_what_is_loaded_is_what_was_saved(tmp_path):
    fix_seeds(0)
    model, other = compact_cnn((2, 3, 4)), compact_cnn((2, 3, 4))  # con las medias de la normalización
    save_weights(model, tmp_path / "red.npz")
    load_weights(other, tmp_path / "red.npz")
    for saved, loaded in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(saved, loaded)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (dense_beginner, "el archivo tiene 8 arrays y «densa», 4"),
        (lambda: widened(), r"donde «otra» tiene 01 Conv2D kernel, de forma \(3, 3, 1, 9\)"),
        (lambda: reordered(), "donde «otra» tiene 00 Conv2D kernel"),
    ],
)
def test_weights_of_another_network_are_refused_and_nothing_changes(tmp_path, build, message):
    save_weights(small_cnn(), tmp_path / "red.npz")
    model = build()
    before = model.get_weights()
    with pytest.raises(ValueError, match=message) as caught:
        load_weights(model, tmp_path / "red.npz")
    assert "esos pesos son de otra red" in str(caught.value)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def widened():
    from keras import Sequential, layers

    parts = [layers.Rescaling(1 / 255)]
    parts += [layers.Conv2D(count, 3) for count in (9, 32, 64)] + [layers.Flatten(), layers.Dense(10)]
    return Sequential([layers.Input((28, 28, 1)), *parts], name="otra")


def reordered():
    from keras import Sequential, layers

    parts = [layers.Conv2D(count, 3, padding="same") for count in (16, 32, 64)]
    return Sequential([layers.Input((28, 28, 1)), *parts, layers.Flatten(), layers.Dense(10)], name="otra")


def test_only_npz_without_pickle(tmp_path):
    with pytest.raises(ValueError, match=r"\.npz y ha llegado «red.h5»"):
        save_weights(small_cnn(), tmp_path / "red.h5")
    np.savez(tmp_path / "malo.npz", a=np.array([{"código": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_weights(small_cnn(), tmp_path / "malo.npz")
