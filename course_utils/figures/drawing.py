"""Dibujo fijo de una figura en SVG: lo que se ve sin JavaScript (PDF, vista previa, página sin cargar).

Solo se escriben cadenas propias; mismas entradas, mismos bytes. Los colores son los de
:mod:`course_utils.style` sobre fondo claro y el texto suelto toma el de la página, así que se lee en los dos
temas.
"""

from html import escape
from typing import NamedTuple

import numpy as np

from course_utils.style import css_variables, number_text

COLORS = {name.removeprefix("--course-"): color for name, color in css_variables("light").items()}
WHITE = (247, 247, 247)
LEVELS = 24  # tonos de una imagen grande
NUMBERS_UP_TO = 12  # celdas de lado; más allá, los números no se leerían


def grey(values, top=None) -> np.ndarray:
    """Colores de una imagen (H, W): 0 es negro y ``top``, blanco; por defecto el mayor, y 1 como mínimo.

    Como las demás funciones de color, devuelve rojo, verde y azul, de 0 a 255: (H, W, 3) de enteros.

    >>> grey([[0, 1]]).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    values = np.asarray(values, float)
    top = max(1.0, values.max()) if top is None else top
    levels = np.round(np.clip(values / top, 0, 1) * 255).astype(int)
    return np.repeat(levels[..., None], 3, axis=-1)


def signed(values, top=None) -> np.ndarray:
    """Morado si es negativo, blanco en el 0, naranja si es positivo; color pleno en ±``top``, o en el mayor.

    >>> signed([[0, 2]])[0, 0].tolist()
    [247, 247, 247]
    """
    values = np.asarray(values, float)
    top = np.abs(values).max() if top is None else top
    amount = np.clip(np.abs(values) / (top or 1), 0, 1)[..., None]
    ends = np.where((values < 0)[..., None], _rgb(COLORS["negative"]), _rgb(COLORS["positive"]))
    return np.round(WHITE + (ends - WHITE) * amount).astype(int)


def heat(values, top) -> np.ndarray:
    """Colores de un recuento: el fondo en el 0 y, desde 1, el de la entrada cada vez más lleno hasta ``top``.

    >>> heat([[0, 1]], 1)[0, 0].tolist()
    [255, 255, 255]
    """
    values = np.asarray(values)
    amount = ((values - 1) / (top - 1) if top > 1 else np.ones(values.shape))[..., None]
    soft, full = _rgb(COLORS["input-soft"]), _rgb(COLORS["input"])
    colors = np.round(soft + (full - soft) * amount).astype(int)
    return np.where(values[..., None] > 0, colors, _rgb(COLORS["surface"]))


def roles(names) -> np.ndarray:
    """Colores de celdas que tienen un papel cada una: ``"input"``, ``"kernel-soft"``, ``"surface"``…

    >>> roles([["surface"]]).tolist()
    [[[255, 255, 255]]]
    """
    return np.array([[_rgb(COLORS[name]) for name in line] for line in names])


def map_colors(values, top) -> np.ndarray:
    """Colores de un mapa: con signo si tiene negativos; si no, en gris y con el blanco en ``top`` o más.

    >>> map_colors([[0, 1]], 1).tolist() == grey([[0, 1]]).tolist()
    True
    """
    values = np.asarray(values, float)
    return signed(values) if values.min() < 0 else grey(values, max(top, values.max()))


def outline(labels, x, y, cell) -> str:
    """Camino SVG del contorno de las regiones: los lados entre celdas de número distinto; 0 es el fondo.

    (x, y) es la esquina superior izquierda de la cuadrícula y ``cell``, el lado de una celda.

    >>> outline([[1]], 0, 0, 10)
    'M0 0h10M0 10h10M0 0v10M10 0v10'
    """
    padded = np.pad(np.asarray(labels), 1)
    edges = []
    for axis, step in enumerate("hv"):
        changes = np.argwhere(np.diff(padded, axis=axis))
        changes[:, 1 - axis] -= 1
        edges += [f"M{_n(x + c * cell)} {_n(y + r * cell)}{step}{_n(cell)}" for r, c in changes.tolist()]
    return "".join(edges)


class DrawnGrid(NamedTuple):
    """Una cuadrícula dibujada: dónde empieza y acaba, para marcar celdas sobre ella y seguir al lado."""

    drawing: "Drawing"
    x: float
    y: float
    cell: float
    right: float
    bottom: float

    def mark(self, row, col, rows=1, cols=1, role="kernel"):
        """Recuadro de rows × cols celdas."""
        x, y = self.x + col * self.cell, self.y + row * self.cell
        self.drawing.rect(x, y, cols * self.cell, rows * self.cell, role)

    def outline(self, labels):
        """Contorno de las regiones de una máscara, del color de la entrada."""
        self.drawing.path(outline(labels, self.x, self.y, self.cell), "input", width=3)


class Drawing:
    """SVG que se compone pieza a pieza.

    >>> drawing = Drawing()
    >>> drawing.grid(0, 0, grey([[0, 1]]), cell=10)[1:]
    (0, 0, 10, 20, 10)
    >>> drawing.svg("Dos píxeles").startswith('<svg class="course-figure-still"')
    True
    """

    def __init__(self):
        self._parts = []
        self._width = self._height = 0

    def grid(self, x, y, colors, values=None, cell=26.0, role="input", title="") -> DrawnGrid:
        """Cuadrícula de celdas de color desde (x, y), con sus números si caben; None deja una celda sin él.

        ``colors`` es (H, W, 3), ``role`` da el color de las líneas y ``title`` ocupa 20 unidades encima.
        """
        if title:
            self.text(x, y + 12, title, anchor="start", size=12)
            y += 20
        rows, cols = len(colors), len(colors[0])
        large = max(rows, cols) > 2 * NUMBERS_UP_TO
        if large:
            colors = np.round(np.asarray(colors) / 255 * (LEVELS - 1)).astype(int) * 255 // (LEVELS - 1)
        self._fill(x, y, colors, cell)
        right, bottom = x + cols * cell, y + rows * cell
        if not large:
            lines = "".join(f"M{_n(x)} {_n(y + r * cell)}H{_n(right)}" for r in range(1, rows))
            lines += "".join(f"M{_n(x + c * cell)} {_n(y)}V{_n(bottom)}" for c in range(1, cols))
            stroke = f'stroke="{COLORS[role]}" stroke-opacity=".45"'
            self._parts.append(f'<path fill="none" {stroke} d="{lines}"/>')
        self.rect(x, y, cols * cell, rows * cell, role, width=1)
        if values is not None and max(rows, cols) <= NUMBERS_UP_TO:
            self._write(x, y, colors, values, cell)
        self._grow(right, bottom)
        return DrawnGrid(self, x, y, cell, right, bottom)

    def _fill(self, x, y, colors, cell):
        """Las celdas, por colores: las contiguas del mismo color de una fila, en un solo rectángulo."""
        runs = {}
        for r, line in enumerate(colors):
            start = 0
            for c in range(1, len(line) + 1):
                if c == len(line) or tuple(line[c]) != tuple(line[start]):
                    width = _n((c - start) * cell)
                    corner = f"M{_n(x + start * cell)} {_n(y + r * cell)}"
                    back = _n(-(c - start) * cell)
                    runs.setdefault(_hex(line[start]), []).append(f"{corner}h{width}v{_n(cell)}h{back}z")
                    start = c
        for color, paths in runs.items():
            self._parts.append(f'<path fill="{color}" d="{"".join(paths)}"/>')

    def _write(self, x, y, colors, values, cell):
        for r, line in enumerate(values):
            for c, value in enumerate(line):
                if value is not None:
                    text = short_number(value)
                    size = cell * min(0.46, 1.45 / max(2.4, len(text)))
                    middle, base = x + (c + 0.5) * cell, y + (r + 0.5) * cell + size * 0.35
                    self.text(middle, base, text, size=size, color=_ink(colors[r][c]))

    def rect(self, x, y, width_, height, role, width=3, dash="", fill="none"):
        """Rectángulo del color de un papel."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width_)}" height="{_n(height)}"'
        stroke = f'stroke="{COLORS[role]}" stroke-width="{width}"{dashed}'
        self._parts.append(f'<rect {place} fill="{COLORS.get(fill, fill)}" {stroke}/>')
        self._grow(x + width_, y + height)

    def path(self, commands, role, width=1.5):
        """Camino SVG del color de un papel."""
        stroke = f'stroke="{COLORS[role]}" stroke-width="{width}"'
        self._parts.append(f'<path d="{commands}" fill="none" fill-opacity="1" {stroke}/>')

    def text(self, x, y, text, anchor="middle", size=12.0, color="currentColor", bold=False):
        """Texto; ``y`` es la línea de base."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}" '
            f'fill="{COLORS.get(color, color)}"{weight}>'
            f"{escape(text)}</text>"
        )
        width = len(text) * size * 0.58
        self._grow(x + {"start": width, "middle": width / 2, "end": 0}[anchor], y + 3)

    def svg(self, description) -> str:
        """El SVG completo, en una línea, con su texto alternativo."""
        width, height = _n(self._width + 2), _n(self._height + 2)
        return (
            f'<svg class="course-figure-still" role="img" aria-label="{escape(description)}" viewBox="-2 -2 '
            f'{width} {height}" '
            f'width="{width}" height="{height}" style="max-width:100%;height:auto" font-family="sans-serif" '
            f'xmlns="http://www.w3.org/2000/svg">{"".join(self._parts)}</svg>'
        )

    def _grow(self, right, bottom):
        self._width, self._height = max(self._width, right + 2), max(self._height, bottom + 2)


def short_number(value, decimals=None) -> str:
    """Número para una celda: sin el 0 de la izquierda y, si no se piden más, con un decimal como mucho.

    Un texto se deja como está.

    >>> short_number(-0.25), short_number(12.6), short_number(0.25, 2)
    ('−,2', '13', ',25')
    """
    if isinstance(value, str):
        return value
    if decimals is None:
        decimals = 1 if abs(value) < 10 else 0
    text = number_text(float(value), decimals)
    return text.replace("0,", ",", 1) if text.lstrip("−").startswith("0,") else text


def _n(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if "." in f"{value:.2f}" else f"{value}"


def _rgb(color) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def _hex(color) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in color)


def _ink(color) -> str:
    return "#111" if np.dot(color, (0.2126, 0.7152, 0.0722)) > 127 else "#fff"
