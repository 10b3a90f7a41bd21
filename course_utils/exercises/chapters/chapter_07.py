"""Ejercicios del capítulo 07: aumento de datos."""

import math

import numpy as np

from course_utils.exercises.controls import Choice, Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.exercises.layers import read_model

# --- 07.1 ------------------------------------------------------------------------------------------


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


FLIP = Exercise(
    id="07.1",
    title="reflejar una imagen y su máscara",
    level="easy",
    text="""
`image` tiene forma (filas, columnas, canales) y `mask`, forma (filas, columnas). Devuelve `(imagen,
máscara)` reflejadas en **horizontal**: lo que estaba a la izquierda queda a la derecha.
""",
    judge=ByReference(
        flip_pair,
        cases=_pairs,
        mistakes=[
            Mistake(
                "solo-la-imagen",
                "La máscara no se ha movido: sus píxeles señalan ahora el sitio equivocado.",
                lambda image, mask: (image[:, ::-1], mask),
            ),
            Mistake(
                "solo-la-mascara",
                "Has reflejado la máscara y no la imagen.",
                lambda image, mask: (image, mask[:, ::-1]),
            ),
            Mistake(
                "en-vertical",
                "Has invertido las filas: eso pone la imagen boca abajo. Las columnas son el segundo eje.",
                lambda image, mask: (image[::-1], mask[::-1]),
            ),
            Mistake(
                "media-vuelta",
                "Has invertido los dos ejes: es un giro de 180°, no un reflejo.",
                lambda image, mask: (image[::-1, ::-1], mask[::-1, ::-1]),
            ),
            Mistake(
                "invierte-los-canales",
                "En la imagen has invertido el último eje, que son los canales: cambia el color y nada se "
                "mueve.",
                lambda image, mask: (image[..., ::-1], mask[..., ::-1]),
            ),
            Mistake(
                "al-reves",
                "El orden es (imagen, máscara).",
                lambda image, mask: (mask[:, ::-1], image[:, ::-1]),
            ),
        ],
    ),
    hints=["Los ejes son (fila, columna, canal).", "`x[::-1]` invierte el primer eje. ¿Y el segundo?"],
    explanation="Se invierte el eje 1, el de las columnas, en las dos. Ni los colores ni las clases cambian: "
    "solo se mueven.",
)

# --- 07.2 ------------------------------------------------------------------------------------------


def rotation_factor():
    """Lo que recibe RandomRotation para girar hasta 18 grados a cada lado."""
    return 18 / 360


ROTATION = Exercise(
    id="07.2",
    title="el factor de un giro",
    level="easy",
    text="""
¿Qué número recibe `RandomRotation` para que cada imagen gire al azar **hasta 18 grados a cada lado**?
""",
    judge=ByReference(
        rotation_factor,
        mistakes=[
            Mistake(
                "en-grados",
                "18 serían dieciocho vueltas completas, y Keras lo rechaza. El factor es una parte de la "
                "vuelta.",
                lambda: 18,
            ),
            Mistake(
                "en-radianes",
                "Has convertido los grados en radianes. El factor no es un ángulo, es una parte de la "
                "vuelta.",
                lambda: math.radians(18),
            ),
            Mistake(
                "de-lado-a-lado",
                "Así gira hasta 36°. El factor ya vale para los dos lados: no lo dobles.",
                lambda: 36 / 360,
            ),
            Mistake(
                "parte-de-un-cuarto",
                "Has dividido entre 90, un cuarto de vuelta.",
                lambda: 18 / 90,
            ),
            Mistake(
                "en-tanto-por-ciento",
                "0,18 es el 18 % de la vuelta, casi 65°. Son 18 **grados** de 360.",
                lambda: 0.18,
            ),
            Mistake(
                "reparte-entre-los-dos-lados",
                "Así gira 9° a cada lado. Con un solo número, Keras ya lo usa en los dos sentidos.",
                lambda: 9 / 360,
            ),
        ],
    ),
    hints=["El factor es una fracción de la vuelta entera.", "La vuelta entera son 360 grados."],
    explanation="18 / 360 = 0,05: un veinteavo de vuelta, a un lado o al otro.",
    controls=(Number("Factor"),),
)

# --- 07.3 ------------------------------------------------------------------------------------------


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
    ]


