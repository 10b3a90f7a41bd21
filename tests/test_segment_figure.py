"""«Segmenta y cuenta»: la escena que se edita, sus vectores para JavaScript y la red que se sirve."""

import json

import numpy as np
import pytest

from course_utils.datasets.drawn.edited_scene import MIN_VISIBLE, SIZE, chances, paint_scene
from course_utils.datasets.drawn.shapes import CLASS_NAMES, generate_shapes
from course_utils.figures import SegmentAndCountFigure
from course_utils.figures.base import STATIC
from tools import segment_vectors, web_unet
from tools.figure_vectors import plain

BALL = {"kind": "pelota", "row": 32, "col": 32, "radius": 9, "turn": 0, "color": 1, "look": 1}


def test_vectors_are_what_course_utils_computes():
    stored = json.loads(segment_vectors.PATH.read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(plain(segment_vectors.build())))


def test_numbers_that_look_random_are_spread_and_depend_on_their_seed_only():
    many = chances(3, 1, 20_000)
    assert many.min() >= 0
    assert many.max() < 1
    assert np.histogram(many, 10, (0, 1))[0].std() < 80  # 2000 en cada décima
    assert abs(np.corrcoef(many[:-1], many[1:])[0, 1]) < 0.03
    np.testing.assert_array_equal(chances(3, 1, 50), many[:50])
    assert not np.isin(chances(4, 1, 50), many[:50]).any()


def test_the_edited_scene_looks_like_those_the_network_saw():
    """Los mismos colores y el mismo contraste, de media, que las escenas al azar."""
    drawn = generate_shapes(60, seed=5)
    edited = [paint_scene([BALL | {"look": seed, "color": seed}], seed) for seed in range(60)]
    background = [scene.image[scene.ids == 0] for scene in edited]
    theirs = drawn.images[drawn.instances == 0]
    assert np.abs(np.concatenate(background).mean(axis=0) - theirs.mean(axis=0)).max() < 12
    assert abs(np.concatenate(background).std() / theirs.std() - 1) < 0.1
    objects = np.concatenate([scene.image[scene.ids > 0] for scene in edited])
    assert abs(objects.std() / drawn.images[drawn.instances > 0].std() - 1) < 0.15


def test_the_first_object_is_in_front_and_a_hidden_one_does_not_count():
    box = BALL | {"kind": "caja", "radius": 20}
    scene = paint_scene([BALL, box], seed=1)
    assert [CLASS_NAMES[kind] for kind in scene.classes] == ["pelota", "caja"]
    assert scene.ids[32, 32] == 1
    covered = paint_scene([box, BALL], seed=1)
    assert [CLASS_NAMES[kind] for kind in covered.classes] == ["caja"]
    assert (covered.ids[scene.ids > 0] == 1).all()
    corner = paint_scene([BALL | {"row": 0, "col": 0, "radius": 4}], seed=1)
    assert MIN_VISIBLE <= (corner.ids == 1).sum() < 16
    assert ((corner.semantic >= 3) == (corner.ids > 0)).all()


def test_light_and_grain_change_what_they_say():
    flat = paint_scene([BALL], seed=2, noise=0).image.astype(float)
    lit = paint_scene([BALL], seed=2, light=25, noise=0).image.astype(float)
    assert lit[:, 60:].mean() > 1.15 * flat[:, 60:].mean()
    assert lit[:, :4].mean() < 0.85 * flat[:, :4].mean()
    noise = paint_scene([BALL], seed=2, noise=11).image - flat
    assert 8 < noise.std() < 10  # dos granos de −11 a 11: √88 = 9,4


def test_the_figure_answers_with_what_it_shows():
    figure = SegmentAndCountFigure(objects=[BALL, BALL | {"col": 48}])
    assert figure.scene.image.shape == (SIZE, SIZE, 3)
    assert figure.truth.count == 2
    assert {name: one.count for name, one in figure.ceiling().items()} == {
        "componentes": 1,
        "cuenca": 2,
        "votos": 2,
    }
    assert "Escena con 2 objetos" in figure.sentence()
    assert "Componentes: 1" in figure.picture()
    assert "Objetos: 2" in figure.picture()


def test_the_still_says_how_many_objects_are_seen():
    figure = SegmentAndCountFigure(objects=[BALL | {"radius": 12}, BALL])
    assert "Escena con 2 objetos, 1 a la vista. " in figure.sentence()
    assert "Objetos a la vista: 1" in figure.picture()


def test_the_kernel_sends_the_network_when_the_browser_asks(monkeypatch):
    figure, sent = SegmentAndCountFigure(), []
    monkeypatch.setattr(figure, "send", lambda *message: sent.append(message))
    for content in ({"file": "unet.bin"}, {"file": "../base.py"}, {"otra": 1}):
        figure._handle_custom_msg(content, [])
    ((content, (data,)),) = sent
    assert content == {"file": "unet.bin"}
    assert data == (STATIC / "unet.bin").read_bytes()


def test_the_served_network_is_small():
    assert (STATIC / "unet.bin").stat().st_size <= 300_000


@pytest.mark.parametrize("seed", [0, 1])
def test_every_batch_has_new_scenes_with_their_targets(seed):
    images = np.zeros((3, SIZE, SIZE, 3), np.uint8)
    rng = np.random.default_rng(seed)
    first, targets = web_unet.draw_again(images, None, rng)
    second, _ = web_unet.draw_again(images, None, rng)
    assert (first.shape, targets.shape) == (images.shape, (3, SIZE, SIZE, 4))
    assert not (first == second).all(axis=(1, 2, 3)).any()
    assert (targets[..., 0] < len(CLASS_NAMES)).all()
