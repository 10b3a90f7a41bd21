"""Funciones correctas escritas de otra manera: con bucles, con NumPy, con SciPy o con TensorFlow."""

import functools
import math
import statistics

import numpy as np
import pytest

from course_utils import ops
from course_utils.exercises import exercise
from course_utils.exercises.registry import all_exercises
from tests.test_exercises import ORACLES

windows = np.lib.stride_tricks.sliding_window_view


@pytest.fixture(scope="module", autouse=True)
def _imported():
    """La primera importación tarda segundos; que no la pague una respuesta se prueba en otro sitio."""
    import keras  # noqa: F401
    import pycocotools.mask  # noqa: F401
    import scipy.ndimage
    import scipy.signal
    import scipy.spatial
    import scipy.special  # noqa: F401
    import skimage.segmentation  # noqa: F401
    import sklearn.metrics
    import sklearn.utils.class_weight  # noqa: F401
    import tensorflow  # noqa: F401


def tf():
    import tensorflow

    return tensorflow


def scipy(name):
    import importlib

    return importlib.import_module(f"scipy.{name}")


# --- Las que no caben en una línea -----------------------------------------------------------------


def loop_crop(image, top, left, height, width):
    return [[list(image[top + i, left + j]) for j in range(width)] for i in range(height)]


def loop_neuron(x, w, b):
    total = b
    for value, weight in zip(x, w, strict=True):
        total += value * weight
    return total if total > 0 else 0


def loop_softmax(z):
    highest = max(z)
    powers = [math.exp(value - highest) for value in z]
    return [power / sum(powers) for power in powers]


def loop_cross_entropy(probabilities, labels):
    return statistics.fmean(-math.log(row[label]) for row, label in zip(probabilities, labels, strict=True))


def loop_step(x, y, w, b, learning_rate):
    dw = db = 0
    for one, target in zip(x, y, strict=True):
        dw += 2 * (w * one + b - target) * one / len(x)
        db += 2 * (w * one + b - target) / len(x)
    return [w - learning_rate * dw, b - learning_rate * db]


def loop_peak(feature_map):
    best = (0, 0)
    for place in np.ndindex(feature_map.shape):
        if feature_map[place] > feature_map[best]:
            best = place
    return best


def block_with_windows(image, kernel):
    active = (windows(image, kernel.shape) * kernel).sum(axis=(2, 3)).clip(0)
    rows, cols = active.shape[0] // 2, active.shape[1] // 2
    return active[: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2).max(axis=(1, 3))


def sliced_shift(image, rows, cols):
    height, width = image.shape
    moved = np.zeros_like(image)
    if abs(rows) >= height or abs(cols) >= width:
        return moved
    moved[max(rows, 0) : height + min(rows, 0), max(cols, 0) : width + min(cols, 0)] = image[
        max(-rows, 0) : height - max(rows, 0), max(-cols, 0) : width - max(cols, 0)
    ]
    return moved


def padded_shift(image, rows, cols):
    height, width = image.shape
    padded = np.pad(image, ((abs(rows),) * 2, (abs(cols),) * 2))
    return padded[abs(rows) - rows :, abs(cols) - cols :][:height, :width]


def loop_permute(images, order):
    result = np.empty_like(images)
    for n, image in enumerate(images):
        result[n] = np.take(image, order).reshape(image.shape)
    return result


def same_by_hand(n, kernel_size, stride):
    size = math.ceil(n / stride)
    total = 0
    while n + total < (size - 1) * stride + kernel_size:
        total += 1
    return [math.floor(total / 2), math.ceil(total / 2)]


def loop_usage(n, kernel_size, stride):
    return [
        sum(start <= place < start + kernel_size for start in range(0, n - kernel_size + 1, stride))
        for place in range(n)
    ]


def einsum_conv(image, kernels):
    return np.einsum("ijab,abf->ijf", windows(image, kernels.shape[:2]), kernels)


def loop_pointwise(maps, weights, bias):
    result = np.tile(bias.astype(float), (*maps.shape[:2], 1))
    for place in np.ndindex(*maps.shape[:2]):
        for channel in range(maps.shape[2]):
            result[place] += maps[place][channel] * weights[channel]
    return result


