"""Anotaciones de COCO: cada error se encuentra, y se encuentran todos; máscaras y RLE contra pycocotools."""

import copy
import hashlib
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from pycocotools import mask as coco_mask

from course_utils.datasets.coco import loading
from course_utils.datasets.coco.categories import coco_categories
from course_utils.datasets.coco.detections import load_detections
from course_utils.datasets.coco.loading import load_coco
from course_utils.datasets.coco.masks import (
    CocoError,
    decode_image,
    decode_rle_counts,
    describe_mask,
    encode_rle_counts,
)
from course_utils.datasets.coco.pictures import PICTURES
from course_utils.datasets.coco.sample import annotation_mask, choose_images, read_annotations
from course_utils.datasets.coco.validation import validate_coco
from course_utils.datasets.drawn.coco_scenes import draw_scenes
from course_utils.segmentation import box_average_precision
from tests.conftest import missing

SQUARE = [[1, 1, 5, 1, 5, 4, 1, 4]]  # 4×3 píxeles desde (1, 1)


def annotation(**changes) -> dict:
    return {
        "id": 5, "image_id": 1, "category_id": 18, "iscrowd": 0,
        "bbox": [1, 1, 4, 3], "area": 12, "segmentation": SQUARE,
    } | changes  # fmt: skip


def document(*annotations, **sections) -> dict:
    return {
        "licenses": [{"id": 4, "url": "http://creativecommons.org/licenses/by/2.0/", "name": "BY"}],
        "images": [{"id": 1, "file_name": "a.png", "width": 8, "height": 6, "license": 4}],
        "categories": [{"id": 18, "name": "dog"}],
        "annotations": list(annotations) or [annotation()],
    } | sections


def picture(width=8, height=6) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), (9, 8, 7)).save(output, "PNG")
    return output.getvalue()


# --- Categorías ----------------------------------------------------------------------------------------


def test_there_are_80_categories_up_to_90_with_gaps():
    categories = coco_categories()
    assert len(categories) == 80
    assert sorted(set(range(1, 91)) - set(categories)) == [12, 26, 29, 30, 45, 66, 68, 69, 71, 83]
    assert len({one.spanish for one in categories.values()}) == 80
    assert categories[3].spanish == "coche"


def test_categories_are_the_official_ones():
    """La huella es la de ``categories`` en las anotaciones oficiales, en su orden."""
    ours = [(one.id, one.name, one.supercategory) for one in coco_categories().values()]
    assert hashlib.sha256(json.dumps(ours).encode()).hexdigest()[:16] == "921112ca9caa1d2f"


# --- Validar -------------------------------------------------------------------------------------------


