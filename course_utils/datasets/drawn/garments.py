"""Prendas dibujadas por el curso: datos sustitutos para cuando no hay Fashion-MNIST."""

from functools import partial

import numpy as np

from course_utils.datasets.drawn.polygons import (
    add_grain,
    between,
    draw_classes,
    inside,
    mirrored,
    occluder,
    shape,
)

SIZE = 28
OVERSAMPLING = 2  # cada píxel promedia 2×2 puntos del dibujo
NOISE = 22.0  # niveles de gris


def draw_garments(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Dibuja imágenes de las diez clases de Fashion-MNIST, las mismas siempre para la misma semilla.

    Cada silueta es una lista de polígonos que se deforman al azar. Cambian además la posición, el tamaño,
    la inclinación, el lado al que mira, la textura, el brillo y el ruido, y a veces algo tapa una parte.
    Camiseta, jersey, abrigo y camisa comparten patrón y se distinguen por detalles, como en las reales.

    Parameters
    ----------
    n : int
        Número de imágenes; las clases se reparten por igual y en orden aleatorio.
    seed : int
        Semilla.

    Returns
    -------
    images : ndarray of uint8, shape (n, 28, 28, 1)
        Fondo oscuro y prenda clara, de 0 a 255.
    labels : ndarray of int64, shape (n,)
        De 0 a 9, en el orden de Fashion-MNIST.

    Raises
    ------
    ValueError
        Si ``n`` no es múltiplo de 10.

    Examples
    --------
    >>> images, labels = draw_garments(20, seed=1)
    >>> images.shape, np.bincount(labels).tolist()
    ((20, 28, 28, 1), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    """
    return draw_classes(n, seed, [partial(_photograph, garment) for garment in GARMENTS])


def _photograph(garment, rng, n):
    """Pasa los polígonos de ``n`` prendas, en coordenadas de 0 a 1, a imágenes de 28×28."""
    shapes = garment(rng, n)
    points = (np.arange(SIZE * OVERSAMPLING) + 0.5) / (SIZE * OVERSAMPLING) - 0.5
    row, col = points[:, np.newaxis], points[np.newaxis, :]
    # (n, 1, 1): un valor por imagen
    height, width = between(rng, 0.62, 1.0, (2, n, 1, 1))
    down, right = between(rng, -0.1, 0.1, (2, n, 1, 1))
    lean = between(rng, -0.18, 0.18, (n, 1, 1))
    side = np.where(rng.random((n, 1, 1)) < 0.5, -1.0, 1.0)
    y = (row - down) / height + 0.5
    x = side * ((col - right) / width + lean * (row - down)) + 0.5

    canvas = np.zeros(y.shape[:1] + (SIZE * OVERSAMPLING,) * 2)
    for polygon, tone in shapes:
        polygon = polygon + between(rng, -0.018, 0.018, polygon.shape)
        canvas = np.where(inside(polygon, x, y), tone, canvas)
    fabric = canvas * _texture(rng, x, y, n) * between(rng, 110, 255, (n, 1, 1))
    covered = occluder(rng, row, col, n, -0.5, 0.3, side=(0.12, 0.35), share=1 / 3)
    fabric = np.where(covered, between(rng, 0, 120, (n, 1, 1)), fabric)
    pixels = fabric.reshape(n, SIZE, OVERSAMPLING, SIZE, OVERSAMPLING).mean(axis=(2, 4))
    return add_grain(rng, pixels, NOISE)[..., np.newaxis]


def _texture(rng, x, y, n):
    """Factor de 0,45 a 1 en cada punto: lisa, a rayas, a cuadros o degradada."""
    kind = rng.integers(5, size=(n, 1, 1))
    bands = rng.integers(4, 10, size=(n, 1, 1))
    depth = between(rng, 0.1, 0.55, (n, 1, 1))
    across, along = np.floor(x * bands) % 2, np.floor(y * bands) % 2
    patterns = [
        np.zeros_like(x * y),
        along + 0 * x,
        across + 0 * y,
        (across + along) % 2,
        np.clip(y, 0, 1) + 0 * x,
    ]
    return 1 - depth * np.choose(kind, patterns)


def _upper_body(rng, n, sleeve, hem, width):
    """Torso simétrico y mangas de longitud ``sleeve`` (0: sin manga; 1: hasta la cadera)."""
    half = between(rng, *width, n)
    bottom = between(rng, *hem, n)
    flare = half + between(rng, -0.02, 0.05, n)
    length = between(rng, *sleeve, n)
    open_ = between(rng, 0.10, 0.22, n)  # cuánto se separa la manga del cuerpo
    torso = (0.42, 0.04, 0.58, 0.04, 0.5 + half, 0.12, 0.5 + half, 0.4, 0.5 + flare, bottom,
             0.5 - flare, bottom, 0.5 - half, 0.4, 0.5 - half, 0.12)  # fmt: skip
    wrist_x, wrist_y = 0.5 + half + open_ * (0.35 + 0.65 * length), 0.12 + 0.72 * length
    sleeves = (
        0.5 + half - 0.03,
        0.11,
        wrist_x,
        wrist_y,
        wrist_x - 0.11,
        wrist_y + 0.05,
        0.5 + half - 0.03,
        0.36,
    )
    return [shape(n, torso), *mirrored(n, sleeves)], bottom


def _t_shirt(rng, n):
    shapes, _ = _upper_body(rng, n, sleeve=(0.22, 0.45), hem=(0.8, 0.98), width=(0.2, 0.26))
    depth = between(rng, 0.1, 0.2, n)
    return [*shapes, shape(n, (0.41, 0.0, 0.59, 0.0, 0.5, depth), 0.0)]


def _trousers(rng, n):
    waist, ankle = between(rng, 0.15, 0.22, n), between(rng, 0.06, 0.14, n)
    apart, rise = between(rng, 0.03, 0.12, n), between(rng, 0.22, 0.4, n)
    leg = (0.5, 0.02, 0.5 + waist, 0.02, 0.5 + waist + 0.03, rise, 0.5 + apart + ankle, 0.98,
           0.5 + apart, 0.98, 0.5, rise)  # fmt: skip
    return mirrored(n, leg)


def _pullover(rng, n):
    shapes, bottom = _upper_body(rng, n, sleeve=(0.8, 1.0), hem=(0.82, 0.95), width=(0.19, 0.25))
    collar = shape(n, (0.41, 0.02, 0.59, 0.02, 0.57, 0.09, 0.43, 0.09), 0.65)
    ribbing = shape(n, (0.29, bottom - 0.08, 0.71, bottom - 0.08, 0.71, bottom, 0.29, bottom), 0.65)
    return [*shapes, collar, ribbing]


def _dress(rng, n):
    shoulder, waist = between(rng, 0.1, 0.18, n), between(rng, 0.08, 0.13, n)
    skirt, high = between(rng, 0.14, 0.32, n), between(rng, 0.35, 0.5, n)
    outline = (0.5 - shoulder, 0.02, 0.5 + shoulder, 0.02, 0.5 + waist, high, 0.5 + skirt, 0.98,
               0.5 - skirt, 0.98, 0.5 - waist, high)  # fmt: skip
    neck = shape(n, (0.43, 0.0, 0.57, 0.0, 0.5, between(rng, 0.08, 0.22, n)), 0.0)
    return [shape(n, outline), neck]


def _coat(rng, n):
    shapes, bottom = _upper_body(rng, n, sleeve=(0.8, 1.0), hem=(0.9, 0.99), width=(0.2, 0.26))
    opening = shape(n, (0.475, 0.05, 0.525, 0.05, 0.525, bottom, 0.475, bottom), 0.2)
    lapels = mirrored(n, (0.52, 0.04, 0.62, 0.06, 0.52, 0.32), 0.55)
    return [*shapes, *lapels, opening]


def _sandal(rng, n):
    heel, arch = between(rng, 0.72, 0.85, n), between(rng, 0.45, 0.6, n)
    sole = (0.03, 0.82, 0.3, 0.86, 0.95, heel - 0.04, 0.97, heel + 0.06, 0.9, 0.95, 0.03, 0.92)
    toe = (0.12, 0.84, 0.22, 0.62, 0.34, 0.6, 0.3, 0.68, 0.24, 0.86)
    middle = (0.38, 0.84, 0.44, arch, 0.56, arch - 0.04, 0.56, arch + 0.06, 0.46, 0.86)
    ankle = (0.72, heel, 0.7, 0.42, 0.92, 0.4, 0.94, heel, 0.88, heel, 0.86, 0.48, 0.77, 0.5, 0.78, heel)
    return [shape(n, sole), shape(n, toe, 0.9), shape(n, middle, 0.9), shape(n, ankle, 0.9)]


def _shirt(rng, n):
    # la manga corta la acerca a la camiseta; la larga, al jersey y al abrigo
    shapes, bottom = _upper_body(rng, n, sleeve=(0.3, 1.0), hem=(0.82, 0.98), width=(0.19, 0.26))
    collar = mirrored(n, (0.5, 0.13, 0.53, 0.0, 0.63, 0.07), 0.6)
    buttons = []
    for fraction in (0.3, 0.5, 0.7, 0.9):
        y = bottom * fraction
        buttons.append(
            shape(n, (0.475, y - 0.025, 0.525, y - 0.025, 0.525, y + 0.025, 0.475, y + 0.025), 0.2)
        )
    return [*shapes, *collar, *buttons]


def _sneaker(rng, n):
    mouth, tongue = between(rng, 0.36, 0.48, n), between(rng, 0.3, 0.42, n)
    upper = (0.03, 0.8, 0.08, 0.66, 0.34, 0.58, 0.52, tongue, 0.62, tongue + 0.02, 0.66, mouth + 0.08,
             0.94, mouth, 0.97, 0.8)  # fmt: skip
    sole = (0.02, 0.8, 0.98, 0.78, 0.98, 0.9, 0.02, 0.9)
    laces = (0.36, 0.6, 0.5, tongue + 0.06, 0.54, tongue + 0.1, 0.4, 0.64)
    return [shape(n, upper, 0.85), shape(n, sole, 1.0), shape(n, laces, 0.35)]


def _bag(rng, n):
    top, reach = between(rng, 0.3, 0.48, n), between(rng, 0.1, 0.24, n)
    taper = between(rng, -0.05, 0.08, n)
    body = (0.08 + taper, top, 0.92 - taper, top, 0.95, 0.92, 0.05, 0.92)
    handle = (0.5 - reach, top, 0.5 - reach, 0.12, 0.5 + reach, 0.12, 0.5 + reach, top)
    hole = (0.57 - reach, top, 0.57 - reach, 0.2, 0.43 + reach, 0.2, 0.43 + reach, top)
    clasp = (0.45, top + 0.04, 0.55, top + 0.04, 0.55, top + 0.16, 0.45, top + 0.16)
    return [shape(n, handle, 0.8), shape(n, hole, 0.0), shape(n, body), shape(n, clasp, 0.4)]


def _ankle_boot(rng, n):
    shaft, toe = between(rng, 0.04, 0.22, n), between(rng, 0.5, 0.62, n)
    heel = between(rng, 0.74, 0.84, n)
    upper = (0.04, 0.84, 0.08, 0.68, 0.36, toe, 0.48, shaft, 0.9, shaft, 0.92, 0.84)
    sole = (0.03, 0.84, 0.94, 0.84, 0.95, 0.98, heel, 0.98, heel, 0.9, 0.03, 0.9)
    return [shape(n, upper, 0.9), shape(n, sole, 1.0)]


# En el orden de las etiquetas de Fashion-MNIST.
GARMENTS = (_t_shirt, _trousers, _pullover, _dress, _coat, _sandal, _shirt, _sneaker, _bag, _ankle_boot)
