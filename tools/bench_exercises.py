"""Cuánto tarda en corregirse un ejercicio y qué soluciones estropeadas rechaza: ``make bench-ejercicios``.

Mide cada ejercicio con su solución y con cada error del catálogo, después de una primera vez que importa lo
que haga falta. El objetivo es menos de 100 ms en la mediana. Después, la tabla de :mod:`tools.mutants`, que
debe quedar en el 100 %.
"""

import os
import statistics
import sys
import time

from course_utils.exercises.registry import all_exercises, exercise_chapters
from tools import mutants

GOAL = 100  # ms
REPEATS = 5


def milliseconds(item, solution) -> float:
    """La mejor de varias veces: lo que tarda el comprobador y no lo que estorban otros procesos."""
    times = []
    for _ in range(REPEATS):
        answer = item.judge.as_answer(solution)
        started = time.perf_counter()
        item.examine(answer)
        times.append(1000 * (time.perf_counter() - started))
    return min(times)


def main() -> int:
    """Escribe una tabla por capítulo y la mediana de todo."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # antes de que un ejercicio importe TensorFlow
    everything = []
    slowest = (0.0, "")
    print(f"{'capítulo':9}{'respuestas':>11}{'mediana':>10}{'peor':>10}")
    for chapter in exercise_chapters():
        found = []
        for item in all_exercises():
            if item.id[:2] != chapter:
                continue
            item.examine(item.judge.as_answer(item.judge.reference))
            for solution in (item.judge.reference, *(mistake.answer for mistake in item.judge.mistakes)):
                found.append(milliseconds(item, solution))
                slowest = max(slowest, (found[-1], item.id))
        everything += found
        print(f"{chapter:9}{len(found):11}{statistics.median(found):7.1f} ms{max(found):7.1f} ms")
    median = statistics.median(everything)
    print(f"{'todos':9}{len(everything):11}{median:7.1f} ms{slowest[0]:7.1f} ms (ejercicio {slowest[1]})")
    print(f"Objetivo: menos de {GOAL} ms en la mediana: {'sí' if median < GOAL else 'NO'}.")
    print()
    refused = mutants.main([]) == 0
    return 0 if median < GOAL and refused else 1


if __name__ == "__main__":
    sys.exit(main())
