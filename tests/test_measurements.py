"""Cada medida guardada es de lo que su experimento hace hoy; y cómo se hace y se acepta una medida."""

import inspect
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from course_utils.experiments import behaviour, measurement
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.measurement import Measurement, load_measurement
from tests.conftest import ROOT, missing
from tools import experiments, finished_seeds

NAMES = experiments.experiment_names()


# --- Las medidas del repositorio -----------------------------------------------------------------------


def test_each_experiment_has_its_measurement_and_nothing_else_is_stored():
    assert NAMES
    assert sorted(path.stem for path in experiments.FOLDER.glob("*.json")) == NAMES


@pytest.fixture(scope="module")
def probes():
    return experiments.probes(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_measurement_comes_from_what_the_experiment_does_now(name, probes):
    found = experiments.problems(name, probes[name])
    assert not found, "\n".join(
        [
            *found,
            f"Si debía cambiar: make experimentos NOMBRE={name}",
            f'Si la medida sigue valiendo: make experimentos ACEPTAR={name} MOTIVO="…"',
        ]
    )


def test_another_processor_gives_the_same_probe(probes, monkeypatch):
    """Con las sumas de un procesador de hace quince años: en float32 cambiaban aciertos y esta era roja."""
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "SSE41")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    name = "semantic_few_scenes"
    assert experiments.probes([name]) == {name: probes[name]}


@pytest.mark.parametrize("name", NAMES)
def test_measurement_is_complete(name):
    measured = load_measurement(name)
    assert measured.name == name
    assert len(set(measured.seeds)) == len(measured.seeds) == len(measured.values) == len(measured.seconds)
    assert len(measured.seeds) >= 3
    assert measured.seeds == tuple(experiments.find(name).SEEDS)
    assert all(value.keys() == measured.values[0].keys() for value in measured.values)
    assert all(seconds > 0 for seconds in measured.seconds)
    assert measured.data
    assert not any(mark.startswith("stand-in") for mark in measured.data.values())
    assert {"python", "numpy", "keras", "tensorflow", "machine"} <= measured.versions.keys()


@pytest.mark.parametrize("load", sorted({experiments.find(name).load_data for name in NAMES}, key=str))
def test_the_real_data_are_those_that_were_measured(load):
    """La sonda usa datos generados o menos dibujos: que los de la medida son estos lo dice su huella."""
    [name, *_] = [one for one in NAMES if experiments.find(one).load_data is load]
    if "stand_in" in inspect.signature(load).parameters and not os.environ.get("COURSE_DATA_DIR"):
        missing("no se sabe dónde están los datos reales: define COURSE_DATA_DIR")
    data = load()
    [(measured, mark)] = load_measurement(name).data.items()
    assert data.name == measured
    if data.fingerprint != mark and "stand_in" in inspect.signature(load).parameters:
        missing(f"los datos de {data.name} no son los que se midieron")  # el CIFAR-10 oficial, por ejemplo
    assert data.fingerprint == mark


# Imágenes que se cronometran, que no se repiten, y las que se ven en total: no recortan los datos.
NOT_CUTS = {"SPEED_IMAGES", "PASSES"}


@pytest.mark.parametrize("name", NAMES)
def test_the_probe_shrinks_every_size_below_its_data(name):
    """Con menos imágenes que las que pide un recorte, no se notaría que el recorte falta."""
    module = experiments.find(name)
    parameters = inspect.signature(module.load_data).parameters
    if not {"train", "stand_in"} & parameters.keys():
        return  # una fotografía, que no se encoge
    for constant, value in behaviour.settings_of(module).items():
        given = constant in {"TRAIN", "TEST"} | NOT_CUTS or constant.endswith("SEED")
        part = module.PROBE.test if constant in {"TESTED", "MOVED", "TEST_IMAGES"} else module.PROBE.train
        if type(value) is int and value >= part and not given:
            assert module.PROBE.settings.get(constant, value) < part, constant


