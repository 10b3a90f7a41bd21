"""Resuelve los ejercicios de las fichas sin el curso: con NumPy, SciPy, pycocotools y cuentas exactas.

Cada función recibe lo que se da y devuelve lo que se pide. No importa ``course_utils``.
"""

import math
from fractions import Fraction

import numpy as np
from pycocotools import mask as coco
from scipy import ndimage, signal

SOLVERS = {}


def solves(chapter: str, title: str):
    def register(function):
        SOLVERS[chapter, title] = function
        return function

    return register


# --- 0 ---


@solves("00", "Una imagen por dentro")
def _(image, place, column):
    image = np.array(image)
    total = image[tuple(place)] + max(image[:, column])
    return {
        "shape": list(image.shape), "pixel": image[tuple(place)], "column": image[:, column].tolist(),
        "sum": total % 256,
    }  # fmt: skip


@solves("00", "Una capa densa")
def _(x, weights, bias):
    scores = [sum(x[i] * weights[i][k] for i in range(3)) + bias[k] for k in range(2)]
    return {"scores": scores, "output": [max(z, 0) for z in scores]}


@solves("00", "¿Cuántos parámetros?")
def _(side, channels, hidden, classes):
    inputs = side**2 * channels
    first, second = inputs * hidden + hidden, hidden * classes + classes
    return {"inputs": inputs, "first": first, "second": second, "total": first + second}


@solves("00", "Softmax y pérdida")
def _(exponentials, label):
    p = [Fraction(one, sum(exponentials)) for one in exponentials]
    return {
        "probabilities": p,
        "loss": -math.log(p[label]),
        "gradient": [one - (k == label) for k, one in enumerate(p)],
    }


@solves("00", "Descenso de gradiente")
def _(goal, start, rate):
    w = [start]
    for _ in range(2):
        w.append(w[-1] - rate * 2 * (w[-1] - goal))
    losses = [(one - goal) ** 2 for one in w]
    return {
        "w": w,
        "losses": losses,
        "slopes": [2 * (one - goal) for one in w],
        "approaches": losses[2] < losses[0],
    }


@solves("00", "La forma de un lote")
def _(shape):
    n, h, w, c = shape
    return {"shapes": [[h, w, c], [n, h, w], [n, c], [n, h * w * c]]}


# --- 3 ---


@solves("03", "El mapa entero")
def _(image, kernel):
    whole = signal.correlate2d(image, kernel, mode="valid")
    padded = signal.correlate2d(np.pad(image, 1), kernel, mode="valid")
    return {"map": whole, "strided": whole[::2, ::2], "padded_side": len(padded), "corner": padded[0, 0]}


def count_windows(size, kernel, stride, before=0, after=0):
    """Las posiciones de la ventana, contadas una a una."""
    return len([start for start in range(-before, size + after, stride) if start + kernel <= size + after])


def same_sides(size, kernel, stride):
    """El menor padding con el que hay una ventana cada ``stride`` píxeles; el que sobra, después."""
    wanted, total = math.ceil(size / stride), 0
    while count_windows(size + total, kernel, stride) < wanted:
        total += 1
    return total // 2, total - total // 2


def window_count(size, kernel, stride, padding):
    sides = {"valid": (0, 0), "same": same_sides(size, kernel, stride)}.get(padding, (padding, padding))
    return count_windows(size, kernel, stride, *sides)


@solves("03", "¿Cuánto mide la salida?")
def _(rows):
    return {"sizes": [window_count(*row) for row in rows]}


@solves("03", "Los dos lados de «same»")
def _(rows):
    return {"pads": [same_sides(*row) for row in rows]}


@solves("03", "¿Qué padding hace falta?")
def _(rows):
    return {
        "pads": [
            next(pad for pad in range(size) if count_windows(size, kernel, stride, pad, pad) == output)
            for size, kernel, stride, output in rows
        ]
    }


@solves("03", "¿Cuántas ventanas usan cada píxel?")
def _(side, kernel, places):
    tops = range(side - kernel + 1)
    uses = [
        sum(top <= row < top + kernel and left <= col < left + kernel for top in tops for left in tops)
        for row, col in places
    ]
    return {"windows": len(tops) ** 2, "uses": uses}


@solves("03", "¿Correlación o convolución?")
def _(window, kernel):
    return {
        "correlation": signal.correlate2d(window, kernel, mode="valid")[0, 0],
        "convolution": signal.convolve2d(window, kernel, mode="valid")[0, 0],
    }


# --- 4 ---


@solves("04", "Dos canales, un mapa")
def _(image, kernel, bias):
    partial = [
        signal.correlate2d(one, weights, mode="valid") for one, weights in zip(image, kernel, strict=True)
    ]
    return {"partial": partial, "map": partial[0] + partial[1] + bias}


@solves("04", "Un kernel de 1×1")
def _(pixel, weights, bias):
    scores = np.dot(pixel, weights) + bias
    return {"scores": scores, "output": scores.clip(0)}


