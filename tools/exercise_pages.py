"""Construye lo derivado de los ejercicios y las preguntas: ``make ejercicios``.

De ``web/questions/`` sale ``course_utils/exercises/static/``; de los ejercicios y las preguntas, Soluciones y
Repaso, con una página por capítulo para que ninguna pese, y la guía docente (``tools/teacher_guide.py``). Una
prueba comprueba que todo está al día.
"""

import hashlib
import json
import shutil
import subprocess
from html import escape
from pathlib import Path

from docutils.nodes import make_id
from mdit_py_plugins.anchors.index import slugify

from course_utils.exercises import bank, registry
from course_utils.exercises.engine import LEVELS, Exercise
from course_utils.exercises.judges import Judge, Mistake
from tools.figures import install, installed
from tools.node import node_path
from tools.teacher_guide import GUIDE, guide_page

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "web" / "questions"
STATIC = ROOT / "course_utils" / "exercises" / "static"
BUNDLES = ("questions.mjs", "review.mjs")
APPENDIX = ROOT / "appendix"
NOTE = "<!-- Generado por tools/exercise_pages.py: no se edita a mano. -->"
HEAD = """\
---
myst:
  html_meta:
    description: "{description}"
---

# {title}

{note}
"""

SOLUTIONS_TEXT = """
Aquí está la solución de cada ejercicio de código, la misma que ejecutan las pruebas del curso. Antes de
mirarla, inténtalo: aunque falle, el comprobador dice qué idea hay que revisar, y cada
`exercise("03.2").hint()` da una pista más.

Después de cada solución están los errores que el comprobador reconoce, con lo que explica de cada uno.
"""
SOLUTIONS_LINK = """
{.screen-only}
De todos los capítulos: [Soluciones](../soluciones.md).
"""

EFFORTS = "\n".join(f"- **{LEVELS[level]}**: {effort}." for level, effort in bank.EFFORT.items())
REVIEW_TEXT = f"""
Aquí se repasan las preguntas de todo el curso. Lo que se acierta vuelve al cabo de unos días, cada vez más
tarde; lo que se falla, enseguida. Lo contestado se guarda solo en este navegador y se puede borrar.

La dificultad de una pregunta dice qué hay que hacer para contestarla:

{EFFORTS}

Las de cada capítulo están también juntas en su página, que se puede imprimir. Sin JavaScript se leen igual,
y cada una lleva su solución plegada.
"""
REVIEW_LINK = """
{.screen-only}
De todos los capítulos, y cada una cuando conviene repetirla: [Repaso](../repaso.md).
"""


def pages() -> dict[str, str]:
    """Texto de cada página de ``appendix/``, por su nombre."""
    written = {"soluciones.md": solutions_page(), "repaso.md": review_page()}
    written |= {f"soluciones/{chapter}.md": solutions_of(chapter) for chapter in registry.exercise_chapters()}
    return written | {f"repaso/{chapter}.md": questions_of(chapter) for chapter in bank.chapters()}


def head(title: str, description: str) -> str:
    return HEAD.format(title=title, description=description, note=NOTE)


def heading(chapter: str) -> str:
    return f"{chapter} · {registry.title(chapter)}"


def solutions_page() -> str:
    """Soluciones: la lista de ejercicios, cada uno con el enlace a la suya."""
    description = "Soluciones razonadas de los ejercicios de código y errores que reconoce su comprobador."
    parts = [head("Soluciones", description), SOLUTIONS_TEXT]
    for chapter in registry.exercise_chapters():
        parts.append(f"\n## {heading(chapter)}\n\n")
        titles = map(_title, registry.exercises(chapter))
        parts += [
            f"- [{title}](soluciones/{chapter}.md#{slugify(title)}){{#{make_id(title)}}}\n"
            for title in titles
        ]
    return "".join(parts)


def solutions_of(chapter: str) -> str:
    """Las soluciones de un capítulo."""
    items = registry.exercises(chapter)
    description = (
        f"Soluciones de los {len(items)} ejercicios de «{heading(chapter)}» y errores que se reconocen."
    )
    title = f"{heading(chapter)}: soluciones"
    return "\n".join([head(title, description) + SOLUTIONS_LINK, *map(_solution, items)])


