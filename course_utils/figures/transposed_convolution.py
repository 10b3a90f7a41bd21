"""Figura «Convolución transpuesta»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.base import CourseFigure, cell_at
from course_utils.figures.drawing import Drawing, map_colors, signed
from course_utils.figures.states import Choice, Numbers, Whole
from course_utils.ops.convolution import conv2d_transpose
from course_utils.ops.sizes import same_padding
from course_utils.style import number_text

_CELL = 30


class TransposedConvolutionFigure(CourseFigure):
    """Cada valor de la entrada estampa el kernel en la salida, y donde los sellos se solapan se suman.

    Parameters
    ----------
    image : array_like, shape (H, W)
        Entrada, hasta 3 × 3.
    kernel : array_like, shape (kh, kw)
        Pesos, hasta 4 × 4.
    stride : int
        Píxeles de la salida entre dos sellos contiguos, de 1 a 3.
    padding : {"valid", "same"}
        Sin recortar, o recortada hasta stride veces el lado de la entrada; como en Keras.
    position : int
        Valor de la entrada cuyo sello se resalta, contando por filas desde 0; si se pasa, es el último.
    row, col : int
        Valor de la salida cuya suma se escribe; si se pasan, es el último.
    shown : {"all", "so_far"}
        Qué sellos lleva la salida: todos, o solo hasta el resaltado.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> figure = TransposedConvolutionFigure(image=[[1, 2]], kernel=[[1, 2, 3]], stride=2)
    >>> figure.output[0].tolist()
    [1, 2, 5, 4, 6]

    References
    ----------
    Dumoulin y Visin, «A guide to convolution arithmetic for deep learning», arXiv:1603.07285 (2016).
    """

    name = "transposed_convolution"
    title = "Convolución transpuesta"
    idea = "La convolución"
    invitation = (
        "¿Cómo se agranda un mapa? Recorre los sellos de uno en uno y mira dónde se suman. Con «Todo "
        "unos, 3 × 3» y stride 2 sale un tablero de ajedrez; con «Interpolar», que se solapa igual, no."
    )
    texts: ClassVar = {
        "hint": (
            "Elige un valor de la entrada: multiplica al kernel y el resultado se estampa en la "
            "salida. Donde los sellos se solapan, se suman."
        ),
        "help": (
            "Tabulador: de una cuadrícula a otra. Flechas: elegir un valor. En la entrada y en el "
            "kernel, + y −, o las cifras, cambian el valor."
        ),
        "goal": "Reto: agranda la imagen de modo que en cada valor de la salida caigan los mismos sellos",
        "where": (
            "El {value} de la posición ({r0}, {c0}) multiplica al kernel, y su sello empieza en la fila "
            "{r0} · {s} = {rowStart} y la columna {c0} · {s} = {colStart}{grey}."
        ),
        "zeros": "el kernel no llega al stride y Keras completa con ceros: {n} · {s} = ",
        "valid": "el último sello empieza en {start} y mide {k}: ({n} − 1) · {s} + {k} = ",
        "crops": (
            "«same» recorta {before} delante y {after} detrás, ({n} − 1) · {s} + {k} − {spare} = {n} · {s} = "
        ),
        "fits": "los sellos encajan y no hay nada que recortar: {n} · {s} = ",
        "barely_grows": "Con stride 1 la imagen apenas crece: usa 2 o 3.",
        "gaps": "Hay valores sin ningún sello: el kernel es menor que el stride.",
        "uneven": "Donde menos, cae {least}; donde más, caen {most}.",
        "even": "Conseguido: en cada valor cae {most}, porque el lado del kernel es igual que el stride.",
    }

    image = Numbers([[1, 2], [3, 4]], "fila, columna", (3, 3), limit=99)
    kernel = Numbers([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "fila, columna", (4, 4), limit=99)
    stride = Whole(2, 1, 3)
    padding = Choice("valid", ("valid", "same"))
    position = Whole(0, 0, 8)
    row = Whole(2, 0, 9)
    col = Whole(2, 0, 9)
    shown = Choice("all", ("all", "so_far"))

    @property
    def output(self) -> np.ndarray:
        """La salida con todos los sellos, según :func:`course_utils.ops.convolution.conv2d_transpose`."""
        return self._stamp(self.image, self.kernel)

    @property
    def overlaps(self) -> np.ndarray:
        """Cuántos sellos caen en cada valor de la salida."""
        return self._stamp(np.ones_like(self.image, int), np.ones_like(self.kernel, int))

    def sentence(self):
        """Tamaños, el sello resaltado y la suma de un valor de la salida."""
        image, output = np.array(self.image), self.output
        at, (row, col) = self._stamped(), self._pixel(output)
        count = self.overlaps[row, col]
        stamps = {0: "no cae ningún sello", 1: "cae un sello"}.get(int(count), f"caen {count} sellos")
        return (
            f"Entrada de {image.shape[0]} × {image.shape[1]}, kernel de {len(self.kernel)} × "
            f"{len(self.kernel[0])}, stride {self.stride} y padding «{self.padding}»: la salida mide "
            f"{output.shape[0]} × {output.shape[1]}. El valor {number_text(float(image[at]))} de la posición "
            f"{at} multiplica al kernel y se estampa; en ({row}, {col}) {stamps} y la salida vale "
            f"{number_text(float(output[row, col]))}."
        )

    def picture(self):
        """Entrada, kernel, el sello y la salida con el sello resaltado."""
        image, kernel, output = np.array(self.image), np.array(self.kernel), self.output
        at, (row, col) = self._stamped(), self._pixel(output)
        stamp = image[at] * kernel
        drawing, x = Drawing(), 0
        for values, role, title in (
            (image, "input", f"Entrada {image.shape[0]} × {image.shape[1]}"),
            (kernel, "kernel", f"Kernel {kernel.shape[0]} × {kernel.shape[1]}"),
            (stamp, "kernel", f"{number_text(float(image[at]))} × kernel"),
        ):
            colors = map_colors(values, 1) if role == "input" else signed(values, np.abs(values).max() * 1.6)
            grid = drawing.grid(x, 0, colors, values, _CELL, role, title)
            if role == "input":
                grid.mark(*at)
            x = max(grid.right, x + 90) + 30
        title = f"Salida {output.shape[0]} × {output.shape[1]}"
        grid = drawing.grid(x, 0, map_colors(output, 1), output, _CELL, "output", title)
        # del sello solo se ve lo que no se recorta
        edges = []
        for start, taps, size, before in zip(at, kernel.shape, output.shape, self._crop(), strict=True):
            first = start * self.stride - before
            edges.append((max(first, 0), min(first + taps, size)))
        (top, bottom), (left, right) = edges
        grid.mark(top, left, bottom - top, right - left)
        grid.mark(row, col, role="highlight")
        return drawing.svg(self.sentence())

    def _stamp(self, image, kernel):
        image, kernel = np.array(image)[None, :, :, None], np.array(kernel)[:, :, None, None]
        return conv2d_transpose(image, kernel, None, self.stride, self.padding)[0, :, :, 0]

    def _crop(self):
        """Filas y columnas que se recortan por delante."""
        if self.padding == "valid":
            return 0, 0
        sizes = zip(np.shape(self.image), np.shape(self.kernel), strict=True)
        return tuple(same_padding(n * self.stride, k, self.stride)[0] for n, k in sizes)

    def _stamped(self):
        return cell_at(self.position, np.shape(self.image))

    def _pixel(self, output):
        return min(self.row, output.shape[0] - 1), min(self.col, output.shape[1] - 1)
