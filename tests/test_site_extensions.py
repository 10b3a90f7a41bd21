"""Las extensiones de ``_ext`` sobre un libro mínimo, y la hoja de estilo que dejan."""

import base64
import io
import re
import sys
from html.parser import HTMLParser

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

# Una imagen PNG de 2 × 1 píxeles.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGP4/x8AAwAB/2+Bq7YAAAAASUVORK5CYII="
)


@pytest.fixture
def extensions(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "_ext"))


def code(source, outputs=(), **metadata):
    cell = nbformat.v4.new_code_cell(source, metadata=metadata, outputs=list(outputs), execution_count=1)
    cell["id"] = f"celda-{abs(hash(source)) % 10**6}"
    return cell


@pytest.fixture
def build(tmp_path, extensions):
    """Construye un libro de una página y devuelve su HTML y los avisos."""

    def run(*cells):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Título"), *cells])
        notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
        nbformat.write(notebook, tmp_path / "index.ipynb")
        warnings = io.StringIO()
        settings = {
            "extensions": [
                *(
                    "myst_nb",
                    "deeper_sections",
                    "hidden_cells",
                    "images",
                    "katex_prerender",
                    "line_highlight",
                ),
                *("page_description", "question_cells", "unbroken_numbers"),
            ],
            "html_math_renderer": "katex",
            "katex_css_path": "katex.css",  # la de siempre está en otro servidor
            "katex_prerender": True,
            "language": "es",
            "myst_enable_extensions": ["dollarmath"],
            "nb_execution_mode": "off",
        }
        with docutils_namespace():
            app = Sphinx(
                tmp_path, None, tmp_path / "out", tmp_path / "doctrees", "html",
                confoverrides=settings, status=None, warning=warnings,
            )  # fmt: skip
            app.build()
        return (tmp_path / "out/index.html").read_text(encoding="utf-8"), warnings.getvalue()

    return run


def picture(**metadata):
    data = {"image/png": base64.b64encode(PICTURE).decode()}
    return code("draw()", [nbformat.v4.new_output("display_data", data=data)], **metadata)


def marked_lines(html):
    return re.findall(r'<span class="hll">(.*?)\n</span>', html, flags=re.S)


@pytest.mark.parametrize(("spec", "expected"), [("2", ["b"]), ("1,3-4", ["a", "c", "d"])])
def test_highlight_lines_marks_those_lines_of_the_cell(build, spec, expected):
    html, warnings = build(code("a = 1\nb = 2\nc = 3\nd = 4", mystnb={"highlight_lines": spec}))
    assert warnings == ""
    assert [re.sub("<.*?>", "", line)[0] for line in marked_lines(html)] == expected


def test_thousands_are_not_broken_but_code_is_left_alone(build):
    output = nbformat.v4.new_output("stream", text="70 000\n")
    text = nbformat.v4.new_markdown_cell(
        "Hay 60 000 imágenes, 1 234 567 pesos y 2 2000; se escribe `10 000`."
    )
    html, _ = build(text, code("print(1)", [output]))
    assert "60\u202f000 imágenes, 1\u202f234\u202f567 pesos y 2 2000" in html
    assert "10 000" in html.replace("</span>", "").replace('<span class="pre">', "")
    assert "70 000" in html


@pytest.mark.parametrize("spec", ["9", "0", "dos", "3-1"])
def test_highlight_lines_that_do_not_exist_are_a_warning(build, spec):
    html, warnings = build(code("a = 1\nb = 2", mystnb={"highlight_lines": spec}))
    assert "highlight_lines: la celda tiene 2 líneas" in warnings
    assert marked_lines(html) == []


@pytest.mark.parametrize(
    ("tag", "prompt"),
    [("hide-input", "Ver el código"), ("hide-output", "Ver la salida"), ("hide-cell", "Ver la celda")],
)
def test_hidden_cells_say_in_spanish_what_they_show(build, tag, prompt):
    output = nbformat.v4.new_output("stream", text="hola\n")
    html, _ = build(code("print('hola')", [output], tags=[tag]))
    [summary] = re.findall(r"<summary.*?</summary>", html, flags=re.S)
    assert prompt in summary
    assert "aria-label" not in summary


def test_pictures_carry_their_size_and_wait_their_turn(build):
    html, warnings = build(picture(mystnb={"image": {"alt": "Dos píxeles grises."}}))
    [image] = re.findall(r"<img[^>]*_images[^>]*>", html)
    assert 'width="2" height="1"' in image
    assert 'loading="lazy"' in image
    assert 'alt="Dos píxeles grises."' in image
    assert warnings == ""


def test_a_picture_without_text_is_a_warning(build):
    _, warnings = build(picture())
    assert "imagen sin texto alternativo" in warnings


@pytest.fixture
def katex_server(extensions):
    """La clase que arranca KaTeX, con la conexión de ``_ext``, y otro programa en lugar de Node."""
    import katex_prerender

    class Server(katex_prerender.katex.KaTeXServer):
        start_server_process = classmethod(katex_prerender.start_server)
        program = ""

        @classmethod
        def build_command(cls, socket=None, port=None):
            return [sys.executable, "-c", cls.program, str(socket)]

    return Server


def test_the_formula_server_is_awaited_until_it_listens(katex_server, tmp_path):
    katex_server.program = (
        "import socket, sys, time\n"
        "server = socket.socket(socket.AF_UNIX)\n"
        "server.bind(sys.argv[1])\n"  # el archivo ya existe y todavía se rechaza la conexión
        "time.sleep(0.5)\n"
        "server.listen()\n"
        "server.accept()[0].sendall(b'hola')\n"
    )
    process, connection = katex_server.start_server_process(tmp_path, timeout=60)
    with connection:
        assert connection.recv(4) == b"hola"
    process.communicate()


