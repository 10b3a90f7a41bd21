"""Figura «Aumento de datos»."""

from typing import ClassVar, NamedTuple

import numpy as np
from scipy.ndimage import affine_transform
from traitlets import validate

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import COLORS, Drawing, grey
from course_utils.figures.states import Choice, Fraction, Labels, Numbers, check_same_size
from course_utils.style import number_text

_ROLES = ("surface", "input", "kernel", "output")  # color de cada clase de la máscara
#: Lo que se sortea, por orden: un número de −1 a 1 para cada cosa.
DRAWN = ("flip", "rows", "cols", "rotation", "zoom", "brightness", "contrast")


class Transformation(NamedTuple):
    """Una tirada: volteo, filas y columnas como parte del lado, giro como parte de la vuelta, zoom y luz.

    Los números son los de las capas de Keras: el zoom positivo aleja, y el contraste multiplica por
    1 + contrast.
    """

    flip: bool = False
    rows: float = 0
    cols: float = 0
    rotation: float = 0
    zoom: float = 0
    brightness: float = 0
    contrast: float = 0


def move(values, drawn: Transformation, order: int) -> np.ndarray:
    """Voltea, desplaza, gira y acerca (H, W), como las capas de Keras con ``fill_mode="constant"``.

    ``order`` es 1 para interpolar entre los cuatro vecinos y 0 para tomar el más próximo.
    """
    values = np.asarray(values, float)
    if drawn.flip:
        values = values[:, ::-1]
    height, width = values.shape
    center = (np.array(values.shape) - 1) / 2
    angle = 2 * np.pi * drawn.rotation
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    eye = np.eye(2)
    shift = np.array([drawn.rows * height, drawn.cols * width])
    for matrix, offset in (
        (eye, -shift),
        (turn, center - turn @ center),
        (eye * (1 + drawn.zoom), -drawn.zoom * center),
    ):
        values = affine_transform(values, matrix, offset, order=order, mode="grid-constant")
    return values


def light(image, drawn: Transformation) -> np.ndarray:
    """Cambia el brillo y después el contraste de una imagen (H, W) de 0 a 1, como las capas de Keras."""
    image = np.clip(image + drawn.brightness, 0, 1)
    return np.clip((image - image.mean()) * (1 + drawn.contrast) + image.mean(), 0, 1)


def _scene():
    """Un disco de clase 1 y un cuadrado de clase 2."""
    rows, cols = np.indices((28, 28))
    mask = np.zeros((28, 28), int)
    mask[(rows - 8) ** 2 + (cols - 9) ** 2 < 30] = 1
    mask[16:24, 14:24] = 2
    return mask


