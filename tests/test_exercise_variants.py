"""Respuestas correctas escritas de otra manera: todas se aceptan.

De cada solución salen solas las que solo cambian de forma (lista, tupla, array, escalar de NumPy, tensor;
función, objeto que se llama, argumentos con otros nombres). Las demás están escritas a mano: con bucles, con
NumPy, con SciPy, con TensorFlow o con otra arquitectura.
"""

import functools
import math

import numpy as np
import pytest

from course_utils import ops
from course_utils.exercises import exercise
from course_utils.exercises.registry import all_exercises
from tests.test_exercise_adversaries import augmentation, flipped, network, shuffled
from tests.test_exercises_variants import VARIANTS

ALL = all_exercises()


@pytest.fixture(scope="module", autouse=True)
def _imported():
    """La primera importación tarda segundos; que no la pague una respuesta se prueba en otro sitio."""
    import keras  # noqa: F401
    import scipy.signal  # noqa: F401
    import sklearn.model_selection  # noqa: F401
    import tensorflow  # noqa: F401


# --- La misma respuesta, con otra forma ------------------------------------------------------------


def _each(change, value):
    """Cambia los números y los arrays de una respuesta, y deja las tuplas como están."""
    if isinstance(value, tuple):
        return tuple(_each(change, part) for part in value)
    return value if isinstance(value, str | bool) else change(value)


