// Convolución transpuesta: cada valor de la entrada estampa el kernel en la salida; donde los sellos se
// solapan, se suman.
import { cellOf, clamp, clampCell } from "../geometry.mjs";
import { judgeEvenStamps } from "../goals.mjs";
import { convTranspose, matrix, nameOf, peak, replaced, resized, shape, stampsAt } from "../math.mjs";
import { challenge, choices, nudge, player, select } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { EDIT, kernelEditor } from "../ui/kernel.mjs";
import { dimensions, factor, number, parse, series, short } from "../ui/numbers.mjs";
import { grey, heat, signed } from "../ui/theme.mjs";

const LIMIT = 99; // mayor valor que se puede escribir
const KERNELS = {
  "Repetir, 2 × 2": matrix(2, 2, () => 1),
  "Números distintos, 2 × 2": matrix(2, 2, (r, c) => 2 * r + c + 1),
  "Interpolar, 3 × 3": matrix(3, 3, (r, c) => 2 ** ((r % 2) + (c % 2))),
  "Todo unos, 3 × 3": matrix(3, 3, () => 1),
  "Todo unos, 4 × 4": matrix(4, 4, () => 1),
};

/** El valor de la entrada que se estampa. */
function stamped(figure) {
  const { image, position } = figure.state();
  return cellOf(position, ...shape(image));
}

/**
 * El estado y lo que se deduce de él: la salida entera (`made`), la que se ve (`seen`) y lo que se suma en el
 * valor elegido (`parts`). Las dos están sin recortar; la salida son `rows` × `cols` desde (top, left).
 */
function look(figure) {
  const state = figure.state();
  const { image, kernel, stride, padding, shown } = state;
  const [[height, width], [kh, kw]] = [shape(image), shape(kernel)];
  const [r0, c0] = stamped(figure);
  const now = r0 * width + c0;
  const made = convTranspose(image, kernel, { stride, padding });
  const seen = shown === "all" ? made : convTranspose(image, kernel, { stride, padding, last: now });
  const { rows, cols, top, left } = made;
  const [row, col] = clampCell([state.row, state.col], rows, cols);
  const parts = stampsAt(image, kernel, stride, row + top, col + left);
  const [fullRows, fullCols] = shape(made.canvas);
  return {
    ...{ theme: figure.theme, image, kernel, stride, padding, shown, height, width, kh, kw, r0, c0, now },
    ...{ made, seen, rows, cols, top, left, row, col, fullRows, fullCols },
    value: image[r0][c0],
    cropped: fullRows > rows || fullCols > cols,
    parts: parts.filter(([, , at]) => shown === "all" || at <= now),
    inside: (values) => values.slice(top, top + rows).map((line) => line.slice(left, left + cols)),
  };
}

/** Color de cada valor: en gris, o con signo si hay negativos. */
function painter(theme, values) {
  const largest = peak(values, 1);
  const negative = Math.min(...values.flat()) < 0;
  return (v) => (negative ? signed(theme, v, largest) : grey(v, largest));
}

/** Cómo se cambian los valores de la entrada o los pesos del kernel. */
function editor(figure, name) {
  const set = (cell, value) =>
    figure.set({ [name]: replaced(figure.get(name), cell, clamp(value, -LIMIT, LIMIT)) });
  return {
    onadjust: ([r, c], by) => set([r, c], figure.get(name)[r][c] + by),
    ontype: (cell, text) => Number.isNaN(parse(text)) || set(cell, parse(text)),
  };
}

function inputPanel(figure, steps, describe) {
  const edit = editor(figure, "image");
  const panel = grid(figure, "Entrada", "input", {
    ...edit,
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * figure.get("image")[0].length + c });
    },
    describe,
  });
  const value = nudge("Valor resaltado", (by) => edit.onadjust(stamped(figure), by));
  return {
    el: panel.el,
    value,
    draw({ theme, image, height, width, r0, c0, parts, ...now }) {
      const summands = parts.map(([, , at]) => cellOf(at, height, width));
      const how = "Las flechas eligen el valor que se estampa; + y −, o las cifras, lo cambian.";
      panel.setCursor([r0, c0]);
      panel.draw({
        values: image,
        colour: painter(theme, image),
        title: `Entrada ${dimensions(image)}`,
        name: `Entrada de ${height} por ${width}. ${how}`,
        boxes: [
          ...summands.map(([row, col]) => ({ row, col, kind: "summand" })),
          { row: r0, col: c0, kind: "here" },
        ],
      });
      value.draw(number(now.value));
    },
  };
}

