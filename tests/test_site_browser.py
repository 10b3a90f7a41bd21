"""El sitio en un Chromium de verdad: cada página en un ordenador y en un teléfono, en claro y en oscuro."""

import itertools
import json
import re
import unicodedata
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from tests.conftest import photograph

pytestmark = pytest.mark.site

LOAD_PICTURES = """async () => { // carga también las diferidas y devuelve las que no se pueden ver
  document.querySelectorAll("details.deeper").forEach((fold) => { fold.open = true; });
  const pictures = [...document.images];
  pictures.forEach((picture) => { picture.loading = "eager"; });
  const shown = await Promise.allSettled(pictures.map((picture) => picture.decode()));
  return pictures.filter((_, i) => shown[i].status === "rejected").map((p) => ["imagen que falta", p.src]);
}"""
MOUNT_FIGURES = """async () => { // se montan al acercarse; devuelve las que no
  const late = [];
  for (const place of document.querySelectorAll(".course-figure[data-figure]")) {
    place.scrollIntoView();
    for (let tries = 0; tries < 500 && !place.querySelector(".cf"); tries++)
      await new Promise((done) => setTimeout(done, 20));
    if (!place.querySelector(".cf")) late.push(["figura que no se monta", place.dataset.figure]);
  }
  scrollTo(0, 0);
  return late;
}"""
# Dos reglas de WCAG que axe no aplica si no se le piden; las de buenas prácticas, sí.
ALSO = {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}}
# Son miles: el contraste del código lo mira test_site_html.py; una fórmula tiene el color de su párrafo.
SKIPPED = {"exclude": [[".highlight pre"], [".katex"]]}
UNREACHABLE = """async () => { // el tema mide al rato lo que se abre: se le espera
  const unreachable = () => [...document.querySelectorAll("main *")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX))
    .filter((e) => e.tabIndex < 0 && !e.querySelector("a, button, input, select, [tabindex='0']"))
    .filter((e) => !e.closest("details:not([open])"));
  for (let tries = 0; tries < 40 && unreachable().length; tries++)
    await new Promise((done) => setTimeout(done, 250));
  return unreachable().map((e) => ["se desplaza y no con el teclado", e.outerHTML.slice(0, 120)]);
}"""
OPEN_EVERYTHING = """async () => { // el tema mide al rato lo que se abre
  const closed = document.querySelectorAll("main details:not([open])");
  closed.forEach((fold) => { fold.open = true; });
  if (closed.length) await new Promise((done) => setTimeout(done, 600));
  return [];
}"""
RUN_AXE = """async ([context, options]) => (await axe.run(context, options)).violations
  .map((rule) => [rule.id, rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))])"""
# De la primera parte plegada: su enlace y una palabra larga de dentro.
FOLDED = re.compile(
    r'<section id="(para-profundizar[^"]*)">.*?<details class="deeper">.*?<p>[^<]*?(\w{8,})', re.DOTALL
)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def visit(open_tab, address):
    """Abre pestañas del sitio, con axe dentro."""

    def open_page(**options):
        page = open_tab(address + "/", **{"reduced_motion": "reduce"} | options)
        page.add_init_script(path=AXE_FILE_PATH)
        return page

    return open_page


def names_of(site):
    """Todas menos la de error, que pide lo suyo a la dirección publicada: la mira test_site_html.py."""
    return sorted(
        page.relative_to(site).as_posix() for page in site.rglob("*.html") if page.name != "404.html"
    )


def violations(page):
    """Lo que axe encuentra, resumido, con WCAG AA y las buenas prácticas."""
    return page.evaluate(RUN_AXE, [SKIPPED, {"resultTypes": ["violations"], "rules": ALSO}])


def faulty_pages(page, site, address, themes, also=lambda page: []):
    """Lo que está mal en cada página, con todo cargado y desplegado; los dos temas se alternan."""
    wrong = {}
    for name, theme in zip(names_of(site), itertools.cycle(themes)):
        page.emulate_media(color_scheme=theme)
        page.goto(f"{address}/{name}")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        faults = page.evaluate(LOAD_PICTURES) + page.evaluate(MOUNT_FIGURES) + page.evaluate(UNREACHABLE)
        faults += violations(page) + also(page)
        if faults:
            wrong[name] = faults
            photograph(page, f"{name}-{page.viewport_size['width']}")
    return json.dumps(wrong, ensure_ascii=False, indent=1) if wrong else ""


