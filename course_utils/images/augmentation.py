"""Aumento de datos cuando cada imagen lleva su máscara: las dos se mueven igual."""

from collections.abc import Callable

import numpy as np

from course_utils.checks import check_integer, shown

#: Capas de Keras que mueven los píxeles: la máscara tiene que moverse con la imagen.
GEOMETRIC = (
    "RandomFlip",
    "RandomPerspective",
    "RandomRotation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
)
#: Capas de Keras que cambian el valor de los píxeles y no su sitio: la máscara se queda como está.
PHOTOMETRIC = (
    "AutoContrast",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "Equalization",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomErasing",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPosterization",
    "RandomSaturation",
    "RandomSharpness",
    "Solarization",
)

#: Capas que se rechazan, y por qué.
REFUSED = {
    "AugMix": "mezcla varias versiones de la imagen, y una mezcla de clases no es una clase",
    "CenterCrop": "puede cambiar el tamaño interpolando: recorta antes las dos con el mismo índice",
    "CutMix": "pega en cada imagen un trozo de otra del lote",
    "MaxNumBoundingBoxes": "solo cambia las cajas, que joint no mueve",
    "MixUp": "mezcla cada imagen con otra del lote, y una mezcla de clases no es una clase",
    "RandAugment": "elige sus transformaciones por dentro: escribe las capas que quieras, una a una",
    "RandomCrop": "puede cambiar el tamaño interpolando: recorta antes las dos con el mismo índice",
    "RandomElasticTransform": "sortea una deformación para la imagen y otra distinta para la máscara",
    "Resizing": "no es un aumento: cambia el tamaño antes, la máscara con interpolation='nearest'",
}


def joint(*layers, void: int = 0) -> Callable[[dict], dict]:
    r"""Reúne capas de aumento de Keras en una función que transforma cada imagen y su máscara a la vez.

    De cada capa geométrica se sortea **una** transformación, que se aplica a la imagen con la interpolación
    de la capa y a la máscara con la del vecino más próximo: los píxeles siguen juntos y no aparecen clases
    nuevas. Las capas fotométricas solo cambian la imagen. Vale también con las versiones de Keras, como la
    3.13, que interpolaban las máscaras.

    Parameters
    ----------
    *layers : keras.layers.Layer
        Capas de ``GEOMETRIC`` o de ``PHOTOMETRIC``, en el orden en que se aplican.
    void : int
        Clase de los píxeles de la máscara que vienen de fuera de la imagen, cuando la capa rellena con
        ``fill_mode="constant"``: 0 si el fondo es la clase 0, o la que la pérdida ignore, por ejemplo 255.

    Returns
    -------
    callable
        Función de un diccionario como los de Keras, ``{"images": …, "segmentation_masks": …}``, a otro
        igual: imágenes float32 de forma (N, H, W, C) o (H, W, C), en el mismo intervalo que las de entrada
        (``RandomSaturation`` se sale de él por encima de 0,5), y máscaras de forma (N, H, W, 1) o (H, W, 1),
        del mismo tipo entero. Las demás claves, como ``"labels"``, pasan sin cambios. No modifica su
        argumento y sirve para ``tf.data.Dataset.map``. Transforma siempre: no se usa con los datos de
        validación ni con los de prueba.

    Raises
    ------
    TypeError, ValueError
        Si algo no es una capa, la capa no se puede aplicar a la vez a una imagen y a su máscara, calcula con
        otro tipo que float32 o espera los canales delante; si ``void`` no cabe en el tipo de la máscara, esta
        tiene decimales o le falta el eje de canal, falta una clave o los tamaños no coinciden.

    Examples
    --------
    >>> from keras import layers
    >>> augment = joint(layers.RandomFlip("horizontal", seed=0), layers.RandomRotation(0.1, seed=0))
    >>> images = np.zeros((4, 32, 32, 3), "uint8")
    >>> masks = np.ones((4, 32, 32, 1), "uint8")
    >>> moved = augment({"images": images, "segmentation_masks": masks})
    >>> moved["segmentation_masks"].shape, moved["segmentation_masks"].dtype.name
    (TensorShape([4, 32, 32, 1]), 'uint8')
    """
    if not layers:
        raise ValueError("no hay ninguna capa: escribe, por ejemplo, joint(layers.RandomFlip('horizontal'))")
    void = check_integer(void, "void", minimum=-(2**24))
    pairs = [(layer, _mask_twin(layer, void)) for layer in layers]

    def augment(data: dict) -> dict:
        from keras import ops

        images, masks = _check_pair_of_tensors(data, void)
        single = len(images.shape) == 3
        if single:
            images, masks = images[None], masks[None]
        kind = masks.dtype
        images = ops.cast(images, "float32")  # RandomContrast falla con un tensor de enteros
        masks = ops.cast(masks, "float32")  # exacto hasta la clase 16 777 216
        for layer, twin in pairs:
            if twin is None:
                images = layer(images, training=True)
            else:
                drawn = layer.get_random_transformation(images, training=True)
                images = layer.transform_images(images, drawn, training=True)
                masks = twin.transform_segmentation_masks(masks, drawn, training=True)
        masks = ops.cast(masks, kind)
        if single:
            images, masks = images[0], masks[0]
        return {**data, "images": images, "segmentation_masks": masks}

    return augment


