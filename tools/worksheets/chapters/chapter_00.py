"""Ejes, neuronas, softmax y descenso de gradiente."""

from fractions import Fraction

import numpy as np
from scipy.special import softmax

from course_utils.ops import dense_param_count
from course_utils.style import fixed_number
from tools.worksheets.notation import (
    ask,
    beside,
    code,
    factor,
    matrix,
    named,
    number,
    numbers,
    paragraphs,
    shape,
    table,
)  # fmt: skip
from tools.worksheets.problem import Problem, draw_until, integers


def image_axes(rng) -> Problem:
    def draw(rng):
        return np.array(integers(rng, 0, 255, 3, 4)), (rng.randrange(3), rng.randrange(4)), rng.randrange(4)

    def is_good(drawn):
        image, place, column = drawn
        distinct = len(set(image.ravel().tolist())) == image.size
        return distinct and image[place] + image[:, column].max() > 255 and place[1] != column

    image, (row, col), column = draw_until(rng, draw, is_good)
    pixels = image.astype(np.uint8)
    brightest = int(pixels[:, column].max())
    answer = {
        "shape": pixels.shape,
        "pixel": int(pixels[row, col]),
        "column": pixels[:, column].tolist(),
        "sum": int((pixels[row] + pixels[:, column].max())[col]),  # en uint8 da la vuelta
    }
    total = answer["pixel"] + brightest
    return Problem(
        "Una imagen por dentro",
        paragraphs(f"Esta es {code('image')}, de tipo {code('uint8')}.") + beside(matrix(image)),
        ask(
            code("image.shape"),
            code(f"image[{row}, {col}]"),
            code(f"image[:, {column}]"),
            code(f"image[{row}, {col}] + image[:, {column}].max()"),
        ),
        paragraphs(
            f"{shape(answer['shape'])}; {answer['pixel']}; {numbers(answer['column'])}; "
            f"y {answer['pixel']} + {brightest} = {total}, que no cabe: {total} − 256 = {answer['sum']}."
        ),
        {"image": image.tolist(), "place": (row, col), "column": column},
        answer,
    )


def dense_layer(rng) -> Problem:
    def draw(rng):
        return integers(rng, -3, 4, 3), integers(rng, -2, 3, 3, 2), integers(rng, -4, 4, 2)

    def is_good(drawn):
        x, weights, bias = map(np.array, drawn)
        z = x @ weights + bias
        return z.min() < 0 < z.max() and 0 not in x and np.count_nonzero(weights) >= 5 and 0 not in bias

    x, weights, bias = map(np.array, draw_until(rng, draw, is_good))
    z = x @ weights + bias
    output = np.maximum(z, 0)
    return Problem(
        "Una capa densa",
        paragraphs("Dos neuronas con ReLU. Cada columna de W es una neurona.")
        + beside(
            named("x", matrix(x)), named("W", matrix(weights, "kernel")), named("b", matrix(bias, "kernel"))
        ),
        ask("Antes de la ReLU:", "Salida de la capa:"),
        paragraphs(
            "; ".join(
                " + ".join(f"{factor(one)} × {factor(w)}" for one, w in zip(x, weights[:, k], strict=True))
                + f" + {factor(bias[k])} = {number(z[k])}"
                for k in range(2)
            )
            + f". Con ReLU: {numbers(output)}."
        ),
        {"x": x.tolist(), "weights": weights.tolist(), "bias": bias.tolist()},
        {"scores": z.tolist(), "output": output.tolist()},
    )


def dense_parameters(rng) -> Problem:
    side, channels = rng.choice([8, 10, 12, 16, 20, 28, 32]), rng.choice([1, 3])
    hidden, classes = rng.choice([10, 16, 20, 32, 50, 64]), rng.choice([2, 3, 4, 5, 10])
    inputs = side * side * channels
    counts = [dense_param_count(inputs, hidden), dense_param_count(hidden, classes)]
    return Problem(
        "¿Cuántos parámetros?",
        paragraphs(
            f"Imágenes de {side}×{side} píxeles y {channels} "
            f"{'canal' if channels == 1 else 'canales'}, aplanadas; "
            f"una capa densa de {hidden} neuronas y otra de {classes}."
        ),
        ask("Entradas:", "Parámetros de la primera:", "De la segunda:", "En total:"),
        paragraphs(
            f"{number(inputs)} entradas; ({number(inputs)} + 1) × {hidden} = {number(counts[0])}; "
            f"({hidden} + 1) × {classes} = {number(counts[1])}; en total, {number(sum(counts))}."
        ),
        {"side": side, "channels": channels, "hidden": hidden, "classes": classes},
        {"inputs": inputs, "first": counts[0], "second": counts[1], "total": sum(counts)},
    )


