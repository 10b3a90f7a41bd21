"""La tabla de tiempos: compara maneras que dan lo mismo y dice qué objetivos se cumplen."""

import numpy as np
import pytest

from tools import bench_convolution
from tools.bench_convolution import Case


def test_the_table_has_every_way_and_the_goals(monkeypatch, capsys):
    monkeypatch.setattr(bench_convolution, "SECONDS_PER_TURN", 0)
    convolutions = [
        Case(2, 8, 3, 2, 4, stride=2, padding="same"),
        Case(1, 9, 2, 3, 3, dilation=2),
    ]
    monkeypatch.setattr(bench_convolution, "CONVOLUTIONS", convolutions)
    monkeypatch.setattr(bench_convolution, "POOLINGS", [Case(2, 7, 3, 2, 2, stride=2, padding="same")])
    bench_convolution.main()
    written = capsys.readouterr().out
    for heading in ("bucles", "curso", "tf.nn", "memoria"):
        assert heading in written
    for case in convolutions:
        assert f"| {case} |" in written
    assert written.count("máximo 2×7²") == written.count("promedio 2×7²") == 1
    assert written.count("| sí |") + written.count("| NO |") == 6


def test_a_way_that_gives_other_numbers_stops_the_table(monkeypatch):
    monkeypatch.setattr(bench_convolution, "conv2d", lambda *_: np.zeros((1, 6, 6, 1)))
    case = Case(1, 8, 3, 1, 1)
    with pytest.raises(SystemExit, match=r"convolución 1×8²×1, k3→1: curso no da lo mismo que tf\.nn"):
        bench_convolution.measure("convolución", case, *bench_convolution.convolution_contestants(case))
