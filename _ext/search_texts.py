"""El texto de cada página, por apartados, en ``_static/texts``: de ahí sale el resumen de lo que se busca.

Va en un guion y no en JSON porque un navegador no lee otro archivo cuando la dirección empieza por ``file://``.
Faltan las fórmulas, que no se leen sin dibujar, y lo que está plegado en un desplegable: las soluciones.
"""

import json
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_design.dropdown import dropdown_main

LEFT_OUT = (nodes.comment, nodes.raw, nodes.math, nodes.math_block, nodes.title, nodes.section, dropdown_main)


def blocks(node: nodes.Element) -> Iterator[str]:
    """Texto de cada párrafo o bloque de código de ``node``, sin el de los apartados que contiene."""
    for child in node.children:
        if isinstance(child, LEFT_OUT):
            continue
        if isinstance(child, nodes.TextElement):
            yield prose(child)
        elif isinstance(child, nodes.Element):
            yield from blocks(child)


def prose(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return node.astext()
    return "" if isinstance(node, LEFT_OUT) else "".join(map(prose, node.children))


def sections_of(doctree: nodes.document) -> list[tuple[str, str]]:
    """Ancla y texto de cada apartado que tiene texto; el de la página entera, sin ancla."""
    found = []
    for place, section in enumerate(doctree.findall(nodes.section)):
        text = " ".join(" ".join(blocks(section)).split())
        if text:
            found.append((section["ids"][0] if place else "", text))
    return found


def write_texts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if doctree is not None:
        target = app.outdir / "_static" / "texts" / f"{pagename}.js"
        target.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps(sections_of(doctree), ensure_ascii=False, separators=(",", ":"))
        target.write_text(f"courseText({json.dumps(pagename)},{content});\n", encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", write_texts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
