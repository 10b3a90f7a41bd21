"""La página «Estado»: cuándo, en cuánto tiempo y con qué versiones se comprobó cada capítulo.

``tools.validate_chapters`` apunta en ``_build/estado.json`` los capítulos cuyas salidas concuerdan. Con
``make estado`` pasa a ``appendix/src/estado.json``, que se confirma, y de él sale ``appendix/estado.md``: así
una confirmación da siempre el mismo sitio, se construya cuando se construya.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools.notebooks import ROOT, sources, write_text

RUNS = ROOT / "_build" / "estado.json"
KEPT = ROOT / "appendix" / "src" / "estado.json"
PAGE = ROOT / "appendix" / "estado.md"
PACKAGES = {"TensorFlow": ("tensorflow-cpu", "tensorflow"), "Keras": ("keras",), "NumPy": ("numpy",)}
NOTEBOOK = re.compile(r"(\d\d_\w+)\.ipynb$")

HEAD = """\
---
myst:
  html_meta:
    description: "Cuándo se comprobó por última vez cada capítulo, en cuánto tiempo y con qué versiones."
---

# Estado

<!-- Generado por tools/status.py con appendix/src/estado.json: no se edita a mano. -->

La última vez que cada capítulo se ejecutó entero, con los datos reales, y dio las salidas que se leen en él.
"""


def note_runs(report: Path, runs: Path = RUNS) -> None:
    """Apunta los capítulos del informe de una pasada de nbval en que todo concordó."""
    seconds: dict[str, float] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        found = NOTEBOOK.search(case.get("classname"))
        if found:
            seconds[found[1]] = seconds.get(found[1], 0) + float(case.get("time"))
    run = {"date": date.today().isoformat(), "environment": environment()}
    noted = _read(runs) | {name: run | {"seconds": round(spent)} for name, spent in seconds.items()}
    write_text(_text(noted), runs)


def environment() -> str:
    """Las versiones de lo que decide los números, y la máquina."""
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {_version(packages)}" for name, packages in PACKAGES.items()]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} núcleos"
    return f"{', '.join(versions)} ({machine})"


def page(runs: dict[str, dict]) -> str:
    """Texto de ``appendix/estado.md``: una tabla por cada entorno distinto."""
    titles = {source.stem: _title(source) for source in sources()}
    parts = [HEAD]
    for where in dict.fromkeys(runs[name]["environment"] for name in titles if name in runs):
        rows = [
            f"| [{title}](../chapters/{name}.ipynb) | {_day(runs[name]['date'])} | {runs[name]['seconds']} |"
            for name, title in titles.items()
            if name in runs and runs[name]["environment"] == where
        ]
        parts.append("\n".join([f"{where}:\n", "| capítulo | día | segundos |", "|---|---|---:|", *rows, ""]))
    missing = [f"- [{title}](../chapters/{name}.ipynb)" for name, title in titles.items() if name not in runs]
    if missing:
        parts.append("\n".join(["Sin comprobar:\n", *missing, ""]))
    return "\n".join(parts)


def _title(source: Path) -> str:
    return re.search(r"^# (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)[1]


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _version(packages: tuple[str, ...]) -> str:
    for name in packages:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "sin instalar"


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except json.JSONDecodeError as error:
        sys.exit(f"{path.relative_to(ROOT)} no es JSON ({error}): bórralo y repite la orden.")


def _text(runs: dict) -> str:
    return json.dumps(dict(sorted(runs.items())), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Lleva a la página lo apuntado desde la última vez; un capítulo que ya no está se quita."""
    names = {source.stem for source in sources()}
    runs = {name: run for name, run in (_read(KEPT) | _read(RUNS)).items() if name in names}
    write_text(_text(runs), KEPT)
    write_text(page(runs), PAGE)
    print(f"Estado: {len(runs)} de {len(names)} capítulos comprobados, en {PAGE.relative_to(ROOT)}.")
    if len(runs) < len(names):
        print("Los que faltan: «make test-capitulos» y otra vez «make estado».")


if __name__ == "__main__":
    main()
