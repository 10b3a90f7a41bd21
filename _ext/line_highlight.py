"""Líneas resaltadas en una celda de cuaderno: metadato ``mystnb: {highlight_lines: "3,5-7"}``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging, parselinenos

logger = logging.getLogger(__name__)


def highlight_lines(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for cell in doctree.findall(nodes.container):
        spec = (cell.get("cell_metadata") or {}).get("mystnb", {}).get("highlight_lines")
        if spec is None:
            continue
        block = next(cell.findall(nodes.literal_block))
        total = block.astext().count("\n") + 1
        try:
            lines = [line + 1 for line in parselinenos(str(spec), total)]
        except ValueError:
            lines = []
        if not lines or min(lines) < 1 or max(lines) > total:
            logger.warning("highlight_lines: la celda tiene %d líneas, no %r", total, spec, location=cell)
            continue
        block.setdefault("highlight_args", {})["hl_lines"] = lines


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", highlight_lines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
