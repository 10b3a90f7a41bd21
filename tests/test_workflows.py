"""CI: sin debilidades conocidas, con los Python que promete el curso y con lo que queda de un fallo."""

import os
import re
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
def workflows(root):
    """Lo que hace GitHub, por archivo."""
    files = (root / ".github" / "workflows").glob("*.yml")
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture
def job(workflows):
    """El trabajo de GitHub que pasa las pruebas."""
    return workflows["ci"]["jobs"]["test"]


def test_workflows_have_no_known_weakness(root):
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [str(zizmor), "--offline", "--no-progress", str(root / ".github")]
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


def test_only_who_publishes_or_reports_may_write_and_runs_nothing_of_the_repository(workflows):
    writers = {}
    for file, workflow in workflows.items():
        assert workflow["permissions"] == {}
        for name, one in workflow["jobs"].items():
            if granted := {scope for scope, level in one["permissions"].items() if level == "write"}:
                writers[file, name] = granted
                assert not any("checkout" in step.get("uses", "") for step in one["steps"])
    assert writers == {
        ("ci", "publish"): {"pages", "id-token"},
        ("weekly", "report"): {"issues"},
        ("release", "publish"): {"contents"},
    }


def test_windows_and_macos_run_what_installation_says(workflows, root):
    job = workflows["ci"]["jobs"]["without-make"]
    page = (root / "appendix" / "instalacion.md").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in re.findall(r"```\w+\n(.*?)```", page, re.DOTALL)]
    ran = [step["run"] for step in job["steps"] if "run" in step]
    for machine in job["strategy"]["matrix"]["include"]:
        python = machine["python"]
        [written] = [lines for lines in blocks if f"{python} -m tools.open_chapters" in lines]
        done = [command.replace("& $env:COURSE_PYTHON", python) for command in ran]
        assert re.sub(r"^\S+( -3\.12)?", "python", written[0]) == done[0]
        assert written[1] == done[1]
        assert f"{written[2]} --solo-ajustes" == done[2]
        assert done[3] == f"{python} -m tools.validate_chapters --without-data 03 06"


@pytest.mark.parametrize(
    ("open_issue", "order"), [("", "issue create --title"), ("7", "issue comment 7 --body")]
)
def test_the_weekly_report_opens_one_issue_and_then_comments_on_it(workflows, tmp_path, open_issue, order):
    jobs = workflows["weekly"]["jobs"]
    report = jobs["report"]
    assert set(report["needs"]) == set(jobs) - {"report"}
    assert report["if"] == "failure()"
    told = tmp_path / "dicho"
    gh = f'#!/bin/bash\nif [ "$2" = list ]; then echo "{open_issue}"; else echo "$@" >> "{told}"; fi\n'
    (tmp_path / "gh").write_text(gh)
    (tmp_path / "gh").chmod(0o755)
    results = {"NEWEST": "success", "COLAB": "failure", "LINKS": "success", "RUN": "https://a.b/1"}
    environment = os.environ | results | {"TITLE": report["env"]["TITLE"]}
    environment["PATH"] = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["bash", "-euo", "pipefail", "-c", report["steps"][0]["run"]], env=environment, check=True)
    [line] = told.read_text(encoding="utf-8").splitlines()
    assert line.startswith(order)
    assert line.endswith("Versiones nuevas: success. Colab: failure. Enlaces: success. https://a.b/1")


def test_what_reviews_the_workflows_is_pinned_as_here(root):
    pinned = re.compile(r"^(zizmor==[\d.]+ \\\n(?:    --hash=.*\n)+)", re.MULTILINE)
    here, there = ((root / name).read_text() for name in ("requirements.txt", ".ci/requirements.txt"))
    hashes = [set(re.findall(r"zizmor==[\d.]+|sha256:\w+", pinned.search(text)[1])) for text in (here, there)]
    assert hashes[0] == hashes[1]


def test_every_text_ends_its_lines_with_a_newline_alone(root):
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=root, capture_output=True, text=True, check=True
    )
    wrong = [
        line for line in listed.stdout.splitlines() if re.search(r"i/(crlf|mixed)|attr/text=auto *\t", line)
    ]
    assert wrong == []


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
