"""Con media fotografía de unas monedas, ¿se aprende a separar las de la otra media? ¿Ayuda variar la luz?

Cada red se entrena con la tasa que mejor le va con otros recortes de la mitad que se ve: la otra solo se
mide. El control de variar la luz es la misma red, con los mismos recortes y el mismo tiempo, sin variarla;
que ayuda lo desmentiría que la diferencia no se distinguiera de cero. La semilla cambia los recortes, los
pesos, el orden y las luces; la fotografía es una sola, y de otras esto no dice nada.
"""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import try_rates
from course_utils.networks.training import Recipe, fix_seeds
from course_utils.segmentation.semantic_metrics import iou
from course_utils.segmentation.unet import fit_pixels, unet

SEEDS = (0, 1, 2, 3, 4)
CUT = 180  # columna que separa las dos mitades
SIDE, CROPS, VALIDATION_CROPS = 64, 400, 100  # píxeles de cada recorte y cuántos se toman
RECIPE = Recipe(epochs=8, learning_rate=8e-3, batch_size=20)
WIDEN = 2.5  # entre dos tasas que se prueban
PROBE = Probe(
    0,
    0,
    {
        "SIDE": 32,
        "CROPS": 6,
        "VALIDATION_CROPS": 4,
        "RECIPE": replace(RECIPE, epochs=2, batch_size=3),
        "WIDEN": 1e9,  # basta con que gane una vez cada extremo
    },
)


@dataclass(frozen=True)
class Coins:
    """La fotografía, uint8 en gris, y su máscara, verdadera en las monedas; las dos (H, W)."""

    photo: np.ndarray
    mask: np.ndarray
    name: str = "monedas"
    is_stand_in: bool = False  # viene con scikit-image

    @property
    def fingerprint(self) -> str:
        """Dieciséis cifras hexadecimales que cambian si cambia un solo píxel."""
        return hashlib.sha256(self.photo.tobytes() + self.mask.tobytes()).hexdigest()[:16]


def load_data() -> Coins:
    """La fotografía de monedas de scikit-image, con la máscara de :func:`coin_mask`."""
    from skimage import data

    photo = data.coins()
    return Coins(photo, coin_mask(photo))


def coin_mask(photo) -> np.ndarray:
    """Las monedas, separadas del fondo por sus bordes; de (H, W) en gris a (H, W) de bool.

    El relieve de los bordes se inunda desde dos clases de semillas: lo muy oscuro, que es fondo, y lo muy
    claro, que es moneda. Después se rellenan los huecos y se quitan las motas.

    References
    ----------
    scikit-image, «Comparing edge-based and region-based segmentation»:
    https://scikit-image.org/docs/stable/auto_examples/applications/plot_coins_segmentation.html
    """
    from scipy.ndimage import binary_fill_holes, binary_opening
    from skimage.filters import sobel
    from skimage.segmentation import watershed

    seeds = np.where(photo < 30, 1, np.where(photo > 150, 2, 0))
    return binary_opening(binary_fill_holes(watershed(sobel(photo), seeds) == 2))


def crops(data: Coins, columns: slice, seed, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Recortes al azar de unas columnas: imágenes y máscaras, (count, SIDE, SIDE, 1).

    ``seed`` es lo que admite ``default_rng``: un entero o varios.
    """
    both = np.stack([data.photo, data.mask], axis=-1)[:, columns]
    windows = np.lib.stride_tricks.sliding_window_view(both, (SIDE, SIDE), axis=(0, 1))
    rng = np.random.default_rng(seed)
    chosen = windows[tuple(rng.integers(0, limit, count) for limit in windows.shape[:2])]
    return chosen[:, 0, ..., np.newaxis], chosen[:, 1, ..., np.newaxis]


def change_light(images, masks, rng) -> tuple[np.ndarray, np.ndarray]:
    """Cambia al azar el contraste y el brillo de cada imagen; las máscaras no se tocan.

    Parameters
    ----------
    images, masks : ndarray, shape (N, H, W, 1)
        Lote; las imágenes, de 0 a 255.
    rng : numpy.random.Generator
    """
    factor, shift = rng.uniform((0.6, -50), (1.4, 50), (len(images), 2)).T[:, :, None, None, None]
    return np.clip(images * factor + shift, 0, 255), masks


def train(data: Coins, columns: slice, seed: int, augment=None, recipe: Recipe = RECIPE):
    """Entrena la U-Net del curso, de un canal y una salida, con recortes de una parte de la fotografía.

    Parameters
    ----------
    columns : slice
        De qué columnas se aprende.
    augment : callable, optional
        Como el de ``fit_pixels``.
    recipe : Recipe
        Épocas, lotes y tasa.

    Returns
    -------
    model : keras.Model
    """
    from keras import losses

    fix_seeds(seed)
    model = unet(1, channels=1)
    loss = losses.BinaryCrossentropy(from_logits=True)
    fit_pixels(model, *crops(data, columns, seed, CROPS), loss, recipe, seed=seed, augment=augment)
    return model


def predict(model, photo) -> np.ndarray:
    """Máscara de una fotografía entera: verdadero donde la probabilidad pasa de 0,5.

    Parameters
    ----------
    model : keras.Model
        Red de un canal y una salida.
    photo : ndarray of uint8, shape (H, W)
        De cualquier tamaño.
    """
    height, width = photo.shape
    padded = np.pad(photo, ((0, -height % 8), (0, -width % 8)), mode="edge")  # lados múltiplos de 8
    scores = model(padded[None, ..., None].astype(np.float32), training=False)
    return np.asarray(scores)[0, :height, :width, 0] > 0


def train_at_best_rate(data: Coins, columns: slice, seed: int, augment=None):
    """La red, la tasa y las pérdidas de :func:`~course_utils.experiments.protocol.try_rates`."""
    from keras import losses

    images, masks = crops(data, columns, [seed, 1], VALIDATION_CROPS)
    loss = losses.BinaryCrossentropy(from_logits=True)

    def train_at(rate):
        model = train(data, columns, seed, augment, replace(RECIPE, learning_rate=rate))
        return model, float(loss(masks, model.predict(images, verbose=0)))

    rate = RECIPE.learning_rate
    return try_rates(train_at, (rate / WIDEN, rate, rate * WIDEN), WIDEN)


def run(seed: int, data: Coins) -> dict:
    """Tasa y IoU en la mitad que se ha visto y en la que no.

    Aprendiendo de la izquierda, de la derecha, y de la derecha con la luz cambiada al azar.
    """
    left, right = slice(0, CUT), slice(CUT, None)
    plans = {
        "from_left": (left, right, None),
        "from_right": (right, left, None),
        "from_right_light": (right, left, change_light),
    }
    measured = {}
    for name, (seen, unseen, augment) in plans.items():
        rate, model, losses = train_at_best_rate(data, seen, seed, augment)
        found = predict(model, data.photo)
        measured[name] = {
            "rate": rate,
            "tried_rates": sorted(losses),
            "seen_iou": iou(data.mask[:, seen], found[:, seen]),
            "unseen_iou": iou(data.mask[:, unseen], found[:, unseen]),
        }
    return measured
