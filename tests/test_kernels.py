"""Kernels con nombre: qué hacen sobre imágenes sencillas y qué dice SciPy de ellos."""

import numpy as np
import pytest
from scipy import ndimage

from course_utils.ops.convolution import correlate2d
from course_utils.ops.kernels import (
    KERNELS,
    box,
    gaussian,
    identity,
    laplacian,
    named_kernel,
    oriented_edge,
    sharpen,
    sobel,
)

FLAT = np.full((5, 5), 7)
BRIGHTER_TO_THE_RIGHT = np.tile(np.arange(5), (5, 1))


def test_blurs_keep_flat_images_and_edges_answer_zero():
    for kernel in (
        identity(),
        identity(5),
        box(),
        gaussian(),
        gaussian(3, sigma=0.5),
        sharpen(),
        sharpen(0.5),
    ):
        np.testing.assert_allclose(correlate2d(FLAT, kernel), 7)
    for kernel in (sobel(), sobel("horizontal"), laplacian(), laplacian(8), oriented_edge(30)):
        np.testing.assert_allclose(correlate2d(FLAT, kernel), 0, atol=1e-12)


def test_each_edge_kernel_sees_its_own_direction():
    right, down = BRIGHTER_TO_THE_RIGHT, BRIGHTER_TO_THE_RIGHT.T
    assert (correlate2d(right, sobel("vertical")) == 8).all()
    assert (correlate2d(down, sobel("vertical")) == 0).all()
    assert (correlate2d(down, sobel("horizontal")) == 8).all()
    assert (correlate2d(right[:, ::-1], sobel("vertical")) == -8).all()


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135, 180, 270, -60])
def test_oriented_edge_answers_most_in_its_direction(angle):
    rows, cols = np.mgrid[:3, :3]

    def answer(direction):
        theta = np.radians(direction)
        ramp = np.cos(theta) * cols - np.sin(theta) * rows  # las filas crecen hacia abajo
        return correlate2d(ramp, oriented_edge(angle))[0, 0]

    others = [answer(direction) for direction in range(angle, angle + 360, 15)]
    assert others[0] == max(others) == pytest.approx(8)
    assert answer(angle + 90) == pytest.approx(0, abs=1e-12)


def test_kernels_agree_with_scipy_filters():
    image = np.random.default_rng(0).normal(size=(9, 9))

    def inner(filtered):
        return filtered[1:-1, 1:-1]

    np.testing.assert_allclose(correlate2d(image, sobel("vertical")), inner(ndimage.sobel(image, axis=1)))
    np.testing.assert_allclose(correlate2d(image, sobel("horizontal")), inner(ndimage.sobel(image, axis=0)))
    np.testing.assert_allclose(correlate2d(image, laplacian()), inner(ndimage.laplace(image)))
    np.testing.assert_allclose(correlate2d(image, box()), inner(ndimage.uniform_filter(image, 3)))
    prewitt = KERNELS["prewitt_vertical"].values
    np.testing.assert_allclose(correlate2d(image, prewitt), inner(ndimage.prewitt(image, axis=1)))
    # truncate = radio / sigma
    smooth = ndimage.gaussian_filter(image, 0.8, truncate=1 / 0.8)
    np.testing.assert_allclose(correlate2d(image, gaussian(3, sigma=0.8)), inner(smooth))


@pytest.mark.parametrize(("size", "sigma"), [(1, 1), (3, 0.5), (5, None), (15, 3)])
def test_gaussian_is_a_symmetric_average(size, sigma):
    kernel = gaussian(size, sigma)
    assert kernel.shape == (size, size)
    assert kernel.sum() == pytest.approx(1)
    assert kernel.max() == kernel[size // 2, size // 2]
    np.testing.assert_allclose(kernel, kernel.T)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1])


def test_sharpen_is_identity_minus_laplacian():
    np.testing.assert_array_equal(sharpen(0), identity())
    np.testing.assert_array_equal(sharpen(2), identity() - 2 * laplacian())


def test_named_kernels_are_documented_and_read_only():
    for name, kernel in KERNELS.items():
        assert named_kernel(name) is kernel
        assert kernel.values.shape[0] == kernel.values.shape[1] == 3
        assert kernel.title
        assert kernel.source
        assert kernel.purpose.endswith(".")
        with pytest.raises(ValueError, match="read-only"):
            kernel.values[0, 0] = 1
    assert len({kernel.title for kernel in KERNELS.values()}) == len(KERNELS)
    assert KERNELS["gaussian"].values.tolist() == [
        [1 / 16, 1 / 8, 1 / 16],
        [1 / 8, 1 / 4, 1 / 8],
        [1 / 16, 1 / 8, 1 / 16],
    ]


@pytest.mark.parametrize(
    ("call", "error", "fragments"),
    [
        (lambda: identity(4), ValueError, ["impar", "4", "size=5"]),
        (lambda: box(0), ValueError, ["size debe ser 1 o más"]),
        (lambda: gaussian(3.5), TypeError, ["size", "3.5 (float)"]),
        (lambda: gaussian(3, 0), ValueError, ["sigma debe ser mayor que 0"]),
        (lambda: gaussian(3, "1"), TypeError, ["sigma", "'1' (str)"]),
        (lambda: sobel("diagonal"), ValueError, ["«vertical» u «horizontal»", "'diagonal'"]),
        (lambda: laplacian(5), ValueError, ["4 u 8", "5"]),
        (lambda: oriented_edge(float("nan")), ValueError, ["angle", "nan"]),
        (lambda: oriented_edge(None), TypeError, ["angle", "None"]),
        (lambda: sharpen(True), TypeError, ["amount", "True"]),
        (lambda: named_kernel("sobell"), ValueError, ["'sobell'", "sobel_vertical"]),
        (lambda: named_kernel(3), ValueError, ["3 (int)"]),
    ],
)
def test_bad_arguments_say_what_came_and_what_to_change(call, error, fragments):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message
    assert message.count("\n") < 5
