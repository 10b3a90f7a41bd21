"""Capas y modelos de Keras leídos por su configuración, sin ejecutarlos."""

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from course_utils.exercises.answers import Unexpected

#: Capas que no transforman nada: solo dicen la forma de la entrada.
INPUTS = ("InputLayer", "Input")

#: Capas que deslizan un kernel por un mapa, con un recorrido por canal o por grupos incluido.
CONVOLUTIONS_2D = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose")

#: Las mismas, las de uno y tres ejes y las operaciones sueltas (``keras.ops.conv``).
CONVOLUTIONS = (
    *CONVOLUTIONS_2D, "Conv1D", "SeparableConv1D", "DepthwiseConv1D", "Conv1DTranspose",
    "Conv3D", "Conv3DTranspose", "Conv", "SeparableConv", "DepthwiseConv", "ConvTranspose",
)  # fmt: skip

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

#: Nombres que Keras y TensorFlow dan a una activación además de los de ``keras.activations``.
ALIASES = ("relu6", "swish", "hard_swish", "celu", "leaky_relu", "log_softmax", "linear")

#: Clases de Keras de las que se hereda para escribir una capa propia: no dicen qué calcula.
BASES = ("Layer", "Wrapper")

#: Lo que se lee de una capa de Keras si su configuración no se puede escribir como texto.
ATTRIBUTES = (
    "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "use_bias",
    "depth_multiplier", "pool_size", "units",
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
        Nombre de la clase de Keras, o de la que hereda: «Conv2D».
    config : dict
        Lo que devuelve ``get_config()``.
    output_shape : tuple or None
        Forma de la salida sin el eje del lote; None si la capa no está construida.
    parameters : int
        Pesos y sesgos; 0 si no está construida.
    function : callable or None
        La activación tal como se ha dado, o la función de una ``Lambda``; None si no está construida.
    name : str
        La clase con que se ha escrito, si hereda de la de Keras.
    inside : tuple of str
        Clases de las capas que lleva dentro.
    input_shape : tuple or None
        Forma de lo que recibe, o de lo primero que recibe, sin el lote; None si no se sabe.
    """

    kind: str
    config: dict
    output_shape: tuple | None = None
    parameters: int = 0
    function: object = None
    name: str = ""
    inside: tuple[str, ...] = ()
    input_shape: tuple | None = None

    @property
    def convolves(self) -> bool:
        """Si es una convolución, corriente, separable, por canales o transpuesta, o lleva alguna dentro.

        Examples
        --------
        >>> Layer("SeparableConv2D", {}).convolves, Layer("Dense", {}).convolves
        (True, False)
        """
        return not {self.kind, *self.inside}.isdisjoint(CONVOLUTIONS)

    @property
    def title(self) -> str:
        """La clase, como se ha escrito."""
        return self.name or self.kind

    @cached_property
    def activation(self) -> str | None:
        """Nombre de la activación que aplica, en minúsculas; «linear» si ninguna, None si no se sabe leer.

        Examples
        --------
        >>> Layer("ReLU", {}).activation, Layer("Conv2D", {"activation": "relu"}).activation
        ('relu', 'relu')
        """
        if self.kind in ACTIVATIONS or self.kind.lower() in functions():
            return self.kind.lower()
        if self.function is not None:
            return _name_of(self.function)
        if self.kind == "Lambda" or "activation" not in self.config:
            return None if self.kind in ("Lambda", OPERATION) else "linear"
        return _name_of(self.config["activation"])


@cache
def functions() -> frozenset[str]:
    """Nombres de las activaciones de Keras: los de ``keras.activations`` y sus otros nombres."""
    import keras

    known = {name for name, value in vars(keras.activations).items() if callable(value)}
    return frozenset(known - {"get", "serialize", "deserialize"} | set(ALIASES))


def _name_of(activation) -> str | None:
    """El nombre de una activación, sea texto, capa o función; None si no se sabe cuál es."""
    if activation is None or isinstance(activation, str):
        return (activation or "linear").lower()
    if type(activation).__name__ in ACTIVATIONS:
        return type(activation).__name__.lower()
    name = getattr(activation, "__name__", None)
    library = str(getattr(activation, "__module__", "")).partition(".")[0]
    if name in functions() and library in ("keras", "tensorflow", "tf_keras"):
        return name
    return _only_call(activation)


def _only_call(function) -> str | None:
    """«relu» en ``lambda x: keras.ops.relu(x)``; None si hace algo más que llamar a una activación."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    steps = [step.opname for step in dis.get_instructions(code)]
    named = [name for name in code.co_names if name in functions()]
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
        return Layer(_kind_of(answer), _config_of(answer), name=type(answer).__name__)
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
            "El modelo no sabe el tamaño de su entrada, así que Keras aún no lo ha construido. "
            "Empieza con `keras.Input(…)`, que recibe la forma de una imagen del enunciado."
        )
    return [_built(step, shape) for step, shape in steps]


