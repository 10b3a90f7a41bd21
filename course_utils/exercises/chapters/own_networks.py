"""Las redes que se construyen enteras, 06.7 y 08.12: lo que se ve de ellas y sus errores."""

from course_utils.exercises.chapter import Rule
from course_utils.exercises.chapters.networks import behaviour_of, collapse_of, network_of, takes
from course_utils.exercises.probing import blind_place, whole_map_step


def network_within_budget(answer) -> dict:
    """Lo que se mira de la red de 06.7."""
    seen = network_of(answer)
    return seen | behaviour_of(seen, answer, (28, 28, 1), (10,), budget=20_000)


def _network(
    filters=(16, 32),
    activation="relu",
    pooling=None,
    flatten=True,
    hidden=0,
    units=10,
    last=None,
    shape=(28, 28, 1),
    early=False,
    hide=None,
):
    def build():
        import keras

        layers = [keras.Input(shape), *([keras.layers.ReLU()] if early else [])]
        for count in filters:
            layers += [keras.layers.Conv2D(count, 3, activation=activation)]
            layers += [keras.layers.MaxPooling2D(2, data_format=pooling)]
        layers += [keras.layers.Flatten()] if flatten else []
        layers += [keras.layers.Dense(hidden, activation=activation)] if hidden else []
        layers += [keras.layers.Dense(units, activation=last)]
        return keras.Sequential([*layers, *([keras.layers.Lambda(hide)] if hide else [])])

    return build


NETWORK_MISTAKES = {
    "otra-entrada": Rule(lambda seen: not takes(seen["input"], (28, 28, 1)), _network(shape=(32, 32, 3))),
    "canales-delante": Rule(lambda seen: seen["channels_first"], _network(pooling="channels_first")),
    "sin-convolucion": Rule(lambda seen: not seen["convolves"], _network(filters=(), hidden=16)),
    "no-aplana": Rule(lambda seen: len(seen["output"]) != 1, _network(flatten=False)),
    "otra-salida": Rule(lambda seen: seen["output"] != (10,), _network(units=9)),
    "softmax-dos-veces": Rule(lambda seen: seen["activation"] == "softmax", _network(last="softmax")),
    "activacion-al-final": Rule(lambda seen: seen["activation"] != "linear", _network(last="sigmoid")),
    "activacion-escondida": Rule(lambda seen: seen["hides"], _network(hide=abs)),
    "todo-lineal": Rule(lambda seen: seen["linear"], _network(activation=None)),
    "activacion-que-no-actua": Rule(
        lambda seen: seen["inert"], _network(filters=(8,), activation=None, early=True)
    ),
    "se-pasa-del-presupuesto": Rule(lambda seen: seen["parameters"] >= 20_000, _network(hidden=64)),
}


def _segmenter(
    down=2,
    up=2,
    outputs=1,
    activation=None,
    between="relu",
    width=16,
    middle="",
    shape=(32, 32, 3),
    data_format=None,
):
    def build():
        from keras import Sequential, layers, ops

        parts = [layers.Input(shape)]
        same = {"padding": "same", "activation": between, "data_format": data_format}
        parts += [layers.ReLU()] if middle == "early" else []
        parts += [layers.Conv2D(width, 3, strides=2, **same) for _ in range(down)]
        parts += [layers.Conv2DTranspose(width, 2, strides=2, activation=between) for _ in range(up)]
        if middle == "pixel":
            parts += [layers.Dense(8)]
        if middle == "global":
            parts += [layers.GlobalAveragePooling2D(keepdims=True), layers.UpSampling2D(32)]
        if middle == "dense":
            parts += [
                layers.MaxPooling2D(8),
                layers.Flatten(),
                layers.Dense(1024),
                layers.Reshape((32, 32, 1)),
            ]
        if middle == "window":
            parts += [layers.AveragePooling2D(32), layers.UpSampling2D(32)]
        if middle == "mean":
            parts += [layers.Lambda(lambda maps: maps + ops.mean(maps, axis=(1, 2), keepdims=True))]
        if middle == "einsum":
            parts += [layers.EinsumDense("abcx,xy->abcy", (None, None, 8))]
        if middle == "crop":
            parts += [layers.Cropping2D(12), layers.ZeroPadding2D(12)]
        parts += [layers.Conv2D(outputs, 1, activation=activation)]
        parts += [layers.Activation("sigmoid")] if middle == "sigmoid" else []
        parts += [layers.Lambda(abs)] if middle == "hidden" else []
        return Sequential(parts)

    return build


