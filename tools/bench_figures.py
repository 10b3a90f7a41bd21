"""Mide las figuras en Chromium: ``make bench-figuras``.

Tres números por figura o en total: lo que pesan en la red, lo que tarda la primera respuesta desde que la
figura se ve y cuántas veces por segundo se redibuja una imagen de 64 × 64 mientras se arrastra sobre ella.
Cada tiempo se da también con el procesador cuatro veces más lento, como en un teléfono modesto.
"""

import gzip
import shutil
import statistics
import tempfile
from pathlib import Path

import numpy as np

from course_utils.figures import FIGURES, ConvolutionFigure
from tools.browser import chromium, chromium_path, serve
from tools.figures import STATIC

REPEATS = 7
SECONDS = 3
# La figura empieza lejos de la pantalla, más allá del margen con que se monta por adelantado.
PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Medida</title>
<link rel="icon" href="data:,"><body><div style="height: 3000px"></div>{}
<script type="module" src="host.mjs"></script></body></html>"""
# Desde que la figura entra en la pantalla hasta que se ha pintado la respuesta a la primera pulsación.
FIRST_INTERACTION = """async () => {
  const place = document.querySelector(".course-figure");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const start = performance.now();
  place.scrollIntoView();
  while (!place.querySelector(".cf-body > *")) await frame();
  const sliders = [...place.querySelectorAll("input[type=range]")];
  const control = sliders.find((x) => x.checkVisibility() && !x.disabled);
  const before = place.querySelector(".cf-body").innerHTML;
  control.value = Number(control.value) + 1;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  while (place.querySelector(".cf-body").innerHTML === before) await frame();
  await new Promise((done) => setTimeout(done)); // tras pintar
  return performance.now() - start;
}"""
# Un movimiento del puntero por fotograma, por toda la imagen: redibujos por segundo y lo que dura cada uno.
DRAG = """async (seconds) => {
  const grid = document.querySelector(".cf-grid[data-role=input]");
  const box = grid.getBoundingClientRect();
  const nextFrame = window.requestAnimationFrame.bind(window);
  const times = [];
  window.requestAnimationFrame = (draw) => nextFrame((now) => {
    const start = performance.now();
    draw(now);
    times.push(performance.now() - start);
  });
  const start = performance.now();
  for (let step = 0; performance.now() - start < seconds * 1000; step++) {
    const [x, y] = [(step * 7) % 64, Math.floor((step * 7) / 64) % 64];
    grid.dispatchEvent(new PointerEvent("pointermove", {
      pointerId: 1, buttons: 1, bubbles: true,
      clientX: box.left + ((x + 0.5) * box.width) / 64, clientY: box.top + ((y + 0.5) * box.height) / 64 }));
    await new Promise(nextFrame);
  }
  const elapsed = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (q) => times[Math.floor(times.length * q)];
  return [times.length / elapsed, quantile(0.5), quantile(0.95)];
}"""


def main() -> None:
    """Imprime la tabla."""
    executable = chromium_path()
    if executable is None:
        raise SystemExit("No hay Chromium: instálalo (apt install chromium) para medir las figuras.")
    print("Peso (gzip):")
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in sorted(STATIC.glob("*.mjs"))}
    for name, size in sizes.items():
        print(f"  {name:<14}{size / 1000:6.1f} kB")
    print(f"  {'en total':<14}{sum(sizes.values()) / 1000:6.1f} kB")

    with tempfile.TemporaryDirectory() as name, chromium(executable) as engine:
        folder = Path(name)
        for path in STATIC.glob("*.mjs"):
            shutil.copy(path, folder)
        for figure in (make() for make in FIGURES):
            (folder / f"{figure.name}.html").write_text(PAGE.format(figure.to_html()), encoding="utf-8")
        picture = np.random.default_rng(0).random((64, 64)).round(2)
        large = ConvolutionFigure(image=picture, padding=1)
        (folder / "grande.html").write_text(PAGE.format(large.to_html()), encoding="utf-8")
        with serve(folder) as url:
            print(
                f"Primera respuesta desde que se ve, en ms (mediana y peor de {REPEATS}; con el procesador a "
                "1/4):"
            )
            for make in FIGURES:
                page = f"{url}/{make.name}.html"
                usual, slow = (_first_interaction(engine, page, rate) for rate in (1, 4))
                print(f"  {make.name:<16}{usual[0]:6.0f}{usual[1]:6.0f}   {slow[0]:6.0f}{slow[1]:6.0f}")
            print(
                "Redibujos por segundo arrastrando sobre 64 × 64, y ms de cada uno (mediana y percentil 95):"
            )
            for rate in (1, 4):
                updates, median, slowest = _drag(engine, f"{url}/grande.html", rate)
                print(f"  procesador a 1/{rate}   {updates:5.1f}   {median:5.1f} {slowest:5.1f}")


def _open(engine, address, rate):
    page = engine.new_page(viewport={"width": 1280, "height": 900})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.goto(address)
    return page


def _first_interaction(engine, address, rate):
    times = []
    for _ in range(REPEATS):
        page = _open(engine, address, rate)
        page.wait_for_timeout(500)  # nadie llega a la figura antes
        times.append(page.evaluate(FIRST_INTERACTION))
        page.close()
    return statistics.median(times), max(times)


def _drag(engine, address, rate):
    page = _open(engine, address, rate)
    page.locator(".course-figure").scroll_into_view_if_needed()
    grid = page.locator(".cf-grid[data-role=input]")
    grid.scroll_into_view_if_needed()
    grid.hover()
    page.mouse.down()  # un puntero de verdad: los movimientos que siguen llevan su identificador
    result = page.evaluate(DRAG, SECONDS)
    page.close()
    return result


if __name__ == "__main__":
    main()
