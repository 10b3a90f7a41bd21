"""Guardar los pesos de una red, y cargarlos solo en la red que les corresponde."""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from course_utils.ops.convolution import conv2d
from course_utils.ops.pooling import max_pool2d


def save_weights(model, path) -> None:
    """Guarda los pesos de una red en un archivo ``.npz``: un array por peso, con su nombre.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.
    path : str or Path
        Archivo que se escribe; debe terminar en ``.npz``.

    Raises
    ------
    ValueError
        Si el archivo no termina en ``.npz``.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils.networks.models import small_cnn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_weights(small_cnn(), f"{folder}/red.npz")
    ...     load_weights(small_cnn(), f"{folder}/red.npz")
    """
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"los pesos se guardan en un archivo .npz y ha llegado «{path.name}»")
    np.savez_compressed(path, **_named_weights(model))


def load_weights(model, path) -> None:
    """Pone en una red los pesos de un archivo ``.npz``; si son de otra red, lo explica y no la toca.

    Parameters
    ----------
    model : keras.Model
        Red ya construida. Se modifica.
    path : str or Path
        Archivo de :func:`save_weights`. Se lee sin *pickle*: no puede ejecutar nada.

    Raises
    ------
    ValueError
        Si el número de pesos, el nombre o la forma de alguno no son los de la red.
    """
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    expected = _named_weights(model)
    here, there = len(expected), len(arrays)
    advice = "construye la red con la misma función con que se guardó"
    if here != there:
        raise ValueError(
            f"esos pesos son de otra red: el archivo tiene {there} arrays y «{model.name}», {here}: {advice}"
        )
    for (name, array), (stored_name, value) in zip(expected.items(), arrays.items(), strict=True):
        if (name, array.shape) != (stored_name, value.shape):
            raise ValueError(
                f"esos pesos son de otra red: donde «{model.name}» tiene {name}, de forma {array.shape}, "
                f"el archivo tiene {stored_name}, de forma {value.shape}: {advice}"
            )
    model.set_weights(list(arrays.values()))


def _named_weights(model) -> dict[str, np.ndarray]:
    """Pesos por orden: «03 Conv2D kernel»… El número y el tipo de la capa, no su nombre, que Keras cambia."""
    return {
        f"{number:02} {type(layer).__name__} {weight.name}": np.asarray(weight)
        for number, layer in enumerate(model.layers)
        for weight in layer.weights
    }


# --- Redes en JSON -------------------------------------------------------------------------------------


def export_network(model, images) -> dict:
    """Una red secuencial como datos que se escriben en JSON: capas, pesos y lo que responde a unas imágenes.

    Los pesos se redondean a float16 y la red se queda con ellos, para que lo guardado sea exactamente la red.

    Parameters
    ----------
    model : keras.Sequential
        Capas ``Rescaling``, ``Conv2D``, ``MaxPooling2D``, ``Flatten``, ``Dropout`` y ``Dense``; las
        convoluciones, con stride 1, y las activaciones, ReLU o ninguna. Sus pesos se redondean.
    images : ndarray of uint8, shape (N, H, W, C)
        Imágenes de referencia.

    Returns
    -------
    dict
        ``layers``, ``images``, ``activations`` (de cada pooling, con la primera imagen) y ``scores``; y
        ``sha256``, la suma de comprobación de todo lo demás.

    Raises
    ------
    ValueError
        Si hay una capa de otra clase.

    Examples
    --------
    >>> from course_utils.networks.models import small_cnn
    >>> network = export_network(small_cnn(), np.zeros((1, 28, 28, 1), np.uint8))
    >>> [layer["kind"] for layer in network["layers"]][:3]
    ['Rescaling', 'Conv2D', 'MaxPooling2D']
    """
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])
    content = {
        "name": model.name,
        "layers": [_export_layer(layer) for layer in model.layers if type(layer).__name__ != "Dropout"],
        "images": _encode(images),
        "scores": np.asarray(model(images.astype(np.float32), training=False)).round(5).tolist(),
    }
    outputs = run_network(content, images[:1])
    content["activations"] = {
        str(number): _encode(output[0].astype(np.float16))
        for number, (layer, output) in enumerate(zip(content["layers"], outputs, strict=True))
        if layer["kind"] == "MaxPooling2D"
    }
    return content | {"sha256": _checksum(content)}


