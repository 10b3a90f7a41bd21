// Canales y filtros: un kernel por canal, mapas parciales, suma y sesgo; un filtro, un mapa.
import { cellOf, clamp } from "../geometry.mjs";
import { judgeRedFilter } from "../goals.mjs";
import { convChannels, matrix, peak, replaced, shape } from "../math.mjs";
import { challenge, choices, nudge, player } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { grid, PAINT } from "../ui/grid.mjs";
import { count, dimensions, factor, number, parse } from "../ui/numbers.mjs";
import { grey, mix, signed } from "../ui/theme.mjs";

const LIMIT = 9; // mayor peso y mayor sesgo
const CHANNELS = [0, 1, 2];
const NAMES = ["rojo", "verde", "azul"];
const TINTS = [
  [230, 60, 50],
  [30, 150, 70],
  [50, 100, 230],
];
const BLACK = [16, 16, 16];
const PAINTS = {
  rojo: [1, 0, 0],
  verde: [0, 1, 0],
  azul: [0, 0, 1],
  amarillo: [1, 1, 0],
  blanco: [1, 1, 1],
  negro: [0, 0, 0],
};

/** El kernel de un filtro para un canal. */
const slice = (kernel, filter, channel) => kernel.map((line) => line.map((cell) => cell[channel][filter]));

/**
 * El estado y lo que se deduce de él: canales que ve la capa (los tres, o su promedio) y mapas de cada
 * filtro.
 */
function look(figure) {
  const state = figure.state();
  const { image, kernel, bias } = state;
  const [[height, width], [kh, kw]] = [shape(image), shape(kernel)];
  const colour = state.mode === "rgb";
  const inputs = colour
    ? CHANNELS.map((k) => matrix(height, width, (r, c) => image[r][c][k]))
    : [matrix(height, width, (r, c) => image[r][c].reduce((a, b) => a + b) / 3)];
  const kernels = bias.map((_, f) => inputs.map((_, k) => slice(kernel, f, k)));
  const results = kernels.map((slices, f) => convChannels(inputs, slices, bias[f]));
  const filter = Math.min(state.filter, bias.length - 1);
  const [outRows, outCols] = [height - kh + 1, width - kw + 1];
  const [row, col] = cellOf(state.position, outRows, outCols);
  return {
    ...state,
    theme: figure.theme,
    ...{ height, width, kh, kw, outRows, outCols, row, col, colour, inputs, results, filter },
    kernels: kernels[filter],
    window: { row, col, rows: kh, cols: kw, kind: "window" },
    here: { row, col, kind: "here" },
  };
}

/** La imagen, los colores con que se pinta y si se ve en color. */
function imageSide(figure) {
  let paint = "rojo";
  const panel = grid(figure, "Imagen", "input", {
    onpoint: (cell) => figure.set({ image: replaced(figure.get("image"), cell, [...PAINTS[paint]]) }),
    describe([r, c]) {
      const pixel = figure.get("image")[r][c];
      const parts = NAMES.map((name, k) => `${name} ${number(pixel[k])}`);
      return `Fila ${r + 1}, columna ${c + 1}: ${parts.join(", ")}`;
    },
  });
  const brush = choices("Pintar de", Object.keys(PAINTS), (name) => {
    paint = name;
    figure.redraw();
  });
  brush.el.querySelectorAll("button").forEach((button, i) => {
    const swatch = Object.values(PAINTS)[i].map((v) => 40 + 200 * v);
    button.style.setProperty("--swatch", `rgb(${swatch})`);
  });
  brush.el.classList.add("cf-swatches");
  const mode = choices(
    "Imagen",
    [
      ["rgb", "en color"],
      ["grey", "en gris"],
    ],
    figure.setter("mode"),
  );
  figure.onReset(() => {
    paint = "rojo";
  });
  return {
    el: h("div.cf-side", {}, panel, brush, mode),
    draw({ image, height, width, colour, inputs, window, mode: shown }) {
      panel.draw({
        values: image,
        colour: (v, r, c) => (colour ? v.map((part) => Math.round(part * 255)) : grey(inputs[0][r][c])),
        text: false,
        title: `Imagen ${dimensions(image)} × ${inputs.length}`,
        name: `Imagen de ${height} por ${width} píxeles. ${PAINT}`,
        boxes: [window],
      });
      brush.draw(paint);
      mode.draw(shown);
    },
  };
}

