"""La dirección del repositorio: una sola, y ``make repo`` la cambia en todas partes o en ninguna."""

import re
import subprocess
import tomllib

import nbformat
import pytest
import yaml

from tools.notebooks import normalize, notebook_text
from tools.repo_url import current_url, main, parse_url, project_files, replace_url

# Estas dos formas solo se usan para el propio curso; un enlace a secas puede ser a cualquier otro.
OWN = re.compile(
    r"(?:git\+https://github\.com|colab\.research\.google\.com/github)/([\w-]+/[\w.-]+?)(?=[\"'@/#\s)]|\.git|$)"
)


def test_colab_links_and_install_cells_point_to_the_configured_repository(root):
    repository = "/".join(parse_url(current_url(root)))
    mentions = {
        (path.relative_to(root).as_posix(), found)
        for path in project_files(root)
        if path.relative_to(root).parts[0] not in {"tests", "tools"}
        for found in OWN.findall(path.read_text(encoding="utf-8"))
    }
    assert {found for _, found in mentions} == {repository}, sorted(mentions)
    chapters = [path for path in (root / "chapters").rglob("[0-9]*") if path.is_file()]
    expected = {path.relative_to(root).as_posix() for path in chapters} | {
        "README.md",
        "appendix/instalacion.md",
    }
    assert {name for name, _ in mentions} >= expected


def test_project_metadata_point_to_the_configured_repository(root):
    url = current_url(root)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert url in project["urls"].values()
    assert yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))["repository-code"] == url
    guide = (root / "appendix/instalacion.md").read_text(encoding="utf-8")
    assert f"git clone {url} curso\ncd curso\n" in guide


@pytest.fixture
def project(tmp_path):
    """Un proyecto con la dirección en todas las formas en que aparece."""
    colab = "https://colab.research.google.com/github/ana/redes/blob/main/chapters/01_uno.ipynb"
    link = nbformat.v4.new_markdown_cell(f"[Abrir en Colab]({colab})")
    texts = {
        "_config.yml": "repository:\n  url: https://github.com/ana/redes\n",
        "README.md": "[web](https://ana.github.io/redes/) git+https://github.com/ana/redes@main\n"
        "y no github.com/ana/redes-viejas\n",
        "chapters/01_uno.ipynb": notebook_text(normalize(nbformat.v4.new_notebook(cells=[link]))),
        "notas.txt": "https://github.com/ana/redes\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def test_replace_url_changes_every_form_and_only_that_repository(project):
    changed = replace_url("https://github.com/Luis/cnn.git/", root=project)
    assert sorted(path.name for path in changed) == ["01_uno.ipynb", "README.md", "_config.yml"]
    after = contents(project)
    assert current_url(project) == "https://github.com/Luis/cnn"
    assert after["README.md"].split()[0] == "[web](https://luis.github.io/cnn/)"
    assert "git+https://github.com/Luis/cnn@main" in after["README.md"]
    assert "github.com/ana/redes-viejas" in after["README.md"]
    notebook = nbformat.reads(after["01_uno.ipynb"], as_version=4)
    assert "/github/Luis/cnn/blob/main/" in notebook.cells[0].source
    assert notebook_text(normalize(notebook)) == after["01_uno.ipynb"]


def test_replacing_and_going_back_leaves_every_byte_as_it_was(project):
    before = contents(project)
    replace_url("https://github.com/luis/cnn", root=project)
    replace_url("https://github.com/ana/redes", root=project)
    assert contents(project) == before


@pytest.mark.parametrize(
    "url",
    ["", "github.com/ana/redes", "https://gitlab.com/ana/redes", "https://github.com/ana", "https://github.com/ana/redes/tree/main",
     "https://github.com/-ana/redes", "https://github.com/ana/..", "https://github.com/ana/re des"],
)  # fmt: skip
def test_a_bad_url_is_explained_in_spanish_and_nothing_changes(project, url):
    before = contents(project)
    with pytest.raises(ValueError, match="no es la dirección de un repositorio de GitHub") as error:
        replace_url(url, root=project)
    assert len(str(error.value).splitlines()) <= 5
    assert contents(project) == before


def test_the_command_fails_without_url(capsys):
    assert main([]) == 1
    assert "No se ha cambiado nada" in capsys.readouterr().err
