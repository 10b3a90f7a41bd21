"""Figuras estáticas del curso: dibujan lo que se les da, no calculan nada y no devuelven nada.

Cada función abre su figura con el estilo del curso, la enseña con ``plt.show()`` y la cierra, así que en un
cuaderno va sola en la última línea de la celda. Los ejes son siempre (fila, columna, canal).
"""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Normalize, PowerNorm, to_rgb
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from course_utils import style
from course_utils.checks import check_array, check_integer, check_pair, shown
from course_utils.shapes import explicit_padding

_IMAGE = {2: "(fila, columna)", 3: "(fila, columna, canal)"}
_MATRIX = {2: "(fila, columna)"}
_WIDTH = 6.4  # pulgadas: en un teléfono la figura se reduce a la mitad y el texto aún se lee
_METRICS = {"loss": "pérdida", "accuracy": "exactitud"}


def show_image(image, title="", value_range=None) -> None:
    """Enseña una imagen en gris o en color.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, 1) or (H, W, 3)
        En color, enteros de 0 a 255 o decimales de 0 a 1. En gris, cualquier intervalo.
    title : str
        Título.
    value_range : tuple of (float, float), optional
        Valores que se pintan negro y blanco en una imagen en gris; por defecto, 0 y 255 si es uint8, y si no
        el mínimo y el máximo.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si la imagen no tiene números reales.
    ValueError
        Si no tiene forma de imagen, o es en color y sus valores se salen del intervalo.

    Examples
    --------
    >>> show_image(np.eye(8), "Diagonal")

    References
    ----------
    Matplotlib, ``Axes.imshow``.
    """
    show_images([image], [title], 1, value_range)


def show_images(images, titles=None, columns=None, value_range=None) -> None:
    """Enseña varias imágenes en una cuadrícula, cada una con su título.

    Parameters
    ----------
    images : sequence of array_like, or ndarray of shape (N, H, W) or (N, H, W, C)
        Imágenes como las de :func:`show_image`.
    titles : sequence of str, optional
        Un título por imagen.
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.
    value_range : tuple of (float, float), optional
        El mismo negro y blanco para todas; sin él, cada imagen en gris usa el suyo.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Como en :func:`show_image`; también si no hay imágenes o los títulos no son uno por imagen.

    Examples
    --------
    >>> show_images([np.eye(8), 1 - np.eye(8)], ["Diagonal", "Negativo"])

    References
    ----------
    Matplotlib, ``Axes.imshow``.
    """
    images = [_check_image(image) for image in _check_sequence(images, "images")]
    titles = _check_titles(titles, len(images))
    with _panels(len(images), columns, images[0].shape) as (_, axes):
        for ax, image, title in zip(axes, images, titles, strict=True):
            limits = (0, 255) if value_range is None and image.dtype == np.uint8 else value_range
            low, high = limits or (None, None)
            ax.imshow(image, cmap=style.IMAGE_CMAP, vmin=low, vmax=high)
            _set_title(ax, title)


def show_feature_maps(maps, titles=None, columns=None) -> None:
    """Enseña los mapas de características de una imagen, todos con la misma escala de color.

    Parameters
    ----------
    maps : array_like, shape (H, W, C)
        Un mapa por canal.
    titles : sequence of str, optional
        Un título por mapa; por defecto, «filtro 1», «filtro 2»…
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si los mapas no tienen números reales.
    ValueError
        Si no tienen tres ejes o los títulos no son uno por mapa.

    Examples
    --------
    >>> show_feature_maps(np.arange(32).reshape(4, 4, 2))

    References
    ----------
    Mapa de color viridis, legible sin distinguir los colores: https://bids.github.io/colormap/
    """
    maps = check_array(maps, "maps", {3: _IMAGE[3]}, "de un lote, elige una imagen: maps[0]")
    channels = maps.shape[2]
    titles = _check_titles(titles or [f"filtro {number}" for number in range(1, channels + 1)], channels)
    scale = Normalize(maps.min(), maps.max())
    with _panels(channels, columns, maps.shape, beside=0.8) as (fig, axes):
        for channel, (ax, title) in enumerate(zip(axes, titles, strict=True)):
            drawn = ax.imshow(maps[:, :, channel], cmap=style.FEATURE_CMAP, norm=scale)
            _set_title(ax, title)
        fig.colorbar(drawn, ax=axes, shrink=0.8, format=FuncFormatter(_tick_text))


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
        Celdas del borde que son relleno, como en :func:`~course_utils.convolution.pad2d`.

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


def show_grid(values, title="", role="input", box=None, padding=0) -> None:
    """Enseña una matriz con sus números escritos en las celdas.

    Parameters
    ----------
    values, title, role, box, padding
        Como en :class:`Grid`.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Como en :func:`show_grids`.

    Examples
    --------
    >>> show_grid([[0, 1, 2], [3, 4, 5]], "Entrada", box=(0, 0, 2, 2))

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    show_grids([Grid(values, title, role, box, padding)])


def show_grids(grids, symbols="") -> None:
    """Enseña varias matrices en una fila, con celdas del mismo tamaño: entrada ∗ kernel = salida.

    Parameters
    ----------
    grids : sequence of Grid
        Matrices, de izquierda a derecha.
    symbols : str
        Un signo entre cada dos matrices: ``"∗="`` para tres.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si alguna matriz no tiene números reales, o no es un :class:`Grid`.
    ValueError
        Si no hay ninguna, alguna no tiene dos ejes o pasa de 32 filas o columnas, el papel no existe, lo
        rodeado se sale, o los signos no son uno menos que las matrices.

    Examples
    --------
    >>> image, kernel, output = [[0, 1, 2], [3, 4, 5]], [[1, 1]], [[1, 3], [7, 9]]
    >>> show_grids(
    ...     [Grid(image, "Entrada"), Grid(kernel, "Kernel", "kernel"), Grid(output, "Salida", "output")],
    ...     symbols="∗=",
    ... )

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    grids = [_check_grid(grid) for grid in _check_sequence(grids, "grids")]
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
    cell = min(0.5, _WIDTH / cols)
    with style.context():
        fig, ax = plt.subplots(figsize=(cols * cell, (rows + heading) * cell))
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
        _finish(fig)


