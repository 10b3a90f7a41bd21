"""Los valores de una respuesta: hacerlos inofensivos, compararlos y enseñarlos."""

import math
import re
import types
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from course_utils.exercises.placeholder import Placeholder, Unfilled

LARGEST = 1_000_000  # elementos: por encima no se copia, solo se dice la forma
RELATIVE, ABSOLUTE = 1e-5, 1e-7  # tolerancia entre decimales
HALF = 2e-3  # tolerancia con decimales de 16 bits, que guardan tres cifras


@dataclass(frozen=True)
class Unusable:
    """Lo que no se puede comparar con nada, y cómo llamarlo en un mensaje."""

    what: str


def tame(value, depth: int = 6):
    """Copia de un valor hecha de números, textos, tuplas y arrays de NumPy; si no se puede, ``Unusable``.

    De las listas, una dentro de otra, se miran ``depth``. El valor puede lanzar excepciones al tocarlo.

    Examples
    --------
    >>> tame([np.int64(3), [1.5, "a"]])
    (3, (1.5, 'a'))
    >>> tame(x for x in "abc")
    Unusable(what='un generador')
    """
    kind = type(value)
    if kind is Placeholder:
        raise Unfilled
    if issubclass(kind, bool | np.bool_):
        return bool(value)
    if issubclass(kind, int | np.integer):
        return int(value)
    if issubclass(kind, float | np.floating | Fraction | Decimal):
        return float(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, range):
        return tuple(value) if len(value) <= LARGEST else Unusable("un `range` enorme")
    if issubclass(kind, list | tuple):
        if list.__len__(value) > LARGEST if issubclass(kind, list) else tuple.__len__(value) > LARGEST:
            return Unusable("una lista enorme")
        if not depth:
            return Unusable("una lista con demasiados niveles")
        return tuple(tame(item, depth - 1) for item in value)
    if kind.__name__ == "TensorShape" and kind.__module__.startswith("tensorflow") and value.rank is not None:
        return tame(value.as_list(), depth)  # la ``shape`` de un tensor
    if issubclass(kind, np.ndarray) or (
        hasattr(kind, "shape") and (hasattr(kind, "__array__") or hasattr(kind, "toarray"))
    ):
        return _tame_array(value, depth)
    return Unusable(kind_of(value))


def _tame_array(value, depth: int):
    try:
        shape = tuple(int(side) for side in value.shape)
        if math.prod(shape) > LARGEST:
            return Unusable(f"un array de forma `{shape}`")
        if np.ma.is_masked(value):
            return Unusable("un array con posiciones enmascaradas")
        dense = value.toarray() if hasattr(value, "toarray") else value  # una matriz dispersa de SciPy
        array = np.array(dense, subok=False)
    except Exception:  # un tensor simbólico, o uno con gradiente de otra biblioteca
        return Unusable(f"{kind_of(value)} del que no se pueden leer números")
    if array.dtype.kind in "OU" and depth and array.shape == shape:
        return tame(array.tolist(), depth - 1)
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        return Unusable(f"un array de tipo `{array.dtype}`")
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
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
        map: "un `map`",
        zip: "un `zip`",
        filter: "un `filter`",
        types.ModuleType: "un módulo",
        types.CoroutineType: "una corrutina",
    }
    if kind in names:
        return names[kind]
    return "una clase" if issubclass(kind, type) else f"un objeto de tipo `{kind.__name__}`"


@dataclass(frozen=True)
class Difference:
    """La primera diferencia entre lo esperado y lo obtenido.

    Parameters
    ----------
    kind : {"type", "shape", "value"}
        Si se comparan cosas distintas, del mismo tipo pero de otro tamaño, o solo cambia un valor.
    expected, obtained : object
        Las dos partes que difieren.
    path : tuple of int
        Dónde están: (0, 2) es el tercer elemento del primero. Vacío si difiere el conjunto.
    """

    kind: str
    expected: object
    obtained: object
    path: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        """El sitio, en palabras: «3.er elemento del 1.er elemento»."""
        ends = [".er" if index % 10 in (0, 2) else ".º" for index in self.path]
        steps = [f"{index + 1}{end} elemento" for index, end in zip(self.path, ends, strict=True)]
        return " del ".join(reversed(steps))

    def explain(self) -> str:
        """Frase con lo que difiere, para las de tipo y de forma.

        Examples
        --------
        >>> first_difference(((1, 2), (3, 4)), ((1, 2), (3, 4, 5))).explain()
        'En el 2.º elemento se espera una lista o tupla de 2 elementos y has dado una de 3.'
        """
        opening = f"En el {self.where} se espera" if self.path else "Se espera"
        if self.kind == "type":
            return f"{opening} {_wanted(self.expected)} y has dado {_given(self.obtained)}."
        if isinstance(self.expected, np.ndarray):
            shape = np.shape(self.obtained)
            return f"{opening} un array de forma `{self.expected.shape}` y has dado uno de forma `{shape}`."
        wanted = _elements(len(self.expected))
        return f"{opening} una lista o tupla de {wanted} y has dado una de {len(self.obtained)}."


def _elements(count: int) -> str:
    return "1 elemento" if count == 1 else f"{count} elementos"


def _wanted(value) -> str:
    match value:
        case np.ndarray():
            return f"un array de forma `{value.shape}`"
        case tuple():
            return f"una lista o tupla con {_elements(len(value))}"
        case bool():
            return "un booleano, `True` o `False`,"
        case int() | float():
            return "un número"
    return kind_of(value)


def _given(value) -> str:
    match value:
        case Unusable():
            return value.what
        case np.ndarray():
            return f"un array de forma `{value.shape}`"
        case tuple():
            return f"una lista o tupla con {_elements(len(value))}"
    return f"{kind_of(value)}, `{show(value)}`"


