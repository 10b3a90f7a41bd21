"""El curso en PDF: ``make pdf`` escribe en ``_build/pdf`` todo el libro y un archivo por capítulo.

Chromium imprime un solo documento, hecho con las páginas del sitio construido (``tools/pdf.js`` las junta):
así las etiquetas, los enlaces entre capítulos y el índice son de una pieza, y cada letra se incluye una vez.
El libro se imprime dos veces: hasta la primera no se sabe qué número poner en cada línea de su índice.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pikepdf
from playwright.sync_api import Browser, Error, Page

import course_utils
from course_utils.datasets.causes import disk_cause
from course_utils.exercises.arguments import Parser
from course_utils.exercises.prose import read_prose
from tools.browser import chromium, chromium_path
from tools.serve import SITE, serve

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "_build" / "pdf"
BOOK = "redes-convolucionales.pdf"
ASSETS = ROOT / "assets"  # lo que el PDF usa y el sitio no sirve
TITLE = "Redes convolucionales"
AUTHOR = "Curso «Redes convolucionales»"
HOME = "intro.html"
ANSWERS = (
    "appendix/repaso",
    "appendix/soluciones",
)  # al final del libro; las de un capítulo, al final del suyo
COMPOSE = (ROOT / "tools" / "pdf.js").read_text(encoding="utf-8")
MAX_BYTES = 60_000_000
PRINT_TIMES = 3
NEXT = re.compile(r'<a class="right-next"\s+href="([^"]+)"')
BLANK = """<!doctype html>
<html lang="es" data-theme="light">
<head><meta charset="utf-8"><title>{title}</title><link rel="stylesheet" href="_static/site.css">
<link rel="stylesheet" href="{assets}/book.css"></head><body></body></html>
"""
FILL = """(numbers) => {
  for (const place of document.querySelectorAll(".print-page"))
    place.textContent = numbers[place.dataset.target];
}"""


class PdfError(Exception):
    """Algo impide imprimir; el mensaje dice qué y qué hacer."""


def reading_order(site: Path) -> list[str]:
    """Páginas del libro, de la Portada en adelante; las respuestas, al final."""
    order, before = [HOME], "el índice"
    for name in order:
        page = site / name
        if not page.is_file():
            raise PdfError(f"Falta la página {name}, a la que lleva {before}: repite «make libro».")
        if found := NEXT.search(page.read_text(encoding="utf-8")):
            following = PurePosixPath(os.path.normpath(PurePosixPath(name).parent / unquote(found[1])))
            if str(following) in order:
                raise PdfError(f"El enlace «siguiente» de {name} vuelve a {following}: repite «make libro».")
            order.append(str(following))
        before = name
    return sorted(order, key=lambda name: name.startswith(ANSWERS))


def chapters(order: list[str]) -> dict[str, str]:
    """Páginas de los capítulos, por su número."""
    return {Path(name).name[:2]: name for name in order if name.startswith("chapters/")}


def compose(tab: Page, address: str, settings: dict, title: str) -> list[str]:
    """Deja en ``tab`` el documento que se va a imprimir y devuelve sus títulos."""
    missing = []
    tab.on("response", lambda got: got.status >= 400 and missing.append(got.url.removeprefix(f"{address}/")))
    blank = BLANK.format(title=title, assets=ASSETS.name)
    tab.route(f"{address}/imprimir", lambda route: route.fulfill(body=blank, content_type="text/html"))
    own = re.compile(f"{re.escape(address)}/{ASSETS.name}/(.+)")
    tab.route(own, lambda route: route.fulfill(path=ASSETS / own.match(route.request.url)[1]))
    tab.emulate_media(media="print", color_scheme="light", reduced_motion="reduce")
    tab.goto(f"{address}/imprimir")
    made = tab.evaluate(COMPOSE, settings)
    if lost := sorted({*missing, *made["broken"]}):
        raise PdfError(f"El sitio está incompleto: no se puede leer {', '.join(lost)}. Repite «make libro».")
    return made["headings"]


def print_tab(tab: Page) -> bytes:
    return tab.pdf(tagged=True, outline=True, prefer_css_page_size=True, print_background=True)


def page_numbers(pdf: pikepdf.Pdf) -> dict[str, int]:
    """En qué página está cada destino con nombre."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {name[1:]: numbers[place[0].objgen] for name, place in pdf.Root.get("/Dests", {}).items()}


def print_book(tab: Page) -> bytes:
    """Imprime hasta que los números del índice son los de sus páginas."""
    written = None
    for _ in range(PRINT_TIMES):
        raw = print_tab(tab)
        with pikepdf.open(BytesIO(raw)) as pdf:
            numbers = page_numbers(pdf)
        if numbers == written:
            return raw
        tab.evaluate(FILL, numbers)
        written = numbers
    raise PdfError(
        f"El índice cambia de tamaño cada vez que se imprime ({PRINT_TIMES} veces): mira assets/book.css."
    )


