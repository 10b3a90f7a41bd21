"""El experimento de las caras: lo que mide cada función, con casos que se pueden hacer a mano."""

from dataclasses import replace

import numpy as np

from course_utils.datasets.drawn.faces import Faces, generate_faces
from course_utils.experiments.face_hierarchy import (
    DISTANCES,
    PENALTIES,
    draw_faces,
    load_data,
    located_faces,
    moved_accuracy,
    part_filters,
    preference,
    probe_accuracy,
    strongest,
)
from course_utils.networks.activations import Patches
from course_utils.networks.models import face_cnn, face_dense
from course_utils.ops.parameters import dense_param_count


def patches(values, images, centers=None):
    """Ventanas de un píxel, con solo lo que miran las medidas."""
    values, images = np.array(values, float), np.array(images)
    centers = np.zeros((*values.shape, 2)) if centers is None else np.array(centers, float)
    return Patches(np.zeros((*values.shape, 1, 1, 1)), values, images, centers)


def test_dense_parameters_by_hand_are_more_than_fifteen_times_the_convolutional():
    expected = dense_param_count(40 * 40, 128) + dense_param_count(128, 2)
    assert face_dense().count_params() == expected == 205_186 > 15 * face_cnn().count_params()


def test_the_data_are_always_the_same_and_half_are_faces():
    data = load_data(20, 10)
    assert (data.x_train == load_data(20, 10).x_train).all()
    assert data.y_train.mean() == data.y_test.mean() == 0.5
    assert not (data.x_train[:10] == data.x_test).all(), "entrenamiento y prueba son las mismas caras"


def test_each_seed_has_its_faces_and_knows_where_their_parts_are():
    data = load_data(30, 40)
    drawn = [draw_faces(seed, data) for seed in (0, 1, 0)]
    assert (drawn[0].x_train == drawn[2].x_train).all()
    assert not (drawn[0].x_train == drawn[1].x_train).all()
    located = located_faces(0, data)
    assert (located.images == drawn[0].x_test).all()
    assert (located.labels == drawn[0].y_test).all()


def test_each_side_has_background_enough_to_move_the_faces():
    images = generate_faces(1000, seed=2).images[..., 0].astype(float)
    room = max(DISTANCES)
    noise = 0.03 * 255
    for column in (*range(room), *range(40 - room, 40)):
        slope = images[:, :, column] - images[:, :, column].mean(axis=1, keepdims=True)
        rows = np.arange(40) - 19.5
        light = (slope @ rows / (rows @ rows))[:, np.newaxis] * rows  # la luz cambia de arriba abajo
        assert (slope - light).std(axis=1).max() < 1.6 * noise, f"hay cara en la columna {column}"


def probe(train, validation, test):
    """La sonda, con lo que ve y la clase de cada parte."""
    return probe_accuracy(*((np.array(x, float), np.array(y)) for x, y in (train, validation, test)))


def test_probe_separates_what_one_neuron_can_separate():
    seen = [[0], [1], [4], [5]], [0, 0, 1, 1]
    assert probe(seen, seen, seen) == 1
    assert probe(seen, seen, ([[2.4], [2.6]], [0, 1])) == 1  # la frontera está en 2,5
    assert probe(seen, seen, (seen[0], [1, 1, 0, 0])) == 0


def test_probe_does_not_see_an_exclusive_or_unless_the_product_is_given():
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    xor = np.array([0, 1, 1, 0])
    assert probe(*[(corners, xor)] * 3) <= 0.75  # ninguna recta acierta las cuatro
    product = np.column_stack([corners, corners.prod(axis=1)])
    assert probe(*[(product, xor)] * 3) == 1


def test_probe_does_not_depend_on_scale_order_or_dead_filters():
    rng = np.random.default_rng(0)
    parts = [(rng.normal(size=(200, 5)), rng.integers(0, 2, 200)) for _ in range(3)]
    changed = [(np.column_stack([1000 * x[:, ::-1] + 7, np.zeros(200)]), y) for x, y in parts]
    assert probe(*changed) == probe(*parts)


def test_probe_with_more_numbers_than_images_chooses_how_much_to_hold_back_its_weights():
    """Una clase que es el signo del primer número, entre trescientos: sin freno, los otros la tapan."""
    rng = np.random.default_rng(0)
    parts = []
    for count in (100, 100, 1000):
        x = rng.normal(size=(count, 300)) * np.r_[5.0, np.ones(299)]
        parts.append((x, (x[:, 0] > 0).astype(int)))
    chosen = probe_accuracy(*parts)
    assert chosen > probe_accuracy(*parts, penalties=[1e-9]) + 0.02
    assert chosen == max(probe_accuracy(*parts, penalties=[one]) for one in PENALTIES)


def test_strongest_keeps_what_and_forgets_where():
    images = generate_faces(4, seed=0).images
    model = face_cnn()
    found = strongest(model, images, "conv1")
    assert found.shape == (4, 8)
    moved = strongest(model, np.roll(images, 3, axis=2), "conv1")
    inside = np.isclose(found, moved, rtol=1e-4)  # salvo que el mayor esté en el corte del borde
    assert inside.mean() > 0.8


def test_preference_by_hand():
    labels = np.array([0, 1, 0, 1])
    both, faces_only, dead = [0, 1, 2, 3], [1, 3, 1, 3], [0, 2, 0, 2]
    seen = patches([[1] * 4, [1] * 4, [0] * 4], [both, faces_only, dead])
    assert preference(seen, labels) == 0.5  # 0 y 1; el filtro muerto no cuenta
    assert (
        preference(patches([[1] * 4], [dead]), labels) == 1
    )  # preferir las descolocadas también es preferir


def test_part_filters_by_hand():
    parts = np.array([[0, 0, 1, 2]] * 4)  # ojo, ojo, nariz, boca
    centers = np.array([[[10.0, 10], [10, 30], [20, 20], [30, 20]]] * 4)
    faces = Faces(np.zeros((4, 40, 40, 1), np.uint8), np.ones(4, int), parts, centers)
    images = [0, 1, 2, 3]
    eyes = [[10, 10], [10, 30], [14, 34], [35, 5]]  # tres de cuatro, un ojo u otro, a 4 píxeles o menos
    two = [[20, 20], [20, 20], [30, 20], [30, 20]]  # dos narices y dos bocas
    off = [[10, 15], [10, 15], [10, 15], [10, 15]]  # a cinco píxeles
    alive = [[1.0] * 4] * 3
    assert part_filters(patches(alive, [images] * 3, [eyes, two, off]), faces) == 1
    assert part_filters(patches([[0.0] * 4], [images], [eyes]), faces) == 0


class CentreReader:
    """Una red que dice que hay cara si el píxel (20, 20) está encendido."""

    def predict(self, images, batch_size, verbose):
        yes = images[:, 20, 20, 0] > 0
        return np.stack([~yes, yes], axis=1).astype(float)


def test_moving_goes_to_both_sides_and_trains_nothing():
    images = np.zeros((2, 40, 40, 1), np.uint8)
    images[1, 20, 19:24] = 255  # la segunda es la cara: a la derecha aguanta un píxel y a la izquierda, tres
    data = replace(load_data(2, 2), x_test=images)
    assert moved_accuracy(CentreReader(), data) == [1, 1, 0.75, 0.75, 0.5, 0.5]
