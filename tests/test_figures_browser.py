"""Las figuras en Chromium: en la página Laboratorio del sitio construido, solas y en un marco aislado."""

import json
import re

import pytest

from course_utils.figures import FIGURES
from tools.figures import STATIC

pytestmark = pytest.mark.site

NAMES = [figure.name for figure in FIGURES]
MINIMAL = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Figura</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark }}</style>
<body>{}<script type="module" src="/_static/figures/host.mjs"></script></body></html>"""
KEYS = {
    "range": ["ArrowRight"],
    "select-one": ["ArrowDown"],
    "application": ["ArrowRight", "+", "5", " "],
    "button": ["Enter"],
}


@pytest.fixture
def open_page(open_tab, address):
    """Abre el Laboratorio del sitio o, con un nombre de figura, una página mínima con ella sola."""

    def open_(name="", script="", **options):
        page = open_tab(address, **options)
        if script:
            page.add_init_script(script)
        if name:
            made = "".join(figure().to_html() for figure in FIGURES if name in (figure.name, "todas"))
            page.route(
                "**/figura.html",
                lambda route: route.fulfill(body=MINIMAL.format(made), content_type="text/html"),
            )
            page.goto(f"{address}/figura.html")
        else:
            page.goto(f"{address}/appendix/laboratorio.html")
        return page

    return open_


def mount_all(page):
    """Recorre la página hasta que todas las figuras están montadas."""
    for name in NAMES:
        place = page.locator(f"[data-figure={name}]")
        place.scroll_into_view_if_needed()
        place.locator(".cf-body > *").first.wait_for(state="attached")
    page.wait_for_function("!document.querySelector('.cf[aria-busy=true]')")  # hay redes en camino
    page.evaluate("scrollTo(0, 0)")


# Lo que asoma por la derecha de la figura.
TOO_WIDE = """(root) => {
  const right = root.getBoundingClientRect().right + 0.5;
  return [...root.querySelectorAll(".cf-grid, .cf-panel, svg, button, select, input, p, label")]
    .filter((x) => !x.closest("[hidden], .cf-live, details:not([open]) > p"))
    .filter((x) => x.getBoundingClientRect().right > right)
    .map((x) => x.className || x.tagName);
}"""
BRIGHTNESS = """(root) => ["color", "backgroundColor"].map((name) =>
  getComputedStyle(root)[name].match(/[\\d.]+/g).slice(0, 3).reduce((sum, v) => sum + Number(v), 0))"""
# Lo que muestran los mandos y las cuadrículas.
SHOWN = """(root) => {
  const shown = root.querySelector(".cf-body").querySelectorAll("output, canvas, [aria-pressed=true]");
  return [...shown].filter((x) => x.checkVisibility())
    .map((x) => (x.tagName === "CANVAS" ? x.toDataURL() : x.innerText));
}"""


def figure(page, name):
    return page.locator(f"[data-figure={name}] .cf")


def state(page, name):
    """Lo que se ve y lo que oye un lector de pantalla: cambia si cambia algo."""
    return figure(page, name).evaluate(
        """(root) => {
          const body = root.querySelector(".cf-body");
          const values = [...body.querySelectorAll("input, select")].map((x) => x.value);
          const names = [...body.querySelectorAll("[aria-label], [aria-pressed], [aria-valuetext]")]
            .map((x) => ["label", "pressed", "valuetext"].map((name) => x.getAttribute(`aria-${name}`)));
          const shapes = [...body.querySelectorAll("rect, path, circle")].map((x) => x.outerHTML);
          const pixels = [...body.querySelectorAll("canvas")].map((x) => x.toDataURL());
          return JSON.stringify([body.innerText, values, names, shapes, pixels]);
        }"""
    )


def frame(page):
    """Espera a que se pinte el siguiente fotograma y a que conteste la red, si la figura tiene una."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function("!document.querySelector('.cf [aria-busy=true]')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_figure_mounts_and_fits(open_page, scheme):
    page = open_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    mount_all(page)
    for made in FIGURES:
        said = figure(page, made.name).inner_text()
        assert made.texts["hint"] in said
        assert not re.search(r"undefined|\{\w+\}", said), made.name  # ningún hueco sin llenar
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for name in NAMES:
            shown = figure(page, name)
            assert shown.get_attribute("data-theme") == scheme
            assert not page.locator(f"[data-figure={name}] > figure").is_visible()
            assert shown.evaluate(TOO_WIDE) == [], (name, width)
            # el texto se lee sobre el fondo de la figura en los dos temas
            ink, paper = shown.evaluate(BRIGHTNESS)
            assert abs(ink - paper) > 450
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_figures_wait_until_they_come_near(open_page):
    page = open_page(viewport={"width": 1280, "height": 600})
    assert page.locator(".cf").count() == 0  # arriba solo están los dibujos que llevan a ellas
    page.locator(".course-gallery a", has_text="Convolución paso a paso").click()
    figure(page, "convolution").wait_for()
    assert figure(page, "shared_weights").count() == 0
    page.locator("[data-figure=shared_weights]").scroll_into_view_if_needed()
    figure(page, "shared_weights").wait_for()


