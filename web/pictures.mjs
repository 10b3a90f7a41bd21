// Imágenes dibujadas para las figuras, en grises de 0 (negro) a 1 (blanco). Sin DOM.
import { matrix } from "./math.mjs";

const bitmap = (...lines) => lines.map((line) => [...line].map((mark) => (mark === "#" ? 1 : 0)));

const between = (value, least, most) => value > least && value < most;
const inCircle = (x, y, radius) => Math.hypot(x, y) < radius;

// La casa, pieza a pieza: dónde está (x, y de 0 a 1) y su gris; en cada píxel se ve la primera que lo cubre.
const HOUSE = [
  [(x, y) => inCircle(x - 0.18, y - 0.2, 0.1), () => 1], // sol
  [(x, y) => between(x, 0.42, 0.54) && between(y, 0.68, 0.9), () => 0.1], // puerta
  [
    (x, y) => between(x, 0.62, 0.74) && between(y, 0.58, 0.7),
    (x) => (Math.abs(x - 0.68) < 0.012 ? 0.3 : 0.95),
  ],
  [(x, y) => between(x, 0.28, 0.36) && between(y, 0.58, 0.7), () => 0.95], // la otra ventana
  [(x, y) => between(x, 0.24, 0.78) && between(y, 0.5, 0.9), () => 0.62], // pared
  [(x, y) => y > 0.26 && y <= 0.5 && Math.abs(x - 0.51) < (y - 0.24) * 1.25, () => 0.25], // tejado
  [(x, y) => between(x, 0.66, 0.72) && between(y, 0.22, 0.4), () => 0.4], // chimenea
  [(x, y) => inCircle(x - 0.9, (y - 0.62) * 0.8, 0.09), (_x, _y, r, c) => 0.2 + 0.12 * ((r + c) % 2)], // copa
  [(x, y) => Math.abs(x - 0.9) < 0.015 && between(y, 0.6, 0.9), () => 0.05], // tronco
  [(_, y) => y >= 0.9, (_x, _y, r, c) => 0.32 + 0.1 * ((c * 5 + r * 3) % 4 === 0)], // hierba
  [() => true, (_, y) => Math.round((0.85 - 0.3 * y) * 100) / 100], // cielo
];

/** Casa con sol y árbol, de n × n píxeles: bordes en todas las direcciones y zonas lisas. */
export function house(n = 64) {
  return matrix(n, n, (r, c) => {
    const [x, y] = [(c + 0.5) / n, (r + 0.5) / n];
    const [, grey] = HOUSE.find(([covers]) => covers(x, y));
    return grey(x, y, r, c);
  });
}

export const pictures = {
  square: {
    label: "Cuadrado",
    make: () =>
      bitmap("........", "........", "..####..", "..####..", "..####..", "..####..", "........", "........"),
  },
  letter: {
    label: "Letra E",
    make: () =>
      bitmap("........", ".######.", ".#......", ".####...", ".#......", ".#......", ".######.", "........"),
  },
  diagonal: {
    label: "Diagonal",
    make: () =>
      bitmap("#.......", "##......", ".##.....", "..##....", "...##...", "....##..", ".....##.", "......##"),
  },
  ramp: { label: "Rampa", make: () => matrix(8, 8, (_, c) => Math.round((c / 7) * 10) / 10) },
  empty: { label: "Lienzo vacío", make: () => matrix(8, 8, () => 0) },
  house: { label: "Casa (64 × 64)", make: () => house(64) },
};

/** Trazos de grosor `thick` por los puntos [x, y] de cada línea, de n × n píxeles y con los bordes suaves. */
function strokes(n, thick, ...lines) {
  const near = (x, y, [x0, y0], [x1, y1]) => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
  };
  return matrix(n, n, (r, c) => {
    const away = lines.flatMap((line) => line.slice(1).map((end, i) => near(c, r, line[i], end)));
    return Math.round(100 * Math.min(1, Math.max(0, thick + 0.5 - Math.min(...away)))) / 100;
  });
}

const ring = (x, y, radius) =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = (i * Math.PI) / 8;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
const rotated = (image) => [...image].reverse().map((line) => [...line].reverse());
const transposed = (image) => image[0].map((_, c) => image.map((line) => line[c]));
const mirrored = (image) => image.map((line) => [...line].reverse());

const SIX = strokes(28, 1.4, ring(13.5, 17, 4.5), [
  [17.5, 6],
  [14, 7],
  [11, 10],
  [9, 17],
]);
const ARROW = strokes(
  28,
  1.4,
  [
    [5, 13.5],
    [22, 13.5],
  ],
  [
    [15.5, 7],
    [22, 13.5],
    [15.5, 20],
  ],
);

/** Dibujos de una clase y aquellos con los que se puede confundir al aumentarlo, con su nombre. */
export const signs = {
  six: {
    label: "Un 6",
    image: SIX,
    name: "un 6",
    others: {
      "un 9": rotated(SIX),
      "un 6 en un espejo": mirrored(SIX),
      "un 9 en un espejo": [...SIX].reverse(),
    },
  },
  arrow: {
    label: "Flecha a la derecha",
    image: ARROW,
    name: "una flecha a la derecha",
    others: {
      "una flecha a la izquierda": mirrored(ARROW),
      "una flecha hacia abajo": transposed(ARROW),
      "una flecha hacia arriba": [...transposed(ARROW)].reverse(),
    },
  },
};
