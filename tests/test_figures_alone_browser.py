"""Figuras sueltas en Chromium, en un teléfono: el dedo que desplaza la página, lo que se dice y si cabe."""

import re
import shutil

import pytest

from course_utils.figures import GradientDescentFigure, InsideCnnFigure, ThresholdFigure
from course_utils.figures.base import STATIC
from tools.serve import serve

PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Figura</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<body style="padding-bottom: 900px">{}<script type="module" src="host.mjs"></script></body></html>"""
PHONE = {"viewport": {"width": 375, "height": 800}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def open_figure(open_tab, tmp_path):
    """Abre una página con una figura sola."""
    folder = tmp_path / "figuras"
    shutil.copytree(STATIC, folder)
    with serve(folder) as url:

        def open_(made, **options):
            (folder / "pagina.html").write_text(PAGE.format(made.to_html()), encoding="utf-8")
            page = open_tab(url, **(PHONE | options))
            page.goto(f"{url}/pagina.html")
            page.locator(".cf:not([aria-busy=true]) .cf-body").wait_for()
            return page

        yield open_


def shown(page):
    """Lo que se ve y lo que se oye, cuando ya está dibujado."""
    page.wait_for_timeout(250)
    return page.locator(".cf-body").evaluate(
        """(body) => JSON.stringify([
          [...body.querySelectorAll("input")].map((x) => x.value),
          [...body.querySelectorAll("[aria-label]")].map((x) => x.getAttribute("aria-label")),
          [...body.querySelectorAll("rect, circle, path, g")].map((x) => x.outerHTML),
        ])"""
    )


def swipe(page, x, y, right, down):
    """Un dedo que se desliza, poco a poco."""
    session = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": x + right * step / 10, "y": y + down * step / 10}
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize(
    ("figure", "where"),
    [
        (ThresholdFigure(), ".cf-touch >> nth=0"),
        (ThresholdFigure(), ".cf-touch >> nth=1"),
        (GradientDescentFigure(), ".cf-touch >> nth=0"),
        (InsideCnnFigure(), ".cf-mosaic >> nth=0"),
        (InsideCnnFigure(), ".cf-trace .cf-grid >> nth=0"),
    ],
)
def test_a_finger_that_scrolls_the_page_changes_nothing_and_a_tap_does(open_figure, figure, where):
    page = open_figure(figure)
    place = page.locator(where)
    place.evaluate("(x) => x.scrollIntoView({block: 'center'})")
    before, top = shown(page), page.evaluate("scrollY")
    box = place.bounding_box()
    x, y = box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"]
    swipe(page, x, y, 0, -160)
    assert page.evaluate("scrollY") > top + 50  # era un desplazamiento
    assert shown(page) == before
    box = place.bounding_box()
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 0.6 * box["height"])
    assert shown(page) != before


def test_a_finger_that_goes_sideways_sweeps(open_figure):
    page = open_figure(ThresholdFigure())
    place = page.locator(".cf-touch").first
    place.evaluate("(x) => x.scrollIntoView({block: 'center'})")
    box = place.bounding_box()
    y = box["y"] + box["height"] / 2
    swipe(page, box["x"] + 0.5 * box["width"], y, 100, 0)
    page.wait_for_timeout(100)
    assert (
        float(page.get_by_role("slider", name="Umbral").get_attribute("aria-valuetext").replace(",", "."))
        > 0.6
    )


def test_the_plots_and_the_cards_agree_when_nothing_is_predicted(open_figure):
    page = open_figure(ThresholdFigure(threshold=0.99), viewport={"width": 320, "height": 800})
    page.locator(".cf-card", has_text="Precisión").filter(has_text="nada que contar").wait_for()
    said = page.locator(".cf-touch svg[aria-label]").evaluate_all("(all) => all.map((x) => x.ariaLabel)")
    assert all(re.search(r"[Pp]recisión \(nada que contar\)", label) for label in said), said
    assert len(said) == 2
    assert not page.locator(".cf-dot-precision").is_visible()
    assert page.locator(".cf-dot-recall").is_visible()


def test_the_value_of_a_slider_fits_in_a_narrow_screen(open_figure):
    page = open_figure(ThresholdFigure(), viewport={"width": 320, "height": 800})
    page.evaluate(  # lo que le deja la página del curso
        """() => {
          const width = document.querySelector(".cf-body").getBoundingClientRect().width;
          document.querySelector(".course-figure").style.paddingRight = `${width - 214}px`;
        }"""
    )
    over = page.evaluate(
        """() => [...document.querySelectorAll(".cf-slider")].filter((x) => x.checkVisibility()).map((x) =>
          x.querySelector("output").getBoundingClientRect().right
            - x.closest(".cf-body").getBoundingClientRect().right)"""
    )
    assert over
    assert max(over) <= 0.5


def test_the_line_says_what_it_gives_even_when_it_diverges(open_figure):
    figure = GradientDescentFigure(surface="valley", start=[1, 0], learning_rate=1.2, step=9)
    page = open_figure(figure, viewport={"width": 1000, "height": 800})
    label = page.get_by_role("img", name=re.compile("La recta de ahora")).get_attribute("aria-label")
    assert abs(figure.weights.sum()) > 1e6
    assert "millones y debe dar 3" in label, label
