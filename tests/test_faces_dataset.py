"""Las caras dibujadas: dos clases que solo se distinguen por dónde está cada pieza."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets.drawn.faces import CLASS_NAMES, IMAGE_SIZE, PART_NAMES, generate_faces

EYE, NOSE, MOUTH = range(3)


@pytest.fixture(scope="module")
def faces():
    return generate_faces(600, seed=0)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 8), seed=st.integers(0, 2**32))
def test_every_image_has_the_same_parts_inside_the_picture(count, seed):
    faces = generate_faces(count, seed)
    assert faces.images.shape == (count, IMAGE_SIZE, IMAGE_SIZE, 1)
    assert faces.images.dtype == np.uint8
    assert faces.labels.tolist() == [0, 1] * (count // 2) + [0] * (count % 2)
    assert (np.sort(faces.parts, axis=1) == [EYE, EYE, NOSE, MOUTH]).all()
    assert ((faces.centers > 5) & (faces.centers < IMAGE_SIZE - 5)).all()


def test_a_face_is_well_placed_and_a_scrambled_one_never_is(faces):
    well_placed = (faces.parts == [EYE, EYE, NOSE, MOUTH]).all(axis=1)
    assert (well_placed == (faces.labels == CLASS_NAMES.index("cara"))).all()
    scrambled = {tuple(parts) for parts in faces.parts[~well_placed]}
    assert len(scrambled) == 11  # 4! / 2! disposiciones, menos la de la cara


def test_in_a_face_eyes_are_above_the_nose_and_the_nose_above_the_mouth(faces):
    rows, cols = np.moveaxis(faces.centers[faces.labels == 1], -1, 0)
    left, right, nose, mouth = range(4)
    assert (rows[:, [left, right]].max(axis=1) < rows[:, nose]).all()
    assert (rows[:, nose] < rows[:, mouth]).all()
    assert (cols[:, left] < cols[:, nose]).all()
    assert (cols[:, nose] < cols[:, right]).all()


def test_each_eye_has_a_dark_pupil_on_white_where_its_center_says(faces):
    for image, parts, centers in zip(faces.images, faces.parts, faces.centers, strict=True):
        for row, col in centers[parts == EYE].round().astype(int):
            eye = image[row - 2 : row + 3, col - 4 : col + 5, 0].astype(int)
            assert eye[1:4, 3:6].min() < 0.6 * eye.max()


def test_the_classes_have_the_same_grey_levels(faces):
    # si el brillo delatara la clase, no haría falta ver la disposición
    histograms = [
        np.bincount(faces.images[faces.labels == label].ravel() // 16, minlength=16)
        / faces.images[0].size
        / 300
        for label in (0, 1)
    ]
    assert np.abs(np.cumsum(histograms[0]) - np.cumsum(histograms[1])).max() < 0.05


def test_same_seed_same_bytes_and_more_images_keep_the_first_ones(faces):
    few = generate_faces(10, seed=0)
    assert (few.images == faces.images[:10]).all()
    assert (generate_faces(10, seed=1).images != few.images).any()


def test_bytes_are_the_same_on_any_machine():
    assert zlib.crc32(generate_faces(20, seed=0).images.tobytes()) == 3465457380


def test_names_match_the_numbers():
    assert (PART_NAMES[EYE], PART_NAMES[NOSE], PART_NAMES[MOUTH]) == ("ojo", "nariz", "boca")
    assert CLASS_NAMES == ("descolocada", "cara")


@pytest.mark.parametrize(
    ("count", "seed", "error", "words"),
    [
        (0, 0, ValueError, "count debe ser 1 o más"),
        (2.0, 0, TypeError, "count debe ser un número entero"),
        (2, -1, ValueError, "seed debe ser 0 o más"),
        (2, None, TypeError, "seed debe ser un número entero"),
    ],
)
def test_bad_arguments_are_explained(count, seed, error, words):
    with pytest.raises(error, match=words):
        generate_faces(count, seed)
