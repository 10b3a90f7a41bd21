"""Ejercicios de código: la referencia es correcta y cada error previsto recibe su propio diagnóstico."""

import ast
import importlib
import json
import re
from html.parser import HTMLParser
from itertools import combinations

import jsonschema
import numpy as np
import pytest
import yaml

from course_utils import ops
from course_utils.datasets import encode_rle_counts
from course_utils.exercises import ____, chapter, exercise, progress, session
from course_utils.exercises.chapter import Chapter
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, Mistake
from course_utils.exercises.registry import all_exercises, exercise_chapters, exercises
from course_utils.exercises.result import Outcome
from course_utils.exercises.values import difference
from course_utils.segmentation import center_targets
from tests.conftest import ROOT
from tools.notebooks import sources

FOLDER = ROOT / "course_utils" / "exercises" / "chapters"
PROSE = sorted(FOLDER.glob("*.yaml"))
ALL = all_exercises()
BY_ID = {item.id: item for item in ALL}
each_exercise = pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)


@pytest.fixture(autouse=True)
def _fresh_session():
    session._records.clear()


def answer_of(item, solution):
    return item.judge.as_answer(solution)


# --- El catálogo -----------------------------------------------------------------------------------


def test_every_chapter_of_the_book_has_exercises_in_order_of_several_levels_and_with_controls():
    assert list(exercise_chapters()) == [source.name[:2] for source in sources()]
    for number in exercise_chapters():
        items = exercises(number)
        assert [item.id for item in items] == [f"{number}.{n}" for n in range(1, len(items) + 1)]
        assert {item.level for item in items} >= {"easy", "medium"}
        assert sum(bool(item.controls) for item in items) >= 2, f"{number}: faltan ejercicios con controles"


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_the_prose_follows_its_schema_and_names_nothing_twice(path):
    text = path.read_text(encoding="utf-8")
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(text), schema)
    nodes = [yaml.compose(text)]
    for node in nodes:  # crece mientras se recorre; safe_load se quedaría con la última repetida
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(set(keys)) == len(keys), keys
            nodes += [value for _, value in node.value]


