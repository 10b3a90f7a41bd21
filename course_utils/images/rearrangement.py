"""Cambiar las cosas de sitio dentro de las imágenes: bloques, prendas pequeñas y parejas."""

import numpy as np

from course_utils.checks import check_array, check_integer
from course_utils.images.robustness import shift_images
from course_utils.ops.pooling import avg_pool2d

_BATCH = {4: "(lote, fila, columna, canal)"}
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
    TypeError
        Si el lado no es entero.
    ValueError
        Si faltan ejes o el lado no divide a la imagen.

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
    images = check_array(images, "images", _BATCH)
    side = check_integer(block_size, "block_size")
    n, height, width, channels = images.shape
    if height % side or width % side:
        raise ValueError(
            f"block_size={side} no divide a una imagen de {height}×{width}: elige un divisor de los dos lados"
        )
    rows, cols = height // side, width // side
    order = np.random.default_rng(seed).permutation(rows * cols)
    # (N, H, W, C) -> (N, fila de bloques, columna de bloques, side, side, C) -> (N, bloque, side, side, C)
    blocks = images.reshape(n, rows, side, cols, side, channels).swapaxes(2, 3)
    blocks = blocks.reshape(n, rows * cols, side, side, channels)[:, order]
    return blocks.reshape(n, rows, cols, side, side, channels).swapaxes(2, 3).reshape(images.shape)


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
    TypeError
        Si no tiene números reales.
    ValueError
        Si faltan ejes o algún lado no es múltiplo de 4.

    Examples
    --------
    >>> shrink_to_centre(np.full((1, 4, 4, 1), 8))[0, :, :, 0]
    array([[0., 0., 0., 0.],
           [0., 8., 8., 0.],
           [0., 8., 8., 0.],
           [0., 0., 0., 0.]], dtype=float32)

    References
    ----------
    El promedio es :func:`course_utils.ops.pooling.avg_pool2d`.
    """
    images = check_array(images, "images", _BATCH)
    height, width = images.shape[1:3]
    if height % 4 or width % 4:
        raise ValueError(
            f"las imágenes miden {height}×{width} y los dos lados deben ser múltiplos de 4: "
            "recórtalas o añade relleno"
        )
    margins = ((0, 0), (height // 4,) * 2, (width // 4,) * 2, (0, 0))
    return np.pad(avg_pool2d(images, 2).astype(np.float32), margins)


def shift_randomly(images, distance, rng) -> np.ndarray:
    """Mueve cada imagen al azar, hasta ``distance`` píxeles en cada eje; lo que entra vale 0.

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
    TypeError
        Si la distancia no es entera.
    ValueError
        Si faltan ejes o la distancia es negativa o mayor que la imagen.

    Examples
    --------
    >>> images = np.eye(3, dtype=int)[None, :, :, None].repeat(2, axis=0)
    >>> shift_randomly(images, 1, np.random.default_rng(2))[..., 0]
    array([[[0, 0, 0],
            [0, 0, 0],
            [1, 0, 0]],
    <BLANKLINE>
           [[1, 0, 0],
            [0, 1, 0],
            [0, 0, 0]]])

    References
    ----------
    Simard, Steinkraus y Platt, «Best practices for convolutional neural networks applied to visual document
    analysis» (2003).
    """
    images = check_array(images, "images", _BATCH)
    distance = check_integer(distance, "distance", minimum=0)
    if distance > min(images.shape[1:3]):
        raise ValueError(
            f"distance={distance} puede sacar la imagen entera de sus {images.shape[1]}×{images.shape[2]} "
            "píxeles: elige una menor"
        )
    moved = np.empty_like(images)
    for index, (rows, cols) in enumerate(rng.integers(-distance, distance + 1, (len(images), 2))):
        image = shift_images(images[index : index + 1], "down" if rows > 0 else "up", abs(int(rows)))
        moved[index] = shift_images(image, "right" if cols > 0 else "left", abs(int(cols)))[0]
    return moved


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
    TypeError
        Si no tienen números reales.
    ValueError
        Si faltan ejes o las formas no coinciden.

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
    left, right = check_array(left, "left", _BATCH), check_array(right, "right", _BATCH)
    if left.shape != right.shape:
        raise ValueError(
            f"left tiene forma {left.shape} y right {right.shape}: hace falta una imagen derecha por cada "
            "izquierda, del mismo tamaño"
        )
    n, height, _, channels = left.shape
    margin, gap = (np.zeros((n, height, size, channels), np.float32) for size in (_MARGIN, _GAP))
    return np.concatenate([margin, left, gap, right, margin], axis=2, dtype=np.float32)
