"""Ejercicios del capítulo 04: pesos compartidos y varios filtros."""

from inspect import signature

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.expected import as_integers
from course_utils.exercises.layers import CONVOLUTIONS_2D, read_layer
from course_utils.ops import correlate2d

chapter = Chapter("04")


def conv_parameters(kernel_height, kernel_width, in_channels, filters):
    """Parámetros de una capa convolucional con sesgos."""
    weights = kernel_height * kernel_width * in_channels  # de un filtro
    return (weights + 1) * filters


chapter.by_reference(
    "04.1",
    conv_parameters,
    cases=[(1, 1, 1, 1), (3, 3, 1, 2), (2, 3, 3, 1), (5, 3, 4, 8)],
    mistakes={
        "olvida-los-sesgos": lambda kh, kw, c, f: kh * kw * c * f,
        "un-solo-sesgo": lambda kh, kw, c, f: kh * kw * c * f + 1,
        "sesgo-por-canal": lambda kh, kw, c, f: (kh * kw + 1) * c * f,
        "olvida-los-canales": lambda kh, kw, c, f: (kh * kw + 1) * f,
        "kernel-cuadrado": lambda kh, kw, c, f: (kh * kh * c + 1) * f,
        "suma-canales-y-filtros": lambda kh, kw, c, f: kh * kw * (c + f) + f,
    },
)


def second_layer_parameters():
    """Parámetros de Conv2D(20, 3) sobre 8 canales."""
    return (3 * 3 * 8 + 1) * 20


chapter.by_reference(
    "04.2",
    second_layer_parameters,
    controls=(Number("Parámetros"),),
    mistakes={
        "olvida-los-sesgos": lambda: 3 * 3 * 8 * 20,
        "olvida-los-canales": lambda: (3 * 3 + 1) * 20,
        "sesgo-por-canal": lambda: (3 * 3 + 1) * 8 * 20,
        "kernel-de-3-pesos": lambda: (3 * 8 + 1) * 20,
        "cuenta-las-posiciones": lambda: (3 * 3 * 8 + 1) * 20 * 11 * 11,
    },
)


def filter_response(window, kernel, bias):
    """Lo que un filtro responde en una posición."""
    return (window * kernel).sum() + bias


def _windows():
    rng = np.random.default_rng(43)
    return [
        (np.array([[[1.0, 2.0]]]), np.array([[[3.0, -1.0]]]), 0.5),
        (rng.integers(0, 5, (2, 2, 3)).astype(float), rng.integers(-2, 3, (2, 2, 3)).astype(float), 1.0),
        (rng.integers(0, 5, (3, 3, 2)).astype(float), rng.integers(-2, 3, (3, 3, 2)).astype(float), -2.0),
        (rng.normal(size=(2, 3, 2)).round(1), rng.normal(size=(2, 3, 2)).round(1), 0.3),
    ]


chapter.by_reference(
    "04.3",
    filter_response,
    cases=_windows(),
    mistakes={
        "un-valor-por-canal": lambda window, kernel, bias: (window * kernel).sum(axis=(0, 1)) + bias,
        "sesgo-por-canal": lambda window, kernel, bias: (window * kernel).sum() + bias * window.shape[2],
        "sesgo-por-pixel": lambda window, kernel, bias: (window * kernel + bias).sum(),
        "olvida-el-sesgo": lambda window, kernel, bias: (window * kernel).sum(),
        "promedia-los-canales": lambda window, kernel, bias: (window * kernel).sum() / window.shape[2] + bias,
        "solo-el-primer-canal": lambda window, kernel, bias: (window[..., 0] * kernel[..., 0]).sum() + bias,
    },
)


def apply_filters(image, kernels):
    """Un mapa por filtro, con los filtros en el último eje."""
    filters = range(kernels.shape[2])
    maps = [correlate2d(image, kernels[:, :, f]) for f in filters]
    return np.stack(maps, axis=-1)


