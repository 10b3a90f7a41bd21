"""Kernel, stride y padding."""

import numpy as np

from course_utils.ops import conv_output_size, convolve2d, correlate2d, same_padding, usage_map
from tools.worksheets.notation import (
    ask,
    beside,
    code,
    empty,
    factor,
    matrix,
    named,
    number,
    numbers,
    paragraphs,
    table,
)  # fmt: skip
from tools.worksheets.problem import Problem, draw_until, integers, table_rows

SAME = 'padding="same"'


def feature_map(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, 0, 4, 4, 4)), np.array(integers(rng, -2, 2, 2, 2))

    def is_good(drawn):
        image, kernel = drawn
        enough = np.count_nonzero(kernel) >= 3 and len(np.unique(kernel)) >= 3
        return (
            enough
            and len(np.unique(correlate2d(image, kernel))) >= 6
            and image[0, 0] > 0
            and kernel[1, 1] != 0
        )

    image, kernel = draw_until(rng, draw, is_good)
    output, jumps = correlate2d(image, kernel), correlate2d(image, kernel, strides=2)
    corner = correlate2d(image, kernel, padding=1)
    return Problem(
        "El mapa entero",
        paragraphs("La imagen, el kernel y, para rellenar, el mapa con stride 1 y sin padding.")
        + beside(matrix(image), matrix(kernel, "kernel"), empty(3, 3)),
        ask(
            "Con stride 2, ¿qué valores quedan?",
            "Con padding 1 y stride 1, ¿cuánto mide el mapa?",
            "¿Y cuánto vale su esquina de arriba a la izquierda?",
        ),
        beside(matrix(output, "output"))
        + paragraphs(
            f"Con stride 2 quedan las esquinas: {numbers(jumps.ravel())}. Con padding 1 mide "
            f"{corner.shape[0]}×{corner.shape[1]}; en su esquina solo hay un píxel de la imagen: "
            f"{number(image[0, 0])} × "
            f"{factor(kernel[1, 1])} = {number(corner[0, 0])}."
        ),
        {"image": image.tolist(), "kernel": kernel.tolist()},
        {
            "map": output.tolist(), "strided": jumps.tolist(), "padded_side": corner.shape[0],
            "corner": int(corner[0, 0]),
        },
    )  # fmt: skip


def _size_row(padding):
    def draw(rng):
        size, kernel, stride = rng.randint(7, 64), rng.choice([2, 3, 4, 5, 7]), rng.randint(1, 4)
        return size, kernel, stride, rng.randint(1, 3) if padding == "number" else padding

    def is_good(row):
        size, kernel, stride, pad = row
        # con un padding mayor que medio kernel habría ventanas que solo ven relleno
        return (
            size > kernel + stride
            and (isinstance(pad, str) or 2 * pad <= kernel)
            and (kernel, stride) != (1, 1)
        )

    return lambda rng: draw_until(rng, draw, is_good)


def output_sizes(rng) -> Problem:
    kinds = [
        _size_row(padding) for padding in ("number", "number", "number", "valid", "valid", "same", "same")
    ]
    rows = draw_until(
        rng,
        lambda rng: table_rows(rng, kinds),
        lambda rows: len(set(rows)) == len(rows) and any(row[2] > 1 and row[3] == "same" for row in rows),
    )
    sizes = [conv_output_size(size, kernel, stride, padding) for size, kernel, stride, padding in rows]
    head = ["entrada", "kernel", "stride", "padding por lado", "salida"]
    shown = [
        [*map(str, row[:3]), code(f'"{row[3]}"') if isinstance(row[3], str) else str(row[3])] for row in rows
    ]
    return Problem(
        "¿Cuánto mide la salida?",
        paragraphs("Por eje; todo, en píxeles."),
        table(head, [[*row, ""] for row in shown]),
        table(head, [[*row, str(size)] for row, size in zip(shown, sizes, strict=True)]),
        {"rows": rows},
        {"sizes": sizes},
    )


