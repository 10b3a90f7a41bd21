"""Descripción de cada página para buscadores: la que trae o, si no, su primer párrafo sin fórmulas."""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

SITE = "Curso de redes convolucionales en español: capítulos ejecutados, figuras interactivas y ejercicios."
LENGTH = 155  # caracteres que enseñan los buscadores


def describe(doctree: nodes.document | None) -> str:
    """Primer párrafo de prosa de la página, cortado en una palabra."""
    paragraphs = doctree.findall(nodes.paragraph) if doctree else ()
    for paragraph in paragraphs:
        text = " ".join(paragraph.astext().split())
        if len(text) < 50 or next(paragraph.findall(nodes.math), None) is not None:
            continue
        if len(text) <= LENGTH:
            return text
        return text[:LENGTH].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
    return SITE


def add_description(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if 'name="description"' not in context.get("metatags", ""):
        tag = f'\n    <meta name="description" content="{escape(describe(doctree))}" />'
        context["metatags"] = context.get("metatags", "") + tag


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", add_description)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
