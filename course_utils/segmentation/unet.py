"""Una U-Net pequeña y cómo se entrena: clases por píxel y, si se pide, centros y desplazamientos."""

import time
from collections.abc import Callable

import numpy as np

from course_utils.checks import VOID, check_array, check_integer, is_void_only
from course_utils.networks.training import (
    Recipe,
    TrainingResult,
    batches,
    recipe_optimizer,
    steps_per_epoch,
)
from course_utils.segmentation.grouping import PixelMaps, center_targets

FILTERS = (28, 44, 48)  # a la mitad, a la cuarta parte y a la octava parte del tamaño
FINE_FILTERS = 16  # a tamaño completo
REDUCTION = 8
OFFSET_SCALE = 8.0  # píxeles: la red da los desplazamientos divididos entre esto
CENTER_WEIGHT, OFFSET_WEIGHT = 10.0, 0.05  # de cada parte de la pérdida; la de las clases pesa 1


def unet(outputs, *, channels=3):
    """Una U-Net pequeña, sin entrenar.

    La primera convolución avanza de dos en dos y dos *poolings* dejan los mapas a la octava parte; las
    convoluciones transpuestas deshacen el camino, y en cada tamaño se suma lo que había al bajar. A tamaño
    completo, lo que se suma es una convolución de la imagen.

    De imágenes de 0 a 255, de forma (N, H, W, channels) y lados múltiplos de 8, a puntuaciones de forma
    (N, H, W, outputs).

    Parameters
    ----------
    outputs : int
        Mapas de salida: clases, y lo que se quiera de cada píxel además.
    channels : int
        Canales de las imágenes.

    Raises
    ------
    TypeError, ValueError
        Si ``outputs`` o ``channels`` no son enteros de 1 en adelante.

    Examples
    --------
    >>> unet(7).count_params()
    139135

    References
    ----------
    Ronneberger, Fischer y Brox, «U-Net: convolutional networks for biomedical image segmentation» (2015).
    https://arxiv.org/abs/1505.04597
    """
    from keras import Model, layers

    outputs = check_integer(outputs, "outputs")
    channels = check_integer(channels, "channels")
    half, quarter, eighth = FILTERS

    def normalized(x, filters, kernel_size=3, strides=1):
        x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9)(x)

    def convolve(x, filters, **options):
        return layers.ReLU()(normalized(x, filters, **options))

    def residual(x, filters):
        return layers.ReLU()(layers.Add()([x, normalized(x, filters)]))

    def enlarge(x, filters, kept):
        x = layers.Conv2DTranspose(filters, kernel_size=2, strides=2)(x)
        return layers.Add()([x, kept])

    inputs = layers.Input((None, None, channels))
    image = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    at_half = convolve(convolve(image, half, kernel_size=4, strides=2), half)
    at_quarter = convolve(convolve(layers.MaxPooling2D()(at_half), quarter), quarter)
    x = convolve(layers.MaxPooling2D()(at_quarter), eighth)
    x = residual(residual(x, eighth), eighth)
    x = convolve(enlarge(x, quarter, at_quarter), quarter)
    x = convolve(enlarge(x, half, at_half), half)
    detail = layers.Conv2D(FINE_FILTERS, kernel_size=3, padding="same")(image)
    x = layers.ReLU()(enlarge(x, FINE_FILTERS, detail))
    return Model(inputs, layers.Conv2D(outputs, kernel_size=1)(x))


def object_loss(classes):
    """Pérdida de una red que da clases, centros y desplazamientos, en ese orden.

    Entropía cruzada de las clases, más ``CENTER_WEIGHT`` por el error cuadrático medio de las manchas, más
    ``OFFSET_WEIGHT`` por la distancia media, en píxeles por eje, de los desplazamientos en los objetos. Los
    objetivos, de forma (N, H, W, 4), son los de :func:`object_targets`; las salidas, (N, H, W, classes + 3).

    Parameters
    ----------
    classes : int
        Número de clases.

    Examples
    --------
    >>> loss = object_loss(2)
    >>> round(float(loss(np.zeros((1, 4, 4, 4)), np.zeros((1, 4, 4, 5), np.float32))), 2)  # log 2 + 10 · 0,25
    3.19

    References
    ----------
    Cheng y otros, «Panoptic-DeepLab» (2020). https://arxiv.org/abs/1911.10194
    """
    from keras import losses, ops

    classes = check_integer(classes, "classes")

    def loss(targets, outputs):
        targets = ops.cast(targets, outputs.dtype)
        labels, center, offsets = ops.split(targets, (1, 2), axis=-1)
        scores, spots, ways = ops.split(outputs, (classes, classes + 1), axis=-1)
        entropy = losses.sparse_categorical_crossentropy(labels, scores, from_logits=True)
        inside = ops.cast(ops.any(offsets != 0, axis=-1), outputs.dtype)
        missed = ops.sum(ops.abs(OFFSET_SCALE * ways - offsets), axis=-1)
        return (
            ops.mean(entropy)
            + CENTER_WEIGHT * ops.mean((ops.sigmoid(spots) - center) ** 2)
            + OFFSET_WEIGHT * ops.sum(missed * inside) / (ops.sum(inside) + 1)
        )

    return loss


