"""Imágenes: con su tamaño (la página no salta al cargar), diferidas y con texto alternativo o aviso."""

import imagesize
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

logger = logging.getLogger(__name__)


def visit_image(self: SphinxTranslator, node: nodes.image) -> None:
    """Lo que hace Sphinx, con los atributos que le faltan a ``<img>``."""
    if not node.get("alt"):
        logger.warning("imagen sin texto alternativo: %s", node["uri"], location=node)
    path = self.builder.srcdir / node["uri"]  # antes de que Sphinx lo cambie por la dirección publicada
    width, height = imagesize.get(path) if path.is_file() else (-1, -1)
    type(self).visit_image(self, node)  # el de la clase: en ``self`` está esta función
    if self.body[-1].lstrip().startswith("<img"):
        extra = ' loading="lazy" decoding="async"'
        if width > 0 and "width" not in node and "height" not in node:
            extra += f' width="{width}" height="{height}"'
        self.body[-1] = self.body[-1].replace("<img", "<img" + extra, 1)


def depart_image(self: SphinxTranslator, node: nodes.image) -> None:
    type(self).depart_image(self, node)


def setup(app: Sphinx) -> dict:
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
