"""Cuánto tiempo lleva dormido un hilo por lo que él hace, y no porque la máquina no le dé procesador."""

import threading
import time
from pathlib import Path

PUNCTUAL = 0.06  # segundos de cada mirada que se dan por dormidos como mucho: más, y quien mira llegó tarde
PAUSE = 1.0  # segundos entre dos miradas, sin gastar procesador, con que se entiende que el proceso se detuvo
IDLE = 0.05  # parte del tiempo por debajo de la cual no se calcula nada
SPIN = 0.05  # segundos que se calcula para ver si la máquina da procesador
ASLEEP = ("S", "D")  # estados de un hilo de Linux que espera a algo que no es el procesador


class Idleness:
    """Mira a un hilo cada poco y suma lo que duerme.

    En Linux el sistema dice cuánto ha corrido el hilo, cuánto ha esperado a que le tocara y si ahora duerme.
    Donde no lo dice, :meth:`given` comprueba, antes de hablar de esperas, que a otro hilo sí le tocaría.

    Parameters
    ----------
    ident : int or None
        El número que el sistema da al hilo (``native_id``).

    Attributes
    ----------
    asleep : float
        Segundos dormido, seguro.
    paused : float
        Segundos en que el proceso entero estuvo detenido.
    """

    def __init__(self, ident: int | None):
        self.asleep = self.paused = 0.0
        self._folder = Path(f"/proc/self/task/{ident}")
        self._clock, self._cpu = time.monotonic(), time.process_time()
        self._scheduled = self._read()

    def look(self, counts: bool = True) -> None:
        """Suma lo que ha pasado desde la vez anterior, o solo toma nota de la hora si ``counts`` es falso."""
        clock, cpu, scheduled = time.monotonic(), time.process_time(), self._read()
        passed, spent = clock - self._clock, cpu - self._cpu
        if not counts:
            pass
        elif passed > PAUSE and spent < IDLE * passed:
            self.paused += passed
        elif scheduled and self._scheduled:
            busy = scheduled[0] - self._scheduled[0]
            if scheduled[1] in ASLEEP:
                self.asleep += max(0.0, min(passed - busy, PUNCTUAL))
        else:
            self.asleep += max(0.0, min(passed - spent, PUNCTUAL))
        self._clock, self._cpu, self._scheduled = clock, cpu, scheduled

    def given(self) -> bool:
        """Si consta que a la respuesta no le falta procesador; si le falta, se vuelve a contar desde cero.

        Lo dice el sistema, también de los hilos que calculan por ella; si no lo dice, se prueba con este.
        """
        if self._scheduled:
            given = not any(self._queued(folder) for folder in self._folder.parent.iterdir())
        else:
            started, used = time.monotonic(), time.thread_time()
            while time.monotonic() - started < SPIN:
                pass
            given = time.thread_time() - used > SPIN / 2
        if not given:
            self.asleep = 0.0
        return given

    @staticmethod
    def _queued(folder: Path) -> bool:
        """Si un hilo, que no es el que mira, tiene algo que calcular."""
        return folder.name != str(threading.get_native_id()) and _state(folder) == "R"

    def _read(self) -> tuple[float, str] | None:
        """Segundos que el hilo ha corrido o ha esperado su turno, y su estado; None si no se pueden saber."""
        try:
            ran, queued = (self._folder / "schedstat").read_text().split()[:2]
        except (OSError, ValueError):
            return None
        state = _state(self._folder)
        return ((int(ran) + int(queued)) / 1e9, state) if state else None


def _state(folder: Path) -> str:
    """El estado de un hilo de Linux; vacío si ya no está."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
