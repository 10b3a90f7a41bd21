"""De la página HTML de una ficha a su PDF, con el Chromium instalado."""

from __future__ import annotations

import re

from tools.browser import chromium

PAGES = 2  # la ficha y sus soluciones
PATIENCE = 120_000  # ms; en una máquina cargada, los 30 s de Playwright no bastan
LEAF = re.compile(rb"/Type\s*/Page\b")


class DoesNotFit(ValueError):
    """Lo que se imprime no cabe en sus hojas."""


def print_sheet(html: str, executable: str) -> bytes:
    """El PDF de una ficha.

    Raises
    ------
    DoesNotFit
        Si no son dos hojas justas, o algo se sale de la suya.
    """
    with chromium(executable) as browser:
        return print_page(browser, html)


def print_page(browser, html: str) -> bytes:
    """Como :func:`print_sheet`, con un navegador ya abierto."""
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.set_default_timeout(PATIENCE)
    page.emulate_media(media="print")
    page.set_content(html)
    page.evaluate("document.fonts.ready")
    outside = page.evaluate(
        """[...document.querySelectorAll("main")].flatMap((sheet) => {
          const limit = sheet.getBoundingClientRect(), pad = 20;
          return [...sheet.querySelectorAll("section, table, p")].filter((part) => {
            const box = part.getBoundingClientRect();
            return box.bottom > limit.bottom - pad || box.right > limit.right - pad;
          }).map((part) => part.closest("section")?.querySelector("h2").textContent ?? "título");
        })"""
    )
    printed = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    page.close()
    if outside or len(LEAF.findall(printed)) != PAGES:
        raise DoesNotFit(
            f"la ficha no cabe en su hoja: {', '.join(dict.fromkeys(outside)) or 'sobran hojas'}"
        )
    return printed
