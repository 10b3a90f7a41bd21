"""El plazo de una respuesta: importar no cuenta ni se interrumpe, y en una máquina lenta se espera más."""

import contextlib
import importlib
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from course_utils.exercises import exercise, idleness, runner
from course_utils.exercises.result import Outcome
from tests.conftest import ROOT


def in_a_fresh_process(code, **environment):
    """Lo que imprime un programa en un Python recién abierto, como un kernel sin usar."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# --- Importar dentro de la respuesta ---------------------------------------------------------------


def test_tensorflow_inside_the_answer_is_right_on_a_cold_kernel_and_works_afterwards():
    lines = in_a_fresh_process(
        """
        import sys
        from course_utils.exercises import exercise
        assert not {"tensorflow", "keras", "scipy"} & set(sys.modules)

        def correlate(image, kernel):
            import tensorflow as tf
            image = tf.constant(image, tf.float64)[None, :, :, None]
            kernel = tf.constant(kernel, tf.float64)[:, :, None, None]
            return tf.nn.conv2d(image, kernel, 1, "VALID")[0, :, :, 0]

        print(exercise("03.5").check(correlate).state.value)
        import numpy as np
        import tensorflow as tf
        import keras
        print(tf.ragged.constant([[1], [2, 3]]).shape)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        print(model.fit(np.ones((8, 4)), np.ones(8), verbose=0).history["loss"][0] >= 0)
        tf.get_logger().warning("se oye")
        """
    )
    assert lines == ["correcto", "(2, None)", "True"]


@pytest.mark.parametrize(
    "imports",
    [
        "from scipy.signal import correlate2d",
        "import importlib; correlate2d = importlib.import_module('scipy.signal').correlate2d",
        "import scipy; correlate2d = scipy.signal.correlate2d",
    ],
)
def test_scipy_inside_the_answer_is_right_on_a_cold_kernel(imports):
    code = f"""
        from course_utils.exercises import exercise, runner

        runner.TIME_LIMIT = 0.05

        def correlate(image, kernel):
            {imports}
            return correlate2d(image, kernel, mode="valid")

        print(exercise("03.5").check(correlate).state.value)
        """
    assert in_a_fresh_process(code) == ["correcto"]


@pytest.fixture
def slow_module(tmp_path, monkeypatch):
    """Un módulo que tarda en cargarse tres veces el plazo, y que apunta cuándo ha terminado."""
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    monkeypatch.syspath_prepend(tmp_path)
    source = (
        "import time\nend = time.monotonic() + 0.6\nwhile time.monotonic() < end:\n    pass\ndone = True\n"
    )
    for name in ("slow_one", "slow_two"):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    importlib.invalidate_caches()
    yield "slow_one"
    for name in ("slow_one", "slow_two"):
        sys.modules.pop(name, None)


def test_an_import_longer_than_the_limit_is_not_the_time_of_the_answer(slow_module):
    def answer(n, kernel_size):
        import slow_one
        import slow_two

        assert slow_one.done
        assert slow_two.done
        return n - kernel_size + 1

    assert exercise("03.1").check(answer).correct


def test_a_loop_after_an_import_is_stopped_and_the_module_is_whole(slow_module):
    def answer(n, kernel_size):
        import slow_one  # noqa: F401

        while True:
            pass

    result = exercise("03.1").check(answer)
    assert result.diagnosis == "no-termina"
    assert "bucle" in result.message
    assert sys.modules["slow_one"].done


def workers():
    """Los hilos en que se ejecuta una respuesta; puede quedar alguno de otra prueba."""
    return {thread for thread in threading.enumerate() if thread.name == "respuesta-de-ejercicio"}


def test_interrupting_the_cell_does_not_break_the_import(slow_module, monkeypatch):
    """El módulo termina de cargarse y la respuesta se para al salir de él."""
    went_on, interrupted = [], []

    def answer(n, kernel_size):
        import slow_one  # noqa: F401

        went_on.append(True)

    join = threading.Thread.join

    def interrupted_once(thread, timeout=None):
        monkeypatch.setattr(threading.Thread, "join", join)
        interrupted.append(thread)
        time.sleep(0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        exercise("03.1").check(answer)
    interrupted[0].join(60)
    assert not interrupted[0].is_alive()
    assert sys.modules["slow_one"].done
    assert not went_on


def imports_forever(n, kernel_size):
    while True:
        sys.modules.pop("colorsys", None)
        import colorsys  # noqa: F401


def imports_what_does_not_exist(n, kernel_size):
    number = 0
    while True:
        number += 1
        with contextlib.suppress(ImportError):
            importlib.import_module(f"no_existe_{number}")


def reloads_forever(n, kernel_size):
    import colorsys

    while True:
        importlib.reload(colorsys)


@pytest.mark.parametrize("answer", [imports_forever, imports_what_does_not_exist, reloads_forever])
def test_a_loop_that_imports_is_stopped(answer, monkeypatch):
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.3)
    before = set(threading.enumerate())
    result = exercise("03.1").check(answer)
    assert result.diagnosis == "no-termina"
    assert set(threading.enumerate()) <= before
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0)


def test_an_import_that_does_not_end_is_left_and_named(slow_module, monkeypatch):
    before = workers()
    monkeypatch.setattr(runner, "IMPORT_LIMIT", 0.1)
    monkeypatch.setattr(runner, "STOP_LIMIT", 0.05)

    def answer(n, kernel_size):
        import slow_one  # noqa: F401

    result = exercise("03.1").check(answer)
    assert "importación" in result.message
    assert "segundo plano" in result.message
    assert dict(result.facts)["Dónde estaba"] == "slow_one"
    [worker] = workers() - before
    worker.join(5)


def test_the_import_machinery_is_left_as_it_was():
    from importlib import _bootstrap

    before = _bootstrap._find_and_load, _bootstrap._exec
    for answer in (lambda n, k: n - k + 1, imports_what_does_not_exist, lambda n, k: 1 / 0):
        exercise("03.1").check(answer)
    assert (_bootstrap._find_and_load, _bootstrap._exec) == before


def test_what_a_library_keeps_of_the_output_still_writes_afterwards(capsys):
    kept = []
    assert runner.run(lambda: kept.append(sys.stderr)).error is None
    print("después", file=kept[0])
    assert capsys.readouterr().err == "después\n"


def test_the_first_use_of_a_library_is_repeated_when_it_takes_too_long(monkeypatch):
    """TensorFlow con GPU tarda segundos en su primera operación, ya importado."""
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.1)
    runs = []

    def answer(n, kernel_size):
        if not runs:
            runs.append(True)
            sys.modules["biblioteca_de_prueba"] = sys
            end = time.monotonic() + 5
            while time.monotonic() < end:
                pass
        return n - kernel_size + 1

    assert exercise("03.1").check(answer).correct
    del sys.modules["biblioteca_de_prueba"]


# --- La máquina ------------------------------------------------------------------------------------


def works(seconds):
    """Una respuesta correcta que ocupa el procesador esos segundos."""

    def answer(n, kernel_size):
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass
        return n - kernel_size + 1

    return answer


def cases():
    return len(exercise("03.1").judge.cases)


def test_a_slow_machine_gives_more_time(monkeypatch):
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    answer = works(0.4 / cases())
    assert exercise("03.1").check(answer).diagnosis == "no-termina"
    monkeypatch.setattr(runner, "slowness", lambda: 5.0)
    assert exercise("03.1").check(answer).correct


def unet_with_normalization():
    from keras import Input, Model, layers

    def block(maps, filters):
        for _ in range(2):
            maps = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
            maps = layers.ReLU()(layers.BatchNormalization()(maps))
        return maps

    inputs = Input((32, 32, 3))
    maps, kept = layers.Rescaling(1 / 255)(inputs), []
    for filters in (8, 8):
        maps = block(maps, filters)
        kept.append(maps)
        maps = layers.MaxPooling2D()(maps)
    maps = block(maps, 16)
    for skip in reversed(kept):
        maps = block(layers.Concatenate()([layers.UpSampling2D()(maps), skip]), 8)
    return Model(inputs, layers.Conv2D(1, 1)(maps))


def test_the_time_to_judge_a_network_is_not_that_of_an_answer(monkeypatch):
    """Para juzgar una U-Net se ejecuta decenas de veces; en la respuesta no hay ningún bucle."""
    network = unet_with_normalization()
    assert exercise("08.12").check(network).correct  # con TensorFlow ya preparado
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.4)
    assert exercise("08.12").check(network).correct


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="aquí no se elige el procesador")
def test_a_busy_machine_does_not_refuse_a_right_answer():
    """Tres programas y la respuesta, en un solo procesador: por reloj tarda cuatro veces más."""
    code = f"""
        import os, subprocess, sys, time
        from course_utils.exercises import exercise, runner

        runner.TIME_LIMIT = 0.5
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
        try:
            def answer(n, kernel_size):
                end = time.thread_time() + {0.2 / cases()}
                while time.thread_time() < end:
                    pass
                return n - kernel_size + 1

            started = time.monotonic()
            print(exercise("03.1").check(answer).state.value)
            print(time.monotonic() - started > 0.4)
        finally:
            for hog in hogs:
                hog.kill()
                hog.wait()
        """
    assert in_a_fresh_process(code) == ["correcto", "True"]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="aquí no se elige el procesador")
def test_a_starved_answer_is_not_told_that_it_waits():
    """Tres programas y la respuesta, con la menor prioridad, en un solo procesador: no le toca casi nunca."""
    code = """
        import os, subprocess, sys
        from course_utils.exercises import exercise, runner

        runner.TIME_LIMIT = 0.1
        runner.slowness()
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
        os.nice(19)
        try:
            def answer(n, kernel_size):
                while True:
                    pass

            print("esperando" in exercise("03.1").check(answer).message)
        finally:
            for hog in hogs:
                hog.kill()
                hog.wait()
        """
    assert in_a_fresh_process(code) == ["False"]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="aquí no se detiene un proceso")
def test_the_time_that_the_process_is_stopped_is_not_of_the_answer():
    code = """
        import os, signal, subprocess, time
        from course_utils.exercises import exercise, runner

        runner.TIME_LIMIT = 0.2
        runner.slowness()

        def answer(n, kernel_size):
            if n == exercise("03.1").judge.cases[0][0]:
                subprocess.Popen(["sh", "-c", f"sleep 2.2; kill -CONT {os.getpid()}"])
                os.kill(os.getpid(), signal.SIGSTOP)
            return n - kernel_size + 1

        exercise("03.1").judge.prepare()
        started = time.monotonic()
        print(exercise("03.1").check(answer).state.value, time.monotonic() - started > 2)
        """
    assert in_a_fresh_process(code) == ["correcto True"]


class TestIdleness:
    """Con lo que dice el sistema, inventado."""

    @pytest.fixture
    def watched(self, monkeypatch):
        now = {"clock": 0.0, "cpu": 0.0}
        monkeypatch.setattr(idleness.time, "monotonic", lambda: now["clock"])
        monkeypatch.setattr(idleness.time, "process_time", lambda: now["cpu"])
        monkeypatch.setattr(idleness.Idleness, "_read", lambda self: now.get("scheduled"))

        def after(watcher, looks, passed, cpu=0.0, busy=0.0, state="S"):
            for _ in range(looks):
                now["clock"] += passed
                now["cpu"] += cpu
                if "scheduled" in now:
                    now["scheduled"] = now["scheduled"][0] + busy, state
                watcher.look()
            return round(watcher.asleep, 3)

        return now, after

    def test_sleeping_counts_and_queueing_does_not(self, watched):
        now, after = watched
        now["scheduled"] = 0.0, "S"
        watcher = idleness.Idleness(1)
        assert after(watcher, 10, 0.02) == 0.2
        assert after(watcher, 10, 0.02, busy=0.02) == 0.2
        assert after(watcher, 10, 0.02, state="R") == 0.2  # a la cola, aún sin apuntar
        assert after(watcher, 1, 0.5) == 0.26  # quien mira llegó tarde

    def test_without_the_system_only_what_is_punctual_counts(self, watched):
        _, after = watched
        watcher = idleness.Idleness(1)
        assert after(watcher, 10, 0.02) == 0.2
        assert after(watcher, 10, 0.02, cpu=0.02) == 0.2
        assert after(watcher, 1, 0.5) == 0.26

    def test_a_long_gap_without_computing_is_a_pause(self, watched):
        _, after = watched
        watcher = idleness.Idleness(1)
        assert after(watcher, 1, 5.0) == 0
        assert watcher.paused == 5.0
        after(watcher, 1, 5.0, cpu=5.0)
        assert watcher.paused == 5.0

    def test_without_the_system_it_is_tried_whether_there_is_processor(self, monkeypatch):
        monkeypatch.setattr(idleness.Idleness, "_read", lambda self: None)
        watcher = idleness.Idleness(1)
        watcher.asleep = 1.0
        monkeypatch.setattr(idleness.time, "thread_time", lambda: 0.0)
        assert not watcher.given()
        assert watcher.asleep == 0
        monkeypatch.setattr(idleness.time, "thread_time", itertools.count().__next__)
        assert watcher.given()


def test_an_answer_that_waits_elsewhere_is_told_so_without_the_system(monkeypatch):
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    monkeypatch.setattr(idleness.Idleness, "_read", lambda self: None)
    monkeypatch.setattr(idleness.time, "thread_time", itertools.count().__next__)
    assert "esperando" in exercise("03.1").check(waits).message


def test_the_speed_of_the_machine_is_measured_within_its_bounds():
    assert 1 <= runner.slowness.__wrapped__() <= 20


# --- Qué se dice -----------------------------------------------------------------------------------


def endless_while(n, kernel_size):
    total = 0
    while total >= 0:
        total += 1
    return total


def endless_for(n, kernel_size):
    total = 0
    for number in itertools.count():
        total += number
    return total


def recursive(n, kernel_size):
    return 1 if n < 2 else recursive(n - 1, 1) + recursive(n - 2, 1)


def waits(n, kernel_size):
    time.sleep(0.6)
    return 1


def too_much_work(n, kernel_size):
    return recursive(60, 1)


@pytest.mark.parametrize(
    ("answer", "says", "never", "line"),
    [
        (endless_while, "dentro de un bucle", "esperando", "total"),
        (endless_for, "dentro de un bucle", "esperando", "number"),
        (waits, "esperando, sin calcular", "bucle", "time.sleep(0.6)"),
        (too_much_work, "Puede que haga demasiadas cuentas", "bucle", "recursive"),
    ],
)
def test_what_it_was_doing_is_what_was_seen(answer, says, never, line, monkeypatch):
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.2)
    started = time.monotonic()
    result = exercise("03.1").check(answer)
    assert time.monotonic() - started < 2
    assert (result.state, result.diagnosis) == (Outcome.ANSWER_ERROR, "no-termina")
    assert says in result.message
    assert never not in result.message
    assert line in dict(result.facts)["Dónde estaba"]


def test_the_seconds_of_the_message_are_those_that_were_given(monkeypatch):
    monkeypatch.setattr(runner, "slowness", lambda: 1.0)
    assert "en 1 segundo y" in exercise("03.1").check(endless_while).message
    monkeypatch.setattr(runner, "slowness", lambda: 1.5)
    assert "en 1,5 segundos y" in exercise("03.1").check(endless_while).message
