"""Qué tiene que dar cada fórmula de la chuleta: los valores de sus letras y lo que calcula otro.

Otro es ``course_utils`` y, donde no tiene esa función, Keras o scikit-learn.
"""

import numpy as np

from course_utils import ops, segmentation
from course_utils.networks import accuracy, multiply_adds
from course_utils.segmentation.instance_metrics import area_under_curve

RNG = np.random.default_rng(0)
X, W = RNG.integers(-5, 6, (7, 7, 3)), RNG.integers(-5, 6, (3, 3, 3))
SCORES = RNG.normal(size=4)
PROBABILITIES = np.exp(SCORES) / np.exp(SCORES).sum()
MASK, OTHER = RNG.random((2, 6, 6)) > 0.5
COUNTS = {"TP": (MASK & OTHER).sum(), "FP": (OTHER & ~MASK).sum(), "FN": (MASK & ~OTHER).sum()}
LABELS, PREDICTED = RNG.integers(0, 3, (2, 40))
CONFUSION = np.histogram2d(LABELS, PREDICTED, bins=3)[0].astype(int)
AT = {"r": 1, "c": 2, "s": 2, "b": 5}  # un píxel de la salida
CASES = {}


def case(title: str, **ranges: int):
    """Apunta una función que da parejas (letras, valor) de la fila ``sección: nombre``."""

    def register(function):
        CASES[title] = (function, ranges)
        return function

    return register


def each_size(compute, is_wanted=lambda **size: True):
    for n in (9, 14, 28):
        for k in (2, 3, 5):
            for s in (1, 2, 3, 4):
                for padding in (0, 1, 2):
                    size = {"n": n, "k": k, "s": s, "P": 2 * padding}
                    if is_wanted(**size):
                        yield size, compute(**size)


def size_case(title: str, compute, is_wanted=lambda **size: True):
    case(f"Tamaño de la salida: {title}")(lambda: each_size(compute, is_wanted))


