"""Referencia de la biblioteca en español: los rótulos que numpydoc y autodoc escriben en inglés."""

import re
from itertools import pairwise

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

SECTIONS = {
    "Parameters": "Parámetros",
    "Other Parameters": "Otros parámetros",
    "Attributes": "Atributos",
    "Returns": "Devuelve",
    "Yields": "Produce",
    "Raises": "Errores",
    "Warns": "Avisos",
    "Notes": "Notas",
    "Examples": "Ejemplos",
    "References": "Fuentes",
    "See Also": "Véase también",
}
# Las palabras que describen tipos; los nombres de los tipos no se traducen.
TYPE_WORDS = {
    "optional": "opcional",
    "or": "o",
    "of": "de",
    "to": "a",
    "and": "y",
    "shape": "forma",
    "same shape": "misma forma",
    "mapping": "diccionario",
    "sequence": "lista",
    "iterable": "iterable",
    "tuple": "tupla",
    "pairs": "parejas",
    "row": "fila",
    "column": "columna",
    "height": "alto",
    "width": "ancho",
    "context manager": "bloque with",
}
KINDS = {
    "class": "clase",
    "exception": "excepción",
    "property": "propiedad",
    "classmethod": "método de clase",
}

_TYPE_WORD = re.compile(rf"\b({'|'.join(sorted(TYPE_WORDS, key=len, reverse=True))})\b")


def translate_type(text: str) -> str:
    """``"int or tuple of (int, int), optional"`` en español."""
    return _TYPE_WORD.sub(lambda match: TYPE_WORDS[match[1]], text)


def replace_text(node: nodes.Element, words: dict[str, str]) -> None:
    """Cambia los textos de ``node`` que están enteros en ``words``."""
    for text in list(node.findall(nodes.Text)):
        if str(text) in words:
            text.parent.replace(text, nodes.Text(words[str(text)]))


def show_type(item: nodes.definition_list_item) -> None:
    """«nombre : tipo» en una sola línea, con el tipo en cursiva; sin nombre, solo el tipo."""
    term, classifier = item[0], next(item.findall(nodes.classifier), None)
    source = term if classifier is None else classifier
    # sin comillas tipográficas: "same" es código
    shown = nodes.emphasis("", translate_type(source.astext()), support_smartquotes=False)
    if classifier is None:
        term.children = []
        term += shown
    else:
        term += [nodes.Text(": "), shown]
        item.remove(classifier)


def sources_last(content: addnodes.desc_content) -> None:
    """numpydoc pone las fuentes delante de los ejemplos."""
    titles = [index for index, node in enumerate(content) if isinstance(node, nodes.rubric)]
    for start, end in pairwise([*titles, len(content)]):
        if content[start].astext() == "References":
            moved = content[start:end]
            del content[start:end]
            content += moved
            return


def translate_description(app: Sphinx, domain: str, objtype: str, content: addnodes.desc_content) -> None:
    """Rótulos de secciones, tipos de los parámetros y clase de objeto de una descripción."""
    sources_last(content)
    for rubric in content.findall(nodes.rubric):
        title = rubric.astext()
        rubric.children = []
        rubric += nodes.strong("", SECTIONS.get(title, title) + ":")
    for field in content.findall(nodes.field):
        replace_text(field[0], SECTIONS)
        for item in list(field.findall(nodes.definition_list_item)):
            show_type(item)
    for annotation in content.parent.findall(addnodes.desc_annotation):
        replace_text(annotation, KINDS)


def skip_fields(app: Sphinx, what: str, name: str, obj, skip: bool, options) -> bool | None:
    """Los campos de una tupla con nombre ya están en sus parámetros."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def setup(app: Sphinx) -> dict:
    app.connect("object-description-transform", translate_description)
    app.connect("autodoc-skip-member", skip_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
