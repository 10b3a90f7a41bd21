"""Lo que miden los experimentos del capítulo 8: pérdidas hechas a mano, recortes y máscaras."""

import numpy as np
import pytest
from skimage.measure import label

from course_utils.datasets.drawn.shapes import generate_shapes
from course_utils.experiments import coin_halves, semantic_few_scenes, unet_skips
from course_utils.experiments.coin_halves import CUT, change_light, coin_mask, crops, predict
from course_utils.experiments.semantic_few_scenes import augmentation, pixel_loss
from course_utils.segmentation.unet import unet

LABELS = np.array([[[[0.0], [0.0], [0.0], [1.0]]]])  # tres píxeles de clase 0 y uno de clase 1


def scores(*winners):
    """Puntuaciones de siete clases que dan casi toda la probabilidad a una en cada píxel."""
    return 50 * np.eye(7, dtype=np.float32)[list(winners)].reshape(1, 1, -1, 7)


def value(name, predicted):
    return float(np.mean(pixel_loss(name, LABELS.astype(int))(LABELS.astype(np.float32), predicted)))


@pytest.mark.filterwarnings("ignore:divide by zero")  # en esta máscara faltan cinco clases
@pytest.mark.parametrize("name", ["plain", "weighted", "focal"])
def test_losses_are_zero_when_sure_and_right(name):
    assert value(name, scores(0, 0, 0, 1)) == pytest.approx(0, abs=1e-5)


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_losses_by_hand():
    even = np.zeros((1, 1, 4, 7), np.float32)  # un séptimo a cada clase
    assert value("plain", even) == pytest.approx(np.log(7))
    # pesos 4 / (7 · píxeles): la clase 0 suma 4/7 y la 1 suma 4/7, entre cuatro píxeles
    assert value("weighted", even) == pytest.approx(2 / 7 * np.log(7), rel=1e-5)
    assert value("focal", even) == pytest.approx((6 / 7) ** 2 * np.log(7), rel=1e-5)
    # dos clases con Dice 1 y cinco que no están en ninguna parte, que la pérdida de Keras da por fallidas
    assert value("dice", scores(0, 0, 0, 1)) == pytest.approx(5 / 7, rel=1e-4)
    # la clase 0: 2 · 3 / (3 + 4); la 1 no se encuentra
    assert value("dice", scores(0, 0, 0, 0)) == pytest.approx(1 - 6 / 7 / 7, rel=1e-4)


def test_augmented_pairs_stay_together_unless_that_is_the_mistake():
    rng = np.random.default_rng(0)
    masks = rng.integers(0, 7, (8, 16, 16, 1)).repeat(4, axis=1).repeat(4, axis=2)
    images = (30 * masks).astype(np.float32).repeat(3, axis=-1)
    assert augmentation("none", 0) is None

    def agreement(policy):
        moved, moved_masks = (np.asarray(one) for one in augmentation(policy, 0)(images, masks))
        assert set(np.unique(moved_masks)) <= set(range(7))
        return np.corrcoef(moved.mean(axis=-1).ravel(), moved_masks.ravel())[0, 1]

    assert agreement("flip") == pytest.approx(1)
    assert agreement("strong") > 0.8  # la imagen se interpola y cambia de luz
    assert agreement("out_of_step") < 0.4


@pytest.fixture(scope="module")
def picture():
    return coin_halves.load_data()


def test_the_mask_has_the_24_coins_and_no_holes(picture):
    assert label(picture.mask).max() == 24
    assert label(~picture.mask, connectivity=1).max() == 1
    assert np.array_equal(picture.mask, coin_mask(picture.photo))


def test_crops_come_from_their_half_with_their_mask(picture):
    images, masks = crops(picture, slice(0, CUT), seed=3, count=6)
    again, _ = crops(picture, slice(0, CUT), seed=3, count=6)
    assert images.shape == masks.shape == (6, 64, 64, 1)
    assert np.array_equal(images, again)
    left = np.lib.stride_tricks.sliding_window_view(picture.photo[:, :CUT], (64, 64))
    left_mask = np.lib.stride_tricks.sliding_window_view(picture.mask[:, :CUT], (64, 64))
    for image, mask in zip(images[:3, ..., 0], masks[:3, ..., 0], strict=True):
        (row, col), *_ = np.argwhere((left[:, :, 0, 0] == image[0, 0]) & (left == image).all(axis=(2, 3)))
        assert np.array_equal(left_mask[row, col], mask)


def test_light_changes_the_image_and_never_the_mask():
    images, masks = np.full((5, 4, 4, 1), 100), np.ones((5, 4, 4, 1))
    lit, same = change_light(images, masks, np.random.default_rng(0))
    assert same is masks
    assert lit.min() >= 0
    assert lit.max() <= 255
    assert len(np.unique(lit)) == 5  # un cambio por imagen, el mismo en todos sus píxeles


@pytest.mark.parametrize("shape", [(16, 16), (19, 30)])
def test_a_photo_of_any_size_gets_a_mask_of_its_size(shape):
    mask = predict(unet(1, channels=1), np.zeros(shape, np.uint8))
    assert mask.shape == shape
    assert mask.dtype == bool


def test_the_net_sees_augmented_scenes_only_when_it_is_trained():
    images, masks = np.zeros((4, 32, 32, 3), np.float32), np.zeros((4, 32, 32, 1), np.int64)
    images[:, :, :16], masks[:, :, :7, 0] = 200, np.arange(7)  # con las siete clases
    for policy in ("none", "out_of_step"):
        model = semantic_few_scenes.network(policy, seed=0)
        model.compile("sgd", pixel_loss("plain", masks))
        before = model.predict(images, verbose=0)
        assert (before == model.predict(images, verbose=0)).all()
        assert np.isfinite(model.fit(images, masks, epochs=2, verbose=0).history["loss"]).all()


# --- Los atajos ----------------------------------------------------------------------------------------


def test_the_three_ways_of_skipping_have_almost_the_same_parameters():
    counts = {
        name: unet_skips.small_unet(*network).count_params() for name, network in unet_skips.NETWORKS.items()
    }
    assert counts == {"none": 18_383, "add": 18_383, "concat": 18_248}


@pytest.mark.parametrize(
    ("kind", "joins"), [("none", []), ("add", ["Add"] * 2), ("concat", ["Concatenate"] * 2)]
)
def test_each_network_joins_twice_or_never(kind, joins):
    model = unet_skips.small_unet(kind, (4, 6, 8))
    names = [type(layer).__name__ for layer in model.layers]
    assert [name for name in names if name in ("Add", "Concatenate")] == joins
    assert model.output_shape == (None, 32, 32, 7)


def test_halved_scenes_are_means_of_squares_and_the_class_of_the_first_pixel():
    data, scenes = unet_skips.load_data(train=2, test=1), generate_shapes(2, unet_skips.TRAIN_SEED)
    assert data.x_train.shape == (2, 32, 32, 3)
    assert data.x_train[1, 5, 7] == pytest.approx(scenes.images[1, 10:12, 14:16].mean(axis=(0, 1)), abs=0.5)
    assert np.array_equal(data.y_train, scenes.semantic[:, ::2, ::2])
    assert data.fingerprint != unet_skips.load_data(train=1, test=2).fingerprint
