"""El banco de preguntas: un YAML por capítulo en ``questions/``, con el esquema ``questions/schema.json``."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from zlib import crc32

from course_utils.exercises import question_html as html
from course_utils.exercises.display import Card, code, rich, rich_line
from course_utils.exercises.engine import LEVELS
from course_utils.exercises.prose import read_prose
from course_utils.style import number_text

KINDS = {
    "single": "Elige una respuesta",
    "multiple": "Elige todas las respuestas correctas",
    "numeric": "Tu respuesta",
    "order": "Ordena los pasos",
    "predict": "Predice qué imprime",
}
#: Qué hay que hacer para contestar una pregunta de cada dificultad; lo dice la página de repaso.
EFFORT = {
    "easy": "aplicar una sola idea del capítulo; si hay cuenta, es corta",
    "medium": "encadenar varios pasos, o llevar la idea a un caso que el capítulo no trae",
    "hard": "juntar ideas distintas, o ir contra lo que parece a primera vista",
}


@dataclass(frozen=True)
class Question:
    """Una pregunta del banco.

    Parameters
    ----------
    id : str
        Capítulo y número, que es su lugar en él: «03.q1».
    kind : {"single", "multiple", "numeric", "order", "predict"}
        Una opción, varias, un número, ordenar o predecir la salida de un código.
    level : {"easy", "medium", "hard"}
        Dificultad, según ``EFFORT``.
    text : str
        Enunciado, en Markdown.
    why : str
        Por qué la respuesta es la que es.
    hints : tuple of str
        Pistas.
    options : tuple of dict
        En ``single`` y ``multiple``: ``text``, ``why`` y, las correctas, ``right``.
    answer : float or str
        En ``numeric`` y ``predict``.
    tolerance : float
        En ``numeric``, cuánto puede apartarse.
    wrong : tuple of dict
        En ``numeric`` y ``predict``, respuestas equivocadas típicas: ``value`` y ``why``.
    steps : tuple of dict
        En ``order``, los pasos en su orden: ``text`` y ``why``.
    code : str
        En ``predict``, el código; en ``numeric``, código que imprime la respuesta, para las pruebas.
    """

    id: str
    kind: str
    level: str
    text: str
    why: str = ""
    hints: tuple[str, ...] = ()
    options: tuple[dict, ...] = ()
    answer: float | str = ""
    tolerance: float = 0
    wrong: tuple[dict, ...] = ()
    steps: tuple[dict, ...] = ()
    code: str = ""

    @property
    def heading(self) -> str:
        """«Pregunta 03.q1 (fácil)»."""
        return f"Pregunta {self.id} ({LEVELS[self.level]})"

    @property
    def shown_steps(self) -> list[int]:
        """En ``order``, qué paso se enseña en cada lugar: siempre igual, y ninguno en el suyo."""
        orders = (self._scattered_steps(self.id + turn * ".") for turn in count())
        return next(shown for shown in orders if all(place != step for place, step in enumerate(shown)))

    def _scattered_steps(self, name: str) -> list[int]:
        def key(index):  # el número, por si dos pasos dicen lo mismo
            return _scatter(name, self.steps[index]["text"]), _scatter(name, str(index))

        return sorted(range(len(self.steps)), key=key)

    def to_html(self) -> str:
        """La pregunta para una página: se lee sin JavaScript y se contesta con él."""
        fields, key, whys = getattr(self, f"_{self.kind}")()
        body = rich(self.text) + (f"\n{code(self.code)}" if self.kind == "predict" else "")
        return html.form(
            name=self.id,
            heading=self.heading,
            body=body,
            fields=fields,
            key={"kind": self.kind, **key},
            whys=whys,
            hints=self.hints,
            solution=True,
            offline="Piensa tu respuesta y compárala con la solución razonada.",
        )

    def to_text(self) -> str:
        """La pregunta en texto, sin la respuesta."""
        lines = [self.heading, "", self.text.strip()]
        if self.kind == "predict":
            lines += ["", self.code.rstrip()]
        items = [option["text"] for option in self.options] or [
            self.steps[i]["text"] for i in self.shown_steps
        ]
        if items:
            lines += ["", KINDS[self.kind] + ":"]
            lines += [f"  {letter}) {item.strip()}" for letter, item in zip("abcdefgh", items, strict=False)]
        return "\n".join(lines)

    def __repr__(self):
        return self.to_text()

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.card()._repr_mimebundle_()

    def card(self) -> Card:
        """La pregunta en sus dos formas."""
        return html.card(self.to_html(), self.to_text())

    # --- Campos, clave y explicaciones de cada tipo ------------------------------------------------

    def _single(self):
        return self._options("radio")

    def _multiple(self):
        return self._options("checkbox")

    def _options(self, kind: str):
        rows = [html.option(kind, n, rich_line(option["text"])) for n, option in enumerate(self.options)]
        right = [number for number, option in enumerate(self.options) if option.get("right")]
        whys = [
            (n in right, rich_line(option["text"]), rich_line(option["why"]))
            for n, option in enumerate(self.options)
        ]
        return html.fieldset(KINDS[self.kind], rows), {"right": right}, whys

    def _numeric(self):
        key = {
            "answer": self.answer,
            "tolerance": self.tolerance,
            "wrong": [wrong["value"] for wrong in self.wrong],
        }
        return html.text_field(KINDS["numeric"]), key, self._value_whys(lambda value: number_text(value, 4))

    def _predict(self):
        key = {"answer": self.answer, "wrong": [wrong["value"] for wrong in self.wrong]}
        field = html.text_area(KINDS["predict"], str(self.answer).strip().count("\n") + 1)
        return field, key, self._value_whys(lambda value: f"`{value}`" if "\n" not in str(value) else "")

    def _value_whys(self, show):
        right = (True, rich_line(show(self.answer)), rich_line(self.why))
        return [right] + [
            (False, rich_line(show(wrong["value"])), rich_line(wrong["why"])) for wrong in self.wrong
        ]

    def _order(self):
        shown = [self.steps[index] for index in self.shown_steps]
        rows = [html.select(rich_line(step["text"]), places(self), "…") for step in shown]
        whys = [
            (None, f"{place} {rich_line(step['text'])}", rich_line(step["why"]))
            for place, step in zip(places(self), self.steps, strict=True)
        ]
        return html.fieldset(KINDS["order"], rows), {"places": self.shown_steps}, whys


def places(question: Question) -> list[str]:
    """Los lugares de una pregunta de ordenar: «1.º», «2.º»…"""
    return [f"{number}.º" for number in range(1, len(question.steps) + 1)]


def _scatter(*texts: str) -> int:
    """Número que desordena siempre igual, en cualquier máquina."""
    return crc32("\n".join(texts).encode())


@cache
def chapters() -> tuple[str, ...]:
    """Capítulos con preguntas."""
    folder = files("course_utils.exercises") / "questions"
    return tuple(sorted(item.name[:2] for item in folder.iterdir() if item.name.endswith(".yaml")))


@cache
def questions(chapter: str) -> tuple[Question, ...]:
    """Preguntas de un capítulo, en su orden.

    Parameters
    ----------
    chapter : str
        Dos cifras: «03».
    """
    source = files("course_utils.exercises") / "questions" / f"{chapter}.yaml"
    rows = read_prose(source)
    for row in rows:  # en el YAML la correcta suele ir la primera
        row.get("options", []).sort(key=lambda option: _scatter(row["id"], option["text"]))
    return tuple(
        Question(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}) for row in rows
    )


def all_questions() -> tuple[Question, ...]:
    """Todas las preguntas del curso."""
    return tuple(question for chapter in chapters() for question in questions(chapter))


def question(name: str) -> Question:
    """La pregunta con ese identificador; un cuaderno la enseña como HTML.

    Parameters
    ----------
    name : str
        Capítulo y número: «03.q1».

    Raises
    ------
    TypeError
        Si no es un texto.
    ValueError
        Si no existe.

    Examples
    --------
    >>> question("03.q1").kind
    'order'
    """
    if not isinstance(name, str):
        raise TypeError(
            f'el identificador va entre comillas y ha llegado {name!r}: escribe question("03.q1")'
        )
    if not re.fullmatch(r"\d\d\.q\d+", name) or name[:2] not in chapters():
        raise ValueError(
            f"no hay una pregunta «{name}»: el identificador es capítulo.q y número, como 03.q1, y hay "
            f"preguntas de los capítulos {', '.join(chapters())}"
        )
    known = {item.id: item for item in questions(name[:2])}
    if name not in known:
        raise ValueError(f"no hay una pregunta «{name}»: en el capítulo {name[:2]} están {', '.join(known)}")
    return known[name]
