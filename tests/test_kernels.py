"""Kernels con nombre: qué hacen sobre imágenes sencillas y qué dice SciPy de ellos."""

import numpy as np
import pytest
from scipy import ndimage

from course_utils.ops.convolution import correlate2d
from course_utils.ops.kernels import KERNELS, named_kernel

FLAT = np.full((5, 5), 7)
BRIGHTER_TO_THE_RIGHT = np.tile(np.arange(5), (5, 1))
EDGES = {"sobel_vertical", "sobel_horizontal", "prewitt_vertical", "edge_45", "laplacian"}


def answer(image, name):
    return correlate2d(image, named_kernel(name).values)


@pytest.mark.parametrize("name", KERNELS)
def test_blurs_keep_flat_images_and_edges_answer_zero(name):
    np.testing.assert_allclose(answer(FLAT, name), 0 if name in EDGES else 7, atol=1e-12)


def test_each_edge_kernel_sees_its_own_direction():
    right, down = BRIGHTER_TO_THE_RIGHT, BRIGHTER_TO_THE_RIGHT.T
    assert (answer(right, "sobel_vertical") == 8).all()
    assert (answer(down, "sobel_vertical") == 0).all()
    assert (answer(down, "sobel_horizontal") == 8).all()
    assert (answer(right[:, ::-1], "sobel_vertical") == -8).all()


def test_the_diagonal_edge_answers_most_up_and_to_the_right():
    rows, cols = np.mgrid[:3, :3]

    def at(degrees):
        theta = np.radians(degrees)
        ramp = np.cos(theta) * cols - np.sin(theta) * rows  # las filas crecen hacia abajo
        return answer(ramp, "edge_45")[0, 0]

    answers = [at(degrees) for degrees in range(45, 405, 15)]
    assert answers[0] == max(answers) == pytest.approx(8)
    assert at(135) == pytest.approx(0, abs=1e-12)


def test_kernels_agree_with_scipy_filters():
    image = np.random.default_rng(0).normal(size=(9, 9))
    expected = {
        "identity": image,
        "box": ndimage.uniform_filter(image, 3),
        "gaussian": ndimage.convolve1d(ndimage.convolve1d(image, [0.25, 0.5, 0.25], 0), [0.25, 0.5, 0.25], 1),
        "sharpen": image - ndimage.laplace(image),
        "sobel_vertical": ndimage.sobel(image, axis=1),
        "sobel_horizontal": ndimage.sobel(image, axis=0),
        "prewitt_vertical": ndimage.prewitt(image, axis=1),
        "laplacian": ndimage.laplace(image),
    }
    assert expected.keys() == KERNELS.keys() - {"edge_45"}
    for name, filtered in expected.items():
        np.testing.assert_allclose(answer(image, name), filtered[1:-1, 1:-1], err_msg=name)


def test_named_kernels_are_titled_and_read_only():
    for name, kernel in KERNELS.items():
        assert named_kernel(name) is kernel
        assert kernel.values.shape == (3, 3)
        assert kernel.title
        with pytest.raises(ValueError, match="read-only"):
            kernel.values[0, 0] = 1
    assert len({kernel.title for kernel in KERNELS.values()}) == len(KERNELS)


@pytest.mark.parametrize(("name", "message"), [("sobell", "'sobell'.*sobel_vertical"), (3, r"3 \(int\)")])
def test_an_unknown_name_is_explained(name, message):
    with pytest.raises(ValueError, match=message):
        named_kernel(name)
