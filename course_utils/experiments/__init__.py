"""Experimentos medidos: un módulo por experimento.

Cada uno ofrece ``SEEDS`` (las semillas), ``load_data()`` (sus datos) y ``run(seed, data)``, que devuelve un
diccionario de números. ``make experimentos`` los ejecuta todos y guarda las medidas; un capítulo repite uno.
"""

from course_utils.experiments.protocol import Measurement, load_measurement
