"""Cambia la dirección del repositorio en todo el proyecto: ``make repo URL=https://github.com/usuario/nombre``.

El único lugar donde se escribe es ``repository.url`` de ``_config.yml``; lo demás (enlaces «Abrir en Colab»,
celdas de preparación, README, CITATION.cff…) se deriva de ahí. ``tests/test_repo_url.py`` comprueba que todo
coincide.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat

from course_utils.exercises.prose import read_prose
from tools.notebooks import normalize, notebook_text

ROOT = Path(__file__).resolve().parents[1]
SUFFIXES = {".cff", ".ipynb", ".md", ".py", ".toml", ".yml"}
ADDRESS = re.compile(
    r"https://github\.com/(?P<owner>[A-Za-z\d](?:[A-Za-z\d-]{0,38}))/(?P<name>[\w.-]{1,100})"
)


def current_url(root: Path = ROOT) -> str:
    """Dirección escrita en ``_config.yml``."""
    return read_prose(root / "_config.yml")["repository"]["url"]


def parse_url(url: str) -> tuple[str, str]:
    """Dueño y nombre de un repositorio de GitHub.

    Raises
    ------
    ValueError
        Si ``url`` no es la dirección de un repositorio de GitHub.
    """
    found = ADDRESS.fullmatch(url.strip().removesuffix("/").removesuffix(".git"))
    if found is None or found["name"] in {".", ".."}:
        raise ValueError(
            f"«{url}» no es la dirección de un repositorio de GitHub.\n"
            "Se esperaba https://github.com/usuario/nombre, por ejemplo:\n"
            "    make repo URL=https://github.com/ana/redes\n"
            "No se ha cambiado nada."
        )
    return found["owner"], found["name"]


def project_files(root: Path = ROOT) -> list[Path]:
    """Textos del proyecto donde puede estar la dirección."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    return [root / name for name in listed if Path(name).suffix in SUFFIXES and (root / name).is_file()]


def spellings(owner: str, name: str) -> list[str]:
    """Las formas en que aparece un repositorio: GitHub, Colab y GitHub Pages."""
    return [f"github.com/{owner}/{name}", f"/github/{owner}/{name}", f"{owner.lower()}.github.io/{name}"]


def replace_url(new: str, root: Path = ROOT) -> list[Path]:
    """Escribe la dirección ``new`` en todos los archivos y devuelve los que han cambiado."""
    pairs = list(zip(spellings(*parse_url(current_url(root))), spellings(*parse_url(new)), strict=True))
    changed = {}
    for path in project_files(root):
        text = before = path.read_text(encoding="utf-8")
        for old, wanted in pairs:
            text = re.sub(rf"{re.escape(old)}(?![\w-])", wanted, text)
        if text != before:
            # El identificador de una celda sale de su texto: un cuaderno cambiado hay que normalizarlo.
            notebook = path.suffix == ".ipynb"
            changed[path] = notebook_text(normalize(nbformat.reads(text, as_version=4))) if notebook else text
    for path, text in changed.items():  # nada se escribe hasta haberlo leído todo
        path.write_text(text, encoding="utf-8")
    return list(changed)


def main(arguments: list[str]) -> int:
    try:
        changed = replace_url(arguments[0] if arguments else "")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Dirección cambiada en {len(changed)} archivos.")
    for path in changed:
        print(f"  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
