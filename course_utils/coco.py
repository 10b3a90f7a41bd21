"""COCO por dentro: categorías, validación, máscaras y una muestra de imágenes con sus anotaciones."""

import csv
import io
import json
import math
import operator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

SECTIONS = ("images", "annotations", "categories")
MAX_PIXELS = 2**25  # 33 millones por imagen: muchas más que las de COCO, y caben en memoria
BORDER = 0.5  # píxeles que una coordenada puede salirse de la imagen, por el redondeo
COURSE_LICENCE = {"id": 1, "name": "MIT", "url": "https://opensource.org/license/mit"}  # la de sus dibujos
BOX_GAP = 1.5  # píxeles que la caja puede separarse de su segmentación: la de una multitud pierde uno


class CocoError(ValueError):
    """Unas anotaciones con errores; ``problems`` los tiene todos.

    Parameters
    ----------
    problems : tuple of Problem
        Lo que está mal, en el orden del documento.
    """

    def __init__(self, problems):
        self.problems = tuple(problems)
        n = len(self.problems)
        title = f"las anotaciones tienen {n} {'error' if n == 1 else 'errores'}:"
        super().__init__("\n".join([title, *(f"- {problem}" for problem in self.problems)]))


@dataclass(frozen=True)
class Problem:
    """Un error y dónde está.

    Parameters
    ----------
    where : str
        ``"imagen 7"``, ``"anotación 12"``, ``"categoría 3"`` o ``"documento"``.
    text : str
        Qué está mal.

    Examples
    --------
    >>> print(Problem("anotación 12", "su área es 0"))
    anotación 12: su área es 0
    """

    where: str
    text: str

    def __str__(self):
        return f"{self.where}: {self.text}"


@dataclass(frozen=True)
class Category:
    """Una de las 80 categorías de COCO.

    Parameters
    ----------
    id : int
        Número oficial, de 1 a 90 con huecos.
    name : str
        Nombre oficial, en inglés.
    spanish : str
        Nombre en español.
    supercategory : str
        Grupo oficial, en inglés.
    """

    id: int
    name: str
    spanish: str
    supercategory: str


