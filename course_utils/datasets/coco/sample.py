"""Una muestra de COCO: imágenes con sus anotaciones, y de dónde se eligen."""

import io
import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.checks import shown
from course_utils.datasets.coco.categories import coco_categories
from course_utils.datasets.coco.masks import CocoError
from course_utils.datasets.coco.validation import (
    Problem,
    check_sections,
    has_integer,
    ids_of,
    refers,
    segmentation_problems,
)


def annotation_mask(annotation: dict, height: int, width: int) -> np.ndarray:
    """La máscara, bool de forma (height, width), de una anotación, con pycocotools.

    Parameters
    ----------
    annotation : dict
        Con ``segmentation``: polígonos o RLE.
    height, width : int
        Tamaño de la imagen, en píxeles.

    Raises
    ------
    ValueError
        Si la segmentación está mal; pycocotools no lo comprueba.

    Examples
    --------
    >>> annotation_mask({"segmentation": {"size": [2, 3], "counts": [1, 3, 2]}}, 2, 3).astype(int)
    array([[0, 1, 0],
           [1, 1, 0]])
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


@dataclass(frozen=True, eq=False)
class CocoSample:
    """Unas cuantas imágenes con sus anotaciones, ya validadas.

    Las imágenes se piden por su ``id``; una que no está en la muestra es un ``KeyError``.

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
        """Los píxeles de una imagen: ``uint8``, (alto, ancho, 3)."""
        self.record(image_id)
        return self.pixels[image_id]

    def record(self, image_id: int) -> dict:
        """La ficha de una imagen."""
        for record in self.images:
            if record["id"] == image_id:
                return record
        raise KeyError(f"no hay ninguna imagen {image_id!r} en la muestra: mira sample.images")

    def annotations(self, image_id: int) -> list[dict]:
        """Las anotaciones de una imagen."""
        self.record(image_id)
        return [one for one in self.document["annotations"] if one["image_id"] == image_id]

    def mask(self, annotation: dict) -> np.ndarray:
        """La máscara de una anotación de la muestra: bool, (alto, ancho)."""
        if not isinstance(annotation, dict):
            raise TypeError(
                f"mask recibe una anotación, de las de sample.annotations, y ha llegado {shown(annotation)}"
            )
        record = self.record(annotation.get("image_id"))
        return annotation_mask(annotation, record["height"], record["width"])

    def category_name(self, category_id: int) -> str:
        """El nombre en español de una categoría oficial, o el que le dé el documento, por su número."""
        names = {one["id"]: one["name"] for one in self.document["categories"]}
        if category_id not in names:
            raise KeyError(f"no hay ninguna categoría {category_id!r} en la muestra: están {list(names)}")
        official = coco_categories().get(category_id)
        return official.spanish if official and official.name == names[category_id] else names[category_id]

    def credit(self, image_id: int) -> str:
        """Crédito y licencia de una imagen en Markdown, con sus enlaces, para ponerlos junto a ella.

        COCO no guarda el nombre de quien hizo la foto: el enlace lleva a su página, donde está.
        """
        record = self.record(image_id)
        licence = next(one for one in self.document["licenses"] if one["id"] == record["license"])
        terms = f"Licencia: [{licence_name(licence['url']) or licence['name']}]({_https(licence['url'])})."
        if record.get("flickr_url"):
            page = _flickr_page(record["flickr_url"])
            return f"Fotografía {image_id}, de [su autor en Flickr]({page}). {terms}"
        return f"Dibujo {image_id}, del curso. {terms}" if self.is_stand_in else f"Imagen {image_id}. {terms}"

    def api(self):
        """La muestra como objeto ``COCO`` de pycocotools, con su índice."""
        return coco_api(self.document)


def coco_api(document: dict):
    """Unas anotaciones como objeto ``COCO`` de pycocotools, con su índice y sin sus avisos en inglés.

    Parameters
    ----------
    document : dict
        Con ``images``, ``annotations`` y ``categories``; no se valida.

    Examples
    --------
    >>> api = coco_api({"images": [{"id": 1}], "annotations": [], "categories": [{"id": 18, "name": "dog"}]})
    >>> api.getImgIds()
    [1]
    """
    from pycocotools.coco import COCO

    api = COCO()
    api.dataset = document
    with redirect_stdout(io.StringIO()):
        api.createIndex()
    return api


