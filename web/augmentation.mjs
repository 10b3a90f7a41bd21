// Aumento de una imagen y de su máscara. Sin DOM.
// Cada transformación se prueba contra las capas de Keras (web/test/vectors.json).
import { clamp } from "./geometry.mjs";
import { mapped, matrix, shape, sum } from "./math.mjs";

/**
 * Lo que se sortea, por orden. Una tirada son sus valores: {flip, rows, cols, rotation, zoom, brightness,
 * contrast}, los números de las capas; filas y columnas son partes del lado, y el giro, de la vuelta.
 */
export const DRAWN = ["flip", "rows", "cols", "rotation", "zoom", "brightness", "contrast"];

/** La tirada que resulta de multiplicar cada fuerza por lo que ha salido, de −1 a 1. */
export function transformation({ flip, shift, ...forces }, draw) {
  const all = { ...forces, rows: shift, cols: shift };
  const pairs = DRAWN.map((name, i) => [name, name === "flip" ? flip && draw[i] > 0 : all[name] * draw[i]]);
  return Object.fromEntries(pairs);
}

/** La imagen cuyo píxel (x, y) sale del lugar `from(x, y)` de la de antes; lo que viene de fuera vale 0. */
function resampled(values, nearest, from) {
  const [rows, cols] = shape(values);
  const at = (r, c) => values[r]?.[c] ?? 0;
  return matrix(rows, cols, (r, c) => {
    const [x, y] = from(c, r);
    if (nearest) return at(Math.round(y), Math.round(x));
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [y - top, x - left];
    const between = (row) => (1 - right) * at(row, left) + right * at(row, left + 1);
    return (1 - down) * between(top) + down * between(top + 1);
  });
}

/**
 * Voltea, desplaza, gira y acerca, por ese orden, como las capas de Keras con fill_mode="constant": una
 * máscara, con el píxel más próximo (`nearest`); una imagen, entre los cuatro vecinos.
 */
export function move(values, { flip, rows, cols, rotation, zoom }, nearest) {
  const [height, width] = shape(values);
  const [cy, cx] = [(height - 1) / 2, (width - 1) / 2];
  const angle = 2 * Math.PI * rotation;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const steps = [
    (x, y) => [x - cols * width, y - rows * height],
    (x, y) => [cx + cos * (x - cx) - sin * (y - cy), cy + sin * (x - cx) + cos * (y - cy)],
    (x, y) => [cx + (1 + zoom) * (x - cx), cy + (1 + zoom) * (y - cy)],
  ];
  const start = flip ? values.map((line) => [...line].reverse()) : values;
  return steps.reduce((moved, from) => resampled(moved, nearest, from), start);
}

/** Cambia el brillo y después el contraste de una imagen de 0 a 1. */
export function light(image, { brightness, contrast }) {
  const lit = mapped(image, (v) => clamp(v + brightness, 0, 1));
  const mean = sum(lit) / lit.flat().length;
  return mapped(lit, (v) => clamp((v - mean) * (1 + contrast) + mean, 0, 1));
}

/** La imagen y la máscara aumentadas, cada una con su tirada. */
export const augment = (image, mask, ours, theirs) => ({
  image: light(move(image, ours, false), ours),
  mask: move(mask, theirs, true),
});

/** Parte de los píxeles de objeto, de una o de otra, en los que dos máscaras dicen la misma clase. */
export function agreement(right, mask) {
  const pairs = right.flatMap((line, r) => line.map((v, c) => [v, mask[r][c]])).filter(([a, b]) => a || b);
  return pairs.length ? pairs.filter(([a, b]) => a === b).length / pairs.length : 1;
}

const centred = (values) => {
  const mean = sum(values) / values.flat().length;
  return mapped(values, (v) => v - mean);
};
const norm = (values) => Math.hypot(...values.flat());

/** Suma de los productos de dos matrices iguales, con la segunda movida (down, right). */
function overlap(a, b, down, right) {
  let total = 0;
  for (let r = Math.max(0, down); r < Math.min(a.length, a.length + down); r++) {
    const [mine, theirs] = [a[r], b[r - down]];
    const end = Math.min(mine.length, mine.length + right);
    for (let c = Math.max(0, right); c < end; c++) total += mine[c] * theirs[c - right];
  }
  return total;
}

const REACH = 6; // píxeles que se prueba a mover el dibujo
const TURNS = [-20, -10, 0, 10, 20]; // y grados que se prueba a girarlo

/**
 * Cuánto se parece una imagen a un dibujo, de −1 a 1: su correlación con él un poco movido o girado, donde
 * mejor coinciden. No depende del brillo ni del contraste; 0 si la imagen es lisa.
 */
export function likeness(image, drawing) {
  const ours = centred(image);
  if (norm(ours) < 1e-6) return 0;
  const turned = (degrees) => ({ rows: 0, cols: 0, rotation: degrees / 360, zoom: 0 });
  const scores = TURNS.map((degrees) => {
    const theirs = centred(move(drawing, turned(degrees), false));
    let best = -Infinity;
    for (let down = -REACH; down <= REACH; down++) {
      for (let right = -REACH; right <= REACH; right++) {
        best = Math.max(best, overlap(ours, theirs, down, right));
      }
    }
    return best / (norm(ours) * norm(theirs));
  });
  return Math.max(...scores);
}
