"""De texto a cuaderno y de vuelta, con capítulos de juguete ejecutados de verdad."""

import json
import os
from pathlib import Path

import nbformat
import pytest

from course_utils import datasets
from tools import chapters, execution, notebooks

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
    """Un texto en ``folder/chapters/src``."""
    source = folder / "chapters" / "src" / f"{name}.md"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    return source


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Un capítulo construido: (texto, cuaderno)."""
    source = write_source(tmp_path_factory.mktemp("libro"), SOURCE)
    return source, chapters.build(source)


@pytest.fixture
def copy(built, tmp_path):
    """Otra copia del capítulo construido, para cambiarla."""
    source = write_source(tmp_path, built[0].read_text(encoding="utf-8"))
    chapters.product_of(source).write_bytes(built[1].read_bytes())
    return source


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def never(*args):
    raise AssertionError("no había que ejecutar nada")


def test_two_builds_give_the_same_bytes(built):
    source, product = built
    first = product.read_bytes()
    chapters.build(source, force=True)
    assert product.read_bytes() == first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Una frase.", "Otra, sin coma."),
        ("alt: una recta", "alt: una recta que sube"),
        ("description: Prueba", "description: Otra"),
        ("[hide-input]", "[hide-cell]"),
    ],
)
def test_a_change_outside_the_code_gives_what_executing_would_without_executing(
    copy, monkeypatch, capsys, old, new
):
    edit(copy, old, new)
    assert chapters.check(copy.parents[1]) != []
    with monkeypatch.context() as patched:
        patched.setattr(chapters, "execute", never)
        product = chapters.build(copy)
    assert "FORZAR=1" in capsys.readouterr().out
    assert chapters.check(copy.parents[1]) == []
    reused = product.read_bytes()
    chapters.build(copy, force=True)
    assert product.read_bytes() == reused


def drop_outputs(notebook):
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = []


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb["cells"][5].update(source=["for i in range(4):\n", "    print(i)"]),
        lambda nb: nb["cells"].pop(),
        lambda nb: nb["cells"][1].update(metadata={"tags": ["raises-exception"]}),
        lambda nb: nb["cells"][1].update(execution_count=None),
        lambda nb: nb["cells"][0].update(metadata={"scrolled": True}),
        lambda nb: nb["metadata"].update(data={"fashion-mnist": "stand-in:0123"}),
        drop_outputs,
    ],
)
def test_outputs_of_other_code_or_of_a_wrong_notebook_are_not_reused(copy, monkeypatch, change):
    product = chapters.product_of(copy)
    write_json(product, change)
    ran = []
    monkeypatch.setattr(chapters, "execute", lambda notebook, source: ran.append(source) or {})
    chapters.build(copy)
    assert ran == [copy]


def write_json(product, change):
    """Cambia el cuaderno y lo escribe como lo escribiría el curso."""
    notebook = json.loads(product.read_text(encoding="utf-8"))
    change(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    product.write_text(text, encoding="utf-8")


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
        (drop_outputs, "no tiene salidas"),
        (lambda nb: nb["metadata"].update(data={"fashion-mnist": "stand-in:0123"}), "datos sustitutos"),
        (
            lambda nb: nb["cells"][4]["outputs"].append(
                {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
            ),
            "guarda un error",
        ),
    ],
)
def test_check_finds_each_disagreement(copy, change, message):
    write_json(chapters.product_of(copy), change)
    assert any(message in problem for problem in notebooks.problems(copy))


def test_check_finds_the_marks_of_a_conflict(copy):
    chapters.product_of(copy).write_text("<<<<<<< HEAD\n{}\n", encoding="utf-8")
    assert "no se puede leer" in notebooks.problems(copy)[0]


def test_check_finds_missing_and_orphan_notebooks(copy):
    chapters.product_of(copy).rename(copy.parents[1] / "04_suelto.ipynb")
    found = chapters.check(copy.parents[1])
    assert [problem.split(":")[0] for problem in found] == ["03_prueba", "04_suelto"]


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
    assert sorted(path.name for path in product.parent.iterdir()) == ["03_prueba.ipynb", "src"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("---\nkernelspec: [\n---\n\n# Título\n", ["03_prueba.md", "no se puede leer"]),
        (SOURCE.replace("plt.show()\n```", "plt.show()"), ["src/03_prueba.md:21", "no se cierra"]),
        (SOURCE.removesuffix("```\n"), ["src/03_prueba.md:36", "no se cierra"]),
        (
            SOURCE.replace("    alt: una recta\n---", "    alt: una recta"),
            ["03_prueba.md", "no se puede leer"],
        ),
        ("# T\udcedtulo\n", ["03_prueba.md", "UTF-8"]),
    ],
)
def test_a_broken_text_is_explained(tmp_path, text, messages):
    source = write_source(tmp_path, "")
    source.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(chapters.ChapterError) as caught:
        chapters.build(source)
    for message in messages:
        assert message in str(caught.value)


def test_a_missing_kernel_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "KERNEL", "no-instalado")
    with pytest.raises(chapters.ChapterError, match=r"«no-instalado».*make entorno"):
        chapters.build(write_source(tmp_path, SOURCE))


# --- Datos ------------------------------------------------------------------------------------------

WITH_DATA = """\
# Datos

