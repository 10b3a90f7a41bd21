"""Qué está mal en un documento de anotaciones de COCO."""

import math
import operator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets.coco.masks import (
    MAX_PIXELS,
    CocoError,
    decode_image,
    decode_rle_counts,
    mask_extent,
)

SECTIONS = ("images", "annotations", "categories")
BORDER = 0.5  # píxeles que una coordenada puede salirse de la imagen, por el redondeo
BOX_GAP = 1.5  # píxeles que la caja puede separarse de su segmentación: la de una multitud pierde uno
MAX_NAME = 255  # bytes del nombre de un archivo


@dataclass(frozen=True)
class Problem:
    """Un error: dónde está («imagen 7», «anotación 12», «documento») y qué está mal.

    Examples
    --------
    >>> print(Problem("anotación 12", "su área es 0"))
    anotación 12: su área es 0
    """

    where: str
    text: str

    def __str__(self):
        return f"{self.where}: {self.text}"


def validate_coco(document: dict, folder=None, *, strict: bool = True) -> tuple[dict, tuple[Problem, ...]]:
    """Los elementos correctos de unas anotaciones en formato COCO, y todos los errores de los demás.

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
    check_sections(document)
    problems: list[Problem] = []
    categories = _keep(document["categories"], "categoría", _category_problems, problems)
    licences = _keep(document.get("licenses", []), "licencia", _licence_problems, problems)
    licence_ids = ids_of(document.get("licenses", []))
    bad_licences = licence_ids - ids_of(licences)

    def image_problems(image):
        return _image_problems(image, licence_ids, folder)

    images = _keep(document["images"], "imagen", image_problems, problems)
    images = [image for image in images if not refers(image.get("license"), bad_licences)]
    sizes = {image["id"]: (image["height"], image["width"]) for image in images}
    category_ids = {category["id"] for category in categories}
    bad_images = ids_of(document["images"]) - sizes.keys()

    def annotation_problems(annotation):
        return _annotation_problems(annotation, sizes, bad_images, category_ids)

    annotations = _keep(document["annotations"], "anotación", annotation_problems, problems)
    annotations = [annotation for annotation in annotations if annotation["image_id"] in sizes]
    if problems and strict:
        raise CocoError(problems)
    clean = {"images": images, "annotations": annotations, "categories": categories}
    clean |= {"licenses": licences} if "licenses" in document else {}
    return document | clean, tuple(problems)


def check_sections(document):
    if not isinstance(document, dict):
        raise CocoError(
            [Problem("documento", f"es {_short(document)} y debe ser un objeto con {', '.join(SECTIONS)}")]
        )
    found = {name: document.get(name) for name in SECTIONS} | {"licenses": document.get("licenses", [])}
    wrong = {name: value for name, value in found.items() if not isinstance(value, list)}
    if wrong:
        raise CocoError(
            [
                Problem("documento", f"{name} es {_short(value)} y debe ser una lista" if name in document
                        else f"falta {name}, que debe ser una lista")
                for name, value in wrong.items()
            ]
        )  # fmt: skip


def ids_of(items) -> set[int]:
    return {item["id"] for item in items if has_integer(item, "id")}


def _keep(items, kind, find_problems, problems):
    """Los elementos sin errores; los demás se apuntan en ``problems``."""
    kept, seen = [], set()
    for position, item in enumerate(items):
        if not has_integer(item, "id"):
            own = item.get("id") if isinstance(item, dict) else None
            text = "no tiene un id entero" if own is None else f"su id es {_short(own)} y debe ser un entero"
            problems.append(Problem(f"{kind} en la posición {position}", text))
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


def _licence_problems(licence):
    for key in ("url", "name"):
        if not isinstance(licence.get(key), str):
            yield f"su {key} es {_short(licence.get(key))} y debe ser un texto"


def _image_problems(image, known_licences, folder):
    name, width, height = image.get("file_name"), image.get("width"), image.get("height")
    safe_name = _is_file_name(name)
    if not safe_name:
        yield f"su file_name es {_short(name)} y debe ser un nombre sin carpetas"
    right_size = is_integer(width) and is_integer(height) and min(width, height) > 0
    if not right_size:
        yield f"mide {_short(width)} × {_short(height)} y deben ser dos enteros positivos"
    elif width * height > MAX_PIXELS:
        right_size = False
        yield f"tiene {width * height} píxeles y el límite es {MAX_PIXELS}"
    if known_licences and not refers(image.get("license"), known_licences):
        yield f"su licencia es {_short(image.get('license'))} y no está en licenses"
    if not isinstance(image.get("flickr_url"), str | None):
        yield f"su flickr_url es {_short(image['flickr_url'])} y debe ser un texto"
    if folder is not None and safe_name and right_size:
        path = Path(folder, name)
        if not path.is_file():
            yield f"falta el archivo {name}"
        else:
            try:
                decode_image(path.read_bytes(), width, height)
            except ValueError as error:
                yield f"{name} {error}"
            except OSError:
                yield f"no se puede leer el archivo {name}"


def _annotation_problems(annotation, sizes, bad_images, category_ids):
    if annotation["id"] == 0:
        yield "su id es 0, que para pycocotools es «sin pareja»: numera las anotaciones desde 1"
    image_id, category_id = annotation.get("image_id"), annotation.get("category_id")
    size = sizes[image_id] if refers(image_id, sizes) else None
    if size is None and not refers(image_id, bad_images):
        yield f"es huérfana: no hay ninguna imagen {_short(image_id)}"
    if not refers(category_id, category_ids):
        yield f"su categoría, {_short(category_id)}, no existe"
    crowd = annotation.get("iscrowd", 0)
    if not is_integer(crowd) or crowd not in (0, 1):
        yield f"su iscrowd es {_short(crowd)} y debe ser 0 o 1"
    area = annotation.get("area")
    if not _is_number(area):
        yield f"su área es {_short(area)} y debe ser un número finito"
    elif area <= 0:
        yield f"su área es {area:g} y debe ser positiva"
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
    """Qué está mal en una segmentación, polígonos o RLE: una frase por error.

    Parameters
    ----------
    segmentation : list of list of float, or dict
        Polígonos ``[x1, y1, x2, y2, …]``, o RLE ``{"size": [alto, ancho], "counts": …}``.
    height, width : int
        Tamaño de la imagen, en píxeles.
    box : list of float, optional
        Caja (x, y, anchura, altura) de la anotación, para ver si concuerdan.

    Examples
    --------
    >>> segmentation_problems({"size": [2, 3], "counts": [4, 1]}, 2, 3)
    ['su RLE suma 5 píxeles y la imagen tiene 6']
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
    if all(map(_is_number, polygons)):
        return ["a sus polígonos les falta un nivel de lista: [x1, y1, …] debe ser [[x1, y1, …]]"]
    if len(polygons) > 2 and all(map(_is_point, polygons)):
        return ["sus puntos van en parejas y cada polígono los lleva seguidos: [[x1, y1, x2, y2, …]]"]
    found = []
    for number, polygon in enumerate(polygons, start=1):
        problem = _points_problem(polygon)
        if problem:
            found.append(f"su polígono {number} {problem}")
            continue
        points = np.reshape(polygon, (-1, 2))
        if points.min() < -BORDER or (points > (width + BORDER, height + BORDER)).any():
            found.append(f"su polígono {number} se sale de la imagen")
        x, y = points.T
        if abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) < 1e-9:
            found.append(f"su polígono {number} no encierra nada: tiene área 0")
    return found


