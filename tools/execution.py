"""Ejecuta las celdas de un capítulo con Jupyter y pone en ellas sus salidas."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.notebooks import ChapterError, code_cell_lines, code_cells, recorded_data, stand_ins

KERNEL = "python3"
CELL_TIMEOUT = 600  # segundos

# Mismos bits en cada ejecución; los mensajes de TensorFlow no son parte del capítulo.
KERNEL_ENVIRONMENT = {
    "COURSE_PAGE": "1",  # las preguntas no llevan su guion: la página lo carga una sola vez
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
FINGERPRINTS_CODE = """\
import json, sys
module = sys.modules.get("course_utils.datasets")
print(json.dumps(module.used_fingerprints() if module else {}))
"""


def data_sets(notebook: NotebookNode, product: Path) -> set[str]:
    """Los conjuntos de datos de un capítulo: los que usó la última vez y los que carga su código."""
    from course_utils.datasets import LOADERS

    code = "\n".join(cell.source for cell in code_cells(notebook))
    named = {name for name, load in LOADERS.items() if re.search(rf"\b{load.__name__}\b", code)}
    return named | set(recorded_data(product))


def load_data(names: set[str]) -> dict[str, str]:
    """Carga esos conjuntos, descargando lo que falte, y devuelve la huella de cada uno.

    Se hace fuera de los cuadernos: dentro de una celda, una descarga dejaría sus avisos.
    """
    from course_utils.datasets import LOADERS, used_fingerprints

    for name in sorted(names - set(used_fingerprints())):
        try:
            LOADERS[name]()
        except (OSError, ValueError) as error:  # COURSE_DATA_DIR o sus archivos no son lo que se espera
            raise ChapterError(str(error)) from error
    return used_fingerprints()


def execute(notebook: NotebookNode, source: Path) -> dict[str, str]:
    """Ejecuta las celdas en su sitio y devuelve la huella de cada conjunto de datos que usan."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name=KERNEL,
        store_widget_state=False,
        resources={"metadata": {"path": str(source.parents[1])}},
    )
    try:
        with client.setup_kernel(env=os.environ | KERNEL_ENVIRONMENT):
            _execute_cells(client, source)
            return _fingerprints(client)
    except NoSuchKernel:
        raise ChapterError(
            f"En este entorno no está el núcleo «{KERNEL}» de Jupyter: ejecuta «make entorno»."
        ) from None


def _execute_cells(client, source: Path) -> None:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    cells = [(index, cell) for index, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    print(f"{source.stem}: celdas de código, {len(cells)}", flush=True)
    lines = code_cell_lines(source)
    for number, ((index, cell), line) in enumerate(zip(cells, lines, strict=True), 1):
        before = time.perf_counter()
        try:
            client.execute_cell(cell, index)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ChapterError(_failure(source, number, line, error)) from None
        said = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
        # La explicación de unos datos sustitutos es de esta máquina; cualquier otro aviso, del capítulo.
        if said and not stand_ins(_fingerprints(client)):
            raise ChapterError(
                f"{source.stem}: la celda de código {number} (chapters/src/{source.name}:{line}) escribe "
                f"en stderr.\nUn capítulo no enseña avisos: corrige su causa.\n{said.strip()[:500]}"
            )
        seconds = time.perf_counter() - before
        first = next(iter(cell.source.strip().splitlines()), "")
        print(f"  celda {number:2d}/{len(cells)} {seconds:6.1f} s  {first[:70]}", flush=True)


def _failure(source: Path, number: int, line: int, error: Exception) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    inside = re.search(r"Cell In\[\d+\], line (\d+)", text)
    if inside:
        line += int(inside.group(1)) - 1
    last = [row for row in text.strip().splitlines() if row.strip()][-1]
    return f"{source.stem}: falla la celda de código {number} (chapters/src/{source.name}:{line}).\n{last}"


def _fingerprints(client) -> dict[str, str]:
    """Huella de cada conjunto de datos que el núcleo ha usado hasta ahora."""
    cell = nbformat.v4.new_code_cell(FINGERPRINTS_CODE)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1, store_history=False)
    finally:
        client.nb.cells.pop()
    return json.loads("".join(output.text for output in cell.outputs))
