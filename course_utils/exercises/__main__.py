"""``python -m course_utils.exercises export``: el banco de preguntas para Moodle."""

import os
import sys
import tempfile
from pathlib import Path

from course_utils.exercises import bank
from course_utils.exercises.arguments import Parser
from course_utils.exercises.export import gift, moodle_xml

FORMATS = {"moodle": (moodle_xml, "preguntas.xml"), "gift": (gift, "preguntas.gift")}


def main(arguments: list[str] | None = None) -> int:
    """Escribe las preguntas y dice dónde.

    Parameters
    ----------
    arguments : list of str, optional
        Los de la orden; por omisión, los del programa.

    Returns
    -------
    int
        0 si todo va bien.
    """
    parser = Parser(prog="python -m course_utils.exercises", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERBO")
    verb = verbs.add_parser("export", help="escribe las preguntas en Moodle XML o en GIFT")
    verb.add_argument("--format", choices=sorted(FORMATS), default="moodle", help="por omisión, moodle")
    verb.add_argument("--chapter", metavar="NN", help="un solo capítulo; por omisión, todos")
    verb.add_argument("file", nargs="?", type=Path, metavar="ARCHIVO", help="dónde; «-» es la salida")
    options = parser.parse_args(arguments)
    if options.chapter is not None and options.chapter not in bank.chapters():
        print(
            f"No hay preguntas del capítulo «{options.chapter}».\nCapítulos con preguntas: "
            f"{', '.join(bank.chapters())}.",
            file=sys.stderr,
        )
        return 1
    chosen = bank.questions(options.chapter) if options.chapter else bank.all_questions()
    writer, name = FORMATS[options.format]
    text = writer(chosen)
    if str(options.file) == "-":
        sys.stdout.write(text)
        return 0
    path = options.file or Path(name)
    try:
        _write(text, path)
    except OSError as error:
        print(
            f"No se puede escribir {path}: {error.strerror}.\nElige otra carpeta que exista y sea tuya.",
            file=sys.stderr,
        )
        return 1
    print(f"{len(chosen)} preguntas en {path}. En Moodle: Banco de preguntas → Importar.")
    return 0


def _write(text: str, path: Path) -> None:
    """Escribe al lado y renombra: nunca queda medio archivo."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, delete=False
    ) as file:
        file.write(text)
    try:
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise


if __name__ == "__main__":
    sys.exit(main())
