"""Capítulos: del texto (``chapters/src/NN_slug.md``) al cuaderno ejecutado (``chapters/NN_slug.ipynb``).

La dirección es una sola. Verbos::

    python -m tools.chapters build [--forzar] [NN...]  escribe los cuadernos; todos, si no se dice cuál
    python -m tools.chapters check                     sin ejecutar: texto y cuaderno concuerdan
    python -m tools.chapters import NN [ARCHIVO]       un cuaderno editado en otra parte vuelve a ser texto
    python -m tools.chapters new NN_SLUG               empieza un capítulo, que es un borrador
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

import jupytext

from course_utils.exercises.arguments import Parser
from tools.execution import data_sets, execute, load_data
from tools.notebooks import (
    CHAPTERS,
    ROOT,
    SLUG,
    ChapterError,
    all_sources,
    check,
    find_source,
    is_draft,
    normalize,
    notebook_text,
    product_of,
    read_notebook,
    read_source,
    reuse_outputs,
    scratch_of,
    sources,
    stand_ins,
    write_text,
)
from tools.repo_url import current_url


def build(source: Path, force: bool = False) -> Path:
    """Escribe el cuaderno de un capítulo y devuelve dónde; si una celda falla, el anterior queda intacto.

    Solo se ejecuta si alguna celda de código ha cambiado, o con ``force``. Un borrador, o lo ejecutado con
    datos sustitutos, no se confirma: va a ``_build/borradores``.
    """
    started = time.perf_counter()
    notebook = read_source(source)
    target = scratch_of(source) if is_draft(source) else product_of(source)
    if not force and reuse_outputs(notebook, target):
        print(f"{source.stem}: ninguna celda de código ha cambiado y se conservan sus salidas.")
        print(f"Para ejecutarlo de todos modos: make capitulos C={source.stem[:2]} FORZAR=1")
    else:
        load_data(data_sets(notebook, target))
        notebook.metadata["data"] = execute(notebook, source)
    substitutes = stand_ins(notebook.metadata["data"])
    if substitutes:
        target = scratch_of(source)
    write_text(notebook_text(normalize(notebook)), target)
    shown = target.relative_to(source.parents[2])
    print(f"Escrito {shown} ({time.perf_counter() - started:.0f} s).", flush=True)
    if substitutes and not is_draft(source):
        print(
            f"Sus salidas son de datos sustitutos ({', '.join(substitutes)}) y las de un capítulo, de los "
            f"reales:\neste cuaderno no se puede confirmar y {product_of(source).name} queda como estaba.\n"
            "Con los datos en COURSE_DATA_DIR, o con red, repite la orden."
        )
    return target


def import_notebook(source: Path, notebook_path: Path) -> None:
    """Vuelve texto un cuaderno editado en JupyterLab o en Colab."""
    clean = normalize(read_notebook(notebook_path))
    clean.metadata.pop("data", None)
    clean.metadata.pop("language_info")
    clean.metadata["jupytext"] = {
        "default_lexer": "ipython3",
        "notebook_metadata_filter": "draft,kernelspec,myst",
    }
    if source.is_file() and is_draft(source):
        clean.metadata["draft"] = True
    if "myst" not in clean.metadata and source.is_file():  # Colab pierde la cabecera
        header = read_source(source).metadata.get("myst")
        if header:
            clean.metadata["myst"] = header
    text = jupytext.writes(clean, fmt="md:myst")
    text = re.sub(r"jupytext:\n(?:  .*\n)+", "", text)  # versiones de jupytext: solo ruido en el diff
    write_text(text, source)


TEMPLATE = """\
---
draft: true
kernelspec:
  display_name: Python 3
  language: python
  name: python3
myst:
  html_meta:
    description: "…"
---

# {number}. Título que dice qué se hace

[Abrir en Colab](https://colab.research.google.com/github/{repository}/blob/main/chapters/{slug}.ipynb)

**En este capítulo** …

**Aprenderás a**

- …

**Necesitas** …

**Tiempo:** … minutos.

```{{code-cell}} ipython3
:tags: [hide-input]

# Preparación: en Colab instala el paquete del curso; en otro sitio ya está.
try:
    import course_utils
except ModuleNotFoundError:
    %pip install --quiet "git+https://github.com/{repository}@main"
```

## Una pregunta

…

## Ejercicios

…

## En este capítulo has…

- …

## Fuentes

- …
"""


def new(slug: str, chapters: Path = CHAPTERS) -> Path:
    """Empieza el texto de un capítulo con la forma de todos."""
    if not SLUG.fullmatch(slug):
        raise ChapterError(
            f"«{slug}» no sirve de nombre: es parte de la dirección web.\n"
            "Usa dos cifras y palabras sin tildes ni mayúsculas: 05_pooling, 12_deteccion_de_objetos."
        )
    taken = [source.stem for source in all_sources(chapters) if source.stem[:2] == slug[:2]]
    if taken:
        raise ChapterError(f"El número {slug[:2]} ya es de {taken[0]}: elige otro.")
    source = chapters / "src" / f"{slug}.md"
    repository = current_url().removeprefix("https://github.com/")
    write_text(TEMPLATE.format(number=int(slug[:2]), slug=slug, repository=repository), source)
    return source


def main(arguments: list[str] | None = None) -> None:
    parser = Parser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERBO")
    verb = verbs.add_parser("build", help="escribe los cuadernos; ejecuta los que tienen otro código")
    verb.add_argument(
        "--forzar", action="store_true", dest="force", help="los ejecuta aunque no haya cambiado"
    )
    verb.add_argument("numbers", nargs="*", metavar="NN")
    verbs.add_parser("check", help="texto y cuaderno concuerdan, sin ejecutar")
    verb = verbs.add_parser("import", help="de cuaderno editado a texto")
    verb.add_argument("number", metavar="NN")
    verb.add_argument("file", nargs="?", type=Path, metavar="ARCHIVO")
    verb = verbs.add_parser("new", help="empieza un capítulo")
    verb.add_argument("slug", metavar="NN_SLUG")
    options = parser.parse_args(arguments)
    try:
        _do(options)
    except ChapterError as error:
        sys.exit(str(error))


def _do(options: argparse.Namespace) -> None:
    if options.verb == "build":
        for source in [find_source(number) for number in options.numbers] or sources():
            build(source, options.force)
    elif options.verb == "check":
        if found := check():
            raise ChapterError("\n".join(found))
        print(f"{len(sources())} capítulos: texto y cuaderno concuerdan.")
    elif options.verb == "import":
        source = find_source(options.number)
        default = scratch_of(source) if is_draft(source) else product_of(source)
        import_notebook(source, options.file or default)
        print(
            f"Escrito {source.relative_to(ROOT)}: revisa el diff y ejecuta "
            f"«make capitulos C={source.stem[:2]}»."
        )
    else:
        source = new(options.slug)
        print(
            f"Escrito {source.relative_to(ROOT)}, que es un borrador: «make capitulos C={source.stem[:2]}» "
            "escribe su cuaderno en _build/borradores.\n"
            "Cuando esté listo, quita «draft: true», repite la orden y entra en el libro."
        )


if __name__ == "__main__":
    main()
