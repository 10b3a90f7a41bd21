// De densa a convolucional: la misma matriz de pesos, entera, local (en banda) y con los pesos compartidos.
import { apply, conv2d, convMatrix, freeWeight, matrix, replaced, shape, sum, windowMask } from "../math.mjs";
import { choices, nudge, player } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number, parse, short } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";

const STAGES = [
  ["dense", "Densa"],
  ["local", "Local"],
  ["shared", "Compartida"],
];
const WHY = {
  dense: "Cada salida tiene un peso por cada entrada.",
  local: "Cada salida solo mira su ventana: fuera de la banda no hay pesos.",
  shared: "Todas las ventanas usan los mismos pesos: el kernel.",
};

function compose(figure) {
  const initial = { image: figure.get("image"), kernel: figure.get("kernel") };
  const other =
    shape(initial.image)[0] === 1
      ? {
          image: matrix(5, 5, (r, c) => Number(r === 2 || c === 2)),
          kernel: [
            [0, 1, 0],
            [1, -4, 1],
            [0, 1, 0],
          ],
        }
      : { image: [[0, 0, 1, 1, 1, 0, 2, 0]], kernel: [[-1, 0, 1]] };
  const top = () => Math.max(1, ...figure.get("image").flat());
  const replace = (name, cell, value) => figure.set({ [name]: replaced(figure.get(name), cell, value) });
  const windowSize = () => {
    const [rows, cols] = shape(figure.get("image"));
    const [kh, kw] = shape(figure.get("kernel"));
    return [rows - kh + 1, cols - kw + 1];
  };
  const setOutput = (output) => {
    steps.pause();
    figure.set({ output });
  };
  let painting = 1;
  const input = grid(figure, {
    label: "Entrada",
    role: "input",
    onpoint([r, c], phase) {
      if (phase !== "drag") painting = figure.get("image")[r][c] ? 0 : 1;
      replace("image", [r, c], painting);
    },
    ontype: (cell, text) => replace("image", cell, parse(text.at(-1)) || 0),
    describe: ([r, c]) => `Fila ${r + 1}, columna ${c + 1}: ${number(figure.get("image")[r][c])}`,
  });
  const adjust = ([r, c], by) =>
    replace("kernel", [r, c], Math.min(9, Math.max(-9, figure.get("kernel")[r][c] + by)));
  const kernel = grid(figure, {
    label: "Kernel",
    role: "kernel",
    scrub: true,
    onadjust: adjust,
    ontype: (cell, text) => replace("kernel", cell, parse(text.at(-1)) || 0),
    describe: ([r, c]) => `Peso ${number(figure.get("kernel")[r][c])}`,
  });
  const weight = nudge({ label: "Peso elegido", onchange: (by) => adjust(kernel.cursor(), by) });
  const weights = grid(figure, {
    label: "Matriz de pesos",
    role: "kernel",
    oncursor: ([o]) => setOutput(o),
    describe: ([o, i]) => `Salida ${o + 1}, entrada ${i + 1}`,
  });
  const result = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor: ([r, c]) => setOutput(isLine() ? r : r * windowSize()[1] + c),
    describe: ([r, c]) => (isLine() ? `Salida ${r + 1}` : `Salida, fila ${r + 1}, columna ${c + 1}`),
  });
  // Con una imagen, la matriz la recibe aplanada y devuelve una columna.
  const flatInput = grid(figure, { label: "Entrada aplanada", role: "input" });
  const flatOutput = grid(figure, { label: "Salida aplanada", role: "output" });
  const steps = player(figure, {
    label: "Recorrido por las salidas",
    onstep: (output) => figure.set({ output }),
  });
  const cards = STAGES.map(([stage, name]) => {
    const total = h("strong", {});
    return {
      stage,
      total,
      el: h(
        "button",
        { type: "button", class: "cf-card", onclick: () => figure.set({ stage }) },
        h("span", {}, name),
        total,
        h("small", {}, "pesos"),
      ),
    };
  });
  const why = h("p", { class: "cf-why", role: "status" });
  const check = h("p", { class: "cf-verdict", role: "status" });
  const sharing = h("p", { class: "cf-label" });
  const kind = choices({
    label: "Pesos",
    options: [
      ["kernel", "los del kernel"],
      ["free", "libres"],
    ],
    onchange: (v) => figure.set({ weights: v }),
  });
  const isLine = () => shape(figure.get("image"))[0] === 1;
  const form = choices({
    label: "Entrada",
    options: [
      ["line", "una fila"],
      ["image", "una imagen"],
    ],
    onchange: (v) =>
      figure.set({
        ...structuredClone((v === "line") === (shape(initial.image)[0] === 1) ? initial : other),
        output: 0,
      }),
  });
  figure.onReset(() => steps.pause());
  const around = h("div", { class: "cf-around" });
  const corner = h("div", { class: "cf-corner" });
  const product = h("div", { class: "cf-product" });
  const stage = h(
    "div",
    { class: "cf-matrix" },
    product,
    h("div", { class: "cf-side" }, kernel.el, weight.el),
    around,
  );
  /** La entrada se pone encima de la matriz y la salida a su derecha, cada valor frente a su columna o a su fila. */
  const arrange = (line) => {
    if (product.dataset.line === String(line)) return;
    product.dataset.line = String(line);
    product.replaceChildren(
      line ? input.el : flatInput.el,
      corner,
      weights.el,
      line ? result.el : flatOutput.el,
    );
    around.replaceChildren(...(line ? [] : [input.el, result.el]));
  };
  figure.add(
    h(
      "div",
      { class: "cf-cards", role: "group", "aria-label": "Tipo de capa" },
      cards.map(({ el }) => el),
    ),
    why,
    stage,
    sharing,
    check,
    steps.el,
    h("div", { class: "cf-controls" }, kind.el, form.el),
  );

  return () => {
    const { theme } = figure;
    const { image, kernel: taps, stage: now, weights: source, output } = figure.state();
    const [rows, cols] = shape(image);
    const [kh, kw] = shape(taps);
    const [outRows, outCols] = windowSize();
    const total = outRows * outCols;
    const o = Math.min(output, total - 1);
    const [r0, c0] = [Math.floor(o / outCols), o % outCols];
    const mask = windowMask(rows, cols, [kh, kw]);
    const shared = convMatrix(rows, cols, taps);
    const own = source === "free" && now !== "shared";
    const values = matrix(total, rows * cols, (a, i) => {
      if (now !== "dense" && !mask[a][i]) return 0;
      return own ? freeWeight(a, i) : shared[a][i];
    });
    const y = apply(values, image.flat());
    const slid = conv2d(image, taps);
    const difference = Math.max(...y.map((v, i) => Math.abs(v - slid.flat()[i])));
    const parameters = { dense: total * rows * cols, local: sum(mask), shared: kh * kw };

    cards.forEach(({ stage: name, total: text, el }) => {
      update(el, { "aria-pressed": String(name === now) });
      write(text, number(parameters[name], 0));
    });
    write(why, WHY[now]);
    const line = rows === 1;
    arrange(line);
    stage.style.setProperty("--wide", rows * cols + 1);
    const heaviest = Math.max(1, ...taps.flat().map(Math.abs), own ? 2 : 0);
    const legible = rows * cols <= 12;
    const name = (what) => `${what}. `;
    input.draw({
      rows,
      cols,
      title: line ? `Entrada de ${cols}` : `Entrada ${rows} × ${cols}`,
      name: name("Entrada") + "Pinta con el dedo, el ratón o la barra espaciadora.",
      fill: (r, c) => grey(image[r][c], top()),
      text: (r, c) => short(image[r][c]),
      boxes: [
        now === "dense"
          ? { row: 0, col: 0, rows, cols, kind: "window" }
          : { row: r0, col: c0, rows: kh, cols: kw, kind: "window" },
      ],
    });
    const [kr, kc] = [Math.min(kernel.cursor()[0], kh - 1), Math.min(kernel.cursor()[1], kw - 1)];
    kernel.draw({
      rows: kh,
      cols: kw,
      title: `Kernel ${kh} × ${kw}`,
      name: name("Kernel") + "Cambia los pesos con + y −, o arrastrando arriba y abajo.",
      fill: (r, c) => signed(theme, taps[r][c], heaviest * 1.4),
      text: (r, c) => short(taps[r][c]),
      boxes: [{ row: kr, col: kc, kind: "here" }],
    });
    weight.draw(number(taps[kr][kc]));
    // Las copias del peso elegido en cada fila de la matriz.
    const copies =
      now === "shared"
        ? Array.from({ length: total }, (_, a) => ({
            row: a,
            col: (Math.floor(a / outCols) + kr) * cols + (a % outCols) + kc,
            kind: "copy",
          }))
        : [];
    const absent = theme["padding-soft"];
    weights.setCursor([o, weights.cursor()[1]]);
    weights.draw({
      rows: total,
      cols: rows * cols,
      title: `Matriz de pesos ${total} × ${rows * cols}`,
      name: `Matriz de pesos de ${total} filas y ${rows * cols} columnas. Las flechas eligen la salida.`,
      fill: (a, i) => (now !== "dense" && !mask[a][i] ? absent : signed(theme, values[a][i], heaviest * 1.4)),
      text: legible ? (a, i) => (now !== "dense" && !mask[a][i] ? "" : short(values[a][i])) : null,
      boxes: [...copies, { row: o, col: 0, cols: rows * cols, kind: "here" }],
    });
    const flat = y.map(Math.abs);
    const strongest = Math.max(...flat);
    const column = {
      rows: total,
      cols: 1,
      title: "Salida",
      name: name("Salida") + "Las flechas eligen la salida.",
      fill: (r) => signed(theme, y[r], strongest),
      text: (r) => short(y[r]),
      boxes: [{ row: o, col: 0, kind: "here" }],
    };
    if (line) {
      result.setCursor([o, 0]);
      result.draw(column);
    } else {
      flatInput.draw({
        rows: 1,
        cols: rows * cols,
        title: "Entrada aplanada",
        fill: (_, i) => grey(image.flat()[i], top()),
        boxes: [],
      });
      flatOutput.draw({ ...column, text: null, title: "" });
      result.setCursor([r0, c0]);
      result.draw({
        rows: outRows,
        cols: outCols,
        title: `Salida ${outRows} × ${outCols}`,
        name: name("Salida") + "Las flechas eligen la salida.",
        fill: (r, c) => signed(theme, y[r * outCols + c], strongest),
        text: (r, c) => short(y[r * outCols + c]),
        boxes: [{ row: r0, col: c0, kind: "here" }],
      });
    }
    write(
      sharing,
      now === "shared"
        ? `El peso elegido (${number(taps[kr][kc])}) aparece ${count(total, "vez", "veces")} en la matriz y se aprende una sola vez.`
        : `La salida ${o + 1} usa ${count(now === "dense" ? rows * cols : kh * kw, "peso")} propios.`,
    );
    const same = difference < 1e-9;
    update(check, { "data-done": String(same) });
    write(
      check,
      same
        ? "✓ La matriz por la entrada da lo mismo que deslizar el kernel: diferencia 0."
        : `Con pesos libres la capa calcula otra cosa: se aparta hasta ${number(difference)} de deslizar el kernel.`,
    );
    kind.draw(source);
    form.draw(isLine() ? "line" : "image");
    steps.draw(o, total, `Salida ${o + 1} de ${total}`);
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "De densa a convolucional",
        hint: "Pulsa Densa, Local y Compartida: cambian los pesos que hay que aprender, no la salida.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: elegir una salida o un peso. En el kernel, + y − cambian el peso; en la entrada, espacio pinta.",
        names: ["image", "kernel", "stage", "weights", "output"],
      },
      compose,
    ),
};
