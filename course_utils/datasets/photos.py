"""Fotografías de fuera: en qué se diferencian de las de entrenamiento y cómo acercarlas."""

import sys

import numpy as np

from course_utils.checks import BATCH_AXES, check_array

SIDE = 84  # píxeles de una foto simulada
GARMENT_SIDE = 28  # los de Fashion-MNIST
_VIEW = "application/vnd.jupyter.widget-view+json"


def photograph(images, seed: int) -> np.ndarray:
    """Simula una foto de cada prenda: fondo claro, luz desigual, otro sitio, otro tamaño y algo de ruido.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 28, 28, 1)
        Prendas claras sobre fondo negro, como las de Fashion-MNIST; salen al doble de tamaño y en color.
    seed : int
        Semilla del sitio, el color y el ruido.

    Examples
    --------
    >>> photograph(np.zeros((1, 28, 28, 1), np.uint8), seed=0).shape
    (1, 84, 84, 3)
    """
    images = check_array(images, "images", BATCH_AXES)
    rng = np.random.default_rng(seed)
    large = images.repeat(2, axis=1).repeat(2, axis=2) / 255  # (N, 56, 56, 1), de 0 a 1
    cloth = np.zeros((len(images), SIDE, SIDE, 1))
    corners = rng.integers(0, SIDE - large.shape[1] + 1, (len(images), 2))
    for canvas, garment, (row, col) in zip(cloth, large, corners, strict=True):
        canvas[row : row + garment.shape[0], col : col + garment.shape[1]] = garment
    light = np.linspace(235, 195, SIDE)[:, np.newaxis, np.newaxis]  # de arriba abajo
    colour = rng.random((len(images), 1, 1, 3)) * 0.4 + 0.6  # cuánto oscurece la prenda cada canal
    photos = light * (1 - cloth * colour) + rng.normal(0, 3, (len(images), SIDE, SIDE, 3))
    return np.clip(np.rint(photos), 0, 255).astype(np.uint8)


def prepare_photo(photo) -> np.ndarray:
    """Deja una foto como las de Fashion-MNIST: 28×28, gris, fondo negro y prenda que llena el cuadro.

    Pasa a gris; toma el fondo por el borde de la foto y lo resta, del color que sea; recorta lo que queda;
    lo completa hasta un cuadrado, lo reduce y lleva su píxel más claro a 255.

    Parameters
    ----------
    photo : array_like, shape (H, W, 3) or (H, W, 1)
        Foto de 0 a 255, con una sola prenda sobre un fondo liso.

    Raises
    ------
    ValueError
        Si no tiene forma de foto o en ella no se distingue nada del fondo.

    Examples
    --------
    >>> photo = np.full((40, 60, 3), 230)
    >>> photo[10:30, 20:40] = 30
    >>> prepare_photo(photo).min()  # la prenda, un cuadrado liso, llena el cuadro
    np.uint8(255)

    References
    ----------
    Xiao, Rasul y Vollgraf (2017), sección 2: cómo se hicieron las imágenes. https://arxiv.org/abs/1708.07747
    """
    from keras import ops

    photo = check_array(photo, "photo", {3: "(fila, columna, canal)"})
    gray = photo.mean(axis=-1)
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    contrast = np.abs(gray - np.median(border))
    threshold = max(25.0, 0.2 * contrast.max())  # por debajo es sombra o ruido
    rows, cols = (np.flatnonzero((contrast > threshold).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError(
            "en la foto no se distingue nada del fondo: usa un fondo liso y otro color de prenda"
        )
    garment = np.where(contrast > threshold, contrast, 0)[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    height, width = garment.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.pad(garment, ((top, side - height - top), (left, side - width - left)))
    size = GARMENT_SIDE, GARMENT_SIDE
    small = np.asarray(ops.image.resize(square[..., np.newaxis], size, antialias=True))
    return np.rint(small * (255 / small.max())).astype(np.uint8)


class PhotoUpload:
    """Un botón para subir una foto; en la página, donde no hay quien la reciba, lo dice.

    Examples
    --------
    >>> PhotoUpload().photo() is None  # todavía no hay ninguna
    True
    """

    def __init__(self):
        import ipywidgets

        self.button = ipywidgets.FileUpload(accept=".png,.jpg,.jpeg", multiple=False, description="Tu foto")

    def photo(self) -> np.ndarray | None:
        """La foto subida, ``ndarray`` de forma (H, W, 3), o ``None`` si no hay ninguna.

        Raises
        ------
        ValueError
            Si el archivo no es una imagen PNG o JPEG.
        """
        import tensorflow as tf

        files = self.button.value
        files = list(files.values() if isinstance(files, dict) else files)  # ipywidgets 7 y 8
        if not files:
            return None
        try:
            return tf.io.decode_image(bytes(files[0]["content"]), channels=3, expand_animations=False).numpy()
        except tf.errors.InvalidArgumentError:
            raise ValueError("el archivo no es una imagen PNG o JPEG: elige otro") from None

    def __repr__(self):
        return "Subir una foto: hace falta ejecutar el cuaderno, por ejemplo en Colab."

    def _repr_mimebundle_(self, include=None, exclude=None):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.button.model_id}
        bundle = {"text/plain": repr(self), _VIEW: view}
        if "google.colab" not in sys.modules:  # Colab podría preferir el texto al botón
            bundle["text/html"] = f"<p>{self!r}</p>"
        return bundle
