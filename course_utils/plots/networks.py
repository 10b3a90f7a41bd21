"""Redes dibujadas por etapas."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from course_utils import style
from course_utils.checks import IMAGE_AXES, check_array, check_pair, shown
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
    """Enseña una red entera, de arriba abajo: lo que sale de cada paso, todos los mapas a la misma escala.

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

    References
    ----------
    El esquema clásico, de la imagen a las clases, es el de LeCun, Bottou, Bengio y Haffner,
    «Gradient-based learning applied to document recognition» (1998), figura 2.
    """
    stages = [_check_stage(stage) for stage in check_sequence(stages, "stages")]
    gap = 2  # píxeles entre mapas
    mosaics = [_row_of_maps(stage.values, gap) if stage.values.ndim == 3 else None for stage in stages]
    widest = max((mosaic.shape[1] for mosaic in mosaics if mosaic is not None), default=1)
    heights = [
        WIDTH / widest * len(mosaic) if mosaic is not None else 0.24 * max(len(stage.names), 1)
        for stage, mosaic in zip(stages, mosaics, strict=True)
    ]
    heading, total = 0.42, 0.42 * len(stages) + sum(heights)
    with open_figure(WIDTH, total, layout="none") as fig:
        top = total
        for number, (stage, mosaic, height) in enumerate(zip(stages, mosaics, heights, strict=True)):
            arrow = "↓ " if number else ""
            fig.text(0, (top - heading + 0.1) / total, arrow + stage.title, va="bottom")
            top -= heading + height
            left, width = (0.24, 0.6) if stage.names else (0, 1)
            ax = fig.add_axes((left, top / total, width, height / total))
            _draw_stage(ax, stage, mosaic, widest, is_image=number == 0)


def show_unet(down, up) -> None:
    """Dibuja una red con forma de U: un bloque por tamaño, los que bajan, los que suben y los atajos.

    Los atajos unen los bloques del mismo lado; a la salida no llega ninguno.

    Parameters
    ----------
    down : sequence of (int, int)
        Lado y canales de cada bloque de la bajada, de la imagen al más pequeño.
    up : sequence of (int, int)
        Lado y canales de cada bloque de la subida, del más pequeño a la salida.

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
    down = [check_pair(block, "down") for block in check_sequence(down, "down")]
    up = [check_pair(block, "up") for block in check_sequence(up, "up")]
    depth = {size: -1.3 * level for level, (size, _) in enumerate(down)}
    largest = max(channels for _, channels in down + up)
    with open_figure(WIDTH, 0.4 + 0.95 * len(down)) as fig:
        ax = fig.subplots()
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
    values = check_array(stage.values, "values", {1: "(valor)", 3: IMAGE_AXES[3]})
    if stage.names and (values.ndim != 1 or len(stage.names) != len(values)):
        raise ValueError(
            f"el paso «{stage.title}» tiene {len(stage.names)} nombres para {shown(values)}: da uno por valor"
        )
    return stage._replace(values=values)
