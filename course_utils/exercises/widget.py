"""Un ejercicio con controles: en un cuaderno, ipywidgets; en la página, una pregunta en HTML.

Solo usa ``VBox``, ``HBox`` y los controles comunes a ipywidgets 7 y 8: es lo que funciona en Colab.
"""

import itertools
import sys
from functools import cached_property
from html import escape

import numpy as np

from course_utils.exercises import question_html as html
from course_utils.exercises.answers import Signal
from course_utils.exercises.controls import (
    Dropdown,
    Matrix,
    Number,
    Slider,
    combinations,
    joined,
    parse_matrix,
    parse_numbers,
)
from course_utils.exercises.display import Card, rich
from course_utils.exercises.result import Outcome, Result
from course_utils.exercises.values import RELATIVE, show, tame
from course_utils.style import number_text

VIEW = "application/vnd.jupyter.widget-view+json"


class ExerciseWidget:
    """Los controles de un ejercicio y los botones Comprobar, Pista y Solución.

    Parameters
    ----------
    exercise : Exercise
        Con controles.

    Raises
    ------
    ValueError
        Si el ejercicio se contesta con código.
    """

    def __init__(self, exercise):
        if not exercise.controls:
            raise ValueError(
                f"el ejercicio {exercise.id} se contesta con código y no tiene controles: "
                f'usa exercise("{exercise.id}").statement() y .check(…)'
            )
        self.exercise = exercise

    @cached_property
    def box(self):
        """La caja de ipywidgets; se crea al enseñarla."""
        import ipywidgets

        width = max(len(control.label) for control in self.exercise.controls) + 1
        self.inputs = [_input(control, width) for control in self.exercise.controls]
        self.check_button = ipywidgets.Button(description="Comprobar", button_style="primary")
        self.hint_button = ipywidgets.Button(description="Pista")
        self.solution_button = ipywidgets.Button(description="Solución")
        self.consequence = ipywidgets.HTML(value=self._foreseen())
        self.output = ipywidgets.HTML()
        for field in self.inputs:
            field.observe(self._foresee, names="value")
        self._asked_solution = False
        self.check_button.on_click(lambda _: self._show(self._checked().card))
        self.hint_button.on_click(lambda _: self._show(self.exercise.hint()))
        self.solution_button.on_click(lambda _: self._show_solution())
        heading = f"<p><strong>{self.exercise.heading}</strong></p>"
        return ipywidgets.VBox(
            [
                ipywidgets.HTML(f"<div lang='es'>{heading}{rich(self.exercise.text)}</div>"),
                ipywidgets.HBox(
                    [ipywidgets.VBox(self.inputs), self.consequence],
                    layout={"flex_flow": "row wrap", "align_items": "center"},
                ),
                ipywidgets.HBox([self.check_button, self.hint_button, self.solution_button]),
                self.output,
            ]
        )

    def _foresee(self, _change) -> None:
        self.consequence.value = self._foreseen()

    def _foreseen(self) -> str:
        """HTML de lo que pasa con lo que dicen ahora los controles; no dice si es la respuesta."""
        controls = self.exercise.controls
        values = [field.value for field in self.inputs]
        if isinstance(values[0], str) and not values[0].strip():
            return ""
        try:
            choices = [_readings(control, value) for control, value in zip(controls, values, strict=True)]
        except ValueError as error:
            said = f"{error}"
        else:
            said = self._said(choices)
        return f"<p lang='es' style='margin: 0 1em'>{escape(said[0].upper() + said[1:])}.</p>" if said else ""

    def _said(self, choices: list[list]) -> str:
        match self.exercise.controls[0]:
            case Number():
                return f"se lee {' o '.join(number_text(value, 6) for value in choices[0])}"
            case Matrix():
                [[matrix]] = choices
                rows, cols = matrix.shape
                return (
                    f"se lee una matriz de {rows} × {cols}; sus números suman {number_text(matrix.sum(), 6)}"
                )
        if self.exercise.consequence is None:
            return ""
        return f"con esto, {self.exercise.consequence(*(value for [value] in choices))}"

    def answer(self):
        """La respuesta que dicen ahora los controles.

        Returns
        -------
        object
            Lo mismo que se pasaría a ``check``; None si hay un campo vacío. De un texto con varias lecturas,
            «1.168», la que sea correcta, si lo es alguna.

        Raises
        ------
        ValueError
            Si un campo no se entiende.
        """
        choices = []
        for control, field in zip(self.exercise.controls, self.inputs, strict=True):
            if isinstance(field.value, str) and not field.value.strip():
                return None
            choices.append(_readings(control, field.value))
        answers = [joined(values) for values in itertools.product(*choices)]
        if len(answers) == 1:
            return answers[0]
        return next((answer for answer in answers if self.exercise.examine(answer).correct), answers[0])

    def _checked(self) -> Result:
        """El resultado de lo que dicen los controles; lo que no se entiende no es un intento."""
        try:
            answer = self.answer()
        except ValueError as error:
            text = str(error)
            return Result(self.exercise.id, Outcome.NOT_ATTEMPTED, "", text[0].upper() + text[1:] + ".")
        return self.exercise.check(answer)

    def _show(self, card: Card) -> None:
        self.output.value = card.html

    def _show_solution(self) -> None:
        self._show(self.exercise.solution(confirm=self._asked_solution))
        self._asked_solution = True  # quien insiste, la ve

    # --- Sin kernel --------------------------------------------------------------------------------

    def to_html(self) -> str:
        """El ejercicio como pregunta de la página, corregida con lo que dice el mismo comprobador."""
        exercise = self.exercise
        if any(isinstance(control, Matrix) for control in exercise.controls):
            return exercise.statement().html
        fields, key, whys = (
            self._by_number() if isinstance(exercise.controls[0], Number) else self._by_table()
        )
        return html.form(
            name=exercise.id,
            heading=exercise.heading,
            body=rich(exercise.text),
            fields=fields,
            key=key,
            whys=[(None, "", rich(why)) for why in whys],
            hints=exercise.hints,
            solution=False,
            offline="Para comprobar tu respuesta, abre el capítulo en Colab o en JupyterLab.",
        )

    def _by_number(self):
        judge = self.exercise.judge
        judge.prepare()
        answer = tame(judge.reference())
        key = {
            "kind": "numeric",
            "answer": answer,
            "tolerance": 0 if isinstance(answer, int) else abs(answer) * RELATIVE,
            "wrong": [tame(mistake.answer()) for mistake in judge.mistakes],
        }
        whys = ["", *(mistake.explain(None) for mistake in judge.mistakes)]
        return html.text_field(self.exercise.controls[0].label), key, whys

    def _by_table(self):
        """Todas las respuestas posibles, ya corregidas: en la página no hay quien ejecute el comprobador."""
        controls = self.exercise.controls
        whys = [""]
        verdicts = []
        for answer in combinations(controls):
            why = self._message_for(answer)
            if why not in whys:
                whys.append(why)
            verdicts.append(whys.index(why))
        key = {
            "kind": "controls",
            "sizes": [len(control.values) for control in controls],
            "verdicts": verdicts,
        }
        return "\n".join(_field(control) for control in controls), key, whys

    def _message_for(self, answer) -> str:
        judge = self.exercise.judge
        judge.prepare()
        try:
            finding = judge.verdict(judge.observe(answer))
        except Signal as signal:
            return str(signal)
        return finding.message

    def __repr__(self):
        return f"{self.exercise.heading}\n\n{self.exercise.text.strip()}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {
            "text/plain": repr(self),
            VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id},
        }
        if "google.colab" not in sys.modules:  # Colab podría preferir el HTML a los controles
            bundle["text/html"] = self.to_html()
        return bundle


