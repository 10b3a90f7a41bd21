"""De la carpeta, de la caché, de la red o dibujados: igual para todos los conjuntos."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from course_utils.datasets.causes import disk_cause
from course_utils.datasets.coco.sample import CocoSample
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.downloads import POLICY, DownloadError, Policy, cache_folder

_used: dict[str, str] = {}


def used_fingerprints() -> dict[str, str]:
    """Nombre y huella de cada conjunto cargado; la de unos datos sustitutos empieza por ``stand-in:``.

    Examples
    --------
    >>> from course_utils.datasets import load_fashion_mnist
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> used_fingerprints()["fashion-mnist"] == "stand-in:" + data.fingerprint
    True
    """
    return dict(_used)


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
        Recibe una carpeta y una :class:`~course_utils.datasets.downloads.Policy`; descarga en ella lo que
        falte y devuelve los datos.
    folders : tuple of str
        Los nombres de su carpeta, por orden de preferencia, si no basta con ``name``.
    """

    name: str
    title: str
    size: int
    read_directory: Callable[[Path], Dataset | CocoSample]
    download: Callable[[Path, Policy], Dataset | CocoSample]
    folders: tuple[str, ...] = ()

    def directory(self) -> Path | None:
        """Su carpeta de ``COURSE_DATA_DIR``, o None si no está."""
        found = map(course_data_dir, self.folders or (self.name,))
        return next((folder for folder in found if folder is not None), None)


def real_data(collection):
    """Los datos reales, o None si no hay manera de tenerlos; entonces dice por qué."""
    folder = collection.directory()
    if folder is not None:
        return collection.read_directory(folder)
    cached = cache_folder(collection.name)
    try:
        return collection.download(cached, POLICY)
    except DownloadError as error:
        return _explain_stand_in(collection, error)
    except OSError as error:
        problem = f"no se puede usar la caché {cached}: {disk_cause(error)}"
    try:
        with TemporaryDirectory() as temporary:
            data = collection.download(Path(temporary), POLICY)
    except DownloadError as error:
        return _explain_stand_in(collection, error)
    except OSError as error:
        return _explain_stand_in(collection, f"{problem}; ni la carpeta temporal: {disk_cause(error)}")
    explain(
        f"{collection.title} se ha descargado solo para esta sesión: {problem}.",
        "Para no repetirlo, arréglalo o define COURSE_DATA_DIR con la carpeta en la que guardas los datos.",
    )
    return data


def drawn_data(collection: Collection, draw: Callable, class_names: tuple[str, ...]) -> Dataset:
    """Datos sustitutos: 2000 imágenes dibujadas con la semilla 0, las 400 últimas de prueba."""
    x, y = _drawn(draw)
    return Dataset(
        collection.name, x[:1600], y[:1600], x[1600:], y[1600:], class_names,
        provenance=f"Imágenes generadas por el curso, con la forma de {collection.title}",
        licence="MIT", is_stand_in=True,
    )  # fmt: skip


@cache
def _drawn(draw):
    return draw(2000, seed=0)


def announce(title, data, note=""):
    kind = "datos sustitutos, dibujados por el curso" if data.is_stand_in else f"datos reales{note}"
    print(f"{title}: {kind}.")
    _used[data.name] = f"{'stand-in:' if data.is_stand_in else ''}{data.fingerprint}"
    return data


def course_data_dir(name: str) -> Path | None:
    """La carpeta de un conjunto en ``COURSE_DATA_DIR``; None si no la hay o la variable no se ha definido.

    Parameters
    ----------
    name : str
        Nombre corto del conjunto.

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
        wrong = "no es una carpeta" if Path(root).exists() else "esa carpeta no existe"
        raise FileNotFoundError(
            f"COURSE_DATA_DIR dice {root} y {wrong}.\n"
            "Corrígela o, para descargar los datos, bórrala: unset COURSE_DATA_DIR"
        )
    folder = Path(root, name)
    return folder if folder.is_dir() else None


def check_official(file, folder):
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
    explain(
        f"{collection.title} no está en esta máquina y {problem}.",
        "Para usar los datos reales, arréglalo y ejecuta otra vez esta celda o, en una terminal, esta orden,",
        f"que espera lo que haga falta:  python -m course_utils.datasets descarga {collection.name}",
        f"Si ya los tienes, define COURSE_DATA_DIR con la carpeta que contiene {collection.name}.",
    )


def explain(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr)
