"""Las fichas: números nuevos en cada semilla, ningún ejercicio trivial, una hoja y otra de soluciones."""

import errno
import os
import re
import subprocess
import sys
from itertools import chain

import numpy as np
import pytest
from bs4 import BeautifulSoup

from course_utils.style import fixed_number
from tests.worksheet_oracle import SOLVERS
from tools.worksheets import __main__ as command
from tools.worksheets import printing
from tools.worksheets.notation import factor, matrix, number, numbers, ratio, table
from tools.worksheets.problem import draw_until
from tools.worksheets.sheet import chapters_with_sheet, draw_problems, sheet_html

CHAPTERS = chapters_with_sheet()
SEEDS = range(200)
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
SOLVED = 50  # las que resuelve también otro


def flat(values):
    """Los valores de una respuesta, en una lista."""
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return [one for value in values for one in flat(value)]
    return [values]


@pytest.fixture(scope="module", params=CHAPTERS)
def drawn(request):
    """El número de un capítulo y los ejercicios de cada semilla."""
    return request.param, [[*chain(*draw_problems(request.param, seed))] for seed in SEEDS]


def test_the_chapters_are_the_promised_ones():
    assert CHAPTERS == ["00", "03", "04", "05", "08", "09", "11"]


def test_every_answer_is_a_finite_number_and_not_trivial(drawn):
    _, sheets = drawn
    for problems in sheets:
        assert 5 <= len(problems) <= 6
        for problem in problems:
            answer = flat(problem.answer)
            assert all(isinstance(one, str) or np.isfinite(one) for one in answer), problem
            assert any(one not in (0, 1) for one in answer), problem
            assert problem.title
            assert problem.text + problem.blank
            assert problem.solution


def test_another_solver_finds_the_same_answers(drawn):
    chapter, sheets = drawn
    for problems in sheets[:SOLVED]:
        for problem in problems:
            found = SOLVERS[chapter, problem.title](**problem.given)
            assert found.keys() == problem.answer.keys()
            for name, value in problem.answer.items():
                wanted, got = ([float(one) for one in flat(values)] for values in (value, found[name]))
                assert got == pytest.approx(wanted, abs=1e-6), (problem.title, name, problem.given)


def test_every_problem_has_another_solver():
    titles = {
        (chapter, problem.title) for chapter in CHAPTERS for problem in chain(*draw_problems(chapter, 0))
    }
    assert titles == set(SOLVERS)


def numbers_read(html: str) -> set[str]:
    """Los números que se leen, sin signo."""
    text = BeautifulSoup(html, "html.parser").get_text(" ").replace(THIN_SPACE, "")
    return set(re.findall(r"\d+(?:,\d+)?", text))


def ways_to_write(value) -> set[str]:
    """Un número con tres decimales como mucho, con dos, o con dos aunque acabe en cero."""
    ways = {number(abs(value)), number(abs(value), 2), fixed_number(abs(value))}
    return {way.replace(THIN_SPACE, "") for way in ways}


def test_what_is_given_is_read_in_the_sheet_and_what_is_asked_in_the_key(drawn):
    _, sheets = drawn
    for problem in chain(*sheets[:SOLVED]):
        for values, html in (
            (problem.given, problem.text + problem.blank),
            (problem.answer, problem.solution),
        ):
            shown = numbers_read(html)
            for value in flat(values):
                if not isinstance(value, str | bool) and value not in (0, -1):  # el fondo y lo que no hay
                    assert ways_to_write(value) & shown, (problem.title, value)


def test_two_seeds_give_two_sheets_and_almost_every_problem_changes(drawn):
    _, sheets = drawn
    texts = [[problem.text + problem.blank for problem in problems] for problems in sheets]
    assert len(set(map(tuple, texts))) == len(SEEDS)
    for problem, versions in zip(sheets[0], zip(*texts, strict=True), strict=True):
        assert len(set(versions)) > len(SEEDS) / 2, problem.title


