"""Los flujos de GitHub pasan la auditoría de zizmor y ejecutan las órdenes del Makefile."""

import subprocess
import sys
from pathlib import Path

import yaml


def test_workflows_have_no_known_weakness(root):
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [str(zizmor), "--offline", "--no-progress", str(root / ".github" / "workflows")]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings" in done.stdout


def test_ci_runs_every_promised_python_and_the_readme_command(root):
    workflow = yaml.safe_load((root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    test = workflow["jobs"]["test"]
    assert test["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert any(step.get("run", "").startswith("make test") for step in test["steps"])
    assert "make test" in (root / ".ci" / "run").read_text(encoding="utf-8")
