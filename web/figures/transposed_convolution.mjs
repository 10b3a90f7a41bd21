// Convolución transpuesta: cada valor de la entrada estampa el kernel en la salida; donde los sellos se solapan, se suman.
import { judgeEvenStamps } from "../goals.mjs";
import { convTranspose, matrix, replaced, resized, shape, stampsAt } from "../math.mjs";
import { challenge, choices, nudge, player, select } from "../ui/controls.mjs";
import { h, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number, parse, short } from "../ui/numbers.mjs";
import { grey, mix, signed } from "../ui/theme.mjs";

const LIMIT = 99;
const KERNELS = {
  "Repetir, 2 × 2": [
    [1, 1],
    [1, 1],
  ],
  "Números distintos, 2 × 2": [
    [1, 2],
    [3, 4],
  ],
  "Interpolar, 3 × 3": [
    [1, 2, 1],
    [2, 4, 2],
    [1, 2, 1],
  ],
  "Todo unos, 3 × 3": matrix(3, 3, () => 1),
  "Todo unos, 4 × 4": matrix(4, 4, () => 1),
};

function compose(figure) {
  const edit = (name, [r, c], value) =>
    figure.set({ [name]: replaced(figure.get(name), [r, c], Math.min(LIMIT, Math.max(-LIMIT, value))) });
  const adjust =
    (name) =>
    ([r, c], by) =>
      edit(name, [r, c], figure.get(name)[r][c] + by);
  const type = (name) => (cell, text) => Number.isNaN(parse(text)) || edit(name, cell, parse(text));
  const stamped = () => {
    const [rows, cols] = shape(figure.get("image"));
    const now = Math.min(figure.get("position"), rows * cols - 1);
    return [Math.floor(now / cols), now % cols];
  };
  const input = grid(figure, {
    label: "Entrada",
    role: "input",
    onadjust: adjust("image"),
    ontype: type("image"),
    oncursor([r, c]) {
      steps.pause();
      figure.set({ position: r * figure.get("image")[0].length + c });
    },
    describe: () => where.textContent,
  });
  const kernel = grid(figure, {
    label: "Kernel",
    role: "kernel",
    scrub: true,
    onadjust: adjust("kernel"),
    ontype: type("kernel"),
    describe: ([r, c]) => `Peso de la fila ${r + 1}, columna ${c + 1}: ${number(figure.get("kernel")[r][c])}`,
  });
  const stamp = grid(figure, { label: "Sello", role: "kernel" });
  let made = null;
  const output = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor: ([r, c]) => figure.set({ row: Math.max(r - made.top, 0), col: Math.max(c - made.left, 0) }),
    describe: () => formula.textContent,
  });
  const overlaps = grid(figure, { label: "Sellos por valor", role: "output", size: "small" });
  const value = nudge({ label: "Valor resaltado", onchange: (by) => adjust("image")(stamped(), by) });
  const weight = nudge({ label: "Peso elegido", onchange: (by) => adjust("kernel")(kernel.cursor(), by) });
  const steps = player(figure, {
    label: "Recorrido de los sellos",
    onstep: (position) => figure.set({ position, shown: "so_far" }),
  });
  const presets = select({
    label: "Kernel",
    empty: "El tuyo",
    options: Object.keys(KERNELS).map((name) => [name, name]),
    onchange: (name) => name && figure.set({ kernel: structuredClone(KERNELS[name]) }),
  });
  const option = (label, name, options) =>
    choices({ label, options, onchange: (v) => figure.set({ [name]: v }) });
  const stride = option("Stride", "stride", [
    [1, "1"],
    [2, "2"],
    [3, "3"],
  ]);
  const padding = option("Padding", "padding", [
    ["valid", "valid"],
    ["same", "same"],
  ]);
  const shown = option("En la salida", "shown", [
    ["all", "todos los sellos"],
    ["so_far", "hasta el resaltado"],
  ]);
  const inputSide = choices({
    label: "Lado de la entrada",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
    ],
    onchange: (n) =>
      figure.set({
        image: matrix(n, n, (r, c) => figure.get("image")[r]?.[c] ?? r * n + c + 1),
        position: 0,
      }),
  });
  const kernelSide = choices({
    label: "Lado del kernel",
    options: [
      [1, "1"],
      [2, "2"],
      [3, "3"],
      [4, "4"],
    ],
    onchange: (k) => figure.set({ kernel: resized(figure.get("kernel"), k) }),
  });
  const size = h("p", { class: "cf-formula", role: "status" });
  const where = h("p", {});
  const formula = h("p", { class: "cf-formula" });
  const goal = challenge({
    label: "Reto: agranda la imagen de modo que en cada valor de la salida caigan los mismos sellos",
  });
  figure.onReset(() => steps.pause());
  const stage = h(
    "div",
    { class: "cf-stage cf-stamps" },
    input.el,
    kernel.el,
    stamp.el,
    output.el,
    overlaps.el,
  );
  figure.add(
    stage,
    h("div", { class: "cf-said" }, where, formula, size),
    steps.el,
    h(
      "div",
      { class: "cf-controls" },
      stride.el,
      padding.el,
      kernelSide.el,
      inputSide.el,
      presets.el,
      shown.el,
      value.el,
      weight.el,
    ),
    goal.el,
  );

  return () => {
    const { theme } = figure;
    const { image, kernel: weights, stride: s, padding: p, row, col, shown: which } = figure.state();
    const [height, width] = shape(image);
    const [kh, kw] = shape(weights);
    const [r0, c0] = stamped();
    const now = r0 * width + c0;
    made = convTranspose(image, weights, { stride: s, padding: p });
    const { rows, cols, top, left } = made;
    const seen = which === "all" ? made : convTranspose(image, weights, { stride: s, padding: p, last: now });
    const [fullRows, fullCols] = shape(made.canvas);
    const [r1, c1] = [Math.min(row, rows - 1), Math.min(col, cols - 1)];
    const kept = (r, c) => r >= top && r < top + rows && c >= left && c < left + cols;
    const inside = (values) => values.slice(top, top + rows).map((line) => line.slice(left, left + cols));
    const parts = stampsAt(image, weights, s, r1 + top, c1 + left).filter(
      ([, , at]) => which === "all" || at <= now,
    );

    stage.style.setProperty("--sum", width + 2 * kw + fullCols + 0.75 * cols);
    stage.style.setProperty("--two", Math.max(width + 2 * kw, fullCols));
    const paint = (values) => {
      const flat = values.flat();
      const largest = Math.max(1, ...flat.map(Math.abs));
      return (v) => (Math.min(...flat) < 0 ? signed(theme, v, largest) : grey(v, largest));
    };
    const light = paint(image);
    input.setCursor([r0, c0]);
    input.draw({
      rows: height,
      cols: width,
      title: `Entrada ${height} × ${width}`,
      name: `Entrada de ${height} por ${width}. Las flechas eligen el valor que se estampa; + y −, o las cifras, lo cambian.`,
      fill: (r, c) => light(image[r][c]),
      text: (r, c) => short(image[r][c]),
      boxes: [
        ...parts.map(([, , at]) => ({ row: Math.floor(at / width), col: at % width, kind: "summand" })),
        { row: r0, col: c0, kind: "here" },
      ],
    });
    const heaviest = Math.max(...weights.flat().map(Math.abs));
    const [kr, kc] = [Math.min(kernel.cursor()[0], kh - 1), Math.min(kernel.cursor()[1], kw - 1)];
    kernel.draw({
      rows: kh,
      cols: kw,
      title: `Kernel ${kh} × ${kw}`,
      name: `Kernel de ${kh} por ${kw}. Cambia los pesos con + y −, con cifras o arrastrando arriba y abajo.`,
      fill: (r, c) => signed(theme, weights[r][c], heaviest * 1.6),
      text: (r, c) => short(weights[r][c]),
      boxes: [{ row: kr, col: kc, kind: "here" }],
    });
    const product = weights.map((line) => line.map((w) => w * image[r0][c0]));
    const strongest = Math.max(...product.flat().map(Math.abs));
    stamp.draw({
      rows: kh,
      cols: kw,
      title: `Sello: ${number(image[r0][c0])} × kernel`,
      name: `Sello: ${product
        .flat()
        .map((v) => number(v))
        .join("; ")}`,
      fill: (r, c) => signed(theme, product[r][c], strongest * 1.6),
      text: (r, c) => short(product[r][c]),
    });
    const colour = paint(inside(made.canvas));
    output.setCursor([r1 + top, c1 + left]);
    output.draw({
      rows: fullRows,
      cols: fullCols,
      title: `Salida ${rows} × ${cols}${fullRows > rows || fullCols > cols ? ", sin el borde gris" : ""}`,
      name: `Salida de ${rows} por ${cols}. Las flechas eligen el valor cuya suma se escribe.`,
      fill: (r, c) =>
        !kept(r, c) ? theme.padding : seen.counts[r][c] ? colour(seen.canvas[r][c]) : theme.surface,
      text: (r, c) => (seen.counts[r][c] || which === "all" ? short(seen.canvas[r][c]) : ""),
      boxes: [
        ...(fullRows > rows || fullCols > cols ? [{ row: top, col: left, rows, cols, kind: "kept" }] : []),
        { row: r1 + top, col: c1 + left, kind: "pixel" },
        { row: r0 * s, col: c0 * s, rows: kh, cols: kw, kind: "window" },
      ],
    });
    const most = Math.max(...made.counts.flat());
    const heat = (v) =>
      v ? mix(theme["input-soft"], theme.input, most > 1 ? (v - 1) / (most - 1) : 1) : theme.surface;
    overlaps.draw({
      rows,
      cols,
      title: "Sellos por valor",
      name: `Sellos que caen en cada valor: ${inside(made.counts)
        .map((line) => line.join(" "))
        .join("; ")}`,
      fill: (r, c) => heat(made.counts[r + top][c + left]),
      text: (r, c) => number(made.counts[r + top][c + left]),
    });

    write(
      where,
      `El ${number(image[r0][c0])} de la posición (${r0}, ${c0}) multiplica al kernel, y su sello empieza en la fila ${r0} · ${s} = ${r0 * s} y la columna ${c0} · ${s} = ${c0 * s}${p === "same" && (top || left) ? ", contando el borde gris" : ""}.`,
    );
    const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));
    formula.replaceChildren(
      `Salida (${r1}, ${c1}) = ${parts.length ? parts.map(([v, w]) => `${factor(v)}·${factor(w)}`).join(" + ") : "ningún sello"} = `,
      h("b", {}, number(parts.reduce((total, [v, w]) => total + v * w, 0))),
    );
    const lines =
      height === width && kh === kw
        ? [["Lado", height, kh, rows, top]]
        : [
            ["Filas", height, kh, rows, top],
            ["Columnas", width, kw, cols, left],
          ];
    size.replaceChildren(
      ...lines.flatMap(([name, n, k, total, before], i) => [
        `${i ? "; " : ""}${name} de la salida: `,
        sizeText(n, k, s, p, before),
        h("b", {}, String(total)),
      ]),
      ".",
    );
    value.draw(number(image[r0][c0]));
    weight.draw(number(weights[kr][kc]));
    stride.draw(s);
    padding.draw(p);
    shown.draw(which);
    inputSide.draw(height === width ? height : 0);
    kernelSide.draw(kh === kw ? kh : 0);
    presets.draw(
      Object.keys(KERNELS).find((name) => JSON.stringify(KERNELS[name]) === JSON.stringify(weights)) ?? "",
    );
    steps.draw(now, height * width, `Sello ${now + 1} de ${height * width}`);
    goal.draw(judgeEvenStamps(inside(made.counts), s));
  };
}

/** La cuenta del tamaño, con sus números y por qué. */
function sizeText(n, k, s, padding, before) {
  const last = `(${n} − 1) · ${s} + ${k}`;
  if (k < s) return `el kernel no llega al stride y Keras completa con ceros: ${n} · ${s} = `;
  if (padding === "valid") return `el último sello empieza en ${(n - 1) * s} y mide ${k}: ${last} = `;
  const spare = k - s;
  if (!spare) return `los sellos encajan y no hay nada que recortar: ${n} · ${s} = `;
  return `«same» recorta ${before} delante y ${spare - before} detrás, ${last} − ${spare} = ${n} · ${s} = `;
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Convolución transpuesta",
        hint: "Elige un valor de la entrada: multiplica al kernel y el resultado se estampa en la salida. Donde los sellos se solapan, se suman.",
        help: "Tabulador: de una cuadrícula a otra. Flechas: elegir un valor. En la entrada y en el kernel, + y −, o las cifras, cambian el valor.",
        names: ["image", "kernel", "stride", "padding", "position", "row", "col", "shown"],
      },
      compose,
    ),
};
