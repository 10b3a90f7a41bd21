"""Bloques permutados, prendas en un lienzo y parejas: qué se mueve, qué se conserva y qué se rechaza."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from course_utils.images.movement import shift_randomly
from course_utils.images.rearrangement import permute_blocks, place_in_pairs, shrink_to_centre


def numbered(n=2, side=8, channels=1):
    """Lote en el que cada píxel es distinto."""
    return np.arange(n * side * side * channels).reshape(n, side, side, channels)


# --- permute_blocks ------------------------------------------------------------------------------------


@given(seed=st.integers(0, 10_000), block_size=st.sampled_from([1, 2, 4, 8]), channels=st.integers(1, 3))
def test_permuting_keeps_every_block_whole_and_treats_all_images_alike(seed, block_size, channels):
    images = numbered(3, 8, channels)
    before = images.copy()
    permuted = permute_blocks(images, block_size, seed)
    assert np.array_equal(images, before)
    # la segunda imagen es la primera más una constante: permutadas igual, la diferencia no cambia
    assert np.array_equal(permuted[1] - permuted[0], images[1] - images[0])

    def blocks(image):
        return {
            image[r : r + block_size, c : c + block_size].tobytes()
            for r in range(0, 8, block_size)
            for c in range(0, 8, block_size)
        }

    assert blocks(permuted[0]) == blocks(images[0])
    assert len(blocks(images[0])) == (8 // block_size) ** 2


def test_one_block_changes_nothing_and_pixels_move_with_small_ones():
    images = numbered(1, 28)
    assert np.array_equal(permute_blocks(images, 28, seed=3), images)
    assert (permute_blocks(images, 1, seed=3) == images).mean() < 0.02
    assert (permute_blocks(images, 1, seed=3) != permute_blocks(images, 1, seed=4)).any()
    assert permute_blocks(images.astype("uint8"), 4, seed=0).dtype == np.uint8


# --- shrink_to_centre ----------------------------------------------------------------------------------


def test_shrinking_averages_four_pixels_and_centres_them():
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1)).astype("uint8")
    small = shrink_to_centre(images)
    averaged = ndimage.uniform_filter(images.astype(float), (1, 2, 2, 1), origin=(0, -1, -1, 0))[:, ::2, ::2]
    assert small.dtype == np.float32
    assert np.allclose(small[:, 7:21, 7:21], averaged, atol=1e-3)
    small[:, 7:21, 7:21] = 0
    assert not small.any()


# --- shift_randomly ------------------------------------------------------------------------------------


def test_each_image_moves_by_itself_and_never_further_than_asked():
    images = np.zeros((200, 9, 9, 1))
    images[:, 4, 4] = 1
    moved = shift_randomly(images, 3, np.random.default_rng(0))
    positions = np.argwhere(moved[..., 0])[:, 1:] - 4
    assert len(positions) == 200  # ninguno se ha salido
    assert np.abs(positions).max() == 3
    assert len(np.unique(positions, axis=0)) == 49  # todas las posiciones posibles


def test_random_shifts_agree_with_scipy_and_leave_the_input_alone():
    images = np.random.default_rng(1).normal(size=(6, 7, 5, 2))
    before = images.copy()
    moved = shift_randomly(images, 2, np.random.default_rng(5))
    amounts = np.random.default_rng(5).integers(-2, 3, (6, 2))
    for image, result, (rows, cols) in zip(images, moved, amounts, strict=True):
        assert np.array_equal(result, ndimage.shift(image, (rows, cols, 0), order=0, prefilter=False))
    assert np.array_equal(images, before)
    assert np.array_equal(shift_randomly(images, 0, np.random.default_rng(0)), images)


# --- place_in_pairs ------------------------------------------------------------------------------------


def test_both_orders_of_a_pair_have_the_same_windows():
    rng = np.random.default_rng(2)
    left, right = rng.integers(1, 99, (2, 3, 14, 14, 1))
    one, other = place_in_pairs(left, right), place_in_pairs(right, left)
    assert one.shape == (3, 14, 44, 1)
    assert not np.array_equal(one, other)

    def windows(pairs, width):
        padded = np.pad(pairs[0, :, :, 0], ((0, 0), (width - 5, width - 5)))
        columns = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)
        return sorted(columns[:, i].tobytes() for i in range(columns.shape[1]))

    assert windows(one, 9) == windows(other, 9)
    assert windows(one, 10) != windows(other, 10)  # esta ya ve las dos prendas


# --- Lo que no sirve -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: permute_blocks(numbered(), 3, 0), ValueError, "no divide"),
        (lambda: permute_blocks(numbered(), 2.0, 0), TypeError, "block_size debe ser un número entero"),
        (lambda: permute_blocks(numbered()[0], 2, 0), ValueError, "4 ejes"),
        (lambda: shrink_to_centre(numbered(side=6)), ValueError, "múltiplos de 4"),
        (lambda: shrink_to_centre(np.full((1, 4, 4, 1), np.nan)), ValueError, "NaN"),
        (lambda: shift_randomly(numbered(), 9, np.random.default_rng(0)), ValueError, "elige una menor"),
        (lambda: shift_randomly(numbered(), -1, np.random.default_rng(0)), ValueError, "0 o más"),
        (lambda: place_in_pairs(numbered(2), numbered(3)), ValueError, "una imagen derecha por cada"),
        (lambda: place_in_pairs(["a"], ["b"]), TypeError, "números reales"),
    ],
)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message) as caught:
        call()
    assert len(str(caught.value).splitlines()) <= 5