@solves("04", "¿Cuántos parámetros?")
def _(channels, filters, kernel, side, units):
    weights = kernel * kernel * channels * filters
    return {
        "counts": [
            weights + filters,
            weights,
            channels * filters + filters,
            0,
            side**2 * channels * units + units,
        ]
    }


@solves("04", "Leer una red")
def _(side, channels, first, kernel, second, classes):
    import keras

    network = keras.Sequential(
        [
            keras.layers.Input((side, side, channels)), keras.layers.Conv2D(first, kernel),
            keras.layers.MaxPooling2D(2), keras.layers.Conv2D(second, 3, strides=2, padding="same"),
            keras.layers.Flatten(), keras.layers.Dense(classes),
        ]
    )  # fmt: skip
    return {
        "shapes": [layer.output.shape[1:] for layer in network.layers],
        "counts": [layer.count_params() for layer in network.layers], "total": network.count_params(),
    }  # fmt: skip


@solves("04", "Compartir o no")
def _(side, kernel, filters):
    neurons = count_windows(side, kernel, 1) ** 2 * filters
    each = kernel**2 + 1
    return {
        "neurons": neurons,
        "shared": each * filters,
        "local": neurons * each,
        "dense": neurons * (side**2 + 1),
    }


@solves("04", "Al revés")
def _(kernel, channels, count):
    return {"filters": Fraction(count, kernel**2 * channels + 1)}


# --- 5 ---


@solves("05", "Máximo y promedio")
def _(image, gradient):
    blocks = np.reshape(image, (2, 2, 2, 2)).swapaxes(1, 2)
    back = np.zeros((4, 4), int)
    for r in range(2):
        for c in range(2):
            i, j = divmod(int(blocks[r, c].argmax()), 2)
            back[2 * r + i, 2 * c + j] = gradient[r][c]
    return {"max": blocks.max(axis=(2, 3)), "average": blocks.mean(axis=(2, 3)), "back": back}


@solves("05", "Ventanas que se solapan")
def _(image):
    return {"max": ndimage.maximum_filter(np.array(image), 3)[1:-1:2, 1:-1:2]}


@solves("05", "Mover un píxel")
def _(row):
    moved = [0, *row[:-1]]
    before, after = ([max(line[k : k + 2]) for k in range(0, 8, 2)] for line in (row, moved))
    return {
        "before": before,
        "after": after,
        "kept": sum(one == other for one, other in zip(before, after, strict=True)),
    }


@solves("05", "¿Cuánto mide la salida?")
def _(rows):
    return {"sizes": [window_count(*row) for row in rows]}


@solves("05", "¿Cuánta imagen ve una salida?")
def _(layers):
    """De la salida hacia atrás: de dónde a dónde llega una salida, y cuánto se mueve la siguiente."""
    fields, jumps = [], []
    for depth in range(1, len(layers) + 1):
        ends = []
        for output in (0, 1):
            first = last = output
            for kernel, stride in reversed(layers[:depth]):
                first, last = first * stride, last * stride + kernel - 1
            ends.append((first, last))
        fields.append(ends[0][1] - ends[0][0] + 1)
        jumps.append(ends[1][0] - ends[0][0])
    return {"fields": fields, "jumps": jumps}


@solves("05", "Pooling global")
def _(maps):
    return {"average": [np.mean(one) for one in maps], "max": [np.max(one) for one in maps]}


# --- 8 ---


@solves("08", "¿Cuánto se parecen dos máscaras?")
def _(truth, found):
    pairs = list(zip(np.ravel(truth).tolist(), np.ravel(found).tolist(), strict=True))
    hits, extra, missed = (pairs.count(pair) for pair in ((1, 1), (0, 1), (1, 0)))
    return {
        "counts": [hits, extra, missed], "iou": Fraction(hits, hits + extra + missed),
        "dice": Fraction(2 * hits, sum(map(sum, truth)) + sum(map(sum, found))),
    }  # fmt: skip


@solves("08", "¿Qué umbral?")
def _(truth, probabilities, thresholds):
    from sklearn.metrics import jaccard_score

    values = [jaccard_score(np.ravel(truth), np.ravel(probabilities) > limit) for limit in thresholds]
    return {"iou": values, "best": thresholds[int(np.argmax(values))]}


@solves("08", "El IoU de cada clase")
def _(confusion):
    counts = np.array(confusion)
    labels, predicted = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    values = [
        Fraction(int(np.sum((labels == k) & (predicted == k))), int(np.sum((labels == k) | (predicted == k))))
        for k in range(3)
    ]
    return {"iou": values, "mean": sum(values) / 3, "accuracy": np.mean(labels == predicted)}


@solves("08", "Sellos que se suman")
def _(image, kernel):
    return {"output": signal.convolve2d(image, kernel), "side": 2 * 2}


@solves("08", "La última capa")
def _(scores, maps, classes):
    return {"chosen": [row.index(max(row)) for row in scores], "count": maps * classes + classes}


