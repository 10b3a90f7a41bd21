"""Qué responde una red por dentro y por qué: mapas, ventanas que activan cada filtro y zonas que deciden."""

from dataclasses import dataclass

import numpy as np

from course_utils.checks import BATCH_AXES, check_array, check_integer, shown
from course_utils.ops.receptive_field import ReceptiveField, receptive_field
from course_utils.ops.sizes import same_padding

_BATCH_SIZE = 256
_SAME_PIXEL = (
    "InputLayer",
    "Rescaling",
    "Normalization",
    "BatchNormalization",
    "Activation",
    "ReLU",
    "Dropout",
)


@dataclass(frozen=True)
class Patches:
    """Las ventanas de imagen que más activan cada filtro de una capa, de mayor a menor y una por imagen.

    Parameters
    ----------
    pixels : ndarray, shape (F, K, h, w, C)
        Las K ventanas de cada filtro, del tipo de las imágenes; lo que se sale de la imagen vale 0.
    values : ndarray of float32, shape (F, K)
        Activación del filtro en cada ventana.
    images : ndarray of int64, shape (F, K)
        De qué imagen es cada ventana.
    centers : ndarray of float64, shape (F, K, 2)
        Centro de cada ventana, (fila, columna), en píxeles de la imagen.
    """

    pixels: np.ndarray
    values: np.ndarray
    images: np.ndarray
    centers: np.ndarray


def feature_maps(model, images, layers) -> dict[str, np.ndarray]:
    """Salida de cada capa para unas imágenes: por nombre, (N, h, w, F) si la capa es convolucional.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.
    images : array_like, shape (N, H, W, C)
        Imágenes, en el intervalo que espera la red.
    layers : iterable of str
        Nombres de las capas.

    Raises
    ------
    TypeError, ValueError
        Si alguna capa no existe o las imágenes no son números con la forma que espera la red.

    Examples
    --------
    >>> import keras
    >>> layers = [keras.Input((4, 4, 1)), keras.layers.MaxPooling2D(name="pool")]
    >>> maps = feature_maps(keras.Sequential(layers), np.arange(16.0).reshape(1, 4, 4, 1), ["pool"])
    >>> maps["pool"][0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """
    names = list(layers)
    parts = list(_batch_outputs(model, _check_images(model, images), names))
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def window_geometry(model, layer: str) -> tuple[ReceptiveField, ReceptiveField]:
    """Qué ventana de la imagen ve cada salida de una capa, en píxeles: por filas y por columnas.

    Parameters
    ----------
    model : keras.Sequential
        Red ya construida; hasta ``layer``, solo convoluciones, pooling y capas que no mezclan píxeles.
    layer : str
        Nombre de la capa.

    Raises
    ------
    TypeError
        Si el modelo no es secuencial.
    ValueError
        Si la capa no existe o antes de ella se mezclan todos los píxeles, como en una capa densa.

    Examples
    --------
    >>> import keras
    >>> from keras.layers import Conv2D, MaxPooling2D
    >>> stack = [keras.Input((28, 28, 1)), Conv2D(2, 5), MaxPooling2D(), Conv2D(2, 3, name="second")]
    >>> rows, cols = window_geometry(keras.Sequential(stack), "second")
    >>> rows
    ReceptiveField(size=10, jump=2, start=0)
    """
    import keras

    if not isinstance(model, keras.Sequential):
        raise TypeError(
            f"las ventanas se siguen capa a capa en una red keras.Sequential y ha llegado {shown(model)}: "
            "usa feature_maps para ver la salida de una capa de otra red"
        )
    _find_layer(model, layer)
    steps: list[tuple[tuple, tuple]] = []
    for current in model.layers:
        if type(current).__name__ not in _SAME_PIXEL:
            steps.append(_window_step(current))
        if current.name == layer:
            break
    rows, cols = (receptive_field(step[axis] for step in steps) for axis in (0, 1))
    return rows, cols


