"""IoU, Dice y AP: cuentas a mano, y lo mismo que Keras, scikit-learn y pycocotools."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as rle
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn.metrics import f1_score, jaccard_score

from course_utils.networks.metrics import confusion_matrix
from course_utils.segmentation.instance_metrics import (
    IOU_THRESHOLDS,
    MAX_DETECTIONS,
    Instances,
    average_precision,
    instance_iou,
    match_instances,
    panoptic_quality,
    precision_recall,
)
from course_utils.segmentation.semantic_metrics import class_iou, dice, iou, mean_iou

MASKS = arrays(bool, (2, 4, 5))


# --- Máscaras y clases ----------------------------------------------------------------------------


@given(MASKS)
def test_iou_and_dice_are_those_of_scikit_learn(pair):
    mask, other = pair
    flat = mask.ravel(), other.ravel()
    assert iou(mask, other) == pytest.approx(jaccard_score(*flat, zero_division=1))
    assert dice(mask, other) == pytest.approx(f1_score(*flat, zero_division=1))


@given(MASKS)
def test_dice_and_iou_say_the_same_in_other_units(pair):
    assert dice(*pair) == pytest.approx(2 * iou(*pair) / (1 + iou(*pair)))


def test_predicting_only_background_has_high_accuracy_and_no_iou():
    truth = np.zeros((10, 10), int)
    truth[0, :5] = 1
    assert np.mean(truth == 0) == 0.95
    assert iou(truth, np.zeros_like(truth)) == dice(truth, np.zeros_like(truth)) == 0


def test_two_empty_masks_agree():
    assert iou([[0, 0]], [[0, 0]]) == dice([[0, 0]], [[0, 0]]) == 1


@given(arrays(np.int64, (2, 30), elements=st.integers(0, 3)))
def test_mean_iou_is_that_of_keras(labels):
    import keras

    metric = keras.metrics.MeanIoU(num_classes=4)
    metric.update_state(*labels)
    ours = mean_iou(confusion_matrix(*labels, classes=4))
    assert ours == pytest.approx(float(metric.result()), abs=1e-6)


def test_an_absent_class_has_no_iou_and_does_not_count():
    confusion = [[3, 1, 0], [1, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(class_iou(confusion), [3 / 5, 1 / 3, np.nan])
    assert mean_iou(confusion) == pytest.approx((3 / 5 + 1 / 3) / 2)


@pytest.mark.parametrize("measure", [iou, dice])
@pytest.mark.parametrize(
    ("mask", "other", "error", "text"),
    [
        ([[0.2, 0.9]], [[0, 1]], TypeError, r"probabilities > 0\.5"),
        ([[0, 1]], [["a", "b"]], TypeError, "máscara de 0 y 1"),
        ([[0, 1]], [[0], [1]], ValueError, r"\(1, 2\) y other \(2, 1\)"),
        (np.zeros((0, 3), int), np.zeros((0, 3), int), ValueError, "al menos un píxel"),
        ([[0, 2]], [[0, 1]], ValueError, "solo tiene 0 y 1"),
        ([[0, 1]], [[0, 2]], ValueError, "other va de 0 a 2 .* elige una clase"),
        ([[0, 1]], [[0, 255]], ValueError, "other va de 0 a 255 .* escribe other == 255"),
        ([[0, 1, 255]], [[0, 1, 1]], ValueError, r"mask va de 0 a 255 .* \(void\).* known = mask != 255"),
        ([[0, 2, 255]], [[0, 1, 1]], ValueError, "elige una clase"),
    ],
)
def test_what_is_not_a_mask_is_explained(measure, mask, other, error, text):
    with pytest.raises(error, match=text):
        measure(mask, other)


@settings(max_examples=15)
@given(arrays(np.int64, (2, 30), elements=st.integers(0, 3)), arrays(bool, 30))
def test_without_its_void_pixels_a_map_scores_as_in_keras(labels, void):
    """Lo que aconseja el error, contra ``ignore_class`` de Keras."""
    import keras

    truth, predicted = np.where(void, 255, labels[0]), labels[1]
    if void.any():
        with pytest.raises(ValueError, match=r"\(void\).* known = labels != 255"):
            confusion_matrix(truth, predicted, classes=4)
    with pytest.raises(ValueError, match="número de clases"):  # en lo predicho no es void
        confusion_matrix(predicted, np.append(truth[1:], 255), classes=4)
    known = truth != 255
    if known.any():
        metric = keras.metrics.MeanIoU(num_classes=4, ignore_class=255)
        metric.update_state(truth, predicted)
        ours = mean_iou(confusion_matrix(truth[known], predicted[known], classes=4))
        assert ours == pytest.approx(float(metric.result()), abs=1e-6)


@pytest.mark.parametrize(
    ("confusion", "error", "text"),
    [
        ([[0.5, 0.5], [0, 1]], TypeError, "sin dividir"),
        ([[1, 2, 3]], ValueError, "cuadrada"),
        ([[1, -1], [0, 1]], ValueError, "-1"),
    ],
)
def test_what_is_not_a_confusion_matrix_is_explained(confusion, error, text):
    with pytest.raises(error, match=text):
        class_iou(confusion)


def test_mean_iou_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="todo ceros"):
        mean_iou([[0, 0], [0, 0]])


# --- Instancias -----------------------------------------------------------------------------------


def relabel(ids):
    return np.unique(np.append(0, ids), return_inverse=True)[1][1:].reshape(ids.shape)


@st.composite
def images(draw):
    """De una a tres imágenes con objetos verdaderos y predichos de dos clases, sin confianzas repetidas."""
    truths, predictions = [], []
    for _ in range(draw(st.integers(1, 3))):
        pair = []
        for _ in range(2):
            ids = relabel(draw(arrays(np.int64, (3, 4), elements=st.integers(0, 4))))
            count = int(ids.max())
            classes = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
            pair.append((ids, np.array(classes, int)))
        truths.append(Instances(*pair[0]))
        predictions.append(pair[1])
    total = sum(len(classes) for _, classes in predictions)
    scores = np.array(draw(st.permutations(range(total))), float)
    ends = np.cumsum([len(classes) for _, classes in predictions])[:-1]
    predictions = [Instances(*p, s) for p, s in zip(predictions, np.split(scores, ends), strict=True)]
    return truths, predictions


def coco_ap(truths, predictions):
    """AP por umbral según pycocotools."""
    records, results = [], []
    for index, (truth, predicted) in enumerate(zip(truths, predictions, strict=True), start=1):
        for found, target in ((truth, records), (predicted, results)):
            for k in range(found.count):
                mask = np.asfortranarray(found.ids == k + 1, dtype=np.uint8)
                target.append(
                    {
                        "id": len(target) + 1, "image_id": index, "category_id": int(found.classes[k]) + 1,
                        "segmentation": rle.encode(mask), "area": int(mask.sum()), "iscrowd": 0,
                        "bbox": [0, 0, 1, 1],
                    }
                    | ({} if found is truth else {"score": float(found.scores[k])})
                )  # fmt: skip
    gt = COCO()
    gt.dataset = {
        "info": {},
        "images": [
            {"id": k, "height": truth.ids.shape[0], "width": truth.ids.shape[1]}
            for k, truth in enumerate(truths, start=1)
        ],
        "categories": [{"id": 1}, {"id": 2}],
        "annotations": records,
    }
    with contextlib.redirect_stdout(io.StringIO()):
        gt.createIndex()
        evaluation = COCOeval(gt, gt.loadRes(results), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]  # (umbral, exhaustividad, clase)
    seen = (precision > -1).all(axis=(0, 1))
    return precision[:, :, seen].mean(axis=(1, 2))


@given(images())
def test_average_precision_is_that_of_pycocotools(pair):
    truths, predictions = pair
    if not any(truth.count for truth in truths) or not any(found.count for found in predictions):
        return
    np.testing.assert_allclose(
        average_precision(truths, predictions), coco_ap(truths, predictions), atol=1e-12
    )


@pytest.mark.parametrize("seed", range(3))
def test_of_each_image_and_class_only_the_hundred_surest_count_as_in_pycocotools(seed):
    """Dos imágenes de 15 × 16 con 130 y 110 objetos de un píxel; las confianzas se repiten."""
    rng = np.random.default_rng(seed)
    truths, predictions = [], []
    for found, kinds in ((130, np.zeros(130, int)), (110, rng.integers(0, 2, 110))):
        places = rng.permutation(240)[:found]
        ids, truth = np.zeros((2, 240), int)
        ids[places] = np.arange(found) + 1
        truth[places[rng.permutation(found)[: found // 2]]] = np.arange(found // 2) + 1
        real = np.zeros(found // 2, int)
        for number in range(found // 2):
            real[number] = kinds[ids[truth == number + 1][0] - 1]
        truths.append(Instances(truth.reshape(15, 16), real))
        predictions.append(Instances(ids.reshape(15, 16), kinds, rng.integers(0, 40, found)))
    ours = average_precision(truths, predictions)
    np.testing.assert_allclose(ours, coco_ap(truths, predictions), atol=1e-12)
    # el límite se nota: las que sobran habrían encontrado más objetos
    _, recall = precision_recall(truths[:1], predictions[:1], kind=0)
    assert len(recall) == MAX_DETECTIONS < predictions[0].count
    assert recall[-1] < 1 == np.mean(match_instances(truths[0], predictions[0]) >= 0) * 2


@pytest.mark.parametrize(
    "measure",
    [
        lambda found: average_precision(TRUTH, [found]),
        lambda found: precision_recall(TRUTH, [found], kind=0),
        lambda found: match_instances(TRUTH[0], found),
    ],
)
def test_without_scores_nothing_is_ranked(measure):
    """Con ceros inventados, el AP de estos dos objetos sería uno u otro según cuál lleve el número 1."""
    with pytest.raises(ValueError, match=r"no llevan confianza.*Instances\(ids, classes, scores\)"):
        measure(Instances([[1, 1, 0, 2]], [0, 0]))
    measure(Instances([[0, 0, 0, 0]], []))


@given(images())
def test_instance_iou_is_that_of_pycocotools(pair):
    for truth, predicted in zip(*pair, strict=True):
        encoded = [
            [rle.encode(np.asfortranarray(i.ids == k + 1, dtype=np.uint8)) for k in range(i.count)]
            for i in (truth, predicted)
        ]
        if all(encoded):
            theirs = rle.iou(*encoded, [0] * predicted.count)
            np.testing.assert_allclose(instance_iou(truth, predicted), theirs)


@given(images())
def test_an_object_has_one_partner_at_most_and_of_its_class(pair):
    for truth, predicted in zip(*pair, strict=True):
        partners = match_instances(truth, predicted, 0.3)
        taken = partners[partners >= 0]
        assert len(set(taken)) == len(taken)
        assert (truth.classes[taken] == predicted.classes[partners >= 0]).all()


TRUTH = [Instances([[1, 1, 1, 2]], [0, 0])]
FOUND = [Instances([[1, 1, 0, 2]], [0, 0], scores=[0.9, 0.8])]


def test_average_precision_by_hand():
    # IoU 2/3 y 1; con umbral 0,7 falla la primera y acierta la segunda: precisión 1/2 hasta exhaustividad 1/2
    np.testing.assert_allclose(average_precision(TRUTH, FOUND, [0.5, 0.7]), [1, 51 / 101 / 2])
    assert IOU_THRESHOLDS[0] == 0.5
    assert IOU_THRESHOLDS[-1] == 0.95
    assert len(IOU_THRESHOLDS) == 10


def test_precision_and_recall_by_hand():
    precision, recall = precision_recall(TRUTH, FOUND, kind=0, threshold=0.7)
    assert precision.tolist() == recall.tolist() == [0, 0.5]


def test_panoptic_quality_by_hand():
    # una pareja con IoU 2/3, uno sin encontrar y nada inventado: (2/3) / (1 + 1/2)
    assert panoptic_quality(TRUTH, [Instances([[1, 1, 0, 0]], [0])]) == pytest.approx(4 / 9)
    assert panoptic_quality(TRUTH, TRUTH) == 1
    # una clase inventada vale 0 y también cuenta
    assert panoptic_quality(TRUTH, [Instances([[1, 1, 0, 0]], [1])]) == 0


def test_the_order_of_the_images_does_not_matter():
    more = [Instances([[0, 1, 1, 0]], [0])], [Instances([[1, 1, 0, 0]], [0], scores=[0.5])]
    forward = average_precision(TRUTH + more[0], FOUND + more[1])
    np.testing.assert_allclose(average_precision(more[0] + TRUTH, more[1] + FOUND), forward)


def test_predicting_nothing_scores_zero():
    nothing = [Instances(np.zeros((1, 4), int), [])]
    assert average_precision(TRUTH, nothing).tolist() == [0] * 10
    assert panoptic_quality(TRUTH, nothing) == 0


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: Instances([[0, 1], [3, 3]], [0, 0]), ValueError, r"\[1, 3\] y deben ir de 1 a 2"),
        (lambda: Instances([[0, 1, 255]], [0, 0]), ValueError, r"\(void\).* np\.where\(ids == 255, 0, ids\)"),
        (lambda: Instances([[0, 2, 255]], [0, 0]), ValueError, "relabel_sequential"),
        (lambda: Instances([[0.0, 1.0]], [0]), TypeError, r"ids .* astype\(int\)"),
        (lambda: Instances([[0, 1]], [0.5]), TypeError, "classes"),
        (lambda: Instances([[0, 1]], [0, 1]), ValueError, "hay 1 objetos"),
        (lambda: Instances([[0, 1]], [0], scores=[0.5, 0.6]), ValueError, "scores tiene forma"),
        (lambda: Instances([[0, 1]], [0], scores=[np.nan]), ValueError, "NaN"),
        (lambda: Instances([0, 1], [0]), ValueError, "fila, columna"),
        (lambda: instance_iou(TRUTH[0], Instances([[1]], [0])), ValueError, r"\(1, 4\) píxeles"),
        (lambda: match_instances(TRUTH[0], FOUND[0], 0), ValueError, "threshold"),
        (lambda: average_precision(TRUTH, []), ValueError, "1 imágenes y 0 predicciones"),
        (
            lambda: average_precision([Instances([[0]], [])], [Instances([[0]], [])]),
            ValueError,
            "ningún objeto",
        ),
        (lambda: precision_recall(TRUTH, FOUND, kind=7), ValueError, "clase 7"),
    ],
)
def test_what_cannot_be_measured_is_explained(make, error, text):
    with pytest.raises(error, match=text):
        make()


ONE = Instances([[1, 1, 2]], [0, 0], [0.9, 0.8])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: average_precision([ONE], [ONE], thresholds=0.5), "thresholds debe tener 1 eje"),
        (lambda: average_precision([ONE], [ONE], thresholds=[]), "thresholds está vacío"),
        (lambda: average_precision([ONE], [ONE], thresholds=["a"]), "thresholds debe tener números reales"),
        (lambda: average_precision(ONE, [ONE]), "truths debe ser una lista y ha llegado un Instances"),
        (lambda: average_precision([ONE], 3), "predictions debe ser una lista de Instances y ha llegado 3"),
        (lambda: average_precision([[[1]]], [ONE]), r"truths\[0\] debe ser un Instances"),
        (lambda: match_instances([[1]], ONE), "truth debe ser un Instances"),
        (lambda: Instances([[1]], [0], ["alto"]), "scores debe tener números reales"),
        (lambda: Instances([[1]], [0], [1j]), "scores debe tener números reales"),
        (lambda: Instances([[-1, 1]], [0]), "un número negativo no es un objeto"),
    ],
)
def test_what_is_not_a_set_of_objects_is_said_in_spanish(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
