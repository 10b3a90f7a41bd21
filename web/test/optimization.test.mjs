// El descenso de gradiente contra course_utils y el SGD de Keras (vectors.json), y los retos de su figura.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { judgeDescent, judgePrediction } from "../goals.mjs";
import { contour, descend, distance, lossChange, surfaces } from "../optimization.mjs";
import { said } from "./verdicts.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));

function close(actual, expected, where) {
  const [a, b] = [[actual].flat(Infinity), [expected].flat(Infinity)];
  assert.equal(a.length, b.length, where);
  a.forEach((v, i) =>
    assert.ok(Math.abs(v - b[i]) < 1e-6 * Math.max(1, Math.abs(v)), `${where} ${v} != ${b[i]}`),
  );
}

test("pesos, pérdidas y gradientes son los de course_utils y Keras, con inercia y sin ella", () => {
  assert.ok(vectors.descents.length >= 36);
  for (const { surface, weights, losses, gradients, ...settings } of vectors.descents) {
    const where = JSON.stringify([surface, settings]);
    const points = descend(surfaces[surface], settings, weights.length - 1);
    close(
      points.map((point) => point.weights),
      weights,
      where,
    );
    close(
      points.map((point) => point.loss),
      losses,
      where,
    );
    close(
      points.map((point) => point.gradient),
      gradients,
      where,
    );
  }
});

test("los números del capítulo 0: 0; 0,6; 1,08 y 1,464, y el primer paso de la recta", () => {
  const slow = descend(surfaces.parabola, { start: [0, 0], rate: 0.1, momentum: 0 }, 3);
  close(
    slow.map(({ weights }) => weights[0]),
    [0, 0.6, 1.08, 1.464],
  );
  const [first, second] = descend(surfaces.valley, { start: [1, 0], rate: 0.1, momentum: 0 }, 1);
  close([first.loss, ...first.gradient], [6.5, -8, -5]);
  close([second.loss, ...second.weights], [0.65, 1.8, 0.5]);
});

test("en toda la curva de nivel la pérdida es la misma", () => {
  for (const level of [0.02, 6.5, 32])
    for (const place of contour(level))
      assert.ok(Math.abs(surfaces.valley.loss(place) - level) < 1e-9 * level + 1e-12);
});

test("se dice si la pérdida sube, baja o ni una cosa ni otra, y solo diverge la que no vuelve", () => {
  const change = (surface, rate, momentum, step, start = [0, 0]) =>
    lossChange(descend(surface, { start, rate, momentum }, 120), step);
  const { parabola, valley } = surfaces;
  assert.equal(change(parabola, 0.1, 0, 1), "lower");
  assert.equal(change(parabola, 1, 0, 1), "same"); // va y viene a la misma altura
  assert.equal(change(parabola, 0.5, 0, 2), "same"); // ya está en el fondo
  assert.equal(change(parabola, 0.4, 0.3, 2), "same"); // de −1,2 a 1,2 del fondo: lo demás es redondeo
  assert.equal(change(parabola, 0.7, 0.4, 14), "same");
  const from = (...losses) => losses.map((loss) => ({ loss }));
  assert.equal(lossChange(from(9, 1.5e-24, 5e-25), 2), "lower"); // ni un billonésimo, pero la tercera parte
  assert.equal(change(parabola, 0.01, 0.8, 56, [-2, 0]), "higher"); // poco, pero de verdad
  assert.equal(change(parabola, 1.2, 0, 2), "higher");
  assert.equal(change(parabola, 1.2, 0, 60), "diverges");
  assert.equal(change(parabola, 0.8, 0.9, 4), "higher"); // pasa de 9 a 9,7 y acaba en 0
  assert.equal(change(valley, 0.5, 0.9, 7, [7, 5]), "higher");
  assert.equal(change(valley, 0.3, 0, 60, [1, 0]), "diverges");
});

test("una predicción vale si cae cerca; si no, se dice en qué falla", () => {
  const judge = (guess) => judgePrediction([0], [0.6], [guess]);
  assert.ok(judge(0.6).done && judge(0.5).done && judge(0.7).done);
  assert.match(said(judge(0.2)), /^longer$/);
  assert.match(said(judge(2)), /^shorter$/);
  assert.match(said(judge(-0.6)), /^other_side$/);
  assert.match(said(judgePrediction([3], [3.01], [3.01])), /^barely_moves$/);
  assert.ok(!judgePrediction([3], [3.01], [3.01]).done);
  const two = (guess) => judgePrediction([1, 0], [1.8, 0.5], guess);
  assert.ok(two([1.75, 0.55]).done);
  assert.match(said(two([1.5, 1])), /^other_direction$/);
  assert.match(said(two([1.4, 0.25])), /^longer$/);
});

test("llegar: cuenta el primer punto cercano, y si no llega se dice qué cambiar", () => {
  const parabola = { ...surfaces.parabola, limit: 5 };
  const valley = { ...surfaces.valley, limit: 30 };
  const judge = (surface, rate, momentum, steps, start = [surface === valley ? 1 : 0, 0]) =>
    judgeDescent(descend(surface, { start, rate, momentum }, steps), surface, 0.05);
  assert.ok(judge(parabola, 0.5, 0, 1).done);
  assert.ok(judge(parabola, 0.4, 0, 60).done, "vale aunque después se den más pasos");
  assert.match(said(judge(parabola, 0.1, 0, 2)), /^go_on Está a 1,92$/);
  assert.match(said(judge(parabola, 0.1, 0, 5)), /^too_long .* 5$/);
  assert.match(said(judge(parabola, 0.1, 0, 60)), /^slow 19$/);
  assert.match(said(judge(parabola, 1.2, 0, 60)), /^too_long Cada vez está más lejos 60$/);
  assert.match(said(judge(valley, 1.2, 0, 9)), /^too_long Cada vez está más lejos 9$/); // más pasos no ayudan
  assert.match(said(judge(parabola, 0.1, 0, 9, [3, 0])), /^too_near$/);
  assert.ok(!judge(valley, 0.1, 0, 30).done && !judge(valley, 0.25, 0, 30).done, "sin inercia no se llega");
  assert.ok(judge(valley, 0.2, 0.7, 30).done);
  assert.equal(distance([0, 0], [3, 4]), 5);
});
