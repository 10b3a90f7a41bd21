"""Píxeles y pesos uno a uno: imágenes con su cuadrícula y matrices en las que el color también cuenta."""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize, is_color_like
from matplotlib.patches import Rectangle

from course_utils import style
from course_utils.checks import MATRIX_AXES, check_array, check_integer, shown
from course_utils.plots.panels import (
    WIDTH,
    check_box,
    check_image,
    check_sequence,
    check_titles,
    open_figure,
    open_panels,
    set_title,
)

GAP = 1.2  # celdas entre dos matrices
LINE = "#9AA0A6"


def show_pixels(images, titles=None, boxes=None, columns=None) -> None:
    """Enseña imágenes pequeñas con la cuadrícula de sus píxeles y, si se pide, una zona rodeada en cada una.

    Parameters
    ----------
    images, titles, columns
        Como en :func:`~course_utils.plots.images.show_images`.
    boxes : sequence of (row, column, height, width) or None, optional
        Lo que se rodea en cada imagen; ``None`` en la que no lleva nada.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`~course_utils.plots.images.show_images`; también si las zonas no son una por imagen o
        alguna se sale.

    Examples
    --------
    >>> show_pixels([np.eye(5), 1 - np.eye(5)], ["Diagonal", "Negativo"], [(0, 0, 3, 3), None])
    """
    images = [check_image(image) for image in check_sequence(images, "images")]
    titles = check_titles(titles, len(images))
    boxes = [None] * len(images) if boxes is None else check_sequence(boxes, "boxes")
    if len(boxes) != len(images):
        raise ValueError(
            f"hay {len(boxes)} zonas para {len(images)} imágenes: escribe una por imagen, o None"
        )
    for image, box in zip(images, boxes, strict=True):
        if box is not None:
            check_box(box, "boxes", image.shape)
    with open_panels(len(images), columns, images[0].shape) as axes:
        for ax, image, title, box in zip(axes, images, titles, boxes, strict=True):
            height, width = image.shape[:2]
            ax.imshow(image, cmap=style.IMAGE_CMAP)
            look = {"colors": LINE, "linewidth": 0.8}
            ax.hlines(np.arange(height + 1) - 0.5, -0.5, width - 0.5, **look)
            ax.vlines(np.arange(width + 1) - 0.5, -0.5, height - 0.5, **look)
            if box is not None:
                row, col, tall, wide = box
                for color, line in (("white", 5.5), (style.COLORS["highlight"], 3.2)):
                    frame = {"fill": False, "edgecolor": color, "linewidth": line, "zorder": 3}
                    ax.add_patch(Rectangle((col - 0.5, row - 0.5), wide, tall, clip_on=False, **frame))
            set_title(ax, title)