def numbers_of(settings):
    """De unos ajustes, los números de cada clase (épocas, lotes…) y el camino que lleva a cada uno."""
    found = {}
    for constant, value in settings.items():
        leaves = {constant: value} if type(value) is int else {}
        if isinstance(value, dict):
            for key, one in value.items():
                fields = one.items() if isinstance(one, dict) else [("", one)]
                leaves |= {f"{constant}[{key}] {field}": number for field, number in fields}
        for path, number in leaves.items():
            if type(number) in (int, float):
                found.setdefault((constant.rpartition("_")[2], path.partition("] ")[2]), {})[path] = number
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_differs_in_an_experiment_differs_in_its_probe(name):
    """Con las dos redes a dos épocas, no se notaría que una toma las de la otra."""
    module = experiments.find(name)
    real, shrunk = behaviour.settings_of(module), behaviour.plain(module.PROBE.settings)
    in_probe = numbers_of({key: shrunk.get(key, value) for key, value in real.items()})
    for kind, numbers in numbers_of({key: real[key] for key in shrunk}).items():
        if set(numbers) <= set(in_probe[kind]):
            values = [in_probe[kind][path] for path in numbers]
            assert len(set(values)) >= len(set(numbers.values())), kind
    for constant, value in shrunk.items():
        if isinstance(value, list) and len(real[constant]) > 1:
            assert len(set(map(str, value))) > 1 or isinstance(value[0], str), constant


@pytest.mark.parametrize("name", NAMES)
def test_the_size_of_generated_data_is_a_setting(name):
    """Un número escrito en ``load_data`` no lo verían los ajustes."""
    module = experiments.find(name)
    sizes = {
        parameter.default
        for key, parameter in inspect.signature(module.load_data).parameters.items()
        if key in ("train", "test")
    }
    assert sizes <= {getattr(module, constant, None) for constant in ("TRAIN", "TEST")}


# --- La prueba anterior puede fallar, y solo cuando debe -------------------------------------------------

WATCHED = "fashion_mnist_dense_vs_cnn"  # de los más rápidos, y usa datos, redes, entrenamiento y medidas

PROBE_EVERY_COPY = """\
import importlib, json, sys
for root in sys.argv[2:]:
    for module in [module for module in sys.modules if module.split(".")[0] == "course_utils"]:
        del sys.modules[module]
    sys.path.insert(0, root)
    from course_utils.experiments import behaviour
    print(json.dumps(behaviour.run_probe(importlib.import_module(f"course_utils.experiments.{sys.argv[1]}"))))
    sys.path.remove(root)
"""

# Cambios que no hacen nada: archivo, lo que había y lo que hay.
HARMLESS = {
    "una variable local con otro nombre": [("experiments/protocol.py", "slower", "gentler")],
    "un error con otras palabras": [
        ("networks/metrics.py", "debe tener clases enteras", "solo admite clases enteras")
    ],
    "una función partida en dos": [
        (
            "networks/metrics.py",
            "def accuracy(labels, predicted)",
            "def _share(hits):\n    return float(np.mean(hits))\n\n\ndef accuracy(labels, predicted)",
        ),
        (
            "networks/metrics.py",
            "return float(np.mean(labels == predicted))",
            "return _share(labels == predicted)",
        ),
    ],
}

# Cambios que deciden el resultado, y qué número se mueve.
HARMFUL = {
    "otro optimizador": ([("experiments/protocol.py", "optimizers.Adam()", "optimizers.SGD()")], "pérdida"),
    "otra tasa": (
        [("experiments/protocol.py", "optimizer.learning_rate = rate", "optimizer.learning_rate = 2 * rate")],
        "pérdida",
    ),
    "otras épocas": (
        [("experiments/protocol.py", '"initial_epoch": training.trial_epochs', '"initial_epoch": 0')],
        "pérdida › última",
    ),
    "otra constante en un generador": (
        [("datasets/drawn/garments.py", "rng, 110, 255", "rng, 100, 255")],
        "datos",
    ),
    "otra partición": (
        [
            (
                "experiments/protocol.py",
                ".permutation(len(data.x_train))",
                ".permutation(len(data.x_train))[::-1]",
            )
        ],
        "pérdida",
    ),
    "otra medida": (
        [("networks/metrics.py", "np.mean(labels == predicted)", "np.mean(labels != predicted)")],
        "test_accuracy",
    ),
    "otro movimiento": (
        [("images/movement.py", "(step * distance for", "(step * (distance // 2) for")],
        "shifted_accuracy",
    ),
}


