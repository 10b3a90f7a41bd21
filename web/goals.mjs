// Los retos de las figuras se juzgan por lo que hacen sobre imágenes de prueba, no por sus valores. Un
// veredicto es {done, reason, values}: `reason`, el nombre de su frase, que está en la clase de Python de la
// figura; `values`, lo que va en sus huecos. Sin DOM.
import { conv2d, convChannels, matrix, outputSize, resolvePadding, shift, sum, usageMap } from "./math.mjs";
import { distance } from "./optimization.mjs";
import { count, number, percent, perHundred } from "./ui/numbers.mjs";

const SIDE = 11;
const STEP_DOWN = matrix(SIDE, SIDE, (r) => (r < 5 ? 0 : 1)); // un borde horizontal
const STEP_RIGHT = matrix(SIDE, SIDE, (_, c) => (c < 5 ? 0 : 1)); // un borde vertical
const FLAT = matrix(SIDE, SIDE, () => 1);
const SCATTER = matrix(SIDE, SIDE, (r, c) => ((r * 7 + c * 3) % 5) / 4); // sin simetrías ni zonas lisas
const EPSILON = 1e-6;

const strength = (kernel, image) => Math.max(...conv2d(image, kernel).flat().map(Math.abs));
const isZero = (value) => Math.abs(value) < EPSILON;
const pass = (reason, values) => ({ done: true, reason, values });
const fail = (reason, values) => ({ done: false, reason, values });

function edges(kernel, wanted, other, names) {
  const [sought, others, line] = names;
  if (isZero(strength(kernel, wanted))) return fail("no_edges", { sought });
  if (!isZero(strength(kernel, FLAT))) return fail("flat_answers");
  if (!isZero(strength(kernel, other))) return fail("other_edges", { others, line });
  return pass("only_edges", { sought });
}

/** ¿conv2d(imagen, kernel) es `expected` lejos del borde? Solo con kernel de lado impar. */
function behavesAs(kernel, expected) {
  if (kernel.length % 2 === 0 || kernel[0].length % 2 === 0) return false;
  const [kr, kc] = [(kernel.length - 1) / 2, (kernel[0].length - 1) / 2];
  const output = conv2d(SCATTER, kernel);
  return output.every((line, r) => line.every((v, c) => isZero(v - expected[r + kr][c + kc])));
}

export const kernelGoals = {
  vertical_edges: (kernel) => edges(kernel, STEP_RIGHT, STEP_DOWN, ["verticales", "horizontales", "fila"]),
  horizontal_edges: (kernel) =>
    edges(kernel, STEP_DOWN, STEP_RIGHT, ["horizontales", "verticales", "columna"]),
  all_edges(kernel) {
    if (isZero(strength(kernel, STEP_RIGHT))) return fail("missing_edges", { sought: "verticales" });
    if (isZero(strength(kernel, STEP_DOWN))) return fail("missing_edges", { sought: "horizontales" });
    if (!isZero(strength(kernel, FLAT))) return fail("flat_answers");
    return pass("both_edges");
  },
  blur(kernel) {
    const weights = kernel.flat();
    if (Math.abs(sum(kernel) - 1) > 1e-3) return fail("not_one");
    if (Math.min(...weights) < 0) return fail("negative");
    if (Math.max(...weights) > 0.5) return fail("barely");
    return pass("averages");
  },
  shift_right(kernel) {
    if (behavesAs(kernel, shift(SCATTER, 0, 1))) return pass("copies_left");
    if (behavesAs(kernel, shift(SCATTER, 0, -1))) return fail("moves_left");
    if (behavesAs(kernel, SCATTER)) return fail("still");
    return fail("not_moved");
  },
};

/** Reto de «Uso de cada píxel»: que todos los píxeles participen en el mismo número de ventanas. */
export function judgeEqualUse(n, k, s, p) {
  const counts = usageMap(n, k, s, p).flat();
  if (!outputSize(n, k, s, p)) return fail("does_not_fit");
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === 0) return fail("unseen");
  if (least < most) return fail("uneven", { least, most });
  return most === 1 ? pass("once") : pass("even", { most });
}

/** Reto de «Tamaño de salida». */
export function judgeSize(target, { input_size: n, kernel_size: k, stride: s, padding, dilation: d }) {
  const [before, after] = resolvePadding(padding, n, k, s, d);
  const size = outputSize(n, k, s, before, after, d);
  if (!size) return fail("does_not_fit");
  if (size === target) return pass("reached", { target });
  return size > target
    ? fail("too_big", { size, rest: size - target })
    : fail("too_small", { size, rest: target - size });
}

