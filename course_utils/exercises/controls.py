"""Los controles con que se contesta un ejercicio sin escribir código, antes de dibujarlos."""

import itertools
import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np


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
    """Una matriz que se escribe: una fila por línea, números separados por espacios.

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


def parse_number(text: str) -> float:
    """Número escrito como se escribe en español: coma o punto, fracciones, signo menos tipográfico.

    Raises
    ------
    ValueError
        Si no es un número.

    Examples
    --------
    >>> parse_number("24,5"), parse_number("1/2"), parse_number("−3")
    (24.5, 0.5, -3.0)
    """
    clean = text.strip().replace("−", "-").replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})(/\d{1,15})?", clean):
        raise ValueError(f"«{text.strip()[:20]}» no es un número: escribe, por ejemplo, 3, −1,5 o 1/2")
    top, _, bottom = clean.partition("/")
    if bottom and int(bottom) == 0:
        raise ValueError("no se puede dividir entre cero")
    return float(Fraction(top) / int(bottom or 1))


def parse_matrix(text: str) -> np.ndarray:
    """Matriz escrita fila por línea.

    Raises
    ------
    ValueError
        Si está vacía, hay algo que no es un número o las filas miden distinto.

    Examples
    --------
    >>> parse_matrix("1 0 −1\\n2 0 −2")
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.]])
    """
    lines = [
        re.split(r"[\s;]+", line.strip(" \t[]();,")) for line in text.strip().splitlines() if line.strip()
    ]
    if not lines or len(lines) > 20 or any(len(line) > 20 for line in lines):
        raise ValueError("escribe una fila por línea, con los números separados por espacios")
    rows = [[parse_number(item) for item in line] for line in lines]
    if len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise ValueError(f"las filas tienen {lengths} números: todas deben tener los mismos")
    return np.array(rows)
