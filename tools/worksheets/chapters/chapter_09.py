"""Segmentación de instancias: parejas, AP, calidad panóptica y votos."""

from fractions import Fraction

import numpy as np
from skimage.measure import label

from course_utils.segmentation import (
    Instances,
    center_targets,
    instance_iou,
    match_instances,
    panoptic_quality,
)
from course_utils.segmentation.instance_metrics import area_under_curve
from tools.worksheets.notation import (
    ask,
    beside,
    mask,
    named,
    number,
    numbers,
    paragraphs,
    ratio,
    table,
)  # fmt: skip
from tools.worksheets.problem import Problem, draw_until

ROWS, COLS = 5, 8


def _rectangles(rng, count: int) -> np.ndarray:
    ids = np.zeros((ROWS, COLS), int)
    for number_ in range(1, count + 1):
        height, width = rng.randint(1, 3), rng.randint(2, 4)
        top, left = rng.randint(0, ROWS - height), rng.randint(0, COLS - width)
        ids[top : top + height, left : left + width] = number_
    return ids


def pairs(rng) -> Problem:
    def draw(rng):
        truth = _rectangles(rng, 3)
        found = np.roll(truth, (rng.choice([0, 0, 1]), rng.choice([-1, 0, 1])), axis=(0, 1))
        for _ in range(4):
            row, col = rng.randrange(ROWS), rng.randrange(COLS)
            found[row, col] = rng.randint(0, 3)
        order = [0, *rng.sample([1, 2, 3], 3)]
        return truth, np.array(order)[found], rng.sample([0.5, 0.6, 0.7, 0.8, 0.9], 3)

    def build(drawn):
        truth, found, scores = drawn
        return Instances(truth, [0] * 3), Instances(found, [0] * 3, scores)

    def is_good(drawn):
        if any(set(np.unique(ids)) != {0, 1, 2, 3} for ids in drawn[:2]):
            return False
        overlaps = instance_iou(*build(drawn))
        hits = np.count_nonzero(overlaps > 0.5)
        # ni empates con el umbral ni todo aciertos ni todo fallos
        return 1 <= hits <= 2 and not (overlaps == 0.5).any() and np.count_nonzero(overlaps) >= 4

    truth, found, scores = drawn = draw_until(rng, draw, is_good)
    one, other = build(drawn)
    overlaps, matched = instance_iou(one, other), match_instances(one, other)
    hits = int(np.count_nonzero(matched >= 0))
    quality = panoptic_quality([one], [other])
    areas, found_areas = np.bincount(truth.ravel())[1:], np.bincount(found.ravel())[1:]

    def cell(i, j):
        common = int(np.count_nonzero((truth == i + 1) & (found == j + 1)))
        return ratio(common, areas[i] + found_areas[j] - common) if common else "0"

    head = ["IoU", *(f"predicho {j + 1}" for j in range(3))]
    names = [f"<b>verdadero {i + 1}</b>" for i in range(3)]
    together = [f"el {j + 1}, con el {matched[j] + 1}" for j in range(3) if matched[j] >= 0]
    sums = sum(overlaps[matched[j], j] for j in range(3) if matched[j] >= 0)
    return Problem(
        "¿Qué predicción acierta?",
        paragraphs(
            "Tres objetos de una clase y tres predicciones, con confianzas "
            + "; ".join(f"{number(score)} la {j}" for j, score in enumerate(scores, 1)) + "."
        )
        + beside(named("verdaderos", mask(truth)), named("predichos", mask(found, "output"))),
        table(head, [[name, "", "", ""] for name in names])
        + ask("Parejas con umbral 0,5:", "Precisión y exhaustividad:", "Calidad panóptica (PQ):"),
        table(head, [[name, *(cell(i, j) for j in range(3))] for i, name in enumerate(names)])
        + paragraphs(
            f"Predicho y verdadero: {'; '.join(together)}. TP {hits}, FP {3 - hits} y FN {3 - hits}: "
            "precisión y "
            f"exhaustividad, {ratio(hits, 3)}. PQ = {number(sums)}/{number(Fraction(3))} = {number(quality)}."
        ),
        {"truth": truth.tolist(), "found": found.tolist(), "scores": scores},
        {
            "iou": overlaps.tolist(), "pairs": matched.tolist(), "precision": hits / 3, "recall": hits / 3,
            "quality": quality,
        },
    )  # fmt: skip


