"""Figura «RLE y polígono»."""

from typing import ClassVar

import numpy as np

from course_utils.datasets import encode_rle_counts
from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing, roles
from course_utils.figures.states import Fraction, Labels, Whole

_CELL, _CHIPS = 28, 12


class RunLengthFigure(CourseFigure):
    """Una máscara que se pinta, las cuentas de su RLE, sus polígonos y la vuelta de los dos a la máscara.

    Parameters
    ----------
    mask : array_like of int or bool, shape (H, W)
        Máscara de 0 y 1, hasta 12 × 12.
    tolerance : float
        Píxeles que el polígono puede alejarse del contorno, de 0 a 2.
    position : int
        Píxel resaltado, contando por columnas desde 0; si se pasa, el último.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> RunLengthFigure(mask=[[0, 1, 0], [1, 1, 0]]).counts
    [1, 3, 2]
    """

    name = "run_length"
    title = "RLE y polígono"
    idea = "Máscaras y objetos"
    invitation = (
        "¿Cómo se guarda una máscara en pocos números? Píntala, mira sus cuentas y su polígono, y prueba a "
        "volver: una de las dos formas no siempre devuelve lo que guardó."
    )
    texts: ClassVar = {
        "hint": (
            "Pinta la máscara: sus píxeles se cuentan por columnas, primero los ceros. Cambia las "
            "cuentas o el polígono y mira qué máscara vuelve."
        ),
        "help": (
            "Tabulador: de un mando a otro. Flechas: recorrer la máscara; espacio: pintar o borrar. "
            "En las cuentas y en el polígono, Intro: volver a la máscara."
        ),
        "goal_runs": "Reto: doce píxeles o más, sin llenarla, con tres cuentas como mucho",
        "few": "Tiene {ones}.",
        "full": "Está llena: deja algún cero.",
        "many_runs": "Salen {runs} cuentas: piensa por dónde se recorre.",
        "few_runs": "Conseguido: {ones} píxeles en {runs} cuentas, porque van seguidos por columnas.",
        "goal_hole": "Reto: una máscara que su polígono no sepa devolver, con tolerancia 0",
        "not_exact": "Pon la tolerancia a 0: así el contorno es exacto.",
        "empty": "La máscara está vacía.",
        "same_mask": "Vuelve la misma: piensa en qué no dice un contorno.",
        "filled": "Conseguido: rellena {extra}; un polígono no sabe de huecos.",
    }

    mask = Labels(
        [
            [0, 0, 0, 0, 0, 0, 0, 0],
            [0, 1, 1, 1, 1, 1, 0, 0],
            [0, 1, 1, 1, 1, 0, 0, 0],
            [0, 1, 1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0],
        ],
        "fila, columna",
        (12, 12),
    )
    tolerance = Fraction(0, maximum=2)
    position = Whole(0, 0, 143)

    @property
    def counts(self) -> list[int]:
        """Cuentas de ceros, unos, ceros…, según ``encode_rle_counts``."""
        return encode_rle_counts(self.mask)

    def sentence(self):
        """El tamaño de la máscara, sus píxeles y sus cuentas."""
        rows, cols = np.shape(self.mask)
        counts, total = self.counts, np.count_nonzero(self.mask)
        shown = ", ".join(map(str, counts[:_CHIPS])) + ("…" if len(counts) > _CHIPS else "")
        return (
            f"Máscara de {rows} × {cols} con {total} {'píxel' if total == 1 else 'píxeles'} de objeto. Por "
            f"columnas, de arriba abajo y primero los ceros, sus cuentas son {shown}."
        )

    def picture(self):
        """La máscara, con el orden en que se cuentan sus píxeles, y las cuentas."""
        mask = np.array(self.mask)
        order = np.arange(1, mask.size + 1).reshape(mask.shape[::-1]).T
        drawing = Drawing()
        colors = roles(np.where(mask, "output", "surface").tolist())
        texts = [[str(number) for number in line] for line in order.tolist()]
        grid = drawing.grid(0, 0, colors, texts, _CELL, "input", "Píxeles, numerados por columnas")
        drawing.text(0, grid.bottom + 22, "Cuentas:", anchor="start")
        for number, count in enumerate(self.counts[:_CHIPS]):
            x, fill = 62 + number * 34, "output-soft" if number % 2 else "surface"
            drawing.rect(
                x, grid.bottom + 6, 30, 24, "output" if number % 2 else "padding", width=1, fill=fill
            )
            drawing.text(x + 15, grid.bottom + 22, str(count), color="#111")
        return drawing.svg(self.sentence())
