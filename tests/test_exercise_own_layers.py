"""Clases y funciones propias dentro de una red: se juzga lo que hacen, no cómo se llaman."""

import numpy as np
import pytest

from course_utils.exercises import exercise

keras = pytest.importorskip("keras")
L, ops = keras.layers, keras.ops

HALVING = {"filters": 8, "kernel_size": 5, "strides": 2, "padding": "same"}


class Renamed(L.Conv2D):
    pass


class ByHand(L.Conv2D):
    def call(self, inputs):
        return ops.relu(super().call(inputs))


class OtherArguments(L.Conv2D):
    def __init__(self, filters, **options):
        super().__init__(filters, 5, strides=2, padding="same", **options)


class UpsideDown(L.Conv2D):
    def call(self, inputs):
        return super().call(ops.flip(inputs, 1))


class Zero(L.Conv2D):
    def call(self, inputs):
        return 0 * super().call(inputs)


class WithoutBias(L.Conv2D):
    def call(self, inputs):
        return self.convolution_op(inputs, self.kernel)


class Cropped(L.Conv2D):
    def call(self, inputs):
        return super().call(inputs)[:, :7]


class Scaled(L.Conv2D):
    def build(self, shape):
        super().build(shape)
        self.scale = self.add_weight(shape=(8,), initializer="ones")

    def call(self, inputs):
        return self.scale * super().call(inputs)


class OwnPReLU(L.Layer):
    """Una PReLU con la pendiente en una matriz: parece un kernel."""

    def build(self, shape):
        self.slope = self.add_weight(shape=(1, shape[-1]))

    def call(self, inputs):
        return ops.maximum(inputs, 0) + self.slope * ops.minimum(inputs, 0)


class BiasAfter(L.Layer):
    """Una densa con ReLU y el sesgo sumado después: con el sesgo, las salidas sí cambian como una suma."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 10))
        self.bias = self.add_weight(shape=(10,))

    def call(self, inputs):
        return ops.relu(inputs @ self.kernel) + self.bias


class Head(L.Layer):
    """Dos densas, con su activación entre ellas."""

    def __init__(self):
        super().__init__()
        self.hidden, self.scores = L.Dense(16, activation="relu"), L.Dense(10)

    def build(self, shape):
        self.hidden.build(shape)
        self.scores.build((None, 16))

    def call(self, inputs):
        return self.scores(self.hidden(inputs))


@pytest.mark.parametrize("kind", [Renamed, ByHand, UpsideDown, Zero, WithoutBias, Cropped, Scaled])
@pytest.mark.parametrize("used", [False, True])
def test_a_class_of_one_s_own_is_run(kind, used):
    layer = kind(**HALVING)
    if used:
        keras.Sequential([keras.Input((28, 28, 1)), layer])
    before = [np.array(weight) for weight in layer.weights]
    result = exercise("04.6").examine(layer)
    assert result.diagnosis == ("" if kind in (Renamed, ByHand) else "calcula-otra-cosa"), result
    assert all(np.array_equal(old, new) for old, new in zip(before, layer.weights, strict=False))


@pytest.mark.parametrize("options", [{}, {"activation": "softmax"}])
def test_a_constructor_with_other_arguments_is_no_obstacle(options):
    assert exercise("04.6").examine(OtherArguments(8, **options)).correct


def classifier(*tail):
    parts = [keras.Input((28, 28, 1)), L.Conv2D(8, 3, activation="relu"), L.GlobalAveragePooling2D(), *tail]
    return exercise("06.7").examine(keras.Sequential(parts))


@pytest.mark.parametrize(
    "last", [OwnPReLU, L.UnitNormalization, lambda: L.Lambda(lambda scores: ops.clip(scores, -5, 5))]
)
def test_what_follows_the_last_kernel_is_seen(last):
    result = classifier(L.Dense(10), last())
    assert result.diagnosis == "activacion-escondida"
    assert "`Dense`" in result.message


def test_the_bias_does_not_hide_an_activation():
    assert classifier(BiasAfter()).diagnosis == "activacion-escondida"


def test_a_head_of_one_s_own_is_good():
    assert classifier(Head()).correct
    assert classifier(L.Dense(10), L.BatchNormalization()).correct


def segmenter(middle=(), end=()):
    down = [L.Conv2D(8, 3, strides=2, padding="same", activation="relu") for _ in range(2)]
    up = [L.Conv2DTranspose(8, 2, strides=2, activation="relu"), L.Conv2DTranspose(1, 2, strides=2)]
    return exercise("08.12").examine(keras.Sequential([keras.Input((32, 32, 3)), *down, *middle, *up, *end]))


@pytest.mark.parametrize(
    "inside",
    [
        lambda maps: ops.mean(maps, axis=(1, 2), keepdims=True) + 0 * maps,
        lambda maps: maps * ops.max(maps, axis=(1, 2), keepdims=True),
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_a_function_that_gathers_the_whole_map_is_seen(inside, place):
    result = segmenter(**{place: [L.Lambda(inside)]})
    assert result.diagnosis == "reune-el-mapa"
    assert f"{8 if place == 'middle' else 32} × " in result.message


def test_functions_that_look_nearby_are_good():
    assert segmenter(
        [L.Lambda(lambda maps: ops.flip(maps, (1, 2))), OwnPReLU(), L.GroupNormalization(4)]
    ).correct
    assert segmenter(end=[OwnPReLU()]).diagnosis == "activacion-escondida"


def test_an_average_without_its_layer_is_named():
    inputs = keras.Input((28, 28, 1))
    maps = L.MaxPooling2D(2)(L.Conv2D(8, 3)(inputs))
    for gathered, name in (
        (ops.mean(maps, axis=(1, 2)), "Mean"),
        (L.Flatten()(L.AveragePooling2D(13)(maps)), "AveragePooling2D"),
        (L.Lambda(lambda one: ops.mean(one, axis=(1, 2)))(maps), "Lambda"),
    ):
        result = exercise("05.8").examine(keras.Model(inputs, L.Dense(10)(gathered)))
        assert result.diagnosis == "promedia-a-mano"
        assert f"`{name}`" in result.message
