"""La guía docente: lo que toma de los capítulos y de los ejercicios, sus planes y lo que manda hacer."""

import re

import pytest

from course_utils.exercises import bank, registry
from course_utils.exercises.registry import all_exercises
from tests.conftest import ROOT
from tools import exercise_pages
from tools.chapters import ChapterError, sources
from tools.teacher_guide import GUIDE, SOURCE, guide_page, read_chapter

ADVICE = SOURCE.read_text(encoding="utf-8")

CHAPTER = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# 3. Ventanas: mirar de cerca

**En este capítulo** se mira.

**Aprenderás a**

- mirar;
- contar.

**Necesitas** lo del [capítulo 2](02_de_densas.ipynb).

**Tiempo:** 42 minutos, de los que uno es de entrenamiento.

```{code-cell} ipython3
PoolingFigure()
```

```{code-cell} ipython3
ConvolutionFigure(padding=1), PoolingFigure(stride=1)
```
"""


@pytest.fixture
def chapter(tmp_path):
    (tmp_path / "src").mkdir()
    path = tmp_path / "src" / "03_ventanas.md"
    path.write_text(CHAPTER, encoding="utf-8")
    return path


def test_the_guide_is_up_to_date():
    assert GUIDE.read_text(encoding="utf-8") == guide_page(), "ejecuta «make ejercicios»"


def test_a_chapter_is_read_from_its_opening_and_its_cells(chapter):
    read = read_chapter(chapter)
    assert (read.number, read.minutes, read.title) == ("03", 5, "3. Ventanas: mirar de cerca")
    assert read.goals == "- mirar;\n- contar."
    assert read.needs == "lo del [capítulo 2](../chapters/02_de_densas.ipynb)."
    assert read.link == "../chapters/03_ventanas.ipynb"
    assert read.figures == ("Pooling", "Convolución paso a paso")


def test_an_opening_without_minutes_is_explained(chapter):
    chapter.write_text(CHAPTER.replace("42 minutos", "un rato"), encoding="utf-8")
    with pytest.raises(ChapterError, match=r"03_ventanas\.md.*minutos"):
        read_chapter(chapter)


def test_advice_goes_with_its_chapter_and_without_advice_the_chapter_is_there(chapter):
    text = "# Guía\n\n<!-- tabla -->\n\n### 03\nMira la ventana.\n\n### 77\nDe un capítulo que no hay.\n"
    page = guide_page([chapter], text)
    assert page.count("Mira la ventana.") == 1
    assert "De un capítulo que no hay" not in page
    assert "| [3. Ventanas](../chapters/03_ventanas.ipynb) | 5 | 0 |" in page
    assert "**Objetivos.**" in guide_page([chapter], "# Guía\n")


def test_the_table_counts_what_the_other_pages_show():
    """Preguntas de la página de repaso; ejercicios y errores de la de soluciones."""
    guide, written = GUIDE.read_text(encoding="utf-8"), exercise_pages.pages()
    rows = re.findall(r"/(\d\d)_\w+\.ipynb\) \|((?: \d+ \|)+)\n", guide)
    counts = {number: [int(count) for count in re.findall(r"\d+", cells)] for number, cells in rows}
    assert list(counts) == [source.name[:2] for source in sources()]
    for number, (_, _, *rest) in counts.items():
        solutions, review = written[f"soluciones/{number}.md"], written[f"repaso/{number}.md"]
        listed = re.findall(r"Errores que reconoce\n(.*?)\n:::", solutions, re.DOTALL)
        mistakes = sum(len(re.findall("^- ", items, re.MULTILINE)) for items in listed)
        assert rest == [review.count(f'data-question="{number}.'), len(listed), mistakes], number
    total = re.findall(r"\*\*en total\*\* \|(.*)\|", guide)[0].split("|")
    assert [int(cell) for cell in total] == [sum(column) for column in zip(*counts.values(), strict=True)]


@pytest.mark.parametrize("sessions", [6, 10, 15])
def test_each_plan_numbers_its_sessions_and_the_longest_has_every_chapter(sessions):
    plan = ADVICE.partition(f"### En {sessions} sesiones")[2].partition("\n##")[0]
    rows = re.findall(r"^\| (\d+) \| ([\d, ]+) \|", plan, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, sessions + 1))
    if sessions == 15:
        given = {number.strip().zfill(2) for _, numbers in rows for number in numbers.split(",")}
        assert {source.stem[:2] for source in sources()} <= given


def test_what_it_sends_to_do_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z-]+)", ADVICE)) <= set(targets)
    exercises = {item.id for item in all_exercises()}
    named = set(re.findall(r"\b\d\d\.\d+\b", ADVICE))
    assert {name for name in named if name[:2] in registry.exercise_chapters()} <= exercises


@pytest.mark.site
def test_the_sheet_of_a_chapter_is_printed_alone_and_without_its_answers(open_tab, address):
    page = open_tab(address)
    page.goto(f"{address}/appendix/guia_docente.html")
    page.get_by_role("link", name="hoja para imprimir").nth(1).click()
    page.wait_for_url("**/repaso/01.html")
    page.emulate_media(media="print")
    assert page.locator("main :is(h1, h2):visible").all_inner_texts() == [
        "01 · Redes convolucionales: preguntas"
    ]
    assert page.locator("main .course-question:visible").count() == len(bank.questions("01"))
    assert page.locator("main :is(button, summary, a):visible").count() == 0


@pytest.mark.site
def test_solutions_are_printed_unfolded(open_tab, address):
    page = open_tab(address)
    page.goto(f"{address}/appendix/soluciones/00.html")
    solution = page.get_by_text("def crop(image, top, left, height, width)")
    assert not solution.is_visible()
    page.emulate_media(media="print")
    assert solution.is_visible()