def test_a_formula_server_that_never_listens_is_an_error(katex_server, tmp_path):
    katex_server.program = "import time; time.sleep(60)"
    with pytest.raises(Exception, match="KaTeX"):
        katex_server.start_server_process(tmp_path, timeout=0.5)


def test_a_formula_is_drawn_when_building(build, node):
    html, warnings = build(nbformat.v4.new_markdown_cell(r"Una suma: $\frac{a}{b} + 0{,}5$."))
    assert html.count('class="katex-html"') == 1
    assert warnings == ""


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('question("03.q9")', False),
        ('exercise("03.1").widget()', False),
        ('from course_utils.exercises import question\n\nquestion("03.q9")', True),
        ('exercise("03.1").check(size)', True),
    ],
)
def test_a_cell_that_only_asks_is_shown_without_its_code(build, source, shown):
    answer = nbformat.v4.new_output(
        "execute_result", {"text/html": "<p>Lo que enseña</p>"}, execution_count=1
    )
    html, warnings = build(code(source, [answer]))
    assert "Lo que enseña" in html
    assert ("cell_input" in html) is shown
    assert warnings == ""


@pytest.mark.parametrize(
    ("formula", "complaint"), [(r"a + \nada", r"\nada"), (r"\frac{a", "KaTeX parse error")]
)
def test_a_formula_katex_does_not_understand_is_a_warning(build, node, formula, complaint):
    _, warnings = build(nbformat.v4.new_markdown_cell(f"Mal: ${formula}$."))
    assert "fórmula que KaTeX no entiende" in warnings
    assert complaint in warnings


def test_only_what_follows_a_deeper_title_is_folded(build):
    page, warnings = build(
        nbformat.v4.new_markdown_cell("## Lo de todos\n\nA la vista.", id="a"),
        nbformat.v4.new_markdown_cell("### Para profundizar: la prueba\n\nPlegado.", id="b"),
        code("1 + 1"),
        nbformat.v4.new_markdown_cell("#### Un detalle\n\nTambién.", id="c"),
        nbformat.v4.new_markdown_cell("## Lo siguiente\n\nOtra vez a la vista.", id="d"),
    )
    assert not warnings
    [fold] = re.findall(r'<details class="deeper">.*?</details>', page, flags=re.DOTALL)
    title = re.search(r'<section id="para-profundizar-la-prueba">\s*<h3>.*?</h3>\s*<details', page, re.DOTALL)
    assert title, "el título tiene que quedar fuera del pliegue"
    assert all(
        text in fold for text in ("Plegado.", "cell_input", "Un detalle", "También.", "Leer esta parte")
    )
    assert "vista" not in fold
    assert "Lo siguiente" not in fold


def test_the_description_is_the_first_paragraph_without_formulas(build):
    formula = "Una frase larga con una fórmula, $n + 2p - k$, que un buscador no podría enseñar entera."
    prose = 'La primera frase que sí sirve, con "comillas" y <ángulos>, y con letras de sobra para cortarla. '
    html, _ = build(nbformat.v4.new_markdown_cell(f"{formula}\n\n{prose * 3}"))
    found = {}

    class Meta(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "meta":
                found.update({dict(attributes).get("name"): dict(attributes).get("content")})

    Meta().feed(html)
    assert found["description"].startswith("La primera frase que sí sirve, con «comillas» y <ángulos>")
    assert found["description"].endswith("…")
    assert len(found["description"]) <= 156


def test_unused_rules_are_dropped_and_used_ones_kept(extensions):
    from stylesheet import keep_used, names_in_page, parse

    used = names_in_page('<p class="una dos" id="tres" data-mode="x"><a href="#">b</a></p>') | {
        "html",
        "body",
    }
    css = """
        .una { color: red } .nadie { color: blue } p.una .nadie { top: 0 }
        .nadie, #tres a:hover { left: 0 }
        .una:not(.nadie) > a::before { right: 0 }
        [data-mode="x"] p { margin: 0 } [data-nadie] p { margin: 1px }
        table { border: 0 } @media screen { .nadie { top: 0 } }
        @media print { .nadie { color: red } .dos { background: url("a/b.png") } }
    """
    kept = keep_used(parse(css), used, "carpeta/")
    assert kept.splitlines() == [
        ".una{color: red}",
        "#tres a:hover{left: 0}",
        ".una:not(.nadie) > a::before{right: 0}",
        '[data-mode="x"] p{margin: 0}',
        '@media print {.dos{background: url("carpeta/a/b.png")}}',
    ]


def test_variables_nobody_reads_are_dropped_with_those_only_they_read(extensions):
    from stylesheet import drop_unread_variables, drop_unused_keyframes

    css = 'html{--a: 1px;--b: var(--c);--c: "}";--d: 2px;--course-input: blue;--e: 3px} p{margin: var(--a)}'
    slim = drop_unread_variables(css, 'style="top: var(--e)"')
    assert re.findall(r"--[\w-]+(?=:)", slim) == ["--a", "--course-input", "--e"]
    frames = "@keyframes gira{to{top:0}}\n@keyframes salta{to{top:0}}\np{animation: salta 1s}"
    assert drop_unused_keyframes(frames).splitlines() == [
        "@keyframes salta{to{top:0}}",
        "p{animation: salta 1s}",
    ]
