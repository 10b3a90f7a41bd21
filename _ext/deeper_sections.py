"""Las secciones «Para profundizar: …» se pliegan en la página; en el cuaderno son una sección como las demás.

El título queda a la vista, también en el índice; lo que sigue va dentro de un ``<details>``, que
``assets/folds.js`` abre cuando se llega a algo de dentro por un enlace o por la búsqueda, y al imprimir.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxTranslator

TITLE = "Para profundizar"


class Deeper(nodes.General, nodes.Element):
    """Lo que se pliega de una sección."""


class FoldDeeperSections(SphinxPostTransform):
    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for section in list(self.document.findall(nodes.section)):
            title, *rest = section.children
            if title.astext().startswith(TITLE) and rest:
                section.children = [title]
                section += Deeper("", *rest)


def visit_deeper(self: SphinxTranslator, node: Deeper) -> None:
    self.body.append(
        '<details class="deeper"><summary><span class="collapsed">Leer esta parte</span>'
        '<span class="expanded">Plegar esta parte</span></summary>\n'
    )


def depart_deeper(self: SphinxTranslator, node: Deeper) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> dict:
    app.add_node(Deeper, html=(visit_deeper, depart_deeper))
    app.add_post_transform(FoldDeeperSections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
