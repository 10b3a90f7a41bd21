import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../questions/judge.mjs";
import { INTERVALS, Memory, pending } from "../questions/memory.mjs";

const DAY = 24 * 60 * 60 * 1000;

function storage(initial = {}) {
  const values = { ...initial };
  return {
    getItem: (name) => values[name] ?? null,
    setItem: (name, value) => (values[name] = value),
    removeItem: (name) => delete values[name],
    values,
  };
}

test("la última contestada no es la que antes toca repasar", () => {
  const memory = new Memory(storage());
  assert.equal(memory.last(), undefined);
  memory.note("05.q1", true, { now: 10 * DAY });
  memory.note("05.q1", true, { now: 20 * DAY });
  memory.note("02.q3", false, { now: 21 * DAY });
  assert.equal(memory.last(), "02.q3");
  memory.note("05.q1", true, { now: 22 * DAY });
  assert.equal(memory.last(), "05.q1");
});

test("una opción: la elegida trae su explicación", () => {
  const key = { kind: "single", right: [2] };
  assert.equal(judge(key, []).right, null);
  assert.deepEqual(judge(key, [2]), { right: true, whys: [2], message: "" });
  assert.deepEqual(judge(key, [0]), { right: false, whys: [0], message: "" });
});

test("varias opciones: se dice cuál sobra, y si falta, cuántas", () => {
  const key = { kind: "multiple", right: [0, 2, 3] };
  assert.equal(judge(key, []).right, null);
  assert.equal(judge(key, [0, 2, 3]).right, true);
  assert.deepEqual(judge(key, [0, 1, 2, 3]), { right: false, whys: [1], message: "" });
  assert.deepEqual(judge(key, [0, 2]), { right: false, whys: [], message: "Falta una." });
  assert.deepEqual(judge(key, [0]).message, "Faltan 2.");
});

test("número: con tolerancia, y los errores típicos traen su explicación", () => {
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: es la respuesta, con sus tres decimales
  const key = { kind: "numeric", answer: 0.693, tolerance: 0.006, wrong: [-0.69, 0.3] };
  assert.equal(judge(key, ["0,69"]).right, true);
  assert.deepEqual(judge(key, ["−0,693"]), { right: false, whys: [1], message: "" });
  assert.deepEqual(judge(key, ["0,301"]), { right: false, whys: [2], message: "" });
  assert.deepEqual(judge(key, ["7"]).whys, []);
  assert.match(judge(key, ["siete"]).message, /«siete» no se entiende como número/);
  assert.match(judge(key, ["0 7"]).message, /varios números/);
  assert.equal(judge(key, ["siete"]).right, null);
  const thirds = { kind: "numeric", answer: 5, tolerance: 0, wrong: [4, 5.3333] };
  for (const text of ["5,33", "16/3", "5.3333", "≈5,333 píxeles"])
    assert.deepEqual(judge(thirds, [text]), { right: false, whys: [2], message: "" }, text);
  assert.deepEqual(judge(thirds, ["4,004"]).whys, []);
  const exact = { kind: "numeric", answer: 1168, tolerance: 0, wrong: [1152] };
  for (const text of ["1168", "1168,0", "1.168", "1 168", "2336/2"])
    assert.equal(judge(exact, [text]).right, true, text);
  assert.equal(judge(exact, ["1168,1"]).right, false);
});

test("predecir: cuentan los números y cómo se agrupan, no con qué se escriben", () => {
  const key = { kind: "predict", answer: "[[19 25]\n [37 43]]\n", wrong: ["(2, 6)"] };
  for (const text of ["[[19 25]\n [37 43]]", " [[19   25] \n[ 37 43 ]]  ", "[[19 25]\r\n[37 43]]"]) {
    assert.equal(judge(key, [text]).right, true, text);
  }
  for (const text of ["[[19, 25], [37, 43]]", "[[19 25][37 43]]", "19 25\n37 43", "[19 25; 37 43]"])
    assert.equal(judge(key, [text]).right, true, text);
  for (const text of ["[[1925]\n[37 43]]", "[[19 25]\n [37 44]]", "error"])
    assert.equal(judge(key, [text]).right, false, text);
  for (const text of ["(2,6)", "2 6", "[2, 6]"]) assert.deepEqual(judge(key, [text]).whys, [1], text);
  assert.match(judge(key, ["19 25 37 43"]).message, /no se agrupan así/);
  assert.match(judge(key, ["[[19 25]"]).message, /no se entiende/);
  assert.equal(judge(key, ["19 25 37 43"]).right, null);
  assert.equal(judge(key, ["  \n"]).right, null);
});

