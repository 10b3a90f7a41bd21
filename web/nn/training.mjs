// Entrenar en la página: hacia delante, hacia atrás y un paso de Adam o de descenso con inercia, por lotes.
// Los gradientes y los pasos son los de Keras. Sin DOM.
import { random, sliding, softmax } from "./basics.mjs";
import { addWindows, multiply, multiplyTransposed, strips, windows } from "./matrix.mjs";

/** Los números de 0 a n − 1, barajados. */
export function shuffled(n, next) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const product = (shape) => shape.reduce((a, b) => a * b, 1);

/** Pesos con sus gradientes: el kernel, de Glorot uniforme como en Keras, y el sesgo, a cero. */
function makeWeights(shape, fanIn, fanOut, next) {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  const kernel = Float64Array.from({ length: product(shape) }, () => (2 * next() - 1) * limit);
  const bias = new Float64Array(shape.at(-1));
  return [kernel, bias].map((values) => ({ values, gradient: new Float64Array(values.length) }));
}

/** Suma en `gradient` las filas de un gradiente de rows × cols: el del sesgo. */
function addRows(values, gradient, rows) {
  const cols = gradient.length;
  for (let r = 0, i = 0; r < rows; r++) for (let c = 0; c < cols; c++) gradient[c] += values[i++];
}

function withBias(rows, bias) {
  const out = new Float64Array(rows * bias.length);
  for (let i = 0; i < out.length; i += bias.length) out.set(bias, i);
  return out;
}

/** La parte común de una capa densa y una convolución: filas de `inner` valores por un kernel. */
function linear([kernel, bias], inner, units) {
  return {
    forward(rows, count) {
      const out = withBias(count, bias.values);
      multiply(rows, strips(kernel.values, inner, units), out, count, inner, units);
      return out;
    },
    backward(rows, gradient, count, wanted) {
      multiplyTransposed(rows, gradient, kernel.gradient, count, inner, units);
      addRows(gradient, bias.gradient, count);
      if (!wanted) return null;
      const back = new Float64Array(count * inner);
      multiply(gradient, strips(kernel.values, units, inner, true), back, count, units, inner);
      return back;
    },
  };
}

function dense({ units }, [inputs], next) {
  const weights = makeWeights([inputs, units], inputs, units, next);
  const { forward, backward } = linear(weights, inputs, units);
  let seen = null;
  return {
    weights,
    shape: [units],
    forward(values, count) {
      seen = values;
      return forward(values, count);
    },
    backward: (gradient, count, wanted) => backward(seen, gradient, count, wanted),
  };
}

function conv2d({ filters, kernel_size: side, padding }, shape, next) {
  const inner = side * side * shape[2];
  const weights = makeWeights([side, side, shape[2], filters], inner, side * side * filters, next);
  const view = sliding(shape, [side, side], [1, 1], padding);
  const { forward, backward } = linear(weights, inner, filters);
  const [positions, size] = [view.size[0] * view.size[1], product(shape)];
  let patches = new Float64Array(0);
  return {
    weights,
    shape: [...view.size, filters],
    forward(values, count) {
      const needed = count * positions * inner;
      if (patches.length < needed) patches = new Float64Array(needed);
      for (let n = 0; n < count; n++) {
        const out = patches.subarray(n * positions * inner);
        windows(values.subarray(n * size, (n + 1) * size), shape, view, 0, view.size[0], out);
      }
      return forward(patches, count * positions);
    },
    backward(gradient, count, wanted) {
      const back = backward(patches, gradient, count * positions, wanted);
      if (!wanted) return null;
      const out = new Float64Array(count * size);
      for (let n = 0; n < count; n++) {
        const own = back.subarray(n * positions * inner);
        addWindows(own, out.subarray(n * size, (n + 1) * size), shape, view);
      }
      return out;
    },
  };
}

function relu(_, shape) {
  let seen = null;
  return {
    weights: [],
    shape,
    forward(values) {
      seen = values;
      for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
      return values;
    },
    backward(gradient) {
      for (let i = 0; i < gradient.length; i++) if (seen[i] === 0) gradient[i] = 0;
      return gradient;
    },
  };
}

