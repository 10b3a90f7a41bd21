"""¿Qué red nota que los píxeles se cambien de sitio, siempre igual?

Cambia el lado de los bloques que se barajan, de un píxel a la imagen entera, que no mueve nada. Cada red se
entrena desde cero hasta que se aplana, con la tasa que mejor le va. La densa es el control: si la permutación
quitara información, también ella perdería. Que la convolucional aprovecha que los vecinos van juntos lo
desmentiría que no perdiera al separarlos, o que perdiera lo mismo al barajar bloques grandes.
"""

from functools import partial

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import Training, draw_parts, outcome, probe_training, train_until_flat
from course_utils.images.rearrangement import permute_blocks
from course_utils.networks.models import block_cnn, dense_beginner

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {
    "dense": dense_beginner,
    "two_blocks": partial(block_cnn, 2),
    "three_blocks": partial(block_cnn, 3),
}
BLOCK_SIZES = (1, 2, 4, 7, 28)  # píxeles; con 28 no se mueve nada
EXTREME_SIZES = (1, 28)
IMAGES, VALIDATION_IMAGES, TEST_IMAGES = 2000, 500, 2500
TRAINING = Training(trial_epochs=6)

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "NETWORKS": {"dense": dense_beginner, "two_blocks": partial(block_cnn, 2)},
        "BLOCK_SIZES": (7, 28),
        "IMAGES": 60,
        "VALIDATION_IMAGES": 20,
        "TEST_IMAGES": 15,
        "TRAINING": probe_training(30, rates=(1e-18, 0.0003, 1)),
    },
)


def run_one(network: str, block_size: int, seed: int, data) -> dict:
    """Permuta los bloques de todas las imágenes que tocan a la semilla y entrena y mide una red.

    Parameters
    ----------
    network : {"dense", "two_blocks", "three_blocks"}
        La densa, o una convolucional de dos o de tres bloques.
    block_size : int
        Lado del bloque, en píxeles.

    Returns
    -------
    dict
        Lo que da :func:`~course_utils.experiments.protocol.outcome`.
    """
    drawn = draw_parts(data, seed, IMAGES, VALIDATION_IMAGES, TEST_IMAGES)
    fitting, validation, test = (
        (permute_blocks(images, block_size, seed), labels) for images, labels in drawn
    )
    return outcome(train_until_flat(NETWORKS[network], fitting, validation, seed, TRAINING), fitting, test)


def run(seed: int, data) -> dict:
    """Por red y lado del bloque, lo que da :func:`run_one`; de la de dos bloques, el menor y el mayor."""
    sizes = {"dense": BLOCK_SIZES, "two_blocks": EXTREME_SIZES, "three_blocks": BLOCK_SIZES}
    return {
        network: {str(side): run_one(network, side, seed, data) for side in sizes[network]}
        for network in NETWORKS
    }
