"""Medidas de un detector de cajas, como las de COCO: IoU de cajas, emparejamiento con multitudes y AP."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from course_utils.checks import check_array, shown
from course_utils.segmentation.instance_metrics import IOU_THRESHOLDS, MAX_DETECTIONS, area_under_curve

FALSE_ALARM, IN_A_CROWD = -1, -2


def box_iou(truths, boxes, crowd=None) -> np.ndarray:
    """IoU, de 0 a 1, de T cajas verdaderas con P predichas, de forma (T, P).

    Parameters
    ----------
    truths : array_like, shape (T, 4)
        Cajas (x, y, anchura, altura).
    boxes : array_like, shape (P, 4)
        Lo mismo.
    crowd : array_like of bool, shape (T,), optional
        Cuáles rodean una multitud: con ellas se divide entre el área de la predicha, y no entre la unión.

    Raises
    ------
    TypeError, ValueError
        Si no son números reales o las cajas no tienen cuatro.

    Examples
    --------
    >>> box_iou([(0, 0, 4, 2)], [(2, 0, 4, 2), (0, 0, 2, 2)]).round(3)
    array([[0.333, 0.5  ]])
    >>> box_iou([(0, 0, 4, 2)], [(0, 0, 2, 2)], crowd=[True])
    array([[1.]])

    References
    ----------
    pycocotools, ``bbIou``.
    """
    truths, boxes = _corners("truths", truths), _corners("boxes", boxes)
    crowd = np.zeros(len(truths), bool) if crowd is None else np.asarray(crowd, bool)
    lower = np.minimum(truths[:, np.newaxis, 2:], boxes[:, 2:])
    upper = np.maximum(truths[:, np.newaxis, :2], boxes[:, :2])
    common = (lower - upper).clip(0).prod(axis=2)
    own, other = ((one[:, 2:] - one[:, :2]).prod(axis=1) for one in (truths, boxes))
    union = own[:, np.newaxis] + other - common
    return common / np.where(crowd[:, np.newaxis], other, union)


def match_boxes(truths: Sequence[dict], detections: Sequence[dict], threshold: float = 0.5) -> np.ndarray:
    """Con qué objeto se empareja cada detección de una imagen: la más segura elige primero.

    Cada una se queda con el objeto libre de su categoría con mayor IoU. La que no llega con ninguno y cae en
    una multitud de su categoría no cuenta.

    Parameters
    ----------
    truths : sequence of dict
        Las anotaciones de la imagen, con ``category_id``, ``bbox`` e ``iscrowd``.
    detections : sequence of dict
        Sus detecciones, con ``category_id``, ``bbox`` y ``score``.
    threshold : float
        Menor IoU de una pareja, mayor que 0 y hasta 1.

    Returns
    -------
    ndarray of int, shape (P,)
        Posición del objeto en ``truths``; -1 si es una falsa alarma y -2 si cae en una multitud.

    Raises
    ------
    ValueError
        Si el umbral no está entre 0 y 1.

    Examples
    --------
    >>> dog = {"category_id": 18, "bbox": [0, 0, 10, 10], "iscrowd": 0}
    >>> seen = [{"category_id": 18, "bbox": [0, 0, 10, 8], "score": 0.9}]
    >>> match_boxes([dog], seen), match_boxes([dog], seen, threshold=0.9)
    (array([0]), array([-1]))

    References
    ----------
    pycocotools, ``COCOeval.evaluateImg``.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold debe ser mayor que 0 y hasta 1 y ha llegado {shown(threshold)}")
    pairs = np.full(len(detections), FALSE_ALARM)
    if not len(truths) or not len(detections):
        return pairs
    crowd = np.array([bool(one.get("iscrowd", 0)) for one in truths])
    kinds = np.array([one["category_id"] for one in truths])
    overlaps = box_iou([one["bbox"] for one in truths], [one["bbox"] for one in detections], crowd)
    free = ~crowd
    for index in np.argsort([-one["score"] for one in detections], kind="stable"):
        same = kinds == detections[index]["category_id"]
        reached = same & (overlaps[:, index] >= threshold)
        possible = np.flatnonzero(reached & free)
        if len(possible):
            backwards = overlaps[possible, index][::-1]  # a igual IoU, el último, como pycocotools
            pairs[index] = possible[len(possible) - 1 - backwards.argmax()]
            free[pairs[index]] = False
        elif (reached & crowd).any():
            pairs[index] = IN_A_CROWD
    return pairs


