"""Los pasos que comparten los experimentos."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_utils.datasets.dataset import Dataset, split_validation
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.metrics import accuracy
from course_utils.networks.training import fix_seeds, predict_classes


def fitting_images(data: Dataset, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Las primeras imágenes de la parte de ajuste y sus etiquetas."""
    (images, labels), _ = split_validation(data)
    return images[:count], labels[:count]


def enough_epochs(epochs: int, images: int, batch_size: int, min_steps: int) -> int:
    """Las épocas que se piden o, con pocas imágenes, las que hagan falta para dar ``min_steps`` pasos."""
    return max(epochs, math.ceil(min_steps / math.ceil(images / batch_size)))


def accuracy_on(model, images, labels) -> float:
    """Exactitud de una red con unas imágenes."""
    return accuracy(labels, predict_classes(model, images))


def mean_over_directions(measure: Callable, images, distances) -> list[float]:
    """Lo que mide ``measure`` al mover las imágenes, en píxeles: media de las cuatro direcciones."""
    return [
        float(np.mean([measure(shift_images(images, direction, distance)) for direction in DIRECTIONS]))
        for distance in distances
    ]


# --- Entrenar hasta el final -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Training:
    """Cómo se entrena una red hasta que su curva de validación es plana.

    Parameters
    ----------
    rates : tuple of float
        Tasas de Adam que se prueban, de menor a mayor. Si la mejor es la primera o la última, se prueba otra
        más allá, ``widen`` veces menor o mayor, hasta que la mejor quede en medio.
    widen : int
        Cuánto se separan dos tasas seguidas.
    trial_epochs : int
        Épocas que se prueba cada tasa; con la de menor pérdida de validación se sigue.
    patience, flat : int, float
        La curva es plana si en ``patience`` épocas la pérdida de validación no baja más de ``flat``. A la
        tercera parte de ellas, la tasa se divide por ``widen``.
    max_epochs : int
        Límite. Una red que llega a él no está entrenada.
    batch_size : int
        Imágenes por lote.
    """

    rates: tuple[float, ...] = (0.001, 0.003, 0.01)
    widen: int = 3
    trial_epochs: int = 4
    patience: int = 6
    flat: float = 1e-3
    max_epochs: int = 150
    batch_size: int = 64


def probe_training(batch_size: int, rates=Training.rates, patience: int = 2, max_epochs: int = 4) -> Training:
    """El entrenamiento de una sonda: las mismas vueltas, en unas pocas épocas."""
    short = {"widen": 1000, "trial_epochs": 2, "flat": 0.5}
    return Training(rates, patience=patience, max_epochs=max_epochs, batch_size=batch_size, **short)


class Trained(NamedTuple):
    """Una red entrenada y cómo se llegó a ella: la pérdida de validación que dejó cada tasa de prueba."""

    model: object
    rate: float
    epochs: int
    trial_losses: dict[float, float]


def draw_images(data: Dataset, seed: int, train: int, validation: int):
    """Imágenes para ajustar y para validar, distintas con cada semilla y sin ninguna repetida.

    Si no hay tantas (los datos sustitutos son pocos), se reparten las que hay en la misma proporción.

    Returns
    -------
    (x_fit, y_fit), (x_val, y_val) : tuple of tuples of ndarray
    """
    count = min(len(data.x_train), train + validation)
    order = np.random.default_rng(seed).permutation(len(data.x_train))[:count]
    fit, val = np.split(order, [round(count * train / (train + validation))])
    return (data.x_train[fit], data.y_train[fit]), (data.x_train[val], data.y_train[val])


