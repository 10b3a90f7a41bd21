"""Ejercicios que reconocen el error y preguntas de concepto.

En un capítulo bastan estos nombres::

    from course_utils.exercises import ____, exercise, progress, question

    exercise("03.1").statement()         # el enunciado
    exercise("03.1").check(output_size)  # qué idea ha fallado
    exercise("03.3").widget()            # el mismo ejercicio con controles
    question("03.q1")                    # una pregunta que se contesta en la página
    picture_quiz("10.fotos", [3], names) # clasificar a ojo las fotos de una figura
"""

from course_utils.exercises import session as _session
from course_utils.exercises.bank import question
from course_utils.exercises.picture_quiz import picture_quiz
from course_utils.exercises.placeholder import HOLE as ____
from course_utils.exercises.registry import exercise
from course_utils.exercises.registry import exercises as _exercises

__all__ = ["____", "exercise", "picture_quiz", "progress", "question"]


def progress():
    """Qué ejercicios llevas resueltos en esta sesión, por capítulo.

    Returns
    -------
    Card
        Tabla en un cuaderno, texto en una terminal.
    """
    return _session.progress(lambda chapter: [item.id for item in _exercises(chapter)])
