"""Una medida interrumpida no pierde las semillas que ya tenía."""

import pytest

from tools import finished_seeds
from tools.finished_seeds import FinishedSeed


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(finished_seeds, "FOLDER", tmp_path)


DONE = FinishedSeed({"dense": {"accuracy": 0.5}}, 12.5)


def test_a_kept_seed_comes_back_and_can_be_forgotten():
    finished_seeds.keep("toy", 3, "a1", DONE)
    assert finished_seeds.kept("toy", 3, "a1") == DONE
    assert finished_seeds.kept("toy", 5, "a1") is None
    finished_seeds.forget("toy")
    assert finished_seeds.kept("toy", 3, "a1") is None


def test_a_seed_measured_with_something_else_is_not_used(capsys):
    finished_seeds.keep("toy", 3, "a1", DONE)
    assert finished_seeds.kept("toy", 3, "b2") is None
    assert "otros ajustes o datos" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", '{"mark": "a1", "val', "[1, 2]", '{"mark": "a1"}'])
def test_a_broken_file_is_measured_again(tmp_path, capsys, text):
    finished_seeds.keep("toy", 3, "a1", DONE)
    [path] = tmp_path.iterdir()
    path.write_text(text, encoding="utf-8")
    assert finished_seeds.kept("toy", 3, "a1") is None
    assert "estropeado" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "left", "text"),
    [
        ([60.0, 180.0], 3, "quedan unos 6 min"),
        ([2.0], 4, "queda menos de un minuto"),
        ([5.0], 0, "era la última"),
    ],
)
def test_the_remaining_time_is_that_of_the_mean(seconds, left, text):
    finished = [FinishedSeed({}, one) for one in seconds] + [None] * left
    assert finished_seeds.remaining(finished) == text
