// Las medidas de la segmentación contra course_utils (vectors.json) y contra números hechos a mano.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as m from "../segmentation.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));

function close(actual, expected, where) {
  const [a, b] = [[actual].flat(Infinity), [expected].flat(Infinity)];
  assert.equal(a.length, b.length, where);
  a.forEach((v, i) => assert.ok(Math.abs(v - b[i]) < 2e-6, `${where} ${v} != ${b[i]}`));
}

test("IoU, Dice, exactitud y recuentos de máscaras son los de course_utils.networks.metrics", () => {
  assert.ok(vectors.masks.length >= 20);
  for (const { truth, probabilities, threshold, confusion, ...wanted } of vectors.masks) {
    const counts = m.pixelCounts(truth, m.thresholded(probabilities, threshold));
    assert.deepEqual(
      [
        [counts.neither, counts.extra],
        [counts.missing, counts.both],
      ],
      confusion,
    );
    for (const name of Object.keys(m.measures)) close(m.score(name, counts), wanted[name], name);
  }
});

test("los recuentos de cada umbral son los de su máscara, y la confianza no cambia el orden", () => {
  const { truth, probabilities } = vectors.masks[4];
  const thresholds = [0.1, 0.5, 0.9];
  const byHand = thresholds.map((t) => m.pixelCounts(truth, m.thresholded(probabilities, t)));
  assert.deepEqual(m.sweep(truth, probabilities, thresholds), byHand);
  for (const change of Object.values(m.confidences)) {
    const changed = probabilities.map((line) => line.map(change));
    const same = m.sweep(truth, changed, thresholds.map(change));
    assert.deepEqual(same, byHand);
    assert.ok(changed.flat().every((p) => p >= 0 && p <= 1));
    const every = (map) => m.sweep(truth, map, [-1, ...new Set(map.flat().sort((a, b) => a - b))]);
    assert.deepEqual(every(changed), every(probabilities)); // con todos los umbrales, la misma curva
  }
});

test("dos máscaras vacías coinciden, y a mano", () => {
  const empty = m.pixelCounts([[0, 0]], [[0, 0]]);
  assert.deepEqual([m.score("iou", empty), m.score("dice", empty), m.score("accuracy", empty)], [1, 1, 1]);
  assert.deepEqual(m.pixelKinds([[1, 1, 0, 0]], [[1, 0, 1, 0]]), [["both", "missing", "extra", "neither"]]);
});

test("parejas, curva y AP de objetos son los de course_utils.segmentation.instance_metrics", () => {
  assert.ok(vectors.instances.length >= 24);
  for (const {
    truth,
    predicted,
    scores,
    threshold,
    overlaps,
    matches,
    precision,
    recall,
    ap,
  } of vectors.instances) {
    const where = JSON.stringify({ truth, predicted, scores, threshold });
    const found = m.instanceIou(truth, predicted);
    close(found, overlaps, where);
    const ranked = m.rankPredictions(found, scores, threshold);
    const pairs = scores.map(() => -1);
    ranked.forEach(({ index, object, hit }) => {
      if (hit) pairs[index] = object;
    });
    assert.deepEqual(pairs, matches, where);
    const curve = m.precisionRecall(
      ranked.map(({ hit }) => hit),
      m.objectCount(truth),
    );
    close(curve.precision, precision, where);
    close(curve.recall, recall, where);
    close(m.averagePrecision(curve), ap, where);
  }
});

test("un objeto ya emparejado no vale para otra predicción", () => {
  const ranked = m.rankPredictions([[0.6, 0.7]], [0.9, 0.8], 0.5);
  assert.deepEqual(
    ranked.map(({ hit, object, iou }) => [hit, object, iou]),
    [
      [true, 0, 0.6],
      [false, -1, 0],
    ],
  );
});

test("el número de un objeto se escribe en su píxel central, aunque el centro caiga fuera", () => {
  assert.deepEqual(
    m.middle(
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 2],
      ],
      1,
    ),
    [1, 1],
  );
  assert.deepEqual(
    m.middle(
      [
        [1, 1, 1],
        [1, 0, 1],
        [1, 1, 1],
      ],
      1,
    ),
    [0, 1],
  );
});

test("la curva interpolada nunca sube y al AP le pesa lo que no se encuentra", () => {
  const curve = m.precisionRecall([false, true], 2);
  assert.deepEqual(curve, { precision: [0, 0.5], recall: [0, 0.5] });
  const values = m.interpolated(curve);
  assert.deepEqual([values.length, values[0], values[50], values[51]], [101, 0.5, 0.5, 0]);
  assert.ok(Math.abs(m.averagePrecision(curve) - (51 * 0.5) / 101) < 1e-12);
  assert.equal(m.averagePrecision(m.precisionRecall([true, true], 2)), 1);
  assert.equal(m.averagePrecision(m.precisionRecall([], 2)), 0);
  assert.deepEqual([m.IOU_THRESHOLDS[0], m.IOU_THRESHOLDS[9], m.IOU_THRESHOLDS.length], [0.5, 0.95, 10]);
});
