"""Figura «La CNN por dentro»."""

from functools import cache
from typing import ClassVar

import numpy as np

from course_utils.figures.base import STATIC, CourseFigure
from course_utils.figures.drawing import Drawing, grey
from course_utils.figures.states import Choice, Numbers, Whole
from course_utils.networks.web import read_web, run_web
from course_utils.style import number_text

_SIDE = 28
_FARTHEST = 6  # píxeles que se mueve la prenda
_CELL, _SMALL, _BAR = 6, 5, 110
_TONES = 9  # de los mapas del dibujo fijo
_SHOWN = (5, 8)  # la capa y los mapas del dibujo fijo: los primeros, después de activarse
NETWORKS = {"cnn": "convolucional", "dense": "densa"}


@cache
def _network(name):
    return read_web(STATIC / f"{name}.bin")


def sample(number: int) -> np.ndarray:
    """Una de las veinte prendas que van con la figura, dos de cada clase: (28, 28), de 0 a 255."""
    return np.frombuffer((STATIC / "garments.bin").read_bytes(), np.uint8).reshape(-1, _SIDE, _SIDE)[number]


class InsideCnnFigure(CourseFigure):
    """La red convolucional del curso, capa a capa, y una densa al lado, con la prenda que se quiera.

    Parameters
    ----------
    image : array_like, shape (28, 28)
        La prenda, clara sobre fondo negro, de 0 a 255.
    shift_rows, shift_cols : int
        Píxeles que se mueve hacia abajo y a la derecha, de −6 a 6; lo que sale por un lado se pierde.
    layer : int
        Capa que se mira, de 0, la entrada, a 19, las puntuaciones.
    channel, source, position : int
        Mapa de esa capa, canal de entrada y valor del mapa, contado por filas, cuya cuenta se enseña.
    view : {"layers", "occlusion", "shift"}
        Mirar por dentro, tapar partes de la prenda o moverla a todos los sitios.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> figure = InsideCnnFigure()
    >>> figure.predictions
    {'cnn': 'botín', 'dense': 'botín'}
    >>> round(float(figure.probabilities("cnn").sum()), 6)
    1.0
    """

    name = "inside_cnn"
    title = "La CNN por dentro"
    invitation = (
        "¿Qué ve una red en cada capa? Dibuja una prenda o elige una de verdad y muévela: la convolucional y "
        "la densa contestan a la vez. Pulsa una capa, un mapa y un píxel para ver de qué cuenta sale."
    )
    texts: ClassVar = {
        "hint": (
            "Dibuja una prenda, elige una muestra o muévela: las dos redes contestan al momento. "
            "Pulsa una capa, un mapa y un valor para ver su cuenta."
        ),
        "help": (
            "Tabulador: de un mando a otro. En la prenda, flechas y espacio pintan; los deslizadores "
            "la mueven. En los mapas, flechas: elegir un mapa, un valor o una entrada."
        ),
        "loading": "Llegan las redes (400 kB)…",
        "cut": "No ha llegado entero garments.bin: recarga la página.",
        "measured": (
            "De las 10\u202f000 prendas de prueba, la convolucional acierta el {cnn} y la densa, con más "
            "parámetros, el {dense}; de {silhouettes} siluetas que dibuja el curso, el {cnnDrawn} y "
            "el {denseDrawn}. Ninguna vio siluetas al aprender, y con lo que dibujes se equivocarán a "
            "menudo. Las muestras son de Fashion-MNIST (© 2017 Zalando SE, licencia MIT)."
        ),
        "no_samples": "Las muestras no habían llegado: elige otra vez cuando lleguen.",
        "unclear": "En la foto no se distingue nada del fondo: usa un fondo liso y otro color de prenda.",
        "unreadable": "«{name}» no se puede leer como imagen: elige una foto PNG, JPEG o WebP.",
        "NotAllowedError": (
            "El navegador no da permiso para usar la cámara: dáselo a esta página o sube una foto."
        ),
        "NotFoundError": "No se encuentra ninguna cámara: conecta una o sube una foto.",
        "camera_fails": "Aquí el navegador no puede usar la cámara: sube una foto.",
        "covering": "Tapando cada parte de la prenda…",
        "covered": (
            "Un cuadrado negro de 7 × 7 tapa cada parte de la prenda. Naranja: la probabilidad de "
            "«{name}» baja, {worst} como mucho; morado: sube."
        ),
        "places": (
            "Cada celda es la prenda en otro sitio, hasta {farthest} píxeles; el centro es el suyo. "
            "En verde, la red dice lo mismo que en el centro; con un punto, otra clase. {progress}"
        ),
        "account_input": "Es el píxel de la prenda, de 0 (negro) a 255 (blanco).",
        "account_norm": (
            "Resta la media del mapa y divide entre su desviación, las del entrenamiento; después, un "
            "factor y un desplazamiento."
        ),
        "account_flatten": "Los mismos números, en una fila: aquí se pierde cuáles eran vecinos.",
    }
    files = ("cnn.bin", "dense.bin", "garments.bin")

    image = Numbers(sample(18), "fila, columna", *[(_SIDE, _SIDE)] * 2, limit=255, minimum=0)
    shift_rows = Whole(0, -_FARTHEST, _FARTHEST)
    shift_cols = Whole(0, -_FARTHEST, _FARTHEST)
    layer = Whole(2, 0, 19)
    channel = Whole(3, 0, 71)
    source = Whole(0, 0, 71)
    position = Whole(434, 0, _SIDE**2 - 1)
    view = Choice("layers", ("layers", "occlusion", "shift"))

    @property
    def moved(self) -> np.ndarray:
        """Lo que ve la red: la prenda en su sitio, (28, 28) de 0 a 255."""
        down, right = self.shift_rows, self.shift_cols
        padded = np.pad(np.array(self.image), _FARTHEST)
        return padded[_FARTHEST - down :, _FARTHEST - right :][:_SIDE, :_SIDE]

    def probabilities(self, network: str) -> np.ndarray:
        """Probabilidad de cada clase según ``"cnn"`` o ``"dense"``, con los pesos que usa la página."""
        scores = self._outputs(network)[-1][0]
        powers = np.exp(scores - scores.max())
        return powers / powers.sum()

    @property
    def predictions(self) -> dict[str, str]:
        """Lo que dice cada red."""
        classes = _network("cnn")["notes"]["classes"]
        return {name: classes[self.probabilities(name).argmax()] for name in NETWORKS}

    def _outputs(self, network):
        return run_web(_network(network), self.moved[np.newaxis, :, :, np.newaxis].astype(np.float32))

    def sentence(self):
        """Qué dice cada red de la prenda."""
        says = [
            f"la {NETWORKS[name]} dice {said} ({number_text(100 * self.probabilities(name).max(), 1)} %)"
            for name, said in self.predictions.items()
        ]
        return f"Una prenda de {_SIDE} × {_SIDE} píxeles: {' y '.join(says)}."

    def picture(self):
        """La prenda, algunos mapas de la primera capa y las probabilidades de las dos redes."""
        drawing = Drawing()
        garment = drawing.grid(
            0, 0, grey(np.array(self.moved), 255), None, _CELL, "input", "Lo que ve la red"
        )
        layer, count = _SHOWN
        maps = self._outputs("cnn")[layer][0][..., :count]
        maps = np.round(maps / (maps.max() or 1) * (_TONES - 1)) / (_TONES - 1)
        start = garment.right + 24
        drawing.text(start, 12, f"{count} de los 16 mapas de la primera capa", anchor="start")
        for number in range(count):
            down, across = divmod(number, count // 2)
            left, top = start + across * (14 * _SMALL + 6), 20 + down * (14 * _SMALL + 6)
            drawing.grid(left, top, grey(maps[..., number], 1), None, _SMALL, "output")
        left = start + (count // 2) * (14 * _SMALL + 6) + 90
        classes = _network("cnn")["notes"]["classes"]
        for column, name in enumerate(NETWORKS):
            drawing.text(left + column * (_BAR + 20), 12, f"La {NETWORKS[name]}", anchor="start", bold=True)
            for label, part in enumerate(self.probabilities(name)):
                y = 20 + label * 16
                if not column:
                    drawing.text(left - 8, y + 11, classes[label], anchor="end")
                role = ("output", "input")[column]
                drawing.rect(
                    left + column * (_BAR + 20), y + 2, round(1 + _BAR * part, 1), 10, role, 1, fill=role
                )
        return drawing.svg(self.sentence())