def test_the_schema_refuses_an_exercise_that_does_not_teach():
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    prose = yaml.safe_load(PROSE[0].read_text(encoding="utf-8"))
    row = prose["00.1"]
    for broken in (
        {key: value for key, value in row.items() if key != "explanation"},
        row | {"level": "fácil"},
        row | {"hints": row["hints"][:1]},
        row | {"text": " "},
        row | {"pistas": row["hints"]},
        row | {"mistakes": {"olvida el uno": "…", "b": "…", "c": "…"}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(prose | {"00.1": broken}, schema)


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Un capítulo con un solo ejercicio en el código; su prosa se escribe en la prueba."""
    monkeypatch.setattr(chapter, "files", lambda package: tmp_path)
    (tmp_path / "chapters").mkdir()
    made = Chapter("77")
    made.by_reference("77.1", lambda: 5, mistakes={"olvida-el-uno": lambda: 4})
    made.write = (tmp_path / "chapters" / "77.yaml").write_text
    return made


def toy_prose(name, mistake):
    return f"""\
"{name}":
  title: cinco
  level: easy
  text: ¿Cuántas?
  hints: [a, b]
  explanation: Son 5.
  mistakes:
    {mistake}: Falta una.
"""


def test_code_and_prose_meet_by_their_identifiers(toy):
    toy.write(toy_prose("77.1", "olvida-el-uno"), encoding="utf-8")
    [item] = toy.exercises()
    assert (item.id, item.title, item.hints) == ("77.1", "cinco", ("a", "b"))
    assert item.examine(4).message == "Falta una."


def test_code_without_prose_and_prose_without_code_are_named(toy):
    toy.write(toy_prose("77.2", "olvida-el-uno"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"ejercicios sin prosa: 77\.1\n- ejercicios sin código: 77\.2"):
        toy.exercises()
    toy.write(toy_prose("77.1", "sobra-uno"), encoding="utf-8")
    faults = r"errores de 77\.1 sin prosa: olvida-el-uno\n- errores de 77\.1 sin código: sobra-uno"
    with pytest.raises(ValueError, match=faults):
        toy.exercises()


def test_a_field_that_is_missing_or_has_another_name_is_said(toy):
    toy.write(toy_prose("77.1", "olvida-el-uno").replace("hints", "pistas"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"77\.1 lleva title, .*hints, .* y tiene title, .*pistas"):
        toy.exercises()


def test_an_identifier_without_quotes_is_a_number_and_is_named(toy):
    toy.write(toy_prose("77.1", "olvida-el-uno").replace('"', ""), encoding="utf-8")
    with pytest.raises(ValueError, match="entre comillas"):
        toy.exercises()


def test_an_exercise_is_not_added_twice(toy):
    with pytest.raises(ValueError, match=r"dos veces el ejercicio 77\.1"):
        toy.by_reference("77.1", lambda: 6, mistakes={})


def test_the_losses_of_a_statement_are_those_of_its_solution():
    losses = importlib.import_module("course_utils.exercises.chapters.chapter_06").VALIDATION
    row = " | ".join(f"{value:.2f}".replace(".", ",") for value in losses)
    assert f"| validación | {row} |" in exercise("06.9").text


@each_exercise
def test_no_two_mistakes_say_the_same(item):
    messages = [mistake.message for mistake in item.judge.mistakes]
    assert len(set(messages)) == len(messages)


# --- Corregir --------------------------------------------------------------------------------------


@each_exercise
def test_the_reference_is_correct(item):
    result = item.check(answer_of(item, item.judge.reference))
    assert result.state is Outcome.CORRECT, result
    assert result.diagnosis == ""


@each_exercise
def test_each_mistake_receives_its_own_diagnosis(item):
    for mistake in item.judge.mistakes:
        result = item.check(answer_of(item, mistake.answer))
        assert (result.state, result.diagnosis) == (Outcome.INCORRECT, mistake.id), result
        assert result.message in str(result)
        assert len(result.message) < 400


@pytest.mark.parametrize(
    "item", [item for item in ALL if isinstance(item.judge, ByReference)], ids=lambda item: item.id
)
def test_the_cases_tell_every_pair_of_models_apart(item):
    judge = item.judge
    with np.errstate(all="ignore"):
        outputs = {mistake.id: judge.outputs(mistake.answer) for mistake in judge.mistakes}
    outputs["la referencia"] = judge.expected
    for (one, first), (other, second) in combinations(outputs.items(), 2):
        assert any(map(difference, first, second)), f"{one} y {other} dan lo mismo en todos los casos"


@each_exercise
def test_the_stub_is_not_attempted(item):
    namespace = {"____": ____, "exercise": exercise, "np": np}
    *definition, call = item.stub.split("\n\n")
    exec(compile("\n".join(definition), "<enunciado>", "exec"), namespace)
    argument = re.fullmatch(rf'exercise\("{re.escape(item.id)}"\)\.check\((\w+)\)', call).group(1)
    for stub in (namespace[argument], ____, None, ...):
        result = exercise(item.id).check(stub)
        assert result.state is Outcome.NOT_ATTEMPTED, result
    assert session.record_of(item.id).attempts == 0


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Ayuda."""',
        '"""Ayuda."""\n    return',
        "return ...",
        "raise NotImplementedError",
        "x = ____ + 1\n    return x",
        "return sum(____)",
        "return (n, ____)",
    ],
)
def test_an_empty_body_is_not_attempted(body):
    namespace = {"____": ____}
    exec(f"def answer(n, kernel_size):\n    {body}\n", namespace)
    assert exercise("03.1").check(namespace["answer"]).state is Outcome.NOT_ATTEMPTED


def test_a_hole_that_nobody_imported_is_not_attempted():
    assert exercise("03.1").check(lambda n, k: n - globals()["____"]).state is Outcome.NOT_ATTEMPTED
    namespace = {}
    exec("def answer(n, kernel_size):\n    return [____ for _ in range(3)]\n", namespace)
    assert exercise("03.1").check(namespace["answer"]).state is Outcome.NOT_ATTEMPTED


# --- La solución que se enseña es la que se prueba -------------------------------------------------


