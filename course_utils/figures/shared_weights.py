"""Figura «Pesos compartidos»."""

import math
from typing import ClassVar

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Whole
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count
from course_utils.style import number_text

_NAMES = {"dense": "Densa", "local": "Local", "conv": "Convolucional"}
_ROLES = {"dense": "input", "local": "kernel", "conv": "output"}


class SharedWeightsFigure(CourseFigure):
    """Parámetros de una capa densa, una local y una convolucional con la misma entrada y la misma salida.

    Parameters
    ----------
    input_size : int
        Lado de la imagen, de 4 a 1024.
    kernel_size : int
        Lado del kernel, hasta 11.
    channels, filters : int
        Canales de la entrada y filtros, hasta 256.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> SharedWeightsFigure(input_size=28, filters=32).parameters
    {'dense': 16981120, 'local': 216320, 'conv': 320}
    """

    name = "shared_weights"
    title = "Pesos compartidos"
    idea = "De densa a convolucional"
    invitation = "¿Cuánto se ahorra compartiendo los pesos? Agranda la imagen: la convolucional no se entera."
    texts: ClassVar = {
        "hint": (
            "Agranda la imagen: arrastra sobre la gráfica o mueve el mando. La escala vertical "
            "multiplica por mil en cada línea."
        ),
        "help": "Tabulador: de un mando a otro. Flechas: cambiar el valor.",
        "goal": "Reto: más de mil millones en la densa y menos de mil en la convolucional",
        "small_dense": "La densa no llega a mil millones.",
        "large_conv": "La convolucional pasa de mil: reduce el kernel, los canales o los filtros.",
        "saved": "Conseguido: la misma salida con menos de una millonésima parte de los parámetros.",
    }

    input_size = Whole(28, 4, 1024)
    kernel_size = Whole(3, 1, 11)
    channels = Whole(1, 1, 256)
    filters = Whole(32, 1, 256)

    @property
    def parameters(self) -> dict[str, int]:
        """Pesos y sesgos de cada capa, según :mod:`course_utils.ops.sizes`; vacío si el kernel no cabe."""
        side = self.input_size - self.kernel_size + 1
        if side < 1:
            return {}
        return {
            "dense": dense_param_count(self.input_size**2 * self.channels, side**2 * self.filters),
            "local": locally_connected_param_count(side, self.kernel_size, self.channels, self.filters),
            "conv": conv_param_count(self.kernel_size, self.channels, self.filters),
        }

    def sentence(self):
        """Los tres números."""
        start = (
            f"Imagen de {self.input_size} × {self.input_size} × {self.channels}, kernel de "
            f"{self.kernel_size} × {self.kernel_size} y {self.filters} filtros: "
        )
        counts = self.parameters
        if not counts:
            return start + "el kernel no cabe y no hay salida."
        texts = {kind: number_text(count) for kind, count in counts.items()}
        return (
            start + f"{texts['dense']} parámetros si la capa es densa, {texts['local']} si es local "
            f"y {texts['conv']} si es convolucional."
        )

    def picture(self):
        """Una barra por capa, en escala logarítmica."""
        drawing, counts = Drawing(), self.parameters
        top = math.log10(max([10, *counts.values()]))
        for row, (kind, count) in enumerate(counts.items()):
            y = row * 40
            drawing.text(0, y + 17, _NAMES[kind], anchor="start", size=13)
            width = 300 * math.log10(count) / top
            drawing.rect(110, y, max(width, 2), 26, _ROLES[kind], width=1, fill=_ROLES[kind])
            drawing.text(118 + width, y + 17, number_text(count), anchor="start", size=13, bold=True)
        drawing.text(110, 134, "parámetros, en escala logarítmica", anchor="start", size=11)
        return drawing.svg(self.sentence())
