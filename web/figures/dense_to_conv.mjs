// De densa a convolucional: la misma matriz de pesos, entera, local (en banda) y con los pesos compartidos.
import { cellOf, clamp } from "../geometry.mjs";
import {
  apply,
  conv2d,
  convMatrix,
  freeWeight,
  matrix,
  peak,
  replaced,
  shape,
  sum,
  windowMask,
} from "../math.mjs";
import { choices, player } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { grid, legible, PAINT } from "../ui/grid.mjs";
import { kernelEditor } from "../ui/kernel.mjs";
import { count, dimensions, number, parse, short } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";

const LIMIT = 9; // mayor peso que se puede poner
const STRENGTH = 1.4; // cuántas veces el mayor peso vale el color pleno
const STAGES = { dense: "Densa", local: "Local", shared: "Compartida" };
const CROSS = matrix(5, 5, (r, c) => Number(r === 2 || c === 2));
const LAPLACIAN = matrix(3, 3, (r, c) => [-4, 1, 0][Math.abs(r - 1) + Math.abs(c - 1)]);
const LINE = { image: [[0, 0, 1, 1, 1, 0, 2, 0]], kernel: [[-1, 0, 1]] };

const isLine = (image) => image.length === 1;

/** El estado y lo que se deduce de él: los pesos de la etapa y lo que calculan. */
function look(figure) {
  const state = figure.state();
  const { image, kernel, stage, weights: source } = state;
  const [[rows, cols], [kh, kw]] = [shape(image), shape(kernel)];
  const [outRows, outCols] = [rows - kh + 1, cols - kw + 1];
  const [inputs, outputs] = [rows * cols, outRows * outCols];
  const mask = windowMask(rows, cols, [kh, kw]);
  const shared = convMatrix(rows, cols, kernel);
  const own = source === "free" && stage !== "shared";
  const exists = (o, i) => stage === "dense" || mask[o][i] === 1;
  const values = matrix(outputs, inputs, (o, i) =>
    exists(o, i) ? (own ? freeWeight(o, i) : shared[o][i]) : 0,
  );
  const result = apply(values, image.flat());
  const slid = conv2d(image, kernel).flat();
  const [row, col] = cellOf(state.output, outRows, outCols);
  return {
    ...state,
    theme: figure.theme,
    ...{ rows, cols, kh, kw, outRows, outCols, inputs, outputs, row, col, own, exists, values, result },
    output: row * outCols + col,
    difference: Math.max(...result.map((v, o) => Math.abs(v - slid[o]))),
    parameters: { dense: outputs * inputs, local: sum(mask), shared: kh * kw },
    heaviest: peak(kernel, own ? 2 : 1),
    brightest: Math.max(1, ...image.flat()),
    line: isLine(image),
  };
}

/** Una tarjeta por etapa, que es también el botón que la elige. */
function stageCards(figure) {
  const cards = Object.entries(STAGES).map(([stage, name]) => {
    const total = h("strong");
    const onclick = () => figure.set({ stage });
    const parts = [h("span", {}, name), total, h("small", {}, "pesos")];
    return { stage, total, el: h("button", { type: "button", class: "cf-card", onclick }, ...parts) };
  });
  return {
    el: h("div.cf-cards", { role: "group", "aria-label": "Tipo de capa" }, cards),
    draw({ stage, parameters }) {
      for (const card of cards) {
        update(card.el, { "aria-pressed": String(card.stage === stage) });
        write(card.total, number(parameters[card.stage], 0));
      }
    },
  };
}

function inputPanel(figure) {
  const setPixel = (cell, value) => figure.set({ image: replaced(figure.get("image"), cell, value) });
  let painting = 1;
  const panel = grid(figure, "Entrada", "input", {
    onpoint([r, c], phase) {
      if (phase !== "drag") painting = figure.get("image")[r][c] ? 0 : 1;
      setPixel([r, c], painting);
    },
    ontype: (cell, text) => setPixel(cell, parse(text.at(-1)) || 0),
    describe: ([r, c]) => `Fila ${r + 1}, columna ${c + 1}: ${number(figure.get("image")[r][c])}`,
  });
  return {
    el: panel.el,
    draw({ image, stage, rows, cols, row, col, kh, kw, line, brightest }) {
      const window = stage === "dense" ? { row: 0, col: 0, rows, cols } : { row, col, rows: kh, cols: kw };
      panel.draw({
        values: image,
        colour: (v) => grey(v, brightest),
        title: line ? `Entrada de ${cols}` : `Entrada ${dimensions(image)}`,
        name: `Entrada. ${PAINT}`,
        boxes: [{ ...window, kind: "window" }],
      });
    },
  };
}

