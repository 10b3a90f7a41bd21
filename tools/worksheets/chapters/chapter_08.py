"""Segmentación semántica: medidas, umbral y tamaños."""

import numpy as np

from course_utils.networks import confusion_matrix
from course_utils.ops import conv2d_transpose, conv_param_count, pool_output_size, transposed_output_size
from course_utils.segmentation import class_iou, dice, iou, mean_iou
from tools.worksheets.notation import (
    ask,
    beside,
    capitalized,
    empty,
    mask,
    matrix,
    named,
    number,
    numbers,
    paragraphs,
    ratio,
    table,
)  # fmt: skip
from tools.worksheets.problem import Problem, draw_until, integers

RIGHT, WRONG = "sí", "no"


def blob(rng, rows: int, cols: int) -> np.ndarray:
    """Una mancha: un rectángulo con algún píxel de más o de menos."""
    height, width = rng.randint(2, rows - 1), rng.randint(2, cols - 2)
    top, left = rng.randint(0, rows - height), rng.randint(0, cols - width)
    image = np.zeros((rows, cols), int)
    image[top : top + height, left : left + width] = 1
    for _ in range(3):
        row, col = rng.randrange(rows), rng.randrange(cols)
        image[row, col] = 1 - image[row, col]
    return image


def two_masks(rng) -> Problem:
    def draw(rng):
        return blob(rng, 5, 6), blob(rng, 5, 6)

    def is_good(drawn):
        truth, found = (one.astype(bool) for one in drawn)
        counts = [np.count_nonzero(one) for one in (truth & found, found & ~truth, truth & ~found)]
        return counts[0] >= 4 and min(counts[1:]) >= 1

    truth, found = draw_until(rng, draw, is_good)
    hits, extra, missed = (
        int(np.count_nonzero(one)) for one in (truth & found, found & ~truth, truth & ~found)
    )
    answer = {"counts": [hits, extra, missed], "iou": iou(truth, found), "dice": dice(truth, found)}
    return Problem(
        "¿Cuánto se parecen dos máscaras?",
        beside(named("verdadera", mask(truth)), named("predicha", mask(found, "output"))),
        ask("TP, FP y FN:", "IoU:", "Dice:"),
        paragraphs(
            f"TP {hits}, FP {extra} y FN {missed}. IoU: {ratio(hits, hits + extra + missed)}. "
            f"Dice: {ratio(2 * hits, 2 * hits + extra + missed)}."
        ),
        {"truth": truth.tolist(), "found": found.tolist()},
        answer,
    )


def threshold(rng) -> Problem:
    limits = (0.45, 0.65)

    def draw(rng):
        truth = blob(rng, 3, 5)
        tenths = [[rng.randint(5, 9) if one else rng.randint(1, 6) for one in row] for row in truth]
        for _ in range(2):
            tenths[rng.randrange(3)][rng.randrange(5)] = rng.randint(1, 9)
        return truth, np.array(tenths) / 10

    def overlaps(drawn):
        truth, probabilities = drawn
        return [iou(truth, probabilities > limit) for limit in limits]

    def is_good(drawn):
        low, high = overlaps(drawn)
        return abs(low - high) > 0.02 and min(low, high) > 0.2 and 4 <= drawn[0].sum() <= 10

    truth, probabilities = drawn = draw_until(rng, draw, is_good)
    values = overlaps(drawn)
    areas = [int((probabilities > limit).sum()) for limit in limits]
    best = limits[int(np.argmax(values))]
    return Problem(
        "¿Qué umbral?",
        paragraphs("La máscara verdadera y la probabilidad que da la red a cada píxel.")
        + beside(mask(truth), matrix(probabilities, "output")),
        ask(
            *(f"IoU si es de la región lo que pasa de {number(limit)}:" for limit in limits),
            "Umbral que se elige:",
        ),
        paragraphs(
            capitalized(
                "; ".join(
                    f"con {number(limit)}, {area} píxeles e IoU {number(value)}"
                    for limit, area, value in zip(limits, areas, values, strict=True)
                )
            )
            + f". Se elige {number(best)}."
        ),
        {"truth": truth.tolist(), "probabilities": probabilities.tolist(), "thresholds": limits},
        {"iou": values, "best": best},
    )


