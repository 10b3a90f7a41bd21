"""Celdas plegadas (hide-input, hide-output, hide-cell): rótulo en español que dice qué se despliega.

MyST-NB usa un solo rótulo con «source» u «output» dentro, y un ``aria-label`` inglés que taparía el nuestro.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxTranslator

PROMPTS = {
    "input": ("Ver el código", "Ocultar el código"),
    "output": ("Ver la salida", "Ocultar la salida"),
    "all": ("Ver la celda", "Ocultar la celda"),
    "input+output": ("Desplegar", "Plegar"),
}


class SpanishPrompts(SphinxPostTransform):
    """Pone el rótulo antes de que MyST-NB envuelva la celda (prioridad 199); respeta el que trae."""

    default_priority = 198
    formats = ("html",)

    def run(self, **kwargs) -> None:
        default = self.config.nb_code_prompt_show
        for cell in self.document.findall(nodes.container):
            if cell.get("hide_mode") in PROMPTS and cell["prompt_show"] == default:
                cell["prompt_show"], cell["prompt_hide"] = PROMPTS[cell["hide_mode"]]


def visit_hidden(self: SphinxTranslator, node: HideCodeCellNode) -> None:
    classes = " ".join(["admonition", "hide", *node["classes"]])
    self.body.append(
        f'<details class="{classes}"><summary>'
        f'<span class="collapsed admonition-title">{self.encode(node["prompt_show"])}</span>'
        f'<span class="expanded admonition-title">{self.encode(node["prompt_hide"])}</span></summary>\n'
    )


def setup(app: Sphinx) -> dict:
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_HideCellInput))
    app.add_post_transform(SpanishPrompts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
