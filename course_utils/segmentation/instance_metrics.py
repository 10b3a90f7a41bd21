"""Medidas de la segmentación de instancias: parejas por IoU, precisión media (AP) y calidad panóptica."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.checks import MATRIX_AXES, VOID, check_array, is_void_only, shown

IOU_THRESHOLDS = tuple(np.arange(50, 100, 5) / 100)  # 0,50, 0,55, …, 0,95
MAX_DETECTIONS = 100  # por imagen y clase: las más seguras, como en la evaluación de COCO
_RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Instances:
    """Los objetos de una imagen, sin solaparse.

    Parameters
    ----------
    ids : array_like of int, shape (H, W)
        0 en el fondo y de 1 a K en los objetos, sin saltos.
    classes : array_like of int, shape (K,)
        Clase del objeto 1, del 2…
    scores : array_like of float, shape (K,), optional
        Confianza de cada objeto predicho: un número real, del que solo cuenta el orden. Los verdaderos no
        llevan: en ellos es ``None``.

    Raises
    ------
    TypeError, ValueError
        Si ``ids`` o ``classes`` no son enteros, los números de objeto tienen saltos o no hay una clase (y una
        confianza) por objeto.

    Examples
    --------
    >>> Instances([[0, 1], [2, 2]], classes=[3, 5]).count
    2
    >>> Instances([[0, 1], [3, 3]], classes=[3, 5])
    Traceback (most recent call last):
    ...
    ValueError: ids tiene los objetos [1, 3] y deben ir de 1 a 2 sin saltos: usa relabel_sequential de skimage
    """

    ids: np.ndarray
    classes: np.ndarray
    scores: np.ndarray | None = None

    def __post_init__(self):
        ids = check_array(self.ids, "ids", MATRIX_AXES)
        classes = np.asarray(self.classes)
        for name, values in (("ids", ids), ("classes", classes)):
            if values.dtype.kind not in "iu" and values.size:
                raise TypeError(
                    f"{name} debe tener enteros y ha llegado {shown(values)}: conviértelo con astype(int)"
                )
        found = np.unique(ids[ids != 0])
        if not np.array_equal(found, np.arange(1, len(found) + 1)):
            advice = "usa relabel_sequential de skimage"
            if found.min(initial=0) < 0:
                advice = "un número negativo no es un objeto; el fondo es 0"
            if is_void_only(found, len(found)):
                advice = (
                    f"el {VOID} suele marcar los píxeles que no cuentan (void); si lo es, ponlos en el fondo "
                    f"con np.where(ids == {VOID}, 0, ids)"
                )
            raise ValueError(
                f"ids tiene los objetos {found.tolist()} y deben ir de 1 a {len(found)} sin saltos: {advice}"
            )
        scores = self.scores if self.scores is not None or len(found) else []  # sin objetos no falta ninguna
        if scores is not None:
            if np.asarray(scores).size and np.asarray(scores).dtype.kind not in "biuf":
                raise TypeError(f"scores debe tener números reales y ha llegado {shown(scores)}")
            scores = np.asarray(scores, np.float64)
        for name, values in (("classes", classes), ("scores", scores)):
            if values is not None and values.shape != (len(found),):
                raise ValueError(
                    f"{name} tiene forma {values.shape} y en ids hay {len(found)} objetos: "
                    "hace falta uno por objeto"
                )
        if scores is not None and np.isnan(scores).any():
            raise ValueError("scores contiene NaN: revisa cómo se calcula la confianza de cada objeto")
        for name, values in (("ids", ids), ("classes", classes.astype(np.int64)), ("scores", scores)):
            object.__setattr__(self, name, values)

    @property
    def count(self) -> int:
        """Número de objetos."""
        return len(self.classes)


def instance_iou(truth: Instances, predicted: Instances) -> np.ndarray:
    """IoU, de 0 a 1, de los T objetos verdaderos con los P predichos de la misma imagen, de forma (T, P).

    No mira las clases.

    Raises
    ------
    ValueError
        Si las dos imágenes no miden lo mismo.

    Examples
    --------
    >>> truth = Instances([[1, 1, 2]], classes=[0, 0])
    >>> instance_iou(truth, Instances([[1, 2, 2]], classes=[0, 0]))
    array([[0.5       , 0.33333333],
           [0.        , 0.5       ]])
    """
    if truth.ids.shape != predicted.ids.shape:
        raise ValueError(
            f"los objetos verdaderos están en una imagen de {truth.ids.shape} píxeles y los predichos "
            f"en una de {predicted.ids.shape}: pasa las dos de la misma imagen y al mismo tamaño"
        )
    columns = predicted.count + 1
    pairs = truth.ids.astype(np.int64) * columns + predicted.ids  # un número por pareja de objetos
    together = np.bincount(pairs.ravel(), minlength=(truth.count + 1) * columns).reshape(-1, columns)
    areas, predicted_areas = together.sum(axis=1)[1:, None], together.sum(axis=0)[1:]
    common = together[1:, 1:]
    return common / (areas + predicted_areas - common)


def match_instances(truth: Instances, predicted: Instances, threshold: float = 0.5) -> np.ndarray:
    """Empareja objetos de la misma clase: cada predicho, por confianza, con el mejor que quede libre.

    Parameters
    ----------
    truth, predicted : Instances
        Los T objetos verdaderos de una imagen y los P predichos, con ``scores``.
    threshold : float
        Menor IoU de una pareja, mayor que 0 y hasta 1.

    Returns
    -------
    ndarray of int64, shape (P,)
        Posición, de 0 a T - 1, del objeto verdadero de cada predicho; -1 si no tiene pareja.

    Raises
    ------
    ValueError
        Si las imágenes no miden lo mismo, los predichos no llevan confianza o el umbral no está entre 0 y 1.

    Examples
    --------
    >>> truth = Instances([[1, 1, 2]], classes=[0, 0])
    >>> match_instances(truth, Instances([[1, 2, 2]], classes=[0, 0], scores=[0.9, 0.8]))
    array([0, 1])

    References
    ----------
    pycocotools, ``COCOeval.evaluateImg``.
    """
    for name, value in (("truth", truth), ("predicted", predicted)):
        _check_instances(name, value)
    return _match(instance_iou(truth, predicted), truth, predicted, threshold)


def average_precision(
    truths: Sequence[Instances],
    predictions: Sequence[Instances],
    thresholds: Sequence[float] = IOU_THRESHOLDS,
) -> np.ndarray:
    """Precisión media (AP) de COCO, de 0 a 1, con cada umbral de IoU; su media es AP@[.5:.95].

    De cada clase, el área bajo la curva de precisión y exhaustividad, con la precisión en 101 puntos;
    después, la media de las clases que tienen algún objeto verdadero. De cada imagen y clase cuentan, como en
    COCO, las cien predicciones más seguras.

    Parameters
    ----------
    truths, predictions : sequence of Instances
        Objetos verdaderos y predichos, con ``scores``, de las mismas imágenes, en el mismo orden.
    thresholds : sequence of float
        Umbrales de IoU.

    Raises
    ------
    ValueError
        Si no hay tantas predicciones como imágenes, alguna no lleva confianza, no hay ningún objeto verdadero
        o un umbral se sale de (0, 1].

    Examples
    --------
    >>> truths = [Instances([[1, 1, 1, 2]], classes=[0, 0])]
    >>> predictions = [Instances([[1, 1, 0, 2]], classes=[0, 0], scores=[0.9, 0.8])]
    >>> average_precision(truths, predictions, thresholds=[0.5, 0.7]).round(3)
    array([1.   , 0.252])

    References
    ----------
    Lin y otros, «Microsoft COCO: common objects in context» (2014); pycocotools, ``COCOeval``.
    """
    truths, predictions = _listed("truths", truths), _listed("predictions", predictions)
    thresholds = check_array(thresholds, "thresholds", {1: "(umbral,)"})
    classes = _check_images(truths, predictions)
    overlaps = list(map(instance_iou, truths, predictions))  # una vez: es lo que tarda
    per_class = [
        [
            area_under_curve(*_ranked_hits(truths, predictions, overlaps, kind, threshold))
            for threshold in thresholds
        ]
        for kind in classes
    ]
    return np.mean(per_class, axis=0)


def precision_recall(
    truths: Sequence[Instances], predictions: Sequence[Instances], kind: int, threshold: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Precisión y exhaustividad de una clase, de 0 a 1, con la predicción más segura, con las dos primeras…

    De cada imagen cuentan, como en :func:`average_precision`, las cien más seguras.

    Parameters
    ----------
    truths, predictions : sequence of Instances
        Como en :func:`average_precision`.
    kind : int
        Clase.
    threshold : float
        Menor IoU de un acierto.

    Raises
    ------
    ValueError
        Si no hay tantas predicciones como imágenes, alguna no lleva confianza o no hay ningún objeto
        verdadero de esa clase.

    Examples
    --------
    >>> truths = [Instances([[1, 1, 1, 2]], classes=[0, 0])]
    >>> predictions = [Instances([[1, 1, 0, 2]], classes=[0, 0], scores=[0.9, 0.8])]
    >>> precision_recall(truths, predictions, kind=0, threshold=0.7)
    (array([0. , 0.5]), array([0. , 0.5]))
    """
    truths, predictions = _listed("truths", truths), _listed("predictions", predictions)
    if kind not in _check_images(truths, predictions):
        raise ValueError(
            f"no hay ningún objeto verdadero de la clase {shown(kind)}: sin ellos no hay exhaustividad"
        )
    overlaps = list(map(instance_iou, truths, predictions))
    hits, positives = _ranked_hits(truths, predictions, overlaps, kind, threshold)
    found = hits.cumsum()
    return found / np.arange(1, len(hits) + 1), found / positives


