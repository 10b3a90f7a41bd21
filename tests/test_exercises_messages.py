"""Los mensajes del motor dicen solo lo que se ha mirado: cada respuesta rara, con lo que se le dice."""

import numpy as np
import pytest

from course_utils import ops
from course_utils.exercises import ____, exercise
from course_utils.exercises.answers import Unexpected
from course_utils.exercises.expected import as_integers, as_kernel
from course_utils.exercises.faults import likely_cause
from course_utils.exercises.judges import ByReference
from course_utils.exercises.result import Outcome
from course_utils.exercises.values import difference, first_difference, show_apart, tame

# --- La causa probable de una excepción -------------------------------------------------------------

#: Código que falla, y un trozo de la causa que se da; vacío si de su texto no se deduce ninguna.
FAILURES = [
    ("undefined_name", "nombre que no existe"),
    ("1/0", "divide entre cero"),
    ("1 % 0", "divide entre cero"),
    ("0.0 ** -1", "potencia negativa"),
    ("import no_such_module", "falta una biblioteca"),
    ("from math import nothing", "no tiene ese nombre"),
    ("{}['a']", "una clave que no está"),
    ("set().pop()", ""),
    ("np.zeros(3)[0, 1]", "más índices que ejes"),
    ("np.zeros(3).sum(axis=1)", "un eje que el array no tiene"),
    ("np.zeros((2, 2))[np.array([True, False, True])]", "la máscara y el array"),
    ("np.zeros(3)[1.0]", "enteros o booleanos"),
    ("np.zeros(3)['a']", "enteros o booleanos"),
    ("np.zeros((3, 3))[[0, 1], [0, 1, 2]]", "arrays de índices"),
    ("[].pop()", "lista vacía"),
    ("[1][3]", "un índice se sale"),
    ("np.zeros(3)[5]", "un índice se sale"),
    ("np.zeros(0).argmax()", ""),
    ("np.zeros(3) + np.zeros(4)", "no encajan"),
    ("np.zeros(3)[:] = [1, 2]", "no encajan"),
    ("np.zeros((2, 3)) @ np.zeros((2, 3))", "los ejes que se suman"),
    ("np.zeros((2, 3)).dot(np.zeros((2, 3)))", "los ejes que se suman"),
    ("np.zeros(2) @ 3", "menos ejes"),
    ("bool(np.zeros(2))", "un solo `True` o `False`"),
    ("np.zeros(6).reshape(4, 2)", "no es el producto"),
    ("np.array([[1], [2, 3]])", "distinta longitud"),
    ("np.zeros(3)[0] = [1, 2]", "un solo número"),
    ("a, b = 1, 2, 3", "nombres como valores"),
    ("a, b = 1", ""),
    ("None + 1", "se opera con `None`"),
    ("len(None)", "se opera con `None`"),
    ("np.zeros((None, 3))", "se opera con `None`"),
    ("[2, 1].sort()[0]", "se opera con `None`"),
    ("[1, 2][0, 1]", "una lista o tupla se indexa"),
    ("[1, 2][1.0]", "llega un decimal"),
    ("[1, 2]['a']", ""),
    ("range(3.0)", "llega un decimal"),
    ("range('3')", ""),
    ("np.zeros((2, 2.5))", "llega un decimal"),
    ("np.zeros(4)[:2.0]", "extremos de un corte"),
    ("[1] - [1]", "dos tipos que no encajan"),
    ("'a' + 1", ""),
    ("3()", "no es una función"),
    ("(lambda x: x)()", "argumentos"),
    ("(lambda x: x)(1, 2)", "argumentos"),
    ("(lambda x: x)(y=1)", "argumentos"),
    ("(lambda x: x)(1, x=1)", "argumentos"),
    ("int('a')", ""),
    ("np.nothing", "no tiene ese atributo"),
    ("(3).real = 4", ""),
    ("[1, 2].index(5)", ""),
    ("np.stack([np.zeros(2), np.zeros(3)])", ""),
    ("np.transpose(np.zeros((2, 3)), (0, 1, 2))", ""),
    ("np.linalg.inv(np.zeros((2, 2)))", ""),
    ("2.0 ** 100000", "no cabe en un `float`"),
    ("10**400 / 1.0", "no cabe en un `float`"),
    ("__import__('math').exp(1001)", "no cabe en un `float`"),
    ("int(float('inf'))", ""),
    ("[0] * 10**18", "memoria"),
    ("raise SystemExit", "cerrar Python"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ("raise RuntimeError('x')", ""),
    ("assert False", ""),
    ("next(iter([]))", ""),
    ("min([])", ""),
    ("sorted([1, 'a'])", ""),
    ("np.array(['a']) + 1", ""),
    ("{[]: 1}", ""),
    ("float(np.zeros(2))", ""),
    ("open('no-existe')", ""),
    ("pow(0, -1, 5)", ""),
    ("''.join([1])", ""),
    ("__import__('keras').layers.RandomRotation(18)", "es una parte, y no grados"),
]


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize(("code", "cause"), FAILURES, ids=[code for code, _ in FAILURES])
def test_the_cause_is_the_one_that_the_text_of_the_exception_says(code, cause):
    with pytest.raises(BaseException) as caught:  # noqa: PT011  cada una es de su tipo
        exec(compile(code, "<respuesta>", "exec"), {"np": np})
    found = likely_cause(caught.value)
    assert (cause in found) if cause else not found, (repr(caught.value), found)


# --- Tipo, forma y valor ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "obtained", "kind", "text"),
    [
        ((1, 2, 3, 4), ((1, 2),) * 4, "type", "En el 1.er elemento se espera un número y has dado una lista"),
        (((1, 2), (3, 4)), ((1, 2), (3,)), "shape", "En el 2.º elemento se espera una lista o tupla de 2 "),
        (((1, 2), (3, 4)), ((1, 2), 3), "type", "2 elementos y has dado un número entero, `3`"),
        ((1, 2, 3), (1, 2), "shape", "una lista o tupla de 3 elementos y has dado una de 2"),
        ((1,), (), "shape", "de 1 elemento y has dado una de 0"),
        ((1, 2), (1, None), "type", "En el 2.º elemento se espera un número y has dado `None`"),
        ((1, "a"), (1, 2), "type", "En el 2.º elemento se espera un texto y has dado un número entero, `2`"),
        (((16, 16, 16), (14, 14, 8)), ((None, 16, 16, 16),) * 2, "shape", "En el 1.er elemento"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "shape", "`(2, 3)` y has dado uno de forma `(3, 2)`"),
        (np.zeros((2, 3)), [[0, 0], [0, 0], [0, 0]], "shape", "`(2, 3)` y has dado uno de forma `(3, 2)`"),
        (np.zeros((2, 2)), [[0, 0], [0]], "shape", "En el 2.º elemento se espera una lista o tupla de 2 "),
        (np.zeros((2, 2)), [[0, 0], [0, "a"]], "type", "En el 2.º elemento del 2.º elemento se espera"),
        (np.zeros((2, 2)), 0.0, "type", "un array de forma `(2, 2)` y has dado un número decimal, `0`"),
        (3, [3], "type", "un número y has dado una lista o tupla con 1 elemento"),
        (3, np.array([3]), "type", "un número y has dado un array de forma `(1,)`"),
        (3, "3", "type", "un número y has dado un texto, `'3'`"),
        (3, True, "type", "un número y has dado un booleano, `True`"),
        (True, 1, "type", "un booleano, `True` o `False`, y has dado un número entero, `1`"),
        (3, 3 + 0j, "type", "un número y has dado un número complejo"),
        (3, {3}, "type", "un número y has dado un conjunto"),
        (3, np.array([3j]), "type", "un array de tipo `complex128`"),
        ("a", 3, "type", "un texto y has dado un número entero, `3`"),
        (3, np.ma.masked_all(2), "type", "un array con posiciones enmascaradas"),
        (np.zeros(2), np.broadcast_to(0.0, (10**6, 10**6)), "type", "un array de forma `(1000000, 1000000)`"),
    ],
)  # fmt: skip
def test_the_difference_says_where_and_what(expected, obtained, kind, text):
    found = first_difference(expected, tame(obtained))
    assert found.kind == kind
    assert text in found.explain()


