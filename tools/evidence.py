"""Lo que queda de un fallo, en ``_build/fallos``: CI lo publica y en una máquina propia se puede mirar.

``tools/validate_chapters.py`` lo carga en pytest para guardar, con las salidas que han dado ahora, los
cuadernos que nbval no da por buenos.
"""

from pathlib import Path

import nbformat
import pytest

FAILURES = Path(__file__).resolve().parents[1] / "_build" / "fallos"

_cells_run = {}
_wrong = set()


def pytest_runtest_makereport(item, call) -> None:
    """Apunta cada celda que nbval ejecuta y los cuadernos con alguna que no es como se esperaba."""
    if call.when == "call":
        _cells_run.setdefault(item.parent, []).append(item)
        if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            _wrong.add(item.parent)


def pytest_sessionfinish() -> None:
    """Escribe los cuadernos apuntados."""
    for file in _wrong:
        for item in _cells_run[file]:
            item.cell.outputs = nbformat.from_dict(item.test_outputs or [])
        target = FAILURES / "capitulos" / file.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(file.nb, target)
