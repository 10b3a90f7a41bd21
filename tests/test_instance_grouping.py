"""De píxeles a objetos: cuentas a mano, lo mismo que SciPy y scikit-image, y los mapas perfectos."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage
from scipy.spatial.distance import pdist
from skimage.segmentation import relabel_sequential

from course_utils.datasets.drawn.shapes import CLASS_NAMES, OBJECT_NAMES, REGION_NAMES, generate_shapes
from course_utils.segmentation.grouping import (
    CENTER_SIGMA,
    MIN_AREA,
    PixelMaps,
    center_targets,
    connected_instances,
    find_centers,
    voted_instances,
    watershed_instances,
)
from course_utils.segmentation.instance_metrics import Instances, average_precision, instance_iou

FIRST = len(REGION_NAMES)
GROUPERS = [voted_instances, watershed_instances]
LABELS = arrays(np.int64, (9, 10), elements=st.integers(0, 3))


def perfect_maps(semantic, ids) -> PixelMaps:
    """Los mapas de una red que no se equivoca."""
    targets = center_targets(ids[np.newaxis])[0]
    return PixelMaps(np.eye(len(CLASS_NAMES))[semantic], targets[..., 0], targets[..., 1:])


def row_maps(center, ways, height=4):
    """Mapas de una clase de objeto, la 1, iguales en todas las filas; los centros, solo en la segunda."""
    width = len(center)
    spots = np.zeros((height, width))
    spots[1] = center
    offsets = np.zeros((height, width, 2))
    offsets[..., 0] = 1 - np.arange(height)[:, None]
    offsets[..., 1] = ways
    return PixelMaps(np.broadcast_to([0.0, 1.0], (height, width, 2)), spots, offsets)


def same_objects(one, other):
    """Si dos mapas de objetos son iguales salvo los números."""
    pairs = set(zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


# --- Lo que se enseña a la red ---------------------------------------------------------------------


def test_spot_and_way_of_a_pixel_by_hand():
    ids = np.zeros((1, 3, 7), int)
    ids[0, 1, 1:6] = 1  # el centro es la fila 1, columna 3
    spot, down, right = np.moveaxis(center_targets(ids)[0], -1, 0)
    assert spot[1, 3] == 1
    assert spot[1, 5] == pytest.approx(np.exp(-4 / (2 * CENTER_SIGMA**2)))
    assert spot[2, 3] == pytest.approx(np.exp(-1 / 8))  # la mancha se sale del objeto
    assert right[1].tolist() == [0, 2, 1, 0, -1, -2, 0]
    assert not down.any()


def test_where_two_spots_meet_the_higher_stays():
    both = center_targets([[[1, 1, 1, 0, 2, 2, 2]]])[0, 0, :, 0]
    first = center_targets([[[1, 1, 1, 0, 0, 0, 0]]])[0, 0, :, 0]
    np.testing.assert_allclose(both, np.maximum(first, first[::-1]))


@given(LABELS)
def test_each_pixel_points_to_the_mean_of_its_object(labels):
    ids, _, _ = relabel_sequential(labels)
    ways = center_targets(ids[np.newaxis])[0, ..., 1:]
    assert (ways[ids == 0] == 0).all()
    for number in range(1, ids.max() + 1):
        reached = np.argwhere(ids == number) + ways[ids == number]
        mean = ndimage.center_of_mass(ids == number)
        np.testing.assert_allclose(reached, np.broadcast_to(mean, reached.shape), atol=1e-5)


def test_an_image_without_objects_has_nothing_to_point_to():
    assert not center_targets(np.zeros((2, 5, 5), int)).any()


@given(st.permutations(range(30)), st.integers(1, 3))
def test_centers_are_the_highest_of_their_surroundings(order, distance):
    center = np.reshape(order, (5, 6)) / 30  # sin empates
    peaks = find_centers(center, min_distance=distance)
    heights = center[tuple(peaks.T)]
    assert heights[0] == center.max()
    assert (np.diff(heights) < 0).all()
    assert (heights > 0.2).all()
    highest = ndimage.maximum_filter(center, size=2 * distance + 1)
    assert len(peaks) == np.count_nonzero((center == highest) & (center > 0.2))
    assert (heights == highest[tuple(peaks.T)]).all()


def test_two_centers_too_close_are_one():
    line = np.zeros((1, 9))
    line[0, [2, 4]] = 0.8, 0.9
    assert find_centers(line, min_distance=2).tolist() == [[0, 4]]
    assert find_centers(line, min_distance=1).tolist() == [[0, 4], [0, 2]]


# --- Componentes conexas ---------------------------------------------------------------------------


def test_a_corner_joins_two_objects_of_one_class_and_not_of_two():
    classes = np.zeros((8, 8), int)
    classes[:4, :4], classes[4:, 4:] = 2, 2
    assert connected_instances(classes, first_object=1).count == 1
    classes[4:, 4:] = 3
    found = connected_instances(classes, first_object=1)
    assert found.count == 2
    assert found.classes.tolist() == [2, 3]


def test_the_least_object_has_min_area_pixels():
    classes = np.zeros((3, 40), int)
    classes[0, :MIN_AREA] = 1
    classes[2, : MIN_AREA - 1] = 1
    found = connected_instances(classes, first_object=1)
    assert np.bincount(found.ids.ravel())[1:].tolist() == [MIN_AREA]


def test_confidence_of_a_component_is_the_mean_of_its_pixels():
    classes = np.ones((3, 4), int)
    confidence = np.linspace(0, 1, 12).reshape(3, 4)
    assert connected_instances(classes, 1, confidence).scores == pytest.approx([0.5])
    assert connected_instances(classes, 1).scores.tolist() == [1]


@given(LABELS)
def test_components_are_those_of_scipy_and_have_no_gaps(classes):
    found = connected_instances(classes, first_object=2)
    expected = []
    for kind in (2, 3):
        labels, _ = ndimage.label(classes == kind, structure=np.ones((3, 3)))
        expected += [(kind, area) for area in np.bincount(labels.ravel())[1:].tolist() if area >= MIN_AREA]
    areas = np.bincount(found.ids.ravel())[1:].tolist()
    assert sorted(zip(found.classes.tolist(), areas, strict=True)) == sorted(expected)
    assert np.unique(found.ids[found.ids > 0]).tolist() == list(range(1, found.count + 1))
    for number, kind in enumerate(found.classes, start=1):
        assert (classes[found.ids == number] == kind).all()


# --- Cuencas y votos -------------------------------------------------------------------------------


def test_votes_and_watershed_by_hand():
    # centros en las columnas 1 y 6; la columna 3 está más cerca del primero, pero vota al segundo
    center = [0.5, 0.9, 0.5, 0.4, 0.3, 0.5, 0.8, 0.5]
    maps = row_maps(center, [1, 0, -1, 3, 2, 1, 0, -1])
    assert voted_instances(maps, 1).ids[0].tolist() == [1, 1, 1, 2, 2, 2, 2, 2]
    assert watershed_instances(maps, 1).ids[1].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]


def test_confidence_is_the_class_by_the_agreement_of_the_votes():
    probabilities = np.broadcast_to([0.1, 0.6, 0.3], (4, 4, 3))
    center = np.zeros((4, 4))
    center[1, 1] = 0.9
    to_one_point = np.array([1, 1]) - np.stack(np.indices((4, 4)), axis=-1)
    agreed = voted_instances(PixelMaps(probabilities, center, to_one_point), 1)
    assert agreed.classes.tolist() == [1]
    assert agreed.scores == pytest.approx([0.6])
    apart = voted_instances(PixelMaps(probabilities, center, np.zeros((4, 4, 2))), 1)  # cada uno, a sí mismo
    squares = (np.array([-1.5, -0.5, 0.5, 1.5]) ** 2)[:, None] + np.array([-1.5, -0.5, 0.5, 1.5]) ** 2
    assert apart.scores == pytest.approx([0.6 * np.exp(-squares / (2 * CENTER_SIGMA**2)).mean()])
    flooded = watershed_instances(PixelMaps(probabilities, center, to_one_point), 1)
    assert flooded.scores == pytest.approx([0.6])  # no usa los votos


def test_the_second_round_corrects_a_center_in_the_wrong_place():
    # dos grupos de votos, en 2 y en 9; el segundo máximo del mapa está desplazado a la columna 5
    maps = row_maps([0, 0, 0.9, 0, 0, 0.8, 0, 0, 0, 0, 0, 0], [2, 1, 0, -1, 0.2, 4, 3, 2, 1, 0, -1, -2])
    first_round = [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]
    assert voted_instances(maps, 1).ids[0].tolist() == [1] * 5 + [2] * 7 != first_round


def test_an_object_in_two_pieces_is_one_only_if_it_votes():
    semantic, ids = np.zeros((2, 8, 16), int)
    ids[1:7, :] = 1
    ids[:, 10:13] = 2  # el de delante parte en dos al de detrás
    semantic[ids == 1], semantic[ids == 2] = FIRST, FIRST + 1
    maps, truth = perfect_maps(semantic, ids), Instances(ids, [FIRST, FIRST + 1])
    assert connected_instances(semantic, FIRST).count == 3
    assert instance_iou(truth, voted_instances(maps, FIRST)).max(axis=1).tolist() == [1, 1]
    flooded = watershed_instances(maps, FIRST).ids
    assert flooded[4, 2] != flooded[4, 14]  # el agua no salta de un trozo al otro


def test_the_mark_of_a_ring_moves_to_its_nearest_pixel():
    from_center = np.hypot(*(np.indices((17, 17)) - 8))
    ids = ((from_center > 4) & (from_center < 8)).astype(int)
    maps = perfect_maps(np.where(ids, FIRST, 0), ids)
    found = watershed_instances(maps, FIRST)
    assert np.array_equal(found.ids, ids)
    assert found.classes.tolist() == [FIRST]
    assert watershed_instances(maps, FIRST, inside=False).count == 0  # cae en el hueco y se pierde


def test_two_marks_on_one_pixel_are_one_object():
    center, probabilities = np.zeros((9, 9)), np.ones((9, 9, 1)) * [1.0, 0.0]
    probabilities[4:, 4:] = 0, 1
    center[0, 4], center[4, 0] = 0.8, 0.9  # la esquina del objeto es lo más próximo a los dos
    found = watershed_instances(PixelMaps(probabilities, center, np.zeros((9, 9, 2))), 1)
    assert np.array_equal(found.ids, probabilities[..., 1])


def test_marks_without_any_object_give_none():
    maps = PixelMaps(np.ones((9, 9, 1)) * [1.0, 0.0], np.eye(9), np.zeros((9, 9, 2)))
    assert watershed_instances(maps, 1).count == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_perfect_maps_give_back_the_true_objects(seed):
    scenes = generate_shapes(1, seed=seed)
    ids, classes = scenes.instances[0], scenes.object_classes[0]
    centers = ndimage.center_of_mass(np.ones(ids.shape), ids, range(1, ids.max() + 1))
    assume(len(centers) < 2 or pdist(np.round(centers), "chebyshev").min() > 3)
    found = voted_instances(perfect_maps(scenes.semantic[0], ids), FIRST)
    assert same_objects(found.ids, ids)
    assert sorted(found.classes) == sorted(classes)
    assert average_precision([Instances(ids, classes)], [found]).tolist() == [1] * 10


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_noisy_maps_still_give_objects_without_gaps_and_of_object_classes(seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(len(CLASS_NAMES), 0.3), (16, 20))
    maps = PixelMaps(probabilities, rng.random((16, 20)), rng.normal(0, 4, (16, 20, 2)))
    is_object = probabilities.argmax(axis=-1) >= FIRST
    for group in GROUPERS:
        found = group(maps, FIRST)
        assert np.unique(found.ids[found.ids > 0]).tolist() == list(range(1, found.count + 1))
        assert not found.ids[~is_object].any()
        assert set(found.classes) <= set(range(FIRST, FIRST + len(OBJECT_NAMES)))
        assert (found.scores > 0).all()
        assert (found.scores <= 1).all()
        assert found.count == 0 or np.bincount(found.ids.ravel())[1:].min() >= MIN_AREA


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_mirrored_scene_has_the_mirrored_objects(seed):
    scenes = generate_shapes(1, seed=seed)
    maps = perfect_maps(scenes.semantic[0], scenes.instances[0])
    mirrored = PixelMaps(
        maps.probabilities[:, ::-1], maps.center[:, ::-1], maps.offsets[:, ::-1] * np.array([1, -1])
    )
    assert voted_instances(maps, FIRST).count == voted_instances(mirrored, FIRST).count


# --- Nada que encontrar ----------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPERS)
@pytest.mark.parametrize(
    ("probabilities", "height"),
    [([1.0, 0.0], 0.9), ([0.0, 1.0], 0.1)],
    ids=["centros sin objetos", "objetos sin centros"],
)
def test_objects_need_pixels_and_centers(group, probabilities, height):
    center = np.zeros((5, 5))
    center[2, 2] = height
    maps = PixelMaps(np.broadcast_to(probabilities, (5, 5, 2)), center, np.zeros((5, 5, 2)))
    found = group(maps, 1)
    assert found.count == 0
    assert not found.ids.any()


def test_an_image_of_background_has_no_components():
    found = connected_instances(np.zeros((5, 5), int), first_object=3)
    assert found.count == 0
    assert len(found.classes) == len(found.scores) == 0


# --- Lo que no encaja se explica -------------------------------------------------------------------

MAPS = PixelMaps(np.ones((4, 5, 7)), np.zeros((4, 5)), np.zeros((4, 5, 2)))


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: center_targets([[1, 0]]), ValueError, "imagen, fila, columna"),
        (lambda: center_targets([[[1.0, 0.0]]]), TypeError, r"astype\(int\)"),
        (lambda: center_targets([[[1, 0]], [[3, 0]]]), ValueError, r"\[3\] y deben ir de 1 a 1"),
        (lambda: find_centers(np.zeros((1, 4, 5))), ValueError, "fila, columna"),
        (lambda: find_centers(np.zeros((4, 5)), min_distance=1.5), TypeError, "min_distance"),
        (lambda: find_centers(np.full((4, 5), np.nan)), ValueError, "NaN"),
        (lambda: connected_instances(np.ones((4, 5)), 1), TypeError, r"argmax\(axis=-1\)"),
        (lambda: connected_instances([[0, -1]], 1), ValueError, "un -1"),
        (lambda: connected_instances([0, 1], 1), ValueError, "fila, columna"),
        (lambda: connected_instances([[0, 1]], 0), ValueError, "first_object"),
        (lambda: connected_instances([[0, 1]], 1, [[0.5]]), ValueError, r"confidence mide \(1, 1\)"),
        (lambda: voted_instances(MAPS, 7), ValueError, "solo hay 7 clases, de 0 a 6"),
        (lambda: voted_instances(MAPS, 2.0), TypeError, "first_object"),
        (
            lambda: voted_instances(PixelMaps(np.ones((4, 4, 7)), MAPS.center, MAPS.offsets), 3),
            ValueError,
            r"probabilities mide \(4, 4\)",
        ),
        (
            lambda: watershed_instances(PixelMaps(MAPS.probabilities, MAPS.center, np.zeros((5, 4, 2))), 3),
            ValueError,
            r"offsets mide \(5, 4\)",
        ),
    ],
)
def test_what_does_not_fit_is_explained(make, error, text):
    with pytest.raises(error, match=text):
        make()
