"""El tema no mide lo plegado: al llegar a la página, medir un bloque obliga a colocar su sección entera.

El guion del tema pone en el orden del tabulador los bloques que se desplazan. Para saberlo los mide todos,
también los de las secciones cerradas: en los capítulos, la mayor parte de la página. Aquí se le enseña a
dejar los cerrados para cuando se abren.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SCRIPT = "_static/scripts/pydata-sphinx-theme.js"
CHANGES = {
    "e.tabIndex=e.scrollWidth>": 'e.closest("details:not([open])")||(e.tabIndex=e.scrollWidth>',
    "e.scrollHeight>e.clientHeight?0:-1}": "e.scrollHeight>e.clientHeight?0:-1)}",
    'window.addEventListener("resize",t),new MutationObserver(t)': (
        'window.addEventListener("resize",t),document.addEventListener("toggle",t,!0),new MutationObserver(t)'
    ),
}


def skip_closed_folds(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and (path := Path(app.outdir, SCRIPT)).exists():
        script = path.read_text(encoding="utf-8")
        if all(new in script for new in CHANGES.values()):
            return  # de una construcción anterior
        for old, new in CHANGES.items():
            if script.count(old) != 1:
                raise ExtensionError(f"{SCRIPT} ya no dice «{old}»: revisa _ext/tab_stops.py")
            script = script.replace(old, new)
        path.write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", skip_closed_folds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
