"""Modelos de Keras leídos capa a capa: anidados, funcionales, con otras convoluciones y activaciones."""

import functools

import pytest

from course_utils.exercises import exercise
from course_utils.exercises.answers import Unexpected
from course_utils.exercises.layers import Layer, functions, read_model, refuse_opaque
from course_utils.exercises.result import Outcome

keras = pytest.importorskip("keras")
L = keras.layers


def sequential(*layers, shape=(28, 28, 1)):
    return keras.Sequential([keras.Input(shape), *layers])


def functional(*layers, shape=(28, 28, 1)):
    output = start = keras.Input(shape)
    for layer in layers:
        output = layer(output)
    return keras.Model(start, output)


def kinds(model):
    return [layer.kind for layer in read_model(model)]


# --- Modelos dentro de modelos ---------------------------------------------------------------------


@pytest.mark.parametrize("build", [sequential, functional])
def test_a_model_inside_another_is_read_as_its_layers(build):
    block = build(L.Conv2D(4, 3, activation="relu"), L.MaxPooling2D(2))
    model = build(block, L.Flatten(), L.Dense(10))
    assert kinds(model) == ["Conv2D", "MaxPooling2D", "Flatten", "Dense"]
    assert [layer.output_shape for layer in read_model(model)] == [(26, 26, 4), (13, 13, 4), (676,), (10,)]
    assert sum(layer.parameters for layer in read_model(model)) == model.count_params()


def test_three_levels_and_a_block_without_its_own_input():
    inner = keras.Sequential([L.Conv2D(4, 3), L.ReLU()])
    middle = keras.Sequential([inner, L.MaxPooling2D(2)])
    assert kinds(sequential(middle, L.Flatten(), L.Dense(10))) == [
        "Conv2D", "ReLU", "MaxPooling2D", "Flatten", "Dense",
    ]  # fmt: skip


def test_operations_without_a_layer_are_read():
    start = keras.Input((28, 28, 1))
    output = keras.ops.relu(L.Conv2D(4, 3)(start))
    output = L.Dense(10)(L.Flatten()(keras.ops.maximum(output, 0)))
    layers = read_model(keras.Model(start, output))
    assert [layer.activation for layer in layers] == ["linear", "relu", None, "linear", "linear"]


def test_a_residual_block_is_read():
    start = keras.Input((28, 28, 4))
    output = L.Add()([start, L.Conv2D(4, 3, padding="same")(start)])
    assert kinds(keras.Model(start, output)) == ["Conv2D", "Add"]


# --- Convoluciones ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layer",
    [
        lambda: L.Conv2D(4, 3),
        lambda: L.Conv2D(4, 3, dilation_rate=2),
        lambda: L.SeparableConv2D(4, 3),
        lambda: L.DepthwiseConv2D(3, depth_multiplier=4),
        lambda: L.Conv2DTranspose(4, 3),
    ],
)
def test_every_convolution_is_one(layer):
    assert [found.convolves for found in read_model(sequential(layer(), L.Flatten(), L.Dense(10)))] == [
        True, False, False,
    ]  # fmt: skip


# --- Activaciones ----------------------------------------------------------------------------------


def own(x):
    return x


own.__name__ = "relu"  # el nombre no basta: no es la de Keras


def activations():
    import tensorflow as tf

    return [
        (L.Activation("relu"), "relu"),
        (L.ReLU(), "relu"),
        (L.LeakyReLU(), "leakyrelu"),
        (L.Softmax(), "softmax"),
        (L.Dense(3, activation="relu"), "relu"),
        (L.Dense(3, activation=tf.nn.relu), "relu"),
        (L.Dense(3, activation=keras.activations.gelu), "gelu"),
        (L.Dense(3, activation=keras.ops.tanh), "tanh"),
        (L.Dense(3, activation=L.LeakyReLU()), "leakyrelu"),
        (L.Dense(3), "linear"),
        (L.Dense(3, activation="linear"), "linear"),
        (L.Lambda(tf.nn.relu), "relu"),
        (L.Lambda(keras.ops.relu), "relu"),
        (L.Lambda(lambda x: tf.nn.relu(x)), "relu"),
        (L.Lambda(lambda x: keras.ops.sigmoid(x)), "sigmoid"),
        (L.Lambda(lambda x: keras.ops.relu(x) * 0), None),
        (L.Lambda(lambda x: keras.ops.relu(keras.ops.softmax(x))), None),
        (L.Lambda(lambda x: x), None),
        (L.Dense(3, activation=lambda x: keras.ops.maximum(x, 0)), None),
        (L.Dense(3, activation=own), None),
        (L.Flatten(), "linear"),
        (L.Dropout(0.5), "linear"),
    ]


