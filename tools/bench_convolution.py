"""Tiempos y memoria de la convolución y del pooling, lado a lado: ``make bench``.

Compara los bucles de los libros, las funciones del curso y ``tf.nn`` sobre los mismos datos, en float32 y en
la misma ejecución, con los hilos que cada biblioteca elige. De cada función se toma la llamada más rápida de
dos turnos, la menos estorbada por el resto de la máquina. Los bucles, que van imagen a imagen, se cronometran
con la primera y se multiplican por el tamaño del lote.
"""

import os
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import geometric_mean

import numpy as np

from course_utils.ops.convolution import conv2d
from course_utils.ops.pooling import avg_pool2d, max_pool2d
from course_utils.ops.sizes import explicit_padding
from course_utils.style import number_text

TURNS, SECONDS_PER_TURN = 2, 0.3


@dataclass(frozen=True)
class Case:
    """Un tamaño: lote, lado de la imagen, lado del kernel, canales, filtros y opciones."""

    batch: int
    size: int
    kernel_size: int
    channels: int
    filters: int
    stride: int = 1
    padding: str = "valid"
    dilation: int = 1

    def __str__(self) -> str:
        text = f"{self.batch}×{self.size}²×{self.channels}, k{self.kernel_size}→{self.filters}"
        for name, value in (("s", self.stride), ("d", self.dilation)):
            text += f" {name}{value}" if value > 1 else ""
        return text + (" same" if self.padding == "same" else "")


CONVOLUTIONS = [
    Case(1, 28, 3, 1, 1),
    Case(1, 28, 3, 8, 8),
    Case(32, 28, 3, 1, 16, padding="same"),
    Case(32, 28, 3, 16, 32, padding="same"),
    Case(32, 28, 3, 16, 32, stride=2, padding="same"),
    Case(64, 14, 3, 32, 64),
    Case(16, 32, 5, 3, 32, padding="same"),
    Case(8, 64, 1, 32, 64),
    Case(1, 128, 3, 3, 8, dilation=2),
    Case(1, 224, 7, 3, 64, stride=2, padding="same"),
    Case(1, 512, 5, 1, 1, padding="same"),
]
POOLINGS = [
    Case(1, 28, 2, 8, 8, stride=2),
    Case(32, 28, 2, 16, 16, stride=2),
    Case(64, 14, 2, 64, 64, stride=2),
    Case(32, 28, 3, 16, 16, stride=2, padding="same"),
    Case(32, 32, 3, 16, 16, padding="same"),
    Case(1, 224, 3, 64, 64, stride=2, padding="same"),
    Case(1, 256, 3, 3, 3, padding="same"),
    Case(1, 512, 2, 1, 1, stride=2),
]


