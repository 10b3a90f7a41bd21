"""Las figuras con redes, en Chromium: dibujar, mover, mirar por dentro, subir fotos y entrenar."""

import json
import re
import shutil
import zlib
from io import BytesIO

import pytest
from PIL import Image

from course_utils.figures import InsideCnnFigure, TrainInPageFigure
from course_utils.figures.base import STATIC
from tools.serve import serve

PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Figura</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark }}</style>
<body>{}<script type="module" src="figures/host.mjs"></script></body></html>"""
GARMENT = "Prenda de 28 por 28 píxeles. Dibuja con el dedo, el ratón o la barra espaciadora."


@pytest.fixture(scope="module")
def served(root, tmp_path_factory):
    """Carpeta con lo que sirve el sitio a las figuras, y su dirección."""
    folder = tmp_path_factory.mktemp("figuras")
    shutil.copytree(STATIC, folder / "figures")
    shutil.copytree(root / "assets" / "vendor" / "fashion-mnist", folder / "vendor" / "fashion-mnist")
    with serve(folder) as url:
        yield folder, url


@pytest.fixture
def open_figure(served, open_tab):
    """Abre una página con una figura; ``replies``, de archivo a lo que se responde en su lugar."""

    def open_(made, replies=(), script="", **options):
        folder, url = served
        page = open_tab(url, **({"viewport": {"width": 1000, "height": 900}} | options))
        page.add_init_script(script)
        for name, body in dict(replies).items():
            page.route(f"**/{name}", lambda route, request, body=body: route.fulfill(body=body))
        (folder / "pagina.html").write_text(PAGE.format(made.to_html()), encoding="utf-8")
        page.goto(f"{url}/pagina.html")
        page.locator(".cf:not([aria-busy=true]) .cf-body").wait_for()
        return page

    return open_


def verdict(page, text):
    """Espera a que se diga eso y devuelve la frase entera."""
    said = page.locator(".cf-verdict").filter(has_text=re.compile(text))
    said.wait_for()
    return said.inner_text()


def percents(page):
    """Las probabilidades que se leen, de arriba abajo: convolucional, densa, convolucional…"""
    return page.locator(".cf-chance span").all_inner_texts()


def test_the_page_says_what_python_computes_and_moving_tells_both_networks_apart(open_figure):
    figure = InsideCnnFigure()
    page = open_figure(figure)
    names = figure.predictions
    assert names["cnn"] in verdict(page, "La convolucional dice")
    for column, network in enumerate(names):
        for label, part in enumerate(figure.probabilities(network)):
            shown = percents(page)[2 * label + column].removesuffix(" %").replace(",", ".")
            assert float(shown) == pytest.approx(100 * part, abs=0.51)
    right = page.get_by_role("slider", name="A la derecha")
    right.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    moved = InsideCnnFigure(shift_cols=3)
    verdict(page, f"en su sitio.*la densa dice {moved.predictions['dense']}")
    page.get_by_role("button", name="Restablecer").click()
    assert "en su sitio" not in verdict(page, "^La convolucional dice [^;,]+; la densa")


def test_the_mouse_and_a_finger_draw_and_drag(open_figure):
    page = open_figure(InsideCnnFigure(), viewport={"width": 375, "height": 900}, has_touch=True)
    page.get_by_role("combobox", name="Muestra").select_option("lienzo vacío")
    grid = page.get_by_role("application", name=GARMENT)
    grid.scroll_into_view_if_needed()
    empty, box = percents(page), grid.bounding_box()

    def spot(row, col):
        return box["x"] + (col + 0.5) * box["width"] / 28, box["y"] + (row + 0.5) * box["height"] / 28

    corners = [(6, 8), (6, 20), (22, 20), (22, 8), (6, 8)]
    page.mouse.move(*spot(*corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*spot(*corner), steps=4)
    page.mouse.up()
    page.wait_for_function(
        "(before) => document.querySelector('.cf-chances').innerText !== before", arg=empty
    )
    outline = percents(page)
    page.get_by_role("button", name="Rellenar").click()
    page.wait_for_timeout(100)
    assert empty != outline != percents(page)
    page.get_by_role("button", name="arrastrar").click()
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    session = page.context.new_cdp_session(page)
    for kind, place in (("touchStart", (14, 14)), ("touchMove", (15, 12)), ("touchMove", (16, 10))):
        point = dict(zip("xy", spot(*place), strict=True))
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)
    assert page.get_by_role("slider", name="Hacia abajo").input_value() == "2"
    assert page.get_by_role("slider", name="A la derecha").input_value() == "-4"


@pytest.mark.parametrize("tool", ["dibujar", "arrastrar"])
def test_a_reset_in_the_middle_of_a_drag_lets_go(open_figure, tool):
    page = open_figure(InsideCnnFigure())
    page.get_by_role("button", name=tool).click()
    grid = page.get_by_role("application", name=GARMENT)
    grid.scroll_into_view_if_needed()
    before, box = percents(page), grid.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    page.get_by_role("button", name="Restablecer").evaluate("(it) => it.click()")  # con otro dedo
    page.mouse.move(x - 40, y + 40, steps=5)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert percents(page) == before


def test_a_layer_a_map_and_a_value_show_their_account(open_figure):
    page = open_figure(InsideCnnFigure())
    account = page.locator(".cf-said")
    page.get_by_role("button", name="Conv 2 14×14×48: convolución").click()
    maps = page.get_by_role("application", name=re.compile("^Conv 2, convolución: 48 mapas"))
    maps.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    kernels = page.get_by_role("application", name=re.compile("^Los 16 kernels del filtro 9"))
    kernels.focus()  # espera a que se vea el filtro elegido
    before = account.inner_text()
    assert "Las 16 entradas:" in before
    page.keyboard.press("End")
    page.wait_for_function("(x) => x.innerText.startsWith('Entrada 16:')", arg=account.element_handle())
    assert (
        account.inner_text().splitlines()[-1] == before.splitlines()[-1]
    )  # la suma no depende de cuál se mira
    value = page.get_by_role("application", name=re.compile("^Mapa 9, 14 por 14"))
    value.focus()
    page.keyboard.press("ArrowLeft")
    live = page.locator(".cf-live")
    page.wait_for_function("(x) => /^Fila 8, columna 7: /.test(x.textContent)", arg=live.element_handle())
    assert account.inner_text().rstrip(".").endswith(live.inner_text().split(": ")[1])


def test_covering_and_moving_fill_their_tables(open_figure):
    page = open_figure(InsideCnnFigure())
    page.get_by_role("button", name="tapar").click()
    page.get_by_text("puntos como mucho").wait_for()
    covered = page.locator(".cf-probe:visible .cf-numbers text").all_text_contents()
    assert len(covered) == 64
    assert max(int(value.replace("−", "-")) for value in covered) > 30
    page.get_by_role("button", name="mover", exact=True).click()
    kept = page.get_by_text(re.compile(r"la convolucional, en \d+ de 169; la densa, en \d+ de 169 sitios"))
    kept.wait_for()
    cnn, dense = map(int, re.findall(r"en (\d+) de", kept.inner_text()))
    assert cnn > 2 * dense > 0
    live = page.locator(".cf-live")
    panel = page.locator(".cf-probe:visible .cf-grid").last
    panel.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    live.filter(has_text=re.compile(r"^Probabilidad: \d(,\d+)?; la red dice otra clase$")).wait_for()
    page.get_by_role("button", name="tapar").click()
    page.get_by_text("puntos como mucho").wait_for()
    panel = page.locator(".cf-probe:visible .cf-grid").first
    panel.focus()
    page.keyboard.press("ArrowDown")
    live.filter(has_text=re.compile(r"^Fila 2, columna 1: (baja|sube) \d+ puntos?$")).wait_for()


def picture(background, garment):
    image = Image.new("RGB", (200, 150), background)
    image.paste(garment, (120, 30, 170, 130))
    file = BytesIO()
    image.save(file, "png")
    return {"name": "foto.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_an_upload_is_prepared_or_explained(open_figure):
    page = open_figure(InsideCnnFigure())
    before = percents(page)
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "nota.png", "mimeType": "image/png", "buffer": b"no soy una imagen"})
    page.get_by_role("alert").filter(has_text="«nota.png» no se puede leer como imagen").wait_for()
    chooser.set_input_files(picture("white", "white"))
    page.get_by_role("alert").filter(has_text="no se distingue nada del fondo").wait_for()
    assert percents(page) == before
    page.get_by_role("application", name=GARMENT).click()  # al dibujar, el aviso es viejo
    page.get_by_role("alert").filter(has_text="no se distingue nada del fondo").wait_for(state="hidden")
    chooser.set_input_files(picture((230, 228, 225), (40, 40, 60)))
    page.wait_for_function("() => !document.querySelector('[role=alert]').checkVisibility()")
    assert percents(page) != before


WATCH_CAMERA = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.asked = [];
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  window.asked.push(...stream.getTracks());
  return stream;
};"""
LIT = "() => window.asked.filter((track) => track.readyState === 'live').length"


