"""La escena que alguien edita: la misma pintura que la de las escenas al azar, a partir de unos números.

La figura «Segmenta y cuenta» la pinta igual en JavaScript (``web/scene.mjs``). Lo que parece azar, como el
grano o los colores, sale de un número y de una cuenta con enteros de 32 bits que da lo mismo en los dos
sitios.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.datasets.drawn.painting import (
    blocks,
    direction,
    light_up,
    paint_regions,
    paint_things,
    place_thing,
    region_map,
    smooth,
    stripes,
    to_bytes,
)
from course_utils.datasets.drawn.shapes import (
    COLOR,
    CONTRAST,
    FIRST_OBJECT,
    HORIZON,
    LIGHT,
    NOISE,
    OBJECT_NAMES,
    PALETTE,
    PERIOD,
    ROADS,
    SIZES,
    TILT,
)

SIZE = SIZES[0]
TURNS = 24  # hacia cuántos sitios puede mirar un objeto
MIN_VISIBLE = 12  # píxeles: un objeto del que se ven menos no se cuenta

_LAYOUT, _CLOUDS, _GRASS, _GRAVEL, _NOISE, _COLOR, _PATTERN, _SPECKLES = range(8)  # series de números


@dataclass(frozen=True)
class EditedScene:
    """Una escena de 64 × 64 y lo que hay en ella.

    Parameters
    ----------
    image : ndarray of uint8, shape (64, 64, 3)
        Color, de 0 a 255.
    semantic : ndarray of uint8, shape (64, 64)
        Clase de cada píxel: la posición en ``CLASS_NAMES``.
    ids : ndarray of uint8, shape (64, 64)
        0 en el fondo y de 1 en adelante en los objetos que se cuentan.
    classes : ndarray of uint8
        La clase de cada objeto que se cuenta.
    """

    image: np.ndarray
    semantic: np.ndarray
    ids: np.ndarray
    classes: np.ndarray


def chances(seed: int, series: int, count: int) -> np.ndarray:
    """Números de 0 a 1, sin llegar, que parecen al azar: el i-ésimo solo depende de ``seed``, ``series`` e i.

    Examples
    --------
    >>> chances(1, 0, 3).round(3)
    array([0.07 , 0.65 , 0.493])

    References
    ----------
    A. Appleby, la mezcla final de MurmurHash3: https://github.com/aappleby/smhasher
    """
    with np.errstate(over="ignore"):
        start = np.uint32((seed * 0x9E3779B1 + series * 0x85EBCA77) % 2**32)
        mixed = np.arange(count, dtype=np.uint32) + start
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    return (mixed ^ (mixed >> np.uint32(16))) / 2**32


def paint_scene(objects: Sequence[dict], seed: int, light: float = 0, noise: int = NOISE) -> EditedScene:
    """Pinta una escena.

    Parameters
    ----------
    objects : sequence of dict
        Del que está delante al que está detrás: ``kind``, un nombre de ``OBJECT_NAMES``; ``row``, ``col`` y
        ``radius``, en píxeles; ``turn``, de 0 a 23; y ``color`` y ``look``, los números de los que salen su
        color y su dibujo.
    seed : int
        De dónde salen el fondo y el grano.
    light : float
        Lo que gana la luz en el borde derecho y pierde en el izquierdo, por ciento.
    noise : int
        Lo más que suma o resta cada uno de los dos granos.

    Examples
    --------
    >>> ball = {"kind": "pelota", "row": 32, "col": 32, "radius": 9, "turn": 0, "color": 1, "look": 1}
    >>> scene = paint_scene([ball], seed=7)
    >>> scene.classes, int((scene.ids == 1).sum())
    (array([3], dtype=uint8), 256)
    """
    image, semantic, down = _background(seed)
    things = [_thing(**one) for one in objects]
    paint_things(image, things, [_pattern(one["look"]) for one in objects])
    light_up(image, down, light / 100)
    grains = np.floor(chances(seed, _NOISE, 2 * image.size) * (2 * noise + 1)) - noise
    image += grains.reshape(2, *image.shape).sum(axis=0)
    ids, classes = np.zeros((SIZE, SIZE), np.uint8), []
    free = np.ones((SIZE, SIZE), bool)
    for thing in things:
        seen = (thing.distance < 0) & free
        free &= ~seen
        semantic[seen] = FIRST_OBJECT + thing.kind
        if seen.sum() >= MIN_VISIBLE:
            classes.append(FIRST_OBJECT + thing.kind)
            ids[seen] = len(classes)
    return EditedScene(to_bytes(image), semantic, ids, np.array(classes, np.uint8))


def _between(limits, chance):
    low, high = limits
    return low + (high - low) * chance


def _whole(limits, chance):
    """Un entero desde el primer límite y menor que el segundo."""
    return np.floor(_between(limits, chance))


def _background(seed):
    """El fondo, la región de cada píxel y la luz de arriba abajo."""
    given = chances(seed, _LAYOUT, 17)
    horizon, tilt, road = SIZE * _between(HORIZON, given[0]), _between((-TILT, TILT), given[1]), None
    if given[2] < ROADS:
        road = (
            SIZE * _between((0.2, 0.8), given[3]),
            SIZE * _between((0.02, 0.06), given[4]),
            *(_between((-0.2, 1.0), given[5:7]) + 0.15),
        )
    regions, below = region_map(SIZE, horizon, tilt, road)
    limits = [limit for region in PALETTE for limit in region]
    colors = np.array([_whole(limit, one) for limit, one in zip(limits, given[7:16], strict=True)])
    clouds = smooth(_between((-1, 1), chances(seed, _CLOUDS, 36)).reshape(6, 6), SIZE)
    grass = _whole((-26, 27), chances(seed, _GRASS, SIZE * SIZE)).reshape(SIZE, SIZE)
    gravel = blocks(_whole((-24, 25), chances(seed, _GRAVEL, SIZE * SIZE // 4)).reshape(32, 32), SIZE)
    image = paint_regions(regions, below, colors.reshape(3, 3), clouds, grass, gravel)
    return image, regions, _between((-LIGHT, LIGHT), given[16])


def _thing(kind, row, col, radius, turn, color, look):
    half, sign = (turn % (TURNS // 2)) / (TURNS // 4) - 1, 1 if turn < TURNS // 2 else -1
    colors = _whole(COLOR, chances(color, _COLOR, 3))
    return place_thing(OBJECT_NAMES.index(kind), row, col, radius, colors, direction(half, sign), SIZE)


def _pattern(look):
    """Liso, a rayas o moteado."""
    given = chances(look, _PATTERN, 5)
    style, contrast = int(3 * given[0]), _between(CONTRAST, given[1])
    if style == 0:
        return np.zeros((SIZE, SIZE))
    if style == 1:
        facing = direction(_between((-1, 1), given[2]), 1 if given[3] < 0.5 else -1)
        return stripes(facing, _between(PERIOD, given[4]), contrast, SIZE)
    return contrast * smooth(_between((-1, 1), chances(look, _SPECKLES, 17 * 17)).reshape(17, 17), SIZE)