def _image_and_filters():
    rng = np.random.default_rng(44)
    return [
        (np.arange(9.0).reshape(3, 3), np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]])),
        (rng.integers(0, 9, (5, 4)).astype(float), rng.integers(-2, 3, (2, 3, 4)).astype(float)),
        (rng.normal(size=(4, 3)).round(1), rng.normal(size=(2, 2, 3)).round(1)),
        (
            np.arange(6).reshape(2, 3),
            np.array([[[0.5, 1.0], [-0.25, 0.75]]]),
        ),  # de enteros, y salen decimales
    ]


chapter.by_reference(
    "04.4",
    apply_filters,
    cases=_image_and_filters(),
    mistakes={
        "filtros-delante": lambda image, kernels: np.moveaxis(apply_filters(image, kernels), -1, 0),
        "suma-los-mapas": lambda image, kernels: apply_filters(image, kernels).sum(axis=-1),
        "repite-el-primero": lambda image, kernels: apply_filters(
            image, np.repeat(kernels[..., :1], kernels.shape[2], axis=2)
        ),
        "encadena-los-filtros": lambda image, kernels: np.stack(
            [
                correlate2d(image, kernels[..., index])
                if index == 0
                else correlate2d(
                    np.pad(
                        correlate2d(image, kernels[..., index - 1]),
                        ((0, kernels.shape[0] - 1), (0, kernels.shape[1] - 1)),
                    ),
                    kernels[..., index],
                )
                for index in range(kernels.shape[2])
            ],
            axis=-1,
        ),
        "mapa-mayor": lambda image, kernels: apply_filters(image, kernels).max(axis=-1),
        "pierde-los-decimales": lambda image, kernels: apply_filters(image, kernels).astype(image.dtype),
    },
)


def mix_channels(maps, weights, bias):
    """Convolución de 1 × 1: mezcla los canales de cada píxel."""
    return maps @ weights + bias


def _maps_and_weights():
    rng = np.random.default_rng(45)
    return [
        (
            rng.integers(0, 5, (1, 2, 2)).astype(float),
            np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 1.0]]),
            np.arange(3.0),
        ),
        (
            rng.integers(0, 5, (3, 2, 3)).astype(float),
            rng.integers(-2, 3, (3, 2)).astype(float),
            np.array([0.5, -1.0]),
        ),
        (rng.normal(size=(2, 3, 2)).round(1), rng.normal(size=(2, 4)).round(1), rng.normal(size=4).round(1)),
        (np.array([[[1.0, 2.0], [3.0, 0.0]]]), np.array([[0.5, -1.25], [2.0, 0.75]]), np.array([0.1, -0.2])),
    ]


chapter.by_reference(
    "04.5",
    mix_channels,
    cases=_maps_and_weights(),
    mistakes={
        "olvida-el-sesgo": lambda maps, weights, bias: maps @ weights,
        "suma-los-canales-antes": lambda maps, weights, bias: (
            maps.sum(axis=-1, keepdims=True) * weights.sum(axis=0) + bias
        ),
        "promedia-la-imagen": lambda maps, weights, bias: np.broadcast_to(
            maps.mean(axis=(0, 1)) @ weights + bias, (*maps.shape[:2], weights.shape[1])
        ),
        "un-solo-filtro": lambda maps, weights, bias: (maps @ weights + bias).sum(axis=-1, keepdims=True),
        "un-solo-sesgo": lambda maps, weights, bias: maps @ weights + bias[0],
        "aplica-relu": lambda maps, weights, bias: np.maximum(maps @ weights + bias, 0),
    },
)


def build_layer():
    """Capa que lleva (28, 28, 1) a (14, 14, 8) con 208 parámetros."""
    import keras

    return keras.layers.Conv2D(8, kernel_size=5, strides=2, padding="same")


