// De dónde sale cada valor de la red, y lo que se hace con la prenda antes de enseñársela.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { matrix } from "../math.mjs";
import { explain, mapOf } from "../nn/explain.mjs";
import * as g from "../nn/garments.mjs";
import { readNetwork, run } from "../nn/network.mjs";

const file = await readFile(new URL("./networks/narrow_cnn.bin", import.meta.url));
const network = readNetwork(file);
const picture = matrix(28, 28, (r, c) => (r * 31 + c * 17) % 256);

test("la cuenta de un valor da el valor, en todas las capas y en los bordes", () => {
  const outputs = run(network, g.moved(picture, 0, 0), [28, 28, 1]);
  let checked = 0;
  outputs.forEach((output, number) => {
    const [rows, cols, channels] = output.shape.length === 3 ? output.shape : [1, 1, output.shape[0]];
    for (const [row, col] of [
      [0, 0],
      [rows - 1, cols - 1],
      [rows >> 1, 0],
    ]) {
      const channel = channels - 1;
      const found = explain(network, outputs, number, { row, col, channel, source: 0 });
      if (!found) continue;
      checked++;
      const value = output.values[(row * cols + col) * channels + channel];
      assert.ok(
        Math.abs(found.total - value) < 1e-9,
        `${network.layers[number].kind}: ${found.total} ${value}`,
      );
    }
  });
  assert.ok(checked > 40);
  assert.deepEqual(mapOf(outputs[0], 0), picture);
  assert.equal(explain(network, outputs, 0, { row: 0, col: 0, channel: 0, source: 0 }), null);
});

test("una convolución reparte su cuenta entre los canales de entrada", () => {
  const outputs = run(network, g.moved(picture, 0, 0), [28, 28, 1]);
  const number = network.layers.findIndex(({ kind, inputs }) => kind === "Conv2D" && inputs[0] > 1);
  const found = explain(network, outputs, number, { row: 0, col: 3, channel: 1, source: 2 });
  assert.equal(found.partials.length, 3);
  assert.deepEqual(found.window, { row: -1, col: 2, rows: 3, cols: 3 });
  assert.deepEqual(found.values[0], [null, null, null]);
  const own = found.values.flat().reduce((sum, v, i) => sum + (v ?? 0) * found.kernel.flat()[i], 0);
  assert.ok(Math.abs(own - found.partials[2]) < 1e-12);
});

test("mover, tapar, pintar y rellenar", () => {
  const right = g.moved(picture, 2, -3);
  assert.equal(right[2 * 28], picture[0][3]);
  assert.ok(right.subarray(0, 56).every((value) => value === 0));
  assert.equal(right[2 * 28 + 25], 0);
  const cover = g.covered(new Float64Array(784).fill(1), g.COVERS - 1, 0);
  assert.equal(cover.filter((value) => value === 0).length, 49);
  assert.equal(cover[21 * 28], 0);
  assert.equal(cover[27 * 28 + 6], 0);
  const ring = [
    [10, 10],
    [10, 13],
    [10, 16],
    [13, 16],
    [16, 16],
    [16, 13],
    [16, 10],
    [13, 10],
  ];
  const drawn = ring.reduce((image, cell) => g.brushed(image, cell, 200), g.empty());
  const full = g.filledIn(drawn, 200);
  assert.equal(full[13][13], 200);
  assert.equal(full[0][0], 0);
  assert.equal(full.flat().filter((value) => value === 200).length, 81);
  assert.deepEqual(g.filledIn(g.empty(), 9), g.empty());
});

test("una foto con la prenda oscura sobre una pared clara llega clara, sobre negro y centrada", () => {
  const photo = matrix(90, 120, (r, c) =>
    r >= 20 && r < 76 && c >= 70 && c < 98 ? 40 : 220 + ((r + c) % 5),
  );
  const ready = g.preparePhoto(photo);
  assert.equal(ready[14][14], 255);
  assert.equal(ready[14][0], 0);
  const filled = ready.map((line) => line.filter((value) => value > 100).length);
  assert.deepEqual(filled, Array(28).fill(14)); // el doble de alta que de ancha
  assert.equal(g.preparePhoto(matrix(40, 40, () => 200)), null);
});

test("una muestra es la que está en su sitio del archivo", () => {
  const bytes = Uint8Array.from({ length: 2 * 784 }, (_, i) => (i < 784 ? 0 : i % 251));
  assert.equal(g.sample(bytes, 1)[0][1], 785 % 251);
});
