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

import numpy as np
from scipy.stats import t

from course_utils import experiments
from course_utils.experiments import protocol
from course_utils.experiments.protocol import Measurement
from tools.chapters import ROOT, write_text

FOLDER = Path(protocol.__file__).parent
LIBRARIES = ("numpy", "keras", "tensorflow")
PINNED = ("numpy", "keras")  # las que cambian un resultado; se comparan con requirements.txt
LEVEL, OUTSIDE = 0.95, 0.10  # del intervalo de predicción; parte de los números que pueden caer fuera


class ExperimentError(Exception):
    """Algo que quien mide puede corregir: el mensaje dice qué y cómo."""


def experiment_names() -> list[str]:
    """Los módulos de ``course_utils.experiments``, por orden alfabético."""
    names = {module.name for module in pkgutil.iter_modules(experiments.__path__)}
    return sorted(names - {"protocol"})


def find(name: str):
    """El módulo de un experimento, o un error que dice cuáles hay."""
    if name not in experiment_names():
        raise ExperimentError(
            f"No hay ningún experimento «{name}».\nLos que hay: {', '.join(experiment_names())}."
        )
    return importlib.import_module(f"{experiments.__name__}.{name}")


def read(name: str, folder: Path = FOLDER) -> Measurement:
    """La medida guardada de un experimento."""
    return protocol.read_measurement((folder / f"{name}.json").read_text(encoding="utf-8"), name)


# --- ¿Sigue siendo suya? -----------------------------------------------------------------------------------


def probes(names: list[str]) -> dict[str, dict]:
    """Las sondas de varios experimentos, en un proceso nuevo y con un solo hilo: así se repiten bit a bit."""
    one_thread = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    environment = os.environ | one_thread | {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, "--sondas", *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise ExperimentError(done.stderr.strip().splitlines()[-1] if done.stderr else "Ha fallado la sonda.")
    return json.loads(done.stdout.splitlines()[-1])


def problems(name: str, probe: Mapping, folder: Path = FOLDER) -> list[str]:
    """Por qué la medida guardada ya no es la de este experimento, en una línea por motivo."""
    try:
        stored = read(name, folder)
    except FileNotFoundError:
        return [f"{name}: no se ha medido"]
    except ValueError as error:
        return [str(error)]
    found = []
    if protocol.digest_of(asdict(stored)) != stored.digest:
        found.append("el archivo se ha editado a mano: recupéralo con git")
    found += protocol.changed_settings(stored.settings, protocol.settings_of(find(name)))
    found += protocol.changed_probe(stored.probe["values"], probe)
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
    settings, probe = protocol.settings_of(module), probes([name])[name]  # antes: es lo que se va a medir
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
    if protocol.digest_of(asdict(stored)) != stored.digest:
        raise ExperimentError(f"{name}.json se ha editado a mano: recupéralo con git antes de aceptar nada.")
    if not reason.strip():
        raise ExperimentError('Falta el motivo: MOTIVO="qué ha cambiado y por qué la medida sigue valiendo".')
    seed = stored.seeds[0]
    print(f"{name}: se repite la semilla {seed}; tardó {stored.seconds[0]:.0f} s", flush=True)
    outside, compared = outside_interval(stored.values, module.run(seed, real_data(name, module)))
    if len(outside) > OUTSIDE * compared:
        raise ExperimentError(
            f"{name} ya no da lo mismo: {len(outside)} de {compared} números caen fuera de su intervalo.\n"
            + "\n".join(outside[:5])
            + f"\nHay que medirlo otra vez: make experimentos NOMBRE={name}"
        )
    content = asdict(stored) | {
        "settings": protocol.settings_of(module),
        "probe": {"values": probes([name])[name], "reasons": [*stored.probe["reasons"], reason.strip()]},
    }
    print(f"{compared - len(outside)} de {compared} números dentro del intervalo de las semillas.")
    return save(content, folder)


def outside_interval(stored: tuple[dict, ...], again: dict) -> tuple[list[str], int]:
    """Los números que no caben en el intervalo de predicción de los guardados, y cuántos se miran."""
    columns = [dict(leaves(value)) for value in stored]
    new, outside = dict(leaves(again)), []
    if columns[0].keys() != new.keys():
        return [f"{path}: no está en los dos" for path in columns[0].keys() ^ new.keys()], 1
    count = len(columns)
    factor = t.ppf((1 + LEVEL) / 2, count - 1) * np.sqrt(1 + 1 / count)
    for path, value in new.items():
        old = np.array([column[path] for column in columns])
        margin = factor * old.std(ddof=1) + 1e-6 * abs(old.mean())
        if abs(value - old.mean()) > margin:
            outside.append(f"{path}: {value:.4g}, y se esperaba {old.mean():.4g} ± {margin:.2g}")
    return outside, len(new)


def leaves(value, path: str = "") -> Iterator[tuple[str, float]]:
    """Todos los números de unos resultados, menos los tiempos."""
    if isinstance(value, Mapping):
        items = [(key, one) for key, one in value.items() if key not in protocol.TIMES]
    elif isinstance(value, list | tuple):
        items = list(enumerate(value))
    else:
        yield path, float(value)
        return
    for key, one in items:
        yield from leaves(one, f"{path} › {key}" if path else str(key))


def save(content: dict, folder: Path = FOLDER) -> Path:
    """Escribe una medida con su huella."""
    content["digest"] = protocol.digest_of(content)
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
            print(json.dumps({name: protocol.run_probe(find(name)) for name in options.names}))
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
