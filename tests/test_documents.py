"""Lo que dicen README y CONTRIBUTING existe, y las herramientas se ejecutan de una sola manera."""

import re

import pytest

DOCUMENTS = ["README.md", "CONTRIBUTING.md"]
PLAIN_SCRIPT = "check_python"  # se ejecuta antes de que haya entorno


@pytest.fixture(scope="module")
def makefile(root):
    return (root / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_file_that_is_named_exists(root, makefile, document):
    text = (root / document).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)(?!…)\b(?!…)", text))
    assert named, "el documento no nombra ninguna orden"
    assert named <= targets, f"órdenes que no existen: {sorted(named - targets)}"
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (root / path).exists(), f"enlace roto: {path}"
    for path in re.findall(r"`((?:course_utils|tools|tests|web|appendix|chapters|_ext)/[\w./-]+)`", text):
        assert (root / path).exists() or re.search("NN|NOMBRE|12_deteccion", path), f"no existe: {path}"


def test_help_lists_every_command(makefile):
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert targets - set(re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE)) == {"entorno-libro"}


def test_every_tool_is_a_module_that_somebody_runs_or_imports(root, makefile):
    tools = {path.stem: path.read_text(encoding="utf-8") for path in (root / "tools").glob("[a-z]*.py")}
    documents = "".join((root / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    tests = "".join(path.read_text(encoding="utf-8") for path in (root / "tests").glob("*.py"))
    patched = [name for name, text in tools.items() if "sys.path." in text]
    assert patched == [], "se ejecutan con python -m tools.NOMBRE y no necesitan cambiar sys.path"
    for name in tools:
        others = "".join(other for key, other in tools.items() if key != name) + makefile + documents + tests
        assert re.search(rf"\btools[./]{name}\b|from tools import .*\b{name}\b", others), f"nadie usa {name}"
    for text in [makefile, documents, tests, *tools.values()]:
        assert set(re.findall(r"python3? tools/(\w+)\.py", text)) <= {PLAIN_SCRIPT}
        assert set(re.findall(r"\$\(PY\) tools/(\w+)\.py", text)) == set()


def test_versions_agree(root):
    import course_utils

    version = course_utils.__version__
    assert f'version = "{version}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"version: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
