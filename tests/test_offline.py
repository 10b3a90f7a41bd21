"""La edición sin conexión se abre con ``file://``: figuras, búsqueda y texto."""

import re
import shutil

import pytest

from tools.offline import classic_host, make_offline


def test_an_unknown_host_is_an_error_that_says_what_to_change():
    with pytest.raises(ValueError, match=r"pon al día tools/offline\.py"):
        classic_host("export {}", "")


@pytest.mark.site
def test_the_offline_edition_works_without_a_server(site, open_tab, tmp_path):
    folder = tmp_path / "con espacios y eñes"
    shutil.copytree(site, folder)
    make_offline(folder)
    assert not list(folder.rglob("*.mjs"))
    page, problems = open_tab("file://"), []
    page.on("console", lambda said: said.type == "warning" and problems.append(said.text))
    # lo que se deja a medias al ir a otra página no es un fallo
    page.on("requestfailed", lambda sent: "ABORTED" in sent.failure or problems.append(sent.url))
    page.goto((folder / "appendix/laboratorio.html").as_uri())
    page.locator(".course-figure").first.scroll_into_view_if_needed()
    page.locator(".course-figure .cf").first.wait_for()
    inside, training = (page.locator(f"[data-figure={name}]") for name in ("inside_cnn", "train_in_page"))
    inside.scroll_into_view_if_needed()
    inside.locator(".cf-verdict").filter(has_text="La convolucional dice botín").wait_for()
    training.scroll_into_view_if_needed()
    training.get_by_role("button", name="Entrenar").click()
    learning = re.compile("^Pérdida al aprender: la densa, .*; la convolucional, ")
    training.get_by_role("img", name=learning).wait_for()
    assert training.get_by_text("Prendas de Fashion-MNIST").is_visible()  # y no dibujadas por la página
    page.goto((folder / "appendix/repaso.html").as_uri())
    page.get_by_role("combobox").select_option("03")
    page.get_by_role("button", name="Empezar").click()
    page.locator('[data-question="03.q1"]').get_by_role("button", name="Comprobar").wait_for()
    for query in ("entrenando", "entropia", "matrices"):
        page.goto((folder / "search.html").as_uri() + f"?q={query}")
        page.get_by_role("link", name="Glosario", exact=True).first.wait_for()
        page.locator("#search-results p.context .highlighted").first.wait_for()
    page.goto((folder / "index.html").as_uri())
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"')")
    assert problems == []
