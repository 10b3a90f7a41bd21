"""Ejercicios del capítulo 06: una red convolucional para Fashion-MNIST."""

import numpy as np

from course_utils.exercises.controls import Number, Slider
from course_utils.exercises.engine import Exercise
from course_utils.exercises.judges import ByReference, ByRules, Mistake, Unexpected
from course_utils.exercises.layers import read_model
from course_utils.style import number_text

# --- 06.1 ------------------------------------------------------------------------------------------


def dense_network_parameters():
    """Parámetros de las dos capas densas."""
    hidden = (28 * 28 + 1) * 128
    output = (128 + 1) * 10
    return hidden + output  # Flatten y Dropout no tienen


DENSE_NETWORK = Exercise(
    id="06.1",
    title="parámetros de la red densa",
    level="easy",
    text="""
La red densa con que se compara es `Flatten`, `Dense(128)`, `Dropout(0.2)` y `Dense(10)`, sobre imágenes de
28 × 28. ¿Cuántos parámetros tiene?
""",
    judge=ByReference(
        dense_network_parameters,
        mistakes=[
            Mistake(
                "olvida-los-sesgos",
                "Faltan los sesgos: 128 en la primera capa densa y 10 en la segunda.",
                lambda: 784 * 128 + 128 * 10,
            ),
            Mistake(
                "olvida-la-salida",
                "Has contado solo la primera capa densa; falta la de salida.",
                lambda: 785 * 128,
            ),
            Mistake(
                "dropout-con-parametros",
                "Has dado parámetros a `Dropout`. Apaga neuronas al azar, pero no aprende nada.",
                lambda: 785 * 128 + 129 * 10 + 128,
            ),
            Mistake(
                "no-aplana",
                "Has contado 28 entradas: `Flatten` da 28 × 28.",
                lambda: 29 * 128 + 129 * 10,
            ),
            Mistake(
                "salida-desde-la-imagen",
                "La capa de salida recibe las 128 neuronas, no los 784 píxeles.",
                lambda: 785 * 128 + 785 * 10,
            ),
        ],
    ),
    hints=["Solo las capas densas tienen parámetros.", "(784 + 1) · 128 en la primera. ¿Y en la segunda?"],
    explanation="(784 + 1) · 128 + (128 + 1) · 10 = 101 770.",
    controls=(Number("Parámetros"),),
)

# --- 06.2 ------------------------------------------------------------------------------------------


def prepare(images):
    """Imágenes listas para la red: de 0 a 1 y con eje de canal."""
    return (images / 255)[..., None]


def _raw_images():
    rng = np.random.default_rng(62)
    images = rng.integers(0, 256, (3, 2, 4), dtype=np.uint8)
    images[0] //= 3  # una imagen oscura, que no llega a 255
    return [np.array([[[0, 255], [51, 102]]], dtype=np.uint8), images]


