"""Por qué falla una descarga o una escritura: solo lo que dice el error o se comprueba aquí."""

import errno
import os
import re
import socket
import ssl
from pathlib import Path

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # por el orden en que las mira requests
PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")  # ídem

#: Lo que dice OpenSSL de un certificado que no acepta.
CERTIFICATE = {
    9: "su certificado aún no vale: mira la fecha de esta máquina",
    10: "su certificado ha caducado: mira la fecha de esta máquina o espera a que lo renueven",
    62: "su certificado es de otro nombre",
    64: "su certificado es de otra dirección",
}
NETWORK = (
    (socket.gaierror, "no se encuentra su dirección (DNS)"),
    (ConnectionRefusedError, "rechaza la conexión"),
    ((ConnectionResetError, ConnectionAbortedError, BrokenPipeError), "corta la conexión"),
    (ssl.SSLError, "no se llega a cifrar la conexión (TLS)"),
    (TimeoutError, "no responde a tiempo"),
)
UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
DISK = {
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no hay permiso",
    errno.EROFS: "es de solo lectura",
    errno.ENOSPC: "el disco está lleno",
    errno.EDQUOT: "se ha agotado la cuota de disco",
    errno.EFBIG: "el disco no admite archivos tan grandes",
    errno.EIO: "el disco falla al leer o escribir",
    errno.ENOTDIR: "hay un archivo donde debería haber una carpeta",
    errno.EEXIST: "hay un archivo donde debería haber una carpeta",
    errno.EISDIR: "hay una carpeta donde debería haber un archivo",
    errno.ENAMETOOLONG: "la ruta es demasiado larga",
    errno.ENOENT: "la ruta no existe",
    errno.EMFILE: "hay demasiados archivos abiertos",
}


def disk_cause(error: OSError) -> str:
    """Por qué no se puede leer o escribir en el disco.

    Examples
    --------
    >>> disk_cause(OSError(errno.ENOSPC, "No space left on device"))
    'el disco está lleno'
    """
    code = errno.errorcode.get(error.errno, error.errno)
    return DISK.get(error.errno, f"el sistema da el error {code}: {error.strerror or error}")


def network_cause(error: Exception, url: str) -> str:
    """Por qué no se puede descargar de una dirección.

    Parameters
    ----------
    error : Exception
        Lo que ha lanzado requests.
    url : str
        Qué se pedía.

    Examples
    --------
    >>> from requests.exceptions import ConnectionError as NoConnection
    >>> network_cause(NoConnection(ConnectionRefusedError()), "https://example.org/a.gz")
    'rechaza la conexión'
    """
    from requests import exceptions

    if isinstance(error, exceptions.TooManyRedirects):
        return "redirige demasiadas veces"
    if isinstance(error, exceptions.ProxyError):
        return f"el proxy {_without_password(_proxy_of(url) or '')}: {_proxy_cause(error)}"
    if isinstance(error, exceptions.ConnectionError | exceptions.Timeout):
        proxy = _proxy_of(url)
        through = f", a través del proxy {_without_password(proxy)}" if proxy else ""
        return _connection_cause(error) + through
    return _setting_cause(error, url)


def _proxy_cause(error) -> str:
    answered = re.search(r"Tunnel connection failed: (\d+)", str(error))
    if answered is None:
        return _connection_cause(error)
    wants = ", que pide usuario y contraseña" if answered[1] == "407" else ""
    return f"responde con el error {answered[1]}{wants}"


def _connection_cause(error) -> str:
    from requests.exceptions import Timeout

    inner = list(_inside(error))
    for one in inner:
        if isinstance(one, ssl.SSLCertVerificationError):
            return CERTIFICATE.get(one.verify_code, "su certificado no es de fiar")
        if isinstance(one, ssl.SSLError) and "NO_CERTIFICATE_OR_CRL_FOUND" in str(one):
            return f"{_bundle()} no tiene ningún certificado"
    for kind, text in NETWORK:
        if any(isinstance(one, kind) for one in inner):
            return text
    if isinstance(error, Timeout):
        return "no responde a tiempo"
    if any(isinstance(one, OSError) and one.errno in UNREACHABLE for one in inner):
        return "no hay camino hasta él por la red"
    return "no hay conexión"


def _setting_cause(error, url: str) -> str:
    """Qué variable del entorno, o qué dirección, no deja ni empezar."""
    bundle = _bundle()
    if bundle and not Path(bundle.partition("=")[2]).exists():
        return f"{bundle} no existe: corrige esa variable o bórrala"
    if not _is_address(url):
        return f"la dirección {_without_password(url)} no es válida"
    proxy = _proxy_of(url)
    if proxy:
        name = next((name for name in PROXIES if os.environ.get(name) == proxy), "la configuración")
        scheme = proxy.partition("://")[0].lower() if "://" in proxy else "http"
        if "SOCKS" in str(error):
            return f"el proxy de {name} es {scheme} y falta PySocks: pip install pysocks, o usa uno http"
        if scheme not in ("http", "https") or not _is_address(proxy if "://" in proxy else f"http://{proxy}"):
            return f"{name} dice {_without_password(proxy)}, que no es la dirección de un proxy http"
    return f"no se puede preparar la conexión ({type(error).__name__})"


def _bundle() -> str:
    """De dónde salen los certificados en los que se confía, si lo dice el entorno: ``VARIABLE=ruta``."""
    return next((f"{name}={os.environ[name]}" for name in BUNDLES if os.environ.get(name)), "")


def _proxy_of(url: str) -> str | None:
    from requests.utils import get_environ_proxies, select_proxy

    return select_proxy(url, get_environ_proxies(url))


def _is_address(url: str) -> bool:
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        host = parse_url(url).host
        return bool(host) and bool(host.rstrip(".").encode("idna"))
    except (LocationParseError, UnicodeError):
        return False


def _without_password(url: str) -> str:
    """Una dirección sin usuario ni contraseña."""
    return re.sub(r"(?<=//)[^/]*@|^[^/]*@", "", url)


def _inside(error, seen=None):
    """Un error y los que lo causaron."""
    seen = [] if seen is None else seen
    if isinstance(error, BaseException) and not any(error is one for one in seen):
        seen.append(error)
        yield error
        for one in (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__):
            yield from _inside(one, seen)
