"""Lo que se mira de un reparto en entrenamiento y validación, y maneras de hacerlo mal."""

from itertools import pairwise

import numpy as np

from course_utils.exercises.answers import Unexpected

# Índices y validación de un reparto pequeño, y con cuántas semillas se repite: al azar, que dos índices no
# coincidan nunca en la validación tiene una probabilidad de (10/11)^200, 5 entre 10^9, y hay 66 parejas.
SMALL, SEEDS = (12, 4), 200


def look_at_splits(function) -> dict:
    """Lo que hace ``function(count, validation, seed)`` con dos tamaños y dos semillas.

    Cuántos índices hay en cada parte y en las dos (``kept``, ``held_out``, ``total``; con otro tamaño,
    ``other_sizes``), cuántos comparten y cuántos distintos hay (``shared``, ``distinct``), si la misma
    semilla da lo mismo (``repeats``) y otra también (``same``), y las distancias que hay entre los de
    validación (``gaps``).
    De ``seeds`` repartos más, cuántos índices no salen nunca (``never``), si dos salen siempre a la vez
    (``tied``) y dos que no salen a la vez nunca (``apart``; vacío, si no los hay).
    Lanza ``Unexpected`` si no devuelve dos arrays de índices.
    """
    first, again, other = (_checked_split(function(100, 20, seed), 100) for seed in (1, 1, 2))
    train, validation = first
    kept, held_out = (len(part) for part in _checked_split(function(30, 10, 1), 30))
    places = sorted(set(validation))
    places += [place + 100 for place in places[:1]]  # del último al primero, dando la vuelta
    gaps = {after - before for before, after in pairwise(places)}
    held = np.zeros((SEEDS, SMALL[0]), bool)
    for seed in range(SEEDS):
        held[seed, _checked_split(function(*SMALL, seed), SMALL[0])[1]] = True
    together = held.T @ held.astype(int)  # cuántas veces salen a la vez dos índices; en la diagonal, cada uno
    others = together * (1 - np.eye(SMALL[0], dtype=int))
    apart = np.argwhere(np.triu(together == 0, 1)).tolist()
    return {
        "seeds": SEEDS,
        "never": int((~held.any(axis=0)).sum()),
        "tied": bool(((others == np.diag(together)) & (others > 0)).any()),
        "apart": apart[0] if apart else (),
        "gaps": sorted(gaps),  # al azar hay muchas distancias distintas; en un bloque, dos
        "other_sizes": (kept, held_out),
        "kept": len(train),
        "held_out": len(validation),
        "shared": len(set(train) & set(validation)),
        "distinct": len(set(train) | set(validation)),
        "total": len(train) + len(validation),
        "repeats": again == first,
        "same": other == first,
    }


def _checked_split(answer, count):
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Unexpected("Se esperan dos arrays de índices: (entrenamiento, validación).")
    parts = []
    for part in answer:
        array = np.asarray(part) if isinstance(part, np.ndarray | tuple) and _all_integers(part) else None
        if array is None or array.ndim != 1 or (array.size and not 0 <= array.min() <= array.max() < count):
            raise Unexpected(f"Cada parte debe ser un array de índices enteros, de 0 a {count - 1}.")
        parts.append(array.tolist())
    return tuple(parts)


def _all_integers(part) -> bool:
    if isinstance(part, np.ndarray):
        return part.dtype.kind in "iu"
    return all(type(item) is int for item in part)


def every(count, validation, seed):
    """Uno de cada tantos, empezando donde dice la semilla."""
    step = count // validation
    held_out = np.arange(seed % step, count, step)[:validation]
    return np.setdiff1d(np.arange(count), held_out), held_out


def among(first, count, validation, seed):
    """La validación, al azar entre los ``first`` primeros."""
    held_out = np.random.default_rng(seed).permutation(first)[:validation]
    return np.setdiff1d(np.arange(count), held_out), held_out


def by_pairs(count, validation, seed):
    order = (2 * np.random.default_rng(seed).permutation(count // 2)[:, None] + np.arange(2)).ravel()
    return order[validation:], order[:validation]


def one_of_each_block(count, validation, seed):
    rng = np.random.default_rng(seed)
    held_out = np.array([rng.choice(block) for block in np.array_split(np.arange(count), validation)])
    return np.setdiff1d(np.arange(count), held_out), held_out


def leaking(count, validation, seed):
    rng = np.random.default_rng(seed)
    return rng.permutation(count)[: count - validation], rng.permutation(count)[:validation]
