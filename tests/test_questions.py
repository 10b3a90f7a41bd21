"""Banco de preguntas: el esquema, la clave que corrige en la página, lo que se enseña y lo que se exporta."""

import base64
import json
import re
import subprocess
import sys
from html import escape, unescape
from itertools import combinations
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import yaml

from course_utils.exercises import bank, exercise, question, question_html
from course_utils.exercises.__main__ import main
from course_utils.exercises.bank import Question, all_questions
from course_utils.exercises.display import rich_line
from course_utils.exercises.engine import LEVELS
from course_utils.exercises.export import choices_of, fractions_of, gift, moodle_xml, spellings
from course_utils.exercises.registry import all_exercises
from tests.conftest import ROOT
from tests.test_exercises import assert_well_formed
from tools import exercise_pages
from tools.notebooks import sources

FOLDER = ROOT / "course_utils" / "exercises" / "questions"
BANKS = sorted(FOLDER.glob("*.yaml"))
ALL = all_questions()
each_question = pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)


def of_kind(*kinds):
    chosen = [item for item in ALL if item.kind in kinds]
    return pytest.mark.parametrize("item", chosen, ids=lambda item: item.id)


def key_of(html):
    encoded = re.search(r'<script type="application/json">"(.*?)"</script>', html).group(1)
    return json.loads(base64.b64decode(encoded))


# --- El banco --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_the_bank_follows_its_schema(path):
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


