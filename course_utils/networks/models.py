"""Las redes del curso, en Keras."""

from math import prod

from course_utils.checks import check_integer, shown


def dense_beginner():
    """La red densa con la que empieza el tutorial de TensorFlow, sin entrenar.

    Aplana la imagen, pasa por una capa densa de 128 neuronas con ReLU y por un *dropout* de 0,2, y da diez
    puntuaciones sin softmax.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones. Tiene 101 770 parámetros.

    Examples
    --------
    >>> dense_beginner().count_params()
    101770

    References
    ----------
    TensorFlow, *TensorFlow 2 quickstart for beginners*: https://www.tensorflow.org/tutorials/quickstart/beginner
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10),
        ],
        name="densa",
    )


def small_cnn():
    """Una red convolucional pequeña, sin entrenar: tres bloques de convolución y *pooling* y una capa densa.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 29 066 parámetros.

    Examples
    --------
    >>> small_cnn().count_params()
    29066

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(32, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(64, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10),
        ],
        name="convolucional",
    )


def block_cnn(blocks):
    """Bloques de convolución y *pooling*, y una capa densa, sin entrenar: las redes del capítulo 2.

    Parameters
    ----------
    blocks : {1, 2, 3}
        Cuántos bloques; tienen 8, 16 y 32 filtros, y cada uno deja los mapas a la mitad.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax.

    Raises
    ------
    TypeError
        Si ``blocks`` no es entero.
    ValueError
        Si no es 1, 2 o 3.

    Examples
    --------
    >>> [block_cnn(blocks).count_params() for blocks in (1, 2, 3)]
    [15770, 9098, 8778]

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    filters = (8, 16, 32)
    if check_integer(blocks, "blocks") > len(filters):
        raise ValueError(f"blocks debe ser 1, 2 o 3 y ha llegado {blocks}: elige uno de ellos")
    model = Sequential([layers.Input((28, 28, 1)), layers.Rescaling(1 / 255)], name=f"bloques_{blocks}")
    for number in filters[:blocks]:
        model.add(layers.Conv2D(number, kernel_size=3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D(pool_size=2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10))
    return model


def two_block_cnn():
    """Dos bloques de convolución y *pooling*, y una capa densa, sin entrenar: la red del capítulo 7.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 12 810 parámetros.

    Examples
    --------
    >>> two_block_cnn().count_params()
    12810

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, kernel_size=3, activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(32, kernel_size=3, activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Flatten(),
            layers.Dense(10),
        ],
        name="dos_bloques",
    )


def readout_cnn(readout, input_shape=(28, 28, 1), classes=10):
    """Dos convoluciones de stride 1 y una de tres maneras de leer sus mapas, sin entrenar.

    Parameters
    ----------
    readout : {"flatten", "global_max", "global_average"}
        Aplanar los mapas, que conserva dónde está cada cosa, o quedarse con el máximo o el promedio de cada
        uno.
    input_shape : tuple of int
        Filas, columnas y canales.
    classes : int
        Clases.

    Returns
    -------
    keras.Sequential
        De imágenes de 0 a 255 a una puntuación por clase, sin softmax.

    Raises
    ------
    ValueError
        Si esa lectura no existe.

    Examples
    --------
    >>> readout_cnn("flatten").count_params(), readout_cnn("global_max").count_params()
    (126826, 1546)

    References
    ----------
    Lin, Chen y Yan (2014). *Network in network*. https://arxiv.org/abs/1312.4400
    """
    from keras import Sequential, layers

    readouts = {
        "flatten": layers.Flatten,
        "global_max": layers.GlobalMaxPooling2D,
        "global_average": layers.GlobalAveragePooling2D,
    }
    if readout not in readouts:
        raise ValueError(f"no hay ninguna lectura {shown(readout)}: elige una de {', '.join(readouts)}")
    return Sequential(
        [
            layers.Input(input_shape),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, kernel_size=5, padding="same", activation="relu"),
            layers.Conv2D(16, kernel_size=3, padding="same", activation="relu"),
            readouts[readout](),
            layers.Dense(classes),
        ],
        name=f"lectura_{readout}",
    )


