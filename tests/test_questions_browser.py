"""Las preguntas en un Chromium de verdad: con teclado, sin JavaScript, en un marco aislado y en Repaso."""

import shutil
from html import escape

import pytest

from course_utils.exercises import bank, exercise, question
from course_utils.exercises.bank import all_questions
from tools.serve import serve

ALL = all_questions()
REVIEW = "/appendix/repaso.html"


@pytest.fixture
def open_page(open_tab, address):
    """Abre una página del sitio, si no se dice otro."""

    def open_(path, own=address, **options):
        page = open_tab(own, **{"viewport": {"width": 1280, "height": 900}} | options)
        page.goto(own + path)
        return page

    return open_


def first(kind):
    return next(item for item in ALL if item.kind == kind)


def page_of(item):
    return f"/appendix/repaso/{item.id[:2]}.html"


def section(page, name):
    return page.locator(f'[data-question="{name}"]')


def feedback(page, name):
    return section(page, name).get_by_role("status")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.site
def test_the_home_page_offers_to_go_on_where_it_was_left(open_page):
    page, item = open_page("/index.html"), next(one for one in ALL if one.id.startswith("03."))
    assert page.locator(".site-start a").count() == 2
    page.evaluate(f'localStorage[\'curso-cnn.preguntas\'] = \'{{"{item.id}": {{"streak": 1, "due": 1}}}}\'')
    page.reload()
    link = page.locator(".site-start a").first
    assert link.inner_text() == "Seguir donde lo dejaste: capítulo 3"
    link.click()
    section(page, item.id).wait_for(state="attached")


# --- Una de cada tipo, solo con el teclado ---------------------------------------------------------


@pytest.mark.site
def test_single_with_the_keyboard(open_page):
    item = first("single")
    page = open_page(page_of(item))
    right = [bool(option.get("right")) for option in item.options].index(True)
    wrong = (right + 1) % len(item.options)
    form = section(page, item.id).locator("form")
    form.get_by_role("radio").first.focus()
    press(page, "Space", *["ArrowDown"] * wrong, "Enter")
    assert feedback(page, item.id).inner_text().startswith("✗ Aún no.")
    press(page, *(["ArrowDown"] if right > wrong else ["ArrowUp"]) * abs(right - wrong), "Tab", "Space")
    assert feedback(page, item.id).inner_text().startswith("✓ Correcto.")
    assert section(page, item.id).get_attribute("data-answered") == "right"


@pytest.mark.site
def test_multiple_with_the_keyboard(open_page):
    item = first("multiple")
    page = open_page(page_of(item))
    boxes = section(page, item.id).get_by_role("checkbox")
    boxes.first.focus()
    right = [number for number, option in enumerate(item.options) if option.get("right")]
    for number in range(len(item.options)):
        press(page, *(["Space"] if number == right[0] else []), "Tab")
    press(page, "Enter")
    assert "Falta" in feedback(page, item.id).inner_text()
    boxes.first.focus()
    for number in range(len(item.options)):
        press(page, *(["Space"] if number in right[1:] else []), "Tab")
    press(page, "Enter")
    assert feedback(page, item.id).inner_text().startswith("✓ Correcto.")


@pytest.mark.site
def test_numeric_with_the_keyboard(open_page):
    item = first("numeric")
    page = open_page(page_of(item))
    field = section(page, item.id).get_by_role("textbox")
    field.focus()
    press(page, "Enter")
    assert "Escribe un número" in feedback(page, item.id).inner_text()
    page.keyboard.type(str(item.wrong[0]["value"]))
    press(page, "Enter")
    assert item.wrong[0]["why"][:30] in feedback(page, item.id).inner_text()
    press(page, "Control+a")
    page.keyboard.type(str(item.answer).replace(".", ","))
    press(page, "Tab", "Enter")
    assert feedback(page, item.id).inner_text().startswith("✓ Correcto.")


@pytest.mark.site
def test_predict_with_the_keyboard(open_page):
    item = next(item for item in ALL if item.kind == "predict" and "\n" in item.answer.strip())
    page = open_page(page_of(item))
    section(page, item.id).get_by_role("textbox").focus()
    for typed, told in (("nada", "«nada» no se entiende"), ("987654", "✗ Aún no.")):
        page.keyboard.type(typed)
        press(page, "Tab", "Enter")
        assert told in feedback(page, item.id).inner_text()
        press(page, "Shift+Tab", "Control+a")
    page.keyboard.type(item.answer.strip())
    press(page, "Tab", "Enter")
    assert feedback(page, item.id).inner_text().startswith("✓ Correcto.")


