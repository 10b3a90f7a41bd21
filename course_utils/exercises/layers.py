"""Capas y modelos de Keras leídos por su configuración, sin ejecutarlos."""

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from course_utils.exercises.answers import Unexpected

#: Capas que no transforman nada: solo dicen la forma de la entrada.
INPUTS = ("InputLayer", "Input")

#: Capas que deslizan un kernel por un mapa, con un recorrido por canal o por grupos incluido.
CONVOLUTIONS = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose")

#: Capas que son solo una activación.
ACTIVATIONS = ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax")

#: Nombre de una operación suelta de la que no se sabe qué calcula.
OPERATION = "operación"

#: Operaciones de Keras que un modelo funcional lleva sin capa y que solo suman, pesan o recolocan.
LINEAR = (
    "Add",
    "Subtract",
    "Concatenate",
    "GetItem",
    "Reshape",
    "Transpose",
    "Squeeze",
    "ExpandDims",
    "Mean",
)

#: Activaciones de Keras, por el nombre de su función.
FUNCTIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "celu", "glu", "mish", "tanh",
    "sigmoid", "hard_sigmoid", "hard_silu", "softplus", "softsign", "softmax", "log_softmax", "linear",
)  # fmt: skip

#: Instrucciones de una función que solo llama a otra con su argumento.
ONE_CALL = (
    "RESUME", "CACHE", "NOP", "PUSH_NULL", "COPY_FREE_VARS", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF",
    "LOAD_ATTR", "LOAD_METHOD", "LOAD_FAST", "LOAD_FAST_BORROW", "PRECALL", "CALL", "RETURN_VALUE",
)  # fmt: skip


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
    function : callable or None
        La activación tal como se ha dado, o la función de una ``Lambda``; None si no está construida.
    """

    kind: str
    config: dict
    output_shape: tuple | None = None
    parameters: int = 0
    function: object = None

    @property
    def convolves(self) -> bool:
        """Si es una convolución: corriente, separable, por canales o transpuesta.

        Examples
        --------
        >>> Layer("SeparableConv2D", {}).convolves, Layer("Dense", {}).convolves
        (True, False)
        """
        return self.kind in CONVOLUTIONS

    @cached_property
    def activation(self) -> str | None:
        """Nombre de la activación que aplica, en minúsculas; «linear» si ninguna, None si no se sabe leer.

        Examples
        --------
        >>> Layer("ReLU", {}).activation, Layer("Conv2D", {"activation": "relu"}).activation
        ('relu', 'relu')
        """
        if self.kind in ACTIVATIONS or self.kind.lower() in FUNCTIONS:
            return self.kind.lower()
        if self.function is not None:
            return _name_of(self.function)
        if self.kind == "Lambda" or "activation" not in self.config:
            return None if self.kind in ("Lambda", OPERATION) else "linear"
        return _name_of(self.config["activation"])


def _name_of(activation) -> str | None:
    """El nombre de una activación, sea texto, capa o función; None si no se sabe cuál es."""
    if activation is None or isinstance(activation, str):
        return (activation or "linear").lower()
    if type(activation).__name__ in ACTIVATIONS:
        return type(activation).__name__.lower()
    name = getattr(activation, "__name__", None)
    library = str(getattr(activation, "__module__", "")).partition(".")[0]
    if name in FUNCTIONS and library in ("keras", "tensorflow", "tf_keras"):
        return name
    return _only_call(activation)


def _only_call(function) -> str | None:
    """«relu» en ``lambda x: keras.ops.relu(x)``; None si hace algo más que llamar a una activación."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    steps = [step.opname for step in dis.get_instructions(code)]
    named = [name for name in code.co_names if name in FUNCTIONS]
    simple = set(steps) <= set(ONE_CALL) and steps.count("CALL") == 1
    return named[0] if simple and len(named) == 1 else None


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
    """Las capas de un modelo de Keras ya construido, sin las de entrada y con las de los modelos de dentro.

    Raises
    ------
    Unexpected
        Si no es un modelo, está vacío o no sabe la forma de su entrada.
    """
    if isinstance(answer, type) or not hasattr(answer, "layers") or not hasattr(answer, "count_params"):
        raise Unexpected("Se espera un modelo de Keras, por ejemplo `keras.Sequential([…])`.")
    steps = list(_flat(answer))
    if not steps:
        raise Unexpected("El modelo no tiene capas.")
    if not answer.built:
        raise Unexpected(
            "El modelo no sabe el tamaño de su entrada, así que aún no tiene pesos. "
            "Empieza con la entrada, por ejemplo `keras.Input((28, 28, 1))`."
        )
    return [_built(step) for step in steps]


def _flat(model) -> Iterator:
    """Las capas y operaciones de un modelo; donde hay otro modelo, las suyas."""
    for step in getattr(model, "operations", None) or model.layers:
        if hasattr(step, "layers") and hasattr(step, "count_params"):
            yield from _flat(step)
        elif type(step).__name__ not in INPUTS:
            yield step


def _built(step) -> Layer:
    kind = type(step).__name__
    try:
        shape = step.output.shape[1:]
    except AttributeError:  # nunca se ha llamado sola, o tiene varias salidas
        raise Unexpected(
            f"No sé leer la capa `{kind}`: no dice la forma de su salida. Construye el modelo con "
            "`keras.Sequential` o `keras.Model(entrada, salida)` y capas de Keras."
        ) from None
    if not hasattr(step, "count_params"):  # una operación suelta: keras.ops.relu(x)
        name = kind.lower()
        known = kind in LINEAR or name in FUNCTIONS
        config = {"activation": name} if name in FUNCTIONS else {}
        return Layer(kind if known else OPERATION, config, tuple(shape))
    opaque = kind == "Lambda"
    function = getattr(step, "function" if opaque else "activation", None)
    config = {} if opaque else dict(step.get_config())
    return Layer(kind, config, tuple(shape), step.count_params(), function)


def known_shapes(layers: list[Layer]) -> list[Layer]:
    """Las mismas capas, si se sabe el tamaño de todos sus mapas.

    Raises
    ------
    Unexpected
        Si alguno es None: la entrada se ha dado sin tamaño.
    """
    if any(side is None for layer in layers for side in layer.output_shape or (None,)):
        raise Unexpected(
            "La entrada tiene tamaños sin fijar, con `None`, y aquí hay que saber cuánto miden los mapas: "
            "escríbelos en `keras.Input(…)`."
        )
    return layers


def refuse_opaque(layers: list[Layer]) -> list[Layer]:
    """Las mismas capas, si de todas se sabe qué hacen.

    Raises
    ------
    Unexpected
        Si alguna es una función de Python que no se reconoce.
    """
    for layer in layers:
        if layer.activation is None:
            raise Unexpected(
                f"No sé leer qué calcula una capa `{layer.kind}` con una función propia: usa en su lugar "
                "capas o activaciones de Keras."
            )
    return layers
