"""Lo que se entrega en cada versión, en ``_build/entrega``: ``make entrega``.

El sitio sin conexión, los cuadernos, los PDF ya hechos y ``SHA256SUMS``, que lee ``sha256sum -c``.
Con ``--etiqueta v1.2.3`` se exige que sea la versión del curso y que CHANGELOG la dé por publicada.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

import course_utils
from course_utils.exercises.arguments import Parser
from tools.notebooks import ROOT, product_of, sources
from tools.offline import ARCHIVE, pack

DELIVERY = ROOT / "_build" / "entrega"
PDF = ROOT / "_build" / "pdf"
NAME = f"redes-convolucionales-{course_utils.__version__}"
SUMS = "SHA256SUMS"


class ReleaseError(Exception):
    """Algo que hay que hacer antes de publicar: el mensaje dice qué."""


def changes(version: str, changelog: str) -> str:
    """Lo que dice CHANGELOG de una versión.

    Raises
    ------
    ReleaseError
        Si no la nombra o dice que está sin publicar.
    """
    found = re.search(rf"^## {re.escape(version)}\b(.*)\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if found is None:
        raise ReleaseError(f"CHANGELOG.md no tiene la sección «## {version}»: escríbela.")
    if "sin publicar" in found[1]:
        raise ReleaseError(
            f"CHANGELOG.md dice que la {version} está sin publicar: pon la fecha en «## {version}»."
        )
    return found[2].strip() + "\n"


def check_tag(tag: str, changelog: str) -> str:
    """Las notas de la versión de una etiqueta, que tiene que ser la del curso."""
    if tag != f"v{course_utils.__version__}":
        raise ReleaseError(
            f"La etiqueta es «{tag}» y se esperaba «v{course_utils.__version__}», la versión del curso.\n"
            "Cambia la etiqueta, o la versión en pyproject.toml, CITATION.cff y course_utils/__init__.py."
        )
    return changes(course_utils.__version__, changelog)


def gather(folder: Path, site: Path, notebooks: list[Path], documents: list[Path]) -> None:
    """Deja en ``folder`` lo que se entrega y sus sumas."""
    if not site.is_file():
        raise ReleaseError(f"No está {site.name}: ejecuta antes «make zip».")
    missing = [notebook.name for notebook in notebooks if not notebook.is_file()]
    if missing or not notebooks:
        raise ReleaseError(f"Faltan cuadernos ({', '.join(missing) or 'todos'}): ejecuta «make capitulos».")
    shutil.copy(site, folder / f"{NAME}-sitio.zip")
    pack({Path(NAME, notebook.name): notebook for notebook in notebooks}, folder / f"{NAME}-cuadernos.zip")
    for document in documents:
        shutil.copy(document, folder / f"{NAME}-{document.name}")
    files = sorted(folder.iterdir())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> None:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--etiqueta", dest="tag", metavar="vN.N.N", help="la que se publica; escribe sus notas"
    )
    options = parser.parse_args(arguments)
    notebooks = [product_of(source) for source in sources()]
    documents = sorted(PDF.glob("*.pdf"))
    try:
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        notes = check_tag(options.tag, changelog) if options.tag else None
        DELIVERY.parent.mkdir(exist_ok=True)
        # Aparte hasta que está entero: lo que falle no deja media entrega.
        with tempfile.TemporaryDirectory(dir=DELIVERY.parent) as scratch:
            folder = Path(scratch, "entrega")
            folder.mkdir()
            gather(folder, ARCHIVE.with_suffix(".zip"), notebooks, documents)
            shutil.rmtree(DELIVERY, ignore_errors=True)
            folder.rename(DELIVERY)
        if notes is not None:
            DELIVERY.with_name("notas.md").write_text(notes, encoding="utf-8", newline="\n")
    except ReleaseError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"No se puede escribir {DELIVERY}: {error.strerror}.\nLo que hubiera antes puede faltar: repite."
        )
    for path in sorted(DELIVERY.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.1f} MB  {path.name}")
    if not documents:
        print(f"Sin PDF: no hay ninguno en {PDF.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