def panoptic_quality(truths: Sequence[Instances], predictions: Sequence[Instances]) -> float:
    """Calidad panóptica de los objetos: cuánto se parecen las parejas y cuántos se quedan sin pareja.

    Por clase, suma de los IoU de las parejas entre (parejas + ½ sin encontrar + ½ inventados), de 0 a 1; y la
    media de las clases que aparecen. Con IoU mayor que 0,5 y sin solaparse, cada objeto tiene como mucho una
    pareja, y las confianzas sobran.

    Parameters
    ----------
    truths, predictions : sequence of Instances
        Objetos verdaderos y predichos de las mismas imágenes, en el mismo orden.

    Raises
    ------
    ValueError
        Si no hay tantas predicciones como imágenes, o ningún objeto verdadero.

    Examples
    --------
    >>> truths = [Instances([[1, 1, 1, 2]], classes=[0, 0])]
    >>> round(panoptic_quality(truths, [Instances([[1, 1, 0, 0]], classes=[0])]), 3)
    0.444

    References
    ----------
    Kirillov, He, Girshick, Rother y Dollár, «Panoptic segmentation», arXiv:1801.00868 (2019).
    """
    truths, predictions = _listed("truths", truths), _listed("predictions", predictions)
    classes = sorted(_check_images(truths, predictions) | _classes(predictions))
    quality, seen = np.zeros(len(classes)), np.zeros(len(classes))
    for truth, predicted in zip(truths, predictions, strict=True):
        overlaps = instance_iou(truth, predicted)
        paired = (overlaps > 0.5) & (truth.classes[:, None] == predicted.classes)
        for index, kind in enumerate(classes):
            mine = truth.classes == kind
            quality[index] += overlaps[mine][paired[mine]].sum()
            seen[index] += (np.count_nonzero(mine) + np.count_nonzero(predicted.classes == kind)) / 2
    return float(np.mean(quality / seen))


