"""Ejercicios del capítulo 03: kernel, stride y padding."""

import numpy as np

from course_utils.exercises.answers import Unexpected
from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.controls import Matrix, Number, Slider
from course_utils.exercises.expected import as_integers, as_kernel
from course_utils.ops import convolve2d, correlate2d
from course_utils.style import number_text

chapter = Chapter("03")


def output_size(n, kernel_size):
    """Posiciones de la ventana a lo largo de n píxeles."""
    return n - kernel_size + 1


chapter.by_reference(
    "03.1",
    output_size,
    cases=[(3, 3), (4, 2), (5, 3), (7, 1), (28, 5)],
    mistakes={
        "olvida-el-uno": lambda n, kernel_size: n - kernel_size,
        "no-encoge": lambda n, kernel_size: n,
        "pasea-el-centro": lambda n, kernel_size: n - kernel_size // 2,
        "cuenta-las-que-se-salen": lambda n, kernel_size: n + kernel_size - 1,
        "trocea": lambda n, kernel_size: n // kernel_size,
    },
)


def conv_size(n, kernel_size, stride, padding):
    """Tamaño de la salida con stride y padding."""
    padded = n + 2 * padding
    return (padded - kernel_size) // stride + 1


chapter.by_reference(
    "03.2",
    conv_size,
    cases=[
        (5, 3, 1, 0),
        (5, 3, 2, 0),
        (6, 3, 2, 0),
        (5, 3, 1, 1),
        (7, 3, 2, 1),
        (8, 3, 3, 0),
        (28, 5, 2, 2),
        (8, 2, 2, 0),
        (8, 3, 3, 1),
        (7, 2, 3, 0),
        (8, 2, 3, 0),
        (4, 1, 1, 1),
        (3, 3, 1, 0),
        (3, 5, 2, 1),
    ],
    mistakes={
        "olvida-el-uno": lambda n, k, s, p: (n + 2 * p - k) // s,
        "padding-una-vez": lambda n, k, s, p: (n + p - k) // s + 1,
        "olvida-el-padding": lambda n, k, s, p: (n - k) // s + 1,
        "olvida-el-stride": lambda n, k, s, p: n + 2 * p - k + 1,
        "redondea-hacia-arriba": lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1,
        "uno-antes-de-dividir": lambda n, k, s, p: (n + 2 * p - k + 1) // s,
        "no-redondea": lambda n, k, s, p: (n + 2 * p - k) / s + 1,
    },
)


def halving_layer():
    """Kernel, stride y padding que dejan 28 píxeles en 14."""
    return 3, 2, 1


def _layer_of(answer):
    kernel_size, stride, padding = as_integers(answer, "kernel_size", "stride", "padding")
    if kernel_size < 1 or stride < 1 or padding < 0 or kernel_size > 28 + 2 * padding:
        raise Unexpected(
            "El kernel y el stride son 1 o más, el padding 0 o más, y el kernel debe caber en la fila."
        )
    return {"k": kernel_size, "s": stride, "p": padding, "size": conv_size(28, kernel_size, stride, padding)}


chapter.by_rules(
    "03.3",
    halving_layer,
    _layer_of,
    controls=(Slider("Tamaño del kernel", 1, 7), Slider("Stride", 1, 4), Slider("Padding", 0, 3)),
    consequence=lambda k, s, p: "la salida mide {0} × {0}".format(conv_size(28, k, s, p)),
    mistakes={
        "kernel-de-un-pixel": Rule(lambda seen: seen["k"] == 1, lambda: (1, 2, 0)),
        "ventanas-de-relleno": Rule(lambda seen: seen["p"] >= seen["k"], lambda: (2, 2, 2)),
        "sin-stride": Rule(lambda seen: seen["size"] > 14 and seen["s"] == 1, lambda: (3, 1, 1)),
        "stride-excesivo": Rule(lambda seen: seen["size"] < 14 and seen["s"] > 2, lambda: (3, 3, 0)),
        "falta-padding": Rule(lambda seen: seen["size"] < 14, lambda: (3, 2, 0)),
        "sobra-padding": Rule(lambda seen: seen["size"] > 14, lambda: (3, 2, 2)),
    },
)


