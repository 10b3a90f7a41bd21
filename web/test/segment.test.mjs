// «Segmenta y cuenta»: la escena pintada, las tres maneras de juntar píxeles y la AP, contra course_utils.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as g from "../grouping.mjs";
import * as scene from "../scene.mjs";
import { scoreObjects } from "../segmentation.mjs";

const vectors = JSON.parse(await readFile(new URL("./segment_vectors.json", import.meta.url), "utf8"));
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const METHODS = {
  components: g.connectedInstances,
  watershed: g.watershedInstances,
  votes: g.votedInstances,
};

test("los números que parecen al azar son los de Python", () => {
  for (const { seed, series, values } of vectors.chances)
    scene.chances(seed, series, values.length).forEach((v, i) => assert.ok(Math.abs(v - values[i]) < 1e-6));
});

test("una escena se pinta con los mismos bytes que en Python", () => {
  assert.ok(vectors.scenes.length >= 20);
  for (const { image, semantic, ids, classes, ...state } of vectors.scenes) {
    const painted = scene.paintScene(state);
    assert.deepEqual(painted.truth.classes, classes);
    assert.equal(digest(painted.truth.ids), ids);
    assert.equal(digest(painted.semantic), semantic);
    assert.equal(digest(painted.image), image);
  }
});

test("componentes, cuenca y votos dan los objetos, las clases y la AP de course_utils", () => {
  assert.ok(vectors.grouping.length >= 6);
  for (const { output, truth, peaks, ...wanted } of vectors.grouping) {
    const width = output[0].length;
    const maps = g.pixelMaps(Float64Array.from(output.flat(2)), width, 4);
    assert.deepEqual(
      g.findCenters(maps).map((i) => [Math.floor(i / width), i % width]),
      peaks,
    );
    for (const [name, group] of Object.entries(METHODS)) {
      const found = group(maps, 2);
      const { ids, classes, scores, ap, found: hits } = wanted[name];
      assert.deepEqual([...found.ids], ids.flat(), name);
      assert.deepEqual(found.classes, classes, name);
      found.scores.forEach((score, i) => assert.ok(Math.abs(score - scores[i]) < 2e-6, name));
      if (!truth) continue;
      const scored = scoreObjects(truth, { ...found, ids });
      assert.ok(Math.abs(scored.ap - ap) < 2e-6, name);
      assert.equal(scored.found, hits, name);
    }
  }
});

test("sin objetos verdaderos no hay AP que calcular, y sin predichos es 0", () => {
  const empty = { ids: [[0, 0]], classes: [], scores: [] };
  assert.ok(Number.isNaN(scoreObjects(empty, empty).ap));
  assert.deepEqual(scoreObjects({ ids: [[1, 0]], classes: [3] }, empty), { ap: 0, found: 0 });
});

test("una escena al azar tiene lo que tenían las que vio la red", () => {
  const scenes = Array.from({ length: 200 }, (_, seed) => scene.randomScene(seed));
  const counts = new Set();
  for (const state of scenes) {
    const { truth } = scene.paintScene(state);
    assert.equal(truth.classes.length, state.objects.length); // todos se ven
    counts.add(state.objects.length);
    for (const { radius } of state.objects)
      assert.ok(radius >= scene.SEEN.radius[0] && radius <= scene.SEEN.radius[1]);
    assert.ok(Math.abs(state.light) <= scene.SEEN.light);
  }
  assert.ok(counts.has(3) && counts.has(7) && Math.max(...counts) <= 7);
  assert.deepEqual(scene.randomScene(5), scene.randomScene(5));
  assert.notDeepEqual(scene.randomScene(5).objects, scene.randomScene(6).objects);
});
