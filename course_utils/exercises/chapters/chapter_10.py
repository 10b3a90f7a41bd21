"""Ejercicios del capítulo 10: CIFAR-10, color, detalle y transferencia."""

import numpy as np

from course_utils.exercises.controls import Number
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, Mistake

# --- 10.1 ------------------------------------------------------------------------------------------


def channel_means(images):
    """Media del rojo, del verde y del azul, de 0 a 1."""
    return images.mean(axis=(0, 1, 2)) / 255


def _colour_batches():
    rng = np.random.default_rng(101)
    return [
        np.array([[[[255, 0, 51]], [[255, 102, 0]]]], dtype=np.uint8),
        rng.integers(0, 256, (3, 3, 3, 3), dtype=np.uint8),
        rng.integers(0, 256, (2, 4, 5, 3), dtype=np.uint8),
    ]


CHANNEL_MEANS = Exercise(
    id="10.1",
    title="la media de cada canal",
    level="easy",
    text="""
Las imágenes son un lote (N, filas, columnas, 3) de enteros de 0 a 255. Calcula la media del rojo, la del
verde y la del azul en todo el lote, **de 0 a 1**: tres números.
""",
    judge=ByReference(
        channel_means,
        cases=_colour_batches,
        mistakes=[
            Mistake(
                "no-divide",
                "Las medias están entre 0 y 255: falta dividir entre 255.",
                lambda images: images.mean(axis=(0, 1, 2)),
            ),
            Mistake(
                "entre-256",
                "Divides entre 256: un canal todo a 255 debe dar 1.",
                lambda images: images.mean(axis=(0, 1, 2)) / 256,
            ),
            Mistake(
                "una-sola-media",
                "Das una media para todo. El canal es el último eje y ese no se promedia.",
                lambda images: images.mean() / 255,
            ),
            Mistake(
                "por-imagen",
                "Das tres medias por imagen. El eje 0, el del lote, también se promedia.",
                lambda images: images.mean(axis=(1, 2)) / 255,
            ),
            Mistake(
                "mezcla-los-canales",
                "Promedias los canales y dejas las imágenes: es al revés.",
                lambda images: images.mean(axis=(1, 2, 3)) / 255,
            ),
            Mistake(
                "division-entera",
                "Con `//` las medias se quedan en 0 o en 1. Usa `/`.",
                lambda images: images.mean(axis=(0, 1, 2)) // 255,
            ),
        ],
    ),
    hints=["`mean` acepta varios ejes a la vez.", "Los ejes que desaparecen son el 0, el 1 y el 2."],
    explanation="Se promedian el lote, las filas y las columnas; queda el canal. Se divide entre 255, el "
    "mayor valor posible.",
)

# --- 10.2 ------------------------------------------------------------------------------------------


def to_grey(image):
    """Una imagen en gris: 0,299 del rojo, 0,587 del verde y 0,114 del azul."""
    return image @ np.array([0.299, 0.587, 0.114])


def _colour_images():
    rng = np.random.default_rng(102)
    return [
        np.array([[[200, 100, 0]]], dtype=np.uint8),
        rng.integers(0, 256, (3, 3, 3), dtype=np.uint8),
        rng.integers(0, 256, (2, 4, 3), dtype=np.uint8),
    ]


TO_GREY = Exercise(
    id="10.2",
    title="de color a gris",
    level="easy",
    text="""
El ojo ve el verde mucho más claro que el azul. Pasa una imagen (filas, columnas, 3) a gris sumando **0,299
del rojo, 0,587 del verde y 0,114 del azul**. La salida tiene forma (filas, columnas).
""",
    judge=ByReference(
        to_grey,
        cases=_colour_images,
        mistakes=[
            Mistake(
                "media-de-los-canales",
                "Das el mismo peso a los tres canales. Un azul puro quedaría tan claro como un verde puro.",
                lambda image: image.mean(axis=-1),
            ),
            Mistake(
                "canales-al-reves",
                "Los pesos están al revés: el canal 0 es el rojo y el 2, el azul.",
                lambda image: image @ np.array([0.114, 0.587, 0.299]),
            ),
            Mistake(
                "el-maximo",
                "Te quedas con el canal mayor: un rojo puro quedaría blanco.",
                lambda image: image.max(axis=-1),
            ),
            Mistake(
                "solo-el-verde",
                "Usas solo el canal verde. Pesa más que los otros, pero no es el único.",
                lambda image: image[..., 1],
            ),
            Mistake(
                "se-desborda",
                "Multiplicas por milésimas sin salir de los enteros de 8 bits: pasado 255 vuelven a empezar "
                "en 0. Usa decimales.",
                lambda image: (image * np.array([299, 587, 114]).astype(np.uint8)).sum(axis=-1) / 1000,
            ),
            Mistake(
                "deja-el-canal",
                "Has pesado cada canal, pero falta sumarlos: la salida no tiene eje de canal.",
                lambda image: image * np.array([0.299, 0.587, 0.114]),
            ),
        ],
    ),
    hints=[
        "Multiplica cada canal por su peso y suma en el último eje.",
        "`imagen @ pesos` hace las dos cosas.",
    ],
    explanation="Es un producto escalar de tres números en cada píxel: una convolución de 1 × 1 con un "
    "filtro cuyos pesos ya se conocen.",
)

