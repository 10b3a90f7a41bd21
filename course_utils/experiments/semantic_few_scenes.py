"""¿Qué aportan, con pocas escenas, el aumento conjunto de imagen y máscara, y la pérdida?

La U-Net pequeña de ``unet_skips``, que suma en los atajos, con sus mismas escenas. Cambia el aumento o la
pérdida; cada red se entrena hasta que se aplana su pérdida con escenas de validación sin aumentar, con la
tasa que mejor le va. Que el aumento ayuda lo desmentiría que no se distinguiera de su control, la red sin él;
que lo que estropea el aprendizaje es sortear aparte imagen y máscara, que no acertara menos que su control,
el mismo aumento con un solo sorteo; que una pérdida busca mejor las clases pequeñas, que no se distinguiera
de la entropía cruzada.
"""

from collections.abc import Callable

import numpy as np

from course_utils.datasets.drawn.shapes import CLASS_NAMES
from course_utils.experiments import unet_skips
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Trained,
    draw_images,
    draw_test_images,
    probe_training,
    train_until_flat,
)
from course_utils.experiments.unet_skips import SmallScenes, pixel_outcome, small_unet
from course_utils.images.augmentation import joint

SEEDS = (0, 1, 2, 3, 4)
VARIANTS = {  # aumento y pérdida
    "none": ("none", "plain"),
    "flip": ("flip", "plain"),
    "strong": ("strong", "plain"),
    "out_of_step": ("out_of_step", "plain"),
    "weighted": ("flip", "weighted"),
    "focal": ("flip", "focal"),
    "dice": ("flip", "dice"),
}
NETWORK = unet_skips.NETWORKS["add"]
SCENES, VALIDATION_SCENES = unet_skips.SCENES, unet_skips.VALIDATION_SCENES
TEST_SCENES = unet_skips.TEST_SCENES
TRAINING = unet_skips.TRAINING

TRAIN, TEST = unet_skips.TRAIN, unet_skips.TEST
load_data = unet_skips.load_data
PROBE = Probe(
    12,
    5,
    {
        "VARIANTS": {
            "flip": ("flip", "focal"),
            "out_of_step": ("out_of_step", "weighted"),
        },
        "NETWORK": ("add", (2, 3, 4)),
        "SCENES": 6,
        "VALIDATION_SCENES": 4,
        "TEST_SCENES": 3,
        "TRAINING": probe_training(3, rates=(1e-18, 3e-3, 1), patience=4, max_epochs=5),
    },
)


def augmentation(policy: str, seed: int) -> Callable | None:
    """El aumento de cada política: de imágenes y máscaras (N, H, W, 1) a otras, o ``None``.

    Parameters
    ----------
    policy : {"none", "flip", "strong", "out_of_step"}
        Nada; volteo horizontal; volteo, desplazamiento, acercamiento y brillo, siempre imagen y máscara a la
        vez; o lo mismo con un sorteo para la imagen y otro para la máscara, que es un error.
    """
    from keras import layers

    if policy == "none":
        return None
    moves = [layers.RandomFlip("horizontal", seed=seed)]
    if policy != "flip":
        moves += [
            layers.RandomTranslation(0.1, 0.1, seed=seed + 1),
            layers.RandomZoom(0.15, seed=seed + 2),
            layers.RandomBrightness(0.08, seed=seed + 3),
        ]
    augment = joint(*moves)

    def together(images, masks):
        moved = augment({"images": images, "segmentation_masks": masks})
        return moved["images"], moved["segmentation_masks"]

    def apart(images, masks):
        return together(images, masks)[0], together(images, masks)[1]

    return apart if policy == "out_of_step" else together


def pixel_loss(name: str, masks) -> Callable:
    """Una pérdida por píxel: de clases (N, H, W, 1) y puntuaciones sin softmax (N, H, W, clases).

    Parameters
    ----------
    name : {"plain", "weighted", "focal", "dice"}
        Entropía cruzada; la misma, ponderando cada clase a la inversa de su frecuencia; focal, que rebaja lo
        que ya se acierta con seguridad (sin su factor, que solo cambia la escala); o 1 menos el Dice de
        cada clase en el lote.
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
        return losses.categorical_focal_crossentropy(one_hot(labels), scores, alpha=1, from_logits=True)

    def dice(labels, scores):
        return losses.dice(one_hot(labels), ops.softmax(scores), axis=(0, 1, 2))

    return {"plain": plain, "weighted": weighted, "focal": focal, "dice": dice}[name]


def network(policy: str, seed: int):
    """La U-Net, sin entrenar; al entrenarla, cada lote pasa antes por el aumento de una política."""
    from keras import Model

    model, augment = small_unet(*NETWORK), augmentation(policy, 10 * seed)
    if augment is None:
        return model

    class Augmented(Model):
        def train_step(self, data):
            return super().train_step(augment(*data))

    return Augmented(model.inputs, model.outputs[0])


def train(variant: str, seed: int, data: SmallScenes) -> Trained:
    """Entrena la red con las escenas que tocan a una semilla.

    Parameters
    ----------
    variant : str
        Una de las claves de ``VARIANTS``.
    """
    policy, loss = VARIANTS[variant]
    parts = draw_images(data, seed, SCENES, VALIDATION_SCENES)
    fitting, validation = ((images, masks[..., np.newaxis]) for images, masks in parts)
    criterion = pixel_loss(loss, fitting[1])
    return train_until_flat(
        lambda: network(policy, seed), fitting, validation, seed, TRAINING, loss=criterion
    )


def run_one(variant: str, seed: int, data: SmallScenes) -> dict:
    """Entrena una de las redes y la mide con sus escenas de ajuste y con las de prueba.

    Parameters
    ----------
    variant : str
        Una de las claves de ``VARIANTS``.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.unet_skips.pixel_outcome`.
    """
    fitting, _ = draw_images(data, seed, SCENES, VALIDATION_SCENES)
    return pixel_outcome(train(variant, seed, data), fitting, draw_test_images(data, seed, TEST_SCENES))


def run(seed: int, data: SmallScenes) -> dict:
    """Por aumento o pérdida, lo que devuelve :func:`run_one`."""
    return {variant: run_one(variant, seed, data) for variant in VARIANTS}
