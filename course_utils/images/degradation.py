"""Quitar información a las imágenes, el color o el detalle, para medir cuánto valía."""

import numpy as np

from course_utils.checks import check_array, check_integer

LUMINANCE = (299, 587, 114)  # milésimas de rojo, de verde y de azul


def to_grey(images) -> np.ndarray:
    """Pasa de color a gris: la suma de los tres canales, cada uno con el peso de lo que brilla.

    Parameters
    ----------
    images : array_like of uint8, shape (N, H, W, 3)
        Lote de imágenes en color, de 0 a 255.

    Returns
    -------
    ndarray of uint8, shape (N, H, W, 1)
        0,299 del rojo, 0,587 del verde y 0,114 del azul, redondeado.

    Raises
    ------
    ValueError
        Si las imágenes no son un lote de tres canales.

    Examples
    --------
    >>> to_grey([[[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]]).ravel()
    array([ 76, 150,  29], dtype=uint8)

    References
    ----------
    Recomendación UIT-R BT.601.
    """
    images = _check_images(images)
    if images.shape[-1] != 3:
        raise ValueError(
            f"images tiene {images.shape[-1]} canales y se esperaban 3 (rojo, verde y azul): "
            "esa función pasa de color a gris"
        )
    # con enteros, todas las máquinas redondean igual
    grey = (images.astype(np.int64) @ np.array(LUMINANCE) + 500) // 1000
    return grey[..., np.newaxis].astype(np.uint8)


def lower_resolution(images, factor: int) -> np.ndarray:
    """Deja un solo color en cada bloque de ``factor`` × ``factor`` píxeles: su promedio.

    La imagen sigue midiendo lo mismo, así que la misma red sirve; lo único que pierde es detalle.

    Parameters
    ----------
    images : array_like of uint8, shape (N, H, W, C)
        Lote de imágenes, de 0 a 255.
    factor : int
        Lado del bloque. Divide a la altura y a la anchura.

    Returns
    -------
    ndarray of uint8, shape (N, H, W, C)

    Raises
    ------
    TypeError
        Si ``factor`` no es entero.
    ValueError
        Si no es un lote de imágenes, o su tamaño no es múltiplo de ``factor``.

    Examples
    --------
    >>> image = np.array([[0, 10, 50, 50], [10, 20, 50, 90]]).reshape(1, 2, 4, 1)
    >>> lower_resolution(image, 2)[0, :, :, 0]
    array([[10, 10, 60, 60],
           [10, 10, 60, 60]], dtype=uint8)

    References
    ----------
    Pillow, ``Image.reduce``: el mismo promedio por bloques.
    """
    images, factor = _check_images(images), check_integer(factor, "factor")
    n, height, width, channels = images.shape
    if height % factor or width % factor:
        raise ValueError(
            f"factor={factor} no divide a las imágenes de {height}×{width}: elige un divisor de los dos "
            "números"
        )
    blocks = images.reshape(n, height // factor, factor, width // factor, factor, channels)
    means = np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)
    return means.repeat(factor, axis=1).repeat(factor, axis=2)


def _check_images(images) -> np.ndarray:
    return check_array(images, "images", {4: "(lote, fila, columna, canal)"})
