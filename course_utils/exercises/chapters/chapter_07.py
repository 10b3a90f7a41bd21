"""Ejercicios del capítulo 07: aumento de datos."""

import math

import numpy as np

from course_utils.exercises.chapter import Chapter, Rule
from course_utils.exercises.chapters.batches import all_states, look_at_batches
from course_utils.exercises.chapters.networks import network_of, takes
from course_utils.exercises.controls import Dropdown, Number, Slider

chapter = Chapter("07")


def flip_pair(image, mask):
    """La imagen y su máscara, reflejadas en horizontal."""
    return image[:, ::-1], mask[:, ::-1]


def _pairs():
    rng = np.random.default_rng(71)
    image = rng.integers(0, 256, (3, 4, 3))
    return [
        (np.arange(12).reshape(2, 2, 3), np.array([[0, 1], [2, 3]])),
        (image, rng.permutation(12).reshape(3, 4)),
    ]


chapter.by_reference(
    "07.1",
    flip_pair,
    cases=_pairs(),
    mistakes={
        "solo-la-imagen": lambda image, mask: (image[:, ::-1], mask),
        "solo-la-mascara": lambda image, mask: (image, mask[:, ::-1]),
        "en-vertical": lambda image, mask: (image[::-1], mask[::-1]),
        "media-vuelta": lambda image, mask: (image[::-1, ::-1], mask[::-1, ::-1]),
        "invierte-los-canales": lambda image, mask: (image[..., ::-1], mask[..., ::-1]),
        "al-reves": lambda image, mask: (mask[:, ::-1], image[:, ::-1]),
    },
)


def rotation_factor():
    """Lo que recibe RandomRotation para girar hasta 54 grados a cada lado."""
    return 54 / 360


chapter.by_reference(
    "07.2",
    rotation_factor,
    controls=(Number("Factor"),),
    mistakes={
        "en-grados": lambda: 54,
        "en-radianes": lambda: math.radians(54),
        "de-lado-a-lado": lambda: 108 / 360,
        "parte-de-un-cuarto": lambda: 54 / 90,
        "en-tanto-por-ciento": lambda: 0.54,
        "reparte-entre-los-dos-lados": lambda: 27 / 360,
    },
)


def adjust_contrast(image, factor):
    """La imagen con sus diferencias respecto de la media multiplicadas por factor, de 0 a 255."""
    mean = image.mean()
    return np.clip((image - mean) * factor + mean, 0, 255)


def _contrast_cases():
    rng = np.random.default_rng(73)
    return [
        (np.array([[50.0, 100.0], [150.0, 60.0]]), 2.0),
        (np.array([[0.0, 200.0], [40.0, 255.0]]), 1.5),
        (rng.integers(0, 256, (3, 4)).astype(float), 0.5),
        (np.array([[12.5, 200.25], [100.75, 90.5]]), 1.25),
    ]


chapter.by_reference(
    "07.3",
    adjust_contrast,
    cases=_contrast_cases(),
    mistakes={
        "no-recorta": lambda image, factor: (image - image.mean()) * factor + image.mean(),
        "desde-el-negro": lambda image, factor: np.clip(image * factor, 0, 255),
        "desde-el-gris-medio": lambda image, factor: np.clip((image - 128) * factor + 128, 0, 255),
        "desde-la-mitad": lambda image, factor: np.clip((image - 127.5) * factor + 127.5, 0, 255),
        "olvida-devolver-la-media": lambda image, factor: np.clip((image - image.mean()) * factor, 0, 255),
        "divide": lambda image, factor: np.clip((image - image.mean()) / factor + image.mean(), 0, 255),
        "cambia-el-brillo": lambda image, factor: np.clip(image + factor * image.mean(), 0, 255),
        "media-de-cada-columna": lambda image, factor: np.clip(
            (image - image.mean(axis=0)) * factor + image.mean(axis=0), 0, 255
        ),
    },
)


def move_right(image, mask, distance, void):
    """La imagen y la máscara, `distance` columnas a la derecha."""
    moved_image, moved_mask = np.zeros_like(image), np.full_like(mask, void)
    width = image.shape[1]
    moved_image[:, distance:] = image[:, : width - distance]
    moved_mask[:, distance:] = mask[:, : width - distance]
    return moved_image, moved_mask


def _left(image, mask, distance, void):
    image, mask = move_right(image[:, ::-1], mask[:, ::-1], distance, void)
    return image[:, ::-1], mask[:, ::-1]


def _down(image, mask, distance, void):
    image, mask = move_right(image.T, mask.T, distance, void)
    return image.T, mask.T


