"""Ejecuta todos los cuadernos y compara sus salidas con las guardadas (nbval).

Un cuaderno guarda la huella de los datos con los que se ejecutó. Si los de esta máquina son los mismos,
se compara cada salida; si son otros, las celdas se ejecutan, sus ``assert`` se cumplen y solo se comparan
las celdas marcadas con ``nbval-check-output``. Con ``CI=true`` los datos tienen que ser los mismos.

``--without-data`` los ejecuta con una carpeta de datos vacía y sin red, y lo demuestra con un cuaderno
más que intenta salir. Con ``--twice``, además, cada celda se ejecuta dos veces (``tools/rehearsal.py``).

De los capítulos cuyas salidas concuerdan se apunta cuándo, en cuánto tiempo y con qué versiones
(``tools/status.py``).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course_utils.exercises.arguments import Parser
from tools.evidence import FAILURES
from tools.execution import KERNEL_ENVIRONMENT, load_data
from tools.notebooks import ROOT, ChapterError, find_source, product_of, recorded_data, sources
from tools.rehearsal import rehearsed
from tools.status import note_runs

NO_NETWORK = ROOT / "tests" / "no_network"
BUILD = ROOT / "_build"
PROBE = """\
import socket, urllib.request
from sitecustomize import MESSAGE

for escape in (
    lambda: urllib.request.urlopen("https://ejemplo.invalid/"),
    lambda: socket.create_connection(("192.0.2.1", 443), timeout=5),
):
    try:
        escape()
    except OSError as error:
        assert MESSAGE in str(error), error
    else:
        raise AssertionError("la celda ha salido a la red")
"""


def run_nbval(
    mode: str,
    notebooks: list[Path],
    environment: dict[str, str],
    name: str = "capitulos",
    twice: bool = False,
) -> int:
    """Una pasada de nbval; un proceso y un kernel por cuaderno. Lo que falla queda en ``_build/fallos``."""
    # xdist distingue los cuadernos por su ruta desde la raíz: tiene que ser la de todos
    rootdir = os.path.commonpath([notebook.parent for notebook in notebooks])
    BUILD.mkdir(exist_ok=True)
    settings = BUILD / "pytest.ini"  # ninguno: ni los del proyecto ni los de otra carpeta
    settings.write_text("[pytest]\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pytest", mode, "--nbval-current-env", "--nbval-cell-timeout=600"),
        *("-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "-q", "--durations=3"),
        *("-c", str(settings), "--rootdir", rootdir),
        *("-p", "tools.evidence", "-p", "tools.kernel_sockets"),
        *(("-p", "tools.rehearsal") if twice else ()),
        f"--junitxml={FAILURES / name}.xml",
        *map(str, notebooks),
    ]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def validate(products: list[Path]) -> int:
    """Con los datos que haya."""
    environment = os.environ | KERNEL_ENVIRONMENT
    recorded = {product: recorded_data(product) for product in products}
    available = load_data({name for data in recorded.values() for name in data})
    same, other = [], []
    for product, data in recorded.items():
        different = sorted(name for name, mark in data.items() if available[name] != mark)
        (other if different else same).append(product)
        if different:
            print(
                f"{product.stem}: los datos de esta máquina ({', '.join(different)}) no son los de sus "
                "salidas; se ejecuta entera y solo se comparan las celdas marcadas."
            )
    if other and os.environ.get("CI") == "true":
        print(
            "Con CI=true las salidas se comparan: pon los datos reales en COURSE_DATA_DIR o da acceso "
            "a la red."
        )
        return 1
    code = run_nbval("--nbval", same, environment) if same else 0
    if same and code == 0:
        note_runs(FAILURES / "capitulos.xml")
    return code or (run_nbval("--nbval-lax", other, environment) if other else 0)


def validate_without_data(products: list[Path], twice: bool) -> int:
    """Con datos sustitutos, sin red y con una caché vacía."""
    BUILD.mkdir(exist_ok=True)
    # En esta carpeta y no en la del sistema: en Windows pueden estar en unidades distintas, sin raíz común.
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        empty = Path(folder, "data")
        empty.mkdir()
        probe = Path(folder, "99_sin_red.ipynb")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PROBE)])
        nbformat.write(notebook, probe)
        search_path = [str(NO_NETWORK), str(ROOT), os.environ.get("PYTHONPATH")]
        environment = (
            os.environ
            | KERNEL_ENVIRONMENT
            | {
                "COURSE_DATA_DIR": str(empty),
                "XDG_CACHE_HOME": str(Path(folder, "cache")),
                "PYTHONPATH": os.pathsep.join(filter(None, search_path)),
            }
        )
        print("Capítulos con datos sustitutos y sin red:", flush=True)
        if twice:
            products = [rehearsed(product, Path(folder)) for product in products]
        return run_nbval("--nbval-lax", [*products, probe], environment, "capitulos-sin-datos", twice)


def main(arguments: list[str] | None = None) -> None:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--without-data", action="store_true", help="sin datos reales y sin red")
    parser.add_argument("--twice", action="store_true", help="sin datos ni red, y cada celda dos veces")
    parser.add_argument("numbers", nargs="*", metavar="NN", help="capítulos; todos si no se dice cuáles")
    options = parser.parse_args(arguments)
    try:
        chosen = [find_source(number) for number in options.numbers] or sources()
    except ChapterError as error:
        sys.exit(str(error))
    products = [product_of(source) for source in chosen]
    missing = [product.name for product in products if not product.is_file()]
    if missing or not products:
        sys.exit(f"Faltan cuadernos ({', '.join(missing) or 'todos'}): ejecuta «make capitulos».")
    try:
        alone = options.without_data or options.twice
        sys.exit(validate_without_data(products, options.twice) if alone else validate(products))
    except ChapterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