function kernelPanel(figure) {
  const get = () => figure.get("kernel");
  const setWeight = (cell, value) => figure.set({ kernel: replaced(get(), cell, value) });
  return kernelEditor(figure, {
    get,
    onadjust: ([r, c], by) => setWeight([r, c], clamp(get()[r][c] + by, -LIMIT, LIMIT)),
    ontype: (cell, text) => setWeight(cell, parse(text.at(-1)) || 0),
    describe: ([r, c]) => `Peso ${number(get()[r][c])}`,
  });
}

function weightsPanel(figure, choose, chosenWeight) {
  const panel = grid(figure, "Matriz de pesos", "kernel", {
    oncursor: ([output]) => choose(output),
    describe: ([o, i]) => `Salida ${o + 1}, entrada ${i + 1}`,
  });
  /** Las copias del peso elegido en cada fila de la matriz. */
  const copies = ({ outputs, outCols, cols }) => {
    const [r, c] = chosenWeight();
    return Array.from({ length: outputs }, (_, o) => {
      const [row, col] = [Math.floor(o / outCols), o % outCols];
      return { row: o, col: (row + r) * cols + col + c, kind: "copy" };
    });
  };
  return {
    el: panel.el,
    draw(now) {
      const { theme, stage, inputs, outputs, output, exists, values, heaviest } = now;
      panel.setCursor([output, panel.cursor()[1]]);
      panel.draw({
        values,
        colour: (v, o, i) => (exists(o, i) ? signed(theme, v, heaviest * STRENGTH) : theme["padding-soft"]),
        text: legible(1, inputs) && ((v, o, i) => (exists(o, i) ? short(v) : "")),
        title: `Matriz de pesos ${outputs} × ${inputs}`,
        name: `Matriz de pesos de ${outputs} filas y ${inputs} columnas. Las flechas eligen la salida.`,
        boxes: [
          ...(stage === "shared" ? copies(now) : []),
          { row: output, col: 0, cols: inputs, kind: "here" },
        ],
      });
    },
  };
}

/** La salida: una columna junto a la matriz y, si la entrada es una imagen, además con su forma. */
function outputPanels(figure, choose) {
  const shaped = grid(figure, "Salida", "output", {
    oncursor([r, c]) {
      const { line, outCols } = look(figure);
      choose(line ? r : r * outCols + c);
    },
    describe: ([r, c]) =>
      isLine(figure.get("image")) ? `Salida ${r + 1}` : `Salida, fila ${r + 1}, columna ${c + 1}`,
  });
  const flatInput = grid(figure, "Entrada aplanada", "input");
  const flatOutput = grid(figure, "Salida aplanada", "output");
  const draw = ({ theme, image, result, output, outRows, outCols, row, col, ...now }) => {
    const strongest = peak(result);
    const colour = (value) => signed(theme, value, strongest);
    const name = "Salida. Las flechas eligen la salida.";
    const boxes = [{ row: output, col: 0, kind: "here" }];
    const column = { values: result.map((v) => [v]), colour, name, boxes };
    if (now.line) {
      shaped.setCursor([output, 0]);
      shaped.draw({ ...column, title: "Salida" });
      return;
    }
    const flat = { values: [image.flat()], colour: (v) => grey(v, now.brightest), text: false };
    flatInput.draw({ ...flat, title: "Entrada aplanada" });
    flatOutput.draw({ ...column, text: false, title: "" });
    shaped.setCursor([row, col]);
    shaped.draw({
      values: matrix(outRows, outCols, (r, c) => result[r * outCols + c]),
      colour,
      title: `Salida ${outRows} × ${outCols}`,
      name,
      boxes: [{ row, col, kind: "here" }],
    });
  };
  return { shaped: shaped.el, flatInput: flatInput.el, flatOutput: flatOutput.el, draw };
}

