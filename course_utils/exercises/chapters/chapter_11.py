"""Ejercicios del capítulo 11: COCO, anotaciones y máscaras."""

import numpy as np

from course_utils.exercises.controls import Choice, Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, Mistake

# --- 11.1 ------------------------------------------------------------------------------------------


def outputs_for_official_ids():
    """Salidas para que quepa el número oficial más alto."""
    highest = 90
    return highest + 1  # también hay una salida para el 0


OUTPUTS = Exercise(
    id="11.1",
    title="salidas para los números oficiales",
    level="easy",
    text="""
Alguien entrena un clasificador con las 80 categorías de COCO y usa como etiqueta el **número oficial**, de 1
a 90 con huecos. La pérdida espera etiquetas de 0 a `salidas` − 1. ¿Cuántas salidas necesita como mínimo la
última capa?
""",
    judge=ByReference(
        outputs_for_official_ids,
        mistakes=[
            Mistake(
                "cuenta-las-categorias",
                "80 son las categorías, pero sus números llegan a 90: con 80 salidas, la etiqueta 90 no "
                "tiene la suya. Por eso conviene renumerarlas.",
                lambda: 80,
            ),
            Mistake(
                "olvida-el-cero",
                "Con 90 salidas las etiquetas van de 0 a 89, y la 90 se queda fuera.",
                lambda: 90,
            ),
            Mistake(
                "categorias-y-fondo",
                "Has sumado el fondo a las 80. Valdría con las categorías renumeradas; aquí se usa el número "
                "oficial.",
                lambda: 81,
            ),
            Mistake(
                "cuenta-los-huecos",
                "10 son los números que faltan, no las salidas.",
                lambda: 10,
            ),
        ],
    ),
    hints=["¿Cuál es la etiqueta más alta?", "Las etiquetas empiezan en 0, aunque aquí el 0 no se use."],
    explanation="La etiqueta más alta es 90 y se cuenta desde 0: 91 salidas, de las que 11 nunca se usan.",
    controls=(Number("Salidas"),),
)

# --- 11.2 ------------------------------------------------------------------------------------------


def crop(image, bbox):
    """El trozo de imagen que encierra una caja (x, y, anchura, altura)."""
    x, y, width, height = bbox
    return image[y : y + height, x : x + width]


def _crops():
    image = np.arange(80).reshape(8, 10)
    return [(image, (1, 2, 3, 4)), (image, (5, 1, 4, 2)), (image, (0, 3, 6, 5))]


CROP = Exercise(
    id="11.2",
    title="recortar una caja",
    level="easy",
    text="""
Una caja de COCO es `(x, y, anchura, altura)`, y aquí son enteros. Devuelve el trozo de `image`, de forma
(filas, columnas), que encierra.
""",
    judge=ByReference(
        crop,
        cases=_crops,
        mistakes=[
            Mistake(
                "x-es-la-fila",
                "Has usado x como fila. x es la columna e y, la fila; en el array la fila va primero.",
                lambda image, bbox: image[bbox[0] : bbox[0] + bbox[2], bbox[1] : bbox[1] + bbox[3]],
            ),
            Mistake(
                "dos-esquinas",
                "Has leído la caja como dos esquinas. Los dos últimos números son la anchura y la altura: el "
                "recorte acaba en y + altura y en x + anchura.",
                lambda image, bbox: image[bbox[1] : bbox[3], bbox[0] : bbox[2]],
            ),
            Mistake(
                "anchura-por-altura",
                "Has cambiado la anchura por la altura: la anchura cuenta columnas.",
                lambda image, bbox: image[bbox[1] : bbox[1] + bbox[2], bbox[0] : bbox[0] + bbox[3]],
            ),
            Mistake(
                "una-de-mas",
                "Sobra una fila y una columna: en una rebanada el final no se incluye.",
                lambda image, bbox: image[bbox[1] : bbox[1] + bbox[3] + 1, bbox[0] : bbox[0] + bbox[2] + 1],
            ),
            Mistake(
                "recorte-traspuesto",
                "El recorte es ese, pero traspuesto.",
                lambda image, bbox: crop(image, bbox).T,
            ),
        ],
    ),
    hints=[
        "¿Qué eje del array recorre x?",
        "Una rebanada va de dónde empieza a dónde empieza más cuánto mide.",
    ],
    explanation="x e y son columna y fila de la esquina de arriba a la izquierda. El array se indexa al "
    "revés que la caja: primero la fila.",
)

