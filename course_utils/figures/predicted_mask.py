"""Lo común a las figuras en que un umbral convierte en máscara las probabilidades de una red."""

import numpy as np
from traitlets import validate

from course_utils.figures.base import CourseFigure
from course_utils.figures.states import Fraction, check_same_size
from course_utils.segmentation.semantic_metrics import dice, iou


class PredictedMaskFigure(CourseFigure):
    """Una figura con ``truth`` y ``probabilities``, del mismo tamaño, y un umbral."""

    threshold = Fraction(0.5)

    @validate("truth", "probabilities")
    def _check_shapes(self, proposal):
        return check_same_size(self, proposal, "truth", "probabilities")

    @property
    def chances(self) -> np.ndarray:
        """Las probabilidades que se comparan con el umbral, (H, W)."""
        return np.array(self.probabilities, float)

    @property
    def predicted(self) -> np.ndarray:
        """Máscara predicha, (H, W) de ``bool``: probabilidades mayores que el umbral."""
        return self.chances > self.threshold

    @property
    def iou(self) -> float:
        """Según :func:`course_utils.segmentation.semantic_metrics.iou`."""
        return iou(self.truth, self.predicted)

    @property
    def dice(self) -> float:
        """Según :func:`course_utils.segmentation.semantic_metrics.dice`."""
        return dice(self.truth, self.predicted)