@cache
def coco_categories() -> dict[int, Category]:
    """Las 80 categorías de COCO con su número oficial.

    Returns
    -------
    dict of int to Category
        Por orden de número. Van del 1 al 90: faltan diez, que se retiraron antes de publicarlo.

    Examples
    --------
    >>> categories = coco_categories()
    >>> len(categories), categories[18].spanish, 12 in categories
    (80, 'perro', False)

    References
    ----------
    https://cocodataset.org/#explore
    """
    with (files("course_utils") / "coco_categories.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row | {"id": int(row["id"])} for row in csv.DictReader(stream)]
    return {row["id"]: Category(**row) for row in rows}


# --- Validar -------------------------------------------------------------------------------------------


def validate_coco(document: dict, folder=None, *, strict: bool = True) -> tuple[dict, tuple[Problem, ...]]:
    """Busca todos los errores de unas anotaciones en formato COCO.

    Se comprueban los números repetidos, las imágenes que faltan o no miden lo que dicen, las anotaciones sin
    imagen o de una categoría desconocida, las cajas vacías, fuera de la imagen o lejos de su segmentación,
    las áreas, los polígonos y las máscaras RLE.

    Parameters
    ----------
    document : dict
        Contenido de un JSON de COCO, con ``images``, ``annotations`` y ``categories``. No se modifica.
    folder : str or Path, optional
        Carpeta de las imágenes. Sin ella no se miran los archivos.
    strict : bool
        True: cualquier error detiene. False: lo erróneo se salta.

    Returns
    -------
    document : dict
        Con lo que está bien.
    problems : tuple of Problem
        Todos los errores; vacía si ``strict``.

    Raises
    ------
    CocoError
        Si hay errores y ``strict``, o si faltan secciones del documento.

    Examples
    --------
    >>> dog = {"id": 5, "image_id": 1, "category_id": 18, "bbox": [10, 10, 20, 10], "area": 200}
    >>> document = {
    ...     "images": [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 30}],
    ...     "categories": [{"id": 18, "name": "dog"}],
    ...     "annotations": [dog, dog | {"id": 6, "bbox": [30, 10, 20, 10]}],
    ... }
    >>> clean, problems = validate_coco(document, strict=False)
    >>> print(problems[0])
    anotación 6: su caja llega a la columna 50 y la imagen tiene 40
    >>> len(clean["annotations"])
    1

    References
    ----------
    Formato: https://cocodataset.org/#format-data
    """
    _check_sections(document)
    problems: list[Problem] = []
    categories = _keep(document["categories"], "categoría", _category_problems, problems)
    known_licences = _ids(document.get("licenses"))

    def image_problems(image):
        return _image_problems(image, known_licences, folder)

    images = _keep(document["images"], "imagen", image_problems, problems)
    sizes = {image["id"]: (image["height"], image["width"]) for image in images}
    category_ids = {category["id"] for category in categories}
    bad_images = _ids(document["images"]) - sizes.keys()

    def annotation_problems(annotation):
        return _annotation_problems(annotation, sizes, bad_images, category_ids)

    annotations = _keep(document["annotations"], "anotación", annotation_problems, problems)
    annotations = [annotation for annotation in annotations if annotation["image_id"] in sizes]
    if problems and strict:
        raise CocoError(problems)
    clean = {"images": images, "annotations": annotations, "categories": categories}
    return document | clean, tuple(problems)


def _check_sections(document):
    if not isinstance(document, dict):
        raise CocoError([Problem("documento", "no es un objeto JSON con images, annotations y categories")])
    wrong = [name for name in SECTIONS if not isinstance(document.get(name), list)]
    if wrong:
        raise CocoError([Problem("documento", f"{name} falta o no es una lista") for name in wrong])


def _ids(items) -> set[int]:
    items = items if isinstance(items, list) else []
    return {item["id"] for item in items if _has_integer(item, "id")}


def _keep(items, kind, find_problems, problems):
    """Los elementos sin errores; los demás se apuntan en ``problems``."""
    kept, seen = [], set()
    for position, item in enumerate(items):
        if not _has_integer(item, "id"):
            problems.append(Problem(f"{kind} en la posición {position}", "no tiene un id entero"))
            continue
        found = ["su id está repetido"] if item["id"] in seen else []
        seen.add(item["id"])
        found += find_problems(item)
        problems.extend(Problem(f"{kind} {item['id']}", text) for text in found)
        if not found:
            kept.append(item)
    return kept


def _category_problems(category):
    if not isinstance(category.get("name"), str) or not category["name"]:
        yield "no tiene nombre"


def _image_problems(image, known_licences, folder):
    name, width, height = image.get("file_name"), image.get("width"), image.get("height")
    safe_name = isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\:\0")
    if not safe_name:
        yield f"su file_name es {name!r} y debe ser un nombre sin carpetas"
    right_size = _is_integer(width) and _is_integer(height) and min(width, height) > 0
    if not right_size:
        yield f"mide {width!r} × {height!r} y deben ser dos enteros positivos"
    elif width * height > MAX_PIXELS:
        right_size = False
        yield f"tiene {width * height} píxeles y el límite es {MAX_PIXELS}"
    if known_licences and not _refers(image.get("license"), known_licences):
        yield f"su licencia es {image.get('license')!r} y no está en licenses"
    if folder is not None and safe_name and right_size:
        path = Path(folder, name)
        if not path.is_file():
            yield f"falta el archivo {name}"
        else:
            try:
                decode_image(path.read_bytes(), width, height)
            except ValueError as error:
                yield f"{name} {error}"


def _annotation_problems(annotation, sizes, bad_images, category_ids):
    if annotation["id"] == 0:
        yield "su id es 0, que para pycocotools es «sin pareja»: numera las anotaciones desde 1"
    image_id, category_id = annotation.get("image_id"), annotation.get("category_id")
    size = sizes[image_id] if _refers(image_id, sizes) else None
    if size is None and not _refers(image_id, bad_images):
        yield f"es huérfana: no hay ninguna imagen {image_id!r}"
    if not _refers(category_id, category_ids):
        yield f"su categoría, {category_id!r}, no existe"
    crowd = annotation.get("iscrowd", 0)
    if not _is_integer(crowd) or crowd not in (0, 1):
        yield f"su iscrowd es {crowd!r} y debe ser 0 o 1"
    area = annotation.get("area")
    if not _is_number(area) or area <= 0:
        yield f"su área es {area!r} y debe ser positiva"
    elif size is not None and area > math.prod(size):
        yield f"su área, {area:g}, es mayor que la de la imagen"
    yield from _box_problems(annotation.get("bbox"), size)
    if size is not None and "segmentation" in annotation:
        yield from segmentation_problems(annotation["segmentation"], *size, annotation.get("bbox"))


def _box_problems(box, size):
    if not _is_box(box):
        yield f"su caja es {_short(box)} y deben ser cuatro números: x, y, anchura y altura"
        return
    x, y, width, height = box
    if width <= 0 or height <= 0:
        yield f"su caja mide {width:g} × {height:g}: está vacía"
    if min(x, y) < -BORDER:
        yield f"su caja empieza en ({x:g}, {y:g}), fuera de la imagen"
    if size is not None:
        for axis, end, limit in (("columna", x + width, size[1]), ("fila", y + height, size[0])):
            if end > limit + BORDER:
                yield f"su caja llega a la {axis} {end:g} y la imagen tiene {limit}"


def segmentation_problems(segmentation, height: int, width: int, box=None) -> list[str]:
    """Qué está mal en una segmentación: polígonos o RLE.

    Parameters
    ----------
    segmentation : list of list of float, or dict
        Polígonos ``[x1, y1, x2, y2, …]``, o RLE ``{"size": [alto, ancho], "counts": …}``.
    height, width : int
        Tamaño de la imagen, en píxeles.
    box : list of float, optional
        Caja (x, y, anchura, altura) de la anotación, para ver si concuerdan.

    Returns
    -------
    list of str
        Una frase por error.

    Examples
    --------
    >>> segmentation_problems({"size": [2, 3], "counts": [4, 1]}, 2, 3)
    ['su RLE suma 5 píxeles y la imagen tiene 6']
    >>> segmentation_problems([[0, 0, 4, 0]], 5, 5)
    ['su polígono 1 no tiene al menos tres puntos (x, y) finitos']
    """
    if isinstance(segmentation, dict):
        found = _rle_problems(segmentation, height, width)
        extent = None if found else _rle_extent(segmentation)
        if not found and extent is None:
            found = ["su RLE no tiene ningún píxel"]
    elif isinstance(segmentation, list) and segmentation:
        found = _polygon_problems(segmentation, height, width)
        points = (
            np.concatenate([np.reshape(polygon, (-1, 2)) for polygon in segmentation]) if not found else None
        )
        extent = None if found else (*points.min(axis=0), *points.max(axis=0))
    else:
        return [f"su segmentación es {_short(segmentation)} y debe ser una lista de polígonos o un RLE"]
    if extent is not None and _is_box(box) and min(box[2:]) > 0:
        gap = max(
            abs(a - b)
            for a, b in zip(extent, (box[0], box[1], box[0] + box[2], box[1] + box[3]), strict=True)
        )
        if gap > BOX_GAP:
            found.append(
                f"su caja no rodea su segmentación: se separan {gap:.1f} píxeles (¿es x, y, anchura, altura?)"
            )
    return found


def _polygon_problems(polygons, height, width):
    found = []
    for number, polygon in enumerate(polygons, start=1):
        if (
            not isinstance(polygon, list)
            or len(polygon) < 6
            or len(polygon) % 2
            or not all(map(_is_number, polygon))
        ):
            found.append(f"su polígono {number} no tiene al menos tres puntos (x, y) finitos")
            continue
        points = np.reshape(polygon, (-1, 2))
        if points.min() < -BORDER or (points > (width + BORDER, height + BORDER)).any():
            found.append(f"su polígono {number} se sale de la imagen")
        x, y = points.T
        if abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) < 1e-9:
            found.append(f"su polígono {number} no encierra nada: tiene área 0")
    return found


