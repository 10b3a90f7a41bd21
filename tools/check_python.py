"""Comprueba que este Python sirve para el curso. Sin sintaxis moderna: también lo lee un Python antiguo."""

import sys

MINIMUM = (3, 11)
MAXIMUM = (3, 13)  # TensorFlow 2.21 no publica paquetes para versiones posteriores

if not MINIMUM <= sys.version_info[:2] <= MAXIMUM:
    sys.stderr.write(
        "Este Python es el %d.%d y el curso necesita 3.11, 3.12 o 3.13.\n"
        "Instala uno de ellos y vuelve a probar, o indica cuál usar:\n"
        "    make libro PYTHON=/ruta/a/python3.12\n" % sys.version_info[:2]
    )
    sys.exit(1)