def _layer_on_28(answer):
    import keras

    layer = read_layer(answer)
    if layer.kind not in CONVOLUTIONS_2D:
        return {"kind": layer.title, "convolves": False}
    plain = {"activation": "linear"}  # vale cualquiera, también propia
    config = {key: value for key, value in layer.config.items() if key != "activation"}
    built = _copy_of(layer, config | plain)
    try:
        output = built(keras.Input((28, 28, 1)))
    except (ValueError, TypeError, AttributeError):
        raise Unexpected(
            "No se puede construir con una entrada de forma (28, 28, 1). Comprueba que el kernel quepa y que "
            '`filters`, `kernel_size` y `strides` sean enteros, y `padding`, `"valid"` o `"same"`.'
        ) from None
    shape = tuple(output.shape[1:])
    return {
        "kind": layer.title,
        "convolves": True,
        "transposed": layer.kind == "Conv2DTranspose",
        "other": layer.name not in ("", layer.kind) and _differs(answer, built),
        "size": shape[:-1],
        "filters": shape[-1],
        "bias": layer.config.get("use_bias", True),
        "same": layer.config.get("padding", "valid") == "same",
        "channels_first": layer.config.get("data_format") == "channels_first",
        "parameters": built.count_params(),
    }


def _copy_of(layer, config):
    """Una capa de Keras con la configuración de la entregada, que puede formar ya parte de una red."""
    import keras

    kind = getattr(keras.layers, layer.kind)
    if layer.name not in ("", layer.kind):  # una clase propia: de lo que añade no depende lo que se juzga
        config = {key: value for key, value in config.items() if key in signature(kind).parameters}
    try:
        return kind.from_config(config)
    except TypeError:  # lo que lanza Keras, sea cual sea el argumento que no admite
        raise Unexpected(
            f"Keras no puede crear una `{layer.kind}` con esa configuración. Comprueba cómo se llama cada "
            'argumento, que los tamaños sean enteros de 1 o más y que `padding` sea `"valid"` o `"same"`.'
        ) from None


def _differs(answer, plain) -> bool:
    """Si una clase propia tiene otros pesos que su convolución, ``plain``, o con los mismos da otra cosa.

    Como vale cualquier activación, basta con que cada valor de la salida dependa solo del de ``plain``.
    """
    import keras

    rng = np.random.default_rng(46)
    images = keras.ops.array(rng.normal(size=(2, 28, 28, 1)).astype("float32"))
    try:
        own = type(answer).from_config(answer.get_config())
    except Exception:  # su constructor lleva otros argumentos
        own = answer
    if not own.built:
        own.build((None, 28, 28, 1))
    if [weight.shape for weight in own.weights] != [weight.shape for weight in plain.weights]:
        return True
    values = [
        keras.ops.array(rng.normal(scale=0.3, size=weight.shape), "float32") for weight in plain.weights
    ]
    pairs = zip([*own.weights, *plain.weights], [*values, *values], strict=True)
    with keras.StatelessScope(state_mapping=pairs):  # sus pesos no cambian
        seen, linear = own(images), plain(images)
        activated = own.activation(linear)
    seen, linear, activated = map(keras.ops.convert_to_numpy, (seen, linear, activated))
    if seen.shape != linear.shape:
        return True
    if np.allclose(seen, activated, atol=1e-5):  # softmax mezcla los canales
        return False
    steps = np.abs(np.diff(seen.ravel()[linear.ravel().argsort()]))
    return not steps.mean() < 0.1 * seen.std()


def _transposed():
    import keras

    return keras.layers.Conv2DTranspose(8, 5, strides=2, padding="same")


def _conv(**changes):
    def build():
        import keras

        return keras.layers.Conv2D(
            **({"filters": 8, "kernel_size": 5, "strides": 2, "padding": "same"} | changes)
        )

    return build


def _other_layer():
    import keras

    return keras.layers.Dense(8)


def _absent_minded():
    import keras

    class Absent(keras.layers.Conv2D):
        def call(self, inputs):
            return super().call(inputs[:, ::-1])  # mira la imagen boca abajo

    return Absent(8, 5, strides=2, padding="same")


def _by_turns():
    import keras

    return keras.layers.SeparableConv2D(8, kernel_size=5, strides=2, padding="same")


