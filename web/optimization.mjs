// Descenso de gradiente, con inercia o sin ella, en las dos pérdidas del capítulo 0. Sin DOM.
// Cada paso se prueba contra course_utils y contra keras.optimizers.SGD (web/test/vectors.json).

/** Lo que debe dar la recta: pares [x, y]. */
export const POINTS = [
  [1, 3],
  [2, 5],
];

const mean = (fn) => POINTS.reduce((total, [x, y]) => total + fn(x, y), 0) / POINTS.length;

/**
 * Las pérdidas: (w − 3)², de un peso, y la media de los errores al cuadrado de la recta wx + b. `names` son
 * los pesos y `minimum`, los buenos.
 */
export const surfaces = {
  parabola: {
    names: ["w"],
    minimum: [3],
    loss: ([w]) => (w - 3) ** 2,
    gradient: ([w]) => [2 * (w - 3)],
  },
  valley: {
    names: ["w", "b"],
    minimum: [2, 1],
    loss: ([w, b]) => mean((x, y) => (w * x + b - y) ** 2),
    gradient: ([w, b]) => [mean((x, y) => 2 * (w * x + b - y) * x), mean((x, y) => 2 * (w * x + b - y))],
  },
};

/**
 * Los puntos por los que pasa, del inicial al de `steps` pasos: {weights, loss, gradient, velocity}. Como el
 * SGD de Keras: velocity ← momentum · velocity − rate · gradient, y se suma a los pesos.
 */
export function descend({ loss, gradient, names }, { start, rate, momentum }, steps) {
  let weights = start.slice(0, names.length);
  let velocity = weights.map(() => 0);
  const points = [];
  for (let step = 0; step <= steps; step++) {
    const slope = gradient(weights);
    points.push({ weights, loss: loss(weights), gradient: slope, velocity });
    velocity = velocity.map((v, i) => momentum * v - rate * slope[i]);
    weights = weights.map((w, i) => w + velocity[i]);
  }
  return points;
}

/**
 * El nombre de la frase que dice qué ha hecho la pérdida en un paso. Con inercia puede pasar de la de partida
 * y volver a bajar: diverge la que, además, acaba muy por encima.
 */
export function lossChange(points, step) {
  const { loss } = points[step];
  const before = points[step - 1].loss;
  const noise = 1e-12 * before + 1e-14 * Math.sqrt(before) + 1e-30; // lo que pone el redondeo
  if (Math.abs(loss - before) < noise) return "same";
  if (loss < before) return "lower";
  return step > 3 && loss > points[0].loss && points.at(-1).loss > 2 * loss ? "diverges" : "higher";
}

/** Puntos [w, b] de la curva de nivel del valle donde la pérdida vale `level`: una elipse. */
export function contour(level, sides = 72) {
  // con δ = (w, b) − mínimo, la pérdida es a δ₁² + 2c δ₁δ₂ + δ₂²
  const [a, c] = [mean((x) => x * x), mean((x) => x)];
  const [w, b] = surfaces.valley.minimum;
  return Array.from({ length: sides + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / sides;
    const across = Math.sqrt(level / (a - c * c)) * Math.cos(angle);
    return [w + across, b + Math.sqrt(level) * Math.sin(angle) - c * across];
  });
}

/** Distancia entre dos puntos. */
export const distance = (from, to) => Math.hypot(...from.map((v, i) => v - to[i]));
