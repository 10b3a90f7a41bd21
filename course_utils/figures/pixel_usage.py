"""Figura «Uso de cada píxel»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing, heat
from course_utils.figures.states import Whole
from course_utils.ops.receptive_field import usage_map

_CELL = 28


class PixelUsageFigure(CourseFigure):
    """Cuántas ventanas miran cada píxel, sin padding y con él.

    Parameters
    ----------
    input_size, kernel_size, stride, padding : int
        Lado de la entrada, de 3 a 12; del kernel, hasta 7; paso, hasta 5; relleno, hasta 6.
    row, col : int
        Píxel elegido; si se pasa, es el último.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> PixelUsageFigure(input_size=4, padding=0).usage[0].tolist()
    [1, 2, 2, 1]
    """

    name = "pixel_usage"
    title = "Uso de cada píxel"
    idea = "La convolución"
    invitation = (
        "¿Participan todos los píxeles por igual? Compara una esquina con el centro, sin padding y con "
        "él. Hay dos maneras muy distintas de superar el reto."
    )
    texts: ClassVar = {
        "hint": "El número de cada píxel es el de ventanas que lo miran. Toca uno para ver cuáles son.",
        "help": "Tabulador: de una cuadrícula a otra. Flechas: elegir un píxel o cambiar un mando.",
        "goal": "Reto: que todos los píxeles se usen lo mismo",
        "does_not_fit": "El kernel no cabe en la entrada.",
        "unseen": "Hay píxeles que ninguna ventana mira.",
        "uneven": "El que menos, participa en {least}; el que más, en {most}.",
        "once": "Conseguido: cada píxel se usa exactamente una vez.",
        "even": "Conseguido: todos participan en {most} ventanas.",
    }

    input_size = Whole(7, 3, 12)
    kernel_size = Whole(3, 1, 7)
    stride = Whole(1, 1, 5)
    padding = Whole(1, 0, 6)
    row = Whole(0, 0, 11)
    col = Whole(0, 0, 11)

    @property
    def usage(self) -> np.ndarray:
        """Ventanas que miran cada píxel, según ``usage_map``; ceros si no caben."""
        return self._usage(self.padding)

    def sentence(self):
        """Lo que se usan el píxel elegido y el central."""
        usage = self.usage
        row, col = self._pixel()
        middle = (self.input_size - 1) // 2
        return (
            f"Entrada de {self.input_size} × {self.input_size}, kernel de {self.kernel_size} × "
            f"{self.kernel_size}, stride {self.stride} y padding {self.padding}: el píxel ({row}, {col}) "
            f"participa en {usage[row, col]} {'ventana' if usage[row, col] == 1 else 'ventanas'} "
            f"y el central, en {usage[middle, middle]}."
        )

    def picture(self):
        """Los recuentos sin padding y, si lo hay, con él."""
        plain, padded = self._usage(0), self.usage
        top = max(1, plain.max(), padded.max())
        row, col = self._pixel()
        drawing = Drawing()
        counts = drawing.grid(0, 0, heat(plain, top), plain, _CELL, "input", "Sin padding")
        counts.mark(row, col, role="highlight")
        if self.padding:
            x, ring = counts.right + 40, self.padding * _CELL
            side = self.input_size * _CELL + 2 * ring
            drawing.text(x, 12, f"Con padding {self.padding}", anchor="start")
            drawing.rect(x, 20, side, side, "padding", width=1, dash="3 2", fill="padding-soft")
            counts = drawing.grid(x + ring, 20 + ring, heat(padded, top), padded, _CELL, "input")
            counts.mark(row, col, role="highlight")
        return drawing.svg(self.sentence())

    def _pixel(self):
        return min(self.row, self.input_size - 1), min(self.col, self.input_size - 1)

    def _usage(self, padding):
        shape = (self.input_size, self.input_size)
        if self.kernel_size > self.input_size + 2 * padding:
            return np.zeros(shape, int)
        return usage_map(shape, self.kernel_size, self.stride, padding)
