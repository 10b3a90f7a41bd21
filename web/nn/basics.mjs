// Lo que comparten ejecutar y entrenar una red: azar, probabilidades y ventanas. Sin DOM.
import { outputSize, resolvePadding } from "../math.mjs";

/** Números al azar de 0 a 1, siempre los mismos para la misma semilla (mulberry32). */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Probabilidades a partir de puntuaciones. */
export function softmax(scores) {
  const top = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Cómo recorre una ventana una imagen: kernel, pasos, relleno de antes y tamaño de la salida. */
export function sliding([rows, cols], kernel, steps, padding) {
  const pads = [rows, cols].map((n, axis) => resolvePadding(padding, n, kernel[axis], steps[axis]));
  const size = [rows, cols].map((n, axis) => outputSize(n, kernel[axis], steps[axis], ...pads[axis]));
  return { kernel, steps, pads: pads.map(([before]) => before), size };
}
