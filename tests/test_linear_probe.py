"""La capa sobre rasgos congelados: llega a su mínimo y elige la penalización con la validación."""

import numpy as np
import pytest
from scipy.special import softmax

from course_utils.networks.linear_probe import fit_linear_probe


def clouds(seed, count, inputs=6, classes=3, noise=2.0):
    """Nubes de puntos, cada clase alrededor de su centro."""
    labels = np.random.default_rng(seed).integers(0, classes, count)
    centres = np.random.default_rng(99).normal(size=(classes, inputs))
    return centres[labels] + noise * np.random.default_rng(seed + 50).normal(size=(count, inputs)), labels


@pytest.mark.parametrize("penalty", [0.01, 1.0])
def test_at_the_minimum_the_gradient_is_zero(penalty):
    features, labels = clouds(0, 200)
    probe = fit_linear_probe((features, labels), (features, labels), [penalty])
    errors = softmax(features @ probe.weights + probe.bias, axis=1) - np.eye(3)[labels]
    assert np.abs(errors.mean(axis=0)).max() < 1e-4
    assert np.abs(features.T @ errors / len(labels) + penalty * probe.weights).max() < 1e-4


def test_one_feature_by_hand():
    """Con una foto en −1 y otra en 1, el error de cada una iguala a la penalización por el peso."""
    features, labels = np.array([[-1.0], [1.0]]), np.array([0, 1])
    probe = fit_linear_probe((features, labels), (features, labels), [0.1])
    weight = probe.weights[0, 1]
    assert probe.weights[0, 0] == pytest.approx(-weight, abs=1e-5)
    assert 0.1 * weight == pytest.approx(1 / (1 + np.exp(2 * weight)), abs=1e-5)


def test_the_penalty_is_the_best_in_validation():
    train, validation = clouds(1, 12, inputs=60, noise=3.0), clouds(2, 400, inputs=60, noise=3.0)
    penalties = [1e-4, 1e-2, 1.0, 100.0]
    losses = {}
    for penalty in penalties:
        scores = fit_linear_probe(train, validation, [penalty]).scores(validation[0])
        chances = softmax(scores, axis=1)[np.arange(400), validation[1]]
        losses[penalty] = -np.log(chances).mean()
    best = min(losses, key=losses.get)
    assert best not in (penalties[0], penalties[-1])
    assert fit_linear_probe(train, validation, penalties).penalty == best


@pytest.mark.parametrize("penalties", [[0.01, 0.1], [1e3, 1e4]])
def test_the_penalty_is_looked_for_beyond_the_edge(penalties):
    train, validation = clouds(1, 12, inputs=60, noise=3.0), clouds(2, 400, inputs=60, noise=3.0)
    found = fit_linear_probe(train, validation, penalties).penalty  # con 0,1 y con 10, peor
    assert found == pytest.approx(1)


def test_with_nothing_to_learn_it_stops():
    train, validation = clouds(1, 40, noise=50.0), clouds(2, 400, noise=50.0)
    assert 1 <= fit_linear_probe(train, validation, [0.1, 1.0]).penalty < 1e6
