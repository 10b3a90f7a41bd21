"""Lo que se mira de una red entera: qué recibe, dónde hay activaciones, en qué acaba y cómo se comporta."""

from course_utils.exercises import probing
from course_utils.exercises.answers import Unexpected
from course_utils.exercises.layers import ACTIVATIONS, Layer, read_model, refuse_opaque

#: Trozos del nombre de las capas que, aun con pesos, solo escalan lo que otra ha calculado.
PASSING = ("Normalization",)


def network_of(answer) -> dict:
    """Lo que tienen en común las redes de los ejercicios, listo para los huecos de los mensajes.

    ``layers`` (lista de Layer), ``kinds`` (sus clases), ``convolves`` (si alguna es una convolución),
    ``names`` (las clases, en texto), ``input`` y ``output`` (formas sin el lote), ``last`` (la última que no
    es una activación suelta), ``hidden`` (activaciones de las demás, None si no se sabe cuál), ``final`` (las
    que reciben las salidas, desde la última), ``activation`` (la primera que se conoce), ``parameters`` y
    ``channels_first``. Lanza ``Unexpected`` si no es un modelo de Keras con una entrada y una salida.
    """
    layers = read_model(answer)
    for many, what in ((answer.inputs, "entradas"), (answer.outputs, "salidas")):
        if len(many) != 1:
            raise Unexpected(f"El modelo tiene {len(many)} {what}, y aquí lleva una sola.")
    kinds = [layer.kind for layer in layers]
    place, final = _final_activations(layers)
    return {
        "layers": layers,
        "kinds": kinds,
        "convolves": any(layer.convolves for layer in layers),
        "names": ", ".join(f"`{title}`" for title in dict.fromkeys(layer.title for layer in layers)),
        "input": _without_batch(answer.input_shape),
        "output": tuple(layers[-1].output_shape or ()),
        "last": next((layer.kind for layer in layers[::-1] if layer.kind not in _LOOSE), kinds[-1]),
        "activation": next((name for name in final if name), "linear"),
        "final": final,
        "hidden": [layer.activation for layer in layers[:place]],
        "parameters": answer.count_params(),  # una capa que se usa dos veces cuenta una
        "channels_first": any(layer.config.get("data_format") == "channels_first" for layer in layers),
    }


def behaviour_of(seen: dict, answer, size: tuple, output: tuple, budget: int, allowed=()) -> dict:
    """Lo que se ve al ejecutar la red con otros pesos, si recibe y da lo pedido y no pasa del presupuesto.

    ``linear`` (si es afín y no se le conoce activación entre las capas), ``inert`` (si es afín y lleva
    alguna), ``hides`` (si algo transforma las salidas y no es de ``allowed``) y ``tail`` (las salidas al
    cambiar los pesos de la última capa). Si no se puede ejecutar, se juzga por las capas.
    """
    named = all(name == "linear" for name in seen["hidden"])
    known = {"linear": named, "inert": False, "hides": False, "tail": None}
    if not takes(seen["input"], size) or seen["output"] != output or seen["parameters"] >= budget:
        return known
    undo, scale = (probing.logit, 1.0) if seen["activation"] == "sigmoid" else (lambda outputs: outputs, 3.0)
    try:
        tail = probing.look_at_tail(answer, size, undo, scale)
        if (
            not tail.affine and "sigmoid" in allowed and tail.low >= 0 and tail.high <= 1
        ):  # una escrita a mano
            undo = probing.logit
            tail = probing.look_at_tail(answer, size, undo, scale=1.0)
        affine = probing.is_affine(answer, size, undo)
    except Exception:  # una capa que solo funciona con los pesos o las imágenes de quien responde
        refuse_opaque(seen["layers"])
        return known
    hides = seen["activation"] in ("linear", *allowed) and not tail.affine
    return {"linear": affine and named, "inert": affine and not named, "hides": hides, "tail": tail}


def collapse_of(layers: list[Layer]) -> tuple | None:
    """Clase de la capa que pasa de un mapa de 4 × 4 o más a un solo píxel, y los lados del mapa."""
    for layer in layers:
        before, after = layer.input_shape or (), layer.output_shape or ()
        if len(before) != 3 or None in before or max(before[:2]) < 4:
            continue
        if after[:2] == (1, 1) and len(after) == 3 and after[2] < before[0] * before[1] * before[2]:
            return layer.title, *before[:2]
        if after == before[2:]:  # un número por canal
            return layer.title, *before[:2]
    return None


_LOOSE = (*ACTIVATIONS, "Activation", "Dropout", "Identity", "ActivityRegularization")


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
        if layer.parameters and not loose:  # lo que no tiene pesos pasa lo que otra ha calculado
            return place, tuple(found)
    return 0, tuple(found)