# Los colores casi nunca dependen del ancho: cada página se mira con un tema en el ordenador y con el otro en
# el teléfono.
def test_every_page_loads_and_is_accessible_on_a_computer(visit, site, address):
    page = visit(viewport={"width": 1280, "height": 800})
    assert not (wrong := faulty_pages(page, site, address, ("light", "dark"))), wrong


def test_every_page_fits_and_is_accessible_on_a_phone(visit, site, address):
    def out_of_reach(page):
        wide = page.evaluate(TOO_WIDE)
        return (
            page.evaluate(OPEN_EVERYTHING)
            + page.evaluate(UNREACHABLE)
            + ([["se sale de la pantalla, píxeles", wide]] if wide > 0 else [])
        )

    page = visit(viewport={"width": 375, "height": 800}, has_touch=True)
    assert not (wrong := faulty_pages(page, site, address, ("dark", "light"), out_of_reach)), wrong


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        *(("entrenando", "Glosario"), ("matriz", "Glosario"), ("convolucion", "Redes convolucionales")),
        *(
            ("entropia", "Glosario"),
            ("jerarquia", "Guía docente"),
            ("imágen", "Glosario"),
        ),
    ],
)
def test_search_finds_other_forms_of_the_word(visit, address, query, expected):
    page = visit()
    page.goto(f"{address}/search.html?q={quote(query)}")
    page.get_by_text("Páginas encontradas: ").wait_for()  # se escribe cuando ya están todas
    assert expected in page.locator("#search-results li > a").all_inner_texts()


SEARCH = """(queries) => queries.map((query) => Search._performSearch(...Search._parseQuery(query))
  .map(([page, title, anchor]) => page + anchor + title))"""


def without_accents(text):
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def test_a_search_finds_the_same_with_and_without_accents(visit, site, address):
    """Cada título de página y de sección, y cada palabra con tilde del índice del curso."""
    page = visit()
    page.goto(f"{address}/search.html")
    page.wait_for_function("Search.hasIndex()")
    titles = page.evaluate("Object.keys(Search._index.alltitles)")
    pages = [(site / name).read_text(encoding="utf-8") for name in names_of(site) if "chapters/" in name]
    pages = [re.sub("(?s)<(head|script|svg).*?</\\1>|<[^>]*>", " ", text) for text in pages]  # lo que se lee
    words = sorted(set(re.findall(r"\b[a-z]*[áéíóúüñ][a-záéíóúüñ]{3,}\b", " ".join(pages).lower())))
    queries = [*titles, *words]
    bare = list(map(without_accents, queries))
    found = dict(zip(queries, page.evaluate(SEARCH, queries), strict=True))
    for query, other, composed in zip(
        queries,
        page.evaluate(SEARCH, bare),
        page.evaluate(SEARCH, [unicodedata.normalize("NFD", query) for query in queries]),
        strict=True,
    ):
        assert found[query] == other == composed, query
    assert [title for title in titles if not any(title in one for one in found[title])] == []
    ignored = page.evaluate("stopwords")
    assert [word for word in words if not found[word] and without_accents(word) not in ignored] == []
    assert len(words) > 150
    assert len(titles) > 150


def test_a_result_shows_and_marks_the_word_however_it_was_typed(visit, address):
    page = visit()
    page.goto(f"{address}/search.html?q=retropropagacion")
    result = page.locator("#search-results li").first
    result.locator("p.context .highlighted").get_by_text("retropropagación").wait_for()
    result.get_by_role("link").click()
    page.locator(".highlighted").first.wait_for(state="attached")
    assert page.locator(".highlighted").first.text_content().lower() == "retropropagación"


def test_a_summary_marks_the_other_forms_of_the_word_and_leads_to_its_section(visit, address):
    page = visit()
    page.goto(f"{address}/search.html?q=matrices+confusion")
    guide = page.locator("#search-results li").filter(has=page.get_by_role("link", name="Guía docente"))
    guide.scroll_into_view_if_needed()
    guide.locator(".highlighted").first.wait_for()
    assert set(guide.locator(".context .highlighted").all_inner_texts()) == {"matriz", "confusión"}
    guide.get_by_role("link").click()
    page.wait_for_url("**/guia_docente.html*#*")
    assert page.evaluate("document.querySelector(location.hash).innerText.includes('matriz de confusión')")