def _match(overlaps: np.ndarray, truth: Instances, predicted: Instances, threshold: float) -> np.ndarray:
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold debe ser mayor que 0 y hasta 1 y ha llegado {shown(threshold)}")
    pairs = np.full(predicted.count, -1)
    free = np.ones(truth.count, bool)
    for index in _by_score(predicted):
        possible = np.flatnonzero(free & (truth.classes == predicted.classes[index]))
        if len(possible) == 0:
            continue
        reversed_overlaps = overlaps[possible, index][::-1]  # a igual IoU, el último, como pycocotools
        best = possible[len(possible) - 1 - reversed_overlaps.argmax()]
        if overlaps[best, index] >= threshold:
            pairs[index], free[best] = best, False
    return pairs


def _by_score(predicted: Instances) -> np.ndarray:
    """Los objetos predichos, del más seguro al menos; a igual confianza, por su número."""
    if predicted.scores is None:
        raise ValueError(
            "los objetos predichos no llevan confianza y, sin ella, el resultado dependería de su número: "
            "escribe Instances(ids, classes, scores)"
        )
    return np.argsort(-predicted.scores, kind="stable")


def _ranked_hits(truths, predictions, overlaps, kind: int, threshold: float) -> tuple[np.ndarray, int]:
    """Si acierta cada predicción de una clase, por orden de confianza, y cuántos objetos hay."""
    hits, scores = [], []
    for truth, predicted, pairs in zip(truths, predictions, overlaps, strict=True):
        order = _by_score(predicted)
        mine = order[predicted.classes[order] == kind][:MAX_DETECTIONS]
        hits.append(_match(pairs, truth, predicted, threshold)[mine] >= 0)
        scores.append(predicted.scores[mine])
    order = np.argsort(-np.concatenate(scores), kind="stable")
    return np.concatenate(hits)[order], sum(int(np.count_nonzero(truth.classes == kind)) for truth in truths)


