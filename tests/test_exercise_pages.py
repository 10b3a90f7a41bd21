"""``make ejercicios`` solo llama a Node cuando cambió aquello de lo que sale el guion de las preguntas."""

import shutil

import pytest

from tools import exercise_pages


@pytest.fixture
def bundled(tmp_path, monkeypatch):
    """Un proyecto con lo de ahora y las carpetas en las que se construye el guion."""
    for name in ("SCRIPTS", "STATIC"):
        shutil.copytree(getattr(exercise_pages, name), tmp_path / name)
        monkeypatch.setattr(exercise_pages, name, tmp_path / name)
    monkeypatch.setattr(exercise_pages, "APPENDIX", tmp_path)
    monkeypatch.setattr(exercise_pages, "pages", lambda: {"repaso/03.md": "texto\n"})
    monkeypatch.setattr(exercise_pages, "GUIDE", tmp_path / "GUIDE.md")
    monkeypatch.setattr(exercise_pages, "guide_page", lambda: "texto\n")
    monkeypatch.setattr(exercise_pages, "install", lambda: None)
    folders = []
    monkeypatch.setattr(exercise_pages, "bundle", folders.append)
    return folders


def test_a_change_of_prose_needs_no_node(bundled, tmp_path):
    exercise_pages.main()
    assert bundled == []
    assert (tmp_path / "repaso" / "03.md").read_text(encoding="utf-8") == "texto\n"


def test_the_page_of_a_chapter_that_is_gone_is_removed(bundled, tmp_path):
    old = tmp_path / "soluciones" / "77.md"
    old.parent.mkdir()
    old.write_text("de un capítulo que no está", encoding="utf-8")
    exercise_pages.main()
    assert not old.exists()


@pytest.mark.parametrize("name", ["judge.mjs", "questions.css", "nuevo.mjs"])
def test_a_change_of_the_script_or_its_style_builds_it_again(bundled, name):
    with (exercise_pages.SCRIPTS / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    exercise_pages.main()
    assert bundled == [exercise_pages.STATIC]


@pytest.mark.parametrize("name", exercise_pages.BUNDLES)
def test_a_missing_script_is_built(bundled, name):
    (exercise_pages.STATIC / name).unlink()
    exercise_pages.main()
    assert bundled == [exercise_pages.STATIC]
