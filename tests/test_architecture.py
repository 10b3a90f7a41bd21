"""Las flechas de course_utils solo van hacia abajo, e importarlo es ligero.

El orden de los paquetes es el de ``appendix/api.md``: carpetas, biblioteca y pruebas dicen lo mismo.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent
INDEX = PACKAGE.parent / "appendix" / "api.md"
ORDER = re.findall(r"^   (\w+)$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)  # de abajo arriba
WITHOUT_KERAS = {"checks", "style", "ops", "plots"}
WITHOUT_MATPLOTLIB = {"checks", "ops", "images"}
HEAVY = {"keras", "tensorflow", "tf_keras", "jax", "torch"}


def rooms():
    """Los módulos y paquetes que hay en course_utils."""
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    return sorted(files | {path.parent.name for path in PACKAGE.glob("*/__init__.py")})


def files_of(room):
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


def module_of(path, package=PACKAGE):
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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


def imported_rooms(path):
    """Paquetes de course_utils que importa un archivo, también dentro de funciones."""
    return {name.split(".")[1] for name, _ in imports(path) if name.startswith("course_utils.")} & set(
        rooms()
    )


def module_arrows(package=PACKAGE):
    """Por cada módulo, los del mismo course_utils que importa."""
    modules = {module_of(path, package): path for path in sorted(package.rglob("*.py"))}
    arrows = {}
    for module, path in modules.items():
        found = set()
        for name, _ in imports(path):
            while name not in modules and "." in name:
                name = name.rpartition(".")[0]
            found |= {name} & set(modules)
        arrows[module] = found - {module}
    return arrows


def circle(arrows):
    """Un camino que vuelve a donde empezó, o una lista vacía."""
    done = set()

    def walk(module, path):
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        done.add(module)
        return next(filter(None, (walk(one, [*path, module]) for one in sorted(arrows[module]))), [])

    return next(filter(None, (walk(module, []) for module in sorted(arrows))), [])


def test_the_library_page_lists_every_room_and_there_are_few():
    assert sorted(ORDER) == rooms()
    assert not {"utils", "helpers"} & set(rooms())
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 14


@pytest.mark.parametrize("room", rooms())
def test_arrows_go_down(room):
    below = set(ORDER[: ORDER.index(room)]) | {room}
    for path in files_of(room):
        upward = imported_rooms(path) - below
        assert not upward, f"{path.relative_to(PACKAGE)} importa hacia arriba: {', '.join(sorted(upward))}"


def test_no_module_imports_itself_in_a_circle():
    assert circle(module_arrows()) == []


def test_an_upward_arrow_and_a_circle_would_be_seen(tmp_path):
    upward = tmp_path / "shapes.py"
    upward.write_text("def f():\n    from course_utils.plots import show_images\n", encoding="utf-8")
    assert imported_rooms(upward) == {"plots"}
    sideways = tmp_path / "pooling.py"
    sideways.write_text("from course_utils import style\nimport course_utils.ops.sizes\n", encoding="utf-8")
    assert imported_rooms(sideways) == {"style", "ops"}

    package = tmp_path / "course_utils"
    package.mkdir()
    for name, text in {"a": "b", "b": "c", "c": "a", "d": "a"}.items():
        (package / f"{name}.py").write_text(f"from course_utils.{text} import x\n", encoding="utf-8")
    found = [module.rpartition(".")[2] for module in circle(module_arrows(package))]
    assert found == ["a", "b", "c", "a"]


def test_no_file_is_too_long():
    long = {
        path.name: lines
        for path in [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "web").rglob("*.mjs")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, f"más de 500 líneas: {long}"


@pytest.mark.parametrize("room", rooms())
def test_keras_is_imported_only_inside_functions(room):
    for path in files_of(room):
        heavy = {(name, level) for name, level in imports(path) if name.split(".")[0] in HEAVY}
        if room not in WITHOUT_KERAS:
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


def test_importing_every_room_imports_no_tensorflow():
    assert not loaded_after("\n".join(f"import course_utils.{room}" for room in rooms())) & HEAVY


def test_importing_the_arithmetic_imports_no_matplotlib():
    loaded = loaded_after("\n".join(f"import course_utils.{room}" for room in WITHOUT_MATPLOTLIB))
    assert "numpy" in loaded
    assert "matplotlib" not in loaded
