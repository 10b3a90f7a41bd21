// Aritmética de las figuras, sin DOM. Las imágenes son listas de filas; los ejes, (fila, columna).
// Cada función se prueba contra valores calculados por course_utils y por Keras (web/test/vectors.json).

/** Filas y columnas de una matriz. */
export const shape = (matrix) => [matrix.length, matrix[0].length];

/** Matriz de rows × cols con el valor de fn(fila, columna). */
export const matrix = (rows, cols, fn) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (_, c) => fn(r, c)));

/** La matriz de fn(valor, fila, columna). */
export const mapped = (values, fn) => values.map((line, r) => line.map((value, c) => fn(value, r, c)));

/** Píxeles que abarca un kernel dilatado: d(k − 1) + 1. */
export const span = (k, d = 1) => d * (k - 1) + 1;

/** Posiciones en las que cabe la ventana: ⌊(n + padding − d(k − 1) − 1) / s⌋ + 1; 0 si no cabe. */
export const outputSize = (n, k, s = 1, before = 0, after = before, d = 1) =>
  Math.max(0, Math.floor((n + before + after - span(k, d)) / s) + 1);

/**
 * Padding «same» de Keras, [antes, después]: la salida mide ⌈n / s⌉ y, si el total es impar, sobra uno al
 * final.
 */
export function samePadding(n, k, s = 1, d = 1) {
  const total = Math.max(0, (Math.ceil(n / s) - 1) * s + span(k, d) - n);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** De «valid», «same» o un número, [antes, después]. */
export function resolvePadding(padding, n, k, s = 1, d = 1) {
  if (padding === "same") return samePadding(n, k, s, d);
  const p = padding === "valid" ? 0 : padding;
  return [p, p];
}

/** Imagen rodeada de `padding` filas y columnas de ceros. */
export function pad(image, padding) {
  const [rows, cols] = shape(image);
  return matrix(rows + 2 * padding, cols + 2 * padding, (r, c) => image[r - padding]?.[c - padding] ?? 0);
}

/** Productos ventana × kernel con la esquina superior izquierda en (row, col) de la imagen con relleno. */
export const products = (padded, kernel, row, col) =>
  kernel.map((line, i) => line.map((w, j) => w * padded[row + i][col + j]));

/** Suma de todos los valores de una matriz. */
export const sum = (values) => values.reduce((total, line) => line.reduce((t, v) => t + v, total), 0);

/** La «convolución» de las redes (correlación cruzada): (H, W) -> (H', W'); null si el kernel no cabe. */
export function conv2d(image, kernel, { stride = 1, padding = 0 } = {}) {
  const padded = pad(image, padding);
  const [kh, kw] = shape(kernel);
  const rows = outputSize(padded.length, kh, stride);
  const cols = outputSize(padded[0].length, kw, stride);
  if (!rows || !cols) return null;
  return matrix(rows, cols, (r, c) => {
    let total = 0;
    for (let i = 0; i < kh; i++) {
      const line = padded[r * stride + i];
      for (let j = 0; j < kw; j++) total += kernel[i][j] * line[c * stride + j];
    }
    return total;
  });
}

/**
 * Píxeles de la salida de una convolución transpuesta, como en Keras: n·s con «same», y con «valid» nunca
 * menos.
 */
const transposedSize = (n, k, s, padding) => n * s + (padding === "same" ? 0 : Math.max(k - s, 0));

/**
 * Convolución transpuesta: cada valor estampa valor × kernel cada `stride` píxeles y lo que coincide se suma.
 * `canvas` y `counts` (cuántos sellos caen en cada valor) están sin recortar: la salida son `rows` × `cols`
 * desde (top, left). Con `last`, solo los sellos de las posiciones hasta esa, contando por filas.
 */
export function convTranspose(image, kernel, { stride, padding, last = Infinity }) {
  const axis = (n, k) => {
    const size = transposedSize(n, k, stride, padding);
    const before = padding === "same" ? samePadding(size, k, stride)[0] : 0;
    return [size, before, Math.max((n - 1) * stride + k, before + size)];
  };
  const [height, width] = shape(image);
  const [kh, kw] = shape(kernel);
  const [rows, top, fullRows] = axis(height, kh);
  const [cols, left, fullCols] = axis(width, kw);
  const canvas = matrix(fullRows, fullCols, () => 0);
  const counts = matrix(fullRows, fullCols, () => 0);
  image.flat().forEach((value, position) => {
    if (position > last) return;
    const [r, c] = [Math.floor(position / width) * stride, (position % width) * stride];
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        canvas[r + i][c + j] += value * kernel[i][j];
        counts[r + i][c + j]++;
      }
    }
  });
  return { canvas, counts, rows, cols, top, left };
}

