"""Lo que se enseña mientras se descarga, y cuándo va demasiado despacio."""

import sys
import time


class TooSlow(Exception):
    """A este paso no se acaba; el texto dice cuánto falta."""


class Progress:
    """Mide la velocidad; si a ese paso no se acaba, lo deja; en una pantalla enseña cómo va."""

    def __init__(self, name, start, total, policy):
        self.name, self.total, self.policy = name, total, policy
        self.mark, self.shown_at = (time.monotonic(), start), 0.0
        self.speed = None
        notebook = type(sys.stderr).__module__.startswith("ipykernel")
        self.screen = sys.stderr if sys.stderr.isatty() or notebook else None

    def update(self, received):
        now = time.monotonic()
        elapsed, advanced = now - self.mark[0], received - self.mark[1]
        if elapsed >= self.policy.pace_seconds:
            self.speed, self.mark = advanced / elapsed, (now, received)
            missing = (self.total - received) / self.speed
            if missing > self.policy.patience_seconds:
                raise TooSlow(f"va demasiado despacio: a este paso faltan {shown_time(missing)}")
        if self.screen and now - self.shown_at >= 0.2:
            self.shown_at = now
            speed = self.speed or advanced / max(elapsed, 1e-3)
            done = f"{shown_size(received)} de {shown_size(self.total)}"
            rest = shown_time((self.total - received) / max(speed, 1))
            line = f"{100 * received // self.total:3d} % · {done} · {shown_size(speed)}/s · quedan {rest}"
            print(f"\r{line:<70}", end="", file=self.screen, flush=True)

    def close(self):
        if self.screen and self.shown_at:
            print(file=self.screen)


def shown_size(size: float) -> str:
    """Un tamaño en bytes como se lee: con coma decimal y en la unidad que conviene.

    Examples
    --------
    >>> shown_size(900), shown_size(45_300), shown_size(170_052_171)
    ('900 B', '45,3 kB', '170,1 MB')
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}".replace(".", ",")
    return f"{size:.0f} B"


def shown_time(seconds: float) -> str:
    """Una duración en segundos como se lee.

    Examples
    --------
    >>> shown_time(8), shown_time(125), shown_time(169_900)
    ('8 s', '2 min 5 s', '47 h 11 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