def show_kernel(kernel, title="") -> None:
    """Enseña un kernel con sus pesos: naranja los positivos, morado los negativos, blanco el cero.

    Parameters
    ----------
    kernel : array_like, shape (kh, kw)
        Pesos.
    title : str
        Título.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Como en :func:`show_grids`.

    Examples
    --------
    >>> show_kernel([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "Sobel")

    References
    ----------
    Mapa de color PuOr, de Brewer: https://colorbrewer2.org/
    """
    show_grids([Grid(kernel, title, "signed")])


def show_window(image, corners, kernel_size, title="", dilation=1) -> None:
    """Enseña ventanas de un kernel sobre una imagen, numeradas en el orden en que se dan.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, 1) or (H, W, 3)
        Imagen, ya con su relleno si lo tiene.
    corners : sequence of (row, column)
        Píxel de arriba a la izquierda de cada ventana.
    kernel_size, dilation : int or tuple of (int, int)
        Los de la ventana.
    title : str
        Título.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si hay algo que no es un número.
    ValueError
        Si no hay ventanas o alguna se sale de la imagen.

    Examples
    --------
    >>> show_window(np.eye(8), [(0, 0), (0, 2)], kernel_size=3)

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    image = _check_image(image)
    (kh, kw), (dh, dw) = check_pair(kernel_size, "kernel_size"), check_pair(dilation, "dilation")
    height, width = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    corners = [check_pair(corner, "corners", minimum=0) for corner in _check_sequence(corners, "corners")]
    for row, col in corners:
        if row + height > image.shape[0] or col + width > image.shape[1]:
            raise ValueError(
                f"la ventana de {height}×{width} que empieza en ({row}, {col}) se sale de la imagen de "
                f"{image.shape[0]}×{image.shape[1]}: elige otra esquina o añade relleno a la imagen"
            )
    with _panels(1, 1, image.shape) as (_, (ax,)):
        ax.imshow(image, cmap=style.IMAGE_CMAP)
        for number, (row, col) in enumerate(corners, start=1):
            color = style.COLORS["kernel" if number % 2 else "highlight"]
            for i, j in np.ndindex(kh, kw) if dh * dw > 1 else ():
                ax.add_patch(
                    Rectangle((col + j * dw - 0.5, row + i * dh - 0.5), 1, 1, color=color, alpha=0.55)
                )
            frame = Rectangle((col - 0.5, row - 0.5), width, height, fill=False, edgecolor=color, linewidth=3)
            ax.add_patch(frame)
            label = {"boxstyle": "round,pad=0.2", "facecolor": color, "edgecolor": "white"}
            ax.text(col - 0.5, row - 0.5, str(number), color="white", ha="center", va="center", bbox=label)
        _set_title(ax, title)


def show_parameter_bars(counts, title="", log_scale=False) -> None:
    """Compara números de parámetros con barras horizontales y el número escrito.

    Parameters
    ----------
    counts : mapping of str to int
        Nombre y número de parámetros, en el orden en que se dibujan.
    title : str
        Título.
    log_scale : bool
        Si el eje va por potencias de diez, para números muy distintos.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si no es un diccionario o algún número no es entero.
    ValueError
        Si está vacío o hay algún número negativo, o un cero con ``log_scale=True``.

    Examples
    --------
    >>> show_parameter_bars({"Densa": 100480, "Convolucional": 320}, log_scale=True)

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    if not isinstance(counts, Mapping):
        raise TypeError(
            f"counts debe ser un diccionario de nombre a número y ha llegado {shown(counts)}: "
            "escribe, por ejemplo, {'Densa': 100480}"
        )
    names = [str(name) for name in _check_sequence(counts, "counts")]
    numbers = [check_integer(number, f"counts[{name!r}]", int(log_scale)) for name, number in counts.items()]
    with style.context():
        fig, ax = plt.subplots(figsize=(_WIDTH, 0.9 + 0.5 * len(names)))
        bars = ax.barh(names, numbers, color=style.COLORS["input"], height=0.65, log=log_scale)
        ax.bar_label(bars, [style.number_text(number) for number in numbers], padding=5)
        ax.invert_yaxis()
        ax.margins(x=0.22)
        if log_scale:
            ax.set_xlim(left=1)
        ax.set(title=title, xlabel="parámetros" + (" (escala logarítmica)" if log_scale else ""))
        ax.tick_params(axis="y", length=0)
        if not log_scale:
            ax.xaxis.set_major_formatter(FuncFormatter(_tick_text))
            ax.xaxis.set_major_locator(MaxNLocator(4))
        _finish(fig)


def show_history(history, title="") -> None:
    """Enseña la marcha de un entrenamiento, época a época: un panel por medida.

    Parameters
    ----------
    history : mapping of str to sequence of float
        Lo que guarda ``model.fit(…).history``: una lista por medida, con ``val_`` delante en las de
        validación.
    title : str
        Título.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si no es un diccionario o hay algo que no es un número.
    ValueError
        Si está vacío o las listas no miden lo mismo.

    Examples
    --------
    >>> show_history({"loss": [0.9, 0.5, 0.4], "val_loss": [0.8, 0.6, 0.5]})

    References
    ----------
    Keras, ``keras.callbacks.History``.
    """
    if not isinstance(history, Mapping):
        raise TypeError(
            f"history debe ser un diccionario y ha llegado {shown(history)}: "
            "pasa el atributo history de lo que devuelve model.fit"
        )
    _check_sequence(history, "history")
    curves = {
        name: check_array(values, f"history[{name!r}]", {1: "(época)"}) for name, values in history.items()
    }
    lengths = {name: len(values) for name, values in curves.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"las listas de history no miden lo mismo: {lengths}; da una por época y medida")
    metrics = list(dict.fromkeys(name.removeprefix("val_") for name in curves))
    with style.context():
        fig, axes = plt.subplots(
            1, len(metrics), figsize=(max(_WIDTH, 3.4 * len(metrics)), 3.3), squeeze=False, sharex=True
        )
        fig.suptitle(title, x=0.02, ha="left", fontsize=13)
        for ax, metric in zip(axes[0], metrics, strict=True):
            for name, label, line, role in (
                (metric, "entrenamiento", "-", "input"),
                (f"val_{metric}", "validación", "--", "kernel"),
            ):
                if name in curves:
                    epochs = np.arange(1, len(curves[name]) + 1)
                    ax.plot(epochs, curves[name], line, color=style.COLORS[role], marker="o", label=label)
            ax.set(title=_METRICS.get(metric, metric), xlabel="época")
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            ax.yaxis.set_major_formatter(FuncFormatter(_tick_text))
            ax.grid(axis="y")
            ax.legend()
        _finish(fig)