def precision_area(rng) -> Problem:
    def draw(rng):
        return [rng.random() < 0.6 for _ in range(6)], rng.randint(2, 10)

    def is_good(drawn):
        hits, objects = drawn
        found = sum(hits)
        rises = any(hits[k] and not hits[k - 1] for k in range(1, 6))
        return 2 <= found <= min(objects, 5) and rises and _by_hand(hits, objects) is not None

    hits, objects = draw_until(rng, draw, is_good)
    found = np.cumsum(hits)
    precision = [Fraction(int(count), k) for k, count in enumerate(found, 1)]
    recall = [Fraction(int(count), objects) for count in found]
    smooth = [max(precision[k:]) for k in range(6)]
    steps, total = _by_hand(hits, objects)
    area = area_under_curve(np.array(hits), objects)
    head = ["predicción", *map(str, range(1, 7))]
    outcome = ["¿acierta?", *("sí" if hit else "no" for hit in hits)]
    names = ["precisión", "exhaustividad", "la mejor de ahí en adelante"]
    values = [[number(one, 2) for one in row] for row in (precision, recall, smooth)]
    return Problem(
        "AP, con la lista",
        paragraphs(
            f"Seis predicciones, de la más segura a la menos, para {objects} objetos. "
            "El AP es la media en 101 exhaustividades: 0; 0,01; …; 1."
        ),
        table(head, [outcome, *([name, *[""] * 6] for name in names)])
        + ask("AP:"),
        table(head, [outcome, *([name, *row] for name, row in zip(names, values, strict=True))])
        + paragraphs(
            "Puntos por precisión: "
            + " + ".join(f"{count} × {number(value)}" for count, value in steps)
            + f" = {number(total)}; entre 101, {number(area)}."
        ),
        {"hits": hits, "objects": objects},
        {"precision": [*map(float, precision)], "recall": [*map(float, recall)], "ap": area},
    )  # fmt: skip


def _by_hand(hits, objects: int) -> tuple[list[tuple[int, Fraction]], Fraction] | None:
    """Cuántos de los 101 puntos hay en cada escalón, y su suma; None si redondeando sale otra."""
    found, steps, start = np.cumsum(hits), [], 0
    best = [max(Fraction(int(found[j]), j + 1) for j in range(k, 6)) for k in range(6)]
    for k in range(6):
        end = Fraction(100 * int(found[k]), objects)
        if hits[k]:
            count = int(end) + 1 - start
            steps.append((count, best[k]))
            start = int(end) + 1
    total = sum((count * value for count, value in steps), Fraction(0))
    agrees = abs(float(total / 101) - area_under_curve(np.array(hits), objects)) < 1e-9
    return (steps, total) if agrees else None