def box_average_precision(
    annotations: Sequence[dict],
    detections: Sequence[dict],
    thresholds: Sequence[float] = IOU_THRESHOLDS,
) -> np.ndarray:
    """AP de cajas de COCO, de 0 a 1, con cada umbral de IoU; su media es AP@[.5:.95].

    De cada categoría con algún objeto, el área bajo la curva de precisión y exhaustividad, con la precisión
    en 101 puntos; después, la media de las categorías. De cada imagen y categoría cuentan las cien
    detecciones más seguras, y lo que cae en una multitud no cuenta.

    Parameters
    ----------
    annotations : sequence of dict
        Todas las anotaciones, con ``image_id``, ``category_id``, ``bbox`` e ``iscrowd``.
    detections : sequence of dict
        Todas las detecciones, con ``image_id``, ``category_id``, ``bbox`` y ``score``.
    thresholds : sequence of float
        Umbrales de IoU.

    Raises
    ------
    ValueError
        Si no hay ningún objeto, aparte de las multitudes, o un umbral se sale de (0, 1].

    Examples
    --------
    >>> dogs = [{"image_id": 1, "category_id": 18, "bbox": [x, 0, 10, 10], "iscrowd": 0} for x in (0, 20)]
    >>> seen = [{"image_id": 1, "category_id": 18, "bbox": [0, 0, 10, 8], "score": 0.9}]
    >>> box_average_precision(dogs, seen, thresholds=[0.5, 0.9]).round(3)
    array([0.505, 0.   ])

    References
    ----------
    Lin y otros, «Microsoft COCO: common objects in context» (2014); pycocotools, ``COCOeval``.
    """
    thresholds = check_array(thresholds, "thresholds", {1: "(umbral,)"})
    kinds = sorted({one["category_id"] for one in annotations if not one.get("iscrowd", 0)})
    if not kinds:
        raise ValueError("no hay ningún objeto verdadero: sin ellos no se puede medir qué se encuentra")
    truths, found = _by_image_and_kind(annotations), _by_image_and_kind(detections)
    images = sorted({image for image, _ in (*truths, *found)})
    per_kind = []
    for kind in kinds:
        here = [(truths[image, kind], _surest(found[image, kind])) for image in images]
        per_kind.append([_average_precision(here, threshold) for threshold in thresholds])
    return np.mean(per_kind, axis=0)


def _average_precision(here, threshold: float) -> float:
    """AP de una categoría, de la que ``here`` tiene lo anotado y lo detectado en cada imagen."""
    pairs = np.concatenate([match_boxes(truth, found, threshold) for truth, found in here])
    scores = np.array([one["score"] for _, found in here for one in found])
    order = np.argsort(-scores, kind="stable")
    counted = pairs[order][pairs[order] != IN_A_CROWD]
    positives = sum(not one.get("iscrowd", 0) for truth, _ in here for one in truth)
    return area_under_curve(counted >= 0, positives)


def _surest(found: list[dict]) -> list[dict]:
    return sorted(found, key=lambda one: -one["score"])[:MAX_DETECTIONS]


def _by_image_and_kind(rows) -> defaultdict:
    groups = defaultdict(list)
    for one in rows:
        groups[one["image_id"], one["category_id"]].append(one)
    return groups


def _corners(name: str, boxes) -> np.ndarray:
    """Cajas (x, y, anchura, altura) como (x, y, x final, y final)."""
    if not len(boxes):
        return np.zeros((0, 4))
    boxes = check_array(boxes, name, {2: "(caja, lado)"})
    if boxes.shape[1] != 4:
        raise ValueError(f"{name} tiene cajas de {boxes.shape[1]} números: son x, y, anchura y altura")
    boxes = boxes.astype(float)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
