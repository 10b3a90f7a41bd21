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
from urllib.parse import urljoin, urlsplit

import platformdirs

CHUNK_BYTES = 2**16
MAX_UNKNOWN_BYTES = 2**24  # 16 MiB: lo más que se acepta de un archivo cuyo tamaño no se conoce


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

    Examples
    --------
    >>> Policy().read_seconds
    30
    """

    connect_seconds: float = 3.05
    read_seconds: float = 30
    rounds: int = 3
    backoff_seconds: float = 1
    pace_seconds: float = 10
    patience_seconds: float = 900


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
        """De dónde se puede descargar: primero las copias de ``COURSE_DATA_MIRROR``, luego lo oficial.

        Raises
        ------
        ValueError
            Si una copia no es https.

        Examples
        --------
        >>> RemoteFile("prueba", "a.gz", ("https://example.org/a.gz",), sha256="0" * 64).addresses()[-1]
        'https://example.org/a.gz'
        """
        mirrors = os.environ.get("COURSE_DATA_MIRROR", "").split()
        _refuse_http(mirrors)
        return (*(f"{mirror.rstrip('/')}/{self.collection}/{self.name}" for mirror in mirrors), *self.urls)

    def problem(self, path: Path) -> str | None:
        """Por qué el archivo de esa ruta no es el bueno, o None si lo es.

        Parameters
        ----------
        path : Path
            Archivo local, que puede no existir.

        Examples
        --------
        >>> RemoteFile("prueba", "a.gz", (), sha256="0" * 64).problem(Path("no-existe"))
        'no está'
        """
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
    """Carpeta de la caché del usuario en la que se guarda un conjunto de datos.

    Parameters
    ----------
    name : str
        Nombre corto del conjunto: ``"cifar-10"``.

    Returns
    -------
    Path
        Puede no existir todavía.

    Examples
    --------
    >>> cache_folder("cifar-10").name
    'cifar-10'
    """
    return platformdirs.user_cache_path("curso-redes-convolucionales") / name


def fetch(file: RemoteFile, folder, policy: Policy | None = None) -> Path:
    """Devuelve la ruta del archivo en ``folder``; lo descarga si no está o si está dañado.

    Se prueban los orígenes en orden, varias rondas con una espera creciente. Si no hay conexión con
    ninguno no se insiste. El archivo solo aparece con su nombre cuando está completo y verificado; mientras
    tanto es ``nombre.part``, y de ahí se reanuda si algo lo corta. Si otro proceso lo está descargando en la
    misma carpeta, se espera a que termine.

    Parameters
    ----------
    file : RemoteFile
        Qué archivo y de dónde.
    folder : str or Path
        Carpeta de destino; se crea si hace falta.
    policy : Policy, optional
        Esperas y reintentos.

    Returns
    -------
    Path
        Archivo completo y verificado.

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

    References
    ----------
    Petición de un trozo: RFC 9110, sección 14.
    """
    policy = policy or Policy()
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
    """Espera a ser el único proceso que descarga o borra en la carpeta; si otro muere, deja de estorbar.

    Parameters
    ----------
    folder : Path
        Carpeta, que ya existe. Dentro queda un archivo ``.lock`` vacío.

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


# --- Una descarga --------------------------------------------------------------------------------------


class _Refused(Exception):
    """Lo que contesta el origen no sirve; el texto dice por qué."""


class _Interrupted(_Refused):
    """La transferencia no llega al final, pero lo recibido vale."""


def _receive_from_some_source(file, partial, policy):
    from requests import ConnectionError as NoConnection
    from requests import RequestException

    urls, failures = file.addresses(), {}
    for attempt in range(policy.rounds):
        for url in urls:
            try:
                return _receive(url, file, partial, policy)
            except (RequestException, _Refused) as error:
                failures[url] = error
            except OSError:  # no se puede escribir: lo que hay no sirve y ocupa sitio
                partial.unlink(missing_ok=True)
                raise
        if all(isinstance(error, NoConnection) for error in failures.values()):
            break
        if attempt + 1 < policy.rounds:
            time.sleep(policy.backoff_seconds * 2**attempt)
    causes = "; ".join(f"{urlsplit(url).hostname}: {_cause(error)}" for url, error in failures.items())
    kept = partial.stat().st_size if partial.is_file() else 0
    rest = f"; hay {shown_size(kept)} guardados y la próxima vez se sigue desde ahí" if kept else ""
    raise DownloadError(f"no se pudo descargar {file.name} ({causes}{rest})")


def _receive(url, file, partial, policy):
    """Deja en ``partial`` el archivo verificado; si lo reanudado resulta malo, empieza de nuevo."""
    resumed = _transfer(url, file, partial, policy)
    problem = file.problem(partial)
    if problem is not None and resumed:
        partial.unlink()
        _transfer(url, file, partial, policy)
        problem = file.problem(partial)
    if problem is not None:
        partial.unlink()
        detail = "el contenido no coincide con su sha256" if file.sha256 else problem
        raise _Refused(detail)


