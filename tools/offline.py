"""Edición sin conexión: ``make zip`` mete el sitio en un archivo que se abre con doble clic, sin servidor.

Un navegador no carga módulos ni lee otras páginas cuando la dirección empieza por ``file://``. En la copia
del zip los módulos viajan dentro de un guion clásico, y las preguntas que pide Repaso, en otros.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from course_utils.figures import FIGURES
from tools.serve import SITE

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = ROOT / "_build" / "redes-convolucionales"
BUNDLE_ADDRESS = 'new URL("./figures.mjs",import.meta.url)'
# Un guion clásico sí se puede cargar: cada archivo viaja en uno, en base64.
READER = """const courseFiles=globalThis.courseFiles={},place=document.currentScript.src;
globalThis.courseFile=(name)=>new Promise((done,fail)=>{
const script=document.createElement("script");
script.src=new URL(name+".js",place);
script.onload=()=>{script.remove();done(Uint8Array.from(atob(courseFiles[name]),(c)=>c.charCodeAt(0)))};
script.onerror=()=>fail(new Error("falta en esta copia; descomprime otra vez el zip."));
document.head.append(script);
});
"""


def classic_host(host: str, bundle: str) -> str:
    """Guion clásico equivalente al módulo ``host.mjs``, con el paquete de figuras dentro."""
    if host.count(BUNDLE_ADDRESS) != 1:
        raise ValueError(
            f"host.mjs ya no carga las figuras con {BUNDLE_ADDRESS}: pon al día tools/offline.py"
        )
    blob = f'URL.createObjectURL(new Blob([{json.dumps(bundle)}],{{type:"text/javascript"}}))'
    body = re.sub(r"export\s*\{[^}]*\};?\s*$", "", host.replace(BUNDLE_ADDRESS, blob))
    return f"(()=>{{{READER}{body.replace('import.meta.url', 'place')}}})();\n"


def wrap(name: str, content: bytes, figures: Path) -> None:
    """Pone en un guion un archivo, con el nombre con que se pide."""
    target = figures / f"{name}.js"
    target.parent.mkdir(exist_ok=True)
    target.write_text(
        f"courseFiles[{json.dumps(name)}]={base64.b64encode(content).decode()!r};\n", encoding="utf-8"
    )


def wrap_files(figures: Path, appendix: Path) -> None:
    """Los archivos que piden las figuras y las páginas de preguntas que pide Repaso."""
    for path in {figures / name for make in FIGURES for name in make.files}:
        wrap(Path(os.path.relpath(path, figures)).as_posix(), path.read_bytes(), figures)
        path.unlink()
    for page in (appendix / "repaso").glob("*.html"):
        wrap(page.relative_to(appendix).as_posix(), page.read_bytes(), figures)


def make_offline(site: Path) -> None:
    """Cambia en ``site`` lo que no funciona con ``file://``."""
    figures = site / "_static" / "figures"
    host, bundle = ((figures / name).read_text(encoding="utf-8") for name in ("host.mjs", "figures.mjs"))
    (figures / "host.js").write_text(classic_host(host, bundle), encoding="utf-8")
    (figures / "questions.mjs").rename(
        figures / "questions.js"
    )  # ya es un guion clásico; el de Repaso, también
    review = (figures / "review.mjs").read_text(encoding="utf-8")
    (figures / "review.js").write_text(READER + review, encoding="utf-8")
    wrap_files(figures, site / "appendix")
    for module in figures.glob("*.mjs"):
        module.unlink()
    for online in ("404.html", "sitemap.xml"):
        (site / online).unlink()
    shutil.rmtree(site / "_images" / "social_previews")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(r'<script type=module src="([^"]+)\.mjs">', r'<script defer src="\1.js">', text)
        text = re.sub(r"\s*<link rel=\"preload\"[^>]*>", "", text)  # exige el mismo origen
        page.write_text(text, encoding="utf-8")


def pack(files: dict[Path, Path], archive: Path) -> None:
    """Escribe un zip con cada archivo en su sitio; los mismos archivos dan siempre los mismos bytes."""
    partial = archive.with_name(f"{archive.name}.part")
    try:
        with zipfile.ZipFile(partial, "w") as packed:
            for place in sorted(files):
                entry = zipfile.ZipInfo(place.as_posix())  # con la fecha de todos, 1980
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                packed.writestr(entry, files[place].read_bytes())
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)


def main() -> int:
    if not (SITE / "index.html").is_file():
        print("No está construido el sitio: ejecuta antes «make libro».")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / ARCHIVE.name
        shutil.copytree(SITE, copy, ignore=shutil.ignore_patterns(".buildinfo", "objects.inv"))
        make_offline(copy)
        archive = ARCHIVE.with_suffix(".zip")
        pack({path.relative_to(scratch): path for path in copy.rglob("*") if path.is_file()}, archive)
    print(f"Edición sin conexión: {archive.relative_to(ROOT)} ({archive.stat().st_size // 1024} kB).")
    print("Para leerla: descomprímela y abre index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
