"""El PDF de un sitio pequeño, leído con pypdf: índice, enlaces, etiquetas, letras y números de página."""

import errno
import re
import shutil
from contextlib import nullcontext
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Error
from pypdf import PdfReader
from pypdf.generic import Destination

from tools import pdf

PUBLISHED = "https://ana.github.io/redes/"
LONG = "Un título tan largo que no cabe en una línea de la hoja y sigue en la de debajo"
FIGURE = '<div class="course-figure"><figure><svg role="img" aria-label="Cuadrado azul" viewBox="0 0 9 9">\
<rect id="a" width="9" height="9" fill="blue"/></svg><figcaption>FIGURA</figcaption></figure></div>'
HIDDEN = (
    '<div class="cell {}"><details class="hide above-input"><summary>Ver</summary><div class="cell_input">\
<pre>{}</pre></div></details>{}</div>'
)
PAGES = {
    "intro.html": (
        "Libro",
        "<p>Entrada</p><svg role='img' aria-label='Portada' viewBox='0 0 9 9'>"
        "<rect width='9' height='9'/></svg>"
        "<section id='a'><h2>Para quién</h2><p>En <a href='chapters/00_uno.html'>el uno</a>.</p></section>",
        "chapters/00_uno.html",
    ),
    "chapters/00_uno.html": (
        f"0. {LONG}",
        HIDDEN.format("tag_hide-input", "PREPARA", "")
        + "<section id='a'><h2>Ventana</h2><p>Mira <a id='salto' href='01_dos.html#a'>la suma</a>, "
        "<a href='../_sources/uno.ipynb'>el cuaderno</a>, <a href='https://keras.io/'>Keras</a> y "
        "<a href='#b'>lo otro</a>.</p>"
        + HIDDEN.format("", "DEFINE", "")
        + HIDDEN.format("", "DIBUJA", "<div class='cell_output'><p>SALIDA</p></div>")
        + FIGURE
        + "<img src='../_images/foto.png' alt='Un punto rojo' width='40' height='40' loading='lazy'>"
        "<pre>" + "x = 1 + " * 60 + "FINAL</pre></section>"
        "<section id='b'><h2>Para profundizar: más</h2><details class='deeper'>"
        "<summary>Leer esta parte</summary><p>PLEGADO</p></details></section>",
        "01_dos.html",
    ),
    "chapters/01_dos.html": (
        "1. Dos",
        "<section id='a'><h2>Suma</h2><p>DESTINO, <a href='00_uno.html#a'>antes</a></p></section>",
        "../appendix/soluciones.html",
    ),
    "appendix/soluciones.html": (
        "Soluciones",
        "<p>De cada capítulo</p>",
        "soluciones/00.html",
    ),
    "appendix/soluciones/00.html": ("00 · Uno", "<h2>00.1 · Sumar</h2><p>RESPUESTA 0</p>", "01.html"),
    "appendix/soluciones/01.html": ("01 · Dos", "<h2>01.1 · Restar</h2><p>RESPUESTA 1</p>", "../notas.html"),
    "appendix/notas.html": ("Notas", "<p>Última</p>", None),
}
NAVIGATION = """<nav class="bd-docs-nav"><p class="caption">Capítulos</p>
<ul><li><a href="chapters/00_uno.html">0</a></li></ul><p class="caption">Apéndices</p>
<ul><li><a href="appendix/soluciones.html">S</a></li></ul></nav>"""


@pytest.fixture
def site(tmp_path):
    """Un sitio pequeño, con la forma que les da Sphinx."""
    folder = tmp_path / "html"
    for name, (title, body, following) in PAGES.items():
        after = f'<a class="right-next"\n   href="{following}">sigue</a>' if following else ""
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(
            f"<!doctype html><html lang=es>{NAVIGATION}<article class='bd-article'><section id='top'>"
            f"<h1>{title}<a class='headerlink' href='#top'>#</a></h1>{body}</section></article>{after}",
            encoding="utf-8",
        )
    (folder / "index.html").write_text((folder / "intro.html").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "_static").mkdir()
    shutil.copy(pdf.ASSETS / "course.css", folder / "_static" / "site.css")
    (folder / "_images").mkdir()
    picture = BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "png")
    (folder / "_images" / "foto.png").write_bytes(picture.getvalue())
    return folder


