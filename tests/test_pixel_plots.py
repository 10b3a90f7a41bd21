"""Píxeles y pesos dibujados uno a uno: la cuadrícula, lo rodeado, los números y sus colores."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from course_utils import style
from course_utils.plots.pixels import show_cells, show_pixels

FLAG = np.zeros((2, 3, 3), np.uint8)


def cells(ax):
    """Por lugar, las celdas pintadas."""
    found = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    return {(cell.get_y(), cell.get_x()): np.array(cell.get_facecolor()[:3]) for cell in found}


def numbers(ax):
    texts = [text.get_text() for text in ax.texts]
    return [text for text in texts if text and not text.strip("−0123456789,")]


def test_pixels_have_their_grid_and_what_is_looked_at_its_frame(figure):
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    fig = figure(show_pixels, [image, image], ["una", "otra"], [(0, 1, 2, 2), None])
    first, second = fig.axes
    np.testing.assert_array_equal(first.images[0].get_array(), image)
    lines = [segment for group in first.collections for segment in group.get_segments()]
    assert len(lines) == (2 + 1) + (3 + 1)
    frames = {(f.get_y() + 0.5, f.get_x() + 0.5, f.get_height(), f.get_width()) for f in first.patches}
    assert frames == {(0, 1, 2, 2)}
    assert to_hex(first.patches[-1].get_edgecolor()).upper() == style.COLORS["highlight"]
    assert not second.patches
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["una", "otra"]
    assert len(figure(show_pixels, [FLAG]).axes[0].images) == 1


def test_cells_are_darker_the_more_they_are_worth_in_one_scale(figure):
    (ax,) = figure(show_cells, [[[1, 2]], [[4, 2]]], ["a", "b"]).axes
    painted = list(cells(ax).values())
    assert numbers(ax) == ["1", "2", "4", "2"]
    assert {"a", "b"} <= {text.get_text() for text in ax.texts}
    brightness = [color.sum() for color in painted]
    assert brightness[2] < brightness[1] < brightness[0]
    assert brightness[1] == pytest.approx(brightness[3])


def test_signed_cells_leave_blank_what_is_not_connected(figure):
    (ax,) = figure(show_cells, [[[-3, 0], [0, 3]]], None, "signed", names=("neuronas", "píxeles")).axes
    assert numbers(ax) == ["−3", "3"]
    negative, positive = cells(ax).values()
    assert negative[2] > negative[1]
    assert positive[0] > positive[2]
    assert {"neuronas", "píxeles"} <= {text.get_text() for text in ax.texts}


def test_a_channel_goes_from_black_to_its_colour(figure):
    (ax,) = figure(show_cells, [[[0, 255]], [[255, 0]]], ["R", "G"], ["red", "lime"]).axes
    assert [tuple(color.round(2)) for color in cells(ax).values()] == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 0),
    ]


def test_matrices_go_one_below_another_if_asked(figure):
    (ax,) = figure(show_cells, [[[1, 2]], [[3, 4]]], columns=1).axes
    (top, left), _, (below, same), _ = cells(ax)
    assert top < below
    assert left == same
    figure(show_cells, [np.zeros((2, 2))])  # sin dividir entre cero


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (show_pixels, ([FLAG],)),
        (show_pixels, ([np.eye(8)] * 4, ["Local: una esquina", "La misma, en otro sitio", "c", "d"])),
        (show_cells, ([np.full((9, 25), -9)] * 3, ["Densa: 225 pesos"] * 3, "signed", 1, ("filas", "cols"))),
        (show_cells, ([np.full((3, 4), 255)] * 3, ["Rojo", "Verde", "Azul"], ["red", "lime", "blue"])),
    ],
)
def test_figures_fit_a_phone_and_are_read(figure, function, arguments):
    fig = figure(function, *arguments)
    assert fig.get_figwidth() <= 6.81
    for text in (text for ax in fig.axes for text in ax.texts if text.get_text().strip()):
        assert text.get_fontsize() >= 6
        box = text.get_window_extent()
        assert box.x0 > -6, text
        assert box.x1 < fig.bbox.x1 + 6, text


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda: show_pixels([]), ValueError, "images está vacío"),
        (lambda: show_pixels([np.eye(3)], boxes=[None, None]), ValueError, "2 zonas para 1 imágenes"),
        (lambda: show_pixels([np.eye(3)], boxes=[(0, 0)]), ValueError, "fila, columna, alto, ancho"),
        (lambda: show_pixels([np.eye(3)], boxes=[(1, 0, 3, 1)]), ValueError, "se sale de 3×3"),
        (lambda: show_pixels([np.eye(3)], ["a", "b"]), ValueError, "2 títulos para 1"),
        (lambda: show_cells([]), ValueError, "matrices está vacío"),
        (lambda: show_cells([[1, 2]]), ValueError, "2 ejes"),
        (lambda: show_cells([np.eye(2), np.eye(3)]), ValueError, "deben medir lo mismo"),
        (lambda: show_cells([np.eye(33)]), ValueError, "hasta 32×32"),
        (lambda: show_cells([np.eye(2)], ["a", "b"]), ValueError, "2 títulos para 1"),
        (lambda: show_cells([np.eye(2)], None, ["red", "blue"]), ValueError, "un color por matriz"),
        (lambda: show_cells([np.eye(2)], None, ["rojo"]), ValueError, "un color por matriz"),
        (lambda: show_cells([np.eye(2)], None, "red"), TypeError, "colors debe ser una lista"),
    ],
)
def test_bad_input_says_what_came_and_what_to_change(act, error, words):
    with pytest.raises(error, match=words):
        act()
    assert not plt.get_fignums()
