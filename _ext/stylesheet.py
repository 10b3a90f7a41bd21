"""Una sola hoja de estilo, ``_static/site.css``: las de las extensiones, sin lo que sobra, y la del curso.

La del tema (400 kB, una biblioteca entera de componentes) no se sirve: assets/course.css dibuja lo poco que
se usa. De las demás, un selector se conserva si todas las etiquetas, clases, identificadores y atributos que
nombra existen en alguna página o en un guion que pueda crearlos; una variable, si alguien la lee.
"""

import re
from pathlib import Path

import tinycss2
from page_assets import SCRIPTS, SEARCH_SCRIPTS
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from course_utils.style import css_variables

# En orden de cascada. El ``*`` es la huella que MyST-NB pone en el nombre.
SHEETS = [
    "pygments.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
    "togglebutton.css",
    "copybutton.css",
    "vendor/katex/katex.css",
    "figures/questions.css",
    "course.css",
]
CONDITIONAL = {"media", "supports", "layer", "container"}  # reglas @ que contienen otras reglas
PUBLIC = "--course-"  # las leen las figuras, que llevan su propia hoja


def names_in_page(html: str) -> set[str]:
    """Etiquetas, atributos, clases e identificadores de una página."""
    names = set()
    for tag, attributes in re.findall(r"<([a-z][\w-]*)([^<>]*)", html):
        names.update([tag], re.findall(r"\s([a-z][\w-]*)", attributes))
    for value in re.findall(r'\b(?:class|id)="([^"]*)"', html):
        names.update(value.split())
    return names


def names_in_selector(tokens: list) -> set[str]:
    """Lo que debe existir para que el selector se cumpla; dentro de :not() o :is() nada es obligatorio."""
    names = set()
    for previous, token in zip([None, *tokens], tokens, strict=False):
        if (token.type == "ident" and previous != ":") or token.type == "hash":
            names.add(token.value)
        elif token.type == "[] block":
            names.add(next(inner.value for inner in token.content if inner.type == "ident"))
    return names


def split_selectors(prelude: list) -> list[list]:
    """Los selectores de una regla, separados por sus comas."""
    selectors: list[list] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def parse(css: str | list) -> list:
    return tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)


def keep_used(rules: list, used: set[str], folder: str) -> str:
    """CSS de las reglas que el sitio usa, con las direcciones relativas a ``_static``."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in split_selectors(rule.prelude) if names_in_selector(s) <= used]
            if selectors:
                head = ",".join(tinycss2.serialize(s).strip() for s in selectors)
                kept.append(f"{head}{{{declarations(rule.content, folder)}}}")
        elif rule.type == "at-rule" and rule.content is not None:
            if rule.lower_at_keyword in CONDITIONAL:
                inner = keep_used(parse(rule.content), used, folder)
            else:
                inner = declarations(rule.content, folder)
            if inner:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}")
    return "\n".join(kept)


def declarations(content: list, folder: str) -> str:
    """Cuerpo de una regla en una línea, con sus url() vistas desde ``_static``."""
    text = re.sub(r"\s+", " ", tinycss2.serialize(content)).strip()
    return re.sub(r"url\((?![\"']?(?:data:|#))([\"']?)", rf"url(\1{folder}", text) if folder else text


def drop_unread_variables(css: str, elsewhere: str) -> str:
    """Quita las variables que nadie lee, y las que solo leían esas."""
    declaration = re.compile(r"(?<=[{;\s])(--[\w-]+)\s*:(?:\"[^\"]*\"|[^;{}\"])*(;|(?=\}))")
    defined = {found[1] for found in declaration.finditer(css) if not found[1].startswith(PUBLIC)}
    read = set(re.findall(r"--[\w-]+", elsewhere)) | set(re.findall(r"var\(\s*(--[\w-]+)", css))
    unread = defined - read
    if not unread:
        return css
    return drop_unread_variables(declaration.sub(lambda d: "" if d[1] in unread else d[0], css), elsewhere)


def drop_unused_keyframes(css: str) -> str:
    """Quita las animaciones que ninguna regla nombra."""
    return re.sub(
        r"^@keyframes ([\w-]+)\{.*\}\n",
        lambda found: found[0] if re.search(rf"animation[\w-]*:[^;}}]*{found[1]}\b", css) else "",
        css,
        flags=re.MULTILINE,
    )


def role_variables(selector: str, theme: str) -> str:
    """Los colores por papel de course_utils.style, como variables CSS."""
    pairs = ";".join(f"{name}:{value}" for name, value in css_variables(theme).items())
    return f"{selector}{{{pairs}}}"


def write_stylesheet(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = app.outdir / "_static"
    pages = [page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html")]
    scripts = [static / name for name in [*SCRIPTS, *SEARCH_SCRIPTS] if (static / name).is_file()]
    script_text = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
    used = {"html", "body"}.union(*map(names_in_page, pages), re.findall(r"[A-Za-z_][\w-]*", script_text))
    css = [role_variables("html", "light"), role_variables('html[data-theme="dark"]', "dark")]
    for pattern in SHEETS:
        sheet = next(static.glob(pattern), None)
        if sheet is None:
            raise ExtensionError(f"falta en _static la hoja de estilo {pattern} (_ext/stylesheet.py)")
        folder = sheet.parent.relative_to(static).as_posix()
        css.append(keep_used(parse(sheet.read_text("utf-8")), used, "" if folder == "." else f"{folder}/"))
    styles = [style for page in pages for style in re.findall(r'style="[^"]*"', page)]
    text = drop_unread_variables(drop_unused_keyframes("\n".join(css)), "\n".join([script_text, *styles]))
    (static / "site.css").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", write_stylesheet, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
