"""Búsqueda en español: «matriz» encuentra «matrices» y «convolucion», sin tilde, encuentra «convolución».

Las raíces de Snowball no unen los plurales en -ces con su singular en -z y, según su versión, tampoco -cion
con -ción. La misma corrección se aplica al construir el índice y, en la página, a lo que se busca.
"""

import re
from pathlib import Path

import sphinx.search
from sphinx.application import Sphinx
from sphinx.search.es import SearchSpanish

SCRIPTS = Path(sphinx.search.__file__).parent / "minified-js"
WRAPPER = """
Stemmer = function () {
  const snowball = new SpanishStemmer();
  this.stemWord = (word) => snowball.stemWord(word.replace(/cion$/, "ción")).replace(/z$/, "c");
};
"""


class CourseSpanish(SearchSpanish):
    """El español de Sphinx con esas dos correcciones."""

    js_stemmer_rawcode = ""  # así Sphinx copia js_stemmer_code en la página

    @property
    def js_stemmer_code(self) -> str:
        scripts = [SCRIPTS / name for name in ("base-stemmer.js", SearchSpanish.js_stemmer_rawcode)]
        return "\n".join([*(script.read_text(encoding="utf-8") for script in scripts), WRAPPER])

    def stem(self, word: str) -> str:
        return re.sub("z$", "c", super().stem(re.sub("cion$", "ción", word)))


def setup(app: Sphinx) -> dict:
    app.add_search_language(CourseSpanish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
