// Uso de cada píxel: cuántas ventanas lo miran, sin padding y con él.
import { judgeEqualUse } from "../goals.mjs";
import { matrix, outputSize, usageMap } from "../math.mjs";
import { challenge, player, slider } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { mix } from "../ui/theme.mjs";

function compose(figure) {
  let step = null; // hasta qué ventana se ha contado; null, todas
  const set = (name) => (value) => {
    step = null;
    figure.set({ [name]: value });
  };
  const pixel = (p) => [
    Math.min(figure.get("row"), figure.get("input_size") - 1) + p,
    Math.min(figure.get("col"), figure.get("input_size") - 1) + p,
  ];
  const choose =
    (p) =>
    ([row, col]) => {
      const n = figure.get("input_size");
      if (row < p || col < p || row >= n + p || col >= n + p) return;
      step = null;
      figure.set({ row: row - p, col: col - p });
    };
  const describe = () => sentence.textContent;
  const plain = grid(figure, {
    label: "Sin padding",
    role: "input",
    oncursor: (cell) => choose(0)(cell),
    describe,
  });
  const padded = grid(figure, {
    label: "Con padding",
    role: "input",
    oncursor: (cell) => choose(figure.get("padding"))(cell),
    describe,
  });
  const sentence = h("p", { role: "status" });
  const message = h("p", { class: "cf-message" });
  const steps = player(figure, {
    label: "Contar ventana a ventana",
    onstep(i) {
      step = i;
      figure.redraw();
    },
  });
  const controls = {
    input_size: slider({ label: "Entrada, n", min: 3, max: 12, onchange: set("input_size") }),
    kernel_size: slider({ label: "Kernel, k", min: 1, max: 7, onchange: set("kernel_size") }),
    stride: slider({ label: "Stride, s", min: 1, max: 5, onchange: set("stride") }),
    padding: slider({ label: "Padding, p", min: 0, max: 6, onchange: set("padding") }),
  };
  const goal = challenge({ label: "Reto: que todos los píxeles se usen lo mismo" });
  figure.onReset(() => {
    steps.pause();
    step = null;
  });
  const stage = h("div", { class: "cf-stage" }, plain.el, padded.el);
  figure.add(
    message,
    stage,
    sentence,
    steps.el,
    h(
      "div",
      { class: "cf-controls" },
      Object.values(controls).map(({ el }) => el),
    ),
    goal.el,
  );

  return () => {
    const { theme } = figure;
    const { input_size: n, kernel_size: k, stride: s, padding: p } = figure.state();
    const total = outputSize(n, k, s, p);
    message.hidden = total > 0;
    write(
      message,
      total
        ? ""
        : `El kernel abarca ${k} píxeles y la entrada con relleno solo tiene ${n + 2 * p}: no cabe ninguna ventana.`,
    );
    const without = usageMap(n, k, s, 0);
    const all = usageMap(n, k, s, p);
    const top = Math.max(1, ...all.flat(), ...without.flat());
    // Mientras se cuenta, cada píxel lleva las ventanas vistas hasta ahora.
    const counted = step === null ? all : matrix(n, n, () => 0);
    if (step !== null) {
      for (let w = 0; w <= Math.min(step, total ** 2 - 1); w++) {
        const [r0, c0] = [Math.floor(w / total) * s - p, (w % total) * s - p];
        for (let i = r0; i < r0 + k; i++)
          for (let j = c0; j < c0 + k; j++) if (counted[i]?.[j] !== undefined) counted[i][j]++;
      }
    }
    const heat = (value) =>
      value ? mix(theme["input-soft"], theme.input, top > 1 ? (value - 1) / (top - 1) : 1) : theme.surface;
    const [row, col] = pixel(0);
    const looking = (pad, size) => {
      const boxes = [];
      for (let r = 0; r < size; r++)
        for (let c = 0; c < size; c++) {
          const [y, x] = [r * s, c * s];
          if (y <= row + pad && row + pad < y + k && x <= col + pad && col + pad < x + k)
            boxes.push({ row: y, col: x, rows: k, cols: k, kind: "seeing" });
        }
      return boxes;
    };
    const chosen = (pad) => ({ row: row + pad, col: col + pad, kind: "pixel" });
    stage.style.setProperty("--sum", 2 * n + 2 * p + 1);
    stage.style.setProperty("--two", n + 2 * p);
    plain.setCursor([row, col]);
    plain.draw({
      rows: n,
      cols: n,
      title: "Sin padding",
      name: `Usos de cada píxel sin padding, ${n} por ${n}`,
      fill: (r, c) => heat(without[r][c]),
      text: (r, c) => number(without[r][c]),
      boxes: step === null ? [...looking(0, outputSize(n, k, s, 0)), chosen(0)] : [],
    });
    padded.el.hidden = !p && step === null;
    padded.setCursor([row + p, col + p]);
    const now = step === null ? 0 : Math.min(step, total ** 2 - 1);
    padded.draw({
      rows: n + 2 * p,
      cols: n + 2 * p,
      title: p ? `Con padding ${p}` : "Contando…",
      name: `Usos de cada píxel con padding ${p}`,
      fill: (r, c) =>
        counted[r - p]?.[c - p] === undefined ? theme["padding-soft"] : heat(counted[r - p][c - p]),
      text: (r, c) => (counted[r - p]?.[c - p] === undefined ? "" : number(counted[r - p][c - p])),
      boxes: [
        ...(p ? [{ row: p, col: p, rows: n, cols: n, kind: "edge" }] : []),
        ...(step === null
          ? [...looking(p, total), chosen(p)]
          : total
            ? [{ row: Math.floor(now / total) * s, col: (now % total) * s, rows: k, cols: k, kind: "window" }]
            : []),
      ],
    });
    const middle = Math.floor((n - 1) / 2);
    write(
      sentence,
      `El píxel (${row}, ${col}) participa en ${count(without[row][col], "ventana")} sin padding${p ? ` y en ${all[row][col]} con padding ${p}` : ""}; el del centro, en ${without[middle][middle]}${p ? ` y en ${all[middle][middle]}` : ""}.`,
    );
    for (const [name, control] of Object.entries(controls)) control.draw(figure.get(name));
    steps.draw(now, Math.max(total ** 2, 1), `Ventana ${now + 1} de ${total ** 2}`);
    goal.draw(judgeEqualUse(n, k, s, p));
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Uso de cada píxel",
        hint: "El número de cada píxel es el de ventanas que lo miran. Toca uno para ver cuáles son.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: elegir un píxel o cambiar un mando.",
        names: ["input_size", "kernel_size", "stride", "padding", "row", "col"],
      },
      compose,
    ),
};
