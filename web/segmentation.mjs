// Medidas de la segmentación: máscaras, y objetos con su confianza. Sin DOM.
// Cada función se prueba contra course_utils.networks.metrics y course_utils.segmentation.instance_metrics
// (web/test/vectors.json).
import { matrix, sum } from "./math.mjs";

/** Qué es cada píxel: «both» (acierta), «extra» (sobra), «missing» (falta) o «neither». */
export const pixelKinds = (truth, predicted) =>
  truth.map((line, r) =>
    line.map((t, c) => (t ? (predicted[r][c] ? "both" : "missing") : predicted[r][c] ? "extra" : "neither")),
  );

/** La máscara predicha: 1 donde la probabilidad es mayor que el umbral. */
export const thresholded = (probabilities, threshold) =>
  probabilities.map((line) => line.map((p) => Number(p > threshold)));

/** Píxeles de cada clase de pixelKinds. */
export function pixelCounts(truth, predicted) {
  const counts = { both: 0, extra: 0, missing: 0, neither: 0 };
  pixelKinds(truth, predicted)
    .flat()
    .forEach((kind) => counts[kind]++);
  return counts;
}

/** Los mismos recuentos con cada umbral. */
export function sweep(truth, probabilities, thresholds) {
  const [real, chances] = [truth.flat(), probabilities.flat()];
  return thresholds.map((threshold) => {
    const counts = { both: 0, extra: 0, missing: 0, neither: 0 };
    chances.forEach((chance, i) => {
      if (chance > threshold) counts[real[i] ? "both" : "extra"]++;
      else counts[real[i] ? "missing" : "neither"]++;
    });
    return counts;
  });
}

/** La misma red con otra confianza: ordena los píxeles igual y los separa del umbral de otra manera. */
export const confidences = { as_is: (p) => p, shy: (p) => p * p, bold: (p) => 1 - (1 - p) ** 2 };

/** [numerador, denominador] de cada medida. */
export const measures = {
  iou: ({ both, extra, missing }) => [both, both + extra + missing],
  dice: ({ both, extra, missing }) => [2 * both, 2 * both + extra + missing],
  accuracy: ({ both, extra, missing, neither }) => [both + neither, both + extra + missing + neither],
  precision: ({ both, extra }) => [both, both + extra],
  recall: ({ both, missing }) => [both, both + missing],
};

/** Una medida como número; si no hay ningún píxel que contar, 1 u otro. */
export function score(name, counts, none = 1) {
  const [part, whole] = measures[name](counts);
  return whole ? part / whole : none;
}

/** Cuántos objetos hay en una imagen de números de objeto. */
export const objectCount = (ids) => Math.max(0, ...ids.flat());

/** IoU de cada objeto verdadero (filas) con cada predicho (columnas). */
export function instanceIou(truth, predicted) {
  const [many, guesses] = [objectCount(truth), objectCount(predicted)];
  const together = matrix(many + 1, guesses + 1, () => 0);
  truth.forEach((line, r) => line.forEach((t, c) => together[t][predicted[r][c]]++));
  const areas = together.map((line) => line.reduce((total, v) => total + v, 0));
  const guessed = together[0].map((_, p) => sum(together.map((line) => [line[p]])));
  return matrix(many, guesses, (t, p) => {
    const common = together[t + 1][p + 1];
    return common / (areas[t + 1] + guessed[p + 1] - common);
  });
}

/**
 * Empareja cada predicho, de la confianza mayor a la menor, con el mejor objeto que quede libre, como
 * pycocotools. Devuelve por ese orden {index, score, object, iou, hit}; `object` es el mejor libre aunque no
 * llegue al umbral, o −1.
 */
export function rankPredictions(overlaps, scores, threshold) {
  const free = new Set(overlaps.keys());
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]); // estable
  return order.map((index) => {
    let [object, iou] = [-1, 0];
    for (const t of free)
      if (object < 0 || overlaps[t][index] >= iou) [object, iou] = [t, overlaps[t][index]];
    const hit = object >= 0 && iou >= threshold;
    if (hit) free.delete(object);
    return { index, score: scores[index], object, iou, hit };
  });
}

/** Precisión y exhaustividad al aceptar la primera predicción, las dos primeras… */
export function precisionRecall(hits, positives) {
  let found = 0;
  const counts = hits.map((hit) => (found += hit ? 1 : 0));
  return { precision: counts.map((n, i) => n / (i + 1)), recall: counts.map((n) => n / positives) };
}

/**
 * La precisión en las 101 exhaustividades de COCO, de 0 a 1: la mejor con esa exhaustividad o más; 0 si no se
 * llega.
 */
export const interpolated = ({ precision, recall }) =>
  Array.from({ length: 101 }, (_, i) => {
    const wanted = i === 100 ? 1 : i * 0.01; // los mismos decimales que np.linspace
    const from = recall.findIndex((r) => r >= wanted);
    return from < 0 ? 0 : Math.max(...precision.slice(from));
  });

/** Precisión media (AP): la media de los 101 valores. */
export const averagePrecision = (curve) => sum([interpolated(curve)]) / 101;

/** El píxel de un objeto más cercano a su centro: donde se escribe su número. */
export function middle(ids, object) {
  const cells = ids.flatMap((line, r) => line.flatMap((id, c) => (id === object ? [[r, c]] : [])));
  const [row, col] = [0, 1].map(
    (axis) => cells.reduce((total, cell) => total + cell[axis], 0) / cells.length,
  );
  const distance = ([r, c]) => Math.abs(r - row) + Math.abs(c - col);
  return cells.reduce((best, cell) => (distance(cell) < distance(best) - 1e-9 ? cell : best));
}

/** Los diez umbrales de IoU de COCO, de 0,5 a 0,95. */
export const IOU_THRESHOLDS = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);

/**
 * Lo que valen los objetos predichos de una imagen con varias clases: `ap`, la AP@[.5:.95] media de las
 * clases que hay, o NaN sin objetos; y `found`, cuántos se encuentran con IoU 0,5. Los objetos son
 * { ids, classes, scores }, con ids en filas.
 */
export function scoreObjects(truth, predicted) {
  const overlaps = instanceIou(truth.ids, predicted.ids);
  const of = (classes, kind) => [...classes.keys()].filter((i) => classes[i] === kind);
  const kinds = [...new Set(truth.classes)].map((kind) => {
    const guesses = of(predicted.classes, kind);
    const rows = of(truth.classes, kind).map((t) => guesses.map((p) => overlaps[t][p]));
    const scores = guesses.map((p) => predicted.scores[p]);
    return IOU_THRESHOLDS.map((threshold) => {
      const hits = rankPredictions(rows, scores, threshold).map(({ hit }) => hit);
      return { hits, area: averagePrecision(precisionRecall(hits, rows.length)) };
    });
  });
  const areas = kinds.flat().map(({ area }) => area);
  return {
    ap: areas.reduce((a, b) => a + b, 0) / areas.length,
    found: kinds.flatMap(([first]) => first.hits).filter(Boolean).length,
  };
}