def votes(rng) -> Problem:
    def draw(rng):
        centers = [(rng.randint(1, 5), rng.randint(1, 5)), (rng.randint(1, 5), rng.randint(8, 14))]
        pixels = [(rng.randint(0, 7), rng.randint(2, 13)) for _ in range(4)]
        aims = [rng.randrange(2) for _ in pixels]
        offsets = [
            (centers[aim][0] - row + rng.choice([-1, 0, 1]), centers[aim][1] - col + rng.choice([-1, 0, 1]))
            for (row, col), aim in zip(pixels, aims, strict=True)
        ]
        return centers, pixels, offsets

    def resolve(drawn):
        centers, pixels, offsets = map(np.array, drawn)
        arrived = pixels + offsets
        return (
            arrived,
            ((arrived[:, None] - centers) ** 2).sum(axis=2),
            ((pixels[:, None] - centers) ** 2).sum(axis=2),
        )

    def is_good(drawn):
        _, distances, own = resolve(drawn)
        chosen, nearest = distances.argmin(axis=1), own.argmin(axis=1)
        clear = (np.abs(distances[:, 0] - distances[:, 1]) > 4).all() and (own[:, 0] != own[:, 1]).all()
        return clear and len(set(drawn[1])) == 4 and set(chosen) == {0, 1} and (chosen != nearest).any()

    centers, pixels, offsets = drawn = draw_until(rng, draw, is_good)
    arrived, distances, own = resolve(drawn)
    chosen, nearest = distances.argmin(axis=1), own.argmin(axis=1)
    moved = [k + 1 for k in range(4) if chosen[k] != nearest[k]]
    head = ["píxel", "está en", "desplazamiento", "vota", "centro"]
    shown = [
        [str(k), f"({numbers(pixel)})", f"({numbers(offset)})"]
        for k, (pixel, offset) in enumerate(zip(pixels, offsets, strict=True), 1)
    ]
    return Problem(
        "Votos",
        paragraphs(
            f"Los centros son A, en ({numbers(centers[0])}), y B, en ({numbers(centers[1])}); todo en "
            "(fila, columna). "
            "Cada píxel suma su desplazamiento y se queda con el centro más próximo a su voto."
        ),
        table(head, [[*one, "", ""] for one in shown]) + ask("¿Qué píxeles están más cerca del otro centro?"),
        table(head, [[*one, f"({numbers(arrived[k])})", "AB"[chosen[k]]] for k, one in enumerate(shown)])
        + paragraphs(f"Más cerca del otro: {numbers(moved)}. La posición sola los repartiría mal."),
        {"centers": centers, "pixels": pixels, "offsets": offsets},
        {"votes": arrived.tolist(), "chosen": chosen.tolist(), "moved": moved},
    )


def components(rng) -> Problem:
    def draw(rng):
        return np.array([[int(rng.random() < 0.42) for _ in range(8)] for _ in range(5)])

    def counts(image):
        return [int(label(image, connectivity=connectivity).max()) for connectivity in (1, 2)]

    def is_good(image):
        by_side, by_corner = counts(image)
        return 2 <= by_corner < by_side <= 6

    image = draw_until(rng, draw, is_good)
    by_side, by_corner = counts(image)
    return Problem(
        "Píxeles que se tocan",
        paragraphs("¿Cuántas manchas hay?") + beside(mask(image)),
        ask("Si se tocan solo por un lado:", "Si también vale por una esquina:"),
        paragraphs(f"Por un lado, {by_side}; también por una esquina, {by_corner}."),
        {"mask": image.tolist()},
        {"by_side": by_side, "by_corner": by_corner},
    )


def center_and_offset(rng) -> Problem:
    def draw(rng):
        ids = np.zeros((6, 8), int)
        height, width = rng.randint(1, 3), rng.randint(2, 5)
        top, left = rng.randint(0, 5 - height), rng.randint(0, 8 - width)
        ids[top : top + height, left : left + width] = 1
        ids[top + height, left : left + rng.randint(1, width)] = 1
        return ids

    def is_good(ids):
        places = np.argwhere(ids)
        middle = places.mean(axis=0)
        return 5 <= len(places) <= 12 and (middle * 20 % 1 == 0).all() and (middle % 1 != 0).any()

    ids = draw_until(rng, draw, is_good)
    places = np.argwhere(ids)
    row, col = map(int, places[0])
    center = places.mean(axis=0)
    offset = center_targets(ids[None])[0, row, col, 1:].astype(float)
    return Problem(
        "El centro de un objeto",
        paragraphs("El centro es la media de las posiciones (fila, columna) de sus píxeles; empiezan en 0.")
        + beside(mask(ids)),
        ask("Centro:", f"Desplazamiento del píxel ({row}, {col}):"),
        paragraphs(
            f"Centro: ({numbers(center)}). Desplazamiento, el centro menos la posición: ({numbers(offset)})."
        ),
        {"ids": ids.tolist(), "pixel": (row, col)},
        {"center": center.tolist(), "offset": offset.tolist()},
    )


COLUMNS = ((pairs, components), (precision_area, votes, center_and_offset))
