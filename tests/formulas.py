"""Calcula una fórmula escrita en LaTeX con los valores de sus letras: se prueba la que se lee.

Entiende lo que usan las fórmulas del curso: productos sin signo, fracciones, potencias, subíndices, sumas y
máximos con índices, partes enteras, logaritmos y ``[a = b]``, que vale 1 si es verdad y 0 si no.
"""

import itertools
import math
import re
from collections.abc import Mapping

IGNORED = re.compile(r"\\[,;!: ]|\\(?:bigl|bigr|left|right)(?![a-z])|\s")
TOKEN = r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|."
AROUND = {"(": ")", "{": "}", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}


def evaluate(formula: str, names: Mapping, ranges: Mapping[str, int] | None = None) -> float:
    """Valor de ``formula``.

    Parameters
    ----------
    formula : str
        Sin los signos de dólar.
    names : mapping
        De cada letra, u orden como ``\\alpha``, un número, o un array si lleva subíndices.
    ranges : mapping, optional
        Cuántos valores toma cada índice de una suma o de un máximo, desde 0.

    Raises
    ------
    ValueError
        Si hay algo que no se entiende.
    """
    reader = _Reader(formula, dict(names), ranges or {})
    value = reader.expression()
    if reader.at < len(reader.tokens):
        raise ValueError(f"«{formula}»: no se entiende desde «{''.join(reader.tokens[reader.at :])}»")
    return value


class _Reader:
    def __init__(self, formula: str, names: dict, ranges: Mapping[str, int]):
        known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if len(name) > 1)
        tokens = re.findall(f"{known}|{TOKEN}" if known else TOKEN, formula)
        self.tokens = [token for token in tokens if not IGNORED.fullmatch(token)]
        self.names, self.ranges, self.at = {"e": math.e, **names}, ranges, 0

    def next_is(self, *tokens: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in tokens

    def take(self, *wanted: str) -> str:
        if wanted and not self.next_is(*wanted):
            found = "".join(self.tokens[self.at : self.at + 1]) or "el final"
            raise ValueError(f"se esperaba «{' o '.join(wanted)}» y hay «{found}»")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self) -> float:
        value = -self.term() if self.next_is("-") and self.take() else self.term()
        while self.next_is("+", "-"):
            value = value + self.term() if self.take() == "+" else value - self.term()
        return value

    def term(self) -> float:
        value = self.power()
        while self.at < len(self.tokens) and not self.next_is(*"+-=,)}]", "\\rfloor", "\\rceil"):
            if self.next_is("/"):
                self.take()
                value = value / self.power()
            else:
                value = value * self.power()
        return value

    def power(self) -> float:
        value = self.factor()
        if self.next_is("^"):
            self.take()
            value = value ** self.factor()
        return value

    def factor(self):
        token = self.take()
        if token in AROUND:
            value = self.expression()
            self.take(AROUND[token])
            return {"\\lfloor": math.floor, "\\lceil": math.ceil}.get(token, lambda same: same)(value)
        if token in {"\\frac", "\\dfrac"}:
            return self.factor() / self.factor()
        if token == "[":
            left = self.expression()
            self.take("=")
            right = self.expression()
            self.take("]")
            return float(left == right)
        if token == "\\ln":
            return math.log(self.factor())
        if token == "\\sum":
            return math.fsum(self.over_indices())
        if token == "\\max":
            return max(self.over_indices() if self.next_is("_") else self.arguments("(", ")"))
        if re.fullmatch(r"[\d.]+", token):
            return float(token)
        if token not in self.names:
            raise ValueError(f"no se sabe cuánto vale «{token}»")
        return self.subscripted(self.names[token])

    def subscripted(self, value):
        if not self.next_is("_"):
            return value
        self.take()
        places = self.arguments("{", "}") if self.next_is("{") else [self.factor()]
        for place in places:
            value = value[int(place)]
        return float(value)

    def arguments(self, start: str, end: str) -> list[float]:
        self.take(start)
        values = [self.expression()]
        while self.next_is(","):
            self.take()
            values.append(self.expression())
        self.take(end)
        return values

    def over_indices(self) -> list[float]:
        """Los valores del término que sigue, uno por cada combinación de los índices."""
        self.take("_")
        if self.next_is("{"):
            self.take()
            indices = [self.take()]
            while self.take(",", "}") == ",":
                indices.append(self.take())
        else:
            indices = [self.take()]
        start, outer, values = self.at, self.names, []
        for places in itertools.product(*(range(self.ranges[index]) for index in indices)):
            self.at, self.names = start, {**outer, **dict(zip(indices, places, strict=True))}
            values.append(self.term())
        self.names = outer
        return values