def test_the_schema_refuses_what_cannot_be_asked():
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    rows = yaml.safe_load(BANKS[0].read_text(encoding="utf-8"))
    row = next(row for row in rows if row["kind"] == "single")
    for broken in (
        {key: value for key, value in row.items() if key != "options"},
        row | {"kind": "essay"},
        row | {"answer": 3},
        row | {"id": "q1"},
        row | {"hints": []},
        row | {"options": [{"text": "sin explicación"}] * 3},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([broken] * 8, schema)


def test_every_chapter_of_the_book_has_questions_of_every_kind():
    assert list(bank.chapters()) == [source.name[:2] for source in sources()]
    for chapter in bank.chapters():
        assert {item.kind for item in bank.questions(chapter)} == set(bank.KINDS), chapter


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_a_chapter_asks_its_questions_in_order_and_each_once(source):
    asked = re.findall(r'^question\("(.+?)"\)', source.read_text(encoding="utf-8"), re.M)
    assert asked == [item.id for item in bank.questions(source.name[:2])]
    assert asked == [f"{source.name[:2]}.q{number}" for number in range(1, len(asked) + 1)]


@of_kind("order")
def test_no_step_is_shown_in_its_own_place(item):
    assert sorted(item.shown_steps) == list(range(len(item.steps)))
    assert all(place != step for place, step in enumerate(item.shown_steps))


def test_a_question_is_understood_without_its_page():
    """La página de repaso y Moodle la enseñan sola."""
    page = (
        r"(celda|figura|tabla|filtros?[^.]*) de (arriba|al lado)|esta sección|^(A esa|La) misma red|^Ahora "
    )
    assert [item.id for item in ALL if re.search(page, item.text)] == []


def test_the_review_page_says_what_each_difficulty_means():
    assert set(bank.EFFORT) == set(LEVELS) == {item.level for item in ALL}
    page = exercise_pages.review_page()
    for level, effort in bank.EFFORT.items():
        assert f"- **{LEVELS[level]}**: {effort}." in page


@of_kind("single", "multiple")
def test_the_right_options_are_as_many_as_the_kind_says(item):
    right = sum(bool(option.get("right")) for option in item.options)
    assert right == 1 if item.kind == "single" else 1 < right < len(item.options)


def test_the_right_option_is_not_always_in_the_same_place():
    places = [
        [bool(o.get("right")) for o in item.options].index(True) for item in ALL if item.kind == "single"
    ]
    assert max(map(places.count, places)) < len(places) / 2


def plain(text):
    return " ".join(str(text).casefold().split())


def likeness(one, other):
    """Parte de las palabras de dos preguntas, con su respuesta, que son de las dos."""
    words = []
    for item in (one, other):
        right = [option["text"] for option in item.options if option.get("right")]
        right += [step["text"] for step in item.steps]
        text = " ".join([item.text, item.code * (item.kind == "predict"), *right])
        words.append({word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3})
    return len(words[0] & words[1]) / len(words[0] | words[1])


def test_no_two_questions_ask_the_same():
    alike = {(a.id, b.id): likeness(a, b) for a, b in combinations(ALL, 2)}
    assert {pair: value for pair, value in alike.items() if value > 0.45} == {}


def test_the_same_question_in_other_words_is_noticed():
    first, second = (
        Question("08.q1", "single", "easy", text, options=({"text": answer, "why": "…", "right": True},))
        for text, answer in (
            (
                "En una escena hay dos pelotas que se tocan. ¿Qué dice de ellas la máscara perfecta?",
                "Pelota.",
            ),
            ("Dos pelotas se tocan. ¿Qué dice de ellas una máscara?", "Que son pelota."),
        )
    )
    assert likeness(first, second) > 0.45


@each_question
def test_no_two_answers_are_equal_and_each_has_its_explanation(item):
    answers = [plain(part["text"]) for part in item.options + item.steps]
    answers += [plain(wrong["value"]) for wrong in item.wrong] + ([plain(item.answer)] if item.wrong else [])
    assert len(set(answers)) == len(answers)
    whys = [plain(part["why"]) for part in item.options + item.steps + item.wrong] + [plain(item.why)]
    if item.kind != "numeric":  # dos números parecidos pueden deberse al mismo error
        assert len(set(whys)) == len(whys)
    if item.kind == "numeric":
        assert all(abs(wrong["value"] - item.answer) > 2 * item.tolerance for wrong in item.wrong)


@of_kind("numeric")
def test_two_decimals_are_enough_if_the_statement_does_not_ask_for_more(item):
    if "(tres decimales)" not in item.text:
        assert abs(round(item.answer + 1e-9, 2) - item.answer) <= max(item.tolerance, 1e-9)


def test_codes_print_the_answer():
    """Lo que se predice, y los números que traen su cuenta, los dice Python."""
    items = [item for item in ALL if item.code]
    assert len(items) >= 15
    program = (
        "import contextlib, io, json, sys\n"
        "outputs = []\n"
        "for code in json.load(sys.stdin):\n"
        "    with contextlib.redirect_stdout(io.StringIO()) as printed:\n"
        "        exec(compile(code, '<pregunta>', 'exec'), {})\n"
        "    outputs.append(printed.getvalue())\n"
        "print(json.dumps(outputs))\n"
    )
    codes = json.dumps([item.code for item in items])
    done = subprocess.run(
        [sys.executable, "-c", program], input=codes, text=True, capture_output=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    for item, printed in zip(items, json.loads(done.stdout), strict=True):
        if item.kind == "predict":
            assert printed.split() == item.answer.split(), item.id
        else:
            assert float(printed) == pytest.approx(item.answer, abs=item.tolerance or 1e-9), item.id


# --- Lo que se enseña ------------------------------------------------------------------------------


@each_question
def test_the_html_is_well_formed_and_readable_without_javascript(item):
    html = item.to_html()
    tags = assert_well_formed(html)
    assert {"section", "form", "button", "details"} <= tags
    assert ("fieldset" in tags) == (item.kind in ("single", "multiple", "order"))
    assert 'role="status" aria-live="polite"' in html
    assert "Solución razonada" in html
    assert " id=" not in html
    text = unescape(re.sub(r"<[^>]+>", "", html))
    for part in item.options + item.steps + item.wrong:
        assert unescape(re.sub(r"<[^>]+>", "", rich_line(part["why"]))) in text
    form = html[html.index("<form>") : html.index("</form>")]
    assert "hidden" in re.search(r"<button[^>]*>", form).group()
    assert item.to_html() == html


def test_no_formula_is_written_as_latex():
    """Una pregunta es HTML: un «$» se leería tal cual."""
    assert [path.name for path in BANKS if "$" in path.read_text(encoding="utf-8")] == []


def test_nothing_that_is_written_becomes_markup():
    attack = "<script>alert('ñandú')</script> & <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    nasty = Question(
        id="03.q1",
        kind="single",
        level="easy",
        text=attack,
        hints=(attack,),
        options=({"text": attack, "why": attack, "right": True}, {"text": "ó", "why": "Á"}),
    )
    predict = Question("03.q2", "predict", "easy", attack, attack, (attack,), answer=attack, code=attack)
    order = Question("03.q3", "order", "easy", attack, steps=({"text": attack, "why": attack},) * 3)
    for item in (nasty, predict, order):
        html = item.to_html()
        tags = assert_well_formed(html)
        assert "img" not in tags
        assert "a" not in tags
        assert html.count("<script") == 1
        assert html.count("</script") == 1
        assert "ñandú" in html
        exported = moodle_xml([item])
        assert attack not in exported
        assert escape(attack, quote=False).split("'")[0] in unescape(exported)


def test_inside_a_notebook_the_script_travels_with_the_question(monkeypatch):
    item = next(item for item in ALL if item.kind == "single")
    monkeypatch.delenv("COURSE_PAGE", raising=False)
    bundle = item._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/html"].startswith(item.to_html())
    assert bundle["text/html"].count("<script>") == 1
    assert "</script" not in question_html.script().removesuffix("</script>")
    assert len(question_html.script()) < 15_500
    monkeypatch.setenv("COURSE_PAGE", "1")
    assert item._repr_mimebundle_()["text/html"] == item.to_html()
    assert "a) " in bundle["text/plain"]
    right = next(option for option in item.options if option.get("right"))
    assert right["why"] not in bundle["text/plain"]


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [(3, TypeError, "comillas"), ("03.1", ValueError, "capítulo.q"), ("03.q99", ValueError, "03.q1, 03.q2")],
)
def test_unknown_questions_are_explained(name, error, text):
    with pytest.raises(error, match=re.escape(text)):
        question(name)