def difference(expected, obtained) -> str:
    """En qué se diferencian dos valores de :func:`tame`: ``"type"``, ``"shape"``, ``"value"`` o nada.

    Los decimales, salvo redondeo; los textos, sin contar mayúsculas ni espacios.

    Examples
    --------
    >>> difference(26, 26.0), difference(26, 28), difference(26, "26"), difference((26, 26), (26,))
    ('', 'value', 'type', 'shape')
    """
    found = first_difference(expected, obtained)
    return found.kind if found else ""


def first_difference(expected, obtained) -> Difference | None:
    """La primera diferencia, con su sitio; None si no hay ninguna. De tipo antes que de forma, y de valor.

    Examples
    --------
    >>> first_difference((1, (2, 3)), (1, (2, "3")))
    Difference(kind='type', expected=3, obtained='3', path=(1, 1))
    """
    match expected:
        case bool():
            kind = "type" if type(obtained) is not bool else "" if expected == obtained else "value"
        case str():
            same = type(obtained) is str and _words(expected) == _words(obtained)
            kind = "type" if type(obtained) is not str else "" if same else "value"
        case int() | float():
            is_number = type(obtained) in (int, float)
            kind = "type" if not is_number else "" if _close(expected, obtained) else "value"
        case np.ndarray():
            return _array_difference(expected, obtained)
        case tuple():
            return _tuple_difference(expected, obtained)
        case _:
            kind = "" if expected == obtained else "type"
    return Difference(kind, expected, obtained) if kind else None


def _words(text: str) -> list[str]:
    """Las palabras de un texto, sin mayúsculas ni puntuación final; «180°» son «180 grados»."""
    return re.sub("[°º]", " grados", text.casefold()).rstrip(" \t\n\u00a0.,;:!?…").split()


def _close(expected, obtained) -> bool:
    if type(expected) is int and type(obtained) is int:
        return expected == obtained
    try:
        a, b = float(expected), float(obtained)
    except OverflowError:  # un entero que no cabe en un float
        return False
    relative = 0 if type(expected) is int else RELATIVE  # un recuento se acierta o no
    return math.isclose(a, b, rel_tol=relative, abs_tol=ABSOLUTE) or (math.isnan(a) and math.isnan(b))


def slack(wrong: float, tolerance: float = 0) -> float:
    """Cuánto puede apartarse un número de un error previsto: si tiene muchos decimales, se escribe con dos.

    Examples
    --------
    >>> slack(16 / 3), slack(2.5), slack(2.5, 0.01)
    (0.005, 0, 0.01)
    """
    return max(tolerance, 0.005 if abs(wrong - round(wrong, 2)) > 1e-9 else 0)


def _array_difference(expected: np.ndarray, obtained) -> Difference | None:
    if isinstance(obtained, tuple):
        try:
            array = np.array(obtained)
        except ValueError:  # filas de distinta longitud
            array = np.empty(0, object)
        if array.dtype.kind not in "biuf":
            return _tuple_difference(tame(expected.tolist()), obtained)
        obtained = array
    if not isinstance(obtained, np.ndarray):
        return Difference("type", expected, obtained)
    if expected.shape != obtained.shape:
        return Difference("shape", expected, obtained)
    relative = HALF if obtained.dtype == np.float16 else RELATIVE
    close = np.allclose(
        np.asarray(obtained, dtype=float), expected, rtol=relative, atol=ABSOLUTE, equal_nan=True
    )
    return None if close else Difference("value", expected, obtained)


def _tuple_difference(expected: tuple, obtained) -> Difference | None:
    if isinstance(obtained, np.ndarray):
        obtained = tame(obtained.tolist())
    if not isinstance(obtained, tuple):
        return Difference("type", expected, obtained)
    if len(expected) != len(obtained):
        return Difference("shape", expected, obtained)
    found = [
        Difference(inner.kind, inner.expected, inner.obtained, (index, *inner.path))
        for index, pair in enumerate(zip(expected, obtained, strict=True))
        if (inner := first_difference(*pair))
    ]
    return min(found, key=lambda inner: ("type", "shape", "value").index(inner.kind), default=None)


def show(value, digits: int = 6, items: int = 8) -> str:
    """Texto corto de un valor, como se escribiría en Python.

    Parameters
    ----------
    digits : int
        Cifras de los números con decimales.
    items : int
        Elementos que se enseñan de una lista; de un array, diez veces más.

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
            return f"{value:.{digits}g}"
        case str():
            return repr(value if len(value) <= 80 else value[:79] + "…")
        case np.ndarray():
            options = {"edgeitems": 3, "suppress": True, "linewidth": 70}
            if value.dtype.kind == "f":
                value = value.astype(float)  # los de 16 y 32 bits se escriben redondeados
            with np.printoptions(precision=digits - 2, threshold=10 * items, **options):
                return str(value)
        case tuple() | list():
            inside = ", ".join(show(item, digits, items) for item in value[:items])
            inside += ", …" if len(value) > items else ""
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case Unusable():
            return value.what
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else kind_of(value)


def show_apart(expected, obtained) -> tuple[str, str]:
    """Los textos de dos valores distintos, con las cifras y los elementos que hagan falta para verlo.

    Examples
    --------
    >>> show_apart(100480, 100480.5), show_apart(np.array([0.20581]), np.array([0.2058]))
    (('100480', '100480.5'), ('[0.20581]', '[0.2058]'))
    """
    texts = show(expected), show(obtained)
    for digits, items in ((10, 8), (17, 8), (17, 100)):
        if texts[0] != texts[1]:
            break
        texts = show(expected, digits, items), show(obtained, digits, items)
    return texts


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
