"""Respuestas equivocadas que cumplen lo que el comprobador mira primero: ninguna se da por buena.

Los errores que se cometen sin querer llevan aquí el diagnóstico que reciben; los rebuscados, `None`.
"""

import numpy as np
import pytest

from course_utils import ops
from course_utils.exercises import exercise
from course_utils.exercises.judges import ByReference
from course_utils.exercises.registry import all_exercises
from course_utils.exercises.result import Outcome


def layers():
    from keras import layers

    return layers


def network(build, shape=(28, 28, 1)):
    """Función que construye un modelo con las capas que da ``build``."""

    def model():
        import keras

        return keras.Sequential([keras.Input(shape), *build(keras.layers)])

    return model


def conv(L, filters=8, activation="relu", **options):
    return L.Conv2D(filters, 3, activation=activation, **options)


def functional(build, shape=(28, 28, 1)):
    """Función que construye un modelo con lo que ``build`` hace a la entrada."""

    def model():
        import keras

        inputs = keras.Input(shape)
        return keras.Model(inputs, build(keras.layers, inputs))

    return model


def chain(x, *steps):
    for step in steps:
        x = step(x)
    return x


def ops_of():
    from keras import ops

    return ops


def heads(L, x, activation, join):
    """Dos densas sobre lo mismo, juntas."""
    x = chain(x, conv(L), L.GlobalAveragePooling2D())
    units = 5 if join == "Concatenate" else 10
    return getattr(L, join)()([L.Dense(units, activation=activation)(x) for _ in range(2)])


def nothing_but(L, hidden):
    """Una convolución, lo que no hace nada, y la cabeza."""
    return [conv(L, activation=None), *hidden, L.MaxPooling2D(2), *head(L)]


def head(L, units=10, activation=None):
    return [L.GlobalAveragePooling2D(), L.Dense(units, activation=activation)]


def small(L, width=16, last=None, **options):
    """Lo que baja de 32 a 8 y vuelve a 32."""
    same = {"padding": "same", "activation": "relu", "strides": 2} | options
    return [
        L.Conv2D(width, 3, **same),
        L.Conv2D(width, 3, **same),
        L.Conv2DTranspose(width, 3, **same),
        L.Conv2DTranspose(1, 3, **(same | {"activation": last})),
    ]


def augmentation(flip="horizontal", turn=0.05, light=0.2, limits=(0, 1), more=()):
    """Las tres capas de 07.8, y las que se añadan."""
    return network(
        lambda L: [
            L.RandomFlip(flip),
            L.RandomRotation(turn),
            L.RandomBrightness(light, value_range=limits),
            *(make(L) for make in more),
        ]
    )


def kernel(*rows):
    return np.array(rows, dtype=float)


def shuffled(pick):
    """Respuesta de 06.3 que aparta los índices que da ``pick(count, validation, rng, seed)``."""

    def answer(count, validation, seed):
        held_out = np.asarray(pick(count, validation, np.random.default_rng(seed), seed)) % count
        return np.setdiff1d(np.arange(count), held_out), held_out

    return answer


def flipped(pick, axis=2):
    """Respuesta de 07.10 que refleja las parejas que da ``pick(count, rng, seed)``."""

    def answer(images, masks, seed):
        chosen = np.asarray(pick(len(images), np.random.default_rng(seed), seed), dtype=bool)
        images, masks = images.copy(), masks.copy()
        images[chosen], masks[chosen] = np.flip(images[chosen], axis), np.flip(masks[chosen], axis)
        return images, masks

    return answer


# --- Redes, capas, kernels y elecciones ------------------------------------------------------------

