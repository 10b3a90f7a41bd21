"""Las flechas de course_utils solo van hacia abajo, e importarlo es ligero."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent

# De abajo arriba. Cada módulo importa solo de capas inferiores o de los que están antes en su misma capa.
# Un subpaquete cuenta como un solo módulo.
LAYERS = (
    ("checks", "shapes", "kernels", "style", "idx", "downloads", "cifar10", "coco"),
    ("convolution", "pooling", "faces_dataset", "stand_ins", "shapes_dataset"),
    (
        "datasets",
        "metrics",
        "instance_metrics",
        "instance_grouping",
        "measurements",
        "robustness",
        "rearrangement",
        "degradation",
        "plots",
    ),
    (
        "models",
        "training",
        "augmentation",
        "segmentation",
        "activations",
        "weights",
        "photos",
        "replicas",
        "experiments",
        "figures",
        "exercises",
    ),
)
ORDER = [module for layer in LAYERS for module in layer]
HEAVY = {"keras", "tensorflow", "tf_keras", "jax", "torch"}


def sources(module):
    """Archivos de un módulo o de un subpaquete."""
    folder = PACKAGE / module
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{module}.py"]


def modules():
    """Los módulos y subpaquetes que hay en course_utils."""
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    return sorted(files | {path.parent.name for path in PACKAGE.glob("*/__init__.py")})


def imports(path):
    """Pares (nombre importado entero, si está al nivel del módulo) de un archivo."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.name}: los imports relativos esconden la flecha; escribe el paquete"
            )
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((name, id(node) not in inside) for name in names)


def course_modules(path):
    """Módulos de course_utils que importa un archivo, también dentro de funciones."""
    found = {name.split(".")[1] for name, _ in imports(path) if name.startswith("course_utils.")}
    return found & set(modules())


def test_every_module_has_its_place():
    unplaced = set(modules()) - set(ORDER)
    assert not unplaced, f"pon en LAYERS, en su capa: {', '.join(sorted(unplaced))}"
    assert not {"utils", "helpers"} & set(modules())


@pytest.mark.parametrize("module", modules())
def test_arrows_go_down(module):
    below = set(ORDER[: ORDER.index(module)]) | {module}
    for path in sources(module):
        upward = course_modules(path) - below
        assert not upward, f"{path.relative_to(PACKAGE)} importa hacia arriba: {', '.join(sorted(upward))}"


def test_an_upward_arrow_would_be_seen(tmp_path):
    upward = tmp_path / "shapes.py"
    upward.write_text("def f():\n    from course_utils.plots import show_image\n", encoding="utf-8")
    assert course_modules(upward) == {"plots"}
    sideways = tmp_path / "pooling.py"
    sideways.write_text("from course_utils import style\nimport course_utils.convolution\n", encoding="utf-8")
    assert course_modules(sideways) == {"style", "convolution"}


@pytest.mark.parametrize("module", modules())
def test_keras_is_imported_only_inside_functions_of_the_top_layer(module):
    top = module in LAYERS[-1]
    for path in sources(module):
        heavy = {
            (name, at_module_level) for name, at_module_level in imports(path) if name.split(".")[0] in HEAVY
        }
        if top:
            heavy = {name for name, at_module_level in heavy if at_module_level}
        assert not heavy, f"{path.relative_to(PACKAGE)}: {heavy}"


def loaded_after(statements):
    """Paquetes cargados en un Python recién abierto después de ejecutar unas instrucciones."""
    code = f"{statements}\nimport sys\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return set(result.stdout.split())


def test_importing_the_package_imports_nothing_else():
    assert not loaded_after("import course_utils") & (
        HEAVY | {"numpy", "matplotlib", "anywidget", "requests"}
    )


def test_importing_the_lower_layers_imports_no_tensorflow():
    present = [module for layer in LAYERS[:-1] for module in layer if module in modules()]
    assert not loaded_after("\n".join(f"import course_utils.{module}" for module in present)) & HEAVY


def test_importing_the_arithmetic_imports_no_matplotlib():
    present = [module for layer in LAYERS[:2] for module in layer if module in modules()]
    loaded = loaded_after("\n".join(f"import course_utils.{module}" for module in present))
    assert "numpy" in loaded
    assert "matplotlib" not in loaded
