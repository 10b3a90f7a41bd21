"""Pooling en NumPy: resumir cada ventana en su máximo o en su promedio.

El máximo de una ventana es el máximo de los máximos de sus columnas, y con la suma ocurre lo mismo: primero
se resume hacia abajo y después hacia el lado. En cada eje se recorre la ventana y no la imagen: cada posición
de la ventana es la imagen entera desplazada. El relleno no se construye: lo que cae fuera se salta.
"""

from collections.abc import Iterator

import numpy as np

from course_utils.checks import BATCH_AXES, MATRIX_AXES, check_array, check_pair
from course_utils.ops.arguments import Axis, as_batch, check_window, like

_HINT = "para una imagen con canales, añade el eje del lote: image[None]"


def max_pool2d(inputs, pool_size=2, strides=None, padding="valid", return_argmax=False):
    r"""Máximo de cada ventana, canal por canal.

    .. math:: Y_{n,r,c,k} = \max_{i,j} X_{n,\; r s + i,\; c s + j,\; k}

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C) or (H, W)
        Lote de mapas de características, o una sola matriz.
    pool_size : int or tuple of (int, int)
        Tamaño de la ventana.
    strides : int or tuple of (int, int), optional
        Píxeles que avanza la ventana; por defecto ``pool_size``.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Como en :func:`~course_utils.ops.convolution.conv2d`. El relleno nunca gana: una ventana de negativos
        en el borde da un negativo.
    return_argmax : bool
        Si además se devuelve de qué píxel sale cada máximo.

    Returns
    -------
    ndarray, shape (N, OH, OW, C) or (OH, OW)
        Los máximos, del mismo tipo que la entrada.
    ndarray of int64, same shape
        Solo con ``return_argmax=True``: posición ``fila * W + columna`` del píxel elegido en la imagen; si
        hay empate, el primero por filas.

    Raises
    ------
    TypeError, ValueError
        Si hay algo que no es un número real o un tamaño que no es un entero positivo, sobran o faltan ejes,
        la ventana no cabe o alguna solo ve relleno.

    Examples
    --------
    >>> max_pool2d([[1, 2, 5, 4], [3, 0, 7, 6]])
    array([[3, 7]])
    >>> max_pool2d([[1, 2, 5, 4], [3, 0, 7, 6]], return_argmax=True)[1]
    array([[4, 6]])
    """
    inputs = check_array(inputs, "inputs", MATRIX_AXES | BATCH_AXES, _HINT)
    maps = as_batch(inputs)
    rows, cols = _check_pooling(maps, pool_size, strides, padding)
    best = _reduce(np.maximum, _reduce(np.maximum, maps, 1, rows, maps.dtype), 2, cols, maps.dtype)
    output = like(inputs, best)
    return (output, like(inputs, _argmax(maps, best, rows, cols))) if return_argmax else output


def avg_pool2d(inputs, pool_size=2, strides=None, padding="valid") -> np.ndarray:
    r"""Promedio de cada ventana, canal por canal; el relleno no cuenta.

    .. math:: Y_{n,r,c,k} = \frac{1}{m_{r,c}} \sum_{i,j} X_{n,\; r s + i,\; c s + j,\; k}

    donde m es el número de píxeles de la imagen, sin relleno, que ve la ventana.

    Parameters
    ----------
    inputs, pool_size, strides, padding
        Como en :func:`max_pool2d`.

    Returns
    -------
    ndarray, shape (N, OH, OW, C) or (OH, OW)
        Los promedios: float64 si la entrada es de enteros; si no, su tipo, al menos float32.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`max_pool2d`.

    Examples
    --------
    >>> avg_pool2d([[1, 2, 5, 4], [3, 0, 7, 6]])
    array([[1.5, 5.5]])
    """
    inputs = check_array(inputs, "inputs", MATRIX_AXES | BATCH_AXES, _HINT)
    maps = as_batch(inputs)
    rows, cols = _check_pooling(maps, pool_size, strides, padding)
    dtype = _average_dtype(maps)
    sums = _reduce(np.add, _reduce(np.add, maps, 1, rows, dtype), 2, cols, dtype)
    counts = np.outer(_pixel_count(rows), _pixel_count(cols)).astype(dtype)
    sums /= np.repeat(counts[:, :, None], maps.shape[3], axis=2)
    return like(inputs, sums)