def test_the_key_is_not_in_the_sheet_and_the_problems_are_the_same_in_both():
    for chapter in CHAPTERS:
        page = BeautifulSoup(sheet_html(chapter, 7), "html.parser")
        sheet, key = page.find_all("main")
        titles = [[title.text for title in part.find_all("h2")] for part in (sheet, key)]
        assert titles[0] == titles[1]
        assert [title.partition(".")[0] for title in titles[0]] == [str(n + 1) for n in range(len(titles[0]))]
        assert "soluciones" not in sheet.h1.text
        assert "soluciones" in key.h1.text
        assert not key.find_all(class_=["empty", "line"])
        for section in sheet.find_all("section"):
            blanks = section.select(".empty, .line") or [td for td in section.find_all("td") if not td.text]
            assert blanks, section.h2.text


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    write = f"for one in {CHAPTERS}: print(sheet_html(one, 7), end='')"
    code = f"from tools.worksheets.sheet import sheet_html\n{write}"
    environment = {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"}
    again = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=command.ROOT, env=environment
    )
    assert again.stdout == "".join(sheet_html(chapter, 7) for chapter in CHAPTERS).encode()


def test_no_decimal_point_and_no_english_are_read():
    for chapter in CHAPTERS:
        for seed in range(20):
            page = BeautifulSoup(sheet_html(chapter, seed), "html.parser")
            for tag in page.find_all(["style", "code"]):
                tag.decompose()
            assert not re.findall(r"\d\.\d|-\d|\bnan\b|\binf\b|True|False|None", page.get_text(" ")), (
                chapter,
                seed,
            )


# --- Cómo se escriben los números ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0625, "0,063"), (0.0005, "0,001"), (2 / 3, "0,667"), (-0.25, "−0,25"), (3.0, "3"),
        (np.int64(-7), "−7"), (np.uint8(250), "250"), (np.float32(0.5), "0,5"), (0.1 + 0.2, "0,3"),
        (216320, f"216{THIN_SPACE}320"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_as_by_hand(value, text):
    assert number(value) == text


def test_the_pieces_of_a_sheet():
    assert ratio(3, 7) == "3/7 = 0,429"
    assert numbers([1, 2]) == "1, 2"
    assert numbers([1, 2.5]) == "1; 2,5"
    assert factor(-2) == "(−2)"
    assert (
        matrix([[1, -2]], "kernel") == '<table class="matrix kernel"><tr><td>1</td><td>−2</td></tr></table>'
    )
    assert "<td></td>" in table(["a"], [[""]])


def test_an_impossible_problem_says_so():
    with pytest.raises(RuntimeError, match="afloja la condición"):
        draw_until(None, lambda rng: 1, lambda drawn: drawn == 2)


# --- La orden ---


@pytest.mark.parametrize(
    ("chapter", "seed", "said"),
    [
        ("06", "7", "El capítulo «06» no tiene ficha: elige uno de 00, 03, 04, 05, 08, 09, 11"),
        ("tres", "7", "El capítulo «tres» no tiene ficha"),
        ("٣", "7", "El capítulo «٣» no tiene ficha"),
        ("../03", "7", "El capítulo «../03» no tiene ficha"),
        ("", "7", "Falta el capítulo"),
        ("03", "", "Falta la semilla"),
        ("03", "7.5", "La semilla es «7.5» y debe ser un número entero"),
        ("03", "-1", "La semilla es «-1»"),
        ("03", "siete", "La semilla es «siete»"),
        ("03", "1e3", "La semilla es «1e3»"),
        ("03", "9999999999", "La semilla es «9999999999»"),
    ],
)
def test_a_wrong_order_is_explained_and_writes_nothing(chapter, seed, said, tmp_path, capsys):
    assert command.main(["--", chapter, seed], tmp_path / "fichas") == 1
    assert capsys.readouterr().err.startswith(said)
    assert not (tmp_path / "fichas").exists()


@pytest.mark.parametrize("chapter", ["3", "03", " 3 "])
def test_a_chapter_may_be_written_with_one_digit(chapter):
    assert command.read_order(chapter, " 007 ") == ("03", 7)


def test_without_chromium_it_says_what_to_install(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "chromium_path", lambda: None)
    assert command.main(["03", "7"], tmp_path / "fichas") == 1
    assert (
        capsys.readouterr().err
        == "No hay Chromium: instálalo (apt install chromium) y repite «make ficha».\n"
    )
    assert not (tmp_path / "fichas").exists()


def test_without_space_the_previous_sheet_stays(monkeypatch, tmp_path, capsys):
    def full(name, mode=None):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "ficha_03_7.pdf").write_bytes(b"antes")
    monkeypatch.setattr(command, "chromium_path", lambda: "chromium")
    monkeypatch.setattr(command, "print_sheet", lambda html, executable: b"despu\xc3\xa9s")
    monkeypatch.setattr(os, "replace", full)
    assert command.main(["03", "7"], tmp_path) == 1
    assert capsys.readouterr().err == f"No queda espacio en {tmp_path}: no se ha escrito ficha_03_7.pdf.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["ficha_03_7.pdf"]
    assert (tmp_path / "ficha_03_7.pdf").read_bytes() == b"antes"


