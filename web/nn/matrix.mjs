// Productos de matrices guardadas por filas en arrays de 64 bits: casi todo lo que cuesta una red. Sin DOM.

const ROWS = 2;
const COLS = 4; // 2 × 4 sumas a la vez: las que caben en los registros del procesador

/**
 * Una matriz de inner × cols en tiras de cuatro columnas, seguidas: así se lee de la caché más cercana. La
 * última tira se completa con ceros. Si `turned`, los valores son los de la traspuesta.
 */
export function strips(values, inner, cols, turned = false) {
  const out = new Float64Array(Math.ceil(cols / COLS) * COLS * inner);
  const [down, right] = turned ? [1, inner] : [cols, 1];
  for (let j = 0; j < cols; j++) {
    let to = (j - (j % COLS)) * inner + (j % COLS);
    for (let k = 0, from = j * right; k < inner; k++, from += down, to += COLS) out[to] = values[from];
  }
  return out;
}

/** c += a · b, con a de rows × inner y b de inner × cols, en tiras; el resultado va en c desde `at`. */
export function multiply(a, b, c, rows, inner, cols, at = 0) {
  for (let j = 0; j < cols; j += COLS) addStrip(a, b, c, rows, inner, cols, at, j);
}

/** Lo que da la tira de b que empieza en la columna `first`. */
function addStrip(a, b, c, rows, inner, cols, at, first) {
  const pair = { count: inner, other: inner, ahead: 1, step: COLS, below: cols };
  const alone = { ...pair, other: 0, below: 0 };
  for (let r = 0; r < rows; r += ROWS) {
    const walk = r + 1 < rows ? pair : alone;
    addBlock(a, r * inner, b, first * inner, c, at + r * cols + first, cols - first, walk);
  }
}

/**
 * Un bloque de 2 × 4 de c, desde `at`: `count` productos de dos valores de a (en i y `other` después) por
 * cuatro de b (desde k), avanzando a `ahead` y b `step`. Se guardan `kept` columnas, y la segunda fila,
 * `below` después; con cero no la hay.
 */
function addBlock(a, i, b, k, c, at, kept, { count, other, ahead, step, below }) {
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
  store(c, at, kept, s0, s1, s2, s3);
  if (below > 0) store(c, at + below, kept, t0, t1, t2, t3);
}

const CHUNK = 64; // filas que se leen de una vez: caben en la caché

/** c += traspuesta de a · b, con a de rows × inner y b de rows × cols: lo que suman los gradientes. */
export function multiplyTransposed(a, b, c, rows, inner, cols) {
  const even = inner - (inner % ROWS);
  const whole = cols - (cols % COLS);
  for (let r = 0; r < rows; r += CHUNK) {
    const last = Math.min(rows, r + CHUNK);
    const walk = { count: last - r, other: 1, ahead: inner, step: cols, below: cols };
    for (let k = 0; k < inner; k += ROWS) {
      for (let j = 0; j < cols; j += COLS) {
        if (k < even && j < whole) addBlock(a, r * inner + k, b, r * cols + j, c, k * cols + j, COLS, walk);
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

/** Suma en c los primeros `kept` de cuatro valores. */
function store(c, at, kept, s0, s1, s2, s3) {
  c[at] += s0;
  if (kept > 1) c[at + 1] += s1;
  if (kept > 2) c[at + 2] += s2;
  if (kept > 3) c[at + 3] += s3;
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
  let j = 0;
  for (; j < skip; j++) out[at + j] = 0;
  for (; j < most; j++) out[at + j] = image[from + j];
  for (; j < line; j++) out[at + j] = 0;
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
