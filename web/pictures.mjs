// Imágenes dibujadas para las figuras, en grises de 0 (negro) a 1 (blanco). Sin DOM.
import { matrix } from "./math.mjs";

const bitmap = (...lines) => lines.map((line) => [...line].map((mark) => (mark === "#" ? 1 : 0)));

/** Casa con sol y árbol, de n × n píxeles: bordes en todas las direcciones y zonas lisas. */
export function house(n = 64) {
  return matrix(n, n, (r, c) => {
    const y = (r + 0.5) / n;
    const x = (c + 0.5) / n;
    if (Math.hypot(x - 0.18, y - 0.2) < 0.1) return 1;
    if (x > 0.42 && x < 0.54 && y > 0.68 && y < 0.9) return 0.1;
    const pane = (x > 0.62 && x < 0.74) || (x > 0.28 && x < 0.36);
    if (pane && y > 0.58 && y < 0.7) return Math.abs(x - 0.68) < 0.012 ? 0.3 : 0.95;
    if (x > 0.24 && x < 0.78 && y > 0.5 && y < 0.9) return 0.62;
    if (y > 0.26 && y <= 0.5 && Math.abs(x - 0.51) < (y - 0.24) * 1.25) return 0.25;
    if (x > 0.66 && x < 0.72 && y > 0.22 && y < 0.4) return 0.4;
    if (Math.hypot(x - 0.9, (y - 0.62) * 0.8) < 0.09) return 0.2 + 0.12 * ((r + c) % 2);
    if (Math.abs(x - 0.9) < 0.015 && y > 0.6 && y < 0.9) return 0.05;
    if (y >= 0.9) return 0.32 + 0.1 * ((c * 5 + r * 3) % 4 === 0);
    return Math.round((0.85 - 0.3 * y) * 100) / 100;
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
