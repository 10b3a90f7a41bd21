"""Los píxeles cambiados de sitio por bloques, siempre igual: qué red lo nota."""

from functools import partial

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, fitting_images
from course_utils.images.rearrangement import permute_blocks
from course_utils.networks.models import block_cnn, dense_beginner
from course_utils.networks.training import fit, fix_seeds

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {
    "dense": dense_beginner,
    "two_blocks": partial(block_cnn, 2),
    "three_blocks": partial(block_cnn, 3),
}
BLOCK_SIZES = (1, 2, 4, 7, 28)  # píxeles; con 28 no se mueve nada
EXTREME_SIZES = (1, 28)
IMAGES = 6000  # de entrenamiento: las primeras de la parte de ajuste
EPOCHS, BATCH_SIZE = 5, 16

load_data = load_fashion_mnist
PROBE = Probe(96, 20, {"IMAGES": 70, "EPOCHS": 2, "BATCH_SIZE": 40, "BLOCK_SIZES": (1, 7, 28)})


def run_one(network: str, block_size: int, seed: int, data) -> float:
    """Permuta los bloques de todas las imágenes, entrena una red desde cero y da su exactitud en prueba.

    Parameters
    ----------
    network : {"dense", "two_blocks", "three_blocks"}
        La densa, o una convolucional de dos o de tres bloques.
    block_size : int
        Lado del bloque, en píxeles.
    """
    images, labels = fitting_images(data, IMAGES)
    train = permute_blocks(images, block_size, seed), labels
    fix_seeds(seed)
    model = NETWORKS[network]()
    fit(model, train, None, epochs=EPOCHS, batch_size=BATCH_SIZE)
    return accuracy_on(model, permute_blocks(data.x_test, block_size, seed), data.y_test)


def run(seed: int, data) -> dict:
    """Exactitud de la densa y la de tres bloques con cada tamaño; de la de dos, con el menor y el mayor."""
    sizes = {"dense": BLOCK_SIZES, "two_blocks": EXTREME_SIZES, "three_blocks": BLOCK_SIZES}
    return {network: [run_one(network, side, seed, data) for side in sizes[network]] for network in NETWORKS}
