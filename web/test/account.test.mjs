// Las cuentas de «La CNN por dentro»: con los números escritos sale lo escrito.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accounts } from "../inside/account.mjs";
import { explain } from "../nn/explain.mjs";
import { moved, SIDE, sample } from "../nn/garments.mjs";
import { readNetwork, run } from "../nn/network.mjs";

const stored = (name) => readFile(new URL(`../../course_utils/figures/static/${name}.bin`, import.meta.url));
const network = readNetwork(await stored("cnn"));
const garments = await stored("garments");

/** Lo que da una calculadora con una cuenta escrita: las notas entre paréntesis no son números. */
function calculated(text) {
  const bare = text.replace(/ \((\d+|las demás|los otros \d+ y el sesgo)\)/g, "").replace("todo ceros", "0");
  const plain = bare.replaceAll("−", "-").replaceAll("·", "*").replaceAll("÷", "/").replaceAll(",", ".");
  assert.match(plain, /^[-\d.()*/+ ]+$/);
  return Function(`return ${plain.replaceAll(/(^|[( ])-/g, "$1 -")}`)();
}

/** Las cuentas de unos cuantos valores de una capa: [frase, unidad de la última cifra]. */
function written(outputs, number) {
  const { kind, shapes } = network.layers[number];
  const { shape } = outputs[number];
  const [rows, cols, maps] = shape.length === 3 ? shape : [1, shape[0], 1];
  return Array.from({ length: 40 }, (_, place) => {
    const position = (place * 37) % (rows * cols);
    const [row, col] = [Math.floor(position / cols), position % cols];
    const channel = kind === "Dense" ? position : (place * 7) % maps;
    const source = kind === "Conv2D" ? place % shapes[0][2] : 0;
    const found = explain(network, outputs, number, { row, col, channel, source });
    return accounts[kind](found, { source, position, text: () => "" });
  })
    .flat()
    .filter((line) => line.includes("≈"))
    .map((line) => [line, kind === "Dense" ? 0.01 : 0.001]);
}

test("con los números escritos sale lo escrito, hasta su última cifra", () => {
  const all = [3, 10, 18].flatMap((which) => {
    const outputs = run(network, moved(sample(garments, which), 0, 0), [SIDE, SIDE, 1]);
    return outputs.flatMap((_, number) => written(outputs, number));
  });
  assert.ok(all.length > 1000, String(all.length));
  for (const [line, unit] of all) {
    const [account, total] = line
      .slice(0, -1)
      .replace(/^[^:]+: /, "")
      .split(" ≈ ");
    assert.ok(Math.abs(calculated(account) - calculated(total)) < 1.001 * unit, line);
  }
});
