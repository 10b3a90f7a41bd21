"""El servidor de ``make ver`` y de las pruebas."""

import gzip
import urllib.error
import urllib.request

import pytest

from tools import serve
from tools.serve import main, make_server


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "index.html").write_text("<p>hola</p>" * 100, encoding="utf-8")
    (tmp_path / "a.woff2").write_bytes(bytes(200))
    return tmp_path


def get(url, encoding="gzip"):
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as answer:
        return answer.headers, answer.read()


def test_texts_are_compressed_and_fonts_are_not(folder):
    with serve.serve(folder) as address:
        headers, body = get(f"{address}/")
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == (folder / "index.html").read_bytes()
        assert get(f"{address}/", encoding="identity")[1] == (folder / "index.html").read_bytes()
        headers, body = get(f"{address}/a.woff2")
        assert (headers["Content-Encoding"], body) == (None, bytes(200))


def test_only_this_machine_can_connect_and_a_missing_page_is_404(folder):
    with serve.serve(folder) as address:
        assert address.startswith("http://127.0.0.1:")
        with pytest.raises(urllib.error.HTTPError) as error:
            get(f"{address}/no-existe.html")
        error.value.close()
    assert error.value.code == 404


@pytest.mark.parametrize("port", ["ocho", "99999"])
def test_a_bad_port_is_explained_in_spanish(folder, monkeypatch, capsys, port):
    monkeypatch.setattr(serve, "SITE", folder)
    assert main(port) == 1
    assert f"No se puede usar el puerto {port}: elige otro" in capsys.readouterr().err


def test_a_busy_port_is_explained_in_spanish(folder, monkeypatch, capsys):
    monkeypatch.setattr(serve, "SITE", folder)
    with make_server(folder, 0) as busy:
        assert main(str(busy.server_port)) == 1
    assert "elige otro" in capsys.readouterr().err


def test_without_a_site_it_says_what_to_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    assert main("8000") == 1
    assert "ejecuta antes «make libro»" in capsys.readouterr().err
