"""Pooling: números a mano, Keras y TensorFlow, y lo que ocurre en los bordes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.ops.convolution import conv2d, windows
from course_utils.ops.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from tools.bench_convolution import max_pool2d_loops, peak_memory

MATRIX = np.array([[1, 3, 2, 9], [7, 5, 1, 4], [8, 5, 2, 3], [4, 3, 1, 6]])  # la del capítulo 5


@st.composite
def problems(draw):
    """Mapas, ventana, avance y relleno de los que admite Keras."""
    size = (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    padding = draw(st.sampled_from(["valid", "same"]))
    largest = [4, 4] if padding == "same" else [min(n, 4) for n in size]
    pool_size = tuple(draw(st.integers(1, n)) for n in largest)
    strides = draw(st.one_of(st.none(), st.tuples(st.integers(1, 4), st.integers(1, 4))))
    shape = (draw(st.integers(1, 2)), *size, draw(st.integers(1, 3)))
    maps = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).integers(-99, 100, shape)
    return maps.astype(np.float32), pool_size, strides, padding


def test_max_and_average_by_hand():
    np.testing.assert_array_equal(max_pool2d(MATRIX), [[7, 9], [8, 6]])
    np.testing.assert_array_equal(avg_pool2d(MATRIX), [[4, 4], [5, 3]])
    np.testing.assert_array_equal(max_pool2d(MATRIX, 3, strides=1), [[8, 9], [8, 6]])
    np.testing.assert_array_equal(max_pool2d(MATRIX, (1, 4)), [[9], [7], [8], [6]])
    np.testing.assert_array_equal(max_pool2d(MATRIX, 3, padding="same"), [[7, 9], [8, 6]])


def test_padding_never_wins_nor_counts():
    negative = -1 - np.arange(9).reshape(3, 3)
    np.testing.assert_array_equal(max_pool2d(negative, 2, padding="same"), [[-1, -3], [-7, -9]])
    np.testing.assert_array_equal(avg_pool2d(negative, 2, padding="same"), [[-3, -4.5], [-7.5, -9]])
    np.testing.assert_array_equal(max_pool2d(negative, 3, 3, padding=1), [[-1]])


@given(problems())
@settings(deadline=None, max_examples=60)
def test_pooling_agrees_with_keras(problem):
    import keras

    maps, pool_size, strides, padding = problem
    theirs = keras.ops.max_pool(maps, pool_size, strides or pool_size, padding)
    np.testing.assert_array_equal(max_pool2d(maps, pool_size, strides, padding), theirs)
    theirs = keras.ops.average_pool(maps, pool_size, strides or pool_size, padding)
    np.testing.assert_allclose(avg_pool2d(maps, pool_size, strides, padding), theirs, atol=1e-4)


@given(problems())
@settings(deadline=None, max_examples=60)
def test_argmax_agrees_with_tensorflow(problem):
    import tensorflow as tf

    maps, pool_size, strides, padding = problem
    values, flat = tf.nn.max_pool_with_argmax(maps, pool_size, strides or pool_size, padding.upper())
    ours, chosen = max_pool2d(maps, pool_size, strides, padding, return_argmax=True)
    np.testing.assert_array_equal(ours, values)
    # TensorFlow numera también los canales
    np.testing.assert_array_equal(chosen, flat.numpy() // maps.shape[3])


@given(problems())
@settings(deadline=None, max_examples=60)
def test_pooling_summarises_each_window(problem):
    maps, pool_size, strides, _ = problem
    maps = np.pad(maps, ((0, 0), (9, 0), (9, 0), (0, 0)), mode="symmetric")
    view = windows(maps, pool_size, strides or pool_size)
    np.testing.assert_array_equal(max_pool2d(maps, pool_size, strides), view.max(axis=(3, 4)))
    np.testing.assert_allclose(avg_pool2d(maps, pool_size, strides), view.mean(axis=(3, 4)), atol=1e-4)


@given(problems())
@settings(deadline=None, max_examples=40)
def test_argmax_points_at_the_value_and_takes_the_first_tie(problem):
    maps, pool_size, strides, padding = problem
    maps = np.sign(maps).astype(np.int8)  # muchos empates
    best, chosen = max_pool2d(maps, pool_size, strides, padding, return_argmax=True)
    pixels = maps.reshape(len(maps), -1, maps.shape[3])
    for n, r, c, k in np.ndindex(best.shape):
        assert pixels[n, chosen[n, r, c, k], k] == best[n, r, c, k]
    np.testing.assert_array_equal(
        max_pool2d(np.zeros((1, 4, 4, 1)), return_argmax=True)[1][0, :, :, 0], [[0, 2], [8, 10]]
    )


def test_average_pooling_is_a_convolution_with_equal_weights():
    maps = np.random.default_rng(0).normal(size=(2, 8, 9, 3))
    weights = np.tile(np.eye(3) / 6, (2, 3, 1, 1))  # cada canal, solo consigo mismo
    np.testing.assert_allclose(avg_pool2d(maps, (2, 3)), conv2d(maps, weights, strides=(2, 3)), atol=1e-12)


@pytest.mark.parametrize(("pool_size", "stride"), [(2, 2), (3, 2), (3, 1)])
def test_textbook_loops_give_the_same_numbers(pool_size, stride):
    maps = np.random.default_rng(4).normal(size=(2, 7, 9, 3))
    np.testing.assert_array_equal(
        max_pool2d(maps, pool_size, stride), max_pool2d_loops(maps, pool_size, stride)
    )


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_memory_stays_below_three_times_input_and_output(pool, dtype):
    maps = np.ones((4, 64, 64, 8), dtype)
    assert peak_memory(lambda: pool(maps, 3, 2, "same"), maps) < 3


def test_channels_do_not_mix_and_size_of_the_kernel_layer_is_kept():
    maps = np.random.default_rng(1).integers(0, 9, (2, 6, 6, 5))
    pooled = max_pool2d(maps)
    assert pooled.shape == (2, 3, 3, 5)
    for k in range(5):
        np.testing.assert_array_equal(pooled[..., k], max_pool2d(maps[..., k : k + 1])[..., 0])


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int64", "float16", "float32", "float64"])
def test_types_are_kept_and_the_lowest_value_survives(dtype):
    kind = np.dtype(dtype).kind
    lowest = False if kind == "b" else np.finfo(dtype).min if kind == "f" else np.iinfo(dtype).min
    maps = np.full((1, 3, 3, 1), lowest, dtype)
    pooled, chosen = max_pool2d(maps, padding="same", return_argmax=True)
    assert pooled.dtype == dtype
    assert (pooled == lowest).all()
    assert chosen[0, :, :, 0].tolist() == [[0, 2], [6, 8]]
    average = {"f": np.promote_types(dtype, np.float32)}.get(kind, np.float64)
    zeros = np.zeros_like(maps)
    assert avg_pool2d(zeros).dtype == global_avg_pool2d(zeros).dtype == average
    assert global_max_pool2d(zeros).dtype == dtype


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
def test_averages_of_small_integers_do_not_overflow(dtype):
    top = np.iinfo(dtype).max
    maps = np.full((1, 40, 40, 2), top, dtype)
    assert (avg_pool2d(maps, 40) == top).all()
    assert (global_avg_pool2d(maps) == top).all()


def test_global_pooling_agrees_with_keras_layers():
    from keras import layers

    maps = np.random.default_rng(2).normal(size=(3, 5, 7, 4)).astype(np.float32)
    np.testing.assert_array_equal(global_max_pool2d(maps), layers.GlobalMaxPooling2D()(maps))
    np.testing.assert_allclose(global_avg_pool2d(maps), layers.GlobalAveragePooling2D()(maps), atol=1e-6)


def test_inputs_are_neither_modified_nor_shared():
    maps = np.random.default_rng(3).normal(size=(1, 4, 4, 2))
    copy = maps.copy()
    maps.setflags(write=False)
    for pooled in (max_pool2d(maps, 1), avg_pool2d(maps, 1), *max_pool2d(maps, 2, return_argmax=True)):
        assert not np.shares_memory(pooled, maps)
    np.testing.assert_array_equal(maps, copy)


@pytest.mark.parametrize(
    ("call", "error", "fragments"),
    [
        (lambda: max_pool2d(MATRIX, 5), ValueError, ["abarca 5", "solo tiene 4", "reduce"]),
        (lambda: max_pool2d(MATRIX, 0), ValueError, ["pool_size debe ser 1 o más", "0"]),
        (lambda: max_pool2d(MATRIX, 2.0), TypeError, ["pool_size", "2.0 (float)"]),
        (lambda: max_pool2d(MATRIX, 2, 0), ValueError, ["strides", "0"]),
        (lambda: max_pool2d(MATRIX, 2, -1), ValueError, ["strides", "-1"]),
        (lambda: max_pool2d(MATRIX, 2, padding="full"), ValueError, ["«valid»", "'full'"]),
        (lambda: max_pool2d(MATRIX, 2, padding=2), ValueError, ["solo ve relleno", "reduce padding"]),
        (lambda: avg_pool2d([[1]], 2, 1, padding=2), ValueError, ["solo ve relleno", "aumenta pool_size"]),
        (lambda: max_pool2d(MATRIX[..., None]), ValueError, ["2 ejes", "4 ejes", "(4, 4, 1)", "image[None]"]),
        (lambda: avg_pool2d([1, 2, 3]), ValueError, ["(3,)"]),
        (lambda: avg_pool2d([[1, 2], [3]]), ValueError, ["distinta longitud"]),
        (lambda: avg_pool2d([[np.nan, 1], [1, 1]]), ValueError, ["NaN"]),
        (lambda: max_pool2d(MATRIX[:0]), ValueError, ["vacío"]),
        (lambda: max_pool2d(MATRIX.astype(object)), TypeError, ["object"]),
        (lambda: avg_pool2d(MATRIX * 1j), TypeError, ["complex128"]),
        (lambda: global_max_pool2d(MATRIX), ValueError, ["4 ejes", "(4, 4)"]),
        (lambda: global_avg_pool2d(MATRIX[None]), ValueError, ["image[None]"]),
    ],
)
def test_bad_input_says_what_came_and_what_to_change(call, error, fragments):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message
    assert message.count("\n") < 5