chapter.by_rules(
    "04.6",
    build_layer,
    _layer_on_28,
    asks="model",
    mistakes={
        "otra-capa": Rule(lambda seen: not seen["convolves"], _other_layer),
        "canales-delante": Rule(lambda seen: seen["channels_first"], _conv(data_format="channels_first")),
        "calcula-otra-cosa": Rule(lambda seen: seen["other"], _absent_minded),
        "otros-filtros": Rule(lambda seen: seen["filters"] != 8, _conv(filters=14)),
        "transpuesta": Rule(lambda seen: seen["transposed"], _transposed),
        "sin-stride": Rule(lambda seen: max(seen["size"]) > 14, _conv(strides=1)),
        "sin-relleno": Rule(lambda seen: min(seen["size"]) < 14 and not seen["same"], _conv(padding="valid")),
        "stride-excesivo": Rule(lambda seen: min(seen["size"]) < 14, _conv(strides=3)),
        "sin-sesgos": Rule(lambda seen: not seen["bias"], _conv(use_bias=False)),
        "sin-relleno-y-justo": Rule(
            lambda seen: seen["parameters"] != 208 and not seen["same"],
            _conv(kernel_size=15, strides=1, padding="valid"),
        ),
        "separable": Rule(lambda seen: "Separable" in seen["kind"] and seen["parameters"] != 208, _by_turns),
        "otro-kernel": Rule(lambda seen: seen["parameters"] != 208, _conv(kernel_size=3)),
    },
)


def layer_from_summary():
    """Tamaño del kernel y canales de entrada."""
    kernel_size = 28 - 26 + 1
    in_channels = (320 // 32 - 1) // kernel_size**2
    return kernel_size, in_channels


def _summary_of(answer):
    kernel_size, in_channels = as_integers(answer, "kernel_size", "in_channels")
    if not 1 <= kernel_size <= 28 or in_channels < 1:
        raise Unexpected("El kernel mide de 1 a 28 y hay al menos un canal.")
    return {"size": 28 - kernel_size + 1, "parameters": (kernel_size**2 * in_channels + 1) * 32}


chapter.by_rules(
    "04.7",
    layer_from_summary,
    _summary_of,
    controls=(Slider("Tamaño del kernel", 1, 7), Slider("Canales de entrada", 1, 4)),
    consequence=lambda k, channels: f"cada filtro tiene {k} × {k} × {channels} pesos y un sesgo",
    mistakes={
        "kernel-grande": Rule(lambda seen: seen["size"] < 26, lambda: (5, 1)),
        "kernel-pequeño": Rule(lambda seen: seen["size"] > 26, lambda: (2, 2)),
        "otros-canales": Rule(lambda seen: seen["parameters"] != 320, lambda: (3, 3)),
    },
)


def layer_shapes():
    """Formas de salida de las tres capas."""
    first = (32 // 2, 32 // 2, 16)  # con "same", el stride 2 deja la mitad
    second = (16, 16, 32)  # el 1 × 1 no cambia el tamaño
    third = (16 - 3 + 1, 16 - 3 + 1, 8)
    return [first, second, third]


chapter.by_reference(
    "04.8",
    layer_shapes,
    mistakes={
        "olvida-el-stride": lambda: [(32, 32, 16), (32, 32, 32), (30, 30, 8)],
        "olvida-same": lambda: [(14, 14, 16), (14, 14, 32), (12, 12, 8)],
        "same-en-todas": lambda: [(16, 16, 16), (16, 16, 32), (16, 16, 8)],
        "1x1-encoge": lambda: [(16, 16, 16), (1, 1, 32), (1, 1, 8)],
        "sin-canales": lambda: [(16, 16), (16, 16), (14, 14)],
        "con-el-lote": lambda: [(1, 16, 16, 16), (1, 16, 16, 32), (1, 14, 14, 8)],
        "los-canales-se-multiplican": lambda: [(16, 16, 48), (16, 16, 1536), (14, 14, 12288)],
    },
)
