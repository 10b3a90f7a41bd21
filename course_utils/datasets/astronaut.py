"""Una fotografía de verdad con su máscara, dibujada a mano para el curso.

La foto viene con scikit-image. Los contornos están en ``astronaut.json``, con el crédito de las dos cosas.
"""

import json
from importlib.resources import files
from typing import NamedTuple

import numpy as np


class Portrait(NamedTuple):
    """Una foto y lo que hay en ella.

    Parameters
    ----------
    photo : ndarray of uint8, shape (512, 512, 3)
        La astronauta Eileen Collins, con su casco delante.
    person : ndarray of bool, shape (512, 512)
        Ella, con el traje y sin el casco.
    helmet : ndarray of bool, shape (512, 512)
        El casco, que no lleva puesto.
    """

    photo: np.ndarray
    person: np.ndarray
    helmet: np.ndarray


def load_astronaut() -> Portrait:
    """La fotografía ``astronaut`` de scikit-image y dos máscaras dibujadas a mano; no descarga nada.

    Un píxel es de un contorno si su centro queda dentro.

    Examples
    --------
    >>> portrait = load_astronaut()
    >>> portrait.photo.shape, round(float(portrait.person.mean()), 2), round(float(portrait.helmet.mean()), 2)
    ((512, 512, 3), 0.41, 0.12)

    References
    ----------
    NASA, «Eileen Collins», dominio público. https://flic.kr/p/r9qvLn
    """
    from skimage import data
    from skimage.draw import polygon2mask

    photo = data.astronaut()
    outlines = json.loads((files(__package__) / "astronaut.json").read_text(encoding="utf-8"))
    corners = (np.reshape(outlines[name], (-1, 2))[:, ::-1] - 0.5 for name in ("person", "helmet"))
    person, helmet = (polygon2mask(photo.shape[:2], one) for one in corners)
    return Portrait(photo, person & ~helmet, helmet)  # en la línea común, del casco
