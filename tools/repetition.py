"""¿Es lo mismo que se midió? Compara lo que da un experimento al repetir una semilla con lo guardado."""

import re
from collections.abc import Iterator, Mapping

import numpy as np
from scipy.stats import t

from course_utils.experiments.behaviour import TIMES

FARTHEST = 4.0  # desviaciones; con tres semillas, el intervalo exacto lo admitiría todo
LEVEL = 0.95  # con que se acepta una repetición
TYPICAL = 1.5  # tamaño medio de las diferencias, en desviaciones de una semilla a otra: al azar es 0,8


def mismatches(stored: tuple[dict, ...], again: dict) -> list[str]:
    """Por qué lo repetido no es lo que dio la última semilla guardada; nada, si no se distingue.

    La vara de cada número es lo que cambia de una semilla a otra: con pocas semillas se estima mal, así que
    vale al menos la de todos los números del mismo nombre. Ninguno puede alejarse más de lo que, con nivel
    ``LEVEL`` entre todos, se aleja otra semilla si los números son independientes, ni más de ``FARTHEST``; y
    las diferencias de cada lista, y las de todos, no pueden ser grandes a la vez (``TYPICAL``). Es una criba:
    con pocas semillas admite todavía diferencias grandes. Lo que no es un número tiene que ser igual.
    """
    columns, new = [dict(leaves(value)) for value in stored], dict(leaves(again))
    if columns[-1].keys() != new.keys():
        return [f"{path}: no está en los dos" for path in sorted(columns[-1].keys() ^ new.keys())]
    had = {
        path: [one[path] for one in columns if path in one] for path in new
    }  # hay listas de distinto largo
    numeric = {path for path in new if all(isinstance(one, float) for one in (new[path], *had[path]))}
    listed = {path for path in numeric if path.endswith("]")}
    lines = [
        f"{path}: {new[path]}, y era {columns[-1][path]}"
        for path in new.keys() - numeric
        if new[path] != columns[-1][path]
    ]
    away = {}
    for family in _families(numeric).values():
        deviations = {
            path: float(np.std(had[path], ddof=1)) if len(had[path]) > 1 else 0.0 for path in family
        }
        pooled = float(np.sqrt(np.mean(np.square(list(deviations.values())))))
        freedom = (len(columns) - 1) * len(family)
        for path in family:
            alike = len(listed) if path in listed else len(numeric) - len(listed)
            limit = min(t.ppf(1 - (1 - LEVEL) / 4 / alike, freedom), FARTHEST)  # la mitad, para las listas
            old = columns[-1][path]
            unit = np.sqrt(2) * max(deviations[path], pooled) + 1e-6 * abs(old) + 1e-12
            away[path] = abs(new[path] - old) / unit
            if not away[path] <= limit:  # un nan tampoco cabe
                lines.append(f"{path}: {new[path]:.4g}, y era {old:.4g} ± {limit * unit:.2g}")
    for group, paths in _lists(numeric).items():
        if len(paths) >= 5 and np.mean([away[path] for path in paths]) > TYPICAL:
            lines.append(f"{group}: se aleja, en conjunto, más que otra semilla")
    return lines


def _families(paths: set[str]) -> dict[str, list[str]]:
    """Los números de cada nombre, estén donde estén."""
    groups: dict[str, list[str]] = {}
    for path in sorted(paths):
        groups.setdefault(re.sub(r"\[\d+\]", "[]", path).rpartition(" › ")[2], []).append(path)
    return groups


def _lists(paths: set[str]) -> dict[str, list[str]]:
    """Los números que se miran juntos: los de cada lista, y todos."""
    groups: dict[str, list[str]] = {"todo": sorted(paths)}
    for path in sorted(paths):
        if path.endswith("]"):
            groups.setdefault(path.partition("[")[0], []).append(path)
    return groups


def leaves(value, path: str = "") -> Iterator[tuple[str, object]]:
    """Lo que hay en unos resultados, menos los tiempos; el camino de lo que va en listas acaba en «]»."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in TIMES:
                yield from leaves(one, f"{path} › {key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from leaves(one, f"{path}[{number}]")
    else:
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        yield path, float(value) if number else value
