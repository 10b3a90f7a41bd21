"""¿Cuánto aportan, con pocas fotos, los rasgos de una red que aprendió con ImageNet?

EfficientNet-Lite0 congelada, a dos tamaños de entrada, y una capa nueva que separa dos clases de CIFAR-10.
Las fotos son las mismas que en ``cifar10_transfer``, donde una red las aprende desde cero. El control de que
lo que ayuda es haber aprendido son los rasgos de la misma red sin entrenar: lo desmentiría que no se
distinguieran. Las dos entradas parten de fotos de 32×32: de una a otra solo cambia cuánto se agrandan.
"""

from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.downloads import cache_folder
from course_utils.datasets.sources import course_data_dir
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.cifar10_transfer import (
    PAIRS,
    TEST_IMAGES,
    VALIDATION_IMAGES,
    draw_pair,
    first_to_fit,
    probe_outcome,
)
from course_utils.networks.efficientnet import STAGES, efficientnet_lite0, load_pretrained
from course_utils.networks.linear_probe import fit_linear_probe
from course_utils.networks.training import fix_seeds


def pretrained(side: int, stages, _):
    """EfficientNet-Lite0 para imágenes de ``side`` × ``side``, con los pesos de ImageNet."""
    model = efficientnet_lite0(side, stages)
    folder = course_data_dir("efficientnet-lite0") or cache_folder("efficientnet-lite0")
    load_pretrained(model, folder / WEIGHTS)
    return model


def untrained(side: int, stages, images):
    """La misma red con los pesos al azar. Sus normalizaciones, que vienen sin medir, toman lo que ven en
    unas fotos: si no, los rasgos de todas las imágenes serían casi el mismo número.
    """
    from keras import layers

    model = efficientnet_lite0(side, stages)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.0  # lo que se vea ahora sustituye a lo que había
    model(layers.Resizing(side, side)(images), training=True)
    return model


SEEDS = (0, 1, 2, 3, 4)
TRUNK = pretrained
WEIGHTS = "efficientnet-lite0.npz"
NETWORK_STAGES = STAGES
SIDES = (64, 128)  # píxeles a los que se agranda cada foto; el control, con los primeros
SIZES = (20, 100, 500, 1000)  # fotos de las dos clases juntas
CONTROL_SIZE = 100
PENALTIES = (0.01, 0.1, 1.0, 10.0, 100.0)  # de los pesos de la capa; si hace falta, se buscan más allá

load_data = load_cifar10
PROBE = Probe(
    300,
    60,
    {
        "TRUNK": untrained,
        "NETWORK_STAGES": ((3, 1, 1, 8, 1), (3, 2, 2, 12, 2)),
        "SIDES": (16, 20),
        "SIZES": (20, 30),
        "PAIRS": {"cat_dog": (3, 5)},
        "CONTROL_SIZE": 20,
        "VALIDATION_IMAGES": 10,
        "TEST_IMAGES": 8,
    },
)


def over_photos(base, head=None):
    """Una red que agranda fotos de 32×32 a lo que pide la base y da sus rasgos, o lo que diga la cabeza.

    La normalización por lotes de la base se congela y usa siempre las medias y las desviaciones que trae.
    Llamar a la base con ``training=False`` no basta: al entrenar, Keras 3 le pasa ``training=True``.
    """
    from keras import Input, Model, layers

    for layer in base.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    photos = Input((32, 32, 3))
    features = base(layers.Resizing(*base.input_shape[1:3])(photos))
    return Model(photos, head(features) if head else features)


def features(base, photos):
    """Lo que da :func:`draw_pair`, con los rasgos de cada foto en lugar de la foto."""
    look = over_photos(base)
    return [(look.predict(images, batch_size=100, verbose=0), labels) for images, labels in photos]


def run(seed: int, data: Dataset) -> dict:
    """Lo que da :func:`~course_utils.experiments.cifar10_transfer.probe_outcome`, por base y pareja.

    ``"frozen"``, por tamaño de la entrada y número de fotos, una capa sobre los rasgos de ImageNet;
    ``"untrained"``, con ``CONTROL_SIZE`` fotos, sobre los de la red sin entrenar.
    """
    measured: dict = {"frozen": {str(side): {} for side in SIDES}, "untrained": {}}
    for pair in PAIRS:
        photos = draw_pair(pair, seed, data, VALIDATION_IMAGES, TEST_IMAGES, max(SIZES))
        few = photos[2][0][:CONTROL_SIZE]
        fix_seeds(seed)
        control = features(untrained(SIDES[0], NETWORK_STAGES, few), first_to_fit(photos, CONTROL_SIZE))
        measured["untrained"][pair] = read(control, CONTROL_SIZE)
        for side in SIDES:
            look = features(TRUNK(side, NETWORK_STAGES, few), photos)
            measured["frozen"][str(side)][pair] = {str(size): read(look, size) for size in SIZES}
    return measured


def read(look, size: int) -> dict:
    """Entrena una capa con los rasgos de ``size`` fotos y la mide."""
    validation, test, few = first_to_fit(look, size)
    return probe_outcome(fit_linear_probe(few, validation, PENALTIES), few, test)
