"""Qué ejercicios hay: los que añade el ``chapter_NN.py`` de cada capítulo."""

import re
from functools import cache
from importlib import import_module
from importlib.resources import files

from course_utils.exercises.engine import Exercise


@cache
def exercise_chapters() -> tuple[str, ...]:
    """Capítulos con ejercicios: («00», «01», …)."""
    folder = files("course_utils.exercises") / "chapters"
    return tuple(sorted(item.name[:2] for item in folder.iterdir() if item.name.endswith(".yaml")))


def _module(chapter: str):
    """El código de un capítulo."""
    return import_module(f"course_utils.exercises.chapters.chapter_{chapter}")


def title(chapter: str) -> str:
    """De qué trata un capítulo: lo que dice la primera línea de su módulo.

    Examples
    --------
    >>> title("03")
    'Kernel, stride y padding'
    """
    first = _module(chapter).__doc__.splitlines()[0]
    text = first.partition(": ")[2].rstrip(".")
    return text[0].upper() + text[1:]


@cache
def exercises(chapter: str) -> tuple[Exercise, ...]:
    """Ejercicios de un capítulo, en su orden.

    Parameters
    ----------
    chapter : str
        Dos cifras: «03».
    """
    return _module(chapter).chapter.exercises()


def all_exercises() -> tuple[Exercise, ...]:
    """Todos los ejercicios del curso."""
    return tuple(exercise for chapter in exercise_chapters() for exercise in exercises(chapter))


def exercise(name: str) -> Exercise:
    """El ejercicio con ese identificador.

    Parameters
    ----------
    name : str
        Capítulo y número: «03.2».

    Returns
    -------
    Exercise
        Con ``statement()``, ``check(respuesta)``, ``hint()``, ``solution()`` y ``widget()``.

    Raises
    ------
    TypeError
        Si no es un texto; ``exercise(03.2)`` no lo es.
    ValueError
        Si no existe.

    Examples
    --------
    >>> exercise("03.1").check(lambda n, kernel_size: n - kernel_size).diagnosis
    'olvida-el-uno'
    """
    if not isinstance(name, str):
        raise TypeError(f'el identificador va entre comillas y ha llegado {name!r}: escribe exercise("03.2")')
    if not re.fullmatch(r"\d\d\.\d+", name) or name[:2] not in exercise_chapters():
        raise ValueError(
            f"no hay un ejercicio «{name}»: el identificador es capítulo.número, como 03.2, y hay "
            f"ejercicios de los capítulos {', '.join(exercise_chapters())}"
        )
    known = {item.id: item for item in exercises(name[:2])}
    if name not in known:
        raise ValueError(f"no hay un ejercicio «{name}»: en el capítulo {name[:2]} están {', '.join(known)}")
    return known[name]