# --- 10.3 ------------------------------------------------------------------------------------------


def colour_cost():
    """Parámetros de más de la primera capa si la entrada es en color."""
    return 3 * 3 * 3 * 16 - 3 * 3 * 1 * 16


COLOUR_COST = Exercise(
    id="10.3",
    title="lo que cuesta el color",
    level="medium",
    text="""
La primera capa tiene 16 filtros de 3 × 3 con sesgo. ¿Cuántos parámetros **más** tiene si las imágenes llegan
en color, y no en gris?
""",
    judge=ByReference(
        colour_cost,
        mistakes=[
            Mistake(
                "el-total-en-color",
                "448 es el total en color. Se pide la diferencia con la capa de un canal.",
                lambda: 28 * 16,
            ),
            Mistake(
                "los-pesos-en-color",
                "432 son los pesos en color, sin los sesgos. Falta restar los de un canal.",
                lambda: 27 * 16,
            ),
            Mistake("un-filtro", "18 es lo que gana un filtro. Hay 16.", lambda: 18),
            Mistake(
                "un-canal-de-mas",
                "Has contado un solo canal de más. De uno a tres van dos.",
                lambda: 9 * 16,
            ),
            Mistake(
                "sesgo-por-canal",
                "Has añadido un sesgo por canal. Cada filtro tiene uno, tenga los canales que tenga.",
                lambda: (9 * 2 + 2) * 16,
            ),
            Mistake(
                "no-cambia",
                "Cada filtro mira todos los canales de la entrada: con tres, tiene 3 · 3 · 3 pesos.",
                lambda: 0,
            ),
        ],
    ),
    hints=["El sesgo no depende de los canales.", "Cada filtro pasa de 3 · 3 · 1 pesos a 3 · 3 · 3."],
    explanation="(27 − 9) · 16 = 288. En la red de este capítulo, menos de uno de cada cien.",
    controls=(Number("Parámetros de más"),),
)

# --- 10.4 ------------------------------------------------------------------------------------------