@each_exercise
def test_the_shown_source_runs_by_itself_and_is_correct(item):
    module = importlib.import_module(f"course_utils.exercises.chapters.chapter_{item.id[:2]}")
    own = {
        name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
    }
    tree = ast.parse(item.source)
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    name = item.judge.reference.__name__
    assert not used & (own - {name}), "la solución usa funciones que quien estudia no tiene"
    namespace = {key: value for key, value in vars(module).items() if key in used and key != name}
    exec(compile(tree, "<solución>", "exec"), namespace)
    assert item.check(answer_of(item, namespace[name])).correct
    assert item.source in item.solution(confirm=True).text


@each_exercise
def test_statement_and_hints_do_not_give_the_solution(item):
    shown = item.statement().text + " ".join(item.hints)
    compact = re.sub(r"[\s`]", "", shown)
    for node in ast.walk(ast.parse(item.source)):
        if isinstance(node, ast.Return) and any(
            isinstance(part, ast.BinOp | ast.Call) for part in ast.walk(node)
        ):
            assert re.sub(r"\s", "", ast.unparse(node.value)) not in compact
    assert item.explanation not in shown


# --- Oráculos que no están escritos aquí -----------------------------------------------------------


def _keras(name):
    import keras

    return getattr(keras.ops, name)


def _tf_pool_gradient(x, gradient):
    import tensorflow as tf

    variable = tf.constant(x[None, :, :, None])
    with tf.GradientTape() as tape:
        tape.watch(variable)
        loss = tf.reduce_sum(tf.nn.max_pool2d(variable, 2, 2, "VALID") * gradient[None, :, :, None])
    return tape.gradient(loss, variable).numpy()[0, :, :, 0]


