// El entrenamiento en su hilo: al parar y seguir, una red que ya ha acabado se queda como está.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { DISTANCES, EPOCHS, POINTS } from "../nn/session.mjs";
import { work } from "../training/worker.mjs";

test("una red acabada no vuelve a aprender, y termina de medirse aunque se pare y se siga", async () => {
  const told = [];
  globalThis.self = {};
  globalThis.postMessage = (message) => told.push(message);
  work();
  const send = (data) => self.onmessage({ data });
  const progress = () => told.filter((message) => message.progress);
  send({ start: { kind: "dense", images: null, seed: 3, rate: 0.003, filters: 4, hidden: 16 } });
  send({ run: true });
  while (!told.at(-1).finished) await wait(5);
  for (const run of [false, true, false, true]) {
    send({ run });
    await wait(5);
  }
  while (told.filter(({ shifted }) => shifted).length < DISTANCES.length) await wait(5);
  await wait(50);
  assert.equal(progress().length, EPOCHS * POINTS);
  assert.equal(progress().filter(({ finished }) => finished).length, 1);
});
