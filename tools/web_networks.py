"""Entrena las redes del capítulo 6 que se ejecutan en la página y las escribe: ``make red``.

    python -m tools.web_networks            entrena (unos seis minutos), mide y escribe
    python -m tools.web_networks medir      mide las que ya están escritas, y lo imprime

Hacen falta los datos reales. De cada red se guarda en su archivo cuánto acierta, con los pesos redondeados,
en las imágenes de prueba y en ``SILHOUETTES`` siluetas dibujadas. ``garments.bin`` son las muestras de la
figura: las primeras imágenes de prueba de cada clase.
"""

import sys

import numpy as np

from course_utils.datasets.dataset import Dataset
from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import compact_cnn, dense_beginner
from course_utils.networks.training import Recipe, fit, fit_recipe, fix_seeds, predict_classes
from course_utils.networks.web import export_web, read_web, run_web
from tools.figures import STATIC

SAMPLES = 2  # imágenes de cada clase
SILHOUETTES = 200
BATCH = 500
#: Cada red, y cómo se entrena.
NETWORKS = {
    "dense": (dense_beginner, lambda model, train: fit(model, train, None, epochs=5)),
    "cnn": (compact_cnn, lambda model, train: fit_recipe(model, train, Recipe(epochs=4), seed=0)),
}


def silhouettes() -> tuple[np.ndarray, np.ndarray]:
    """Las siluetas dibujadas con que se mide, y sus clases."""
    return draw_garments(SILHOUETTES, seed=0)


def measure(network, images, labels) -> float:
    """Exactitud de una red escrita, ejecutada con NumPy."""
    starts = range(0, len(images), BATCH)
    scores = np.concatenate([run_web(network, images[start : start + BATCH])[-1] for start in starts])
    return accuracy(labels, scores.argmax(axis=-1))


def write(model, name: str, data: Dataset) -> None:
    """Redondea los pesos de una red entrenada, la mide y la escribe."""
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])
    sets = {"test": (data.x_test, data.y_test), "drawn": silhouettes()}
    found = {key: accuracy(labels, predict_classes(model, images)) for key, (images, labels) in sets.items()}
    notes = {key: round(float(value), 4) for key, value in found.items()} | {"silhouettes": SILHOUETTES}
    known = {"parameters": model.count_params(), "classes": list(data.class_names)}
    size = export_web(model, STATIC / f"{name}.bin", notes | known)
    print(f"{name}.bin: {size / 1000:.0f} kB; {notes}")


def write_samples(data: Dataset) -> None:
    """Escribe las muestras: un byte por píxel, una imagen tras otra."""
    chosen = [np.flatnonzero(data.y_test == label)[:SAMPLES] for label in range(len(data.class_names))]
    (STATIC / "garments.bin").write_bytes(data.x_test[np.concatenate(chosen)].tobytes())


def main(argv) -> int:
    if argv not in ([], ["medir"]):
        raise SystemExit("Uso: python -m tools.web_networks [medir]")
    data = load_fashion_mnist()
    if data.is_stand_in:
        print("Las redes se entrenan y se miden con los datos reales, y aquí solo están los sustitutos.")
        return 1
    for name, (build, train) in NETWORKS.items():
        if argv:
            network = read_web(STATIC / f"{name}.bin")
            test, drawn = (measure(network, *one) for one in ((data.x_test, data.y_test), silhouettes()))
            print(
                f"{name}: {test:.4f} de {len(data.x_test)} prendas de prueba y {drawn:.4f} de {SILHOUETTES} "
                f"siluetas dibujadas; guardado: {network['notes']}"
            )
            continue
        fix_seeds(0)
        model = build()
        train(model, (data.x_train, data.y_train))
        write(model, name, data)
    if not argv:
        write_samples(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
