"""Redes dibujadas por etapas."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.patches import Circle, Rectangle

from course_utils import style
from course_utils.checks import IMAGE_AXES, check_array, check_integer, check_pair, shown
from course_utils.plots.panels import WIDTH, check_sequence, open_figure


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
    """Enseña una red entera, de arriba abajo: lo que sale de cada paso, cada mapa con su propia escala.

    Parameters
    ----------
    stages : sequence of Stage
        Pasos, de la entrada a la salida. El primero se dibuja en gris, como imagen.

    Raises
    ------
    TypeError, ValueError
        Si no hay pasos, alguno no es un :class:`Stage` de números reales, tienen otros ejes o los nombres no
        son uno por valor.

    Examples
    --------
    >>> image = np.eye(8)[..., np.newaxis]
    >>> show_network([Stage("Entrada", image), Stage("Salida", [0.2, 0.8], ["no", "sí"])])
    """
    stages = [_check_stage(stage) for stage in check_sequence(stages, "stages")]
    tallest = max((len(stage.values) for stage in stages if stage.values.ndim == 3), default=1)
    boxes = [_stage_box(stage, tallest) for stage in stages]
    heading, total = 0.42, 0.42 * len(stages) + sum(height for _, height, _ in boxes)
    with open_figure(WIDTH, total, layout="none") as fig:
        top = total
        for number, (stage, (width, height, columns)) in enumerate(zip(stages, boxes, strict=True)):
            arrow = "↓ " if number else ""
            fig.text(0, (top - heading + 0.1) / total, arrow + stage.title, va="bottom")
            top -= heading + height
            left = 0.24 * WIDTH if stage.names else 0
            ax = fig.add_axes((left / WIDTH, top / total, width / WIDTH, height / total))
            _draw_stage(ax, stage, columns, is_image=number == 0)


def show_neuron(inputs, weights, bias, total, output) -> None:
    """Dibuja una neurona con sus números: entradas, un peso en cada flecha, la suma con el sesgo y ReLU.

    Parameters
    ----------
    inputs, weights : array_like, shape (N,)
        Una entrada y un peso por flecha.
    bias, total, output : float
        Sesgo, suma de los productos con el sesgo, y lo que deja ReLU.

    Raises
    ------
    TypeError, ValueError
        Si no son números reales o no hay un peso por entrada.

    Examples
    --------
    >>> show_neuron([1, 2], [3, -1], bias=0, total=1, output=1)
    """
    inputs, weights = (
        check_array(values, name, {1: "(entrada)"})
        for name, values in (("inputs", inputs), ("weights", weights))
    )
    if len(inputs) != len(weights):
        raise ValueError(f"hay {len(inputs)} entradas y {len(weights)} pesos: da un peso por entrada")
    rows = np.arange(len(inputs))[::-1] - (len(inputs) - 1) / 2
    height = len(inputs) + 0.4
    with open_figure(WIDTH, WIDTH * height / 7.6) as fig:
        ax = fig.subplots()
        for row, value, weight in zip(rows, inputs, weights, strict=True):
            _draw_node(ax, 0, row, style.number_text(value), "input")
            _draw_arrow(ax, (0.36, row), (2.72, 0.25 * row))
            label = {"facecolor": style.SURFACE["light"], "edgecolor": "none", "pad": 1.5}
            look = {"color": style.COLORS["kernel"], "ha": "center", "va": "center", "bbox": label}
            ax.text(1.3, row * 0.69, f"× {style.number_text(weight)}", fontsize=13, **look)
        _draw_node(ax, 3.1, 0, style.number_text(total), "output")
        ax.text(3.1, 0.5, "suma", ha="center", va="bottom", fontsize=12)
        look = {"color": style.COLORS["kernel"], "ha": "center", "va": "top", "fontsize": 13}
        ax.text(3.1, -0.5, f"sesgo {style.number_text(bias)}", **look)
        _draw_arrow(ax, (3.48, 0), (5.52, 0))
        ax.text(4.5, 0.12, "ReLU", ha="center", va="bottom", fontsize=12)
        _draw_node(ax, 5.9, 0, style.number_text(output), "output")
        ax.text(0, rows[0] + 0.5, "entradas", ha="center", va="bottom", fontsize=12)
        ax.text(1.3, rows[0] + 0.5, "pesos", ha="center", va="bottom", fontsize=12)
        ax.text(5.9, 0.5, "salida", ha="center", va="bottom", fontsize=12)
        ax.set(xlim=(-0.8, 6.7), ylim=(rows[-1] - 0.5, rows[0] + 0.9), aspect="equal")
        ax.axis("off")


def _draw_node(ax, x: float, y: float, text: str, role: str) -> None:
    frame = {"facecolor": style.soft(role), "edgecolor": style.COLORS[role], "linewidth": 1.8}
    ax.add_patch(Circle((x, y), 0.36, **frame))
    ax.text(x, y, text, ha="center", va="center", fontsize=13)


def _draw_arrow(ax, start: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = {"arrowstyle": "->", "color": style.TEXT["light"], "linewidth": 1.4}
    ax.annotate("", end, start, arrowprops=arrow)


def show_unet(down, up, steps=()) -> None:
    """Dibuja una red con forma de U: un bloque por tamaño, los que bajan, los que suben y los atajos.

    Los atajos unen los bloques del mismo lado; a la salida no llega ninguno.

    Parameters
    ----------
    down : sequence of (int, int)
        Lado y canales de cada bloque de la bajada, de la imagen al más pequeño.
    up : sequence of (int, int)
        Lado y canales de cada bloque de la subida, del más pequeño a la salida.
    steps : sequence of str, optional
        Lo que hace cada flecha, desde la imagen.

    Raises
    ------
    TypeError, ValueError
        Si no hay bloques, alguno no son dos enteros positivos o no hay un texto por flecha.

    Examples
    --------
    >>> show_unet(down=[(64, 3), (32, 24), (16, 40)], up=[(32, 24), (64, 7)])
    """
    down = [check_pair(block, "down") for block in check_sequence(down, "down")]
    up = [check_pair(block, "up") for block in check_sequence(up, "up")]
    if steps and len(steps) != len(down) + len(up) - 1:
        raise ValueError(f"hay {len(steps)} textos y {len(down) + len(up) - 1} flechas: da uno por flecha")
    blocks = _place_blocks(down, up)
    color = style.COLORS["highlight"]
    with open_figure(WIDTH, 0.4 + 0.95 * len(down)) as fig:
        ax = fig.subplots()
        for number, block in enumerate(blocks):
            role = "input" if number == 0 else "output" if number == len(blocks) - 1 else "kernel"
            side = -1 if number < len(down) - 1 else 1 if number >= len(down) else 0  # fuera de la U
            _draw_block(ax, block, role, side)
        arrow = {"arrowstyle": "->", "color": style.TEXT["light"], "linewidth": 1.4}
        for start, end in pairwise(blocks):
            ax.annotate("", *_arrow_ends(start, end), arrowprops=arrow)
        for (start, end), text in zip(pairwise(blocks), steps, strict=False):
            side = (end.y > start.y) - (end.y < start.y)  # a la izquierda al bajar, a la derecha al subir
            at = (start.x + end.x) / 2 + 0.2 * side, (start.y + end.y) / 2 + (-0.12 if side else 0.45)
            place = {"ha": {-1: "right", 0: "center", 1: "left"}[side], "va": "center"}
            ax.text(*at, text, fontsize=9, style="italic", color=style.COLORS["kernel"], **place)
        sizes = [size for size, _ in down[:-1]]
        for end in blocks[len(down) : -1]:
            if end.size in sizes:
                start = blocks[sizes.index(end.size)]
                ends = (end.x - end.width / 2, start.y), (start.x + start.width / 2, start.y)
                ax.annotate("", *ends, arrowprops=arrow | {"linestyle": "--", "color": color})
                middle = (start.x + end.x) / 2, start.y + 0.05
                ax.text(*middle, "atajo", color=color, ha="center", va="bottom", fontsize=12)
        ax.set(xlim=(-1.2, blocks[-1].x + 1.2), ylim=(min(block.y for block in blocks) - 0.9, 0.6))
        ax.axis("off")


def show_layers(steps, shortcut=None) -> None:
    """Dibuja una red de arriba abajo: una caja por paso, con lo que hace y lo que mide lo que sale.

    Parameters
    ----------
    steps : sequence of (str, str)
        Qué hace cada paso y cuánto mide lo que sale de él, de la entrada a la salida.
    shortcut : (int, int), optional
        Posiciones, desde 0, del paso cuya salida se guarda y del que la recibe: el atajo.

    Raises
    ------
    TypeError, ValueError
        Si no hay pasos, alguno no son dos textos o el atajo no va de un paso a otro posterior.

    Examples
    --------
    >>> show_layers([("imagen", "28×28×1"), ("convolución", "28×28×8"), ("suma", "28×28×8")], (0, 2))
    """
    steps = check_sequence(steps, "steps")
    for step in steps:
        if not (isinstance(step, tuple | list) and len(step) == 2 and all(isinstance(s, str) for s in step)):
            raise TypeError(
                f"cada paso son dos textos, lo que hace y lo que mide, y ha llegado {shown(step)}: "
                "escribe, por ejemplo, ('imagen', '28×28×1')"
            )
    if shortcut is not None:
        start, end = check_pair(shortcut, "shortcut", minimum=0)
        if not start < end < len(steps):
            raise ValueError(f"el atajo {shortcut} no va de un paso a otro posterior de los {len(steps)}")
    with open_figure(WIDTH, 0.3 + 0.62 * len(steps), layout="none") as fig:
        ax = fig.add_axes((0, 0, 1, 1))
        arrow = {"arrowstyle": "->", "color": style.TEXT["light"], "linewidth": 1.4}
        for number, (does, measures) in enumerate(steps):
            role = "input" if number == 0 else "output" if number == len(steps) - 1 else "kernel"
            frame = {"facecolor": style.soft(role), "edgecolor": style.COLORS[role], "linewidth": 1.6}
            ax.add_patch(Rectangle((0.1, -number - 0.3), 5.2, 0.6, **frame))
            ax.text(0.22, -number, does, va="center", fontsize=11)
            ax.text(5.18, -number, measures, va="center", ha="right", fontsize=11)
            if number:
                ax.annotate("", (2.7, -number + 0.3), (2.7, -number + 0.7), arrowprops=arrow)
        if shortcut is not None:
            color = style.COLORS["highlight"]
            way = {"color": color, "linestyle": "--", "linewidth": 1.8}
            ax.plot([5.3, 5.6, 5.6], [-start, -start, -end], **way)
            ax.annotate("", (5.3, -end), (5.62, -end), arrowprops=arrow | {"color": color})
            ax.text(5.66, -(start + end) / 2, "atajo", color=color, va="center", fontsize=11)
        ax.set(xlim=(0, WIDTH), ylim=(-len(steps) + 0.55, 0.5))
        ax.axis("off")


class _Block(NamedTuple):
    """Un bloque de la U: dónde está su centro y cuánto ocupa."""

    size: int
    channels: int
    x: float
    y: float
    width: float
    height: float


def _place_blocks(down: list, up: list) -> list[_Block]:
    """Los bloques, de izquierda a derecha; cada tamaño, en su piso."""
    depth = {size: -1.3 * level for level, (size, _) in enumerate(down)}
    largest = max(channels for _, channels in down + up)
    blocks, x = [], 0.0
    for size, channels in down + up:
        y = depth.get(size, 0.0)
        if blocks:
            x += 1.25 if y != blocks[-1].y else 2.0
        width, height = 0.18 + 0.5 * channels / largest, 0.3 + 0.6 * size / down[0][0]
        blocks.append(_Block(size, channels, x, y, width, height))
    return blocks


def _draw_block(ax, block: _Block, role: str, side: int) -> None:
    """Un bloque con su texto a la izquierda (-1), debajo (0) o a la derecha (1)."""
    size, channels, x, y, width, height = block
    frame = {"facecolor": style.soft(role), "edgecolor": style.COLORS[role], "linewidth": 1.6}
    ax.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, **frame))
    at = (x + side * (width / 2 + 0.1), y - 0.08) if side else (x, y - height / 2 - 0.08)
    look = {"ha": {-1: "right", 0: "center", 1: "left"}[side], "va": "center" if side else "top"}
    ax.text(*at, f"{size}×{size}\n{channels} can.", fontsize=12, **look)


def _arrow_ends(start: _Block, end: _Block) -> tuple:
    """La punta y el comienzo de la flecha entre dos bloques contiguos."""
    if end.y < start.y:
        return (end.x, end.y + end.height / 2), (start.x + start.width / 2, start.y - start.height / 4)
    if end.y > start.y:
        return (end.x - end.width / 2, end.y - end.height / 4), (start.x, start.y + start.height / 2)
    return (end.x - end.width / 2, end.y + 0.3), (start.x + start.width / 2, start.y + 0.3)


def _stage_box(stage: Stage, tallest: int) -> tuple[float, float, int]:
    """Anchura y altura en pulgadas de lo que se dibuja de un paso, y cuántos mapas caben en cada fila."""
    if stage.values.ndim == 1:
        return (0.6 * WIDTH, 0.24 * len(stage.names), 1) if stage.names else (WIDTH, WIDTH / 32, 1)
    height, width, count = stage.values.shape
    side = 0.78 * (height / tallest) ** 0.5  # los mapas pequeños encogen menos de lo que miden: así se ven
    rows = math.ceil(count * side * width / height / WIDTH)
    columns = math.ceil(count / rows)
    return columns * side * width / height, rows * side, columns


def _mosaic(maps: np.ndarray, columns: int) -> np.ndarray:
    """Mapas (H, W, C) en filas de tantos, cada uno de 0 a 1 según su mayor valor; NaN en los huecos."""
    height, width, count = maps.shape
    gap = max(height // 12, 1)
    rows = math.ceil(count / columns)
    mosaic = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    low = np.minimum(maps.min(axis=(0, 1)), 0)
    reach = np.maximum(maps.max(axis=(0, 1)) - low, 1e-12)
    for number in range(count):
        row, col = divmod(number, columns)
        top, left = row * (height + gap), col * (width + gap)
        scaled = (maps[:, :, number] - low[number]) / reach[number]
        mosaic[top : top + height, left : left + width] = scaled
    return mosaic


def _draw_stage(ax, stage: Stage, columns: int, is_image: bool) -> None:
    if stage.names:
        numbers = range(len(stage.names))
        bars = ax.barh(numbers, stage.values, color=style.COLORS["output"], height=0.7)
        ax.bar_label(bars, [style.fixed_number(float(value), 2) for value in stage.values], padding=4)
        ax.set_yticks(numbers, stage.names)
        ax.set(xlim=(min(0, stage.values.min()), max(stage.values.max(), 1e-12)), xticks=[])
        ax.invert_yaxis()
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(length=0)
        return
    ax.axis("off")
    cmap = style.IMAGE_CMAP if is_image else style.FEATURE_CMAP
    picture = stage.values[np.newaxis] if stage.values.ndim == 1 else _mosaic(stage.values, columns)
    ax.imshow(picture, cmap=cmap, aspect="auto")
    if stage.values.ndim == 1:
        for edge in range(1, len(stage.values)):
            ax.axvline(edge - 0.5, color=style.SURFACE["light"], linewidth=1.5)


def _check_stage(stage) -> Stage:
    if not isinstance(stage, Stage):
        raise TypeError(
            f"cada paso debe ser un Stage y ha llegado {shown(stage)}: "
            "escribe, por ejemplo, Stage('Entrada', image)"
        )
    values = check_array(stage.values, "values", {1: "(valor)", 3: IMAGE_AXES[3]})
    if stage.names and (values.ndim != 1 or len(stage.names) != len(values)):
        raise ValueError(
            f"el paso «{stage.title}» tiene {len(stage.names)} nombres para {shown(values)}: da uno por valor"
        )
    return stage._replace(values=values)


def show_volume(input_shape, kernel_size, filters, corner=(0, 0)) -> None:
    """Dibuja una capa convolucional: canales apilados, la ventana que los atraviesa, los filtros y sus mapas.

    La ventana no lleva padding y avanza de uno en uno.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Filas, columnas y canales de la entrada.
    kernel_size : int or tuple of (int, int)
        Filas y columnas de los kernels.
    filters : int
        Cuántos filtros, y mapas.
    corner : tuple of (int, int)
        Fila y columna en que empieza la ventana que se señala, y de su valor en cada mapa.

    Raises
    ------
    TypeError, ValueError
        Si no son enteros, o la ventana se sale.

    Examples
    --------
    >>> show_volume((6, 6, 3), 3, filters=2, corner=(1, 2))
    """
    height, width = check_pair(tuple(input_shape)[:2], "input_shape")
    channels, filters = (
        check_integer(tuple(input_shape)[-1], "input_shape"),
        check_integer(filters, "filters"),
    )
    kh, kw = check_pair(kernel_size, "kernel_size")
    row, col = check_pair(corner, "corner", minimum=0)
    if row + kh > height or col + kw > width:
        raise ValueError(
            f"la ventana de {kh}×{kw} que empieza en ({row}, {col}) se sale de {height}×{width}: elige otra"
        )
    shift = 0.8  # lo que se ve de cada plano por detrás del anterior
    depth = shift * (channels - 1)
    block = kh + depth + 1.6
    total = max(height + depth, filters * block - 1.6)
    middle = total / 2
    with open_figure(WIDTH, WIDTH * 0.52) as fig:
        ax = fig.subplots()
        left, top = 0.0, middle - (height - depth) / 2
        for plane in reversed(range(channels)):
            at = left + plane * shift, top - plane * shift
            _draw_plane(ax, at, (height, width), "input")
            _draw_plane(ax, (at[0] + col, at[1] + row), (kh, kw), "kernel")
        for i, j in ((0, 0), (0, kw), (kh, 0), (kh, kw)):  # la ventana, de canal a canal
            x, y = left + col + j, top + row + i
            edge = {"color": style.COLORS["kernel"], "linewidth": 1.4, "linestyle": "--"}
            ax.plot([x, x + depth], [y, y - depth], **edge)
        _ring(ax, (left + col, top + row), (kh, kw))
        ax.text(left + width / 2, top + height + 0.4, f"{channels} canales de {height}×{width}", **_LABEL)
        start = left + width + depth + 0.4
        x = start + 2.2
        y = middle - (filters * block - 1.6) / 2 + depth
        out_h, out_w = height - kh + 1, width - kw + 1
        end = x + kw + depth + 2.2
        map_gap = 1.6
        map_top = middle - (filters * (out_h + map_gap) - map_gap) / 2
        arrow = {"arrowstyle": "->", "color": style.TEXT["light"], "linewidth": 1.2}
        for number in range(filters):
            for plane in reversed(range(channels)):
                _draw_plane(ax, (x + plane * shift, y - plane * shift), (kh, kw), "kernel")
            ax.text(x + kw / 2, y + kh + 0.2, f"filtro {number + 1}", **_LABEL)
            _draw_plane(ax, (end, map_top), (out_h, out_w), "output")
            _ring(ax, (end + col, map_top + row), (1, 1))
            ax.text(end + out_w / 2, map_top + out_h + 0.2, f"mapa {number + 1}", **_LABEL)
            centre = y + kh / 2 - depth / 2
            ax.annotate("", (x - 0.3, centre), (start, middle), arrowprops=arrow)
            tip = end - 0.2, map_top + out_h / 2
            ax.annotate("", tip, (x + kw + depth + 0.3, centre), arrowprops=arrow)
            y += block
            map_top += out_h + map_gap
        lowest = max(top + height + 1.4, total + 1.2, map_top)
        ax.set(xlim=(-0.2, end + out_w + 0.2), ylim=(lowest, -0.4), aspect="equal")
        ax.axis("off")


_LABEL = {"ha": "center", "va": "top", "fontsize": 11}


def _draw_plane(ax, at: tuple, size: tuple, role: str) -> None:
    """Un plano de celdas, con su esquina de arriba a la izquierda en ``at``, (x, y)."""
    look = {"facecolor": style.soft(role), "edgecolor": style.COLORS[role], "linewidth": 0.8}
    for i, j in np.ndindex(*size):
        ax.add_patch(Rectangle((at[0] + j, at[1] + i), 1, 1, **look))


def _ring(ax, at: tuple, size: tuple) -> None:
    """Lo que se está mirando, rodeado."""
    frame = {"fill": False, "edgecolor": style.COLORS["highlight"], "linewidth": 2.6}
    ax.add_patch(Rectangle(at, size[1], size[0], **frame))
