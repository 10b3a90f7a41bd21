"""Lo común a las figuras: un objeto de Python que se ve en el cuaderno, en la página y sin JavaScript."""

import json
import sys
from functools import cache
from html import escape
from importlib.resources import files
from typing import ClassVar

import anywidget
import traitlets

from course_utils.checks import shown

_HELP = "En la página del curso, o al ejecutar la celda, esta figura se puede manipular."


STATIC = files("course_utils.figures") / "static"


@cache
def _bundle() -> str:
    return (STATIC / "figures.mjs").read_text(encoding="utf-8")


def cell_at(position, shape) -> tuple[int, int]:
    """Fila y columna de una posición contada por filas desde 0; si se pasa, las de la última."""
    rows, cols = shape
    return divmod(min(position, rows * cols - 1), cols)


class CourseFigure(anywidget.AnyWidget):
    """Figura interactiva: sus estados se leen y se cambian desde Python, y la figura responde.

    Cada figura da su nombre, su título, su dibujo fijo y la frase que lo acompaña. La aritmética del
    navegador es la misma que la de :mod:`course_utils`, probada contra ella.

    Parameters
    ----------
    **states
        Valores iniciales de los estados, por nombre.

    Raises
    ------
    TraitError
        Si algún estado no existe o su valor no sirve.

    Examples
    --------
    >>> from course_utils.figures import OutputSizeFigure
    >>> figure = OutputSizeFigure(kernel_size=5)
    >>> figure.stride = 2
    >>> figure
    OutputSizeFigure(dilation=1, input_size=7, kernel_size=5, padding=0, stride=2, target=0)
    """

    #: Nombre del módulo de ``web/figures``, título que ve el lector y lo que el Laboratorio propone probar:
    #: una pregunta y qué tocar.
    name = title = invitation = ""
    #: Lo que dice la figura, por nombre: ``hint``, qué tocar; ``help``, con qué teclas; y las frases que pide
    #: su módulo, con huecos entre llaves.
    texts: ClassVar = {}
    #: Con qué otras figuras la pone el Laboratorio.
    idea = "Redes enteras"
    #: Los archivos que la figura pide cuando le hacen falta, vistos desde ``static``.
    files = ()

    figure = traitlets.Unicode().tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _texts = traitlets.Dict().tag(sync=True)
    _states = traitlets.List(traitlets.Unicode()).tag(sync=True)

    # En ipywidgets 7 este método se adelanta a _repr_mimebundle_ y dejaría fuera el text/html.
    _ipython_display_ = None

    def __init__(self, **states):
        unknown = sorted(states.keys() - self.trait_names(course_state=True))
        if unknown:
            raise traitlets.TraitError(
                f"{type(self).__name__} no tiene ningún estado que se llame {shown(unknown[0])}: "
                f"elige entre {', '.join(sorted(self.trait_names(course_state=True)))}"
            )
        super().__init__(figure=self.name, **states)
        if self.files:
            self.on_msg(self._send_file)

    def _send_file(self, _, content, buffers):
        """Manda al navegador el archivo que pide, si es de los suyos."""
        if content.get("file") in self.files:
            self.send(content, [self.read_file(content["file"])])

    def read_file(self, name: str) -> bytes:
        """Los bytes de uno de sus archivos."""
        return (STATIC / name).read_bytes()

    @traitlets.default("_esm")
    def _read_bundle(self):
        return _bundle()

    @traitlets.default("_title")
    def _own_title(self):
        return self.title

    @traitlets.default("_texts")
    def _own_texts(self):
        return self.texts

    @traitlets.default("_states")
    def _state_names(self):
        return list(self.state())

    def state(self) -> dict:
        """Los estados y sus valores, en orden alfabético.

        Returns
        -------
        dict of str to object
            Lo que basta para volver a crear la figura: ``type(figure)(**figure.state())``.

        Examples
        --------
        >>> from course_utils.figures import PixelUsageFigure
        >>> PixelUsageFigure(padding=1).state()["padding"]
        1
        """
        return {name: getattr(self, name) for name in sorted(self.trait_names(course_state=True))}

    def picture(self) -> str:
        """Dibujo fijo del estado actual, en SVG."""
        raise NotImplementedError

    def sentence(self) -> str:
        """Lo que se ve en el dibujo fijo, en una frase: también es su texto alternativo."""
        raise NotImplementedError

    def to_html(self) -> str:
        """La figura para una página sin kernel: estado y textos, dibujo fijo y frase.

        Returns
        -------
        str
            Un ``<div class="course-figure">`` que ``host.mjs`` sustituye por la figura; sin JavaScript, queda
            el dibujo.

        Examples
        --------
        >>> from course_utils.figures import PixelUsageFigure
        >>> PixelUsageFigure().to_html().splitlines()[0]
        '<div class="course-figure" data-figure="pixel_usage">'
        """
        content = self.state() | {"_texts": self.texts}
        told = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="course-figure" data-figure="{self.name}">\n'
            f'<script type="application/json">{told}</script>\n'
            f"<figure>{self.picture()}\n"
            f"<figcaption><strong>{escape(self.title)}.</strong> {escape(self.sentence())} "
            f"{_HELP}</figcaption></figure>\n"
            "</div>"
        )

    def __repr__(self):
        """Nombre y estados cortos: igual en cada ejecución."""
        scalars = {
            name: value for name, value in self.state().items() if isinstance(value, int | float | str)
        }
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in scalars.items())})"

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data = data | {"text/plain": repr(self)}
        # Colab podría preferir el dibujo fijo a la figura, y ninguna página se hace a partir de lo que
        # muestra
        if "google.colab" not in sys.modules:
            data["text/html"] = self.to_html()
        return data, metadata
