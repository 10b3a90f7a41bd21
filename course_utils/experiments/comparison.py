"""Comparar lo que midió cada condición con las mismas semillas: diferencias con su intervalo y tablas."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from course_utils.experiments.measurement import Measurement
from course_utils.style import fixed_number

LEVEL = 0.95  # de los intervalos
TIE = 1e-9  # una resta menor es el redondeo de un empate
DECIMALS = 3


@dataclass(frozen=True)
class Difference:
    """Cuánto saca una condición a otra, semilla a semilla.

    Parameters
    ----------
    mean : float
        Media de las diferencias.
    low, high : float
        Intervalo del 95 % de esa media (t de Student).
    wins, count : int
        En cuántas semillas gana la primera, y cuántas hay.
    """

    mean: float
    low: float
    high: float
    wins: int
    count: int

    @property
    def verdict(self) -> str:
        """«más» o «menos», si el intervalo no llega a 0; si llega, «no se distingue»."""
        if self.low > 0:
            return "más"
        return "menos" if self.high < 0 else "no se distingue"

    def __str__(self):
        low, mean, high = (_signed(value) for value in (self.low, self.mean, self.high))
        return f"{mean} [{low}; {high}], {self.wins} de {self.count}"


def _signed(value: float) -> str:
    text = fixed_number(value, DECIMALS)
    return text if text.startswith("−") or not text.strip("0,") else f"+{text}"


def paired_difference(first, second) -> Difference:
    """La diferencia entre dos condiciones medidas con las mismas semillas.

    Se resta semilla a semilla: lo que una semilla tiene de fácil o de difícil se va en la resta. El intervalo
    supone que las diferencias se reparten como una normal.

    Parameters
    ----------
    first, second : array_like, shape (semillas,)
        Un número por semilla y condición, en el mismo orden.

    Raises
    ------
    ValueError
        Si no hay tantos de una como de otra, o son menos de dos.

    Examples
    --------
    >>> print(paired_difference([0.82, 0.84, 0.83], [0.80, 0.81, 0.82]))
    +0,020 [−0,005; +0,045], 3 de 3
    >>> paired_difference([0.82, 0.84, 0.83], [0.80, 0.81, 0.82]).verdict
    'no se distingue'

    References
    ----------
    Student (1908). *The probable error of a mean*. https://doi.org/10.1093/biomet/6.1.1
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    if first.shape != second.shape or first.ndim != 1 or len(first) < 2:
        raise ValueError(
            f"se esperaban dos listas iguales de largas, de dos semillas o más, y han llegado de formas "
            f"{first.shape} y {second.shape}"
        )
    gaps, count = first - second, len(first)
    margin = stdtrit(count - 1, (1 + LEVEL) / 2) * gaps.std(ddof=1) / np.sqrt(count)
    mean = gaps.mean()
    return Difference(float(mean), float(mean - margin), float(mean + margin), int((gaps > TIE).sum()), count)


def with_spread(values) -> str:
    """Media ± desviación típica de las semillas, con tres decimales.

    Examples
    --------
    >>> with_spread([0.85, 0.85, 0.85])
    '0,850 ± 0,000'
    """
    values = np.asarray(values, float)
    return f"{fixed_number(values.mean(), DECIMALS)} ± {fixed_number(values.std(ddof=1), DECIMALS)}"


def comparison_table(measured: Measurement, conditions: Mapping[str, tuple[str, ...]]) -> str:
    """Tabla en Markdown: por condición, exactitud en entrenamiento y en prueba y diferencia con la primera.

    Parameters
    ----------
    measured : Measurement
        De cada condición hay ``train_accuracy`` y ``test_accuracy``.
    conditions : mapping of str to tuple of str
        Nombre que se escribe: claves que llevan a la condición. La primera es la de referencia.

    Examples
    --------
    >>> from course_utils.experiments import load_measurement
    >>> networks = {"una capa": ("one",), "dos, con ReLU": ("two_relu",)}
    >>> comparison_table(load_measurement("stacked_dense"), networks).splitlines()[0]
    '| red | en entrenamiento | en prueba | en prueba, frente a «una capa» |'
    """
    reference = next(iter(conditions))
    base = measured.over_seeds(*conditions[reference], "test_accuracy")
    rows = [
        f"| red | en entrenamiento | en prueba | en prueba, frente a «{reference}» |",
        "|---|---:|---:|---:|",
    ]
    for name, path in conditions.items():
        seen, unseen = (measured.over_seeds(*path, f"{part}_accuracy") for part in ("train", "test"))
        gap = "" if name == reference else str(paired_difference(unseen, base))
        rows.append(f"| {name} | {with_spread(seen)} | {with_spread(unseen)} | {gap} |")
    return "\n".join(rows)
