// Lo que dice «Entrena en la página» mientras se entrena y al parar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DISTANCES, EPOCHS, POINTS } from "../nn/session.mjs";
import { makeJob, statusOf } from "../training/job.mjs";

const figure = { text: (name, values) => [name, ...Object.values(values ?? {})].join(" ") };
const network = (epochs, hits) => ({
  loss: Array(Math.round(epochs * POINTS)).fill([0, 1]),
  shifted: hits.map((hit, i) => [i, hit]),
});
const said = (phase, dense, cnn) => statusOf(figure, { phase, networks: { dense, cnn } });
const FALLING = DISTANCES.map((distance) => 0.8 - distance / 10);

test("se dice la época de cada red cuando no van a la par", () => {
  assert.equal(said("running", network(2.5, []), network(2, [])), `epoch 3 3 ${EPOCHS}`);
  assert.equal(said("running", network(EPOCHS, []), network(0.4, [])), `epochs ${EPOCHS} 1 ${EPOCHS}`);
});

test("al parar, lo que se compara va detrás de la época de cada una", () => {
  const [ahead, behind] = [network(EPOCHS, FALLING), network(0.4, FALLING)];
  assert.equal(said("paused", ahead, network(0.4, [])), `epochs ${EPOCHS} 1 ${EPOCHS} measuring`);
  assert.equal(said("paused", ahead, behind), `epochs ${EPOCHS} 1 ${EPOCHS} moved 80 % 40 % 80 % 40 % 4`);
});

test("si se vuelve a medir a medias, cada distancia queda una vez", async () => {
  const workers = [];
  globalThis.course = () => {};
  globalThis.Worker = class {
    constructor() {
      workers.push(this);
    }
    postMessage() {}
    terminate() {}
  };
  const calls = { redraw() {}, onRemove() {}, file: () => Promise.reject(new Error()) };
  const { job, start, pause, resume } = makeJob({ ...figure, ...calls });
  await start({});
  pause();
  const hear = (distances) => distances.map((d) => workers[1].onmessage({ data: { shifted: [d, 0.5] } }));
  hear(DISTANCES.slice(0, 3));
  resume();
  pause(); // antes de que el hilo aprenda nada
  hear(DISTANCES);
  assert.deepEqual(
    job.networks.cnn.shifted.map(([distance]) => distance),
    DISTANCES,
  );
});
