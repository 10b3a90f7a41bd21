// Los archivos de las figuras: los del sitio, los que manda Python y lo que se dice si no llegan.
import assert from "node:assert/strict";
import { readFile as read } from "node:fs/promises";
import { mock, test } from "node:test";
import { readNetwork } from "../nn/network.mjs";
import { loadNetwork, readFile } from "../ui/files.mjs";

/** El lado del navegador de un widget; `answer` es lo que hace Python con cada mensaje. */
function widget(answer) {
  const listeners = new Set();
  return {
    listeners,
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    send: (content) => answer(content, (...sent) => listeners.forEach((listener) => listener(...sent))),
  };
}

test("en la página lo da el anfitrión", async () => {
  const model = { file: async (name) => new TextEncoder().encode(name).buffer };
  assert.deepEqual([...(await readFile(model, "ab"))], [97, 98]);
});

test("en un cuaderno lo manda Python, y nadie se queda escuchando", async () => {
  const model = widget(({ file }, reply) => {
    reply({ file: "otro.bin" }, [new DataView(new ArrayBuffer(1))]);
    reply({ file }, [new DataView(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2)]);
  });
  assert.deepEqual([...(await readFile(model, "red.bin"))], [1, 2]);
  assert.equal(model.listeners.size, 0);
});

test("si no llega, el error nombra el archivo y dice qué hacer", async () => {
  const failing = { file: () => Promise.reject(new Error("el sitio responde 404.")) };
  await assert.rejects(readFile(failing, "red.bin"), /No ha llegado red\.bin: el sitio responde 404\./);
  const offline = { file: () => Promise.reject(new TypeError("Failed to fetch")) };
  await assert.rejects(
    readFile(offline, "red.bin"),
    /red\.bin: no hay conexión o el servidor no contesta\.$/,
  );
  mock.timers.enable({ apis: ["setTimeout"] });
  const model = widget(() => {});
  const waiting = assert.rejects(
    readFile(model, "red.bin"),
    /el núcleo no responde; ejecuta otra vez la celda/,
  );
  mock.timers.tick(60000);
  await waiting;
  assert.equal(model.listeners.size, 0);
  mock.timers.reset();
});

test("una red que llega mal se dice, y se puede volver a pedir", async () => {
  let asked = 0;
  const html = new TextEncoder().encode("<!doctype html>");
  const figure = { file: async () => (asked++ ? Uint8Array.of(asked) : html) };
  await assert.rejects(loadNetwork(figure, "red.bin"), /En red\.bin no ha llegado una red del curso/);
  await assert.rejects(loadNetwork(figure, "red.bin"), /En red\.bin no ha llegado una red del curso/);
  assert.equal(asked, 2);
});

test("una red entera, pero que mira imágenes de otro tamaño, no es la de la figura", async () => {
  const bytes = await read(new URL("./networks/narrow_cnn.bin", import.meta.url));
  const figure = { file: async () => bytes };
  const { shape } = readNetwork(bytes).reference;
  await assert.rejects(loadNetwork(figure, "otra.bin", [64, 64, 3]), /En otra\.bin ha llegado otra red/);
  assert.deepEqual((await loadNetwork(figure, "otra.bin", shape)).reference.shape, shape);
});
