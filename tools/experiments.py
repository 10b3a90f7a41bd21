"""Ejecuta los experimentos largos y guarda sus medidas en ``course_utils/experiments/NOMBRE.json``::

    python -m tools.experiments [NOMBRE...]
    python -m tools.experiments --aceptar NOMBRE --motivo "por qué ha cambiado"

Sin nombres se repiten los que no están al día: los que no tienen medida o ya no hacen lo que hacían. Con
``--aceptar`` no se mide otra vez: se repite una semilla real y, si sale como las guardadas, se guarda la
sonda nueva con su motivo. Hace falta tener los datos reales.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE

import numpy as np
from scipy.stats import t

from course_utils import experiments
from course_utils.experiments import behaviour, measurement
from course_utils.experiments.measurement import Measurement
from tools.chapters import ROOT, write_text

FOLDER = Path(measurement.__file__).parent
LIBRARIES = ("numpy", "keras", "tensorflow")
PINNED = ("numpy", "keras")  # las que cambian un resultado; se comparan con requirements.txt
LEVEL, OUTSIDE = 0.95, 0.10  # del intervalo de predicción; parte de los números que pueden caer fuera


class ExperimentError(Exception):
    """Algo que quien mide puede corregir: el mensaje dice qué y cómo."""


def experiment_names() -> list[str]:
    """Los módulos de ``course_utils.experiments``, por orden alfabético."""
    names = {module.name for module in pkgutil.iter_modules(experiments.__path__)}
    return sorted(names - {"behaviour", "comparison", "measurement", "protocol"})


def find(name: str):
    """El módulo de un experimento, o un error que dice cuáles hay."""
    if name not in experiment_names():
        raise ExperimentError(
            f"No hay ningún experimento «{name}».\nLos que hay: {', '.join(experiment_names())}."
        )
    return importlib.import_module(f"{experiments.__name__}.{name}")


def read(name: str, folder: Path = FOLDER) -> Measurement:
    """La medida guardada de un experimento."""
    return measurement.read_measurement((folder / f"{name}.json").read_text(encoding="utf-8"), name)


# --- ¿Sigue siendo suya? -----------------------------------------------------------------------------------


def probes(names: list[str]) -> dict[str, dict]:
    """Las sondas de varios experimentos, en dos procesos nuevos de un solo hilo: así se repiten bit a bit."""
    one_thread = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    environment = os.environ | one_thread | {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, "--sondas"]
    running = [
        subprocess.Popen([*command, *half], cwd=ROOT, env=environment, text=True, stdout=PIPE, stderr=PIPE)
        for half in (names[::2], names[1::2])
        if half
    ]
    found = {}
    for process in running:
        output, error = process.communicate()
        if process.returncode != 0:
            raise ExperimentError(error.strip() or "Ha fallado la sonda.")
        found |= json.loads(output.splitlines()[-1])
    return {name: found[name] for name in names}


def problems(name: str, probe: Mapping, folder: Path = FOLDER) -> list[str]:
    """Por qué la medida guardada ya no es la de este experimento, en una línea por motivo."""
    try:
        stored = read(name, folder)
    except FileNotFoundError:
        return [f"{name}: no se ha medido"]
    except ValueError as error:
        return [str(error)]
    found = []
    if measurement.digest_of(asdict(stored)) != stored.digest:
        return [f"{name}: el archivo se ha editado a mano: recupéralo con git"]
    found += behaviour.changed_settings(stored.settings, behaviour.settings_of(find(name)))
    found += behaviour.changed_probe(stored.probe["values"], probe)
    return [f"{name}: {line}" for line in found]


def version_notes(stored: Measurement, requirements: str) -> list[str]:
    """Avisos, no errores: las bibliotecas que el curso fija en otra versión que la de la medida."""
    notes = []
    for library in PINNED:
        pinned = re.search(rf"^{library}==(\d+\.\d+)", requirements, re.MULTILINE)
        measured = ".".join(stored.versions[library].split(".")[:2])
        if pinned and pinned[1] != measured:
            notes.append(f"{stored.name} se midió con {library} {measured} y el curso fija {pinned[1]}")
    return notes


# --- Medir y aceptar ---------------------------------------------------------------------------------------


def real_data(name: str, module):
    """Los datos del experimento, que tienen que ser los reales."""
    data = module.load_data()
    if data.is_stand_in:
        raise ExperimentError(
            f"«{name}» se mide con los datos reales y aquí solo están los sustitutos.\n"
            "Conéctate para descargarlos o define COURSE_DATA_DIR con la carpeta que los contiene."
        )
    return data


def measure(name: str, folder: Path = FOLDER) -> Path:
    """Ejecuta un experimento con todas sus semillas y escribe su medida, entera o nada."""
    module = find(name)
    settings, probe = behaviour.settings_of(module), probes([name])[name]  # antes: es lo que se va a medir
    data = real_data(name, module)
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
        "settings": settings,
        "probe": {"values": probe, "reasons": []},
    }
    return save(content, folder)


def accept(name: str, reason: str, folder: Path = FOLDER) -> Path:
    """Repite una semilla real y, si sale como las guardadas, guarda la sonda de ahora con su motivo."""
    module, stored = find(name), read(name, folder)
    data = real_data(name, module)
    if measurement.digest_of(asdict(stored)) != stored.digest:
        raise ExperimentError(f"{name}.json se ha editado a mano: recupéralo con git antes de aceptar nada.")
    if not reason.strip():
        raise ExperimentError('Falta el motivo: MOTIVO="qué ha cambiado y por qué la medida sigue valiendo".')
    if {data.name: data.fingerprint} != stored.data:
        raise ExperimentError(f"Los datos de {name} no son los de su medida: hay que medirlo otra vez.")
    seed = stored.seeds[0]
    print(f"{name}: se repite la semilla {seed}; tardó {stored.seconds[0]:.0f} s", flush=True)
    lines = mismatches(stored.values, module.run(seed, data))
    if lines:
        raise ExperimentError(
            f"{name} ya no da lo mismo:\n"
            + "\n".join(lines[:5])
            + f"\nHay que medirlo otra vez: make experimentos NOMBRE={name}"
        )
    content = asdict(stored) | {
        "name": name,
        "settings": behaviour.settings_of(module),
        "probe": {"values": probes([name])[name], "reasons": [*stored.probe["reasons"], reason.strip()]},
    }
    return save(content, folder)


def mismatches(stored: tuple[dict, ...], again: dict) -> list[str]:
    """Por qué unos números repetidos no son como los guardados; nada, si lo son.

    Cada número suelto tiene que caber en el intervalo de predicción de las semillas, con el nivel repartido
    entre todos; de los que van en listas (curvas, matrices) puede quedar fuera alguno, por azar.
    """
    columns, new = [dict(leaves(value)) for value in stored], dict(leaves(again))
    if columns[0].keys() != new.keys():
        return [f"{path}: no está en los dos" for path in sorted(columns[0].keys() ^ new.keys())]
    listed = {path for path in new if path.endswith("]")}
    level = 1 - (1 - LEVEL) / max(len(new) - len(listed), 1)
    alone = outside_interval(columns, {path: new[path] for path in new.keys() - listed}, level)
    inside_lists = outside_interval(columns, {path: new[path] for path in listed}, LEVEL)
    return alone + (inside_lists if len(inside_lists) > OUTSIDE * len(listed) else [])


def outside_interval(columns: list[dict], new: dict[str, float], level: float) -> list[str]:
    """Los números que no caben en el intervalo de predicción de los de otras semillas."""
    count, outside = len(columns), []
    factor = t.ppf((1 + level) / 2, count - 1) * np.sqrt(1 + 1 / count)
    for path, value in sorted(new.items()):
        old = np.array([column[path] for column in columns])
        margin = factor * old.std(ddof=1) + 1e-6 * abs(old.mean())
        if not abs(value - old.mean()) <= margin:  # un nan tampoco cabe
            outside.append(f"{path}: {value:.4g}, y se esperaba {old.mean():.4g} ± {margin:.2g}")
    return outside


def leaves(value, path: str = "") -> Iterator[tuple[str, float]]:
    """Todos los números de unos resultados, menos los tiempos; el camino de los de una lista acaba en «]»."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in behaviour.TIMES:
                yield from leaves(one, f"{path} › {key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from leaves(one, f"{path}[{number}]")
    else:
        yield path, float(value)


def save(content: dict, folder: Path = FOLDER) -> Path:
    """Escribe una medida con su huella."""
    content["digest"] = measurement.digest_of(content)
    path = folder / f"{content['name']}.json"
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
    parser.add_argument("--aceptar", metavar="NOMBRE", help="guarda la sonda de ahora sin medir otra vez")
    parser.add_argument("--motivo", default="", help="por qué ha cambiado lo que se acepta")
    parser.add_argument("--sondas", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        if options.sondas:
            print(json.dumps({name: behaviour.run_probe(find(name)) for name in options.names}))
        elif options.aceptar:
            print(f"Escrito {accept(options.aceptar, options.motivo).name}.")
        else:
            for name in options.names or stale():
                print(f"Escrito {measure(name).name}.")
            if not options.names:
                print("Todas las medidas están al día.")
    except FileNotFoundError as error:
        print(f"No existe {Path(error.filename).name}: mide primero ese experimento.", file=sys.stderr)
        return 1
    except (ExperimentError, RuntimeError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrumpido: las medidas anteriores no se han tocado.", file=sys.stderr)
        return 130
    return 0


def stale() -> list[str]:
    """Los experimentos que hay que medir otra vez, diciendo por qué."""
    names, pins = experiment_names(), (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = []
    for name, probe in probes(names).items():
        if lines := problems(name, probe):
            print("\n".join(lines), flush=True)
            found.append(name)
        else:
            print("".join(f"Aviso: {note}.\n" for note in version_notes(read(name), pins)), end="")
    return found


if __name__ == "__main__":
    sys.exit(main())
