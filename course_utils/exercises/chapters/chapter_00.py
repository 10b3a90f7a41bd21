"""Ejercicios del capítulo 00: preparativos."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.controls import Number, Slider
from course_utils.style import number_text

chapter = Chapter("00")


def crop(image, top, left, height, width):
    """Recorte de height × width píxeles desde la fila top, columna left."""
    return image[top : top + height, left : left + width]


def _images_to_crop():
    small = np.arange(2 * 3 * 3).reshape(2, 3, 3)
    large = np.arange(7 * 9 * 3).reshape(7, 9, 3)
    return [(small, 0, 1, 1, 2), (large, 1, 2, 4, 3), (large, 3, 0, 2, 5)]


chapter.by_reference(
    "00.1",
    crop,
    cases=_images_to_crop(),
    mistakes={
        "intercambia-los-ejes": lambda image, top, left, height, width: image[
            left : left + width, top : top + height
        ],
        "tamaño-como-final": lambda image, top, left, height, width: image[top:height, left:width],
        "incluye-el-final": lambda image, top, left, height, width: image[
            top : top + height + 1, left : left + width + 1
        ],
        "pierde-los-canales": lambda image, top, left, height, width: image[
            top : top + height, left : left + width, 0
        ],
        "ignora-la-esquina": lambda image, top, left, height, width: image[:height, :width],
        "dos-cortes-seguidos": lambda image, top, left, height, width: image[top : top + height][
            left : left + width
        ],
    },
)


def neuron(x, w, b):
    """Salida de una neurona con ReLU."""
    z = (x * w).sum() + b
    return max(z, 0.0)


def _neuron_inputs():
    return [
        (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 1.0),
        (np.array([1.0, 2.0]), np.array([3.0, -4.0]), 1.0),
        (np.array([2.0, 0.5, -1.0]), np.array([1.0, 2.0, -3.0]), -1.5),
        (np.array([-1.0, 1.0]), np.array([2.0, -2.0]), 3.0),
        (np.array([0.5, 1.5]), np.array([1.5, -0.2]), 0.75),  # la suma no llega al sesgo
        (np.array([1.0, 0.5]), np.array([0.5, 1.0]), -3.0),  # el sesgo decide si se activa,
        (np.array([1.0, -2.0]), np.array([0.5, 1.0]), 2.25),  # y también al revés
    ]


chapter.by_reference(
    "00.2",
    neuron,
    cases=_neuron_inputs(),
    mistakes={
        "olvida-el-sesgo": lambda x, w, b: max((x * w).sum(), 0.0),
        "resta-el-sesgo": lambda x, w, b: max((x * w).sum() - b, 0.0),
        "olvida-relu": lambda x, w, b: (x * w).sum() + b,
        "sesgo-despues-de-relu": lambda x, w, b: max((x * w).sum(), 0.0) + b,
        "no-suma": lambda x, w, b: np.maximum(x * w + b, 0),
        "valor-absoluto": lambda x, w, b: abs((x * w).sum() + b),
        "relu-antes-de-sumar": lambda x, w, b: np.maximum(x * w + b, 0).sum(),
    },
)


def dense_layer_parameters():
    """Parámetros de 128 neuronas densas sobre 28 × 28 píxeles."""
    weights = 28 * 28 * 128  # cada neurona, un peso por píxel
    biases = 128  # cada neurona, el suyo
    return weights + biases


chapter.by_reference(
    "00.3",
    dense_layer_parameters,
    controls=(Number("Parámetros"),),
    mistakes={
        "olvida-los-sesgos": lambda: 28 * 28 * 128,
        "sesgo-por-entrada": lambda: 28 * 28 * 128 + 28 * 28,
        "no-aplana": lambda: 28 * 128 + 128,
        "suma-entradas-y-neuronas": lambda: 28 * 28 + 128,
        "un-solo-sesgo": lambda: 28 * 28 * 128 + 1,
        "una-sola-neurona": lambda: 28 * 28 + 1,
    },
)


def softmax(z):
    """Probabilidades a partir de las salidas z de la última capa."""
    exponentials = np.exp(z - z.max())  # así la mayor es 1 y no se desborda
    return exponentials / exponentials.sum()


chapter.by_reference(
    "00.4",
    softmax,
    cases=[
        np.array([0.0, 0.0]),
        np.array([1.0, 2.0, 3.0]),
        np.array([-1.0, 0.0, 4.0]),
        np.array([0.25, 1.5, -0.75]),
        np.array([1000.0, 1001.0]),
        np.array([0.0, 1000.0]),
        np.array([-1000.0, 1000.0]),
        np.array([-1001.0, -1000.0]),
        np.array([1000.0, -1000.0, 0.0]),
        np.array([0.0, 1000.0, -1000.0, 5.0]),
        np.array([1000.0, 0.0, 0.0, 0.0]),  # con la mediana se desborda; con la media, también
        np.array([2000.0, 2000.0, 2000.0, 0.0, 0.0]),
        np.array([0.0, 20_000.0]),  # tampoco cabe con más precisión
    ],
    mistakes={
        "se-desborda": lambda z: np.exp(z) / np.exp(z).sum(),
        "sin-exponencial": lambda z: z / z.sum(),
        "sigmoide": lambda z: 1 / (1 + np.exp(-z)),
        "divide-entre-el-maximo": lambda z: np.exp(z - z.max()),
        "exponencial-sin-dividir": lambda z: np.exp(z),
        "devuelve-logaritmos": lambda z: z - z.max() - np.log(np.exp(z - z.max()).sum()),
        "resta-el-minimo": lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum(),
        "resta-la-media": lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum(),
        "resta-solo-arriba": lambda z: np.exp(z - z.max()) / np.exp(z).sum(),
    },
)


def cross_entropy(probabilities, labels):
    """Entropía cruzada media de un lote."""
    right = probabilities[np.arange(len(labels)), labels]  # (N,)
    return -np.log(right).mean()


def _probability_batches():
    return [
        (np.array([[0.5, 0.5]]), np.array([0])),
        (np.array([[0.2, 0.8], [0.7, 0.3]]), np.array([1, 1])),
        (np.array([[0.1, 0.6, 0.3], [0.25, 0.5, 0.25], [0.9, 0.05, 0.05]]), np.array([2, 1, 0])),
    ]


chapter.by_reference(
    "00.5",
    cross_entropy,
    cases=_probability_batches(),
    mistakes={
        "olvida-el-signo": lambda p, y: -cross_entropy(p, y),
        "suma-en-vez-de-media": lambda p, y: cross_entropy(p, y) * len(y),
        "logaritmo-decimal": lambda p, y: cross_entropy(p, y) / np.log(10),
        "logaritmo-en-base-2": lambda p, y: cross_entropy(p, y) / np.log(2),
        "entre-todas-las-clases": lambda p, y: cross_entropy(p, y) / p.shape[1],
        "todas-las-probabilidades": lambda p, y: -np.log(p).mean(),
        "sin-logaritmo": lambda p, y: (1 - p[np.arange(len(y)), y]).mean(),
        "probabilidad-mayor": lambda p, y: -np.log(p.max(axis=1)).mean(),
        "promedia-antes": lambda p, y: -np.log(p[np.arange(len(y)), y].mean()),
        "no-promedia": lambda p, y: -np.log(p[np.arange(len(y)), y]),
        "todas-las-filas": lambda p, y: -np.log(p[:, y]).mean(),
        "etiquetas-como-filas": lambda p, y: -np.log(p[y]).mean(),
    },
)


def gradient_step(x, y, w, b, learning_rate):
    """Pesos (w, b) después de un paso de descenso de gradiente."""
    error = w * x + b - y
    gradient_w = (2 * error * x).mean()
    gradient_b = (2 * error).mean()
    return w - learning_rate * gradient_w, b - learning_rate * gradient_b


def _lines():
    return [
        (np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.0, 0.0, 0.1),
        (np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 1.0, -1.0, 0.05),
        (np.array([-1.0, 3.0]), np.array([0.5, 2.0]), 0.5, 2.0, 0.2),
        (np.array([0.5, -1.5, 2.25]), np.array([-1.25, 3.0, 0.4]), -0.7, 0.3, 0.15),
    ]


def _without_bias(x, y, w, b, learning_rate):
    new_w, change = gradient_step(x, y, w, 0, learning_rate)
    return new_w, b + change


def _bias_after(x, y, w, b, learning_rate):
    w = w - learning_rate * (2 * (w * x + b - y) * x).mean()
    return w, b - learning_rate * (2 * (w * x + b - y)).mean()


chapter.by_reference(
    "00.6",
    gradient_step,
    cases=_lines(),
    mistakes={
        "sube-en-vez-de-bajar": lambda x, y, w, b, lr: gradient_step(x, y, w, b, -lr),
        "olvida-el-2": lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr / 2),
        "suma-en-vez-de-media": lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr * len(x)),
        "olvida-la-x": lambda x, y, w, b, lr: (
            w - lr * (2 * (w * x + b - y)).mean(),
            b - lr * (2 * (w * x + b - y)).mean(),
        ),
        "suma-y-olvida-el-2": lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr * len(x) / 2),
        "media-de-cada-factor": lambda x, y, w, b, lr: (
            w - lr * 2 * (w * x + b - y).mean() * x.mean(),
            gradient_step(x, y, w, b, lr)[1],
        ),
        "olvida-la-tasa": lambda x, y, w, b, lr: gradient_step(x, y, w, b, 1),
        "solo-mueve-w": lambda x, y, w, b, lr: (gradient_step(x, y, w, b, lr)[0], b),
        "prediccion-sin-b": _without_bias,
        "sesgo-con-la-w-nueva": _bias_after,
        "b-antes-que-w": lambda x, y, w, b, lr: gradient_step(x, y, w, b, lr)[::-1],
        "error-al-reves": lambda x, y, w, b, lr: (
            gradient_step(x, y, w, b, lr)[0],
            gradient_step(x, y, w, b, -lr)[1],
        ),
        "devuelve-el-gradiente": lambda x, y, w, b, lr: (
            (2 * (w * x + b - y) * x).mean(),
            (2 * (w * x + b - y)).mean(),
        ),
        "no-promedia": lambda x, y, w, b, lr: (
            w - lr * 2 * (w * x + b - y) * x,
            b - lr * 2 * (w * x + b - y),
        ),
    },
)


def good_learning_rate():
    """Tasa que acerca w a 3 en diez pasos sin pasarse."""
    return 0.4


def _descent(answer):
    if type(answer) not in (int, float) or not 0 < answer <= 10:
        raise Unexpected("Se espera un número mayor que 0 y de 10 como mucho, por ejemplo 0,1.")
    path = [0.0]
    for _ in range(10):
        path.append(path[-1] - answer * 2 * (path[-1] - 3))
    return {"rate": answer, "first": path[1], "last": path[-1]}


chapter.by_rules(
    "00.7",
    good_learning_rate,
    _descent,
    controls=(Slider("Tasa de aprendizaje", 0.05, 1.2, 0.05),),
    consequence=lambda rate: f"el primer paso lleva w de 0 a {number_text(6 * rate)}",
    mistakes={
        "no-converge": Rule(lambda seen: seen["rate"] >= 1, lambda: 1.1),
        "se-pasa": Rule(lambda seen: seen["first"] > 3 + 1e-9, lambda: 0.8),
        "demasiado-lenta": Rule(lambda seen: abs(seen["last"] - 3) >= 0.01, lambda: 0.05),
    },
)
