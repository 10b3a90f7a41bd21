"""Ninguna respuesta saca una excepción del comprobador, lo cuelga ni cambia el intérprete."""

import builtins
import functools
import itertools
import math
import sys
import threading
import time

import numpy as np
import pytest

from course_utils import ops
from course_utils.exercises import ____, exercise, runner, session
from course_utils.exercises.registry import all_exercises
from course_utils.exercises.result import Outcome
from course_utils.ops import correlate2d

WRONG = {Outcome.INCORRECT, Outcome.NOT_ATTEMPTED, Outcome.ANSWER_ERROR}


class NastyToTouch:
    """Todo lo que se le pregunta lanza una excepción."""

    @property
    def __class__(self):
        raise RuntimeError("clase")

    def _fail(self, *arguments):
        raise RuntimeError("no me toques")

    __array__ = __call__ = __repr__ = __str__ = __eq__ = __len__ = __iter__ = __bool__ = __float__ = _fail
    __hash__ = None
    shape = property(_fail)
    get_config = property(_fail)


class NastyMeta(type):
    def __instancecheck__(cls, other):
        raise RuntimeError("instancia")

    def __subclasscheck__(cls, other):
        raise RuntimeError("subclase")


class NastyClass(metaclass=NastyMeta):
    pass


class NastyInt(int):
    def __eq__(self, other):
        raise RuntimeError("igual")

    __hash__ = int.__hash__
    __sub__ = __lt__ = __abs__ = __int__ = __index__ = __eq__


class NastyText(BaseException):
    def __str__(self):
        raise RuntimeError("texto")


class NastyArray(np.ndarray):
    def __array_finalize__(self, other):
        raise RuntimeError("array")


class FakeModel:
    layers = ("capa",)
    built = True

    def count_params(self):
        return "muchos"

    def get_config(self):
        return {"filters": object()}


def raising(error):
    def answer(*arguments):
        raise error

    return answer


def returning(make):
    return lambda *arguments: make()


def generator(*arguments):
    yield 1


async def coroutine(*arguments):
    return 1


def prints_a_million_lines(*arguments):
    for number in range(1_000_000):
        print(number)


def patches_numpy(*arguments):
    np.asarray = np.allclose = np.array = lambda *a, **k: 7
    del np.zeros
    return 1


def patches_builtins(*arguments):
    builtins.isinstance = builtins.len = lambda *a: 0
    math.isclose = lambda *a, **k: True
    return 1


def replaces_stdout(*arguments):
    sys.stdout.close()
    sys.stdout = sys.stderr = None
    return 1


def recursion(*arguments):
    return recursion(*arguments)


def deep_recursion(*arguments):
    sys.setrecursionlimit(3_000)
    return recursion(*arguments)


