"""Convolución en NumPy: la referencia que se lee, se comprueba y no hace esperar.

Lo que las redes llaman convolución es una correlación: el kernel se desliza sin darle la vuelta. La idea
del módulo cabe en una frase: cada ventana, aplanada, se multiplica por el kernel aplanado. Con las ventanas
en las filas de una matriz y los filtros en las columnas de otra, es un producto de matrices.
"""

import math
from collections.abc import Iterator

import numpy as np

from course_utils.checks import check_array, check_integer, check_pair, shown
from course_utils.ops.parameters import check_groups
from course_utils.ops.shapes import conv_output_size, explicit_padding, transposed_output_size

_IMAGE = {2: "(fila, columna)"}
_BATCH = {4: "(lote, fila, columna, canal)"}
_ANY_IMAGE = {2: "(fila, columna)", 3: "(fila, columna, canal)", 4: "(lote, fila, columna, canal)"}
_KERNEL = {4: "(fila, columna, canal, filtro)"}
_TRANSPOSED_KERNEL = {4: "(fila, columna, filtro, canal)"}

MODES = {"zeros": "constant", "reflect": "reflect", "edge": "edge"}  # nombre del curso: nombre en np.pad
BLOCK_BYTES = 2**18  # ventanas que se copian de una vez: caben en la caché del procesador
FEW_CHANNELS = 4  # con menos, las ventanas se copian por filas de la imagen
SERIAL_PRODUCTS = 2**18  # multiplicaciones a partir de las que OpenBLAS reparte el trabajo entre hilos
EXACT_INTEGERS = 2**53  # hasta aquí, float64 distingue cada entero del siguiente


def pad2d(image, padding, mode="zeros") -> np.ndarray:
    """Añade un borde a los ejes (fila, columna) de una imagen o de un lote.

    Parameters
    ----------
    image : array_like, shape (H, W), (H, W, C) or (N, H, W, C)
        Imagen, imagen con canales o lote de imágenes.
    padding : int, tuple of (int, int) or tuple of pairs
        Píxeles: los mismos en los cuatro lados, (arriba y abajo, a los lados) o
        ``((arriba, abajo), (izquierda, derecha))``.
    mode : {"zeros", "reflect", "edge"}
        Con qué se rellena: ceros, la imagen reflejada sin repetir el borde, o el píxel del borde repetido.

    Returns
    -------
    ndarray
        Copia con ``arriba + H + abajo`` filas e ``izquierda + W + derecha`` columnas, del mismo tipo.

    Raises
    ------
    TypeError
        Si la imagen no tiene números reales o el relleno no es entero.
    ValueError
        Si sobran o faltan ejes, el relleno es negativo, el modo no existe o no queda imagen que reflejar.

    Examples
    --------
    >>> pad2d([[1, 2], [3, 4]], ((0, 1), (1, 0)))
    array([[0, 1, 2],
           [0, 3, 4],
           [0, 0, 0]])

    References
    ----------
    NumPy, ``numpy.pad``: https://numpy.org/doc/stable/reference/generated/numpy.pad.html
    """
    image = check_array(image, "image", _ANY_IMAGE)
    row_axis = _row_axis(image)
    size = image.shape[row_axis : row_axis + 2]
    if isinstance(padding, str):
        raise TypeError(
            f"padding debe ser un entero o parejas de enteros y ha llegado {shown(padding)}: "
            "calcúlalo antes con same_padding(size, kernel_size)"
        )
    if mode not in MODES:
        raise ValueError(
            f"mode debe ser uno de {', '.join(MODES)} y ha llegado {shown(mode)}: elige uno de ellos"
        )
    pads = explicit_padding(padding, size, 1)
    if mode == "reflect" and any(max(pad) >= pixels for pad, pixels in zip(pads, size, strict=True)):
        raise ValueError(
            f"para reflejar hacen falta más píxeles que relleno; la imagen mide {size} y padding es {pads}: "
            "reduce padding o usa mode=«edge»"
        )
    return _pad(image, pads, mode)


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
    TypeError
        Si la imagen no tiene números reales o algún tamaño no es entero.
    ValueError
        Si sobran o faltan ejes, algún tamaño no es positivo o la ventana no cabe.

    Examples
    --------
    >>> image = np.arange(9).reshape(3, 3)
    >>> windows(image, 2)[0, 1]
    array([[1, 2],
           [4, 5]])

    References
    ----------
    NumPy, ``numpy.lib.stride_tricks.sliding_window_view``:
    https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html
    """
    image = check_array(image, "image", _ANY_IMAGE)
    row_axis = _row_axis(image)
    kernel_size, strides, dilation = _check_window(kernel_size, strides, dilation)
    _output_size(image.shape[row_axis : row_axis + 2], kernel_size, strides, ((0, 0), (0, 0)), dilation)
    return _windows(image, kernel_size, strides, dilation)


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
    TypeError
        Si hay algo que no es un número real, o un tamaño que no es entero.
    ValueError
        Si sobran o faltan ejes, hay NaN, algún tamaño no es positivo o el kernel no cabe.

    Examples
    --------
    >>> correlate2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[19, 25],
           [37, 43]])

    References
    ----------
    Goodfellow, Bengio y Courville, *Deep Learning* (2016), ecuación 9.6.
    """
    image = check_array(image, "image", _IMAGE, "elige una imagen y un canal, por ejemplo image[0, :, :, 0]")
    kernel = check_array(
        kernel, "kernel", _IMAGE, "elige un canal y un filtro, por ejemplo kernel[:, :, 0, 0]"
    )
    return conv2d(image[None, :, :, None], kernel[:, :, None, None], None, strides, padding, dilation)[
        0, :, :, 0
    ]