def test_the_camera_gives_a_garment_and_turns_itself_off(open_figure):
    page = open_figure(InsideCnnFigure(), permissions=["camera"], script=WATCH_CAMERA)
    verdict(page, "La convolucional dice")
    before = percents(page)
    for leave in ("Cerrar", "Restablecer", "Hacer la foto"):
        page.get_by_role("button", name="Usar la cámara").click()
        page.wait_for_function("() => document.querySelector('.cf video').videoWidth > 0")
        assert page.evaluate("document.activeElement.textContent") == "Hacer la foto"
        assert page.evaluate(LIT) == 1
        page.get_by_role("button", name=leave).click()
        page.locator(".cf video").wait_for(state="hidden")
        assert page.evaluate(LIT) == 0
    page.wait_for_timeout(100)
    assert percents(page) != before


def test_a_camera_that_is_unplugged_is_said(open_figure):
    page = open_figure(InsideCnnFigure(), permissions=["camera"], script=WATCH_CAMERA)
    verdict(page, "La convolucional dice")
    page.get_by_role("button", name="Usar la cámara").click()
    page.wait_for_function("() => document.querySelector('.cf video').videoWidth > 0")
    page.evaluate("window.asked.forEach((track) => track.stop())")
    page.get_by_role("button", name="Hacer la foto").click()
    page.get_by_role("alert").filter(has_text="No se encuentra ninguna cámara").wait_for()
    assert not page.locator(".cf video").is_visible()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "El navegador no da permiso para usar la cámara"),
        ("delete MediaDevices.prototype.getUserMedia", "Aquí el navegador no puede usar la cámara"),
        (
            "MediaDevices.prototype.getUserMedia = async () => {"
            " throw new DOMException('', 'NotFoundError'); }",
            "No se encuentra ninguna cámara",
        ),
    ],
)
def test_without_a_camera_it_is_said(open_figure, script, said):
    page = open_figure(InsideCnnFigure(), script=script)
    page.get_by_role("button", name="Usar la cámara").click()
    page.get_by_role("alert").filter(has_text=said).wait_for()
    assert not page.locator(".cf video").is_visible()


