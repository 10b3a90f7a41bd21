"""Escribe ``web/test/vectors.json``: lo que las figuras deben calcular, según course_utils y según Keras.

    python tools/figure_vectors.py

Cada caso lleva su respuesta; donde Keras calcula lo mismo, la respuesta se le pide también a Keras y las dos
tienen que coincidir antes de escribir nada.
"""

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from course_utils.networks.metrics import accuracy, confusion_matrix
from course_utils.ops.convolution import conv2d, conv2d_as_matrix, conv2d_transpose, correlate2d  # noqa: E402
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count
from course_utils.ops.pooling import avg_pool2d, max_pool2d  # noqa: E402
from course_utils.ops.receptive_field import receptive_field, usage_map
from course_utils.ops.shapes import conv_output_size, same_padding
from course_utils.segmentation.instance_metrics import (
    Instances,
    average_precision,
    instance_iou,
    match_instances,
    precision_recall,
)
from course_utils.segmentation.semantic_metrics import dice, iou  # noqa: E402

PATH = ROOT / "web" / "test" / "vectors.json"


def size_cases() -> list[dict]:
    """Todas las combinaciones pequeñas de n, k, s, p y d; tamaño 0 donde la referencia dice que no cabe."""
    cases = []
    for n in (1, 4, 7, 12):
        for k in (1, 2, 3, 4):
            for s in (1, 2, 3):
                for d in (1, 2):
                    for padding in (0, 1, 2, "same"):
                        try:
                            size = conv_output_size(n, k, s, padding, d)
                        except ValueError:
                            size = 0
                        usage = (
                            usage_map((n, 1), (k, 1), (s, 1), ((_pads(padding, n, k, s, d)), (0, 0)), (d, 1))[
                                :, 0
                            ]
                            if size
                            else np.zeros(n, int)
                        )
                        cases.append(
                            {
                                "n": n,
                                "k": k,
                                "s": s,
                                "d": d,
                                "padding": padding,
                                "size": size,
                                "same": same_padding(n, k, s, d),
                                "usage": usage.tolist(),
                            }
                        )
    return cases


def conv_cases(rng) -> list[dict]:
    """Convoluciones de un canal: enteros, decimales, kernels no cuadrados, stride y relleno."""
    cases = []
    for rows, cols, kernel_size, stride, padding in [
        (3, 3, (2, 2), 1, 0),
        (8, 8, (3, 3), 1, 1),
        (6, 9, (3, 2), 2, 0),
        (7, 5, (1, 4), 1, 2),
        (12, 12, (5, 5), 3, 2),
    ]:
        image = rng.integers(-3, 10, (rows, cols)) if padding < 2 else rng.normal(size=(rows, cols)).round(3)
        kernel = rng.integers(-3, 4, kernel_size)
        cases.append(
            {
                "image": image,
                "kernel": kernel,
                "stride": stride,
                "padding": padding,
                "output": correlate2d(image, kernel, stride, padding),
            }
        )
    cases.append(
        {
            "image": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
            "kernel": [[0, 1], [2, 3]],
            "stride": 1,
            "padding": 0,
            "output": [[19, 25], [37, 43]],
        }
    )
    return cases


def transposed_cases(rng) -> list[dict]:
    """Convoluciones transpuestas de un canal: kernels mayores, iguales y menores que el paso."""
    cases = []
    for shape in ((2, 2), (1, 3), (3, 2)):
        for kernel_size in ((1, 1), (2, 2), (3, 3), (4, 4), (3, 2)):
            for stride in (1, 2, 3):
                for padding in ("valid", "same"):
                    image, kernel = rng.integers(-3, 10, shape), rng.integers(-3, 4, kernel_size)
                    inputs, weights = image[None, :, :, None], kernel[:, :, None, None]
                    output = conv2d_transpose(inputs, weights, None, stride, padding)[0, :, :, 0]
                    cases.append(
                        {
                            "image": image,
                            "kernel": kernel,
                            "stride": stride,
                            "padding": padding,
                            "output": output,
                        }
                    )
    return cases


def mask_cases(rng) -> list[dict]:
    """Una máscara y unas probabilidades con un umbral: al azar, vacías, llenas e iguales."""
    cases = []
    for shape, share in [((3, 4), 0.5), ((12, 12), 0.1), ((5, 7), 0.9), ((2, 2), 0), ((2, 2), 1)]:
        truth = (rng.random(shape) < share).astype(int)
        probabilities = np.clip(0.6 * truth + rng.normal(0.2, 0.3, shape), 0, 1).round(3)
        for threshold in (0.15, 0.5, 0.95, 1.0):
            predicted = (probabilities > threshold).astype(int)
            cases.append(
                {
                    "truth": truth,
                    "probabilities": probabilities,
                    "threshold": threshold,
                    "iou": iou(truth, predicted),
                    "dice": dice(truth, predicted),
                    "accuracy": accuracy(truth.ravel(), predicted.ravel()),
                    "confusion": confusion_matrix(truth.ravel(), predicted.ravel(), 2),
                }
            )
    return cases


