"""Pesos compartidos, filtros y canales."""

import numpy as np

from course_utils.ops import (
    conv2d,
    conv_output_size,
    conv_param_count,
    correlate2d,
    dense_param_count,
    locally_connected_param_count,
    pool_output_size,
)  # fmt: skip
from tools.worksheets.notation import (
    ask,
    beside,
    code,
    empty,
    matrix,
    named,
    number,
    numbers,
    paragraphs,
    shape,
    table,
)
from tools.worksheets.problem import Problem, draw_until, integers


def two_channels(rng) -> Problem:
    def draw(rng):
        return (
            np.array(integers(rng, 0, 3, 2, 3, 3)),
            np.array(integers(rng, -2, 2, 2, 2, 2)),
            rng.randint(-3, 3),
        )

    def compute(drawn):
        image, kernel, bias = drawn
        inputs, weights = np.moveaxis(image, 0, -1)[None], np.moveaxis(kernel, 0, -1)[..., None]
        return conv2d(inputs, weights, [bias])[0, :, :, 0]

    def is_good(drawn):
        return len(np.unique(compute(drawn))) == 4 and np.count_nonzero(drawn[1]) >= 6 and drawn[2] != 0

    image, kernel, bias = drawn = draw_until(rng, draw, is_good)
    output = compute(drawn)
    partial = [correlate2d(one, weights) for one, weights in zip(image, kernel, strict=True)]
    return Problem(
        "Dos canales, un mapa",
        paragraphs("Los dos canales de la imagen y los dos kernels de un filtro. Su sesgo es "
                   f"{number(bias)}.")
        + beside(
            *(named(f"canal {k}", matrix(one)) for k, one in enumerate(image)),
            *(named(f"kernel {k}", matrix(one, "kernel")) for k, one in enumerate(kernel)),
        ),
        paragraphs("Los dos mapas parciales y el mapa del filtro, sin activación:")
        + beside(empty(2, 2), "<b>+</b>", empty(2, 2), "<b>→</b>", empty(2, 2)),
        beside(
            matrix(partial[0], "output"), "<b>+</b>", matrix(partial[1], "output"),
            f"<b>{'+' if bias > 0 else '−'} {abs(bias)} →</b>",
            matrix(output, "output"),
        ),
        {"image": image.tolist(), "kernel": kernel.tolist(), "bias": bias},
        {"partial": [one.tolist() for one in partial], "map": output.tolist()},
    )  # fmt: skip


def one_by_one(rng) -> Problem:
    def draw(rng):
        return integers(rng, 0, 5, 3), integers(rng, -2, 2, 3, 2), integers(rng, -3, 3, 2)

    def compute(drawn):
        pixel, weights, bias = drawn
        return conv2d(np.reshape(pixel, (1, 1, 1, 3)), np.reshape(weights, (1, 1, 3, 2)), bias).ravel()

    def is_good(drawn):
        scores = compute(drawn)
        return scores.min() < 0 < scores.max() and np.count_nonzero(drawn[1]) >= 5 and min(drawn[0]) > 0

    pixel, weights, bias = drawn = draw_until(rng, draw, is_good)
    scores = compute(drawn)
    output = np.maximum(scores, 0)
    return Problem(
        "Un kernel de 1×1",
        paragraphs("Los tres canales de un píxel, y dos filtros de 1×1, uno por columna, con su sesgo.")
        + beside(
            named("píxel", matrix(pixel)),
            named("pesos", matrix(weights, "kernel")),
            named("sesgos", matrix(bias, "kernel")),
        ),
        ask("Antes de la ReLU:", "Después:"),
        paragraphs(f"{numbers(scores)}; con ReLU, {numbers(output)}."),
        {"pixel": pixel, "weights": weights, "bias": bias},
        {"scores": scores.tolist(), "output": output.tolist()},
    )


def parameters(rng) -> Problem:
    def draw(rng):
        channels, filters = rng.choice([3, 4, 6, 8, 16]), rng.choice([4, 8, 10, 12, 16, 20, 32])
        return (
            channels,
            filters,
            rng.choice([2, 3, 5]),
            rng.choice([8, 10, 12, 16, 20]),
            rng.choice([2, 5, 10, 20]),
        )

    channels, filters, kernel, side, units = draw_until(rng, draw, lambda drawn: drawn[0] != drawn[1])
    counts = [
        conv_param_count(kernel, channels, filters),
        conv_param_count(kernel, channels, filters, use_bias=False),
        conv_param_count(1, channels, filters),
        0,
        dense_param_count(side * side * channels, units),
    ]
    layers = [
        f"Conv2D({filters}, {kernel})",
        f"Conv2D({filters}, {kernel}, use_bias=False)",
        f"Conv2D({filters}, 1)",
        "MaxPooling2D(2)", f"Flatten() y Dense({units})",
    ]  # fmt: skip
    whys = [
        f"({kernel * kernel} × {channels} + 1) × {filters}", f"{kernel * kernel} × {channels} × {filters}",
        f"({channels} + 1) × {filters}", "no tiene pesos", f"({side} × {side} × {channels} + 1) × {units}",
    ]  # fmt: skip
    return Problem(
        "¿Cuántos parámetros?",
        paragraphs(f"Cada capa recibe mapas de {side}×{side} con {channels} canales."),
        table(["capa", "parámetros"], [[code(layer), ""] for layer in layers]),
        table(
            ["capa", "parámetros", ""],
            [
                [code(layer), number(count), why]
                for layer, count, why in zip(layers, counts, whys, strict=True)
            ],
        ),
        {"channels": channels, "filters": filters, "kernel": kernel, "side": side, "units": units},
        {"counts": counts},
    )


