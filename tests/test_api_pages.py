"""La referencia de la biblioteca: una página por módulo, toda en español."""

import html
import re

import pytest

from tests.test_architecture import modules

# Los experimentos se leen en su capítulo: no los importa nadie más.
UNDOCUMENTED = {"experiments"}


def test_every_module_has_its_page_and_is_in_the_index(root):
    pages = {path.stem for path in (root / "appendix" / "api").glob("*.md")}
    assert pages == set(modules()) - UNDOCUMENTED
    index = (root / "appendix" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^   (\w+)$", index, re.MULTILINE)
    assert sorted(listed) == sorted(pages)
    for name in pages:
        page = (root / "appendix" / "api" / f"{name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# `{name}`: ")
        assert f".. automodule:: course_utils.{name}\n   :members:" in page


@pytest.mark.site
@pytest.mark.parametrize("name", sorted(set(modules()) - UNDOCUMENTED))
def test_the_built_page_is_in_spanish(site, name):
    page = (site / "appendix" / "api" / f"{name}.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*</article>", page, re.DOTALL)[0]
    prose = re.sub(r"<(pre|code)\b.*?</\1>", " ", article, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", prose))
    for title in ("Parámetros", "Devuelve"):
        assert title in text
    english = re.findall(
        r"\b(Parameters|Returns|Raises|Yields|Examples|References|Notes|Bases|optional|shape|class|property"
        r"|Alias for field)\b|\bor tuple\b",
        text,
    )
    assert not english


@pytest.mark.site
def test_the_built_page_shows_examples_before_sources(site):
    page = (site / "appendix" / "api" / "convolution.html").read_text(encoding="utf-8")
    one = page[page.index('id="course_utils.convolution.conv2d"') :]
    places = [
        one.index(f">{title}") for title in ("Parámetros", "Devuelve", "Errores", "Ejemplos", "Fuentes")
    ]
    assert places == sorted(places)
    assert "katex" in one[: places[0]]
