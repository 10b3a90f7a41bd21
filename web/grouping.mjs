// De lo que la red dice de cada píxel a objetos: componentes conexas, cuenca y votos. Sin DOM.
// Es course_utils.segmentation.grouping, con lo que allí hace scikit-image (web/test/segment_vectors.json).
// Los mapas son listas planas, por filas; unos objetos son { ids, classes, scores }, con los ids de 1 en
// adelante.

export const OFFSET_SCALE = 8; // píxeles: la red da los desplazamientos divididos entre esto
const CENTER_SIGMA = 2;
const MIN_CENTER = 0.2;
const MIN_AREA = 12;
const SIDES = [
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 0],
];
const CORNERS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

/**
 * Lo que la red da de cada píxel, ya en probabilidades y píxeles: { width, kinds, probabilities, classes,
 * center, offsets }. `output` son puntuaciones: las de las clases, la mancha y los dos desplazamientos.
 */
export function pixelMaps(output, width, kinds) {
  const pixels = output.length / (kinds + 3);
  const [probabilities, classes] = [new Float64Array(pixels * kinds), new Uint8Array(pixels)];
  const [center, offsets] = [new Float64Array(pixels), new Float64Array(2 * pixels)];
  for (let i = 0; i < pixels; i++) {
    const scores = output.subarray(i * (kinds + 3), i * (kinds + 3) + kinds);
    const top = Math.max(...scores);
    const powers = Array.from(scores, (score) => Math.exp(score - top));
    const total = powers.reduce((a, b) => a + b);
    powers.forEach((power, k) => {
      probabilities[i * kinds + k] = power / total;
    });
    classes[i] = scores.indexOf(top);
    const [spot, down, right] = output.subarray(i * (kinds + 3) + kinds, (i + 1) * (kinds + 3));
    center[i] = 1 / (1 + Math.exp(-spot));
    offsets[2 * i] = OFFSET_SCALE * down;
    offsets[2 * i + 1] = OFFSET_SCALE * right;
  }
  return { width, kinds, probabilities, classes, center, offsets };
}

/** Los vecinos de un píxel que caen dentro de la imagen. */
function neighbours(i, steps, { width, center }) {
  const [row, col] = [Math.floor(i / width), i % width];
  return steps
    .filter(([down, right]) => col + right >= 0 && col + right < width && row + down >= 0)
    .map(([down, right]) => (row + down) * width + col + right)
    .filter((j) => j < center.length);
}

/** Los máximos del mapa de centros, del más alto al más bajo; de dos pegados queda el primero. */
export function findCenters(maps) {
  const { width, center } = maps;
  const around = [-2, -1, 0, 1, 2].flatMap((down) => [-2, -1, 0, 1, 2].map((right) => [down, right]));
  if (center.every((v) => v === center[0])) return [];
  const tops = [...center.keys()].filter(
    (i) => center[i] > MIN_CENTER && neighbours(i, around, maps).every((j) => center[j] <= center[i]),
  );
  tops.sort((a, b) => center[b] - center[a]); // estable
  const apart = (i, j) =>
    Math.abs((i % width) - (j % width)) > 1 || Math.abs(Math.floor(i / width) - Math.floor(j / width)) > 1;
  const kept = [];
  for (const i of tops) if (kept.every((j) => apart(i, j))) kept.push(i);
  return kept;
}

/** Quita los objetos de menos de MIN_AREA píxeles y numera los demás sin saltos. */
function largeEnough(ids) {
  const areas = [];
  for (const id of ids) areas[id] = (areas[id] ?? 0) + 1;
  let count = 0;
  const names = Array.from(areas, (area, id) => (id && area >= MIN_AREA ? ++count : 0));
  return { ids: Uint16Array.from(ids, (id) => names[id]), count };
}

/** Un objeto por mancha de píxeles de una clase que se tocan, también por una esquina. */
export function connectedInstances(maps, first) {
  const { classes, kinds, probabilities } = maps;
  const pieces = new Uint16Array(classes.length);
  let pieceCount = 0;
  classes.forEach((kind, start) => {
    if (kind < first || pieces[start]) return;
    const waiting = [start];
    pieces[start] = ++pieceCount;
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      for (const j of neighbours(i, [...SIDES, ...CORNERS], maps)) {
        if (pieces[j] || classes[j] !== kind) continue;
        pieces[j] = pieceCount;
        waiting.push(j);
      }
    }
  });
  const { ids, count } = largeEnough(pieces);
  const found = Array.from({ length: count }, () => ({ area: 0, sure: 0 }));
  ids.forEach((id, i) => {
    if (!id) return;
    const one = found[id - 1];
    one.kind = classes[i];
    one.area++;
    one.sure += probabilities[i * kinds + classes[i]];
  });
  return { ids, classes: found.map(({ kind }) => kind), scores: found.map(({ sure, area }) => sure / area) };
}

