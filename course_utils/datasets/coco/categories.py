"""Las 80 categorías de COCO."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Category:
    """Una de las 80 categorías de COCO.

    Parameters
    ----------
    id : int
        Número oficial, de 1 a 90 con huecos.
    name, supercategory : str
        Nombre y grupo oficiales, en inglés.
    spanish : str
        Nombre en español.
    """

    id: int
    name: str
    spanish: str
    supercategory: str


@cache
def coco_categories() -> dict[int, Category]:
    """Las 80 categorías de COCO por orden de su número oficial, que va del 1 al 90.

    Los diez huecos, y el 91, son de once categorías que se retiraron antes de publicarlo.

    Examples
    --------
    >>> categories = coco_categories()
    >>> len(categories), categories[18].spanish, 12 in categories
    (80, 'perro', False)

    References
    ----------
    https://cocodataset.org/#explore
    """
    with (files(__package__) / "coco_categories.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row | {"id": int(row["id"])} for row in csv.DictReader(stream)]
    return {row["id"]: Category(**row) for row in rows}
