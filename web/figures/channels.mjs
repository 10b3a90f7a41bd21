// Canales y filtros: un kernel por canal, mapas parciales, suma y sesgo; un filtro, un mapa.
import { judgeRedFilter } from "../goals.mjs";
import { convChannels, matrix, replaced, shape } from "../math.mjs";
import { challenge, choices, nudge, player } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number, parse, short } from "../ui/numbers.mjs";
import { grey, mix, signed } from "../ui/theme.mjs";

const NAMES = ["rojo", "verde", "azul"];
const TINTS = [
  [230, 60, 50],
  [30, 150, 70],
  [50, 100, 230],
];
const PAINTS = {
  rojo: [1, 0, 0],
  verde: [0, 1, 0],
  azul: [0, 0, 1],
  amarillo: [1, 1, 0],
  blanco: [1, 1, 1],
  negro: [0, 0, 0],
};

function compose(figure) {
  let paint = "rojo";
  let active = 0; // canal del peso elegido
  const setPixel = ([row, col], value) =>
    figure.set({ image: replaced(figure.get("image"), [row, col], value) });
  const isColour = () => figure.get("mode") === "rgb";
  /** Canales que ve la capa: los tres, o su promedio. */
  const channels = () => {
    const image = figure.get("image");
    const [rows, cols] = shape(image);
    if (isColour()) return [0, 1, 2].map((k) => matrix(rows, cols, (r, c) => image[r][c][k]));
    return [matrix(rows, cols, (r, c) => image[r][c].reduce((a, b) => a + b) / 3)];
  };
  const kernelOf = (f, k) => figure.get("kernel").map((line) => line.map((cell) => cell[k][f]));
  const setWeight = (k, [row, col], value) => {
    const f = figure.get("filter");
    figure.set({
      kernel: figure
        .get("kernel")
        .map((line, r) =>
          line.map((cell, c) =>
            cell.map((weights, ch) =>
              weights.map((w, index) =>
                r === row && c === col && ch === k && index === f ? Math.min(9, Math.max(-9, value)) : w,
              ),
            ),
          ),
        ),
    });
  };
  const image = grid(figure, {
    label: "Imagen",
    role: "input",
    onpoint: (cell) => setPixel(cell, [...PAINTS[paint]]),
    describe([r, c]) {
      const value = figure.get("image")[r][c];
      return `Fila ${r + 1}, columna ${c + 1}: ${NAMES.map((name, k) => `${name} ${number(value[k])}`).join(", ")}`;
    },
  });
  const rows = [0, 1, 2].map((k) => ({
    channel: grid(figure, { label: `Canal ${NAMES[k]}`, role: "input" }),
    kernel: grid(figure, {
      label: `Kernel del canal ${NAMES[k]}`,
      role: "kernel",
      size: "large",
      scrub: true,
      oncursor: () => {
        active = k;
      },
      onadjust: (cell, by) => setWeight(k, cell, kernelOf(figure.get("filter"), k)[cell[0]][cell[1]] + by),
      ontype: (cell, text) => setWeight(k, cell, parse(text.at(-1)) || 0),
      describe: ([r, c]) =>
        `Peso de la fila ${r + 1}, columna ${c + 1}: ${number(kernelOf(figure.get("filter"), k)[r][c])}`,
    }),
    partial: grid(figure, { label: `Mapa parcial del canal ${NAMES[k]}`, role: "output" }),
  }));
  const lines = rows.map((row) =>
    h(
      "div",
      { class: "cf-line" },
      row.channel.el,
      h("span", { "aria-hidden": "true" }, "∗"),
      row.kernel.el,
      h("span", { "aria-hidden": "true" }, "="),
      row.partial.el,
    ),
  );
  const outputSize = () => {
    const [height, width] = shape(figure.get("image"));
    const [kh, kw] = shape(figure.get("kernel"));
    return [height - kh + 1, width - kw + 1];
  };
  const output = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * outputSize()[1] + c });
    },
    describe: () => formula.textContent,
  });
  const filters = figure.get("bias").length;
  const maps = Array.from({ length: filters }, (_, f) =>
    grid(figure, { label: `Mapa del filtro ${f + 1}`, role: "output", size: "small" }),
  );
  maps.forEach(({ el }, f) => el.addEventListener("click", () => figure.set({ filter: f }))); // con teclado, los botones
  const pick = choices({
    label: "Filtro",
    options: maps.map((_, f) => [f, String(f + 1)]),
    onchange: (f) => figure.set({ filter: f }),
  });
  const mode = choices({
    label: "Imagen",
    options: [
      ["rgb", "en color"],
      ["grey", "en gris"],
    ],
    onchange: (v) => figure.set({ mode: v }),
  });
  const brush = choices({
    label: "Pintar de",
    options: Object.keys(PAINTS).map((name) => [name, name]),
    onchange(name) {
      paint = name;
      figure.redraw();
    },
  });
  brush.el
    .querySelectorAll("button")
    .forEach((button, i) =>
      button.style.setProperty("--swatch", `rgb(${Object.values(PAINTS)[i].map((v) => 40 + 200 * v)})`),
    );
  brush.el.classList.add("cf-swatches");
  const weight = nudge({
    label: "Peso elegido",
    onchange(by) {
      const cell = rows[active].kernel.cursor();
      setWeight(active, cell, kernelOf(figure.get("filter"), active)[cell[0]][cell[1]] + by);
    },
  });
  const bias = nudge({
    label: "Sesgo",
    onchange: (by) =>
      figure.set({
        bias: figure
          .get("bias")
          .map((b, f) => (f === figure.get("filter") ? Math.min(9, Math.max(-9, b + by)) : b)),
      }),
  });
  const steps = player(figure, {
    label: "Recorrido de la ventana",
    onstep: (position) => figure.set({ position }),
  });
  const formula = h("p", { class: "cf-formula", role: "status" });
  const parameters = h("p", { class: "cf-label" });
  const goal = challenge({ label: "Reto: que el filtro responda al rojo y a ningún otro color" });
  figure.onReset(() => {
    steps.pause();
    paint = "rojo";
    active = 0;
  });
  const stage = h(
    "div",
    { class: "cf-channels" },
    h("div", { class: "cf-side" }, image.el, brush.el, mode.el),
    h("div", { class: "cf-lines-box" }, lines),
    h("div", { class: "cf-total" }, output.el, formula, weight.el, bias.el),
  );
  const gallery = h(
    "div",
    { class: "cf-gallery" },
    maps.map(({ el }) => el),
  );
  figure.add(pick.el, stage, steps.el, gallery, parameters, goal.el);

  return () => {
    const { theme } = figure;
    const { image: pixels, bias: biases, filter, position, kernel } = figure.state();
    const f = Math.min(filter, filters - 1);
    const inputs = channels();
    const [height, width] = shape(pixels);
    const [kh, kw] = shape(kernel);
    const [outRows, outCols] = outputSize();
    const now = Math.min(position, outRows * outCols - 1);
    const [r0, c0] = [Math.floor(now / outCols), now % outCols];
    const box = { row: r0, col: c0, rows: kh, cols: kw, kind: "window" };
    const results = maps.map((_, index) =>
      convChannels(
        inputs,
        inputs.map((_, k) => kernelOf(index, k)),
        biases[index],
      ),
    );
    const { partial, output: map } = results[f];
    const colour = isColour();

    stage.style.setProperty("--in-cols", width);
    stage.style.setProperty("--sum", width + kw * 1.3 + outCols);
    stage.style.setProperty("--out-cols", outCols);
    image.draw({
      rows: height,
      cols: width,
      title: colour ? `Imagen ${height} × ${width} × 3` : `Imagen ${height} × ${width} × 1`,
      name: `Imagen de ${height} por ${width} píxeles. Pinta con el dedo, el ratón o la barra espaciadora.`,
      fill: (r, c) => (colour ? pixels[r][c].map((v) => Math.round(v * 255)) : grey(inputs[0][r][c])),
      boxes: [box],
    });
    const largest = Math.max(1, ...partial.flat(2).map(Math.abs));
    rows.forEach(({ channel, kernel: weights, partial: part }, k) => {
      lines[k].hidden = k >= inputs.length;
      if (lines[k].hidden) return;
      const title = colour ? NAMES[k] : "gris";
      channel.draw({
        rows: height,
        cols: width,
        title: `Canal ${title}`,
        name: `Canal ${title}`,
        fill: (r, c) => (colour ? mix([16, 16, 16], TINTS[k], inputs[k][r][c]) : grey(inputs[0][r][c])),
        boxes: [box],
      });
      const values = kernelOf(f, k);
      weights.draw({
        rows: kh,
        cols: kw,
        title: "Kernel",
        name: `Kernel del canal ${title}. Cambia los pesos con + y −, o arrastrando arriba y abajo.`,
        fill: (r, c) => signed(theme, values[r][c], 3),
        text: (r, c) => short(values[r][c]),
        boxes:
          k === Math.min(active, inputs.length - 1)
            ? [{ row: weights.cursor()[0], col: weights.cursor()[1], kind: "here" }]
            : [],
      });
      part.draw({
        rows: outRows,
        cols: outCols,
        title: "Mapa parcial",
        name: `Mapa parcial del canal ${title}: ${number(partial[k][r0][c0])} en la ventana`,
        fill: (r, c) => signed(theme, partial[k][r][c], largest),
        text: (r, c) => short(partial[k][r][c]),
        boxes: [{ row: r0, col: c0, kind: "here" }],
      });
    });
    const strongest = Math.max(1, ...map.flat().map(Math.abs));
    output.setCursor([r0, c0]);
    output.draw({
      rows: outRows,
      cols: outCols,
      title: `Salida del filtro ${f + 1}: suma + sesgo`,
      name: `Salida del filtro ${f + 1}. Las flechas mueven la ventana.`,
      fill: (r, c) => signed(theme, map[r][c], strongest),
      text: (r, c) => short(map[r][c]),
      boxes: [{ row: r0, col: c0, kind: "here" }],
    });
    const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));
    formula.replaceChildren(
      `${partial.map((p, i) => (i ? factor(p[r0][c0]) : number(p[r0][c0]))).join(" + ")} + sesgo ${factor(biases[f])} = `,
      h("b", {}, number(map[r0][c0])),
    );
    maps.forEach((thumbnail, index) => {
      const values = results[index].output;
      const scale = Math.max(1, ...values.flat().map(Math.abs));
      update(thumbnail.el, { "data-now": String(index === f) });
      thumbnail.draw({
        rows: outRows,
        cols: outCols,
        title: `Filtro ${index + 1}`,
        name: `Mapa del filtro ${index + 1}`,
        fill: (r, c) => signed(theme, values[r][c], scale),
      });
    });
    const ch = Math.min(active, inputs.length - 1);
    const [wr, wc] = rows[ch].kernel.cursor();
    weight.draw(number(kernelOf(f, ch)[wr][wc]));
    bias.draw(number(biases[f]));
    pick.draw(f);
    mode.draw(figure.get("mode"));
    brush.draw(paint);
    steps.draw(now, outRows * outCols, `Ventana ${now + 1} de ${outRows * outCols}`);
    write(
      parameters,
      `${count(filters, "filtro")} de ${kh} × ${kw} × ${inputs.length}, con su sesgo: ${count((kh * kw * inputs.length + 1) * filters, "parámetro")}, y ${count(filters, "mapa")} de ${outRows} × ${outCols}.`,
    );
    goal.draw(
      judgeRedFilter(
        inputs.map((_, k) => kernelOf(f, k)),
        biases[f],
      ),
    );
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Canales y filtros",
        hint: "Cada canal tiene su kernel; los mapas parciales se suman y se añade el sesgo. Pinta, o cambia un peso.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: pintar. En los kernels, + y − cambian el peso.",
        names: ["image", "kernel", "bias", "filter", "mode", "position"],
      },
      compose,
    ),
};
