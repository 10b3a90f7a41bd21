"""Polígonos con los que se dibujan los datos sustitutos."""

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


def shape(n, points, tone=1.0):
    """Un polígono por imagen; ``points`` alterna x e y, y cada número es común o uno por imagen."""
    columns = [np.broadcast_to(np.asarray(value, float), (n,)) for value in points]
    return np.stack(columns, axis=1).reshape(n, -1, 2), tone


def mirrored(n, points, tone=1.0):
    """El polígono y su reflejo respecto del eje vertical x = 0,5."""
    reflected = [1 - value if i % 2 == 0 else value for i, value in enumerate(points)]
    return [shape(n, points, tone), shape(n, reflected, tone)]
