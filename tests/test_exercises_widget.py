"""Ejercicios con controles: sus botones con ipywidgets 8 y 7.7.1, y uno de verdad en JupyterLab."""

import json
import os
import subprocess
import sys

import pytest

from course_utils.exercises import exercise
from course_utils.exercises.controls import Dropdown, Matrix, Number, Slider, parse_matrix, parse_numbers
from course_utils.exercises.registry import all_exercises
from tests.conftest import ROOT
from tools.lab import notebook_tab, run_cell

WITH_CONTROLS = [item for item in all_exercises() if item.controls]
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module", params=["8", "7.7.1"], ids=["ipywidgets8", "ipywidgets7"])
def version(request):
    return request.param


@pytest.fixture(scope="module")
def python(request, version):
    """Python con esa versión de ipywidgets."""
    return sys.executable if version == "8" else request.getfixturevalue("python_7")


# --- Los botones, sin navegador --------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(version, python):
    """Lo que se ve al manejar todos los ejercicios con controles."""
    done = subprocess.run(
        [str(python), str(ROOT / "tests" / "widget_session.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["version"].startswith(version)
    return read["exercises"]


def test_every_exercise_with_controls_is_driven(report):
    assert sorted(report) == sorted(item.id for item in WITH_CONTROLS)


def test_only_boxes_that_colab_draws_are_used(report):
    allowed = {"VBox", "HBox", "HTML", "Button", "IntSlider", "FloatSlider", "Text", "Textarea", "Dropdown"}
    for name, seen in report.items():
        assert set(seen["kinds"]) <= allowed, name
        assert seen["mime"] == [VIEW, "text/html", "text/plain"]


def test_the_buttons_say_the_same_as_the_checker(report):
    for item in WITH_CONTROLS:
        seen = report[item.id]
        assert f"Ejercicio {item.id}: correcto" in seen["right"]
        for mistake in item.judge.mistakes:
            shown, checked = seen["wrong"][mistake.id]
            assert f"Ejercicio {item.id}: incorrecto" in shown
            assert shown == checked
            assert shown != seen["right"]
        assert len({shown for shown, _ in seen["wrong"].values()}) == len(item.judge.mistakes)


def test_hints_and_solution_come_in_order(report):
    for item in WITH_CONTROLS:
        seen = report[item.id]
        assert "Inténtalo primero" in seen["solution before"]
        assert [hint[:7] for hint in seen["hints"]] == [f"Pista {n}" for n in range(1, len(item.hints) + 1)]
        assert f"def {item.judge.reference.__name__}(" in seen["solution after"]


def test_empty_or_senseless_text_is_explained(report):
    typed = [item.id for item in WITH_CONTROLS if any(isinstance(c, Matrix | Number) for c in item.controls)]
    assert sorted(name for name, seen in report.items() if "empty" in seen) == sorted(typed)
    for seen in map(report.get, typed):
        assert "sin intentar" in seen["empty"]
        assert "correcto" not in seen["nonsense"].replace("incorrecto", "")
        assert "<b>" in seen["nonsense"] or "Se espera" in seen["nonsense"]


def test_what_happens_is_said_before_checking_and_is_not_the_verdict(report):
    for item in WITH_CONTROLS:
        seen = report[item.id]
        assert len(seen["label widths"]) == 1, "los controles de un ejercicio se alinean"
        if isinstance(item.controls[0], Dropdown):
            assert set(seen["foreseen"]) == {""}
            continue
        right, *wrong = seen["foreseen"]
        start = "Con esto, " if isinstance(item.controls[0], Slider) else "Se lee "
        assert all(said.startswith(start) and said.endswith(".") for said in seen["foreseen"]), item.id
        assert any(said != right for said in wrong), f"{item.id}: dice lo mismo se ponga lo que se ponga"
        assert not any("correct" in said for said in seen["foreseen"])
        if "empty" in seen:
            assert seen["empty foreseen"] == ""
            assert "&lt;b&gt;" in seen["nonsense foreseen"]
            assert "<b>" not in seen["nonsense foreseen"]


FORESEEN = [
    ("00.7", (0.5,), "el primer paso lleva w de 0 a 3"),  # 0 − 0,5 · 2 · (0 − 3)
    ("02.7", (2,), "la ventana va de la fila −2 a la +2"),
    ("03.3", (5, 2, 0), "la salida mide 12 × 12"),  # ⌊(28 − 5) / 2⌋ + 1
    ("04.7", (3, 2), "cada filtro tiene 3 × 3 × 2 pesos y un sesgo"),
    ("05.7", (4, 3), "la salida mide 7 × 7"),  # ⌊(24 − 4) / 3⌋ + 1
    ("06.9", (4,), "el entrenamiento habría acabado en la época 4"),
    ("07.9", (0.15, 0.3), "se mueve hasta un 15 % del alto y un 30 % del ancho"),
    ("08.6", (4, 3), "la salida mide 24 y los sellos empiezan en 0, 3, 6…"),  # 8 · 3
    ("09.1", (6, 4), "al contar las esquinas salen 2 menos"),
    ("09.1", (3, 4), "al contar las esquinas no sale ninguno menos"),
    ("09.12", (8,), "la lista de columnas es [2]"),  # la cima de la izquierda tapa las otras
    ("11.7", (320,), "la caja mide 30 × 20"),  # la mitad de 60 × 40
]


@pytest.mark.parametrize(("name", "values", "said"), FORESEEN)
def test_what_happens_is_true(name, values, said):
    widget = exercise(name).widget()
    assert widget.box.children
    for field, value in zip(widget.inputs, values, strict=True):
        field.value = value
    assert f">Con esto, {said}.<" in widget.consequence.value


def test_every_exercise_answered_with_sliders_says_what_happens():
    sliders = {item.id for item in WITH_CONTROLS if isinstance(item.controls[0], Slider)}
    assert sliders == {name for name, _, _ in FORESEEN}
    assert all(item.consequence is None for item in WITH_CONTROLS if item.id not in sliders)


def test_a_number_that_reads_in_two_ways_says_both():
    widget = exercise("02.1").widget()
    assert widget.box.children
    widget.inputs[0].value = "1.168"
    assert ">Se lee 1,168 o 1168.<" in widget.consequence.value


def test_insisting_shows_the_solution_without_an_attempt():
    from course_utils.exercises import session

    session._records.clear()
    widget = exercise("03.3").widget()
    assert widget.box.children
    widget.solution_button.click()
    assert "halving_layer" not in widget.output.value
    widget.solution_button.click()
    assert "halving_layer" in widget.output.value


def test_in_colab_the_controls_are_not_hidden_by_the_html(monkeypatch):
    import types

    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert set(exercise("03.3").widget()._repr_mimebundle_()) == {VIEW, "text/plain"}


@pytest.mark.parametrize(
    ("text", "value"), [("24,0", 24), ("1/2", 0.5), ("−3", -3), (" +.5 ", 0.5), ("−1/4", -0.25), ("7.", 7)]
)
def test_numbers_are_read_as_they_are_written(text, value):
    assert parse_numbers(text)[0] == value


@pytest.mark.parametrize("text", ["", "doce", "1/0", "1e500", "1,2,3", "--1", "9" * 40, "NaN", "1/2/3"])
def test_other_texts_are_not_numbers(text):
    with pytest.raises(ValueError, match=r"no se entiende como número|se leen varios números"):
        parse_numbers(text)


def test_matrices_are_read_row_by_row():
    assert parse_matrix("1 0 −1\n\n0,5;2;3\n").tolist() == [[1, 0, -1], [0.5, 2, 3]]
    assert parse_matrix("[[1, 0],\n [0, 1]]").tolist() == [[1, 0], [0, 1]]
    for text, message in [
        ("1 2\n3", "2, 1"),
        ("", "una fila por línea"),
        ("a b", "«a» no se entiende"),
        ("[1 2", "corchetes"),
    ]:
        with pytest.raises(ValueError, match=message):
            parse_matrix(text)


# --- Un JupyterLab de verdad -----------------------------------------------------------------------

CELLS = [
    'from course_utils.exercises import exercise, question\nexercise("03.3").widget()',
    'question("03.q3")',
    "import ipywidgets\nprint('versión', ipywidgets.__version__)",
]


@pytest.fixture(scope="module")
def lab(browser, python, tmp_path_factory):
    """Un cuaderno abierto en JupyterLab."""
    with notebook_tab(browser, tmp_path_factory.mktemp("lab"), CELLS, python) as page:
        yield page


def test_a_widget_is_answered_in_jupyterlab(lab, version):
    cell = run_cell(lab, 0)
    cell.get_by_role("button", name="Comprobar").wait_for()
    readouts = cell.locator(".widget-readout")
    assert readouts.count() == 3
    for index, value in enumerate((3, 2, 1)):
        readouts.nth(index).click()
        lab.keyboard.press("Control+a")
        lab.keyboard.type(str(value))
        lab.keyboard.press("Enter")
        if value == 3:
            cell.get_by_text("Con esto, la salida mide 26 × 26.").wait_for()
            cell.get_by_role("button", name="Comprobar").click()
            cell.get_by_text("Con stride 1 solo se pierden los píxeles del borde").wait_for()
    cell.get_by_role("button", name="Comprobar").click()
    cell.get_by_text("Ejercicio 03.3: correcto").wait_for()
    cell.get_by_role("button", name="Solución").click()
    cell.get_by_text("def halving_layer").wait_for()
    assert f"versión {version}" in run_cell(lab, 2).locator(".jp-OutputArea").inner_text()
    assert lab.foreign == []
    assert lab.errors == []


def test_a_question_is_answered_in_jupyterlab_with_the_keyboard(lab):
    cell = run_cell(lab, 1)
    form = cell.locator(".course-question form")
    form.get_by_role("button", name="Comprobar").wait_for()  # el guion que la acompaña ya la ha preparado
    form.get_by_role("radio").first.focus()
    lab.keyboard.press("Space")
    for _ in range(4):
        if form.get_by_role("radio", name="28 × 18").is_checked():
            break
        lab.keyboard.press("ArrowDown")
    lab.keyboard.press("Tab")
    lab.keyboard.press("Enter")
    form.get_by_role("status").get_by_text("✓ Correcto.").wait_for()
    # JupyterLab no se queda con las flechas: la celda activa sigue siendo la suya
    assert lab.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 1
    assert lab.errors == []
