"""Caras dibujadas: las mismas piezas en su sitio o descolocadas.

Dos clases que se distinguen solo por la disposición. Cada imagen lleva un contorno, dos ojos, una nariz y una
boca; en las caras ocupan su lugar y en las descolocadas se reparten de otro modo por los mismos cuatro
lugares. Los bordes y las piezas son, por tanto, iguales en las dos clases: para separarlas hace falta ver la
cara entera.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from course_utils.checks import check_integer

IMAGE_SIZE = 40  # píxeles de lado
CLASS_NAMES = ("descolocada", "cara")
PART_NAMES = ("ojo", "nariz", "boca")

_PARTS = (0, 0, 1, 2)  # qué pieza va en cada lugar de una cara
_PLACES = np.array([(-5.0, -5.0), (-5.0, 5.0), (1.5, 0.0), (8.0, 0.0)])  # (fila, columna) desde el centro
_SCRAMBLES = sorted(set(permutations(_PARTS)) - {_PARTS})  # once: los dos ojos son intercambiables
_HEAD = (15.5, 12.0)  # semiejes del contorno


@dataclass(frozen=True)
class Faces:
    """Caras y caras descolocadas, con el lugar de cada pieza.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 40, 40, 1)
        Grises de 0 a 255.
    labels : ndarray of int64, shape (N,)
        1 si es una cara, 0 si está descolocada: la posición en ``CLASS_NAMES``.
    parts : ndarray of int64, shape (N, 4)
        Qué pieza hay en cada lugar (ojo izquierdo, ojo derecho, nariz y boca de una cara bien puesta): la
        posición en ``PART_NAMES``.
    centers : ndarray of float64, shape (N, 4, 2)
        Centro de cada pieza, (fila, columna), en píxeles.
    """

    images: np.ndarray
    labels: np.ndarray
    parts: np.ndarray
    centers: np.ndarray


def generate_faces(count: int, seed: int) -> Faces:
    """Dibuja caras y caras descolocadas, alternadas: mitad y mitad.

    Varían el tamaño, la posición, el tono de la piel y del fondo, la luz, el gesto y la distancia entre las
    piezas, y se suma ruido.

    Parameters
    ----------
    count : int
        Cuántas imágenes; las de posición par están descolocadas y las de posición impar son caras.
    seed : int
        Semilla: la misma da las mismas imágenes.

    Raises
    ------
    TypeError, ValueError
        Si ``count`` o ``seed`` no son enteros, ``count`` no es positivo o ``seed`` es negativa.

    Examples
    --------
    >>> faces = generate_faces(4, seed=0)
    >>> [PART_NAMES[part] for part in faces.parts[1]]
    ['ojo', 'ojo', 'nariz', 'boca']

    References
    ----------
    Descolocar las piezas es un recurso clásico del estudio de la percepción de caras: Tanaka y Farah, «Parts
    and wholes in face recognition» (1993).
    """
    count = check_integer(count, "count")
    rng = np.random.default_rng(check_integer(seed, "seed", minimum=0))
    images = np.empty((count, IMAGE_SIZE, IMAGE_SIZE, 1), dtype=np.uint8)
    labels = np.arange(count) % 2
    parts = np.empty((count, 4), dtype=np.int64)
    centers = np.empty((count, 4, 2))
    for index, label in enumerate(labels):
        parts[index] = _PARTS if label else _SCRAMBLES[rng.integers(len(_SCRAMBLES))]
        images[index, ..., 0], centers[index] = _draw(parts[index], rng)
    return Faces(images, labels, parts, centers)


def _draw(parts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    scale = rng.uniform(0.9, 1.05)
    middle = (IMAGE_SIZE - 1) / 2
    center = middle + rng.uniform(-1.5, 1.5, size=2)
    skin = rng.uniform(0.5, 0.9)
    ink = skin * rng.uniform(0.1, 0.35)
    background = rng.uniform(0.0, 0.35) if rng.random() < 0.5 else rng.uniform(0.95, 1.0)

    rows, cols = np.indices((IMAGE_SIZE, IMAGE_SIZE), dtype=np.float64)
    v, u = (rows - center[0]) / scale, (cols - center[1]) / scale  # píxeles de una cara de tamaño 1

    image = np.full(rows.shape, background)
    head = np.hypot(v / _HEAD[0], u / _HEAD[1]) - 1  # 0 en el contorno
    image = _paint(image, _HEAD[1] * head, skin)
    image = _paint(image, np.abs(_HEAD[1] * head) - 0.6, ink)

    places = _PLACES + rng.uniform(-0.7, 0.7, size=_PLACES.shape)
    for part, (row, col) in zip(parts, places, strict=True):
        image = _DRAWERS[part](image, v - row, u - col, ink, rng)

    slope = rng.uniform(-0.15, 0.15, size=2)  # luz de un lado
    light = 1 + (slope[0] * (rows - middle) + slope[1] * (cols - middle)) / middle
    noisy = image * light + rng.normal(0, 0.03, size=image.shape)
    return np.rint(255 * np.clip(noisy, 0, 1)).astype(np.uint8), center + scale * places


def _paint(image: np.ndarray, distance: np.ndarray, value: float) -> np.ndarray:
    """Pinta donde la distancia con signo es negativa; el borde se difumina en un píxel."""
    cover = np.clip(0.5 - distance, 0, 1)
    return image + cover * (value - image)


def _draw_eye(image, v, u, ink, rng):
    width, height = rng.uniform(2.6, 3.4), rng.uniform(1.6, 2.3)
    open_eye = height * (np.hypot(v / height, u / width) - 1)
    image = _paint(image, open_eye - 0.7, ink)
    image = _paint(image, open_eye, 1.0)
    gaze = rng.uniform(-0.8, 0.8)
    image = _paint(image, np.hypot(v, u - gaze) - 1.1, ink)
    brow = v + rng.uniform(3.2, 4.2) - 0.06 * u**2
    return _paint(image, np.maximum(np.abs(brow) - 0.6, np.abs(u) - 3.5), ink)


def _draw_nose(image, v, u, ink, rng):
    side = rng.choice((-1.0, 1.0))
    bridge = np.maximum(np.abs(u - 0.35 * side * (v + 3)) - 0.5, np.abs(v) - 3)
    base = np.maximum(np.abs(v - 3) - 0.5, np.abs(u - 0.6 * side) - 2)
    return _paint(_paint(image, bridge, ink), base, ink)


def _draw_mouth(image, v, u, ink, rng):
    width, thickness = rng.uniform(3.6, 4.6), rng.uniform(0.7, 1.3)
    smile = rng.uniform(-0.08, 0.12)
    curve = v + smile * (u**2 - 6)
    return _paint(image, np.maximum(np.abs(curve) - thickness, np.abs(u) - width), ink)


_DRAWERS = (_draw_eye, _draw_nose, _draw_mouth)
