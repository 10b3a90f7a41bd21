"""Por qué falla una descarga: cada causa de la red, del proxy, del entorno y del disco tiene su texto."""

import errno
import hashlib
import os
import socket
import ssl
import threading
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import requests
import trustme
import urllib3

from course_utils.datasets import sources
from course_utils.datasets.causes import DISK, disk_cause, network_cause
from course_utils.datasets.downloads import DownloadError, Policy, RemoteFile, fetch
from tests.https_server import HttpsServer, redirect

CONTENT = b"abc"
FAST = Policy(connect_seconds=1, read_seconds=0.3, rounds=1, backoff_seconds=0)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def cause(url: str, folder) -> str:
    """Lo que se dice al descargar de una dirección; siempre un DownloadError."""
    file = RemoteFile("prueba", "a", (url,), size=len(CONTENT), sha256=SHA256)
    with pytest.raises(DownloadError) as caught:
        fetch(file, folder, FAST)
    return str(caught.value).removeprefix("no se pudo descargar a (").removesuffix(")")


@contextmanager
def one_answer(answer):
    """Un servidor de texto en 127.0.0.1 que a cada conexión le hace ``answer(conexión)``, y su puerto."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        over = threading.Event()

        def serve():
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def says(text: bytes):
    """Lee la petición y contesta eso; sin texto, cuelga."""

    def answer(connection):
        connection.recv(10_000)
        connection.sendall(text)

    return answer


def resets(connection):
    connection.recv(10_000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # cierra con RST


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- La red --------------------------------------------------------------------------------------------


# urllib3 no cierra el socket cuando se corta el saludo de TLS.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (None, "rechaza la conexión"),
        (resets, "corta la conexión"),
        (says(b""), "no se llega a cifrar la conexión (TLS)"),
        (says(b"HTTP/1.1 200 OK\r\n\r\n"), "no se llega a cifrar la conexión (TLS)"),
        (lambda connection: threading.Event().wait(1.5), "no responde a tiempo"),
    ],
    ids=["refused", "reset", "closed", "plain http", "silent"],
)
def test_each_failure_of_the_connection_has_its_words(https, tmp_path, answer, text):
    with nullcontext(free_port()) if answer is None else one_answer(answer) as port:
        assert cause(f"https://127.0.0.1:{port}/a", tmp_path) == f"127.0.0.1:{port}: {text}"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no se encuentra su dirección (DNS)"),
        (socket.gaierror(-3, "Temporary failure"), "no se encuentra su dirección (DNS)"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no hay camino hasta él por la red"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no hay camino hasta él por la red"),
        (TimeoutError("timed out"), "no responde a tiempo"),
        (ConnectionAbortedError(), "corta la conexión"),
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign"), "no hay conexión"),
    ],
)
def test_what_the_system_says_of_the_network_is_told(https, tmp_path, monkeypatch, error, text):
    """El error del sistema, desde dentro de urllib3: nada sale de la máquina."""

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert cause("https://datos.invalid/a", tmp_path) == f"datos.invalid: {text}"


def test_the_certificate_is_blamed_only_of_what_it_is(https, authority, tmp_path, monkeypatch):
    bundle = os.environ["REQUESTS_CA_BUNDLE"]
    now = datetime.now(UTC)
    dates = {
        "ha caducado": {"not_after": now - timedelta(days=1)},
        "aún no vale": {"not_before": now + timedelta(days=1)},
    }
    for text, when in dates.items():
        server = HttpsServer(authority, identity="127.0.0.1", **when)
        assert text in cause(server.url("/a"), tmp_path)
        server.close()
    for identity, text in (("10.0.0.1", "es de otra dirección"), ("example.org", "es de otra dirección")):
        server = HttpsServer(authority, identity=identity)
        assert text in cause(server.url("/a"), tmp_path)
        server.close()
    server = HttpsServer(authority, identity="example.org")
    port = server.server.server_port
    monkeypatch.setattr(socket, "getaddrinfo", local(socket.getaddrinfo))
    assert "es de otro nombre" in cause(f"https://localhost:{port}/a", tmp_path)
    server.close()
    server = HttpsServer(trustme.CA())
    assert "su certificado no es de fiar" in cause(server.url("/a"), tmp_path)
    server.close()
    assert os.environ["REQUESTS_CA_BUNDLE"] == bundle


def local(original):
    """Resuelve cualquier nombre como esta máquina, por IPv4."""
    return lambda host, port, *_, **__: original("127.0.0.1", port, socket.AF_INET, socket.SOCK_STREAM)


def test_going_round_and_round_is_told(https, tmp_path):
    https.pages["/a"] = redirect(https.url("/a"))
    assert "redirige demasiadas veces" in cause(https.url("/a"), tmp_path)


def test_every_exception_of_requests_has_words():
    """Las que hay en esta versión: ninguna deja escapar otra clase de error ni una causa vacía."""
    kinds = [
        kind
        for kind in vars(requests.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, requests.RequestException)
        if not issubclass(kind, requests.exceptions.InvalidJSONError)  # aquí no se lee JSON
    ]
    inner = [OSError("?"), ssl.SSLError("?"), urllib3.exceptions.ProtocolError("?"), ConnectionResetError()]
    for kind in kinds:
        for error in (kind(), *map(kind, inner)):
            text = network_cause(error, "https://example.org/a")
            assert text, kind
            certain = issubclass(
                kind, requests.ConnectionError | requests.Timeout | requests.TooManyRedirects
            )
            assert certain or text.startswith("no se puede preparar la conexión"), (kind, text)
    assert len(kinds) >= 20


# --- El proxy ------------------------------------------------------------------------------------------


@pytest.fixture
def proxy(https, monkeypatch):
    """Pone un proxy en el entorno."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.delenv("no_proxy", raising=False)

    def put(value, name="HTTPS_PROXY"):
        monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), "responde con el error 403"),
        (
            says(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
            "responde con el error 407, que pide usuario y contraseña",
        ),
        (None, "rechaza la conexión"),
    ],
    ids=["403", "407", "refused"],
)
def test_the_proxy_is_named_when_it_is_the_one_that_fails(proxy, tmp_path, answer, text):
    with nullcontext(free_port()) if answer is None else one_answer(answer) as port:
        proxy(f"http://ana:secreta@127.0.0.1:{port}")
        said = cause("https://datos.invalid/a", tmp_path)
    assert said == f"datos.invalid: el proxy http://127.0.0.1:{port}: {text}"


