"""Ejecuta código ajeno sin que pueda detener, ensuciar ni cambiar el cuaderno.

El código corre en un hilo con un plazo. Es lo que funciona igual en Windows, en los hilos de Colab y sin
procesos: una función escrita en una celda no se puede enviar a otro proceso. A cambio hay un límite: una sola
operación de C que no suelta el intérprete (``sum(range(10**12))``) no se puede cortar desde Python.

El plazo es de cálculo. Lo que tarda en cargarse un módulo no cuenta, y una carga nunca se interrumpe: dejaría
la biblioteca a medias para el resto del cuaderno. Si la máquina está ocupada con otra cosa, se espera más.
"""

import contextlib
import ctypes
import dis
import io
import linecache
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import _bootstrap

from course_utils.exercises.idleness import IDLE, Idleness

TIME_LIMIT = 1.0  # segundos de cálculo para toda la respuesta, en una máquina corriente
STOP_LIMIT = 0.4  # segundos que se insiste en detenerla
IMPORT_LIMIT = 300.0  # segundos de espera a una importación; después se deja en marcha
PATIENCE = 10.0  # cuántas veces el plazo se espera, por reloj, en una máquina ocupada
TICK = 0.02  # segundos entre una mirada y la siguiente
LOOP_SECONDS = 0.015  # lo que tarda el bucle de :func:`slowness` en una máquina corriente
PRINTED_LIMIT = 2_000  # caracteres que se guardan de lo que imprime
WATCHED = (
    "builtins",
    "math",
    "numpy",
    "course_utils.ops",
    "course_utils.ops.convolution",
    "course_utils.ops.pooling",
    "course_utils.ops.sizes",
)


class Stopped(BaseException):
    """Se lanza dentro del hilo de la respuesta cuando se acaba su plazo."""


@dataclass(frozen=True)
class Overrun:
    """Qué hacía una respuesta cuando se le acabó el plazo; solo lo que se ha mirado.

    Parameters
    ----------
    kind : {"loop", "waiting", "starved", "importing", "working"}
        Estaba en un bucle escrito en la respuesta; llevaba el plazo dormida; la máquina no le dio procesador
        para cumplir el plazo; cargaba un módulo; nada de eso.
    seconds : float
        Plazo que se le dio; lo esperado por reloj, si le faltó procesador.
    line : str
        Número y texto de su última línea en marcha; el módulo, si lo cargaba.
    """

    kind: str
    seconds: float
    line: str = ""


@dataclass(frozen=True)
class Run:
    """Qué ha pasado al ejecutar una respuesta.

    Parameters
    ----------
    value : object
        Lo que devuelve la tarea, si termina bien.
    error : BaseException or None
        Lo que lanza, si no.
    overrun : Overrun or None
        Qué hacía cuando se acabó el plazo; None si terminó antes.
    abandoned : bool
        Si además no hubo forma de detener el hilo.
    printed : str
        El principio de lo que imprime.
    tampered : tuple of str
        Nombres de bibliotecas que la respuesta sustituyó; ya están como estaban.
    """

    value: object = None
    error: BaseException | None = None
    overrun: Overrun | None = None
    abandoned: bool = False
    printed: str = ""
    tampered: tuple[str, ...] = ()

    @property
    def timed_out(self) -> bool:
        """Si se acabó el plazo."""
        return self.overrun is not None


def run(task: Callable[[], object]) -> Run:
    """Ejecuta ``task`` en otro hilo, con ``TIME_LIMIT`` de plazo, y deja el intérprete como estaba.

    La tarea puede tardar, imprimir, lanzar lo que sea o cambiar NumPy: nunca se lanza nada. Si se acaba el
    plazo la primera vez que se usa una biblioteca (TensorFlow se prepara en su primera operación), se repite:
    la segunda vez ya está lista.

    Examples
    --------
    >>> run(lambda: 1 + 1).value
    2
    >>> run(lambda: 1 / 0).error
    ZeroDivisionError('division by zero')
    """
    before = _libraries()
    first = _run_once(task)
    if first.timed_out and not first.abandoned and _libraries() != before:
        return _run_once(task)
    return first


def allow(turns: int) -> None:
    """Da a la tarea en marcha ``turns`` plazos en total: lo que falta es trabajo de quien juzga."""
    worker = threading.current_thread()
    if isinstance(worker, _Worker):
        worker.turns = turns


def _run_once(task: Callable[[], object]) -> Run:
    worker = _Worker(task)
    sink = _Sink()
    tampered: list[str] = []
    limit = TIME_LIMIT * slowness()
    with (
        _restoring(tampered),
        _silent_stops(),
        _imports_of(worker),
        contextlib.redirect_stdout(sink.named("stdout")),
        contextlib.redirect_stderr(sink.named("stderr")),
    ):
        worker.start()
        try:
            overrun = worker.wait(limit)
        finally:  # también si quien estudia pulsa «interrumpir»
            abandoned = worker.is_alive() and not worker.stop()
    printed = sink.close_record()
    if overrun:
        return Run(overrun=overrun, abandoned=abandoned, printed=printed, tampered=tuple(tampered))
    return Run(worker.value, worker.error, printed=printed, tampered=tuple(tampered))


