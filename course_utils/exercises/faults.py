"""Explica una excepción de quien responde: tipo, línea y causa probable."""

import re
import traceback

from course_utils.exercises.runner import line_text

#: Tipo de la excepción, patrón de su texto y causa. Un texto que no está aquí se queda sin causa.
CAUSES = (
    (UnboundLocalError, "", "se usa una variable antes de darle un valor dentro de la función"),
    (NameError, "is not defined", "se usa un nombre que no existe: revisa cómo está escrito y si "
                                  "ejecutaste la celda que lo define"),
    (RecursionError, "", "hay demasiadas llamadas unas dentro de otras: si la función se llama a sí misma, "
                         "comprueba que llega a un caso que termina"),
    (ZeroDivisionError, "division|modulo|divided", "se divide entre cero: comprueba qué argumentos llegan"),
    (ZeroDivisionError, "negative", "se eleva 0 a una potencia negativa"),
    (OverflowError, "range error|out of range|Result too large|to float",
     "sale un número que no cabe en un `float`"),
    (ModuleNotFoundError, "", "falta una biblioteca o su nombre está mal escrito"),
    (ImportError, "cannot import name", "el módulo existe, pero no tiene ese nombre: revisa cómo se "
                                        "escribe"),
    (KeyError, "^(?!.*empty)", "se pide una clave que no está: mira con `.keys()` las que hay"),
    (IndexError, "too many indices", "se usan más índices que ejes tiene el array: mira su `shape`"),
    (IndexError, "array of dimension", "se nombra un eje que el array no tiene: mira su `shape`; con un solo "
                                       "eje, sobra `axis=1`"),
    (IndexError, "boolean index did not match", "la máscara y el array no miden lo mismo: compara sus "
                                               "`shape`"),
    (IndexError, "only integers|must be of integer", "los índices son enteros o booleanos: si salen de "
                                                     "una división, usa `//`"),
    (IndexError, "could not be broadcast", "los arrays de índices no miden lo mismo"),
    (IndexError, "pop from empty", "se quita un elemento de una lista vacía"),
    (IndexError, "out of range|out of bounds", "un índice se sale: recuerda que el último es la longitud "
                                               "menos uno"),
    (ValueError, "have enough dimensions", "un array tiene menos ejes de los que pide la operación: mira su "
                                          "`shape`"),
    (ValueError, "core dimension|not aligned", "las formas no se pueden multiplicar: los ejes que se suman "
                                               "miden distinto"),
    (ValueError, "could not be broadcast|could not broadcast", "los arrays no encajan: compara sus `shape` "
                                                               "antes de operar"),
    (ValueError, "truth value of an", "se usa un array donde hace falta un solo `True` o `False`: prueba "
                                      "`.all()` o `.any()`"),
    (ValueError, "cannot reshape", "el número de valores no es el producto de la forma que se pide"),
    (ValueError, "inhomogeneous", "se intenta hacer un array con filas de distinta longitud"),
    (ValueError, "setting an array element with a sequence", "se pone una lista donde cabe un solo número"),
    (ValueError, "not enough values to unpack|too many values to unpack",
     "a la izquierda del `=` no hay tantos nombres como valores llegan"),
    (ValueError, r"`factor` argument should be a number.*\[-1, 1\]",
     "el factor de una capa de aumento va de −1 a 1: es una parte, y no grados ni niveles de gris"),
    (TypeError, "'NoneType'",
     "se opera con `None`, que no es un número ni una lista: mira de dónde sale"),
    (TypeError, "not tuple$", "una lista o tupla se indexa con un solo entero: para `[fila, columna]`, "
                              "hazla array o usa `[fila][columna]`"),
    (TypeError, "float(64)?' object cannot be interpreted as an integer|not (numpy.)?float(64)?$",
     "hace falta un entero y llega un decimal: si sale de una división, usa `//`"),
    (TypeError, "slice indices must be", "los extremos de un corte son enteros: si salen de una división, "
                                         "usa `//`"),
    (TypeError, "unsupported operand", "se opera con dos tipos que no encajan, como un número y una lista"),
    (TypeError, "not callable", "se llama con paréntesis a algo que no es una función"),
    (TypeError, "positional argument|keyword argument|multiple values for argument",
     "se llama a una función con argumentos que no admite, o le falta alguno"),
    (AttributeError, "has no attribute", "ese objeto no tiene ese atributo: revisa el nombre y qué tipo de "
                                         "objeto es"),
    (MemoryError, "", "se pide más memoria de la que hay: comprueba los tamaños"),
    (SystemExit, "", "el código intenta cerrar Python: quita `exit()` o `sys.exit()`"),
    (KeyboardInterrupt, "", "el código lanza `KeyboardInterrupt`: quítalo"),
)  # fmt: skip


def likely_cause(error: BaseException) -> str:
    """Frase con la causa probable, o vacía.

    Examples
    --------
    >>> likely_cause(ZeroDivisionError("division by zero"))
    'se divide entre cero: comprueba qué argumentos llegan'
    """
    text = message_of(error)
    exact = [row for row in CAUSES if type(error) is row[0]]
    rows = exact or [row for row in CAUSES if isinstance(error, row[0])]
    return next((cause for _, pattern, cause in rows if re.search(pattern, text)), "")


def message_of(error: BaseException) -> str:
    """Texto de una excepción, aunque su ``__str__`` también falle."""
    try:
        return str(error)[:300]
    except BaseException:
        return "(su texto no se puede leer)"


def line_of(error: BaseException) -> str:
    """Número y texto de la última línea de quien responde por la que pasó la excepción."""
    frames = [
        frame
        for frame in traceback.walk_tb(error.__traceback__)
        if not frame[0].f_globals.get("__name__", "").startswith("course_utils.exercises.")
    ]
    if not frames:
        return ""
    frame, number = frames[0]
    for inner, line in frames:  # la última del mismo archivo: el resto es de las bibliotecas
        if inner.f_code.co_filename == frame.f_code.co_filename:
            frame, number = inner, line
    return line_text(frame.f_code.co_filename, number)