def area_under_curve(hits: np.ndarray, positives: int) -> float:
    """Área bajo la curva de precisión y exhaustividad, en 101 puntos, como en COCO.

    Parameters
    ----------
    hits : ndarray of bool, shape (P,)
        Si acierta cada predicción, de la más segura a la menos.
    positives : int
        Cuántos objetos hay.

    Examples
    --------
    >>> area_under_curve(np.array([True, False, True]), 2).__round__(3)
    0.835
    """
    found = hits.cumsum()
    precision = found / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]  # la mejor con esa exhaustividad o más
    reached = np.searchsorted(found / positives, _RECALLS)
    return float(np.mean(np.append(precision, 0.0)[reached]))


def _listed(name: str, images) -> list[Instances]:
    """Las imágenes de un iterable, todas con sus objetos."""
    if isinstance(images, Instances):
        raise TypeError(f"{name} debe ser una lista y ha llegado un Instances: ponlo entre corchetes")
    if not isinstance(images, Iterable):
        raise TypeError(f"{name} debe ser una lista de Instances y ha llegado {shown(images)}")
    images = list(images)
    for number, one in enumerate(images):
        _check_instances(f"{name}[{number}]", one)
    return images


def _check_instances(name: str, value) -> None:
    if not isinstance(value, Instances):
        raise TypeError(
            f"{name} debe ser un Instances y ha llegado {shown(value)}: usa Instances(ids, classes, scores)"
        )


def _classes(images: Sequence[Instances]) -> set[int]:
    return {int(kind) for image in images for kind in image.classes}


def _check_images(truths: list[Instances], predictions: list[Instances]) -> set[int]:
    if len(truths) != len(predictions):
        raise ValueError(
            f"hay {len(truths)} imágenes y {len(predictions)} predicciones: hace falta una por imagen, "
            "también donde no se predice nada"
        )
    classes = _classes(truths)
    if not classes:
        raise ValueError("no hay ningún objeto verdadero: sin ellos no se puede medir qué se encuentra")
    return classes
