"""La ficha de un capítulo: sus ejercicios, con los números de una semilla, y las soluciones."""

from __future__ import annotations

import base64
import importlib
import pkgutil
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from random import Random

from course_utils.style import COLORS, soft
from tools.notebooks import ROOT, sources
from tools.worksheets import chapters
from tools.worksheets.problem import Problem

FONT = ROOT / "assets" / "vendor" / "source-sans-3" / "latin.woff2"
STYLE = Path(__file__).with_name("sheet.css")


def chapters_with_sheet() -> list[str]:
    """Los números de los capítulos con ficha."""
    return sorted(module.name.removeprefix("chapter_") for module in pkgutil.iter_modules(chapters.__path__))


def draw_problems(chapter: str, seed: int) -> list[list[Problem]]:
    """Los ejercicios de una ficha, por columnas; con la misma semilla, los mismos.

    Raises
    ------
    ValueError
        Si ese capítulo no tiene ficha.
    """
    if chapter not in chapters_with_sheet():
        raise ValueError(
            f"El capítulo «{chapter}» no tiene ficha. Los que la tienen: {', '.join(chapters_with_sheet())}."
        )
    module = importlib.import_module(f"{chapters.__name__}.chapter_{chapter}")
    # cada ejercicio tiene su propio azar: cambiar uno no cambia los demás
    return [
        [make(Random(f"{chapter} {make.__name__} {seed}")) for make in column] for column in module.COLUMNS
    ]


def chapter_title(chapter: str) -> str:
    """El título del capítulo, con su número y sin la frase que lo explica."""
    source = next(source for source in sources() if source.stem.startswith(chapter))
    found = re.search(r"^# (.+?)(?::.*)?$", source.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1]


def sheet_html(chapter: str, seed: int) -> str:
    """La ficha y sus soluciones: una página HTML que no necesita nada más.

    Raises
    ------
    ValueError
        Si ese capítulo no tiene ficha.
    """
    columns = draw_problems(chapter, seed)
    title = f"{chapter_title(chapter)} · ficha {seed}"
    sheet = _page(title, columns, lambda problem: problem.text + problem.blank, "ficha")
    key = _page(f"{title} · soluciones", columns, lambda problem: problem.solution, "soluciones")
    return (
        f'<!doctype html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_style()}</style>\n</head>\n<body>\n{sheet}{key}</body>\n</html>\n"
    )


def _page(title: str, columns: Iterable[list[Problem]], show, kind: str) -> str:
    counter, parts = 0, []
    for column in columns:
        problems = []
        for problem in column:
            counter += 1
            problems.append(
                f"<section><h2>{counter}. {escape(problem.title)}</h2>\n{show(problem)}</section>\n"
            )
        parts.append(f'<div class="column">\n{"".join(problems)}</div>\n')
    name = '<p class="who">Nombre <span class="line"></span></p>' if kind == "ficha" else ""
    return (
        f'<main class="{kind}">\n<header><h1>{escape(title)}</h1>{name}</header>\n{"".join(parts)}</main>\n'
    )


def _style() -> str:
    """La hoja de estilo, con la letra del curso dentro y los colores de sus figuras."""
    font = base64.b64encode(FONT.read_bytes()).decode()
    face = (
        '@font-face { font-family: "Source Sans 3"; font-weight: 200 900; '
        f'src: url("data:font/woff2;base64,{font}"); }}\n'
    )
    roles = "".join(
        f".{role} {{ --role: {COLORS[role]}; --soft: {soft(role)}; }}\n"
        for role in ("input", "kernel", "output")
    )
    return face + roles + STYLE.read_text(encoding="utf-8")
