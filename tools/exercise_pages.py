"""Construye lo derivado de los ejercicios y las preguntas: ``make ejercicios``.

De ``web/questions/`` sale ``course_utils/exercises/static/``; de los ejercicios y las preguntas, las páginas
``appendix/soluciones.md``, ``appendix/repaso.md`` y la guía docente (``tools/teacher_guide.py``). Una prueba
comprueba que todo está al día.
"""

import subprocess
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from course_utils.exercises import bank, registry  # noqa: E402
from course_utils.exercises.engine import LEVELS, Exercise  # noqa: E402
from course_utils.exercises.judges import Judge, Mistake  # noqa: E402
from tools.figures import ESBUILD, install  # noqa: E402
from tools.node import node_path  # noqa: E402
from tools.teacher_guide import GUIDE, guide_page  # noqa: E402

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
"""


def solutions_page() -> str:
    """Texto de ``appendix/soluciones.md``."""
    parts = [SOLUTIONS_HEAD]
    for chapter in registry.chapters():
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
    """Escribe en ``folder`` el guion de las preguntas y su hoja de estilo."""
    subprocess.run([node_path(), "web/questions/build.mjs", str(folder)], cwd=ROOT, check=True)


def main() -> None:
    """Escribe todo lo derivado."""
    if not ESBUILD.is_dir():
        install()
    bundle(STATIC)
    SOLUTIONS.write_text(solutions_page(), encoding="utf-8")
    REVIEW.write_text(review_page(), encoding="utf-8")
    GUIDE.write_text(guide_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