def test_the_arrows_go_from_one_sample_to_the_next(open_figure):
    page = open_figure(InsideCnnFigure())
    samples = page.get_by_role("combobox", name="Muestra")
    samples.select_option("bolso 2")
    page.wait_for_timeout(100)
    assert samples.input_value() == "17"
    samples.focus()
    for value in ("18", "19"):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)
        assert samples.input_value() == value
    page.get_by_role("button", name="Rellenar").click()
    page.get_by_role("application", name=GARMENT).click()
    page.wait_for_timeout(100)
    assert samples.input_value() == ""  # ya no es la muestra


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("garments.bin", (STATIC / "garments.bin").read_bytes()[:9000], "No ha llegado entero garments.bin"),
        ("cnn.bin", (STATIC / "unet.bin").read_bytes(), "En cnn.bin ha llegado otra red"),
        ("cnn.bin", (STATIC / "dense.bin").read_bytes(), "En cnn.bin ha llegado otra red"),
    ],
)
def test_a_file_that_is_not_the_one_is_said(open_figure, name, body, said):
    page = open_figure(InsideCnnFigure(), {name: body})
    page.get_by_text(said).wait_for()
    page.get_by_role("combobox", name="Muestra").select_option("bolso 2")
    page.get_by_text("Las muestras no habían llegado: elige otra vez cuando lleguen.").wait_for()
    assert page.get_by_role("combobox", name="Muestra").input_value() == ""
    page.unroute(f"**/{name}")
    page.get_by_role("button", name="Reintentar").click()
    verdict(page, "La convolucional dice")
    assert page.evaluate("document.activeElement.ariaLabel") == GARMENT  # el foco no se pierde
    assert not page.get_by_text("Las muestras no habían llegado").is_visible()  # ya han llegado