/**
 * Lo que se suma en (row, col) del lienzo sin recortar: [valor, peso, posición] de cada sello que cae allí,
 * por orden.
 */
export function stampsAt(image, kernel, stride, row, col) {
  return image.flatMap((line, r) =>
    line.flatMap((value, c) => {
      const weight = kernel[row - r * stride]?.[col - c * stride];
      return weight === undefined ? [] : [[value, weight, r * line.length + c]];
    }),
  );
}

/** El kernel con otro lado: conserva lo que cabe alrededor del centro y lo demás vale 0. */
export function resized(kernel, side) {
  const offset = Math.floor((kernel.length - side) / 2);
  return matrix(side, side, (r, c) => kernel[r + offset]?.[c + offset] ?? 0);
}

/** Una matriz con otro valor en una celda. */
export const replaced = (image, [row, col], value) =>
  image.map((line, r) => (r === row ? line.map((v, c) => (c === col ? value : v)) : line));

/** El mayor valor absoluto de una matriz, o `least` si no llega. */
export const peak = (values, least = 0) => Math.max(least, ...values.flat(2).map(Math.abs));

/** El nombre que lleva una matriz en un diccionario de ellas, o «» si no está. */
export const nameOf = (named, values) =>
  Object.keys(named).find((name) => JSON.stringify(named[name]) === JSON.stringify(values)) ?? "";

/**
 * Varios canales y filtros: channels (C, H, W), kernels (F, C, kh, kw), bias (F) -> mapas parciales y salida
 * de un filtro.
 */
export function convChannels(channels, kernels, bias, options) {
  const partial = channels.map((channel, c) => conv2d(channel, kernels[c], options));
  const [rows, cols] = shape(partial[0]);
  const output = matrix(rows, cols, (r, c) => partial.reduce((t, map) => t + map[r][c], bias));
  return { partial, output };
}

/**
 * Pooling sin relleno: valores y, con el máximo, la posición [fila, columna] del elegido (el primero si
 * empatan).
 */
export function pool2d(image, { size, stride, mode }) {
  const [height, width] = shape(image);
  const rows = outputSize(height, size, stride);
  const cols = outputSize(width, size, stride);
  if (!rows || !cols) return null;
  const picked = matrix(rows, cols, () => null);
  const values = matrix(rows, cols, (r, c) => {
    let best = -Infinity;
    let total = 0;
    for (let i = r * stride; i < r * stride + size; i++) {
      for (let j = c * stride; j < c * stride + size; j++) {
        total += image[i][j];
        if (image[i][j] > best) {
          best = image[i][j];
          picked[r][c] = [i, j];
        }
      }
    }
    return mode === "max" ? best : total / size ** 2;
  });
  return { values, picked };
}

/** La imagen movida (rows, cols) píxeles; lo que entra por el borde vale 0. */
export const shift = (image, rows, cols) =>
  image.map((line, r) => line.map((_, c) => image[r - rows]?.[c - cols] ?? 0));

/** Cuántos valores difieren entre dos matrices de la misma forma. */
export const countChanges = (a, b) =>
  sum(a.map((line, r) => line.map((v, c) => (Math.abs(v - b[r][c]) > 1e-9 ? 1 : 0))));

