"""Redes de Keras ejecutadas con pesos e imágenes al azar, para ver qué hacen y no solo qué capas llevan.

Los pesos de quien responde no cambian: Keras calcula con otros dentro de un ``StatelessScope``. Lo que resume
por máximos se cambia por medias y lo que normaliza cada imagen se salta; así, si no hay ninguna activación
que actúe, la red es una función afín de la imagen, y sus salidas, de los pesos de su última capa.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

#: Capas cuyo máximo se cambia por una media.
AVERAGED = {
    "MaxPooling1D": "AveragePooling1D",
    "MaxPooling2D": "AveragePooling2D",
    "MaxPooling3D": "AveragePooling3D",
    "GlobalMaxPooling1D": "GlobalAveragePooling1D",
    "GlobalMaxPooling2D": "GlobalAveragePooling2D",
    "GlobalMaxPooling3D": "GlobalAveragePooling3D",
}

#: Capas que se saltan: no son activaciones y tampoco son afines.
SKIPPED = ("LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization")

#: Capas con pesos que no son la última que calcula, aunque vayan al final.
ADJUSTING = (*SKIPPED, "BatchNormalization", "Normalization", "PReLU")

#: Desviación de los pesos de cada prueba, respecto de la que conserva el tamaño de los valores.
SCALES = (1.0, 3.0, 0.3)


@dataclass
class Probe:
    """Una red que se puede ejecutar con otros pesos.

    Parameters
    ----------
    model : keras.Model
        Con una entrada y una salida.
    size : tuple
        Forma de una imagen.
    exact : bool
        Si el máximo se deja como está y se ejecutan todas las capas.
    steps : list
        Las capas de la última ejecución, por orden.
    calls : dict
        Lo que ha recibido cada capa, por su identidad.
    kept : set
        Identidad de las capas que normalizan y no se saltan.
    """

    model: object
    size: tuple
    exact: bool = False
    steps: list = field(default_factory=list)
    calls: dict = field(default_factory=dict)
    kept: set = field(default_factory=set)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(15))

    def draw(self, variables, scale: float) -> dict:
        """Valores al azar para unas variables, por su identidad."""
        values = {}
        for variable in variables:
            shape = tuple(variable.shape)
            spread = scale / np.sqrt(np.prod(shape[:-1])) if len(shape) > 1 else scale / 2
            values[id(variable)] = variable, self.rng.normal(0, spread, shape).astype("float32")
        return values

    def run(self, images, values: dict) -> np.ndarray:
        """Las salidas con esos pesos, sin tocar los de la red."""
        import keras

        self.steps = []
        with keras.StatelessScope(
            state_mapping=[(var, keras.ops.array(new)) for var, new in values.values()]
        ):
            return np.asarray(keras.ops.convert_to_numpy(self._run(self.model, keras.ops.array(images))))

    def run_step(self, step, first, values: dict) -> np.ndarray:
        """Lo que da una capa si lo primero que recibe es ``first`` y lo demás, lo de la última ejecución."""
        import keras

        inputs, options = self.calls[id(step)]
        with keras.StatelessScope(
            state_mapping=[(var, keras.ops.array(new)) for var, new in values.values()]
        ):
            outputs = self._call(step, keras.ops.array(first), *inputs[1:], **options)
            return np.asarray(keras.ops.convert_to_numpy(outputs))

    def _run(self, model, inputs, **_):
        import keras

        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                inputs = self._step(layer, inputs)
            return inputs
        return model._run_through_graph(inputs, operation_fn=lambda step: partial(self._step, step))

    def _step(self, step, *inputs, **options):
        import keras

        if isinstance(step, keras.Model):
            return self._run(step, *inputs)
        self.steps.append(step)
        self.calls[id(step)] = inputs, options
        return self._call(step, *inputs, **options)

    def _call(self, step, *inputs, **options):
        import keras

        kind = _class_in(type(step), (*AVERAGED, *SKIPPED))
        if not self.exact and kind in SKIPPED and id(step) not in self.kept:
            return inputs[0]
        if not self.exact and kind in AVERAGED:
            names = ("pool_size", "strides", "padding", "data_format", "keepdims")
            config = {name: getattr(step, name) for name in names if hasattr(step, name)}
            return getattr(keras.layers, AVERAGED[kind])(**config)(*inputs)
        if isinstance(step, keras.Layer) and "training" in inspect.signature(step.call).parameters:
            options["training"] = False
        return step(*inputs, **options)


def _class_in(cls: type, names) -> str:
    return next((parent.__name__ for parent in cls.__mro__ if parent.__name__ in names), "")


def is_affine(model, size: tuple, undo: Callable = lambda outputs: outputs) -> bool:
    """Si, sin los máximos, la red es afín en imágenes de 0 a 1 y de 0 a 255 con todos los pesos probados.

    ``undo`` deshace la activación de la salida. Si nunca son finitas no se sabe, y se dice que no.
    """
    probe, known = Probe(model, size), False
    for scale in SCALES:
        values = probe.draw(model.trainable_variables, scale)
        for top in (1.0, 255.0):
            first, second = probe.rng.uniform(0, top / 2, (2, 2, *size)).astype("float32")
            images = np.concatenate([first, second, first + second, np.zeros_like(first)])
            adds_up = _adds_up(*np.split(undo(probe.run(images, values)), 4))
            if adds_up is False:
                return False
            known = known or adds_up is True
    return known


@dataclass(frozen=True)
class Tail:
    """Lo visto de las salidas al cambiar los pesos de la última capa que calcula.

    Parameters
    ----------
    affine : bool
        Si cambian con los pesos como una suma de productos, es decir, sin nada detrás que los transforme.
    layer : str
        Clase de esa capa.
    low, high : float
        Menor y mayor salida.
    """

    affine: bool
    layer: str
    low: float
    high: float


def look_at_tail(model, size: tuple, undo: Callable = lambda outputs: outputs, scale: float = 3.0) -> Tail:
    """Ejecuta la red con varios pesos en su última capa con kernel, y los demás fijos."""
    probe = Probe(model, size)
    images = probe.rng.uniform(0, 1, (3, *size)).astype("float32")
    fixed = probe.draw(model.trainable_variables, 1.0)
    seen = [probe.run(images, fixed)]
    last = next((step for step in reversed(probe.steps) if _computes(step, probe, fixed)), None)
    if last is None or probe.steps.count(last) > 1:
        return Tail(True, "", 0.0, 0.0)
    probe.kept = {id(step) for step in probe.steps[probe.steps.index(last) + 1 :]}
    affine = False
    for variable in _kernels_of(last):
        verdicts = []
        for spread in (scale, 100 * scale):  # con valores grandes se nota un recorte
            value = probe.draw([variable], spread)[id(variable)][1]
            # ni simétricos ni del mismo signo: también delatan a abs y a tanh
            outputs = [
                probe.run(images, fixed | {id(variable): (variable, factor * value)})
                for factor in (1, -2, -1, 0)
            ]
            seen += outputs
            adds_up = _adds_up(*map(undo, outputs))
            moves = not np.allclose(outputs[0], outputs[3], rtol=1e-5, atol=1e-7)
            verdicts.append(adds_up is None or (moves and adds_up))
        affine = affine or all(verdicts)
    name = type(last).__name__
    return Tail(affine, name, float(np.nanmin(seen)), float(np.nanmax(seen)))


def _computes(step, probe: Probe, values: dict) -> bool:
    """Si una capa suma entradas por pesos: tiene un kernel.

    Una capa propia puede tener los pesos en otra cosa. Si son su kernel, con ceros deja de depender de la
    entrada, o queda algo afín; una PReLU escrita a mano, no.
    """
    kernels = _kernels_of(step)
    if _class_in(type(step), ADJUSTING) or not kernels:
        return False
    shape = getattr(probe.calls[id(step)][0][0], "shape", None)
    if _is_from_keras(step) or shape is None:
        return True
    first, second = probe.rng.normal(size=(2, *shape)).astype("float32")
    places = first, second, first + second, np.zeros_like(first)
    return any(
        _adds_up(
            *(
                probe.run_step(
                    step, place, values | {id(kernel): (kernel, np.zeros(kernel.shape, "float32"))}
                )
                for place in places
            )
        )
        for kernel in kernels
    )


def _kernels_of(step) -> list:
    return [weight for weight in getattr(step, "weights", ()) if len(weight.shape) > 1]


def _is_from_keras(step) -> bool:
    import keras

    return getattr(keras.layers, type(step).__name__, None) is type(step)


def _adds_up(one, other, both, none) -> bool | None:
    """Si f(a + b) − f(a) − f(b) + f(0) es cero, salvo redondeos; None si nunca son finitos los cuatro."""
    gap, largest = np.abs(both - one - other + none), np.max(np.abs([one, other, both, none]), axis=0)
    known = np.isfinite(gap)
    if not known.any():
        return None
    return bool(gap[known].max() <= 1e-3 * largest[known].max())


def logit(outputs) -> np.ndarray:
    """Lo que había antes de una sigmoide; donde ya no se distingue de 0 o de 1, NaN."""
    outputs = np.asarray(outputs, dtype=float)
    with np.errstate(all="ignore"):
        return np.where(np.abs(outputs - 0.5) < 0.499, np.log(outputs / (1 - outputs)), np.nan)


def whole_map_step(model, size: tuple) -> tuple | None:
    """Clase de una función o capa propia que reúne de golpe un mapa de 4 × 4 o más, y los lados del mapa.

    Al cambiar un solo píxel de lo que recibe, cambia su salida en todas partes.
    """
    import keras

    probe = Probe(model, size, exact=True)
    values = probe.draw(model.trainable_variables, 1.0)
    probe.run(probe.rng.uniform(0, 1, (1, *size)).astype("float32"), values)
    for step in probe.steps:
        shape = tuple(getattr(probe.calls[id(step)][0][0], "shape", ()))
        own = isinstance(step, keras.layers.Lambda) or not _is_from_keras(step)
        if own and len(shape) == 4 and min(shape[1:3]) >= 4 and _spreads(probe, step, shape, values):
            return type(step).__name__, *shape[1:3]
    return None


def _spreads(probe: Probe, step, shape: tuple, values: dict) -> bool:
    before = probe.rng.normal(size=shape).astype("float32")
    seen = [probe.run_step(step, before, values)]
    for change in (100, -100):  # también se notan el máximo y el mínimo
        after = before.copy()
        after[:, 0, 0] += change
        seen.append(probe.run_step(step, after, values))
    if seen[0].ndim != 4 or seen[0].shape[1:3] == (1, 1):
        return False  # un solo píxel: de eso se ocupa otra regla
    return any((seen[0] != other).any(axis=-1).all() for other in seen[1:])


def blind_place(model, size: tuple, side: int) -> str:
    """Un trozo de la imagen que puede cambiar sin que cambie ese trozo de la salida; vacío si no lo hay.

    Los trozos son bloques de ``side`` píxeles que cubren la imagen, y sus cuatro bordes de un píxel.
    """
    probe = Probe(model, size, exact=True)
    places = _places(size, side)
    blind = set(places)
    for scale in SCALES:
        values = probe.draw(model.trainable_variables, scale)
        image, other = probe.rng.uniform(0, 1, (2, *size)).astype("float32")
        images = np.stack([image] * (len(places) + 1))
        for number, place in enumerate(places.values()):
            images[number][place] = other[place]
        outputs = probe.run(images, values)
        for number, (name, place) in enumerate(places.items()):
            if np.any(outputs[number][place] != outputs[-1][place]):
                blind.discard(name)
        if not blind:
            break
    return next((name for name in places if name in blind), "")


def _places(size: tuple, side: int) -> dict[str, tuple[slice, slice]]:
    rows, cols = size[:2]
    every = slice(None)
    blocks = {
        f"las filas {row} a {row + side - 1} y las columnas {col} a {col + side - 1}": (
            slice(row, row + side),
            slice(col, col + side),
        )
        for row in range(0, rows, side)
        for col in range(0, cols, side)
    }
    return blocks | {
        "la primera fila": (slice(1), every),
        "la última fila": (slice(rows - 1, rows), every),
        "la primera columna": (every, slice(1)),
        "la última columna": (every, slice(cols - 1, cols)),
    }