def axis_padding(n, kernel_size, stride):
    """Píxeles que padding="same" añade antes y después de un eje."""
    size = -(-n // stride)  # n / stride, redondeado hacia arriba
    total = max((size - 1) * stride + kernel_size - n, 0)
    before = total // 2
    return before, total - before


def _total_padding(n, kernel_size, stride):
    return (-(-n // stride) - 1) * stride + kernel_size - n


chapter.by_reference(
    "03.4",
    axis_padding,
    cases=[
        (5, 3, 1),
        (4, 2, 1),
        (5, 4, 1),
        (6, 3, 2),
        (7, 3, 2),
        (6, 1, 3),
        (28, 5, 2),
        (9, 4, 3),
        (8, 5, 3),
        (9, 2, 3),
        (7, 2, 3),  # con un kernel menor que el stride también puede faltar un píxel
        (5, 3, 2),  # 5 / 2 se redondea hacia arriba, no al más próximo
    ],
    mistakes={
        "siempre-simetrico": lambda n, k, s: (k // 2, k // 2),
        "mitad-a-cada-lado": lambda n, k, s: ((k - 1) // 2, (k - 1) // 2),
        "sobra-antes": lambda n, k, s: axis_padding(n, k, s)[::-1],
        "ignora-el-stride": lambda n, k, s: ((k - 1) // 2, k - 1 - (k - 1) // 2),
        "total-a-cada-lado": lambda n, k, s: (max(_total_padding(n, k, s), 0),) * 2,
        "relleno-negativo": lambda n, k, s: (
            _total_padding(n, k, s) // 2,
            _total_padding(n, k, s) - _total_padding(n, k, s) // 2,
        ),
    },
)


def correlate(image, kernel):
    """Suma de productos en cada posición de la ventana."""
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] - rows + 1, image.shape[1] - cols + 1))
    for row in range(output.shape[0]):
        for col in range(output.shape[1]):
            window = image[row : row + rows, col : col + cols]
            output[row, col] = (window * kernel).sum()
    return output


def _images_and_kernels():
    rng = np.random.default_rng(3)
    small = np.arange(9.0).reshape(3, 3)
    return [
        (small, np.array([[0.0, 1.0], [2.0, 3.0]])),
        (rng.integers(0, 9, (4, 6)).astype(float), rng.integers(-3, 4, (2, 3)).astype(float)),
        (
            rng.integers(0, 9, (6, 5)).astype(float),
            np.array([[1.0, 0.0, -2.0], [3.0, 0.0, 4.0], [0.0, 5.0, -1.0]]),
        ),
        (rng.normal(size=(4, 5)).round(1), rng.normal(size=(3, 2)).round(1)),
        (rng.integers(0, 9, (3, 4)).astype(float), np.array([[1.0, -2.0, 3.0, -4.0]])),
        (rng.integers(0, 9, (3, 4)).astype(float), np.array([[2.0], [-1.0]])),
        (small, small[::-1] - 4),
        (np.arange(6).reshape(2, 3), np.array([[0.5, -0.25]])),  # de enteros, y salen decimales
    ]


def _without_last(image, kernel):
    output = correlate2d(image, kernel)
    output[-1], output[:, -1] = 0, 0
    return output


chapter.by_reference(
    "03.5",
    correlate,
    cases=_images_and_kernels(),
    mistakes={
        "gira-el-kernel": convolve2d,
        "refleja-las-columnas": lambda image, kernel: correlate2d(image, kernel[:, ::-1]),
        "intercambia-los-ejes": lambda image, kernel: correlate2d(image, kernel).T,
        "promedia": lambda image, kernel: correlate2d(image, kernel) / kernel.size,
        "no-llega-al-final": _without_last,
        "suma-sin-kernel": lambda image, kernel: correlate2d(image, np.ones_like(kernel)),
        "pierde-los-decimales": lambda image, kernel: correlate2d(image, kernel).astype(image.dtype),
    },
)


def moving_kernel():
    """Kernel que mueve la imagen un píxel a la derecha."""
    kernel = np.zeros((3, 3))
    kernel[1, 0] = 1  # cada salida copia el píxel que tiene a su izquierda
    return kernel


def _movement(answer):
    image = np.zeros((7, 7))
    image[3, 3] = 1
    seen = correlate2d(np.pad(image, 1), as_kernel(answer))
    lit = np.argwhere(np.abs(seen) > 1e-6)
    return {
        "moves": [(int(row) - 3, int(col) - 3) for row, col in lit],
        "places": len(lit),
        "gain": number_text(float(seen.sum()), 6),
        "keeps": abs(float(seen.sum()) - 1) <= 1e-6,
    }


def _kernel_with(row, col, weight=1.0):
    kernel = np.zeros((3, 3))
    kernel[row, col] = weight
    return kernel


chapter.by_rules(
    "03.6",
    moving_kernel,
    _movement,
    controls=(Matrix("Kernel", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),),
    mistakes={
        "apaga-la-imagen": Rule(lambda seen: seen["places"] == 0, lambda: np.zeros((3, 3))),
        "mezcla-vecinos": Rule(lambda seen: seen["places"] > 1, lambda: np.full((3, 3), 1 / 9)),
        "no-mueve": Rule(lambda seen: seen["moves"] == [(0, 0)], lambda: _kernel_with(1, 1)),
        "mueve-a-la-izquierda": Rule(lambda seen: seen["moves"] == [(0, -1)], lambda: _kernel_with(1, 2)),
        "mueve-de-fila": Rule(
            lambda seen: seen["moves"][0][0] != 0 and seen["moves"][0][1] == 0, lambda: _kernel_with(0, 1)
        ),
        "mueve-en-diagonal": Rule(lambda seen: seen["moves"][0][0] != 0, lambda: _kernel_with(0, 0)),
        "cambia-el-brillo": Rule(lambda seen: not seen["keeps"], lambda: _kernel_with(1, 0, 2.0)),
    },
)


def dilated_padding(kernel_size, dilation):
    """Padding de los dos lados que conserva el tamaño, con stride 1."""
    return dilation * (kernel_size - 1)


chapter.by_reference(
    "03.7",
    dilated_padding,
    cases=[(1, 3), (2, 2), (3, 1), (3, 2), (5, 3), (4, 1), (2, 5)],
    mistakes={
        "olvida-la-dilatacion": lambda k, d: k - 1,
        "da-el-alcance": lambda k, d: d * (k - 1) + 1,
        "multiplica-todo": lambda k, d: k * d,
        "multiplica-y-resta": lambda k, d: k * d - 1,
        "por-lado": lambda k, d: d * (k - 1) // 2,
    },
)


def pixel_usage(n, kernel_size, stride):
    """Cuántas ventanas ven cada píxel de una fila, sin relleno."""
    usage = np.zeros(n, dtype=int)
    for start in range(0, n - kernel_size + 1, stride):
        usage[start : start + kernel_size] += 1
    return usage


def _usage_until(end):
    """Modelo equivocado: las ventanas empiezan antes de ``end(n, kernel_size)``."""

    def answer(n, kernel_size, stride):
        usage = np.zeros(n, dtype=int)
        for start in range(0, end(n, kernel_size), stride):
            usage[start : start + kernel_size] += 1
        return usage

    return answer


chapter.by_reference(
    "03.8",
    pixel_usage,
    cases=[(4, 3, 1), (5, 3, 1), (6, 3, 2), (7, 2, 3), (10, 5, 2), (3, 3, 1)],
    mistakes={
        "todos-igual": lambda n, k, s: np.full(n, k),
        "olvida-el-stride": lambda n, k, s: pixel_usage(n, k, 1),
        "ventanas-que-se-salen": _usage_until(lambda n, k: n),
        "falta-la-ultima": _usage_until(lambda n, k: n - k),
        "cuenta-comienzos": lambda n, k, s: np.isin(np.arange(n), np.arange(0, n - k + 1, s)).astype(int),
    },
)


def padded_kernel_gradient(image, output_gradient, padding):
    """Gradiente de la pérdida respecto del kernel."""
    return correlate2d(image, output_gradient, padding=padding)


def _image_and_gradient():
    rng = np.random.default_rng(9)
    return [
        (np.arange(9.0).reshape(3, 3), np.array([[1.0, 0.0], [0.0, 0.0]]), 0),
        (rng.normal(size=(4, 4)).round(1), rng.normal(size=(4, 4)).round(1), 1),
        (rng.normal(size=(5, 6)).round(1), rng.normal(size=(4, 6)).round(1), 1),
        (rng.normal(size=(3, 4)).round(1), rng.normal(size=(3, 4)).round(1), 2),
    ]


chapter.by_reference(
    "03.9",
    padded_kernel_gradient,
    cases=_image_and_gradient(),
    mistakes={
        "olvida-el-padding": lambda image, gradient, padding: correlate2d(image, gradient),
        "gira-el-gradiente": convolve2d,
        "traspone": lambda image, gradient, padding: padded_kernel_gradient(image, gradient, padding).T,
        "promedia-posiciones": lambda image, gradient, padding: (
            padded_kernel_gradient(image, gradient, padding) / gradient.size
        ),
        "ignora-la-imagen": lambda image, gradient, padding: np.full_like(
            padded_kernel_gradient(image, gradient, padding), gradient.sum()
        ),
        "ignora-el-gradiente": lambda image, gradient, padding: padded_kernel_gradient(
            image, np.ones_like(gradient), padding
        ),
    },
)


def windows_through_pixel():
    """Ventanas de 3 × 5 que ven el píxel (0, 3) de una imagen de 8 × 8."""
    by_rows = 1  # solo las ventanas que empiezan en la fila 0
    by_cols = 4  # las que empiezan en las columnas 0, 1, 2 y 3
    return by_rows * by_cols


chapter.by_reference(
    "03.10",
    windows_through_pixel,
    controls=(Number("Ventanas"),),
    mistakes={
        "como-el-centro": lambda: 15,
        "como-la-esquina": lambda: 1,
        "cuenta-dos-filas": lambda: 8,
        "cinco-columnas": lambda: 5,
        "intercambia-los-ejes": lambda: 3,
    },
)
