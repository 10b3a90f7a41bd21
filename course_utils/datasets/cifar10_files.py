"""Lectura estricta de CIFAR-10, sin abrir nunca un pickle: el archivo oficial y un subconjunto en npz."""

import gzip
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

CLASSES = (
    "avión", "automóvil", "pájaro", "gato", "ciervo",
    "perro", "rana", "caballo", "barco", "camión",
)  # fmt: skip
IMAGE_SHAPE = (32, 32, 3)
RECORD = 1 + 3 * 32 * 32  # la etiqueta, y los planos rojo, verde y azul
FOLDER = "cifar-10-batches-bin"
TRAIN_BATCHES = tuple(f"{FOLDER}/data_batch_{i}.bin" for i in range(1, 6))
TEST_BATCH = f"{FOLDER}/test_batch.bin"
MAX_BATCH = 10_000 * RECORD
MAX_ARCHIVE = 2**28  # 256 MiB descomprimidos: el oficial ocupa 184
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def read_cifar10_archive(path) -> tuple[np.ndarray, ...]:
    """Lee el archivo oficial ``cifar-10-binary.tar.gz`` sin escribir nada en el disco.

    Cada imagen son 3073 bytes: la clase y los 1024 valores de cada canal, por filas. Se rechaza un archivo
    con rutas que se salen de su carpeta, enlaces, más bytes de los que puede tener CIFAR-10 o un lote que
    falta o no cuadra.

    Parameters
    ----------
    path : str or Path
        Archivo ``.tar.gz``.

    Returns
    -------
    x_train, y_train, x_test, y_test : ndarray
        Imágenes ``uint8`` (N, 32, 32, 3), de 0 a 255, y clases ``int64`` (N,), de 0 a 9.

    Raises
    ------
    ValueError
        Si el archivo no es exactamente lo que se espera.

    Examples
    --------
    >>> import io, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mini.tar.gz")
    ...     with tarfile.open(path, "w:gz") as archive:
    ...         for name in (*TRAIN_BATCHES, TEST_BATCH):
    ...             member = tarfile.TarInfo(name)
    ...             member.size = RECORD
    ...             archive.addfile(member, io.BytesIO(bytes([7]) + bytes(RECORD - 1)))
    ...     x_train, y_train, x_test, y_test = read_cifar10_archive(path)
    >>> x_train.shape, y_train.tolist(), CLASSES[y_test[0]]
    ((5, 32, 32, 3), [7, 7, 7, 7, 7], 'caballo')
    """
    path = Path(path)
    batches = {}
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=_Limited(unpacked), mode="r|") as archive:
            for member in archive:
                _check_member(member, path.name)
                if member.name in TRAIN_BATCHES or member.name == TEST_BATCH:
                    batches[member.name] = _decode(archive.extractfile(member).read(), member.name)
    except (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError) as error:
        raise ValueError(
            f"{path.name} está dañado o incompleto ({error}).\nBórralo y vuelve a descargarlo."
        ) from error
    missing = {*TRAIN_BATCHES, TEST_BATCH} - batches.keys()
    if missing:
        raise ValueError(f"en {path.name} falta {', '.join(sorted(missing))}: no es el archivo de CIFAR-10")
    x_train, y_train = (
        np.concatenate(parts) for parts in zip(*(batches[b] for b in TRAIN_BATCHES), strict=True)
    )
    return x_train, y_train, *batches[TEST_BATCH]


class _Limited:
    """Deja leer solo hasta un límite: ni los datos ni las cabeceras pueden hincharse más."""

    def __init__(self, stream):
        self.stream, self.left = stream, MAX_ARCHIVE

    def read(self, size):
        self.left -= size
        if self.left < 0:
            raise ValueError(f"descomprimido pasa de {MAX_ARCHIVE} bytes: no es el archivo de CIFAR-10")
        return self.stream.read(size)


def _check_member(member, archive):
    if member.name.startswith(("/", "\\")) or ".." in Path(member.name).parts:
        raise ValueError(f"{archive} contiene la ruta {member.name}, que se sale de su carpeta: no lo uses")
    if not (member.isfile() or member.isdir()):
        raise ValueError(f"{archive} contiene {member.name}, que no es un archivo normal: no lo uses")
    if member.size > MAX_BATCH:
        raise ValueError(
            f"{archive} anuncia {member.size} bytes en {member.name} y el límite es {MAX_BATCH}: no lo uses"
        )


