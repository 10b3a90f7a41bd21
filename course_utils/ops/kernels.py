"""Kernels clásicos con nombre.

Todos están orientados para la correlación, que es lo que calculan las capas convolucionales: se aplican tal
como se leen, sin girarlos. Los de bordes suman 0, así que en una zona lisa responden 0; los demás suman 1.
"""

import math
from dataclasses import dataclass

import numpy as np

from course_utils.checks import shown


@dataclass(frozen=True, eq=False)
class Kernel:
    """Kernel con nombre.

    Parameters
    ----------
    title : str
        Nombre en español, para títulos y listas.
    values : ndarray, shape (3, 3)
        Pesos; de solo lectura.

    Examples
    --------
    >>> KERNELS["sobel_vertical"].title
    'Sobel: bordes verticales'
    """

    title: str
    values: np.ndarray

    def __post_init__(self):
        self.values.setflags(write=False)


IDENTITY = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
# Gonzalez y Woods, Digital Image Processing (4.ª ed., 2018), sección 3.6
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
SHARPEN = IDENTITY - LAPLACIAN
# Sobel y Feldman (1968), en Duda y Hart, Pattern Classification and Scene Analysis (1973), p. 271:
# la diferencia a través del borde, suavizada a lo largo de él
SOBEL = np.outer([1, 2, 1], [-1, 0, 1])
# Prewitt, «Object enhancement and extraction», en Picture Processing and Psychopictorics (1970)
PREWITT = np.outer([1, 1, 1], [-1, 0, 1])
# Freeman y Adelson, «The design and use of steerable filters», IEEE TPAMI 13 (1991): los dos de Sobel,
# mezclados, miran en cualquier dirección
DIAGONAL = math.cos(math.radians(45)) * SOBEL - math.sin(math.radians(45)) * SOBEL.T
# Szeliski, Computer Vision: Algorithms and Applications (2.ª ed., 2022), sección 3.2
BOX = np.full((3, 3), 1 / 9)
GAUSSIAN = np.outer([1, 2, 1], [1, 2, 1]) / 16

#: Los kernels con nombre: los que se eligen en las figuras y en los ejercicios.
KERNELS: dict[str, Kernel] = {
    "identity": Kernel("Identidad", IDENTITY),
    "box": Kernel("Desenfoque uniforme", BOX),
    "gaussian": Kernel("Desenfoque gaussiano", GAUSSIAN),
    "sharpen": Kernel("Realce", SHARPEN),
    "sobel_vertical": Kernel("Sobel: bordes verticales", SOBEL),
    "sobel_horizontal": Kernel("Sobel: bordes horizontales", SOBEL.T),
    "prewitt_vertical": Kernel("Prewitt: bordes verticales", PREWITT),
    "edge_45": Kernel("Bordes en diagonal", DIAGONAL),
    "laplacian": Kernel("Laplaciano", LAPLACIAN),
}


def named_kernel(name) -> Kernel:
    """Kernel de :data:`KERNELS` con ese nombre.

    Parameters
    ----------
    name : str
        Una de las claves de :data:`KERNELS`.

    Raises
    ------
    ValueError
        Si no hay ninguno con ese nombre.

    Examples
    --------
    >>> named_kernel("identity").values
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    if not isinstance(name, str) or name not in KERNELS:
        raise ValueError(
            f"no hay ningún kernel que se llame {shown(name)}: elige uno de {', '.join(sorted(KERNELS))}"
        )
    return KERNELS[name]
