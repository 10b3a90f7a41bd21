// Geometría de las cuadrículas, sin DOM.

/** El valor, o el límite por el que se pasa. */
export const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** La celda, o la más cercana de la cuadrícula. */
export const clampCell = ([row, col], rows, cols) => [clamp(row, 0, rows - 1), clamp(col, 0, cols - 1)];

/** Celda [fila, columna] de una posición contada por filas; si se pasa, la última. */
export function cellOf(position, rows, cols) {
  const last = Math.min(position, rows * cols - 1);
  return [Math.floor(last / cols), last % cols];
}

/** La misma celda vista desde una cuadrícula de rows × cols que empieza en (top, left); null si cae fuera. */
export function cellFrom([row, col], top, left, rows, cols) {
  const [r, c] = [row - top, col - left];
  return r >= 0 && r < rows && c >= 0 && c < cols ? [r, c] : null;
}

/** Celda bajo el punto (x, y) de un rectángulo de width × height; siempre dentro de la cuadrícula. */
export const cellAt = (x, y, width, height, rows, cols) =>
  clampCell([Math.floor((y / height) * rows), Math.floor((x / width) * cols)], rows, cols);

/** Celdas de la recta entre dos celdas, sin repetir la primera: un arrastre rápido no deja huecos. */
export function cellsBetween([r0, c0], [r1, c1]) {
  const steps = Math.max(Math.abs(r1 - r0), Math.abs(c1 - c0));
  return Array.from({ length: steps }, (_, i) => {
    const t = (i + 1) / steps;
    return [Math.round(r0 + (r1 - r0) * t), Math.round(c0 + (c1 - c0) * t)];
  });
}

/** Camino SVG de las líneas interiores y del borde de una cuadrícula de celdas de lado 1. */
export function gridLines(rows, cols) {
  let path = "";
  for (let r = 0; r <= rows; r++) path += `M0 ${r}H${cols}`;
  for (let c = 0; c <= cols; c++) path += `M${c} 0V${rows}`;
  return path;
}

/**
 * Camino SVG del contorno de las regiones: los lados entre celdas de número distinto; fuera es 0, el fondo.
 */
export function outline(values) {
  const at = (r, c) => values[r]?.[c] ?? 0;
  let path = "";
  for (let r = 0; r <= values.length; r++) {
    for (let c = 0; c <= values[0].length; c++) {
      if (at(r - 1, c) !== at(r, c)) path += `M${c} ${r}h1`;
      if (at(r, c - 1) !== at(r, c)) path += `M${c} ${r}v1`;
    }
  }
  return path;
}

/** Celda vecina según la tecla, o null si la tecla no mueve. */
export function moveCell([row, col], key, rows, cols) {
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, cols - 1];
  if (!(key in moves)) return null;
  const [dr, dc] = moves[key];
  return clampCell([row + dr, col + dc], rows, cols);
}
