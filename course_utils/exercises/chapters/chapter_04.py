"""Ejercicios del capítulo 04: pesos compartidos y varios filtros."""

import numpy as np

from course_utils.ops.convolution import correlate2d
from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.expected import as_integers
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.exercises.layers import read_layer
from course_utils.ops.parameters import conv_param_count
from course_utils.ops.shapes import conv_output_size

# --- 04.1 ------------------------------------------------------------------------------------------


def conv_parameters(kernel_height, kernel_width, in_channels, filters):
    """Parámetros de una capa convolucional con sesgos."""
    weights = kernel_height * kernel_width * in_channels  # de un filtro
    return (weights + 1) * filters


CONV_PARAMETERS = Exercise(
    id="04.1",
    title="parámetros de una capa convolucional",
    level="easy",
    text="""
Una capa tiene `filters` filtros. Cada filtro lleva un kernel de `kernel_height` × `kernel_width` **por
canal de entrada** y un solo sesgo. Escribe la función que cuenta los parámetros de la capa.
""",
    judge=ByReference(
        conv_parameters,
        cases=[(1, 1, 1, 1), (3, 3, 1, 2), (2, 3, 3, 1), (5, 3, 4, 8)],
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Son los pesos: falta un sesgo por filtro.",
                lambda kh, kw, c, f: kh * kw * c * f,
            ),
            Mistake(
                "un-solo-sesgo",
                "Has contado un sesgo para toda la capa: cada filtro tiene el suyo.",
                lambda kh, kw, c, f: kh * kw * c * f + 1,
            ),
            Mistake(
                "sesgo-por-canal",
                "Has contado un sesgo por cada kernel. Los kernels de un filtro se suman y el sesgo se "
                "añade una vez.",
                lambda kh, kw, c, f: (kh * kw + 1) * c * f,
            ),
            Mistake(
                "olvida-los-canales",
                "El resultado no depende de `in_channels`: cada filtro mira todos los canales, con un "
                "kernel para cada uno.",
                lambda kh, kw, c, f: (kh * kw + 1) * f,
            ),
            Mistake(
                "kernel-cuadrado",
                "Das por hecho que el kernel es cuadrado: multiplica alto por ancho.",
                lambda kh, kw, c, f: (kh * kh * c + 1) * f,
            ),
            Mistake(
                "suma-canales-y-filtros",
                "Sumas canales y filtros. Hay un kernel por cada **pareja** (canal, filtro): se multiplican.",
                lambda kh, kw, c, f: kh * kw * (c + f) + f,
            ),
        ],
    ),
    hints=[
        "Cuenta primero un solo filtro: ¿cuántos kernels tiene?",
        "Un filtro: alto × ancho × canales, y un sesgo.",
    ],
    explanation="(alto × ancho × canales + 1) × filtros. El tamaño de la imagen no aparece: los pesos se "
    "comparten en todas las posiciones.",
)

# --- 04.2 ------------------------------------------------------------------------------------------


def second_layer_parameters():
    """Parámetros de Conv2D(16, 3) sobre 8 canales."""
    return (3 * 3 * 8 + 1) * 16


SECOND_LAYER = Exercise(
    id="04.2",
    title="la segunda capa",
    level="easy",
    text="""
Un mapa de forma (13, 13, 8) entra en `Conv2D(16, kernel_size=3)`. ¿Cuántos parámetros tiene la capa?
""",
    judge=ByReference(
        second_layer_parameters,
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Son los pesos: faltan los 16 sesgos.",
                lambda: 3 * 3 * 8 * 16,
            ),
            Mistake(
                "olvida-los-canales",
                "Son los de una capa sobre un solo canal. Cada filtro necesita un kernel para cada uno de "
                "los 8.",
                lambda: (3 * 3 + 1) * 16,
            ),
            Mistake(
                "sesgo-por-canal",
                "Has puesto un sesgo a cada kernel: hay uno por filtro.",
                lambda: (3 * 3 + 1) * 8 * 16,
            ),
            Mistake(
                "kernel-de-3-pesos",
                "Has contado 3 pesos por kernel. `kernel_size=3` es una ventana de 3 × 3.",
                lambda: (3 * 8 + 1) * 16,
            ),
            Mistake(
                "cuenta-las-posiciones",
                "Has multiplicado por las 11 × 11 posiciones. Los pesos son los mismos en todas.",
                lambda: (3 * 3 * 8 + 1) * 16 * 11 * 11,
            ),
        ],
    ),
    hints=["Cada filtro mira los 8 canales.", "Un filtro tiene 3 · 3 · 8 pesos y un sesgo; hay 16 filtros."],
    explanation="(3 · 3 · 8 + 1) · 16 = 1168.",
    controls=(Number("Parámetros"),),
)

