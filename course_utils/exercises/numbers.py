"""Números como se escriben en español: coma o punto, miles, fracciones, potencias de diez, listas y matrices.

``web/test/numbers.json`` dice, caso por caso, cómo se lee cada texto; ``web/questions/numbers.mjs`` lo cumple
también. Un punto o una coma con tres cifras detrás («1.168») puede ser decimal o separar los miles: se dan
las dos lecturas, y es correcta la respuesta si lo es una de ellas. En una fracción, «1.000» es siempre mil.
"""

import json
import re
import unicodedata

MINUS = str.maketrans({**dict.fromkeys("−–‐‑‒—﹣－", "-"), **dict.fromkeys("÷⁄∕", "/"), "’": "'", "´": "'"})
POWER_OF_TEN = re.compile(
    r"(?:(?P<times>(?<=[0-9.])\s*[·⋅×*xX]\s*)|(?<![a-zA-Z0-9_.,'^*]))"
    r"10\s*(?:\^|\*\*)\s*(?:\(\s*(?P<inside>[+-]?[0-9]{1,2})\s*\)|(?P<bare>[+-]?[0-9]{1,2}))(?![0-9])"
)
THIN = "\u00a0\u2007\u2009\u202f"  # espacios que solo se usan dentro de un número
PLAIN = re.compile(r"[0-9]{1,15}([.,'][0-9]{0,20})?|[.,'][0-9]{1,20}")
BEFORE = re.compile(r".*[=≈≃≅∼~]", re.S)  # «w = 2,6», «≈ 0,67»
UNIT = re.compile(  # «14 píxeles», «54°»; «2 mil», «1 tercio» y «2 pi» dicen otro número
    r"(?<=[0-9.,')\]])\s*(?:[°º]|s|(?:de\s+)?(?!mil|bil|pi\b|medi|terci|cuart|quint|sext|octav|d[eé]c|doc|cent|cien)"
    r"[a-záéíóúüñ]{2,}\.?)$",
    re.I,
)
GROUPED = re.compile(r"[1-9][0-9]{0,2}((\.[0-9]{3}){1,4}(,[0-9]{1,20})?|(,[0-9]{3}){1,4}(\.[0-9]{1,20})?)")


def readings(text: str) -> list[float]:
    """Los números que puede querer decir un texto; ninguno si no es un número, o si son varios.

    Examples
    --------
    >>> readings("0,5"), readings("1 1/2"), readings("1.168"), readings("26 26")
    ([0.5], [1.5], [1.168, 1168.0], [])
    >>> readings("1e-3"), readings("1,5·10^3"), readings("2×10⁶")
    ([0.001], [1500.0], [2000000.0])
    >>> readings("14 píxeles"), readings("≈ 0,67"), readings("w = 2,6")
    ([14.0], [0.67], [2.6])
    """
    named = UNIT.sub("", BEFORE.sub("", _clean(text))).strip()
    bare = re.sub(r"^[(\[]([^()\[\]]*)[)\]]$", r"\1", named)
    sign, size, percent = re.fullmatch(r"\s*([+-]?)\s*(.*?)\s*(%?)\s*", bare, re.S).groups()
    found = _mixed(size) + _fraction(size) if "/" in size else _scientific(size)
    signed = [-value if sign == "-" and value else value for value in found]
    every = [part for value in signed for part in (value / 100, value)] if percent else signed
    return list(dict.fromkeys(every))


