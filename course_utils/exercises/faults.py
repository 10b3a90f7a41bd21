"""Explica una excepción de quien responde: tipo, línea y causa probable."""

import linecache
import re
import traceback

CAUSES = (
    (NameError, "", "se usa un nombre que no existe: revisa cómo está escrito y si ejecutaste la celda "
                    "que lo define"),
    (UnboundLocalError, "", "se usa una variable antes de darle un valor dentro de la función"),
    (RecursionError, "", "la función se llama a sí misma sin llegar nunca a un caso que termine"),
    (ZeroDivisionError, "", "se divide entre cero: comprueba qué argumentos llegan"),
    (ModuleNotFoundError, "", "falta una biblioteca o su nombre está mal escrito"),
    (KeyError, "", "se pide a un diccionario una clave que no tiene"),
    (IndexError, "too many indices", "se usan más índices que ejes tiene el array: mira su `shape`"),
    (IndexError, "array of dimension", "se nombra un eje que el array no tiene: mira su `shape`; con un solo "
                                       "eje, sobra `axis=1`"),
    (IndexError, "", "un índice se sale: recuerda que el último es la longitud menos uno"),
    (ValueError, "broadcast|operands", "los arrays no encajan: compara sus `shape` antes de operar"),
    (ValueError, "truth value", "se usa un array donde hace falta un solo `True` o `False`: prueba "
                                "`.all()` o `.any()`"),
    (ValueError, "matmul|not aligned", "las formas no se pueden multiplicar: los ejes que se suman miden "
                                       "distinto"),
    (ValueError, "inhomogeneous|setting an array", "se intenta hacer un array con filas de distinta "
                                                   "longitud"),
    (TypeError, "NoneType", "algo vale `None`: quizá una función de antes no tiene `return`"),
    (TypeError, "not callable", "se llama con paréntesis a algo que no es una función"),
    (TypeError, "positional argument|keyword argument", "una función recibe más o menos argumentos de los "
                                                        "que admite"),
    (TypeError, "cannot be interpreted as an integer|indices must be|slice indices",
     "hace falta un entero y llega un decimal: usa `//` en vez de `/`"),
    (TypeError, "unsupported operand", "se opera con dos tipos que no encajan, como un número y una lista"),
    (AttributeError, "", "ese objeto no tiene ese atributo: revisa el nombre y qué tipo de objeto es"),
    (MemoryError, "", "se pide más memoria de la que hay: comprueba los tamaños"),
    (SystemExit, "", "el código intenta cerrar Python: quita `exit()` o `sys.exit()`"),
    (KeyboardInterrupt, "", "el código simula una interrupción: quítala"),
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
    source = linecache.getline(frame.f_code.co_filename, number).strip()
    return f"línea {number}" + (f": {source}" if source else "")
