"""Recolocar lo que hay en las imágenes: bloques, imágenes pequeñas y parejas."""

import numpy as np

from course_utils.checks import BATCH_AXES, check_array, check_integer
from course_utils.ops.pooling import avg_pool2d

_MARGIN, _GAP = 4, 8  # píxeles a los lados de un par y entre sus dos imágenes


def permute_blocks(images, block_size, seed) -> np.ndarray:
    """Parte las imágenes en bloques cuadrados y los cambia de sitio, igual en todas.

    Con bloques de un píxel no queda ningún vecino en su lugar; con uno tan grande como la imagen, no cambia
    nada. Cada bloque conserva sus píxeles en orden.

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Lote de imágenes.
    block_size : int
        Lado del bloque, en píxeles; divide al alto y al ancho.
    seed : int
        Semilla de la permutación: con la misma, entrenamiento y prueba quedan permutados igual.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        Copia permutada, del mismo tipo.

    Raises
    ------
    TypeError, ValueError
        Si faltan ejes, o el lado no es un entero que divida a la imagen.

    Examples
    --------
    >>> image = np.arange(16).reshape(1, 4, 4, 1)
    >>> permute_blocks(image, 2, seed=0)[0, :, :, 0]
    array([[ 8,  9,  0,  1],
           [12, 13,  4,  5],
           [ 2,  3, 10, 11],
           [ 6,  7, 14, 15]])

    References
    ----------
    Con bloques de un píxel, el experimento de A. Canziani y Y. LeCun en *NYU Deep Learning*, cuaderno 06:
    https://github.com/Atcold/NYU-DLSP20
    """
    images = check_array(images, "images", BATCH_AXES)
    blocks = split_blocks(images, block_size, "block_size").swapaxes(2, 3)
    n, rows, cols, side, _, channels = blocks.shape
    order = np.random.default_rng(seed).permutation(rows * cols)
    blocks = blocks.reshape(n, rows * cols, side, side, channels)[:, order]
    return blocks.reshape(n, rows, cols, side, side, channels).swapaxes(2, 3).reshape(images.shape)


def split_blocks(images: np.ndarray, block_size, name: str) -> np.ndarray:
    # (N, H, W, C) -> (N, fila de bloques, fila, columna de bloques, columna, C)
    side = check_integer(block_size, name)
    n, height, width, channels = images.shape
    if height % side or width % side:
        raise ValueError(
            f"{name}={side} no divide a las imágenes de {height}×{width}: elige un divisor de los dos lados"
        )
    return images.reshape(n, height // side, side, width // side, side, channels)


def shrink_to_centre(images) -> np.ndarray:
    """Reduce las imágenes a la mitad y las deja en el centro de un lienzo de ceros del tamaño de antes.

    Alrededor queda sitio para desplazarlas sin que se corten: siete píxeles en una imagen de 28×28.

    Parameters
    ----------
    images : array_like, shape (N, H, W, C)
        Lote de imágenes, con alto y ancho múltiplos de 4.

    Returns
    -------
    ndarray of float32, shape (N, H, W, C)
        Cada píxel de la imagen pequeña es el promedio de cuatro.

    Raises
    ------
    TypeError, ValueError
        Si no es un lote de imágenes, o algún lado no es múltiplo de 4.

    Examples
    --------
    >>> shrink_to_centre(np.full((1, 4, 4, 1), 8))[0, :, :, 0]
    array([[0., 0., 0., 0.],
           [0., 8., 8., 0.],
           [0., 8., 8., 0.],
           [0., 0., 0., 0.]], dtype=float32)
    """
    images = check_array(images, "images", BATCH_AXES)
    height, width = images.shape[1:3]
    if height % 4 or width % 4:
        raise ValueError(
            f"las imágenes miden {height}×{width} y los dos lados deben ser múltiplos de 4: "
            "recórtalas o añade relleno"
        )
    margins = ((0, 0), (height // 4,) * 2, (width // 4,) * 2, (0, 0))
    return np.pad(avg_pool2d(images, 2).astype(np.float32), margins)


def place_in_pairs(left, right) -> np.ndarray:
    """Pone imágenes de dos en dos en un lienzo, a la izquierda y a la derecha, con ceros en medio.

    Cada pareja tiene 4 píxeles de margen a cada lado y 8 en medio, así que una ventana de hasta 9 píxeles de
    ancho ve como mucho una de las dos.

    Parameters
    ----------
    left, right : array_like, shape (N, H, W, C)
        Las dos mitades, de la misma forma.

    Returns
    -------
    ndarray of float32, shape (N, H, 2 W + 16, C)
        Una pareja por imagen.

    Raises
    ------
    TypeError, ValueError
        Si no son lotes de imágenes, o sus formas no coinciden.

    Examples
    --------
    >>> pair = place_in_pairs(np.full((1, 1, 2, 1), 3), np.full((1, 1, 2, 1), 5))
    >>> pair[0, 0, :, 0].astype(int)
    array([0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0])

    References
    ----------
    El caso en que una bolsa de ventanas no basta: Brendel y Bethge, «Approximating CNNs with
    bag-of-local-features models works surprisingly well on ImageNet», arXiv:1904.00760 (2019).
    """
    left, right = check_array(left, "left", BATCH_AXES), check_array(right, "right", BATCH_AXES)
    if left.shape != right.shape:
        raise ValueError(
            f"left tiene forma {left.shape} y right {right.shape}: hace falta una imagen derecha por cada "
            "izquierda, del mismo tamaño"
        )
    n, height, _, channels = left.shape
    margin, gap = (np.zeros((n, height, size, channels), np.float32) for size in (_MARGIN, _GAP))
    return np.concatenate([margin, left, gap, right, margin], axis=2, dtype=np.float32)
