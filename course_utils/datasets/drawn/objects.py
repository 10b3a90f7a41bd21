"""Objetos de colores dibujados por el curso: datos sustitutos para cuando no hay CIFAR-10."""

from functools import partial

import numpy as np

from course_utils.datasets.drawn.polygons import add_grain, between, draw_classes, inside, occluder, shape

SIZE = 32
OVERSAMPLING = 2  # cada píxel promedia 2×2 puntos del dibujo
NOISE = 14.0  # niveles de cada canal

DARK, GLASS, WHITE = (0.12, 0.12, 0.14), (0.62, 0.78, 0.9), (0.95, 0.95, 0.93)
# Colores de arriba y de abajo de cada lugar: cielo, mar, hierba, carretera, arena e interior.
PLACES = (
    ((0.75, 0.87, 0.98), (0.4, 0.65, 0.93)),
    ((0.55, 0.72, 0.85), (0.13, 0.32, 0.5)),
    ((0.6, 0.72, 0.45), (0.22, 0.42, 0.16)),
    ((0.8, 0.8, 0.8), (0.35, 0.35, 0.38)),
    ((0.9, 0.84, 0.7), (0.68, 0.54, 0.36)),
    ((0.85, 0.75, 0.65), (0.5, 0.36, 0.3)),
)


