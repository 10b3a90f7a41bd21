"""De lo que una red dice de cada píxel a objetos: componentes conexas, cuencas y votos."""

from dataclasses import dataclass

import numpy as np
from skimage.feature import peak_local_max
from skimage.measure import label
from skimage.segmentation import relabel_sequential, watershed

from course_utils.checks import MATRIX_AXES, check_array, check_integer, shown
from course_utils.segmentation.instance_metrics import Instances

CENTER_SIGMA = 2.0  # píxeles: cuánto se extiende la mancha de cada centro
MIN_CENTER = 0.2  # menor altura de un máximo que se da por centro
MIN_AREA = 12  # píxeles: lo menor que se da por objeto


@dataclass(frozen=True)
class PixelMaps:
    """Lo que una red dice de cada píxel de una imagen.

    Parameters
    ----------
    probabilities : ndarray of float, shape (H, W, C)
        Probabilidad de cada clase, de 0 a 1.
    center : ndarray of float, shape (H, W)
        Cuánto se parece el píxel al centro de un objeto, de 0 a 1.
    offsets : ndarray of float, shape (H, W, 2)
        Filas y columnas que hay que bajar y avanzar para llegar al centro de su objeto, en píxeles.
    """

    probabilities: np.ndarray
    center: np.ndarray
    offsets: np.ndarray


def center_targets(ids) -> np.ndarray:
    """Lo que se enseña a la red sobre los objetos: dónde está el centro del suyo y cómo llegar hasta él.

    El centro es la media de los píxeles visibles. Su mancha es una gaussiana de ``CENTER_SIGMA`` píxeles, y
    donde se juntan varias queda la mayor.

    Parameters
    ----------
    ids : array_like of int, shape (N, H, W)
        0 en el fondo y de 1 en adelante, sin saltos, en los objetos de cada imagen.

    Returns
    -------
    ndarray of float32, shape (N, H, W, 3)
        Mancha, de 0 a 1; filas y columnas hasta el centro, en píxeles, 0 en el fondo.

    Raises
    ------
    TypeError, ValueError
        Si falta el eje de las imágenes, o los números de alguna no son enteros o tienen saltos.

    Examples
    --------
    >>> center_targets([[[1, 1, 1, 0]]])[0, 0, :, 2]
    array([ 1.,  0., -1.,  0.], dtype=float32)

    References
    ----------
    Cheng y otros, «Panoptic-DeepLab» (2020): manchas de centros y desplazamientos. https://arxiv.org/abs/1911.10194
    """
    ids = check_array(ids, "ids", {3: "(imagen, fila, columna)"})
    targets = np.zeros((*ids.shape, 3), np.float32)
    place = np.stack(np.indices(ids.shape[1:], dtype=np.float64), axis=-1)  # (H, W, 2)
    for target, own in zip(targets, ids, strict=True):
        count = Instances(own, np.zeros(len(np.unique(own[own != 0])), int)).count
        for number in range(1, count + 1):
            mine = own == number
            way = place[mine].mean(axis=0) - place
            target[mine, 1:] = way[mine]
            spot = np.exp(-(way**2).sum(axis=-1) / (2 * CENTER_SIGMA**2))
            target[..., 0] = np.maximum(target[..., 0], spot)
    return targets


def find_centers(center, min_distance: int = 2) -> np.ndarray:
    """Fila y columna de los máximos de un mapa que superan ``MIN_CENTER``, del más alto al más bajo.

    Parameters
    ----------
    center : array_like of float, shape (H, W)
        Mapa, de 0 a 1.
    min_distance : int
        De dos máximos a esta distancia o menos, en píxeles, queda el mayor.

    Raises
    ------
    TypeError, ValueError
        Si ``min_distance`` no es entero o el mapa no tiene dos ejes.

    Examples
    --------
    >>> find_centers([[0, 0, 0, 0, 0.9], [0.5, 0, 0, 0, 0]])
    array([[0, 4],
           [1, 0]])
    """
    center = check_array(center, "center", MATRIX_AXES)
    return peak_local_max(
        center,
        min_distance=check_integer(min_distance, "min_distance"),
        threshold_abs=MIN_CENTER,
        exclude_border=False,
    ).astype(np.int64)


