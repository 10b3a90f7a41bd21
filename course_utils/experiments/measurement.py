"""Una medida guardada: leerla, y saber si alguien ha tocado el archivo."""

import hashlib
import json
from collections.abc import Mapping
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
    settings : dict
        Constantes del módulo cuando se midió.
    probe : dict
        En ``values``, los números de la sonda; en ``reasons``, por qué se aceptó cada sonda posterior a la
        medida.
    digest : str
        Huella de todo lo anterior: delata un archivo editado a mano.
    """

    name: str
    seeds: tuple[int, ...]
    values: tuple[dict, ...]
    seconds: tuple[float, ...]
    versions: dict[str, str]
    data: dict[str, str]
    settings: dict
    probe: dict
    digest: str

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
        array([101770, 101770, 101770, 101770, 101770])
        """
        found = self.values
        for key in path:
            if not isinstance(found[0], dict) or key not in found[0]:
                options = ", ".join(found[0]) if isinstance(found[0], dict) else "ninguna"
                raise KeyError(f"{self.name} no midió {' › '.join(map(str, path))}: en {key} hay {options}")
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
        Si no hay ninguna medida con ese nombre, está cortada o es de otra versión del curso.

    Examples
    --------
    >>> load_measurement("fashion_mnist_dense_vs_cnn").seeds
    (0, 1, 2, 3, 4)
    """
    path = files(__package__) / f"{name}.json"
    if not path.is_file():
        names = (one.name for one in files(__package__).iterdir())
        known = sorted(one.removesuffix(".json") for one in names if one.endswith(".json"))
        raise ValueError(
            f"no hay ninguna medida {name!r}: las que hay son {', '.join(known) or 'ninguna'}. "
            f"Para medir ese experimento: make experimentos NOMBRE={name}"
        )
    return read_measurement(path.read_text(encoding="utf-8", errors="replace"), name)


def read_measurement(text: str, name: str) -> Measurement:
    """La medida que hay en un texto JSON, o un ``ValueError`` que dice qué le pasa al archivo."""
    remedy = f"recupérala con git o repítela con «make experimentos NOMBRE={name}»"
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"la medida {name} no es un JSON entero (línea {error.lineno}): {remedy}") from error
    except RecursionError:
        raise ValueError(f"la medida {name} tiene demasiados niveles: {remedy}") from None
    content = content if isinstance(content, dict) else {}
    differences = sorted(Measurement.__dataclass_fields__.keys() ^ content.keys())
    if differences:
        raise ValueError(
            f"la medida {name} es de otra versión del curso; le faltan o le sobran {', '.join(differences)}: "
            f"{remedy}"
        )
    seeds, values, probe = content["seeds"], content["values"], content["probe"]
    count = len(seeds) if isinstance(seeds, list) else 0
    sound = {
        "name": content["name"] == name,
        "seeds": count > 0,
        "values": isinstance(values, list)
        and len(values) == count
        and all(isinstance(one, dict) for one in values),
        "seconds": isinstance(content["seconds"], list) and len(content["seconds"]) == count,
        "versions": isinstance(content["versions"], dict),
        "settings": isinstance(content["settings"], dict),
        "probe": isinstance(probe, dict) and isinstance(probe.get("values"), dict) and "reasons" in probe,
    }
    if wrong := [key for key, right in sound.items() if not right]:
        raise ValueError(f"la medida {name} está estropeada en {wrong[0]}: {remedy}")
    return Measurement(**content | {key: tuple(content[key]) for key in ("seeds", "values", "seconds")})


def digest_of(content: Mapping) -> str:
    """Dieciséis cifras hexadecimales de todo lo que lleva una medida, menos ellas mismas."""
    text = json.dumps({key: value for key, value in content.items() if key != "digest"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
