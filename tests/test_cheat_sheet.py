"""La chuleta: cada fórmula, ejemplo y forma se lee de la página y se calcula, y cabe en dos hojas."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from course_utils import datasets, networks, ops, segmentation
from tests.cheat_sheet_cases import CASES
from tests.conftest import ROOT
from tests.formulas import evaluate

PAGE = (ROOT / "appendix" / "chuleta.md").read_text(encoding="utf-8")
NAMES = {"np": np} | {
    name: value for room in (datasets, networks, ops, segmentation) for name, value in vars(room).items()
}
EXAMPLE = re.compile(r"`([^`]+)` → (.+)")
LINK = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)+)\]\(([^)]+)\)")
FORMULA = re.compile(r"\$([^$]+)\$")


@dataclass(frozen=True)
class Row:
    """Una fila de una tabla de fórmulas."""

    title: str  # sección y texto de su primer enlace
    formulas: tuple[str, ...]  # la de su columna y las que le dan otra forma
    example: str


def tables() -> dict[str, list[list[str]]]:
    """Por sección, las filas de su tabla, sin la cabecera."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        lines = [line for line in section.splitlines() if line.startswith("|")]
        found[section.splitlines()[0]] = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]
        ]
    return found


def formula_rows() -> list[Row]:
    found = []
    for section, table in tables().items():
        for cells in table:
            if len(cells) == 3 and "→" in cells[2]:
                name, formula, example = cells
                others = [text for text in FORMULA.findall(name) if "\\frac" in text]
                title = f"{section}: {re.sub('[*`]', '', LINK.search(name)[1])}"
                found.append(Row(title, (*FORMULA.findall(formula), *others), example))
    return found


ROWS = formula_rows()


def spanish(text: str):
    """Un número, una lista o una forma, como se escriben en la página."""
    if text[0] in "[(":
        parts = re.split(r", | ", text[1:-1].rstrip(","))
        return [spanish(part) for part in parts]
    return float(re.sub(r"\s", "", text).replace("−", "-").replace(",", "."))


def test_the_page_has_its_rows():
    assert len(ROWS) > 40
    assert len({row.title for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_each_example_gives_what_it_says(row):
    code, result = EXAMPLE.fullmatch(row.example).groups()
    if re.fullmatch(r"\d[\d ]+", result):
        result = result.replace(" ", "")
    decimals = max(map(len, re.findall(r"(?<=\d,)\d+", result)), default=0)
    value = np.round(np.asarray(eval(code, NAMES), float), decimals)
    assert value.tolist() == spanish(result)


@pytest.mark.parametrize("row", [row for row in ROWS if row.formulas], ids=lambda row: row.title)
def test_each_formula_gives_what_the_library_gives(row):
    find_cases, ranges = CASES[row.title]
    cases = list(find_cases())
    assert cases
    for formula in row.formulas:
        for names, wanted in cases:
            assert evaluate(formula, names, ranges) == pytest.approx(float(wanted), rel=1e-5, abs=1e-6), names


def test_there_is_no_case_without_its_row():
    assert set(CASES) == {row.title for row in ROWS if row.formulas}


@pytest.fixture(scope="module")
def network():
    """La red de la página y sus filas: (capa, forma escrita, parámetros escritos, cuenta escrita)."""
    from keras import Sequential, layers

    rows = tables()["Formas en Keras"]
    built = Sequential([eval(cells[0].strip("`"), vars(layers)) for cells in rows])
    return built, rows


def test_each_shape_and_each_count_is_what_keras_says(network):
    built, rows = network
    assert rows[0][1:3] == [str(built.input_shape[1:]), "0"]
    assert len(built.layers) == len(rows) - 1
    for layer, (_, shape, count, why) in zip(built.layers, rows[1:], strict=True):
        assert str(layer.output.shape[1:]) == shape
        assert layer.count_params() == int(count) == (eval(re.match("`(.+?)`", why)[1]) if why else 0)
        if "mitad" in why:
            trained = sum(weight.shape[0] for weight in layer.trainable_weights)
            assert trained * 2 == layer.count_params()


def test_weights_have_the_axes_it_says():
    from keras import layers

    for layer, shape, said in [
        (layers.Dense(5), (None, 3), "densa, (entrada, neurona)"),
        (layers.Conv2D(5, (2, 4)), (None, 9, 9, 3), "convolución, (fila, columna, canal, filtro)"),
        (layers.Conv2DTranspose(5, (2, 4)), (None, 9, 9, 3), "transpuesta, (fila, columna, filtro, canal)"),
    ]:
        layer.build(shape)
        sizes = {"entrada": 3, "neurona": 5, "fila": 2, "columna": 4, "canal": 3, "filtro": 5}
        assert said in " ".join(PAGE.split())
        axes = said.partition("(")[2].rstrip(")").split(", ")
        assert tuple(sizes[axis] for axis in axes) == tuple(layer.kernel.shape)


def test_every_name_in_capitals_is_of_keras():
    from keras import layers, losses

    code = " ".join(re.findall(r"`([^`]+)`", PAGE))
    named = {name for name in re.findall(r"\b[A-Z][a-z]\w+", code) if name not in {"None", "False"}}
    assert len(named) > 10
    assert {name for name in named if not hasattr(layers, name) and not hasattr(losses, name)} == set()


def test_no_number_is_left_without_a_test():
    """Fuera de fórmulas, código, resultados y enlaces solo quedan estos."""
    text = PAGE.partition("# Chuleta")[2]
    text = re.sub(r"→ [^|]+|\$[^$]+\$|`[^`]+`|\]\([^)]+\)", " ", text)
    text = "\n".join(line for line in text.splitlines() if not re.match(r"\|[^|]*\| \([\d, ]+\) \|", line))
    assert sorted(set(re.findall(r"\d+(?:,\d+)?(?:×\d+)?", text))) == sorted(
        ["0", "1", "2", "28×28", "1×1", "101", "0,5", "4"]
    )


def headings(chapter: str) -> set[str]:
    """Los anclas de los títulos de un capítulo."""
    from myst_parser.mdit_to_docutils.base import default_slugify

    text = (ROOT / "chapters" / "src" / f"{chapter}.md").read_text(encoding="utf-8")
    text = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#{1,3} (.+)$", text, re.MULTILINE)
    return {default_slugify(title.replace("`", "")) for title in titles}


def test_every_row_leads_to_a_section_that_exists():
    for section, table in tables().items():
        for cells in table:
            line = " ".join(cells)
            assert section in {"Formas en Keras", "Las tres segmentaciones"} or LINK.search(line), line
    links = re.findall(r"\]\(\.\./chapters/(\w+)\.ipynb#([^)]+)\)", PAGE)
    assert len(links) > 60
    missing = {(chapter, anchor) for chapter, anchor in links if anchor not in headings(chapter)}
    assert missing == set()


@pytest.mark.site
def test_it_is_printed_on_two_sheets_of_a4(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/appendix/chuleta.html")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    boxes = re.findall(rb"/MediaBox \[([\d. ]+)\]", printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(boxes) == 2
    for box in boxes:
        assert [float(side) for side in box.split()] == pytest.approx([0, 0, 595, 842], abs=1)


@pytest.mark.site
@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_sticks_out(open_tab, address, width):
    page = open_tab(address, viewport={"width": width, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{address}/appendix/chuleta.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overflowing = """[...document.querySelectorAll("#chuleta td")].filter((cell) =>
        !cell.closest("table").querySelector("th:nth-child(4)") && cell.scrollWidth > cell.clientWidth + 1)
        .map((cell) => cell.textContent)"""
    assert page.evaluate(overflowing) == []