def test_a_jump_stays_where_it_lands_while_the_figures_above_grow(open_page):
    page = open_page(viewport={"width": 375, "height": 800})
    page.locator(".course-gallery a", has_text="Umbral").click()
    figure(page, "threshold").wait_for()
    title = page.get_by_role("heading", name="Umbral")
    page.wait_for_timeout(2000)
    assert 0 <= title.bounding_box()["y"] < 250
    page.mouse.wheel(0, -600)  # quien mueve la página manda
    page.wait_for_timeout(300)
    assert title.bounding_box()["y"] > 500


def test_without_intersection_observer_all_mount_at_once(open_page):
    page = open_page("todas", script="delete window.IntersectionObserver")
    page.wait_for_function("(n) => document.querySelectorAll('.cf').length === n", arg=len(NAMES))


def test_without_javascript_the_still_pictures_remain(open_page):
    page = open_page(java_script_enabled=False)
    for made in FIGURES:
        place = page.locator(f"[data-figure={made.name}]")
        assert place.locator("svg.course-figure-still").is_visible()
        assert made().sentence() in place.locator("figcaption").inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_keyboard_is_enough(open_page, name):
    """Tabulador alcanza los mandos y sale; en cada uno, su tecla cambia la figura y no pierde el foco."""
    page = open_page(name, viewport={"width": 1000, "height": 900})
    shown = figure(page, name)
    page.locator(f"[data-figure={name}] .cf:not([aria-busy=true])").wait_for()
    shown.locator(".cf-reset").focus()
    frame(page)
    initial = shown.evaluate(SHOWN)
    before = state(page, name)
    reached, changed = 1, 0
    for _ in range(80):
        page.keyboard.press("Tab")
        kind, label = shown.evaluate(
            """(root) => {
              const x = document.activeElement;
              if (!root.contains(x)) return ["", ""];
              return [x.getAttribute("role") || x.type || "summary", x.getAttribute("aria-label")];
            }"""
        )
        if not kind:
            break
        reached += 1
        if label == "Reproducir":
            continue
        for key in KEYS.get(kind, []):
            page.keyboard.press(key)
        frame(page)
        now = state(page, name)
        changed += now != before
        before = now
        assert shown.evaluate("(root) => root.contains(document.activeElement)"), f"«{label}» pierde el foco"
    else:
        pytest.fail(f"el tabulador no sale de {name}")
    assert reached >= 6
    assert changed >= 4
    shown.locator(".cf-reset").focus()
    page.keyboard.press("Enter")
    frame(page)
    assert shown.evaluate(SHOWN) == initial


def test_the_convolution_is_told_to_a_screen_reader(open_page):
    page = open_page("convolution")
    shown = figure(page, "convolution")
    shown.get_by_role("application", name="Salida de 6 por 6").focus()
    page.keyboard.press("ArrowRight")
    live = shown.locator("[aria-live=polite]")
    page.wait_for_function("(x) => x.textContent.includes('fila 2, columna 3')", arg=live.element_handle())
    assert live.inner_text().startswith("Salida, fila 2, columna 3: ")
    assert live.inner_text().endswith("= 0")


