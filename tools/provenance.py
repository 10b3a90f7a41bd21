"""Huella del código de un experimento: cambia si cambia algo de lo que hace, no cómo se explica.

Se parte de ``run`` y ``SEEDS`` y se siguen, leyendo el código sin ejecutarlo, todas las funciones, clases y
constantes del paquete a las que llevan sus nombres. Comentarios, docstrings, anotaciones de tipos y textos de
error no cuentan. Los métodos de un objeto recibido como argumento no se siguen: un experimento llama a
funciones.
"""

from __future__ import annotations

import ast
import copy
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "course_utils"
ENTRIES = ("run", "SEEDS")


def code_fingerprint(experiment: str, root: Path = ROOT) -> str:
    """Dieciséis cifras hexadecimales del código del que depende ``course_utils.experiments.<experiment>``."""
    parts = code_parts(experiment, root)
    text = "\n".join(f"{module}.{name} {parts[module, name]}" for module, name in sorted(parts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_parts(experiment: str, root: Path = ROOT) -> dict[tuple[str, str], str]:
    """Cada (módulo, nombre) del que depende el experimento, con su código en forma canónica."""
    read = cache(lambda module: _read_module(module, root))
    start = f"{PACKAGE}.experiments.{experiment}"
    pending = [(start, name) for name in ENTRIES]
    parts = {}
    while pending:
        module, name = pending.pop()
        definitions, imports = read(module)
        if (module, name) in parts:
            continue
        if name not in definitions:
            if name in imports:  # el nombre llega de otro módulo
                pending += _follow(imports[name], None, read, root)
            continue
        statements = [_strip(statement) for statement in definitions[name]]
        parts[module, name] = " ".join(_canonical(statement) for statement in statements)
        for used, attribute in _names(statements):
            if used in definitions:
                pending.append((module, used))
            elif used in imports:
                pending += _follow(imports[used], attribute, read, root)
    return parts


def _follow(target: tuple[str, str | None], attribute: str | None, read, root: Path) -> list[tuple[str, str]]:
    """Lo que significa un nombre importado: una definición, un atributo de un módulo o un módulo entero."""
    module, name = target
    if name is not None and _module_file(f"{module}.{name}", root) is None:
        return [(module, name)]
    module = module if name is None else f"{module}.{name}"
    return [(module, attribute)] if attribute else [(module, name) for name in read(module)[0]]


def _read_module(module: str, root: Path):
    """Definiciones de un módulo, {nombre: sentencias}, y nombres que importa del paquete, {alias: origen}."""
    path = _module_file(module, root)
    if path is None:
        raise ValueError(f"no se encuentra el módulo {module} en {root}")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in _defined(statement):
            definitions.setdefault(name, []).append(statement)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    imports = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                source = f"{base}.{source}".rstrip(".")
            if source.split(".")[0] == PACKAGE:
                imports |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE and alias.asname:
                    imports[alias.asname] = (alias.name, None)
                elif alias.name.split(".")[0] == PACKAGE:
                    raise ValueError(f"{path.name}: escribe «from {PACKAGE} import …», que se puede seguir")
    if "*" in imports:
        raise ValueError(f"{path.name}: «import *» no dice qué se usa; nómbralo")
    return definitions, imports


def _module_file(module: str, root: Path) -> Path | None:
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    return [n.id for target in targets if target for n in ast.walk(target) if isinstance(n, ast.Name)]


class _Strip(ast.NodeTransformer):
    """Quita lo que no cambia ningún resultado."""

    def visit_Expr(self, node):  # docstrings
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Raise(self, node):  # el texto de un error no es un resultado
        return ast.Raise()

    def visit_arg(self, node):
        return ast.arg(node.arg)

    def visit_AnnAssign(self, node):
        return ast.AnnAssign(node.target, None, node.value and self.visit(node.value), node.simple)

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)


def _strip(statement: ast.stmt) -> ast.stmt:
    return _Strip().visit(copy.deepcopy(statement))


def _canonical(node) -> str:
    """El árbol como texto, igual en todas las versiones de Python: sin posiciones ni campos vacíos."""
    if isinstance(node, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(node) if value not in (None, []))
        return f"{type(node).__name__}({', '.join(f'{name}={_canonical(value)}' for name, value in fields)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_canonical, node))}]"
    return repr(node)


def _names(statements: list[ast.stmt]) -> list[tuple[str, str | None]]:
    """Nombres que usa el código, cada uno con el atributo que se le pide: ``models.small_cnn``, ``fit``."""
    found, bases = [], set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.append((node.value.id, node.attr))
            bases.add(id(node.value))
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and id(node) not in bases:
            found.append((node.id, None))
    return found
