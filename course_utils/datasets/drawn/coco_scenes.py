"""Escenas apaisadas con cajas y polígonos: el sustituto de COCO para cuando no lo hay."""

import numpy as np

from course_utils.checks import check_integer
from course_utils.datasets.coco.categories import coco_categories
from course_utils.datasets.coco.masks import COURSE_LICENCE, describe_mask
from course_utils.datasets.drawn.objects import PLACES, background, object_parts, paint
from course_utils.datasets.drawn.polygons import add_grain, between

HEIGHT, WIDTH = 120, 160
CELLS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2))  # (fila, columna) de una rejilla de 2×3
NOISE = 6.0
# Categoría de COCO de cada clase de objeto que se sabe dibujar; no hay ciervos ni ranas en COCO.
CATEGORY_IDS = {0: 5, 1: 3, 2: 16, 3: 17, 5: 18, 7: 19, 8: 9, 9: 8}
BIRD = 2
CROWD_EVERY = 4  # una de cada tantas escenas lleva una bandada


def draw_scenes(n: int, seed: int) -> tuple[dict, dict[int, np.ndarray]]:
    """Escenas con varios objetos y sus anotaciones como las de COCO: el documento y, por id, los píxeles.

    Cada objeto tiene su caja, su área y un polígono por pieza. En una de cada cuatro escenas hay además una
    bandada de pájaros, anotada entera con RLE e ``iscrowd`` 1. Las imágenes son uint8, (120, 160, 3).

    Parameters
    ----------
    n : int
        Número de escenas.
    seed : int
        Semilla: la misma da las mismas escenas.

    Raises
    ------
    TypeError, ValueError
        Si ``n`` o ``seed`` no son enteros, ``n`` es menor que 1 o ``seed`` es negativa.

    Examples
    --------
    >>> document, pixels = draw_scenes(4, seed=0)
    >>> pixels[1].shape, [one["iscrowd"] for one in document["annotations"]].count(1)
    ((120, 160, 3), 1)
    """
    n, seed = check_integer(n, "n"), check_integer(seed, "seed", minimum=0)
    rng = np.random.default_rng(seed)
    pixels, records, annotations = {}, [], []
    for image_id in range(1, n + 1):
        crowd = image_id % CROWD_EVERY == 0
        pixels[image_id], found = _draw(rng, crowd)
        for one in found:
            annotations.append({"id": len(annotations) + 1, "image_id": image_id, **one})
        name = f"{image_id:012d}.png"
        records.append({"id": image_id, "file_name": name, "width": WIDTH, "height": HEIGHT, "license": 1})
    categories = [
        {"id": one.id, "name": one.name, "supercategory": one.supercategory}
        for one in coco_categories().values()
    ]
    document = {
        "info": {"description": "Escenas dibujadas por el curso"},
        "licenses": [COURSE_LICENCE],
        "images": records,
        "annotations": annotations,
        "categories": categories,
    }
    return document, pixels


def draw_detections(document: dict, seed: int) -> list[dict]:
    """Unas detecciones de mentira de un documento de COCO, en el formato de sus resultados.

    De cada ocho objetos se olvida uno; los demás llevan la caja movida y algunos, otra categoría o una
    segunda caja. La confianza baja con lo que se ha movido la caja.

    Parameters
    ----------
    document : dict
        Con ``annotations``.
    seed : int
        Semilla.

    Examples
    --------
    >>> document, _ = draw_scenes(4, seed=0)
    >>> len(draw_detections(document, seed=0)) > 0
    True
    """
    rng = np.random.default_rng(seed)
    found = []
    kinds = sorted({one["category_id"] for one in document["annotations"]})
    for one in document["annotations"]:
        for _ in range(rng.choice([0, 1, 1, 1, 1, 1, 2, 2])):
            x, y, width, height = one["bbox"]
            push = rng.normal(0, 0.08, 4)
            box = [x + push[0] * width, y + push[1] * height, width * (1 + push[2]), height * (1 + push[3])]
            kind = one["category_id"] if rng.random() < 0.85 else kinds[rng.integers(len(kinds))]
            score = float(np.clip(0.9 - 2 * np.abs(push).mean() + rng.normal(0, 0.15), 0.02, 1))
            found.append(
                {
                    "image_id": one["image_id"],
                    "category_id": kind,
                    "bbox": [round(float(value), 1) for value in box],
                    "score": round(score, 4),
                }
            )
    return sorted(found, key=lambda one: (one["image_id"], -one["score"]))


