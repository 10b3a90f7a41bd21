"""Los conjuntos de datos del curso, de la mejor fuente que haya en cada máquina."""

import hashlib
import os
import sys
from dataclasses import dataclass, replace
from errno import ENOSPC
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import platformdirs

from course_utils.checks import check_integer
from course_utils.downloads import DownloadError, fetch
from course_utils.idx import read_idx
from course_utils.stand_ins import draw_garments

_used: dict[str, str] = {}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Imágenes con sus etiquetas, su procedencia y su licencia.

    Parameters
    ----------
    name : str
        Nombre corto: ``"fashion-mnist"``.
    x_train, x_test : ndarray of uint8, shape (N, H, W, C)
        Imágenes, de 0 a 255.
    y_train, y_test : ndarray of int64, shape (N,)
        Clase de cada imagen, desde 0.
    class_names : tuple of str
        Nombre en español de cada clase.
    provenance : str
        De dónde salen las imágenes.
    licence : str
        En qué condiciones se pueden usar.
    is_stand_in : bool
        Si son datos sustitutos, dibujados por el curso.

    Raises
    ------
    ValueError
        Si imágenes y etiquetas no casan, o hay una etiqueta sin nombre.

    Examples
    --------
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> data.class_names[data.y_test[0]]
    'abrigo'
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    provenance: str
    licence: str
    is_stand_in: bool

    def __post_init__(self):
        for part in ("train", "test"):
            x, y = getattr(self, f"x_{part}"), getattr(self, f"y_{part}")
            if x.ndim != 4 or x.dtype != np.uint8 or y.shape != x.shape[:1]:
                raise ValueError(
                    f"{self.name}: las imágenes de {part} tienen forma {x.shape} y tipo {x.dtype}, y sus "
                    f"etiquetas forma {y.shape}; se esperaban (n, fila, columna, canal), uint8 y (n,)"
                )
            if len(y) == 0 or y.min() < 0 or y.max() >= len(self.class_names):
                raise ValueError(
                    f"{self.name}: las etiquetas de {part} deben ir de 0 a {len(self.class_names) - 1}, "
                    "una por imagen: revisa el archivo de etiquetas"
                )
            x.setflags(write=False)
            y.setflags(write=False)

    def __repr__(self):
        kind = "sustituto" if self.is_stand_in else "real"
        return f"<Dataset {self.name} ({kind}): {len(self.x_train)} + {len(self.x_test)} imágenes>"

    @cached_property
    def fingerprint(self) -> str:
        """Dieciséis cifras hexadecimales que cambian si cambia un solo píxel o etiqueta."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array))
        return digest.hexdigest()[:16]


def split_validation(data: Dataset, fraction: float = 1 / 6, seed: int = 0):
    """Separa del entrenamiento, al azar pero siempre igual, una parte para validar.

    Parameters
    ----------
    data : Dataset
        Conjunto de datos; su parte de prueba no se toca.
    fraction : float
        Parte de las imágenes de entrenamiento que se reserva, entre 0 y 1 sin incluirlos.
    seed : int
        Semilla del reparto.

    Returns
    -------
    (x_fit, y_fit), (x_val, y_val) : tuple of tuples of ndarray
        Imágenes y etiquetas para ajustar la red, y para elegir entre redes.

    Raises
    ------
    ValueError
        Si alguna de las dos partes queda vacía.

    Examples
    --------
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> (x_fit, y_fit), (x_val, y_val) = split_validation(data, fraction=1 / 4)
    >>> len(x_fit), len(x_val)
    (1200, 400)

    References
    ----------
    Hastie, Tibshirani y Friedman, *The Elements of Statistical Learning* (2009), 7.2.
    """
    n = len(data.x_train)
    reserved = round(n * fraction)
    if not 0 < reserved < n:
        raise ValueError(
            f"con fraction={fraction} se reservan {reserved} de {n} imágenes y una parte queda vacía: "
            "elige una fracción mayor que 0 y menor que 1, por ejemplo fraction=1/6"
        )
    order = np.random.default_rng(seed).permutation(n)
    val, fit = np.sort(order[:reserved]), np.sort(order[reserved:])
    return (data.x_train[fit], data.y_train[fit]), (data.x_train[val], data.y_train[val])


def first_images(data: Dataset, train: int, test: int) -> Dataset:
    """Un conjunto más pequeño, con las primeras imágenes de cada parte: para experimentos de pocos minutos.

    Parameters
    ----------
    data : Dataset
        Conjunto de datos; no se modifica.
    train, test : int
        Imágenes de entrenamiento y de prueba que quedan, como mucho las que hay.

    Returns
    -------
    Dataset
        Con el mismo nombre, clases y procedencia.

    Raises
    ------
    TypeError
        Si algún número no es entero.
    ValueError
        Si es menor que 1.

    Examples
    --------
    >>> data = first_images(load_fashion_mnist(stand_in=True), train=100, test=20)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> len(data.x_train), len(data.x_test)
    (100, 20)

    References
    ----------
    Las imágenes de Fashion-MNIST están barajadas: las primeras son una muestra al azar.
    """
    train, test = check_integer(train, "train"), check_integer(test, "test")
    return replace(
        data,
        x_train=data.x_train[:train],
        y_train=data.y_train[:train],
        x_test=data.x_test[:test],
        y_test=data.y_test[:test],
    )


def used_fingerprints() -> dict[str, str]:
    """Huella de cada conjunto cargado en este proceso.

    Returns
    -------
    dict of str to str
        Nombre del conjunto y huella de sus arrays; la de unos datos sustitutos empieza por ``stand-in:``.

    Examples
    --------
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> used_fingerprints()["fashion-mnist"] == "stand-in:" + data.fingerprint
    True
    """
    return dict(_used)


# --- Fashion-MNIST -------------------------------------------------------------------------------------

FASHION_MNIST_FILES = {  # archivo: (ejes, sha256), en el orden x_train, y_train, x_test, y_test
    "train-images-idx3-ubyte.gz": (3, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    "train-labels-idx1-ubyte.gz": (1, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    "t10k-images-idx3-ubyte.gz": (3, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    "t10k-labels-idx1-ubyte.gz": (1, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
}
FASHION_MNIST_SOURCES = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
)
FASHION_MNIST_CLASSES = (
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
    arrays = None if stand_in else _official_fashion_mnist()
    if arrays is None:
        x, y = _stand_in_garments()
        data = Dataset(
            "fashion-mnist", x[:1600], y[:1600], x[1600:], y[1600:], FASHION_MNIST_CLASSES,
            provenance="Siluetas generadas por el curso, con la forma de Fashion-MNIST",
            licence="MIT", is_stand_in=True,
        )  # fmt: skip
    else:
        data = Dataset(
            "fashion-mnist", *arrays, FASHION_MNIST_CLASSES,
            provenance="Fashion-MNIST, de Zalando Research (Xiao, Rasul y Vollgraf, 2017): "
            "https://github.com/zalandoresearch/fashion-mnist",
            licence="MIT, Zalando SE", is_stand_in=False,
        )  # fmt: skip
    kind = "datos sustitutos, dibujados por el curso" if data.is_stand_in else "datos reales"
    print(f"Fashion-MNIST: {kind}.")
    _used[data.name] = f"{'stand-in:' if data.is_stand_in else ''}{data.fingerprint}"
    return data


@cache
def _stand_in_garments():
    return draw_garments(2000, seed=0)


def _official_fashion_mnist():
    """Los cuatro arrays oficiales, o None si no hay manera de tenerlos; entonces dice por qué."""
    folder = _course_data_dir("fashion-mnist")
    if folder is not None:
        for name, (_, sha256) in FASHION_MNIST_FILES.items():
            _check_file(folder / name, sha256)
        return _read_fashion_mnist(folder)
    cache = platformdirs.user_cache_path("curso-redes-convolucionales") / "fashion-mnist"
    try:
        return _fetch_fashion_mnist(cache)
    except DownloadError as error:
        return _explain_stand_in(error)
    except OSError as error:
        reason = "el disco está lleno" if error.errno == ENOSPC else "no hay permiso de escritura"
        problem = f"no se puede escribir en la caché {cache}: {reason}"
    try:
        with TemporaryDirectory() as temporary:
            arrays = _fetch_fashion_mnist(Path(temporary))
    except DownloadError as error:
        return _explain_stand_in(error)
    except OSError:
        return _explain_stand_in(problem)
    _explain(
        f"Fashion-MNIST se ha descargado solo para esta sesión: {problem}.",
        "Para no repetirlo, arréglalo o define COURSE_DATA_DIR con la carpeta en la que guardas los datos.",
    )
    return arrays


def _explain_stand_in(problem) -> None:
    _explain(
        f"Fashion-MNIST no está en esta máquina y {problem}.",
        "Para usar los datos reales, conéctate y vuelve a ejecutar esta celda, o copia los cuatro",
        "archivos .gz en una carpeta fashion-mnist y define COURSE_DATA_DIR con la que la contiene.",
    )


def _fetch_fashion_mnist(folder):
    for name, (_, sha256) in FASHION_MNIST_FILES.items():
        fetch(name, sha256, [source + name for source in FASHION_MNIST_SOURCES], folder)
    return _read_fashion_mnist(folder)


def _read_fashion_mnist(folder):
    x_train, y_train, x_test, y_test = (
        read_idx(folder / name, ndim) for name, (ndim, _) in FASHION_MNIST_FILES.items()
    )
    # (n, 28, 28) -> (n, 28, 28, 1)
    return (
        x_train[..., np.newaxis],
        y_train.astype(np.int64),
        x_test[..., np.newaxis],
        y_test.astype(np.int64),
    )


LOADERS = {"fashion-mnist": load_fashion_mnist}


# --- Carpetas y archivos -------------------------------------------------------------------------------


def _course_data_dir(name: str) -> Path | None:
    """La carpeta ``name`` de COURSE_DATA_DIR, o None si no se ha definido o no la contiene."""
    root = os.environ.get("COURSE_DATA_DIR")
    if not root:
        return None
    if not Path(root).is_dir():
        raise FileNotFoundError(
            f"COURSE_DATA_DIR dice {root} y esa carpeta no existe.\n"
            "Corrígela o, para descargar los datos, bórrala: unset COURSE_DATA_DIR"
        )
    folder = Path(root, name)
    return folder if folder.is_dir() else None


def _check_file(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"En {path.parent} falta {path.name}.\n"
            "Cópialo ahí o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        ) from None
    if found != sha256:
        raise ValueError(
            f"{path} no es el archivo oficial: está dañado o es otro.\n"
            f"Su sha256 empieza por {found[:16]} y debería empezar por {sha256[:16]}.\n"
            "Sustitúyelo o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        )


def _explain(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr)
