"""Comprobar que lo entregado tiene la forma que un ejercicio puede juzgar."""

import numpy as np

from course_utils.exercises.answers import Unexpected


def as_kernel(answer) -> np.ndarray:
    """Un kernel de 3 × 3 a partir de un valor inofensivo.

    Raises
    ------
    Unexpected
        Si no son 3 × 3 números finitos.

    Examples
    --------
    >>> as_kernel(((0, 0, 0), (1, 0, 0), (0, 0, 0))).shape
    (3, 3)
    """
    try:
        kernel = np.asarray(answer, dtype=float)
    except (TypeError, ValueError, OverflowError):
        kernel = np.empty(0)
    if kernel.shape != (3, 3) or not np.isfinite(kernel).all() or np.abs(kernel).max() > 1e6:
        raise Unexpected("Se espera un kernel de 3 × 3 números, por ejemplo `np.zeros((3, 3))`.")
    return kernel


def as_integers(answer, *names: str) -> tuple[int, ...]:
    """Tantos enteros como nombres.

    Raises
    ------
    Unexpected
        Si son otros, o son enormes.

    Examples
    --------
    >>> as_integers((3, 1), "kernel_size", "stride")
    (3, 1)
    """
    integers = isinstance(answer, tuple) and all(
        type(value) is int and abs(value) < 10**6 for value in answer
    )
    if not integers or len(answer) != len(names):
        raise Unexpected(f"Se esperan {len(names)} enteros, en este orden: `({', '.join(names)})`.")
    return answer
