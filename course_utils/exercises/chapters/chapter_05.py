"""Ejercicios del capítulo 05: pooling."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.chapters.networks import collapse_of, network_of, takes
from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.expected import as_integers, numbers_of
from course_utils.ops import avg_pool2d, max_pool2d, pool_output_size

chapter = Chapter("05")


def max_pool(feature_map):
    """Máximo de cada ventana de 2 × 2, sin solaparse."""
    rows, cols = feature_map.shape[0] // 2, feature_map.shape[1] // 2
    output = np.zeros((rows, cols))
    for row in range(rows):
        for col in range(cols):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            output[row, col] = window.max()
    return output


def _undoubled_starts(feature_map):
    rows, cols = feature_map.shape[0] // 2, feature_map.shape[1] // 2
    return max_pool2d(feature_map, 2, strides=1)[:rows, :cols]


def _feature_maps():
    rng = np.random.default_rng(51)
    return [
        np.array([[1.0, 3.0], [2.0, 0.0]]),
        np.array([[-4.0, -1.0, 2.0, 5.0], [-3.0, -2.0, 6.0, 1.0]]),
        rng.integers(-9, 10, (5, 6)).astype(float),
        rng.integers(-9, 0, (4, 7)).astype(float),
        rng.normal(size=(7, 9)).round(2),
        rng.integers(-30_000, -20_000, (2, 4)).astype(float),
    ]


chapter.by_reference(
    "05.1",
    max_pool,
    cases=_feature_maps(),
    mistakes={
        "promedia": lambda feature_map: avg_pool2d(feature_map),
        "ventanas-que-se-solapan": lambda feature_map: max_pool2d(feature_map, 2, strides=1),
        "empiezan-sin-doblar": _undoubled_starts,
        "ventanas-incompletas": lambda feature_map: max_pool2d(feature_map, padding="same"),
        "empieza-en-cero": lambda feature_map: np.maximum(max_pool2d(feature_map), 0),
        "el-minimo": lambda feature_map: -max_pool2d(-feature_map),
        "un-pixel-de-cada-dos": lambda feature_map: feature_map[
            : feature_map.shape[0] // 2 * 2 : 2, : feature_map.shape[1] // 2 * 2 : 2
        ],
        "intercambia-los-ejes": lambda feature_map: max_pool2d(feature_map).T,
        "valor-absoluto": lambda feature_map: max_pool2d(np.abs(feature_map)),
    },
)


def average_of_window():
    """Promedio de la ventana [[4, −3], [2, −9]]."""
    return (4 - 3 + 2 - 9) / 4


chapter.by_reference(
    "05.2",
    average_of_window,
    controls=(Number("Promedio"),),
    mistakes={
        "da-el-maximo": lambda: 4,
        "no-divide": lambda: 4 - 3 + 2 - 9,
        "quita-los-signos": lambda: (4 + 3 + 2 + 9) / 4,
        "solo-los-positivos": lambda: (4 + 2) / 2,
        "divide-entre-dos": lambda: (4 - 3 + 2 - 9) / 2,
    },
)


def pool_size(n, window, stride):
    """Ventanas de pooling que caben en n píxeles, sin relleno."""
    return (n - window) // stride + 1


chapter.by_reference(
    "05.3",
    pool_size,
    cases=[(4, 2, 2), (5, 2, 2), (7, 3, 2), (8, 3, 3), (6, 2, 3), (8, 2, 3), (28, 3, 2), (3, 3, 1)],
    mistakes={
        "redondea-hacia-arriba": lambda n, w, s: -(-(n - w) // s) + 1,
        "no-redondea": lambda n, w, s: (n - w) / s + 1,
        "cuenta-con-relleno": lambda n, w, s: -(-n // s),
        "olvida-el-uno": lambda n, w, s: (n - w) // s,
        "divide-entre-la-ventana": lambda n, w, s: n // w,
        "divide-entre-el-stride": lambda n, w, s: n // s,
        "olvida-el-stride": lambda n, w, s: n - w + 1,
    },
)


def global_average(maps):
    """Promedio de cada mapa entero: un número por canal."""
    return maps.mean(axis=(0, 1))


chapter.by_reference(
    "05.4",
    global_average,
    cases=[
        np.arange(8.0).reshape(2, 2, 2),
        np.random.default_rng(54).integers(-9, 10, (3, 2, 4)).astype(float),
        np.random.default_rng(55).normal(size=(2, 3, 3)).round(1),
        np.array([[[1.0, 2.0], [1.0, 2.0]], [[4.0, 2.0], [1.0, 5.0]]]),  # con un píxel repetido
    ],
    mistakes={
        "promedia-los-canales": lambda maps: maps.mean(axis=-1),
        "cuenta-los-ejes-desde-uno": lambda maps: maps.mean(axis=(1, 2)),
        "deja-los-ejes": lambda maps: maps.mean(axis=(0, 1), keepdims=True),
        "todo-junto": lambda maps: maps.mean(),
        "el-maximo": lambda maps: maps.max(axis=(0, 1)),
        "solo-las-filas": lambda maps: maps.mean(axis=0),
        "solo-las-columnas": lambda maps: maps.mean(axis=1),
        "suma": lambda maps: maps.sum(axis=(0, 1)),
    },
)


def unmoved_positions():
    """Posiciones que, al avanzar un píxel, siguen en su ventana."""
    return [p for p in range(8) if p // 3 == (p + 1) // 3]


def _look_at_positions(answer):
    places = numbers_of(answer, "iuf")
    if places is None or places.ndim != 1 or not np.isin(places, range(8)).all():
        raise Unexpected("Se espera una lista de posiciones: enteros de 0 a 7, o una lista vacía.")
    given, right = [int(place) for place in places], unmoved_positions()
    moved = [place for place in given if place not in right]
    return {"given": given, "moved": moved[0] if moved else None, "missing": set(right) - set(given)}


chapter.by_rules(
    "05.5",
    unmoved_positions,
    _look_at_positions,
    mistakes={
        "siempre": Rule(lambda seen: len(set(seen["given"])) == 8, lambda: [*range(8)]),
        "finales": Rule(lambda seen: set(seen["given"]) == {2, 5}, lambda: [2, 5]),
        "nunca": Rule(lambda seen: not seen["given"], lambda: []),
        "alguna-cambia": Rule(lambda seen: seen["moved"] is not None, lambda: [0, 1, 2, 3]),
        "falta-alguna": Rule(lambda seen: seen["missing"], lambda: [0, 3, 6]),
        "sin-orden": Rule(
            lambda seen: seen["given"] != unmoved_positions(), lambda: unmoved_positions()[::-1]
        ),
    },
)


def max_pool_gradient(feature_map, output_gradient):
    """Gradiente respecto de la entrada de un max pooling de 2 × 2."""
    gradient = np.zeros(feature_map.shape)
    for row in range(output_gradient.shape[0]):
        for col in range(output_gradient.shape[1]):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            i, j = np.unravel_index(window.argmax(), window.shape)
            gradient[2 * row + i, 2 * col + j] = output_gradient[row, col]
    return gradient


def _spread(output_gradient):
    return output_gradient.repeat(2, axis=0).repeat(2, axis=1)


def _corner_only(feature_map, output_gradient):
    gradient = np.zeros(feature_map.shape)
    gradient[::2, ::2] = output_gradient
    return gradient


def _without_the_corner(feature_map, output_gradient):
    gradient = np.zeros(feature_map.shape)
    for row in range(output_gradient.shape[0]):
        for col in range(output_gradient.shape[1]):
            window = feature_map[2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
            gradient[np.unravel_index(window.argmax(), window.shape)] = output_gradient[row, col]
    return gradient


def _maps_and_gradients():
    rng = np.random.default_rng(56)
    return [
        (np.array([[1.0, 4.0], [3.0, 2.0]]), np.array([[5.0]])),
        (rng.permutation(16).reshape(4, 4).astype(float), rng.integers(-5, 6, (2, 2)).astype(float)),
        (rng.permutation(24).reshape(4, 6).astype(float) - 12, rng.integers(1, 6, (2, 3)).astype(float)),
        ((rng.permutation(80).reshape(8, 10) - 40) / 10, rng.normal(size=(4, 5)).round(1)),
        # todo negativo, y el −5, que gana en la segunda ventana, está antes y después donde no gana
        (
            np.array([[-5.0, -9.0, -5.0, -8.0, -6.0, -2.0], [-8.0, -3.0, -7.0, -9.0, -5.0, -4.0]]),
            np.array([[1.0, 10.0, 100.0]]),
        ),
    ]


chapter.by_reference(
    "05.6",
    max_pool_gradient,
    cases=_maps_and_gradients(),
    mistakes={
        "reparte-por-igual": lambda x, gradient: _spread(gradient) / 4,
        "a-los-cuatro": lambda x, gradient: _spread(gradient),
        "a-la-esquina": _corner_only,
        "sitio-en-la-ventana": _without_the_corner,
        "al-minimo": lambda x, gradient: max_pool_gradient(-x, gradient),
        "multiplica-por-el-maximo": lambda x, gradient: max_pool_gradient(x, gradient) * x,
    },
)


def thirds():
    """Ventana y stride que llevan de 24 a 8 sin solapes ni huecos."""
    return 3, 3


def _pool_of(answer):
    window, stride = as_integers(answer, "ventana", "stride")
    if not 1 <= window <= 24 or stride < 1:
        raise Unexpected("La ventana mide de 1 a 24 píxeles y el stride es 1 o más.")
    return {"window": window, "stride": stride, "size": pool_output_size(24, window, stride)}


chapter.by_rules(
    "05.7",
    thirds,
    _pool_of,
    controls=(Slider("Ventana", 1, 6), Slider("Stride", 1, 6)),
    consequence=lambda window, stride: "la salida mide {0} × {0}".format(
        pool_output_size(24, window, stride)
    ),
    mistakes={
        "una-sola": Rule(lambda seen: seen["size"] == 1, lambda: (24, 24)),
        "se-solapan": Rule(lambda seen: seen["window"] > seen["stride"], lambda: (4, 3)),
        "deja-huecos": Rule(lambda seen: seen["window"] < seen["stride"], lambda: (2, 3)),
        "poco": Rule(lambda seen: seen["size"] > 8, lambda: (2, 2)),
        "demasiado": Rule(lambda seen: seen["size"] < 8, lambda: (4, 4)),
    },
)


def build_model():
    """Red que acaba en global average pooling."""
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10),
        ]
    )


def _pooling_network(answer):
    seen = network_of(answer)
    kinds, layers = seen["kinds"], seen["layers"]
    pooled = kinds.index("GlobalAveragePooling2D") if "GlobalAveragePooling2D" in kinds else len(kinds)
    before = layers[:pooled]
    first = next((place for place, layer in enumerate(before) if layer.convolves), None)
    moved = _rearranging(before[first:])
    collapse = collapse_of(
        [layer for layer in layers if not layer.convolves and not layer.kind.startswith(HANDLED)]
    )
    windows = [tuple(layer.config["pool_size"]) for layer in before if layer.kind == "MaxPooling2D"]
    return seen | {
        "flattens": any(layer.kind == "Flatten" or _unrolls(layer) for layer in before),
        "moved": moved[0] if moved and first is not None and pooled < len(kinds) else "",
        "by_hand": collapse[0] if collapse and pooled == len(kinds) else "",
        "late": pooled < len(kinds) and first is None,
        "pooled_late": not windows and "MaxPooling2D" in kinds,
        "useless": bool(windows) and all(window == (1, 1) for window in windows),
        "output": next(layer.output_shape for layer in reversed(layers) if layer.kind == seen["last"]),
    }


def _unrolls(layer) -> bool:
    """Si es un ``Reshape`` que deja todo en un solo eje, como ``Flatten``."""
    return layer.kind == "Reshape" and len(layer.input_shape or ()) > len(layer.output_shape or ()) == 1


def _rearranging(layers) -> list[str]:
    """Las capas que cambian qué valores forman cada canal; deshacer un ``Flatten`` no los cambia."""
    found, channels = [], 0
    for layer in layers:
        flat = len(layer.input_shape or ()) == 1
        channels = channels if flat else (layer.input_shape or (0,))[-1]
        if layer.kind in MOVING and layer.output_shape[-1] != channels:
            found.append(layer.title)
    return found


#: Lo que deja un píxel por canal y tiene ya su mensaje.
HANDLED = ("Global", "Max", "Flatten", "Reshape")

#: Capas y operaciones que recolocan los valores de los mapas.
MOVING = ("Reshape", "Permute", "Transpose", "RepeatVector")


def _model(*builders, shape=(28, 28, 1)):
    """Función que construye el modelo con las capas de esos nombres."""

    def build():
        import keras

        makers = {
            "conv": lambda: keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            "max": lambda: keras.layers.MaxPooling2D(2),
            "max1": lambda: keras.layers.MaxPooling2D(1),
            "first": lambda: keras.layers.MaxPooling2D(2, data_format="channels_first"),
            "average": lambda: keras.layers.AveragePooling2D(2),
            "average13": lambda: keras.layers.AveragePooling2D(13),
            "global": keras.layers.GlobalAveragePooling2D,
            "globalmax": keras.layers.GlobalMaxPooling2D,
            "flatten": keras.layers.Flatten,
            "keep": lambda: keras.layers.GlobalAveragePooling2D(keepdims=True),
            "reshape": lambda: keras.layers.Reshape((1, 1, -1)),
            "same": lambda: keras.layers.MaxPooling2D(2, padding="same"),
            "dense": lambda: keras.layers.Dense(10),
            "dense5": lambda: keras.layers.Dense(5),
        }
        return keras.Sequential([keras.Input(shape), *(makers[name]() for name in builders)])

    return build


chapter.by_rules(
    "05.8",
    build_model,
    _pooling_network,
    asks="model",
    mistakes={
        "otra-entrada": Rule(
            lambda seen: not takes(seen["input"], (28, 28, 1)),
            _model("conv", "max", "global", "dense", shape=(32, 32, 3)),
        ),
        "canales-delante": Rule(
            lambda seen: seen["channels_first"], _model("conv", "first", "global", "dense")
        ),
        "sin-convolucion": Rule(lambda seen: not seen["convolves"], _model("max", "global", "dense")),
        "convolucion-tarde": Rule(
            lambda seen: seen["late"], _model("max", "keep", "conv", "flatten", "dense")
        ),
        "recoloca": Rule(lambda seen: seen["moved"], _model("conv", "max", "reshape", "global", "dense")),
        "promedia-a-mano": Rule(
            lambda seen: seen["by_hand"], _model("conv", "max", "average13", "flatten", "dense")
        ),
        "aplana": Rule(lambda seen: seen["flattens"], _model("conv", "max", "flatten", "dense")),
        "maximo-global": Rule(
            lambda seen: "GlobalMaxPooling2D" in seen["kinds"], _model("conv", "max", "globalmax", "dense")
        ),
        "sin-pooling-global": Rule(
            lambda seen: "GlobalAveragePooling2D" not in seen["kinds"], _model("conv", "max", "dense")
        ),
        "promedia-por-ventanas": Rule(
            lambda seen: "MaxPooling2D" not in seen["kinds"] and "AveragePooling2D" in seen["kinds"],
            _model("conv", "average", "global", "dense"),
        ),
        "sin-max-pooling": Rule(
            lambda seen: "MaxPooling2D" not in seen["kinds"], _model("conv", "global", "dense")
        ),
        "pooling-tarde": Rule(
            lambda seen: seen["pooled_late"], _model("conv", "keep", "same", "flatten", "dense")
        ),
        "pooling-de-un-pixel": Rule(lambda seen: seen["useless"], _model("conv", "max1", "global", "dense")),
        "otra-salida": Rule(
            lambda seen: seen["last"] != "Dense" or seen["output"] != (10,),
            _model("conv", "max", "global", "dense5"),
        ),
    },
)


def field_size(layers):
    """Píxeles de la entrada que ve una salida."""
    size, jump = 1, 1
    for kernel_size, stride in layers:
        size += (kernel_size - 1) * jump
        jump *= stride
    return size


def _field_jump_first(layers):
    size, jump = 1, 1
    for kernel_size, stride in layers:
        jump *= stride
        size += (kernel_size - 1) * jump
    return size


def _field_last_stride(layers):
    size, jump = 1, 1
    for kernel_size, stride in layers:
        size += (kernel_size - 1) * jump
        jump = stride
    return size


chapter.by_reference(
    "05.9",
    field_size,
    cases=[
        ([(3, 1)],),
        ([(3, 1), (3, 1)],),
        ([(3, 1), (2, 2)],),
        ([(3, 1), (2, 2), (3, 1)],),
        ([(3, 3), (3, 1)],),
        ([(5, 2), (3, 2), (3, 1), (2, 2)],),
    ],
    mistakes={
        "ignora-los-strides": lambda layers: 1 + sum(k - 1 for k, _ in layers),
        "empieza-en-cero": lambda layers: field_size(layers) - 1,
        "suma-los-kernels": lambda layers: sum(k for k, _ in layers),
        "multiplica-los-kernels": lambda layers: np.prod([k for k, _ in layers]),
        "stride-antes-de-tiempo": _field_jump_first,
        "no-acumula-los-strides": _field_last_stride,
        "solo-la-ultima": lambda layers: layers[-1][0],
    },
)
