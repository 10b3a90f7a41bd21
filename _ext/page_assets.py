"""Guiones de cada página: solo los que usa, una vez y en orden.

Sphinx carga en todas las páginas lo que cada extensión pide: thebe y togglebutton dos veces, Bootstrap, Font
Awesome (1,5 MB) y el índice de la búsqueda. Aquí se dice qué guion hace falta según lo que la página
contiene.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

ROOT = Path(__file__).resolve().parents[1]
ANYWHERE = ""
# Guion, en el orden en que se ejecutan, y qué debe haber en el cuerpo de la página para cargarlo.
SCRIPTS = {
    "documentation_options.js": ANYWHERE,
    "doctools.js": ANYWHERE,
    "translations.js": ANYWHERE,
    "sphinx_highlight.js": ANYWHERE,
    "scripts/sphinx-book-theme.js": ANYWHERE,
    "scripts/pydata-sphinx-theme.js": ANYWHERE,
    "clipboard.min.js": r'class="highlight',
    "copybutton.js": r'class="highlight',
    "togglebutton.js": r'class="[^"]*\b(toggle|dropdown)\b[^"]*"',
    "folds.js": r'class="deeper"',
    "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
    "figures/host.mjs": r'class="[^"]*\bcourse-figure\b',
    "figures/questions.mjs": r'class="[^"]*\b(course-question|site-start)\b',
    "figures/review.mjs": r'class="course-review"',
}
SEARCH_SCRIPTS = ["language_data.js", "searchtools.js", "search_summaries.js"]
# Módulos construidos en otras carpetas del proyecto que la página carga desde _static/figures.
MODULES = ["course_utils/figures/static", "course_utils/exercises/static"]


def choose_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.Node) -> None:
    body = context.get("body", "")
    scripts = [script for script, pattern in SCRIPTS.items() if re.search(pattern, body)]
    context["page_scripts"] = scripts + (SEARCH_SCRIPTS if pagename == "search" else [])


def always_the_home_page(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Sin ninguna página que rehacer, Sphinx no copia los archivos: un cambio en ``assets`` no se vería."""
    return [app.config.root_doc]


def copy_modules(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        for folder in MODULES:
            if (ROOT / folder).is_dir():
                copy_asset(ROOT / folder, app.outdir / "_static" / "figures")


def setup(app: Sphinx) -> dict:
    app.connect("env-get-outdated", always_the_home_page)
    app.connect("html-page-context", choose_scripts)
    app.connect("build-finished", copy_modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