def show_confusion(matrix, class_names, title="", xlabel="clase predicha", ylabel="clase verdadera") -> None:
    """Enseña una matriz de confusión: en cada fila, cómo se han clasificado los ejemplos de una clase.

    Parameters
    ----------
    matrix : array_like of int, shape (K, K)
        Ejemplos de la clase de la fila que se han clasificado como la de la columna.
    class_names : sequence of str
        Nombre de cada clase.
    title, xlabel, ylabel : str
        Textos de la figura.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si la matriz no tiene números reales.
    ValueError
        Si no es cuadrada, o los nombres no son uno por clase.

    Examples
    --------
    >>> show_confusion([[8, 2], [1, 9]], ["bolso", "botín"])

    References
    ----------
    scikit-learn, ``confusion_matrix``: el mismo orden de filas y columnas.
    """
    matrix = check_array(matrix, "matrix", _MATRIX)
    if matrix.shape != (len(class_names), len(class_names)):
        raise ValueError(
            f"matrix debe tener una fila y una columna por clase y ha llegado {shown(matrix)} para "
            f"{len(class_names)} clases: revisa class_names"
        )
    # la raíz cuadrada deja ver los errores, que son pocos al lado de los aciertos
    scale = PowerNorm(0.5, 0, max(matrix.max(), 1))
    with style.context():
        side = min(_WIDTH, 2.4 + 0.45 * len(class_names))
        fig, ax = plt.subplots(figsize=(side, side))
        ax.imshow(matrix, cmap="Blues", norm=scale)
        for row, col in np.ndindex(matrix.shape):
            ax.text(
                col,
                row,
                style.number_text(matrix[row, col]),
                ha="center",
                va="center",
                fontsize=10,
                fontweight="bold" if row == col else "normal",
                color="white" if scale(matrix[row, col]) > 0.55 else style.TEXT["light"],
            )
        ax.set_xticks(range(len(class_names)), class_names, rotation=45, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(len(class_names)), class_names)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        _finish(fig)


def show_kernels(kernels, titles=None, columns=None) -> None:
    """Enseña varios kernels en una cuadrícula, sin números: naranja los positivos y morado los negativos.

    Parameters
    ----------
    kernels : array_like, shape (F, kh, kw)
        Pesos; el blanco es el cero y la escala es la misma para todos.
    titles : sequence of str, optional
        Un título por kernel; por defecto, «filtro 1», «filtro 2»…
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si los pesos no son números reales.
    ValueError
        Si no tienen tres ejes o los títulos no son uno por kernel.

    Examples
    --------
    >>> show_kernels([[[-1, 1]], [[1, -1]]])

    References
    ----------
    Mapa de color PuOr, de Brewer: https://colorbrewer2.org/
    """
    kernels = check_array(kernels, "kernels", {3: "(filtro, fila, columna)"})
    names = [f"filtro {number}" for number in range(1, len(kernels) + 1)]
    titles = _check_titles(titles or names, len(kernels))
    largest = max(abs(kernels.min()), abs(kernels.max()), 1e-12)
    with _panels(len(kernels), columns, kernels.shape[1:], beside=0.8) as (fig, axes):
        for ax, kernel, title in zip(axes, kernels, titles, strict=True):
            drawn = ax.imshow(kernel, cmap=style.SIGNED_CMAP, vmin=-largest, vmax=largest)
            _set_title(ax, title)
        fig.colorbar(drawn, ax=axes, shrink=0.8, format=FuncFormatter(_tick_text))


def show_patches(tiers) -> None:
    """Enseña, capa a capa, las ventanas de imagen que más activan cada filtro: un bloque por filtro.

    Parameters
    ----------
    tiers : mapping of str to array_like of shape (F, K, h, w, 1)
        Por el título de cada piso, K ventanas de cada uno de sus F filtros. El primero se dibuja arriba.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si las ventanas no son números reales.
    ValueError
        Si no hay ninguna o no tienen los ejes (filtro, ventana, fila, columna, canal).

    Examples
    --------
    >>> show_patches({"Capa 1": np.zeros((4, 4, 5, 5, 1)), "Capa 2": np.ones((4, 4, 14, 14, 1))})

    References
    ----------
    La disposición en bloques es la de Zeiler y Fergus, «Visualizing and understanding convolutional networks»
    (2014), figura 2.
    """
    axes_names = {5: "(filtro, ventana, fila, columna, canal)"}
    blocks = [
        (title, check_array(pixels, f"tiers[{title!r}]", axes_names)[..., 0])
        for title, pixels in zip(tiers, _check_mapping(tiers, "tiers"), strict=True)
    ]
    filters = max(len(pixels) for _, pixels in blocks)
    side, heading = _WIDTH / filters, 0.42
    total = len(blocks) * (heading + side)
    framed = plt.get_cmap(style.IMAGE_CMAP).with_extremes(bad=style.soft("highlight"))
    with style.context():
        fig = plt.figure(figsize=(_WIDTH, total), layout="none")
        for row, (title, pixels) in enumerate(blocks):
            bottom = total - (row + 1) * (heading + side)
            fig.text(0, (bottom + side + 0.1) / total, title, va="bottom")
            low, high = (0, 255) if pixels.dtype == np.uint8 else (pixels.min(), pixels.max())
            for column, patches in enumerate(pixels):
                ax = fig.add_axes((column / filters, bottom / total, 0.93 / filters, 0.93 * side / total))
                ax.imshow(_tile(patches), cmap=framed, vmin=low, vmax=high)
                ax.axis("off")
        _finish(fig)


