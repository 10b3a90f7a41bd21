"""Una pregunta en HTML: un formulario que se lee sin JavaScript y que ``questions.mjs`` corrige en la página.

La clave de corrección va codificada en un ``<script type="application/json">``; las explicaciones, en el
documento, una por ``data-why``. Así el guion no lleva textos del curso y lo que se lee no depende de él.
"""

import base64
import json
import os
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from course_utils.exercises.display import Card, details, rich

# JupyterLab se queda con algunas teclas si el elemento no lo pide.
KEYS = ' data-lm-suppress-shortcuts="true"'


def form(
    name: str,
    heading: str,
    body: str,
    fields: str,
    key: dict,
    whys: Sequence[tuple[bool | None, str, str]],
    hints: Sequence[str],
    solution: bool,
    offline: str,
) -> str:
    """HTML de una pregunta.

    ``key`` es la clave de corrección que entiende ``questions.mjs`` y cita las explicaciones por su lugar en
    ``whys``: si es correcta, respuesta y explicación, en HTML, como ``body`` y ``fields``. Con ``solution``
    se leen sin contestar, plegadas; ``offline`` dice qué hacer sin JavaScript. Las pistas, en Markdown.
    """
    rows = "\n".join(f'<li data-why="{number}">{_explained(*why)}</li>' for number, why in enumerate(whys))
    listed = f"<ul>\n{rows}\n</ul>"
    explained = details("Solución razonada", listed) if solution else f"<template>{listed}</template>"
    folded = "".join(details(f"Pista {n}", rich(hint)) + "\n" for n, hint in enumerate(hints, start=1))
    encoded = base64.b64encode(json.dumps(key, separators=(",", ":")).encode()).decode()
    return (
        f'<section class="course-question" data-question="{escape(name)}" lang="es" '
        f'aria-label="{escape(heading, quote=True)}">\n'
        f'<p class="course-heading"><strong>{escape(heading)}</strong></p>\n{body}\n'
        f"<form>\n{fields}\n"
        f'<p class="course-actions"><button type="button" hidden{KEYS}>Comprobar</button></p>\n'
        f'<div class="course-feedback" role="status" aria-live="polite"></div>\n</form>\n'
        f'<p class="course-offline">{offline}</p>\n{folded}{explained}\n'
        f'<script type="application/json">"{encoded}"</script>\n</section>'
    )


def _explained(right: bool | None, label: str, why: str) -> str:
    if right is None:
        mark = ""
    else:
        kind, text = ("right", "✓ Sí") if right else ("wrong", "✗ No")
        mark = f'<span class="course-mark course-{kind}">{text}.</span> '
    return f"{mark}{f'<strong>{label}</strong>: ' if label else ''}{why}"


def fieldset(legend: str, rows: Sequence[str]) -> str:
    """Grupo de controles con su leyenda."""
    return f"<fieldset>\n<legend>{legend}</legend>\n" + "\n".join(rows) + "\n</fieldset>"


def option(kind: str, value: int, text: str) -> str:
    """Un botón de opción o una casilla, con su texto."""
    box = f'<input type="{kind}" name="answer" value="{value}"{KEYS}>'
    return f'<label class="course-option">{box} <span>{text}</span></label>'


def text_field(label: str) -> str:
    """Un campo de una línea, para un número."""
    return (
        f'<label class="course-field"><span>{escape(label)}</span> '
        f'<input type="text" name="answer" inputmode="decimal" autocomplete="off" spellcheck="false"{KEYS}>'
        "</label>"
    )


def text_area(label: str, rows: int) -> str:
    """Un campo de varias líneas."""
    area = f'<textarea name="answer" rows="{rows}" autocomplete="off" spellcheck="false"{KEYS}></textarea>'
    return f'<label class="course-field"><span>{escape(label)}</span> {area}</label>'


def select(label: str, options: Sequence[str], first: str | None = None) -> str:
    """Una lista desplegable; ``first`` es el hueco del principio."""
    choices = [] if first is None else [f'<option value="">{escape(first)}</option>']
    choices += [f'<option value="{number}">{escape(text)}</option>' for number, text in enumerate(options)]
    menu = f'<select name="answer"{KEYS}>{"".join(choices)}</select>'
    return f'<label class="course-field"><span>{label}</span> {menu}</label>'


def slider(label: str, values: Sequence) -> str:
    """Un deslizador sobre las posiciones de una lista de valores, con el valor a la vista."""
    shown = [f"{value:g}".replace(".", ",") for value in values]
    return (
        f'<label class="course-field"><span>{escape(label)}</span> <input type="range" name="answer" min="0" '
        f'max="{len(values) - 1}" step="1" value="0" data-values="{escape(" ".join(shown))}"{KEYS}> '
        f'<span class="course-value" aria-hidden="true">{shown[0]}</span></label>'
    )


@cache
def script() -> str:
    """El guion de las preguntas, para los cuadernos: cada salida de Colab es una página aparte."""
    bundle = (
        (files("course_utils.exercises") / "static" / "questions.mjs").read_text(encoding="utf-8").strip()
    )
    return f"<script>{bundle}</script>"


def card(html: str, text: str) -> Card:
    """La pregunta, con el guion al lado salvo al ejecutar los capítulos: la página lo carga una sola vez."""
    alone = os.environ.get("COURSE_PAGE") != "1"
    return Card(f"{html}\n{script()}" if alone else html, text)
