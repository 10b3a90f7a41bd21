"""Imágenes, mapas de características, kernels y ventanas."""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from course_utils import style
from course_utils.checks import check_array, check_pair, shown
from course_utils.plots.panels import (
    WIDTH,
    check_image,
    check_named,
    check_sequence,
    check_titles,
    fill_panels,
    number_ticks,
    open_figure,
    open_panels,
    set_title,
)


def show_images(images, titles=None, columns=None, value_range=None) -> None:
    """Enseña varias imágenes en una cuadrícula, cada una con su título.

    Parameters
    ----------
    images : sequence of array_like, or ndarray of shape (N, H, W) or (N, H, W, C)
        En color, con tres canales de enteros de 0 a 255 o decimales de 0 a 1. En gris, cualquier intervalo.
    titles : sequence of str, optional
        Un título por imagen.
    columns : int, optional
        Columnas de la cuadrícula; por defecto, hasta cinco.
    value_range : tuple of (float, float), optional
        El mismo negro y blanco para todas. Sin él, cada imagen en gris usa el suyo: 0 y 255 si es uint8, y si
        no, su mínimo y su máximo.

    Raises
    ------
    TypeError, ValueError
        Si no hay imágenes, alguna no tiene números reales ni forma de imagen, o es en color y sus valores se
        salen del intervalo; también si los títulos no son uno por imagen.

    Examples
    --------
    >>> show_images([np.eye(8), 1 - np.eye(8)], ["Diagonal", "Negativo"])
    """
    images = [check_image(image) for image in check_sequence(images, "images")]
    titles = check_titles(titles, len(images))
    with open_panels(len(images), columns, images[0].shape) as axes:
        for ax, image, title in zip(axes, images, titles, strict=True):
            limits = (0, 255) if value_range is None and image.dtype == np.uint8 else value_range
            low, high = limits or (None, None)
            ax.imshow(image, cmap=style.IMAGE_CMAP, vmin=low, vmax=high)
            set_title(ax, title)


def show_channels(image, names) -> None:
    """Enseña una imagen en color con sus píxeles separados y, al lado, los números de cada canal.

    Parameters
    ----------
    image : array_like, shape (H, W, 3)
        Como las de :func:`show_images`; pequeña, para que los números se lean.
    names : sequence of str
        El nombre de cada canal.

    Raises
    ------
    TypeError, ValueError
        Si no es una imagen en color, o los nombres no son uno por canal.

    Examples
    --------
    >>> show_channels(np.zeros((2, 3, 3), np.uint8), ["Rojo", "Verde", "Azul"])
    """
    image = check_image(image)
    if image.ndim != 3 or image.shape[2] != len(names):
        raise ValueError(
            f"hay {len(names)} nombres de canal y ha llegado {shown(image)}: da una imagen en color y un "
            "nombre por canal"
        )
    height, width, count = image.shape
    with open_figure(WIDTH, WIDTH / (count + 1) * height / width + 0.4) as fig:
        axes = fig.subplots(1, count + 1)
        axes[0].imshow(image)
        set_title(axes[0], "Imagen")
        for number, (ax, name) in enumerate(zip(axes[1:], names, strict=True)):
            ax.imshow(np.full((height, width), np.nan))
            for row, col in np.ndindex(height, width):
                value = style.number_text(image[row, col, number])
                ax.text(col, row, value, ha="center", va="center", fontsize=12)
            set_title(ax, name)
        for ax in axes:
            ax.set_xticks(np.arange(-0.5, width), [""] * (width + 1))
            ax.set_yticks(np.arange(-0.5, height), [""] * (height + 1))
            ax.grid(color=style.COLORS["padding"], linewidth=1.5)
            ax.set_axisbelow(False)
            ax.tick_params(length=0)
            ax.spines[:].set(visible=True, color=style.COLORS["padding"], linewidth=1.5)