CONTRAST = Exercise(
    id="07.3",
    title="el contraste, a mano",
    level="medium",
    text="""
Cambiar el contraste es separar cada píxel de la **media de la imagen**, o acercarlo a ella: la diferencia
se multiplica por `factor`. El resultado se recorta para que quede entre 0 y 255. `image` es un array de
decimales de forma (filas, columnas).
""",
    judge=ByReference(
        adjust_contrast,
        cases=_contrast_cases,
        mistakes=[
            Mistake(
                "no-recorta",
                "Hay valores fuera de 0 y 255. Después de multiplicar, recorta con `np.clip`.",
                lambda image, factor: (image - image.mean()) * factor + image.mean(),
            ),
            Mistake(
                "desde-el-negro",
                "Multiplicas los píxeles, no su distancia a la media: así la imagen entera se aclara o se "
                "oscurece.",
                lambda image, factor: np.clip(image * factor, 0, 255),
            ),
            Mistake(
                "desde-el-gris-medio",
                "Mides la distancia a 128 y se pide a la media de esta imagen: si es oscura, no es 128.",
                lambda image, factor: np.clip((image - 128) * factor + 128, 0, 255),
            ),
            Mistake(
                "olvida-devolver-la-media",
                "Falta volver a sumar la media después de multiplicar.",
                lambda image, factor: np.clip((image - image.mean()) * factor, 0, 255),
            ),
            Mistake(
                "divide",
                "Divides entre `factor`: un factor mayor que 1 debe separar los tonos, no acercarlos.",
                lambda image, factor: np.clip((image - image.mean()) / factor + image.mean(), 0, 255),
            ),
            Mistake(
                "cambia-el-brillo",
                "Sumas lo mismo a todos los píxeles: eso es brillo. El contraste cambia las diferencias.",
                lambda image, factor: np.clip(image + factor * image.mean(), 0, 255),
            ),
            Mistake(
                "media-de-cada-columna",
                "Usas la media de cada columna: hay una sola media, la de toda la imagen.",
                lambda image, factor: np.clip(
                    (image - image.mean(axis=0)) * factor + image.mean(axis=0), 0, 255
                ),
            ),
        ],
    ),
    hints=[
        "Resta la media, multiplica y devuelve la media.",
        "El último paso es `np.clip`, con el intervalo de los píxeles.",
    ],
    explanation="La media no cambia, salvo por el recorte: lo más claro que ella se aclara y lo más oscuro "
    "se "
    "oscurece. Es lo que hace `RandomContrast`, con un factor distinto para cada imagen.",
)

# --- 07.4 ------------------------------------------------------------------------------------------


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
        (rng.integers(1, 256, (3, 4)), rng.integers(1, 5, (3, 4)), 2, 255),
        (rng.integers(1, 256, (4, 4)), rng.integers(1, 5, (4, 4)), 0, 7),
    ]


MOVE = Exercise(
    id="07.4",
    title="lo que entra desde fuera",
    level="medium",
    text="""
Mueve `distance` columnas a la **derecha** una imagen en gris y su máscara, las dos de forma (filas,
columnas). Lo que sale se pierde. En la imagen entran ceros, que son negro; en la máscara, la clase `void`,
que dice «aquí no hay nada que aprender».
""",
    judge=ByReference(
        move_right,
        cases=_moving_cases,
        mistakes=[
            Mistake(
                "la-mascara-con-ceros",
                "En la máscara entran ceros, y 0 es una clase. Rellena con `void`.",
                lambda image, mask, distance, void: move_right(image, mask, distance, 0),
            ),
            Mistake(
                "da-la-vuelta",
                "Lo que sale por la derecha vuelve a entrar por la izquierda. Tiene que perderse.",
                lambda image, mask, distance, void: (np.roll(image, distance, 1), np.roll(mask, distance, 1)),
            ),
            Mistake(
                "a-la-izquierda",
                "Se ha movido a la izquierda.",
                _left,
            ),
            Mistake("hacia-abajo", "Se ha movido hacia abajo: las columnas son el segundo eje.", _down),
            Mistake(
                "solo-la-imagen",
                "La máscara sigue donde estaba.",
                lambda image, mask, distance, void: (move_right(image, mask, distance, void)[0], mask),
            ),
            Mistake(
                "la-imagen-con-void",
                "En la imagen también entra `void`, que es el número de una clase y no un gris. Rellénala "
                "con ceros.",
                lambda image, mask, distance, void: (
                    move_right(mask, image, distance, void)[1],
                    move_right(image, mask, distance, void)[1],
                ),
            ),
        ],
    ),
    hints=[
        "Empieza con dos arrays ya rellenos: `np.zeros_like` y `np.full_like`.",
        "Las columnas desde `distance` reciben las primeras de la original.",
    ],
    explanation="Las dos se mueven igual y se rellenan distinto: un color que no molesta en la imagen y una "
    "clase que no miente en la máscara.",
)

