"""Fotos del sitio construido: ``make capturas``.

Cada página a 1280 y 375 píxeles de ancho, en claro y en oscuro, en ``_build/capturas``; la del README,
``assets/captura.png``; y el logotipo en PNG para las tarjetas de redes sociales, ``assets/tarjeta.png``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tools.browser import chromium, chromium_path
from tools.serve import SITE, serve

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "_build" / "capturas"
README_PICTURE = ROOT / "assets" / "captura.png"
README_PAGE = "index.html"
CARD_PICTURE = ROOT / "assets" / "tarjeta.png"
CARD_SIDE = 240  # píxeles
WIDTHS = (1280, 375)
MAX_BYTES = 150_000
# Las imágenes y las figuras se cargan al acercarse: hay que pasar por ellas.
SHOW_EVERYTHING = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 60));
  }
  scrollTo(0, 0);
}"""


def photograph_pages(browser, address: str, folder: Path) -> int:
    """Una foto entera por página, ancho y tema; devuelve cuántas."""
    pages = sorted(page.relative_to(SITE) for page in SITE.rglob("*.html") if page.name != "404.html")
    taken = 0
    for theme in ("light", "dark"):
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
            )
            tab = context.new_page()
            for page in pages:
                tab.goto(f"{address}/{page.as_posix()}")
                tab.evaluate(SHOW_EVERYTHING)
                tab.wait_for_load_state("networkidle")
                target = folder / f"{page.with_suffix('').as_posix().replace('/', '-')}-{width}-{theme}.png"
                tab.screenshot(path=target, full_page=True)
                taken += 1
            context.close()
    return taken


def photograph_readme(browser, address: str, target: Path) -> None:
    """La imagen del README: la Portada en un portátil."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(f"{address}/{README_PAGE}", wait_until="networkidle")
    tab.screenshot(path=target)
    context.close()
    Image.open(target).convert("RGB").quantize(dither=Image.Dither.NONE).save(target, optimize=True)
    if target.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{target.name} pesa {target.stat().st_size} bytes y el límite es {MAX_BYTES}.")


def photograph_logo(browser, target: Path) -> None:
    """El logotipo, grande y con fondo transparente."""
    tab = browser.new_page(viewport={"width": CARD_SIDE, "height": CARD_SIDE})
    svg = (ROOT / "assets" / "logo.svg").read_text(encoding="utf-8")
    tab.set_content(f"<style>body {{ margin: 0 }} svg {{ width: 100%; height: 100% }}</style>{svg}")
    tab.screenshot(path=target, omit_background=True)
    tab.close()


def main() -> int:
    executable = chromium_path()
    if executable is None:
        print("No hay Chromium: instálalo (apt install chromium) y repite «make capturas».")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve(SITE) as address, chromium(executable) as browser:
        taken = photograph_pages(browser, address, FOLDER)
        photograph_readme(browser, address, README_PICTURE)
        photograph_logo(browser, CARD_PICTURE)
    print(f"{taken} fotos en {FOLDER.relative_to(ROOT)}.")
    print(f"La del README y la de las tarjetas, en {README_PICTURE.parent.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