# --- 04.3 ------------------------------------------------------------------------------------------


def filter_response(window, kernel, bias):
    """Lo que un filtro responde en una posición."""
    return (window * kernel).sum() + bias


def _windows():
    rng = np.random.default_rng(43)
    return [
        (np.array([[[1.0, 2.0]]]), np.array([[[3.0, -1.0]]]), 0.5),
        (rng.integers(0, 5, (2, 2, 3)).astype(float), rng.integers(-2, 3, (2, 2, 3)).astype(float), 1.0),
        (rng.integers(0, 5, (3, 3, 2)).astype(float), rng.integers(-2, 3, (3, 3, 2)).astype(float), -2.0),
    ]


RESPONSE = Exercise(
    id="04.3",
    title="un filtro sobre varios canales",
    level="medium",
    text="""
`window` y `kernel` tienen forma (filas, columnas, canales): la ventana de la imagen y los kernels de **un**
filtro, uno por canal. `bias` es su sesgo. Devuelve el número que el filtro da en esa posición.
""",
    judge=ByReference(
        filter_response,
        cases=_windows,
        mistakes=[
            Mistake(
                "un-valor-por-canal",
                "Devuelves un valor por canal. El filtro suma los canales: da un solo número por posición.",
                lambda window, kernel, bias: (window * kernel).sum(axis=(0, 1)) + bias,
            ),
            Mistake(
                "sesgo-por-canal",
                "Sumas el sesgo una vez por canal. Se suma una sola vez, al final.",
                lambda window, kernel, bias: (window * kernel).sum() + bias * window.shape[2],
            ),
            Mistake(
                "sesgo-por-pixel",
                "Sumas el sesgo en cada píxel, antes de sumar. Se suma una sola vez, al final.",
                lambda window, kernel, bias: (window * kernel + bias).sum(),
            ),
            Mistake(
                "olvida-el-sesgo",
                "El resultado no depende de `bias`: súmalo al final.",
                lambda window, kernel, bias: (window * kernel).sum(),
            ),
            Mistake(
                "promedia-los-canales",
                "Promedias los canales. Los pesos ya dicen cuánto cuenta cada uno: se suman.",
                lambda window, kernel, bias: (window * kernel).sum() / window.shape[2] + bias,
            ),
            Mistake(
                "solo-el-primer-canal",
                "Solo miras el primer canal: súmalos todos.",
                lambda window, kernel, bias: (window[..., 0] * kernel[..., 0]).sum() + bias,
            ),
        ],
    ),
    hints=[
        "Multiplica elemento a elemento; las formas coinciden.",
        "Suma todo, también los canales, y añade el sesgo.",
    ],
    explanation="Un kernel por canal, se suman todos los productos y se añade un solo sesgo: un número.",
)

# --- 04.4 ------------------------------------------------------------------------------------------


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
    ]


BANK = Exercise(
    id="04.4",
    title="varios filtros, varios mapas",
    level="medium",
    text="""
`kernels` tiene forma (filas, columnas, filtros). Pasa la imagen gris `image` por cada filtro con
`correlate2d`, de `course_utils.ops.convolution`, y devuelve los mapas en un solo array de forma (filas,
columnas, **filtros**).
""",
    judge=ByReference(
        apply_filters,
        cases=_image_and_filters,
        mistakes=[
            Mistake(
                "filtros-delante",
                "Los filtros quedan en el primer eje. En Keras son los canales de la salida y van al final.",
                lambda image, kernels: np.moveaxis(apply_filters(image, kernels), -1, 0),
            ),
            Mistake(
                "suma-los-mapas",
                "Sumas los mapas. Cada filtro busca algo distinto: sus mapas se guardan por separado.",
                lambda image, kernels: apply_filters(image, kernels).sum(axis=-1),
            ),
            Mistake(
                "repite-el-primero",
                "Todos los mapas son el del primer filtro.",
                lambda image, kernels: apply_filters(
                    image, np.repeat(kernels[..., :1], kernels.shape[2], axis=2)
                ),
            ),
            Mistake(
                "encadena-los-filtros",
                "Pasas cada filtro por la salida del anterior. Los filtros de una capa miran todos la "
                "misma imagen.",
                lambda image, kernels: np.stack(
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
            ),
            Mistake(
                "mapa-mayor",
                "Te quedas con la respuesta mayor de todos los filtros. Aquí no se resume nada: un mapa "
                "por filtro.",
                lambda image, kernels: apply_filters(image, kernels).max(axis=-1),
            ),
        ],
    ),
    hints=[
        "El filtro número f es `kernels[:, :, f]`.",
        "`np.stack(mapas, axis=-1)` los junta en un eje nuevo, al final.",
    ],
    explanation="Cada filtro da su mapa; juntos forman los canales de la salida, en el último eje.",
)

# --- 04.5 ------------------------------------------------------------------------------------------


def pointwise(maps, weights, bias):
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
    ]


