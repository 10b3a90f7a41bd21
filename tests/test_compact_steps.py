"""Los pasos de la red del curso: qué cambia cada uno, la tasa que se elige y qué imágenes se usan."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils.datasets import load_fashion_mnist
from course_utils.experiments import compact_steps as experiment
from course_utils.experiments.protocol import draw_images


def test_each_step_changes_one_thing():
    short = [one for name, one in experiment.STEPS.items() if not name.startswith("long")]
    long = [experiment.STEPS[name] for name in ("long_plain", "long_augment", "long_mixup")]
    for before, after in [*pairwise(short), *pairwise(long)]:
        old, new = vars(before[2]), vars(after[2])
        changed = {key for key in old if old[key] != new[key]} - {"learning_rate"}  # cada uno busca la suya
        others = sum(a != b for a, b in zip(before[:2], after[:2], strict=True))
        assert len(changed) + others == 1


def test_the_loss_is_minus_the_logarithm_of_the_chance_of_the_right_class(monkeypatch):
    chances = np.array([[0.5, 0.5], [0.25, 0.75]])
    monkeypatch.setattr(experiment, "predict_probabilities", lambda model, images: chances)
    loss = experiment.validation_loss(None, np.zeros(2), np.array([0, 1]))
    assert loss == pytest.approx(-(np.log(0.5) + np.log(0.75)) / 2)


def test_nets_are_fitted_chosen_and_measured_with_other_images(monkeypatch):
    data = load_fashion_mnist(stand_in=True)
    for name, value in experiment.PROBE.settings.items():
        monkeypatch.setattr(experiment, name, value)
    used = {}

    monkeypatch.setattr(
        experiment, "fit_recipe", lambda model, train, *_, **__: used.setdefault("fit", train[0])
    )
    measured = []
    monkeypatch.setattr(
        experiment, "accuracy_on", lambda model, images, labels: measured.append(images) or 0.5
    )
    monkeypatch.setattr(
        experiment,
        "validation_loss",
        lambda model, images, labels: float(used.setdefault("val", images).ndim),
    )
    experiment.run_step("start", 3, data)
    (fit, _), (others, _) = draw_images(data, 3, 40, 38)
    np.testing.assert_array_equal(used["fit"], fit)
    np.testing.assert_array_equal(used["val"], others[:20])
    np.testing.assert_array_equal(measured[1], others[20:])
    train = {image.tobytes() for image in data.x_train}
    assert all(image.tobytes() in train for image in others)  # ninguna de prueba
