"""Lo que depende de la dirección publicada: dirección canónica, mapa del sitio, tarjetas y error 404.

La de ``html.baseurl`` es lo único que se escribe (``make repo`` la cambia). Lo que se ve al compartir una
página lo hace sphinxext-opengraph; la de error, sphinx-notfound-page; el mapa, este archivo, porque el de
sphinx-sitemap solo trae las páginas que ha tocado rehacer.
"""

from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from page_description import describe
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxext import opengraph

SITEMAP = """\
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}</urlset>
"""
NOT_FOUND = {
    "title": "Esta página no existe",
    "body": (
        "<h1>Esta página no existe</h1>\n<p>La dirección está mal escrita o la página ha cambiado de sitio. "
        "En el índice están todos los capítulos y, encima, se puede buscar en el curso.</p>"
    ),
}


def derive(app: Sphinx, config: Config) -> None:
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    config.notfound_context = NOT_FOUND


def description(doctree: nodes.document, *_) -> str:
    """La misma que leen los buscadores; la que hace la biblioteca empieza por «Abrir en Colab»."""
    given = (node["content"] for node in doctree.findall(nodes.meta) if node.get("name") == "description")
    return next(given, None) or describe(doctree)


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        addresses = [
            app.config.html_baseurl + app.builder.get_target_uri(name) for name in app.env.found_docs
        ]
        entries = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in sorted(addresses))
        app.outdir.joinpath("sitemap.xml").write_text(SITEMAP.format(entries), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    opengraph.get_description = description
    app.connect("config-inited", derive)
    app.connect("build-finished", write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
