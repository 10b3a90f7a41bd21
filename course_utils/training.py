"""Entrenar y evaluar redes de Keras de forma que se pueda repetir."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from course_utils.checks import shown
from course_utils.robustness import DIRECTIONS, shift_images


@dataclass(frozen=True)
class TrainingResult:
    """Lo que se anota al entrenar una red.

    Parameters
    ----------
    parameters : int
        Número de parámetros de la red.
    seconds : float
        Duración del entrenamiento, validación incluida.
    history : dict of str to list of float
        Un número por época: ``loss`` y ``accuracy`` son la media durante la época con los datos de
        entrenamiento; ``val_loss`` y ``val_accuracy``, al terminarla con los de validación.
    """

    parameters: int
    seconds: float
    history: dict[str, list[float]]


def use_onednn() -> None:
    """Activa oneDNN, las rutinas rápidas de TensorFlow en procesadores x86, y calla su aviso.

    Viene activada salvo que la variable de entorno ``TF_ENABLE_ONEDNN_OPTS`` diga lo contrario. Suma en otro
    orden, así que los últimos decimales cambian.

    Returns
    -------
    None

    Raises
    ------
    RuntimeError
        Si TensorFlow ya está cargado: lo decide al empezar.

    Examples
    --------
    >>> import tensorflow
    >>> use_onednn()
    Traceback (most recent call last):
    ...
    RuntimeError: TensorFlow ya está cargado: reinicia el núcleo y llama a use_onednn lo primero

    References
    ----------
    https://www.tensorflow.org/guide/profiler
    """
    if "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow ya está cargado: reinicia el núcleo y llama a use_onednn lo primero")
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # el aviso lo escribe C++ en el descriptor 2, fuera del alcance de Python
    try:
        import tensorflow as tf

        tf.zeros(1)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def fix_seeds(seed: int) -> None:
    """Fija el azar de Python, NumPy y Keras y pide a TensorFlow operaciones deterministas.

    Repetir un entrenamiento en la misma máquina da entonces los mismos pesos, bit a bit. En otra máquina,
    o con otro número de hilos, las sumas se hacen en otro orden y puede cambiar la tercera cifra.

    Parameters
    ----------
    seed : int
        Semilla.

    Examples
    --------
    >>> fix_seeds(0)

    References
    ----------
    https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def fit(model, train, validation, *, epochs: int, batch_size: int = 64) -> TrainingResult:
    """Entrena una red clasificadora con Adam y entropía cruzada, sin escribir nada.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax. Se modifica: al volver está entrenada.
    train : tuple of (ndarray, ndarray)
        Imágenes y etiquetas.
    validation : tuple of (ndarray, ndarray) or None
        Otras, que solo se miden; con None la historia no las lleva.
    epochs : int
        Pasadas por los datos de entrenamiento.
    batch_size : int
        Imágenes por lote.

    Returns
    -------
    TrainingResult

    Examples
    --------
    >>> from course_utils.models import dense_beginner
    >>> from course_utils.stand_ins import draw_garments
    >>> fix_seeds(0)
    >>> result = fit(dense_beginner(), draw_garments(200, seed=1), draw_garments(50, seed=2), epochs=2)
    >>> result.parameters, len(result.history["val_accuracy"])
    (101770, 2)

    References
    ----------
    Kingma y Ba (2015). *Adam: A Method for Stochastic Optimization*. https://arxiv.org/abs/1412.6980
    """
    from keras.losses import SparseCategoricalCrossentropy

    model.compile("adam", SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    started = time.perf_counter()
    history = model.fit(
        *train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=validation,
        validation_batch_size=500,
        verbose=0,
    ).history
    seconds = time.perf_counter() - started
    return TrainingResult(model.count_params(), seconds, history)


def predict_classes(model, images) -> np.ndarray:
    """La clase con más puntuación de cada imagen.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase.
    images : ndarray, shape (N, H, W, C)
        Imágenes.

    Returns
    -------
    ndarray of int64, shape (N,)
        Clase predicha, desde 0.

    Examples
    --------
    >>> from course_utils.models import dense_beginner
    >>> predict_classes(dense_beginner(), np.zeros((3, 28, 28, 1))).shape
    (3,)

    References
    ----------
    https://keras.io/api/models/model_training_apis/
    """
    return model.predict(images, batch_size=500, verbose=0).argmax(axis=-1)


def flip_and_shift(images, rng, shift: int = 1) -> np.ndarray:
    """Voltea al azar la mitad de las imágenes y desplaza cada una unos píxeles; lo que entra es 0.

    Hace lo mismo que dos capas de Keras, ``RandomFlip("horizontal")`` y ``RandomTranslation``, pero solo con
    píxeles enteros, y por eso cuesta mucho menos en un procesador sin GPU.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Lote de imágenes.
    rng : numpy.random.Generator
        Fuente del azar.
    shift : int
        Mayor desplazamiento, en píxeles, hacia cada lado.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        Copia transformada, del mismo tipo.

    Examples
    --------
    >>> flip_and_shift(np.arange(3).reshape(1, 1, 3, 1), np.random.default_rng(1), shift=0)[0, 0, :, 0]
    array([0, 1, 2])

    References
    ----------
    Keras, capas de aumento de datos: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """
    count, height, width = images.shape[:3]
    flipped = rng.random(count) < 0.5
    images = np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
    padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift), (0, 0)))
    top, left = rng.integers(0, 2 * shift + 1, (2, count, 1))
    rows = (top + np.arange(height))[:, :, None]  # (N, H, 1)
    cols = (left + np.arange(width))[:, None, :]  # (N, 1, W)
    return padded[np.arange(count)[:, None, None], rows, cols]