/** El valor resaltado por el kernel. */
function stampPanel(figure) {
  const panel = grid(figure, "Sello", "kernel");
  return {
    el: panel.el,
    draw({ theme, kernel, value }) {
      const stamp = kernel.map((line) => line.map((w) => w * value));
      const strongest = peak(stamp);
      panel.draw({
        values: stamp,
        colour: (v) => signed(theme, v, strongest * 1.6),
        title: `Sello: ${number(value)} × kernel`,
        name: `Sello: ${series(stamp)}`,
      });
    },
  };
}

/** La salida, con el borde que se recorta en gris. */
function outputPanel(figure, describe) {
  const panel = grid(figure, "Salida", "output", {
    oncursor([r, c]) {
      const { top, left } = look(figure);
      figure.set({ row: Math.max(r - top, 0), col: Math.max(c - left, 0) });
    },
    describe,
  });
  return {
    el: panel.el,
    draw({ theme, made, seen, shown, rows, cols, top, left, row, col, ...now }) {
      const colour = painter(theme, now.inside(made.canvas));
      const kept = (r, c) => r >= top && r < top + rows && c >= left && c < left + cols;
      const stamped = (r, c) => seen.counts[r][c] > 0;
      panel.setCursor([row + top, col + left]);
      panel.draw({
        values: seen.canvas,
        colour: (v, r, c) => (kept(r, c) ? (stamped(r, c) ? colour(v) : theme.surface) : theme.padding),
        text: (v, r, c) => (stamped(r, c) || shown === "all" ? short(v) : ""),
        title: `Salida ${rows} × ${cols}${now.cropped ? ", sin el borde gris" : ""}`,
        name: `Salida de ${rows} por ${cols}. Las flechas eligen el valor cuya suma se escribe.`,
        boxes: [
          ...(now.cropped ? [{ row: top, col: left, rows, cols, kind: "kept" }] : []),
          { row: row + top, col: col + left, kind: "pixel" },
          { row: now.r0 * now.stride, col: now.c0 * now.stride, rows: now.kh, cols: now.kw, kind: "window" },
        ],
      });
    },
  };
}

function overlapsPanel(figure) {
  const panel = grid(figure, "Sellos por valor", "output", {
    size: "small",
  });
  return {
    el: panel.el,
    draw({ theme, made, inside }) {
      const counts = inside(made.counts);
      const most = Math.max(...made.counts.flat());
      const lines = counts.map((line) => line.join(" "));
      panel.draw({
        values: counts,
        colour: (v) => heat(theme, v, most),
        text: (v) => number(v),
        title: "Sellos por valor",
        name: `Sellos que caen en cada valor: ${lines.join("; ")}`,
      });
    },
  };
}

/** La cuenta del tamaño de un eje, con sus números y por qué. */
function sizeText({ text }, n, k, s, padding, before) {
  if (k < s) return text("zeros", { n, s });
  if (padding === "valid") return text("valid", { start: (n - 1) * s, k, n, s });
  const spare = k - s;
  return spare ? text("crops", { before, after: spare - before, n, s, k, spare }) : text("fits", { n, s });
}