def _rle_problems(rle, height, width):
    size = rle.get("size")
    if not isinstance(size, list | tuple) or list(size) != [height, width]:
        return [f"su RLE es de tamaño {_short(size)} y la imagen mide {[height, width]} (alto, ancho)"]
    counts = rle.get("counts")
    if isinstance(counts, str | bytes):
        try:
            counts = decode_rle_counts(counts)
        except ValueError as error:
            return [f"su RLE está roto: {error}"]
    if not isinstance(counts, list) or not all(_is_integer(n) and n >= 0 for n in counts):
        return ["su RLE está roto: counts debe ser una lista de enteros que no sean negativos"]
    if sum(counts) != height * width:
        return [f"su RLE suma {sum(counts)} píxeles y la imagen tiene {height * width}"]
    return []


def _rle_extent(rle):
    """Columna y fila donde empieza y donde acaba la máscara, o None si está vacía."""
    height, width = rle["size"]
    counts = rle["counts"] if isinstance(rle["counts"], list) else decode_rle_counts(rle["counts"])
    values = np.arange(len(counts)) % 2 == 1  # ceros y unos, alternados
    mask = np.repeat(values, counts).reshape(width, height).T  # por columnas
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (cols[0], rows[0], cols[-1] + 1, rows[-1] + 1) if len(rows) else None


