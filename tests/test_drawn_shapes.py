"""Escenas generadas: mismos bytes en todas partes y etiquetas que concuerdan."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets.coco.sample import coco_api
from course_utils.datasets.coco.validation import validate_coco
from course_utils.datasets.drawn.shapes import (
    CLASS_NAMES,
    OBJECT_NAMES,
    REGION_NAMES,
    export_coco,
    generate_shapes,
)
from course_utils.segmentation.grouping import connected_instances
from course_utils.segmentation.instance_metrics import Instances, average_precision

SCENES = generate_shapes(200, seed=0)


def test_same_seed_same_bytes_on_any_machine():
    digest = hashlib.sha256()
    for part in (SCENES.images, SCENES.semantic, SCENES.instances):
        digest.update(part.tobytes())
    assert digest.hexdigest()[:16] == "caa41dfd76be9f05"


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(64, 128))
def test_every_pixel_has_a_class_and_every_object_one_number(seed, size):
    scenes = generate_shapes(2, seed, size)
    assert scenes.images.shape == (2, size, size, 3)
    assert scenes.semantic.max() < len(CLASS_NAMES)
    for semantic, instances, classes in zip(
        scenes.semantic, scenes.instances, scenes.object_classes, strict=True
    ):
        assert np.unique(instances[instances > 0]).tolist() == list(range(1, len(classes) + 1))
        assert ((semantic >= len(REGION_NAMES)) == (instances > 0)).all()
        assert (semantic[instances > 0] == classes[instances[instances > 0] - 1]).all()


def test_the_first_scenes_do_not_depend_on_how_many_are_asked_for():
    few = generate_shapes(3, seed=0)
    assert (few.images == SCENES.images[:3]).all()
    assert (few.instances == SCENES.instances[:3]).all()


def test_all_classes_appear_and_objects_touch():
    assert set(np.unique(SCENES.semantic)) == set(range(len(CLASS_NAMES)))
    objects = np.concatenate(SCENES.object_classes) - len(REGION_NAMES)
    shares = np.bincount(objects, minlength=len(OBJECT_NAMES)) / len(objects)
    assert shares.min() > 0.15
    left, right = SCENES.instances[:, :, :-1], SCENES.instances[:, :, 1:]
    touching = ((left > 0) & (right > 0) & (left != right)).any(axis=(1, 2))
    assert touching.mean() > 0.8


def test_connected_pieces_of_the_true_classes_are_not_the_objects():
    """Aunque se acierten todos los píxeles, hay que separar objetos: con componentes conexas no basta."""
    truths, pieces = [], []
    for classes, semantic, ids in zip(SCENES.object_classes, SCENES.semantic, SCENES.instances, strict=True):
        truths.append(Instances(ids, classes))
        pieces.append(connected_instances(semantic, first_object=len(REGION_NAMES)))
    assert 0.2 < average_precision(truths, pieces).mean() < 0.35


def test_binary_and_image_labels_come_from_the_instances():
    assert (SCENES.binary == (SCENES.instances > 0)).all()
    first = SCENES.instances[0]
    largest = max(range(1, first.max() + 1), key=lambda k: (first == k).sum())
    assert SCENES.labels[0] == SCENES.object_classes[0][largest - 1]


def test_the_colours_do_not_give_the_class_away():
    """Una regla que solo mira el color de cada píxel se queda muy lejos."""
    from sklearn.tree import DecisionTreeClassifier

    pixels, classes = SCENES.images.reshape(-1, 3)[::37], SCENES.semantic.ravel()[::37]
    half = len(classes) // 2
    tree = DecisionTreeClassifier(max_depth=8, random_state=0).fit(pixels[:half], classes[:half])
    objects = classes[half:] >= len(REGION_NAMES)
    assert tree.score(pixels[half:][objects], classes[half:][objects]) < 0.3


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((0, 0), ValueError, "count"),
        ((1, -1), ValueError, "seed"),
        ((1, 0, 32), ValueError, "entre 64 y 128"),
        ((1, 0, 200), ValueError, "200"),
        ((1.5, 0), TypeError, "count"),
    ],
)
def test_bad_arguments_are_explained(arguments, error, text):
    with pytest.raises(error, match=text):
        generate_shapes(*arguments)


def test_the_coco_export_is_valid_and_pycocotools_reads_the_same_objects():
    scenes = generate_shapes(3, seed=5)
    document = json.loads(json.dumps(export_coco(scenes)))
    assert validate_coco(document) == (document, ())
    api = coco_api(document)
    for index in range(3):
        found = api.loadAnns(api.getAnnIds(imgIds=index + 1))
        assert [one["category_id"] for one in found] == scenes.object_classes[index].tolist()
        ids = sum(number * api.annToMask(one).astype(int) for number, one in enumerate(found, 1))
        np.testing.assert_array_equal(ids, scenes.instances[index])
    assert [CLASS_NAMES[one["id"]] for one in document["categories"]] == list(OBJECT_NAMES)
