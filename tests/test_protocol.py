"""El protocolo de los experimentos, en casos de los que se sabe la respuesta."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.experiments import protocol
from course_utils.experiments.comparison import comparison_table, paired_difference, with_spread
from course_utils.experiments.measurement import Measurement, load_measurement
from course_utils.experiments.protocol import Training, draw_images, outcome, train_until_flat, try_rates
from tools import experiments

QUICK = Training(rates=(0.01, 0.03, 0.1), trial_epochs=2, patience=3, max_epochs=60, batch_size=32)


def clouds(count: int, seed: int):
    """Dos nubes de puntos que se solapan, cada punto una imagen de 2×2; una recta acierta el 84 %."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    points = rng.normal(size=(count, 2, 2, 1)) + (labels[:, None, None, None] - 0.5)
    return points.astype(np.float32), labels


def line(dropout: float = 0.0):
    from keras import Sequential, layers

    return Sequential([layers.Input((2, 2, 1)), layers.Flatten(), layers.Dropout(dropout), layers.Dense(2)])


# --- Entrenar hasta que se aplana ------------------------------------------------------------------------


def test_the_trained_net_reaches_what_the_problem_allows_and_is_flat():
    train, validation, test = clouds(1000, 0), clouds(1000, 1), clouds(4000, 2)
    trained = train_until_flat(line, train, validation, 0, QUICK)
    measured = outcome(trained, train, test)
    assert measured["parameters"] == 10
    assert measured["test_accuracy"] == pytest.approx(0.841, abs=0.02)  # el área de una normal hasta 1
    assert QUICK.trial_epochs < measured["epochs"] < QUICK.max_epochs
    before = trained.model.evaluate(*validation, verbose=0)
    trained.model.fit(*train, epochs=5, verbose=0)
    assert before - trained.model.evaluate(*validation, verbose=0) < 0.005


@pytest.mark.parametrize("rates", [(1e-4, 3e-4, 1e-3), (10.0, 30.0, 90.0)])
def test_the_rate_is_looked_for_beyond_the_edge(rates):
    trained = train_until_flat(
        line, clouds(200, 0), clouds(200, 1), 0, Training(rates, trial_epochs=2, max_epochs=4)
    )
    tried = sorted(trained.trial_losses)
    assert set(rates) < set(tried)
    assert tried[0] < trained.rate < tried[-1]
    assert trained.trial_losses[trained.rate] == min(trained.trial_losses.values())


@pytest.mark.parametrize("best", [1e-4, 1e-3, 2e-3, 0.1])
def test_rates_are_tried_until_both_neighbours_are_worse(best):
    rate, trained, losses = try_rates(lambda one: (one, np.log(one / best) ** 2), (4e-4, 1e-3, 2.5e-3), 2.5)
    assert rate == trained
    assert abs(np.log(rate / best)) <= np.log(2.5) / 2 + 1e-9
    assert min(losses) < rate < max(losses)


def test_a_rate_without_a_finite_loss_never_wins():
    rate, _, losses = try_rates(lambda one: (one, math.nan if one > 1 else -one), (0.5, 1, 2), 2)
    assert (rate, losses[2]) == (1, math.inf)


def test_without_a_finite_loss_there_is_no_rate():
    images, labels = clouds(40, 0)
    with pytest.raises(ValueError, match="con ninguna de las tasas"):
        train_until_flat(line, (images * np.nan, labels), clouds(40, 1), 0, QUICK)


def test_the_training_accuracy_is_that_of_the_finished_net(monkeypatch):
    """Con dropout, la media que da Keras durante la época es otra."""
    train = clouds(400, 0)
    kept = []
    fit = protocol._fit

    def watched(*arguments, **options):
        kept.append(fit(*arguments, **options))
        return kept[-1]

    monkeypatch.setattr(protocol, "_fit", watched)
    trained = train_until_flat(lambda: line(0.9), train, clouds(400, 1), 0, QUICK)
    scores = np.asarray(trained.model(train[0], training=False))
    measured = outcome(trained, train, train)
    assert measured["train_accuracy"] == np.mean(scores.argmax(axis=1) == train[1])
    assert min(kept[-1]["loss"]) > trained.model.evaluate(*train, verbose=0) + 0.05


def test_two_equal_conditions_do_not_differ_and_another_seed_does():
    def run(seed):
        train, validation = (clouds(200, 10 + seed), clouds(100, 20 + seed))
        return outcome(train_until_flat(line, train, validation, seed, QUICK), train, clouds(500, 3))

    assert run(0) == run(0)
    assert run(0) != run(1)