def decode_rle_counts(text: str | bytes) -> list[int]:
    """Los números de un RLE comprimido de COCO.

    Cada número se guarda en grupos de cinco bits, el menor primero; a partir del cuarto, como diferencia con
    el de dos puestos antes.

    Parameters
    ----------
    text : str or bytes
        Campo ``counts``.

    Returns
    -------
    list of int
        Píxeles seguidos de fondo, de objeto, de fondo…, por columnas.

    Raises
    ------
    ValueError
        Si hay un carácter que no puede estar o el texto acaba a mitad de un número.

    Examples
    --------
    >>> decode_rle_counts("52203")
    [5, 2, 2, 2, 5]

    References
    ----------
    ``rleToString`` de https://github.com/cocodataset/cocoapi
    """
    codes = text if isinstance(text, bytes) else text.encode("utf-8")
    counts, number, shift = [], 0, 0
    for code in codes:
        digit = code - 48
        if not 0 <= digit < 64 or shift > 30:
            raise ValueError(f"el carácter {chr(code)!r} no puede estar ahí")
        number |= (digit & 31) << shift
        shift += 5
        if digit & 32:  # el número sigue
            continue
        if digit & 16:  # es negativo
            number -= 1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
        number, shift = 0, 0
    if shift:
        raise ValueError("acaba a mitad de un número")
    return counts


def encode_rle_counts(mask) -> list[int]:
    """Los números del RLE sin comprimir de una máscara.

    Parameters
    ----------
    mask : array_like of bool or int, shape (H, W)
        Distinto de 0 en el objeto.

    Returns
    -------
    list of int
        Píxeles seguidos de fondo, de objeto, de fondo…, por columnas; el primero puede ser 0.

    Raises
    ------
    ValueError
        Si no tiene dos ejes.

    Examples
    --------
    >>> encode_rle_counts([[0, 1, 0], [1, 1, 0]])
    [1, 3, 2]

    References
    ----------
    Formato: https://cocodataset.org/#format-data
    """
    mask = np.asarray(mask, bool)
    if mask.ndim != 2:
        raise ValueError(f"la máscara tiene forma {mask.shape} y debe ser (fila, columna): elige una imagen")
    flat = np.concatenate([[False], mask.T.ravel()])  # por columnas, con un 0 delante
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    return np.diff([0, *changes, mask.size]).tolist()


