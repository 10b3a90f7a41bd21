"""``make libro`` dice en español qué falla y dónde."""

from tools.book import ROOT, problems


def test_warnings_are_listed_with_cell_and_line():
    said = (
        "Running Jupyter-Book v1.0.4.post1\n"
        f"\x1b[91m{ROOT}/chapters/06_red.ipynb:1000120: WARNING: enlace roto [myst]\x1b[39;49;00m\n"
        f"{ROOT}/intro.md:7: WARNING: otra cosa\n"
        "There was an error in building your book. Look above for the cause.\n"
    )
    assert problems(said) == [
        "chapters/06_red.ipynb, celda 100, línea 120: WARNING: enlace roto [myst]",
        "intro.md:7: WARNING: otra cosa",
    ]


def test_without_warnings_the_end_of_the_output_is_shown():
    assert problems("una\n\n" + "\n".join(map(str, range(40)))) == [str(n) for n in range(25, 40)]


def test_an_extension_error_comes_with_its_reason():
    said = [
        "Extension error (images):",
        "Handler <function f> threw an exception",
        "Traceback (most recent call last):",
        "  File…",
        "OSError: sin sitio",
    ]
    assert problems("\n".join(said)) == [*said[:3], said[4]]
