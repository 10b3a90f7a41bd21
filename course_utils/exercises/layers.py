"""Capas y modelos de Keras leídos por su configuración, sin ejecutarlos."""

from dataclasses import dataclass

from course_utils.exercises.answers import Unexpected

#: Capas que no transforman nada: solo dicen la forma de la entrada.
INPUTS = ("InputLayer", "Input")


@dataclass(frozen=True)
class Layer:
    """Una capa, por su clase y su configuración.

    Parameters
    ----------
    kind : str
        Nombre de la clase de Keras: «Conv2D».
    config : dict
        Lo que devuelve ``get_config()``.
    output_shape : tuple or None
        Forma de la salida sin el eje del lote; None si la capa no está construida.
    parameters : int
        Pesos y sesgos; 0 si no está construida.
    """

    kind: str
    config: dict
    output_shape: tuple | None = None
    parameters: int = 0


def read_layer(answer) -> Layer:
    """Una capa a partir de una capa de Keras o de su configuración.

    Raises
    ------
    Unexpected
        Si no es ninguna de las dos.

    Examples
    --------
    >>> read_layer({"class_name": "Conv2D", "config": {"filters": 8}}).kind
    'Conv2D'
    """
    if type(answer) is dict:
        config = answer.get("config", answer)
        kind = answer.get("class_name", "Conv2D" if "filters" in config else "")
        if type(config) is dict and type(kind) is str and kind:
            return Layer(kind, config)
    elif not isinstance(answer, type) and callable(getattr(answer, "get_config", None)):
        if hasattr(answer, "layers"):
            raise Unexpected("Se espera una sola capa y has dado un modelo entero.")
        return Layer(type(answer).__name__, dict(answer.get_config()))
    raise Unexpected("Se espera una capa de Keras, por ejemplo `keras.layers.Conv2D(…)`.")


def read_model(answer) -> list[Layer]:
    """Las capas de un modelo de Keras ya construido, sin la de entrada.

    Raises
    ------
    Unexpected
        Si no es un modelo, está vacío o no sabe la forma de su entrada.
    """
    if isinstance(answer, type) or not hasattr(answer, "layers") or not hasattr(answer, "count_params"):
        raise Unexpected("Se espera un modelo de Keras, por ejemplo `keras.Sequential([…])`.")
    layers = [layer for layer in answer.layers if type(layer).__name__ not in INPUTS]
    if not layers:
        raise Unexpected("El modelo no tiene capas.")
    if not answer.built:
        raise Unexpected(
            "El modelo no sabe el tamaño de su entrada, así que aún no tiene pesos. "
            "Empieza con `keras.Input((28, 28, 1))`."
        )
    return [
        Layer(
            type(layer).__name__,
            dict(layer.get_config()),
            tuple(layer.output.shape[1:]),
            layer.count_params(),
        )
        for layer in layers
    ]
