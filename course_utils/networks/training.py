"""Entrenar y evaluar redes de Keras de forma que se pueda repetir."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from course_utils.checks import check_integer, shown
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.optimisers import muon, one_cycle

SHIFT = 1  # píxeles: lo más que se desplaza una imagen al aumentarla


@dataclass(frozen=True)
class TrainingResult:
    """Lo que se anota al entrenar una red.

    Parameters
    ----------
    parameters : int
        Número de parámetros de la red.
    seconds : float
        Duración del entrenamiento, validación incluida.
    history : dict of str to list of float
        Un número por época: ``loss`` y ``accuracy`` son la media durante la época con los datos de
        entrenamiento; ``val_loss`` y ``val_accuracy``, al terminarla con los de validación.
    """

    parameters: int
    seconds: float
    history: dict[str, list[float]]


_onednn = False  # si ya lo ha activado use_onednn


def use_onednn() -> None:
    """Activa oneDNN, las rutinas rápidas de TensorFlow en procesadores x86, y calla su aviso.

    Viene activada salvo que la variable de entorno ``TF_ENABLE_ONEDNN_OPTS`` diga lo contrario. Suma en otro
    orden, así que los últimos decimales cambian. Llamarla otra vez no hace nada.

    Raises
    ------
    RuntimeError
        Si TensorFlow se ha cargado antes de la primera llamada: lo decide al empezar.

    Examples
    --------
    >>> import tensorflow
    >>> use_onednn()
    Traceback (most recent call last):
    ...
    RuntimeError: TensorFlow ya está cargado: reinicia el núcleo y llama a use_onednn lo primero
    """
    global _onednn
    if _onednn:
        return
    if "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow ya está cargado: reinicia el núcleo y llama a use_onednn lo primero")
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    with quiet_stderr():
        import tensorflow as tf

        tf.zeros(1)
    _onednn = True


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Mientras dura, no se ve lo que se escriba en el descriptor 2: lo de C++ no está al alcance de Python.

    Examples
    --------
    >>> with quiet_stderr():
    ...     _ = os.write(2, b"un aviso de C++")
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def fix_seeds(seed: int) -> None:
    """Fija el azar de Python, NumPy y Keras y pide a TensorFlow operaciones deterministas.

    Repetir un entrenamiento en la misma máquina da entonces los mismos pesos, bit a bit. En otra máquina,
    o con otro número de hilos, las sumas se hacen en otro orden y puede cambiar la tercera cifra.

    Examples
    --------
    >>> fix_seeds(0)
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def fit(model, train, validation, *, epochs: int, batch_size: int = 64) -> TrainingResult:
    """Entrena una red clasificadora con Adam y entropía cruzada, sin escribir nada.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax. Se modifica: al volver está entrenada.
    train : tuple of (ndarray, ndarray)
        Imágenes y etiquetas.
    validation : tuple of (ndarray, ndarray) or None
        Otras, que solo se miden; con None la historia no las lleva.
    epochs : int
        Pasadas por los datos de entrenamiento.
    batch_size : int
        Imágenes por lote.

    Examples
    --------
    >>> from course_utils.networks import dense_beginner
    >>> from course_utils.datasets import draw_garments
    >>> fix_seeds(0)
    >>> result = fit(dense_beginner(), draw_garments(200, seed=1), draw_garments(50, seed=2), epochs=2)
    >>> result.parameters, len(result.history["val_accuracy"])
    (101770, 2)

    References
    ----------
    Kingma y Ba (2015). *Adam: A Method for Stochastic Optimization*. https://arxiv.org/abs/1412.6980
    """
    from keras.losses import SparseCategoricalCrossentropy

    model.compile("adam", SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    started = time.perf_counter()
    history = model.fit(
        *train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=validation,
        validation_batch_size=500,
        verbose=0,
    ).history
    seconds = time.perf_counter() - started
    return TrainingResult(model.count_params(), seconds, history)


def predict_classes(model, images) -> np.ndarray:
    """La clase con más puntuación de cada imagen, desde 0; int64 de forma (N,).

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase.
    images : ndarray, shape (N, H, W, C)
        Imágenes.

    Examples
    --------
    >>> from course_utils.networks import dense_beginner
    >>> predict_classes(dense_beginner(), np.zeros((3, 28, 28, 1))).shape
    (3,)
    """
    return model.predict(images, batch_size=500, verbose=0).argmax(axis=-1)


def flip_and_shift(images, rng) -> np.ndarray:
    """Voltea al azar unas imágenes sí y otras no, y desplaza cada una hasta un píxel; lo que entra es 0.

    Se parece a dos capas de Keras, ``RandomFlip("horizontal")`` y ``RandomTranslation``, que mueven también
    partes de un píxel.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Lote de imágenes; no se modifica.
    rng : numpy.random.Generator
        Fuente del azar.

    Examples
    --------
    >>> flip_and_shift(np.arange(1, 4).reshape(1, 1, 3, 1), np.random.default_rng(29))[0, 0, :, 0]
    array([3, 2, 1])
    """
    count, height, width = images.shape[:3]
    flipped = rng.random(count) < 0.5
    images = np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)))
    top, left = rng.integers(0, 2 * SHIFT + 1, (2, count, 1))
    rows = (top + np.arange(height))[:, :, None]  # (N, H, 1)
    cols = (left + np.arange(width))[:, None, :]  # (N, 1, W)
    return padded[np.arange(count)[:, None, None], rows, cols]