size_case("Convolución", lambda n, k, s, P: ops.conv_output_size(n, k, s, P // 2))
size_case('"valid"', lambda n, k, s, P: ops.conv_output_size(n, k, s))
size_case('"same"', lambda n, k, s, P: ops.conv_output_size(n, k, s, "same"))
size_case('Padding de "same"', lambda n, k, s, P: sum(ops.same_padding(n, k, s)))
size_case("Padding por lado", lambda n, k, s, P: ops.same_padding(n, k)[0], lambda n, k, s, P: k % 2 == 1)
size_case("Pooling", lambda n, k, s, P: ops.pool_output_size(n, k))
size_case("Pooling que se solapa", lambda n, k, s, P: ops.pool_output_size(n, k, s))
size_case("Transpuesta", lambda n, k, s, P: ops.transposed_output_size(n, k, s), lambda n, k, s, P: k >= s)
size_case('Transpuesta con "same"', lambda n, k, s, P: ops.transposed_output_size(n, k, s, "same"))


@case("Tamaño de la salida: Dilatación")
def _():
    for k in (2, 3, 5):
        for d in (1, 2, 3):
            yield {"k": k, "d": d}, 28 + 1 - ops.conv_output_size(28, k, dilation=d)


@case("Qué calcula cada capa: Neurona", i=3)
def _():
    from keras import layers

    dense = layers.Dense(1)
    dense.build((None, 3))
    dense.set_weights([np.array([[2.0], [-1.0], [0.5]]), np.array([4.0])])
    yield {"w": [2, -1, 0.5], "x": [3, 4, 6], "b": 4}, dense(np.array([[3.0, 4.0, 6.0]])).numpy().item()


@case("Qué calcula cada capa: Convolución", i=3, j=3)
def _():
    output = ops.correlate2d(X[..., 0], W[..., 0], strides=2)
    yield AT | {"X": X[..., 0], "W": W[..., 0]}, output[1, 2] + 5


@case("Qué calcula cada capa: Varios canales", i=3, j=3, k=3)
def _():
    yield AT | {"X": X, "W": W}, ops.conv2d(X[None], W[..., None], [5], strides=2)[0, 1, 2, 0]


@case("Qué calcula cada capa: Max pooling", i=3, j=3)
def _():
    yield AT | {"X": X[..., 0]}, ops.max_pool2d(X[..., 0], 3, 2)[1, 2]


@case("Qué calcula cada capa: Average pooling", i=3, j=3)
def _():
    yield AT | {"X": X[..., 0], "k": 3}, ops.avg_pool2d(X[..., 0], 3, 2)[1, 2]


@case("Qué calcula cada capa: Pooling global", r=7, c=7)
def _():
    yield {"X": X[..., 0], "H": 7, "W": 7}, ops.global_avg_pool2d(X[None])[0, 0]


@case("Parámetros: Densa")
def _():
    yield {"E": 784, "N": 128}, ops.dense_param_count(784, 128)


@case("Parámetros: Convolucional")
def _():
    yield {"k": 5, "C": 6, "F": 16}, ops.conv_param_count(5, 6, 16)


@case("Parámetros: De 1×1")
def _():
    yield {"C": 6, "F": 16}, ops.conv_param_count(1, 6, 16)


@case("Parámetros: Separable")
def _():
    from keras import layers

    separable = layers.SeparableConv2D(16, 5)
    separable.build((None, 9, 9, 6))
    yield {"k": 5, "C": 6, "F": 16}, separable.count_params()


@case("Parámetros: Local")
def _():
    yield {"H": 7, "W": 9, "k": 3, "C": 2, "F": 4}, ops.locally_connected_param_count((7, 9), 3, 2, 4)


@case("Parámetros: Productos")
def _():
    from keras import Sequential, layers

    network = Sequential([layers.Input((9, 11, 2)), layers.Conv2D(4, 3)])
    yield {"H": 7, "W": 9, "k": 3, "C": 2, "F": 4}, multiply_adds(network)


BEFORE = [(3,), (2, 2), (3,)]


@case("Campo receptivo: Tamaño")
def _():
    before, after = ops.receptive_field(BEFORE), ops.receptive_field([*BEFORE, (5, 3)])
    yield {"k": 5, "j": before.jump}, after.size - before.size


@case("Campo receptivo: Salto")
def _():
    yield {"s": 3, "j": ops.receptive_field(BEFORE).jump}, ops.receptive_field([*BEFORE, (5, 3)]).jump


@case("Campo receptivo: Pila")
def _():
    yield {"l": 4, "k": 5}, ops.receptive_field([(5,)] * 4).size


def loss(name: str, truth, given, **options) -> float:
    import keras

    return float(getattr(keras.losses, name)(**options)(np.asarray(truth), np.asarray(given)))


LEARNING = "Probabilidades, pérdidas y aprendizaje"


@case(f"{LEARNING}: Sigmoide")
def _():
    import keras

    for z in (-1.5, 0.0, 2.0):
        yield {"z": z}, keras.ops.sigmoid(z).numpy()


@case(f"{LEARNING}: Softmax", j=4)
def _():
    import keras

    for k in range(4):
        yield {"z": SCORES, "k": k}, keras.ops.softmax(SCORES).numpy()[k]


@case(f"{LEARNING}: Entropía cruzada")
def _():
    value = loss("SparseCategoricalCrossentropy", [2], SCORES[None], from_logits=True)
    yield {"p": PROBABILITIES, "y": 2}, value


@case(f"{LEARNING}: Entropía cruzada binaria")
def _():
    for t in (0.0, 1.0):
        yield {"p": 0.3, "t": t}, loss("BinaryCrossentropy", [[t]], [[0.3]])


@case(f"{LEARNING}: Pérdida antes de entrenar")
def _():
    yield {"C": 7}, loss("SparseCategoricalCrossentropy", [3], np.zeros((1, 7)), from_logits=True)


@case(f"{LEARNING}: Su gradiente")
def _():
    import tensorflow as tf

    scores = tf.Variable(SCORES)
    with tf.GradientTape() as tape:
        value = tf.nn.sparse_softmax_cross_entropy_with_logits([2], scores[None])
    gradient = tape.gradient(value, scores).numpy()
    for k in range(4):
        yield {"p": PROBABILITIES, "k": k, "y": 2}, gradient[k]


@case(f"{LEARNING}: Un paso")
def _():
    import keras

    weight = keras.Variable(1.5)
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build([weight])
    optimizer.apply([keras.ops.convert_to_tensor(0.7)])
    yield {"w": 1.5, "\\eta": 0.1, "g": 0.7}, weight.numpy()


@case(f"{LEARNING}: Pérdida focal")
def _():
    for label in range(4):
        wanted = loss("CategoricalFocalCrossentropy", np.eye(4)[None, label], PROBABILITIES[None])
        yield {"\\alpha": 0.25, "\\gamma": 2, "p": PROBABILITIES, "y": label}, wanted


@case(f"{LEARNING}: Pérdida de Dice", i=5)
def _():
    given, truth = np.array([0.9, 0.8, 0.3, 0.1, 0.6]), np.array([1.0, 1.0, 0.0, 0.0, 1.0])
    yield {"p": given, "t": truth}, loss("Dice", truth[None], given[None])


@case("Medidas: Exactitud", c=3, k=3)
def _():
    yield {"M": CONFUSION}, accuracy(LABELS, PREDICTED)


@case("Medidas: Precisión")
def _():
    from sklearn.metrics import precision_score

    yield COUNTS, precision_score(MASK.ravel(), OTHER.ravel())


@case("Medidas: Exhaustividad")
def _():
    from sklearn.metrics import recall_score

    yield COUNTS, recall_score(MASK.ravel(), OTHER.ravel())


@case("Medidas: IoU")
def _():
    yield COUNTS, segmentation.iou(MASK, OTHER)


@case("Medidas: Dice")
def _():
    yield COUNTS | {"IoU": segmentation.iou(MASK, OTHER)}, segmentation.dice(MASK, OTHER)


@case("Medidas: IoU medio", c=3, k=3)
def _():
    yield {"M": CONFUSION, "C": 3}, segmentation.mean_iou(CONFUSION)


@case("Medidas: AP", r=101)
def _():
    best = [1.0] * 51 + [2 / 3] * 50  # aciertos 1, 0 y 1, y dos objetos
    yield {"p": best}, area_under_curve(np.array([True, False, True]), 2)


@case("Medidas: PQ", i=2)
def _():
    truth, found = np.zeros((4, 8), int), np.zeros((4, 8), int)
    truth[0, :4], truth[1, :5], truth[3, 6:] = 1, 2, 3
    found[0, 1:4], found[1, :6], found[2, :2] = 1, 2, 3
    truths, predicted = (segmentation.Instances(ids, [0] * 3) for ids in (truth, found))
    quality = segmentation.panoptic_quality([truths], [predicted])
    yield {"q": [3 / 4, 5 / 6], "TP": 2, "FP": 1, "FN": 1}, quality


@case("Medidas: IoU de cajas")
def _():
    yield {"TP": 4, "FP": 8, "FN": 2}, segmentation.box_iou([(0, 0, 3, 2)], [(1, 0, 6, 2)])[0, 0]
