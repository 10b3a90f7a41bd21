"""Las redes de los experimentos del capítulo 4 son las que dicen ser."""

import numpy as np
import pytest

from course_utils.datasets.dataset import first_images
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.weight_sharing import move_garments
from course_utils.images.rearrangement import shrink_to_centre
from course_utils.networks.models import one_map_net, presence_net
from course_utils.ops.convolution import conv2d_as_matrix
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count


def map_layer(model):
    """La capa que da el mapa: la primera con pesos."""
    return next(layer for layer in model.layers if layer.weights)


def test_each_connection_has_the_parameters_of_its_formula():
    final = dense_param_count(26 * 26 * 4, 10)
    expected = {
        "dense": dense_param_count(28 * 28, 26 * 26 * 4),
        "local": locally_connected_param_count(26, 3, in_channels=1, filters=4),
        "conv": conv_param_count(3, in_channels=1, filters=4),
    }
    for connection, count in expected.items():
        model = one_map_net(connection)
        assert map_layer(model).count_params() == count
        assert model.count_params() == count + final


def test_the_three_connections_can_compute_the_same():
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(3, 3, 1, 4)).astype(np.float32)
    bias = rng.normal(size=4).astype(np.float32)
    final = rng.normal(size=(26 * 26 * 4, 10)).astype(np.float32), rng.normal(size=10).astype(np.float32)
    weights = {
        "dense": (conv2d_as_matrix(kernel, (28, 28, 1)).T, np.tile(bias, 26 * 26)),
        "local": (np.broadcast_to(kernel.reshape(9, 4), (26, 26, 9, 4)), np.broadcast_to(bias, (26, 26, 4))),
        "conv": (kernel, bias),
    }
    images = rng.integers(0, 256, (2, 28, 28, 1)).astype(np.float32)
    outputs = []
    for connection, values in weights.items():
        model = one_map_net(connection)
        model.set_weights([*values, *final])
        outputs.append(np.asarray(model(images)))
    assert np.ptp(outputs[0]) > 10
    np.testing.assert_allclose(outputs[1], outputs[0], rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(outputs[2], outputs[0], rtol=1e-4, atol=1e-2)


def test_an_unknown_connection_is_explained():
    with pytest.raises(ValueError, match="«dense», «local» o «conv» y ha llegado 'convolucional'"):
        one_map_net("convolucional")


def test_presence_does_not_depend_on_the_place():
    model = presence_net(3)
    image = np.zeros((1, 28, 28, 1), np.float32)
    image[0, 8:14, 8:12] = 200
    moved = np.roll(image, (5, -3), axis=(1, 2))
    np.testing.assert_allclose(model(image), model(moved), rtol=1e-5)
    assert model.count_params() == conv_param_count(5, 1, 3) + dense_param_count(3, 10)


def test_mixtures_add_a_pointwise_layer_and_nothing_else():
    expected = conv_param_count(5, 1, 4) + conv_param_count(1, 4, 32) + dense_param_count(32, 10)
    assert presence_net(4, mixtures=32).count_params() == expected
    plain, mixed = presence_net(4), presence_net(4, mixtures=4)
    kernel, bias, *final = plain.get_weights()
    mixed.set_weights([kernel, bias, np.eye(4, dtype=np.float32)[None, None], np.zeros(4), *final])
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1))
    np.testing.assert_allclose(mixed(images), plain(images), rtol=1e-5)


def test_eight_shared_filters_cost_about_as_much_as_four_local_ones():
    model = one_map_net("conv", filters=8)
    assert model.count_params() == conv_param_count(3, 1, 8) + dense_param_count(26 * 26 * 8, 10)
    assert abs(model.count_params() - one_map_net("local").count_params()) < 100


def test_with_the_filters_of_the_four_map_net_and_four_off_it_computes_the_same():
    four, eight = one_map_net("conv"), one_map_net("conv", filters=8)
    kernel, bias, final, final_bias = four.get_weights()
    off = [(0, 0)] * 3 + [(0, 4)]
    final = np.pad(final.reshape(26, 26, 4, 10), [(0, 0), (0, 0), (0, 4), (0, 0)]).reshape(-1, 10)
    eight.set_weights([np.pad(kernel, off), np.pad(bias, (0, 4)), final, final_bias])
    images = np.random.default_rng(1).integers(0, 256, (2, 28, 28, 1))
    np.testing.assert_allclose(eight(images), four(images), rtol=1e-4, atol=1e-4)


def test_moved_garments_are_the_same_garments_in_other_places():
    data = first_images(load_fashion_mnist(stand_in=True), train=30, test=10)
    moved = move_garments(data, seed=0)
    assert np.array_equal(moved.x_train, move_garments(data, seed=0).x_train)
    assert not np.array_equal(moved.x_train, move_garments(data, seed=1).x_train)
    for before, after in ((data.x_train, moved.x_train), (data.x_test, moved.x_test)):
        small = shrink_to_centre(before).astype(np.uint8)
        # ninguna pierde un píxel al moverse
        assert np.array_equal(np.sort(small.reshape(len(small), -1)), np.sort(after.reshape(len(after), -1)))
        assert not np.array_equal(small, after)
    assert np.array_equal(data.y_train, moved.y_train)
