"""Tamaños y relleno: la aritmética entera de las capas convolucionales.

Los nombres son los de Keras. Donde hay un solo eje, ``size`` es su número de píxeles y ``padding`` puede ser
``"valid"`` (sin relleno), ``"same"``, un entero (lo mismo a cada lado) o una pareja (antes, después).
"""

from course_utils.checks import check_integer, check_pair, shown


def conv_output_size(size, kernel_size, stride=1, padding="valid", dilation=1) -> int:
    r"""Número de posiciones que recorre un kernel a lo largo de un eje.

    .. math:: \left\lfloor\frac{n + p_\text{antes} + p_\text{después} - d\,(k-1) - 1}{s}\right\rfloor + 1

    Parameters
    ----------
    size : int
        Píxeles de la entrada en ese eje, n ≥ 1.
    kernel_size : int
        Píxeles que mira el kernel, k ≥ 1.
    stride : int
        Píxeles que avanza la ventana, s ≥ 1.
    padding : {"valid", "same"}, int or tuple of (int, int)
        Relleno: ninguno, el de :func:`same_padding`, los mismos píxeles a cada lado, o (antes, después).
    dilation : int
        Separación entre los píxeles que mira el kernel, d ≥ 1.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo, o el kernel no cabe en la entrada con su relleno.

    Examples
    --------
    >>> conv_output_size(28, 3)
    26
    >>> conv_output_size(28, 3, stride=2, padding="same")
    14

    References
    ----------
    Dumoulin y Visin, «A guide to convolution arithmetic for deep learning», arXiv:1603.07285 (2016), relación
    6; con dilatación, relación 15.
    """
    size, kernel_size, stride, dilation = _check_axis(size, kernel_size, stride, dilation)
    before, after = axis_padding(padding, size, kernel_size, stride, dilation)
    span = extent(kernel_size, dilation)
    if span > size + before + after:
        raise ValueError(
            f"el kernel abarca {span} píxeles y la entrada con relleno solo tiene {size + before + after}: "
            "reduce kernel_size o dilation, o aumenta padding"
        )
    return (size + before + after - span) // stride + 1


def same_padding(size, kernel_size, stride=1, dilation=1) -> tuple[int, int]:
    r"""Píxeles que ``padding="same"`` añade antes y después de un eje para que la salida mida ⌈n / s⌉.

    .. math:: p = \max\bigl((\lceil n/s\rceil - 1)\,s + d\,(k-1) + 1 - n,\ 0\bigr)

    La mitad va antes; si p es impar, el píxel que sobra va después.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Como en :func:`conv_output_size`.

    Returns
    -------
    tuple of (int, int)
        Relleno (antes, después), en píxeles. Con kernel impar y stride 1 los dos son iguales.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo.

    Examples
    --------
    >>> same_padding(28, 3)
    (1, 1)
    >>> same_padding(28, 3, stride=2)
    (0, 1)

    References
    ----------
    TensorFlow, notas sobre el relleno de ``tf.nn``: https://www.tensorflow.org/api_docs/python/tf/nn
    """
    size, kernel_size, stride, dilation = _check_axis(size, kernel_size, stride, dilation)
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + extent(kernel_size, dilation) - size, 0)
    return total // 2, total - total // 2


def pool_output_size(size, pool_size=2, stride=None, padding="valid") -> int:
    """Número de ventanas de pooling a lo largo de un eje: la cuenta de :func:`conv_output_size`.

    Parameters
    ----------
    size : int
        Píxeles de la entrada en ese eje.
    pool_size : int
        Píxeles de la ventana.
    stride : int, optional
        Píxeles que avanza la ventana; por defecto ``pool_size``, ventanas que no se solapan.
    padding : {"valid", "same"}, int or tuple of (int, int)
        Como en :func:`conv_output_size`.

    Raises
    ------
    TypeError, ValueError
        Como en :func:`conv_output_size`.

    Examples
    --------
    >>> pool_output_size(28), pool_output_size(7), pool_output_size(7, padding="same")
    (14, 3, 4)
    """
    return conv_output_size(size, pool_size, pool_size if stride is None else stride, padding)


