// La escena que se edita: la misma pintura, número a número, que course_utils.datasets.drawn.edited_scene
// (web/test/segment_vectors.json). Sin DOM. Las imágenes son listas planas, por filas.
import { clamp } from "./geometry.mjs";

export const SIZE = 64;
export const OBJECTS = ["pelota", "caja", "cono", "aro"];
export const CLASSES = ["cielo", "hierba", "camino", ...OBJECTS];
export const FIRST_OBJECT = 3;
export const TURNS = 24;
/** Lo que había en las escenas con que se entrenó la red: radio de los objetos, luz y grano. */
export const SEEN = { radius: [6, 12], light: 25, noise: 11 };
const MIN_VISIBLE = 12; // píxeles
const PIXELS = SIZE * SIZE;
const [LAYOUT, CLOUDS, GRASS, GRAVEL, NOISE, COLOUR, PATTERN, SPECKLES, PLACES] = Array(9).keys();
const PALETTE = [120, 205, 150, 215, 165, 250, 65, 150, 100, 180, 40, 115, 95, 175, 90, 165, 80, 160];

/** Números de 0 a 1 que parecen al azar: el i-ésimo solo depende de `seed`, `series` e i. */
export function chances(seed, series, count) {
  const start = Math.imul(seed, 0x9e3779b1) + Math.imul(series, 0x85ebca77);
  return Float64Array.from({ length: count }, (_, i) => {
    let mixed = start + i;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  });
}

const between = (low, high, chance) => low + (high - low) * chance;
const whole = (low, high, chance) => Math.floor(between(low, high, chance));

/** Un punto (abajo, derecha) de la circunferencia. */
const direction = (t, sign) => [(sign * (1 - t * t)) / (1 + t * t), (sign * 2 * t) / (1 + t * t)];

/** Se acuerda de lo último que dio con los mismos argumentos: al arrastrar casi todo sigue igual. */
function remembering(fn, most) {
  const known = new Map();
  return (...given) => {
    const key = given.join();
    if (!known.has(key)) {
      if (known.size === most) known.delete(known.keys().next().value);
      known.set(key, fn(...given));
    }
    return known.get(key);
  };
}

/** Manchas suaves: una rejilla al azar de cells + 1 nudos de lado, interpolada. */
function smooth(seed, series, cells) {
  const grid = chances(seed, series, (cells + 1) ** 2).map((chance) => between(-1, 1, chance));
  const step = cells / SIZE;
  const image = new Float64Array(PIXELS);
  for (let r = 0; r < SIZE; r++) {
    const [i, down] = [Math.floor(r * step), r * step - Math.floor(r * step)];
    const line = Array.from({ length: cells + 1 }, (_, j) => {
      const above = grid[i * (cells + 1) + j];
      return above + down * (grid[(i + 1) * (cells + 1) + j] - above);
    });
    for (let c = 0; c < SIZE; c++) {
      const j = Math.floor(c * step);
      image[r * SIZE + c] = line[j] + (c * step - j) * (line[j + 1] - line[j]);
    }
  }
  return image;
}

/** El fondo sin luz ni grano, la región de cada píxel y la luz de arriba abajo. */
const background = remembering((seed) => {
  const given = chances(seed, LAYOUT, 17);
  const [horizon, tilt] = [SIZE * between(0.2, 0.5, given[0]), between(-0.12, 0.12, given[1])];
  const [vanishing, width] = [SIZE * between(0.2, 0.8, given[3]), SIZE * between(0.02, 0.06, given[4])];
  const [left, right] = [between(-0.2, 1, given[5]) + 0.15, between(-0.2, 1, given[6]) + 0.15];
  const colours = PALETTE.filter((_, i) => i % 2 === 0).map((low, i) =>
    whole(low, PALETTE[2 * i + 1], given[7 + i]),
  );
  const clouds = smooth(seed, CLOUDS, 5);
  const [grass, gravel] = [chances(seed, GRASS, PIXELS), chances(seed, GRAVEL, PIXELS / 4)];
  const [image, semantic] = [new Float64Array(3 * PIXELS), new Uint8Array(PIXELS)];
  for (let i = 0; i < PIXELS; i++) {
    const [r, c] = [Math.floor(i / SIZE), i % SIZE];
    const below = r + 0.5 - (horizon + tilt * (c + 0.5 - SIZE / 2));
    const onRoad = c + 0.5 > vanishing - width - left * below && c + 0.5 < vanishing + width + right * below;
    semantic[i] = below <= 0 ? 0 : given[2] < 0.85 && onRoad ? 2 : 1;
    const texture = [
      () => 38 * clouds[i] + 0.5 * below,
      () => whole(-26, 27, grass[i]),
      () => whole(-24, 25, gravel[(r >> 1) * (SIZE / 2) + (c >> 1)]),
    ][semantic[i]]();
    for (let k = 0; k < 3; k++) image[3 * i + k] = colours[3 * semantic[i] + k] + texture;
  }
  return { image, semantic, down: between(-0.25, 0.25, given[16]) };
}, 2);

