"""Experimentos medidos: un módulo por experimento.

Cada uno ofrece ``SEEDS``, ``load_data()``, ``run(seed, data)``, que devuelve un diccionario de números, y
``PROBE``, que lo encoge para comprobar en segundos que sigue haciendo lo mismo. En todos, ``seed`` cambia los
pesos iniciales, el orden de los lotes y, si el módulo no dice otra cosa, los sorteos; ``data`` es lo que da
``load_data()``. Los que definen ``TRAINING`` siguen un protocolo: cada red se entrena hasta que se aplana,
con la tasa que mejor le va en validación; cada semilla cambia también las imágenes; y las condiciones se
restan semilla a semilla, con el intervalo de la diferencia. La medida está al lado, en ``NOMBRE.json``: la
escribe ``make experimentos`` y la leen los capítulos.
"""

from course_utils.experiments.comparison import comparison_table, paired_difference
from course_utils.experiments.measurement import Measurement, load_measurement
