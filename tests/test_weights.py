"""Guardar, cargar y exportar redes: lo que vuelve es lo que se guardó, y lo ajeno se rechaza."""

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.networks import weights
from course_utils.networks.models import compact_cnn, dense_beginner, small_cnn
from course_utils.networks.training import fix_seeds
from course_utils.networks.weights import (
    decode,
    export_network,
    load_network,
    load_weights,
    run_network,
    save_weights,
)

IMAGES, _ = draw_garments(10, seed=0)


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


# --- Redes en JSON -------------------------------------------------------------------------------------


def test_exported_network_runs_in_numpy_as_in_keras():
    fix_seeds(0)
    model = small_cnn()
    network = json.loads(json.dumps(export_network(model, IMAGES)))
    outputs = run_network(network, IMAGES)
    np.testing.assert_allclose(outputs[-1], model.predict(IMAGES, verbose=0), atol=1e-5)
    np.testing.assert_allclose(outputs[-1], network["scores"], atol=2e-5)
    for number, stored in network["activations"].items():
        np.testing.assert_allclose(outputs[int(number)][0], decode(stored), rtol=1e-3, atol=1e-6)


def test_a_layer_that_is_not_exported_is_named():
    with pytest.raises(ValueError, match=r"\(InputLayer\) no se exporta"):
        export_network(compact_cnn((2, 3, 4)), IMAGES)


def test_stored_network_is_small_verified_and_gives_its_own_scores():
    path = files("course_utils") / "networks" / "small_cnn.json"
    assert len(path.read_bytes()) <= 120_000
    network = load_network("small_cnn")
    images = decode(network["images"])
    assert images.shape == (10, 28, 28, 1)
    outputs = run_network(network, images)
    np.testing.assert_allclose(outputs[-1], network["scores"], atol=2e-5)
    assert network["activations"]
    for number, stored in network["activations"].items():
        np.testing.assert_allclose(outputs[int(number)][0], decode(stored), rtol=1e-3, atol=1e-4)
    # una imagen de cada clase, por orden: la red entrenada acierta casi todas
    assert (np.argmax(network["scores"], axis=1) == np.arange(10)).sum() >= 8


def test_stored_network_reproduces_keras():
    network = load_network("small_cnn")
    model = small_cnn()
    arrays = [
        decode(layer[key]) for layer in network["layers"] if "kernel" in layer for key in ("kernel", "bias")
    ]
    model.set_weights([array.astype(np.float32) for array in arrays])
    scores = model.predict(decode(network["images"]).astype(np.float32), verbose=0)
    np.testing.assert_allclose(scores, network["scores"], atol=1e-4)


def test_checksum_covers_everything_and_can_be_computed_elsewhere():
    content = json.loads((files("course_utils") / "networks" / "small_cnn.json").read_text(encoding="utf-8"))
    stored = content.pop("sha256")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert stored == hashlib.sha256(text.encode()).hexdigest()


def test_a_changed_or_missing_network_is_refused(tmp_path, monkeypatch):
    content = json.loads((files("course_utils") / "networks" / "small_cnn.json").read_text(encoding="utf-8"))
    content["scores"][0][0] += 1
    (tmp_path / "networks").mkdir()
    (tmp_path / "networks" / "small_cnn.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(weights, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match="no coincide con su suma de comprobación"):
        load_network("small_cnn")
    with pytest.raises(ValueError, match="no guarda ninguna red «otra»"):
        load_network("otra")