const FLAT_COLOURS = {
  rojo: [1, 0, 0],
  verde: [0, 1, 0],
  azul: [0, 0, 1],
  blanco: [1, 1, 1],
  negro: [0, 0, 0],
};

/**
 * Reto de «Canales y filtros»: que el filtro dé un valor positivo sobre el rojo y ninguno mayor que 0 sobre
 * los demás.
 */
export function judgeRedFilter(kernels, bias) {
  if (kernels.length !== 3) return fail("grey");
  const side = kernels[0].length;
  const respond = (colour) =>
    convChannels(
      colour.map((v) => matrix(side, side, () => v)),
      kernels,
      bias,
    ).output[0][0];
  if (respond(FLAT_COLOURS.rojo) < EPSILON) return fail("no_red");
  const other = Object.keys(FLAT_COLOURS).find(
    (name) => name !== "rojo" && respond(FLAT_COLOURS[name]) > EPSILON,
  );
  return other ? fail("other_colour", { other }) : pass("only_red");
}

/** Reto de «Pooling»: mover la imagen un píxel sin que cambie la salida. */
export function judgeStillOutput(changedInput, changedOutput) {
  if (!changedInput) return fail("not_moved");
  if (!changedOutput) return pass("still");
  return changedOutput === 1 ? fail("one_changes") : fail("some_change", { changedOutput });
}

/**
 * Reto de «Convolución transpuesta»: aumentar la imagen y que en cada valor de la salida caigan los mismos
 * sellos.
 */
export function judgeEvenStamps(counts, stride) {
  const all = counts.flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (stride === 1) return fail("barely_grows");
  if (least === 0) return fail("gaps");
  if (least < most) return fail("uneven", { least: count(least, "sello"), most });
  return pass("even", { most: count(most, "sello") });
}

/** Reto de «Solape de dos máscaras»: una exactitud alta sin acertar ni un píxel del objeto. */
export function judgeBackground({ iou, accuracy }, target) {
  if (iou > 0) return fail("hits", { iou: number(iou) });
  if (accuracy < target) return fail("extra", { accuracy: number(accuracy) });
  return pass("background", { accuracy: number(accuracy) });
}

/** Reto de «Precisión y exhaustividad»: aceptar cuantos más aciertos, sin ningún fallo. */
export function judgeNoMistakes(ranked, accepted) {
  const clean = ranked.findIndex(({ hit }) => !hit);
  const most = clean < 0 ? ranked.length : clean;
  if (!most) return fail("first_fails");
  const mistakes = ranked.slice(0, accepted).filter(({ hit }) => !hit).length;
  if (mistakes) return fail("mistakes", { mistakes: count(mistakes, "fallo") });
  if (accepted < most) return fail("more_fit", { rest: count(most - accepted, "acierto") });
  return pass("no_mistakes", { most: count(most, "acierto") });
}

/** Reto de «Campo receptivo»: abarcar la entrada entera con tres capas como mucho. */
export function judgeField(layers, fields, n) {
  const last = fields.at(-1);
  if (!last.output) return fail("does_not_fit");
  if (last.size < n) return fail("too_small", { size: last.size, n });
  if (layers.length > 3) return fail("too_many", { layers: layers.length });
  const used = layers.length === 1 ? "una capa" : `${layers.length} capas`;
  return pass("covered", { used, size: last.size });
}

/**
 * Reto de «Pesos compartidos»: más de mil millones de parámetros en la densa y menos de mil en la
 * convolucional.
 */
export function judgeBudget({ dense, conv }) {
  if (dense < 1e9) return fail("small_dense");
  if (conv >= 1e3) return fail("large_conv");
  return pass("saved");
}

/**
 * Reto de «Descenso de gradiente»: predecir un paso. Vale un error de la séptima parte del paso, o de lo que
 * no se distingue con el dedo.
 */
export function judgePrediction(from, to, guess) {
  const [size, error] = [distance(from, to), distance(guess, to)];
  if (size < 0.15) return fail("barely_moves");
  if (error <= Math.max(size / 7, 0.12)) return pass("hit", { error: number(error) });
  // la parte del paso que se ha recorrido: 1 es el paso justo
  const along = guess.reduce((total, v, i) => total + (v - from[i]) * (to[i] - from[i]), 0) / size ** 2;
  const aside = Math.sqrt(Math.max(0, error ** 2 - ((1 - along) * size) ** 2));
  if (along < 0) return fail("other_side");
  if (aside > Math.abs(1 - along) * size) return fail("other_direction");
  return along < 1 ? fail("longer") : fail("shorter");
}

