"""Figura «Precisión y exhaustividad»."""

from typing import ClassVar

import numpy as np
from traitlets import TraitError, validate

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing, roles
from course_utils.figures.states import Fraction, Labels, Numbers
from course_utils.segmentation.instance_metrics import (
    Instances,
    average_precision,
    match_instances,
    precision_recall,
)
from course_utils.style import number_text

_CELL, _SIDE = 18, 200
_TRUTH = (
    "....................",
    ".1111...........333.",
    ".1111..22222....333.",
    ".1111..22222....333.",
    ".1111..22222....333.",
    "....................",
    "..........55........",
    ".4444....5555..6666.",
    ".4444....5555..6666.",
    ".4444.....55...6666.",
    ".4444..........6666.",
    "....................",
)
# 3 y 9 se inventan un objeto; 4 y 5 se reparten uno; 8 encuentra menos de la mitad del suyo.
_PREDICTED = (
    "....................",
    ".1111.........3322..",
    ".1111.66666...33222.",
    ".1111.66666...33222.",
    ".11...66666.....222.",
    "....................",
    "..........7.........",
    ".4444....777........",
    ".4444...7777....8888",
    ".4444...........8888",
    ".5555..99.......8888",
    ".......99...........",
)


def _ids(lines):
    return np.array([[int(mark) if mark != "." else 0 for mark in line] for line in lines])


