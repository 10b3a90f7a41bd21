"""JupyterLab de verdad en 127.0.0.1, para probar figuras y ejercicios donde se usan."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
from filelock import FileLock
from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).resolve().parents[1]
#: El JupyterLab anterior, con los ipywidgets y el anywidget que lleva Colab (``jupyterlab-widgets<2`` lo pide
#: ipywidgets 7).
WIDGETS_7 = [
    "ipywidgets==7.7.1",
    "jupyterlab-widgets<2",
    "anywidget==0.9.21",
    "jupyterlab>=3.6,<4",
    # lo que importan las figuras y los ejercicios
    "numpy==2.1.3",
    "scikit-image==0.25.2",
    "markdown-it-py",
    "pyyaml",
]
START_SECONDS = 60  # lo que puede tardar en arrancar
ENVIRONMENT_7 = ROOT / "_build" / "ipywidgets7"


def prepare_widgets_7() -> Path:
    """Crea, si hace falta, el entorno con ipywidgets 7.7.1 y devuelve su Python; en paralelo, se espera."""
    python = ENVIRONMENT_7 / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = ENVIRONMENT_7 / "requirements.txt"
    wanted = "\n".join(WIDGETS_7)
    ENVIRONMENT_7.parent.mkdir(exist_ok=True)
    with FileLock(ENVIRONMENT_7.with_suffix(".lock")):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(ENVIRONMENT_7, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT_7)], check=True)
            pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-compile"]
            subprocess.run([*pip, *WIDGETS_7], check=True)
            stamp.write_text(wanted, encoding="utf-8")
    return python


@contextmanager
def jupyterlab(folder: Path, python: str | Path = sys.executable, *more: str) -> Iterator[str]:
    """Arranca JupyterLab en ``folder`` con ese Python y da su dirección; al salir lo detiene.

    Parameters
    ----------
    folder : Path
        Carpeta de los cuadernos; la configuración y los núcleos se guardan en ``folder/.jupyter``, no en la
        del usuario.
    python : str or Path
        Python con JupyterLab instalado. ``course_utils`` se importa de este repositorio.
    more : str
        Otras opciones de JupyterLab.

    Yields
    ------
    str
        Dirección en 127.0.0.1, sin barra final.
    """
    own = folder / ".jupyter"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(own),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "IPYTHONDIR": str(own / "ipython"),
        "PYTHONPATH": str(ROOT),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    options = [
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--ServerApp.token=",
        "--ServerApp.disable_check_xsrf=True",
        # sin preguntar a nadie de fuera si hay noticias o versiones nuevas
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    own.mkdir(parents=True, exist_ok=True)
    with open(own / "jupyterlab.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [str(python), "-m", "jupyterlab", *options, *more],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server, own / "jupyterlab.log")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(url, server, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urlopen(f"{url}/api", timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(
        f"JupyterLab no ha arrancado:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


@contextmanager
def notebook_tab(
    browser: Browser, folder: Path, cells: list[str], python: str | Path = sys.executable
) -> Iterator[Page]:
    """Una pestaña con un cuaderno de esas celdas, sin ejecutar, en un JupyterLab que dura lo que el bloque.

    ``page.errors`` y ``page.foreign`` apuntan los errores y las peticiones a otra parte.
    """
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    notebook = nbformat.v4.new_notebook(cells=code, metadata=kernel)
    nbformat.write(notebook, folder / "cuaderno.ipynb")
    with (
        jupyterlab(folder, python) as url,
        browser.new_context(viewport={"width": 1280, "height": 1200}) as context,
    ):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.errors, page.foreign = [], []
        own = (url, "blob:", "data:", "ws:")
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda sent: sent.url.startswith(own) or page.foreign.append(sent.url))
        page.goto(f"{url}/lab/tree/cuaderno.ipynb?reset")
        page.wait_for_function(
            f"window.jupyterapp && document.querySelectorAll('.jp-CodeCell').length >= {len(cells)}"
        )
        page.wait_for_function("!document.querySelector('.jp-SessionContext-loading')")
        yield page


def run_cell(page: Page, index: int) -> Locator:
    """Ejecuta la celda ``index`` de :func:`notebook_tab`, espera a que termine y la devuelve."""
    page.evaluate(
        """async (index) => {
          const panel = window.jupyterapp.shell.currentWidget;
          await panel.sessionContext.ready;
          panel.content.activeCellIndex = index;
          await window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(index)
    cell.locator(".jp-InputArea-prompt").filter(has_text="]:").filter(has_not_text="*").first.wait_for()
    return cell


if __name__ == "__main__":
    print(prepare_widgets_7())
