"""Cuánto tiempo lleva dormido un hilo por lo que él hace, y no porque la máquina no le dé procesador."""

import os
import threading
import time

PUNCTUAL = 0.06  # segundos de cada mirada que se dan por dormidos como mucho: más, y quien mira llegó tarde
PAUSE = 1.0  # segundos entre dos miradas, sin gastar procesador, con que se entiende que el proceso se detuvo
IDLE = 0.05  # parte del tiempo por debajo de la cual no se calcula nada
SPIN = 0.05  # segundos que se calcula para ver si la máquina da procesador
FOLDER = "/proc/self/task"  # donde Linux lo cuenta
ASLEEP = ("S", "D")  # estados de un hilo de Linux que espera a algo que no es el procesador

# Una respuesta puede cambiar las funciones de Python mientras se la mira: se guardan las de ahora.
_int, _max, _min = int, max, min
_list, _open, _read, _close = os.listdir, os.open, os.read, os.close


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
        self._thread = f"{ident}"
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
                self.asleep += _max(0.0, _min(passed - busy, PUNCTUAL))
        else:
            self.asleep += _max(0.0, _min(passed - spent, PUNCTUAL))
        self._clock, self._cpu, self._scheduled = clock, cpu, scheduled

    def given(self) -> bool:
        """Si consta que a la respuesta no le falta procesador; si le falta, se vuelve a contar desde cero.

        Lo dice el sistema, también de los hilos que calculan por ella; si no lo dice, se prueba con este.
        """
        if self._scheduled:
            me, given = f"{threading.get_native_id()}", True
            for thread in _list(FOLDER):
                if thread != me and _state(thread) == "R":  # tiene algo que calcular
                    given = False
        else:
            started, used = time.monotonic(), time.thread_time()
            while time.monotonic() - started < SPIN:
                pass
            given = time.thread_time() - used > SPIN / 2
        if not given:
            self.asleep = 0.0
        return given

    def _read(self) -> tuple[float, str] | None:
        """Segundos que el hilo ha corrido o ha esperado su turno, y su estado; None si no se pueden saber."""
        try:
            ran, queued = _text(self._thread, "schedstat").split()[:2]
        except (OSError, ValueError):
            return None
        state = _state(self._thread)
        return ((_int(ran) + _int(queued)) / 1e9, state) if state else None


def _text(thread: str, name: str) -> str:
    file = _open(f"{FOLDER}/{thread}/{name}", os.O_RDONLY)
    try:
        return _read(file, 1000).decode("latin-1")
    finally:
        _close(file)


def _state(thread: str) -> str:
    """El estado de un hilo de Linux; vacío si ya no está."""
    try:
        return _text(thread, "stat").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
