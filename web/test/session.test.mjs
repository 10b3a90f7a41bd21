// El entrenamiento de la página: avanza a trozos, se repite y aprende; y las prendas dibujadas.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSession, networkLayers, POINTS, parameterCount, TEST, TRAIN } from "../nn/session.mjs";
import { silhouettes } from "../nn/silhouettes.mjs";
import { trainable } from "../nn/training.mjs";

const sizes = { filters: 4, kernel_size: 3, hidden: 16 };
const images = silhouettes(TRAIN + TEST, 0);

test("las prendas dibujadas son siempre las mismas, y se distinguen", () => {
  assert.deepEqual(images, silhouettes(TRAIN + TEST, 0));
  assert.notDeepEqual(images, silhouettes(TRAIN + TEST, 1));
  const brightness = (label) =>
    Array.from({ length: 50 }, (_, n) => images.subarray((10 * n + label) * 784, (10 * n + label + 1) * 784))
      .flatMap((pixels) => [...pixels])
      .reduce((sum, value) => sum + value, 0);
  assert.ok(brightness(4) > 1.5 * brightness(5)); // el abrigo llena más que la sandalia
});

test("los parámetros son los de las capas", () => {
  for (const kind of ["dense", "cnn"]) {
    for (const other of [sizes, { filters: 16, kernel_size: 5, hidden: 64 }]) {
      const options = { seed: 0, optimizer: { kind: "adam", rate: 0.01 } };
      const { parameters } = trainable(networkLayers(kind, other), [28, 28, 1], options);
      assert.equal(parameters, parameterCount(kind, other));
    }
  }
  assert.equal(parameterCount("cnn", { filters: 8, kernel_size: 3, hidden: 64 }), 9098);
  assert.equal(parameterCount("dense", { filters: 8, kernel_size: 3, hidden: 64 }), 50890);
});

test("la red aprende, y con la misma semilla la curva es la misma aunque se mida por medio", () => {
  const start = () => makeSession({ kind: "dense", images, seed: 7, rate: 0.003, ...sizes });
  const [one, other] = [start(), start()];
  const curve = (session, look) =>
    Array.from({ length: 2 * POINTS }, () => {
      if (look) session.shifted(2);
      return session.advance();
    });
  const first = curve(one, false);
  assert.deepEqual(first, curve(other, true));
  assert.equal(first.filter(({ accuracy }) => accuracy !== undefined).length, 2);
  assert.ok(first.at(-1).accuracy > 0.5, String(first.at(-1).accuracy)); // al azar, 0,1
  assert.equal(one.finished(), false);
  assert.deepEqual(one.firstWeights().shape, [28, 28, 16]);
  assert.equal(one.shifted(0), first.at(-1).accuracy);
  assert.ok(one.shifted(4) < one.shifted(0));
});

test("otra semilla da otra curva, y la convolucional enseña sus kernels", () => {
  const start = (seed) => makeSession({ kind: "cnn", images, seed, rate: 0.003, ...sizes });
  assert.notDeepEqual(start(1).advance(), start(2).advance());
  assert.deepEqual(start(1).firstWeights().shape, [3, 3, 4]);
});