WRONG = {
    "00.7": [
        (1.0, "no-converge"),
        (0.95, "se-pasa"),
        (0.51, "se-pasa"),
        (0.2, "demasiado-lenta"),
        (1e-09, "demasiado-lenta"),
        (0, None),
        (-0.4, None),
        (10.5, None),
        (True, None),
        (float("nan"), None),
    ],
    "01.3": [
        (kernel([0, 0, 0], [0, 0, 0], [0, 0, 1e-9]), None),
        (kernel([-1, 0, 1], [0, 0, 0], [1, 0, -1]), None),  # las dos filas se anulan
        (kernel([-1, 0, 2], [-1, 0, 2], [-1, 0, 2]), "responde-a-lo-liso"),
        (kernel([1, -2, 1], [1, -2, 1], [1, -2, 1]), "lineas-en-vez-de-bordes"),
        (kernel([-2, 0, 1], [-1, 0, 1], [-1, 0, 2]), None),  # las filas no suman 0
        (ops.named_kernel("sobel_horizontal").values, "bordes-horizontales"),
        (-ops.named_kernel("sobel_vertical").values, "signo-contrario"),
        (kernel([0, 0, 0], [0, 8, 0], [0, 0, 0]) - 8 / 9, None),
        (np.full((3, 3), np.nan), None),
    ],
    "03.3": [
        ((1, 2, 0), "kernel-de-un-pixel"),
        ((2, 2, 2), "ventanas-de-relleno"),
        ((3, 2, 0), "falta-padding"),
        ((3, 1, 1), "sin-stride"),
        ((3, 3, 0), "stride-excesivo"),
        ((3, 2, 2), "sobra-padding"),
        ((28, 1, 0), "falta-padding"),
        ((14, 1, 0), "sin-stride"),
        ((29, 1, 14), None),
        ((3, 2), None),
        ((3.5, 2, 1), None),
        ((3, 0, 1), None),
        ((3, 2, -1), None),
    ],
    "03.6": [
        (kernel([0, 0, 0], [1, 1e-3, 0], [0, 0, 0]), "mezcla-vecinos"),
        (kernel([0, 0, 0], [-1, 0, 0], [0, 0, 0]), "cambia-el-brillo"),
        (kernel([0, 0, 0], [0.99, 0, 0], [0, 0, 0]), "cambia-el-brillo"),
        (kernel([0, 0, 0], [0, 0, 1], [0, 0, 0]), "mueve-a-la-izquierda"),
        (kernel([0, 0, 0], [0, 0, 0], [0, 1, 0]), "mueve-de-fila"),
        (kernel([1, 0, 0], [0, 0, 0], [0, 0, 0]), "mueve-en-diagonal"),
        (kernel([0, 0, 0], [2, -1, 0], [0, 0, 0]), "mezcla-vecinos"),
    ],
    "04.6": [
        (lambda: layers().Conv2DTranspose(8, 5, strides=2, padding="same"), "transpuesta"),
        (
            lambda: layers().Conv2D(8, 5, strides=2, padding="same", data_format="channels_first"),
            "canales-delante",
        ),
        (lambda: layers().Conv2D(8, 5, strides=2), "sin-relleno"),
        (lambda: layers().Conv2D(8, 5, strides=(2, 1), padding="same"), "sin-stride"),
        (lambda: layers().Conv2D(8, 5, strides=4, padding="same"), "stride-excesivo"),
        (lambda: layers().Conv2D(8, (5, 4), strides=2, padding="same"), "otro-kernel"),
        (lambda: layers().Conv2D(208, 1, strides=2, padding="same", use_bias=False), "otros-filtros"),
        (lambda: layers().Conv2D(8, (2, 13), strides=2, padding="same", use_bias=False), "sin-sesgos"),
        (lambda: layers().Dense(8), "otra-capa"),
        (lambda: layers().MaxPooling2D(2), "otra-capa"),
        (lambda: layers().Conv2D(8, 30, strides=2), None),
        ({"filters": 8, "kernel_size": 0, "strides": 2, "padding": "same"}, None),
        (lambda: layers().Conv2D(8, 15), "sin-relleno-y-justo"),
        (lambda: layers().Conv2D(8, 8, dilation_rate=2), "sin-relleno-y-justo"),
        (lambda: layers().Lambda(lambda x: x), "otra-capa"),
        (lambda: layers().Conv1D(8, 5), "otra-capa"),
    ],
    "04.7": [
        ((5, 1), "kernel-grande"),
        ((1, 9), "kernel-pequeño"),
        ((3, 9), "otros-canales"),
        ((3, 0), None),
        ((1, 3), "kernel-pequeño"),
        ((3, 1, 32), None),
        ((-3, 1), None),
        ("3, 1", None),
    ],
    "05.5": [
        ([0, 1, 3, 4, 6], "falta-alguna"),
        ([0, 1, 2, 3, 4, 6, 7], "alguna-cambia"),
        ([7, 6, 4, 3, 1, 0], "sin-orden"),
        ([0, 0, 1, 3, 4, 6, 7], "sin-orden"),
        (np.array([2.0, 5.0]), "finales"),
        (range(3), "alguna-cambia"),
        ([], "nunca"),
        ([0, 1, 3, 4, 6, 7, 8], "forma-inesperada"),
        ([[0, 1], [3, 4], [6, 7]], "forma-inesperada"),
        (6, "forma-inesperada"),
    ],
    "05.7": [
        ((6, 3), "se-solapan"),
        ((2, 3), "deja-huecos"),
        ((1, 3), "deja-huecos"),
        ((8, 8), "demasiado"),
        ((1, 1), "poco"),
        ((24, 8), "una-sola"),  # no hay otra con la que se solape
        ((2, 24), "una-sola"),
        ((5, 5), "demasiado"),
        ((10, 2), "se-solapan"),
        ((0, 3), None),
        ((3,), None),
    ],
    "05.8": [
        (
            network(lambda L: [conv(L), L.Flatten(), L.Reshape((26, 26, 8)), L.MaxPooling2D(2), *head(L)]),
            "aplana",
        ),
        (network(lambda L: [conv(L), L.MaxPooling2D(2), *head(L)], (32, 32, 3)), "otra-entrada"),
        (network(lambda L: [conv(L), L.MaxPooling2D(2), *head(L)], (28, 28, 3)), "otra-entrada"),
        (network(lambda L: [conv(L, padding="same"), *head(L)], (28, 28, 1)), "sin-max-pooling"),
        (network(lambda L: [conv(L), L.MaxPooling2D(1), *head(L)]), "pooling-de-un-pixel"),
        (network(lambda L: [conv(L), L.MaxPooling2D(1, strides=2), *head(L)]), "pooling-de-un-pixel"),
        (
            network(lambda L: [conv(L), L.MaxPooling2D(2, data_format="channels_first"), *head(L)]),
            "canales-delante",
        ),
        (network(lambda L: [conv(L), L.AveragePooling2D(2), *head(L)]), "promedia-por-ventanas"),
        (network(lambda L: [conv(L), L.MaxPooling2D(2), L.Flatten(), L.Dense(10)]), "aplana"),
        (network(lambda L: [conv(L), L.MaxPooling2D(2), L.Reshape((-1,)), L.Dense(10)]), "aplana"),
        (
            network(lambda L: [conv(L), L.MaxPooling2D(2), L.Permute((3, 1, 2)), L.Flatten(), L.Dense(10)]),
            "aplana",  # no hay pooling global del que hablar
        ),
        (
            network(lambda L: [conv(L), L.MaxPooling2D(2), L.GlobalMaxPooling2D(), L.Dense(10)]),
            "maximo-global",
        ),
        (network(lambda L: [conv(L, 10), L.MaxPooling2D(2), L.GlobalAveragePooling2D()]), "otra-salida"),
        (
            network(
                lambda L: [conv(L), L.MaxPooling2D(2), L.GlobalAveragePooling2D(keepdims=True), L.Dense(10)]
            ),
            "otra-salida",
        ),
        (network(lambda L: [L.MaxPooling2D(2), *head(L)]), "sin-convolucion"),
        (network(lambda L: [conv(L), L.MaxPooling2D(2), *head(L), L.Dense(3)]), "otra-salida"),
        (
            network(
                lambda L: [
                    L.MaxPooling2D(),
                    L.GlobalAveragePooling2D(keepdims=True),
                    L.Conv2D(16, 1),
                    L.Flatten(),
                    L.Dense(10),
                ]
            ),
            "convolucion-tarde",
        ),
        (network(lambda L: [conv(L), L.MaxPooling2D(), L.Reshape((1, 1, -1)), *head(L)]), "recoloca"),
        (network(lambda L: [conv(L), L.MaxPooling2D(), L.Permute((3, 2, 1)), *head(L)]), "recoloca"),
        (
            network(
                lambda L: [
                    conv(L),
                    L.GlobalAveragePooling2D(keepdims=True),
                    L.MaxPooling2D(2, padding="same"),
                    L.Flatten(),
                    L.Dense(10),
                ]
            ),
            "pooling-tarde",
        ),
    ],
    "06.3": [
        (shuffled(lambda n, k, rng, seed: np.arange(k) * (n // k)), "a-saltos"),
        (shuffled(lambda n, k, rng, seed: seed + np.arange(k) * (n // k)), "a-saltos"),
        (shuffled(lambda n, k, rng, seed: np.arange(k) + 7 * seed), "no-baraja"),
        (shuffled(lambda n, k, rng, seed: np.arange(n - k, n)), "no-baraja"),
        (
            shuffled(lambda n, k, rng, seed: np.arange(k) + rng.integers(n)),
            "no-baraja",
        ),  # puede dar la vuelta
        (shuffled(lambda n, k, rng, seed: rng.permutation(n)[:20]), "tamaño-fijo"),
        (shuffled(lambda n, k, rng, seed: rng.permutation(n)[: n // 5]), "tamaño-fijo"),
        (shuffled(lambda n, k, rng, seed: np.random.default_rng(3).permutation(n)[:k]), "ignora-la-semilla"),
        (shuffled(lambda n, k, rng, seed: np.random.default_rng().permutation(n)[:k]), "no-repite"),
        (shuffled(lambda n, k, rng, seed: rng.integers(0, n, k)), None),  # con repetidos
        (lambda n, k, seed: (np.arange(n), np.random.default_rng(seed).permutation(n)[:k]), "filtra"),
    ],
    "06.7": [
        (network(lambda L: [conv(L, activation=None), L.Lambda(lambda x: 2 * x), *head(L)]), None),
        (network(lambda L: [conv(L), *head(L, activation="sigmoid")]), "activacion-al-final"),
        (network(lambda L: [conv(L), *head(L, activation="tanh")]), "activacion-al-final"),
        (network(lambda L: [conv(L, activation=None), *head(L, activation="relu")]), "activacion-al-final"),
        (network(lambda L: [conv(L, activation=None), *head(L), L.ReLU()]), "activacion-al-final"),
        (
            network(lambda L: [conv(L), *head(L), L.Activation("sigmoid"), L.Dropout(0.1)]),
            "activacion-al-final",
        ),
        (network(lambda L: [conv(L), *head(L), L.Softmax()]), "softmax-dos-veces"),
        (
            network(lambda L: [conv(L), *head(L), L.Activation("softmax"), L.Reshape((10,))]),
            "softmax-dos-veces",
        ),
        (network(lambda L: [conv(L, activation=None), L.AveragePooling2D(2), *head(L)]), "todo-lineal"),
        (network(lambda L: [conv(L, activation="linear"), L.Activation("linear"), *head(L)]), "todo-lineal"),
        (network(lambda L: [conv(L), *head(L)], (32, 32, 3)), "otra-entrada"),
        (network(lambda L: [conv(L, padding="same"), *head(L)], (1, 28, 28)), "otra-entrada"),
        (
            network(lambda L: [conv(L, padding="same", data_format="channels_first"), *head(L)]),
            "canales-delante",
        ),
        (network(lambda L: [L.Flatten(), L.Dense(20, activation="relu"), L.Dense(10)]), "sin-convolucion"),
        (network(lambda L: [conv(L), L.Flatten(), L.Dense(10)]), "se-pasa-del-presupuesto"),
        (network(lambda L: [conv(L), *head(L, units=11)]), "otra-salida"),
        (network(lambda L: [conv(L), L.Dense(10)]), "no-aplana"),
        (
            network(lambda L: [conv(L), L.Conv2D(10, 1, activation="softmax"), L.GlobalAveragePooling2D()]),
            "softmax-dos-veces",
        ),
        (network(lambda L: [conv(L), conv(L, 10), L.GlobalAveragePooling2D()]), "activacion-al-final"),
        (
            network(lambda L: [conv(L), *head(L, activation="softmax"), L.BatchNormalization()]),
            "softmax-dos-veces",
        ),
        (
            network(lambda L: [conv(L), *head(L, activation="sigmoid"), L.Rescaling(8.0, -4.0)]),
            "activacion-al-final",
        ),
        # La activación prohibida, detrás de lo que no cambia nada
        (network(lambda L: [conv(L), *head(L, activation="softmax"), L.Identity()]), "softmax-dos-veces"),
        (network(lambda L: [conv(L), *head(L, activation="softmax"), L.Permute((1,))]), "softmax-dos-veces"),
        (
            network(lambda L: [conv(L), *head(L, activation="relu"), L.ActivityRegularization()]),
            "activacion-al-final",
        ),
        (
            network(lambda L: [conv(L), *head(L, activation="tanh"), L.RepeatVector(1), L.Flatten()]),
            "activacion-al-final",
        ),
        (functional(lambda L, x: heads(L, x, "softmax", "Average")), "softmax-dos-veces"),
        (functional(lambda L, x: heads(L, x, "softmax", "Concatenate")), "softmax-dos-veces"),
        (
            functional(lambda L, x: ops_of().add(chain(x, conv(L), *head(L, activation="sigmoid")), 0.0)),
            "activacion-al-final",
        ),
        # Y con un nombre que no se sabe leer
        (
            network(lambda L: [conv(L), *head(L), L.Lambda(lambda x: x / (1 + abs(x)))]),
            "activacion-escondida",
        ),
        (network(lambda L: [conv(L), *head(L, activation=abs)]), "activacion-escondida"),
        # Activaciones que no actúan
        (network(lambda L: nothing_but(L, [L.LeakyReLU(negative_slope=1.0)])), "activacion-que-no-actua"),
        (network(lambda L: nothing_but(L, [L.ReLU(negative_slope=1.0)])), "activacion-que-no-actua"),
        (
            network(lambda L: nothing_but(L, [L.PReLU(alpha_initializer="ones", trainable=False)])),
            "activacion-que-no-actua",
        ),
        (network(lambda L: [L.ReLU(), *nothing_but(L, [])]), "activacion-que-no-actua"),
        (network(lambda L: [conv(L, 1, "softmax"), *head(L)]), "activacion-que-no-actua"),
        (functional(lambda L, x: [chain(x, conv(L), *head(L)) for _ in range(2)]), "forma-inesperada"),
    ],
    "07.8": [
        (augmentation(more=[lambda L: L.RandomFlip("horizontal")]), "capa-repetida"),
        (augmentation(more=[lambda L: L.RandomContrast(0.3)]), "otras-capas"),
        (augmentation(more=[lambda L: L.RandomRotation(0.05)]), "capa-repetida"),
        (augmentation(turn=(0.05, 0.05)), "gira-a-un-lado"),
        (augmentation(turn=(0.0, 0.05)), "gira-a-un-lado"),
        (augmentation(turn=(-0.2, 0.05)), "gira-demasiado"),
        (augmentation(turn=0.5), "gira-demasiado"),
        (augmentation(turn=0.0), "sin-giro"),
        (augmentation(light=0.0), "brillo-fijo"),
        (augmentation(light=(0.2, 0.2)), "brillo-fijo"),
        (augmentation(light=0.3 / 255), "brillo-fijo"),
        (augmentation(light=1.0), "brillo-excesivo"),
        (augmentation(limits=(0, 255)), "brillo-para-255"),
        (augmentation(flip="vertical"), "boca-abajo"),
        (augmentation(limits=(-1, 1)), "brillo-para-255"),
        (augmentation(turn=1e-5), "sin-giro"),
        (
            network(
                lambda L: [
                    L.RandomFlip("horizontal", data_format="channels_first"),
                    L.RandomRotation(0.05),
                    L.RandomBrightness(0.2, value_range=(0, 1)),
                ]
            ),
            "canales-delante",
        ),
        (augmentation(more=[lambda L: L.RandomContrast(0.2)]), "otras-capas"),
    ],
    "07.10": [
        (flipped(lambda n, rng, seed: [i % 2 for i in range(n)]), "no-usa-la-semilla"),
        (flipped(lambda n, rng, seed: [seed % 2] * n), "un-sorteo-por-lote"),
        (flipped(lambda n, rng, seed: rng.random(n) < 0.9), "no-la-mitad"),
        (flipped(lambda n, rng, seed: np.arange(n) == rng.integers(n)), "no-la-mitad"),  # siempre una
        (flipped(lambda n, rng, seed: np.random.default_rng().random(n) < 0.5), "no-repite"),
        (flipped(lambda n, rng, seed: [(i + seed) % 2 for i in range(n)]), "pocos-repartos"),
        (
            flipped(lambda n, rng, seed: np.arange(n) < n / 2 if seed % 2 else [i % 2 for i in range(n)]),
            "pocos-repartos",
        ),
        (flipped(lambda n, rng, seed: (rng.random(n) < 0.5) | (np.arange(n) == 3)), "alguna-casi-fija"),
        (flipped(lambda n, rng, seed: rng.random(n) < 0.5, axis=1), "otra-transformacion"),
        (lambda images, masks, seed: (images[:, :, ::-1], masks[:, :, ::-1]), "siempre"),
        (lambda images, masks, seed: (images, masks), "nunca"),
    ],
    "08.6": [
        ((3, 2), "cuadricula"),
        ((2, 2), "sin-solape"),
        ((1, 2), "huecos"),
        ((5, 2), "cuadricula"),
        ((4, 1), "no-llega"),
        ((9, 3), "se-pasa"),
        ((4, 2, 1), None),
        ((0, 2), None),
        ((4.5, 2), None),
    ],
    "08.12": [
        (network(lambda L: [*small(L), L.ReLU()], (32, 32, 3)), "relu-al-final"),
        (network(lambda L: [*small(L), L.Activation("relu")], (32, 32, 3)), "relu-al-final"),
        (network(lambda L: small(L, last="tanh"), (32, 32, 3)), "otra-activacion"),
        (network(lambda L: [*small(L), L.Softmax()], (32, 32, 3)), "softmax-de-uno"),
        (network(small, (32, 32, 1)), "otra-entrada"),
        (network(small, (None, None, 3)), "otra-entrada"),
        (network(lambda L: [conv(L, padding="same"), L.Conv2D(1, 1)], (32, 32, 3)), "no-baja"),
        (network(lambda L: [L.MaxPooling2D(1), conv(L, 1, padding="same")], (32, 32, 3)), "no-baja"),
        (
            network(
                lambda L: [conv(L), L.GlobalAveragePooling2D(), L.Dense(1024), L.Reshape((32, 32, 1))],
                (32, 32, 3),
            ),
            "pooling-global",
        ),
        (
            network(
                lambda L: [conv(L, 1), L.GlobalAveragePooling2D(keepdims=True), L.UpSampling2D(32)],
                (32, 32, 3),
            ),
            "pooling-global",
        ),
        (
            network(
                lambda L: [
                    L.MaxPooling2D(8),
                    L.Flatten(),
                    L.Dense(64),
                    L.Reshape((8, 8, 1)),
                    L.UpSampling2D(4),
                ],
                (32, 32, 3),
            ),
            "capa-densa",
        ),
        (network(lambda L: [*small(L)[:-1], L.UpSampling2D(2), L.Dense(1)], (32, 32, 3)), "densa-por-pixel"),
        (network(lambda L: small(L, width=64), (32, 32, 3)), "demasiados"),
        (
            network(lambda L: [*small(L, last="relu"), L.Activation("sigmoid")], (32, 32, 3)),
            "dos-activaciones",
        ),
        (
            network(lambda L: [*small(L, last="sigmoid"), L.Activation("sigmoid")], (32, 32, 3)),
            "dos-activaciones",
        ),
        (network(lambda L: small(L, strides=(4, 1)), (32, 32, 3)), "no-baja"),  # mapas de 2 × 32
        (network(lambda L: [*small(L), L.Reshape((32, 32))], (32, 32, 3)), "no-vuelve"),
        (
            network(
                lambda L: [*small(L)[:3], conv(L, 1), L.UpSampling2D(2), L.ZeroPadding2D(2)], (32, 32, 3)
            ),
            "relu-al-final",
        ),
        (network(lambda L: [*small(L, last="tanh"), L.Identity()], (32, 32, 3)), "otra-activacion"),
        (network(lambda L: [*small(L, last="relu"), L.Permute((1, 2, 3))], (32, 32, 3)), "relu-al-final"),
        (network(lambda L: [*small(L), L.Lambda(lambda x: x * x)], (32, 32, 3)), "activacion-escondida"),
        (
            network(lambda L: [*small(L, last="sigmoid"), L.Lambda(lambda x: x * x)], (32, 32, 3)),
            "activacion-escondida",
        ),
        # Lo prohibido, con otro nombre
        (
            network(
                lambda L: [
                    *small(L)[:-1],
                    L.EinsumDense("abcx,xy->abcy", (None, None, 1)),
                    L.UpSampling2D(2),
                ],
                (32, 32, 3),
            ),
            "densa-con-otro-nombre",
        ),
        (
            functional(
                lambda L, x: chain(
                    x,
                    conv(L, 4),
                    lambda y: ops_of().mean(y, axis=(1, 2), keepdims=True),
                    L.UpSampling2D(32),
                    L.Conv2D(1, 1),
                ),
                (32, 32, 3),
            ),
            "resume-de-golpe",
        ),
        (
            functional(
                lambda L, x: chain(
                    x,
                    conv(L, 16),
                    lambda y: ops_of().mean(y, axis=(1, 2)),
                    L.Reshape((4, 4, 1)),
                    L.UpSampling2D(8),
                    L.Conv2D(1, 1),
                ),
                (32, 32, 3),
            ),
            "resume-de-golpe",
        ),
        (
            network(
                lambda L: [*small(L)[:2], L.AveragePooling2D(8), L.UpSampling2D(32), L.Conv2D(1, 1)],
                (32, 32, 3),
            ),
            "resume-de-golpe",
        ),
        (
            network(
                lambda L: [L.Conv2D(4, 32, activation="relu"), L.UpSampling2D(32), L.Conv2D(1, 1)],
                (32, 32, 3),
            ),
            "resume-de-golpe",
        ),
        (
            network(
                lambda L: [
                    L.Cropping2D(12),
                    conv(L, padding="same"),
                    L.Conv2D(1, 1),
                    L.ZeroPadding2D(12),
                ],
                (32, 32, 3),
            ),
            "no-mira-ahi",
        ),
        *(
            (
                network(
                    lambda L, shrink=shrink: [
                        conv(L, padding="same"),
                        *shrink(L),
                        L.UpSampling2D(4),
                        L.Conv2D(1, 1),
                    ],
                    (32, 32, 3),
                ),
                "no-mira-ahi",
            )
            for shrink in (
                lambda L: [L.Cropping2D(4), L.MaxPooling2D(3)],  # un borde de cuatro píxeles
                lambda L: [L.Conv2D(8, 1, strides=4)],  # uno de cada cuatro
            )
        ),
        (network(lambda L: small(L, activation=None), (32, 32, 3)), "todo-lineal"),
        (network(lambda L: [L.ReLU(), *small(L, activation=None)], (32, 32, 3)), "activacion-que-no-actua"),
    ],
    "09.12": [
        (1, "sobran"),
        (2, "sobran"),
        (3, "dos-en-el-mismo"),
        (7, "falta-el-segundo"),
        (8, "falta-el-segundo"),
        (0, None),
        (9, None),
        (4.5, None),
        (True, None),
        ((5, 5), None),
    ],
}

# --- Funciones: ideas equivocadas que los casos de antes no distinguían -------------------------------


def _hull_area(points):
    from scipy.spatial import ConvexHull

    return ConvexHull(np.reshape(points, (-1, 2))).volume


def _last_best(probabilities, truth, candidates):
    def dice(threshold):
        mask = probabilities > threshold
        return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())

    return max(reversed(candidates), key=dice)


def _best_mean_dice(probabilities, truth, candidates):
    """El Dice medio de objeto y fondo."""

    def dice(mask, other):
        return 2 * (mask & other).sum() / (mask.sum() + other.sum())

    return max(candidates, key=lambda t: dice(probabilities > t, truth) + dice(probabilities <= t, ~truth))


WRONG_FUNCTIONS = {
    "00.2": [
        (lambda x, w, b: max((x * w).sum() - b, 0), "resta-el-sesgo"),
        (lambda x, w, b: x @ w + b if x @ w > 0 else 0, None),
    ],
    "00.4": [
        (lambda z: _longer(z) / _longer(z).sum(), None),
        (lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum(), "resta-el-minimo"),
        (lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum(), "resta-la-media"),
        (lambda z: np.exp(z - 1000) / np.exp(z - 1000).sum(), None),
        (lambda z: np.exp(np.clip(z, -700, 700)) / np.exp(np.clip(z, -700, 700)).sum(), None),
        (lambda z: np.exp(z / abs(z).max()) / np.exp(z / abs(z).max()).sum() if z.any() else z + 0.5, None),
        (lambda z: np.exp(z - z[-1]) / np.exp(z - z[-1]).sum(), None),
    ],
    "00.6": [
        (
            lambda x, y, w, b, lr: (
                b - lr * (2 * (w * x + b - y)).mean(),
                w - lr * (2 * (w * x + b - y) * x).mean(),
            ),
            "b-antes-que-w",
        )
    ],
    "01.2": [
        (lambda m: divmod(int(m.argmax()), m.shape[0]), None),
        (lambda m: np.unravel_index(m.astype(int).argmax(), m.shape), None),
    ],
    "02.3": [
        (lambda image, rows, cols: _shifted(image, rows, cols) if rows or cols else 0 * image, None),
        (lambda image, rows, cols: _shifted(image, rows, cols if rows >= 0 else abs(cols)), None),
        (lambda image, rows, cols: _shifted(image, rows % 4 if rows > 0 else rows, cols), None),
    ],
    "02.4": [
        (lambda layer, image, cols: 0, "valor-distinto"),
        (
            lambda layer, image, cols: np.abs(
                layer(np.roll(image, cols, 1)) - np.roll(layer(image), cols, 1)
            )[0].max(),
            None,
        ),
        (
            lambda layer, image, cols: (
                (layer(np.roll(image, cols, 1)) - np.roll(layer(image), cols, 1)) ** 2
            ).max(),
            None,
        ),
        (
            lambda layer, image, cols: abs(
                (layer(np.roll(image, cols, 1)) - np.roll(layer(image), cols, 1)).sum()
            ),
            None,
        ),
    ],
    "00.5": [
        (lambda p, y: -(np.eye(p.shape[1])[y] * np.log(p)).mean(), "entre-todas-las-clases"),
        (lambda p, y: -np.log2(p[np.arange(len(y)), y]).mean(), "logaritmo-en-base-2"),
    ],
    "01.7": [
        (lambda v, h: np.vectorize(lambda a, b: max(0, min(a, b)))(v, h), None)
    ],  # enteros, si empieza por 0
    "03.4": [(lambda n, k, s: _padding_with_odd_debt(n, k, s), None)],
    "03.5": [
        (lambda image, kernel: _into(ops.correlate2d(image, kernel), image.dtype), "pierde-los-decimales")
    ],
    "03.7": [(lambda k, d: d * (k - 1) // 2 * 2, None)],
    "04.4": [(lambda image, kernels: _maps_into(image, kernels, image.dtype), "pierde-los-decimales")],
    "05.6": [
        (lambda feature_map, gradient: _wherever_it_is(feature_map, gradient, 0), None),
        (lambda feature_map, gradient: _wherever_it_is(feature_map, gradient, -1), None),
        (lambda feature_map, gradient: _winners_from(feature_map, gradient, -1), None),
    ],
    "03.2": [
        (lambda n, k, s, p: (n + 2 * p - 2 * (k // 2) - 1) // s + 1, None),  # solo con kernel impar
        (lambda n, k, s, p: -(-n // s) if p else (n - k) // s + 1, None),  # todo relleno es «same»
    ],
    "05.1": [(lambda m: m.reshape(m.shape[0] // 2, 2, -1).max(axis=1) if m.shape[0] % 2 == 0 else m, None)],
    "05.3": [(lambda n, w, s: n // s if s > w else (n - w) // s + 1, None)],
    "05.9": [(lambda layers: _field_with_doubling(layers), None)],
    "06.2": [(lambda images: (images / 255).astype(np.uint8)[..., None], "division-entera")],
    "06.4": [
        (
            lambda train, test: (
                (train - train.mean()) / train.std(ddof=1),
                (test - train.mean()) / train.std(ddof=1),
            ),
            "desviacion-muestral",
        ),
        (
            lambda train, test: (
                (train - train.mean()) / np.abs(train - train.mean()).mean(),
                (test - train.mean()) / np.abs(train - train.mean()).mean(),
            ),
            None,
        ),
    ],
    "06.6": [
        (lambda logits, labels: (logits[np.arange(len(labels)), labels] > 0).mean(), None),
        (lambda logits, labels: 1.0, "valor-distinto"),
        (lambda logits, labels: 0.0, "valor-distinto"),
    ],
    "06.10": [(lambda h, w, k, c, f: h * w * c * f * (9 if k > 1 else 1), None)],
    "06.11": [(lambda confidence, correct, bins: _closed_on_the_right(confidence, correct, bins), None)],
    "06.12": [
        (
            lambda step, steps, highest: (
                highest * min(step / (steps // 4), (steps - step) / (steps - steps // 4))
            ),
            None,
        )
    ],
    "06.13": [
        (lambda a, b: np.maximum(_softmax(a), _softmax(b)).argmax(axis=1), None),
        (lambda a, b: np.minimum(_softmax(a), _softmax(b)).argmax(axis=1), "valor-distinto"),
    ],
    "07.4": [(lambda image, mask, distance, void: _void_in_the_dark(image, mask, distance, void), None)],
    "07.7": [
        (lambda before, after: [v for v in dict.fromkeys(after.ravel()) if v not in before], None),
        (lambda before, after: sorted(set(after.ravel()) - set(before.ravel())) or [0], None),
    ],
    "08.2": [
        (lambda a, b: (a & b).sum() / (a | b).sum() if a.any() and b.any() else 1, "alguna-vacia"),
        (lambda a, b: (a & b).sum() / (a | b).sum() if a.any() and b.any() else 0, "olvida-las-vacias"),
        (lambda a, b: (a & b).sum() / (a | b).sum() if a.any() else 1, None),
        (lambda a, b: (a & b).sum() / (a | b).sum() if b.any() else 1, None),
    ],
    "08.11": [
        (_last_best, None),
        (lambda p, truth, candidates: _last_best(p, truth, sorted(candidates, reverse=True)), None),
        (lambda p, truth, candidates: _best_mean_dice(p, truth, candidates), "valor-distinto"),
    ],
    "09.4": [
        (lambda mask, ways, centers: _by_distance(mask, ways, centers, np.abs, np.max), None),
        (lambda mask, ways, centers: _by_distance(mask, ways, centers, np.abs, np.sum), None),
        (lambda mask, ways, centers: _by_distance(mask, ways, np.rint(centers), np.square, np.sum), None),
    ],
    "09.6": [
        (lambda table, scores, threshold: _first_that_passes(table, scores, threshold), None),
        (lambda table, scores, threshold: exercise("09.6").judge.reference(table, scores, 0.5), None),
    ],
    "09.8": [
        (
            lambda precision, recall: np.mean(
                [max(precision[recall >= r], default=0) for r in np.arange(0, 1, 0.01)]
            ),
            "falta-el-uno",
        ),
    ],
    "09.11": [
        (lambda feature_map, row, col: feature_map[round(row), round(col)], "redondea"),
        (lambda feature_map, row, col: feature_map[int(row + 0.5), int(col + 0.5)], "redondea"),
    ],
    "10.6": [
        (
            lambda test, train: [
                int(np.argmin([((a - b).astype(float) ** 2).sum() for b in train])) for a in test
            ],
            "se-desborda-en-el-otro-sentido",
        ),
        (
            lambda test, train: exercise("10.6").judge.reference(test[..., :1], train[..., :1]),
            None,
        ),
        (
            lambda test, train: [int(np.argmin([((b - a) ** 2).sum() for b in train])) for a in test],
            "cuadrado-de-8-bits",
        ),
        (
            lambda test, train: [int(np.argmin([abs(b.astype(int) - a).sum() for b in train])) for a in test],
            "sin-cuadrado",
        ),
        (
            lambda test, train: [int(np.argmin([abs(b.astype(int) - a).max() for b in train])) for a in test],
            None,
        ),
    ],
    "11.3": [(lambda mask: _box_from_the_first(mask), None)],
    "11.4": [(_hull_area, None)],
    "11.9": [
        (lambda masks, classes, crowds: _painted_by_box(masks, classes, crowds), "por-la-caja"),
        (lambda masks, classes, crowds: np.where(masks.any(axis=0), 255, 0), None),
    ],
}


def _longer(z):
    return np.exp(z.astype(np.longdouble))


def _padding_with_odd_debt(n, k, s):
    total = (-(-n // s) - 1) * s + k - n
    return max(total // 2, 0), max(total // 2, 0) + total % 2


def _shifted(image, rows, cols):
    return exercise("02.3").judge.reference(image, rows, cols)


def _into(values, dtype):
    """Los mismos valores, guardados uno a uno en un array de otro tipo."""
    output = np.zeros(values.shape, dtype)
    for place in np.ndindex(values.shape):
        output[place] = values[place]
    return output


def _maps_into(image, kernels, dtype):
    maps = [ops.correlate2d(image, kernels[..., f]) for f in range(kernels.shape[2])]
    return _into(np.stack(maps, axis=-1), dtype)


def _wherever_it_is(feature_map, gradient, which):
    """Busca el máximo de cada ventana en el mapa entero, y se queda con el primero o con el último."""
    found = np.zeros(feature_map.shape)
    for place, highest in np.ndenumerate(ops.max_pool2d(feature_map)):
        found[tuple(np.argwhere(feature_map == highest)[which])] = gradient[place]
    return found


def _winners_from(feature_map, gradient, lowest):
    """Compara desde un valor fijo, que gana donde todos son menores."""
    raised = np.maximum(feature_map, lowest)
    highest, spread = (
        values.repeat(2, axis=0).repeat(2, axis=1) for values in (ops.max_pool2d(raised), gradient)
    )
    return (raised == highest) * spread


def _field_with_doubling(layers):
    size, jump = 1, 1
    for kernel_size, stride in layers:
        size += (kernel_size - 1) * jump
        jump *= 2 if stride > 1 else 1
    return size


def _softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _closed_on_the_right(confidence, correct, bins):
    place, error = np.ceil(confidence * bins), 0
    for number in set(place):
        group = place == number
        error += group.mean() * abs(confidence[group].mean() - correct[group].mean())
    return error


def _void_in_the_dark(image, mask, distance, void):
    image, mask = exercise("07.4").judge.reference(image, mask, distance, void)
    return image, np.where(image == 0, void, mask)


def _first_that_passes(table, scores, threshold):
    partners, free = [-1] * len(scores), list(range(len(table)))
    for j in np.argsort(-scores):
        good = [i for i in free if table[i, j] >= threshold]
        if good:
            partners[j] = good[0]
            free.remove(good[0])
    return partners


def _box_from_the_first(mask):
    rows, cols = np.nonzero(mask)
    return [cols[0], rows[0], cols.max() - cols[0] + 1, rows.max() - rows[0] + 1]


def _by_distance(mask, ways, centers, size, join):
    ids = np.zeros(mask.shape, int)
    for row, col in np.argwhere(mask):
        ids[row, col] = join(size(centers - np.array([row, col]) - ways[row, col]), axis=1).argmin() + 1
    return ids


def _painted_by_box(masks, classes, crowds):
    boxes = [np.ptp(np.nonzero(mask)[0]) * np.ptp(np.nonzero(mask)[1]) for mask in masks]
    target = np.where(masks[np.array(crowds) == 1].any(axis=0), 255, 0)
    for k in np.argsort(boxes)[::-1]:
        if not crowds[k]:
            target[masks[k] > 0] = classes[k]
    return target


ALL_WRONG = [
    (name, *row) for table in (WRONG, WRONG_FUNCTIONS) for name, rows in table.items() for row in rows
]


@pytest.mark.parametrize(
    ("name", "answer", "diagnosis"),
    ALL_WRONG,
    ids=[f"{row[0]}-{row[2]}-{i}" for i, row in enumerate(ALL_WRONG)],
)
def test_a_wrong_answer_is_refused_for_what_it_has(name, answer, diagnosis):
    item = exercise(name)
    if item.judge.asks != "function" and callable(answer):
        answer = answer()
    result = item.examine(answer)
    assert result.state in (Outcome.INCORRECT, Outcome.ANSWER_ERROR), result
    if diagnosis is not None:
        assert result.diagnosis == diagnosis, result


def test_every_exercise_without_a_single_answer_has_five_adversaries():
    open_answers = {item.id for item in all_exercises() if not isinstance(item.judge, ByReference)}
    assert open_answers == set(WRONG)
    assert min(len(rows) for rows in WRONG.values()) >= 5


def _near(value):
    """Valores parecidos al correcto: números vecinos, la mitad, otro signo, otra forma."""
    if isinstance(value, str):
        return [value[:-1], value + "s", "", 0, [value]]
    if isinstance(value, int | float):
        near = [value + 1, value - 1, -value, value / 2, 2 * value, str(value), [value, value]]
        return [*near, value * 1.001] if isinstance(value, float) else near
    items = list(value)
    near = [items[:-1], items + items[-1:], [], str(items), items[::-1], sum(items, start=0 * items[0])
            if isinstance(items[0], int | float) else items[0]]  # fmt: skip
    return [one for one in near if one != items]


@pytest.mark.parametrize(
    "item",
    [item for item in all_exercises() if isinstance(item.judge, ByReference) and item.judge.asks == "value"],
    ids=lambda item: item.id,
)
def test_a_value_that_is_near_is_not_right(item):
    near = _near(item.judge.reference())
    assert len(near) >= 5
    for answer in near:
        assert item.examine(answer).state in (Outcome.INCORRECT, Outcome.ANSWER_ERROR), answer
