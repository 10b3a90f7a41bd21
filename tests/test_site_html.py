"""El sitio construido, leído como texto: español, accesible, sin nada de fuera y sin enlaces rotos."""

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from tools import pdf
from tools.repo_url import current_url
from tools.vendor import icon_names, icons_version, katex_version

pytestmark = pytest.mark.site

# Restos de inglés que dejan Sphinx, el tema, MyST-NB, los botones de copiar y los desplegables.
ENGLISH = """
    Show code|Hide code|code cell|Click to show|Click to hide|Toggle|Search this book|Searching|
    Hide Search|Search Results|Search finished|Skip to|Back to top|Link to this|Permalink|On this page|
    Contents|Home|previous page|next page|Previous|Next$|Note$|Tip$|Hint$|Warning$|Caution|Attention|
    See also|Launch|Download (this|note|source)|Source repository|Open issue|Suggest edit|Fullscreen|
    Print to|Color mode|Light$|Dark$|Main$|Page$|System Settings|Created using|Last updated|By the|
    Theme by|Copy to clipboard|Error:|Parameters|Returns|Raises|Examples$|References$|Copyright
"""
LEFTOVERS = re.compile("|".join(part.strip() for part in ENGLISH.split("|")))
NOT_PROSE = ["code", "em", "i", "kbd", "math", "pre", "script", "style", "svg", "template"]


def base_url(root: Path) -> str:
    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["html"]["baseurl"]


def pages_of(site: Path, prefix: str) -> dict[str, BeautifulSoup]:
    """La de error se ve desde cualquier dirección: sus enlaces empiezan por ``prefix``, y aquí sin él."""
    texts = {
        page.relative_to(site).as_posix(): page.read_text("utf-8") for page in sorted(site.rglob("*.html"))
    }
    texts["404.html"] = texts["404.html"].replace(f'="{prefix}', '="')
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


@pytest.fixture(scope="module")
def pages(site, root):
    found = pages_of(site, urlsplit(base_url(root)).path)
    assert {"404.html", "index.html", "intro.html", "search.html"} < set(found)
    return found


def wrong_pages(pages, is_wrong):
    """Páginas y qué tienen mal, según ``is_wrong``."""
    return {name: wrong for name, page in pages.items() if (wrong := is_wrong(page))}


def test_every_page_is_spanish_and_says_so(pages):
    assert not wrong_pages(pages, lambda page: page.html.get("lang") != "es")


def visible_words(page: BeautifulSoup) -> list[str]:
    """Textos que se leen o se oyen, sin código ni palabras en cursiva (las inglesas lo van)."""
    texts = []
    for text in page.body.find_all(string=True):
        if text.strip() and not any(parent.name in NOT_PROSE for parent in text.parents):
            texts.append(text.strip())
    for tag in page.find_all(True):
        if not tag.find_parent(["pre", "svg", "math"]):
            texts += [tag[name] for name in ("alt", "aria-label", "placeholder", "title") if tag.get(name)]
    return texts


def test_no_english_left_by_the_theme(pages):
    found = {}
    for name, page in pages.items():
        if leftovers := [text for text in visible_words(page) if LEFTOVERS.search(text)]:
            found[name] = leftovers
    assert not found


def test_the_messages_of_the_search_are_spanish(site):
    script = (site / "_static" / "searchtools.js").read_text(encoding="utf-8")
    shown = set(re.findall(r'(?<!\w)(?:_|gettext)\(\s*"((?:[^"\\]|\\.)+)"', script))
    translated = (site / "_static" / "translations.js").read_text(encoding="utf-8")
    assert len(shown) >= 5
    assert {message for message in shown if json.dumps(message) not in translated} == set()


def test_every_page_has_one_title_and_headings_in_order(pages):
    def wrong(page):
        levels = [int(tag.name[1]) for tag in page.main.find_all(re.compile("^h[1-6]$"))]
        jumps = [b for a, b in pairwise(levels) if b > a + 1]
        return levels if levels.count(1) != 1 or levels[0] != 1 or jumps else None

    assert not wrong_pages(pages, wrong)


