// Precisión y exhaustividad: las predicciones de una imagen por orden de confianza, los dos umbrales y el área de la curva.
import { judgeNoMistakes } from "../goals.mjs";
import { outline } from "../geometry.mjs";
import { shape } from "../math.mjs";
import {
  averagePrecision,
  instanceIou,
  interpolated,
  IOU_THRESHOLDS,
  middle,
  objectCount,
  precisionRecall,
  rankPredictions,
} from "../segmentation.mjs";
import { challenge, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
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

function compose(figure) {
  let ranked = [];
  const accept = (rank) => figure.set({ score_threshold: ranked[rank].score });
  const picture = grid(figure, {
    label: "Imagen",
    role: "input",
    oncursor: () => figure.redraw(),
    describe([r, c]) {
      const guess = ranked.findIndex(({ index }) => index + 1 === figure.get("predicted")[r][c]);
      const object = figure.get("truth")[r][c]
        ? "dentro de un objeto verdadero"
        : "fuera de los objetos verdaderos";
      if (guess < 0) return `Fila ${r + 1}, columna ${c + 1}: sin predicción, ${object}`;
      const { score, iou, hit } = ranked[guess];
      return `Predicción ${guess + 1}, ${object}: confianza ${number(score)}, IoU ${number(iou)}, ${RESULTS[hit]}`;
    },
  });
  const body = h("tbody", {});
  const table = h(
    "table",
    { class: "cf-table" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        COLUMNS.map(([text, name]) => h("th", { scope: "col", title: name, "aria-label": name }, text)),
      ),
    ),
    body,
  );
  const row = () => {
    const button = h("button", {
      type: "button",
      class: "cf-button",
      onclick: () => accept([...body.children].indexOf(line)),
    });
    const line = h(
      "tr",
      {},
      h("th", { scope: "row" }, button),
      Array.from({ length: 5 }, (_, i) => (i === 2 ? h("td", {}, h("b", {}), h("span", {})) : h("td", {}))),
    );
    return line;
  };
  const confidence = slider({
    label: "Confianza mínima",
    values: STEPS,
    onchange: (v) => figure.set({ score_threshold: v }),
  });
  const overlap = slider({
    label: "IoU mínimo",
    values: STEPS.slice(1, 20),
    onchange: (v) => figure.set({ iou_threshold: v }),
  });
  const cards = ["Precisión", "Exhaustividad", "AP"].map((name) => {
    const [value, formula] = [h("strong", {}), h("small", { class: "cf-formula" })];
    return { value, formula, el: h("div", { class: "cf-card" }, h("span", {}, name), value, formula) };
  });
  const plot = unitPlot({
    xLabel: "exhaustividad",
    yLabel: "precisión",
    onpick(v) {
      const { recall } = precisionRecall(
        ranked.map(({ hit }) => hit),
        objectCount(figure.get("truth")),
      );
      accept(recall.reduce((best, r, i) => (Math.abs(r - v) < Math.abs(recall[best] - v) ? i : best), 0));
    },
  });
  const area = s("path", { class: "cf-area" });
  const curve = s("path", { class: "cf-curve cf-curve-raw" });
  const dots = s("g", {});
  const ring = s("circle", { class: "cf-box cf-pixel", r: 9 });
  plot.marks.append(area, curve, dots, ring);
  const sentence = h("p", { role: "status" });
  const many = h("p", {});
  const goal = challenge({ label: "Reto: encuentra todos los objetos que puedas sin aceptar ningún fallo" });
  const stage = h("div", { class: "cf-ranking" }, picture.el, table);
  const note = h(
    "p",
    { class: "cf-label" },
    "Línea azul: el contorno de los objetos verdaderos. Cada predicción lleva su número, y ✓ si acierta o ✗ si falla; en gris, las que no se aceptan. El IoU de la tabla es con el mejor objeto que queda libre.",
  );
  const side = h(
    "div",
    { class: "cf-side cf-thresholds" },
    confidence.el,
    overlap.el,
    sentence,
    h(
      "div",
      { class: "cf-cards cf-scores" },
      cards.map(({ el }) => el),
    ),
    many,
  );
  figure.add(stage, note, h("div", { class: "cf-beside" }, side, plot.el), goal.el);

  return () => {
    const { theme } = figure;
    const { truth, predicted, scores, score_threshold: least, iou_threshold: wanted } = figure.state();
    const [rows, cols] = shape(truth);
    const objects = objectCount(truth);
    const overlaps = instanceIou(truth, predicted);
    const rank = (threshold) => rankPredictions(overlaps, scores, threshold);
    const curveOf = (list) =>
      precisionRecall(
        list.map(({ hit }) => hit),
        objects,
      );
    ranked = rank(wanted);
    const { precision, recall } = curveOf(ranked);
    const accepted = ranked.filter(({ score }) => score >= least).length;
    const found = ranked.slice(0, accepted).filter(({ hit }) => hit).length;

    const place = new Map(ranked.map(({ index }, i) => [index + 1, i])); // de número de objeto predicho a puesto
    const labels = new Map(
      ranked.map(({ index, hit }, i) => [String(middle(predicted, index + 1)), `${i + 1}${SIGNS[hit]}`]),
    );
    const tone = (id) => {
      if (!id) return theme.surface;
      if (place.get(id) >= accepted) return theme["padding-soft"];
      return theme[ranked[place.get(id)].hit ? "output-soft" : "kernel-soft"];
    };
    stage.style.setProperty("--cols", cols);
    picture.draw({
      rows,
      cols,
      title: `Imagen con ${count(objects, "objeto verdadero", "objetos verdaderos")}`,
      name: `Imagen de ${rows} por ${cols}, con ${count(objects, "objeto verdadero", "objetos verdaderos")} y ${count(ranked.length, "predicción", "predicciones")}. Las flechas la recorren.`,
      fill: (r, c) => tone(predicted[r][c]),
      text: (r, c) => labels.get(`${r},${c}`) ?? "",
      scale: 1.6,
      outlines: [
        { d: outline(predicted), kind: "guess" },
        { d: outline(truth), kind: "true" },
      ],
    });
    const lines = resize(body, ranked.length, row);
    ranked.forEach(({ score, iou, hit }, i) => {
      const [head, ...cells] = lines[i].children;
      const button = head.firstChild;
      write(button, String(i + 1));
      update(button, {
        "aria-label": `Aceptar hasta la predicción ${i + 1}`,
        "aria-pressed": String(i === accepted - 1),
      });
      update(lines[i], {
        "data-hit": String(hit),
        "data-accepted": String(i < accepted),
        "data-last": String(i === accepted - 1),
      });
      [number(score), number(iou), null, number(precision[i]), number(recall[i])].forEach(
        (text, j) => text === null || write(cells[j], text),
      );
      write(cells[2].firstChild, SIGNS[hit]);
      write(cells[2].lastChild, ` ${RESULTS[hit]}`);
    });
    confidence.draw(least);
    overlap.draw(wanted);
    const [p, r, ap] = cards;
    const ending = (n) => (n === 1 ? "" : "n");
    write(
      sentence,
      `Con confianza ${number(least)} o más se acepta${ending(accepted)} ${accepted} de ${ranked.length} predicciones; con IoU ${number(wanted)} o más, acierta${ending(found)} ${found}.`,
    );
    write(p.value, accepted ? number(found / accepted) : "—");
    write(p.formula, accepted ? `${found} de ${count(accepted, "aceptada")}` : "no se acepta ninguna");
    write(r.value, number(found / objects));
    write(r.formula, `${found} de ${count(objects, "objeto")}`);
    write(ap.value, number(averagePrecision({ precision, recall })));
    write(ap.formula, `con IoU ${number(wanted)}`);
    const all = IOU_THRESHOLDS.map((t) => averagePrecision(curveOf(rank(t))));
    write(
      many,
      `El AP no depende de la confianza elegida: resume la curva entera, y es el área en verde. La media de sus diez valores con IoU de 0,5 a 0,95 es AP@[.5:.95] = ${number(all.reduce((a, b) => a + b) / 10)}.`,
    );
    const steps = interpolated({ precision, recall }).map((value, i) => [i / 100, value]);
    update(area, { d: `${plot.line([[0, 0], ...steps, [1, 0]])}Z` });
    update(curve, { d: plot.line(ranked.map((_, i) => [recall[i], precision[i]])) });
    resize(dots, ranked.length, () => s("circle", { r: 4.5 })).forEach((dot, i) =>
      update(dot, {
        cx: plot.x(recall[i]),
        cy: plot.y(precision[i]),
        class: `cf-point cf-point-${RESULTS[ranked[i].hit]}`,
      }),
    );
    update(ring, {
      visibility: accepted ? null : "hidden",
      cx: plot.x(recall[accepted - 1] ?? 0),
      cy: plot.y(precision[accepted - 1] ?? 0),
    });
    update(plot.svg, {
      "aria-label": `Precisión según la exhaustividad, con ${count(ranked.length, "punto")}. ${accepted ? `Elegido: precisión ${p.value.textContent} y exhaustividad ${r.value.textContent}. ` : ""}AP ${ap.value.textContent}.`,
    });
    goal.draw(judgeNoMistakes(ranked, accepted));
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Precisión y exhaustividad",
        hint: "Baja la confianza mínima y se aceptan más predicciones, de la más segura a la menos. El IoU mínimo decide cuáles aciertan.",
        help: "Tabulador: de un mando a otro. Flechas: cambiar un umbral o recorrer la imagen. Intro en el número de una predicción: aceptar hasta ella.",
        names: ["truth", "predicted", "scores", "score_threshold", "iou_threshold"],
      },
      compose,
    ),
};