def test_axe_finds_nothing(open_page):
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page = open_page("todas", viewport={"width": 375, "height": 800}, color_scheme=scheme)
        mount_all(page)
        found = Axe().run(page, context={"include": [[".course-figure"]]})
        assert found.response["violations"] == []


def test_goals_are_judged_by_what_the_kernel_does(open_page):
    page = open_page("convolution")
    shown = figure(page, "convolution")
    shown.get_by_role("combobox", name="Reto").select_option("vertical_edges")
    verdict = shown.locator(".cf-verdict")
    verdict.wait_for()
    assert "Conseguido" in verdict.inner_text()  # el kernel inicial es el de Prewitt
    shown.get_by_role("combobox", name="Kernel").select_option("Laplaciano")
    frame(page)
    assert "también aparecen los bordes horizontales" in verdict.inner_text().lower()


def test_play_pause_and_calm_motion(open_page):
    page = open_page("pooling", reduced_motion="reduce")
    page.clock.install(time=0)
    page.reload()
    shown = figure(page, "pooling")
    shown.wait_for()
    page.clock.pause_at(3_600_000)  # desde aquí el tiempo solo avanza cuando se le dice
    bar = shown.get_by_role("slider", name="Recorrido de la ventana")
    shown.get_by_role("button", name="Reproducir").click()
    page.clock.run_for(950)
    assert bar.input_value() == "0"  # con menos movimiento, un paso por segundo
    page.clock.run_for(3100)
    assert bar.input_value() == "4"
    shown.get_by_role("button", name="Pausa").click()
    page.clock.run_for(5000)
    assert bar.input_value() == "4"
    shown.get_by_role("button", name="Paso siguiente").click()
    page.clock.run_for(100)
    assert bar.input_value() == "5"


def test_the_next_point_is_predicted_with_the_mouse_and_revealed(open_page):
    page = open_page("gradient_descent")
    shown = figure(page, "gradient_descent")
    plot = shown.locator(".cf-touch svg").first
    box = plot.bounding_box()
    # el siguiente punto está en w = 0,6; los ejes van de −2 a 8 y dejan márgenes
    left, right = (plot.get_by_text(mark, exact=True).bounding_box() for mark in ("−2", "8"))
    start, end = (mark["x"] + mark["width"] / 2 for mark in (left, right))
    page.mouse.click(start + 0.26 * (end - start), box["y"] + box["height"] / 2)
    frame(page)
    assert shown.get_by_role("slider", name="Predicción de w").input_value() in {"35", "36", "37"}
    shown.get_by_role("button", name="Dar el paso").click()
    frame(page)
    assert "Acierto" in shown.locator(".cf-verdict").first.inner_text()
    assert "w = 0 − 0,1 · (−6) ≈ 0,6" in shown.inner_text()


def test_a_step_that_nobody_predicts_breaks_the_streak_and_one_too_short_does_not(open_page):
    page = open_page("gradient_descent")
    shown = figure(page, "gradient_descent")
    guess = shown.get_by_role("slider", name="Predicción de w")
    go = shown.get_by_role("button", name="Dar el paso")
    rate = shown.get_by_role("slider", name="Tasa")

    def streak(*positions):
        """Da un paso por predicción, de −3 en adelante y por décimas; None es darlo sin predecir."""
        for position in positions:
            if position is not None:
                guess.fill(str(position))
            go.click()
            frame(page)
        return shown.locator(".cf-verdict").first.inner_text()

    assert streak(36, 41).endswith("Aciertos seguidos: 2.")
    assert streak(None, 47).endswith("Aciertos seguidos: 1.")
    rate.fill("8")  # 0,4: 2,4; 2,88 y 2,976
    frame(page)
    assert streak(54, 59, 60).startswith("El punto apenas se mueve y no cuenta")
    assert shown.locator(".cf-verdict").first.inner_text().endswith("Aciertos seguidos: 2.")
    rate.fill("14")  # 1: de 0 a 6 y de 6 a 0, a la misma altura
    frame(page)
    streak(None)
    assert "la pérdida no ha cambiado" in shown.inner_text()