def _clean(text: str) -> str:
    """El mismo texto con un solo signo para cada cosa: menos, dividir, apóstrofo y «e» por «·10^»."""
    spaced = re.sub("[¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]", lambda sign: " " + unicodedata.normalize("NFKC", sign[0]), text)
    raised = re.sub("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda power: "^" + unicodedata.normalize("NFKC", power[0]), spaced)
    return POWER_OF_TEN.sub(_with_e, raised.translate(MINUS).strip())


def _with_e(power: re.Match) -> str:
    return ("" if power["times"] else "1") + "e" + (power["inside"] or power["bare"])


def _ungrouped(text: str, spaces: str) -> str:
    groups = rf"(?<![0-9.,'])[0-9]{{1,3}}([{spaces}][0-9]{{3}})+(?![0-9])"
    return re.sub(groups, lambda found: re.sub(r"\s", "", found[0]), text)


def _decimals(text: str) -> list[str]:
    """Un número sin signo, con punto y sin miles, en cada manera de leerlo: primero con decimales."""
    joined = _ungrouped(text, " " + THIN)
    found = [re.sub("[,']", ".", joined)] if PLAIN.fullmatch(joined) else []
    if GROUPED.fullmatch(joined):
        separator = next(sign for sign in joined if sign in ".,")
        found.append(joined.replace(separator, "").replace(",", "."))
    return found


def _scientific(text: str) -> list[float]:
    digits, power = re.fullmatch(r"(.*?)([eE][+-]?[0-9]{1,2})?", text, re.S).groups("")
    return [float(number + power) for number in _decimals(digits)]


def _fraction(text: str) -> list[float]:
    values = [float(found[-1]) for part in text.split("/") if (found := _decimals(part.strip()))]
    return [values[0] / values[1]] if text.count("/") == 1 and len(values) == 2 and values[1] else []


def _mixed(text: str) -> list[float]:
    found = re.fullmatch(r"([0-9]{1,15})\s+([0-9]{1,15})\s*/\s*([0-9]{1,15})", text)
    if not found:
        return []
    whole, top, bottom = map(int, found.groups())
    return [whole + top / bottom] if top < bottom else []


# --- Varios números: listas, tuplas y matrices ---------------------------------------------------------

ENDING = r"(?:/[0-9]{1,15}|[eE][+-]?[0-9]{1,2})?(?![\w.'/%+*-])"
UNITS = {
    # la coma separa y el punto es decimal, como en Python
    "python": re.compile(rf"[+-]?(?:[0-9]{{1,15}}(?:[.'][0-9]{{0,20}})?|[.'][0-9]{{1,20}}){ENDING}"),
    # la coma pegada entre cifras es decimal, y el punto, también
    "comma": re.compile(
        rf"[+-]?(?:[0-9]{{1,15}}(?:[.,'][0-9]{{1,20}})?|[.'][0-9]{{1,20}}){ENDING}(?!,[0-9])"
    ),
    # la coma es decimal y el punto separa los miles
    "grouped": re.compile(
        rf"[+-]?(?:[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+|[0-9]{{1,15}})(?:,[0-9]{{1,20}})?{ENDING}(?!,[0-9])"
    ),
}


def trees(text: str) -> list:
    """Las listas que puede querer decir un texto, con listas dentro si hay filas; un solo número va suelto.

    El tipo de los corchetes no cuenta, y los de un solo elemento, tampoco.

    Examples
    --------
    >>> trees("[[1, 0], [0, 1]]"), trees("1 0; 0 1")[0], trees("(2,6)")
    ([[[1.0, 0.0], [0.0, 1.0]]], [[1.0, 0.0], [0.0, 1.0]], [[2.0, 6.0], 2.6])
    """
    bare = _ungrouped(_clean(text).replace("\r", ""), THIN)
    found = {}
    for unit in UNITS:
        for by_rows in (True, False) if ";" in bare and "\n" not in bare else (False,):
            try:
                group, end = _group(bare, 0, unit, by_rows)
            except (ValueError, ZeroDivisionError, RecursionError):
                continue
            if end == len(bare) and _only(group) != []:
                found.setdefault(json.dumps(_only(group)), _only(group))
    return list(found.values())


def _only(values: list):
    return values[0] if len(values) == 1 else values


def _group(text: str, at: int, unit: str, by_rows: bool) -> tuple[list, int]:
    """Lo que hay hasta el corchete que cierra, y dónde está; cada línea es una fila."""
    rows = [[]]
    while at < len(text) and text[at] not in ")]}":
        sign = text[at]
        if sign == "\n" or (sign == ";" and by_rows):
            rows.append([])
        elif sign in "([{":
            inner, at = _group(text, at + 1, unit, by_rows)
            if at >= len(text):
                raise ValueError("falta cerrar un corchete")
            rows[-1].append(_only(inner))
        elif not (sign.isspace() or sign in ",;"):
            found = UNITS[unit].match(text, at)
            if not found:
                raise ValueError("no es un número")
            rows[-1].append(_value(found[0], unit))
            at = found.end() - 1
        at += 1
    full = [row for row in rows if row]
    return ([_only(row) for row in full] if len(full) > 1 else full[0] if full else []), at


def _value(text: str, unit: str) -> float:
    whole = text.replace(".", "") if unit == "grouped" else text
    top, _, bottom = re.sub("[,']", ".", whole).partition("/")
    return float(top) / float(bottom or 1)
