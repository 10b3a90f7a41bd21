"""La comparación de referencia: redes, receta, calibración, resistencia y lo que se guarda."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from course_utils.datasets.drawn.garments import draw_garments
from course_utils.images.degradation import add_noise
from course_utils.images.movement import DIRECTIONS, rotate_images
from course_utils.networks.metrics import reliability
from course_utils.networks.models import (
    compact_cnn,
    dense_beginner,
    lenet,
    linear_classifier,
    multiply_adds,
    small_cnn,
    tutorial_cnn,
)
from course_utils.networks.optimisers import muon, one_cycle, orthogonalize
from course_utils.networks.training import (
    Recipe,
    batches,
    fit_recipe,
    fix_seeds,
    flip_and_shift,
    mixup,
    predict_classes,
    predict_probabilities,
)
from course_utils.ops.parameters import conv_param_count, dense_param_count

# --- Redes ---------------------------------------------------------------------------------------------


def test_networks_have_the_parameters_counted_by_hand():
    assert linear_classifier().count_params() == dense_param_count(784, 10)
    convolutions = conv_param_count(5, 1, 6) + conv_param_count(5, 6, 16)
    dense = dense_param_count(5 * 5 * 16, 120) + dense_param_count(120, 84) + dense_param_count(84, 10)
    assert lenet("relu").count_params() == lenet("sigmoid").count_params() == convolutions + dense
    convolutions = conv_param_count(3, 1, 32) + conv_param_count(3, 32, 64) + conv_param_count(3, 64, 64)
    assert tutorial_cnn().count_params() == convolutions + dense_param_count(576, 64) + dense_param_count(
        64, 10
    )


def test_multiply_adds_are_positions_times_weights():
    assert multiply_adds(dense_beginner()) == 784 * 128 + 128 * 10
    by_hand = 28 * 28 * 9 * 16 + 14 * 14 * 9 * 16 * 32 + 7 * 7 * 9 * 32 * 64 + 576 * 10
    assert multiply_adds(small_cnn()) == by_hand


def test_multiply_adds_refuses_layers_it_cannot_count():
    import keras

    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2DTranspose(2, 3, name="subida")])
    with pytest.raises(ValueError, match=r"«subida» \(Conv2DTranspose\)"):
        multiply_adds(model)


# --- La receta -----------------------------------------------------------------------------------------


def test_one_cycle_rises_and_falls_in_straight_lines():
    rates = np.asarray(one_cycle(np.arange(41), steps=40, highest=0.8))
    assert rates[[0, 10, 40]] == pytest.approx([0, 0.8, 0], abs=1e-6)
    assert np.diff(rates[:11]) == pytest.approx(0.08, abs=1e-6)
    assert np.diff(rates[10:]) == pytest.approx(-0.8 / 30, abs=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_each_image_is_flipped_or_not_and_shifted_by_whole_pixels(seed):
    images = np.random.default_rng(0).integers(1, 256, (3, 5, 6, 2), dtype=np.uint8)
    moved = flip_and_shift(images, np.random.default_rng(seed))
    assert moved.dtype == images.dtype
    for image, result in zip(images, moved, strict=True):
        offsets = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1)]
        possible = [
            scipy.ndimage.shift(view, (row, col, 0), order=0)
            for view in (image, image[:, ::-1])
            for row, col in offsets
        ]
        assert any(np.array_equal(result, candidate) for candidate in possible)


def test_augmentation_flips_about_half_and_uses_every_offset():
    image = np.zeros((1, 5, 5, 1), np.uint8)
    image[0, 2, 1] = 9  # a la izquierda del centro: volteada, a la derecha
    moved = flip_and_shift(np.repeat(image, 2000, axis=0), np.random.default_rng(0))
    _, rows, cols, _ = np.nonzero(moved)
    assert len(rows) == 2000
    assert np.bincount(rows, minlength=5)[1:4] == pytest.approx(2000 / 3, rel=0.15)
    assert (cols <= 2).mean() == pytest.approx(0.5 + 0.5 / 3, abs=0.05)  # 0, 1, 2 y, volteada, 2


def test_mixup_mixes_targets_as_images_and_keeps_each_image_the_main_part():
    images = np.arange(500.0).reshape(500, 1, 1, 1)  # cada imagen es su número, y su objetivo, cuál es
    mixed, targets = mixup(images, np.eye(500), 0.4, np.random.default_rng(0))
    np.testing.assert_allclose(targets @ np.arange(500), mixed.ravel(), rtol=1e-4)
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-5)
    own = targets.diagonal()
    assert own.min() >= 0.5
    assert (targets > 0).sum(axis=1).max() == 2
    expected = scipy.stats.beta(0.4, 0.4).expect(lambda part: max(part, 1 - part))
    assert own.mean() == pytest.approx(expected, abs=0.03)


def test_a_mixup_that_cannot_be_is_explained():
    with pytest.raises(ValueError, match=r"la fuerza de la mezcla vale -0\.2 .*: pon un número mayor que 0"):
        trained(0, mixup=-0.2)


def test_batches_use_every_image_once_per_pass():
    images = np.arange(12.0).reshape(12, 1, 1, 1)
    stream = batches(images, np.arange(12), batch_size=4, seed=0)
    for _ in range(2):
        parts = [next(stream) for _ in range(3)]
        labels = np.concatenate([labels for _, labels in parts])
        assert sorted(labels) == list(range(12))
        assert labels.tolist() != list(range(12))
        np.testing.assert_array_equal(np.concatenate([x for x, _ in parts]).ravel(), labels)


def test_too_few_images_for_a_batch_are_explained():
    with pytest.raises(ValueError, match="hay 3 imágenes y los lotes son de 4"):
        fit_recipe(
            linear_classifier(), (np.zeros((3, 28, 28, 1)), np.arange(3)), Recipe(1, batch_size=4), seed=0
        )


def trained(seed, **changes):
    fix_seeds(seed)
    model = linear_classifier()
    result = fit_recipe(model, draw_garments(400, seed=1), Recipe(**{"epochs": 2} | changes), seed=seed)
    return model.get_weights()[0], result


def test_recipe_is_repeatable_quiet_and_each_ingredient_counts(capfd):
    first, result = trained(0)
    again, _ = trained(0)
    assert capfd.readouterr() == ("", "")
    np.testing.assert_array_equal(first, again)
    assert len(result.history["loss"]) == 2
    for change in (
        {"optimizer": "adamw"},
        {"augment": False},
        {"one_cycle": False},
        {"weight_decay": 0.5},
        {"label_smoothing": 0.3},
        {"mixup": 0.5},
    ):
        assert not np.allclose(first, trained(0, **change)[0]), change


def test_labels_can_be_chances():
    images, labels = draw_garments(400, seed=1)
    fix_seeds(0)
    model = linear_classifier()
    fit_recipe(model, (images, np.eye(10)[labels]), Recipe(epochs=2), seed=0)
    np.testing.assert_array_equal(model.get_weights()[0], trained(0)[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs debe ser 1 o más"),
        ({"batch_size": -3}, "batch_size debe ser 1 o más"),
        ({"learning_rate": float("nan")}, "learning_rate debe ser mayor que 0"),
        ({"weight_decay": -1}, "weight_decay debe ser 0 o más"),
        ({"label_smoothing": 1.5}, "label_smoothing debe estar entre 0 y 1"),
    ],
)
def test_an_impossible_recipe_is_explained(change, message):
    with pytest.raises(ValueError, match=message):
        Recipe(**{"epochs": 1} | change)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(3), "pon una clase por imagen"),
        (np.zeros((4, 1)), "pon una clase por imagen"),
        (np.array([0, 1, 2, -1]), "enteros de 0 a 9"),
        (np.array([0, 1, 2, 10]), "enteros de 0 a 9"),
        (np.zeros(4), "enteros de 0 a 9"),
        (np.eye(10)[:4] * 2, "sumar 1"),
        (np.full((4, 10), np.nan), "sumar 1"),
    ],
)
def test_labels_that_cannot_be_are_explained(labels, message):
    with pytest.raises(ValueError, match=message):
        fit_recipe(linear_classifier(), (np.zeros((4, 28, 28, 1)), labels), Recipe(1, batch_size=2), seed=0)


def test_averaged_probabilities_are_the_mean_of_ten_views():
    fix_seeds(0)
    model, (images, _) = compact_cnn((2, 3, 4)), draw_garments(20, seed=0)
    plain = predict_probabilities(model, images)
    assert plain.sum(axis=1) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(plain.argmax(axis=1), predict_classes(model, images))
    moved = [scipy.ndimage.shift(images, (0, r, c, 0), order=0) for r, c in [(0, 0), *DIRECTIONS.values()]]
    ten = [predict_probabilities(model, view) for x in moved for view in (x, x[:, :, ::-1])]
    averaged = predict_probabilities(model, images, averaged=True)
    np.testing.assert_allclose(averaged, np.mean(ten, axis=0), atol=1e-6)
    assert not np.allclose(averaged, plain, atol=1e-6)


def test_an_unknown_optimizer_is_explained():
    with pytest.raises(ValueError, match=r"ningún optimizador 'sgd' \(str\): elige uno de muon, adamw"):
        trained(0, optimizer="sgd")


@given(st.integers(0, 1000), st.integers(2, 8), st.integers(2, 8))
def test_orthogonalized_step_keeps_directions_and_evens_singular_values(seed, rows, cols):
    matrix = np.random.default_rng(seed).normal(size=(rows, cols)).astype(np.float32)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    step = left.T @ np.asarray(orthogonalize(matrix)) @ right.T  # en la base de la matriz: diagonal
    np.testing.assert_allclose(step, np.diag(np.diag(step)), atol=2e-3)
    large = values > values.max() / 20
    assert (np.diag(step)[large] > 0.5).all()
    assert (np.diag(step) < 1.3).all()


def test_muon_moves_other_weights_like_adam():
    import keras

    gradient = np.array([[0.5, -2.0], [1e-3, 3.0]], np.float32)
    results = []
    for optimizer in (muon(0.1, weight_decay=0.02), keras.optimizers.AdamW(0.1, 0.02, 0.9, 0.99)):
        weights = keras.Variable(np.ones((2, 2), np.float32))
        for sign in (1, 1, -1):
            optimizer.apply([sign * keras.ops.convert_to_tensor(gradient)], [weights])
        results.append(weights.numpy())
    np.testing.assert_allclose(*results, atol=1e-3)  # el épsilon va en otro sitio


def test_muon_step_of_a_convolution_has_the_size_of_an_adam_step():
    import keras

    weights = keras.Variable(np.zeros((3, 3, 8, 16), np.float32))
    gradient = np.random.default_rng(0).normal(size=weights.shape).astype(np.float32)
    muon(0.1, weight_decay=0).apply([keras.ops.convert_to_tensor(gradient)], [weights])
    assert np.sqrt((weights.numpy() ** 2).mean()) == pytest.approx(0.1 * 0.2, rel=0.2)
    assert (weights.numpy() * gradient).sum() < 0  # cuesta abajo


# --- Calibración ---------------------------------------------------------------------------------------


def test_reliability_by_hand():
    probabilities = [[0.9, 0.1], [0.9, 0.1], [0.3, 0.7], [0.5, 0.5]]
    table = reliability([0, 1, 1, 0], probabilities, bins=5)
    assert table.counts.tolist() == [0, 0, 1, 1, 2]  # 0,5 en (0,4; 0,6]
    assert table.accuracy[2:].tolist() == [1, 1, 0.5]
    assert table.confidence[2:] == pytest.approx([0.5, 0.7, 0.9])
    assert np.isnan(table.accuracy[:2]).all()
    assert table.error == pytest.approx((0.5 + 0.3 + 2 * 0.4) / 4)


@given(st.integers(0, 1000), st.integers(1, 20))
def test_reliability_averages_back_to_accuracy(seed, bins):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4), 50)
    labels = rng.integers(0, 4, 50)
    table = reliability(labels, probabilities, bins)
    hits = (np.nan_to_num(table.accuracy) * table.counts).sum() / 50
    assert hits == pytest.approx((probabilities.argmax(axis=1) == labels).mean())
    assert 0 <= table.error <= 1


@pytest.mark.parametrize("scores", [[[2.0, -1.0]], [[0.2, 0.2]], [[1.5, -0.5]]])
def test_reliability_refuses_scores(scores):
    with pytest.raises(ValueError, match="sumar 1: si son puntuaciones sin softmax"):
        reliability([0], scores)


# --- Giros y ruido -------------------------------------------------------------------------------------


def test_a_positive_angle_turns_against_the_clock():
    image = np.zeros((1, 5, 5, 1), np.uint8)
    image[0, 2, 4] = 7  # a la derecha
    assert np.argwhere(rotate_images(image, 90)[0, :, :, 0]).tolist() == [[0, 2]]  # arriba


def test_noise_has_the_spread_it_is_asked_for_and_stays_in_range():
    noisy = add_noise(np.full((1, 100, 100, 1), 128, np.uint8), std=10, seed=0)
    assert noisy.dtype == np.uint8
    assert noisy.std() == pytest.approx(10, rel=0.03)
    assert noisy.mean() == pytest.approx(128, abs=0.5)
    edges = add_noise(np.array([0, 255]).reshape(1, 1, 2, 1), std=1000, seed=1)
    assert set(edges.ravel()) <= set(range(256))
    with pytest.raises(ValueError, match="std debe ser 0 o más y ha llegado -1"):
        add_noise(np.zeros((1, 1, 1, 1)), std=-1, seed=0)