PREPARE = Exercise(
    id="06.2",
    title="preparar las imágenes",
    level="easy",
    text="""
Las imágenes llegan como enteros de 0 a 255, con forma (N, filas, columnas). La red las quiere **entre 0 y
1** y con un eje de canal al final: (N, filas, columnas, 1).
""",
    judge=ByReference(
        prepare,
        cases=_raw_images,
        mistakes=[
            Mistake(
                "division-entera",
                "Con `//` todo se queda en 0 o en 1. Usa `/`.",
                lambda images: (images // 255)[..., None],
            ),
            Mistake(
                "olvida-el-canal",
                "Falta el eje del canal: `Conv2D` espera (N, filas, columnas, canales).",
                lambda images: images / 255,
            ),
            Mistake(
                "canal-delante",
                "El eje del canal va al final, no después del lote.",
                lambda images: (images / 255)[:, None],
            ),
            Mistake(
                "cada-imagen-por-su-lado",
                "Estiras cada imagen hasta su propio máximo: una oscura queda tan clara como las demás y "
                "se pierde esa información. Divide todas entre lo mismo.",
                lambda images: (images / images.max(axis=(1, 2), keepdims=True))[..., None],
            ),
            Mistake(
                "entre-256",
                "Divides entre 256: el blanco, 255, debe quedar en 1.",
                lambda images: (images / 256)[..., None],
            ),
            Mistake(
                "no-divide",
                "Los valores siguen entre 0 y 255.",
                lambda images: images[..., None].astype(float),
            ),
        ],
    ),
    hints=["El mayor valor posible es 255.", "`array[..., None]` añade un eje al final."],
    explanation="Se dividen todas entre 255, el mayor valor posible, y se añade el eje del canal al final.",
)

# --- 06.3 ------------------------------------------------------------------------------------------


def split(count, validation, seed):
    """Índices de entrenamiento y de validación."""
    order = np.random.default_rng(seed).permutation(count)
    return order[validation:], order[:validation]


def _splits(function):
    first, again, other = (_checked_split(function(100, 20, seed), 100) for seed in (1, 1, 2))
    return {
        "train": first[0],
        "validation": first[1],
        "repeats": again == first,
        "same": other == first,
    }


def _checked_split(answer, count):
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Unexpected("Se esperan dos arrays de índices: (entrenamiento, validación).")
    parts = []
    for part in answer:
        array = np.asarray(part) if isinstance(part, np.ndarray | tuple) and _all_integers(part) else None
        if array is None or array.ndim != 1 or (array.size and not 0 <= array.min() <= array.max() < count):
            raise Unexpected(f"Cada parte debe ser un array de índices enteros, de 0 a {count - 1}.")
        parts.append(array.tolist())
    return tuple(parts)


def _all_integers(part) -> bool:
    if isinstance(part, np.ndarray):
        return part.dtype.kind in "iu"
    return all(type(item) is int for item in part)


def _leaking(count, validation, seed):
    rng = np.random.default_rng(seed)
    return rng.permutation(count)[: count - validation], rng.permutation(count)[:validation]


SPLIT = Exercise(
    id="06.3",
    title="una partición que no filtra",
    level="medium",
    text="""
Este reparto tiene una fuga: baraja dos veces, así que hay imágenes en las dos partes y la validación queda
demasiado optimista.

```python
def split(count, validation, seed):
    rng = np.random.default_rng(seed)
    train = rng.permutation(count)[: count - validation]
    return train, rng.permutation(count)[:validation]
```

Arréglalo: los `count` índices repartidos al azar, sin repetir ni perder ninguno; `validation` de ellos, a
validación; y con la misma semilla, el mismo reparto. Devuelve `(entrenamiento, validación)`.
""",
    judge=ByRules(
        split,
        _splits,
        asks="function",
        mistakes=[
            Mistake(
                "filtra",
                lambda seen: (
                    f"Hay {len(set(seen['train']) & set(seen['validation']))} índices en las dos "
                    "partes: la red se evaluaría con imágenes que ya ha visto. Baraja una sola "
                    "vez y corta."
                ),
                _leaking,
                when=lambda seen: bool(set(seen["train"]) & set(seen["validation"])),
            ),
            Mistake(
                "al-reves",
                "Devuelves primero la validación: el orden pedido es (entrenamiento, validación).",
                lambda count, validation, seed: split(count, validation, seed)[::-1],
                when=lambda seen: len(seen["train"]) == 20 and len(seen["validation"]) == 80,
            ),
            Mistake(
                "otro-tamaño",
                lambda seen: f"Se piden 20 índices de validación y hay {len(seen['validation'])}.",
                lambda count, validation, seed: split(count, validation // 2, seed),
                when=lambda seen: len(seen["validation"]) != 20,
            ),
            Mistake(
                "pierde-o-repite",
                lambda seen: (
                    "Entre las dos partes hay "
                    f"{len(set(seen['train']) | set(seen['validation']))} índices distintos de "
                    "100: se pierde alguno, o se repite otro."
                ),
                lambda count, validation, seed: (
                    split(count, validation, seed)[0][: count // 2],
                    split(count, validation, seed)[1],
                ),
                when=lambda seen: sorted(seen["train"] + seen["validation"]) != list(range(100)),
            ),
            Mistake(
                "no-repite",
                "Con la misma semilla sale otro reparto: así nadie puede repetir el experimento. Pasa "
                "`seed` al generador.",
                lambda count, validation, seed: split(count, validation, None),
                when=lambda seen: not seen["repeats"],
            ),
            Mistake(
                "no-baraja",
                "La validación es un bloque seguido. Muchos conjuntos vienen ordenados por clase, y "
                "faltarían clases enteras: baraja.",
                lambda count, validation, seed: (np.arange(validation, count), np.arange(validation)),
                when=lambda seen: max(seen["validation"]) - min(seen["validation"]) == 19,
            ),
            Mistake(
                "ignora-la-semilla",
                "Con otra semilla sale el mismo reparto: usa la que llega en `seed`.",
                lambda count, validation, seed: split(count, validation, 0),
                when=lambda seen: seen["same"],
            ),
        ],
    ),
    hints=["Una sola permutación de todos los índices basta.", "Corta esa permutación en dos trozos."],
    explanation="Una permutación contiene cada índice una vez: al cortarla en dos, ninguno puede estar en "
    "las dos partes.",
)

# --- 06.4 ------------------------------------------------------------------------------------------


def standardize(train, test):
    """Las dos partes con media 0 y desviación 1, según el entrenamiento."""
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (test - mean) / std


def _by_itself(data):
    return (data - data.mean()) / data.std()


def _together(train, test):
    both = np.concatenate([train, test])
    return (train - both.mean()) / both.std(), (test - both.mean()) / both.std()


STANDARDIZE = Exercise(
    id="06.4",
    title="normalizar sin mirar la prueba",
    level="medium",
    text="""
Resta la media y divide entre la desviación típica. La media y la desviación se calculan **una vez** y sin
usar nada de la prueba. Devuelve `(entrenamiento, prueba)`.
""",
    judge=ByReference(
        standardize,
        cases=lambda: [
            (np.array([0.0, 2.0]), np.array([1.0, 5.0])),
            (np.array([1.0, 2.0, 3.0, 6.0]), np.array([4.0, 10.0, -2.0])),
        ],
        mistakes=[
            Mistake(
                "cada-parte-la-suya",
                "Normalizas cada parte con sus propios números: la misma imagen tendría valores distintos "
                "según dónde estuviera. Usa los del entrenamiento en las dos.",
                lambda train, test: (_by_itself(train), _by_itself(test)),
            ),
            Mistake(
                "todo-junto",
                "Calculas la media con la prueba incluida: es una fuga. La prueba no se mira hasta el final.",
                _together,
            ),
            Mistake(
                "con-la-prueba",
                "Usas la media y la desviación de la prueba: son las del entrenamiento.",
                lambda train, test: ((train - test.mean()) / test.std(), _by_itself(test)),
            ),
            Mistake(
                "divide-entre-la-varianza",
                "Divides entre la varianza. La desviación típica es su raíz: `std`.",
                lambda train, test: (
                    (train - train.mean()) / train.var(),
                    (test - train.mean()) / train.var(),
                ),
            ),
            Mistake(
                "solo-resta",
                "Falta dividir entre la desviación típica.",
                lambda train, test: (train - train.mean(), test - train.mean()),
            ),
            Mistake(
                "solo-el-entrenamiento",
                "La prueba se queda sin normalizar: la red recibiría otros números que al entrenar.",
                lambda train, test: (_by_itself(train), test),
            ),
        ],
    ),
    hints=["Calcula la media y la desviación de `train` y guárdalas.", "Aplica las mismas a `test`."],
    explanation="La normalización es parte del modelo: se ajusta con el entrenamiento y se aplica igual a "
    "lo demás.",
)

# --- 06.5 ------------------------------------------------------------------------------------------


def confusion_matrix(true, predicted, classes):
    """Recuento de clases verdaderas (fila) y predichas (columna)."""
    matrix = np.zeros((classes, classes), dtype=int)
    for t, p in zip(true, predicted, strict=True):
        matrix[t, p] += 1
    return matrix


def _row_normalized(true, predicted, classes):
    matrix = confusion_matrix(true, predicted, classes)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


CONFUSION = Exercise(
    id="06.5",
    title="la matriz de confusión",
    level="medium",
    text="""
Cuenta, para cada clase verdadera (**fila**), cuántas veces se predice cada clase (**columna**). `true` y
`predicted` son arrays de enteros de 0 a `classes` − 1.
""",
    judge=ByReference(
        confusion_matrix,
        cases=lambda: [
            (np.array([0, 0]), np.array([1, 1]), 2),
            (np.array([0, 1, 1, 1]), np.array([0, 1, 0, 0]), 2),
            (np.array([2, 0, 1, 2, 2, 0]), np.array([2, 1, 1, 0, 0, 1]), 4),
        ],
        mistakes=[
            Mistake(
                "traspuesta",
                "Está traspuesta: las filas son lo verdadero y las columnas, lo predicho.",
                lambda true, predicted, classes: confusion_matrix(predicted, true, classes),
            ),
            Mistake(
                "no-cuenta-repetidos",
                "Pones un 1 donde hay alguna coincidencia, en vez de contarlas. Con índices repetidos, "
                "`matriz[t, p] += 1` de NumPy también suma una sola vez: usa un bucle o `np.add.at`.",
                lambda true, predicted, classes: (confusion_matrix(true, predicted, classes) > 0).astype(int),
            ),
            Mistake(
                "proporciones",
                "Devuelves proporciones por fila. Aquí se piden recuentos.",
                _row_normalized,
            ),
            Mistake(
                "solo-aciertos",
                "Solo cuentas los aciertos, en la diagonal. Los errores son lo interesante.",
                lambda true, predicted, classes: np.diag(np.diag(confusion_matrix(true, predicted, classes))),
            ),
            Mistake(
                "quita-clases-vacias",
                "Faltan filas o columnas: las clases que no aparecen también tienen su sitio, con ceros.",
                lambda true, predicted, classes: confusion_matrix(
                    true, predicted, int(max(true.max(), predicted.max())) + 1
                ),
            ),
        ],
    ),
    hints=[
        "Empieza con una matriz de ceros de `classes` × `classes`.",
        "Por cada ejemplo, suma 1 en `matriz[verdadera, predicha]`.",
    ],
    explanation="Cada ejemplo suma 1 en (verdadera, predicha). En la diagonal quedan los aciertos.",
)

# --- 06.6 ------------------------------------------------------------------------------------------


def accuracy(logits, labels):
    """Proporción de ejemplos cuya mayor salida es la de su clase."""
    return (logits.argmax(axis=1) == labels).mean()


def _top_two(logits, labels):
    best = np.argsort(logits, axis=1)[:, -2:]
    return (best == labels[:, None]).any(axis=1).mean()


ACCURACY = Exercise(
    id="06.6",
    title="la exactitud",
    level="easy",
    text="""
`logits` tiene forma (N, clases): las salidas de la última capa, sin softmax. `labels`, forma (N,). Devuelve
la proporción de ejemplos acertados, entre 0 y 1.
""",
    judge=ByReference(
        accuracy,
        cases=lambda: [
            (np.array([[2.0, 1.0]]), np.array([0])),
            (
                np.array([[0.0, 3.0, 1.0], [2.0, -1.0, 1.0], [-3.0, -2.0, -5.0], [0.4, 0.3, 0.2]]),
                np.array([1, 2, 1, 0]),
            ),
            (np.array([[0.6, 0.7, -1.0], [0.9, 0.2, 0.8], [-2.0, -1.0, -3.0]]), np.array([1, 0, 0])),
        ],
        mistakes=[
            Mistake(
                "cuenta-aciertos",
                "Devuelves cuántos aciertos hay: falta dividir entre el número de ejemplos.",
                lambda logits, labels: int((logits.argmax(axis=1) == labels).sum()),
            ),
            Mistake(
                "tasa-de-error",
                "Devuelves la proporción de fallos.",
                lambda logits, labels: 1 - accuracy(logits, labels),
            ),
            Mistake(
                "la-menor-salida",
                "Eliges la salida menor de cada fila: la predicción es la mayor.",
                lambda logits, labels: accuracy(-logits, labels),
            ),
            Mistake(
                "umbral",
                "Das por acertado todo ejemplo cuya salida correcta pasa de 0,5. La predicción es la "
                "**mayor** salida, valga lo que valga.",
                lambda logits, labels: (logits[np.arange(len(labels)), labels] > 0.5).mean(),
            ),
            Mistake(
                "entre-las-dos-mejores",
                "Das por bueno que la clase esté entre las dos primeras: aquí solo vale la primera.",
                _top_two,
            ),
        ],
    ),
    hints=[
        "`argmax(axis=1)` da la clase predicha de cada fila.",
        "La media de un array de booleanos es la proporción de `True`.",
    ],
    explanation="Softmax no cambia cuál es la mayor, así que basta `argmax` sobre los logits y comparar.",
)

# --- 06.7 ------------------------------------------------------------------------------------------

BUDGET = 20_000


def build_network():
    """Red convolucional pequeña, con salida sin softmax."""
    import keras

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )


def _network_of(answer):
    layers = read_model(answer)
    last = layers[-1]
    return {
        "kinds": [layer.kind for layer in layers],
        "output": last.output_shape,
        "softmax": last.kind == "Softmax" or last.config.get("activation") == "softmax",
        "linear": all(
            layer.config.get("activation", "linear") == "linear"
            for layer in layers
            if layer.kind in ("Conv2D", "Dense")
        )
        and not {"ReLU", "Activation", "LeakyReLU", "ELU", "PReLU"} & {layer.kind for layer in layers},
        "parameters": sum(layer.parameters for layer in layers),
    }


def _network(filters=(16, 32), activation="relu", flatten=True, hidden=0, units=10, last=None):
    def build():
        import keras

        layers = [keras.Input((28, 28, 1))]
        for count in filters:
            layers += [keras.layers.Conv2D(count, 3, activation=activation), keras.layers.MaxPooling2D(2)]
        layers += [keras.layers.Flatten()] if flatten else []
        layers += [keras.layers.Dense(hidden, activation=activation)] if hidden else []
        return keras.Sequential([*layers, keras.layers.Dense(units, activation=last)])

    return build


NETWORK = Exercise(
    id="06.7",
    title="tu propia red, con presupuesto",
    level="medium",
    text="""
Construye un `keras.Sequential` para imágenes (28, 28, 1) y diez clases: alguna convolución, alguna
activación no lineal y **menos de 20 000 parámetros**. La pérdida usará `from_logits=True`, así que la
última capa va **sin** softmax.
""",
    judge=ByRules(
        build_network,
        _network_of,
        asks="model",
        mistakes=[
            Mistake(
                "sin-convolucion",
                "No hay ninguna convolución: es una red densa.",
                _network(filters=(), hidden=16),
                when=lambda seen: "Conv2D" not in seen["kinds"],
            ),
            Mistake(
                "no-aplana",
                lambda seen: (
                    f"La salida tiene forma {seen['output']}: la capa densa se ha aplicado a cada "
                    "posición. Falta `Flatten` o un pooling global antes."
                ),
                _network(flatten=False),
                when=lambda seen: len(seen["output"]) != 1,
            ),
            Mistake(
                "otra-salida",
                lambda seen: f"Hay {seen['output'][0]} salidas y diez clases.",
                _network(units=9),
                when=lambda seen: seen["output"] != (10,),
            ),
            Mistake(
                "softmax-dos-veces",
                "La última capa lleva softmax y la pérdida lo aplicaría otra vez: aprende, pero mal y "
                "despacio. Quítalo.",
                _network(last="softmax"),
                when=lambda seen: seen["softmax"],
            ),
            Mistake(
                "todo-lineal",
                "No hay ninguna activación: sin ella, convoluciones y densas solo suman y multiplican, y "
                'la red apenas puede más que una capa lineal. Añade `activation="relu"`.',
                _network(activation=None),
                when=lambda seen: seen["linear"],
            ),
            Mistake(
                "se-pasa-del-presupuesto",
                lambda seen: (
                    f"Tiene {number_text(seen['parameters'])} parámetros. Casi siempre sobran en la capa "
                    "densa que sigue a `Flatten`: reduce los mapas o las neuronas."
                ),
                _network(hidden=64),
                when=lambda seen: seen["parameters"] >= BUDGET,
            ),
        ],
    ),
    hints=[
        "`model.summary()` dice dónde están los parámetros.",
        "Dos bloques de convolución y pooling, `Flatten` y una densa de 10 bastan.",
    ],
    explanation="Con dos bloques de 16 y 32 filtros hay 12 810 parámetros, ocho veces menos que en la red "
    "densa.",
    needs_keras=True,
)

# --- 06.8 ------------------------------------------------------------------------------------------


def mean_and_spread(accuracies):
    """Media y desviación típica muestral de varias semillas."""
    mean = sum(accuracies) / len(accuracies)
    squares = sum((value - mean) ** 2 for value in accuracies)
    return mean, (squares / (len(accuracies) - 1)) ** 0.5


SPREAD = Exercise(
    id="06.8",
    title="la media y su dispersión",
    level="medium",
    text="""
Una sola ejecución no demuestra nada. Dada la lista de exactitudes de varias semillas, devuelve `(media,
desviación típica)`. Como son pocas, la desviación es la **muestral**: se divide entre el número de semillas
menos 1.
""",
    judge=ByReference(
        mean_and_spread,
        cases=[([1.0, 3.0],), ([0.90, 0.92, 0.91],), ([0.5, 0.9, 0.7, 0.2, 0.6],)],
        mistakes=[
            Mistake(
                "divide-entre-n",
                "Divides entre el número de semillas, que es lo que hace `np.std` si no se dice `ddof=1`. "
                "Con pocas semillas queda demasiado pequeña.",
                lambda values: (float(np.mean(values)), float(np.std(values))),
            ),
            Mistake(
                "da-la-varianza",
                "Devuelves la varianza: falta la raíz cuadrada.",
                lambda values: (float(np.mean(values)), float(np.var(values, ddof=1))),
            ),
            Mistake(
                "error-de-la-media",
                "Divides además entre la raíz del número de semillas: eso es el error de la media. Aquí "
                "se pide cuánto varía una ejecución.",
                lambda values: (float(np.mean(values)), float(np.std(values, ddof=1) / len(values) ** 0.5)),
            ),
            Mistake(
                "da-la-mediana",
                "La primera cifra es la mediana y se pide la media.",
                lambda values: (float(np.median(values)), float(np.std(values, ddof=1))),
            ),
            Mistake(
                "da-el-recorrido",
                "La segunda cifra es la distancia entre el mejor y el peor, no la desviación típica.",
                lambda values: (float(np.mean(values)), max(values) - min(values)),
            ),
            Mistake(
                "al-reves",
                "El orden es (media, desviación).",
                lambda values: mean_and_spread(values)[::-1],
            ),
        ],
    ),
    hints=["Con NumPy, la media es `np.mean`.", "`np.std` admite `ddof=1`."],
    explanation="Con n semillas, la suma de cuadrados se divide entre n − 1. Dos modelos solo se "
    "distinguen si su diferencia supera esa dispersión.",
)

# --- 06.9 ------------------------------------------------------------------------------------------

TRAINING = (0.62, 0.45, 0.38, 0.33, 0.29, 0.26, 0.23, 0.20, 0.18, 0.16)
VALIDATION = (0.55, 0.44, 0.39, 0.36, 0.34, 0.33, 0.34, 0.36, 0.38, 0.41)
TEST = (0.56, 0.45, 0.40, 0.37, 0.35, 0.34, 0.33, 0.35, 0.37, 0.40)


def best_epoch():
    """Época de menor pérdida de validación."""
    return VALIDATION.index(min(VALIDATION)) + 1


def _table() -> str:
    rows = [("entrenamiento", TRAINING), ("validación", VALIDATION), ("prueba", TEST)]
    head = (
        "| pérdida | " + " | ".join(str(epoch) for epoch in range(1, 11)) + " |\n|---" + "|---" * 10 + "|\n"
    )
    return head + "\n".join(
        f"| {name} | " + " | ".join(f"{value:.2f}".replace(".", ",") for value in losses) + " |"
        for name, losses in rows
    )


EPOCH = Exercise(
    id="06.9",
    title="dónde parar",
    level="easy",
    text=f"""
Estas son las pérdidas de un entrenamiento, época a época. ¿Con los pesos de qué época te quedas?

{_table()}
""",
    judge=ByReference(
        best_epoch,
        mistakes=[
            Mistake(
                "mira-el-entrenamiento",
                "En la época 10 la pérdida de entrenamiento es la menor, pero la de validación ya sube: "
                "la red memoriza.",
                lambda: 10,
            ),
            Mistake(
                "mira-la-prueba",
                "Has elegido con la prueba. Si se usa para elegir, deja de medir lo que la red hará con "
                "imágenes nuevas.",
                lambda: 7,
            ),
            Mistake(
                "donde-se-cruzan",
                "Ahí la validación empieza a quedar por encima del entrenamiento, y es normal: lo que "
                "importa es que todavía baja.",
                lambda: 3,
            ),
            Mistake(
                "la-primera",
                "En la primera época la red apenas ha aprendido: todas las pérdidas son aún altas.",
                lambda: 1,
            ),
        ],
    ),
    hints=[
        "Hay una fila con la que se ajusta, otra con la que se elige y otra con la que se mide.",
        "Se elige con la validación.",
    ],
    explanation="La menor pérdida de validación es la de la época 6. La prueba se mira una sola vez, al "
    "final.",
    controls=(Slider("Época", 1, 10),),
)

# --- 06.10 -----------------------------------------------------------------------------------------


def conv_products(out_height, out_width, kernel_size, in_channels, filters):
    """Multiplicaciones que hace una capa convolucional con una imagen."""
    per_value = kernel_size**2 * in_channels
    return out_height * out_width * filters * per_value


PRODUCTS = Exercise(
    id="06.10",
    title="cuánto trabaja una capa",
    level="hard",
    text="""
Los parámetros no dicen cuánto tarda una capa. ¿Cuántas multiplicaciones hace una convolución de
`kernel_size` × `kernel_size` sobre `in_channels` canales para producir `filters` mapas de `out_height` ×
`out_width`? Los sesgos solo suman: no cuentan.
""",
    judge=ByReference(
        conv_products,
        cases=[(1, 1, 3, 1, 1), (2, 3, 1, 2, 1), (4, 4, 3, 2, 5), (26, 26, 3, 1, 16)],
        mistakes=[
            Mistake(
                "cuenta-los-pesos",
                "Has contado los pesos. Se comparten, pero se usan en **cada** posición de la salida.",
                lambda h, w, k, c, f: k**2 * c * f,
            ),
            Mistake(
                "olvida-los-canales",
                "El resultado no depende de `in_channels`: cada valor suma los productos de todos los "
                "canales.",
                lambda h, w, k, c, f: h * w * k**2 * f,
            ),
            Mistake(
                "olvida-los-filtros",
                "Has contado un solo mapa: hay `filters`.",
                lambda h, w, k, c, f: h * w * k**2 * c,
            ),
            Mistake(
                "cuenta-los-sesgos",
                "Has contado el sesgo como un producto más; solo se suma.",
                lambda h, w, k, c, f: h * w * f * (k**2 * c + 1),
            ),
            Mistake(
                "kernel-de-una-fila",
                "Has contado `kernel_size` productos por ventana: la ventana tiene `kernel_size` al "
                "cuadrado.",
                lambda h, w, k, c, f: h * w * f * k * c,
            ),
            Mistake(
                "una-posicion-por-pixel",
                "Has contado una sola fila de posiciones: son `out_height` × `out_width`.",
                lambda h, w, k, c, f: h * f * k**2 * c,
            ),
        ],
    ),
    hints=[
        "¿Cuántos productos hacen falta para un solo valor de la salida?",
        "¿Cuántos valores tiene la salida, con todos sus mapas?",
    ],
    explanation="Cada valor necesita `k²·c` productos, y hay alto · ancho · filtros valores. Por eso el "
    "pooling temprano ahorra tiempo aunque no ahorre parámetros.",
)

# --- 06.11 -----------------------------------------------------------------------------------------


def calibration_error(confidence, correct, bins):
    """Distancia media entre lo segura que dice estar la red y lo que acierta."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        group = place == number
        if group.any():
            error += group.mean() * abs(confidence[group].mean() - correct[group].mean())
    return error


def _per_bin(confidence, correct, bins):
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    groups = [place == number for number in range(bins) if (place == number).any()]
    return [(confidence[group].mean() - correct[group].mean(), group.mean()) for group in groups]


CALIBRATION = Exercise(
    id="06.11",
    title="el error de calibración",
    level="hard",
    text="""
`confidence` es la mayor probabilidad de cada predicción, menor que 1, y `correct` dice si ha acertado (1)
o no (0). Reparte las predicciones en `bins` intervalos iguales de confianza, [0, 1/bins), [1/bins,
2/bins)… En cada intervalo que no esté vacío, mide la distancia entre la confianza media y la exactitud.
Devuelve la media de esas distancias, **pesada** por cuántas predicciones tiene cada intervalo.
""",
    judge=ByReference(
        calibration_error,
        cases=lambda: [
            (np.array([0.9, 0.9]), np.array([1, 0]), 2),
            (np.array([0.2, 0.3, 0.9, 0.8, 0.7]), np.array([0, 1, 1, 1, 0]), 2),
            (np.array([0.15, 0.45, 0.95, 0.96, 0.55, 0.97]), np.array([1, 0, 1, 0, 1, 1]), 5),
        ],
        mistakes=[
            Mistake(
                "sin-pesar",
                "Todos los intervalos cuentan lo mismo. Uno con una sola predicción no puede "
                "pesar como otro con "
                "mil.",
                lambda confidence, correct, bins: float(
                    np.mean([abs(gap) for gap, _ in _per_bin(confidence, correct, bins)])
                ),
            ),
            Mistake(
                "sin-valor-absoluto",
                "Las diferencias se compensan: un intervalo demasiado seguro y otro demasiado "
                "prudente no se anulan. "
                "Usa el valor absoluto.",
                lambda confidence, correct, bins: float(
                    sum(gap * weight for gap, weight in _per_bin(confidence, correct, bins))
                ),
            ),
            Mistake(
                "un-solo-grupo",
                "Comparas la confianza media de todas con la exactitud de todas, sin "
                "repartirlas en intervalos.",
                lambda confidence, correct, bins: float(abs(confidence.mean() - correct.mean())),
            ),
            Mistake(
                "cada-prediccion-por-su-lado",
                "Comparas la confianza de cada predicción con su acierto, que solo puede ser 0 "
                "o 1. Primero se "
                "promedia dentro de cada intervalo.",
                lambda confidence, correct, bins: float(np.abs(confidence - correct).mean()),
            ),
            Mistake(
                "el-peor-intervalo",
                "Devuelves la distancia del peor intervalo: se pide la media.",
                lambda confidence, correct, bins: float(
                    max(abs(gap) for gap, _ in _per_bin(confidence, correct, bins))
                ),
            ),
        ],
    ),
    hints=[
        "El intervalo de una predicción es la parte entera de `confidence * bins`.",
        "El peso de un intervalo es la proporción de predicciones que caen en él.",
    ],
    explanation="Una red calibrada acierta tanto como dice en cada intervalo, y la suma vale 0.",
)

# --- 06.12 -----------------------------------------------------------------------------------------


def one_cycle(step, steps, highest):
    """Tasa de aprendizaje de un ciclo que sube la cuarta parte de los pasos y baja el resto."""
    rise = steps / 4
    if step < rise:
        return highest * step / rise
    return highest * (steps - step) / (steps - rise)


ONE_CYCLE = Exercise(
    id="06.12",
    title="un ciclo de tasa de aprendizaje",
    level="medium",
    text="""
La tasa sube en línea recta desde 0 hasta `highest` durante la **cuarta parte** de los pasos, y después
baja en línea recta hasta 0 en el paso `steps`. Devuelve la tasa del paso `step`.
""",
    judge=ByReference(
        one_cycle,
        cases=[(0, 40, 0.8), (5, 40, 0.8), (10, 40, 0.8), (25, 40, 0.8), (40, 40, 0.8), (30, 100, 0.02)],
        mistakes=[
            Mistake(
                "solo-sube",
                "Pasada la cuarta parte, la tasa tiene que bajar: la tuya sigue en lo más alto.",
                lambda step, steps, highest: highest * min(1, step / (steps / 4)),
            ),
            Mistake(
                "empieza-arriba",
                "Empiezas con la tasa más alta. Primero sube: con los pesos al azar, los pasos "
                "grandes son malos.",
                lambda step, steps, highest: highest * (1 - step / steps),
            ),
            Mistake(
                "sube-hasta-la-mitad",
                "El máximo está a la mitad, y se pide a la cuarta parte.",
                lambda step, steps, highest: highest * (1 - abs(2 * step / steps - 1)),
            ),
            Mistake(
                "baja-como-sube",
                "Bajas tan deprisa como subes y la tasa acaba siendo negativa: la bajada dura "
                "tres cuartas partes.",
                lambda step, steps, highest: (
                    highest * step / (steps / 4) if step < steps / 4 else highest * (2 - step / (steps / 4))
                ),
            ),
            Mistake(
                "baja-desde-el-principio",
                "Al cambiar de tramo hay un salto: la bajada empieza en `highest`, no ya por debajo.",
                lambda step, steps, highest: (
                    highest * step / (steps / 4) if step < steps / 4 else highest * (1 - step / steps)
                ),
            ),
        ],
    ),
    hints=[
        "Hay dos tramos: antes y después de `steps / 4`.",
        "En la bajada quedan `steps - step` pasos de un total de `3 * steps / 4`.",
    ],
    explanation="Sube con `step / (steps / 4)` y baja con `(steps - step) / (3 * steps / 4)`; en el cambio "
    "las dos valen 1.",
)

# --- 06.13 -----------------------------------------------------------------------------------------


def _softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def averaged_class(scores, mirrored):
    """La clase que decide la media de las probabilidades de cada imagen y de su espejo."""
    total = 0
    for part in (scores, mirrored):
        powers = np.exp(part - part.max(axis=1, keepdims=True))
        total = total + powers / powers.sum(axis=1, keepdims=True)
    return total.argmax(axis=1)


def _averaging_cases():
    first = np.array([[2.0, 0.0, 1.9], [0.0, 1.0, -1.0], [9.0, 0.0, 0.0]])
    second = np.array([[0.0, 0.5, 1.9], [3.0, 1.0, 0.0], [-9.0, 5.0, 0.0]])
    extra = np.array([[6.0, 0.0, 0.0], [0.0, 0.1, 0.3]]), np.array([[0.0, 1.5, 2.0], [0.0, 0.4, 0.3]])
    sharp = np.array([[3.0, 2.4, -9.0]]), np.array([[-6.0, 2.0, 3.0]])
    return [(first, second), extra, sharp]


AVERAGE = Exercise(
    id="06.13",
    title="dos miradas a la misma imagen",
    level="medium",
    text="""
`scores` son las puntuaciones, sin softmax, de unas imágenes, con forma (N, clases); `mirrored`, las de las
mismas imágenes volteadas. Devuelve la clase de cada imagen según la media de las **probabilidades** de las
dos.
""",
    judge=ByReference(
        averaged_class,
        cases=_averaging_cases,
        mistakes=[
            Mistake(
                "solo-la-original",
                "La imagen volteada no influye en tu respuesta.",
                lambda scores, mirrored: scores.argmax(axis=1),
            ),
            Mistake(
                "solo-el-espejo",
                "Tu respuesta depende solo de la imagen volteada.",
                lambda scores, mirrored: mirrored.argmax(axis=1),
            ),
            Mistake(
                "suma-las-puntuaciones",
                "Promedias las puntuaciones. Una puntuación muy baja anula lo que diga la otra "
                "imagen; pasa cada una "
                "por softmax antes de promediar.",
                lambda scores, mirrored: (scores + mirrored).argmax(axis=1),
            ),
            Mistake(
                "promedia-las-clases",
                "Promedias los números de clase. Entre una camiseta (0) y un vestido (3) no hay "
                "una clase 1,5: "
                "promedia probabilidades.",
                lambda scores, mirrored: (scores.argmax(axis=1) + mirrored.argmax(axis=1)) // 2,
            ),
            Mistake(
                "softmax-por-columnas",
                "El softmax va por filas: cada imagen reparte su probabilidad entre las clases (`axis=1`).",
                lambda scores, mirrored: (_softmax(scores.T).T + _softmax(mirrored.T).T).argmax(axis=1),
            ),
        ],
    ),
    hints=[
        "Softmax: `np.exp(scores)` dividido entre su suma por filas.",
        "Suma las dos tablas de probabilidades y busca el mayor de cada fila.",
    ],
    explanation="Cada mirada reparte una probabilidad total de 1, así que las dos pesan lo mismo.",
)

EXERCISES = (
    DENSE_NETWORK,
    PREPARE,
    SPLIT,
    STANDARDIZE,
    CONFUSION,
    ACCURACY,
    NETWORK,
    SPREAD,
    EPOCH,
    PRODUCTS,
    CALIBRATION,
    ONE_CYCLE,
    AVERAGE,
)
