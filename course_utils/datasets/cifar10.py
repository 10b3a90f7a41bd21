"""CIFAR-10: de la carpeta, la caché o la red, u objetos dibujados."""

from course_utils.datasets.cifar10_files import CLASSES, read_cifar10_archive, read_cifar10_npz
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.downloads import RemoteFile, fetch
from course_utils.datasets.drawn.objects import draw_objects
from course_utils.datasets.sources import Collection, announce, check_official, drawn_data, real_data
from course_utils.style import number_text

SUBSET = "cifar10_subset.npz"
FILES = (
    RemoteFile(
        "cifar-10",
        "cifar-10-binary.tar.gz",
        (
            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        ),
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    ),
)


def load_cifar10(*, stand_in: bool = False) -> Dataset:
    """Carga CIFAR-10: imágenes en color de 32×32 de diez clases de animales y vehículos.

    Se usa la primera fuente que haya: la carpeta ``cifar-10`` de ``COURSE_DATA_DIR``, con un subconjunto
    ``cifar10_subset.npz`` o el archivo oficial; la caché del usuario; la descarga verificada del archivo
    oficial (170 MB, una sola vez) y, si nada de eso es posible, los objetos que dibuja el curso. Una línea
    dice qué datos se usan.

    Parameters
    ----------
    stand_in : bool
        True para usar los datos sustitutos aunque estén los reales.

    Returns
    -------
    Dataset
        50 000 imágenes de entrenamiento y 10 000 de prueba; las que traiga el subconjunto; 1600 y 400 si son
        los datos sustitutos.

    Raises
    ------
    FileNotFoundError
        Si ``COURSE_DATA_DIR`` no existe, o su carpeta ``cifar-10`` está vacía.
    ValueError
        Si el archivo de esa carpeta no es el oficial, o el subconjunto no es válido.

    Examples
    --------
    >>> data = load_cifar10(stand_in=True)
    CIFAR-10: datos sustitutos, dibujados por el curso.
    >>> data.x_train.shape, data.class_names[1]
    ((1600, 32, 32, 3), 'automóvil')

    References
    ----------
    Krizhevsky (2009). *Learning multiple layers of features from tiny images*.
    https://www.cs.toronto.edu/~kriz/cifar.html
    """
    data = None if stand_in else real_data(COLLECTION)
    if data is None:
        data = drawn_data(COLLECTION, draw_objects, CLASSES)
    note = ", subconjunto recodificado" if "subconjunto recodificado" in data.provenance else ""
    return announce("CIFAR-10", data, note)


def _in_directory(folder):
    (archive,) = FILES
    subset = folder / SUBSET
    if subset.is_file():
        arrays = read_cifar10_npz(subset)
        train, test = (number_text(len(part)) for part in (arrays[0], arrays[2]))
        sizes = f"{train} imágenes de entrenamiento y {test} de prueba"
        return _real(arrays, f", subconjunto recodificado: {sizes}, con los píxeles de una copia en JPEG")
    if not (folder / archive.name).is_file():
        raise FileNotFoundError(
            f"En {folder} no está ni {SUBSET} ni {archive.name}.\n"
            "Copia ahí uno de los dos o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        )
    check_official(archive, folder)
    return _real(read_cifar10_archive(folder / archive.name))


def _fetch(folder, policy):
    (archive,) = FILES
    return _real(read_cifar10_archive(fetch(archive, folder, policy)))


def _real(arrays, note=""):
    return Dataset(
        "cifar-10", *arrays, CLASSES,
        provenance=f"CIFAR-10 (Krizhevsky, 2009): https://www.cs.toronto.edu/~kriz/cifar.html{note}",
        licence="Sin licencia formal; se usa para enseñar e investigar, citando a su autor",
        is_stand_in=False,
    )  # fmt: skip


COLLECTION = Collection("cifar-10", "CIFAR-10", FILES[0].size, _in_directory, _fetch)
