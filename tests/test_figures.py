"""Las figuras desde Python: estados comprobados, representación estable, dibujo fijo y errores en español."""

import json
import re
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from course_utils.figures import (
    FIGURES,
    AugmentationFigure,
    ChannelsFigure,
    ConvolutionFigure,
    DenseToConvFigure,
    GradientDescentFigure,
    InsideCnnFigure,
    MaskOverlapFigure,
    OutputSizeFigure,
    PixelUsageFigure,
    PoolingFigure,
    PrecisionRecallFigure,
    ReceptiveFieldFigure,
    RunLengthFigure,
    SegmentAndCountFigure,
    SharedWeightsFigure,
    ThresholdFigure,
    TrainInPageFigure,
    TransposedConvolutionFigure,
)
from course_utils.figures.drawing import Drawing, grey, heat, outline, signed
from course_utils.ops.convolution import correlate2d

each_figure = pytest.mark.parametrize("make", FIGURES)


def _object(row, col, radius, kind="cono"):
    return {"kind": kind, "row": row, "col": col, "radius": radius, "turn": 23, "color": 999, "look": 0}


# Un estado distinto del inicial para cada figura, con lo que suele romper un dibujo: bordes, decimales, nada
# que dibujar.
UNUSUAL = [
    (AugmentationFigure, {"joint": False, "shift": 0.5, "draws": [[1] * 7, [-1] * 7]}),
    (AugmentationFigure, {"image": np.full((8, 32), 0.3), "mask": np.zeros((8, 32)), "contrast": 1}),
    (AugmentationFigure, {"mask": np.full((28, 28), 3), "zoom": 0.5, "draws": np.full((2, 7), -1.0)}),
    (ChannelsFigure, {"mode": "grey", "filter": 3, "position": 64}),
    (ConvolutionFigure, {"image": np.linspace(0, 1, 64 * 64).reshape(64, 64), "padding": 2, "stride": 3}),
    (ConvolutionFigure, {"image": [[0.5]], "kernel": [[1, 2], [3, 4]]}),
    (ConvolutionFigure, {"image": np.zeros((3, 5)), "kernel": [[-0.25, 1.5]]}),
    (
        DenseToConvFigure,
        {"image": np.eye(5), "kernel": np.eye(3), "stage": "local", "weights": "free", "output": 72},
    ),
    (GradientDescentFigure, {"learning_rate": 1.1, "step": 60}),
    (GradientDescentFigure, {"surface": "valley", "start": [1, 0], "momentum": 0.9, "step": 20}),
    (GradientDescentFigure, {"surface": "valley", "start": [-10, 10], "learning_rate": 1.2, "step": 60}),
    (InsideCnnFigure, {"image": np.zeros((28, 28)), "layer": 19, "channel": 71, "view": "shift"}),
    (InsideCnnFigure, {"image": np.tri(28) * 254.5, "shift_rows": -6, "shift_cols": 6, "position": 783}),
    (MaskOverlapFigure, {"truth": np.zeros((1, 2), bool), "probabilities": [[0, 1]], "threshold": 1}),
    (MaskOverlapFigure, {"truth": np.eye(24), "probabilities": np.eye(24) / 3, "threshold": 0.05}),
    (OutputSizeFigure, {"input_size": 3, "kernel_size": 11}),
    (OutputSizeFigure, {"input_size": 32, "padding": "same", "stride": 5, "dilation": 4}),
    (PixelUsageFigure, {"input_size": 3, "kernel_size": 7, "padding": 0}),
    (PixelUsageFigure, {"row": 11, "col": 11, "padding": 6}),
    (PoolingFigure, {"image": [[1, -2], [3, 4]], "pool_size": 3}),
    (PoolingFigure, {"mode": "average", "shift_rows": -3, "shift_cols": 3, "position": 1024}),
    (ReceptiveFieldFigure, {"layers": [{"kind": "pool", "kernel_size": 7, "stride": 4, "dilation": 4}] * 6}),
    (PrecisionRecallFigure, {"score_threshold": 1, "iou_threshold": 0.95}),
    (PrecisionRecallFigure, {"truth": [[1]], "predicted": [[1]], "scores": [0.5]}),
    (
        PrecisionRecallFigure,
        {"truth": np.eye(64), "predicted": np.tri(64, dtype=int) + np.eye(64), "scores": [0.1, 0.1]},
    ),
    (ReceptiveFieldFigure, {"padding": "same", "row": 0, "col": 63}),
    (RunLengthFigure, {"mask": np.indices((12, 12)).sum(axis=0) % 2, "position": 143, "tolerance": 2}),
    (RunLengthFigure, {"mask": [[0]]}),
    (SegmentAndCountFigure, {"objects": [_object(0, 64, 4)], "light": -60, "noise": 60, "seed": 9999}),
    (SegmentAndCountFigure, {"objects": [_object(32, 32, 20)] * 2, "noise": 0}),
    (SegmentAndCountFigure, {"objects": [_object(8 * k, 7 * k, 5 + k, "aro") for k in range(9)]}),
    (SharedWeightsFigure, {"input_size": 4, "kernel_size": 11}),
    (SharedWeightsFigure, {"input_size": 1024, "channels": 256, "filters": 256}),
    (ThresholdFigure, {"truth": np.zeros((1, 2), bool), "probabilities": [[0, 1]], "threshold": 1}),
    (ThresholdFigure, {"truth": np.ones((64, 64)), "probabilities": np.eye(64), "confidence": "shy"}),
    (TrainInPageFigure, {"filters": 16, "kernel_size": 5, "hidden": 16, "rate": 0.0003, "seed": 99}),
    (TransposedConvolutionFigure, {"image": [[0.5, -1]], "kernel": np.ones((4, 3)), "padding": "same"}),
    (TransposedConvolutionFigure, {"image": np.eye(3), "kernel": [[2]], "stride": 3, "position": 8}),
    (TransposedConvolutionFigure, {"kernel": np.ones((4, 4)), "row": 9, "col": 9, "shown": "so_far"}),
]
STATES = [(make, {}) for make in FIGURES] + UNUSUAL


