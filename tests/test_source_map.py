"""De los apuntes al libro: todo lo que dicen tiene un sitio, y lo que dejan suelto se precisa."""

import re

import pytest
import yaml

from tests.conftest import ROOT
from tools.notebooks import find_source, read_source

MAP = yaml.safe_load((ROOT / "tests" / "source_map.yaml").read_text(encoding="utf-8"))
FIELDS = {"kind", "note", "chapter", "section", "says"}
KINDS = {"heading", "diagram", "note", "code", "statement"}


def plain(text):
    """Sin negritas, cursivas, enlaces ni saltos de línea: lo que se lee."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", text.replace("*", ""))


def section_of(number, title):
    """Texto y código de una sección: desde su título hasta el siguiente."""
    found, inside = [], False
    for cell in read_source(find_source(number)).cells:
        for part in re.split(r"(?m)^(?=#{2,3} )", cell.source if cell.cell_type == "markdown" else ""):
            heading = re.match(r"#{2,3} (.+)", part)
            if heading:
                inside = plain(heading[1]) == plain(title)
            if inside:
                found.append(part)
        if inside and cell.cell_type == "code":
            found.append(cell.source)
    assert found, f"el capítulo {number} no tiene ninguna sección «{title}»"
    return "\n".join(found)


@pytest.mark.parametrize("entry", MAP, ids=lambda entry: f"{entry['chapter']}-{entry['note'][:40]}")
def test_each_thing_in_the_notes_lives_in_its_section(entry):
    assert set(entry) >= FIELDS
    assert set(entry) <= FIELDS | {"exact", "link", "highlight"}
    assert entry["kind"] in KINDS
    assert plain(entry["says"]) in plain(section_of(entry["chapter"], entry["section"]))


@pytest.mark.parametrize("entry", [e for e in MAP if "link" in e], ids=lambda entry: entry["note"])
def test_each_link_of_the_notes_is_in_the_sources_of_its_chapter(entry):
    assert f"({entry['link']})" in section_of(entry["chapter"], "Fuentes")


@pytest.mark.parametrize("entry", [e for e in MAP if "highlight" in e], ids=lambda entry: entry["note"])
def test_the_marked_line_of_each_sample_is_highlighted(entry):
    cells = [
        cell
        for cell in read_source(find_source(entry["chapter"])).cells
        if cell.cell_type == "code" and entry["highlight"] in cell.source
    ]
    assert len(cells) == 1
    marked = str(cells[0].metadata["mystnb"]["highlight_lines"])
    assert cells[0].source.splitlines()[int(marked) - 1] == entry["highlight"]


def test_every_kind_is_there_and_loose_statements_are_made_exact():
    assert {entry["kind"] for entry in MAP} == KINDS
    said = " ".join(entry.get("exact", "") for entry in MAP)
    for correction in (
        "rectangular",
        "por filtro, no por capa",
        "no tiene filtros",
        "la agranda",
        "suposición",
    ):
        assert correction in said
