"""La red ajena que separa a una persona del fondo, y la foto con la que se mide."""

import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils.datasets.astronaut import load_astronaut
from course_utils.segmentation import person
from course_utils.segmentation.person import person_probabilities
from course_utils.segmentation.semantic_metrics import iou

VENDOR = Path(person.__file__).parent / "vendor"
PORTRAIT = load_astronaut()


def test_the_model_is_the_one_its_note_says_and_has_its_licence():
    note = (VENDOR / "README.md").read_text(encoding="utf-8")
    (digest,) = re.findall(r"\b[0-9a-f]{64}\b", note)
    assert hashlib.sha256((VENDOR / "selfie_segmentation.tflite").read_bytes()).hexdigest() == digest
    assert "Apache License" in (VENDOR / "LICENSE").read_text(encoding="utf-8")


def test_it_separates_the_astronaut_and_takes_her_helmet_for_her():
    found = person_probabilities(PORTRAIT.photo) > 0.5
    assert iou(PORTRAIT.person | PORTRAIT.helmet, found) == pytest.approx(0.96, abs=0.01)
    assert iou(PORTRAIT.person, found) == pytest.approx(0.75, abs=0.01)


def test_the_answer_has_the_shape_of_the_photo_and_follows_it():
    wide = PORTRAIT.photo[:320]
    mirrored = person_probabilities(wide[:, ::-1])[:, ::-1]
    assert mirrored.shape == wide.shape[:2]
    assert iou(mirrored > 0.5, person_probabilities(wide) > 0.5) > 0.95
    assert person_probabilities(np.full((64, 96, 3), 200, np.uint8)).max() < 0.5  # una pared lisa


def test_the_masks_are_drawn_on_the_photo_and_do_not_overlap():
    assert PORTRAIT.photo.shape == (512, 512, 3)
    assert not (PORTRAIT.person & PORTRAIT.helmet).any()
    assert PORTRAIT.person[250, 230]  # el cuello del traje
    assert PORTRAIT.person[90, 220]  # la cara
    assert PORTRAIT.helmet[440, 400]
    for background in ((50, 400), (20, 20), (300, 450)):
        assert not (PORTRAIT.person | PORTRAIT.helmet)[background]


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        (np.zeros((8, 8), np.uint8), "photo"),
        (np.zeros((8, 8, 4), np.uint8), "tres canales"),
        (np.zeros((8, 8, 3)), "uint8"),
    ],
)
def test_what_is_not_a_colour_photo_is_refused(photo, message):
    with pytest.raises((TypeError, ValueError), match=message):
        person_probabilities(photo)


def test_without_litert_it_says_what_to_install(monkeypatch):
    for name in ("ai_edge_litert", "ai_edge_litert.interpreter", "tensorflow"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="pip install ai-edge-litert"):
        person._litert()