@dataclass(frozen=True)
class Recipe:
    """Cómo se entrena una red con :func:`fit_recipe`; los valores por defecto son los de la red del curso.

    Parameters
    ----------
    epochs : int
        Pasadas por los datos.
    batch_size : int
        Imágenes por lote.
    learning_rate : float
        Tasa de aprendizaje; con ``one_cycle``, la mayor.
    one_cycle : bool
        Si la tasa sube desde 0 durante la cuarta parte de los pasos y después baja hasta 0. Si no, es fija.
    optimizer : {"muon", "adamw"}
        Cómo se convierte el gradiente en un paso: :func:`muon` o el AdamW de Keras.
    weight_decay : float
        Parte de cada peso que se descuenta en cada paso, por unidad de tasa.
    label_smoothing : float
        Parte de la etiqueta que se reparte entre todas las clases, de 0 a 1.
    augment : bool
        Si las imágenes pasan por :func:`flip_and_shift`.

    Examples
    --------
    >>> Recipe(epochs=3).one_cycle
    True
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 2e-2
    one_cycle: bool = True
    optimizer: str = "muon"
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    augment: bool = True


def one_cycle(step, steps: int, highest: float, warmup: float = 0.25):
    """Tasa de aprendizaje de un ciclo: sube en línea recta de 0 a ``highest`` y baja en línea recta hasta 0.

    Parameters
    ----------
    step : int or array_like of int
        Paso, desde 0.
    steps : int
        Pasos de todo el entrenamiento.
    highest : float
        La mayor tasa.
    warmup : float
        Parte de los pasos en que sube, entre 0 y 1.

    Returns
    -------
    tensor
        La tasa en cada paso.

    Examples
    --------
    >>> np.asarray(one_cycle(np.array([0, 5, 10, 25, 40]), steps=40, highest=8.0))
    array([0., 4., 8., 4., 0.], dtype=float32)

    References
    ----------
    Smith y Topin (2019). *Super-convergence: very fast training of neural networks using large learning
    rates*. https://arxiv.org/abs/1708.07120
    """
    from keras import ops

    done = ops.cast(step, "float32") / steps
    return highest * ops.minimum(done / warmup, (1 - done) / (1 - warmup))


def orthogonalize(matrix):
    """Acerca a 1 todos los valores singulares de una matriz, sin cambiar sus direcciones.

    Son cinco vueltas de un polinomio de quinto grado (Newton-Schulz): solo multiplica matrices, y es
    mucho más barato que una descomposición en valores singulares.

    Parameters
    ----------
    matrix : tensor, shape (M, N)
        Cualquier matriz que no sea cero.

    Returns
    -------
    tensor, shape (M, N)
        Con todos sus valores singulares entre 0,6 y 1,3, salvo los que eran casi cero.

    Examples
    --------
    >>> result = np.asarray(orthogonalize(np.diag([3.0, 1.0]).astype("float32")))
    >>> bool((np.diag(result) > 0.6).all() and (np.diag(result) < 1.3).all())
    True

    References
    ----------
    Jordan y otros (2024). *Muon: an optimizer for hidden layers in neural networks*.
    https://kellerjordan.github.io/posts/muon/
    """
    from keras import ops

    rows, cols = matrix.shape
    wide = ops.transpose(matrix) if rows > cols else matrix
    wide = wide / (ops.sqrt(ops.sum(wide * wide)) + 1e-7)
    for _ in range(5):
        square = wide @ ops.transpose(wide)
        wide = 3.4445 * wide + (-4.7750 * square + 2.0315 * square @ square) @ wide
    return ops.transpose(wide) if rows > cols else wide


def muon(learning_rate, weight_decay: float):
    """Optimizador Muon: el paso de cada convolución, ortogonalizado; el de los demás pesos, el de Adam.

    El gradiente medio de una convolución se pone como una matriz, una columna por filtro. Sus valores
    singulares son muy desiguales, y unas pocas direcciones se llevarían casi todo el paso: aquí avanzan todas
    lo mismo. Un paso tiene el tamaño de uno de Adam con la misma tasa.

    Parameters
    ----------
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule
        Tasa de aprendizaje.
    weight_decay : float
        Parte de cada peso que se descuenta en cada paso, por unidad de tasa.

    Returns
    -------
    keras.optimizers.Optimizer

    Examples
    --------
    >>> muon(1e-2, weight_decay=0.02).weight_decay
    0.02

    References
    ----------
    Jordan y otros (2024). *Muon: an optimizer for hidden layers in neural networks*.
    https://kellerjordan.github.io/posts/muon/
    Liu y otros (2025). *Muon is scalable for LLM training*: el tamaño del paso. https://arxiv.org/abs/2502.16982
    """
    from keras import ops, optimizers

    class Muon(optimizers.Optimizer):
        def build(self, variables):
            if not self.built:
                super().build(variables)
                self.means = [self.add_variable_from_reference(v, "mean") for v in variables]
                self.squares = [self.add_variable_from_reference(v, "square") for v in variables]

        def update_step(self, gradient, variable, rate):
            mean, square = (found[self._get_variable_index(variable)] for found in (self.means, self.squares))
            rate = ops.cast(rate, variable.dtype)
            if len(variable.shape) == 4 and variable.shape[2] > 1:  # una convolución, salvo la primera
                self.assign(mean, 0.95 * mean + 0.05 * gradient)
                columns = ops.reshape(0.95 * mean + 0.05 * gradient, (-1, variable.shape[-1]))
                step = 0.2 * max(columns.shape) ** 0.5 * orthogonalize(columns)
                self.assign_sub(variable, rate * ops.reshape(step, variable.shape))
            else:
                done = ops.cast(self.iterations + 1, variable.dtype)
                self.assign(mean, 0.9 * mean + 0.1 * gradient)
                self.assign(square, 0.99 * square + 0.01 * gradient * gradient)
                scale = ops.sqrt(square / (1 - 0.99**done)) + 1e-7
                self.assign_sub(variable, rate * mean / (1 - 0.9**done) / scale)

    return Muon(learning_rate, weight_decay=weight_decay)


def batches(images, labels, recipe: Recipe, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lotes barajados y, si la receta lo pide, aumentados, sin fin; el último de cada pasada no va a medias.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
        Imágenes.
    labels : ndarray, shape (N, …)
        Etiquetas.
    recipe : Recipe
        De ella se usan ``batch_size`` y ``augment``.
    seed : int
        Semilla del orden y del aumento.

    Yields
    ------
    tuple of (ndarray, ndarray)
        Imágenes, float32, y etiquetas de un lote.

    Raises
    ------
    ValueError
        Si no hay imágenes para un lote.

    Examples
    --------
    >>> recipe = Recipe(epochs=1, batch_size=2, augment=False)
    >>> images, labels = next(batches(np.zeros((5, 4, 4, 1)), np.arange(5), recipe, seed=0))
    >>> images.shape, labels.shape
    ((2, 4, 4, 1), (2,))

    References
    ----------
    Keras, ``Model.fit`` con un generador: https://keras.io/api/models/model_training_apis/
    """
    if len(images) < recipe.batch_size:
        raise ValueError(
            f"hay {len(images)} imágenes y los lotes son de {recipe.batch_size}: reduce batch_size"
        )
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(len(images))
        for start in range(0, len(images) - recipe.batch_size + 1, recipe.batch_size):
            chosen = order[start : start + recipe.batch_size]
            batch = flip_and_shift(images[chosen], rng) if recipe.augment else images[chosen]
            yield batch.astype(np.float32), labels[chosen]


