"""Activaciones: cada ventana recortada es exactamente lo que el filtro ha visto."""

import numpy as np
import pytest

from course_utils.datasets.drawn.faces import generate_faces
from course_utils.networks.activations import (
    feature_maps,
    grad_cam,
    occlusion_map,
    top_patches,
    window_geometry,
)


def network(*stack, shape=(40, 40, 1), seed=0):
    import keras

    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.Input(shape), *stack])


def conv(filters, size, **options):
    from keras import layers

    return layers.Conv2D(filters, size, activation="relu", **options)


def pool(size=2, **options):
    from keras import layers

    return layers.MaxPooling2D(size, **options)


@pytest.fixture(scope="module")
def images():
    return generate_faces(30, seed=0).images


def deep_stack():
    return [conv(3, 5, name="first"), pool(name="pool"), conv(4, 3, name="second")]


@pytest.fixture(scope="module")
def deep():
    return network(*deep_stack())


def test_feature_maps_are_the_outputs_of_each_layer(deep, images):
    maps = feature_maps(deep, images, ["first", "second"])
    first = np.asarray(deep.get_layer("first")(images.astype("float32")))
    np.testing.assert_allclose(maps["first"], first, rtol=1e-5)
    np.testing.assert_allclose(maps["second"], deep.predict(images, verbose=0), rtol=1e-5)


def test_feature_maps_do_not_depend_on_the_batches():
    model = network(conv(1, 2, name="only"), shape=(3, 3, 1))
    many = np.random.default_rng(0).normal(size=(300, 3, 3, 1))
    whole = feature_maps(model, many, ["only"])["only"]
    np.testing.assert_allclose(whole[290:], feature_maps(model, many[290:], ["only"])["only"], rtol=1e-6)


STACKS = {
    "una convolución": lambda: [conv(2, 5, name="last")],
    "con pooling": lambda: [conv(2, 5), pool(), conv(2, 3, name="last")],
    "el propio pooling": lambda: [conv(2, 3), pool(3, strides=2, name="last")],
    "stride y relleno": lambda: [
        conv(2, 3, strides=2, padding="same"),
        conv(2, 3, padding="same", name="last"),
    ],
    "dilatación": lambda: [conv(2, 3, dilation_rate=2), conv(2, 2, name="last")],
    "ventanas no cuadradas": lambda: [
        conv(2, (5, 3)),
        pool((2, 1)),
        conv(2, (1, 3), strides=(1, 2), name="last"),
    ],
}


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS.keys())
def test_window_is_where_the_gradient_is_not_zero(stack):
    # un oráculo ajeno: los píxeles de los que depende una salida son los que tienen gradiente
    import tensorflow as tf

    model = network(*stack())
    for layer in model.layers:  # todo positivo: ReLU deja pasar cada gradiente
        layer.set_weights([np.ones_like(weight) for weight in layer.get_weights()])
    seen = np.zeros((40, 40), dtype=bool)
    rng = np.random.default_rng(0)
    for _ in range(40):  # el máximo solo mira un píxel cada vez
        x = tf.constant(rng.uniform(1, 2, size=(1, 40, 40, 1)), dtype="float32")
        with tf.GradientTape() as tape:
            tape.watch(x)
            output = model(x)[0, 4, 5, 0]
        seen |= tape.gradient(output, x).numpy()[0, ..., 0] > 0
    for axis, (index, geometry) in enumerate(zip((4, 5), window_geometry(model, "last"), strict=True)):
        first = geometry.start + index * geometry.jump
        expected = set(range(max(first, 0), first + geometry.size))
        assert set(np.flatnonzero(seen.any(axis=1 - axis))) == expected


@pytest.mark.parametrize("layer", ["first", "pool", "second"])
def test_a_patch_alone_activates_the_filter_as_in_its_image(deep, images, layer):
    patches = top_patches(deep, images, layer, count=4)
    rows, cols = window_geometry(deep, layer)
    assert patches.pixels.shape == (4 if layer == "second" else 3, 4, rows.size, cols.size, 1)
    flat = patches.pixels.reshape(-1, rows.size, cols.size, 1)
    depth = ["first", "pool", "second"].index(layer) + 1
    alone = network(*deep_stack()[:depth], shape=flat.shape[1:])
    for new, old in zip(alone.layers, deep.layers, strict=False):
        new.set_weights(old.get_weights())
    values = feature_maps(alone, flat, [layer])[layer].reshape(*patches.values.shape, -1)
    for filter_index, value in enumerate(patches.values):
        np.testing.assert_allclose(values[filter_index, :, filter_index], value, rtol=1e-4)


def test_patches_are_the_strongest_and_come_from_different_images(deep, images):
    maps = feature_maps(deep, images, ["first"])["first"]
    patches = top_patches(deep, images, "first", count=5)
    strongest = -np.sort(-maps.max(axis=(1, 2)), axis=0)[:5].T
    np.testing.assert_allclose(patches.values, strongest, rtol=1e-6)
    assert all(len(set(chosen)) == 5 for chosen in patches.images)


