"""La solución de un ejercicio de código solo está en la página de soluciones de su capítulo."""

import ast
import json
import re
from html import unescape

import pytest
from bs4 import BeautifulSoup

from course_utils.exercises.registry import all_exercises

pytestmark = pytest.mark.site

TEXT = {".html", ".md", ".txt", ".ipynb", ".py", ".json", ".js", ".mjs", ".xml", ".inv"}


def compact(text):
    return re.sub(r"\s+", "", text)


def page_of(item):
    return f"appendix/soluciones/{item.id[:2]}.html"


def forms_of(item):
    """Cómo reconocer la solución: su explicación y su código, con la ayuda de la función o sin ella."""
    tree = ast.parse(item.source)
    [function] = tree.body
    bare = ast.unparse(ast.Module([ast.FunctionDef(**{**vars(function), "body": function.body[1:]})], []))
    return {
        "explicación": compact(re.sub(r"[`*]", "", item.explanation)),
        "código": compact(item.source),
        "código sin ayuda": compact(bare),
    }


@pytest.fixture(scope="module")
def texts(site):
    """Lo que se puede leer en cada archivo del sitio, sin etiquetas ni espacios."""
    found = {}
    for path in site.rglob("*"):
        if path.suffix in TEXT and path.is_file():
            raw = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".ipynb":
                raw = "\n".join(_strings(json.loads(raw)))
            plain = unescape(re.sub(r"<[^>]+>", "", raw))
            found[path.relative_to(site).as_posix()] = compact(re.sub(r"[`*]", "", plain)), compact(plain)
    return found


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # nbformat parte los textos en líneas
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


@pytest.mark.parametrize("item", all_exercises(), ids=lambda item: item.id)
def test_the_solution_is_nowhere_else(texts, item):
    forms = forms_of(item)
    for name, versions in texts.items():
        if name == page_of(item):
            continue
        leaked = [what for what, form in forms.items() if any(form in text for text in versions)]
        assert leaked == [], f"{name} contiene la solución de {item.id}: {', '.join(leaked)}"


@pytest.mark.parametrize("item", all_exercises(), ids=lambda item: item.id)
def test_the_solution_is_found_where_it_must_be(texts, item):
    """La búsqueda de arriba reconoce la solución en la única página que la tiene."""
    forms = forms_of(item)
    page = texts[page_of(item)]
    assert forms["explicación"] in page[0]
    assert forms["código"] in page[1]


def test_the_search_index_does_not_carry_solutions(texts):
    assert "searchindex.js" in texts
    assert any(name.startswith("_sources/") for name in texts)


@pytest.mark.parametrize("item", all_exercises(), ids=lambda item: item.id)
def test_the_list_leads_to_the_solution(site, item):
    """También desde los enlaces de cuando todas estaban en una página."""
    listed = BeautifulSoup((site / "appendix/soluciones.html").read_text(encoding="utf-8"), "html.parser")
    there = BeautifulSoup((site / page_of(item)).read_text(encoding="utf-8"), "html.parser")
    [link] = [link for link in listed.main.find_all("a") if link.text.startswith(f"{item.id} ·")]
    page, _, anchor = link["href"].partition("#")
    assert f"appendix/{page}" == page_of(item)
    assert there.find(id=anchor).h2.text.rstrip("#") == link.text
    assert link["id"] == anchor