def draw_test_images(data: Dataset, seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Imágenes de prueba y sus etiquetas, otras con cada semilla."""
    chosen = np.random.default_rng(seed).permutation(len(data.x_test))[:count]
    return data.x_test[chosen], data.y_test[chosen]


def draw_parts(data: Dataset, seed: int, train: int, validation: int, test: int) -> list[tuple]:
    """Las tres partes que tocan a una semilla, imágenes y etiquetas: de ajuste, de validación y de prueba."""
    return [*draw_images(data, seed, train, validation), draw_test_images(data, seed, test)]


def try_rates(train: Callable, rates, widen: float) -> tuple[float, object, dict[float, float]]:
    """Prueba unas tasas y, mientras gane la menor o la mayor, otra más allá: la mejor acaba en medio.

    Parameters
    ----------
    train : callable
        De una tasa, lo entrenado con ella y su pérdida de validación.
    rates : iterable of float
        Las primeras.
    widen : float
        Cuántas veces menor o mayor es la de más allá.

    Returns
    -------
    rate : float
        La de menor pérdida.
    trained : object
        Lo entrenado con ella.
    losses : dict of float to float
        La pérdida de cada tasa, en el orden en que se probaron; infinita si no es un número.

    Raises
    ------
    ValueError
        Si con ninguna sale una pérdida finita.

    Examples
    --------
    >>> try_rates(lambda rate: ("red", abs(rate - 4)), (1, 2), widen=2)[0]
    4
    """
    rates, losses, best = sorted(rates), {}, None
    while untried := [rate for rate in rates if rate not in losses]:
        for rate in untried:
            trained, reached = train(rate)
            if reached < min(losses.values(), default=math.inf):
                best = rate, trained
            losses[rate] = reached if math.isfinite(reached) else math.inf
        if best is None:
            raise ValueError(f"con ninguna de las tasas {rates} sale una pérdida finita: pon otras menores")
        if best[0] == rates[0]:
            rates.insert(0, rates[0] / widen)
        elif best[0] == rates[-1]:
            rates.append(rates[-1] * widen)
    return *best, losses


def train_until_flat(
    build: Callable, train, validation, seed: int, training: Training, loss: Callable | None = None
) -> Trained:
    """Entrena una red con su mejor tasa hasta que la pérdida de validación deja de bajar.

    Cada tasa empieza con los mismos pesos y el mismo orden. Al acabar, los pesos son los de la época de menor
    pérdida de validación.

    Parameters
    ----------
    build : callable
        Sin argumentos, da la red sin entrenar.
    train, validation : tuple of (ndarray, ndarray)
        Imágenes y etiquetas. Con las de validación se eligen la tasa y la época.
    seed : int
        De los pesos iniciales y del orden de los lotes.
    training : Training
        Cómo se entrena.
    loss : callable, optional
        La pérdida; si no se dice, la entropía cruzada de clases y puntuaciones sin softmax.

    Raises
    ------
    ValueError
        Si con ninguna tasa sale una pérdida finita.
    """
    from keras import callbacks

    model = _compiled(build, seed, loss)
    start = _state(model)

    def try_rate(rate):
        _restore(model, start)
        model.optimizer.learning_rate = rate
        fix_seeds(seed)
        reached = _fit(model, train, validation, training, epochs=training.trial_epochs)["val_loss"][-1]
        return _state(model), reached

    rate, state, losses = try_rates(try_rate, training.rates, training.widen)
    _restore(model, state)
    slower = callbacks.ReduceLROnPlateau(
        factor=1 / training.widen, patience=max(training.patience // 3, 1), min_delta=training.flat
    )
    stop = callbacks.EarlyStopping(
        patience=training.patience, min_delta=training.flat, restore_best_weights=True
    )
    limits = {"epochs": training.max_epochs, "initial_epoch": training.trial_epochs}
    history = _fit(model, train, validation, training, callbacks=[slower, stop], **limits)
    return Trained(model, rate, training.trial_epochs + len(history["loss"]), losses)


def _compiled(build: Callable, seed: int, loss: Callable | None):
    from keras import losses, optimizers

    fix_seeds(seed)
    model = build()
    model.compile(optimizers.Adam(), loss or losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    return model


def _state(model) -> list[np.ndarray]:
    """Los pesos y lo que recuerda el optimizador, tasa incluida: con eso se sigue donde se estaba."""
    return [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]


def _restore(model, state: list[np.ndarray]) -> None:
    for variable, value in zip((*model.variables, *model.optimizer.variables), state, strict=True):
        variable.assign(value)


def _fit(model, train, validation, training: Training, **options) -> dict[str, list[float]]:
    images, labels = train
    history = model.fit(
        images,
        labels,
        batch_size=training.batch_size,
        validation_data=validation,
        validation_batch_size=500,
        verbose=0,
        **options,
    )
    return history.history


def outcome(trained: Trained, train, test) -> dict:
    """Lo que se guarda de una red ya entrenada: parámetros, tasa, épocas y exactitudes.

    La de entrenamiento es la de la red acabada, con las imágenes tal como son; las de prueba se miran una
    vez.
    """
    return {
        "parameters": trained.model.count_params(),
        "rate": trained.rate,
        "epochs": trained.epochs,
        "train_accuracy": accuracy_on(trained.model, *train),
        "test_accuracy": accuracy_on(trained.model, *test),
    }
