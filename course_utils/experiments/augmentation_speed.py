"""Lo que cuesta aumentar: imágenes por segundo de un núcleo, capa a capa, en el modelo y con tf.data.

Se cuentan segundos de procesador, los que gasta el programa entre todos sus hilos, y no los del reloj: así la
medida no depende de qué más esté haciendo la máquina.
"""

import time

import numpy as np

from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.experiments.behaviour import Probe
from course_utils.experiments.protocol import fitting_images
from course_utils.networks.models import two_block_cnn

SEEDS = (0, 1, 2)
IMAGES = 3200
BATCH_SIZE = 64

load_data = load_fashion_mnist
PROBE = Probe(96, 10, {"IMAGES": 80, "BATCH_SIZE": 20})


def augmentation() -> dict:
    """Las capas que se cronometran, por su nombre; para imágenes de 0 a 255."""
    from keras import layers

    return {
        "RandomFlip": layers.RandomFlip("horizontal"),
        "RandomTranslation": layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
        "RandomRotation": layers.RandomRotation(0.05, fill_mode="constant"),
        "RandomZoom": layers.RandomZoom(0.1, fill_mode="constant"),
        "RandomBrightness": layers.RandomBrightness(0.2),
        "RandomContrast": layers.RandomContrast((0.3, 0.3)),
    }


def pipeline(images, labels, layers, *, per_image: bool = False):
    """Un ``tf.data.Dataset`` que aplica las capas en orden, imagen a imagen o a cada lote."""
    import tensorflow as tf

    def augment(batch, batch_labels):
        batch = tf.cast(batch, tf.float32)
        for layer in layers:
            batch = layer(batch, training=True)
        return batch, batch_labels

    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    if per_image:
        return dataset.map(augment).batch(BATCH_SIZE)
    return dataset.batch(BATCH_SIZE).map(augment).prefetch(tf.data.AUTOTUNE)


def preparing_speed(dataset) -> float:
    """Imágenes por segundo de procesador al recorrerlo, sin contar la vuelta que prepara el grafo."""
    for _ in dataset:
        pass
    started = time.process_time()
    for _ in dataset:
        pass
    return IMAGES / (time.process_time() - started)


def training_speed(model, images, labels=None) -> float:
    """Imágenes por segundo de procesador al entrenar una época, sin contar la que prepara el grafo.

    Sin etiquetas, ``images`` es un ``tf.data.Dataset`` que ya las lleva.
    """
    from keras.losses import SparseCategoricalCrossentropy

    model.compile("adam", SparseCategoricalCrossentropy(from_logits=True))
    # un tf.data.Dataset ya lleva sus lotes en su orden
    options = {"verbose": 0} | ({"shuffle": False} if labels is None else {"batch_size": BATCH_SIZE})
    model.fit(images, labels, **options)
    started = time.process_time()
    model.fit(images, labels, **options)
    return IMAGES / (time.process_time() - started)


def run(seed: int, data) -> dict:
    """Imágenes por segundo de procesador, con las capas solas, las seis seguidas y en el entrenamiento.

    ``"layers"``, cada capa; ``"all"``, las seis de una en una y por lotes; ``"training"``, entrenar sin
    aumento, con él en el modelo y con él en ``tf.data``.
    """
    from keras import Sequential, layers, utils

    utils.set_random_seed(seed)
    images, labels = fitting_images(data, IMAGES)
    named = augmentation()
    every = list(named.values())
    in_model = Sequential([layers.Input((28, 28, 1)), *augmentation().values(), two_block_cnn()])
    return {
        "layers": {name: preparing_speed(pipeline(images, labels, [layer])) for name, layer in named.items()},
        "all": {
            "per_image": preparing_speed(pipeline(images, labels, every, per_image=True)),
            "per_batch": preparing_speed(pipeline(images, labels, every)),
        },
        "training": {
            "none": training_speed(two_block_cnn(), images, labels),
            "in_model": training_speed(in_model, images, labels),
            "in_pipeline": training_speed(two_block_cnn(), pipeline(images, labels, every)),
        },
    }


def observe(seed: int, data) -> dict:
    """Lo que hacen las capas que se cronometran: media y dispersión de lo que sale de cada una."""
    from keras import utils

    utils.set_random_seed(seed)
    images, labels = data.x_train[:IMAGES], data.y_train[:IMAGES]
    measured = {}
    for name, layer in augmentation().items():
        batches = [batch.numpy() for batch, _ in pipeline(images, labels, [layer])]
        measured[name] = [float(np.mean(batches)), float(np.std(batches))]
    return measured
