"""El texto y el cuaderno de un capítulo: dónde están, cómo se leen y si concuerdan. No ejecuta nada."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
SLUG = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")
DRAFT = re.compile(r"\A---\n(?:(?!---\n).*\n)*?draft: true\n")
FENCE = re.compile(r"(`{3,})\{code-cell\}")


class ChapterError(Exception):
    """Algo que quien edita puede corregir: el mensaje dice qué y dónde."""


# --- Dónde está cada cosa ---------------------------------------------------------------------------


def all_sources(chapters: Path = CHAPTERS) -> list[Path]:
    """Textos de todos los capítulos, también los borradores, en orden de lectura."""
    return sorted(path for path in (chapters / "src").glob("*.md") if SLUG.fullmatch(path.stem))


def sources(chapters: Path = CHAPTERS) -> list[Path]:
    """Textos de los capítulos que están en el libro."""
    return [source for source in all_sources(chapters) if not is_draft(source)]


def is_draft(source: Path) -> bool:
    """Si la cabecera del texto dice ``draft: true``: se puede ejecutar, y todavía no está en el libro."""
    return DRAFT.match(source.read_text(encoding="utf-8", errors="replace")) is not None


def find_source(number: str, chapters: Path = CHAPTERS) -> Path:
    """Texto del capítulo ``number`` («6», «06» o «06_red_basica…»), aunque sea un borrador."""
    known = all_sources(chapters)
    found = [path for path in known if path.stem.startswith(f"{number.zfill(2)}_") or path.stem == number]
    if len(found) != 1:
        numbers = ", ".join(path.stem[:2] for path in known) or "ninguno"
        raise ChapterError(f"No hay un capítulo «{number}».\nCapítulos que existen: {numbers}.")
    return found[0]


def product_of(source: Path) -> Path:
    """Cuaderno que se produce a partir de ``source``."""
    return source.parents[1] / f"{source.stem}.ipynb"


def scratch_of(source: Path) -> Path:
    """Cuaderno de ``source`` que no se confirma: el de un borrador o el de datos sustitutos."""
    return source.parents[2] / "_build" / "borradores" / f"{source.stem}.ipynb"


# --- Leer y escribir --------------------------------------------------------------------------------


def read_source(source: Path) -> NotebookNode:
    """Cuaderno sin ejecutar, ya normalizado, que describe el texto."""
    code_cell_lines(source)
    try:
        notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst")
    except Exception as error:  # jupytext no tiene un tipo de error común
        raise ChapterError(f"{source.name}: no se puede leer como texto MyST.\n{error}") from error
    return normalize(notebook)


def code_cell_lines(source: Path) -> list[int]:
    """Línea del texto donde empieza el código de cada celda."""
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ChapterError(f"{source.name}: no está guardado en UTF-8.\n{error}") from error
    openings = [(index, found[1]) for index, line in enumerate(lines) if (found := FENCE.match(line))]
    starts = []
    for (opening, fence), (following, _) in pairwise([*openings, (len(lines), "")]):
        inside = [line.rstrip() for line in lines[opening + 1 : following]]
        if fence not in inside:
            raise ChapterError(
                f"{source.name}: la celda de código que se abre en chapters/src/{source.name}:{opening + 1} "
                f"no se cierra.\nPon {fence} en una línea después de su código."
            )
        header = inside.index("---", 1) + 1 if inside[0] == "---" and "---" in inside[1:] else 0
        while inside[header].startswith(":") or not inside[header].strip():
            header += 1
        starts.append(opening + header + 2)
    return starts


def read_notebook(path: Path) -> NotebookNode:
    """El cuaderno que hay en ``path``."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise ChapterError(f"No existe el cuaderno {path}.") from None
    except Exception as error:  # JSON roto (¿marcas de un conflicto?) o que no es un cuaderno
        raise ChapterError(f"{path} no es un cuaderno de Jupyter.\n{error}") from error


def recorded_data(product: Path) -> dict[str, str]:
    """Huellas de los datos con los que se ejecutó un cuaderno; ninguna si no se puede leer."""
    try:
        return dict(read_notebook(product).metadata.get("data", {}))
    except ChapterError:
        return {}


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Celdas de código, en orden."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def normalize(notebook: NotebookNode) -> NotebookNode:
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
    data = metadata.get("data")
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
    """Como :func:`write_whole`, un texto en UTF-8 con saltos ``\\n``."""
    write_whole(text.encode(), path)