# --- 11.3 ------------------------------------------------------------------------------------------


def mask_box(mask):
    """La caja (x, y, anchura, altura) más pequeña que encierra la máscara."""
    rows, cols = np.nonzero(mask)
    x, y = cols.min(), rows.min()
    return [int(x), int(y), int(cols.max() - x + 1), int(rows.max() - y + 1)]


def _masks():
    first = np.zeros((4, 6), int)
    first[1:3, 2:5] = 1
    second = np.zeros((7, 5), int)
    second[[2, 3, 5], [1, 3, 2]] = 1
    third = np.zeros((5, 8), int)
    third[4, 0:7:2] = 1
    return [first, second, third]


def _corners(mask):
    x, y, width, height = mask_box(mask)
    return [x, y, x + width, y + height]


MASK_BOX = Exercise(
    id="11.3",
    title="la caja de una máscara",
    level="medium",
    text="""
`mask` tiene 1 en el objeto y 0 fuera, y al menos un 1. Devuelve la lista `[x, y, anchura, altura]` de la caja
más pequeña que lo encierra.
""",
    judge=ByReference(
        mask_box,
        cases=_masks,
        mistakes=[
            Mistake(
                "fila-delante",
                "Has puesto primero lo de las filas. En COCO va primero lo horizontal: x y anchura.",
                lambda mask: [mask_box(mask)[i] for i in (1, 0, 3, 2)],
            ),
            Mistake(
                "pierde-un-pixel",
                "La caja mide un píxel de menos en cada eje: de la columna 2 a la 4 hay tres columnas, no "
                "dos.",
                lambda mask: [*mask_box(mask)[:2], mask_box(mask)[2] - 1, mask_box(mask)[3] - 1],
            ),
            Mistake(
                "da-las-esquinas",
                "Has dado dos esquinas. Los dos últimos números son la anchura y la altura.",
                _corners,
            ),
            Mistake(
                "da-el-ultimo-pixel",
                "Los dos últimos números son la posición del último píxel; se pide cuánto mide la caja.",
                lambda mask: [*mask_box(mask)[:2], _corners(mask)[2] - 1, _corners(mask)[3] - 1],
            ),
            Mistake(
                "da-el-centro",
                "Has empezado por el centro de la caja; se pide su esquina de arriba a la izquierda.",
                lambda mask: [
                    mask_box(mask)[0] + mask_box(mask)[2] / 2,
                    mask_box(mask)[1] + mask_box(mask)[3] / 2,
                    *mask_box(mask)[2:],
                ],
            ),
            Mistake(
                "cuenta-pixeles",
                "Has contado las columnas y las filas que tienen algún píxel. Un objeto partido en trozos "
                "deja columnas vacías que también están dentro de la caja.",
                lambda mask: [
                    *mask_box(mask)[:2],
                    int(mask.any(axis=0).sum()),
                    int(mask.any(axis=1).sum()),
                ],
            ),
        ],
    ),
    hints=[
        "`np.nonzero(mask)` da las filas y las columnas de los unos.",
        "De a a b, incluidos, hay b − a + 1.",
    ],
    explanation="x e y son la menor columna y la menor fila; la anchura y la altura cuentan las dos puntas.",
)

# --- 11.4 ------------------------------------------------------------------------------------------


def polygon_area(points):
    """Área de un polígono [x1, y1, x2, y2, …]."""
    x, y = points[0::2], points[1::2]
    total = 0
    for i in range(len(x)):
        j = (i + 1) % len(x)
        total += x[i] * y[j] - x[j] * y[i]
    return abs(total) / 2


