"""La Portada también es ``index.html``: el libro pondría ahí una página vacía que salta a la primera."""

import shutil

from sphinx.application import Sphinx


def copy_home(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        shutil.copyfile(app.outdir / f"{app.config.root_doc}.html", app.outdir / "index.html")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", copy_home)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
