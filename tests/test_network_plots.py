"""Figuras de redes: lo que se dibuja es lo que se da, y lo que no encaja se explica."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots.curves import show_curves, show_function, show_points
from course_utils.plots.images import show_channels, show_kernels, show_patches
from course_utils.plots.networks import Stage, show_network, show_neuron


def pictures(fig) -> list[np.ma.MaskedArray]:
    return [image.get_array() for ax in fig.axes for image in ax.images]


def texts(fig) -> list[str]:
    return [text.get_text() for text in fig.texts]


def test_kernels_share_a_scale_with_zero_in_the_middle(figure):
    fig = figure(show_kernels, [[[-3, 0, 1]], [[1, 1, 2]]])
    limits = {image.get_clim() for ax in fig.axes for image in ax.images}
    assert limits == {(-3, 3)}
    assert [array.tolist() for array in pictures(fig)] == [[[-3, 0, 1]], [[1, 1, 2]]]
    assert [ax.get_title(loc="left") for ax in fig.axes[:2]] == ["filtro 1", "filtro 2"]


def test_each_filter_has_a_block_with_its_patches_in_reading_order(figure):
    patches = np.arange(2 * 4 * 9, dtype=np.uint8).reshape(2, 4, 3, 3, 1)
    fig = figure(show_patches, {"Capa 1": patches})
    first, second = pictures(fig)
    assert first[1:4, 1:4].tolist() == patches[0, 0, ..., 0].tolist()
    assert first[1:4, 5:8].tolist() == patches[0, 1, ..., 0].tolist()
    assert second[5:8, 5:8].tolist() == patches[1, 3, ..., 0].tolist()
    assert np.ma.getmaskarray(first)[0].all() or np.isnan(np.asarray(first)[0]).all()
    assert texts(fig) == ["Capa 1"]


def test_patches_keep_the_grey_levels_of_the_images(figure):
    # si cada ventana usara todo su contraste, el ruido de una ventana lisa parecería un patrón
    flat = np.full((1, 1, 5, 5, 1), 100, np.uint8)
    fig = figure(show_patches, {"Capa 1": flat})
    assert fig.axes[0].images[0].get_clim() == (0, 255)


def test_tiers_may_have_different_sizes(figure):
    fig = figure(show_patches, {"1": np.zeros((3, 4, 5, 5, 1)), "2": np.zeros((2, 2, 14, 14, 1))})
    assert len(fig.axes) == 5


def test_patches_of_one_class_are_framed_in_their_own_way(figure):
    patches = np.zeros((1, 4, 3, 3, 1))
    fig = figure(show_patches, {"a": patches, "b": patches}, {"b": [[True, False, False, True]]})
    plain, framed = fig.axes
    assert not plain.patches
    colors = [frame.get_edgecolor() for frame in framed.patches]
    assert colors[0] == colors[3] != colors[1] == colors[2]
    assert len(framed.lines) == 2, "las marcadas solo se distinguen por el color"
    assert framed.patches[1].get_xy() == (4.5, 0.5)


def test_network_draws_each_map_at_its_own_scale_in_rows_that_fit(figure):
    wide, many = np.arange(4 * 6 * 3.0).reshape(4, 6, 3), np.ones((4, 4, 12)) * np.arange(12)
    stages = [Stage("Entrada", wide[..., :1]), Stage("Mapas", wide), Stage("Muchos", many)]
    fig = figure(show_network, [*stages, Stage("Números", [1, 3])])
    _, maps, rows, numbers = (np.asarray(picture) for picture in pictures(fig))
    for channel in range(3):
        drawn = maps[:, 7 * channel : 7 * channel + 6]
        assert np.allclose(drawn, wide[..., channel] / wide[..., channel].max())
    assert rows.shape == (4 + 1 + 4, 6 * 4 + 5)
    assert rows[0, 0] == 0, "un filtro que no responde queda a oscuras"
    assert rows[0, 5] == rows[-1, -1] == 1
    assert np.isnan(rows[4]).all()
    assert numbers.tolist() == [[1, 3]]
    assert texts(fig) == ["Entrada", "↓ Mapas", "↓ Muchos", "↓ Números"]


def test_a_neuron_shows_its_numbers(figure):
    fig = figure(show_neuron, [1, 2], [3, -1.5], 0.5, 0.5, 0.5)
    shown = [text.get_text() for text in fig.axes[0].texts]
    assert {"1", "2", "× 3", "× −1,5", "sesgo 0,5", "0,5", "ReLU"} <= set(shown)


def test_a_function_is_smooth_and_its_steps_are_joined_and_numbered(figure):
    x = np.linspace(0, 6, 50)
    path = [(0, 9), (0.1, 8.41), (5, 4)]
    fig = figure(show_function, x, (x - 3) ** 2, {"a": path, "b": path[:1]}, "w", "pérdida", steps=True)
    left, right = fig.axes
    curve, points = left.lines
    assert curve.get_marker() == "None"
    assert points.get_xydata().tolist() == [list(place) for place in path]
    assert [text.get_text() for text in left.texts if text.get_text()] == ["0", "2"]  # el 1 se pisaría
    assert sum(text.arrow_patch is not None for text in left.texts) == 2
    assert right.get_title(loc="left") == "b"


def test_channels_show_their_numbers_beside_the_image(figure):
    image = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    fig = figure(show_channels, image, ["Rojo", "Verde", "Azul"])
    assert fig.axes[0].images[0].get_array().tolist() == image.tolist()
    numbers = [[text.get_text() for text in ax.texts] for ax in fig.axes[1:]]
    assert numbers == [["0", "3"], ["1", "4"], ["2", "5"]]


def test_network_ends_in_bars_with_their_names_and_values(figure):
    fig = figure(
        show_network, [Stage("Entrada", np.eye(4)[..., None]), Stage("Clase", [0.25, 0.75], ["no", "sí"])]
    )
    bars = fig.axes[-1]
    assert [bar.get_width() for bar in bars.patches] == [0.25, 0.75]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["no", "sí"]
    assert [label.get_text() for label in bars.texts] == ["0,25", "0,75"]


def test_curves_show_the_mean_of_the_seeds_and_their_range(figure):
    fig = figure(show_curves, [1, 2, 4], {"a": [[0, 1, 2], [2, 1, 6]], "b": [5, 5, 5]})
    ax = fig.axes[0]
    assert ax.lines[0].get_ydata().tolist() == [1, 1, 4]
    assert ax.lines[1].get_ydata().tolist() == [5, 5, 5]
    (band,) = ax.collections  # una sola semilla no tiene banda
    corners = {tuple(point) for path in band.get_paths() for point in path.vertices.tolist()}
    assert {(1, 0), (1, 2), (4, 2), (4, 6)} <= corners
    looks = {(line.get_linestyle(), line.get_marker()) for line in ax.lines}
    assert len(looks) == 2, "las curvas solo se distinguen por el color"


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda: show_kernels([[1, 2]]), ValueError, r"\(filtro, fila, columna\)"),
        (lambda: show_kernels(np.zeros((2, 3, 3)), ["uno"]), ValueError, "1 títulos para 2 dibujos"),
        (lambda: show_patches([np.zeros((1, 1, 5, 5, 1))]), TypeError, "tiers debe ser un diccionario"),
        (lambda: show_patches({}), ValueError, "tiers está vacío"),
        (
            lambda: show_patches({"Capa": np.zeros((5, 5))}),
            ValueError,
            "filtro, ventana, fila, columna, canal",
        ),
        (
            lambda: show_patches({"Capa": np.zeros((2, 4, 5, 5, 1))}, {"Capa": [True]}),
            ValueError,
            "una marca por ventana",
        ),
        (lambda: show_channels(np.zeros((2, 2)), ["gris"]), ValueError, "una imagen en color"),
        (lambda: show_channels(np.zeros((2, 2, 3)), ["rojo"]), ValueError, "1 nombres de canal"),
        (lambda: show_neuron([1, 2], [1], 0, 0, 0), ValueError, "2 entradas y 1 pesos"),
        (lambda: show_function([1, 2], [1], {"a": [(1, 1)]}), ValueError, "2 x y 1 y"),
        (lambda: show_function([1, 2], [1, 2], {}), ValueError, "points está vacío"),
        (lambda: show_network([]), ValueError, "stages está vacío"),
        (lambda: show_network([np.zeros((4, 4, 1))]), TypeError, "cada paso debe ser un Stage"),
        (lambda: show_network([Stage("a", np.zeros((4, 4)))]), ValueError, "values debe tener 1 eje"),
        (lambda: show_network([Stage("a", [1, 2], ["uno"])]), ValueError, "1 nombres para"),
        (lambda: show_curves([1, 2], {"a": [1, 2, 3]}), ValueError, "«a» tiene 3 puntos y el eje, 2"),
        (lambda: show_curves([1, 2], [[1, 2]]), TypeError, "curves debe ser un diccionario"),
        (lambda: show_curves([1, 2], {"a": [1, np.nan]}), ValueError, "NaN"),
    ],
)
def test_what_cannot_be_drawn_is_explained(act, error, words):
    with pytest.raises(error, match=words):
        act()
    assert not plt.get_fignums()


def test_points_are_means_with_bars_from_lowest_to_highest(figure):
    ax = figure(show_points, {"a": ([1, 3], [0.2, 0.6]), "b": (5, 0.9)}).axes[0]
    assert [text.get_text() for text in ax.texts] == ["a", "b"]
    assert ax.texts[0].xy == pytest.approx((2, 0.4))
    horizontal, vertical = (bar.get_segments()[0] for bar in ax.containers[0].lines[2])
    assert horizontal[:, 0].tolist() == [1, 3]
    assert vertical[:, 1] == pytest.approx([0.2, 0.6])


@pytest.mark.parametrize(
    ("points", "message"),
    [({"a": ([1, 2], [1])}, "«a» tiene 2 x y 1 y"), ({}, "points")],
)
def test_points_that_do_not_pair_are_explained(points, message):
    with pytest.raises(ValueError, match=message):
        show_points(points)
