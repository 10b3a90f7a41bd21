// Solape de dos máscaras: el umbral convierte probabilidades en máscara, y esta se compara con la verdadera.
import { outline } from "../geometry.mjs";
import { judgeBackground } from "../goals.mjs";
import { replaced, shape, shift } from "../math.mjs";
import { measures, pixelCounts, pixelKinds, score, sweep, thresholded } from "../segmentation.mjs";
import { card, challenge, select, slider } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid, legible } from "../ui/grid.mjs";
import { KINDS, kindsLegend, totals, WORDS } from "../ui/kinds.mjs";
import { number, parse, short } from "../ui/numbers.mjs";
import { thresholdPlot } from "../ui/plot.mjs";
import { grey } from "../ui/theme.mjs";

const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
const MEASURES = { iou: "IoU", dice: "Dice", accuracy: "Exactitud" };
// Dónde se escribe el nombre de cada curva: junto a qué umbral, a cuánto y con qué anclaje.
const LABELS = { iou: [3, 6, 16, "start"], dice: [13, 6, -4, "start"], accuracy: [5, -4, -8, "end"] };
const PREDICTIONS = {
  network: ["la de la red", (_, network) => network],
  background: ["todo fondo", (truth) => shift(truth, truth.length, 0)],
  truth: ["la verdadera", (truth) => truth],
  moved: ["la verdadera, movida un píxel", (truth) => shift(truth, 0, 1)],
};

/** El estado y lo que se deduce de él: la máscara predicha, qué es cada píxel y las tres medidas. */
function look(figure) {
  const state = figure.state();
  const { truth, probabilities, threshold } = state;
  const [rows, cols] = shape(truth);
  const mask = thresholded(probabilities, threshold);
  const counts = pixelCounts(truth, mask);
  const scoresOf = (some) =>
    Object.fromEntries(Object.keys(MEASURES).map((name) => [name, score(name, some)]));
  const along = sweep(truth, probabilities, THRESHOLDS).map(scoresOf);
  const kinds = pixelKinds(truth, mask);
  return {
    ...state,
    theme: figure.theme,
    rows,
    cols,
    mask,
    counts,
    scores: scoresOf(counts),
    along,
    kinds,
  };
}

/** Las dos cuadrículas; pintar en cualquiera pone o quita un píxel de la máscara predicha. */
function maskPanels(figure) {
  let painting = 1;
  const paint = (cell, value) =>
    figure.set({ probabilities: replaced(figure.get("probabilities"), cell, value) });
  const options = {
    onpoint([r, c], phase) {
      if (phase !== "drag") painting = look(figure).mask[r][c] ? 0 : 1;
      paint([r, c], painting);
    },
    describe([r, c]) {
      const { probabilities, kinds } = look(figure);
      const chance = number(probabilities[r][c]);
      return `Fila ${r + 1}, columna ${c + 1}: probabilidad ${chance}, ${WORDS[kinds[r][c]]}`;
    },
  };
  const map = grid(figure, "Probabilidades", "input", {
    ...options,
    ontype(cell, text) {
      const digit = parse(text.at(-1));
      if (!Number.isNaN(digit)) paint(cell, digit / 10);
    },
  });
  const agreement = grid(figure, "Predicha y verdadera", "output", options);
  const stage = h("div.cf-stage.cf-masks", {}, map, agreement);
  return {
    el: stage,
    draw({ theme, rows, cols, truth, probabilities, mask, counts, kinds }) {
      const real = { d: outline(truth), kind: "true" };
      stage.style.setProperty("--sum", 2 * cols);
      stage.style.setProperty("--two", cols);
      const how =
        "Pinta con el dedo, el ratón o la barra espaciadora para poner o quitar un píxel de la máscara " +
        "predicha.";
      map.draw({
        values: probabilities,
        colour: (v) => grey(v),
        text: legible(rows, cols) && ((v) => short(v, 2)),
        title: "Probabilidad de ser objeto",
        name: `Probabilidades, ${rows} por ${cols}. ${how}`,
        outlines: [real, { d: outline(mask), kind: "predicted" }],
      });
      agreement.draw({
        values: kinds,
        colour: (kind) => theme[KINDS[kind].role],
        text: (kind) => KINDS[kind].sign,
        title: "Predicha y verdadera",
        name: `Máscara predicha y verdadera: ${totals(counts)}. Pinta para cambiar la predicha.`,
        outlines: [real],
      });
    },
  };
}

/** Los mandos, lo que hay de cada clase de píxel y una tarjeta por medida. */
function measuresSide(figure) {
  const network = structuredClone(figure.get("probabilities"));
  const propose = (name, truth) => PREDICTIONS[name][1](truth, network);
  const proposal = select(
    "Predicción",
    Object.entries(PREDICTIONS).map(([name, [text]]) => [name, text]),
    (name) => name && figure.set({ probabilities: structuredClone(propose(name, figure.get("truth"))) }),
    "la tuya",
  );
  const threshold = slider("Umbral", THRESHOLDS, figure.setter("threshold"));
  const legend = kindsLegend();
  const cards = Object.entries(MEASURES).map(([kind, title]) => [kind, card(title, kind)]);
  const deck = cards.map(([, one]) => one);
  const lists = [legend, h("div.cf-cards", {}, deck)];
  return {
    el: h("div.cf-side", {}, threshold, proposal, lists),
    draw({ truth, probabilities, threshold: limit, counts, scores }) {
      threshold.draw(limit);
      const shown = JSON.stringify(probabilities);
      const names = Object.keys(PREDICTIONS);
      proposal.draw(names.find((name) => JSON.stringify(propose(name, truth)) === shown) ?? "");
      legend.draw(counts);
      for (const [name, one] of cards) {
        const [part, whole] = measures[name](counts);
        one.draw(number(scores[name]), whole ? `${part} / ${whole}` : "dos máscaras vacías", scores[name]);
      }
    },
  };
}

const measuresPlot = (figure) =>
  thresholdPlot({
    thresholds: THRESHOLDS,
    names: MEASURES,
    labels: LABELS,
    title: "Las tres medidas según el umbral",
    onpick: figure.setter("threshold"),
  });

function backgroundChallenge(figure) {
  const text = h("p.cf-label");
  const goal = challenge(figure, "", [text]);
  return {
    el: goal.el,
    draw({ rows, cols, counts, scores }) {
      const object = counts.both + counts.missing;
      const target = Math.floor(((rows * cols - object) / (rows * cols)) * 20) / 20;
      goal.el.hidden = !object || target < 0.5;
      write(text, figure.text("goal", { target: number(target) }));
      goal.draw(judgeBackground(scores, target));
    },
  };
}

export default function compose(figure) {
  const panels = maskPanels(figure);
  const side = measuresSide(figure);
  const plot = measuresPlot(figure);
  const goal = backgroundChallenge(figure);
  figure.add(panels, h("div.cf-beside", {}, side, plot), goal);
  return () => {
    const now = look(figure);
    for (const part of [panels, side, plot, goal]) part.draw(now);
  };
}
