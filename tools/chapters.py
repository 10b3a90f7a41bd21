"""Capítulos: del texto (``chapters/src/NN_slug.md``) al cuaderno ejecutado (``chapters/NN_slug.ipynb``).

La dirección es una sola. Verbos::

    python tools/chapters.py build [NN...]         ejecuta y escribe los cuadernos; todos, si no se dice cuál
    python tools/chapters.py check                 sin ejecutar: texto y cuaderno concuerdan
    python tools/chapters.py import NN [ARCHIVO]   un cuaderno editado en otra parte vuelve a ser texto
    python tools/chapters.py new NN_SLUG           empieza un capítulo
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
SLUG = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")
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


class ChapterError(Exception):
    """Algo que quien edita puede corregir: el mensaje dice qué y dónde."""


# --- Nombres --------------------------------------------------------------------------------------


def sources(chapters: Path = CHAPTERS) -> list[Path]:
    """Textos de todos los capítulos, en orden de lectura."""
    return sorted(path for path in (chapters / "src").glob("*.md") if SLUG.fullmatch(path.stem))


def find_source(number: str, chapters: Path = CHAPTERS) -> Path:
    """Texto del capítulo ``number`` («6», «06» o «06_red_basica…»)."""
    wanted = f"{number.zfill(2)}_"
    found = [p for p in sources(chapters) if p.stem.startswith(wanted) or p.stem == number]
    if len(found) != 1:
        known = ", ".join(p.stem[:2] for p in sources(chapters)) or "ninguno"
        raise ChapterError(f"No hay un capítulo «{number}».\nCapítulos que existen: {known}.")
    return found[0]


def product_of(source: Path) -> Path:
    """Cuaderno que se produce a partir de ``source``."""
    return source.parents[1] / f"{source.stem}.ipynb"


# --- Texto y cuaderno -----------------------------------------------------------------------------


def read_source(source: Path) -> NotebookNode:
    """Cuaderno sin ejecutar, ya normalizado, que describe el texto."""
    try:
        notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst")
    except Exception as error:  # jupytext no tiene un tipo de error común
        raise ChapterError(f"{source.name}: no se puede leer como texto MyST.\n{error}") from error
    return normalize(notebook)


def normalize(notebook: NotebookNode, data: dict[str, str] | None = None) -> NotebookNode:
    """Deja solo lo que depende del texto y de los resultados: dos ejecuciones iguales dan los mismos bytes.

    Los identificadores de celda salen de su texto, los metadatos pasan por una lista blanca y las vistas
    de widgets (que llevan un identificador al azar) se quitan: la página usa su ``text/html``.
    """
    metadata = notebook.metadata
    clean = nbformat.v4.new_notebook()
    clean.nbformat_minor = 5
    clean.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    if "myst" in metadata:
        clean.metadata["myst"] = metadata["myst"]
    data = metadata.get("data") if data is None else data
    if data is not None:
        clean.metadata["data"] = nbformat.from_dict(dict(sorted(data.items())))
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        new = nbformat.from_dict(
            {
                "cell_type": cell.cell_type,
                "id": digest if seen[digest] == 1 else f"{digest}-{seen[digest]}",
                "metadata": {key: cell.metadata[key] for key in ("mystnb", "tags") if key in cell.metadata},
                "source": cell.source,
            }
        )
        if cell.cell_type == "code":
            new["execution_count"] = cell.get("execution_count")
            new["outputs"] = list(_normalize_outputs(cell.get("outputs", []), new["execution_count"]))
        clean.cells.append(new)
    return clean


def _normalize_outputs(outputs: list, count: int | None) -> Iterator[NotebookNode]:
    stream = None
    for output in outputs:
        if output.output_type == "stream":
            if stream is not None and stream.name == output.name:
                stream.text += output.text  # el kernel parte la salida donde quiere
                continue
            stream = nbformat.from_dict({"name": output.name, "output_type": "stream", "text": output.text})
            yield stream
            continue
        stream = None
        output = nbformat.from_dict({k: v for k, v in output.items() if k != "transient"})
        if "data" in output:
            output["data"].pop("application/vnd.jupyter.widget-view+json", None)
            output["metadata"] = nbformat.from_dict({})
        if "execution_count" in output:
            output["execution_count"] = count
        yield output


def notebook_text(notebook: NotebookNode) -> str:
    """Texto del cuaderno en disco: UTF-8 legible, un espacio de sangría, salto final."""
    nbformat.validate(notebook)
    plain = json.loads(nbformat.writes(notebook))  # nbformat parte los textos en líneas
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_text(text: str, path: Path) -> None:
    """Escribe en un archivo vecino y lo renombra: nunca queda medio archivo."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def code_cell_lines(source: Path) -> list[int]:
    """Línea del texto donde empieza el código de cada celda."""
    lines = source.read_text(encoding="utf-8").splitlines()
    starts = []
    for index, line in enumerate(lines):
        if not line.startswith("```{code-cell}"):
            continue
        start = index + 1
        if start < len(lines) and lines[start] == "---":  # cabecera YAML de la celda
            start = lines.index("---", start + 1) + 1
        while start < len(lines) and (lines[start].startswith(":") or not lines[start].strip()):
            start += 1
        starts.append(start + 1)
    return starts


