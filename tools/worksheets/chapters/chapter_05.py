"""Pooling y campo receptivo."""

import numpy as np

from course_utils.ops import (
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
    pool_output_size,
    receptive_field,
    windows,
)  # fmt: skip
from tools.worksheets.notation import (
    ask,
    beside,
    code,
    empty,
    matrix,
    named,
    numbers,
    paragraphs,
    table,
)
from tools.worksheets.problem import Problem, draw_until, integers, table_rows


def _has_one_winner(image, pool_size=2, strides=None) -> bool:
    """Si en ninguna ventana hay dos máximos iguales."""
    views = windows(image, pool_size, strides or pool_size)
    flat = views.reshape(*views.shape[:2], -1)
    return bool((np.sum(flat == flat.max(axis=-1, keepdims=True), axis=-1) == 1).all())


def two_poolings(rng) -> Problem:
    def is_good(image):
        return (
            _has_one_winner(image)
            and len(np.unique(max_pool2d(image))) == 4
            and len(np.unique(avg_pool2d(image))) == 4
        )

    image = draw_until(rng, lambda rng: np.array(integers(rng, 0, 9, 4, 4)), is_good)
    gradient = np.array(rng.sample([-4, -3, -2, -1, 1, 2, 3, 4, 5], 4)).reshape(2, 2)
    largest, winners = max_pool2d(image, return_argmax=True)
    average = avg_pool2d(image)
    back = np.zeros(16, int)
    back[winners.ravel()] = gradient.ravel()
    return Problem(
        "Máximo y promedio",
        paragraphs("Ventanas de 2×2 que no se solapan: el máximo y el promedio de cada una.")
        + beside(matrix(image), named("máximo", empty(2, 2)), named("promedio", empty(2, 2)))
        + paragraphs("A la salida del <i>max pooling</i> llega este gradiente. ¿Qué gradiente recibe "
                     "cada píxel?")
        + beside(matrix(gradient, "output"), "<b>→</b>", empty(4, 4)),
        "",
        beside(
            named("máximo", matrix(largest, "output")), named("promedio", matrix(average, "output")),
            named("gradiente", matrix(back.reshape(4, 4))),
        ),
        {"image": image.tolist(), "gradient": gradient.tolist()},
        {"max": largest.tolist(), "average": average.tolist(), "back": back.reshape(4, 4).tolist()},
    )  # fmt: skip


def overlapping(rng) -> Problem:
    def is_good(image):
        return len(np.unique(max_pool2d(image, 3, 2))) >= 3

    image = draw_until(rng, lambda rng: np.array(integers(rng, -5, 9, 5, 5)), is_good)
    output = max_pool2d(image, 3, 2)
    return Problem(
        "Ventanas que se solapan",
        paragraphs("<i>Max pooling</i> con ventana de 3×3 y stride 2, sin padding.")
        + beside(matrix(image), "<b>→</b>", empty(2, 2)),
        "",
        beside(matrix(output, "output")),
        {"image": image.tolist()},
        {"max": output.tolist()},
    )


def shifted_row(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, 0, 9, 8))

    def both(row):
        moved = np.concatenate([[0], row[:-1]])
        return max_pool2d(row[None], (1, 2))[0], max_pool2d(moved[None], (1, 2))[0]

    def is_good(row):
        before, after = both(row)
        return 1 <= np.count_nonzero(before == after) <= 3 and len(np.unique(row)) >= 5

    row = draw_until(rng, draw, is_good)
    before, after = both(row)
    kept = int(np.count_nonzero(before == after))
    return Problem(
        "Mover un píxel",
        paragraphs(
            "<i>Max pooling</i> de esta fila, de dos en dos. Después se mueve un píxel a la derecha: "
            "entra un 0 y "
            "el último valor se pierde."
        )
        + beside(matrix(row)),
        ask("Salida:", "Salida de la fila movida:", "¿Cuántas de las cuatro salidas no cambian?"),
        paragraphs(
            f"{numbers(before)}; movida, {numbers(after)}. No {'cambia' if kept == 1 else 'cambian'} {kept}."
        ),
        {"row": row.tolist()},
        {"before": before.tolist(), "after": after.tolist(), "kept": kept},
    )


