"""Cuánto cuesta construir el sitio según crece: ``make bench-sitio``, o con otras copias, ``COPIAS="1 40"``.

Construye libros hechos de copias de los capítulos y, en cada uno, cambia después una frase y lo construye
otra vez. Los segundos de procesador no cuentan lo que estorban otros procesos: con ellos se mira si el coste
crece como las páginas (exponente 1).
"""

import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
COPIES = ("1", "4")
GOAL_EXPONENT = 1.1
GOAL_EDIT = 10  # s, en el libro de hoy


def make_book(folder: Path, copies: int) -> None:
    """El libro del proyecto con cada capítulo ``copies`` veces."""
    for name in ("_config.yml", "_toc.yml", "_ext", "_templates", "assets", "intro.md"):
        folder.joinpath(name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "appendix", folder / "appendix")
    (folder / "chapters").mkdir()
    for chapter in sorted((ROOT / "chapters").glob("*.ipynb")):
        shutil.copy(chapter, folder / "chapters")
        for number in range(2, copies + 1):
            shutil.copy(chapter, folder / "chapters" / f"{chapter.stem}_{number:02}.ipynb")


def edit_a_chapter(folder: Path) -> None:
    path = min((folder / "chapters").glob("*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    last = [cell for cell in notebook.cells if cell.cell_type == "markdown"][-1]
    last.source += "\n\nUna frase más."
    nbformat.write(notebook, path)


def build(folder: Path) -> tuple[float, float]:
    """Segundos de reloj y de procesador."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder, "-q"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    if done.returncode:
        sys.exit(f"El libro de copias no se ha construido:\n{done.stderr[-800:]}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(copies: int) -> tuple[int, float, float, float, float]:
    """Páginas, y segundos de reloj y de procesador de todo y de un cambio."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_book(folder, copies)
        whole = build(folder)
        edit_a_chapter(folder)
        edit = build(folder)
        return len(list((folder / "_build" / "html").rglob("*.html"))), *whole, *edit


def main(copies: list[str]) -> int:
    if not all(text.isdigit() and int(text) for text in copies):
        sys.exit(f'Las copias son números enteros, como COPIAS="1 4", y ha llegado {" ".join(copies)!r}.')
    print("                   todo el libro        un cambio")
    print("copias  páginas   reloj  procesador   reloj  procesador")
    rows = []
    for number in sorted(map(int, copies)):
        rows.append(measure(number))
        pages, *seconds = rows[-1]
        print(f"{number:6}{pages:9}" + "{:6.0f} s{:10.1f} s{:6.0f} s{:10.1f} s".format(*seconds), flush=True)
    edit, worst = rows[0][3], 0.0
    if len(rows) > 1:
        (few, _, least, *_), (many, _, most, *_) = rows[0], rows[-1]
        worst = math.log(most / least) / math.log(many / few)
        print(f"El procesador crece como las páginas elevadas a {worst:.2f} (objetivo: {GOAL_EXPONENT}).")
    print(f"Un cambio en el libro menor: {edit:.0f} s (objetivo: {GOAL_EDIT}).")
    return 0 if worst <= GOAL_EXPONENT and edit <= GOAL_EDIT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(COPIES)))
