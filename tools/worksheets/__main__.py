"""``make ficha SEMILLA=7 CAPITULO=03``: la ficha de un capítulo y sus soluciones, en un PDF de dos hojas."""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from course_utils.exercises.arguments import Parser
from tools.browser import chromium_path
from tools.notebooks import ROOT, write_whole
from tools.worksheets.printing import DoesNotFit, print_sheet
from tools.worksheets.sheet import chapters_with_sheet, sheet_html

FOLDER = ROOT / "_build" / "fichas"
EXAMPLE = "por ejemplo, make ficha SEMILLA=7 CAPITULO=03"


def read_order(chapter: str, seed: str) -> tuple[str, int]:
    """El capítulo, con dos cifras, y la semilla.

    Raises
    ------
    ValueError
        Si no son un capítulo con ficha y un número entero.
    """
    chapter = chapter.strip()
    number = f"{int(chapter):02}" if re.fullmatch(r"[0-9]{1,2}", chapter) else chapter
    if number not in chapters_with_sheet():
        what = f"El capítulo «{chapter}» no tiene ficha" if chapter else "Falta el capítulo"
        raise ValueError(f"{what}: elige uno de {', '.join(chapters_with_sheet())}; {EXAMPLE}.")
    seed = seed.strip()
    if not re.fullmatch(r"[0-9]{1,9}", seed):
        what = f"La semilla es «{seed}»" if seed else "Falta la semilla"
        raise ValueError(f"{what} y debe ser un número entero, de 0 a 999 999 999; {EXAMPLE}.")
    return number, int(seed)


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    parser = Parser(prog="python -m tools.worksheets", description=__doc__)
    parser.add_argument("capitulo", help="capítulo de la ficha: " + ", ".join(chapters_with_sheet()))
    parser.add_argument("semilla", help="número entero; cada uno da otros números")
    given = parser.parse_args(arguments)
    try:
        chapter, seed = read_order(given.capitulo, given.semilla)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    executable = chromium_path()
    if executable is None:
        print("No hay Chromium: instálalo (apt install chromium) y repite «make ficha».", file=sys.stderr)
        return 1
    target = folder / f"ficha_{chapter}_{seed}.pdf"
    try:
        write_whole(print_sheet(sheet_html(chapter, seed), executable), target)
    except DoesNotFit as error:
        print(f"Con la semilla {seed}, {error}: prueba otra.", file=sys.stderr)
        return 1
    except BrowserError as error:
        said = str(error).partition("\n")[0]
        print(f"Chromium ({executable}) no ha impreso la ficha; dice: {said}", file=sys.stderr)
        return 1
    except OSError as error:
        why = "No queda espacio" if error.errno == errno.ENOSPC else "No se puede escribir"
        print(f"{why} en {folder}: no se ha escrito {target.name}.", file=sys.stderr)
        return 1
    shown = target.relative_to(ROOT) if target.is_relative_to(ROOT) else target
    print(f"Ficha del capítulo {chapter} con la semilla {seed}: {shown}. La segunda hoja son las soluciones.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
