"""Figura «Convolución paso a paso»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.base import CourseFigure, cell_at
from course_utils.figures.drawing import Drawing, grey, map_colors, signed
from course_utils.figures.states import Choice, Named, Numbers, Whole
from course_utils.ops.convolution import correlate2d, pad2d
from course_utils.ops.kernels import KERNELS
from course_utils.style import number_text

SQUARE = np.zeros((8, 8), int)
SQUARE[2:6, 2:6] = 1
GOALS = ("", "vertical_edges", "horizontal_edges", "all_edges", "blur", "shift_right")


class ConvolutionFigure(CourseFigure):
    """Pintar una imagen, cambiar el kernel y ver deslizarse la ventana.

    Parameters
    ----------
    image : array_like, shape (H, W)
        Entrada, hasta 64 × 64.
    kernel : array_like, shape (kh, kw)
        Pesos, hasta 7 × 7.
    stride, padding : int
        Paso de la ventana, de 1 a 5, y píxeles de relleno con ceros, de 0 a 5.
    position : int
        Posición de la ventana, contando por filas desde 0; si se pasa, es la última.
    goal : str
        Reto propuesto: ``vertical_edges``, ``horizontal_edges``, ``all_edges``, ``blur``, ``shift_right`` o
        ninguno.
    kernels : dict of str to array_like
        Kernels de la lista, por su nombre.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> figure = ConvolutionFigure(image=[[0, 1, 2], [3, 4, 5], [6, 7, 8]], kernel=[[0, 1], [2, 3]])
    >>> figure.output.tolist()
    [[19, 25], [37, 43]]

    References
    ----------
    El ejemplo es el de Zhang, Lipton, Li y Smola, *Dive into Deep Learning*, sección 7.2, https://d2l.ai
    """

    name = "convolution"
    title = "Convolución paso a paso"
    idea = "La convolución"
    invitation = (
        "¿Qué hace un kernel con una imagen? Elige el desenfoque y después el laplaciano; pinta un trazo "
        "y mira qué queda en la salida. El reto se juzga por lo que hace el kernel, así que valen "
        "soluciones distintas de las conocidas. Con la casa de 64 × 64 se ve el efecto sobre una imagen "
        "entera."
    )
    texts: ClassVar = {
        "hint": (
            "Pinta en la entrada, cambia un peso del kernel y mira la salida; desliza la ventana para "
            "ver la cuenta."
        ),
        "help": (
            "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: "
            "pintar o borrar; 0 a 9: tono. En el kernel, + y − cambian el peso."
        ),
        "vertical_edges": "Que solo se vean los bordes verticales",
        "horizontal_edges": "Que solo se vean los bordes horizontales",
        "all_edges": "Que se vean todos los bordes y nada más",
        "blur": "Suavizar sin cambiar el brillo",
        "shift_right": "Mover la imagen un píxel a la derecha",
        "no_edges": (
            "Los bordes {sought} todavía no aparecen: hacen falta pesos de signo contrario a cada lado."
        ),
        "flat_answers": "Las zonas lisas también responden: los pesos no suman 0.",
        "other_edges": "También aparecen los bordes {others}: cada {line} del kernel tiene que sumar 0.",
        "only_edges": "Conseguido: responde a los bordes {sought} y a nada más.",
        "missing_edges": "Los bordes {sought} no aparecen.",
        "both_edges": "Conseguido: responde a los dos tipos de borde y calla en las zonas lisas.",
        "not_one": "Una zona lisa cambia de brillo: los pesos tienen que sumar 1.",
        "negative": "Con pesos negativos se marcan los bordes en vez de suavizarlos.",
        "barely": "Apenas suaviza: un solo píxel pesa más que todos los demás.",
        "averages": "Conseguido: cada salida es un promedio de su vecindario.",
        "copies_left": "Conseguido: cada salida copia el píxel que tiene a su izquierda.",
        "moves_left": (
            "La imagen se mueve a la izquierda: cada salida tiene que copiar el píxel del otro lado."
        ),
        "still": "La imagen no se mueve: cada salida copia su propio píxel.",
        "not_moved": "La salida todavía no es la imagen movida: basta con un peso que no sea 0.",
    }

    image = Numbers(SQUARE, "fila, columna", (64, 64))
    kernel = Numbers(KERNELS["prewitt_vertical"].values, "fila, columna", (7, 7), limit=99)
    kernels = Named({kernel.title: kernel.values for kernel in KERNELS.values()}, 7)
    stride = Whole(1, 1, 5)
    padding = Whole(0, 0, 5)
    position = Whole(7, 0, 74 * 74)
    goal = Choice("", GOALS)

    @property
    def output(self) -> np.ndarray | None:
        """La salida, según :func:`course_utils.ops.convolution.correlate2d`; None si el kernel no cabe."""
        image, kernel = np.array(self.image), np.array(self.kernel)
        if any(k > n + 2 * self.padding for k, n in zip(kernel.shape, image.shape, strict=True)):
            return None
        return correlate2d(image, kernel, strides=self.stride, padding=self.padding)

    def sentence(self):
        """Tamaños, posición de la ventana y lo que sale."""
        (height, width), (rows, cols) = np.shape(self.image), np.shape(self.kernel)
        output = self.output
        start = (
            f"Entrada de {height} × {width}, kernel de {rows} × {cols}, stride {self.stride} "
            f"y padding {self.padding}: "
        )
        if output is None:
            return start + "el kernel no cabe y no hay salida."
        row, col = cell_at(self.position, output.shape)
        return start + (
            f"la salida mide {output.shape[0]} × {output.shape[1]}. En la posición ({row}, {col}), la suma "
            f"de los productos de la ventana por el kernel es {number_text(float(output[row, col]))}."
        )

    def picture(self):
        """Entrada con la ventana, kernel y salida."""
        image, kernel, output = np.array(self.image), np.array(self.kernel), self.output
        padded = pad2d(image, self.padding)
        colors = grey(padded)
        inside = pad2d(np.ones_like(image), self.padding).astype(bool)
        colors[~inside] = (138, 138, 138)
        cell = min(26, 260 / max(padded.shape))
        drawing = Drawing()
        title = f"Entrada {image.shape[0]} × {image.shape[1]}"
        entry = drawing.grid(0, 0, colors, padded, cell, "input", title)
        weights = signed(kernel, np.abs(kernel).max() * 1.6)
        middle = drawing.grid(entry.right + 30, 0, weights, kernel, 30, "kernel", "Kernel")
        if output is not None:
            row, col = cell_at(self.position, output.shape)
            entry.mark(row * self.stride, col * self.stride, *kernel.shape)
            shades = map_colors(output, float(max(1, image.max())))
            title = f"Salida {output.shape[0]} × {output.shape[1]}"
            drawing.grid(middle.right + 30, 0, shades, output, cell, "output", title).mark(row, col)
        return drawing.svg(self.sentence())
