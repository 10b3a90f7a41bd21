"""La forma de un capítulo: lo que quien lee encuentra siempre en el mismo sitio."""

import ast
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.chapters import TEMPLATE
from tools.notebooks import product_of, read_source, sources
from tools.reading_time import parts
from tools.repo_url import current_url

SOURCES = sources()
MAX_LINES = 15  # líneas visibles de una celda
MAX_BYTES = 1_000_000
OPENING = ("**En este capítulo**", "**Aprenderás a**", "**Necesitas**", "**Tiempo:**")
CLOSING = ("Ejercicios", "En este capítulo has…", "Fuentes")
SETUP = re.search(r"```\{\{code-cell\}\}.*?\n\n(.*?)\n```", TEMPLATE, re.DOTALL).group(1)


@pytest.fixture(params=SOURCES, ids=lambda source: source.stem, scope="module")
def source(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(source):
    return nbformat.read(product_of(source), as_version=4)


def markdown(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def prose(notebook) -> str:
    """El texto sin bloques de código ni código entre comillas."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", markdown(notebook), flags=re.DOTALL)


def test_a_new_chapter_starts_with_all_that_is_asked_of_it():
    assert all(words in TEMPLATE for words in OPENING)
    headings = re.findall(r"^## (.+)$", TEMPLATE, flags=re.MULTILINE)
    assert headings[-len(CLOSING) :] == list(CLOSING)


def test_opening_says_what_for_and_how_long(notebook):
    opening = notebook.cells[0].source
    for words in OPENING:
        assert words in opening, f"falta {words} en la apertura"
    assert re.search(r"\*\*Tiempo:\*\* \d+ minutos", opening)


def test_one_title_and_it_carries_the_chapter_number(notebook, source):
    titles = re.findall(r"^# (.+)$", prose(notebook), flags=re.MULTILINE)
    assert len(titles) == 1
    assert titles[0].startswith(f"{int(source.stem[:2])}. ")


def test_badge_opens_this_very_notebook(notebook, source, root):
    repository = current_url(root).removeprefix("https://github.com/")
    address = f"https://colab.research.google.com/github/{repository}/blob/main/chapters/{source.stem}.ipynb"
    assert f"[Abrir en Colab]({address})" in notebook.cells[0].source


def test_set_up_is_the_same_everywhere_and_hidden(notebook, root):
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source == SETUP.format(repository=current_url(root).removeprefix("https://github.com/"))
    assert "hide-input" in first.metadata.tags


def test_closing_mirrors_the_opening(notebook, source):
    headings = re.findall(r"^## (.+)$", prose(notebook), flags=re.MULTILINE)
    assert set(CLOSING) <= set(headings)
    assert headings[-1] == CLOSING[-1]
    if source != SOURCES[-1]:
        following = SOURCES[SOURCES.index(source) + 1]
        assert f"({following.stem}.ipynb)" in notebook.cells[-1].source, "falta el enlace al siguiente"


def test_each_cell_is_short_and_announced(notebook):
    announced = False
    for cell in notebook.cells:
        if cell.cell_type == "code":
            hidden = {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", []))
            lines = cell.source.splitlines()
            assert hidden or len(lines) <= MAX_LINES, f"{len(lines)} líneas:\n{cell.source}"
            assert announced, f"ninguna frase antes de la celda:\n{cell.source}"
        # la celda que comprueba un entrenamiento va pegada a él
        announced = cell.cell_type == "markdown" or "nbval-ignore-output" in cell.metadata.get("tags", [])


def names(tree, *kinds) -> set[str]:
    """Los nombres de una celda: lo que se lee (``ast.Load``) o lo que se define (``ast.Store``)."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kinds)}
    if ast.Store in kinds:
        for node in ast.walk(tree):
            if isinstance(node, ast.alias):
                found.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.ExceptHandler):
                found.add(node.name)
    return found


def needed_from_folded(notebook) -> set[str]:
    """Lo que usa la línea principal y solo ha definido hasta ahí una sección plegada."""
    main, folded, needed = set(), set(), set()
    for cell, text, is_folded in parts(notebook):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(re.sub(r"^(\s*)%.*", r"\1pass", text, flags=re.MULTILINE))
        if is_folded:
            folded |= names(tree, ast.Store)
        else:
            main |= names(tree, ast.Store)
            needed |= names(tree, ast.Load) & folded - main
    return needed


def test_the_main_line_runs_without_what_is_folded(notebook):
    assert not needed_from_folded(notebook)


def test_an_import_of_a_folded_section_is_missed_by_the_main_line():
    cells = [
        new_markdown_cell("### Para profundizar: algo"),
        new_code_cell("from json import dumps, loads"),
        new_markdown_cell("### Lo de todos"),
        new_code_cell("from json import loads\n\nprint(dumps(loads('1')))"),
    ]
    assert needed_from_folded(new_notebook(cells=cells)) == {"dumps"}


def test_each_picture_has_alternative_text_and_caption(notebook):
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if any({"image/png", "image/jpeg"} & set(output.get("data", {})) for output in cell.outputs):
            render = cell.metadata.get("mystnb", {})
            assert len(render.get("image", {}).get("alt", "")) >= 20, f"imagen sin texto:\n{cell.source}"
            assert len(render.get("figure", {}).get("caption", "")) >= 20, f"imagen sin pie:\n{cell.source}"
            assert render["figure"].get("name"), f"imagen sin nombre:\n{cell.source}"


def test_markdown_reads_well_raw(notebook):
    text = prose(notebook)
    assert not re.search(r"\{[a-z:-]+\}`", markdown(notebook)), "un papel de MyST no se lee en Colab"
    assert not re.search(r"!\[[^\]]*\]\((?!https?:)", text), "imagen local"
    assert not re.search(r"^```\{(?!code-cell)", markdown(notebook), flags=re.MULTILINE), "usa vallas ':::'"
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        assert re.match(r"https://|[\w./-]+\.(ipynb|md)$", link), f"enlace sin extensión: {link}"


def test_prose_uses_decimal_comma(notebook):
    text = re.sub(r"\$[^$]*\$|https?://\S+|\([^)]*\.(?:ipynb|md)\)", "", prose(notebook))
    text = re.sub(r"[Vv]ersión \S+|Keras \S+|Python \S+|TensorFlow \S+|CC BY\S* \S+", "", text)
    found = re.findall(r"(?<![\w.:])\d+\.\d+(?![\w.])", text)
    # los millares se separan con un espacio (60 000), así que «60.000» también es un error
    assert not found, f"punto decimal en la prosa: {found}"


def test_training_cells_are_not_compared(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and re.search(r"\.fit\(", cell.source):
            assert "nbval-ignore-output" in cell.metadata.get("tags", []), cell.source


def test_outputs_name_no_folder_of_the_machine_and_are_small(notebook, source):
    text = product_of(source).read_text(encoding="utf-8")
    assert len(text.encode()) <= MAX_BYTES
    assert not re.search(r"(?<![\w/])/(?:root|home|tmp|work|Users)/", text)
    assert " at 0x" not in text
    streams = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    assert all(output.name == "stdout" for output in streams)


def test_description_fits_a_search_result(source):
    description = read_source(source).metadata["myst"]["html_meta"]["description"]
    assert 60 <= len(description) <= 170
