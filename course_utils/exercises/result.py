"""El resultado de comprobar una respuesta."""

from dataclasses import dataclass
from enum import Enum
from html import escape

from course_utils.exercises.display import Card, code, details, plain, rich


class Outcome(Enum):
    """En qué queda una respuesta; el valor es lo que se lee."""

    CORRECT = "correcto"
    INCORRECT = "incorrecto"
    NOT_ATTEMPTED = "sin intentar"
    ANSWER_ERROR = "error en tu código"
    COURSE_ERROR = "error del curso"


MARKS = {
    Outcome.CORRECT: ("✓", "#2e8b57"),
    Outcome.INCORRECT: ("✗", "#c2410c"),
    Outcome.NOT_ATTEMPTED: ("…", "#6b7280"),
    Outcome.ANSWER_ERROR: ("!", "#c2410c"),
    Outcome.COURSE_ERROR: ("!", "#7c3aed"),
}  # cada color contrasta 3 a 1 con fondo blanco y con fondo negro; el signo y la palabra dicen lo mismo


@dataclass(frozen=True)
class Result:
    """Qué se sabe de una respuesta.

    Parameters
    ----------
    exercise : str
        Identificador del ejercicio.
    state : Outcome
        En qué queda.
    diagnosis : str
        Nombre del error reconocido; vacío si es correcta o está sin intentar.
    message : str
        Explicación, en Markdown.
    facts : tuple of (str, str)
        Nombre y texto de lo que se ha visto: la llamada, lo esperado, lo obtenido, la línea que falla.
    printed : str
        El principio de lo que ha impreso la respuesta.
    """

    exercise: str
    state: Outcome
    diagnosis: str = ""
    message: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    printed: str = ""

    @property
    def correct(self) -> bool:
        """Si la respuesta es correcta."""
        return self.state is Outcome.CORRECT

    @property
    def card(self) -> Card:
        """El resultado, en HTML y en texto."""
        mark, color = MARKS[self.state]
        title = f"Ejercicio {self.exercise}: {self.state.value}"
        facts = "".join(f"<p>{escape(name)}:</p>\n{code(text)}\n" for name, text in self.facts)
        seen = _first_lines(self.printed)
        printed = details("Lo que imprime tu código", code(seen)) if seen else ""
        style = f"border-inline-start: 4px solid {color}; padding-inline-start: 0.8em"
        head = f'<strong><span aria-hidden="true">{mark}</span> {escape(title)}</strong>'
        html = (
            f'<div class="course-result" role="status" lang="es" style="{style}">\n<p>{head}</p>\n'
            f"{rich(self.message)}\n{facts}{printed}</div>"
        )
        lines = [f"{mark} {title}", self.message.strip()]
        for name, text in self.facts:
            text = plain(text)
            lines.append(
                f"{name}: {text}" if "\n" not in text else f"{name}:\n    " + text.replace("\n", "\n    ")
            )
        if seen:
            lines.append("Lo que imprime tu código:\n    " + plain(seen).replace("\n", "\n    "))
        return Card(html, "\n".join(line for line in lines if line))

    def __repr__(self):
        return self.card.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.card._repr_mimebundle_()


def _first_lines(text: str) -> str:
    """El principio de lo impreso; si sigue, lo dice."""
    lines = text.strip().splitlines()
    return "\n".join([*lines[:15], "…"] if len(lines) > 15 else lines)