def test_a_right_document_passes_and_is_not_changed(tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    original = document()
    before = copy.deepcopy(original)
    assert validate_coco(original, tmp_path) == (original, ())
    assert original == before


RLE = {"size": [6, 8], "counts": [7, 3, 3, 3, 3, 3, 3, 3, 20]}  # el mismo rectángulo, por columnas

ERRORS = {
    "orphan": ({"image_id": 77}, "es huérfana: no hay ninguna imagen 77"),
    "no image": ({"image_id": None}, "es huérfana: no hay ninguna imagen None"),
    "category": ({"category_id": 12}, "su categoría, 12, no existe"),
    "zero area": ({"area": 0}, "su área es 0 y debe ser positiva"),
    "nan area": ({"area": float("nan")}, "su área es nan y debe ser un número finito"),
    "list area": ({"area": [12]}, r"su área es \[12\] y debe ser un número finito"),
    "huge area": ({"area": 49}, "su área, 49, es mayor que la de la imagen"),
    "right": ({"bbox": [5, 1, 4, 3]}, "su caja llega a la columna 9 y la imagen tiene 8"),
    "below": ({"bbox": [1, 4, 4, 3]}, "su caja llega a la fila 7 y la imagen tiene 6"),
    "before": ({"bbox": [-2, 1, 4, 3]}, r"su caja empieza en \(-2, 1\), fuera de la imagen"),
    "empty box": ({"bbox": [1, 1, 0, 3]}, "su caja mide 0 × 3: está vacía"),
    "three numbers": ({"bbox": [1, 1, 4]}, "deben ser cuatro números"),
    "text box": ({"bbox": [1, 1, "4", 3]}, "deben ser cuatro números"),
    "corners": ({"bbox": [1, 1, 7, 5]}, "su caja no rodea su segmentación: se separan 3.0 píxeles"),
    "crowd": ({"iscrowd": 2}, "su iscrowd es 2 y debe ser 0 o 1"),
    "two points": ({"segmentation": [[1, 1, 5, 1]]}, "polígono 1 tiene 4 números y hacen falta seis"),
    "odd": ({"segmentation": [*SQUARE, [1, 1, 5, 1, 5, 4, 1]]}, "polígono 2 tiene 7 números, que son imp"),
    "text in points": ({"segmentation": [[1, 1, "5", 1, 5, 4]]}, "polígono 1 tiene '5' donde debe ir"),
    "text polygon": ({"segmentation": ["1 1 5 1 5 4"]}, "polígono 1 es '1 1 5 1 5 4' y debe ser una lista"),
    "flat": ({"segmentation": SQUARE[0]}, "falta un nivel de lista"),
    "points": ({"segmentation": [[1, 1], [5, 1], [5, 4]]}, "puntos van en parejas y cada polígono"),
    "pairs": ({"segmentation": [[[1, 1], [5, 1], [5, 4]]]}, "polígono 1 lleva los puntos en parejas"),
    "line": ({"segmentation": [[1, 1, 3, 1, 5, 1]], "bbox": [1, 1, 4, 1]}, "tiene área 0"),
    "outside": ({"segmentation": [[1, 1, 9, 1, 9, 4, 1, 4]]}, "polígono 1 se sale de la imagen"),
    "no polygons": ({"segmentation": []}, "debe ser una lista de polígonos o un RLE"),
    "rle size": ({"segmentation": RLE | {"size": [8, 6]}}, r"tamaño \[8, 6\] y la imagen mide \[6, 8\]"),
    "rle decimals": ({"segmentation": RLE | {"size": [6.0, 8.0]}}, r"tamaño \[6.0, 8.0\] y la imagen"),
    "rle no counts": ({"segmentation": {"size": [6, 8]}}, "su RLE está roto: counts es None"),
    "rle short": ({"segmentation": RLE | {"counts": [7, 3]}}, "su RLE suma 10 píxeles y la imagen tiene 48"),
    "rle negative": ({"segmentation": RLE | {"counts": [50, -2]}}, "su RLE está roto"),
    "rle empty": ({"segmentation": RLE | {"counts": [48]}}, "su RLE no tiene ningún píxel"),
    "rle text": ({"segmentation": RLE | {"counts": "5 é"}}, "su RLE está roto: el carácter"),
    "rle cut": ({"segmentation": RLE | {"counts": "Q"}}, "su RLE está roto: acaba a mitad de un número"),
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_of_an_annotation_is_told_and_skipped(error):
    change, message = ERRORS[error]
    wrong = document(annotation(**change), annotation(id=6))
    with pytest.raises(CocoError, match=f"anotación 5: .*{message}"):
        validate_coco(wrong)
    clean, problems = validate_coco(wrong, strict=False)
    assert [one["id"] for one in clean["annotations"]] == [6]
    assert {problem.where for problem in problems} == {"anotación 5"}


def test_an_annotation_numbered_zero_is_told_because_pycocotools_never_matches_it():
    clean, problems = validate_coco(document(annotation(id=0), annotation(id=6)), strict=False)
    assert [one["id"] for one in clean["annotations"]] == [6]
    assert [str(problem) for problem in problems] == [
        "anotación 0: su id es 0, que para pycocotools es «sin pareja»: numera las anotaciones desde 1"
    ]


def test_masks_of_both_kinds_are_right():
    rle = annotation(id=6, segmentation=RLE, iscrowd=1)
    packed = coco_mask.encode(np.asfortranarray(annotation_mask(rle, 6, 8), np.uint8))
    validate_coco(
        document(annotation(), rle, annotation(id=7, segmentation=packed), annotation(id=8, area=11.5))
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 0}, "mide 0 × 6 y deben ser dos enteros positivos"),
        ({"height": 6.0}, "mide 8 × 6.0"),
        ({"width": 2**20, "height": 2**20}, "el límite es"),
        ({"file_name": "../a.png"}, "debe ser un nombre sin carpetas"),
        ({"file_name": None}, "debe ser un nombre sin carpetas"),
        ({"license": 9}, "su licencia es 9 y no está en licenses"),
        ({"license": [4]}, r"su licencia es \[4\] y no está"),
        ({"flickr_url": ["http://a"]}, r"su flickr_url es \['http://a'\] y debe ser un texto"),
        ({"file_name": "a" * 256}, "debe ser un nombre sin carpetas"),
        ({"file_name": "a\n.png"}, "debe ser un nombre sin carpetas"),
        ({"file_name": "d.png"}, "falta el archivo d.png"),
        ({"width": 10**5000}, "mide un entero de más de 64 bits × 6"),
        ({"file_name": "b.png"}, "falta el archivo b.png"),
        ({"width": 9}, "a.png mide 8 × 6 y debería medir 9 × 6"),
    ],
)
def test_each_error_of_an_image_takes_its_annotations_with_it(tmp_path, change, message):
    (tmp_path / "a.png").write_bytes(picture())
    wrong = document(images=[document()["images"][0] | change])
    with pytest.raises(CocoError, match=f"imagen 1: .*{message}"):
        validate_coco(wrong, tmp_path)
    clean, problems = validate_coco(wrong, tmp_path, strict=False)
    assert clean["images"] == clean["annotations"] == []
    assert [problem.where for problem in problems] == ["imagen 1"]


