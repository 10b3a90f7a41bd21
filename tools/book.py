"""Construye el sitio en ``_build/html``: ``make libro``. Un aviso de Jupyter Book o de Sphinx es un error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / "_build" / ".doctrees" / "environment.pickle"
NOTEBOOK_LINE = re.compile(r"(?<=\.ipynb):(\d+)(\d{4}):")  # MyST-NB cuenta 10 000 × celda + línea
WRONG = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^(Extension|Sphinx) error|^[\w.]*Error: ")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def problems(output: str) -> list[str]:
    """Líneas de ``output`` que dicen qué está mal, con rutas relativas al proyecto."""
    lines = COLOUR.sub("", output).replace(f"{ROOT}{os.sep}", "").splitlines()
    lines = [
        NOTEBOOK_LINE.sub(lambda found: f", celda {found[1]}, línea {int(found[2])}:", line) for line in lines
    ]
    starts = [at for at, line in enumerate(lines) if WRONG.search(line)]
    found = [line for at in starts for line in lines[at : at + (3 if "error" in lines[at] else 1)]]
    return found or [line for line in lines if line.strip()][-15:]


def main() -> int:
    start = time.monotonic()
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-n", "-W", "--keep-going", "-q"]
    # A un archivo y no a una tubería: si el Node de las fórmulas queda colgado, esto no se queda esperándolo.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        status = subprocess.run(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT).returncode
        said.seek(0)
        output = said.read()
    if status:
        # Sin esto, la segunda vez no se vuelve a leer la página con avisos y parecería que ya está bien.
        ENVIRONMENT.unlink(missing_ok=True)
        found = problems(output)
        print(f"El sitio no se ha construido bien. Hay que corregir ({len(found)}):", *found, sep="\n  ")
        return 1
    print(f"Sitio construido en _build/html ({time.monotonic() - start:.0f} s).")
    print("Para verlo: make ver, y abre http://127.0.0.1:8000")
    return 0


if __name__ == "__main__":
    sys.exit(main())
