// Lo que calcula cada clase de capa con una imagen: de {values, shape} de sus entradas a los de su salida.
// Los valores van por filas, con los canales al final, como en Keras. Sin DOM.
import { sliding, softmax } from "./basics.mjs";
import { multiply, strips, windows } from "./matrix.mjs";

const CHUNK = 64; // ventanas que se copian de una vez

const activate = {
  linear: () => {},
  relu(values) {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
  },
  sigmoid(values) {
    for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + Math.exp(-values[i]));
  },
  softmax(values, channels) {
    for (let i = 0; i < values.length; i += channels)
      values.set(softmax(values.subarray(i, i + channels)), i);
  },
};

/** La salida, llena con el sesgo de cada filtro si lo hay. */
function filled(size, bias) {
  const values = new Float64Array(size);
  if (bias) for (let i = 0; i < size; i += bias.length) values.set(bias, i);
  return values;
}

function conv2d({ strides, padding }, [{ values, shape }], [kernel, bias], [[kh, kw, inputs, filters]]) {
  const view = sliding(shape, [kh, kw], strides, padding);
  const [rows, cols] = view.size;
  const out = filled(rows * cols * filters, bias);
  const inner = kh * kw * inputs;
  const step = Math.min(rows, Math.ceil(CHUNK / cols));
  const patches = new Float64Array(step * cols * inner);
  const weights = strips(kernel, inner, filters);
  for (let r = 0; r < rows; r += step) {
    const last = Math.min(rows, r + step);
    windows(values, shape, view, r, last, patches);
    multiply(patches, weights, out, (last - r) * cols, inner, filters, r * cols * filters);
  }
  return { values: out, shape: [rows, cols, filters] };
}

/** Cada valor estampa su kernel; lo que coincide se suma y el relleno «same» se recorta. */
function conv2dTranspose({ strides, padding }, [input], [kernel, bias], [[kh, kw, filters, channels]]) {
  const [height, width] = input.shape;
  const axis = (n, k, s) => n * s + (padding === "same" ? 0 : Math.max(k - s, 0));
  const [rows, cols] = [axis(height, kh, strides[0]), axis(width, kw, strides[1])];
  const { pads } = sliding([rows, cols], [kh, kw], strides, padding);
  const out = { values: filled(rows * cols * filters, bias), shape: [rows, cols, filters] };
  const line = kw * filters; // lo que mide una fila de un sello
  const stamps = new Float64Array(height * width * kh * line);
  const turned = strips(kernel, channels, kh * line, true);
  multiply(input.values, turned, stamps, height * width, channels, kh * line);
  for (let r = 0, at = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      for (let i = 0; i < kh; i++, at += line)
        add(stamps, at, out, r * strides[0] + i - pads[0], c * strides[1] - pads[1], line);
    }
  }
  return out;
}

/** Suma una fila de un sello en la fila y desde la columna de la salida; lo que se sale no cuenta. */
function add(stamps, at, { values, shape: [rows, cols, filters] }, row, col, line) {
  if (row < 0 || row >= rows) return;
  const from = Math.max(0, -col) * filters;
  const most = Math.min(line, (cols - col) * filters);
  const to = (row * cols + col) * filters;
  for (let j = from; j < most; j++) values[to + j] += stamps[at + j];
}

function dense(_, [{ values, shape }], [kernel, bias], [[inputs, units]]) {
  const rows = values.length / inputs;
  const out = filled(rows * units, bias);
  multiply(values, strips(kernel, inputs, units), out, rows, inputs, units);
  return { values: out, shape: [...shape.slice(0, -1), units] };
}

function batchNormalization({ epsilon }, [{ values, shape }], [gamma, beta, mean, variance]) {
  const channels = gamma.length;
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c] + epsilon));
  const shift = beta.map((b, c) => b - mean[c] * scale[c]);
  const out = new Float64Array(values.length);
  for (let i = 0, c = 0; i < out.length; i++, c = (c + 1) % channels)
    out[i] = values[i] * scale[c] + shift[c];
  return { values: out, shape };
}

