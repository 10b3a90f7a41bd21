"""Ejecuta cada capítulo como lo haría Colab: solo, en una carpeta vacía y con las versiones de Colab.

La celda de preparación instala el paquete desde la dirección del repositorio; aquí esa dirección se
traduce a este mismo repositorio (``git`` lo hace con ``url.….insteadOf``), de modo que se instala la
última confirmación local. Al final se comprueba que TensorFlow, Keras, NumPy e ipywidgets son los que eran.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.exercises.arguments import Parser
from tools.notebooks import ROOT, ChapterError, find_source, product_of, sources
from tools.repo_url import current_url

REQUIREMENTS = ROOT / "tools" / "colab_requirements.txt"
ENVIRONMENT = ROOT / "_build" / "colab"
UNTOUCHED = ("tensorflow", "keras", "numpy", "ipywidgets")
RUN = """\
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": "."}}).execute()
"""


def find_python() -> str:
    """El Python de Colab (3.13) si está; si no, el de este entorno, y se dice."""
    for command in (["python3.13"], ["env", "PYENV_VERSION=3.13.0", "python"]):
        probe = [
            *command,
            "-c",
            "import sys; print(sys.executable); sys.exit(sys.version_info[:2] != (3, 13))",
        ]
        try:
            done = subprocess.run(probe, text=True, capture_output=True, check=False)
        except FileNotFoundError:
            continue
        if done.returncode == 0:
            return done.stdout.strip()
    print(f"Colab usa Python 3.13 y aquí no está: se usa {sys.version.split()[0]}.")
    return sys.executable


def prepare() -> Path:
    """Entorno con las versiones de Colab; se rehace cuando cambian."""
    python = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = ENVIRONMENT / "requirements.txt"
    if not stamp.is_file() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([find_python(), "-m", "venv", str(ENVIRONMENT)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        shutil.copy(REQUIREMENTS, stamp)
    subprocess.run(
        [str(python), "-m", "pip", "uninstall", "--quiet", "--yes", "curso-redes-convolucionales"], check=True
    )
    return python


def versions(python: Path) -> dict[str, str]:
    """Versión instalada de cada paquete."""
    listed = subprocess.run(
        [str(python), "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        text=True,
        capture_output=True,
        check=True,
    )
    return {package["name"]: package["version"] for package in json.loads(listed.stdout)}


def repository_here() -> dict[str, str]:
    """Variables con las que git lee este repositorio donde el cuaderno nombra el publicado."""
    return {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
        "GIT_CONFIG_VALUE_0": current_url(),
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
    }


def run_chapter(python: Path, notebook: Path) -> None:
    """Ejecuta el cuaderno solo en una carpeta vacía."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebook, folder)
        path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
        environment = os.environ | repository_here() | {"PATH": path, "VIRTUAL_ENV": str(ENVIRONMENT)}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [str(python), "-c", RUN, notebook.name], cwd=folder, env=environment, check=False
        )
    if done.returncode != 0:
        raise ChapterError(f"{notebook.stem}: falla con las versiones de Colab.")


def main(arguments: list[str] | None = None) -> None:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="capítulos; todos si no se dice cuáles")
    options = parser.parse_args(arguments)
    try:
        chosen = [
            product_of(find_source(number)) for number in options.numbers or [s.stem for s in sources()]
        ]
        python = prepare()
        before = versions(python)
        for notebook in chosen:
            run_chapter(python, notebook)
            after = versions(python)
            changed = [
                f"{name} {before[name]} → {after.get(name, 'desinstalado')}"
                for name in before
                if name.startswith(UNTOUCHED) and after.get(name) != before[name]
            ]
            if changed:
                raise ChapterError(f"{notebook.stem}: la celda de preparación cambia {', '.join(changed)}.")
            added = ", ".join(sorted(set(after) - set(before))) or "nada"
            print(f"{notebook.stem}: se ejecuta como en Colab; instala: {added}.", flush=True)
    except ChapterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
