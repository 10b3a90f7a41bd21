"""Cuántos parámetros tiene cada capa."""

from course_utils.checks import check_integer, check_pair


def conv_param_count(kernel_size, in_channels, filters, use_bias=True, groups=1) -> int:
    r"""Parámetros de una capa convolucional: no dependen del tamaño de la imagen.

    .. math:: \left(k_h\,k_w\,\frac{C}{g} + 1\right) F

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
    groups : int
        Partes en que se dividen canales y filtros, g; con ``groups=in_channels``, una por canal
        (*depthwise*).

    Returns
    -------
    int
        Número de pesos y sesgos.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo o ``groups`` no divide a los canales y a los filtros.

    Examples
    --------
    >>> conv_param_count(3, in_channels=1, filters=32)
    320

    References
    ----------
    LeCun, Bottou, Bengio y Haffner, «Gradient-based learning applied to document recognition» (1998), sección
    II.A.
    """
    rows, cols = check_pair(kernel_size, "kernel_size")
    in_channels = check_integer(in_channels, "in_channels")
    filters = check_integer(filters, "filters")
    groups = check_groups(groups, in_channels, filters)
    return (rows * cols * (in_channels // groups) + bool(use_bias)) * filters


def check_groups(groups, in_channels: int, filters: int) -> int:
    """Devuelve ``groups`` si reparte por igual los canales y los filtros.

    Parameters
    ----------
    groups, in_channels, filters : int
        Como en :func:`conv_param_count`.

    Returns
    -------
    int
        El número de grupos.

    Raises
    ------
    TypeError
        Si no es entero.
    ValueError
        Si no divide a los canales y a los filtros.

    Examples
    --------
    >>> check_groups(2, in_channels=4, filters=6)
    2
    """
    groups = check_integer(groups, "groups")
    if in_channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} debe dividir a los canales ({in_channels}) y a los filtros ({filters}): "
            "elige un divisor de los dos, o groups=1"
        )
    return groups


def dense_param_count(inputs, units, use_bias=True) -> int:
    """Parámetros de una capa densa: (entradas + 1) × neuronas.

    Parameters
    ----------
    inputs : int
        Entradas; para una imagen aplanada, filas × columnas × canales.
    units : int
        Neuronas.
    use_bias : bool
        Si cada neurona tiene un sesgo.

    Returns
    -------
    int
        Número de pesos y sesgos.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo.

    Examples
    --------
    >>> dense_param_count(28 * 28, 128)
    100480

    References
    ----------
    Keras, capa Dense: https://keras.io/api/layers/core_layers/dense/
    """
    return (check_integer(inputs, "inputs") + bool(use_bias)) * check_integer(units, "units")


def locally_connected_param_count(output_size, kernel_size, in_channels, filters, use_bias=True) -> int:
    """Parámetros de una capa local sin pesos compartidos: cada posición de la salida tiene su propio filtro.

    Es :func:`conv_param_count` multiplicado por el número de posiciones.

    Parameters
    ----------
    output_size : int or tuple of (int, int)
        Píxeles de la salida: lado, o (filas, columnas).
    kernel_size : int or tuple of (int, int)
        Lado del kernel, o (filas, columnas).
    in_channels, filters : int
        Canales de la entrada y filtros.
    use_bias : bool
        Si cada filtro de cada posición tiene un sesgo.

    Returns
    -------
    int
        Número de pesos y sesgos.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo.

    Examples
    --------
    >>> locally_connected_param_count(26, 3, in_channels=1, filters=32)
    216320

    References
    ----------
    LeCun, «Generalization and network design strategies» (1989), red 3.
    """
    rows, cols = check_pair(output_size, "output_size")
    return rows * cols * conv_param_count(kernel_size, in_channels, filters, use_bias)
