"""Figuras interactivas: se tocan en la página, y en un cuaderno Python las lee y las cambia.

Cada clase es una figura; sus argumentos son los estados iniciales y sus atributos, los actuales::

    figure = ConvolutionFigure(padding=1)
    figure                      # se ve
    figure.kernel = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    figure.output               # lo que muestra, calculado por course_utils
"""

from course_utils.figures.augmentation import AugmentationFigure
from course_utils.figures.channels import ChannelsFigure
from course_utils.figures.convolution import ConvolutionFigure
from course_utils.figures.dense_to_conv import DenseToConvFigure
from course_utils.figures.gradient_descent import GradientDescentFigure
from course_utils.figures.inside_cnn import InsideCnnFigure
from course_utils.figures.mask_overlap import MaskOverlapFigure
from course_utils.figures.output_size import OutputSizeFigure
from course_utils.figures.pixel_usage import PixelUsageFigure
from course_utils.figures.pooling import PoolingFigure
from course_utils.figures.precision_recall import PrecisionRecallFigure
from course_utils.figures.receptive_field import ReceptiveFieldFigure
from course_utils.figures.run_length import RunLengthFigure
from course_utils.figures.segment_and_count import SegmentAndCountFigure
from course_utils.figures.shared_weights import SharedWeightsFigure
from course_utils.figures.threshold import ThresholdFigure
from course_utils.figures.train_in_page import TrainInPageFigure
from course_utils.figures.transposed_convolution import TransposedConvolutionFigure

#: Las figuras, por orden de lectura. De aquí salen el paquete del navegador y la página Laboratorio.
FIGURES = (
    GradientDescentFigure,
    ConvolutionFigure,
    OutputSizeFigure,
    PixelUsageFigure,
    DenseToConvFigure,
    ChannelsFigure,
    PoolingFigure,
    ReceptiveFieldFigure,
    SharedWeightsFigure,
    InsideCnnFigure,
    TrainInPageFigure,
    TransposedConvolutionFigure,
    AugmentationFigure,
    MaskOverlapFigure,
    ThresholdFigure,
    SegmentAndCountFigure,
    PrecisionRecallFigure,
    RunLengthFigure,
)

__all__ = [figure.__name__ for figure in FIGURES]
