"""Lee los YAML en los que está la prosa; si no se entienden, dice dónde."""

import yaml


def read_prose(source):
    """El contenido de un YAML.

    Parameters
    ----------
    source : Path or Traversable
        Archivo en UTF-8.

    Raises
    ------
    ValueError
        Si no se entiende; dice en qué línea y columna.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.yaml")
    ...     _ = path.write_text("a: [1, 2")
    ...     read_prose(path)
    Traceback (most recent call last):
    ...
    ValueError: a.yaml no se entiende desde la línea 1, columna 9: mira comillas, corchetes y sangrado
    """
    try:
        return yaml.safe_load(source.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" desde la línea {mark.line + 1}, columna {mark.column + 1}" if mark else ""
        raise ValueError(
            f"{source.name} no se entiende{where}: mira comillas, corchetes y sangrado"
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{source.name} no está en UTF-8: guárdalo así en tu editor") from error