def copy_with(folder: Path, changes) -> Path:
    """Una copia del paquete con unos cambios, cada uno (archivo, antes, después)."""
    skipped = shutil.ignore_patterns("static", "questions", "chapters", "*.json", "*.pyc")
    package = shutil.copytree(ROOT / "course_utils", folder / "course_utils", ignore=skipped)
    for name, before, after in changes:
        text = (package / name).read_text(encoding="utf-8")
        assert before in text, f"{name} ya no dice «{before}»: actualiza esta prueba"
        (package / name).write_text(text.replace(before, after), encoding="utf-8")
    return folder


def harmless_copy(folder: Path) -> Path:
    """Una copia con todo lo que no hace nada, y además un módulo en otro archivo."""
    copy = copy_with(folder, [change for changes in HARMLESS.values() for change in changes])
    package = copy / "course_utils"
    (package / "networks" / "metrics.py").rename(package / "networks" / "scores.py")
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("networks.metrics", "networks.scores"), encoding="utf-8")
    return copy


@cache
def stored_probe():
    return load_measurement(WATCHED).probe["values"]


@pytest.fixture(scope="module")
def probe_of_copies(tmp_path_factory):
    """La sonda de cada copia cambiada: todas en un solo proceso, que carga TensorFlow una vez."""
    folder = tmp_path_factory.mktemp("copias")
    copies = {"nada": harmless_copy(folder / "harmless")}
    copies |= {
        name: copy_with(folder / f"harmful{n}", changes)
        for n, (name, (changes, _)) in enumerate(HARMFUL.items())
    }
    command = [sys.executable, "-W", "ignore", "-c", PROBE_EVERY_COPY, WATCHED, *map(str, copies.values())]
    one_thread = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    done = subprocess.run(
        command, env=os.environ | one_thread, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(copies, map(json.loads, done.stdout.splitlines()), strict=True))


def test_changes_that_do_nothing_keep_the_measurement(probe_of_copies):
    """Todos a la vez: si alguno hiciera algo, se vería."""
    assert behaviour.changed_probe(stored_probe(), probe_of_copies["nada"]) == []


@pytest.mark.parametrize("name", HARMFUL)
def test_a_change_that_decides_the_result_is_seen_and_named(name, probe_of_copies):
    found = behaviour.changed_probe(stored_probe(), probe_of_copies[name])
    assert any(HARMFUL[name][1] in line and " era " in line for line in found)


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
def test_the_rate_that_falls_when_the_loss_is_flat_is_seen(monkeypatch):
    """Con otro experimento: una sonda en la que la pérdida se aplana."""
    from keras.callbacks import ReduceLROnPlateau

    module = experiments.find("stacked_dense")
    before = behaviour.run_probe(module)
    monkeypatch.setattr(ReduceLROnPlateau, "on_epoch_end", lambda *_, **__: None)
    assert any("última" in line for line in behaviour.changed_probe(before, behaviour.run_probe(module)))


def test_a_constant_of_the_experiment_is_seen_and_named(monkeypatch):
    name = "segmentation_networks"
    module = experiments.find(name)
    probe = load_measurement(name).probe["values"]
    assert experiments.problems(name, probe) == []
    monkeypatch.setattr(module, "TRAIN", 90)
    assert experiments.problems(name, probe) == [f"{name}: TRAIN era 9000 y ahora es 90"]


