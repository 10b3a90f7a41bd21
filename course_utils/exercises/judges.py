"""Cómo se juzga una respuesta: comparándola con una función de referencia o mirando cómo se comporta.

Cada juez trabaja en dos tiempos. ``observe`` toca la respuesta (la llama, copia sus valores) y se ejecuta
vigilado por :mod:`course_utils.exercises.runner`. ``verdict`` solo mira valores ya inofensivos.
"""

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

import numpy as np

from course_utils.exercises.answers import describe_call, read, take_function, take_model, take_value, touch
from course_utils.exercises.placeholder import HOLE
from course_utils.exercises.runner import allow
from course_utils.exercises.values import (
    Unusable,
    difference,
    first_difference,
    show_apart,
    size_of,
    slack,
    tame,
)
from course_utils.style import number_text

#: Plazos que se dan a un modelo ya construido: para juzgarlo se ejecuta decenas de veces.
MODEL_TURNS = 5


class _Blanks(Formatter):
    """Rellena ``{size}`` con lo observado; ``{size:n}``, con el número escrito a la española."""

    def format_field(self, value, spec):
        return number_text(value) if spec == "n" else super().format_field(value, spec)


@dataclass(frozen=True)
class Mistake:
    """Un modelo equivocado con nombre.

    Parameters
    ----------
    id : str
        Nombre del error: «olvida-el-uno».
    message : str
        Qué idea ha fallado y qué probar, en Markdown. Si lo observado es un diccionario, sus claves entre
        llaves son huecos: «La salida mide {size}».
    answer : callable
        El error hecho respuesta, para probar que se reconoce. En ejercicios de función, la función
        equivocada; en los demás, una sin argumentos que devuelve el valor, el kernel o el modelo.
    when : callable, optional
        Solo en :class:`ByRules`: recibe lo observado y dice si el error está ahí.

    Examples
    --------
    >>> Mistake("se-pasa", "La salida mide {size}.", lambda: (3, 3)).explain({"size": 9})
    'La salida mide 9.'
    """

    id: str
    message: str
    answer: Callable
    when: Callable[[object], bool] | None = None

    def explain(self, observed) -> str:
        """Texto del error para lo observado."""
        return _Blanks().vformat(self.message, (), observed) if isinstance(observed, dict) else self.message


@dataclass(frozen=True)
class Finding:
    """Lo que el juez concluye: un diagnóstico vacío es una respuesta correcta.

    Parameters
    ----------
    diagnosis, message : str
        Nombre del error y su explicación.
    facts : tuple of (str, str)
        El caso más pequeño en que falla la respuesta, ya en texto.
    """

    diagnosis: str = ""
    message: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Judge:
    """Lo que tienen en común las dos formas de juzgar.

    Parameters
    ----------
    reference : callable
        La solución: su código es el que se enseña.
    mistakes : sequence of Mistake
        Errores que se reconocen.
    asks : {"function", "value", "model"}
        Qué se entrega. Si no es una función, la solución no recibe argumentos y devuelve lo que se entrega.
    """

    def __init__(self, reference: Callable, mistakes: Sequence[Mistake], asks: str):
        self.reference = reference
        self.mistakes = tuple(mistakes)
        self.asks = asks
        self.names = tuple(inspect.signature(reference).parameters)

    def stub(self) -> str:
        """Cabecera y primera línea de la ayuda de la solución, con el hueco.

        Examples
        --------
        >>> def output_size(n, kernel_size):
        ...     '''Posiciones de la ventana.'''
        ...     return n - kernel_size + 1
        >>> print(Judge(output_size, [], asks="function").stub())
        def output_size(n, kernel_size):
            \"\"\"Posiciones de la ventana.\"\"\"
            return ____
        """
        name, signature = self.reference.__name__, inspect.signature(self.reference)
        first = inspect.getdoc(self.reference).splitlines()[0]
        return f'def {name}{signature}:\n    """{first}"""\n    return {HOLE}'

    def as_answer(self, solution: Callable):
        """Lo que se entregaría: la función, o lo que devuelve."""
        return solution if self.asks == "function" else solution()

    def prepare(self) -> None:
        """Calcula lo que haga falta antes de que la respuesta se ejecute."""


