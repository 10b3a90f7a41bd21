"""Dibujo fijo de una figura en SVG: lo que se ve sin JavaScript (PDF, vista previa, página sin cargar).

Solo se escriben cadenas propias; mismas entradas, mismos bytes. Los colores son los de
:mod:`course_utils.style` sobre fondo claro y el texto suelto toma el de la página, así que se lee en los dos
temas.
"""

from html import escape

import numpy as np

from course_utils.style import css_variables, number_text

COLORS = {name.removeprefix("--course-"): color for name, color in css_variables("light").items()}
WHITE = (247, 247, 247)
LEVELS = 24  # tonos de una imagen grande
NUMBERS_UP_TO = 12  # celdas de lado; más allá, los números no se leerían


def grey(values, top=None) -> np.ndarray:
    """Colores de una imagen: 0 es negro y ``top``, blanco.

    Parameters
    ----------
    values : array_like, shape (H, W)
        Imagen.
    top : float, optional
        Valor del blanco; por defecto el mayor, y 1 como mínimo.

    Returns
    -------
    ndarray of int64, shape (H, W, 3)
        Rojo, verde y azul, de 0 a 255.

    Examples
    --------
    >>> grey([[0, 1]]).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    values = np.asarray(values, float)
    top = max(1.0, values.max()) if top is None else top
    levels = np.round(np.clip(values / top, 0, 1) * 255).astype(int)
    return np.repeat(levels[..., None], 3, axis=-1)


def signed(values, top=None) -> np.ndarray:
    """Colores de valores con signo: morado si son negativos, blanco en el 0, naranja si son positivos.

    Parameters
    ----------
    values : array_like, shape (H, W)
        Valores.
    top : float, optional
        Valor absoluto del color pleno; por defecto el mayor.

    Returns
    -------
    ndarray of int64, shape (H, W, 3)
        Rojo, verde y azul, de 0 a 255.

    Examples
    --------
    >>> signed([[0, 2]])[0, 0].tolist()
    [247, 247, 247]
    """
    values = np.asarray(values, float)
    top = np.abs(values).max() if top is None else top
    amount = np.clip(np.abs(values) / (top or 1), 0, 1)[..., None]
    ends = np.where((values < 0)[..., None], _rgb(COLORS["negative"]), _rgb(COLORS["positive"]))
    return np.round(WHITE + (ends - WHITE) * amount).astype(int)


def heat(values, top) -> np.ndarray:
    """Colores de un recuento: el fondo en el 0 y, desde 1, el color de la entrada cada vez más lleno.

    Parameters
    ----------
    values : array_like of int, shape (H, W)
        Recuento.
    top : int
        Recuento del color pleno.

    Returns
    -------
    ndarray of int64, shape (H, W, 3)
        Rojo, verde y azul, de 0 a 255.

    Examples
    --------
    >>> heat([[0, 1]], 1)[0, 0].tolist()
    [255, 255, 255]
    """
    values = np.asarray(values)
    amount = ((values - 1) / (top - 1) if top > 1 else np.ones(values.shape))[..., None]
    soft, full = _rgb(COLORS["input-soft"]), _rgb(COLORS["input"])
    colors = np.round(soft + (full - soft) * amount).astype(int)
    return np.where(values[..., None] > 0, colors, _rgb(COLORS["surface"]))


def roles(names) -> np.ndarray:
    """Colores de celdas que tienen un papel cada una.

    Parameters
    ----------
    names : array_like of str, shape (H, W)
        Papeles: ``"input"``, ``"kernel-soft"``, ``"surface"``…

    Returns
    -------
    ndarray of int64, shape (H, W, 3)
        Rojo, verde y azul, de 0 a 255.

    Examples
    --------
    >>> roles([["surface"]]).tolist()
    [[[255, 255, 255]]]
    """
    return np.array([[_rgb(COLORS[name]) for name in line] for line in names])


def outline(labels, x, y, cell) -> str:
    """Camino SVG del contorno de las regiones: los lados entre celdas de número distinto.

    Parameters
    ----------
    labels : array_like of int, shape (H, W)
        Una máscara, o el número de objeto de cada celda; 0 es el fondo, también fuera.
    x, y, cell : float
        Esquina superior izquierda de la cuadrícula y lado de una celda.

    Returns
    -------
    str
        Un tramo por lado.

    Examples
    --------
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


def map_colors(values, top=1.0) -> np.ndarray:
    """Colores de un mapa de características: en gris si no hay negativos, con signo si los hay.

    Parameters
    ----------
    values : array_like, shape (H, W)
        Mapa.
    top : float
        Valor del blanco, como mínimo.

    Returns
    -------
    ndarray of int64, shape (H, W, 3)
        Rojo, verde y azul, de 0 a 255.

    Examples
    --------
    >>> map_colors([[0, 1]]).tolist() == grey([[0, 1]]).tolist()
    True
    """
    values = np.asarray(values, float)
    return signed(values) if values.min() < 0 else grey(values, max(top, values.max()))