def _far(k):
    return np.where(np.arange(300) == k, 1, 0)


@pytest.mark.parametrize(
    ("expected", "obtained"),
    [
        (100480, 100480.5),
        (0.2058366, 0.2058),
        (np.array([0.2058366, 0.5]), np.array([0.2058, 0.5])),
        (np.array([0.2]), np.array([0.2], np.float16)),
        ((1,) * 12, (1,) * 11 + (2,)),
        ((0.5, (0.123456789,)), (0.5, (0.123457,))),
        (_far(150), _far(151)),
    ],
)
def test_two_different_values_are_shown_different(expected, obtained):
    wanted, given = show_apart(tame(expected), tame(obtained))
    assert wanted != given


def test_a_wrong_value_is_not_shown_as_the_right_one():
    assert exercise("00.3").check(100480.5).message.startswith("`100480.5` no es correcto")
    result = exercise("00.4").check(lambda z: exercise("00.4").judge.reference(z).round(4))
    assert dict(result.facts)["Se espera"] != dict(result.facts)["Has obtenido"]


def test_no_message_expects_what_it_says_was_given():
    """Con cualquier pareja de valores: lo esperado y lo dado no se dicen con las mismas palabras."""
    values = [
        3, 2.5, True, "a", None, (), (1,), (1, 2), (1, 2, 3, 4), ((1, 2), (3, 4)), ((1, 2), (3,)),
        (1, (2, 3)), ("a", "b"), ((1, "a"), 2), np.zeros(2), np.zeros((2, 2)), np.zeros((2, 3)),
        np.array(["a"]), [None, None], {1: 2}, {1}, 1j, b"a", (x for x in "ab"), map(abs, [1]), int, len, np,
    ]  # fmt: skip
    tried = 0
    for expected in map(tame, values):
        for obtained in map(tame, values):
            if type(expected).__name__ == "Unusable" or difference(expected, obtained) in ("", "value"):
                continue
            text = first_difference(expected, obtained).explain()
            wanted, given = text.removesuffix(".").split(" y has dado ")
            wanted = wanted.partition("se espera ")[2] or wanted.removeprefix("Se espera ")
            assert wanted.strip(",") != given, text
            assert wanted.split()[-1] != given.split()[-1] or "elemento" in text, text
            tried += 1
    assert tried > 200