def show_heatmaps(images, maps, titles=None, columns=None) -> None:
    """Enseña imágenes en gris con un mapa encima: cuanto más naranja, mayor es el valor del mapa.

    Parameters
    ----------
    images : array_like, shape (N, H, W) or (N, H, W, 1)
        Imágenes en gris, de 0 a 255.
    maps : array_like, shape (N, H, W)
        Un valor por píxel. Cada mapa va de 0, que no pinta, a su mayor valor; lo negativo cuenta como 0.
    titles, columns
        Como en :func:`show_images`.

    Raises
    ------
    TypeError, ValueError
        Si no tienen números reales, los mapas no miden lo que las imágenes o los títulos no son uno por
        imagen.

    Examples
    --------
    >>> show_heatmaps(np.full((1, 8, 8), 200), np.eye(8)[np.newaxis], ["diagonal"])
    """
    images = check_array(
        images, "images", {3: "(imagen, fila, columna)", 4: "(imagen, fila, columna, canal)"}
    )
    maps = check_array(maps, "maps", {3: "(imagen, fila, columna)"})
    if images.shape[:3] != maps.shape or images.shape[3:] not in ((), (1,)):
        raise ValueError(
            f"maps, de forma {maps.shape}, no mide lo que images, {images.shape}: da un valor por píxel"
        )
    titles = check_titles(titles, len(images))
    heat = np.maximum(maps, 0) / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-12)
    gray = 0.7 * images.reshape(maps.shape) / 255
    orange = np.array(to_rgb(style.COLORS["kernel"]))
    painted = gray[..., np.newaxis] * (1 - heat[..., np.newaxis]) + heat[..., np.newaxis] * orange
    with open_panels(len(images), columns, maps.shape[1:]) as axes:
        fill_panels(axes, painted.clip(0, 1), titles)


def show_window(image, corners, kernel_size) -> None:
    """Enseña ventanas de un kernel sobre una imagen, numeradas en el orden en que se dan.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, 1) or (H, W, 3)
        Imagen, ya con su relleno si lo tiene.
    corners : sequence of (row, column)
        Píxel de arriba a la izquierda de cada ventana.
    kernel_size : int or tuple of (int, int)
        Filas y columnas de la ventana.

    Raises
    ------
    TypeError, ValueError
        Si hay algo que no es un número, no hay ventanas o alguna se sale de la imagen.

    Examples
    --------
    >>> show_window(np.eye(8), [(0, 0), (0, 2)], kernel_size=3)
    """
    image = check_image(image)
    height, width = check_pair(kernel_size, "kernel_size")
    corners = [check_pair(corner, "corners", minimum=0) for corner in check_sequence(corners, "corners")]
    for row, col in corners:
        if row + height > image.shape[0] or col + width > image.shape[1]:
            raise ValueError(
                f"la ventana de {height}×{width} que empieza en ({row}, {col}) se sale de la imagen de "
                f"{image.shape[0]}×{image.shape[1]}: elige otra esquina o añade relleno a la imagen"
            )
    with open_panels(1, 1, image.shape) as (ax,):
        ax.imshow(image, cmap=style.IMAGE_CMAP)
        for number, (row, col) in enumerate(corners, start=1):
            color = style.COLORS["kernel" if number % 2 else "highlight"]
            frame = Rectangle((col - 0.5, row - 0.5), width, height, fill=False, edgecolor=color, linewidth=3)
            ax.add_patch(frame)
            label = {"boxstyle": "round,pad=0.2", "facecolor": color, "edgecolor": "white"}
            ax.text(col - 0.5, row - 0.5, str(number), color="white", ha="center", va="center", bbox=label)


