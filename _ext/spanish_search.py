"""Búsqueda en español: con tildes o sin ellas, en singular o en plural.

Las tildes se quitan al construir el índice, a lo que se busca y a lo que se resalta. Snowball, que da la raíz
de una palabra, espera la de -ción y no siempre une un plural con su singular (imagen, matriz, máximo); lo
corrige ``RULES``, con las mismas expresiones en el índice y en la página.
"""

import re
import unicodedata
from pathlib import Path

import sphinx.search
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.search.es import SearchSpanish

SCRIPTS = Path(sphinx.search.__file__).parent / "minified-js"
BARE = '.normalize("NFD").replace(/\\p{M}/gu, "")'
#: Qué se cambia en una palabra antes de buscar su raíz: plurales (no los verbos en -amos y -emos) y -ción.
RULES = (
    ("(ad|ar|en|is|on)es$", r"\1"),
    ("([^ae]m|[^m])([aeiou])s$", r"\1\2"),
    ("cion$", "ción"),
)
REPLACE = "".join(f'.replace(/{pattern}/, "{to}")' for pattern, to in RULES).replace("\\", "$")
WRAPPER = f"""
Stemmer = function () {{
  const snowball = new SpanishStemmer();
  this.stemWord = (word) => snowball.stemWord(word{BARE}{REPLACE}).replace(/z$/, "c");
}};
var splitQuery = (query) => query{BARE}.split(/[^\\p{{L}}\\p{{N}}_]+/u).filter((word) => word);
"""
#: Lo que hace searchtools.js para el resumen, pedir la página entera, y lo que se hace en su lugar.
WHOLE_PAGE = re.compile(r"fetch\(requestUrl\)\s+\.then\(.*?\)\s+\.then\(\(data\) => \{.*?\);\n", re.DOTALL)
SUMMARY = "Search.summarize(listItem, docName, searchTerms, anchor).then(() => {\n"
#: Guiones de Sphinx que comparan textos en minúsculas: títulos, resúmenes y lo que se resalta.
COMPARING = ("searchtools.js", "sphinx_highlight.js")


def bare(text: str) -> str:
    """Un texto sin tildes, diéresis ni virgulillas."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


class CourseSpanish(SearchSpanish):
    """El español de Sphinx sin tildes."""

    stopwords = SearchSpanish.stopwords | set(map(bare, SearchSpanish.stopwords))
    js_stemmer_rawcode = ""  # así Sphinx copia js_stemmer_code en la página

    @property
    def js_stemmer_code(self) -> str:
        scripts = [SCRIPTS / name for name in ("base-stemmer.js", SearchSpanish.js_stemmer_rawcode)]
        return "\n".join([*(script.read_text(encoding="utf-8") for script in scripts), WRAPPER])

    def split(self, text: str) -> list[str]:
        return super().split(bare(text))

    def stem(self, word: str) -> str:
        word = bare(word)
        for pattern, to in RULES:
            word = re.sub(pattern, to, word)
        return re.sub("z$", "c", super().stem(word))


def use_summaries(app: Sphinx, exception: Exception | None) -> None:
    """El resumen lo pone ``assets/search_summaries.js``, sin pedir la página."""
    if exception is not None or app.builder.format != "html":
        return
    script = app.outdir / "_static" / "searchtools.js"
    text = script.read_text(encoding="utf-8")
    changed = WHOLE_PAGE.sub(SUMMARY, text)
    if SUMMARY not in changed:
        raise ExtensionError("searchtools.js ya no pide la página: pon al día _ext/spanish_search.py")
    script.write_text(changed, encoding="utf-8")


def compare_without_accents(app: Sphinx, exception: Exception | None) -> None:
    """Los guiones de Sphinx comparan en minúsculas; aquí, además, sin tildes."""
    if exception is not None or app.builder.format != "html":
        return
    for name in COMPARING:
        script = app.outdir / "_static" / name
        text = script.read_text(encoding="utf-8")
        if ".toLowerCase()" not in text:
            raise ExtensionError(f"{name} ya no compara con toLowerCase: pon al día _ext/spanish_search.py")
        plain = text.replace(f".toLowerCase(){BARE}", ".toLowerCase()")  # si ya estaba hecho
        script.write_text(plain.replace(".toLowerCase()", f".toLowerCase(){BARE}"), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.add_search_language(CourseSpanish)
    app.connect("build-finished", use_summaries)
    app.connect("build-finished", compare_without_accents)
    # al cambiar el número se lee otra vez cada página: Sphinx no rehace el índice de las que no cambian
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
