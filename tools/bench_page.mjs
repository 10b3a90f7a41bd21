// Los trabajos que mide tools/bench_page.py, con el motor del curso y con TensorFlow.js.
import { random } from "./web/nn/basics.mjs";
import { readNetwork, referenceInput, run } from "./web/nn/network.mjs";
import { networkLayers } from "./web/nn/session.mjs";
import { trainable } from "./web/nn/training.mjs";

const REPEATS = 15;
const [IMAGES, EPOCHS, BATCH, RATE] = [1000, 3, 25, 0.003];
const SIZES = { filters: 8, kernel_size: 3, hidden: 64 };

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

/** Milisegundos de reloj de un trabajo, la mediana de varios, y cuántos han sido. */
export async function timed({ job, repeats = REPEATS }) {
  const times = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
  }
  return [median(times), repeats];
}

/** La misma red en TensorFlow.js, con los mismos pesos. */
function tensorflow({ layers, outputs, reference }) {
  const made = [];
  for (const { kind, inputs, weights, shapes, name: _, ...given } of layers) {
    const from = inputs.map((n) => made[n]);
    if (kind === "InputLayer") {
      made.push(tf.input({ shape: reference.shape }));
      continue;
    }
    const makers = {
      Rescaling: () => tf.layers.rescaling({ scale: given.scale, offset: given.offset }),
      Conv2D: () => convolution(tf.layers.conv2d, shapes, given),
      Conv2DTranspose: () => convolution(tf.layers.conv2dTranspose, shapes, given),
      BatchNormalization: () => tf.layers.batchNormalization({ epsilon: given.epsilon }),
      MaxPooling2D: () => tf.layers.maxPooling2d({ poolSize: given.pool_size, strides: given.strides }),
      ReLU: () => tf.layers.reLU(),
      Add: () => tf.layers.add(),
      Flatten: () => tf.layers.flatten(),
      Dropout: () => tf.layers.dropout({ rate: 0.2 }),
      Dense: () => tf.layers.dense({ units: shapes[0].at(-1), activation: given.activation }),
    };
    const layer = makers[kind]();
    made.push(layer.apply(from.length > 1 ? from : from[0]));
    if (weights.length) layer.setWeights(weights.map((values, i) => tf.tensor(Array.from(values), shapes[i])));
  }
  return tf.model({ inputs: made[0], outputs: outputs.map((n) => made[n]) });
}

function convolution(make, shapes, { strides, padding, activation }) {
  const [kh, kw, one, other] = shapes[0];
  const filters = make === tf.layers.conv2d ? other : one;
  return make({ filters, kernelSize: [kh, kw], strides, padding, activation, useBias: shapes.length > 1 });
}

/** Entrena la convolucional de la figura, una vez. */
function trainOurs(images, labels) {
  const optimizer = { kind: "adam", rate: RATE };
  const network = trainable(networkLayers("cnn", SIZES), [28, 28, 1], { seed: 0, optimizer });
  for (let step = 0; step < (EPOCHS * IMAGES) / BATCH; step++) {
    const at = (step * BATCH) % IMAGES;
    network.step(images.subarray(at * 784, (at + BATCH) * 784), labels.subarray(at, at + BATCH));
  }
}

async function trainTheirs(images, labels) {
  const conv = (filters, first) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu", ...first });
  const pool = () => tf.layers.maxPooling2d({ poolSize: 2 });
  const parts = [conv(8, { inputShape: [28, 28, 1] }), pool(), conv(16), pool(), tf.layers.flatten()];
  const model = tf.sequential({ layers: [...parts, tf.layers.dense({ units: 10, activation: "softmax" })] });
  model.compile({ optimizer: tf.train.adam(RATE), loss: "sparseCategoricalCrossentropy" });
  const [x, y] = [tf.tensor4d(Float32Array.from(images), [IMAGES, 28, 28, 1]), tf.tensor1d(Float32Array.from(labels))];
  await model.fit(x, y, { epochs: EPOCHS, batchSize: BATCH, shuffle: false, yieldEvery: "never" });
}

/** Los trabajos: [título, {job, repeats} del curso, el de TensorFlow.js o null]. */
export async function makeJobs(tfjs) {
  if (tfjs) await tf.ready();
  const rows = [];
  for (const [name, title] of [
    ["cnn", "predecir con la CNN del capítulo 6"],
    ["dense", "predecir con la densa"],
    ["unet", "predecir con la U-Net, 64 × 64"],
  ]) {
    const network = readNetwork(await (await fetch(`figures/${name}.bin`)).arrayBuffer());
    const { shape } = network.reference;
    const image = referenceInput(shape);
    const ours = { job: () => run(network, image, shape) };
    let theirs = null;
    if (tfjs) {
      const [model, input] = [tensorflow(network), tf.tensor(Array.from(image), [1, ...shape])];
      const outputs = [await model.predict(input).data(), run(network, image, shape).at(-1).values];
      const apart = Math.max(...outputs[0].map((value, i) => Math.abs(value - outputs[1][i])));
      if (apart > 1e-2) throw new Error(`${name}: TensorFlow.js responde otra cosa, ${apart}`);
      theirs = { job: () => tf.tidy(() => model.predict(input)).data() };
    }
    rows.push([title, ours, theirs]);
  }
  const next = random(0);
  const images = Float64Array.from({ length: IMAGES * 784 }, next);
  const labels = Uint8Array.from({ length: IMAGES }, (_, i) => i % 10);
  const ours = { job: () => trainOurs(images, labels), repeats: 1 };
  const theirs = tfjs ? { job: () => trainTheirs(images, labels), repeats: 1 } : null;
  rows.push([`entrenar con ${IMAGES} imágenes, ${EPOCHS} épocas`, ours, theirs]);
  if (tfjs) rows[0][0] += ` (${tf.getBackend()})`;
  return rows;
}
