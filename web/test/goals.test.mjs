// Los retos se juzgan por lo que el kernel hace: valen soluciones que nadie escribió, y no valen las que solo
// se parecen.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  judgeBackground,
  judgeBudget,
  judgeCounts,
  judgeEqualUse,
  judgeEvenStamps,
  judgeField,
  judgeNoMistakes,
  judgeRecall,
  judgeRedFilter,
  judgeSize,
  judgeStillOutput,
  kernelGoals,
} from "../goals.mjs";
import { convTranspose, matrix, parameterCounts, receptiveField } from "../math.mjs";

const done = (goal, kernel) => kernelGoals[goal].judge(kernel).done;
const PREWITT = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];
const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const IDENTITY = [
  [0, 0, 0],
  [0, 1, 0],
  [0, 0, 0],
];
const LAPLACIAN = [
  [0, 1, 0],
  [1, -4, 1],
  [0, 1, 0],
];
const BOX = Array(3).fill(Array(3).fill(1 / 9));
const turned = (kernel) => kernel[0].map((_, c) => kernel.map((line) => line[c]));

test("bordes verticales: valen el de Prewitt, el de Sobel, su negativo, uno de 1 × 2 y uno a medida", () => {
  for (const kernel of [
    PREWITT,
    SOBEL,
    SOBEL.map((line) => line.map((v) => -v)),
    [[1, -1]],
    [
      [0.5, 0, -0.5, 0],
      [3, -3, 0, 0],
    ],
  ]) {
    assert.ok(done("vertical_edges", kernel), JSON.stringify(kernel));
    assert.ok(done("horizontal_edges", turned(kernel)));
    assert.ok(!done("horizontal_edges", kernel));
  }
});

test("bordes verticales: cada fallo recibe su explicación", () => {
  const say = (kernel) => kernelGoals.vertical_edges.judge(kernel).message;
  assert.match(
    say([
      [0, 0],
      [0, 0],
    ]),
    /todavía no aparecen/,
  );
  assert.match(say(IDENTITY), /suman 0/);
  assert.match(say(LAPLACIAN), /horizontales/);
  assert.match(say(turned(SOBEL)), /verticales todavía no aparecen/);
});

test("todos los bordes: vale el laplaciano, no el de un solo sentido ni la identidad", () => {
  assert.ok(done("all_edges", LAPLACIAN));
  for (const kernel of [SOBEL, turned(SOBEL), IDENTITY, BOX]) assert.ok(!done("all_edges", kernel));
});

test("suavizar: valen los promedios, no la identidad ni lo que cambia el brillo", () => {
  assert.ok(done("blur", BOX));
  assert.ok(
    done("blur", [
      [0.111111, 0.111111, 0.111111],
      [0.111111, 0.111111, 0.111111],
      [0.111111, 0.111111, 0.111111],
    ]),
  );
  assert.ok(done("blur", [[0.5, 0.5]]));
  for (const kernel of [
    IDENTITY,
    PREWITT,
    [
      [1, 1],
      [1, 1],
    ],
    [
      [0.4, 0.4, 0.4],
      [0.4, -0.6, 0],
      [0, 0, 0],
    ],
  ])
    assert.ok(!done("blur", kernel));
});

test("mover a la derecha: el 1 va a la izquierda, y al revés se explica", () => {
  const left = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 0, 0],
  ];
  assert.ok(done("shift_right", left));
  assert.match(kernelGoals.shift_right.judge(left.map((line) => [...line].reverse())).message, /izquierda/);
  assert.match(kernelGoals.shift_right.judge(IDENTITY).message, /no se mueve/);
  assert.ok(!done("shift_right", [[1, 0]]));
  assert.ok(!done("shift_right", BOX));
});

test("uso por igual: valen ventanas que no se solapan y el padding completo", () => {
  assert.ok(judgeEqualUse(6, 3, 3, 0).done);
  assert.ok(judgeEqualUse(5, 3, 1, 2).done);
  assert.ok(judgeEqualUse(7, 1, 1, 0).done);
  assert.match(judgeEqualUse(7, 3, 1, 0).message, /en 1; el que más, en 9/);
  assert.match(judgeEqualUse(7, 3, 5, 0).message, /ninguna ventana/);
  assert.match(judgeEqualUse(3, 5, 1, 0).message, /no cabe/);
});

test("tamaño: dice cuánto sobra o falta", () => {
  const state = { input_size: 28, kernel_size: 3, stride: 2, padding: "same", dilation: 1 };
  assert.ok(judgeSize(14, state).done);
  assert.match(judgeSize(10, state).message, /sobran 4/);
  assert.match(judgeSize(20, state).message, /faltan 6/);
  assert.match(judgeSize(1, { ...state, input_size: 2, padding: 0 }).message, /no cabe/);
});

