"""EfficientNet-Lite0: su forma, los pesos que se le ponen y lo que se entrena al congelarla o ajustarla."""

import hashlib

import numpy as np
import pytest

from course_utils.experiments import imagenet_transfer
from course_utils.experiments.imagenet_transfer import over_photos
from course_utils.networks import efficientnet
from course_utils.networks.efficientnet import HEAD, STAGES, STEM, efficientnet_lite0, load_pretrained
from tools import experiments, imagenet_weights

SMALL = ((3, 1, 1, 8, 1), (3, 2, 2, 8, 2))


def test_parameters_by_hand():
    """Cada convolución, sin sesgo, y cuatro números por mapa para normalizarlo."""
    total, before = 3 * 3 * 3 * STEM + 4 * STEM, STEM
    for kernel_size, _, widen, filters, blocks in STAGES:
        for _ in range(blocks):
            wide = before * widen
            total += (before * wide + 4 * wide) * (widen > 1)
            total += kernel_size**2 * wide + 4 * wide + wide * filters + 4 * filters
            before = filters
    assert efficientnet_lite0(64).count_params() == total + before * HEAD + 4 * HEAD


def torch_state(model):
    """Unos pesos al azar con los nombres y los ejes de PyTorch, y los mismos como los quiere Keras."""
    rng = np.random.default_rng(0)
    kinds = {keras: torch for torch, keras in imagenet_weights.NORMALIZATION.items()}
    state, expected = {}, {}
    for layer in model.layers:
        for weight in layer.weights:
            value = rng.uniform(0.5, 1.5, weight.shape).astype(np.float32)
            expected[f"{layer.name}.{weight.name}"] = value
            kind = kinds.get(weight.name, "weight")
            if value.ndim == 4:
                depthwise = layer.name.endswith("depthwise_conv")
                value = value.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
            *block, own = layer.name.rpartition(".")
            prefix = f"_{block[0]}." if block[0] else ""
            state[f"{prefix}_{own}.{kind}"] = value
            if kind == "running_var":
                state[f"{prefix}_{own}.num_batches_tracked"] = np.array(7)
    return state | {"_fc.weight": np.zeros((3, HEAD)), "_fc.bias": np.zeros(3)}, expected


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Un archivo de pesos de la red pequeña, y los pesos que trae."""
    state, expected = torch_state(efficientnet_lite0(16, SMALL))
    path = tmp_path / "pesos.npz"
    np.savez(path, **imagenet_weights.keras_weights(state))
    monkeypatch.setattr(efficientnet, "PRETRAINED_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path, expected


def test_each_weight_goes_to_its_layer(stored):
    path, expected = stored
    model = efficientnet_lite0(16, SMALL)
    load_pretrained(model, path)
    for layer in model.layers:
        for weight in layer.weights:
            np.testing.assert_array_equal(weight, expected[f"{layer.name}.{weight.name}"])


def test_weights_of_another_network_touch_nothing(stored):
    model = efficientnet_lite0(16, SMALL[:1])
    before = model.get_weights()
    with pytest.raises(ValueError, match=r"no son de «efficientnet_lite0»: de blocks\.1.* y la red, nada"):
        load_pretrained(model, stored[0])
    assert all(map(np.array_equal, before, model.get_weights()))


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "otro.npz"
    np.savez(path, a=np.zeros(3))
    with pytest.raises(ValueError, match="no son los pesos que se midieron"):
        load_pretrained(efficientnet_lite0(16, SMALL), path)


def test_without_the_weights_the_command_says_how_to_get_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(imagenet_transfer, "cache_folder", lambda name: tmp_path / name)
    monkeypatch.setattr(imagenet_transfer, "course_data_dir", lambda name: None)
    monkeypatch.setattr(experiments, "probes", lambda names: {name: {} for name in names})
    monkeypatch.setattr(experiments, "real_data", lambda name, module: module.load_data(stand_in=True))
    monkeypatch.setattr(experiments.finished_seeds, "kept", lambda *_: None)
    assert experiments.main(["imagenet_transfer"]) == 1
    said = capsys.readouterr().err
    assert "Faltan los pesos" in said
    assert f"tools.imagenet_weights {tmp_path / 'efficientnet-lite0' / 'efficientnet-lite0.npz'}" in said


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [([], 2, "Se espera un argumento"), (["pesos.pth"], 2, "npz"), (["pesos.npz"], 1, "pip install torch")],
)
def test_the_tool_says_what_is_missing(arguments, code, says, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    assert imagenet_weights.main(arguments) == code
    assert says in capsys.readouterr().err


def test_photos_are_enlarged_and_normalised_with_what_the_trunk_brings(stored):
    from keras import layers

    base = efficientnet_lite0(16, SMALL)
    load_pretrained(base, stored[0])
    photos = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3)).astype(np.float32)
    model = over_photos(base)
    expected = np.asarray(base(layers.Resizing(16, 16)(photos), training=False))
    np.testing.assert_allclose(model(photos, training=True), expected, rtol=1e-4, atol=1e-4)
    assert len(model.trainable_variables) == len(base.trainable_variables) > 0