def fit_recipe(model, train, recipe: Recipe, *, seed: int, **compile_options) -> TrainingResult:
    """Entrena una red clasificadora con una receta: optimizador, ciclo de tasa, aumento y etiquetas suaves.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax. Se modifica: al volver está entrenada.
    train : tuple of (ndarray, ndarray)
        Imágenes y etiquetas enteras.
    recipe : Recipe
        Cómo se entrena.
    seed : int
        Semilla del orden de los lotes y del aumento; la de los pesos iniciales es la de :func:`fix_seeds`.
    **compile_options
        Lo demás se pasa a ``Model.compile``: ``jit_compile``, ``steps_per_execution``.

    Returns
    -------
    TrainingResult

    Raises
    ------
    ValueError
        Si no existe ese optimizador o no hay imágenes para un lote.

    Examples
    --------
    >>> from course_utils.models import linear_classifier
    >>> from course_utils.stand_ins import draw_garments
    >>> fix_seeds(0)
    >>> result = fit_recipe(linear_classifier(), draw_garments(200, seed=1), Recipe(epochs=2), seed=0)
    >>> result.parameters, len(result.history["loss"])
    (7850, 2)

    References
    ----------
    Loshchilov y Hutter (2019). *Decoupled weight decay regularization*. https://arxiv.org/abs/1711.05101
    Szegedy y otros (2016). *Rethinking the Inception architecture*: las etiquetas suavizadas.
    https://arxiv.org/abs/1512.00567
    """
    from keras import losses, optimizers, utils

    makers = {"muon": muon, "adamw": optimizers.AdamW}
    if recipe.optimizer not in makers:
        raise ValueError(
            f"no hay ningún optimizador {shown(recipe.optimizer)}: elige uno de {', '.join(makers)}"
        )

    class OneCycle(optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return one_cycle(step, recipe.epochs * steps, recipe.learning_rate)

    images, labels = train
    steps = len(images) // recipe.batch_size
    classes = model.output_shape[-1]
    rate = OneCycle() if recipe.one_cycle else recipe.learning_rate
    optimizer = makers[recipe.optimizer](rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    loss = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing)
    model.compile(optimizer, loss, metrics=["accuracy"], **compile_options)
    started = time.perf_counter()
    history = model.fit(
        batches(images, utils.to_categorical(labels, classes), recipe, seed),
        steps_per_epoch=steps,
        shuffle=False,  # ya llegan barajadas
        epochs=recipe.epochs,
        verbose=0,
    ).history
    return TrainingResult(model.count_params(), time.perf_counter() - started, history)


def predict_probabilities(model, images, *, averaged: bool = False) -> np.ndarray:
    """Probabilidades de cada clase; con ``averaged``, la media de las de diez vistas de cada imagen.

    Las vistas son la imagen en su sitio y un píxel hacia cada lado, y las mismas volteadas: los cambios
    con que :func:`flip_and_shift` enseña a la red.

    Parameters
    ----------
    model : keras.Model
        Red que da una puntuación por clase, sin softmax.
    images : ndarray, shape (N, H, W, C)
        Imágenes.
    averaged : bool
        Si se promedian las vistas; cuesta diez veces más.

    Returns
    -------
    ndarray of float32, shape (N, classes)
        De 0 a 1; cada fila suma 1.

    Examples
    --------
    >>> from course_utils.models import linear_classifier
    >>> predict_probabilities(linear_classifier(), np.zeros((2, 28, 28, 1))).round(1)[0, :3]
    array([0.1, 0.1, 0.1], dtype=float32)

    References
    ----------
    Krizhevsky, Sutskever y Hinton (2012). *ImageNet classification with deep convolutional neural networks*:
    promediar la imagen, sus recortes y sus reflejos.
    """
    from keras import ops

    views = [images]
    if averaged:
        views += [shift_images(images, direction, 1) for direction in DIRECTIONS]
        views += [view[:, :, ::-1] for view in views]
    scores = [model.predict(view, batch_size=500, verbose=0) for view in views]
    return np.mean([ops.softmax(score) for score in scores], axis=0)