/** Lo que suman los dos granos a cada canal. */
const grain = remembering((seed, noise) => {
  const given = chances(seed, NOISE, 6 * PIXELS);
  const one = (i) => Math.floor(given[i] * (2 * noise + 1)) - noise;
  return Float64Array.from({ length: 3 * PIXELS }, (_, i) => one(i) + one(i + 3 * PIXELS));
}, 2);

/** El dibujo de un objeto: liso, a rayas o moteado. */
const pattern = remembering((look) => {
  const given = chances(look, PATTERN, 5);
  const [style, contrast] = [Math.floor(3 * given[0]), between(20, 45, given[1])];
  if (style === 0) return new Float64Array(PIXELS);
  if (style === 2) return smooth(look, SPECKLES, 16).map((v) => contrast * v);
  const [down, right] = direction(between(-1, 1, given[2]), given[3] < 0.5 ? 1 : -1);
  const period = between(4, 7, given[4]);
  return Float64Array.from({ length: PIXELS }, (_, i) => {
    const wave = (down * (Math.floor(i / SIZE) + 0.5) + right * ((i % SIZE) + 0.5)) / period;
    return wave - Math.floor(wave) < 0.5 ? contrast : -contrast;
  });
}, 20);

/** Distancia con signo, negativa dentro, del punto (y, x) a cada figura. */
const DISTANCES = {
  pelota: (y, x, radius) => Math.sqrt(y * y + x * x) - radius,
  caja: (y, x, radius) => Math.max(Math.abs(y), Math.abs(x)) - 0.82 * radius,
  cono: (y, x, radius) =>
    Math.max(0.4472135954999579 * (2 * Math.abs(x) + y) - 0.46 * radius, -y - 0.85 * radius),
  aro: (y, x, radius) => Math.abs(Math.sqrt(y * y + x * x) - 0.72 * radius) - 0.28 * radius,
};

/** Llama a fn(píxel, distancia) con los píxeles que un objeto cubre, aunque sea en parte. */
function eachCovered({ kind, row, col, radius, turn }, fn) {
  const [down, right] = direction((turn % (TURNS / 2)) / (TURNS / 4) - 1, turn < TURNS / 2 ? 1 : -1);
  const reach = 1.2 * radius + 2;
  const [top, bottom] = [row - reach, row + reach].map((v) => clamp(Math.round(v), 0, SIZE));
  const [first, last] = [col - reach, col + reach].map((v) => clamp(Math.round(v), 0, SIZE));
  for (let r = top; r < bottom; r++) {
    for (let c = first; c < last; c++) {
      const [y, x] = [r + 0.5 - row, c + 0.5 - col];
      const distance = DISTANCES[kind](down * y + right * x, down * x - right * y, radius);
      if (distance < 0.5) fn(r * SIZE + c, distance);
    }
  }
}

function paintObject(image, one) {
  const colour = chances(one.color, COLOUR, 3).map((chance) => whole(35, 226, chance));
  const drawn = pattern(one.look);
  eachCovered(one, (i, distance) => {
    const cover = clamp(0.5 - distance, 0, 1);
    const shade = 1 - 0.35 * clamp(distance + 2.2, 0, 1);
    for (let k = 3 * i; k < 3 * i + 3; k++)
      image[k] += cover * ((colour[k - 3 * i] + drawn[i]) * shade - image[k]);
  });
}

