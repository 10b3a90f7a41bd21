// La U-Net que se sirve con las figuras: se lee, se comprueba y, sobre escenas pintadas aquí, acierta.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pixelMaps, votedInstances } from "../grouping.mjs";
import { drift, predict } from "../nn/network.mjs";
import * as scene from "../scene.mjs";
import { scoreObjects } from "../segmentation.mjs";
import { loadNetwork } from "../ui/files.mjs";

const bytes = await readFile(new URL("../../course_utils/figures/static/unet.bin", import.meta.url));
const SHAPE = [scene.SIZE, scene.SIZE, 3];
const served = (answers) => ({ file: async () => answers.shift()() });
const good = () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const rows = (ids) =>
  Array.from({ length: scene.SIZE }, (_, r) => [...ids.subarray(r * scene.SIZE, (r + 1) * scene.SIZE)]);

test("una red que no llega, o llega cambiada, se explica en español y se puede pedir otra vez", async () => {
  const broken = good();
  new Uint8Array(broken)[200000] ^= 1;
  const absent = () => {
    throw new Error("No ha llegado a.bin: 404");
  };
  const figure = served([absent, () => broken, () => broken.slice(0, 1000), good]);
  await assert.rejects(loadNetwork(figure, "a.bin", SHAPE), /No ha llegado a.bin/);
  await assert.rejects(loadNetwork(figure, "a.bin", SHAPE), /incompleto o cambiado/);
  await assert.rejects(loadNetwork(figure, "a.bin", SHAPE), /incompleto o cambiado/);
  const network = await loadNetwork(figure, "a.bin", SHAPE);
  assert.equal(await loadNetwork(figure, "a.bin", SHAPE), network); // no se vuelve a pedir
});

test("la red responde lo que anotó Keras y encuentra los objetos de las escenas de la página", async () => {
  const network = await loadNetwork(served([good]), "c.bin", SHAPE);
  assert.ok(drift(network) < 1e-4);
  const notes = Array.from({ length: 12 }, (_, seed) => {
    const { image, truth } = scene.paintScene(scene.randomScene(seed));
    const [{ values }] = predict(network, Float64Array.from(image), SHAPE);
    const found = votedInstances(pixelMaps(values, scene.SIZE, scene.CLASSES.length), scene.FIRST_OBJECT);
    return scoreObjects({ ...truth, ids: rows(truth.ids) }, { ...found, ids: rows(found.ids) }).ap;
  });
  assert.ok(notes.reduce((a, b) => a + b) / notes.length > 0.7);
});
