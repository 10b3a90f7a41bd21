"""Convolución en NumPy: la referencia que se lee, se comprueba y no hace esperar.

Lo que las redes llaman convolución es una correlación: el kernel se desliza sin darle la vuelta. La idea
del módulo cabe en una frase: cada ventana, aplanada, se multiplica por el kernel aplanado. Con las ventanas
en las filas de una matriz y los filtros en las columnas de otra, es un producto de matrices.
"""

import math

import numpy as np

from course_utils.checks import (
    BATCH_AXES,
    IMAGE_AXES,
    MATRIX_AXES,
    check_array,
    check_integer,
    check_pair,
    shown,
)
from course_utils.ops.arguments import (
    KERNEL_AXES,
    Axis,
    as_batch,
    check_layer,
    check_transposed_layer,
    check_window,
    like,
    result_dtype,
)
from course_utils.ops.blocks import multiply
from course_utils.ops.sizes import explicit_padding, extent, transposed_output_size

MODES = {"zeros": "constant", "edge": "edge"}  # nombre del curso: nombre en np.pad


def conv2d(inputs, kernel, bias=None, strides=1, padding="valid", dilation=1) -> np.ndarray:
    r"""Capa convolucional: todos los filtros sobre todas las imágenes de un lote.

    .. math:: Y_{n,r,c,f} = b_f + \sum_{i,j,k} W_{i,j,k,f}\, X_{n,\; r s + i d,\; c s + j d,\; k}

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C)
        Lote de imágenes.
    kernel : array_like, shape (kh, kw, C, F)
        Pesos, en el orden de Keras: fila, columna, canal, filtro.
    bias : array_like, shape (F,), optional
        Un sesgo por filtro.
    strides : int or tuple of (int, int)
        Píxeles que avanza la ventana en cada eje.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Relleno con ceros: ninguno, el de :func:`~course_utils.ops.sizes.same_padding`, los mismos píxeles en
        los cuatro lados, (arriba y abajo, a los lados) o ``((arriba, abajo), (izquierda, derecha))``.
    dilation : int or tuple of (int, int)
        Separación entre los píxeles que mira el kernel.

    Returns
    -------
    ndarray, shape (N, OH, OW, F)
        Mapas de características. De enteros salen enteros, int64 y exactos; con decimales, el tipo al que
        NumPy promueve los operandos, al menos float32.

    Raises
    ------
    TypeError
        Si hay algo que no es un número real, o un tamaño que no es entero.
    ValueError
        Si sobran o faltan ejes, los canales no casan, hay NaN, algún tamaño no es positivo, el kernel no cabe
        o una suma de enteros podría pasar de 2⁵³.

    Examples
    --------
    >>> image = np.ones((1, 5, 5, 3))
    >>> kernel = np.ones((3, 3, 3, 2))
    >>> conv2d(image, kernel, bias=[0, 1], strides=2)[0, 0, 0]
    array([27., 28.])
    """
    inputs, kernel, bias = check_layer(inputs, kernel, bias)
    rows, cols = check_window(inputs.shape[1:3], kernel.shape[:2], strides, padding, dilation)
    dtype = result_dtype(inputs, kernel, bias)
    pads = rows.padding, cols.padding
    padded = _pad(inputs, pads) if np.any(pads) else inputs
    output = multiply(_windows(padded, rows, cols), kernel, dtype, inputs.nbytes)
    if bias is not None:
        output += bias.astype(dtype)
    return output


def correlate2d(image, kernel, strides=1, padding="valid", dilation=1) -> np.ndarray:
    r"""Correlación de una imagen con un kernel: la capa convolucional de un canal y un filtro.

    .. math:: Y_{r,c} = \sum_{i,j} W_{i,j}\, X_{r s + i d,\; c s + j d}

    Parameters
    ----------
    image : array_like, shape (H, W)
        Imagen de un canal.
    kernel : array_like, shape (kh, kw)
        Pesos.
    strides, padding, dilation
        Como en :func:`conv2d`.

    Returns
    -------
    ndarray, shape (OH, OW)
        Mapa de características; los tipos son los de :func:`conv2d`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv2d`.

    Examples
    --------
    >>> correlate2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[19, 25],
           [37, 43]])

    References
    ----------
    Goodfellow, Bengio y Courville, *Deep Learning* (2016), ecuación 9.6.
    """
    hint = "elige una imagen y un canal, por ejemplo image[0, :, :, 0]"
    image = check_array(image, "image", MATRIX_AXES, hint)
    kernel = _check_matrix_kernel(kernel)
    maps = conv2d(image[None, :, :, None], kernel[:, :, None, None], None, strides, padding, dilation)
    return maps[0, :, :, 0]