def write_whole(content: bytes, path: Path) -> None:
    """Escribe en un archivo vecino y lo renombra: si algo falla, lo que hubiera se queda como estaba."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".nuevo-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# --- Concordancia -----------------------------------------------------------------------------------


def stand_ins(data: dict[str, str]) -> list[str]:
    """Conjuntos de datos cuya huella es la de unos sustitutos."""
    return [name for name, mark in data.items() if mark.startswith("stand-in:")]


def wrong_outputs(notebook: NotebookNode) -> list[str]:
    """Por qué las salidas de un cuaderno no se pueden confirmar."""
    found = []
    code = code_cells(notebook)
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append(f"los contadores no son 1..{len(code)}: nbval no compararía")
    if code and not any(cell.outputs for cell in code):
        found.append("el cuaderno no tiene salidas")
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        found.append("el cuaderno guarda un error")
    if names := stand_ins(notebook.metadata.get("data", {})):
        found.append(
            f"las salidas son de datos sustitutos ({', '.join(names)}); hacen falta los reales, "
            "descargados o en COURSE_DATA_DIR"
        )
    return found


def reuse_outputs(notebook: NotebookNode, product: Path) -> bool:
    """Lleva a ``notebook`` las salidas de ``product`` si son las de sus mismas celdas de código.

    Un cuaderno que no pasaría ``check`` (editado a mano, con datos sustitutos, con un error) no sirve.
    """
    try:
        stored = read_notebook(product)
    except ChapterError:
        return False
    mine, theirs = code_cells(notebook), code_cells(stored)
    if list(map(_what_runs, mine)) != list(map(_what_runs, theirs)):
        return False
    if wrong_outputs(stored) or not _is_normalized(stored, product):
        return False
    for new, old in zip(mine, theirs, strict=True):
        new.execution_count, new.outputs = old.execution_count, old.outputs
    notebook.metadata["data"] = stored.metadata.get("data", {})
    return True


def _what_runs(cell: NotebookNode) -> tuple:
    """De una celda, lo que cambia su ejecución; pies de figura y celdas plegadas no lo hacen."""
    return cell.source, {"raises-exception", "skip-execution"} & set(cell.metadata.get("tags", []))


def _is_normalized(notebook: NotebookNode, path: Path) -> bool:
    return notebook_text(normalize(notebook)) == path.read_text(encoding="utf-8")


def problems(source: Path) -> list[str]:
    """Desacuerdos entre el texto y su cuaderno, sin ejecutar nada."""
    product = product_of(source)
    if is_draft(source):
        read_source(source)
        extra = f"es un borrador y {product.name} está en el libro; quita «draft: true» o borra el cuaderno"
        return [f"{source.stem}: {extra}."] if product.is_file() else []
    expected = read_source(source)
    if not product.is_file():
        found = ["falta el cuaderno"]
    else:
        try:
            notebook = read_notebook(product)
        except ChapterError:
            found = ["el cuaderno no se puede leer (¿quedan marcas de un conflicto?)"]
        else:
            found = _disagreements(expected, notebook, product)
    return [f"{source.stem}: {one}; ejecuta «make capitulos C={source.stem[:2]}»." for one in found]


def _disagreements(expected: NotebookNode, notebook: NotebookNode, product: Path) -> list[str]:
    found = []
    seen, wanted = (
        [(cell.get("id"), cell.cell_type, cell.source, cell.metadata) for cell in one.cells]
        for one in (notebook, expected)
    )
    if seen != wanted:
        found.append("el texto y el cuaderno no dicen lo mismo")
    if notebook.metadata.get("myst") != expected.metadata.get("myst"):
        found.append("la cabecera del texto cambió")
    found += wrong_outputs(notebook)
    if not _is_normalized(notebook, product):
        found.append("el cuaderno no está normalizado (¿editado a mano?)")
    return found


def check(chapters: Path = CHAPTERS) -> list[str]:
    """Todos los desacuerdos, también los cuadernos sin texto."""
    written = all_sources(chapters)
    found = [problem for source in written for problem in problems(source)]
    known = {source.stem for source in written}
    for product in sorted(chapters.glob("*.ipynb")):
        if product.stem not in known:
            found.append(f"{product.stem}: el cuaderno no tiene texto en chapters/src; bórralo o impórtalo.")
    return found
