"""¿Acierta más prendas la red densa o la convolucional pequeña? ¿Y cuál pierde menos si se mueven?

Cada red se entrena hasta que se aplana, con la tasa que mejor le va. Con cada semilla, las dos reciben las
mismas prendas para ajustar y para elegir, otras que con las demás semillas; también cambian los pesos y el
orden. Que una acierta más lo desmentiría que la diferencia entre las dos no se distinguiera de cero. De la
causa no dice nada: las redes se diferencian en mucho más que en compartir pesos.
"""

import time

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import (
    Training,
    accuracy_on,
    draw_images,
    outcome,
    probe_training,
    train_until_flat,
)
from course_utils.images.movement import DIRECTIONS, shift_images
from course_utils.networks.metrics import confusion_matrix
from course_utils.networks.models import dense_beginner, small_cnn
from course_utils.networks.training import predict_classes

SEEDS = (0, 1, 2, 3, 4)
NETWORKS = {"dense": dense_beginner, "cnn": small_cnn}
TRAIN_IMAGES, VALIDATION_IMAGES = 50_000, 10_000
TRAINING = Training(trial_epochs=3, batch_size=128)
DISTANCES = (0, 1, 2, 3, 4)  # píxeles

load_data = load_fashion_mnist
PROBE = Probe(
    96,
    20,
    {
        "TRAIN_IMAGES": 80,
        "VALIDATION_IMAGES": 16,
        "TRAINING": probe_training(40, rates=(1e-6, 0.001, 0.1)),
        "DISTANCES": (0, 2),
    },
)


def shifted_accuracy(model, data) -> dict[str, list[float]]:
    """Por cada dirección, exactitud con las imágenes de prueba desplazadas ``DISTANCES`` píxeles."""
    return {
        direction: [
            accuracy_on(model, shift_images(data.x_test, direction, distance), data.y_test)
            for distance in DISTANCES
        ]
        for direction in DIRECTIONS
    }


def run(seed: int, data) -> dict:
    """Por red: lo de :func:`outcome`, las tasas probadas, confusión, desplazamientos y segundos por época.

    Los segundos son de procesador, la suma de los núcleos, y de todas las épocas, también las de prueba.
    """
    fitting, validation = draw_images(data, seed, TRAIN_IMAGES, VALIDATION_IMAGES)
    measured = {}
    for network, build in NETWORKS.items():
        started = time.process_time()
        trained = train_until_flat(build, fitting, validation, seed, TRAINING)
        epochs = trained.epochs + TRAINING.trial_epochs * (len(trained.trial_losses) - 1)
        cpu_seconds = round((time.process_time() - started) / epochs, 2)
        predicted = predict_classes(trained.model, data.x_test)
        measured[network] = outcome(trained, fitting, (data.x_test, data.y_test)) | {
            "cpu_seconds": cpu_seconds,
            "tried_rates": sorted(trained.trial_losses),
            "trial_losses": [trained.trial_losses[rate] for rate in sorted(trained.trial_losses)],
            "confusion": confusion_matrix(data.y_test, predicted, len(data.class_names)).tolist(),
            "shifted_accuracy": shifted_accuracy(trained.model, data),
        }
    return measured
