"""Figura «De densa a convolucional»."""

from typing import ClassVar

import numpy as np
from traitlets import TraitError, validate

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing, grey, signed
from course_utils.figures.states import Choice, Numbers, Whole
from course_utils.ops.convolution import conv2d_as_matrix

_NAMES = {"dense": "densa", "local": "local", "shared": "con los pesos compartidos"}


class DenseToConvFigure(CourseFigure):
    """La matriz de pesos de una capa: entera, local (en banda) y con los pesos compartidos.

    Parameters
    ----------
    image : array_like, shape (H, W)
        Entrada, hasta 6 × 12; con una fila es una señal.
    kernel : array_like, shape (kh, kw)
        Pesos de la ventana, hasta 3 × 5 y no mayores que la entrada.
    stage : {"dense", "local", "shared"}
        Qué pesos hay: todos, los de las ventanas, o los de las ventanas repetidos.
    weights : {"kernel", "free"}
        Si cada ventana lleva los pesos del kernel, o cada conexión el suyo.
    output : int
        Salida resaltada, contando por filas desde 0; si se pasa, es la última.

    Raises
    ------
    TraitError
        Si algún valor no sirve, o el kernel no cabe en la imagen.

    Examples
    --------
    >>> figure = DenseToConvFigure()
    >>> {stage: figure.parameter_count(stage) for stage in ("dense", "local", "shared")}
    {'dense': 48, 'local': 18, 'shared': 3}

    References
    ----------
    El camino de la densa a la convolucional es el de LeCun, «Generalization and network design strategies»
    (1989).
    """

    name = "dense_to_conv"
    title = "De densa a convolucional"
    idea = "De densa a convolucional"
    invitation = (
        "¿Qué le falta a una capa densa para ser convolucional? Pasa de densa a local y a compartida: la "
        "salida no cambia y los pesos que hay que aprender, sí."
    )
    texts: ClassVar = {
        "hint": "Pulsa Densa, Local y Compartida: cambian los pesos que hay que aprender, no la salida.",
        "help": (
            "Tabulador: de una cuadrícula a otra. Flechas: elegir una salida o un peso. En el kernel, "
            "+ y − cambian el peso; en la entrada, espacio pinta."
        ),
        "dense": "Cada salida tiene un peso por cada entrada.",
        "local": "Cada salida solo mira su ventana: fuera de la banda no hay pesos.",
        "shared": "Todas las ventanas usan los mismos pesos: el kernel.",
        "once": "El peso elegido ({weight}) aparece {times} en la matriz y se aprende una sola vez.",
        "same": "✓ La matriz por la entrada da lo mismo que deslizar el kernel: diferencia 0.",
        "other": (
            "Con pesos libres la capa calcula otra cosa: se aparta hasta {difference} de deslizar el kernel."
        ),
    }

    image = Numbers([[0, 0, 1, 1, 1, 0, 2, 0]], "fila, columna", (6, 12))
    kernel = Numbers([[-1, 0, 1]], "fila, columna", (3, 5), limit=99)
    stage = Choice("dense", ("dense", "local", "shared"))
    weights = Choice("kernel", ("kernel", "free"))
    output = Whole(0, 0, 6 * 12)

    @validate("image", "kernel")
    def _check_fit(self, proposal):
        shapes = {"image": np.shape(self.image), "kernel": np.shape(self.kernel)}
        shapes[proposal.trait.name] = np.shape(proposal.value)
        if any(k > n for k, n in zip(shapes["kernel"], shapes["image"], strict=True)):
            raise TraitError(
                f"el kernel mide {shapes['kernel']} y la entrada {shapes['image']}: "
                "el kernel no puede ser mayor en ningún eje"
            )
        return proposal.value

    def parameter_count(self, stage) -> int:
        """Pesos que hay que aprender en esa etapa, sin sesgos.

        Parameters
        ----------
        stage : {"dense", "local", "shared"}
            Etapa.

        Returns
        -------
        int
            Número de pesos.
        """
        outputs, inputs = self._conv_matrix().shape
        window = np.size(self.kernel)
        return {"dense": outputs * inputs, "local": outputs * window, "shared": window}[stage]

    @property
    def matrix(self) -> np.ndarray:
        """Matriz de pesos (salidas, entradas) de la etapa actual."""
        shared, mask = self._conv_matrix(), self._mask()
        if self.weights == "kernel" or self.stage == "shared":
            return shared
        rows, cols = np.indices(shared.shape)
        free = (3 * rows + 2 * cols + rows * cols**2) % 5 - 2
        return free if self.stage == "dense" else np.where(mask, free, 0)

    def sentence(self):
        """Etapa y pesos de cada una."""
        outputs, inputs = self._conv_matrix().shape
        return (
            f"Matriz de pesos de una capa {_NAMES[self.stage]}, de {outputs} salidas y {inputs} entradas: "
            f"{self.parameter_count('dense')} pesos si es densa, {self.parameter_count('local')} si es local "
            f"y {self.parameter_count('shared')} si además se comparten."
        )

    def picture(self):
        """Entrada, kernel y matriz con la salida resaltada."""
        image, kernel, matrix, mask = np.array(self.image), np.array(self.kernel), self.matrix, self._mask()
        top = max(1, np.abs(kernel).max()) * 1.4
        drawing = Drawing()
        entry = drawing.grid(0, 0, grey(image), image, 26, "input", "Entrada")
        weights = drawing.grid(entry.right + 40, 0, signed(kernel, top), kernel, 26, "kernel", "Kernel")
        colors = signed(matrix, top)
        values = matrix.astype(object)
        if self.stage != "dense":
            colors[~mask] = (234, 234, 234)
            values[~mask] = None
        y = max(entry.bottom, weights.bottom) + 14
        rows, cols = matrix.shape
        title = f"Matriz de pesos {rows} × {cols}"
        whole = drawing.grid(0, y, colors, values, min(26, 520 / cols), "kernel", title)
        whole.mark(min(self.output, rows - 1), 0, 1, cols)
        return drawing.svg(self.sentence())

    def _conv_matrix(self):
        return conv2d_as_matrix(np.array(self.kernel), np.shape(self.image))

    def _mask(self):
        return conv2d_as_matrix(np.ones(np.shape(self.kernel), int), np.shape(self.image)) == 1
