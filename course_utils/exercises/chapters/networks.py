"""Lo que se mira de una red entera: qué recibe, dónde hay activaciones y en qué acaba."""

from course_utils.exercises.layers import Layer, read_model

#: Capas que solo aplican una activación.
ACTIVATIONS = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
    "Softmax": "softmax",
    "Lambda": "lambda",
}
#: Capas que no cambian los valores, solo su forma o, al entrenar, cuáles pasan.
NEUTRAL = ("Activation", "Dropout", "Flatten", "Reshape")


def network_of(answer) -> dict:
    """Lo que tienen en común las redes de los ejercicios, listo para los huecos de los mensajes.

    Parameters
    ----------
    answer : keras.Model
        Lo entregado.

    Returns
    -------
    dict
        ``layers`` (lista de Layer), ``kinds`` (sus clases), ``names`` (las mismas, en texto), ``input`` y
        ``output`` (formas sin el lote), ``last`` (la última que no es una activación suelta), ``hidden``
        (activaciones de las demás), ``activation`` (la del final), ``parameters`` y ``channels_first``.

    Raises
    ------
    Unexpected
        Si no es un modelo de Keras con su entrada.
    """
    layers = read_model(answer)
    kinds = [layer.kind for layer in layers]
    place, activation = _final_activation(layers)
    return {
        "layers": layers,
        "kinds": kinds,
        "names": ", ".join(f"`{kind}`" for kind in dict.fromkeys(kinds)),
        "input": _without_batch(answer.input_shape),
        "output": tuple(layers[-1].output_shape or ()),
        "last": next((layer.kind for layer in layers[::-1] if layer.kind not in _LOOSE), kinds[-1]),
        "activation": activation,
        "hidden": [activation_of(layer) for layer in layers[:place]],
        "parameters": answer.count_params(),  # una capa que se usa dos veces cuenta una
        "channels_first": any(layer.config.get("data_format") == "channels_first" for layer in layers),
    }


_LOOSE = ("Activation", "Dropout", "Softmax")


def _without_batch(shape) -> tuple:
    return tuple(shape[1:]) if isinstance(shape, tuple) else tuple(shape)


def takes(found: tuple, wanted: tuple) -> bool:
    """Si una entrada de forma ``found`` admite imágenes de forma ``wanted``; None es cualquier tamaño.

    Examples
    --------
    >>> takes((None, None, 1), (28, 28, 1)), takes((32, 32, 3), (28, 28, 1))
    (True, False)
    """
    return len(found) == len(wanted) and all(
        side in (None, size) for side, size in zip(found, wanted, strict=True)
    )


def activation_of(layer: Layer) -> str:
    """Nombre de la activación de una capa; «linear» si no tiene.

    Examples
    --------
    >>> activation_of(Layer("Dense", {"activation": "relu"})), activation_of(Layer("Flatten", {}))
    ('relu', 'linear')
    """
    found = layer.config.get("activation") or ACTIVATIONS.get(layer.kind, "linear")
    if isinstance(found, dict):  # una función propia, o una capa de activación dentro de otra
        inner = found.get("config")
        found = inner if isinstance(inner, str) else found.get("class_name", "otra")
        found = ACTIVATIONS.get(found, found)
    return found if isinstance(found, str) else getattr(found, "__name__", "otra")


def _final_activation(layers: list[Layer]) -> tuple[int, str]:
    """La activación que reciben las salidas, y el lugar de la capa que las calcula."""
    name = "linear"
    for place in range(len(layers) - 1, -1, -1):
        name = activation_of(layers[place])
        if name != "linear" or layers[place].kind not in NEUTRAL:
            return place, name
    return 0, name


def is_convolution(kind: str) -> bool:
    """Si una clase de Keras es una convolución en dos dimensiones, de cualquier tipo.

    Examples
    --------
    >>> is_convolution("SeparableConv2D"), is_convolution("Dense")
    (True, False)
    """
    return "Conv2D" in kind
