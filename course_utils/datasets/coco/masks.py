"""Máscaras de COCO: RLE, descripción de una máscara y lectura de una foto."""

import io

import numpy as np

MAX_PIXELS = 2**25  # 33 millones por imagen: muchas más que las de COCO, y caben en memoria
COURSE_LICENCE = {"id": 1, "name": "MIT", "url": "https://opensource.org/license/mit"}  # la de sus dibujos


class CocoError(ValueError):
    """Unas anotaciones con errores; ``problems`` los tiene todos, en el orden del documento."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        n = len(self.problems)
        title = f"las anotaciones tienen {n} {'error' if n == 1 else 'errores'}:"
        super().__init__("\n".join([title, *(f"- {problem}" for problem in self.problems)]))


def decode_rle_counts(text: str | bytes) -> list[int]:
    """Los números de un RLE comprimido: píxeles seguidos de fondo, de objeto, de fondo…, por columnas.

    Cada número se guarda en grupos de cinco bits, el menor primero; a partir del cuarto, como diferencia con
    el de dos puestos antes.

    Parameters
    ----------
    text : str or bytes
        Campo ``counts``.

    Raises
    ------
    ValueError
        Si hay un carácter que no puede estar o el texto acaba a mitad de un número.

    Examples
    --------
    >>> decode_rle_counts("52203")
    [5, 2, 2, 2, 5]

    References
    ----------
    ``rleToString`` de https://github.com/cocodataset/cocoapi
    """
    codes = text if isinstance(text, bytes) else text.encode("utf-8")
    counts, number, shift = [], 0, 0
    for code in codes:
        digit = code - 48
        if not 0 <= digit < 64 or shift > 30:
            raise ValueError(f"el carácter {chr(code)!r} no puede estar ahí")
        number |= (digit & 31) << shift
        shift += 5
        if digit & 32:  # el número sigue
            continue
        if digit & 16:  # es negativo
            number -= 1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
        number, shift = 0, 0
    if shift:
        raise ValueError("acaba a mitad de un número")
    return counts


def encode_rle_counts(mask) -> list[int]:
    """El RLE sin comprimir de una máscara: píxeles seguidos de fondo, de objeto, de fondo…, por columnas.

    Parameters
    ----------
    mask : array_like of bool or int, shape (H, W)
        Distinto de 0 en el objeto.

    Raises
    ------
    ValueError
        Si no tiene dos ejes.

    Examples
    --------
    >>> encode_rle_counts([[0, 1, 0], [1, 1, 0]])  # el primero es siempre de fondo, aunque sea 0
    [1, 3, 2]
    """
    mask = np.asarray(mask, bool)
    if mask.ndim != 2:
        raise ValueError(f"la máscara tiene forma {mask.shape} y debe ser (fila, columna): elige una imagen")
    flat = np.concatenate([[False], mask.T.ravel()])  # por columnas, con un 0 delante
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    return np.diff([0, *changes, mask.size]).tolist()


def describe_mask(mask) -> dict:
    """Lo que una anotación de COCO dice de una máscara: caja (x, y, anchura, altura), área y RLE.

    Parameters
    ----------
    mask : array_like of bool or int, shape (H, W)
        Distinto de 0 en el objeto.

    Raises
    ------
    ValueError
        Si no tiene dos ejes o ningún píxel es del objeto.

    Examples
    --------
    >>> describe_mask([[0, 1, 0], [1, 1, 0]])
    {'bbox': [0, 0, 2, 2], 'area': 3, 'segmentation': {'size': [2, 3], 'counts': [1, 3, 2]}}
    """
    counts = encode_rle_counts(mask)
    mask = np.asarray(mask, bool)
    extent = mask_extent(mask)
    if extent is None:
        raise ValueError("la máscara no tiene ningún píxel del objeto: no hay nada que anotar")
    x, y, right, bottom = extent
    return {
        "bbox": [x, y, right - x, bottom - y],
        "area": int(mask.sum()),
        "segmentation": {"size": list(mask.shape), "counts": counts},
    }


def mask_extent(mask) -> tuple[int, int, int, int] | None:
    """Columna y fila donde empieza y donde acaba, sin incluirlas, una máscara; None si está vacía."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1) if len(rows) else None


def decode_image(content: bytes, width: int, height: int) -> np.ndarray:
    """Los píxeles de una imagen JPEG o PNG: uint8, (height, width, 3), de solo lectura.

    Parameters
    ----------
    content : bytes
        Contenido del archivo.
    width, height : int
        Tamaño anotado, en píxeles.

    Raises
    ------
    ValueError
        Si no es una imagen, está incompleta o mide otra cosa; el tamaño se mira antes de decodificarla.

    Examples
    --------
    >>> decode_image(b"<html>", 4, 4)
    Traceback (most recent call last):
    ...
    ValueError: no es una imagen JPEG o PNG, o está incompleta
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            size = image.size
            pixels = np.asarray(image.convert("RGB")) if size == (width, height) else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValueError("no es una imagen JPEG o PNG, o está incompleta") from None
    if pixels is None:
        raise ValueError(f"mide {size[0]} × {size[1]} y debería medir {width} × {height}")
    pixels.setflags(write=False)
    return pixels