def test_a_sheet_that_does_not_fit_and_a_broken_browser_are_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "chromium_path", lambda: "/bin/false")
    assert command.main(["03", "7"], tmp_path / "fichas") == 1
    assert capsys.readouterr().err.startswith("Chromium (/bin/false) no ha impreso la ficha; dice: ")

    def refuse(html, executable):
        raise printing.DoesNotFit("la ficha no cabe en su hoja: 1. El mapa entero")

    monkeypatch.setattr(command, "print_sheet", refuse)
    assert command.main(["03", "7"], tmp_path / "fichas") == 1
    assert (
        "Con la semilla 7, la ficha no cabe en su hoja: 1. El mapa entero: prueba otra."
        in capsys.readouterr().err
    )
    assert not (tmp_path / "fichas").exists()


def test_a_folder_that_cannot_be_made_is_told_apart(monkeypatch, tmp_path, capsys):
    (tmp_path / "fichas").write_text("un archivo")
    monkeypatch.setattr(command, "chromium_path", lambda: "chromium")
    monkeypatch.setattr(command, "print_sheet", lambda html, executable: b"pdf")
    assert command.main(["03", "7"], tmp_path / "fichas") == 1
    assert "No se puede escribir en" in capsys.readouterr().err


# --- En papel ---


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_sampled_seeds_fit_in_one_sheet_and_one_key(chapter, browser):
    for seed in (0, 7, 123456789):
        printed = printing.print_page(browser, sheet_html(chapter, seed))
        boxes = re.findall(rb"/MediaBox \[([\d. ]+)\]", printed)
        assert len(boxes) == printing.PAGES
        for box in boxes:
            assert [float(side) for side in box.split()] == pytest.approx([0, 0, 595, 842], abs=1)


def test_what_does_not_fit_is_refused(browser):
    page = sheet_html("03", 7).replace("</section>", f"{'<p>otra línea</p>' * 80}</section>", 1)
    with pytest.raises(printing.DoesNotFit, match="El mapa entero"):
        printing.print_page(browser, page)


def test_the_order_leaves_one_file_with_its_two_pages(browser, monkeypatch, tmp_path, capsys):
    # Playwright no abre un segundo navegador en el mismo hilo
    monkeypatch.setattr(command, "print_sheet", lambda html, executable: printing.print_page(browser, html))
    assert command.main(["5", "12"], tmp_path) == 0
    assert "ficha_05_12.pdf" in capsys.readouterr().out
    [path] = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"%PDF-")
    assert len(printing.LEAF.findall(path.read_bytes())) == 2