def test_a_search_asks_for_no_whole_page_and_fits_on_the_narrowest_phone(visit, address):
    page, asked = visit(viewport={"width": 320, "height": 640}), []
    page.on("requestfinished", lambda sent: asked.append((sent.url, sent.sizes()["responseBodySize"])))
    for query in ("kernel", "conv2d"):
        asked.clear()
        page.goto(f"{address}/search.html?q={query}")
        page.get_by_text("Páginas encontradas: ").wait_for()
        page.locator("p.context").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("#search-results li").count() > 10
        assert page.evaluate(TOO_WIDE) <= 0
        assert violations(page) == []
        pages = [url for url, _ in asked if ".html" in url]
        assert pages == [page.url]
        assert sum(size for _, size in asked) < 300_000


def test_a_search_without_results_says_so_in_spanish(visit, address):
    page = visit()
    page.goto(f"{address}/search.html?q=xyzzy")
    page.get_by_text("No hay ninguna página con todas esas palabras").wait_for()


def test_search_opens_from_the_keyboard_on_any_page(visit, address):
    page = visit()
    page.goto(f"{address}/index.html")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog", name="Buscar en el curso").get_by_role("searchbox").fill("kernel")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=kernel")
    page.locator("#search-results li").first.wait_for()


def test_the_contents_open_as_a_drawer_on_a_phone(visit, address):
    page = visit(viewport={"width": 375, "height": 800})
    page.goto(f"{address}/appendix/glosario.html")
    page.get_by_role("button", name="Índice del curso").click()
    drawer = page.get_by_role("dialog", name="Índice del curso")
    assert violations(page) == []
    drawer.get_by_role("link", name="Referencias").click()
    page.wait_for_url("**/appendix/referencias.html")


def test_the_first_tab_skips_to_the_text(visit, address):
    page = visit()
    page.goto(f"{address}/appendix/glosario.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Saltar al contenido principal"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_the_chosen_theme_is_kept_on_the_next_page(visit, address):
    page = visit(color_scheme="light")
    page.goto(f"{address}/index.html")
    theme = "document.documentElement.dataset.theme"
    button = page.get_by_role("button", name="Cambiar entre modo claro y oscuro")
    while page.evaluate("document.documentElement.dataset.mode") != "dark":
        button.click()
    page.goto(f"{address}/appendix/glosario.html")
    assert page.evaluate(theme) == "dark"


OPEN_FOLDS = "[...document.querySelectorAll('details.deeper')].filter((fold) => fold.open).length"


def test_a_folded_part_opens_by_keyboard_link_search_and_print(visit, site, address):
    folded = {
        name: found.groups()
        for name in names_of(site)
        if (found := FOLDED.search((site / name).read_text(encoding="utf-8")))
    }
    assert folded, "ningún capítulo tiene una parte plegada"
    name, (anchor, word) = next(iter(folded.items()))
    page = visit(viewport={"width": 375, "height": 700})
    page.goto(f"{address}/{name}")
    assert page.evaluate(OPEN_FOLDS) == 0
    page.locator("details.deeper > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(OPEN_FOLDS) == 1
    page.keyboard.press("Enter")
    assert page.evaluate(OPEN_FOLDS) == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(OPEN_FOLDS) == page.locator("details.deeper").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(OPEN_FOLDS) == 0
    page.evaluate(f"location.hash = '{anchor}'")
    page.wait_for_function(f"{OPEN_FOLDS} === 1")
    page.goto(f"{address}/{name}?highlight={quote(word)}")
    page.wait_for_function(f"{OPEN_FOLDS} >= 1")


def test_the_text_can_be_read_without_scripts(visit, site, address):
    page = visit(java_script_enabled=False, viewport={"width": 375, "height": 800})
    for name in names_of(site):
        page.goto(f"{address}/{name}")
        assert page.locator("h1").is_visible(), name
        assert page.get_by_role("navigation", name="Índice del curso").is_visible(), name
        assert page.locator(".pst-js-only:visible").count() == 0, name
