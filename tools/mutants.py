"""Cuántas soluciones estropeadas rechaza cada comprobador: ``python -m tools.mutants [ID…]``.

De cada solución que es una función salen *mutantes*: la misma función con un solo cambio (``<`` por ``<=``,
un índice de más, un ``axis`` perdido, dos argumentos cambiados…). Todos deben rechazarse. El que se acepta o
bien hace lo mismo que la solución, y entonces está en ``equivalent_mutants.yaml`` con su razón, o bien es una
idea equivocada que los casos del ejercicio no distinguen.

mutmut y cosmic-ray escriben cada mutante en un archivo y lanzan con él las pruebas en otro proceso: aquí cada
mutante es una función en memoria y se juzga en milisegundos; tampoco conocen ``axis`` ni ``keepdims``.
"""

import ast
import copy
import inspect
import sys
import textwrap
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path

import numpy as np

from course_utils.exercises.prose import read_prose
from course_utils.exercises.registry import all_exercises, exercise
from course_utils.exercises.result import Outcome

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yaml")

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr, ast.BitXor),
    ast.BitOr: (ast.BitAnd, ast.BitXor),
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
NAMES = {
    "max": ("min",),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "sum": ("mean", "max"),
    "mean": ("sum", "max"),
    "any": ("all",),
    "all": ("any",),
    "rint": ("floor", "ceil"),
    "cumsum": ("cumprod",),
    "argsort": ("sort",),
    "log": ("log2", "log1p"),
    "exp": ("exp2", "expm1"),
    "std": ("var",),
}
WRAPPERS = ("abs", "max", "min", "int", "float", "round", "sorted", "reversed", "list", "rint", "maximum",
            "minimum", "clip", "unique", "cumsum", "exp", "log", "asarray", "argsort", "sqrt")  # fmt: skip
METHODS = ("sum", "mean", "max", "min", "any", "all", "astype", "copy", "ravel", "reshape", "cumsum",
           "repeat", "transpose", "std", "argmax", "argmin")  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """Una función con un cambio.

    Parameters
    ----------
    label : str
        El cambio: «n - kernel_size → n + kernel_size».
    function : callable
        La función cambiada.
    """

    label: str
    function: Callable


def mutants(judge) -> list[Mutant]:
    """Los mutantes de una solución, sin dos iguales.

    Parameters
    ----------
    judge : Judge
        El de un ejercicio cuya solución es una función. Los casos dicen qué argumentos llevan decimales.

    Returns
    -------
    list of Mutant
        En el orden del código; siempre los mismos.

    Examples
    --------
    >>> from course_utils.exercises.registry import exercise
    >>> [mutant.label for mutant in mutants(exercise("03.1").judge)][:2]
    ['n y kernel_size, cambiados', 'n - kernel_size + 1 → n - kernel_size - 1']
    """
    function = judge.reference
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    changes = chain(_changed_ends(tree, judge), _changed_trees(tree))
    seen, found, labels = {ast.unparse(tree)}, [], Counter()
    for label, changed in changes:
        source = ast.unparse(ast.fix_missing_locations(changed))
        if source in seen:
            continue
        seen.add(source)
        labels[label] += 1
        if labels[label] > 1:  # el mismo cambio en otro sitio
            label += f" ({labels[label]})"
        namespace = dict(function.__globals__) | {"np": np}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # un entero con corchetes, por ejemplo
            exec(compile(source, f"<mutante de {function.__name__}>", "exec"), namespace)
        found.append(Mutant(label, namespace[function.__name__]))
    return found


