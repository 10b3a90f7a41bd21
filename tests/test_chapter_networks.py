"""Las redes de los capítulos 2 y 5: parámetros contados a mano y lo que su forma garantiza sin entrenar."""

import numpy as np
import pytest

from course_utils.experiments.pooling_what_and_where import place_in_columns
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.images.rearrangement import place_in_pairs, shrink_to_centre
from course_utils.networks.models import block_cnn, one_map_net, pooling_cnn, readout_cnn, two_block_cnn
from course_utils.ops.parameters import conv_param_count, dense_param_count
from course_utils.ops.sizes import conv_output_size, pool_output_size


@pytest.fixture(scope="module")
def garments():
    """Ocho imágenes al azar de 14×14, en el centro de un lienzo de 28×28."""
    images = np.random.default_rng(0).integers(0, 256, (8, 28, 28, 1))
    return shrink_to_centre(images)


def test_block_parameters_by_hand():
    side, channels, convolutions = 28, 1, 0
    for blocks, filters in enumerate((8, 16, 32), start=1):
        side = pool_output_size(conv_output_size(side, 3, padding="same"))
        convolutions += conv_param_count(3, channels, filters)
        channels = filters
        expected = convolutions + dense_param_count(side * side * filters, 10)
        assert block_cnn(blocks).count_params() == expected
    assert expected == 8778


def test_two_block_parameters_by_hand():
    side = pool_output_size(conv_output_size(pool_output_size(conv_output_size(28, 3)), 3))
    expected = (
        conv_param_count(3, 1, 16) + conv_param_count(3, 16, 32) + dense_param_count(side * side * 32, 10)
    )
    assert two_block_cnn().count_params() == expected == 12_810


@pytest.mark.parametrize(("readout", "read"), [("flatten", 28 * 28 * 16), ("global_max", 16)])
def test_readouts_share_their_convolutions(readout, read):
    convolutions = conv_param_count(5, 1, 8) + conv_param_count(3, 8, 16)
    assert readout_cnn(readout).count_params() == convolutions + dense_param_count(read, 10)


@pytest.mark.parametrize("connection", ["dense", "local", "conv"])
def test_maps_are_as_many_as_filters_are_asked(connection):
    eight = one_map_net(connection, filters=8)
    weights = {"dense": 785, "local": 10, "conv": 10}[connection] * (
        8 if connection == "conv" else 26 * 26 * 8
    )
    assert eight.count_params() == weights + dense_param_count(26 * 26 * 8, 10)


def test_global_readout_cannot_tell_where_the_garment_is(garments):
    """Hasta tres píxeles, ninguna ventana que ve la prenda toca el relleno: salen las mismas puntuaciones."""
    model = readout_cnn("global_max")
    scores = model.predict(garments, verbose=0)
    for direction in DIRECTIONS:
        moved = model.predict(shift_images(garments, direction, 3), verbose=0)
        assert np.allclose(moved, scores, rtol=1e-5)
    flat = readout_cnn("flatten")
    moved = flat.predict(shift_images(garments, "down", 3), verbose=0)
    assert not np.allclose(moved, flat.predict(garments, verbose=0), rtol=0.1)


def test_the_global_readout_cannot_tell_left_from_right():
    left, right = np.random.default_rng(1).integers(0, 256, (2, 6, 14, 14, 1))
    model = readout_cnn("global_max", (14, 44, 1), classes=2)
    one, other = (
        model.predict(pair, verbose=0) for pair in (place_in_pairs(left, right), place_in_pairs(right, left))
    )
    assert np.allclose(one, other, rtol=1e-4)
    flat = readout_cnn("flatten", (14, 44, 1), classes=2)
    one, other = (
        flat.predict(pair, verbose=0) for pair in (place_in_pairs(left, right), place_in_pairs(right, left))
    )
    assert not np.allclose(one, other, rtol=0.1)


@pytest.mark.parametrize(
    ("pooling", "size", "side"),
    [("max", 1, 28), ("max", 2, 14), ("average", 4, 7), ("max", 28, 1), ("stride", 2, 14), ("stride", 3, 10)],
)
def test_pooling_and_stride_leave_maps_of_the_same_size(pooling, size, side):
    expected = conv_param_count(3, 1, 16) + dense_param_count(side * side * 16, 10)
    assert pooling_cnn(pooling, size).count_params() == expected


def test_each_garment_is_moved_as_its_class_says_and_nothing_is_cut():
    images = np.zeros((20, 28, 28, 1), np.float32)
    images[:, 7:21, 7:21] = np.random.default_rng(2).integers(1, 256, (20, 14, 14, 1))
    placed, columns = place_in_columns(images)
    assert columns.tolist() == [*range(10)] * 2
    for image, moved, column in zip(images, placed, columns, strict=True):
        assert np.array_equal(moved, np.roll(image, column - 5, axis=1))


def test_global_pooling_cannot_tell_the_column(garments):
    """La misma prenda en las diez columnas: el pooling global no las distingue, el de 7×7 sí."""
    placed, _ = place_in_columns(garments[:1].repeat(10, axis=0))
    for size, is_blind in ((28, True), (7, False)):
        scores = pooling_cnn("max", size).predict(placed, verbose=0)
        assert np.allclose(scores, scores[0], rtol=1e-4) == is_blind


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: block_cnn(4), ValueError, "blocks debe ser 1, 2 o 3 y ha llegado 4"),
        (lambda: block_cnn(0), ValueError, "blocks debe ser 1 o más"),
        (lambda: readout_cnn("global"), ValueError, "no hay ninguna lectura 'global'"),
        (lambda: pooling_cnn("min", 2), ValueError, "no hay ningún pooling 'min'"),
        (lambda: pooling_cnn("max", 0), ValueError, "pool_size debe ser 1 o más"),
        (lambda: pooling_cnn("stride", 2.0), TypeError, "pool_size debe ser un número entero"),
    ],
)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
