"""Lo que sale de web/: su aritmética bajo Node, y que el paquete guardado sea el de las fuentes."""

import gzip
import json
import re
import subprocess
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from pycocotools import mask as coco_mask
from scipy.ndimage import binary_fill_holes

from course_utils.figures import FIGURES
from course_utils.figures.base import CourseFigure
from course_utils.style import number_text
from tools import figure_vectors, figures, web_style


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
                if isinstance(value, str | dict) or key in ("layers", "texts", "polygons"):
                    assert value == theirs[key], (name, key)
                else:
                    np.testing.assert_allclose(
                        _numbers(value), _numbers(theirs[key]), atol=2e-6, err_msg=f"{name}.{key}"
                    )


def _numbers(value):
    return np.array(value, float)


def test_vectors_are_what_keras_computes():
    figure_vectors.check_with_keras(figure_vectors.build())


def test_pycocotools_fills_the_contours_and_gets_the_mask_without_its_holes(node, root):
    masks = [case["mask"].tolist() for case in figure_vectors.build()["rles"] if case["mask"].any()]
    script = (
        'import { contours, rasterize } from "./web/rle.mjs";'
        f"const masks = {json.dumps(masks)};"
        "const back = (mask) => rasterize(contours(mask), mask.length, mask[0].length);"
        "console.log(JSON.stringify(masks.map((mask) => [contours(mask), back(mask)])));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], cwd=root, text=True, capture_output=True, check=True
    )
    answers = json.loads(done.stdout)
    for mask, (polygons, back) in zip(masks, answers, strict=True):
        flat = [np.ravel(points).tolist() for points in polygons]
        filled = coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects(flat, *np.shape(mask))))
        # un hueco que toca el exterior por una esquina no lo es: los trozos se unen por los lados
        np.testing.assert_array_equal(filled, binary_fill_holes(mask, structure=np.ones((3, 3))))
        np.testing.assert_array_equal(back, filled)


def test_the_stored_bundle_comes_from_the_sources(node_tools, tmp_path):
    figures.bundle(tmp_path)
    for name in ("figures.mjs", "host.mjs"):
        assert (tmp_path / name).read_bytes() == (figures.STATIC / name).read_bytes(), (
            "ejecuta «make figuras»"
        )


def test_numbers_are_rounded_from_their_exact_value_and_halves_to_even():
    for case in figure_vectors.build()["numbers"]:
        for decimals, text in enumerate(case["texts"]):
            exact = Decimal(float(case["value"]))
            rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, Context(prec=50))
            assert Decimal(text.replace("\u202f", "").replace("−", "-").replace(",", ".")) == rounded
    assert number_text(0.125) == "0,12"
    assert number_text(0.375) == "0,38"


def test_what_comes_from_python_is_up_to_date():
    assert figures.INDEX.read_text(encoding="utf-8") == figures.index_source(), "ejecuta «make figuras»"
    assert figures.PALETTE.read_text(encoding="utf-8") == figures.palette_source(), "ejecuta «make figuras»"
    assert figures.LABORATORY.read_text(encoding="utf-8") == figures.laboratory_source(), (
        "ejecuta «make figuras»"
    )


def test_every_figure_is_listed_once_and_has_its_module(root):
    names = [figure.name for figure in FIGURES]
    assert len(set(names)) == len(names)
    made, todo = set(), [CourseFigure]
    while todo:  # lo común a varias no tiene nombre; otras pruebas pueden haber hecho figuras suyas
        found = todo.pop().__subclasses__()
        made |= {one for one in found if "name" in vars(one) and one.__module__.startswith("course_utils.")}
        todo += found
    assert set(FIGURES) == made
    modules = {path.stem for path in (root / "web" / "figures").glob("*.mjs")}
    assert modules == {*names, "index"}
    assert all(figure.title and figure.invitation for figure in FIGURES)


def test_the_laboratory_shows_whatever_figures_are_registered():
    source = figures.laboratory_source()
    for make in FIGURES:
        assert source.count(f'<div class="course-figure" data-figure="{make.name}">') == 1
        assert source.count(f'<svg class="course-figure-still" id="dibujo-{make.name}"') == 1
        assert (
            source.count(
                f"<div id='{figures.anchor(make)}'></div>\n\n### {make.title}\n\n{make.invitation}\n"
            )
            == 1
        )
        assert source.count(f'<li><a href="#{figures.anchor(make)}">') == 1
    assert set(figures.by_idea()) == set(re.findall("^## (.+)$", source, re.MULTILINE))
    # sale de la lista y de nada más: con otra, enseña otras
    fewer = figures.laboratory_source(FIGURES[1:3])
    assert re.findall('data-figure="(.+?)"', fewer) == [make.name for make in FIGURES[1:3]]


