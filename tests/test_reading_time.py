"""Los minutos de un capítulo, contados a mano, y lo que cabe en su línea principal."""

import nbformat
import pytest

from tools.notebooks import read_source, sources
from tools.reading_time import STATED, contents, write_minutes

markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
CHAPTER = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# 3. Un título

**Tiempo:** 90 minutos, de los que uno es de entrenamiento.

## Para profundizar: plegado

{words}
"""


def chapter(*cells):
    return nbformat.v4.new_notebook(cells=cells)


def test_a_chapter_counted_by_hand():
    main, deeper = contents(
        chapter(
            markdown("# Uno\n\n" + "palabra " * 178),  # con «#» y «Uno», 180: un minuto
            code("import course_utils", metadata={"tags": ["hide-input"]}),  # la preparación no cuenta
            *(code("1 + 1") for _ in range(4)),  # 2 minutos
            code('question("03.q1")'),  # 1
            code("figure = ConvFigure()\nfigure"),  # 2
            code('exercise("03.1").widget()'),  # 2
            code('exercise("03.2")'),  # 4, una vez
            code('def size(n):\n    ...\n\n\nexercise("03.2").check(size)'),
        )
    )
    assert (main.words, main.cells, main.questions, main.figures) == (180, 4, 1, 1)
    assert (main.controls, main.coded, main.exercises) == (1, 1, 2)
    assert main.minutes == 15  # 1 + 2 + 1 + 2 + 2 + 4 = 12, hacia arriba
    assert (deeper.words, deeper.minutes) == (0, 0)


def test_a_fold_ends_at_the_next_title_of_its_level():
    main, deeper = contents(
        chapter(
            markdown("## Uno\n\na b c"),
            markdown("### Para profundizar: dos\n\nd e"),
            code("1"),
            markdown("#### Dentro\n\nf\n\n## Fuera\n\ng h"),
            code("2"),
        )
    )
    assert main.words == 5 + 4  # con las marcas de los títulos
    assert deeper.words == 6 + 3
    assert (main.cells, deeper.cells) == (1, 1)


def test_code_blocks_are_not_words():
    main, _ = contents(chapter(markdown("## Uno\n\n```python\nmuchas palabras dentro\n```\nfuera")))
    assert main.words == 3


def test_the_minutes_are_written_in_the_opening(tmp_path):
    source = tmp_path / "03_uno.md"
    source.write_text(CHAPTER.format(words="palabra " * 4000), encoding="utf-8")
    write_minutes(source)
    assert "**Tiempo:** 5 minutos, de los que uno es" in source.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_the_main_line_is_walked_in_an_hour(source):
    main, _ = contents(read_source(source))
    stated = int(STATED.search(source.read_text(encoding="utf-8")).group())
    assert stated == main.minutes, "ejecuta: python -m tools.reading_time --escribir"
    assert main.minutes <= 60
    assert main.cells <= 50
    assert main.questions <= 10
    assert main.exercises <= 6
