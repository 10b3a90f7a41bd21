"""Medidas de lo bien que predice una red, en NumPy."""

from typing import NamedTuple

import numpy as np

from course_utils.checks import check_array, check_integer, is_void_only, shown


def accuracy(labels, predicted) -> float:
    """Exactitud: proporción de etiquetas acertadas, de 0 a 1.

    Parameters
    ----------
    labels, predicted : array_like of int, shape (N,)
        Clases verdaderas y predichas.

    Raises
    ------
    TypeError
        Si no son enteros: quizá son probabilidades.
    ValueError
        Si no hay tantas predicciones como etiquetas, o no hay ninguna.

    Examples
    --------
    >>> accuracy([7, 0, 9, 9], [7, 0, 9, 5])
    0.75
    """
    labels, predicted = _check_pair_of_labels(labels, predicted)
    return float(np.mean(labels == predicted))


def confusion_matrix(labels, predicted, classes: int) -> np.ndarray:
    """Matriz de confusión: una fila por clase verdadera y una columna por clase predicha; int64.

    Parameters
    ----------
    labels, predicted : array_like of int, shape (N,)
        Clases verdaderas y predichas, de 0 a ``classes - 1``.
    classes : int
        Número de clases.

    Raises
    ------
    TypeError
        Si no son enteros: quizá son probabilidades.
    ValueError
        Si no hay tantas predicciones como etiquetas, no hay ninguna o alguna se sale del intervalo.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], classes=2)
    array([[1, 1],
           [0, 2]])
    """
    labels, predicted = _check_pair_of_labels(labels, predicted)
    classes = check_integer(classes, "classes")
    for name, values in (("labels", labels), ("predicted", predicted)):
        if values.min() < 0 or values.max() >= classes:
            advice = "revisa el orden de las etiquetas o el número de clases"
            if name == "labels" and is_void_only(values, classes):
                advice = (
                    "el 255 suele marcar los píxeles que no cuentan (void); si es así, quítalos de los dos: "
                    "known = labels != 255, y mide labels[known] y predicted[known]"
                )
            raise ValueError(
                f"{name} va de {values.min()} a {values.max()} y con {classes} clases debe ir de 0 a "
                f"{classes - 1}: {advice}"
            )
    counts = np.bincount(classes * labels + predicted, minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


class Reliability(NamedTuple):
    """Cuánto acierta una red según lo segura que dice estar, por intervalos de confianza.

    Parameters
    ----------
    counts : ndarray of int64, shape (B,)
        Predicciones de cada intervalo.
    confidence, accuracy : ndarray of float64, shape (B,)
        Confianza media y exactitud de cada intervalo; NaN si está vacío.

    Examples
    --------
    >>> table = Reliability(np.array([4]), np.array([0.9]), np.array([0.75]))
    >>> round(table.error, 2)
    0.15
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def error(self) -> float:
        """Error de calibración esperado (ECE): distancia media entre confianza y exactitud, de 0 a 1."""
        used = self.counts > 0
        gaps = np.abs(self.confidence - self.accuracy)[used]
        return float(np.average(gaps, weights=self.counts[used]))


def reliability(labels, probabilities, bins: int = 10) -> Reliability:
    """Reparte las predicciones por su confianza, la mayor probabilidad, y mide cuánto acierta cada grupo.

    Una red está calibrada si, cuando dice 0,8, acierta 8 de cada 10 veces.

    Parameters
    ----------
    labels : array_like of int, shape (N,)
        Clases verdaderas.
    probabilities : array_like, shape (N, classes)
        Probabilidades de cada imagen: de 0 a 1 y con suma 1.
    bins : int
        Intervalos iguales entre 0 y 1; cada uno incluye su extremo superior.

    Returns
    -------
    Reliability

    Raises
    ------
    TypeError
        Si las etiquetas no son enteros.
    ValueError
        Si las filas no suman 1 (quizá son puntuaciones sin softmax) o no hay una etiqueta por fila.

    Examples
    --------
    >>> table = reliability([0, 1], [[0.95, 0.05], [0.95, 0.05]])
    >>> table.counts.tolist(), table.accuracy[-1], round(table.error, 2)
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 2], np.float64(0.5), 0.45)

    References
    ----------
    Guo, Pleiss, Sun y Weinberger (2017). *On calibration of modern neural networks*.
    https://arxiv.org/abs/1706.04599
    """
    bins = check_integer(bins, "bins")
    probabilities = check_array(probabilities, "probabilities", {2: "(imagen, clase)"})
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "cada fila de probabilities debe ir de 0 a 1 y sumar 1: si son puntuaciones sin softmax, "
            "escribe keras.ops.softmax(scores)"
        )
    labels, predicted = _check_pair_of_labels(labels, probabilities.argmax(axis=1))
    confidence = probabilities.max(axis=1).astype(np.float64)
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):  # 0 / 0 en los intervalos vacíos
        means = [np.bincount(place, values, bins) / counts for values in (confidence, labels == predicted)]
    return Reliability(counts.astype(np.int64), *means)


def _check_pair_of_labels(labels, predicted):
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    for name, values in (("labels", labels), ("predicted", predicted)):
        if values.dtype.kind not in "iu":
            raise TypeError(
                f"{name} debe tener clases enteras y ha llegado {shown(values)}: "
                "si son probabilidades, escribe probabilities.argmax(axis=-1)"
            )
    if labels.ndim != 1 or labels.shape != predicted.shape or labels.size == 0:
        raise ValueError(
            f"labels tiene forma {labels.shape} y predicted {predicted.shape}: "
            "hace falta una clase por imagen en los dos, y al menos una imagen"
        )
    return labels.astype(np.int64), predicted.astype(np.int64)  # uint8 se desborda al multiplicar
