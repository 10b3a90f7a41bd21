// La aritmética de las figuras contra course_utils y Keras (vectors.json) y contra números hechos a mano.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as m from "../math.mjs";

const vectors = JSON.parse(await readFile(new URL("./vectors.json", import.meta.url), "utf8"));

/** Números a un millonésimo; −0 y 0 son iguales. */
function close(actual, expected, message) {
  const [a, b] = [[actual].flat(Infinity), [expected].flat(Infinity)];
  assert.equal(a.length, b.length, message);
  a.forEach((v, i) => assert.ok(Math.abs(v - b[i]) < 1e-6, `${message ?? ""} ${v} != ${b[i]}`));
}

test("los tamaños, el relleno «same» y los usos son los de course_utils.ops.sizes", () => {
  assert.ok(vectors.sizes.length > 300);
  for (const { n, k, s, d, padding, size, same, usage } of vectors.sizes) {
    const where = JSON.stringify({ n, k, s, d, padding });
    const pads = m.resolvePadding(padding, n, k, s, d);
    assert.equal(m.outputSize(n, k, s, ...pads, d), size, where);
    assert.deepEqual(m.samePadding(n, k, s, d), same, where);
    assert.deepEqual(m.usage(n, k, s, ...pads, d), usage, where);
  }
});

test("las ventanas y lo que sobra completan la entrada con relleno", () => {
  for (const { n, k, s, d, padding, size } of vectors.sizes) {
    if (!size) continue;
    const pads = m.resolvePadding(padding, n, k, s, d);
    assert.equal((size - 1) * s + m.span(k, d) + m.leftover(n, k, s, ...pads, d), n + pads[0] + pads[1]);
  }
});

test("conv2d es la correlación de la referencia", () => {
  for (const { image, kernel, stride, padding, output } of vectors.convolutions) {
    const ours = m.conv2d(image, kernel, { stride, padding });
    close(ours, output);
    const [r, c] = [ours.length - 1, ours[0].length - 1];
    close(m.sum(m.products(m.pad(image, padding), kernel, r * stride, c * stride)), output[r][c]);
  }
});

test("conv2d dice que no hay salida cuando el kernel no cabe", () => {
  assert.equal(m.conv2d([[1, 2]], [[1], [1]]), null);
  assert.deepEqual(m.conv2d([[1, 2]], [[1], [1]], { padding: 1 }), [
    [0, 1, 2, 0],
    [0, 1, 2, 0],
  ]);
});

test("la convolución transpuesta es la de la referencia, y sus sumandos son los sellos que caen", () => {
  assert.ok(vectors.transposed.length >= 90);
  for (const { image, kernel, stride, padding, output } of vectors.transposed) {
    const where = JSON.stringify({ image, kernel, stride, padding });
    const { canvas, counts, rows, cols, top, left } = m.convTranspose(image, kernel, { stride, padding });
    close(
      canvas.slice(top, top + rows).map((line) => line.slice(left, left + cols)),
      output,
      where,
    );
    assert.deepEqual([rows, cols], m.shape(output), where);
    canvas.forEach((line, r) =>
      line.forEach((value, c) => {
        const parts = m.stampsAt(image, kernel, stride, r, c);
        assert.equal(parts.length, counts[r][c], where);
        close(
          parts.reduce((total, [v, w]) => total + v * w, 0),
          value,
          where,
        );
      }),
    );
  }
});

test("la convolución transpuesta, sello a sello", () => {
  const options = { stride: 2, padding: "valid" };
  const so = (last) => m.convTranspose([[1, 2]], [[1, 2, 3]], { ...options, last }).canvas[0];
  assert.deepEqual(so(-1), [0, 0, 0, 0, 0]);
  assert.deepEqual(so(0), [1, 2, 3, 0, 0]);
  assert.deepEqual(so(1), [1, 2, 5, 4, 6]);
  assert.deepEqual(m.stampsAt([[1, 2]], [[1, 2, 3]], 2, 0, 2), [
    [1, 3, 0],
    [2, 1, 1],
  ]);
  assert.deepEqual(
    m.resized(
      [
        [1, 2],
        [3, 4],
      ],
      3,
    ),
    [
      [0, 0, 0],
      [0, 1, 2],
      [0, 3, 4],
    ],
  );
  assert.deepEqual(
    m.resized(
      [
        [0, 0, 0],
        [0, 5, 0],
        [0, 0, 0],
      ],
      1,
    ),
    [[5]],
  );
});

test("los mapas parciales suman la salida de cada filtro", () => {
  for (const { image, kernel, bias, output } of vectors.channels) {
    const channels = image[0][0].map((_, k) => image.map((line) => line.map((pixel) => pixel[k])));
    bias.forEach((b, f) => {
      const kernels = channels.map((_, k) => kernel.map((line) => line.map((cell) => cell[k][f])));
      close(
        m.convChannels(channels, kernels, b).output,
        output.map((line) => line.map((cell) => cell[f])),
      );
    });
  }
});

test("el pooling y el píxel elegido son los de la referencia, también con empates y negativos", () => {
  for (const { image, size, stride, max, average, picked } of vectors.pools) {
    const best = m.pool2d(image, { size, stride, mode: "max" });
    close(best.values, max);
    assert.deepEqual(best.picked, picked);
    close(m.pool2d(image, { size, stride, mode: "average" }).values, average);
  }
  assert.equal(m.pool2d([[1]], { size: 2, stride: 1, mode: "max" }), null);
});

test("la matriz de la convolución hace lo mismo que deslizar el kernel", () => {
  for (const { rows, cols, kernel, matrix } of vectors.matrices) {
    close(m.convMatrix(rows, cols, kernel), matrix);
    const image = m.matrix(rows, cols, (r, c) => ((r * 5 + c * 3) % 7) - 2);
    close(m.apply(matrix, image.flat()), m.conv2d(image, kernel).flat());
    const mask = m.windowMask(rows, cols, m.shape(kernel));
    assert.equal(m.sum(mask), mask.length * kernel.length * kernel[0].length);
  }
});

test("el campo receptivo es el de course_utils.ops.sizes y coincide con retroceder capa a capa", () => {
  for (const { n, padding, layers, output, size, jump, start } of vectors.fields) {
    const fields = m.receptiveField(layers, n, padding);
    const last = fields.at(-1);
    assert.deepEqual([last.output, last.size, last.jump, last.start + 0], [output, size, jump, start]);
    const [first, end] = m.fieldRanges(layers, fields, 2)[0];
    assert.deepEqual([first, end + 1 - first], [start + 2 * jump, size]);
  }
});

test("los parámetros son los de course_utils.ops.sizes", () => {
  for (const { n, k, channels, filters, dense, local, conv } of vectors.parameters) {
    assert.deepEqual(m.parameterCounts(n, k, channels, filters), { dense, local, conv });
  }
});

test("mover la imagen deja ceros en el borde y countChanges cuenta lo que difiere", () => {
  assert.deepEqual(
    m.shift(
      [
        [1, 2],
        [3, 4],
      ],
      0,
      1,
    ),
    [
      [0, 1],
      [0, 3],
    ],
  );
  assert.deepEqual(
    m.shift(
      [
        [1, 2],
        [3, 4],
      ],
      -1,
      0,
    ),
    [
      [3, 4],
      [0, 0],
    ],
  );
  assert.equal(m.countChanges([[1, 2]], [[1, 3]]), 1);
});