def show_kernels(kernels, titles=None, columns=None) -> None:
    """Enseña varios kernels en una cuadrícula, sin números: naranja los positivos y morado los negativos.

    Parameters
    ----------
    kernels : array_like, shape (F, kh, kw)
        Pesos; el blanco es el cero y la escala es la misma para todos.
    titles : sequence of str, optional
        Un título por kernel; por defecto, «filtro 1», «filtro 2»…
    columns : int, optional
        Como en :func:`show_images`.

    Raises
    ------
    TypeError, ValueError
        Si los pesos no son números reales o no tienen tres ejes, o los títulos no son uno por kernel.

    Examples
    --------
    >>> show_kernels([[[-1, 1]], [[1, -1]]])
    """
    kernels = check_array(kernels, "kernels", {3: "(filtro, fila, columna)"})
    largest = max(abs(kernels.min()), abs(kernels.max()), 1e-12)
    names = [f"filtro {number}" for number in range(1, len(kernels) + 1)]
    titles = check_titles(titles or names, len(kernels))
    with open_panels(len(kernels), columns, kernels.shape[1:], beside=0.8) as axes:
        fill_panels(axes, kernels, titles, cmap=style.SIGNED_CMAP, vmin=-largest, vmax=largest)
        bar = axes[0].get_figure().colorbar(axes[-1].images[0], ax=axes, shrink=0.8)
        number_ticks(bar.ax.yaxis)


def show_filters(kernels, maps) -> None:
    """Enseña filtros con sus mapas, ocho por fila: cada kernel, y debajo el mapa que da.

    Parameters
    ----------
    kernels : array_like, shape (F, kh, kw)
        Pesos, con los colores de :func:`show_kernels` y la misma escala para todos.
    maps : array_like, shape (F, H, W)
        Un mapa por kernel, cada uno con su propia escala: de grises o, si alguno tiene negativos, con los
        colores de los kernels.

    Raises
    ------
    TypeError, ValueError
        Si no son números reales con tres ejes, o no hay tantos mapas como kernels.

    Examples
    --------
    >>> show_filters([[[-1, 1]], [[1, -1]]], np.ones((2, 4, 3)))
    """
    kernels = check_array(kernels, "kernels", {3: "(filtro, fila, columna)"})
    maps = check_array(maps, "maps", {3: "(filtro, fila, columna)"})
    if len(kernels) != len(maps):
        raise ValueError(f"hay {len(kernels)} kernels y {len(maps)} mapas: da un mapa por kernel")
    columns = min(8, len(kernels))
    rows = math.ceil(len(kernels) / columns)
    largest = max(abs(kernels.min()), abs(kernels.max()), 1e-12)
    side = min(WIDTH / columns, 1.6)
    ratios = [kernels.shape[1] / kernels.shape[2], maps.shape[1] / maps.shape[2]] * rows
    signed = maps.min() < 0
    with open_figure(side * columns, side * sum(ratios)) as fig:
        axes = fig.subplots(2 * rows, columns, squeeze=False, gridspec_kw={"height_ratios": ratios})
        for ax in axes.flat:
            ax.axis("off")
        for number, (kernel, one_map) in enumerate(zip(kernels, maps, strict=True)):
            row, column = divmod(number, columns)
            above, below = axes[2 * row, column], axes[2 * row + 1, column]
            above.imshow(kernel, cmap=style.SIGNED_CMAP, vmin=-largest, vmax=largest)
            _frame(above, kernel.shape, "kernel")
            if signed:
                limit = max(abs(one_map).max(), 1e-12)
                below.imshow(one_map, cmap=style.SIGNED_CMAP, vmin=-limit, vmax=limit)
                _frame(below, one_map.shape, "output")  # el cero es blanco, como la página
            else:
                below.imshow(one_map, cmap=style.IMAGE_CMAP)


def _frame(ax, shape, role: str) -> None:
    height, width = shape
    look = {"edgecolor": style.COLORS[role], "linewidth": 1.5, "fill": False}
    ax.add_patch(Rectangle((-0.5, -0.5), width, height, **look))


