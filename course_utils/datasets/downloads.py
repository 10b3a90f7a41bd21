"""Descarga verificada de archivos: una sola política para todos los conjuntos de datos del curso.

Solo https; sha256 o comprobación del contenido; reintentos con espera creciente; límites de espera, de tamaño
y de paciencia; un archivo aparte hasta que está completo y verificado; lo que se corta se reanuda, y dos
procesos no se estorban.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from course_utils.datasets.progress import shown_size
from course_utils.datasets.transfer import Refused, Unreachable, receive


class DownloadError(Exception):
    """No se pudo descargar un archivo; el mensaje dice por qué."""


@dataclass(frozen=True)
class Policy:
    """Cuánto se insiste y cuánto se espera.

    Parameters
    ----------
    connect_seconds : float
        Espera para conectar; algo más que una retransmisión de TCP, y así sin red se sabe pronto.
    read_seconds : float
        Espera entre dos trozos del mismo archivo.
    rounds : int
        Veces que se recorren los orígenes; con 0 no se usa la red.
    backoff_seconds : float
        Espera después de la primera ronda; se dobla en cada una.
    pace_seconds : float
        Cada cuánto se mide la velocidad.
    patience_seconds : float
        Si a la velocidad medida falta más tiempo, se deja ese origen.
    """

    connect_seconds: float = 3.05
    read_seconds: float = 30
    rounds: int = 3
    backoff_seconds: float = 1
    pace_seconds: float = 10
    patience_seconds: float = 900


POLICY = Policy()
PATIENT = Policy(patience_seconds=float("inf"))
OFFLINE = Policy(rounds=0)


@dataclass(frozen=True)
class RemoteFile:
    """Un archivo de la red y cómo se sabe que es el bueno.

    Parameters
    ----------
    collection : str
        Conjunto al que pertenece: ``"cifar-10"``. Es su carpeta en la caché y en las copias.
    name : str
        Nombre con el que se guarda.
    urls : tuple of str
        Direcciones https oficiales del mismo archivo, por orden de preferencia.
    size : int, optional
        Bytes que ocupa. Si se conoce, una descarga cortada se reanuda.
    sha256 : str, optional
        Resumen sha256, en hexadecimal.
    check : callable, optional
        Si no hay resumen: recibe la ruta y lanza ValueError si el contenido no sirve.

    Raises
    ------
    ValueError
        Si una dirección no es https, el nombre lleva carpetas o no hay manera de verificar el archivo.

    Examples
    --------
    >>> RemoteFile("prueba", "a.gz", ("http://example.org/a.gz",), size=3, sha256="0" * 64)
    Traceback (most recent call last):
        ...
    ValueError: la dirección http://example.org/a.gz no es https: el curso solo descarga por https
    """

    collection: str
    name: str
    urls: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None
    check: Callable[[Path], object] | None = None

    def __post_init__(self):
        _refuse_http(self.urls)
        if self.name in {"", ".", ".."} or set(self.name) & set("/\\:"):
            raise ValueError(f"el nombre {self.name!r} no es el de un archivo: quita las carpetas")
        if (self.sha256 is None) == (self.check is None):
            raise ValueError(f"{self.name}: hace falta sha256 o check, y solo uno, para saber si es el bueno")

    def addresses(self) -> tuple[str, ...]:
        """De dónde se descarga: primero las copias https de ``COURSE_DATA_MIRROR``, luego lo oficial."""
        mirrors = os.environ.get("COURSE_DATA_MIRROR", "").split()
        _refuse_http(mirrors)
        return (*(f"{mirror.rstrip('/')}/{self.collection}/{self.name}" for mirror in mirrors), *self.urls)

    def problem(self, path: Path) -> str | None:
        """Por qué el archivo de esa ruta, que puede no existir, no es el bueno; None si lo es."""
        if not path.is_file():
            return "no está"
        if self.sha256 is None:
            try:
                self.check(path)
            except ValueError as error:
                return str(error)
            return None
        if self.size is not None and path.stat().st_size != self.size:
            return f"ocupa {path.stat().st_size} bytes y debería ocupar {self.size}"
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != self.sha256:
            return f"su sha256 empieza por {found[:16]} y debería empezar por {self.sha256[:16]}"
        return None


def _refuse_http(urls):
    for url in urls:
        if not url.startswith("https://"):
            raise ValueError(f"la dirección {url} no es https: el curso solo descarga por https")


def cache_folder(name: str) -> Path:
    """Carpeta de la caché del usuario para un conjunto de datos; puede no existir todavía.

    Parameters
    ----------
    name : str
        Nombre corto del conjunto.

    Examples
    --------
    >>> cache_folder("cifar-10").name
    'cifar-10'
    """
    return platformdirs.user_cache_path("curso-redes-convolucionales") / name


def fetch(file: RemoteFile, folder, policy: Policy = POLICY) -> Path:
    """Devuelve la ruta del archivo en ``folder``; lo descarga si no está o si está dañado.

    Se prueban los orígenes en orden, varias rondas con una espera creciente. Si no se llega a ninguno no
    se insiste. El archivo solo aparece con su nombre cuando está completo y verificado; mientras
    tanto es ``nombre.part``, y de ahí se reanuda si algo lo corta. Si otro proceso lo está descargando en la
    misma carpeta, se espera a que termine.

    Parameters
    ----------
    file : RemoteFile
        Qué archivo y de dónde.
    folder : str or Path
        Carpeta de destino; se crea si hace falta.
    policy : Policy
        Esperas y reintentos.

    Raises
    ------
    DownloadError
        Si ningún origen da el archivo correcto.
    OSError
        Si no se puede escribir en ``folder``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_bytes(b"abc")
    ...     file = RemoteFile("prueba", "a.txt", (), sha256=hashlib.sha256(b"abc").hexdigest())
    ...     fetch(file, folder).read_bytes()  # ya estaba
    b'abc'
    """
    target = Path(folder, file.name)
    problem = file.problem(target)
    if problem is None:
        return target
    if policy.rounds == 0:
        raise DownloadError(f"{file.name} {problem}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(target.parent):
        if file.problem(target) is not None:  # mientras se esperaba pudo terminarlo otro proceso
            partial = target.with_name(f"{file.name}.part")
            _receive_from_some_source(file, partial, policy)
            partial.replace(target)
    return target


@contextmanager
def exclusive(folder: Path):
    """Espera a ser el único proceso que descarga o borra en una carpeta; si otro muere, no estorba.

    La carpeta ya existe; dentro queda un archivo ``.lock`` vacío.

    Raises
    ------
    OSError
        Si no se puede escribir en la carpeta.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, exclusive(Path(folder)):
    ...     pass
    """
    from filelock import FileLock, Timeout

    lock = FileLock(Path(folder, ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"Otro proceso usa {folder}: se espera a que termine…", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _receive_from_some_source(file, partial, policy):
    urls, failures = file.addresses(), {}
    for attempt in range(policy.rounds):
        for url in urls:
            try:
                return receive(url, file, partial, policy)
            except Refused as error:
                failures[url] = error
            except OSError:  # no se puede escribir: lo que hay no sirve y ocupa sitio
                partial.unlink(missing_ok=True)
                raise
        if all(isinstance(error, Unreachable) for error in failures.values()):
            break
        if attempt + 1 < policy.rounds:
            time.sleep(policy.backoff_seconds * 2**attempt)
    causes = "; ".join(f"{_host(url)}: {error}" for url, error in failures.items())
    kept = partial.stat().st_size if partial.is_file() else 0
    rest = f"; hay {shown_size(kept)} guardados y la próxima vez se sigue desde ahí" if kept else ""
    raise DownloadError(f"no se pudo descargar {file.name} ({causes}{rest})")


def _host(url: str) -> str:
    return url.removeprefix("https://").partition("/")[0].rpartition("@")[2]
