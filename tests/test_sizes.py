"""Aritmética de tamaños: cuentas a mano, capas de Keras y enumeraciones."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_utils.ops import sizes
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count
from course_utils.ops.receptive_field import ReceptiveField, receptive_field, usage_map
from course_utils.ops.sizes import (
    conv_output_size,
    explicit_padding,
    pool_output_size,
    same_padding,
    transposed_output_size,
)

small = st.integers(1, 6)
pads = st.one_of(
    st.sampled_from(["valid", "same"]), st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4))
)


def window_starts(size, kernel_size, stride, padding, dilation):
    """Dónde empieza cada ventana, contando píxeles: la definición, sin fórmula."""
    before, after = padding
    last = size + after - (dilation * (kernel_size - 1) + 1)
    return list(range(-before, last + 1, stride))


def one_side(padding, size, kernel_size, stride, dilation):
    return explicit_padding(
        padding if isinstance(padding, str) else (padding, padding),
        (size, size),
        kernel_size,
        stride,
        dilation,
    )[0]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((28, 3), 26),
        ((28, 3, 1, "same"), 28),
        ((28, 3, 2, "same"), 14),
        ((28, 5, 2), 12),
        ((7, 3, 2, 1), 4),
        ((5, 3, 1, (2, 0)), 5),
        ((10, 3, 1, "valid", 2), 6),
        ((1, 1, 7), 1),
    ],
)
def test_conv_output_size_by_hand(arguments, expected):
    assert conv_output_size(*arguments) == expected


@given(st.integers(1, 40), small, small, pads, st.integers(1, 3))
def test_conv_output_size_counts_the_windows_that_fit(size, kernel_size, stride, padding, dilation):
    starts = window_starts(
        size, kernel_size, stride, one_side(padding, size, kernel_size, stride, dilation), dilation
    )
    assume(starts)
    assert conv_output_size(size, kernel_size, stride, padding, dilation) == len(starts)


@given(st.integers(1, 60), small, small, st.integers(1, 3))
def test_same_padding_is_the_least_that_gives_size_over_stride(size, kernel_size, stride, dilation):
    before, after = same_padding(size, kernel_size, stride, dilation)
    wanted = -(-size // stride)
    assert conv_output_size(size, kernel_size, stride, (before, after), dilation) == wanted
    assert after - before in (0, 1)
    if after:
        less = (before, after - 1)
        assert len(window_starts(size, kernel_size, stride, less, dilation)) < wanted


@given(st.integers(1, 60), st.integers(0, 4), st.integers(1, 3))
def test_same_padding_is_symmetric_for_odd_kernels_without_stride(size, half, dilation):
    assert same_padding(size, 2 * half + 1, 1, dilation) == (half * dilation, half * dilation)


def test_output_sizes_agree_with_keras_layers():
    from keras import layers

    cases = itertools.product((7, 8, 11), (1, 2, 3, 4), (1, 2, 3, 5), ("valid", "same"))
    for size, kernel_size, stride, padding in cases:
        shape = (1, size, size, 2)
        conv = layers.Conv2D(4, kernel_size, stride, padding)
        pool = layers.MaxPooling2D(kernel_size, stride, padding)
        transposed = layers.Conv2DTranspose(4, kernel_size, stride, padding)
        case = (size, kernel_size, stride, padding)
        assert conv_output_size(*case) == conv.compute_output_shape(shape)[1]
        assert pool_output_size(*case) == pool.compute_output_shape(shape)[1]
        assert transposed_output_size(*case) == transposed.compute_output_shape(shape)[1]


def test_pooling_stride_is_the_window_unless_given():
    assert pool_output_size(28) == 14
    assert pool_output_size(7, 3) == 2
    assert pool_output_size(7, 3, stride=1) == 5


@given(st.integers(1, 20), small, small, st.integers(0, 3))
def test_transposed_undoes_convolution(size, kernel_size, stride, padding):
    assume(kernel_size + (size - 1) * stride > 2 * padding)
    big = transposed_output_size(size, kernel_size, stride, padding)
    assert conv_output_size(big, kernel_size, stride, padding) == size


def test_param_counts_by_hand():
    assert conv_param_count(3, in_channels=3, filters=10) == (3 * 3 * 3 + 1) * 10
    assert conv_param_count((5, 3), 1, 2, use_bias=False) == 30
    assert dense_param_count(784, 10) == 7850
    assert locally_connected_param_count((26, 26), 3, 1, 32) == 26 * 26 * conv_param_count(3, 1, 32)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize(("kernel_size", "filters"), [(3, 6), ((5, 2), 4), (1, 8)])
def test_param_counts_agree_with_keras_layers(kernel_size, filters, use_bias):
    from keras import layers

    conv = layers.Conv2D(filters, kernel_size, use_bias=use_bias)
    conv.build((None, 9, 9, 4))
    assert conv_param_count(kernel_size, 4, filters, use_bias) == conv.count_params()
    dense = layers.Dense(filters)
    dense.build((None, 4))
    assert dense_param_count(4, filters) == dense.count_params()


def test_conv_params_do_not_depend_on_the_image_and_dense_ones_do():
    assert dense_param_count(56 * 56, 32) > 3 * dense_param_count(28 * 28, 32)
    assert locally_connected_param_count(54, 3, 1, 32) > 4 * locally_connected_param_count(26, 3, 1, 32)


layer = st.tuples(
    st.integers(1, 5), st.integers(1, 3), st.one_of(st.integers(0, 2), st.just("valid")), st.integers(1, 2)
)


@given(st.lists(layer, max_size=4), st.integers(0, 5))
def test_receptive_field_is_the_span_of_the_pixels_an_output_reads(layers, output):
    pixels = {output}
    for kernel_size, stride, padding, dilation in reversed(layers):
        before = 0 if padding == "valid" else padding
        pixels = {p * stride + tap * dilation - before for p in pixels for tap in range(kernel_size)}
    field = receptive_field(layers)
    assert min(pixels) == field.start + output * field.jump
    assert max(pixels) == field.start + output * field.jump + field.size - 1


def test_receptive_field_by_hand():
    assert receptive_field([]) == ReceptiveField(1, 1, 0)
    assert receptive_field([(3,), (3,), (3,)]).size == 7
    # LeNet: conv 5, pool 2, conv 5, pool 2
    assert receptive_field([(5,), (2, 2), (5,), (2, 2)]) == ReceptiveField(size=16, jump=4, start=0)
    assert receptive_field([(3, 1, "same"), (3, 1, "same")]) == ReceptiveField(5, 1, -2)
    assert receptive_field([(4, 1, "same")]).start == -1
    assert receptive_field([(3, 2, (0, 1))]) == ReceptiveField(3, 2, 0)


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    pads,
    st.integers(1, 2),
)
@settings(deadline=None)
def test_usage_map_counts_the_windows_over_each_pixel(shape, kernel_size, strides, padding, dilation):
    (top, bottom), (left, right) = explicit_padding(padding, shape, kernel_size, strides, dilation)
    counts = np.zeros((shape[0] + top + bottom, shape[1] + left + right), int)
    rows = window_starts(shape[0], kernel_size[0], strides[0], (top, bottom), dilation)
    cols = window_starts(shape[1], kernel_size[1], strides[1], (left, right), dilation)
    assume(rows and cols)
    for r, c in itertools.product(rows, cols):
        for i, j in np.ndindex(kernel_size):
            counts[r + top + i * dilation, c + left + j * dilation] += 1
    expected = counts[top : top + shape[0], left : left + shape[1]]
    np.testing.assert_array_equal(usage_map(shape, kernel_size, strides, padding, dilation), expected)


def test_border_pixels_are_used_less_and_padding_helps_them():
    without = usage_map((6, 6), 3)
    padded = usage_map((6, 6), 3, padding="same")
    assert without[0, 0] == 1
    assert without[2, 2] == 9
    assert padded[0, 0] == 4
    assert padded[2, 2] == 9
    assert without.sum() == 16 * 9  # sin relleno, cada ventana lee sus nueve píxeles


def test_padding_can_be_asked_in_every_keras_form():
    assert explicit_padding(2, (9, 9), 3) == ((2, 2), (2, 2))
    assert explicit_padding((1, 2), (9, 9), 3) == ((1, 1), (2, 2))
    assert explicit_padding(((1, 2), (3, 4)), (9, 9), 3) == ((1, 2), (3, 4))
    assert explicit_padding("valid", (9, 9), 3) == ((0, 0), (0, 0))
    assert explicit_padding("same", (28, 9), (4, 3), (1, 2)) == ((1, 2), (1, 1))


@pytest.mark.parametrize(
    ("call", "error", "fragments"),
    [
        (lambda: conv_output_size(5, 7), ValueError, ["abarca 7", "solo tiene 5", "reduce kernel_size"]),
        (lambda: conv_output_size(5, 3, 1, 0, 4), ValueError, ["abarca 9", "dilation"]),
        (lambda: conv_output_size(5, 3, 0), ValueError, ["stride debe ser 1 o más", "ha llegado 0"]),
        (lambda: conv_output_size(5, 3, -1), ValueError, ["stride", "ha llegado -1"]),
        (
            lambda: conv_output_size(5, 2.5),
            TypeError,
            ["kernel_size debe ser un número entero", "2.5 (float)"],
        ),
        (lambda: conv_output_size(5, 3.0), TypeError, ["3.0 (float)", "sin decimales"]),
        (lambda: conv_output_size(5, True), TypeError, ["kernel_size", "True (bool)"]),
        (lambda: conv_output_size("5", 3), TypeError, ["size", "'5' (str)"]),
        (lambda: conv_output_size(0, 3), ValueError, ["size debe ser 1 o más"]),
        (lambda: conv_output_size(5, 3, 1, -1), ValueError, ["padding debe ser 0 o más", "-1"]),
        (lambda: conv_output_size(5, 3, 1, "full"), ValueError, ["«valid», «same»", "'full'"]),
        (lambda: conv_output_size(5, 3, 1, (1, 2, 3)), ValueError, ["padding", "(1, 2, 3)"]),
        (lambda: same_padding(5, 0), ValueError, ["kernel_size debe ser 1 o más"]),
        (lambda: pool_output_size(1, 2), ValueError, ["abarca 2", "solo tiene 1"]),
        (lambda: transposed_output_size(1, 3, 1, 2), ValueError, ["mide 3", "recorta 4", "reduce padding"]),
        (lambda: conv_param_count((3, 3, 3), 1, 1), ValueError, ["pareja (filas, columnas)", "(3, 3, 3)"]),
        (lambda: dense_param_count(784, 1.5), TypeError, ["units", "1.5 (float)"]),
        (lambda: receptive_field([3, 3]), TypeError, ["debe ser una tupla", "3 (int)"]),
        (lambda: receptive_field([(3, 2, "same")]), ValueError, ["stride 2", "same_padding("]),
        (lambda: usage_map((4, 4), 5), ValueError, ["abarca 5", "solo tiene 4"]),
        (lambda: usage_map((4, 4, 1), 2), ValueError, ["input_shape", "(4, 4, 1)"]),
        (lambda: explicit_padding((1, 2, 3), (4, 4), 2), ValueError, ["dos valores", "(1, 2, 3)"]),
        (lambda: explicit_padding(None, (4, 4), 2), TypeError, ["padding", "None"]),
    ],
)
def test_bad_sizes_say_what_came_and_what_to_change(call, error, fragments):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message
    assert message.count("\n") < 5


def test_sizes_accept_numpy_integers():
    assert sizes.conv_output_size(np.int64(28), np.uint8(3)) == 26
    assert type(sizes.conv_output_size(np.int64(28), np.uint8(3))) is int
