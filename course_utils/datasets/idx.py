"""Lectura estricta de archivos IDX, el formato de MNIST y Fashion-MNIST."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

MAX_BYTES = 2**28  # 256 MiB: cinco veces el mayor archivo que lee el curso


def read_idx(path, ndim: int) -> np.ndarray:
    """Lee un archivo IDX comprimido con gzip: uint8, con la forma que dice la cabecera, de solo lectura.

    El archivo empieza por dos ceros, el código del tipo (8: enteros de 0 a 255) y el número de ejes;
    siguen el tamaño de cada eje, en cuatro bytes, y los valores. Se rechaza cualquier otra cosa, y nunca
    se descomprime más de lo que anuncia la cabecera.

    Parameters
    ----------
    path : str or Path
        Archivo ``.gz``.
    ndim : int
        Número de ejes que debe tener: 1 las etiquetas, 3 las imágenes.

    Raises
    ------
    ValueError
        Si el archivo no es gzip, no es IDX de ese número de ejes, está incompleto o le sobran datos.

    Examples
    --------
    >>> import gzip, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "labels.gz")
    ...     _ = path.write_bytes(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9])))
    ...     read_idx(path, ndim=1)
    array([7, 0, 9], dtype=uint8)

    References
    ----------
    http://yann.lecun.com/exdb/mnist/ (descripción del formato)
    """
    path = Path(path)
    try:
        with gzip.open(path) as stream:
            magic = stream.read(4)
            if magic != bytes([0, 0, 8, ndim]):
                raise ValueError(
                    f"{path.name} no es un archivo IDX de {ndim} {'eje' if ndim == 1 else 'ejes'}: "
                    f"empieza por {magic.hex(' ') or 'nada'} y debería empezar por 00 00 08 {ndim:02x}"
                )
            header = stream.read(4 * ndim)
            shape = tuple(int.from_bytes(header[i : i + 4], "big") for i in range(0, len(header), 4))
            size = math.prod(shape)
            if size > MAX_BYTES:
                raise ValueError(
                    f"{path.name} anuncia {size} bytes y el límite es {MAX_BYTES}: no es un archivo del curso"
                )
            values = stream.read(size + 1)  # un byte de más: si existe, sobran datos
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{path.name} está dañado o incompleto ({error}).\nBórralo y vuelve a descargarlo."
        ) from error
    if len(header) != 4 * ndim or len(values) != size:
        relation = "le sobran datos" if len(values) > size else "está incompleto"
        raise ValueError(
            f"{path.name} {relation}: su cabecera anuncia {size} valores, de forma {shape}.\n"
            "Bórralo y vuelve a descargarlo."
        )
    return np.frombuffer(values, np.uint8).reshape(shape)
