// Solape de dos máscaras: el umbral convierte probabilidades en máscara, y esta se compara con la verdadera.
import { judgeBackground } from "../goals.mjs";
import { outline } from "../geometry.mjs";
import { replaced, shape, shift } from "../math.mjs";
import { measures, pixelCounts, pixelKinds, score, thresholded } from "../segmentation.mjs";
import { challenge, select, slider } from "../ui/controls.mjs";
import { h, s, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { number, parse } from "../ui/numbers.mjs";
import { unitPlot } from "../ui/plot.mjs";
import { grey } from "../ui/theme.mjs";

const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
// Dónde se escribe el nombre de cada curva: junto a qué umbral, a cuánto y con qué anclaje.
const LABELS = { iou: [3, 6, 16, "start"], dice: [13, 6, -4, "start"], accuracy: [3, -4, -6, "end"] };
const KINDS = {
  both: { sign: "✓", role: "output", one: "acierto del objeto (TP)", many: "aciertos del objeto (TP)" },
  extra: { sign: "+", role: "kernel-soft", one: "píxel sobra (FP)", many: "píxeles sobran (FP)" },
  missing: { sign: "−", role: "highlight-soft", one: "píxel falta (FN)", many: "píxeles faltan (FN)" },
  neither: { sign: "", role: "surface", one: "acierto del fondo (TN)", many: "aciertos del fondo (TN)" },
};
const NAMES = { iou: "IoU", dice: "Dice", accuracy: "Exactitud" };
const WORDS = { both: "acierta", extra: "sobra", missing: "falta", neither: "fondo bien predicho" };

const PREDICTIONS = {
  network: ["la de la red", (_, network) => network],
  background: ["todo fondo", (truth) => shift(truth, truth.length, 0)],
  truth: ["la verdadera", (truth) => truth],
  moved: ["la verdadera, movida un píxel", (truth) => shift(truth, 0, 1)],
};

function compose(figure) {
  let painting = 1;
  const network = structuredClone(figure.get("probabilities"));
  const propose = (name) => PREDICTIONS[name][1](figure.get("truth"), network);
  const predicted = () => thresholded(figure.get("probabilities"), figure.get("threshold"));
  const paint = (cell, value) =>
    figure.set({ probabilities: replaced(figure.get("probabilities"), cell, value) });
  const options = {
    onpoint([r, c], phase) {
      if (phase !== "drag") painting = predicted()[r][c] ? 0 : 1;
      paint([r, c], painting);
    },
    describe([r, c]) {
      const kind = pixelKinds(figure.get("truth"), predicted())[r][c];
      return `Fila ${r + 1}, columna ${c + 1}: probabilidad ${number(figure.get("probabilities")[r][c])}, ${WORDS[kind]}`;
    },
  };
  const map = grid(figure, {
    label: "Probabilidades",
    role: "input",
    ...options,
    ontype(cell, text) {
      const digit = parse(text.at(-1));
      if (!Number.isNaN(digit)) paint(cell, digit / 10);
    },
  });
  const agreement = grid(figure, { label: "Predicha y verdadera", role: "output", ...options });
  const proposal = select({
    label: "Predicción",
    empty: "la tuya",
    options: Object.entries(PREDICTIONS).map(([name, [text]]) => [name, text]),
    onchange: (name) => name && figure.set({ probabilities: structuredClone(propose(name)) }),
  });
  const threshold = slider({
    label: "Umbral",
    values: THRESHOLDS,
    onchange: (v) => figure.set({ threshold: v }),
  });
  const legend = Object.entries(KINDS).map(([kind, { sign, role }]) => {
    const [total, text] = [h("strong", {}), h("span", {})];
    return {
      kind,
      total,
      text,
      el: h("li", { class: `cf-kind cf-kind-${role}` }, h("i", { "aria-hidden": "true" }, sign), total, text),
    };
  });
  const cards = Object.entries(NAMES).map(([name, text]) => {
    const [value, formula, bar] = [h("strong", {}), h("small", { class: "cf-formula" }), h("i", {})];
    return {
      name,
      value,
      formula,
      bar,
      el: h(
        "div",
        { class: `cf-card cf-card-${name}` },
        h("span", {}, text),
        value,
        h("div", { class: "cf-meter", "aria-hidden": "true" }, bar),
        formula,
      ),
    };
  });
  const plot = unitPlot({
    xLabel: "umbral",
    yLabel: "medida",
    onpick: (v) =>
      figure.set({ threshold: THRESHOLDS.reduce((a, b) => (Math.abs(b - v) < Math.abs(a - v) ? b : a)) }),
  });
  const cursor = s("line", { class: "cf-at", y1: plot.y(1), y2: plot.y(0) });
  const curves = cards.map(({ name }) => ({
    name,
    path: s("path", { class: `cf-curve cf-curve-${name}` }),
    dot: s("circle", { r: 5, class: `cf-dot cf-dot-${name}` }),
    label: s("text", { class: `cf-name cf-name-${name}`, "text-anchor": LABELS[name][3] }, NAMES[name]),
  }));
  plot.marks.append(cursor, ...curves.flatMap(({ path, dot, label }) => [path, dot, label]));
  const goalText = h("p", { class: "cf-label" });
  const goal = challenge({ extra: [goalText] });
  const stage = h("div", { class: "cf-stage cf-masks" }, map.el, agreement.el);
  const side = h(
    "div",
    { class: "cf-side" },
    threshold.el,
    proposal.el,
    h(
      "ul",
      { class: "cf-kinds" },
      legend.map(({ el }) => el),
    ),
    h(
      "div",
      { class: "cf-cards" },
      cards.map(({ el }) => el),
    ),
  );
  figure.add(stage, h("div", { class: "cf-beside" }, side, plot.el), goal.el);

  return () => {
    const { theme } = figure;
    const { truth, probabilities, threshold: limit } = figure.state();
    const [rows, cols] = shape(truth);
    const mask = predicted();
    const kinds = pixelKinds(truth, mask);
    const counts = pixelCounts(truth, mask);
    const legible = Math.max(rows, cols) <= 12;
    stage.style.setProperty("--sum", 2 * cols);
    stage.style.setProperty("--two", cols);
    map.draw({
      rows,
      cols,
      title: "Probabilidad de ser objeto",
      name: `Probabilidades, ${rows} por ${cols}. Pinta con el dedo, el ratón o la barra espaciadora para poner o quitar un píxel de la máscara predicha.`,
      fill: (r, c) => grey(probabilities[r][c]),
      text: legible ? (r, c) => number(probabilities[r][c]).replace(/^0,/, ",") : null,
      outlines: [
        { d: outline(truth), kind: "true" },
        { d: outline(mask), kind: "predicted" },
      ],
    });
    agreement.draw({
      rows,
      cols,
      title: "Predicha y verdadera",
      name: `Máscara predicha y verdadera: ${Object.entries(KINDS)
        .map(([kind, { one, many }]) => `${counts[kind]} ${counts[kind] === 1 ? one : many}`)
        .join(", ")}. Pinta para cambiar la predicha.`,
      fill: (r, c) => theme[KINDS[kinds[r][c]].role],
      text: (r, c) => KINDS[kinds[r][c]].sign,
      outlines: [{ d: outline(truth), kind: "true" }],
    });
    legend.forEach(({ kind, total, text }) => {
      write(total, String(counts[kind]));
      write(text, counts[kind] === 1 ? KINDS[kind].one : KINDS[kind].many);
    });
    const now = Object.fromEntries(cards.map(({ name }) => [name, score(name, counts)]));
    cards.forEach(({ name, value, formula, bar }) => {
      const [part, whole] = measures[name](counts);
      write(value, number(now[name]));
      write(formula, whole ? `${part} / ${whole}` : "dos máscaras vacías");
      bar.style.width = `${100 * now[name]}%`;
    });
    threshold.draw(limit);
    const same = (name) => JSON.stringify(propose(name)) === JSON.stringify(probabilities);
    proposal.draw(Object.keys(PREDICTIONS).find(same) ?? "");
    const along = THRESHOLDS.map((t) => pixelCounts(truth, thresholded(probabilities, t)));
    update(cursor, { x1: plot.x(limit), x2: plot.x(limit) });
    curves.forEach(({ name, path, dot, label }) => {
      update(path, { d: plot.line(THRESHOLDS.map((t, j) => [t, score(name, along[j])])) });
      update(dot, { cx: plot.x(limit), cy: plot.y(now[name]) });
      const [near, right, down] = LABELS[name];
      update(label, { x: plot.x(THRESHOLDS[near]) + right, y: plot.y(score(name, along[near])) + down });
    });
    update(plot.svg, {
      "aria-label": `Las tres medidas según el umbral. Con umbral ${number(limit)}: ${cards.map(({ name }) => `${NAMES[name]} ${number(now[name])}`).join(", ")}.`,
    });
    const object = counts.both + counts.missing;
    const target = Math.floor(((rows * cols - object) / (rows * cols)) * 20) / 20;
    goal.el.hidden = !object || target < 0.5;
    write(goalText, `Reto: que el IoU valga 0 y la exactitud sea ${number(target)} o más`);
    goal.draw(judgeBackground(now, target));
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Solape de dos máscaras",
        hint: "Mueve el umbral, o pinta en una cuadrícula: cambia la máscara predicha (línea discontinua). La verdadera es la de línea continua.",
        help: "Tabulador: de una cuadrícula a otra y a los mandos. Flechas: mover el cursor o el umbral. Espacio: poner o quitar un píxel; 0 a 9: su probabilidad.",
        names: ["truth", "probabilities", "threshold"],
      },
      compose,
    ),
};
