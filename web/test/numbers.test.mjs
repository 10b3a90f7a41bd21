// La tabla de números tecleados; tests/test_exercises_numbers.py la prueba en Python y en Moodle.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { judge } from "../questions/judge.mjs";
import { readings, trees } from "../questions/numbers.mjs";

const table = JSON.parse(await readFile(new URL("./numbers.json", import.meta.url), "utf8"));

test("cada texto se lee como dice la tabla", () => {
  assert.ok(table.numbers.length > 100);
  for (const [text, expected] of table.numbers) assert.deepEqual(readings(text), expected, text);
});

test("las listas y matrices, también", () => {
  assert.ok(table.lists.length > 50);
  for (const [text, expected] of table.lists) {
    assert.deepEqual(
      trees(text).map(({ tree }) => tree),
      expected,
      text,
    );
  }
});

test("una respuesta numérica es correcta si lo es alguna lectura, y sin lecturas no es un intento", () => {
  for (const [text, expected] of table.numbers) {
    for (const answer of expected) {
      const key = { kind: "numeric", answer, tolerance: 0, wrong: [] };
      assert.equal(judge(key, [text]).right, true, text);
      assert.equal(judge({ ...key, answer: answer + 3 }, [text]).right, false, text);
    }
    if (!expected.length) {
      const verdict = judge({ kind: "numeric", answer: 3, tolerance: 0, wrong: [] }, [text]);
      assert.equal(verdict.right, null, text);
      assert.match(verdict.message, /Escribe un número|no se entiende|varios números/);
    }
  }
});

test("si dos modelos dicen los mismos números, decide si llevan decimales", () => {
  const key = { kind: "predict", answer: "[0.0, 1.0]", wrong: ["[0, 1]"] };
  for (const text of ["[0.0, 1.0]", "[0,0 1,0]", "0. 1."]) assert.equal(judge(key, [text]).right, true, text);
  for (const text of ["[0, 1]", "0 1", "(0, 1)"]) assert.deepEqual(judge(key, [text]).whys, [1], text);
});

test("un error no es un número mal escrito", () => {
  const key = { kind: "predict", answer: "[2]", wrong: ["error"] };
  for (const text of ["error", "Da error.", "ValueError", "una excepción"]) {
    assert.deepEqual(judge(key, [text]).whys, [1], text);
  }
  assert.match(judge({ ...key, wrong: [] }, ["error"]).message, /No hay error/);
});