def confusion(rng) -> Problem:
    def draw(rng):
        labels = [0] * rng.randint(8, 14) + [1] * rng.randint(4, 9) + [2] * rng.randint(3, 7)
        predicted = [one if rng.random() < 0.7 else rng.randrange(3) for one in labels]
        return np.array(labels), np.array(predicted)

    def is_good(drawn):
        counts = confusion_matrix(*drawn, 3)
        values = class_iou(counts)
        return counts.diagonal().min() >= 2 and np.count_nonzero(counts) >= 7 and len(set(values)) == 3

    labels, predicted = draw_until(rng, draw, is_good)
    counts = confusion_matrix(labels, predicted, 3)
    values, hits = class_iou(counts), counts.diagonal()
    unions = counts.sum(axis=0) + counts.sum(axis=1) - hits
    head = ["", *(f"predicha {k}" for k in range(3))]
    return Problem(
        "El IoU de cada clase",
        paragraphs(f"Los {counts.sum()} píxeles de una imagen, contados en una matriz de confusión.")
        + table(head, [[f"<b>verdadera {k}</b>", *map(str, row)] for k, row in enumerate(counts)]),
        ask("IoU de las tres clases:", "IoU medio:", "Exactitud:"),
        paragraphs(
            "; ".join(ratio(hit, union) for hit, union in zip(hits, unions, strict=True))
            + f". Medio: {number(mean_iou(counts))}. Exactitud: {ratio(hits.sum(), counts.sum())}."
        ),
        {"confusion": counts.tolist()},
        {"iou": values.tolist(), "mean": mean_iou(counts), "accuracy": float(hits.sum() / counts.sum())},
    )


def transposed(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, 1, 4, 2, 2)), np.array(integers(rng, -1, 3, 2, 2))

    def compute(drawn):
        image, kernel = drawn
        return conv2d_transpose(image[None, :, :, None], kernel[:, :, None, None])[0, :, :, 0].astype(int)

    def is_good(drawn):
        return (
            len(np.unique(drawn[0])) >= 3
            and np.count_nonzero(drawn[1]) >= 3
            and len(np.unique(compute(drawn))) >= 5
        )

    image, kernel = drawn = draw_until(rng, draw, is_good)
    output = compute(drawn)
    sizes = [transposed_output_size(2, 2, stride) for stride in (1, 2)]
    return Problem(
        "Sellos que se suman",
        paragraphs("Convolución transpuesta con stride 1 y sin padding: la entrada, el kernel y la salida.")
        + beside(matrix(image), matrix(kernel, "kernel"), "<b>→</b>", empty(*output.shape)),
        ask("Con stride 2, ¿cuánto mediría la salida?"),
        beside(matrix(output, "output"))
        + paragraphs(f"Con stride 2, {sizes[1]}×{sizes[1]}: los sellos no se solapan."),
        {"image": image.tolist(), "kernel": kernel.tolist()},
        {"output": output.tolist(), "side": sizes[1]},
    )


def down_and_up(rng) -> Problem:
    def draw(rng):
        return sorted(rng.sample(range(40, 133, 4), 2))

    def heights(side):
        down = [side]
        for _ in range(3):
            down.append(pool_output_size(down[-1]))
        return down, [transposed_output_size(one, 2, 2) for one in down[1:]]

    def fits(side):
        down, up = heights(side)
        return down[:-1] == up

    sides = draw_until(rng, draw, lambda pair: sum(map(fits, pair)) == 1)
    rng.shuffle(sides)
    head = ["lado", "baja a", "baja a", "baja a", "y de ahí sube a", "¿encaja?"]
    rows = []
    for side in sides:
        down, up = heights(side)
        rows.append([*map(str, down), str(up[-1]), RIGHT if up[-1] == down[-2] else WRONG])
    wrong = next(side for side in sides if not fits(side))
    return Problem(
        "Bajar y subir",
        paragraphs(
            "Una U-Net baja con tres <i>poolings</i> de 2×2 y sube con transpuestas de kernel 2 y "
            "stride 2. Lo que "
            "sube se suma con el mapa del mismo nivel de la bajada, y tienen que medir lo mismo."
        ),
        table(head, [[str(side), "", "", "", "", ""] for side in sides]),
        table(head, rows) + paragraphs(f"El {wrong} no es múltiplo de 8: al bajar se pierde una fila, "
                                       "y al subir falta."),
        {"sides": sides},
        {"down": [heights(side)[0] for side in sides], "up": [heights(side)[1][-1] for side in sides],
         "fits": [row[-1] == RIGHT for row in rows]},
    )  # fmt: skip


def classes_of_pixels(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, -3, 6, 4, 3)), rng.choice([8, 12, 16, 24, 32]), rng.randint(3, 9)

    def is_good(drawn):
        ordered = np.sort(drawn[0], axis=1)
        return (ordered[:, -1] > ordered[:, -2]).all() and len(set(drawn[0].argmax(axis=1))) == 3

    scores, maps, classes = draw_until(rng, draw, is_good)
    chosen = scores.argmax(axis=1)
    count = conv_param_count(1, maps, classes)
    return Problem(
        "La última capa",
        paragraphs("Puntuaciones de cuatro píxeles, uno por fila, para las clases 0, 1 y 2.")
        + beside(matrix(scores, "output")),
        ask(
            "Clase de cada píxel:",
            f"Parámetros de una última capa de 1×1, de {maps} mapas a {classes} clases:",
        ),
        paragraphs(
            f"La puntuación mayor: {numbers(chosen)}. ({maps} + 1) × {classes} = {number(count)} parámetros."
        ),
        {"scores": scores.tolist(), "maps": maps, "classes": classes},
        {"chosen": chosen.tolist(), "count": count},
    )


COLUMNS = ((two_masks, threshold, classes_of_pixels), (confusion, transposed, down_and_up))
