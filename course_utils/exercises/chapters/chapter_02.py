"""Ejercicios del capítulo 02: de densas a convolucionales."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, Mistake

# --- 02.1 ------------------------------------------------------------------------------------------


def dense_map_parameters():
    """Parámetros de una capa densa de 28 × 28 a 26 × 26."""
    inputs, neurons = 28 * 28, 26 * 26
    return inputs * neurons + neurons


DENSE_MAP = Exercise(
    id="02.1",
    title="si el mapa lo calculara una capa densa",
    level="easy",
    text="""
Se quiere un mapa de 26 × 26 valores a partir de una imagen gris de 28 × 28, y cada valor lo calcula una
neurona **densa**, conectada con todos los píxeles. ¿Cuántos parámetros hay, entre pesos y sesgos?
""",
    judge=ByReference(
        dense_map_parameters,
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Son los pesos; falta un sesgo por neurona.",
                lambda: 28 * 28 * 26 * 26,
            ),
            Mistake(
                "convolucional",
                "Son los parámetros de una capa convolucional: 9 pesos y un sesgo. Aquí no se comparte nada.",
                lambda: 3 * 3 + 1,
            ),
            Mistake(
                "solo-su-ventana",
                "Has conectado cada neurona solo con su ventana de 3 × 3. Una neurona densa ve todos los "
                "píxeles.",
                lambda: 26 * 26 * (3 * 3 + 1),
            ),
            Mistake(
                "un-solo-sesgo",
                "Has contado un solo sesgo: cada neurona tiene el suyo.",
                lambda: 28 * 28 * 26 * 26 + 1,
            ),
            Mistake(
                "olvida-las-columnas",
                "Has contado 28 entradas y 26 neuronas. Son 28 × 28 y 26 × 26.",
                lambda: 28 * 26 + 26,
            ),
            Mistake(
                "una-neurona-por-pixel",
                "Has contado una neurona por píxel de la imagen. El mapa mide 26 × 26.",
                lambda: (28 * 28 + 1) * 28 * 28,
            ),
        ],
    ),
    hints=["¿Cuántas neuronas hay y cuántas entradas ve cada una?", "(entradas + 1) × neuronas."],
    explanation="(784 + 1) × 676 = 530 660 parámetros, frente a los 10 de una convolución de 3 × 3 que "
    "produce un mapa del mismo tamaño.",
    controls=(Number("Parámetros"),),
)

# --- 02.2 ------------------------------------------------------------------------------------------


def local_parameters(height, width, kernel_size):
    """Parámetros de una capa local, con sesgos."""
    positions = (height - kernel_size + 1) * (width - kernel_size + 1)
    return positions * (kernel_size**2 + 1)


LOCAL = Exercise(
    id="02.2",
    title="conexiones locales sin compartir pesos",
    level="medium",
    text="""
