"""Matrices con sus números escritos en las celdas."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import style
from course_utils.checks import MATRIX_AXES, check_array, shown
from course_utils.ops.sizes import explicit_padding
from course_utils.plots.panels import WIDTH, check_box, check_sequence, open_figure


class Grid(NamedTuple):
    """Una matriz de las que :func:`show_grids` dibuja con sus números.

    Parameters
    ----------
    values : array_like, shape (H, W)
        Números.
    title : str
        Título, encima.
    role : {"input", "kernel", "output", "padding", "highlight", "signed"}
        De qué color se pinta; ``"signed"`` da a cada celda un color según su signo y su tamaño.
    box : tuple of (row, column, height, width), optional
        Celdas que se rodean.
    padding : int, tuple of (int, int) or tuple of pairs
        Celdas del borde que son relleno, como en :func:`~course_utils.ops.convolution.pad2d`.

    Examples
    --------
    >>> Grid([[1, 2]], "Entrada").role
    'input'
    """

    values: np.ndarray
    title: str = ""
    role: str = "input"
    box: tuple[int, int, int, int] | None = None
    padding: object = 0


def show_grid(values, title="", box=None) -> None:
    """Enseña una matriz con sus números escritos en las celdas.

    Parameters
    ----------
    values, title, box
        Como en :class:`Grid`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`show_grids`.

    Examples
    --------
    >>> show_grid([[0, 1, 2], [3, 4, 5]], "Entrada", box=(0, 0, 2, 2))
    """
    show_grids([Grid(values, title, box=box)])


def show_grids(grids, symbols="") -> None:
    """Enseña varias matrices en una fila, con celdas del mismo tamaño: entrada ∗ kernel = salida.

    Parameters
    ----------
    grids : sequence of Grid
        Matrices, de izquierda a derecha.
    symbols : str
        Un signo entre cada dos matrices: ``"∗="`` para tres.

    Raises
    ------
    TypeError, ValueError
        Si no hay matrices, alguna no es un :class:`Grid` de números reales con dos ejes, pasa de 32 filas o
        columnas, el papel no existe, lo rodeado se sale, o los signos no son uno menos que las matrices.

    Examples
    --------
    >>> image, kernel, output = [[0, 1, 2], [3, 4, 5]], [[1, 1]], [[1, 3], [7, 9]]
    >>> show_grids(
    ...     [Grid(image, "Entrada"), Grid(kernel, "Kernel", "kernel"), Grid(output, "Salida", "output")],
    ...     symbols="∗=",
    ... )
    """
    grids = [_check_grid(grid) for grid in check_sequence(grids, "grids")]
    if symbols and len(symbols) != len(grids) - 1:
        raise ValueError(
            f"symbols debe tener {len(grids) - 1} signos, uno entre cada dos matrices, y ha llegado "
            f"{shown(symbols)}: para entrada, kernel y salida escribe symbols='∗='"
        )
    gap = 1.2
    rows = max(grid.values.shape[0] for grid in grids)
    cols = sum(grid.values.shape[1] for grid in grids) + gap * (len(grids) - 1)
    heading = 0.9 if any(grid.title for grid in grids) else 0.1
    # los títulos largos de matrices estrechas también tienen que caber
    cols = max(cols, 0.24 * max(len(grid.title) for grid in grids))
    cell = min(0.5, WIDTH / cols)
    with open_figure(cols * cell, (rows + heading) * cell) as fig:
        ax = fig.subplots()
        ax.set(xlim=(-0.05, cols + 0.05), ylim=(rows + 0.05, -heading), aspect="equal")
        ax.axis("off")
        left = 0.0
        for number, grid in enumerate(grids):
            top = (rows - grid.values.shape[0]) / 2
            _draw_grid(ax, grid, top, left, cell)
            left += grid.values.shape[1]
            if number < len(symbols):
                ax.text(left + gap / 2, rows / 2, symbols[number], ha="center", va="center", fontsize=18)
            left += gap


def show_grid_rows(rows, symbols="", result=(), signs="") -> None:
    """Enseña una cuenta por fila y, si se da, lo que resulta de sumar las matrices en que acaban las filas.

    Parameters
    ----------
    rows : sequence of sequence of Grid
        Matrices de cada fila, de izquierda a derecha; todas las filas tienen las mismas.
    symbols : str
        Un signo entre cada dos matrices de una fila, el mismo en todas.
    result : sequence of Grid
        Matrices que van a la derecha, a media altura. Con ellas, entre fila y fila se escribe «+» debajo de
        la última matriz, así que las de las demás filas van sin título.
    signs : str
        Un signo delante de cada matriz de ``result``.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`show_grids`; también si no hay filas o no tienen las mismas matrices.

    Examples
    --------
    >>> first = [Grid([[1, 2]], "Canal 0"), Grid([[3]], "Kernel", "kernel"), Grid([[3, 6]], "", "output")]
    >>> second = [Grid([[0, 1]], "Canal 1"), Grid([[2]], "Kernel", "kernel"), Grid([[0, 2]], "", "output")]
    >>> show_grid_rows([first, second], "∗=", [Grid([[3, 8]], "Mapa", "output")], "=")
    """
    rows = [
        [_check_grid(grid) for grid in check_sequence(row, "row")] for row in check_sequence(rows, "rows")
    ]
    result = [_check_grid(grid) for grid in result]
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"las filas tienen {[len(row) for row in rows]} matrices: pon las mismas en todas")
    if (symbols and len(symbols) != len(rows[0]) - 1) or len(signs) != len(result):
        raise ValueError(
            f"hacen falta {len(rows[0]) - 1} signos en symbols y {len(result)} en signs, y han llegado "
            f"{shown(symbols)} y {shown(signs)}"
        )
    gap, heading = 1.2, 0.9
    widths = [max(row[column].values.shape[1] for row in rows) for column in range(len(rows[0]))]
    lefts = np.cumsum([0, *(width + gap for width in widths)])
    heights = [max(grid.values.shape[0] for grid in row) + heading for row in rows]
    tops = np.cumsum([0, *heights])
    cols = lefts[-1] - gap + sum(grid.values.shape[1] + gap for grid in result)
    cell = min(0.5, WIDTH / cols)
    with open_figure(cols * cell, tops[-1] * cell) as fig:
        ax = fig.subplots()
        ax.set(xlim=(-0.05, cols + 0.05), ylim=(tops[-1] - heading + 0.05, -heading), aspect="equal")
        ax.axis("off")
        sign = {"ha": "center", "va": "center", "fontsize": 18}
        for row, top, height in zip(rows, tops, heights, strict=False):
            middle = top + (height - heading) / 2
            for number, grid in enumerate(row):
                left = lefts[number] + (widths[number] - grid.values.shape[1]) / 2
                _draw_grid(ax, grid, middle - grid.values.shape[0] / 2, left, cell)
                if number < len(symbols):
                    ax.text(lefts[number + 1] - gap / 2, middle, symbols[number], **sign)
        for top in tops[1:-1] if result else ():
            ax.text(lefts[-2] + widths[-1] / 2, top - heading, "+", **sign)
        left, middle = lefts[-1], (tops[-1] - heading) / 2
        for number, grid in enumerate(result):
            ax.text(left - gap / 2, middle, signs[number], **sign)
            _draw_grid(ax, grid, middle - grid.values.shape[0] / 2, left, cell)
            left += grid.values.shape[1] + gap


def _draw_grid(ax, grid: Grid, top: float, left: float, cell: float) -> None:
    rows, cols = grid.values.shape
    (above, below), (before, after) = grid.padding
    texts = {(r, c): style.number_text(grid.values[r, c]) for r, c in np.ndindex(rows, cols)}
    fontsize = min(12, cell * 72 * 0.85 / (0.62 * max(map(len, texts.values()))))
    largest = max(abs(grid.values.min()), abs(grid.values.max()), 1e-12)
    signed = plt.get_cmap(style.SIGNED_CMAP)
    for (r, c), text in texts.items():
        padded = not (above <= r < rows - below and before <= c < cols - after)
        if grid.role == "signed":
            fill, edge = signed(0.5 + 0.5 * float(grid.values[r, c]) / largest), "#9AA0A6"
        else:
            role = "padding" if padded else grid.role
            fill, edge = style.soft(role), style.COLORS[role]
        frame = {"facecolor": fill, "edgecolor": edge, "linewidth": 1.0, "linestyle": ":" if padded else "-"}
        ax.add_patch(Rectangle((left + c, top + r), 1, 1, **frame))
        if fontsize >= 6:
            dark = grid.role == "signed" and np.dot(fill[:3], (0.30, 0.59, 0.11)) < 0.5
            look = {"fontsize": fontsize, "color": "white" if dark else style.TEXT["light"]}
            ax.text(left + c + 0.5, top + r + 0.5, text, ha="center", va="center", **look)
    if grid.box:
        row, col, height, width = grid.box
        frame = {"fill": False, "edgecolor": style.COLORS["highlight"], "linewidth": 3.2}
        ax.add_patch(Rectangle((left + col, top + row), width, height, **frame))
    ax.text(left + cols / 2, top - 0.25, grid.title, ha="center", va="bottom", fontsize=12)


def _check_grid(grid) -> Grid:
    if not isinstance(grid, Grid):
        raise TypeError(
            f"cada matriz debe ser un Grid y ha llegado {shown(grid)}: "
            "escribe, por ejemplo, Grid(image, 'Entrada')"
        )
    values = check_array(
        grid.values, "values", MATRIX_AXES, "de una imagen con canales, elige uno: image[:, :, 0]"
    )
    if max(values.shape) > 32:
        raise ValueError(
            f"los números de una matriz de {values.shape[0]}×{values.shape[1]} no se leerían: "
            "usa show_images, o recorta hasta 32×32"
        )
    if grid.role != "signed":
        style.role_color(grid.role)
    pads = explicit_padding(grid.padding, values.shape, 1)
    if grid.box is not None:
        check_box(grid.box, "box", values.shape)
    return grid._replace(values=values, padding=pads)
