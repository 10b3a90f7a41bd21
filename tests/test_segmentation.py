"""La U-Net, lo que se le enseña y cómo se entrena."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets.drawn.shapes import CLASS_NAMES, generate_shapes
from course_utils.experiments import segmentation_networks as experiment
from course_utils.experiments.measurement import load_measurement
from course_utils.networks.training import Recipe, fix_seeds
from course_utils.ops.parameters import conv_param_count
from course_utils.segmentation.unet import (
    CENTER_WEIGHT,
    OFFSET_SCALE,
    OFFSET_WEIGHT,
    fit_pixels,
    flip_pairs,
    object_loss,
    object_targets,
    predict_maps,
    predict_scores,
    unet,
)
from tools.bench_segmentation import METHODS, ROWS, table

SCENES = generate_shapes(8, seed=5)
CLASSES = len(CLASS_NAMES)
RECIPE = Recipe(epochs=2, batch_size=4)


def entropy(**options):
    from keras.losses import SparseCategoricalCrossentropy

    return SparseCategoricalCrossentropy(from_logits=True, **options)


def binary_entropy():
    from keras.losses import BinaryCrossentropy

    return BinaryCrossentropy(from_logits=True)


def one_layer(maps):
    """Una red que se construye y se entrena en un momento."""
    from keras import Sequential, layers

    return Sequential([layers.Input((64, 64, 3)), layers.Conv2D(maps, 1)])


# --- La red --------------------------------------------------------------------------------------------


def test_parameters_by_hand_are_fewer_than_150_000():
    def blocks(*pairs):  # kernel de 3×3 sin sesgo, y cuatro números por filtro de la normalización
        return sum(conv_param_count(3, before, after) + 3 * after for before, after in pairs)

    def ups(*pairs):
        return sum(conv_param_count(2, before, after) for before, after in pairs)

    by_hand = conv_param_count(4, 3, 28) + 3 * 28
    by_hand += blocks((28, 28), (28, 44), (44, 44), (44, 48), (48, 48), (48, 48), (44, 44), (28, 28))
    by_hand += ups((48, 44), (44, 28), (28, 16)) + conv_param_count(3, 3, 16)
    by_hand += conv_param_count(1, 16, 10)
    assert unet(10).count_params() == by_hand < 150_000


@pytest.mark.parametrize("side", [16, 64, 96])
def test_every_pixel_gets_its_scores_at_any_size(side):
    assert predict_scores(unet(3, channels=1), np.zeros((2, side, side, 1))).shape == (2, side, side, 3)


# --- Lo que se le enseña -------------------------------------------------------------------------------


def test_loss_by_hand_and_zero_for_a_perfect_answer():
    targets = object_targets(SCENES.semantic, SCENES.instances)
    logits = np.full((*targets.shape[:3], CLASSES + 3), 0.0, np.float32)
    inside = SCENES.instances > 0
    missed = np.abs(targets[..., 2:]).sum() / (inside.sum() + 1)
    by_hand = np.log(CLASSES) + CENTER_WEIGHT * np.mean((0.5 - targets[..., 1]) ** 2) + OFFSET_WEIGHT * missed
    assert float(object_loss(CLASSES)(targets, logits)) == pytest.approx(by_hand, rel=1e-4)

    spots = np.clip(targets[..., 1], 1e-6, 1 - 1e-6)
    logits[..., :CLASSES] = 40 * np.eye(CLASSES)[SCENES.semantic]
    logits[..., CLASSES] = np.log(spots / (1 - spots))
    logits[..., CLASSES + 1 :] = targets[..., 2:] / OFFSET_SCALE
    assert float(object_loss(CLASSES)(targets, logits)) == pytest.approx(0, abs=1e-4)


def test_loss_does_not_look_at_the_offsets_of_the_background():
    targets = object_targets(SCENES.semantic, SCENES.instances)
    logits = np.zeros((*targets.shape[:3], CLASSES + 3), np.float32)
    before = float(object_loss(CLASSES)(targets, logits))
    logits[SCENES.instances == 0, -2:] = 7.0
    assert float(object_loss(CLASSES)(targets, logits)) == pytest.approx(before)


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_flipping_the_targets_is_the_same_as_the_targets_of_the_flipped_scene(seed):
    scenes = generate_shapes(2, seed)
    targets = object_targets(scenes.semantic, scenes.instances)
    images, moved = flip_pairs(scenes.images, targets, np.random.default_rng(seed))
    mirrored = object_targets(scenes.semantic[:, :, ::-1], scenes.instances[:, :, ::-1])
    for index in range(2):
        flipped = not np.array_equal(images[index], scenes.images[index])
        assert np.array_equal(images[index], scenes.images[index, :, :: -1 if flipped else 1])
        np.testing.assert_allclose(moved[index], (mirrored if flipped else targets)[index], atol=1e-4)


def test_about_half_of_the_pairs_are_flipped():
    ramp = np.tile(np.arange(4.0), (400, 1, 1))[..., np.newaxis]
    images, masks = flip_pairs(ramp, ramp, np.random.default_rng(0))
    assert np.array_equal(images, masks)
    assert 160 < (images[:, 0, 0, 0] == 3).sum() < 240


# --- El entrenamiento ----------------------------------------------------------------------------------


def test_training_is_repeatable_quiet_and_learns(capfd):
    targets = SCENES.semantic[..., np.newaxis]
    scores = []
    for _ in range(2):
        fix_seeds(0)
        model = unet(CLASSES)
        result = fit_pixels(model, SCENES.images, targets, entropy(), Recipe(8, batch_size=4), seed=0)
        scores.append(predict_scores(model, SCENES.images))
    assert np.array_equal(*scores)
    assert result.history["loss"][-1] < 0.7 * result.history["loss"][0]
    assert capfd.readouterr() == ("", "")


def test_maps_are_probabilities_and_pixels():
    model = unet(CLASSES + 3)
    images = SCENES.images[:2]
    raw = predict_scores(model, images)
    for one, outputs in zip(predict_maps(model, images), raw, strict=True):
        assert one.probabilities.sum(axis=-1) == pytest.approx(1, abs=1e-5)
        assert one.center == pytest.approx(1 / (1 + np.exp(-outputs[..., CLASSES])), abs=1e-5)
        assert one.offsets == pytest.approx(OFFSET_SCALE * outputs[..., -2:])


TARGETS = SCENES.semantic[..., np.newaxis]


@pytest.mark.parametrize(
    ("images", "targets", "error", "text"),
    [
        (SCENES.images, SCENES.semantic, ValueError, "np.newaxis"),
        (SCENES.images, TARGETS[:4], ValueError, "un mapa por imagen"),
        (SCENES.images[:, :60, :60], TARGETS[:, :60, :60], ValueError, "múltiplos de 8"),
        (SCENES.images[:2], TARGETS[:2], ValueError, "reduce batch_size"),
        (SCENES.images, TARGETS + 5, ValueError, "la clase 11 y con 7 mapas .* más salidas"),
        (SCENES.images, np.where(TARGETS == 0, 255, TARGETS), ValueError, r"void.*ignore_class=255"),
        (SCENES.images[0], TARGETS[0], ValueError, "imagen, fila, columna, canal"),
    ],
)
def test_bad_data_are_explained(images, targets, error, text):
    with pytest.raises(error, match=text):
        fit_pixels(unet(CLASSES), images, targets, entropy(), RECIPE, seed=0)


@pytest.mark.parametrize(
    ("values", "text"), [((0, 255), r"targets == 255"), ((0, 1, 255), r"void.*dos mapas"), ((0, 1), None)]
)
def test_a_binary_network_is_not_trained_to_reach_255(values, text):
    targets = np.resize(values, TARGETS.shape)
    if text is None:
        assert fit_pixels(one_layer(1), SCENES.images, targets, binary_entropy(), RECIPE, seed=0).history[
            "loss"
        ]
    else:
        with pytest.raises(ValueError, match=text):
            fit_pixels(one_layer(1), SCENES.images, targets, binary_entropy(), RECIPE, seed=0)


def test_a_loss_that_ignores_void_pixels_is_accepted():
    void = np.where(TARGETS == 0, 255, TARGETS)
    loss = entropy(ignore_class=255)
    result = fit_pixels(one_layer(CLASSES), SCENES.images, void, loss, RECIPE, seed=0)
    assert np.isfinite(result.history["loss"]).all()


def test_labels_of_other_scenes_are_explained():
    with pytest.raises(ValueError, match="deben medir lo mismo"):
        object_targets(SCENES.semantic[:4], SCENES.instances)


# --- El experimento ------------------------------------------------------------------------------------


def test_train_and_test_scenes_are_different():
    data = experiment.load_data(train=2, test=2)
    assert not np.array_equal(data.train.images, data.test.images)


def test_the_table_has_every_row_and_the_means_of_the_seeds():
    measured = load_measurement("segmentation_networks")
    lines = table(measured).splitlines()
    for name in (*ROWS.values(), *METHODS.values()):
        assert sum(line.startswith(name) for line in lines) == 1
    ap = measured.over_seeds("objects", "methods", "votes", "ap").mean()
    [votes] = [line for line in lines if line.startswith("votos")]
    assert f"{ap:.3f} ±" in votes


def test_the_measured_networks_reach_what_the_chapters_promise():
    """Objetivos del curso, con la media de las semillas: si se mide otra vez y bajan, hay que saberlo."""
    measured = load_measurement("segmentation_networks")
    ap = {name: measured.over_seeds("objects", "methods", name, "ap").mean(axis=0) for name in METHODS}
    assert measured.over_seeds("objects", "parameters").max() <= 150_000
    assert measured.over_seeds("semantic_short", "mean_iou").mean() >= 0.88
    assert measured.over_seeds("semantic_long", "mean_iou").mean() >= 0.92
    assert ap["votes"].mean() >= 0.78
    assert ap["votes"][0] >= 0.90
    assert ap["components"].mean() < 0.50