En una capa local cada neurona ve solo su ventana de `kernel_size` × `kernel_size`, con sus **propios**
pesos y su propio sesgo. La ventana avanza de píxel en píxel por una imagen gris de `height` × `width`, sin
relleno. ¿Cuántos parámetros tiene?
""",
    judge=ByReference(
        local_parameters,
        cases=[(3, 3, 3), (3, 4, 2), (5, 7, 3), (28, 28, 5)],
        mistakes=[
            Mistake(
                "comparte-los-pesos",
                "Has contado un solo kernel. Eso es una capa convolucional; aquí cada posición tiene el "
                "suyo.",
                lambda h, w, k: k**2 + 1,
            ),
            Mistake(
                "olvida-los-sesgos",
                "Faltan los sesgos: uno por posición.",
                lambda h, w, k: (h - k + 1) * (w - k + 1) * k**2,
            ),
            Mistake(
                "un-solo-sesgo",
                "Has contado un solo sesgo: cada neurona tiene el suyo.",
                lambda h, w, k: (h - k + 1) * (w - k + 1) * k**2 + 1,
            ),
            Mistake(
                "conecta-todo",
                "Has conectado cada neurona con la imagen entera: eso es una capa densa.",
                lambda h, w, k: (h - k + 1) * (w - k + 1) * (h * w + 1),
            ),
            Mistake(
                "una-neurona-por-pixel",
                "Has contado una neurona por píxel. Sin relleno, la ventana cabe en menos posiciones que "
                "píxeles hay.",
                lambda h, w, k: h * w * (k**2 + 1),
            ),
            Mistake(
                "kernel-de-una-fila",
                "Has contado `kernel_size` pesos por ventana. La ventana es cuadrada: `kernel_size` por "
                "`kernel_size`.",
                lambda h, w, k: (h - k + 1) * (w - k + 1) * (k + 1),
            ),
            Mistake(
                "olvida-la-primera",
                "Faltan posiciones. En un eje de n píxeles, la primera ventana empieza en el 0 y la última "
                "en el n − k: son n − k + 1.",
                lambda h, w, k: (h - k) * (w - k) * (k**2 + 1),
            ),
            Mistake(
                "olvida-las-columnas",
                "Has contado las posiciones de un solo eje. La ventana también avanza por las columnas.",
                lambda h, w, k: (h - k + 1) * (k**2 + 1),
            ),
        ],
    ),
    hints=["¿En cuántas posiciones cabe la ventana?", "En cada posición hay un kernel entero y un sesgo."],
    explanation="Posiciones × `(k² + 1)`. Compartir los pesos divide esa cuenta entre el número de "
    "posiciones.",
)

# --- 02.3 ------------------------------------------------------------------------------------------


def shift(image, rows, cols):
    """Imagen movida rows píxeles hacia abajo y cols a la derecha."""
    moved = np.zeros_like(image)
    height, width = image.shape
    for row in range(height):
        for col in range(width):
            if 0 <= row + rows < height and 0 <= col + cols < width:
                moved[row + rows, col + cols] = image[row, col]
    return moved


def _edge_shift(image, rows, cols):
    padded = np.pad(image, ((abs(rows),) * 2, (abs(cols),) * 2), mode="edge")
    top, left = abs(rows) - rows, abs(cols) - cols
    return padded[top : top + image.shape[0], left : left + image.shape[1]]


def _images_to_shift():
    small = np.arange(1.0, 10.0).reshape(3, 3)
    large = np.arange(1.0, 21.0).reshape(4, 5)
    return [(small, 1, 0), (small, 0, 1), (small, 0, -1), (large, -1, 2), (large, 2, -3)]


SHIFT = Exercise(
    id="02.3",
    title="desplazar una imagen",
    level="medium",
    text="""
