"""Una descarga de un origen: lo que contesta, lo que falta y lo que no se acepta."""

import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from course_utils.datasets.causes import network_cause
from course_utils.datasets.progress import Progress, TooSlow, shown_size

CHUNK_BYTES = 2**16
MAX_UNKNOWN_BYTES = 2**24  # 16 MiB: lo más que se acepta de un archivo cuyo tamaño no se conoce
CUT = "la transferencia se interrumpe"


class Refused(Exception):
    """Lo que contesta el origen no sirve, o no llega al final; el texto dice por qué."""


class Unreachable(Refused):
    """No se llega al origen, y repetirlo en seguida no lo arregla."""


def receive(url: str, file, partial: Path, policy) -> None:
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
        raise Refused(detail)


def _transfer(url, file, partial, policy) -> bool:
    """Pide lo que falte y lo añade a ``partial``; dice si había algo de antes."""
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    known = file.size is not None
    start = partial.stat().st_size if known and partial.is_file() else 0
    if known and start >= file.size:  # completo, o de otro archivo: que lo diga la verificación
        if start == file.size:
            return True
        start = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with _ask(url, headers, policy) as response:
        if response.status_code == 416:  # lo guardado no es de este archivo
            partial.unlink()
            return _transfer(url, file, partial, policy)
        if not response.ok:
            raise Refused(f"responde con el error {response.status_code}")
        start = _agreed_start(response, start)
        total = _agreed_total(response, file, start)
        print(f"Descargando {file.name} ({shown_size(total)}) de {urlsplit(url).hostname}…", file=sys.stderr)
        progress = Progress(file.name, start, total, policy)
        with partial.open("ab" if start else "wb") as output:
            received = start
            try:
                while chunk := response.raw.read1(CHUNK_BYTES):
                    received += len(chunk)
                    if received > total:
                        partial.unlink()
                        raise Refused(f"envía más de los {total} bytes que debería")
                    output.write(chunk)
                    progress.update(received)
            except ReadTimeoutError as error:
                raise Refused("no responde a tiempo") from error
            except HTTPError as error:
                raise Refused(CUT) from error
            except TooSlow as error:
                raise Refused(str(error)) from error
            finally:
                progress.close()
        announced = file.size is not None or response.headers.get("content-length")
        if announced and received < total:
            raise Refused(CUT)
    return start > 0


def _ask(url, headers, policy):
    """La respuesta, sin su contenido; lo que la impide, la red o una variable del entorno, con su causa."""
    import requests
    from urllib3.exceptions import HTTPError

    timeout, hooks = (policy.connect_seconds, policy.read_seconds), {"response": _refuse_plain_http}
    try:
        return requests.get(url, headers=headers, stream=True, timeout=timeout, hooks=hooks)
    except (requests.TooManyRedirects, requests.ReadTimeout) as error:
        raise Refused(network_cause(error, url)) from error
    except (OSError, HTTPError, ValueError) as error:
        raise Unreachable(network_cause(error, url)) from error


def _agreed_start(response, start: int) -> int:
    """Desde qué byte contesta el origen: el pedido, o cero si no sabe dar trozos."""
    if response.status_code != 206:
        return 0
    announced = response.headers.get("content-range", "")
    if not announced.startswith(f"bytes {start}-"):
        raise Refused("contesta con otro trozo del archivo")
    return start


def _agreed_total(response, file, start: int) -> int:
    """Bytes del archivo entero; se rechaza antes de recibir nada si lo anunciado no puede ser."""
    length = response.headers.get("content-length", "")
    announced = start + int(length) if length.isdecimal() else None
    if file.size is None:
        if announced is not None and announced > MAX_UNKNOWN_BYTES:
            raise Refused(f"anuncia {announced} bytes y el límite es {MAX_UNKNOWN_BYTES}")
        return announced or MAX_UNKNOWN_BYTES
    if announced not in (None, file.size):
        kind = response.headers.get("content-type", "").partition(";")[0]
        what = "una página web" if kind == "text/html" else "otro contenido"
        raise Refused(f"da {what}, de {announced} bytes, en lugar de {file.size}")
    return file.size


def _refuse_plain_http(response, **_):
    if response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if not target.startswith("https://"):
            response.close()
            raise Refused("redirige a una dirección que no es https")
