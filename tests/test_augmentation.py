"""Aumentar a la vez una imagen y su máscara: números a mano, propiedades y lo que se rechaza.

Se ejecuta con la versión de Keras instalada. Con la de Colab, que interpola las máscaras por su cuenta, se
comprueba que ``joint`` no depende de ello: ``make colab`` ejecuta las mismas afirmaciones en el capítulo 7.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments import augmentation_speed, data_augmentation
from course_utils.images.augmentation import GEOMETRIC, PHOTOMETRIC, REFUSED, joint

# Argumentos con los que cada capa cambia de verdad lo que recibe.
GEOMETRIC_ARGUMENTS = {
    "RandomFlip": {},
    "RandomPerspective": {"factor": (1.0, 1.0), "scale": 0.5},
    "RandomRotation": {"factor": 0.5},
    "RandomShear": {"x_factor": (0.3, 0.6), "y_factor": (0.3, 0.6)},
    "RandomTranslation": {"height_factor": 0.4, "width_factor": 0.4},
    "RandomZoom": {"height_factor": 0.4, "width_factor": 0.4},
}
PHOTOMETRIC_ARGUMENTS = {
    "AutoContrast": {},
    "ContrastLimitedAdaptiveHistogramEqualization": {},
    "Equalization": {},
    "RandomBrightness": {"factor": (0.2, 0.4)},
    "RandomColorDegeneration": {"factor": (0.5, 0.9)},
    "RandomColorJitter": {"brightness_factor": (0.2, 0.4), "contrast_factor": 0.3},
    "RandomContrast": {"factor": (0.5, 0.5)},
    "RandomErasing": {"factor": (1.0, 1.0)},
    "RandomGaussianBlur": {"factor": (1.0, 1.0), "sigma": (0.9, 1.0)},
    "RandomGrayscale": {"factor": 1.0},
    "RandomHue": {"factor": (0.3, 0.5)},
    "RandomInvert": {"factor": (1.0, 1.0)},
    "RandomPosterization": {"factor": 2},
    "RandomSaturation": {"factor": (0.1, 0.2)},
    "RandomSharpness": {"factor": (0.8, 0.9)},
    "Solarization": {"addition_factor": 0.4},
}


def build(name, **arguments):
    defaults = GEOMETRIC_ARGUMENTS.get(name, PHOTOMETRIC_ARGUMENTS.get(name))
    return getattr(layers, name)(**defaults | arguments)


def exact(name, **arguments):
    """La capa geométrica sin interpolar: entonces imagen y máscara tienen que salir idénticas."""
    own = {} if name == "RandomFlip" else {"interpolation": "nearest"}
    return build(name, **own | arguments)


def test_the_tables_have_arguments_for_each_layer():
    assert sorted(GEOMETRIC_ARGUMENTS) == sorted(GEOMETRIC)
    assert sorted(PHOTOMETRIC_ARGUMENTS) == sorted(PHOTOMETRIC)
    assert not set(GEOMETRIC) & set(PHOTOMETRIC)


# --- A mano --------------------------------------------------------------------------------------------


def test_flip_by_hand():
    image = np.array([[10, 20, 30], [40, 50, 60]], "uint8")[..., np.newaxis]
    mask = np.array([[0, 1, 2], [0, 0, 3]], "uint8")[..., np.newaxis]
    augment = joint(layers.RandomFlip("horizontal", seed=0))
    seen = set()
    for _ in range(20):
        moved = augment({"images": image, "segmentation_masks": mask})
        flipped = moved["images"][0, 0, 0] == 30
        seen.add(bool(flipped))
        right = (lambda x: x[:, ::-1]) if flipped else (lambda x: x)
        np.testing.assert_array_equal(moved["images"], right(image))
        np.testing.assert_array_equal(moved["segmentation_masks"], right(mask))
    assert seen == {False, True}


@pytest.mark.parametrize("void", [0, 7, 255])
def test_pixels_from_outside_take_the_void_class_and_the_image_its_own_filling(void):
    half_down = layers.RandomTranslation((0.5, 0.5), 0.0, fill_mode="constant", fill_value=99.0)
    image, mask = np.full((4, 4, 1), 50, "uint8"), np.full((4, 4, 1), 3, "uint8")
    moved = joint(half_down, void=void)({"images": image, "segmentation_masks": mask})
    assert moved["images"][:, 0, 0].numpy().tolist() == [99, 99, 50, 50]
    assert moved["segmentation_masks"][:, 0, 0].numpy().tolist() == [void, void, 3, 3]


# --- Propiedades ---------------------------------------------------------------------------------------

KINDS = ["uint8", "int8", "int32", "int64", "bool"]
PAIRS = st.tuples(
    st.integers(0, 3),  # 0: sin lote
    st.integers(4, 14),
    st.integers(4, 14),
    st.sampled_from(KINDS),
    st.sampled_from([1, 3]),
    st.integers(0, 2**31 - 1),
)
# Cada tamaño nuevo compila operaciones: pocos ejemplos bastan y el plazo no dice nada.
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def draw(pair):
    """Una máscara al azar y una imagen cuyos canales son la propia máscara."""
    batch, height, width, kind, channels, seed = pair
    shape = (height, width, 1) if batch == 0 else (batch, height, width, 1)
    classes = np.random.default_rng(seed).integers(0, 2 if kind == "bool" else 6, shape)
    return np.repeat(classes, channels, axis=-1), classes.astype(kind), seed


@pytest.mark.parametrize("name", GEOMETRIC)
@few
@given(PAIRS, st.sampled_from(["uint8", "float32"]))
def test_mask_moves_exactly_as_the_image(name, pair, image_kind):
    image, mask, seed = draw(pair)
    before = image.copy(), mask.copy()
    data = {"images": image.astype(image_kind), "segmentation_masks": mask, "labels": 5}
    moved = joint(exact(name, seed=seed))(data)
    assert set(moved) == set(data)
    assert moved["labels"] == 5
    assert moved["images"].dtype == "float32"
    assert moved["segmentation_masks"].dtype.name == mask.dtype.name
    assert moved["segmentation_masks"].shape == mask.shape
    for channel in range(image.shape[-1]):
        np.testing.assert_array_equal(
            moved["images"][..., channel], moved["segmentation_masks"].numpy()[..., 0].astype("float32")
        )
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(data["segmentation_masks"], before[1])


@pytest.mark.parametrize("name", GEOMETRIC)
@few
@given(PAIRS)
def test_the_default_interpolation_invents_no_class_and_uses_the_same_drawing(name, pair):
    """Con la interpolación de fábrica la máscara es la misma que sin interpolar la imagen."""
    image, mask, seed = draw(pair)
    data = {"images": image.astype("float32"), "segmentation_masks": mask}
    smooth = joint(build(name, seed=seed))(data)["segmentation_masks"].numpy()
    nearest = joint(exact(name, seed=seed))(data)["segmentation_masks"].numpy()
    np.testing.assert_array_equal(smooth, nearest)
    assert set(np.unique(smooth)) <= set(np.unique(mask)) | {0}


@pytest.mark.parametrize("name", PHOTOMETRIC)
@pytest.mark.parametrize("batched", [True, False])
def test_photometric_layers_change_the_image_and_leave_the_mask_alone(name, batched):
    keras.utils.set_random_seed(5)  # las capas toman de aquí su semilla: hay sorteos que apenas cambian nada
    rng = np.random.default_rng(3)
    image = rng.integers(20, 200, (2, 12, 12, 3)).astype("uint8")
    mask = rng.integers(0, 5, (2, 12, 12, 1)).astype("int32")
    data = {"images": image, "segmentation_masks": mask}
    if not batched:
        data = {key: value[0] for key, value in data.items()}
    moved = joint(build(name))(data)
    np.testing.assert_array_equal(moved["segmentation_masks"], data["segmentation_masks"])
    assert moved["images"].shape == data["images"].shape
    assert np.abs(moved["images"].numpy() - data["images"]).max() > 1


# Cada manera de escribir los argumentos: un número, una pareja, negativos, cero, enteros.
FACTORS = (0.3, 1, 0, 0.0, (0.1, 0.2), [0.0, 0.4])
SIGNED = (*FACTORS, -0.3, (-0.3, 0.1), [-0.2, -0.1])
WAYS = {
    "RandomFlip": [{"mode": mode} for mode in ("horizontal", "vertical", "horizontal_and_vertical")],
    "RandomPerspective": [{"factor": factor, "scale": s} for factor in FACTORS for s in (0.0, 0.5, 1)],
    "RandomRotation": [{"factor": factor} for factor in SIGNED],
    "RandomShear": [{"x_factor": x, "y_factor": y} for x in FACTORS for y in (0.0, 0.3, (0.1, 0.2))],
    "RandomTranslation": [
        {"height_factor": h, "width_factor": w} for h in SIGNED for w in (0.0, (-0.2, 0.3))
    ],
    "RandomZoom": [
        {"height_factor": h, "width_factor": w} for h in SIGNED[:2] + SIGNED[4:] for w in (None, 0.2)
    ],
}
FILLS = [{"fill_mode": mode} for mode in ("constant", "reflect", "wrap", "nearest")]


@pytest.mark.parametrize("name", GEOMETRIC)
def test_however_a_layer_is_written_the_mask_moves_with_its_image(name):
    """Las capas de Keras no siempre se pueden reconstruir a partir de su configuración."""
    mask = np.random.default_rng(4).integers(0, 4, (2, 8, 8, 1))
    fills = [{}] if name in ("RandomFlip", "RandomPerspective") else FILLS
    tried = 0
    for number, arguments in enumerate(WAYS[name]):
        own = arguments | fills[number % len(fills)] | {"seed": (None, 0, 7)[number % 3]}
        kind = {} if name == "RandomFlip" else {"interpolation": "nearest"}
        moved = joint(getattr(layers, name)(**own | kind))({"images": mask, "segmentation_masks": mask})
        np.testing.assert_array_equal(moved["images"], moved["segmentation_masks"], err_msg=str(own))
        tried += 1
    assert tried >= 3


def test_each_image_of_a_batch_gets_its_own_drawing():
    mask = np.tile(np.arange(36).reshape(1, 6, 6, 1), (8, 1, 1, 1))
    moved = joint(layers.RandomTranslation(0.5, 0.5, seed=1))(
        {"images": mask.astype("float32"), "segmentation_masks": mask}
    )
    assert len(np.unique(moved["segmentation_masks"].numpy().reshape(8, -1), axis=0)) > 4


def test_a_whole_chain_stays_in_step_call_after_call():
    """Muchas llamadas, con una capa que a veces se llama sola: las gemelas se perderían."""
    rng = np.random.default_rng(0)
    chain = [
        layers.RandomFlip(seed=1),
        layers.RandomTranslation(0.2, 0.2, fill_mode="constant", interpolation="nearest", seed=2),
        layers.RandomRotation(0.3, fill_mode="constant", interpolation="nearest", seed=3),
        layers.RandomZoom(0.3, fill_mode="constant", interpolation="nearest", seed=4),
        layers.RandomBrightness((0.0, 0.0)),
    ]
    augment = joint(*chain)
    for number in range(5):
        mask = rng.integers(0, 9, (3, 10, 10, 1)).astype("uint8")
        moved = augment({"images": mask, "segmentation_masks": mask})
        np.testing.assert_array_equal(
            moved["images"], moved["segmentation_masks"].numpy().astype("float32"), err_msg=str(number)
        )
        chain[number % 4](mask, training=True)


@pytest.mark.parametrize("name", GEOMETRIC)
@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("kind", ["uint8", "float32"])
def test_inside_a_tf_data_pipeline_they_stay_together(name, batched, kind):
    mask = np.random.default_rng(5).integers(0, 4, (6, 9, 11, 1)).astype("uint8")
    dataset = tf.data.Dataset.from_tensor_slices(
        {"images": mask.astype(kind), "segmentation_masks": mask, "labels": np.arange(6)}
    )
    if batched:
        dataset = dataset.batch(4)  # el último lote, de 2, va incompleto
    moved = list(dataset.map(joint(exact(name, seed=0))))
    assert np.concatenate([np.atleast_1d(item["labels"]) for item in moved]).tolist() == list(range(6))
    for item in moved:
        assert item["segmentation_masks"].dtype == "uint8"
        np.testing.assert_array_equal(item["images"], tf.cast(item["segmentation_masks"], "float32"))
    assert any(
        not np.array_equal(item["segmentation_masks"], original["segmentation_masks"])
        for item, original in zip(moved, dataset, strict=True)
    )


def test_the_same_seed_gives_the_same_pairs():
    mask = np.random.default_rng(1).integers(0, 4, (2, 8, 8, 1))
    data = {"images": mask.astype("float32"), "segmentation_masks": mask}
    one, other = (joint(layers.RandomRotation(0.5, seed=8))(data) for _ in range(2))
    for key in data:
        np.testing.assert_array_equal(one[key], other[key])


# --- El oráculo: lo que Keras hace bien desde febrero de 2026 ------------------------------------------


@pytest.mark.skipif(
    tuple(map(int, keras.__version__.split(".")[:2])) < (3, 14), reason="esta Keras interpola las máscaras"
)
@pytest.mark.parametrize("name", GEOMETRIC)
def test_agrees_with_the_dictionary_form_of_keras(name):
    rng = np.random.default_rng(2)
    images = rng.uniform(0, 255, (4, 10, 12, 3)).astype("float32")
    masks = rng.integers(0, 5, (4, 10, 12, 1)).astype("uint8")
    data = {"images": images, "segmentation_masks": masks}
    ours, theirs = joint(build(name, seed=4))(data), build(name, seed=4)(dict(data), training=True)
    np.testing.assert_allclose(ours["images"], theirs["images"], atol=1e-4)
    np.testing.assert_array_equal(ours["segmentation_masks"], tf.cast(theirs["segmentation_masks"], "uint8"))


# --- Lo que se rechaza ---------------------------------------------------------------------------------

IMAGES, MASKS = np.zeros((2, 8, 8, 3), "uint8"), np.zeros((2, 8, 8, 1), "uint8")


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (IMAGES, TypeError, "recibe un diccionario"),
        ({"images": IMAGES}, ValueError, "falta la clave 'segmentation_masks'"),
        ({"image": IMAGES, "mask": MASKS}, ValueError, "las que hay son 'image', 'mask'"),
        ({"images": IMAGES, "segmentation_masks": MASKS[..., 0]}, ValueError, "le falta el eje de canal"),
        ({"images": IMAGES[0], "segmentation_masks": MASKS[0, ..., 0]}, ValueError, "np.newaxis"),
        ({"images": IMAGES[0, ..., 0], "segmentation_masks": MASKS[0]}, ValueError, "imagen en gris"),
        ({"images": IMAGES, "segmentation_masks": MASKS[:, :4]}, ValueError, "deben medir lo mismo"),
        ({"images": IMAGES, "segmentation_masks": MASKS[:1]}, ValueError, "deben medir lo mismo"),
        ({"images": IMAGES[0], "segmentation_masks": MASKS}, ValueError, "deben medir lo mismo"),
        ({"images": IMAGES, "segmentation_masks": MASKS / 2}, TypeError, "probabilidades"),
        ({"images": IMAGES, "segmentation_masks": np.zeros((2, 8, 8, 5), "float32")}, TypeError, "argmax"),
        ({"images": IMAGES, "segmentation_masks": np.zeros((2, 8, 8, 5), "uint8")}, ValueError, "one-hot"),
        (
            {"images": IMAGES, "segmentation_masks": MASKS, "bounding_boxes": {}},
            ValueError,
            "no mueve las cajas",
        ),
    ],
)
def test_bad_inputs_are_explained(data, error, message):
    with pytest.raises(error, match=message):
        joint(layers.RandomFlip())(data)


def test_the_explanations_also_reach_tf_data():
    dataset = tf.data.Dataset.from_tensor_slices({"images": IMAGES, "segmentation_masks": MASKS[..., 0]})
    with pytest.raises(ValueError, match="le falta el eje de canal"):
        dataset.map(joint(layers.RandomFlip()))

    unknown = tf.data.Dataset.from_generator(
        lambda: iter([{"images": IMAGES, "segmentation_masks": MASKS}]),
        output_types={"images": tf.uint8, "segmentation_masks": tf.uint8},
    )
    with pytest.raises(ValueError, match="output_signature"):
        unknown.map(joint(layers.RandomFlip()))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((), ValueError, "no hay ninguna capa"),
        (("RandomFlip",), TypeError, "se espera una capa de Keras"),
        (([layers.Rescaling(1)],), TypeError, r"joint\(\*capas\)"),
        ((layers.Rescaling(1 / 255),), ValueError, "Rescaling no es de las que se han probado"),
        ((layers.MixUp(),), ValueError, "MixUp mezcla cada imagen con otra"),
        ((layers.MaxNumBoundingBoxes(3),), ValueError, "solo cambia las cajas"),
        ((layers.RandomElasticTransform(),), ValueError, "otra distinta para la máscara"),
        ((layers.RandomFlip(dtype="uint8"),), ValueError, r"calcula en uint8.*dtype='float32'"),
        ((layers.RandomContrast(0.1, dtype="mixed_float16"),), ValueError, "calcula en float16"),
        ((layers.RandomFlip(data_format="channels_first"),), ValueError, "los canales delante"),
        ((type("RandomFlip", (layers.RandomFlip,), {})(),), ValueError, "no es una capa de Keras"),
        ((keras.Sequential([layers.RandomFlip()]),), ValueError, "Capas que admite joint"),
    ],
)
def test_layers_that_cannot_go_together_are_explained(arguments, error, message):
    with pytest.raises(error, match=message):
        joint(*arguments)


def test_every_image_layer_of_this_keras_is_known():
    """Si Keras añade una capa de imágenes, alguien tiene que decidir qué hace con las máscaras."""
    base = next(kind for kind in layers.RandomFlip.__mro__ if kind.__name__ == "BaseImagePreprocessingLayer")
    found = {
        name
        for name, value in vars(layers).items()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    }
    known = set(GEOMETRIC) | set(PHOTOMETRIC) | set(REFUSED)
    assert found == known, f"decide si se admiten: {sorted(found ^ known)}"


def test_the_elastic_transform_of_keras_really_moves_the_mask_apart():
    """La razón por la que se rechaza: si un día deja de ser cierta, se podrá admitir."""
    mask = np.random.default_rng(0).integers(0, 2, (1, 32, 32, 1)).astype("float32")
    layer = layers.RandomElasticTransform(factor=1.0, scale=1.0, interpolation="nearest", seed=0)
    moved = layer({"images": mask, "segmentation_masks": mask}, training=True)
    assert (np.asarray(moved["images"]) != np.asarray(moved["segmentation_masks"])).mean() > 0.1


def test_the_layers_that_mix_really_do():
    """Sus razones: ocho imágenes lisas dejan de serlo, o toman valores que ninguna tenía."""
    values = np.arange(0, 200, 25)
    batch = np.ones((8, 16, 16, 3), "float32") * values.reshape(8, 1, 1, 1)
    cut = np.asarray(layers.CutMix(seed=0)(batch, training=True))
    assert set(np.unique(cut)) <= set(values)
    assert any(len(np.unique(image)) == 2 for image in cut)
    mixed = np.asarray(layers.MixUp(alpha=1.0, seed=0)(batch, training=True))
    assert all(len(np.unique(image.round(2))) == 1 for image in mixed)
    assert set(np.unique(mixed.round(2))) - set(values)
    checks = np.random.default_rng(0).choice([0.0, 200.0], (2, 16, 16, 3)).astype("float32")
    versions = np.asarray(layers.AugMix(seed=0)(checks, training=True))
    assert ((versions > 1) & (versions < 199)).any()


@pytest.mark.parametrize("name", ["CenterCrop", "RandomCrop"])
def test_the_layers_that_crop_really_interpolate_the_classes(name):
    mask = np.random.default_rng(0).integers(0, 2, (1, 8, 8, 1)).astype("float32")
    moved = getattr(layers, name)(16, 16)({"images": mask, "segmentation_masks": mask}, training=True)
    assert set(np.unique(moved["segmentation_masks"])) - {0.0, 1.0}


@pytest.mark.parametrize(
    ("void", "error", "message"),
    [(256, ValueError, "no cabe en una máscara de tipo uint8"), (1.5, TypeError, "número entero")],
)
def test_a_void_class_that_does_not_fit_is_explained(void, error, message):
    with pytest.raises(error, match=message):
        joint(layers.RandomFlip(), void=void)({"images": IMAGES, "segmentation_masks": MASKS})


# --- Los experimentos del capítulo, con datos sustitutos ------------------------------------------------


@pytest.fixture(scope="module")
def garments():
    return load_fashion_mnist(stand_in=True)


@pytest.mark.parametrize("policy", ["gentle", "shift", "rotation", "light", "upside_down", "any_angle"])
def test_each_policy_acts_when_training_and_only_then(garments, policy):
    images = garments.x_test[:16].astype("float32")
    model = keras.Sequential([layers.Input((28, 28, 1)), *data_augmentation.augmentation(policy)])
    np.testing.assert_array_equal(model.predict(images, verbose=0), images)
    assert np.abs(model(images, training=True) - images).max() > 10


def test_speed_of_a_pipeline_counts_its_images(garments, monkeypatch):
    monkeypatch.setattr(augmentation_speed, "IMAGES", 128)
    images, labels = garments.x_train[:128], garments.y_train[:128]
    for per_image in (False, True):
        dataset = augmentation_speed.pipeline(images, labels, [layers.RandomFlip()], per_image=per_image)
        assert [(x.shape[0], x.dtype.name) for x, _ in dataset] == [(64, "float32"), (64, "float32")]
        assert augmentation_speed.preparing_speed(dataset) > 0
