"""Convolución: números a mano, SciPy, Keras y TensorFlow, y las propiedades que la definen."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from course_utils.ops.convolution import (
    conv2d,
    conv2d_as_matrix,
    conv2d_transpose,
    convolve2d,
    correlate2d,
    pad2d,
    windows,
)
from course_utils.ops.kernels import KERNELS
from course_utils.ops.receptive_field import usage_map
from course_utils.ops.sizes import explicit_padding
from tools.bench_convolution import conv2d_loops, peak_memory

DTYPES = ["bool", "uint8", "int8", "uint16", "int32", "int64", "float16", "float32", "float64"]
IMAGE = np.arange(9).reshape(3, 3)
KERNEL = np.array([[0, 1], [2, 3]])


def scipy_conv2d(inputs, kernel, bias, strides, pads, dilation):
    """conv2d de float64 canal a canal con ``scipy.signal.correlate2d``."""
    kh, kw, depth, filters = kernel.shape
    wide = np.zeros((dilation[0] * (kh - 1) + 1, dilation[1] * (kw - 1) + 1, depth, filters))
    wide[:: dilation[0], :: dilation[1]] = kernel
    padded = np.pad(inputs.astype(float), ((0, 0), *pads, (0, 0)))
    maps = []
    for f in range(filters):
        total = sum(
            np.stack([signal.correlate2d(image[:, :, k], wide[:, :, k, f], "valid") for image in padded])
            for k in range(depth)
        )
        maps.append(total[:, :: strides[0], :: strides[1]] + bias[f])
    return np.stack(maps, axis=-1)


@st.composite
def problems(draw, dtypes=tuple(DTYPES)):
    """Un caso válido cualquiera: formas, stride, relleno, dilatación y tipos."""
    depth, filters = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    kernel_size = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    strides = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    dilation = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    side = st.integers(0, 3)
    padding = draw(
        st.one_of(
            st.sampled_from(["valid", "same"]), side, st.tuples(st.tuples(side, side), st.tuples(side, side))
        )
    )
    size = [draw(st.integers(1, 5)) + d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def numbers(shape):
        return rng.integers(0, 2, shape) * rng.integers(-9, 10, shape)

    dtype = st.sampled_from(dtypes)
    inputs = numbers((draw(st.integers(1, 2)), *size, depth)).astype(draw(dtype))
    kernel = numbers((*kernel_size, depth, filters)).astype(draw(dtype))
    bias = numbers(filters).astype(draw(dtype))
    return inputs, kernel, bias, strides, padding, dilation


def test_correlation_and_convolution_by_hand():
    np.testing.assert_array_equal(correlate2d(IMAGE, KERNEL), [[19, 25], [37, 43]])
    np.testing.assert_array_equal(convolve2d(IMAGE, KERNEL), [[5, 11], [23, 29]])


def test_stride_padding_and_dilation_by_hand():
    np.testing.assert_array_equal(
        correlate2d(IMAGE, KERNEL, padding=1), [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]
    )
    np.testing.assert_array_equal(correlate2d(IMAGE, KERNEL, strides=(3, 2), padding=1), [[0, 8], [6, 8]])
    np.testing.assert_array_equal(correlate2d(IMAGE, KERNEL, dilation=2), [[0 * 0 + 2 * 1 + 6 * 2 + 8 * 3]])
    np.testing.assert_array_equal(
        correlate2d(IMAGE, KERNEL, padding="same"), [[19, 25, 10], [37, 43, 16], [7, 8, 0]]
    )


def test_channels_add_up_and_each_filter_has_its_bias():
    image = np.stack([IMAGE, IMAGE + 1], axis=-1)[None]
    kernel = np.stack([KERNEL, [[1, 2], [3, 4]]], axis=-1)[..., None]
    np.testing.assert_array_equal(conv2d(image, kernel)[0, :, :, 0], [[56, 72], [104, 120]])
    np.testing.assert_array_equal(conv2d(image, kernel, bias=[-6])[0, :, :, 0], [[50, 66], [98, 114]])


@given(problems())
@settings(deadline=None, max_examples=150)
def test_conv2d_agrees_with_scipy(problem):
    inputs, kernel, bias, strides, padding, dilation = problem
    pads = explicit_padding(padding, inputs.shape[1:3], kernel.shape[:2], strides, dilation)
    found = conv2d(inputs, kernel, bias, strides, padding, dilation)
    expected = scipy_conv2d(inputs, kernel, bias, strides, pads, dilation)
    if any(array.dtype.kind == "f" for array in (inputs, kernel, bias)):
        assert found.dtype in (np.float32, np.float64)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())
    else:
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, expected)


@given(problems(dtypes=("float32",)))
@settings(deadline=None, max_examples=40)
def test_conv2d_agrees_with_keras_and_tensorflow(problem):
    import keras
    import tensorflow as tf

    inputs, kernel, bias, strides, padding, dilation = problem
    if strides != (1, 1):  # TensorFlow no admite stride y dilatación a la vez
        dilation = (1, 1)
    pads = explicit_padding(padding, inputs.shape[1:3], kernel.shape[:2], strides, dilation)
    found = conv2d(inputs, kernel, bias, strides, padding, dilation)
    assert found.dtype == np.float32
    if padding in ("valid", "same"):
        theirs = keras.ops.conv(inputs, kernel, strides, padding, dilation_rate=dilation)
    else:
        theirs = keras.ops.conv(
            np.pad(inputs, ((0, 0), *pads, (0, 0))), kernel, strides, dilation_rate=dilation
        )
    np.testing.assert_allclose(found, keras.ops.convert_to_numpy(theirs) + bias, atol=1e-4)
    if padding not in ("valid", "same"):
        explicit = tf.nn.conv2d(inputs, kernel, strides, [(0, 0), *pads, (0, 0)], dilations=dilation)
        np.testing.assert_allclose(found, explicit.numpy() + bias, atol=1e-4)


@given(problems(dtypes=("int8", "float64")))
@settings(deadline=None, max_examples=60)
def test_textbook_loops_give_the_same_numbers(problem):
    inputs, kernel, _, (stride, _), padding, _ = problem
    pads = explicit_padding(padding, inputs.shape[1:3], kernel.shape[:2], stride)
    loops = conv2d_loops(np.pad(inputs, ((0, 0), *pads, (0, 0))).astype(int), kernel.astype(int), stride)
    np.testing.assert_array_equal(conv2d(inputs, kernel, strides=stride, padding=padding), loops)


@pytest.mark.parametrize("shape", [(5, 6), (3, 3), (7, 2)])
@pytest.mark.parametrize("kernel_shape", [(1, 1), (3, 3), (3, 1), (1, 2)])
def test_2d_versions_agree_with_scipy(shape, kernel_shape):
    rng = np.random.default_rng(1)
    image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
    full = [(k - 1, k - 1) for k in kernel_shape]
    for ours, theirs in ((correlate2d, signal.correlate2d), (convolve2d, signal.convolve2d)):
        if np.all(np.less_equal(kernel_shape, shape)):
            np.testing.assert_allclose(ours(image, kernel), theirs(image, kernel, "valid"), atol=1e-12)
        np.testing.assert_allclose(
            ours(image, kernel, padding=full), theirs(image, kernel, "full"), atol=1e-12
        )
        if all(k % 2 for k in kernel_shape):
            np.testing.assert_allclose(
                ours(image, kernel, padding="same"), theirs(image, kernel, "same"), atol=1e-12
            )


@given(problems(dtypes=("int16",)), st.integers(-5, 5), st.integers(-5, 5))
@settings(deadline=None, max_examples=40)
def test_convolution_is_linear(problem, a, b):
    inputs, kernel, _, strides, padding, dilation = problem
    other = np.random.default_rng(2).integers(-9, 9, inputs.shape)

    def apply(images, weights=kernel):
        return conv2d(images, weights, None, strides, padding, dilation)

    np.testing.assert_array_equal(apply(a * inputs + b * other), a * apply(inputs) + b * apply(other))
    np.testing.assert_array_equal(apply(inputs, a * kernel), a * apply(inputs))


def shift(image, rows, cols):
    """La imagen movida hacia abajo y a la derecha; por arriba y por la izquierda entran ceros."""
    return np.pad(image, ((rows, 0), (cols, 0)))[: image.shape[0], : image.shape[1]]


@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
@settings(deadline=None, max_examples=60)
def test_shifting_the_input_shifts_the_output(seed, kernel_size, move):
    rng = np.random.default_rng(seed)
    image, kernel = rng.integers(-9, 10, (9, 9)), rng.integers(-9, 10, kernel_size)
    rows, cols = move
    # sin relleno: igual en todo lo que no depende de los píxeles que entran
    valid, moved = correlate2d(image, kernel), correlate2d(shift(image, rows, cols), kernel)
    np.testing.assert_array_equal(
        moved[rows:, cols:], valid[: valid.shape[0] - rows, : valid.shape[1] - cols]
    )
    # con «same»: igual salvo en las últimas filas y columnas, cuya ventana pierde los píxeles que salen
    (_, bottom), (_, right) = explicit_padding("same", image.shape, kernel_size)
    same = correlate2d(image, kernel, padding="same")
    moved = correlate2d(shift(image, rows, cols), kernel, padding="same")
    np.testing.assert_array_equal(
        moved[rows : 9 - bottom, cols : 9 - right], same[: 9 - bottom - rows, : 9 - right - cols]
    )


def test_shift_equivariance_ends_exactly_at_the_border():
    ones, box = np.ones((6, 6), int), np.ones((3, 3), int)
    same, moved = correlate2d(ones, box, padding="same"), correlate2d(shift(ones, 1, 0), box, padding="same")
    assert (moved[1:5] == same[:4]).all()
    assert (moved[5] != same[4]).all()


@pytest.mark.parametrize("stride", [2, 3])
def test_with_stride_only_multiples_of_it_shift_the_output(stride):
    image, kernel = np.random.default_rng(3).integers(1, 99, (13, 13)), np.array([[1, 2], [3, 5]])
    plain = correlate2d(image, kernel, strides=stride)
    moved = correlate2d(shift(image, stride, 0), kernel, strides=stride)
    np.testing.assert_array_equal(moved[1:], plain[:-1])
    by_one = correlate2d(shift(image, 1, 0), kernel, strides=stride)
    assert not np.array_equal(by_one[1:], plain[:-1])
    assert not np.array_equal(by_one, plain)


@given(problems(dtypes=("int32",)), st.sampled_from([1, 3, 5]))
@settings(deadline=None, max_examples=30)
def test_identity_kernel_leaves_images_alone(problem, size):
    inputs = problem[0]
    kernel = np.zeros((size, size, inputs.shape[3], inputs.shape[3]), int)
    kernel[size // 2, size // 2] = np.eye(inputs.shape[3])
    np.testing.assert_array_equal(conv2d(inputs, kernel, padding="same"), inputs)


def test_convolution_flips_and_symmetric_kernels_do_not_care():
    image = np.random.default_rng(4).integers(0, 256, (8, 8), dtype=np.uint8)
    symmetric, sobel = KERNELS["laplacian"].values, KERNELS["sobel_vertical"].values
    np.testing.assert_array_equal(convolve2d(image, symmetric), correlate2d(image, symmetric))
    np.testing.assert_array_equal(convolve2d(image, sobel), -correlate2d(image, sobel))
    # un solo píxel encendido: la convolución dibuja el kernel; la correlación, el kernel girado
    spark = np.zeros((5, 5), int)
    spark[2, 2] = 1
    np.testing.assert_array_equal(convolve2d(spark, sobel), sobel)
    np.testing.assert_array_equal(correlate2d(spark, sobel), sobel[::-1, ::-1])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "int64", "uint64"])
def test_integers_do_not_overflow(dtype):
    top = min(np.iinfo(dtype).max, 2**31 - 1)
    image, kernel = np.full((1, 4, 4, 3), top, dtype), np.full((3, 3, 3, 1), 7, np.int8)
    found = conv2d(image, kernel)
    assert found.dtype == np.int64
    assert found.tolist() == [[[[27 * 7 * top]] * 2] * 2]
    lowest = np.iinfo(np.int8).min
    assert conv2d(image, np.full((3, 3, 3, 1), lowest, np.int8))[0, 0, 0, 0] == 27 * lowest * top


def test_integer_sums_that_would_round_are_refused():
    big = np.full((1, 1, 1, 1), 2**53 - 1)
    assert conv2d(big, np.ones((1, 1, 1, 1), int))[0, 0, 0, 0] == 2**53 - 1
    with pytest.raises(ValueError, match="2⁵³"):
        conv2d(big, np.full((1, 1, 1, 1), 2))
    with pytest.raises(ValueError, match="astype"):
        conv2d(big, np.ones((1, 1, 1, 1), int), bias=[1])
    assert conv2d(big.astype(float), np.full((1, 1, 1, 1), 2))[0, 0, 0, 0] == 2.0 * (2**53 - 1)


@given(problems())
@settings(deadline=None, max_examples=30)
def test_inputs_are_neither_modified_nor_shared(problem):
    inputs, kernel, bias, *rest = problem
    copies = [array.copy() for array in (inputs, kernel, bias)]
    for array in (inputs, kernel, bias):
        array.setflags(write=False)
    output = conv2d(inputs, kernel, bias, *rest)
    assert output.flags.writeable
    for array, copy in zip((inputs, kernel, bias), copies, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert not np.shares_memory(output, array)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("kernel_shape", [(3, 3, 8, 16), (5, 5, 8, 4)])
def test_memory_stays_below_three_times_input_and_output(kernel_shape, dtype):
    inputs, kernel = np.ones((4, 48, 48, 8), dtype), np.ones(kernel_shape, dtype)
    assert peak_memory(lambda: conv2d(inputs, kernel, padding="same"), inputs) < 3


def test_lists_tensors_and_strided_views_are_welcome():
    import tensorflow as tf

    expected = correlate2d(IMAGE, KERNEL)
    np.testing.assert_array_equal(correlate2d(IMAGE.tolist(), KERNEL.tolist()), expected)
    np.testing.assert_array_equal(correlate2d(tf.constant(IMAGE), tf.constant(KERNEL)), expected)
    doubled = np.repeat(np.repeat(IMAGE, 2, 0), 2, 1)
    np.testing.assert_array_equal(correlate2d(doubled[::2, ::2], np.asfortranarray(KERNEL)), expected)


@pytest.mark.parametrize(("mode", "numpy_mode"), [("zeros", "constant"), ("edge", "edge")])
@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 2), (3, 4, 5, 2)])
def test_pad2d_pads_rows_and_columns_only(shape, mode, numpy_mode):
    image = np.random.default_rng(5).integers(0, 9, shape)
    pads = ((1, 2), (3, 0))
    widths = [(0, 0), *pads, (0, 0)] if image.ndim == 4 else [*pads, (0, 0)][: image.ndim]
    np.testing.assert_array_equal(pad2d(image, pads, mode), np.pad(image, widths, mode=numpy_mode))


def test_pad2d_by_hand_and_without_padding_copies():
    np.testing.assert_array_equal(pad2d([[1, 2, 3]], (0, 1), "edge"), [[1, 1, 2, 3, 3]])
    copy = pad2d(IMAGE, 0)
    np.testing.assert_array_equal(copy, IMAGE)
    assert not np.shares_memory(copy, IMAGE)


@pytest.mark.parametrize("shape", [(7, 8), (7, 8, 2), (3, 7, 8, 2)])
def test_windows_are_a_view_of_every_window(shape):
    image = np.arange(np.prod(shape)).reshape(shape)
    view = windows(image, (2, 3), strides=(2, 1), dilation=(1, 2))
    assert np.shares_memory(view, image)
    assert not view.flags.writeable
    batch = image if image.ndim == 4 else image[None]
    views = view if image.ndim == 4 else view[None]
    assert views.shape[1:5] == (3, 4, 2, 3)
    for n, r, c in np.ndindex(views.shape[:3]):
        np.testing.assert_array_equal(views[n, r, c], batch[n, 2 * r : 2 * r + 2, c : c + 5 : 2])


@given(problems(dtypes=("int16",)))
@settings(deadline=None, max_examples=40)
def test_conv2d_is_a_dense_matrix(problem):
    inputs, kernel = problem[:2]
    matrix = conv2d_as_matrix(kernel, inputs.shape[1:])
    expected = conv2d(inputs, kernel)
    np.testing.assert_array_equal(
        inputs.reshape(len(inputs), -1) @ matrix.T, expected.reshape(len(inputs), -1)
    )


def test_the_matrix_is_banded_and_shared():
    matrix = conv2d_as_matrix([[1, 2, 3]], (1, 5))
    np.testing.assert_array_equal(matrix, [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]])
    matrix = conv2d_as_matrix(np.arange(1, 10).reshape(3, 3), (6, 6))
    assert matrix.shape == (16, 36)
    assert all(sorted(row[row > 0]) == list(range(1, 10)) for row in matrix)
    np.testing.assert_array_equal((matrix > 0).sum(axis=0).reshape(6, 6), usage_map((6, 6), 3))


def test_transposed_stamps_by_hand():
    def stamp(image, kernel, strides, padding="valid"):
        image, kernel = np.array(image)[None, :, :, None], np.array(kernel)[:, :, None, None]
        return conv2d_transpose(image, kernel, None, strides, padding)[0, :, :, 0].tolist()

    assert stamp([[0, 1], [2, 3]], [[0, 1], [2, 3]], 1) == [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
    assert stamp([[1, 2]], [[1, 2, 3]], (1, 2)) == [[1, 2, 3 + 2, 4, 6]]
    assert stamp([[1, 2]], [[1, 2, 3]], (1, 2), "same") == [[1, 2, 5, 4]]
    assert stamp([[1, 2]], [[1, 2, 3]], (1, 2), ((0, 0), (1, 2))) == [[2, 5]]
    assert stamp([[1, 2]], [[5]], 3) == [[5, 0, 0, 10, 0, 0], [0] * 6, [0] * 6]
    assert stamp([[3]], [[1, 2], [3, 4]], 2) == [[3, 6], [9, 12]]


@given(problems(dtypes=("float32",)))
@settings(deadline=None, max_examples=40)
def test_transposed_agrees_with_keras(problem):
    import keras

    maps, kernel, _, strides, padding, *_ = problem
    kernel = np.repeat(kernel, maps.shape[3], axis=2)[:, :, : maps.shape[3]].swapaxes(2, 3)
    padding = padding if isinstance(padding, str) else "valid"
    layer = keras.layers.Conv2DTranspose(
        kernel.shape[2], kernel.shape[:2], strides, padding, bias_initializer="ones"
    )
    layer.build(maps.shape)
    layer.kernel.assign(kernel)
    theirs = np.asarray(layer(maps))
    ours = conv2d_transpose(maps, kernel, np.ones(kernel.shape[2], "float32"), strides, padding)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5 * max(1, np.abs(theirs).max()))


@given(problems(dtypes=("int8",)))
@settings(deadline=None)
def test_transposed_is_the_adjoint_of_conv2d(problem):
    """⟨conv2d(x), y⟩ = ⟨x, conv2d_transpose(y)⟩ con el mismo kernel: por eso se llama transpuesta."""
    y, kernel, _, strides, padding, _ = problem
    kernel = np.repeat(kernel[:, :, :, :1], y.shape[3], axis=3)
    kernel = kernel + np.arange(y.shape[3], dtype=np.int64)
    size, taps = np.array(y.shape[1:3]), kernel.shape[:2]
    crop = np.sum(explicit_padding(padding, size * strides, taps, strides), axis=1)
    assume(isinstance(padding, str) or np.all((size - 1) * strides + taps > crop))  # queda algo
    back = conv2d_transpose(y, kernel, None, strides, padding)
    assert back.dtype == np.int64
    x = np.random.default_rng(y.size).integers(-9, 10, back.shape)
    there = conv2d(x, kernel, None, strides, padding)
    assert np.vdot(there, y.astype(np.int64)) == np.vdot(x, back)


BATCH, WEIGHTS = np.ones((1, 5, 6, 3)), np.ones((3, 3, 3, 2))


@pytest.mark.parametrize(
    ("call", "error", "fragments"),
    [
        (lambda: conv2d(BATCH, np.ones((7, 3, 3, 2))), ValueError, ["abarca 7", "solo tiene 5", "reduce"]),
        (lambda: conv2d(BATCH, WEIGHTS, strides=0), ValueError, ["strides debe ser 1 o más", "0"]),
        (lambda: conv2d(BATCH, WEIGHTS, strides=(1, -2)), ValueError, ["strides", "-2"]),
        (lambda: conv2d(BATCH, WEIGHTS, strides=1.5), TypeError, ["strides", "1.5 (float)"]),
        (lambda: conv2d(BATCH, WEIGHTS, dilation=0), ValueError, ["dilation", "0"]),
        (lambda: conv2d(BATCH, WEIGHTS, padding="SAME"), ValueError, ["«same»", "'SAME'"]),
        (lambda: conv2d(BATCH, WEIGHTS, padding=((1, 1), (1, -1))), ValueError, ["padding", "-1"]),
        (lambda: conv2d(BATCH[0], WEIGHTS), ValueError, ["4 ejes", "(5, 6, 3)", "image[None]"]),
        (lambda: conv2d(BATCH, WEIGHTS[0]), ValueError, ["kernel debe tener 4 ejes", "(3, 3, 2)"]),
        (
            lambda: conv2d(np.moveaxis(BATCH, -1, 1), WEIGHTS),
            ValueError,
            ["6 canales", "espera 3", "(lote, canal, fila, columna)", "np.moveaxis(inputs, 1, -1)"],
        ),
        (
            lambda: conv2d(BATCH, np.ones((2, 3, 4, 4))),
            ValueError,
            ["(filtro, canal, fila, columna)", "transpose(2, 3, 1, 0)"],
        ),
        (
            lambda: conv2d(BATCH, np.ones((3, 3, 5, 2))),
            ValueError,
            ["espera 5", "orden (fila, columna, canal"],
        ),
        (lambda: conv2d(BATCH, WEIGHTS, bias=[1]), ValueError, ["1 valores", "2 filtros"]),
        (lambda: conv2d(BATCH, WEIGHTS, bias=[[1, 2]]), ValueError, ["bias debe tener 1 eje (filtro)"]),
        (lambda: conv2d(BATCH * np.nan, WEIGHTS), ValueError, ["inputs contiene NaN", "np.isfinite"]),
        (lambda: conv2d(BATCH, WEIGHTS * np.inf), ValueError, ["kernel contiene NaN o infinitos"]),
        (lambda: conv2d(BATCH[:0], WEIGHTS), ValueError, ["inputs está vacío", "(0, 5, 6, 3)"]),
        (lambda: conv2d(BATCH, WEIGHTS[:, :0]), ValueError, ["kernel está vacío"]),
        (lambda: conv2d(BATCH.astype(object), WEIGHTS), TypeError, ["números reales", "object"]),
        (lambda: conv2d(BATCH * 1j, WEIGHTS), TypeError, ["números reales", "complex128"]),
        (lambda: conv2d([[["a"]]], WEIGHTS), TypeError, ["números reales"]),
        (lambda: correlate2d([[1, 2], [3]], KERNEL), ValueError, ["image tiene filas de distinta longitud"]),
        (lambda: correlate2d(IMAGE, [[1, 2], [3]]), ValueError, ["kernel tiene filas de distinta longitud"]),
        (lambda: correlate2d(BATCH, KERNEL), ValueError, ["image debe tener 2 ejes", "(1, 5, 6, 3)"]),
        (lambda: correlate2d(IMAGE, 3), ValueError, ["kernel debe tener 2 ejes", "()"]),
        (lambda: convolve2d(IMAGE, WEIGHTS), ValueError, ["kernel debe tener 2 ejes"]),
        (lambda: pad2d(IMAGE, -1), ValueError, ["padding debe ser 0 o más", "-1"]),
        (lambda: pad2d(IMAGE, 1.0), TypeError, ["padding", "1.0 (float)"]),
        (lambda: pad2d(IMAGE, "same"), TypeError, ["'same'", "same_padding("]),
        (lambda: pad2d(IMAGE, 1, "wrap"), ValueError, ["zeros, edge", "'wrap'"]),
        (lambda: pad2d([1, 2], 1), ValueError, ["image debe tener 2 ejes"]),
        (lambda: windows(IMAGE, 4), ValueError, ["abarca 4", "solo tiene 3"]),
        (lambda: windows(IMAGE, 2.0), TypeError, ["kernel_size", "2.0 (float)"]),
        (lambda: windows(IMAGE, (2, 2, 2)), ValueError, ["pareja", "(2, 2, 2)"]),
        (
            lambda: conv2d_transpose(BATCH, WEIGHTS),
            ValueError,
            ["tiene 3 canales", "espera 2", "swapaxes(2, 3)"],
        ),
        (lambda: conv2d_transpose(BATCH[0], WEIGHTS), ValueError, ["4 ejes", "image[None]"]),
        (
            lambda: conv2d_transpose(BATCH, WEIGHTS[0]),
            ValueError,
            ["kernel debe tener 4 ejes (fila, columna, filtro, canal)"],
        ),
        (lambda: conv2d_transpose(BATCH, WEIGHTS.swapaxes(2, 3), strides=0), ValueError, ["strides", "0"]),
        (
            lambda: conv2d_transpose(BATCH[:, :1], WEIGHTS.swapaxes(2, 3), padding=2),
            ValueError,
            ["mide 3", "recorta 4", "reduce padding"],
        ),
        (
            lambda: conv2d_transpose(BATCH, WEIGHTS.swapaxes(2, 3), bias=[1, 2, 3]),
            ValueError,
            ["3 valores", "2 filtros"],
        ),
        (
            lambda: conv2d_transpose(np.full((1, 1, 1, 1), 2**52), np.full((1, 1, 1, 1), 2)),
            ValueError,
            ["2⁵³", "astype(float)"],
        ),
        (lambda: conv2d_as_matrix(KERNEL, (3, 3, 1)), ValueError, ["(H, W)", "(3, 3, 1)"]),
        (lambda: conv2d_as_matrix(KERNEL, (1000, 1000)), ValueError, ["(1000, 1000)", "más pequeña"]),
        (lambda: conv2d_as_matrix(KERNEL, (3, 2.5)), TypeError, ["input_shape", "2.5 (float)"]),
        (lambda: conv2d_as_matrix(KERNEL, 9), ValueError, ["input_shape", "9 (int)"]),
    ],
)
def test_bad_input_says_what_came_and_what_to_change(call, error, fragments):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message
    assert message.count("\n") < 5
