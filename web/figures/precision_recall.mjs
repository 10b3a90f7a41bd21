// Precisión y exhaustividad: las predicciones de una imagen por orden de confianza, los dos umbrales que las
// juzgan y el área de la curva.
import { outline } from "../geometry.mjs";
import { judgeNoMistakes } from "../goals.mjs";
import { shape } from "../math.mjs";
import {
  averagePrecision,
  IOU_THRESHOLDS,
  instanceIou,
  interpolated,
  middle,
  objectCount,
  precisionRecall,
  rankPredictions,
} from "../segmentation.mjs";
import { card, challenge, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { unitPlot } from "../ui/plot.mjs";

const STEPS = Array.from({ length: 21 }, (_, i) => i / 20);
const COLUMNS = [
  ["N.º", "Número"],
  ["Conf.", "Confianza"],
  ["IoU", "IoU con el mejor objeto libre"],
  ["Res.", "Resultado"],
  ["Prec.", "Precisión"],
  ["Exh.", "Exhaustividad"],
];
const SIGNS = { true: "✓", false: "✗" };
const RESULTS = { true: "acierto", false: "fallo" };

/** El estado y lo que se deduce de él: las predicciones por orden de confianza y sus medidas. */
function look(figure) {
  const state = figure.state();
  const { truth, predicted, scores, score_threshold: least, iou_threshold: wanted } = state;
  const objects = objectCount(truth);
  const overlaps = instanceIou(truth, predicted);
  const judge = (threshold) => {
    const ranked = rankPredictions(overlaps, scores, threshold);
    const curve = precisionRecall(
      ranked.map(({ hit }) => hit),
      objects,
    );
    return { ranked, ...curve, area: averagePrecision(curve) };
  };
  const judged = judge(wanted);
  const accepted = judged.ranked.filter(({ score }) => score >= least).length;
  const found = judged.ranked.slice(0, accepted).filter(({ hit }) => hit).length;
  return { ...judged, judge, theme: figure.theme, truth, predicted, least, wanted, objects, accepted, found };
}

/** La imagen, con el número de cada predicción y el contorno de los objetos. */
function imagePanel(figure) {
  const panel = grid(figure, "Imagen", "input", {
    oncursor: () => figure.redraw(),
    describe([r, c]) {
      const { ranked, truth, predicted } = look(figure);
      const guess = ranked.findIndex(({ index }) => index + 1 === predicted[r][c]);
      const object = truth[r][c] ? "dentro de un objeto verdadero" : "fuera de los objetos verdaderos";
      if (guess < 0) return `Fila ${r + 1}, columna ${c + 1}: sin predicción, ${object}`;
      const { score, iou, hit } = ranked[guess];
      const judged = `confianza ${number(score)}, IoU ${number(iou)}, ${RESULTS[hit]}`;
      return `Predicción ${guess + 1}, ${object}: ${judged}`;
    },
  });
  return {
    el: panel.el,
    draw({ theme, truth, predicted, ranked, objects, accepted }) {
      const [rows, cols] = shape(truth);
      const place = new Map(ranked.map(({ index }, i) => [index + 1, i])); // de número de objeto a puesto
      const labels = new Map(
        ranked.map(({ index, hit }, i) => [String(middle(predicted, index + 1)), `${i + 1}${SIGNS[hit]}`]),
      );
      const tone = (id) => {
        if (!id) return theme.surface;
        if (place.get(id) >= accepted) return theme["padding-soft"];
        return theme[ranked[place.get(id)].hit ? "output-soft" : "kernel-soft"];
      };
      const real = count(objects, "objeto verdadero", "objetos verdaderos");
      const guesses = count(ranked.length, "predicción", "predicciones");
      panel.draw({
        values: predicted,
        colour: tone,
        text: (_, r, c) => labels.get(`${r},${c}`),
        title: `Imagen con ${real}`,
        name: `Imagen de ${rows} por ${cols}, con ${real} y ${guesses}. Las flechas la recorren.`,
        scale: 1.6,
        outlines: [
          { d: outline(predicted), kind: "guess" },
          { d: outline(truth), kind: "true" },
        ],
      });
    },
  };
}

/** Una fila por predicción; su número es un botón que las acepta hasta ella. */
function predictionsTable(accept) {
  const headers = COLUMNS.map(([text, name]) =>
    h("th", { scope: "col", title: name, "aria-label": name }, text),
  );
  const body = h("tbody");
  const makeRow = () => {
    const onclick = () => accept([...body.children].indexOf(row));
    const button = h("button", { type: "button", class: "cf-button", onclick });
    const result = h("td", {}, h("b"), h("span"));
    const [score, iou, precision, recall] = [0, 1, 2, 3].map(() => h("td"));
    const row = h("tr", {}, h("th", { scope: "row" }, button), score, iou, result, precision, recall);
    return row;
  };
  return {
    el: h("table.cf-table", {}, h("thead", {}, h("tr", {}, headers)), body),
    draw({ ranked, accepted, precision, recall }) {
      const lines = resize(body, ranked.length, makeRow);
      ranked.forEach(({ score, iou, hit }, i) => {
        const [head, ...cells] = lines[i].children;
        const button = head.firstChild;
        const last = String(i === accepted - 1);
        write(button, String(i + 1));
        update(button, { "aria-label": `Aceptar hasta la predicción ${i + 1}`, "aria-pressed": last });
        update(lines[i], {
          "data-hit": String(hit),
          "data-accepted": String(i < accepted),
          "data-last": last,
        });
        const texts = [number(score), number(iou), null, number(precision[i]), number(recall[i])];
        texts.forEach((text, j) => text === null || write(cells[j], text));
        write(cells[2].firstChild, SIGNS[hit]);
        write(cells[2].lastChild, ` ${RESULTS[hit]}`);
      });
    },
  };
}

/** Los dos umbrales, lo que se acepta con ellos y las tres medidas. */
function thresholdsSide(figure) {
  const confidence = slider("Confianza mínima", STEPS, figure.setter("score_threshold"));
  const overlap = slider("IoU mínimo", STEPS.slice(1, 20), figure.setter("iou_threshold"));
  const sentence = h("p", { role: "status" });
  const several = h("p");
  const cards = ["Precisión", "Exhaustividad", "AP"].map((title) => card(title));
  const deck = h("div.cf-cards.cf-scores", {}, cards);
  const ending = (n) => (n === 1 ? "" : "n");
  return {
    el: h("div.cf-side.cf-thresholds", {}, confidence, overlap, sentence, deck, several),
    draw({ ranked, judge, least, wanted, objects, accepted, found, area }) {
      confidence.draw(least);
      overlap.draw(wanted);
      const taken = `se acepta${ending(accepted)} ${accepted} de ${ranked.length} predicciones`;
      const right = `con IoU ${number(wanted)} o más, acierta${ending(found)} ${found}.`;
      write(sentence, `Con confianza ${number(least)} o más ${taken}; ${right}`);
      const [precision, recall, ap] = cards;
      if (accepted) precision.draw(number(found / accepted), `${found} de ${count(accepted, "aceptada")}`);
      else precision.draw("—", "no se acepta ninguna");
      recall.draw(number(found / objects), `${found} de ${count(objects, "objeto")}`);
      ap.draw(number(area), `con IoU ${number(wanted)}`);
      const areas = IOU_THRESHOLDS.map((threshold) => judge(threshold).area);
      const mean = areas.reduce((a, b) => a + b) / areas.length;
      write(several, figure.text("several", { mean: number(mean) }));
    },
  };
}

/** La curva, su área y el punto elegido. */
function curvePlot(figure, accept) {
  const plot = unitPlot({
    xLabel: "exhaustividad",
    yLabel: "precisión",
    onpick(v) {
      const { recall } = look(figure);
      accept(recall.reduce((best, r, i) => (Math.abs(r - v) < Math.abs(recall[best] - v) ? i : best), 0));
    },
  });
  const area = s("path.cf-area");
  const line = s("path.cf-curve.cf-curve-raw");
  const dots = s("g");
  const ring = s("circle.cf-box.cf-pixel", { r: 9 });
  plot.marks.append(area, line, dots, ring);
  return {
    el: plot.el,
    draw({ ranked, precision, recall, objects, accepted, found, area: size }) {
      const steps = interpolated({ precision, recall }).map((value, i) => [i / 100, value]);
      update(area, { d: `${plot.line([[0, 0], ...steps, [1, 0]])}Z` });
      update(line, { d: plot.line(recall.map((r, i) => [r, precision[i]])) });
      resize(dots, ranked.length, () => s("circle", { r: 4.5 })).forEach((dot, i) => {
        const kind = `cf-point cf-point-${RESULTS[ranked[i].hit]}`;
        update(dot, { cx: plot.x(recall[i]), cy: plot.y(precision[i]), class: kind });
      });
      const [x, y] = [plot.x(recall[accepted - 1] ?? 0), plot.y(precision[accepted - 1] ?? 0)];
      update(ring, { visibility: accepted ? null : "hidden", cx: x, cy: y });
      const axes = `Precisión según la exhaustividad, con ${count(ranked.length, "punto")}. `;
      const reached = `precisión ${number(found / accepted)} y exhaustividad ${number(found / objects)}`;
      const chosen = accepted ? `Elegido: ${reached}. ` : "";
      update(plot.svg, { "aria-label": `${axes}${chosen}AP ${number(size)}.` });
    },
  };
}

export default function compose(figure) {
  const accept = (rank) => figure.set({ score_threshold: look(figure).ranked[rank].score });
  const image = imagePanel(figure);
  const table = predictionsTable(accept);
  const side = thresholdsSide(figure);
  const plot = curvePlot(figure, accept);
  const goal = challenge(figure, "goal");
  const stage = h("div.cf-ranking", {}, image, table);
  const note = h("p.cf-label", {}, figure.text("note"));
  figure.add(stage, note, h("div.cf-beside", {}, side, plot), goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--cols", now.truth[0].length);
    for (const part of [image, table, side, plot]) part.draw(now);
    goal.draw(judgeNoMistakes(now.ranked, now.accepted));
  };
}