@pytest.fixture
def order(site, browser, tmp_path, monkeypatch):
    """``make pdf`` sobre ese sitio; devuelve su código de salida."""
    monkeypatch.setattr(pdf, "SITE", site)
    monkeypatch.setattr(pdf, "FOLDER", tmp_path / "pdf")
    monkeypatch.setattr(pdf, "ROOT", tmp_path)
    monkeypatch.setattr(pdf, "chromium", lambda executable: nullcontext(browser))
    monkeypatch.setattr(pdf, "read_prose", lambda path: {"html": {"baseurl": PUBLISHED}})
    return lambda *numbers: pdf.main(list(numbers))


@pytest.fixture
def printed(site, browser, tmp_path):
    """Los archivos impresos, abiertos."""

    def print_(*numbers):
        pdf.print_all(browser, site, tmp_path, PUBLISHED, list(numbers))
        return {path.name: PdfReader(path) for path in sorted(tmp_path.glob("*.pdf"))}

    return print_


def outline(reader, items=None, level=0):
    """Títulos del índice del visor, con su nivel y su página."""
    found = []
    for item in reader.outline if items is None else items:
        if isinstance(item, Destination):
            found.append((level, item.title, reader.get_destination_page_number(item) + 1))
        else:
            found += outline(reader, item, level + 1)
    return found


def links(reader):
    """Enlaces: página en la que están y dirección, o página a la que llevan."""
    found = []
    for number, page in enumerate(reader.pages, 1):
        for annotation in page.get("/Annots", []):
            annotation = annotation.get_object()
            if "/Dest" in annotation:
                target = reader.named_destinations[str(annotation["/Dest"])]
                found.append((number, reader.get_destination_page_number(target) + 1))
            else:
                found.append((number, annotation["/A"]["/URI"]))
    return found


