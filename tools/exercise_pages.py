"""Construye lo derivado de los ejercicios y las preguntas: ``make ejercicios``.

De ``web/questions/`` sale ``course_utils/exercises/static/``; de los ejercicios y las preguntas, las páginas
``appendix/soluciones.md``, ``appendix/repaso.md`` y la guía docente (``tools/teacher_guide.py``). Una prueba
comprueba que todo está al día.
"""

import hashlib
import json
import subprocess
from html import escape
from pathlib import Path

from course_utils.exercises import bank, registry
from course_utils.exercises.engine import LEVELS, Exercise
from course_utils.exercises.judges import Judge, Mistake
from tools.figures import install, installed
from tools.node import node_path
from tools.teacher_guide import GUIDE, guide_page

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "web" / "questions"
STATIC = ROOT / "course_utils" / "exercises" / "static"
SOLUTIONS = ROOT / "appendix" / "soluciones.md"
REVIEW = ROOT / "appendix" / "repaso.md"
NOTE = "<!-- Generado por tools/exercise_pages.py: no se edita a mano. -->"

SOLUTIONS_HEAD = f"""\
---
myst:
  html_meta:
    description: "Soluciones razonadas de los ejercicios de código y errores que reconoce su comprobador."
---

# Soluciones

{NOTE}

Aquí está la solución de cada ejercicio de código, la misma que ejecutan las pruebas del curso. Antes de
mirarla, inténtalo: aunque falle, el comprobador dice qué idea hay que revisar, y cada
`exercise("03.2").hint()` da una pista más.

Después de cada solución están los errores que el comprobador reconoce, con lo que explica de cada uno.
"""

EFFORTS = "\n".join(f"- **{LEVELS[level]}**: {effort}." for level, effort in bank.EFFORT.items())
REVIEW_HEAD = f"""\
---
myst:
  html_meta:
    description: "Repaso espaciado: todas las preguntas del curso, cada una cuando conviene repetirla."
---

# Repaso

{NOTE}

Aquí están todas las preguntas del curso. Lo que se acierta vuelve al cabo de unos días, cada vez más tarde;
lo que se falla, enseguida. Lo contestado se guarda solo en este navegador y se puede borrar.

Sin JavaScript, las preguntas se leen igual y cada una lleva su solución plegada.

Su dificultad dice qué hay que hacer para contestarlas:

{EFFORTS}
"""


def solutions_page() -> str:
    """Texto de ``appendix/soluciones.md``."""
    parts = [SOLUTIONS_HEAD]
    for chapter in registry.exercise_chapters():
        parts.append(f"## {chapter} · {registry.title(chapter)}\n")
        parts += [_solution(item) for item in registry.exercises(chapter)]
    return "\n".join(parts)


def _solution(item: Exercise) -> str:
    mistakes = "\n".join(f"- {_message(item.judge, mistake)}" for mistake in item.judge.mistakes)
    return (
        f"### {item.id} · {item.title[0].upper()}{item.title[1:]} ({LEVELS[item.level]})\n\n"
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
    """Texto de ``appendix/repaso.md``: HTML sin líneas que Markdown pueda interpretar."""
    sections = []
    for chapter in bank.chapters():
        title = f"{chapter} · {registry.title(chapter)}"
        questions = "\n".join(question.to_html() for question in bank.questions(chapter))
        sections.append(
            f'<section id="capitulo-{chapter}" data-chapter="{chapter}" '
            f'data-title="{escape(title, quote=True)}">\n'
            f"<h2>{escape(title)}</h2>\n{questions}\n</section>"
        )
    body = "\n".join(sections)
    return f'{REVIEW_HEAD}\n```{{raw}} html\n<div class="course-review">\n{body}\n</div>\n```\n'


def bundle(folder: Path) -> None:
    """Escribe en ``folder`` la hoja de estilo de las preguntas y su guion, que empieza por la huella."""
    subprocess.run([node_path(), "web/questions/build.mjs", str(folder)], cwd=ROOT, check=True)
    script = folder / "questions.mjs"
    script.write_text(stamp() + script.read_text(encoding="utf-8"), encoding="utf-8")


def stamp() -> str:
    """Primera línea del guion: la huella de aquello de lo que sale."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    digest = hashlib.sha256(packages["node_modules/esbuild"]["version"].encode())
    for path in sorted(path for path in SCRIPTS.rglob("*") if path.is_file()):
        digest.update(f"\n{path.relative_to(SCRIPTS).as_posix()}\n".encode() + path.read_bytes())
    return f"/* {digest.hexdigest()[:16]} */\n"


def main() -> None:
    """Escribe todo lo derivado; el guion solo si cambió aquello de lo que sale, y así no hace falta Node."""
    script = STATIC / "questions.mjs"
    if not script.is_file() or not script.read_text(encoding="utf-8").startswith(stamp()):
        if not installed():
            install()
        bundle(STATIC)
    SOLUTIONS.write_text(solutions_page(), encoding="utf-8")
    REVIEW.write_text(review_page(), encoding="utf-8")
    GUIDE.write_text(guide_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