# --- Qué imágenes tocan ------------------------------------------------------------------------------------


def points(count: int):
    return SimpleNamespace(x_train=np.arange(count), y_train=np.arange(count) % 10)


def test_each_seed_draws_other_images_and_never_one_twice():
    (fit, labels), (val, _) = draw_images(points(1000), 0, train=60, validation=20)
    assert (len(fit), len(val)) == (60, 20)
    assert len({*fit, *val}) == 80
    assert np.array_equal(labels, fit % 10)
    (other, _), (other_val, _) = draw_images(points(1000), 1, train=60, validation=20)
    assert len({*fit} & {*other}) < 20
    assert set(val) != set(other_val)


def test_with_few_images_the_shares_are_kept():
    (fit, _), (val, _) = draw_images(points(80), 0, train=6000, validation=2000)
    assert (len(fit), len(val)) == (60, 20)


# --- Diferencias -------------------------------------------------------------------------------------------


def test_equal_conditions_are_not_told_apart_and_a_planted_difference_is():
    rng = np.random.default_rng(0)
    luck = rng.normal(0.8, 0.05, 5)  # lo que tiene de fácil cada semilla, igual para las dos
    same = paired_difference(luck, luck)
    assert (same.mean, same.wins, same.verdict) == (0, 0, "no se distingue")
    better = luck + 0.01 + rng.normal(0, 0.002, 5)
    found = paired_difference(better, luck)
    assert (found.verdict, found.wins, found.count) == ("más", 5, 5)
    assert found.low < 0.01 < found.high
    assert paired_difference(luck, better).verdict == "menos"


def test_a_tie_that_rounding_breaks_is_no_win():
    first, second = [0.1 + 0.2, 0.2], [0.3, 0.1]
    assert first[0] > second[0]  # por 6e-17
    assert paired_difference(first, second).wins == 1


def test_the_interval_covers_what_it_says():
    """Simulación: con la misma media en las dos, el intervalo deja fuera el 0 una de cada veinte."""
    rng = np.random.default_rng(1)
    outside = [paired_difference(*rng.normal(size=(2, 5))).verdict != "no se distingue" for _ in range(4000)]
    assert 0.04 < np.mean(outside) < 0.06


def test_a_difference_is_written_in_spanish():
    assert str(paired_difference([0.82, 0.84, 0.83], [0.80, 0.81, 0.82])) == "+0,020 [−0,005; +0,045], 3 de 3"
    assert str(paired_difference([0.5, 0.5], [0.5, 0.5])) == "0,000 [0,000; 0,000], 0 de 2"
    assert str(paired_difference([0.5001, 0.5], [0.5, 0.5001])).startswith("0,000 [−0,001; +0,001]")


@pytest.mark.parametrize(("first", "second"), [([1, 2], [1, 2, 3]), ([1], [2]), ([[1, 2]], [[1, 2]])])
def test_what_cannot_be_paired_is_explained(first, second):
    with pytest.raises(ValueError, match="dos listas iguales de largas"):
        paired_difference(first, second)


def test_the_table_keeps_its_decimals():
    values = tuple(
        {
            "a": {"train_accuracy": 0.9, "test_accuracy": hit},
            "b": {"train_accuracy": 1.0, "test_accuracy": 0.5},
        }
        for hit in (0.8, 0.75)
    )
    measured = Measurement("m", (0, 1), values, (1.0, 1.0), {}, {}, {}, {}, "")
    assert comparison_table(measured, {"una": ("a",), "otra": ("b",)}).splitlines() == [
        "| red | en entrenamiento | en prueba | en prueba, frente a «una» |",
        "|---|---:|---:|---:|",
        "| una | 0,900 ± 0,000 | 0,775 ± 0,035 |  |",
        "| otra | 1,000 ± 0,000 | 0,500 ± 0,000 | −0,275 [−0,593; +0,043], 0 de 2 |",
    ]
    assert with_spread([0.85, 0.85]) == "0,850 ± 0,000"


# --- Las medidas del repositorio ---------------------------------------------------------------------------


def under_protocol():
    return [name for name in experiments.experiment_names() if hasattr(experiments.find(name), "TRAINING")]


@pytest.mark.parametrize("name", under_protocol())
def test_every_stored_net_became_flat(name):
    training = experiments.find(name).TRAINING
    measured = load_measurement(name)
    assert len(measured.seeds) >= 5
    found = [dict(experiments.leaves(value)) for value in measured.values]
    epochs = [one[path] for one in found for path in one if path.endswith(" › epochs")]
    assert epochs
    assert max(epochs) < training.max_epochs
