"""Curvas, áreas, puntos y matrices de confusión."""

import math
from itertools import pairwise

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from course_utils import style
from course_utils.checks import MATRIX_AXES, check_array, check_integer, shown
from course_utils.plots.panels import WIDTH, check_mapping, check_named, number_ticks, open_figure

_METRICS = {"loss": "pérdida", "accuracy": "exactitud"}


def show_parameter_bars(counts) -> None:
    """Compara números de parámetros muy distintos: barras en escala logarítmica y el número escrito.

    Parameters
    ----------
    counts : mapping of str to int
        Nombre y número de parámetros, en el orden en que se dibujan.

    Raises
    ------
    TypeError, ValueError
        Si no es un diccionario de nombre a entero de 1 o más, o está vacío.

    Examples
    --------
    >>> show_parameter_bars({"Densa": 100480, "Convolucional": 320})
    """
    numbers = _check_counts(counts)
    names = [str(name) for name in counts]
    with open_figure(WIDTH, 0.9 + 0.5 * len(names)) as fig:
        ax = fig.subplots()
        bars = ax.barh(names, numbers, color=style.COLORS["input"], height=0.65, log=True)
        ax.bar_label(bars, [style.number_text(number) for number in numbers], padding=5)
        ax.invert_yaxis()
        ax.margins(x=0.22)
        ax.set_xlim(left=1)
        ax.set(xlabel="parámetros (escala logarítmica)")
        ax.tick_params(axis="y", length=0)


def show_parameter_squares(counts) -> None:
    """Enseña cuántos parámetros tiene cada capa: un cuadrado por capa, con el área en proporción.

    Parameters
    ----------
    counts : mapping of str to int
        Parámetros de cada capa, por su nombre, de más a menos.

    Raises
    ------
    TypeError, ValueError
        Si no es un diccionario de nombre a entero de 1 o más, o está vacío.

    Examples
    --------
    >>> show_parameter_squares({"Densa": 100480, "Convolucional": 320})
    """
    sides = list(map(math.sqrt, _check_counts(counts)))
    whole = max(sides)
    label = 0.3 * whole  # lo que ocupa, como poco, el texto de debajo
    with open_figure(WIDTH, 3.4) as fig:
        ax = fig.subplots()
        left = 0.0
        for (name, number), side in zip(counts.items(), sides, strict=True):
            room = max(side, label)
            corner = left + (room - side) / 2
            ax.add_patch(Rectangle((corner, 0), side, side, color=style.COLORS["kernel"], linewidth=0.5))
            text = f"{name}\n{style.number_text(number)}"
            ax.text(left + room / 2, -0.03 * whole, text, ha="center", va="top", fontsize=11)
            left += room + 0.12 * whole
        ax.set(xlim=(0, left), ylim=(-0.25 * whole, whole), aspect="equal")
        ax.axis("off")


def _check_counts(counts) -> list[int]:
    check_mapping(counts, "counts", "escribe, por ejemplo, {'Densa': 100480}")
    return [check_integer(number, f"counts[{name!r}]", 1) for name, number in counts.items()]


def show_history(history) -> None:
    """Enseña la marcha de un entrenamiento, época a época: un panel por medida.

    Parameters
    ----------
    history : mapping of str to sequence of float
        Lo que guarda ``model.fit(…).history``: una lista por medida, con ``val_`` delante en las de
        validación.

    Raises
    ------
    TypeError, ValueError
        Si no es un diccionario, está vacío, hay algo que no es un número o las listas no miden lo mismo.

    Examples
    --------
    >>> show_history({"loss": [0.9, 0.5, 0.4], "val_loss": [0.8, 0.6, 0.5]})
    """
    hint = "pasa el atributo history de lo que devuelve model.fit"
    curves = check_named(history, "history", {1: "(época)"}, hint)
    lengths = {name: len(values) for name, values in curves.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"las listas de history no miden lo mismo: {lengths}; da una por época y medida")
    metrics = list(dict.fromkeys(name.removeprefix("val_") for name in curves))
    with open_figure(max(WIDTH, 3.4 * len(metrics)), 3.3) as fig:
        axes = fig.subplots(1, len(metrics), squeeze=False, sharex=True)
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
            number_ticks(ax.yaxis)
            ax.grid(axis="y")
            ax.legend()


