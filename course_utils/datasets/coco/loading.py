"""COCO: carpeta, caché, descarga o escenas dibujadas."""

import hashlib
import json
import zipfile
import zlib

from course_utils.checks import check_integer
from course_utils.datasets.coco.masks import decode_image
from course_utils.datasets.coco.pictures import PICTURES
from course_utils.datasets.coco.sample import CocoSample, choose_images, read_annotations
from course_utils.datasets.coco.validation import validate_coco
from course_utils.datasets.downloads import RemoteFile, fetch
from course_utils.datasets.drawn.coco_scenes import draw_scenes
from course_utils.datasets.sources import Collection, announce, explain, real_data

BUCKET = "https://s3.amazonaws.com/images.cocodataset.org"  # images.cocodataset.org no tiene https
FILES = (
    RemoteFile(
        "coco",
        "annotations_trainval2017.zip",
        (f"{BUCKET}/annotations/annotations_trainval2017.zip",),
        252_907_541,
        "113a836d90195ee1f884e704da6304dfaaecff1f023f49b6ca93c4aaae470268",
    ),
)
SPLITS = ("val2017", "train2017")  # en una carpeta se mira primero la pequeña; se descarga esa
IMAGES = len(PICTURES)  # las que se cargan si no se dice otra cosa
MAX_IMAGES = 500  # todas se guardan en memoria: medio gigabyte
MAX_ANNOTATIONS = 2**26  # bytes; instances_val2017.json ocupa 20 MB


def load_coco(images: int = IMAGES, *, strict: bool = False, stand_in: bool = False) -> CocoSample:
    """Carga unas cuantas imágenes de COCO con sus anotaciones de instancias, validadas.

    Se usa la primera fuente que haya: la carpeta ``coco-val2017`` o ``coco`` de ``COURSE_DATA_DIR``; la caché
    del usuario; la descarga verificada de las anotaciones oficiales (253 MB, una sola vez) y de las imágenes
    pedidas, una a una; y, si nada de eso es posible, las escenas que dibuja el curso. Solo se eligen
    fotografías CC BY o CC BY-SA, que se pueden volver a publicar con su crédito. Una línea dice qué datos se
    usan.

    Parameters
    ----------
    images : int
        Cuántas imágenes, de 1 a 500: primero las 25 del curso y luego las demás, por número. Solo se
        descargan esas.
    strict : bool
        True: un error en las anotaciones detiene la carga y se enseñan todos. False: lo erróneo se salta y
        se dice cuánto es.
    stand_in : bool
        True para usar los datos sustitutos aunque estén los reales.

    Returns
    -------
    CocoSample
        Imágenes, anotaciones, créditos y máscaras.

    Raises
    ------
    FileNotFoundError
        Si ``COURSE_DATA_DIR`` no existe, o a su carpeta le faltan las anotaciones.
    CocoError
        Si hay errores en las anotaciones y ``strict``.
    ValueError
        Si ``images`` no está entre 1 y 500, el JSON está roto o no queda ninguna imagen.

    Examples
    --------
    >>> sample = load_coco(2, stand_in=True)
    COCO: datos sustitutos, dibujados por el curso.
    >>> first = sample.annotations(1)[0]
    >>> sample.category_name(first["category_id"]), sample.mask(first).shape
    ('barco', (120, 160))

    References
    ----------
    Lin y otros (2014). *Microsoft COCO: Common Objects in Context*. https://arxiv.org/abs/1405.0312
    """
    images = check_integer(images, "images")
    if images > MAX_IMAGES:
        raise ValueError(
            f"images debe ser {MAX_IMAGES} como mucho y ha llegado {images}: todas se guardan en memoria"
        )
    sample = None if stand_in else real_data(coco_collection(images, strict))
    if sample is None:
        document, pixels = draw_scenes(images, seed=0)
        sample = _sample(
            document, pixels, [one.tobytes() for one in pixels.values()],
            provenance="Escenas generadas por el curso, con anotaciones en formato COCO",
            licence="MIT", is_stand_in=True,
        )  # fmt: skip
    return announce("COCO", sample)