def test_a_renamed_constant_is_the_same_constant():
    assert behaviour.changed_settings({"EPOCHS": 5, "SIDE": 3}, {"PASSES": 5, "SIDE": 3}) == []
    assert behaviour.changed_settings({"EPOCHS": 5}, {"PASSES": 6}) == [
        "EPOCHS era 5 y ya no está",
        "PASSES es nueva y vale 6",
    ]


def test_only_the_changed_key_of_a_constant_is_told():
    old, new = ({"RUNS": {"a": {"epochs": epochs}, "b": {"epochs": 3}}} for epochs in (2, 4))
    assert behaviour.changed_settings(old, new) == ["RUNS[a][epochs] era 2 y ahora es 4"]


def test_a_constant_taken_from_another_experiment_is_a_setting_too(tmp_path, monkeypatch):
    text = "from course_utils.experiments.weight_sharing import DISTANCE\n"
    (tmp_path / "toy_borrower.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert behaviour.settings_of(__import__("toy_borrower")) == {"DISTANCE": 7}


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["versions"].update(keras="2.0.0"),
        lambda content: content["values"][0]["dense"].update(test_accuracy=0.99),
        lambda content: content["probe"]["values"].update({"datos": "0" * 16}),
        lambda content: content["settings"].update(EPOCHS=9),
    ],
    ids=["versión", "valor", "sonda", "ajuste"],
)
def test_an_edited_file_is_seen(edit, tmp_path):
    content = json.loads((experiments.FOLDER / f"{WATCHED}.json").read_text(encoding="utf-8"))
    assert experiments.problems(WATCHED, stored_probe(), experiments.FOLDER) == []
    edit(content)
    (tmp_path / f"{WATCHED}.json").write_text(json.dumps(content), encoding="utf-8")
    assert any("editado a mano" in line for line in experiments.problems(WATCHED, stored_probe(), tmp_path))


def test_another_version_of_a_library_only_warns():
    stored = load_measurement(WATCHED)
    keras, numpy = (".".join(stored.versions[name].split(".")[:2]) for name in ("keras", "numpy"))
    assert experiments.version_notes(stored, f"keras=={keras}.9 \\\nnumpy=={numpy}.1 \\\n") == []
    [note] = experiments.version_notes(stored, f"keras==99.1.0 \\\nnumpy=={numpy}.1 \\\n")
    assert note == f"{WATCHED} se midió con keras {keras} y el curso fija 99.1"


# --- Las piezas de la sonda ------------------------------------------------------------------------------


def test_a_list_is_summed_up_by_two_means_and_times_do_not_count():
    numbers = dict(behaviour._numbers({"a": [1, 2, 3], "seconds": 9.0, "b": {"c": 0.12345678}}))
    assert numbers == {"a (media)": 2.0, "a (en orden)": pytest.approx(14 / 6, rel=1e-5), "b › c": 0.123457}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (1.0, 1.000005, True),
        (1.0, 1.00005, False),
        (0.0, 0.0, True),
        ("nan", "nan", True),
        ("nan", 1.0, False),
    ],
)
def test_two_numbers_are_the_same_up_to_the_fifth_figure(old, new, same):
    assert (behaviour.changed_probe({"x": old}, {"x": new}) == []) is same


def test_settings_are_the_constants_that_the_module_assigns(tmp_path, monkeypatch):
    (tmp_path / "toy_settings.py").write_text(
        "from string import digits as DIGITS\n"
        "from functools import partial\n"
        "SEEDS = 0, 1\nLAYERS: int = 3\nSIDE, CROPS = 64, 400\nNETWORKS = {8: partial(int), 'b': len}\n"
        "PROBE = None\nother = 3\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert behaviour.settings_of(__import__("toy_settings")) == {
        "SEEDS": [0, 1],
        "LAYERS": 3,
        "SIDE": 64,
        "CROPS": 400,
        "NETWORKS": {"8": "función", "b": "función"},
    }


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")  # los lotes de Keras siguen en su grafo
def test_a_probe_leaves_the_module_and_keras_as_they_were():
    import keras

    module = experiments.find("stacked_dense")
    before = behaviour.settings_of(module), keras.Model.fit, keras.Model.predict
    assert behaviour.run_probe(module)["resultado › one › parameters"] == 7850
    assert (behaviour.settings_of(module), keras.Model.fit, keras.Model.predict) == before


