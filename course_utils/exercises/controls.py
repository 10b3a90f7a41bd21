"""Los controles con que se contesta un ejercicio sin escribir código, antes de dibujarlos."""

import itertools
import re
from dataclasses import dataclass

import numpy as np

from course_utils.exercises.numbers import readings, trees


@dataclass(frozen=True)
class Slider:
    """Un entero o decimal entre dos topes, a saltos iguales.

    Parameters
    ----------
    label : str
        Qué se elige.
    low, high : int or float
        Topes, incluidos.
    step : int or float
        Salto.
    """

    label: str
    low: float
    high: float
    step: float = 1

    @property
    def values(self) -> list:
        """Todos los valores que se pueden elegir."""
        count = round((self.high - self.low) / self.step) + 1
        return [round(self.low + index * self.step, 10) for index in range(count)]


@dataclass(frozen=True)
class Number:
    """Un número que se escribe."""

    label: str


@dataclass(frozen=True)
class Dropdown:
    """Una opción entre varias; el valor es su texto."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Una matriz que se escribe: una fila por línea, números separados por espacios o comas.

    Parameters
    ----------
    label : str
        Qué se escribe.
    initial : tuple of tuple
        Con qué empieza.
    """

    label: str
    initial: tuple[tuple[float, ...], ...]


def combinations(controls) -> list | None:
    """Todas las respuestas posibles de unos controles, o None si no se pueden enumerar.

    Examples
    --------
    >>> combinations((Slider("k", 1, 2), Slider("s", 1, 2)))
    [(1, 1), (1, 2), (2, 1), (2, 2)]
    """
    if not all(isinstance(control, Slider | Dropdown) for control in controls):
        return None
    return [joined(values) for values in itertools.product(*(control.values for control in controls))]


def joined(values):
    """La respuesta que forman los valores de los controles: el valor, si solo hay uno."""
    values = tuple(values)
    return values[0] if len(values) == 1 else values


def parse_numbers(text: str) -> list[float]:
    """Todas las lecturas de un texto como número.

    Raises
    ------
    ValueError
        Si no tiene ninguna.

    Examples
    --------
    >>> parse_numbers("1.168"), parse_numbers("1 1/2"), parse_numbers("101 770"), parse_numbers("−3")
    ([1.168, 1168.0], [1.5], [101770.0], [-3.0])
    """
    found = readings(text)
    if found:
        return found
    if any(isinstance(tree, list) for tree in trees(text)):
        raise ValueError("se leen varios números: escribe uno solo")
    raise ValueError(f"{_quoted(text)} no se entiende como número: escribe, por ejemplo, 3, −1,5 o 1/2")


def parse_matrix(text: str, shape: tuple[int, int] | None = None) -> np.ndarray:
    """Matriz escrita fila por línea, o en una con corchetes o «;»; ``shape`` decide cómo se lee «1,5 2,5».

    Lanza ``ValueError`` si está vacía, hay algo que no se entiende como número o las filas miden distinto.

    Examples
    --------
    >>> parse_matrix("1 0 −1\\n2 0 −2")
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.]])
    >>> parse_matrix("[[1, 0], [0, 1]]").shape
    (2, 2)
    """
    found = trees(text)
    if not found:
        if not text.strip():
            raise ValueError("escribe una fila por línea, con los números separados por espacios")
        odd = next((item for item in re.split(r"[\s;,()\[\]]+", text) if item and not readings(item)), "")
        what = f"{_quoted(odd)} no se entiende como número" if odd else "los corchetes no casan"
        raise ValueError(f"{what}: escribe una fila por línea, con los números separados por espacios")
    arrays = [array for tree in found if (array := _rectangle(tree)) is not None]
    if not arrays:
        raise ValueError(f"las filas tienen {_lengths(found[-1])} números: todas deben tener los mismos")
    return next((array for array in arrays if array.shape == shape), arrays[-1])


def _rectangle(tree) -> np.ndarray | None:
    """El array de unas listas, de una fila si no hay más; None si las filas miden distinto."""
    try:
        return np.atleast_2d(np.array(tree, dtype=float))
    except ValueError:
        return None


def _lengths(rows: list) -> str:
    return ", ".join(str(len(row) if isinstance(row, list) else 1) for row in rows)


def _quoted(text: str) -> str:
    return f"«{text.strip()[:20]}»"
