"""En la página, un número como 60 000 no se parte al final de la línea: su espacio es fino y no separable."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

THOUSANDS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
NARROW_SPACE = "\u202f"


class UnbrokenNumbers(SphinxPostTransform):
    default_priority = 195
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if THOUSANDS.search(text) and not _is_code(text.parent):
                text.parent.replace(text, nodes.Text(THOUSANDS.sub(NARROW_SPACE, text)))


def _is_code(node: nodes.Node) -> bool:
    """Lo que se copia tal cual: código, fórmulas y las salidas de las celdas."""
    return isinstance(node, nodes.literal | nodes.FixedTextElement | nodes.math | nodes.raw)


def setup(app: Sphinx) -> dict:
    app.add_post_transform(UnbrokenNumbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
