"""Respuestas que solo fallan en los bordes de lo que pide el enunciado: ninguna se da por buena."""

import math

import numpy as np
import pytest
from scipy import ndimage, spatial

from course_utils import ops
from course_utils.exercises import exercise
from course_utils.exercises.chapters.splits import one_of_each_block


def _shift_by_slices(image, rows, cols):
    out, (h, w) = np.zeros_like(image), image.shape
    down, right = max(rows, 0), max(cols, 0)
    up, left = max(-rows, 0), max(-cols, 0)
    out[down : h + min(rows, 0), right : w + min(cols, 0)] = image[
        up : max(h - down, 0), left : max(w - right, 0)
    ]
    return out


def _same_padding(n, kernel_size, stride):
    total = max(kernel_size - 1, 0) if n % stride else max(kernel_size - stride, 0)
    return total // 2, total - total // 2


def _max_pool_from(start):
    def answer(feature_map):
        rows, cols = (side // 2 for side in feature_map.shape)
        out = np.full((rows, cols), start)
        for row, col in np.ndindex(rows, cols):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            out[row, col] = max(start, window.max())
        return out

    return answer


def _gradient_to_all_equal(feature_map, output_gradient):
    blocks = feature_map[: 2 * len(output_gradient), : 2 * output_gradient.shape[1]]
    tops = blocks.reshape(len(output_gradient), 2, -1, 2).max(axis=(1, 3))
    return np.isin(feature_map, tops) * output_gradient.repeat(2, axis=0).repeat(2, axis=1)


def _gate_without_bias(x, w, b):
    return max(x @ w + b, 0) if x @ w > 0 else 0


def _difference_of_magnitudes(layer, image, cols):
    before, after = layer(np.roll(image, cols, axis=1)), np.roll(layer(image), cols, axis=1)
    return np.abs(np.abs(before) - np.abs(after)).max()


def _none_for_small_kernels(n, kernel_size, stride):
    return (0, 0) if kernel_size < stride else ops.same_padding(n, kernel_size, stride)


def _blocks_of(size):
    def answer(count, validation, seed):
        order = np.random.default_rng(seed).permutation(count // size)
        order = (size * order[:, None] + np.arange(size)).ravel()
        return order[validation:], order[:validation]

    return answer


def _first_half(count, validation, seed):
    held_out = np.random.default_rng(seed).permutation(count // 2)[:validation]
    return np.setdiff1d(np.arange(count), held_out), held_out


def _flips(draw):
    def answer(images, masks, seed):
        flips = draw(len(images), np.random.default_rng(seed))
        images, masks = images.copy(), masks.copy()
        images[flips], masks[flips] = images[flips, :, ::-1], masks[flips, :, ::-1]
        return images, masks

    return answer


def _complementary(count, rng):
    first = rng.random(count // 2) < 0.5
    return np.r_[first, ~first]


def _void_where_zero(image, mask, distance, void):
    width = image.shape[1]
    moved = [np.pad(part, ((0, 0), (distance, 0)))[:, :width] for part in (image, mask)]
    moved[1][moved[1] == 0] = void
    return tuple(moved)


def _shrink_in_its_type(image, factor):
    return sum(image[i::factor, j::factor] for i in range(factor) for j in range(factor)) / factor**2


def _best_by(score):
    def answer(chances, truth, candidates):
        return max(candidates, key=lambda threshold: score(chances > threshold, truth))

    return answer


def _precision_times_recall(mask, truth):
    return (mask & truth).sum() ** 2 / max(mask.sum(), 1) / truth.sum()


def _one_centre_per_piece(ids):
    return exercise("09.3").judge.reference(ndimage.label(ids > 0)[0])


def _box_of_several(mask):
    places = np.argwhere(mask).squeeze()
    rows, cols = places[:, 0], places[:, 1]
    return [cols.min(), rows.min(), np.ptp(cols) + 1, np.ptp(rows) + 1]


def _painted_by(size):
    def answer(masks, classes, crowds):
        target = np.where(masks[crowds == 1].any(axis=0), 255, 0)
        for k in np.argsort([-size(mask) for mask in masks], kind="stable"):
            if not crowds[k]:
                target[masks[k] > 0] = classes[k]
        return target

    return answer


def _rounded_size(n, kernel_size, stride):
    total = max((round(n / stride) - 1) * stride + kernel_size - n, 0)
    return total // 2, total - total // 2


def _median_of_each_bin(confidence, correct, bins):
    place = (confidence * bins).astype(int)
    groups = [place == number for number in np.unique(place)]
    return sum(g.mean() * abs(np.median(confidence[g]) - correct[g].mean()) for g in groups)


def _never_all(image, mask, distance, void):
    return exercise("07.4").judge.reference(image, mask, min(distance, image.shape[1] - 1), void)


def _dice_of_something(mask, truth):
    return 2 * (mask & truth).sum() / (mask.sum() + truth.sum()) if mask.any() else 1


def _each_one_once(test, train):
    left = {k: image.astype(float) for k, image in enumerate(train)}
    found = [min(left, key=lambda k: ((left[k] - test[0]) ** 2).sum())]
    for image in test[1:]:
        left.pop(found[-1])
        found.append(min(left, key=lambda k: ((left[k] - image) ** 2).sum()))
    return found


def _by_standardized_pixels(test, train):
    seen = train.reshape(len(train), -1).astype(float)
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    tried = (test.reshape(len(test), -1) - mean) / spread
    return spatial.distance.cdist(tried, (seen - mean) / spread).argmin(axis=1)


def _weighed_by_floor_and_ceil(feature_map, row, col):
    """En una fila exacta, la de encima y la de debajo son la misma y ninguna pesa nada."""
    top, down, left, right = math.floor(row), math.ceil(row), math.floor(col), math.ceil(col)
    above = (right - col) * feature_map[top, left] + (col - left) * feature_map[top, right]
    below = (right - col) * feature_map[down, left] + (col - left) * feature_map[down, right]
    return (down - row) * above + (row - top) * below


def _turned(count, validation, seed):
    """El mismo orden siempre, que empieza en otro sitio con cada semilla."""
    order = np.roll(np.random.default_rng(0).permutation(count), seed)
    return order[validation:], order[:validation]


def _boundary(mask):
    return (mask & ~ndimage.binary_erosion(mask)).sum()


WRONG = {
    "00.2": [_gate_without_bias],
    "00.4": [lambda z: np.exp(z - np.median(z)) / np.exp(z - np.median(z)).sum()],
    "02.3": [_shift_by_slices],
    "02.4": [_difference_of_magnitudes],
    "02.6": [
        lambda kernel, n: exercise("02.6").judge.reference(kernel, n) if n > len(kernel) else np.zeros((0, n))
    ],
    "03.2": [
        lambda n, k, s, p: (n + 2 * p - k) // s + 1 if n + 2 * p > k else 0,
        lambda n, k, s, p: (n + 2 * p - max(k - s, 0)) // s,
    ],
    "03.4": [_same_padding, _rounded_size, _none_for_small_kernels],
    "03.8": [
        lambda n, k, s: exercise("03.8").judge.reference(n, k, s) if n > k else np.zeros(n, int),
    ],
    "04.5": [
        lambda maps, weights, bias: maps @ (weights.T if len(weights) == len(weights.T) else weights) + bias,
    ],
    "05.1": [_max_pool_from(-10.0), _max_pool_from(-999.0)],
    "05.3": [lambda n, w, s: (n - w) // s + 1 if n > w else 0],
    "05.4": [
        lambda maps: np.unique(maps.reshape(-1, maps.shape[2]), axis=0).mean(axis=0),
    ],
    "05.6": [_gradient_to_all_equal],
    "06.3": [_blocks_of(2), _blocks_of(4), _first_half, one_of_each_block, _turned],
    "06.5": [
        lambda true, predicted, classes: (
            exercise("06.5").judge.reference(true, predicted, classes).astype(np.uint8)
        )
    ],
    "06.6": [lambda logits, labels: round((logits.argmax(axis=1) == labels).mean())],
    "06.11": [_median_of_each_bin],
    "07.4": [_void_where_zero, _never_all],
    "07.10": [
        _flips(lambda count, rng: rng.permutation(count) < count // 2),
        _flips(lambda count, rng: np.repeat(rng.random(count // 2) < 0.5, 2)),
        _flips(_complementary),
        _flips(lambda count, rng: (np.arange(count) + rng.integers(count)) % count < count // 2),
        _flips(lambda count, rng: np.isin(np.arange(count), rng.integers(0, count, count // 2))),
    ],
    "08.7": [
        lambda image, kernel, stride: (
            exercise("08.7").judge.reference(image, kernel, stride).astype(image.dtype)
        )
    ],
    "08.8": [lambda image, factor: np.maximum(image, 0).repeat(factor, 0).repeat(factor, 1)],
    "08.11": [
        _best_by(
            lambda mask, truth: (mask & truth).sum() / truth.sum() - (mask & ~truth).sum() / (~truth).sum()
        ),
        _best_by(_precision_times_recall),
        _best_by(_dice_of_something),
        _best_by(lambda mask, truth: round(2 * (mask & truth).sum() / (mask.sum() + truth.sum()), 1)),
        lambda chances, truth, candidates: max(
            candidates, key=lambda t: (chances * truth * (chances > t)).sum()
        ),
    ],
    "09.2": [lambda ids: ndimage.label(ids)[0]],
    "09.3": [_one_centre_per_piece],
    "09.10": [
        lambda true, predicted: (
            np.abs(predicted - true).mean(),
            (np.sort(predicted) == np.sort(true)).mean(),
        ),
        lambda true, predicted: (
            np.abs(predicted - true).mean(),
            len(set(true.tolist()) & set(predicted.tolist())) / len(true),
        ),
    ],
    "09.11": [_weighed_by_floor_and_ceil],
    "10.4": [_shrink_in_its_type],
    "10.6": [_each_one_once, _by_standardized_pixels],
    "11.3": [_box_of_several],
    "11.9": [
        _painted_by(_boundary),
        _painted_by(lambda mask: mask.any(axis=1).sum()),
        _painted_by(lambda mask: -np.argwhere(mask).min()),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        pytest.param(name, answer, id=f"{name}-{n}")
        for name, answers in WRONG.items()
        for n, answer in enumerate(answers)
    ],
)
def test_what_fails_only_at_an_edge_is_refused(name, answer):
    assert not exercise(name).examine(answer).correct


def test_the_gradient_of_a_map_of_integers_keeps_its_decimals():
    """La solución que se enseña vale también con un mapa de enteros."""
    gradient = exercise("05.6").judge.reference(np.array([[1, 4], [3, 2]]), np.array([[0.5]]))
    assert gradient.tolist() == [[0, 0.5], [0, 0]]
