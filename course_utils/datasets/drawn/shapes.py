"""Escenas cuadradas con una etiqueta por píxel: las que se segmentan en los capítulos 8 y 9.

Cielo, hierba y camino al fondo; delante, pelotas, cajas, conos y aros que se tocan y se tapan. Cada píxel
tiene clase, y cada objeto, su número. Solo se suman, multiplican, dividen y sacan raíces cuadradas, que todas
las máquinas redondean igual: con la misma semilla, los mismos bytes.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.checks import check_integer, shown
from course_utils.datasets.coco.masks import COURSE_LICENCE, describe_mask
from course_utils.datasets.drawn.painting import (
    Thing,
    blocks,
    direction,
    light_up,
    paint_regions,
    paint_things,
    place_thing,
    region_map,
    smooth,
    stripes,
    to_bytes,
)

REGION_NAMES = ("cielo", "hierba", "camino")
OBJECT_NAMES = ("pelota", "caja", "cono", "aro")
CLASS_NAMES = REGION_NAMES + OBJECT_NAMES
FIRST_OBJECT = len(REGION_NAMES)
SIZES = (64, 128)  # lado menor y mayor, en píxeles

RADIUS = (0.1, 0.18)  # del lado de la imagen
COLOR = (35, 226)  # de cada canal de un objeto; el último no se llega a dar
CONTRAST = (20, 45)  # de las rayas y las motas
PERIOD = (4, 7)  # de las rayas, en píxeles
HORIZON = (0.2, 0.5)  # del lado de la imagen
TILT = 0.12  # cuánto baja o sube el horizonte por columna, como mucho
ROADS = 0.85  # parte de las escenas con camino
PALETTE = (  # (mínimo, máximo) de rojo, verde y azul de cada región
    ((120, 205), (150, 215), (165, 250)),
    ((65, 150), (100, 180), (40, 115)),
    ((95, 175), (90, 165), (80, 160)),
)
LIGHT = 0.25  # lo más que cambia la luz hacia un borde, por uno
NOISE = 11  # lo más que suma o resta cada uno de los dos granos
_OBJECTS = (3, 8)  # cuántos se intentan poner, del primero al anterior al último
_MIN_VISIBLE = 0.55  # parte de un objeto que se tiene que ver


@dataclass(frozen=True)
class Shapes:
    """Escenas con sus etiquetas.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, S, S, 3)
        Color, de 0 a 255.
    semantic : ndarray of uint8, shape (N, S, S)
        Clase de cada píxel: la posición en ``CLASS_NAMES``. Ninguno queda sin clase.
    instances : ndarray of uint8, shape (N, S, S)
        0 donde no hay ningún objeto; del 1 al número de objetos, el objeto al que pertenece el píxel.
    object_classes : tuple of ndarray of uint8
        Por cada imagen, la clase del objeto 1, del 2…: su posición en ``CLASS_NAMES``.
    """

    images: np.ndarray
    semantic: np.ndarray
    instances: np.ndarray
    object_classes: tuple[np.ndarray, ...]

    @property
    def binary(self) -> np.ndarray:
        """Región de interés, uint8 de forma (N, S, S): 1 en los objetos y 0 en el fondo."""
        return (self.instances > 0).astype(np.uint8)

    @property
    def labels(self) -> np.ndarray:
        """Clase de cada imagen, int64 de forma (N,): la del objeto del que se ven más píxeles."""
        largest = [np.bincount(i.ravel())[1:].argmax() for i in self.instances]
        return np.array(
            [classes[k] for classes, k in zip(self.object_classes, largest, strict=True)], np.int64
        )


def export_coco(scenes: Shapes) -> dict:
    """Las anotaciones de unas escenas en el formato de COCO, listas para ``json.dumps``.

    La imagen de la posición i lleva el id i + 1; la categoría es la posición en ``CLASS_NAMES``.

    Parameters
    ----------
    scenes : Shapes
        Escenas con sus objetos.

    Examples
    --------
    >>> document = export_coco(generate_shapes(2, seed=0))
    >>> [one["name"] for one in document["categories"]]
    ['pelota', 'caja', 'cono', 'aro']
    """
    images, annotations = [], []
    for image_id, (ids, classes) in enumerate(zip(scenes.instances, scenes.object_classes, strict=True), 1):
        height, width = ids.shape
        name = f"{image_id:012d}.png"
        images.append({"id": image_id, "file_name": name, "width": width, "height": height, "license": 1})
        for number, kind in enumerate(classes, 1):
            own = {"id": len(annotations) + 1, "image_id": image_id, "category_id": int(kind), "iscrowd": 0}
            annotations.append(own | describe_mask(ids == number))
    categories = [
        {"id": CLASS_NAMES.index(name), "name": name, "supercategory": "objeto"} for name in OBJECT_NAMES
    ]
    return {
        "info": {"description": "Escenas dibujadas por el curso"},
        "licenses": [COURSE_LICENCE],
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }


def generate_shapes(count: int, seed: int, size: int = SIZES[0]) -> Shapes:
    """Dibuja escenas al azar, cada una con al menos un objeto.

    Cambian el horizonte, el camino, los colores, las texturas, la luz y el ruido. Cada objeto nuevo suele
    ponerse junto a otro, a menudo de su misma clase y de su mismo color, y puede quedar tapado a medias.

    Parameters
    ----------
    count : int
        Cuántas escenas.
    seed : int
        Semilla: la misma da los mismos bytes, y las primeras escenas no dependen de cuántas se pidan.
    size : int
        Lado, de 64 a 128 píxeles.

    Raises
    ------
    TypeError, ValueError
        Si alguno no es entero, ``count`` no es positivo, ``seed`` es negativa o ``size`` no es de 64 a 128.

    Examples
    --------
    >>> scenes = generate_shapes(3, seed=0)
    >>> sorted({CLASS_NAMES[c] for c in np.unique(scenes.semantic)} & set(REGION_NAMES))
    ['camino', 'cielo', 'hierba']

    References
    ----------
    Distancias con signo a figuras sencillas: I. Quilez, «2D distance functions»,
    https://iquilezles.org/articles/distfunctions2d/
    """
    count = check_integer(count, "count")
    rng = np.random.default_rng(check_integer(seed, "seed", minimum=0))
    size = check_integer(size, "size")
    if not SIZES[0] <= size <= SIZES[1]:
        raise ValueError(
            f"size debe estar entre {SIZES[0]} y {SIZES[1]} y ha llegado {shown(size)}: elige 64, por ejemplo"
        )
    images = np.empty((count, size, size, 3), np.uint8)
    semantic = np.empty((count, size, size), np.uint8)
    instances = np.empty((count, size, size), np.uint8)
    classes = []
    for index in range(count):
        images[index], semantic[index], instances[index], found = _draw(rng, size)
        classes.append(found)
    return Shapes(images, semantic, instances, tuple(classes))


def _draw(rng, size):
    image, semantic = _background(rng, size)
    things, instances = _place(rng, size)
    patterns = [_pattern(rng, size) for _ in things]  # se sortean del fondo al frente
    paint_things(image, things, patterns[::-1])
    light_up(image, *rng.uniform(-LIGHT, LIGHT, 2))
    image += rng.integers(-NOISE, NOISE + 1, image.shape) + rng.integers(-NOISE, NOISE + 1, image.shape)
    kinds = np.array([thing.kind for thing in things], np.uint8) + np.uint8(FIRST_OBJECT)
    visible = instances > 0
    semantic[visible] = kinds[instances[visible] - 1]
    return to_bytes(image), semantic, instances, kinds


def _background(rng, size):
    """Cielo arriba, hierba abajo y, casi siempre, un camino que se estrecha hacia el horizonte."""
    horizon, tilt, road = size * rng.uniform(*HORIZON), rng.uniform(-TILT, TILT), None
    if rng.random() < ROADS:
        vanishing, width = size * rng.uniform(0.2, 0.8), size * rng.uniform(0.02, 0.06)
        road = vanishing, width, *(rng.uniform(-0.2, 1.0, 2) + np.array([0.15, 0.15]))
    regions, below = region_map(size, horizon, tilt, road)
    colors = np.array([[rng.integers(low, high) for low, high in region] for region in PALETTE], np.float64)
    clouds, grass = smooth(rng.uniform(-1, 1, (6, 6)), size), rng.integers(-26, 27, (size, size))
    gravel = blocks(rng.integers(-24, 25, ((size + 1) // 2, (size + 1) // 2)), size)
    return paint_regions(regions, below, colors, clouds, grass, gravel), regions


def _place(rng, size):
    """Objetos, del que está delante al que está detrás, y de quién es cada píxel."""
    things: list[Thing] = []
    instances = np.zeros((size, size), np.uint8)
    wanted = rng.integers(*_OBJECTS)
    for _ in range(2 * wanted):
        if len(things) == wanted:
            break
        thing = _choose(rng, size, things)
        whole = thing.distance < 0
        seen = whole & (instances == 0)
        if seen.sum() >= max(_MIN_VISIBLE * whole.sum(), size * size / 140):
            things.append(thing)
            instances[seen] = len(things)
    return things, instances


def _choose(rng, size, things):
    kind, radius = int(rng.integers(len(OBJECT_NAMES))), size * rng.uniform(*RADIUS)
    color = rng.integers(*COLOR, 3).astype(np.float64)
    row, col = size * rng.uniform(0.1, 0.9, 2)
    if things and rng.random() < 0.7:  # pegado a otro
        other = things[rng.integers(len(things))]
        if rng.random() < 0.7:
            kind = other.kind
            if rng.random() < 0.6:
                color = other.color
        step = rng.uniform(0.75, 1.05) * (other.radius + radius)
        down, right = _direction(rng)
        row = min(max(other.row + step * down, 0.08 * size), 0.92 * size)
        col = min(max(other.col + step * right, 0.08 * size), 0.92 * size)
    return place_thing(kind, row, col, radius, color, _direction(rng), size)


def _direction(rng):
    return direction(rng.uniform(-1, 1), 1 if rng.random() < 0.5 else -1)


def _pattern(rng, size):
    """Liso, a rayas o moteado."""
    style = rng.integers(3)
    if style == 0:
        return np.zeros((size, size))
    contrast = rng.uniform(*CONTRAST)
    if style == 1:
        return stripes(_direction(rng), rng.uniform(*PERIOD), contrast, size)
    return contrast * smooth(rng.uniform(-1, 1, (17, 17)), size)