def test_titles_and_descriptions_are_there_and_differ(pages):
    seen = {}
    for name, page in pages.items():
        [description] = page.find_all("meta", attrs={"name": "description"})
        assert 50 <= len(description["content"]) <= 200, name
        assert page.title.text.strip(), name
        seen.setdefault((page.title.text, description["content"]), []).append(name)
    assert [names for names in seen.values() if len(names) > 1] == [["index.html", "intro.html"]]


def test_zones_of_the_page_are_named(pages):
    def wrong(page):
        zones = [len(page.find_all(name)) for name in ("main", "footer")] + [len(page.find_all("header"))]
        navs = [
            nav.get("aria-label") or page.find(id=nav.get("aria-labelledby", "ninguno"))
            for nav in page.find_all("nav")
        ]
        dialogs = [dialog.get("aria-label") for dialog in page.find_all("dialog")]
        return (zones, navs, dialogs) if zones != [1, 1, 1] or not all(navs + dialogs) else None

    assert not wrong_pages(pages, wrong)


def test_ids_are_unique(pages):
    def repeated(page):
        ids = [tag["id"] for tag in page.find_all(id=True)]
        return sorted({name for name in ids if ids.count(name) > 1})

    assert not wrong_pages(pages, repeated)


def test_pictures_have_a_text_a_size_and_a_file(pages, site):
    wrong = []
    for name, page in pages.items():
        for image in page.find_all("img"):
            decorative = image.get("alt") == "" and image.find_parent("a", class_="site-title")
            described = len(image.get("alt", "")) > 15 and not re.search(r"\.\w{3,4}$|^_images", image["alt"])
            sized = image.get("width", "").isdigit() and image.get("height", "").isdigit()
            if not (
                (decorative or described) and sized and (site / name).parent.joinpath(image["src"]).is_file()
            ):
                wrong.append((name, str(image)[:200]))
        for drawing in page.main.find_all("svg"):
            hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(
                attrs={"aria-hidden": "true"}
            )
            if not (hidden or drawing.get("aria-label") or drawing.find("title", recursive=False)):
                wrong.append((name, str(drawing)[:200]))
    assert not wrong


def resources(page: BeautifulSoup) -> list[str]:
    """Direcciones que el navegador pide por su cuenta al abrir la página."""
    found = [tag[name] for name in ("src", "poster", "data") for tag in page.find_all(attrs={name: True})]
    found += [tag["href"] for tag in page.find_all("link", href=True) if tag["rel"] != ["canonical"]]
    found += [part.split()[0] for tag in page.find_all(srcset=True) for part in tag["srcset"].split(",")]
    return found + re.findall(r"url\([\"']?([^\"')]+)", str(page))


def test_pages_ask_for_nothing_outside_the_site(pages):
    def outside(page):
        return [
            url for url in resources(page) if urlsplit(url).scheme not in {"", "data"} or urlsplit(url).netloc
        ]

    assert not wrong_pages(pages, outside)


def test_styles_and_scripts_ask_for_nothing_outside_the_site(site):
    css = (site / "_static" / "site.css").read_text(encoding="utf-8")
    assert "@import" not in css
    missing = [
        url
        for url in re.findall(r"url\([\"']?((?!data:|#)[^\"')]+)", css)
        if urlsplit(url).netloc or not (site / "_static" / url).is_file()
    ]
    assert not missing
    for script in [*site.rglob("*.js"), *site.rglob("*.mjs")]:
        code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", script.read_text(encoding="utf-8"), flags=re.S | re.M)
        assert not re.findall(r"(?:import|fetch|src\s*=)\s*\(?\s*[\"'`]https?://", code), script.name