def test_broken_weights_are_said_and_can_be_asked_again(open_figure):
    content = bytearray((STATIC / "cnn.bin").read_bytes())
    content[-5] ^= 8
    page = open_figure(InsideCnnFigure(), {"cnn.bin": bytes(content)})
    page.get_by_text("El archivo de la red ha llegado incompleto o cambiado").wait_for()
    assert not page.get_by_role("table").is_visible()
    page.unroute("**/cnn.bin")
    page.get_by_role("button", name="Reintentar").click()
    verdict(page, "La convolucional dice")


def with_a_layer(kind, content):
    """El archivo de una red, con su primera convolución cambiada de clase y la suma puesta al día."""
    start = 12 + int.from_bytes(content[8:12], "little")
    head = json.loads(content[12:start])
    next(layer for layer in head["layers"] if layer["kind"] == "Conv2D")["kind"] = kind
    told = json.dumps(head).encode()
    body = len(told).to_bytes(4, "little") + told + content[start:]
    return content[:4] + zlib.crc32(body).to_bytes(4, "little") + body


def test_another_convolutional_network_is_said(open_figure):
    content = (STATIC / "cnn.bin").read_bytes()
    start = 12 + int.from_bytes(content[8:12], "little")
    head = json.loads(content[12:start])
    head["layers"] = head["layers"][:13]
    told = json.dumps(head).encode()
    body = len(told).to_bytes(4, "little") + told + content[start:]
    other = content[:4] + zlib.crc32(body).to_bytes(4, "little") + body
    page = open_figure(InsideCnnFigure(layer=15), {"cnn.bin": other})
    page.get_by_text("En cnn.bin ha llegado otra red: recarga la página.").wait_for()


@pytest.mark.parametrize(
    "header", [b"abc", b"{}", b'{"layers": [{"kind": "Dense", "inputs": [], "weights": [[9]]}]}']
)
def test_a_whole_file_that_is_no_network_is_said(open_figure, header):
    content = len(header).to_bytes(4, "little") + header
    body = b"RED1" + zlib.crc32(content).to_bytes(4, "little") + content
    page = open_figure(InsideCnnFigure(), {"cnn.bin": body})
    page.get_by_text("En cnn.bin no ha llegado una red del curso: recarga la página.").wait_for()


def test_a_layer_that_the_page_does_not_know_is_said(open_figure):
    content = (STATIC / "cnn.bin").read_bytes()
    page = open_figure(InsideCnnFigure(), {"cnn.bin": with_a_layer("Attention", content)})
    said = page.get_by_text(
        re.compile(r"^La página no sabe calcular la capa «\w+» \(Attention\) de esta red\.$")
    )
    said.wait_for()
    assert page.get_by_role("application", name=GARMENT).is_visible()  # lo demás sigue ahí
    assert not page.get_by_role("table").is_visible()
    page.unroute("**/cnn.bin")
    page.route("**/cnn.bin", lambda route: route.fulfill(body=with_a_layer("Conv2D", content)))
    page.get_by_role("button", name="Reintentar").click()
    verdict(page, "La convolucional dice")
    assert not said.is_visible()


LOSS = "() => document.querySelector('.cf-plot-small .cf-curve-conv').getAttribute('d') ?? ''"
ENOUGH = f"(n) => ({LOSS})().split('L').length >= n"


