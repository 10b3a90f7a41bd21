"""Los casos publicados de ONNX: Conv, MaxPool, AveragePool y sus versiones globales.

ONNX genera sus casos al importar cada módulo. Los de tres ejes espaciales y los de pooling dilatado quedan
fuera, porque el curso no los tiene; los de un eje se prueban con una sola fila.
"""

import importlib

import numpy as np
import pytest

from course_utils.ops.convolution import conv2d, pad2d
from course_utils.ops.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d

MODULES = ("conv", "maxpool", "averagepool", "globalmaxpool", "globalaveragepool")
OPERATIONS = {"Conv", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"}


def onnx_cases():
    from onnx.backend.test.case import node

    # collect_testcases generaría también los casos de las demás operaciones, que son más de mil
    for module in MODULES:
        importlib.import_module(f"onnx.backend.test.case.node.{module}")
    return {
        case.name: case
        for case in node._NodeTestCases
        if case.model.graph.node[0].op_type in OPERATIONS
        and case.data_sets[0][0][0].ndim < 5
        and "dilations" not in attributes_of(case)[1]
    }


def as_images(array):
    """(N, C, W) o (N, C, H, W), el orden de ONNX, a (N, H, W, C)."""
    return np.moveaxis(array[:, :, None] if array.ndim == 3 else array, 1, -1)


def spatial(values, default):
    """Un valor por eje espacial, con el de las filas delante si solo hay columnas."""
    return [default, *values] if len(values) == 1 else list(values)


def padding_of(attributes, size, kernel_size, strides):
    """El relleno de ONNX en píxeles por lado, con las filas y columnas que añade ``ceil_mode`` al final."""
    mode = attributes.get("auto_pad", b"NOTSET")
    if mode in (b"SAME_UPPER", b"SAME_LOWER"):
        total = [
            max((-(-n // s) - 1) * s + k - n, 0) for n, s, k in zip(size, strides, kernel_size, strict=True)
        ]
        less, more = [t // 2 for t in total], [t - t // 2 for t in total]
        before, after = (less, more) if mode == b"SAME_UPPER" else (more, less)
    else:
        flat = attributes.get("pads", [0] * (2 * len(size)))
        half = len(flat) // 2
        before, after = spatial(flat[:half], 0), spatial(flat[half:], 0)
    extra = [0, 0]
    if attributes.get("ceil_mode"):
        for axis, (n, k, s) in enumerate(zip(size, kernel_size, strides, strict=True)):
            padded = n + before[axis] + after[axis]
            outputs = -(-(padded - k) // s) + 1
            # la última ventana no puede empezar en el relleno del final
            if (outputs - 1) * s >= n + before[axis]:
                outputs -= 1
            extra[axis] = max((outputs - 1) * s + k - padded, 0)
    return list(zip(before, after, strict=True)), extra


def run(operation, attributes, inputs):
    """Lo mismo que pide el caso, con las funciones del curso; devuelve mapas (N, H, W, C)."""
    images = as_images(inputs[0])
    if operation.startswith("Global"):
        pool = global_max_pool2d if operation == "GlobalMaxPool" else global_avg_pool2d
        return [pool(images)[:, None, None]]
    kernel_size = spatial(attributes["kernel_shape"], 1)
    strides = spatial(attributes.get("strides", [1] * len(kernel_size)), 1)
    pads, extra = padding_of(attributes, images.shape[1:3], kernel_size, strides)
    wider = [(before, after + more) for (before, after), more in zip(pads, extra, strict=True)]
    if operation == "Conv":
        kernel = inputs[1].transpose(2, 3, 1, 0)
        return [conv2d(images, kernel, *inputs[2:], strides=strides, padding=pads)]
    if operation == "MaxPool":
        best, chosen = max_pool2d(images, kernel_size, strides, wider, return_argmax=True)
        rows, cols = np.divmod(chosen, images.shape[2])
        if attributes.get("storage_order"):  # por columnas
            chosen = cols * images.shape[1] + rows
        # ONNX numera los píxeles de todo el lote, canal a canal
        channel = np.arange(images.shape[0] * images.shape[3]).reshape(len(images), 1, 1, -1)
        return [best, chosen + channel * images.shape[1] * images.shape[2]]
    if attributes.get("count_include_pad"):
        images, wider = pad2d(images, pads), [(0, more) for more in extra]
    return [avg_pool2d(images, kernel_size, strides, wider)]


def attributes_of(case):
    from onnx import helper

    node = case.model.graph.node[0]
    return node.op_type, {
        attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute
    }


@pytest.fixture(scope="module")
def cases():
    return onnx_cases()


def test_every_published_case_with_images_is_reproduced(cases):
    reproduced = set()
    for name, case in cases.items():
        operation, attributes = attributes_of(case)
        inputs, outputs = case.data_sets[0]
        for found, expected in zip(run(operation, attributes, inputs), outputs, strict=False):
            np.testing.assert_allclose(found, as_images(expected), rtol=case.rtol, atol=1e-6, err_msg=name)
        reproduced.add((operation, name))
    done = {operation: sum(op == operation for op, _ in reproduced) for operation in OPERATIONS}
    assert done["Conv"] >= 6
    assert done["MaxPool"] >= 14
    assert done["AveragePool"] >= 12
    assert done["GlobalMaxPool"] == done["GlobalAveragePool"] == 2


def test_the_cases_cover_what_the_course_offers(cases):
    seen = set()
    for case in cases.values():
        _, attributes = attributes_of(case)
        seen |= {name for name, value in attributes.items() if value}
        seen.add(attributes.get("auto_pad"))
        seen |= {"argmax"} if len(case.data_sets[0][1]) == 2 else set()
    assert {"pads", "strides", "ceil_mode", "count_include_pad", "argmax"} <= seen
    assert {b"SAME_UPPER", b"SAME_LOWER"} <= seen
