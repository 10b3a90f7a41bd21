"""Anotaciones, etiquetas por píxel, objetos y desplazamientos."""

import math

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.patheffects import withStroke
from scipy.ndimage import distance_transform_edt

from course_utils import style
from course_utils.checks import MATRIX_AXES, check_array, shown
from course_utils.plots.panels import (
    WIDTH,
    check_image,
    check_sequence,
    check_titles,
    fill_panels,
    open_panels,
    set_title,
)

_STEP = 3  # píxeles entre flecha y flecha


def show_annotations(image, masks=(), boxes=(), polygons=(), labels=(), colors=None) -> None:
    """Enseña una fotografía con lo que está anotado en ella.

    Cada objeto tiene su trazo y, si no se dice otra cosa, su color. Las coordenadas son las de COCO: (x, y)
    desde la esquina de arriba a la izquierda, así que el primer píxel va de 0 a 1.

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
    colors : sequence of str, optional
        Un color por objeto: el de su clase, por ejemplo.

    Raises
    ------
    TypeError, ValueError
        Si la imagen no lo es, una máscara está vacía o no mide lo mismo que ella, una caja no tiene cuatro
        números, un polígono no tiene al menos tres puntos o no hay un nombre o un color por objeto.

    Examples
    --------
    >>> show_annotations(np.zeros((40, 60, 3)), boxes=[(10, 5, 30, 20)], labels=["perro"])
    """
    image = check_image(image)
    height, width = image.shape[:2]
    masks = [check_array(mask, "mask", MATRIX_AXES) != 0 for mask in masks]
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
    if colors is not None and len(colors) != len(anchors):
        raise ValueError(f"hay {len(colors)} colores y {len(anchors)} objetos: pon un color por objeto")
    colors, dashes = colors or style.INSTANCE_COLORS, ("-", "--", ":", "-.")
    with open_panels(1, 1, (height, width), width=0.8 * WIDTH) as (ax,):
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


def show_detections(image, truths, boxes, hits, labels=()) -> None:
    """Enseña las cajas de un detector sobre las verdaderas, y en cuáles acierta.

    Parameters
    ----------
    image : array_like, shape (H, W, 3) or (H, W)
        La imagen.
    truths, boxes : sequence of (float, float, float, float)
        Cajas verdaderas y detectadas: x, y, anchura y altura.
    hits : sequence of bool
        Si acierta cada detección.
    labels : sequence of str
        Un texto por detección.

    Raises
    ------
    TypeError, ValueError
        Si la imagen no lo es, una caja no tiene cuatro números o no hay un acierto y un texto por detección.

    Examples
    --------
    >>> show_detections(np.zeros((40, 60, 3)), [(10, 5, 30, 20)], [(12, 6, 28, 20)], [True], ["perro 0,9"])
    """
    image = check_image(image)
    height, width = image.shape[:2]
    for box in (*truths, *boxes):
        if len(check_array(box, "box", {1: "(x, y, anchura, altura)"})) != 4:
            raise ValueError("una caja no tiene cuatro números: x, y, anchura y altura")
    if len(hits) != len(boxes) or (labels and len(labels) != len(boxes)):
        raise ValueError(
            f"hay {len(boxes)} detecciones, {len(hits)} aciertos y {len(labels)} textos: da uno por detección"
        )
    looks = {
        "anotado": {"edgecolor": style.COLORS["input"], "linestyle": "--", "linewidth": 1.6},
        "acierto": {"edgecolor": style.COLORS["output"], "linestyle": "-", "linewidth": 2},
        "falsa alarma": {"edgecolor": style.COLORS["kernel"], "linestyle": ":", "linewidth": 2.4},
    }
    drawn = [(box, "anotado", "") for box in truths]
    for box, hit, label in zip(boxes, hits, labels or [""] * len(boxes), strict=True):
        drawn.append((box, "acierto" if hit else "falsa alarma", label))
    with open_panels(1, 1, (height, width), width=WIDTH) as (ax,):
        ax.imshow(image, cmap=style.IMAGE_CMAP, extent=(0, width, height, 0), interpolation="antialiased")
        for (x, y, w, h), outcome, label in drawn:
            outline = [withStroke(linewidth=4, foreground="white")]
            ax.add_patch(Rectangle((x, y), w, h, fill=False, path_effects=outline, **looks[outcome]))
            tag = {"facecolor": "white", "edgecolor": looks[outcome]["edgecolor"], "alpha": 0.9, "pad": 1.2}
            if label:
                edge = y if outcome == "acierto" else y + h  # dos cajas iguales, dos nombres que se leen
                at = min(max(float(x), 0), width * 0.84), min(max(float(edge), height * 0.04), height * 0.98)
                ax.text(*at, label, fontsize=8, ha="left", va="bottom", bbox=tag, clip_on=True)
        ax.set(xlim=(0, width), ylim=(height, 0))
        fig = ax.get_figure()
        fig.set_figheight(fig.get_figheight() + 0.2)
        keys = [
            Line2D([], [], color=look["edgecolor"], linestyle=look["linestyle"]) for look in looks.values()
        ]
        fig.legend(keys, list(looks), loc="outside lower center", ncols=3, fontsize=9)


