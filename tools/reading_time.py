"""Lo que se tarda en recorrer un capítulo y lo que hay en él: la línea principal y lo plegado, aparte.

La regla de los minutos::

    palabras / 180 + 0,5 por celda + 1 por pregunta + 2 por figura interactiva
                   + 2 por ejercicio de controles + 4 por ejercicio de código

Cada capítulo se redondea a 5 minutos, hacia arriba. Las secciones «Para profundizar: …» cuentan aparte::

    python -m tools.reading_time            una fila por capítulo
    python -m tools.reading_time --escribir  y pone los minutos en la apertura de cada texto
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.exercises.arguments import Parser
from tools.notebooks import read_source, sources

DEEPER = "Para profundizar"
STATED = re.compile(r"(?<=\*\*Tiempo:\*\* )\d+(?= minutos)")
WORDS_PER_MINUTE = 180
REQUEST = re.compile(r'^(question|exercise)\("(\d\d\.q?\d+)"\)(.*)$', re.MULTILINE)
FIGURE = re.compile(r"\w+Figure\(")


@dataclass
class Content:
    """Lo que hay en una parte de un capítulo."""

    words: int = 0
    cells: int = 0  # de código, sin la preparación ni las que solo piden una pregunta o un ejercicio
    questions: int = 0
    figures: int = 0
    controls: int = 0  # ejercicios que se responden con controles
    coded: int = 0  # ejercicios que se responden con código

    @property
    def exercises(self) -> int:
        return self.controls + self.coded

    @property
    def minutes(self) -> int:
        """Según la regla, redondeados a 5 hacia arriba."""
        exact = (
            self.words / WORDS_PER_MINUTE
            + 0.5 * self.cells
            + self.questions
            + 2 * (self.figures + self.controls)
            + 4 * self.coded
        )
        return 5 * math.ceil(exact / 5)


def parts(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str, bool]]:
    """Cada celda y su texto, el de las de prosa cortado por sus títulos, y si está plegado."""
    folded_at = None  # el nivel del título de la sección plegada en la que se está
    for cell in notebook.cells:
        prose = cell.cell_type == "markdown"
        for part in re.split(r"^(?=#+ )", cell.source, flags=re.MULTILINE) if prose else [cell.source]:
            if prose and (heading := re.match(r"(#+) (.*)", part)):
                level = len(heading[1])
                if folded_at is None or level <= folded_at:
                    folded_at = level if heading[2].startswith(DEEPER) else None
            yield cell, part, folded_at is not None


def contents(notebook: NotebookNode) -> tuple[Content, Content]:
    """La línea principal y lo plegado de un capítulo."""
    main, deeper = Content(), Content()
    asked = set()
    for cell, text, folded in parts(notebook):
        content = deeper if folded else main
        if cell.cell_type == "markdown":
            content.words += len(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split())
            continue
        if found := REQUEST.search(cell.source):
            kind, name, rest = found.groups()
            if name not in asked:
                if kind == "question":
                    content.questions += 1
                elif rest.startswith(".widget"):
                    content.controls += 1
                else:
                    content.coded += 1
            asked.add(name)
        elif FIGURE.search(cell.source):
            content.figures += 1
        elif "hide-input" not in cell.metadata.get("tags", []):
            content.cells += 1
    return main, deeper


def write_minutes(source: Path) -> None:
    """Pone en la apertura los minutos de la línea principal."""
    main, _ = contents(read_source(source))
    text = source.read_text(encoding="utf-8")
    source.write_text(STATED.sub(str(main.minutes), text, count=1), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--escribir", action="store_true", help="pone los minutos en cada apertura")
    options = parser.parse_args(arguments)
    row = "{:<34}{:>8} {:>7} {:>9} {:>10} {:>7}"
    print(row.format("capítulo", "palabras", "celdas", "preguntas", "ejercicios", "minutos"))
    for source in sources():
        if options.escribir:
            write_minutes(source)
        names = source.stem, "  para profundizar"
        for name, part in zip(names, contents(read_source(source)), strict=True):
            print(row.format(name, part.words, part.cells, part.questions, part.exercises, part.minutes))


if __name__ == "__main__":
    main()