def describe_mask(mask) -> dict:
    """Lo que una anotación de COCO dice de una máscara: caja, área y RLE.

    Parameters
    ----------
    mask : array_like of bool or int, shape (H, W)
        Distinto de 0 en el objeto.

    Returns
    -------
    dict
        ``bbox`` (x, y, anchura, altura), ``area`` y ``segmentation``, con números que caben en un JSON.

    Raises
    ------
    ValueError
        Si no tiene dos ejes o ningún píxel es del objeto.

    Examples
    --------
    >>> describe_mask([[0, 1, 0], [1, 1, 0]])
    {'bbox': [0, 0, 2, 2], 'area': 3, 'segmentation': {'size': [2, 3], 'counts': [1, 3, 2]}}

    References
    ----------
    Formato: https://cocodataset.org/#format-data
    """
    counts = encode_rle_counts(mask)
    mask = np.asarray(mask, bool)
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        raise ValueError("la máscara no tiene ningún píxel del objeto: no hay nada que anotar")
    x, y = int(cols[0]), int(rows[0])
    return {
        "bbox": [x, y, int(cols[-1]) + 1 - x, int(rows[-1]) + 1 - y],
        "area": int(mask.sum()),
        "segmentation": {"size": list(mask.shape), "counts": counts},
    }


def annotation_mask(annotation: dict, height: int, width: int) -> np.ndarray:
    """La máscara de una anotación, con pycocotools.

    Parameters
    ----------
    annotation : dict
        Con ``segmentation``: polígonos o RLE.
    height, width : int
        Tamaño de la imagen, en píxeles.

    Returns
    -------
    ndarray of bool, shape (height, width)

    Raises
    ------
    ValueError
        Si la segmentación está mal; pycocotools no lo comprueba.

    Examples
    --------
    >>> annotation_mask({"segmentation": {"size": [2, 3], "counts": [1, 3, 2]}}, 2, 3).astype(int)
    array([[0, 1, 0],
           [1, 1, 0]])

    References
    ----------
    https://github.com/cocodataset/cocoapi
    """
    from pycocotools import mask as coco_mask

    segmentation = annotation.get("segmentation")
    found = segmentation_problems(segmentation, height, width)
    if found:
        raise ValueError(f"anotación {annotation.get('id')}: {'; '.join(found)}")
    if isinstance(segmentation, dict) and not isinstance(segmentation["counts"], list):
        return coco_mask.decode(segmentation).astype(bool)
    rle = coco_mask.frPyObjects(segmentation, height, width)
    return coco_mask.decode(coco_mask.merge(rle) if isinstance(rle, list) else rle).astype(bool)