@pytest.fixture
def toy_network(monkeypatch):
    """Un experimento de una red de una neurona; ``epochs``, ``batch`` y ``read`` cambian lo que hace."""
    import keras

    def run(seed, data):
        for rate in module.RATES:
            keras.utils.set_random_seed(seed)
            model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
            model.compile(keras.optimizers.SGD(rate), "mse")
            model.fit(data.x, data.y, epochs=module.EPOCHS, batch_size=module.BATCH_SIZE, verbose=0)
            module.read(model, data.x)
        return {"accuracy": 0.5}

    module = ModuleType("course_utils.experiments.toy")
    module.SEEDS, module.RATES, module.EPOCHS, module.BATCH_SIZE = (0,), (0.1, 0.01), 2, 4
    module.PROBE = Probe(8, 1, {})
    points = np.random.default_rng(0).normal(size=(8, 4))
    module.load_data = lambda: SimpleNamespace(x=points, y=points[:, :2], fingerprint="0" * 16)
    module.read = lambda model, images: model.predict(images)
    module.run = run
    return module


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
def test_order_repetitions_and_parts_do_not_change_a_probe(toy_network):
    before = behaviour.run_probe(toy_network)
    toy_network.RATES = toy_network.RATES[::-1]
    toy_network.read = lambda model, images: [
        model.predict(part) for part in (images[:3], images[3:], images)
    ]
    assert behaviour.changed_probe(before, behaviour.run_probe(toy_network)) == []
    toy_network.read = lambda model, images: model.predict(images[::-1] + 1)
    assert behaviour.changed_probe(before, behaviour.run_probe(toy_network)) != []


@pytest.mark.parametrize(("epochs", "batch"), [(1, 4), (2, 8)])
@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
def test_a_probe_with_one_epoch_or_one_batch_sees_too_little(toy_network, epochs, batch):
    toy_network.EPOCHS, toy_network.BATCH_SIZE = epochs, batch
    with pytest.raises(ValueError, match=r"la sonda de toy entrena .* al menos dos épocas de dos lotes"):
        behaviour.run_probe(toy_network)


def test_without_tensorflow_a_probe_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(RuntimeError, match="make entorno"):
        behaviour.run_probe(experiments.find("stacked_dense"))


# --- Medir ---------------------------------------------------------------------------------------------


@pytest.fixture
def toy_experiment(monkeypatch, tmp_path_factory):
    """Un experimento que solo existe en esta prueba."""
    module = ModuleType("course_utils.experiments.toy")
    module.SEEDS = (3, 5)
    module.PROBE = Probe(1, 1, {})
    module.load_data = lambda: SimpleNamespace(
        name="puntos", is_stand_in=False, fingerprint="fedcba9876543210"
    )
    module.run = lambda seed, data: {"dense": {"accuracy": seed / 10, "history": [0.5, seed / 10]}}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(experiments, "experiment_names", lambda: ["toy"])
    monkeypatch.setattr(experiments, "probes", lambda names: {name: {"pérdida": 1.5} for name in names})
    monkeypatch.setattr(behaviour, "settings_of", lambda module: {"SEEDS": list(module.SEEDS)})
    monkeypatch.setattr(experiments, "LIBRARIES", ("numpy", "keras"))
    monkeypatch.setattr(finished_seeds, "FOLDER", tmp_path_factory.mktemp("semillas"))
    return module