def draw_objects(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Dibuja imágenes en color de las diez clases de CIFAR-10, las mismas siempre para la misma semilla.

    Cada objeto es una lista de polígonos que se deforman al azar sobre un fondo en degradado. Cambian además
    la posición, el tamaño, el lado al que mira, los colores, la luz y el ruido, y a veces algo lo tapa.
    El fondo y el color ayudan, pero no bastan: un camión puede estar en la hierba y un gato ser gris o pardo,
    como un perro.

    Parameters
    ----------
    n, seed : int
        Como en ``draw_garments``, con el mismo error. Las imágenes son (n, 32, 32, 3), de 0 a 255.

    Examples
    --------
    >>> images, labels = draw_objects(20, seed=1)
    >>> images.shape, np.bincount(labels).tolist()
    ((20, 32, 32, 3), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    """
    return draw_classes(n, seed, [partial(_photograph, kind) for kind in range(len(OBJECTS))])


def _photograph(kind, rng, n):
    points = (np.arange(SIZE * OVERSAMPLING) + 0.5) / (SIZE * OVERSAMPLING)
    row, col = points[:, np.newaxis], points[np.newaxis, :]
    place = np.where(rng.random(n) < 0.45, OBJECTS[kind][1], rng.integers(len(PLACES), size=n))
    canvas = background(rng, place, row, n)
    # (n, 1, 1): un valor por imagen
    height, width = between(rng, 0.5, 0.95, (2, n, 1, 1))
    down, right = between(rng, 0.0, 1.0, (2, n, 1, 1))
    flip = rng.random((n, 1, 1)) < 0.5
    y = (row - down * (1 - height)) / height
    x = (col - right * (1 - width)) / width
    x = np.where(flip, 1 - x, x)
    canvas = paint(canvas, object_parts(rng, kind, n), x, y)
    covered = occluder(rng, row, col, n, 0.0, 0.8, side=(0.1, 0.3), share=1 / 4)
    canvas = np.where(covered[..., np.newaxis], between(rng, 0, 1, (n, 1, 1, 3)), canvas)
    canvas = canvas * between(rng, 0.55, 1.1, (n, 1, 1, 1))
    pixels = 255 * canvas.reshape(n, SIZE, OVERSAMPLING, SIZE, OVERSAMPLING, 3).mean(axis=(2, 4))
    return add_grain(rng, pixels, NOISE)


def background(rng, place, row, n) -> np.ndarray:
    """Un degradado vertical con los colores de cada lugar y un horizonte al azar: (n, fila, 1, 3)."""
    colours = np.array(PLACES)[place] + between(rng, -0.12, 0.12, (n, 2, 3))
    horizon = between(rng, 0.3, 0.8, (n, 1, 1, 1))
    blur = between(rng, 0.05, 0.6, (n, 1, 1, 1))
    mix = np.clip((row[np.newaxis, ..., np.newaxis] - horizon) / blur + 0.5, 0, 1)
    return colours[:, np.newaxis, np.newaxis, 0] * (1 - mix) + colours[:, np.newaxis, np.newaxis, 1] * mix


def object_parts(rng, kind: int, n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Los polígonos (n, vértices, 2) de ``n`` objetos de una clase, de 0 a 1, con su color (n, 3)."""
    build, _, palette = OBJECTS[kind]
    body = np.array(palette)[rng.integers(len(palette), size=n)] + between(rng, -0.1, 0.1, (n, 3))
    body = np.clip(body, 0.05, 1)
    parts = []
    for points, tone in build(rng, n):
        polygon = points + between(rng, -0.015, 0.015, points.shape)
        colour = body * tone if np.ndim(tone) == 0 else np.broadcast_to(np.array(tone), (n, 3))
        parts.append((np.clip(polygon, 0, 1), colour))
    return parts


def paint(canvas, parts, x, y) -> np.ndarray:
    """Pinta las piezas, cada una sobre las anteriores, donde caen los puntos (x, y): (n, fila, col, 3)."""
    owner = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.uint8)  # 0: el fondo
    for number, (polygon, _) in enumerate(parts, start=1):
        owner[inside(polygon, x, y)] = number
    colours = np.stack([np.zeros_like(parts[0][1]), *(colour for _, colour in parts)], axis=1)
    painted = colours[np.arange(len(owner))[:, np.newaxis, np.newaxis], owner]
    return np.where(owner[..., np.newaxis] == 0, canvas, painted)


# --- Siluetas: miran a la izquierda; x hacia la derecha, y hacia abajo, de 0 a 1 -------------------------


def _box(n, left, top, right, bottom, tone=1.0):
    return shape(n, (left, top, right, top, right, bottom, left, bottom), tone)


def _round(n, x, y, rx, ry, tone=1.0):
    corner = (0.924, 0.383)
    points = []
    for dx, dy in (
        (corner[0], corner[1]), (corner[1], corner[0]), (-corner[1], corner[0]), (-corner[0], corner[1]),
        (-corner[0], -corner[1]), (-corner[1], -corner[0]), (corner[1], -corner[0]), (corner[0], -corner[1]),
    ):  # fmt: skip
        points += [x + rx * dx, y + ry * dy]
    return shape(n, points, tone)


def _legs(n, places, top, bottom, width, tone=0.8):
    return [_box(n, x, top, x + width, bottom, tone) for x in places]


def _airplane(rng, n):
    wing, tail = between(rng, 0.75, 0.98, n), between(rng, 0.12, 0.25, n)
    return [
        shape(n, (0.5, 0.5, 0.66, 0.5, 0.74, 1 - wing, 0.66, 1 - wing), 0.8),
        shape(n, (0.02, 0.52, 0.12, 0.42, 0.9, 0.44, 0.98, 0.5, 0.9, 0.58, 0.12, 0.6)),
        shape(n, (0.82, 0.46, 0.93, tail, 0.99, tail, 0.96, 0.5), 0.85),
        shape(n, (0.38, 0.55, 0.56, 0.55, 0.72, wing, 0.63, wing), 0.7),
        _box(n, 0.14, 0.46, 0.22, 0.51, GLASS),
    ]


def _automobile(rng, n):
    roof, front = between(rng, 0.22, 0.34, n), between(rng, 0.2, 0.32, n)
    return [
        shape(n, (front, 0.5, front + 0.14, roof, 0.7, roof, 0.86, 0.5), 0.9),
        shape(n, (front + 0.06, 0.49, front + 0.16, roof + 0.06, 0.5, roof + 0.06, 0.5, 0.49), GLASS),
        shape(n, (0.54, roof + 0.06, 0.68, roof + 0.06, 0.79, 0.49, 0.54, 0.49), GLASS),
        shape(n, (0.02, 0.56, 0.12, 0.48, 0.92, 0.48, 0.98, 0.56, 0.98, 0.76, 0.02, 0.76)),
        _round(n, 0.24, 0.77, 0.12, 0.14, DARK), _round(n, 0.76, 0.77, 0.12, 0.14, DARK),
        _round(n, 0.24, 0.77, 0.05, 0.06, 0.6), _round(n, 0.76, 0.77, 0.05, 0.06, 0.6),
    ]  # fmt: skip


def _bird(rng, n):
    head, wing = between(rng, 0.22, 0.34, n), between(rng, 0.3, 0.6, n)
    return [
        *_legs(n, (0.44, 0.54), 0.68, 0.96, 0.04, DARK),
        shape(n, (0.7, 0.5, 0.98, 0.6, 0.97, 0.7, 0.66, 0.66), 0.7),
        _round(n, 0.48, 0.56, 0.28, 0.19),
        _round(n, 0.24, head, 0.14, 0.13),
        shape(n, (0.13, head - 0.04, 0.13, head + 0.07, 0.0, head + 0.04), (0.93, 0.66, 0.15)),
        shape(n, (0.36, 0.52, 0.62, 0.48, 0.84, wing, 0.6, 0.68), 0.6),
        _round(n, 0.2, head - 0.02, 0.025, 0.025, DARK),
    ]


def _cat(rng, n):
    tail, head = between(rng, 0.12, 0.35, n), between(rng, 0.28, 0.4, n)
    return [
        shape(n, (0.78, 0.62, 0.9, tail, 0.98, tail, 0.9, 0.72), 0.85),
        *_legs(n, (0.34, 0.46, 0.66, 0.76), 0.7, 0.96, 0.08),
        _round(n, 0.58, 0.62, 0.3, 0.17),
        shape(n, (0.08, head, 0.1, head - 0.24, 0.24, head - 0.1), 0.8),
        shape(n, (0.26, head - 0.1, 0.41, head - 0.24, 0.42, head), 0.8),
        _round(n, 0.25, head + 0.05, 0.2, 0.18),
        _round(n, 0.17, head + 0.02, 0.03, 0.035, (0.75, 0.85, 0.3)),
        _round(n, 0.32, head + 0.02, 0.03, 0.035, (0.75, 0.85, 0.3)),
        shape(n, (0.21, head + 0.09, 0.29, head + 0.09, 0.25, head + 0.13), DARK),
    ]


def _deer(rng, n):
    neck, spread = between(rng, 0.3, 0.4, n), between(rng, 0.05, 0.14, n)
    antler = (0.5, 0.38, 0.25)
    return [
        shape(n, (0.2, 0.28, 0.2 - spread, 0.0, 0.24 - spread, 0.0, 0.25, 0.28), antler),
        shape(n, (0.26, 0.28, 0.28 + spread, 0.0, 0.32 + spread, 0.0, 0.3, 0.28), antler),
        shape(n, (0.2, 0.16, 0.06, 0.06, 0.08, 0.02, 0.22, 0.12), antler),
        shape(n, (0.28, 0.16, 0.42, 0.06, 0.4, 0.02, 0.27, 0.12), antler),
        *_legs(n, (0.38, 0.47, 0.76, 0.85), 0.6, 0.98, 0.045),
        shape(n, (0.22, 0.3, 0.34, 0.3, 0.46, 0.46, neck + 0.06, 0.62), 0.95),
        _round(n, 0.62, 0.54, 0.28, 0.13),
        shape(n, (0.06, 0.36, 0.18, 0.24, 0.32, 0.26, 0.3, 0.38, 0.1, 0.42)),
        _box(n, 0.86, 0.44, 0.94, 0.54, WHITE),
    ]


def _dog(rng, n):
    head, tail = between(rng, 0.24, 0.36, n), between(rng, 0.22, 0.42, n)
    return [
        shape(n, (0.8, 0.52, 0.94, tail, 0.99, tail + 0.04, 0.88, 0.62), 0.85),
        *_legs(n, (0.3, 0.42, 0.7, 0.8), 0.62, 0.97, 0.08),
        _round(n, 0.58, 0.55, 0.32, 0.16),
        _round(n, 0.27, head, 0.16, 0.15),
        shape(n, (0.0, head + 0.03, 0.18, head - 0.04, 0.24, head + 0.13, 0.03, head + 0.14), 0.9),
        shape(n, (0.3, head - 0.12, 0.43, head - 0.06, 0.44, head + 0.2, 0.32, head + 0.14), 0.55),
        _round(n, 0.03, head + 0.06, 0.04, 0.04, DARK),
        _round(n, 0.2, head - 0.03, 0.025, 0.03, DARK),
    ]


def _frog(rng, n):
    wide, eye = between(rng, 0.3, 0.38, n), between(rng, 0.24, 0.34, n)
    return [
        shape(n, (0.06, 0.95, 0.16, 0.52, 0.36, 0.56, 0.3, 0.95), 0.75),
        shape(n, (0.94, 0.95, 0.84, 0.52, 0.64, 0.56, 0.7, 0.95), 0.75),
        _round(n, 0.5, 0.64, wide, 0.28),
        _round(n, 0.34, eye, 0.1, 0.1), _round(n, 0.66, eye, 0.1, 0.1),
        _round(n, 0.5, 0.44, wide - 0.04, 0.18),
        _round(n, 0.34, eye - 0.01, 0.05, 0.06, DARK), _round(n, 0.66, eye - 0.01, 0.05, 0.06, DARK),
        shape(n, (0.3, 0.48, 0.7, 0.48, 0.6, 0.54, 0.4, 0.54), 0.4),
        _round(n, 0.5, 0.78, wide - 0.12, 0.12, 1.25),
    ]  # fmt: skip


def _horse(rng, n):
    head, tail = between(rng, 0.06, 0.2, n), between(rng, 0.6, 0.85, n)
    return [
        shape(n, (0.86, 0.42, 0.97, 0.5, 0.98, tail, 0.91, tail), 0.45),
        *_legs(n, (0.34, 0.44, 0.72, 0.82), 0.58, 0.98, 0.07),
        _round(n, 0.6, 0.5, 0.31, 0.16),
        shape(n, (0.16, head + 0.08, 0.32, head, 0.52, 0.42, 0.34, 0.58)),
        shape(n, (0.26, head - 0.02, 0.34, head - 0.02, 0.54, 0.38, 0.46, 0.42), 0.4),
        shape(n, (0.0, head + 0.3, 0.18, head + 0.02, 0.32, head, 0.28, head + 0.18, 0.08, head + 0.38)),
        shape(n, (0.22, head + 0.04, 0.25, head - 0.06, 0.3, head + 0.02), 0.8),
    ]


def _ship(rng, n):
    deck, mast = between(rng, 0.56, 0.68, n), between(rng, 0.02, 0.2, n)
    cabin = between(rng, 0.34, 0.5, n)
    return [
        _box(n, 0.44, mast, 0.48, deck, DARK),
        shape(n, (0.5, mast + 0.04, 0.5, deck - 0.08, 0.86, deck - 0.08), WHITE),
        _box(n, 0.14, cabin, 0.4, deck, WHITE),
        _box(n, 0.18, cabin + 0.04, 0.34, cabin + 0.1, GLASS),
        shape(n, (0.0, deck, 1.0, deck, 0.86, 0.92, 0.14, 0.92)),
        shape(n, (0.04, deck + 0.07, 0.97, deck + 0.07, 0.95, deck + 0.12, 0.07, deck + 0.12), 0.5),
    ]


def _truck(rng, n):
    top, cab = between(rng, 0.1, 0.26, n), between(rng, 0.24, 0.34, n)
    hood = between(rng, 0.34, 0.44, n)
    return [
        _box(n, cab + 0.03, top, 0.99, 0.74, 0.95),
        _box(n, cab + 0.03, top + 0.22, 0.99, top + 0.3, 0.6),
        shape(n, (0.02, 0.56, 0.1, hood, cab, hood, cab, 0.76, 0.02, 0.76), 0.75),
        shape(n, (0.09, 0.54, 0.13, hood + 0.04, cab - 0.03, hood + 0.04, cab - 0.03, 0.54), GLASS),
        _round(n, 0.18, 0.8, 0.1, 0.13, DARK), _round(n, 0.66, 0.8, 0.1, 0.13, DARK),
        _round(n, 0.86, 0.8, 0.1, 0.13, DARK), _round(n, 0.18, 0.8, 0.04, 0.05, WHITE),
    ]  # fmt: skip


PAINT = (
    (0.8, 0.15, 0.12),
    (0.15, 0.3, 0.7),
    (0.9, 0.9, 0.9),
    (0.25, 0.25, 0.28),
    (0.9, 0.75, 0.15),
    (0.2, 0.5, 0.3),
)
FUR = (
    (0.55, 0.38, 0.22),
    (0.35, 0.24, 0.16),
    (0.75, 0.6, 0.42),
    (0.5, 0.5, 0.5),
    (0.88, 0.86, 0.82),
    (0.2, 0.18, 0.18),
)
FEATHERS = (*FUR, (0.75, 0.25, 0.2), (0.25, 0.45, 0.75))
SKIN = ((0.35, 0.6, 0.2), (0.5, 0.55, 0.2), (0.5, 0.4, 0.2))
METAL = ((0.9, 0.9, 0.92), (0.7, 0.72, 0.76), (0.8, 0.2, 0.2), (0.3, 0.4, 0.65))

# En el orden de las etiquetas de CIFAR-10: silueta, lugar más frecuente y colores.
OBJECTS = (
    (_airplane, 0, METAL), (_automobile, 3, PAINT), (_bird, 0, FEATHERS), (_cat, 5, FUR), (_deer, 2, FUR[:3]),
    (_dog, 5, FUR), (_frog, 2, SKIN), (_horse, 2, FUR), (_ship, 1, PAINT), (_truck, 3, PAINT),
)  # fmt: skip
