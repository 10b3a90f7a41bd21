"""Figura «Umbral»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.drawing import COLORS, Drawing, grey, roles
from course_utils.figures.predicted_mask import PredictedMaskFigure
from course_utils.figures.states import Choice, Labels, Numbers
from course_utils.style import number_text

_CELL, _SIDE = 8, 220
_ROLES = ("surface", "highlight-soft", "kernel-soft", "output")  # fondo, falta, sobra y acierta
_CONFIDENCES = {"as_is": lambda p: p, "shy": lambda p: p**2, "bold": lambda p: 1 - (1 - p) ** 2}


def _scene():
    """Dos objetos, y lo que ve de ellos una red inventada: duda de uno y de una mancha que no lo es."""
    rows, cols = np.mgrid[:28, :28]

    def blob(row, col, height, width):
        return np.hypot((rows - row) / height, (cols - col) / width)

    truth = (blob(9, 9, 6.5, 5.3) < 1) | (blob(20, 20, 4.2, 5.3) < 1)
    sure = 0.97 / (1 + np.exp(5 * (blob(9.7, 9.4, 6.2, 5.4) - 1)))
    doubtful = 0.72 / (1 + np.exp(4 * (blob(19.4, 19.5, 4.6, 5.2) - 1)))
    mistaken = 0.6 / (1 + np.exp(4 * (blob(22, 5.5, 3, 3) - 1)))
    texture = 0.06 * (1 + np.sin(1.7 * rows + 0.6 * cols) * np.cos(0.9 * cols - 0.4 * rows))
    return truth, np.clip(np.maximum.reduce([sure, doubtful, mistaken]) + texture - 0.05, 0.01, 0.99).round(2)


class ThresholdFigure(PredictedMaskFigure):
    """El mapa de probabilidades de una red, el umbral que lo hace máscara y lo que se gana y se pierde.

    Parameters
    ----------
    truth : array_like of int or bool, shape (H, W)
        Máscara verdadera, de 0 y 1, hasta 64 × 64.
    probabilities : array_like, shape (H, W)
        Probabilidad, de 0 a 1, de que cada píxel sea del objeto.
    threshold : float
        Un píxel se predice como objeto si su probabilidad es mayor.
    confidence : {"as_is", "shy", "bold"}
        La red tal cual, otra más prudente (p²) u otra más atrevida (1 − (1 − p)²): ordenan los píxeles igual.

    Raises
    ------
    TraitError
        Si algún valor no sirve o las dos matrices no miden lo mismo.

    Examples
    --------
    >>> figure = ThresholdFigure(truth=[[1, 1, 0, 0]], probabilities=[[0.9, 0.4, 0.6, 0.1]])
    >>> figure.precision, figure.recall
    (0.5, 0.5)
    """

    name = "threshold"
    title = "Umbral"
    idea = "Máscaras y objetos"
    invitation = (
        "¿Desde qué probabilidad se dice «objeto»? Mueve el umbral y mira qué se gana y qué se pierde; "
        "después cambia la confianza de la red y busca la curva que ni se entera."
    )
    texts: ClassVar = {
        "hint": (
            "Mueve el umbral, o toca una gráfica. Línea continua: el objeto verdadero; discontinua: "
            "lo que se predice."
        ),
        "help": (
            "Tabulador: de un mando a otro. Flechas: cambiar el umbral, o recorrer las probabilidades "
            "para oír cada una."
        ),
        "other_confidence": (
            "Con otra confianza, la red ordena los píxeles igual: la curva de precisión y exhaustividad no "
            "se mueve."
        ),
        "goal": "Reto: exhaustividad de {wanted} o más con la mayor precisión posible",
        "escaped": "La exhaustividad se queda en {recall}: se escapan píxeles del objeto.",
        "spare": "La precisión es {precision}, y otro umbral que llega a esa exhaustividad la mejora.",
        "best": "Conseguido: ningún umbral del mando pasa de precisión {precision} con esa exhaustividad.",
    }

    truth = Labels(_scene()[0], "fila, columna", (64, 64))
    probabilities = Numbers(_scene()[1], "fila, columna", (64, 64), limit=1, minimum=0)
    confidence = Choice("as_is", tuple(_CONFIDENCES))

    @property
    def chances(self) -> np.ndarray:
        """Las probabilidades con la confianza elegida, (H, W)."""
        return _CONFIDENCES[self.confidence](super().chances)

    @property
    def precision(self) -> float:
        """Parte de lo predicho que es objeto; 1 si no se predice nada."""
        return _share(self.truth, self.predicted)

    @property
    def recall(self) -> float:
        """Exhaustividad: parte del objeto que se encuentra; 1 si no hay objeto."""
        return _share(self.predicted, self.truth)

    def sentence(self):
        """El umbral, la máscara que sale y las cuatro medidas."""
        rows, cols = np.shape(self.truth)
        real, guessed = np.count_nonzero(self.truth), np.count_nonzero(self.predicted)
        either = real + guessed
        predicted = f"se {'predice' if guessed == 1 else 'predicen'} {guessed}"
        return (
            f"Imagen de {rows} × {cols} con {real} {'píxel' if real == 1 else 'píxeles'} de objeto. "
            f"Con umbral {number_text(self.threshold)} {predicted}: precisión "
            f"{_measured(self.precision, guessed)}, exhaustividad {_measured(self.recall, real)}, IoU "
            f"{_measured(self.iou, either)} y Dice {_measured(self.dice, either)}."
        )

    def picture(self):
        """Las probabilidades, el acuerdo de las dos máscaras y la curva que traza el umbral."""
        truth, predicted = np.array(self.truth, int), self.predicted.astype(int)
        drawing, cell = Drawing(), min(_CELL, 240 / len(self.truth))
        chances = drawing.grid(0, 0, grey(self.chances, 1), None, cell, "input", "Probabilidades")
        chances.outline(truth)
        kinds = [[_ROLES[kind] for kind in line] for line in (truth + 2 * predicted).tolist()]
        title = "Predicha y verdadera"
        agreement = drawing.grid(chances.right + 30, 0, roles(kinds), None, cell, "output", title)
        agreement.outline(truth)
        self._draw_curve(drawing, agreement.right + 64)
        return drawing.svg(self.sentence())

    def _draw_curve(self, drawing, left):
        drawing.text(left, 12, "Precisión según la exhaustividad", anchor="start")
        drawing.rect(left, 20, _SIDE, _SIDE, "padding", width=1)
        for value in (0, 0.5, 1):
            x, y = left + value * _SIDE, 20 + (1 - value) * _SIDE
            drawing.text(left - 6, y + 4, number_text(value), anchor="end", size=11)
            drawing.text(x, _SIDE + 34, number_text(value), size=11)

        def place(mask):
            return (
                left + _share(mask, self.truth) * _SIDE,
                20 + (1 - _share(self.truth, mask)) * _SIDE,
            )

        points = [place(self.chances > value) for value in np.linspace(0.01, 0.99, 50)]
        drawing.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), "output", width=2)
        if not (self.predicted.any() and np.any(self.truth)):
            return  # una de las dos medidas no tiene nada que contar
        x, y = place(self.predicted)
        drawing.rect(x - 5, y - 5, 10, 10, "highlight", fill=COLORS["highlight"], width=1)


def _measured(value, whole) -> str:
    """Una medida, si hay algo que contar."""
    return number_text(value) if whole else "(nada que contar)"


def _share(part, whole) -> float:
    """Parte de los píxeles de ``whole`` que también están en ``part``; 1 si no tiene ninguno."""
    whole = np.array(whole, bool)
    return float(np.array(part, bool)[whole].mean()) if whole.any() else 1.0