/** Los pesos y el sesgo del filtro que se ve, y el canal del peso elegido. */
function weightsOf(figure) {
  const weights = {
    channel: 0,
    get: (k, [r, c]) => figure.get("kernel")[r][c][k][figure.get("filter")],
    set(k, cell, value) {
      const { kernel, filter } = figure.state();
      const limited = clamp(value, -LIMIT, LIMIT);
      const pixel = replaced(kernel[cell[0]][cell[1]], [k, filter], limited);
      figure.set({ kernel: replaced(kernel, cell, pixel) });
    },
    adjust: (k, cell, by) => weights.set(k, cell, weights.get(k, cell) + by),
    adjustBias(by) {
      const { bias, filter } = figure.state();
      figure.set({ bias: bias.map((b, f) => (f === filter ? clamp(b + by, -LIMIT, LIMIT) : b)) });
    },
  };
  figure.onReset(() => {
    weights.channel = 0;
  });
  return weights;
}

/** Una fila por canal: el canal, su kernel y su mapa parcial. */
function channelRow(figure, weights, k) {
  const name = NAMES[k];
  const channel = grid(figure, `Canal ${name}`, "input");
  const kernel = grid(figure, `Kernel del canal ${name}`, "kernel", {
    size: "large",
    scrub: true,
    oncursor: () => {
      weights.channel = k;
    },
    onadjust: (cell, by) => weights.adjust(k, cell, by),
    ontype: (cell, text) => weights.set(k, cell, parse(text.at(-1)) || 0),
    describe: ([r, c]) => `Peso de la fila ${r + 1}, columna ${c + 1}: ${number(weights.get(k, [r, c]))}`,
  });
  const partial = grid(figure, `Mapa parcial del canal ${name}`, "output");
  const sign = (text) => h("span", { "aria-hidden": "true" }, text);
  const el = h("div.cf-line", {}, channel, sign("∗"), kernel, sign("="), partial);
  return {
    el,
    cursor: kernel.cursor,
    draw({ theme, colour, inputs, kernels, ...now }) {
      el.hidden = k >= inputs.length;
      if (el.hidden) return;
      const title = colour ? name : "gris";
      channel.draw({
        values: inputs[k],
        colour: (v) => (colour ? mix(BLACK, TINTS[k], v) : grey(v)),
        text: false,
        title: `Canal ${title}`,
        name: `Canal ${title}`,
        boxes: [now.window],
      });
      const [row, col] = kernel.cursor();
      const chosen = k === Math.min(weights.channel, inputs.length - 1);
      kernel.draw({
        values: kernels[k],
        colour: (v) => signed(theme, v, 3),
        title: "Kernel",
        name: `Kernel del canal ${title}. Cambia los pesos con + y −, o arrastrando arriba y abajo.`,
        boxes: chosen ? [{ row, col, kind: "here" }] : [],
      });
      const maps = now.results[now.filter].partial;
      const largest = peak(maps.flat(), 1);
      const value = number(maps[k][now.row][now.col]);
      partial.draw({
        values: maps[k],
        colour: (v) => signed(theme, v, largest),
        title: "Mapa parcial",
        name: `Mapa parcial del canal ${title}: ${value} en la ventana`,
        boxes: [now.here],
      });
    },
  };
}