@pytest.mark.parametrize("change", [{"url": None}, {"name": ["BY"]}])
def test_a_licence_that_cannot_be_credited_takes_its_images_with_it(change):
    wrong = document(licenses=[document()["licenses"][0] | change])
    with pytest.raises(CocoError, match=r"licencia 4: su (url|name) es .* y debe ser un texto"):
        validate_coco(wrong)
    clean, problems = validate_coco(wrong, strict=False)
    assert clean["licenses"] == clean["images"] == clean["annotations"] == []
    assert [problem.where for problem in problems] == ["licencia 4"]


def test_repeated_ids_are_told_in_every_section():
    base = document()
    wrong = {name: base[name] * 2 for name in ("images", "annotations", "categories")}
    with pytest.raises(CocoError) as caught:
        validate_coco(base | wrong)
    assert [str(problem) for problem in caught.value.problems] == [
        "categoría 18: su id está repetido",
        "imagen 1: su id está repetido",
        "anotación 5: su id está repetido",
    ]
    clean, _ = validate_coco(base | wrong, strict=False)
    assert {name: len(clean[name]) for name in wrong} == dict.fromkeys(wrong, 1)


def test_all_the_errors_are_told_at_once():
    wrong = document(
        annotation(area=-1, iscrowd=7, category_id=1), annotation(id=6, image_id=3), {"bbox": []}, images=[{}]
    )
    with pytest.raises(CocoError) as caught:
        validate_coco(wrong)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"las anotaciones tienen {len(lines) - 1} errores:"
    assert len(lines) - 1 == len(caught.value.problems)
    for text in (
        "área es -1",
        "iscrowd es 7",
        "categoría, 1,",
        "imagen 3",
        "posición 2: no tiene un id entero",
    ):
        assert sum(text in line for line in lines) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        None,
        {},
        {"images": [], "annotations": {}, "categories": []},
        document(licenses=None),
        document(images={}),
    ],
)
def test_a_document_without_its_sections_is_refused_even_when_not_strict(wrong):
    with pytest.raises(CocoError, match="documento: "):
        validate_coco(wrong, strict=False)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(
    st.sampled_from(["images", "annotations", "categories"]),
    st.sampled_from(
        ["id", "image_id", "bbox", "area", "segmentation", "iscrowd", "width", "license", "category_id"]
    ),
    ANYTHING,
)
def test_whatever_a_field_holds_it_is_validated(section, field, value):
    wrong = document()
    wrong[section][0][field] = value
    clean, problems = validate_coco(wrong, strict=False)
    assert validate_coco(clean) == (clean, ())  # lo que queda está bien
    assert problems or clean == wrong


