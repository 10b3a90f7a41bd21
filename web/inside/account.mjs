// La cuenta de un valor de una capa, en frases. Sin DOM.
import { CLASSES } from "../nn/garments.mjs";
import { factor, number, parse } from "../ui/numbers.mjs";

const MOST_TERMS = 6; // sumandos que se escriben

/** Los decimales, desde dos, con los que la cuenta, hecha con lo escrito, da el total que se escribe. */
function decimalsFor(compute, total, places) {
  let decimals = 2;
  const written = (value) => parse(number(value, decimals));
  while (decimals < 9 && Math.abs(compute(written) - total) > 0.5 * 10 ** -places) decimals++;
  return decimals;
}

/** La suma de unos sumandos [valor, peso, nota], escrita; el peso y la nota pueden faltar. */
function sumOf(terms, total, places = 3) {
  const compute = (written) => terms.reduce((all, [v, weight = 1]) => all + written(v) * written(weight), 0);
  const decimals = decimalsFor(compute, total, places);
  const texts = terms.map(([value, weight, note = ""]) => {
    const product = weight === undefined ? "" : ` · ${factor(weight, decimals)}`;
    return number(value, decimals) + product + note;
  });
  const sum = texts.join(" + ").replaceAll("+ −", "− ") || "todo ceros";
  return `${sum} ≈ ${number(total, places)}.`;
}

/** La cuenta de una convolución: la de la entrada elegida y lo que suman todas. */
function convolution({ values, kernel, partials, bias, total }, { source }) {
  const pairs = values.flat().map((value, i) => [value, kernel.flat()[i]]);
  const own = pairs.filter(([value, weight]) => value && weight);
  const first = sumOf(own, partials[source]);
  if (partials.length === 1) return [first];
  const order = partials.map((_, k) => k).sort((a, b) => Math.abs(partials[b]) - Math.abs(partials[a]));
  const most = order.slice(0, MOST_TERMS).map((k) => [partials[k], undefined, ` (${k + 1})`]);
  const others = order.slice(MOST_TERMS).reduce((sum, k) => sum + partials[k], bias);
  const rest = partials.length > MOST_TERMS ? [[others, undefined, " (las demás)"]] : [];
  const all = sumOf([...most, ...rest], total);
  return [`Entrada ${source + 1}: ${first}`, `Las ${partials.length} entradas: ${all}`];
}

/** La de cada clase de capa, de lo que da explain(); `text` da las frases que están en Python. */
export const accounts = {
  InputLayer: (_, { text }) => [text("account_input")],
  Rescaling: ({ terms: [value], total }) => [`${number(value)} ÷ 255 ≈ ${number(total, 3)}.`],
  Conv2D: convolution,
  MaxPooling2D: ({ values, total }) => {
    const inside = values.flat().filter((value) => value !== null);
    return [`El mayor de ${inside.map((value) => number(value, 3)).join("; ")} es ${number(total, 3)}.`];
  },
  BatchNormalization({ value, mean, deviation, gamma, beta, total }, { text }) {
    const compute = (n) => ((n(value) - n(mean)) / n(deviation)) * n(gamma) + n(beta);
    const decimals = decimalsFor(compute, total, 3);
    const [m, d, g, b] = [mean, deviation, gamma, beta].map((v) => factor(v, decimals));
    return [
      `(${number(value, decimals)} − ${m}) ÷ ${d} · ${g} + ${b} ≈ ${number(total, 3)}.`,
      text("account_norm"),
    ];
  },
  ReLU: ({ terms: [value], total }) => [
    value < 0
      ? `${number(value, value > -1e-3 ? 9 : 3)} es negativo: pasa a 0.`
      : `${number(value, 3)} no es negativo: queda ${number(total, 3)}.`,
  ],
  Add: ({ terms, total }) => [
    sumOf(
      terms.map((value) => [value]),
      total,
    ),
  ],
  Flatten: (_, { text }) => [text("account_flatten")],
  Dense({ terms, bias, total }, { position }) {
    const most = terms.slice(0, MOST_TERMS).map(([, value, weight]) => [value, weight]);
    const others = terms.slice(MOST_TERMS).reduce((sum, [, value, weight]) => sum + value * weight, bias);
    const rest = [others, undefined, ` (los otros ${terms.length - MOST_TERMS} y el sesgo)`];
    return [`Puntuación de ${CLASSES[position]}: ${sumOf([...most, rest], total, 2)}`];
  },
};