Mueve una imagen gris `rows` píxeles hacia abajo y `cols` hacia la derecha (hacia arriba y hacia la
izquierda si son negativos). Lo que sale por un lado se pierde y lo que entra por el otro es 0.
""",
    judge=ByReference(
        shift,
        cases=_images_to_shift,
        mistakes=[
            Mistake(
                "da-la-vuelta",
                "Lo que sale por un lado vuelve a entrar por el otro, como hace `np.roll`. Aquí debe "
                "entrar 0.",
                lambda image, rows, cols: np.roll(image, (rows, cols), axis=(0, 1)),
            ),
            Mistake(
                "sentido-contrario",
                "La imagen se mueve al revés: con `rows` positivo, baja.",
                lambda image, rows, cols: shift(image, -rows, -cols),
            ),
            Mistake(
                "intercambia-los-ejes",
                "Usas `rows` para mover columnas y `cols` para mover filas.",
                lambda image, rows, cols: shift(image, cols, rows),
            ),
            Mistake(
                "repite-el-borde",
                "Lo que entra repite el píxel del borde. Aquí debe ser 0.",
                _edge_shift,
            ),
            Mistake(
                "solo-las-filas",
                "La imagen no se mueve de lado: falta aplicar `cols`.",
                lambda image, rows, cols: shift(image, rows, 0),
            ),
        ],
    ),
    hints=[
        "Empieza con una imagen de ceros y copia cada píxel en su sitio nuevo, si cae dentro.",
        "El píxel (row, col) va a (row + rows, col + cols).",
    ],
    explanation="Cada píxel va a `(row + rows, col + cols)` si cae dentro. Con cortes de NumPy se hace sin "
    "bucles, pero con más cuidado con los signos.",
)

# --- 02.4 ------------------------------------------------------------------------------------------


def equivariance_error(layer, image, cols):
    """Mayor diferencia entre desplazar antes y después de la capa."""
    before = layer(np.roll(image, cols, axis=1))
    after = np.roll(layer(image), cols, axis=1)
    return np.abs(before - after).max()


def circular_blur(image):
    """Media de cada píxel y sus vecinos, en círculo: equivariante."""
    return (np.roll(image, 1, axis=1) + image + np.roll(image, -1, axis=1)) / 3


def weights_by_column(image):
    """Cada columna con su propio peso: no equivariante."""
    return image * np.arange(image.shape[1])


def running_total(image):
    """Suma acumulada por filas: no equivariante."""
    return image.cumsum(axis=1)


def _layers_and_images():
    image = np.random.default_rng(4).integers(0, 9, (4, 5)).astype(float)
    return [
        (circular_blur, image, 1),
        (weights_by_column, image[:2], 1),
        (weights_by_column, image, 2),
        (running_total, image, 1),
    ]


EQUIVARIANCE = Exercise(
    id="02.4",
    title="medir la equivariancia",
    level="hard",
    text="""
Una capa es **equivariante** si desplazar la entrada desplaza igual la salida. `layer` es una función que
recibe una imagen y devuelve otra del mismo tamaño. Desplaza `cols` columnas en círculo, con `np.roll(…,
cols, axis=1)`, y devuelve la mayor diferencia, en valor absoluto, entre desplazar antes y desplazar después
de la capa.
""",
    judge=ByReference(
        equivariance_error,
        cases=_layers_and_images,
        mistakes=[
            Mistake(
                "mide-la-invariancia",
                "Comparas con la salida sin desplazar: eso mide la **invariancia**, que la salida no "
                "cambie. En la equivariancia la salida también se desplaza.",
                lambda layer, image, cols: np.abs(layer(np.roll(image, cols, axis=1)) - layer(image)).max(),
            ),
            Mistake(
                "no-desplaza-la-entrada",
                "Comparas la salida con ella misma desplazada. Falta pasar por la capa la imagen desplazada.",
                lambda layer, image, cols: np.abs(layer(image) - np.roll(layer(image), cols, axis=1)).max(),
            ),
            Mistake(
                "desplaza-filas",
                "Desplazas las filas: las columnas son el eje 1.",
                lambda layer, image, cols: np.abs(
                    layer(np.roll(image, cols, axis=0)) - np.roll(layer(image), cols, axis=0)
                ).max(),
            ),
            Mistake(
                "sentido-contrario",
                "Desplazas la salida en sentido contrario al de la entrada.",
                lambda layer, image, cols: np.abs(
                    layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), -cols, axis=1)
                ).max(),
            ),
            Mistake(
                "sin-valor-absoluto",
                "Comparas con signo y una diferencia negativa, por grande que sea, no cuenta. Falta el valor "
                "absoluto.",
                lambda layer, image, cols: (
                    layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), cols, axis=1)
                ).max(),
            ),
            Mistake(
                "olvida-el-eje",
                "Sin `axis`, `np.roll` aplana la imagen y lo que sale de una fila entra en la siguiente: "
                "escribe `axis=1`.",
                lambda layer, image, cols: np.abs(
                    layer(np.roll(image, cols)) - np.roll(layer(image), cols)
                ).max(),
            ),
            Mistake(
                "diferencia-media",
                "Devuelves la diferencia media y se pide la mayor: basta un píxel distinto para que no "
                "sea equivariante.",
                lambda layer, image, cols: np.abs(
                    layer(np.roll(image, cols, axis=1)) - np.roll(layer(image), cols, axis=1)
                ).mean(),
            ),
        ],
    ),
    hints=[
        "Son dos caminos: desplazar y luego la capa; la capa y luego desplazar. Compara los finales.",
        "Un camino acaba en la salida de la imagen desplazada; el otro, en la salida desplazada.",
    ],
    explanation="Se comparan los dos caminos. Una convolución da 0; una capa con pesos distintos en cada "
    "columna, no.",
)

# --- 02.5 ------------------------------------------------------------------------------------------


def permute_pixels(images, order):
    """Las imágenes con los píxeles cambiados de sitio, todas igual."""
    flat = images.reshape(len(images), -1)  # (N, H·W)
    return flat[:, order].reshape(images.shape)


def _images_and_orders():
    rng = np.random.default_rng(5)
    return [
        (np.arange(8).reshape(2, 2, 2), np.array([1, 2, 3, 0])),
        (rng.integers(0, 9, (3, 2, 3)), np.array([4, 0, 5, 2, 1, 3])),
        (rng.integers(0, 99, (2, 3, 4)), rng.permutation(12)),
    ]


PERMUTE = Exercise(
    id="02.5",
    title="píxeles permutados",
    level="medium",
    text="""