def pooled_sizes(rng) -> Problem:
    def row(padding, overlaps=False):
        def draw(rng):
            size, pool = rng.randint(7, 40), rng.choice([2, 3, 4])
            return size, pool, rng.randint(1, pool - 1) if overlaps else pool, padding

        return lambda rng: draw_until(rng, draw, lambda drawn: overlaps or drawn[0] % drawn[1])

    kinds = [row("valid"), row("same"), row("valid", overlaps=True), row("same", overlaps=True), row("valid")]
    rows = draw_until(rng, lambda rng: table_rows(rng, kinds), lambda rows: len(set(rows)) == len(rows))
    sizes = [pool_output_size(*one) for one in rows]
    head = ["entrada", "ventana", "stride", "padding", "salida"]
    shown = [[*map(str, one[:3]), code(f'"{one[3]}"')] for one in rows]
    return Problem(
        "¿Cuánto mide la salida?",
        paragraphs("Pooling, por eje; todo, en píxeles."),
        table(head, [[*one, ""] for one in shown]),
        table(head, [[*one, str(size)] for one, size in zip(shown, sizes, strict=True)]),
        {"rows": rows},
        {"sizes": sizes},
    )


def seen_by_one_output(rng) -> Problem:
    def draw(rng):
        convolutions = [(rng.choice([3, 5, 7]), rng.choice([1, 1, 2])) for _ in range(3)]
        poolings = [(rng.choice([2, 3]), 2) for _ in range(2)]
        return [convolutions[0], poolings[0], convolutions[1], poolings[1], convolutions[2]]

    layers = draw(rng)
    fields = [receptive_field(layers[: count + 1]) for count in range(len(layers))]
    names = ["convolución", "pooling", "convolución", "pooling", "convolución"]
    head = ["capa", "ventana", "stride", "campo", "salto"]
    shown = [[name, str(kernel), str(stride)] for name, (kernel, stride) in zip(names, layers, strict=True)]
    return Problem(
        "¿Cuánta imagen ve una salida?",
        paragraphs(
            "El campo receptivo y el salto después de cada capa, en píxeles de la imagen. Los dos "
            "empiezan en 1."
        ),
        table(head, [[*one, "", ""] for one in shown]),
        table(
            head, [[*one, str(field.size), str(field.jump)] for one, field in zip(shown, fields, strict=True)]
        ),
        {"layers": layers},
        {"fields": [field.size for field in fields], "jumps": [field.jump for field in fields]},
    )


def global_pooling(rng) -> Problem:
    def is_good(maps):
        averages = maps.mean(axis=(1, 2))
        return averages[0] != averages[1] and (averages * 2 % 1 == 0).all() and len(np.unique(maps)) >= 6

    maps = draw_until(rng, lambda rng: np.array(integers(rng, -3, 9, 2, 3, 4)), is_good)
    batch = np.moveaxis(maps, 0, -1)[None]
    average, largest = global_avg_pool2d(batch)[0], global_max_pool2d(batch)[0]
    return Problem(
        "Pooling global",
        paragraphs("Dos mapas de la misma imagen.") + beside(*map(matrix, maps)),
        ask("Pooling global promedio:", "Pooling global máximo:"),
        paragraphs(f"Un número por mapa: promedio, {numbers(average)}; máximo, {numbers(largest)}."),
        {"maps": maps.tolist()},
        {"average": average.tolist(), "max": largest.tolist()},
    )


COLUMNS = ((two_poolings, overlapping, shifted_row), (pooled_sizes, seen_by_one_output, global_pooling))