@solves("08", "Bajar y subir")
def _(sides):
    down = [[side, side // 2, side // 2 // 2, side // 2 // 2 // 2] for side in sides]
    return {
        "down": down,
        "up": [2 * heights[-1] for heights in down],
        "fits": [side % 8 == 0 for side in sides],
    }


# --- 9 ---


@solves("09", "¿Qué predicción acierta?")
def _(truth, found, scores):
    def encoded(ids):
        return [coco.encode(np.asfortranarray(np.array(ids) == k, np.uint8)) for k in (1, 2, 3)]

    overlaps = coco.iou(encoded(found), encoded(truth), [0, 0, 0]).T  # (verdadero, predicho)
    free, pairs = {0, 1, 2}, [-1, -1, -1]
    for j in sorted(range(3), key=lambda j: -scores[j]):
        best = max(free, key=lambda i: overlaps[i, j])
        if overlaps[best, j] >= 0.5:
            pairs[j] = best
            free.remove(best)
    hits = sum(pair >= 0 for pair in pairs)
    quality = sum(overlaps[pair, j] for j, pair in enumerate(pairs) if pair >= 0) / 3
    return {"iou": overlaps, "pairs": pairs, "precision": hits / 3, "recall": hits / 3, "quality": quality}


@solves("09", "AP, con la lista")
def _(hits, objects):
    found = [sum(hits[: k + 1]) for k in range(6)]
    precision = [Fraction(count, k) for k, count in enumerate(found, 1)]
    recall = [Fraction(count, objects) for count in found]
    sampled = [
        max(
            (p for p, r in zip(precision, recall, strict=True) if r >= Fraction(wanted, 100)),
            default=Fraction(0),
        )
        for wanted in range(101)
    ]
    return {"precision": precision, "recall": recall, "ap": sum(sampled) / 101}


@solves("09", "Votos")
def _(centers, pixels, offsets):
    votes = np.add(pixels, offsets)
    chosen, nearest = (
        [min((0, 1), key=lambda k: math.dist(place, centers[k])) for place in places]
        for places in (votes, pixels)
    )
    return {"votes": votes, "chosen": chosen, "moved": [k + 1 for k in range(4) if chosen[k] != nearest[k]]}


@solves("09", "Píxeles que se tocan")
def _(mask):
    return {
        "by_side": ndimage.label(mask)[1], "by_corner": ndimage.label(mask, structure=np.ones((3, 3)))[1],
    }  # fmt: skip


@solves("09", "El centro de un objeto")
def _(ids, pixel):
    center = ndimage.center_of_mass(np.array(ids))
    return {"center": center, "offset": [center[0] - pixel[0], center[1] - pixel[1]]}


# --- 11 ---


def counts_of(mask):
    """Las cuentas que pycocotools escribe, leídas de su forma comprimida."""
    text = coco.encode(np.asfortranarray(mask, np.uint8))["counts"].decode()
    counts, at = [], 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            code = ord(text[at]) - 48
            value |= (code & 0x1F) << shift
            more, at, shift = bool(code & 0x20), at + 1, shift + 5
            if not more and code & 0x10:
                value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
    return counts


@solves("11", "De la máscara al RLE")
def _(mask):
    encoded = coco.encode(np.asfortranarray(mask, np.uint8))
    return {"counts": counts_of(mask), "box": coco.toBbox(encoded), "area": coco.area(encoded)}


@solves("11", "Del RLE a la máscara")
def _(size, counts):
    mask = coco.decode(coco.frPyObjects({"size": size, "counts": counts}, *size))
    return {"mask": mask, "area": mask.sum()}


@solves("11", "Dos cajas")
def _(truth, found):
    def pixels(box):
        x, y, width, height = box
        return {(col, row) for col in range(x, x + width) for row in range(y, y + height)}

    common = len(pixels(truth) & pixels(found))
    [[value]], [[as_crowd]] = (
        coco.iou(np.array([found], float), np.array([truth], float), [crowd]) for crowd in (0, 1)
    )
    return {
        "common": common, "iou": value, "passed": sum(value >= limit / 100 for limit in range(50, 100, 5)),
        "as_crowd": as_crowd,
    }  # fmt: skip


@solves("11", "Encuentra los errores")
def _(width, height, categories, annotations):
    def is_right(one):
        x, y, wide, tall = one["bbox"]
        inside = x >= 0 and y >= 0 and x + wide <= width and y + tall <= height and wide > 0 and tall > 0
        return inside and one["image_id"] == 1 and one["category_id"] in categories and one["area"] > 0

    return {"wrong": [one["id"] for one in annotations if not is_right(one)]}


@solves("11", "¿Cuánta confianza se pide?")
def _(scores, hits, objects, thresholds):
    measures = []
    for limit in thresholds:
        kept = [hit for score, hit in zip(scores, hits, strict=True) if score > limit]
        measures.append([Fraction(sum(kept), len(kept)), Fraction(sum(kept), objects)])
    return {"measures": measures}