def top_patches(model, images, layer: str, count: int = 9) -> Patches:
    """Ventanas de las imágenes que más activan cada filtro de una capa.

    De cada imagen se toma solo la posición donde el filtro responde más; de ahí salen las ``count`` imágenes
    con mayor respuesta. Se recorta en ellas el campo receptivo de esa posición: todo lo que el filtro ha
    podido ver. Las ventanas de un filtro cuyas activaciones son todas 0 no significan nada.

    Parameters
    ----------
    model : keras.Sequential
        Red ya construida, como en :func:`window_geometry`.
    images : array_like, shape (N, H, W, C)
        Imágenes donde buscar, en el intervalo que espera la red.
    layer : str
        Nombre de la capa; su salida debe tener los ejes (lote, fila, columna, filtro).
    count : int
        Ventanas por filtro, a lo sumo N.

    Raises
    ------
    TypeError
        Si el modelo no es secuencial, las imágenes no son números reales o ``count`` no es entero.
    ValueError
        Si la capa no existe o no tiene ventanas, o hay menos imágenes que ``count``.

    Examples
    --------
    >>> import keras
    >>> pool = keras.layers.MaxPooling2D(2, strides=1, name="pool")
    >>> model = keras.Sequential([keras.Input((3, 3, 1)), pool])
    >>> images = np.zeros((2, 3, 3, 1))
    >>> images[1, 2, 2] = 7
    >>> patches = top_patches(model, images, "pool", count=1)
    >>> patches.images[0, 0], patches.pixels[0, 0, :, :, 0].tolist()
    (np.int64(1), [[0.0, 0.0], [0.0, 7.0]])

    References
    ----------
    Girshick y otros (2014). *Rich feature hierarchies for accurate object detection*, sección 3.1.
    """
    geometry = window_geometry(model, layer)
    images = _check_images(model, images)
    count = check_integer(count, "count")
    if count > len(images):
        raise ValueError(
            f"se piden {count} ventanas por filtro, una por imagen, y solo hay {len(images)} imágenes: "
            "reduce count o busca en más imágenes"
        )
    values, positions = _best_positions(model, images, layer)
    chosen = np.argsort(-values, axis=0, kind="stable")[:count].T  # (F, K)
    filters = np.arange(len(chosen))[:, None]
    corners = np.stack(
        [axis.start + axis.jump * positions[chosen, filters, index] for index, axis in enumerate(geometry)],
        axis=-1,
    )
    size = np.array([axis.size for axis in geometry])
    return Patches(
        pixels=_crop(images, chosen, corners, size),
        values=values[chosen, filters],
        images=chosen,
        centers=corners + (size - 1) / 2,
    )


def grad_cam(model, images, layer: str, labels) -> np.ndarray:
    """Grad-CAM: dónde están, en los mapas de una capa, los rasgos que suben la puntuación de una clase.

    Cada mapa pesa lo que cambia la puntuación de la clase, en promedio, al subirlo; se suman los mapas con
    esos pesos y lo negativo queda en 0. El resultado, (N, h, w) y float32, mide lo que los mapas de la capa.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax.
    images : array_like, shape (N, H, W, C)
        Imágenes, en el intervalo que espera la red.
    layer : str
        Nombre de una capa con salida (lote, fila, columna, filtro); la última convolución suele ser la mejor.
    labels : array_like of int, shape (N,)
        La clase que se explica en cada imagen.

    Raises
    ------
    TypeError, ValueError
        Si la capa no existe o no da mapas, o las imágenes no son números con la forma que espera la red.

    Examples
    --------
    >>> from course_utils.networks.models import first_cnn
    >>> grad_cam(first_cnn(), np.zeros((2, 28, 28, 1)), "conv3", [0, 1]).shape
    (2, 7, 7)

    References
    ----------
    Selvaraju y otros (2017). *Grad-CAM: visual explanations from deep networks via gradient-based
    localization*. https://arxiv.org/abs/1610.02391
    """
    import keras
    import tensorflow as tf

    images = _check_images(model, images)
    output = _check_maps(_find_layer(model, layer).output, layer)
    extractor = keras.Model(model.inputs[0], [output, model.outputs[0]])
    images = tf.cast(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)  # todo lo que sale de ellas queda anotado, también los mapas
        maps, scores = extractor(images, training=False)
        chosen = tf.gather(scores, np.asarray(labels), axis=1, batch_dims=1)
    gradients = tape.gradient(chosen, maps)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1)).numpy()


