"""Revisa ``web/``: ``python -m tools.web_style``, o con ``--fix`` para que Biome corrija lo que sepa.

Biome mira el formato y los errores comunes (``biome.json`` dice las reglas); aquí se mira además que ninguna
línea pase del ancho, porque Biome no parte los textos largos ni da formato a las hojas de estilo.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tools.figures import install
from tools.node import node_path, npm_command

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "biome.json"
BIOME = ROOT / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"


def long_lines(root=ROOT) -> list[str]:
    """Líneas de ``web/`` más largas que el ancho de ``biome.json``, como «archivo:línea: cuánto mide»."""
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    width = settings["formatter"]["lineWidth"]
    derived = {root / name.removeprefix("!") for name in settings["files"]["includes"] if name[0] == "!"}
    paths = [path for path in sorted((root / "web").rglob("*")) if path.suffix in (".mjs", ".css")]
    return [
        f"{path.relative_to(root)}:{number}: mide {len(line)} y el ancho es {width}; parte la línea"
        for path in paths
        if path not in derived
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > width
    ]


def prepare() -> bool:
    """Deja Biome listo; si falta y no se puede instalar aquí, lo dice. Con ``CI=true`` es un fallo."""
    if BIOME.is_file():
        return True
    if os.environ.get("CI") == "true":
        install()
        return True
    how = "con «python -m tools.figures install»" if npm_command() else "con npm: instala antes Node"
    print(f"web/ queda sin revisar: falta Biome. Instálalo {how}.")
    return False


def main(options) -> int:
    """Código de salida: 0 si no hay nada que corregir."""
    wide = long_lines()
    print(*wide, sep="\n", end="\n" if wide else "")
    if not prepare():
        return bool(wide)
    order = [node_path(), str(BIOME), "check", "--error-on-warnings", *(["--write"] if options else [])]
    done = subprocess.run(order, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr)
        print("Lo que Biome sabe arreglar, lo arregla «python -m tools.web_style --fix».")
    return done.returncode or bool(wide)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--fix"]):
        raise SystemExit("Uso: python -m tools.web_style [--fix]")
    sys.exit(main(sys.argv[1:]))
