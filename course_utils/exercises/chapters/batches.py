"""Lo que se mira de un lote de imágenes y máscaras con algunas parejas reflejadas."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.values import first_difference

CALLS = 30  # con 240 parejas, la parte que se refleja se separa de la mitad menos de 0,15


def look_at_batches(function):
    """Cómo han quedado las parejas de varias llamadas; la última repite la semilla de la primera."""
    rng = np.random.default_rng(710)
    images = rng.permutation(8 * 3 * 4 * 2).reshape(8, 3, 4, 2)
    masks = rng.permutation(8 * 3 * 4).reshape(8, 3, 4)
    calls = []
    for seed in [*range(CALLS), 0]:
        value = function(images, masks, seed)
        _check_pair(images, masks, value)
        calls.append((_moved(images, np.asarray(value[0])), _moved(masks, np.asarray(value[1]))))
    patterns = [tuple(state == "flip" for state in images) for images, _ in calls[:CALLS]]
    by_place = np.sum(patterns, axis=0)
    place = int(np.abs(by_place - CALLS / 2).argmax())
    return {
        "calls": calls[:CALLS],
        "again": calls[CALLS],
        "percent": round(100 * np.mean(patterns)),
        "patterns": len(set(patterns)),
        "tied": _tied(np.array(patterns)),
        "always": len({sum(pattern) for pattern in patterns}) == 1,
        # al azar, que nunca pase de la mitad tiene una probabilidad de 1 entre 700 000
        "most": max(sum(pattern) for pattern in patterns),
        "half": len(images) // 2,
        "count": len(images),
        "place": place,
        "times": int(by_place[place]),
        "total": CALLS,
    }


def _tied(flips) -> list[int]:
    """Dos parejas que en todas las llamadas hacen lo mismo, o lo contrario; si no las hay, nada."""
    agreement = (flips[:, :, None] == flips[:, None]).mean(axis=0)
    pairs = np.argwhere(np.triu((agreement == 0) | (agreement == 1), 1))
    return pairs[0].tolist() if len(pairs) else []


def _check_pair(images, masks, value) -> None:
    """Lanza ``Unexpected`` si no son dos arrays, o dos listas, de las formas de los que llegan."""
    if isinstance(value, np.ndarray):
        said = f"Se esperan dos arrays y has dado uno solo, de forma `{value.shape}`."
    elif (found := first_difference((images, masks), value)) and found.kind != "value":
        said = found.explain()
    else:
        return
    raise Unexpected(f"{said} Se devuelven como llegan: `return images, masks`.")


def _moved(before, after) -> list[str]:
    same, flipped = before, before[:, :, ::-1]
    return [
        "same" if np.array_equal(a, b) else "flip" if np.array_equal(a, c) else "other"
        for a, b, c in zip(after, same, flipped, strict=True)
    ]


def all_states(calls) -> set[str]:
    return {state for call in calls for part in call for state in part}
