"""Las redes del curso, en Keras y sin entrenar.

Todas reciben imágenes de 0 a 255, las dividen entre 255 y dan una puntuación por clase, sin softmax.
"""

from math import prod

from course_utils.checks import check_integer, shown

GARMENT = (28, 28, 1)  # filas, columnas y canales


def _classifier(name, input_shape, *stack, classes=10, preprocessing=(), head=None):
    from keras import Sequential, layers

    start = [layers.Input(input_shape), *preprocessing, layers.Rescaling(1 / 255)]
    return Sequential([*start, *stack, layers.Dense(classes, name=head)], name=name)


def _one_hidden_layer(name, input_shape, classes=10, dropout=True):
    from keras import layers

    stack = [layers.Flatten(), layers.Dense(128, activation="relu")]
    stack += [layers.Dropout(0.2)] if dropout else []
    return _classifier(name, input_shape, *stack, classes=classes)


def _blocks(filters, padding="same"):
    """Por cada número de filtros, una convolución de 3×3 y un pooling que deja los mapas a la mitad."""
    from keras import layers

    for count in filters:
        yield layers.Conv2D(count, kernel_size=3, padding=padding, activation="relu")
        yield layers.MaxPooling2D(pool_size=2)


def _three_blocks(name, input_shape, flatten=None, classes=10, preprocessing=()):
    from keras import layers

    stack = *_blocks((16, 32, 64)), layers.Flatten(name=flatten), layers.Dropout(0.3)
    return _classifier(name, input_shape, *stack, classes=classes, preprocessing=preprocessing)


def _strongest_response(name, input_shape, convolutions, padding, classes):
    """Convoluciones de tantos filtros y tanto lado, con pooling entre ellas; queda el máximo de cada mapa."""
    from keras import layers

    stack = []
    for number, (filters, side) in enumerate(convolutions, start=1):
        own = f"conv{number}"
        stack.append(layers.Conv2D(filters, side, padding=padding, activation="relu", name=own))
        stack.append(layers.MaxPooling2D(name=f"pool{number}"))
    stack[-1] = layers.GlobalMaxPooling2D(name="strongest")
    return _classifier(name, input_shape, *stack, classes=classes, head="scores")


def linear_classifier():
    """Un clasificador lineal, de 28×28×1 a diez: cada puntuación es una suma ponderada de los 784 píxeles.

    Examples
    --------
    >>> linear_classifier().count_params()
    7850
    """
    from keras import layers

    return _classifier("lineal", GARMENT, layers.Flatten())


def dense_beginner():
    """La red densa con la que empieza el tutorial de TensorFlow, de 28×28×1 a diez puntuaciones.

    Aplana la imagen y pasa por una capa densa de 128 neuronas con ReLU y por un *dropout* de 0,2.

    Examples
    --------
    >>> dense_beginner().count_params()
    101770

    References
    ----------
    TensorFlow, *TensorFlow 2 quickstart for beginners*: https://www.tensorflow.org/tutorials/quickstart/beginner
    """
    return _one_hidden_layer("densa", GARMENT)


def colour_dense():
    """La red de :func:`dense_beginner` para imágenes en color, de 32×32×3.

    Examples
    --------
    >>> colour_dense().count_params()
    394634
    """
    return _one_hidden_layer("densa_color", (32, 32, 3))


def face_dense():
    """La red de :func:`dense_beginner`, sin *dropout*, para las caras: de 40×40×1 a dos puntuaciones.

    Examples
    --------
    >>> face_dense().count_params()
    205186
    """
    return _one_hidden_layer("caras_densa", (40, 40, 1), classes=2, dropout=False)


def small_cnn():
    """Una red convolucional pequeña, de 28×28×1 a diez: bloques de 16, 32 y 64 filtros y una capa densa.

    Examples
    --------
    >>> small_cnn().count_params()
    29066
    """
    return _three_blocks("convolucional", GARMENT)


def colour_cnn(channels=3, classes=10, preprocessing=()):
    """La red de :func:`small_cnn` para imágenes de 32×32.

    La salida de la capa ``features``, 1024 números por imagen, sirve para transferir lo aprendido.

    Parameters
    ----------
    channels : int
        3 si las imágenes son en color, 1 si son grises.
    classes : int
        Clases.
    preprocessing : sequence of keras.Layer
        Capas que van antes que las demás, por ejemplo las de aumento de datos.

    Examples
    --------
    >>> colour_cnn().count_params(), colour_cnn(channels=1).count_params()
    (33834, 33546)
    """
    return _three_blocks("convolucional_color", (32, 32, channels), "features", classes, preprocessing)


