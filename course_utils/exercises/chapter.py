"""Los ejercicios de un capítulo: el código de ``chapters/chapter_NN.py`` y la prosa de ``chapters/NN.yaml``.

El identificador de un ejercicio, como el de cada error, está una vez en el código y otra en la prosa.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, ByRules, Mistake
from course_utils.exercises.prose import read_prose

FIELDS = ("title", "level", "text", "hints", "explanation", "mistakes")  # la prosa de un ejercicio


@dataclass(frozen=True)
class Rule:
    """Cómo se reconoce un error en lo observado, y una respuesta que lo tiene."""

    when: Callable[[object], bool]
    answer: Callable


class Chapter:
    """Los ejercicios de un capítulo, en el orden en que se añaden.

    Parameters
    ----------
    number : str
        Dos cifras: «03».
    """

    def __init__(self, number: str):
        self.number = number
        self._code: dict[str, tuple] = {}

    def by_reference(
        self,
        id: str,
        reference: Callable,
        *,
        mistakes: Mapping[str, Callable],
        cases: Sequence = ((),),
        controls: Sequence = (),
        consequence: Callable | None = None,
    ) -> None:
        """Añade un ejercicio que compara la respuesta con la solución en varios casos.

        Parameters
        ----------
        id : str
            Capítulo y número: «03.2».
        reference : callable
            La solución, que es la que se enseña. Sin argumentos, el ejercicio pide el valor que devuelve.
        mistakes : mapping of str to callable
            Modelo equivocado de cada error; con los casos se distinguen unos de otros.
        cases : sequence
            Argumentos de cada caso, en una tupla si son varios.
        controls : sequence
            Controles con que se contesta; vacío si la respuesta se escribe en código.
        consequence : callable, optional
            Qué pasa con lo que dicen los controles; no dice si es la respuesta.
        """
        self._add(id, mistakes, controls, consequence, lambda known: ByReference(reference, known, cases))

    def by_rules(
        self,
        id: str,
        reference: Callable,
        inspect_answer: Callable,
        *,
        mistakes: Mapping[str, Rule],
        asks: str = "value",
        controls: Sequence = (),
        consequence: Callable | None = None,
    ) -> None:
        """Añade un ejercicio que mira cómo se comporta la respuesta.

        Parameters
        ----------
        id, reference, controls, consequence
            Como en :meth:`by_reference`.
        inspect_answer : callable
            Recibe la respuesta (función vigilada, valor inofensivo o modelo) y devuelve lo observado.
            Si es un diccionario, sus claves pueden ser huecos en los mensajes: «La salida mide {size}». Lanza
            :class:`~course_utils.exercises.answers.Unexpected` si no se puede juzgar.
        mistakes : mapping of str to Rule
            Reglas, en el orden en que se prueban: la primera que se cumple es el diagnóstico.
        asks : {"function", "value", "model"}
            Qué se entrega.
        """
        self._add(
            id, mistakes, controls, consequence, lambda known: ByRules(reference, inspect_answer, known, asks)
        )

    def _add(self, id, mistakes, controls, consequence, judge_with) -> None:
        if id in self._code:
            raise ValueError(
                f"chapter_{self.number}.py añade dos veces el ejercicio {id}: numera uno de nuevo"
            )
        self._code[id] = mistakes, controls, consequence, judge_with

    def exercises(self) -> tuple[Exercise, ...]:
        """Junta el código con la prosa.

        Raises
        ------
        ValueError
            Si un ejercicio, o un error, está en el código y no en la prosa, o al revés.
        """
        source = files("course_utils.exercises") / "chapters" / f"{self.number}.yaml"
        prose = read_prose(source)
        if not all(isinstance(id, str) for id in prose):
            raise ValueError(f'{source.name}: cada identificador va entre comillas, como "{self.number}.1"')
        faults = _unmatched("ejercicios", self._code, prose)
        for id in self._code.keys() & prose.keys():
            if set(prose[id]) == set(FIELDS):
                faults += _unmatched(f"errores de {id}", self._code[id][0], prose[id]["mistakes"])
            else:
                faults.append(f"- {id} lleva {', '.join(FIELDS)} y tiene {', '.join(prose[id])}")
        if faults:
            raise ValueError(
                f"chapter_{self.number}.py y {source.name} no tienen lo mismo:\n" + "\n".join(faults)
            )
        return tuple(self._exercise(id, **prose[id]) for id in self._code)

    def _exercise(self, id: str, *, mistakes: Mapping[str, str], hints: list[str], **texts: str) -> Exercise:
        models, controls, consequence, judge_with = self._code[id]
        known = [
            Mistake(name, mistakes[name], model.answer, model.when)
            if isinstance(model, Rule)
            else Mistake(name, mistakes[name], model)
            for name, model in models.items()
        ]
        return Exercise(
            id=id,
            judge=judge_with(known),
            hints=tuple(hints),
            controls=controls,
            consequence=consequence,
            **texts,
        )


def _unmatched(what: str, code: Iterable[str], prose: Iterable[str]) -> list[str]:
    """Una línea por lo que falta a cada lado."""
    only = {"prosa": set(code) - set(prose), "código": set(prose) - set(code)}
    return [f"- {what} sin {missing}: {', '.join(sorted(names))}" for missing, names in only.items() if names]