def test_links_inside_the_site_lead_somewhere(pages, site):
    broken = []
    for name, page in pages.items():
        for link in page.find_all(["a", "link"], href=True):
            url = urlsplit(link["href"])
            if url.scheme or url.netloc:
                continue
            target = (site / name).parent.joinpath(unquote(url.path)).resolve() if url.path else site / name
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or site.resolve() not in target.resolve().parents:
                broken.append((name, link["href"]))
            elif url.fragment and target.suffix == ".html":
                there = pages[target.relative_to(site.resolve() if target.is_absolute() else site).as_posix()]
                if there.find(id=unquote(url.fragment)) is None:
                    broken.append((name, link["href"]))
    assert not broken


def test_every_text_of_the_book_is_in_the_index(pages, root):
    texts = [*(root / "chapters").glob("*.ipynb"), *(root / "appendix").glob("*.md")]
    listed = {link["href"] for link in pages["index.html"].find(class_="bd-docs-nav").find_all("a")}
    assert {f"{path.parent.name}/{path.stem}.html" for path in texts} <= listed


def test_each_chapter_opens_in_colab_and_can_be_downloaded_and_printed(pages, root, site):
    repository = current_url(root).removeprefix("https://github.com/")
    branch = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["branch"]
    for notebook in (root / "chapters").glob("*.ipynb"):
        page = pages[f"chapters/{notebook.stem}.html"]
        bar = page.find(class_="bd-header-article")
        colab, download, printed = bar.find_all("a")
        path = f"{repository}/blob/{branch}/chapters/{notebook.name}"
        assert colab["href"] == f"https://colab.research.google.com/github/{path}"
        served = (site / "chapters").joinpath(download["href"])
        assert served.read_bytes() == notebook.read_bytes()
        assert printed["href"] == f"{base_url(root)}pdf/{notebook.stem}.pdf"
    book = f"{base_url(root)}pdf/{pdf.BOOK}"
    assert book in {link["href"] for link in pages["intro.html"].article.find_all("a")}


def test_scripts_are_deferred_and_loaded_once(pages):
    def wrong(page):
        scripts = page.find_all("script", src=True)
        blocking = [s["src"] for s in scripts if not s.has_attr("defer") and s.get("type") != "module"]
        names = [s["src"] for s in scripts]
        return blocking or sorted({name for name in names if names.count(name) > 1})

    assert not wrong_pages(pages, wrong)


def test_interactive_modules_are_loaded_only_where_they_are_used(pages):
    def wrong(page):
        loaded = {Path(s["src"]).name for s in page.find_all("script", type="module", src=True)}
        used = {"host.mjs"} if page.find(class_="course-figure") else set()
        used |= {"questions.mjs"} if page.find(class_=["course-question", "site-start"]) else set()
        used |= {"review.mjs"} if page.find(class_="course-review") else set()
        return (loaded, used) if loaded != used else None

    assert not wrong_pages(pages, wrong)


def test_formulas_are_drawn_and_understood(pages):
    def wrong(page):
        formulas = page.find_all(class_="math")
        return [str(f)[:150] for f in formulas if not f.find("math") or f.find(class_="katex-error")]

    assert not wrong_pages(pages, wrong)


def test_each_page_says_its_address_and_what_is_seen_when_it_is_shared(pages, site, root):
    base = base_url(root)
    owner, name = current_url(root).removeprefix("https://github.com/").split("/")
    assert base == f"https://{owner.lower()}.github.io/{name}/"
    listed = set(re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8")))
    read = set(pages) - {"404.html", "index.html", "search.html"}  # la Portada es intro.html
    assert listed == {base + name for name in read}
    for name in read:
        said = {tag["property"]: tag["content"] for tag in pages[name].find_all("meta", property=True)}
        assert pages[name].find("link", rel="canonical")["href"] == said["og:url"] == base + name
        assert said["og:description"] == pages[name].find("meta", attrs={"name": "description"})["content"]
        picture = site / said["og:image"].removeprefix(base)
        assert picture.stat().st_size < 200_000


def test_only_served_files_are_published(site):
    pages = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".png", ".jpg", ".woff", ".woff2"}
    others = {"", ".txt", ".inv", ".xml", ".ipynb", ".bin"}  # licencias, inventario, mapa, cuadernos y redes
    assert {path.suffix for path in site.rglob("*") if path.is_file()} <= pages | others
    sizes = {path: path.stat().st_size for path in (site / "_static").rglob("*") if path.is_file()}
    texts = {
        path: size for path, size in sizes.items() if "texts" in path.parts
    }  # uno por resultado que se ve
    assert max(texts.values()) < 120_000
    assert (
        sum(sizes.values()) - sum(texts.values()) < 2_000_000
    )  # 0,5 MB, redes y prendas: llegan si se piden