# --- 07.5 ------------------------------------------------------------------------------------------

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


KEEPS = Exercise(
    id="07.5",
    title="qué cambia la etiqueta",
    level="easy",
    text="""
Una red lee cifras manuscritas de 28 × 28, del 0 al 9. ¿Cuál de estas variaciones de una imagen puede
convertirla en la de **otra cifra**?
""",
    judge=ByReference(
        changes_the_label,
        mistakes=[
            Mistake(
                "desplazar",
                "Un 6 dos píxeles más allá sigue siendo un 6. La etiqueta no dice dónde está.",
                lambda: OPTIONS[0],
            ),
            Mistake(
                "girar-poco",
                "Inclinada 10°, una cifra se lee igual: la letra de mucha gente ya se inclina eso.",
                lambda: OPTIONS[1],
            ),
            Mistake("aclarar", "Más clara o más oscura, es la misma cifra.", lambda: OPTIONS[3]),
            Mistake("acercar", "Un 10 % más grande, es la misma cifra.", lambda: OPTIONS[4]),
        ],
    ),
    hints=["¿Qué tendrías que hacerle a un 6 para leer otra cosa?", "Dale media vuelta a la hoja."],
    explanation="Media vuelta convierte un 6 en un 9. Un aumento es válido si quien mira la imagen nueva "
    "sigue "
    "dando la misma respuesta.",
    controls=(Choice("Variación", OPTIONS),),
)

# --- 07.6 ------------------------------------------------------------------------------------------


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
    rows, cols = rng.uniform(0, 3.45, (2, 3, 4))
    return [
        (np.array([[0, 4], [8, 2]]), np.array([0.2, 0.9]), np.array([0.7, 0.3])),
        (rng.permutation(16).reshape(4, 4), rows[:, :2], cols[:, :2]),
        (rng.permutation(20).reshape(4, 5), rows, cols),
    ]


SAMPLE = Exercise(
    id="07.6",
    title="leer una máscara entre píxeles",
    level="hard",
    text="""
Al girar una máscara, cada píxel nuevo cae entre varios de los antiguos. `rows` y `cols` son arrays de
decimales de la misma forma: dónde cae cada uno, dentro de `mask`. Devuelve, con esa forma, la clase del
píxel **más próximo**. Ninguna posición está justo a la mitad.
""",
    judge=ByReference(
        sample_mask,
        cases=_sampling_cases,
        mistakes=[
            Mistake(
                "interpola",
                "Promedias los cuatro vecinos. Entre la clase 0 y la 8 saldría la 4, que no está ahí: las "
                "clases son nombres, no cantidades.",
                _bilinear,
            ),
            Mistake(
                "interpola-y-redondea",
                "Promedias y después redondeas: salen enteros, pero de clases que no están ahí.",
                lambda mask, rows, cols: np.rint(_bilinear(mask, rows, cols)).astype(int),
            ),
            Mistake(
                "trunca",
                "Quitas los decimales, y 0,9 está más cerca de 1 que de 0. Redondea.",
                lambda mask, rows, cols: mask[rows.astype(int), cols.astype(int)],
            ),
            Mistake(
                "redondea-hacia-arriba",
                "Redondeas siempre hacia arriba: 0,2 está más cerca de 0.",
                lambda mask, rows, cols: mask[
                    np.minimum(np.ceil(rows).astype(int), mask.shape[0] - 1),
                    np.minimum(np.ceil(cols).astype(int), mask.shape[1] - 1),
                ],
            ),
            Mistake(
                "intercambia-los-ejes",
                "Usas las columnas como filas: el primer índice es la fila.",
                lambda mask, rows, cols: mask[np.rint(cols).astype(int), np.rint(rows).astype(int)],
            ),
        ],
    ),
    hints=[
        "`np.rint` redondea y devuelve decimales; para indexar hacen falta enteros.",
        "NumPy admite dos arrays de índices a la vez: `x[filas, columnas]`.",
    ],
    explanation="Se redondea la posición, no la clase. Así toda clase que sale estaba en la máscara.",
)

