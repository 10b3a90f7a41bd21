"""Redes, entrenamiento y medidas: números a mano, otra biblioteca al lado y lo que se rechaza."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.metrics import accuracy, confusion_matrix
from course_utils.networks.models import dense_beginner, small_cnn
from course_utils.networks.training import fit, fix_seeds, predict_classes
from course_utils.ops.parameters import conv_param_count, dense_param_count

# --- Medidas -------------------------------------------------------------------------------------------

LABELS = hnp.arrays(np.uint8, st.shared(st.integers(1, 40), key="n"), elements=st.integers(0, 4))


@given(LABELS, LABELS)
def test_metrics_agree_with_tensorflow(labels, predicted):
    import tensorflow as tf

    matrix = confusion_matrix(labels, predicted, 5)
    np.testing.assert_array_equal(matrix, tf.math.confusion_matrix(labels, predicted, 5))
    assert matrix.sum() == len(labels)
    assert accuracy(labels, predicted) == pytest.approx(np.trace(matrix) / len(labels))


def test_confusion_matrix_has_true_classes_in_rows():
    assert confusion_matrix([0, 0, 0, 2], [0, 1, 1, 2], 3).tolist() == [[1, 2, 0], [0, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("labels", "predicted", "error", "message"),
    [
        ([0, 1], [0.1, 0.9], TypeError, "predicted debe tener clases enteras"),
        ([0, 1], [[0, 1], [1, 0]], ValueError, "hace falta una clase por imagen"),
        ([0, 1], [0], ValueError, r"labels tiene forma \(2,\) y predicted \(1,\)"),
        ([], [], TypeError, "clases enteras"),
        (np.zeros(0, int), np.zeros(0, int), ValueError, "al menos una imagen"),
        ([True], [True], TypeError, "clases enteras"),
    ],
)
def test_metrics_refuse_what_is_not_one_class_per_image(labels, predicted, error, message):
    with pytest.raises(error, match=message):
        accuracy(labels, predicted)
    with pytest.raises(error, match=message):
        confusion_matrix(labels, predicted, 2)


@pytest.mark.parametrize(("labels", "predicted"), [([0, 2], [0, 1]), ([0, 1], [0, -1])])
def test_confusion_matrix_refuses_labels_out_of_range(labels, predicted):
    with pytest.raises(ValueError, match="con 2 clases debe ir de 0 a 1"):
        confusion_matrix(labels, predicted, 2)


# --- Desplazamientos -----------------------------------------------------------------------------------


@given(
    hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 3), st.integers(4, 6), st.integers(4, 6), st.integers(1, 2))
    ),
    st.sampled_from(sorted(DIRECTIONS)),
    st.integers(0, 4),
)
def test_shift_agrees_with_scipy(images, direction, distance):
    before = images.copy()
    rows, cols = DIRECTIONS[direction]
    expected = scipy.ndimage.shift(images, (0, rows * distance, cols * distance, 0), order=0)
    np.testing.assert_array_equal(shift_images(images, direction, distance), expected)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize(
    ("direction", "corner"), [("up", (0, 1)), ("down", (2, 1)), ("left", (1, 0)), ("right", (1, 2))]
)
def test_shift_moves_the_content_where_it_says(direction, corner):
    image = np.zeros((1, 3, 3, 1))
    image[0, 1, 1, 0] = 7
    assert np.argwhere(shift_images(image, direction, 1)[0, :, :, 0]).tolist() == [list(corner)]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((28, 28)), "up", 1), ValueError, "fila, columna, canal"),
        ((np.zeros((1, 3, 5, 1)), "arriba", 1), ValueError, "elige una de up, down, left, right"),
        ((np.zeros((1, 3, 5, 1)), "up", -1), ValueError, "distance debe ser 0 o más"),
        ((np.zeros((1, 3, 5, 1)), "up", 4), ValueError, "saca la imagen entera de sus 3×5 píxeles"),
        ((np.zeros((1, 3, 5, 1)), "left", 1.5), TypeError, "número entero"),
    ],
)
def test_shift_explains_what_it_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        shift_images(*arguments)


# --- Redes ---------------------------------------------------------------------------------------------


def test_networks_have_the_parameters_counted_by_hand():
    assert dense_beginner().count_params() == dense_param_count(784, 128) + dense_param_count(128, 10)
    convolutions = conv_param_count(3, 1, 16) + conv_param_count(3, 16, 32) + conv_param_count(3, 32, 64)
    assert small_cnn().count_params() == convolutions + dense_param_count(3 * 3 * 64, 10)  # 28 → 14 → 7 → 3
    assert small_cnn().count_params() < dense_beginner().count_params()


@pytest.mark.parametrize("build", [dense_beginner, small_cnn])
def test_networks_give_ten_scores_without_softmax(build):
    images, _ = draw_garments(10, seed=0)
    scores = build().predict(images, verbose=0)
    assert scores.shape == (10, 10)
    assert (scores < 0).any()


# --- Entrenamiento -------------------------------------------------------------------------------------


def train_once(seed):
    fix_seeds(seed)
    model = small_cnn()
    result = fit(model, draw_garments(200, seed=1), draw_garments(50, seed=2), epochs=2)
    return model, result


def test_training_is_repeatable_and_quiet(capfd):
    (first, result), (second, again), (other, _) = (train_once(seed) for seed in (3, 3, 4))
    assert capfd.readouterr() == ("", "")
    assert all(np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights(), strict=True))
    assert result.history == again.history
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])


def test_training_result_records_each_epoch():
    model, result = train_once(0)
    images, labels = draw_garments(50, seed=2)
    assert result.parameters == model.count_params()
    assert result.seconds > 0
    assert set(result.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 2 for values in result.history.values())
    assert result.history["val_accuracy"][-1] == pytest.approx(
        accuracy(labels, predict_classes(model, images))
    )


def test_predicted_class_has_the_highest_score():
    fix_seeds(0)
    model, (images, _) = dense_beginner(), draw_garments(20, seed=0)
    weights, bias, last_weights, last_bias = model.get_weights()
    hidden = np.maximum(images.reshape(20, -1) / 255 @ weights + bias, 0)
    scores = hidden @ last_weights + last_bias
    np.testing.assert_array_equal(predict_classes(model, images), scores.argmax(axis=1))
