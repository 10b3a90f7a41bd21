"""Figura «Pooling»."""

from typing import ClassVar

import numpy as np

from course_utils.figures.base import CourseFigure, cell_at
from course_utils.figures.drawing import Drawing, grey
from course_utils.figures.states import Choice, Numbers, Whole
from course_utils.ops.pooling import avg_pool2d, max_pool2d
from course_utils.style import number_text

BLOBS = (
    (0, 0, 1, 0, 0, 0, 0, 0),
    (0, 7, 8, 0, 0, 2, 1, 0),
    (1, 8, 9, 1, 0, 3, 6, 1),
    (0, 1, 2, 0, 0, 2, 4, 0),
    (0, 0, 0, 0, 1, 0, 0, 0),
    (0, 3, 3, 3, 3, 3, 0, 0),
    (0, 0, 5, 5, 5, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0),
)


class PoolingFigure(CourseFigure):
    """Resumir cada ventana en su máximo o en su promedio, y mover la imagen para ver qué cambia.

    Parameters
    ----------
    image : array_like, shape (H, W)
        Entrada, hasta 32 × 32.
    mode : {"max", "average"}
        Con qué se queda cada ventana.
    pool_size, stride : int
        Lado de la ventana y su paso, de 1 a 4.
    position : int
        Ventana resaltada, contando por filas desde 0; si se pasa, es la última.
    shift_rows, shift_cols : int
        Píxeles que se mueve la imagen, de −3 a 3; lo que entra por el borde vale 0.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> PoolingFigure(image=[[1, 2], [3, 4]], mode="average").output.tolist()
    [[2.5]]
    """

    name = "pooling"
    title = "Pooling"
    idea = "Ver más lejos"
    invitation = (
        "¿Qué se conserva al resumir? Mueve la imagen un píxel y cuenta qué valores cambian, con el "
        "máximo y con el promedio, y con ventanas de varios tamaños."
    )
    texts: ClassVar = {
        "hint": (
            "Cada ventana de la entrada se resume en un valor de la salida. Pinta, cambia la ventana "
            "o mueve la imagen."
        ),
        "help": (
            "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: "
            "pintar o borrar; + y −, o una cifra: cambiar el valor."
        ),
        "goal": "Reto: mueve la imagen un píxel sin que cambie la salida",
        "does_not_fit": (
            "La ventana abarca {size} × {size} píxeles y la entrada solo tiene {rows} × {cols}."
        ),
        "move": "Mueve la imagen y mira qué valores de la salida cambian.",
        "not_moved": "Mueve la imagen un píxel.",
        "one_changes": "Cambia 1 valor de la salida.",
        "some_change": "Cambian {changedOutput} valores de la salida.",
        "still": "Conseguido: la entrada cambia y la salida no.",
    }

    image = Numbers(BLOBS, "fila, columna", (32, 32))
    mode = Choice("max", ("max", "average"))
    pool_size = Whole(2, 1, 4)
    stride = Whole(2, 1, 4)
    position = Whole(0, 0, 32 * 32)
    shift_rows = Whole(0, -3, 3)
    shift_cols = Whole(0, -3, 3)

    @property
    def shifted(self) -> np.ndarray:
        """La entrada tal como se ve, ya movida."""
        image = np.array(self.image)
        (height, width), (rows, cols) = image.shape, (self.shift_rows, self.shift_cols)
        padded = np.pad(image, 3)
        return padded[3 - rows : 3 - rows + height, 3 - cols : 3 - cols + width]

    @property
    def output(self) -> np.ndarray | None:
        """La salida, según :mod:`course_utils.ops.pooling`; None si la ventana no cabe."""
        if self.pool_size > min(np.shape(self.image)):
            return None
        pool = max_pool2d if self.mode == "max" else avg_pool2d
        return pool(self.shifted, self.pool_size, self.stride)

    def sentence(self):
        """Tamaños y valor de la ventana resaltada."""
        height, width = np.shape(self.image)
        name = "el máximo" if self.mode == "max" else "el promedio"
        start = (
            f"Entrada de {height} × {width} y ventana de {self.pool_size} × {self.pool_size} "
            f"con stride {self.stride}: "
        )
        if self.output is None:
            return start + "la ventana no cabe y no hay salida."
        rows, cols = self.output.shape
        row, col = cell_at(self.position, (rows, cols))
        return start + (
            f"la salida mide {rows} × {cols}, y {name} de la ventana ({row}, {col}) es "
            f"{number_text(float(self.output[row, col]))}."
        )

    def picture(self):
        """Entrada con la ventana y el valor elegido, y salida."""
        image, output, side = self.shifted, self.output, self.pool_size
        top = max(1, image.max())
        cell = min(28, 260 / max(image.shape))
        drawing = Drawing()
        title = f"Entrada {image.shape[0]} × {image.shape[1]}"
        entry = drawing.grid(0, 0, grey(image, top), image, cell, "input", title)
        if output is not None:
            row, col = cell_at(self.position, output.shape)
            entry.mark(row * self.stride, col * self.stride, side, side)
            if self.mode == "max":
                _, chosen = max_pool2d(image, side, self.stride, return_argmax=True)
                entry.mark(*divmod(int(chosen[row, col]), image.shape[1]), role="output")
            title = f"Salida {output.shape[0]} × {output.shape[1]}"
            shades = grey(output, top)
            drawing.grid(entry.right + 40, 0, shades, output, cell, "output", title).mark(row, col)
        return drawing.svg(self.sentence())