def test_a_descent_starts_where_it_is_told_and_one_that_diverges_still_fits(open_page):
    page = open_page("gradient_descent")
    shown = figure(page, "gradient_descent")
    start = shown.get_by_role("slider", name="Empezar en w")
    start.fill("2")
    frame(page)
    assert (start.input_value(), start.get_attribute("aria-valuetext")) == ("2", "−2")
    assert "w\n−2\nderivada = −10" in shown.inner_text()
    shown.get_by_role("slider", name="Predicción de w").fill("20")
    shown.get_by_role("button", name="Dar el paso").click()
    shown.get_by_role("button", name="Paso anterior").click()
    frame(page)
    assert not shown.locator(".cf-verdict").first.is_visible()  # lo ya visto no suma aciertos
    start.fill("0")
    frame(page)
    assert "El punto queda fuera de la gráfica." in shown.inner_text()
    shown.get_by_role("button", name="dos pesos: una recta").click()
    for name, value in {"Tasa": "16", "Inercia": "9", "Pasos": "60"}.items():
        shown.get_by_role("slider", name=name, exact=True).fill(value)
    frame(page)
    text = shown.inner_text()
    assert re.search(r"Pérdida\n\d,\d ·\s10\^\d+\n", text)
    assert not re.search(r"\d{7}", text.replace("\u202f", ""))
    assert shown.evaluate("(root) => root.scrollWidth <= root.clientWidth")


def test_dragging_out_of_a_grid_and_a_second_finger_paint_nothing(open_page):
    page = open_page("run_length", has_touch=True)
    shown = figure(page, "run_length")
    shown.get_by_role("combobox", name="Máscara").select_option("empty")
    frame(page)
    counts = shown.get_by_role("textbox", name="Cuentas del RLE")
    box = shown.get_by_role("application", name="Máscara de 6 por 8").bounding_box()

    def spot(row, col):
        return box["x"] + (col + 0.5) * box["width"] / 8, box["y"] + (row + 0.5) * box["height"] / 6

    page.mouse.move(*spot(0, 0))
    page.mouse.down()
    for cell in ((-2, 0), (-2, 5), (0, 5)):
        page.mouse.move(*spot(*cell), steps=4)
    page.mouse.up()
    frame(page)
    assert counts.input_value() == "0, 1, 29, 1, 17"  # la primera celda y la de volver a entrar
    session = page.context.new_cdp_session(page)
    fingers = [(5, 0), (0, 7)]
    for kind, some in (("touchStart", 1), ("touchStart", 2), ("touchMove", 2), ("touchEnd", 0)):
        points = [dict(zip("xy", spot(*cell), strict=True), id=i) for i, cell in enumerate(fingers[:some])]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    frame(page)
    assert counts.input_value() == "0, 1, 4, 1, 24, 1, 17"


def test_the_curve_of_precision_and_recall_is_the_same_with_any_confidence(open_page):
    page = open_page("threshold")
    shown = figure(page, "threshold")
    curves = set()
    for name in ("tal cual", "prudente", "atrevida"):
        shown.get_by_role("button", name=name, exact=True).click()
        frame(page)
        curves.add(shown.locator("path.cf-curve.cf-fit").get_attribute("d"))
    assert len(curves) == 1
    assert curves.pop().count("L") > 50


def test_different_draws_only_suit_what_moves_no_pixel(open_page):
    page = open_page("augmentation")
    shown = figure(page, "augmentation")
    shown.get_by_role("button", name="tiradas distintas").click()
    frame(page)
    verdict = shown.locator(".cf-verdict").last
    assert "pide la misma tirada" in verdict.inner_text()
    shown.get_by_role("button", name="no", exact=True).first.click()  # sin volteo
    for force in ("Giro", "Desplazar", "Zoom"):
        shown.get_by_role("slider", name=force).focus()
        page.keyboard.press("Home")
    frame(page)
    assert "Conseguido" in verdict.inner_text()
    shown.get_by_role("combobox", name="Imagen").select_option("six")
    question = shown.get_by_role("group", name="Reto").first
    question.get_by_role("button", name="sí", exact=True).click()
    question.get_by_text("De acuerdo").wait_for()