def occlusion_map(model, image, label: int, size: int = 7, stride: int = 3) -> np.ndarray:
    """Cuánto baja la probabilidad de una clase al tapar con un cuadrado negro cada parte de una imagen.

    Da una bajada por posición del cuadrado, de −1 a 1: positiva donde lo tapado ayudaba a la clase.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax.
    image : array_like, shape (H, W, C)
        Imagen, en el intervalo que espera la red.
    label : int
        La clase que se explica.
    size, stride : int
        Lado del cuadrado y cuánto se mueve cada vez, en píxeles.

    Raises
    ------
    TypeError, ValueError
        Si ``size`` o ``stride`` no son enteros de 1 en adelante, el cuadrado no cabe o la imagen no tiene
        números o la forma que espera la red.

    Examples
    --------
    >>> from course_utils.networks.models import first_cnn
    >>> drops = occlusion_map(first_cnn(), np.zeros((28, 28, 1)), label=0)  # tapar lo negro no cambia nada
    >>> drops.shape, bool(np.allclose(drops, 0, atol=1e-6))
    ((8, 8), True)

    References
    ----------
    Zeiler y Fergus (2014). *Visualizing and understanding convolutional networks*, sección 4.2.
    https://arxiv.org/abs/1311.2901
    """
    from keras import ops

    image = check_array(
        image, "image", {3: "(fila, columna, canal)"}, "de un lote, elige una imagen: images[0]"
    )
    size, stride = check_integer(size, "size"), check_integer(stride, "stride")
    rows, cols = (range(0, side - size + 1, stride) for side in image.shape[:2])
    if not rows or not cols:
        raise ValueError(
            f"un cuadrado de {size}×{size} no cabe en una imagen de forma {image.shape}: reduce size"
        )
    covered = np.tile(image, (1 + len(rows) * len(cols), 1, 1, 1))  # la primera queda sin tapar
    for number, (row, col) in enumerate(((r, c) for r in rows for c in cols), start=1):
        covered[number, row : row + size, col : col + size] = 0
    scores = model(_check_images(model, covered).astype(np.float32), training=False)
    probabilities = np.asarray(ops.softmax(scores))[:, label]
    return (probabilities[0] - probabilities[1:]).reshape(len(rows), len(cols))


def _best_positions(model, images: np.ndarray, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """Mayor activación de cada filtro en cada imagen, (N, F), y dónde, (N, F, 2)."""
    values, positions = [], []
    for outputs in _batch_outputs(model, images, [layer]):
        maps = _check_maps(outputs[layer], layer)
        flat = maps.reshape(len(maps), -1, maps.shape[-1])  # (n, h·w, F)
        values.append(flat.max(axis=1))
        positions.append(np.stack(np.unravel_index(flat.argmax(axis=1), maps.shape[1:3]), axis=-1))
    return np.concatenate(values), np.concatenate(positions)


def _check_maps(output, layer: str):
    if len(output.shape) != 4:
        raise ValueError(
            f"la salida de la capa «{layer}» tiene {len(output.shape)} ejes y no "
            "(lote, fila, columna, filtro): elige una capa convolucional o de pooling"
        )
    return output


def _crop(images: np.ndarray, chosen: np.ndarray, corners: np.ndarray, size: np.ndarray) -> np.ndarray:
    pixels = np.zeros((*chosen.shape, *size, images.shape[-1]), dtype=images.dtype)
    limit = np.array(images.shape[1:3])
    for place in np.ndindex(*chosen.shape):
        corner = corners[place]
        first, last = np.maximum(corner, 0), np.minimum(corner + size, limit)
        inside = tuple(slice(a, b) for a, b in zip(first - corner, last - corner, strict=True))
        source = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
        pixels[place][inside] = images[chosen[place]][source]
    return pixels


def _window_step(layer) -> tuple[tuple, tuple]:
    """(kernel, stride, relleno, dilatación) de una capa, por filas y por columnas."""
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if window is None or len(window) != 2 or "Transpose" in type(layer).__name__:
        raise ValueError(
            f"la capa «{layer.name}» ({type(layer).__name__}) no mira por ventanas: "
            "elige una capa anterior a ella"
        )
    dilation = getattr(layer, "dilation_rate", (1, 1))
    input_size = layer.input.shape[1:3]
    rows, cols = (
        (k, s, same_padding(n, k, s, d) if layer.padding == "same" else (0, 0), d)
        for n, k, s, d in zip(input_size, window, layer.strides, dilation, strict=True)
    )
    return rows, cols


def _find_layer(model, name: str):
    for layer in model.layers:
        if layer.name == name:
            return layer
    known = ", ".join(layer.name for layer in model.layers)
    raise ValueError(f"la red no tiene ninguna capa «{name}»: elige una de {known}")


def _check_images(model, images) -> np.ndarray:
    images = check_array(
        images, "images", BATCH_AXES, hint="una sola imagen se pasa como lote: image[np.newaxis]"
    )
    expected = tuple(model.input_shape[1:])
    if any(e not in (None, n) for e, n in zip(expected, images.shape[1:], strict=True)):
        raise ValueError(
            f"la red espera imágenes de forma {expected} y han llegado de forma {images.shape[1:]}: "
            "usa imágenes del tamaño con que se construyó la red"
        )
    return images


def _batch_outputs(model, images: np.ndarray, names: list[str]):
    """Por cada lote de imágenes, la salida de cada capa."""
    import keras

    extractor = keras.Model(model.inputs[0], {name: _find_layer(model, name).output for name in names})
    for start in range(0, len(images), _BATCH_SIZE):
        # sin predict: compilaría una función por cada red que se crea aquí
        outputs = extractor(images[start : start + _BATCH_SIZE], training=False)
        yield {name: np.asarray(output) for name, output in outputs.items()}
