"""Mide en Chromium las redes que se ejecutan en la página, al lado de TensorFlow.js: ``make bench-pagina``.

Los mismos trabajos, en la misma ejecución: predecir con la red del capítulo 6, con la densa y con la U-Net
de 64 × 64, y entrenar una convolucional con mil imágenes, tres épocas. Además, lo que pesan las figuras,
cuántas veces por segundo responde la figura al arrastrar la prenda y la tarea más larga del hilo principal
mientras se entrena. Los milisegundos de procesador no cuentan lo que la máquina dedica a otros programas.

TensorFlow.js viene de npm y solo sirve para esto; si no se puede bajar, se dice y se mide lo demás.
"""

import gzip
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from course_utils.figures import InsideCnnFigure, TrainInPageFigure
from tools.browser import chromium, chromium_path, serve
from tools.figures import ROOT, STATIC
from tools.vendor import download

TFJS = "4.22.0"
DRAG_SECONDS = 3
PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Medida</title>
<link rel="icon" href="data:,"><body>{}<script type="module" src="figures/host.mjs"></script></body></html>"""
SCRIPT = Path(__file__).with_name("bench_page.mjs")
# Un movimiento del puntero por fotograma, de lado a lado, con la herramienta «arrastrar».
DRAG = """async (seconds) => {
  const grid = document.querySelector(".cf-garment .cf-grid");
  const box = grid.getBoundingClientRect();
  let answers = 0;
  const table = document.querySelector(".cf-chances");
  const observer = new MutationObserver(() => answers++);
  observer.observe(table, { subtree: true, attributes: true, childList: true, characterData: true });
  const start = performance.now();
  for (let step = 0; performance.now() - start < seconds * 1000; step++) {
    const col = 14 + Math.round(6 * Math.sin(step / 2));
    grid.dispatchEvent(new PointerEvent("pointermove", { pointerId: 1, buttons: 1, bubbles: true,
      clientX: box.left + ((col + 0.5) * box.width) / 28, clientY: box.top + box.height / 2 }));
    await new Promise(requestAnimationFrame);
  }
  observer.disconnect();
  return answers / seconds;
}"""
FIRST = """() => new Promise((done) => {
  const start = performance.now();
  const slider = document.querySelector(".cf-garment input[type=range]");
  const said = document.querySelector(".cf-verdict");
  const before = said.textContent;
  slider.value = 3;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const look = () => said.textContent !== before ? setTimeout(() => done(performance.now() - start))
    : requestAnimationFrame(look);
  look();
})"""


def fetch_tfjs(folder: Path) -> bool:
    """Baja TensorFlow.js a ``folder``; False si no se puede."""
    try:
        package = download("@tensorflow/tfjs", TFJS, folder)
    except SystemExit as error:
        print(f"Sin TensorFlow.js: {error}")
        return False
    shutil.copy(package / "dist" / "tf.min.js", folder / "tf.min.js")
    return True


def main() -> None:
    """Imprime las medidas."""
    executable = chromium_path()
    if executable is None:
        raise SystemExit("No hay Chromium: instálalo (apt install chromium) para medir la página.")
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob("*.mjs")}
    print(f"Figuras y anfitrión, con gzip: {sum(sizes.values()) / 1000:.1f} kB")
    for path in sorted(STATIC.glob("*.bin")):
        print(f"  {path.name:<16}{path.stat().st_size / 1000:6.0f} kB")
    with tempfile.TemporaryDirectory() as name, chromium(executable) as engine:
        folder = Path(name)
        shutil.copytree(ROOT / "web", folder / "web")
        shutil.copytree(STATIC, folder / "figures")
        shutil.copytree(ROOT / "assets" / "vendor" / "fashion-mnist", folder / "vendor" / "fashion-mnist")
        shutil.copy(SCRIPT, folder)
        has_tfjs = fetch_tfjs(folder)
        for made in (InsideCnnFigure(), TrainInPageFigure(filters=8, hidden=64)):
            (folder / f"{made.name}.html").write_text(PAGE.format(made.to_html()), encoding="utf-8")
        (folder / "index.html").write_text(
            "<!doctype html><title>Medida</title><link rel='icon' href='data:,'>"
            + ("<script src='tf.min.js'></script>" if has_tfjs else ""),
            encoding="utf-8",
        )
        with serve(folder) as url:
            _print_jobs(engine, url, has_tfjs)
            _print_figures(engine, url)


def _print_jobs(engine, url, has_tfjs):
    page = engine.new_page()
    page.set_default_timeout(600_000)
    page.goto(f"{url}/index.html")
    titles = page.evaluate(
        """async (tfjs) => {
          const { makeJobs, timed } = await import("./bench_page.mjs");
          const jobs = await makeJobs(tfjs);
          window.warm = (row, column) => jobs[row][column].job();
          window.timed = (row, column) => timed(jobs[row][column]);
          return jobs.map(([title]) => title);
        }""",
        has_tfjs,
    )
    print(f"\n{'ms':<42}{'curso':>10}{'procesador':>14}{'TensorFlow.js':>16}")
    for row, title in enumerate(titles):
        clock, used = _timed(page, [row, 1])
        theirs = f"{_timed(page, [row, 2])[0]:.1f}" if has_tfjs else "—"
        print(f"{title:<42}{clock:10.1f}{used:14.1f}{theirs:>16}")
    page.close()


def _timed(page, place):
    """Milisegundos de reloj (mediana) y de procesador (media) de un trabajo; la primera vez no cuenta."""
    page.evaluate("([row, column]) => warm(row, column)", place)
    busy = _processor_time(page)
    clock, repeats = page.evaluate("([row, column]) => timed(row, column)", place)
    return clock, 1000 * busy() / repeats


def _print_figures(engine, url):
    page = engine.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{url}/inside_cnn.html")
    page.locator(".cf-chances").wait_for()
    first = statistics.median(_again(page, FIRST) for _ in range(5))
    page.get_by_role("button", name="arrastrar").click()
    page.locator(".cf-garment .cf-grid").hover()
    page.mouse.down()
    busy = _processor_time(page)
    rate = page.evaluate(DRAG, DRAG_SECONDS)
    each = 1000 * (busy() / (rate * DRAG_SECONDS))
    print(f"\nLa figura contesta en {first:.0f} ms. Al arrastrar, {rate:.0f} veces por segundo,")
    print(f"con {each:.1f} ms de procesador cada una.")
    page.close()
    page = engine.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{url}/train_in_page.html")
    page.locator(".cf-go").wait_for()
    page.wait_for_timeout(500)
    engine.start_tracing(page=page, categories=["toplevel"])
    started = time.perf_counter()
    page.get_by_role("button", name="Entrenar").click()
    page.get_by_role("button", name="Entrenar otra vez").wait_for(timeout=300_000)
    seconds, longest = time.perf_counter() - started, _longest_task(engine.stop_tracing())
    print(f"Entrenando las dos redes, {seconds:.0f} s, la tarea más larga del hilo principal ocupa")
    print(f"{longest:.0f} ms de procesador.")
    page.close()


def _longest_task(trace):
    """Milisegundos de procesador de la mayor tarea del hilo principal de la página."""
    events = json.loads(trace)["traceEvents"]
    threads = {
        (one["pid"], one["tid"]): one["args"]["name"] for one in events if one["name"] == "thread_name"
    }
    return max(
        one.get("tdur", 0) / 1000
        for one in events
        if one["ph"] == "X" and threads.get((one["pid"], one["tid"])) == "CrRendererMain"
    )


def _processor_time(page):
    """Función que da los segundos de procesador del hilo principal desde ahora."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def total():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    start = total()
    return lambda: total() - start


def _again(page, script):
    page.get_by_role("button", name="Restablecer").click()
    page.wait_for_timeout(200)
    return page.evaluate(script)


if __name__ == "__main__":
    main()
