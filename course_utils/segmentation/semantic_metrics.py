"""Medidas de una máscara o de un mapa de clases, en NumPy."""

import numpy as np

from course_utils.checks import VOID, is_void_only, shown


def iou(mask, other) -> float:
    """Intersección entre unión (índice de Jaccard) de dos máscaras binarias, de 0 a 1.

    Píxeles de las dos entre píxeles de alguna. Dos máscaras vacías coinciden: 1.

    Parameters
    ----------
    mask, other : array_like of bool or int, shape (H, W) o cualquier otra, la misma en las dos
        1 o ``True`` en la región y 0 o ``False`` en el fondo.

    Raises
    ------
    TypeError
        Si no son booleanas ni enteras: quizá son probabilidades.
    ValueError
        Si no miden lo mismo, están vacías o tienen otros valores que 0 y 1.

    Examples
    --------
    >>> iou([[1, 1, 0]], [[0, 1, 1]])
    0.3333333333333333

    References
    ----------
    P. Jaccard, «The distribution of the flora in the alpine zone», *New Phytologist* 11 (1912).
    """
    mask, other = _check_masks(mask, other)
    union = np.count_nonzero(mask | other)
    return float(np.count_nonzero(mask & other) / union) if union else 1.0


def dice(mask, other) -> float:
    """Coeficiente de Dice de dos máscaras binarias, de 0 a 1: el F1 de sus píxeles.

    El doble de los píxeles comunes entre la suma de los de una y los de la otra: 2·iou / (1 + iou).

    Parameters
    ----------
    mask, other : array_like of bool or int
        Como en :func:`iou`, con los mismos errores. Dos máscaras vacías coinciden: 1.

    Examples
    --------
    >>> dice([[1, 1, 0]], [[0, 1, 1]])
    0.5

    References
    ----------
    L. R. Dice, «Measures of the amount of ecologic association between species», *Ecology* 26 (1945).
    """
    mask, other = _check_masks(mask, other)
    total = np.count_nonzero(mask) + np.count_nonzero(other)
    return float(2 * np.count_nonzero(mask & other) / total) if total else 1.0


def class_iou(confusion) -> np.ndarray:
    """IoU de cada clase, de 0 a 1, a partir de la matriz de confusión de los píxeles.

    Es NaN en la clase que no está ni en las etiquetas ni en las predicciones.

    Parameters
    ----------
    confusion : array_like of int, shape (C, C)
        Lo que devuelve :func:`~course_utils.networks.metrics.confusion_matrix` con las clases de todos los
        píxeles.

    Raises
    ------
    TypeError
        Si no son enteros.
    ValueError
        Si no es cuadrada, está vacía o tiene algún negativo.

    Examples
    --------
    >>> class_iou([[3, 1, 0], [1, 1, 0], [0, 0, 0]])
    array([0.6       , 0.33333333,        nan])

    References
    ----------
    Everingham y otros, «The Pascal Visual Object Classes challenge» (2010).
    """
    confusion = np.asarray(confusion)
    if confusion.dtype.kind not in "iu":
        raise TypeError(
            f"confusion debe tener cuentas enteras y ha llegado {shown(confusion)}: "
            "usa la matriz sin dividir entre nada"
        )
    if confusion.ndim != 2 or confusion.shape[0] != confusion.shape[1] or confusion.size == 0:
        raise ValueError(
            f"confusion tiene forma {confusion.shape} y debe ser cuadrada, una fila y una columna por clase: "
            "calcúlala con confusion_matrix"
        )
    if confusion.min() < 0:
        raise ValueError(f"confusion tiene un {confusion.min()} y no se puede contar menos que 0 píxeles")
    hits = confusion.diagonal()
    union = confusion.sum(axis=0) + confusion.sum(axis=1) - hits
    return np.divide(hits, union, out=np.full(len(hits), np.nan), where=union > 0)


def mean_iou(confusion) -> float:
    """Media de :func:`class_iou`, de 0 a 1, sobre las clases que aparecen.

    Parameters
    ----------
    confusion : array_like of int, shape (C, C)
        Como en :func:`class_iou`, con los mismos errores.

    Raises
    ------
    ValueError
        Si todo es 0.

    Examples
    --------
    >>> round(mean_iou([[3, 1, 0], [1, 1, 0], [0, 0, 0]]), 3)
    0.467
    """
    values = class_iou(confusion)
    if np.isnan(values).all():
        raise ValueError("confusion es todo ceros: hace falta al menos un píxel")
    return float(np.nanmean(values))


def _check_masks(mask, other) -> tuple[np.ndarray, np.ndarray]:
    mask, other = np.asarray(mask), np.asarray(other)
    for name, values in (("mask", mask), ("other", other)):
        if values.dtype.kind not in "biu":
            raise TypeError(
                f"{name} debe ser una máscara de 0 y 1 y ha llegado {shown(values)}: "
                "si son probabilidades, escribe probabilities > 0.5"
            )
    if mask.shape != other.shape or mask.size == 0:
        raise ValueError(
            f"mask tiene forma {mask.shape} y other {other.shape}: las dos máscaras son de la misma imagen y "
            "deben medir lo mismo, al menos un píxel"
        )
    for name, values in (("mask", mask), ("other", other)):
        if values.dtype.kind != "b" and (values.min() < 0 or values.max() > 1):
            advice = "elige una clase, por ejemplo mask == 2"
            if set(np.unique(values)) == {0, VOID}:
                advice = f"si {VOID} es el blanco de una imagen en blanco y negro, escribe {name} == {VOID}"
            elif is_void_only(values, 2):
                advice = (
                    f"el {VOID} suele marcar los píxeles que no cuentan (void); si es así, quítalos con "
                    f"known = {name} != {VOID} y mide mask[known] y other[known]"
                )
            raise ValueError(
                f"{name} va de {values.min()} a {values.max()} y una máscara binaria solo tiene 0 y 1: "
                f"{advice}"
            )
    return mask.astype(bool), other.astype(bool)