def connected_instances(classes, first_object: int, confidence=None) -> Instances:
    """Un objeto por mancha de píxeles de una clase que se tocan, también por una esquina; ``MIN_AREA`` o más.

    Parameters
    ----------
    classes : array_like of int, shape (H, W)
        Clase de cada píxel.
    first_object : int
        Primera clase de objeto; las anteriores son fondo. Al menos 1.
    confidence : array_like of float, shape (H, W), optional
        Seguridad de cada píxel; la de un objeto es la media de los suyos. Sin ella, todas valen 1.

    Raises
    ------
    TypeError, ValueError
        Si las clases no son enteros con dos ejes, o la confianza mide otra cosa.

    Examples
    --------
    >>> classes = np.zeros((8, 8), int)
    >>> classes[:4, :4] = classes[4:, 4:] = 2
    >>> connected_instances(classes, first_object=1).count
    1
    """
    classes = _check_classes(classes)
    first_object = check_integer(first_object, "first_object")
    confidence = np.ones(classes.shape) if confidence is None else np.asarray(confidence)
    _check_same_size("confidence", confidence, classes.shape)
    ids = _large_enough(label(np.where(classes < first_object, 0, classes), connectivity=2))
    numbers = range(1, ids.max() + 1)
    return Instances(
        ids,
        np.array([classes[ids == number][0] for number in numbers], np.int64),
        np.array([confidence[ids == number].mean() for number in numbers]),
    )


def watershed_instances(maps: PixelMaps, first_object: int, *, inside: bool = True) -> Instances:
    """Un objeto por centro: el mapa de centros, al revés, se inunda desde cada máximo hasta que las aguas
    se encuentran.

    Un máximo puede caer fuera de los objetos, como el de un aro, que está en su hueco. Su marca pasa al píxel
    de objeto más próximo: el agua no puede salir de otro sitio.

    Quedan los objetos de ``MIN_AREA`` píxeles o más, con su clase, la más probable en sus píxeles, y su
    confianza, la probabilidad media de esa clase.

    Parameters
    ----------
    maps : PixelMaps
        Lo que la red dice de una imagen. No se usan los desplazamientos.
    first_object : int
        Primera clase de objeto; las anteriores son fondo. Al menos 1.
    inside : bool
        Con False la marca se queda donde cae, y la que cae fuera se pierde.

    Raises
    ------
    TypeError, ValueError
        Como :func:`voted_instances`.

    Examples
    --------
    >>> center = np.outer([0.7, 0.8, 0.9, 1, 0.9, 0.8, 0.7, 0.6], [0.9, 0.6, 0.2, 0.6, 0.9])
    >>> maps = PixelMaps(np.ones((8, 5, 1)) * [0, 1], center, np.zeros((8, 5, 2)))
    >>> watershed_instances(maps, first_object=1).ids[0]
    array([1, 1, 1, 2, 2])

    References
    ----------
    Beucher y Lantuéjoul, «Use of watersheds in contour detection» (1979).
    """
    is_object, peaks = _objects_and_peaks(maps, first_object)
    if inside and is_object.any():
        places = np.argwhere(is_object)
        peaks = places[_distances(peaks, places).argmin(axis=1)]
    markers = np.zeros(is_object.shape, np.int64)
    markers[tuple(peaks[::-1].T)] = np.arange(len(peaks), 0, -1)  # de dos en un píxel, queda la más alta
    return _describe(watershed(-maps.center, markers, mask=is_object), maps.probabilities, first_object)


