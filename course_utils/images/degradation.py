"""Estropear las imágenes, en el color, en el detalle o con ruido, para medir cuánto importa."""

import numpy as np

from course_utils.checks import BATCH_AXES, check_array
from course_utils.images.rearrangement import split_blocks

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
    TypeError, ValueError
        Si las imágenes no son un lote de tres canales.

    Examples
    --------
    >>> to_grey([[[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]]).ravel()
    array([ 76, 150,  29], dtype=uint8)

    References
    ----------
    Recomendación UIT-R BT.601.
    """
    images = check_array(images, "images", BATCH_AXES)
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
    TypeError, ValueError
        Si no es un lote de imágenes, o ``factor`` no es un entero que divida a su tamaño.

    Examples
    --------
    >>> image = np.array([[0, 10, 50, 50], [10, 20, 50, 90]]).reshape(1, 2, 4, 1)
    >>> lower_resolution(image, 2)[0, :, :, 0]
    array([[10, 10, 60, 60],
           [10, 10, 60, 60]], dtype=uint8)
    """
    blocks = split_blocks(check_array(images, "images", BATCH_AXES), factor, "factor")
    means = np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)
    return means.repeat(factor, axis=1).repeat(factor, axis=2)


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
    TypeError, ValueError
        Si no es un lote de imágenes, o ``std`` es negativa.

    Examples
    --------
    >>> add_noise(np.full((1, 2, 2, 1), 100), std=0, seed=0)[0, :, :, 0].tolist()
    [[100, 100], [100, 100]]

    References
    ----------
    Hendrycks y Dietterich (2019). *Benchmarking neural network robustness to common corruptions and
    perturbations*. https://arxiv.org/abs/1903.12261
    """
    images = check_array(images, "images", BATCH_AXES)
    if std < 0:
        raise ValueError(f"std debe ser 0 o más y ha llegado {std}: es la desviación típica del ruido")
    noise = np.random.default_rng(seed).normal(0, std, images.shape)
    return np.clip(np.rint(images + noise), 0, 255).astype(np.uint8)
