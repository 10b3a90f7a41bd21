"""Guardar los pesos de una red, y cargarlos solo en la red que les corresponde."""

from pathlib import Path

import numpy as np


def save_weights(model, path) -> None:
    """Guarda los pesos de una red en un archivo ``.npz``: un array por peso, con su nombre.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.
    path : str or Path
        Archivo que se escribe; debe terminar en ``.npz``.

    Raises
    ------
    ValueError
        Si el archivo no termina en ``.npz``.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils.networks.models import small_cnn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_weights(small_cnn(), f"{folder}/red.npz")
    ...     load_weights(small_cnn(), f"{folder}/red.npz")
    """
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"los pesos se guardan en un archivo .npz y ha llegado «{path.name}»")
    np.savez_compressed(path, **_named_weights(model))


def load_weights(model, path) -> None:
    """Pone en una red los pesos de un archivo ``.npz``; si son de otra red, lo explica y no la toca.

    Parameters
    ----------
    model : keras.Model
        Red ya construida. Se modifica.
    path : str or Path
        Archivo de :func:`save_weights`. Se lee sin *pickle*: no puede ejecutar nada.

    Raises
    ------
    ValueError
        Si el número de pesos, el nombre o la forma de alguno no son los de la red.
    """
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    expected = _named_weights(model)
    here, there = len(expected), len(arrays)
    advice = "construye la red con la misma función con que se guardó"
    if here != there:
        raise ValueError(
            f"esos pesos son de otra red: el archivo tiene {there} arrays y «{model.name}», {here}: {advice}"
        )
    for (name, array), (stored_name, value) in zip(expected.items(), arrays.items(), strict=True):
        if (name, array.shape) != (stored_name, value.shape):
            raise ValueError(
                f"esos pesos son de otra red: donde «{model.name}» tiene {name}, de forma {array.shape}, "
                f"el archivo tiene {stored_name}, de forma {value.shape}: {advice}"
            )
    model.set_weights(list(arrays.values()))


def _named_weights(model) -> dict[str, np.ndarray]:
    """Pesos por orden: «03 Conv2D kernel»… El número y el tipo de la capa, no su nombre, que Keras cambia."""
    return {
        f"{number:02} {type(layer).__name__} {weight.name}": np.asarray(weight)
        for number, layer in enumerate(model.layers)
        for weight in layer.weights
    }
