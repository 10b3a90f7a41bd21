"""Que dos procesos de pruebas no preparen lo mismo a la vez."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(lock: Path, seconds: float = 600) -> Iterator[None]:
    """Espera a que nadie más esté dentro; ``lock`` es un archivo que existe mientras hay alguien.

    Raises
    ------
    RuntimeError
        Si pasa ese tiempo: quizá quedó de una ejecución que se cortó.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    while True:
        try:
            lock.touch(exist_ok=False)
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"otro proceso no termina: si no hay ninguno, borra {lock}") from None
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.unlink()
