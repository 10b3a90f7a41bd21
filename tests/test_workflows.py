"""CI: sin debilidades conocidas, con los Python que promete el curso y con lo que queda de un fallo."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import evidence
from tools.check_python import MAXIMUM, MINIMUM
from tools.execution import KERNEL_ENVIRONMENT
from tools.validate_chapters import run_nbval


@pytest.fixture
def job(root):
    """El trabajo de GitHub que pasa las pruebas."""
    workflow = (root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    return yaml.safe_load(workflow)["jobs"]["test"]


def test_workflows_have_no_known_weakness(root):
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [str(zizmor), "--offline", "--no-progress", str(root / ".github" / "workflows")]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings" in done.stdout


def test_the_promised_versions_of_python_are_the_tested_ones(job, root):
    promised = [f"3.{minor}" for minor in range(MINIMUM[1], MAXIMUM[1] + 1)]
    assert job["strategy"]["matrix"]["python"] == promised
    assert f"{', '.join(promised[:-1])} o {promised[-1]}" in (root / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={promised[0]}"


def test_what_is_left_of_a_failure_is_uploaded(job, root):
    [upload] = [step for step in job["steps"] if step.get("if") == "failure()"]
    assert root / upload["with"]["path"] == evidence.FAILURES


@pytest.mark.parametrize("code", [0, 2])
def test_ci_keeps_what_was_said_only_if_it_fails(root, tmp_path, code):
    programs = tmp_path / "bin"
    programs.mkdir()
    (tmp_path / "curso" / ".ci").mkdir(parents=True)
    shutil.copy(root / ".ci" / "run", tmp_path / "curso" / ".ci")
    said = 'echo "$0 $@ CI=$CI"'
    for name, end in {"make": code, "chromium": 0, "apt-get": 0, "sudo": 0}.items():
        (programs / name).write_text(f"#!/bin/bash\n{said}\nexit {end}\n")
        (programs / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([tmp_path / "curso/.ci/run"], env=environment, capture_output=True, text=True)
    assert done.returncode == (1 if code else 0), done.stderr
    assert "make test CI=true" in done.stdout
    log = tmp_path / "curso/_build/fallos/make-test.log"
    assert log.is_file() is bool(code)


def test_a_notebook_that_nbval_refuses_is_kept_with_its_new_outputs(tmp_path):
    cell = nbformat.v4.new_code_cell("print(6 * 7)", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text="41\n")]
    notebook = tmp_path / "99_prueba_de_fallo.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
    kept = evidence.FAILURES / "capitulos" / notebook.name
    report = evidence.FAILURES / "prueba-de-fallo.xml"
    try:
        assert run_nbval("--nbval", [notebook], os.environ | KERNEL_ENVIRONMENT, "prueba-de-fallo") == 1
        [ran] = nbformat.read(kept, as_version=4).cells
        assert ran.outputs[0].text == "42\n"
        assert "Cell outputs differ" in report.read_text(encoding="utf-8")
    finally:
        kept.unlink(missing_ok=True)
        report.unlink(missing_ok=True)


def test_a_browser_test_that_fails_leaves_a_picture(browser, root, tmp_path):
    (tmp_path / "test_falla.py").write_text(
        "from pathlib import Path\nfrom tools import evidence\n"
        "evidence.FAILURES = Path(__file__).parent / 'fallos'\n"
        "def test_una(open_tab):\n"
        "    open_tab('about:').set_content('<h1>Lo que se veía</h1>')\n"
        "    assert False\n"
        "def test_otra(open_tab):\n"
        "    open_tab('about:').evaluate('console.error(1)')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    options = ["-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    pictures = sorted(path.name for path in (tmp_path / "fallos" / "capturas").iterdir())
    assert pictures == ["test_falla.py-test_otra-1.png", "test_falla.py-test_una-1.png"]