@pytest.mark.parametrize("number", range(22))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_activation_is_read_however_it_is_given(number):
    layer, name = activations()[number]
    assert read_model(sequential(layer, shape=(4,)))[0].activation == name


def test_a_layer_that_is_only_a_configuration_has_its_activation_too():
    assert Layer("Conv2D", {"activation": "relu"}).activation == "relu"
    assert Layer("Lambda", {}).activation is None


def test_what_cannot_be_read_is_said_as_such():
    with pytest.raises(Unexpected, match="No sé leer qué calcula una capa `Lambda`"):
        refuse_opaque(read_model(sequential(L.Lambda(lambda x: x + 1))))
    assert refuse_opaque(read_model(sequential(L.ReLU())))


class Own(keras.Model):
    """Un modelo propio: solo su ``call`` sabe en qué orden van las capas."""

    def __init__(self):
        super().__init__()
        self.convolution = L.Conv2D(4, 3)

    def call(self, inputs):
        return self.convolution(inputs)


def test_a_model_with_its_own_call_is_not_said_to_lack_anything():
    model = Own()
    model(keras.ops.zeros((1, 28, 28, 1)))
    for name in ("05.8", "06.7", "08.12"):
        result = exercise(name).check(model)
        assert result.state is Outcome.INCORRECT
        assert "No sé leer la capa `Conv2D`" in result.message
        assert "No hay" not in result.message


@pytest.mark.parametrize("name", ["05.8", "06.7", "07.8", "08.12"])
def test_a_model_without_sizes_is_never_a_missing_return(name):
    result = exercise(name).check(sequential(L.Conv2D(4, 3), shape=(None, None, 3)))
    assert "return" not in result.message
    assert result.state is Outcome.INCORRECT


