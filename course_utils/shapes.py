"""Tamaños, parámetros y campos receptivos: la aritmética entera de las capas convolucionales.

Los nombres son los de Keras. Donde hay un solo eje, ``size`` es su número de píxeles y ``padding`` puede ser
``"valid"`` (sin relleno), ``"same"``, un entero (lo mismo a cada lado) o una pareja (antes, después).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

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

    Returns
    -------
    int
        Píxeles de la salida, 1 o más.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo o el kernel no cabe en la entrada con su relleno.

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
    before, after = _axis_padding(padding, size, kernel_size, stride, dilation)
    span = _span(kernel_size, dilation)
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
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo.

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
    total = max((outputs - 1) * stride + _span(kernel_size, dilation) - size, 0)
    return total // 2, total - total // 2


def pool_output_size(size, pool_size=2, stride=None, padding="valid") -> int:
    """Número de ventanas de pooling a lo largo de un eje.

    La cuenta es la de :func:`conv_output_size`; solo cambia que el stride, si no se indica, es ``pool_size``.

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

    Returns
    -------
    int
        Píxeles de la salida, 1 o más.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo o la ventana no cabe.

    Examples
    --------
    >>> pool_output_size(28), pool_output_size(7), pool_output_size(7, padding="same")
    (14, 3, 4)

    References
    ----------
    Keras, capa MaxPooling2D: https://keras.io/api/layers/pooling_layers/max_pooling2d/
    """
    return conv_output_size(size, pool_size, pool_size if stride is None else stride, padding)


def transposed_output_size(size, kernel_size, stride=1, padding="valid", dilation=1) -> int:
    r"""Píxeles de la salida de una convolución transpuesta a lo largo de un eje.

    Con relleno explícito es la inversa de :func:`conv_output_size`:

    .. math:: (n-1)\,s + d\,(k-1) + 1 - p_\text{antes} - p_\text{después}

    Keras define además ``"same"`` como n·s, y ``"valid"`` como la fórmula con p = 0 pero nunca menos que n·s.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Como en :func:`conv_output_size`; ``size`` es ahora el lado pequeño.
    padding : {"valid", "same"}, int or tuple of (int, int)
        Píxeles que se recortan de la salida a cada lado.

    Returns
    -------
    int
        Píxeles de la salida, 1 o más.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo o el relleno se come toda la salida.

    Examples
    --------
    >>> transposed_output_size(14, 3, stride=2, padding="same")
    28
    >>> transposed_output_size(3, 3, stride=2, padding=1)
    5

    References
    ----------
    Dumoulin y Visin, arXiv:1603.07285 (2016), relación 13. Keras, capa Conv2DTranspose:
    https://keras.io/api/layers/convolution_layers/convolution2d_transpose/
    """
    size, kernel_size, stride, dilation = _check_axis(size, kernel_size, stride, dilation)
    span = _span(kernel_size, dilation)
    if padding == "same":
        return size * stride
    if padding == "valid":
        return size * stride + max(span - stride, 0)
    before, after = _axis_padding(padding, size, kernel_size, stride, dilation)
    output = (size - 1) * stride + span - before - after
    if output < 1:
        raise ValueError(
            f"la salida mide {output + before + after} píxeles y padding recorta {before + after}: "
            "no queda ninguno; reduce padding o aumenta kernel_size"
        )
    return output


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


class ReceptiveField(NamedTuple):
    """Campo receptivo de una salida a lo largo de un eje.

    La salida número i depende de los píxeles de la entrada desde ``start + i * jump``, incluido, hasta
    ``start + i * jump + size``, sin incluir; los que caen fuera de la imagen son relleno.

    Parameters
    ----------
    size : int
        Píxeles de la entrada que abarca.
    jump : int
        Píxeles de la entrada entre los campos de dos salidas contiguas.
    start : int
        Píxel donde empieza el campo de la primera salida; negativo si empieza en el relleno.

    Examples
    --------
    >>> ReceptiveField(size=5, jump=1, start=0).jump
    1
    """

    size: int
    jump: int
    start: int


def receptive_field(layers: Iterable) -> ReceptiveField:
    r"""Campo receptivo de una pila de capas de convolución o pooling, a lo largo de un eje.

    De una capa a la siguiente, con salto j:

    .. math:: r \leftarrow r + d\,(k-1)\,j, \quad a \leftarrow a - p_\text{antes}\,j, \quad j \leftarrow s\,j

    Parameters
    ----------
    layers : iterable of tuple
        Una tupla por capa, de la entrada a la salida: ``(kernel_size, stride, padding, dilation)``, donde las
        tres últimas pueden faltar y valen 1, ``"valid"`` y 1. ``"same"`` solo se admite con stride 1: con
        otro stride el relleno depende del tamaño de la entrada y hay que darlo como (antes, después).

    Returns
    -------
    ReceptiveField
        Tamaño, salto y comienzo, en píxeles de la entrada. Sin capas es (1, 1, 0): cada píxel se ve a sí
        mismo.

    Raises
    ------
    TypeError
        Si una capa no es una tupla o algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo, o hay ``"same"`` con stride mayor que 1.

    Examples
    --------
    Dos convoluciones de 3×3 ven lo mismo que una de 5×5, y un pooling de 2×2 duplica el salto:

    >>> receptive_field([(3,), (3,)])
    ReceptiveField(size=5, jump=1, start=0)
    >>> receptive_field([(3, 1, "same"), (2, 2)])
    ReceptiveField(size=4, jump=2, start=-1)

    References
    ----------
    Araujo, Norris y Sim, «Computing receptive fields of convolutional neural networks», Distill (2019),
    https://doi.org/10.23915/distill.00021
    """
    size, jump, start = 1, 1, 0
    for layer in layers:
        kernel_size, stride, padding, dilation = _check_layer(layer)
        if padding == "same" and stride > 1:
            raise ValueError(
                f"en la capa {layer}, «same» con stride {stride} depende del tamaño de la entrada: "
                "escribe en su lugar la pareja que da same_padding(size, kernel_size, stride)"
            )
        # con stride 1 el relleno «same» es el mismo para cualquier tamaño
        before, _ = _axis_padding(padding, kernel_size, kernel_size, stride, dilation)
        size += (_span(kernel_size, dilation) - 1) * jump
        start -= before * jump
        jump *= stride
    return ReceptiveField(size, jump, start)


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
    TypeError
        Si ``padding`` no es ninguna de esas cosas.
    ValueError
        Si hay un relleno negativo o un nombre desconocido.

    Examples
    --------
    >>> explicit_padding("same", (28, 28), (5, 3))
    ((2, 2), (1, 1))
    >>> explicit_padding(((0, 1), (2, 0)), (28, 28), 3)
    ((0, 1), (2, 0))

    References
    ----------
    Las formas de pedirlo son las de la capa ZeroPadding2D de Keras:
    https://keras.io/api/layers/reshaping_layers/zero_padding2d/
    """
    per_axis = padding if isinstance(padding, tuple | list) else (padding, padding)
    if len(per_axis) != 2:
        raise ValueError(
            f"padding debe tener dos valores, (filas, columnas), y ha llegado {shown(padding)}: "
            "escribe ((arriba, abajo), (izquierda, derecha)), o un solo entero"
        )
    rows, cols = (
        _axis_padding(*axis)
        for axis in zip(
            per_axis,
            check_pair(input_shape, "input_shape"),
            check_pair(kernel_size, "kernel_size"),
            check_pair(strides, "strides"),
            check_pair(dilation, "dilation"),
            strict=True,
        )
    )
    return rows, cols