def _changed_trees(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Árboles con un cambio cada uno, y qué cambia."""
    nodes = list(ast.walk(tree))
    names = [node.arg for node in nodes if isinstance(node, ast.arg)]
    names += [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    names = list(dict.fromkeys(names))
    parents = {child: parent for parent in nodes for child in ast.iter_child_nodes(parent)}
    for place, node in enumerate(nodes):
        if isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If):
            yield from _changed_bodies(tree, place, node)
        if isinstance(parents.get(node), ast.arguments | ast.FunctionDef) and isinstance(node, ast.Constant):
            continue
        shown = node
        while isinstance(shown, BARE) and isinstance(parents[shown], ast.expr):
            shown = parents[shown]
        for new in _replacements(node, names):
            changed = copy.deepcopy(tree)
            _put(changed, place, new)
            after = list(ast.walk(changed))[nodes.index(shown)]
            yield f"{_text(shown)} → {_text(after)}", changed


BARE = (ast.Constant, ast.Name, ast.UnaryOp, ast.Slice, ast.Tuple, ast.List)  # no dicen dónde están


def _text(node) -> str:
    if isinstance(node, ast.For | ast.comprehension):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
    return " ".join(ast.unparse(node).split())


def _put(tree, place: int, new: ast.AST) -> None:
    """Cambia el nodo que ocupa ese lugar al recorrer el árbol."""
    old = list(ast.walk(tree))[place]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if item is old:
                        value[index] = new
                        return


def _changed_ends(tree, judge) -> Iterator[tuple[str, ast.Module]]:
    """Con dos argumentos cambiados, o sin el signo o los decimales de lo que entra o de lo que sale."""
    names = judge.names
    for first, second in combinations(range(len(names)), 2):
        changed = copy.deepcopy(tree)
        arguments = changed.body[0].args.args
        arguments[first].arg, arguments[second].arg = names[second], names[first]
        yield f"{names[first]} y {names[second]}, cambiados", changed
    cases = getattr(judge, "cases", ())
    for index, name in enumerate(names):
        if any(_has_decimals(case[index]) for case in cases):
            for line in (f"{name} = np.abs({name})", f"{name} = np.rint({name})"):
                changed = copy.deepcopy(tree)
                changed.body[0].body[:0] = ast.parse(line).body
                yield line, changed
    expected = judge.expected if cases else []
    ends = ["np.abs(a)", "np.rint(a)"] if any(map(_has_decimals, expected)) else []
    ends += ["np.swapaxes(a, 0, 1)"] if any(getattr(value, "ndim", 0) > 1 for value in expected) else []
    for end in ends:
        changed = copy.deepcopy(tree)
        line = changed.body[0].body[-1]
        line.value = _expression(end, a=line.value)
        yield f"al final, {end.replace('a,', 'salida,').replace('(a)', '(salida)')}", changed


def _has_decimals(value) -> bool:
    """Si es un decimal o una colección de decimales."""
    if isinstance(value, list | tuple):
        return any(map(_has_decimals, value))
    return isinstance(value, float) or getattr(value, "dtype", np.dtype(int)).kind == "f"


def _changed_bodies(tree, place, node) -> Iterator[tuple[str, ast.Module]]:
    """Sin una línea, o con el bucle cortado después de la primera vuelta."""
    for index, line in enumerate(node.body):
        if isinstance(line, ast.Return) or (
            isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        ):
            continue
        changed = copy.deepcopy(tree)
        list(ast.walk(changed))[place].body[index] = ast.Pass()
        yield f"sin «{_text(line)}»", changed
    if isinstance(node, ast.For | ast.While):
        changed = copy.deepcopy(tree)
        list(ast.walk(changed))[place].body.append(ast.Break())
        yield f"una sola vuelta de «{_text(node)}»", changed


def _expression(code: str, **parts) -> ast.expr:
    """Una expresión con huecos: ``_expression("a[1:]", a=nodo)``."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, name):
            return copy.deepcopy(parts[name.id]) if name.id in parts else name

    return Fill().visit(ast.parse(code, mode="eval").body)


def _with(node, **fields):
    """Copia de un nodo con otros campos."""
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, copy.deepcopy(value))
    return changed


