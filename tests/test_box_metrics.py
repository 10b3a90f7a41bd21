"""Cajas: IoU, parejas y AP, a mano y lo mismo que pycocotools, con multitudes y empates."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from pycocotools import mask as coco_mask
from pycocotools.cocoeval import COCOeval

from course_utils.datasets import coco_api, load_coco, load_detections
from course_utils.segmentation import box_average_precision, box_iou, match_boxes


def official_ap(annotations, detections) -> np.ndarray:
    """AP por umbral según pycocotools."""
    images = sorted({one["image_id"] for one in (*annotations, *detections)})
    kinds = sorted({one["category_id"] for one in (*annotations, *detections)})
    own = [one | {"id": i, "area": one["bbox"][2] * one["bbox"][3]} for i, one in enumerate(annotations, 1)]
    document = {
        "images": [{"id": one} for one in images],
        "categories": [{"id": one} for one in kinds],
        "annotations": own,
    }
    api = coco_api(document)
    with redirect_stdout(io.StringIO()):
        evaluation = COCOeval(api, api.loadRes([dict(one) for one in detections]), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]  # (umbral, punto, categoría)
    return precision[:, :, precision[0, 0] > -1].mean(axis=(1, 2))


def scene(rng):
    """Dos imágenes y tres categorías, con multitudes, cajas casi iguales y confianzas repetidas."""
    annotations = [
        {
            "image_id": int(rng.integers(1, 3)), "category_id": int(rng.integers(1, 4)),
            "bbox": rng.integers(0, 12, 2).tolist() + rng.integers(1, 9, 2).tolist(),
            "iscrowd": int(rng.random() < 0.15),
        }
        for _ in range(rng.integers(2, 15))
    ]  # fmt: skip
    annotations.append({"image_id": 1, "category_id": 1, "bbox": [0, 0, 5, 5], "iscrowd": 0})
    detections = []
    for _ in range(rng.integers(1, 40)):
        like = annotations[rng.integers(len(annotations))]
        x, y, width, height = like["bbox"]
        detections.append(
            {
                "image_id": like["image_id"],
                "category_id": like["category_id"] if rng.random() < 0.8 else int(rng.integers(1, 4)),
                "bbox": [x + int(rng.integers(-1, 2)), y, width, height + int(rng.integers(0, 2))],
                "score": float(rng.integers(1, 6)) / 5,
            }
        )
    return annotations, detections


@pytest.mark.parametrize("seed", range(40))
def test_average_precision_is_that_of_pycocotools(seed):
    annotations, detections = scene(np.random.default_rng(seed))
    np.testing.assert_allclose(
        box_average_precision(annotations, detections),
        official_ap(annotations, detections),
        rtol=0,
        atol=1e-9,
    )


def test_of_each_image_and_category_only_the_hundred_surest_count():
    truth = [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 0}]
    found = [truth[0] | {"bbox": [20, 0, 9, 9], "score": 0.9} for _ in range(100)]
    found.append(truth[0] | {"score": 0.1})
    assert box_average_precision(truth, found).tolist() == [0] * 10
    np.testing.assert_allclose(official_ap(truth, found), 0, atol=1e-9)


def test_the_detector_of_the_chapter_is_scored_as_pycocotools_does(capsys):
    sample = load_coco()
    detections = load_detections(sample)
    annotations = sample.document["annotations"]
    ours = box_average_precision(annotations, detections)
    np.testing.assert_allclose(ours, official_ap(annotations, detections), rtol=0, atol=1e-9)
    assert sample.is_stand_in or round(float(ours.mean()), 3) == 0.366


def test_iou_is_that_of_pycocotools():
    rng = np.random.default_rng(0)
    truths, boxes = rng.uniform(0, 20, (2, 30, 4))
    crowd = rng.random(30) < 0.3
    np.testing.assert_allclose(
        box_iou(truths, boxes, crowd), coco_mask.iou(boxes, truths, crowd.astype(int)).T, rtol=0, atol=1e-12
    )
    assert box_iou([], [(0, 0, 1, 1)]).shape == (0, 1)


def test_the_surest_chooses_first_and_a_crowd_does_not_count():
    def box(x, **more):
        return {"category_id": 1, "bbox": [x, 0, 10, 10]} | more

    truths = [box(0, iscrowd=0), box(20, iscrowd=0), box(50, iscrowd=1, bbox=[50, 0, 40, 10])]
    found = [box(2, score=0.5), box(0, score=0.9), box(20, score=0.4, category_id=2), box(60, score=0.3)]
    assert match_boxes(truths, found).tolist() == [-1, 0, -1, -2]
    assert match_boxes([], found).tolist() == [-1] * 4
    assert match_boxes(truths, []).shape == (0,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: box_iou([(0, 0, 1)], [(0, 0, 1)]), "cajas de 3 números"),
        (lambda: match_boxes([], [], threshold=0), "threshold debe ser mayor que 0"),
        (lambda: box_average_precision([], []), "no hay ningún objeto"),
        (lambda: box_average_precision([{"category_id": 1, "iscrowd": 1}], []), "no hay ningún objeto"),
    ],
)
def test_errors_say_what_to_change(call, message):
    with pytest.raises(ValueError, match=message):
        call()
