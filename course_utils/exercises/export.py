"""El banco de preguntas en dos formatos que importa Moodle: «Moodle XML format» y «GIFT format» de su manual.

Las preguntas de predecir se exportan como de opción única, porque en Moodle no se pueden teclear varias
líneas, y las de ordenar, como de emparejar cada paso con su lugar.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from course_utils.exercises.bank import Question, places
from course_utils.exercises.display import code, rich, rich_line
from course_utils.exercises.values import slack

COURSE = "Redes convolucionales"


def category_of(question: Question) -> str:
    """Categoría de Moodle de una pregunta: una por capítulo."""
    return f"$course$/top/{COURSE}/Capítulo {question.id[:2]}"


def choices_of(question: Question) -> list[tuple[str, bool, str]]:
    """Opciones en HTML, si son correctas y su explicación; también de una pregunta de predecir."""
    if question.kind == "predict":
        pairs = [(question.answer, True, question.why)]
        pairs += [(wrong["value"], False, wrong["why"]) for wrong in question.wrong]
        return [(code(str(value).rstrip()), right, rich_line(why)) for value, right, why in pairs]
    return [
        (rich_line(option["text"]), bool(option.get("right")), rich_line(option["why"]))
        for option in question.options
    ]


def fractions_of(question: Question) -> list[float]:
    """Puntos de cada opción, en tanto por ciento, con los decimales que Moodle admite."""
    right = [is_right for _, is_right, _ in choices_of(question)]
    if question.kind != "multiple":
        return [100.0 if is_right else 0.0 for is_right in right]
    good, bad = right.count(True), right.count(False)
    return [round(100 / good, 5) if is_right else -round(100 / bad, 5) for is_right in right]


def spellings(question: Question) -> list[float]:
    """Los valores que Moodle da por buenos en una pregunta de número.

    Moodle admite espacios, la coma o el punto como decimal y «1e3» o «1x10^3»; «1.168» lo lee siempre con
    decimales. Se acepta también así cuando la respuesta es 1168, salvo que ese valor sea un error previsto.

    Examples
    --------
    >>> spellings(Question("03.q1", "numeric", "easy", "¿Cuántos?", answer=1168))
    [1168, 1.168]
    """
    value = question.answer
    if not float(value).is_integer() or abs(value) < 1000:
        return [value]
    typed = value / 1000
    taken = any(abs(wrong["value"] - typed) <= question.tolerance for wrong in question.wrong)
    return [value] if taken else [value, typed]


def body_of(question: Question) -> str:
    """Enunciado en HTML; si se pide un número, con la forma de escribirlo que Moodle entiende."""
    added = {
        "predict": code(question.code.rstrip()),
        "numeric": rich(
            "Escribe un número con cifras, sin fracciones; los decimales, con coma o con punto, y una "
            "potencia de diez, como 2e6 o 2x10^6."
        ),
    }
    return rich(question.text) + added.get(question.kind, "")


# --- Moodle XML ------------------------------------------------------------------------------------

XML_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "predict": "multichoice",
    "numeric": "numerical",
    "order": "matching",
}


def moodle_xml(questions: Iterable[Question]) -> str:
    """Cuestionario en Moodle XML, con una categoría por capítulo.

    Parameters
    ----------
    questions : iterable of Question
        Las de un capítulo van seguidas.

    Returns
    -------
    str
        Documento XML en UTF-8.
    """
    quiz = ET.Element("quiz")
    for category, group in groupby(questions, key=category_of):
        node = ET.SubElement(ET.SubElement(quiz, "question", type="category"), "category")
        ET.SubElement(node, "text").text = category
        for question in group:
            _xml_question(quiz, question)
    ET.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(quiz, encoding="unicode") + "\n"


def _xml_question(quiz: ET.Element, question: Question) -> None:
    node = ET.SubElement(quiz, "question", type=XML_TYPES[question.kind])
    ET.SubElement(ET.SubElement(node, "name"), "text").text = question.id
    _html(node, "questiontext", body_of(question))
    _html(node, "generalfeedback", rich_line(question.why))
    ET.SubElement(node, "defaultgrade").text = "1"
    ET.SubElement(node, "penalty").text = "0.3333333"
    ET.SubElement(node, "idnumber").text = question.id
    if question.kind == "numeric":
        values = [(value, 100, question.tolerance, question.why) for value in spellings(question)]
        values += [
            (wrong["value"], 0, slack(wrong["value"], question.tolerance), wrong["why"])
            for wrong in question.wrong
        ]
        for value, fraction, tolerance, why in values:
            answer = ET.SubElement(node, "answer", fraction=str(fraction))
            ET.SubElement(answer, "text").text = repr(value)
            ET.SubElement(answer, "tolerance").text = repr(tolerance)
            _html(answer, "feedback", rich_line(why))
    elif question.kind == "order":
        ET.SubElement(node, "shuffleanswers").text = "true"
        for place, step in zip(places(question), question.steps, strict=True):
            pair = _html(node, "subquestion", rich_line(step["text"]))
            ET.SubElement(ET.SubElement(pair, "answer"), "text").text = place
    else:
        ET.SubElement(node, "single").text = "false" if question.kind == "multiple" else "true"
        ET.SubElement(node, "shuffleanswers").text = "true"
        ET.SubElement(node, "answernumbering").text = "abc"
        for (text, _, why), fraction in zip(choices_of(question), fractions_of(question), strict=True):
            answer = _html(node, "answer", text)
            answer.set("fraction", f"{fraction:g}" if fraction in (0, 100) else f"{fraction:.5f}")
            _html(answer, "feedback", why)
    for hint in question.hints:
        _html(node, "hint", rich_line(hint))


def _html(parent: ET.Element, tag: str, text: str) -> ET.Element:
    node = ET.SubElement(parent, tag, format="html")
    ET.SubElement(node, "text").text = text
    return node


# --- GIFT ------------------------------------------------------------------------------------------


def gift(questions: Iterable[Question]) -> str:
    """Cuestionario en GIFT, con una categoría por capítulo.

    Parameters
    ----------
    questions : iterable of Question
        Las de un capítulo van seguidas.

    Returns
    -------
    str
        Texto, con una pregunta por párrafo.
    """
    blocks = []
    for category, group in groupby(questions, key=category_of):
        blocks += [f"$CATEGORY: {category}", *map(_gift_question, group)]
    return "\n\n".join(blocks) + "\n"


def _gift_question(question: Question) -> str:
    opening = "{#" if question.kind == "numeric" else "{"
    if question.kind == "numeric":
        answers = [
            f"={value!r}:{question.tolerance!r}#{_escaped(rich_line(question.why))}"
            for value in spellings(question)
        ]
        answers += [
            f"=%0%{wrong['value']!r}:{slack(wrong['value'], question.tolerance)!r}#"
            f"{_escaped(rich_line(wrong['why']))}"
            for wrong in question.wrong
        ]
    elif question.kind == "order":
        pairs = zip(question.steps, places(question), strict=True)
        answers = [f"={_escaped(rich_line(step['text']))} -> {place}" for step, place in pairs]
    else:
        answers = [
            f"{_gift_mark(question, fraction)}{_escaped(text)}#{_escaped(why)}"
            for (text, _, why), fraction in zip(choices_of(question), fractions_of(question), strict=True)
        ]
    listed = "\n".join(answers)
    general = f"\n####{_escaped(rich_line(question.why))}" if question.why else ""
    return f"::{question.id}::[html]{_escaped(body_of(question))}{opening}\n{listed}{general}\n}}"


def _gift_mark(question: Question, fraction: float) -> str:
    if question.kind == "multiple":
        return f"~%{fraction:g}%"
    return "=" if fraction == 100 else "~"


def _escaped(text: str) -> str:
    """GIFT da sentido propio a estos signos, y los saltos de línea vacíos separan preguntas."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")