def conv2d_loops(inputs, kernel, stride=1):
    """La convolución como se cuenta en los libros: una ventana, un producto, una suma."""
    kh, kw, _, filters = kernel.shape
    n, height, width, _ = inputs.shape
    output = np.zeros((n, (height - kh) // stride + 1, (width - kw) // stride + 1, filters))
    for i, r, c, f in np.ndindex(output.shape):
        window = inputs[i, r * stride : r * stride + kh, c * stride : c * stride + kw]
        output[i, r, c, f] = np.sum(window * kernel[:, :, :, f])
    return output


def max_pool2d_loops(inputs, pool_size, stride):
    """El pooling como se cuenta en los libros: una ventana, un máximo."""
    n, height, width, channels = inputs.shape
    output = np.zeros((n, (height - pool_size) // stride + 1, (width - pool_size) // stride + 1, channels))
    for i, r, c, k in np.ndindex(output.shape):
        output[i, r, c, k] = np.max(
            inputs[i, r * stride : r * stride + pool_size, c * stride : c * stride + pool_size, k]
        )
    return output


def pad(image, case: Case, value: float = 0):
    """La imagen con el relleno del caso, para las funciones que no lo hacen."""
    pads = explicit_padding(case.padding, image.shape[1:3], case.kernel_size, case.stride, case.dilation)
    return np.pad(image, ((0, 0), *pads, (0, 0)), constant_values=value)


def dilate(kernel, dilation: int):
    """El kernel con ceros entre sus pesos."""
    kh, kw, *rest = kernel.shape
    wide = np.zeros((dilation * (kh - 1) + 1, dilation * (kw - 1) + 1, *rest), kernel.dtype)
    wide[::dilation, ::dilation] = kernel
    return wide


def convolution_contestants(case: Case) -> tuple[dict[str, Callable], np.ndarray]:
    """Las tres maneras de convolucionar, y la entrada."""
    import tensorflow as tf

    k, s, padding = case.kernel_size, case.stride, case.padding
    rng = np.random.default_rng(0)
    x = rng.standard_normal((case.batch, case.size, case.size, case.channels), np.float32)
    w = rng.standard_normal((k, k, case.channels, case.filters), np.float32)
    tx, tw = tf.constant(x), tf.constant(w)
    contestants = {
        "bucles": lambda: conv2d_loops(pad(x[:1], case), dilate(w, case.dilation), s),
        "curso": lambda: conv2d(x, w, None, s, padding, case.dilation),
        "tf.nn": lambda: tf.nn.conv2d(tx, tw, s, padding.upper(), dilations=case.dilation).numpy(),
    }
    return contestants, x


def pooling_contestants(case: Case, kind: str) -> tuple[dict[str, Callable], np.ndarray]:
    """Las maneras de hacer pooling, y la entrada; el promedio no tiene bucles."""
    import tensorflow as tf

    k, s, padding = case.kernel_size, case.stride, case.padding
    x = np.random.default_rng(0).standard_normal(
        (case.batch, case.size, case.size, case.channels), np.float32
    )
    tx = tf.constant(x)
    if kind == "promedio":
        return {
            "curso": lambda: avg_pool2d(x, k, s, padding),
            "tf.nn": lambda: tf.nn.avg_pool2d(tx, k, s, padding.upper()).numpy(),
        }, x
    return {
        "bucles": lambda: max_pool2d_loops(pad(x[:1], case, -np.inf), k, s),
        "curso": lambda: max_pool2d(x, k, s, padding),
        "tf.nn": lambda: tf.nn.max_pool2d(tx, k, s, padding.upper()).numpy(),
    }, x


def milliseconds(function: Callable) -> float:
    """La llamada más rápida, en milisegundos."""
    times = []
    for _ in range(TURNS):
        end = time.perf_counter() + SECONDS_PER_TURN
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            function()
            times.append(time.perf_counter() - start)
    return 1000 * min(times)


def peak_memory(function: Callable, inputs: np.ndarray) -> float:
    """Máximo de memoria durante la llamada, entrada incluida, como múltiplo de entrada + salida."""
    tracemalloc.start()
    output = function()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (inputs.nbytes + peak) / (inputs.nbytes + output.nbytes)


def measure(name: str, case: Case, contestants: dict[str, Callable], inputs: np.ndarray) -> dict[str, float]:
    """Fila de la tabla; antes comprueba que todas las maneras dan lo mismo."""
    expected = contestants["tf.nn"]()
    for contestant, function in contestants.items():
        found = function()
        scale = np.abs(expected).max()
        if not np.allclose(found, expected[: len(found)], rtol=0, atol=1e-5 * scale):
            raise SystemExit(f"{name} {case}: {contestant} no da lo mismo que tf.nn")
    row = {contestant: milliseconds(function) for contestant, function in contestants.items()}
    if "bucles" in row:
        row["bucles"] *= case.batch
    row["memoria"] = peak_memory(contestants["curso"], inputs)
    return row


def print_table(title: str, rows: dict[str, dict[str, float]]) -> None:
    """Escribe una tabla en Markdown, en milisegundos."""
    columns = ("bucles", "curso", "tf.nn")
    print(f"\n{title} (ms)\n")
    print("| tamaño |", " | ".join(columns), "| curso / tf.nn | bucles / curso | memoria |")
    print("|---|" + "---:|" * (len(columns) + 3))
    for name, row in rows.items():
        cells = [
            number_text(row[column], 3 if row[column] < 10 else 1) if column in row else ""
            for column in columns
        ]
        cells.append(number_text(row["curso"] / row["tf.nn"]))
        cells.append(number_text(row["bucles"] / row["curso"], 0) if "bucles" in row else "")
        cells.append(number_text(row["memoria"]))
        print(f"| {name} |", " | ".join(cells), "|")


def print_goals(goals: list[tuple[str, float, float, bool]]) -> None:
    """Escribe cada objetivo, lo medido y si se cumple."""
    print("\n| objetivo | límite | medido | |\n|---|---:|---:|---|")
    for name, limit, found, at_most in goals:
        kept = found <= limit if at_most else found >= limit
        bound = "≤" if at_most else "≥"
        print(f"| {name} | {bound} {number_text(limit)} | {number_text(found)} | {'sí' if kept else 'NO'} |")


def main() -> None:
    """Mide, escribe las tablas y dice qué objetivos se cumplen."""
    convolutions, poolings = {}, {}
    for case in CONVOLUTIONS:
        convolutions[str(case)] = measure("convolución", case, *convolution_contestants(case))
    print_table("Convolución", convolutions)
    for kind in ("máximo", "promedio"):
        for case in POOLINGS:
            poolings[f"{kind} {case}"] = measure(kind, case, *pooling_contestants(case, kind))
    print_table("Pooling", poolings)

    ratios = [row["curso"] / row["tf.nn"] for row in convolutions.values()]
    pool_ratios = [row["curso"] / row["tf.nn"] for row in poolings.values()]
    # «28×28×8 y más»: todos los tamaños salvo la imagen suelta de un canal y un filtro
    gains = [row["bucles"] / row["curso"] for row in list(convolutions.values())[1:]]
    memory = [row["memoria"] for row in (*convolutions.values(), *poolings.values())]
    print_goals(
        [
            ("convolución / tf.nn, media geométrica", 2, geometric_mean(ratios), True),
            ("convolución / tf.nn, el peor tamaño", 6, max(ratios), True),
            ("pooling / tf.nn, media geométrica", 3, geometric_mean(pool_ratios), True),
            ("pooling / tf.nn, el peor tamaño", 3, max(pool_ratios), True),
            ("bucles / curso desde 28×28×8, el peor tamaño", 100, min(gains), False),
            ("memoria máxima / (entrada + salida), el peor tamaño", 3, max(memory), True),
        ]
    )


if __name__ == "__main__":
    # TensorFlow tan rápido como sabe: course_utils lo frena para que repita los mismos bits
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    main()