def _moving_cases():
    rng = np.random.default_rng(74)
    return [
        (np.array([[10, 20], [30, 40]]), np.array([[1, 2], [2, 1]]), 1, 9),
        (rng.integers(0, 3, (3, 4)), rng.integers(1, 5, (3, 4)), 2, 255),
        (rng.integers(1, 256, (4, 4)), rng.integers(1, 5, (4, 4)), 0, 7),
        (rng.random((2, 5)).round(2), rng.integers(1, 5, (2, 5), dtype=np.uint8), 1, 255),
        (rng.integers(1, 9, (2, 3)), np.array([[0, 2, 0], [3, 0, 1]]), 1, 9),  # la clase 0 también se mueve
        (rng.integers(1, 9, (2, 3)), rng.integers(1, 5, (2, 3)), 3, 9),  # sale todo
    ]


chapter.by_reference(
    "07.4",
    move_right,
    cases=_moving_cases(),
    mistakes={
        "la-mascara-con-ceros": lambda image, mask, distance, void: move_right(image, mask, distance, 0),
        "da-la-vuelta": lambda image, mask, distance, void: (
            np.roll(image, distance, 1),
            np.roll(mask, distance, 1),
        ),
        "a-la-izquierda": _left,
        "hacia-abajo": _down,
        "solo-la-imagen": lambda image, mask, distance, void: (
            move_right(image, mask, distance, void)[0],
            mask,
        ),
        "la-imagen-con-void": lambda image, mask, distance, void: (
            move_right(mask, image, distance, void)[1],
            move_right(image, mask, distance, void)[1],
        ),
    },
)

OPTIONS = (
    "desplazarla 2 píxeles",
    "girarla hasta 10°",
    "girarla 180°",
    "aclararla un poco",
    "acercarla un 10 %",
)


def changes_the_label():
    """El aumento que puede cambiar la etiqueta de una cifra."""
    return "girarla 180°"


chapter.by_reference(
    "07.5",
    changes_the_label,
    controls=(Dropdown("Variación", OPTIONS),),
    mistakes={
        "desplazar": lambda: OPTIONS[0],
        "girar-poco": lambda: OPTIONS[1],
        "aclarar": lambda: OPTIONS[3],
        "acercar": lambda: OPTIONS[4],
    },
)


def sample_mask(mask, rows, cols):
    """La clase del píxel más próximo a cada posición (fila, columna)."""
    return mask[np.rint(rows).astype(int), np.rint(cols).astype(int)]


def _bilinear(mask, rows, cols):
    top, left = np.floor(rows).astype(int), np.floor(cols).astype(int)
    down, right = np.minimum(top + 1, mask.shape[0] - 1), np.minimum(left + 1, mask.shape[1] - 1)
    v, u = rows - top, cols - left
    upper = (1 - u) * mask[top, left] + u * mask[top, right]
    lower = (1 - u) * mask[down, left] + u * mask[down, right]
    return (1 - v) * upper + v * lower


def _sampling_cases():
    rng = np.random.default_rng(76)
    rows, cols = rng.uniform(0, 3, (2, 3, 4))
    return [
        (np.array([[0, 4], [8, 2]]), np.array([0.2, 0.9]), np.array([0.7, 0.3])),
        (np.array([[1, 2], [3, 4]]), np.array([0.51, 0.49]), np.array([0.48, 0.52])),
        (rng.permutation(16).reshape(4, 4), rows[:, :2], cols[:, :2]),
        (rng.permutation(20).reshape(4, 5), rows, cols),
    ]


chapter.by_reference(
    "07.6",
    sample_mask,
    cases=_sampling_cases(),
    mistakes={
        "interpola": _bilinear,
        "interpola-y-redondea": lambda mask, rows, cols: np.rint(_bilinear(mask, rows, cols)).astype(int),
        "trunca": lambda mask, rows, cols: mask[rows.astype(int), cols.astype(int)],
        "redondea-hacia-arriba": lambda mask, rows, cols: mask[
            np.minimum(np.ceil(rows).astype(int), mask.shape[0] - 1),
            np.minimum(np.ceil(cols).astype(int), mask.shape[1] - 1),
        ],
        "intercambia-los-ejes": lambda mask, rows, cols: mask[
            np.rint(cols).astype(int), np.rint(rows).astype(int)
        ],
    },
)


def invented_classes(before, after):
    """Valores de la segunda máscara que no estaban en la primera, en orden."""
    return np.setdiff1d(after, before)


