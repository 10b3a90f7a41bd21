"""Cuándo se acepta que un experimento repetido da lo mismo que se guardó."""

import json

import numpy as np
import pytest

from course_utils.experiments import load_measurement
from tools.repetition import mismatches


@pytest.mark.parametrize(("names", "listed"), [(1, 1), (20, 1), (1, 20), (4, 10)])
def test_another_seed_is_seldom_refused(names, listed):
    """Simulación: la repetición es otra semilla de la misma normal; en números sueltos o en listas."""
    draws = np.random.default_rng(0).normal(size=(400, 6, names, listed))
    results = [[{str(n): list(row) for n, row in enumerate(rows)} for rows in one] for one in draws]
    refused = np.mean([bool(mismatches(tuple(old), new)) for *old, new in results])
    assert refused < 0.2


@pytest.mark.parametrize(("listed", "moved"), [(1, 8), (50, 6), (50, 2.5)])
def test_what_is_not_another_seed_is_refused(listed, moved):
    """Tres semillas y una repetición en la que un número está muy lejos, o una lista entera, algo lejos."""
    draws = np.random.default_rng(1).normal(size=(40, 4, 10, listed))
    draws[:, 3] = draws[:, 2]
    draws[:, 3, 0] += moved * np.sqrt(2)
    results = [
        [{f"{n}": {"exactitud": list(row)} for n, row in enumerate(rows)} for rows in one] for one in draws
    ]
    assert np.mean([bool(mismatches(tuple(old), new)) for *old, new in results]) > 0.9


@pytest.mark.parametrize("false", [0.10, 0.22, 0.62])
def test_the_headline_alone_is_enough_to_refuse(false):
    """Una matriz de confusión entera no tapa que la exactitud sea otra, aunque no lo sea por mucho."""
    stored = load_measurement("cifar10_networks").values
    assert mismatches(stored, stored[-1]) == []
    again = json.loads(json.dumps(stored[-1]))
    again["cnn"]["test_accuracy"] = false
    [line] = mismatches(stored, again)
    assert line.startswith(f"cnn › test_accuracy: {false:.4g},")


def test_what_is_not_a_number_has_to_be_the_same():
    stored = ({"a": 1.0, "best": "adam", "first": None}, {"a": 2.0, "best": "sgd", "first": None})[::-1]
    assert mismatches(stored, {"a": 1.0, "best": "adam", "first": None}) == []
    assert mismatches(stored, {"a": 1.0, "best": "sgd", "first": None}) == ["best: sgd, y era adam"]
    assert mismatches(stored, {"a": 1.0, "best": "adam", "first": 3}) == ["first: 3.0, y era None"]
    assert mismatches(stored, {"a": None, "best": "adam", "first": None}) == ["a: None, y era 1.0"]


def test_lists_of_other_seeds_may_be_shorter():
    stored = ({"tried": [1.0, 2.0]}, {"tried": [1.0, 2.0]}, {"tried": [1.0, 2.0, 4.0]})
    assert mismatches(stored, {"tried": [1.0, 2.0, 4.0]}) == []
    assert mismatches(stored, {"tried": [1.0, 2.0, 8.0]}) == ["tried[2]: 8, y era 4 ± 1.5e-05"]
