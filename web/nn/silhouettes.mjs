// Prendas dibujadas, para entrenar cuando no llegan las de verdad: siluetas con sitio, tamaño, brillo y
// ruido al azar. Sin DOM.
import { random } from "./basics.mjs";

const SIDE = 28;
const NOISE = 24; // niveles de gris

/** Cuerpo y mangas de una prenda de arriba: hasta dónde llegan la manga y el bajo, y el ancho del cuerpo. */
const top = (sleeve, hem, half) => [
  [0.5 - half, 0.12, 0.5 + half, 0.12, 0.5 + half, hem, 0.5 - half, hem],
  [0.5 - half, 0.12, 0.5 - half, 0.32, 0.3 - half, sleeve, 0.22 - half, sleeve - 0.06],
  [0.5 + half, 0.12, 0.5 + half, 0.32, 0.7 + half, sleeve, 0.78 + half, sleeve - 0.06],
];
/** Un zapato: la caña sube hasta `shaft` y el tacón mide `heel`. */
const shoe = (shaft, heel) => [
  [
    0.06,
    0.72,
    0.5,
    0.5,
    0.55,
    shaft,
    0.9,
    shaft,
    0.92,
    0.78 + heel,
    0.78,
    0.78 + heel,
    0.74,
    0.78,
    0.06,
    0.78,
  ],
];
// En el orden de Fashion-MNIST; cada polígono, como x, y, x, y… de 0 a 1.
const GARMENTS = [
  top(0.4, 0.88, 0.2),
  [
    [0.36, 0.06, 0.64, 0.06, 0.66, 0.3, 0.34, 0.3],
    [0.34, 0.3, 0.48, 0.3, 0.45, 0.95, 0.33, 0.95],
    [0.52, 0.3, 0.66, 0.3, 0.67, 0.95, 0.55, 0.95],
  ],
  top(0.82, 0.86, 0.19),
  [[0.42, 0.05, 0.58, 0.05, 0.6, 0.4, 0.72, 0.95, 0.28, 0.95, 0.4, 0.4]],
  [...top(0.86, 0.97, 0.17), [0.44, 0.02, 0.56, 0.02, 0.62, 0.14, 0.38, 0.14]],
  [
    [0.05, 0.76, 0.95, 0.68, 0.95, 0.76, 0.05, 0.82],
    [0.3, 0.74, 0.46, 0.5, 0.52, 0.52, 0.4, 0.74],
    [0.7, 0.7, 0.86, 0.36, 0.92, 0.38, 0.82, 0.7],
  ],
  [...top(0.7, 0.92, 0.18), [0.44, 0.06, 0.5, 0.16, 0.56, 0.06, 0.6, 0.14, 0.4, 0.14]],
  shoe(0.46, 0),
  [
    [0.12, 0.4, 0.88, 0.4, 0.94, 0.9, 0.06, 0.9],
    [0.32, 0.4, 0.36, 0.16, 0.64, 0.16, 0.68, 0.4, 0.62, 0.4, 0.58, 0.22, 0.42, 0.22, 0.38, 0.4],
  ],
  shoe(0.14, 0.1),
];

/** ¿Está el punto dentro del polígono? */
function inside(polygon, x, y) {
  let found = false;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) found = !found;
  }
  return found;
}

function draw(pixels, polygons, next) {
  const between = (least, most) => least + (most - least) * next();
  const [width, height] = [between(0.7, 1), between(0.7, 1)];
  const [right, down, lean] = [between(-0.08, 0.08), between(-0.08, 0.08), between(-0.15, 0.15)];
  const tone = between(110, 255);
  for (let r = 0; r < SIDE; r++) {
    for (let c = 0; c < SIDE; c++) {
      const [dx, dy] = [(c + 0.5) / SIDE - 0.5 - right, (r + 0.5) / SIDE - 0.5 - down];
      const [x, y] = [dx / width + lean * dy + 0.5, dy / height + 0.5];
      const cloth = polygons.some((polygon) => inside(polygon, x, y));
      pixels[r * SIDE + c] = Math.min(255, Math.max(0, (cloth ? tone : 0) + between(-NOISE, NOISE)));
    }
  }
}

/** `count` prendas de 28 × 28, de 0 a 255, seguidas; la clase de la número i es i % 10. */
export function silhouettes(count, seed) {
  const next = random(seed);
  const images = new Uint8Array(count * SIDE * SIDE);
  for (let i = 0; i < count; i++) draw(images.subarray(i * SIDE * SIDE), GARMENTS[i % 10], next);
  return images;
}
