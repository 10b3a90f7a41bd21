// El mapa elegido y de dónde sale uno de sus valores: la ventana, el kernel y la cuenta.

import { peak } from "../math.mjs";
import { explain, kernelOf, mapOf } from "../nn/explain.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { mosaic } from "../ui/mosaic.mjs";
import { number } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";
import { accounts } from "./account.mjs";
import { asMaps } from "./layers.mjs";

/** Colores de un mapa: con signo si tiene negativos; si no, en gris. */
function colours(values, theme) {
  const top = peak(values, 1e-9);
  return values.flat().some((v) => v < 0) ? (v) => signed(theme, v, top) : (v) => grey(v ?? 0, top);
}

/** Lo elegido, dentro de la capa aunque venga de otra: canal, fila y columna de su mapa. */
export function placeOf(now) {
  const { shape } = asMaps(now.outputs[now.layer]);
  const [rows, cols, maps] = shape;
  const position = Math.min(now.position, rows * cols - 1);
  const channel = Math.min(now.channel, maps - 1);
  return { rows, cols, position, channel, row: Math.floor(position / cols), col: position % cols };
}

export function tracePanel(figure, look) {
  const goTo = ([r, c]) => figure.set({ position: r * placeOf(look()).cols + c });
  const map = grid(figure, "Mapa", "output", {
    oncursor: goTo,
    describe: ([r, c]) => `Fila ${r + 1}, columna ${c + 1}: ${number(valueAt(look()), 3)}`,
  });
  const input = grid(figure, "Entrada", "input");
  const kernel = grid(figure, "Kernel", "kernel", { size: "small" });
  const kernels = mosaic(figure, {
    onpick: (source) => figure.set({ source }),
    describe: (source) => `Entrada ${source + 1}`,
  });
  const account = h("div.cf-said", { role: "status" });
  const valueAt = (now) => {
    const { row, col, channel } = placeOf(now);
    return mapOf(asMaps(now.outputs[now.layer]), channel)[row][col];
  };
  const drawInput = (now, found, source) => {
    const from = now.outputs[now.network.layers[now.layer].inputs[0]];
    const shown = mapOf(from, source);
    const { row, col } = placeOf(now);
    const boxes = [{ ...(found.window ?? { row, col }), kind: "window" }];
    const title = from.shape[2] === 1 ? "De dónde sale" : `De dónde sale: entrada ${source + 1}`;
    input.draw({ values: shown, colour: colours(shown, now.theme), text: false, title, name: title, boxes });
  };
  const drawKernels = (now, { partials, kernel: own }, { channel, source }) => {
    const layer = now.network.layers[now.layer];
    const title = `Kernel ${source + 1} de ${partials.length}`;
    kernel.draw({
      values: own,
      colour: colours(own, now.theme),
      title,
      name: `${title}, filtro ${channel + 1}`,
    });
    kernels.el.hidden = partials.length === 1;
    const all = partials.map((_, k) => kernelOf(layer, k, channel).flat());
    const values = Float64Array.from(
      { length: 9 * all.length },
      (_, i) => all[i % all.length][Math.floor(i / all.length)],
    );
    kernels.draw({
      ...{ output: { values, shape: [3, 3, all.length] }, theme: now.theme, chosen: source, widest: 150 },
      title: "Un kernel por entrada",
      name: `Los ${all.length} kernels del filtro ${channel + 1}. Las flechas eligen la entrada.`,
    });
  };
  const side = h("div.cf-side", {}, kernel, kernels);
  return {
    el: h("div.cf-trace", {}, map, input, side, account),
    draw(now) {
      const { rows, cols, channel, row, col, position } = placeOf(now);
      const layer = now.network.layers[now.layer];
      const shown = mapOf(asMaps(now.outputs[now.layer]), channel);
      map.setCursor([row, col]);
      map.draw({
        values: shown,
        colour: colours(shown, now.theme),
        text: Math.max(rows, cols) <= 7 ? (value) => number(value, 1) : false,
        title: `Mapa ${channel + 1}`,
        name: `Mapa ${channel + 1}, ${rows} por ${cols}. Las flechas eligen un valor.`,
        boxes: [{ row, col, kind: "here" }],
      });
      const source = layer.kind === "Conv2D" ? Math.min(now.source, layer.shapes[0][2] - 1) : channel;
      const flat = layer.kind === "Dense"; // sus «mapas» son las puntuaciones
      const found = explain(now.network, now.outputs, now.layer, {
        row,
        col,
        channel: flat ? position : channel,
        source,
      });
      input.el.hidden = !found || flat;
      side.hidden = !found?.kernel;
      if (!input.el.hidden) drawInput(now, found, source);
      if (found?.kernel) drawKernels(now, found, { channel, source });
      const lines = accounts[layer.kind](found, { source, position, text: figure.text });
      write(account, "");
      account.append(...lines.map((line) => h("p.cf-formula", {}, line)));
    },
  };
}