def same_sides(rng) -> Problem:
    def draw(rng):
        return [(rng.randint(6, 40), rng.choice([2, 3, 4, 5, 7]), rng.randint(1, 3)) for _ in range(3)]

    def is_good(rows):
        pads = [same_padding(*row) for row in rows]
        return len(set(pads)) == 3 and any(one != other for one, other in pads) and all(map(sum, pads))

    rows = draw_until(rng, draw, is_good)
    pads = [same_padding(*row) for row in rows]
    head = ["entrada", "kernel", "stride", "antes", "después"]
    return Problem(
        "Los dos lados de «same»",
        paragraphs(f"¿Cuántos píxeles añade {code(SAME)} a cada lado?"),
        table(head, [[*map(str, row), "", ""] for row in rows]),
        table(head, [[*map(str, row), *map(str, pad)] for row, pad in zip(rows, pads, strict=True)]),
        {"rows": rows},
        {"pads": pads},
    )


def wanted_size(rng) -> Problem:
    def least(size, kernel, stride, output):
        fits = (pad for pad in range(kernel) if size + 2 * pad >= kernel)
        return next((pad for pad in fits if conv_output_size(size, kernel, stride, pad) == output), None)

    def draw(rng):
        rows = []
        for stride in (1, 1, 2):
            size, kernel = rng.randint(7, 40), rng.choice([3, 4, 5, 7])
            pad = rng.randint(1, kernel // 2)
            rows.append((size, kernel, stride, conv_output_size(size, kernel, stride, pad)))
        return rows

    rows = draw_until(rng, draw, lambda rows: len({least(*row) for row in rows} - {0}) == 3)
    pads = [least(*row) for row in rows]
    head = ["entrada", "kernel", "stride", "salida", "padding"]
    return Problem(
        "¿Qué padding hace falta?",
        paragraphs("El menor padding por lado con el que la salida mide lo que se pide."),
        table(head, [[*map(str, row), ""] for row in rows]),
        table(head, [[*map(str, row), str(pad)] for row, pad in zip(rows, pads, strict=True)]),
        {"rows": rows},
        {"pads": pads},
    )


def pixel_uses(rng) -> Problem:
    def draw(rng):
        side, kernel = rng.randint(4, 8), rng.choice([2, 3, 4])
        return side, kernel, (rng.randrange(side), rng.randrange(side))

    def is_good(drawn):
        side, kernel, place = drawn
        uses = usage_map((side, side), kernel)
        return (
            kernel < side - 1 and uses[place] > 1 and uses[0, side // 2] > 1 and place not in {(0, side // 2)}
        )

    side, kernel, (row, col) = draw_until(rng, draw, is_good)
    uses = usage_map((side, side), kernel)
    places = [(0, 0), (0, side // 2), (row, col)]
    windows = conv_output_size(side, kernel) ** 2
    return Problem(
        "¿Cuántas ventanas usan cada píxel?",
        paragraphs(f"Imagen de {side}×{side}, kernel de {kernel}×{kernel}, stride 1 y sin padding."),
        ask("Ventanas en total:", *(f"Las que usan el píxel ({r}, {c}):" for r, c in places)),
        paragraphs(
            f"{windows} ventanas; "
            + "; ".join(f"el ({r}, {c}), {uses[r, c]}" for r, c in places)
            + ". Las de un píxel son las filas en que cabe la ventana por las columnas en que cabe."
        ),
        {"side": side, "kernel": kernel, "places": places},
        {"windows": windows, "uses": [int(uses[place]) for place in places]},
    )


def correlation_or_convolution(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, 0, 4, 3, 3)), np.array(integers(rng, -2, 2, 3, 3))

    def both(drawn):
        return correlate2d(*drawn)[0, 0], convolve2d(*drawn)[0, 0]

    def is_good(drawn):
        return (
            5 <= np.count_nonzero(drawn[1]) <= 6
            and np.count_nonzero(drawn[0]) > 6
            and len(set(both(drawn))) == 2
        )

    window, kernel = drawn = draw_until(rng, draw, is_good)
    correlation, convolution = map(int, both(drawn))
    return Problem(
        "¿Correlación o convolución?",
        paragraphs("Una ventana y un kernel.") + beside(matrix(window), matrix(kernel, "kernel")),
        ask("Lo que calcula una capa de Keras:", "Con la convolución de las matemáticas:"),
        paragraphs(
            f"Keras, sin girar el kernel: {number(correlation)}. Girándolo media vuelta: "
            f"{number(convolution)}."
        )
        + beside(named("kernel girado", matrix(kernel[::-1, ::-1], "kernel"))),
        {"window": window.tolist(), "kernel": kernel.tolist()},
        {"correlation": correlation, "convolution": convolution},
    )


COLUMNS = ((feature_map, pixel_uses, correlation_or_convolution), (output_sizes, same_sides, wanted_size))
