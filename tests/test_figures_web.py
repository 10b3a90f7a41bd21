"""Lo que sale de web/: su aritmética bajo Node, y que el paquete guardado sea el de las fuentes."""

import gzip
import json
import re
import subprocess

import numpy as np

from tools import figure_vectors, figures


def test_node_tests_pass(node, root):
    tests = sorted(str(path) for path in (root / "web" / "test").glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *tests], cwd=root, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"pass (\d+)", done.stdout)[1]) >= 27


def test_vectors_are_what_course_utils_computes():
    stored = json.loads(figure_vectors.PATH.read_text(encoding="utf-8"))
    fresh = json.loads(json.dumps(figure_vectors.plain(figure_vectors.build())))
    assert stored.keys() == fresh.keys()
    for name, cases in fresh.items():
        for ours, theirs in zip(cases, stored[name], strict=True):
            assert ours.keys() == theirs.keys()
            for key, value in ours.items():
                if isinstance(value, str | dict) or key == "layers":
                    assert value == theirs[key], (name, key)
                else:
                    np.testing.assert_allclose(
                        _numbers(value), _numbers(theirs[key]), atol=2e-6, err_msg=f"{name}.{key}"
                    )


def _numbers(value):
    return np.array(value, float)


def test_vectors_are_what_keras_computes():
    figure_vectors.check_with_keras(figure_vectors.build())


def test_the_stored_bundle_comes_from_the_sources(node_tools, tmp_path):
    figures.bundle(tmp_path)
    for name in ("figures.mjs", "host.mjs"):
        assert (tmp_path / name).read_bytes() == (figures.STATIC / name).read_bytes(), (
            "ejecuta «make figuras»"
        )


def test_palette_and_laboratory_come_from_python():
    assert figures.PALETTE.read_text(encoding="utf-8") == figures.palette_source(), "ejecuta «make figuras»"
    assert figures.LABORATORY.read_text(encoding="utf-8") == figures.laboratory_source(), (
        "ejecuta «make figuras»"
    )


def test_every_figure_is_in_the_laboratory():
    from course_utils import figures as package

    assert {made.__name__ for made, _ in figures.TRIALS} == set(package.__all__)


def test_host_and_bundle_fit_in_40_kb():
    sizes = {
        name: len(gzip.compress((figures.STATIC / name).read_bytes(), 9))
        for name in ("figures.mjs", "host.mjs")
    }
    assert sizes["host.mjs"] < 1200
    assert sum(sizes.values()) <= 40_000


def test_the_bundle_stands_alone():
    source = (figures.STATIC / "figures.mjs").read_text(encoding="utf-8")
    assert not re.search(r"\bimport\s*[\"'({]|\bfrom\s*[\"']", source)
    # la única dirección es el espacio de nombres de SVG, que no se pide a nadie
    assert set(re.findall(r"https?://[^\"'`\s)]+", source)) <= {"http://www.w3.org/2000/svg"}


def test_the_lock_file_names_no_host(root):
    lock = (root / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