def test_measuring_writes_values_seeds_settings_and_probe(toy_experiment, tmp_path, capsys):
    path = experiments.measure("toy", tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["seeds"] == [3, 5]
    assert content["values"][1] == {"dense": {"accuracy": 0.5, "history": [0.5, 0.5]}}
    assert content["settings"] == {"SEEDS": [3, 5]}
    assert content["probe"] == {"values": {"pérdida": 1.5}, "reasons": []}
    assert content["data"] == {"puntos": "fedcba9876543210"}
    assert content["versions"]["numpy"] == np.__version__
    assert len(content["seconds"]) == 2
    assert '"history": [0.5, 0.3]' in path.read_text(encoding="utf-8")  # una lista, una línea
    assert [line.split("…")[0] for line in capsys.readouterr().out.splitlines()] == [
        "toy: semilla 3 (1 de 2)",
        "toy: semilla 5 (2 de 2)",
    ]
    assert experiments.problems("toy", {"pérdida": 1.5}, tmp_path) == []
    assert experiments.problems("toy", {"pérdida": 1.6}, tmp_path) == ["toy: pérdida era 1.5 y ahora es 1.6"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ValueError("se acabó"), float("nan")])
def test_a_failed_measurement_leaves_the_old_one(toy_experiment, tmp_path, failure):
    def run(seed, data):
        if isinstance(failure, float):
            return {"accuracy": failure}
        if seed == 5:
            raise failure
        return {"accuracy": 0.5}

    (tmp_path / "toy.json").write_text("la anterior")
    toy_experiment.run = run
    with pytest.raises((KeyboardInterrupt, ValueError, experiments.ExperimentError)) as raised:
        experiments.measure("toy", tmp_path)
    if isinstance(failure, float):
        assert (
            str(raised.value)
            == "toy: no se guarda nada, porque [0] › accuracy, [1] › accuracy no es un número finito."
        )
    assert (tmp_path / "toy.json").read_text() == "la anterior"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupted_measurement_goes_on_where_it_was(toy_experiment, tmp_path, capsys):
    run, seen = toy_experiment.run, []

    def interrupted(seed, data):
        if seed == 5:
            raise KeyboardInterrupt
        return run(seed, data)

    toy_experiment.run = interrupted
    with pytest.raises(KeyboardInterrupt):
        experiments.measure("toy", tmp_path)
    toy_experiment.run = lambda seed, data: seen.append(seed) or run(seed, data)
    experiments.measure("toy", tmp_path)
    assert seen == [5]
    assert "semilla 3 (1 de 2)… ya estaba" in capsys.readouterr().out
    assert [one["dense"]["accuracy"] for one in experiments.read("toy", tmp_path).values] == [0.3, 0.5]
    experiments.measure("toy", tmp_path)  # con la medida escrita, se empieza de nuevo
    assert seen == [5, 3, 5]


def test_accepting_repeats_a_seed_and_keeps_the_reason(toy_experiment, tmp_path, monkeypatch):
    experiments.measure("toy", tmp_path)
    monkeypatch.setattr(experiments, "probes", lambda names: {"toy": {"pérdida": 1.7}})
    seen = []
    toy_experiment.run = lambda seed, data: (
        seen.append(seed) or {"dense": {"accuracy": 0.5, "history": [0.5, 0.5]}}
    )
    experiments.accept("toy", "la pérdida se calcula de otra manera", tmp_path)
    stored = experiments.read("toy", tmp_path)
    assert seen == [5]
    assert stored.probe == {"values": {"pérdida": 1.7}, "reasons": ["la pérdida se calcula de otra manera"]}
    assert stored.values[1]["dense"]["accuracy"] == 0.5  # lo medido no se toca
    assert experiments.problems("toy", {"pérdida": 1.7}, tmp_path) == []


