"""Descarga verificada de archivos: por https, con sha256, reintentos y sin dejar nada a medias."""

import sys
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pooch

CONNECT_SECONDS = 3.05  # algo más que una retransmisión de TCP; sin red se sabe pronto
READ_SECONDS = 30  # entre dos trozos del mismo archivo
ROUNDS = 3


class DownloadError(Exception):
    """No se pudo descargar un archivo; el mensaje dice por qué."""


def fetch(name: str, sha256: str, urls, folder) -> Path:
    """Devuelve la ruta del archivo en ``folder``; lo descarga si no está o si está dañado.

    Se prueban los orígenes en orden, hasta tres veces con una espera creciente. Si no hay conexión con
    ninguno no se insiste. El archivo solo aparece con su nombre cuando su sha256 coincide.

    Parameters
    ----------
    name : str
        Nombre del archivo dentro de ``folder``.
    sha256 : str
        Resumen sha256 esperado, en hexadecimal.
    urls : list of str
        Direcciones https del mismo archivo, por orden de preferencia.
    folder : str or Path
        Carpeta de destino; se crea si hace falta.

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
    ValueError
        Si una dirección no es https.

    Examples
    --------
    >>> fetch("datos.gz", "0" * 64, ["http://example.org/datos.gz"], "no-se-usa")
    Traceback (most recent call last):
        ...
    ValueError: la dirección http://example.org/datos.gz no es https: el curso solo descarga por https

    References
    ----------
    Pooch: https://www.fatiando.org/pooch/
    """
    from requests import ConnectionError as NoConnection
    from requests import RequestException

    for url in urls:
        if not url.startswith("https://"):
            raise ValueError(f"la dirección {url} no es https: el curso solo descarga por https")
    pooch.get_logger().setLevel("WARNING")  # sus avisos están en inglés
    for attempt in range(ROUNDS):
        failures = {}
        for url in urls:
            try:
                return Path(pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=_download))
            except (RequestException, ValueError) as error:
                failures[url] = error
        if all(isinstance(error, NoConnection) for error in failures.values()):
            break
        if attempt + 1 < ROUNDS:
            time.sleep(2**attempt)
    causes = "; ".join(f"{urlsplit(url).hostname}: {_cause(error)}" for url, error in failures.items())
    raise DownloadError(f"no se pudo descargar {name} ({causes})")


def _download(url, output_file, _):
    get = pooch.HTTPDownloader(
        chunk_size=2**16, timeout=(CONNECT_SECONDS, READ_SECONDS), hooks={"response": _inspect}
    )
    get(url, output_file, None)


def _inspect(response, **_):
    """Rechaza una redirección que no sea https; si empieza la transferencia, lo dice."""
    from requests.exceptions import InvalidSchema

    if response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if not target.startswith("https://"):
            raise InvalidSchema(f"redirige a {target}")
    elif response.ok:
        name = urlsplit(response.url).path.rpartition("/")[2]
        print(f"Descargando {name} de {urlsplit(response.url).hostname}…", file=sys.stderr)


def _cause(error) -> str:
    from requests import ConnectionError, HTTPError, Timeout
    from requests.exceptions import InvalidSchema

    if isinstance(error, Timeout):
        return "no responde a tiempo"
    if isinstance(error, ConnectionError):
        return "no hay conexión"
    if isinstance(error, HTTPError):
        return f"responde con el error {error.response.status_code}"
    if isinstance(error, InvalidSchema):
        return "redirige a una dirección que no es https"
    if isinstance(error, ValueError) and "hash" in str(error):
        return "el contenido no coincide con su sha256"
    return f"la transferencia se interrumpe ({type(error).__name__})"
