"""Escribe en ``web/test/networks`` redes pequeñas con lo que Keras responde, para probar las de la página.

    python -m tools.network_vectors

Cada red va en el archivo que escribe ``export_web``, que lleva valores de cada capa. En ``training.json``
están los gradientes de otras y sus pesos después de unos pasos de cada optimizador.
"""

import json
from pathlib import Path

import numpy as np

from course_utils.networks.web import export_web

FOLDER = Path(__file__).resolve().parents[1] / "web" / "test" / "networks"


def randomized(model, seed=0):
    """La misma red con pesos al azar en float16, también las medias y varianzas de la normalización."""
    rng = np.random.default_rng(seed)

    def drawn(weight):
        values = rng.normal(0, 1 / np.sqrt(max(1, np.prod(weight.shape[:-1]))), weight.shape)
        values = np.abs(values) + 0.5 if "variance" in weight.path else values
        return values.astype(np.float16).astype(np.float32)

    model.set_weights([drawn(weight) for weight in model.weights])
    return model


def every_layer():
    """Todas las clases de capa con sus opciones, y dos salidas: probabilidades y un mapa."""
    from keras import Input, Model, layers

    inputs = Input((11, 9, 2))
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    start = x = layers.Conv2D(5, (3, 2), padding="same", activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D((2, 3), strides=(2, 1), padding="same")(x)
    x = layers.Conv2D(6, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    wide = layers.Conv2DTranspose(3, (2, 3), strides=(3, 2), activation="sigmoid")(x)
    x = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    x = layers.Add()([x, layers.Conv2D(4, 1)(x), x])
    x = layers.Dropout(0.5)(layers.Activation("sigmoid")(x))
    x = layers.MaxPooling2D(2)(x)
    flat = layers.Dense(7, activation="relu")(layers.Flatten()(x))
    ends = layers.GlobalMaxPooling2D()(start), layers.GlobalAveragePooling2D()(start)
    scores = layers.Add()([layers.Dense(4)(flat), *(layers.Dense(4)(end) for end in ends)])
    odd = layers.Dense(3, activation="softmax")(layers.Conv2D(3, 5)(start))
    return Model(inputs, [layers.Softmax()(scores), wide, odd], name="todas_las_capas")


def narrow_cnn():
    """La red del curso, con muy pocos filtros."""
    from course_utils.networks.models import compact_cnn

    return compact_cnn((3, 4, 5))


#: Redes que se entrenan: sus capas, como las nombra la página, y la forma de su entrada.
TRAINABLE = [
    (
        [
            {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "same"},
            {"kind": "ReLU"},
            {"kind": "MaxPooling2D", "pool_size": 2},
            {"kind": "Conv2D", "filters": 5, "kernel_size": 2, "padding": "valid"},
            {"kind": "ReLU"},
            {"kind": "Flatten"},
            {"kind": "Dense", "units": 4},
        ],
        (9, 7, 2),
    ),
    (
        [{"kind": "Flatten"}, {"kind": "Dense", "units": 6}, {"kind": "ReLU"}, {"kind": "Dense", "units": 3}],
        (4, 5, 1),
    ),
]
OPTIMIZERS = {"adam": 0.01, "momentum": 0.05}
STEPS = 3


def training_cases() -> list[dict]:
    """Por red y optimizador: pesos, lote, gradientes, y pérdidas y pesos de unos pasos, según Keras."""
    return [
        _training_case(layers, shape, kind, rate, seed)
        for seed, (layers, shape) in enumerate(TRAINABLE)
        for kind, rate in OPTIMIZERS.items()
    ]


def _training_case(described, shape, kind, rate, seed):
    import tensorflow as tf
    from keras import Input, Sequential, layers, losses, optimizers

    def layer(kind, **options):
        return getattr(layers, kind)(**options)

    model = Sequential([Input(shape), *(layer(**description) for description in described)])
    randomized(model, seed)
    rng = np.random.default_rng(seed)
    images = rng.random((6, *shape)).astype(np.float32)
    labels = np.arange(6) % model.output_shape[-1]
    makers = {"adam": optimizers.Adam, "momentum": lambda rate: optimizers.SGD(rate, momentum=0.9)}
    optimizer = makers[kind](rate)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    case = {
        "layers": described,
        "shape": shape,
        "optimizer": {"kind": kind, "rate": rate},
        "images": images.ravel(),
    }
    case |= {"labels": labels, "weights": _flat(model.weights), "losses": []}
    for step in range(STEPS):
        with tf.GradientTape() as tape:
            value = loss(labels, model(images, training=True))
        gradients = tape.gradient(value, [weight.value for weight in model.trainable_weights])
        case["losses"].append(float(value))
        if step == 0:
            case["gradients"] = _flat(gradients)
        optimizer.apply(gradients, model.trainable_weights)
    return case | {"trained": _flat(model.weights)}


def _flat(arrays):
    return [np.asarray(array).ravel() for array in arrays]


def plain(value):
    """Lo mismo con listas y números de Python, con siete cifras: lo que se guarda en JSON."""
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, np.integer):
        return int(value)
    return float(f"{value:.7g}") if isinstance(value, float | np.floating) else value


def main() -> None:
    """Escribe las redes."""
    from keras.utils import clear_session

    FOLDER.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(plain(case)) for case in training_cases())
    (FOLDER / "training.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for build in (every_layer, narrow_cnn):
        clear_session()  # los nombres de las capas vuelven a empezar
        export_web(randomized(build()), FOLDER / f"{build.__name__}.bin")


if __name__ == "__main__":
    main()
