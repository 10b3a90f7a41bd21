"""Abre los capítulos en JupyterLab, en español: ``make cuadernos`` o, sin make, esta misma orden.

El idioma es un ajuste del entorno del curso: otros entornos y los ajustes del usuario quedan como están. Con
``--solo-ajustes`` se deja puesto y no se abre nada.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from course_utils.exercises.arguments import Parser

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {
    "@jupyterlab/translation-extension:plugin": {"locale": "es_ES"},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},  # se leen los títulos
    # sin la pregunta de si se quieren noticias, y sin pedir nada fuera
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def write_settings(environment: Path) -> Path:
    """Pone los ajustes por omisión de JupyterLab en un entorno y devuelve dónde."""
    path = environment / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(SETTINGS, indent=2) + "\n", encoding="utf-8")
    return path


def main(arguments: list[str] | None = None) -> int | None:
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--solo-ajustes", action="store_true", dest="only_settings", help="no abre nada")
    options = parser.parse_args(arguments)
    try:
        from jupyterlab.labapp import main as jupyterlab
    except ModuleNotFoundError:
        sys.exit(
            f"En {sys.prefix} no está JupyterLab: instala lo que pide el curso con\n"
            f"{sys.executable} -m pip install -r requirements.txt"
        )
    if sys.prefix != sys.base_prefix:  # el Python del sistema no es del curso
        write_settings(Path(sys.prefix))
    if options.only_settings:
        return 0
    # course_utils se importa de aquí aunque no esté instalado
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return jupyterlab([str(ROOT / "chapters")])


if __name__ == "__main__":
    sys.exit(main())
