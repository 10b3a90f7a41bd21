// Convolución paso a paso: se pinta la imagen, se cambia el kernel y la ventana se desliza.
import { kernelGoals } from "../goals.mjs";
import { conv2d, matrix, pad, products, replaced, resized, shape } from "../math.mjs";
import { pictures } from "../pictures.mjs";
import { button, challenge, choices, nudge, player, select, slider } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { number, parse, short } from "../ui/numbers.mjs";
import { grey, signed } from "../ui/theme.mjs";

const NUMBERS_UP_TO = 12; // celdas de lado; más allá, los números no se leerían

function compose(figure) {
  const initial = structuredClone(figure.get("image"));
  const top = Math.max(1, Math.ceil(Math.max(...initial.flat())));
  let brush = top;
  let painting = top;

  const setPixel = (cell, value) => figure.set({ image: replaced(figure.get("image"), cell, value) });
  const inside = ([row, col]) => {
    const p = figure.get("padding");
    const [rows, cols] = shape(figure.get("image"));
    const cell = [row - p, col - p];
    return cell[0] >= 0 && cell[0] < rows && cell[1] >= 0 && cell[1] < cols ? cell : null;
  };
  const input = grid(figure, {
    label: "Entrada",
    role: "input",
    onpoint(at, phase) {
      const cell = inside(at);
      if (!cell) return;
      if (phase !== "drag") painting = figure.get("image")[cell[0]][cell[1]] === brush ? 0 : brush;
      setPixel(cell, painting);
    },
    ontype(at, text) {
      const cell = inside(at);
      const value = parse(text.at(-1));
      if (cell && !Number.isNaN(value)) setPixel(cell, top > 1 ? Math.min(value, top) : value / 10);
    },
    describe(at) {
      const cell = inside(at);
      return cell
        ? `Fila ${cell[0] + 1}, columna ${cell[1] + 1}: ${number(figure.get("image")[cell[0]][cell[1]])}`
        : "Relleno: 0";
    },
  });
  const step = () => (figure.get("kernel").flat().every(Number.isInteger) ? 1 : 0.1);
  const setWeight = (cell, value) =>
    figure.set({ kernel: replaced(figure.get("kernel"), cell, Math.round(value * 1000) / 1000) });
  const adjust = (cell, by) =>
    setWeight(cell, Math.min(99, Math.max(-99, figure.get("kernel")[cell[0]][cell[1]] + by * step())));
  const kernel = grid(figure, {
    label: "Kernel",
    role: "kernel",
    size: "large",
    scrub: true,
    onadjust: adjust,
    ontype: (cell, text) => Number.isNaN(parse(text)) || setWeight(cell, Math.min(99, parse(text))),
    describe: ([r, c]) => `Peso de la fila ${r + 1}, columna ${c + 1}: ${number(figure.get("kernel")[r][c])}`,
  });
  const weight = nudge({
    label: "Peso elegido",
    onchange(by) {
      adjust(kernel.cursor(), by);
      figure.say(() => `Peso: ${number(figure.get("kernel")[kernel.cursor()[0]][kernel.cursor()[1]])}`);
    },
  });
  const output = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * size()[1] + c });
    },
    describe: ([r, c]) => describe(r, c),
  });
  const steps = player(figure, {
    label: "Recorrido de la ventana",
    onstep: (position) => figure.set({ position }),
  });
  const calculation = grid(figure, { label: "Productos", role: "output", size: "small" });
  const formula = h("p", { class: "cf-formula" });
  const message = h("p", { class: "cf-message", role: "status" });

  const size = () => {
    const result = conv2d(figure.get("image"), figure.get("kernel"), {
      stride: figure.get("stride"),
      padding: figure.get("padding"),
    });
    return result ? shape(result) : [0, 0];
  };
  const describe = (r, c) => `Salida, fila ${r + 1}, columna ${c + 1}: ${formula.textContent}`;

  const kernels = figure.get("kernels");
  const names = Object.keys(kernels);
  const kernelChoice = select({
    label: "Kernel",
    empty: "El tuyo",
    options: names.map((name) => [name, name]),
    onchange: (name) => name && figure.set({ kernel: structuredClone(kernels[name]) }),
  });
  const pictureChoice = select({
    label: "Imagen",
    empty: "La inicial",
    options: Object.entries(pictures).map(([name, { label }]) => [name, label]),
    onchange: (name) =>
      figure.set({ image: name ? pictures[name].make() : structuredClone(initial), position: 0 }),
  });
  const brushTone = slider({
    label: "Tono del pincel",
    values: matrix(1, 11, (_, i) => (i * top) / 10)[0],
    format: (v) => number(v),
    onchange(value) {
      brush = value;
      figure.redraw();
    },
  });
  const side = choices({
    label: "Lado del kernel",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
      [5, "5"],
    ],
    onchange: (k) => figure.set({ kernel: resized(figure.get("kernel"), k), position: 0 }),
  });
  const stride = choices({
    label: "Stride",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
    ],
    onchange: (value) => figure.set({ stride: value, position: 0 }),
  });
  const padding = choices({
    label: "Padding",
    options: [
      [0, "0"],
      [1, "1"],
      [2, "2"],
    ],
    onchange: (value) => figure.set({ padding: value, position: 0 }),
  });
  const goalChoice = select({
    label: "Reto",
    empty: "Elige uno",
    options: Object.entries(kernelGoals).map(([name, { label }]) => [name, label]),
    onchange: (goal) => figure.set({ goal }),
  });
  const goal = challenge({ extra: [goalChoice.el] });
  figure.onReset(() => {
    steps.pause();
    brush = top;
    pictureChoice.draw("");
  });

  const stage = h(
    "div",
    { class: "cf-conv" },
    input.el,
    h("div", { class: "cf-conv-mid" }, kernel.el, weight.el),
    output.el,
    h("div", { class: "cf-conv-sum" }, calculation.el, formula),
  );
  figure.add(
    message,
    stage,
    steps.el,
    h(
      "div",
      { class: "cf-controls" },
      kernelChoice.el,
      side.el,
      pictureChoice.el,
      stride.el,
      brushTone.el,
      padding.el,
    ),
    goal.el,
  );

  return () => {
    const { theme } = figure;
    const { image, kernel: weights, stride: s, padding: p, position, goal: goalName } = figure.state();
    const padded = pad(image, p);
    const result = conv2d(image, weights, { stride: s, padding: p });
    const [kh, kw] = shape(weights);
    const [rows, cols] = shape(padded);
    const [height, width] = shape(image);
    const legible = Math.max(rows, cols) <= NUMBERS_UP_TO;
    const scale = Math.max(top, ...image.flat());
    message.hidden = Boolean(result);
    write(
      message,
      result
        ? ""
        : `El kernel abarca ${kh} × ${kw} píxeles y la entrada con relleno solo tiene ${rows} × ${cols}: reduce el kernel o aumenta el padding.`,
    );
    const [outRows, outCols] = result ? shape(result) : [1, 1];
    const now = Math.min(position, outRows * outCols - 1);
    const [r0, c0] = [Math.floor(now / outCols), now % outCols];

    stage.style.setProperty("--in-cols", cols);
    stage.style.setProperty("--out-cols", outCols);
    stage.style.setProperty("--k-cols", kw);
    input.draw({
      rows,
      cols,
      title: `Entrada ${height} × ${width}${p ? ` + padding ${p}` : ""}`,
      name: `Entrada de ${height} por ${width} píxeles. Pinta con el dedo, el ratón o la barra espaciadora.`,
      fill: (r, c) =>
        image[r - p]?.[c - p] === undefined ? theme.padding : grey(image[r - p][c - p], scale),
      text: legible ? (r, c) => short(padded[r][c]) : null,
      boxes: [
        ...(p ? [{ row: p, col: p, rows: height, cols: width, kind: "edge" }] : []),
        ...(result ? [{ row: r0 * s, col: c0 * s, rows: kh, cols: kw, kind: "window" }] : []),
      ],
    });
    const heaviest = Math.max(...weights.flat().map(Math.abs));
    kernel.draw({
      rows: kh,
      cols: kw,
      title: `Kernel ${kh} × ${kw}`,
      name: `Kernel de ${kh} por ${kw}. Cambia los pesos con + y −, con cifras o arrastrando arriba y abajo.`,
      fill: (r, c) => signed(theme, weights[r][c], heaviest * 1.6),
      text: (r, c) => short(weights[r][c]),
      boxes: [{ row: kernel.cursor()[0], col: kernel.cursor()[1], kind: "here" }],
    });
    const [kr, kc] = kernel.cursor();
    weight.draw(number(weights[Math.min(kr, kh - 1)][Math.min(kc, kw - 1)]));

    if (result) {
      const terms = products(padded, weights, r0 * s, c0 * s);
      const total = result[r0][c0];
      const flat = result.flat();
      const least = Math.min(...flat);
      const largest = Math.max(...flat.map(Math.abs));
      const colour = (value) =>
        least < 0 ? signed(theme, value, largest) : grey(value, Math.max(scale, largest));
      output.setCursor([r0, c0]);
      const hidden = (r, c) => steps.playing() && r * outCols + c > now;
      output.draw({
        rows: outRows,
        cols: outCols,
        title: `Salida ${outRows} × ${outCols}`,
        name: `Salida de ${outRows} por ${outCols}. Las flechas mueven la ventana.`,
        fill: (r, c) => (hidden(r, c) ? theme.surface : colour(result[r][c])),
        text: legible ? (r, c) => (hidden(r, c) ? "" : short(result[r][c])) : null,
        boxes: [{ row: r0, col: c0, kind: "here" }],
      });
      const biggest = Math.max(...terms.flat().map(Math.abs));
      calculation.draw({
        rows: kh,
        cols: kw,
        title: "Ventana × kernel",
        name: `Productos: ${terms
          .flat()
          .map((v) => number(v))
          .join("; ")}`,
        fill: (r, c) => signed(theme, terms[r][c], biggest * 1.6),
        text: (r, c) => short(terms[r][c]),
      });
      const pairs = terms
        .flatMap((line, i) => line.map((term, j) => [term, padded[r0 * s + i][c0 * s + j], weights[i][j]]))
        .filter(([term]) => term);
      const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));
      const written = pairs
        .slice(0, 9)
        .map(([, x, w]) => `${number(x)}·${factor(w)}`)
        .join(" + ");
      formula.replaceChildren(
        pairs.length ? `${written}${pairs.length > 9 ? " + …" : ""} = ` : "Todos los productos son 0: ",
        h("b", {}, number(total)),
      );
      steps.draw(now, outRows * outCols, `Posición ${now + 1} de ${outRows * outCols}`);
    }
    output.el.hidden = calculation.el.hidden = formula.hidden = !result;
    brushTone.draw(brush);
    kernelChoice.draw(names.find((name) => JSON.stringify(kernels[name]) === JSON.stringify(weights)) ?? "");
    side.draw(kh);
    stride.draw(s);
    padding.draw(p);
    goalChoice.draw(goalName);
    goal.draw(goalName && result ? kernelGoals[goalName].judge(weights) : null);
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Convolución paso a paso",
        hint: "Pinta en la entrada, cambia un peso del kernel y mira la salida; desliza la ventana para ver la cuenta.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: mover el cursor o la ventana. Espacio: pintar o borrar; 0 a 9: tono. En el kernel, + y − cambian el peso.",
        names: ["image", "kernel", "stride", "padding", "position", "goal"],
      },
      compose,
    ),
};