@given(ANYTHING, ANYTHING)
def test_whatever_an_rle_holds_it_is_validated(size, counts):
    validate_coco(document(annotation(segmentation={"size": size, "counts": counts})), strict=False)
    validate_coco(document(annotation(segmentation=RLE | {"counts": counts})), strict=False)


# --- Máscaras, contra pycocotools ------------------------------------------------------------------------


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_compressed_counts_are_those_of_pycocotools(mask):
    packed = coco_mask.encode(np.asfortranarray(mask, np.uint8))
    counts = decode_rle_counts(packed["counts"])
    assert counts == decode_rle_counts(packed["counts"].decode())
    assert (
        coco_mask.frPyObjects({"size": list(mask.shape), "counts": counts}, *mask.shape)["counts"]
        == packed["counts"]
    )
    assert sum(counts) == mask.size
    assert sum(counts[1::2]) == mask.sum()
    if mask.any():
        np.testing.assert_array_equal(annotation_mask({"segmentation": packed}, *mask.shape), mask)


@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_what_is_written_of_a_mask_is_what_pycocotools_measures(mask):
    counts = encode_rle_counts(mask)
    rle = coco_mask.frPyObjects({"size": list(mask.shape), "counts": counts}, *mask.shape)
    assert rle == coco_mask.encode(np.asfortranarray(mask, np.uint8))
    if mask.any():
        own = json.loads(json.dumps(describe_mask(mask)))
        assert own["bbox"] == coco_mask.toBbox(rle).tolist()
        assert own["area"] == coco_mask.area(rle)
        assert own["segmentation"] == {"size": list(mask.shape), "counts": counts}


def test_an_empty_mask_has_nothing_to_annotate():
    with pytest.raises(ValueError, match="no tiene ningún píxel"):
        describe_mask(np.zeros((3, 4)))
    with pytest.raises(ValueError, match=r"\(2, 3, 4\) y debe ser"):
        encode_rle_counts(np.zeros((2, 3, 4)))


def test_a_polygon_fills_its_rectangle():
    expected = np.zeros((6, 8), bool)
    expected[1:4, 1:5] = True
    np.testing.assert_array_equal(annotation_mask(annotation(), 6, 8), expected)
    np.testing.assert_array_equal(annotation_mask(annotation(segmentation=RLE), 6, 8)[:, 1], expected[:, 1])


def test_a_broken_mask_is_not_given_to_pycocotools():
    with pytest.raises(ValueError, match="anotación 5: su RLE suma 10 píxeles"):
        annotation_mask(annotation(segmentation=RLE | {"counts": [7, 3]}), 6, 8)
    with pytest.raises(ValueError, match="debe ser una lista de polígonos o un RLE"):
        annotation_mask({"id": 5}, 6, 8)


# --- Imágenes y muestras ---------------------------------------------------------------------------------


def test_an_image_is_decoded_in_colour_and_read_only():
    pixels = decode_image(picture(), 8, 6)
    assert (pixels.shape, pixels.dtype, pixels[0, 0].tolist()) == ((6, 8, 3), np.uint8, [9, 8, 7])
    with pytest.raises(ValueError, match="read-only"):
        pixels[0] = 0


