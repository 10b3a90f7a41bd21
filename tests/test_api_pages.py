"""La referencia de la biblioteca: una página por módulo, toda en español."""

import html
import re

import pytest

from tests.test_architecture import ORDER, files_of, module_of

# lo que comparten los módulos de su carpeta
PRIVATE = {"arguments", "blocks", "causes", "panels", "polygons", "progress", "transfer"}
INSIDE = {"figures", "exercises"}  # se usan por sus nombres públicos, todos en el paquete


def documented(room):
    """Módulos de un paquete que tienen su apartado."""
    modules = {module_of(path) for path in files_of(room)}
    if room in INSIDE:
        return {f"course_utils.{room}"}
    if room == "experiments":  # cada experimento se lee en su capítulo
        shared = ("measurement", "behaviour", "protocol", "comparison")
        return {"course_utils.experiments", *(f"course_utils.experiments.{name}" for name in shared)}
    packages = {module for module in modules if any(one.startswith(f"{module}.") for one in modules)}
    plain = {one for one in modules - packages if one.rpartition(".")[2] not in PRIVATE | {"__main__"}}
    return plain | {f"course_utils.{room}"}


def test_every_room_has_its_page_with_all_its_modules(root):
    assert {path.stem for path in (root / "appendix" / "api").glob("*.md")} == set(ORDER)
    for room in ORDER:
        page = (root / "appendix" / "api" / f"{room}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# `{room}`: ")
        listed = re.findall(r"^\.\. automodule:: (\S+)$", page, re.MULTILINE)
        assert sorted(listed) == sorted(documented(room))
        for module in listed[1:]:
            short = module.removeprefix("course_utils.")
            assert f"## `{short}`\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:" in page


@pytest.mark.site
@pytest.mark.parametrize("name", sorted(ORDER))
def test_the_built_page_is_in_spanish(site, name):
    page = (site / "appendix" / "api" / f"{name}.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*</article>", page, re.DOTALL)[0]
    prose = re.sub(r"<(pre|code)\b.*?</\1>", " ", article, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", prose))
    assert "Parámetros" in text
    assert "Devuelve" in text or name == "plots"  # una figura se enseña y no devuelve nada
    english = re.findall(
        r"\b(Parameters|Returns|Raises|Yields|Examples|References|Notes|Bases|optional|shape|class|property"
        r"|Alias for field)\b|\bor tuple\b",
        text,
    )
    assert not english


@pytest.mark.site
def test_the_built_page_shows_examples_before_sources(site):
    page = (site / "appendix" / "api" / "ops.html").read_text(encoding="utf-8")
    one = page[page.index('id="course_utils.ops.convolution.conv2d"') :]
    places = [
        one.index(f">{title}") for title in ("Parámetros", "Devuelve", "Errores", "Ejemplos", "Fuentes")
    ]
    assert places == sorted(places)
    assert "katex" in one[: places[0]]