def show_confusion(matrix, class_names, groups=()) -> None:
    """Enseña una matriz de confusión: en cada fila, cómo se han clasificado los ejemplos de una clase.

    Parameters
    ----------
    matrix : array_like of int, shape (K, K)
        Ejemplos de la clase de la fila que se han clasificado como la de la columna.
    class_names : sequence of str
        Nombre de cada clase.
    groups : sequence of int
        Cuántas clases seguidas forma cada grupo; los aciertos y los errores de cada uno se rodean.

    Raises
    ------
    TypeError, ValueError
        Si la matriz no es cuadrada y de números reales, los nombres no son uno por clase o los grupos no
        suman todas las clases.

    Examples
    --------
    >>> show_confusion([[8, 2], [1, 9]], ["bolso", "botín"])
    """
    matrix = check_array(matrix, "matrix", MATRIX_AXES)
    if matrix.shape != (len(class_names), len(class_names)):
        raise ValueError(
            f"matrix debe tener una fila y una columna por clase y ha llegado {shown(matrix)} para "
            f"{len(class_names)} clases: revisa class_names"
        )
    if groups and sum(groups) != len(class_names):
        raise ValueError(f"los grupos suman {sum(groups)} clases y hay {len(class_names)}: no dejes ninguna")
    # la raíz cuadrada deja ver los errores, que son pocos al lado de los aciertos
    scale = PowerNorm(0.5, 0, max(matrix.max(), 1))
    side = min(WIDTH, 2.4 + 0.45 * len(class_names))
    with open_figure(side, side) as fig:
        ax = fig.subplots()
        ax.imshow(matrix, cmap="Blues", norm=scale)
        for row, col in np.ndindex(matrix.shape):
            look = {
                "fontweight": "bold" if row == col else "normal",
                "color": "white" if scale(matrix[row, col]) > 0.55 else style.TEXT["light"],
            }
            text = style.number_text(matrix[row, col])
            ax.text(col, row, text, ha="center", va="center", fontsize=10, **look)
        start = -0.5
        for size in groups:
            frame = {"fill": False, "edgecolor": style.COLORS["highlight"], "linewidth": 3, "clip_on": False}
            ax.add_patch(Rectangle((start, start), size, size, **frame))
            start += size
        ax.set_xticks(range(len(class_names)), class_names, rotation=45, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(len(class_names)), class_names)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.set(xlabel="clase predicha", ylabel="clase verdadera")


def show_curves(x, curves, xlabel="", ylabel="", log_x=False) -> None:
    """Enseña varias curvas; con varias semillas, la media y una banda del mínimo al máximo.

    Parameters
    ----------
    x : array_like, shape (P,)
        Valores del eje horizontal.
    curves : mapping of str to array_like of shape (P,) or (S, P)
        Por cada nombre, un valor por punto, o uno por semilla y punto.
    xlabel, ylabel : str
        Qué se mide en cada eje.
    log_x : bool
        Si el eje horizontal va por potencias de diez.

    Raises
    ------
    TypeError, ValueError
        Si no hay curvas, alguna no tiene un valor por punto o hay algo que no es un número real.

    Examples
    --------
    >>> show_curves([1, 2, 3], {"densa": [[0.9, 0.5, 0.3], [0.8, 0.6, 0.2]], "azar": [0.1, 0.1, 0.1]})
    """
    x = check_array(x, "x", {1: "(punto)"})
    axes = {1: "(punto)", 2: "(semilla, punto)"}
    named = check_named(curves, "curves", axes, "escribe {nombre: valores}")
    for name, values in named.items():
        if values.shape[-1] != len(x):
            raise ValueError(
                f"la curva «{name}» tiene {values.shape[-1]} puntos y el eje, {len(x)}: da un valor por punto"
            )
    roles = ("input", "kernel", "output", "highlight", "padding")
    lines, markers = ("-", "--", ":", "-.", (0, (6, 2, 1, 2, 1, 2))), "osD^v"
    with open_figure(WIDTH, 3.6) as fig:
        ax = fig.subplots()
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
            ax.xaxis.set_minor_formatter(NullFormatter())
        if len(x) <= 10:
            ax.set_xticks(x)
        number_ticks(ax.xaxis, ax.yaxis)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        ax.grid(axis="y")
        ax.legend()


