"""Ningún comprobador acepta una solución estropeada, salvo las que hacen lo mismo y están explicadas."""

import pytest

from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, Mistake
from course_utils.exercises.registry import exercise
from tools.mutants import known_equivalents, main, mutants, survivors, with_function

EQUIVALENT = known_equivalents()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("item", with_function(), ids=lambda item: item.id)
def test_every_mutant_is_refused_or_does_the_same(item):
    found = mutants(item.judge)
    assert len(found) >= 8
    assert set(survivors(item, found)) == set(EQUIVALENT.get(item.id, {}))


def test_the_equivalents_are_of_known_exercises_and_say_why():
    assert set(EQUIVALENT) <= {item.id for item in with_function()}
    for reasons in EQUIVALENT.values():
        assert all(why.endswith(".") and len(why) > 15 for why in reasons.values())


def test_the_mutants_are_always_the_same_and_none_is_the_solution():
    judge = exercise("05.9").judge
    labels = [mutant.label for mutant in mutants(judge)]
    assert labels == [mutant.label for mutant in mutants(judge)]
    assert len(set(labels)) == len(labels)
    assert "kernel_size - 1 → kernel_size + 1" in labels
    assert "una sola vuelta de «for (kernel_size, stride) in layers»" in labels


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("03.1", "n y kernel_size, cambiados"),
        ("02.4", "np.abs(before - after) → before - after"),
        ("02.4", "np.abs(before - after) → (before - after) ** 2"),
        ("05.4", "maps.mean(axis=(0, 1)) → maps.mean()"),
        ("06.13", "part.max(axis=1, keepdims=True) → part.max(axis=1)"),
        ("09.6", "table[best, j] >= threshold → table[best, j] > threshold"),
        ("11.2", "image[y:y + height, x:x + width] → image[y:y + height + 1, x:x + width]"),
        ("11.2", "(x, y, width, height) → (y, x, width, height)"),
        ("07.3", "image = np.rint(image)"),
    ],
)
def test_each_kind_of_change_is_made(name, label):
    labels = [mutant.label for mutant in mutants(exercise(name).judge)]
    assert label in labels, "\n".join(labels)


def halved(n):
    """La mitad de un número."""
    return n / 2


def test_an_exercise_with_few_cases_has_survivors():
    judge = ByReference(halved, [Mistake("x", "…", lambda n: n)], [2])
    weak = Exercise("99.1", "mitad", "easy", "…", judge, ["…"], "…")
    assert {"n / 2 → n // 2", "n / 2 → n - 1"} & set(survivors(weak, mutants(judge))) == {"n / 2 → n // 2"}


def test_the_table_is_written_and_its_exit_says_if_any_is_left(capsys):
    assert main(["03.1"]) == 0
    assert "100.0 %" in capsys.readouterr().out