def show_polygon(mask, polygon) -> None:
    """Enseña un polígono sobre la rejilla, el centro de cada píxel y los píxeles que quedan dentro.

    Parameters
    ----------
    mask : array_like, shape (H, W)
        Distinto de 0 en los píxeles que entran.
    polygon : sequence of float
        ``[x1, y1, x2, y2, …]``; el primer píxel va de 0 a 1.

    Raises
    ------
    TypeError, ValueError
        Si la máscara no tiene dos ejes, pasa de 32 píxeles de lado o el polígono no tiene tres puntos.

    Examples
    --------
    >>> show_polygon([[1, 1], [1, 0]], [0, 0, 2, 0, 0, 2])
    """
    mask = check_array(mask, "mask", MATRIX_AXES) != 0
    polygon = check_array(polygon, "polygon", {1: "(x1, y1, x2, y2, …)"})
    if max(mask.shape) > 32:
        raise ValueError(
            f"los centros de {mask.shape[0]}×{mask.shape[1]} píxeles no se verían: recorta a 32×32"
        )
    if len(polygon) < 6 or len(polygon) % 2:
        raise ValueError("un polígono no tiene al menos tres puntos: escribe [x1, y1, x2, y2, x3, y3]")
    height, width = mask.shape
    with open_panels(1, 1, mask.shape, width=0.8 * WIDTH) as (ax,):
        for row, col in np.ndindex(mask.shape):
            fill = style.soft("output") if mask[row, col] else "white"
            ax.add_patch(
                Rectangle((col, row), 1, 1, facecolor=fill, edgecolor=style.COLORS["padding"], linewidth=0.8)
            )
            role = "output" if mask[row, col] else "padding"
            ax.plot(
                col + 0.5, row + 0.5, "o" if mask[row, col] else "x", color=style.COLORS[role], markersize=6
            )
        outline = {"fill": False, "edgecolor": style.COLORS["highlight"], "linewidth": 2.5}
        ax.add_patch(Polygon(np.reshape(polygon, (-1, 2)), **outline))
        ax.axis("on")
        ax.spines[:].set_visible(False)
        ax.set(xlim=(-0.1, width + 0.1), ylim=(height + 0.1, -0.1), aspect="equal", xlabel="x", ylabel="y")
        ax.set_xticks(range(width + 1))
        ax.set_yticks(range(height + 1))