/** El mayor de los valores de un canal en un rectángulo; `line` es lo que mide una fila de la imagen. */
function highest(values, first, [rows, cols], line, channels) {
  let kept = -Infinity;
  for (let r = 0, start = first; r < rows; r++, start += line) {
    for (let i = start, end = start + cols * channels; i < end; i += channels) {
      if (values[i] > kept) kept = values[i];
    }
  }
  return kept;
}

function average(values, first, [rows, cols], line, channels) {
  let sum = 0;
  for (let r = 0, start = first; r < rows; r++, start += line) {
    for (let i = start, end = start + cols * channels; i < end; i += channels) sum += values[i];
  }
  return sum / (rows * cols); // solo los píxeles de la imagen, como Keras
}

/** Un pooling que resume cada ventana de cada canal con `condense`. */
function pooling(condense) {
  return ({ pool_size: size, strides, padding }, [{ values, shape }]) => {
    const [height, width, channels] = shape;
    const { pads, size: out } = sliding(shape, size, strides, padding);
    const result = new Float64Array(out[0] * out[1] * channels);
    const line = width * channels;
    const range = (start, k, n) => [Math.max(0, start), Math.min(n, start + k) - Math.max(0, start)];
    let at = 0;
    for (let r = 0; r < out[0]; r++) {
      const [top, rows] = range(r * strides[0] - pads[0], size[0], height);
      for (let c = 0; c < out[1]; c++) {
        const [left, cols] = range(c * strides[1] - pads[1], size[1], width);
        const first = top * line + left * channels;
        const seen = [rows, cols];
        for (let f = 0; f < channels; f++) result[at++] = condense(values, first + f, seen, line, channels);
      }
    }
    return { values: result, shape: [...out, channels] };
  };
}

/** Un pooling de toda la imagen: un valor por canal. */
const globally = (condense) => (_, inputs) => {
  const [rows, cols, channels] = inputs[0].shape;
  const whole = { pool_size: [rows, cols], strides: [1, 1], padding: "valid" };
  return { values: pooling(condense)(whole, inputs).values, shape: [channels] };
};

function sum(_, [first, ...others]) {
  const out = first.values.slice();
  for (const { values } of others) for (let i = 0; i < out.length; i++) out[i] += values[i];
  return { values: out, shape: first.shape };
}

const copied = (_, [{ values, shape }]) => ({ values: values.slice(), shape });
const kinds = {
  Rescaling: ({ scale, offset }, [{ values, shape }]) => ({
    values: values.map((v) => v * scale + offset),
    shape,
  }),
  Conv2D: conv2d,
  Conv2DTranspose: conv2dTranspose,
  Dense: dense,
  BatchNormalization: batchNormalization,
  MaxPooling2D: pooling(highest),
  AveragePooling2D: pooling(average),
  GlobalMaxPooling2D: globally(highest),
  GlobalAveragePooling2D: globally(average),
  Activation: copied,
  ReLU: copied,
  Softmax: copied,
  Add: sum,
  Flatten: (_, [{ values }]) => ({ values, shape: [values.length] }),
  Dropout: (_, [input]) => input, // solo hace algo al entrenar
};
const OWN_ACTIVATION = { ReLU: "relu", Softmax: "softmax" };

/** ¿Sabe la página calcular esta clase de capa, con esta activación? */
export const known = ({ kind, activation = "linear" }) =>
  (kind === "InputLayer" || Object.hasOwn(kinds, kind)) && Object.hasOwn(activate, activation);

/** La salida de una capa {kind, …opciones} con sus entradas; `weights` y sus formas, en el orden de Keras. */
export function forward(layer, inputs, weights = [], shapes = []) {
  const output = kinds[layer.kind](layer, inputs, weights, shapes);
  const activation = OWN_ACTIVATION[layer.kind] ?? layer.activation;
  if (activation) activate[activation](output.values, output.shape.at(-1));
  return output;
}