def test_training_stops_resumes_and_repeats_itself(open_figure):
    page = open_figure(TrainInPageFigure(filters=4, hidden=16, seed=3))
    curves = []
    for _ in range(2):
        page.get_by_role("button", name="Entrenar").click()
        page.wait_for_function(ENOUGH, arg=3)
        curves.append(page.evaluate(LOSS).split("L")[:3])
        page.get_by_role("button", name="Parar").click()
        page.get_by_role("button", name="Seguir").wait_for()
        page.get_by_role("button", name="Seguir").click()
        page.wait_for_function(ENOUGH, arg=5)
        page.get_by_role("button", name="Restablecer").click()
        page.get_by_role("button", name="Entrenar").wait_for()
        assert page.evaluate(LOSS) == ""
    assert curves[0] == curves[1]
    page.get_by_role("slider", name="Semilla").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Entrenar").click()
    page.wait_for_function(ENOUGH, arg=3)
    assert page.evaluate(LOSS).split("L")[:3] != curves[0]
    page.get_by_role("button", name="Parar").click()
    verdict(page, "Al mover las prendas de prueba 4 píxeles, la densa pasa de acertar")


def test_what_is_measured_on_stopping_is_what_the_cards_say(open_figure):
    page = open_figure(TrainInPageFigure(filters=4, hidden=16))
    page.get_by_role("button", name="Entrenar").click()
    page.wait_for_function(ENOUGH, arg=2)
    page.wait_for_function("!document.body.innerText.includes('sin entrenar')")  # las dos han empezado
    page.get_by_role("button", name="Parar").click()
    said = re.findall(r"pasa de acertar (\d+ %)", verdict(page, "pasa de acertar").replace("\xa0", " "))

    def cards():
        return [text.replace("\xa0", " ") for text in page.locator(".cf-racer").all_inner_texts()]

    assert all(f"acierta {part} de" in card for part, card in zip(said, cards(), strict=True))
    # al seguir, en la primera época se sabe lo que acertaba
    seen = len(page.evaluate(LOSS).split("L"))
    page.evaluate(
        """() => new MutationObserver(() => {
          window.forgot ||= document.body.innerText.includes("en la primera época");
        }).observe(document.body, { subtree: true, childList: true, characterData: true })"""
    )
    page.get_by_role("button", name="Seguir").click()
    page.wait_for_function(ENOUGH, arg=seen + 1)
    assert not page.evaluate("window.forgot")


def other_sheet():
    """Una imagen con tantos píxeles como la lámina, colocados de otra manera."""
    file = BytesIO()
    Image.new("L", (1200, 784), 99).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("sheet", ["no es una imagen", other_sheet()], ids=["text", "other"])
def test_without_the_sheet_the_garments_are_drawn(open_figure, sheet):
    page = open_figure(TrainInPageFigure(filters=4), {"garments.png": sheet})
    page.get_by_role("button", name="Entrenar").click()
    page.get_by_text("Las prendas de verdad no han llegado").wait_for()
    page.wait_for_function(ENOUGH, arg=2)


def test_memory_is_flat_after_20_trainings(open_figure):
    page = open_figure(TrainInPageFigure(filters=4, hidden=16))
    session = page.context.new_cdp_session(page)

    def train(times):
        for _ in range(times):
            page.get_by_role("button", name="Entrenar").click()
            page.locator("canvas.cf-weights").first.wait_for()
            page.get_by_role("button", name="Restablecer").click()
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    before = train(3)
    assert train(20) - before < 1_000_000
    for _ in range(30):
        if not page.workers:
            break
        page.wait_for_timeout(100)
    assert page.workers == []


def test_a_setting_changed_from_python_starts_the_training_again(open_figure):
    page = open_figure(TrainInPageFigure(filters=4, hidden=16))
    page.evaluate(
        """async () => {
          const { createModel } = await import("./figures/host.mjs");
          const { default: figures } = await import("./figures/figures.mjs");
          const source = document.querySelector(".course-figure script").textContent;
          const { _texts, ...state } = JSON.parse(source);
          const told = { figure: "train_in_page", _title: "Otra", _texts, _states: Object.keys(state) };
          window.model = createModel({ ...state, ...told });
          document.querySelector(".course-figure").remove();
          figures.render({ model, el: document.body });
        }"""
    )
    page.get_by_role("button", name="Entrenar").click()
    page.wait_for_function(ENOUGH, arg=2)
    page.evaluate("model.set('filters', 16)")
    page.get_by_role("button", name="Entrenar").wait_for()
    assert page.evaluate(LOSS) == ""
    assert page.get_by_text("sin entrenar").count() == 2