/** Pooling del máximo con ventanas que no se pisan; el gradiente va al primero de los mayores. */
function maxPooling({ pool_size: side }, [rows, cols, channels]) {
  const [outRows, outCols] = [Math.floor(rows / side), Math.floor(cols / side)];
  let picked = new Uint32Array(0);
  const firsts = []; // la esquina de cada ventana
  for (let r = 0; r < outRows; r++) {
    for (let c = 0; c < outCols; c++) firsts.push((r * side * cols + c * side) * channels);
  }
  const best = (values, first, f) => {
    let at = first + f;
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        const k = first + (i * cols + j) * channels + f;
        if (values[k] > values[at]) at = k;
      }
    }
    return at;
  };
  return {
    weights: [],
    shape: [outRows, outCols, channels],
    forward(values, count) {
      const out = new Float64Array(count * outRows * outCols * channels);
      picked = new Uint32Array(out.length);
      let at = 0;
      for (let n = 0; n < count; n++) {
        const start = n * rows * cols * channels;
        for (const first of firsts) {
          for (let f = 0; f < channels; f++, at++) picked[at] = best(values, start + first, f);
        }
      }
      for (let i = 0; i < out.length; i++) out[i] = values[picked[i]];
      return out;
    },
    backward(gradient, count) {
      const back = new Float64Array(count * rows * cols * channels);
      for (let i = 0; i < gradient.length; i++) back[picked[i]] += gradient[i];
      return back;
    },
  };
}

const flatten = (_, shape) => ({
  weights: [],
  shape: [product(shape)],
  forward: (values) => values,
  backward: (gradient) => gradient,
});

const kinds = { Conv2D: conv2d, Dense: dense, ReLU: relu, MaxPooling2D: maxPooling, Flatten: flatten };

/** Pérdida media de unas puntuaciones, cuántas aciertan, y el gradiente de la pérdida. */
export function crossEntropy(scores, labels, classes) {
  const gradient = new Float64Array(scores.length);
  let loss = 0;
  let hits = 0;
  labels.forEach((label, n) => {
    const own = scores.subarray(n * classes, (n + 1) * classes);
    const parts = softmax(own);
    loss -= Math.log(Math.max(parts[label], 1e-300));
    hits += own.indexOf(Math.max(...own)) === label;
    parts.forEach((part, c) => {
      gradient[n * classes + c] = (part - (c === label)) / labels.length;
    });
  });
  return { loss: loss / labels.length, hits, gradient };
}

/**
 * Una red que se entrena: `layers` son sus capas, {kind, …opciones}, y la última da una puntuación por clase.
 * step(imágenes, etiquetas) da un paso y devuelve la pérdida y los aciertos de antes de darlo; las imágenes
 * van seguidas, de 0 a 1.
 */
export function trainable(layers, shape, { seed, optimizer }) {
  const next = random(seed);
  const made = [];
  for (const layer of layers) made.push(kinds[layer.kind](layer, made.at(-1)?.shape ?? shape, next));
  const weights = made.flatMap((layer) => layer.weights);
  const firstWithWeights = made.findIndex((layer) => layer.weights.length);
  const classes = made.at(-1).shape[0];
  const update = optimizers[optimizer.kind](weights, optimizer);
  const score = (images, count) => made.reduce((values, layer) => layer.forward(values, count), images);
  return {
    layers: made,
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    score,
    /** Pérdida y aciertos, y deja en `gradient` de cada peso el suyo. */
    differentiate(images, labels) {
      for (const { gradient } of weights) gradient.fill(0);
      const result = crossEntropy(score(images, labels.length), labels, classes);
      let back = result.gradient;
      for (let i = made.length - 1; i >= firstWithWeights; i--) {
        back = made[i].backward(back, labels.length, i > firstWithWeights);
      }
      return { loss: result.loss, hits: result.hits };
    },
    step(images, labels) {
      const result = this.differentiate(images, labels);
      update();
      return result;
    },
  };
}

/** De los pesos a la función que da un paso con el gradiente que tengan; como en Keras. */
const optimizers = {
  adam(weights, { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }) {
    const moments = weights.map(({ values }) => [
      new Float64Array(values.length),
      new Float64Array(values.length),
    ]);
    let t = 0;
    return () => {
      t++;
      const scale = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
      weights.forEach(({ values, gradient }, n) => {
        const [mean, square] = moments[n];
        for (let i = 0; i < values.length; i++) {
          mean[i] += (gradient[i] - mean[i]) * (1 - beta1);
          square[i] += (gradient[i] * gradient[i] - square[i]) * (1 - beta2);
          values[i] -= (scale * mean[i]) / (Math.sqrt(square[i]) + epsilon);
        }
      });
    };
  },
  momentum(weights, { rate, momentum = 0.9 }) {
    const speeds = weights.map(({ values }) => new Float64Array(values.length));
    return () => {
      weights.forEach(({ values, gradient }, n) => {
        for (let i = 0; i < values.length; i++) {
          speeds[n][i] = momentum * speeds[n][i] - rate * gradient[i];
          values[i] += speeds[n][i];
        }
      });
    };
  },
};