def outline_items(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Entradas del índice del visor, en orden."""
    item = node.get("/First")
    while item is not None:
        yield item
        yield from outline_items(item)
        item = item.get("/Next")


def save(raw: bytes, target: Path, headings: list[str]) -> str:
    """Escribe el PDF comprimido y con sus datos, y dice cuánto mide.

    Chromium pega las palabras donde un título cambia de línea: los del índice del visor se escriben de nuevo.
    """
    with pikepdf.open(BytesIO(raw)) as pdf:
        items = list(outline_items(pdf.Root.Outlines))
        if len(items) != len(headings):
            raise PdfError(
                f"{target.name}: el índice del visor tiene {len(items)} títulos y las páginas, "
                f"{len(headings)}; mira qué título no se imprime (assets/book.css)."
            )
        for item, heading in zip(items, headings, strict=True):
            item.Title = heading
        pdf.docinfo["/Author"] = AUTHOR
        pdf.docinfo["/Creator"] = "make pdf"
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pages = len(pdf.pages)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    size = target.stat().st_size
    if size > MAX_BYTES:
        raise PdfError(f"{target.name} pesa {size / 1e6:.0f} MB y el límite es {MAX_BYTES / 1e6:.0f}.")
    return f"{pages} páginas, {size / 1e6:.1f} MB".replace(".", ",")


def notes(published: str) -> list[str]:
    """Pie de la Portada."""
    link = f'<a href="{published}">{published.removeprefix("https://").removesuffix("/")}</a>'
    return [
        f"Versión {course_utils.__version__}, impresa el {date.today():%d/%m/%Y} a partir de {link}, donde "
        "las figuras se tocan y las preguntas se corrigen. Aquí cada figura es una foto, y las respuestas "
        "están al final.",
        "Texto y figuras: CC BY 4.0. Código: MIT.",
    ]


def print_all(browser: Browser, site: Path, folder: Path, published: str, numbers: list[str]) -> None:
    """Imprime en ``folder`` los capítulos pedidos o, si no se pide ninguno, el libro y todos."""
    order = reading_order(site)
    known = chapters(order)
    if unknown := [number for number in numbers if number not in known]:
        raise PdfError(f"No hay capítulo {', '.join(unknown)}. Hay: {', '.join(known)}.")
    answers = [name for name in order if name.startswith(ANSWERS)]
    jobs = [(f"{Path(known[number]).stem}.pdf", [known[number]], number) for number in numbers or known]
    if not numbers:
        jobs.append((BOOK, order, None))
    with serve(site) as address:
        for file, pages, number in jobs:
            start = time.monotonic()
            settings = {
                "pages": pages,
                "book": number is None,
                "answers": [name for name in answers if number in (None, Path(name).stem)],
                "chapter": number,
                "published": published,
                "notes": notes(published),
            }
            with browser.new_context() as context:
                tab = context.new_page()
                headings = compose(
                    tab, address, settings, TITLE if number is None else f"{TITLE}: capítulo {number}"
                )
                raw = print_tab(tab) if number else print_book(tab)
            size = save(raw, folder / file, headings)
            print(f"{file}: {size}, {time.monotonic() - start:.0f} s.", flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = Parser(prog="python -m tools.pdf", description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NN", help="solo esos capítulos")
    options = parser.parse_args(arguments)
    executable = chromium_path()
    try:
        if executable is None:
            raise PdfError("No hay Chromium: instálalo (apt install chromium) y repite «make pdf».")
        if not (SITE / "index.html").is_file():
            raise PdfError("No está construido el sitio: ejecuta antes «make libro».")
        published = read_prose(ROOT / "_config.yml")["html"]["baseurl"]
        FOLDER.parent.mkdir(exist_ok=True)
        # Nada se cambia en _build/pdf hasta que todo está impreso.
        with tempfile.TemporaryDirectory(dir=FOLDER.parent, prefix="pdf-") as scratch:
            with chromium(executable) as browser:
                print_all(browser, SITE, Path(scratch), published, options.numbers)
            FOLDER.mkdir(exist_ok=True)
            if not options.numbers:
                for old in FOLDER.glob("*.pdf"):
                    old.unlink()
            for made in Path(scratch).iterdir():
                made.replace(FOLDER / made.name)
    except PdfError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"No se puede escribir en {FOLDER.relative_to(ROOT)}: {disk_cause(error)}.", file=sys.stderr)
    except Error as error:
        print(f"Chromium no ha podido imprimir: {error.message.splitlines()[0]}", file=sys.stderr)
    else:
        print(f"Están en {FOLDER.relative_to(ROOT)}.")
        return 0
    print("No se ha cambiado nada.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
