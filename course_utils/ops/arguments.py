"""Lo que comprueban las operaciones: ejes, canales, ventanas y tipos."""

from typing import NamedTuple

import numpy as np

from course_utils.checks import BATCH_AXES, check_array, check_pair
from course_utils.ops.sizes import conv_output_size, padding_pairs

KERNEL_AXES = {4: "(fila, columna, canal, filtro)"}
TRANSPOSED_KERNEL_AXES = {4: "(fila, columna, filtro, canal)"}

EXACT_INTEGERS = 2**53  # hasta aquí, float64 distingue cada entero del siguiente


class Axis(NamedTuple):
    """La ventana a lo largo de un eje; ``padding`` son los píxeles de antes y de después."""

    size: int
    kernel_size: int
    stride: int
    padding: tuple[int, int]
    dilation: int
    output_size: int


def as_batch(images: np.ndarray) -> np.ndarray:
    """(H, W), (H, W, C) o (N, H, W, C) -> (N, H, W, C)."""
    images = images[..., np.newaxis] if images.ndim == 2 else images
    return images[np.newaxis] if images.ndim == 3 else images


def like(images: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Quita a un resultado los ejes que :func:`as_batch` puso a ``images``."""
    result = batch if images.ndim == 4 else batch[0]
    return result[..., 0] if images.ndim == 2 else result


def check_window(input_shape, kernel_size, strides, padding, dilation=1) -> tuple[Axis, Axis]:
    """La ventana en las filas y en las columnas, si cabe."""
    kernel_size = check_pair(kernel_size, "kernel_size")
    strides, dilation = check_pair(strides, "strides"), check_pair(dilation, "dilation")
    pads = padding_pairs(padding, input_shape, kernel_size, strides, dilation)
    outputs = map(conv_output_size, input_shape, kernel_size, strides, pads, dilation)
    rows, cols = map(Axis, input_shape, kernel_size, strides, pads, dilation, outputs)
    return rows, cols


def check_layer(inputs, kernel, bias):
    """Entrada, kernel y sesgo de una capa convolucional, si casan."""
    inputs = _check_inputs(inputs)
    kernel = check_array(kernel, "kernel", KERNEL_AXES, "para un solo filtro, kernel[:, :, None, None]")
    bias = _check_bias(bias, kernel.shape[3])
    channels, expected = inputs.shape[3], kernel.shape[2]
    if channels == expected:
        return inputs, kernel, bias
    change = "revisa que el kernel esté en el orden (fila, columna, canal, filtro)"
    if inputs.shape[1] == expected < channels:
        change = "parece estar en el orden (lote, canal, fila, columna): usa np.moveaxis(inputs, 1, -1)"
    elif kernel.shape[1] == channels and kernel.shape[2] == kernel.shape[3]:
        change = "parece estar en el orden (filtro, canal, fila, columna): usa kernel.transpose(2, 3, 1, 0)"
    raise ValueError(
        f"inputs, de forma {inputs.shape}, tiene {channels} canales en su último eje "
        f"y el kernel, de forma {kernel.shape}, espera {expected}: {change}"
    )


def check_transposed_layer(inputs, kernel, bias):
    """Entrada, kernel y sesgo de una convolución transpuesta, si casan."""
    inputs = _check_inputs(inputs)
    kernel = check_array(
        kernel, "kernel", TRANSPOSED_KERNEL_AXES, "para un solo filtro, kernel[:, :, None, None]"
    )
    if inputs.shape[3] != kernel.shape[3]:
        raise ValueError(
            f"inputs, de forma {inputs.shape}, tiene {inputs.shape[3]} canales y el kernel, de forma "
            f"{kernel.shape}, espera {kernel.shape[3]}, su último eje: el orden de la transpuesta es (fila, "
            "columna, filtro, canal); quizá falta kernel.swapaxes(2, 3)"
        )
    return inputs, kernel, _check_bias(bias, kernel.shape[2])


def result_dtype(inputs: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None) -> np.dtype:
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


def _check_inputs(inputs) -> np.ndarray:
    return check_array(
        inputs, "inputs", BATCH_AXES, "para una sola imagen, añade el eje del lote: image[None]"
    )


def _check_bias(bias, filters: int) -> np.ndarray | None:
    if bias is None:
        return None
    bias = check_array(bias, "bias", {1: "(filtro)"})
    if len(bias) != filters:
        raise ValueError(
            f"bias tiene {len(bias)} valores y el kernel {filters} filtros: "
            "escribe un sesgo por filtro, o bias=None"
        )
    return bias
