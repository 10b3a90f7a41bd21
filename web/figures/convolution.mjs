// Convolución paso a paso: se pinta la imagen, se cambia el kernel y la ventana se desliza.
import { cellFrom, cellOf, clamp } from "../geometry.mjs";
import { kernelGoals } from "../goals.mjs";
import { conv2d, nameOf, pad, peak, products, replaced, resized, shape } from "../math.mjs";
import { pictures } from "../pictures.mjs";
import { challenge, choices, player, select, slider, warning } from "../ui/controls.mjs";
import { h } from "../ui/dom.mjs";
import { grid, legible, PAINT } from "../ui/grid.mjs";
import { EDIT, kernelEditor } from "../ui/kernel.mjs";
import { dimensions, factor, number, parse, series, short } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";

const LIMIT = 99; // mayor peso que se puede escribir
const WRITTEN = 9; // productos que se escriben en la cuenta

/** El estado y lo que se deduce de él; `output` es null si el kernel no cabe. */
function look(figure) {
  const state = figure.state();
  const { image, kernel, stride, padding } = state;
  const padded = pad(image, padding);
  const output = conv2d(image, kernel, { stride, padding });
  const [outRows, outCols] = output ? shape(output) : [1, 1];
  const [row, col] = cellOf(state.position, outRows, outCols);
  const [rows, cols] = shape(kernel);
  const window = { row: row * stride, col: col * stride, rows, cols, kind: "window" };
  const readable = legible(...shape(padded));
  return { ...state, theme: figure.theme, padded, output, outRows, outCols, row, col, window, readable };
}

/** La entrada: el pincel pone su tono y, donde ya está, lo borra. */
function inputPanel(figure, brush, top) {
  let painting = top;
  const setPixel = (cell, value) => figure.set({ image: replaced(figure.get("image"), cell, value) });
  const pixel = (at) => {
    const { image, padding } = figure.state();
    return cellFrom(at, padding, padding, ...shape(image));
  };
  const value = ([r, c]) => figure.get("image")[r][c];
  const panel = grid(figure, "Entrada", "input", {
    onpoint(at, phase) {
      const cell = pixel(at);
      if (!cell) return;
      if (phase !== "drag") painting = value(cell) === brush.tone ? 0 : brush.tone;
      setPixel(cell, painting);
    },
    ontype(at, text) {
      const cell = pixel(at);
      const digit = parse(text.at(-1));
      if (cell && !Number.isNaN(digit)) setPixel(cell, top > 1 ? Math.min(digit, top) : digit / 10);
    },
    describe(at) {
      const cell = pixel(at);
      return cell ? `Fila ${cell[0] + 1}, columna ${cell[1] + 1}: ${number(value(cell))}` : "Relleno: 0";
    },
  });
  return {
    el: panel.el,
    draw({ theme, image, padded, padding: p, output, window, readable }) {
      const [height, width] = shape(image);
      const scale = Math.max(top, ...image.flat());
      const edge = { row: p, col: p, rows: height, cols: width, kind: "edge" };
      panel.draw({
        values: padded,
        colour: (v, r, c) => (p && !cellFrom([r, c], p, p, height, width) ? theme.padding : grey(v, scale)),
        text: readable,
        title: `Entrada ${dimensions(image)}${p ? ` + padding ${p}` : ""}`,
        name: `Entrada de ${height} por ${width} píxeles. ${PAINT}`,
        boxes: [...(p ? [edge] : []), ...(output ? [window] : [])],
      });
    },
  };
}

/** El kernel: las teclas + y − suman 1 o, si hay algún peso con decimales, 0,1. */
function kernelPanel(figure) {
  const get = () => figure.get("kernel");
  const setWeight = (cell, value) =>
    figure.set({ kernel: replaced(get(), cell, Math.round(value * 1000) / 1000) });
  const step = () => (get().flat().every(Number.isInteger) ? 1 : 0.1);
  return kernelEditor(figure, {
    get,
    size: "large",
    onadjust: ([r, c], by) => setWeight([r, c], clamp(get()[r][c] + by * step(), -LIMIT, LIMIT)),
    ontype: (cell, text) => Number.isNaN(parse(text)) || setWeight(cell, Math.min(LIMIT, parse(text))),
    onnudge: ([r, c]) => figure.say(() => `Peso: ${number(get()[r][c])}`),
  });
}

/** La salida y el recorrido; mientras se reproduce, solo se ve lo ya calculado. */
function outputPanel(figure, formula, top) {
  const steps = player(figure, "Recorrido de la ventana", "Posición", figure.setter("position"));
  const panel = grid(figure, "Salida", "output", {
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * look(figure).outCols + c });
    },
    describe: ([r, c]) => `Salida, fila ${r + 1}, columna ${c + 1}: ${formula.textContent}`,
  });
  return {
    el: panel.el,
    steps,
    draw({ theme, image, output, outRows, outCols, row, col, readable }) {
      panel.el.hidden = !output;
      if (!output) return;
      const largest = peak(output);
      const lightest = Math.max(top, ...image.flat(), largest);
      const negative = Math.min(...output.flat()) < 0;
      const colour = (value) => (negative ? signed(theme, value, largest) : grey(value, lightest));
      const now = row * outCols + col;
      const pending = (r, c) => steps.playing() && r * outCols + c > now;
      panel.setCursor([row, col]);
      panel.draw({
        values: output,
        colour: (v, r, c) => (pending(r, c) ? theme.surface : colour(v)),
        text: readable && ((v, r, c) => (pending(r, c) ? "" : short(v))),
        title: `Salida ${dimensions(output)}`,
        name: `Salida de ${outRows} por ${outCols}. Las flechas mueven la ventana.`,
        boxes: [{ row, col, kind: "here" }],
      });
      steps.draw(now, outRows * outCols);
    },
  };
}

