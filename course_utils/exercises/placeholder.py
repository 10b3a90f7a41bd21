"""El hueco ``____`` de los enunciados: se puede operar con él y no deja de ser un hueco."""

from numpy import ndarray


class Unfilled(Exception):
    """Se ha necesitado el valor de un hueco que nadie ha rellenado."""

    def __init__(self):
        super().__init__("quedan huecos ____ por rellenar: escribe ahí tu respuesta")


class Placeholder:
    """Lo que vale ``____``: cualquier operación con un hueco da otra vez un hueco.

    Así una celda sin rellenar se ejecuta sin errores y el comprobador sabe que está sin intentar.

    Examples
    --------
    >>> HOLE + 1, HOLE(3)[0]
    (____, ____)
    >>> list(range(HOLE))
    Traceback (most recent call last):
    ...
    course_utils.exercises.placeholder.Unfilled: quedan huecos ____ por rellenar: escribe ahí tu respuesta
    """

    def __repr__(self):
        return "____"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _same(self, *arguments, **options):
        return self

    def _needs_value(self, *arguments):
        raise Unfilled

    __call__ = __getitem__ = __array_ufunc__ = __array_function__ = _same
    __add__ = __sub__ = __mul__ = __matmul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _same
    __radd__ = __rsub__ = __rmul__ = __rmatmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _same
    __neg__ = __pos__ = __abs__ = __lt__ = __le__ = __gt__ = __ge__ = _same
    __int__ = __float__ = __index__ = __bool__ = __len__ = __iter__ = __array__ = _needs_value


HOLE = Placeholder()


def has_holes(value, depth: int = 4) -> bool:
    """Si queda algún hueco en un valor, en una lista o en el código de una función.

    Examples
    --------
    >>> has_holes([(26, 26, 8), HOLE]), has_holes([(26, 26, 8)])
    (True, False)
    """
    kind = type(value)  # isinstance consulta __class__, que en una respuesta puede ser cualquier cosa
    if kind is Placeholder:
        return True
    if kind in (list, tuple) and depth and len(value) <= 100:
        return any(has_holes(item, depth - 1) for item in value)
    if kind is dict and depth and len(value) <= 100:
        return any(has_holes(item, depth - 1) for item in value.values())
    if kind is ndarray and value.dtype == object and value.size <= 100:
        return any(type(item) is Placeholder for item in value.flat)
    code = getattr(value, "__code__", None) if kind is type(has_holes) else None
    return code is not None and _mentions_hole(code)


def _mentions_hole(code) -> bool:
    return "____" in code.co_names or any(
        _mentions_hole(constant) for constant in code.co_consts if type(constant) is type(code)
    )