def pooling_cnn(pooling, pool_size):
    """Una convolución, una manera de condensar sus mapas y una capa densa, sin entrenar.

    Parameters
    ----------
    pooling : {"max", "average", "stride"}
        Pooling del máximo, del promedio, o ninguno y que la convolución avance ``pool_size`` píxeles.
    pool_size : int
        Lado de la ventana y su paso; con 1 no se condensa nada y con 28 el pooling es global.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax.

    Raises
    ------
    TypeError
        Si ``pool_size`` no es entero.
    ValueError
        Si ese pooling no existe, o ``pool_size`` es menor que 1.

    Examples
    --------
    >>> [pooling_cnn("max", size).count_params() for size in (1, 2, 28)]
    [125610, 31530, 330]

    References
    ----------
    Springenberg, Dosovitskiy, Brox y Riedmiller (2015). *Striving for simplicity: the all convolutional net*.
    https://arxiv.org/abs/1412.6806
    """
    from keras import Sequential, layers

    condensing = {"max": [layers.MaxPooling2D], "average": [layers.AveragePooling2D], "stride": []}
    if pooling not in condensing:
        raise ValueError(f"no hay ningún pooling {shown(pooling)}: elige uno de {', '.join(condensing)}")
    pool_size = check_integer(pool_size, "pool_size")
    pools = [layer(pool_size) for layer in condensing[pooling]]
    strides = 1 if pools else pool_size
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, kernel_size=3, strides=strides, padding="same", activation="relu"),
            *pools,
            layers.Flatten(),
            layers.Dense(10),
        ],
        name=f"{pooling}_{pool_size}",
    )


def first_cnn():
    """La primera red convolucional del curso, sin entrenar: pocos filtros, para poder mirarlos todos.

    Tres convoluciones de 8, 16 y 32 filtros, con *pooling* entre ellas, y un *pooling* global que se queda
    con la mayor respuesta de cada filtro. Las convoluciones se llaman ``conv1``, ``conv2`` y ``conv3``.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 6346 parámetros.

    Examples
    --------
    >>> first_cnn().count_params()
    6346

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, kernel_size=5, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling2D(name="pool1"),
            layers.Conv2D(16, kernel_size=3, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling2D(name="pool2"),
            layers.Conv2D(32, kernel_size=3, padding="same", activation="relu", name="conv3"),
            layers.GlobalMaxPooling2D(name="strongest"),
            layers.Dense(10, name="scores"),
        ],
        name="primera",
    )


def face_cnn():
    """Una red que separa las caras de las descolocadas, sin entrenar; cada capa ve una ventana mucho mayor.

    Las ventanas de ``conv1``, ``conv2`` y ``conv3`` miden 5, 14 y 32 píxeles: un trazo, una pieza y la cara
    entera.

    Returns
    -------
    keras.Sequential
        De imágenes de 40×40×1, de 0 a 255, a dos puntuaciones sin softmax. Tiene 13 098 parámetros.

    Examples
    --------
    >>> face_cnn().count_params()
    13098

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((40, 40, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, kernel_size=5, activation="relu", name="conv1"),
            layers.MaxPooling2D(name="pool1"),
            layers.Conv2D(16, kernel_size=5, activation="relu", name="conv2"),
            layers.MaxPooling2D(name="pool2"),
            layers.Conv2D(24, kernel_size=5, activation="relu", name="conv3"),
            layers.GlobalMaxPooling2D(name="strongest"),
            layers.Dense(2, name="scores"),
        ],
        name="caras",
    )