def _decode(content, name):
    if len(content) == 0 or len(content) % RECORD:
        raise ValueError(
            f"{name} ocupa {len(content)} bytes, que no es un número entero de imágenes de {RECORD}"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    labels = records[:, 0].astype(np.int64)
    check_labels(labels, name)
    # (n, canal, fila, columna) -> (n, fila, columna, canal)
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), labels


def check_labels(labels, name):
    if labels.min() < 0 or labels.max() >= len(CLASSES):
        raise ValueError(f"{name} tiene clases de {labels.min()} a {labels.max()} y se esperaban de 0 a 9")


def read_cifar10_npz(path) -> tuple[np.ndarray, ...]:
    """Lee un subconjunto de CIFAR-10 guardado con ``np.savez``, con cualquier número de imágenes.

    Parameters
    ----------
    path : str or Path
        Archivo ``.npz`` con ``x_train``, ``y_train``, ``x_test`` e ``y_test``, que se devuelven en ese orden
        y como en :func:`read_cifar10_archive`.

    Raises
    ------
    ValueError
        Si el archivo está dañado, contiene objetos de Python, le falta un array o alguno no tiene la forma,
        el tipo o los valores esperados.

    Examples
    --------
    >>> import tempfile
    >>> x, y = np.zeros((2, 32, 32, 3), np.uint8), np.array([0, 9])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mini.npz")
    ...     np.savez(path, x_train=x, y_train=y, x_test=x, y_test=y)
    ...     read_cifar10_npz(path)[3]
    array([0, 9])
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_npz_contents(archive, path.name)
            with np.load(path, allow_pickle=False) as content:
                arrays = {key: content[key] for key in ARRAYS}
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name} está dañado o incompleto ({error}): sustitúyelo") from error
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if x.dtype != np.uint8 or x.ndim != 4 or x.shape[1:] != IMAGE_SHAPE or len(x) == 0:
            raise ValueError(
                f"x_{part} de {path.name} tiene forma {x.shape} y tipo {x.dtype}, y se esperaban "
                "(n, 32, 32, 3) y uint8: guarda las imágenes como enteros de 0 a 255"
            )
        if y.dtype.kind not in "iu" or y.shape != x.shape[:1]:
            raise ValueError(
                f"y_{part} de {path.name} tiene forma {y.shape} y tipo {y.dtype}, y se esperaba un "
                f"entero por cada una de las {len(x)} imágenes"
            )
        check_labels(y, f"y_{part} de {path.name}")
        arrays[f"y_{part}"] = y.astype(np.int64)
    return tuple(arrays[key] for key in ARRAYS)


def _check_npz_contents(archive, name):
    """Mira el tamaño y la cabecera de cada array antes de descomprimirlo."""
    sizes = {member.filename: member.file_size for member in archive.infolist()}
    if sorted(sizes) != sorted(f"{key}.npy" for key in ARRAYS):
        found = ", ".join(sorted(sizes)) or "nada"
        raise ValueError(f"{name} contiene {found[:120]} y se esperaban los arrays {', '.join(ARRAYS)}")
    if sum(sizes.values()) > MAX_ARCHIVE:
        raise ValueError(
            f"{name} anuncia {sum(sizes.values())} bytes descomprimidos y el límite es {MAX_ARCHIVE}: "
            "no lo uses"
        )
    for member in sizes:
        with archive.open(member) as stream:
            try:
                version = np.lib.format.read_magic(stream)
                read_header = {
                    (1, 0): np.lib.format.read_array_header_1_0,
                    (2, 0): np.lib.format.read_array_header_2_0,
                }[version]
                shape, _, dtype = read_header(stream)
            except (ValueError, KeyError) as error:
                raise ValueError(f"{member} de {name} no es un array de NumPy: vuelve a guardarlo") from error
        if dtype.hasobject:
            raise ValueError(
                f"{member} de {name} contiene objetos de Python, que al abrirse podrían ejecutar "
                "código: no lo uses"
            )
        if dtype.itemsize * int(np.prod(shape, dtype=object)) > sizes[member]:
            raise ValueError(
                f"{member} de {name} anuncia una forma {shape} que no cabe en sus datos: no lo uses"
            )
