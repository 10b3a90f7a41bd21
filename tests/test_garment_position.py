"""Los controles de la posición de la prenda, con redes de las que se sabe la respuesta."""

import numpy as np
import pytest

from course_utils.experiments import garment_position
from course_utils.networks.models import readout_cnn
from course_utils.networks.training import fix_seeds, predict_classes


@pytest.fixture
def centred():
    """Ruido en el centro, de 14×14, y negro alrededor."""
    images = np.zeros((6, 28, 28, 1), np.uint8)
    images[:, 7:21, 7:21] = np.random.default_rng(0).integers(1, 256, (6, 14, 14, 1))
    return images


def outside_detector():
    """Una red que dice 1 si hay algo encendido fuera del centro, y 0 si no lo hay."""
    from keras import Sequential, layers

    model = Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(2)])
    outside = np.ones((28, 28))
    outside[7:21, 7:21] = 0
    weights = np.stack([np.zeros(784), outside.ravel()], axis=1)
    model.set_weights([weights, np.array([0.5, 0])])
    return model


def test_the_mask_erases_what_falls_outside_and_nothing_else(centred):
    model, labels = outside_detector(), np.zeros(6, int)
    assert garment_position.shifted_accuracy(model, (centred, labels)) == [1] + 7 * [0]
    assert garment_position.masked_accuracy(model, (centred, labels)) == 8 * [1]
    assert garment_position.masked_accuracy(model, (centred, labels + 1)) == 8 * [0]


def test_with_its_maps_taken_back_the_net_answers_as_at_the_centre(centred):
    fix_seeds(3)
    model = readout_cnn("flatten")  # sin sesgos, el fondo negro da mapas a cero y el borde no se nota
    answers = predict_classes(model, centred)
    realigned = garment_position.realigned_accuracy(model, (centred, answers))
    assert realigned[:5] == 5 * [1]  # las dos capas ven 3 píxeles a cada lado: desde 5 se cortan en el borde
    shifted = garment_position.shifted_accuracy(model, (centred, answers))
    assert min(np.subtract(realigned, shifted)[1:]) > 0


def test_each_pair_comes_in_both_orders_with_the_same_garments():
    images = np.arange(4 * 16).reshape(4, 4, 4, 1).repeat(7, axis=1).repeat(7, axis=2)
    pairs, sides = garment_position.garment_pairs(images, np.array([8, 7, 3, 7]))
    assert sides.tolist() == [0, 1]  # solo hay un bolso
    assert pairs.shape == (2, 14, 44, 1)
    half = pairs.shape[2] // 2
    np.testing.assert_array_equal(pairs[0, :, :half], pairs[1, :, half:])
    np.testing.assert_array_equal(pairs[0, :, half:], pairs[1, :, :half])
    assert pairs[0, :, :half].max() > pairs[0, :, half:].max()  # la zapatilla es la imagen 1; el bolso, la 0
