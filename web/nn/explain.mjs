// De dónde sale un valor de una capa: los números que entran y la cuenta. Sin DOM.
import { sliding } from "./basics.mjs";

/** El valor de un canal en (fila, columna), o null fuera de la imagen. */
const at = ({ values, shape: [rows, cols, channels] }, r, c, channel) =>
  r >= 0 && r < rows && c >= 0 && c < cols ? values[(r * cols + c) * channels + channel] : null;

/** Un mapa de una capa como matriz. */
export const mapOf = (output, channel) => {
  const [rows, cols] = output.shape;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: cols }, (_, c) => at(output, r, c, channel)),
  );
};

/** La ventana que mira (row, col) de la salida: dónde empieza y cuánto mide en la entrada. */
function windowOf(layer, shape, [rows, cols], row, col) {
  const { steps, pads } = sliding(shape, [rows, cols], layer.strides, layer.padding);
  return { row: row * steps[0] - pads[0], col: col * steps[1] - pads[1], rows, cols };
}

/** Los valores de una ventana; null donde se sale de la imagen. */
const seen = (input, { row, col, rows, cols }, channel) =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: cols }, (_, j) => at(input, row + i, col + j, channel)),
  );

/** Los pesos de un filtro con un canal de entrada. */
export function kernelOf({ weights: [kernel], shapes: [[rows, cols, channels, filters]] }, source, filter) {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: cols }, (_, j) => kernel[((i * cols + j) * channels + source) * filters + filter]),
  );
}

function convolution(layer, [input], { row, col, channel, source }) {
  const [kh, kw, channels] = layer.shapes[0];
  const window = windowOf(layer, input.shape, [kh, kw], row, col);
  const partial = (k) => {
    const kernel = kernelOf(layer, k, channel);
    const values = seen(input, window, k);
    return values.flat().reduce((sum, value, i) => sum + (value ?? 0) * kernel.flat()[i], 0);
  };
  const bias = layer.weights[1]?.[channel] ?? 0;
  const partials = Array.from({ length: channels }, (_, k) => partial(k));
  return {
    window,
    bias,
    partials,
    values: seen(input, window, source),
    kernel: kernelOf(layer, source, channel),
    total: partials.reduce((sum, part) => sum + part, bias),
  };
}

function pooling(layer, [input], { row, col, channel }) {
  const window = windowOf(layer, input.shape, layer.pool_size, row, col);
  const values = seen(input, window, channel);
  return { window, values, total: Math.max(...values.flat().filter((value) => value !== null)) };
}

function normalization({ weights, epsilon }, [input], { row, col, channel }) {
  const [gamma, beta, mean, variance] = weights.map((values) => values[channel]);
  const value = at(input, row, col, channel);
  const scale = gamma / Math.sqrt(variance + epsilon);
  return {
    value,
    gamma,
    beta,
    mean,
    deviation: Math.sqrt(variance + epsilon),
    total: (value - mean) * scale + beta,
  };
}

/** Los sumandos de una puntuación: [entrada, valor, peso], de mayor a menor contribución. */
function dense({ weights: [kernel, bias], shapes: [[, units]] }, [{ values }], { channel }) {
  const terms = Array.from(values, (value, i) => [i, value, kernel[i * units + channel]]);
  terms.sort((a, b) => Math.abs(b[1] * b[2]) - Math.abs(a[1] * a[2]));
  const total = terms.reduce((sum, [, value, weight]) => sum + value * weight, bias[channel]);
  return { terms, bias: bias[channel], total };
}

const single =
  (compute) =>
  (layer, inputs, { row, col, channel }) => {
    const terms = inputs.map((input) => at(input, row, col, channel));
    return { terms, total: compute(layer, terms) };
  };

const kinds = {
  Conv2D: convolution,
  MaxPooling2D: pooling,
  BatchNormalization: normalization,
  Dense: dense,
  ReLU: single((_, [value]) => Math.max(0, value)),
  Add: single((_, terms) => terms.reduce((sum, value) => sum + value, 0)),
  Rescaling: single(({ scale, offset }, [value]) => value * scale + offset),
};

/**
 * De dónde sale el valor (row, col) del canal `channel` de una capa; `source` es el canal de entrada cuyas
 * cuentas se enseñan enteras. `total` es el valor; lo demás depende de la capa, y en la entrada y al aplanar
 * no hay cuenta: null.
 */
export function explain({ layers }, outputs, number, place) {
  const layer = layers[number];
  const inputs = layer.inputs.map((n) => outputs[n]);
  return Object.hasOwn(kinds, layer.kind) ? kinds[layer.kind](layer, inputs, place) : null;
}