def pool_with_corners(feature_map):
    rows, cols = (2 * (side // 2) for side in feature_map.shape)
    part = feature_map[:rows, :cols]
    corners = [part[i::2, j::2] for i in (0, 1) for j in (0, 1)]
    return functools.reduce(np.maximum, corners)


def gradient_by_mask(feature_map, output_gradient):
    pooled = pool_with_corners(feature_map).repeat(2, axis=0).repeat(2, axis=1)
    return (feature_map == pooled) * output_gradient.repeat(2, axis=0).repeat(2, axis=1)


def field_backwards(layers):
    size = 1
    for kernel_size, stride in reversed(layers):
        size = (size - 1) * stride + kernel_size
    return size


def counted_confusion(true, predicted, classes):
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def added_confusion(true, predicted, classes):
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (true, predicted), 1)
    return matrix


def loop_calibration(confidence, correct, bins):
    error = 0
    for number in range(bins):
        inside = [i for i, c in enumerate(confidence) if number / bins <= c < (number + 1) / bins]
        if inside:
            gap = statistics.fmean(confidence[i] for i in inside) - statistics.fmean(
                correct[i] for i in inside
            )
            error += len(inside) / len(confidence) * abs(gap)
    return error


def summed_calibration(confidence, correct, bins):
    place = np.digitize(confidence, np.arange(1, bins) / bins)
    gaps = np.bincount(place, confidence - correct, minlength=bins)
    return np.abs(gaps).sum() / len(confidence)


def averaged_with_tf(scores, mirrored):
    total = tf().nn.softmax(scores) + tf().nn.softmax(mirrored)
    return tf().argmax(total, axis=1)


def plain_average(scores, mirrored):
    parts = [np.exp(part) / np.exp(part).sum(axis=1, keepdims=True) for part in (scores, mirrored)]
    return list(np.mean(parts, axis=0).argmax(axis=1))


def loop_sample(mask, rows, cols):
    result = np.zeros(rows.shape, mask.dtype)
    for place in np.ndindex(rows.shape):
        result[place] = mask[round(float(rows[place])), round(float(cols[place]))]
    return result


def rolled_right(image, mask, distance, void):
    image, mask = np.roll(image, distance, axis=1), np.roll(mask, distance, axis=1)
    image[:, :distance], mask[:, :distance] = 0, void
    return image, mask


def padded_right(image, mask, distance, void):
    width = image.shape[1]
    return [
        np.pad(image, ((0, 0), (distance, 0)))[:, :width],
        np.pad(mask, ((0, 0), (distance, 0)), constant_values=void)[:, :width],
    ]


def set_iou(mask, other):
    first, second = (set(np.flatnonzero(one)) for one in (mask, other))
    return len(first & second) / len(first | second) if first or second else 1


def loop_class_iou(matrix):
    result = []
    for k in range(len(matrix)):
        hits = matrix[k, k]
        result.append(hits / (sum(matrix[k]) + sum(matrix[:, k]) - hits))
    return result


def zeros_between(image, kernel, stride):
    """La transpuesta como convolución de la imagen con ceros intercalados."""
    height, width = ((side - 1) * stride + 1 for side in image.shape)
    wide = np.zeros((height, width))
    wide[::stride, ::stride] = image
    return scipy("signal").convolve2d(wide, kernel)


def layer_without_padding(image, kernel, stride):
    import keras

    layer = keras.layers.Conv2DTranspose(1, kernel.shape, strides=stride, use_bias=False)
    layer.build((None, *image.shape, 1))
    layer.set_weights([kernel[..., None, None]])
    return layer(image[None, ..., None].astype(float))[0, ..., 0]


def loop_enlarge(image, factor):
    rows, cols = image.shape
    return [[image[r // factor, c // factor] for c in range(cols * factor)] for r in range(rows * factor)]


def loop_classes(scores):
    return [[[int(np.argmax(pixel)) for pixel in row] for row in image] for image in scores]


def weights_by_class(mask, classes):
    return [mask.size / (classes * (mask == k).sum()) for k in range(classes)]


def loop_threshold(probabilities, truth, candidates):
    best, found = -1, None
    for threshold in candidates:
        mask = probabilities > threshold
        score = 2 * np.logical_and(mask, truth).sum() / (mask.sum() + truth.sum())
        if score > best:
            best, found = score, threshold
    return found


def relabel_with_dict(ids):
    kept = sorted(set(ids.ravel()) - {0})
    table = {0: 0} | {old: number for number, old in enumerate(kept, start=1)}
    return [[table[value] for value in row] for row in ids]


def offsets_with_ndimage(ids):
    numbers = np.unique(ids[ids > 0])
    centers = scipy("ndimage").center_of_mass(np.ones_like(ids), ids, numbers)
    offsets = np.zeros((*ids.shape, 2))
    for number, center in zip(numbers, centers, strict=True):
        offsets[ids == number] = center - np.argwhere(ids == number)
    return offsets


def broadcast_votes(is_object, offsets, centers):
    votes = np.moveaxis(np.indices(is_object.shape), 0, -1) + offsets
    distances = np.linalg.norm(votes[:, :, None] - centers, axis=-1)
    return np.where(is_object, distances.argmin(axis=-1) + 1, 0)


def table_with_products(truth, predicted):
    first = np.stack([truth.ravel() == k for k in range(1, truth.max() + 1)]).astype(int)
    second = np.stack([predicted.ravel() == k for k in range(1, predicted.max() + 1)]).astype(int)
    common = first @ second.T
    return common / (first.sum(axis=1)[:, None] + second.sum(axis=1) - common)


def match_on_a_copy(table, scores, threshold):
    left, partners = table.astype(float), np.full(len(scores), -1)
    for j in sorted(range(len(scores)), key=lambda j: scores[j], reverse=True):
        best = left[:, j].argmax()
        if left[best, j] >= threshold:
            partners[j], left[best] = best, -1
    return partners


def match_with_sets(table, scores, threshold):
    taken, partners = set(), {}
    for j in np.argsort(scores)[::-1].tolist():
        rows = [i for i in range(len(table)) if i not in taken and table[i, j] >= threshold]
        if rows:
            partners[j] = max(rows, key=lambda i: table[i, j])
            taken.add(partners[j])
    return [partners.get(j, -1) for j in range(len(scores))]


def loop_curve(hits, positives):
    precision, recall, found = [], [], 0
    for count, hit in enumerate(hits, start=1):
        found += int(hit)
        precision.append(found / count)
        recall.append(found / positives)
    return precision, recall


def area_with_envelope(precision, recall):
    best = np.maximum.accumulate(precision[::-1])[::-1]
    place = np.searchsorted(recall, np.linspace(0, 1, 101))
    return np.append(best, 0)[place].mean()


def area_with_list(precision, recall):
    curve = list(zip(precision, recall, strict=True))
    return sum(max((p for p, r in curve if r >= k / 100), default=0) for k in range(101)) / 101


def between_with_products(feature_map, row, col):
    top, left = math.floor(row), math.floor(col)
    down, right = row - top, col - left
    return (
        np.array([1 - down, down])
        @ feature_map[top : top + 2, left : left + 2]
        @ np.array([1 - right, right])
    )


def loop_shrink(image, factor):
    rows, cols, channels = (image.shape[0] // factor, image.shape[1] // factor, image.shape[2])
    result = np.zeros((rows, cols, channels))
    for r, c in np.ndindex(rows, cols):
        result[r, c] = image[r * factor : (r + 1) * factor, c * factor : (c + 1) * factor].mean(axis=(0, 1))
    return result


def nearest_with_scipy(test, train):
    flat = [part.reshape(len(part), -1).astype(float) for part in (test, train)]
    return scipy("spatial").distance.cdist(*flat).argmin(axis=1)


def nearest_with_int(test, train):
    gaps = test[:, None].astype(int) - train[None].astype(int)
    return (gaps**2).sum(axis=(2, 3, 4)).argmin(axis=1).tolist()


def box_with_any(mask):
    cols, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return cols[0], rows[0], np.ptp(cols) + 1, np.ptp(rows) + 1


def box_with_loops(mask):
    places = [(r, c) for r in range(mask.shape[0]) for c in range(mask.shape[1]) if mask[r, c]]
    rows, cols = zip(*places, strict=True)
    return [min(cols), min(rows), max(cols) - min(cols) + 1, max(rows) - min(rows) + 1]


def area_with_roll(points):
    x, y = np.reshape(points, (-1, 2)).T
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def area_with_triangles(points):
    corners = np.reshape(points, (-1, 2)).astype(float)
    first, second = corners[1:-1] - corners[0], corners[2:] - corners[0]
    return abs((first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum()) / 2


def rle_with_groupby(mask):
    import itertools

    runs = [(value, len(list(run))) for value, run in itertools.groupby(mask.flatten(order="F"))]
    return [0] * int(runs[0][0]) + [length for _, length in runs]


def rle_with_diff(mask):
    pixels = np.concatenate([[0], mask.T.ravel()])
    edges = np.flatnonzero(np.diff(pixels))
    return np.diff([0, *edges, mask.size])


def decoded_with_repeat(counts, height, width):
    return np.repeat(np.arange(len(counts)) % 2, counts).reshape((height, width), order="F")


def decoded_with_loop(counts, height, width):
    mask, place, value = np.zeros((height, width), int), 0, 0
    for count in counts:
        for k in range(place, place + count):
            mask[k % height, k // height] = value
        place, value = place + count, 1 - value
    return mask


def smallest_per_pixel(masks, classes, crowds):
    sizes = np.where(crowds, masks.size, masks.sum(axis=(1, 2)))[:, None, None]
    sizes = np.where(masks > 0, sizes, masks.size + 1)
    return np.where(masks.any(axis=0), np.where(crowds, 255, classes)[sizes.argmin(axis=0)], 0)


def painted_where_free(masks, classes, crowds):
    target = np.zeros(masks.shape[1:], int)
    for k in sorted(range(len(masks)), key=lambda k: np.count_nonzero(masks[k])):
        if crowds[k] == 0:
            target = np.where((target == 0) & (masks[k] == 1), classes[k], target)
    for k in np.flatnonzero(crowds):
        target[(target == 0) & (masks[k] == 1)] = 255
    return target


# --- La tabla --------------------------------------------------------------------------------------

WAYS = {
    "00.1": [
        loop_crop,
        lambda i, t, le, h, w: i[t:, le:][:h, :w],
        lambda i, t, le, h, w: i[t : t + h, le : le + w, :],
    ],
    "00.2": [
        loop_neuron,
        lambda x, w, b: np.maximum(x @ w + b, 0),
        lambda x, w, b: tf().nn.relu(np.dot(x, w) + b),
    ],
    "00.4": [loop_softmax, lambda z: tf().nn.softmax(z), lambda z: np.exp(z - np.logaddexp.reduce(z))],
    "00.5": [
        loop_cross_entropy,
        lambda p, y: -np.log(np.take_along_axis(p, y[:, None], 1)).mean(),
        lambda p, y: -(np.eye(p.shape[1])[y] * np.log(p)).sum(axis=1).mean(),
    ],
    "00.6": [
        loop_step,
        lambda x, y, w, b, lr: (
            np.array([w, b]) - lr * 2 * np.array([np.dot(w * x + b - y, x), np.sum(w * x + b - y)]) / len(x)
        ),
    ],
    "01.2": [
        loop_peak,
        lambda m: divmod(int(m.argmax()), m.shape[1]),
        lambda m: np.argwhere(m == m.max())[0],
        lambda m: tuple(np.unravel_index(np.argmax(m), m.shape)),
    ],
    "01.5": [
        block_with_windows,
        lambda i, k: ops.max_pool2d(ops.correlate2d(i, k), 2).clip(0),
        lambda i, k: np.maximum(0, ops.max_pool2d(scipy("signal").correlate2d(i, k, "valid"))),
    ],
    "01.7": [
        lambda v, h: np.minimum(v, h).clip(0),
        lambda v, h: np.where((v > 0) & (h > 0), np.minimum(v, h), 0),
        lambda v, h: np.stack([v, h, np.full_like(v, 0)][:2]).min(axis=0) * ((v > 0) * (h > 0)),
        lambda v, h: tf().nn.relu(tf().minimum(v, h)),
    ],
    "02.2": [
        lambda h, w, k: (h - k + 1) * (w - k + 1) * k * k + (h - k + 1) * (w - k + 1),
        lambda h, w, k: sum(k**2 + 1 for _ in range((h - k + 1) * (w - k + 1))),
        lambda h, w, k: math.prod((h - k + 1, w - k + 1, k**2 + 1)),
    ],
    "02.3": [sliced_shift, padded_shift],
    "02.4": [
        lambda f, i, c: abs(f(np.roll(i, c, 1)) - np.roll(f(i), c, 1)).max(),
        lambda f, i, c: np.linalg.norm((f(np.roll(i, c, 1)) - np.roll(f(i), c, 1)).ravel(), np.inf),
        lambda f, i, c: max(
            abs(a - b) for a, b in zip(f(np.roll(i, c, 1)).ravel(), np.roll(f(i), c, 1).ravel(), strict=True)
        ),
    ],
    "02.5": [
        loop_permute,
        lambda i, o: np.stack([one.ravel()[o].reshape(one.shape) for one in i]),
        lambda i, o: np.take(i.reshape(len(i), -1), o, axis=1).reshape(i.shape),
    ],
    "02.6": [
        lambda k, n: scipy("linalg").toeplitz(np.eye(n - len(k) + 1)[0] * k[0], np.pad(k, (0, n - len(k)))),
        lambda k, n: [
            [k[c - r] if 0 <= c - r < len(k) else 0 for c in range(n)] for r in range(n - len(k) + 1)
        ],
        lambda k, n: sum(v * np.eye(n - len(k) + 1, n, j) for j, v in enumerate(k)),
    ],
    "03.1": [
        lambda n, k: len(range(n - k + 1)),
        lambda n, k: sum(1 for s in range(n) if s + k <= n),
        lambda n, k: len(windows(np.zeros(n), k)),
    ],
    "03.2": [
        lambda n, k, s, p: len(range(0, n + 2 * p - k + 1, s)),
        lambda n, k, s, p: math.floor((n + 2 * p - k) / s) + 1,
        lambda n, k, s, p: len(windows(np.zeros(n + 2 * p), k)[::s]),
    ],
    "03.4": [same_by_hand],
    "03.5": [
        lambda i, k: (windows(i, k.shape) * k).sum(axis=(2, 3)),
        ops.correlate2d,
        lambda i, k: scipy("signal").convolve2d(i, k[::-1, ::-1], mode="valid"),
        lambda i, k: tf().nn.conv2d(i[None, :, :, None].astype(float), k[:, :, None, None], 1, "VALID")[
            0, :, :, 0
        ],
    ],
    "03.7": [
        lambda k, d: k - 1 + (k - 1) * (d - 1),
        lambda k, d: range(0, k * d, d)[-1],
        lambda k, d: k * d - d,
    ],
    "03.8": [
        loop_usage,
        lambda n, k, s: np.convolve(np.isin(np.arange(n - k + 1), range(0, n, s)), np.ones(k)),
    ],
    "03.9": [
        lambda i, g, p: np.einsum("abij,ij->ab", windows(np.pad(i, p), g.shape), g),
        lambda i, g, p: ops.correlate2d(ops.pad2d(i, p), g),
        lambda i, g, p: scipy("signal").correlate2d(np.pad(i, p), g, "valid"),
    ],
    "04.1": [
        lambda a, b, c, f: a * b * c * f + f,
        lambda a, b, c, f: sum(a * b * c + 1 for _ in range(f)),
        lambda a, b, c, f: math.prod((a, b, c, f)) + f,
    ],
    "04.3": [
        lambda w, k, b: np.vdot(w, k) + b,
        lambda w, k, b: np.einsum("ijc,ijc->", w, k) + b,
        lambda w, k, b: sum((w[..., c] * k[..., c]).sum() for c in range(w.shape[2])) + b,
    ],
    "04.4": [
        einsum_conv,
        lambda i, k: np.dstack([ops.correlate2d(i, k[..., f]) for f in range(k.shape[2])]),
        lambda i, k: np.moveaxis([ops.correlate2d(i, one) for one in np.moveaxis(k, -1, 0)], 0, -1),
    ],
    "04.5": [
        loop_pointwise,
        lambda m, w, b: np.einsum("ijc,cf->ijf", m, w) + b,
        lambda m, w, b: np.tensordot(m, w, 1) + b,
    ],
    "05.1": [
        pool_with_corners,
        ops.max_pool2d,
        lambda m: [
            [m[r : r + 2, c : c + 2].max() for c in range(0, m.shape[1] - 1, 2)]
            for r in range(0, m.shape[0] - 1, 2)
        ],
    ],
    "05.3": [
        lambda n, w, s: len(range(0, n - w + 1, s)),
        lambda n, w, s: math.floor((n - w) / s + 1),
        lambda n, w, s: len(windows(np.zeros(n), w)[::s]),
    ],
    "05.4": [
        lambda m: m.mean(axis=0).mean(axis=0),
        lambda m: m.reshape(-1, m.shape[-1]).mean(axis=0),
        lambda m: [m[..., c].mean() for c in range(m.shape[2])],
        lambda m: tf().reduce_mean(m, [0, 1]),
    ],
    "05.6": [gradient_by_mask],
    "05.9": [
        field_backwards,
        lambda ls: 1 + sum((k - 1) * math.prod(s for _, s in ls[:i]) for i, (k, _) in enumerate(ls)),
    ],
    "06.2": [
        lambda i: i[:, :, :, np.newaxis] / 255.0,
        lambda i: np.expand_dims(i.astype("float32"), -1) / 255,
        lambda i: i.reshape(*i.shape, 1) / 255,
        lambda i: tf().expand_dims(i, -1) / 255,
    ],
    "06.4": [
        lambda a, b: [(p - np.mean(a)) / np.std(a) for p in (a, b)],
        lambda a, b: ((a - a.mean()) / np.sqrt(a.var()), (b - a.mean()) / np.sqrt(a.var())),
    ],
    "06.5": [counted_confusion, added_confusion],
    "06.6": [
        lambda z, y: np.mean([np.argmax(row) == k for row, k in zip(z, y, strict=True)]),
        lambda z, y: np.count_nonzero(np.argmax(z, 1) == y) / len(y),
        lambda z, y: (z.argmax(-1) == y).sum() / y.size,
    ],
    "06.8": [lambda v: (np.mean(v), np.std(v, ddof=1)), lambda v: (sum(v) / len(v), statistics.stdev(v))],
    "06.10": [
        lambda h, w, k, c, f: math.prod((h, w, k, k, c, f)),
        lambda h, w, k, c, f: sum(k * k * c for _ in range(h * w * f)),
        lambda h, w, k, c, f: ops.conv_param_count(k, c, f, use_bias=False) * h * w,
    ],
    "06.11": [loop_calibration, summed_calibration],
    "06.12": [
        lambda s, n, h: h * min(4 * s / n, (n - s) / (0.75 * n)),
        lambda s, n, h: float(np.interp(s, [0, n / 4, n], [0, h, 0])),
        lambda s, n, h: h * 4 * s / n if 4 * s <= n else h * 4 * (n - s) / (3 * n),
    ],
    "06.13": [averaged_with_tf, plain_average],
    "07.1": [
        lambda i, m: (np.fliplr(i), np.fliplr(m)),
        lambda i, m: [np.flip(i, 1), np.flip(m, axis=1)],
        lambda i, m: tuple(one[:, np.arange(one.shape[1])[::-1]] for one in (i, m)),
    ],
    "07.3": [
        lambda i, f: np.minimum(np.maximum(f * i + (1 - f) * i.mean(), 0), 255),
        lambda i, f: (i.mean() + f * (i - i.mean())).clip(0, 255),
        lambda i, f: [[min(max((p - i.mean()) * f + i.mean(), 0), 255) for p in row] for row in i],
    ],
    "07.4": [rolled_right, padded_right],
    "07.6": [
        loop_sample,
        lambda m, r, c: m[(r + 0.5).astype(int), (c + 0.5).astype(int)],
        lambda m, r, c: scipy("ndimage").map_coordinates(m, [r, c], order=0, mode="nearest"),
    ],
    "07.7": [
        lambda b, a: sorted(set(a.ravel()) - set(b.ravel())),
        lambda b, a: np.unique(a[~np.isin(a, b)]),
        lambda b, a: [v for v in np.unique(a) if v not in b],
    ],
    "08.2": [set_iou, lambda a, b: float((a & b).sum()) / (a | b).sum() if a.any() or b.any() else 1],
    "08.3": [
        lambda j: 2 / (1 / j + 1) if j else 0,
        lambda j: 1 - (1 - j) / (1 + j),
        lambda j: j / ((1 + j) / 2),
    ],
    "08.4": [loop_class_iou, lambda m: np.diag(m) / (m.sum(0) + m.sum(1) - np.diag(m))],
    "08.5": [
        lambda n, k, s: n * s + k - s,
        lambda n, k, s: range(0, n * s, s)[-1] + k,
        lambda n, k, s: len(np.convolve(np.zeros((n - 1) * s + 1), np.zeros(k))),
    ],
    "08.7": [zeros_between, layer_without_padding],
    "08.8": [
        loop_enlarge,
        lambda i, f: np.repeat(np.repeat(i, f, 1), f, 0),
        lambda i, f: i[np.arange(len(i) * f) // f][:, np.arange(i.shape[1] * f) // f],
    ],
    "08.9": [loop_classes, lambda s: np.argmax(s, axis=3), lambda s: tf().argmax(s, axis=-1)],
    "08.10": [weights_by_class, lambda m, c: (1 / np.bincount(m.ravel())) * m.size / c],
    "08.11": [
        loop_threshold,
        lambda p, t, c: c[int(np.argmax([2 * ((p > x) & t).sum() / ((p > x).sum() + t.sum()) for x in c]))],
    ],
    "09.2": [relabel_with_dict, lambda i: np.searchsorted(np.unique(np.append(i, 0)), i)],
    "09.3": [offsets_with_ndimage],
    "09.4": [broadcast_votes],
    "09.5": [table_with_products],
    "09.6": [match_on_a_copy, match_with_sets],
    "09.7": [loop_curve, lambda h, p: (np.cumsum(h) / (np.arange(len(h)) + 1), np.cumsum(h) / p)],
    "09.8": [area_with_envelope, area_with_list],
    "09.10": [
        lambda t, p: (sum(abs(a - b) for a, b in zip(t, p, strict=True)) / len(t), np.mean(t == p)),
        lambda t, p: [np.linalg.norm(t - p, 1) / t.size, np.count_nonzero(t == p) / t.size],
    ],
    "09.11": [between_with_products],
    "10.1": [
        lambda i: (i / 255).mean(axis=(0, 1, 2)),
        lambda i: i.reshape(-1, 3).mean(axis=0) / 255,
        lambda i: [i[..., c].mean() / 255 for c in range(3)],
    ],
    "10.2": [
        lambda i: 0.299 * i[..., 0] + 0.587 * i[..., 1] + 0.114 * i[..., 2],
        lambda i: np.average(i, axis=2, weights=[0.299, 0.587, 0.114]),
        lambda i: [[np.dot(p, [0.299, 0.587, 0.114]) for p in row] for row in i],
    ],
    "10.4": [
        loop_shrink,
        lambda i, f: (
            ops.avg_pool2d(i, f)
            if i.ndim == 2
            else np.stack([ops.avg_pool2d(i[..., c], f) for c in range(i.shape[2])], -1)
        ),
    ],
    "10.5": [
        lambda labels, classes: [
            {c: k for k, c in enumerate(classes)}[v] for v in labels if v in set(classes)
        ],
        lambda labels, classes: [k for v in labels for k, c in enumerate(classes) if v == c],
        lambda labels, classes: [np.flatnonzero(np.equal(classes, v))[0] for v in labels if v in classes],
    ],
    "10.6": [nearest_with_scipy, nearest_with_int],
    "11.2": [
        lambda i, b: i[b[1] :, b[0] :][: b[3], : b[2]],
        lambda i, b: i[b[1] : b[1] + b[3]][:, b[0] : b[0] + b[2]],
        lambda i, b: i[np.ix_(range(b[1], b[1] + b[3]), range(b[0], b[0] + b[2]))],
    ],
    "11.3": [box_with_any, box_with_loops],
    "11.4": [area_with_roll, area_with_triangles],
    "11.5": [rle_with_groupby, rle_with_diff],
    "11.6": [decoded_with_repeat, decoded_with_loop],
    "11.9": [smallest_per_pixel, painted_where_free],
}

for name, oracle in ORACLES.items():  # las implementaciones de fuera también son respuestas
    WAYS[name].append(oracle)

ROWS = [
    pytest.param(name, way, id=f"{name}-{k}") for name, ways in WAYS.items() for k, way in enumerate(ways)
]


@pytest.mark.parametrize(("name", "way"), ROWS)
def test_another_way_is_accepted(name, way):
    result = exercise(name).examine(way)
    assert result.correct, result


def test_every_function_has_another_way():
    functions = {item.id for item in all_exercises() if item.judge.asks == "function"}
    assert set(WAYS) == functions - {"06.3", "07.10"}  # esas, que tienen muchas respuestas, están aparte
    assert min(map(len, WAYS.values())) >= 2
