// El aumento contra course_utils y las capas de Keras (vectors.json), y los retos de su figura.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as a from "../augmentation.mjs";
import { judgeSameClass, judgeSeparateDraws } from "../goals.mjs";
import { signs } from "../pictures.mjs";
import { said } from "./verdicts.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));
const still = { flip: false, rows: 0, cols: 0, rotation: 0, zoom: 0, brightness: 0, contrast: 0 };

test("cada transformación, y varias seguidas, dan la imagen y la máscara de las capas de Keras", () => {
  assert.ok(vectors.augmentations.length >= 38);
  for (const { image, mask, drawn, output, mask_output } of vectors.augmentations) {
    const made = a.augment(image, mask, drawn, drawn);
    assert.deepEqual(made.mask, mask_output, JSON.stringify(drawn));
    const worst = Math.max(...made.image.flat().map((v, i) => Math.abs(v - output.flat()[i])));
    assert.ok(worst < 2e-6, `${JSON.stringify(drawn)}: ${worst}`);
  }
});

test("una tirada multiplica cada fuerza por lo que ha salido", () => {
  const forces = { flip: true, shift: 0.5, rotation: 0.25, zoom: 0.1, brightness: 1, contrast: 0.2 };
  const drawn = a.transformation(forces, [0.1, 1, -0.5, -1, 0, 0.5, 1]);
  assert.deepEqual(drawn, {
    ...still,
    flip: true,
    rows: 0.5,
    cols: -0.25,
    rotation: -0.25,
    brightness: 0.5,
    contrast: 0.2,
  });
  assert.equal(a.transformation({ ...forces, flip: false }, [1, 0, 0, 0, 0, 0, 0]).flip, false);
  assert.equal(a.transformation(forces, [-1, 0, 0, 0, 0, 0, 0]).flip, false);
});

test("el acuerdo cuenta los píxeles de objeto de una o de otra con la misma clase", () => {
  assert.equal(a.agreement([[0, 1, 2]], [[0, 1, 2]]), 1);
  assert.equal(a.agreement([[0, 1, 2, 0]], [[0, 2, 2, 1]]), 1 / 3);
  assert.equal(a.agreement([[0, 0]], [[0, 0]]), 1);
});

test("el parecido no depende del sitio, del brillo ni del contraste, y sí de la forma", () => {
  for (const { image, others } of Object.values(signs)) {
    const changed = a.light(a.move(image, { ...still, rows: 0.1, cols: -0.14 }, false), {
      brightness: 0.2,
      contrast: -0.5,
    });
    assert.ok(a.likeness(changed, image) > 0.9);
    for (const other of Object.values(others)) assert.ok(a.likeness(image, other) < 0.9);
    assert.equal(
      a.likeness(
        image.map((line) => line.map(() => 0.5)),
        image,
      ),
      0,
    );
  }
});

test("¿misma clase?: se juzga por lo que queda en la imagen", () => {
  const judge = (answer, sign, drawn) => {
    const { image, name, others } = signs[sign];
    const made = a.augment(image, image, { ...still, ...drawn }, still).image;
    const rivals = Object.entries(others).map(([rival, drawing]) => [rival, a.likeness(made, drawing)]);
    return judgeSameClass(answer, [name, a.likeness(made, image)], rivals);
  };
  for (const drawn of [
    {},
    { rotation: 10 / 360 },
    { rotation: -15 / 360, zoom: 0.1 },
    { rows: 0.2, brightness: 0.3 },
  ])
    for (const sign of ["six", "arrow"]) {
      assert.ok(judge("yes", sign, drawn).done, JSON.stringify([sign, drawn]));
      assert.match(said(judge("no", sign, drawn)), /^disagreed/);
    }
  assert.ok(judge("no", "six", { rotation: 0.5 }).done);
  const near = (answer) => judgeSameClass(answer, ["un 6", 0.62], [["un 9", 0.6]]);
  assert.match(said(near("yes")), /tendría que sacarle más de 5 puntos y pasar del 50 %/);
  assert.ok(near("no").done);
  assert.match(said(judge("yes", "six", { rotation: 0.5 })), /100 % a un 9$/);
  assert.match(said(judge("no", "six", { flip: true })), /100 % a un 6 en un espejo/);
  assert.match(said(judge("no", "arrow", { flip: true })), /^agreed.*100 % a una flecha a la izquierda/);
  assert.ok(judge("no", "arrow", { rotation: 0.25 }).done && judge("no", "arrow", { rotation: -0.25 }).done);
  assert.ok(judge("no", "six", { brightness: 1 }).done, "toda blanca");
});

test("tiradas distintas: solo vale cambiar la luz, y la casualidad se nota", () => {
  const judge = (changes) =>
    judgeSeparateDraws({ joint: false, change: 0.1, agreement: 1, moves: false, ...changes });
  assert.ok(judge({}).done);
  assert.match(said(judge({ joint: true })), /^choose_apart$/);
  assert.match(said(judge({ change: 0 })), /^unchanged$/);
  assert.match(said(judge({ agreement: 0.26, moves: true })), /^apart 26$/);
  assert.match(said(judge({ moves: 0.5 })), /^lucky$/);
});
