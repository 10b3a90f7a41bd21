// El motor de redes contra lo que Keras anotó en cada archivo, y lo que dice de un archivo que no sirve.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { crc32, drift, predict, readNetwork, run } from "../nn/network.mjs";

const stored = (name) => readFile(new URL(`./networks/${name}.bin`, import.meta.url));

/** El mismo archivo con otro JSON y su suma al día. */
function rewritten(file, change) {
  const size = file.readUInt32LE(8);
  const text = Buffer.from(change(file.subarray(12, 12 + size).toString()));
  const body = Buffer.concat([Buffer.alloc(4), text, file.subarray(12 + size)]);
  body.writeUInt32LE(text.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  return Buffer.concat([file.subarray(0, 4), sum, body]);
}

for (const name of ["every_layer", "narrow_cnn"]) {
  test(`cada capa de ${name} responde lo que respondió Keras`, async () => {
    const network = readNetwork(await stored(name));
    assert.equal(network.reference.samples.length, network.layers.length);
    assert.ok(network.reference.samples.flat().length > 100);
    assert.ok(drift(network) < 1e-5, String(drift(network)));
  });
}

test("un peso cambiado se nota: la comparación no acepta cualquier cosa", async () => {
  const network = readNetwork(await stored("narrow_cnn"));
  network.layers.find(({ kind }) => kind === "Conv2D").weights[0][0] += 0.01;
  assert.ok(drift(network) > 1e-4);
});

test("una red de varias salidas las da todas, con su forma", async () => {
  const network = readNetwork(await stored("every_layer"));
  const outputs = predict(network, new Float64Array(11 * 9 * 2), [11, 9, 2]);
  assert.deepEqual(
    outputs.map(({ shape }) => shape),
    [[4], [18, 21, 3], [7, 5, 3]],
  );
  assert.ok(Math.abs(outputs[0].values.reduce((a, b) => a + b) - 1) < 1e-12);
});

test("la imagen no se modifica, y otra del doble de lado da mapas del doble", async () => {
  const network = readNetwork(await stored("every_layer"));
  network.layers = network.layers.slice(0, 3);
  const image = new Float64Array(22 * 18 * 2).fill(7);
  assert.deepEqual(run(network, image, [22, 18, 2]).at(-1).shape, [22, 18, 5]);
  assert.ok(image.every((value) => value === 7));
});

test("un archivo cortado, cambiado o ajeno se rechaza y se dice por qué", async () => {
  const file = await stored("narrow_cnn");
  for (const at of [5, 40, file.length - 3]) {
    const changed = Buffer.from(file);
    changed[at] ^= 1;
    assert.throws(() => readNetwork(changed), /incompleto o cambiado: recarga la página/);
  }
  assert.throws(() => readNetwork(file.subarray(0, -2)), /incompleto o cambiado/);
  assert.throws(() => readNetwork(file.subarray(0, 9)), /no es de una red/);
  assert.throws(() => readNetwork(Buffer.from("<!doctype html><title>404</title>")), /no es de una red/);
});

test("una capa o una activación que la página no conoce se nombra", async () => {
  const file = await stored("narrow_cnn");
  const attention = rewritten(file, (text) => text.replace('"kind":"Flatten"', '"kind":"Attention"'));
  assert.throws(() => readNetwork(attention), /no sabe calcular la capa «flatten\w*» \(Attention\)/);
  const tanh = rewritten(file, (text) => text.replace('"activation":"linear"', '"activation":"tanh"'));
  assert.throws(() => readNetwork(tanh), /no sabe calcular la capa «conv2d\w*» \(Conv2D\)/);
});

test("la suma es la de zlib", () => {
  assert.equal(crc32(Buffer.from("123456789")), 0xcbf43926);
});
