"""Kernels clásicos con nombre y procedencia.

Todos están orientados para la correlación, que es lo que calculan las capas convolucionales: se aplican tal
como se leen, sin girarlos.
"""

import math
from dataclasses import dataclass

import numpy as np

from course_utils.checks import check_integer, shown


@dataclass(frozen=True, eq=False)
class Kernel:
    """Kernel con nombre.

    Parameters
    ----------
    title : str
        Nombre en español, para títulos y listas.
    values : ndarray, shape (k, k)
        Pesos; de solo lectura.
    purpose : str
        Qué hace, en una frase.
    source : str
        De dónde viene.

    Examples
    --------
    >>> KERNELS["sobel_vertical"].title
    'Sobel: bordes verticales'
    """

    title: str
    values: np.ndarray
    purpose: str
    source: str

    def __post_init__(self):
        self.values.setflags(write=False)


def identity(size=3) -> np.ndarray:
    """Kernel que deja la imagen como está: un uno en el centro.

    Parameters
    ----------
    size : int
        Lado, impar, en píxeles.

    Returns
    -------
    ndarray of int64, shape (size, size)
        Ceros con un uno en el centro.

    Raises
    ------
    TypeError
        Si ``size`` no es entero.
    ValueError
        Si no es positivo e impar.

    Examples
    --------
    >>> identity()
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])

    References
    ----------
    Es el elemento neutro de la convolución.
    """
    size = _check_odd(size)
    kernel = np.zeros((size, size), np.int64)
    kernel[size // 2, size // 2] = 1
    return kernel


def box(size=3) -> np.ndarray:
    """Desenfoque uniforme: el promedio de la ventana.

    Parameters
    ----------
    size : int
        Lado, impar, en píxeles.

    Returns
    -------
    ndarray of float64, shape (size, size)
        Pesos iguales que suman 1.

    Raises
    ------
    TypeError
        Si ``size`` no es entero.
    ValueError
        Si no es positivo e impar.

    Examples
    --------
    >>> float(box(3)[0, 0] * 9)
    1.0

    References
    ----------
    Szeliski, *Computer Vision: Algorithms and Applications* (2.ª ed., 2022), sección 3.2.
    """
    size = _check_odd(size)
    return np.full((size, size), 1 / size**2)


def gaussian(size=5, sigma=None) -> np.ndarray:
    r"""Desenfoque gaussiano: un promedio que da más peso a lo cercano.

    .. math:: W_{i,j} \propto \exp\left(-\frac{i^2 + j^2}{2\sigma^2}\right)

    Parameters
    ----------
    size : int
        Lado, impar, en píxeles.
    sigma : float, optional
        Anchura de la campana, en píxeles, mayor que 0; por defecto ``size / 5``, que deja en el kernel más
        del 97 % de la campana.

    Returns
    -------
    ndarray of float64, shape (size, size)
        Pesos positivos que suman 1.

    Raises
    ------
    TypeError
        Si ``size`` no es entero.
    ValueError
        Si ``size`` no es positivo e impar, o ``sigma`` no es positivo.

    Examples
    --------
    >>> gaussian(3, sigma=1).round(3)
    array([[0.075, 0.124, 0.075],
           [0.124, 0.204, 0.124],
           [0.075, 0.124, 0.075]])

    References
    ----------
    Szeliski, *Computer Vision: Algorithms and Applications* (2.ª ed., 2022), sección 3.2.
    """
    size = _check_odd(size)
    sigma = size / 5 if sigma is None else _check_number(sigma, "sigma")
    if sigma <= 0:
        raise ValueError(f"sigma debe ser mayor que 0 y ha llegado {sigma}: escribe, por ejemplo, sigma=1")
    distance = np.arange(size) - size // 2
    bell = np.exp(-(distance**2) / (2 * sigma**2))
    kernel = np.outer(bell, bell)
    return kernel / kernel.sum()


def sobel(edges="vertical") -> np.ndarray:
    """Kernel de Sobel: diferencia a través del borde, suavizada a lo largo de él.

    Parameters
    ----------
    edges : {"vertical", "horizontal"}
        Qué bordes resalta. Responde con positivos donde la imagen se aclara hacia la derecha (verticales) o
        hacia abajo (horizontales), y con negativos donde se oscurece.

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Pesos que suman 0: en una zona lisa la respuesta es nula.

    Raises
    ------
    ValueError
        Si ``edges`` no es ninguno de los dos.

    Examples
    --------
    >>> sobel()
    array([[-1,  0,  1],
           [-2,  0,  2],
           [-1,  0,  1]])

    References
    ----------
    Sobel y Feldman (1968), publicado en Duda y Hart, *Pattern Classification and Scene Analysis* (1973),
    p. 271.
    """
    if edges not in ("vertical", "horizontal"):
        raise ValueError(
            f"edges debe ser «vertical» u «horizontal» y ha llegado {shown(edges)}: elige uno de los dos"
        )
    kernel = np.outer([1, 2, 1], [-1, 0, 1])
    return kernel if edges == "vertical" else kernel.T


def oriented_edge(angle) -> np.ndarray:
    r"""Detector de bordes en cualquier dirección: una mezcla de los dos kernels de Sobel.

    .. math:: W = \cos\theta\; S_\text{vertical} - \sin\theta\; S_\text{horizontal}

    Parameters
    ----------
    angle : float
        Hacia dónde se aclara la imagen, en grados y en sentido contrario a las agujas del reloj: 0 hacia la
        derecha, 90 hacia arriba.

    Returns
    -------
    ndarray of float64, shape (3, 3)
        Pesos que suman 0.

    Raises
    ------
    TypeError
        Si ``angle`` no es un número.
    ValueError
        Si no es finito.

    Examples
    --------
    >>> oriented_edge(90).round(3) + 0
    array([[ 1.,  2.,  1.],
           [ 0.,  0.,  0.],
           [-1., -2., -1.]])

    References
    ----------
    Freeman y Adelson, «The design and use of steerable filters», IEEE TPAMI 13 (1991).
    """
    theta = math.radians(_check_number(angle, "angle"))
    return math.cos(theta) * sobel("vertical") - math.sin(theta) * sobel("horizontal")


def laplacian(neighbours=4) -> np.ndarray:
    """Laplaciano: cuánto se aparta cada píxel de sus vecinos; resalta los bordes en todas las direcciones.

    Parameters
    ----------
    neighbours : {4, 8}
        Vecinos que se miran: sin las diagonales o con ellas.

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Pesos que suman 0, con el centro negativo.

    Raises
    ------
    ValueError
        Si ``neighbours`` no es 4 ni 8.

    Examples
    --------
    >>> laplacian()
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])

    References
    ----------
    Gonzalez y Woods, *Digital Image Processing* (4.ª ed., 2018), sección 3.6.
    """
    if neighbours not in (4, 8):
        raise ValueError(f"neighbours debe ser 4 u 8 y ha llegado {shown(neighbours)}: elige uno de los dos")
    corner = 1 if neighbours == 8 else 0
    return np.array([[corner, 1, corner], [1, -neighbours, 1], [corner, 1, corner]])


def sharpen(amount=1) -> np.ndarray:
    """Realce: la imagen menos su laplaciano, que exagera las diferencias entre vecinos.

    Parameters
    ----------
    amount : float
        Cuánto se realza: 0 deja la imagen como está.

    Returns
    -------
    ndarray of int64 or float64, shape (3, 3)
        Pesos que suman 1; enteros si ``amount`` lo es.

    Raises
    ------
    TypeError
        Si ``amount`` no es un número.
    ValueError
        Si no es finito.

    Examples
    --------
    >>> sharpen()
    array([[ 0, -1,  0],
           [-1,  5, -1],
           [ 0, -1,  0]])

    References
    ----------
    Gonzalez y Woods, *Digital Image Processing* (4.ª ed., 2018), sección 3.6.
    """
    return identity() - _check_number(amount, "amount") * laplacian()


def named_kernel(name) -> Kernel:
    """Kernel de :data:`KERNELS` con ese nombre.

    Parameters
    ----------
    name : str
        Una de las claves de :data:`KERNELS`.

    Returns
    -------
    Kernel
        Con ``title``, ``values``, ``purpose`` y ``source``.

    Raises
    ------
    ValueError
        Si no hay ninguno con ese nombre.

    Examples
    --------
    >>> named_kernel("identity").values.sum()
    np.int64(1)

    References
    ----------
    La de cada kernel está en su campo ``source``.
    """
    if not isinstance(name, str) or name not in KERNELS:
        raise ValueError(
            f"no hay ningún kernel que se llame {shown(name)}: elige uno de {', '.join(sorted(KERNELS))}"
        )
    return KERNELS[name]


def _check_odd(size) -> int:
    size = check_integer(size, "size")
    if size % 2 == 0:
        raise ValueError(
            f"size debe ser impar, para que haya un centro, y ha llegado {size}: escribe size={size + 1}"
        )
    return size


def _check_number(value, name: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(
            f"{name} debe ser un número y ha llegado {shown(value)}: escribe, por ejemplo, {name}=1"
        )
    if not math.isfinite(value):
        raise ValueError(
            f"{name} debe ser un número finito y ha llegado {value}: escribe, por ejemplo, {name}=1"
        )
    return value


_SOBEL = "Sobel y Feldman (1968), en Duda y Hart, Pattern Classification and Scene Analysis (1973), p. 271"
_GONZALEZ = "Gonzalez y Woods, Digital Image Processing (4.ª ed., 2018), sección 3.6"
_SZELISKI = "Szeliski, Computer Vision: Algorithms and Applications (2.ª ed., 2022), sección 3.2"
_PREWITT = "Prewitt, «Object enhancement and extraction», en Picture Processing and Psychopictorics (1970)"
_FREEMAN = "Freeman y Adelson, «The design and use of steerable filters», IEEE TPAMI 13 (1991)"

#: Los kernels con nombre: los que se eligen en las figuras y en los ejercicios.
KERNELS: dict[str, Kernel] = {
    "identity": Kernel(
        "Identidad", identity(), "Deja la imagen como está.", "Elemento neutro de la convolución"
    ),
    "box": Kernel("Desenfoque uniforme", box(), "Promedia cada píxel con sus ocho vecinos.", _SZELISKI),
    "gaussian": Kernel(
        "Desenfoque gaussiano",
        np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "Promedia y da más peso al centro.",
        _SZELISKI,
    ),
    "sharpen": Kernel("Realce", sharpen(), "Exagera las diferencias entre píxeles vecinos.", _GONZALEZ),
    "sobel_vertical": Kernel(
        "Sobel: bordes verticales",
        sobel("vertical"),
        "Responde donde la imagen se aclara hacia la derecha.",
        _SOBEL,
    ),
    "sobel_horizontal": Kernel(
        "Sobel: bordes horizontales",
        sobel("horizontal"),
        "Responde donde la imagen se aclara hacia abajo.",
        _SOBEL,
    ),
    "prewitt_vertical": Kernel(
        "Prewitt: bordes verticales",
        np.outer([1, 1, 1], [-1, 0, 1]),
        "Como el de Sobel, sin dar más peso a la fila central.",
        _PREWITT,
    ),
    "edge_45": Kernel(
        "Bordes en diagonal",
        oriented_edge(45),
        "Responde donde la imagen se aclara hacia arriba a la derecha.",
        _FREEMAN,
    ),
    "laplacian": Kernel("Laplaciano", laplacian(), "Resalta los bordes en todas las direcciones.", _GONZALEZ),
}