`images` tiene forma (N, H, W) y `order` es una permutación de los H·W píxeles, contados por filas: en el
lugar i va el píxel `order[i]` de la imagen. Aplica **la misma** permutación a todas las imágenes, sin
cambiar la forma.
""",
    judge=ByReference(
        permute_pixels,
        cases=_images_and_orders,
        mistakes=[
            Mistake(
                "permutacion-inversa",
                "Llevas el píxel i al lugar `order[i]`; es al revés: en el lugar i va el píxel `order[i]`.",
                lambda images, order: permute_pixels(images, np.argsort(order)),
            ),
            Mistake(
                "por-columnas",
                "Cuentas los píxeles por columnas. NumPy aplana por filas.",
                lambda images, order: (
                    permute_pixels(images.transpose(0, 2, 1), order)
                    .reshape(len(images), images.shape[2], images.shape[1])
                    .transpose(0, 2, 1)
                ),
            ),
            Mistake(
                "otra-en-cada-imagen",
                "Cada imagen queda permutada de otra manera. Así no habría nada que aprender: la "
                "permutación es la misma para todas.",
                lambda images, order: np.stack(
                    [permute_pixels(image[None], np.roll(order, n))[0] for n, image in enumerate(images)]
                ),
            ),
            Mistake(
                "solo-la-primera",
                "Solo permutas la primera imagen.",
                lambda images, order: np.concatenate([permute_pixels(images[:1], order), images[1:]]),
            ),
            Mistake(
                "no-recupera-la-forma",
                "Devuelves las imágenes aplanadas: al final hay que recuperar la forma (N, H, W).",
                lambda images, order: images.reshape(len(images), -1)[:, order],
            ),
        ],
    ),
    hints=[
        "Aplana cada imagen sin mezclarla con las demás: `reshape(len(images), -1)`.",
        "Con `flat[:, order]` se reordenan todas.",
    ],
    explanation="Se aplana por imagen, se reordenan las columnas y se recupera la forma. A una capa densa "
    "le da igual; a una convolucional, no, porque pierde los vecinos.",
)

# --- 02.6 ------------------------------------------------------------------------------------------


def kernel_as_matrix(kernel, n):
    """Matriz que hace lo mismo que el kernel con n píxeles."""
    rows = n - len(kernel) + 1
    matrix = np.zeros((rows, n))
    for row in range(rows):
        matrix[row, row : row + len(kernel)] = kernel
    return matrix


MATRIX = Exercise(
    id="02.6",
    title="la convolución como capa densa",
    level="hard",
    text="""
