"""Una medida interrumpida no pierde las semillas que ya tenía."""

import pytest

from tools import finished_seeds
from tools.finished_seeds import FinishedSeed

DONE = FinishedSeed({"dense": {"accuracy": 0.5}}, 12.5)


def test_a_kept_seed_comes_back_and_can_be_forgotten(tmp_path):
    finished_seeds.keep("toy", 3, "a1", DONE, tmp_path)
    assert finished_seeds.kept("toy", 3, "a1", tmp_path) == DONE
    assert finished_seeds.kept("toy", 5, "a1", tmp_path) is None
    finished_seeds.forget("toy", (3, 5), tmp_path)
    assert finished_seeds.kept("toy", 3, "a1", tmp_path) is None


def test_a_seed_measured_with_something_else_is_not_used(tmp_path, capsys):
    finished_seeds.keep("toy", 3, "a1", DONE, tmp_path)
    assert finished_seeds.kept("toy", 3, "b2", tmp_path) is None
    assert "otros ajustes o datos" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", '{"mark": "a1", "val', "[1, 2]", '{"mark": "a1"}'])
def test_a_broken_file_is_measured_again(tmp_path, capsys, text):
    finished_seeds.keep("toy", 3, "a1", DONE, tmp_path)
    [path] = tmp_path.iterdir()
    path.write_text(text, encoding="utf-8")
    assert finished_seeds.kept("toy", 3, "a1", tmp_path) is None
    assert "estropeado" in capsys.readouterr().out


def test_a_nan_is_not_kept(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        finished_seeds.keep("toy", 3, "a1", FinishedSeed({"accuracy": float("nan")}, 1.0), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("seconds", "left", "text"),
    [
        ([60.0, 180.0], 3, "quedan unos 6 min"),
        ([2.0], 4, "queda menos de un minuto"),
        ([5.0], 0, "era la última"),
    ],
)
def test_the_remaining_time_is_that_of_the_mean(seconds, left, text):
    assert finished_seeds.remaining(seconds, left) == text
