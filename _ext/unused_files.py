"""Quita del sitio lo que sobra: páginas que ya no están en el libro y archivos que ninguna página carga.

Sphinx copia cada vez todo lo que traen el tema y las extensiones (6 MB: Font Awesome, Bootstrap y sus mapas).
"""

from pathlib import Path

from page_assets import SCRIPTS, SEARCH_SCRIPTS
from sphinx.application import Sphinx

OWN = (
    "figures",
    "texts",
    "vendor/fashion-mnist",
    "vendor/fontawesome/LICENSE.txt",
    "vendor/fontawesome/icons.woff",
    "vendor/katex",
    "vendor/source-sans-3/LICENSE",
    "vendor/source-sans-3/latin.woff2",
)
SERVED = {"site.css", "logo.svg", *SCRIPTS, *SEARCH_SCRIPTS}
PAGES = {"404", "index", "search"}  # las que no vienen de un texto


def docname(path: Path, folder: Path) -> str:
    """Nombre de página al que corresponde un archivo de ``folder``."""
    return path.relative_to(folder).with_suffix("").as_posix()


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = app.outdir / "_static"
    for path in [path for path in static.rglob("*") if path.is_file()]:
        name = path.relative_to(static).as_posix()
        if name not in SERVED and not (name.startswith(OWN) and path.suffix != ".css"):
            path.unlink(missing_ok=True)
    for text in (static / "texts").rglob("*.js"):
        if docname(text, static / "texts") not in app.env.found_docs:
            text.unlink()
    for page in app.outdir.rglob("*.html"):
        if docname(page, app.outdir) not in app.env.found_docs | PAGES:
            page.unlink(missing_ok=True)
    for source in [path for path in (app.outdir / "_sources").rglob("*") if path.is_file()]:
        if source.suffix != ".ipynb" or docname(source, app.outdir / "_sources") not in app.env.found_docs:
            source.unlink(missing_ok=True)
    for folder in sorted(app.outdir.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", remove_unused, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