def test_two_equal_draws_are_luck(open_page):
    page = open_page("augmentation", script="Math.random = () => 0.7")
    shown = figure(page, "augmentation")
    shown.get_by_role("button", name="tiradas distintas").click()
    shown.get_by_role("button", name="no", exact=True).first.click()
    for force, key in {"Giro": "End", "Desplazar": "Home", "Zoom": "Home"}.items():
        shown.get_by_role("slider", name=force).focus()
        page.keyboard.press(key)
    shown.get_by_role("button", name="Nueva tirada").click()
    frame(page)
    assert "acierta 100 de cada 100" in shown.inner_text()
    assert "acierta por casualidad" in shown.locator(".cf-verdict").last.inner_text()


def test_the_threshold_moves_with_a_finger_on_its_curve(open_page):
    page = open_page("threshold", viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True)
    shown = figure(page, "threshold")
    plot = shown.locator(".cf-touch").last
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    plot.tap(position={"x": box["width"] * 0.92, "y": box["height"] / 2})
    frame(page)
    assert float(shown.get_by_role("slider", name="Umbral").input_value()) < 40  # se encuentra casi todo
    assert "se escapan" not in shown.locator(".cf-verdict").inner_text()


def test_a_mask_is_painted_with_a_finger_and_comes_back_from_its_counts(open_page):
    page = open_page("run_length", viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True)
    shown = figure(page, "run_length")
    counts = shown.get_by_role("textbox", name="Cuentas del RLE")
    grid = shown.get_by_role("application", name="Máscara de 6 por 8")
    box = grid.bounding_box()
    grid.tap(position={"x": box["width"] / 16, "y": box["height"] / 12})
    frame(page)
    assert counts.input_value().startswith("0, 1, 6, 4, ")
    counts.fill("12, 18, 17")
    counts.press("Enter")
    frame(page)
    assert "suman 47 y la máscara tiene 48 píxeles: falta 1." in shown.inner_text()
    counts.fill("12 18 18")
    counts.press("Enter")
    frame(page)
    polygon = shown.get_by_role("textbox", name="Polígonos")
    assert polygon.input_value() == "[2, 0, 5, 0, 5, 6, 2, 6]"
    assert "Conseguido" in shown.locator(".cf-verdict").first.inner_text()
    polygon.fill("[1, 1, 7, 1, 1, 5]")
    polygon.press("Enter")
    frame(page)
    assert counts.input_value() == "7, 4, 2, 3, 3, 2, 4, 2, 4, 1, 16"


def test_a_finger_paints_without_moving_the_page(open_page):
    page = open_page("convolution", viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True)
    shown = figure(page, "convolution")
    grid = shown.get_by_role("application", name="Entrada de 8 por 8")
    grid.scroll_into_view_if_needed()
    before, top = state(page, "convolution"), page.evaluate("scrollY")
    box = grid.bounding_box()
    cell = box["width"] / 8
    session = page.context.new_cdp_session(page)

    def touch(kind, row=None):
        points = [] if row is None else [{"x": box["x"] + cell / 2, "y": box["y"] + cell * (row + 0.5)}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0)
    for row in range(1, 8):
        touch("touchMove", row)
    touch("touchEnd")
    frame(page)
    assert state(page, "convolution") != before
    assert page.evaluate("scrollY") == top
    painted = grid.evaluate(
        """(grid) => {
          const { data } = grid.querySelector("canvas").getContext("2d").getImageData(0, 0, 1, 8);
          return [...data].filter((_, i) => i % 4 === 0);
        }"""
    )
    assert painted == [255] * 8
    # y un toque en la salida lleva allí la ventana
    shown.get_by_role("application", name="Salida de 6 por 6").tap(position={"x": 3, "y": 3})
    travel = shown.get_by_role("slider", name="Recorrido de la ventana").element_handle()
    page.wait_for_function("(x) => x.value === '0'", arg=travel)