def convolve2d(image, kernel, padding="valid") -> np.ndarray:
    r"""Convolución de las matemáticas: la correlación con el kernel girado media vuelta.

    .. math:: Y_{r,c} = \sum_{i,j} W_{k-1-i,\,k-1-j}\, X_{r + i,\; c + j}

    Parameters
    ----------
    image, kernel, padding
        Como en :func:`correlate2d`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv2d`.

    Examples
    --------
    >>> convolve2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[ 5, 11],
           [23, 29]])

    References
    ----------
    Goodfellow, Bengio y Courville, *Deep Learning* (2016), ecuación 9.5.
    """
    return correlate2d(image, _check_matrix_kernel(kernel)[::-1, ::-1], padding=padding)


def conv2d_transpose(inputs, kernel, bias=None, strides=1, padding="valid") -> np.ndarray:
    r"""Convolución transpuesta: cada valor de la entrada estampa el kernel en la salida y todo se suma.

    .. math:: Y_{n,\, u,\, v,\, f} = b_f + \sum W_{i,j,f,k}\, X_{n,r,c,k}
        \quad\text{con } r s + i - p = u,\; c s + j - p = v

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C)
        Lote de mapas, por lo común pequeños.
    kernel : array_like, shape (kh, kw, F, C)
        Pesos, en el orden de la capa Conv2DTranspose de Keras: fila, columna, filtro, canal. El kernel con el
        que :func:`conv2d` va de F canales a C sirve tal cual para volver de C a F.
    bias : array_like, shape (F,), optional
        Un sesgo por filtro.
    strides : int or tuple of (int, int)
        Píxeles de la salida entre dos sellos contiguos.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Píxeles que se recortan de la salida. Con ``"same"`` queda en n·s, como en Keras; con ``"valid"`` no
        se recorta nada y, si el kernel es menor que el paso, se completa con ceros hasta n·s.

    Returns
    -------
    ndarray, shape (N, OH, OW, F)
        Mapas del tamaño de :func:`~course_utils.ops.sizes.transposed_output_size`; los tipos son los de
        :func:`conv2d`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv2d`; también si el relleno recorta toda la salida.

    Examples
    --------
    >>> image, kernel = np.array([[1, 2]]), np.array([[1, 10, 100]])
    >>> conv2d_transpose(image[None, :, :, None], kernel[:, :, None, None], strides=(1, 2))[0, :, :, 0]
    array([[  1,  10, 102,  20, 200]])

    References
    ----------
    Dumoulin y Visin, arXiv:1603.07285 (2016), capítulo 4.
    """
    inputs, kernel, bias = check_transposed_layer(inputs, kernel, bias)
    (rows, cols), kernel_size, (sh, sw) = inputs.shape[1:3], kernel.shape[:2], check_pair(strides, "strides")
    (top, bottom), (left, right) = explicit_padding(padding, (rows * sh, cols * sw), kernel_size, (sh, sw))
    crops = (padding, padding) if isinstance(padding, str) else ((top, bottom), (left, right))
    height, width = map(transposed_output_size, (rows, cols), kernel_size, (sh, sw), crops)
    dtype = result_dtype(inputs, kernel.swapaxes(2, 3), bias)

    last_row, last_col = (rows - 1) * sh, (cols - 1) * sw  # donde empieza el último sello
    canvas_rows = max(last_row + kernel_size[0], top + height)
    canvas_cols = max(last_col + kernel_size[1], left + width)
    canvas = np.zeros((len(inputs), canvas_rows, canvas_cols, kernel.shape[2]), dtype)
    inputs, kernel = inputs.astype(dtype, copy=False), kernel.astype(dtype, copy=False)
    for i, j in np.ndindex(kernel_size):
        canvas[:, i : i + last_row + 1 : sh, j : j + last_col + 1 : sw] += inputs @ kernel[i, j].T
    output = canvas[:, top : top + height, left : left + width]
    return output if bias is None else output + bias.astype(dtype)


def conv2d_as_matrix(kernel, input_shape) -> np.ndarray:
    """Matriz de la capa densa que calcula lo mismo que una convolución: en banda y con pesos repetidos.

    Parameters
    ----------
    kernel : array_like, shape (kh, kw) or (kh, kw, C, F)
        Pesos.
    input_shape : tuple of int
        Forma de la imagen: (H, W), o (H, W, C) si el kernel tiene canales.

    Returns
    -------
    ndarray, shape (OH * OW * F, H * W * C)
        Matriz M tal que ``M @ image.ravel()`` es la salida aplanada, sin relleno y con stride 1. Cada columna
        es la respuesta a un solo píxel encendido.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv2d`; también si la matriz pasaría de cien millones de pesos.

    Examples
    --------
    >>> conv2d_as_matrix([[1, 2]], (1, 4))
    array([[1, 2, 0, 0],
           [0, 1, 2, 0],
           [0, 0, 1, 2]])

    References
    ----------
    Dumoulin y Visin, arXiv:1603.07285 (2016), sección 4.1.
    """
    kernel = check_array(kernel, "kernel", MATRIX_AXES | KERNEL_AXES)
    if np.ndim(input_shape) != 1 or len(input_shape) != (2 if kernel.ndim == 2 else 3):
        raise ValueError(
            f"input_shape debe ser {'(H, W)' if kernel.ndim == 2 else '(H, W, C)'} para un kernel de forma "
            f"{kernel.shape} y ha llegado {shown(input_shape)}: ajusta uno de los dos"
        )
    shape = tuple(check_integer(size, "input_shape") for size in input_shape)
    if kernel.ndim == 2:
        kernel, shape = kernel[:, :, None, None], (*shape, 1)
    pixels = math.prod(shape)
    if pixels**2 * kernel.shape[3] > 10**8:
        raise ValueError(
            f"con input_shape={tuple(input_shape)} la matriz pasaría de cien millones de pesos: "
            "usa una imagen más pequeña"
        )
    one_pixel_on = np.eye(pixels, dtype=kernel.dtype).reshape(pixels, *shape)
    return conv2d(one_pixel_on, kernel).reshape(pixels, -1).T


