"""Los archivos que piden las figuras con redes: qué llevan, que lo medido sea suyo, y cómo llegan."""

import json
from io import BytesIO

import numpy as np
import pytest

from course_utils.datasets import load_fashion_mnist
from course_utils.datasets.fashion_mnist import CLASSES
from course_utils.figures import FIGURES, ConvolutionFigure, InsideCnnFigure, TrainInPageFigure
from course_utils.figures.base import STATIC
from course_utils.figures.inside_cnn import sample
from course_utils.figures.train_in_page import SPRITE, garment_sprite
from course_utils.networks.models import compact_cnn, dense_beginner
from course_utils.networks.web import read_web, reference_input, run_web
from tools import offline, vendor, web_networks

BUILDERS = {"cnn": compact_cnn, "dense": dense_beginner}


def garments(content):
    """Las prendas de una lámina, por orden, (1200, 28, 28, 1)."""
    from PIL import Image

    sheet = np.array(Image.open(BytesIO(content)))
    return sheet.reshape(30, 28, 40, 28).swapaxes(1, 2).reshape(-1, 28, 28, 1)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_stored_network_is_small_whole_and_measured(name):
    path = STATIC / f"{name}.bin"
    assert len(path.read_bytes()) <= 300_000
    network = read_web(path)
    assert network["notes"]["parameters"] == BUILDERS[name]().count_params()
    assert network["notes"]["silhouettes"] >= 50
    assert network["notes"]["classes"] == list(CLASSES)
    # lo que la figura dice de las siluetas es lo que se mide
    drawn = web_networks.measure(network, *web_networks.silhouettes())
    assert drawn == pytest.approx(network["notes"]["drawn"], abs=1e-9)
    outputs = run_web(network, reference_input((28, 28, 1))[np.newaxis])
    for values, noted in zip(outputs, network["reference"]["samples"], strict=True):
        step = max(1, values.size // 16)
        np.testing.assert_allclose(values.ravel()[::step][:16], noted, rtol=1e-4, atol=1e-4)


def test_the_convolutional_network_wins_with_fewer_parameters():
    cnn, dense = (read_web(STATIC / f"{name}.bin")["notes"] for name in ("cnn", "dense"))
    assert cnn["parameters"] < dense["parameters"]
    assert cnn["test"] > dense["test"] + 0.03


def test_measuring_says_what_is_stored(monkeypatch, capsys):
    class Few:
        is_stand_in = False
        x_test = np.stack([sample(number)[..., np.newaxis] for number in range(20)])
        y_test = np.arange(20) // 2

    monkeypatch.setattr(web_networks, "load_fashion_mnist", Few)
    assert web_networks.main(["medir"]) == 0
    said = capsys.readouterr().out
    assert "cnn: " in said
    assert "de 20 prendas de prueba" in said
    Few.is_stand_in = True
    assert web_networks.main([]) == 1
    assert "solo están los sustitutos" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="Uso"):
        web_networks.main(["otra"])


def test_the_sheet_has_real_garments_in_order(root):
    content = (root / "assets/vendor/fashion-mnist/garments.png").read_bytes()
    assert len(content) <= 600_000
    images = garments(content)
    assert len(images) == 1200
    scores = run_web(read_web(STATIC / "dense.bin"), images[1000:])[-1]
    assert (scores.argmax(axis=-1) == np.arange(200) % 10).mean() > 0.8  # las de prueba, clase a clase
    assert "Zalando" in (root / "assets/vendor/fashion-mnist/LICENSE").read_text(encoding="utf-8")
    assert "Zalando" in (root / "assets/vendor/README.md").read_text(encoding="utf-8")


def test_the_sheet_of_other_data_has_the_same_form(monkeypatch, capsys):
    data = load_fashion_mnist(stand_in=True)
    images = garments(garment_sprite(data))
    first = np.flatnonzero(data.y_train == 3)[1]
    np.testing.assert_array_equal(images[13], data.x_train[first])
    monkeypatch.setattr(vendor, "load_fashion_mnist", lambda: data)
    with pytest.raises(SystemExit, match="Faltan los datos reales"):
        vendor.garment_files()


def test_a_notebook_sends_only_the_files_of_the_figure(monkeypatch):
    figure, sent = InsideCnnFigure(), []
    monkeypatch.setattr(figure, "send", lambda content, buffers: sent.append((content, buffers)))
    for name in ("dense.bin", "../base.py", None):
        figure._handle_custom_msg({"file": name}, [])
    ((content, (data,)),) = sent
    assert content == {"file": "dense.bin"}
    assert data == (STATIC / "dense.bin").read_bytes()


def test_a_notebook_sends_the_garments_it_has(monkeypatch):
    drawn = load_fashion_mnist(stand_in=True)
    monkeypatch.setattr("course_utils.datasets.fashion_mnist.load_fashion_mnist", lambda: drawn)
    figure, sent = TrainInPageFigure(), []
    monkeypatch.setattr(figure, "send", lambda content, buffers: sent.append(buffers))
    figure._handle_custom_msg({"file": SPRITE}, [])
    assert len(garments(sent[0][0])) == 1200


def test_what_the_figure_shows_is_computed_by_the_course():
    figure = InsideCnnFigure(shift_rows=2, shift_cols=-3)
    np.testing.assert_array_equal(figure.moved[2:, :25], sample(18)[:-2, 3:])
    assert not figure.moved[:2].any()
    assert not figure.moved[:, 25:].any()
    model = compact_cnn()
    model.set_weights([w for layer in read_web(STATIC / "cnn.bin")["layers"] for w in layer["weights"]])
    scores = model(figure.moved[np.newaxis, ..., np.newaxis].astype(np.float32), training=False)
    powers = np.exp(np.asarray(scores)[0])
    np.testing.assert_allclose(figure.probabilities("cnn"), powers / powers.sum(), atol=1e-5)


def test_the_parameters_are_those_of_keras():
    from keras import Input, Sequential, layers

    figure = TrainInPageFigure(filters=4, kernel_size=5, hidden=32)
    blocks = [
        part for count in (4, 8) for part in (layers.Conv2D(count, 5, padding="same"), layers.MaxPooling2D())
    ]
    cnn = Sequential([Input((28, 28, 1)), *blocks, layers.Flatten(), layers.Dense(10)])
    dense = Sequential([Input((28, 28, 1)), layers.Flatten(), layers.Dense(32), layers.Dense(10)])
    assert figure.parameters == {"dense": dense.count_params(), "cnn": cnn.count_params()}


def test_offline_every_file_travels_in_a_script(tmp_path):
    static = tmp_path / "_static" / "figures"
    for name in {name for make in FIGURES for name in make.files}:
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_bytes(b"\x00\xff")
    offline.wrap_files(static, tmp_path / "appendix")
    assert not list(tmp_path.rglob("*.bin"))
    script = (static / f"{SPRITE}.js").read_text(encoding="utf-8")
    assert script == f"courseFiles[{json.dumps(SPRITE)}]='AP8=';\n"


def test_a_figure_without_files_listens_to_nobody():
    assert ConvolutionFigure.files == ()
    assert not ConvolutionFigure()._msg_callbacks.callbacks
