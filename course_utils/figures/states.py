"""Los estados de las figuras: traits que comprueban lo que llega, también lo que llega del navegador.

Un valor malo da un ``TraitError`` en español con lo que ha llegado, lo que se esperaba y qué cambiar; el
estado anterior se conserva.
"""

import json

import numpy as np
from traitlets import TraitError, TraitType

from course_utils.checks import check_array, check_integer, shown
from course_utils.style import number_text


class State(TraitType):
    """Estado que Python y el navegador comparten; ``check`` devuelve el valor limpio o explica el problema.

    >>> Whole(3, minimum=1, maximum=11).metadata["sync"]
    True
    """

    allow_none = False

    def __init__(self, default):
        super().__init__(default_value=default)
        self.tag(sync=True, course_state=True)

    def validate(self, obj, value):
        """El valor limpio; lo llama traitlets en cada asignación."""
        try:
            return self.check(value)
        except (TypeError, ValueError) as error:
            raise TraitError(str(error)) from None

    def check(self, value):
        """El valor limpio, o una excepción que explica por qué no sirve."""
        raise NotImplementedError


def check_same_size(figure, proposal, first, second):
    """Comprueba que dos estados de la misma imagen miden lo mismo: para un ``@validate`` de los dos.

    Al crear la figura llegan los dos a la vez, y traitlets los comprueba cuando ya están puestos.
    """
    values = {name: getattr(figure, name) for name in (first, second)} | {proposal.trait.name: proposal.value}
    one, other = np.shape(values[first]), np.shape(values[second])
    if one != other:
        raise TraitError(
            f"{first} mide {one} y {second} {other}: son de la misma imagen y deben medir lo mismo; "
            "cámbialas a la vez con «with figure.hold_trait_notifications():»"
        )
    return proposal.value


class Whole(State):
    """Entero entre ``minimum`` y ``maximum``, los dos incluidos.

    >>> Whole(1, minimum=1, maximum=3).check(np.int64(2))
    2
    """

    def __init__(self, default, minimum, maximum):
        super().__init__(default)
        self.minimum, self.maximum = minimum, maximum

    def check(self, value):
        """Un ``int`` dentro de los límites."""
        number = check_integer(value, self.name, self.minimum)
        if number > self.maximum:
            raise ValueError(
                f"{self.name} debe ser {self.maximum} o menos y ha llegado {number}: "
                f"escribe, por ejemplo, {self.name}={self.maximum}"
            )
        return number


class Fraction(State):
    """Número entre ``minimum`` y ``maximum``, los dos incluidos: un umbral, una fuerza, una tasa.

    >>> Fraction(0.5).check(np.float64(0.25))
    0.25
    """

    def __init__(self, default, minimum=0, maximum=1):
        super().__init__(default)
        self.minimum, self.maximum = minimum, maximum

    def check(self, value):
        """Un número de Python con seis decimales como mucho."""
        example = self.default_value
        number = check_array(value, self.name, {0: "(un solo número)"}, f"escribe, por ejemplo, {example}")
        if not self.minimum <= number <= self.maximum:
            raise ValueError(
                f"{self.name} debe estar entre {number_text(self.minimum)} y {number_text(self.maximum)} "
                f"y ha llegado {shown(value)}: escribe, por ejemplo, {self.name}={example}"
            )
        return Numbers.clean(number)


class Choice(State):
    """Uno de los valores de ``options``.

    >>> Choice("max", ("max", "average")).check("average")
    'average'
    """

    def __init__(self, default, options):
        super().__init__(default)
        self.options = tuple(options)

    def check(self, value):
        """El mismo valor, si es uno de los admitidos."""
        if isinstance(value, str | int | float | bool) and value in self.options:
            return self.options[self.options.index(value)]  # True, y no 1
        options = ", ".join(repr(option) for option in self.options)
        raise ValueError(
            f"{self.name} debe ser uno de {options} y ha llegado {shown(value)}: elige uno de ellos"
        )


class Padding(Whole):
    """Relleno: un entero de 0 a ``maximum``, «valid» o «same».

    >>> Padding(0, maximum=5).check("same")
    'same'
    """

    def __init__(self, default, maximum):
        super().__init__(default, 0, maximum)

    def check(self, value):
        """El entero, o una de las dos palabras."""
        if isinstance(value, str):
            if value in ("valid", "same"):
                return value
            raise ValueError(
                f"{self.name} debe ser «valid», «same» o un entero de 0 a {self.maximum} y ha llegado "
                f"{shown(value)}: escribe, por ejemplo, {self.name}=1"
            )
        return super().check(value)