def object_targets(semantic, instances) -> np.ndarray:
    """Objetivos para :func:`object_loss`: clase de cada píxel, mancha, y filas y columnas hasta su centro.

    Son float32, de forma (N, H, W, 4).

    Parameters
    ----------
    semantic : ndarray of int, shape (N, H, W)
        Clases.
    instances : ndarray of int, shape (N, H, W)
        Objetos de cada imagen, de 1 en adelante sin saltos, y 0 en el fondo.

    Raises
    ------
    TypeError, ValueError
        Como ``center_targets``; y si las dos no miden lo mismo.

    Examples
    --------
    >>> object_targets(np.array([[[5, 5, 0]]]), np.array([[[1, 1, 0]]]))[0, 0, 0]
    array([5.       , 0.9692332, 0.       , 0.5      ], dtype=float32)
    """
    semantic = check_array(semantic, "semantic", {3: "(imagen, fila, columna)"})
    targets = center_targets(instances)
    if semantic.shape != targets.shape[:3]:
        raise ValueError(
            f"semantic mide {semantic.shape} e instances {targets.shape[:3]}: son etiquetas de las mismas "
            "imágenes y deben medir lo mismo"
        )
    return np.concatenate([semantic[..., np.newaxis].astype(np.float32), targets], axis=-1)


def flip_pairs(images, targets, rng) -> tuple[np.ndarray, np.ndarray]:
    """Voltea de izquierda a derecha la mitad de las imágenes, al azar, con todos sus mapas.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Imágenes; no se modifican.
    targets : ndarray, shape (N, H, W, K)
        Mapas que se mueven con ellas. Si son los cuatro de :func:`object_targets`, el desplazamiento en
        columnas, el último, cambia de signo.
    rng : numpy.random.Generator
        Fuente del azar.

    Examples
    --------
    >>> image = np.arange(2.0).reshape(1, 1, 2, 1)
    >>> flip_pairs(image, image, np.random.default_rng(1))[1].ravel()
    array([0., 1.])
    """
    flipped = (rng.random(len(images)) < 0.5)[:, None, None, None]
    mirrored = targets[:, :, ::-1]
    if targets.shape[-1] == 4:
        mirrored = mirrored * np.array([1, 1, 1, -1], targets.dtype)
    return np.where(flipped, images[:, :, ::-1], images), np.where(flipped, mirrored, targets)


