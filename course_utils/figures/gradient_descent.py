"""Figura «Descenso de gradiente»."""

from typing import ClassVar, NamedTuple

import numpy as np

from course_utils.figures.base import CourseFigure
from course_utils.figures.drawing import Drawing
from course_utils.figures.states import Choice, Fraction, Numbers, Whole
from course_utils.style import number_text

#: Lo que debe dar la recta.
X, Y = np.array([1.0, 2.0]), np.array([3.0, 5.0])
STEPS = 60
_SIDE = 230


class Point(NamedTuple):
    """Un punto del descenso: los pesos, la pérdida y el gradiente, que es una derivada por peso."""

    weights: np.ndarray
    loss: float
    gradient: np.ndarray


def _parabola(weights):
    return Point(weights, float((weights[0] - 3) ** 2), 2 * (weights - 3))


def _valley(weights):
    error = weights[0] * X + weights[1] - Y
    gradient = np.array([(2 * error * X).mean(), (2 * error).mean()])
    return Point(weights, float((error**2).mean()), gradient)


class GradientDescentFigure(CourseFigure):
    """Bajar paso a paso por la pérdida de un peso, o por el valle de los dos pesos de una recta.

    Con un peso la pérdida es (w − 3)²; con dos, la media de los errores al cuadrado de la recta wx + b, que
    con x = 1 debe dar 3 y con x = 2, 5.

    Parameters
    ----------
    surface : {"parabola", "valley"}
        Un peso o dos.
    learning_rate : float
        Tasa de aprendizaje, de 0,01 a 1,2.
    momentum : float
        Inercia, de 0 a 0,9: la parte del paso anterior que se suma a cada paso, como en el SGD de Keras.
    start : array_like, shape (2,)
        Pesos iniciales, w y b; la parábola no usa el segundo.
    step : int
        Pasos dados, hasta 60.

    Raises
    ------
    TraitError
        Si algún valor no sirve.

    Examples
    --------
    >>> figure = GradientDescentFigure(learning_rate=0.1, step=1)
    >>> figure.weights.tolist(), round(figure.loss, 2)
    ([0.6000000000000001], 5.76)
    """

    name = "gradient_descent"
    title = "Descenso de gradiente"
    idea = "Aprender de los errores"
    invitation = (
        "¿Dónde caerá el siguiente paso? Predícelo antes de verlo, busca la tasa que llega antes al fondo y "
        "la que ya no llega, y baja después por un valle mientras la recta se ajusta a sus puntos."
    )
    texts: ClassVar = {
        "hint": (
            "Toca la gráfica donde creas que caerá el siguiente punto y da el paso. Cambia la tasa: "
            "despacio, deprisa o demasiado deprisa."
        ),
        "help": (
            "Tabulador: de un mando a otro. Flechas: cambiar la tasa, la inercia, el comienzo, los "
            "pasos dados o la predicción. Intro en «Dar el paso»: ver si aciertas."
        ),
        "goal_guess": "Reto: acierta dónde caerán tres puntos seguidos",
        "goal": "Reto: llega a menos de {radius} de {good} en {limit} pasos o menos",
        "barely_moves": "El punto apenas se mueve y no cuenta: sube la tasa o empieza más lejos.",
        "hit": "Acierto: a {error} del punto.",
        "other_side": "Ha ido al otro lado: mira el signo de la derivada y, con inercia, el paso anterior.",
        "other_direction": (
            "El paso va en otra dirección: sin inercia, la de mayor pendiente, que no siempre mira al mínimo."
        ),
        "longer": "El paso ha sido más largo.",
        "shorter": "El paso ha sido más corto.",
        "streak": "{said} Aciertos seguidos: {streak}.",
        "too_near": "Empieza más lejos.",
        "arrived": "Conseguido en {steps}.",
        "slow": "Ha llegado en {arrival} pasos: cambia la tasa o la inercia.",
        "go_on": "{left}: da más pasos.",
        "too_long": "{left} y ya van {steps} pasos: cambia la tasa o la inercia.",
        "rule": "El paso: −tasa · derivada.",
        "rule_momentum": "El paso: −tasa · derivada + inercia · paso anterior.",
        "same": "En este paso la pérdida no ha cambiado.",
        "lower": "En este paso la pérdida ha bajado.",
        "higher": "En este paso la pérdida ha subido.",
        "diverges": "La pérdida ya es mayor que al empezar: diverge.",
    }

    surface = Choice("parabola", ("parabola", "valley"))
    learning_rate = Fraction(0.1, minimum=0.01, maximum=1.2)
    momentum = Fraction(0, maximum=0.9)
    start = Numbers([0, 0], "peso", (2,), (2,), limit=10)
    step = Whole(0, 0, STEPS)

    @property
    def trajectory(self) -> list[Point]:
        """Del punto inicial al actual: pesos, pérdida y gradiente de cada uno."""
        look = _parabola if self.surface == "parabola" else _valley
        points = [look(np.array(self.start[: 1 if self.surface == "parabola" else 2], float))]
        velocity = 0.0
        for _ in range(self.step):
            velocity = self.momentum * velocity - self.learning_rate * points[-1].gradient
            points.append(look(points[-1].weights + velocity))
        return points

    @property
    def weights(self) -> np.ndarray:
        """Pesos después de los pasos dados: (1,) o (2,)."""
        return self.trajectory[-1].weights

    @property
    def loss(self) -> float:
        """Pérdida después de los pasos dados."""
        return self.trajectory[-1].loss

    def sentence(self):
        """La tasa, los pasos dados, los pesos y la pérdida."""
        first, last = self.trajectory[0], self.trajectory[-1]
        loss = "(w − 3)²" if self.surface == "parabola" else "los errores al cuadrado de la recta wx + b"
        inertia = f" e inercia {number_text(self.momentum)}" if self.momentum else ""
        weights = ", ".join(
            f"{name} = {number_text(float(value))}" for name, value in zip("wb", last.weights, strict=False)
        )
        start = f"Pérdida: {loss}. Con tasa {number_text(self.learning_rate)}{inertia}, "
        if not self.step:
            return start + f"se empieza en {weights}, donde la pérdida es {number_text(first.loss)}."
        steps = "1 paso" if self.step == 1 else f"{self.step} pasos"
        return start + (
            f"después de {steps}, {weights}; la pérdida, que era {number_text(first.loss)}, es "
            f"{number_text(last.loss)}."
        )

    def picture(self):
        """La parábola con los puntos por los que pasa, o el valle y la recta."""
        drawing = Drawing()
        if self.surface == "parabola":
            self._draw_parabola(drawing)
        else:
            self._draw_valley(drawing)
            self._draw_line(drawing, _SIDE + 60)
        return drawing.svg(self.sentence())

    def _draw_parabola(self, drawing):
        axes = _Axes(drawing, 0, (-2, 8), (0, 25), "Pérdida según w")
        w = np.linspace(-2, 8, 61)
        axes.line(np.stack([w, (w - 3) ** 2], axis=1), "padding")
        places = [(float(point.weights[0]), point.loss) for point in self.trajectory]
        axes.line(places, "input")
        axes.dots(places)

    def _draw_valley(self, drawing):
        axes = _Axes(drawing, 0, (-2, 6), (-3, 5), "Valle de la pérdida, según w y b")
        angle = np.linspace(0, 2 * np.pi, 61)
        inner, tilt = np.sqrt(X.var()), X.mean()
        for level in (0.2, 1, 3, 6.5, 12):
            w = np.sqrt(level) / inner * np.cos(angle)
            axes.line(np.stack([2 + w, 1 + np.sqrt(level) * np.sin(angle) - tilt * w], axis=1), "padding")
        places = [tuple(point.weights.tolist()) for point in self.trajectory]
        axes.line(places, "input")
        axes.dots(places)

    def _draw_line(self, drawing, left):
        axes = _Axes(drawing, left, (0, 3), (-2, 8), "La recta y los dos puntos")
        w, b = self.weights
        axes.line([(0, b), (3, 3 * w + b)], "output")
        axes.dots(zip(X.tolist(), Y.tolist(), strict=True))


