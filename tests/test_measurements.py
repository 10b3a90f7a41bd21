"""Cada medida guardada es de su experimento tal como es ahora; y cómo se hace una medida."""

import json
import shutil
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from course_utils.experiments.protocol import Measurement, load_measurement
from tools import experiments
from tools.provenance import ROOT, code_fingerprint, code_parts

NAMES = experiments.experiment_names()


# --- Las medidas del repositorio -----------------------------------------------------------------------


def test_each_experiment_has_its_measurement_and_nothing_else_is_stored():
    assert NAMES
    assert sorted(path.stem for path in experiments.MEASUREMENTS.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_measurement_comes_from_the_code_that_is_here(name):
    assert load_measurement(name).code == code_fingerprint(name), (
        f"ha cambiado el código del experimento {name} y su medida es de antes: "
        f"repítela con «make experimentos NOMBRE={name}»"
    )


@pytest.mark.parametrize("name", NAMES)
def test_measurement_is_complete(name):
    measured = load_measurement(name)
    assert measured.name == name
    assert len(set(measured.seeds)) == len(measured.seeds) == len(measured.values) == len(measured.seconds)
    assert len(measured.seeds) >= 3
    assert all(value.keys() == measured.values[0].keys() for value in measured.values)
    assert all(seconds > 0 for seconds in measured.seconds)
    assert measured.data
    assert not any(mark.startswith("stand-in") for mark in measured.data.values())
    assert {"python", "numpy", "keras", "tensorflow", "machine"} <= measured.versions.keys()


# --- La prueba anterior puede fallar -------------------------------------------------------------------

TOY = {
    "__init__.py": "",
    "experiments/__init__.py": "",
    "experiments/toy.py": (
        "from course_utils import models as nets\n"
        "from course_utils.networks.training import fit\n"
        "from .. import steps\n"
        "SEEDS = (0, 1)\n"
        "NETWORKS = {'small': nets.small}\n"
        "def run(seed, data):\n"
        "    '''Explica.'''\n"
        "    return {name: fit(build(), data, steps.LEARNING_RATE) for name, build in NETWORKS.items()}\n"
        "def unused():\n"
        "    return 1\n"
    ),
    "models.py": "def small():\n    return 20\ndef large():\n    return 30\n",
    "steps.py": "LEARNING_RATE, MOMENTUM = 0.1, 0.9\n",
    "training/__init__.py": "from course_utils.training.loop import fit\n",
    "training/loop.py": (
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Result:\n"
        "    value: float\n"
        "    def double(self):\n"
        "        return 2 * self.value\n"
        "def fit(model, data: list, rate: float) -> Result:\n"
        "    from course_utils.checks import check\n"
        "    # entrena\n"
        "    check(rate)\n"
        "    return Result(model * rate).double()\n"
    ),
    "checks.py": "def check(rate):\n    if rate < 0:\n        raise ValueError(f'negativo: {rate}')\n",
}


def toy(folder, **changes):
    """El paquete de juguete, con cambios {archivo: (antes, después)}; devuelve su huella."""
    for name, text in TOY.items():
        before, after = changes.get(name.removesuffix(".py").replace("/", "_"), ("", ""))
        assert before in text
        path = folder / "course_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(before, after) if before else text, encoding="utf-8")
    return code_fingerprint("toy", folder)


def test_fingerprint_is_the_same_with_every_python(tmp_path):
    assert toy(tmp_path) == "4518fbd62ab7092f"


@pytest.mark.parametrize(
    "change",
    [
        {"experiments_toy": ("build(), data", "build(), data[1:]")},
        {"experiments_toy": ("(0, 1)", "(0, 2)")},
        {"experiments_toy": ("'small'", "'tiny'")},
        {"models": ("20", "21")},
        {"steps": ("0.1", "0.2")},
        {"training_loop": ("model * rate", "model / rate")},
        {"training_loop": ("2 * self", "3 * self")},
        {"training_loop": ("@dataclass\n", "@dataclass(frozen=True)\n")},
        {"training_loop": ("check(rate)", "check(-rate)")},
        {"training___init__": ("training.loop", "models")},
        {"checks": ("rate < 0", "rate <= 0")},
    ],
    ids=lambda change: "-".join(next(iter(change.items()))[1]).strip(),
)
def test_fingerprint_changes_with_what_the_experiment_does(tmp_path, change):
    if "training___init__" in change:
        change["models"] = ("def large", "def fit(*_):\n    return 0\ndef large")
    assert toy(tmp_path / "a") != toy(tmp_path / "b", **change)


@pytest.mark.parametrize(
    "change",
    [
        {"experiments_toy": ("'''Explica.'''", "'''Explica mejor.'''")},
        {"experiments_toy": ("    '''Explica.'''\n", "")},
        {"experiments_toy": ("return 1", "return 2")},
        {"models": ("30", "31")},
        {"training_loop": ("# entrena", "# una época")},
        {"training_loop": ("model, data: list, rate: float) -> Result", "model, data, rate)")},
        {"training_loop": ("value: float", "value: int")},
        {"training_loop": ("(model * rate)", "(\n        model * rate\n    )")},
        {"checks": ("negativo", "menor que cero")},
    ],
    ids=lambda change: "-".join(next(iter(change.items()))[1]).strip(),
)
def test_fingerprint_ignores_the_rest(tmp_path, change):
    assert toy(tmp_path / "a") == toy(tmp_path / "b", **change)


def test_a_changed_optimizer_makes_the_real_measurement_stale(tmp_path):
    name = "fashion_mnist_dense_vs_cnn"
    shutil.copytree(
        ROOT / "course_utils", tmp_path / "course_utils", ignore=shutil.ignore_patterns("static", "*.pyc")
    )
    assert code_fingerprint(name, tmp_path) == code_fingerprint(name)
    path = tmp_path / "course_utils" / "training.py"
    text = path.read_text(encoding="utf-8")
    assert '"adam"' in text
    path.write_text(text.replace('"adam"', '"sgd"'), encoding="utf-8")
    assert code_fingerprint(name, tmp_path) != code_fingerprint(name)


def test_real_experiment_reaches_networks_training_and_metrics():
    reached = {name for _, name in code_parts("fashion_mnist_dense_vs_cnn")}
    assert {
        "run",
        "small_cnn",
        "dense_beginner",
        "fit",
        "fix_seeds",
        "shift_images",
        "confusion_matrix",
    } <= reached


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (
                "from course_utils.networks.training import fit",
                "from course_utils.networks.training import *",
            ),
            "import \\*",
        ),
        (
            ("from course_utils.networks.training import fit", "import course_utils.networks.training"),
            "que se puede seguir",
        ),
    ],
)
def test_an_import_that_cannot_be_followed_is_refused(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        toy(tmp_path, experiments_toy=change)


# --- Medir ---------------------------------------------------------------------------------------------


@pytest.fixture
def toy_experiment(monkeypatch):
    """Un experimento que solo existe en esta prueba."""
    module = ModuleType("course_utils.experiments.toy")
    module.SEEDS = (3, 5)
    module.load_data = lambda: SimpleNamespace(
        name="puntos", is_stand_in=False, fingerprint="fedcba9876543210"
    )
    module.run = lambda seed, data: {"dense": {"accuracy": seed / 10, "history": [0.5, seed / 10]}}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(experiments, "experiment_names", lambda: ["toy"])
    monkeypatch.setattr(experiments, "code_fingerprint", lambda name: "0123456789abcdef")
    monkeypatch.setattr(experiments, "LIBRARIES", ("numpy",))
    return module


def test_measuring_writes_values_seeds_and_provenance(toy_experiment, tmp_path, capsys):
    path = experiments.measure("toy", tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["seeds"] == [3, 5]
    assert content["values"][1] == {"dense": {"accuracy": 0.5, "history": [0.5, 0.5]}}
    assert content["code"] == "0123456789abcdef"
    assert content["data"] == {"puntos": "fedcba9876543210"}
    assert content["versions"]["numpy"] == np.__version__
    assert len(content["seconds"]) == 2
    assert '"history": [0.5, 0.3]' in path.read_text(encoding="utf-8")  # una lista, una línea
    assert [line.split("…")[0] for line in capsys.readouterr().out.splitlines()] == [
        "toy: semilla 3 (1 de 2)",
        "toy: semilla 5 (2 de 2)",
    ]
    assert experiments.is_current("toy", tmp_path)
    assert not experiments.is_current("otro", tmp_path)


def test_a_measurement_is_stale_when_the_code_is_another(toy_experiment, tmp_path, monkeypatch):
    experiments.measure("toy", tmp_path)
    monkeypatch.setattr(experiments, "code_fingerprint", lambda name: "f" * 16)
    assert not experiments.is_current("toy", tmp_path)


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ValueError("se acabó"), float("nan")])
def test_a_failed_measurement_leaves_the_old_one(toy_experiment, tmp_path, failure):
    def run(seed, data):
        if seed == 5 and isinstance(failure, BaseException):
            raise failure
        return {"accuracy": failure}

    (tmp_path / "toy.json").write_text("la anterior")
    toy_experiment.run = run
    with pytest.raises((KeyboardInterrupt, ValueError)):
        experiments.measure("toy", tmp_path)
    assert (tmp_path / "toy.json").read_text() == "la anterior"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_command_explains_what_goes_wrong(toy_experiment, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(experiments.measure, "__defaults__", (tmp_path,))
    monkeypatch.setattr(experiments.is_current, "__defaults__", (tmp_path,))
    assert experiments.main(["otro"]) == 1
    assert capsys.readouterr().err == "No hay ningún experimento «otro».\nLos que hay: toy.\n"

    toy_experiment.load_data = lambda: SimpleNamespace(name="puntos", is_stand_in=True)
    assert experiments.main([]) == 1
    assert "define COURSE_DATA_DIR" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

    toy_experiment.load_data = lambda: SimpleNamespace(name="puntos", is_stand_in=False, fingerprint="0")
    assert experiments.main([]) == 0
    assert "Escrito toy.json." in capsys.readouterr().out
    assert experiments.main([]) == 0
    assert capsys.readouterr().out == "Todas las medidas están al día.\n"

    def interrupt(seed, data):
        raise KeyboardInterrupt

    toy_experiment.run = interrupt
    assert experiments.main(["toy"]) == 130
    assert "no se han tocado" in capsys.readouterr().err


# --- Leer una medida -----------------------------------------------------------------------------------


def test_over_seeds_gathers_one_value_per_seed():
    values = (
        {"cnn": {"accuracy": 0.9, "history": [0.8, 0.9]}},
        {"cnn": {"accuracy": 0.7, "history": [0.6, 0.7]}},
    )
    measured = Measurement("m", (0, 1), values, (1.0, 1.0), {}, {}, "")
    assert measured.over_seeds("cnn", "accuracy").tolist() == [0.9, 0.7]
    assert measured.over_seeds("cnn", "history").shape == (2, 2)
    with pytest.raises(KeyError, match="no midió cnn › loss: en loss hay accuracy, history"):
        measured.over_seeds("cnn", "loss")
    with pytest.raises(KeyError, match="hay ninguna"):
        measured.over_seeds("cnn", "accuracy", "x")


@pytest.mark.parametrize("name", ["nada", "../datasets", ""])
def test_an_unknown_measurement_is_explained(name):
    with pytest.raises(ValueError, match="no hay ninguna medida") as caught:
        load_measurement(name)
    assert all(path.stem in str(caught.value) for path in experiments.MEASUREMENTS.glob("*.json"))
