"""Fotos de fuera: la preparación deshace lo que la foto cambia, y el botón funciona en las dos ipywidgets."""

import io
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.photos import PhotoUpload, photograph, prepare_photo


def drawing() -> np.ndarray:
    """Una prenda inventada que llena el cuadro: gris, sin degradados y más alta que ancha."""
    image = np.zeros((28, 28), np.uint8)
    image[:, 8:20] = 200
    image[:6, 4:24] = 255
    return image


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 44), st.integers(0, 44), st.booleans(), st.integers(0, 60))
def test_preparing_a_photo_undoes_place_background_and_size(row, col, dark_wall, wall):
    large = drawing().repeat(2, axis=0).repeat(2, axis=1).astype(int)
    photo = np.full((100, 100), wall if dark_wall else 255 - wall)
    sign = 1 if dark_wall else -1
    photo[row : row + 56, col : col + 56] += sign * large * 3 // 4
    prepared = prepare_photo(np.repeat(photo[..., np.newaxis], 3, axis=2))
    assert prepared.shape == (28, 28, 1)
    assert prepared.dtype == np.uint8
    assert prepared.max() == 255
    assert np.abs(prepared[..., 0].astype(int) - drawing()).mean() < 12


def test_a_wide_garment_is_centred_in_a_black_square():
    photo = np.full((60, 80, 1), 250)
    photo[10:30, 20:60] = 50  # 20 × 40
    prepared = prepare_photo(photo)[..., 0]
    assert (prepared[:5] == 0).all()
    assert (prepared[-5:] == 0).all()
    assert (prepared[10:18] == 255).all()


def test_a_photo_with_nothing_in_it_is_explained():
    with pytest.raises(ValueError, match="no se distingue nada del fondo"):
        prepare_photo(np.full((40, 40, 3), 128))
    with pytest.raises(ValueError, match="photo debe tener 3 ejes"):
        prepare_photo(np.zeros((40, 40)))


def test_simulated_photos_are_repeatable_and_can_be_prepared():
    images, _ = draw_garments(10, seed=3)
    photos = photograph(images, seed=5)
    np.testing.assert_array_equal(photos, photograph(images, seed=5))
    assert not np.array_equal(photos, photograph(images, seed=6))
    assert np.median(photos) > 150  # una pared clara
    for photo in photos:
        prepared = prepare_photo(photo)[..., 0]
        assert prepared.max() == 255
        assert np.median(np.concatenate([prepared[0], prepared[-1]])) == 0  # fondo negro


def stored(pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("version", [7, 8])
def test_an_uploaded_file_becomes_a_photo(version, monkeypatch):
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    upload = PhotoUpload()
    assert upload.photo() is None
    content = {"name": "foto.png", "content": memoryview(stored(pixels))}
    value = {"foto.png": content} if version == 7 else (content,)
    monkeypatch.setattr(upload, "button", type("Button", (), {"value": value})())
    np.testing.assert_array_equal(upload.photo(), pixels)


def test_a_file_that_is_not_a_picture_is_explained(monkeypatch):
    upload = PhotoUpload()
    monkeypatch.setattr(upload, "button", type("Button", (), {"value": ({"content": b"hola"},)})())
    with pytest.raises(ValueError, match="no es una imagen PNG o JPEG"):
        upload.photo()


def test_the_button_degrades_to_a_sentence_except_in_colab(monkeypatch):
    bundle = PhotoUpload()._repr_mimebundle_()
    assert bundle["text/html"].startswith("<p>Subir una foto")
    assert "model_id" in bundle["application/vnd.jupyter.widget-view+json"]
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert "text/html" not in PhotoUpload()._repr_mimebundle_()
