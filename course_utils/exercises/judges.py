"""Cómo se juzga una respuesta: comparándola con una función de referencia o mirando cómo se comporta.

Cada juez trabaja en dos tiempos. ``observe`` toca la respuesta (la llama, copia sus valores) y se ejecuta
vigilado por :mod:`course_utils.exercises.runner`. ``verdict`` solo mira valores ya inofensivos.
"""

import copy
import dis
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType

import numpy as np

from course_utils.exercises.placeholder import HOLE, Unfilled, has_holes
from course_utils.exercises.runner import Stopped
from course_utils.exercises.values import Unusable, difference, kind_of, show, size_of, tame


@dataclass(frozen=True)
class Mistake:
    """Un modelo equivocado con nombre.

    Parameters
    ----------
    id : str
        Nombre del error: «olvida-el-uno».
    message : str or callable
        Qué idea ha fallado y qué probar. Si es una función, recibe lo observado y devuelve el texto.
    answer : callable
        El error hecho respuesta, para probar que se reconoce. En ejercicios de función, la función
        equivocada; en los demás, una sin argumentos que devuelve el valor, el kernel o el modelo.
    when : callable, optional
        Solo en :class:`ByRules`: recibe lo observado y dice si el error está ahí.
    """

    id: str
    message: str | Callable[[object], str]
    answer: Callable
    when: Callable[[object], bool] | None = None

    def explain(self, observed) -> str:
        """Texto del error para lo observado."""
        return self.message(observed) if callable(self.message) else self.message


@dataclass(frozen=True)
class Case:
    """El caso más pequeño en que falla una respuesta, ya en texto."""

    given: str
    expected: str
    obtained: str


@dataclass(frozen=True)
class Finding:
    """Lo que el juez concluye: un diagnóstico vacío es una respuesta correcta."""

    diagnosis: str
    message: str = ""
    case: Case | None = None


class Signal(Exception):
    """Lo que se sabe de una respuesta antes de poder compararla."""


class NotAttempted(Signal):
    """La respuesta es el enunciado sin tocar."""


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
    except (Unfilled, NotImplementedError):
        raise NotAttempted from None
    except BaseException as error:
        if isinstance(error, NameError) and error.name == "____":
            raise NotAttempted from None
        raise AnswerFailed(describe()) from error


def _changed(before, after) -> bool:
    if isinstance(before, np.ndarray):
        return before.shape != after.shape or not np.array_equal(
            before, after, equal_nan=before.dtype.kind == "f"
        )
    if isinstance(before, list | tuple | dict):
        return before != after
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
        raise NotAttempted
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
    if type(answer) is not FunctionType:
        return answer
    if inspect.signature(answer).parameters:
        raise WrongKind("La función que construye el modelo no recibe argumentos.")
    if _is_stub(answer):
        raise NotAttempted
    built = answer()
    if built is None:
        raise WrongKind("La función no devuelve nada: ¿falta `return`?")
    return built


def _refuse_empty(answer) -> None:
    if answer is None or answer is Ellipsis or has_holes(answer):
        raise NotAttempted


class ByReference:
    """Compara una función con la de referencia en una lista de casos, o un valor con el de referencia.

    Parameters
    ----------
    reference : callable
        La solución: su código es el que se enseña. Sin argumentos, el ejercicio pide el valor que devuelve.
    cases : callable or sequence of tuple
        Argumentos de cada caso; si es una función, los construye cuando hacen falta.
    mistakes : sequence of Mistake
        Modelos equivocados que se reconocen: deben diferenciarse entre sí en algún caso.
    """

    def __init__(self, reference: Callable, mistakes: Sequence[Mistake], cases=((),)):
        self.reference = reference
        self.mistakes = tuple(mistakes)
        self._cases = cases
        self.names = tuple(inspect.signature(reference).parameters)

    @property
    def asks_function(self) -> bool:
        """Si se pide una función, o el valor que devuelve la referencia."""
        return bool(self.names)

    @cached_property
    def cases(self) -> tuple[tuple, ...]:
        """Argumentos de cada caso."""
        cases = self._cases() if callable(self._cases) else self._cases
        return tuple(case if isinstance(case, tuple) else (case,) for case in cases)

    @cached_property
    def expected(self) -> list:
        """Lo que la referencia devuelve en cada caso."""
        return self.outputs(self.reference)

    @cached_property
    def _wrong(self) -> list[list]:
        with np.errstate(all="ignore"):
            return [self.outputs(mistake.answer) for mistake in self.mistakes]

    def outputs(self, function: Callable) -> list:
        """Lo que una función de confianza devuelve en cada caso."""
        return [tame(function(*copy.deepcopy(case))) for case in self.cases]

    def prepare(self) -> None:
        """Calcula lo esperado antes de que la respuesta se ejecute."""
        _ = self.expected, self._wrong

    def stub(self) -> str:
        """El enunciado hecho código, con el hueco."""
        return stub_of(self.reference)

    def as_answer(self, solution: Callable):
        """Lo que se entregaría: la función, o el valor que devuelve."""
        return solution if self.asks_function else solution()

    def observe(self, answer) -> list:
        """Lo que la respuesta devuelve en cada caso."""
        if not self.asks_function:
            return [touch(lambda: take_value(answer))]
        function = touch(lambda: take_function(answer, self.names))
        outputs = []
        for case in self.cases:
            outputs.append(function(*case))
            if isinstance(outputs[-1], Unusable):
                break  # no es un valor: no hace falta seguir
        return outputs

    def verdict(self, outputs: list) -> Finding:
        """Compara con la referencia, luego con cada modelo equivocado, y si no, enseña el caso menor."""
        pairs = list(zip(self.cases, self.expected, outputs, strict=False))
        failures = [
            (size_of(case), index, kind)
            for index, (case, right, obtained) in enumerate(pairs)
            if (kind := difference(right, obtained))
        ]
        if not failures:
            return Finding("")
        for mistake, wrong in zip(self.mistakes, self._wrong, strict=True):
            if len(outputs) == len(wrong) and not any(map(difference, wrong, outputs)):
                return Finding(mistake.id, mistake.explain(outputs), self._case(pairs, failures))
        kinds = {kind for _, _, kind in failures}
        kind = "type" if "type" in kinds else "shape" if "shape" in kinds else "value"
        failures = [failure for failure in failures if failure[2] == kind]
        _, right, obtained = pairs[min(failures)[1]]
        return Finding(*self._generic(kind, right, obtained), self._case(pairs, failures))

    def _case(self, pairs: list, failures: list) -> Case | None:
        if not self.asks_function:
            return None  # decir lo esperado sería dar la solución
        case, right, obtained = pairs[min(failures)[1]]
        return Case(describe_call(self.reference.__name__, self.names, case), show(right), show(obtained))

    def _generic(self, kind: str, right, obtained) -> tuple[str, str]:
        if kind == "value":
            if self.asks_function:
                return (
                    "valor-distinto",
                    "El resultado no es el esperado. Sigue este caso a mano, paso a paso.",
                )
            return (
                "valor-distinto",
                f"`{show(obtained)}` no es correcto. Repasa el enunciado o pide una pista.",
            )
        if kind == "shape":
            return "forma-distinta", (
                f"Se espera {_shape(right)} y has dado {_shape(obtained)}. Comprueba cada tamaño antes que "
                "los valores."
            )
        what = obtained.what if isinstance(obtained, Unusable) else kind_of(obtained)
        if what == "`None`":
            return "no-devuelve", "La función no devuelve nada: ¿falta `return`? Imprimir no es devolver."
        if what == "un generador":
            return "no-devuelve", "La función devuelve un generador: usa `return` en vez de `yield`."
        return "tipo-distinto", f"Se espera {_wanted(right)} y has dado {what}."


