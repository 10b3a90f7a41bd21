"""Las redes que ejecuta la página: el archivo, lo que se rechaza, y que en Node respondan como en Keras."""

import json
import struct
import subprocess
import zlib

import numpy as np
import pytest

from course_utils.networks.models import compact_cnn, dense_beginner, lenet
from course_utils.networks.web import export_web, read_web, reference_input, run_web
from course_utils.segmentation.unet import unet
from tools import network_vectors
from tools.network_vectors import every_layer, randomized


def contents(path):
    """El JSON y los pesos de un archivo."""
    file = path.read_bytes()
    size = struct.unpack_from("<I", file, 8)[0]
    return json.loads(file[12 : 12 + size]), np.frombuffer(file[12 + size :], "<f2")


def layer_outputs(model, image):
    """Lo que da Keras en cada capa, con la entrada delante."""
    from keras import Model

    layers = Model(model.inputs, model.outputs).operations
    every = Model(model.inputs, [layer.output for layer in layers])
    return [np.asarray(values)[0] for values in every([image[np.newaxis]], training=False)]


@pytest.mark.parametrize(
    ("build", "shape"),
    [
        (every_layer, (11, 9, 2)),
        (compact_cnn, (28, 28, 1)),
        (dense_beginner, (28, 28, 1)),
        (lambda: lenet("sigmoid"), (28, 28, 1)),
        (lambda: unet(10), (64, 64, 3)),
        (lambda: unet(2, channels=1), (64, 64, 1)),
    ],
    ids=["todas-las-capas", "convolucional", "densa", "lenet", "u-net", "u-net-gris"],
)
def test_every_value_of_every_layer_is_the_one_of_keras(node, root, tmp_path, build, shape):
    model = randomized(build(), seed=1)
    export_web(model, tmp_path / "red.bin")
    script = root / "web" / "test" / "activations.mjs"
    done = subprocess.run([node, script, tmp_path / "red.bin"], capture_output=True, check=True)
    expected = layer_outputs(model, reference_input(shape))
    ours = np.split(np.frombuffer(done.stdout), np.cumsum([values.size for values in expected])[:-1])
    for layer, (mine, theirs) in enumerate(zip(ours, expected, strict=True)):
        scale = max(1, np.abs(theirs).max())  # la entrada llega a 255
        np.testing.assert_allclose(mine, theirs.ravel(), atol=1e-5 * scale, rtol=0, err_msg=f"capa {layer}")
    numpy_too = run_web(read_web(tmp_path / "red.bin"), reference_input(shape)[np.newaxis])
    for layer, (mine, theirs) in enumerate(zip(numpy_too, expected, strict=True)):
        scale = max(1, np.abs(theirs).max())
        np.testing.assert_allclose(mine[0], theirs, atol=1e-5 * scale, rtol=0, err_msg=f"capa {layer}")


def test_the_file_is_words_checksum_json_and_half_precision_weights(tmp_path):
    model = randomized(dense_beginner())
    size = export_web(model, tmp_path / "red.bin")
    file = (tmp_path / "red.bin").read_bytes()
    assert size == len(file) <= 300_000
    assert file[:4] == b"RED1"
    assert struct.unpack_from("<I", file, 4)[0] == zlib.crc32(file[8:])
    content, weights = contents(tmp_path / "red.bin")
    assert [layer["kind"] for layer in content["layers"]] == [
        *("InputLayer", "Rescaling", "Flatten", "Dense", "Dropout", "Dense")
    ]
    stored = np.concatenate([weight.ravel() for weight in model.get_weights()])
    np.testing.assert_array_equal(weights.astype(np.float32), stored)
    assert content["outputs"] == [5]


def test_the_exported_network_keeps_its_own_weights(tmp_path):
    model = lenet("relu")
    before = model.get_weights()
    export_web(model, tmp_path / "red.bin")
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert any(not np.array_equal(a, a.astype(np.float16)) for a in before)  # y había algo que redondear


def test_a_changed_file_is_refused(tmp_path):
    path = tmp_path / "red.bin"
    export_web(dense_beginner(), path)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ValueError, match=r"red\.bin no coincide con su suma de comprobación"):
        read_web(path)
    path.write_bytes(b"<!doctype html>")
    with pytest.raises(ValueError, match=r"red\.bin no es de una red: empieza por b'<!do'"):
        read_web(path)


