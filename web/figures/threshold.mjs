// Umbral: de un mapa de probabilidades a una máscara, y la curva que traza el umbral al moverse.
import { outline } from "../geometry.mjs";
import { judgeRecall } from "../goals.mjs";
import { mapped, shape } from "../math.mjs";
import {
  confidences,
  measures,
  pixelCounts,
  pixelKinds,
  score,
  sweep,
  thresholded,
} from "../segmentation.mjs";
import { card, challenge, choices, slider } from "../ui/controls.mjs";
import { h, s, update, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { KINDS, kindsLegend, totals, WORDS } from "../ui/kinds.mjs";
import { number } from "../ui/numbers.mjs";
import { measured, nearest, thresholdPlot, unitPlot } from "../ui/plot.mjs";
import { grey } from "../ui/theme.mjs";

const THRESHOLDS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
const WANTED = 0.9; // exhaustividad que pide el reto
const MEASURES = { iou: "IoU", dice: "Dice", precision: "Precisión", recall: "Exhaustividad" };
// Dónde se escribe el nombre de cada curva: junto a qué umbral, a cuánto y con qué anclaje.
const LABELS = {
  iou: [22, 6, 16, "start"],
  dice: [62, 8, -4, "start"],
  precision: [97, 0, 18, "end"],
  recall: [2, 0, 18, "start"],
};
const CONFIDENCES = [
  ["shy", "prudente"],
  ["as_is", "tal cual"],
  ["bold", "atrevida"],
];

/** El estado y lo que se deduce de él: la máscara, las cuatro medidas y cómo cambian con el umbral. */
function look(figure) {
  const state = figure.state();
  const { truth, threshold } = state;
  const chances = mapped(state.probabilities, confidences[state.confidence]);
  const mask = thresholded(chances, threshold);
  const counts = pixelCounts(truth, mask);
  const scoresOf = (some, none) =>
    Object.fromEntries(Object.keys(MEASURES).map((name) => [name, score(name, some, none)]));
  const [rows, cols] = shape(truth);
  const along = sweep(truth, chances, THRESHOLDS).map((some) => scoresOf(some));
  const kinds = pixelKinds(truth, mask);
  const made = {
    chances,
    mask,
    counts,
    kinds,
    along,
    judged: scoresOf(counts),
    scores: scoresOf(counts, NaN),
  };
  return { ...state, ...made, theme: figure.theme, rows, cols };
}

/** El mapa, con el contorno verdadero y el predicho, y lo que es cada píxel. */
function maskPanels(figure) {
  const options = {
    oncursor: () => figure.redraw(),
    describe([r, c]) {
      const { chances, kinds } = look(figure);
      return `Fila ${r + 1}, columna ${c + 1}: probabilidad ${number(chances[r][c])}, ${WORDS[kinds[r][c]]}`;
    },
  };
  const map = grid(figure, "Probabilidades", "input", options);
  const agreement = grid(figure, "Predicha y verdadera", "output");
  return {
    els: [map, agreement],
    draw({ theme, rows, cols, truth, chances, mask, counts, kinds }) {
      const real = { d: outline(truth), kind: "true" };
      map.draw({
        values: chances,
        colour: (v) => grey(v),
        text: false,
        title: "Probabilidad",
        name: `Probabilidades, ${rows} por ${cols}. Las flechas las recorren.`,
        outlines: [real, { d: outline(mask), kind: "predicted" }],
      });
      agreement.draw({
        values: kinds,
        colour: (kind) => theme[KINDS[kind].role],
        text: (kind) => (kind === "both" ? "" : KINDS[kind].sign),
        scale: 1.6,
        title: "Máscara predicha",
        name: `Máscara predicha y verdadera: ${totals(counts)}.`,
        outlines: [real],
      });
    },
  };
}

/** El umbral, la confianza de la red y una tarjeta por medida. */
function measuresSide(figure) {
  const limit = slider("Umbral", THRESHOLDS, figure.setter("threshold"));
  const confidence = choices("La red es", CONFIDENCES, figure.setter("confidence"));
  const legend = kindsLegend();
  const cards = Object.entries(MEASURES).map(([name, title]) => [name, card(title, name)]);
  const effect = h("p.cf-label", { role: "status" });
  return {
    side: h("div.cf-side.cf-steps", {}, limit, confidence, legend, effect),
    deck: h(
      "div.cf-cards.cf-four",
      {},
      cards.map(([, one]) => one),
    ),
    draw({ threshold, confidence: chosen, counts, scores }) {
      limit.draw(threshold);
      confidence.draw(chosen);
      legend.draw(counts);
      for (const [name, one] of cards) {
        const [part, whole] = measures[name](counts);
        one.draw(
          whole ? number(scores[name]) : "—",
          whole ? `${part} / ${whole}` : "nada que contar",
          scores[name] || 0,
        );
      }
      write(effect, chosen === "as_is" ? "" : figure.text("other_confidence"));
    },
  };
}

const measuresPlot = (figure) =>
  thresholdPlot({
    thresholds: THRESHOLDS,
    names: MEASURES,
    labels: LABELS,
    title: "Las cuatro medidas según el umbral",
    onpick: figure.setter("threshold"),
  });

/** La precisión según la exhaustividad: la curva que traza el umbral. */
function tradePlot(figure) {
  const plot = unitPlot({
    xLabel: "exhaustividad",
    yLabel: "precisión",
    onpick(v) {
      const recalls = look(figure).along.map(({ recall }) => recall);
      figure.set({ threshold: THRESHOLDS[nearest(recalls, v)] });
    },
  });
  const curve = s("path.cf-curve.cf-fit");
  const wanted = s("line.cf-at", { x1: plot.x(WANTED), x2: plot.x(WANTED), y1: plot.y(1), y2: plot.y(0) });
  const here = s("circle.cf-dot.cf-dot-here", { r: 7 });
  plot.marks.append(wanted, curve, here);
  let known = [];
  /** La curva de todos los umbrales que dan máscaras distintas: depende del orden, no de la confianza. */
  const drawCurve = (truth, probabilities) => {
    if (known[0] === truth && known[1] === probabilities) return;
    known = [truth, probabilities];
    const cuts = [...new Set([-1, ...probabilities.flat()])].sort((a, b) => a - b);
    const points = sweep(truth, probabilities, cuts).map((some) => [
      score("recall", some),
      score("precision", some),
    ]);
    update(curve, { d: plot.line(points) });
  };
  return {
    el: plot.el,
    draw({ truth, probabilities, scores, threshold }) {
      drawCurve(truth, probabilities);
      plot.put(here, scores.recall, scores.precision);
      const reached = `precisión ${measured(scores.precision)} y exhaustividad ${measured(scores.recall)}`;
      const label = `Precisión según la exhaustividad. Con umbral ${number(threshold)}: ${reached}.`;
      update(plot.svg, { "aria-label": label });
    },
  };
}

export default function compose(figure) {
  const panels = maskPanels(figure);
  const side = measuresSide(figure);
  const plots = [measuresPlot(figure), tradePlot(figure)];
  const goal = challenge(figure, "", [h("p.cf-label", {}, figure.text("goal", { wanted: number(WANTED) }))]);
  const stage = h("div.cf-stage.cf-scenes", {}, panels.els, side.side);
  figure.add(stage, side.deck, h("div.cf-plots", {}, plots), goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--sum", 2 * now.cols);
    stage.style.setProperty("--two", 2 * now.cols);
    for (const part of [panels, side, ...plots]) part.draw(now);
    goal.draw(judgeRecall(now.judged, now.along, WANTED));
  };
}