@pytest.mark.parametrize(("make", "state"), STATES)
def test_the_state_is_enough_to_make_the_figure_again(make, state):
    figure = make(**state)
    wire = json.loads(json.dumps(figure.state()))  # lo que recibe el navegador
    again = make(**wire)
    assert again.state() == figure.state()
    assert again.to_html() == figure.to_html()
    assert repr(again) == repr(figure)


@pytest.mark.parametrize(("make", "state"), STATES)
def test_the_html_is_a_still_picture_with_its_state(make, state):
    figure = make(**state)
    html = figure.to_html()
    assert "\n\n" not in html  # una línea en blanco cortaría el bloque en Markdown
    assert "base64" not in html
    root = ET.fromstring(html)  # bien formado
    assert (root.get("class"), root.get("data-figure")) == ("course-figure", figure.name)
    told = json.loads(root.find("script").text)
    assert told.pop("_texts") == figure.texts
    assert told == json.loads(json.dumps(figure.state()))
    svg = root.find("figure/{http://www.w3.org/2000/svg}svg")
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == figure.sentence()
    x, y, width, height = map(float, svg.get("viewBox").split())
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        assert x <= float(text.get("x")) <= x + width
        assert y <= float(text.get("y")) <= y + height
    caption = "".join(root.find("figure/figcaption").itertext())
    assert figure.title in caption
    assert not re.search(r"\d\.\d", caption)  # coma decimal
    assert len(html) < 60_000


@each_figure
def test_the_representation_is_stable(make):
    assert repr(make()) == repr(make())
    assert "0x" not in repr(make())
    assert repr(make()).startswith(f"{make.__name__}(")


@each_figure
def test_a_notebook_shows_the_widget_and_a_page_the_html(make, monkeypatch):
    figure = make()
    data, _ = figure._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == figure.model_id
    assert data["text/html"] == figure.to_html()
    assert data["text/plain"] == repr(figure)
    monkeypatch.setitem(sys.modules, "google.colab", None)
    data, _ = figure._repr_mimebundle_()
    assert "text/html" not in data
    assert "application/vnd.jupyter.widget-view+json" in data


@each_figure
def test_the_module_is_sent_whole(make):
    from tools.figures import STATIC

    assert make()._esm == (STATIC / "figures.mjs").read_text(encoding="utf-8")
    assert make().figure == make.name


