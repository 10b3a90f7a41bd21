"""Ejercicios del capítulo 11: COCO, anotaciones y máscaras."""

import numpy as np

from course_utils.exercises.chapter import Chapter
from course_utils.exercises.controls import Dropdown, Number, Slider
from course_utils.style import number_text

chapter = Chapter("11")


def outputs_for_official_ids():
    """Salidas para que quepa el número oficial más alto."""
    highest = 25
    return highest + 1  # también hay una salida para el 0


chapter.by_reference(
    "11.1",
    outputs_for_official_ids,
    controls=(Number("Salidas"),),
    mistakes={
        "cuenta-las-categorias": lambda: 10,
        "olvida-el-cero": lambda: 25,
        "categorias-y-fondo": lambda: 11,
        "todos-los-numeros": lambda: 91,
    },
)


def crop(image, bbox):
    """El trozo de imagen que encierra una caja (x, y, anchura, altura)."""
    x, y, width, height = bbox
    return image[y : y + height, x : x + width]


def _crops():
    image = np.arange(80).reshape(8, 10)
    return [(image, (1, 2, 3, 4)), (image, (5, 1, 4, 2)), (image, (0, 3, 6, 5))]


chapter.by_reference(
    "11.2",
    crop,
    cases=_crops(),
    mistakes={
        "x-es-la-fila": lambda image, bbox: image[bbox[0] : bbox[0] + bbox[2], bbox[1] : bbox[1] + bbox[3]],
        "dos-esquinas": lambda image, bbox: image[bbox[1] : bbox[3], bbox[0] : bbox[2]],
        "anchura-por-altura": lambda image, bbox: image[
            bbox[1] : bbox[1] + bbox[2], bbox[0] : bbox[0] + bbox[3]
        ],
        "una-de-mas": lambda image, bbox: image[
            bbox[1] : bbox[1] + bbox[3] + 1, bbox[0] : bbox[0] + bbox[2] + 1
        ],
        "recorte-traspuesto": lambda image, bbox: crop(image, bbox).T,
    },
)


def mask_box(mask):
    """La caja (x, y, anchura, altura) más pequeña que encierra la máscara."""
    rows, cols = np.nonzero(mask)
    x, y = cols.min(), rows.min()
    return [int(x), int(y), int(cols.max() - x + 1), int(rows.max() - y + 1)]


def _masks():
    first = np.zeros((4, 6), int)
    first[1:3, 2:5] = 1
    second = np.zeros((7, 5), int)
    second[[2, 3, 5], [1, 3, 2]] = 1
    third = np.zeros((5, 8), int)
    third[4, 0:7:2] = 1
    fourth = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    return [first, second, third, fourth, np.eye(1, 3, 1, dtype=int)]


def _corners(mask):
    x, y, width, height = mask_box(mask)
    return [x, y, x + width, y + height]


chapter.by_reference(
    "11.3",
    mask_box,
    cases=_masks(),
    mistakes={
        "fila-delante": lambda mask: [mask_box(mask)[i] for i in (1, 0, 3, 2)],
        "pierde-un-pixel": lambda mask: [*mask_box(mask)[:2], mask_box(mask)[2] - 1, mask_box(mask)[3] - 1],
        "altura-por-anchura": lambda mask: [mask_box(mask)[i] for i in (0, 1, 3, 2)],
        "da-las-esquinas": _corners,
        "da-el-ultimo-pixel": lambda mask: [
            *mask_box(mask)[:2],
            _corners(mask)[2] - 1,
            _corners(mask)[3] - 1,
        ],
        "da-el-centro": lambda mask: [
            mask_box(mask)[0] + mask_box(mask)[2] / 2,
            mask_box(mask)[1] + mask_box(mask)[3] / 2,
            *mask_box(mask)[2:],
        ],
        "cuenta-pixeles": lambda mask: [
            *mask_box(mask)[:2],
            int(mask.any(axis=0).sum()),
            int(mask.any(axis=1).sum()),
        ],
    },
)


def polygon_area(points):
    """Área de un polígono [x1, y1, x2, y2, …]."""
    x, y = points[0::2], points[1::2]
    total = 0
    for i in range(len(x)):
        j = (i + 1) % len(x)
        total += x[i] * y[j] - x[j] * y[i]
    return abs(total) / 2


def _open_area(points):
    x, y = np.array(points[0::2]), np.array(points[1::2])
    return float(abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)


def _signed_area(points):
    x, y = np.array(points[0::2]), np.array(points[1::2])
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