/** Dónde cae el sello, qué se suma en el valor elegido y cuánto mide la salida. */
function explanations(figure) {
  const where = h("p");
  const formula = h("p.cf-formula");
  const size = h("p.cf-formula", { role: "status" });
  const writeWhere = ({ stride: s, padding, top, left, r0, c0, value }) => {
    const grey = padding === "same" && (top || left) ? ", contando el borde gris" : "";
    const values = { value: number(value), r0, c0, s, rowStart: r0 * s, colStart: c0 * s, grey };
    write(where, figure.text("where", values));
  };
  const writeSum = ({ row, col, parts }) => {
    const terms = parts.map(([v, w]) => `${factor(v)}·${factor(w)}`).join(" + ");
    const total = parts.reduce((t, [v, w]) => t + v * w, 0);
    formula.replaceChildren(
      `Salida (${row}, ${col}) = ${terms || "ningún sello"} = `,
      h("b", {}, number(total)),
    );
  };
  const writeSize = ({ height, width, kh, kw, rows, cols, top, left, stride, padding }) => {
    const square = height === width && kh === kw;
    const axes = [
      [square ? "Lado" : "Filas", height, kh, rows, top],
      ["Columnas", width, kw, cols, left],
    ].slice(0, square ? 1 : 2);
    const texts = axes.flatMap(([name, n, k, total, before], i) => [
      `${i ? "; " : ""}${name} de la salida: `,
      sizeText(figure, n, k, stride, padding, before),
      h("b", {}, String(total)),
    ]);
    size.replaceChildren(...texts, ".");
  };
  return {
    el: h("div.cf-said", {}, where, formula, size),
    where,
    formula,
    draw(now) {
      writeWhere(now);
      writeSum(now);
      writeSize(now);
    },
  };
}

function settings(figure) {
  const option = (label, name, options) => choices(label, options, figure.setter(name));
  const kernels = select(
    "Kernel",
    Object.keys(KERNELS).map((name) => [name, name]),
    (name) => name && figure.set({ kernel: structuredClone(KERNELS[name]) }),
    "El tuyo",
  );
  const shownOptions = [
    ["all", "todos los sellos"],
    ["so_far", "hasta el resaltado"],
  ];
  const stride = option("Stride", "stride", [1, 2, 3]);
  const padding = option("Padding", "padding", ["valid", "same"]);
  const shown = option("En la salida", "shown", shownOptions);
  const inputSide = choices("Lado de la entrada", [1, 2, 3], (n) => {
    const image = matrix(n, n, (r, c) => figure.get("image")[r]?.[c] ?? r * n + c + 1);
    figure.set({ image, position: 0 });
  });
  const kernelSide = choices("Lado del kernel", [1, 2, 3, 4], (k) =>
    figure.set({ kernel: resized(figure.get("kernel"), k) }),
  );
  return {
    els: [stride, padding, kernelSide, inputSide, kernels, shown],
    draw(now) {
      stride.draw(now.stride);
      padding.draw(now.padding);
      shown.draw(now.shown);
      inputSide.draw(now.height === now.width ? now.height : 0);
      kernelSide.draw(now.kh === now.kw ? now.kh : 0);
      kernels.draw(nameOf(KERNELS, now.kernel));
    },
  };
}

export default function compose(figure) {
  const steps = player(
    figure,
    "Recorrido de los sellos",
    "Sello",
    figure.setter("position", { shown: "so_far" }),
  );
  const said = explanations(figure);
  const input = inputPanel(figure, steps, () => said.where.textContent);
  const kernel = kernelEditor(figure, { get: () => figure.get("kernel"), ...editor(figure, "kernel") });
  const stamp = stampPanel(figure);
  const output = outputPanel(figure, () => said.formula.textContent);
  const overlaps = overlapsPanel(figure);
  const controls = settings(figure);
  const goal = challenge(figure, "goal");
  const grids = [input, kernel, stamp, output, overlaps];
  const stage = h("div.cf-stage.cf-stamps", {}, grids);
  const settingsRow = h("div.cf-controls", {}, controls.els, input.value, kernel.weight);
  figure.add(stage, said, steps, settingsRow, goal);

  return () => {
    const now = look(figure);
    const { height, width, kh, kw, cols, fullCols } = now;
    stage.style.setProperty("--sum", width + 2 * kw + fullCols + 0.75 * cols);
    stage.style.setProperty("--two", Math.max(width + 2 * kw, fullCols));
    for (const part of [input, stamp, output, overlaps, said, controls]) part.draw(now);
    kernel.draw({ theme: now.theme, name: `Kernel de ${kh} por ${kw}. ${EDIT}` });
    steps.draw(now.now, height * width);
    goal.draw(judgeEvenStamps(now.inside(now.made.counts), now.stride));
  };
}