/** La salida del filtro: su mapa, la suma escrita y los botones del peso y del sesgo. */
function totalSide(figure, weights, rows) {
  const steps = player(figure, "Recorrido de la ventana", "Ventana", figure.setter("position"));
  const formula = h("p.cf-formula", { role: "status" });
  const output = grid(figure, "Salida", "output", {
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * look(figure).outCols + c });
    },
    describe: () => formula.textContent,
  });
  const weight = nudge("Peso elegido", (by) =>
    weights.adjust(weights.channel, rows[weights.channel].cursor(), by),
  );
  const bias = nudge("Sesgo", weights.adjustBias);
  return {
    el: h("div.cf-total", {}, output, formula, weight, bias),
    steps,
    draw({ theme, results, filter, outRows, outCols, row, col, bias: biases, kernels, here }) {
      const { partial, output: map } = results[filter];
      const strongest = peak(map, 1);
      output.setCursor([row, col]);
      output.draw({
        values: map,
        colour: (v) => signed(theme, v, strongest),
        title: `Salida del filtro ${filter + 1}: suma + sesgo`,
        name: `Salida del filtro ${filter + 1}. Las flechas mueven la ventana.`,
        boxes: [here],
      });
      const parts = partial.map((p, i) => (i ? factor : number)(p[row][col]));
      const written = `${parts.join(" + ")} + sesgo ${factor(biases[filter])} = `;
      formula.replaceChildren(written, h("b", {}, number(map[row][col])));
      const channel = Math.min(weights.channel, kernels.length - 1);
      const [r, c] = rows[channel].cursor();
      weight.draw(number(kernels[channel][r][c]));
      bias.draw(number(biases[filter]));
      steps.draw(row * outCols + col, outRows * outCols);
    },
  };
}

/** Un mapa por filtro y los botones que eligen cuál se ve por dentro. */
function filterGallery(figure) {
  const filters = figure.get("bias").length;
  const maps = Array.from({ length: filters }, (_, f) => {
    const map = grid(figure, `Mapa del filtro ${f + 1}`, "output", {
      size: "small",
    });
    map.el.addEventListener("click", () => figure.set({ filter: f })); // con teclado, los botones
    return map;
  });
  const pick = choices(
    "Filtro",
    maps.map((_, f) => [f, String(f + 1)]),
    figure.setter("filter"),
  );
  const parameters = h("p.cf-label");
  return {
    pick,
    el: h("div.cf-gallery", {}, maps),
    parameters,
    draw({ theme, results, filter, kh, kw, inputs, outRows, outCols }) {
      maps.forEach((map, f) => {
        const { output } = results[f];
        const scale = peak(output, 1);
        const colour = (v) => signed(theme, v, scale);
        const [title, name] = [`Filtro ${f + 1}`, `Mapa del filtro ${f + 1}`];
        update(map.el, { "data-now": String(f === filter) });
        map.draw({ values: output, colour, text: false, title, name });
      });
      pick.draw(filter);
      const each = kh * kw * inputs.length + 1;
      const size = `${count(filters, "filtro")} de ${kh} × ${kw} × ${inputs.length}, con su sesgo`;
      const result = `${count(filters, "mapa")} de ${outRows} × ${outCols}`;
      write(parameters, `${size}: ${count(each * filters, "parámetro")}, y ${result}.`);
    },
  };
}

export default function compose(figure) {
  const weights = weightsOf(figure);
  const image = imageSide(figure);
  const rows = CHANNELS.map((k) => channelRow(figure, weights, k));
  const total = totalSide(figure, weights, rows);
  const gallery = filterGallery(figure);
  const goal = challenge(figure, "goal");
  const lines = h("div.cf-lines-box", {}, rows);
  const stage = h("div.cf-channels", {}, image, lines, total);
  figure.add(gallery.pick, stage, total.steps, gallery, gallery.parameters, goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--in-cols", now.width);
    stage.style.setProperty("--sum", now.width + now.kw * 1.3 + now.outCols);
    stage.style.setProperty("--out-cols", now.outCols);
    for (const part of [image, ...rows, total, gallery]) part.draw(now);
    goal.draw(judgeRedFilter(now.kernels, now.bias[now.filter]));
  };
}
