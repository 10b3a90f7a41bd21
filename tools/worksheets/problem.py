"""Un ejercicio de una ficha: lo que se lee, dónde se contesta, su solución y sus números en crudo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

Value = TypeVar("Value")
TRIES = 10_000


@dataclass(frozen=True)
class Problem:
    """Un ejercicio ya con números.

    Parameters
    ----------
    title : str
        De qué va, en dos o tres palabras.
    text : str
        El enunciado, en HTML.
    blank : str
        Dónde se contesta: tablas vacías o líneas.
    solution : str
        Lo que va en la hoja de soluciones, en HTML.
    given, answer : dict
        Lo que se da y lo que se pide, sin redondear.
    """

    title: str
    text: str
    blank: str
    solution: str
    given: dict
    answer: dict


def draw_until(rng: Random, draw: Callable[[Random], Value], is_good: Callable[[Value], bool]) -> Value:
    """El primer sorteo que sirve.

    Raises
    ------
    RuntimeError
        Si ninguno sirve: lo que se pide es imposible, o casi.
    """
    for _ in range(TRIES):
        drawn = draw(rng)
        if is_good(drawn):
            return drawn
    raise RuntimeError(f"ninguno de los {TRIES} sorteos sirve: afloja la condición del ejercicio")


def integers(rng: Random, low: int, high: int, *shape: int) -> list:
    """Listas de enteros de ``low`` a ``high``, incluidos los dos, con esa forma."""
    if not shape:
        return rng.randint(low, high)
    return [integers(rng, low, high, *shape[1:]) for _ in range(shape[0])]


def table_rows(rng: Random, rows: list[Callable[[Random], Value]]) -> list[Value]:
    """Una fila de cada clase, barajadas."""
    drawn = [make(rng) for make in rows]
    rng.shuffle(drawn)
    return drawn
