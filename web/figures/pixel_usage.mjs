// Uso de cada píxel: cuántas ventanas lo miran, sin padding y con él.
import { cellFrom, cellOf } from "../geometry.mjs";
import { judgeEqualUse } from "../goals.mjs";
import { matrix, outputSize, usageMap } from "../math.mjs";
import { challenge, player, sliders, warning } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { heat } from "../ui/theme.mjs";

/** ¿Está el píxel dentro de una ventana de k × k que empieza en (top, left)? */
const covers = ([row, col], top, left, k) => top <= row && row < top + k && left <= col && col < left + k;

/** Lo que lleva cada píxel tras las primeras ventanas, contadas por filas. */
function countedUntil(windows, { n, k, s, p, total }) {
  const starts = Array.from({ length: windows }, (_, w) => cellOf(w, total, total).map((i) => i * s - p));
  return matrix(n, n, (r, c) => starts.filter(([top, left]) => covers([r, c], top, left, k)).length);
}

/**
 * El estado y lo que se deduce de él; `step` es la última ventana contada, o null si se han contado todas.
 */
function look(figure, step) {
  const { input_size: n, kernel_size: k, stride: s, padding: p, row, col } = figure.state();
  const total = outputSize(n, k, s, p);
  const without = usageMap(n, k, s, 0);
  const all = usageMap(n, k, s, p);
  const last = step === null ? 0 : Math.min(step, total ** 2 - 1);
  return {
    ...{ theme: figure.theme, n, k, s, p, total, without, all, last },
    counted: step === null ? all : countedUntil(last + 1, { n, k, s, p, total }),
    top: Math.max(1, ...all.flat(), ...without.flat()),
    pixel: [Math.min(row, n - 1), Math.min(col, n - 1)],
    whole: step === null,
  };
}

/** El píxel elegido y las ventanas que lo miran, en una cuadrícula con `pad` píxeles de relleno. */
function chosenBoxes({ pixel, s, k }, pad, total) {
  const [row, col] = pixel.map((i) => i + pad);
  const starts = Array.from({ length: total ** 2 }, (_, w) => cellOf(w, total, total).map((i) => i * s));
  return [
    ...starts
      .filter(([top, left]) => covers([row, col], top, left, k))
      .map(([top, left]) => ({ row: top, col: left, rows: k, cols: k, kind: "seeing" })),
    { row, col, kind: "pixel" },
  ];
}

function usagePanels(figure, choose, describe) {
  const plain = grid(figure, "Sin padding", "input", {
    oncursor: (cell) => choose(cell, 0),
    describe,
  });
  const padded = grid(figure, "Con padding", "input", {
    oncursor: (cell) => choose(cell, figure.get("padding")),
    describe,
  });
  const stage = h("div.cf-stage", {}, plain, padded);
  const drawPlain = (now) => {
    const { theme, n, k, s, without, top, pixel, whole } = now;
    plain.setCursor(pixel);
    plain.draw({
      values: without,
      colour: (v) => heat(theme, v, top),
      text: (v) => number(v),
      title: "Sin padding",
      name: `Usos de cada píxel sin padding, ${n} por ${n}`,
      boxes: whole ? chosenBoxes(now, 0, outputSize(n, k, s, 0)) : [],
    });
  };
  const drawPadded = (now) => {
    const { theme, n, k, s, p, total, counted, top, pixel, last, whole } = now;
    const edge = { row: p, col: p, rows: n, cols: n, kind: "edge" };
    const [row, col] = cellOf(last, total, total).map((i) => i * s);
    const window = total ? [{ row, col, rows: k, cols: k, kind: "window" }] : [];
    padded.el.hidden = !p && whole;
    padded.setCursor(pixel.map((i) => i + p));
    padded.draw({
      values: matrix(n + 2 * p, n + 2 * p, (r, c) => counted[r - p]?.[c - p] ?? null),
      colour: (v) => (v === null ? theme["padding-soft"] : heat(theme, v, top)),
      text: (v) => (v === null ? "" : number(v)),
      title: p ? `Con padding ${p}` : "Contando…",
      name: `Usos de cada píxel con padding ${p}`,
      boxes: [...(p ? [edge] : []), ...(whole ? chosenBoxes(now, p, total) : window)],
    });
  };
  return {
    el: stage,
    draw(now) {
      stage.style.setProperty("--sum", 2 * now.n + 2 * now.p + 1);
      stage.style.setProperty("--two", now.n + 2 * now.p);
      drawPlain(now);
      drawPadded(now);
    },
  };
}

/** Lo que se avisa y lo que se dice del píxel elegido. */
function explanations() {
  const sentence = h("p", { role: "status" });
  const message = warning();
  return {
    sentence,
    message,
    draw({ n, k, p, total, without, all, pixel }) {
      const small = `la entrada con relleno solo tiene ${n + 2 * p}: no cabe ninguna ventana.`;
      message.draw(total ? "" : `El kernel abarca ${k} píxeles y ${small}`);
      const [row, col] = pixel;
      const middle = Math.floor((n - 1) / 2);
      const windows = count(without[row][col], "ventana");
      const also = p ? ` y en ${all[row][col]} con padding ${p}` : "";
      const centre = `${without[middle][middle]}${p ? ` y en ${all[middle][middle]}` : ""}`;
      const chosen = `El píxel (${row}, ${col}) participa en ${windows} sin padding${also}`;
      write(sentence, `${chosen}; el del centro, en ${centre}.`);
    },
  };
}

export default function compose(figure) {
  let step = null; // hasta qué ventana se ha contado; null, todas
  const countAll = () => {
    step = null;
  };
  const set = (changes) => {
    countAll();
    figure.set(changes);
  };
  const steps = player(figure, "Contar ventana a ventana", "Ventana", (window) => {
    step = window;
    figure.redraw();
  });
  const said = explanations();
  const choose = (cell, pad) => {
    const n = figure.get("input_size");
    const pixel = cellFrom(cell, pad, pad, n, n);
    if (pixel) set({ row: pixel[0], col: pixel[1] });
  };
  const panels = usagePanels(figure, choose, () => said.sentence.textContent);
  const sizes = sliders(
    {
      input_size: ["Entrada, n", { min: 3, max: 12 }],
      kernel_size: ["Kernel, k", { min: 1, max: 7 }],
      stride: ["Stride, s", { min: 1, max: 5 }],
      padding: ["Padding, p", { min: 0, max: 6 }],
    },
    (name) => (value) => set({ [name]: value }),
  );
  const goal = challenge(figure, "goal");
  figure.onReset(countAll);
  figure.add(said.message, panels, said.sentence, steps, h("div.cf-controls", {}, sizes.els), goal);

  return () => {
    const now = look(figure, step);
    const { n, k, s, p, total, last } = now;
    panels.draw(now);
    said.draw(now);
    sizes.draw(figure.state());
    steps.draw(last, total ** 2);
    goal.draw(judgeEqualUse(n, k, s, p));
  };
}