def _points_problem(polygon) -> str | None:
    if not isinstance(polygon, list):
        return f"es {_short(polygon)} y debe ser una lista de números, [x1, y1, x2, y2, …]"
    if polygon and all(map(_is_point, polygon)):
        return "lleva los puntos en parejas y van seguidos: [x1, y1, x2, y2, …]"
    for value in polygon:
        if not _is_number(value):
            return f"tiene {_short(value)} donde debe ir un número finito"
    if len(polygon) < 6:
        return f"tiene {len(polygon)} números y hacen falta seis, de tres puntos (x, y), o más"
    if len(polygon) % 2:
        return f"tiene {len(polygon)} números, que son impares: a un punto le falta la x o la y"
    return None


def _rle_problems(rle, height, width):
    size = rle.get("size")
    if not isinstance(size, list | tuple) or not all(map(is_integer, size)) or list(size) != [height, width]:
        return [f"su RLE es de tamaño {_short(size)} y la imagen mide {[height, width]} (alto, ancho)"]
    counts = rle.get("counts")
    if isinstance(counts, str | bytes):
        try:
            counts = decode_rle_counts(counts)
        except ValueError as error:
            return [f"su RLE está roto: {error}"]
    if not isinstance(counts, list):
        return [f"su RLE está roto: counts es {_short(counts)} y debe ser un texto o una lista"]
    for value in counts:
        if not is_integer(value) or value < 0:
            return [f"su RLE está roto: counts tiene {_short(value)} y debe tener enteros desde 0"]
    if sum(counts) != height * width:
        return [f"su RLE suma {sum(counts)} píxeles y la imagen tiene {height * width}"]
    return []


def _rle_extent(rle):
    height, width = rle["size"]
    counts = rle["counts"] if isinstance(rle["counts"], list) else decode_rle_counts(rle["counts"])
    values = np.arange(len(counts)) % 2 == 1  # ceros y unos, alternados
    return mask_extent(np.repeat(values, counts).reshape(width, height).T)  # por columnas


def is_integer(value) -> bool:
    """Si es un entero que cabe en 64 bits, como los de pycocotools; los booleanos no lo son."""
    try:
        return not isinstance(value, bool) and -(2**63) <= operator.index(value) < 2**63
    except TypeError:
        return False


def _is_file_name(value) -> bool:
    safe = isinstance(value, str) and value.isprintable() and not set(value) & set("/\\:")
    return safe and value not in ("", ".", "..") and len(value.encode()) <= MAX_NAME


def _is_point(value) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value))


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def refers(value, ids) -> bool:
    return is_integer(value) and value in ids


def _is_box(value) -> bool:
    return isinstance(value, list | tuple) and len(value) == 4 and all(map(_is_number, value))


def _short(value) -> str:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return "un entero de más de 64 bits"
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # dentro hay un entero de miles de cifras, o se contiene a sí mismo
        return f"algo de tipo {type(value).__name__} que no se puede escribir"
    return text if len(text) <= 60 else text[:57] + "…"


def has_integer(item, key) -> bool:
    return isinstance(item, dict) and is_integer(item.get(key))