chapter.by_reference(
    "07.7",
    invented_classes,
    cases=[
        (np.array([[0, 2], [2, 0]]), np.array([[0, 1], [2, 1]])),
        (np.array([[0, 5], [7, 0]]), np.array([[5, 3], [3, 4]])),
        (np.array([[0, 1, 3]]), np.array([[3.0, 0.5, 2.25, 0.5]])),
        (np.array([[5, 7]]), np.array([[9, 2], [2, 0]])),
        (np.array([[1, 2]]), np.array([[2, 1]])),
    ],
    mistakes={
        "las-perdidas": lambda before, after: np.setdiff1d(before, after),
        "todas-las-nuevas": lambda before, after: np.unique(after),
        "las-que-cambian": lambda before, after: np.setxor1d(before, after),
        "las-comunes": lambda before, after: np.intersect1d(before, after),
        "cuenta": lambda before, after: len(np.setdiff1d(after, before)),
        "repetidas": lambda before, after: after[~np.isin(after, before)],
    },
)


def build_augmentation():
    """Aumento para fotos de ropa de 0 a 1."""
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.03),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )


AUGMENTING = ("RandomFlip", "RandomRotation", "RandomBrightness")


def _augmentation_of(answer):
    seen = network_of(answer)
    configs = {layer.kind: layer.config for layer in seen["layers"]}
    low, high = _bounds(configs.get("RandomRotation", {}).get("factor", 0))
    darker, lighter = _bounds(configs.get("RandomBrightness", {}).get("factor", 0))
    repeated = [kind for kind in configs if seen["kinds"].count(kind) > 1]
    return seen | {
        "repeated": repeated[0] if repeated else "",
        "extra": next((layer.title for layer in seen["layers"] if layer.kind not in AUGMENTING), ""),
        "flip": configs.get("RandomFlip", {}).get("mode"),
        "turns": max(abs(low), abs(high)) * 360 >= 0.1,
        "degrees": (round(low * 360, 1), round(high * 360, 1)),
        "brightness": (darker, lighter),
        "range": tuple(configs.get("RandomBrightness", {}).get("value_range", ())),
    }


def _bounds(factor) -> tuple:
    """El menor y el mayor valor que puede salir."""
    return tuple(factor) if isinstance(factor, list | tuple) else (-factor, factor)


def _augmentation(
    mode="horizontal",
    turn=0.03,
    brightness=0.2,
    value_range=(0, 1),
    extra="",
    shape=(28, 28, 1),
    data_format=None,
):
    def build():
        import keras

        layers = [keras.Input(shape)]
        layers += [keras.layers.RandomFlip(mode, data_format=data_format)] if mode else []
        layers += [keras.layers.RandomRotation(turn)] if turn else []
        if brightness is not None:
            layers += [keras.layers.RandomBrightness(brightness, value_range=value_range)]
        layers += [keras.layers.Flatten()] if extra == "dense" else []
        layers += [keras.layers.RandomRotation(0.03)] if extra == "turn" else []
        return keras.Sequential(layers)

    return build


chapter.by_rules(
    "07.8",
    build_augmentation,
    _augmentation_of,
    asks="model",
    mistakes={
        "otra-entrada": Rule(
            lambda seen: not takes(seen["input"], (28, 28, 1)), _augmentation(shape=(1, 28, 28))
        ),
        "canales-delante": Rule(
            lambda seen: seen["channels_first"], _augmentation(data_format="channels_first")
        ),
        "otras-capas": Rule(
            lambda seen: seen["extra"],
            _augmentation(extra="dense"),
        ),
        "capa-repetida": Rule(lambda seen: seen["repeated"], _augmentation(extra="turn")),
        "sin-volteo": Rule(lambda seen: seen["flip"] is None, _augmentation(mode=None)),
        "boca-abajo": Rule(
            lambda seen: seen["flip"] != "horizontal", _augmentation(mode="horizontal_and_vertical")
        ),
        "sin-giro": Rule(lambda seen: not seen["turns"], _augmentation(turn=0)),
        "gira-demasiado": Rule(lambda seen: max(map(abs, seen["degrees"])) > 18, _augmentation(turn=0.18)),
        "gira-a-un-lado": Rule(
            lambda seen: not seen["degrees"][0] < 0 < seen["degrees"][1], _augmentation(turn=(0.05, 0.05))
        ),
        "sin-brillo": Rule(lambda seen: not seen["range"], _augmentation(brightness=None)),
        "brillo-para-255": Rule(lambda seen: seen["range"] != (0, 1), _augmentation(value_range=(0, 255))),
        "brillo-fijo": Rule(
            lambda seen: seen["brightness"][1] - seen["brightness"][0] < 0.01, _augmentation(brightness=0.0)
        ),
        "brillo-excesivo": Rule(
            lambda seen: max(map(abs, seen["brightness"])) > 0.3001, _augmentation(brightness=1.0)
        ),
    },
)


def translation_factors():
    """Fracciones para mover hasta 6 píxeles una imagen de 30 filas y 60 columnas."""
    return 6 / 30, 6 / 60