class ByReference(Judge):
    """Compara una función con la de referencia en una lista de casos, o un valor con el de referencia.

    Los modelos equivocados deben diferenciarse entre sí en algún caso.
    """

    def __init__(self, reference: Callable, mistakes: Sequence[Mistake], cases=((),)):
        super().__init__(
            reference, mistakes, "function" if inspect.signature(reference).parameters else "value"
        )
        self.cases = tuple(case if isinstance(case, tuple) else (case,) for case in cases)

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

    def observe(self, answer) -> list:
        """Lo que la respuesta devuelve en cada caso."""
        if self.asks == "value":
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
            return Finding()
        for mistake, wrong in zip(self.mistakes, self._wrong, strict=True):
            if len(outputs) == len(wrong) and all(map(self._alike, wrong, outputs)):
                return Finding(mistake.id, mistake.explain(outputs), self._facts(pairs, failures))
        kinds = {kind for _, _, kind in failures}
        kind = "type" if "type" in kinds else "shape" if "shape" in kinds else "value"
        failures = [failure for failure in failures if failure[2] == kind]
        _, right, obtained = pairs[min(failures)[1]]
        return Finding(*self._generic(right, obtained), self._facts(pairs, failures))

    def _alike(self, wrong, obtained) -> bool:
        """Si lo obtenido es lo que da un error; el número que se pide, escrito con dos decimales, también."""
        if not difference(wrong, obtained):
            return True
        if self.asks != "value" or not isinstance(wrong, float) or type(obtained) not in (int, float):
            return False
        return wrong - slack(wrong) <= obtained <= wrong + slack(wrong)  # así no desborda un entero enorme

    def _facts(self, pairs: list, failures: list) -> tuple[tuple[str, str], ...]:
        if self.asks == "value":
            return ()  # decir lo esperado sería dar la solución
        case, right, obtained = pairs[min(failures)[1]]
        call = describe_call(self.reference.__name__, self.names, case)
        expected, seen = show_apart(right, obtained)
        return ("Con", call), ("Se espera", expected), ("Has obtenido", seen)

    def _generic(self, right, obtained) -> tuple[str, str]:
        found = first_difference(right, obtained)
        if found.kind == "value":
            if self.asks == "function":
                return (
                    "valor-distinto",
                    "El resultado no es el esperado. Sigue este caso a mano, paso a paso.",
                )
            return (
                "valor-distinto",
                f"`{show_apart(right, obtained)[1]}` no es correcto. Repasa el enunciado o pide una pista.",
            )
        if found.kind == "shape":
            return "forma-distinta", f"{found.explain()} Comprueba cada tamaño antes que los valores."
        what = found.obtained.what if isinstance(found.obtained, Unusable) else ""
        if what == "`None`" and not found.path:
            return "no-devuelve", (
                "La función devuelve `None`. Pasa si falta `return`, si alguna rama acaba sin él o si se "
                "devuelve lo que dan `print` o `.sort()`."
            )
        if what in ("un generador", "un `map`", "un `zip`", "un `filter`"):
            advice = " Recórrelo con `list(…)` antes de devolverlo; en una función con `yield`, usa `return`."
            return "no-devuelve", found.explain() + advice
        return "tipo-distinto", found.explain()


class ByRules(Judge):
    """Mira cómo se comporta la respuesta y busca, por orden, el primer error que tenga.

    Si no se cumple ningún ``when``, la respuesta es correcta. Un modelo de Keras se recibe tal cual, o dentro
    de una función sin argumentos.
    """

    def __init__(self, reference: Callable, inspect_answer: Callable, mistakes: Sequence[Mistake], asks: str):
        super().__init__(reference, mistakes, asks)
        self.inspect_answer = inspect_answer

    def observe(self, answer):
        """Lo que se ve de la respuesta."""
        match self.asks:
            case "function":
                return self.inspect_answer(touch(lambda: take_function(answer, self.names)))
            case "model":
                model = touch(lambda: take_model(answer))
                allow(MODEL_TURNS)
                return read(model, lambda: self.inspect_answer(model))
        return self.inspect_answer(touch(lambda: take_value(answer)))

    def verdict(self, observed) -> Finding:
        """El primer error que se cumple, o ninguno."""
        for mistake in self.mistakes:
            if mistake.when(observed):
                return Finding(mistake.id, mistake.explain(observed))
        return Finding()
