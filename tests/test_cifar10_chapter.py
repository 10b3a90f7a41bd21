"""El capítulo 10: imágenes sin color o sin detalle, sus redes, la transferencia y «¿qué ves tú?»."""

import base64
import json
import re

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.exercises import picture_quiz
from course_utils.experiments.cifar10_transfer import alternating, draw_pair, features, only
from course_utils.images.degradation import lower_resolution, to_grey
from course_utils.networks.models import colour_cnn, colour_dense
from course_utils.ops.parameters import conv_param_count, dense_param_count
from tools.chapters import find_source, product_of

colour = arrays(np.uint8, st.sampled_from([(1, 4, 8, 3), (2, 8, 4, 3)]))


@given(colour)
def test_grey_is_the_one_of_pillow(images):
    expected = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in images])
    # Pillow pesa con potencias de dos y puede redondear al vecino
    assert np.abs(to_grey(images)[..., 0].astype(int) - expected).max() <= 1


@given(arrays(np.uint8, (2, 3, 3, 1)))
def test_grey_of_a_grey_photo_is_itself(images):
    assert np.array_equal(to_grey(images.repeat(3, axis=-1)), images)


@given(colour, st.sampled_from([1, 2, 4]))
def test_lower_resolution_is_the_one_of_pillow(images, factor):
    small = lower_resolution(images, factor)[:, ::factor, ::factor]
    for image, reduced in zip(images, small, strict=True):
        expected = np.asarray(Image.fromarray(image).reduce(factor))
        assert np.abs(reduced.astype(int) - expected).max() <= 1  # los empates, cada cual a su manera


@given(colour, st.sampled_from([1, 2, 4]))
def test_lowering_twice_loses_nothing_more(images, factor):
    once = lower_resolution(images, factor)
    assert once.shape == images.shape
    assert np.array_equal(lower_resolution(once, factor), once)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: to_grey(np.zeros((1, 2, 2, 1))), ValueError, "1 canales"),
        (lambda: to_grey(np.zeros((2, 2, 3))), ValueError, "lote"),
        (lambda: lower_resolution(np.zeros((1, 4, 6, 3)), 4), ValueError, "4×6"),
        (lambda: lower_resolution(np.zeros((1, 4, 4, 3)), 2.5), TypeError, "factor"),
        (lambda: lower_resolution(np.zeros((4, 4, 3)), 2), ValueError, "lote"),
        (lambda: picture_quiz("x", [0, 2], ["gato", "perro"]), ValueError, "de 0 a 1"),
        (lambda: picture_quiz("x", [], ["gato", "perro"]), ValueError, "clase por foto"),
    ],
)
def test_errors_say_what_to_change(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_parameters_by_hand():
    assert colour_dense().count_params() == dense_param_count(3072, 128) + dense_param_count(128, 10)
    shared = conv_param_count(3, 16, 32) + conv_param_count(3, 32, 64) + dense_param_count(4 * 4 * 64, 10)
    for channels in (1, 3):
        assert colour_cnn(channels).count_params() == conv_param_count(3, channels, 16) + shared
    assert colour_cnn(classes=2).output_shape == (None, 2)


def test_features_are_what_the_last_layer_reads():
    model = colour_cnn(classes=2)
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3))
    weights, bias = model.layers[-1].get_weights()
    expected = model.predict(images, verbose=0)
    assert features(model, images) @ weights + bias == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_only_some_classes_and_as_many_of_each():
    images, labels = np.arange(6), np.array([7, 3, 9, 9, 7, 9])
    kept, renumbered = only(images, labels, (9, 7))
    assert kept.tolist() == [0, 2, 3, 4, 5]
    assert renumbered.tolist() == [0, 1, 1, 0, 1]
    order = alternating(renumbered, seed=3)
    assert len(set(order.tolist())) == 4
    assert renumbered[order].tolist() == [0, 1, 0, 1]


def test_the_photos_of_a_pair_are_never_twice_and_those_of_a_size_are_in_the_next():
    data = load_cifar10(stand_in=True)
    validation, test, fitting = draw_pair("cat_dog", 1, data, validation=20, test=30, fitting=100)
    assert [len(labels) for _, labels in (validation, test, fitting)] == [20, 30, 100]
    assert all(np.bincount(labels).tolist() == [len(labels) // 2] * 2 for _, labels in (validation, fitting))
    pool = only(data.x_train, data.y_train, (3, 5))[0]
    assert len({image.tobytes() for image in pool}) == len(pool)
    assert not {one.tobytes() for one in validation[0]} & {one.tobytes() for one in fitting[0]}
    _, _, fewer = draw_pair("cat_dog", 1, data, validation=20, test=30, fitting=40)
    assert np.array_equal(fewer[0], fitting[0][:40])
    _, _, others = draw_pair("cat_dog", 2, data, validation=20, test=30, fitting=40)
    assert not np.array_equal(others[0], fewer[0])


def key_of(html):
    encoded = re.search(r'<script type="application/json">"(.*?)"</script>', html).group(1)
    return json.loads(base64.b64decode(encoded))


def test_the_quiz_of_the_chapter_marks_with_the_labels_of_its_photos():
    """Las veinte fotos de la página y su clave, comparadas con las etiquetas de los datos reales."""
    notebook = nbformat.read(product_of(find_source("10")), as_version=4)
    (html,) = (
        output.data["text/html"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("picture_quiz(")
        for output in cell.outputs
    )
    right = key_of(html)["right"]
    assert sorted(right) == sorted(2 * list(range(10)))
    assert html.count("<select") == 20
    shown = re.findall(r'<li data-why="\d+"><strong>Foto (\d+)</strong>: (\w+)</li>', html)
    data = load_cifar10()
    assert shown == [(str(n), data.class_names[label]) for n, label in enumerate(right, start=1)]
    if not data.is_stand_in and len(data.x_test) == 5000:
        two_each = np.concatenate([np.flatnonzero(data.y_test == label)[:2] for label in range(10)])
        twenty = two_each[np.random.default_rng(10).permutation(20)]
        assert right == data.y_test[twenty].tolist()