def test_the_figures_of_the_stored_chapters_carry_the_phrases_of_today(root):
    made = {make.name: make for make in FIGURES}
    stored = re.compile(r'data-figure="(\w+)">\n<script type="application/json">(.*?)</script>')
    seen = 0
    for path in sorted((root / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                for name, told in stored.findall("".join(output.get("data", {}).get("text/html", ""))):
                    advice = f"ejecuta «make capitulos C={path.stem[:2]} FORZAR=1»"
                    assert json.loads(told)["_texts"] == made[name].texts, advice
                    seen += 1
    assert seen >= len(FIGURES)


def test_text_cannot_leave_the_script():
    figure = ConvolutionFigure(kernels={"</script><b>á": [[1]]})
    html = figure.to_html()
    assert html.count("</script>") == 1
    assert "<b>" not in html
    assert list(json.loads(ET.fromstring(html).find("script").text)["kernels"]) == ["</script><b>á"]


BAD = [
    (AugmentationFigure, "image", np.ones((7, 28)), "de 8 a 32"),
    (AugmentationFigure, "image", np.ones((9, 9)), "deben medir lo mismo"),
    (AugmentationFigure, "image", np.full((28, 28), 255), "entre 0 y 1"),
    (AugmentationFigure, "mask", np.full((28, 28), 4), "entre 0 y 3"),
    (AugmentationFigure, "rotation", 20, "entre 0 y 0,5"),
    (AugmentationFigure, "joint", "yes", "debe ser uno de True, False"),
    (AugmentationFigure, "draws", np.zeros((2, 6)), "de 7 a 7"),
    (AugmentationFigure, "draws", np.full((2, 7), 2), "entre −1 y 1"),
    (ConvolutionFigure, "kernel", [1, 0, -1], "debe tener 2 ejes"),
    (ConvolutionFigure, "kernel", np.ones((8, 8)), "de 1 a 7"),
    (ConvolutionFigure, "kernel", [[1, 2], [3]], "distinta longitud"),
    (ConvolutionFigure, "kernel", [[np.nan]], "NaN"),
    (ConvolutionFigure, "kernel", [["a"]], "números reales"),
    (ConvolutionFigure, "kernel", None, "números reales"),
    (ConvolutionFigure, "kernel", [[1e6]], "entre −99 y 99"),
    (ConvolutionFigure, "image", np.zeros((65, 2)), "de 1 a 64"),
    (ConvolutionFigure, "image", np.zeros((0, 2)), "vacío"),
    (ConvolutionFigure, "stride", 0, "debe ser 1 o más"),
    (ConvolutionFigure, "stride", -1, "debe ser 1 o más"),
    (ConvolutionFigure, "stride", 1.5, "número entero"),
    (ConvolutionFigure, "stride", True, "número entero"),
    (ConvolutionFigure, "stride", 6, "debe ser 5 o menos"),
    (ConvolutionFigure, "goal", "ganar", "debe ser uno de"),
    (ConvolutionFigure, "kernels", [[1]], "diccionario de nombres"),
    (ConvolutionFigure, "kernels", {"x": [1]}, "debe tener 2 ejes"),
    (GradientDescentFigure, "surface", "cubic", "debe ser uno de 'parabola', 'valley'"),
    (GradientDescentFigure, "learning_rate", 0, "debe estar entre 0,01 y 1,2"),
    (GradientDescentFigure, "momentum", 1, "debe estar entre 0 y 0,9"),
    (GradientDescentFigure, "start", [1], "de 2 a 2"),
    (GradientDescentFigure, "start", [11, 0], "entre −10 y 10"),
    (GradientDescentFigure, "step", 61, "debe ser 60 o menos"),
    (OutputSizeFigure, "padding", "full", "«valid», «same» o un entero"),
    (OutputSizeFigure, "padding", -1, "debe ser 0 o más"),
    (OutputSizeFigure, "input_size", 100, "debe ser 32 o menos"),
    (PixelUsageFigure, "input_size", 2, "debe ser 3 o más"),
    (DenseToConvFigure, "kernel", np.ones((2, 3)), "no puede ser mayor"),
    (DenseToConvFigure, "image", [[1, 2]], "no puede ser mayor"),
    (DenseToConvFigure, "stage", "conv", "debe ser uno de"),
    (ChannelsFigure, "image", np.zeros((6, 6)), "debe tener 3 ejes"),
    (ChannelsFigure, "image", np.zeros((6, 6, 4)), "canal"),
    (ChannelsFigure, "image", np.full((6, 6, 3), 255), "entre −1 y 1"),
    (ChannelsFigure, "bias", [0, 0], "un sesgo por filtro"),
    (ChannelsFigure, "kernel", np.zeros((2, 2, 3, 2)), "un sesgo por filtro"),
    (PoolingFigure, "mode", "min", "debe ser uno de"),
    (PoolingFigure, "shift_rows", 4, "debe ser 3 o menos"),
    (ReceptiveFieldFigure, "layers", [], "de 1 a 6 capas"),
    (ReceptiveFieldFigure, "layers", [{"kind": "conv"}], "le falta kernel_size"),
    (ReceptiveFieldFigure, "layers", [{"kind": "dense", "kernel_size": 3}], "diccionario con kind"),
    (ReceptiveFieldFigure, "layers", [3], "diccionario con kind"),
    (
        ReceptiveFieldFigure,
        "layers",
        [{"kind": "conv", "kernel_size": 9, "stride": 1, "dilation": 1}],
        "7 o menos",
    ),
    (RunLengthFigure, "mask", np.ones((13, 2)), "de 1 a 12"),
    (RunLengthFigure, "mask", [[0.5]], "compáralas antes con un umbral"),
    (RunLengthFigure, "tolerance", 3, "debe estar entre 0 y 2"),
    (RunLengthFigure, "position", -1, "debe ser 0 o más"),
    (SegmentAndCountFigure, "objects", [], "de 1 a 9 objetos"),
    (SegmentAndCountFigure, "objects", [_object(0, 0, 9)] * 10, "de 1 a 9 objetos"),
    (SegmentAndCountFigure, "objects", [_object(65, 0, 9)], "row del objeto 1 debe ser 64 o menos"),
    (SegmentAndCountFigure, "objects", [_object(0, 0, 9, "árbol")], "el objeto 1 de objects debe ser"),
    (SegmentAndCountFigure, "objects", [{"kind": "aro"}], "al objeto 1 de objects le falta row"),
    (SegmentAndCountFigure, "light", 61, "debe ser 60 o menos"),
    (SegmentAndCountFigure, "seed", -1, "debe ser 0 o más"),
    (SharedWeightsFigure, "filters", 0, "debe ser 1 o más"),
    (MaskOverlapFigure, "truth", np.full((12, 12), 2), "entre 0 y 1"),
    (MaskOverlapFigure, "truth", np.full((12, 12), 0.5), "compáralas antes con un umbral"),
    (MaskOverlapFigure, "truth", np.ones((2, 2)), "deben medir lo mismo"),
    (MaskOverlapFigure, "probabilities", np.full((12, 12), -0.5), "entre 0 y 1 y llega a -0.5"),
    (MaskOverlapFigure, "probabilities", np.ones((2, 2)), "deben medir lo mismo"),
    (MaskOverlapFigure, "threshold", 1.5, "debe estar entre 0 y 1"),
    (MaskOverlapFigure, "threshold", [0.5], "(un solo número)"),
    (PrecisionRecallFigure, "truth", np.zeros((12, 20)), "no tiene ningún objeto"),
    (PrecisionRecallFigure, "truth", np.ones((2, 2)), "deben medir lo mismo"),
    (PrecisionRecallFigure, "truth", 2 * np.ones((12, 20)), "deben ir de 1 a 1 sin saltos"),
    (PrecisionRecallFigure, "predicted", np.ones((12, 20)), "hace falta uno por objeto"),
    (PrecisionRecallFigure, "predicted", np.full((12, 20), 0.5), "enteros de 0 a 99"),
    (PrecisionRecallFigure, "scores", [0.5], "en ids hay 9 objetos"),
    (PrecisionRecallFigure, "scores", np.full(9, 95), "entre 0 y 1"),
    (PrecisionRecallFigure, "iou_threshold", 0, "debe estar entre 0,05 y 1"),
    (ThresholdFigure, "truth", np.ones((2, 2)), "deben medir lo mismo"),
    (ThresholdFigure, "probabilities", np.full((28, 28), 1.5), "entre 0 y 1"),
    (ThresholdFigure, "confidence", "sure", "debe ser uno de 'as_is', 'shy', 'bold'"),
    (ThresholdFigure, "threshold", -1, "debe estar entre 0 y 1"),
    (InsideCnnFigure, "image", np.zeros((14, 14)), "de 28 a 28"),
    (InsideCnnFigure, "image", np.full((28, 28), 256), "entre 0 y 255 y llega a 256"),
    (InsideCnnFigure, "shift_rows", -7, "debe ser -6 o más"),
    (InsideCnnFigure, "shift_cols", 7, "debe ser 6 o menos"),
    (InsideCnnFigure, "layer", 20, "debe ser 19 o menos"),
    (InsideCnnFigure, "channel", 72, "debe ser 71 o menos"),
    (InsideCnnFigure, "source", 0.5, "número entero"),
    (InsideCnnFigure, "position", -1, "debe ser 0 o más"),
    (InsideCnnFigure, "view", "maps", "debe ser uno de 'layers', 'occlusion', 'shift'"),
    (TrainInPageFigure, "filters", 32, "debe ser uno de 4, 8, 16"),
    (TrainInPageFigure, "kernel_size", 4, "debe ser uno de 3, 5"),
    (TrainInPageFigure, "hidden", 0, "debe ser uno de 16, 32, 64, 128"),
    (TrainInPageFigure, "rate", 1, "debe ser uno de 0.0003"),
    (TrainInPageFigure, "seed", 100, "debe ser 99 o menos"),
    (TransposedConvolutionFigure, "image", np.ones((4, 4)), "de 1 a 3"),
    (TransposedConvolutionFigure, "padding", 1, "debe ser uno de 'valid', 'same'"),
    (TransposedConvolutionFigure, "stride", 4, "debe ser 3 o menos"),
]


@pytest.mark.parametrize(("make", "name", "bad", "message"), BAD)
def test_a_bad_value_is_explained_and_changes_nothing(make, name, bad, message):
    figure = make()
    before = figure.state()
    with pytest.raises(TraitError, match=re.escape(message)) as caught:
        setattr(figure, name, bad)
    assert figure.state() == before
    assert len(str(caught.value).splitlines()) <= 5
    with pytest.raises(TraitError, match=re.escape(message)):
        make(**{name: bad})
    with pytest.raises(TraitError, match=re.escape(message)):  # como llega del navegador
        figure.set_state({name: bad})
    assert figure.state() == before


def test_an_unknown_state_is_explained():
    with pytest.raises(TraitError, match="elige entre goal, image, kernel"):
        ConvolutionFigure(strides=2)


def test_one_of_the_options_is_kept_as_it_is_listed():
    figure = AugmentationFigure(flip=1, joint=0)
    assert figure.flip is True
    assert figure.joint is False
    assert '"flip":true,"image"' in figure.to_html()  # la página compara con true


def test_values_cannot_change_behind_the_figure():
    figure = ConvolutionFigure()
    with pytest.raises(TypeError):
        figure.kernel[0][0] = 5
    kernel = np.eye(3)
    figure.kernel = kernel
    kernel[0, 0] = 7
    assert figure.kernel == ((1, 0, 0), (0, 1, 0), (0, 0, 1))


def test_an_edit_of_the_browser_reaches_python():
    figure = ConvolutionFigure()
    seen = []
    figure.observe(lambda change: seen.append(change.new), "stride")
    figure.set_state({"stride": 2, "kernel": [[1, 0], [0, 1]]})
    assert seen == [2]
    assert figure.kernel == ((1, 0), (0, 1))


def test_objects_and_scores_change_together():
    figure = PrecisionRecallFigure()
    with figure.hold_trait_notifications():
        figure.truth = [[1, 0]]
        figure.predicted = [[1, 2]]
        figure.scores = [0.5, 0.75]
    assert figure.hits.tolist() == [False, True]
    masks = MaskOverlapFigure()
    with masks.hold_trait_notifications():
        masks.truth, masks.probabilities = [[1]], [[0.75]]
    assert masks.iou == 1


def test_kernel_and_bias_change_together():
    figure = ChannelsFigure(kernel=np.ones((1, 1, 3, 2)), bias=[1, -1])
    assert figure.output[0, 5].tolist() == [2, 0]  # verde puro: 1 + sesgo
    with figure.hold_trait_notifications():
        figure.kernel = np.ones((1, 1, 3, 1))
        figure.bias = [0]
    assert figure.output.shape == (6, 6, 1)


# --- Números hechos a mano y propiedades ------------------------------------------------------------


def test_hand_numbers():
    assert ConvolutionFigure(
        image=[[0, 1, 2], [3, 4, 5], [6, 7, 8]], kernel=[[0, 1], [2, 3]]
    ).output.tolist() == [[19, 25], [37, 43]]
    assert OutputSizeFigure(input_size=7, kernel_size=3, stride=2).output_size == 3
    assert OutputSizeFigure(input_size=2, kernel_size=3).output_size == 0
    assert PixelUsageFigure(input_size=4, padding=0).usage.tolist() == [
        [1, 2, 2, 1],
        [2, 4, 4, 2],
        [2, 4, 4, 2],
        [1, 2, 2, 1],
    ]
    moved = PoolingFigure(image=[[0, 5], [0, 0]], shift_rows=1, shift_cols=-1, pool_size=1, stride=1)
    assert moved.shifted.tolist() == [[0, 0], [5, 0]]
    assert (
        ReceptiveFieldFigure(
            layers=[{"kind": "conv", "kernel_size": 3, "stride": 1, "dilation": 1}] * 2
        ).field.size
        == 5
    )
    stamped = TransposedConvolutionFigure(image=[[0, 1], [2, 3]], kernel=[[0, 1], [2, 3]], stride=1)
    assert stamped.output.tolist() == [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
    assert stamped.overlaps.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    masks = MaskOverlapFigure(truth=[[1, 1, 0, 0]], probabilities=[[0.9, 0.4, 0.6, 0.1]])
    assert masks.counts == {"both": 1, "extra": 1, "missing": 1, "neither": 1}
    assert (masks.iou, masks.dice, masks.accuracy) == (1 / 3, 0.5, 0.5)
    corner = np.zeros((8, 8), int)
    corner[0, 0] = 1
    pair = {"image": corner, "mask": 2 * corner, "rotation": 0, "zoom": 0, "shift": 0.5, "brightness": 0.5}
    pair |= {"contrast": 0, "draws": [[1, 0.5, -0.25, 0, 0, 0.5, 0], [-1, 0, 0, 0, 0, 0, 0]]}
    image, mask = AugmentationFigure(
        **pair
    ).augmented  # volteada, dos filas abajo y una columna a la izquierda
    assert np.argwhere(mask).tolist() == np.argwhere(image > 0.5).tolist() == [[2, 6]]
    assert (mask.max(), image.min(), image.max()) == (2, 0.25, 1)
    apart = AugmentationFigure(**pair | {"joint": False})
    np.testing.assert_array_equal(apart.augmented[1], apart.mask)
    assert (AugmentationFigure(**pair).agreement, apart.agreement) == (1, 0)
    assert [round(GradientDescentFigure(step=n).loss, 2) for n in range(4)] == [9, 5.76, 3.69, 2.36]
    line = GradientDescentFigure(surface="valley", start=[1, 0], step=1)
    np.testing.assert_allclose(line.weights, [1.8, 0.5])
    np.testing.assert_allclose([point.loss for point in line.trajectory], [6.5, 0.65])
    assert line.trajectory[0].gradient.tolist() == [-8, -5]
    inertia = GradientDescentFigure(momentum=0.5, step=2).trajectory  # 0,6 y después 0,48 + 0,5 · 0,6
    assert [round(float(point.weights[0]), 2) for point in inertia] == [0, 0.6, 1.38]
    small = {"truth": [[1, 1, 0, 0]], "probabilities": [[0.9, 0.4, 0.6, 0.1]]}
    chosen = ThresholdFigure(**small, threshold=0.3)
    assert (chosen.precision, chosen.recall, chosen.iou, chosen.dice) == (2 / 3, 1, 2 / 3, 0.8)
    assert ThresholdFigure(**small, confidence="shy").predicted.tolist() == [[True, False, False, False]]
    assert ThresholdFigure(**small, confidence="bold").predicted.tolist() == [[True, True, True, False]]
    silent = ThresholdFigure(threshold=1)
    assert (silent.precision, silent.recall) == (1, 0)
    assert "se predicen 0: precisión (nada que contar), exhaustividad 0, IoU 0 y Dice 0." in silent.sentence()
    assert chosen.picture().count("<rect") == 1 + silent.picture().count("<rect")  # sin punto en la curva
    nobody = ThresholdFigure(truth=[[0, 0]], probabilities=[[0.9, 0.2]]).sentence()
    assert "con 0 píxeles de objeto. Con umbral 0,5 se predice 1: precisión 0, exhaustividad (nada" in nobody
    assert RunLengthFigure(mask=[[0, 1, 0], [1, 1, 0]]).counts == [1, 3, 2]
    assert RunLengthFigure().counts == [7, 4, 2, 3, 3, 2, 4, 2, 4, 1, 16]
    nothing = MaskOverlapFigure(threshold=0.95)
    assert (nothing.iou, nothing.accuracy) == (0, (144 - 19) / 144)
    ranking = PrecisionRecallFigure(
        truth=[[1, 1, 1, 2]], predicted=[[2, 2, 0, 1]], scores=[0.8, 0.9], iou_threshold=0.7
    )
    assert ranking.ranked.tolist() == [2, 1]
    assert ranking.hits.tolist() == [False, True]
    assert (ranking.precision.tolist(), ranking.recall.tolist()) == ([0, 0.5], [0, 0.5])
    assert ranking.average_precision == pytest.approx(51 * 0.5 / 101)
    assert [PrecisionRecallFigure(score_threshold=t).accepted for t in (0, 0.55, 0.96)] == [9, 6, 0]
    assert SharedWeightsFigure(input_size=4, kernel_size=3, filters=2).parameters == {
        "dense": 136,
        "local": 80,
        "conv": 20,
    }


@given(st.sampled_from(["dense", "local", "shared"]), st.integers(0, 10_000))
def test_the_three_matrices_do_what_the_sliding_kernel_does(stage, seed):
    rng = np.random.default_rng(seed)
    shape = (1, int(rng.integers(5, 13))) if seed % 2 else (5, 6)
    image = rng.integers(-3, 9, shape)
    kernel = rng.integers(-5, 6, (1, 3) if seed % 2 else (2, 3))
    figure = DenseToConvFigure(image=image, kernel=kernel, stage=stage)
    np.testing.assert_array_equal(figure.matrix @ image.ravel(), correlate2d(image, kernel).ravel())
    free = DenseToConvFigure(image=image, kernel=kernel, stage=stage, weights="free")
    assert np.count_nonzero(free.matrix) <= free.parameter_count("local" if stage == "local" else "dense")


@given(
    st.integers(1, 32),
    st.integers(1, 11),
    st.integers(1, 5),
    st.one_of(st.integers(0, 5), st.sampled_from(["valid", "same"])),
    st.integers(1, 4),
)
def test_any_allowed_size_draws(n, k, s, p, d):
    figure = OutputSizeFigure(input_size=n, kernel_size=k, stride=s, padding=p, dilation=d)
    drawn = figure.picture().count('stroke="#00664A"')
    assert drawn == figure.output_size


def test_drawing_colours():
    assert grey([[0, 5]], 5).tolist() == [[[0, 0, 0], [255, 255, 255]]]
    low, zero, high = signed([[-2, 0, 2]])[0]
    assert zero.tolist() == [247, 247, 247]
    assert low[2] > low[0]  # morado: más azul que rojo
    assert high[0] > high[2]  # naranja
    assert heat([[0, 1, 2]], 2)[0, 0].tolist() == [255, 255, 255]
    assert signed(np.zeros((2, 2))).tolist() == [[[247] * 3] * 2] * 2


def test_an_outline_has_one_stroke_per_side_between_regions():
    assert outline([[1]], 0, 0, 10) == "M0 0h10M0 10h10M0 0v10M10 0v10"
    assert outline([[1, 1]], 5, 0, 1).count("M") == 6
    assert outline([[1, 2]], 0, 0, 1).count("M") == 7  # el lado entre dos objetos, una vez
    assert outline([[0, 0]], 0, 0, 1) == ""


def test_drawing_escapes_text():
    drawing = Drawing()
    drawing.text(0, 10, "a < b & c", anchor="start")
    root = ET.fromstring(drawing.svg('«alto» "x" < y'))
    assert root[0].text == "a < b & c"
    assert root.get("aria-label") == '«alto» "x" < y'
