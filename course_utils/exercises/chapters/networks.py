"""Lo que se mira de una red entera: qué recibe, dónde hay activaciones y en qué acaba."""

from course_utils.exercises.layers import ACTIVATIONS, Layer, read_model

#: Trozos del nombre de las capas que solo recolocan, resumen o escalan lo que otra ha calculado.
PASSING = (
    "Activation",
    "Dropout",
    "Flatten",
    "Reshape",
    "Pooling",
    "Normalization",
    "Rescaling",
    "UpSampling",
    "Padding",
    "Cropping",
    "Noise",
)


def network_of(answer) -> dict:
    """Lo que tienen en común las redes de los ejercicios, listo para los huecos de los mensajes.

    ``layers`` (lista de Layer), ``kinds`` (sus clases), ``convolves`` (si alguna es una convolución),
    ``names`` (las clases, en texto), ``input`` y ``output`` (formas sin el lote), ``last`` (la última que no
    es una activación suelta), ``hidden`` (activaciones de las demás), ``final`` (las que reciben las salidas,
    desde la última), ``activation`` (la primera de ellas), ``parameters`` y ``channels_first``. Lanza
    ``Unexpected`` si no es un modelo de Keras con su entrada.
    """
    layers = read_model(answer)
    kinds = [layer.kind for layer in layers]
    place, final = _final_activations(layers)
    return {
        "layers": layers,
        "kinds": kinds,
        "convolves": any(layer.convolves for layer in layers),
        "names": ", ".join(f"`{kind}`" for kind in dict.fromkeys(kinds)),
        "input": _without_batch(answer.input_shape),
        "output": tuple(layers[-1].output_shape or ()),
        "last": next((layer.kind for layer in layers[::-1] if layer.kind not in _LOOSE), kinds[-1]),
        "activation": final[0] if final else "linear",
        "final": final,
        "hidden": [layer.activation for layer in layers[:place]],
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


def _final_activations(layers: list[Layer]) -> tuple[int, tuple]:
    """El lugar de la capa que calcula las salidas y las activaciones que reciben, desde la última."""
    found = []
    for place in range(len(layers) - 1, -1, -1):
        layer = layers[place]
        found += [layer.activation] if layer.activation != "linear" else []
        loose = layer.kind in ACTIVATIONS or any(part in layer.kind for part in PASSING)
        if not loose and layer.kind.lower() != layer.activation:  # una operación suelta también es activación
            return place, tuple(found)
    return 0, tuple(found)
