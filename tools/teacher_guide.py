"""Escribe la guía docente, ``appendix/guia_docente.md``; ``make ejercicios`` la renueva con lo demás.

Los consejos son de ``appendix/src/guia_docente.md``. Lo que ya está dicho en otra parte se toma de ella:
objetivos y requisitos, de la apertura de cada capítulo; los minutos, de ``tools/reading_time.py``; preguntas,
ejercicios y errores, de ``course_utils.exercises``; y las figuras interactivas, de las celdas que las usan.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from course_utils import figures
from course_utils.exercises import bank, registry
from course_utils.exercises.engine import LEVELS
from tools.chapters import ChapterError, product_of, read_source, sources
from tools.reading_time import contents

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "appendix" / "src" / "guia_docente.md"
GUIDE = ROOT / "appendix" / "guia_docente.md"
NOTE = "<!-- Generado por tools/teacher_guide.py: se edita appendix/src/guia_docente.md. -->"
OPENING = re.compile(
    r"^# (?P<title>.+?)\n.*?"
    r"\*\*Aprenderás a\*\*\n\n(?P<goals>.+?)\n\n"
    r"\*\*Necesitas\*\* (?P<needs>.+?)\n\n"
    r"\*\*Tiempo:\*\* (?P<minutes>\d+) minutos",
    re.DOTALL,
)


@dataclass(frozen=True)
class Chapter:
    """Lo que la guía toma de un capítulo."""

    number: str
    link: str
    title: str
    goals: str
    needs: str
    minutes: int  # de la línea principal
    deeper_minutes: int  # de lo plegado
    figures: tuple[str, ...]


def read_chapter(source: Path) -> Chapter:
    """Lee el texto de un capítulo.

    Raises
    ------
    ChapterError
        Si su apertura no tiene título, objetivos, requisitos y minutos.
    """
    notebook = read_source(source)
    cells = notebook.cells
    found = OPENING.search(cells[0].source)
    if found is None:
        raise ChapterError(
            f"{source.name}: la apertura no dice título, «Aprenderás a», «Necesitas» y «Tiempo: N minutos»."
        )
    parts = found.groupdict()
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    used = dict.fromkeys(re.findall(r"\b(\w+Figure)\(", code))
    main, deeper = contents(notebook)
    return Chapter(
        number=source.stem[:2],
        link=f"../chapters/{product_of(source).name}",
        title=parts["title"],
        goals=parts["goals"],
        needs=re.sub(r"\]\((?=[\w-]+\.ipynb)", "](../chapters/", parts["needs"]),
        minutes=main.minutes,
        deeper_minutes=deeper.minutes,
        figures=tuple(getattr(figures, name).title for name in used),
    )


def guide_page(chapters: list[Path] | None = None, text: str | None = None) -> str:
    """Texto de ``appendix/guia_docente.md``.

    Parameters
    ----------
    chapters : list of Path, optional
        Textos de los capítulos; por omisión, todos.
    text : str, optional
        Los consejos, con las marcas ``<!-- aviso -->`` y ``<!-- tabla -->`` y, al final, una sección
        ``### NN`` por capítulo; por omisión, los de ``appendix/src``. Un capítulo sin consejos sale igual;
        unos consejos sin capítulo no salen.
    """
    read = [read_chapter(source) for source in (sources() if chapters is None else chapters)]
    text = SOURCE.read_text(encoding="utf-8") if text is None else text
    page, *rest = re.split(r"^### (\d\d)\n", text, flags=re.MULTILINE)
    advice = dict(zip(rest[::2], rest[1::2], strict=True))
    page = page.replace("<!-- tabla -->", _table(read)).replace("<!-- aviso -->", NOTE)
    return page + "\n".join(_section(chapter, advice.get(chapter.number, "")) for chapter in read)


def _table(chapters: list[Chapter]) -> str:
    rows = [
        "| capítulo | minutos | para profundizar | preguntas | ejercicios | errores |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    total = Counter()
    for chapter in chapters:
        counts = _counts(chapter)
        total.update(counts)
        short = chapter.title.partition(":")[0]
        rows.append(f"| [{short}]({chapter.link}) | {' | '.join(map(str, counts.values()))} |")
    return "\n".join([*rows, f"| **en total** | {' | '.join(map(str, total.values()))} |"])


def _counts(chapter: Chapter) -> dict[str, int]:
    exercises = registry.exercises(chapter.number)
    return {
        "minutes": chapter.minutes,
        "deeper_minutes": chapter.deeper_minutes,
        "questions": len(bank.questions(chapter.number)),
        "exercises": len(exercises),
        "mistakes": sum(len(item.judge.mistakes) for item in exercises),
    }


def _section(chapter: Chapter, advice: str) -> str:
    exercises = registry.exercises(chapter.number)
    levels = Counter(LEVELS[item.level] for item in exercises)
    spread = ", ".join(f"{level} {levels[level]}" for level in LEVELS.values() if levels[level])
    sheet = f'<a href="repaso/{chapter.number}.html">hoja para imprimir</a>'
    parts = [
        f"### {chapter.title}\n",
        f"[Abrir el capítulo]({chapter.link}) · "
        f"{chapter.minutes} minutos y {chapter.deeper_minutes} para profundizar · "
        f"{len(bank.questions(chapter.number))} preguntas ({sheet}) · "
        f"{len(exercises)} ejercicios (dificultad: {spread})\n",
        f"{advice.strip()}\n" if advice.strip() else "",
        f"**Requisitos.** {chapter.needs[0].upper()}{chapter.needs[1:]}\n",
        f"**Objetivos.** Al acabar se sabe:\n\n{chapter.goals}\n",
        f"**Figuras interactivas.** {'; '.join(chapter.figures)}.\n" if chapter.figures else "",
        ":::{dropdown} Errores que reconoce cada ejercicio",
        "\n".join(
            f"- {item.id}, *{item.title}*: {', '.join(f'`{mistake.id}`' for mistake in item.judge.mistakes)}"
            for item in exercises
        ),
        ":::\n",
    ]
    return "\n".join(part for part in parts if part)
