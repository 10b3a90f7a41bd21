// El mapa elegido y de dónde sale uno de sus valores: la ventana, el kernel y la cuenta.

import { peak } from "../math.mjs";
import { explain, kernelOf, mapOf } from "../nn/explain.mjs";
import { CLASSES } from "../nn/garments.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { mosaic } from "../ui/mosaic.mjs";
import { factor, number } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";
import { asMaps } from "./layers.mjs";

const MOST_TERMS = 6; // sumandos que se escriben

/** Colores de un mapa: con signo si tiene negativos; si no, en gris. */
function colours(values, theme) {
  const top = peak(values, 1e-9);
  return values.flat().some((v) => v < 0) ? (v) => signed(theme, v, top) : (v) => grey(v ?? 0, top);
}

const joined = (parts) => parts.join(" + ").replaceAll("+ −", "− ");

/** La cuenta de una convolución: la de la entrada elegida y lo que suman todas. */
function convolutionAccount({ values, kernel, partials, bias, total }, source) {
  const pairs = values.flat().map((value, i) => [value ?? 0, kernel.flat()[i]]);
  const own = pairs.filter(([value, weight]) => value && weight);
  const written = own.map(([value, weight]) => `${number(value)} · ${factor(weight)}`);
  const products = written.join(" + ") || "todo ceros";
  const first = `Entrada ${source + 1}: ${products} ≈ ${number(partials[source], 3)}.`;
  if (partials.length === 1) return [first.replace("Entrada 1: ", "")];
  const order = partials.map((_, k) => k).sort((a, b) => Math.abs(partials[b]) - Math.abs(partials[a]));
  const most = order.slice(0, MOST_TERMS).map((k) => `${number(partials[k])} (${k + 1})`);
  const others = order.slice(MOST_TERMS).reduce((sum, k) => sum + partials[k], bias);
  const rest = partials.length > MOST_TERMS ? [`${number(others)} (las demás)`] : [];
  return [first, `Las ${partials.length} entradas: ${joined([...most, ...rest])} ≈ ${number(total, 3)}.`];
}

/** La cuenta de cada clase de capa, en frases; `text` da las que están en Python. */
const accounts = {
  InputLayer: (_, { text }) => [text("account_input")],
  Rescaling: ({ terms: [value], total }) => [`${number(value)} ÷ 255 ≈ ${number(total, 3)}.`],
  Conv2D: (found, { source }) => convolutionAccount(found, source),
  MaxPooling2D: ({ values, total }) => {
    const inside = values.flat().filter((value) => value !== null);
    return [`El mayor de ${inside.map((value) => number(value, 3)).join("; ")} es ${number(total, 3)}.`];
  },
  BatchNormalization: ({ value, mean, deviation, gamma, beta, total }, { text }) => [
    `(${number(value)} − ${factor(mean)}) ÷ ${number(deviation)} · ${factor(gamma)} + ${factor(beta)} ` +
      `≈ ${number(total, 3)}.`,
    text("account_norm"),
  ],
  ReLU: ({ terms: [value], total }) => [
    value < 0
      ? `${number(value, value > -1e-3 ? 9 : 3)} es negativo: pasa a 0.`
      : `${number(value, 3)} no es negativo: queda ${number(total, 3)}.`,
  ],
  Add: ({ terms, total }) => [`${terms.map((value) => factor(value)).join(" + ")} ≈ ${number(total, 3)}.`],
  Flatten: (_, { text }) => [text("account_flatten")],
  Dense({ terms, bias, total }, { position }) {
    const most = terms
      .slice(0, MOST_TERMS)
      .map(([, value, weight]) => `${number(value)} · ${factor(weight)}`);
    const others = terms.slice(MOST_TERMS).reduce((sum, [, value, weight]) => sum + value * weight, bias);
    const all = `${most.join(" + ")} + ${factor(others)} (los otros ${terms.length - MOST_TERMS} y el sesgo)`;
    return [`Puntuación de ${CLASSES[position]}: ${all} ≈ ${number(total)}.`];
  },
};

