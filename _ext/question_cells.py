"""En la página, una celda que solo pide una pregunta o un ejercicio se ve sin su código: basta lo que enseña.

El cuaderno la conserva entera: allí se ejecuta.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

REQUEST = re.compile(r'(question|exercise)\("[0-9]{2}\.q?[0-9]+"\)(\.widget\(\))?')


class OnlyTheQuestion(SphinxPostTransform):
    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for code in list(self.document.findall(_is_input)):
            if REQUEST.fullmatch(code.astext().strip()):
                code.parent.remove(code)


def _is_input(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "cell_input" in node["classes"]


def setup(app: Sphinx) -> dict:
    app.add_post_transform(OnlyTheQuestion)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
