"""Comprobar argumentos: lo que no encaja se explica con qué ha llegado, qué se esperaba y qué cambiar."""

import operator
from collections.abc import Mapping

import numpy as np

#: Cómo se llaman los ejes, según cuántos haya.
MATRIX_AXES = {2: "(fila, columna)"}
IMAGE_AXES = MATRIX_AXES | {3: "(fila, columna, canal)"}
BATCH_AXES = {4: "(lote, fila, columna, canal)"}
#: El número con el que los mapas de clases suelen marcar los píxeles que no cuentan («void»).
VOID = 255


def shown(value) -> str:
    """Texto corto de un valor para un mensaje de error.

    Parameters
    ----------
    value : object
        Lo que ha llegado. De un array se dice la forma y el tipo; de lo demás, su ``repr`` y su tipo.

    Returns
    -------
    str
        Una sola línea de menos de cien caracteres.

    Examples
    --------
    >>> shown(2.5)
    '2.5 (float)'
    >>> shown(np.zeros((3, 3)))
    'un array de forma (3, 3) y tipo float64'
    """
    if isinstance(value, np.ndarray):
        return f"un array de forma {value.shape} y tipo {value.dtype}"
    text = " ".join(repr(value).split())
    return f"{text if len(text) <= 60 else text[:57] + '…'} ({type(value).__name__})"


def check_integer(value, name: str, minimum: int = 1) -> int:
    """Devuelve ``value`` como entero de Python, o explica por qué no sirve.

    Parameters
    ----------
    value : int
        Entero de Python o de NumPy. Ni los booleanos ni los decimales valen, tampoco 3.0.
    name : str
        Nombre del argumento, para el mensaje.
    minimum : int
        Menor valor admitido.

    Raises
    ------
    TypeError, ValueError
        Si no es un entero, o es menor que ``minimum``.

    Examples
    --------
    >>> check_integer(np.int64(3), "kernel_size")
    3
    >>> check_integer(0, "stride")
    Traceback (most recent call last):
    ...
    ValueError: stride debe ser 1 o más y ha llegado 0: escribe, por ejemplo, stride=1
    """
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} debe ser un número entero y ha llegado {shown(value)}: "
            f"escríbelo sin decimales, por ejemplo {name}={max(minimum, 2)}"
        ) from None
    if number < minimum:
        raise ValueError(
            f"{name} debe ser {minimum} o más y ha llegado {number}: escribe, por ejemplo, {name}={minimum}"
        )
    return number


def check_pair(value, name: str, minimum: int = 1) -> tuple[int, int]:
    """Devuelve (filas, columnas) a partir de un entero, que vale para los dos ejes, o de una pareja.

    Parameters
    ----------
    value : int or tuple of (int, int)
        Un entero o dos, en el orden (filas, columnas).
    name, minimum
        Como en :func:`check_integer`.

    Raises
    ------
    TypeError, ValueError
        Si no son dos, o alguno no vale en :func:`check_integer`.

    Examples
    --------
    >>> check_pair(3, "kernel_size"), check_pair((5, 3), "kernel_size")
    ((3, 3), (5, 3))
    """
    if isinstance(value, tuple | list | np.ndarray) and np.ndim(value) > 0:
        if len(value) != 2:
            raise ValueError(
                f"{name} debe ser un entero o una pareja (filas, columnas) y ha llegado {shown(value)}: "
                f"escribe, por ejemplo, {name}=({minimum}, {minimum})"
            )
        return check_integer(value[0], name, minimum), check_integer(value[1], name, minimum)
    number = check_integer(value, name, minimum)
    return number, number


def check_array(value, name: str, axes: Mapping[int, str], hint: str = "") -> np.ndarray:
    """Devuelve ``value`` como array de números finitos con los ejes esperados; nunca lo modifica.

    Parameters
    ----------
    value : array_like
        Lista, array o tensor de números reales: enteros, booleanos o decimales.
    name : str
        Nombre del argumento, para el mensaje.
    axes : mapping of int to str
        Cuántos ejes se admiten y cómo se llaman: ``{2: "(fila, columna)"}``.
    hint : str
        Qué cambiar cuando los ejes no son los esperados.

    Returns
    -------
    ndarray
        El mismo array, sin copiarlo si ya lo era.

    Raises
    ------
    TypeError, ValueError
        Si hay complejos, textos u objetos, NaN o infinitos, sobran o faltan ejes, las filas no miden lo mismo
        o está vacío.

    Examples
    --------
    >>> check_array([[1, 2], [3, 4]], "image", {2: "(fila, columna)"}).shape
    (2, 2)
    >>> check_array([[1, 2], [3]], "image", {2: "(fila, columna)"})
    Traceback (most recent call last):
    ...
    ValueError: image tiene filas de distinta longitud: completa las cortas para que todas midan lo mismo
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} tiene filas de distinta longitud: completa las cortas para que todas midan lo mismo"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} debe tener números reales y ha llegado {shown(array)}: "
            "conviértelo antes, por ejemplo con np.asarray(datos, dtype=float)"
        )
    if array.ndim not in axes:
        expected = " o ".join(
            f"{number} {'eje' if number == 1 else 'ejes'} {names}" for number, names in axes.items()
        )
        raise ValueError(
            f"{name} debe tener {expected} y ha llegado {shown(array)}{': ' + hint if hint else ''}"
        )
    if array.size == 0:
        raise ValueError(
            f"{name} está vacío, tiene forma {array.shape}: hace falta al menos un valor por eje"
        )
    if array.dtype.kind == "f" and not (np.isfinite(array.min()) and np.isfinite(array.max())):
        raise ValueError(
            f"{name} contiene NaN o infinitos: búscalos con np.isfinite(datos) y decide qué poner en su lugar"
        )
    return array


def is_void_only(labels: np.ndarray, classes: int) -> bool:
    """Si lo único que se sale de las clases 0, …, ``classes - 1`` de unas etiquetas es el 255 de *void*.

    Parameters
    ----------
    labels : ndarray of int
        Clase de cada píxel.
    classes : int
        Número de clases.

    Examples
    --------
    >>> is_void_only(np.array([0, 1, 255]), classes=2), is_void_only(np.array([0, 2, 255]), classes=2)
    (True, False)
    """
    outside = labels[(labels < 0) | (labels >= classes)]
    return len(outside) > 0 and bool((outside == VOID).all())
