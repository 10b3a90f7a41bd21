"""Las figuras en JupyterLab: Python las cambia y lee lo que se toca, con ipywidgets 8 y el 7.7.1 de Colab."""

import json
import re
import sys

import pytest

from tools.lab import notebook_tab, run_cell

CELLS = [
    "from course_utils.figures import ConvolutionFigure, OutputSizeFigure\n"
    "figure = ConvolutionFigure(image=[[0, 1, 2], [3, 4, 5], [6, 7, 8]], kernel=[[0, 1], [2, 3]], "
    "position=0)\n"
    "figure",
    "figure.kernel = [[1, 0], [0, 1]]",
    "print('leido', figure.kernel, figure.padding, figure.position)",
    "try:\n    figure.stride = -1\nexcept Exception as error:\n    print('error', type(error).__name__, "
    "error)",
    "from course_utils.figures import InsideCnnFigure\nInsideCnnFigure()",
    "from course_utils.figures import TrainInPageFigure\nTrainInPageFigure(filters=4, hidden=16)",
    "import ipywidgets, anywidget\nprint('versiones', ipywidgets.__version__, anywidget.__version__)",
]


@pytest.fixture(scope="module", params=["8", "7.7.1"], ids=["ipywidgets8", "ipywidgets7"])
def notebook(request, browser, tmp_path_factory):
    """Un cuaderno abierto en JupyterLab; da la página y la versión de ipywidgets que debe haber."""
    version = request.param
    python = sys.executable if version == "8" else request.getfixturevalue("python_7")
    with notebook_tab(browser, tmp_path_factory.mktemp("lab"), CELLS, python) as page:
        yield page, version


def output_of(page, index):
    """Texto que deja la celda ``index`` al ejecutarla."""
    return run_cell(page, index).locator(".jp-OutputArea").inner_text()


def test_python_changes_the_figure_and_reads_an_edit_back(notebook):
    page, version = notebook
    run_cell(page, 0)
    figure = page.locator(".jp-Notebook .cf")
    figure.wait_for()
    assert figure.count() == 1
    formula = figure.locator(".cf-formula")
    assert formula.inner_text().endswith("= 19")  # 0·0 + 1·1 + 3·2 + 4·3

    run_cell(page, 1)  # Python cambia el kernel: 0·1 + 4·1
    page.wait_for_function("document.querySelector('.cf .cf-formula').textContent.endsWith('= 4')")

    figure.get_by_role("group", name="Padding").get_by_role("button", name="1").click()
    kernel = figure.get_by_role("application", name="Kernel de 2 por 2")
    kernel.focus()
    for key in ("ArrowRight", "ArrowDown", "+", "+"):  # de 1 a 3 el peso de abajo a la derecha
        page.keyboard.press(key)
    # las flechas mueven el cursor del kernel y JupyterLab no se las queda: la celda activa sigue siendo la
    # suya
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 0
    page.wait_for_timeout(300)
    assert "leido ((1, 0), (0, 3)) 1 0" in output_of(page, 2)
    assert f"versiones {version}" in output_of(page, 6)
    assert page.foreign == []
    assert page.errors == []


def test_a_bad_value_is_refused_in_spanish_and_the_figure_stays(notebook):
    page, _ = notebook
    output = output_of(page, 3)
    assert "error TraitError stride debe ser 1 o más" in output
    pressed = page.locator(".cf").get_by_role("group", name="Stride").locator("[aria-pressed=true]")
    assert pressed.inner_text() == "1"


def test_python_sends_the_networks_that_a_figure_asks_for(notebook):
    page, _ = notebook
    run_cell(page, 4)
    said = page.locator(".cf .cf-verdict").filter(has_text="La convolucional dice botín")
    said.wait_for()
    assert page.errors == []


def test_both_networks_train_in_their_threads_with_the_garments_python_sends(notebook):
    page, _ = notebook
    run_cell(page, 5)
    figure = page.locator(".cf").filter(has_text="Entrena en la página")
    figure.get_by_role("button", name="Entrenar").click()
    learning = re.compile("^Pérdida al aprender: la densa, .*; la convolucional, ")
    figure.get_by_role("img", name=learning).wait_for()
    assert figure.get_by_text("Prendas de Fashion-MNIST").is_visible()  # y no dibujadas por la página
    figure.get_by_role("button", name="Restablecer").click()
    assert page.errors == []


def test_the_saved_notebook_keeps_the_still_picture(notebook):
    page, _ = notebook
    saved = page.evaluate("JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON())")
    data = json.loads(saved)["cells"][0]["outputs"][0]["data"]
    html = "".join(data["text/html"])
    assert 'data-figure="convolution"' in html
    assert "<svg" in html
    assert "application/vnd.jupyter.widget-view+json" in data
