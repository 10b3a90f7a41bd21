"""Comprobar que lo entregado tiene la forma que un ejercicio puede juzgar."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.values import Unusable, show

LARGEST_WEIGHT = 1e6
LARGEST_INTEGER = 10**6


def as_kernel(answer) -> np.ndarray:
    """Un kernel de 3 × 3 a partir de un valor inofensivo.

    Raises
    ------
    Unexpected
        Si no son 3 × 3 números finitos, de un millón como mucho.

    Examples
    --------
    >>> as_kernel(((0, 0, 0), (1, 0, 0), (0, 0, 0))).shape
    (3, 3)
    """
    example = "por ejemplo `np.zeros((3, 3))`"
    kernel = numbers_of(answer, "biuf")
    if kernel is None:
        raise Unexpected(f"Se espera un kernel de 3 × 3 números, {example}, y has dado {_what(answer)}.")
    if kernel.shape != (3, 3):
        given = _what(kernel if kernel.ndim else answer)
        raise Unexpected(f"Se espera un kernel de forma `(3, 3)`, {example}, y has dado {given}.")
    if not np.isfinite(kernel).all():
        raise Unexpected("En el kernel hay valores que no son finitos: `nan` o `inf`.")
    if np.abs(kernel).max() > LARGEST_WEIGHT:
        raise Unexpected("En el kernel hay pesos de más de un millón: usa otros más pequeños.")
    return kernel


def as_integers(answer, *names: str) -> tuple[int, ...]:
    """Tantos enteros como nombres, en una tupla, una lista o un array; 3.0 es un entero.

    Raises
    ------
    Unexpected
        Si son otros, o son enormes.

    Examples
    --------
    >>> as_integers((3, 1), "kernel_size", "stride")
    (3, 1)
    >>> as_integers(np.array([3.0, 1.0]), "kernel_size", "stride")
    (3, 1)
    """
    wanted = f"Se esperan {len(names)} enteros, en este orden: `({', '.join(names)})`"
    if isinstance(answer, tuple):
        for name, value in zip(names, answer, strict=False):
            if type(value) is bool:
                raise Unexpected(f"`{name}` debe ser un entero y has dado {show(value)}.")
            if type(value) is int and abs(value) >= LARGEST_INTEGER:
                raise Unexpected(f"`{name}` es enorme: {show(value)}. Aquí bastan números pequeños.")
    numbers = numbers_of(answer, "iuf")
    if numbers is None:
        raise Unexpected(f"{wanted}. Has dado {_what(answer)}.")
    if numbers.shape != (len(names),):
        raise Unexpected(f"{wanted}. Has dado {_what(answer if numbers.ndim == 0 else numbers)}.")
    for name, value in zip(names, numbers.tolist(), strict=True):
        if not float(value).is_integer():
            raise Unexpected(f"`{name}` debe ser un entero y has dado {show(value)}.")
        if abs(value) >= LARGEST_INTEGER:
            raise Unexpected(f"`{name}` es enorme: {show(value)}. Aquí bastan números pequeños.")
    return tuple(int(value) for value in numbers.tolist())


def numbers_of(answer, kinds: str) -> np.ndarray | None:
    """Los números de un valor inofensivo, de esos tipos de NumPy; None si hay algo que no lo es."""
    try:
        numbers = np.asarray(answer)
    except (ValueError, OverflowError):  # filas de distinta longitud, o un entero que no cabe
        return None
    return numbers.astype(float) if numbers.dtype.kind in kinds else None


def _what(answer) -> str:
    match answer:
        case Unusable():
            return answer.what
        case np.ndarray() if answer.ndim == 1:
            return f"{answer.size} número" + ("s" if answer.size != 1 else "")
        case np.ndarray():
            return f"números en forma `{answer.shape}`"
    return f"`{show(answer)}`"
