"""La prueba de que una medida sigue siendo de su experimento.

Una medida está atada a lo que el experimento hace, no a cómo está escrito. Su JSON lleva los ajustes
(``settings``: las constantes del módulo que deciden el resultado) y una sonda (``probe``: el mismo ``run``
con datos generados y los ajustes de ``PROBE``, en un par de segundos). Si algo sale distinto, se
dice qué número ha cambiado; que salga lo mismo no lo prueba todo: la sonda es pequeña.
"""

import ast
import inspect
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import fields, is_dataclass, replace
from io import StringIO
from typing import NamedTuple

import numpy as np

from course_utils.datasets.dataset import Dataset, first_images

DIGITS = 6  # cifras significativas que se guardan de una sonda
TOLERANCE = 1e-5  # relativa: otro procesador puede cambiar la sexta cifra
TIMES = {"seconds", "cpu_seconds", "milliseconds", "images_per_second", "speed"}  # dependen de la máquina


class Probe(NamedTuple):
    """Cómo se encoge un experimento para repetirlo en un par de segundos.

    ``train`` y ``test`` son las imágenes generadas de cada parte; ``settings``, las constantes del módulo que
    se sustituyen mientras dura.
    """

    train: int
    test: int
    settings: Mapping[str, object]


def settings_of(module) -> dict:
    """Las constantes en mayúsculas que asigna un experimento, o que toma de otro, con su valor en JSON.

    Una función se guarda como «función»: lo que hace lo dice la sonda.
    """
    names = set()
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = getattr(statement, "targets", None) or [statement.target]
            names |= {node.id for one in targets for node in ast.walk(one) if isinstance(node, ast.Name)}
        elif isinstance(statement, ast.ImportFrom) and str(statement.module).startswith(__package__):
            names |= {alias.asname or alias.name for alias in statement.names}
    constants = sorted(name for name in names - {"PROBE"} if name.isupper())
    return {name: plain(getattr(module, name)) for name in constants}


def plain(value):
    """Un valor, tal como queda en un JSON."""
    if is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if callable(value):
        return "función"
    return value if isinstance(value, str | bool | int | float | None) else str(value)


def run_probe(module) -> dict[str, float]:
    """Repite un experimento con datos generados y los ajustes de su ``PROBE``.

    Da cada número que devuelve, menos los tiempos, y, sin contar en qué orden se hacen, las pérdidas de los
    entrenamientos y lo que responden las redes a cada imagen; todo con seis cifras. De una lista, la media y
    otra media que depende del orden. La semilla es la última, que no es 0. Si el módulo define
    ``observe(seed, data)``, se usa en lugar de ``run``: sirve a los que miden tiempos, que no se repiten.

    Raises
    ------
    RuntimeError
        Si no está TensorFlow.
    ValueError
        Si algún entrenamiento de la sonda es de una sola época o de un solo lote: no se vería lo que cambia
        de una a otra.
    """
    try:
        import tensorflow as tf
    except ImportError:
        raise RuntimeError(
            "La sonda entrena redes y aquí no está TensorFlow: instala el curso completo con «make entorno»."
        ) from None
    eager = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)  # con tan pocos pasos, lo caro sería preparar los grafos
    try:
        with (
            redirect_stdout(StringIO()),
            _float64(),
            _shrunk(module),
            _watched_keras() as (trainings, answers),
        ):
            data = probe_data(module)
            values = getattr(module, "observe", module.run)(module.SEEDS[-1], data)
    finally:
        tf.config.run_functions_eagerly(eager)
    if short := [one for one in trainings if min(one.epochs, one.steps) < 2]:
        raise ValueError(
            f"la sonda de {module.__name__.rpartition('.')[2]} entrena {short[0].epochs} épocas de "
            f"{short[0].steps} lotes: hacen falta al menos dos épocas de dos lotes"
        )
    losses = {
        when: sorted(pick(one.losses) for one in trainings)
        for when, pick in {"primera": lambda losses: losses[0], "última": lambda losses: losses[-1]}.items()
    }
    seen = {"datos": data.fingerprint, "pérdida": losses, "respuestas": sorted(answers.values())}
    return dict(_numbers(seen | {"resultado": values}))