def _input(control, width: int):
    """El control de ipywidgets; ``width`` letras de sitio para el rótulo, las mismas en todo el ejercicio."""
    import ipywidgets

    common = {
        "description": control.label,
        "style": {"description_width": f"{width}ch"},
        "layout": {"width": f"calc({width}ch + 18em)", "max_width": "98%"},
    }
    match control:
        case Slider():
            limits = {"min": control.low, "max": control.high, "step": control.step}
            whole = all(isinstance(limit, int) for limit in limits.values())
            kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
            return kind(value=control.low, **limits, **common)
        case Number():
            return ipywidgets.Text(placeholder="Escribe un número", **common)
        case Dropdown():
            return ipywidgets.Dropdown(options=control.values, **common)
        case Matrix():
            rows = "\n".join(" ".join(show(value) for value in row) for row in control.initial)
            return ipywidgets.Textarea(value=rows, rows=len(control.initial) + 1, **common)


def _readings(control, value) -> list:
    """Los valores que puede querer decir un control: uno, salvo en un número escrito de forma ambigua."""
    match control:
        case Number():
            return [int(number) if number.is_integer() else number for number in parse_numbers(value)]
        case Matrix():
            return [parse_matrix(value, np.shape(control.initial))]
        case Slider():
            return [value if isinstance(value, int) else round(value, 10)]
    return [value]


def _field(control) -> str:
    if isinstance(control, Dropdown):
        return html.select(control.label, control.values)
    return html.slider(control.label, control.values)
