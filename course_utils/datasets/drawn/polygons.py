"""Con qué se dibujan los datos sustitutos: polígonos, lo que los tapa, ruido y reparto de clases."""

import numpy as np


def between(rng, low, high, shape):
    # sin rng.uniform: así todas las máquinas redondean igual y los bytes coinciden
    return low + (high - low) * rng.random(shape)


def inside(polygon, x, y):
    """Qué puntos caen dentro de su polígono (n, vértices, 2): a su derecha hay un número impar de lados.

    References
    ----------
    Shimrat, «Algorithm 112: position of point relative to polygon», Comm. ACM 5 (1962).
    """
    result = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
    following = np.roll(polygon, -1, axis=1)
    for (x0, y0), (x1, y1) in zip(np.moveaxis(polygon, 0, 2), np.moveaxis(following, 0, 2), strict=True):
        x0, y0, x1, y1 = (value[:, np.newaxis, np.newaxis] for value in (x0, y0, x1, y1))
        crosses = (y0 > y) != (y1 > y)  # (n, fila, 1): y no depende de la columna
        edge = x0 + (x1 - x0) * (y - y0) / np.where(y1 == y0, 1, y1 - y0)
        result ^= crosses & (x < edge)
    return result


def draw_classes(n: int, seed: int, drawers) -> tuple[np.ndarray, np.ndarray]:
    """Tantas imágenes de cada clase, barajadas, y sus etiquetas; ``drawers`` dibuja las de cada clase."""
    if n % len(drawers) or n <= 0:
        raise ValueError(
            f"n debe ser múltiplo de {len(drawers)}, para que haya igual número de cada clase, "
            f"y ha llegado {n}: escribe, por ejemplo, n=100"
        )
    rng = np.random.default_rng(seed)
    each = n // len(drawers)
    images = np.concatenate([draw(rng, each) for draw in drawers])
    labels = np.repeat(np.arange(len(drawers)), each)
    order = rng.permutation(n)
    return images[order], labels[order]


def occluder(rng, row, col, n, low, high, side, share):
    """Un rectángulo que tapa parte de una parte ``share`` de las imágenes: (n, fila, columna)."""
    top, left = between(rng, low, high, (2, n, 1, 1))
    tall, wide = between(rng, *side, (2, n, 1, 1))
    present = rng.random((n, 1, 1)) < share
    return present & (row > top) & (row < top + tall) & (col > left) & (col < left + wide)


def add_grain(rng, pixels, deviation) -> np.ndarray:
    """Suma grano y redondea a enteros de 0 a 255."""
    # la suma de cuatro uniformes se parece a una normal y se calcula igual en todas partes
    noise = (rng.random((4, *pixels.shape)).sum(axis=0) - 2) * np.sqrt(3) * deviation
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def shape(n, points, tone=1.0):
    """Un polígono por imagen; ``points`` alterna x e y, y cada número es común o uno por imagen."""
    columns = [np.broadcast_to(np.asarray(value, float), (n,)) for value in points]
    return np.stack(columns, axis=1).reshape(n, -1, 2), tone


def mirrored(n, points, tone=1.0):
    """El polígono y su reflejo respecto del eje vertical x = 0,5."""
    reflected = [1 - value if i % 2 == 0 else value for i, value in enumerate(points)]
    return [shape(n, points, tone), shape(n, reflected, tone)]
