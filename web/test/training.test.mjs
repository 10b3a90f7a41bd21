// Entrenar en la página: gradientes y pasos como los de Keras, y misma semilla, misma curva.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { random } from "../nn/basics.mjs";
import { crossEntropy, shuffled, trainable } from "../nn/training.mjs";

const cases = JSON.parse(await readFile(new URL("./networks/training.json", import.meta.url), "utf8"));

function close(actual, expected, message) {
  assert.equal(actual.length, expected.length, message);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i] - value) < 1e-5, `${message} ${i}: ${actual[i]} != ${value}`);
  });
}

for (const { layers, shape, optimizer, images, labels, weights, gradients, losses, trained } of cases) {
  test(`una red de ${layers.length} capas aprende como en Keras con ${optimizer.kind}`, () => {
    const network = trainable(layers, shape, { seed: 0, optimizer });
    const own = network.layers.flatMap((layer) => layer.weights);
    own.forEach(({ values }, i) => values.set(weights[i]));
    const batch = [Float64Array.from(images), labels];
    network.differentiate(...batch);
    own.forEach(({ gradient }, i) => close(gradient, gradients[i], `gradiente ${i},`));
    const ours = losses.map(() => network.step(...batch).loss);
    close(ours, losses, "pérdida");
    own.forEach(({ values }, i) => close(values, trained[i], `peso ${i},`));
  });
}

test("los gradientes son los de las diferencias finitas", () => {
  const { layers, shape, images, labels } = cases[0];
  const network = trainable(layers, shape, { seed: 3, optimizer: { kind: "momentum", rate: 0 } });
  const batch = Float64Array.from(images);
  network.differentiate(batch, labels);
  for (const { values, gradient } of network.layers.flatMap((layer) => layer.weights)) {
    const expected = gradient.slice();
    const i = Math.floor(values.length / 2);
    const loss = (by) => {
      values[i] += by;
      const scores = network.score(batch, labels.length);
      values[i] -= by;
      return crossEntropy(scores, labels, 4).loss;
    };
    assert.ok(Math.abs((loss(1e-5) - loss(-1e-5)) / 2e-5 - expected[i]) < 1e-8);
  }
});

test("la misma semilla da los mismos pesos y la misma curva; otra, otros", () => {
  const { layers, shape, images, labels, optimizer } = cases[0];
  const curve = (seed) => {
    const network = trainable(layers, shape, { seed, optimizer });
    return Array.from({ length: 5 }, () => network.step(Float64Array.from(images), labels).loss);
  };
  assert.deepEqual(curve(1), curve(1));
  assert.notDeepEqual(curve(1), curve(2));
});

test("los pesos iniciales son los de Glorot y el orden es una permutación", () => {
  const layers = [{ kind: "Flatten" }, { kind: "Dense", units: 40 }];
  const { layers: made, parameters } = trainable(layers, [10, 10, 1], {
    seed: 5,
    optimizer: { kind: "adam", rate: 1 },
  });
  const [kernel, bias] = made[1].weights.map(({ values }) => values);
  const limit = Math.sqrt(6 / 140);
  const top = Math.max(...kernel.map(Math.abs));
  assert.ok(top < limit && top > 0.99 * limit);
  assert.ok(bias.every((value) => value === 0));
  assert.equal(parameters, 4040);
  const order = shuffled(100, random(3));
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    [...Array(100).keys()],
  );
  assert.notDeepEqual([...order], [...Array(100).keys()]);
});

test("la entropía cruzada de puntuaciones enormes no se desborda", () => {
  const { loss, hits, gradient } = crossEntropy(Float64Array.of(1000, 0, -1000, 0), [0, 1], 2);
  assert.equal(loss, 0);
  assert.equal(hits, 2);
  assert.ok(gradient.every(Number.isFinite));
});