chapter.by_reference(
    "11.4",
    polygon_area,
    cases=[
        ([1, 1, 5, 1, 5, 4, 1, 4],),
        ([2, 1, 2, 4, 8, 1],),
        ([3, 2, 9, 3, 7, 8, 4, 9, 1, 5],),
        ([6.5, 1, 2, 7.5, 8, 6],),
        ([1, 1, 7, 1, 7, 6, 3, 2, 1, 6],),
    ],
    mistakes={
        "olvida-la-mitad": lambda points: 2 * polygon_area(points),
        "con-signo": _signed_area,
        "no-se-cierra": _open_area,
        "area-de-la-caja": lambda points: (
            (max(points[0::2]) - min(points[0::2])) * (max(points[1::2]) - min(points[1::2]))
        ),
        "x-y-luego-y": lambda points: polygon_area(
            [v for p in zip(points[: len(points) // 2], points[len(points) // 2 :], strict=True) for v in p]
        ),
    },
)


def encode_rle(mask):
    """Números del RLE de COCO: ceros, unos, ceros…, por columnas."""
    counts, value, run = [], 0, 0
    for pixel in mask.T.ravel():  # columna a columna
        if pixel != value:
            counts.append(run)
            value, run = pixel, 0
        run += 1
    counts.append(run)
    return [int(count) for count in counts]


def _runs(pixels, leading_zero=True, last=True):
    pixels = np.asarray(pixels)
    edges = [0, *(np.flatnonzero(np.diff(pixels)) + 1), len(pixels)]
    counts = [int(n) for n in np.diff(edges)]
    if pixels[0] and leading_zero:
        counts = [0, *counts]
    return counts if last else counts[:-1]


def _rle_masks():
    return [
        np.array([[0, 1, 0], [1, 1, 0]]),
        np.array([[1, 1, 0, 0], [1, 0, 0, 1]]),
        np.array([[0, 0], [0, 0]]),
        np.ones((2, 3), int),
        np.random.default_rng(115).integers(0, 2, (4, 5)),
        np.ones((17, 16), int),  # una racha de más de 255
    ]


chapter.by_reference(
    "11.5",
    encode_rle,
    cases=_rle_masks(),
    mistakes={
        "por-filas": lambda mask: _runs(mask.ravel()),
        "olvida-el-cero-inicial": lambda mask: _runs(mask.T.ravel(), leading_zero=False),
        "siempre-un-cero": lambda mask: [0, *_runs(mask.T.ravel(), leading_zero=False)],
        "pierde-la-ultima": lambda mask: _runs(mask.T.ravel(), last=False),
        "solo-los-unos": lambda mask: encode_rle(mask)[1::2],
        "al-reves": lambda mask: encode_rle(1 - mask),
    },
)


def decode_rle(counts, height, width):
    """La máscara de un RLE, con forma (height, width)."""
    pixels = []
    for position, count in enumerate(counts):
        pixels += [position % 2] * count  # los pares son ceros
    return np.array(pixels).reshape(width, height).T


chapter.by_reference(
    "11.6",
    decode_rle,
    cases=[
        ([1, 3, 2], 2, 3),
        ([0, 3, 4, 1], 4, 2),
        ([2, 1, 3, 4, 1, 1, 3], 3, 5),
        ([5, 2, 2, 3], 3, 4),
        ([2, 1, 1], 2, 2),
    ],
    mistakes={
        "la-reparte-por-filas": lambda counts, height, width: decode_rle(counts, height, width).T.reshape(
            height, width
        ),
        "queda-traspuesta": lambda counts, height, width: decode_rle(counts, height, width).T,
        "empieza-por-unos": lambda counts, height, width: 1 - decode_rle(counts, height, width),
        "sin-forma": lambda counts, height, width: decode_rle(counts, height, width).T.ravel(),
        "de-atras-adelante": lambda counts, height, width: decode_rle(counts, height, width)[::-1, ::-1],
    },
)


def largest_small_width():
    """Mayor anchura, de 32 en 32, con la que el objeto es pequeño."""
    widths = range(32, 641, 32)
    return max(width for width in widths if 60 * 40 * (width / 640) ** 2 < 32**2)


chapter.by_reference(
    "11.7",
    largest_small_width,
    controls=(Slider("Anchura", 32, 640, 32),),
    consequence=lambda width: (
        f"la caja mide {number_text(60 * width / 640)} × {number_text(40 * width / 640)}"
    ),
    mistakes={
        "el-area-no-es-lineal": lambda: 256,
        "mira-el-lado-largo": lambda: 320,
        "mira-el-lado-corto": lambda: 480,
        "por-poco": lambda: 448,
        "no-reduce": lambda: 640,
    },
)

OPTIONS = (
    "La caja se sale de la imagen",
    "El polígono tiene pocos puntos",
    "La caja lleva dos esquinas",
    "El área no es la del polígono",
    "La categoría no existe",
)


def annotation_error():
    """Qué está mal en la anotación."""
    box_width = 420  # el tercer número de la caja
    polygon_width = 420 - 200  # de la menor x a la mayor
    if box_width != polygon_width:
        return "La caja lleva dos esquinas"
    return ""


chapter.by_reference(
    "11.8",
    annotation_error,
    controls=(Dropdown("Qué está mal", OPTIONS),),
    mistakes={
        "se-sale": lambda: OPTIONS[0],
        "pocos-puntos": lambda: OPTIONS[1],
        "area": lambda: OPTIONS[3],
        "categoria": lambda: OPTIONS[4],
    },
)


def semantic_target(masks, classes, crowds):
    """Clase de cada píxel: 0, fondo; 255, solo multitud; si hay varios objetos, el más pequeño."""
    target = 255 * masks[crowds == 1].any(axis=0)  # las multitudes, debajo de todo
    for k in np.argsort(-masks.sum(axis=(1, 2))):  # y los objetos, de mayor a menor
        if not crowds[k]:
            target[masks[k] > 0] = classes[k]
    return target


def _painted(masks, classes, crowds, sizes):
    """Las multitudes primero y luego, de mayor a menor según ``sizes``, los objetos."""
    target = np.zeros(masks.shape[1:], int)
    for k in sorted(range(len(masks)), key=lambda k: (not crowds[k], -sizes[k])):
        target[masks[k] > 0] = 255 if crowds[k] else classes[k]
    return target


def _all_by_size(masks, classes, crowds):
    values = np.where(crowds, 255, classes)
    return _painted(masks, values, np.zeros(len(masks), bool), masks.sum(axis=(1, 2)))


def _combined(masks, classes, crowds, combine):
    """Los objetos juntos con ``combine`` y, debajo, las multitudes."""
    objects = combine(masks * np.where(crowds, 0, classes)[:, None, None])
    crowd = masks[np.asarray(crowds, bool)].any(axis=0)
    return np.where((objects == 0) & crowd, 255, objects)


def _box_areas(masks):
    return masks.any(axis=1).sum(axis=1) * masks.any(axis=2).sum(axis=1)


def _overlaps():
    masks = np.zeros((3, 4, 5), int)
    masks[0, 1:3, 1:3] = 1
    masks[1, 0:4, 0:4] = 1
    masks[2, 2, 2:5] = 1
    other = np.zeros((2, 3, 4), int)
    other[0, :, 1:] = 1
    other[1, 1, 2:4] = 1
    diagonal = np.zeros((2, 4, 5), int)  # la diagonal tiene menos píxeles y una caja mayor
    diagonal[0, 1:3, 1:4] = 1
    diagonal[1, range(4), range(4)] = 1
    outline = np.zeros((2, 6, 9), int)  # el alargado tiene menos píxeles y más de ellos en su borde
    outline[0, 1:6, 0:5] = 1
    outline[1, 0:3, 0:8] = 1
    tall = np.zeros((2, 6, 6), int)  # el más alto tiene menos píxeles
    tall[0, 2:5, :5] = 1
    tall[1, :, 1:3] = 1
    crowd = np.zeros((4, 4, 5), int)  # una multitud pisa a un objeto mayor y a otro menor, y se sale de ellos
    crowd[0, :, :3] = 1
    crowd[1, 1:, 2:5] = 1
    crowd[2, 3, 1:3] = 1
    crowd[3, 0, 3:] = 1
    return [
        (other, np.array([4, 2]), np.array([0, 0])),
        (masks, np.array([7, 3, 5]), np.array([0, 0, 0])),
        (diagonal, np.array([2, 6]), np.array([0, 0])),
        (outline, np.array([3, 8]), np.array([0, 0])),
        (tall, np.array([9, 4]), np.array([0, 0])),
        (tall[::-1], np.array([4, 9]), np.array([0, 0])),
        (crowd, np.array([3, 9, 4, 9]), np.array([0, 1, 0, 1])),
    ]


chapter.by_reference(
    "11.9",
    semantic_target,
    cases=_overlaps(),
    mistakes={
        "en-su-orden": lambda masks, classes, crowds: _painted(
            masks, classes, crowds, -np.arange(len(masks))
        ),
        "todo-en-su-orden": lambda masks, classes, crowds: _painted(
            masks, np.where(crowds, 255, classes), np.zeros(len(masks), bool), -np.arange(len(masks))
        ),
        "manda-el-grande": lambda masks, classes, crowds: _painted(
            masks, classes, crowds, -masks.sum(axis=(1, 2))
        ),
        "por-la-caja": lambda masks, classes, crowds: _painted(masks, classes, crowds, _box_areas(masks)),
        "suma-las-clases": lambda masks, classes, crowds: _combined(
            masks, classes, crowds, lambda values: values.sum(axis=0)
        ),
        "mayor-clase": lambda masks, classes, crowds: _combined(
            masks, classes, crowds, lambda values: values.max(axis=0)
        ),
        "numera-los-objetos": lambda masks, classes, crowds: semantic_target(
            masks, np.arange(1, len(masks) + 1), crowds
        ),
        "binaria": lambda masks, classes, crowds: semantic_target(masks, np.ones_like(classes), crowds),
        "la-multitud-es-un-objeto": lambda masks, classes, crowds: semantic_target(
            masks, classes, np.zeros_like(crowds)
        ),
        "la-multitud-encima": _all_by_size,
        "la-multitud-lo-tapa-todo": lambda masks, classes, crowds: np.where(
            masks[crowds == 1].any(axis=0), 255, semantic_target(masks, classes, crowds)
        ),
        "la-multitud-al-fondo": lambda masks, classes, crowds: semantic_target(
            masks * (1 - np.asarray(crowds))[:, None, None], classes, crowds
        ),
    },
)