def usage_map(input_shape, kernel_size, strides=1, padding="valid", dilation=1) -> np.ndarray:
    """Cuántas ventanas usan cada píxel de la imagen: los del borde participan en menos.

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Filas y columnas de la imagen.
    kernel_size, strides, dilation : int or tuple of (int, int)
        Los de la ventana, por eje si son parejas.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Como en :func:`explicit_padding`.

    Returns
    -------
    ndarray of int64, shape (H, W)
        Número de ventanas que contienen cada píxel; 0 si ninguna lo mira. Suma lo mismo que las posiciones
        del kernel multiplicadas por sus píxeles, menos las lecturas que caen en el relleno.

    Raises
    ------
    TypeError
        Si algún tamaño no es entero.
    ValueError
        Si algún tamaño no es positivo o el kernel no cabe.

    Examples
    --------
    >>> usage_map((4, 4), 3)
    array([[1, 2, 2, 1],
           [2, 4, 4, 2],
           [2, 4, 4, 2],
           [1, 2, 2, 1]])

    References
    ----------
    Recuento propio: la ventana i de un eje mira los píxeles i·s + m·d − p, con m desde 0 hasta k − 1.
    """
    input_shape = check_pair(input_shape, "input_shape")
    pads = explicit_padding(padding, input_shape, kernel_size, strides, dilation)
    rows, cols = (
        _axis_usage(*axis)
        for axis in zip(
            input_shape,
            check_pair(kernel_size, "kernel_size"),
            check_pair(strides, "strides"),
            pads,
            check_pair(dilation, "dilation"),
            strict=True,
        )
    )
    return np.outer(rows, cols)


def _axis_usage(
    size: int, kernel_size: int, stride: int, padding: tuple[int, int], dilation: int
) -> np.ndarray:
    outputs = conv_output_size(size, kernel_size, stride, padding, dilation)
    pixels = np.arange(outputs)[:, None] * stride + np.arange(kernel_size) * dilation - padding[0]
    return np.bincount(pixels[(pixels >= 0) & (pixels < size)], minlength=size)


def _span(kernel_size: int, dilation: int) -> int:
    """Píxeles desde el primero hasta el último que mira el kernel."""
    return dilation * (kernel_size - 1) + 1


def _check_axis(size, kernel_size, stride, dilation) -> tuple[int, int, int, int]:
    return (
        check_integer(size, "size"),
        check_integer(kernel_size, "kernel_size"),
        check_integer(stride, "stride"),
        check_integer(dilation, "dilation"),
    )


def _check_layer(layer) -> tuple:
    if not isinstance(layer, tuple | list) or not 1 <= len(layer) <= 4:
        raise TypeError(
            "cada capa debe ser una tupla (kernel_size, stride, padding, dilation) "
            f"y ha llegado {shown(layer)}: "
            "escribe, por ejemplo, (3, 1) o (2, 2)"
        )
    kernel_size, stride, padding, dilation = (*layer, *(1, "valid", 1)[len(layer) - 1 :])
    return (
        check_integer(kernel_size, "kernel_size"),
        check_integer(stride, "stride"),
        padding,
        check_integer(dilation, "dilation"),
    )


def _axis_padding(padding, size: int, kernel_size: int, stride: int, dilation: int) -> tuple[int, int]:
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