POINTWISE = Exercise(
    id="04.5",
    title="la convolución de 1 × 1",
    level="hard",
    text="""
Un kernel de 1 × 1 no mira a los vecinos: mezcla los canales de cada píxel. `maps` tiene forma (filas,
columnas, canales), `weights` (canales, filtros) y `bias` (filtros,). Devuelve los mapas de salida, de forma
(filas, columnas, filtros).
""",
    judge=ByReference(
        pointwise,
        cases=_maps_and_weights,
        mistakes=[
            Mistake(
                "olvida-el-sesgo",
                "El resultado no depende de `bias`: cada filtro suma el suyo.",
                lambda maps, weights, bias: maps @ weights,
            ),
            Mistake(
                "suma-los-canales-antes",
                "Sumas los canales antes de pesarlos: así todos cuentan lo mismo. Cada canal tiene su "
                "peso en cada filtro.",
                lambda maps, weights, bias: maps.sum(axis=-1, keepdims=True) * weights.sum(axis=0) + bias,
            ),
            Mistake(
                "promedia-la-imagen",
                "Das el mismo valor a todos los píxeles. La mezcla de canales se hace en cada píxel por "
                "separado.",
                lambda maps, weights, bias: np.broadcast_to(
                    maps.mean(axis=(0, 1)) @ weights + bias, (*maps.shape[:2], weights.shape[1])
                ),
            ),
            Mistake(
                "un-solo-filtro",
                "Sumas los filtros y queda un solo mapa: hay uno por columna de `weights`.",
                lambda maps, weights, bias: (maps @ weights + bias).sum(axis=-1, keepdims=True),
            ),
            Mistake(
                "un-solo-sesgo",
                "Sumas a todos los filtros el mismo sesgo: cada uno tiene el suyo.",
                lambda maps, weights, bias: maps @ weights + bias[0],
            ),
            Mistake(
                "aplica-relu",
                "Has puesto a cero los negativos. La capa que se pide no lleva activación: déjalos.",
                lambda maps, weights, bias: np.maximum(maps @ weights + bias, 0),
            ),
        ],
    ),
    hints=[
        "En cada píxel hay un vector de canales. ¿Qué capa convierte un vector en otro?",
        "`@` multiplica el último eje.",
    ],
    explanation="Es una capa densa aplicada a cada píxel: `maps @ weights + bias`. Sirve para cambiar el "
    "número de canales sin tocar el tamaño.",
)

# --- 04.6 ------------------------------------------------------------------------------------------


def build_layer():
    """Capa que lleva (28, 28, 1) a (14, 14, 8) con 208 parámetros."""
    import keras

    return keras.layers.Conv2D(8, kernel_size=5, strides=2, padding="same")


def _layer_on_28(answer):
    layer = read_layer(answer)
    config = layer.config
    seen = {"kind": layer.kind, "filters": config.get("filters"), "bias": config.get("use_bias", True)}
    if layer.kind == "Conv2D":
        kernel, strides = (_pair(config.get(key, 1)) for key in ("kernel_size", "strides"))
        padding = str(config.get("padding", "valid"))
        if padding not in ("valid", "same") or not kernel[0] <= 28 >= kernel[1]:
            raise Unexpected('Usa `padding="valid"` o `"same"` y un kernel que quepa en 28 × 28.')
        seen["size"] = tuple(
            conv_output_size(28, k, s, padding) for k, s in zip(kernel, strides, strict=True)
        )
        seen["parameters"] = conv_param_count(kernel, 1, config["filters"], seen["bias"])
    return seen


