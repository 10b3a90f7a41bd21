"""¿Qué gana la red del curso con cada cambio? ¿Y qué hace el aumento cuando se entrena más?

Se parte de una red estrecha, sin normalizar y con la tasa fija, y se añade un cambio cada vez. El control de
cada paso es el anterior: las mismas imágenes y épocas, y cada uno con la tasa que mejor le va con las de
validación. Que un cambio ayuda lo desmentiría que no acertara más que el anterior con otras imágenes. El
aumento se mide además con más épocas y con las prendas movidas: su control es la misma receta sin él. Nada
de esto mira las imágenes de prueba.
"""

from dataclasses import replace

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import accuracy_on, draw_images, mean_over_directions, try_rates
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import compact_cnn, multiply_adds
from course_utils.networks.training import Recipe, fit_recipe, fix_seeds, predict_probabilities

SEEDS = (0, 1, 2, 3, 4)
TRAIN_IMAGES, VALIDATION_IMAGES, MEASURED_IMAGES = 4000, 2000, 5000
MOVED_IMAGES = 1000  # las primeras que se miden, movidas
DISTANCES = (0, 1, 2, 3, 4)  # píxeles
EPOCHS, LONG_EPOCHS = 9, 27
WIDEN = 2.5  # entre dos tasas que se prueban

# Cada paso: los filtros, si normaliza y la receta, con la primera tasa que se prueba
NARROW, WIDE = (8, 24, 36), (16, 48, 72)
FIXED = Recipe(
    EPOCHS, optimizer="adamw", learning_rate=1e-3, one_cycle=False, label_smoothing=0, augment=False
)
CYCLE = replace(FIXED, learning_rate=8e-3, one_cycle=True)
MUON = replace(CYCLE, learning_rate=2e-2, optimizer="muon")
SMOOTH = replace(MUON, label_smoothing=0.05)
LONG = replace(SMOOTH, epochs=LONG_EPOCHS, learning_rate=8e-3, augment=True)
STEPS = {
    "start": (NARROW, False, FIXED),
    "batch_norm": (NARROW, True, FIXED),
    "width": (WIDE, True, FIXED),
    "one_cycle": (WIDE, True, CYCLE),
    "muon": (WIDE, True, MUON),
    "label_smoothing": (WIDE, True, SMOOTH),
    "augment": (WIDE, True, replace(SMOOTH, augment=True)),
    "long_plain": (WIDE, True, replace(LONG, augment=False)),
    "long_augment": (WIDE, True, LONG),
    "long_mixup": (WIDE, True, replace(LONG, mixup=0.2)),
}

load_data = load_fashion_mnist
PROBE = Probe(
    80,
    4,
    {
        "TRAIN_IMAGES": 40,
        "VALIDATION_IMAGES": 20,
        "MEASURED_IMAGES": 18,
        "MOVED_IMAGES": 6,
        "DISTANCES": (0, 2),
        "WIDEN": 1e9,  # basta con que gane una vez cada extremo
        "STEPS": {
            name: ((2, 3, 4), name != "start", replace(STEPS[name][2], epochs=2, batch_size=20))
            for name in ("start", "long_mixup")
        },
    },
)


def validation_loss(model, images, labels) -> float:
    """Entropía cruzada media de una red con unas imágenes."""
    chances = predict_probabilities(model, images)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chances, 1e-7)).mean())


def run_step(step: str, seed: int, data) -> dict:
    """Un paso, con su mejor tasa: lo que cuesta y lo que acierta con una vista, con diez y movido."""
    filters, batch_norm, recipe = STEPS[step]
    fitting, others = draw_images(data, seed, TRAIN_IMAGES, VALIDATION_IMAGES + MEASURED_IMAGES)
    cut = len(others[0]) * VALIDATION_IMAGES // (VALIDATION_IMAGES + MEASURED_IMAGES)
    validation, (images, labels) = ([part[:cut] for part in others], [part[cut:] for part in others])

    def train(rate):
        fix_seeds(seed)
        model = compact_cnn(filters, batch_norm=batch_norm)
        fit_recipe(model, fitting, replace(recipe, learning_rate=rate), seed=seed)
        return model, validation_loss(model, *validation)

    first = recipe.learning_rate
    rate, model, losses = try_rates(train, (first / WIDEN, first, first * WIDEN), WIDEN)

    def hits(moved):  # las primeras
        return accuracy_on(model, moved, labels[: len(moved)])

    averaged = predict_probabilities(model, images, averaged=True).argmax(axis=1)
    return {
        "parameters": model.count_params(),
        "multiply_adds": multiply_adds(model),
        "rate": rate,
        "tried_rates": sorted(losses),
        "validation_losses": [losses[one] for one in sorted(losses)],
        "train_accuracy": accuracy_on(model, *fitting),
        "accuracy": accuracy_on(model, images, labels),
        "averaged_accuracy": accuracy(labels, averaged),
        "shifted": mean_over_directions(hits, images[:MOVED_IMAGES], DISTANCES),
    }


def run(seed: int, data) -> dict:
    """Lo que da cada paso con una semilla, que cambia las imágenes, los pesos, el orden y el aumento."""
    return {step: run_step(step, seed, data) for step in STEPS}
