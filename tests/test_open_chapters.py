"""JupyterLab se abre en español y en los capítulos, solo en el entorno del curso."""

import json
import subprocess
import sys
import types
from pathlib import Path
from urllib.request import urlopen

import pytest

from tools import open_chapters
from tools.lab import jupyterlab


@pytest.fixture
def launched(monkeypatch):
    """Con qué se habría abierto JupyterLab."""
    calls = []
    labapp = types.SimpleNamespace(main=calls.append)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", labapp)
    return calls


def test_the_chapters_are_opened_with_the_settings_of_this_environment(launched, monkeypatch, tmp_path, root):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", "otra")
    open_chapters.main([])
    assert launched == [[str(root / "chapters")]]
    [written] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert json.loads(written.read_text(encoding="utf-8")) == open_chapters.SETTINGS
    first = "import os; print(os.environ['PYTHONPATH'].split(os.pathsep)[0])"
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == root  # y así un núcleo encuentra course_utils


def test_a_python_that_is_not_of_the_course_is_left_alone(launched, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", "")
    open_chapters.main([])
    assert len(launched) == 1
    assert list(tmp_path.iterdir()) == []


def test_only_the_settings(launched, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert open_chapters.main(["--solo-ajustes"]) == 0
    assert launched == []
    assert len(list(tmp_path.rglob("overrides.json"))) == 1


def test_without_jupyterlab_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    with pytest.raises(SystemExit, match=r"no está JupyterLab.*\n.* -m pip install -r requirements\.txt"):
        open_chapters.main([])


def test_jupyterlab_speaks_spanish_and_does_not_ask_about_news(browser, tmp_path):
    settings = open_chapters.write_settings(tmp_path / "entorno").parent
    folder = tmp_path / "capitulos"
    folder.mkdir()
    (folder / "00_uno.ipynb").write_text("{}", encoding="utf-8")
    with jupyterlab(folder, sys.executable, f"--LabApp.app_settings_dir={settings}") as url:
        name = "@jupyterlab/apputils-extension:notification"
        schema = json.load(urlopen(f"{url}/lab/api/settings/{name}"))["schema"]
        assert schema["properties"]["fetchNews"]["default"] == "false"
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{url}/lab?reset")
        page.locator(".jp-DirListing-item").filter(has_text="00_uno.ipynb").wait_for()
        assert "Archivo" in page.locator("#jp-MainMenu").inner_text()
        assert page.get_by_text("Nombre", exact=True).count() == 1
        assert page.get_by_text("Modified", exact=True).count() == 0
        page.close()