/** Lo elegido, dentro de la capa aunque venga de otra: canal, fila y columna de su mapa. */
export function placeOf(now) {
  const { shape } = asMaps(now.outputs[now.layer]);
  const [rows, cols, maps] = shape;
  const position = Math.min(now.position, rows * cols - 1);
  const channel = Math.min(now.channel, maps - 1);
  return { rows, cols, position, channel, row: Math.floor(position / cols), col: position % cols };
}

export function tracePanel(figure, look) {
  const goTo = ([r, c]) => figure.set({ position: r * placeOf(look()).cols + c });
  const map = grid(figure, "Mapa", "output", {
    oncursor: goTo,
    describe: ([r, c]) => `Fila ${r + 1}, columna ${c + 1}: ${number(valueAt(look()), 3)}`,
  });
  const input = grid(figure, "Entrada", "input");
  const kernel = grid(figure, "Kernel", "kernel", { size: "small" });
  const kernels = mosaic(figure, {
    onpick: (source) => figure.set({ source }),
    describe: (source) => `Entrada ${source + 1}`,
  });
  const account = h("div.cf-said", { role: "status" });
  const valueAt = (now) => {
    const { row, col, channel } = placeOf(now);
    return mapOf(asMaps(now.outputs[now.layer]), channel)[row][col];
  };
  const drawInput = (now, found, source) => {
    const from = now.outputs[now.network.layers[now.layer].inputs[0]];
    const shown = mapOf(from, source);
    const { row, col } = placeOf(now);
    const boxes = [{ ...(found.window ?? { row, col }), kind: "window" }];
    const title = from.shape[2] === 1 ? "De dónde sale" : `De dónde sale: entrada ${source + 1}`;
    input.draw({ values: shown, colour: colours(shown, now.theme), text: false, title, name: title, boxes });
  };
  const drawKernels = (now, { partials, kernel: own }, { channel, source }) => {
    const layer = now.network.layers[now.layer];
    const title = `Kernel ${source + 1} de ${partials.length}`;
    kernel.draw({
      values: own,
      colour: colours(own, now.theme),
      title,
      name: `${title}, filtro ${channel + 1}`,
    });
    kernels.el.hidden = partials.length === 1;
    const all = partials.map((_, k) => kernelOf(layer, k, channel).flat());
    const values = Float64Array.from(
      { length: 9 * all.length },
      (_, i) => all[i % all.length][Math.floor(i / all.length)],
    );
    kernels.draw({
      ...{ output: { values, shape: [3, 3, all.length] }, theme: now.theme, chosen: source, widest: 150 },
      title: "Un kernel por entrada",
      name: `Los ${all.length} kernels del filtro ${channel + 1}. Las flechas eligen la entrada.`,
    });
  };
  const side = h("div.cf-side", {}, kernel, kernels);
  return {
    el: h("div.cf-trace", {}, map, input, side, account),
    draw(now) {
      const { rows, cols, channel, row, col, position } = placeOf(now);
      const layer = now.network.layers[now.layer];
      const shown = mapOf(asMaps(now.outputs[now.layer]), channel);
      map.setCursor([row, col]);
      map.draw({
        values: shown,
        colour: colours(shown, now.theme),
        text: Math.max(rows, cols) <= 7 ? (value) => number(value, 1) : false,
        title: `Mapa ${channel + 1}`,
        name: `Mapa ${channel + 1}, ${rows} por ${cols}. Las flechas eligen un valor.`,
        boxes: [{ row, col, kind: "here" }],
      });
      const source = layer.kind === "Conv2D" ? Math.min(now.source, layer.shapes[0][2] - 1) : channel;
      const flat = layer.kind === "Dense"; // sus «mapas» son las puntuaciones
      const found = explain(now.network, now.outputs, now.layer, {
        row,
        col,
        channel: flat ? position : channel,
        source,
      });
      input.el.hidden = !found || flat;
      side.hidden = !found?.kernel;
      if (!input.el.hidden) drawInput(now, found, source);
      if (found?.kernel) drawKernels(now, found, { channel, source });
      const lines = accounts[layer.kind](found, { source, position, text: figure.text });
      write(account, "");
      account.append(...lines.map((line) => h("p.cf-formula", {}, line)));
    },
  };
}
