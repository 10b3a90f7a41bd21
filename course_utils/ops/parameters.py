"""Cuántos parámetros tiene cada capa."""

from course_utils.checks import check_integer, check_pair


def conv_param_count(kernel_size, in_channels, filters, use_bias=True) -> int:
    r"""Parámetros de una capa convolucional: no dependen del tamaño de la imagen.

    .. math:: (k_h\,k_w\,C + 1)\,F

    Parameters
    ----------
    kernel_size : int or tuple of (int, int)
        Lado del kernel, o (filas, columnas).
    in_channels : int
        Canales de la entrada, C.
    filters : int
        Filtros, F: los canales de la salida.
    use_bias : bool
        Si cada filtro tiene un sesgo.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo.

    Examples
    --------
    >>> conv_param_count(3, in_channels=1, filters=32)
    320
    """
    rows, cols = check_pair(kernel_size, "kernel_size")
    weights = rows * cols * check_integer(in_channels, "in_channels")
    return (weights + bool(use_bias)) * check_integer(filters, "filters")


def dense_param_count(inputs, units) -> int:
    """Parámetros de una capa densa: (entradas + 1) × neuronas.

    Parameters
    ----------
    inputs : int
        Entradas; para una imagen aplanada, filas × columnas × canales.
    units : int
        Neuronas.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo.

    Examples
    --------
    >>> dense_param_count(28 * 28, 128)
    100480
    """
    return (check_integer(inputs, "inputs") + 1) * check_integer(units, "units")


def locally_connected_param_count(output_size, kernel_size, in_channels, filters) -> int:
    """Parámetros de una capa local sin pesos compartidos: cada posición de la salida tiene su propio filtro.

    Es :func:`conv_param_count` multiplicado por el número de posiciones.

    Parameters
    ----------
    output_size : int or tuple of (int, int)
        Píxeles de la salida: lado, o (filas, columnas).
    kernel_size, in_channels, filters
        Como en :func:`conv_param_count`.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo.

    Examples
    --------
    >>> locally_connected_param_count(26, 3, in_channels=1, filters=32)
    216320

    References
    ----------
    LeCun, «Generalization and network design strategies» (1989), red 3.
    """
    rows, cols = check_pair(output_size, "output_size")
    return rows * cols * conv_param_count(kernel_size, in_channels, filters)