def test_patches_by_hand_with_padding():
    import keras

    model = network(keras.layers.Conv2D(1, 3, padding="same", use_bias=False, name="copy"), shape=(3, 4, 1))
    identity = np.zeros((3, 3, 1, 1))
    identity[1, 1] = 1
    model.set_weights([identity])
    images = np.arange(24).reshape(2, 3, 4, 1)
    patches = top_patches(model, images, "copy", count=2)
    assert patches.values.tolist() == [[23, 11]]
    assert patches.images.tolist() == [[1, 0]]
    assert patches.centers.tolist() == [[[2, 3], [2, 3]]]
    assert patches.pixels[0, 0, :, :, 0].tolist() == [[18, 19, 0], [22, 23, 0], [0, 0, 0]]


def test_a_dead_filter_has_no_activation(images):
    model = network(conv(1, 3, name="dead"))
    model.set_weights([-np.ones((3, 3, 1, 1)), np.zeros(1)])
    assert (top_patches(model, images, "dead").values == 0).all()


def test_images_are_not_modified(deep, images):
    before = images.copy()
    top_patches(deep, images, "second", count=2).pixels[:] = 0
    assert (images == before).all()


def functional():
    import keras

    inputs = keras.Input((40, 40, 1))
    return keras.Model(inputs, keras.layers.Conv2D(1, 3, name="first")(inputs))


def dense():
    import keras

    return network(keras.layers.Flatten(name="flat"), keras.layers.Dense(3, name="dense"))


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda m, x: feature_maps(m, x, ["third"]), ValueError, "ninguna capa «third»: elige una de first"),
        (lambda m, x: feature_maps(m, x[0], ["first"]), ValueError, "una sola imagen se pasa como lote"),
        (
            lambda m, x: feature_maps(m, x[:, :20], ["first"]),
            ValueError,
            r"espera imágenes de forma \(40, 40, 1\)",
        ),
        (lambda m, x: feature_maps(m, x.astype(str), ["first"]), TypeError, "números reales"),
        (lambda m, x: top_patches(m, x, "third"), ValueError, "ninguna capa «third»"),
        (lambda m, x: top_patches(m, x, "first", count=31), ValueError, "solo hay 30 imágenes"),
        (lambda m, x: top_patches(m, x, "first", count=0), ValueError, "count debe ser 1 o más"),
        (lambda m, x: top_patches(functional(), x, "first"), TypeError, "keras.Sequential"),
        (
            lambda m, x: top_patches(dense(), x, "dense"),
            ValueError,
            r"«flat» \(Flatten\) no mira por ventanas",
        ),
    ],
)
def test_bad_arguments_are_explained(deep, images, act, error, words):
    with pytest.raises(error, match=words):
        act(deep, images)


# --- Zonas que deciden ---------------------------------------------------------------------------------


def averaging_network():
    """Dos mapas, copia y opuesto de la imagen, su promedio y dos clases."""
    import keras

    layers = [
        keras.Input((4, 4, 1)),
        keras.layers.Conv2D(2, 1, use_bias=False, name="maps"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, use_bias=False),
    ]
    model = keras.Sequential(layers)
    model.set_weights([np.array([1.0, -1.0]).reshape(1, 1, 1, 2), np.array([[2.0, 0.0], [0.0, 3.0]])])
    return model


def test_grad_cam_by_hand():
    image = np.arange(-8, 8).reshape(1, 4, 4, 1)
    first, second = grad_cam(averaging_network(), np.repeat(image, 2, axis=0), "maps", [0, 1])
    # con un promedio y una densa, el peso de cada mapa es el de la densa entre el número de posiciones
    np.testing.assert_allclose(first, np.maximum(image[0, :, :, 0] * 2 / 16, 0), atol=1e-6)
    np.testing.assert_allclose(second, np.maximum(-image[0, :, :, 0] * 3 / 16, 0), atol=1e-6)


def test_occlusion_by_hand():
    image = np.zeros((4, 4, 1))
    image[0, 3] = 8  # lo único que suma a la clase 0
    drops = occlusion_map(averaging_network(), image, label=0, size=2, stride=2)
    scores = np.array([2 * 8 / 16, -3 * 8 / 16])
    whole = np.exp(scores[0]) / np.exp(scores).sum()
    np.testing.assert_allclose(drops, [[0, whole - 0.5], [0, 0]], atol=1e-6)


def test_explanations_refuse_what_they_cannot_explain():
    model = averaging_network()
    with pytest.raises(ValueError, match="ninguna capa «nada»"):
        grad_cam(model, np.zeros((1, 4, 4, 1)), "nada", [0])
    with pytest.raises(ValueError, match="2 ejes y no"):
        grad_cam(model, np.zeros((1, 4, 4, 1)), model.layers[-1].name, [0])
    with pytest.raises(ValueError, match="un cuadrado de 5×5 no cabe"):
        occlusion_map(model, np.zeros((4, 4, 1)), 0, size=5)
    with pytest.raises(ValueError, match="elige una imagen"):
        occlusion_map(model, np.zeros((1, 4, 4, 1)), 0)
