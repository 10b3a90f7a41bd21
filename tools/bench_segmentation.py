"""Entrena las redes de los capítulos 8 y 9, guarda la medida y la escribe como una tabla::

    python -m tools.bench_segmentation [--solo-tabla]

Media y desviación típica de las semillas. Los segundos son los de esta máquina, con lo que estuviera
haciendo.
"""

from __future__ import annotations

import sys

from course_utils.experiments.measurement import Measurement, load_measurement
from tools.experiments import measure

NAME = "segmentation_networks"
ROWS = {"semantic_short": "clases, corto", "semantic_long": "clases, largo", "objects": "clases y objetos"}
METHODS = {"components": "componentes conexas", "watershed": "cuencas, donde cae", "votes": "votos"}


def table(measured: Measurement) -> str:
    """Una línea por red y otra por manera de juntar píxeles en objetos."""

    def spread(values, decimals=3):
        return f"{values.mean():.{decimals}f} ± {values.std(ddof=1):.{decimals}f}"

    def cell(*path, decimals=3):
        return spread(measured.over_seeds(*path), decimals)

    lines = [f"{'red':18}{'parámetros':>11}{'segundos':>15}{'imágenes/s':>13}   IoU medio"]
    for row, name in ROWS.items():
        parameters = measured.over_seeds(row, "parameters")[0]
        lines.append(
            f"{name:18}{parameters:>11}{cell(row, 'seconds', decimals=0):>15}"
            f"{cell(row, 'images_per_second', decimals=0):>13}   {cell(row, 'mean_iou')}"
        )
    lines += ["", f"{'mismos mapas':22}{'AP@[.5:.95]':>15}{'AP@.5':>15}{'PQ':>15}{'ms por imagen':>15}"]
    for method, name in METHODS.items():
        path = "objects", "methods", method
        curves = measured.over_seeds(*path, "ap")  # (semillas, umbrales)
        cells = [spread(curves.mean(axis=1)), spread(curves[:, 0])]
        cells += [cell(*path, "panoptic_quality"), cell(*path, "milliseconds", decimals=2)]
        lines.append(f"{name:22}" + "".join(f"{text:>15}" for text in cells))
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    if arguments != ["--solo-tabla"]:
        measure(NAME)
    print(table(load_measurement(NAME)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
