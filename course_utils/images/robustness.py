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


def rotate_images(images, degrees: float) -> np.ndarray:
    """Gira un lote de imágenes alrededor de su centro; lo que entra por las esquinas es 0.

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
    ValueError
        Si las imágenes no tienen cuatro ejes.

    Examples
    --------
    >>> image = np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1)
    >>> rotate_images(image, 90)[0, :, :, 0]
    array([[2, 4],
           [1, 3]])

    References
    ----------
    SciPy, ``scipy.ndimage.rotate`` con ``order=1`` y ``reshape=False``.
    """
    images = check_array(images, "images", {4: "(lote, fila, columna, canal)"})
    height, width = images.shape[1:3]
    angle = np.deg2rad(degrees)
    center = np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    row, col = np.indices((height, width)) - center
    source_row = np.cos(angle) * row + np.sin(angle) * col + center[0]
    source_col = np.cos(angle) * col - np.sin(angle) * row + center[1]
    top, left = np.floor(source_row.round(9)).astype(int), np.floor(source_col.round(9)).astype(int)
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))  # el borde de ceros
    rotated = np.zeros(images.shape)
    for r, c in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        weight = np.maximum(1 - abs(source_row - r), 0) * np.maximum(1 - abs(source_col - c), 0)
        pixels = padded[:, np.clip(r, -1, height) + 1, np.clip(c, -1, width) + 1]
        rotated += weight[:, :, np.newaxis] * pixels
    return (rotated.round() if images.dtype.kind in "iu" else rotated).astype(images.dtype)


def add_noise(images, std: float, seed: int) -> np.ndarray:
    """Suma a cada píxel un ruido gaussiano y deja el resultado entre 0 y 255.

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Imágenes de 0 a 255.
    std : float
        Desviación típica del ruido, en niveles de gris.
    seed : int
        Semilla.

    Returns
    -------
    ndarray of uint8, shape (N, H, W, C)
        Copia con ruido.

    Raises
    ------
    ValueError
        Si las imágenes no tienen cuatro ejes, o ``std`` es negativa.

    Examples
    --------
    >>> add_noise(np.full((1, 2, 2, 1), 100), std=0, seed=0)[0, :, :, 0].tolist()
    [[100, 100], [100, 100]]

    References
    ----------
    Hendrycks y Dietterich (2019). *Benchmarking neural network robustness to common corruptions and
    perturbations*. https://arxiv.org/abs/1903.12261
    """
    images = check_array(images, "images", {4: "(lote, fila, columna, canal)"})
    if std < 0:
        raise ValueError(f"std debe ser 0 o más y ha llegado {std}: es la desviación típica del ruido")
    noise = np.random.default_rng(seed).normal(0, std, images.shape)
    return np.clip(np.rint(images + noise), 0, 255).astype(np.uint8)