test("ordenar: se dice hasta dónde va bien", () => {
  const key = { kind: "order", places: [2, 0, 1] }; // lo que se ve primero va el tercero
  assert.equal(judge(key, [2, 0, 1]).right, true);
  assert.equal(judge(key, [2, null, 1]).right, null);
  assert.match(judge(key, [2, 2, 1]).message, /dos pasos en el mismo lugar/);
  const swapped = judge(key, [1, 0, 2]);
  assert.deepEqual([swapped.right, swapped.whys], [false, [2]]);
  assert.match(swapped.message, /El primero está bien; el segundo, no/);
  assert.match(judge(key, [0, 2, 1]).message, /El primer paso no es ese/);
});

test("controles: cada combinación tiene su veredicto", () => {
  const key = { kind: "controls", sizes: [2, 3], verdicts: [3, 1, 2, 0, 4, 5] };
  assert.deepEqual(judge(key, [1, 0]), { right: true, whys: [0], message: "" });
  assert.deepEqual(judge(key, [0, 2]), { right: false, whys: [2], message: "" });
  assert.deepEqual(judge(key, [1, 2]).whys, [5]);
});

test("de varias fotos se cuentan los aciertos y se dice cuáles no coinciden", () => {
  const key = { kind: "labels", right: [3, 5, 3] };
  assert.deepEqual(judge(key, [3, null, null]), { right: null, whys: [], message: "Quedan 2 fotos." });
  assert.equal(judge(key, [3, null, 3]).message, "Queda una foto.");
  assert.deepEqual(judge(key, [3, 5, 3]), { right: true, whys: [], message: "", score: "3 de 3" });
  assert.deepEqual(judge(key, [5, 5, 0]), {
    right: false,
    whys: [0, 2],
    message: "Las que no coinciden:",
    score: "1 de 3",
  });
});

test("el número de aciertos se recuerda", () => {
  const place = storage();
  new Memory(place).note("fotos", false, { score: "13 de 20" });
  assert.equal(new Memory(place).get("fotos").score, "13 de 20");
});

test("lo que se acierta vuelve cada vez más tarde y lo que se falla, enseguida", () => {
  const memory = new Memory(storage());
  let now = 1e12;
  for (const days of INTERVALS.slice(1)) {
    const record = memory.note("a", true, { now: now });
    assert.equal(record.due, now + days * DAY);
    assert.deepEqual(pending(["a"], memory, now), []);
    now = record.due;
    assert.deepEqual(pending(["a"], memory, now), ["a"]);
  }
  assert.equal(memory.note("a", true, { now: now }).due, now + INTERVALS.at(-1) * DAY);
  assert.equal(memory.note("a", false, { now: now }).due, now);
  assert.equal(memory.get("a").tries, INTERVALS.length + 1);
});

test("primero lo fallado, luego lo vencido y al final lo nuevo", () => {
  const memory = new Memory(storage());
  memory.note("vencida", true, { now: 0 });
  memory.note("fallada", false, { now: 5 * DAY });
  memory.note("reciente", true, { now: 10 * DAY });
  assert.deepEqual(pending(["nueva", "reciente", "vencida", "fallada"], memory, 10 * DAY), [
    "fallada",
    "vencida",
    "nueva",
  ]);
});

test("el progreso se borra", () => {
  const place = storage();
  const memory = new Memory(place);
  memory.note("a", true);
  assert.equal(new Memory(place).get("a").streak, 1);
  memory.erase();
  assert.equal(memory.get("a"), undefined);
  assert.deepEqual(place.values, {});
});

test("un almacén ausente, lleno, prohibido o estropeado no impide contestar", () => {
  const forbidden = {
    getItem() {
      throw new Error("prohibido");
    },
    setItem() {
      throw new Error("lleno");
    },
    removeItem() {
      throw new Error("prohibido");
    },
  };
  const broken = ["{", "[]", "null", "3", '{"a": 3}', '{"a": {"due": "mañana"}}'].map((text) =>
    storage({ "curso-cnn.preguntas": text }),
  );
  for (const place of [null, forbidden, ...broken]) {
    const memory = new Memory(place);
    assert.equal(memory.get("a"), undefined);
    assert.equal(memory.note("a", true, { now: 0 }).streak, 1);
    assert.equal(memory.get("a").streak, 1);
    memory.erase();
    assert.equal(memory.get("a"), undefined);
  }
});
