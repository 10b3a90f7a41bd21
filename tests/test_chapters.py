"""De texto a cuaderno y de vuelta, con capítulos de juguete ejecutados de verdad."""

import json
from pathlib import Path

import nbformat
import pytest

from tools import chapters

SOURCE = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
myst:
  html_meta:
    description: Prueba
---

# Título con ñ

```{code-cell} ipython3
:tags: [hide-input]

import matplotlib.pyplot as plt
```

Una frase.

```{code-cell} ipython3
---
mystnb:
  image:
    alt: una recta
---
plt.plot([1, 2])
plt.show()
```

```{code-cell} ipython3
for i in range(3):
    print("fila", i, flush=True)
```

```{code-cell} ipython3
for i in range(3):
    print("fila", i, flush=True)
```
"""


def write_source(folder: Path, text: str, name: str = "03_prueba") -> Path:
    (folder / "src").mkdir(exist_ok=True)
    source = folder / "src" / f"{name}.md"
    source.write_text(text, encoding="utf-8")
    return source


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Un capítulo construido: (texto, cuaderno)."""
    source = write_source(tmp_path_factory.mktemp("chapters"), SOURCE)
    return source, chapters.build(source)


def test_two_builds_give_the_same_bytes(built):
    source, product = built
    first = product.read_bytes()
    chapters.build(source)
    assert product.read_bytes() == first


def test_built_notebook_is_complete(built):
    source, product = built
    notebook = nbformat.read(product, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3, 4]
    assert code[1].metadata.mystnb.image.alt == "una recta"
    assert "image/png" in code[1].outputs[0].data
    assert code[2].outputs[0].text == "fila 0\nfila 1\nfila 2\n"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)  # también en celdas iguales
    assert "ñ" in product.read_text(encoding="utf-8")
    assert notebook.metadata.data == {}
    assert chapters.check(source.parents[1]) == []


def test_the_repository_agrees():
    assert chapters.check() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda nb: nb["cells"][1].update(execution_count=None), "contadores"),
        (lambda nb: nb["cells"][2].update(source=["Otra frase."]), "no dicen lo mismo"),
        (lambda nb: nb["cells"][0].update(metadata={"scrolled": True}), "no está normalizado"),
        (lambda nb: nb["metadata"].update(myst={}), "cabecera"),
        (
            lambda nb: [cell.update(outputs=[]) for cell in nb["cells"] if "outputs" in cell],
            "no tiene salidas",
        ),
        (lambda nb: nb["metadata"].update(data={"fashion-mnist": "stand-in:0123"}), "datos sustitutos"),
        (
            lambda nb: nb["cells"][4]["outputs"].append(
                {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
            ),
            "guarda un error",
        ),
    ],
)
def test_check_finds_each_disagreement(built, tmp_path, change, message):
    source, product = built
    copy = write_source(tmp_path, source.read_text(encoding="utf-8"))
    notebook = json.loads(product.read_text(encoding="utf-8"))
    change(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    chapters.product_of(copy).write_text(text, encoding="utf-8")
    assert any(message in problem for problem in chapters.problems(copy))


def test_check_finds_missing_and_orphan_notebooks(built, tmp_path):
    source, product = built
    write_source(tmp_path, source.read_text(encoding="utf-8"))
    (tmp_path / "04_suelto.ipynb").write_bytes(product.read_bytes())
    assert [problem.split(":")[0] for problem in chapters.check(tmp_path)] == ["03_prueba", "04_suelto"]


@pytest.mark.parametrize(
    ("cell", "messages"),
    [
        ("a = 1\n1 / 0", ["celda de código 5", "src/03_prueba.md:43", "ZeroDivisionError"]),
        ("import sys\nprint('ay', file=sys.stderr)", ["celda de código 5", "src/03_prueba.md:42", "stderr"]),
        ("import os\nos._exit(3)", ["celda de código 5", "src/03_prueba.md:42"]),
    ],
)
def test_a_failing_cell_names_its_line_and_keeps_the_old_notebook(tmp_path, cell, messages):
    source = write_source(tmp_path, f"{SOURCE}\n```{{code-cell}} ipython3\n{cell}\n```\n")
    product = chapters.product_of(source)
    product.write_text("anterior")
    with pytest.raises(chapters.ChapterError) as caught:
        chapters.build(source)
    for message in messages:
        assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 5
    assert product.read_text() == "anterior"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["03_prueba.ipynb", "src"]


def test_import_is_the_inverse_of_build(built, tmp_path):
    source, product = built
    copy = write_source(tmp_path, "se sobrescribe")
    chapters.import_notebook(copy, product)
    assert copy.read_text(encoding="utf-8") == source.read_text(encoding="utf-8")


def test_import_keeps_the_header_that_colab_drops(built, tmp_path):
    source, product = built
    notebook = nbformat.read(product, as_version=4)
    del notebook.metadata["myst"]
    notebook.cells[2].source = "Una frase cambiada."
    nbformat.write(notebook, tmp_path / "descargado.ipynb")
    copy = write_source(tmp_path, source.read_text(encoding="utf-8"))
    chapters.import_notebook(copy, tmp_path / "descargado.ipynb")
    assert copy.read_text(encoding="utf-8") == SOURCE.replace("Una frase.", "Una frase cambiada.")


@pytest.mark.parametrize("content", [None, "esto no es JSON", "{}"])
def test_import_refuses_what_is_not_a_notebook(tmp_path, content):
    source = write_source(tmp_path, SOURCE)
    path = tmp_path / "otro.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(chapters.ChapterError, match="cuaderno"):
        chapters.import_notebook(source, path)
    assert source.read_text(encoding="utf-8") == SOURCE


def test_new_starts_a_chapter_that_can_be_read(tmp_path):
    (tmp_path / "src").mkdir()
    source = chapters.new("12_deteccion_de_objetos", tmp_path)
    notebook = chapters.read_source(source)
    assert notebook.cells[0].source.startswith("# ")
    assert "chapters/12_deteccion_de_objetos.ipynb" in notebook.cells[0].source
    with pytest.raises(chapters.ChapterError, match="ya es de 12_deteccion"):
        chapters.new("12_otro", tmp_path)


@pytest.mark.parametrize(
    "slug", ["pooling", "5_pooling", "05_Pooling", "05_imágenes", "05-pooling", "../05_x"]
)
def test_new_refuses_names_that_are_not_addresses(tmp_path, slug):
    (tmp_path / "src").mkdir()
    with pytest.raises(chapters.ChapterError, match="no sirve de nombre"):
        chapters.new(slug, tmp_path)
    assert list((tmp_path / "src").iterdir()) == []


def test_unknown_chapter_says_which_exist(capsys):
    assert chapters.main(["build", "97"]) == 1
    assert "No hay un capítulo «97»" in capsys.readouterr().err


def test_unreadable_header_is_explained(tmp_path):
    source = write_source(tmp_path, "---\nkernelspec: [\n---\n\n# Título\n")
    with pytest.raises(chapters.ChapterError, match=r"03_prueba\.md"):
        chapters.read_source(source)