def shrink(image, factor):
    """La imagen reducida: cada píxel es el promedio de un bloque de factor × factor."""
    rows, cols, channels = image.shape
    blocks = image.reshape(rows // factor, factor, cols // factor, factor, channels)
    return blocks.mean(axis=(1, 3))


def _to_shrink():
    rng = np.random.default_rng(104)
    small = np.array([[0, 4, 8, 8], [2, 2, 8, 0]], dtype=float)[..., np.newaxis]
    return [
        (small, 2),
        (rng.integers(0, 256, (4, 6, 3)).astype(float), 2),
        (rng.integers(0, 256, (6, 6, 2)).astype(float), 3),
    ]


SHRINK = Exercise(
    id="10.4",
    title="reducir una imagen",
    level="medium",
    text="""
Reduce una imagen (filas, columnas, canales) `factor` veces: cada píxel de la salida es el **promedio** de un
bloque de `factor` × `factor`, y cada canal va por su cuenta. `factor` divide a las filas y a las columnas.
""",
    judge=ByReference(
        shrink,
        cases=_to_shrink,
        mistakes=[
            Mistake(
                "un-pixel-de-cada-bloque",
                "Te quedas con la esquina de cada bloque y tiras los demás: un detalle de un píxel aparece o "
                "desaparece según dónde caiga. Promedia.",
                lambda image, factor: image[::factor, ::factor],
            ),
            Mistake(
                "el-maximo",
                "Das el máximo de cada bloque: es *max pooling* y aclara la imagen.",
                lambda image, factor: _blocks(image, factor).max(axis=(1, 3)),
            ),
            Mistake(
                "suma",
                "Sumas cada bloque sin dividir: los valores se salen de 0 a 255.",
                lambda image, factor: _blocks(image, factor).sum(axis=(1, 3)),
            ),
            Mistake(
                "mezcla-los-canales",
                "Promedias también los canales: el color se pierde. Cada canal va por su cuenta.",
                lambda image, factor: _blocks(image, factor).mean(axis=(1, 3, 4)),
            ),
            Mistake(
                "solo-las-filas",
                "Reduces las filas y dejas las columnas como estaban.",
                lambda image, factor: image.reshape(-1, factor, *image.shape[1:]).mean(axis=1),
            ),
            Mistake(
                "no-reduce",
                "Repites el promedio hasta el tamaño de antes. Aquí la salida es más pequeña.",
                lambda image, factor: shrink(image, factor).repeat(factor, axis=0).repeat(factor, axis=1),
            ),
        ],
    ),
    hints=[
        "Parte cada eje en dos: cuántos bloques y qué sitio dentro del bloque.",
        "`image.reshape(filas // factor, factor, columnas // factor, factor, canales)`.",
    ],
    explanation="Es un *average pooling* con el stride igual que la ventana. Así se han hecho las miniaturas "
    "de este capítulo.",
)


def _blocks(image, factor):
    rows, cols, channels = image.shape
    return image.reshape(rows // factor, factor, cols // factor, factor, channels)


# --- 10.5 ------------------------------------------------------------------------------------------


def relabel(labels, classes):
    """Las etiquetas de unas clases, contadas desde 0 en el orden de la lista."""
    return [classes.index(label) for label in labels if label in classes]


RELABEL = Exercise(
    id="10.5",
    title="quedarse con unas clases",
    level="medium",
    text="""
De una lista de etiquetas quédate con las que estén en `classes` y numéralas de nuevo: la primera clase de
`classes` pasa a ser la 0; la segunda, la 1…

Con `labels = [3, 7, 9, 7]` y `classes = [7, 9]`, el resultado es `[0, 1, 0]`.
""",
    judge=ByReference(
        relabel,
        cases=[
            ([3, 7, 9, 7], [7, 9]),
            ([5, 3, 3, 0], [5, 3]),
            ([0, 1, 2, 9, 4, 2], [2, 0, 4]),
            ([6, 6], [1, 8]),
        ],
        mistakes=[
            Mistake(
                "no-renumera",
                "Filtras bien, pero dejas los números de antes. Una red de dos salidas espera 0 y 1: con un "
                "7 falla, o aprende otra cosa.",
                lambda labels, classes: [label for label in labels if label in classes],
            ),
            Mistake(
                "ordena-las-clases",
                "Numeras de menor a mayor. El orden pedido es el de `classes`.",
                lambda labels, classes: [
                    sorted(classes).index(label) for label in labels if label in classes
                ],
            ),
            Mistake(
                "por-orden-de-aparicion",
                "Numeras según van apareciendo: dos listas con las mismas clases quedarían numeradas "
                "distinto.",
                lambda labels, classes: _by_appearance([label for label in labels if label in classes]),
            ),
            Mistake(
                "cuenta-desde-uno",
                "Numeras desde 1. Keras cuenta las clases desde 0.",
                lambda labels, classes: [index + 1 for index in relabel(labels, classes)],
            ),
            Mistake(
                "no-filtra",
                "Dejas las etiquetas de las otras clases. Hay que quitarlas, y también sus imágenes.",
                lambda labels, classes: [
                    classes.index(label) if label in classes else label for label in labels
                ],
            ),
            Mistake(
                "los-indices",
                "Devuelves en qué lugar está cada una. Se piden las etiquetas nuevas.",
                lambda labels, classes: [i for i, label in enumerate(labels) if label in classes],
            ),
        ],
    ),
    hints=["Primero filtra; luego, numera.", "`classes.index(label)` dice en qué lugar está."],
    explanation="Es lo que hace falta para enseñar a una red solo unas clases. Las mismas imágenes se quitan "
    "con el mismo filtro.",
)


def _by_appearance(labels):
    seen = list(dict.fromkeys(labels))
    return [seen.index(label) for label in labels]


# --- 10.6 ------------------------------------------------------------------------------------------


def nearest(test, train):
    """De cada imagen de prueba, el índice de la de entrenamiento que más se parece."""
    found = []
    for image in test:
        differences = train.astype(float) - image.astype(float)
        squares = (differences**2).reshape(len(train), -1).sum(axis=1)
        found.append(int(squares.argmin()))
    return found


def _neighbours():
    rng = np.random.default_rng(106)
    plain = np.array([[[[10]]], [[[200]]], [[[100]]]], dtype=np.uint8)
    # (30, 30) está cerca de (40, 40), pero suma lo mismo que (0, 60)
    pairs = np.array([[[[0], [60]]], [[[40], [40]]], [[[250], [250]]]], dtype=np.uint8)
    return [
        (np.array([[[[190]]], [[[30]]]], dtype=np.uint8), plain),
        (np.array([[[[30], [30]]]], dtype=np.uint8), pairs),
        (
            rng.integers(0, 256, (4, 2, 2, 3), dtype=np.uint8),
            rng.integers(0, 256, (7, 2, 2, 3), dtype=np.uint8),
        ),
    ]


def _by(measure):
    """Como la solución, con otra manera de medir."""

    def wrong(test, train):
        return [int(np.argmin([measure(image, other) for other in train])) for image in test]

    return wrong


NEAREST = Exercise(
    id="10.6",
    title="la foto más parecida",
    level="hard",
    text="""
Para buscar repetidas: de **cada** imagen de `test`, el índice de la imagen de `train` que está más cerca, con
la suma de los cuadrados de las diferencias. Los dos son lotes (N, filas, columnas, canales) de `uint8`.
Devuelve una lista de enteros.
""",
    judge=ByReference(
        nearest,
        cases=_neighbours,
        mistakes=[
            Mistake(
                "se-desborda",
                "Restas enteros de 8 bits: 10 − 30 da 236, no −20. Pasa antes a decimales.",
                _by(lambda image, other: ((other - image).astype(float) ** 2).sum()),
            ),
            Mistake(
                "la-mas-lejana",
                "Das la más distinta. La más parecida tiene la suma menor: `argmin`.",
                _by(lambda image, other: -((other.astype(float) - image) ** 2).sum()),
            ),
            Mistake(
                "se-compensan",
                "Sumas las diferencias sin elevar al cuadrado: las positivas y las negativas se anulan, y "
                "dos fotos muy distintas con la misma claridad parecen iguales.",
                _by(lambda image, other: abs((other.astype(float) - image).sum())),
            ),
            Mistake(
                "la-menor-con-signo",
                "Comparas la suma con su signo: gana siempre la imagen más oscura.",
                _by(lambda image, other: (other.astype(float) - image).sum()),
            ),
            Mistake(
                "al-reves",
                "Buscas, para cada imagen de `train`, la de `test`. Se pide al revés.",
                lambda test, train: nearest(train, test),
            ),
        ],
    ),
    hints=["`astype(float)` antes de restar.", "`argmin` da la posición de la menor suma."],
    explanation="La distancia entre píxeles encuentra copias recortadas o recodificadas; una foto movida "
    "unos píxeles se le escapa.",
)

# --- 10.7 ------------------------------------------------------------------------------------------


def trainable_parameters():
    """Parámetros que se entrenan con los rasgos congelados."""
    return (4 * 4 * 64 + 1) * 2


TRAINABLE = Exercise(
    id="10.7",
    title="lo que queda por aprender",
    level="easy",
    text="""
La base congelada da mapas de 4 × 4 × 64. Encima van `Flatten` y una capa densa de 2 salidas con sesgo.
¿Cuántos parámetros se entrenan?
""",
    judge=ByReference(
        trainable_parameters,
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Faltan los sesgos, uno por salida.",
                lambda: 1024 * 2,
            ),
            Mistake(
                "un-numero-por-mapa",
                "Has contado un número por mapa. `Flatten` deja los 4 × 4 de cada uno.",
                lambda: 65 * 2,
            ),
            Mistake(
                "diez-salidas",
                "Has contado diez salidas. Las clases nuevas son dos.",
                lambda: 1025 * 10,
            ),
            Mistake(
                "una-salida",
                "Has contado una salida. La capa tiene dos.",
                lambda: 1025,
            ),
            Mistake(
                "todo-se-entrena",
                "Has sumado las tres convoluciones. Están congeladas: sus pesos no cambian.",
                lambda: 448 + 4640 + 18496 + 2050,
            ),
            Mistake(
                "nada-se-entrena",
                "Lo congelado es la base. La capa nueva sí aprende.",
                lambda: 0,
            ),
        ],
    ),
    hints=["¿Cuántos números salen de `Flatten`?", "Una capa densa: (entradas + 1) · salidas."],
    explanation="(1024 + 1) · 2 = 2050. Los 23 584 de las tres convoluciones ya los aprendió la base con "
    "otras clases.",
    controls=(Number("Parámetros"),),
)

EXERCISES = (CHANNEL_MEANS, TO_GREY, COLOUR_COST, SHRINK, RELABEL, NEAREST, TRAINABLE)