def _pair(value) -> tuple[int, int]:
    pair = tuple(value) if isinstance(value, list | tuple) else (value, value)
    if len(pair) != 2 or any(type(side) is not int or side < 1 for side in pair):
        raise Unexpected("`kernel_size` y `strides` son enteros mayores que 0, o parejas de ellos.")
    return pair


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


BUILD = Exercise(
    id="04.6",
    title="una capa a medida",
    level="medium",
    text="""
Escribe la capa de Keras que convierte una imagen de forma (28, 28, 1) en mapas de forma **(14, 14, 8)** y
tiene exactamente **208 parámetros**, con sesgos. Se juzga su configuración: vale cualquier nombre y
cualquier activación.
""",
    judge=ByRules(
        build_layer,
        _layer_on_28,
        asks="model",
        mistakes=[
            Mistake(
                "otra-capa",
                lambda seen: (
                    f"Has dado una capa `{seen['kind']}`. Se pide una convolución en dos "
                    "dimensiones, `Conv2D`."
                ),
                _other_layer,
                when=lambda seen: seen["kind"] != "Conv2D",
            ),
            Mistake(
                "otros-filtros",
                lambda seen: (
                    f"Salen {seen['filters']} canales: el número de filtros es el de canales de la salida, 8."
                ),
                _conv(filters=14),
                when=lambda seen: seen["filters"] != 8,
            ),
            Mistake(
                "sin-stride",
                lambda seen: (
                    f"La salida mide {seen['size'][0]} × {seen['size'][1]}. Para quedarse en la "
                    "mitad, la ventana debe avanzar de 2 en 2."
                ),
                _conv(strides=1),
                when=lambda seen: max(seen["size"]) > 14,
            ),
            Mistake(
                "sin-relleno",
                lambda seen: (
                    f"La salida mide {seen['size'][0]} × {seen['size'][1]}: el kernel se come los "
                    'bordes. Mira qué hace `padding="same"`.'
                ),
                _conv(padding="valid"),
                when=lambda seen: min(seen["size"]) < 14,
            ),
            Mistake(
                "sin-sesgos",
                lambda seen: f"Tiene {seen['parameters']} parámetros: has quitado los sesgos.",
                _conv(use_bias=False),
                when=lambda seen: not seen["bias"],
            ),
            Mistake(
                "otro-kernel",
                lambda seen: (
                    f"La forma es la pedida, pero tiene {seen['parameters']} parámetros. Solo "
                    "queda por ajustar el tamaño del kernel."
                ),
                _conv(kernel_size=3),
                when=lambda seen: seen["parameters"] != 208,
            ),
        ],
    ),
    hints=[
        "Los filtros son los canales de salida. Con 8 filtros y un canal, los parámetros son (k² + 1) · 8.",
        "(k² + 1) · 8 = 208. Y de 28 a 14 se llega con stride 2 y relleno.",
    ],
    explanation="208 / 8 = 26 = 25 + 1: kernel de 5 × 5. Con stride 2 y `same` la salida mide ⌈28 / 2⌉ = 14.",
    needs_keras=True,
)

# --- 04.7 ------------------------------------------------------------------------------------------


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