def transposed_output_size(size, kernel_size, stride=1, padding="valid") -> int:
    r"""Píxeles de la salida de una convolución transpuesta a lo largo de un eje.

    Con relleno explícito es la inversa de :func:`conv_output_size`:

    .. math:: (n-1)\,s + k - p_\text{antes} - p_\text{después}

    Keras define además ``"same"`` como n·s, y ``"valid"`` como la fórmula con p = 0 pero nunca menos que n·s.

    Parameters
    ----------
    size, kernel_size, stride : int
        Como en :func:`conv_output_size`; ``size`` es ahora el lado pequeño.
    padding : {"valid", "same"}, int or tuple of (int, int)
        Píxeles que se recortan de la salida a cada lado.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo, o el relleno se come toda la salida.

    Examples
    --------
    >>> transposed_output_size(14, 3, stride=2, padding="same")
    28
    >>> transposed_output_size(3, 3, stride=2, padding=1)
    5

    References
    ----------
    Dumoulin y Visin, arXiv:1603.07285 (2016), relación 13.
    """
    size, kernel_size, stride, _ = _check_axis(size, kernel_size, stride)
    if padding == "same":
        return size * stride
    if padding == "valid":
        return size * stride + max(kernel_size - stride, 0)
    before, after = axis_padding(padding, size, kernel_size, stride)
    output = (size - 1) * stride + kernel_size - before - after
    if output < 1:
        raise ValueError(
            f"la salida mide {output + before + after} píxeles y padding recorta {before + after}: "
            "no queda ninguno; reduce padding o aumenta kernel_size"
        )
    return output


def explicit_padding(
    padding, input_shape, kernel_size, strides=1, dilation=1
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Relleno en píxeles de cada lado de una imagen, sea cual sea la forma en que se pida.

    Parameters
    ----------
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Ninguno, el de :func:`same_padding`, los mismos píxeles en los cuatro lados, (arriba y abajo, a los
        lados) o ``((arriba, abajo), (izquierda, derecha))``.
    input_shape : tuple of (int, int)
        Filas y columnas de la imagen.
    kernel_size, strides, dilation : int or tuple of (int, int)
        Los de la ventana, por eje si son parejas.

    Returns
    -------
    tuple of pairs
        ``((arriba, abajo), (izquierda, derecha))``.

    Raises
    ------
    TypeError, ValueError
        Si ``padding`` no es ninguna de esas cosas, o es negativo.

    Examples
    --------
    >>> explicit_padding("same", (28, 28), (5, 3))
    ((2, 2), (1, 1))
    >>> explicit_padding(((0, 1), (2, 0)), (28, 28), 3)
    ((0, 1), (2, 0))
    """
    return padding_pairs(
        padding,
        check_pair(input_shape, "input_shape"),
        check_pair(kernel_size, "kernel_size"),
        check_pair(strides, "strides"),
        check_pair(dilation, "dilation"),
    )


def padding_pairs(padding, input_shape, kernel_size, strides, dilation):
    # explicit_padding con lo demás ya comprobado, en parejas
    per_axis = padding if isinstance(padding, tuple | list) else (padding, padding)
    if len(per_axis) != 2:
        raise ValueError(
            f"padding debe tener dos valores, (filas, columnas), y ha llegado {shown(padding)}: "
            "escribe ((arriba, abajo), (izquierda, derecha)), o un solo entero"
        )
    rows, cols = map(axis_padding, per_axis, input_shape, kernel_size, strides, dilation)
    return rows, cols


def extent(kernel_size: int, dilation: int) -> int:
    """Píxeles desde el primero hasta el último que mira el kernel."""
    return dilation * (kernel_size - 1) + 1


def axis_padding(padding, size: int, kernel_size: int, stride: int, dilation: int = 1) -> tuple[int, int]:
    if isinstance(padding, str):
        if padding == "valid":
            return 0, 0
        if padding == "same":
            return same_padding(size, kernel_size, stride, dilation)
        raise ValueError(
            f"padding debe ser «valid», «same», un entero o una pareja y ha llegado {padding!r}: "
            "escribe, por ejemplo, padding=1"
        )
    return check_pair(padding, "padding", minimum=0)


def _check_axis(size, kernel_size, stride, dilation=1) -> tuple[int, int, int, int]:
    return (
        check_integer(size, "size"),
        check_integer(kernel_size, "kernel_size"),
        check_integer(stride, "stride"),
        check_integer(dilation, "dilation"),
    )
