"""Un ejercicio de código: su enunciado, su comprobación, sus pistas y su solución."""

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from course_utils.exercises import faults, runner, session
from course_utils.exercises.answers import AnswerFailed, InputChanged, NotAttempted, Unexpected, WrongKind
from course_utils.exercises.controls import Dropdown
from course_utils.exercises.display import Card, code, details, rich, rich_line
from course_utils.exercises.judges import Judge
from course_utils.exercises.result import Outcome, Result
from course_utils.style import number_text

LEVELS = {"easy": "fácil", "medium": "media", "hard": "difícil"}


@dataclass(frozen=True)
class Exercise:
    """Un ejercicio que reconoce los errores.

    Parameters
    ----------
    id : str
        Capítulo y número: «03.2». No cambia nunca.
    title : str
        Qué se hace.
    level : {"easy", "medium", "hard"}
        Dificultad.
    text : str
        Enunciado, en Markdown, sin la solución.
    judge : Judge
        Quien corrige.
    hints : sequence of str
        Pistas, de la más vaga a la más concreta.
    explanation : str
        Por qué la solución es la que es; se lee al acertar y en la página de soluciones.
    controls : sequence
        Controles de :meth:`widget`; vacío si la respuesta se escribe en código.
    consequence : callable, optional
        Recibe el valor de cada control y dice, en una frase sin punto, qué pasa con esos valores: se lee
        antes de comprobar, mientras se mueven.
    """

    id: str
    title: str
    level: str
    text: str
    judge: Judge
    hints: Sequence[str]
    explanation: str
    controls: Sequence = ()
    consequence: Callable | None = None

    # --- Enunciado ---------------------------------------------------------------------------------

    @property
    def task(self) -> str:
        """El enunciado, en Markdown; si se elige entre varias opciones, con ellas."""
        options = [
            value for control in self.controls if isinstance(control, Dropdown) for value in control.values
        ]
        listed = "\n".join(f"- {value}" for value in options)
        return self.text.strip() + (
            f"\n\nLa respuesta es uno de estos textos:\n\n{listed}" if options else ""
        )

    @property
    def heading(self) -> str:
        """Título completo, en texto."""
        return f"Ejercicio {self.id} ({LEVELS[self.level]}): {self.title}"

    @property
    def stub(self) -> str:
        """Código con el hueco por rellenar."""
        if self.judge.asks == "value":
            return f'exercise("{self.id}").check(____)'
        return f'{self.judge.stub()}\n\nexercise("{self.id}").check({self.judge.reference.__name__})'

    def statement(self) -> Card:
        """El enunciado, con el código por completar y las pistas, plegados; nunca la solución.

        Returns
        -------
        Card
            HTML en un cuaderno, texto en una terminal.
        """
        folded = [("Código por completar", code(self.stub))]
        folded += [(f"Pista {number}", rich(hint)) for number, hint in enumerate(self.hints, start=1)]
        boxes = "\n".join(details(summary, html) for summary, html in folded)
        html = (
            f'<section class="course-exercise" data-exercise="{self.id}" lang="es" '
            f'aria-label="{escape(self.heading, quote=True)}">\n'
            f'<p class="course-heading"><strong>Ejercicio {self.id}</strong> '
            f"({LEVELS[self.level]}): {rich_line(self.title)}</p>\n"
            f"{rich(self.task)}\n{boxes}\n</section>"
        )
        return Card(html, f"{self.heading}\n\n{self.task}\n\n{self.stub}")

    def __repr__(self):
        return self.statement().text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.statement()._repr_mimebundle_()

    # --- Comprobación ------------------------------------------------------------------------------

    def check(self, answer) -> Result:
        """Comprueba una respuesta y dice qué idea ha fallado.

        Parameters
        ----------
        answer : object
            Lo que pida el enunciado: una función, un número, un array, una lista de tamaños, un modelo…

        Returns
        -------
        Result
            Nunca lanza excepciones, aunque la respuesta las lance, no termine o cambie NumPy.
        """
        try:
            result = self.examine(answer)
        except Exception as error:
            result = Result(
                self.id,
                Outcome.COURSE_ERROR,
                "fallo-del-curso",
                "Ha fallado el propio ejercicio, no tu respuesta. Avísanos con este texto en los "
                "problemas (*issues*) del repositorio del curso.",
                (("Fallo", f"{type(error).__name__}: {faults.message_of(error)}"),),
            )
        session.note(result)
        return result

    def examine(self, answer) -> Result:
        """Como :meth:`check`, sin anotar el intento."""
        if self.judge.asks == "model":
            try:
                import keras  # noqa: F401  antes de contar el tiempo: la primera vez tarda segundos
            except ImportError:
                return Result(
                    self.id,
                    Outcome.COURSE_ERROR,
                    "sin-keras",
                    "Este ejercicio necesita TensorFlow y aquí no está. Ábrelo en Colab o instala el "
                    "curso completo con `make entorno`.",
                )
        self.judge.prepare()
        outcome = runner.run(partial(self.judge.observe, answer))
        conclude = partial(Result, self.id, printed=outcome.printed)
        if outcome.tampered:
            names = ", ".join(f"`{name}`" for name in outcome.tampered[:5])
            return conclude(
                Outcome.ANSWER_ERROR,
                "cambia-bibliotecas",
                f"Tu código sustituye {names}, que usan otras celdas; ya está como estaba. Usa otro nombre "
                "para lo tuyo.",
            )
        if outcome.overrun:
            facts = (("Dónde estaba", outcome.overrun.line),) if outcome.overrun.line else ()
            message = _overrun_message(outcome.overrun, outcome.abandoned)
            return conclude(Outcome.ANSWER_ERROR, "no-termina", message, facts)
        if outcome.error is not None:
            return self._explain(outcome.error, conclude)
        finding = self.judge.verdict(outcome.value)
        if not finding.diagnosis:
            return conclude(Outcome.CORRECT, "", self.explanation)
        return conclude(Outcome.INCORRECT, finding.diagnosis, finding.message, finding.facts)

    def _explain(self, error: BaseException, conclude) -> Result:
        match error:
            case NotAttempted():
                return conclude(
                    Outcome.NOT_ATTEMPTED,
                    "",
                    f"{error} Escribe tu respuesta en lugar de `____` y vuelve a ejecutar la celda.".strip(),
                )
            case WrongKind():
                return conclude(Outcome.ANSWER_ERROR, "otra-cosa", str(error))
            case Unexpected():
                return conclude(Outcome.INCORRECT, "forma-inesperada", str(error))
            case InputChanged():
                return conclude(
                    Outcome.INCORRECT,
                    "modifica-la-entrada",
                    f"Tu función modifica `{error}`, que es de quien la llama. Trabaja con una copia "
                    "(`.copy()`) o con un array nuevo.",
                )
            case AnswerFailed():
                cause = error.__cause__
                facts = [("Excepción", f"{type(cause).__name__}: {faults.message_of(cause)}")]
                facts += [("Dónde", line)] if (line := faults.line_of(cause)) else []
                facts += [("Con", error.call)] if error.call else []
                likely = faults.likely_cause(cause)
                message = "Tu código se detiene con un error."
                message += f" Causa probable: {likely}." if likely else ""
                return conclude(Outcome.ANSWER_ERROR, "excepción", message, tuple(facts))
        raise error

    # --- Ayuda -------------------------------------------------------------------------------------

    def hint(self) -> Card:
        """La pista siguiente; la última se repite."""
        record = session.record_of(self.id)
        record.hints = min(record.hints + 1, len(self.hints))
        title = f"Pista {record.hints} de {len(self.hints)}"
        text = self.hints[record.hints - 1]
        return Card(f'<div lang="es"><p><strong>{title}</strong></p>\n{rich(text)}</div>', f"{title}: {text}")

    @property
    def source(self) -> str:
        """Código de la solución: el mismo que ejecutan las pruebas."""
        return textwrap.dedent(inspect.getsource(self.judge.reference)).strip()

    def solution(self, confirm: bool = False) -> Card:
        """La solución explicada, después de un intento o si se confirma.

        Parameters
        ----------
        confirm : bool
            Verla sin haberlo intentado.
        """
        if not confirm and not session.record_of(self.id).attempts:
            text = (
                "Inténtalo primero: aunque falle, el mensaje te dirá qué revisar. "
                f'Para verla ya, exercise("{self.id}").solution(confirm=True).'
            )
            return Card(f'<p lang="es">{escape(text)}</p>', text)
        return Card(
            f'<div lang="es"><p><strong>Solución de {self.id}</strong></p>\n{code(self.source)}\n'
            f"{rich(self.explanation)}</div>",
            f"Solución de {self.id}\n\n{self.source}\n\n{self.explanation.strip()}",
        )

    def widget(self):
        """El mismo ejercicio con controles de ipywidgets y los botones Comprobar, Pista y Solución.

        Returns
        -------
        ExerciseWidget
            Sin kernel (en la página) se ve como una pregunta en HTML.
        """
        from course_utils.exercises.widget import ExerciseWidget

        return ExerciseWidget(self)


def _overrun_message(overrun: runner.Overrun, abandoned: bool) -> str:
    """Qué se sabe de una respuesta que no ha terminado."""
    seconds = number_text(overrun.seconds, 1) + (" segundo" if overrun.seconds == 1 else " segundos")
    message = {
        "loop": f"Tu código no ha terminado en {seconds} y estaba dentro de un bucle. Comprueba que avanza "
        "y que acaba, o haz menos vueltas.",
        "waiting": f"Tu código lleva {seconds} esperando, sin calcular nada: así se comportan `time.sleep`, "
        "`input` o una descarga. Quita la espera.",
        "starved": f"Tu código no ha terminado en {seconds}, pero la mayor parte ha estado a la cola: "
        "la máquina no le daba procesador. No se sabe si está bien; compruébalo otra vez.",
        "importing": f"Una importación lleva {seconds} sin terminar.",
        "working": f"Tu código no ha terminado en {seconds}. Puede que haga demasiadas cuentas, o que espere "
        "algo.",
    }[overrun.kind]
    if abandoned:
        message += (
            " No se ha podido detener: sigue en marcha en segundo plano; si el cuaderno va lento, reinicia "
            "el kernel."
        )
    return message