@pytest.mark.site
def test_order_with_the_keyboard(open_page):
    item = first("order")
    page = open_page(page_of(item))
    lists = section(page, item.id).get_by_role("combobox")
    lists.first.focus()
    for _ in item.steps:
        press(page, "1", "Tab")
    press(page, "Enter")
    assert "dos pasos en el mismo lugar" in feedback(page, item.id).inner_text()
    lists.first.focus()
    for step in item.shown_steps:
        press(page, str(step + 1), "Tab")
    press(page, "Enter")
    assert feedback(page, item.id).inner_text().startswith("✓ Correcto.")


@pytest.fixture(scope="module")
def widgets(tmp_path_factory, site):
    """Página con los ejercicios de controles, tal como quedan en un capítulo."""
    folder = tmp_path_factory.mktemp("pagina")
    shutil.copy(site / "_static" / "figures" / "questions.mjs", folder)
    body = "\n".join(exercise(name).widget().to_html() for name in ("03.3", "00.3", "03.6"))
    head = '<meta charset="utf-8"><link rel="icon" href="data:,">'
    head += '<script type="module" src="questions.mjs"></script>'
    (folder / "index.html").write_text(f"<!doctype html><html lang='es'>{head}{body}", encoding="utf-8")
    with serve(folder) as url:
        yield url


@pytest.mark.site
def test_an_exercise_with_sliders_with_the_keyboard(open_page, widgets):
    page = open_page("/", own=widgets)
    assert page.locator("style").count() == 1  # sin questions.css, el guion trae su hoja
    sliders = section(page, "03.3").get_by_role("slider")
    sliders.first.focus()
    assert sliders.first.get_attribute("aria-valuetext") == "1"
    press(page, "ArrowRight", "ArrowRight", "Tab", "Tab", "Tab", "Enter")
    assert "La salida mide 26" in feedback(page, "03.3").inner_text()
    assert sliders.first.get_attribute("aria-valuetext") == "3"
    sliders.nth(1).focus()
    press(page, "ArrowRight", "Tab", "ArrowRight", "Tab", "Enter")
    assert feedback(page, "03.3").inner_text() == "✓ Correcto."
    section(page, "00.3").get_by_role("textbox").focus()
    page.keyboard.type("100.352")
    press(page, "Enter")
    assert "Cada neurona tiene además un sesgo" in feedback(page, "00.3").inner_text()
    assert page.locator('[data-exercise="03.6"] pre').count() == 1


# --- Sin JavaScript, en un marco aislado, estrecho y oscuro ----------------------------------------


@pytest.mark.site
def test_without_javascript_everything_is_readable(open_page):
    item = first("single")
    page = open_page(page_of(item), java_script_enabled=False)
    here = section(page, item.id)
    assert here.get_by_role("radio").count() == len(item.options)
    assert not here.get_by_role("button", name="Comprobar").is_visible()
    assert here.get_by_text("compárala con la solución").is_visible()
    solution = here.locator("details").last
    assert not solution.get_by_role("listitem").first.is_visible()
    solution.locator("summary").click()
    for option in item.options:
        assert solution.get_by_text(option["why"].replace("`", "")).is_visible()
    assert page.locator(".course-question").count() == len(bank.questions(item.id[:2]))


@pytest.mark.site
def test_in_a_sandboxed_frame_as_colab_does(open_page, tmp_path):
    """Cada salida de Colab es un marco: sin localStorage y sin enviar formularios."""
    output = question("03.q3")._repr_mimebundle_()["text/html"]
    frame = f'<iframe sandbox="allow-scripts" width="800" height="600" srcdoc="{escape(output)}"></iframe>'
    head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
    (tmp_path / "index.html").write_text(head + frame, encoding="utf-8")
    with serve(tmp_path) as url:
        frame = open_page("/", own=url).frame_locator("iframe")
        frame.get_by_role("radio", name="28 × 18").check()
        frame.get_by_role("button", name="Comprobar").click()
        assert frame.get_by_role("status").inner_text().startswith("✓ Correcto.")