def decode_image(content: bytes, width: int, height: int) -> np.ndarray:
    """Decodifica entera una imagen JPEG o PNG, si mide lo que se espera.

    Parameters
    ----------
    content : bytes
        Contenido del archivo.
    width, height : int
        Tamaño anotado, en píxeles.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Rojo, verde y azul, de 0 a 255; es de solo lectura.

    Raises
    ------
    ValueError
        Si no es una imagen, está incompleta o mide otra cosa; el tamaño se mira antes de decodificarla.

    Examples
    --------
    >>> decode_image(b"<html>", 4, 4)
    Traceback (most recent call last):
    ...
    ValueError: no es una imagen JPEG o PNG, o está incompleta
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            size = image.size
            pixels = np.asarray(image.convert("RGB")) if size == (width, height) else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValueError("no es una imagen JPEG o PNG, o está incompleta") from None
    if pixels is None:
        raise ValueError(f"mide {size[0]} × {size[1]} y debería medir {width} × {height}")
    pixels.setflags(write=False)
    return pixels


def _is_integer(value) -> bool:
    try:
        return not isinstance(value, bool) and operator.index(value) is not None
    except TypeError:
        return False


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def _refers(value, ids) -> bool:
    return _is_integer(value) and value in ids


def _is_box(value) -> bool:
    return isinstance(value, list | tuple) and len(value) == 4 and all(map(_is_number, value))


def _short(value) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


# --- Una muestra ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class CocoSample:
    """Unas cuantas imágenes con sus anotaciones, ya validadas.

    Parameters
    ----------
    name : str
        ``"coco"``.
    document : dict
        El JSON de COCO de estas imágenes: ``images``, ``annotations``, ``categories`` y ``licenses``.
    pixels : dict of int to ndarray
        Por cada id de imagen, sus píxeles: ``uint8``, (alto, ancho, 3).
    provenance, licence : str
        De dónde sale y en qué condiciones se puede usar.
    is_stand_in : bool
        Si son datos sustitutos, dibujados por el curso.
    fingerprint : str
        Dieciséis cifras hexadecimales que cambian si cambia una anotación o un píxel.
    """

    name: str
    document: dict
    pixels: dict[int, np.ndarray]
    provenance: str
    licence: str
    is_stand_in: bool
    fingerprint: str

    def __repr__(self):
        kind = "sustituta" if self.is_stand_in else "real"
        return (
            f"<CocoSample {self.name} ({kind}): {len(self.images)} imágenes, "
            f"{len(self.document['annotations'])} anotaciones>"
        )

    @property
    def images(self) -> list[dict]:
        """Las fichas de las imágenes: ``id``, ``file_name``, ``width``, ``height``, ``license``…"""
        return self.document["images"]

    def image(self, image_id: int) -> np.ndarray:
        """Los píxeles de una imagen.

        Parameters
        ----------
        image_id : int
            Su ``id``.

        Returns
        -------
        ndarray of uint8, shape (alto, ancho, 3)

        Raises
        ------
        KeyError
            Si no está en la muestra.
        """
        self.record(image_id)
        return self.pixels[image_id]

    def record(self, image_id: int) -> dict:
        """La ficha de una imagen.

        Parameters
        ----------
        image_id : int
            Su ``id``.

        Returns
        -------
        dict

        Raises
        ------
        KeyError
            Si no está en la muestra.
        """
        for record in self.images:
            if record["id"] == image_id:
                return record
        raise KeyError(f"no hay ninguna imagen {image_id!r} en la muestra: mira sample.images")

    def annotations(self, image_id: int) -> list[dict]:
        """Las anotaciones de una imagen.

        Parameters
        ----------
        image_id : int
            Su ``id``.

        Returns
        -------
        list of dict

        Raises
        ------
        KeyError
            Si la imagen no está en la muestra.
        """
        self.record(image_id)
        return [one for one in self.document["annotations"] if one["image_id"] == image_id]

    def mask(self, annotation: dict) -> np.ndarray:
        """La máscara de una anotación.

        Parameters
        ----------
        annotation : dict
            Una de las de la muestra.

        Returns
        -------
        ndarray of bool, shape (alto, ancho)
        """
        record = self.record(annotation["image_id"])
        return annotation_mask(annotation, record["height"], record["width"])

    def category_name(self, category_id: int) -> str:
        """El nombre en español de una categoría.

        Parameters
        ----------
        category_id : int
            Número oficial.

        Returns
        -------
        str
        """
        return coco_categories()[category_id].spanish

    def credit(self, image_id: int) -> str:
        """Crédito y licencia de una imagen en Markdown, para ponerlos junto a ella.

        Parameters
        ----------
        image_id : int
            Su ``id``.

        Returns
        -------
        str
            Con un enlace a la fotografía, si lo es, y otro a su licencia.
        """
        record = self.record(image_id)
        licence = next(one for one in self.document["licenses"] if one["id"] == record["license"])
        terms = f"Licencia: [{LICENCES.get(licence['url'], licence['name'])}]({_https(licence['url'])})."
        if record.get("flickr_url"):
            return f"Fotografía [{image_id}]({_https(record['flickr_url'])}), de Flickr. {terms}"
        return f"Dibujo {image_id}, del curso. {terms}"

    def api(self):
        """La muestra como objeto ``COCO`` de pycocotools, con su índice.

        Returns
        -------
        pycocotools.coco.COCO
        """
        return coco_api(self.document)


def coco_api(document: dict):
    """Unas anotaciones como objeto ``COCO`` de pycocotools, con su índice y sin sus avisos en inglés.

    Parameters
    ----------
    document : dict
        Con ``images``, ``annotations`` y ``categories``; no se valida.

    Returns
    -------
    pycocotools.coco.COCO

    Examples
    --------
    >>> api = coco_api({"images": [{"id": 1}], "annotations": [], "categories": [{"id": 18, "name": "dog"}]})
    >>> api.getImgIds()
    [1]

    References
    ----------
    https://github.com/cocodataset/cocoapi
    """
    from pycocotools.coco import COCO

    api = COCO()
    api.dataset = document
    with redirect_stdout(io.StringIO()):
        api.createIndex()
    return api


def _https(url: str) -> str:
    return url.replace("http://", "https://", 1)


#: Las licencias que permiten volver a publicar una foto, también modificada, con su crédito.
LICENCES = {
    "http://creativecommons.org/licenses/by/2.0/": "CC BY 2.0",
    "http://creativecommons.org/licenses/by-sa/2.0/": "CC BY-SA 2.0",
}


def read_annotations(content: bytes, source: str) -> dict:
    """Interpreta un JSON de anotaciones de COCO.

    Parameters
    ----------
    content : bytes
        Texto JSON en UTF-8.
    source : str
        De dónde sale, para el mensaje de error.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        Si no es JSON, contiene NaN o infinitos o le faltan secciones.

    Examples
    --------
    >>> read_annotations(b"<html>", "a.json")
    Traceback (most recent call last):
    ...
    ValueError: a.json no es un JSON de COCO: sustitúyelo
    """

    def refuse(constant):
        raise ValueError(f"contiene {constant}")

    try:
        document = json.loads(content, parse_constant=refuse)
        _check_sections(document)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source} no es un JSON de COCO: sustitúyelo") from error
    return document


def choose_images(document: dict, count: int, folder=None) -> dict:
    """Deja en un documento solo las primeras imágenes que se pueden volver a publicar, y sus anotaciones.

    Parameters
    ----------
    document : dict
        Contenido de un JSON de COCO; no se modifica.
    count : int
        Cuántas imágenes, como mucho.
    folder : str or Path, optional
        Carpeta de las imágenes: se prefieren las que están.

    Returns
    -------
    dict
        Imágenes por orden de ``id``, con licencia CC BY o CC BY-SA y alguna anotación. Lo que no tiene
        número y las anotaciones huérfanas se conservan, para que la validación lo vea.

    Examples
    --------
    >>> document = {
    ...     "licenses": [{"id": 4, "url": "http://creativecommons.org/licenses/by/2.0/", "name": ""}],
    ...     "images": [{"id": 9, "license": 4}, {"id": 2, "license": 4}, {"id": 1, "license": 3}],
    ...     "annotations": [{"id": 1, "image_id": 9}, {"id": 2, "image_id": 2}, {"id": 3, "image_id": 1}],
    ...     "categories": [],
    ... }
    >>> [image["id"] for image in choose_images(document, 1)["images"]]
    [2]
    """
    licences = [one for one in document.get("licenses", []) if isinstance(one, dict)]
    allowed = {one.get("id") for one in licences if one.get("url") in LICENCES}
    annotations = document["annotations"]
    annotated = {one["image_id"] for one in annotations if _has_integer(one, "image_id")}
    numbered = [image for image in document["images"] if _has_integer(image, "id")]
    present = {path.name for path in Path(folder).glob("*")} if folder is not None else set()
    candidates = sorted(
        (image for image in numbered if image["id"] in annotated and image.get("license") in allowed),
        key=lambda image: (image.get("file_name") not in present, image["id"]),
    )
    images = sorted(candidates[:count], key=lambda image: image["id"])
    foreign = _ids(numbered) - _ids(images)
    images += [image for image in document["images"] if not _has_integer(image, "id")]
    annotations = [
        one for one in annotations if not _has_integer(one, "image_id") or one["image_id"] not in foreign
    ]
    return document | {"images": images, "annotations": annotations}


def _has_integer(item, key) -> bool:
    return isinstance(item, dict) and _is_integer(item.get(key))