chapter.by_reference(
    "07.9",
    translation_factors,
    controls=(Slider("height_factor", 0, 0.5, 0.05), Slider("width_factor", 0, 0.5, 0.05)),
    consequence=lambda height, width: (
        f"se mueve hasta un {round(100 * height)} % del alto y un {round(100 * width)} % del ancho"
    ),
    mistakes={
        "intercambiados": lambda: (6 / 60, 6 / 30),
        "los-dos-con-las-filas": lambda: (6 / 30, 6 / 30),
        "los-dos-con-las-columnas": lambda: (6 / 60, 6 / 60),
        "la-mitad": lambda: (3 / 30, 3 / 60),
        "el-doble": lambda: (12 / 30, 12 / 60),
    },
)


def flip_batch(images, masks, seed):
    """Refleja en horizontal, al azar, más o menos la mitad de las parejas."""
    flips = np.random.default_rng(seed).random(len(images)) < 0.5
    images, masks = images.copy(), masks.copy()
    images[flips] = images[flips, :, ::-1]
    masks[flips] = masks[flips, :, ::-1]
    return images, masks


def _flip_with(draw_images, draw_masks=None, axis=2):
    """Modelo equivocado: qué imágenes y qué máscaras se reflejan, según un generador y cuántas hay."""

    def answer(images, masks, seed):
        rng = np.random.default_rng(seed)
        first = draw_images(rng, len(images))
        second = first if draw_masks is None else draw_masks(rng, len(masks))
        images, masks = images.copy(), masks.copy()
        images[first] = np.flip(images[first], axis)
        masks[second] = np.flip(masks[second], axis)
        return images, masks

    return answer


def _half(rng, count):
    return rng.random(count) < 0.5


chapter.by_rules(
    "07.10",
    flip_batch,
    look_at_batches,
    asks="function",
    mistakes={
        "otra-transformacion": Rule(
            lambda seen: "other" in all_states(seen["calls"]), _flip_with(_half, axis=1)
        ),
        "nunca": Rule(
            lambda seen: all_states(seen["calls"]) == {"same"},
            _flip_with(lambda rng, count: np.zeros(count, bool)),
        ),
        "solo-las-imagenes": Rule(
            lambda seen: all(set(masks) == {"same"} for _, masks in seen["calls"]),
            _flip_with(_half, lambda rng, count: np.zeros(count, bool)),
        ),
        "dos-sorteos": Rule(
            lambda seen: any(images != masks for images, masks in seen["calls"]), _flip_with(_half, _half)
        ),
        "siempre": Rule(
            lambda seen: all_states(seen["calls"]) == {"flip"},
            _flip_with(lambda rng, count: np.ones(count, bool)),
        ),
        "un-sorteo-por-lote": Rule(
            lambda seen: all(len(set(images)) == 1 for images, _ in seen["calls"]),
            _flip_with(lambda rng, count: np.full(count, rng.random() < 0.5)),
        ),
        "solo-las-dos-primeras": Rule(
            lambda seen: all("flip" not in images[2:] for images, _ in seen["calls"]),
            _flip_with(lambda rng, count: rng.integers(0, 2, count)),
        ),
        "no-usa-la-semilla": Rule(
            lambda seen: all(call == seen["calls"][0] for call in seen["calls"]),
            lambda images, masks, seed: flip_batch(images, masks, 0),
        ),
        "no-repite": Rule(
            lambda seen: seen["again"] != seen["calls"][0],
            lambda images, masks, seed: flip_batch(images, masks, None),
        ),
        "no-la-mitad": Rule(
            lambda seen: not 35 <= seen["percent"] <= 65,
            _flip_with(lambda rng, count: rng.random(count) < 0.1),
        ),
        "pocos-repartos": Rule(
            lambda seen: seen["patterns"] <= 2,
            _flip_with(lambda rng, count: (np.arange(count) + rng.integers(2)) % 2 == 0),
        ),
        "unas-deciden-por-otras": Rule(
            lambda seen: seen["tied"],
            _flip_with(lambda rng, count: np.repeat(rng.random(count // 2) < 0.5, 2)),
        ),
        "la-mitad-justa": Rule(
            lambda seen: seen["always"], _flip_with(lambda rng, count: rng.permutation(count) < count // 2)
        ),
        "nunca-mas-de-la-mitad": Rule(
            lambda seen: seen["most"] <= seen["half"],
            _flip_with(lambda rng, count: np.isin(np.arange(count), rng.integers(0, count, count // 2))),
        ),
        "alguna-casi-fija": Rule(
            lambda seen: not 0.15 <= seen["times"] / seen["total"] <= 0.85,
            _flip_with(lambda rng, count: (rng.random(count) < 0.5) & (np.arange(count) > 0)),
        ),
    },
)