class _Axes:
    """Un cuadrado con sus ejes; lo que se dibuja fuera no se ve."""

    def __init__(self, drawing, left, across, up, title):
        self.drawing, self.left, self.across, self.up = drawing, left + 32, across, up
        drawing.text(self.left, 12, title, anchor="start")
        drawing.rect(self.left, 20, _SIDE, _SIDE, "padding", width=1)
        for value in np.linspace(*across, 3).tolist():
            drawing.text(self._place(value, up[0])[0], _SIDE + 35, number_text(value), size=11)
        for value in np.linspace(*up, 3).tolist():
            y = self._place(across[0], value)[1]
            drawing.text(self.left - 5, y + 4, number_text(value), anchor="end", size=11)

    def line(self, points, role):
        """Une los puntos, y corta donde se salen."""
        commands, outside = [], True
        for point in points:
            inside = self._contains(point)
            if inside:
                x, y = self._place(*point)
                commands.append(f"{'M' if outside else 'L'}{x:.1f} {y:.1f}")
            outside = not inside
        if commands:
            self.drawing.path("".join(commands), role, width=2)

    def dots(self, points):
        """Un cuadrado por punto; el último, relleno."""
        seen = [point for point in points if self._contains(point)]
        for number, point in enumerate(seen, 1):
            x, y = self._place(*point)
            fill = "kernel" if number == len(seen) else "surface"
            self.drawing.rect(x - 4, y - 4, 8, 8, "kernel", width=2, fill=fill)

    def _contains(self, point):
        return all(low <= v <= high for v, (low, high) in zip(point, (self.across, self.up), strict=True))

    def _place(self, x, y):
        (x0, x1), (y0, y1) = self.across, self.up
        return self.left + (x - x0) / (x1 - x0) * _SIDE, 20 + (1 - (y - y0) / (y1 - y0)) * _SIDE
