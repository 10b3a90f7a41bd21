"""Lo que comparten las figuras: abrir los paneles, comprobar lo que llega y cerrar."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from course_utils import style
from course_utils.checks import IMAGE_AXES, check_array, check_integer, check_pair, shown

WIDTH = 6.4  # pulgadas: en un teléfono la figura se reduce a la mitad y el texto aún se lee


@contextmanager
def open_figure(width: float, height: float, layout=None) -> Iterator[Figure]:
    """Figura de esas pulgadas con el estilo del curso, que al salir se enseña y se cierra."""
    with style.context():
        fig = plt.figure(figsize=(width, height), layout=layout)
        try:
            yield fig
            plt.show()
        finally:
            plt.close(fig)


@contextmanager
def open_panels(
    count: int, columns: int | None, shape: tuple[int, ...], width: float | None = None, beside: float = 0
) -> Iterator[list]:
    """Figura con ``count`` paneles sin ejes, de proporciones ``shape``; ``beside``, pulgadas a su lado."""
    columns = min(count, 5 if columns is None else check_integer(columns, "columns"))
    rows = math.ceil(count / columns)
    width = width or min(WIDTH - beside, 3.6 if columns == 1 else 2.2 * columns)
    height = rows * (width / columns * shape[0] / shape[1] + 0.4)
    with open_figure(width + beside, height) as fig:
        axes = list(fig.subplots(rows, columns, squeeze=False).flat)
        for ax in axes:
            ax.axis("off")
        yield axes[:count]


def fill_panels(axes, pictures, titles, **look) -> None:
    """Una imagen y su título en cada panel."""
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.imshow(picture, **look)
        set_title(ax, title)


def set_title(ax, title: str) -> None:
    """Título partido en líneas que caben en el ancho de su panel."""
    characters = ax.get_figure().get_figwidth() / ax.get_gridspec().ncols / 0.095
    ax.set_title(textwrap.fill(title, max(int(characters), 8)), fontsize=11)


def check_image(image) -> np.ndarray:
    image = check_array(image, "image", IMAGE_AXES, "de un lote, elige una imagen: images[0]")
    if image.ndim == 3 and image.shape[2] not in (1, 3):
        raise ValueError(
            f"image debe tener 1 canal (gris) o 3 (color) y ha llegado {shown(image)}: "
            "para ver los canales por separado, usa show_images con uno por imagen"
        )
    top = 255 if image.dtype.kind in "iu" else 1
    if image.ndim == 3 and image.shape[2] == 3 and (image.min() < 0 or image.max() > top):
        raise ValueError(
            f"una imagen en color de tipo {image.dtype} va de 0 a {top} y ha llegado con valores de "
            f"{image.min()} a {image.max()}: divídela entre 255, o recórtala con np.clip"
        )
    return image


def check_mapping(items, name: str, hint: str) -> Mapping:
    if not isinstance(items, Mapping):
        raise TypeError(
            f"{name} debe ser un diccionario de nombre a valores y ha llegado {shown(items)}: {hint}"
        )
    check_sequence(items, name)
    return items


def check_named(items, name: str, axes: Mapping[int, str], hint: str) -> dict[str, np.ndarray]:
    """Los arrays de un diccionario, comprobados uno a uno."""
    return {
        key: check_array(values, f"{name}[{key!r}]", axes)
        for key, values in check_mapping(items, name, hint).items()
    }


def check_box(box, name: str, shape: tuple[int, ...]) -> None:
    """Lo que se rodea, (fila, columna, alto, ancho), cabe en una matriz de esa forma."""
    if len(box) != 4:
        raise ValueError(
            f"{name} debe ser (fila, columna, alto, ancho) y ha llegado {shown(box)}: "
            "escribe, por ejemplo, (0, 0, 3, 3)"
        )
    row, col = check_pair(box[:2], name, minimum=0)
    height, width = check_pair(box[2:], name)
    if row + height > shape[0] or col + width > shape[1]:
        raise ValueError(
            f"{name} {tuple(box)} se sale de {shape[0]}×{shape[1]}: "
            "es (fila, columna, alto, ancho) y se cuenta desde 0"
        )


def check_sequence(items, name: str) -> list:
    if isinstance(items, str) or not isinstance(items, Sequence | Mapping | np.ndarray):
        raise TypeError(f"{name} debe ser una lista y ha llegado {shown(items)}: escribe [{name}]")
    if len(items) == 0:
        raise ValueError(f"{name} está vacío: hace falta al menos un elemento que dibujar")
    return list(items)


def check_titles(titles, count: int) -> Sequence[str]:
    if titles is None:
        return [""] * count
    if len(titles) != count:
        raise ValueError(
            f"hay {len(titles)} títulos para {count} dibujos: escribe uno por dibujo, o titles=None"
        )
    return titles


def number_ticks(*axes) -> None:
    """Números a la española en los ejes."""
    for axis in axes:
        axis.set_major_formatter(FuncFormatter(lambda value, _position: style.number_text(value, 3)))