def summary(rng) -> Problem:
    def draw(rng):
        return (
            rng.choice([12, 14, 16, 18, 20, 22, 24, 28]), rng.choice([1, 3]), rng.choice([4, 6, 8, 10]),
            rng.choice([3, 5]), rng.choice([8, 12, 16, 20]), rng.choice([2, 3, 5, 10]),
        )  # fmt: skip

    side, channels, first, kernel, second, classes = draw_until(
        rng, draw, lambda drawn: conv_output_size(drawn[0], drawn[3]) % 2 == 0
    )
    convolved = conv_output_size(side, kernel)
    pooled = pool_output_size(convolved)
    strided = conv_output_size(pooled, 3, 2, "same")
    flat = strided * strided * second
    rows = [
        (
            f"Conv2D({first}, {kernel})",
            (convolved, convolved, first),
            conv_param_count(kernel, channels, first),
        ),
        ("MaxPooling2D(2)", (pooled, pooled, first), 0),
        (
            f'Conv2D({second}, 3, strides=2, padding="same")',
            (strided, strided, second),
            conv_param_count(3, first, second),
        ),
        ("Flatten()", (flat,), 0),
        (f"Dense({classes})", (classes,), dense_param_count(flat, classes)),
    ]
    total = sum(count for _, _, count in rows)
    head = ["capa", "salida", "parámetros"]
    return Problem(
        "Leer una red",
        paragraphs(f"Entran imágenes de forma {shape((side, side, channels))}."),
        table(head, [[code(layer), "", ""] for layer, _, _ in rows]) + ask("Parámetros en total:"),
        table(head, [[code(layer), shape(sizes), number(count)] for layer, sizes, count in rows])
        + paragraphs(f"En total, {number(total)}."),
        {
            "side": side, "channels": channels, "first": first, "kernel": kernel, "second": second,
            "classes": classes,
        },
        {
            "shapes": [sizes for _, sizes, _ in rows],
            "counts": [count for _, _, count in rows],
            "total": total,
        },
    )  # fmt: skip


def shared_or_not(rng) -> Problem:
    side, kernel, filters = rng.randint(6, 20), rng.choice([3, 5]), rng.randint(2, 12)
    output = conv_output_size(side, kernel)
    shared = conv_param_count(kernel, 1, filters)
    local = locally_connected_param_count(output, kernel, 1, filters)
    dense = dense_param_count(side * side, output * output * filters)
    return Problem(
        "Compartir o no",
        paragraphs(
            f"De una imagen gris de {side}×{side}, {filters} mapas con kernel de {kernel}×{kernel}, "
            "stride 1 y sin padding."
        ),
        ask(
            "Neuronas en total:", "Parámetros si cada mapa comparte los suyos:",
            "Si cada neurona tiene los suyos y ve la misma ventana:", "Si además ve toda la imagen:",
        ),
        paragraphs(
            f"{output} × {output} × {filters} = {number(output * output * filters)} neuronas. Compartiendo, "
            f"({kernel * kernel} + 1) × {filters} = {number(shared)}; sin compartir, {number(shared)} "
            f"× {output * output} = "
            f"{number(local)}; una densa, ({side * side} + 1) × {number(output * output * filters)} = "
            f"{number(dense)}."
        ),
        {"side": side, "kernel": kernel, "filters": filters},
        {"neurons": output * output * filters, "shared": shared, "local": local, "dense": dense},
    )  # fmt: skip


def backwards(rng) -> Problem:
    kernel, channels, filters = rng.choice([3, 5, 7]), rng.choice([1, 2, 3, 4, 8, 16]), rng.randint(3, 24)
    count = conv_param_count(kernel, channels, filters)
    return Problem(
        "Al revés",
        paragraphs(
            f"Una capa convolucional, con kernels de {kernel}×{kernel} y sesgo, recibe "
            f"{channels} {'canal' if channels == 1 else 'canales'} y tiene {number(count)} parámetros."
        ),
        ask("¿Cuántos filtros tiene?"),
        paragraphs(
            f"Cada filtro, {kernel * kernel} × {channels} + 1 = {number(count // filters)}: "
            f"{number(count)} entre "
            f"{number(count // filters)} son {filters}."
        ),
        {"kernel": kernel, "channels": channels, "count": count},
        {"filters": filters},
    )


COLUMNS = ((two_channels, one_by_one, shared_or_not), (parameters, summary, backwards))