def block_cnn(blocks):
    """Bloques de convolución y *pooling*, y una capa densa, de 28×28×1 a diez: las redes del capítulo 2.

    Parameters
    ----------
    blocks : {1, 2, 3}
        Cuántos bloques; tienen 8, 16 y 32 filtros, y cada uno deja los mapas a la mitad.

    Raises
    ------
    TypeError, ValueError
        Si ``blocks`` no es 1, 2 o 3.

    Examples
    --------
    >>> [block_cnn(blocks).count_params() for blocks in (1, 2, 3)]
    [15770, 9098, 8778]
    """
    from keras import layers

    filters = (8, 16, 32)
    if check_integer(blocks, "blocks") > len(filters):
        raise ValueError(f"blocks debe ser 1, 2 o 3 y ha llegado {blocks}: elige uno de ellos")
    return _classifier(f"bloques_{blocks}", GARMENT, *_blocks(filters[:blocks]), layers.Flatten())


def two_block_cnn():
    """La red del capítulo 7, de 28×28×1 a diez: bloques de 16 y 32 filtros, sin relleno, y una capa densa.

    Examples
    --------
    >>> two_block_cnn().count_params()
    12810
    """
    from keras import layers

    return _classifier("dos_bloques", GARMENT, *_blocks((16, 32), padding="valid"), layers.Flatten())


