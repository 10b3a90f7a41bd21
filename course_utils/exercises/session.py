"""Lo que se ha hecho en esta sesión: intentos, pistas pedidas y mejor estado de cada ejercicio."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from course_utils.exercises.display import Card
from course_utils.exercises.result import Outcome, Result


@dataclass
class Record:
    """Un ejercicio en esta sesión."""

    attempts: int = 0
    hints: int = 0
    solved: bool = False


_records: dict[str, Record] = {}


def record_of(exercise: str) -> Record:
    """Anotaciones de un ejercicio; empiezan a cero."""
    return _records.setdefault(exercise, Record())


def note(result: Result) -> None:
    """Anota un intento; lo que está sin intentar o falla por culpa del curso no cuenta."""
    if result.state in (Outcome.NOT_ATTEMPTED, Outcome.COURSE_ERROR):
        return
    record = record_of(result.exercise)
    record.attempts += 1
    record.solved = record.solved or result.correct


def progress(ids_of: Callable[[str], list[str]]) -> Card:
    """Tabla de los capítulos empezados en esta sesión.

    Parameters
    ----------
    ids_of : callable
        Recibe un capítulo y devuelve los identificadores de sus ejercicios.

    Returns
    -------
    Card
        Resueltos, intentados y total de cada capítulo.
    """
    tried = {name for name, record in _records.items() if record.attempts}
    solved = {name for name, record in _records.items() if record.solved}
    chapters = sorted({name.split(".")[0] for name in tried})
    if not chapters:
        message = "Aún no has intentado ningún ejercicio en esta sesión."
        return Card(f'<p lang="es">{message}</p>', message)
    rows, lines = [], []
    for chapter in chapters:
        names = ids_of(chapter)
        pending = [name for name in names if name not in solved]
        counts = (len(solved.intersection(names)), len(tried.intersection(names)), len(names))
        todo = ", ".join(pending) or "ninguno"
        rows.append(f"<tr><th scope='row'>{escape(chapter)}</th>" + "".join(f"<td>{n}</td>" for n in counts))
        rows[-1] += f"<td>{escape(todo)}</td></tr>"
        lines.append(f"capítulo {chapter}: {counts[0]} resueltos de {counts[2]}; pendientes: {todo}")
    head = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("Capítulo", "Resueltos", "Intentados", "Hay", "Pendientes")
    )
    html = (
        "<table lang='es'><caption>Tus ejercicios en esta sesión</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return Card(html, "\n".join(lines))