def fit_pixels(
    model, images, targets, loss, recipe: Recipe, *, seed: int, augment: Callable | None = flip_pairs
) -> TrainingResult:
    """Entrena una red que dice algo de cada píxel, con el optimizador y la tasa de una receta.

    Parameters
    ----------
    model : keras.Model
        Red de imágenes a mapas. Se modifica: al volver está entrenada.
    images : ndarray, shape (N, H, W, C)
        Imágenes, de 0 a 255.
    targets : ndarray, shape (N, H, W, K)
        Lo que se quiere en cada píxel.
    loss : callable or keras.losses.Loss
        De objetivos y salidas de un lote a su pérdida.
    recipe : Recipe
        Cómo se entrena, sin etiquetas suaves ni mezcla; el aumento es el de ``augment``.
    seed : int
        Semilla del orden de los lotes y del aumento; la de los pesos iniciales es la de ``fix_seeds``.
    augment : callable, optional
        De imágenes y objetivos de un lote, y un generador, a otros. Con ``None`` no se cambia nada.

    Raises
    ------
    ValueError
        Si imágenes y objetivos no miden lo mismo, los lados no son múltiplos de 8, hay clases que la red no
        tiene o no hay imágenes para un lote.

    Examples
    --------
    >>> from keras import losses
    >>> from course_utils.networks.training import fix_seeds
    >>> fix_seeds(0)
    >>> images, masks = np.zeros((8, 16, 16, 3)), np.zeros((8, 16, 16, 1))
    >>> recipe = Recipe(epochs=2, batch_size=4)
    >>> loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    >>> len(fit_pixels(unet(2), images, masks, loss, recipe, seed=0).history["loss"])
    2
    """
    images = check_array(images, "images", {4: "(imagen, fila, columna, canal)"})
    targets = check_array(
        targets,
        "targets",
        {4: "(imagen, fila, columna, mapa)"},
        hint="si son clases, añade el último eje con masks[..., np.newaxis]",
    )
    if images.shape[:3] != targets.shape[:3]:
        raise ValueError(
            f"images mide {images.shape[:3]} y targets {targets.shape[:3]}: hace falta un mapa por imagen, "
            "de su mismo tamaño"
        )
    _check_sides(images)
    _check_targets(targets, model.output_shape[-1], loss)
    steps = steps_per_epoch(images, recipe)
    model.compile(recipe_optimizer(recipe, recipe.epochs * steps), loss)
    started = time.perf_counter()
    stream = batches(images, targets, recipe.batch_size, seed=seed, augment=augment)
    history = []
    for _ in range(recipe.epochs):
        # y no fit con un generador, que sin GPU añade un coste a cada lote
        history.append(float(np.mean([model.train_on_batch(*next(stream)) for _ in range(steps)])))
    return TrainingResult(model.count_params(), time.perf_counter() - started, {"loss": history})


def _check_targets(targets, maps: int, loss):
    labels = targets[..., 0]
    labels = labels[labels != getattr(loss, "ignore_class", None)]  # los que la pérdida de Keras no cuenta
    void = is_void_only(labels, max(maps, 2))
    if not void and (maps == 1 or labels.max(initial=0) < maps):
        return
    advice = "revisa las máscaras o crea la red con más salidas"
    if void and maps == 1:
        advice = (
            f"si {VOID} es el blanco de una imagen en blanco y negro, entrena con targets == {VOID}; si "
            "marca los píxeles que no cuentan (void), usa dos mapas y una pérdida con ignore_class"
        )
    elif void:
        advice = (
            f"el {VOID} suele marcar los píxeles que no cuentan (void); si es así, la pérdida los salta con "
            f"losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class={VOID})"
        )
    raise ValueError(
        f"hay píxeles de la clase {int(labels.max())} y con {maps} mapas las clases van de 0 a "
        f"{max(maps - 1, 1)}: {advice}"
    )


def predict_scores(model, images) -> np.ndarray:
    """Lo que da la red de cada píxel, sin softmax, en lotes: (N, H, W, K).

    Parameters
    ----------
    model : keras.Model
        Red de imágenes a mapas.
    images : ndarray, shape (N, H, W, C)
        Imágenes, de 0 a 255.

    Raises
    ------
    ValueError
        Si los lados no son múltiplos de 8.

    Examples
    --------
    >>> predict_scores(unet(2), np.zeros((3, 16, 16, 3))).shape
    (3, 16, 16, 2)
    """
    images = check_array(images, "images", {4: "(imagen, fila, columna, canal)"})
    _check_sides(images)
    return model.predict(images, batch_size=50, verbose=0)


def _check_sides(images):
    height, width = images.shape[1:3]
    if height % REDUCTION or width % REDUCTION:
        raise ValueError(
            f"las imágenes miden {height}×{width} y los lados deben ser múltiplos de {REDUCTION}, porque la "
            "red los divide tres veces entre dos: recorta la imagen o rellena sus bordes"
        )


def predict_maps(model, images) -> list[PixelMaps]:
    """Lo que da de cada imagen una red entrenada con :func:`object_loss`, en probabilidades y píxeles.

    Parameters
    ----------
    model : keras.Model
        Red de imágenes a clases, centros y desplazamientos, en ese orden.
    images : ndarray, shape (N, H, W, C)
        Imágenes, de 0 a 255.

    Examples
    --------
    >>> maps = predict_maps(unet(7 + 3), np.zeros((2, 16, 16, 3)))
    >>> len(maps), maps[0].probabilities.shape
    (2, (16, 16, 7))
    """
    from keras import ops

    outputs = predict_scores(model, images)
    probabilities = np.asarray(ops.softmax(outputs[..., :-3]))
    center = np.asarray(ops.sigmoid(outputs[..., -3]))
    return list(map(PixelMaps, probabilities, center, OFFSET_SCALE * outputs[..., -2:]))
