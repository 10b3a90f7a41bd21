"""Una red de Keras en un archivo que ejecuta una página: sus capas, sus pesos y lo que responde.

El archivo empieza por la palabra ``RED1``, la suma CRC-32 de todo lo que va detrás de ella y lo que mide el
JSON (dos enteros de 32 bits sin signo); siguen el JSON y los pesos, en float16. Los números llevan el byte
menor delante. Lo leen ``web/nn/network.mjs``, en la página, y :func:`read_web`, con NumPy.
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np

from course_utils.checks import BATCH_AXES, check_array
from course_utils.ops.convolution import conv2d, conv2d_transpose
from course_utils.ops.pooling import avg_pool2d, max_pool2d

MAGIC = b"RED1"
SIDE = 64  # píxeles de la imagen de referencia en los ejes sin tamaño fijo
SAMPLES = 16  # valores que se anotan de cada capa
ACTIVATIONS = ("linear", "relu", "sigmoid", "softmax")

# De cada clase de capa, las opciones que se exportan y los pesos, por orden.
LAYERS = {
    "InputLayer": ((), ()),
    "Rescaling": (("scale", "offset"), ()),
    "Conv2D": (("strides", "padding", "activation"), ("kernel", "bias")),
    "Conv2DTranspose": (("strides", "padding", "activation"), ("kernel", "bias")),
    "Dense": (("activation",), ("kernel", "bias")),
    "BatchNormalization": (("epsilon",), ("gamma", "beta", "moving_mean", "moving_variance")),
    "MaxPooling2D": (("pool_size", "strides", "padding"), ()),
    "AveragePooling2D": (("pool_size", "strides", "padding"), ()),
    "GlobalMaxPooling2D": ((), ()),
    "GlobalAveragePooling2D": ((), ()),
    "ReLU": ((), ()),
    "Softmax": ((), ()),
    "Activation": (("activation",), ()),
    "Add": ((), ()),
    "Flatten": ((), ()),
    "Dropout": ((), ()),
}


def export_web(model, path, notes: dict | None = None) -> int:
    """Escribe una red en un archivo que la página lee y ejecuta; devuelve cuántos bytes ocupa.

    Los pesos se redondean a float16 en el archivo; los de la red no cambian. Se guarda además lo que responde
    cada capa, con los pesos redondeados, a la imagen de :func:`reference_input`.

    Parameters
    ----------
    model : keras.Model
        Red de una sola entrada y una o varias salidas.
    path : str or Path
        Archivo que se escribe; debe terminar en ``.bin``.
    notes : dict, optional
        Lo que la página deba contar de la red, por ejemplo cuánto acierta; se guarda tal cual.

    Raises
    ------
    ValueError
        Si hay una capa de otra clase, con una opción que la página no sabe calcular, compartida o sin
        construir; si algún peso no es finito en float16; o si el archivo no termina en ``.bin``.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils.networks.models import linear_classifier
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_web(linear_classifier(), f"{folder}/lineal.bin") > 2 * 7850
    True
    """
    path = Path(path)
    if path.suffix != ".bin":
        raise ValueError(f"la red se escribe en un archivo .bin y ha llegado «{path.name}»: cambia el nombre")
    layers = _ordered_layers(model)
    numbers = {id(layer.output): number for number, layer in enumerate(layers)}
    described = [_describe(layer, numbers) for layer in layers]
    weights = [np.asarray(weight) for layer in layers for weight in _weights(layer)]
    rounded = [_half(weight, model.name) for weight in weights]
    content = {
        "name": model.name,
        "notes": notes or {},
        "layers": described,
        "outputs": [numbers[id(output)] for output in model.outputs],
        "reference": _reference(model, layers),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (len(text) % 2)  # los pesos, en una posición par
    body = struct.pack("<I", len(text)) + text + b"".join(array.tobytes() for array in rounded)
    return path.write_bytes(MAGIC + struct.pack("<I", zlib.crc32(body)) + body)


def reference_input(input_shape) -> np.ndarray:
    """La imagen de referencia: de 0 a 255, siempre la misma para la misma forma, sin el eje del lote.

    Examples
    --------
    >>> reference_input((2, 2, 1))[..., 0]
    array([[  0.,  97.],
           [194.,  35.]], dtype=float32)
    """
    size = np.prod(input_shape, dtype=int)
    return (np.arange(size) * 97 % 256).reshape(input_shape).astype(np.float32)


def _outputs(model, layers, image):
    from keras import Model

    every = Model(model.inputs, [layer.output for layer in layers])
    found = every([np.asarray(image, np.float32)[np.newaxis]], training=False)
    return [np.asarray(values)[0] for values in found]


def _reference(model, layers):
    """Forma de la entrada y ``SAMPLES`` valores, como mucho, de lo que responde cada capa."""
    shape = [SIDE if size is None else size for size in layers[0].output.shape[1:]]
    kept = model.get_weights()
    try:
        model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in kept])
        outputs = _outputs(model, layers, reference_input(shape))
    finally:
        model.set_weights(kept)
    samples = [values.ravel()[:: max(1, values.size // SAMPLES)][:SAMPLES] for values in outputs]
    return {"shape": shape, "samples": [[float(f"{value:.7g}") for value in line] for line in samples]}


def _ordered_layers(model):
    """Las capas, cada una detrás de las que la alimentan, empezando por la entrada."""
    from keras import Model

    if not model.built or not getattr(model, "inputs", None):
        raise ValueError(f"«{model.name}» no está construida: pon delante una capa Input con la forma")
    if len(model.inputs) != 1:
        raise ValueError(f"«{model.name}» tiene {len(model.inputs)} entradas y la página da una")
    layers = Model(model.inputs, model.outputs).operations  # también la entrada de una Sequential
    for layer in layers:
        _check(layer)
    return layers


def _check(layer):
    kind = type(layer).__name__
    if kind not in LAYERS:
        raise ValueError(
            f"la capa «{layer.name}» ({kind}) no se exporta: la página conoce {', '.join(LAYERS)}"
        )
    if len(layer._inbound_nodes) != 1:
        raise ValueError(
            f"la capa «{layer.name}» se usa {len(layer._inbound_nodes)} veces y la página calcula cada capa "
            "una vez: crea una capa para cada uso"
        )
    limits = {"data_format": ("channels_last",), "dilation_rate": ((1, 1),), "groups": (1,)}
    limits |= {"output_padding": (None,), "keepdims": (False,), "negative_slope": (0,), "threshold": (0,)}
    limits |= {"max_value": (None,), "scale": (True,), "center": (True,)} if kind != "Rescaling" else {}
    for option, allowed in limits.items():
        value = getattr(layer, option, allowed[0])
        value = tuple(value) if isinstance(value, list) else value
        if value not in allowed:
            raise ValueError(
                f"la capa «{layer.name}» ({kind}) tiene {option}={value!r} y la página solo calcula "
                f"{option}={allowed[0]!r}: cámbialo"
            )
    if kind == "Rescaling" and (np.ndim(layer.scale) or np.ndim(layer.offset)):
        raise ValueError(f"la capa «{layer.name}» (Rescaling) tiene un factor por canal: usa un solo número")
    if kind in ("BatchNormalization", "Softmax") and layer.axis not in (-1, len(layer.output.shape) - 1):
        raise ValueError(
            f"la capa «{layer.name}» ({kind}) trabaja en el eje {layer.axis} y la página solo en el último: "
            "usa axis=-1"
        )
    activation = getattr(layer, "activation", None)
    if activation is not None and activation.__name__ not in ACTIVATIONS:
        raise ValueError(
            f"la capa «{layer.name}» ({kind}) tiene la activación {activation.__name__}, que la página no "
            f"calcula: usa {', '.join(ACTIVATIONS)}"
        )


def _describe(layer, numbers):
    kind = type(layer).__name__
    options, _ = LAYERS[kind]
    description = {"name": layer.name, "kind": kind, "inputs": []}
    if kind != "InputLayer":
        inputs = layer.input if isinstance(layer.input, list | tuple) else [layer.input]
        description["inputs"] = [numbers[id(tensor)] for tensor in inputs]
    for option in options:
        value = getattr(layer, option)
        description[option] = value.__name__ if option == "activation" else _plain(value)
    shapes = [list(weight.shape) for weight in _weights(layer)]
    return description | ({"weights": shapes} if shapes else {})


def _plain(value):
    return [int(item) for item in value] if isinstance(value, list | tuple) else value


def _weights(layer):
    """Los pesos que se exportan; la capa sin sesgo lleva un peso menos."""
    _, names = LAYERS[type(layer).__name__]
    return [getattr(layer, name) for name in names if getattr(layer, name) is not None]


def _half(weight, name):
    with np.errstate(over="ignore"):
        half = weight.astype("<f2")
    if not np.isfinite(half).all():
        worst = np.abs(weight).max()
        raise ValueError(
            f"«{name}» tiene un peso de {worst:g}, que no cabe en float16 (65504 como mucho): revisa el "
            "entrenamiento"
        )
    return half


def read_web(path) -> dict:
    """Lo que hay en un archivo de :func:`export_web`, después de comprobar su suma.

    Parameters
    ----------
    path : str or Path
        El archivo.

    Returns
    -------
    dict
        ``name``, ``notes``, ``layers``, ``outputs`` y ``reference``; cada capa lleva en ``weights`` sus
        pesos, en el orden de Keras y float32.

    Raises
    ------
    ValueError
        Si no es un archivo de una red o ha cambiado desde que se escribió.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils.networks.models import linear_classifier
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = export_web(linear_classifier(), f"{folder}/lineal.bin")
    ...     [layer["kind"] for layer in read_web(f"{folder}/lineal.bin")["layers"]]
    ['InputLayer', 'Rescaling', 'Flatten', 'Dense']
    """
    path = Path(path)
    file = path.read_bytes()
    if file[:4] != MAGIC:
        raise ValueError(f"{path.name} no es de una red: empieza por {file[:4]!r} y se esperaba {MAGIC!r}")
    body = file[8:]
    if struct.unpack_from("<I", file, 4)[0] != zlib.crc32(body):
        raise ValueError(f"{path.name} no coincide con su suma de comprobación: vuelve a escribirlo")
    size = struct.unpack_from("<I", body)[0]
    content = json.loads(body[4 : 4 + size])
    numbers, start = np.frombuffer(body[4 + size :], "<f2").astype(np.float32), 0
    for layer in content["layers"]:
        shapes = layer.get("weights", [])
        ends = np.cumsum([start, *(int(np.prod(shape)) for shape in shapes)])
        pairs = zip(ends[:-1], ends[1:], shapes, strict=True)
        layer["weights"] = [numbers[first:last].reshape(shape) for first, last, shape in pairs]
        start = ends[-1]
    return content


def run_web(network, images) -> list[np.ndarray]:
    """Lo que responde cada capa de una red leída, con la convolución y el pooling de NumPy del curso.

    Parameters
    ----------
    network : dict
        De :func:`read_web`.
    images : ndarray, shape (N, H, W, C)
        Imágenes.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils.networks.models import linear_classifier
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = export_web(linear_classifier(), f"{folder}/lineal.bin")
    ...     run_web(read_web(f"{folder}/lineal.bin"), np.zeros((1, 28, 28, 1)))[-1].shape
    (1, 10)
    """
    outputs = [check_array(images, "images", BATCH_AXES)]
    for layer in network["layers"][1:]:
        values = _compute(layer, [outputs[number] for number in layer["inputs"]])
        outputs.append(_activate(values, layer))
    return outputs


def _compute(layer, inputs):
    first, weights = inputs[0], layer["weights"]
    match layer["kind"]:
        case "Rescaling":
            return first * layer["scale"] + layer["offset"]
        case "Conv2D":
            kernel, bias = [*weights, None][:2]
            return conv2d(first, kernel, bias, layer["strides"], layer["padding"])
        case "Conv2DTranspose":
            kernel, bias = [*weights, None][:2]
            return conv2d_transpose(first, kernel, bias, layer["strides"], layer["padding"])
        case "Dense":
            return first @ weights[0] + (weights[1] if len(weights) > 1 else 0)
        case "BatchNormalization":
            gamma, beta, mean, variance = weights
            return (first - mean) * (gamma / np.sqrt(variance + layer["epsilon"])) + beta
        case "MaxPooling2D" | "AveragePooling2D" as kind:
            pool = max_pool2d if kind == "MaxPooling2D" else avg_pool2d
            return pool(first, layer["pool_size"], layer["strides"], layer["padding"])
        case "GlobalMaxPooling2D":
            return first.max(axis=(1, 2))
        case "GlobalAveragePooling2D":
            return first.mean(axis=(1, 2))
        case "Add":
            return sum(inputs[1:], first)
        case "Flatten":
            return first.reshape(len(first), -1)
    return first  # las demás solo activan, o no hacen nada


def _activate(values, layer):
    own = {"ReLU": "relu", "Softmax": "softmax"}.get(layer["kind"], layer.get("activation"))
    if own == "relu":
        return np.maximum(values, 0)
    if own == "sigmoid":
        return 1 / (1 + np.exp(-values))
    if own == "softmax":
        powers = np.exp(values - values.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)
    return values