def show_function(x, y, points, xlabel="", ylabel="", steps=False) -> None:
    """Enseña una función y unos puntos suyos; un panel por lista de puntos.

    Parameters
    ----------
    x, y : array_like, shape (P,)
        La curva, con puntos bastantes para que se vea lisa.
    points : mapping of str to array_like of shape (N, 2)
        Por el título de cada panel, los puntos (x, y) que se marcan. Lo que se sale de la curva no se ve.
    xlabel, ylabel : str
        Qué se mide en cada eje.
    steps : bool
        Si los puntos son los pasos de un camino: se numeran desde 0 y se unen con flechas.

    Raises
    ------
    TypeError, ValueError
        Si no hay puntos, x e y no miden lo mismo o hay algo que no es un número real.

    Examples
    --------
    >>> w = np.linspace(0, 6, 50)
    >>> show_function(w, (w - 3) ** 2, {"dos pasos": [(0, 9), (2, 1)]}, xlabel="w", steps=True)
    """
    x, y = check_array(x, "x", {1: "(punto)"}), check_array(y, "y", {1: "(punto)"})
    if len(x) != len(y):
        raise ValueError(f"la curva tiene {len(x)} x y {len(y)} y: da una y por cada x")
    panels = check_named(points, "points", {2: "(punto, coordenada)"}, "escribe {título: puntos}")
    color = style.COLORS["kernel"]
    arrow = {"arrowstyle": "->", "linewidth": 1.4, "color": color}
    with open_figure(WIDTH, 3.2 if len(panels) == 1 else 3) as fig:
        for ax, (title, marks) in zip(
            fig.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
        ):
            ax.plot(x, y, color=style.COLORS["input"])
            ax.set(xlim=(x.min(), x.max()), ylim=(min(y.min(), 0) - 0.05 * np.ptp(y), y.max()))
            ax.plot(*marks.T, "o", color=color)
            for start, end in pairwise(marks) if steps else ():
                ax.annotate("", end, start, arrowprops=arrow, annotation_clip=True)
            for number in _far_apart(marks / np.ptp([x, y], axis=1)) if steps else ():
                place = {"xytext": (6, 6), "textcoords": "offset points", "annotation_clip": True}
                ax.annotate(str(number), marks[number], **place)
            ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
            number_ticks(ax.xaxis, ax.yaxis)
            ax.grid(axis="y")


def _far_apart(places: np.ndarray) -> list[int]:
    """Los puntos que se pueden numerar sin que los números se pisen; el primero, siempre."""
    chosen = [0]
    for number in range(1, len(places)):
        if np.linalg.norm(places[number] - places[chosen[-1]]) > 0.08:
            chosen.append(number)
    return chosen


def show_points(points, xlabel="", ylabel="", log_x=False) -> None:
    """Enseña puntos con su nombre al lado; con varias semillas, la media y barras del mínimo al máximo.

    Parameters
    ----------
    points : mapping of str to pair of array_like
        Por cada nombre, ``(x, y)``: dos números, o dos listas con uno por semilla.
    xlabel, ylabel, log_x
        Como en :func:`show_curves`.

    Raises
    ------
    TypeError, ValueError
        Si no hay puntos, alguno no tiene tantas x como y o hay algo que no es un número real.

    Examples
    --------
    >>> show_points({"densa": ([12, 13], [0.87, 0.88]), "convolucional": (60, 0.91)}, xlabel="segundos")
    """
    check_mapping(points, "points", "escribe {nombre: (x, y)}")
    with open_figure(WIDTH, 4) as fig:
        ax = fig.subplots()
        for name, pair in points.items():
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
        number_ticks(ax.xaxis, ax.yaxis)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        ax.grid()


