"""Figura «Campo receptivo»."""

from typing import ClassVar

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Choice, Records, Whole
from course_utils.ops.receptive_field import ReceptiveField, receptive_field
from course_utils.ops.sizes import axis_padding, conv_output_size

_THREE = (
    {"kind": "conv", "kernel_size": 3, "stride": 1, "dilation": 1},
    {"kind": "pool", "kernel_size": 2, "stride": 2, "dilation": 1},
    {"kind": "conv", "kernel_size": 3, "stride": 1, "dilation": 1},
)


class ReceptiveFieldFigure(CourseFigure):
    """Apilar capas y ver qué parte de la imagen decide cada salida.

    Parameters
    ----------
    layers : sequence of dict
        De una a seis capas, de la entrada a la salida, con ``kind`` (``conv`` o ``pool``), ``kernel_size``
        hasta 7 y ``stride`` y ``dilation`` hasta 4.
    input_size : int
        Lado de la imagen, de 8 a 64.
    padding : {"valid", "same"}
        Relleno de todas las capas.
    row, col : int
        Salida elegida; si se pasa, es la última.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> ReceptiveFieldFigure().field
    ReceptiveField(size=8, jump=2, start=0)
    """

    name = "receptive_field"
    title = "Campo receptivo"
    idea = "Ver más lejos"
    invitation = (
        "¿Qué parte de la imagen decide cada salida? Añade capas, dilata un kernel o sube un stride, y "
        "mira cómo se ensancha el cono."
    )
    texts: ClassVar = {
        "hint": (
            "Toca un valor de la salida: se ilumina la parte de la imagen que lo decide. Añade capas "
            "y mira cómo crece."
        ),
        "help": "Tabulador: de un mando a otro. En la salida, las flechas eligen un valor.",
        "goal": "Reto: que el campo abarque toda la imagen, con 3 capas como mucho",
        "layer_too_big": "La capa {layer} no cabe: su ventana es mayor que lo que le llega.",
        "sees": (
            "El valor ({r}, {c}) depende de {size} × {size} píxeles{filler}; el de al lado, de otro campo "
            "{next} más allá."
        ),
        "does_not_fit": "La última capa no cabe: no hay salida.",
        "too_small": "El campo abarca {size} de {n} píxeles.",
        "too_many": "Abarca la imagen con {layers} capas: inténtalo con 3.",
        "covered": "Conseguido: {used} y un campo de {size} píxeles.",
    }

    layers = Records(
        _THREE, {"kernel_size": (1, 7), "stride": (1, 4), "dilation": (1, 4)}, ("conv", "pool"), 6
    )
    input_size = Whole(32, 8, 64)
    padding = Choice("valid", ("valid", "same"))
    row = Whole(6, 0, 63)
    col = Whole(6, 0, 63)

    @property
    def output_size(self) -> int:
        """Lado de la última salida; 0 si alguna capa no cabe."""
        return self._stack()[1]

    @property
    def field(self) -> ReceptiveField:
        """Campo receptivo de la pila, según :func:`course_utils.ops.receptive_field.receptive_field`."""
        return receptive_field(self._stack()[0])

    def sentence(self):
        """Salida y campo receptivo de la pila."""
        field, output = self.field, self.output_size
        pile = " → ".join(
            f"{'conv' if layer['kind'] == 'conv' else 'pooling'} {layer['kernel_size']}, stride "
            f"{layer['stride']}"
            for layer in self.layers
        )
        fit = f"salida de {output} × {output}" if output else "alguna capa no cabe"
        return (
            f"Imagen de {self.input_size} × {self.input_size}, {pile}, padding {self.padding}: {fit}; cada "
            f"valor depende de {field.size} × {field.size} píxeles, con salto {field.jump}."
        )

    def picture(self):
        """La imagen con el campo, y la salida con el valor elegido."""
        n, output, field = self.input_size, self.output_size, self.field
        side = 200
        drawing = Drawing()
        drawing.text(0, 12, f"Imagen {n} × {n}", anchor="start")
        drawing.rect(0, 20, side, side, "input", width=1, fill="input-soft")
        if output:
            row, col = min(self.row, output - 1), min(self.col, output - 1)
            scale = side / n
            spans = []
            for index in (row, col):
                start = field.start + index * field.jump
                first, last = max(start, 0), min(start + field.size, n)
                spans.append((first * scale, (last - first) * scale))
            (y, height), (x, width) = spans
            drawing.rect(x, 20 + y, width, height, "kernel", fill="kernel-soft")
            left, cell = side + 40, min(16, side / output)
            drawing.text(left, 12, f"Salida {output} × {output}", anchor="start")
            drawing.rect(left, 20, output * cell, output * cell, "output", width=1, fill="output-soft")
            drawing.rect(left + col * cell, 20 + row * cell, cell, cell, "output", width=1, fill="output")
        return drawing.svg(self.sentence())

    def _stack(self):
        size, layers = self.input_size, []
        for layer in self.layers:
            k, stride, dilation = layer["kernel_size"], layer["stride"], layer["dilation"]
            pads = axis_padding(self.padding, max(size, 1), k, stride, dilation)
            layers.append((k, stride, pads, dilation))
            if size:
                try:
                    size = conv_output_size(size, *layers[-1])
                except ValueError:  # la ventana es mayor que lo que le llega
                    size = 0
        return layers, size
