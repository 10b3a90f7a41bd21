"""Documentos de COCO estropeados al azar: o se cargan bien o se dice qué llegó y qué se esperaba."""

import copy
import json
import random
import time
import traceback

import pytest
from pycocotools import mask as coco_mask

from course_utils.datasets.coco import validation
from course_utils.datasets.coco.loading import coco_collection
from course_utils.datasets.coco.masks import CocoError
from course_utils.datasets.coco.sample import annotation_mask, coco_api
from course_utils.datasets.coco.validation import validate_coco
from tests.test_coco import RLE, annotation, document, picture

#: Lo que se pone donde iba otra cosa.
JUNK = [
    *(None, True, False, 0, -1, 1, 2, 3.0, 0.5, -7.5, float("nan"), float("inf"), 10**18, 10**400, 1e308),
    *("", "x", "1", "18", "../a.png", "á\udcff", "\0", "x" * 5000, b"ab", (1, 2)),
    *([], [[]], [[[]]], {}, {"a": 1}, [1, 2, 3, 4], [[1, 1, 5, 1]], [[1, 1], [5, 1], [5, 4]], [6.0, 8.0]),
    *(
        {"size": [6, 8], "counts": "x"},
        {"size": [6, 8], "counts": [48]},
        {"size": [6, 8]},
        "52203",
        [10**9] * 9,
    ),
]
PACKED = coco_mask.frPyObjects(RLE, 6, 8)["counts"].decode()
WHOLE = document(
    annotation(),
    annotation(id=6, segmentation=RLE, iscrowd=1),
    annotation(id=7, segmentation={"size": [6, 8], "counts": PACKED}),
    annotation(id=8, image_id=2),
    images=[
        {"id": 1, "file_name": "a.png", "width": 8, "height": 6, "license": 4, "flickr_url": "http://f"},
        {"id": 2, "file_name": "b.png", "width": 8, "height": 6, "license": 4},
    ],
    info={"year": 2017},
)
LIMIT = 5  # segundos que puede tardar el peor documento: son milésimas


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Una carpeta de COCO con las dos imágenes y sin sus anotaciones."""
    root = tmp_path_factory.mktemp("coco")
    (root / "annotations").mkdir()
    (root / "val2017").mkdir()
    for name in ("a.png", "b.png"):
        (root / "val2017" / name).write_bytes(picture())
    return root


def places(node, path=()):
    """El camino a cada valor de un documento."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


def mutate(original: dict, rng: random.Random) -> dict:
    """De uno a tres cambios en sitios al azar."""
    changed = copy.deepcopy(original)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        *path, key = rng.choice(list(places(changed)) or [("images",)])
        parent = changed
        for step in path:
            parent = parent[step]
        value = parent.get(key) if isinstance(parent, dict) else parent[key]
        number = isinstance(value, int | float) and abs(value) < 1e300
        change = rng.choice(
            ["drop", "repeat", "wrap", "name", "open", "cut", *["number"] * 2 * number, "junk", "junk"]
        )
        if change == "drop":
            parent.pop(key, None) if isinstance(parent, dict) else parent.pop(key)
        elif change == "repeat" and isinstance(parent, list):
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(rng.choice(parent)))
        elif change == "number":
            parent[key] = rng.choice([-value, value + 1, value * 1000, float(value), str(value), value + 0.5])
        elif change == "open" and isinstance(value, list) and value:
            parent[key] = value[0]
        elif change == "cut" and isinstance(value, list | str):
            parent[key] = value[: rng.randrange(len(value) + 1)]
        else:
            parent[key] = {"wrap": [value], "name": {"x": value}}.get(change, copy.deepcopy(rng.choice(JUNK)))
    return changed


def check_ours(error: ValueError):
    """El error lo lanza el curso, con su mensaje; no Python ni una biblioteca desde dentro."""
    assert type(error) in (ValueError, CocoError), repr(error)
    assert "course_utils" in traceback.extract_tb(error.__traceback__)[-1].filename, repr(error)


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_document_is_loaded_right_or_told(seed, folder, capsys):
    assert min(attack(folder, seed, 750).values()) > 10


def attack(folder, seed: int, count: int) -> dict[str, int]:
    """Valida y carga desde una carpeta ``count`` documentos estropeados, y dice cómo acaban."""
    rng = random.Random(seed)
    seen = dict.fromkeys(("right", "mended", "refused"), 0)
    for _ in range(count):
        broken = mutate(WHOLE, rng)
        before, started = copy.deepcopy(broken), time.process_time()
        try:
            clean, problems = validate_coco(broken, strict=False)
        except CocoError as error:
            seen["refused"] += 1
            check_ours(error)
        else:
            seen["mended" if problems else "right"] += 1
            use(clean)
            if not problems:
                assert clean == broken
        load(folder, broken)
        assert time.process_time() - started < LIMIT, broken
        assert repr(broken) == repr(before)  # no se modifica; con nan, == no sirve
    return seen


def use(clean: dict):
    """Lo que queda de un documento sirve: vuelve a pasar, tiene máscaras y lo lee pycocotools."""
    assert validate_coco(clean) == (clean, ())
    sizes = {image["id"]: (image["height"], image["width"]) for image in clean["images"]}
    for one in clean["annotations"]:
        if "segmentation" in one:
            assert annotation_mask(one, *sizes[one["image_id"]]).any()
    assert sorted(coco_api(clean).getImgIds()) == sorted(sizes)


def load(folder, broken: dict | bytes):
    """Cargarlo de una carpeta y pedir todo lo que da una muestra."""
    if not isinstance(broken, bytes):
        try:
            broken = json.dumps(broken).encode()
        except (TypeError, ValueError):  # un valor que no puede estar en un JSON
            return
    (folder / "annotations/instances_val2017.json").write_bytes(broken)
    try:
        sample = coco_collection().read_directory(folder)
    except ValueError as error:
        check_ours(error)
        return
    for image in sample.images:
        assert sample.image(image["id"]).shape == (6, 8, 3)
        assert "Licencia: [CC BY 2.0](https://" in sample.credit(image["id"])
        for one in sample.annotations(image["id"]):
            assert sample.category_name(one["category_id"])
            if "segmentation" in one:
                assert sample.mask(one).shape == (6, 8)
    sample.api()


def test_broken_text_is_told(folder, capsys):
    """Mil textos con bytes cambiados, quitados o repetidos."""
    whole, rng = json.dumps(WHOLE).encode(), random.Random(9)
    for _ in range(1000):
        text = bytearray(whole)
        start = rng.randrange(len(text))
        end = start + rng.choice([0, 1, 1, 2, 30])
        text[start:end] = rng.choice(
            [b"", bytes([rng.randrange(256)]), bytes(text[start:end]) * 2, b"NaN", b"]", b"9" * 400]
        )
        load(folder, bytes(text))


@pytest.mark.parametrize("check", ["_rle_problems", "_points_problem", "_is_file_name"])
def test_the_attack_sees_a_check_that_is_missing(check, monkeypatch, folder, capsys):
    blind = {"_points_problem": None, "_is_file_name": True}.get(check, [])
    monkeypatch.setattr(validation, check, lambda *_: blind)
    with pytest.raises((AssertionError, AttributeError, TypeError, ValueError, KeyError, OSError)):
        attack(folder, 0, 750)