def _tf_kernel_gradient(image, gradient, padding):
    import tensorflow as tf

    image = np.pad(image, padding)
    size = (image.shape[0] - gradient.shape[0] + 1, image.shape[1] - gradient.shape[1] + 1)
    kernel = tf.zeros((*size, 1, 1), tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        output = tf.nn.conv2d(tf.constant(image[None, :, :, None]), kernel, 1, "VALID")
        loss = tf.reduce_sum(output * gradient[None, :, :, None])
    return tape.gradient(loss, kernel).numpy()[:, :, 0, 0]


def _tf_line_step(x, y, w, b, rate):
    import tensorflow as tf

    w, b = tf.Variable(w, dtype=tf.float64), tf.Variable(b, dtype=tf.float64)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((w * x + b - y) ** 2)
    tf_w, tf_b = tape.gradient(loss, [w, b])
    return float(w - rate * tf_w), float(b - rate * tf_b)


def _keras_cross_entropy(probabilities, labels):
    import keras

    return float(keras.losses.SparseCategoricalCrossentropy()(labels, probabilities))


def _tf_confusion(true, predicted, classes):
    import tensorflow as tf

    return tf.math.confusion_matrix(true, predicted, classes).numpy()


def _scipy_shift(image, rows, cols):
    from scipy.ndimage import shift

    return shift(image, (rows, cols), order=0, cval=0)


def _scipy_correlate(image, kernel):
    from scipy.signal import correlate2d

    return correlate2d(image, kernel, mode="valid")


def _scipy_softmax(z):
    from scipy.special import softmax

    return softmax(z)


def _conv(inputs, kernel, bias):
    import tensorflow as tf

    return (tf.nn.conv2d(inputs, kernel, 1, "VALID") + bias).numpy()


def _stdev(values):
    import statistics

    return statistics.mean(values), statistics.stdev(values)


def _conv_matrix(kernel, n):
    return ops.conv2d_as_matrix(kernel[None, :, None, None], (1, n, 1))


def _accuracy(logits, labels):
    import keras

    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(labels, logits)
    return float(metric.result())


def _coco_box(mask):
    from pycocotools import mask as coco_mask

    return coco_mask.toBbox(coco_mask.encode(np.asfortranarray(mask, np.uint8)))


def _coco_decode(counts, height, width):
    from pycocotools import mask as coco_mask

    return coco_mask.decode(coco_mask.frPyObjects({"size": [height, width], "counts": counts}, height, width))


def _pillow_crop(image, bbox):
    from PIL import Image

    x, y, width, height = bbox
    return np.asarray(Image.fromarray(image.astype(np.uint8)).crop((x, y, x + width, y + height)))


def _relabel(ids):
    from skimage.segmentation import relabel_sequential

    return relabel_sequential(ids)[0]


def _nearest_center(is_object, offsets, centers):
    from scipy.spatial import KDTree

    ids = np.zeros(is_object.shape, int)
    ids[is_object] = KDTree(centers).query(np.argwhere(is_object) + offsets[is_object])[1] + 1
    return ids


def _instance_iou(truth, predicted):
    from pycocotools import mask as coco_mask

    masks = [
        [coco_mask.encode(np.asfortranarray(ids == k, np.uint8)) for k in range(1, ids.max() + 1)]
        for ids in (truth, predicted)
    ]
    return coco_mask.iou(*masks, [0] * len(masks[1]))


def _scipy_between(feature_map, row, col):
    from scipy.ndimage import map_coordinates

    return map_coordinates(feature_map, [[row], [col]], order=1)[0]


def _jaccard(mask, other):
    from sklearn.metrics import jaccard_score

    return jaccard_score(mask.ravel(), other.ravel(), zero_division=1)


def _jaccard_per_class(matrix):
    from sklearn.metrics import jaccard_score

    labels, predicted = np.indices(matrix.shape).reshape(2, -1).repeat(matrix.ravel(), axis=1)
    return jaccard_score(labels, predicted, average=None)


def _tf_conv_transpose(image, kernel, stride):
    import tensorflow as tf

    size = [(n - 1) * stride + k for n, k in zip(image.shape, kernel.shape, strict=True)]
    output = tf.nn.conv2d_transpose(
        image[None, :, :, None].astype(float),
        kernel[:, :, None, None].astype(float),
        (1, *size, 1),
        stride,
        "VALID",
    )
    return output.numpy()[0, :, :, 0]


def _balanced_weights(mask, classes):
    from sklearn.utils.class_weight import compute_class_weight

    return compute_class_weight("balanced", classes=np.arange(classes), y=mask.ravel())


ORACLES = {
    "00.4": _scipy_softmax,
    "00.5": _keras_cross_entropy,
    "00.6": _tf_line_step,
    "01.5": lambda image, kernel: _keras("max_pool")(
        _keras("relu")(_keras("conv")(image[None, :, :, None], kernel[:, :, None, None])), 2
    ).numpy()[0, :, :, 0],
    "02.2": lambda h, w, k: ops.locally_connected_param_count((h - k + 1, w - k + 1), k, 1, 1),
    "02.3": _scipy_shift,
    "02.6": _conv_matrix,
    "03.1": ops.conv_output_size,
    "03.2": ops.conv_output_size,
    "03.4": ops.same_padding,
    "03.5": _scipy_correlate,
    "03.7": lambda k, d: sum(ops.same_padding(20, k, 1, d)),
    "03.8": lambda n, k, s: ops.usage_map((1, n), (1, k), s)[0],
    "03.9": _tf_kernel_gradient,
    "04.1": lambda kh, kw, c, f: ops.conv_param_count((kh, kw), c, f),
    "04.3": lambda window, kernel, bias: float(_conv(window[None], kernel[..., None], bias).item()),
    "04.4": lambda image, bank: _conv(image[None, :, :, None].astype(float), bank[:, :, None, :], 0.0)[0],
    "04.5": lambda maps, weights, bias: _conv(maps[None], weights[None, None], bias)[0],
    "05.1": lambda x: _keras("max_pool")(x[None, :, :, None], 2).numpy()[0, :, :, 0],
    "05.3": ops.pool_output_size,
    "05.4": lambda maps: ops.global_avg_pool2d(maps[None])[0],
    "05.6": _tf_pool_gradient,
    "05.9": lambda layers: ops.receptive_field(layers).size,
    "06.5": _tf_confusion,
    "06.6": _accuracy,
    "06.8": _stdev,
    "09.2": _relabel,
    "09.3": lambda ids: center_targets(ids[np.newaxis])[0, ..., 1:],
    "09.4": _nearest_center,
    "09.5": _instance_iou,
    "09.11": _scipy_between,
    "08.2": _jaccard,
    "08.4": _jaccard_per_class,
    "08.5": ops.transposed_output_size,
    "08.7": _tf_conv_transpose,
    "08.8": lambda image, factor: np.kron(image, np.ones((factor, factor))),
    "08.10": _balanced_weights,
    "11.2": _pillow_crop,
    "11.3": _coco_box,
    "11.5": encode_rle_counts,
    "11.6": _coco_decode,
}


@pytest.mark.parametrize("name", ORACLES)
def test_references_agree_with_other_implementations(name):
    judge = BY_ID[name].judge
    oracle = [np.asarray(ORACLES[name](*case), dtype=float) for case in judge.cases]
    for expected, right in zip(judge.expected, oracle, strict=True):
        np.testing.assert_allclose(np.asarray(expected, dtype=float), right, rtol=1e-6, atol=1e-9)


def test_values_agree_with_keras():
    import keras

    def network(shape, *layers):
        return keras.Sequential([keras.Input(shape), *layers])

    layers = keras.layers
    assert BY_ID["00.3"].judge.expected == [
        network((28, 28, 1), layers.Flatten(), layers.Dense(128)).count_params()
    ]
    assert BY_ID["02.1"].judge.expected == [
        network((32, 32, 3), layers.Flatten(), layers.Dense(30 * 30)).count_params()
    ]
    assert BY_ID["04.2"].judge.expected == [network((13, 13, 8), layers.Conv2D(20, 3)).count_params()]
    dense = network((28, 28), layers.Flatten(), layers.Dense(128), layers.Dropout(0.2), layers.Dense(10))
    assert BY_ID["06.1"].judge.expected == [dense.count_params()]
    first = network(
        (28, 28, 1), layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Conv2D(16, 3), layers.MaxPooling2D()
    )
    assert BY_ID["01.4"].judge.expected == [tuple(layer.output.shape[1:] for layer in first.layers)]
    second = network(
        (32, 32, 3),
        layers.Conv2D(16, 5, strides=2, padding="same"),
        layers.Conv2D(32, 1),
        layers.Conv2D(8, 3),
    )
    assert BY_ID["04.8"].judge.expected == [tuple(layer.output.shape[1:] for layer in second.layers)]
    assert BY_ID["03.10"].judge.expected == [ops.usage_map((8, 8), (3, 5))[0, 3]]
    image = np.arange(9).reshape(3, 3)
    assert BY_ID["01.1"].judge.expected == [ops.correlate2d(image, [[1, 0], [2, -1]])[0, 0]]


# --- Se juzga el comportamiento, no la forma -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("01.3", ops.named_kernel("sobel_vertical").values),
        ("01.3", [[0, 0, 0], [-0.5, 0, 0.5], [0, 0, 0]]),
        ("01.3", 100 * ops.named_kernel("sobel_vertical").values),
        ("03.3", (2, 2, 0)),
        ("03.3", [5, 2, 2]),
        ("03.6", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("04.6", {"filters": 8, "kernel_size": (5, 5), "strides": (2, 2), "padding": "same"}),
        ("01.4", np.array([[26, 26, 8], [13, 13, 8], [11, 11, 16], [5, 5, 16]])),
        ("05.2", np.float32(-1.5)),
        ("05.5", (0, 1, 3, 4, 6, 7)),
        ("00.3", 100_480.0),
    ],
)
def test_other_right_answers_are_accepted(name, answer):
    assert exercise(name).check(answer).correct


