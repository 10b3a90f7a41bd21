"""Funciones probadas del curso «Redes convolucionales».

Importar el paquete no importa TensorFlow: cada módulo se importa donde se usa.
"""

import os

__version__ = "0.1.0"

# Solo tienen efecto antes de importar TensorFlow: mismos bits en cada ejecución y sin mensajes en inglés.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