@pytest.mark.parametrize("content", [b"", b"<html>", picture()[:-30], b"GIF89a" + bytes(50)])
def test_what_is_not_an_image_is_refused(content):
    with pytest.raises(ValueError, match="no es una imagen JPEG o PNG, o está incompleta"):
        decode_image(content, 8, 6)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "deja de entenderse en la línea 1, columna 1"),
        (b'{"images": [],\n "annotations" []}', "deja de entenderse en la línea 2, columna 16"),
        (b"[]", r"es \[\] y debe ser un objeto con images, annotations, categories"),
        (b'{"images": []}', "falta annotations, que debe ser una lista; falta categories"),
        (b'{"images": 3, "annotations": [], "categories": []}', "images es 3 y debe ser una lista"),
        (b'{"images": NaN}', "contiene NaN, que no es un número"),
        (b"[" * 100_000, "tiene demasiados niveles"),
        (b"\xff", "no está en UTF-8"),
        (b"9" * 5000, "tiene un número de miles de cifras"),
    ],
)
def test_what_is_not_a_document_is_refused(content, reason):
    with pytest.raises(ValueError, match=rf"a\.json no es un JSON de COCO: {reason}.*Sustitúyelo"):
        read_annotations(content, "a.json")


def test_the_chosen_images_can_be_published_have_annotations_and_are_there(tmp_path):
    images = [{"id": i, "file_name": f"{i}.jpg", "license": 4} for i in (5, 4, 3, 2, 1)]
    images[4]["license"] = 1  # la 1 no se puede volver a publicar
    annotations = [annotation(id=i, image_id=i) for i in (1, 3, 4, 5)] + [annotation(id=9, image_id=99)]
    whole = document(*annotations, images=images)
    chosen = choose_images(whole, 2)
    assert [image["id"] for image in chosen["images"]] == [3, 4]
    assert [one["id"] for one in chosen["annotations"]] == [3, 4, 9]  # la huérfana la verá la validación
    assert [image["id"] for image in choose_images(whole, 2, preferred=(5,))["images"]] == [3, 5]
    (tmp_path / "5.jpg").write_bytes(b"")
    assert [image["id"] for image in choose_images(whole, 2, tmp_path)["images"]] == [3, 5]
    assert [image["id"] for image in choose_images(whole, 2, tmp_path, (4,))["images"]] == [4, 5]


def test_the_pictures_of_the_course_are_verified_by_their_sha256_and_the_others_by_their_size():
    number = next(iter(PICTURES))
    record = {"id": number, "file_name": f"{number:012d}.jpg", "width": 8, "height": 6}
    known, other = (loading._remote_image(record | {"id": one}, "val2017") for one in (number, 1))
    assert known.sha256 == PICTURES[number]
    assert known.urls == (f"{loading.BUCKET}/val2017/{number:012d}.jpg",)
    assert other.sha256 is None
    assert other.check is not None
    sample = load_coco(len(PICTURES))
    if sample.is_stand_in:
        missing("no están los datos reales de COCO: conéctate o define COURSE_DATA_DIR")
    assert [image["id"] for image in sample.images] == list(PICTURES)