def face_dense():
    """Una red densa para las mismas caras, sin entrenar: todos los píxeles de una vez.

    Returns
    -------
    keras.Sequential
        De imágenes de 40×40×1, de 0 a 255, a dos puntuaciones sin softmax. Tiene 205 186 parámetros.

    Examples
    --------
    >>> face_dense().count_params()
    205186

    References
    ----------
    La misma forma que :func:`dense_beginner`, sin *dropout*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((40, 40, 1)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(2),
        ],
        name="caras_densa",
    )


def one_map_net(connection):
    """Una capa que da un mapa de 26×26×4, conectada de tres maneras, y la misma capa final, sin entrenar.

    Parameters
    ----------
    connection : {"dense", "local", "conv"}
        Cada neurona del mapa mira toda la imagen, o una ventana de 3×3 con pesos propios, o una ventana de
        3×3 con los pesos de su filtro.

    Returns
    -------
    keras.Model
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. La capa final tiene 27 050
        parámetros; el resto son de la que da el mapa.

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

    inputs = Input((28, 28, 1))
    image = layers.Rescaling(1 / 255)(inputs)
    if connection == "dense":
        maps = layers.Reshape((26, 26, 4))(layers.Dense(26 * 26 * 4)(layers.Flatten()(image)))
    elif connection == "local":
        patches = ops.image.extract_patches(image, size=3, strides=1, padding="valid")  # (N, 26, 26, 9)
        own_weights = layers.EinsumDense("nrcp,rcpf->nrcf", output_shape=(26, 26, 4), bias_axes="rcf")
        maps = own_weights(patches)
    elif connection == "conv":
        maps = layers.Conv2D(4, kernel_size=3)(image)
    else:
        raise ValueError(
            f"connection debe ser «dense», «local» o «conv» y ha llegado {connection!r}: elige una"
        )
    scores = layers.Dense(10)(layers.Flatten()(layers.ReLU()(maps)))
    return Model(inputs, scores, name=f"un_mapa_{connection}")


def presence_net(filters, mixtures=0):
    """Una red que solo sabe si cada filtro encuentra su patrón, y con cuánta fuerza; sin entrenar.

    Cada filtro de 5×5 recorre la imagen y de su mapa solo queda el máximo. Si se piden mezclas, antes una
    convolución de 1×1 combina los mapas y el máximo es el de cada combinación.

    Parameters
    ----------
    filters : int
        Filtros de 5×5, 1 o más.
    mixtures : int
        Filtros de 1×1; con 0 no hay convolución de 1×1.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax.

    Examples
    --------
    >>> [presence_net(1).count_params(), presence_net(16).count_params(), presence_net(4, 32).count_params()]
    [46, 586, 594]

    References
    ----------
    Lin, Chen y Yan (2014). *Network in network*. https://arxiv.org/abs/1312.4400
    """
    from keras import Sequential, layers

    mixing = [layers.Conv2D(mixtures, kernel_size=1, activation="relu")] if mixtures else []
    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(filters, kernel_size=5, activation="relu"),
            *mixing,
            layers.GlobalMaxPooling2D(),
            layers.Dense(10),
        ],
        name=f"presencia_{filters}",
    )


def colour_dense():
    """La red de :func:`dense_beginner` para imágenes en color de 32×32, sin entrenar.

    Returns
    -------
    keras.Sequential
        De imágenes de 32×32×3, de 0 a 255, a diez puntuaciones sin softmax. Tiene 394 634 parámetros.

    Examples
    --------
    >>> colour_dense().count_params()
    394634

    References
    ----------
    TensorFlow, *TensorFlow 2 quickstart for beginners*: https://www.tensorflow.org/tutorials/quickstart/beginner
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10),
        ],
        name="densa_color",
    )


def colour_cnn(channels=3, classes=10, preprocessing=()):
    """La red de :func:`small_cnn` para imágenes de 32×32, sin entrenar.

    La salida de la capa ``features``, 1024 números por imagen, sirve para transferir lo aprendido.

    Parameters
    ----------
    channels : int
        3 si las imágenes son en color, 1 si son grises.
    classes : int
        Clases.
    preprocessing : sequence of keras.Layer
        Capas que van antes que las demás, por ejemplo las de aumento de datos.

    Returns
    -------
    keras.Sequential
        De imágenes de 32×32, de 0 a 255, a una puntuación por clase, sin softmax.

    Examples
    --------
    >>> colour_cnn().count_params(), colour_cnn(channels=1).count_params()
    (33834, 33546)

    References
    ----------
    LeCun, Bottou, Bengio y Haffner (1998). *Gradient-based learning applied to document recognition*.
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((32, 32, channels)),
            *preprocessing,
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(32, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(64, kernel_size=3, padding="same", activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Flatten(name="features"),
            layers.Dropout(0.3),
            layers.Dense(classes),
        ],
        name="convolucional_color",
    )