def coco_collection(images=IMAGES, strict=False):
    return Collection(
        "coco",
        "COCO",
        258_000_000,
        lambda folder: _in_directory(folder, images, strict),
        lambda folder, policy: _fetch(folder, policy, images, strict),
        folders=("coco-val2017", "coco"),
    )


def _in_directory(folder, images, strict):
    for split in SPLITS:
        path = folder / "annotations" / f"instances_{split}.json"
        if path.is_file():
            document = read_annotations(path.read_bytes(), path.name)
            chosen = choose_images(document, images, folder / split, PICTURES)
            if not chosen["images"]:
                raise ValueError(
                    f"ninguna de las {len(document['images'])} imágenes de {path.name} se puede usar: hacen "
                    "falta una anotación y que su license sea, en licenses, CC BY 2.0 o CC BY-SA 2.0"
                )
            return _validated(chosen, folder / split, strict)
    raise FileNotFoundError(
        f"En {folder} no está annotations/instances_val2017.json ni el de train2017.\n"
        "Cópialo ahí o, para descargar los datos, quita esa carpeta de COURSE_DATA_DIR."
    )


def _fetch(folder, policy, images, strict):
    (archive,), split = FILES, SPLITS[0]
    content = _zip_member(fetch(archive, folder, policy), f"annotations/instances_{split}.json")
    document = choose_images(read_annotations(content, archive.name), images, preferred=PICTURES)
    for record in document["images"]:
        fetch(_remote_image(record, split), folder / split, policy)
    return _validated(document, folder / split, strict)


def _remote_image(record, split):
    name, width, height = record["file_name"], record["width"], record["height"]
    place = f"coco/{split}", name, (f"{BUCKET}/{split}/{name}",)
    if record["id"] in PICTURES:
        return RemoteFile(*place, sha256=PICTURES[record["id"]])
    return RemoteFile(*place, check=lambda path: decode_image(path.read_bytes(), width, height))


def _zip_member(path, name):
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
            content = stream.read(MAX_ANNOTATIONS + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise ValueError(
            f"{path.name} está dañado o no contiene {name}: bórralo y vuelve a descargarlo"
        ) from error
    if len(content) > MAX_ANNOTATIONS:
        raise ValueError(f"{name} pasa de {MAX_ANNOTATIONS} bytes al descomprimirlo: no es el de COCO")
    return content


def _validated(document, folder, strict):
    document = document | {"annotations": [_without_notes(one) for one in document["annotations"]]}
    clean, problems = validate_coco(document, folder, strict=strict)
    if not clean["images"]:
        reason = f"; por ejemplo, {problems[0]}" if problems else ""
        raise ValueError(f"no queda ninguna imagen de COCO en {folder}{reason}: revisa esa carpeta")
    if problems:
        lost = [len(document[part]) - len(clean[part]) for part in ("images", "annotations")]
        explain(
            f"COCO: se saltan {lost[0]} imágenes y {lost[1]} anotaciones por {len(problems)} errores.",
            f"El primero: {problems[0]}. Para verlos todos: load_coco(strict=True)",
        )
    contents = {one["id"]: (folder / one["file_name"]).read_bytes() for one in clean["images"]}
    pixels = {
        one["id"]: decode_image(contents[one["id"]], one["width"], one["height"]) for one in clean["images"]
    }
    return _sample(
        clean, pixels, contents.values(),
        provenance=f"COCO 2017, {folder.name} (Lin y otros, 2014): https://cocodataset.org",
        licence="Anotaciones: CC BY 4.0, COCO Consortium. Fotografías: CC BY o CC BY-SA 2.0, con su crédito",
        is_stand_in=False,
    )  # fmt: skip


def _without_notes(annotation):
    """La anotación sin lo que ``COCOeval`` apunta en ella al medir, que a veces se guarda con las demás."""
    if not isinstance(annotation, dict):
        return annotation
    return {key: value for key, value in annotation.items() if key not in ("ignore", "_ignore")}


def _sample(document, pixels, contents, **origin):
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for content in contents:
        digest.update(content)
    return CocoSample("coco", document, pixels, fingerprint=digest.hexdigest()[:16], **origin)