class AugmentationFigure(CourseFigure):
    """Variar una imagen y su máscara con la misma tirada o con tiradas distintas.

    Las fuerzas son las de las capas de Keras; cada una se multiplica por el número de −1 a 1 que ha salido.

    Parameters
    ----------
    image : array_like, shape (H, W)
        Imagen en gris, de 0 a 1, de 8 × 8 a 32 × 32.
    mask : array_like of int, shape (H, W)
        Clase de cada píxel, de 0 (fondo) a 3.
    flip : bool
        Si se sortea el volteo horizontal.
    rotation, shift, zoom : float
        Parte de la vuelta, del lado y del tamaño, hasta 0,5.
    brightness, contrast : float
        Parte del intervalo de grises y de la distancia a la media, hasta 1.
    joint : bool
        Si la máscara lleva la tirada de la imagen; si no, la suya.
    draws : array_like, shape (2, 7)
        Lo que ha salido para la imagen y para la máscara, de −1 a 1: volteo (si es positivo), filas,
        columnas, giro, zoom, brillo y contraste.

    Raises
    ------
    TraitError
        Si algún valor no sirve o la imagen y la máscara no miden lo mismo.

    Examples
    --------
    >>> figure = AugmentationFigure(joint=True)
    >>> figure.agreement
    1.0
    """

    name = "augmentation"
    title = "Aumento de datos"
    idea = "Más datos"
    invitation = (
        "¿Cuántas fotos caben en una? Gira, mueve y cambia la luz; compara la misma tirada con tiradas "
        "distintas y decide hasta dónde un 6 sigue siendo un 6."
    )
    texts: ClassVar = {
        "hint": (
            "Tira otra vez y mira adónde van la imagen y su máscara, que la cubre de color. Las "
            "fuerzas son los números de las capas de Keras."
        ),
        "help": (
            "Tabulador: de un mando a otro. Intro en «Nueva tirada»: sortear. Flechas: cambiar una fuerza."
        ),
        "goal": "Reto: con tiradas distintas, cambia la imagen sin descolocar la máscara",
        "choose_apart": "Elige «tiradas distintas».",
        "apart": "La máscara acierta {agreement} de cada 100: lo que mueve los píxeles pide la misma tirada.",
        "lucky": "La máscara acierta por casualidad: lo que mueve los píxeles pide la misma tirada.",
        "unchanged": "La imagen apenas cambia: sube el brillo o el contraste, o tira otra vez.",
        "in_place": "Conseguido: la luz cambia el valor de los píxeles y no su sitio, y la máscara se queda.",
        "agreed": "De acuerdo con la comparación: {compared}.",
        "disagreed": "La comparación dice otra cosa: {compared}.",
    }

    image = Numbers(
        np.choose(_scene(), [0.15, 0.5, 0.85]), "fila, columna", (32, 32), (8, 8), limit=1, minimum=0
    )
    mask = Labels(_scene(), "fila, columna", (32, 32), limit=3)
    flip = Choice(True, (True, False))
    rotation = Fraction(0.1, maximum=0.5)
    shift = Fraction(0.1, maximum=0.5)
    zoom = Fraction(0.2, maximum=0.5)
    brightness = Fraction(0.2)
    contrast = Fraction(0.2)
    joint = Choice(True, (True, False))
    draws = Numbers(
        [[0.4, 0.5, -0.3, 0.6, -0.5, 0.4, 0.3], [-0.6, -0.7, 0.8, -0.5, 0.6, 0, 0]],
        "imagen o máscara, sorteo",
        (2, len(DRAWN)),
        (2, len(DRAWN)),
        limit=1,
    )

    @validate("image", "mask")
    def _check_shapes(self, proposal):
        return check_same_size(self, proposal, "image", "mask")

    @property
    def drawn(self) -> tuple[Transformation, Transformation]:
        """La transformación de la imagen y la de la máscara."""
        return tuple(self._transformation(self.draws[0 if self.joint else row]) for row in (0, 1))

    @property
    def augmented(self) -> tuple[np.ndarray, np.ndarray]:
        """La imagen y la máscara transformadas, (H, W) las dos."""
        ours, theirs = self.drawn
        return light(move(self.image, ours, 1), ours), move(self.mask, theirs, 0).astype(int)

    @property
    def agreement(self) -> float:
        """Parte de los píxeles de objeto cuya clase es la que les toca; 1 si la máscara va con la imagen."""
        right, mask = move(self.mask, self._transformation(self.draws[0]), 0), self.augmented[1]
        either = (right > 0) | (mask > 0)
        return float((right == mask)[either].mean()) if either.any() else 1.0

    def sentence(self):
        """La tirada de la imagen y cómo queda la máscara."""
        ours, theirs = self.drawn
        start = f"Imagen de {len(self.image)} × {len(self.image[0])}: {self._described(ours)}"
        start += f", brillo {number_text(ours.brightness)} y contraste × {number_text(1 + ours.contrast)}"
        if not np.any(self.mask):
            return start + "."
        if self.joint:
            return start + ". La máscara lleva la misma tirada y cubre cada objeto con su clase."
        return (
            f"{start}. Máscara con su propia tirada: {self._described(theirs)}; acierta "
            f"{number_text(100 * self.agreement, 0)} de cada 100 píxeles de objeto."
        )

    def picture(self):
        """La imagen con su máscara encima, antes y después."""
        drawing, cell = Drawing(), 220 / len(self.image)
        before = drawing.grid(0, 0, _overlay(self.image, self.mask), None, cell, "input", "Antes")
        before.outline(self.mask)
        image, mask = self.augmented
        after = drawing.grid(before.right + 36, 0, _overlay(image, mask), None, cell, "output", "Después")
        after.outline(mask)
        return drawing.svg(self.sentence())

    def _transformation(self, draw):
        values = dict(zip(DRAWN, draw, strict=True))
        forces = {"rows": self.shift, "cols": self.shift} | {
            name: getattr(self, name) for name in ("rotation", "zoom", "brightness", "contrast")
        }
        moved = {name: force * values[name] for name, force in forces.items()}
        return Transformation(flip=bool(self.flip and values["flip"] > 0), **moved)

    def _described(self, drawn):
        height, width = np.shape(self.image)
        flip = "volteada, " if drawn.flip else ""
        return (
            f"{flip}{number_text(drawn.rows * height, 1)} píxeles en vertical y "
            f"{number_text(drawn.cols * width, 1)} en horizontal, giro de "
            f"{number_text(360 * drawn.rotation, 0)}°, tamaño × {number_text(1 / (1 + drawn.zoom))}"
        )


def _overlay(image, mask):
    """Gris, con el color de su clase encima en los píxeles de objeto."""
    tones, mask = grey(image, 1), np.asarray(mask)
    paint = np.array([[int(COLORS[role][i : i + 2], 16) for i in (1, 3, 5)] for role in _ROLES])
    return np.where(mask[..., None] > 0, np.round(0.45 * tones + 0.55 * paint[mask]).astype(int), tones)