class Stage(NamedTuple):
    """Un paso de la red que dibuja :func:`show_network`.

    Parameters
    ----------
    title : str
        Qué es y cuánto mide.
    values : array_like, shape (H, W, C) or (N,)
        Mapas de características, o una lista de valores.
    names : sequence of str
        Nombre de cada valor de una lista; si se dan, se dibujan barras.

    Examples
    --------
    >>> Stage("Entrada", np.zeros((28, 28, 1))).names
    ()
    """

    title: str
    values: np.ndarray
    names: Sequence[str] = ()


def show_network(stages) -> None:
    """Enseña una red entera, de arriba abajo: lo que sale de cada paso, todos los mapas a la misma escala.

    Parameters
    ----------
    stages : sequence of Stage
        Pasos, de la entrada a la salida. El primero se dibuja en gris, como imagen.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si un paso no es un :class:`Stage` o no tiene números reales.
    ValueError
        Si no hay pasos, tienen otros ejes o los nombres no son uno por valor.

    Examples
    --------
    >>> image = np.eye(8)[..., np.newaxis]
    >>> show_network([Stage("Entrada", image), Stage("Salida", [0.2, 0.8], ["no", "sí"])])

    References
    ----------
    El esquema clásico, de la imagen a las clases, es el de LeCun, Bottou, Bengio y Haffner,
    «Gradient-based learning applied to document recognition» (1998), figura 2.
    """
    stages = [_check_stage(stage) for stage in _check_sequence(stages, "stages")]
    gap = 2  # píxeles entre mapas
    mosaics = [_row_of_maps(stage.values, gap) if stage.values.ndim == 3 else None for stage in stages]
    widest = max((mosaic.shape[1] for mosaic in mosaics if mosaic is not None), default=1)
    heights = [
        _WIDTH / widest * len(mosaic) if mosaic is not None else 0.24 * max(len(stage.names), 1)
        for stage, mosaic in zip(stages, mosaics, strict=True)
    ]
    heading, total = 0.42, 0.42 * len(stages) + sum(heights)
    with style.context():
        fig = plt.figure(figsize=(_WIDTH, total), layout="none")
        top = total
        for number, (stage, mosaic, height) in enumerate(zip(stages, mosaics, heights, strict=True)):
            arrow = "↓ " if number else ""
            fig.text(0, (top - heading + 0.1) / total, arrow + stage.title, va="bottom")
            top -= heading + height
            left, width = (0.24, 0.6) if stage.names else (0, 1)
            ax = fig.add_axes((left, top / total, width, height / total))
            _draw_stage(ax, stage, mosaic, widest, is_image=number == 0)
        _finish(fig)


def show_curves(x, curves, title="", xlabel="", ylabel="", log_x=False) -> None:
    """Enseña varias curvas; con varias semillas, la media y una banda del mínimo al máximo.

    Parameters
    ----------
    x : array_like, shape (P,)
        Valores del eje horizontal.
    curves : mapping of str to array_like of shape (P,) or (S, P)
        Por cada nombre, un valor por punto, o uno por semilla y punto.
    title, xlabel, ylabel : str
        Textos de la figura.
    log_x : bool
        Si el eje horizontal va por potencias de diez.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si hay algo que no es un número real.
    ValueError
        Si no hay curvas o alguna no tiene un valor por punto.

    Examples
    --------
    >>> show_curves([1, 2, 3], {"densa": [[0.9, 0.5, 0.3], [0.8, 0.6, 0.2]], "azar": [0.1, 0.1, 0.1]})

    References
    ----------
    Matplotlib, ``Axes.plot`` y ``Axes.fill_between``.
    """
    x = check_array(x, "x", {1: "(punto)"})
    named = {
        name: check_array(values, f"curves[{name!r}]", {1: "(punto)", 2: "(semilla, punto)"})
        for name, values in zip(curves, _check_mapping(curves, "curves"), strict=True)
    }
    for name, values in named.items():
        if values.shape[-1] != len(x):
            raise ValueError(
                f"la curva «{name}» tiene {values.shape[-1]} puntos y el eje, {len(x)}: da un valor por punto"
            )
    roles, lines, markers = ("input", "kernel", "output", "highlight"), ("-", "--", ":", "-."), "osD^"
    with style.context():
        fig, ax = plt.subplots(figsize=(_WIDTH, 3.6))
        for number, (name, values) in enumerate(named.items()):
            kind = number % len(roles)
            color = style.COLORS[roles[kind]]
            look = {"linestyle": lines[kind], "marker": markers[kind]}
            seeds = np.atleast_2d(values)
            ax.plot(x, seeds.mean(axis=0), color=color, label=name, **look)
            if len(seeds) > 1:
                ax.fill_between(x, seeds.min(axis=0), seeds.max(axis=0), color=color, alpha=0.2, linewidth=0)
        if log_x:
            ax.set_xscale("log")
        if len(x) <= 10:
            ax.set_xticks(x)
        ax.xaxis.set_major_formatter(FuncFormatter(_tick_text))
        ax.yaxis.set_major_formatter(FuncFormatter(_tick_text))
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        ax.grid(axis="y")
        ax.legend()
        _finish(fig)


