"""Entrenar y evaluar redes de Keras de forma que se pueda repetir."""

import time
from dataclasses import dataclass

import numpy as np


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


def fix_seeds(seed: int) -> None:
    """Fija el azar de Python, NumPy y Keras y pide a TensorFlow operaciones deterministas.

    Repetir un entrenamiento en la misma máquina da entonces los mismos pesos, bit a bit. En otra máquina,
    o con otro número de hilos, las sumas se hacen en otro orden y puede cambiar la tercera cifra.

    Parameters
    ----------
    seed : int
        Semilla.

    Examples
    --------
    >>> fix_seeds(0)

    References
    ----------
    https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
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

    Returns
    -------
    TrainingResult

    Examples
    --------
    >>> from course_utils.models import dense_beginner
    >>> from course_utils.stand_ins import draw_garments
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
    """La clase con más puntuación de cada imagen.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase.
    images : ndarray, shape (N, H, W, C)
        Imágenes.

    Returns
    -------
    ndarray of int64, shape (N,)
        Clase predicha, desde 0.

    Examples
    --------
    >>> from course_utils.models import dense_beginner
    >>> predict_classes(dense_beginner(), np.zeros((3, 28, 28, 1))).shape
    (3,)

    References
    ----------
    https://keras.io/api/models/model_training_apis/
    """
    return model.predict(images, batch_size=500, verbose=0).argmax(axis=-1)