/**
 * Pinta una escena: `image`, de 0 a 255; `semantic`, la clase de cada píxel; `owner`, el objeto de cada
 * píxel, contado desde 1, o 0; y la verdad, { ids, classes }, con los objetos que se ven lo bastante.
 */
export function paintScene({ objects, seed, light, noise }) {
  const { image: regions, semantic: base, down } = background(seed);
  const [image, semantic, owner] = [regions.slice(), base.slice(), new Uint8Array(PIXELS)];
  for (const one of [...objects].reverse()) paintObject(image, one);
  const [grains, half] = [grain(seed, noise), SIZE / 2];
  for (let i = 0; i < PIXELS; i++) {
    const [y, x] = [Math.floor(i / SIZE) + 0.5 - half, (i % SIZE) + 0.5 - half];
    const lit = 1 + (down * y) / half + ((light / 100) * x) / half;
    for (let k = 3 * i; k < 3 * i + 3; k++) image[k] = image[k] * lit + grains[k];
  }
  const truth = { ids: new Uint8Array(PIXELS), classes: [] };
  objects.forEach((one, number) => {
    const seen = [];
    eachCovered(one, (i, distance) => distance < 0 && !owner[i] && seen.push(i));
    const kind = FIRST_OBJECT + OBJECTS.indexOf(one.kind);
    if (seen.length >= MIN_VISIBLE) truth.classes.push(kind);
    for (const i of seen) {
      owner[i] = number + 1;
      semantic[i] = kind;
      if (seen.length >= MIN_VISIBLE) truth.ids[i] = truth.classes.length;
    }
  });
  return { image: Uint8Array.from(image, (v) => clamp(v, 0, 255)), semantic, owner, truth };
}

/** Un objeto nuevo, sin decidir dónde: `chance()` da un número al azar de 0 a 1. */
export const randomObject = (chance) => ({
  kind: OBJECTS[whole(0, OBJECTS.length, chance())],
  row: Math.round(SIZE * between(0.1, 0.9, chance())),
  col: Math.round(SIZE * between(0.1, 0.9, chance())),
  radius: whole(7, 12, chance()),
  turn: whole(0, TURNS, chance()),
  color: whole(0, 1000, chance()),
  look: whole(0, 1000, chance()),
});

/** Pega `one` a `other`, a menudo con su clase y su color, como las escenas con que se entrenó. */
function beside(one, other, chance) {
  const same = chance() < 0.7 ? { kind: other.kind } : {};
  if (same.kind && chance() < 0.6) same.color = other.color;
  const step = between(0.75, 1.05, chance()) * (other.radius + one.radius);
  const [down, right] = direction(between(-1, 1, chance()), chance() < 0.5 ? 1 : -1);
  const at = (v) => Math.round(clamp(v, 0.08 * SIZE, 0.92 * SIZE));
  return { ...one, ...same, row: at(other.row + step * down), col: at(other.col + step * right) };
}

/** Una escena al azar, colocada como las que la red ha visto: { objects, seed, light, noise }. */
export function randomScene(seed) {
  const numbers = chances(seed, PLACES, 400).values();
  const chance = () => numbers.next().value;
  const wanted = whole(3, 8, chance());
  const objects = [];
  const taken = new Uint8Array(PIXELS);
  for (let tries = 0; tries < 2 * wanted && objects.length < wanted; tries++) {
    let one = randomObject(chance);
    if (objects.length && chance() < 0.7)
      one = beside(one, objects[whole(0, objects.length, chance())], chance);
    const area = [];
    eachCovered(one, (i, distance) => distance < 0 && area.push(i));
    const seen = area.filter((i) => !taken[i]);
    if (seen.length < Math.max(0.55 * area.length, PIXELS / 140)) continue;
    for (const i of seen) taken[i] = 1;
    objects.push(one);
  }
  return { objects, seed, light: Math.round(between(-25, 25, chance())), noise: SEEN.noise };
}