def global_max_pool2d(inputs) -> np.ndarray:
    """Máximo de cada mapa de características entero.

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C)
        Lote de mapas de características.

    Returns
    -------
    ndarray, shape (N, C)
        Un valor por imagen y canal, del mismo tipo que la entrada.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`max_pool2d`.

    Examples
    --------
    >>> global_max_pool2d([[[[1, -5], [2, -6]]]])
    array([[ 2, -5]])
    """
    return check_array(inputs, "inputs", BATCH_AXES, _HINT).max(axis=(1, 2))


def global_avg_pool2d(inputs) -> np.ndarray:
    """Promedio de cada mapa de características entero.

    Parameters
    ----------
    inputs : array_like, shape (N, H, W, C)
        Lote de mapas de características.

    Returns
    -------
    ndarray, shape (N, C)
        Un valor por imagen y canal; los tipos son los de :func:`avg_pool2d`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`max_pool2d`.

    Examples
    --------
    >>> global_avg_pool2d([[[[1, -5], [2, -6]]]])
    array([[ 1.5, -5.5]])

    References
    ----------
    Lin, Chen y Yan, «Network in network», arXiv:1312.4400 (2013), sección 3.2.
    """
    maps = check_array(inputs, "inputs", BATCH_AXES, _HINT)
    return maps.mean(axis=(1, 2), dtype=_average_dtype(maps))


def _check_pooling(maps, pool_size, strides, padding) -> tuple[Axis, Axis]:
    pool_size = check_pair(pool_size, "pool_size")
    rows, cols = check_window(maps.shape[1:3], pool_size, pool_size if strides is None else strides, padding)
    if not (_pixel_count(rows).all() and _pixel_count(cols).all()):
        raise ValueError(
            f"con padding={(rows.padding, cols.padding)} alguna ventana de {pool_size} píxeles solo ve "
            "relleno: reduce padding o aumenta pool_size"
        )
    return rows, cols


def _overlaps(axis: Axis) -> Iterator[tuple[slice, slice]]:
    """Por cada posición de la ventana, las salidas en que cae en la imagen y los píxeles que ve en ellas."""
    for tap in range(axis.kernel_size):
        offset = tap - axis.padding[0]
        first = max(-(offset // axis.stride), 0)
        last = min((axis.size - 1 - offset) // axis.stride, axis.output_size - 1)
        if first <= last:
            pixels = slice(first * axis.stride + offset, last * axis.stride + offset + 1, axis.stride)
            yield slice(first, last + 1), pixels


def _reduce(operation: np.ufunc, maps: np.ndarray, number: int, axis: Axis, dtype: np.dtype) -> np.ndarray:
    """Resume el eje ``number``: (…, n, …) -> (…, salidas, …)."""
    before = (slice(None),) * number
    overlaps = sorted(_overlaps(axis), key=lambda overlap: overlap[0].start - overlap[0].stop)
    if overlaps and overlaps[0][0] == slice(0, axis.output_size):
        # una posición que nunca cae en el relleno: se parte de ella
        result = maps[(*before, overlaps.pop(0)[1])].astype(dtype)
    else:
        shape = (*maps.shape[:number], axis.output_size, *maps.shape[number + 1 :])
        result = np.full(shape, _neutral(operation, dtype), dtype)
    for outputs, pixels in overlaps:
        view = result[(*before, outputs)]
        operation(view, maps[(*before, pixels)], out=view)
    return result


def _pixel_count(axis: Axis) -> np.ndarray:
    """Cuántos píxeles de la imagen ve cada ventana."""
    return _reduce(np.add, np.ones(axis.size, np.int64), 0, axis, np.dtype(np.int64))


def _argmax(maps: np.ndarray, best: np.ndarray, rows: Axis, cols: Axis) -> np.ndarray:
    pixels = np.arange(rows.size * cols.size).reshape(rows.size, cols.size, 1)
    chosen = np.full(best.shape, -1)
    for out_rows, in_rows in _overlaps(rows):
        for out_cols, in_cols in _overlaps(cols):
            view = chosen[:, out_rows, out_cols]
            is_best = maps[:, in_rows, in_cols] == best[:, out_rows, out_cols]
            np.copyto(view, pixels[in_rows, in_cols], where=is_best & (view < 0))
    return chosen


def _neutral(operation: np.ufunc, dtype: np.dtype):
    """El valor que no cambia el resumen."""
    if operation is np.add or dtype.kind == "b":
        return 0
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _average_dtype(maps: np.ndarray) -> np.dtype:
    return np.promote_types(maps.dtype, np.float32) if maps.dtype.kind == "f" else np.dtype(np.float64)
