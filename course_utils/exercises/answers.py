"""Lo que se entrega: comprobar que es lo que se pedía y tocarlo sin que pueda estropear nada."""

import contextlib
import copy
import dis
import functools
import inspect
import traceback
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType

import numpy as np

from course_utils.exercises.faults import message_of
from course_utils.exercises.placeholder import Unfilled, has_holes
from course_utils.exercises.runner import Stopped
from course_utils.exercises.values import Unusable, kind_of, show, tame


class Signal(Exception):
    """Lo que se sabe de una respuesta antes de poder compararla."""


class NotAttempted(Signal):
    """Aún no hay respuesta; el texto dice qué ha llegado, si no es el hueco."""


class WrongKind(Signal):
    """Se pedía una cosa y ha llegado otra; el texto lo explica."""


class AnswerFailed(Signal):
    """El código de la respuesta ha lanzado ``__cause__`` con los argumentos de ``call``."""

    def __init__(self, call: str):
        super().__init__(call)
        self.call = call


class InputChanged(Signal):
    """La respuesta ha modificado el argumento que lleva este nombre."""


class Unexpected(Signal):
    """La respuesta funciona, pero lo que devuelve no tiene la forma que se puede juzgar."""


class Guarded:
    """La función de quien responde: recibe copias y devuelve valores inofensivos; sus fallos llevan nombre.

    Parameters
    ----------
    function : callable
        Lo que se ha entregado.
    names : sequence of str
        Nombres de los argumentos, para los mensajes.
    """

    def __init__(self, function, names: Sequence[str]):
        self.function = function
        self.names = names

    def __call__(self, *arguments):
        copies = copy.deepcopy(arguments)
        value = touch(lambda: tame(self.function(*copies)), lambda: self.describe(arguments))
        for name, before, after in zip(self.names, arguments, copies, strict=False):
            if _changed(before, after):
                raise InputChanged(name)
        return value

    def describe(self, arguments) -> str:
        """La llamada, escrita como en Python; los arrays, aparte."""
        name = getattr(self.function, "__name__", "")
        named = isinstance(name, str) and name.isidentifier()
        return describe_call(name if named else "función", self.names, arguments)


def describe_call(name: str, names: Sequence[str], arguments) -> str:
    """Texto de una llamada; si algún argumento es un array, uno por línea.

    Examples
    --------
    >>> describe_call("output_size", ["n", "kernel_size"], (5, 3))
    'output_size(5, 3)'
    """
    shown = [show(value) for value in arguments]
    if any("\n" in text or len(text) > 40 for text in shown):
        return "\n".join(
            f"{name} = {text}".replace("\n", "\n" + " " * (len(name) + 3))
            for name, text in zip(names, shown, strict=False)
        )
    return f"{name}({', '.join(shown)})"


def touch(action: Callable[[], object], describe: Callable[[], str] = str):
    """Hace algo con un objeto ajeno; cualquier cosa que lance se entrega como :class:`AnswerFailed`."""
    try:
        return action()
    except (Stopped, Signal):
        raise
    except Unfilled:
        raise NotAttempted from None
    except BaseException as error:
        if isinstance(error, NotImplementedError) and _raised_by_answer(error):
            raise NotAttempted("Tu función lanza `NotImplementedError`.") from None
        if isinstance(error, NameError) and error.name == "____":
            raise NotAttempted from None
        raise AnswerFailed(describe()) from error


def _raised_by_answer(error: BaseException) -> bool:
    """Si la excepción nace en el archivo de la respuesta, y no en una biblioteca a la que llama."""
    files = [
        frame.f_code.co_filename
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if not frame.f_globals.get("__name__", "").startswith("course_utils.exercises.")
    ]
    return bool(files) and files[-1] == files[0]


def read(answer, action: Callable[[], object]):
    """Lee algo ya construido. Si no se sabe leer, la respuesta no se ha detenido: se dice que no se lee."""
    try:
        return action()
    except (Stopped, Signal):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {message_of(error)}"
        raise Unexpected(f"No sé leer {kind_of(answer)} como este: `{reason}`.") from error


def _changed(before, after) -> bool:
    if isinstance(before, np.ndarray):
        return before.shape != after.shape or not np.array_equal(
            before, after, equal_nan=before.dtype.kind == "f"
        )
    if type(before) is not type(after):
        return True
    if isinstance(before, list | tuple):
        return len(before) != len(after) or any(map(_changed, before, after))
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(_changed(before[key], after[key]) for key in before)
    if isinstance(before, int | float | str):
        return before != after and before == before  # un nan no ha cambiado
    return False


def _is_stub(function) -> bool:
    """Si el cuerpo está vacío: ``pass``, ``...``, ``return`` o solo un texto."""
    if type(function) is not FunctionType:
        return False
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP", "CACHE")]
    names = [step.opname for step in steps]
    return names in (["RETURN_CONST"], ["LOAD_CONST", "RETURN_VALUE"]) and steps[0].argval in (None, Ellipsis)


def take_function(answer, names: Sequence[str]) -> Guarded:
    """Comprueba que la respuesta es una función que admite esos argumentos y la devuelve vigilada."""
    _refuse_empty(answer)
    if not callable(answer):
        raise WrongKind(
            f"Se espera una función y ha llegado {kind_of(answer)}. "
            "Pasa el nombre de la función, sin paréntesis: `.check(mi_funcion)`."
        )
    if issubclass(type(answer), type):
        raise WrongKind(
            "Se espera una función y ha llegado una clase. Escribe una función con `def` y pasa su nombre."
        )
    if _is_stub(answer):
        raise NotAttempted("La función está vacía.")
    try:
        signature = inspect.signature(answer)
    except (ValueError, TypeError):  # algunas funciones escritas en C no dicen sus argumentos
        return Guarded(answer, names)
    try:
        signature.bind(*names)
    except TypeError:
        raise WrongKind(
            f"La función se llama con {_count(names)} y la tuya recibe `{signature}`. "
            "Usa la cabecera del enunciado."
        ) from None
    return Guarded(answer, names)


def _count(names: Sequence[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    return f"1 argumento, {listed}" if len(names) == 1 else f"{len(names)} argumentos, {listed}"


def take_value(answer):
    """Copia inofensiva de un valor entregado."""
    _refuse_empty(answer)
    value = tame(answer)
    if isinstance(value, Unusable) and type(answer) is FunctionType:
        raise WrongKind("Aquí se espera un valor, no una función: pasa lo que devuelve al llamarla.")
    return value


def take_model(answer):
    """El modelo, la capa o la configuración que se entrega, o lo que devuelve la función que lo construye."""
    _refuse_empty(answer)
    if type(answer) not in (FunctionType, MethodType, functools.partial):
        return answer
    with contextlib.suppress(ValueError):  # algunas funciones escritas en C no dicen sus argumentos
        signature = inspect.signature(answer)
        try:
            signature.bind()
        except TypeError:
            raise WrongKind(
                f"La función que construye el modelo se llama sin argumentos y la tuya recibe `{signature}`."
            ) from None
    if _is_stub(answer):
        raise NotAttempted("La función está vacía.")
    built = answer()
    if built is None:
        raise WrongKind("La función devuelve `None`: ¿falta `return`?")
    if inspect.iscoroutine(built):
        built.close()  # si no, Python avisa más tarde de que nadie la esperó
        raise WrongKind("La función es asíncrona y devuelve una corrutina: quita `async`.")
    return built


def _refuse_empty(answer) -> None:
    if answer is None:
        raise NotAttempted("Ha llegado `None`.")
    if answer is Ellipsis or has_holes(answer):
        raise NotAttempted
