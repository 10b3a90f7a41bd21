"""De dónde salen los datos, qué se rechaza y qué se dice cuando faltan. Ninguna prueba sale a la red."""

import errno
import gzip
import hashlib
import io
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from requests.adapters import HTTPAdapter

from course_utils import datasets, downloads
from course_utils.datasets import Dataset, load_fashion_mnist, split_validation, used_fingerprints
from course_utils.idx import read_idx
from course_utils.stand_ins import draw_garments

REAL = "Fashion-MNIST: datos reales.\n"
STAND_IN = "Fashion-MNIST: datos sustitutos, dibujados por el curso.\n"


def idx_bytes(array) -> bytes:
    """El formato IDX escrito aparte, según su descripción."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


# --- IDX -----------------------------------------------------------------------------------------------


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6)))
def test_idx_returns_what_was_written(array):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.gz")
        path.write_bytes(gzip.compress(idx_bytes(array)))
        np.testing.assert_array_equal(read_idx(path, array.ndim), array)


LABELS = idx_bytes(np.arange(5))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(content, message, id=fact)
        for fact, content, message in [
            ("short", gzip.compress(LABELS[:-1]), "está incompleto: su cabecera anuncia 5 valores"),
            ("half a header", gzip.compress(LABELS[:6]), "está incompleto"),
            ("long", gzip.compress(LABELS + b"\0"), "le sobran datos"),
            ("empty", gzip.compress(b""), "empieza por nada"),
            ("html", gzip.compress(b"<html></html>"), "empieza por 3c 68 74 6d"),
            (
                "axes",
                gzip.compress(idx_bytes(np.zeros((2, 2)))),
                "00 00 08 02 y debería empezar por 00 00 08 01",
            ),
            ("floats", gzip.compress(b"\0\0\x0d\1" + LABELS[4:]), "empieza por 00 00 0d 01"),
            ("huge", gzip.compress(b"\0\0\x08\1\xff\xff\xff\xff"), "anuncia 4294967295 bytes"),
            ("not compressed", LABELS, "está dañado o incompleto"),
            ("cut", gzip.compress(LABELS)[:-9], "está dañado o incompleto"),
            ("checksum", gzip.compress(LABELS)[:-8] + bytes(8), "está dañado o incompleto"),
            ("garbage", gzip.compress(LABELS)[:10] + b"\xff" * 20, "está dañado o incompleto"),
        ]
    ],
)
def test_idx_refuses_anything_else(tmp_path, content, message):
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_idx(path, ndim=1)
    assert "labels.gz" in str(caught.value)


def test_idx_does_not_decompress_a_bomb(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(LABELS + bytes(50_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="le sobran datos"):
            read_idx(path, ndim=1)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


# --- Dataset -------------------------------------------------------------------------------------------


def small(**changes) -> Dataset:
    values = {
        "name": "prueba",
        "x_train": np.arange(24 * 4, dtype=np.uint8).reshape(24, 2, 2, 1),
        "y_train": np.arange(24) % 3,
        "x_test": np.zeros((6, 2, 2, 1), np.uint8),
        "y_test": np.arange(6) % 3,
        "class_names": ("a", "b", "c"),
        "provenance": "",
        "licence": "",
        "is_stand_in": True,
    }
    return Dataset(**values | changes)


def test_fingerprint_changes_with_one_pixel_or_one_label():
    changed_pixel, changed_label = small().x_test.copy(), small().y_train.copy()
    changed_pixel[5, 1, 1, 0] += 1
    changed_label[0] += 1
    prints = {
        small().fingerprint,
        small(x_test=changed_pixel).fingerprint,
        small(y_train=changed_label).fingerprint,
    }
    assert len(prints) == 3
    assert small().fingerprint in prints
    assert all(len(value) == 16 and int(value, 16) for value in prints)


def test_dataset_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        small().x_train[0] = 0
    with pytest.raises(AttributeError):
        small().licence = "otra"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_test": np.zeros((6, 2, 2), np.uint8)}, r"test tienen forma \(6, 2, 2\)"),
        ({"x_train": np.zeros((24, 2, 2, 1))}, "tipo float64"),
        ({"y_train": np.arange(23) % 3}, r"etiquetas forma \(23,\)"),
        ({"y_test": np.full(6, 3)}, "deben ir de 0 a 2"),
        ({"y_test": np.full(6, -1)}, "deben ir de 0 a 2"),
        ({"x_test": np.zeros((0, 2, 2, 1), np.uint8), "y_test": np.zeros(0, int)}, "deben ir de 0 a 2"),
    ],
)
def test_dataset_refuses_what_does_not_fit(change, message):
    with pytest.raises(ValueError, match=message):
        small(**change)


@given(st.floats(0.05, 0.95), st.integers(0, 5))
def test_validation_split_shares_out_each_image_once(fraction, seed):
    data = small()
    (x_fit, y_fit), (x_val, y_val) = split_validation(data, fraction, seed)
    firsts = np.concatenate([x_fit, x_val])[:, 0, 0, 0]  # 0, 4, 8…: distinto en cada imagen
    assert sorted(firsts.tolist()) == list(range(0, 96, 4))
    assert len(x_val) == round(24 * fraction)
    np.testing.assert_array_equal(np.concatenate([y_fit, y_val]), firsts // 4 % 3)
    np.testing.assert_array_equal(split_validation(data, fraction, seed)[1][0], x_val)


def test_validation_split_depends_on_the_seed():
    first, second = (split_validation(small(), 0.5, seed)[1][0] for seed in (0, 1))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("fraction", [0, 0.001, 0.999, 1, -1, 2])
def test_validation_split_refuses_an_empty_part(fraction):
    with pytest.raises(ValueError, match="una parte queda vacía"):
        split_validation(small(), fraction)


# --- Datos sustitutos ----------------------------------------------------------------------------------


def test_stand_in_is_the_same_everywhere(capsys):
    data = load_fashion_mnist(stand_in=True)
    assert capsys.readouterr() == (STAND_IN, "")
    assert data.is_stand_in
    assert data.fingerprint == "bc5b57b9477e3e87"
    assert used_fingerprints()["fashion-mnist"] == f"stand-in:{data.fingerprint}"
    assert (len(data.x_train), len(data.x_test)) == (1600, 400)
    assert len(data.class_names) == 10
    assert np.bincount(np.concatenate([data.y_train, data.y_test])).tolist() == [200] * 10


def test_stand_in_depends_on_the_seed():
    first, second = draw_garments(20, seed=1)[0], draw_garments(20, seed=2)[0]
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("n", [0, -10, 15])
def test_stand_in_has_as_many_images_of_each_class(n):
    with pytest.raises(ValueError, match="múltiplo de 10"):
        draw_garments(n, seed=0)


def test_stand_in_needs_more_than_comparing_pixels():
    """La imagen más parecida, píxel a píxel, acierta mucho más que el azar y se equivoca a menudo."""
    data = load_fashion_mnist(stand_in=True)
    train, test = (x.reshape(len(x), -1).astype(float) for x in (data.x_train, data.x_test))
    distance = (train**2).sum(1) - 2 * test @ train.T
    hits = np.mean(data.y_train[distance.argmin(axis=1)] == data.y_test)
    assert 0.3 < hits < 0.8


# --- Descarga: un servidor de mentira detrás de requests ------------------------------------------------

SOURCES = ("https://uno.example/", "https://dos.example/")


class Server(HTTPAdapter):
    """Contesta a requests desde un diccionario {dirección: respuesta o lista de respuestas}."""

    def __init__(self, pages):
        super().__init__()
        self.pages, self.asked = pages, []

    def send(self, request, **kwargs):
        self.asked.append(request.url)
        self.timeout = kwargs["timeout"]
        answer = self.pages.get(request.url, requests.ConnectionError("sin red"))
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
        stream = body if hasattr(body, "read") else io.BytesIO(body)
        return self.build_response(
            request,
            urllib3.HTTPResponse(stream, headers, status, preload_content=False, decode_content=False),
        )


@pytest.fixture
def serve(monkeypatch):
    """Función que pone un servidor y devuelve lo que se le pide; las esperas quedan anotadas, no se hacen."""

    def start(pages):
        server = Server(pages)
        server.waits = []
        monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: server)
        monkeypatch.setattr(downloads.time, "sleep", server.waits.append)
        return server

    return start


GOOD = b"contenido bueno"
URLS = [f"{source}a.gz" for source in SOURCES]


def fetch(folder):
    return downloads.fetch("a.gz", hashlib.sha256(GOOD).hexdigest(), URLS, folder)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_download_writes_the_verified_file_and_asks_no_more(tmp_path, serve, capsys):
    server = serve({URLS[0]: GOOD})
    folder = tmp_path / "nueva" / "carpeta"
    assert fetch(folder).read_bytes() == GOOD
    assert fetch(folder).read_bytes() == GOOD
    assert server.asked == URLS[:1]
    assert server.timeout == (downloads.CONNECT_SECONDS, downloads.READ_SECONDS)
    assert names(folder) == ["a.gz"]
    assert capsys.readouterr() == ("", "Descargando a.gz de uno.example…\n")


class Broken(io.BytesIO):
    """La conexión se corta después de los primeros bytes."""

    def read(self, *_):
        if self.tell():
            raise urllib3.exceptions.ProtocolError("cortada")
        return super().read(5)


HTML = b"<html>Identificate en la red del hotel</html>"
MOVED = {"location": "http://uno.example/a.gz"}


@pytest.mark.parametrize(
    ("bad", "cause"),
    [
        ((503, {}, b""), "uno.example: responde con el error 503"),
        (HTML, "uno.example: el contenido no coincide con su sha256"),
        ((200, {}, GOOD[:4]), "uno.example: el contenido no coincide con su sha256"),
        ((302, MOVED, b""), "uno.example: redirige a una dirección que no es https"),
        (lambda: Broken(GOOD), "uno.example: la transferencia se interrumpe"),
        (requests.ReadTimeout(), "uno.example: no responde a tiempo"),
        (requests.ConnectTimeout(), "uno.example: no responde a tiempo"),
        (requests.ConnectionError(), "uno.example: no hay conexión"),
    ],
    ids=["503", "html", "short", "to http", "cut", "stalled", "unreachable", "refused"],
)
def test_download_goes_to_the_mirror_and_tells_each_cause(tmp_path, serve, bad, cause):
    server = serve({URLS[0]: [bad], URLS[1]: GOOD})
    assert fetch(tmp_path).read_bytes() == GOOD
    assert server.asked == URLS
    assert names(tmp_path) == ["a.gz"]

    other = tmp_path / "otra"
    server = serve({URLS[0]: bad, URLS[1]: (404, {}, b"")})
    with pytest.raises(downloads.DownloadError, match="responde con el error 404") as caught:
        fetch(other)
    assert cause in str(caught.value)
    assert server.asked == URLS * downloads.ROUNDS
    assert server.waits == [1, 2]
    assert names(other) == []


def test_download_insists_after_a_passing_failure(tmp_path, serve):
    server = serve({URLS[0]: [(503, {}, b""), GOOD], URLS[1]: (500, {}, b"")})
    assert fetch(tmp_path).read_bytes() == GOOD
    assert server.asked == [*URLS, URLS[0]]


def test_download_follows_an_https_redirection(tmp_path, serve):
    serve({URLS[0]: (302, {"location": "https://tres.example/b"}, b""), "https://tres.example/b": GOOD})
    assert fetch(tmp_path).read_bytes() == GOOD


def test_without_network_nothing_is_waited_for(tmp_path, serve):
    server = serve({})
    with pytest.raises(
        downloads.DownloadError, match=r"uno\.example: no hay conexión; dos\.example: no hay conexión"
    ):
        fetch(tmp_path)
    assert server.asked == URLS
    assert server.waits == []


def test_a_damaged_file_is_replaced_only_by_a_good_one(tmp_path, serve):
    (tmp_path / "a.gz").write_bytes(b"a medias")
    serve({})
    with pytest.raises(downloads.DownloadError):
        fetch(tmp_path)
    assert (tmp_path / "a.gz").read_bytes() == b"a medias"
    serve({URLS[1]: GOOD})
    assert fetch(tmp_path).read_bytes() == GOOD
    assert names(tmp_path) == ["a.gz"]


# --- load_fashion_mnist --------------------------------------------------------------------------------


@pytest.fixture
def official(monkeypatch, tmp_path):
    """Un Fashion-MNIST diminuto en lugar del oficial, y una caché vacía: {nombre: contenido}."""
    rng = np.random.default_rng(0)
    content = {}
    for name, (ndim, _) in datasets.FASHION_MNIST_FILES.items():
        n = 30 if name.startswith("train") else 10
        array = rng.integers(256, size=(n, 28, 28)) if ndim == 3 else np.arange(n) % 10
        content[name] = gzip.compress(idx_bytes(array))
    registry = {
        name: (datasets.FASHION_MNIST_FILES[name][0], hashlib.sha256(data).hexdigest())
        for name, data in content.items()
    }
    monkeypatch.setattr(datasets, "FASHION_MNIST_FILES", registry)
    monkeypatch.setattr(datasets, "FASHION_MNIST_SOURCES", SOURCES)
    monkeypatch.setattr(datasets.platformdirs, "user_cache_path", lambda _: tmp_path / "cache")
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    return content


@pytest.fixture
def data_dir(monkeypatch, tmp_path, official):
    """COURSE_DATA_DIR con los cuatro archivos."""
    folder = tmp_path / "datos" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name, data in official.items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("COURSE_DATA_DIR", str(folder.parent))
    return folder


def pages(official, source=SOURCES[0]):
    return {source + name: data for name, data in official.items()}


def few_lines(text) -> bool:
    return 0 < len(text.strip().splitlines()) <= 5


def test_the_directory_comes_first(data_dir, serve, capsys):
    server = serve({})
    data = load_fashion_mnist()
    assert capsys.readouterr() == (REAL, "")
    assert not data.is_stand_in
    assert (data.x_train.shape, data.x_train.dtype) == ((30, 28, 28, 1), np.uint8)
    assert (data.y_test.tolist(), data.y_test.dtype) == (list(range(10)), np.int64)
    assert used_fingerprints()["fashion-mnist"] == data.fingerprint
    assert server.asked == []


def test_a_directory_that_does_not_exist_is_an_error(monkeypatch, tmp_path, serve):
    server = serve({})
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nada"))
    with pytest.raises(FileNotFoundError, match="esa carpeta no existe") as caught:
        load_fashion_mnist()
    assert few_lines(str(caught.value))
    assert server.asked == []


@pytest.mark.parametrize("value", ["", "vacía"])
def test_a_directory_without_the_set_goes_on_to_the_next_source(
    official, monkeypatch, tmp_path, serve, value
):
    (tmp_path / "vacía").mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", value and str(tmp_path / value))
    serve(pages(official))
    assert not load_fashion_mnist().is_stand_in
    assert names(tmp_path / "vacía") == []


def test_a_missing_file_in_the_directory_is_an_error(data_dir):
    (data_dir / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"falta t10k-labels-idx1-ubyte\.gz") as caught:
        load_fashion_mnist()
    assert few_lines(str(caught.value))


def test_a_file_that_is_not_the_official_one_is_an_error(data_dir):
    path = data_dir / "train-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="no es el archivo oficial") as caught:
        load_fashion_mnist()
    assert few_lines(str(caught.value))
    assert len(path.read_bytes()) > 0


def test_download_fills_the_cache_that_then_works_without_network(official, tmp_path, serve, capsys):
    server = serve(pages(official))
    first = load_fashion_mnist()
    assert len(server.asked) == 4
    assert names(tmp_path / "cache" / "fashion-mnist") == sorted(official)
    assert capsys.readouterr().out == REAL
    server = serve({})
    assert load_fashion_mnist().fingerprint == first.fingerprint
    assert server.asked == []
    assert capsys.readouterr() == (REAL, "")


def test_a_corrupt_cache_is_repaired_from_the_mirror(official, tmp_path, serve):
    cache = tmp_path / "cache" / "fashion-mnist"
    cache.mkdir(parents=True)
    for name, data in official.items():
        (cache / name).write_bytes(data[:-1])
    serve(pages(official, SOURCES[1]))
    assert not load_fashion_mnist().is_stand_in
    assert {name: (cache / name).read_bytes() for name in names(cache)} == official


@pytest.mark.parametrize("damaged", [False, True])
def test_without_network_the_stand_in_is_used_and_explained(official, tmp_path, serve, capsys, damaged):
    cache = tmp_path / "cache" / "fashion-mnist"
    if damaged:
        cache.mkdir(parents=True)
        (cache / "train-images-idx3-ubyte.gz").write_bytes(b"a medias")
    server = serve({})
    assert load_fashion_mnist().is_stand_in
    out, err = capsys.readouterr()
    assert out == STAND_IN
    assert few_lines(err)
    assert "no hay conexión" in err
    assert "define COURSE_DATA_DIR" in err
    assert len(server.asked) == 2  # no se intenta con los otros tres archivos
    assert server.waits == []
    assert names(cache) == (["train-images-idx3-ubyte.gz"] if damaged else [])


def test_an_unwritable_cache_still_gives_the_real_data(official, tmp_path, serve, capsys, monkeypatch):
    (tmp_path / "cache").write_bytes(b"")  # un archivo donde debería haber una carpeta: tampoco root escribe
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    serve(pages(official))
    assert not load_fashion_mnist().is_stand_in
    out, err = capsys.readouterr()
    assert out == REAL
    explanation = [line for line in err.splitlines() if not line.startswith("Descargando")]
    assert few_lines("\n".join(explanation))
    assert "no se puede escribir en la caché" in err
    assert names(tmp_path / "tmp") == []


def test_an_unwritable_cache_without_network_ends_in_the_stand_in(official, tmp_path, serve, capsys):
    (tmp_path / "cache").write_bytes(b"")
    serve({})
    assert load_fashion_mnist().is_stand_in
    out, err = capsys.readouterr()
    assert out == STAND_IN
    assert few_lines(err)


def test_a_full_disk_leaves_nothing_half_written(official, tmp_path, serve, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(downloads.pooch.HTTPDownloader, "__call__", full)
    serve(pages(official))
    assert load_fashion_mnist().is_stand_in
    out, err = capsys.readouterr()
    assert out == STAND_IN
    assert few_lines(err)
    assert "el disco está lleno" in err
    assert names(tmp_path / "cache" / "fashion-mnist") == []


def test_each_loader_records_its_own_name(data_dir, capsys):
    for name, load in datasets.LOADERS.items():
        assert load().name == name
        assert name in used_fingerprints()