@pytest.mark.site
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen_and_axe_finds_nothing(open_page, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(
        "/appendix/repaso/00.html", viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    for kind in ("single", "numeric"):
        item = next(item for item in bank.questions("00") if item.kind == kind)
        here = section(page, item.id)
        if kind == "single":
            here.get_by_role("radio").first.check()
        else:
            here.get_by_role("textbox").fill("7")
        here.get_by_role("button", name="Comprobar").click()
        assert feedback(page, item.id).inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, context="article").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []


# --- El repaso -------------------------------------------------------------------------------------


def answer_right(page, item):
    here = section(page, item.id)
    if item.kind in ("single", "multiple"):
        for number, option in enumerate(item.options):
            if option.get("right"):
                here.locator("input").nth(number).check()
    elif item.kind == "order":
        for row, step in enumerate(item.shown_steps):
            here.get_by_role("combobox").nth(row).select_option(str(step))
    else:
        here.get_by_role("textbox").fill(str(item.answer))
    here.get_by_role("button", name="Comprobar").click()


def bar_of(page):
    return page.locator(".course-review-bar")


def told(page):
    return bar_of(page).get_by_role("status")


def press_button(page, name):
    bar_of(page).get_by_role("button", name=name).click()


@pytest.mark.site
def test_the_review_asks_one_at_a_time_and_repeats_what_fails(open_page):
    page = open_page(REVIEW)
    items = bank.questions("05")
    bar_of(page).get_by_role("combobox").select_option("05")
    assert f"Hay {len(items)} preguntas" in told(page).inner_text()
    press_button(page, "Empezar")
    visible = page.locator(".course-question:visible")
    asked = []
    while told(page).inner_text() and "Hoy no te toca ninguna" not in told(page).inner_text():
        visible.wait_for()  # llega de la página de su capítulo
        item = question(visible.get_attribute("data-question"))
        asked.append(item.id)
        assert bar_of(page).get_by_role("button", name="Siguiente").is_disabled()
        if item.kind == "numeric" and asked.count(item.id) == 1:  # se falla la primera vez: vuelve al final
            section(page, item.id).get_by_role("textbox").fill("123456")
            section(page, item.id).get_by_role("button", name="Comprobar").click()
            assert "Volverá a salir" in told(page).inner_text()
        else:
            answer_right(page, item)
        press_button(page, "Siguiente")
    numeric = [item.id for item in items if item.kind == "numeric"]
    assert asked == [item.id for item in items] + numeric
    assert visible.count() == 0
    assert page.locator(".course-review > ul").is_visible()


@pytest.mark.site
def test_the_review_asks_for_the_chapter_it_needs_and_for_no_other(open_page):
    page, asked = open_page(REVIEW), []
    page.on(
        "request", lambda sent: ".html" in sent.url and asked.append(sent.url.rpartition("/appendix/")[2])
    )
    press_button(page, "Empezar")
    page.locator(".course-question").wait_for()
    assert section(page, "00.q1").count() == 1
    press_button(page, "Terminar")
    assert page.locator(".course-question").count() == 0
    press_button(page, "Empezar")
    page.locator(".course-question").wait_for()
    assert asked == ["repaso/00.html"]


@pytest.mark.site
def test_a_question_that_does_not_arrive_can_be_asked_for_again(open_page):
    page = open_page(REVIEW)
    page.evaluate("() => { window.there = fetch; window.fetch = () => Promise.reject(new TypeError('no')); }")
    press_button(page, "Empezar")
    page.get_by_text("No ha llegado la pregunta 00.q1: no hay conexión o el servidor no contesta.").wait_for()
    page.evaluate("() => { window.fetch = async () => ({ ok: false, status: 503 }); }")
    press_button(page, "Siguiente")
    page.get_by_text("No ha llegado la pregunta 00.q1: el sitio responde 503.").wait_for()
    page.evaluate("() => { window.fetch = window.there; }")
    press_button(page, "Siguiente")
    section(page, "00.q1").wait_for()
    assert f"Después de esta quedan {len(ALL) - 1}." in told(page).inner_text()


@pytest.mark.site
def test_without_javascript_the_review_leads_to_the_questions_of_each_chapter(open_page):
    page = open_page(REVIEW, java_script_enabled=False)
    links = page.locator(".course-review a")
    assert links.count() == len(bank.chapters())
    links.nth(3).click()
    assert page.locator(".course-question").count() == len(bank.questions("03"))


@pytest.mark.site
def test_progress_stays_in_the_browser_and_can_be_erased(open_page):
    item = first("numeric")
    page = open_page(page_of(item))
    answer_right(page, item)
    saved = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('curso-cnn'))")
    assert saved == ["curso-cnn.preguntas"]
    page.reload()
    assert section(page, item.id).get_attribute("data-answered") == "right"
    page.goto(page.url.replace(page_of(item), REVIEW))
    assert f"Hoy te tocan {len(ALL) - 1} preguntas de {len(ALL)}; sabes 1." in told(page).inner_text()
    page.once("dialog", lambda dialog: dialog.dismiss())
    press_button(page, "Borrar mi progreso")
    assert page.evaluate("localStorage.getItem('curso-cnn.preguntas')") is not None
    page.once("dialog", lambda dialog: dialog.accept())
    press_button(page, "Borrar mi progreso")
    assert page.evaluate("localStorage.getItem('curso-cnn.preguntas')") is None
    assert "aún no has contestado ninguna" in told(page).inner_text()
    page.goto(page.url.replace(REVIEW, page_of(item)))
    assert section(page, item.id).get_attribute("data-answered") is None