def test_a_directory_named_after_the_split_comes_before_the_one_named_coco(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    assert loading.coco_collection().directory() is None
    for name in ("coco", "coco-val2017"):
        (tmp_path / name).mkdir()
        assert loading.coco_collection().directory() == tmp_path / name


def test_what_cocoeval_writes_in_an_annotation_is_not_part_of_it():
    own = annotation(ignore=0, _ignore=1)
    assert loading._without_notes(own) == annotation()


def test_the_detections_are_those_of_the_images_of_the_sample(capsys):
    sample = load_coco(3)
    if sample.is_stand_in:
        missing("no están los datos reales de COCO: conéctate o define COURSE_DATA_DIR")
    found = load_detections(sample)
    assert "Detecciones: de CenterNet" in capsys.readouterr().out
    assert {one["image_id"] for one in found} == {image["id"] for image in sample.images}
    for one in found:
        record = sample.record(one["image_id"])
        _, _, width, height = one["bbox"]
        assert 0 < width <= record["width"] * 1.1
        assert 0 < height <= record["height"] * 1.1
        assert 0.02 <= one["score"] <= 1
        assert one["category_id"] in coco_categories()


def test_without_the_pictures_of_the_course_the_detections_are_made_up_and_say_so(capsys):
    sample = load_coco(8, stand_in=True)
    found = load_detections(sample)
    assert "Detecciones: inventadas" in capsys.readouterr().out
    assert found == load_detections(sample)
    assert {tuple(sorted(one)) for one in found} == {("bbox", "category_id", "image_id", "score")}
    assert 0 < box_average_precision(sample.document["annotations"], found).mean() < 1


def test_scenes_are_annotated_as_pycocotools_measures(capsys):
    sample = load_coco(8, stand_in=True)
    capsys.readouterr()
    assert validate_coco(sample.document)[1] == ()
    api = sample.api()
    assert capsys.readouterr() == ("", "")
    crowds = 0
    for one in sample.document["annotations"]:
        mask = sample.mask(one)
        np.testing.assert_array_equal(mask, api.annToMask(one))
        assert abs(mask.sum() - one["area"]) <= 0.05 * one["area"] + 5
        crowds += one["iscrowd"]
    assert crowds == 2
    assert api.getImgIds() == [image["id"] for image in sample.images]


def test_the_real_sample_can_be_published_and_its_masks_fit_their_boxes(capsys):
    sample = load_coco(6)
    if sample.is_stand_in:
        missing("no están los datos reales de COCO: conéctate o define COURSE_DATA_DIR")
    assert "datos reales" in capsys.readouterr().out
    for image in sample.images:
        assert "Licencia: [CC BY" in sample.credit(image["id"])
        assert sample.image(image["id"]).shape == (image["height"], image["width"], 3)
        for one in sample.annotations(image["id"]):
            rows, cols = np.nonzero(sample.mask(one))
            x, y, width, height = one["bbox"]
            assert x - 1.5 <= cols.min() <= cols.max() <= x + width + 1.5
            assert y - 1.5 <= rows.min() <= rows.max() <= y + height + 1.5


def test_the_same_seed_draws_the_same_scenes():
    first, second = draw_scenes(2, seed=3), draw_scenes(2, seed=3)
    assert first[0] == second[0]
    np.testing.assert_array_equal(first[1][2], second[1][2])


def test_each_image_of_a_sample_has_its_credit(capsys):
    sample = load_coco(2, stand_in=True)
    assert sample.credit(1) == "Dibujo 1, del curso. Licencia: [MIT](https://opensource.org/license/mit)."
    record = sample.document["images"][0]
    record |= {"flickr_url": "http://farm.example/1.jpg", "license": 5}
    sample.document["licenses"].append(
        {"id": 5, "url": "http://creativecommons.org/licenses/by-sa/2.0/", "name": ""}
    )
    assert sample.credit(1) == (
        "Fotografía 1, de [su autor en Flickr](https://farm.example/1.jpg). "
        "Licencia: [CC BY-SA 2.0](https://creativecommons.org/licenses/by-sa/2.0/)."
    )
    record["flickr_url"] = "http://farm7.staticflickr.com/6116/6255196340_da26cf2c9e_z.jpg"
    assert "(https://www.flickr.com/photo.gne?id=6255196340)" in sample.credit(1)
    assert sample.image(1).shape == (120, 160, 3)
    assert {one["image_id"] for one in sample.annotations(2)} == {2}
    for ask in (sample.image, sample.annotations, sample.credit):
        with pytest.raises(KeyError, match="no hay ninguna imagen 7"):
            ask(7)


def test_an_annotation_is_not_asked_by_its_number(capsys):
    sample = load_coco(1, stand_in=True)
    with pytest.raises(TypeError, match=r"mask recibe una anotación.* ha llegado 1 \(int\)"):
        sample.mask(1)
    with pytest.raises(KeyError, match="no hay ninguna imagen None"):
        sample.mask({"id": 1})


def test_a_category_has_the_name_its_document_gives_it(capsys):
    """El 18 es el perro de COCO; en un documento con otras categorías no tiene por qué serlo."""
    sample = load_coco(1, stand_in=True)
    own = [{"id": 18, "name": "dog"}, {"id": 3, "name": "furgoneta"}, {"id": 500, "name": "grúa"}]
    sample.document["categories"] = own
    assert [sample.category_name(one["id"]) for one in own] == ["perro", "furgoneta", "grúa"]
    with pytest.raises(KeyError, match=r"no hay ninguna categoría 7 en la muestra: están \[18, 3, 500\]"):
        sample.category_name(7)