def show_overlays(image, maps, names, titles=None) -> None:
    """Enseña mapas de etiquetas encima de su fotografía, con un nombre sobre cada número.

    Parameters
    ----------
    image : array_like, shape (H, W, 3) or (H, W)
        La imagen.
    maps : sequence of array_like of int, shape (H, W)
        La clase o el objeto de cada píxel; el 0, el fondo, no se pinta, y el 255 va en negro.
    names : sequence of mapping of int to str
        Por cada mapa, el nombre de sus números.
    titles : sequence of str, optional
        Un título por mapa.

    Raises
    ------
    TypeError, ValueError
        Si la imagen no lo es, un mapa no mide lo mismo que ella o no hay nombres para cada mapa.

    Examples
    --------
    >>> show_overlays(np.zeros((8, 8, 3)), [np.eye(8, dtype=int)], [{1: "diagonal"}], ["Clase"])
    """
    image = check_image(image)
    maps = [check_array(values, "map", MATRIX_AXES) for values in check_sequence(maps, "maps")]
    if any(values.shape != image.shape[:2] for values in maps):
        raise ValueError(f"un mapa no mide {image.shape[0]}×{image.shape[1]}, como la imagen: usa el suyo")
    if len(names) != len(maps):
        raise ValueError(f"hay {len(maps)} mapas y {len(names)} listas de nombres: da una por mapa")
    titles = check_titles(titles, len(maps))
    width = 0.8 * WIDTH if len(maps) == 1 else None
    with open_panels(len(maps), None, image.shape, width=width) as axes:
        for ax, values, known, title in zip(axes, maps, names, titles, strict=True):
            ax.imshow(image, cmap=style.IMAGE_CMAP)
            ax.imshow(np.dstack([_paint_labels(values), 0.65 * (values != 0)]))
            for number, name in known.items():
                inside = np.argwhere(values == number)
                if len(inside):
                    row, col = inside[len(inside) // 2]
                    outline = [withStroke(linewidth=2.5, foreground="white")]
                    ax.text(col, row, name, fontsize=8, ha="center", va="center", path_effects=outline)
            set_title(ax, title)


def show_offsets(image, offsets) -> None:
    """Enseña adónde apunta cada píxel: una flecha, sobre la imagen, de uno de cada tres en cada eje.

    Parameters
    ----------
    image : array_like, shape (H, W, 3) or (H, W)
        La imagen.
    offsets : array_like, shape (H, W, 2)
        Filas y columnas que se mueve cada píxel; donde las dos son 0 no hay flecha.

    Raises
    ------
    TypeError, ValueError
        Si hay algo que no es un número real, o los desplazamientos no son dos por píxel de la imagen.

    Examples
    --------
    >>> show_offsets(np.zeros((12, 12)), np.full((12, 12, 2), 2.0))
    """
    image = check_image(image)
    offsets = check_array(offsets, "offsets", {3: "(fila, columna, eje)"})
    if offsets.shape != (*image.shape[:2], 2):
        raise ValueError(
            f"offsets debe tener forma {(*image.shape[:2], 2)}, dos números por píxel de la imagen, y ha "
            f"llegado {shown(offsets)}: pasa los de esta imagen"
        )
    rows, cols = np.mgrid[: image.shape[0] : _STEP, : image.shape[1] : _STEP]
    chosen = (offsets[rows, cols] != 0).any(axis=-1)
    rows, cols = rows[chosen], cols[chosen]
    down, right = offsets[rows, cols].T
    with open_panels(1, 1, image.shape, width=0.55 * WIDTH) as (ax,):
        ax.imshow(image, cmap=style.IMAGE_CMAP)
        outline = [withStroke(linewidth=2.5, foreground="white")]
        look = {"color": style.COLORS["highlight"], "width": 0.005, "path_effects": outline}
        ax.quiver(cols, rows, right, down, angles="xy", scale_units="xy", scale=1, **look)


def show_class_maps(panels, class_names, titles=None, columns=None, colors=style.SCENE_COLORS) -> None:
    """Enseña imágenes y, con los mismos colores y una leyenda, la clase de cada píxel.

    Parameters
    ----------
    panels : sequence of array_like
        Imágenes de color, de forma (H, W, 3), o mapas de clases enteras, de forma (H, W), en cualquier orden.
    class_names : sequence of str
        Nombre de cada clase, desde la 0.
    titles, columns
        Como en :func:`~course_utils.plots.images.show_images`.
    colors : sequence of str
        Un color por clase.

    Raises
    ------
    TypeError, ValueError
        Si no hay paneles, alguno no es una imagen ni un mapa de clases con nombre, o los títulos no son uno
        por panel.

    Examples
    --------
    >>> show_class_maps([np.zeros((8, 8, 3)), np.eye(8, dtype=int)], ["fondo", "diagonal"])
    """
    palette = np.array([to_rgb(color) for color in colors[: len(class_names)]])
    panels = [
        _paint_classes(values, class_names, palette) if np.ndim(values) == 2 else check_image(values)
        for values in check_sequence(panels, "panels")
    ]
    titles = check_titles(titles, len(panels))
    with open_panels(len(panels), columns, panels[0].shape) as axes:
        fill_panels(axes, panels, titles)
        _add_class_legend(axes[0].get_figure(), palette, class_names)


def show_objects(panels, class_names, titles=None, columns=None) -> None:
    """Enseña imágenes, mapas de clases y objetos: el color dice la clase; el contorno y el número, cuál es.

    Parameters
    ----------
    panels : sequence of array_like or (array_like, array_like, sequence of int)
        Una imagen de color, (H, W, 3); un mapa de clases enteras, (H, W); o ``(fondo, ids, classes)``: una
        imagen o un mapa de clases, el objeto de cada píxel, de 1 en adelante, y la clase de cada objeto. La
        imagen, debajo de los objetos, se ve en gris.
    class_names, titles, columns
        Como en :func:`show_class_maps`.

    Raises
    ------
    TypeError, ValueError
        Como :func:`show_class_maps`; y si no hay una clase por objeto.

    Examples
    --------
    >>> scene, ids = np.zeros((8, 8, 3)), np.eye(8, dtype=int)
    >>> show_objects([scene, (scene, ids, [1])], ["fondo", "diagonal"])
    """
    palette = np.array([to_rgb(color) for color in style.SCENE_COLORS[: len(class_names)]])
    panels = [
        panel if isinstance(panel, tuple) else (panel, None, ()) for panel in check_sequence(panels, "panels")
    ]
    painted = [_paint_objects(*panel, class_names, palette) for panel in panels]
    titles = check_titles(titles, len(panels))
    with open_panels(len(panels), columns, painted[0].shape) as axes:
        fill_panels(axes, painted, titles)
        for ax, (_, ids, classes) in zip(axes, panels, strict=True):
            for number in range(1, len(classes) + 1):
                _outline(ax, np.asarray(ids) == number, number)
        _add_class_legend(axes[0].get_figure(), palette, class_names)


def _add_class_legend(fig, palette, class_names) -> None:
    """Debajo de los paneles, un color por clase."""
    keys = [Patch(facecolor=color, edgecolor=style.TEXT["light"], linewidth=0.6) for color in palette]
    across = min(len(keys), max(int(fig.get_figwidth() / 0.85), 2))
    fig.set_figheight(fig.get_figheight() + 0.1 + 0.22 * math.ceil(len(keys) / across))
    narrow = {"handlelength": 1.2, "columnspacing": 1.0, "handletextpad": 0.5}
    fig.legend(keys, class_names, loc="outside lower center", ncols=across, fontsize=9, **narrow)


def _paint_objects(backdrop, ids, classes, class_names, palette) -> np.ndarray:
    """El fondo con los objetos encima, cada uno del color de su clase."""
    if np.ndim(backdrop) == 2:
        picture = _paint_classes(backdrop, class_names, palette)
    else:
        picture = check_image(backdrop)
        picture = picture / 255 if picture.dtype.kind in "iu" else picture
    if ids is None:
        return picture
    ids = check_array(ids, "ids", MATRIX_AXES)
    if ids.shape != picture.shape[:2] or ids.max(initial=0) != len(classes):
        raise ValueError(
            f"ids tiene forma {ids.shape} y objetos hasta el {ids.max(initial=0)}, la imagen mide "
            f"{picture.shape[:2]} y hay {len(classes)} clases: da un mapa de su tamaño y una clase por objeto"
        )
    if np.ndim(backdrop) == 3:
        picture = picture.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    inside = palette[np.asarray(classes, int)[ids[ids > 0].astype(int) - 1]]
    picture[ids > 0] = inside if np.ndim(backdrop) == 2 else 0.8 * inside + 0.2 * picture[ids > 0]
    return picture


def _outline(ax, mask, number) -> None:
    """El contorno de un objeto y, en su parte más ancha, su número."""
    if not mask.any():
        return
    inner = np.pad(mask, 1)
    rows, cols = np.indices(inner.shape) - 1
    ax.contour(cols, rows, inner, levels=[0.5], colors="white", linewidths=1.1)
    row, col = np.unravel_index(distance_transform_edt(inner).argmax(), inner.shape)
    shadow = [withStroke(linewidth=2, foreground="black")]
    look = {"color": "white", "fontsize": 9, "fontweight": "bold", "path_effects": shadow}
    ax.text(col - 1, row - 1, str(number), ha="center", va="center", clip_on=True, **look)
    ax.set(xlim=(-0.5, mask.shape[1] - 0.5), ylim=(mask.shape[0] - 0.5, -0.5))


def _paint_labels(values: np.ndarray) -> np.ndarray:
    palette = np.array([to_rgb(color) for color in style.INSTANCE_COLORS])
    painted = palette[(values.astype(int) - 1) % len(palette)]
    painted[values == 0], painted[values == 255] = to_rgb("#E4E7EA"), to_rgb("#000000")
    return painted


def _paint_classes(values, class_names, palette) -> np.ndarray:
    values = check_array(values, "panels", MATRIX_AXES)
    if values.dtype.kind not in "biu" or values.min() < 0 or values.max() >= len(palette):
        raise ValueError(
            f"un mapa de clases tiene enteros de 0 a {len(palette) - 1}, uno por nombre, y ha "
            f"llegado {shown(values)}: si son puntuaciones, escribe scores.argmax(axis=-1)"
        )
    return palette[values.astype(int)]
