"""Medidas de lo bien que predice una red, en NumPy."""

import numpy as np

from course_utils.checks import check_integer, shown


def accuracy(labels, predicted) -> float:
    """Exactitud: proporción de etiquetas acertadas, de 0 a 1.

    Parameters
    ----------
    labels : array_like of int, shape (N,)
        Clases verdaderas.
    predicted : array_like of int, shape (N,)
        Clases predichas.

    Returns
    -------
    float
        Aciertos divididos entre N.

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

    References
    ----------
    scikit-learn, ``sklearn.metrics.accuracy_score``.
    """
    labels, predicted = _check_labels(labels, predicted)
    return float(np.mean(labels == predicted))


def confusion_matrix(labels, predicted, classes: int) -> np.ndarray:
    """Matriz de confusión: cuántas veces se predice cada clase para cada clase verdadera.

    Parameters
    ----------
    labels : array_like of int, shape (N,)
        Clases verdaderas, de 0 a ``classes - 1``.
    predicted : array_like of int, shape (N,)
        Clases predichas, en el mismo intervalo.
    classes : int
        Número de clases.

    Returns
    -------
    ndarray of int64, shape (classes, classes)
        Una fila por clase verdadera y una columna por clase predicha; los aciertos, en la diagonal.

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

    References
    ----------
    scikit-learn, ``sklearn.metrics.confusion_matrix``.
    """
    labels, predicted = _check_labels(labels, predicted)
    classes = check_integer(classes, "classes")
    for name, values in (("labels", labels), ("predicted", predicted)):
        if values.min() < 0 or values.max() >= classes:
            raise ValueError(
                f"{name} va de {values.min()} a {values.max()} y con {classes} clases debe ir de 0 a "
                f"{classes - 1}: revisa el orden de las etiquetas o el número de clases"
            )
    counts = np.bincount(classes * labels + predicted, minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


def _check_labels(labels, predicted):
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