def pad2d(image, padding, mode="zeros") -> np.ndarray:
    """Añade un borde a los ejes (fila, columna) de una imagen o de un lote.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, C) or (N, H, W, C)
        Imagen, imagen con canales o lote de imágenes.
    padding : int, tuple of (int, int) or tuple of pairs
        Píxeles: los mismos en los cuatro lados, (arriba y abajo, a los lados) o
        ``((arriba, abajo), (izquierda, derecha))``.
    mode : {"zeros", "edge"}
        Con qué se rellena: ceros, o el píxel del borde repetido.

    Returns
    -------
    ndarray
        Copia con ``arriba + H + abajo`` filas e ``izquierda + W + derecha`` columnas, del mismo tipo.

    Raises
    ------
    TypeError, ValueError
        Si no es una imagen de números reales, el relleno no es un entero desde 0 o el modo no existe.

    Examples
    --------
    >>> pad2d([[1, 2], [3, 4]], ((0, 1), (1, 0)))
    array([[0, 1, 2],
           [0, 3, 4],
           [0, 0, 0]])
    """
    image = check_array(image, "image", IMAGE_AXES | BATCH_AXES)
    if isinstance(padding, str):
        raise TypeError(
            f"padding debe ser un entero o parejas de enteros y ha llegado {shown(padding)}: "
            "calcúlalo antes con same_padding(size, kernel_size)"
        )
    if mode not in MODES:
        raise ValueError(
            f"mode debe ser uno de {', '.join(MODES)} y ha llegado {shown(mode)}: elige uno de ellos"
        )
    batch = as_batch(image)
    return like(image, _pad(batch, explicit_padding(padding, batch.shape[1:3], 1), mode))


def windows(image, kernel_size, strides=1, dilation=1) -> np.ndarray:
    """Todas las ventanas de una imagen, como una vista: no copia ningún píxel.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, C) or (N, H, W, C)
        Imagen, imagen con canales o lote de imágenes, ya con su relleno.
    kernel_size, strides, dilation : int or tuple of (int, int)
        Tamaño de la ventana, píxeles que avanza y separación entre los píxeles que mira.

    Returns
    -------
    ndarray, shape (OH, OW, kh, kw), (OH, OW, kh, kw, C) or (N, OH, OW, kh, kw, C)
        Vista de solo lectura: ``windows(image, k)[r, c]`` es la ventana de la salida (r, c).

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv2d`.

    Examples
    --------
    >>> image = np.arange(9).reshape(3, 3)
    >>> windows(image, 2)[0, 1]
    array([[1, 2],
           [4, 5]])
    """
    image = check_array(image, "image", IMAGE_AXES | BATCH_AXES)
    batch = as_batch(image)
    rows, cols = check_window(batch.shape[1:3], kernel_size, strides, "valid", dilation)
    return like(image, _windows(batch, rows, cols))


def _pad(batch: np.ndarray, pads, mode: str = "zeros") -> np.ndarray:
    return np.pad(batch, ((0, 0), *pads, (0, 0)), MODES[mode])


def _windows(batch: np.ndarray, rows: Axis, cols: Axis) -> np.ndarray:
    """(N, H, W, C) -> (N, OH, OW, kh, kw, C), sin copiar."""
    spans = extent(rows.kernel_size, rows.dilation), extent(cols.kernel_size, cols.dilation)
    view = np.lib.stride_tricks.sliding_window_view(batch, spans, axis=(1, 2))
    view = view[:, :: rows.stride, :: cols.stride, :, :: rows.dilation, :: cols.dilation]
    return np.moveaxis(view, 3, 5)


def _check_matrix_kernel(kernel) -> np.ndarray:
    hint = "elige un canal y un filtro, por ejemplo kernel[:, :, 0, 0]"
    return check_array(kernel, "kernel", MATRIX_AXES, hint)