def linear_classifier():
    """Un clasificador lineal, sin entrenar: cada puntuación es una suma ponderada de los 784 píxeles.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 7850 parámetros.

    Examples
    --------
    >>> linear_classifier().count_params()
    7850

    References
    ----------
    Cox (1958). «The regression analysis of binary sequences»: la regresión logística.
    """
    from keras import Sequential, layers

    return Sequential(
        [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(10)],
        name="lineal",
    )


def lenet(activation):
    """LeNet como la cuenta *Dive into Deep Learning*, sin entrenar: dos convoluciones y tres capas densas.

    Parameters
    ----------
    activation : {"sigmoid", "relu"}
        La activación de todas las capas menos la última.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 61 706 parámetros.

    Examples
    --------
    >>> lenet("sigmoid").count_params()
    61706

    References
    ----------
    Zhang, Lipton, Li y Smola (2023). *Dive into Deep Learning*, sección 7.6. https://d2l.ai
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, kernel_size=5, padding="same", activation=activation),
            layers.AveragePooling2D(pool_size=2),
            layers.Conv2D(16, kernel_size=5, activation=activation),
            layers.AveragePooling2D(pool_size=2),
            layers.Flatten(),
            layers.Dense(120, activation=activation),
            layers.Dense(84, activation=activation),
            layers.Dense(10),
        ],
        name=f"lenet_{activation}",
    )


def tutorial_cnn():
    """La red del tutorial de convoluciones de TensorFlow, adaptada a 28×28 en gris y sin entrenar.

    Returns
    -------
    keras.Sequential
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 93 322 parámetros.

    Examples
    --------
    >>> tutorial_cnn().count_params()
    93322

    References
    ----------
    TensorFlow, *Convolutional Neural Network (CNN)*: https://www.tensorflow.org/tutorials/images/cnn
    """
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, kernel_size=3, activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(64, kernel_size=3, activation="relu"),
            layers.MaxPooling2D(pool_size=2),
            layers.Conv2D(64, kernel_size=3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ],
        name="tutorial",
    )


def multiply_adds(model) -> int:
    """Multiplicaciones de una red con una imagen: las de sus convoluciones y sus capas densas.

    En una convolución, valores de salida por pesos de un filtro; en una densa, uno por peso. Cada producto se
    suma, así que también son las sumas. Lo demás (sesgos, normalización, pooling) es mucho menos y no cuenta.

    Parameters
    ----------
    model : keras.Model
        Red ya construida.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        Si alguna capa con pesos no es una convolución ni una densa.

    Examples
    --------
    >>> multiply_adds(dense_beginner())
    101632

    References
    ----------
    Goodfellow, Bengio y Courville (2016). *Deep Learning*, capítulo 9.
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


def compact_cnn(filters=(16, 48, 72), *, batch_norm: bool = True):
    """La red convolucional del curso, sin entrenar: cuatro convoluciones, normalización y un atajo.

    Cada bloque reduce antes de normalizar, así la normalización trabaja con la cuarta parte de los valores.
    La última convolución se suma a su entrada: aprende qué corregir.

    Parameters
    ----------
    filters : tuple of int
        Filtros a 28×28, a 14×14 y a 7×7.
    batch_norm : bool
        Si las convoluciones van seguidas de normalización por lotes; si no, llevan sesgo.

    Returns
    -------
    keras.Model
        De imágenes de 28×28×1, de 0 a 255, a diez puntuaciones sin softmax. Tiene 92 138 parámetros.

    Examples
    --------
    >>> compact_cnn().count_params()
    92138

    References
    ----------
    He, Zhang, Ren y Sun (2016). *Deep residual learning for image recognition*: los atajos.
    https://arxiv.org/abs/1512.03385
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

    inputs = Input((28, 28, 1))
    maps = layers.Rescaling(1 / 255)(inputs)
    for count in filters[:-1]:
        maps = block(maps, count)
    maps = block(maps, filters[-1], pool=False)
    maps = layers.Add()([maps, block(maps, filters[-1], pool=False)])
    maps = layers.MaxPooling2D(pool_size=3, strides=2)(maps)
    scores = layers.Dense(10)(layers.Flatten()(maps))
    return Model(inputs, scores, name="compacta")