def show_patches(tiers, marked=None) -> None:
    """Enseña, capa a capa, las ventanas de imagen que más activan cada filtro: un bloque por filtro.

    Parameters
    ----------
    tiers : mapping of str to array_like of shape (F, K, h, w, 1)
        Por el título de cada fila, K ventanas de cada uno de sus F filtros. La primera se dibuja arriba.
    marked : mapping of str to array_like of bool, shape (F, K), optional
        Por el título de cada fila, qué ventanas llevan un marco naranja, con el lado de abajo más
        grueso; las demás lo llevan azul. Una fila que no está aquí va sin marcos.

    Raises
    ------
    TypeError, ValueError
        Si las ventanas no son números reales, no hay ninguna, no tienen los ejes (filtro, ventana, fila,
        columna, canal) o no hay una marca por ventana.

    Examples
    --------
    >>> show_patches({"Capa 1": np.zeros((4, 4, 5, 5, 1)), "Capa 2": np.ones((4, 4, 14, 14, 1))})
    """
    axes_names = {5: "(filtro, ventana, fila, columna, canal)"}
    named = check_named(tiers, "tiers", axes_names, "escribe {título: ventanas}")
    blocks = [(title, pixels[..., 0]) for title, pixels in named.items()]
    marks = {name: np.asarray(values, bool) for name, values in (marked or {}).items()}
    for title, pixels in blocks:
        if title in marks and marks[title].shape != pixels.shape[:2]:
            raise ValueError(
                f"en «{title}» hay ventanas de forma {pixels.shape[:2]} y marcas de forma "
                f"{marks[title].shape}: da una marca por ventana"
            )
    filters = max(len(pixels) for _, pixels in blocks)
    side, heading = WIDTH / filters, 0.42
    total = len(blocks) * (heading + side)
    framed = plt.get_cmap(style.IMAGE_CMAP).with_extremes(bad=style.soft("highlight"))
    with open_figure(WIDTH, total, layout="none") as fig:
        for row, (title, pixels) in enumerate(blocks):
            bottom = total - (row + 1) * (heading + side)
            fig.text(0, (bottom + side + 0.1) / total, title, va="bottom")
            low, high = (0, 255) if pixels.dtype == np.uint8 else (pixels.min(), pixels.max())
            for column, patches in enumerate(pixels):
                ax = fig.add_axes((column / filters, bottom / total, 0.93 / filters, 0.93 * side / total))
                ax.imshow(_tile(patches), cmap=framed, vmin=low, vmax=high)
                ax.axis("off")
                if title in marks:
                    _frame_patches(ax, patches.shape, marks[title][column])


def _places(count: int, height: int, width: int) -> list[tuple[int, int]]:
    """Esquina de arriba a la izquierda de cada ventana de un bloque casi cuadrado."""
    side, gap = math.ceil(math.sqrt(count)), math.ceil(width / 10)
    return [
        (gap + row * (height + gap), gap + col * (width + gap))
        for row, col in (divmod(index, side) for index in range(count))
    ]


def _frame_patches(ax, shape: tuple[int, int, int], marks: np.ndarray) -> None:
    """Un marco por ventana: naranja y con el lado de abajo doble, la marcada; azul, la otra."""
    _, height, width = shape
    for (top, left), mark in zip(_places(*shape), marks, strict=True):
        color = style.COLORS["kernel" if mark else "input"]
        frame = {"fill": False, "edgecolor": color, "linewidth": 1.6}
        ax.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, **frame))
        if mark:
            below = top + height - 0.5
            ax.plot([left - 0.5, left + width - 0.5], [below, below], color=color, linewidth=4)


def _tile(patches: np.ndarray) -> np.ndarray:
    """Ventanas (K, h, w) en un bloque casi cuadrado, enmarcadas con NaN."""
    count, height, width = patches.shape
    side = math.ceil(math.sqrt(count))
    gap = math.ceil(width / 10)
    block = np.full((math.ceil(count / side) * (height + gap) + gap, side * (width + gap) + gap), np.nan)
    for (top, left), patch in zip(_places(count, height, width), patches, strict=True):
        block[top : top + height, left : left + width] = patch
    return block