def voted_instances(maps: PixelMaps, first_object: int) -> Instances:
    """Un objeto por centro: cada píxel vota dónde cree que está el suyo y se queda con el más próximo.

    Después cada centro se mueve a la media de sus votos y se reparte otra vez. Un objeto partido en dos por
    otro que lo tapa sigue siendo uno. Quedan los de ``MIN_AREA`` píxeles o más, con la clase más probable en
    sus píxeles. Su confianza es la probabilidad media de esa clase por lo que coinciden los votos: una
    gaussiana de ``CENTER_SIGMA`` píxeles alrededor del centro.

    Parameters
    ----------
    maps : PixelMaps
        Lo que la red dice de una imagen.
    first_object : int
        Primera clase de objeto; las anteriores son fondo. Al menos 1.

    Raises
    ------
    TypeError, ValueError
        Si ``first_object`` no es entero, los mapas no miden lo mismo o no hay ninguna clase de objeto.

    Examples
    --------
    >>> center, offsets = np.zeros((8, 6)), np.zeros((8, 6, 2))
    >>> center[4, 1] = center[4, 4] = 0.9
    >>> offsets[..., 1] = [1, 0, -1, 1, 0, -1]
    >>> maps = PixelMaps(np.ones((8, 6, 1)) * [0, 1], center, offsets)
    >>> voted_instances(maps, first_object=1).ids[0]
    array([1, 1, 1, 2, 2, 2])

    References
    ----------
    Cheng y otros, «Panoptic-DeepLab» (2020). https://arxiv.org/abs/1911.10194
    """
    is_object, centers = _objects_and_peaks(maps, first_object)
    ids, agreement = np.zeros(is_object.shape, np.int64), np.ones(is_object.shape)
    if len(centers):
        votes = np.argwhere(is_object) + maps.offsets[is_object]  # (P, 2)
        chosen = _distances(votes, centers).argmin(axis=1)
        voted = np.bincount(chosen, minlength=len(centers))[:, np.newaxis]
        sums = np.stack([np.bincount(chosen, axis, len(centers)) for axis in votes.T], axis=1)
        distances = _distances(votes, np.where(voted > 0, sums / np.maximum(voted, 1), centers))
        ids[is_object] = distances.argmin(axis=1) + 1
        agreement[is_object] = np.exp(-distances.min(axis=1) / (2 * CENTER_SIGMA**2))
    return _describe(ids, maps.probabilities, first_object, agreement)


def _distances(votes, centers):
    """Distancia al cuadrado de cada voto a cada centro, de forma (P, K)."""
    return ((votes[:, np.newaxis] - centers) ** 2).sum(axis=-1)


def _objects_and_peaks(maps, first_object):
    first_object = check_integer(first_object, "first_object")
    shape = maps.center.shape
    _check_same_size("probabilities", maps.probabilities[..., 0], shape)
    _check_same_size("offsets", maps.offsets[..., 0], shape)
    classes = maps.probabilities.shape[-1]
    if first_object >= classes:
        raise ValueError(
            f"first_object es {first_object} y solo hay {classes} clases, de 0 a {classes - 1}: "
            "ninguna sería un objeto"
        )
    return maps.probabilities.argmax(axis=-1) >= first_object, find_centers(maps.center)


def _describe(ids, probabilities, first_object, agreement=None) -> Instances:
    """Clase y confianza de cada objeto que es lo bastante grande."""
    ids = _large_enough(ids)
    areas = np.bincount(ids.ravel())[1:, np.newaxis]
    sums = [
        np.bincount(ids.ravel(), kind.ravel(), len(areas) + 1)[1:]
        for kind in np.moveaxis(probabilities, -1, 0)
    ]
    mean = np.stack(sums, axis=-1) / areas  # (K, C)
    classes = first_object + mean[:, first_object:].argmax(axis=1)
    scores = mean[np.arange(len(mean)), classes]
    if agreement is not None:
        scores = scores * np.bincount(ids.ravel(), agreement.ravel())[1:] / areas[:, 0]
    return Instances(ids, classes, scores)


def _large_enough(ids):
    areas = np.bincount(ids.ravel())
    return relabel_sequential(np.where(areas[ids] >= MIN_AREA, ids, 0))[0]


def _check_classes(classes):
    classes = check_array(classes, "classes", MATRIX_AXES)
    if classes.dtype.kind not in "iu":
        raise TypeError(
            f"classes debe tener clases enteras y ha llegado {shown(classes)}: "
            "si son probabilidades, escribe probabilities.argmax(axis=-1)"
        )
    if classes.size and classes.min() < 0:
        raise ValueError(
            f"classes tiene un {classes.min()} y las clases van de 0 en adelante: revisa las máscaras"
        )
    return classes


def _check_same_size(name, values, shape):
    if values.shape != shape:
        raise ValueError(
            f"{name} mide {values.shape} y los demás mapas {shape}: son de la misma imagen y deben medir "
            "lo mismo"
        )
