"""Cómo se pinta una escena ya decidida: las mismas reglas para las del azar y para las que alguien edita.

Solo se suman, multiplican, dividen y sacan raíces cuadradas, que todas las máquinas redondean igual. Los
ejes son (fila, columna), en píxeles, y el centro del primer píxel está en (0,5, 0,5).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Thing:
    """Un objeto ya colocado."""

    kind: int  # 0 pelota, 1 caja, 2 cono, 3 aro
    row: float
    col: float
    radius: float  # píxeles
    color: np.ndarray  # (3,)
    distance: np.ndarray  # (S, S): con signo, negativa dentro


def pixel_centers(size) -> tuple[np.ndarray, np.ndarray]:
    """Filas, de forma (S, 1), y columnas, (1, S), de los centros de los píxeles."""
    return np.arange(size)[:, None] + 0.5, np.arange(size)[None, :] + 0.5


def region_map(size, horizon, tilt, road=None) -> tuple[np.ndarray, np.ndarray]:
    """Región de cada píxel, (S, S) de uint8, y cuánto queda por debajo del horizonte, en píxeles.

    ``horizon`` es su fila en la columna central y ``tilt``, lo que baja por columna. ``road`` es (columna
    del punto de fuga, media anchura allí, lo que se abre a la izquierda y a la derecha por cada fila).
    """
    rows, cols = pixel_centers(size)
    below = rows - (horizon + tilt * (cols - size / 2))
    regions = np.broadcast_to(below > 0, (size, size)).astype(np.uint8)
    if road:
        vanishing, width, left, right = road
        inside = (cols > vanishing - width - left * below) & (cols < vanishing + width + right * below)
        regions[inside & (below > 0)] = 2
    return regions, below


def paint_regions(regions, below, colors, clouds, grass, gravel) -> np.ndarray:
    """El fondo, (S, S, 3): un color por región y su textura; el cielo se aclara hacia el horizonte."""
    texture = np.choose(regions, (38 * clouds + 0.5 * below, grass, gravel))
    return colors[regions] + texture[..., None]


def place_thing(kind, row, col, radius, color, facing, size) -> Thing:
    """Un objeto, con su centro, su radio y hacia dónde mira: (abajo, derecha), a distancia 1."""
    rows, cols = pixel_centers(size)
    (down, right), y, x = facing, rows - row, cols - col
    distance = _DISTANCES[kind](down * y + right * x, down * x - right * y, radius)
    return Thing(kind, row, col, radius, color, distance)


def paint_things(image, things, patterns) -> None:
    """Pinta sobre ``image`` los objetos, que van del que está delante al que está detrás."""
    for thing, pattern in zip(reversed(things), reversed(patterns), strict=True):
        cover = np.clip(0.5 - thing.distance, 0, 1)[..., None]
        edge = np.clip(thing.distance + 2.2, 0, 1)[..., None]  # el contorno, algo más oscuro
        surface = (thing.color + pattern[..., None]) * (1 - 0.35 * edge)
        image += cover * (surface - image)


def light_up(image, down, right) -> None:
    """Cambia la luz de ``image``: lo que gana, o pierde, por uno, en el borde de abajo y en el derecho."""
    half = len(image) / 2
    rows, cols = pixel_centers(len(image))
    image *= (1 + down * (rows - half) / half + right * (cols - half) / half)[..., None]


def to_bytes(image) -> np.ndarray:
    """La imagen en uint8, con lo que se pase de 0 o de 255 recortado."""
    return np.clip(image, 0, 255).astype(np.uint8)


def direction(t, sign) -> tuple[float, float]:
    """Un punto de la circunferencia sin senos ni cosenos, que no todas las máquinas redondean igual."""
    return sign * (1 - t * t) / (1 + t * t), sign * 2 * t / (1 + t * t)


def smooth(grid, size) -> np.ndarray:
    """Manchas suaves, (S, S): una rejilla cuadrada interpolada."""
    cells = len(grid) - 1
    at = np.arange(size) * (cells / size)
    cell = at.astype(int)
    weight = at - cell
    down = grid[cell] + weight[:, None] * (grid[cell + 1] - grid[cell])
    return down[:, cell] + weight * (down[:, cell + 1] - down[:, cell])


def blocks(values, size) -> np.ndarray:
    """Cada valor, en un cuadrado de 2 × 2 píxeles; lo que pasa de ``size`` se recorta."""
    return np.kron(values, np.ones((2, 2), int))[:size, :size]


def stripes(facing, period, contrast, size) -> np.ndarray:
    """Rayas: medio periodo más claro y medio más oscuro."""
    (down, right), (rows, cols) = facing, pixel_centers(size)
    wave = (down * rows + right * cols) / period
    return np.where(wave - np.floor(wave) < 0.5, contrast, -contrast)


def _ball(y, x, radius):
    return np.sqrt(y * y + x * x) - radius


def _box(y, x, radius):
    return np.maximum(np.abs(y), np.abs(x)) - 0.82 * radius


def _cone(y, x, radius):
    side = 0.4472135954999579 * (2 * np.abs(x) + y) - 0.46 * radius  # pendiente 2
    return np.maximum(side, -y - 0.85 * radius)


def _ring(y, x, radius):
    return np.abs(np.sqrt(y * y + x * x) - 0.72 * radius) - 0.28 * radius


_DISTANCES = (_ball, _box, _cone, _ring)
