// RLE y polígonos contra pycocotools (vectors.json), las vueltas, lo que se teclea y los retos de su figura.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { judgeFewRuns, judgeHole } from "../goals.mjs";
import * as rle from "../rle.mjs";
import { pixelCounts } from "../segmentation.mjs";
import { said } from "./verdicts.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));
const pairs = (flat) => flat.flatMap((x, i) => (i % 2 ? [] : [[x, flat[i + 1]]]));

test("las cuentas y el texto comprimido son los de pycocotools, y vuelve la máscara", () => {
  assert.ok(vectors.rles.length >= 21);
  for (const { mask, counts, text } of vectors.rles) {
    assert.deepEqual(rle.encode(mask), counts);
    assert.equal(rle.compress(counts), text);
    assert.deepEqual(rle.decode(counts, mask.length, mask[0].length), mask);
  }
});

test("cada píxel está en su cuenta", () => {
  for (const { mask, counts } of vectors.rles) {
    const rows = mask.length;
    for (let position = 0; position < rows * mask[0].length; position++) {
      const { run, within } = rle.runAt(counts, position);
      assert.equal(run % 2, mask[position % rows][Math.floor(position / rows)]);
      assert.equal(counts.slice(0, run).reduce((a, b) => a + b, 0) + within, position);
    }
  }
});

test("un polígono encierra los píxeles de pycocotools", () => {
  for (const { polygons, mask } of vectors.polygons)
    assert.deepEqual(rle.rasterize(polygons.map(pairs), 6, 8), mask, JSON.stringify(polygons));
});

test("el contorno: un trozo por polígono, sin huecos y sin vértices de más", () => {
  assert.deepEqual(rle.contours([[1, 1]]), [pairs([0, 0, 2, 0, 2, 1, 0, 1])]);
  assert.equal(
    rle.contours([
      [1, 0],
      [0, 1],
    ]).length,
    2,
    "solo se tocan por una esquina",
  );
  assert.deepEqual(
    rle.contours([
      [1, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ]),
    [pairs([0, 0, 3, 0, 3, 3, 0, 3])],
  );
  assert.deepEqual(rle.contours([[0]]), []);
});

test("con tolerancia 0 no se pierde nada; con más, hay menos vértices y ninguno nuevo", () => {
  for (const { mask } of vectors.rles) {
    for (const points of rle.contours(mask)) {
      const same = (list) => list.map(String).sort();
      assert.deepEqual(same(rle.simplify(points, 0)), same(points));
      for (const tolerance of [0.5, 1, 2]) {
        const fewer = rle.simplify(points, tolerance);
        assert.ok(fewer.length <= points.length && fewer.length !== 1 && fewer.length !== 2);
        for (const point of fewer) assert.ok(same(points).includes(String(point)));
      }
    }
  }
  assert.deepEqual(rle.simplify(pairs([0, 0, 1, 0, 1, 1, 0, 1]), 1), [], "un píxel suelto desaparece");
});

test("lo que se teclea se aplica o se explica", () => {
  const counts = (text) => rle.readCounts(text, 2, 3);
  assert.deepEqual(counts("[1, 3, 2]").mask, [
    [0, 1, 0],
    [1, 1, 0],
  ]);
  assert.deepEqual(counts("1 3 2").mask, counts("1,3,2").mask);
  assert.match(counts("1, 3").error, /suman 4.*6 píxeles: faltan 2/);
  assert.match(counts("1, 3, 9").error, /sobran 7/);
  assert.match(counts("1, 4").error, /: falta 1\.$/);
  assert.match(counts("1, 6").error, /: sobra 1\.$/);
  assert.match(counts("99999999").error, /suman 99999999 y la máscara/);
  assert.match(counts("1, tres, 2").error, /«tres» no es una cuenta/);
  assert.match(counts("1, -3, 2").error, /«-3»/);
  assert.match(counts("").error, /suman 0/);
  const polygon = (text) => rle.readPolygons(text, 6, 8);
  assert.equal(polygon("[1, 1, 7, 1, 1, 5]").mask.flat().filter(Boolean).length, 12);
  assert.equal(polygon("0 0 1 0 1 1 0 1; [3, 3, 5, 3, 5, 5, 3, 5]").mask.flat().filter(Boolean).length, 5);
  assert.equal(polygon("[0.5, 0.5, 7.5, 0.5, 7.5, 1.5]").error, undefined);
  assert.match(polygon("1, 1, 7, 1").error, /seis números/);
  assert.match(polygon("1, 1, 7, 1, 1").error, /5 números/);
  assert.match(polygon("1").error, /Hay 1 número:/);
  assert.match(polygon("0, 0, 0.4, 0, 0.4, 0.4").error, /el centro de ningún píxel/);
  assert.ok(
    polygon("")
      .mask.flat()
      .every((v) => !v),
  ); // vaciarla a propósito sí se puede
  assert.match(polygon("1, 1, 9, 1, 1, 5").error, /x va de 0 a 8, e y, de 0 a 6/);
  assert.match(polygon("1, 1, a, 1, 1, 5").error, /números/);
  assert.ok(
    polygon("")
      .mask.flat()
      .every((v) => !v),
  );
});

test("pocas cuentas: se juzga por lo que sale", () => {
  assert.ok(judgeFewRuns([12, 18, 18]).done);
  assert.ok(judgeFewRuns([0, 12, 36]).done && judgeFewRuns([30, 18]).done);
  assert.match(said(judgeFewRuns([1, 3, 2])), /^few 3 píxeles$/);
  assert.match(said(judgeFewRuns([0, 48])), /^full$/);
  assert.match(said(judgeFewRuns([1, 3, 3, 3, 3, 3, 3, 3, 26])), /^many_runs 9$/);
});

test("un hueco no cabe en un polígono", () => {
  const judge = (mask, tolerance = 0) => {
    const back = rle.rasterize(rle.contours(mask), mask.length, mask[0].length);
    return judgeHole({ tolerance, agreement: pixelCounts(mask, back) });
  };
  const ring = [
    [1, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
  ];
  assert.match(said(judge(ring)), /^filled 1 píxel$/);
  assert.ok(judge(ring).done);
  assert.match(said(judge(ring, 1)), /^not_exact$/);
  assert.match(said(judge([[0, 0]])), /^empty$/);
  const corner = [
    [1, 0],
    [0, 1],
  ];
  assert.match(said(judge(corner)), /^same_mask$/);
});