/** Lo que se dice: por qué, cuántas veces aparece un peso, y si la capa calcula lo mismo que el kernel. */
function explanations(figure, chosenWeight) {
  const why = h("p.cf-why", { role: "status" });
  const sharing = h("p.cf-label");
  const check = h("p.cf-verdict", { role: "status" });
  return {
    why,
    sharing,
    check,
    draw({ stage, kernel, kh, kw, inputs, outputs, output, difference }) {
      const [r, c] = chosenWeight();
      const times = count(outputs, "vez", "veces");
      const own = count(stage === "dense" ? inputs : kh * kw, "peso");
      write(why, figure.text(stage));
      const shared = figure.text("once", { weight: number(kernel[r][c]), times });
      write(sharing, stage === "shared" ? shared : `La salida ${output + 1} usa ${own} propios.`);
      const same = difference < 1e-9;
      update(check, { "data-done": String(same) });
      const other = { difference: number(difference) };
      write(check, same ? figure.text("same") : figure.text("other", other));
    },
  };
}

function settings(figure) {
  const { image, kernel } = figure.state();
  const startsInLine = isLine(image);
  const forms = [{ image, kernel }, startsInLine ? { image: CROSS, kernel: LAPLACIAN } : LINE];
  const weights = choices(
    "Pesos",
    [
      ["kernel", "los del kernel"],
      ["free", "libres"],
    ],
    figure.setter("weights"),
  );
  const form = choices(
    "Entrada",
    [
      ["line", "una fila"],
      ["image", "una imagen"],
    ],
    (chosen) => {
      const other = Number((chosen === "line") !== startsInLine);
      figure.set({ ...structuredClone(forms[other]), output: 0 });
    },
  );
  return {
    el: h("div.cf-controls", {}, weights, form),
    draw(now) {
      weights.draw(now.weights);
      form.draw(now.line ? "line" : "image");
    },
  };
}

/**
 * La entrada va encima de la matriz y la salida a su derecha: cada valor, frente a su columna o a su fila.
 */
function makeStage(input, kernel, weights, outputs) {
  const around = h("div.cf-around");
  const corner = h("div.cf-corner");
  const product = h("div.cf-product");
  const side = h("div.cf-side", {}, kernel, kernel.weight);
  const el = h("div.cf-matrix", {}, product, side, around);
  const { shaped, flatInput, flatOutput } = outputs;
  return {
    el,
    draw({ line, inputs }) {
      el.style.setProperty("--wide", inputs + 1);
      if (product.dataset.line === String(line)) return;
      product.dataset.line = String(line);
      const [above, right] = line ? [input.el, shaped] : [flatInput, flatOutput];
      product.replaceChildren(above, corner, weights.el, right);
      around.replaceChildren(...(line ? [] : [input.el, shaped]));
    },
  };
}

export default function compose(figure) {
  const steps = player(figure, "Recorrido por las salidas", "Salida", figure.setter("output"));
  const choose = (output) => {
    steps.pause();
    figure.set({ output });
  };
  const cards = stageCards(figure);
  const input = inputPanel(figure);
  const kernel = kernelPanel(figure);
  const weights = weightsPanel(figure, choose, kernel.chosen);
  const outputs = outputPanels(figure, choose);
  const said = explanations(figure, kernel.chosen);
  const controls = settings(figure);
  const stage = makeStage(input, kernel, weights, outputs);
  figure.add(cards, said.why, stage, said.sharing, said.check, steps, controls);

  return () => {
    const now = look(figure);
    kernel.draw({
      theme: now.theme,
      strength: STRENGTH,
      most: now.heaviest,
      name: "Kernel. Cambia los pesos con + y −, o arrastrando arriba y abajo.",
    });
    for (const part of [cards, stage, input, weights, outputs, said, controls]) part.draw(now);
    steps.draw(now.output, now.outputs);
  };
}