def bad_networks():
    from keras import Input, Model, Sequential, layers

    def one(*stack, shape=(8, 8, 3)):
        return Sequential([Input(shape), *stack], name="mala")

    shared = layers.Conv2D(3, 3, padding="same", name="repetida")
    inputs = Input((8, 8, 3))
    two = [Input((4,)), Input((4,))]
    huge = one(layers.Dense(1, name="enorme"))
    huge.set_weights([np.full((3, 1), 1e5), np.zeros(1)])
    return {
        r"capa «rara» \(LayerNormalization\) no se exporta: la página conoce InputLayer": one(
            layers.LayerNormalization(name="rara")
        ),
        r"capa «dentro» \(Sequential\) no se exporta": one(
            Sequential([Input((8, 8, 3)), layers.ReLU()], name="dentro")
        ),
        r"«c» \(Conv2D\) tiene dilation_rate=\(2, 2\) y la página solo calcula dilation_rate=\(1, 1\)": one(
            layers.Conv2D(2, 3, dilation_rate=2, name="c")
        ),
        r"«c» \(Conv2D\) tiene groups=3": one(layers.Conv2D(3, 3, groups=3, name="c")),
        r"«c» \(Conv2D\) tiene data_format='channels_first'": one(
            layers.Conv2D(3, 3, data_format="channels_first", name="c")
        ),
        r"«r» \(ReLU\) tiene max_value=6": one(layers.ReLU(max_value=6, name="r")),
        r"«b» \(BatchNormalization\) tiene scale=False": one(
            layers.BatchNormalization(scale=False, name="b")
        ),
        r"«b» \(BatchNormalization\) trabaja en el eje 1": one(layers.BatchNormalization(axis=1, name="b")),
        r"«s» \(Softmax\) trabaja en el eje 1": one(layers.Softmax(axis=1, name="s")),
        r"«g» \(GlobalMaxPooling2D\) tiene keepdims=True": one(
            layers.GlobalMaxPooling2D(keepdims=True, name="g")
        ),
        r"«e» \(Rescaling\) tiene un factor por canal": one(layers.Rescaling([1.0, 2.0, 3.0], name="e")),
        r"«d» \(Dense\) tiene la activación tanh, que la página no calcula: usa linear, relu": one(
            layers.Dense(2, activation="tanh", name="d")
        ),
        "la capa «repetida» se usa 2 veces": Model(inputs, shared(shared(inputs))),
        "tiene 2 entradas y la página da una": Model(two, layers.Add()(two)),
        "«sin» no está construida: pon delante una capa Input": Sequential([layers.ReLU()], name="sin"),
        r"«mala» tiene un peso de 100000, que no cabe en float16": huge,
    }


def test_what_the_page_cannot_compute_is_refused_by_name(tmp_path):
    for message, model in bad_networks().items():
        with pytest.raises(ValueError, match=message):
            export_web(model, tmp_path / "red.bin")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match=r"archivo \.bin y ha llegado «red.json»"):
        export_web(dense_beginner(), tmp_path / "red.json")


@pytest.mark.parametrize("build", [network_vectors.every_layer, network_vectors.narrow_cnn])
def test_stored_test_networks_come_from_their_source(tmp_path, build):
    export_web(randomized(build()), tmp_path / "red.bin")
    fresh, weights = contents(tmp_path / "red.bin")
    stored, stored_weights = contents(network_vectors.FOLDER / f"{build.__name__}.bin")
    np.testing.assert_array_equal(weights, stored_weights)
    for ours, theirs in zip(fresh["layers"], stored["layers"], strict=True):
        assert ours | {"name": ""} == theirs | {"name": ""}
    for ours, theirs in zip(fresh["reference"]["samples"], stored["reference"]["samples"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


def test_stored_training_steps_are_those_of_keras():
    fresh = network_vectors.plain(network_vectors.training_cases())
    stored = json.loads((network_vectors.FOLDER / "training.json").read_text(encoding="utf-8"))
    numbers = ("weights", "gradients", "losses", "trained")
    for ours, theirs in zip(fresh, stored, strict=True):
        assert ours.keys() == theirs.keys()
        assert all(ours[name] == theirs[name] for name in ours if name not in numbers)
        for name in numbers:
            for mine, other in zip(ours[name], theirs[name], strict=True):
                np.testing.assert_allclose(mine, other, atol=2e-6, err_msg=name)
