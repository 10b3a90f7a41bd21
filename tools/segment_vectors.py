"""Escribe ``web/test/segment_vectors.json``: lo que «Segmenta y cuenta» debe calcular, según course_utils::

    python -m tools.segment_vectors

Las escenas se guardan como su huella, porque JavaScript tiene que pintar los mismos bytes.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from course_utils.datasets.drawn.edited_scene import TURNS, chances, paint_scene
from course_utils.datasets.drawn.shapes import OBJECT_NAMES
from course_utils.segmentation.grouping import (
    PixelMaps,
    center_targets,
    connected_instances,
    find_centers,
    voted_instances,
    watershed_instances,
)
from course_utils.segmentation.instance_metrics import Instances, average_precision, match_instances
from course_utils.segmentation.unet import OFFSET_SCALE
from tools.chapters import write_text
from tools.figure_vectors import plain

PATH = Path(__file__).resolve().parents[1] / "web" / "test" / "segment_vectors.json"
KINDS, FIRST = 4, 2  # de las salidas inventadas: dos regiones y dos clases de objeto


def digest(array) -> str:
    """Huella de los bytes de un array."""
    return hashlib.sha256(np.ascontiguousarray(array)).hexdigest()[:16]


def scene_cases(rng) -> list[dict]:
    """Escenas de uno a nueve objetos, también fuera de la imagen, tapados del todo y sin ruido."""
    cases = []
    for number in range(24):
        objects = [
            {
                "kind": str(rng.choice(OBJECT_NAMES)),
                **{name: int(rng.integers(0, 65)) for name in ("row", "col")},
                "radius": int(rng.integers(4, 21)),
                "turn": int(rng.integers(TURNS)),
                **{name: int(rng.integers(1000)) for name in ("color", "look")},
            }
            for _ in range(1 + number % 9)
        ]
        state = {"objects": objects, "seed": int(rng.integers(10_000))}
        state |= {"light": int(rng.integers(-60, 61)), "noise": int(rng.integers(61)) if number else 0}
        scene = paint_scene(**state)
        prints = {name: digest(getattr(scene, name)) for name in ("image", "semantic", "ids")}
        cases.append(state | prints | {"classes": scene.classes})
    return cases


def grouping_cases(rng) -> list[dict]:
    """Salidas de red inventadas, de perfectas a muy malas, y los objetos que salen de cada manera."""
    cases = []
    for noise, draw in (*((noise, _boxes) for noise in (0, 0.5, 0.9, 1.3, 2)), (0, _frames)):
        truth = draw(rng)
        output = (_perfect_output(truth) + noise * rng.normal(size=(*truth.ids.shape, KINDS + 3))).round(3)
        maps = _maps(output)
        found = {
            "components": connected_instances(
                maps.probabilities.argmax(axis=-1), FIRST, maps.probabilities.max(axis=-1)
            ),
            "watershed": watershed_instances(maps, FIRST),
            "votes": voted_instances(maps, FIRST),
        }
        case = {"output": output, "truth": {"ids": truth.ids, "classes": truth.classes}}
        case["peaks"] = find_centers(maps.center)
        cases.append(case | {name: _described(truth, one) for name, one in found.items()})
    flat = np.zeros((14, 18, KINDS + 3))
    empty = {"ids": np.zeros((14, 18), int), "classes": [], "scores": []}
    nothing = {"output": flat, "peaks": []}
    return [*cases, nothing | dict.fromkeys(("components", "watershed", "votes"), empty)]


def _boxes(rng):
    """Rectángulos que se tapan, de dos clases."""
    ids = np.zeros((14, 18), int)
    for number in range(1, 6):
        row, col = rng.integers(0, (9, 13))
        ids[row : row + rng.integers(4, 7), col : col + rng.integers(4, 7)] = number
    ids = np.unique(ids, return_inverse=True)[1].reshape(ids.shape)
    return Instances(ids, rng.integers(FIRST, KINDS, ids.max()))


def _frames(_):
    """Dos marcos, con el centro en su hueco; al segundo le falta una esquina."""
    ids = np.zeros((14, 18), int)
    ids[1:8, 1:8], ids[3:6, 3:6] = 1, 0
    ids[5:13, 9:17], ids[7:11, 11:15], ids[5:7, 9:11] = 2, 0, 0
    return Instances(ids, np.array([FIRST, KINDS - 1]))


def _perfect_output(truth):
    """Lo que daría una red que acertara: puntuaciones, centro y desplazamientos."""
    spot, ways = np.split(center_targets(truth.ids[None])[0], (1,), axis=-1)
    kinds = np.append(0, truth.classes)[truth.ids]
    spot = np.clip(spot, 0.01, 0.99)
    return np.concatenate([3 * np.eye(KINDS)[kinds], np.log(spot / (1 - spot)), ways / OFFSET_SCALE], -1)


def _maps(output):
    scores = np.exp(output[..., :KINDS] - output[..., :KINDS].max(axis=-1, keepdims=True))
    probabilities = scores / scores.sum(axis=-1, keepdims=True)
    return PixelMaps(probabilities, 1 / (1 + np.exp(-output[..., KINDS])), OFFSET_SCALE * output[..., -2:])


def _described(truth, found):
    pairs = match_instances(truth, found)
    return {
        "ids": found.ids,
        "classes": found.classes,
        "scores": found.scores,
        "ap": float(average_precision([truth], [found]).mean()),
        "found": int(np.count_nonzero(pairs >= 0)),
    }


def build() -> dict:
    """Todos los casos; la semilla es fija."""
    rng = np.random.default_rng(2025)
    given = [(0, 0), (1, 0), (9999, 3), (123, 7)]
    return {
        "chances": [{"seed": s, "series": k, "values": chances(s, k, 5)} for s, k in given],
        "scenes": scene_cases(rng),
        "grouping": grouping_cases(rng),
    }


def main() -> int:
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(plain(case)) for case in cases) + "\n]"
        for name, cases in build().items()
    ]
    write_text("{\n" + ",\n".join(lines) + "\n}\n", PATH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
