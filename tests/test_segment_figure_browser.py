"""«Segmenta y cuenta» en Chromium: se arrastra con el ratón y con el dedo, y nunca se queda en blanco."""

import re
import shutil

import pytest

from course_utils.figures import SegmentAndCountFigure
from tools.figures import STATIC
from tools.serve import serve

MINIMAL = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Figura</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<body>{}<script type="module" src="host.mjs"></script></body></html>"""


@pytest.fixture(scope="module")
def own_address(tmp_path_factory):
    """La figura sola, con lo que sirve el sitio."""
    folder = tmp_path_factory.mktemp("figura")
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    html = MINIMAL.format(SegmentAndCountFigure().to_html())
    (folder / "figura.html").write_text(html, encoding="utf-8")
    with serve(folder) as url:
        yield url


@pytest.fixture
def open_figure(open_tab, own_address):
    def open_(answer=True, prepare=lambda page: None, **options):
        page = open_tab(own_address, **({"viewport": {"width": 1000, "height": 900}} | options))
        prepare(page)
        page.goto(f"{own_address}/figura.html")
        page.locator(".cf-body > *").first.wait_for()
        if answer:
            page.locator(".cf-counts[aria-busy=false]").wait_for()
        return page

    return open_


def scene(page):
    return page.get_by_role("application", name=re.compile("Escena con"))


def counts(page):
    """Cuántos hay y cuántos cuenta cada manera, cuando la red ya ha contestado a lo último."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.locator(".cf-counts[aria-busy=false]").wait_for()
    return [int(text) for text in page.locator(".cf-counts strong").all_inner_texts()]


def place(page, row, col):
    """El punto de la pantalla de un píxel de la escena."""
    box = scene(page).bounding_box()
    return box["x"] + (col + 0.5) * box["width"] / 64, box["y"] + (row + 0.5) * box["width"] / 64


def pixels(page):
    return scene(page).locator("canvas").evaluate("(canvas) => canvas.toDataURL()")


def test_the_network_counts_and_a_drag_changes_what_there_is(open_figure):
    page = open_figure()
    there, components, _, votes = counts(page)
    assert (there, components, votes) == (6, 4, 6)
    page.mouse.move(*place(page, 38, 27))
    page.mouse.down()
    page.mouse.move(*place(page, 29, 14), steps=4)  # una pelota, justo detrás de la otra
    page.mouse.up()
    assert counts(page)[0] == 5
    assert scene(page).get_attribute("aria-label").startswith("Escena con 6 objetos, 5 a la vista. ")
    page.get_by_role("button", name="Restablecer").click()
    assert counts(page)[0] == 6


def test_the_handle_resizes(open_figure):
    page = open_figure()
    size = page.get_by_role("slider", name="Tamaño")
    assert size.input_value() == "9"
    page.mouse.move(*place(page, 37.5, 22.5))
    page.mouse.down()
    page.mouse.move(*place(page, 43.5, 26.5), steps=3)
    page.mouse.up()
    page.wait_for_timeout(50)
    assert size.input_value() == "15"
    assert "un objeto de tamaño 15 (vio de 6 a 12)" in page.locator(".cf-body").inner_text()


@pytest.mark.parametrize(
    "interrupt",
    [
        *(lambda page, key=key: page.keyboard.press(key) for key in ("Delete", " ")),
        *(
            lambda page, name=name: page.get_by_role("button", name=name).evaluate("(it) => it.click()")
            for name in ("Quitar", "Duplicar", "Otra escena", "Restablecer")  # con otro dedo
        ),
    ],
    ids=["Supr", "espacio", "Quitar", "Duplicar", "Otra escena", "Restablecer"],
)
def test_what_interrupts_a_drag_lets_go(open_figure, interrupt):
    page = open_figure()
    page.mouse.move(*place(page, 29, 14))
    page.mouse.down()
    page.mouse.move(*place(page, 31, 16), steps=2)
    interrupt(page)
    counts(page)
    before = pixels(page)
    page.mouse.move(*place(page, 8, 58), steps=3)
    page.mouse.up()
    counts(page)
    assert pixels(page) == before