class PrecisionRecallFigure(CourseFigure):
    """Las predicciones de una imagen, de la más segura a la menos, y los dos umbrales que las juzgan.

    Parameters
    ----------
    truth, predicted : array_like of int, shape (H, W)
        Objetos verdaderos y predichos, como en ``Instances``: 0 en el fondo y
        de 1 a K en los objetos, hasta 64 × 64 píxeles. Todos son de la misma clase.
    scores : array_like, shape (K,)
        Confianza del objeto predicho 1, del 2…, de 0 a 1.
    score_threshold : float
        Menor confianza de una predicción aceptada.
    iou_threshold : float
        Menor IoU de un acierto, desde 0,05.

    Raises
    ------
    TraitError
        Si algún valor no sirve, las imágenes no miden lo mismo o no hay una confianza por objeto predicho.

    Examples
    --------
    >>> figure = PrecisionRecallFigure(
    ...     truth=[[1, 1, 1, 2]], predicted=[[1, 1, 0, 2]], scores=[0.9, 0.8], iou_threshold=0.7
    ... )
    >>> figure.hits.tolist(), figure.recall.tolist()
    ([False, True], [0.0, 0.5])
    >>> round(figure.average_precision, 3)
    0.252
    """

    name = "precision_recall"
    title = "Precisión y exhaustividad"
    idea = "Máscaras y objetos"
    invitation = (
        "¿Cuántas predicciones conviene aceptar? Baja la confianza: se encuentran más objetos y se cuelan"
        " más fallos. Después sube el IoU que se exige y mira cuánto cae el área."
    )
    texts: ClassVar = {
        "hint": (
            "Baja la confianza mínima y se aceptan más predicciones, de la más segura a la menos. El "
            "IoU mínimo decide cuáles aciertan."
        ),
        "help": (
            "Tabulador: de un mando a otro. Flechas: cambiar un umbral o recorrer la imagen. Intro en "
            "el número de una predicción: aceptar hasta ella."
        ),
        "goal": "Reto: encuentra todos los objetos que puedas sin aceptar ningún fallo",
        "first_fails": "Con este umbral de IoU falla la predicción más segura: bájalo.",
        "mistakes": "Entre las aceptadas hay {mistakes}: sube la confianza.",
        "more_fit": "Ningún fallo, y aún puedes aceptar {rest} más: baja la confianza.",
        "no_mistakes": "Conseguido: {most} y ningún fallo, lo más que se puede con este IoU mínimo.",
        "note": (
            "Línea azul: el contorno de los objetos verdaderos. Cada predicción lleva su número, y ✓ "
            "si acierta o ✗ si falla; en gris, las que no se aceptan. El IoU de la tabla es con el "
            "mejor objeto que queda libre."
        ),
        "several": (
            "El AP no depende de la confianza elegida: resume la curva entera, y es el área en verde. "
            "La media de sus diez valores con IoU de 0,5 a 0,95 es AP@[.5:.95] = {mean}."
        ),
    }

    truth = Labels(_ids(_TRUTH), "fila, columna", (64, 64), limit=99)
    predicted = Labels(_ids(_PREDICTED), "fila, columna", (64, 64), limit=99)
    scores = Numbers(
        [0.95, 0.9, 0.8, 0.75, 0.65, 0.55, 0.45, 0.35, 0.2], "objeto predicho", (99,), limit=1, minimum=0
    )
    score_threshold = Fraction(0.5)
    iou_threshold = Fraction(0.5, minimum=0.05)

    @validate("truth", "predicted", "scores")
    def _check_objects(self, proposal):
        # al crear la figura llegan los tres a la vez y traitlets los comprueba cuando ya están puestos
        states = {"truth": self.truth, "predicted": self.predicted, "scores": self.scores}
        truth, predicted, scores = (states | {proposal.trait.name: proposal.value}).values()
        if np.shape(truth) != np.shape(predicted):
            raise TraitError(
                f"truth mide {np.shape(truth)} y predicted {np.shape(predicted)}: son de la misma imagen y "
                "deben medir lo mismo; cámbialas a la vez con «with figure.hold_trait_notifications():»"
            )
        try:
            Instances(truth, np.zeros(np.max(truth), int))
            Instances(predicted, np.zeros(np.max(predicted), int), scores)
        except ValueError as error:
            raise TraitError(f"{proposal.trait.name} no sirve: {error}") from None
        if not np.any(truth):
            raise TraitError(
                "truth no tiene ningún objeto: sin ellos no hay exhaustividad; pon al menos un 1"
            )
        return proposal.value

    @property
    def ranked(self) -> np.ndarray:
        """Número de cada objeto predicho, del más seguro al menos; a igual confianza, el primero."""
        return np.argsort(-np.array(self.scores), kind="stable") + 1

    @property
    def hits(self) -> np.ndarray:
        """Si acierta cada predicción, por ese orden."""
        return match_instances(*self._instances(), self.iou_threshold)[self.ranked - 1] >= 0

    @property
    def accepted(self) -> int:
        """Predicciones que llegan a la confianza pedida."""
        return int(np.count_nonzero(np.array(self.scores) >= self.score_threshold))

    @property
    def precision(self) -> np.ndarray:
        """Precisión al aceptar una predicción, dos…."""
        return self._curve()[0]

    @property
    def recall(self) -> np.ndarray:
        """Exhaustividad al aceptar una predicción, dos…."""
        return self._curve()[1]

    @property
    def average_precision(self) -> float:
        """AP con este umbral de IoU: :func:`course_utils.segmentation.instance_metrics.average_precision`."""
        truth, predicted = self._instances()
        return float(average_precision([truth], [predicted], [self.iou_threshold])[0])

    def sentence(self):
        """Cuántas se aceptan, cuántas aciertan, y las tres medidas."""
        hits, accepted, objects = self.hits, self.accepted, int(np.max(self.truth))
        found = int(hits[:accepted].sum())
        start = (
            f"{objects} {'objeto verdadero' if objects == 1 else 'objetos verdaderos'} y {len(hits)} "
            f"{'predicción' if len(hits) == 1 else 'predicciones'}. Con confianza "
            f"{number_text(self.score_threshold)} o más se "
            f"{'acepta' if accepted == 1 else 'aceptan'} {accepted}"
        )
        if accepted:
            start += (
                f", y con IoU {number_text(self.iou_threshold)} o más "
                f"{'acierta' if found == 1 else 'aciertan'} {found}: precisión "
                f"{number_text(found / accepted)} y exhaustividad {number_text(found / objects)}"
            )
        return start + f". AP {number_text(self.average_precision)}."

    def picture(self):
        """La imagen con los contornos verdaderos y lo predicho, y la curva."""
        predicted, hits, accepted = np.array(self.predicted), self.hits, self.accepted
        names = np.full(predicted.shape, "surface", dtype="<U12")
        texts = np.full(predicted.shape, None, dtype=object)
        drawing, cell = Drawing(), _CELL if predicted.shape[1] <= 24 else 360 / predicted.shape[1]
        for rank, number in enumerate(self.ranked.tolist()):
            mine = predicted == number
            names[mine] = "padding-soft"
            if rank < accepted:
                names[mine] = "output-soft" if hits[rank] else "kernel-soft"
            texts[_middle(mine)] = f"{rank + 1}{'✓' if hits[rank] else '✗'}"
        image = drawing.grid(0, 0, roles(names), None, cell, "padding", "Imagen")
        for row, col in zip(*np.nonzero(texts), strict=True):
            x, y = (col + 0.5) * cell, 20 + (row + 0.5) * cell + 4
            drawing.text(x, y, texts[row, col], size=11, color="#111")
        image.outline(self.truth)
        legend = "Contorno: verdad · ✓ acierto · ✗ fallo · gris: sin aceptar"
        drawing.text(0, image.bottom + 16, legend, anchor="start")
        self._draw_curve(drawing, image.right + 70)
        return drawing.svg(self.sentence())

    def _draw_curve(self, drawing, left):
        top, precision, recall, accepted = 20, self.precision, self.recall, self.accepted
        drawing.text(left, 12, "Precisión según la exhaustividad", anchor="start")
        drawing.rect(left, top, _SIDE, _SIDE, "padding", width=1)
        for value in (0, 0.5, 1):
            y, x = top + (1 - value) * _SIDE, left + value * _SIDE
            drawing.text(left - 6, y + 4, number_text(value), anchor="end", size=11)
            drawing.text(x, top + _SIDE + 14, number_text(value), size=11)
        points = [
            f"{left + r * _SIDE:.1f} {top + (1 - p) * _SIDE:.1f}"
            for r, p in zip(recall, precision, strict=True)
        ]
        drawing.path("M" + "L".join(points), "output", width=2)
        for rank, hit in enumerate(self.hits):
            x, y = left + recall[rank] * _SIDE - 4, top + (1 - precision[rank]) * _SIDE - 4
            drawing.rect(
                x, y, 8, 8, "output" if hit else "kernel", fill="output" if hit else "surface", width=2
            )
        if accepted:
            x, y = left + recall[accepted - 1] * _SIDE - 7, top + (1 - precision[accepted - 1]) * _SIDE - 7
            drawing.rect(x, y, 14, 14, "highlight", width=2)

    def _instances(self):
        truth, predicted = np.array(self.truth), np.array(self.predicted)
        return (
            Instances(truth, np.zeros(truth.max(), int)),
            Instances(predicted, np.zeros(predicted.max(), int), self.scores),
        )

    def _curve(self):
        truth, predicted = self._instances()
        return precision_recall([truth], [predicted], 0, self.iou_threshold)


def _middle(mask):
    """El píxel de una región más cercano a su centro: el primero, si hay varios."""
    cells = np.argwhere(mask)
    return tuple(cells[np.abs(cells - cells.mean(axis=0)).sum(axis=1).argmin()])
