"""Cada celda, por su cuenta: de dónde sale lo que usa, y qué pasa si se ejecuta otra vez."""

import builtins
import os
import re
import subprocess
import symtable
import sys

import nbformat
import pytest

from course_utils.exercises.registry import all_exercises
from tools.notebooks import code_cells, product_of, read_notebook, sources
from tools.rehearsal import KERNEL_CODE, MARK, rehearsed, said

#: Nombres que pone Jupyter.
KERNEL_NAMES = {"get_ipython", "display", "__name__", *dir(builtins)}


def code_of(cell) -> str:
    """El código de una celda sin las órdenes de IPython."""
    lines = ["pass" if re.match(r"\s*[%!]", line) else line for line in cell.source.splitlines()]
    indented = [re.match(r"\s*", old)[0] for old in cell.source.splitlines()]
    return "\n".join(
        space + "pass" if line == "pass" else line for space, line in zip(indented, lines, strict=True)
    )


def names_of(code: str) -> tuple[set[str], set[str]]:
    """Los nombres que una celda usa sin crearlos y los que crea."""
    table = symtable.symtable(code, "celda", "exec")
    created = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    used, tables = set(), [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        inside = one is not table
        used |= {
            symbol.get_name()
            for symbol in one.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or not inside)
        }
    return used, created


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_what_a_cell_lacks_after_a_restart_is_made_by_one_above(source):
    """El error de Python nombra entonces lo que falta, y lo que aconseja «Instalación» lo arregla."""
    known, missing = set(KERNEL_NAMES), {}
    for number, cell in enumerate(code_cells(read_notebook(product_of(source))), start=1):
        used, created = names_of(code_of(cell))
        if unknown := used - created - known - {"____"}:
            missing[number] = sorted(unknown)
        known |= created
    assert missing == {}


#: Ejercicios que piden, con el mismo nombre y los mismos argumentos, lo que el capítulo ya ha usado.
SAME = {"03.5", "06.5", "08.2", "08.4", "10.2"}


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_an_exercise_does_not_take_the_name_of_something_else(source):
    """Si no, al ejecutar otra vez una celda de arriba, llamaría a la función del ejercicio."""
    functions = {
        item.judge.reference.__name__: item.id
        for item in all_exercises()
        if item.id[:2] == source.stem[:2] and item.judge.asks != "value"
    }
    taken, known = set(), set()
    for cell in code_cells(read_notebook(product_of(source))):
        created = names_of(code_of(cell))[1]
        if "____" in cell.source:
            taken |= {functions[name] for name in created & known & functions.keys()}
        known |= created
    assert taken <= SAME


def test_the_advice_after_a_restart_is_in_the_book(root):
    text = (root / "appendix/instalacion.md").read_text(encoding="utf-8")
    assert "NameError: name … is not defined" in text


def test_names_are_found_where_they_are():
    assert names_of("import numpy as np\nx = [f(k) for k in range(n)]\ndef g(a):\n    return a + x + y") == (
        {"f", "range", "n", "x", "y"},
        {"np", "x", "g"},
    )


# --- El ensayo de cada celda ---------------------------------------------------------------------------


def notebook(tmp_path, *cells):
    tags = {"train": ["nbval-ignore-output"], "marked": ["nbval-check-output"]}
    made = [
        nbformat.v4.new_code_cell(code, metadata={"tags": tags[kind]} if kind else {}) for kind, code in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / "a.ipynb")
    (tmp_path / "out").mkdir()
    return rehearsed(tmp_path / "a.ipynb", tmp_path / "out")


def test_every_cell_has_its_rehearsal_before(tmp_path):
    written = nbformat.read(notebook(tmp_path, ("", "x = 1"), ("marked", "print(x)")), 4)
    assert [cell.source for cell in written.cells[1:]] == [
        "x = 1\n" + MARK,
        "x = 1",
        "print(x)\n" + MARK,
        "print(x)",
    ]
    assert written.cells[0].source == KERNEL_CODE
    assert written.cells[3].metadata.tags == []  # lo que dice el ensayo no se compara con lo guardado
    assert written.cells[4].metadata.tags == ["nbval-check-output"]
    assert len({cell.id for cell in written.cells}) == 5


def test_only_what_is_written_is_compared():
    stdout = {"output_type": "stream", "name": "stdout", "text": "a\n"}
    warning = {"output_type": "stream", "name": "stderr", "text": "aviso"}
    value = {"output_type": "execute_result", "data": {"text/plain": "3", "image/png": "…"}}
    assert said([stdout, warning, value]) == "a\n3"
    assert said(None) == ""


FAST_TRAINING = """
import keras, numpy as np
x = np.zeros((64, 2), "float32")
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
"""
STEPS = """
before = int(model.optimizer.iterations.value)
model.fit(x, x[:, :1], epochs=3, batch_size=8, verbose=0)
print("pasos:", int(model.optimizer.iterations.value) - before)
for _ in range(5):
    model.train_on_batch(x, x[:, :1])
print("más:", int(model.optimizer.iterations.value) - before)
"""


def run(path):
    """Lo que dice nbval de ese cuaderno, con un núcleo de verdad."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q"]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(path.parent)]
    command += ["-p", "tools.rehearsal", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_cells_that_stand_a_second_run_pass(tmp_path):
    """Un entrenamiento son 1 + 1 pasos en el ensayo y 24 + 5 después."""
    random = "import random\nprint(random.random())"
    steps = "assert int(model.optimizer.iterations.value) == 31"
    cells = ("", "y = 1\nprint(y)"), ("train", random), ("", FAST_TRAINING), ("train", STEPS), ("", steps)
    ran = run(notebook(tmp_path, *cells))
    assert ran.returncode == 0, ran.stdout
    assert "11 passed" in ran.stdout


def test_cells_that_do_not_stand_a_second_run_fail(tmp_path):
    cells = ("", "x = [1]"), ("", "x = x + [2]\nprint(x)"), ("", "x.append(3)"), ("", "assert len(x) == 4")
    ran = run(notebook(tmp_path, *cells))
    assert "la celda dice otra cosa la segunda vez:\nx = x + [2]" in ran.stdout
    assert "--- la primera\n[1, 2]" in ran.stdout
    assert "--- la segunda\n[1, 2, 2]" in ran.stdout
    assert ran.stdout.count("AssertionError") >= 2  # la última, en el ensayo y después
    assert "3 failed, 6 passed" in ran.stdout
