"""Orden para ver, descargar, comprobar y borrar los conjuntos de datos del curso."""

import sys

from course_utils.datasets import COLLECTIONS
from course_utils.datasets.causes import disk_cause
from course_utils.datasets.downloads import OFFLINE, PATIENT, DownloadError, cache_folder, exclusive
from course_utils.datasets.progress import shown_size

USAGE = f"""\
Uso: python -m course_utils.datasets [ORDEN [CONJUNTO…]]
  lista       dónde está cada conjunto y cuánto ocupa (si no se dice otra cosa)
  descarga    lo que falte, a la caché, por mucho que tarde; si se corta, repítela: sigue donde estaba
  comprueba   cada archivo que hay    borra   los de la caché, nunca los de COURSE_DATA_DIR
Conjuntos: {", ".join(COLLECTIONS)}; sin ninguno, todos (borra exige nombrarlos)"""


def main(arguments: list[str]) -> int:
    """Ejecuta una orden; 0 si todo va bien, 1 si algo falla, 2 si no se entiende, 130 si se interrumpe."""
    order, *names = arguments or ["lista"]
    if order in ("ayuda", "-h", "--help"):
        print(USAGE)
        return 0
    unknown = [name for name in names if name not in COLLECTIONS]
    if order not in ORDERS or unknown or (order == "borra" and not names):
        print(f"No se entiende «{' '.join(arguments)}»: mira la orden «ayuda».", file=sys.stderr)
        print(f"Órdenes: {', '.join(ORDERS)}. Conjuntos: {', '.join(COLLECTIONS)}.", file=sys.stderr)
        return 2
    try:
        done = [_try(ORDERS[order], COLLECTIONS[name]) for name in names or COLLECTIONS]
    except KeyboardInterrupt:
        print("\nInterrumpido: lo que ya estaba se conserva.", file=sys.stderr)
        return 130
    return 0 if all(done) else 1


def _try(order, collection) -> bool:
    try:
        return order(collection)
    except (DownloadError, OSError, ValueError) as error:
        own = not isinstance(error, OSError) or error.errno is None  # los del sistema están en inglés
        cause = error if own else f"{error.filename or 'el disco'}: {disk_cause(error)}"
        print(f"{collection.name}: {cause}", file=sys.stderr)
    return False


def _list(collection) -> bool:
    own, cached = collection.directory(), cache_folder(collection.name)
    places = [("COURSE_DATA_DIR", own)] if own else []
    places += [("caché", cached)] if _size(cached) else []
    for kind, folder in places:
        print(f"{collection.name:15}{shown_size(_size(folder)):>10}  {kind}: {folder}")
    if not places:
        print(f"{collection.name:15}{'—':>10}  sin descargar: son {shown_size(collection.size)}")
    return True


def _download(collection) -> bool:
    folder = cache_folder(collection.name)
    collection.download(folder, PATIENT)
    print(f"{collection.name}: completo y verificado en {folder}, {shown_size(_size(folder))}.")
    return True


def _check(collection) -> bool:
    own, cached = collection.directory(), cache_folder(collection.name)
    if own:
        collection.read_directory(own)
        print(f"{collection.name}: correcto en {own}.")
    if _size(cached):
        collection.download(cached, OFFLINE)
        print(f"{collection.name}: correcto en {cached}.")
    if not own and not _size(cached):
        print(f"{collection.name}: no hay nada que comprobar.")
    return True


def _remove(collection) -> bool:
    folder = cache_folder(collection.name)
    size = _size(folder)
    if folder.is_dir():
        with exclusive(folder):
            for path in sorted(folder.rglob("*"), reverse=True):  # antes lo de dentro que su carpeta
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                elif path != folder / ".lock":
                    path.unlink()
    print(f"{collection.name}: {shown_size(size)} liberados de {folder}.")
    return True


def _size(folder) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


ORDERS = {"lista": _list, "descarga": _download, "comprueba": _check, "borra": _remove}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