def softmax_and_loss(rng) -> Problem:
    exponentials = draw_until(
        rng, lambda rng: integers(rng, 1, 7, rng.choice([3, 4])), lambda e: sum(e) == 10 and len(set(e)) > 1
    )
    label = rng.randrange(len(exponentials))
    probabilities = softmax(np.log(exponentials))
    answer = {
        "probabilities": probabilities.tolist(),
        "loss": float(-np.log(probabilities[label])),
        "gradient": (probabilities - np.eye(len(exponentials))[label]).tolist(),
    }
    logarithms = [Fraction(tenths, 10) for tenths in range(1, 8)]
    return Problem(
        "Softmax y pérdida",
        paragraphs(
            f"Las exponenciales de las puntuaciones, de la clase 0 a la {len(exponentials) - 1}, son "
            f"{numbers(exponentials)}. La clase verdadera es la {label}."
        )
        + table(
            ["<i>p</i>", *map(number, logarithms)],
            [["−ln <i>p</i>", *(fixed_number(-np.log(float(p))) for p in logarithms)]],
        ),
        ask("Probabilidades:", "Pérdida:", "Gradiente respecto de las puntuaciones:"),
        paragraphs(
            f"La suma es 10: {numbers(answer['probabilities'])}. Pérdida, −ln "
            f"{number(probabilities[label])} = {fixed_number(answer['loss'])}. "
            f"Probabilidad menos respuesta: {numbers(answer['gradient'])}."
        ),
        {"exponentials": exponentials, "label": label},
        answer,
    )


def descent(rng) -> Problem:
    def draw(rng):
        return rng.randint(-5, 6), rng.randint(-5, 6), rng.choice(["0.1", "0.2", "0.25", "0.4", "0.6", "1.5"])

    goal, start, rate = draw_until(rng, draw, lambda drawn: drawn[0] and abs(drawn[0] - drawn[1]) > 1)
    rate = Fraction(rate)
    path = [Fraction(start)]
    for _ in range(2):
        path.append(path[-1] - rate * 2 * (path[-1] - goal))
    losses, slopes = [(w - goal) ** 2 for w in path], [2 * (w - goal) for w in path]
    approaches = losses[-1] < losses[0]
    inside = f"<i>w</i> {'−' if goal > 0 else '+'} {abs(goal)}"
    rows = list(
        zip(map(str, range(3)), map(number, path), map(number, losses), map(number, slopes), strict=True)
    )
    return Problem(
        "Descenso de gradiente",
        paragraphs(
            f"La pérdida es <i>L</i> = ({inside})². Se empieza en <i>w</i> = {number(start)}, con tasa "
            f"{number(rate)}."
        ),
        table(
            ["paso", "<i>w</i>", "<i>L</i>", "derivada"],
            [["0", number(start), "", ""], ["1", "", "", ""], ["2", "", "", ""]],
        )
        + ask("¿Se acerca al mínimo?"),
        table(["paso", "<i>w</i>", "<i>L</i>", "derivada"], rows)
        + paragraphs(
            f"La derivada es 2({inside}). {'Sí' if approaches else 'No: cada paso cae más lejos'}; el mínimo "
            f"está en {number(goal)}."
        ),
        {"goal": goal, "start": start, "rate": float(rate)},
        {
            "w": [*map(float, path)],
            "losses": [*map(float, losses)],
            "slopes": [*map(float, slopes)],
            "approaches": approaches,
        },
    )


def batch_shapes(rng) -> Problem:
    count, height, width = rng.sample([4, 6, 8, 9, 10, 12, 16, 20, 24, 32], 3)
    batch = np.zeros((count, height, width, 3))
    questions = {
        "batch[0].shape": batch[0].shape,
        "batch[:, :, :, 0].shape": batch[:, :, :, 0].shape,
        "batch.mean(axis=(1, 2)).shape": batch.mean(axis=(1, 2)).shape,
        f"batch.reshape({count}, -1).shape": batch.reshape(count, -1).shape,
    }
    return Problem(
        "La forma de un lote",
        paragraphs(
            f"{code('batch')} guarda {count} imágenes en color de {height} filas y {width} columnas: "
            "su forma es "
            f"{shape(batch.shape)}."
        ),
        ask(*map(code, questions)),
        paragraphs("; ".join(map(shape, questions.values())) + "."),
        {"shape": batch.shape},
        {"shapes": [list(sizes) for sizes in questions.values()]},
    )


COLUMNS = ((image_axes, dense_layer, dense_parameters), (softmax_and_loss, descent, batch_shapes))
