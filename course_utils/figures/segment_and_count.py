"""Figura «Segmenta y cuenta»."""

from typing import ClassVar

import numpy as np

from course_utils.datasets.drawn.edited_scene import SIZE, TURNS, EditedScene, paint_scene
from course_utils.datasets.drawn.shapes import CLASS_NAMES, FIRST_OBJECT, NOISE, OBJECT_NAMES
from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Records, Whole
from course_utils.segmentation.grouping import (
    PixelMaps,
    center_targets,
    connected_instances,
    voted_instances,
    watershed_instances,
)
from course_utils.segmentation.instance_metrics import Instances
from course_utils.style import INSTANCE_COLORS, SCENE_COLORS

_CELL = 3
_GREYS = 236, 150  # del fondo y de lo que no queda en ningún objeto


def _objects(*rows):
    names = ("kind", "row", "col", "radius", "turn", "color", "look")
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


class SegmentAndCountFigure(CourseFigure):
    """Una escena que se edita, lo que una red dice de ella y tres maneras de contar sus objetos.

    En la página la red es la U-Net del curso, de clases, centros y desplazamientos.

    Parameters
    ----------
    objects : sequence of dict
        De uno a nueve objetos, del que está delante al que está detrás: ``kind`` (pelota, caja, cono o aro),
        ``row`` y ``col``, de 0 a 64; ``radius``, de 4 a 20 píxeles; ``turn``, de 0 a 23; y ``color`` y
        ``look``, de 0 a 999, de los que salen su color y su dibujo.
    seed : int
        Número del que sale el fondo, de 0 a 9999.
    light : int
        Lo que gana la luz en el borde derecho y pierde en el izquierdo, por ciento, de −60 a 60.
    noise : int
        Grano de la imagen, de 0 a 60; en las escenas con que se entrenó la red, 11.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> figure = SegmentAndCountFigure()
    >>> figure.truth.count, {name: one.count for name, one in figure.ceiling().items()}
    (6, {'componentes': 4, 'cuenca': 6, 'votos': 6})
    """

    name = "segment_and_count"
    title = "Segmenta y cuenta"
    idea = "Máscaras y objetos"
    files = ("unet.bin",)
    invitation = (
        "¿Cuántos objetos ve la red? Arrástralos, júntalos, tapa unos con otros o sube el grano, y compara "
        "lo que cuentan las componentes, la cuenca y los votos."
    )
    texts: ClassVar = {
        "hint": (
            "Arrastra los objetos, júntalos o tapa unos con otros: la red contesta cada vez, y las "
            "tres maneras de contar no siempre dicen lo mismo."
        ),
        "help": (
            "Tabulador: de la escena a los mandos. En la escena, flechas: mover el objeto elegido "
            "(con mayúsculas, de cinco en cinco); + y −: su tamaño; espacio: elegir el siguiente; "
            "suprimir: quitarlo."
        ),
        "loading": "Cargando la red…",
        "full": "No caben más: hay {most} objetos.",
        "last": "Tiene que quedar un objeto.",
        "unseen": "Aquí hay algo que la red no vio al entrenarse: {parts}.",
        "unseen_size": "un objeto de tamaño {strange} (vio de {least} a {most})",
        "unseen_noise": "un grano de {noise} (vio {seen})",
        "unseen_light": "una luz de {light} (vio de −{most} a {most})",
        "maps": "Lo que la red dice de cada píxel",
        "ways": "Los mismos mapas, tres maneras de juntarlos en objetos",
        "truth": "Lo que hay a la vista.",
        "found": "Encuentra {found} de {total}. AP {ap}.",
        "nothing": "No hay nada que encontrar.",
        "goal": "Reto: cuatro objetos o más, y que las tres maneras los encuentren todos",
        "few": "Hay {objects} a la vista: añade hasta cuatro.",
        "lost": "{way} {found} de los {objects} objetos.",
        "extra": "{way} los {objects} objetos, y además alguno que no está.",
        "all_found": "Conseguido: las tres encuentran los {objects} objetos.",
    }

    objects = Records(
        _objects(
            ("pelota", 29, 14, 9, 0, 17, 5),
            ("pelota", 38, 27, 9, 0, 17, 1),
            ("aro", 19, 46, 11, 0, 905, 3),
            ("caja", 40, 52, 9, 4, 610, 2),
            ("caja", 55, 44, 9, 2, 610, 8),
            ("cono", 54, 11, 10, 18, 120, 4),
        ),
        {
            "row": (0, SIZE),
            "col": (0, SIZE),
            "radius": (4, 20),
            "turn": (0, TURNS - 1),
            "color": (0, 999),
            "look": (0, 999),
        },
        OBJECT_NAMES,
        9,
        one="el objeto",
        many="objetos",
    )
    seed = Whole(6, 0, 9999)
    light = Whole(0, -60, 60)
    noise = Whole(NOISE, 0, 60)

    @property
    def scene(self) -> EditedScene:
        """La escena pintada: lo que se da a la red y sus etiquetas."""
        return paint_scene(self.objects, self.seed, self.light, self.noise)

    @property
    def truth(self) -> Instances:
        """Los objetos que hay, sin contar los que apenas se ven."""
        scene = self.scene
        return Instances(scene.ids, scene.classes)

    def ceiling(self) -> dict[str, Instances]:
        """Los objetos que saldrían de cada manera si la red acertara sus mapas: el techo de cada una."""
        scene = self.scene
        targets = center_targets(scene.ids[np.newaxis])[0]
        maps = PixelMaps(np.eye(len(CLASS_NAMES))[scene.semantic], targets[..., 0], targets[..., 1:])
        return {
            "componentes": connected_instances(scene.semantic, FIRST_OBJECT),
            "cuenca": watershed_instances(maps, FIRST_OBJECT),
            "votos": voted_instances(maps, FIRST_OBJECT),
        }

    def sentence(self):
        """Cuántos objetos hay, cuántos se ven y cuántos contaría cada manera con unos mapas exactos."""
        counts = {name: one.count for name, one in self.ceiling().items()}
        there, seen = len(self.objects), self.truth.count
        return (
            f"Escena con {there} {'objeto' if there == 1 else 'objetos'}"
            f"{f', {seen} a la vista' if seen < there else ''}. Aunque una red acertara todo lo que se le "
            f"pide de cada píxel, las componentes contarían {counts['componentes']}; la cuenca, "
            f"{counts['cuenca']}, y los votos, {counts['votos']}."
        )

    def picture(self):
        """Las clases y los objetos verdaderos, y los que saldrían de cada manera."""
        scene, ceiling = self.scene, self.ceiling()
        drawing = Drawing()
        panels = {"Clases": _rgb(SCENE_COLORS)[scene.semantic]}
        truth = self.truth
        shown = "objetos" if truth.count == len(self.objects) else "objetos a la vista"
        for name, one in {shown: truth, **ceiling}.items():
            panels[f"{name.capitalize()}: {one.count}"] = _painted(scene, one.ids)
        step = SIZE * _CELL + 14
        for number, (title, colors) in enumerate(panels.items()):
            x, y = (number % 3) * step, (number // 3) * (step + 22)
            drawing.grid(x, y, colors, None, _CELL, "padding", title)
        return drawing.svg(self.sentence())


def _rgb(colors):
    return np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors])


def _painted(scene, ids):
    """Cada objeto de un color; el fondo, y lo que no queda en ningún objeto, en gris."""
    grey = np.where(scene.semantic < FIRST_OBJECT, *_GREYS)
    colors = _rgb(INSTANCE_COLORS)[(ids.astype(int) - 1) % len(INSTANCE_COLORS)]
    return np.where(ids[..., np.newaxis] > 0, colors, grey[..., np.newaxis])