# --- 07.7 ------------------------------------------------------------------------------------------


def invented_classes(before, after):
    """Valores de la segunda máscara que no estaban en la primera, en orden."""
    return np.setdiff1d(after, before)


INVENTED = Exercise(
    id="07.7",
    title="clases inventadas",
    level="easy",
    text="""
Una comprobación que conviene hacer siempre: `before` y `after` son la máscara antes y después de
aumentarla. Devuelve los valores que hay en `after` y **no** estaban en `before`, una vez cada uno y de
menor a mayor.
""",
    judge=ByReference(
        invented_classes,
        cases=lambda: [
            (np.array([[0, 2], [2, 0]]), np.array([[0, 1], [2, 1]])),
            (np.array([[0, 5], [7, 0]]), np.array([[5, 3], [3, 4]])),
            (np.array([[0, 1, 3]]), np.array([[3.0, 0.5, 2.25, 0.5]])),
        ],
        mistakes=[
            Mistake(
                "las-perdidas",
                "Das las clases que han desaparecido. Perder una clase es normal: el objeto puede salirse.",
                lambda before, after: np.setdiff1d(before, after),
            ),
            Mistake(
                "todas-las-nuevas",
                "Das todos los valores de la segunda máscara, también los que ya estaban.",
                lambda before, after: np.unique(after),
            ),
            Mistake(
                "las-que-cambian",
                "Mezclas las que aparecen con las que desaparecen.",
                lambda before, after: np.setxor1d(before, after),
            ),
            Mistake(
                "las-comunes",
                "Das las que están en las dos.",
                lambda before, after: np.intersect1d(before, after),
            ),
            Mistake(
                "cuenta",
                "Das cuántas son, y se piden ellas.",
                lambda before, after: len(np.setdiff1d(after, before)),
            ),
            Mistake(
                "repetidas",
                "Hay valores repetidos: cada uno va una vez, y en orden.",
                lambda before, after: after[~np.isin(after, before)],
            ),
        ],
    ),
    hints=["`np.unique` da los valores distintos y en orden.", "NumPy tiene la diferencia de conjuntos."],
    explanation="Si el resultado no está vacío, alguien ha interpolado la máscara. La única clase nueva "
    "que se "
    "admite es la del relleno, y solo si se ha elegido.",
)

# --- 07.8 ------------------------------------------------------------------------------------------


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


def _augmentation_of(answer):
    layers = {layer.kind: layer.config for layer in read_model(answer)}
    return {
        "kinds": list(layers),
        "flip": layers.get("RandomFlip", {}).get("mode"),
        "turn": max(map(abs, _bounds(layers.get("RandomRotation", {}).get("factor", 0)))),
        "range": tuple(layers.get("RandomBrightness", {}).get("value_range", ())),
    }


def _bounds(factor) -> tuple:
    return tuple(factor) if isinstance(factor, list | tuple) else (factor,)


def _augmentation(mode="horizontal", turn=0.03, value_range=(0, 1), brightness=True, dense=False):
    def build():
        import keras

        layers = [keras.Input((28, 28, 1))]
        layers += [keras.layers.RandomFlip(mode)] if mode else []
        layers += [keras.layers.RandomRotation(turn)] if turn else []
        layers += [keras.layers.RandomBrightness(0.2, value_range=value_range)] if brightness else []
        layers += [keras.layers.Flatten()] if dense else []
        return keras.Sequential(layers)

    return build


