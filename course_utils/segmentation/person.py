"""Una red ajena, ya entrenada, que separa a una persona del fondo.

Es el modelo general de *Selfie Segmentation*, de MediaPipe: ``vendor/selfie_segmentation.tflite``, con su
licencia, su versión y su huella al lado.
"""

import warnings
from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image

from course_utils.checks import check_array
from course_utils.networks.training import quiet_stderr

SIDE = 256  # píxeles que mide lo que entra en la red


def person_probabilities(photo) -> np.ndarray:
    """De cada píxel de una fotografía, la probabilidad de que sea de una persona.

    La foto se deforma hasta un cuadrado de ``SIDE`` píxeles, y la respuesta, al revés. La ejecuta LiteRT:
    ``ai_edge_litert`` si está, y si no, el ``tf.lite`` de TensorFlow.

    Parameters
    ----------
    photo : array_like of uint8, shape (H, W, 3)
        Fotografía en color, de 0 a 255.

    Returns
    -------
    ndarray of float32, shape (H, W)

    Raises
    ------
    ImportError
        Si no está ninguna de las dos bibliotecas.
    TypeError, ValueError
        Si no es una fotografía en color de enteros de 0 a 255.

    Examples
    --------
    >>> person_probabilities(np.zeros((40, 60, 3), np.uint8)).shape
    (40, 60)

    References
    ----------
    MediaPipe, «Selfie Segmentation» (2021).
    https://github.com/google-ai-edge/mediapipe/blob/v0.10.9/docs/solutions/selfie_segmentation.md
    """
    photo = check_array(photo, "photo", {3: "(fila, columna, canal)"})
    if photo.dtype != np.uint8 or photo.shape[-1] != 3:
        raise ValueError(
            f"photo es {photo.dtype}, de forma {photo.shape}, y se esperaba uint8 con tres canales: si va de "
            "0 a 1, escribe (255 * photo).astype(np.uint8); si es gris, np.dstack([photo] * 3)"
        )
    height, width = photo.shape[:2]
    square = Image.fromarray(photo).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    given = np.asarray(square, np.float32)[np.newaxis] / 255  # (1, SIDE, SIDE, 3)
    network = _interpreter()
    network.set_tensor(network.get_input_details()[0]["index"], given)
    network.invoke()
    answer = network.get_tensor(network.get_output_details()[0]["index"])[0, ..., 0]
    return np.asarray(Image.fromarray(answer).resize((width, height), Image.Resampling.BILINEAR))


@cache
def _interpreter():
    model = (files(__package__) / "vendor" / "selfie_segmentation.tflite").read_bytes()
    # LiteRT dice en inglés qué rutinas usa, y TensorFlow, que tf.lite se muda a ai_edge_litert
    with quiet_stderr(), warnings.catch_warnings(action="ignore"):
        network = _litert()(model_content=model, num_threads=1)
        network.allocate_tensors()
    return network


def _litert():
    """La clase que ejecuta un modelo, de la biblioteca que haya."""
    try:
        from ai_edge_litert.interpreter import Interpreter

        return Interpreter
    except ImportError:
        pass
    try:
        import tensorflow as tf

        return tf.lite.Interpreter
    except (ImportError, AttributeError):
        raise ImportError(
            "falta LiteRT, que ejecuta esta red: no están ai_edge_litert ni el tf.lite de TensorFlow. "
            "Instala el primero: pip install ai-edge-litert"
        ) from None