/** Los productos de la ventana por el kernel y su suma, escrita. */
function sumPanel(figure, formula) {
  const panel = grid(figure, "Productos", "output", {
    size: "small",
  });
  return {
    el: panel.el,
    draw({ theme, padded, kernel, output, window, row, col }) {
      panel.el.hidden = formula.hidden = !output;
      if (!output) return;
      const terms = products(padded, kernel, window.row, window.col);
      const largest = peak(terms);
      panel.draw({
        values: terms,
        colour: (v) => signed(theme, v, largest * 1.6),
        title: "Ventana × kernel",
        name: `Productos: ${series(terms)}`,
      });
      const pairs = kernel.flatMap((line, i) =>
        line.flatMap((w, j) =>
          terms[i][j] ? `${number(padded[window.row + i][window.col + j])}·${factor(w)}` : [],
        ),
      );
      const written = pairs.slice(0, WRITTEN).join(" + ") + (pairs.length > WRITTEN ? " + …" : "");
      const start = pairs.length ? `${written} = ` : "Todos los productos son 0: ";
      formula.replaceChildren(start, h("b", {}, number(output[row][col])));
    },
  };
}

/** Kernels e imágenes de una lista, y los tamaños de la ventana. */
function settings(figure, brush, top) {
  const initial = structuredClone(figure.get("image"));
  const kernels = figure.get("kernels");
  const restart = { position: 0 };
  const kernel = select(
    "Kernel",
    Object.keys(kernels).map((name) => [name, name]),
    (name) => name && figure.set({ kernel: structuredClone(kernels[name]) }),
    "El tuyo",
  );
  const picture = select(
    "Imagen",
    Object.entries(pictures).map(([name, { label }]) => [name, label]),
    (name) => figure.set({ image: name ? pictures[name].make() : structuredClone(initial), position: 0 }),
    "La inicial",
  );
  const tone = slider(
    "Tono del pincel",
    Array.from({ length: 11 }, (_, i) => (i * top) / 10),
    (value) => {
      brush.tone = value;
      figure.redraw();
    },
  );
  const side = choices("Lado del kernel", [1, 2, 3, 5], (k) =>
    figure.set({ kernel: resized(figure.get("kernel"), k), position: 0 }),
  );
  const stride = choices("Stride", [1, 2, 3], figure.setter("stride", restart));
  const padding = choices("Padding", [0, 1, 2], figure.setter("padding", restart));
  figure.onReset(() => {
    brush.tone = top;
    picture.draw("");
  });
  return {
    els: [kernel, side, picture, stride, tone, padding],
    draw(state) {
      tone.draw(brush.tone);
      kernel.draw(nameOf(kernels, state.kernel));
      side.draw(state.kernel.length);
      stride.draw(state.stride);
      padding.draw(state.padding);
    },
  };
}

function kernelChallenge(figure) {
  const choice = select(
    "Reto",
    Object.keys(kernelGoals).map((name) => [name, figure.text(name)]),
    figure.setter("goal"),
    "Elige uno",
  );
  const verdict = challenge(figure, "", [choice]);
  return {
    el: verdict.el,
    draw({ goal, output, kernel }) {
      choice.draw(goal);
      verdict.draw(goal && output ? kernelGoals[goal](kernel) : null);
    },
  };
}

/** Lo que se dice cuando el kernel no cabe. */
function missingOutput({ output, kernel, padded }) {
  if (output) return "";
  const span = `El kernel abarca ${dimensions(kernel)} píxeles`;
  const small = `la entrada con relleno solo tiene ${dimensions(padded)}`;
  return `${span} y ${small}: reduce el kernel o aumenta el padding.`;
}

export default function compose(figure) {
  const top = Math.max(1, Math.ceil(Math.max(...figure.get("image").flat())));
  const brush = { tone: top };
  const formula = h("p.cf-formula");
  const message = warning({ role: "status" });
  const input = inputPanel(figure, brush, top);
  const kernel = kernelPanel(figure);
  const output = outputPanel(figure, formula, top);
  const sum = sumPanel(figure, formula);
  const controls = settings(figure, brush, top);
  const goal = kernelChallenge(figure);
  const stage = h(
    "div.cf-conv",
    {},
    input,
    h("div.cf-conv-mid", {}, kernel, kernel.weight),
    output,
    h("div.cf-conv-sum", {}, sum, formula),
  );
  figure.add(message, stage, output.steps, h("div.cf-controls", {}, controls.els), goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--in-cols", now.padded[0].length);
    stage.style.setProperty("--out-cols", now.outCols);
    stage.style.setProperty("--k-cols", now.window.cols);
    const [kh, kw] = shape(now.kernel);
    kernel.draw({ theme: now.theme, name: `Kernel de ${kh} por ${kw}. ${EDIT}` });
    message.draw(missingOutput(now));
    for (const part of [input, output, sum, controls, goal]) part.draw(now);
  };
}