class Training(NamedTuple):
    """Un entrenamiento de Keras: épocas, lotes de cada una y pérdidas, por época o por lote."""

    epochs: int
    steps: int
    losses: list[float]


@contextmanager
def _float64() -> Iterator[None]:
    """Mientras dura, Keras calcula en float64.

    Cada procesador suma en otro orden; en float32 eso basta para que una respuesta sea otra, y con ella un
    acierto. Las capas que cambian imágenes se quedan en float32: en float64, RandomRotation falla (3.13).
    """
    import keras

    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    build, call = keras.Layer.__init__, keras.Layer.__call__

    def build_layer(self, *arguments, **options):
        if _changes_images(self) and options.get("dtype") is None:
            options["dtype"] = "float32"
        build(self, *arguments, **options)

    def call_layer(self, *arguments, **options):
        if not _changes_images(self):
            return call(self, *arguments, **options)
        keras.config.set_floatx("float32")
        try:
            return call(self, *arguments, **options)
        finally:
            keras.config.set_floatx("float64")

    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    keras.Layer.__init__, keras.Layer.__call__ = build_layer, call_layer
    try:
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
        keras.Layer.__init__, keras.Layer.__call__ = build, call


def _changes_images(layer) -> bool:
    return type(layer).__name__.startswith("Random")


@contextmanager
def _shrunk(module) -> Iterator[None]:
    """Mientras dura, los ajustes de ``PROBE`` en el módulo y en el experimento del que los importa."""
    siblings = [one for name, one in sys.modules.items() if name.startswith(f"{__package__}.")]
    if gone := sorted(name for name in module.PROBE.settings if not hasattr(module, name)):
        name = module.__name__.rpartition(".")[2]
        raise ValueError(
            f"PROBE de {name} cambia {', '.join(gone)} y el módulo no lo tiene: pon su nombre de ahora"
        )
    kept = {name: getattr(module, name) for name in module.PROBE.settings}
    shrunk = [
        (one, name)
        for name, value in kept.items()
        for one in siblings
        if one is module or (isinstance(value, dict) and getattr(one, name, None) is value)
    ]
    try:
        for one, name in shrunk:
            setattr(one, name, module.PROBE.settings[name])
        yield
    finally:
        for one, name in shrunk:
            setattr(one, name, kept[name])