@pytest.mark.parametrize(
    ("result", "reason", "message"),
    [
        ({"dense": {"accuracy": 9.0, "history": [0.5, 0.5]}}, "x", "ya no da lo mismo:\ndense › accuracy: 9"),
        ({"dense": {"accuracy": 0.5, "history": [9.0, 9.0]}}, "x", r"dense › history\[0\]: 9"),
        ({"dense": {"accuracy": 0.3}}, "x", "no está en los dos"),
        ({"dense": {"accuracy": 0.5, "history": [0.5, 0.5]}}, " ", "Falta el motivo"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(toy_experiment, tmp_path, result, reason, message):
    path = experiments.measure("toy", tmp_path)
    before = path.read_text(encoding="utf-8")
    toy_experiment.run = lambda seed, data: result
    with pytest.raises(experiments.ExperimentError, match=message):
        experiments.accept("toy", reason, tmp_path)
    assert path.read_text(encoding="utf-8") == before


def test_other_seeds_are_not_accepted(toy_experiment, tmp_path):
    experiments.measure("toy", tmp_path)
    toy_experiment.SEEDS = (3, 5, 7)
    with pytest.raises(experiments.ExperimentError, match=r"con las semillas \(3, 5\) y ahora tiene"):
        experiments.accept("toy", "x", tmp_path)


def test_other_data_are_not_accepted(toy_experiment, tmp_path):
    experiments.measure("toy", tmp_path)
    toy_experiment.load_data = lambda: SimpleNamespace(name="puntos", is_stand_in=False, fingerprint="0" * 16)
    with pytest.raises(experiments.ExperimentError, match="Los datos de toy no son los de su medida"):
        experiments.accept("toy", "x", tmp_path)


def test_the_command_explains_what_goes_wrong(toy_experiment, tmp_path, monkeypatch, capsys):
    for function in (
        experiments.measure,
        experiments.problems,
        experiments.read,
        experiments.accept,
        experiments.save,
    ):
        monkeypatch.setattr(function, "__defaults__", (tmp_path,))
    assert experiments.main(["otro"]) == 1
    assert capsys.readouterr().err == "No hay ningún experimento «otro».\nLos que hay: toy.\n"
    assert experiments.main(["--aceptar", "toy", "--motivo", "x"]) == 1
    assert capsys.readouterr().err == "No existe toy.json: mide primero ese experimento.\n"

    real = toy_experiment.load_data
    toy_experiment.load_data = lambda: SimpleNamespace(name="puntos", is_stand_in=True)
    assert experiments.main([]) == 1
    assert "define COURSE_DATA_DIR" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

    toy_experiment.load_data = real
    assert experiments.main([]) == 0
    assert "Escrito toy.json." in capsys.readouterr().out
    assert experiments.main([]) == 0
    assert capsys.readouterr().out == "Todas las medidas están al día.\n"

    def interrupt(seed, data):
        raise KeyboardInterrupt

    toy_experiment.run = interrupt
    assert experiments.main(["toy"]) == 130
    assert "repite la orden para seguir" in capsys.readouterr().err


# --- Leer una medida -----------------------------------------------------------------------------------


def test_over_seeds_gathers_one_value_per_seed():
    values = (
        {"cnn": {"accuracy": 0.9, "history": [0.8, 0.9]}},
        {"cnn": {"accuracy": 0.7, "history": [0.6, 0.7]}},
    )
    measured = Measurement("m", (0, 1), values, (1.0, 1.0), {}, {}, {}, {}, "")
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
    assert all(path.stem in str(caught.value) for path in experiments.FOLDER.glob("*.json"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:200], "no es un JSON entero"),
        (lambda text: "[1, 2]", "de otra versión del curso; le faltan o le sobran data, digest"),
        (lambda text: text.replace('"digest"', '"code"'), "le faltan o le sobran code, digest"),
        (lambda text: text.replace('"seeds": [', '"seeds": null, "x": [', 1), "sobran x"),
        (lambda text: json.dumps(json.loads(text) | {"seeds": None}), "está estropeada en seeds"),
        (lambda text: json.dumps(json.loads(text) | {"probe": {}}), "está estropeada en probe"),
    ],
    ids=["cortado", "otra cosa", "otra versión", "de más", "sin semillas", "sin sonda"],
)
def test_a_file_that_is_not_a_measurement_is_explained(change, message):
    text = json.dumps(asdict(load_measurement(WATCHED)))
    with pytest.raises(ValueError, match=message):
        measurement.read_measurement(change(text), WATCHED)
