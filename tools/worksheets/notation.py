"""Números, matrices y tablas de las fichas, en HTML y a la española."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from html import escape

import numpy as np

from course_utils.style import number_text

LINE = '<span class="line"></span>'
SIMPLE = 10**6  # un número de una ficha es una fracción con un denominador menor


def number(value, decimals: int = 3) -> str:
    """Un número con ``decimals`` decimales como mucho, redondeado como a mano: 0,0625 con tres es 0,063."""
    exact = Fraction(value.item() if isinstance(value, np.generic) else value).limit_denominator(SIMPLE)
    rounded = (Decimal(exact.numerator) / exact.denominator).quantize(
        Decimal(1).scaleb(-decimals), ROUND_HALF_UP
    )
    return number_text(float(rounded), decimals)


def ratio(top, bottom) -> str:
    """Una división y su valor: «3/7 = 0,429»."""
    return f"{number(top)}/{number(bottom)} = {number(top / bottom)}"


def factor(value) -> str:
    """Un número que multiplica o se suma: entre paréntesis si es negativo."""
    return f"({number(value)})" if value < 0 else number(value)


def capitalized(text: str) -> str:
    return text[0].upper() + text[1:]


def shape(sizes: Iterable[int]) -> str:
    """Una forma, como la escribe Python."""
    return code(str(tuple(map(int, sizes))))


def numbers(values: Iterable) -> str:
    """Varios números; con punto y coma entre ellos si alguno lleva decimales."""
    texts = [number(value) for value in values]
    return ("; " if any("," in text for text in texts) else ", ").join(texts)


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def ask(*questions: str) -> str:
    """Cada pregunta con su línea para contestar."""
    return "".join(f'<p class="ask"><span>{question}</span>{LINE}</p>' for question in questions)


def _cells(values, write: Callable[[object], str]) -> str:
    return "".join(f"<tr>{''.join(write(cell) for cell in row)}</tr>" for row in np.atleast_2d(values))


def matrix(values, role: str = "input") -> str:
    """Una cuadrícula con números."""
    return f'<table class="matrix {role}">{_cells(values, lambda cell: f"<td>{number(cell)}</td>")}</table>'


def mask(values, role: str = "input") -> str:
    """Una cuadrícula de objetos: el fondo, 0, en blanco; los demás, con su número."""
    cells = _cells(values, lambda cell: f"<td class=on>{int(cell)}</td>" if cell else "<td></td>")
    return f'<table class="matrix {role} mask">{cells}</table>'


def empty(rows: int, cols: int) -> str:
    """Una cuadrícula para contestar."""
    return f'<table class="matrix empty">{_cells(np.zeros((rows, cols)), lambda cell: "<td></td>")}</table>'


def named(name: str, content: str) -> str:
    """Algo con su nombre encima."""
    return f'<div class="named"><b>{name}</b>{content}</div>'


def beside(*parts: str) -> str:
    """Lo que va en una fila."""
    return f'<div class="row">{"".join(parts)}</div>'


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Una tabla con cabecera; lo que hay que rellenar es texto vacío."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="data"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
