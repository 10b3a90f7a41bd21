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
    for name, page in {"SOLUTIONS": "solutions_page", "REVIEW": "review_page", "GUIDE": "guide_page"}.items():
        monkeypatch.setattr(exercise_pages, name, tmp_path / f"{name}.md")
        monkeypatch.setattr(exercise_pages, page, lambda: "texto\n")
    monkeypatch.setattr(exercise_pages, "install", lambda: None)
    folders = []
    monkeypatch.setattr(exercise_pages, "bundle", folders.append)
    return folders


def test_a_change_of_prose_needs_no_node(bundled, tmp_path):
    exercise_pages.main()
    assert bundled == []
    assert (tmp_path / "REVIEW.md").read_text(encoding="utf-8") == "texto\n"


@pytest.mark.parametrize("name", ["judge.mjs", "questions.css", "nuevo.mjs"])
def test_a_change_of_the_script_or_its_style_builds_it_again(bundled, name):
    with (exercise_pages.SCRIPTS / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    exercise_pages.main()
    assert bundled == [exercise_pages.STATIC]


def test_a_missing_script_is_built(bundled):
    (exercise_pages.STATIC / "questions.mjs").unlink()
    exercise_pages.main()
    assert bundled == [exercise_pages.STATIC]
