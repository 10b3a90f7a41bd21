// Lo que se hace con una prenda de 28 × 28, de 0 a 255, antes de enseñársela a una red. Sin DOM.
import { matrix, shape } from "../math.mjs";

export const SIDE = 28;
export const CLASSES = [
  ...["camiseta", "pantalón", "jersey", "vestido", "abrigo"],
  ...["sandalia", "camisa", "zapatilla", "bolso", "botín"],
];
const COVER = 7; // lado del cuadrado que tapa y cuánto avanza, como occlusion_map de course_utils
const COVER_STEP = 3;
export const COVERS = Math.floor((SIDE - COVER) / COVER_STEP) + 1; // sitios por lado

export const empty = () => matrix(SIDE, SIDE, () => 0);

/** Una prenda de un archivo con un byte por píxel. */
export const sample = (bytes, number) => matrix(SIDE, SIDE, (r, c) => bytes[(number * SIDE + r) * SIDE + c]);

/** La prenda movida, seguida y en números de 64 bits: lo que recibe una red. */
export function moved(image, down, right) {
  const out = new Float64Array(SIDE * SIDE);
  for (let r = Math.max(0, down); r < Math.min(SIDE, SIDE + down); r++) {
    for (let c = Math.max(0, right); c < Math.min(SIDE, SIDE + right); c++) {
      out[r * SIDE + c] = image[r - down][c - right];
    }
  }
  return out;
}

/** Dónde tapa el cuadrado número (row, col). */
export const coverAt = (row, col) => ({
  row: row * COVER_STEP,
  col: col * COVER_STEP,
  rows: COVER,
  cols: COVER,
});

/** Los mismos píxeles con el cuadrado (row, col) en negro. */
export function covered(pixels, row, col) {
  const out = pixels.slice();
  const cover = coverAt(row, col);
  for (let r = cover.row; r < cover.row + COVER; r++) {
    out.fill(0, r * SIDE + cover.col, r * SIDE + cover.col + COVER);
  }
  return out;
}

/** Un brochazo de 3 × 3 alrededor de una celda. */
export const brushed = (image, [row, col], value) =>
  image.map((line, r) =>
    Math.abs(r - row) > 1 ? line : line.map((v, c) => (Math.abs(c - col) > 1 ? v : value)),
  );

/** Rellena lo que queda encerrado: lo negro a lo que no se llega desde el borde por lo negro. */
export function filledIn(image, value) {
  const [rows, cols] = shape(image);
  const outside = matrix(rows, cols, () => false);
  const pending = [];
  const visit = (r, c) => {
    if (image[r]?.[c] !== 0 || outside[r][c]) return;
    outside[r][c] = true;
    pending.push([r, c]);
  };
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < cols; c++) if (!r || !c || r === rows - 1 || c === cols - 1) visit(r, c);
  while (pending.length) {
    const [r, c] = pending.pop();
    for (const [i, j] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ])
      visit(r + i, c + j);
  }
  return matrix(rows, cols, (r, c) => (image[r][c] === 0 && !outside[r][c] ? value : image[r][c]));
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Una foto gris, matriz de 0 a 255, como las de Fashion-MNIST: resta el fondo, que se toma del borde, recorta
 * lo que queda, lo completa hasta un cuadrado, lo reduce a 28 × 28 y lleva lo más claro a 255. Son los pasos
 * de prepare_photo de course_utils; null si no se distingue nada del fondo.
 */
export function preparePhoto(gray) {
  const [height, width] = shape(gray);
  const border = [
    ...gray[0],
    ...gray.at(-1),
    ...gray.map((line) => line[0]),
    ...gray.map((line) => line.at(-1)),
  ];
  const background = median(border);
  const contrast = gray.map((line) => line.map((value) => Math.abs(value - background)));
  const threshold = Math.max(25, 0.2 * Math.max(...contrast.map((line) => Math.max(...line))));
  const rows = [...Array(height).keys()].filter((r) => contrast[r].some((value) => value > threshold));
  if (!rows.length) return null;
  const cols = [...Array(width).keys()].filter((c) => contrast.some((line) => line[c] > threshold));
  const [top, left] = [rows[0], cols[0]];
  const size = [rows.at(-1) - top + 1, cols.at(-1) - left + 1];
  const side = Math.max(...size);
  const start = size.map((n) => Math.floor((side - n) / 2));
  const garment = (r, c) => {
    const [y, x] = [r - start[0], c - start[1]];
    const value = y >= 0 && y < size[0] && x >= 0 && x < size[1] ? contrast[top + y][left + x] : 0;
    return value > threshold ? value : 0;
  };
  const small = reduced(garment, side);
  const brightest = Math.max(...small.flat());
  return small.map((line) => line.map((value) => Math.round((value * 255) / brightest)));
}

/** De un cuadrado de `side` píxeles a 28 × 28, con el promedio de los que caen en cada uno. */
function reduced(pixel, side) {
  const step = side / SIDE;
  const range = (i) => [Math.floor(i * step), Math.max(Math.floor(i * step) + 1, Math.floor((i + 1) * step))];
  return matrix(SIDE, SIDE, (r, c) => {
    const [[r0, r1], [c0, c1]] = [range(r), range(c)];
    let sum = 0;
    for (let y = r0; y < r1; y++) for (let x = c0; x < c1; x++) sum += pixel(y, x);
    return sum / ((r1 - r0) * (c1 - c0));
  });
}
