"""Ejecuta los experimentos largos y guarda sus medidas en ``course_utils/experiments/NOMBRE.json``::

    python -m tools.experiments [NOMBRE...]

Sin nombres se repiten los que no están al día: los que no tienen medida o cuyo código ha cambiado después.
Con nombres, esos. Hace falta tener los datos reales.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import platform
import re
import sys
import time
from pathlib import Path

from course_utils import experiments
from course_utils.experiments import protocol
from tools.chapters import write_text
from tools.provenance import code_fingerprint

MEASUREMENTS = Path(protocol.__file__).parent
LIBRARIES = ("numpy", "keras", "tensorflow")


class ExperimentError(Exception):
    """Algo que quien mide puede corregir: el mensaje dice qué y cómo."""


def experiment_names() -> list[str]:
    """Los módulos de ``course_utils.experiments``, por orden alfabético."""
    return sorted(
        module.name for module in pkgutil.iter_modules(experiments.__path__) if module.name != "protocol"
    )


def is_current(name: str, folder: Path = MEASUREMENTS) -> bool:
    """Si la medida existe y la hizo el código que hay ahora."""
    path = folder / f"{name}.json"
    return path.is_file() and json.loads(path.read_text(encoding="utf-8"))["code"] == code_fingerprint(name)


def measure(name: str, folder: Path = MEASUREMENTS) -> Path:
    """Ejecuta un experimento con todas sus semillas y escribe su medida, entera o nada."""
    if name not in experiment_names():
        raise ExperimentError(
            f"No hay ningún experimento «{name}».\nLos que hay: {', '.join(experiment_names())}."
        )
    module = importlib.import_module(f"{experiments.__name__}.{name}")
    code = code_fingerprint(name)  # antes de medir: el texto puede cambiar mientras tanto
    data = module.load_data()
    if data.is_stand_in:
        raise ExperimentError(
            f"«{name}» se mide con los datos reales y aquí solo están los sustitutos.\n"
            "Conéctate para descargarlos o define COURSE_DATA_DIR con la carpeta que los contiene."
        )
    values, seconds = [], []
    for number, seed in enumerate(module.SEEDS, start=1):
        print(f"{name}: semilla {seed} ({number} de {len(module.SEEDS)})… ", end="", flush=True)
        started = time.perf_counter()
        values.append(module.run(seed, data))
        seconds.append(round(time.perf_counter() - started, 1))
        print(f"{seconds[-1]:.0f} s", flush=True)
    content = {
        "name": name,
        "seeds": list(module.SEEDS),
        "values": values,
        "seconds": seconds,
        "versions": _versions(),
        "data": {data.name: data.fingerprint},
        "code": code,
    }
    path = folder / f"{name}.json"
    write_text(_text(content), path)
    return path


def _versions() -> dict[str, str]:
    libraries = {name: importlib.import_module(name).__version__ for name in LIBRARIES}
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} núcleos"
    return {"python": platform.python_version()} | libraries | {"machine": machine}


def _text(content: dict) -> str:
    """JSON con sangría, pero cada lista de números en una línea: se lee y se compara mejor."""
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    return (
        re.sub(r"\[[^\[\]{}]*\]", lambda found: json.dumps(json.loads(found[0]), ensure_ascii=False), text)
        + "\n"
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NOMBRE", help="experimento que se repite aunque esté al día"
    )
    names = parser.parse_args(arguments).names
    try:
        for name in names or [name for name in experiment_names() if not is_current(name)]:
            print(f"Escrito {measure(name).name}.")
        if not names:
            print("Todas las medidas están al día.")
    except (ExperimentError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrumpido: las medidas anteriores no se han tocado.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
