"""Mover las imágenes: desplazarlas y girarlas. Lo que entra por los bordes vale 0."""

import numpy as np
from scipy import ndimage

from course_utils.checks import BATCH_AXES, check_array, check_integer, shown

DIRECTIONS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}  # (filas, columnas)


def shift_images(images, direction: str, distance: int) -> np.ndarray:
    """Desplaza un lote de imágenes; lo que sale por un lado se pierde y por el otro entran ceros.

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Lote de imágenes.
    direction : {"up", "down", "left", "right"}
        Hacia dónde se mueve el contenido.
    distance : int
        Píxeles, de 0 al tamaño de la imagen.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        Copia desplazada, del mismo tipo.

    Raises
    ------
    TypeError, ValueError
        Si la dirección no existe, o la distancia no es un entero o se sale de la imagen.

    Examples
    --------
    >>> image = np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1)
    >>> shift_images(image, "down", 1)[0, :, :, 0]
    array([[0, 0],
           [1, 2]])
    """
    images = check_array(images, "images", BATCH_AXES)
    if direction not in DIRECTIONS:
        raise ValueError(f"no hay ninguna dirección {shown(direction)}: elige una de {', '.join(DIRECTIONS)}")
    distance = check_integer(distance, "distance", minimum=0)
    rows, cols = (step * distance for step in DIRECTIONS[direction])
    height, width = images.shape[1:3]
    if distance > (height if rows else width):
        raise ValueError(
            f"distance={distance} saca la imagen entera de sus {height}×{width} píxeles: elige una menor"
        )
    return _shift(images, rows, cols)


def shift_randomly(images, distance, rng) -> np.ndarray:
    """Desplaza cada imagen al azar, hasta ``distance`` píxeles en cada eje.

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Lote de imágenes.
    distance : int
        Píxeles, como mucho, hacia cada lado.
    rng : numpy.random.Generator
        De dónde sale el azar.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        Copia, del mismo tipo; cada imagen con su desplazamiento.

    Raises
    ------
    TypeError, ValueError
        Si faltan ejes, o la distancia no es un entero o se sale de la imagen.

    Examples
    --------
    >>> images = np.eye(3, dtype=int)[None, :, :, None].repeat(2, axis=0)
    >>> shift_randomly(images, 1, np.random.default_rng(2))[0, :, :, 0]
    array([[0, 0, 0],
           [0, 0, 0],
           [1, 0, 0]])

    References
    ----------
    Simard, Steinkraus y Platt, «Best practices for convolutional neural networks applied to visual document
    analysis» (2003).
    """
    images = check_array(images, "images", BATCH_AXES)
    distance = check_integer(distance, "distance", minimum=0)
    if distance > min(images.shape[1:3]):
        raise ValueError(
            f"distance={distance} puede sacar la imagen entera de sus {images.shape[1]}×{images.shape[2]} "
            "píxeles: elige una menor"
        )
    moves = rng.integers(-distance, distance + 1, (len(images), 2))
    return np.stack([_shift(image[None], *move)[0] for image, move in zip(images, moves, strict=True)])


def rotate_images(images, degrees: float) -> np.ndarray:
    """Gira un lote de imágenes alrededor de su centro.

    Cada píxel de salida busca de dónde viene y mezcla los cuatro píxeles que rodean ese punto (interpolación
    bilineal).

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Lote de imágenes.
    degrees : float
        Ángulo, en grados; positivo en el sentido contrario al de las agujas del reloj.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        Copia girada, del mismo tipo; con enteros, redondeada.

    Raises
    ------
    TypeError, ValueError
        Si no es un lote de imágenes.

    Examples
    --------
    >>> image = np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1)
    >>> rotate_images(image, 90)[0, :, :, 0]
    array([[2, 4],
           [1, 3]])
    """
    # con «grid-constant», los píxeles del borde también se mezclan con los ceros de fuera
    options = {"axes": (1, 2), "reshape": False, "order": 1, "mode": "grid-constant"}
    return ndimage.rotate(check_array(images, "images", BATCH_AXES), degrees, **options)


def _shift(images: np.ndarray, rows: int, cols: int) -> np.ndarray:
    height, width = images.shape[1:3]
    shifted = np.zeros_like(images)
    # filas [a, b) de la salida = filas [a - rows, b - rows) de la entrada; lo mismo en las columnas
    to_rows = slice(max(rows, 0), height + min(rows, 0))
    to_cols = slice(max(cols, 0), width + min(cols, 0))
    from_rows = slice(max(-rows, 0), height + min(-rows, 0))
    from_cols = slice(max(-cols, 0), width + min(-cols, 0))
    shifted[:, to_rows, to_cols] = images[:, from_rows, from_cols]
    return shifted
