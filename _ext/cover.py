"""Directiva ``cover``: la imagen de la Portada, un kernel de Sobel que recorre una camiseta.

Todo lo que se ve lo calculan las funciones del curso al construir el sitio. La animación dura 4,5 s, una sola
vez, y no la ve quien pidió a su sistema menos movimiento.
"""

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_utils.ops.convolution import correlate2d
from course_utils.ops.kernels import named_kernel
from course_utils.style import number_text

SHIRT = """
............
...##..##...
.##########.
############
############
.#.######.#.
...######...
...######...
...######...
...######...
...######...
............
"""
CELL = 20  # unidades del SVG; los rectángulos miden una menos (assets/course.css)
GAP = 44
WINDOW = (4, 1)  # dónde queda la ventana al acabar: sobre un borde
LABEL = (
    "Una camiseta de 12 por 12 píxeles, un kernel de Sobel de 3 por 3 que la recorre "
    "y el mapa de 10 por 10 que resulta, donde solo se ven los bordes verticales."
)


def shirt() -> np.ndarray:
    """Imagen binaria de 12 × 12."""
    return np.array([[mark == "#" for mark in line] for line in SHIRT.split()], dtype=int)


def squares(values: np.ndarray, top: float, negative: str, positive: str, delay: bool = False) -> str:
    """Un cuadrado por valor no nulo, más opaco cuanto mayor es su módulo."""
    drawn = []
    for (row, col), value in np.ndenumerate(values):
        if value == 0:
            continue
        style = f' style="--i:{row * values.shape[1] + col}"' if delay else ""
        drawn.append(
            f'<rect class="{positive if value > 0 else negative}" x="{col * CELL}" y="{row * CELL}"'
            f' opacity="{abs(value) / top:.2g}"{style}/>'
        )
    return "".join(drawn)


def panel(x: int, y: int, name: str, side: int, content: str) -> str:
    """Grupo con fondo cuadriculado en (x, y)."""
    size = side * CELL
    return (
        f'<g class="cover-{name}" transform="translate({x} {y})">'
        f'<path class="cover-grid" d="M0 0h{size}v{size}h-{size}z"/>{content}</g>'
    )


def cover_svg() -> str:
    """SVG de la Portada, con los colores del tema en vigor."""
    image, kernel = shirt(), named_kernel("sobel_vertical").values
    output = correlate2d(image, kernel)
    height = len(image) * CELL
    kernel_cells = "".join(
        f'<text x="{col * CELL * 1.5 + 15:g}" y="{row * CELL * 1.5 + 15:g}">{number_text(value)}</text>'
        for (row, col), value in np.ndenumerate(kernel)
    )
    row, col = WINDOW
    place = f'x="{col * CELL}" y="{row * CELL}"'
    seen = squares(image, 1, "", "cover-on") + f'<rect class="cover-window" {place}/>'
    edges = (
        squares(output, 4, "cover-negative", "cover-positive", delay=True)
        + f'<rect class="cover-here" {place}/>'
    )
    x_kernel = len(image) * CELL + GAP
    x_output = x_kernel + 90 + GAP
    width = x_output + len(output) * CELL
    signs = (x_kernel - GAP / 2, x_output - GAP / 2)
    drawing = (
        panel(0, 0, "input", 12, seen)
        + f'<g class="cover-kernel" transform="translate({x_kernel} {height / 2 - 45:g})">'
        + f'<path class="cover-grid" d="M0 0h90v90h-90z"/>{kernel_cells}</g>'
        + panel(x_output, CELL, "output", 10, edges)
        + "".join(
            f'<text class="cover-sign" x="{x:g}" y="{height / 2:g}">{sign}</text>'
            for x, sign in zip(signs, "∗=", strict=True)
        )
    )
    view = f'viewBox="-3 -3 {width + 6} {height + 6}"'
    return f'<svg class="cover" {view} role="img" aria-label="{LABEL}">{drawing}</svg>'


class Cover(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", cover_svg(), format="html")]


def setup(app: Sphinx) -> dict:
    app.add_directive("cover", Cover)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
