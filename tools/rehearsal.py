"""Cada celda de un cuaderno, dos veces seguidas: quien estudia vuelve a ejecutar la que acaba de cambiar.

``rehearsed`` escribe un cuaderno con un ensayo delante de cada celda de código, que es la misma celda; en los
ensayos cada entrenamiento de Keras se queda en un paso, para que la pasada no cueste el doble. Como plugin de
pytest, además, exige que las dos veces digan lo mismo, salvo en las celdas cuya salida nadie compara.
"""

import copy
from pathlib import Path

import nbformat
import pytest

MARK = "# ensayo"
KERNEL_CODE = f'''\
def _shorten_rehearsals():
    """En una celda que acaba en {MARK}, un entrenamiento de Keras es un solo paso."""
    import sys

    now = {{"rehearsing": False, "trained": {{}}}}

    def start(info):
        now.update(rehearsing=info.raw_cell.endswith("{MARK}"), trained={{}})
        keras = sys.modules.get("keras")
        if keras is None or hasattr(keras.Model, "rehearsed"):
            return
        fit, step, keras.Model.rehearsed = keras.Model.fit, keras.Model.train_on_batch, True

        def short_fit(model, *arguments, **options):
            short = {{"epochs": 1, "steps_per_epoch": 1}} if now["rehearsing"] else {{}}
            return fit(model, *arguments, **options | short)

        def one_step(model, *arguments, **options):
            trained = now["trained"]
            if not now["rehearsing"] or id(model) not in trained:
                trained[id(model)] = step(model, *arguments, **options)
            return trained[id(model)]

        keras.Model.fit, keras.Model.train_on_batch = short_fit, one_step

    get_ipython().events.register("pre_run_cell", start)


_shorten_rehearsals()
del _shorten_rehearsals
'''

_rehearsals = {}


def rehearsed(product: Path, folder: Path) -> Path:
    """Escribe en ``folder`` un cuaderno con un ensayo delante de cada celda de código."""
    notebook = nbformat.read(product, 4)
    cells = [nbformat.v4.new_code_cell(KERNEL_CODE, metadata={"tags": ["nbval-ignore-output"]})]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            rehearsal = copy.deepcopy(cell)
            rehearsal.source = f"{cell.source}\n{MARK}"
            tags = [tag for tag in cell.metadata.get("tags", []) if tag != "nbval-check-output"]
            rehearsal.metadata = nbformat.from_dict({"tags": tags, "rehearsal": True})
            cells += [rehearsal, cell]
    for number, cell in enumerate(cells):
        cell.id = f"celda-{number}"
    notebook.cells = cells
    target = folder / product.name
    nbformat.write(notebook, target)
    return target


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """La celda dice lo mismo que en su ensayo."""
    result = yield
    cell = getattr(item, "cell", None)
    if cell is None or "nbval-ignore-output" in cell.metadata.get("tags", []):
        return result
    if cell.metadata.get("rehearsal"):
        _rehearsals[item.parent] = said(item.test_outputs)
    elif item.parent in _rehearsals:
        before, now = _rehearsals.pop(item.parent), said(item.test_outputs)
        if before != now:
            raise AssertionError(
                f"la celda dice otra cosa la segunda vez:\n{cell.source}\n"
                f"--- la primera\n{before}\n--- la segunda\n{now}"
            )
    return result


def said(outputs) -> str:
    """Lo que una celda escribe; ni los avisos, que salen una vez, ni las imágenes."""
    texts = []
    for output in outputs or []:
        if output.get("name") == "stdout":
            texts.append(output["text"])
        else:
            texts.append(output.get("data", {}).get("text/plain", ""))
    return "".join(texts)