def show_annotations(image, masks=(), boxes=(), polygons=(), labels=(), title="") -> None:
    """Enseña una fotografía con lo que está anotado en ella.

    Cada objeto tiene su color y su trazo. Las coordenadas son las de COCO: (x, y) desde la esquina de arriba
    a la izquierda, así que el primer píxel va de 0 a 1.

    Parameters
    ----------
    image : array_like, shape (H, W, 3) or (H, W)
        La imagen.
    masks : sequence of array_like of bool, shape (H, W)
        Una máscara por objeto.
    boxes : sequence of (float, float, float, float)
        Una caja por objeto: x, y, anchura y altura.
    polygons : sequence of sequence of float
        Contornos ``[x1, y1, x2, y2, …]``, con sus vértices marcados.
    labels : sequence of str
        Un nombre por caja o, si no hay cajas, por máscara.
    title : str
        Título.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Si la imagen no lo es, una máscara está vacía o no mide lo mismo que ella, una caja no tiene cuatro
        números, un polígono no tiene al menos tres puntos o no hay un nombre por objeto.

    Examples
    --------
    >>> show_annotations(np.zeros((40, 60, 3)), boxes=[(10, 5, 30, 20)], labels=["perro"])

    References
    ----------
    Formato de las cajas y los polígonos: https://cocodataset.org/#format-data
    """
    image = _check_image(image)
    height, width = image.shape[:2]
    masks = [check_array(mask, "mask", _MATRIX) != 0 for mask in masks]
    if any(mask.shape != (height, width) for mask in masks):
        raise ValueError(f"una máscara no mide {height}×{width}, como la imagen: usa la de esta imagen")
    if not all(mask.any() for mask in masks):
        raise ValueError("una máscara no tiene ningún píxel: quítala de la lista")
    boxes = [check_array(box, "box", {1: "(x, y, anchura, altura)"}) for box in boxes]
    if any(len(box) != 4 for box in boxes):
        raise ValueError("una caja no tiene cuatro números: x, y, anchura y altura")
    polygons = [check_array(polygon, "polygon", {1: "(x1, y1, x2, y2, …)"}) for polygon in polygons]
    if any(len(polygon) < 6 or len(polygon) % 2 for polygon in polygons):
        raise ValueError("un polígono no tiene al menos tres puntos: escribe [x1, y1, x2, y2, x3, y3]")
    anchors = [box[:2] for box in boxes] or [np.argwhere(mask)[0][::-1] for mask in masks]
    if labels and len(labels) != len(anchors):
        raise ValueError(f"hay {len(labels)} nombres y {len(anchors)} objetos: pon un nombre por objeto")
    colors, dashes = list(style.INSTANCE_COLORS), ("-", "--", ":", "-.")
    with _panels(1, 1, (height, width)) as (fig, (ax,)):
        fig.set_size_inches(_WIDTH * 0.8, _WIDTH * 0.8 * height / width + 0.4)
        frame = {"extent": (0, width, height, 0), "interpolation": "antialiased"}
        ax.imshow(image, cmap=style.IMAGE_CMAP, **frame)
        for number, mask in enumerate(masks):
            paint = np.zeros((height, width, 4))
            paint[..., :3] = to_rgb(colors[number % len(colors)])
            paint[..., 3] = 0.6 * mask
            ax.imshow(paint, **frame)
        for number, (x, y, w, h) in enumerate(boxes):
            color, dash = colors[number % len(colors)], dashes[number % len(dashes)]
            outline = [withStroke(linewidth=4, foreground="white")]
            edge = {"fill": False, "edgecolor": color, "linewidth": 2, "linestyle": dash}
            ax.add_patch(Rectangle((x, y), w, h, path_effects=outline, **edge))
        for polygon in polygons:
            xs, ys = np.append(polygon, polygon[:2]).reshape(-1, 2).T
            ax.plot(xs, ys, "o-", color=style.COLORS["highlight"], linewidth=1.5, markersize=4)
        for (x, y), label in zip(anchors, labels, strict=bool(labels)):
            tag = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
            at = min(max(float(x), 0), width * 0.9), min(max(float(y), height * 0.05), height * 0.97)
            ax.text(*at, label, fontsize=9, ha="left", va="bottom", bbox=tag, clip_on=True)
        ax.set(xlim=(0, width), ylim=(height, 0))
        _set_title(ax, title)


