"""Los números tecleados se leen igual en el cuaderno, en la página y en Moodle (web/test/numbers.json)."""

import json
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from course_utils.exercises import exercise
from course_utils.exercises.bank import Question, all_questions
from course_utils.exercises.controls import parse_matrix, parse_numbers
from course_utils.exercises.export import moodle_xml, spellings
from course_utils.exercises.numbers import readings, trees
from tests.conftest import ROOT
from tests.test_questions import judged, key_of

TABLE = json.loads((ROOT / "web" / "test" / "numbers.json").read_text(encoding="utf-8"))
PREDICT = [item for item in all_questions() if item.kind == "predict"]
NUMERIC = [item for item in all_questions() if item.kind == "numeric"]


@pytest.mark.parametrize(("text", "expected"), TABLE["numbers"])
def test_each_text_is_read_as_the_table_says(text, expected):
    assert readings(text) == expected


@pytest.mark.parametrize(("text", "expected"), TABLE["lists"])
def test_lists_and_matrices_too(text, expected):
    assert trees(text) == expected


# --- La página -------------------------------------------------------------------------------------


def notations(answer):
    """Otras formas de escribir la misma salida: separadores, decimales, menos, corchetes y una sola línea."""
    text = str(answer).strip()
    commas = re.sub(r"(?<=[\d\]) ])\s+(?=[-\d(\[])", ", ", re.sub(r"\[ +", "[", re.sub(r" +", " ", text)))
    found = {text, commas, commas.replace("\n", " "), text.replace("-", "−"), commas.replace("-", "–")}
    found |= {commas.replace("[", "(").replace("]", ")"), text.replace("(", "[").replace(")", "]")}
    found |= {re.sub(r"(\d)\.(\d)", r"\1,\2", text), text.replace("\n", "\r\n"), f"  {text}  "}
    if re.fullmatch(r"[(\[]?[^()\[\]]*[)\]]?", text):
        found |= {text.strip("()[]"), commas.strip("()[]"), f"[{commas.strip('()[]')}]"}
    if "[[" in text and "\n" in text:
        found |= {text.replace("[", "").replace("]", ""), text.replace("\n", "")}
    return sorted(found)


def test_every_prediction_is_accepted_in_other_notations_and_every_mistake_recognised(node):
    pairs, expected = [], []
    for item in PREDICT:
        key = key_of(item.to_html())
        for number, value in enumerate([item.answer, *(wrong["value"] for wrong in item.wrong)]):
            for text in notations(value):
                pairs.append((key, [text]))
                expected.append((item.id, text, number))
    assert len(pairs) > 300
    for (name, text, number), verdict in zip(expected, judged(node, pairs), strict=True):
        assert (verdict["right"], verdict["whys"]) == (number == 0, [number]), (name, text, verdict)


def spelled(value):
    """Maneras corrientes de teclear un valor."""
    plain = f"{value:f}".rstrip("0").rstrip(".")
    comma = plain.replace(".", ",")
    found = {plain, comma, comma.replace("-", "−"), f" {plain} ", f"({plain})"}
    if float(value).is_integer():
        found |= {f"{int(value):,}".replace(",", separator) for separator in (" ", "\u2009", "\u202f", ".")}
        found |= {f"{plain},0", f"{int(value) * 2}/2"}
    hundredth = format(Decimal(plain).scaleb(-2), "f")
    found |= {hundredth + power for power in ("e2", "E+02", "·10^2", "x10^2", " × 10²")}
    found.add(f"{hundredth.replace('.', ',')}e2")
    return sorted(found)


def test_every_numeric_question_accepts_its_answer_in_usual_spellings(node):
    pairs = [(key_of(item.to_html()), [text]) for item in NUMERIC for text in spelled(item.answer)]
    assert len(pairs) > 140
    for (_, typed), verdict in zip(pairs, judged(node, pairs), strict=True):
        assert verdict["right"] is True, typed


# --- El cuaderno -----------------------------------------------------------------------------------


def typed_in(name, text):
    widget = exercise(name).widget()
    assert widget.box.children
    widget.inputs[0].value = text
    widget.check_button.click()
    return re.sub(r"<[^>]+>", "", widget.output.value)


