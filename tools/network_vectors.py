"""Escribe en ``web/test/networks`` redes pequeñas con lo que Keras responde, para probar las de la página.

    python -m tools.network_vectors

Cada red va en el archivo que escribe ``export_web``, que lleva valores de cada capa.
"""

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


def main() -> None:
    """Escribe las redes."""
    FOLDER.mkdir(exist_ok=True)
    for build in (every_layer, narrow_cnn):
        export_web(randomized(build()), FOLDER / f"{build.__name__}.bin")


if __name__ == "__main__":
    main()
