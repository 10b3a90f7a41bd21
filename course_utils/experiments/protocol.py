"""Medidas guardadas de experimentos largos: las escribe ``make experimentos`` y las leen los capítulos."""

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np


@dataclass(frozen=True)
class Measurement:
    """Lo que midió un experimento, y con qué.

    Parameters
    ----------
    name : str
        Nombre del experimento; es un módulo de ``course_utils.experiments``.
    seeds : tuple of int
        Semillas.
    values : tuple of dict
        Lo que devolvió el experimento con cada semilla, en el mismo orden.
    seconds : tuple of float
        Duración con cada semilla.
    versions : dict of str to str
        Versión de Python y de cada biblioteca.
    data : dict of str to str
        Huella de cada conjunto de datos.
    code : str
        Huella del experimento y de las funciones del curso que usa.
    """

    name: str
    seeds: tuple[int, ...]
    values: tuple[dict, ...]
    seconds: tuple[float, ...]
    versions: dict[str, str]
    data: dict[str, str]
    code: str

    def over_seeds(self, *path: str) -> np.ndarray:
        """Un valor medido, con cada semilla.

        Parameters
        ----------
        *path : str
            Claves que llevan hasta él: ``"dense", "accuracy"``.

        Returns
        -------
        ndarray, shape (semillas, …)

        Raises
        ------
        KeyError
            Si el experimento no midió eso.

        Examples
        --------
        >>> load_measurement("fashion_mnist_dense_vs_cnn").over_seeds("dense", "parameters")
        array([101770, 101770, 101770])
        """
        found = self.values
        for key in path:
            if not isinstance(found[0], dict) or key not in found[0]:
                options = ", ".join(found[0]) if isinstance(found[0], dict) else "ninguna"
                raise KeyError(f"{self.name} no midió {' › '.join(path)}: en {key} hay {options}")
            found = [value[key] for value in found]
        return np.array(found)


def load_measurement(name: str) -> Measurement:
    """Lee la medida de un experimento.

    Parameters
    ----------
    name : str
        Nombre del experimento.

    Returns
    -------
    Measurement

    Raises
    ------
    ValueError
        Si no hay ninguna medida con ese nombre.

    Examples
    --------
    >>> load_measurement("fashion_mnist_dense_vs_cnn").seeds
    (0, 1, 2)
    """
    path = files(__package__) / f"{name}.json"
    if not path.is_file():
        known = sorted(
            p.name.removesuffix(".json") for p in files(__package__).iterdir() if p.name.endswith(".json")
        )
        raise ValueError(
            f"no hay ninguna medida {name!r}: las que hay son {', '.join(known) or 'ninguna'}. "
            f"Para medir ese experimento: make experimentos NOMBRE={name}"
        )
    content = json.loads(path.read_text(encoding="utf-8"))
    return Measurement(**content | {key: tuple(content[key]) for key in ("seeds", "values", "seconds")})