def test_what_fails_beyond_the_proxy_is_not_blamed_on_either(proxy, tmp_path):
    with one_answer(resets) as port:
        proxy(f"http://ana:secreta@127.0.0.1:{port}")
        said = cause("https://datos.invalid/a", tmp_path)
    assert said == f"datos.invalid: corta la conexión, a través del proxy http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("socks5://127.0.0.1:9", "el proxy de HTTPS_PROXY es socks5 y falta PySocks: pip install pysocks"),
        ("ftp://u:p@127.0.0.1:9", "HTTPS_PROXY dice ftp://127.0.0.1:9, que no es la dirección de un proxy"),
        ("http://", "HTTPS_PROXY dice http://, que no es la dirección de un proxy http"),
        ("http://127.0.0.1:99999", "que no es la dirección de un proxy http"),
        ("http://[::1", "que no es la dirección de un proxy http"),
        ("http://uno dos:80", "que no es la dirección de un proxy http"),
        ("no.invalid:8080", "el proxy no.invalid:8080: no se encuentra su dirección (DNS)"),
    ],
)
def test_a_proxy_that_is_not_one_is_told_with_its_variable(proxy, tmp_path, monkeypatch, value, text):
    def unknown(*_, **__):  # hay redes que contestan algo a cualquier nombre
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    if "no.invalid" in value:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    proxy(value)
    said = cause("https://datos.invalid/a", tmp_path)
    assert text in said
    assert "https" not in said.replace(value, "")


def test_the_proxy_variable_is_the_one_that_is_set(proxy, tmp_path):
    proxy("socks5://127.0.0.1:9", name="ALL_PROXY")
    assert "el proxy de ALL_PROXY es socks5" in cause("https://datos.invalid/a", tmp_path)


# --- El entorno ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_does_not_exist_is_told_with_its_variable(https, tmp_path, monkeypatch, name):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv(name, "/no/existe")
    said = cause(https.url("/a"), tmp_path)
    assert said.endswith(f": {name}=/no/existe no existe: corrige esa variable o bórrala")


def test_a_bundle_without_certificates_is_told(https, tmp_path, monkeypatch):
    (tmp_path / "vacío.pem").write_text("hola")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "vacío.pem"))
    assert "vacío.pem no tiene ningún certificado" in cause(https.url("/a"), tmp_path / "datos")


@pytest.mark.parametrize("address", ["", "127.0.0.1:99999", "[::1", f"{'a' * 70}.es", ".es"])
def test_a_mirror_that_is_not_an_address_is_told(https, tmp_path, monkeypatch, address):
    monkeypatch.setenv("COURSE_DATA_MIRROR", f"https://{address}")
    assert "no es válida" in cause(https.url("/a"), tmp_path)


# --- El disco ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", sorted({*DISK, errno.ENOLCK, errno.EBUSY}))
def test_each_error_of_the_disk_is_told_and_none_is_invented(number, monkeypatch, tmp_path, capsys):
    """La caché falla con ese error, y la carpeta temporal, con otro: se dicen los dos y ninguno más."""
    folders = []

    def download(folder, _):
        folders.append(folder)
        raise OSError(number if len(folders) == 1 else errno.EROFS, "in English")

    monkeypatch.setattr(sources, "cache_folder", lambda name: tmp_path / name)
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    collection = sources.Collection("prueba", "Prueba", 3, None, download)
    assert sources.real_data(collection) is None
    said = capsys.readouterr().err
    assert (
        f"no se puede usar la caché {tmp_path / 'prueba'}: {disk_cause(OSError(number, 'in English'))}"
        in said
    )
    assert "ni la carpeta temporal: es de solo lectura" in said
    others = {
        text for text in DISK.values() if text not in (disk_cause(OSError(number, "")), DISK[errno.EROFS])
    }
    assert not [text for text in others if text in said]
    if number not in DISK:
        assert errno.errorcode[number] in said