def _title(item: Exercise) -> str:
    return f"{item.id} · {item.title[0].upper()}{item.title[1:]} ({LEVELS[item.level]})"


def _solution(item: Exercise) -> str:
    mistakes = "\n".join(f"- {_message(item.judge, mistake)}" for mistake in item.judge.mistakes)
    return (
        f"## {_title(item)}\n\n"
        f"{item.text.strip()}\n\n"
        f":::{{dropdown}} Solución de {item.id}\n```python\n{item.source}\n```\n\n"
        f"{item.explanation.strip()}\n:::\n\n"
        f":::{{dropdown}} Errores que reconoce\n{mistakes}\n:::\n"
    )


def _message(judge: Judge, mistake: Mistake) -> str:
    """Lo que se dice de un error; si tiene huecos, con lo que se observa en la respuesta de ejemplo."""
    if "{" not in mistake.message:
        return mistake.message
    return mistake.explain(judge.observe(judge.as_answer(mistake.answer)))


def review_page() -> str:
    """Repaso: la lista de capítulos, de la que ``review.mjs`` hace el repaso espaciado."""
    rows = "\n".join(
        f'<li id="capitulo-{chapter}" data-chapter="{chapter}" '
        f'data-questions="{len(bank.questions(chapter))}">'
        f'<a href="repaso/{chapter}.html">{escape(heading(chapter))}</a></li>'
        for chapter in bank.chapters()
    )
    description = "Repaso espaciado: todas las preguntas del curso, cada una cuando conviene repetirla."
    listed = f'```{{raw}} html\n<div class="course-review">\n<ul>\n{rows}\n</ul>\n</div>\n```\n'
    return f"{head('Repaso', description)}{REVIEW_TEXT}\n{listed}"


def questions_of(chapter: str) -> str:
    """Las preguntas de un capítulo: HTML sin líneas que Markdown pueda interpretar."""
    items = bank.questions(chapter)
    description = (
        f"Las {len(items)} preguntas de «{heading(chapter)}», con su corrección y su solución razonada."
    )
    body = "\n".join(item.to_html() for item in items)
    top = head(f"{heading(chapter)}: preguntas", description)
    return f"{top}{REVIEW_LINK}\n```{{raw}} html\n{body}\n```\n"


def bundle(folder: Path) -> None:
    """Escribe en ``folder`` la hoja de estilo de las preguntas y sus guiones, que empiezan por la huella."""
    subprocess.run([node_path(), "web/questions/build.mjs", str(folder)], cwd=ROOT, check=True)
    for script in BUNDLES:
        written = (folder / script).read_text(encoding="utf-8")
        (folder / script).write_text(stamp() + written, encoding="utf-8")


def stamp() -> str:
    """Primera línea de un guion: la huella de aquello de lo que sale."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    digest = hashlib.sha256(packages["node_modules/esbuild"]["version"].encode())
    for path in sorted(path for path in SCRIPTS.rglob("*") if path.is_file()):
        digest.update(f"\n{path.relative_to(SCRIPTS).as_posix()}\n".encode() + path.read_bytes())
    return f"/* {digest.hexdigest()[:16]} */\n"


def is_bundled(script: Path) -> bool:
    return script.is_file() and script.read_text(encoding="utf-8").startswith(stamp())


def main() -> None:
    """Escribe todo lo derivado; los guiones, si cambió aquello de lo que salen; sin eso no pide Node."""
    if not all(is_bundled(STATIC / script) for script in BUNDLES):
        if not installed():
            install()
        bundle(STATIC)
    for name in ("soluciones", "repaso"):  # con los de un capítulo que ya no está
        shutil.rmtree(APPENDIX / name, ignore_errors=True)
        (APPENDIX / name).mkdir(parents=True)
    for name, text in pages().items():
        (APPENDIX / name).write_text(text, encoding="utf-8")
    GUIDE.write_text(guide_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
