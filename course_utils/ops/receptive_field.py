"""Qué parte de la entrada ve cada salida, y cuántas veces se usa cada píxel."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from course_utils.checks import check_integer, check_pair, shown
from course_utils.ops.arguments import Axis, check_window
from course_utils.ops.sizes import axis_padding, extent


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
    TypeError, ValueError
        Si una capa no es una tupla, algún tamaño no es un entero positivo o hay ``"same"`` con stride mayor
        que 1.

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
        before, _ = axis_padding(padding, kernel_size, kernel_size, stride, dilation)
        size += (extent(kernel_size, dilation) - 1) * jump
        start -= before * jump
        jump *= stride
    return ReceptiveField(size, jump, start)


def usage_map(input_shape, kernel_size, strides=1, padding="valid", dilation=1) -> np.ndarray:
    """Cuántas ventanas usan cada píxel de la imagen: los del borde participan en menos.

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Filas y columnas de la imagen.
    kernel_size, strides, dilation : int or tuple of (int, int)
        Los de la ventana, por eje si son parejas.
    padding : {"valid", "same"}, int, tuple of (int, int) or tuple of pairs
        Como en :func:`~course_utils.ops.sizes.explicit_padding`.

    Returns
    -------
    ndarray of int64, shape (H, W)
        Número de ventanas que contienen cada píxel; 0 si ninguna lo mira. Suma lo mismo que las posiciones
        del kernel multiplicadas por sus píxeles, menos las lecturas que caen en el relleno.

    Raises
    ------
    TypeError, ValueError
        Si algún tamaño no es un entero positivo, o el kernel no cabe.

    Examples
    --------
    >>> usage_map((4, 4), 3)
    array([[1, 2, 2, 1],
           [2, 4, 4, 2],
           [2, 4, 4, 2],
           [1, 2, 2, 1]])
    """
    input_shape = check_pair(input_shape, "input_shape")
    rows, cols = check_window(input_shape, kernel_size, strides, padding, dilation)
    return np.outer(_axis_usage(rows), _axis_usage(cols))


def _axis_usage(axis: Axis) -> np.ndarray:
    # la ventana i mira los píxeles i·s + m·d − p, con m desde 0 hasta k − 1
    starts = np.arange(axis.output_size)[:, None] * axis.stride - axis.padding[0]
    pixels = starts + np.arange(axis.kernel_size) * axis.dilation
    return np.bincount(pixels[(pixels >= 0) & (pixels < axis.size)], minlength=axis.size)


def _check_layer(layer) -> tuple:
    if not isinstance(layer, tuple | list) or not 1 <= len(layer) <= 4:
        raise TypeError(
            "cada capa debe ser una tupla (kernel_size, stride, padding, dilation) "
            f"y ha llegado {shown(layer)}: escribe, por ejemplo, (3, 1) o (2, 2)"
        )
    kernel_size, stride, padding, dilation = (*layer, *(1, "valid", 1)[len(layer) - 1 :])
    return (
        check_integer(kernel_size, "kernel_size"),
        check_integer(stride, "stride"),
        padding,
        check_integer(dilation, "dilation"),
    )
