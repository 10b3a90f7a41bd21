"""Las órdenes que se escriben en una terminal, con sus errores y su ayuda en español."""

import argparse
import sys
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """El de Python, que solo habla inglés.

    Examples
    --------
    >>> Parser(prog="orden").format_usage()
    'Uso: orden [-h]\\n'
    """

    def __init__(self, **options):
        super().__init__(**options, add_help=False)
        self.add_argument("-h", "--help", action="help", help="enseña esta ayuda")
        self._positionals.title, self._optionals.title = "Argumentos", "Opciones"
        self._given = []

    def parse_known_args(self, args=None, namespace=None):
        self._given = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def format_usage(self):
        return super().format_usage().replace("usage: ", "Uso: ", 1)

    def format_help(self):
        return super().format_help().replace("usage: ", "Uso: ", 1)

    def error(self, message: str) -> NoReturn:
        """Lo que ha llegado y lo que se espera; 2, como siempre."""
        given = " ".join(self._given)
        what = f"No se entiende «{given}»" if given else "Falta algo en la orden"
        self.exit(2, f"{what}.\n{self.format_usage()}Cada cosa se explica con --help.\n")
