"""Clasificar a ojo las fotos de una figura: la página cuenta los aciertos."""

from collections.abc import Sequence

from course_utils.exercises import question_html as html
from course_utils.exercises.display import Card, rich


def picture_quiz(name: str, labels, class_names: Sequence[str]) -> Card:
    """Una lista desplegable por foto, y un botón que dice cuántas se aciertan y cuáles no.

    Las fotos van aparte, en una figura y numeradas desde 1. El último resultado se recuerda solo en el
    navegador.

    Parameters
    ----------
    name : str
        Identificador, estable: «10.fotos».
    labels : sequence of int
        Clase de cada foto.
    class_names : sequence of str
        Nombre de cada clase.

    Returns
    -------
    Card
        HTML en un cuaderno, texto en una terminal.

    Raises
    ------
    ValueError
        Si no hay fotos, o alguna clase no tiene nombre.

    Examples
    --------
    >>> print(picture_quiz("10.fotos", [1, 0], ["gato", "perro"]))
    ¿Qué ves tú?
    <BLANKLINE>
    Foto 1: gato, perro
    Foto 2: gato, perro
    """
    labels = [int(label) for label in labels]
    if not labels or min(labels) < 0 or max(labels) >= len(class_names):
        raise ValueError(
            f"labels debe traer una clase por foto, de 0 a {len(class_names) - 1}, y ha llegado {labels}: "
            "pasa las etiquetas de las fotos de la figura"
        )
    pictures = [f"Foto {number}" for number in range(1, len(labels) + 1)]
    rows = "\n".join(html.select(picture, class_names, "…") for picture in pictures)
    form = html.form(
        name=name,
        heading="¿Qué ves tú?",
        body=rich("Elige una clase para cada foto de la figura. Luego, comprueba."),
        fields=f'<div class="course-labels">\n{rows}\n</div>',
        key={"kind": "labels", "right": labels},
        whys=[(None, picture, class_names[label]) for picture, label in zip(pictures, labels, strict=True)],
        hints=(),
        solution=True,
        offline="Apunta lo que ves en cada foto y compáralo con la solución.",
    )
    text = "\n".join(f"{picture}: {', '.join(class_names)}" for picture in pictures)
    return html.card(form, f"¿Qué ves tú?\n\n{text}")
