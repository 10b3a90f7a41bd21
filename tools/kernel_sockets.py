"""Complemento de pytest: los kernels de nbval hablan por archivos de socket y no por puertos.

Un puerto se elige libre, se suelta y el kernel lo toma un segundo después: con dos procesos de pruebas, a
veces ya lo tiene otro y el kernel muere al nacer («Kernel died before replying»). Un archivo no se repite.
"""

import os
import tempfile
from pathlib import Path

import nbval.kernel
from jupyter_client.manager import KernelManager


class SocketFileManager(KernelManager):
    """Un kernel con sus sockets en una carpeta propia."""

    def __init__(self, **settings) -> None:
        self._sockets = tempfile.TemporaryDirectory(prefix="kernel-")
        super().__init__(transport="ipc", ip=str(Path(self._sockets.name, "k")), **settings)


def pytest_configure() -> None:
    """Windows no tiene sockets de archivo: allí siguen siendo puertos."""
    if os.name == "posix":
        nbval.kernel.KernelManager = SocketFileManager