def tutorial_cnn():
    """La red del tutorial de convoluciones de TensorFlow, adaptada a 28×28×1; da diez puntuaciones.

    Examples
    --------
    >>> tutorial_cnn().count_params()
    93322

    References
    ----------
    TensorFlow, *Convolutional Neural Network (CNN)*: https://www.tensorflow.org/tutorials/images/cnn
    """
    from keras import layers

    return _classifier(
        "tutorial",
        GARMENT,
        *_blocks((32, 64), padding="valid"),
        layers.Conv2D(64, kernel_size=3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
    )


def lenet(activation):
    """LeNet como la cuenta *Dive into Deep Learning*, de 28×28×1 a diez: dos convoluciones y tres densas.

    Parameters
    ----------
    activation : {"sigmoid", "relu"}
        La activación de todas las capas menos la última.

    Examples
    --------
    >>> lenet("sigmoid").count_params()
    61706

    References
    ----------
    Zhang, Lipton, Li y Smola (2023). *Dive into Deep Learning*, sección 7.6. https://d2l.ai
    """
    from keras import layers

    return _classifier(
        f"lenet_{activation}",
        GARMENT,
        layers.Conv2D(6, kernel_size=5, padding="same", activation=activation),
        layers.AveragePooling2D(pool_size=2),
        layers.Conv2D(16, kernel_size=5, activation=activation),
        layers.AveragePooling2D(pool_size=2),
        layers.Flatten(),
        layers.Dense(120, activation=activation),
        layers.Dense(84, activation=activation),
    )


def first_cnn():
    """La primera red convolucional del curso, de 28×28×1 a diez: pocos filtros, para mirarlos todos.

    Tres convoluciones, ``conv1``, ``conv2`` y ``conv3``, con *pooling* entre ellas, y un *pooling* global que
    se queda con la mayor respuesta de cada filtro.

    Examples
    --------
    >>> first_cnn().count_params()
    6346
    """
    return _strongest_response("primera", GARMENT, ((8, 5), (16, 3), (32, 3)), "same", 10)


def face_cnn():
    """Una red que separa las caras de las descolocadas; cada capa ve una ventana mucho mayor.

    De 40×40×1 a dos puntuaciones. Las ventanas de ``conv1``, ``conv2`` y ``conv3`` miden 5, 14 y 32 píxeles:
    un trazo, una pieza y la cara entera.

    Examples
    --------
    >>> face_cnn().count_params()
    13098
    """
    return _strongest_response("caras", (40, 40, 1), ((8, 5), (16, 5), (24, 5)), "valid", 2)


def readout_cnn(readout, input_shape=GARMENT, classes=10):
    """Dos convoluciones de stride 1 y una de dos maneras de leer sus mapas.

    Parameters
    ----------
    readout : {"flatten", "global_max"}
        Aplanar los mapas, que conserva dónde está cada cosa, o quedarse con el máximo de cada uno.
    input_shape : tuple of int
        Filas, columnas y canales.
    classes : int
        Clases.

    Raises
    ------
    ValueError
        Si esa lectura no existe.

    Examples
    --------
    >>> readout_cnn("flatten").count_params(), readout_cnn("global_max").count_params()
    (126826, 1546)
    """
    from keras import layers

    readouts = {"flatten": layers.Flatten, "global_max": layers.GlobalMaxPooling2D}
    if readout not in readouts:
        raise ValueError(f"no hay ninguna lectura {shown(readout)}: elige una de {', '.join(readouts)}")
    return _classifier(
        f"lectura_{readout}",
        input_shape,
        layers.Conv2D(8, kernel_size=5, padding="same", activation="relu"),
        layers.Conv2D(16, kernel_size=3, padding="same", activation="relu"),
        readouts[readout](),
        classes=classes,
    )


def pooling_cnn(pooling, pool_size):
    """Una convolución, una manera de condensar sus mapas y una capa densa, de 28×28×1 a diez puntuaciones.

    Parameters
    ----------
    pooling : {"max", "average", "stride"}
        Pooling del máximo, del promedio, o ninguno y que la convolución avance ``pool_size`` píxeles.
    pool_size : int
        Lado de la ventana y su paso; con 1 no se condensa nada y con 28 el pooling es global.

    Raises
    ------
    TypeError, ValueError
        Si ese pooling no existe, o ``pool_size`` no es un entero de 1 en adelante.

    Examples
    --------
    >>> [pooling_cnn("max", size).count_params() for size in (1, 2, 28)]
    [125610, 31530, 330]

    References
    ----------
    Springenberg, Dosovitskiy, Brox y Riedmiller (2015). *Striving for simplicity: the all convolutional net*.
    https://arxiv.org/abs/1412.6806
    """
    from keras import layers

    condensing = {"max": [layers.MaxPooling2D], "average": [layers.AveragePooling2D], "stride": []}
    if pooling not in condensing:
        raise ValueError(f"no hay ningún pooling {shown(pooling)}: elige uno de {', '.join(condensing)}")
    pool_size = check_integer(pool_size, "pool_size")
    strides = pool_size if pooling == "stride" else 1
    return _classifier(
        f"{pooling}_{pool_size}",
        GARMENT,
        layers.Conv2D(16, kernel_size=3, strides=strides, padding="same", activation="relu"),
        *(layer(pool_size) for layer in condensing[pooling]),
        layers.Flatten(),
    )


def presence_net(filters, mixtures=0):
    """Una red que solo sabe si cada filtro encuentra su patrón, y con cuánta fuerza; de 28×28×1 a diez.

    Cada filtro de 5×5 recorre la imagen y de su mapa solo queda el máximo. Si se piden mezclas, antes una
    convolución de 1×1 combina los mapas y el máximo es el de cada combinación.

    Parameters
    ----------
    filters : int
        Filtros de 5×5, 1 o más.
    mixtures : int
        Filtros de 1×1; con 0 no hay convolución de 1×1.

    Examples
    --------
    >>> [presence_net(1).count_params(), presence_net(16).count_params(), presence_net(4, 32).count_params()]
    [46, 586, 594]

    References
    ----------
    Lin, Chen y Yan (2014). *Network in network*. https://arxiv.org/abs/1312.4400
    """
    from keras import layers

    # las mezclas se crean antes: el orden decide los pesos iniciales, y con ellos lo que ya se ha medido
    mixing = [layers.Conv2D(mixtures, kernel_size=1, activation="relu")] if mixtures else []
    finding = layers.Conv2D(filters, kernel_size=5, activation="relu")
    return _classifier(f"presencia_{filters}", GARMENT, finding, *mixing, layers.GlobalMaxPooling2D())


def one_map_net(connection, filters=4):
    """Una capa que da mapas de 26×26, conectada de tres maneras, y la misma capa final; de 28×28×1 a diez.

    Parameters
    ----------
    connection : {"dense", "local", "conv"}
        Cada neurona de un mapa mira toda la imagen, o una ventana de 3×3 con pesos propios, o una ventana de
        3×3 con los pesos de su filtro.
    filters : int
        Cuántos mapas. Con 4, la capa final tiene 27 050 parámetros; el resto son de la que da los mapas.

    Raises
    ------
    ValueError
        Si la conexión no es ninguna de las tres.

    Examples
    --------
    >>> [one_map_net(connection).count_params() - 27050 for connection in ("dense", "local", "conv")]
    [2122640, 27040, 40]

    References
    ----------
    LeCun, «Generalization and network design strategies» (1989): redes con pesos compartidos y sin ellos.
    """
    from keras import Input, Model, layers, ops

    inputs = Input(GARMENT)
    image = layers.Rescaling(1 / 255)(inputs)
    shape = (26, 26, filters)
    if connection == "dense":
        maps = layers.Reshape(shape)(layers.Dense(prod(shape))(layers.Flatten()(image)))
    elif connection == "local":
        patches = ops.image.extract_patches(image, size=3, strides=1, padding="valid")  # (N, 26, 26, 9)
        maps = layers.EinsumDense("nrcp,rcpf->nrcf", output_shape=shape, bias_axes="rcf")(patches)
    elif connection == "conv":
        maps = layers.Conv2D(filters, kernel_size=3)(image)
    else:
        raise ValueError(
            f"connection debe ser «dense», «local» o «conv» y ha llegado {connection!r}: elige una"
        )
    scores = layers.Dense(10)(layers.Flatten()(layers.ReLU()(maps)))
    return Model(inputs, scores, name=f"un_mapa_{connection}")


def compact_cnn(filters=(16, 48, 72), *, batch_norm: bool = True):
    """La red convolucional del curso, de 28×28×1 a diez: cuatro convoluciones, normalización y un atajo.

    Cada bloque reduce antes de normalizar, así la normalización trabaja con la cuarta parte de los valores.
    La última convolución se suma a su entrada: aprende qué corregir.

    Parameters
    ----------
    filters : tuple of int
        Filtros a 28×28, a 14×14 y a 7×7.
    batch_norm : bool
        Si las convoluciones van seguidas de normalización por lotes; si no, llevan sesgo.

    Examples
    --------
    >>> compact_cnn().count_params()
    92138

    References
    ----------
    He y otros (2016). *Deep residual learning for image recognition*. https://arxiv.org/abs/1512.03385
    Ioffe y Szegedy (2015). *Batch normalization*. https://arxiv.org/abs/1502.03167
    """
    from keras import Input, Model, layers

    def block(maps, count, pool=True):
        maps = layers.Conv2D(count, kernel_size=3, padding="same", use_bias=not batch_norm)(maps)
        if pool:
            maps = layers.MaxPooling2D(pool_size=2)(maps)
        if batch_norm:
            maps = layers.BatchNormalization(momentum=0.9)(maps)
        return layers.ReLU()(maps)

    inputs = Input(GARMENT)
    maps = layers.Rescaling(1 / 255)(inputs)
    for count in filters[:-1]:
        maps = block(maps, count)
    maps = block(maps, filters[-1], pool=False)
    maps = layers.Add()([maps, block(maps, filters[-1], pool=False)])
    maps = layers.MaxPooling2D(pool_size=3, strides=2)(maps)
    scores = layers.Dense(10)(layers.Flatten()(maps))
    return Model(inputs, scores, name="compacta")


def multiply_adds(model) -> int:
    """Multiplicaciones de una red con una imagen: las de sus convoluciones y sus capas densas.

    En una convolución, valores de salida por pesos de un filtro; en una densa, uno por peso. Cada producto se
    suma, así que también son las sumas. Lo demás (sesgos, normalización, pooling) es mucho menos y no cuenta.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.

    Raises
    ------
    ValueError
        Si alguna capa con pesos no es una convolución ni una densa.

    Examples
    --------
    >>> multiply_adds(dense_beginner())
    101632
    """
    from keras.layers import BatchNormalization, Conv2D, Dense

    total = 0
    for layer in model.layers:
        if isinstance(layer, Conv2D | Dense):
            positions = prod(layer.output.shape[1:-1])  # 1 en una densa
            total += positions * prod(layer.kernel.shape)
        elif layer.count_params() and not isinstance(layer, BatchNormalization):
            raise ValueError(
                f"no se sabe cuánto multiplica la capa «{layer.name}» ({type(layer).__name__}): "
                "usa convoluciones Conv2D y capas Dense"
            )
    return total