/** Reto de «Descenso de gradiente»: llegar cerca de los pesos buenos en pocos pasos. */
export function judgeDescent(points, { minimum, limit }, radius) {
  const arrival = points.findIndex(({ weights }) => distance(weights, minimum) < radius);
  const steps = points.length - 1;
  if (arrival === 0) return fail("too_near");
  if (arrival > 0 && arrival <= limit) return pass("arrived", { steps: count(arrival, "paso") });
  if (arrival > limit) return fail("slow", { arrival });
  const away = distance(points.at(-1).weights, minimum);
  const left = away < 1e4 ? `Está a ${number(away)}` : "Cada vez está más lejos";
  return steps < limit && away < 1e4 ? fail("go_on", { left }) : fail("too_long", { left, steps });
}

/**
 * Reto de «Aumento»: con tiradas distintas, cambiar la imagen sin descolocar la máscara. `moves` dice si lo
 * que se sortea puede mover los píxeles: que coincidan no vale.
 */
export function judgeSeparateDraws({ joint, change, agreement, moves }) {
  if (joint) return fail("choose_apart");
  if (agreement < 1) return fail("apart", { agreement: perHundred(agreement) });
  if (moves) return fail("lucky");
  return change < 0.02 ? fail("unchanged") : pass("in_place");
}

/**
 * «¿Sigue siendo la misma clase?»: lo que se contesta y lo que dice la comparación con los dibujos, que son
 * [nombre, parecido]: el de la clase y los demás.
 */
export function judgeSameClass(answer, [name, own], rivals) {
  const [rival, other] = rivals.reduce((best, one) => (one[1] > best[1] ? one : best));
  const same = own > other + 0.05 && own > 0.5;
  const close = own > other - 0.01 && !same ? "; tendría que sacarle más de 5 puntos y pasar del 50 %" : "";
  const [mine, theirs] = [own, other].map((part) => percent(Math.max(0, part)));
  const compared = `se parece un ${mine} a ${name} y un ${theirs} a ${rival}${close}`;
  return (answer === "yes") === same ? pass("agreed", { compared }) : fail("disagreed", { compared });
}

/** Reto de «Umbral»: encontrar casi todo el objeto, y que sobre lo menos posible. */
export function judgeRecall({ precision, recall }, along, wanted) {
  if (recall < wanted) return fail("escaped", { recall: number(recall, 3) });
  const enough = along.filter((scores) => scores.recall >= wanted);
  if (precision < Math.max(...enough.map((scores) => scores.precision)))
    return fail("spare", { precision: number(precision) });
  return pass("best", { precision: number(precision) });
}

/** Reto de «RLE y polígono»: muchos píxeles en pocas cuentas, que van por columnas. */
export function judgeFewRuns(counts) {
  const ones = counts.filter((_, i) => i % 2).reduce((a, b) => a + b, 0);
  if (ones < 12) return fail("few", { ones: count(ones, "píxel", "píxeles") });
  if (counts.every((n, i) => i % 2 || !n)) return fail("full");
  if (counts.length > 3) return fail("many_runs", { runs: counts.length });
  return pass("few_runs", { ones, runs: counts.length });
}

/** Reto de «RLE y polígono»: lo que un contorno exacto no puede guardar. */
export function judgeHole({ tolerance, agreement: { both, extra, missing } }) {
  if (tolerance) return fail("not_exact");
  if (!both && !missing) return fail("empty");
  if (!extra) return fail("same_mask");
  return pass("filled", { extra: count(extra, "píxel", "píxeles") });
}

/** Reto de «Segmenta y cuenta»: que las tres maneras encuentren todos los objetos, y ninguno de más. */
export function judgeCounts(objects, ways) {
  if (objects < 4) return fail("few", { objects: count(objects, "objeto") });
  const names = {
    components: "Las componentes encuentran",
    watershed: "La cuenca encuentra",
    votes: "Los votos encuentran",
  };
  const short = Object.entries(ways).find(([, { found }]) => found < objects);
  if (short) {
    const [name, { found }] = short;
    return fail("lost", { way: names[name], found, objects });
  }
  const extra = Object.entries(ways).find(([, { classes }]) => classes.length > objects);
  return extra ? fail("extra", { way: names[extra[0]], objects }) : pass("all_found", { objects });
}