def test_other_right_functions_are_accepted():
    assert exercise("03.5").check(ops.correlate2d).correct
    assert exercise("05.1").check(ops.max_pool2d).correct
    assert (
        exercise("02.2")
        .check(lambda height, width, kernel_size, extra=0: local(height, width, kernel_size))
        .correct
    )
    assert exercise("01.2").check(lambda m: np.array(np.unravel_index(m.argmax(), m.shape))).correct

    def sorted_split(count, validation, seed):
        chosen = np.random.default_rng(seed).choice(count, validation, replace=False)
        return np.setdiff1d(np.arange(count), chosen), np.sort(chosen)

    assert exercise("06.3").check(sorted_split).correct


def local(height, width, kernel_size):
    return ops.locally_connected_param_count(
        (height - kernel_size + 1, width - kernel_size + 1), kernel_size, 1, 1
    )


def test_other_right_models_are_accepted():
    import keras

    layers = keras.layers
    inputs = keras.Input((28, 28, 1))
    outputs = layers.Dense(10)(
        layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(layers.Conv2D(4, 5)(inputs)))
    )
    assert exercise("05.8").check(keras.Model(inputs, outputs)).correct
    separate = [keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.ReLU(), layers.GlobalMaxPooling2D()]
    assert exercise("06.7").check(keras.Sequential([*separate, layers.Dense(10)])).correct
    config = layers.Conv2D(8, 5, strides=2, padding="same", name="mía").get_config()
    assert exercise("04.6").check(config).correct