# --- Lo que devuelve una función --------------------------------------------------------------------


def prints(n, kernel_size):
    print(n - kernel_size + 1)


def returns_in_one_branch(n, kernel_size):
    if n > 1000:
        return n - kernel_size + 1


def yields(n, kernel_size):
    yield n - kernel_size + 1


@pytest.mark.parametrize(
    ("answer", "says", "never"),
    [
        (prints, "devuelve `None`", "no devuelve nada"),
        (returns_in_one_branch, "devuelve `None`", "no devuelve nada"),
        (lambda n, k: [1].sort(), "`.sort()`", "no devuelve nada"),
        (yields, "un generador", "no devuelve nada"),
        (lambda n, k: (x for x in [n - k + 1]), "`list(…)`", "en vez de `yield`"),
        (lambda n, k: map(abs, [n]), "un `map`", "`return` en vez"),
        (lambda n, k: {n: k}, "un diccionario", "`return`"),
        (lambda n, k: (n - k + 1, None), "2 elementos", "`return`"),
        (lambda n, k: "14", "un texto", "`return`"),
        (lambda n, k: n - k, "stride", "tipo"),
    ],
)
def test_what_a_function_returns_is_named_as_it_is(answer, says, never):
    result = exercise("03.1").check(answer)
    assert never not in result.message
    assert says in result.message or result.diagnosis == "olvida-el-uno"


