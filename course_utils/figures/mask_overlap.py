"""Figura «Solape de dos máscaras»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.drawing import Drawing, grey, roles, short_number
from course_utils.figures.predicted_mask import PredictedMaskFigure
from course_utils.figures.states import Labels, Numbers
from course_utils.networks.metrics import accuracy
from course_utils.style import number_text

_CELL = 22
_SIGNS = {"both": "✓", "extra": "+", "missing": "−", "neither": None}
_ROLES = {"both": "output", "extra": "kernel-soft", "missing": "highlight-soft", "neither": "surface"}

TRUTH = np.zeros((12, 12), int)
for _row, _first, _end in ((2, 3, 6), (3, 2, 7), (4, 2, 7), (5, 3, 7), (6, 4, 6)):
    TRUTH[_row, _first:_end] = 1


def _probabilities():
    """Una red que encuentra el objeto, algo desplazado, y duda de una mancha que no lo es."""
    rows, cols = np.mgrid[:12, :12]

    def bump(row, col, height_, width_, top):
        return top * np.exp(-(((rows - row) / height_) ** 2 + ((cols - col) / width_) ** 2) / 2)

    return np.maximum(np.maximum(bump(4.3, 4.8, 1.9, 2.1, 0.94), bump(9, 9.5, 1.2, 1, 0.62)), 0.04).round(2)


class MaskOverlapFigure(PredictedMaskFigure):
    """Una máscara verdadera, las probabilidades de una red y el umbral que las convierte en máscara.

    Parameters
    ----------
    truth : array_like of int or bool, shape (H, W)
        Máscara verdadera, de 0 y 1, hasta 24 × 24.
    probabilities : array_like, shape (H, W)
        Probabilidad, de 0 a 1, de que cada píxel sea del objeto.
    threshold : float
        Un píxel se predice como objeto si su probabilidad es mayor.

    Raises
    ------
    TraitError
        Si algún valor no sirve o las dos matrices no miden lo mismo.

    Examples
    --------
    >>> figure = MaskOverlapFigure(truth=[[1, 1, 0, 0]], probabilities=[[0.9, 0.4, 0.6, 0.1]])
    >>> figure.counts
    {'both': 1, 'extra': 1, 'missing': 1, 'neither': 1}
    >>> figure.dice, figure.accuracy
    (0.5, 0.5)
    """

    name = "mask_overlap"
    title = "Solape de dos máscaras"
    idea = "Máscaras y objetos"
    invitation = (
        "¿Cómo se mide una máscara? Sube el umbral hasta que no quede nada y compara el IoU con la "
        "exactitud. Después pinta a mano la mejor máscara que puedas."
    )
    texts: ClassVar = {
        "hint": (
            "Mueve el umbral, o pinta en una cuadrícula: cambia la máscara predicha (línea "
            "discontinua). La verdadera es la de línea continua."
        ),
        "help": (
            "Tabulador: de una cuadrícula a otra y a los mandos. Flechas: mover el cursor o el "
            "umbral. Espacio: poner o quitar un píxel; 0 a 9: su probabilidad."
        ),
        "goal": "Reto: que el IoU valga 0 y la exactitud sea {target} o más",
        "hits": "El IoU vale {iou}: todavía acierta píxeles del objeto.",
        "extra": "La exactitud se queda en {accuracy}: sobran píxeles.",
        "background": (
            "Conseguido: no encuentra nada del objeto y la exactitud es {accuracy}. La da el fondo."
        ),
    }

    truth = Labels(TRUTH, "fila, columna", (24, 24))
    probabilities = Numbers(_probabilities(), "fila, columna", (24, 24), limit=1, minimum=0)

    @property
    def counts(self) -> dict[str, int]:
        """Píxeles de las dos máscaras, los que sobran, los que faltan y los que no son de ninguna."""
        kinds = self._kinds()
        return {kind: int(np.count_nonzero(kinds == kind)) for kind in _SIGNS}

    @property
    def accuracy(self) -> float:
        """Exactitud de los píxeles, según :func:`course_utils.networks.metrics.accuracy`."""
        return accuracy(np.ravel(self.truth), self.predicted.ravel().astype(int))

    def sentence(self):
        """Cuántos píxeles acierta, sobran y faltan, y las tres medidas."""
        counts, (rows, cols) = self.counts, np.shape(self.truth)
        return (
            f"Imagen de {rows} × {cols} con un objeto de {counts['both'] + counts['missing']} píxeles. Con "
            f"umbral {number_text(self.threshold)}, a la máscara predicha, de "
            f"{counts['both'] + counts['extra']} píxeles, le sobran {counts['extra']} y le faltan "
            f"{counts['missing']}: IoU {number_text(self.iou)}, Dice {number_text(self.dice)} y exactitud "
            f"{number_text(self.accuracy)}."
        )

    def picture(self):
        """Las probabilidades con el contorno verdadero, y el acuerdo de las dos máscaras."""
        truth, probabilities = np.array(self.truth), np.array(self.probabilities)
        drawing, kinds = Drawing(), self._kinds()
        texts = [[short_number(value, 2) for value in line] for line in self.probabilities]
        chances = drawing.grid(0, 0, grey(probabilities, 1), texts, _CELL, "input", "Probabilidades")
        chances.outline(truth)
        colors = roles([[_ROLES[kind] for kind in line] for line in kinds])
        signs = [[_SIGNS[kind] for kind in line] for line in kinds]
        agreement = drawing.grid(
            chances.right + 36, 0, colors, signs, _CELL, "output", "Predicha y verdadera"
        )
        agreement.outline(truth)
        drawing.text(agreement.x, agreement.bottom + 20, "✓ acierta · + sobra · − falta", anchor="start")
        return drawing.svg(self.sentence())

    def _kinds(self):
        """Qué es cada píxel, (H, W) de ``str``: ``both``, ``extra``, ``missing`` o ``neither``."""
        truth, predicted = np.array(self.truth, bool), self.predicted
        cases = [truth & predicted, predicted, truth]
        return np.select(cases, ["both", "extra", "missing"], "neither")
