"""Lo que hace rápida a la convolución: bloques que caben en la caché y productos que no se reparten."""

import math
from collections.abc import Iterator

import numpy as np

BLOCK_BYTES = 2**18  # ventanas que se copian de una vez: caben en la caché del procesador
FEW_CHANNELS = 4  # con menos, las ventanas se copian por filas de la imagen
SERIAL_PRODUCTS = 2**18  # multiplicaciones a partir de las que OpenBLAS reparte el trabajo entre hilos


def multiply(patches: np.ndarray, kernel: np.ndarray, dtype, input_bytes: int) -> np.ndarray:
    """(N, OH, OW, kh, kw, C) × (kh, kw, C, F) -> (N, OH, OW, F), sin copiar más que un bloque."""
    work = np.float64 if dtype == np.int64 else dtype  # los enteros, en float64: así multiplica BLAS
    weights = kernel.astype(work).reshape(-1, kernel.shape[3])
    output = np.empty((*patches.shape[:3], kernel.shape[3]), work)
    block_bytes = min(BLOCK_BYTES, input_bytes + output.nbytes)
    for block in _blocks(patches.shape, block_bytes // weights.itemsize):
        _matmul(_flatten(patches[block], work), weights, out=output[block].reshape(-1, kernel.shape[3]))
    return output.astype(dtype, copy=False)


def _blocks(shape: tuple[int, ...], numbers: int) -> Iterator[tuple[slice, slice]]:
    """Trozos (imágenes, filas) de las ventanas de un lote, de unos ``numbers`` números cada uno."""
    row = math.prod(shape[2:])
    rows = min(max(numbers // row, 1), shape[1])
    images = max(numbers // (row * shape[1]), 1)
    for n in range(0, shape[0], images):
        for r in range(0, shape[1], rows):
            yield slice(n, n + images), slice(r, r + rows)


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
