"""El mismo entrenamiento en un dispositivo y repartido entre varios, para comprobar que da lo mismo.

Se ejecuta en un proceso aparte, ``python -m course_utils.networks.replicas``, porque los dispositivos se
eligen antes de que TensorFlow empiece.
"""

import json

REPLICAS = 2
BATCH_SIZE = 64


def split_cpu(parts: int) -> None:
    """Divide el procesador en ``parts`` dispositivos, ``CPU:0``, ``CPU:1``…, como si fueran varias GPU.

    Raises
    ------
    RuntimeError
        Si TensorFlow ya ha empezado a usar sus dispositivos.

    Examples
    --------
    >>> import tensorflow as tf
    >>> total = tf.zeros(1)  # TensorFlow ya ha empezado
    >>> split_cpu(2)
    Traceback (most recent call last):
    ...
    RuntimeError: TensorFlow ya ha elegido sus dispositivos: reinicia el núcleo y llama a split_cpu lo primero
    """
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    try:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * parts)
    except RuntimeError:
        raise RuntimeError(
            "TensorFlow ya ha elegido sus dispositivos: reinicia el núcleo y llama a split_cpu lo primero"
        ) from None


def train(strategy, synchronized: bool) -> list[float]:
    """La pérdida de cada época de una red con normalización por lotes, entrenada dentro de una estrategia.

    Parameters
    ----------
    strategy : tf.distribute.Strategy
        Cómo se reparte; ``tf.distribute.get_strategy()`` no reparte nada.
    synchronized : bool
        Si la normalización por lotes usa la media de todo el lote, y no la de la parte de cada copia.

    Examples
    --------
    >>> import tensorflow as tf
    >>> first, last = train(tf.distribute.get_strategy(), synchronized=True)
    >>> last < first
    True
    """
    from keras import Sequential, layers

    from course_utils.datasets.drawn.garments import draw_garments
    from course_utils.networks.training import fit, fix_seeds

    fix_seeds(0)
    with strategy.scope():  # las variables se crean repetidas, una copia por dispositivo
        model = Sequential([layers.Input((28, 28, 1)), layers.Rescaling(1 / 255)])
        model.add(layers.Conv2D(8, kernel_size=3, strides=2))
        model.add(layers.BatchNormalization(synchronized=synchronized))
        model.add(layers.ReLU())
        model.add(layers.Flatten())
        model.add(layers.Dense(10))
        train_set, validation = draw_garments(640, seed=1), draw_garments(50, seed=2)
        return fit(model, train_set, validation, epochs=2, batch_size=BATCH_SIZE).history["loss"]


def main() -> None:
    """Escribe, en JSON, lo que da un dispositivo y lo que dan varios."""
    import tensorflow as tf

    split_cpu(REPLICAS)
    devices = [device.name for device in tf.config.list_logical_devices("CPU")]
    one, mirrored = tf.distribute.get_strategy(), tf.distribute.MirroredStrategy(devices)
    losses = {
        "one": train(one, synchronized=True),
        "mirrored": train(mirrored, synchronized=True),
        "not_synchronized": train(mirrored, synchronized=False),
    }
    print(json.dumps({"replicas": mirrored.num_replicas_in_sync, "losses": losses}))


if __name__ == "__main__":
    main()
