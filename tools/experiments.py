"""Ejecuta los experimentos largos y guarda sus medidas en ``course_utils/experiments/NOMBRE.json``::

    python -m tools.experiments [NOMBRE...]
    python -m tools.experiments --aceptar NOMBRE --motivo "por qué ha cambiado"
    python -m tools.experiments --tiempos [NOMBRE...]

Cada semilla se guarda en ``_build/experimentos`` en cuanto acaba: si se interrumpe, al repetir la orden se
sigue por la que tocaba. Sin nombres se repiten los que no están al día: los que no tienen medida, y aquellos
en los que se ha visto un cambio en sus constantes o en su sonda. Con ``--aceptar`` no se mide otra vez: se
repite una semilla real y, si no se aleja mucho de lo que dio, se guarda la sonda nueva con su motivo.
Hacen falta los datos reales. Con ``--tiempos`` no se mide nada: se dice lo que gasta cada sonda.
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
from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from subprocess import PIPE

from course_utils import experiments
from course_utils.exercises.arguments import Parser
from course_utils.experiments import behaviour, measurement
from course_utils.experiments.measurement import Measurement
from tools import finished_seeds
from tools.chapters import ROOT, write_text
from tools.finished_seeds import FinishedSeed
from tools.repetition import leaves, mismatches

FOLDER = Path(measurement.__file__).parent
LIBRARIES = ("numpy", "keras", "tensorflow")
PINNED = ("numpy", "keras")  # las que cambian un resultado; se comparan con requirements.txt


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
    try:
        for process in running:
            output, error = process.communicate()
            if process.returncode != 0:
                raise ExperimentError(error.strip() or "Ha fallado la sonda.")
            found |= json.loads(output.splitlines()[-1])
    finally:
        for process in running:  # si algo falla o se interrumpe, no se queda ninguno
            process.kill()
    return {name: found[name] for name in names}


def probe_seconds(names: list[str]) -> None:
    """Imprime los segundos de procesador de cada sonda, en este proceso, y su suma.

    Los dibujos de un conjunto los paga la primera sonda que los usa.
    """
    total = 0.0
    for name in names:
        started = time.process_time()
        behaviour.run_probe(find(name))
        spent = time.process_time() - started
        total += spent
        print(f"{name:<28}{spent:6.1f}", flush=True)
    print(f"{'en total':<28}{total:6.1f}")


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
    """Ejecuta un experimento con las semillas que le faltan y escribe su medida, entera o nada."""
    module = find(name)
    settings, probe = behaviour.settings_of(module), probes([name])[name]  # antes: es lo que se va a medir
    data = real_data(name, module)
    content = {
        "name": name,
        "seeds": list(module.SEEDS),
        "versions": _versions(),
        "data": {data.name: data.fingerprint},
        "settings": settings,
        "probe": {"values": probe, "reasons": []},
    }
    finished = measure_seeds(module, data, name, measurement.digest_of(content))
    measured = {"values": [one.values for one in finished], "seconds": [one.seconds for one in finished]}
    path = save({"name": name, "seeds": content["seeds"]} | measured | content, folder)
    finished_seeds.forget(name)
    return path


def measure_seeds(module, data, name: str, mark: str) -> list[FinishedSeed]:
    """Mide cada semilla que no esté ya guardada con la misma marca, y la guarda en cuanto acaba."""
    finished = [finished_seeds.kept(name, seed, mark) for seed in module.SEEDS]
    for number, seed in enumerate(module.SEEDS):
        print(f"{name}: semilla {seed} ({number + 1} de {len(module.SEEDS)})… ", end="", flush=True)
        if finished[number]:
            print("ya estaba", flush=True)
            continue
        started = time.perf_counter()
        values = module.run(seed, data)
        finished[number] = FinishedSeed(values, round(time.perf_counter() - started, 1))
        finished_seeds.keep(name, seed, mark, finished[number])
        print(f"{finished[number].seconds:.0f} s; {finished_seeds.remaining(finished)}", flush=True)
    return finished


def accept(name: str, reason: str, folder: Path = FOLDER) -> Path:
    """Repite una semilla real y, si sale como la guardada, guarda la sonda de ahora con su motivo."""
    module = find(name)
    if not (folder / f"{name}.json").exists():
        raise ExperimentError(f"No existe {name}.json: mide primero ese experimento.")
    stored = read(name, folder)
    data = real_data(name, module)
    if measurement.digest_of(asdict(stored)) != stored.digest:
        raise ExperimentError(f"{name}.json se ha editado a mano: recupéralo con git antes de aceptar nada.")
    if not reason.strip():
        raise ExperimentError('Falta el motivo: MOTIVO="qué ha cambiado y por qué la medida sigue valiendo".')
    remedy = f"Hay que medirlo otra vez: make experimentos NOMBRE={name}"
    if {data.name: data.fingerprint} != stored.data:
        raise ExperimentError(f"Los datos de {name} no son los de su medida. {remedy}")
    if tuple(module.SEEDS) != stored.seeds:
        seeds = f"{name} se midió con las semillas {stored.seeds} y ahora tiene {tuple(module.SEEDS)}"
        raise ExperimentError(f"{seeds}. {remedy}")
    probe = probes([name])[name]
    seed = stored.seeds[-1]
    print(f"{name}: se repite la semilla {seed}; tardó {stored.seconds[-1]:.0f} s", flush=True)
    if lines := mismatches(stored.values, module.run(seed, data)):
        shown = lines[:5] + ([f"y {len(lines) - 5} más"] if len(lines) > 5 else [])
        raise ExperimentError("\n".join([f"{name} ya no da lo mismo:", *shown, remedy]))
    content = asdict(stored) | {
        "name": name,
        "settings": behaviour.settings_of(module),
        "probe": {"values": probe, "reasons": [*stored.probe["reasons"], reason.strip()]},
    }
    return save(content, folder)


def save(content: dict, folder: Path = FOLDER) -> Path:
    """Escribe una medida con su huella.

    Raises
    ------
    ExperimentError
        Si algún número no es finito, que en JSON no se puede escribir.
    """
    wrong = [
        path for path, value in leaves(content["values"]) if isinstance(value, float) and not isfinite(value)
    ]
    if wrong:
        raise ExperimentError(
            f"{content['name']}: no se guarda nada, porque {', '.join(wrong[:3])} no es un número finito."
        )
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
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NOMBRE", help="experimento que se repite aunque esté al día"
    )
    parser.add_argument("--aceptar", metavar="NOMBRE", help="guarda la sonda de ahora sin medir otra vez")
    parser.add_argument("--motivo", default="", help="por qué ha cambiado lo que se acepta")
    parser.add_argument("--sondas", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--tiempos", action="store_true", help="segundos de procesador de cada sonda, sin medir nada"
    )
    options = parser.parse_args(arguments)
    try:
        if options.sondas:
            print(json.dumps({name: behaviour.run_probe(find(name)) for name in options.names}))
        elif options.tiempos:
            probe_seconds(options.names or experiment_names())
        elif options.aceptar:
            print(f"Escrito {accept(options.aceptar, options.motivo).name}.")
        else:
            for name in options.names or stale():
                print(f"Escrito {measure(name).name}.")
            if not options.names:
                print("Todas las medidas están al día.")
    except (ExperimentError, RuntimeError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nInterrumpido: lo ya medido está guardado, semilla a semilla; repite la orden para seguir.",
            file=sys.stderr,
        )
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