def structure(node):
    """Elementos de la estructura, en orden."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if hasattr(kid, "get") and "/S" in kid:
            yield kid
            yield from structure(kid)


def page_with(reader, text):
    [number] = [n for n, page in enumerate(reader.pages, 1) if text in page.extract_text()]
    return number


def test_the_book_is_one_document(printed):
    files = printed()
    assert list(files) == ["00_uno.pdf", "01_dos.pdf", pdf.BOOK]
    book = files[pdf.BOOK]
    texts = [page.extract_text() for page in book.pages]

    # índice del visor: libro, capítulo, sección; las respuestas, al final
    assert outline(book) == [
        (0, "Libro", 1),
        (1, "Índice", 2),
        (1, "Para quién", 3),
        (1, f"0. {LONG}", 4),
        (2, "Ventana", 4),
        (2, "Para profundizar: más", page_with(book, "PLEGADO")),
        (1, "1. Dos", page_with(book, "DESTINO")),
        (2, "Suma", page_with(book, "DESTINO")),
        (1, "Notas", page_with(book, "Última")),
        (1, "Soluciones", page_with(book, "De cada capítulo")),
        (2, "00 · Uno", page_with(book, "RESPUESTA 0")),
        (3, "00.1 · Sumar", page_with(book, "RESPUESTA 0")),
        (2, "01 · Dos", len(texts)),
        (3, "01.1 · Restar", len(texts)),
    ]
    # cada línea del índice impreso dice la página a la que lleva, y cada hoja, la suya (menos la Portada)
    written = dict(re.findall(r"^(.+?)\s*(\d+)$", texts[1], re.MULTILINE))
    real = {title: str(page) for _, title, page in outline(book)}
    for title in ("Ventana", "Suma", "Notas", "Soluciones"):
        assert written[title] == real[title]
    assert [n for n, text in enumerate(texts, 1) if str(n) not in text.splitlines()] == [1], texts
    assert texts[3].startswith(f"0. {LONG}"[:60])

    # enlaces
    inside = [(a, b) for a, b in links(book) if isinstance(b, int)]
    assert (4, page_with(book, "DESTINO")) in inside
    assert (page_with(book, "DESTINO"), 4) in inside
    assert {b for _, b in links(book) if isinstance(b, str)} == {
        PUBLISHED,
        f"{PUBLISHED}_sources/uno.ipynb",
        "https://keras.io/",
    }

    # lo plegado se lee; de las celdas plegadas, solo lo que define algo; ninguna línea se pierde
    whole = "\n".join(texts)
    assert [word in whole for word in ("PLEGADO", "DEFINE", "SALIDA", "FINAL", "FIGURA")] == [True] * 5
    assert [word in whole for word in ("PREPARA", "DIBUJA", "Leer esta parte", "#")] == [False] * 4

    # etiquetas, idioma y letras
    root = book.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "es")
    parts = list(structure(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/H3", "/P", "/Link", "/Figure"} <= {part["/S"] for part in parts}
    described = {str(part["/Alt"]) for part in parts if "/Alt" in part}
    assert {"Cuadrado azul", "Un punto rojo", "Portada"} <= described
    fonts = [
        font.get_object() for page in book.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    names = {font["/BaseFont"] for font in fonts}
    assert any("SourceSans3" in name for name in names), names
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font
    assert (book.metadata.title, book.metadata.author) == (pdf.TITLE, pdf.AUTHOR)


def test_a_chapter_brings_its_own_answers_and_links_to_the_published_site(printed):
    files = printed("01")
    assert list(files) == ["01_dos.pdf"]
    chapter = files["01_dos.pdf"]
    assert [(level, title) for level, title, _ in outline(chapter)] == [
        (0, "1. Dos"),
        (1, "Suma"),
        (1, "01 · Dos"),
        (2, "01.1 · Restar"),
    ]
    text = "".join(page.extract_text() for page in chapter.pages)
    assert "RESPUESTA 1" in text
    assert "RESPUESTA 0" not in text
    assert [target for _, target in links(chapter)] == [f"{PUBLISHED}chapters/00_uno.html#a"]


def make_it_fail(what, site, monkeypatch):
    if what == "capítulo":
        return ["42"]
    if what == "navegador":
        monkeypatch.setattr(pdf, "chromium_path", lambda: None)
    elif what == "sitio":
        (site / "index.html").unlink()
    elif what == "página":
        (site / "chapters" / "01_dos.html").unlink()
    elif what == "vuelta":
        page = site / "appendix" / "notas.html"
        page.write_text(page.read_text("utf-8") + '<a class="right-next" href="../intro.html">', "utf-8")
    elif what == "imagen":
        (site / "_images" / "foto.png").unlink()
    elif what == "imagen rota":
        (site / "_images" / "foto.png").write_bytes(b"nada")
    elif what == "peso":
        monkeypatch.setattr(pdf, "MAX_BYTES", 10)
    elif what == "título":
        style = site / "_static" / "site.css"
        style.write_text(style.read_text("utf-8") + "h2 { display: none }", "utf-8")
    else:
        save, problem = (
            pdf.save,
            {"disco": OSError(errno.ENOSPC, "No space left"), "muerte": Error("Target closed")}[what],
        )

        def broken(raw, target, headings):
            if target.name.startswith("01"):
                raise problem
            return save(raw, target, headings)

        monkeypatch.setattr(pdf, "save", broken)
    return []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("capítulo", "No hay capítulo 42. Hay: 00, 01."),
        ("navegador", "No hay Chromium: instálalo"),
        ("sitio", "No está construido el sitio"),
        ("página", "Falta la página chapters/01_dos.html, a la que lleva chapters/00_uno.html"),
        ("vuelta", "de appendix/notas.html vuelve a intro.html"),
        ("imagen", "no se puede leer _images/foto.png"),
        ("imagen rota", "no se puede leer _images/foto.png"),
        ("peso", "00_uno.pdf pesa"),
        ("título", "el índice del visor tiene"),
        ("disco", "el disco está lleno"),
        ("muerte", "Chromium no ha podido imprimir: Target closed"),
    ],
)
def test_what_goes_wrong_is_said_and_nothing_is_half_written(
    what, said, order, site, tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "00_uno.pdf").write_text("el de antes")
    before = set(tmp_path.iterdir())
    assert order(*make_it_fail(what, site, monkeypatch)) == 1
    text = capsys.readouterr().err
    assert said in text
    assert text.endswith("No se ha cambiado nada.\n")
    assert [path.read_text() for path in folder.iterdir()] == ["el de antes"]
    assert set(tmp_path.iterdir()) == before


def test_the_whole_book_replaces_what_was_there(order, tmp_path, capsys):
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "07_de_antes.pdf").write_text("ya no está en el libro")
    assert order() == 0
    assert sorted(path.name for path in folder.iterdir()) == ["00_uno.pdf", "01_dos.pdf", pdf.BOOK]
    assert "páginas" in capsys.readouterr().out