def test_a_list_of_the_right_length_with_other_things_inside():
    result = exercise("04.8").check([(None, 16, 16, 16), (None, 16, 16, 32), (None, 14, 14, 8)])
    assert (result.state, result.diagnosis) == (Outcome.INCORRECT, "forma-distinta")
    assert "1.er elemento" in result.message
    assert "3 elementos y has dado una lista de 3" not in result.message


def test_a_library_that_lacks_something_is_not_an_empty_answer():
    def asks_for_something_missing(n, kernel_size):
        import numpy.lib.mixins

        class Lazy(numpy.lib.mixins.NDArrayOperatorsMixin):
            def __array_ufunc__(self, *arguments, **options):
                return NotImplemented

        return Lazy() + 1

    assert exercise("03.1").check(asks_for_something_missing).state is Outcome.ANSWER_ERROR

    def calls_what_is_not_implemented(n, kernel_size):
        import io

        return io.IOBase.seek(io.IOBase(), 0) or io.RawIOBase().read()

    assert exercise("03.1").check(calls_what_is_not_implemented).state is Outcome.ANSWER_ERROR


@pytest.mark.parametrize(
    ("answer", "says"),
    [(None, "Ha llegado `None`."), (____, "Escribe tu respuesta"), (lambda n, k: None, "vacía")],
)
def test_what_is_not_attempted_says_what_came(answer, says):
    result = exercise("03.1").check(answer)
    assert result.state is Outcome.NOT_ATTEMPTED
    assert says in result.message


def raises_not_implemented(n, kernel_size):
    raise NotImplementedError


def test_an_exercise_left_for_later_is_not_attempted():
    result = exercise("03.1").check(raises_not_implemented)
    assert result.state is Outcome.NOT_ATTEMPTED
    assert "`NotImplementedError`" in result.message


def test_a_change_inside_a_list_of_arrays_is_seen_and_only_then():
    judge = ByReference(lambda pairs: len(pairs), [], cases=[([(np.zeros(2), 1.0)],)])

    def changes(pairs):
        pairs[0][0][1] = 3
        return len(pairs)

    assert judge.verdict(judge.observe(lambda pairs: len(pairs))).diagnosis == ""
    with pytest.raises(Exception, match="pairs"):
        judge.observe(changes)


# --- Lo que se espera -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (np.zeros((2, 3)), "`(3, 3)`"),
        (np.zeros(9), "9 números"),
        (np.zeros((3, 3, 1, 1)), "`(3, 3, 1, 1)`"),
        (np.full((3, 3), np.nan), "`nan` o `inf`"),
        (np.full((3, 3), 1e9), "más de un millón"),
        ([["a"] * 3] * 3, "y has dado"),
        ([[1, 2], [3]], "y has dado"),
        ("hola", "`'hola'`"),
        (3, "y has dado `3`"),
        ({1: 2}, "un diccionario"),
    ],
)
def test_a_kernel_is_refused_for_what_it_has(answer, says):
    with pytest.raises(Unexpected) as caught:
        as_kernel(tame(answer))
    assert says in str(caught.value)
    if isinstance(answer, np.ndarray) and answer.shape == (3, 3):
        assert "Se espera" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((3,), "Has dado 1 número"),
        ((3, 1, 1), "Has dado 3 números"),
        (3, "Has dado `3`"),
        ((3, 1.5), "`stride` debe ser un entero y has dado 1.5"),
        ((3, True), "`stride` debe ser un entero y has dado True"),
        ((3, 10**9), "`stride` es enorme"),
        ((10**5000, 1), "`kernel_size` es enorme"),
        ((3, "1"), "Has dado `(3, '1')`"),
        (np.ones((1, 2)), "números en forma `(1, 2)`"),
        ("3, 1", "Has dado `'3, 1'`"),
        (None, "Has dado `None`"),
    ],
)
def test_integers_are_refused_for_what_they_have(answer, says):
    with pytest.raises(Unexpected) as caught:
        as_integers(tame(answer), "kernel_size", "stride")
    assert says in str(caught.value)


# --- Dos arrays que no son los que se piden (07.10) --------------------------------------------------


def halved(images, masks, seed):
    return exercise("07.10").judge.reference(images, masks, seed)


