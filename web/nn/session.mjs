// Un entrenamiento que avanza a trozos, se para y sigue: lo que hace el Worker. Sin DOM.
import { random } from "./basics.mjs";
import { shuffled, trainable } from "./training.mjs";

export const TRAIN = 1000; // imágenes para aprender; las demás son de prueba
export const TEST = 200;
export const EPOCHS = 8;
export const DISTANCES = [0, 1, 2, 3, 4]; // píxeles
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const BATCH = 25;
const STEPS = 4; // lotes entre dos avisos
export const POINTS = TRAIN / BATCH / STEPS; // avisos por época
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const CLASSES = 10;

/** Las capas de cada red. */
export function networkLayers(kind, { filters, kernel_size, hidden }) {
  if (kind === "dense") {
    return [
      { kind: "Flatten" },
      { kind: "Dense", units: hidden },
      { kind: "ReLU" },
      { kind: "Dense", units: CLASSES },
    ];
  }
  const block = (count) => [
    { kind: "Conv2D", filters: count, kernel_size, padding: "same" },
    { kind: "ReLU" },
    { kind: "MaxPooling2D", pool_size: 2 },
  ];
  return [...block(filters), ...block(2 * filters), { kind: "Flatten" }, { kind: "Dense", units: CLASSES }];
}

/** Parámetros de cada red, sin construirla. */
export function parameterCount(kind, { filters, kernel_size, hidden }) {
  if (kind === "dense") return (PIXELS + 1) * hidden + (hidden + 1) * CLASSES;
  const conv = (inputs, outputs) => (kernel_size ** 2 * inputs + 1) * outputs;
  return conv(1, filters) + conv(filters, 2 * filters) + (49 * 2 * filters + 1) * CLASSES;
}

/** Imágenes de un lote, de 0 a 1, movidas (down, right) píxeles. */
function batchOf(images, indices, [down, right] = [0, 0]) {
  const out = new Float64Array(indices.length * PIXELS);
  indices.forEach((index, n) => {
    for (let r = Math.max(0, down); r < Math.min(SIDE, SIDE + down); r++) {
      for (let c = Math.max(0, right); c < Math.min(SIDE, SIDE + right); c++) {
        const from = index * PIXELS + (r - down) * SIDE + c - right;
        out[n * PIXELS + r * SIDE + c] = images[from] / 255;
      }
    }
  });
  return out;
}

/**
 * Una red y sus datos: TRAIN + TEST imágenes seguidas, cuya clase es su número entre 10. La misma semilla da
 * los mismos pesos, el mismo orden y la misma curva.
 */
export function makeSession({ kind, images, seed, rate, ...sizes }) {
  const network = trainable(networkLayers(kind, sizes), [SIDE, SIDE, 1], {
    seed,
    optimizer: { kind: "adam", rate },
  });
  const next = random(seed + 1000);
  let [order, epoch, at] = [null, 0, 0];
  const accuracy = (shift) => {
    let hits = 0;
    for (let start = TRAIN; start < TRAIN + TEST; start += BATCH) {
      const indices = Array.from({ length: BATCH }, (_, i) => start + i);
      const scores = network.score(batchOf(images, indices, shift), BATCH);
      indices.forEach((index, n) => {
        const own = scores.subarray(n * CLASSES, (n + 1) * CLASSES);
        hits += own.indexOf(Math.max(...own)) === index % CLASSES;
      });
    }
    return hits / TEST;
  };
  return {
    parameters: network.parameters,
    finished: () => epoch === EPOCHS,
    /** Los pesos de la primera capa que los tiene: {values, shape}, como mapas. */
    firstWeights() {
      const [kernel, bias] = network.layers.find(({ weights }) => weights.length).weights;
      const maps = bias.values.length;
      const side = Math.sqrt(kernel.values.length / maps);
      return { values: Float32Array.from(kernel.values), shape: [side, side, maps] };
    },
    /** Unos lotes más: pérdida media y, al acabar una época, aciertos de prueba. */
    advance() {
      order ??= shuffled(TRAIN, next);
      let loss = 0;
      for (let i = 0; i < STEPS; i++, at += BATCH) {
        const indices = Array.from(order.subarray(at, at + BATCH));
        const labels = indices.map((index) => index % CLASSES);
        loss += network.step(batchOf(images, indices), labels).loss / STEPS;
      }
      if (at < TRAIN) return { loss };
      [order, at] = [null, 0];
      epoch++;
      return { loss, accuracy: accuracy() };
    },
    /** Aciertos de prueba con las prendas movidas esa distancia: media de las cuatro direcciones. */
    shifted(distance) {
      if (!distance) return accuracy();
      const found = DIRECTIONS.map(([down, right]) => accuracy([down * distance, right * distance]));
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    },
  };
}