def luminance(colour: str) -> float:
    """Luminancia relativa de «#RRGGBB», como la define WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_colours_contrast_with_their_background(site, theme):
    css = (site / "_static" / "site.css").read_text(encoding="utf-8")
    rule = rf'^html\[data-theme="{theme}"\] \.highlight \.\w+\{{[^}}]*?(?<![-\w])color: (#[\da-fA-F]{{6}})'
    colours = set(re.findall(rule, css, flags=re.M))
    assert len(colours) > 5
    own = css[css.index("--site-soft") :] if theme == "light" else css[css.rindex("--site-soft: ") :]
    for background in ("--site-soft", "--site-mark"):
        paper = luminance(re.search(rf"{background}: (#\w{{6}})", own)[1])
        for colour in colours:
            darker, lighter = sorted((paper, luminance(colour)))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (background, colour)


def test_icons_used_are_in_the_font(pages, root):
    css = (root / "assets" / "course.css").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\.fa-([a-z-]+)::before", css))
    tags = [tag for page in pages.values() for tag in page.find_all(class_="fa-solid")]
    used = {name[3:] for tag in tags for name in tag["class"] if name.startswith("fa-")} - {"solid", "lg"}
    assert used <= drawn
    assert drawn <= icon_names(root / "assets/vendor/fontawesome/icons.woff")


def test_vendored_versions_are_the_ones_in_use(root):
    readme = (root / "assets/vendor/README.md").read_text(encoding="utf-8")
    assert f"| {katex_version} |" in readme
    assert f"| {icons_version()} |" in readme


@pytest.fixture
def search_language(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "_ext"))
    from spanish_search import CourseSpanish

    return CourseSpanish({})


def words_of_the_course(root):
    texts = [*(root / "chapters/src").glob("*.md"), *(root / "appendix").glob("*.md")]
    prose = " ".join(text.read_text(encoding="utf-8") for text in texts).lower()
    return sorted(set(re.findall(r"[a-záéíóúüñ]{4,}", prose)))


def test_search_stems_agree_in_python_and_in_the_page(site, root, node, search_language):
    words = words_of_the_course(root)
    program = f"console.log(JSON.stringify({json.dumps(words)}.map(w => new Stemmer().stemWord(w))))"
    script = "var Stemmer;" + (site / "_static/language_data.js").read_text(encoding="utf-8") + program
    ran = subprocess.run([node, "-"], input=script, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [search_language.stem(word) for word in words]
    assert len(words) > 4000


def test_a_word_is_searched_with_and_without_accents_in_singular_and_in_plural(root, search_language):
    """Con todas las palabras del curso y el plural de cada una, si también está."""
    from spanish_search import bare

    stem = search_language.stem
    words = words_of_the_course(root)
    assert [word for word in words if stem(word) != stem(bare(word))] == []
    known = set(map(bare, words))
    plurals = {word: re.sub("zes$", "ces", word + ("s" if word[-1] in "aeiou" else "es")) for word in known}
    pairs = {word: plural for word, plural in plurals.items() if plural in known}
    apart = {word for word, plural in pairs.items() if stem(word) != stem(plural)}
    assert apart <= {"bias", "exercise", "sigmoid", "square"}  # inglés
    assert len(pairs) > 500
    for one, other in [("entrenar", "entrenando"), ("entrenamos", "entrenar"), ("árbol", "arboles")]:
        assert stem(one) == stem(other)
    assert search_language.split("Función año, ÁREA") == ["Funcion", "ano", "AREA"]
    assert not search_language.word_filter("mas")  # «más», como la página lo busca, tampoco se indexa
