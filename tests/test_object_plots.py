"""Lo que dibujan los objetos de una escena, el área del AP y los textos de la U."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_utils import style
from course_utils.plots import show_objects, show_precision_area, show_unet

NAMES = ["cielo", "hierba", "camino", "pelota"]
SCENE = np.full((8, 10, 3), 100, np.uint8)
IDS = np.zeros((8, 10), int)
IDS[1:4, 1:4], IDS[1:4, 4:8] = 1, 2  # dos objetos que se tocan


def test_the_colour_says_the_class_and_the_number_which_object(figure):
    fig = figure(show_objects, [SCENE, IDS * 0, (IDS * 0, IDS, [3, 3]), (SCENE, IDS, [3, 3])], NAMES)
    plain, classes, over_classes, over_scene = fig.axes
    ball, sky = to_rgb(style.SCENE_COLORS[3]), to_rgb(style.SCENE_COLORS[0])
    assert np.allclose(plain.images[0].get_array(), 100 / 255)
    assert np.allclose(classes.images[0].get_array(), sky)
    assert np.allclose(over_classes.images[0].get_array()[2, 2:7], ball)
    assert np.allclose(over_classes.images[0].get_array()[7], sky)
    assert np.allclose(over_scene.images[0].get_array()[2, 2], 0.8 * np.array(ball) + 0.2 * 100 / 255)
    assert [text.get_text() for text in over_scene.texts] == ["1", "2"]
    assert [text.get_text() for text in plain.texts] == []
    assert [text.get_text() for text in fig.legends[0].get_texts()] == NAMES


def test_the_number_is_inside_its_object(figure):
    ring = np.hypot(*(np.indices((21, 21)) - 10))
    ring = ((ring > 4) & (ring < 9)).astype(int)
    (ax,) = figure(show_objects, [(ring * 0, ring, [3])], NAMES).axes
    (number,) = ax.texts
    col, row = number.get_position()
    assert ring[int(row), int(col)] == 1


def test_objects_and_their_classes_must_agree():
    with pytest.raises(ValueError, match="una clase por objeto"):
        show_objects([(SCENE, IDS, [3])], NAMES)
    with pytest.raises(ValueError, match="de su tamaño"):
        show_objects([(SCENE, IDS[:4], [3, 3])], NAMES)


def test_the_filled_area_is_that_of_the_polished_curve(figure):
    (ax,) = figure(show_precision_area, [0.2, 0.4, 0.4, 0.6], [1, 1, 2 / 3, 0.75]).axes
    (fill,) = ax.collections
    xs, ys = fill.get_paths()[0].vertices.T
    area = abs(np.dot(xs, np.roll(ys, 1)) - np.dot(ys, np.roll(xs, 1))) / 2
    assert area == pytest.approx(0.4 * 1 + 0.2 * 0.75)
    assert ax.get_ylim()[0] == ax.get_xlim()[0] == 0


def test_a_curve_that_goes_back_is_refused():
    with pytest.raises(ValueError, match="no baja"):
        show_precision_area([0.4, 0.2], [1, 1])
    with pytest.raises(ValueError, match="a la par"):
        show_precision_area([0.4], [1, 1])


def test_each_arrow_of_the_u_says_what_it_does(figure):
    steps = ["baja", "sube", "acaba"]
    (ax,) = figure(show_unet, [(64, 3), (32, 24)], [(64, 16), (64, 7)], steps=steps).axes
    assert [text.get_text() for text in ax.texts if text.get_style() == "italic"] == steps
    with pytest.raises(ValueError, match="uno por flecha"):
        show_unet([(64, 3), (32, 24)], [(64, 16), (64, 7)], steps=["baja"])