def convolve2d(image, kernel, strides=1, padding="valid", dilation=1) -> np.ndarray:
    r"""Convolución de las matemáticas: la correlación con el kernel girado media vuelta.

    .. math:: Y_{r,c} = \sum_{i,j} W_{k-1-i,\,k-1-j}\, X_{r s + i d,\; c s + j d}

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
        Como en :func:`correlate2d`.

    Examples
    --------
    >>> convolve2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[ 5, 11],
           [23, 29]])

    References
    ----------
    Goodfellow, Bengio y Courville, *Deep Learning* (2016), ecuación 9.5.
    """
    kernel = check_array(
        kernel, "kernel", _IMAGE, "elige un canal y un filtro, por ejemplo kernel[:, :, 0, 0]"
    )
    return correlate2d(image, kernel[::-1, ::-1], strides, padding, dilation)


def conv2d(inputs, kernel, bias=None, strides=1, padding="valid", dilation=1, groups=1) -> np.ndarray:
    r"""Capa convolucional: todos los filtros sobre todas las imágenes de un lote.

    .. math:: Y_{n,r,c,f} = b_f + \sum_{i,j,k} W_{i,j,k,f}\, X_{n,\; r s + i d,\; c s + j d,\; k}

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C)
        Lote de imágenes.
    kernel : array_like, shape (kh, kw, C / groups, F)
        Pesos, en el orden de Keras: fila, columna, canal, filtro.
    bias : array_like, shape (F,), optional
        Un sesgo por filtro.
    strides : int or tuple of (int, int)
        Píxeles que avanza la ventana en cada eje.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Relleno con ceros: ninguno, el de :func:`~course_utils.ops.shapes.same_padding`, los mismos píxeles en
        los cuatro lados, (arriba y abajo, a los lados) o ``((arriba, abajo), (izquierda, derecha))``.
    dilation : int or tuple of (int, int)
        Separación entre los píxeles que mira el kernel.
    groups : int
        Partes en que se dividen canales y filtros. Con ``groups=C``, cada canal tiene sus filtros
        (*depthwise*): el kernel (kh, kw, C, M) de la capa DepthwiseConv2D de Keras se pasa como
        ``kernel.reshape(kh, kw, 1, C * M)``.

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
    >>> conv2d(image, kernel, bias=[0, 1], strides=2).shape
    (1, 2, 2, 2)
    >>> conv2d(image, kernel, bias=[0, 1], strides=2)[0, 0, 0]
    array([27., 28.])

    References
    ----------
    Keras, ``keras.ops.conv``: https://keras.io/api/ops/nn/#conv-function
    """
    inputs = check_array(inputs, "inputs", _BATCH, "para una sola imagen, añade el eje del lote: image[None]")
    kernel = check_array(kernel, "kernel", _KERNEL, "para un solo filtro, kernel[:, :, None, None]")
    bias = None if bias is None else _check_bias(bias, kernel.shape[3])
    groups = _check_channels(inputs, kernel, groups)
    kernel_size, strides, dilation = _check_window(kernel.shape[:2], strides, dilation)
    pads = explicit_padding(padding, inputs.shape[1:3], kernel_size, strides, dilation)
    output_size = _output_size(inputs.shape[1:3], kernel_size, strides, pads, dilation)
    dtype = _check_dtype(inputs, kernel, bias)
    work = np.float64 if dtype == np.int64 else dtype  # los enteros, en float64: así multiplica BLAS

    padded = _pad(inputs, pads, "zeros") if np.any(pads) else inputs
    patches = _windows(padded, kernel_size, strides, dilation)  # (N, OH, OW, kh, kw, C), sin copiar
    weights = kernel.astype(work).reshape(*kernel.shape[:3], groups, -1)  # filtro = grupo * (F / g) + resto
    output = np.empty((len(inputs), *output_size, groups, weights.shape[4]), work)
    for block in _blocks(patches.shape, min(BLOCK_BYTES, inputs.nbytes + output.nbytes) // weights.itemsize):
        _multiply(patches[block], weights, out=output[block].reshape(-1, *output.shape[3:]))
    output = output.reshape(len(inputs), *output_size, kernel.shape[3]).astype(dtype, copy=False)
    if bias is not None:
        output += bias.astype(dtype)
    return output


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
        Mapas del tamaño de :func:`~course_utils.ops.shapes.transposed_output_size`; los tipos son los de
        :func:`conv2d`.

    Raises
    ------
    TypeError
        Si hay algo que no es un número real, o un tamaño que no es entero.
    ValueError
        Si sobran o faltan ejes, los canales no casan, hay NaN, algún tamaño no es positivo, el relleno
        recorta toda la salida o una suma de enteros podría pasar de 2⁵³.

    Examples
    --------
    >>> image, kernel = np.array([[1, 2]]), np.array([[1, 10, 100]])
    >>> conv2d_transpose(image[None, :, :, None], kernel[:, :, None, None], strides=(1, 2))[0, :, :, 0]
    array([[  1,  10, 102,  20, 200]])

    References
    ----------
    Dumoulin y Visin, arXiv:1603.07285 (2016), capítulo 4. Keras, capa Conv2DTranspose:
    https://keras.io/api/layers/convolution_layers/convolution2d_transpose/
    """
    inputs = check_array(inputs, "inputs", _BATCH, "para una sola imagen, añade el eje del lote: image[None]")
    kernel = check_array(
        kernel, "kernel", _TRANSPOSED_KERNEL, "para un solo filtro, kernel[:, :, None, None]"
    )
    if inputs.shape[3] != kernel.shape[3]:
        raise ValueError(
            f"inputs, de forma {inputs.shape}, tiene {inputs.shape[3]} canales y el kernel, de forma "
            f"{kernel.shape}, espera {kernel.shape[3]}, su último eje: el orden de la transpuesta es (fila, "
            "columna, filtro, canal); quizá falta kernel.swapaxes(2, 3)"
        )
    bias = None if bias is None else _check_bias(bias, kernel.shape[2])
    (rows, cols), kernel_size, (sh, sw) = inputs.shape[1:3], kernel.shape[:2], check_pair(strides, "strides")
    (top, bottom), (left, right) = explicit_padding(padding, (rows * sh, cols * sw), kernel_size, (sh, sw))
    crops = (padding, padding) if isinstance(padding, str) else ((top, bottom), (left, right))
    height, width = map(transposed_output_size, (rows, cols), kernel_size, (sh, sw), crops)
    dtype = _check_dtype(inputs, kernel.swapaxes(2, 3), bias)

    last_row, last_col = (rows - 1) * sh, (cols - 1) * sw  # donde empieza el último sello
    canvas = np.zeros(
        (
            len(inputs),
            max(last_row + kernel_size[0], top + height),
            max(last_col + kernel_size[1], left + width),
            kernel.shape[2],
        ),
        dtype,
    )
    inputs, kernel = inputs.astype(dtype, copy=False), kernel.astype(dtype, copy=False)
    for i, j in np.ndindex(kernel_size):
        canvas[:, i : i + last_row + 1 : sh, j : j + last_col + 1 : sw] += inputs @ kernel[i, j].T
    output = canvas[:, top : top + height, left : left + width]
    return output if bias is None else output + bias.astype(dtype)


def conv2d_as_matrix(kernel, input_shape, strides=1, padding="valid", dilation=1) -> np.ndarray:
    """Matriz de la capa densa que calcula lo mismo que una convolución: en banda y con pesos repetidos.

    Parameters
    ----------
    kernel : array_like, shape (kh, kw) or (kh, kw, C, F)
        Pesos.
    input_shape : tuple of int
        Forma de la imagen: (H, W), o (H, W, C) si el kernel tiene canales.
    strides, padding, dilation
        Como en :func:`conv2d`.

    Returns
    -------
    ndarray, shape (OH * OW * F, H * W * C)
        Matriz M tal que ``M @ image.ravel()`` es la salida aplanada. Cada columna es la respuesta a un solo
        píxel encendido.

    Raises
    ------
    TypeError
        Si hay algo que no es un número real, o un tamaño que no es entero.
    ValueError
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
    kernel = check_array(kernel, "kernel", _IMAGE | _KERNEL)
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
    return conv2d(one_pixel_on, kernel, None, strides, padding, dilation).reshape(pixels, -1).T


def _row_axis(image: np.ndarray) -> int:
    return 1 if image.ndim == 4 else 0


def _check_window(kernel_size, strides, dilation) -> tuple[tuple[int, int], ...]:
    return (
        check_pair(kernel_size, "kernel_size"),
        check_pair(strides, "strides"),
        check_pair(dilation, "dilation"),
    )


def _output_size(size, kernel_size, strides, pads, dilation) -> tuple[int, int]:
    rows, cols = map(conv_output_size, size, kernel_size, strides, pads, dilation)
    return rows, cols


def _pad(image: np.ndarray, pads, mode: str) -> np.ndarray:
    widths = [(0, 0)] * image.ndim
    row_axis = _row_axis(image)
    widths[row_axis : row_axis + 2] = pads
    return np.pad(image, widths, MODES[mode])


def _windows(image: np.ndarray, kernel_size, strides, dilation) -> np.ndarray:
    (kh, kw), (sh, sw), (dh, dw) = kernel_size, strides, dilation
    row_axis = _row_axis(image)
    view = np.lib.stride_tricks.sliding_window_view(
        image, (dh * (kh - 1) + 1, dw * (kw - 1) + 1), axis=(row_axis, row_axis + 1)
    )
    view = view[..., ::dh, ::dw]
    view = view[:, ::sh, ::sw] if row_axis else view[::sh, ::sw]
    return np.moveaxis(view, (-2, -1), (row_axis + 2, row_axis + 3))


def _blocks(shape: tuple[int, ...], numbers: int) -> Iterator[tuple[slice, slice]]:
    """Trozos (imágenes, filas) de las ventanas de un lote, de unos ``numbers`` números cada uno."""
    row = math.prod(shape[2:])
    rows = min(max(numbers // row, 1), shape[1])
    images = max(numbers // (row * shape[1]), 1)
    for n in range(0, shape[0], images):
        for r in range(0, shape[1], rows):
            yield slice(n, n + images), slice(r, r + rows)


def _multiply(patches: np.ndarray, weights: np.ndarray, out: np.ndarray) -> None:
    """(n, r, c, kh, kw, C) × (kh, kw, C / g, g, F / g) -> (n · r · c, g, F / g)."""
    taps = weights.shape[0] * weights.shape[1]
    depth, groups, filters = weights.shape[2:]
    columns = _flatten(patches, weights.dtype).reshape(-1, taps, groups, depth)
    weights = weights.reshape(taps, depth, groups, filters)
    if depth == 1 and groups > 1:
        np.einsum("mkg,kgf->mgf", columns[..., 0], weights[:, 0], out=out)
    else:
        for g in range(groups):
            one_group = columns[:, :, g].reshape(-1, taps * depth)
            _matmul(one_group, weights[:, :, g].reshape(taps * depth, filters), out[:, g])


def _flatten(patches: np.ndarray, dtype) -> np.ndarray:
    """Cada ventana en una fila: (n, r, c, kh, kw, C) -> (n · r · c, kh · kw · C)."""
    count = math.prod(patches.shape[:3])
    if patches.shape[5] >= FEW_CHANNELS:
        return patches.astype(dtype, order="C").reshape(count, -1)
    # con pocos canales, los píxeles contiguos son los de una fila de ventanas, no los de una ventana
    return np.moveaxis(patches, (0, 1, 2), (3, 4, 5)).astype(dtype, order="C").reshape(-1, count).T


def _matmul(columns: np.ndarray, weights: np.ndarray, out: np.ndarray) -> None:
    """``columns @ weights`` en trozos que BLAS no reparte entre hilos: repartir algo tan corto lo frena."""
    count, products = columns.shape
    piece = min(max(SERIAL_PRODUCTS // weights.size, 1), count)
    whole = count - count % piece
    pieces = out[:whole].reshape(-1, piece, weights.shape[1])
    np.matmul(columns[:whole].reshape(-1, piece, products), weights, out=pieces)
    np.matmul(columns[whole:], weights, out=out[whole:])


def _check_bias(bias, filters: int) -> np.ndarray:
    bias = check_array(bias, "bias", {1: "(filtro)"})
    if len(bias) != filters:
        raise ValueError(
            f"bias tiene {len(bias)} valores y el kernel {filters} filtros: "
            "escribe un sesgo por filtro, o bias=None"
        )
    return bias


def _check_channels(inputs: np.ndarray, kernel: np.ndarray, groups) -> int:
    channels, expected = inputs.shape[3], kernel.shape[2]
    groups = check_groups(groups, channels, kernel.shape[3])
    if channels == expected * groups:
        return groups
    change = "revisa que el kernel esté en el orden (fila, columna, canal, filtro)"
    if inputs.shape[1] == expected * groups < channels:
        change = "parece estar en el orden (lote, canal, fila, columna): usa np.moveaxis(inputs, 1, -1)"
    elif kernel.shape[1] * groups == channels and kernel.shape[2] == kernel.shape[3]:
        change = "parece estar en el orden (filtro, canal, fila, columna): usa kernel.transpose(2, 3, 1, 0)"
    raise ValueError(
        f"inputs, de forma {inputs.shape}, tiene {channels} canales en su último eje "
        f"y el kernel, de forma {kernel.shape}, espera {expected * groups}: {change}"
    )


def _check_dtype(inputs: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None) -> np.dtype:
    """Tipo del resultado; de enteros, int64 si todas las sumas caben sin redondeo."""
    operands = [inputs, kernel] if bias is None else [inputs, kernel, bias]
    if any(array.dtype.kind == "f" for array in operands):
        return np.result_type(*operands, np.float32)
    largest = max(abs(int(inputs.max())), abs(int(inputs.min())))
    # en float64, porque el valor absoluto del menor int8 no cabe en int8
    weights = float(np.abs(kernel.astype(float)).sum(axis=(0, 1, 2)).max())
    offset = 0.0 if bias is None else float(np.abs(bias.astype(float)).max())
    if largest * weights + offset >= EXACT_INTEGERS:
        raise ValueError(
            f"con enteros de hasta {largest} la suma podría pasar de 2⁵³ y dejar de ser exacta: "
            "convierte la entrada con inputs.astype(float)"
        )
    return np.dtype(np.int64)
