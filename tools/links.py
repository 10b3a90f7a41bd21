"""Comprueba los enlaces del libro a otros sitios: ``make enlaces``. Necesita red; ninguna prueba lo hace."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.book import ROOT, problems

OUTPUT = ROOT / "_build" / "enlaces"
REPORT = OUTPUT / "_build" / "html" / "output.json"


def broken(report: str) -> list[str]:
    """Una línea por enlace roto, del informe de Sphinx: un objeto JSON por línea."""
    links = [json.loads(line) for line in report.splitlines() if line.strip()]
    return [
        f"{link['filename']}:{link['lineno']}: {link['uri']} ({link['info']})"
        for link in links
        if link["status"] in ("broken", "timeout")
    ]


def main() -> int:
    REPORT.unlink(missing_ok=True)
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", ".", "--builder", "linkcheck", "--path-output", OUTPUT, "-q"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        subprocess.run(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, check=False)
        said.seek(0)
        output = said.read()
    if not REPORT.is_file():
        print("No se han llegado a comprobar los enlaces:", *problems(output), sep="\n  ")
        return 1
    report = REPORT.read_text(encoding="utf-8")
    found, count = broken(report), len(report.splitlines())
    if found:
        print(f"Enlaces que no responden ({len(found)} de {count}):", *found, sep="\n  ")
        return 1
    print(f"Todos los enlaces responden ({count}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
