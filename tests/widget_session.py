"""Maneja con sus botones los ejercicios con controles y escribe en JSON lo que se ve después de cada paso.

No es una prueba: ``test_exercises_widget.py`` lo ejecuta con ipywidgets 8 y con el 7.7.1 de Colab.
"""

import json
import re
import sys
from html import unescape

import ipywidgets

from course_utils.exercises import session
from course_utils.exercises.controls import Matrix, Number
from course_utils.exercises.registry import all_exercises


def visible(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def fill(widget, answer) -> None:
    """Pone en los controles una respuesta."""
    controls = widget.exercise.controls
    values = answer if isinstance(answer, tuple) and len(controls) > 1 else (answer,)
    for control, field, value in zip(controls, widget.inputs, values, strict=True):
        if isinstance(control, Number):
            field.value = f"{value:g}".replace(".", ",").replace("-", "−") if abs(value) < 1e5 else str(value)
        elif isinstance(control, Matrix):
            field.value = "\n".join(" ".join(f"{x:g}".replace(".", ",") for x in row) for row in value)
        else:
            field.value = value


def boxes(widget) -> set[str]:
    """Clases de todos los controles, también los de dentro."""
    found = {type(widget).__name__}
    for child in getattr(widget, "children", ()):
        found |= boxes(child)
    return found


def drive(exercise) -> dict:
    """Lo que se ve al pulsar cada botón con cada respuesta prevista."""
    session._records.clear()
    widget = exercise.widget()
    seen = {"kinds": sorted(boxes(widget.box)), "mime": sorted(widget._repr_mimebundle_())}

    def press(button) -> str:
        button.click()
        return visible(widget.output.value)

    seen["solution before"] = press(widget.solution_button)
    session._records.clear()
    seen["hints"] = [press(widget.hint_button) for _ in exercise.hints]
    judge = exercise.judge
    fill(widget, judge.reference())
    seen["right"] = press(widget.check_button)
    seen["wrong"] = {}
    for mistake in judge.mistakes:
        fill(widget, mistake.answer())
        seen["wrong"][mistake.id] = [
            press(widget.check_button),
            visible(exercise.check(widget.answer()).card.html),
        ]
    seen["solution after"] = press(widget.solution_button)
    seen["foreseen"] = []
    for answer in (judge.reference(), *(mistake.answer() for mistake in judge.mistakes)):
        fill(widget, answer)
        seen["foreseen"].append(visible(widget.consequence.value))
    seen["label widths"] = sorted({field.style.description_width for field in widget.inputs})
    texts = [field for field in widget.inputs if isinstance(field, ipywidgets.Text | ipywidgets.Textarea)]
    if texts:
        texts[0].value = "  "
        seen["empty"] = press(widget.check_button)
        seen["empty foreseen"] = widget.consequence.value
        texts[0].value = "<b>no es un número</b>"
        seen["nonsense"] = press(widget.check_button)
        seen["nonsense foreseen"] = widget.consequence.value
    return seen


if __name__ == "__main__":
    chosen = [exercise for exercise in all_exercises() if exercise.controls]
    report = {exercise.id: drive(exercise) for exercise in chosen}
    json.dump({"version": ipywidgets.__version__, "exercises": report}, sys.stdout)