def _draw(rng, crowd):
    rows, cols = np.arange(HEIGHT)[:, np.newaxis] + 0.5, np.arange(WIDTH)[np.newaxis, :] + 0.5
    place = rng.integers(len(PLACES), size=1)
    canvas = np.broadcast_to(background(rng, place, rows / HEIGHT, 1), (1, HEIGHT, WIDTH, 3))
    cells = [CELLS[i] for i in rng.permutation(len(CELLS))[: rng.integers(2, 6)]]
    annotations = []
    for number, cell in enumerate(cells):
        if crowd and number == 0:
            canvas, annotation = _flock(rng, canvas, rows, cols, cell)
        else:
            canvas, annotation = _single(rng, canvas, rows, cols, cell)
        annotations.append(annotation)
    canvas = canvas * between(rng, 0.7, 1.05, (1, 1, 1, 1))
    return add_grain(rng, 255 * canvas[0], NOISE), annotations


def _single(rng, canvas, rows, cols, cell):
    kind = list(CATEGORY_IDS)[rng.integers(len(CATEGORY_IDS))]
    side, half = HEIGHT / 2, WIDTH / 3
    height, width = between(rng, 0.5, 0.95, 2) * (side, half)
    top = cell[0] * side + between(rng, 0, 1, ()) * (side - height)
    left = cell[1] * half + between(rng, 0, 1, ()) * (half - width)
    canvas, polygons, mask = _place(rng, canvas, rows, cols, kind, top, left, height, width)
    points = np.concatenate([np.reshape(polygon, (-1, 2)) for polygon in polygons])
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    annotation = {
        "category_id": CATEGORY_IDS[kind],
        "iscrowd": 0,
        "bbox": [float(round(value, 2)) for value in (x0, y0, x1 - x0, y1 - y0)],
        "area": float(mask.sum()),
        "segmentation": polygons,
    }
    return canvas, annotation


def _flock(rng, canvas, rows, cols, cell):
    side, half = HEIGHT / 2, WIDTH / 3
    union = np.zeros((HEIGHT, WIDTH), bool)
    for _ in range(rng.integers(5, 9)):
        height, width = between(rng, 14, 20, 2)
        top = cell[0] * side + between(rng, 0, 1, ()) * (side - height)
        left = cell[1] * half + between(rng, 0, 1, ()) * (half - width)
        canvas, _, mask = _place(rng, canvas, rows, cols, BIRD, top, left, height, width)
        union |= mask
    annotation = {"category_id": CATEGORY_IDS[BIRD], "iscrowd": 1, **describe_mask(union)}
    return canvas, annotation


def _place(rng, canvas, rows, cols, kind, top, left, height, width):
    """Pinta un objeto y devuelve sus polígonos, en píxeles, y los píxeles que ocupa."""
    x, y = ((cols - left) / width)[np.newaxis], ((rows - top) / height)[np.newaxis]
    parts = object_parts(rng, kind, 1)
    if rng.random() < 0.5:  # mira a la derecha
        parts = [(points * (-1, 1) + (1, 0), colour) for points, colour in parts]
    marked = paint(np.full((1, HEIGHT, WIDTH, 3), -1.0), parts, x, y)
    mask = marked[0, ..., 0] >= 0
    polygons = [
        [float(round(value, 2)) for value in (points[0] * (width, height) + (left, top)).ravel()]
        for points, _ in parts
    ]
    return np.where(mask[..., np.newaxis], marked, canvas), polygons, mask