@pytest.mark.parametrize(
    "text",
    [
        "101770",
        "101 770",
        "101\u202f770",
        "101.770",
        "101770,0",
        "203540/2",
        "1,0177e5",
        "10177·10^1",
        "10177×10¹",
    ],
)
def test_a_number_is_accepted_in_the_widget_as_it_is_written(text):
    assert "correcto" in typed_in("06.1", text).replace("incorrecto", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("doce", "«doce» no se entiende como número"),
        ("26 26", "Se leen varios números: escribe uno solo."),
        ("1/0", "«1/0» no se entiende como número"),
    ],
)
def test_what_is_not_understood_is_not_a_wrong_answer(text, message):
    shown = typed_in("06.1", text)
    assert message in shown
    assert "sin intentar" in shown


@pytest.mark.parametrize(
    "text",
    [
        "-1 0 1\n-1 0 1\n-1 0 1",
        "[[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]",
        "[[−1 0 1]\n [−1 0 1]\n [−1 0 1]]",
        "-1 0 1; -1 0 1; -1 0 1",
        "−1,0,1\n−1,0,1\n−1,0,1",
        "-1,0; 0; 1,0\n-1,0; 0; 1,0\n-1,0; 0; 1,0",
        "((-1,0,1),(-1,0,1),(-1,0,1))",
        "-1. 0. 1.\n-1. 0. 1.\n-1. 0. 1.",
        "-2/2 0 1\n-1 0 ½\n-1 0 1",
    ],
)
def test_a_matrix_is_read_in_one_line_or_several(text):
    assert parse_matrix(text, (3, 3)).shape == (3, 3)
    assert "correcto" in typed_in("01.3", text).replace("incorrecto", "") or "½" in text


def test_a_decimal_comma_is_chosen_by_the_size():
    assert parse_matrix("0,5 0,25\n1,5 2", (2, 2)).tolist() == [[0.5, 0.25], [1.5, 2]]
    assert parse_matrix("1,2\n3,4", (2, 2)).tolist() == [[1, 2], [3, 4]]
    assert np.array_equal(parse_matrix("1 2 3"), [[1, 2, 3]])


# --- Moodle ----------------------------------------------------------------------------------------


def moodle_reads(text):
    """Lo que entiende ``qtype_numerical_answer_processor`` con el paquete español; None si pide otra cosa."""
    clean = re.sub(r"(?:e|E|[x*×]10(?:\^|\*\*))([+-]?[0-9]+)", r"e\1", text.replace(" ", ""))
    thousands = "." in clean or clean.count(",") > 1
    clean = clean.replace(",", "" if thousands else ".")
    number = r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?"
    return float(clean) if re.fullmatch(number, clean, re.ASCII) else None


def test_moodle_accepts_the_usual_spellings_or_asks_again():
    """De lo que Moodle lee, nada correcto se da por malo; lo que no lee, lo dice él antes de corregir."""
    read = 0
    for item in NUMERIC:
        quiz = ET.fromstring(moodle_xml([item]).encode())
        answers = [
            (float(node.findtext("text")), float(node.findtext("tolerance") or 0))
            for node in quiz.iter("answer")
            if node.get("fraction") == "100"
        ]
        for text in spelled(item.answer):
            if (value := moodle_reads(text)) is not None:
                read += 1
                assert any(abs(value - right) <= tolerance + 1e-9 for right, tolerance in answers), text
    assert read > 80


def test_moodle_and_the_table_agree_on_what_moodle_reads():
    assert all(abs(item.answer) < 1000 or float(item.answer).is_integer() for item in NUMERIC)
    for text, expected in TABLE["numbers"]:
        value = moodle_reads(text)
        if value is None or not expected or {".", ","} <= set(text):
            continue  # «1.234,5» lo lee mal, y ninguna pregunta tiene una respuesta así
        alike = {right for one in expected for right in spellings(_numeric(one))}
        assert any(abs(value - right) < 1e-9 for right in alike), (text, value, expected)


def _numeric(value):
    return Question("03.q1", "numeric", "easy", "¿Cuánto?", answer=value)


@pytest.mark.parametrize("value", [0.32, 0.321, 2.25 / 7, 0.3214285])
def test_a_mistake_with_many_decimals_is_recognised_with_two(value):
    assert exercise("09.9").examine(value).diagnosis == "cuentan-enteros"


def test_a_rounded_right_answer_is_not_exact():
    assert not exercise("09.9").examine(0.451).correct
    assert exercise("09.9").examine(0.33).diagnosis == "valor-distinto"


def test_a_typical_mistake_is_never_an_accepted_spelling():
    wrong = ({"value": 1.168, "why": "…"},)
    assert spellings(Question("03.q1", "numeric", "easy", "¿Cuánto?", answer=1168, wrong=wrong)) == [1168]


def test_every_reading_of_a_text_is_given():
    assert parse_numbers("1.168") == [1.168, 1168]
