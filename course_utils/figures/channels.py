"""Figura «Canales y filtros»."""

from typing import ClassVar

import numpy as np
from traitlets import TraitError, validate

from course_utils.figures.base import CourseFigure, cell_at
from course_utils.figures.drawing import Drawing, signed
from course_utils.figures.states import Choice, Numbers, Whole
from course_utils.ops.convolution import conv2d
from course_utils.style import number_text


def _flag():
    """Imagen de 6 × 6: un cuadro rojo, una barra verde, una azul y un punto blanco."""
    image = np.zeros((6, 6, 3), int)
    image[1:4, 1:4, 0] = 1
    image[:, 5, 1] = 1
    image[5, :5, 2] = 1
    image[2, 2] = 1
    return image


def _filters():
    """Tres filtros de 2 × 2 × 3: el brillo, bordes verticales, y uno por diseñar que solo mira el rojo."""
    kernel = np.zeros((2, 2, 3, 3), int)
    kernel[:, :, :, 0] = 1
    kernel[:, 0, :, 1], kernel[:, 1, :, 1] = -1, 1
    kernel[:, :, 0, 2] = 1
    return kernel


class ChannelsFigure(CourseFigure):
    """Un kernel por canal y filtro, mapas parciales, suma y sesgo.

    Parameters
    ----------
    image : array_like, shape (H, W, 3)
        Imagen en color de 0 a 1, hasta 8 × 8.
    kernel : array_like, shape (kh, kw, 3, F)
        Pesos con los ejes de Keras, hasta 3 × 3 y cuatro filtros.
    bias : array_like, shape (F,)
        Un sesgo por filtro.
    filter : int
        Filtro que se ve por dentro, desde 0.
    mode : {"rgb", "grey"}
        En color, o en gris: un solo canal, el promedio de los tres, y el primer kernel de cada filtro.
    position : int
        Ventana resaltada, contando por filas desde 0; si se pasa, es la última.

    Raises
    ------
    TraitError
        Si algún valor no sirve, o no hay un sesgo por filtro.

    Examples
    --------
    >>> ChannelsFigure().output.shape
    (5, 5, 3)
    """

    name = "channels"
    title = "Canales y filtros"
    idea = "La convolución"
    invitation = (
        "¿Cómo ve el color una capa? Cada filtro tiene un kernel por canal. El tercer filtro está a medio"
        " diseñar: haz que distinga el rojo de todo lo demás, también del blanco."
    )
    texts: ClassVar = {
        "hint": (
            "Cada canal tiene su kernel; los mapas parciales se suman y se añade el sesgo. Pinta, o "
            "cambia un peso."
        ),
        "help": (
            "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: "
            "pintar. En los kernels, + y − cambian el peso."
        ),
        "goal": "Reto: que el filtro responda al rojo y a ningún otro color",
        "grey": "En gris no hay color que distinguir: vuelve a los tres canales.",
        "no_red": "Sobre el rojo tiene que dar un valor mayor que 0.",
        "other_colour": (
            "También responde al {other}: prueba con pesos negativos en otro canal, o con el sesgo."
        ),
        "only_red": "Conseguido: solo responde al rojo.",
    }

    image = Numbers(_flag(), "fila, columna, canal", (8, 8, 3), (3, 3, 3), limit=1)
    kernel = Numbers(_filters(), "fila, columna, canal, filtro", (3, 3, 3, 4), (1, 1, 3, 1), limit=9)
    bias = Numbers([0, 0, 0], "filtro", (4,), limit=9)
    filter = Whole(0, 0, 3)
    mode = Choice("rgb", ("rgb", "grey"))
    position = Whole(7, 0, 8 * 8)

    @validate("kernel", "bias")
    def _check_bias(self, proposal):
        # al crear la figura llegan los dos a la vez y traitlets los comprueba cuando ya están puestos
        values = {"kernel": self.kernel, "bias": self.bias} | {proposal.trait.name: proposal.value}
        filters, biases = np.shape(values["kernel"])[-1], len(values["bias"])
        if filters != biases:
            raise TraitError(
                f"kernel tiene {filters} filtros y bias {biases} valores: hace falta un sesgo por filtro; "
                "cámbialos a la vez con «with figure.hold_trait_notifications():»"
            )
        return proposal.value

    @property
    def inputs(self) -> np.ndarray:
        """Lo que ve la capa, (H, W, 3) o (H, W, 1)."""
        image = np.array(self.image, float)
        return image if self.mode == "rgb" else image.mean(axis=-1, keepdims=True)

    @property
    def output(self) -> np.ndarray:
        """Un mapa por filtro, según ``conv2d``: (H − kh + 1, W − kw + 1, F)."""
        inputs = self.inputs
        kernel = np.array(self.kernel, float)[:, :, : inputs.shape[-1]]
        return conv2d(inputs[None], kernel, np.array(self.bias, float))[0]

    def sentence(self):
        """Formas de la entrada, el kernel y la salida, y el valor de la ventana resaltada."""
        inputs, output = self.inputs, self.output
        row, col, chosen = self._chosen(output)
        kh, kw = np.shape(self.kernel)[:2]
        return (
            f"Entrada de {inputs.shape[0]} × {inputs.shape[1]} × {inputs.shape[2]} y {output.shape[2]} "
            f"filtros de {kh} × {kw} × {inputs.shape[2]}: la salida mide {output.shape[0]} × "
            f"{output.shape[1]} × {output.shape[2]}. En la ventana ({row}, {col}), el filtro {chosen + 1} da "
            f"{number_text(float(output[row, col, chosen]))}."
        )

    def picture(self):
        """Una fila por canal (canal, kernel, mapa parcial) y debajo la suma con el sesgo."""
        inputs, output = self.inputs, self.output
        row, col, chosen = self._chosen(output)
        kernel = np.array(self.kernel, float)[:, :, : inputs.shape[-1], chosen]
        names = ("rojo", "verde", "azul") if self.mode == "rgb" else ("gris",)
        partial = [
            conv2d(inputs[None, :, :, [c]], kernel[:, :, [c], None])[0, :, :, 0] for c in range(len(names))
        ]
        top = max(1, *(np.abs(part).max() for part in partial))
        drawing, y, cell = Drawing(), 0, 20
        tints = (
            np.array([[230, 60, 50], [30, 150, 70], [50, 100, 230]])
            if self.mode == "rgb"
            else np.full((1, 3), 255)
        )
        for channel, name in enumerate(names):
            shade = inputs[:, :, channel, None]
            colors = np.round(16 + (tints[channel] - 16) * shade).astype(int)
            entry = drawing.grid(0, y, colors, None, cell, "input", f"Canal {name}")
            entry.mark(row, col, *kernel.shape[:2])
            drawing.text(entry.right + 16, y + 60, "∗", size=18)
            taps, part = kernel[:, :, channel], partial[channel]
            weights = drawing.grid(entry.right + 32, y, signed(taps, 3), taps, 26, "kernel", "Kernel")
            drawing.text(weights.right + 22, y + 60, "=", size=18)
            x = weights.right + 44
            drawing.grid(x, y, signed(part, top), part, cell, "output", "Mapa parcial")
            y = entry.bottom + 12
        result = output[:, :, chosen]
        shades = signed(result, max(1, np.abs(result).max()))
        title = f"Suma + sesgo {number_text(float(self.bias[chosen]))}"
        drawing.grid(x, y, shades, result, cell, "output", title).mark(row, col)
        return drawing.svg(self.sentence())

    def _chosen(self, output):
        row, col = cell_at(self.position, output.shape[:2])
        return row, col, min(self.filter, output.shape[2] - 1)