def short_row(images, masks, seed):
    images, masks = halved(images, masks, seed)
    rows = masks.tolist()
    rows[2][1].pop()
    return images, rows


PAIRS = {
    "por-parejas": (
        lambda *given: list(zip(*halved(*given), strict=True)),
        "de 2 elementos y has dado una de 8",
    ),
    "solo-las-imágenes": (lambda *given: halved(*given)[0], "y has dado uno solo, de forma `(8, 3, 4, 2)`"),
    "cambiadas": (
        lambda *given: halved(*given)[::-1],
        "En el 1.er elemento se espera un array de forma `(8, 3, 4, 2)`",
    ),
    "un-nivel-de-más": (lambda *given: [[part] for part in halved(*given)], "de forma `(1, 8, 3, 4, 2)`"),
    "fila-corta": (
        short_row,
        "En el 2.º elemento del 3.er elemento del 2.º elemento se espera una lista o tupla de 4 elementos y "
        "has dado una de 3.",
    ),
    "diccionario": (lambda *given: dict(zip("ab", halved(*given), strict=True)), "has dado un diccionario"),
}


@pytest.mark.parametrize(("answer", "said"), PAIRS.values(), ids=PAIRS)
def test_what_came_instead_of_two_arrays_is_said(answer, said):
    result = exercise("07.10").examine(answer)
    assert result.state is Outcome.INCORRECT
    assert said in result.message
    assert "`return images, masks`" in result.message


# --- Lo que un ejercicio cuenta de la respuesta ------------------------------------------------------


def test_a_repeated_index_is_told_from_a_lost_one():
    """Elegir con repetición y completar lo demás: no se pierde ninguno y sobra alguno."""

    def split(count, validation, seed):
        held_out = np.random.default_rng(seed).integers(0, count, validation)
        return np.setdiff1d(np.arange(count), held_out), held_out

    result = exercise("06.3").examine(split)
    assert result.diagnosis == "pierde-o-repite"
    assert "suman 101 índices, y 100 son distintos" in result.message


def _overlaps_by_one(count, validation, seed):
    order = np.random.default_rng(seed).permutation(count)
    return order[: count - validation], order[count - validation - 1 :]


def _absolute_at_the_end(confidence, correct, bins):
    place = (confidence * bins).astype(int)
    groups = [place == number for number in np.unique(place)]
    return abs(sum(group.mean() * (confidence[group].mean() - correct[group].mean()) for group in groups))


