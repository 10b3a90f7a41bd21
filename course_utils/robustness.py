"""Cambiar las imágenes de prueba para ver si una red las sigue reconociendo."""

import numpy as np

from course_utils.checks import check_array, check_integer, shown

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
    TypeError
        Si la distancia no es entera.
    ValueError
        Si la dirección no existe, o la distancia es negativa o mayor que la imagen.

    Examples
    --------
    >>> image = np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1)
    >>> shift_images(image, "down", 1)[0, :, :, 0]
    array([[0, 0],
           [1, 2]])

    References
    ----------
    SciPy, ``scipy.ndimage.shift`` con ``order=0``.
    """
    images = check_array(images, "images", {4: "(lote, fila, columna, canal)"})
    if direction not in DIRECTIONS:
        raise ValueError(f"no hay ninguna dirección {shown(direction)}: elige una de {', '.join(DIRECTIONS)}")
    distance = check_integer(distance, "distance", minimum=0)
    rows, cols = (step * distance for step in DIRECTIONS[direction])
    height, width = images.shape[1:3]
    if distance > (height if rows else width):
        raise ValueError(
            f"distance={distance} saca la imagen entera de sus {height}×{width} píxeles: elige una menor"
        )
    shifted = np.zeros_like(images)
    # filas [a, b) de la salida = filas [a - rows, b - rows) de la entrada; lo mismo en las columnas
    to_rows = slice(max(rows, 0), height + min(rows, 0))
    to_cols = slice(max(cols, 0), width + min(cols, 0))
    from_rows = slice(max(-rows, 0), height + min(-rows, 0))
    from_cols = slice(max(-cols, 0), width + min(-cols, 0))
    shifted[:, to_rows, to_cols] = images[:, from_rows, from_cols]
    return shifted
