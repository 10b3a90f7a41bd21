"""Las semillas ya medidas de un experimento que no ha acabado.

Cada una se escribe entera en ``_build/experimentos`` en cuanto acaba, con la huella de lo que se medía
(ajustes, sonda y datos): si se interrumpe, o se apaga la máquina, se sigue por la que tocaba.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from tools.chapters import ROOT, write_text

FOLDER = ROOT / "_build" / "experimentos"


class FinishedSeed(NamedTuple):
    """Lo que dio una semilla y cuánto tardó."""

    values: dict
    seconds: float


def keep(name: str, seed: int, mark: str, finished: FinishedSeed) -> None:
    """Guarda una semilla recién medida; ``mark`` dice con qué se midió."""
    content = {"mark": mark, **finished._asdict()}
    write_text(json.dumps(content) + "\n", _path(name, seed))


def kept(name: str, seed: int, mark: str) -> FinishedSeed | None:
    """La semilla guardada; nada si no está, y si está estropeada o se midió con otra cosa, lo dice."""
    path = _path(name, seed)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = FinishedSeed(content["values"], content["seconds"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        print(f"{name}: lo guardado de la semilla {seed} está estropeado: se mide otra vez", flush=True)
        return None
    if content.get("mark") != mark:
        print(f"{name}: la semilla {seed} se midió con otros ajustes o datos: se mide otra vez", flush=True)
        return None
    return found


def forget(name: str) -> None:
    """Borra lo guardado de un experimento que ya tiene su medida."""
    for path in FOLDER.glob(f"{name}.*.json"):
        path.unlink()


def remaining(finished: list[FinishedSeed | None]) -> str:
    """Cuánto queda, si cada semilla que falta tarda lo que la media de las ya medidas."""
    seconds = [one.seconds for one in finished if one]
    left = len(finished) - len(seconds)
    if not left:
        return "era la última"
    minutes = left * sum(seconds) / len(seconds) / 60
    return f"quedan unos {minutes:.0f} min" if minutes >= 1 else "queda menos de un minuto"


def _path(name: str, seed: int) -> Path:
    return FOLDER / f"{name}.{seed}.json"
