"""Mide cada página con Lighthouse, en móvil y en ordenador: ``make auditoria``. Baja Lighthouse con npm.

La rapidez se mide con el reloj: en una máquina ocupada sale menos, y por eso se dice la carga.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tools.browser import chromium_path
from tools.node import npm_command
from tools.serve import SITE, serve

PACKAGE = "lighthouse@12.8.2"
GOALS = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
CATEGORIES = {
    "performance": "rapidez",
    "accessibility": "accesibilidad",
    "best-practices": "prácticas",
    "seo": "buscadores",
}


def measure(npm: list[str], address: str, form: str, executable: str) -> dict[str, int]:
    """Puntos de 0 a 100 en cada categoría."""
    command = [*npm, "exec", "--yes", "--", PACKAGE, address, "--quiet", "--output=json"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    command += ["--preset=desktop"] if form == "ordenador" else []
    environment = os.environ | {"CHROME_PATH": executable}
    report = subprocess.run(command, env=environment, capture_output=True, text=True)
    if report.returncode:
        sys.exit(f"Lighthouse no ha podido medir {address}:\n{report.stderr[-500:]}")
    scores = json.loads(report.stdout)["categories"]
    return {name: round(100 * scores[name]["score"]) for name in CATEGORIES}


def main(pages: list[str]) -> int:
    npm, executable = npm_command(), chromium_path()
    if npm is None or executable is None:
        sys.exit("Hacen falta npm y Chromium para medir el sitio: instálalos y repite «make auditoria».")
    pages = pages or sorted(
        page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if page.name != "404.html"
    )
    short = 0
    print(f"{'página':<48} {'':<10}", *CATEGORIES.values())
    with serve(SITE) as address:
        for page in pages:
            for form in ("móvil", "ordenador"):
                scores = measure(npm, f"{address}/{page}", form, executable)
                short += any(scores[name] < goal for name, goal in GOALS.items())
                columns = [f"{score:>{len(CATEGORIES[name])}}" for name, score in scores.items()]
                print(f"{page:<48} {form:<10}", *columns, flush=True)
    print(f"Por debajo del objetivo ({', '.join(map(str, GOALS.values()))}): {short} medidas.")
    print(f"Procesos que esperaban procesador en el último cuarto de hora: {os.getloadavg()[2]:.1f}.")
    return 0 if short == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