def mixup(images, targets, strength: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """Mezcla cada imagen de un lote con una al azar de las suyas, y sus objetivos en la misma proporción.

    La proporción de cada una sale de una Beta(``strength``, ``strength``) y es 0,5 como poco: la imagen sigue
    siendo sobre todo la suya.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Lote de imágenes; no se modifica.
    targets : ndarray, shape (N, K)
        Lo que se quiere de cada una, por ejemplo la probabilidad de cada clase.
    strength : float
        Mayor que 0; cuanto mayor, más se mezclan.
    rng : numpy.random.Generator
        Fuente del azar.

    Returns
    -------
    images, targets : ndarray

    Raises
    ------
    ValueError
        Si ``strength`` no es mayor que 0.

    Examples
    --------
    >>> two = np.array([0, 100]).reshape(2, 1, 1, 1)
    >>> images, targets = mixup(two, np.eye(2), 1, np.random.default_rng(3))
    >>> images.ravel().round(1).tolist(), targets.round(2).tolist()
    ([26.6, 82.1], [[0.73, 0.27], [0.18, 0.82]])

    References
    ----------
    Zhang y otros (2018). *mixup: Beyond empirical risk minimization*. https://arxiv.org/abs/1710.09412
    """
    if not strength > 0:
        raise ValueError(f"la fuerza de la mezcla vale {shown(strength)}: pon un número mayor que 0")
    part = rng.beta(strength, strength, len(images)).astype(np.float32)
    part = np.maximum(part, 1 - part)
    others = rng.permutation(len(images))

    def mix(values):
        parts = part.reshape(-1, *[1] * (values.ndim - 1))
        return parts * values + (1 - parts) * values[others]

    return mix(images), mix(targets)


@dataclass(frozen=True)
class Recipe:
    """Cómo se entrena una red con :func:`fit_recipe`.

    Parameters
    ----------
    epochs : int
        Pasadas por los datos.
    batch_size : int
        Imágenes por lote.
    learning_rate : float
        Tasa de aprendizaje; con ``one_cycle``, la mayor.
    one_cycle : bool
        Si la tasa sube desde 0 durante la cuarta parte de los pasos y después baja hasta 0. Si no, es fija.
    optimizer : {"muon", "adamw"}
        Cómo se convierte el gradiente en un paso: :func:`~course_utils.networks.optimisers.muon` o el AdamW
        de Keras.
    weight_decay : float
        Parte de cada peso que se descuenta en cada paso, por unidad de tasa.
    label_smoothing : float
        Parte de la etiqueta que se reparte entre todas las clases, de 0 a 1.
    augment : bool
        Si las imágenes pasan por :func:`flip_and_shift`.
    mixup : float
        Con cuánta fuerza se mezclan después con :func:`mixup`; con 0, nada.

    Raises
    ------
    TypeError, ValueError
        Si algún número es imposible. El de ``mixup`` y el nombre del optimizador se miran al entrenar.

    Examples
    --------
    >>> Recipe(epochs=4, label_smoothing=5)
    Traceback (most recent call last):
    ...
    ValueError: label_smoothing debe estar entre 0 y 1 y ha llegado 5 (int)
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 2e-2
    one_cycle: bool = True
    optimizer: str = "muon"
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    augment: bool = True
    mixup: float = 0.0

    def __post_init__(self):
        check_integer(self.epochs, "epochs")
        check_integer(self.batch_size, "batch_size")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate debe ser mayor que 0 y ha llegado {shown(self.learning_rate)}")
        if not self.weight_decay >= 0:
            raise ValueError(f"weight_decay debe ser 0 o más y ha llegado {shown(self.weight_decay)}")
        if not 0 <= self.label_smoothing <= 1:
            raise ValueError(
                f"label_smoothing debe estar entre 0 y 1 y ha llegado {shown(self.label_smoothing)}"
            )


def steps_per_epoch(images, recipe: Recipe) -> int:
    """Lotes enteros de una pasada; lo explica si no hay imágenes para ninguno."""
    if len(images) < recipe.batch_size:
        raise ValueError(
            f"hay {len(images)} imágenes y los lotes son de {recipe.batch_size}: reduce batch_size"
        )
    return len(images) // recipe.batch_size


def recipe_optimizer(recipe: Recipe, steps: int):
    """El optimizador de una receta, para un entrenamiento de ``steps`` pasos."""
    from keras import optimizers

    makers = {"muon": muon, "adamw": optimizers.AdamW}
    if recipe.optimizer not in makers:
        raise ValueError(
            f"no hay ningún optimizador {shown(recipe.optimizer)}: elige uno de {', '.join(makers)}"
        )

    class OneCycle(optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return one_cycle(step, steps, recipe.learning_rate)

    rate = OneCycle() if recipe.one_cycle else recipe.learning_rate
    optimizer = makers[recipe.optimizer](rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    return optimizer


def batches(
    images, targets, batch_size: int, *, seed: int, augment: Callable | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lotes barajados y, si se pide, aumentados, float32 y sin fin; el último de cada pasada no va a medias.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Imágenes.
    targets : ndarray, shape (N, …)
        Lo que se quiere de cada una.
    batch_size : int
        Imágenes por lote, N como mucho.
    seed : int
        Semilla del orden y del aumento.
    augment : callable, optional
        De imágenes y objetivos de un lote, y un generador de NumPy, a otros.

    Examples
    --------
    >>> images, labels = next(batches(np.zeros((5, 4, 4, 1)), np.arange(5), batch_size=2, seed=0))
    >>> images.shape, labels.shape
    ((2, 4, 4, 1), (2,))
    """
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(len(images))
        for start in range(0, len(images) - batch_size + 1, batch_size):
            chosen = order[start : start + batch_size]
            batch, wanted = images[chosen], targets[chosen]
            if augment:
                batch, wanted = augment(batch, wanted, rng)
            yield batch.astype(np.float32), wanted.astype(np.float32)


def fit_recipe(model, train, recipe: Recipe, *, seed: int, **compile_options) -> TrainingResult:
    """Entrena una red clasificadora con una receta: optimizador, ciclo de tasa, aumento y etiquetas suaves.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax. Se modifica: al volver está entrenada.
    train : tuple of (ndarray, ndarray)
        Imágenes y etiquetas: enteras, o las probabilidades de cada clase, de forma (N, clases).
    recipe : Recipe
        Cómo se entrena.
    seed : int
        Semilla del orden de los lotes y del aumento; la de los pesos iniciales es la de :func:`fix_seeds`.
    **compile_options
        Lo demás se pasa a ``Model.compile``: ``jit_compile``, ``steps_per_execution``.

    Raises
    ------
    ValueError
        Si no existe ese optimizador, no hay imágenes para un lote o las etiquetas no son una clase o unas
        probabilidades por imagen.

    Examples
    --------
    >>> from course_utils.networks import linear_classifier
    >>> from course_utils.datasets import draw_garments
    >>> fix_seeds(0)
    >>> result = fit_recipe(linear_classifier(), draw_garments(200, seed=1), Recipe(epochs=2), seed=0)
    >>> result.parameters, len(result.history["loss"])
    (7850, 2)

    References
    ----------
    Loshchilov y Hutter (2019). *Decoupled weight decay regularization*. https://arxiv.org/abs/1711.05101
    Szegedy y otros (2016). *Rethinking the Inception architecture*: las etiquetas suavizadas.
    https://arxiv.org/abs/1512.00567
    """
    from keras import losses

    def changed(images, labels, rng):
        if recipe.augment:
            images = flip_and_shift(images, rng)
        return mixup(images, labels, recipe.mixup, rng) if recipe.mixup else (images, labels)

    images, labels = train
    steps = steps_per_epoch(images, recipe)
    optimizer = recipe_optimizer(recipe, recipe.epochs * steps)
    loss = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing)
    model.compile(optimizer, loss, metrics=["accuracy"], **compile_options)
    targets = _as_chances(labels, len(images), model.output_shape[-1])
    started = time.perf_counter()
    history = model.fit(
        batches(images, targets, recipe.batch_size, seed=seed, augment=changed),
        steps_per_epoch=steps,
        shuffle=False,  # ya llegan barajadas
        epochs=recipe.epochs,
        verbose=0,
    ).history
    return TrainingResult(model.count_params(), time.perf_counter() - started, history)