def show_cells(matrices, titles=None, colors=None, columns=None, names=("", "")) -> None:
    """Enseña matrices con sus números sobre el color de cada valor, en la misma escala para todas.

    Parameters
    ----------
    matrices : sequence of array_like of shape (H, W)
        Números; todas las matrices del mismo tamaño.
    titles : sequence of str, optional
        Un título por matriz.
    colors : "signed" or sequence of str, optional
        Con ``"signed"``, naranja los positivos, morado los negativos y en blanco, sin número, los ceros. Con
        un color por matriz, del negro a ese color: un canal. Sin él, del claro al oscuro.
    columns : int, optional
        Cuántas matrices por fila; por defecto, todas.
    names : tuple of (str, str)
        Qué es una fila y qué es una columna; se escriben al lado y debajo de cada matriz.

    Raises
    ------
    TypeError, ValueError
        Si no hay matrices, no son de números reales con dos ejes, no miden lo mismo o pasan de 32 filas o
        columnas; si los títulos o los colores no son uno por matriz, o un color no existe.

    Examples
    --------
    >>> show_cells([[[1, 2, 1]], [[4, 6, 4]]], ["Sin padding", "Con padding"])
    """
    matrices = [check_array(one, "matrices", MATRIX_AXES) for one in check_sequence(matrices, "matrices")]
    height, width = matrices[0].shape
    if any(one.shape != (height, width) for one in matrices) or max(height, width) > 32:
        raise ValueError(
            f"las matrices deben medir lo mismo, hasta 32×32, y han llegado "
            f"{[one.shape for one in matrices]}: "
            "dibuja aparte las de otro tamaño, o recórtalas"
        )
    titles = check_titles(titles, len(matrices))
    columns = min(len(matrices), len(matrices) if columns is None else check_integer(columns, "columns"))
    maps, scale = _looks(colors, matrices)
    row_name, column_name = names
    heading, foot, side = (1.1 if any(titles) else 0.2), (1.0 if column_name else 0), (1.0 if row_name else 0)
    step_across, step_down = width + side + GAP, height + heading + foot
    total_width = columns * step_across - GAP
    total_height = math.ceil(len(matrices) / columns) * step_down
    cell = min(0.5, WIDTH / total_width)
    with open_figure(total_width * cell, total_height * cell, layout="none") as fig:
        ax = fig.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-0.06, total_width + 0.06), ylim=(total_height + 0.06, -0.06), aspect="equal")
        ax.axis("off")
        longest = max(len(style.number_text(value)) for one in matrices for value in one.flat)
        size = min(12, cell * 72 * 0.85 / (0.62 * longest))
        for number, (values, title, cmap) in enumerate(zip(matrices, titles, maps, strict=True)):
            down, across = divmod(number, columns)
            top, left = down * step_down + heading, across * step_across + side
            _draw_cells(ax, values, (top, left), plt.get_cmap(cmap), scale, size, colors == "signed")
            ax.text(left, top - 0.25, title, ha="left", va="bottom", fontsize=11)
            ax.text(left + width / 2, top + height + 0.2, column_name, ha="center", va="top", fontsize=10)
            place = {"rotation": 90, "ha": "right", "va": "center", "fontsize": 10}
            ax.text(left - 0.3, top + height / 2, row_name, **place)


def _draw_cells(ax, values, corner, cmap, scale, size: float, blank: bool) -> None:
    top, left = corner
    ax.add_patch(Rectangle((left, top), values.shape[1], values.shape[0], fill=False, edgecolor=LINE))
    for (row, col), value in np.ndenumerate(values):
        if blank and value == 0:
            continue
        fill = cmap(scale(float(value)))
        ax.add_patch(Rectangle((left + col, top + row), 1, 1, facecolor=fill, edgecolor=LINE, linewidth=0.8))
        dark = np.dot(fill[:3], (0.30, 0.59, 0.11)) < 0.5
        look = {"fontsize": size, "color": "white" if dark else style.TEXT["light"]}
        text = style.number_text(value)
        ax.text(left + col + 0.5, top + row + 0.5, text, ha="center", va="center", **look)


def _looks(colors, matrices) -> tuple[list, Normalize]:
    """Un mapa de color por matriz y la escala de todas."""
    low = min(one.min() for one in matrices)
    high = max(max(one.max() for one in matrices), low + 1e-12)
    if colors is None:
        return ["Blues"] * len(matrices), Normalize(min(0, low), high)
    if isinstance(colors, str) and colors == "signed":
        largest = max(abs(low), abs(high))
        return [style.SIGNED_CMAP] * len(matrices), Normalize(-largest, largest)
    colors = check_sequence(colors, "colors")
    if len(colors) != len(matrices) or not all(map(is_color_like, colors)):
        raise ValueError(
            f"colors debe ser 'signed' o un color por matriz, y ha llegado {shown(colors)} para "
            f"{len(matrices)}: escribe, por ejemplo, colors=['red', 'green', 'blue']"
        )
    ramps = [LinearSegmentedColormap.from_list(str(color), ["black", color]) for color in colors]
    return ramps, Normalize(min(0, low), high)