def _convolves_with_zeros_between(image, kernel, stride):
    (height, width), (kh, kw) = image.shape, kernel.shape
    spread = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1))
    spread[::stride, ::stride] = image
    padded = np.pad(spread, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def _drops_the_lowest(ids):
    filled = np.zeros_like(ids)
    for number, old in enumerate(np.unique(ids)[1:], start=1):
        filled[ids == old] = number
    return filled


def _compares_brightness(test, train):
    return [int(np.argmin([abs(image.mean() - other.mean()) for other in train])) for image in test]


def _changes_the_training_part_first(train, test):
    train = (train - train.mean()) / train.std()
    return train, (test - train.mean()) / train.std()


def _adds_the_mean_of_the_differences(image, factor):
    image = (image - image.mean()) * factor
    return np.clip(image + image.mean(), 0, 255)


def _multiplies_the_mean_as_well(image, factor):
    return np.clip((image - image.mean()) * factor + image.mean() * factor, 0, 255)


def _chooses_with_integers(images, masks, seed):
    flips = np.random.default_rng(seed).integers(0, 2, len(images))
    images, masks = images.copy(), masks.copy()
    images[flips] = images[flips, :, ::-1]
    masks[flips] = masks[flips, :, ::-1]
    return images, masks


#: Otra idea que da lo mismo que un error previsto: su diagnóstico, lo que se le dice y lo que sería falso.
SAME_NUMBERS = [
    ("06.3", _overlaps_by_one, "filtra", "las dos partes: 1.", "Hay 1 índices"),
    ("06.4", _changes_the_training_part_first, "solo-el-entrenamiento", "ya normalizado", "sin normalizar"),
    ("06.11", _absolute_at_the_end, "un-solo-grupo", "los intervalos se compensan", "sin repartirlas"),
    ("07.3", _adds_the_mean_of_the_differences, "olvida-devolver-la-media", "es 0", "la media después"),
    ("07.3", _multiplies_the_mean_as_well, "desde-el-negro", "Es lo mismo que", "Multiplicas los píxeles"),
    ("07.10", _chooses_with_integers, "solo-las-dos-primeras", "por posiciones", "usa `seed`"),
    ("08.7", _convolves_with_zeros_between, "kernel-girado", "sale girado", "Has dado media vuelta"),
    ("09.2", _drops_the_lowest, "el-fondo-cuenta", "el menor de los valores es el fondo", "desde 0"),
    ("10.6", _compares_brightness, "se-compensan", "Es lo mismo que sumar", "Sumas las diferencias"),
]


@pytest.mark.parametrize(
    ("name", "answer", "diagnosis", "says", "never"), SAME_NUMBERS, ids=[row[0] for row in SAME_NUMBERS]
)
def test_the_message_is_true_of_every_idea_that_gives_the_same_numbers(name, answer, diagnosis, says, never):
    result = exercise(name).examine(answer)
    assert result.diagnosis == diagnosis
    assert says in result.message
    assert never not in result.message


@pytest.mark.parametrize("name", ["06.7", "08.12"])
def test_a_network_without_its_input_is_not_given_that_of_another_exercise(name):
    import keras

    message = exercise(name).examine(keras.Sequential([keras.layers.Conv2D(8, 3)])).message
    assert "keras.Input(…)" in message
    assert "28" not in message


def test_a_bias_taken_for_a_threshold_is_not_called_forgotten():
    result = exercise("00.2").examine(lambda x, w, b: x @ w if x @ w > b else 0)
    assert result.diagnosis == "valor-distinto"


@pytest.mark.parametrize(
    ("answer", "slip"),
    [
        (0 * 1 + 1 * 0 + 3 * 2 + 4 * 1, "pierde el signo"),
        (0 * 1 + 1 * 0 + 3 * 2, "falta el último producto"),
    ],
)
def test_a_number_that_comes_from_two_slips_names_both(answer, slip):
    assert slip in exercise("01.1").examine(answer).message


def test_pooling_before_the_convolution_is_recognised_with_the_whole_kernel():
    result = exercise("01.5").examine(
        lambda image, kernel: np.maximum(ops.correlate2d(ops.max_pool2d(image), kernel), 0)
    )
    assert result.diagnosis == "pooling-antes"


def test_a_kernel_smaller_than_the_stride_does_not_always_make_the_padding_negative():
    assert ops.same_padding(7, 2, 3) == (0, 1)
    message = exercise("03.4").examine(exercise("03.4").judge.mistakes[-1].answer).message
    assert "la cuenta puede salir negativa" in message


def test_a_single_channel_is_not_written_in_plural():
    import keras

    message = exercise("04.6").examine(keras.layers.Conv2D(1, 5, strides=2, padding="same")).message
    assert message.startswith("Número de canales que salen: 1.")


# --- Lo observado, dentro de la frase -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "said"), [(0.5, "por 0,5:"), (-1.0, "por −1:"), (1.000002, "por 1,000002:")]
)
def test_a_gain_is_written_in_spanish_and_is_never_the_right_one(weight, said):
    kernel = np.zeros((3, 3))
    kernel[1, 0] = weight
    assert said in exercise("03.6").examine(kernel).message


@pytest.mark.parametrize("answer", [(24, 8), (20, 5), (1, 24), (2, 24)])
def test_a_single_window_neither_overlaps_nor_leaves_gaps_between_windows(answer):
    message = exercise("05.7").examine(answer).message
    assert "solapan" not in message
    assert "entre ventanas" not in message


def test_pixels_left_at_the_end_are_not_denied():
    assert "No hay solapes ni huecos" not in exercise("05.7").examine((5, 5)).message  # sobran cuatro