class Drawing:
    """SVG que se compone pieza a pieza.

    Examples
    --------
    >>> drawing = Drawing()
    >>> drawing.grid(0, 0, grey([[0, 1]]), cell=10)
    (20, 10)
    >>> drawing.svg("Dos píxeles").startswith('<svg class="course-figure-still"')
    True
    """

    def __init__(self):
        self._parts = []
        self._width = self._height = 0

    def grid(self, x, y, colors, values=None, cell=26.0, role="input", title="") -> tuple[float, float]:
        """Cuadrícula de celdas de color, con sus números si caben.

        Parameters
        ----------
        x, y : float
            Esquina superior izquierda.
        colors : ndarray, shape (H, W, 3)
            Color de cada celda.
        values : array_like, shape (H, W), optional
            Números que se escriben; None en una celda la deja sin número.
        cell : float
            Lado de una celda.
        role : str
            Papel: el color de las líneas.
        title : str
            Rótulo sobre la cuadrícula; ocupa 20 unidades.

        Returns
        -------
        tuple of float
            Coordenadas de la esquina inferior derecha.
        """
        if title:
            self.text(x, y + 12, title, anchor="start", size=12)
            y += 20
        rows, cols = len(colors), len(colors[0])
        large = max(rows, cols) > 2 * NUMBERS_UP_TO
        if large:
            colors = np.round(np.asarray(colors) / 255 * (LEVELS - 1)).astype(int) * 255 // (LEVELS - 1)
        runs = {}
        for r in range(rows):
            start = 0
            for c in range(1, cols + 1):
                if c == cols or tuple(colors[r][c]) != tuple(colors[r][start]):
                    length = (c - start) * cell
                    path = (
                        f"M{_n(x + start * cell)} {_n(y + r * cell)}h{_n(length)}v{_n(cell)}h{_n(-length)}z"
                    )
                    runs.setdefault(_hex(colors[r][start]), []).append(path)
                    start = c
        for color, paths in runs.items():
            self._parts.append(f'<path fill="{color}" d="{"".join(paths)}"/>')
        right, bottom = x + cols * cell, y + rows * cell
        step = range(0)
        if not large:
            lines = "".join(f"M{_n(x)} {_n(y + r * cell)}H{_n(right)}" for r in range(1, rows))
            lines += "".join(f"M{_n(x + c * cell)} {_n(y)}V{_n(bottom)}" for c in range(1, cols))
            step = range(rows)
            self._parts.append(
                f'<path fill="none" stroke="{COLORS[role]}" stroke-opacity=".45" d="{lines}"/>'
            )
        self.rect(x, y, cols * cell, rows * cell, role, width=1)
        if values is not None and max(rows, cols) <= NUMBERS_UP_TO:
            for r in step:
                for c in range(cols):
                    if values[r][c] is not None:
                        text = short_number(values[r][c])
                        size = cell * min(0.46, 1.45 / max(2.4, len(text)))
                        self.text(
                            x + (c + 0.5) * cell,
                            y + (r + 0.5) * cell + size * 0.35,
                            text,
                            size=size,
                            color=_ink(colors[r][c]),
                        )
        self._grow(right, bottom)
        return right, bottom

    def rect(self, x, y, width_, height, role, width=3, dash="", fill="none"):
        """Rectángulo del color de un papel."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        stroke = COLORS.get(role, role)
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width_)}" height="{_n(height)}" '
            f'fill="{COLORS.get(fill, fill)}" '
            f'stroke="{stroke}" stroke-width="{width}"{dashed}/>'
        )
        self._grow(x + width_, y + height)

    def path(self, commands, role, width=1.5, fill="none", opacity=1.0):
        """Camino SVG del color de un papel."""
        self._parts.append(
            f'<path d="{commands}" fill="{COLORS.get(fill, fill)}" fill-opacity="{_n(opacity)}" '
            f'stroke="{COLORS.get(role, role)}" stroke-width="{width}"/>'
        )

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


def short_number(value) -> str:
    """Número para una celda: un decimal como mucho y sin el 0 de la izquierda.

    Parameters
    ----------
    value : float or str
        Número; un texto se deja como está.

    Returns
    -------
    str
        Texto corto.

    Examples
    --------
    >>> short_number(-0.25), short_number(12.6)
    ('−,2', '13')
    """
    if isinstance(value, str):
        return value
    text = number_text(float(value), 1 if abs(value) < 10 else 0)
    return text.replace("0,", ",", 1) if text.lstrip("−").startswith("0,") else text


def _n(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if "." in f"{value:.2f}" else f"{value}"


def _rgb(color) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def _hex(color) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in color)


def _ink(color) -> str:
    return "#111" if np.dot(color, (0.2126, 0.7152, 0.0722)) > 127 else "#fff"
