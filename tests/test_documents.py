"""Lo que dicen README y CONTRIBUTING existe."""

import re

import pytest


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_command_and_file_that_is_named_exists(root, document):
    text = (root / document).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)(?!…)\b(?!…)", text))
    assert named, "el documento no nombra ninguna orden"
    assert named <= targets | {"bench"}, f"órdenes que no existen: {sorted(named - targets)}"
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (root / path).exists(), f"enlace roto: {path}"


def test_versions_agree(root):
    import course_utils

    version = course_utils.__version__
    assert f'version = "{version}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"version: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