def _open_area(points):
    x, y = np.array(points[0::2]), np.array(points[1::2])
    return float(abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)


def _signed_area(points):
    x, y = np.array(points[0::2]), np.array(points[1::2])
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


POLYGON_AREA = Exercise(
    id="11.4",
    title="el área de un polígono",
    level="medium",
    text="""
Un polígono de COCO es una lista `[x1, y1, x2, y2, …]`, sin repetir el primer punto. Su área es la mitad del
valor absoluto de la suma, lado a lado, de $x_i\\,y_{i+1} - x_{i+1}\\,y_i$, contando el lado que va del último
punto al primero.
""",
    judge=ByReference(
        polygon_area,
        cases=[
            ([1, 1, 5, 1, 5, 4, 1, 4],),
            ([2, 1, 2, 4, 8, 1],),
            ([3, 2, 9, 3, 7, 8, 4, 9, 1, 5],),
            ([6.5, 1, 2, 7.5, 8, 6],),
        ],
        mistakes=[
            Mistake(
                "olvida-la-mitad",
                "Te ha salido el doble: falta dividir entre 2.",
                lambda points: 2 * polygon_area(points),
            ),
            Mistake(
                "con-signo",
                "Con los puntos en el otro sentido sale negativa. Toma el valor absoluto.",
                _signed_area,
            ),
            Mistake(
                "no-se-cierra",
                "Falta el lado que vuelve del último punto al primero.",
                _open_area,
            ),
            Mistake(
                "area-de-la-caja",
                "Es el área de la caja que rodea el polígono: solo coincide si el polígono es esa caja.",
                lambda points: (
                    (max(points[0::2]) - min(points[0::2])) * (max(points[1::2]) - min(points[1::2]))
                ),
            ),
            Mistake(
                "x-y-luego-y",
                "Has tomado la primera mitad de la lista como x y la segunda como y. Van alternadas: x, y, "
                "x, y.",
                lambda points: polygon_area(
                    [
                        v
                        for p in zip(points[: len(points) // 2], points[len(points) // 2 :], strict=True)
                        for v in p
                    ]
                ),
            ),
        ],
    ),
    hints=[
        "`points[0::2]` son las x y `points[1::2]`, las y.",
        "El siguiente del último es el primero: usa `%`.",
    ],
    explanation="Es la fórmula de la lazada (*shoelace*): cada lado suma el doble del área, con signo, del "
    "triángulo que forma con el origen.",
)

# --- 11.5 ------------------------------------------------------------------------------------------


def encode_rle(mask):
    """Números del RLE de COCO: ceros, unos, ceros…, por columnas."""
    counts, value, run = [], 0, 0
    for pixel in mask.T.ravel():  # columna a columna
        if pixel != value:
            counts.append(run)
            value, run = pixel, 0
        run += 1
    counts.append(run)
    return [int(count) for count in counts]


def _runs(pixels, leading_zero=True, last=True):
    pixels = np.asarray(pixels)
    edges = [0, *(np.flatnonzero(np.diff(pixels)) + 1), len(pixels)]
    counts = [int(n) for n in np.diff(edges)]
    if pixels[0] and leading_zero:
        counts = [0, *counts]
    return counts if last else counts[:-1]


def _rle_masks():
    return [
        np.array([[0, 1, 0], [1, 1, 0]]),
        np.array([[1, 1, 0, 0], [1, 0, 0, 1]]),
        np.array([[0, 0], [0, 0]]),
        np.random.default_rng(115).integers(0, 2, (4, 5)),
    ]


ENCODE = Exercise(
    id="11.5",
    title="de máscara a RLE",
    level="medium",
    text="""
Recorre la máscara **por columnas**, de arriba abajo y de izquierda a derecha, y cuenta píxeles seguidos:
primero los ceros, luego los unos, luego los ceros… Devuelve la lista de cuentas. Empieza siempre por los
ceros: si el primer píxel es un 1, la primera cuenta es 0.
""",
    judge=ByReference(
        encode_rle,
        cases=_rle_masks,
        mistakes=[
            Mistake(
                "por-filas",
                "Has recorrido la máscara por filas. COCO va por columnas: baja por la primera, luego por la "
                "segunda…",
                lambda mask: _runs(mask.ravel()),
            ),
            Mistake(
                "olvida-el-cero-inicial",
                "Si el primer píxel es del objeto hay que empezar con un 0: si no, quien lo lea tomará tus "
                "unos por ceros.",
                lambda mask: _runs(mask.T.ravel(), leading_zero=False),
            ),
            Mistake(
                "pierde-la-ultima",
                "Falta la última cuenta: el bucle acaba antes de apuntarla.",
                lambda mask: _runs(mask.T.ravel(), last=False),
            ),
            Mistake(
                "solo-los-unos",
                "Has apuntado solo las cuentas de unos; sin las de ceros no se sabe dónde están.",
                lambda mask: encode_rle(mask)[1::2],
            ),
            Mistake(
                "al-reves",
                "Has empezado contando unos: la primera cuenta es de ceros.",
                lambda mask: encode_rle(1 - mask),
            ),
        ],
    ),
    hints=[
        "`mask.T.ravel()` pone los píxeles columna a columna.",
        "Cada vez que el píxel cambia, apunta la cuenta.",
    ],
    explanation="Los píxeles de una columna van seguidos, así que un objeto sin huecos gasta dos números por "
    "columna.",
)

# --- 11.6 ------------------------------------------------------------------------------------------


def decode_rle(counts, height, width):
    """La máscara de un RLE, con forma (height, width)."""
    pixels = []
    for position, count in enumerate(counts):
        pixels += [position % 2] * count  # los pares son ceros
    return np.array(pixels).reshape(width, height).T


DECODE = Exercise(
    id="11.6",
    title="de RLE a máscara",
    level="hard",
    text="""
Deshaz el RLE: `counts` alterna cuentas de ceros y de unos, por columnas, y suma `height` · `width`. Devuelve
la máscara, un array de ceros y unos de forma (`height`, `width`).
""",
    judge=ByReference(
        decode_rle,
        cases=[
            ([1, 3, 2], 2, 3),
            ([0, 3, 4, 1], 4, 2),
            ([2, 1, 3, 4, 1, 1, 3], 3, 5),
            ([5, 2, 2, 3], 3, 4),
        ],
        mistakes=[
            Mistake(
                "la-reparte-por-filas",
                "Has repartido los píxeles por filas; van por columnas.",
                lambda counts, height, width: decode_rle(counts, height, width).T.reshape(height, width),
            ),
            Mistake(
                "queda-traspuesta",
                "Está traspuesta: cada columna de la máscara te ha quedado como fila. Falta `.T`.",
                lambda counts, height, width: decode_rle(counts, height, width).T,
            ),
            Mistake(
                "empieza-por-unos",
                "Has empezado por los unos: la primera cuenta es de ceros.",
                lambda counts, height, width: 1 - decode_rle(counts, height, width),
            ),
            Mistake(
                "sin-forma",
                "Falta darle forma: devuelves todos los píxeles en fila.",
                lambda counts, height, width: decode_rle(counts, height, width).T.ravel(),
            ),
            Mistake(
                "de-atras-adelante",
                "Los píxeles están en orden inverso: la primera cuenta es la de arriba a la izquierda.",
                lambda counts, height, width: decode_rle(counts, height, width)[::-1, ::-1],
            ),
        ],
    ),
    hints=[
        "`np.repeat` repite cada valor las veces que se le diga.",
        "Da forma `(width, height)`, una fila por columna de la máscara, y traspón.",
    ],
    explanation="Al llenar por filas un array de `(width, height)`, cada fila es una columna de la máscara; "
    "traspuesto, tiene la forma de la imagen.",
)

# --- 11.7 ------------------------------------------------------------------------------------------


def largest_small_width():
    """Mayor anchura, de 32 en 32, con la que el objeto es pequeño."""
    widths = range(32, 641, 32)
    return max(width for width in widths if 60 * 40 * (width / 640) ** 2 < 32**2)


SMALL = Exercise(
    id="11.7",
    title="cuándo un objeto pasa a ser pequeño",
    level="medium",
    text="""
En una foto de 640 píxeles de ancho, un objeto ocupa una caja entera de 60 × 40 píxeles: mediano, según COCO.
La foto se reduce sin deformarla. ¿Cuál es la **mayor** anchura con la que el objeto ya es **pequeño**, con
un área menor que 32²?
""",
    judge=ByReference(
        largest_small_width,
        mistakes=[
            Mistake(
                "el-area-no-es-lineal",
                "Has reducido el área en la misma proporción que la anchura. Se reducen los dos lados: el "
                "área va con el cuadrado.",
                lambda: 256,
            ),
            Mistake(
                "mira-el-lado-largo",
                "Has esperado a que el lado largo mida menos de 32. COCO mira el área, no los lados.",
                lambda: 320,
            ),
            Mistake(
                "mira-el-lado-corto",
                "Has mirado cuándo mide menos de 32 el lado corto. COCO mira el área, no los lados.",
                lambda: 480,
            ),
            Mistake(
                "por-poco",
                "Con 448 el objeto mide 42 × 28, que son 1 176 píxeles: todavía es mediano.",
                lambda: 448,
            ),
            Mistake(
                "no-reduce",
                "Sin reducir la foto el objeto ocupa 2 400 píxeles, y 32² son 1 024.",
                lambda: 640,
            ),
        ],
    ),
    hints=[
        "Con la foto a la mitad, ¿cuánto miden los dos lados?",
        "El área se multiplica por (anchura / 640)².",
    ],
    explanation="2 400 · (416 / 640)² = 1 014, menos que 1 024; con 448 son 1 176. Los objetos de una foto "
    "reducida cambian de grupo, y con ellos la nota.",
    controls=(Slider("Anchura", 32, 640, 32),),
)

# --- 11.8 ------------------------------------------------------------------------------------------

OPTIONS = (
    "La caja se sale de la imagen",
    "El polígono tiene pocos puntos",
    "La caja lleva dos esquinas",
    "El área no es la del polígono",
    "La categoría no existe",
)


def annotation_error():
    """Qué está mal en la anotación."""
    box_width = 420  # el tercer número de la caja
    polygon_width = 420 - 200  # de la menor x a la mayor
    if box_width != polygon_width:
        return "La caja lleva dos esquinas"
    return ""


ERROR = Exercise(
    id="11.8",
    title="el error de esta anotación",
    level="medium",
    text="""
Una imagen mide 640 × 480, ancho por alto. Esta es una de sus anotaciones. ¿Qué está mal?

```python
{
    "image_id": 7,
    "category_id": 18,
    "iscrowd": 0,
    "bbox": [200, 100, 420, 380],
    "area": 61600,
    "segmentation": [[200, 100, 420, 100, 420, 380, 200, 380]],
}
```
""",
    judge=ByReference(
        annotation_error,
        mistakes=[
            Mistake(
                "se-sale",
                "Llega a 200 + 420 = 620 y a 100 + 380 = 480: cabe justo. Por eso este error no se nota "
                "mirando solo la imagen.",
                lambda: OPTIONS[0],
            ),
            Mistake(
                "pocos-puntos",
                "Ocho números son cuatro puntos, y con tres bastaría.",
                lambda: OPTIONS[1],
            ),
            Mistake(
                "area",
                "El rectángulo mide 220 × 280 = 61 600: el área es la suya.",
                lambda: OPTIONS[3],
            ),
            Mistake(
                "categoria",
                "La 18 existe: es el perro. Los huecos son 12, 26, 29, 30, 45, 66, 68, 69, 71 y 83.",
                lambda: OPTIONS[4],
            ),
        ],
    ),
    hints=["Compara la caja con el polígono.", "¿Cuánto mide de ancho el polígono? ¿Y la caja?"],
    explanation="El polígono va de x = 200 a x = 420: mide 220 de ancho, y la caja dice 420. Está escrita "
    "como (x, y, x, y); lo correcto es [200, 100, 220, 280].",
    controls=(Choice("Qué está mal", OPTIONS),),
)

# --- 11.9 ------------------------------------------------------------------------------------------


def semantic_target(masks, classes):
    """Clase de cada píxel: 0 en el fondo; donde se solapan, el objeto más pequeño."""
    target = np.zeros(masks.shape[1:], int)
    order = np.argsort(-masks.sum(axis=(1, 2)), kind="stable")
    for k in order:  # los grandes primero, los pequeños encima
        target[masks[k] > 0] = classes[k]
    return target


def _painted(masks, classes, order):
    target = np.zeros(masks.shape[1:], int)
    for k in order:
        target[masks[k] > 0] = classes[k]
    return target


def _overlaps():
    masks = np.zeros((3, 4, 5), int)
    masks[0, 1:3, 1:3] = 1
    masks[1, 0:4, 0:4] = 1
    masks[2, 2, 2:5] = 1
    other = np.zeros((2, 3, 4), int)
    other[0, :, 1:] = 1
    other[1, 1, 2:4] = 1
    return [(other, np.array([4, 2])), (masks, np.array([7, 3, 5]))]


TARGET = Exercise(
    id="11.9",
    title="el objetivo semántico",
    level="hard",
    text="""
`masks` tiene forma (N, filas, columnas), una máscara de 0 y 1 por objeto, y `classes`, la clase de cada uno,
de 1 en adelante. Devuelve un array de enteros (filas, columnas) con la clase de cada píxel y 0 en el fondo.
Donde dos máscaras se solapan, manda la del objeto **más pequeño**.
""",
    judge=ByReference(
        semantic_target,
        cases=_overlaps,
        mistakes=[
            Mistake(
                "en-su-orden",
                "Pintas en el orden en que llegan, y el último tapa a los demás: un objeto pequeño puede "
                "desaparecer. Ordena por tamaño.",
                lambda masks, classes: _painted(masks, classes, range(len(masks))),
            ),
            Mistake(
                "manda-el-grande",
                "Manda el objeto grande: los pequeños se pintan los últimos, para que queden encima.",
                lambda masks, classes: _painted(masks, classes, np.argsort(masks.sum(axis=(1, 2)))),
            ),
            Mistake(
                "suma-las-clases",
                "Donde se solapan has sumado sus clases, y sale otra que no está en la imagen.",
                lambda masks, classes: (masks * classes[:, None, None]).sum(axis=0),
            ),
            Mistake(
                "mayor-clase",
                "Donde se solapan te quedas con el número de clase mayor: ese número solo es un nombre.",
                lambda masks, classes: (masks * classes[:, None, None]).max(axis=0),
            ),
            Mistake(
                "numera-los-objetos",
                "Has escrito el número del objeto: eso es el objetivo de instancias. Aquí va su clase.",
                lambda masks, classes: semantic_target(masks, np.arange(1, len(masks) + 1)),
            ),
            Mistake(
                "binaria",
                "Has marcado solo dónde hay objeto: eso es el objetivo binario. Falta la clase.",
                lambda masks, classes: masks.max(axis=0),
            ),
        ],
    ),
    hints=["Pinta las máscaras una a una sobre un array de ceros.", "Lo último que se pinta queda encima."],
    explanation="Se pinta de mayor a menor. Los objetos anotados se solapan de verdad: el cuenco sobre la "
    "mesa, la persona en la silla.",
)

EXERCISES = (OUTPUTS, CROP, MASK_BOX, POLYGON_AREA, ENCODE, DECODE, SMALL, ERROR, TARGET)