SUMMARY = Exercise(
    id="04.7",
    title="leer model.summary()",
    level="medium",
    text="""
La entrada es de 28 × 28 y `model.summary()` dice de la primera capa, un `Conv2D` sin relleno y con stride
1:

| Capa | Output Shape | Param # |
|---|---|---|
| conv2d (Conv2D) | (None, 26, 26, 32) | 320 |

¿Cuánto mide el kernel y cuántos canales tiene la imagen? En código, la respuesta es `(kernel_size,
in_channels)`.
""",
    judge=ByRules(
        layer_from_summary,
        _summary_of,
        mistakes=[
            Mistake(
                "kernel-grande",
                lambda seen: (
                    f"Con ese kernel la salida mediría {seen['size']} × {seen['size']}: encoge demasiado."
                ),
                lambda: (5, 1),
                when=lambda seen: seen["size"] < 26,
            ),
            Mistake(
                "kernel-pequeño",
                lambda seen: (
                    f"Con ese kernel la salida mediría {seen['size']} × {seen['size']}: encoge "
                    "poco. De 28 a 26 se pierden dos."
                ),
                lambda: (2, 2),
                when=lambda seen: seen["size"] > 26,
            ),
            Mistake(
                "otros-canales",
                lambda seen: (
                    "El kernel encaja con la forma, pero con esos canales habría "
                    f"{seen['parameters']} parámetros. Reparte los 320 entre 32 filtros y quita "
                    "el sesgo."
                ),
                lambda: (3, 3),
                when=lambda seen: seen["parameters"] != 320,
            ),
        ],
    ),
    hints=[
        "El kernel sale de la forma: de 28 a 26.",
        "320 / 32 = 10 parámetros por filtro, y uno es el sesgo.",
    ],
    explanation="28 − k + 1 = 26, así que k = 3. Cada filtro tiene 320 / 32 = 10 parámetros: 9 pesos, los "
    "de un solo canal, y un sesgo.",
    controls=(Slider("Tamaño del kernel", 1, 7), Slider("Canales de entrada", 1, 4)),
)

# --- 04.8 ------------------------------------------------------------------------------------------


def layer_shapes():
    """Formas de salida de las tres capas."""
    first = (32 // 2, 32 // 2, 16)  # con "same", el stride 2 deja la mitad
    second = (16, 16, 32)  # el 1 × 1 no cambia el tamaño
    third = (16 - 3 + 1, 16 - 3 + 1, 8)
    return [first, second, third]


LAYER_SHAPES = Exercise(
    id="04.8",
    title="tres capas seguidas",
    level="medium",
    text="""
Una imagen de forma (32, 32, 3) pasa por estas capas. Da la lista con la forma (filas, columnas, canales) de
cada salida.

1. `Conv2D(16, 5, strides=2, padding="same")`
2. `Conv2D(32, 1)`
3. `Conv2D(8, 3)`
""",
    judge=ByReference(
        layer_shapes,
        mistakes=[
            Mistake(
                "olvida-el-stride",
                "La primera capa avanza de 2 en 2: su salida mide la mitad.",
                lambda: [(32, 32, 16), (32, 32, 32), (30, 30, 8)],
            ),
            Mistake(
                "olvida-same",
                'Has calculado la primera capa sin relleno. Con `padding="same"` y stride 2 la salida '
                "mide ⌈32 / 2⌉.",
                lambda: [(14, 14, 16), (14, 14, 32), (12, 12, 8)],
            ),
            Mistake(
                "same-en-todas",
                "Has supuesto relleno en la última capa: si no se dice, `padding` es `valid` y el kernel "
                "de 3 quita 2.",
                lambda: [(16, 16, 16), (16, 16, 32), (16, 16, 8)],
            ),
            Mistake(
                "1x1-encoge",
                "El kernel de 1 × 1 no deja la imagen en un píxel: cabe en todas las posiciones y solo "
                "cambia los canales.",
                lambda: [(16, 16, 16), (1, 1, 32), (1, 1, 8)],
            ),
            Mistake(
                "sin-canales",
                "Cada forma lleva tres números: filas, columnas y canales. Faltan los canales.",
                lambda: [(16, 16), (16, 16), (14, 14)],
            ),
            Mistake(
                "con-el-lote",
                "Has puesto también el eje del lote. Aquí entra una sola imagen: filas, columnas y canales.",
                lambda: [(1, 16, 16, 16), (1, 16, 16, 32), (1, 14, 14, 8)],
            ),
            Mistake(
                "los-canales-se-multiplican",
                "Has multiplicado los canales por los filtros. Cada filtro suma todos los canales: salen "
                "tantos como filtros.",
                lambda: [(16, 16, 48), (16, 16, 1536), (14, 14, 12288)],
            ),
        ],
    ),
    hints=[
        "Los canales de salida son siempre los filtros.",
        "La segunda capa no cambia el tamaño; la tercera no lleva relleno.",
    ],
    explanation="32 / 2 = 16 por el stride con `same`; el 1 × 1 conserva el tamaño; el 3 × 3 sin relleno "
    "quita 2. Los canales son los filtros de cada capa.",
)

EXERCISES = (CONV_PARAMETERS, SECOND_LAYER, RESPONSE, BANK, POINTWISE, BUILD, SUMMARY, LAYER_SHAPES)
