"""Los valores de una respuesta: hacerlos inofensivos, compararlos y enseñarlos."""

import math
import types
from dataclasses import dataclass

import numpy as np

LARGEST = 1_000_000  # elementos: por encima no se copia, solo se dice la forma
RELATIVE, ABSOLUTE = 1e-5, 1e-7  # tolerancia entre decimales


@dataclass(frozen=True)
class Unusable:
    """Lo que no se puede comparar con nada, y cómo llamarlo en un mensaje."""

    what: str


def tame(value, depth: int = 6):
    """Copia de un valor hecha solo de números, textos, tuplas y arrays de NumPy.

    Parameters
    ----------
    value : object
        Cualquier cosa que devuelva una respuesta. Puede lanzar excepciones al tocarla.
    depth : int
        Cuántas listas, una dentro de otra, se miran.

    Returns
    -------
    bool, int, float, str, tuple, ndarray or Unusable
        ``Unusable`` si no es un valor de ese tipo o es demasiado grande.

    Examples
    --------
    >>> tame([np.int64(3), [1.5, "a"]])
    (3, (1.5, 'a'))
    >>> tame(x for x in "abc")
    Unusable(what='un generador')
    """
    kind = type(value)
    if issubclass(kind, bool | np.bool_):
        return bool(value)
    if issubclass(kind, int | np.integer):
        return int(value)
    if issubclass(kind, float | np.floating):
        return float(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, list | tuple):
        if list.__len__(value) > LARGEST if issubclass(kind, list) else tuple.__len__(value) > LARGEST:
            return Unusable("una lista enorme")
        if not depth:
            return Unusable("una lista con demasiados niveles")
        return tuple(tame(item, depth - 1) for item in value)
    if issubclass(kind, np.ndarray) or (hasattr(kind, "__array__") and hasattr(value, "shape")):
        return _tame_array(value)
    return Unusable(kind_of(value))


def _tame_array(value):
    shape = tuple(int(side) for side in value.shape)
    if math.prod(shape) > LARGEST:
        return Unusable(f"un array de forma {shape}")
    array = np.array(value, subok=False)
    if array.dtype.kind not in "biuf":
        return Unusable(f"un array de tipo {array.dtype}")
    return tame(array[()]) if array.ndim == 0 else array


def kind_of(value) -> str:
    """Nombre en español de lo que es un valor, sin tocarlo.

    Examples
    --------
    >>> kind_of(int), kind_of({}), kind_of(lambda: 0)
    ('una clase', 'un diccionario', 'una función')
    """
    kind = type(value)
    names = {
        type(None): "`None`",
        bool: "un booleano",
        int: "un número entero",
        float: "un número decimal",
        complex: "un número complejo",
        str: "un texto",
        bytes: "bytes",
        list: "una lista",
        tuple: "una tupla",
        dict: "un diccionario",
        set: "un conjunto",
        range: "un `range`",
        np.ndarray: "un array",
        types.FunctionType: "una función",
        types.BuiltinFunctionType: "una función",
        types.MethodType: "un método",
        types.GeneratorType: "un generador",
        types.ModuleType: "un módulo",
        types.CoroutineType: "una corrutina",
    }
    if kind in names:
        return names[kind]
    return "una clase" if issubclass(kind, type) else f"un objeto de tipo `{kind.__name__}`"


def difference(expected, obtained) -> str:
    """En qué se diferencia lo obtenido de lo esperado.

    Parameters
    ----------
    expected, obtained : bool, int, float, str, tuple, ndarray or Unusable
        Valores ya inofensivos, de :func:`tame`.

    Returns
    -------
    {"", "type", "shape", "value"}
        Vacío si son iguales: los decimales, salvo redondeo; los textos, sin contar mayúsculas ni espacios.

    Examples
    --------
    >>> difference(26, 26.0), difference(26, 28), difference(26, "26"), difference((26, 26), (26,))
    ('', 'value', 'type', 'shape')
    """
    match expected:
        case bool() | str():
            if type(obtained) is not type(expected):
                return "type"
            same = (
                expected == obtained if isinstance(expected, bool) else _words(expected) == _words(obtained)
            )
            return "" if same else "value"
        case int() | float():
            if type(obtained) not in (int, float):
                return "type"
            return "" if _close(expected, obtained) else "value"
        case np.ndarray():
            return _array_difference(expected, obtained)
        case tuple():
            return _tuple_difference(expected, obtained)
    return "" if expected == obtained else "type"


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _close(expected, obtained) -> bool:
    if type(expected) is int and type(obtained) is int:
        return expected == obtained
    try:
        a, b = float(expected), float(obtained)
    except OverflowError:  # un entero que no cabe en un float
        return False
    relative = 0 if type(expected) is int else RELATIVE  # un recuento se acierta o no
    return math.isclose(a, b, rel_tol=relative, abs_tol=ABSOLUTE) or (math.isnan(a) and math.isnan(b))


def _array_difference(expected: np.ndarray, obtained) -> str:
    if isinstance(obtained, tuple):
        try:
            obtained = np.array(obtained, dtype=float)
        except (ValueError, TypeError, OverflowError):
            return "type"
    if not isinstance(obtained, np.ndarray):
        return "type"
    if expected.shape != obtained.shape:
        return "shape"
    close = np.allclose(
        np.asarray(obtained, dtype=float), expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True
    )
    return "" if close else "value"


def _tuple_difference(expected: tuple, obtained) -> str:
    if isinstance(obtained, np.ndarray):
        obtained = tame(obtained.tolist())
    if not isinstance(obtained, tuple):
        return "type"
    if len(expected) != len(obtained):
        return "shape"
    return next((kind for pair in zip(expected, obtained, strict=True) if (kind := difference(*pair))), "")


def show(value) -> str:
    """Texto corto de un valor, como se escribiría en Python.

    Examples
    --------
    >>> show((26, 26)), show(1 / 3), show(np.eye(2, dtype=int))
    ('(26, 26)', '0.333333', '[[1 0]\\n [0 1]]')
    """
    match value:
        case bool() | None:
            return str(value)
        case int():
            return str(value) if abs(value) < 10**20 else f"un entero de {value.bit_length()} bits"
        case float():
            return f"{value:.6g}"
        case str():
            return repr(value if len(value) <= 80 else value[:79] + "…")
        case np.ndarray():
            with np.printoptions(precision=4, threshold=80, edgeitems=3, suppress=True, linewidth=70):
                return str(value)
        case tuple() | list():
            inside = ", ".join(show(item) for item in value[:8]) + (", …" if len(value) > 8 else "")
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case Unusable():
            return value.what
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else kind_of(value)


def size_of(value) -> float:
    """Cuánto abulta un caso, para enseñar primero el más fácil de seguir a mano.

    Examples
    --------
    >>> size_of((5, 3)) < size_of((28, 3)) < size_of(np.ones((28, 28)))
    True
    """
    match value:
        case np.ndarray():
            return 100.0 * value.size + float(np.abs(value).sum())
        case tuple() | list():
            return 1.0 + sum(size_of(item) for item in value)
        case int() | float():
            return float(abs(value))
    return 1.0
