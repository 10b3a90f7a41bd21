"""Entrena la red pequeña del capítulo 6 y la guarda en ``course_utils/networks/small_cnn.json``::

    python -m tools.export_network

Hacen falta los datos reales. Con la misma semilla y la misma máquina sale el mismo archivo.
"""

from __future__ import annotations

import json
import sys

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.networks.metrics import accuracy
from course_utils.networks.models import small_cnn
from course_utils.networks.training import Recipe, fit_recipe, fix_seeds, predict_classes
from course_utils.networks.weights import export_network
from tools.chapters import ROOT, write_text

PATH = ROOT / "course_utils" / "networks" / "small_cnn.json"
RECIPE = Recipe(epochs=6)
REFERENCE = 10  # imágenes de referencia: una de cada clase


def main() -> int:
    data = load_fashion_mnist()
    if data.is_stand_in:
        print("La red se entrena con los datos reales y aquí solo están los sustitutos.", file=sys.stderr)
        return 1
    fix_seeds(0)
    model = small_cnn()
    fit_recipe(model, (data.x_train, data.y_train), RECIPE, seed=0)
    first = [int((data.y_test == label).argmax()) for label in range(REFERENCE)]
    content = export_network(model, data.x_test[first])
    hits = accuracy(data.y_test, predict_classes(model, data.x_test))
    PATH.parent.mkdir(exist_ok=True)
    write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", PATH)
    print(f"Escrito {PATH.name}: {PATH.stat().st_size / 1000:.0f} kB, exactitud en prueba {hits:.3f}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