class Numbers(State):
    """Array de números finitos, guardado como tuplas para que nadie lo cambie sin que la figura se entere.

    ``axes`` son los nombres de los ejes, separados por comas (``"fila, columna"``); ``most`` y ``least``, la
    longitud mayor y menor de cada uno (por defecto, al menos 1); ``limit`` y ``minimum``, el mayor y el menor
    valor admitidos (por defecto, ``minimum`` es −``limit``).

    >>> Numbers([[0]], "fila, columna", (64, 64)).check(np.eye(2))
    ((1, 0), (0, 1))
    """

    def __init__(self, default, axes, most, least=None, limit=1000, minimum=None):
        super().__init__(default)
        self.axes, self.most, self.limit = axes, most, limit
        self.minimum = -limit if minimum is None else minimum
        self.least = least or (1,) * len(most)
        self.default_value = self.clean(np.asarray(default))

    def check(self, value):
        """Tuplas anidadas de números de Python, con los decimales justos."""
        array = check_array(value, self.name, {len(self.most): f"({self.axes})"}, "añade o quita corchetes")
        for axis, size, least, most in zip(
            self.axes.split(", "), array.shape, self.least, self.most, strict=True
        ):
            if not least <= size <= most:
                raise ValueError(
                    f"{self.name} admite de {least} a {most} en el eje «{axis}» y ha llegado {shown(array)}: "
                    "cambia su tamaño"
                )
        if array.max() > self.limit or array.min() < self.minimum:
            worst = array.max() if array.max() > self.limit else array.min()
            raise ValueError(
                f"{self.name} debe tener valores entre {number_text(self.minimum)} y "
                f"{number_text(self.limit)} y llega a {worst:g}: divídelos, por ejemplo, entre su máximo"
            )
        return self.clean(array)

    @staticmethod
    def clean(array):
        """De array a tuplas; los enteros, sin punto decimal, y los demás con seis cifras."""

        def plain(item):
            if isinstance(item, list):
                return tuple(map(plain, item))
            item = round(float(item), 6)
            return int(item) if item.is_integer() else item

        return plain(array.tolist())


class Labels(Numbers):
    """Array de números enteros de 0 a ``limit``: una máscara, o el número de objeto de cada píxel.

    Lo demás, como en :class:`Numbers`.

    >>> Labels([[0]], "fila, columna", (24, 24), limit=1).check(np.eye(2, dtype=bool))
    ((1, 0), (0, 1))
    """

    def __init__(self, default, axes, most, limit=1):
        super().__init__(default, axes, most, limit=limit, minimum=0)

    def check(self, value):
        """Tuplas anidadas de enteros de Python."""
        clean = super().check(value)
        if any(isinstance(item, float) for item in np.ravel(np.array(clean, object))):
            raise ValueError(
                f"{self.name} debe tener enteros de 0 a {self.limit} y ha llegado alguno con decimales: "
                "si son probabilidades, compáralas antes con un umbral"
            )
        return clean


class Records(State):
    """Lista de fichas con los mismos campos enteros: las capas de una pila, los objetos de una escena.

    ``fields`` dice los límites de cada campo, ``kinds`` los valores del campo ``kind``, ``most`` cuántas
    fichas caben y ``one`` y ``many``, cómo se llaman en los mensajes.

    >>> stack = Records([{"kind": "conv", "kernel_size": 3}], {"kernel_size": (1, 7)}, ("conv", "pool"), 6)
    >>> stack.check([{"kind": "pool", "kernel_size": 2}])
    ({'kind': 'pool', 'kernel_size': 2},)
    """

    def __init__(self, default, fields, kinds, most, one="la capa", many="capas"):
        super().__init__(tuple(default))
        self.fields, self.kinds, self.most, self.one, self.many = fields, kinds, most, one, many

    def check(self, value):
        """Tupla de fichas comprobadas, con todos sus campos."""
        if not isinstance(value, tuple | list) or not 1 <= len(value) <= self.most:
            raise ValueError(
                f"{self.name} debe ser una lista de 1 a {self.most} {self.many} y ha llegado {shown(value)}: "
                f"escribe, por ejemplo, {self.name}={json.dumps(list(self.default_value[:1]))}"
            )
        return tuple(self._check_record(number, record) for number, record in enumerate(value, 1))

    def _check_record(self, number, record):
        allowed, name = {"kind": None} | self.fields, f"{self.one} {number}"
        if (
            not isinstance(record, dict)
            or not record.keys() <= allowed.keys()
            or record.get("kind") not in self.kinds
        ):
            raise ValueError(
                f"{name} de {self.name} debe ser un diccionario con kind "
                f"({' o '.join(self.kinds)}) y "
                f"{', '.join(self.fields)}; ha llegado {shown(record)}: corrige sus campos"
            )
        clean = {"kind": record["kind"]}
        for field, (least, most) in self.fields.items():
            if field not in record:
                raise ValueError(
                    f"{_joined('a', name)} de {self.name} le falta {field}: añádelo, de {least} a {most}"
                )
            clean[field] = check_integer(record[field], f"{field} {_joined('de', name)}", least)
            if clean[field] > most:
                raise ValueError(
                    f"{field} {_joined('de', name)} debe ser {most} o menos y ha llegado {clean[field]}: "
                    "redúcelo"
                )
        return clean


def _joined(preposition, name):
    """«a la capa 1», «al objeto 1», «del objeto 1»."""
    return f"{preposition} {name}".replace("a el ", "al ").replace("de el ", "del ")


class Named(State):
    """Diccionario de matrices con nombre, de ``most`` filas y columnas como mucho, para elegir de una lista.

    >>> Named({"Identidad": [[1]]}, 7).check({"Doble": [[2]]})
    {'Doble': ((2,),)}
    """

    def __init__(self, default, most):
        super().__init__({name: Numbers.clean(np.asarray(value)) for name, value in default.items()})
        self.most = most

    def check(self, value):
        """El diccionario con matrices comprobadas."""
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise ValueError(
                f"{self.name} debe ser un diccionario de nombres y matrices y ha llegado {shown(value)}: "
                f"escribe, por ejemplo, {self.name}={{'Identidad': [[1]]}}"
            )
        one = Numbers([[0]], "fila, columna", (self.most, self.most))
        one.name = self.name
        return {name: one.check(matrix) for name, matrix in value.items()}