def instance_cases(rng) -> list[dict]:
    """Objetos verdaderos y predichos de una imagen, con confianzas repetidas, y varios umbrales de IoU."""
    cases = []
    for objects, extra in [(1, 0), (3, 1), (6, 3), (5, -5), (7, -2), (8, 1)]:
        boxes = _boxes(rng, objects)
        truth = _drawn(boxes)
        moved = boxes + rng.choice(
            [-1, 0, 0, 0, 0, 1], boxes.shape
        )  # cada predicho es un verdadero algo movido
        predicted = _drawn(np.concatenate([moved, _boxes(rng, max(extra, 0))])[: objects + extra])
        scores = rng.integers(1, 11, predicted.max()) / 10
        images = (
            Instances(truth, [0] * truth.max()),
            Instances(predicted, [0] * predicted.max(), scores),
        )
        for threshold in (0.1, 0.3, 0.5, 0.75):
            precision, recall = precision_recall([images[0]], [images[1]], 0, threshold)
            cases.append(
                {
                    "truth": truth,
                    "predicted": predicted,
                    "scores": scores,
                    "threshold": threshold,
                    "overlaps": instance_iou(*images),
                    "matches": match_instances(*images, threshold),
                    "precision": precision,
                    "recall": recall,
                    "ap": float(average_precision([images[0]], [images[1]], [threshold])[0]),
                }
            )
    return cases


def _boxes(rng, count):
    """Rectángulos al azar: fila, columna, alto y ancho."""
    return rng.integers((1, 1, 2, 2), (7, 10, 5, 5), (count, 4))


def _drawn(boxes):
    """Números de objeto; el que queda tapado del todo desaparece y los demás se renumeran."""
    ids = np.zeros((10, 14), int)
    for number, (row, col, rows, cols) in enumerate(boxes.tolist(), 1):
        ids[row : row + rows, col : col + cols] = number
    return np.unique(ids, return_inverse=True)[1].reshape(ids.shape)


def channel_cases(rng) -> list[dict]:
    """Varios canales y filtros, con sesgo: (H, W, C) y (kh, kw, C, F) como en Keras."""
    cases = []
    for channels, filters in ((1, 1), (3, 2), (3, 4)):
        image = rng.integers(0, 5, (6, 5, channels))
        kernel, bias = rng.integers(-2, 3, (3, 2, channels, filters)), rng.integers(-3, 4, filters)
        cases.append(
            {"image": image, "kernel": kernel, "bias": bias, "output": conv2d(image[None], kernel, bias)[0]}
        )
    return cases


def pool_cases(rng) -> list[dict]:
    """Máximo y promedio, con empates y negativos."""
    cases = []
    for rows, cols, size, stride in [(4, 4, 2, 2), (5, 7, 3, 1), (6, 6, 2, 3), (8, 8, 4, 2), (3, 3, 3, 1)]:
        image = rng.integers(-4, 4, (rows, cols))
        best, chosen = max_pool2d(image, size, stride, return_argmax=True)
        picked = np.stack(np.unravel_index(chosen, image.shape), axis=-1)
        cases.append(
            {
                "image": image,
                "size": size,
                "stride": stride,
                "max": best,
                "picked": picked,
                "average": avg_pool2d(image, size, stride),
            }
        )
    return cases


def matrix_cases(rng) -> list[dict]:
    """La matriz de una convolución."""
    cases = []
    for shape, kernel_size in [((1, 8), (1, 3)), ((5, 5), (3, 3)), ((4, 6), (2, 3))]:
        kernel = rng.integers(-3, 4, kernel_size)
        cases.append(
            {"rows": shape[0], "cols": shape[1], "kernel": kernel, "matrix": conv2d_as_matrix(kernel, shape)}
        )
    return cases


def field_cases(rng) -> list[dict]:
    """Pilas de capas; el tamaño de la última salida es 0 si alguna no cabe."""
    cases = []
    for _ in range(60):
        n, padding = int(rng.integers(8, 40)), str(rng.choice(["valid", "same"]))
        size, layers, reference = n, [], []
        for _ in range(rng.integers(1, 6)):
            layer = {
                "kernel_size": int(rng.integers(1, 6)),
                "stride": int(rng.integers(1, 4)),
                "dilation": int(rng.integers(1, 3)),
            }
            layers.append(layer)
            pads = same_padding(size, *layer.values()) if padding == "same" else (0, 0)
            reference.append((layer["kernel_size"], layer["stride"], pads, layer["dilation"]))
            try:
                size = conv_output_size(size, *reference[-1])
            except ValueError:
                size = 0
                break
        cases.append(
            {
                "n": n,
                "padding": padding,
                "layers": layers,
                "output": size,
                **receptive_field(reference)._asdict(),
            }
        )
    return cases