def load_network(name: str) -> dict:
    """Una red que el curso guarda en JSON, de :func:`export_network`, después de comprobar su suma.

    Parameters
    ----------
    name : str
        ``"small_cnn"``.

    Raises
    ------
    ValueError
        Si no está esa red o el archivo ha cambiado.

    Examples
    --------
    >>> len(load_network("small_cnn")["layers"])
    9
    """
    path = files("course_utils") / "networks" / f"{name}.json"
    if not path.is_file():
        raise ValueError(f"el curso no guarda ninguna red «{name}»: la que hay es small_cnn")
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.pop("sha256") != _checksum(content):
        raise ValueError(f"{path.name} no coincide con su suma de comprobación: vuelve a instalar el curso")
    return content


def run_network(network: dict, images) -> list[np.ndarray]:
    """La salida de cada capa de una red guardada, con la convolución y el pooling de NumPy del curso.

    Parameters
    ----------
    network : dict
        De :func:`load_network` o :func:`export_network`.
    images : ndarray, shape (N, H, W, C)
        Imágenes de 0 a 255.

    Examples
    --------
    >>> run_network(load_network("small_cnn"), np.zeros((1, 28, 28, 1)))[-1].shape  # las puntuaciones
    (1, 10)
    """
    outputs = []
    values = np.asarray(images, dtype=np.float32)
    for layer in network["layers"]:
        weights = [decode(layer[key]).astype(np.float32) for key in ("kernel", "bias") if key in layer]
        match layer["kind"]:
            case "Rescaling":
                values = values * np.float32(layer["scale"])
            case "Conv2D":
                values = conv2d(values, *weights, padding=layer["padding"])
            case "MaxPooling2D":
                values = max_pool2d(values, layer["pool_size"])
            case "Flatten":
                values = values.reshape(len(values), -1)
            case "Dense":
                kernel, bias = weights
                values = values @ kernel + bias
        if layer.get("activation") == "relu":
            values = np.maximum(values, 0)
        outputs.append(values)
    return outputs


def decode(stored: dict) -> np.ndarray:
    """El array que hay en ``{"shape", "dtype", "data"}``; los datos, en base64 y con el byte menor delante.

    Examples
    --------
    >>> decode({"shape": [2], "dtype": "uint8", "data": "AQI="})
    array([1, 2], dtype=uint8)
    """
    data = np.frombuffer(base64.b64decode(stored["data"]), np.dtype(stored["dtype"]).newbyteorder("<"))
    return data.reshape(stored["shape"])


def _encode(array: np.ndarray) -> dict:
    data = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return {
        "shape": list(array.shape),
        "dtype": array.dtype.name,
        "data": base64.b64encode(data).decode("ascii"),
    }


def _export_layer(layer) -> dict:
    kind = type(layer).__name__
    match kind:
        case "Rescaling":
            options = {"scale": layer.scale}
        case "MaxPooling2D":
            options = {"pool_size": layer.pool_size[0]}
        case "Flatten":
            options = {}
        case "Conv2D" | "Dense":
            kernel, bias = (_encode(weight.astype(np.float16)) for weight in layer.get_weights())
            options = {"activation": layer.activation.__name__, "kernel": kernel, "bias": bias}
            options |= {"padding": layer.padding} if kind == "Conv2D" else {}
        case _:
            raise ValueError(
                f"la capa «{layer.name}» ({kind}) no se exporta: "
                "usa Rescaling, Conv2D, MaxPooling2D, Flatten y Dense"
            )
    return {"kind": kind} | options


def _checksum(content: dict) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