/** Cuántas ventanas usan cada píxel de una dimensión. */
export function usage(n, k, s = 1, before = 0, after = before, d = 1) {
  const counts = new Array(n).fill(0);
  for (let w = 0; w < outputSize(n, k, s, before, after, d); w++) {
    for (let i = 0; i < k; i++) {
      const pixel = w * s + i * d - before;
      if (pixel >= 0 && pixel < n) counts[pixel]++;
    }
  }
  return counts;
}

/**
 * Cuántas ventanas usan cada píxel de una imagen cuadrada: producto de los recuentos de fila y de columna.
 */
export function usageMap(n, k, s = 1, p = 0) {
  const line = usage(n, k, s, p);
  return line.map((a) => line.map((b) => a * b));
}

/** Píxeles que sobran al final: los que ninguna ventana alcanza porque el paso no divide. */
export const leftover = (n, k, s = 1, before = 0, after = before, d = 1) =>
  n + before + after < span(k, d) ? n + before + after : (n + before + after - span(k, d)) % s;

/**
 * Matriz (salidas, entradas) de la capa densa que hace lo mismo que deslizar el kernel, sin relleno y con
 * stride 1.
 */
export function convMatrix(rows, cols, kernel) {
  const [kh, kw] = shape(kernel);
  const outCols = cols - kw + 1;
  return matrix((rows - kh + 1) * outCols, rows * cols, (o, i) => {
    const r = Math.floor(i / cols) - Math.floor(o / outCols);
    const c = (i % cols) - (o % outCols);
    return r >= 0 && r < kh && c >= 0 && c < kw ? kernel[r][c] : 0;
  });
}

/** Qué conexiones existen en una capa local: 1 donde la ventana de la salida alcanza a la entrada. */
export const windowMask = (rows, cols, [kh, kw]) =>
  convMatrix(
    rows,
    cols,
    matrix(kh, kw, () => 1),
  );

/** Un peso libre cualquiera, de −2 a 2, distinto de una conexión a otra y siempre igual para la misma. */
export const freeWeight = (output, input) => ((3 * output + 2 * input + output * input ** 2) % 5) - 2;

/** Producto de una matriz por un vector. */
export const apply = (weights, vector) => weights.map((row) => row.reduce((t, w, i) => t + w * vector[i], 0));

/**
 * Campo receptivo tras cada capa {kernel_size, stride, dilation}: tamaño, salto, comienzo (del de la primera
 * salida), padding [antes, después] y tamaño de la salida, que es 0 desde la capa que no cabe.
 */
export function receptiveField(layers, n, padding = "valid") {
  let state = { size: 1, jump: 1, start: 0, output: n };
  return layers.map(({ kernel_size: k, stride: s = 1, dilation: d = 1 }) => {
    const pads = resolvePadding(padding, Math.max(state.output, 1), k, s, d);
    state = {
      size: state.size + (span(k, d) - 1) * state.jump,
      start: state.start - pads[0] * state.jump,
      jump: state.jump * s,
      pads,
      output: state.output && outputSize(state.output, k, s, ...pads, d),
    };
    return state;
  });
}

/**
 * De la salida `index` hacia atrás: [primero, último] valor del que depende en cada nivel; el nivel 0 es la
 * entrada.
 */
export function fieldRanges(layers, fields, index) {
  const ranges = [[index, index]];
  for (let i = layers.length - 1; i >= 0; i--) {
    const { kernel_size: k, stride: s = 1, dilation: d = 1 } = layers[i];
    const [first, last] = ranges[0];
    const before = fields[i].pads[0];
    ranges.unshift([first * s - before, last * s - before + span(k, d) - 1]);
  }
  return ranges;
}

/** Parámetros (pesos y sesgos) de tres capas con la misma entrada n × n × channels y la misma salida. */
export function parameterCounts(n, k, channels, filters) {
  const positions = (n - k + 1) ** 2;
  return {
    dense: (n * n * channels + 1) * positions * filters,
    local: (k * k * channels + 1) * positions * filters,
    conv: (k * k * channels + 1) * filters,
  };
}
