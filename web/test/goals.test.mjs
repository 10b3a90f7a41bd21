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
  judgeSameClass,
  judgeSeparateDraws,
  judgeSize,
  judgeStillOutput,
  kernelGoals,
} from "../goals.mjs";
import { convTranspose, matrix, parameterCounts, receptiveField } from "../math.mjs";
import { said } from "./verdicts.mjs";

const done = (goal, kernel) => kernelGoals[goal](kernel).done;
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
  const say = (kernel) => said(kernelGoals.vertical_edges(kernel));
  assert.match(
    say([
      [0, 0],
      [0, 0],
    ]),
    /^no_edges verticales$/,
  );
  assert.match(say(IDENTITY), /^flat_answers$/);
  assert.match(say(LAPLACIAN), /^other_edges horizontales fila$/);
  assert.match(say(turned(SOBEL)), /^no_edges verticales$/);
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
  assert.equal(said(kernelGoals.shift_right(left.map((line) => [...line].reverse()))), "moves_left");
  assert.equal(said(kernelGoals.shift_right(IDENTITY)), "still");
  assert.ok(!done("shift_right", [[1, 0]]));
  assert.ok(!done("shift_right", BOX));
});

test("uso por igual: valen ventanas que no se solapan y el padding completo", () => {
  assert.ok(judgeEqualUse(6, 3, 3, 0).done);
  assert.ok(judgeEqualUse(5, 3, 1, 2).done);
  assert.ok(judgeEqualUse(7, 1, 1, 0).done);
  assert.match(said(judgeEqualUse(7, 3, 1, 0)), /^uneven 1 9$/);
  assert.match(said(judgeEqualUse(7, 3, 5, 0)), /^unseen$/);
  assert.match(said(judgeEqualUse(3, 5, 1, 0)), /^does_not_fit$/);
});

test("tamaño: dice cuánto sobra o falta", () => {
  const state = { input_size: 28, kernel_size: 3, stride: 2, padding: "same", dilation: 1 };
  assert.ok(judgeSize(14, state).done);
  assert.match(said(judgeSize(10, state)), /^too_big 14 4$/);
  assert.match(said(judgeSize(20, state)), /^too_small 14 6$/);
  assert.match(said(judgeSize(1, { ...state, input_size: 2, padding: 0 })), /^does_not_fit$/);
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
  assert.match(said(judge(3, 2)), /^uneven 1 sello 4$/);
  assert.match(said(judge(2, 3)), /^gaps$/);
  assert.match(said(judge(1, 1)), /^barely_grows$/);
});

test("fondo: exactitud alta sin acertar nada", () => {
  assert.ok(judgeBackground({ iou: 0, accuracy: 0.87 }, 0.85).done);
  assert.match(said(judgeBackground({ iou: 0.58, accuracy: 0.93 }, 0.85)), /^hits 0,58$/);
  assert.match(said(judgeBackground({ iou: 0, accuracy: 0.6 }, 0.85)), /^extra 0,6$/);
});

test("sin fallos: cuántas predicciones se aceptan, y qué falta", () => {
  const ranked = [true, true, false, true].map((hit) => ({ hit }));
  assert.ok(judgeNoMistakes(ranked, 2).done);
  assert.match(said(judgeNoMistakes(ranked, 4)), /^mistakes 1 fallo$/);
  assert.match(said(judgeNoMistakes(ranked, 0)), /^more_fit 2 aciertos$/);
  assert.match(said(judgeNoMistakes(ranked.slice(2), 1)), /^first_fails$/);
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
  assert.match(said(judge(1)), /^spare 0,6$/);
  assert.match(said(judge(3)), /^escaped 0,7$/);
  assert.ok(!judge(0).done && !judge(4).done);
  assert.match(said(judgeRecall({ recall: 167 / 186, precision: 1 }, along, 0.9)), /^escaped 0,898$/);
});

test("si dos dibujos quedan a la par, se dice qué falta para que sea el suyo", () => {
  const judge = (own, other) => said(judgeSameClass("yes", ["un 6", own], [["un 6 en un espejo", other]]));
  assert.match(judge(0.719, 0.723), /^disagreed se parece un 72 % a un 6 y un 72 % a .*; tendría que/);
  assert.match(judge(0.75, 0.73), /; tendría que sacarle/);
  assert.equal(judge(0.5, 0.8), "disagreed se parece un 50 % a un 6 y un 80 % a un 6 en un espejo");
  assert.match(judge(-0.1, 0.8), / un 0 % a un 6 /);
});

test("unos pocos aciertos no son ninguno, ni casi todos son todos", () => {
  const judge = (agreement) => said(judgeSeparateDraws({ joint: false, agreement }));
  assert.equal(judge(0.003), "apart menos de 1");
  assert.equal(judge(0), "apart 0");
  assert.equal(judge(0.007), "apart 1");
  assert.equal(judge(0.997), "apart más de 99");
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
  assert.match(said(judgeRedFilter([ones, zero, zero], 0)), /^other_colour blanco$/);
  assert.match(said(judgeRedFilter([ones, ones, ones], 0)), /^other_colour verde$/);
  assert.match(said(judgeRedFilter([minus, ones, ones], 0)), /^no_red$/);
  assert.match(said(judgeRedFilter([ones], 0)), /^grey$/);
});

test("salida quieta, campo y presupuesto", () => {
  assert.match(said(judgeStillOutput(0, 0)), /^not_moved$/);
  assert.ok(judgeStillOutput(4, 0).done);
  assert.match(said(judgeStillOutput(4, 1)), /^one_changes$/);
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
  assert.match(said(field([{ kernel_size: 3, stride: 1 }], 32)), /^too_small 3 32$/);
  assert.match(said(field([{ kernel_size: 7 }, { kernel_size: 7 }], 8, "valid")), /^does_not_fit$/);
  assert.match(said(field(Array(4).fill({ kernel_size: 7 }), 16)), /^too_many 4$/);
  assert.ok(judgeBudget(parameterCounts(256, 3, 1, 32)).done);
  assert.match(said(judgeBudget(parameterCounts(28, 3, 1, 32))), /^small_dense$/);
  assert.match(said(judgeBudget(parameterCounts(256, 3, 64, 64))), /^large_conv$/);
});

test("el reto de contar pide cuatro objetos, que las tres maneras los encuentren y que no sobre nada", () => {
  const way = (found, total = found) => ({ found, classes: Array(total).fill(3) });
  const judge = (objects, components, watershed, votes) =>
    judgeCounts(objects, { components, watershed, votes });
  assert.equal(said(judge(3, way(3), way(3), way(3))), "few 3 objetos");
  assert.equal(said(judge(4, way(4), way(3), way(4))), "lost La cuenca encuentra 3 4");
  assert.match(said(judge(4, way(4, 5), way(4), way(4))), /^extra Las componentes encuentran 4$/);
  assert.ok(judge(4, way(4), way(4), way(4)).done);
});
