"""Figuras: dibujan exactamente lo que se les da, no cambian nada y explican lo que no encaja."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from course_utils import plots, style
from course_utils.plots.curves import (
    show_confusion,
    show_history,
    show_parameter_bars,
    show_parameter_squares,
    show_reliability,
)
from course_utils.plots.grids import Grid, show_grid, show_grid_rows, show_grids
from course_utils.plots.images import (
    show_filters,
    show_heatmaps,
    show_images,
    show_window,
)
from course_utils.plots.networks import show_layers, show_unet, show_volume
from course_utils.plots.segmentation import (
    show_annotations,
    show_class_maps,
    show_detections,
    show_offsets,
    show_overlays,
    show_polygon,
)

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
COLOUR = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
HISTORY = {"loss": [0.9, 0.5, 0.4], "accuracy": [0.7, 0.8, 0.85], "val_loss": [0.8, 0.6, 0.6]}


def pictures(fig):
    return [image.get_array() for ax in fig.axes for image in ax.images]


def titles(fig):
    return [ax.get_title(loc="left") for ax in fig.axes if ax.get_title(loc="left")]


def written(fig):
    """Los textos que se ven: sin marcas de ejes apagados ni marcas fuera de los límites."""
    found = list(fig.texts)
    for ax in fig.axes:
        found += [
            *ax.texts,
            ax.title,
            ax._left_title,
            *(ax.get_legend().get_texts() if ax.get_legend() else ()),
        ]
        for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
            low, high = sorted(axis.get_view_interval())
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            found += [axis.label, *(label for place, label in ticks if low <= place <= high)]
    return [text for text in found if text.get_text().strip()]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_an_image_is_drawn_as_it_is(figure):
    fig = figure(show_images, [GREY])
    assert len(pictures(fig)) == 1
    np.testing.assert_array_equal(pictures(fig)[0], GREY)
    assert titles(fig) == []
    assert fig.axes[0].images[0].get_clim() == (0, 255)
    np.testing.assert_array_equal(pictures(figure(show_images, [COLOUR]))[0], COLOUR)
    assert figure(show_images, [GREY / 4]).axes[0].images[0].get_clim() == (0, GREY.max() / 4)
    assert figure(show_images, [GREY], value_range=(2, 5)).axes[0].images[0].get_clim() == (2, 5)


def test_images_go_in_a_grid_of_reading_order(figure):
    batch = np.random.default_rng(1).integers(0, 256, (7, 4, 4, 1), dtype=np.uint8)
    fig = figure(show_images, batch, [f"n.º {i}" for i in range(7)], columns=3)
    for drawn, given in zip(pictures(fig), batch, strict=True):
        np.testing.assert_array_equal(drawn[..., 0] if drawn.ndim == 3 else drawn, given[..., 0])
    corners = [ax.get_position() for ax in fig.axes[:7]]
    assert corners[0].y0 == pytest.approx(corners[2].y0)
    assert corners[0].x0 < corners[1].x0 < corners[2].x0
    assert corners[3].y1 < corners[0].y0
    assert titles(fig) == [f"n.º {i}" for i in range(7)]


def test_long_titles_do_not_run_into_each_other(figure):
    names = ["Desenfoque uniforme de tres por tres", "Desenfoque gaussiano", "Sobel: bordes verticales"] * 2
    fig = figure(show_images, [GREY] * 6, names, columns=3)
    assert len(written(fig)) == 6
    for one, other in itertools.combinations(written(fig), 2):
        assert not one.get_window_extent().overlaps(other.get_window_extent())


def test_grids_write_every_number_in_its_cell(figure):
    values = np.array([[0, -1], [0.25, 12]])
    fig = figure(show_grids, [Grid(values, "Salida", "output")])
    (ax,) = fig.axes
    assert texts(ax) == ["0", "−1", "0,25", "12", "Salida"]
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(cells) == 4
    for text, cell in zip(ax.texts, cells, strict=False):
        assert text.get_position() == (cell.get_x() + 0.5, cell.get_y() + 0.5)
        assert to_hex(cell.get_facecolor()).upper() == style.soft("output")


def test_grids_say_input_kernel_output_with_cells_of_one_size(figure):
    grids = [
        Grid(np.ones((4, 4)), "Entrada"),
        Grid([[1, 2]], "Kernel", "kernel"),
        Grid([[3]], "Salida", "output"),
    ]
    (ax,) = figure(show_grids, grids, symbols="∗=").axes
    assert {"∗", "=", "Entrada", "Kernel", "Salida"} <= set(texts(ax))
    assert {(cell.get_width(), cell.get_height()) for cell in ax.patches} == {(1, 1)}
    assert len(ax.patches) == 16 + 2 + 1
    # los signos, en orden y entre las matrices
    where = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert where["Entrada"] < where["∗"] < where["Kernel"] < where["="] < where["Salida"]


def test_padding_and_boxes_are_told_by_more_than_colour(figure):
    grid = Grid(np.zeros((4, 5)), box=(1, 2, 3, 2), padding=((1, 0), (0, 2)))
    (ax,) = figure(show_grids, [grid]).axes
    *cells, box = ax.patches
    dotted = {(cell.get_y(), cell.get_x()) for cell in cells if cell.get_linestyle() == ":"}
    assert dotted == {(r, c) for r in range(4) for c in range(5) if r == 0 or c >= 3}
    assert (box.get_y(), box.get_x(), box.get_height(), box.get_width()) == (1, 2, 3, 2)
    assert box.get_linewidth() > cells[0].get_linewidth()


def test_kernels_are_orange_purple_and_white_with_readable_numbers(figure):
    (ax,) = figure(show_grids, [Grid([[-2, 0, 1]], role="signed")]).axes
    negative, zero, positive = (np.array(cell.get_facecolor()[:3]) for cell in ax.patches)
    assert negative[2] > negative[1]
    assert positive[0] > positive[2]
    assert zero.min() > 0.95
    assert [text.get_color() for text in ax.texts[:2]] == ["white", style.TEXT["light"]]
    figure(show_grids, [Grid(np.zeros((2, 2)), role="signed")])  # sin dividir entre cero


def test_windows_are_outlined_where_they_are(figure):
    (ax,) = figure(show_window, np.eye(9), [(0, 0), (2, 4)], (3, 2)).axes
    frames = [patch for patch in ax.patches if not patch.get_fill()]
    assert [(f.get_y() + 0.5, f.get_x() + 0.5, f.get_height(), f.get_width()) for f in frames] == [
        (0, 0, 3, 2),
        (2, 4, 3, 2),
    ]
    assert texts(ax) == ["1", "2"]


def test_parameter_bars_have_their_length_and_number(figure):
    (ax,) = figure(show_parameter_bars, {"Densa": 101770, "Convolucional": 320}).axes
    assert [bar.get_width() for bar in ax.patches] == [101770, 320]
    assert texts(ax) == ["101\u202f770", "320"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Densa", "Convolucional"]
    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] == 1


def test_parameter_squares_have_their_area_and_number(figure):
    (ax,) = figure(show_parameter_squares, {"Densa": 101770, "Local": 6760, "Convolucional": 10}).axes
    areas = [square.get_width() * square.get_height() for square in ax.patches]
    assert areas == pytest.approx([101770, 6760, 10])
    assert texts(ax) == ["Densa\n101\u202f770", "Local\n6760", "Convolucional\n10"]
    ends = [(square.get_x(), square.get_x() + square.get_width()) for square in ax.patches]
    assert all(first[1] < second[0] for first, second in itertools.pairwise(ends))


CHANNELS = [
    [Grid([[1, 2]], f"Canal {k}"), Grid([[3]], role="kernel"), Grid([[3, 6]], role="output")] for k in (0, 1)
]


def test_grid_rows_write_each_account_and_what_comes_of_it(figure):
    result = [Grid([[-5]], "Sesgo", "kernel"), Grid([[1, 7]], "Mapa", "output", box=(0, 0, 1, 1))]
    (ax,) = figure(show_grid_rows, CHANNELS, "∗=", result, "+=").axes
    found = texts(ax)
    assert [found.count(sign) for sign in "∗=+"] == [2, 3, 2]  # un «+» entre las filas y otro del sesgo
    assert [number for number in found if number in ("−5", "1", "7")].count("−5") == 1
    (ax,) = figure(show_grid_rows, CHANNELS).axes
    assert "+" not in texts(ax)


def test_filters_go_above_their_maps(figure):
    kernels, maps = np.arange(36.0).reshape(9, 2, 2) - 18, np.ones((9, 5, 4))
    fig = figure(show_filters, kernels, maps)
    assert [picture.shape for picture in pictures(fig)] == [(2, 2)] * 8 + [(5, 4)] * 8 + [(2, 2), (5, 4)]
    limits = {
        ax.images[0].get_clim() for ax in fig.axes if ax.images and ax.images[0].get_array().shape == (2, 2)
    }
    assert limits == {(-18, 18)}


def test_maps_with_negatives_are_signed_each_with_its_scale(figure):
    kernels, maps = np.ones((2, 2, 2)), np.stack([np.full((5, 4), -3.0), np.full((5, 4), 2.0)])
    drawn = [ax.images[0] for ax in figure(show_filters, kernels, maps).axes]
    signed = [
        (image.get_clim(), image.get_cmap().name) for image in drawn if image.get_array().shape == (5, 4)
    ]
    assert signed == [((-3, 3), style.SIGNED_CMAP), ((-2, 2), style.SIGNED_CMAP)]


def test_the_volume_has_a_plane_per_channel_a_block_per_filter_and_a_map_each(figure):
    (ax,) = figure(show_volume, (6, 5, 3), (3, 2), filters=2, corner=(1, 2)).axes
    drawn = [to_hex(patch.get_edgecolor()) for patch in ax.patches if isinstance(patch, Rectangle)]
    count = {
        role: drawn.count(style.COLORS[role].lower()) for role in ("input", "kernel", "output", "highlight")
    }
    assert count == {"input": 3 * 30, "kernel": 3 * 6 + 2 * 3 * 6, "output": 2 * 4 * 4, "highlight": 3}
    assert {"3 canales de 6×5", "filtro 2", "mapa 2"} <= set(texts(ax))


def test_history_draws_training_and_validation_of_each_measure(figure):
    fig = figure(show_history, HISTORY)
    assert titles(fig) == ["pérdida", "exactitud"]
    loss, accuracy = fig.axes
    assert [line.get_label() for line in loss.lines] == ["entrenamiento", "validación"]
    assert [line.get_label() for line in accuracy.lines] == ["entrenamiento"]
    np.testing.assert_array_equal(loss.lines[1].get_ydata(), HISTORY["val_loss"])
    np.testing.assert_array_equal(loss.lines[0].get_xdata(), [1, 2, 3])
    assert loss.lines[0].get_linestyle() != loss.lines[1].get_linestyle()


def test_confusion_has_truth_in_rows_and_prediction_in_columns(figure):
    matrix = np.array([[50, 3], [0, 12345]])
    (ax,) = figure(show_confusion, matrix, ["bolso", "botín"]).axes
    np.testing.assert_array_equal(ax.images[0].get_array(), matrix)
    assert {text.get_position(): text.get_text() for text in ax.texts} == {
        (0, 0): "50",
        (1, 0): "3",
        (0, 1): "0",
        (1, 1): "12\u202f345",
    }
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("clase verdadera", "clase predicha")


PHOTO = np.zeros((40, 60, 3), np.uint8)


def test_annotations_are_drawn_where_coco_says(figure):
    mask = np.zeros((40, 60), bool)
    mask[10:20, 5:15] = True
    fig = figure(show_annotations, PHOTO, [mask], [(5, 10, 10, 10)], [[5, 10, 15, 10, 15, 20]], ["perro"])
    (ax,) = fig.axes
    photo, paint = ax.images
    for drawn in (photo, paint):
        assert tuple(drawn.get_extent()) == (0, 60, 40, 0)  # el primer píxel va de 0 a 1
    np.testing.assert_array_equal(paint.get_array()[..., 3] > 0, mask)
    (box,) = ax.patches
    assert box.get_bbox().bounds == (5, 10, 10, 10)
    assert ax.lines[0].get_xydata().tolist() == [[5, 10], [15, 10], [15, 20], [5, 10]]
    assert [text.get_text() for text in ax.texts] == ["perro"]


def test_boxes_differ_in_more_than_their_colour(figure):
    (ax,) = figure(show_annotations, PHOTO, boxes=[(0, 0, 9, 9)] * 3).axes
    assert len({box.get_linestyle() for box in ax.patches}) == 3


def test_boxes_may_have_the_colour_of_their_class(figure):
    (ax,) = figure(show_annotations, PHOTO, boxes=[(0, 0, 9, 9)] * 2, colors=["#C85200", "#9C1C7D"]).axes
    assert [to_hex(box.get_edgecolor()) for box in ax.patches] == ["#c85200", "#9c1c7d"]


def test_arrows_start_at_a_pixel_and_end_where_it_points(figure):
    offsets = np.zeros((40, 60, 2))
    offsets[9, 21] = 4, -6  # baja 4 filas y retrocede 6 columnas
    offsets[10, 21] = 9, 9  # no toca: solo una fila de cada tres
    (ax,) = figure(show_offsets, PHOTO, offsets).axes
    (arrows,) = [found for found in ax.collections if hasattr(found, "U")]
    assert arrows.XY.tolist() == [[21, 9]]
    assert (arrows.U.tolist(), arrows.V.tolist()) == ([-6], [4])
    assert arrows.scale == 1
    assert arrows.angles == arrows.scale_units == "xy"


def test_confusion_frames_its_groups_along_the_diagonal(figure):
    (ax,) = figure(show_confusion, np.eye(3), ["a", "b", "c"], groups=(2, 1)).axes
    assert [(frame.get_xy(), frame.get_width()) for frame in ax.patches] == [
        ((-0.5, -0.5), 2),
        ((1.5, 1.5), 1),
    ]


def test_detections_are_drawn_by_their_outcome_over_the_truth(figure):
    boxes = [(5, 10, 10, 10), (30, 10, 10, 10)]
    fig = figure(show_detections, PHOTO, [(6, 10, 10, 10)], boxes, [True, False], ["gato 0,9", "gato 0,4"])
    (ax,) = fig.axes
    assert [patch.get_bbox().bounds for patch in ax.patches] == [(6, 10, 10, 10), *boxes]
    drawn = [(to_hex(patch.get_edgecolor()).upper(), patch.get_linestyle()) for patch in ax.patches]
    assert drawn == [
        (style.COLORS[role], line) for role, line in (("input", "--"), ("output", "-"), ("kernel", ":"))
    ]
    assert [text.get_text() for text in ax.texts] == ["gato 0,9", "gato 0,4"]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["anotado", "acierto", "falsa alarma"]


def test_a_polygon_is_drawn_on_its_grid_with_the_centre_of_each_pixel(figure):
    (ax,) = figure(show_polygon, [[1, 1, 0], [1, 0, 0]], [0, 0, 2.4, 0, 0, 2.4]).axes
    assert ax.patches[-1].get_xy().tolist() == [[0, 0], [2.4, 0], [0, 2.4], [0, 0]]
    centres = {tuple(line.get_xydata()[0]): line.get_marker() for line in ax.lines}
    assert centres[0.5, 0.5] == centres[1.5, 0.5] == centres[0.5, 1.5] == "o"
    assert centres[2.5, 0.5] == centres[1.5, 1.5] == "x"


def test_overlays_leave_the_background_and_name_what_there_is(figure):
    labels = np.zeros((40, 60), int)
    labels[10:20, 5:15], labels[30:, 40:] = 3, 255
    (ax,) = figure(show_overlays, PHOTO, [labels], [{3: "gato", 7: "no está"}], ["Clase"]).axes
    paint = ax.images[1].get_array()
    np.testing.assert_array_equal(paint[..., 3] > 0, labels != 0)
    assert [text.get_text() for text in ax.texts] == ["gato"]
    assert titles(ax.figure) == ["Clase"]


def test_class_maps_paint_each_class_and_name_it(figure):
    fig = figure(show_class_maps, [COLOUR, [[0, 1], [1, 2]]], ["cielo", "hierba", "camino"], ["a", "b"])
    photo, painted = pictures(fig)
    assert np.array_equal(photo, COLOUR)
    assert [to_hex(color).upper() for color in painted.reshape(-1, 3)] == [
        style.SCENE_COLORS[kind] for kind in (0, 1, 1, 2)
    ]
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["cielo", "hierba", "camino"]
    assert [to_hex(key.get_facecolor()).upper() for key in legend.get_patches()] == list(
        style.SCENE_COLORS[:3]
    )


def test_the_u_has_a_box_per_block_and_a_bridge_per_shared_size(figure):
    (ax,) = figure(show_unet, [(64, 3), (32, 24), (16, 40)], [(32, 24), (64, 16), (64, 7)]).axes
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 6
    heights = {box.get_y() + box.get_height() / 2 for box in boxes}
    assert len(heights) == 3  # un nivel por tamaño
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("atajo") == 2  # a la salida no llega ninguno
    assert "32×32\n24 can." in texts


def test_the_shortcut_goes_from_its_step_to_the_one_that_receives_it(figure):
    steps = [("imagen", "28×28×1"), ("convolución", "28×28×8"), ("suma", "28×28×8"), ("densa", "10")]
    (ax,) = figure(show_layers, steps, (0, 2)).axes
    assert len([patch for patch in ax.patches if isinstance(patch, Rectangle)]) == 4
    (way,) = ax.lines
    assert (way.get_ydata()[0], way.get_ydata()[-1]) == (0, -2)
    assert "atajo" in texts(ax)


def test_heat_paints_where_the_map_is_high_and_leaves_the_rest_grey(figure):
    heat = np.zeros((1, 3, 4))
    heat[0, 1, 2], heat[0, 0, 0] = 5, -5
    (picture,) = pictures(figure(show_heatmaps, GREY[np.newaxis], heat, ["mapa"]))
    assert to_hex(picture[1, 2]).upper() == style.COLORS["kernel"]
    assert np.allclose(picture[0, 0], 0.7 * GREY[0, 0] / 255)
    assert np.allclose(np.ptp(picture[2], axis=-1), 0)


def test_reliability_is_square_with_its_counts_and_without_empty_groups(figure):
    fig = figure(show_reliability, [0, 10, 90], [np.nan, 0.5, 0.9], [np.nan, 0.6, 0.95])
    above, below = fig.axes
    assert above.get_xlim() == above.get_ylim() == (0, 1)
    assert above.lines[1].get_xydata().tolist() == [[0.5, 0.6], [0.9, 0.95]]
    assert texts(below) == ["10", "90"]


FIGURES = [
    (show_images, ([GREY] * 10, [f"prenda {i}" for i in range(10)])),
    (
        show_grids,
        ([Grid(np.ones((8, 8), int)), Grid(np.ones((3, 3), int)), Grid(np.ones((6, 6), int))], "∗="),
    ),
    (show_grid, (np.full((12, 12), -99),)),
    (show_grid, ([[1]], "Un título largo para una sola celda")),
    (show_grids, ([Grid(np.full((5, 5), 0.04), "Promedio", "signed")],)),
    (show_window, (GREY, [(0, 0)], 2)),
    (show_parameter_bars, ({"Densa": 101770, "Convolucional": 93322},)),
    (show_parameter_squares, ({"Densa": 530660, "Local": 6760, "Convolucional": 10},)),
    (show_parameter_squares, ({"Convolucional": 93322, "Densa": 101770},)),
    (show_grid_rows, (CHANNELS, "∗=", [Grid([[-5]], "Sesgo", "kernel"), Grid([[1, 7]], "Mapa")], "+=")),
    (show_filters, (np.ones((16, 3, 3)), np.ones((16, 28, 28)))),
    (show_volume, ((6, 6, 3), 3, 2)),
    (show_volume, ((4, 4, 1), 2, 4)),
    (show_history, (HISTORY,)),
    (show_confusion, (np.eye(10, dtype=int), [f"clase {i}" for i in range(10)])),
    (show_annotations, (PHOTO, [], [(50, 0, 10, 9), (0, 30, 20, 10)], [], ["gato", "cuenco"])),
    (show_offsets, (PHOTO, np.ones((40, 60, 2)))),
    (show_class_maps, ([np.eye(8, dtype=int)] * 4, [f"clase {i}" for i in range(7)])),
    (show_detections, (PHOTO, [(0, 0, 9, 9)], [(50, 0, 10, 9)], [True], ["gato 0,91"])),
    (show_polygon, (np.eye(6, 8), [1, 1, 7, 1, 1, 5])),
    (
        show_overlays,
        (PHOTO, [np.ones((40, 60), int)] * 3, [{1: "gato"}] * 3, ["Binario", "Semántico", "Instancias"]),
    ),
    (show_unet, ([(64, 3), (32, 24), (16, 44), (8, 48)], [(16, 44), (32, 24), (64, 16), (64, 7)])),
    (plots.show_neuron, ([1, 2, 3], [2, -1, 1], -2, 1, 1)),
    (plots.show_channels, (np.zeros((2, 3, 3), np.uint8), ["Rojo", "Verde", "Azul"])),
    (plots.show_function, ([0, 1, 2], [4, 1, 0], {"a": [(0, 4)], "b": [(1, 1)]}, "w", "pérdida", True)),
    (
        plots.show_network,
        ([plots.Stage("Entrada", np.zeros((28, 28, 1))), plots.Stage("1", np.ones((7, 7, 32)))],),
    ),
    (show_layers, ([("convolución, pooling, normalización, ReLU", "14×14×16")] * 7, (3, 5))),
    (show_heatmaps, ([GREY] * 8, np.ones((8, 3, 4)), ["camiseta"] * 8, 4)),
    (show_reliability, ([10] * 10, np.arange(10) / 10, np.arange(10) / 10)),
]


@pytest.mark.parametrize(("function", "arguments"), FIGURES)
def test_figures_fit_a_phone(figure, function, arguments):
    fig = figure(function, *arguments)
    assert fig.get_figwidth() <= 6.81
    for text in written(fig):
        assert text.get_fontsize() >= 6
        box = text.get_window_extent()
        assert box.x0 > -6, text
        assert box.x1 < fig.bbox.x1 + 6, text
    assert to_hex(fig.get_facecolor()) == "#ffffff"


def test_inputs_are_not_modified(figure):
    image = GREY.copy()
    image.setflags(write=False)
    figure(show_images, [image, image])
    figure(show_grids, [Grid(image)])
    figure(show_window, image, [(0, 0)], 2)
    history = {name: list(values) for name, values in HISTORY.items()}
    figure(show_history, history)
    assert history == HISTORY


def test_every_plot_is_documented_and_public():
    names = {name for name in vars(plots) if name.startswith("show_")}
    assert names >= {function.__name__ for function, _ in FIGURES}
    assert all("Raises" in getattr(plots, name).__doc__ for name in names)


@pytest.mark.parametrize(
    ("call", "error", "fragments"),
    [
        (
            lambda: show_images([np.ones((2, 3, 4))]),
            ValueError,
            ["1 canal", "(2, 3, 4)", "con uno"],
        ),
        (lambda: show_images([np.ones((1, 28, 28, 1))]), ValueError, ["(1, 28, 28, 1)", "images[0]"]),
        (lambda: show_images([np.full((2, 2, 3), 1.5)]), ValueError, ["0 a 1", "np.clip"]),
        (lambda: show_images([[[np.nan]]]), ValueError, ["NaN"]),
        (lambda: show_images([[["a"]]]), TypeError, ["números reales"]),
        (lambda: show_annotations(PHOTO, masks=[np.eye(3)]), ValueError, ["no mide 40×60"]),
        (lambda: show_annotations(PHOTO, boxes=[(1, 2, 3)]), ValueError, ["cuatro números"]),
        (lambda: show_annotations(PHOTO, polygons=[(1, 2, 3, 4)]), ValueError, ["tres puntos"]),
        (lambda: show_annotations(PHOTO, labels=["perro"]), ValueError, ["1 nombres y 0 objetos"]),
        (lambda: show_annotations(PHOTO, masks=[np.zeros((40, 60))]), ValueError, ["ningún píxel"]),
        (lambda: show_annotations(PHOTO, colors=["red"]), ValueError, ["1 colores y 0 objetos"]),
        (lambda: show_detections(PHOTO, [(1, 2, 3)], [], []), ValueError, ["cuatro números"]),
        (lambda: show_detections(PHOTO, [], [(1, 2, 3, 4)], []), ValueError, ["1 detecciones, 0 aciertos"]),
        (lambda: show_polygon(np.ones((2, 33)), [0, 0, 1, 0, 0, 1]), ValueError, ["2×33", "recorta"]),
        (lambda: show_polygon(np.ones((2, 2)), [0, 0, 1, 0]), ValueError, ["tres puntos"]),
        (lambda: show_overlays(PHOTO, [np.eye(3)], [{}]), ValueError, ["no mide 40×60"]),
        (lambda: show_overlays(PHOTO, [np.ones((40, 60))], []), ValueError, ["1 mapas y 0 listas"]),
        (lambda: show_confusion(np.eye(2), ["a", "b"], groups=(1,)), ValueError, ["suman 1 clases y hay 2"]),
        (lambda: show_offsets(GREY, np.zeros((3, 4))), ValueError, ["fila, columna, eje"]),
        (lambda: show_offsets(GREY, np.zeros((4, 3, 2))), ValueError, ["(3, 4, 2)", "(4, 3, 2)"]),
        (lambda: show_class_maps([], ["a"]), ValueError, ["panels está vacío"]),
        (lambda: show_class_maps([[[0, 1]]], ["a"]), ValueError, ["enteros de 0 a 0"]),
        (lambda: show_class_maps([np.ones((2, 2)) / 2], ["a"]), ValueError, ["argmax"]),
        (lambda: show_unet([], [(8, 1)]), ValueError, ["down está vacío"]),
        (lambda: show_unet([(8, 0)], [(8, 1)]), ValueError, ["down"]),
        (lambda: show_layers([("imagen",)]), TypeError, ["dos textos", "28×28×1"]),
        (lambda: show_layers([("a", "1"), ("b", "2")], (1, 0)), ValueError, ["(1, 0)", "posterior"]),
        (lambda: show_heatmaps([GREY], np.ones((1, 2, 2))), ValueError, ["(1, 2, 2)", "(1, 3, 4)"]),
        (lambda: show_reliability([1, 2], [0.5], [0.5, 0.6]), ValueError, ["2 grupos", "confidence tiene 1"]),
        (lambda: show_images([]), ValueError, ["images está vacío"]),
        (lambda: show_images("foto.png"), TypeError, ["images debe ser una lista", "'foto.png'"]),
        (lambda: show_images([GREY], ["uno", "dos"]), ValueError, ["2 títulos para 1"]),
        (lambda: show_images([GREY], columns=0), ValueError, ["columns debe ser 1 o más"]),
        (lambda: show_grids([GREY]), TypeError, ["debe ser un Grid"]),
        (lambda: show_grids([]), ValueError, ["grids está vacío"]),
        (lambda: show_grids([Grid(GREY)] * 2, symbols="∗="), ValueError, ["1 signos", "'∗='"]),
        (lambda: show_grid(np.ones((28, 33))), ValueError, ["28×33", "show_images"]),
        (lambda: show_grid(COLOUR), ValueError, ["2 ejes", "image[:, :, 0]"]),
        (lambda: show_grids([Grid(GREY, role="entrada")]), ValueError, ["'entrada'", "input"]),
        (lambda: show_grid(GREY, box=(0, 0, 4, 1)), ValueError, ["(0, 0, 4, 1)", "se sale", "3×4"]),
        (lambda: show_grid(GREY, box=(0, 0)), ValueError, ["(fila, columna, alto, ancho)"]),
        (lambda: show_grid(GREY, box=(0, 0, 1.5, 1)), TypeError, ["box", "1.5 (float)"]),
        (lambda: show_window(GREY, [(2, 0)], 2), ValueError, ["2×2", "(2, 0)", "se sale", "3×4"]),
        (lambda: show_window(GREY, [], 2), ValueError, ["corners está vacío"]),
        (lambda: show_window(GREY, [(0, -1)], 2), ValueError, ["corners debe ser 0 o más"]),
        (lambda: show_parameter_bars([1, 2]), TypeError, ["diccionario", "[1, 2] (list)"]),
        (lambda: show_parameter_bars({}), ValueError, ["counts está vacío"]),
        (lambda: show_parameter_bars({"Densa": 1.5}), TypeError, ["'Densa'", "1.5 (float)"]),
        (lambda: show_parameter_bars({"Densa": 0}), ValueError, ["1 o más"]),
        (lambda: show_parameter_squares([1, 2]), TypeError, ["diccionario", "[1, 2] (list)"]),
        (lambda: show_parameter_squares({}), ValueError, ["counts está vacío"]),
        (lambda: show_parameter_squares({"Densa": 1.5}), TypeError, ["'Densa'", "1.5 (float)"]),
        (lambda: show_parameter_squares({"Densa": 0}), ValueError, ["1 o más"]),
        (lambda: show_grid_rows([]), ValueError, ["rows está vacío"]),
        (lambda: show_grid_rows([CHANNELS[0], CHANNELS[1][:2]]), ValueError, ["[3, 2]", "las mismas"]),
        (lambda: show_grid_rows(CHANNELS, "∗"), ValueError, ["2 signos en symbols", "'∗'"]),
        (lambda: show_grid_rows(CHANNELS, "∗=", [Grid([[1]])]), ValueError, ["1 en signs", "''"]),
        (lambda: show_filters(np.ones((2, 3, 3)), np.ones((1, 5, 5))), ValueError, ["2 kernels y 1 mapas"]),
        (lambda: show_filters(np.ones((3, 3)), np.ones((1, 5, 5))), ValueError, ["3 ejes"]),
        (lambda: show_volume((6, 6, 3), 3, 2, (4, 0)), ValueError, ["3×3", "(4, 0)", "6×6"]),
        (lambda: show_volume((6, 6, 0), 3, 2), ValueError, ["shape", "1 o más"]),
        (lambda: show_volume((6, 6, 3), 3, 0), ValueError, ["filters", "1 o más"]),
        (lambda: show_history([0.5]), TypeError, ["model.fit"]),
        (lambda: show_history({}), ValueError, ["history está vacío"]),
        (
            lambda: show_history({"loss": [1, 2], "val_loss": [1]}),
            ValueError,
            ["no miden lo mismo", "'val_loss': 1"],
        ),
        (lambda: show_confusion([[1, 2]], ["a", "b"]), ValueError, ["una fila y una columna por clase"]),
        (lambda: show_confusion(np.eye(2), ["a"]), ValueError, ["1 clases", "class_names"]),
    ],
)
def test_bad_input_says_what_came_and_what_to_change(call, error, fragments):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message
    assert message.count("\n") < 5
    assert not plt.get_fignums()