# --- Los cuatro verbos ----------------------------------------------------------------------------


def build(source: Path) -> Path:
    """Ejecuta un capítulo y escribe su cuaderno; si una celda falla, el cuaderno anterior queda intacto."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = read_source(source)
    product = product_of(source)
    lines = code_cell_lines(source)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        store_widget_state=False,
        resources={"metadata": {"path": str(product.parent)}},
    )
    started = time.perf_counter()
    print(f"{source.stem}: {len(code_cells)} celdas de código", flush=True)
    with client.setup_kernel(env=os.environ | KERNEL_ENVIRONMENT):
        number = 0
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            number += 1
            before = time.perf_counter()
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise ChapterError(_failure(source, number, lines[number - 1], error)) from None
            _refuse_stderr(source, number, lines[number - 1], cell)
            seconds = time.perf_counter() - before
            first = next(iter(cell.source.strip().splitlines()), "")
            print(f"  celda {number:2d}/{len(code_cells)} {seconds:6.1f} s  {first[:70]}", flush=True)
        data = json.loads(_run(client, FINGERPRINTS_CODE))
    write_text(notebook_text(normalize(notebook, data)), product)
    print(f"{product.name}: {time.perf_counter() - started:.0f} s", flush=True)
    return product


def _fetch_data() -> None:
    """Descarga antes, fuera de los cuadernos, lo que falte: dentro de una celda serían avisos."""
    from course_utils.datasets import LOADERS

    for load in LOADERS.values():
        load()


def _run(client, code: str) -> str:
    cell = nbformat.v4.new_code_cell(code)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    finally:
        client.nb.cells.pop()
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def _failure(source: Path, number: int, line: int, error: Exception) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    inside = re.search(r"Cell In\[\d+\], line (\d+)", text)
    if inside:
        line += int(inside.group(1)) - 1
    last = [row for row in text.strip().splitlines() if row.strip()][-1]
    return f"{source.stem}: falla la celda de código {number} (chapters/src/{source.name}:{line}).\n{last}"


def _refuse_stderr(source: Path, number: int, line: int, cell: NotebookNode) -> None:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise ChapterError(
                f"{source.stem}: la celda de código {number} (chapters/src/{source.name}:{line}) escribe "
                f"en stderr.\nUn capítulo no enseña avisos: corrige su causa.\n{output.text.strip()[:500]}"
            )


def problems(source: Path) -> list[str]:
    """Desacuerdos entre el texto y su cuaderno, sin ejecutar nada."""
    product = product_of(source)
    remedy = f"ejecuta «make capitulos C={source.stem[:2]}»"
    if not product.is_file():
        return [f"{source.stem}: falta el cuaderno; {remedy}."]
    expected = read_source(source)
    notebook = nbformat.read(product, as_version=4)
    found = []
    view = [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    if view != [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in expected.cells]:
        found.append(f"{source.stem}: el texto y el cuaderno no dicen lo mismo; {remedy}.")
    if notebook.metadata.get("myst") != expected.metadata.get("myst"):
        found.append(f"{source.stem}: la cabecera del texto cambió; {remedy}.")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"{source.stem}: los contadores no son 1..{len(code)}: nbval no compararía; {remedy}.")
    if code and not any(cell.outputs for cell in code):
        found.append(f"{source.stem}: el cuaderno no tiene salidas; {remedy}.")
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        found.append(f"{source.stem}: el cuaderno guarda un error; {remedy}.")
    stand_ins = [name for name, mark in notebook.metadata.get("data", {}).items() if "stand-in" in mark]
    if stand_ins:
        found.append(
            f"{source.stem}: las salidas son de datos sustitutos ({', '.join(stand_ins)}); "
            "repite la orden con COURSE_DATA_DIR en una carpeta que tenga los reales."
        )
    if notebook_text(normalize(notebook)) != product.read_text(encoding="utf-8"):
        found.append(f"{source.stem}: el cuaderno no está normalizado (¿editado a mano?); {remedy}.")
    return found


def check(chapters: Path = CHAPTERS) -> list[str]:
    """Todos los desacuerdos, también los cuadernos sin texto."""
    known = {source.stem for source in sources(chapters)}
    found = [problem for source in sources(chapters) for problem in problems(source)]
    for product in sorted(chapters.glob("*.ipynb")):
        if product.stem not in known:
            found.append(f"{product.stem}: el cuaderno no tiene texto en chapters/src; bórralo o impórtalo.")
    return found


def import_notebook(source: Path, notebook_path: Path) -> None:
    """Vuelve texto un cuaderno editado en JupyterLab o en Colab."""
    try:
        edited = nbformat.read(notebook_path, as_version=4)
    except FileNotFoundError:
        raise ChapterError(f"No existe el cuaderno {notebook_path}.") from None
    except Exception as error:  # nbformat: JSON roto o que no es un cuaderno
        raise ChapterError(f"{notebook_path} no es un cuaderno de Jupyter.\n{error}") from error
    clean = normalize(edited)
    clean.metadata.pop("data", None)
    clean.metadata.pop("language_info")
    clean.metadata["jupytext"] = {"default_lexer": "ipython3", "notebook_metadata_filter": "kernelspec,myst"}
    if "myst" not in clean.metadata and source.is_file():  # Colab pierde la cabecera
        header = read_source(source).metadata.get("myst")
        if header:
            clean.metadata["myst"] = header
    text = jupytext.writes(clean, fmt="md:myst")
    text = re.sub(r"jupytext:\n(?:  .*\n)+", "", text)  # versiones de jupytext: solo ruido en el diff
    write_text(text, source)


TEMPLATE = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
myst:
  html_meta:
    description: "…"
---

# Título que dice qué se hace

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
    taken = [source.stem for source in sources(chapters) if source.stem[:2] == slug[:2]]
    if taken:
        raise ChapterError(f"El número {slug[:2]} ya es de {taken[0]}: elige otro.")
    import yaml

    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    source = chapters / "src" / f"{slug}.md"
    repository = url.removeprefix("https://github.com/")
    write_text(TEMPLATE.format(slug=slug, repository=repository), source)
    return source


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERBO")
    verb = verbs.add_parser("build", help="ejecuta y escribe los cuadernos")
    verb.add_argument("numbers", nargs="*", metavar="NN")
    verbs.add_parser("check", help="texto y cuaderno concuerdan, sin ejecutar")
    verb = verbs.add_parser("import", help="de cuaderno editado a texto")
    verb.add_argument("number", metavar="NN")
    verb.add_argument("file", nargs="?", type=Path, metavar="ARCHIVO")
    verb = verbs.add_parser("new", help="empieza un capítulo")
    verb.add_argument("slug", metavar="NN_SLUG")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "build":
            chosen = [find_source(number) for number in options.numbers] or sources()
            _fetch_data()
            for source in chosen:
                build(source)
        elif options.verb == "check":
            found = check()
            if found:
                raise ChapterError("\n".join(found))
            print(f"{len(sources())} capítulos: texto y cuaderno concuerdan.")
        elif options.verb == "import":
            source = find_source(options.number)
            import_notebook(source, options.file or product_of(source))
            print(
                f"Escrito {source.relative_to(ROOT)}: revisa el diff y ejecuta "
                f"«make capitulos C={source.stem[:2]}»."
            )
        else:
            source = new(options.slug)
            print(f"Escrito {source.relative_to(ROOT)}. El sitio lo enseña en cuanto tiene cuaderno.")
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