def _mask_twin(layer, void: int):
    """Copia de una capa geométrica que nunca sortea y no interpola; ninguna si la capa es fotométrica."""
    from keras import layers

    if not isinstance(layer, layers.Layer):
        if isinstance(layer, list | tuple):
            raise TypeError("las capas van sueltas y ha llegado una lista: escribe joint(*capas)")
        raise TypeError(
            f"se espera una capa de Keras y ha llegado {shown(layer)}: escribe, por ejemplo, "
            "layers.RandomFlip('horizontal')"
        )
    name = type(layer).__name__
    if type(layer) is not getattr(layers, name, None) or name not in GEOMETRIC + PHOTOMETRIC:
        own = type(layer) is getattr(layers, name, None)
        reason = REFUSED.get(name) if own else "no es una capa de Keras, sino otra clase"
        raise ValueError(
            f"{name} {reason or 'no es de las que se han probado con máscaras'}.\n"
            f"Capas que admite joint: {', '.join(sorted(GEOMETRIC + PHOTOMETRIC))}"
        )
    if layer.compute_dtype != "float32":
        raise ValueError(
            f"{name} calcula en {layer.compute_dtype} y joint, en float32, para que la imagen no se redondee "
            "ni se separe de su máscara: crea la capa con dtype='float32'"
        )
    if layer.data_format != "channels_last":
        raise ValueError(
            f"{name} espera los canales delante y joint recibe (fila, columna, canal): crea la capa con "
            "data_format='channels_last'"
        )
    if name in PHOTOMETRIC:
        return None
    # La gemela no sortea: los factores no le hacen falta y los de RandomShear(0.3) no se vuelven a leer.
    changes = {"interpolation": "nearest", "fill_value": float(void), "name": f"{layer.name}_mask"}
    config = {key: 0.0 if key.endswith("factor") else value for key, value in layer.get_config().items()}
    return type(layer).from_config(config | {key: changes[key] for key in changes if key in config})


def _check_pair_of_tensors(data, void: int):
    """La imagen y la máscara de un diccionario, como tensores, o qué hay que cambiar."""
    from keras import ops

    if not isinstance(data, dict):
        raise TypeError(
            f"joint recibe un diccionario y ha llegado {shown(data)}: "
            "escribe {'images': imágenes, 'segmentation_masks': máscaras}"
        )
    for key in ("images", "segmentation_masks"):
        if key not in data:
            raise ValueError(
                f"falta la clave {key!r} y las que hay son {', '.join(map(repr, data)) or 'ninguna'}: "
                "escribe {'images': imágenes, 'segmentation_masks': máscaras}"
            )
    if "bounding_boxes" in data:
        raise ValueError(
            "joint no mueve las cajas de 'bounding_boxes': quítalas y calcúlalas después con la máscara"
        )
    images, masks = (ops.convert_to_tensor(data[key]) for key in ("images", "segmentation_masks"))
    if images.shape.rank is None or masks.shape.rank is None:
        raise ValueError(
            "no se sabe cuántos ejes tienen las imágenes o las máscaras: decláralos al crear el "
            "tf.data.Dataset, por ejemplo con output_signature"
        )
    image_shape, mask_shape = tuple(images.shape), tuple(masks.shape)
    if len(image_shape) not in (3, 4):
        raise ValueError(
            f"images debe tener forma (fila, columna, canal), o con un eje de lote delante, y ha llegado "
            f"{image_shape}: si es una imagen en gris, añade el eje de canal con images[..., np.newaxis]"
        )
    if len(mask_shape) == len(image_shape) - 1:
        raise ValueError(
            f"a la máscara, de forma {mask_shape}, le falta el eje de canal: escribe masks[..., np.newaxis]"
        )
    if not masks.dtype.is_integer and not masks.dtype.is_bool:
        raise TypeError(
            f"la máscara tiene decimales ({masks.dtype.name}) y cada píxel debe llevar el número entero de "
            "su clase: si son probabilidades, escribe masks.argmax(axis=-1)[..., np.newaxis]; si ya son "
            "clases, masks.astype('uint8')"
        )
    if len(mask_shape) == len(image_shape) and mask_shape[-1] not in (1, None):
        raise ValueError(
            f"la máscara tiene {mask_shape[-1]} canales y debe tener uno, con el número de la clase: si es "
            "one-hot, escribe masks.argmax(axis=-1)[..., np.newaxis]"
        )
    pairs = zip(image_shape[:-1], mask_shape[:-1], strict=False)
    if len(mask_shape) != len(image_shape) or any(None not in pair and len(set(pair)) > 1 for pair in pairs):
        raise ValueError(
            f"la imagen tiene forma {image_shape} y la máscara {mask_shape}: salvo el canal deben medir lo "
            "mismo; si has cambiado el tamaño de una, cambia el de la otra con interpolation='nearest'"
        )
    if (
        not masks.dtype.is_bool
        and not np.iinfo(masks.dtype.name).min <= void <= np.iinfo(masks.dtype.name).max
    ):
        raise ValueError(
            f"void={void} no cabe en una máscara de tipo {masks.dtype.name}: elige otro valor o convierte la "
            "máscara, por ejemplo con masks.astype('int32')"
        )
    return images, masks