def test_models_that_cannot_be_judged_are_explained():
    import keras

    unbuilt = exercise("05.8").check(keras.Sequential([keras.layers.Dense(10)]))
    assert "keras.Input(…)" in unbuilt.message
    assert (
        "modelo"
        in exercise("04.6").check(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])).message
    )
    assert "`Dense`" in exercise("04.6").check(keras.layers.Dense(8)).message
    for answer in ({}, {"class_name": 3}, "Conv2D", keras.layers.Conv2D, [1]):
        assert exercise("04.6").check(answer).diagnosis == "forma-inesperada"
    strange = exercise("04.6").check({"filters": 8, "kernel_size": "cinco"})
    assert strange.state in (Outcome.INCORRECT, Outcome.ANSWER_ERROR)


# --- Sin diagnóstico, el caso más pequeño ----------------------------------------------------------


def test_an_unknown_mistake_shows_the_smallest_failing_case():
    result = exercise("03.2").check(lambda n, k, s, p: (n + 2 * p - k) // s + (1 if n < 8 else 7))
    assert result.diagnosis == "valor-distinto"
    assert result.facts == (("Con", "conv_size(8, 2, 2, 0)"), ("Se espera", "4"), ("Has obtenido", "10"))


def test_arrays_are_shown_with_their_name():
    result = exercise("03.5").check(lambda image, kernel: np.ones((image.shape[0] - 1, image.shape[1] - 1)))
    assert result.diagnosis == "forma-distinta"
    assert "image = [[" in dict(result.facts)["Con"]
    assert "kernel = [[" in dict(result.facts)["Con"]


def test_an_unknown_wrong_value_does_not_give_the_answer_away():
    result = exercise("00.3").check(100_000)
    assert result.diagnosis == "valor-distinto"
    assert "100480" not in str(result)
    assert "100480" not in result.card.html


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda n, k: print(n - k + 1), "no-devuelve"),
        (lambda n, k: (x for x in "a"), "no-devuelve"),
        (lambda n, k: str(n - k + 1), "tipo-distinto"),
        (lambda n, k: [n - k + 1], "tipo-distinto"),
        (lambda n, k: np.ones((2, 2)), "tipo-distinto"),
        (lambda n, k: True, "tipo-distinto"),
    ],
)
def test_other_types_are_explained(function, diagnosis):
    assert exercise("03.1").check(function).diagnosis == diagnosis


def test_changing_the_input_is_explained():
    def in_place(image, kernel):
        image *= 2
        return ops.correlate2d(image / 2, kernel)

    result = exercise("03.5").check(in_place)
    assert result.diagnosis == "modifica-la-entrada"
    assert "`image`" in result.message

    def sorts(accuracies):
        accuracies.sort()
        return 0, 0

    assert exercise("06.8").check(sorts).diagnosis == "modifica-la-entrada"


def test_an_exception_shows_its_type_its_line_and_a_cause():
    def broken(n, kernel_size):
        sizes = [n]
        return sizes[kernel_size]

    result = exercise("03.1").check(broken)
    assert result.state is Outcome.ANSWER_ERROR
    assert "un índice se sale" in result.message
    facts = dict(result.facts)
    assert facts["Excepción"] == "IndexError: list index out of range"
    assert facts["Dónde"].endswith("return sizes[kernel_size]")
    assert facts["Con"] == "broken(3, 3)"