def _as_list(value):
    if isinstance(value, tuple):
        return [_as_list(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _as_tuple(value):
    value = _as_list(value)
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def _tensor(value):
    import tensorflow as tf

    return tf.constant(value)


def _keras_tensor(value):
    import keras

    return keras.ops.convert_to_tensor(np.asarray(value))


def _spread_out(value):
    """El mismo array sin estar seguido en memoria."""
    array = np.asarray(value)
    if not array.ndim:
        return array
    wide = np.zeros((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


SHAPES = {
    "lista": _as_list,
    "tupla": _as_tuple,
    "array": functools.partial(_each, np.asarray),
    "float64": functools.partial(_each, lambda value: np.asarray(value, np.float64)[()]),
    "en-columnas": functools.partial(_each, lambda value: np.asarray(value, order="F")[()]),
    "salteado": functools.partial(_each, _spread_out),
    "tensor": functools.partial(_each, _tensor),
    "keras": functools.partial(_each, _keras_tensor),
}


class _Callable:
    """Un objeto que se llama como una función."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments):
        return self.function(*arguments)


def _with_default(function):
    def answer(*arguments, verbose=False):
        return function(*arguments)

    return answer


def _importing(function):
    def answer(*arguments):
        import tensorflow  # noqa: F401

        return function(*arguments)

    return answer


CALLS = {
    "objeto": _Callable,
    "partial": functools.partial,
    "con-opciones": _with_default,
    "importa": _importing,
}


def _own_shapes(item, change):
    """La respuesta de un ejercicio, con otra forma."""
    reference = item.judge.reference
    if item.judge.asks == "value":
        return change(reference())
    return lambda *arguments: change(reference(*arguments))


#: Ejercicios que se contestan con un texto: cuentan sus palabras, no cómo vengan escritas.
TEXTS = {"07.5", "11.8"}
WRITTEN = {
    "igual": str,
    "minúsculas": str.lower,
    "mayúsculas": str.upper,
    "título": str.title,
    "con-espacios": "  {}  ".format,
    "espacios-dobles": lambda text: text.replace(" ", "  "),
    "en-varias-líneas": lambda text: text.replace(" ", "\n"),
    "espacio-duro": lambda text: text.replace(" ", "\u00a0"),
    "texto-de-numpy": lambda text: np.str_(text.swapcase()),
    "array": lambda text: np.array(f"{text}\t"),
    "con-punto": "{}.".format,
    "con-admiración": "{} !".format,
    "grados-en-letra": lambda text: text.replace("°", " grados"),
    "ordinal": lambda text: text.replace("°", "º"),
}
INDICES = {"06.3"}  # con decimales no sirven para elegir imágenes


SHAPED = [
    pytest.param(item, change, id=f"{item.id}-{name}")
    for item in ALL
    if item.judge.asks != "model" and item.id not in TEXTS
    for name, change in SHAPES.items()
    if not (name == "float64" and item.id in INDICES)
]


@pytest.mark.parametrize(("item", "change"), SHAPED)
def test_the_shape_of_a_right_answer_does_not_matter(item, change):
    result = item.examine(_own_shapes(item, change))
    assert result.correct, result


@pytest.mark.parametrize("change", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_how_a_right_text_is_written_does_not_matter(name, change):
    item = exercise(name)
    result = item.examine(change(item.judge.reference()))
    assert result.correct, result


@pytest.mark.parametrize("change", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("item", [item for item in ALL if item.judge.asks == "function"], ids=lambda i: i.id)
def test_what_kind_of_callable_it_is_does_not_matter(item, change):
    assert item.examine(change(item.judge.reference)).correct


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_texts_to_choose_from_are_in_the_statement(name):
    (control,) = exercise(name).controls
    card = exercise(name).statement()
    for option in control.values:
        assert f"- {option}" in card.text
        assert f"<li>{option}</li>" in card.html
        assert exercise(name).examine(option).correct == (option == exercise(name).judge.reference())


# --- Escritas a mano: textos, kernels, elecciones y redes --------------------------------------------


def layers():
    from keras import layers

    return layers


def _functional(shape, build):
    """Función que construye un modelo con la API funcional."""

    def model():
        import keras

        inputs = keras.Input(shape)
        return keras.Model(inputs, build(keras.layers, inputs))

    return model


def _conv(L, filters=8, **options):
    return L.Conv2D(filters, 3, **({"activation": "relu"} | options))


def _nested(build, shape=(28, 28, 1)):
    """Un modelo que lleva dentro otro, con sus primeras capas."""

    def model():
        import keras

        first, *rest = build(keras.layers)
        inner = keras.Sequential([keras.Input(shape), first])
        return keras.Sequential([keras.Input(shape), inner, *rest])

    return model


def _unet(L, inputs):
    down = L.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    bottom = L.Conv2D(16, 3, strides=2, padding="same", activation="relu")(down)
    up = L.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(bottom)
    joined = L.Concatenate()([up, down])
    return L.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(joined)


def _pooled(L, *, activation=None, first="Conv2D", up="UpSampling2D"):
    grow = (
        (lambda: L.UpSampling2D(2)) if up == "UpSampling2D" else (lambda: L.Conv2DTranspose(8, 2, strides=2))
    )
    return [
        getattr(L, first)(8, 3, padding="same", activation="relu"),
        L.MaxPooling2D(2),
        L.Conv2D(8, 3, padding="same", activation="relu"),
        L.AveragePooling2D(2),
        grow(),
        grow(),
        L.Conv2D(1, 1, activation=activation),
    ]


def _big(build):
    return network(build, (32, 32, 3))


def _tail(L):
    return [L.GlobalAveragePooling2D(), L.Dense(10)]


RIGHT = {
    "00.7": [0.5, 0.4, 0.3, 0.25, 0.45, np.float64(0.35), 1 / 3, np.array(0.4)],
    "01.3": [
        ops.named_kernel("sobel_vertical").values,
        [[0, 0, 0], [-0.5, 0, 0.5], [0, 0, 0]],
        ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        100 * ops.named_kernel("sobel_vertical").values,
        np.array([[0, 0, 0], [-1, 1, 0], [0, 0, 0]]),
        np.array([[0, -1, 1], [0, -1, 1], [0, -1, 1]], np.float32),
        np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]], np.int8),
        0.001 * ops.named_kernel("sobel_vertical").values,
    ],
    "03.3": [
        (2, 2, 0),
        (3, 2, 1),
        [4, 2, 1],
        (5, 2, 2),
        (6, 2, 2),
        (7, 2, 3),
        (15, 1, 0),
        (17, 1, 1),
    ],
    "03.6": [
        [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
        ((0, 0, 0), (1.0, 0, 0), (0, 0, 0)),
        np.eye(3)[[2, 0, 2]] * [[0], [1], [0]],
        np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], np.uint8),
        np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], bool).astype(np.float32),
        np.pad([[1]], ((1, 1), (0, 2))),
        np.outer([0, 1, 0], [1, 0, 0]),
        np.bincount([3], minlength=9).reshape(3, 3),
        np.where(np.arange(9) == 3, 1.0, 1e-17).reshape(3, 3),
    ],
    "04.6": [
        lambda: layers().Conv2D(8, 5, 2, "same"),
        lambda: layers().Conv2D(8, (5, 5), (2, 2), padding="same", activation="relu", name="mía"),
        lambda: layers().Conv2D(8, 5, strides=2, padding="same", kernel_initializer="zeros"),
        lambda: layers().Conv2D(8, (1, 25), strides=2, padding="same"),
        lambda: layers().Convolution2D(filters=8, kernel_size=5, strides=2, padding="SAME".lower()),
        lambda: layers().DepthwiseConv2D(5, strides=2, padding="same", depth_multiplier=8),
        lambda: layers().SeparableConv2D(8, (6, 7), strides=2, padding="same", depth_multiplier=4),
        lambda: layers().Conv2D(8, 5, strides=2, padding="same").get_config(),
        lambda: layers().Conv2D(8, 5, strides=2, padding="same", activation=lambda x: x * 2),
        lambda: layers().Conv2D(8, 5, strides=2, padding="same", activation=_own_relu),
        lambda: layers().Conv2D(8, 5, strides=2, padding="same", activation=_capped_relu()),
        lambda: _own_conv()(8, 5, strides=2, padding="same"),
        {"filters": 8, "kernel_size": (5, 5), "strides": (2, 2), "padding": "same"},
    ],
    "04.7": [
        (3, 1),
        [3, 1],
        (np.int64(3), np.int32(1)),
        tuple(np.array([3, 1]).tolist()),
        divmod(10, 3),
        (28 - 26 + 1, 1),
        [int(math.sqrt(9)), 9 // 9],
        (np.uint8(3), True + 0),
    ],
    "05.5": [
        [0, 1, 3, 4, 6, 7],
        (0, 1, 3, 4, 6, 7),
        np.array([0, 1, 3, 4, 6, 7]),
        np.delete(np.arange(8), [2, 5]),
        [p for p in range(8) if p % 3 != 2],
        [p for p in range(8) if p // 3 == (p + 1) // 3],
        [0.0, 1.0, 3.0, 4.0, 6.0, 7.0],
        (np.int64(0), np.uint8(1), 3, 4, 6, 7),
    ],
    "05.7": [
        (3, 3),
        [3, 3],
        (np.int64(3),) * 2,
        [24 // 8] * 2,
        tuple(np.full(2, 3).tolist()),
        (np.uint8(3), 3),
        list((3, 3)),
        divmod(15, 4),
    ],
    "05.8": [
        network(lambda L: [_conv(L), L.MaxPooling2D(2), *_tail(L)]),
        network(lambda L: [L.MaxPooling2D(2), _conv(L), *_tail(L)]),  # el enunciado no dice el orden
        network(lambda L: [_conv(L), L.MaxPool2D(3, strides=1), *_tail(L), L.Softmax()]),
        network(lambda L: [_conv(L), L.MaxPooling2D((1, 2)), L.AveragePooling2D(2), *_tail(L)]),
        network(lambda L: [L.SeparableConv2D(8, 3), L.MaxPooling2D(2), *_tail(L)]),
        network(lambda L: [L.DepthwiseConv2D(3), L.ReLU(), L.MaxPooling2D(2), *_tail(L)]),
        network(lambda L: [_conv(L), L.MaxPooling2D(2), L.GlobalAvgPool2D(), L.Dense(32), L.Dense(10)]),
        network(
            lambda L: [_conv(L), L.MaxPooling2D(2), L.GlobalAveragePooling2D(), L.Flatten(), L.Dense(10)]
        ),
        network(lambda L: [_conv(L), L.MaxPooling2D(2), *_tail(L)], (None, None, 1)),
        network(lambda L: [_conv(L), L.BatchNormalization(), L.MaxPooling2D(2), L.Dropout(0.2), *_tail(L)]),
        _functional(
            (28, 28, 1),
            lambda L, x: L.Dense(10)(L.GlobalAveragePooling2D()(L.MaxPooling2D()(_conv(L)(x)))),
        ),
        _nested(lambda L: [_conv(L), L.MaxPooling2D(2), *_tail(L)]),
        network(lambda L: [_own_conv()(8, 3), L.MaxPooling2D(2), *_tail(L)]),
        network(lambda L: [L.Reshape((28, 28, 1)), _conv(L), L.MaxPooling2D(2), *_tail(L), L.Identity()]),
    ],
    "06.3": [
        shuffled(lambda n, k, rng, seed: rng.choice(n, k, replace=False)),
        shuffled(lambda n, k, rng, seed: np.argsort(rng.random(n))[:k]),
        shuffled(lambda n, k, rng, seed: np.random.RandomState(seed).permutation(n)[-k:]),
        shuffled(lambda n, k, rng, seed: __import__("random").Random(seed).sample(range(n), k)),
        lambda n, k, seed: tuple(np.split(np.random.default_rng(seed).permutation(n), [n - k])),
        lambda n, k, seed: [part.tolist() for part in _sklearn_split(n, k, seed)],
        lambda n, k, seed: _sklearn_split(n, k, seed),
        lambda n, k, seed: _loop_split(n, k, seed),
    ],
    "06.7": [
        network(lambda L: [_conv(L), *_tail(L)]),
        network(lambda L: [_conv(L, activation=None), L.LeakyReLU(), *_tail(L)]),
        network(lambda L: [_conv(L, activation=None), L.Activation("tanh"), *_tail(L)]),
        network(lambda L: [L.SeparableConv2D(16, 3, activation="relu"), *_tail(L)]),
        network(lambda L: [L.DepthwiseConv2D(3), L.ReLU(), L.Conv2D(16, 1), *_tail(L)]),
        network(lambda L: [_conv(L), L.Conv2D(10, 1), L.GlobalAveragePooling2D()]),
        network(lambda L: [_conv(L), *_tail(L), L.BatchNormalization()]),
        network(lambda L: [_conv(L), L.MaxPooling2D(4), L.Flatten(), L.Dense(10, activation="linear")]),
        network(
            lambda L: [
                L.Conv2D(4, 5),
                L.MaxPooling2D(4),
                L.Flatten(),
                L.Dense(16, activation="gelu"),
                L.Dense(10),
            ]
        ),
        network(
            lambda L: [
                L.Rescaling(1 / 255),
                _conv(L),
                L.BatchNormalization(),
                *_tail(L),
                L.Activation("linear"),
            ]
        ),
        _functional(
            (28, 28, 1), lambda L, x: L.Dense(10)(L.GlobalMaxPooling2D()(L.PReLU()(L.Conv2D(8, 3)(x))))
        ),
        _functional((28, 28, 1), lambda L, x: _residual(L, x)),
        _nested(lambda L: [_conv(L), *_tail(L)]),
        network(lambda L: [_conv(L, activation=None), L.Lambda(_relu()), *_tail(L)]),
        *(
            network(lambda L, name=name: [_conv(L, activation=name), *_tail(L)])
            for name in ("exponential", "hard_shrink", "hard_tanh", "sparse_plus", "squareplus", "threshold")
        ),
        network(lambda L: [_conv(L, activation=_capped_relu()), *_tail(L)]),
        network(lambda L: [_conv(L, activation=_own_relu), *_tail(L)]),
        network(lambda L: [_conv(L, activation=lambda x: _maximum(x, 0.1 * x)), *_tail(L)]),
        network(lambda L: [_conv(L, activation=lambda x: _maximum(x, 0.0)), *_tail(L), L.Identity()]),
        network(lambda L: [L.Reshape((28, 28)), L.Conv1D(8, 3, activation="relu"), *_flat_tail(L)]),
        network(lambda L: [L.Reshape((28, 28, 1, 1)), L.Conv3D(4, (3, 3, 1)), L.ReLU(), *_flat_tail(L, 4)]),
        network(
            lambda L: [
                L.Reshape((1, 28, 28, 1)),
                L.TimeDistributed(_conv(L)),
                L.Reshape((26, 26, -1)),
                *_tail(L),
            ]
        ),
        network(lambda L: [_own_conv()(8, 3, activation="relu"), *_tail(L)]),
        network(lambda L: [_own_block()(), *_tail(L)]),
        network(lambda L: [L.Rescaling(1 / 127.5, -1.0), L.ReLU(), L.Conv2D(8, 3), *_tail(L)]),
    ],
    "07.8": [
        augmentation(),
        augmentation(turn=0.01, light=0.1),
        augmentation(turn=(-0.05, 0.05)),
        augmentation(turn=(-0.02, 0.05), light=(-0.3, 0.1)),
        augmentation(turn=18 / 360, light=(0.0, 0.3)),
        augmentation(limits=(0.0, 1.0)),
        augmentation(limits=[0, 1]),
        network(
            lambda L: [
                L.RandomBrightness(0.3, value_range=(0, 1)),
                L.RandomRotation(0.03, fill_mode="constant"),
                L.RandomFlip("horizontal", seed=3),
            ]
        ),
        _functional(
            (28, 28, 1),
            lambda L, x: L.RandomFlip("horizontal")(
                L.RandomRotation(0.05)(L.RandomBrightness(0.2, value_range=(0, 1))(x))
            ),
        ),
        network(
            lambda L: [
                L.Pipeline(
                    [
                        L.RandomFlip("horizontal"),
                        L.RandomRotation(0.05),
                        L.RandomBrightness(0.2, value_range=(0, 1)),
                    ]
                )
            ]
        ),
    ],
    "07.10": [
        flipped(lambda n, rng, seed: rng.integers(0, 2, n)),
        flipped(lambda n, rng, seed: rng.random(n) > 0.5),
        flipped(lambda n, rng, seed: rng.choice([True, False], n)),
        flipped(lambda n, rng, seed: rng.uniform(-1, 1, n) < 0),
        flipped(lambda n, rng, seed: rng.binomial(1, 0.5, n)),
        flipped(lambda n, rng, seed: rng.normal(size=n) > 0),
        flipped(lambda n, rng, seed: [rng.random() < 0.5 for _ in range(n)]),
        lambda images, masks, seed: _loop_flip(images, masks, np.random.default_rng(seed)),
    ],
    "08.6": [(4, 2), [4, 2], (6, 2), (8, 2), (10, 2), (12, 2), (np.int64(4), 2), divmod(18, 4)],
    "08.12": [
        _big(lambda L: _pooled(L)),
        _big(lambda L: _pooled(L, activation="sigmoid")),
        _big(lambda L: _pooled(L, up="Conv2DTranspose")),
        _big(lambda L: _pooled(L, first="SeparableConv2D")),
        _big(lambda L: [*_pooled(L), L.Activation("sigmoid")]),
        _big(lambda L: [L.Rescaling(1 / 255), *_pooled(L), L.Activation("linear")]),
        _big(lambda L: [L.Conv2D(8, 4, strides=4), L.ReLU(), L.Conv2DTranspose(1, 4, strides=4)]),
        _big(
            lambda L: [
                *_pooled(L)[:-1],
                L.BatchNormalization(),
                L.Dropout(0.1),
                L.Conv2D(1, 3, padding="same"),
            ]
        ),
        _big(lambda L: [*_pooled(L)[:5], L.Conv2D(1, 1), L.UpSampling2D(2), L.Activation("sigmoid")]),
        _functional((32, 32, 3), _unet),
        _nested(lambda L: _pooled(L), (32, 32, 3)),
        _big(lambda L: [*_pooled(L)[:4], L.Activation("squareplus"), L.Conv2D(16, 1), L.Lambda(_to_space())]),
        _big(lambda L: [*_pooled(L), L.Identity(), L.Activation("sigmoid"), L.Permute((1, 2, 3))]),
        _big(lambda L: [*_pooled(L, activation=lambda x: 1 / (1 + _exp(-x)))]),
        _big(lambda L: [*_halving(L), L.UpSampling2D(32), L.Conv2D(1, 3, padding="same")]),
    ],
    "09.12": [4, 5, 6, np.int64(4), np.int32(5), 6.0, np.array(5), np.uint8(4)],
}


def _flat_tail(L, pool=None):
    """Lo que acaba una red de mapas de otro número de ejes."""
    return [*([L.AveragePooling3D((pool, pool, 1))] if pool else []), L.Flatten(), L.Dense(10)]


def _halving(L):
    """De 32 a 1, de mitad en mitad."""
    same = {"padding": "same", "activation": "relu", "strides": 2}
    return [L.Conv2D(8, 3, **same) for _ in range(5)]


def _capped_relu():
    import keras

    return functools.partial(keras.activations.relu, max_value=6)


def _maximum(x, y):
    import keras

    return keras.ops.maximum(x, y)


def _exp(x):
    import keras

    return keras.ops.exp(x)


def _to_space():
    import tensorflow as tf

    return functools.partial(tf.nn.depth_to_space, block_size=4)


def _own_conv():
    import keras

    class Mine(keras.layers.Conv2D):
        """Una convolución con otro nombre."""

    return Mine


def _own_block():
    import keras

    class Block(keras.layers.Layer):
        """Una capa propia que lleva dentro una convolución."""

        def __init__(self):
            super().__init__()
            self.conv = keras.layers.Conv2D(8, 3)

        def call(self, inputs):
            return keras.ops.relu(self.conv(inputs))

    return Block


def _own_relu(x):
    import keras

    return keras.ops.relu(x)


def _relu():
    import keras

    return keras.activations.relu


def _residual(L, x):
    hidden = L.Conv2D(8, 3, padding="same", activation="relu")(x)
    return L.Dense(10)(L.GlobalAveragePooling2D()(L.Add()([hidden, L.Conv2D(8, 3, padding="same")(hidden)])))


def _sklearn_split(count, validation, seed):
    from sklearn.model_selection import train_test_split

    return tuple(train_test_split(np.arange(count), test_size=validation, random_state=seed))


def _loop_split(count, validation, seed):
    rng, left, chosen = np.random.default_rng(seed), list(range(count)), []
    while len(chosen) < validation:
        chosen.append(left.pop(rng.integers(len(left))))
    return left, chosen


def _loop_flip(images, masks, rng):
    pairs = [
        (image[:, ::-1], mask[:, ::-1]) if rng.random() < 0.5 else (image, mask)
        for image, mask in zip(images, masks, strict=True)
    ]
    return np.stack([image for image, _ in pairs]), np.stack([mask for _, mask in pairs])


def _rows(table):
    rows = []
    for name, answers in table.items():
        for number, answer in enumerate(answers):
            rows.append(pytest.param(name, answer, id=f"{name}-{number}"))
    return rows


@pytest.mark.parametrize(("name", "answer"), _rows(RIGHT))
def test_a_right_answer_is_accepted(name, answer):
    item = exercise(name)
    result = item.examine(answer() if item.judge.asks == "model" and callable(answer) else answer)
    assert result.correct, result


def _kind(value):
    """Qué clase de valor es: dos respuestas de la misma clase, con el mismo contenido, son la misma."""
    if isinstance(value, list | tuple):
        return (type(value).__name__, *map(_kind, value[:2]))
    return (type(value).__name__, str(getattr(value, "dtype", "")))


def _variants(item) -> int:
    """Cuántas respuestas correctas y distintas se prueban de un ejercicio; los envoltorios, en su módulo."""
    if item.id in RIGHT:
        return len(RIGHT[item.id])
    if item.id in TEXTS:
        return len({str(change(item.judge.reference())) for change in WRITTEN.values()})
    output = item.judge.reference(*item.judge.cases[0])
    changes = (*SHAPES.values(), *VARIANTS.values())
    calls = len(CALLS) if item.judge.asks == "function" else 0
    return len({_kind(change(output)) for change in changes}) + calls


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_exercise_has_eight_different_right_variants(item):
    assert _variants(item) >= 8


def test_the_exercises_with_many_answers_have_theirs_written_by_hand():
    assert {item.id for item in ALL if type(item.judge).__name__ == "ByRules"} == set(RIGHT)
    values = [item for item in ALL if item.judge.asks == "value"]
    assert {item.id for item in values if isinstance(item.judge.reference(), str)} == TEXTS
