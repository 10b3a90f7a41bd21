"""Segmentación con pocas escenas: qué aportan los atajos de la U-Net, el aumento conjunto y la pérdida."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_utils.datasets.drawn.shapes import CLASS_NAMES, generate_shapes
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.segmentation_networks import Scenes, measure_classes
from course_utils.images.augmentation import joint
from course_utils.networks.training import Recipe, fix_seeds
from course_utils.segmentation.unet import fit_pixels, flip_pairs, predict_scores, unet

SEEDS = (0, 1, 2)
SCENES = 200  # de entrenamiento, en cada semilla
RECIPE = Recipe(epochs=20, batch_size=10)
TRAIN, TEST = 3 * SCENES, 300
TRAIN_SEED, TEST_SEED = 81, 82  # de los dibujos
PROBE = Probe(9, 1, {"SCENES": 6, "RECIPE": replace(RECIPE, epochs=2, batch_size=3)})


def load_data(train: int = TRAIN, test: int = TEST) -> Scenes:
    """Dibuja las escenas del experimento: siempre las mismas.

    Parameters
    ----------
    train, test : int
        Cuántas de cada parte.
    """
    return Scenes(generate_shapes(train, TRAIN_SEED), generate_shapes(test, TEST_SEED))


def augmentation(policy: str, seed: int) -> Callable | None:
    """El aumento de cada política, para ``fit_pixels``: de imágenes y máscaras a otras, o ``None``.

    Parameters
    ----------
    policy : {"none", "flip", "strong", "out_of_step"}
        Nada; volteo horizontal; volteo, desplazamiento, acercamiento y brillo, siempre imagen y máscara a la
        vez; o lo mismo con un sorteo para la imagen y otro para la máscara, que es un error.
    """
    from keras import layers

    augment = joint(
        layers.RandomFlip("horizontal", seed=seed),
        layers.RandomTranslation(0.1, 0.1, seed=seed + 1),
        layers.RandomZoom(0.15, seed=seed + 2),
        layers.RandomBrightness(0.08, seed=seed + 3),
    )

    def together(images, masks, _):
        moved = augment({"images": images, "segmentation_masks": masks})
        return moved["images"].numpy(), moved["segmentation_masks"].numpy()

    def apart(images, masks, rng):
        return together(images, masks, rng)[0], together(images, masks, rng)[1]

    return {"none": None, "flip": flip_pairs, "strong": together, "out_of_step": apart}[policy]


def pixel_loss(name: str, masks) -> Callable:
    """Una pérdida por píxel: de clases (N, H, W, 1) y puntuaciones sin softmax (N, H, W, clases).

    Parameters
    ----------
    name : {"plain", "weighted", "focal", "dice"}
        Entropía cruzada; la misma, ponderando cada clase a la inversa de su frecuencia; focal, que rebaja lo
        que ya se acierta con seguridad; o 1 menos el Dice de cada clase en el lote.
    masks : ndarray of int
        Las máscaras de entrenamiento, de donde salen las frecuencias.

    References
    ----------
    Lin y otros (2017). *Focal loss for dense object detection*. https://arxiv.org/abs/1708.02002
    Milletari, Navab y Ahmadi (2016). *V-Net*: la pérdida de Dice. https://arxiv.org/abs/1606.04797
    """
    from keras import losses, ops

    classes = len(CLASS_NAMES)
    share = np.bincount(np.ravel(masks), minlength=classes) / np.size(masks)
    weights = 1 / (classes * share)  # de media 1 sobre los píxeles

    def plain(labels, scores):
        return losses.sparse_categorical_crossentropy(labels[..., 0], scores, from_logits=True)

    def one_hot(labels):
        return ops.one_hot(ops.cast(labels[..., 0], "int32"), classes)

    def weighted(labels, scores):
        by_class = ops.convert_to_tensor(weights, scores.dtype)
        return plain(labels, scores) * ops.take(by_class, ops.cast(labels[..., 0], "int32"))

    def focal(labels, scores):
        return losses.categorical_focal_crossentropy(one_hot(labels), scores, from_logits=True)

    def dice(labels, scores):
        return losses.dice(one_hot(labels), ops.softmax(scores), axis=(0, 1, 2))

    return {"plain": plain, "weighted": weighted, "focal": focal, "dice": dice}[name]


def train(seed: int, data: Scenes, *, skips: bool = True, policy: str = "flip", loss: str = "plain"):
    """Entrena la U-Net del curso con ``SCENES`` escenas.

    Parameters
    ----------
    skips : bool
        Si la red lleva atajos.
    policy : str
        Una de las de :func:`augmentation`.
    loss : str
        Una de las de :func:`pixel_loss`.

    Returns
    -------
    model : keras.Model
    result : TrainingResult
    """
    chosen = np.random.default_rng(seed).permutation(len(data.train.images))[:SCENES]
    masks = data.train.semantic[chosen][..., np.newaxis]
    fix_seeds(seed)
    model = unet(len(CLASS_NAMES), skips=skips)
    augment, criterion = augmentation(policy, 10 * seed), pixel_loss(loss, masks)
    images = data.train.images[chosen]
    return model, fit_pixels(model, images, masks, criterion, RECIPE, seed=seed, augment=augment)


def run(seed: int, data: Scenes) -> dict:
    """Por cada combinación del capítulo 8: exactitud, IoU de cada clase y su media."""
    variants = {
        "base": {},
        "no_skips": {"skips": False},
        "none": {"policy": "none"},
        "strong": {"policy": "strong"},
        "out_of_step": {"policy": "out_of_step"},
        "weighted": {"loss": "weighted"},
        "focal": {"loss": "focal"},
        "dice": {"loss": "dice"},
    }
    measured = {}
    for name, options in variants.items():
        model, _ = train(seed, data, **options)
        classes = predict_scores(model, data.test.images).argmax(axis=-1)
        hits = float(np.mean(classes == data.test.semantic))
        measured[name] = {"accuracy": hits} | measure_classes(classes, data.test)
    return measured