def test_the_line_is_the_one_of_the_answer_and_not_of_a_library():
    def broken(image, kernel):
        return np.concatenate([image, kernel])  # columnas distintas

    assert "np.concatenate([image, kernel])" in dict(exercise("03.5").check(broken).facts)["Dónde"]


def test_what_the_answer_prints_is_shown_and_not_mixed(capsys):
    def chatty(n, kernel_size):
        print("sumo <b>uno</b>")
        return n - kernel_size + 1

    result = exercise("03.1").check(chatty)
    assert result.correct
    assert "sumo <b>uno</b>" in str(result)
    assert "&lt;b&gt;uno&lt;/b&gt;" in result.card.html
    assert capsys.readouterr().out == ""


# --- Lo que se enseña ------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in ("input", "br", "img", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def assert_well_formed(html):
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.seen


@each_exercise
def test_statements_are_well_formed_and_stable(item):
    bundle = item.statement()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    tags = assert_well_formed(bundle["text/html"])
    assert "details" in tags
    assert "script" not in tags
    assert item.statement() == item.statement()
    assert item.explanation.split(".")[0] not in bundle["text/html"]


def test_what_the_student_writes_is_escaped():
    def attack(n, kernel_size):
        raise ValueError("<script>alert(1)</script>\x1b[31m\ud800")

    for answer in (attack, lambda n, k: "<img src=x onerror=alert(1)>"):
        html = exercise("03.1").check(answer).card.html
        assert "script" not in assert_well_formed(html)
        assert "<img" not in html
        html.encode("utf-8")


def test_hints_go_from_vague_to_precise_and_the_last_one_stays():
    item = exercise("03.2")
    shown = [item.hint().text for _ in range(len(item.hints) + 1)]
    assert [text.split(": ", 1)[1] for text in shown] == [*item.hints, item.hints[-1]]


def test_the_solution_comes_after_an_attempt():
    item = exercise("03.1")
    assert "Inténtalo primero" in item.solution().text
    assert item.source not in item.solution().html
    item.check(____)
    assert "Inténtalo primero" in item.solution().text
    item.check(lambda n, k: n)
    assert item.source in item.solution().text
    session._records.clear()
    assert item.source in item.solution(confirm=True).text


def test_progress_counts_what_is_solved():
    assert "ningún ejercicio" in progress().text
    exercise("03.1").check(lambda n, k: n - k + 1)
    exercise("03.1").check(lambda n, k: n)
    exercise("03.2").check(lambda n, k, s, p: 0)
    text = progress().text
    total = len(exercises("03"))
    assert text.startswith(f"capítulo 03: 1 resueltos de {total}; pendientes: 03.2, 03.3")
    assert_well_formed(progress().html)


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        (3.2, TypeError, "comillas"),
        ("3.2", ValueError, "capítulo.número"),
        ("03.99", ValueError, "03.1, 03.2"),
        ("99.1", ValueError, "capítulos 00"),
        ("", ValueError, "no hay"),
        (None, TypeError, "None"),
    ],
)
def test_unknown_exercises_are_explained(name, error, text):
    with pytest.raises(error, match=re.escape(text)):
        exercise(name)


def test_a_failure_of_the_course_is_not_blamed_on_the_student():
    def no_reference(n):
        raise RuntimeError("avería")

    broken = Exercise(
        "99.1", "roto", "easy", "…", ByReference(no_reference, [Mistake("x", "…", len)], [1]), ["…"], "…"
    )
    result = broken.check(lambda n: n)
    assert result.state is Outcome.COURSE_ERROR
    assert "avería" in str(result)
    assert session.record_of("99.1").attempts == 0


def test_importing_the_exercises_is_light(root):
    import subprocess
    import sys

    code = (
        "import sys, course_utils.exercises as e; e.question; "
        "print([m for m in ('tensorflow', 'keras', 'ipywidgets', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