def _kind_of(step) -> str:
    """La clase de Keras de una capa o la más cercana de la que hereda; la suya, si no dice qué calcula."""
    import keras

    own = type(step).__name__
    if not isinstance(step, keras.Layer):  # una operación suelta
        return own
    for parent in type(step).__mro__:
        if getattr(keras.layers, parent.__name__, None) is parent and parent.__name__ not in BASES:
            return parent.__name__
    return f"{own} (propia)" if hasattr(keras.layers, own) else own


def _config_of(step) -> dict:
    """La configuración de una capa; si no se puede escribir, los atributos que hacen falta.

    Keras lanza ``TypeError`` si un argumento no se puede guardar (una activación que es un ``partial``) y
    ``NotImplementedError`` si tampoco puede adivinarlos, en una capa propia.
    """
    try:
        return dict(step.get_config())
    except (TypeError, NotImplementedError):
        return {name: getattr(step, name) for name in (*ATTRIBUTES, "activation") if hasattr(step, name)}


def _nests(step) -> bool:
    """Si es un modelo, o una tubería de capas, dentro de otro."""
    import keras

    return isinstance(step, keras.Model) or _is_pipeline(step)


def _is_pipeline(step) -> bool:
    return _kind_of(step) == "Pipeline"


def _flat(model) -> Iterator[tuple]:
    """Las capas y operaciones de un modelo, cada una con la forma de su salida, o None si la dice ella."""
    shape = model.input.shape if _is_pipeline(model) else None
    for step in getattr(model, "operations", None) or model.layers:
        if shape is not None:  # las capas de una tubería no se llaman hasta que llegan los datos
            shape = step.compute_output_shape(shape)
            yield step, shape
        elif _nests(step):
            yield from _flat(step)
        elif type(step).__name__ not in INPUTS:
            yield step, None


def _built(step, shape=None) -> Layer:
    kind = _kind_of(step)
    try:
        shape = tuple((step.output.shape if shape is None else shape)[1:])
    except AttributeError:  # nunca se ha llamado sola, o tiene varias salidas
        raise Unexpected(
            f"No sé leer la capa `{type(step).__name__}`: no dice la forma de su salida. Aquí se leen "
            "`keras.Sequential` y `keras.Model(entrada, salida)`, también uno dentro de otro."
        ) from None
    if not hasattr(step, "count_params"):  # una operación suelta: keras.ops.relu(x)
        name = kind.lower()
        known = kind in LINEAR or kind in CONVOLUTIONS or name in functions()
        config = {"activation": name} if name in functions() else {}
        return Layer(kind if known else OPERATION, config, shape, name=kind, input_shape=_received(step))
    opaque = kind == "Lambda"
    function = getattr(step, "function" if opaque else "activation", None)
    config = {} if opaque else _config_of(step)
    inside = tuple(map(_kind_of, _parts(step)))
    name = type(step).__name__
    return Layer(kind, config, shape, step.count_params(), function, name, inside, _received(step))


def _received(step) -> tuple | None:
    try:
        received = step.input
    except (AttributeError, ValueError):
        return None
    first = received[0] if isinstance(received, list | tuple) and received else received
    return tuple(first.shape[1:]) if hasattr(first, "shape") else None


def _parts(step) -> list:
    """Las capas que una capa guarda: la de un ``TimeDistributed`` o las de una capa propia."""
    import keras

    found = {}
    for value in vars(step).values():
        values = value if isinstance(value, list | tuple) else [value]
        found |= {id(part): part for part in values if isinstance(part, keras.Layer) and part is not step}
    return [*found.values(), *(inner for part in found.values() for inner in _parts(part))]


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