def probe_data(module):
    """Los datos generados de la sonda: los que dibuja el experimento o los sustitutos de su conjunto.

    De los sustitutos, la mitad se parte y se le juntan los bordes de fuera: en los dibujos el borde es todo
    fondo, y no se notaría cómo se rellena lo que queda vacío al mover o girar una imagen.
    """
    train, test, _ = module.PROBE
    parameters = inspect.signature(module.load_data).parameters
    if "train" in parameters:
        return module.load_data(train=train, test=test)
    if "stand_in" not in parameters:  # una fotografía que viene con scikit-image
        return module.load_data()
    data: Dataset = first_images(module.load_data(stand_in=True), train, test)
    halves = [one.shape[1] // 2 for one in (data.x_train, data.x_test)]
    broken = [one.copy() for one in (data.x_train, data.x_test)]
    for images, half in zip(broken, halves, strict=True):
        images[1::2] = np.roll(images[1::2], (half, half), axis=(1, 2))
    return replace(data, x_train=broken[0], x_test=broken[1])


@contextmanager
def _watched_keras() -> Iterator[tuple[list[Training], dict[tuple[int, int], float]]]:
    """Mientras dura, apunta cada entrenamiento de Keras y el tamaño medio de lo que responde a cada imagen.

    La misma imagen en la misma red cuenta una vez, se prediga sola, repetida o con otras. Se predice sin
    preparar lotes, que con unas pocas imágenes es casi todo lo que tarda ``predict``.
    """
    import keras

    trainings: list[Training] = []
    by_batches: list[tuple[object, list[float]]] = []  # las redes que se entrenan lote a lote
    answers: dict[tuple[int, int], float] = {}
    original = {name: getattr(keras.Model, name) for name in ("fit", "predict", "train_on_batch")}

    def fit(model, *arguments, **options):
        history = original["fit"](model, *arguments, **options)
        losses = history.history["loss"]
        trainings.append(Training(len(losses), history.params["steps"], losses))
        return history

    def train_on_batch(model, *arguments, **options):
        result = original["train_on_batch"](model, *arguments, **options)
        if not by_batches or by_batches[-1][0] is not model:
            by_batches.append((model, []))
        by_batches[-1][1].append(float(np.ravel(result)[0]))
        return result

    def predict(model, images, **_):
        scores = np.asarray(model(images, training=False))
        network = hash(tuple(weight.tobytes() for weight in model.get_weights()))
        for image, score in zip(np.asarray(images), scores, strict=True):
            answers[network, hash(np.asarray(image, np.float32).tobytes())] = float(np.abs(score).mean())
        return scores

    try:
        keras.Model.fit, keras.Model.predict, keras.Model.train_on_batch = fit, predict, train_on_batch
        yield trainings, answers
        trainings += [Training(len(losses) // 2, 2, losses) for _, losses in by_batches]
    finally:
        for name, method in original.items():
            setattr(keras.Model, name, method)


def _numbers(value, path: str = "") -> Iterator[tuple[str, float | str]]:
    """Los números de unos resultados anidados, cada uno con el camino que lleva hasta él."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in TIMES:
                yield from _numbers(one, f"{path} › {key}" if path else str(key))
    elif isinstance(value, list | tuple | np.ndarray):
        flat = np.asarray(value, float).ravel()
        weights = np.arange(1, len(flat) + 1)
        yield f"{path} (media)", _rounded(flat.mean() if len(flat) else 0.0)
        yield f"{path} (en orden)", _rounded(flat @ weights / weights.sum() if len(flat) else 0.0)
    else:
        yield path, value if isinstance(value, str) else _rounded(float(value))


def _rounded(value: float) -> float | str:
    """Con seis cifras; lo que JSON no tiene (una clase ausente da nan), como texto."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else str(value)


def changed_settings(stored: Mapping, current: Mapping, within: str = "") -> list[str]:
    """Qué constantes no son las guardadas; una con otro nombre y el mismo valor es la misma.

    De las que son diccionarios (``within`` es el nombre de uno), solo las claves que no son iguales.
    """
    gone, new = (
        {name: one[name] for name in sorted(one.keys() - other.keys())}
        for one, other in ((stored, current), (current, stored))
    )
    for name in list(gone):
        if twin := next((one for one in new if new[one] == gone[name]), None):
            del gone[name], new[twin]

    def label(name):
        return f"{within}[{name}]" if within else name

    lines = [f"{label(name)} era {value} y ya no está" for name, value in gone.items()]
    lines += [f"{label(name)} es nueva y vale {value}" for name, value in new.items()]
    for name in stored.keys() & current.keys():
        if isinstance(stored[name], dict) and isinstance(current[name], dict):
            lines += changed_settings(stored[name], current[name], label(name))
        elif stored[name] != current[name]:
            lines.append(f"{label(name)} era {stored[name]} y ahora es {current[name]}")
    return sorted(lines)


def changed_probe(stored: Mapping[str, float | str], current: Mapping[str, float | str]) -> list[str]:
    """Qué números de una sonda no son los guardados, salvo las últimas cifras (``TOLERANCE``)."""
    lines = [
        f"{path} era {stored[path]} y ahora es {current[path]}"
        for path in stored
        if path in current and not _same(stored[path], current[path])
    ]
    lines += [f"{path} ya no se mide" for path in stored if path not in current]
    return lines + [f"{path} es nuevo" for path in current if path not in stored]


def _same(old, new) -> bool:
    if isinstance(old, str) or isinstance(new, str):
        return old == new
    return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=1e-9)