def _https(url: str) -> str:
    return url.replace("http://", "https://", 1)


def _flickr_page(url: str) -> str:
    """La página de una foto en Flickr, que dice quién la hizo, a partir de la dirección de su archivo."""
    number = re.search(r"staticflickr\.com/\w+/(\d+)_", url)
    return f"https://www.flickr.com/photo.gne?id={number[1]}" if number else _https(url)


#: Las licencias que permiten volver a publicar una foto, también modificada, con su crédito.
LICENCES = {
    "creativecommons.org/licenses/by/2.0": "CC BY 2.0",
    "creativecommons.org/licenses/by-sa/2.0": "CC BY-SA 2.0",
}


def licence_name(url: str) -> str | None:
    """El nombre de la licencia que hay en una dirección, si es de las que permiten volver a publicar."""
    return LICENCES.get(re.sub("^https?://", "", url).rstrip("/"))


def read_annotations(content: bytes, source: str) -> dict:
    """Interpreta un JSON de anotaciones de COCO, en UTF-8; ``source`` es su nombre, para el error.

    Raises
    ------
    ValueError
        Si no es JSON, contiene NaN o infinitos o le faltan secciones.

    Examples
    --------
    >>> read_annotations(b"<html>", "a.json")
    Traceback (most recent call last):
    ...
    ValueError: a.json no es un JSON de COCO: deja de entenderse en la línea 1, columna 1. Sustitúyelo
    """

    try:
        document = json.loads(content, parse_constant=_refuse_constant)
        check_sections(document)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source} no es un JSON de COCO: {_json_problem(error)}. Sustitúyelo") from error
    return document


def _refuse_constant(constant):
    raise CocoError([Problem("documento", f"contiene {constant}, que no es un número")])


def _json_problem(error) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"deja de entenderse en la línea {error.lineno}, columna {error.colno}"
    if isinstance(error, CocoError):
        return "; ".join(problem.text for problem in error.problems)
    if isinstance(error, UnicodeDecodeError):
        return "no está en UTF-8"
    if isinstance(error, RecursionError):
        return "tiene demasiados niveles"
    return "tiene un número de miles de cifras"


def choose_images(document: dict, count: int, folder=None, preferred=()) -> dict:
    """Deja en un documento solo las primeras imágenes que se pueden volver a publicar, y sus anotaciones.

    Van por orden de ``id``, con licencia CC BY o CC BY-SA y alguna anotación. Lo que no tiene número y las
    anotaciones huérfanas se conservan, para que la validación lo vea.

    Parameters
    ----------
    document : dict
        Contenido de un JSON de COCO; no se modifica.
    count : int
        Cuántas imágenes, como mucho.
    folder : str or Path, optional
        Carpeta de las imágenes: se prefieren las que están.
    preferred : collection of int
        Los ``id`` que, entre las que están, se eligen antes.

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
    licences = [one for one in document.get("licenses", []) if has_integer(one, "id")]
    allowed = {one["id"] for one in licences if isinstance(one.get("url"), str) and licence_name(one["url"])}
    annotations = document["annotations"]
    annotated = {one["image_id"] for one in annotations if has_integer(one, "image_id")}
    numbered = [image for image in document["images"] if has_integer(image, "id")]
    present = {path.name for path in Path(folder).glob("*")} if folder is not None else set()
    candidates = sorted(
        (image for image in numbered if image["id"] in annotated and refers(image.get("license"), allowed)),
        key=lambda image: (
            str(image.get("file_name")) not in present,
            image["id"] not in preferred,
            image["id"],
        ),
    )
    images = sorted(candidates[:count], key=lambda image: image["id"])
    foreign = ids_of(numbered) - ids_of(images)
    images += [image for image in document["images"] if not has_integer(image, "id")]
    annotations = [
        one for one in annotations if not has_integer(one, "image_id") or one["image_id"] not in foreign
    ]
    return document | {"images": images, "annotations": annotations}
