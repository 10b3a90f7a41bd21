"""Escribe ``web/test/vectors.json``: lo que las figuras deben calcular, según course_utils y según Keras.

    python -m tools.figure_vectors

Cada caso lleva su respuesta; donde Keras calcula lo mismo, la respuesta se le pide también a Keras y las dos
tienen que coincidir antes de escribir nada.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

from course_utils.datasets.coco.masks import decode_rle_counts
from course_utils.figures import GradientDescentFigure
from course_utils.figures.augmentation import DRAWN, Transformation, light, move
from course_utils.figures.drawing import short_number
from course_utils.figures.gradient_descent import X, Y
from course_utils.networks.metrics import accuracy, confusion_matrix
from course_utils.ops.convolution import conv2d, conv2d_as_matrix, conv2d_transpose, correlate2d
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count
from course_utils.ops.pooling import avg_pool2d, max_pool2d
from course_utils.ops.receptive_field import receptive_field, usage_map
from course_utils.ops.sizes import axis_padding, conv_output_size, same_padding
from course_utils.segmentation.instance_metrics import (
    Instances,
    average_precision,
    instance_iou,
    match_instances,
    precision_recall,
)
from course_utils.segmentation.semantic_metrics import dice, iou
from course_utils.style import number_text

PATH = Path(__file__).resolve().parents[1] / "web" / "test" / "vectors.json"


def size_cases() -> list[dict]:
    """Todas las combinaciones pequeñas de n, k, s, p y d; tamaño 0 donde la referencia dice que no cabe."""
    sizes = product((1, 4, 7, 12), (1, 2, 3, 4), (1, 2, 3), (1, 2), (0, 1, 2, "same"))
    return [_size_case(n, k, s, d, padding) for n, k, s, d, padding in sizes]


def _size_case(n, k, s, d, padding):
    pads = axis_padding(padding, n, k, s, d)
    try:
        size = conv_output_size(n, k, s, padding, d)
        usage = usage_map((n, 1), (k, 1), (s, 1), (pads, (0, 0)), (d, 1))[:, 0]
    except ValueError:
        size, usage = 0, [0] * n
    case = {"n": n, "k": k, "s": s, "d": d, "padding": padding}
    return case | {"size": size, "same": same_padding(n, k, s, d), "usage": usage}


def conv_cases(rng) -> list[dict]:
    """Convoluciones de un canal: enteros, decimales, kernels no cuadrados, stride y relleno."""
    cases = []
    for shape, kernel_size, stride, padding in [
        ((3, 3), (2, 2), 1, 0),
        ((8, 8), (3, 3), 1, 1),
        ((6, 9), (3, 2), 2, 0),
        ((7, 5), (1, 4), 1, 2),
        ((12, 12), (5, 5), 3, 2),
    ]:
        image = rng.integers(-3, 10, shape) if padding < 2 else rng.normal(size=shape).round(3)
        kernel = rng.integers(-3, 4, kernel_size)
        case = {"image": image, "kernel": kernel, "stride": stride, "padding": padding}
        cases.append(case | {"output": correlate2d(image, kernel, stride, padding)})
    by_hand = {"image": np.arange(9).reshape(3, 3), "kernel": np.arange(4).reshape(2, 2)}
    return [*cases, by_hand | {"stride": 1, "padding": 0, "output": [[19, 25], [37, 43]]}]


def transposed_cases(rng) -> list[dict]:
    """Convoluciones transpuestas de un canal: kernels mayores, iguales y menores que el paso."""
    cases = []
    kernel_sizes = ((1, 1), (2, 2), (3, 3), (4, 4), (3, 2))
    for shape, kernel_size, stride, padding in product(
        ((2, 2), (1, 3), (3, 2)), kernel_sizes, (1, 2, 3), ("valid", "same")
    ):
        image, kernel = rng.integers(-3, 10, shape), rng.integers(-3, 4, kernel_size)
        inputs, weights = image[None, :, :, None], kernel[:, :, None, None]
        output = conv2d_transpose(inputs, weights, None, stride, padding)[0, :, :, 0]
        case = {"image": image, "kernel": kernel, "stride": stride, "padding": padding}
        cases.append(case | {"output": output})
    return cases


def mask_cases(rng) -> list[dict]:
    """Una máscara y unas probabilidades con un umbral: al azar, vacías, llenas e iguales."""
    cases = []
    for shape, share in [((3, 4), 0.5), ((12, 12), 0.1), ((5, 7), 0.9), ((2, 2), 0), ((2, 2), 1)]:
        truth = (rng.random(shape) < share).astype(int)
        probabilities = np.clip(0.6 * truth + rng.normal(0.2, 0.3, shape), 0, 1).round(3)
        for threshold in (0.15, 0.5, 0.95, 1.0):
            predicted = (probabilities > threshold).astype(int)
            scores = {"iou": iou(truth, predicted), "dice": dice(truth, predicted)}
            scores["accuracy"] = accuracy(truth.ravel(), predicted.ravel())
            both = np.count_nonzero(truth & predicted)
            for name, mask in (("precision", predicted), ("recall", truth)):
                scores[name] = both / mask.sum() if mask.any() else 1.0
            scores["confusion"] = confusion_matrix(truth.ravel(), predicted.ravel(), 2)
            case = {"truth": truth, "probabilities": probabilities, "threshold": threshold}
            cases.append(case | {"predicted": predicted} | scores)
    return cases


def instance_cases(rng) -> list[dict]:
    """Objetos verdaderos y predichos de una imagen, con confianzas repetidas, y varios umbrales de IoU."""
    cases = []
    for objects, extra in [(1, 0), (3, 1), (6, 3), (5, -5), (7, -2), (8, 1)]:
        boxes = _boxes(rng, objects)
        truth = _drawn(boxes)
        # cada predicho es un verdadero algo movido
        moved = boxes + rng.choice([-1, 0, 0, 0, 0, 1], boxes.shape)
        predicted = _drawn(np.concatenate([moved, _boxes(rng, max(extra, 0))])[: objects + extra])
        scores = rng.integers(1, 11, predicted.max()) / 10
        real = Instances(truth, [0] * truth.max())
        guessed = Instances(predicted, [0] * predicted.max(), scores)
        for threshold in (0.1, 0.3, 0.5, 0.75):
            precision, recall = precision_recall([real], [guessed], 0, threshold)
            case = {"truth": truth, "predicted": predicted, "scores": scores, "threshold": threshold}
            cases.append(
                case
                | {
                    "overlaps": instance_iou(real, guessed),
                    "matches": match_instances(real, guessed, threshold),
                }
                | {"precision": precision, "recall": recall}
                | {"ap": float(average_precision([real], [guessed], [threshold])[0])}
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
        output = conv2d(image[None], kernel, bias)[0]
        cases.append({"image": image, "kernel": kernel, "bias": bias, "output": output})
    return cases


def pool_cases(rng) -> list[dict]:
    """Máximo y promedio, con empates y negativos."""
    cases = []
    for rows, cols, size, stride in [(4, 4, 2, 2), (5, 7, 3, 1), (6, 6, 2, 3), (8, 8, 4, 2), (3, 3, 3, 1)]:
        image = rng.integers(-4, 4, (rows, cols))
        best, chosen = max_pool2d(image, size, stride, return_argmax=True)
        picked = np.stack(np.unravel_index(chosen, image.shape), axis=-1)
        case = {"image": image, "size": size, "stride": stride, "max": best, "picked": picked}
        cases.append(case | {"average": avg_pool2d(image, size, stride)})
    return cases


def matrix_cases(rng) -> list[dict]:
    """La matriz de una convolución."""
    cases = []
    for rows, cols, kernel_size in [(1, 8, (1, 3)), (5, 5, (3, 3)), (4, 6, (2, 3))]:
        kernel = rng.integers(-3, 4, kernel_size)
        matrix = conv2d_as_matrix(kernel, (rows, cols))
        cases.append({"rows": rows, "cols": cols, "kernel": kernel, "matrix": matrix})
    return cases


def field_cases(rng) -> list[dict]:
    """Pilas de capas; el tamaño de la última salida es 0 si alguna no cabe."""
    cases = []
    for _ in range(60):
        n, padding = int(rng.integers(8, 40)), str(rng.choice(["valid", "same"]))
        size, layers, reference = n, [], []
        for _ in range(rng.integers(1, 6)):
            k, s, d = (int(rng.integers(1, end)) for end in (6, 4, 3))
            layers.append({"kernel_size": k, "stride": s, "dilation": d})
            pads = axis_padding(padding, size, k, s, d)
            reference.append((k, s, pads, d))
            try:
                size = conv_output_size(size, k, s, pads, d)
            except ValueError:
                size = 0
                break
        case = {"n": n, "padding": padding, "layers": layers, "output": size}
        cases.append(case | receptive_field(reference)._asdict())
    return cases


def parameter_cases() -> list[dict]:
    """Parámetros de las tres capas."""
    cases = []
    for n, k, c, f in [(28, 3, 1, 32), (4, 1, 1, 1), (32, 5, 3, 16), (1024, 3, 3, 256)]:
        side = n - k + 1
        counts = {
            "dense": dense_param_count(n * n * c, side * side * f),
            "local": locally_connected_param_count(side, k, c, f),
            "conv": conv_param_count(k, c, f),
        }
        cases.append({"n": n, "k": k, "channels": c, "filters": f} | counts)
    return cases


def descent_cases() -> list[dict]:
    """Descensos por las dos pérdidas: despacio, deprisa, demasiado deprisa y con inercia."""
    cases = []
    for surface, start in (("parabola", (0, 0)), ("valley", (1, 0)), ("valley", (-1.5, 4))):
        for rate, momentum in product((0.01, 0.1, 0.3, 1.1), (0, 0.5, 0.9)):
            settings = {"learning_rate": rate, "momentum": momentum, "start": start, "step": 8}
            points = GradientDescentFigure(surface=surface, **settings).trajectory
            case = {"surface": surface, "start": start, "rate": rate, "momentum": momentum}
            cases.append(
                case
                | {"weights": [point.weights for point in points], "losses": [point.loss for point in points]}
                | {"gradients": [point.gradient for point in points]}
            )
    return cases


def augmentation_cases(rng) -> list[dict]:
    """Cada transformación sola, con bordes a medias, y varias a la vez; imágenes cuadradas y no cuadradas."""
    alone = [
        {"flip": True},
        {"rows": 0.25, "cols": -0.1},
        {"rows": -0.5, "cols": 0.5},
        {"rotation": 0.07},
        {"rotation": -0.23},
        {"rotation": 0.5},
        {"zoom": 0.3},
        {"zoom": -0.45},
        {"brightness": -0.4},
        {"contrast": 0.7},
        {"contrast": -0.9, "brightness": 0.3},
    ]
    together = [
        {"flip": bool(rng.integers(2))}
        | dict(zip(DRAWN[1:], rng.uniform(-0.4, 0.4, 6).round(3), strict=True))
        for _ in range(8)
    ]
    cases = []
    for shape, drawn in product(((8, 8), (9, 12)), alone + together):
        image, mask = rng.random(shape).round(3), rng.integers(0, 4, shape)
        transformation = Transformation(**drawn)
        case = {"image": image, "mask": mask, "drawn": transformation._asdict()}
        moved = light(move(image, transformation, 1), transformation)
        cases.append(case | {"output": moved, "mask_output": move(mask, transformation, 0).astype(int)})
    return cases


def rle_cases(rng) -> list[dict]:
    """Máscaras al azar, llenas y vacías, con sus cuentas y su texto comprimido, según pycocotools."""
    cases = []
    for shape, share in product(((1, 1), (6, 8), (12, 5), (9, 9)), (0, 0.2, 0.5, 0.9, 1)):
        cases.append(_rle_case((rng.random(shape) < share).astype(int)))
    large = np.zeros((60, 70), int)  # cuentas de varias letras, que crecen y menguan
    large[5:50, 10:40], large[20:30, 15:66] = 1, 1
    return [*cases, _rle_case(large)]


def _rle_case(mask):
    text = coco_mask.encode(np.asfortranarray(mask, np.uint8))["counts"].decode()
    return {"mask": mask, "counts": decode_rle_counts(text), "text": text}


def polygon_cases(rng) -> list[dict]:
    """Polígonos y los píxeles que encierran según pycocotools: el triángulo del capítulo 11 y rectángulos."""
    cases = [[[1, 1, 7, 1, 1, 5]], [[1, 1, 3, 1, 3, 3, 6, 3, 6, 5, 1, 5]]]
    for many in (1, 2, 3):
        corners = rng.integers((0, 0, 1, 1), (6, 4, 3, 3), (many, 4)).tolist()
        cases.append([[x, y, x + w, y, x + w, y + h, x, y + h] for x, y, w, h in corners])
    return [{"polygons": polygons, "mask": _filled(polygons, 6, 8)} for polygons in cases]


def _filled(polygons, rows, cols):
    return coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects(polygons, rows, cols))).astype(int)


def number_cases(rng) -> list[dict]:
    """Números escritos con 0, 1, 2 y 3 decimales y en una celda: justo en medio, enormes y al azar."""
    chosen = [0.125, 0.375, 2.5, 3.5, 0.5, 0.25, 0.75, 0.0625, 4.35, 0.005, 1.005, 1e-9, 0.285, 9.95, 9.96]
    large = [9999.5, 10000, 101770, 1234567.891, 2.0**53, 1e21, 1e22, 123456789e20]
    halfway = rng.integers(0, 4000, 100) / 2.0 ** rng.integers(1, 5, 100)
    random = rng.normal(size=200) * 10.0 ** rng.integers(-4, 7, 200)
    values = [0.0, *chosen, *(-v for v in chosen), *large, *halfway.tolist(), *random.tolist()]
    return [
        # el número va como texto: con seis cifras ya no sería el mismo
        {"value": repr(v), "texts": [number_text(v, d) for d in range(4)], "short": short_number(v)}
        for v in map(float, values)
    ]


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
        "numbers": number_cases(rng),
        "descents": descent_cases(),
        "augmentations": augmentation_cases(rng),
        "rles": rle_cases(rng),
        "polygons": polygon_cases(rng),
    }


def check_with_keras(vectors) -> None:
    """Pide a Keras las mismas respuestas; un desacuerdo detiene la escritura con un AssertionError."""
    import keras

    for name, check in _KERAS_CHECKS.items():
        for case in vectors[name]:
            check(keras, case)


def _tensor(array):
    return np.asarray(array, "float32")


def _check_convolution(keras, case):
    padded = np.pad(_tensor(case["image"]), case["padding"])[None, :, :, None]
    kernel = _tensor(case["kernel"])[:, :, None, None]
    theirs = keras.ops.conv(padded, kernel, case["stride"], "valid")
    np.testing.assert_allclose(np.asarray(theirs)[0, :, :, 0], case["output"], atol=1e-4)


def _check_transposed(keras, case):
    inputs, weights = _tensor(case["image"])[None, :, :, None], _tensor(case["kernel"])[:, :, None, None]
    layer = keras.layers.Conv2DTranspose(
        1, weights.shape[:2], case["stride"], case["padding"], use_bias=False
    )
    layer.build(inputs.shape)
    layer.kernel.assign(weights)
    np.testing.assert_allclose(np.asarray(layer(inputs))[0, :, :, 0], case["output"], atol=1e-4)


def _check_mask(keras, case):
    if case["iou"] == 1:  # Keras no cuenta una clase que no aparece, y aquí vale 1
        return
    above = np.nextafter(np.float32(case["threshold"]), np.float32(2))  # Keras cuenta también la igualdad
    metric = keras.metrics.BinaryIoU([1], threshold=float(above))
    metric.update_state(case["truth"], case["probabilities"])
    np.testing.assert_allclose(metric.result(), case["iou"], atol=1e-6)
    for name, whole in (("Precision", case["predicted"]), ("Recall", case["truth"])):
        if np.any(whole):  # sin ningún píxel, Keras da 0
            metric = getattr(keras.metrics, name)(thresholds=case["threshold"])
            metric.update_state(case["truth"], case["probabilities"])
            np.testing.assert_allclose(metric.result(), case[name.lower()], atol=1e-6)


def _check_channels(keras, case):
    image, kernel, bias = map(_tensor, (case["image"], case["kernel"], case["bias"]))
    theirs = keras.ops.conv(image[None], kernel, 1, "valid") + bias
    np.testing.assert_allclose(np.asarray(theirs)[0], case["output"], atol=1e-4)


def _check_pool(keras, case):
    image = _tensor(case["image"])[None, :, :, None]
    window = (case["size"],) * 2, (case["stride"],) * 2, "valid"
    for pool, ours in ((keras.ops.max_pool, case["max"]), (keras.ops.average_pool, case["average"])):
        np.testing.assert_allclose(np.asarray(pool(image, *window))[0, :, :, 0], ours, atol=1e-5)


def _check_descent(keras, case):
    import tensorflow as tf

    weights = keras.Variable(_tensor(case["weights"][0]), dtype="float32")
    optimizer = keras.optimizers.SGD(case["rate"], float(case["momentum"]))
    for expected in case["weights"][1:]:
        with tf.GradientTape() as tape:
            if case["surface"] == "parabola":
                loss = (weights.value[0] - 3) ** 2
            else:
                loss = tf.reduce_mean((weights.value[0] * X + weights.value[1] - Y) ** 2)
        optimizer.apply([tape.gradient(loss, weights.value)], [weights])
        np.testing.assert_allclose(weights.numpy(), expected, rtol=1e-4, atol=1e-4)


def _check_augmentation(keras, case):
    layers, drawn = keras.layers, case["drawn"]

    def by_layers(values, interpolation):
        exact = {"fill_mode": "constant", "interpolation": interpolation}
        values = _tensor(values)[None, :, :, None]
        values = layers.RandomFlip("horizontal").transform_images(values, {"flips": [[[[drawn["flip"]]]]]})
        rows, cols, turn, zoom = (drawn[name] for name in ("rows", "cols", "rotation", "zoom"))
        for layer in (
            layers.RandomTranslation((rows, rows), (cols, cols), **exact),
            layers.RandomRotation((turn, turn), **exact),
            layers.RandomZoom((zoom, zoom), **exact),
        ):
            values = layer(values, training=True)
        return values

    image = by_layers(case["image"], "bilinear")
    brightness = layers.RandomBrightness((drawn["brightness"],) * 2, value_range=(0, 1))
    image = brightness(image, training=True)
    contrast = layers.RandomContrast(
        1.0, value_range=(0, 1)
    )  # su fuerza no se puede fijar: se le da ya sorteada
    image = contrast.transform_images(image, {"contrast_factor": 1 + drawn["contrast"]})
    np.testing.assert_allclose(np.asarray(image)[0, :, :, 0], case["output"], atol=1e-4)
    mask = np.asarray(by_layers(case["mask"], "nearest"))[0, :, :, 0]
    np.testing.assert_array_equal(mask, case["mask_output"])


def _check_size(keras, case):
    same = case["padding"] == "same"
    if not same and (case["padding"] or not case["size"]):
        return
    if case["s"] > 1 and case["d"] > 1:
        return  # Keras no admite stride y dilatación a la vez
    ones, kernel = keras.ops.ones((1, case["n"], 1, 1)), keras.ops.ones((case["k"], 1, 1, 1))
    padding = "same" if same else "valid"
    theirs = keras.ops.conv(ones, kernel, (case["s"], 1), padding, dilation_rate=(case["d"], 1))
    assert theirs.shape[1] == case["size"], case


_KERAS_CHECKS = {
    "convolutions": _check_convolution,
    "transposed": _check_transposed,
    "masks": _check_mask,
    "channels": _check_channels,
    "pools": _check_pool,
    "sizes": _check_size,
    "descents": _check_descent,
    "augmentations": _check_augmentation,
}


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