Una capa densa multiplica la entrada por una matriz de pesos. Escribe la matriz que hace lo mismo que
deslizar `kernel`, un array de una dimensión, por una fila de `n` píxeles sin relleno: `matrix @ x` debe dar
cada suma de productos.
""",
    judge=ByReference(
        kernel_as_matrix,
        cases=lambda: [
            (np.array([1.0, 2.0]), 3),
            (np.array([1.0, 0.0, -2.0]), 5),
            (np.array([3.0, -1.0, 4.0, 2.0]), 7),
        ],
        mistakes=[
            Mistake(
                "gira-el-kernel",
                "Cada fila lleva el kernel del revés: así sale la convolución de las matemáticas y no la "
                "correlación.",
                lambda kernel, n: kernel_as_matrix(kernel[::-1], n),
            ),
            Mistake(
                "traspuesta",
                "La matriz está traspuesta: cada **fila** produce una salida, y hay n columnas, una por "
                "píxel.",
                lambda kernel, n: kernel_as_matrix(kernel, n).T,
            ),
            Mistake(
                "da-la-vuelta",
                "Hay n filas y las últimas dan la vuelta. Sin relleno, el kernel no pasa del final: hay n "
                "− k + 1 filas.",
                lambda kernel, n: np.stack(
                    [np.roll(np.pad(kernel, (0, n - len(kernel))), row) for row in range(n)]
                ),
            ),
            Mistake(
                "no-avanza",
                "Todas las filas miran los mismos píxeles: cada fila debe empezar uno más a la derecha.",
                lambda kernel, n: np.tile(np.pad(kernel, (0, n - len(kernel))), (n - len(kernel) + 1, 1)),
            ),
            Mistake(
                "salta-ventanas",
                "Las ventanas no se solapan: cada fila debe avanzar un píxel, no un kernel entero.",
                lambda kernel, n: np.stack(
                    [
                        np.pad(kernel, (0, n - len(kernel)))
                        if row == 0
                        else np.roll(
                            np.pad(kernel, (0, n - len(kernel))), min(row * len(kernel), n - len(kernel))
                        )
                        for row in range(n - len(kernel) + 1)
                    ]
                ),
            ),
        ],
    ),
    hints=[
        "Hay una fila por salida y una columna por píxel de entrada.",
        "La fila r tiene el kernel a partir de la columna r; el resto son ceros.",
    ],
    explanation="Sale una matriz en banda donde se repite el mismo kernel: casi todo ceros y muy pocos "
    "pesos distintos. Una capa convolucional es esa capa densa con los pesos compartidos.",
)

# --- 02.7 ------------------------------------------------------------------------------------------


def window_radius():
    """Radio de una ventana con 49 pesos."""
    side = 7  # 7 × 7 = 49
    return (side - 1) // 2


RADIUS = Exercise(
    id="02.7",
    title="del radio a los pesos",
    level="easy",
    text="""
Si cada neurona mira los píxeles que están a una distancia de hasta Δ filas y Δ columnas del suyo, la
ventana es cuadrada y su centro es ese píxel. ¿Qué Δ da una ventana con exactamente **49** pesos?
""",
    judge=ByReference(
        window_radius,
        mistakes=[
            Mistake(
                "da-el-lado",
                "7 es el lado de la ventana. Δ es lo que se aleja del centro.",
                lambda: 7,
            ),
            Mistake(
                "no-reparte",
                "6 son los píxeles del lado sin contar el central, y se reparten entre los dos costados.",
                lambda: 6,
            ),
            Mistake(
                "olvida-el-centro",
                "Con Δ = 4 el lado mide 4 + 1 + 4 = 9. El píxel central también cuenta.",
                lambda: 4,
            ),
        ],
    ),
    hints=["El lado de la ventana es Δ píxeles, el del centro y otros Δ.", "(2Δ + 1)² = 49."],
    explanation="El lado mide 2Δ + 1 = 7, así que Δ = 3. La cuenta aproximada 4Δ² da 36: se olvida del "
    "centro.",
    controls=(Slider("Δ", 1, 8),),
)

EXERCISES = (DENSE_MAP, LOCAL, SHIFT, EQUIVARIANCE, PERMUTE, MATRIX, RADIUS)