def _libraries() -> tuple[int, bool]:
    """Cuántos módulos hay cargados y si TensorFlow, que los carga mucho antes de usarse, está preparado."""
    context = getattr(sys.modules.get("tensorflow.python.eager.context"), "_context", None)
    return len(sys.modules), bool(getattr(context, "_initialized", False))


@cache
def slowness() -> float:
    """Cuántas veces más lenta que una corriente es esta máquina, de 1 a 20.

    Examples
    --------
    >>> 1 <= slowness() <= 20
    True
    """
    times = []
    for _ in range(3):
        started, total = time.thread_time(), 0
        for number in range(100_000):
            total += number % 7
        times.append(time.thread_time() - started)
    return min(max(1.0, min(times) / LOOP_SECONDS), 20.0)


@dataclass
class _Spent:
    """Segundos de reloj y de procesador que se han ido en algo."""

    clock: float = 0.0
    cpu: float = 0.0

    def __sub__(self, other: "_Spent") -> "_Spent":
        return _Spent(self.clock - other.clock, self.cpu - other.cpu)

    def __iadd__(self, other: "_Spent") -> "_Spent":
        self.clock, self.cpu = self.clock + other.clock, self.cpu + other.cpu
        return self


def _now() -> _Spent:
    return _Spent(time.monotonic(), time.process_time())


class _Worker(threading.Thread):
    """Hilo que ejecuta una tarea y al que se le puede pedir que pare, salvo mientras carga un módulo."""

    def __init__(self, task: Callable[[], object]):
        super().__init__(daemon=True, name="respuesta-de-ejercicio")
        self.task = task
        self.value: object = None
        self.error: BaseException | None = None
        self.turns = 1
        self._finished = False
        self._must_stop = False
        self._gate = (
            threading.RLock()
        )  # quien lanza Stopped y quien empieza o acaba una importación, por turno
        self._loads = _Loads()

    def run(self) -> None:
        pending = True
        while True:
            try:  # Stopped puede llegar en cualquier punto, también cuando la tarea ya ha terminado
                if pending:
                    pending = False
                    try:
                        self.value = self.task()
                    except BaseException as error:
                        self.error = error
                with self._gate:  # desde aquí nadie lo lanza y, si había alguno en camino, se descarta
                    self._finished = True
                    _set_exception(self.ident, None)
                return
            except Stopped:
                continue

    def wait(self, turn: float) -> Overrun | None:
        """Espera a que termine; si se le acaba el plazo, dice qué estaba haciendo."""
        started, idleness = _now(), Idleness(self.native_id)
        while True:
            self.join(min(TICK, turn / 4))
            if not self.is_alive():
                return None
            limit = turn * self.turns
            with self._gate:
                module, loading = self._loads.current, self._loads.total()
                spent = _now() - started - loading
                idleness.look(counts=not module)
            spent.clock -= idleness.paused
            waits = idleness.asleep >= limit and spent.cpu < IDLE * spent.clock and idleness.given()
            if module and loading.clock >= IMPORT_LIMIT:
                return Overrun("importing", IMPORT_LIMIT, module)
            if waits or min(spent.clock, spent.cpu) >= limit:
                kind, line = self._doing()
                return Overrun("waiting" if waits else kind, limit, line)
            if spent.clock >= PATIENCE * limit:
                kind, line = self._doing()
                starved = spent.cpu + idleness.asleep < spent.clock / 2
                return Overrun("starved", spent.clock, line) if starved else Overrun(kind, limit, line)

    def _doing(self) -> tuple[str, str]:
        """Si está en un bucle de la respuesta, y en qué línea."""
        frame, frames = sys._current_frames().get(self.ident), []
        while frame is not None:
            if not frame.f_globals.get("__name__", "").startswith(("course_utils.exercises.", "threading")):
                frames.append(frame)
            frame = frame.f_back
        if not frames:
            return "working", ""
        own = [frame for frame in frames if frame.f_code.co_filename == frames[-1].f_code.co_filename]
        kind = "loop" if any(map(_in_loop, own)) else "working"
        return kind, line_text(own[0].f_code.co_filename, own[0].f_lineno)

    def stop(self) -> bool:
        """Lanza Stopped dentro del hilo, varias veces por si lo captura; dice si ha parado."""
        self._must_stop = True
        deadline = time.monotonic() + STOP_LIMIT
        while self.is_alive() and time.monotonic() < deadline:
            if self._gate.acquire(timeout=TICK):
                if not self._finished and not self._loads.depth:
                    _set_exception(self.ident, Stopped)
                self._gate.release()
            self.join(TICK)
        return not self.is_alive()

    @contextlib.contextmanager
    def loading(self, module: str) -> Iterator[None]:
        """Mientras dura, el hilo carga un módulo: no corre su plazo y nadie lanza Stopped en él."""
        with self._gate:
            if self._must_stop:
                raise Stopped
            self._loads.enter(module)
            _set_exception(self.ident, None)
        loaded = False
        try:
            yield
            loaded = True
        finally:
            with self._gate:
                self._loads.leave(loaded)
                stops = self._must_stop and not self._loads.depth
            if stops:
                raise Stopped