test("sellos por igual: el kernel mide lo que el stride, y si no se dice qué pasa", () => {
  const judge = (k, s) =>
    judgeEvenStamps(
      convTranspose(
        [
          [1, 1],
          [1, 1],
        ],
        matrix(k, k, () => 1),
        { stride: s, padding: "valid" },
      ).counts,
      s,
    );
  assert.ok(judge(2, 2).done);
  assert.ok(judge(3, 3).done);
  assert.match(judge(3, 2).message, /cae 1 sello; donde más, caen 4/);
  assert.match(judge(2, 3).message, /menor que el stride/);
  assert.match(judge(1, 1).message, /apenas crece/);
});

test("fondo: exactitud alta sin acertar nada", () => {
  assert.ok(judgeBackground({ iou: 0, accuracy: 0.87 }, 0.85).done);
  assert.match(judgeBackground({ iou: 0.58, accuracy: 0.93 }, 0.85).message, /0,58: todavía acierta/);
  assert.match(judgeBackground({ iou: 0, accuracy: 0.6 }, 0.85).message, /0,6: sobran/);
});

test("sin fallos: cuántas predicciones se aceptan, y qué falta", () => {
  const ranked = [true, true, false, true].map((hit) => ({ hit }));
  assert.ok(judgeNoMistakes(ranked, 2).done);
  assert.match(judgeNoMistakes(ranked, 4).message, /1 fallo: sube/);
  assert.match(judgeNoMistakes(ranked, 0).message, /caben 2 aciertos más: baja/);
  assert.match(judgeNoMistakes(ranked.slice(2), 1).message, /falla la predicción más segura/);
  assert.ok(judgeNoMistakes(ranked.slice(0, 2), 2).done);
});

test("umbral: encontrar casi todo con la mayor precisión posible", () => {
  const along = [
    [1, 0.3],
    [0.95, 0.6],
    [0.9, 0.8],
    [0.7, 0.9],
    [0, 1],
  ].map(([recall, precision]) => ({ recall, precision }));
  const judge = (i) => judgeRecall(along[i], along, 0.9);
  assert.ok(judge(2).done);
  assert.match(judge(1).message, /0,6 sobran/);
  assert.match(judge(3).message, /0,7: se escapan/);
  assert.ok(!judge(0).done && !judge(4).done);
  assert.match(judgeRecall({ recall: 167 / 186, precision: 1 }, along, 0.9).message, /en 0,898: se escapan/);
});

test("filtro rojo: necesita pesos negativos o sesgo; el brillo y el gris no valen", () => {
  const ones = [
    [1, 1],
    [1, 1],
  ];
  const minus = [
    [-1, -1],
    [-1, -1],
  ];
  const zero = [
    [0, 0],
    [0, 0],
  ];
  assert.ok(judgeRedFilter([ones, minus, minus], 0).done);
  assert.ok(judgeRedFilter([ones, minus, zero], 0).done === true, "el azul y el blanco dan 0");
  assert.match(judgeRedFilter([ones, zero, zero], 0).message, /blanco/);
  assert.match(judgeRedFilter([ones, ones, ones], 0).message, /verde/);
  assert.match(judgeRedFilter([minus, ones, ones], 0).message, /mayor que 0/);
  assert.match(judgeRedFilter([ones], 0).message, /gris/);
});

test("salida quieta, campo y presupuesto", () => {
  assert.match(judgeStillOutput(0, 0).message, /Mueve/);
  assert.ok(judgeStillOutput(4, 0).done);
  assert.match(judgeStillOutput(4, 1).message, /Cambia 1 valor/);
  const field = (layers, n, padding = "same") => judgeField(layers, receptiveField(layers, n, padding), n);
  assert.ok(
    field(
      [
        { kernel_size: 7, stride: 3 },
        { kernel_size: 7, stride: 3 },
        { kernel_size: 3, stride: 1 },
      ],
      32,
    ).done,
  );
  assert.match(field([{ kernel_size: 3, stride: 1 }], 32).message, /3 de 32/);
  assert.match(field([{ kernel_size: 7 }, { kernel_size: 7 }], 8, "valid").message, /no cabe/);
  assert.match(field(Array(4).fill({ kernel_size: 7 }), 16).message, /con 4 capas/);
  assert.ok(judgeBudget(parameterCounts(256, 3, 1, 32)).done);
  assert.match(judgeBudget(parameterCounts(28, 3, 1, 32)).message, /no llega/);
  assert.match(judgeBudget(parameterCounts(256, 3, 64, 64)).message, /pasa de mil/);
});

test("el reto de contar pide cuatro objetos, que las tres maneras los encuentren y que no sobre nada", () => {
  const way = (found, total = found) => ({ found, classes: Array(total).fill(3) });
  const judge = (objects, components, watershed, votes) =>
    judgeCounts(objects, { components, watershed, votes });
  assert.deepEqual(judge(3, way(3), way(3), way(3)), {
    done: false,
    message: "Hay 3 objetos: añade hasta cuatro.",
  });
  assert.equal(judge(4, way(4), way(3), way(4)).message, "La cuenca encuentra 3 de los 4 objetos.");
  assert.match(judge(4, way(4, 5), way(4), way(4)).message, /Las componentes.*y además alguno que no está/);
  assert.ok(judge(4, way(4), way(4), way(4)).done);
});
