"""Muon y la tasa de un ciclo."""

WARMUP = 0.25  # parte de los pasos en que sube la tasa


def one_cycle(step, steps: int, highest: float):
    """Tasa de aprendizaje de un ciclo: sube en línea recta de 0 a ``highest`` y baja en línea recta hasta 0.

    Parameters
    ----------
    step : int or array_like of int
        Paso o pasos, desde 0.
    steps : int
        Pasos de todo el entrenamiento.
    highest : float
        La mayor tasa, a la cuarta parte de los pasos.

    Examples
    --------
    >>> import numpy as np
    >>> np.asarray(one_cycle(np.array([0, 5, 10, 25, 40]), steps=40, highest=8.0))
    array([0., 4., 8., 4., 0.], dtype=float32)

    References
    ----------
    Smith y Topin (2019). *Super-convergence: very fast training of neural networks using large learning
    rates*. https://arxiv.org/abs/1708.07120
    """
    from keras import ops

    done = ops.cast(step, "float32") / steps
    return highest * ops.minimum(done / WARMUP, (1 - done) / (1 - WARMUP))


def orthogonalize(matrix):
    """Lleva los valores singulares que no son casi 0 a entre 0,6 y 1,3, sin cambiar sus direcciones.

    Son cinco vueltas de un polinomio de quinto grado (Newton-Schulz): solo multiplica matrices, y es
    mucho más barato que una descomposición en valores singulares.

    Parameters
    ----------
    matrix : tensor, shape (M, N)
        Cualquier matriz que no sea cero.

    Examples
    --------
    >>> import numpy as np
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

    Examples
    --------
    >>> muon(1e-2, weight_decay=0.02).weight_decay
    0.02

    References
    ----------
    Liu y otros (2025). *Muon is scalable for LLM training*: el tamaño del paso. https://arxiv.org/abs/2502.16982
    """
    from keras import ops, optimizers

    # keras.optimizers.Muon solo ortogonaliza las matrices: a las convoluciones, de cuatro ejes, les da AdamW
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
