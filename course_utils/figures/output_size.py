"""Figura «Tamaño de salida»."""

from typing import ClassVar

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Padding, Whole
from course_utils.ops.sizes import axis_padding, conv_output_size


class OutputSizeFigure(CourseFigure):
    """Las ventanas que caben en una entrada y la salida que dejan, a lo largo de un eje.

    Parameters
    ----------
    input_size, kernel_size, stride, dilation : int
        Tamaños de 1 a 32, 11, 5 y 4.
    padding : int or {"valid", "same"}
        Píxeles a cada lado, de 0 a 5, o los que pone Keras.
    target : int
        Reto: tamaño al que hay que llegar; 0 si no hay.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> OutputSizeFigure(input_size=28, kernel_size=3, stride=2, padding="same").output_size
    14

    References
    ----------
    Las relaciones son las de Dumoulin y Visin, arXiv:1603.07285 (2016).
    """

    name = "output_size"
    title = "Tamaño de salida"
    idea = "La convolución"
    invitation = (
        "¿Cuánto mide la salida? Sube el stride hasta que la división no sea exacta y busca qué píxeles "
        "se quedan sin mirar. Con «same», fíjate en que el relleno puede no ser igual a los dos lados."
    )
    texts: ClassVar = {
        "hint": (
            "Mueve los mandos: hay una ventana por cada valor de la salida. En las columnas ocurre lo "
            "mismo que en las filas."
        ),
        "help": (
            "Tabulador: de un mando a otro. Flechas: cambiar el valor. Con el recorrido se elige la "
            "ventana resaltada."
        ),
        "any_goal": "Reto: llegar a un tamaño",
        "goal": "Reto: con n = {n}, llega a una salida de {target}",
        "does_not_fit": "El kernel no cabe: no hay salida.",
        "too_big": "Mide {size}: sobran {rest}.",
        "too_small": "Mide {size}: faltan {rest}.",
        "reached": "Conseguido: la salida mide {target}. ¿Encuentras otra combinación?",
        "reached_again": "Conseguido: la salida mide {target}. Llevas {times} combinaciones distintas.",
    }

    input_size = Whole(7, 1, 32)
    kernel_size = Whole(3, 1, 11)
    stride = Whole(2, 1, 5)
    padding = Padding(0, 5)
    dilation = Whole(1, 1, 4)
    target = Whole(0, 0, 42)

    @property
    def output_size(self) -> int:
        """La salida, según :func:`course_utils.ops.sizes.conv_output_size`; 0 si el kernel no cabe."""
        try:
            return conv_output_size(
                self.input_size, self.kernel_size, self.stride, self.padding, self.dilation
            )
        except ValueError:
            return 0

    def sentence(self):
        """Los cinco números y el tamaño que dan."""
        fit = (
            f"la salida mide {self.output_size}" if self.output_size else "el kernel no cabe y no hay salida"
        )
        return (
            f"Entrada de {self.input_size} píxeles, kernel de {self.kernel_size}, stride {self.stride}, "
            f"padding {self.padding} y dilatación {self.dilation}: {fit}."
        )

    def picture(self):
        """Entrada con su relleno, una fila por ventana y la salida."""
        before, after = axis_padding(
            self.padding, self.input_size, self.kernel_size, self.stride, self.dilation
        )
        cells, total = self.input_size + before + after, self.output_size
        cell, height = min(34, 560 / cells), min(20, 220 / max(total, 1))
        drawing, top = Drawing(), 20 + cell + 8
        drawing.text(0, 12, f"Entrada: {self.input_size}", anchor="start")
        self._draw_input(drawing, before, cells, cell)
        self._draw_windows(drawing, top, cell, height)
        y, reach = top + max(total, 1) * height + 8, self._reach()
        for window in range(total):
            x = (window * self.stride + reach / 2 - 0.5) * cell
            drawing.rect(x, y, cell, cell, "output", width=1, fill="output-soft")
        drawing.text(0, y + cell + 16, f"Salida: {total or 'no cabe'}", anchor="start")
        return drawing.svg(self.sentence())

    def _reach(self):
        return self.dilation * (self.kernel_size - 1) + 1

    def _draw_input(self, drawing, before, cells, cell):
        starts = range(0, self.output_size * self.stride, self.stride)
        used = {start + i * self.dilation for start in starts for i in range(self.kernel_size)}
        for i in range(cells):
            inside = before <= i < before + self.input_size
            unused = inside and used and i not in used
            fill = "surface" if unused else "input-soft" if inside else "padding-soft"
            role = "highlight" if unused else "input" if inside else "padding"
            dash = "" if inside and not unused else "3 2"
            drawing.rect(i * cell, 20, cell, cell, role, width=1, fill=fill, dash=dash)

    def _draw_windows(self, drawing, top, cell, height):
        for window in range(self.output_size):
            y, x = top + window * height, window * self.stride * cell
            drawing.path(f"M{x:g} {y + height / 2:.2f}h{self._reach() * cell:g}", "kernel")
            for i in range(self.kernel_size):
                left = x + (i * self.dilation + 0.08) * cell
                shape = left, y + 2, cell * 0.84, height - 4
                drawing.rect(*shape, "kernel", width=1, fill="kernel-soft")
