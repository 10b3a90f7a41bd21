// Productos de matrices guardadas por filas en arrays de 64 bits: casi todo lo que cuesta una red. Sin DOM.

const ROWS = 2;
const COLS = 4; // 2 × 4 sumas a la vez: las que caben en los registros del procesador

/** c += a · b, con a de rows × inner y b de inner × cols; el resultado va en c desde `at`. */
export function multiply(a, b, c, rows, inner, cols, at = 0) {
  const even = rows - (rows % ROWS);
  const whole = cols - (cols % COLS);
  const block = new Float64Array(inner * COLS);
  for (let j = 0; j < whole; j += COLS) {
    pack(b, block, inner, cols, j);
    for (let r = 0; r < even; r += ROWS)
      addBlock(a, r * inner, inner, 1, block, 0, COLS, inner, c, at + r * cols + j, cols);
  }
  if (even < rows) multiplyRest(a, b, c, { from: [even, 0], to: [rows, whole], inner, cols, at });
  if (whole < cols) multiplyRest(a, b, c, { from: [0, whole], to: [rows, cols], inner, cols, at });
}

/** Cuatro columnas de b, seguidas: así se leen de la caché más cercana. */
function pack(b, block, inner, cols, j) {
  for (let k = 0, from = j, to = 0; k < inner; k++, from += cols, to += COLS) {
    block[to] = b[from];
    block[to + 1] = b[from + 1];
    block[to + 2] = b[from + 2];
    block[to + 3] = b[from + 3];
  }
}

/**
 * Un bloque de 2 × 4 de c, desde `at`: suma `count` productos de a, que empieza en `i`, tiene la otra línea
 * a `other` y avanza de `ahead` en `ahead`, por cuatro valores seguidos de b, que empieza en `k` y avanza de
 * `step` en `step`.
 */
function addBlock(a, i, other, ahead, b, k, step, count, c, at, cols) {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let n = 0; n < count; n++, i += ahead, k += step) {
    const u = a[i];
    const v = a[i + other];
    const w0 = b[k];
    const w1 = b[k + 1];
    const w2 = b[k + 2];
    const w3 = b[k + 3];
    s0 += u * w0;
    s1 += u * w1;
    s2 += u * w2;
    s3 += u * w3;
    t0 += v * w0;
    t1 += v * w1;
    t2 += v * w2;
    t3 += v * w3;
  }
  store(c, at, s0, s1, s2, s3);
  store(c, at + cols, t0, t1, t2, t3);
}

const CHUNK = 64; // filas que se leen de una vez: caben en la caché

/** c += traspuesta de a · b, con a de rows × inner y b de rows × cols: lo que suman los gradientes. */
export function multiplyTransposed(a, b, c, rows, inner, cols) {
  const even = inner - (inner % ROWS);
  const whole = cols - (cols % COLS);
  for (let r = 0; r < rows; r += CHUNK) {
    const last = Math.min(rows, r + CHUNK);
    for (let k = 0; k < inner; k += ROWS) {
      for (let j = 0; j < cols; j += COLS) {
        if (k < even && j < whole)
          addBlock(a, r * inner + k, 1, inner, b, r * cols + j, cols, last - r, c, k * cols + j, cols);
        else gradientRest(a, b, c, { from: [r, k, j], to: [last, inner, cols], inner, cols });
      }
    }
  }
}

/** Lo mismo, de uno en uno, en el bloque que empieza en `from` y no pasa de `to`. */
function gradientRest(a, b, c, { from: [first, row, col], to, inner, cols }) {
  for (let k = row; k < Math.min(row + ROWS, to[1]); k++) {
    for (let j = col; j < Math.min(col + COLS, to[2]); j++) {
      for (let r = first; r < to[0]; r++) c[k * cols + j] += a[r * inner + k] * b[r * cols + j];
    }
  }
}

function store(c, at, s0, s1, s2, s3) {
  c[at] += s0;
  c[at + 1] += s1;
  c[at + 2] += s2;
  c[at + 3] += s3;
}

function multiplyRest(a, b, c, { from, to, inner, cols, at }) {
  for (let r = from[0]; r < to[0]; r++) {
    for (let j = from[1]; j < to[1]; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[r * inner + k] * b[k * cols + j];
      c[at + r * cols + j] += sum;
    }
  }
}

/**
 * Las ventanas de una imagen (fila, columna, canal), una por fila de `out`, en las filas de salida de `first`
 * a `last`, sin incluirla; fuera de la imagen hay ceros. `view` dice el kernel, los pasos y el relleno.
 */
export function windows(image, [rows, cols, channels], view, first, last, out) {
  const { kernel, steps, pads, size } = view;
  const line = kernel[1] * channels;
  let at = 0;
  for (let r = first; r < last; r++) {
    for (let c = 0; c < size[1]; c++) {
      const left = c * steps[1] - pads[1];
      const skip = Math.max(0, -left) * channels;
      const most = Math.min(kernel[1], cols - left) * channels;
      for (let i = 0; i < kernel[0]; i++, at += line) {
        const y = r * steps[0] - pads[0] + i;
        if (y < 0 || y >= rows) out.fill(0, at, at + line);
        else copyLine(image, (y * cols + left) * channels, out, at, line, skip, most);
      }
    }
  }
}

/** Una fila de una ventana: de `skip` a `most` hay imagen, y lo demás es cero. */
function copyLine(image, from, out, at, line, skip, most) {
  for (let j = 0; j < line; j++) out[at + j] = j >= skip && j < most ? image[from + j] : 0;
}

/** Lo contrario de windows: cada valor de una ventana se suma en su píxel de `image`. */
export function addWindows(patches, image, [rows, cols, channels], { kernel, steps, pads, size }) {
  const line = kernel[1] * channels;
  let at = 0;
  for (let r = 0; r < size[0]; r++) {
    for (let c = 0; c < size[1]; c++) {
      const left = c * steps[1] - pads[1];
      const skip = Math.max(0, -left) * channels;
      const most = Math.min(kernel[1], cols - left) * channels;
      for (let i = 0; i < kernel[0]; i++, at += line) {
        const y = r * steps[0] - pads[0] + i;
        if (y >= 0 && y < rows) addLine(patches, at, image, (y * cols + left) * channels, skip, most);
      }
    }
  }
}

function addLine(patches, at, image, to, skip, most) {
  for (let j = skip; j < most; j++) image[to + j] += patches[at + j];
}
