"""Lo que dice una orden mal escrita, o un YAML mal escrito, está en español y dice qué hacer."""

import re

import pytest

from course_utils.exercises import __main__ as exercises
from course_utils.exercises.arguments import Parser
from course_utils.exercises.prose import read_prose
from tools import chapters, colab, open_chapters, release, validate_chapters

ENGLISH = re.compile(r"usage:|error:|invalid|required|show this|options:|positional|unrecognized|expected")


@pytest.mark.parametrize(
    "main",
    [
        chapters.main,
        colab.main,
        exercises.main,
        open_chapters.main,
        release.main,
        validate_chapters.main,
    ],
)
def test_a_wrong_order_is_answered_in_spanish(main, capsys):
    for arguments, code in ((["--nada"], 2), (["--help"], 0)):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        said = "".join(capsys.readouterr())
        assert caught.value.code == code
        assert "Uso: " in said
        assert not ENGLISH.search(said), said
        assert ("No se entiende «--nada»" in said) is (code == 2)


def test_a_chapter_that_does_not_exist_is_not_validated():
    with pytest.raises(SystemExit, match=r"No hay un capítulo «99»") as caught:
        validate_chapters.main(["--without-data", "99"])
    assert "Capítulos que existen: 00, 01" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([], "Falta algo en la orden"),
        (["escribe", "--formato", "x"], "No se entiende «--formato x»"),
        (["lee"], "No se entiende «lee»"),
        (["escribe", "a", "b"], "No se entiende «escribe a b»"),
    ],
)
def test_each_kind_of_mistake_is_told(given, text, capsys):
    parser = Parser(prog="orden")
    verb = parser.add_subparsers(dest="verb", required=True).add_parser("escribe")
    verb.add_argument("--formato", choices=["a", "b"])
    verb.add_argument("archivo", nargs="?")
    with pytest.raises(SystemExit) as caught:
        parser.parse_args(given)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(text)
    assert not ENGLISH.search(said)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a: [1, 2", "línea 1, columna 9"),
        (b"a: 1\n b: 2", "línea 2, columna 3"),
        (b'a: "sin cerrar', "línea 1, columna 15"),
        (b"a: 1\n\tb: 2", "línea 2, columna 1"),
        (b"a: &x 1\nb: *y", "línea 2, columna 4"),
        (b"\xff\xfea", "no está en UTF-8"),
        (b"a: \x07", "no se entiende: mira"),
    ],
)
def test_a_yaml_that_is_not_understood_says_where(content, place, tmp_path):
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(ValueError, match=place) as caught:
        read_prose(tmp_path / "a.yaml")
    assert str(caught.value).startswith("a.yaml no ")