def parameter_cases() -> list[dict]:
    """Parámetros de las tres capas."""
    cases = []
    for n, k, c, f in [(28, 3, 1, 32), (4, 1, 1, 1), (32, 5, 3, 16), (1024, 3, 3, 256)]:
        side = n - k + 1
        cases.append(
            {
                "n": n,
                "k": k,
                "channels": c,
                "filters": f,
                "dense": dense_param_count(n * n * c, side * side * f),
                "local": locally_connected_param_count(side, k, c, f),
                "conv": conv_param_count(k, c, f),
            }
        )
    return cases


def build() -> dict:
    """Todos los casos, según course_utils; la semilla es fija."""
    rng = np.random.default_rng(2024)
    return {
        "sizes": size_cases(),
        "convolutions": conv_cases(rng),
        "channels": channel_cases(rng),
        "pools": pool_cases(rng),
        "matrices": matrix_cases(rng),
        "fields": field_cases(rng),
        "parameters": parameter_cases(),
        "transposed": transposed_cases(rng),
        "masks": mask_cases(rng),
        "instances": instance_cases(rng),
    }


def check_with_keras(vectors) -> None:
    """Pide a Keras las mismas respuestas; un desacuerdo detiene la escritura.

    Parameters
    ----------
    vectors : dict
        Lo que devuelve :func:`build`.

    Raises
    ------
    AssertionError
        Si alguna respuesta no coincide.
    """
    import keras

    def tensor(array):
        return np.asarray(array, "float32")

    for case in vectors["convolutions"]:
        padded = np.pad(tensor(case["image"]), case["padding"])
        theirs = keras.ops.conv(
            padded[None, :, :, None], tensor(case["kernel"])[:, :, None, None], case["stride"], "valid"
        )
        np.testing.assert_allclose(np.asarray(theirs)[0, :, :, 0], case["output"], atol=1e-4)
    for case in vectors["transposed"]:
        inputs, weights = tensor(case["image"])[None, :, :, None], tensor(case["kernel"])[:, :, None, None]
        layer = keras.layers.Conv2DTranspose(
            1, weights.shape[:2], case["stride"], case["padding"], use_bias=False
        )
        layer.build(inputs.shape)
        layer.kernel.assign(weights)
        np.testing.assert_allclose(np.asarray(layer(inputs))[0, :, :, 0], case["output"], atol=1e-4)
    for case in vectors["masks"]:
        if case["iou"] < 1:  # Keras no cuenta una clase que no aparece, y aquí vale 1
            above = np.nextafter(
                np.float32(case["threshold"]), np.float32(2)
            )  # Keras cuenta también la igualdad
            metric = keras.metrics.BinaryIoU([1], threshold=float(above))
            metric.update_state(case["truth"], case["probabilities"])
            np.testing.assert_allclose(metric.result(), case["iou"], atol=1e-6)
    for case in vectors["channels"]:
        theirs = keras.ops.conv(tensor(case["image"])[None], tensor(case["kernel"]), 1, "valid") + tensor(
            case["bias"]
        )
        np.testing.assert_allclose(np.asarray(theirs)[0], case["output"], atol=1e-4)
    for case in vectors["pools"]:
        image = tensor(case["image"])[None, :, :, None]
        window = (case["size"],) * 2, (case["stride"],) * 2, "valid"
        np.testing.assert_allclose(
            np.asarray(keras.ops.max_pool(image, *window))[0, :, :, 0], case["max"], atol=1e-5
        )
        np.testing.assert_allclose(
            np.asarray(keras.ops.average_pool(image, *window))[0, :, :, 0], case["average"], atol=1e-5
        )
    for case in vectors["sizes"]:
        if case["padding"] == "same" or (case["padding"] == 0 and case["size"]):
            padding = "same" if case["padding"] == "same" else "valid"
            if case["s"] > 1 and case["d"] > 1:
                continue  # Keras no admite stride y dilatación a la vez
            ones = keras.ops.ones((1, case["n"], 1, 1))
            kernel = keras.ops.ones((case["k"], 1, 1, 1))
            theirs = keras.ops.conv(ones, kernel, (case["s"], 1), padding, dilation_rate=(case["d"], 1))
            assert theirs.shape[1] == case["size"], case


def _pads(padding, n, k, s, d):
    return same_padding(n, k, s, d) if padding == "same" else (padding, padding)


def plain(value):
    """Lo mismo con listas y números de Python, los decimales con seis cifras: lo que se guarda en JSON."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def main() -> None:
    """Comprueba con Keras y escribe."""
    vectors = build()
    check_with_keras(vectors)
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(plain(case)) for case in cases) + "\n]"
        for name, cases in vectors.items()
    ]
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