def test_every_invitation_is_a_question_and_something_to_do():
    for make in FIGURES:
        question, _, todo = make.invitation.partition("? ")
        assert question.startswith("¿"), make.name
        assert len(todo) > 20, make.name


def test_a_long_line_is_found(tmp_path):
    assert web_style.long_lines() == []
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "una.mjs").write_text(f"// corta\n// {'x' * 108}\n", encoding="utf-8")
    assert web_style.long_lines(tmp_path) == ["web/una.mjs:2: mide 111 y el ancho es 110; parte la línea"]


def test_without_biome_nothing_is_reviewed_and_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(web_style, "BIOME", tmp_path / "biome")
    monkeypatch.setattr(web_style, "install", lambda: (_ for _ in ()).throw(SystemExit("No hay npm")))
    monkeypatch.setenv("CI", "")
    assert web_style.main([]) == 0
    assert "falta Biome" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="No hay npm"):
        web_style.main([])


def test_host_and_bundle_stay_small():
    sizes = {
        name: len(gzip.compress((figures.STATIC / name).read_bytes(), 9))
        for name in ("figures.mjs", "host.mjs")
    }
    assert sizes["host.mjs"] < 1200
    assert sum(sizes.values()) <= 70_000


def sources_of(module, root, found=None):
    """El texto de un módulo de ``web/`` y de los que importa, salvo el de los retos: de esos, los suyos."""
    found = {} if found is None else found
    if module not in found:
        found[module] = text = module.read_text(encoding="utf-8")
        for name in re.findall(r'from "(.+?\.mjs)"', text):
            if not name.endswith("goals.mjs"):
                sources_of((module.parent / name).resolve(), root, found)
    asked = re.findall(r'import \{ (.+?) \} from "\.\./goals\.mjs"', found[module])
    functions = {name: body for names in asked for name, body in goals_of(names.split(", "), root)}
    return "\n".join([*found.values(), *functions.values()])


def goals_of(names, root):
    """Cada reto con su código, y el de las funciones que usa."""
    source = (root / "web" / "goals.mjs").read_text(encoding="utf-8")
    parts = re.split(r"^(?:export )?(?:function|const) (\w+)", source, flags=re.MULTILINE)
    bodies = dict(zip(parts[1::2], parts[2::2], strict=True))
    todo = list(names)
    while todo:
        name = todo.pop()
        yield name, bodies[name]
        todo += [
            other for other in bodies if other not in (name, "pass", "fail") and f"{other}(" in bodies[name]
        ]


SAID = re.compile(r'\b(?:text|pass|fail)\("(\w+)"(?:, (\{[^{}]*\}|\w+))?|\bchallenge\(\s*figure,\s*"(\w+)"')


def phrases(source):
    """Cada frase que se pide por su nombre, con los huecos que se le dan; None si los lleva una variable."""
    for name, given, label in SAID.findall(source):
        inside = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "", given)  # sin los argumentos de lo que se llama
        gaps = {part.partition(":")[0].strip() for part in inside.strip("{} ").split(",") if part.strip()}
        yield name or label, None if given and given[0] != "{" else gaps


@pytest.mark.parametrize("make", FIGURES, ids=lambda make: make.name)
def test_a_figure_has_the_phrases_that_its_module_asks_for_and_no_more(make, root):
    source = sources_of(root / "web" / "figures" / f"{make.name}.mjs", root)
    for name, gaps in phrases(source):
        assert name in make.texts, f"{make.__name__} no tiene la frase «{name}»"
        if gaps is not None:
            assert set(re.findall(r"\{(\w+)\}", make.texts[name])) == gaps, name
    asked = {name for name, _ in phrases(source)} | {"hint", "help"}
    by_value = {name for name in make.texts if name not in asked and not re.search(rf"\b{name}\b", source)}
    assert by_value == set(), f"{make.__name__} tiene frases que nadie pide"


def test_the_bundle_carries_no_phrase_of_a_figure():
    source = (figures.STATIC / "figures.mjs").read_text(encoding="utf-8")
    for make in FIGURES:
        for name, text in make.texts.items():
            longest = max(re.split(r"\{\w+\}", text), key=len)
            if len(longest) > 30:
                assert longest not in source, (make.name, name)


def test_the_bundle_stands_alone():
    source = (figures.STATIC / "figures.mjs").read_text(encoding="utf-8")
    assert not re.search(r"\bimport\s*[\"'({]|\bfrom\s*[\"']", source)
    # la única dirección es el espacio de nombres de SVG, que no se pide a nadie
    assert set(re.findall(r"https?://[^\"'`\s)]+", source)) <= {"http://www.w3.org/2000/svg"}


def test_the_lock_file_names_no_host(root):
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    for package in packages.values():
        package.pop("funding", None)  # npm escribe ahí adónde se hacen donaciones, y no descarga nada
    assert "http" not in json.dumps(packages)
    assert "resolved" not in json.dumps(packages)
