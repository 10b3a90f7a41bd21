"""Fashion-MNIST: de la carpeta, la caché o la red, o prendas dibujadas."""

import numpy as np

from course_utils.datasets.dataset import Dataset
from course_utils.datasets.downloads import RemoteFile, fetch
from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.idx import read_idx
from course_utils.datasets.sources import Collection, announce, check_official, drawn_data, real_data

MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
)
SHA256 = {  # en el orden x_train, y_train, x_test, y_test
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
SIZES = (26_421_880, 29_515, 4_422_102, 5_148)  # bytes
FILES = tuple(
    RemoteFile("fashion-mnist", name, tuple(f"{mirror}/{name}" for mirror in MIRRORS), size, sha256)
    for (name, sha256), size in zip(SHA256.items(), SIZES, strict=True)
)
CLASSES = (
    "camiseta", "pantalón", "jersey", "vestido", "abrigo",
    "sandalia", "camisa", "zapatilla", "bolso", "botín",
)  # fmt: skip


def load_fashion_mnist(*, stand_in: bool = False) -> Dataset:
    """Carga Fashion-MNIST: imágenes grises de 28×28 de diez clases de prendas de ropa.

    Se usa la primera fuente que haya: la carpeta ``fashion-mnist`` de ``COURSE_DATA_DIR``, la caché del
    usuario, la descarga verificada (30 MB, una sola vez) y, si nada de eso es posible, las prendas que
    dibuja el curso. Una línea dice cuál de las dos clases de datos se usa; es la misma en todas las
    máquinas.

    Parameters
    ----------
    stand_in : bool
        True para usar los datos sustitutos aunque estén los reales.

    Returns
    -------
    Dataset
        60 000 imágenes de entrenamiento y 10 000 de prueba; 1600 y 400 si son los datos sustitutos.

    Raises
    ------
    FileNotFoundError
        Si ``COURSE_DATA_DIR`` no existe, o a su carpeta ``fashion-mnist`` le falta un archivo.
    ValueError
        Si un archivo de esa carpeta no es el oficial.

    Examples
    --------
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> data.x_train.shape, data.y_train.shape
    ((1600, 28, 28, 1), (1600,))

    References
    ----------
    Xiao, Rasul y Vollgraf (2017). *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
    Algorithms*. https://arxiv.org/abs/1708.07747
    """
    data = None if stand_in else real_data(COLLECTION)
    if data is None:
        data = drawn_data(COLLECTION, draw_garments, CLASSES)
    return announce("Fashion-MNIST", data)


def _in_directory(folder):
    for file in FILES:
        check_official(file, folder)
    return _read(folder)


def _fetch(folder, policy):
    for file in FILES:
        fetch(file, folder, policy)
    return _read(folder)


def _read(folder):
    x_train, y_train, x_test, y_test = (
        read_idx(folder / file.name, ndim) for file, ndim in zip(FILES, (3, 1, 3, 1), strict=True)
    )
    # (n, 28, 28) -> (n, 28, 28, 1)
    return Dataset(
        "fashion-mnist",
        x_train[..., np.newaxis],
        y_train.astype(np.int64),
        x_test[..., np.newaxis],
        y_test.astype(np.int64),
        CLASSES,
        provenance="Fashion-MNIST, de Zalando Research (Xiao, Rasul y Vollgraf, 2017): "
        "https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT, Zalando SE",
        is_stand_in=False,
    )


COLLECTION = Collection("fashion-mnist", "Fashion-MNIST", sum(SIZES), _in_directory, _fetch)