def mutates(*arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument[...] = 0
            argument.shape = (-1,)
    return arguments[0]


def starts_threads(*arguments):
    threading.Thread(target=time.sleep, args=(0.01,), daemon=True).start()
    return 1


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def myself():
    value = []
    value.append(value)
    return value


HUGE = np.broadcast_to(0.0, (10**6, 10**6))
VALUES = {
    "nada": None,
    "puntos": ...,
    "hueco": ____,
    "entero-gigante": 10**5000,
    "negativo": -1,
    "nan": float("nan"),
    "infinito": float("inf"),
    "complejo": 1j,
    "bytes": b"14",
    "html": "<script>alert(1)</script>",
    "texto-enorme": "9" * 10**6,
    "diccionario": {"a": 1},
    "conjunto": {1, 2},
    "generador": (number for number in range(3)),
    "contador": itertools.count(),
    "lista-vacía": [],
    "lista-en-sí-misma": myself(),
    "lista-honda": nested(500),
    "lista-irregular": [[1], [2, 3]],
    "lista-enorme": [0] * 2_000_000,
    "array-enorme": HUGE,
    "array-de-objetos": np.array([object()]),
    "array-de-nan": np.full((3, 3), np.nan),
    "array-de-textos": np.array(["a"]),
    "array-con-campos": np.zeros(2, dtype=[("x", int)]),
    "máscara": np.ma.masked_all((3, 3)),
    "módulo": np,
    "clase": int,
    "clase-hostil": NastyClass,
    "excepción": ValueError("soy yo"),
    "intocable": NastyToTouch(),
    "entero-hostil": NastyInt(3),
    "modelo-falso": FakeModel(),
    "ejercicio": exercise("03.1"),
}
FUNCTIONS = {
    "sin-argumentos": lambda: 1,
    "otros-argumentos": lambda a, b, c, d, e, f, g: 1,
    "solo-con-nombre": lambda *, n: 1,
    "con-valores-por-defecto": lambda a=1, b=2, c=3, d=4, e=5: 1,
    "parcial": functools.partial(max, 1),
    "de-c": sum,
    "de-numpy": np.add,
    "generadora": generator,
    "corrutina": coroutine,
    "devuelve-none": returning(lambda: None),
    "devuelve-nan": returning(lambda: float("nan")),
    "devuelve-lo-gigante": returning(lambda: 10**5000),
    "devuelve-array-enorme": returning(lambda: HUGE),
    "devuelve-intocable": returning(NastyToTouch),
    "devuelve-array-hostil": returning(lambda: NastyArray((2, 2))),
    "devuelve-contador": returning(itertools.count),
    "devuelve-listas-en-sí-mismas": returning(myself),
    "se-devuelve": lambda *arguments: se_devuelve,
    "cierra-python": raising(SystemExit("adiós")),
    "interrumpe": raising(KeyboardInterrupt()),
    "sale-del-generador": raising(GeneratorExit()),
    "para-la-iteración": raising(StopIteration()),
    "sin-memoria": raising(MemoryError()),
    "excepción-sin-texto": raising(NastyText()),
    "excepción-que-no-lo-es": lambda *arguments: (_ for _ in ()).throw("no"),
    "imprime-un-millón": prints_a_million_lines,
    "cambia-numpy": patches_numpy,
    "cambia-python": patches_builtins,
    "cierra-la-salida": replaces_stdout,
    "recursión": recursion,
    "recursión-honda": deep_recursion,
    "cambia-la-entrada": mutates,
    "abre-hilos": starts_threads,
}


def se_devuelve(*arguments):
    return se_devuelve


def busy(*arguments):
    while True:
        pass


def sleeps(*arguments):
    time.sleep(60)  # más que el plazo de cualquier máquina


def swallows(*arguments):
    """No se deja parar; se rinde sola para no dejar un hilo girando durante las demás pruebas."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except BaseException:
            continue
    return 1


HANGING = {"bucle": busy, "duerme": sleeps, "no-se-deja-parar": swallows}


@pytest.fixture(autouse=True)
def _interpreter_as_it_was():
    """Después de cada respuesta todo sigue en su sitio."""
    session._records.clear()
    kept = (np.asarray, np.allclose, np.zeros, builtins.isinstance, builtins.len, math.isclose)
    streams = (sys.stdout, sys.stderr, sys.getrecursionlimit())
    yield
    assert kept == (np.asarray, np.allclose, np.zeros, builtins.isinstance, builtins.len, math.isclose)
    assert streams == (sys.stdout, sys.stderr, sys.getrecursionlimit())


def assert_explained(item, answer, seconds=2.0):
    """Hay una explicación, en menos de dos segundos, y se puede enseñar.

    Si otro programa ocupa la máquina, la espera se alarga: se cuenta el procesador y, si aun así tarda, el
    mejor de tres intentos.
    """
    times = []
    while len(times) < 3 and not any(elapsed < seconds for elapsed in times):
        started, worked = time.perf_counter(), time.process_time()
        result = item.check(answer)
        bundle = result._repr_mimebundle_()
        times.append(min(time.perf_counter() - started, time.process_time() - worked))
        assert result.state in WRONG, result
    assert min(times) < seconds, times
    for shown in bundle.values():
        assert len(shown) < 20_000
        shown.encode("utf-8")
    assert "<script" not in bundle["text/html"]
    return result


@pytest.fixture(scope="module", autouse=True)
def _keras_is_imported():
    import keras

    assert keras.layers.Dense(1)  # la primera importación tarda segundos y no es de la respuesta


@pytest.mark.parametrize("item", all_exercises(), ids=lambda item: item.id)
def test_no_value_escapes_from_the_checker(item):
    for answer in VALUES.values():
        assert_explained(item, answer)


@pytest.mark.parametrize("item", all_exercises(), ids=lambda item: item.id)
def test_no_function_escapes_from_the_checker(item, monkeypatch):
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.1)  # el plazo de verdad se prueba abajo
    for answer in FUNCTIONS.values():
        assert_explained(item, answer)


ONE_OF_EACH_KIND = ["03.2", "06.3", "00.3", "03.3", "04.6"]


@pytest.mark.parametrize("name", ONE_OF_EACH_KIND)
@pytest.mark.parametrize("kind", [*FUNCTIONS, *HANGING])
def test_with_the_real_time_limit_the_answer_comes_in_two_seconds(name, kind):
    assert_explained(exercise(name), (FUNCTIONS | HANGING)[kind])


# --- Qué se dice en los casos más comunes ----------------------------------------------------------


def test_an_endless_loop_is_stopped():
    before = set(threading.enumerate())
    result = exercise("03.1").check(lambda n, k: busy())
    assert result.diagnosis == "no-termina"
    assert "segundo plano" not in result.message
    assert set(threading.enumerate()) <= before


def test_a_thread_that_cannot_be_stopped_is_abandoned_and_said():
    result = exercise("03.1").check(sleeps)
    assert result.diagnosis == "no-termina"
    assert "segundo plano" in result.message
    assert "reinicia el kernel" in result.message


def test_a_correct_answer_after_an_abandoned_one_is_correct():
    exercise("03.1").check(sleeps)
    assert exercise("03.1").check(lambda n, k: n - k + 1).correct


def test_numpy_is_restored_and_the_student_is_told():
    result = exercise("03.1").check(patches_numpy)
    assert result.diagnosis == "cambia-bibliotecas"
    assert "`numpy.zeros`" in result.message
    assert np.zeros(2).tolist() == [0, 0]


def test_what_the_chapters_import_from_the_course_is_restored():
    def replaces(n, kernel_size):
        ops.correlate2d = max
        return n - kernel_size + 1

    assert "`course_utils.ops.correlate2d`" in exercise("03.1").check(replaces).message
    assert ops.correlate2d is correlate2d


def test_a_right_answer_that_patches_the_comparison_is_not_correct():
    def cheats(n, kernel_size):
        np.allclose = lambda *a, **k: True
        math.isclose = lambda *a, **k: True
        return n - kernel_size

    assert exercise("03.1").check(cheats).state is Outcome.ANSWER_ERROR


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (raising(SystemExit()), "cerrar Python"),
        (recursion, "se llama a sí misma"),
        (lambda: 1, "2 argumentos"),
        (lambda n, k, s: 1, "2 argumentos"),
        (int, "una clase"),
        (14, "sin paréntesis"),
        (coroutine, "corrutina"),
        (returning(lambda: HUGE), "(1000000, 1000000)"),
    ],
)
def test_what_is_wrong_is_named(answer, text):
    assert text in str(exercise("03.1").check(answer))


def test_a_function_where_a_value_is_asked_for():
    assert "no una función" in exercise("00.3").check(lambda: 1).message


def test_printing_does_not_flood_the_notebook(capsys):
    result = exercise("03.1").check(prints_a_million_lines)
    assert len(result.printed) <= runner.PRINTED_LIMIT
    assert len(str(result).splitlines()) < 25
    assert capsys.readouterr() == ("", "")


def test_stopping_the_cell_stops_the_answer(monkeypatch):
    """Quien pulsa «interrumpir» recibe su KeyboardInterrupt y la respuesta no sigue en marcha."""
    before = set(threading.enumerate())
    join = threading.Thread.join

    def interrupted_once(thread, timeout=None):
        monkeypatch.setattr(threading.Thread, "join", join)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        exercise("03.1").check(lambda n, k: busy())
    assert set(threading.enumerate()) <= before


class Slow:
    """Quien lo destruye espera; una excepción que llegue entonces no sale de ahí."""

    def __init__(self, error=None):
        self.error = error

    def __del__(self):
        if self.error:
            raise self.error
        for _ in range(500):
            time.sleep(0.01)


def test_a_stop_that_arrives_inside_a_destructor_is_not_announced(monkeypatch):
    announced = []
    monkeypatch.setattr(sys, "unraisablehook", announced.append)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "TIME_LIMIT", 0.05)
        outcome = runner.run(lambda: Slow() and None)
    assert (outcome.timed_out, outcome.abandoned) == (True, False)
    assert announced == []
    runner.run(lambda: Slow(ValueError("otra cosa")) and None)
    assert [lost.exc_type for lost in announced] == [ValueError]


def test_it_works_inside_another_thread():
    """Colab y los widgets llaman desde hilos."""
    found = []
    thread = threading.Thread(target=lambda: found.append(exercise("03.1").check(busy)))
    thread.start()
    thread.join()
    assert found[0].diagnosis == "no-termina"