def test_the_voice_never_mixes_a_scene_with_the_counts_of_another(open_figure):
    page = open_figure()
    scene(page).focus()
    page.keyboard.press(" ")
    page.evaluate("window.setInterval = () => 0")  # la red no llega a contestar
    page.keyboard.press("Delete")
    live = page.locator("[aria-live=polite]")
    live.filter(has_text=re.compile(r"^\w+ 2 de 5: fila .*tamaño \d+\.$")).wait_for()


def test_the_frame_and_its_handle_stay_in_the_scene_and_the_limit_is_seen(open_figure):
    page = open_figure(viewport={"width": 375, "height": 900})
    scene(page).focus()
    for _ in range(14):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(50)
    whole = scene(page).bounding_box()
    for part in scene(page).locator(".cf-chosen, .cf-handle").all():
        box = part.bounding_box()
        assert box["x"] + box["width"] <= whole["x"] + whole["width"] + 2
        assert box["y"] + box["height"] <= whole["y"] + whole["height"] + 2
    size = page.get_by_role("slider", name="Tamaño")
    page.mouse.move(*place(page, 62.3, 62.3))
    page.mouse.down()
    page.mouse.move(*place(page, 59.3, 59.3), steps=3)
    page.mouse.up()
    page.wait_for_timeout(50)
    assert size.input_value() == "6"
    for _ in range(4):
        page.get_by_role("button", name="Añadir objeto").click()
    page.locator(".cf-message", has_text="No caben más: hay 9 objetos.").wait_for()


def test_a_finger_drags_without_moving_the_page(open_figure):
    page = open_figure(viewport={"width": 320, "height": 700}, has_touch=True, is_mobile=True)
    scene(page).scroll_into_view_if_needed()
    before, top = pixels(page), page.evaluate("scrollY")
    session = page.context.new_cdp_session(page)
    for kind, cell in [("touchStart", (29, 14)), *[("touchMove", (29, 14 + 3 * k)) for k in range(1, 8)]]:
        x, y = place(page, *cell)
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)
    assert pixels(page) != before
    assert page.evaluate("scrollY") == top
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_moves_resizes_chooses_and_removes(open_figure):
    page = open_figure()
    scene(page).focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "+"):
        page.keyboard.press(key)
    live = page.locator("[aria-live=polite]")
    told = "pelota 1 de 6: fila 34, columna 15, tamaño 10."
    page.wait_for_function("([x, told]) => x.textContent.startsWith(told)", arg=[live.element_handle(), told])
    page.keyboard.press(" ")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(x) => x.textContent.startsWith('pelota 2 de 6')", arg=live.element_handle())
    page.keyboard.press("Delete")
    assert counts(page)[0] == 5
    for _ in range(6):
        page.keyboard.press("Delete")
    assert counts(page)[0] == 1  # el último se queda
    told = "Tiene que quedar un objeto"  # la voz habla al rato
    page.wait_for_function("([x, told]) => x.textContent.includes(told)", arg=[live.element_handle(), told])


@pytest.mark.parametrize("fault", ["altered", "cut", "empty"])
def test_a_broken_network_is_explained_and_can_be_asked_for_again(open_figure, fault):
    good = (STATIC / "unet.bin").read_bytes()
    body = {"altered": good[:-1] + bytes([good[-1] ^ 1]), "cut": good[:5000], "empty": b""}[fault]

    def prepare(page):
        answers = iter([body, good])
        page.route("**/unet.bin", lambda route: route.fulfill(body=next(answers)))

    page = open_figure(answer=False, prepare=prepare)
    message = page.locator(".cf-message", has_text=re.compile("El archivo|no ha llegado"))
    message.wait_for()
    before = pixels(page)
    page.get_by_role("slider", name="Grano").fill("30")
    page.wait_for_timeout(50)
    assert pixels(page) != before  # la escena se edita igual
    page.get_by_role("button", name="Reintentar").click()
    message.wait_for(state="hidden")
    assert len(counts(page)) == 4
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Escena con")  # el foco no se pierde


def test_the_arrows_of_a_scene_the_network_never_saw_are_not_hidden(open_figure):
    page = open_figure()
    page.get_by_role("button", name="Añadir objeto").click()
    page.get_by_role("button", name="Otra escena").click()
    page.get_by_role("slider", name="Luz lateral").fill("24")
    assert len(counts(page)) == 4
    assert "una luz de 60 (vio de −25 a 25)" in page.locator(".cf-body").inner_text()
    assert page.locator(".cf-outline-way").get_attribute("d").startswith("M")
