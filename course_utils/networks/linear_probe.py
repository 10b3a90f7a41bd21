"""Una capa densa sobre unos rasgos congelados, entrenada hasta su mínimo: cuánto se puede leer en ellos."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax


class LinearProbe(NamedTuple):
    """Los pesos de la capa, de forma (rasgos, clases), su sesgo y la penalización con que se entrenó."""

    weights: np.ndarray
    bias: np.ndarray
    penalty: float

    def scores(self, features) -> np.ndarray:
        """Una puntuación por clase, sin softmax, de forma (N, clases)."""
        return features @ self.weights + self.bias


WIDEN = 10  # cuánto se separan dos penalizaciones seguidas
FLAT = 1e-3  # una pérdida que baja menos no se busca más lejos


def fit_linear_probe(train, validation, penalties) -> LinearProbe:
    """La capa densa que mejor predice las clases, con sus pesos penalizados para que no memorice.

    Con cada penalización se llega al mínimo de la entropía cruzada media más la penalización por la mitad de
    la suma de los cuadrados de los pesos, y se queda la de menor entropía cruzada en validación. Si es la
    primera o la última de varias, se prueban otras más allá.

    Parameters
    ----------
    train, validation : tuple of (ndarray, ndarray)
        Rasgos, de forma (N, rasgos), y clases, desde 0.
    penalties : sequence of float
        Las que se prueban, mayores que 0, de menor a mayor.

    Examples
    --------
    >>> features, labels = np.array([[-1.0], [-2.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
    >>> probe = fit_linear_probe((features, labels), (features, labels), [0.01, 1])
    >>> probe.penalty, probe.scores(features).argmax(axis=1)
    (0.0001, array([0, 0, 1, 1]))

    References
    ----------
    Alain y Bengio (2017). *Understanding intermediate layers using linear classifier probes*.
    https://arxiv.org/abs/1610.01644
    """

    def measure(penalty):
        probe = _minimum(*train, penalty)
        return _cross_entropy(probe, *validation), probe

    return lowest_loss(measure, penalties, WIDEN)[1]


def lowest_loss(measure: Callable, values, widen: float):
    """El ajuste de menor pérdida, buscado también más allá de los que se proponen.

    Si el mejor es el primero o el último, se prueba otro, ``widen`` veces menor o mayor, mientras la pérdida
    baje más de una milésima.

    Parameters
    ----------
    measure : callable
        De un ajuste, como una tasa o una penalización, a su pérdida y lo que se quiera devolver con ella.
    values : sequence of float
        Los que se proponen, de menor a mayor. Con uno solo no se busca.

    Returns
    -------
    value, found
        El ajuste y lo que ``measure`` dio con él.

    Examples
    --------
    >>> lowest_loss(lambda value: ((value - 90) ** 2, "hecho"), [1, 10], widen=10)
    (100, 'hecho')
    """
    tried = [(value, *measure(value)) for value in values]
    for end, factor in ((-1, widen), (0, 1 / widen)):
        while len(tried) > 1 and tried[end][1] == min(loss for _, loss, _ in tried):
            value = tried[end][0] * factor
            loss, found = measure(value)
            if not loss < tried[end][1] - FLAT:
                break
            tried.insert(len(tried) if end else 0, (value, loss, found))
    value, _, found = min(tried, key=lambda one: one[1])
    return value, found


def _cross_entropy(probe: LinearProbe, features, labels) -> float:
    return float(-log_softmax(probe.scores(features), axis=1)[np.arange(len(labels)), labels].mean())


def _minimum(features, labels, penalty: float) -> LinearProbe:
    features = np.asarray(features, np.float64)
    count, inputs = features.shape
    classes = int(labels.max()) + 1
    truth = np.eye(classes)[labels]

    def unpack(values) -> LinearProbe:
        return LinearProbe(values[classes:].reshape(inputs, classes), values[:classes], penalty)

    def loss(values):
        probe = unpack(values)
        logarithms = log_softmax(probe.scores(features), axis=1)
        errors = (np.exp(logarithms) - truth) / count
        gradient = [errors.sum(axis=0), (features.T @ errors + penalty * probe.weights).ravel()]
        value = -(logarithms * truth).sum() / count + penalty / 2 * (probe.weights**2).sum()
        return value, np.concatenate(gradient)

    start = np.zeros(classes * (inputs + 1))
    return unpack(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x)
