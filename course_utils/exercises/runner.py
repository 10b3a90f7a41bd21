"""Ejecuta código ajeno sin que pueda detener, ensuciar ni cambiar el cuaderno.

El código corre en un hilo con un plazo. Es lo que funciona igual en Windows, en los hilos de Colab y sin
procesos: una función escrita en una celda no se puede enviar a otro proceso. A cambio hay un límite: una sola
operación de C que no suelta el intérprete (``sum(range(10**12))``) no se puede cortar desde Python.
"""

import contextlib
import ctypes
import io
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TIME_LIMIT = 1.0  # segundos para toda la respuesta
STOP_LIMIT = 0.4  # segundos que se insiste en detenerla
PRINTED_LIMIT = 2_000  # caracteres que se guardan de lo que imprime
WATCHED = (
    "builtins",
    "math",
    "numpy",
    "course_utils.ops",
    "course_utils.ops.convolution",
    "course_utils.ops.pooling",
    "course_utils.ops.shapes",
)


class Stopped(BaseException):
    """Se lanza dentro del hilo de la respuesta cuando se acaba su plazo."""


@dataclass(frozen=True)
class Run:
    """Qué ha pasado al ejecutar una respuesta.

    Parameters
    ----------
    value : object
        Lo que devuelve la tarea, si termina bien.
    error : BaseException or None
        Lo que lanza, si no.
    timed_out, abandoned : bool
        Si se acabó el plazo, y si además no hubo forma de detener el hilo.
    printed : str
        El principio de lo que imprime.
    tampered : tuple of str
        Nombres de bibliotecas que la respuesta sustituyó; ya están como estaban.
    """

    value: object = None
    error: BaseException | None = None
    timed_out: bool = False
    abandoned: bool = False
    printed: str = ""
    tampered: tuple[str, ...] = ()


def run(task: Callable[[], object]) -> Run:
    """Ejecuta ``task`` en otro hilo, con ``TIME_LIMIT`` de plazo, y deja el intérprete como estaba.

    Parameters
    ----------
    task : callable
        Función sin argumentos; puede tardar, imprimir, lanzar lo que sea o cambiar NumPy.

    Returns
    -------
    Run
        Nunca lanza lo que lance la tarea.

    Examples
    --------
    >>> run(lambda: 1 + 1).value
    2
    >>> run(lambda: 1 / 0).error
    ZeroDivisionError('division by zero')
    """
    worker = _Worker(task)
    sink = _Sink()
    tampered: list[str] = []
    with (
        _restoring(tampered),
        _silent_stops(),
        contextlib.redirect_stdout(sink),
        contextlib.redirect_stderr(sink),
    ):
        worker.start()
        try:
            worker.join(TIME_LIMIT)
            timed_out = worker.is_alive()
        finally:  # también si quien estudia pulsa «interrumpir»
            abandoned = worker.is_alive() and not worker.stop()
    printed = sink.getvalue()
    if timed_out:
        return Run(timed_out=True, abandoned=abandoned, printed=printed, tampered=tuple(tampered))
    return Run(worker.value, worker.error, printed=printed, tampered=tuple(tampered))


class _Worker(threading.Thread):
    """Hilo que ejecuta una tarea y al que se le puede pedir que pare."""

    def __init__(self, task: Callable[[], object]):
        super().__init__(daemon=True, name="respuesta-de-ejercicio")
        self.task = task
        self.value: object = None
        self.error: BaseException | None = None
        self._finished = False
        self._closing = threading.RLock()

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
                with self._closing:  # desde aquí nadie lo lanza y, si había alguno en camino, se descarta
                    self._finished = True
                    _set_exception(self.ident, None)
                return
            except Stopped:
                continue

    def stop(self) -> bool:
        """Lanza Stopped dentro del hilo, varias veces por si lo captura; dice si ha parado."""
        deadline = time.monotonic() + STOP_LIMIT
        while self.is_alive() and time.monotonic() < deadline:
            if self._closing.acquire(timeout=0.02):
                if not self._finished:
                    _set_exception(self.ident, Stopped)
                self._closing.release()
            self.join(0.02)
        return not self.is_alive()


def _set_exception(ident: int | None, kind: type[BaseException] | None) -> None:
    """Deja pendiente una excepción en un hilo; con None, quita la que hubiera."""
    raised = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), raised)


class _Sink(io.TextIOBase):
    """Guarda el principio de lo que se escribe y tira el resto."""

    def __init__(self):
        self.parts: list[str] = []
        self.room = PRINTED_LIMIT

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def getvalue(self) -> str:
        return "".join(self.parts)


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