AUGMENTATION = Exercise(
    id="07.8",
    title="un aumento para fotos de ropa",
    level="medium",
    text="""
Construye un `keras.Sequential` que aumente fotos de prendas de forma (28, 28, 1) con valores **de 0 a 1**:
volteo **horizontal**, giro de 18 grados como mucho a cada lado y cambio de brillo. Sin nada más. Empieza
con `keras.Input((28, 28, 1))`.
""",
    judge=ByRules(
        build_augmentation,
        _augmentation_of,
        asks="model",
        mistakes=[
            Mistake(
                "otras-capas",
                "Sobra alguna capa: aquí solo se aumenta, y la red va después.",
                _augmentation(dense=True),
                when=lambda seen: set(seen["kinds"]) - {"RandomFlip", "RandomRotation", "RandomBrightness"},
            ),
            Mistake(
                "sin-volteo",
                'Falta `RandomFlip("horizontal")`.',
                _augmentation(mode=None),
                when=lambda seen: seen["flip"] is None,
            ),
            Mistake(
                "boca-abajo",
                "El volteo también es vertical, que es lo que hace `RandomFlip()` si no se le dice nada: "
                "habrá "
                "prendas boca abajo, y nadie las fotografía así.",
                _augmentation(mode="horizontal_and_vertical"),
                when=lambda seen: seen["flip"] != "horizontal",
            ),
            Mistake(
                "sin-giro",
                "Falta `RandomRotation`, o su factor es 0.",
                _augmentation(turn=0),
                when=lambda seen: seen["turn"] == 0,
            ),
            Mistake(
                "gira-demasiado",
                lambda seen: (
                    f"Gira hasta {seen['turn'] * 360:.0f} grados. El factor es una parte de la vuelta: "
                    "divide "
                    "los grados entre 360."
                ),
                _augmentation(turn=0.18),
                when=lambda seen: seen["turn"] > 0.0501,
            ),
            Mistake(
                "sin-brillo",
                "Falta `RandomBrightness`.",
                _augmentation(brightness=False),
                when=lambda seen: not seen["range"],
            ),
            Mistake(
                "brillo-para-255",
                "`RandomBrightness` cree que los píxeles van de 0 a 255: a imágenes de 0 a 1 les suma "
                "decenas y "
                "quedan blancas o negras. Escribe `value_range=(0, 1)`.",
                _augmentation(value_range=(0, 255)),
                when=lambda seen: seen["range"] != (0, 1),
            ),
        ],
    ),
    hints=[
        "`RandomFlip` refleja en los dos sentidos si no se le dice en cuál.",
        "`RandomBrightness` necesita saber entre qué valores están los píxeles.",
    ],
    explanation="Tres capas, y en cada una hay que decir algo: en qué sentido se refleja, qué parte de la "
    "vuelta "
    "gira y de dónde a dónde van los píxeles.",
    needs_keras=True,
)

# --- 07.9 ------------------------------------------------------------------------------------------


def translation_factors():
    """Fracciones para mover hasta 6 píxeles una imagen de 30 filas y 60 columnas."""
    return 6 / 30, 6 / 60


TRANSLATION = Exercise(
    id="07.9",
    title="píxeles y fracciones",
    level="medium",
    text="""
Las imágenes tienen **30 filas y 60 columnas**, y se quiere que `RandomTranslation` las mueva como mucho **6
píxeles** en cada eje. ¿Cuánto valen `height_factor` y `width_factor`? En código, la respuesta es
`(height_factor, width_factor)`.
""",
    judge=ByReference(
        translation_factors,
        mistakes=[
            Mistake(
                "intercambiados",
                "Los has puesto al revés: `height_factor` es la parte de las **filas**, que son 30.",
                lambda: (6 / 60, 6 / 30),
            ),
            Mistake(
                "los-dos-con-las-filas",
                "En las columnas se movería hasta 12 píxeles: el 20 % de 60.",
                lambda: (6 / 30, 6 / 30),
            ),
            Mistake(
                "los-dos-con-las-columnas",
                "En las filas se movería solo 3 píxeles: el 10 % de 30.",
                lambda: (6 / 60, 6 / 60),
            ),
            Mistake(
                "la-mitad",
                "Se movería 3 píxeles a cada lado. El factor ya vale para los dos sentidos: no lo repartas.",
                lambda: (3 / 30, 3 / 60),
            ),
            Mistake(
                "el-doble",
                "Se movería 12 píxeles a cada lado. El factor ya vale para los dos sentidos: no lo dobles.",
                lambda: (12 / 30, 12 / 60),
            ),
        ],
    ),
    hints=["Cada factor es una parte del tamaño de su eje.", "6 de 30 filas. ¿Y en las columnas?"],
    explanation="6 / 30 = 0,2 de las filas y 6 / 60 = 0,1 de las columnas. Con imágenes que no son "
    "cuadradas, el "
    "mismo factor no mueve lo mismo.",
    controls=(Slider("height_factor", 0, 0.5, 0.05), Slider("width_factor", 0, 0.5, 0.05)),
)

# --- 07.10 -----------------------------------------------------------------------------------------


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


