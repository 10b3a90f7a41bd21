"""Colores por papel que se distinguen y contrastan, y números a la española."""

import itertools

import matplotlib
import numpy as np
import pytest

from course_utils import style

# Machado, Oliveira y Fernandes (2009), gravedad 1: cómo ve cada color quien no distingue los demás.
VISIONS = {
    "común": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(color):
    """sRGB «#RRGGBB» a luz lineal, de 0 a 1."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light):
    """Luz lineal a CIELAB, donde la distancia es lo distintos que se ven dos colores."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ light
    x, y, z = (
        np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in xyz / [0.95047, 1, 1.08883]
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
    """Contraste de WCAG, de 1 a 21."""
    dark, light = sorted(np.array([0.2126, 0.7152, 0.0722]) @ linear(color) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_roles_are_told_apart_by_every_eye(theme, vision):
    seen = {
        role: lab(np.clip(VISIONS[vision] @ linear(style.role_color(role, theme)), 0, 1))
        for role in style.COLORS
    }
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_contrast_with_their_background(theme):
    surface, text = style.SURFACE[theme], style.TEXT[theme]
    assert contrast(text, surface) >= 7
    for role in style.COLORS:
        assert contrast(style.role_color(role, theme), surface) >= 3, role
        assert contrast(text, style.soft(role, theme)) >= 4.5, role
    for color in style.SIGNED[theme]:
        assert contrast(color, surface) >= 3


def test_css_variables_carry_every_colour():
    light, dark = style.css_variables("light"), style.css_variables("dark")
    assert light.keys() == dark.keys()
    assert light["--course-kernel"] == style.COLORS["kernel"]
    assert dark["--course-kernel-soft"] == style.soft("kernel", "dark")
    assert len(light) == 2 * len(style.COLORS) + 4
    assert all(color == color.upper() and len(color) == 7 for color in (*light.values(), *dark.values()))


def test_style_is_applied_and_left_behind():
    before = dict(matplotlib.rcParams)
    with style.context():
        assert matplotlib.rcParams["axes.prop_cycle"].by_key()["color"][0] == style.COLORS["input"]
        assert matplotlib.rcParams["figure.facecolor"] == "white"
        assert matplotlib.rcParams["figure.constrained_layout.use"]
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 2, "0"),
        (0.1, 2, "0,1"),
        (-2.345, 1, "−2,3"),
        (3.0, 2, "3"),
        (-0.001, 2, "0"),
        (9999, 0, "9999"),
        (12345, 0, "12\u202f345"),
        (1234567.5, 1, "1\u202f234\u202f567,5"),
        (np.int8(-5), 2, "−5"),
        (np.float32(0.5), 2, "0,5"),
        (100, 0, "100"),
    ],
)
def test_numbers_are_written_in_spanish(value, decimals, text):
    assert style.number_text(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.85, 3, "0,850"),
        (-0.0001, 3, "0,000"),
        (-0.02, 2, "−0,02"),
        (12345.6, 1, "12\u202f345,6"),
        (3, 0, "3"),
    ],
)
def test_a_column_keeps_its_decimals(value, decimals, text):
    assert style.fixed_number(value, decimals) == text


def test_unknown_roles_and_themes_are_explained():
    with pytest.raises(ValueError, match=r"'entrada'.*elige uno de input, kernel"):
        style.role_color("entrada")
    with pytest.raises(ValueError, match="«light» o «dark» y ha llegado 'gris'"):
        style.soft("input", "gris")