def test_what_the_checker_cannot_read_is_not_an_error_of_the_answer():
    class Broken(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            raise ValueError("sin configuración")

    result = exercise("05.8").check(sequential(Broken()))
    assert "No sé leer" in result.message
    assert "se detiene" not in result.message


@pytest.mark.parametrize(
    "answer",
    [
        lambda width=16: exercise("05.8").judge.reference(),
        functools.partial(lambda width: exercise("05.8").judge.reference(), 16),
        exercise("05.8").judge.reference,
    ],
)
def test_a_function_that_needs_no_arguments_builds_the_model(answer):
    assert exercise("05.8").check(answer).correct


def test_a_function_that_needs_arguments_is_told_so():
    assert "`(width)`" in exercise("05.8").check(lambda width: None).message


def test_a_function_that_builds_and_fails_is_still_its_error():
    result = exercise("05.8").check(lambda: sequential(L.Conv2D(4, "tres")))
    assert (result.state, result.diagnosis) == (Outcome.ANSWER_ERROR, "excepción")


# --- Lo que se dice de lo que no es una capa corriente ----------------------------------------------


class Renamed(L.Conv2D):
    """Una convolución con otro nombre."""


class Doubled(L.Conv2D):
    """Pide más de lo que dice su configuración."""

    def __init__(self, factor, **options):
        super().__init__(**options)
        self.factor = factor


class Conv2D(L.Layer):
    """Se llama como la de Keras y no es una convolución."""

    def call(self, inputs):
        return inputs


def test_a_layer_is_of_the_class_of_keras_it_comes_from():
    renamed, impostor = read_model(sequential(Renamed(4, 3), Conv2D()))
    assert (renamed.kind, renamed.title, renamed.convolves) == ("Conv2D", "Renamed", True)
    assert (impostor.kind, impostor.convolves) == ("Conv2D (propia)", False)


def test_the_names_of_the_activations_are_those_of_keras():
    known = {name for name, value in vars(keras.activations).items() if callable(value)}
    assert functions() >= known - {"get", "serialize", "deserialize"}


def test_the_layers_of_a_pipeline_have_their_shapes():
    layers = read_model(sequential(L.Pipeline([L.RandomFlip(), L.RandomCrop(20, 24)])))
    assert [(layer.kind, layer.output_shape) for layer in layers] == [
        ("RandomFlip", (28, 28, 1)),
        ("RandomCrop", (20, 24, 1)),
    ]


SAME = {"filters": 8, "kernel_size": 5, "strides": 2, "padding": "same"}


def test_a_class_of_ones_own_is_judged_by_what_it_configures():
    assert exercise("04.6").check(Doubled(2, **SAME)).correct
    assert not exercise("04.6").check(Doubled(2, **(SAME | {"strides": 1}))).correct


class Unwritable(L.Layer):
    """Una capa propia con un argumento que Keras no sabe guardar."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, inputs):
        return self.function.scale * inputs


def test_a_layer_whose_configuration_cannot_be_written_is_judged_by_what_it_does():
    unwritable = Unwritable(type("Factor", (), {"scale": 2.0})())
    with pytest.raises(NotImplementedError):
        unwritable.get_config()
    layers = [L.Conv2D(8, 3, activation="relu"), unwritable, L.GlobalAveragePooling2D(), L.Dense(10)]
    assert exercise("06.7").check(sequential(*layers)).correct


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (L.Lambda(lambda x: x), "una capa `Lambda`, y se pide una convolución de Keras"),
        (Conv2D(), "y se pide una convolución de Keras"),
        (
            {"class_name": "Conv2D", "config": {"filters": 8, "kernel": 5}},
            "Keras no puede crear una `Conv2D`",
        ),
        (L.Conv2D(8, 30, strides=2), "No se puede construir con una entrada"),
    ],
)
def test_only_what_failed_is_said(layer, says):
    message = exercise("04.6").check(layer).message
    assert says in message
    assert ("Comprueba que el kernel quepa" in message) == says.startswith("No se puede construir")


def test_a_model_with_two_outputs_is_told_so():
    start = keras.Input((28, 28, 1))
    hidden = L.GlobalMaxPooling2D()(L.Conv2D(4, 3, activation="relu")(start))
    model = keras.Model(start, [L.Dense(10)(hidden), L.Dense(10)(hidden)])
    assert "tiene 2 salidas" in exercise("06.7").check(model).message


def test_an_activation_that_learns_its_slope_is_one_although_it_starts_as_nothing():
    layers = (L.Conv2D(8, 3), L.PReLU(alpha_initializer="ones"), L.GlobalAveragePooling2D(), L.Dense(10))
    assert exercise("06.7").check(sequential(*layers)).correct


def test_looking_at_a_network_does_not_change_it():
    model = exercise("06.7").judge.reference()
    before = [weight.copy() for weight in model.get_weights()]
    assert exercise("06.7").check(model).correct
    assert all((old == new).all() for old, new in zip(before, model.get_weights(), strict=True))
    assert [layer.output.shape for layer in model.layers]  # cada capa sigue con una sola llamada


def test_a_network_too_large_is_not_executed():
    """Ni se le acaba el plazo ni se habla de otra cosa que del presupuesto."""
    layers = (
        L.Conv2D(64, 3, activation="relu"),
        L.Conv2D(64, 3, activation="relu"),
        L.Flatten(),
        L.Dense(10),
    )
    assert exercise("06.7").check(sequential(*layers)).diagnosis == "se-pasa-del-presupuesto"