def _batches_seen(function):
    """Por cada pareja de varias llamadas: cómo han quedado la imagen y la máscara."""
    rng = np.random.default_rng(710)
    images = rng.permutation(8 * 3 * 4 * 2).reshape(8, 3, 4, 2)
    masks = rng.permutation(8 * 3 * 4).reshape(8, 3, 4)
    calls = []
    for seed in range(6):
        value = function(images, masks, seed)
        if not isinstance(value, tuple) or len(value) != 2:
            raise Unexpected("Se esperan dos arrays: `return images, masks`.")
        if [getattr(part, "shape", None) for part in value] != [images.shape, masks.shape]:
            raise Unexpected(
                f"Se esperan arrays de forma {images.shape} y {masks.shape}: las mismas que llegan, y en ese "
                "orden."
            )
        calls.append((_moved(images, value[0]), _moved(masks, value[1])))
    return calls


def _moved(before, after) -> list[str]:
    same, flipped = before, before[:, :, ::-1]
    return [
        "same" if np.array_equal(a, b) else "flip" if np.array_equal(a, c) else "other"
        for a, b, c in zip(after, same, flipped, strict=True)
    ]


def _all_states(calls) -> set[str]:
    return {state for call in calls for part in call for state in part}


BATCH = Exercise(
    id="07.10",
    title="un sorteo por pareja",
    level="hard",
    text="""
`images` tiene forma (N, filas, columnas, canales) y `masks`, (N, filas, columnas). Devuelve las dos con más
o menos la mitad de las parejas reflejadas en **horizontal**, elegidas al azar con
`np.random.default_rng(seed)`. Cada pareja se sortea por separado, y una imagen y su máscara van siempre
juntas.
""",
    judge=ByRules(
        flip_batch,
        _batches_seen,
        asks="function",
        mistakes=[
            Mistake(
                "otra-transformacion",
                "Alguna imagen o alguna máscara no está ni igual ni reflejada en horizontal. En un lote, las "
                "columnas son el **tercer** eje.",
                _flip_with(_half, axis=1),
                when=lambda calls: "other" in _all_states(calls),
            ),
            Mistake(
                "nunca",
                "Ninguna se ha reflejado.",
                _flip_with(lambda rng, count: np.zeros(count, bool)),
                when=lambda calls: _all_states(calls) == {"same"},
            ),
            Mistake(
                "solo-las-imagenes",
                "Las máscaras no se mueven nunca: dejan de señalar lo que hay en su imagen.",
                _flip_with(_half, lambda rng, count: np.zeros(count, bool)),
                when=lambda calls: all(set(masks) == {"same"} for _, masks in calls),
            ),
            Mistake(
                "dos-sorteos",
                "La imagen y su máscara se sortean por separado, y unas veces coinciden y otras no. Sortea "
                "una "
                "vez y usa el resultado en las dos.",
                _flip_with(_half, _half),
                when=lambda calls: any(images != masks for images, masks in calls),
            ),
            Mistake(
                "siempre",
                "Se reflejan todas, siempre: eso no varía los datos, los cambia por otros.",
                _flip_with(lambda rng, count: np.ones(count, bool)),
                when=lambda calls: _all_states(calls) == {"flip"},
            ),
            Mistake(
                "un-sorteo-por-lote",
                "En cada llamada se reflejan todas o ninguna: el sorteo es uno por lote. Haz uno por pareja.",
                _flip_with(lambda rng, count: np.full(count, rng.random() < 0.5)),
                when=lambda calls: all(len(set(images)) == 1 for images, _ in calls),
            ),
            Mistake(
                "no-usa-la-semilla",
                "Con seis semillas distintas salen siempre las mismas parejas: usa `seed` en el generador.",
                lambda images, masks, seed: flip_batch(images, masks, 0),
                when=lambda calls: all(call == calls[0] for call in calls),
            ),
        ],
    ),
    hints=[
        "Un array de N booleanos dice qué parejas se reflejan; el mismo sirve para las dos.",
        "Con una máscara booleana se eligen las parejas: `x[flips]`.",
    ],
    explanation="Se sortea una vez por pareja y se aplica dos veces. Es lo que hace `joint` con cada capa: "
    "un "
    "sorteo, dos aplicaciones.",
)

EXERCISES = (
    FLIP,
    ROTATION,
    CONTRAST,
    MOVE,
    KEEPS,
    SAMPLE,
    INVENTED,
    AUGMENTATION,
    TRANSLATION,
    BATCH,
)
