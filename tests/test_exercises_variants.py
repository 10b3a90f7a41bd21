"""Una respuesta de contenido correcto se acepta venga en lista, tupla, array, escalar o tensor."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from course_utils.exercises import exercise
from course_utils.exercises.registry import all_exercises
from course_utils.exercises.values import Unusable, difference, tame


def is_number(value):
    return type(value) is not bool and isinstance(value, int | float | np.integer | np.floating)


def rebuilt(value, leaf, sequence):
    """El mismo valor, con otra clase de números y de secuencias."""
    if isinstance(value, bool | np.bool_ | str) or value is None:
        return value
    if is_number(value):
        return leaf(value)
    if isinstance(value, list | tuple):
        return sequence(rebuilt(item, leaf, sequence) for item in value)
    return value


def as_lists(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [as_lists(item) for item in value] if isinstance(value, list | tuple) else value


def as_tuples(value):
    def deep(item):
        return tuple(map(deep, item)) if isinstance(item, list) else item

    return deep(as_lists(value))


def as_floats(value):
    if isinstance(value, np.ndarray):
        return value.astype(float)
    return rebuilt(value, float, list)


def as_scalars(value):
    """Números de NumPy, también los que están dentro de una lista."""
    return rebuilt(value, lambda number: np.asarray(number)[()], tuple)


def as_zero_dimensional(value):
    return rebuilt(value, np.asarray, list)


def is_regular(value):
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except ValueError:
        return False


def as_array(value):
    return np.asarray(value) if is_regular(value) else value


def as_objects(value):
    return np.asarray(value, dtype=object) if is_regular(value) else value


def as_tensor(value):
    import tensorflow as tf

    if is_regular(value):
        return tf.constant(np.asarray(value))
    return tuple(map(as_tensor, value)) if isinstance(value, list | tuple) else value


def as_variable(value):
    import keras

    if not is_regular(value) or np.asarray(value).dtype.kind not in "iuf":
        return value
    array = np.asarray(value)
    return keras.Variable(array, dtype="float64" if array.dtype.kind == "f" else "int64", trainable=False)


def as_fractions(value):
    return rebuilt(value, lambda number: Fraction(number) if np.isfinite(number) else number, list)


VARIANTS = {
    function.__name__[3:]: function
    for function in (
        as_lists, as_tuples, as_floats, as_scalars, as_zero_dimensional, as_array, as_objects, as_tensor,
        as_variable, as_fractions,
    )
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _tensorflow_is_imported():
    import tensorflow as tf

    assert float(tf.constant(1.0)) == 1


WITH_VALUES = [item for item in all_exercises() if item.judge.asks != "model"]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("item", WITH_VALUES, ids=lambda item: item.id)
def test_the_solution_is_correct_in_any_wrapping(item, variant):
    reference = item.judge.reference
    if item.judge.asks == "function":

        def answer(*arguments):
            return variant(reference(*arguments))
    else:
        answer = variant(reference())
    result = item.check(answer)
    assert result.correct, result


@pytest.mark.parametrize("name", ["03.3", "04.7", "05.7", "08.6"])
@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.uint8, object])
def test_a_list_of_sizes_may_be_an_array(name, dtype):
    right = exercise(name).judge.reference()
    assert exercise(name).check(np.array(right, dtype=dtype)).correct
    assert exercise(name).check(list(map(float, right))).correct
    assert exercise(name).check(np.array(right, dtype=dtype) + 1).diagnosis not in ("", "forma-inesperada")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (range(3), (0, 1, 2)),
        (Decimal("0.5"), 0.5),
        (np.float16(0.5), 0.5),
        (np.array(7), 7),
        (np.array(["a", "b"]), ("a", "b")),
        (np.array([1, 2.5], dtype=object), (1, 2.5)),
        (np.ma.array([1, 2]), np.array([1, 2])),
        (np.array([[True, False]]), np.array([[1, 0]])),
        (sparse.eye_array(2), np.eye(2)),
        (sparse.csr_matrix([[0, 2.5]]), np.array([[0, 2.5]])),
        (np.array([0.2, 0.7], np.float16), np.array([0.2, 0.7])),
    ],
)
def test_a_value_is_read_by_its_content(value, expected):
    assert difference(expected, tame(value)) == ""


def test_the_shape_of_a_tensor_is_a_list_of_sizes():
    import keras
    import tensorflow as tf

    x, shapes = keras.ops.zeros((1, 32, 32, 3)), []
    for layer in (
        keras.layers.Conv2D(16, 5, strides=2, padding="same"),
        keras.layers.Conv2D(32, 1),
        keras.layers.Conv2D(8, 3),
    ):
        x = layer(x)
        shapes.append(x.shape)
    assert exercise("04.8").check(shapes).diagnosis == "con-el-lote"
    assert exercise("04.8").check([shape[1:] for shape in shapes]).correct
    assert tame([tf.TensorShape(None)]) == (Unusable("un objeto de tipo `TensorShape`"),)


@pytest.mark.parametrize("value", [("1", "2"), "12", np.array(["1", "2"]), True, ("a", 2)])
def test_texts_and_booleans_are_not_numbers(value):
    assert difference(np.array([1.0, 2.0]), tame(value)) == "type"
    assert difference((1, 2), tame(value)) == "type"
