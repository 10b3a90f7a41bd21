"""Lo que se enseña: la misma información en HTML accesible y en texto, siempre con lo ajeno escapado."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt


@dataclass(frozen=True)
class Card:
    """Algo que un cuaderno enseña como HTML y una terminal como texto.

    Parameters
    ----------
    html, text : str
        Las dos formas de lo mismo.
    """

    html: str
    text: str

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text, "text/html": self.html}


@lru_cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def rich(text: str) -> str:
    """HTML de un texto nuestro escrito en Markdown; cualquier etiqueta se escapa.

    Examples
    --------
    >>> rich("Usa `return`, no <b>print</b>.")
    '<p>Usa <code>return</code>, no &lt;b&gt;print&lt;/b&gt;.</p>'
    """
    return _markdown().render(_unbroken(text)).strip()


def rich_line(text: str) -> str:
    """Como :func:`rich`, sin párrafo: para una opción o una etiqueta."""
    return _markdown().renderInline(_unbroken(text.strip()))


def _unbroken(text: str) -> str:
    """Que «3 × 3» no se parta entre dos líneas."""
    return text.replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}")


def plain(text: str) -> str:
    """Texto ajeno que se puede enseñar: sin caracteres de control ni medias letras.

    Examples
    --------
    >>> plain("a\\x1b[31mb\\ud800")
    'a�[31mb�'
    """
    return "".join(c if c in "\n\t" or c.isprintable() else "�" for c in text)


def code(text: str) -> str:
    """Código o salida ajena, escapada y tal cual."""
    return f"<pre><code>{escape(plain(text))}</code></pre>"


def details(summary: str, html: str) -> str:
    """Algo que se abre si se quiere; funciona sin JavaScript."""
    return f"<details><summary>{escape(summary)}</summary>\n{html}\n</details>"