def test_memory_stays_flat_after_50_mounts(open_page):
    page = open_page("todas")
    mount_all(page)
    session = page.context.new_cdp_session(page)
    cycle = """async (times) => {
      const { mount } = await import("/_static/figures/host.mjs");
      const original = document.querySelectorAll(".course-figure");
      for (let i = 0; i < times; i++) {
        for (const place of original) {
          const copy = place.cloneNode(true);
          copy.querySelectorAll(":scope > div").forEach((x) => x.remove());
          document.body.append(copy);
          const stop = await mount(copy);
          copy.querySelector(".cf button[aria-label=Reproducir]")?.click();
          stop();
          copy.remove();
        }
      }
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
      return document.adoptedStyleSheets.length;
    }"""

    def measure():
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        counters = session.send("Memory.getDOMCounters")
        return (
            session.send("Runtime.getHeapUsage")["usedSize"],
            counters["nodes"],
            counters["jsEventListeners"],
        )

    page.evaluate(cycle, 5)  # lo que el motor compila y guarda la primera vez
    heap, nodes, listeners = measure()
    assert page.evaluate(cycle, 50) == 1
    heap_after, nodes_after, listeners_after = measure()
    assert nodes_after - nodes < 100  # una sola figura olvidada son más de cien
    assert listeners_after - listeners < 20
    assert heap_after - heap < 1_200_000  # unos 20 kB por vuelta con todas las figuras


def test_a_sandboxed_frame_runs_every_figure(open_page):
    """Como aíslan las salidas Colab y otros: origen opaco, sin almacenamiento, el paquete desde un Blob.

    Se montan todas y una entrena, que pide su Worker.
    """
    page = open_page("pooling")
    states = {
        made.name: made().state()
        | {"_title": made.title, "_texts": made.texts, "_states": list(made().state())}
        for made in FIGURES
    }
    source = (STATIC / "figures.mjs").read_text(encoding="utf-8")
    document = """<!doctype html><html lang="es"><body style="color: rgb(230, 230, 230); background: #111">
    <script type="module">
      const [source, states] = DATA;
      const model = (state) => ({
        get: (name) => state[name], set(name, value) { state[name] = value; },
        on() {}, off() {}, save_changes() {},
      });
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const { default: figures } = await import(url);
      let storage = "permitido";
      try { localStorage.length; } catch { storage = "negado"; }
      for (const [figure, state] of Object.entries(states)) {
        const el = document.createElement("div");
        figures.render({ model: model({ ...state, figure }), el }); // como Jupyter: aún fuera de la página
        document.body.append(el);
      }
      document.querySelector(".cf-go").click();
      const curve = document.querySelector(".cf-plot-small .cf-curve-conv");
      const learnt = () => curve.getAttribute("d")?.includes("L");
      const tell = () => learnt() ? parent.postMessage({
        origin, storage, themes: [...document.querySelectorAll(".cf")].map((x) => x.dataset.theme),
        styled: getComputedStyle(document.querySelector(".cf")).borderRadius }, "*") : setTimeout(tell, 50);
      tell();
    </script></body></html>""".replace("DATA", json.dumps([source, states]).replace("</", "<\\/"))
    answer = page.evaluate(
        """(srcdoc) => new Promise((done, fail) => {
          setTimeout(() => fail(new Error("el marco no contesta")), 60000);
          addEventListener("message", (event) => done(event.data), { once: true });
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-scripts";
          frame.srcdoc = srcdoc;
          document.body.prepend(frame); // fuera de la vista, un marco aislado no pinta
        })""",
        document,
    )
    assert answer["origin"] == "null"
    assert answer["storage"] == "negado"
    assert answer["themes"] == ["dark"] * len(NAMES)
    assert answer["styled"] != "0px"


def test_the_theme_follows_the_page(open_page):
    page = open_page(color_scheme="light")  # en el sitio, donde hay un botón para cambiarlo
    page.locator("[data-figure=convolution]").scroll_into_view_if_needed()
    shown = figure(page, "convolution")
    assert shown.get_attribute("data-theme") == "light"
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("document.querySelector('.cf').dataset.theme === 'dark'")
