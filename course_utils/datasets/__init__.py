"""Los conjuntos de datos del curso, de la mejor fuente que haya en cada máquina."""

import hashlib
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from errno import ENOSPC
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from course_utils import cifar10, coco
from course_utils.checks import check_integer
from course_utils.coco import CocoSample
from course_utils.downloads import DownloadError, Policy, RemoteFile, cache_folder, fetch
from course_utils.idx import read_idx
from course_utils.stand_ins import draw_garments, draw_objects, draw_scenes

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

FASHION_MNIST_FILES = tuple(  # en el orden x_train, y_train, x_test, y_test
    RemoteFile(
        "fashion-mnist",
        name,
        (
            f"https://storage.googleapis.com/tensorflow/tf-keras-datasets/{name}",
            f"https://fashion-mnist.s3.eu-central-1.amazonaws.com/{name}",
        ),
        size,
        sha256,
    )
    for name, size, sha256 in (
        (
            "train-images-idx3-ubyte.gz",
            26421880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        (
            "train-labels-idx1-ubyte.gz",
            29515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            4422102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        (
            "t10k-labels-idx1-ubyte.gz",
            5148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    )
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
    data = None if stand_in else _real(COLLECTIONS["fashion-mnist"])
    if data is None:
        x, y = _stand_in_garments()
        data = Dataset(
            "fashion-mnist", x[:1600], y[:1600], x[1600:], y[1600:], FASHION_MNIST_CLASSES,
            provenance="Siluetas generadas por el curso, con la forma de Fashion-MNIST",
            licence="MIT", is_stand_in=True,
        )  # fmt: skip
    return _announce("Fashion-MNIST", data)


@cache
def _stand_in_garments():
    return draw_garments(2000, seed=0)


def _fashion_mnist_in_directory(folder):
    for file in FASHION_MNIST_FILES:
        _check_official(file, folder)
    return _read_fashion_mnist(folder)


def _fetch_fashion_mnist(folder, policy):
    for file in FASHION_MNIST_FILES:
        fetch(file, folder, policy)
    return _read_fashion_mnist(folder)


def _read_fashion_mnist(folder):
    x_train, y_train, x_test, y_test = (
        read_idx(folder / file.name, ndim)
        for file, ndim in zip(FASHION_MNIST_FILES, (3, 1, 3, 1), strict=True)
    )
    # (n, 28, 28) -> (n, 28, 28, 1)
    return Dataset(
        "fashion-mnist",
        x_train[..., np.newaxis],
        y_train.astype(np.int64),
        x_test[..., np.newaxis],
        y_test.astype(np.int64),
        FASHION_MNIST_CLASSES,
        provenance="Fashion-MNIST, de Zalando Research (Xiao, Rasul y Vollgraf, 2017): "
        "https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT, Zalando SE",
        is_stand_in=False,
    )


# --- CIFAR-10 ------------------------------------------------------------------------------------------

CIFAR10_SUBSET = "cifar10_subset.npz"
CIFAR10_FILES = (
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
    data = None if stand_in else _real(COLLECTIONS["cifar-10"])
    if data is None:
        x, y = _stand_in_objects()
        data = Dataset(
            "cifar-10", x[:1600], y[:1600], x[1600:], y[1600:], cifar10.CLASSES,
            provenance="Objetos generados por el curso, con la forma de CIFAR-10",
            licence="MIT", is_stand_in=True,
        )  # fmt: skip
    note = ", subconjunto recodificado" if "subconjunto recodificado" in data.provenance else ""
    return _announce("CIFAR-10", data, note)


@cache
def _stand_in_objects():
    return draw_objects(2000, seed=0)


def _cifar10_in_directory(folder):
    (archive,) = CIFAR10_FILES
    subset = folder / CIFAR10_SUBSET
    if subset.is_file():
        arrays = cifar10.read_cifar10_npz(subset)
        train, test = (f"{len(part):,}".replace(",", " ") for part in (arrays[0], arrays[2]))
        sizes = f"{train} imágenes de entrenamiento y {test} de prueba"
        return _real_cifar10(
            arrays, f", subconjunto recodificado: {sizes}, con los píxeles de una copia en JPEG"
        )
    if not (folder / archive.name).is_file():
        raise FileNotFoundError(
            f"En {folder} no está ni {CIFAR10_SUBSET} ni {archive.name}.\n"
            "Copia ahí uno de los dos o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        )
    _check_official(archive, folder)
    return _read_cifar10(folder)


def _fetch_cifar10(folder, policy):
    (archive,) = CIFAR10_FILES
    fetch(archive, folder, policy)
    return _read_cifar10(folder)


def _read_cifar10(folder):
    (archive,) = CIFAR10_FILES
    return _real_cifar10(cifar10.read_cifar10_archive(folder / archive.name))


def _real_cifar10(arrays, note=""):
    return Dataset(
        "cifar-10", *arrays, cifar10.CLASSES,
        provenance=f"CIFAR-10 (Krizhevsky, 2009): https://www.cs.toronto.edu/~kriz/cifar.html{note}",
        licence="Sin licencia formal; se usa para enseñar e investigar, citando a su autor",
        is_stand_in=False,
    )  # fmt: skip


# --- COCO ----------------------------------------------------------------------------------------------

COCO_BUCKET = "https://s3.amazonaws.com/images.cocodataset.org"  # images.cocodataset.org no tiene https
COCO_FILES = (
    RemoteFile(
        "coco",
        "annotations_trainval2017.zip",
        (f"{COCO_BUCKET}/annotations/annotations_trainval2017.zip",),
        252_907_541,
        "113a836d90195ee1f884e704da6304dfaaecff1f023f49b6ca93c4aaae470268",
    ),
)
COCO_SPLITS = ("val2017", "train2017")  # en una carpeta se mira primero la pequeña; se descarga esa
COCO_IMAGES = 26
MAX_COCO_IMAGES = 500  # todas se guardan en memoria: medio gigabyte
MAX_ANNOTATIONS = 2**26  # bytes; instances_val2017.json ocupa 20 MB


def load_coco(images: int = COCO_IMAGES, *, strict: bool = False, stand_in: bool = False) -> CocoSample:
    """Carga unas cuantas imágenes de COCO con sus anotaciones de instancias, validadas.

    Se usa la primera fuente que haya: la carpeta ``coco`` de ``COURSE_DATA_DIR``; la caché del usuario; la
    descarga verificada de las anotaciones oficiales (253 MB, una sola vez) y de las imágenes pedidas, una a
    una; y, si nada de eso es posible, las escenas que dibuja el curso. Solo se eligen fotografías CC BY o
    CC BY-SA, que se pueden volver a publicar con su crédito. Una línea dice qué datos se usan.

    Parameters
    ----------
    images : int
        Cuántas imágenes, de 1 a 500: las primeras por número. Solo se descargan esas.
    strict : bool
        True: un error en las anotaciones detiene la carga y se enseñan todos. False: lo erróneo se salta y
        se dice cuánto es.
    stand_in : bool
        True para usar los datos sustitutos aunque estén los reales.

    Returns
    -------
    CocoSample
        Imágenes, anotaciones, créditos y máscaras.

    Raises
    ------
    FileNotFoundError
        Si ``COURSE_DATA_DIR`` no existe, o a su carpeta ``coco`` le faltan las anotaciones.
    CocoError
        Si hay errores en las anotaciones y ``strict``.
    ValueError
        Si ``images`` no está entre 1 y 500, el JSON está roto o no queda ninguna imagen.

    Examples
    --------
    >>> sample = load_coco(2, stand_in=True)
    COCO: datos sustitutos, dibujados por el curso.
    >>> first = sample.annotations(1)[0]
    >>> sample.category_name(first["category_id"]), sample.mask(first).shape
    ('barco', (120, 160))

    References
    ----------
    Lin y otros (2014). *Microsoft COCO: Common Objects in Context*. https://arxiv.org/abs/1405.0312
    """
    images = check_integer(images, "images")
    if images > MAX_COCO_IMAGES:
        raise ValueError(
            f"images debe ser {MAX_COCO_IMAGES} como mucho y ha llegado {images}: todas se guardan en memoria"
        )
    sample = None if stand_in else _real(_coco_collection(images, strict))
    if sample is None:
        document, pixels = draw_scenes(images, seed=0)
        sample = _coco_sample(
            document, pixels, [one.tobytes() for one in pixels.values()],
            provenance="Escenas generadas por el curso, con anotaciones en formato COCO",
            licence="MIT", is_stand_in=True,
        )  # fmt: skip
    return _announce("COCO", sample)


def _coco_collection(images=COCO_IMAGES, strict=False):
    return Collection(
        "coco",
        "COCO",
        258_000_000,
        lambda folder: _coco_in_directory(folder, images, strict),
        lambda folder, policy: _fetch_coco(folder, policy, images, strict),
    )


def _coco_in_directory(folder, images, strict):
    for split in COCO_SPLITS:
        path = folder / "annotations" / f"instances_{split}.json"
        if path.is_file():
            document = coco.read_annotations(path.read_bytes(), path.name)
            return _validated_coco(
                coco.choose_images(document, images, folder / split), folder / split, strict
            )
    raise FileNotFoundError(
        f"En {folder} no está annotations/instances_train2017.json ni el de val2017.\n"
        "Cópialo ahí o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
    )


def _fetch_coco(folder, policy, images, strict):
    (archive,), split = COCO_FILES, COCO_SPLITS[0]
    content = _zip_member(fetch(archive, folder, policy), f"annotations/instances_{split}.json")
    document = coco.choose_images(coco.read_annotations(content, archive.name), images)
    for record in document["images"]:
        fetch(_coco_image(record, split), folder / split, policy)
    return _validated_coco(document, folder / split, strict)


def _coco_image(record, split):
    name, width, height = record["file_name"], record["width"], record["height"]
    return RemoteFile(
        f"coco/{split}",
        name,
        (f"{COCO_BUCKET}/{split}/{name}",),
        check=lambda path: coco.decode_image(path.read_bytes(), width, height),
    )


def _zip_member(path, name):
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
            content = stream.read(MAX_ANNOTATIONS + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise ValueError(
            f"{path.name} está dañado o no contiene {name}: bórralo y vuelve a descargarlo"
        ) from error
    if len(content) > MAX_ANNOTATIONS:
        raise ValueError(f"{name} pasa de {MAX_ANNOTATIONS} bytes al descomprimirlo: no es el de COCO")
    return content


def _validated_coco(document, folder, strict):
    clean, problems = coco.validate_coco(document, folder, strict=strict)
    if not clean["images"]:
        reason = f"; por ejemplo, {problems[0]}" if problems else ""
        raise ValueError(f"no queda ninguna imagen de COCO en {folder}{reason}: revisa esa carpeta")
    if problems:
        lost = [len(document[part]) - len(clean[part]) for part in ("images", "annotations")]
        _explain(
            f"COCO: se saltan {lost[0]} imágenes y {lost[1]} anotaciones por {len(problems)} errores.",
            f"El primero: {problems[0]}. Para verlos todos: load_coco(strict=True)",
        )
    contents = {one["id"]: (folder / one["file_name"]).read_bytes() for one in clean["images"]}
    pixels = {
        one["id"]: coco.decode_image(contents[one["id"]], one["width"], one["height"])
        for one in clean["images"]
    }
    return _coco_sample(
        clean, pixels, contents.values(),
        provenance=f"COCO 2017, {folder.name} (Lin y otros, 2014): https://cocodataset.org",
        licence="Anotaciones: CC BY 4.0, COCO Consortium. Fotografías: CC BY o CC BY-SA 2.0, con su crédito",
        is_stand_in=False,
    )  # fmt: skip


def _coco_sample(document, pixels, contents, **origin):
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for content in contents:
        digest.update(content)
    return CocoSample("coco", document, pixels, fingerprint=digest.hexdigest()[:16], **origin)


# --- De la carpeta, de la caché, de la red o dibujados: igual para todos ---------------------------------


@dataclass(frozen=True)
class Collection:
    """Un conjunto de datos del curso y cómo se obtiene.

    Parameters
    ----------
    name, title : str
        Nombre corto, que es el de su carpeta, y el que se enseña.
    size : int
        Bytes que se descargan.
    read_directory : callable
        Recibe su carpeta de ``COURSE_DATA_DIR`` y devuelve los datos, o explica por qué no sirven.
    download : callable
        Recibe una carpeta y una :class:`~course_utils.downloads.Policy`; descarga en ella lo que falte y
        devuelve los datos.
    """

    name: str
    title: str
    size: int
    read_directory: Callable[[Path], Dataset | CocoSample]
    download: Callable[[Path, Policy], Dataset | CocoSample]


COLLECTIONS = {
    one.name: one
    for one in (
        Collection(
            "fashion-mnist", "Fashion-MNIST", 30_878_645, _fashion_mnist_in_directory, _fetch_fashion_mnist
        ),
        Collection("cifar-10", "CIFAR-10", 170_052_171, _cifar10_in_directory, _fetch_cifar10),
        _coco_collection(),
    )
}
LOADERS = {"fashion-mnist": load_fashion_mnist, "cifar-10": load_cifar10, "coco": load_coco}


def _real(collection):
    """Los datos reales, o None si no hay manera de tenerlos; entonces dice por qué."""
    folder = course_data_dir(collection.name)
    if folder is not None:
        return collection.read_directory(folder)
    cached = cache_folder(collection.name)
    try:
        return collection.download(cached, Policy())
    except DownloadError as error:
        return _explain_stand_in(collection, error)
    except OSError as error:
        reason = "el disco está lleno" if error.errno == ENOSPC else "no hay permiso de escritura"
        problem = f"no se puede escribir en la caché {cached}: {reason}"
    try:
        with TemporaryDirectory() as temporary:
            data = collection.download(Path(temporary), Policy())
    except DownloadError as error:
        return _explain_stand_in(collection, error)
    except OSError:
        return _explain_stand_in(collection, problem)
    _explain(
        f"{collection.title} se ha descargado solo para esta sesión: {problem}.",
        "Para no repetirlo, arréglalo o define COURSE_DATA_DIR con la carpeta en la que guardas los datos.",
    )
    return data


def _announce(title, data, note=""):
    kind = "datos sustitutos, dibujados por el curso" if data.is_stand_in else f"datos reales{note}"
    print(f"{title}: {kind}.")
    _used[data.name] = f"{'stand-in:' if data.is_stand_in else ''}{data.fingerprint}"
    return data


def course_data_dir(name: str) -> Path | None:
    """La carpeta de un conjunto en ``COURSE_DATA_DIR``.

    Parameters
    ----------
    name : str
        Nombre corto del conjunto.

    Returns
    -------
    Path or None
        None si la variable no se ha definido o su carpeta no contiene la del conjunto.

    Raises
    ------
    FileNotFoundError
        Si la variable nombra una carpeta que no existe.

    Examples
    --------
    >>> course_data_dir("no-hay-tal-conjunto") is None
    True
    """
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


def _check_official(file, folder):
    path = folder / file.name
    if not path.is_file():
        raise FileNotFoundError(
            f"En {folder} falta {file.name}.\n"
            "Cópialo ahí o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        )
    problem = file.problem(path)
    if problem is not None:
        raise ValueError(
            f"{path} no es el archivo oficial: está dañado o es otro.\n"
            f"En concreto, {problem}.\n"
            "Sustitúyelo o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
        )


def _explain_stand_in(collection, problem) -> None:
    _explain(
        f"{collection.title} no está en esta máquina y {problem}.",
        "Para usar los datos reales, conéctate y ejecuta otra vez esta celda o, en una terminal, esta orden,",
        f"que espera lo que haga falta:  python -m course_utils.datasets descarga {collection.name}",
        f"Si ya los tienes, define COURSE_DATA_DIR con la carpeta que contiene {collection.name}.",
    )


def _explain(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr)
