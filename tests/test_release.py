"""Lo que se entrega en cada versión y la página «Estado»."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import course_utils
from tools import links, release, status
from tools.notebooks import sources

VERSION = course_utils.__version__
CHANGELOG = f"# Cambios\n\n## {VERSION} (2026-12-01)\n\n- Uno.\n- Dos.\n\n## 0.0.9 (2026-01-01)\n\n- Viejo.\n"


@pytest.fixture
def parts(tmp_path):
    """Un sitio, dos cuadernos y un PDF de mentira."""
    paths = [tmp_path / name for name in ("sitio.zip", "00_a.ipynb", "01_b.ipynb", "libro.pdf")]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * 50)
    return paths


@pytest.fixture
def delivery(monkeypatch, tmp_path, parts):
    """Dónde queda la entrega de esas partes."""
    site, *notebooks, document = parts
    pdf = tmp_path / "pdf"
    pdf.mkdir()
    shutil.move(document, pdf)
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "PDF", pdf)
    monkeypatch.setattr(release, "ARCHIVE", site.with_suffix(""))
    monkeypatch.setattr(release, "DELIVERY", tmp_path / "_build" / "entrega")
    monkeypatch.setattr(release, "sources", lambda: notebooks)
    monkeypatch.setattr(release, "product_of", lambda source: source)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    return release.DELIVERY


def test_everything_is_delivered_with_sums_that_check(delivery):
    release.main(["--etiqueta", f"v{VERSION}"])
    name = f"redes-convolucionales-{VERSION}"
    parts = {f"{name}-{part}" for part in ("sitio.zip", "cuadernos.zip", "libro.pdf")}
    assert {path.name for path in delivery.iterdir()} == parts | {"SHA256SUMS"}
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=delivery, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": ") == 3
    with zipfile.ZipFile(delivery / f"{name}-cuadernos.zip") as packed:
        assert packed.namelist() == [f"{name}/00_a.ipynb", f"{name}/01_b.ipynb"]
        assert packed.read(f"{name}/01_b.ipynb") == b"\2" * 50
    assert delivery.with_name("notas.md").read_text(encoding="utf-8") == "- Uno.\n- Dos.\n"
    assert [path.name for path in delivery.parent.iterdir() if path.is_dir()] == ["entrega"]


def test_the_same_files_give_the_same_sums(delivery):
    release.main([])
    before = (delivery / "SHA256SUMS").read_bytes()
    for path in Path(delivery.parents[1]).glob("*.ipynb"):
        path.touch()
    release.main([])
    assert (delivery / "SHA256SUMS").read_bytes() == before


def test_without_pdf_it_is_said(delivery, capsys):
    shutil.rmtree(release.PDF)
    release.main([])
    assert "Sin PDF: no hay ninguno en pdf." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("sitio.zip", "No está sitio.zip: ejecuta antes «make zip»"),
        ("01_b.ipynb", r"Faltan cuadernos \(01_b"),
    ],
)
def test_what_is_missing_is_told_and_the_delivery_before_stays(delivery, gone, message):
    release.main([])
    before = {path.name: path.read_bytes() for path in delivery.iterdir()}
    (delivery.parents[1] / gone).unlink()
    with pytest.raises(SystemExit, match=message):
        release.main([])
    assert {path.name: path.read_bytes() for path in delivery.iterdir()} == before
    assert [path.name for path in delivery.parent.iterdir()] == ["entrega"]


@pytest.mark.parametrize(
    ("tag", "changelog", "message"),
    [
        ("v9.9.9", CHANGELOG, f"«v9.9.9» y se esperaba «v{VERSION}»"),
        (VERSION, CHANGELOG, f"«{VERSION}» y se esperaba «v{VERSION}»"),
        (f"v{VERSION}", CHANGELOG.replace("2026-12-01", "sin publicar"), "pon la fecha"),
        (f"v{VERSION}", "# Cambios\n", f"no tiene la sección «## {VERSION}»"),
        (f"v{VERSION}", f"## {VERSION}1 (2026-12-01)\n", f"no tiene la sección «## {VERSION}»"),
    ],
)
def test_a_tag_that_does_not_match_is_refused(tag, changelog, message):
    with pytest.raises(release.ReleaseError, match=message):
        release.check_tag(tag, changelog)


# --- Estado -----------------------------------------------------------------------------------------

REPORT = """<testsuites><testsuite>
<testcase classname="03_kernel_stride_padding.ipynb" name="Cell 0" time="9.6" />
<testcase classname="03_kernel_stride_padding.ipynb" name="Cell 1" time="1.1" />
<testcase classname="05_pooling.ipynb" name="Cell 0" time="2" />
</testsuite></testsuites>"""


def test_a_run_is_noted_with_its_seconds_and_the_others_stay(tmp_path):
    report, runs = tmp_path / "capitulos.xml", tmp_path / "estado.json"
    report.write_text(REPORT, encoding="utf-8")
    before = {"date": "2026-01-02", "environment": "Otro", "seconds": 5}
    runs.write_text(json.dumps({"05_pooling": before, "06_red": before}), encoding="utf-8")
    status.note_runs(report, runs)
    noted = json.loads(runs.read_text(encoding="utf-8"))
    assert noted["06_red"] == before
    assert {name: run["seconds"] for name, run in noted.items()} == {
        "03_kernel_stride_padding": 11,  # 9,6 + 1,1
        "05_pooling": 2,
        "06_red": 5,
    }
    assert noted["05_pooling"]["environment"] == status.environment()


def test_the_environment_names_the_versions_that_decide_the_numbers():
    import keras
    import numpy

    assert f"Keras {keras.__version__}, NumPy {numpy.__version__} (" in status.environment()
    assert "sin instalar" not in status.environment()


def test_each_environment_has_its_table_and_what_is_not_checked_is_listed():
    first, second, third, *rest = [source.stem for source in sources()]
    run = {"date": "2026-11-29", "environment": "Uno", "seconds": 40}
    page = status.page({second: run, first: run | {"environment": "Dos"}, third: run | {"seconds": 7}})
    tables = page.partition("# Estado")[2]
    assert [line for line in tables.splitlines() if line.endswith(":")] == ["Dos:", "Uno:", "Sin comprobar:"]
    assert tables.count("| 29/11/2026 | 40 |") == 2
    assert f"chapters/{third}.ipynb) | 29/11/2026 | 7 |" in tables
    assert tables.count("\n- ") == len(rest)


def test_the_page_is_the_one_of_what_was_noted():
    kept = json.loads(status.KEPT.read_text(encoding="utf-8"))
    assert status.PAGE.read_text(encoding="utf-8") == status.page(kept), "ejecuta «make estado»"
    assert set(kept) <= {source.stem for source in sources()}


def test_what_was_noted_reaches_the_page(monkeypatch, tmp_path):
    name = sources()[0].stem
    monkeypatch.setattr(status, "ROOT", tmp_path)
    for attribute, file in {"RUNS": "runs.json", "KEPT": "kept.json", "PAGE": "page.md"}.items():
        monkeypatch.setattr(status, attribute, tmp_path / file)
    run = {"date": "2026-11-29", "environment": "Uno", "seconds": 40}
    status.RUNS.write_text(json.dumps({name: run}), encoding="utf-8")
    status.KEPT.write_text(json.dumps({name: run | {"seconds": 1}, "99_se_quito": run}), encoding="utf-8")
    status.main()
    assert json.loads(status.KEPT.read_text(encoding="utf-8")) == {name: run}
    assert status.PAGE.read_text(encoding="utf-8") == status.page({name: run})
    status.RUNS.write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"runs\.json no es JSON .*bórralo"):
        status.main()


# --- Enlaces ----------------------------------------------------------------------------------------


def test_broken_links_are_listed_with_their_place():
    link = {"filename": "intro.md", "lineno": 3, "uri": "https://a.b", "info": "404"}
    report = "\n".join(json.dumps(link | {"status": s}) for s in ("working", "broken", "ignored", "timeout"))
    assert links.broken(report) == ["intro.md:3: https://a.b (404)"] * 2
    assert links.broken("") == []