# --- La clave corrige en la página -----------------------------------------------------------------


def judged(node, pairs):
    """Veredictos de ``web/questions/judge.mjs`` para parejas (clave, respuesta)."""
    program = (
        'import { readFileSync } from "node:fs";\n'
        f"import {{ judge }} from {json.dumps((ROOT / 'web/questions/judge.mjs').as_uri())};\n"
        'const pairs = JSON.parse(readFileSync(0, "utf8"));\n'
        "console.log(JSON.stringify(pairs.map(([key, answer]) => judge(key, answer))));\n"
    )
    command = [node, "--input-type=module", "-e", program]
    done = subprocess.run(command, input=json.dumps(pairs), text=True, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def spanish(value):
    return str(value).replace(".", ",").replace("-", "−")


def test_every_key_accepts_the_right_answer_and_explains_each_wrong_one(node):
    pairs, expected = [], []
    for item in ALL:
        html = item.to_html()
        key = key_of(html)
        whys = re.findall(r'<li data-why="(\d+)">', html)
        assert whys == [str(number) for number in range(len(whys))]
        if item.kind in ("single", "multiple"):
            right = [n for n, option in enumerate(item.options) if option.get("right")]
            pairs.append((key, right))
            expected.append((item, True, right))
            for number, option in enumerate(item.options):
                if not option.get("right"):
                    pairs.append((key, [number]))
                    expected.append((item, False, [number]))
        elif item.kind == "order":
            pairs.append((key, item.shown_steps))
            expected.append((item, True, []))
            shown = [*item.shown_steps[1:], item.shown_steps[0]]
            pairs.append((key, shown))
            expected.append((item, False, None))
        else:
            values = [item.answer, *(wrong["value"] for wrong in item.wrong)]
            for number, value in enumerate(values):
                pairs.append((key, [spanish(value) if item.kind == "numeric" else value]))
                expected.append((item, number == 0, [number]))
    for (item, right, whys), verdict in zip(expected, judged(node, pairs), strict=True):
        assert verdict["right"] is right, item.id
        if item.kind == "numeric" and whys != [0]:
            assert verdict["whys"], item.id
        elif whys is not None:
            assert verdict["whys"] == whys, item.id


def test_exercises_with_controls_are_judged_on_the_page_as_in_the_notebook(node):
    """Cada combinación de los deslizadores, y cada número previsto, recibe lo mismo que en el cuaderno."""
    pairs, expected = [], []
    for item in all_exercises():
        if not item.controls:
            continue
        html = item.widget().to_html()
        assert_well_formed(html)
        assert item.source not in unescape(html)
        assert item.explanation not in unescape(html)
        if "course-question" not in html:
            continue  # una matriz no se puede corregir sin kernel: se lee el enunciado
        key = key_of(html)
        whys = [
            unescape(re.sub(r"<[^>]+>", "", why))
            for why in re.findall(r'<li data-why="\d+">(.*?)</li>', html, re.S)
        ]
        if key["kind"] == "numeric":
            answers = [(item.judge.reference(), [spanish(item.judge.reference())])]
            answers += [(m.answer(), [spanish(m.answer())]) for m in item.judge.mistakes]
        else:
            answers = list(every_position(item.controls))
        for answer, position in answers:
            pairs.append((key, position))
            result = item.examine(answer)
            message = unescape(re.sub(r"<[^>]+>", "", rich_line(result.message)))
            expected.append((item.id, answer, result.correct, message, whys))
    assert len(pairs) > 100
    for (name, answer, right, message, whys), verdict in zip(expected, judged(node, pairs), strict=True):
        assert verdict["right"] is right, (name, answer)
        if not right:
            assert whys[verdict["whys"][0]] == message, (name, answer)


def every_position(controls):
    from itertools import product

    from course_utils.exercises.controls import joined

    for position in product(*(range(len(control.values)) for control in controls)):
        yield joined(control.values[i] for control, i in zip(controls, position, strict=True)), list(position)


# --- Moodle ----------------------------------------------------------------------------------------


def html_text(node, path):
    found = node.find(path)
    assert found is not None
    assert found.get("format") == "html"
    return found.findtext("text")


def test_moodle_xml_says_the_same_as_the_bank():
    quiz = ET.fromstring(moodle_xml(ALL).encode())
    categories = [node.findtext("category/text") for node in quiz if node.get("type") == "category"]
    assert len(categories) == len(set(categories)) == len(bank.chapters())
    nodes = [node for node in quiz if node.get("type") != "category"]
    assert [node.findtext("name/text") for node in nodes] == [item.id for item in ALL]
    for item, node in zip(ALL, nodes, strict=True):
        assert (
            rich_line(item.text.strip()) in html_text(node, "questiontext").replace("\n", " ")
            or "\n" in item.text
        )
        assert len(node.findall("hint")) == len(item.hints)
        answers = node.findall("answer")
        if item.kind == "order":
            pairs = [
                (pair.findtext("text"), pair.findtext("answer/text")) for pair in node.findall("subquestion")
            ]
            assert pairs == [
                (rich_line(step["text"]), f"{n}.º") for n, step in enumerate(item.steps, start=1)
            ]
        elif item.kind == "numeric":
            assert node.get("type") == "numerical"
            assert float(answers[0].findtext("text")) == item.answer
            assert float(answers[0].findtext("tolerance")) == item.tolerance
            right = len(spellings(item))
            assert [answer.get("fraction") for answer in answers] == ["100"] * right + ["0"] * len(item.wrong)
            assert [answer.findtext("feedback/text") for answer in answers[right:]] == [
                rich_line(wrong["why"]) for wrong in item.wrong
            ]
        else:
            assert node.findtext("single") == ("false" if item.kind == "multiple" else "true")
            right = [float(answer.get("fraction")) > 0 for answer in answers]
            texts = [(answer.findtext("text"), answer.findtext("feedback/text")) for answer in answers]
            assert [(text, good, why) for (text, why), good in zip(texts, right, strict=True)] == choices_of(
                item
            )
            total = sum(
                float(answer.get("fraction")) for answer in answers if float(answer.get("fraction")) > 0
            )
            assert total == pytest.approx(100, abs=0.01)


def test_gift_is_read_back_by_another_parser(node_tools):
    """gift-pegjs, la gramática de GIFT más usada, lee lo mismo que dice el banco."""
    program = (
        'import { readFileSync } from "node:fs";\nimport gift from "gift-pegjs";\n'
        'console.log(JSON.stringify(gift.parse(readFileSync(0, "utf8"))));\n'
    )
    command = [node_tools, "--input-type=module", "-e", program]
    done = subprocess.run(
        command, input=gift(ALL), text=True, capture_output=True, cwd=ROOT, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert sum(row["type"] == "Category" for row in read) == len(bank.chapters())
    rows = [row for row in read if row["type"] != "Category"]
    assert [row["title"] for row in rows] == [item.id for item in ALL]
    kinds = {"single": "MC", "multiple": "MC", "predict": "MC", "numeric": "Numerical", "order": "Matching"}
    for item, row in zip(ALL, rows, strict=True):
        assert row["type"] == kinds[item.kind]
        assert row["stem"]["format"] == "html"
        if item.kind == "order":
            assert [pair["subanswer"] for pair in row["matchPairs"]] == bank.places(item)
            assert [pair["subquestion"]["text"] for pair in row["matchPairs"]] == [
                rich_line(step["text"]) for step in item.steps
            ]
        elif item.kind == "numeric":
            right = spellings(item)
            values = [*right, *(wrong["value"] for wrong in item.wrong)]
            assert [choice["text"]["number"] for choice in row["choices"]] == values
            weights = [None] * len(right) + [0] * len(item.wrong)
            assert [choice["weight"] for choice in row["choices"]] == weights
        else:
            texts = [(c["text"]["text"], c["feedback"]["text"]) for c in row["choices"]]
            assert texts == [(text, why) for text, _, why in choices_of(item)]
            if item.kind == "multiple":
                assert [c["weight"] for c in row["choices"]] == pytest.approx(fractions_of(item), abs=0.01)
            else:
                assert [c["isCorrect"] for c in row["choices"]] == [right for _, right, _ in choices_of(item)]


def test_the_export_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export"]) == 0
    assert ET.parse(tmp_path / "preguntas.xml").getroot().tag == "quiz"
    assert f"{len(ALL)} preguntas en preguntas.xml" in capsys.readouterr().out
    assert main(["export", "--format", "gift", "--chapter", "03", "-"]) == 0
    printed = capsys.readouterr().out
    assert "::03.q1::" in printed
    assert "::04.q1::" not in printed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["preguntas.xml"]


def test_the_export_command_explains_what_it_cannot_do(tmp_path, capsys):
    assert main(["export", "--chapter", "77", str(tmp_path / "x.xml")]) == 1
    assert "«77»" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "no-existe" / "x.xml")]) == 1
    assert "Elige otra carpeta" in capsys.readouterr().err
    assert main(["export", str(tmp_path)]) == 1  # es una carpeta
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- Lo derivado está al día -----------------------------------------------------------------------


def test_the_pages_are_up_to_date():
    appendix, expected = exercise_pages.APPENDIX, exercise_pages.pages()
    kept = {f"{name}/{page.name}" for name in ("soluciones", "repaso") for page in appendix.glob(f"{name}/*")}
    assert kept | {"soluciones.md", "repaso.md"} == set(expected), "ejecuta «make ejercicios»"
    for name, text in expected.items():
        assert (appendix / name).read_text(encoding="utf-8") == text, f"{name}: ejecuta «make ejercicios»"


def test_the_solutions_of_a_chapter_have_every_solution():
    for item in all_exercises():
        page = exercise_pages.solutions_of(item.id[:2])
        assert item.source in page
        assert item.explanation.strip() in page


def test_the_bundle_is_up_to_date(node_tools, tmp_path):
    exercise_pages.bundle(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["questions.css", *exercise_pages.BUNDLES]
    for name in names:
        same = (tmp_path / name).read_bytes() == (exercise_pages.STATIC / name).read_bytes()
        assert same, f"{name}: ejecuta «make ejercicios»"


def test_an_exercise_without_controls_has_no_widget():
    with pytest.raises(ValueError, match="se contesta con código"):
        exercise("03.1").widget()