def _replacements(node, names) -> Iterator[ast.AST]:
    """Con qué se puede cambiar un nodo."""
    match node:
        case ast.Compare(ops=[operator]):
            for other in COMPARISONS.get(type(operator), ()):
                yield _with(node, ops=[other()])
            if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                yield ast.Constant(True)
                yield ast.Constant(False)
        case ast.Compare(ops=several):
            for index, operator in enumerate(several):
                for other in COMPARISONS.get(type(operator), ()):
                    yield _with(node, ops=[*several[:index], other(), *several[index + 1 :]])
        case ast.BinOp(left=left, op=operator, right=right):
            for other in ARITHMETIC.get(type(operator), ()):
                yield _with(node, op=other())
            if isinstance(operator, ORDERED):
                yield _with(node, left=right, right=left)
            if isinstance(operator, ast.Pow):
                yield _expression("abs(a)", a=left)
            yield left
            yield right
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.And() if isinstance(operator, ast.Or) else ast.Or())
            yield from values
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.AugAssign(op=operator):
            for other in ARITHMETIC.get(type(operator), ()):
                yield _with(node, op=other())
            yield ast.Assign([_with(node.target)], _with(node.value), lineno=0)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield _with(node, body=orelse, orelse=body)
            yield body
            yield orelse
        case ast.If(test=test):
            yield _with(node, test=_expression("not a", a=test))
            yield _with(node, test=ast.Constant(True))
            yield _with(node, test=ast.Constant(False))
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
            if isinstance(value, float):
                yield ast.Constant(value * 1.01 + 0.001)
        case ast.keyword(arg="axis", value=ast.Tuple(elts=axes)):
            for axis in axes:
                yield _with(node, value=axis)
        case ast.Tuple(elts=elements, ctx=ast.Load()) if all(isinstance(e, ast.Constant) for e in elements):
            return  # ejes: su orden da igual
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for index in range(len(elements) - 1):
                first, second = elements[index : index + 2]
                yield _with(node, elts=[*elements[:index], second, first, *elements[index + 2 :]])
        case ast.Slice(lower=lower, upper=upper, step=step):
            yield from _slices(node, lower, upper, step)
        case ast.Call():
            yield from _calls(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            for other in names:
                yield ast.Name(other, ast.Load())
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.For(iter=iterable) | ast.comprehension(iter=iterable):
            for part in ("list(a)[1:]", "list(a)[:-1]", "list(a)[::-1]"):
                yield _with(node, iter=_expression(part, a=iterable))
            if isinstance(node, ast.comprehension) and node.ifs:
                yield _with(node, ifs=[])


def _slices(node, lower, upper, step) -> Iterator[ast.AST]:
    for name, end in (("lower", lower), ("upper", upper)):
        if end is not None:
            yield _with(node, **{name: None})
            yield _with(node, **{name: _expression("a + 1", a=end)})
            yield _with(node, **{name: _expression("a - 1", a=end)})
    if step is not None:
        yield _with(node, step=None)
    if upper is None:
        yield _with(node, upper=ast.Constant(-1))
    if lower is None and upper is not None:
        yield _with(node, lower=ast.Constant(1))


def _calls(node) -> Iterator[ast.AST]:
    function, arguments = node.func, node.args
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    in_module = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "np"
    method = isinstance(function, ast.Attribute) and not in_module
    for other in NAMES.get(name, ()):
        if isinstance(function, ast.Attribute):
            yield _with(node, func=_with(function, attr=other))
        elif other in ("min", "max", "any", "all"):
            yield _with(node, func=ast.Name(other, ast.Load()))
    if name in WRAPPERS and not method:
        yield from arguments[:2]
    if method and name in METHODS:
        yield function.value
    if name == "abs" and arguments:
        yield _expression("a ** 2", a=arguments[0])
        yield _expression("-a", a=arguments[0])
    if name == "sorted" and arguments:
        yield _expression("sorted(a, reverse=True)", a=arguments[0])
    if name not in ("maximum", "minimum", "max", "min") or len(node.keywords):
        for index in range(len(arguments) - 1):
            first, second = arguments[index : index + 2]
            yield _with(node, args=[*arguments[:index], second, first, *arguments[index + 2 :]])
    for index in range(len(node.keywords)):
        rest = [*node.keywords[:index], *node.keywords[index + 1 :]]
        yield _with(node, keywords=rest)


# --- Juzgarlos -----------------------------------------------------------------------------------------


def with_function() -> list:
    """Los ejercicios cuya respuesta es una función."""
    return [item for item in all_exercises() if item.judge.asks == "function"]


def known_equivalents() -> dict[str, dict[str, str]]:
    """Por ejercicio, los mutantes que hacen lo mismo que la solución y por qué."""
    groups = read_prose(EQUIVALENT)
    return {
        name: {label: group["why"] for group in rows for label in group["mutants"]}
        for name, rows in groups.items()
    }


def survivors(item, found: list[Mutant]) -> list[str]:
    """Los mutantes que el ejercicio da por correctos.

    Raises
    ------
    RuntimeError
        Si el ejercicio falla al juzgar alguno.
    """
    accepted = []
    for mutant in found:
        result = item.examine(mutant.function)
        if result.state is Outcome.COURSE_ERROR:
            raise RuntimeError(f"{item.id}, «{mutant.label}»: {result}")
        if result.correct:
            accepted.append(mutant.label)
    return accepted


def main(names: list[str]) -> int:
    """Escribe una fila por ejercicio y los mutantes que nadie explica."""
    equivalents = known_equivalents()
    totals = Counter()
    unexplained = []
    print(f"{'ejercicio':10}{'mutantes':>9}{'iguales':>9}{'rechazados':>12}{'nota':>8}")
    for item in map(exercise, names) if names else with_function():
        found = mutants(item.judge)
        accepted = survivors(item, found)
        same = [label for label in accepted if label in equivalents.get(item.id, {})]
        wrong = [label for label in accepted if label not in same]
        _row(item.id, len(found), len(same), len(wrong))
        totals.update(found=len(found), same=len(same), wrong=len(wrong))
        unexplained += [f"{item.id}: {label}" for label in wrong]
    _row("todos", totals["found"], totals["same"], totals["wrong"])
    print("\n".join(unexplained) or "Se rechazan todos los que no hacen lo mismo que la solución.")
    return 1 if unexplained else 0


def _row(name: str, found: int, same: int, wrong: int) -> None:
    different = found - same
    rejected = different - wrong
    print(f"{name:10}{found:9}{same:9}{rejected:12}{100 * rejected / max(different, 1):6.1f} %")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
