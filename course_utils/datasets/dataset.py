"""Un conjunto de imágenes con sus clases, y sus particiones."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from course_utils.checks import check_integer

RESERVED = 1 / 6  # parte del entrenamiento que se separa para validar


@dataclass(frozen=True, eq=False)
class Dataset:
    """Imágenes con sus etiquetas, su procedencia y su licencia.

    Parameters
    ----------
    name : str
        Nombre corto: ``"fashion-mnist"``.
    x_train, x_test : ndarray of uint8, shape (N, H, W, C)
        Imágenes, de 0 a 255.
    y_train, y_test : ndarray of int64, shape (N,)
        Clase de cada imagen, desde 0.
    class_names : tuple of str
        Nombre en español de cada clase.
    provenance : str
        De dónde salen las imágenes.
    licence : str
        En qué condiciones se pueden usar.
    is_stand_in : bool
        Si son datos sustitutos, dibujados por el curso.

    Raises
    ------
    ValueError
        Si imágenes y etiquetas no casan, o hay una etiqueta sin nombre.

    Examples
    --------
    >>> from course_utils.datasets import load_fashion_mnist
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> data.class_names[data.y_test[0]]
    'abrigo'
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    provenance: str
    licence: str
    is_stand_in: bool

    def __post_init__(self):
        for part in ("train", "test"):
            x, y = getattr(self, f"x_{part}"), getattr(self, f"y_{part}")
            if x.ndim != 4 or x.dtype != np.uint8 or y.shape != x.shape[:1]:
                raise ValueError(
                    f"{self.name}: las imágenes de {part} tienen forma {x.shape} y tipo {x.dtype}, y sus "
                    f"etiquetas forma {y.shape}; se esperaban (n, fila, columna, canal), uint8 y (n,)"
                )
            if len(y) == 0 or y.min() < 0 or y.max() >= len(self.class_names):
                raise ValueError(
                    f"{self.name}: las etiquetas de {part} deben ir de 0 a {len(self.class_names) - 1}, "
                    "una por imagen: revisa el archivo de etiquetas"
                )
            x.setflags(write=False)
            y.setflags(write=False)

    def __repr__(self):
        kind = "sustituto" if self.is_stand_in else "real"
        return f"<Dataset {self.name} ({kind}): {len(self.x_train)} + {len(self.x_test)} imágenes>"

    @cached_property
    def fingerprint(self) -> str:
        """Dieciséis cifras hexadecimales que cambian si cambia un solo píxel o etiqueta."""
        digest = hashlib.sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array))
        return digest.hexdigest()[:16]


def split_validation(data: Dataset):
    """Separa del entrenamiento, al azar pero siempre igual, la sexta parte para validar.

    Parameters
    ----------
    data : Dataset
        Conjunto de datos; su parte de prueba no se toca.

    Returns
    -------
    (x_fit, y_fit), (x_val, y_val) : tuple of tuples of ndarray
        Imágenes y etiquetas para ajustar la red, y para elegir entre redes.

    Raises
    ------
    ValueError
        Si hay tan pocas imágenes que no queda ninguna para validar.

    Examples
    --------
    >>> from course_utils.datasets import load_fashion_mnist
    >>> data = load_fashion_mnist(stand_in=True)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    >>> len(x_fit), len(x_val)
    (1333, 267)
    """
    n = len(data.x_train)
    reserved = round(n * RESERVED)
    if reserved == 0:
        raise ValueError(f"con {n} imágenes de entrenamiento no queda ninguna para validar: usa al menos 4")
    order = np.random.default_rng(0).permutation(n)
    val, fit = np.sort(order[:reserved]), np.sort(order[reserved:])
    return (data.x_train[fit], data.y_train[fit]), (data.x_train[val], data.y_train[val])


def first_images(data: Dataset, train: int, test: int) -> Dataset:
    """Un conjunto más pequeño, con las primeras imágenes de cada parte: para experimentos de pocos minutos.

    Parameters
    ----------
    data : Dataset
        Conjunto de datos; no se modifica.
    train, test : int
        Imágenes de entrenamiento y de prueba que quedan, como mucho las que hay.

    Raises
    ------
    TypeError, ValueError
        Si algún número no es entero o es menor que 1.

    Examples
    --------
    >>> from course_utils.datasets import load_fashion_mnist
    >>> data = first_images(load_fashion_mnist(stand_in=True), train=100, test=20)
    Fashion-MNIST: datos sustitutos, dibujados por el curso.
    >>> len(data.x_train), len(data.x_test)
    (100, 20)
    """
    train, test = check_integer(train, "train"), check_integer(test, "test")
    return replace(
        data,
        x_train=data.x_train[:train],
        y_train=data.y_train[:train],
        x_test=data.x_test[:test],
        y_test=data.y_test[:test],
    )