def _as_chances(labels, count: int, classes: int) -> np.ndarray:
    """Las probabilidades que se le piden a cada imagen, o por qué unas etiquetas no sirven."""
    from keras import utils

    labels = np.asarray(labels)
    if labels.shape not in {(count,), (count, classes)}:
        raise ValueError(
            f"las etiquetas son {shown(labels)}: para {count} imágenes y {classes} clases, "
            f"pon una clase por imagen o probabilidades de forma ({count}, {classes})"
        )
    if labels.ndim == 1:
        if labels.dtype.kind not in "ui" or labels.min() < 0 or labels.max() >= classes:
            raise ValueError(f"las clases deben ser enteros de 0 a {classes - 1}: revisa las etiquetas")
        return utils.to_categorical(labels, classes)
    if not (labels >= 0).all() or not np.allclose(labels.sum(axis=1), 1, atol=1e-3):
        raise ValueError("las probabilidades de cada imagen deben ser 0 o más y sumar 1: normalízalas")
    return labels


def predict_probabilities(model, images, *, averaged: bool = False) -> np.ndarray:
    """Probabilidades de cada clase, de forma (N, clases); con ``averaged``, la media de diez vistas.

    Las vistas son la imagen en su sitio y un píxel hacia cada lado, y las mismas volteadas: diez de los
    dieciocho cambios con que :func:`flip_and_shift` enseña a la red; los otros van en diagonal.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax.
    images : ndarray, shape (N, H, W, C)
        Imágenes.
    averaged : bool
        Si se promedian las vistas; cuesta diez veces más.

    Examples
    --------
    >>> from course_utils.networks import linear_classifier
    >>> predict_probabilities(linear_classifier(), np.zeros((2, 28, 28, 1))).round(1)[0, :3]
    array([0.1, 0.1, 0.1], dtype=float32)

    References
    ----------
    Krizhevsky, Sutskever y Hinton (2012). *ImageNet classification with deep convolutional neural networks*:
    promediar la imagen, sus recortes y sus reflejos.
    """
    from keras import ops

    views = [images]
    if averaged:
        views += [shift_images(images, direction, 1) for direction in DIRECTIONS]
        views += [view[:, :, ::-1] for view in views]
    scores = [model.predict(view, batch_size=500, verbose=0) for view in views]
    return np.mean([ops.softmax(score) for score in scores], axis=0)
