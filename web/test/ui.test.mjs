// Geometría, números en español y el modelo del anfitrión: lo que se puede probar sin DOM.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { cellAt, cellsBetween, gridLines, moveCell, outline } from "../geometry.mjs";
import { house, pictures } from "../pictures.mjs";
import { approximate, count, number, parse, short } from "../ui/numbers.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));

test("cellAt da siempre una celda de la cuadrícula, también fuera de ella", () => {
  assert.deepEqual(cellAt(15, 5, 30, 10, 1, 3), [0, 1]);
  assert.deepEqual(cellAt(-4, 99, 30, 10, 2, 3), [1, 0]);
  assert.deepEqual(cellAt(30, 10, 30, 10, 2, 3), [1, 2]);
});

test("un arrastre rápido no deja huecos ni repite la primera celda", () => {
  const path = cellsBetween([0, 0], [3, 7]);
  assert.equal(path.length, 7);
  let previous = [0, 0];
  for (const cell of path) {
    assert.ok(Math.abs(cell[0] - previous[0]) <= 1 && Math.abs(cell[1] - previous[1]) <= 1);
    previous = cell;
  }
  assert.deepEqual(previous, [3, 7]);
  assert.deepEqual(cellsBetween([2, 2], [2, 2]), []);
});

test("las flechas no salen de la cuadrícula; otras teclas no mueven", () => {
  assert.deepEqual(moveCell([0, 0], "ArrowUp", 3, 3), [0, 0]);
  assert.deepEqual(moveCell([0, 0], "ArrowDown", 3, 3), [1, 0]);
  assert.deepEqual(moveCell([1, 1], "Home", 3, 3), [1, 0]);
  assert.deepEqual(moveCell([1, 1], "End", 3, 3), [1, 2]);
  assert.equal(moveCell([1, 1], "a", 3, 3), null);
});

test("gridLines dibuja una línea más que filas y columnas", () => {
  assert.equal(gridLines(2, 3).match(/M/g).length, 7);
});

test("el contorno tiene un tramo por lado entre celdas de número distinto", () => {
  assert.equal(outline([[1]]), "M0 0h1M0 0v1M1 0v1M0 1h1");
  assert.equal(outline([[1, 1]]).match(/M/g).length, 6);
  assert.equal(outline([[1, 2]]).match(/M/g).length, 7);
  assert.equal(outline([[0, 0]]), "");
});

test("los números llevan coma decimal, signo menos y grupos desde cinco cifras", () => {
  assert.equal(number(-0.25), "−0,25");
  assert.equal(number(1234), "1234");
  assert.equal(number(101770), "101\u202f770");
  assert.equal(number(-0.0001), "0");
  assert.equal(number(2.5), "2,5");
  assert.equal(short(-0.25), "−,2");
  assert.equal(short(12.6), "13");
  assert.equal(parse("1,5"), 1.5);
  assert.equal(parse("−2"), -2);
  assert.ok(Number.isNaN(parse("a")));
  assert.equal(count(1, "ventana"), "1 ventana");
  assert.equal(count(3, "píxel", "píxeles"), "3 píxeles");
});

test("los números se escriben y se redondean como en course_utils.style", () => {
  assert.ok(vectors.numbers.length >= 300);
  for (const { value, texts, short: shortest } of vectors.numbers) {
    texts.forEach((text, decimals) => assert.equal(number(Number(value), decimals), text, value));
    assert.equal(short(Number(value)), shortest, value);
  }
});

test("las cantidades grandes se dicen en palabras", () => {
  assert.equal(approximate(9999), "9999");
  assert.equal(approximate(216320), "216 mil");
  assert.equal(approximate(16981120), "17 millones");
  assert.equal(approximate(1e6), "1 millón");
  assert.equal(approximate(1e9), "mil millones");
  assert.equal(approximate(1e12), "1 billón");
  assert.equal(approximate(3.2e9), "3,2 mil millones");
});

test("todas las imágenes son rectangulares y van de 0 a 1", () => {
  for (const { make } of [...Object.values(pictures), { make: () => house(8) }]) {
    const image = make();
    assert.ok(image.every((line) => line.length === image[0].length));
    assert.ok(image.flat().every((v) => v >= 0 && v <= 1));
  }
});

test("el modelo del anfitrión avisa una vez por cambio y deja de avisar", async () => {
  globalThis.document = { querySelectorAll: () => [] };
  globalThis.window = {};
  const { createModel } = await import("../host.mjs");
  const model = createModel({ stride: 1 });
  let calls = 0;
  const listener = () => calls++;
  model.on("change:stride", listener);
  model.set("stride", 1);
  assert.equal(calls, 0);
  model.set("stride", 2);
  assert.deepEqual([calls, model.get("stride")], [1, 2]);
  model.off("change:stride", listener);
  model.set("stride", 3);
  assert.equal(calls, 1);
  model.save_changes();
});