def _transfer(url, file, partial, policy) -> bool:
    """Pide lo que falte y lo añade a ``partial``; dice si había algo de antes."""
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    known = file.size is not None
    start = partial.stat().st_size if known and partial.is_file() else 0
    if known and start >= file.size:  # completo, o de otro archivo: que lo diga la verificación
        if start == file.size:
            return True
        start = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    timeout = policy.connect_seconds, policy.read_seconds
    with requests.get(
        url, headers=headers, stream=True, timeout=timeout, hooks={"response": _refuse_plain_http}
    ) as response:
        if response.status_code == 416:  # lo guardado no es de este archivo
            partial.unlink()
            return _transfer(url, file, partial, policy)
        response.raise_for_status()
        start = _agreed_start(response, start)
        total = _agreed_total(response, file, start)
        print(f"Descargando {file.name} ({shown_size(total)}) de {urlsplit(url).hostname}…", file=sys.stderr)
        progress = _Progress(file.name, start, total, policy)
        with partial.open("ab" if start else "wb") as output:
            received = start
            try:
                while chunk := response.raw.read1(CHUNK_BYTES):
                    received += len(chunk)
                    if received > total:
                        raise _Refused(f"envía más de los {total} bytes que debería")
                    output.write(chunk)
                    progress.update(received)
            except ReadTimeoutError as error:
                raise _Interrupted("no responde a tiempo") from error
            except HTTPError as error:
                raise _Interrupted("la transferencia se interrumpe") from error
            except _Interrupted:
                raise
            except _Refused:
                partial.unlink()
                raise
            finally:
                progress.close()
        announced = file.size is not None or response.headers.get("content-length")
        if announced and received < total:
            raise _Interrupted("la transferencia se interrumpe")
    return start > 0


def _agreed_start(response, start: int) -> int:
    """Desde qué byte contesta el origen: el pedido, o cero si no sabe dar trozos."""
    if response.status_code != 206:
        return 0
    announced = response.headers.get("content-range", "")
    if not announced.startswith(f"bytes {start}-"):
        raise _Refused("contesta con otro trozo del archivo")
    return start


def _agreed_total(response, file, start: int) -> int:
    """Bytes del archivo entero; se rechaza antes de recibir nada si lo anunciado no puede ser."""
    length = response.headers.get("content-length", "")
    announced = start + int(length) if length.isdecimal() else None
    if file.size is None:
        if announced is not None and announced > MAX_UNKNOWN_BYTES:
            raise _Refused(f"anuncia {announced} bytes y el límite es {MAX_UNKNOWN_BYTES}")
        return announced or MAX_UNKNOWN_BYTES
    if announced not in (None, file.size):
        kind = response.headers.get("content-type", "").partition(";")[0]
        what = "una página web" if kind == "text/html" else "otro contenido"
        raise _Refused(f"da {what}, de {announced} bytes, en lugar de {file.size}")
    return file.size


def _refuse_plain_http(response, **_):
    from requests.exceptions import InvalidSchema

    if response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if not target.startswith("https://"):
            response.close()
            raise InvalidSchema(f"redirige a {target}")


def _cause(error) -> str:
    from requests.exceptions import ConnectionError, HTTPError, InvalidSchema, ProxyError, SSLError, Timeout

    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, HTTPError):
        return f"responde con el error {error.response.status_code}"
    for kind, text in (
        (Timeout, "no responde a tiempo"),
        (ProxyError, "el proxy no deja pasar"),
        (SSLError, "su certificado no es de fiar"),
        (ConnectionError, "no hay conexión"),
        (InvalidSchema, "redirige a una dirección que no es https"),
    ):
        if isinstance(error, kind):
            return text
    return f"la transferencia se interrumpe ({type(error).__name__})"


# --- Lo que se enseña mientras tanto -------------------------------------------------------------------


class _Progress:
    """Mide la velocidad; si a ese paso no se acaba, lo deja; en una pantalla enseña cómo va."""

    def __init__(self, name, start, total, policy):
        self.name, self.total, self.policy = name, total, policy
        self.mark, self.shown_at = (time.monotonic(), start), 0.0
        self.speed = None
        notebook = type(sys.stderr).__module__.startswith("ipykernel")
        self.screen = sys.stderr if sys.stderr.isatty() or notebook else None

    def update(self, received):
        now = time.monotonic()
        elapsed, advanced = now - self.mark[0], received - self.mark[1]
        if elapsed >= self.policy.pace_seconds:
            self.speed, self.mark = advanced / elapsed, (now, received)
            missing = (self.total - received) / self.speed
            if missing > self.policy.patience_seconds:
                raise _Interrupted(f"va demasiado despacio: a este paso faltan {shown_time(missing)}")
        if self.screen and now - self.shown_at >= 0.2:
            self.shown_at = now
            speed = self.speed or advanced / max(elapsed, 1e-3)
            done = f"{shown_size(received)} de {shown_size(self.total)}"
            rest = shown_time((self.total - received) / max(speed, 1))
            line = f"{100 * received // self.total:3d} % · {done} · {shown_size(speed)}/s · quedan {rest}"
            print(f"\r{line:<70}", end="", file=self.screen, flush=True)

    def close(self):
        if self.screen and self.shown_at:
            print(file=self.screen)


def shown_size(size: float) -> str:
    """Un tamaño como se lee: con coma decimal y en la unidad que conviene.

    Parameters
    ----------
    size : float
        Bytes.

    Examples
    --------
    >>> shown_size(900), shown_size(45_300), shown_size(170_052_171)
    ('900 B', '45,3 kB', '170,1 MB')
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}".replace(".", ",")
    return f"{size:.0f} B"


def shown_time(seconds: float) -> str:
    """Una duración como se lee.

    Parameters
    ----------
    seconds : float
        Segundos.

    Examples
    --------
    >>> shown_time(8), shown_time(125), shown_time(169_900)
    ('8 s', '2 min 5 s', '47 h 11 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
