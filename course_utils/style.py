"""Cómo se ve el curso: un color por papel, el estilo de Matplotlib y los números a la española.

Esta es la única lista de colores. Las figuras estáticas la usan directamente y las interactivas a través de
:func:`css_variables`. Los cinco papeles se distinguen también con protanopia, deuteranopia y tritanopia, y
contrastan al menos 3:1 con su fondo; aun así, ninguna figura depende solo del color.
"""

from contextlib import AbstractContextManager
from importlib.resources import files

from course_utils.checks import shown

#: Colores sobre fondo claro: los de las figuras de Matplotlib.
COLORS = {
    "input": "#2A86D8",
    "kernel": "#C85200",
    "output": "#00664A",
    "padding": "#8A8A8A",
    "highlight": "#7D1072",
}
#: Los mismos papeles sobre fondo oscuro.
DARK_COLORS = {
    "input": "#3D95F5",
    "kernel": "#F0701A",
    "output": "#2BD99A",
    "padding": "#7C7C7C",
    "highlight": "#F7A3EC",
}
#: Fondo y texto de cada tema.
SURFACE = {"light": "#FFFFFF", "dark": "#14181E"}
TEXT = {"light": "#1F2328", "dark": "#E6EAEE"}

#: Mapas de color: intensidades, mapas de características, y valores con signo (negativo, cero, positivo).
IMAGE_CMAP, FEATURE_CMAP, SIGNED_CMAP = "gray", "viridis", "PuOr_r"
#: Negativo y positivo en las figuras interactivas: la misma familia de colores que SIGNED_CMAP.
SIGNED = {"light": ("#542788", "#B35806"), "dark": ("#998EC3", "#F1A340")}

#: Un color por objeto o por clase, cuando hay varios en la misma imagen; se repiten a partir del noveno.
INSTANCE_COLORS = (
    "#2A86D8", "#C85200", "#00664A", "#7D1072", "#B58900", "#5B6BD6", "#C2185B", "#4E7D1E",
)  # fmt: skip

#: Las siete clases de las escenas, en su orden: fondos claros y objetos oscuros, que también en gris se ven.
SCENE_COLORS = ("#CFE6F7", "#C2DDA6", "#EBD6A2", "#C85200", "#4457C9", "#00503A", "#9C1C7D")

_SOFT_AMOUNT = {"light": 0.18, "dark": 0.30}  # en oscuro, menos no se ve


def soft(role, theme="light") -> str:
    """Versión suave del color de un papel, para rellenar celdas con texto encima.

    Parameters
    ----------
    role, theme
        Como en :func:`role_color`.

    Returns
    -------
    str
        Color ``#RRGGBB``: el del papel mezclado con el fondo del tema.

    Raises
    ------
    ValueError
        Como en :func:`role_color`.

    Examples
    --------
    >>> soft("input")
    '#D9E9F8'
    """
    color = role_color(role, theme)
    amount = _SOFT_AMOUNT[theme]
    channels = (
        round(amount * int(color[i : i + 2], 16) + (1 - amount) * int(SURFACE[theme][i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def role_color(role, theme="light") -> str:
    """Color ``#RRGGBB`` de un papel.

    Parameters
    ----------
    role : {"input", "kernel", "output", "padding", "highlight"}
        Papel.
    theme : {"light", "dark"}
        Tema.

    Raises
    ------
    ValueError
        Si el papel o el tema no existen.

    Examples
    --------
    >>> role_color("kernel")
    '#C85200'

    References
    ----------
    Contraste: WCAG 2.2, criterio 1.4.11. Visión del color: Machado, Oliveira y Fernandes, «A
    physiologically-based model for simulation of color vision deficiency», IEEE TVCG 15 (2009).
    """
    palettes = {"light": COLORS, "dark": DARK_COLORS}
    if theme not in palettes:
        raise ValueError(f"theme debe ser «light» o «dark» y ha llegado {shown(theme)}: elige uno de los dos")
    if role not in COLORS:
        raise ValueError(f"no hay ningún papel que se llame {shown(role)}: elige uno de {', '.join(COLORS)}")
    return palettes[theme][role]


def css_variables(theme="light") -> dict[str, str]:
    """Los colores de un tema como variables CSS, para la web y para los SVG.

    Parameters
    ----------
    theme : {"light", "dark"}
        Tema.

    Returns
    -------
    dict of str to str
        ``--course-PAPEL`` y ``--course-PAPEL-soft`` por cada papel, y ``--course-surface``,
        ``--course-text``, ``--course-negative`` y ``--course-positive``.

    Raises
    ------
    ValueError
        Si el tema no existe.

    Examples
    --------
    >>> css_variables("dark")["--course-input"]
    '#3D95F5'
    """
    variables = {}
    for role in COLORS:
        variables[f"--course-{role}"] = role_color(role, theme)
        variables[f"--course-{role}-soft"] = soft(role, theme)
    negative, positive = SIGNED[theme]
    return variables | {
        "--course-surface": SURFACE[theme],
        "--course-text": TEXT[theme],
        "--course-negative": negative,
        "--course-positive": positive,
    }


def context() -> AbstractContextManager:
    """Aplica el estilo del curso dentro de un bloque ``with`` y al salir deja el que había.

    Examples
    --------
    >>> import matplotlib
    >>> with context():
    ...     matplotlib.rcParams["image.cmap"]
    'gray'
    """
    import matplotlib.style
    from cycler import cycler

    cycle = [COLORS[role] for role in ("input", "kernel", "output", "highlight", "padding")]
    colors = {
        "axes.prop_cycle": cycler(color=cycle),
        "axes.labelcolor": TEXT["light"],
        "text.color": TEXT["light"],
    }
    return matplotlib.style.context([str(files("course_utils") / "course.mplstyle"), colors])


def number_text(value, decimals=2) -> str:
    """Número escrito a la española: coma decimal, signo menos y espacios cada tres cifras desde cinco.

    Parameters
    ----------
    value : int or float
        Número. De un entero no se escriben decimales.
    decimals : int
        Cifras decimales, como mucho; los ceros del final se quitan.

    Returns
    -------
    str
        Texto; los espacios entre cifras son de los que no se parten.

    Examples
    --------
    >>> number_text(-0.25), number_text(3.0), number_text(1234)
    ('−0,25', '3', '1234')
    >>> number_text(101770).split()
    ['101', '770']

    References
    ----------
    *Ortografía de la lengua española* (2010), capítulo VIII.
    """
    text = fixed_number(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def fixed_number(value, decimals=2) -> str:
    """Número escrito como :func:`number_text`, con todos sus decimales: para las columnas de una tabla.

    Parameters
    ----------
    value : int or float
        Número.
    decimals : int
        Cifras decimales.

    Examples
    --------
    >>> fixed_number(0.85, 3), fixed_number(-0.0001, 3)
    ('0,850', '0,000')
    """
    whole, point, fraction = f"{abs(value):.{decimals}f}".partition(".")
    negative = value < 0 and (whole + fraction).strip("0") != ""
    grouped = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if len(whole) > 4 else whole
    return ("−" if negative else "") + grouped + ("," if point else "") + fraction