def show_precision_area(recall, precision) -> None:
    """Enseña la precisión según la exhaustividad, tal cual y limada, y el área que es el AP.

    Parameters
    ----------
    recall, precision : array_like, shape (P,)
        Un valor por número de predicciones aceptadas, de la más segura a la menos.

    Raises
    ------
    TypeError, ValueError
        Si no son listas de números reales del mismo largo, o la exhaustividad baja.

    Examples
    --------
    >>> show_precision_area([0.5, 0.5, 1], [1, 0.5, 0.67])
    """
    recall = check_array(recall, "recall", {1: "(predicción)"})
    precision = check_array(precision, "precision", {1: "(predicción)"})
    if recall.shape != precision.shape or (np.diff(recall) < 0).any():
        raise ValueError(
            f"recall y precision van a la par y la primera no baja; han llegado {shown(recall)} y "
            f"{shown(precision)}: da un valor por predicción, de la más segura a la menos"
        )
    best = np.maximum.accumulate(precision[::-1])[::-1]
    edge, top = np.append(0, recall), np.append(best[:1], best)
    with open_figure(WIDTH, 3.6) as fig:
        ax = fig.subplots()
        fill = {"color": style.soft("output"), "step": "pre", "linewidth": 0, "label": "área: el AP"}
        ax.fill_between(edge, top, **fill)
        ax.step(edge, top, where="pre", color=style.COLORS["output"], label="limada")
        look = {"linestyle": "--", "marker": "o", "color": style.COLORS["kernel"], "label": "tal cual"}
        ax.plot(recall, precision, **look)
        ax.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel="exhaustividad", ylabel="precisión")
        number_ticks(ax.xaxis, ax.yaxis)
        ax.legend(loc="upper right")


def show_reliability(counts, confidence, accuracy) -> None:
    """Enseña un diagrama de fiabilidad: exactitud según la confianza, y cuántas hay en cada grupo.

    Parameters
    ----------
    counts, confidence, accuracy : array_like, shape (B,)
        De cada grupo de predicciones, cuántas son, su confianza media y su exactitud, de 0 a 1. Los grupos
        vacíos no se dibujan.

    Raises
    ------
    TypeError, ValueError
        Si no son números reales o no hay uno por grupo.

    Examples
    --------
    >>> show_reliability([0, 10, 90], [0, 0.5, 0.9], [0, 0.6, 0.95])
    """
    counts = check_array(counts, "counts", {1: "(grupo)"})
    seen = counts > 0
    means = []
    for name, values in (("confidence", confidence), ("accuracy", accuracy)):
        values = np.where(seen, values, 0) if np.shape(values) == counts.shape else values
        values = check_array(values, name, {1: "(grupo)"})
        if values.shape != counts.shape:
            raise ValueError(f"hay {len(counts)} grupos y {name} tiene {len(values)}: da un valor por grupo")
        means.append(values[seen])
    with open_figure(4.6, 5.6) as fig:
        ax, below = fig.subplots(2, 1, height_ratios=(4, 1.1))
        ax.plot([0, 1], [0, 1], "--", color=style.COLORS["padding"], label="calibrada")
        ax.plot(*means, marker="o", color=style.COLORS["input"], label="la red")
        ax.set(xlim=(0, 1), ylim=(0, 1), box_aspect=1, ylabel="exactitud")
        ax.grid()
        ax.legend(loc="upper left")
        bars = below.bar(means[0], counts[seen], width=0.06, color=style.COLORS["input"])
        below.bar_label(bars, [style.number_text(int(one)) for one in counts[seen]], fontsize=8)
        below.set(xlim=(0, 1), xlabel="confianza", ylabel="cuántas", yticks=[], box_aspect=0.27)
        below.set_ylim(0, 1.3 * counts.max())
        number_ticks(ax.xaxis, ax.yaxis, below.xaxis)