def _shape(value) -> str:
    if isinstance(value, np.ndarray):
        return f"un array de forma `{value.shape}`"
    return f"una lista de {len(value)} elementos" if isinstance(value, tuple) else kind_of(value)


def _wanted(value) -> str:
    if isinstance(value, np.ndarray):
        return f"un array de forma `{value.shape}`"
    if isinstance(value, tuple):
        return f"una lista o tupla con {len(value)} elementos"
    return "un número" if type(value) in (int, float) else kind_of(value)


def stub_of(reference: Callable) -> str:
    """Cabecera y primera línea de la ayuda de la solución, con ``return ____``.

    Examples
    --------
    >>> def output_size(n, kernel_size):
    ...     '''Posiciones de la ventana.'''
    ...     return n - kernel_size + 1
    >>> print(stub_of(output_size))
    def output_size(n, kernel_size):
        \"\"\"Posiciones de la ventana.\"\"\"
        return ____
    """
    first = inspect.getdoc(reference).splitlines()[0]
    return f'def {reference.__name__}{inspect.signature(reference)}:\n    """{first}"""\n    return {HOLE}'


class ByRules:
    """Mira cómo se comporta la respuesta y busca, por orden, el primer error que tenga.

    Parameters
    ----------
    reference : callable
        La solución: una función como la que se pide o, si ``asks_function`` es falso, una sin argumentos que
        devuelve el valor, el kernel o el modelo.
    inspect_answer : callable
        Recibe la respuesta (la función vigilada o el valor inofensivo) y devuelve lo observado. Lanza
        :class:`Unexpected` si no se puede juzgar.
    mistakes : sequence of Mistake
        Con ``when``. El primero que se cumple es el diagnóstico; si ninguno, la respuesta es correcta.
    asks : {"function", "value", "model"}
        Qué se entrega. Un modelo de Keras se recibe tal cual, o dentro de una función sin argumentos.
    """

    def __init__(
        self, reference: Callable, inspect_answer: Callable, mistakes: Sequence[Mistake], asks="value"
    ):
        self.reference = reference
        self.inspect_answer = inspect_answer
        self.mistakes = tuple(mistakes)
        self.asks = asks
        self.names = tuple(inspect.signature(reference).parameters)

    @property
    def asks_function(self) -> bool:
        """Si se pide una función."""
        return self.asks == "function"

    def prepare(self) -> None:
        """Nada que calcular antes: las reglas no necesitan un resultado esperado."""

    def stub(self) -> str:
        """El enunciado hecho código, con el hueco."""
        return stub_of(self.reference)

    def as_answer(self, solution: Callable):
        """Lo que se entregaría: la función, o lo que devuelve."""
        return solution if self.asks_function else solution()

    def observe(self, answer):
        """Lo que se ve de la respuesta."""
        if self.asks == "function":
            return self.inspect_answer(touch(lambda: take_function(answer, self.names)))
        if self.asks == "model":
            return touch(lambda: self.inspect_answer(take_model(answer)))
        return self.inspect_answer(touch(lambda: take_value(answer)))

    def verdict(self, observed) -> Finding:
        """El primer error que se cumple, o ninguno."""
        for mistake in self.mistakes:
            if mistake.when(observed):
                return Finding(mistake.id, mistake.explain(observed))
        return Finding("")