def segmenter_of(answer) -> dict:
    """Lo que se mira de la red de 08.12.

    Además de lo común: ``flattens``, ``outputs``, ``smallest`` (lado mayor del menor mapa), ``collapse`` (la
    capa que pasa de golpe a un píxel y lo que medía el mapa), ``whole`` (la función propia que reúne el mapa
    entero y lo que medía) y ``blind`` (un trozo de la imagen que no se mira).
    """
    seen = network_of(answer)
    seen |= behaviour_of(seen, answer, (32, 32, 3), (32, 32, 1), budget=20_000, allowed=("sigmoid",))
    blind = blind_place(answer, (32, 32, 3), side=8) if seen["tail"] else ""
    whole = whole_map_step(answer, (32, 32, 3)) if seen["tail"] else None
    shapes = [layer.output_shape for layer in seen["layers"]]
    return seen | {
        "flattens": any(len(shape) == 1 for shape in shapes),
        "outputs": seen["output"][-1] if seen["output"] else 0,
        "smallest": min(
            (max(side or 32 for side in shape[:2]) for shape in shapes if len(shape) == 3), default=32
        ),
        "final": ", luego ".join(f"`{name}`" for name in seen["final"][::-1]),
        "activations": len(seen["final"]) if None not in seen["final"] else 0,
        "collapse": collapse_of(seen["layers"]),
        "whole": whole,
        "blind": blind,
    }


def _only_pooling():
    from keras import Sequential, layers

    return Sequential([layers.Input((32, 32, 3)), layers.MaxPooling2D(4), layers.UpSampling2D(4)])


SEGMENTER_MISTAKES = {
    "otra-entrada": Rule(lambda seen: seen["input"] != (32, 32, 3), _segmenter(shape=(32, 32, 1))),
    "canales-delante": Rule(
        lambda seen: seen["channels_first"], _segmenter(down=1, up=0, data_format="channels_first")
    ),
    "pooling-global": Rule(
        lambda seen: any(kind.startswith("Global") for kind in seen["kinds"]), _segmenter(middle="global")
    ),
    "resume-de-golpe": Rule(lambda seen: seen["collapse"], _segmenter(middle="window")),
    "reune-el-mapa": Rule(lambda seen: seen["whole"], _segmenter(middle="mean")),
    "capa-densa": Rule(lambda seen: seen["flattens"], _segmenter(middle="dense")),
    "densa-por-pixel": Rule(lambda seen: "Dense" in seen["kinds"], _segmenter(middle="pixel")),
    "densa-con-otro-nombre": Rule(lambda seen: "EinsumDense" in seen["kinds"], _segmenter(middle="einsum")),
    "sin-convolucion": Rule(lambda seen: not seen["convolves"], _only_pooling),
    "no-vuelve": Rule(
        lambda seen: len(seen["output"]) != 3 or seen["output"][:2] != (32, 32), _segmenter(up=1)
    ),
    "otras-salidas": Rule(lambda seen: seen["outputs"] != 1, _segmenter(outputs=2)),
    "no-baja": Rule(lambda seen: seen["smallest"] > 8, _segmenter(down=1, up=1)),
    "softmax-de-uno": Rule(lambda seen: seen["activation"] == "softmax", _segmenter(activation="softmax")),
    "relu-al-final": Rule(lambda seen: seen["activation"] == "relu", _segmenter(activation="relu")),
    "otra-activacion": Rule(
        lambda seen: seen["activation"] not in ("linear", "sigmoid"), _segmenter(activation="tanh")
    ),
    "dos-activaciones": Rule(
        lambda seen: seen["activations"] > 1, _segmenter(activation="relu", middle="sigmoid")
    ),
    "activacion-escondida": Rule(lambda seen: seen["hides"], _segmenter(middle="hidden")),
    "todo-lineal": Rule(lambda seen: seen["linear"], _segmenter(between=None)),
    "activacion-que-no-actua": Rule(lambda seen: seen["inert"], _segmenter(between=None, middle="early")),
    "no-mira-ahi": Rule(lambda seen: seen["blind"], _segmenter(middle="crop")),
    "demasiados": Rule(lambda seen: seen["parameters"] >= 20_000, _segmenter(width=64)),
}
