"""Figura «Entrena en la página»."""

from io import BytesIO
from typing import ClassVar

import numpy as np

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Choice, Whole
from course_utils.ops.parameters import conv_param_count, dense_param_count
from course_utils.style import number_text

_CLASSES = 10
_TRAIN, _TEST = 1000, 200  # imágenes: las primeras de cada clase, alternadas
_ACROSS = 40  # por fila de la lámina
_SIDE = 28
_BAR = 420
SPRITE = "../vendor/fashion-mnist/garments.png"


def garment_sprite(data) -> bytes:
    """Una lámina PNG con 1000 prendas para aprender y 200 de prueba; la número i es de la clase i % 10."""
    from PIL import Image

    def first(images, labels, count):
        chosen = [np.flatnonzero(labels == label)[: count // _CLASSES] for label in range(_CLASSES)]
        return images[np.stack(chosen, axis=1).ravel()]

    parts = first(data.x_train, data.y_train, _TRAIN), first(data.x_test, data.y_test, _TEST)
    images = np.concatenate(parts).reshape(-1, _ACROSS, _SIDE, _SIDE)
    file = BytesIO()
    Image.fromarray(images.transpose(0, 2, 1, 3).reshape(-1, _ACROSS * _SIDE)).save(
        file, "png", optimize=True
    )
    return file.getvalue()


class TrainInPageFigure(CourseFigure):
    """Una red densa y una convolucional que se entrenan en el navegador, con las mismas prendas.

    Parameters
    ----------
    filters : {4, 8, 16}
        Filtros de la primera convolución; la segunda tiene el doble.
    kernel_size : {3, 5}
        Lado de los filtros.
    hidden : {16, 32, 64, 128}
        Neuronas de la capa intermedia de la densa.
    rate : {0.0003, 0.001, 0.003, 0.01, 0.03}
        Tasa de aprendizaje de Adam.
    seed : int
        Semilla, de 0 a 99: la misma da los mismos pesos iniciales, el mismo orden y la misma curva.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> TrainInPageFigure(filters=8, kernel_size=3, hidden=64).parameters
    {'dense': 50890, 'cnn': 9098}
    """

    name = "train_in_page"
    title = "Entrena en la página"
    invitation = (
        "¿Cuál aguanta mejor cuando las prendas se mueven? Una red densa y una convolucional aprenden "
        "delante de ti con mil prendas de verdad, en segundos o, si son grandes, en minutos: elige sus "
        "tamaños y la tasa, y compara."
    )
    texts: ClassVar = {
        "hint": (
            "Elige los tamaños y la tasa, y pulsa Entrenar. Puedes parar y seguir cuando quieras; "
            "cambiar algo empieza otra vez."
        ),
        "help": "Tabulador: de un mando a otro. Espacio o Intro: entrenar, parar y seguir.",
        "ready": "Antes de pulsar: ¿cuál acertará más? ¿Y con las prendas movidas?",
        "loading": "Llegan mil prendas y doscientas de prueba (480 kB)…",
        "epoch": "Época {dense} de {all}.",
        "epochs": "La densa va por la época {dense} de {all} y la convolucional, por la {cnn}.",
        "measuring": "Midiendo con las prendas movidas…",
        "moved": (
            "Al mover las prendas de prueba {distance} píxeles, la densa pasa de acertar {a} a {b}; la "
            "convolucional pasa de acertar {c} a {d}."
        ),
        "no_worker": "Este navegador no deja entrenar en segundo plano: abre la página del curso en otro.",
        "cut": "El entrenamiento se ha cortado. Pulsa Entrenar para empezar otra vez.",
        "drawn": "Las prendas de verdad no han llegado: estas las dibuja la página.",
        "real": (
            "Prendas de Fashion-MNIST (© 2017 Zalando SE, licencia MIT). La misma semilla da la misma curva."
        ),
    }
    files = (SPRITE,)

    filters = Choice(8, (4, 8, 16))
    kernel_size = Choice(3, (3, 5))
    hidden = Choice(64, (16, 32, 64, 128))
    rate = Choice(0.003, (0.0003, 0.001, 0.003, 0.01, 0.03))
    seed = Whole(0, 0, 99)

    def read_file(self, name):
        """La lámina, con las prendas que haya donde se ejecuta el cuaderno."""
        from course_utils.datasets.fashion_mnist import load_fashion_mnist

        return garment_sprite(load_fashion_mnist())

    @property
    def parameters(self) -> dict[str, int]:
        """Parámetros de cada red."""
        first, second, side = self.filters, 2 * self.filters, self.kernel_size
        convolutions = conv_param_count(side, 1, first) + conv_param_count(side, first, second)
        return {
            "dense": dense_param_count(_SIDE**2, self.hidden) + dense_param_count(self.hidden, _CLASSES),
            "cnn": convolutions + dense_param_count(7 * 7 * second, _CLASSES),
        }

    def sentence(self):
        """Qué dos redes son y cuántos parámetros tienen."""
        dense, cnn = (number_text(count) for count in self.parameters.values())
        return (
            f"Dos redes sin entrenar: la densa, con {self.hidden} neuronas, tiene {dense} parámetros; la "
            f"convolucional, con {self.filters} y {2 * self.filters} filtros de {self.kernel_size} × "
            f"{self.kernel_size}, {cnn}."
        )

    def picture(self):
        """Los parámetros de las dos redes, en barras."""
        drawing = Drawing()
        most = max(self.parameters.values())
        kinds = [("densa", "input"), ("convolucional", "output")]
        for row, ((name, role), count) in enumerate(zip(kinds, self.parameters.values(), strict=True)):
            y = 34 * row
            drawing.text(96, y + 16, f"La {name}", anchor="end")
            drawing.rect(106, y, round(_BAR * count / most, 1), 24, role, 1, fill=role)
            drawing.text(
                112 + _BAR * count / most, y + 16, f"{number_text(count)} parámetros", anchor="start"
            )
        return drawing.svg(self.sentence())