```{code-cell} ipython3
from course_utils.datasets import load_fashion_mnist

data = load_fashion_mnist()
print(data.x_train.shape[1:])
```
"""


def test_only_the_data_of_the_chapter_are_fetched(copy):
    product = chapters.product_of(copy)
    code = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = load_cifar10()")])
    text = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Con load_fashion_mnist…")])
    assert execution.data_sets(code, product) == {"cifar-10"}
    assert execution.data_sets(text, product) == set()
    write_json(product, lambda nb: nb["metadata"].update(data={"coco": "0123"}))
    assert execution.data_sets(code, product) == {"cifar-10", "coco"}


def test_data_already_loaded_are_not_loaded_again(monkeypatch):
    asked = []
    monkeypatch.setattr("course_utils.datasets.sources._used", {"coco": "0123"})
    monkeypatch.setattr(
        datasets, "LOADERS", {name: lambda name=name: asked.append(name) for name in datasets.LOADERS}
    )
    execution.load_data({"cifar-10", "coco"})
    assert asked == ["cifar-10"]


def test_a_wrong_folder_of_data_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "no-hay"))
    monkeypatch.setattr("course_utils.datasets.sources._used", {})
    with pytest.raises(chapters.ChapterError, match="COURSE_DATA_DIR"):
        chapters.build(write_source(tmp_path, WITH_DATA))


def test_without_network_it_runs_on_stand_ins_and_cannot_be_committed(root, tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(root))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / "tests" / "no_network"), str(root)]))
    monkeypatch.setattr(chapters, "load_data", lambda names: None)  # en este proceso sí hay red
    source = write_source(tmp_path, WITH_DATA)
    product = chapters.product_of(source)
    product.write_text("anterior")
    written = chapters.build(source)
    assert written == tmp_path / "_build" / "borradores" / "03_prueba.ipynb"
    assert nbformat.read(written, as_version=4).cells[1].outputs
    assert product.read_text() == "anterior"
    said = capsys.readouterr().out
    assert "no se puede confirmar" in said
    assert "fashion-mnist" in said


# --- De vuelta, y capítulos nuevos ------------------------------------------------------------------


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


def test_import_keeps_a_draft_a_draft(built, tmp_path):
    draft = SOURCE.replace("---\n", "---\ndraft: true\n", 1)
    source = write_source(tmp_path, draft)
    chapters.import_notebook(source, built[1])
    assert source.read_text(encoding="utf-8") == draft


@pytest.mark.parametrize("content", [None, "esto no es JSON", "{}"])
def test_import_refuses_what_is_not_a_notebook(tmp_path, content):
    source = write_source(tmp_path, SOURCE)
    path = tmp_path / "otro.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(chapters.ChapterError, match="cuaderno"):
        chapters.import_notebook(source, path)
    assert source.read_text(encoding="utf-8") == SOURCE


def test_new_starts_a_draft_that_is_executed_apart_until_it_enters_the_book(copy):
    folder = copy.parents[1]
    source = chapters.new("12_deteccion_de_objetos", folder)
    assert chapters.check(folder) == []
    assert chapters.sources(folder) == [copy]
    assert chapters.find_source("12", folder) == source
    with pytest.raises(chapters.ChapterError, match="ya es de 12_deteccion"):
        chapters.new("12_otro", folder)

    written = chapters.build(source)
    assert written == folder.parent / "_build" / "borradores" / "12_deteccion_de_objetos.ipynb"
    assert chapters.check(folder) == []
    opening = nbformat.read(written, as_version=4).cells[0].source
    assert opening.startswith("# 12. ")
    assert "chapters/12_deteccion_de_objetos.ipynb" in opening

    edit(source, "draft: true\n", "")
    edit(source, "## Una pregunta\n", "## Una pregunta\n\n```{code-cell} ipython3\n1 + 1\n```\n")
    assert "falta el cuaderno" in chapters.check(folder)[0]
    assert chapters.build(source) == chapters.product_of(source)
    assert chapters.check(folder) == []
    edit(source, "kernelspec:\n", "draft: true\nkernelspec:\n")
    assert "es un borrador" in chapters.check(folder)[0]


@pytest.mark.parametrize(
    "slug", ["pooling", "5_pooling", "05_Pooling", "05_imágenes", "05-pooling", "../05_x"]
)
def test_new_refuses_names_that_are_not_addresses(tmp_path, slug):
    with pytest.raises(chapters.ChapterError, match="no sirve de nombre"):
        chapters.new(slug, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unknown_chapter_says_which_exist():
    with pytest.raises(SystemExit, match=r"No hay un capítulo «97».\n.*00, 01, 02"):
        chapters.main(["build", "97"])