@dataclass
class _Loads:
    """Los módulos que carga un hilo; cada uno sale gratis una vez, y solo si se carga bien."""

    depth: int = 0
    current: str = ""
    paid: _Spent = field(default_factory=_Spent)
    known: set[str] = field(default_factory=set)
    started: _Spent = field(default_factory=_Spent)

    def enter(self, module: str) -> None:
        self.depth += 1
        if self.depth == 1:
            self.current, self.started = module, _now()

    def leave(self, loaded: bool) -> None:
        self.depth -= 1
        if self.depth == 0:
            if loaded:
                self.paid += self._this_one()
            self.known.add(self.current)
            self.current = ""

    def total(self) -> _Spent:
        """Lo que no cuenta como tiempo de la respuesta, con la carga que esté a medias."""
        total = _Spent(self.paid.clock, self.paid.cpu)
        total += self._this_one()
        return total

    def _this_one(self) -> _Spent:
        return _Spent() if self.current in self.known or not self.current else _now() - self.started


@contextlib.contextmanager
def _imports_of(worker: _Worker) -> Iterator[None]:
    """Avisa al hilo de cada módulo que carga: por aquí pasan ``import``, ``import_module`` y ``reload``."""

    def watched(original):
        def load(module, *rest):
            if threading.current_thread() is not worker:
                return original(module, *rest)
            with worker.loading(getattr(module, "name", module)):
                return original(module, *rest)

        return load

    originals = {name: getattr(_bootstrap, name) for name in ("_find_and_load", "_exec")}
    for name, original in originals.items():
        setattr(_bootstrap, name, watched(original))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(_bootstrap, name, original)


def _in_loop(frame) -> bool:
    """Si un marco ejecuta algo que está dentro de un bucle de su función."""
    return any(
        "JUMP_BACKWARD" in step.opname and step.argval <= frame.f_lasti <= step.offset
        for step in dis.get_instructions(frame.f_code)
    )


def line_text(filename: str, number: int) -> str:
    """Número y texto de una línea de código, para un mensaje."""
    source = linecache.getline(filename, number).strip()
    return f"línea {number}" + (f": {source}" if source else "")


def _set_exception(ident: int | None, kind: type[BaseException] | None) -> None:
    """Deja pendiente una excepción en un hilo; con None, quita la que hubiera."""
    raised = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), raised)


class _Sink:
    """Guarda el principio de lo que se escribe y tira el resto."""

    def __init__(self):
        self.parts: list[str] = []
        self.room = PRINTED_LIMIT
        self.closed = False

    def named(self, name: str) -> "_Stream":
        return _Stream(self, name)

    def close_record(self) -> str:
        """Lo guardado; lo que se escriba desde ahora va a la salida de verdad."""
        self.closed = True
        return "".join(self.parts)


class _Stream(io.TextIOBase):
    """Salida de la respuesta. Una biblioteca que se cargue puede quedársela para sus avisos de después."""

    def __init__(self, sink: _Sink, name: str):
        self.sink = sink
        self.name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.sink.closed:
            return getattr(sys, self.name).write(text)
        if self.sink.room > 0:
            self.sink.parts.append(text[: self.sink.room])
            self.sink.room -= len(text)
        return len(text)


@contextlib.contextmanager
def _silent_stops() -> Iterator[None]:
    """Stopped puede llegar dentro de un ``__del__``, que no puede lanzar nada: que Python no lo anuncie."""
    announce = sys.unraisablehook
    sys.unraisablehook = lambda lost: None if lost.exc_type is Stopped else announce(lost)
    try:
        yield
    finally:
        sys.unraisablehook = announce


@contextlib.contextmanager
def _restoring(tampered: list[str]) -> Iterator[None]:
    """Al salir, devuelve a su sitio lo que se haya sustituido en las bibliotecas y apunta qué era."""
    modules = {name: sys.modules[name] for name in WATCHED if name in sys.modules}
    before = {name: dict(vars(module)) for name, module in modules.items()}
    recursion = sys.getrecursionlimit()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if sys.getrecursionlimit() != recursion:
            sys.setrecursionlimit(recursion)
        missing = object()
        for name, namespace in before.items():
            current = vars(modules[name])
            for key, value in namespace.items():
                if current.get(key, missing) is not value:
                    current[key] = value
                    tampered.append(f"{name}.{key}")