/**
 * Un objeto por centro: el mapa de centros, al revés, se inunda desde cada máximo. La marca que cae fuera de
 * los objetos, como la de un aro, pasa al píxel de objeto más próximo.
 */
export function watershedInstances(maps, first) {
  const { width, center, classes } = maps;
  const flooded = new Uint16Array(center.length);
  const places = [...classes.keys()].filter((i) => classes[i] >= first);
  const points = places.map((i) => [Math.floor(i / width), i % width]);
  findCenters(maps).forEach((i, number) => {
    const place = places[nearest([Math.floor(i / width), i % width], points)[0]];
    if (place !== undefined) flooded[place] ||= number + 1; // de dos en un píxel, queda la más alta
  });
  const waiting = [...flooded.keys()].filter((i) => flooded[i]).map((i) => ({ i, age: 0 }));
  const sooner = (a, b) => center[a.i] - center[b.i] || b.age - a.age;
  let age = 0;
  while (waiting.length) {
    const next = waiting.reduce((best, one, at) => (sooner(one, waiting[best]) > 0 ? at : best), 0);
    const [{ i }] = waiting.splice(next, 1);
    for (const j of neighbours(i, SIDES, maps)) {
      if (flooded[j] || classes[j] < first) continue;
      flooded[j] = flooded[i];
      waiting.push({ i: j, age: ++age });
    }
  }
  return describe(flooded, maps, first);
}

/** Un objeto por centro: cada píxel vota dónde está el suyo, y el centro se mueve a la media de sus votos. */
export function votedInstances(maps, first) {
  const { width, classes, offsets } = maps;
  const centers = findCenters(maps).map((i) => [Math.floor(i / width), i % width]);
  const ids = new Uint16Array(classes.length);
  const agreement = new Float64Array(classes.length).fill(1);
  const voters = [...classes.keys()].filter((i) => centers.length && classes[i] >= first);
  const votes = voters.map((i) => [Math.floor(i / width) + offsets[2 * i], (i % width) + offsets[2 * i + 1]]);
  const sums = centers.map(() => [0, 0, 0]);
  for (const vote of votes) {
    const sum = sums[nearest(vote, centers)[0]];
    sum[0] += vote[0];
    sum[1] += vote[1];
    sum[2]++;
  }
  const moved = sums.map(([row, col, n], k) => (n ? [row / n, col / n] : centers[k]));
  voters.forEach((i, v) => {
    const [k, distance] = nearest(votes[v], moved);
    ids[i] = k + 1;
    agreement[i] = Math.exp(-distance / (2 * CENTER_SIGMA ** 2));
  });
  return describe(ids, maps, first, agreement);
}

/** De una lista de sitios, cuál es el más próximo a uno y el cuadrado de su distancia. */
function nearest([row, col], centers) {
  let [best, least] = [0, Infinity];
  centers.forEach(([r, c], k) => {
    const distance = (row - r) ** 2 + (col - c) ** 2;
    if (distance < least) [best, least] = [k, distance];
  });
  return [best, least];
}

/** Clase y confianza de cada objeto: la clase más probable en sus píxeles, y cuánto. */
function describe(groups, { kinds, probabilities }, first, agreement) {
  const { ids, count } = largeEnough(groups);
  const found = Array.from({ length: count }, () => ({ area: 0, agreed: 0, sums: Array(kinds).fill(0) }));
  ids.forEach((id, i) => {
    if (!id) return;
    const one = found[id - 1];
    one.area++;
    one.agreed += agreement?.[i] ?? 1;
    one.sums.forEach((_, k) => {
      one.sums[k] += probabilities[i * kinds + k];
    });
  });
  const classes = found.map(({ sums }) => sums.indexOf(Math.max(...sums.slice(first)), first));
  const scores = found.map(({ area, agreed, sums }, k) => ((sums[classes[k]] / area) * agreed) / area);
  return { ids, classes, scores };
}