def show_labels(maps, titles=None, columns=None) -> None:
    """Enseña mapas de etiquetas: cada número, de un color; el 0, gris claro, y el 255, negro.

    Parameters
    ----------
    maps : sequence of array_like of int, shape (H, W)
        La clase o el objeto de cada píxel; 0 es el fondo y 255, lo que no cuenta.
    titles : sequence of str, optional
        Un título por mapa.
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Si no hay mapas, no son de enteros que no sean negativos o los títulos no son uno por mapa.

    Examples
    --------
    >>> show_labels([np.eye(8, dtype=int), 3 * np.eye(8, dtype=int)], ["Clase", "Objeto"])

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    maps = [check_array(values, "map", _MATRIX) for values in _check_sequence(maps, "maps")]
    for values in maps:
        if values.dtype.kind not in "biu" or values.min() < 0:
            raise ValueError(
                f"un mapa de etiquetas tiene enteros desde 0 y ha llegado {shown(values)}: "
                "conviértelo con astype(int)"
            )
    titles = _check_titles(titles, len(maps))
    palette = np.array([to_rgb(color) for color in style.INSTANCE_COLORS])
    with _panels(len(maps), columns, maps[0].shape) as (_, axes):
        for ax, values, title in zip(axes, maps, titles, strict=True):
            colored = palette[(values.astype(int) - 1) % len(palette)]
            colored[values == 0], colored[values == 255] = to_rgb("#E4E7EA"), to_rgb("#000000")
            ax.imshow(colored)
            _set_title(ax, title)


def show_offsets(image, offsets, step=3, title="") -> None:
    """Enseña adónde apunta cada píxel: una flecha, sobre la imagen, de uno de cada ``step`` en cada eje.

    Parameters
    ----------
    image : array_like, shape (H, W, 3) or (H, W)
        La imagen.
    offsets : array_like, shape (H, W, 2)
        Filas y columnas que se mueve cada píxel; donde las dos son 0 no hay flecha.
    step : int
        Píxeles entre flecha y flecha.
    title : str
        Título.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si hay algo que no es un número real.
    ValueError
        Si los desplazamientos no son dos por píxel de la imagen.

    Examples
    --------
    >>> show_offsets(np.zeros((12, 12)), np.full((12, 12, 2), 2.0))

    References
    ----------
    Matplotlib, ``Axes.quiver``.
    """
    image = _check_image(image)
    offsets = check_array(offsets, "offsets", {3: "(fila, columna, eje)"})
    step = check_integer(step, "step")
    if offsets.shape != (*image.shape[:2], 2):
        raise ValueError(
            f"offsets debe tener forma {(*image.shape[:2], 2)}, dos números por píxel de la imagen, y ha "
            f"llegado {shown(offsets)}: pasa los de esta imagen"
        )
    rows, cols = np.mgrid[: image.shape[0] : step, : image.shape[1] : step]
    chosen = (offsets[rows, cols] != 0).any(axis=-1)
    rows, cols = rows[chosen], cols[chosen]
    down, right = offsets[rows, cols].T
    with _panels(1, 1, image.shape) as (fig, (ax,)):
        fig.set_size_inches(_WIDTH * 0.55, _WIDTH * 0.55 * image.shape[0] / image.shape[1] + 0.4)
        ax.imshow(image, cmap=style.IMAGE_CMAP)
        outline = [withStroke(linewidth=2.5, foreground="white")]
        look = {"color": style.COLORS["highlight"], "width": 0.005, "path_effects": outline}
        ax.quiver(cols, rows, right, down, angles="xy", scale_units="xy", scale=1, **look)
        _set_title(ax, title)


def show_class_maps(panels, class_names, titles=None, columns=None, colors=style.SCENE_COLORS) -> None:
    """Enseña imágenes y, con los mismos colores y una leyenda, la clase de cada píxel.

    Parameters
    ----------
    panels : sequence of array_like
        Imágenes de color, de forma (H, W, 3), o mapas de clases enteras, de forma (H, W), en cualquier orden.
    class_names : sequence of str
        Nombre de cada clase, desde la 0.
    titles : sequence of str, optional
        Un título por panel.
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.
    colors : sequence of str
        Un color por clase.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Si no hay paneles, alguno no es una imagen ni un mapa de clases con nombre, o los títulos no son uno
        por panel.

    Examples
    --------
    >>> show_class_maps([np.zeros((8, 8, 3)), np.eye(8, dtype=int)], ["fondo", "diagonal"])

    References
    ----------
    Los colores son los de :mod:`course_utils.style`.
    """
    palette = np.array([to_rgb(color) for color in colors[: len(class_names)]])
    panels = [
        _paint_classes(values, class_names, palette) if np.ndim(values) == 2 else _check_image(values)
        for values in _check_sequence(panels, "panels")
    ]
    titles = _check_titles(titles, len(panels))
    with _panels(len(panels), columns, panels[0].shape) as (fig, axes):
        for ax, values, title in zip(axes, panels, titles, strict=True):
            ax.imshow(values)
            _set_title(ax, title)
        keys = [Patch(facecolor=color, edgecolor=style.TEXT["light"], linewidth=0.6) for color in palette]
        across = min(len(keys), max(int(fig.get_figwidth() / 0.85), 2))
        fig.set_figheight(fig.get_figheight() + 0.1 + 0.22 * math.ceil(len(keys) / across))
        narrow = {"handlelength": 1.2, "columnspacing": 1.0, "handletextpad": 0.5}
        fig.legend(keys, class_names, loc="outside lower center", ncols=across, fontsize=9, **narrow)


def show_unet(down, up) -> None:
    """Dibuja una red con forma de U: un bloque por tamaño, los que bajan, los que suben y los atajos.

    Los atajos unen los bloques del mismo lado; a la salida no llega ninguno.

    Parameters
    ----------
    down : sequence of (int, int)
        Lado y canales de cada bloque de la bajada, de la imagen al más pequeño.
    up : sequence of (int, int)
        Lado y canales de cada bloque de la subida, del más pequeño a la salida.

    Returns
    -------
    None

    Raises
    ------
    TypeError, ValueError
        Si no hay bloques, o alguno no son dos enteros positivos.

    Examples
    --------
    >>> show_unet(down=[(64, 3), (32, 24), (16, 40)], up=[(32, 24), (64, 7)])

    References
    ----------
    Ronneberger, Fischer y Brox, «U-Net: convolutional networks for biomedical image segmentation» (2015),
    figura 1.
    """
    down = [check_pair(block, "down") for block in _check_sequence(down, "down")]
    up = [check_pair(block, "up") for block in _check_sequence(up, "up")]
    depth = {size: -1.3 * level for level, (size, _) in enumerate(down)}
    largest = max(channels for _, channels in down + up)
    with style.context():
        fig, ax = plt.subplots(figsize=(_WIDTH, 0.4 + 0.95 * len(down)))
        places, x = [], 0.0
        for number, (size, channels) in enumerate(down + up):
            width, height = 0.18 + 0.5 * channels / largest, 0.3 + 0.6 * size / down[0][0]
            y = depth.get(size, 0.0)
            x += 0 if number == 0 else 1.25 if y != places[-1][1] else 2.0
            role = "input" if number == 0 else "output" if number == len(down + up) - 1 else "kernel"
            frame = {"facecolor": style.soft(role), "edgecolor": style.COLORS[role], "linewidth": 1.6}
            ax.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, **frame))
            side = -1 if number < len(down) - 1 else 1 if number >= len(down) else 0  # fuera de la U
            at = (x + side * (width / 2 + 0.1), y - 0.08) if side else (x, y - height / 2 - 0.08)
            text = f"{size}×{size}\n{channels} can."
            look = {"ha": {-1: "right", 0: "center", 1: "left"}[side], "va": "center" if side else "top"}
            ax.text(*at, text, fontsize=12, **look)
            places.append((x, y, width, height))
        arrow = {"arrowstyle": "->", "color": style.TEXT["light"], "linewidth": 1.4}
        for (x, y, width, height), (to_x, to_y, to_width, to_height) in pairwise(places):
            if to_y < y:
                ends = (to_x, to_y + to_height / 2), (x + width / 2, y - height / 4)
            elif to_y > y:
                ends = (to_x - to_width / 2, to_y - to_height / 4), (x, y + height / 2)
            else:
                ends = (to_x - to_width / 2, to_y + 0.3), (x + width / 2, y + 0.3)
            ax.annotate("", *ends, arrowprops=arrow)
        sizes = [size for size, _ in down[:-1]]
        for number, (size, _) in enumerate(up[:-1]):
            if size in sizes:
                x, y, width, _ = places[sizes.index(size)]
                to_x, _, to_width, _ = places[len(down) + number]
                bridge = arrow | {"linestyle": "--", "color": style.COLORS["highlight"]}
                ax.annotate("", (to_x - to_width / 2, y), (x + width / 2, y), arrowprops=bridge)
                middle = (x + to_x) / 2, y + 0.05
                color = style.COLORS["highlight"]
                ax.text(*middle, "atajo", color=color, ha="center", va="bottom", fontsize=12)
        ax.set(xlim=(-1.2, places[-1][0] + 1.2), ylim=(min(depth.values()) - 0.9, 0.6))
        ax.axis("off")
        _finish(fig)


def show_points(points, title="", xlabel="", ylabel="", log_x=False) -> None:
    """Enseña puntos con su nombre al lado; con varias semillas, la media y barras del mínimo al máximo.

    Parameters
    ----------
    points : mapping of str to pair of array_like
        Por cada nombre, ``(x, y)``: dos números, o dos listas con uno por semilla.
    title, xlabel, ylabel : str
        Textos de la figura.
    log_x : bool
        Si el eje horizontal va por potencias de diez.

    Returns
    -------
    None

    Raises
    ------
    TypeError
        Si hay algo que no es un número real.
    ValueError
        Si no hay puntos o alguno no tiene tantas x como y.

    Examples
    --------
    >>> show_points({"densa": ([12, 13], [0.87, 0.88]), "convolucional": (60, 0.91)}, xlabel="segundos")

    References
    ----------
    Matplotlib, ``Axes.errorbar``.
    """
    pairs = dict(zip(points, _check_mapping(points, "points"), strict=True))
    with style.context():
        fig, ax = plt.subplots(figsize=(_WIDTH, 4))
        for name, pair in pairs.items():
            x, y = (np.atleast_1d(check_array(v, f"points[{name!r}]", {0: "", 1: "(semilla)"})) for v in pair)
            if x.shape != y.shape:
                raise ValueError(f"«{name}» tiene {len(x)} x y {len(y)} y: da una pareja por semilla")
            center = x.mean(), y.mean()
            reach = [
                abs(np.array([[m - v.min()], [v.max() - m]])) for m, v in zip(center, (x, y), strict=True)
            ]
            ax.errorbar(*center, *reach[::-1], fmt="o", color=style.COLORS["kernel"])
            ax.annotate(name, center, xytext=(6, 5), textcoords="offset points")
        if log_x:
            ax.set_xscale("log")
            ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ax.xaxis.set_minor_formatter(NullFormatter())
        ax.margins(x=0.25, y=0.12)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(FuncFormatter(_tick_text))
        ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
        ax.grid()
        _finish(fig)


def alt_text(values, name="Matriz") -> str:
    """Texto alternativo de una matriz o de una imagen: lo que se ve, dicho con palabras.

    Parameters
    ----------
    values : array_like, shape (H, W) or (H, W, C)
        Lo que se dibuja.
    name : str
        Cómo se llama: «Kernel», «Imagen»…

    Returns
    -------
    str
        Hasta 8×8, todos los números fila a fila; si es mayor, el tamaño, los canales y el intervalo de
        valores.

    Raises
    ------
    TypeError
        Si no son números reales.
    ValueError
        Si no tiene dos o tres ejes, está vacío o hay NaN.

    Examples
    --------
    >>> alt_text([[0, 1], [-2, 0]], "Kernel")
    'Kernel de 2×2. Fila 1: 0, 1. Fila 2: −2, 0.'
    >>> alt_text(np.zeros((28, 28, 3)), "Imagen")
    'Imagen de 28×28 con 3 canales, con valores de 0 a 0.'

    References
    ----------
    WCAG 2.2, criterio 1.1.1.
    """
    values = check_array(values, "values", _IMAGE)
    size = f"{name} de {values.shape[0]}×{values.shape[1]}"
    if values.ndim == 2 and max(values.shape) <= 8:
        separator = ", " if values.dtype.kind in "biu" else "; "
        rows = (
            f"Fila {number}: {separator.join(style.number_text(value) for value in row)}."
            for number, row in enumerate(values, start=1)
        )
        return f"{size}. {' '.join(rows)}"
    channels = f" con {values.shape[2]} canales" if values.ndim == 3 and values.shape[2] > 1 else ""
    low, high = style.number_text(values.min()), style.number_text(values.max())
    return f"{size}{channels}, con valores de {low} a {high}."


@contextmanager
def _panels(count: int, columns: int | None, shape: tuple[int, ...], beside: float = 0) -> Iterator[tuple]:
    """Figura con ``count`` paneles sin ejes, de proporciones ``shape``; ``beside``, pulgadas a su lado."""
    columns = min(count, 5 if columns is None else check_integer(columns, "columns"))
    rows = math.ceil(count / columns)
    width = min(_WIDTH - beside, 3.6 if columns == 1 else 2.2 * columns)
    height = rows * (width / columns * shape[0] / shape[1] + 0.4)
    with style.context():
        fig, axes = plt.subplots(rows, columns, figsize=(width + beside, height), squeeze=False)
        for ax in axes.flat:
            ax.axis("off")
        yield fig, list(axes.flat[:count])
        _finish(fig)


def _set_title(ax, title: str) -> None:
    """Título partido en líneas que caben en el ancho de su panel."""
    characters = ax.get_figure().get_figwidth() / ax.get_gridspec().ncols / 0.095
    ax.set_title(textwrap.fill(title, max(int(characters), 8)), fontsize=11)


def _finish(fig) -> None:
    plt.show()
    plt.close(fig)


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
            dark = np.dot(fill[:3], (0.30, 0.59, 0.11)) < 0.5 if grid.role == "signed" else False
            color = "white" if dark else style.TEXT["light"]
            ax.text(
                left + c + 0.5, top + r + 0.5, text, ha="center", va="center", fontsize=fontsize, color=color
            )
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
        grid.values, "values", _MATRIX, "de una imagen con canales, elige uno: image[:, :, 0]"
    )
    if max(values.shape) > 32:
        raise ValueError(
            f"los números de una matriz de {values.shape[0]}×{values.shape[1]} no se leerían: "
            "usa show_image, o recorta hasta 32×32"
        )
    if grid.role != "signed":
        style.role_color(grid.role)
    pads = explicit_padding(grid.padding, values.shape, 1)
    if grid.box is not None:
        if len(grid.box) != 4:
            raise ValueError(
                f"box debe ser (fila, columna, alto, ancho) y ha llegado {shown(grid.box)}: "
                "escribe, por ejemplo, box=(0, 0, 3, 3)"
            )
        row, col = check_pair(grid.box[:2], "box", minimum=0)
        height, width = check_pair(grid.box[2:], "box")
        if row + height > values.shape[0] or col + width > values.shape[1]:
            raise ValueError(
                f"box={grid.box} se sale de una matriz de {values.shape[0]}×{values.shape[1]}: "
                "es (fila, columna, alto, ancho) y se cuenta desde 0"
            )
    return grid._replace(values=values, padding=pads)


def _paint_classes(values, class_names, palette) -> np.ndarray:
    values = check_array(values, "panels", _MATRIX)
    if values.dtype.kind not in "biu" or values.min() < 0 or values.max() >= len(palette):
        raise ValueError(
            f"un mapa de clases tiene enteros de 0 a {len(palette) - 1}, uno por nombre, y ha "
            f"llegado {shown(values)}: si son puntuaciones, escribe scores.argmax(axis=-1)"
        )
    return palette[values.astype(int)]


def _check_image(image) -> np.ndarray:
    image = check_array(image, "image", _IMAGE, "de un lote, elige una imagen: images[0]")
    if image.ndim == 3 and image.shape[2] not in (1, 3):
        raise ValueError(
            f"image debe tener 1 canal (gris) o 3 (color) y ha llegado {shown(image)}: "
            "para ver cada canal por separado usa show_feature_maps"
        )
    top = 255 if image.dtype.kind in "iu" else 1
    if image.ndim == 3 and image.shape[2] == 3 and (image.min() < 0 or image.max() > top):
        raise ValueError(
            f"una imagen en color de tipo {image.dtype} va de 0 a {top} y ha llegado con valores de "
            f"{image.min()} a {image.max()}: divídela entre 255, o recórtala con np.clip"
        )
    return image


def _tile(patches: np.ndarray) -> np.ndarray:
    """Ventanas (K, h, w) en un bloque casi cuadrado, enmarcadas con NaN."""
    count, height, width = patches.shape
    side = math.ceil(math.sqrt(count))
    gap = math.ceil(width / 10)
    block = np.full((math.ceil(count / side) * (height + gap) + gap, side * (width + gap) + gap), np.nan)
    for index, patch in enumerate(patches):
        row, col = divmod(index, side)
        top, left = gap + row * (height + gap), gap + col * (width + gap)
        block[top : top + height, left : left + width] = patch
    return block


def _row_of_maps(maps: np.ndarray, gap: int) -> np.ndarray:
    """Mapas (H, W, C) uno al lado de otro; NaN en los huecos."""
    height, width, channels = maps.shape
    row = np.full((height, channels * (width + gap) - gap), np.nan)
    for channel in range(channels):
        left = channel * (width + gap)
        row[:, left : left + width] = maps[:, :, channel]
    return row


def _draw_stage(ax, stage: Stage, mosaic: np.ndarray | None, widest: int, is_image: bool) -> None:
    if stage.names:
        numbers = range(len(stage.names))
        bars = ax.barh(numbers, stage.values, color=style.COLORS["output"], height=0.7)
        ax.bar_label(bars, [style.number_text(float(value), 2) for value in stage.values], padding=4)
        ax.set_yticks(numbers, stage.names)
        ax.set(xlim=(min(0, stage.values.min()), max(stage.values.max(), 1e-12)), xticks=[])
        ax.invert_yaxis()
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(length=0)
        return
    ax.axis("off")
    cmap = style.IMAGE_CMAP if is_image else style.FEATURE_CMAP
    if mosaic is None:
        ax.imshow(stage.values[np.newaxis], cmap=cmap, aspect="auto")
        return
    ax.imshow(mosaic, cmap=cmap, aspect="equal", extent=(0, mosaic.shape[1], 0, len(mosaic)))
    ax.set(xlim=(0, widest), ylim=(0, len(mosaic)))


def _check_stage(stage) -> Stage:
    if not isinstance(stage, Stage):
        raise TypeError(
            f"cada paso debe ser un Stage y ha llegado {shown(stage)}: "
            "escribe, por ejemplo, Stage('Entrada', image)"
        )
    values = check_array(stage.values, "values", {1: "(valor)", 3: _IMAGE[3]})
    if stage.names and (values.ndim != 1 or len(stage.names) != len(values)):
        raise ValueError(
            f"el paso «{stage.title}» tiene {len(stage.names)} nombres para {shown(values)}: da uno por valor"
        )
    return stage._replace(values=values)


def _check_mapping(items, name: str) -> list:
    if not isinstance(items, Mapping):
        raise TypeError(f"{name} debe ser un diccionario de nombre a valores y ha llegado {shown(items)}")
    _check_sequence(items, name)
    return list(items.values())


def _check_sequence(items, name: str) -> list:
    if isinstance(items, str) or not isinstance(items, Sequence | Mapping | np.ndarray):
        raise TypeError(f"{name} debe ser una lista y ha llegado {shown(items)}: escribe [{name}]")
    if len(items) == 0:
        raise ValueError(f"{name} está vacío: hace falta al menos un elemento que dibujar")
    return list(items)


def _check_titles(titles, count: int) -> Sequence[str]:
    if titles is None:
        return [""] * count
    if len(titles) != count:
        raise ValueError(
            f"hay {len(titles)} títulos para {count} dibujos: escribe uno por dibujo, o titles=None"
        )
    return titles


def _tick_text(value: float, _position: int = 0) -> str:
    return style.number_text(value, 3)
