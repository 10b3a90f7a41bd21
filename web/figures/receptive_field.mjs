// Campo receptivo: se apilan capas, se elige una salida y se ilumina lo que ve de la imagen.
import { judgeField } from "../goals.mjs";
import { fieldRanges, receptiveField } from "../math.mjs";
import { house } from "../pictures.mjs";
import { button, challenge, choices, select, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { grey, mix } from "../ui/theme.mjs";

const MOST_LAYERS = 6;

function compose(figure) {
  const setLayer = (index, change) =>
    figure.set({
      layers: figure.get("layers").map((layer, i) => (i === index ? { ...layer, ...change } : layer)),
    });
  let last;
  const image = grid(figure, {
    label: "Imagen",
    role: "input",
    oncursor(pixel) {
      // la salida cuyo campo tiene el centro más cerca del píxel
      const [row, col] = pixel.map((p) =>
        Math.min(
          Math.max(Math.round((p + 0.5 - last.start - last.size / 2) / last.jump), 0),
          last.output - 1,
        ),
      );
      figure.set({ row, col });
    },
    describe: () => sentence.textContent,
  });
  const output = grid(figure, {
    label: "Salida",
    role: "output",
    oncursor: ([row, col]) => figure.set({ row, col }),
    describe: () => sentence.textContent,
  });
  const cones = s("g", {});
  const dots = s("g", {});
  const labels = s("g", {});
  const diagram = s("svg", { class: "cf-diagram cf-stack", role: "img" }, cones, dots, labels);
  const sentence = h("p", { class: "cf-formula", role: "status" });
  const message = h("p", { class: "cf-message" });
  const list = h("ol", { class: "cf-layers" });
  const numbers = (most) => Array.from({ length: most }, (_, i) => [String(i + 1), String(i + 1)]);
  const makeRow = (index) => {
    const kind = select({
      label: `${index + 1}`,
      options: [
        ["conv", "conv"],
        ["pool", "pooling"],
      ],
      onchange: (v) => setLayer(index, { kind: v }),
    });
    const kernel = select({
      label: "k",
      options: numbers(7),
      onchange: (v) => setLayer(index, { kernel_size: Number(v) }),
    });
    const stride = select({
      label: "s",
      options: numbers(4),
      onchange: (v) => setLayer(index, { stride: Number(v) }),
    });
    const dilation = select({
      label: "d",
      options: numbers(4),
      onchange: (v) => setLayer(index, { dilation: Number(v) }),
    });
    [
      [kind, "tipo"],
      [kernel, "kernel"],
      [stride, "stride"],
      [dilation, "dilatación"],
    ].forEach(([control, name]) =>
      update(control.el.querySelector("select"), { "aria-label": `Capa ${index + 1}: ${name}` }),
    );
    const remove = button(
      "×",
      () => {
        const layers = figure.get("layers");
        if (layers.length === 1) return;
        if (index === layers.length - 1) rows[index - 1].remove.focus(); // esta fila desaparece
        figure.set({ layers: layers.filter((_, i) => i !== index) });
      },
      { "aria-label": `Quitar la capa ${index + 1}` },
    );
    const effect = h("span", { class: "cf-formula" });
    const el = h(
      "li",
      { class: "cf-layer" },
      h("span", { class: "cf-row" }, kind.el, kernel.el, stride.el, dilation.el),
      effect,
      remove,
    );
    return { el, effect, remove, controls: { kind, kernel_size: kernel, stride, dilation } };
  };
  const rows = Array.from({ length: MOST_LAYERS }, (_, i) => makeRow(i));
  list.append(...rows.map(({ el }) => el));
  const add = (kind, kernel_size, stride) =>
    figure.get("layers").length < MOST_LAYERS &&
    figure.set({ layers: [...figure.get("layers"), { kind, kernel_size, stride, dilation: 1 }] });
  const adders = [
    button("+ conv 3", () => add("conv", 3, 1)),
    button("+ conv 3, stride 2", () => add("conv", 3, 2)),
    button("+ pooling 2", () => add("pool", 2, 2)),
  ];
  const size = slider({
    label: "Imagen, n",
    min: 8,
    max: 64,
    onchange: (input_size) => figure.set({ input_size }),
  });
  const padding = choices({
    label: "Padding",
    options: [
      ["valid", "valid"],
      ["same", "same"],
    ],
    onchange: (v) => figure.set({ padding: v }),
  });
  const goal = challenge({ label: "Reto: que el campo abarque toda la imagen, con 3 capas como mucho" });
  const stage = h("div", { class: "cf-field" }, image.el, h("div", { class: "cf-side" }, output.el), diagram);
  figure.add(
    message,
    stage,
    sentence,
    list,
    h("div", { class: "cf-row" }, adders),
    h("div", { class: "cf-controls" }, size.el, padding.el),
    goal.el,
  );

  let picture = house(figure.get("input_size"));
  return () => {
    const { theme } = figure;
    const { layers, input_size: n, padding: pads, row, col } = figure.state();
    if (picture.length !== n) picture = house(n);
    const fields = receptiveField(layers, n, pads);
    last = fields.at(-1);
    const failed = fields.findIndex((field) => !field.output);
    message.hidden = failed < 0;
    write(
      message,
      failed < 0 ? "" : `La capa ${failed + 1} no cabe: su ventana es mayor que lo que le llega.`,
    );
    const fits = failed < 0;
    const [r, c] = fits ? [Math.min(row, last.output - 1), Math.min(col, last.output - 1)] : [0, 0];
    const range = (index) => [last.start + index * last.jump, last.size];
    const [[top, side], [left]] = [range(r), range(c)];
    const inside = (y, x) => fits && y >= top && y < top + side && x >= left && x < left + side;

    stage.style.setProperty("--n", n);
    stage.style.setProperty("--m", fits ? last.output : 1);
    image.draw({
      rows: n,
      cols: n,
      title: `Imagen ${n} × ${n}`,
      name: `Imagen de ${n} por ${n} píxeles con el campo receptivo iluminado. Las flechas lo mueven.`,
      fill: (y, x) => (inside(y, x) ? grey(picture[y][x]) : mix(grey(picture[y][x]), theme.surface, 0.72)),
      boxes: fits ? [clip(top, left, side, n)] : [],
    });
    output.el.hidden = !fits;
    diagram.style.display = fits ? "" : "none";
    if (fits) {
      output.setCursor([r, c]);
      output.draw({
        rows: last.output,
        cols: last.output,
        title: `Salida ${last.output} × ${last.output}`,
        name: `Salida de ${last.output} por ${last.output}. Las flechas eligen un valor.`,
        fill: (y, x) => (y === r && x === c ? theme.output : theme["output-soft"]),
        boxes: [{ row: r, col: c, kind: "here" }],
      });
      drawStack(layers, fields, n, c);
      const lost = Math.max(0, -left) + Math.max(0, left + side - n);
      write(
        sentence,
        `El valor (${r}, ${c}) depende de ${side} × ${side} píxeles${lost ? ", parte de ellos de relleno" : ""}; el de al lado, de otro campo ${count(last.jump, "píxel", "píxeles")} más allá.`,
      );
    } else write(sentence, "");
    rows.forEach(({ el, effect, remove, controls }, i) => {
      el.hidden = i >= layers.length;
      if (el.hidden) return;
      for (const [name, control] of Object.entries(controls)) control.draw(String(layers[i][name]));
      const { output: side_, size: seen, jump } = fields[i];
      write(
        effect,
        `${side_ ? `salida ${side_} × ${side_}` : "no cabe"} · campo ${seen} × ${seen} · salto ${number(jump)}`,
      );
      update(remove, { "aria-disabled": layers.length === 1 && "true" }); // conserva el foco
    });
    adders.forEach((adder) => update(adder, { "aria-disabled": layers.length >= MOST_LAYERS && "true" }));
    size.draw(n);
    padding.draw(pads);
    goal.draw(judgeField(layers, fields, n));
  };

  /** Un corte: una fila de cada nivel, centrada sobre lo que ve, y el cono que baja desde la salida elegida. */
  function drawStack(layers, fields, n, index) {
    const ranges = fieldRanges(layers, fields, index);
    const levels = [{ output: n, start: 0, size: 1, jump: 1 }, ...fields];
    const height = (n * 0.72) / layers.length;
    const bar = Math.min(height * 0.3, n * 0.055);
    const y = (level) => (levels.length - 1 - level) * height + bar;
    const centre = (level, i) => levels[level].start + i * levels[level].jump + levels[level].size / 2;
    const half = (level) => (levels[level].jump * 0.84) / 2;
    // El campo puede salirse de la imagen por los dos lados: el relleno también se dibuja.
    const [from, to] = [Math.min(0, ranges[0][0]) - 0.02 * n, Math.max(n, ranges[0][1] + 1) + 0.02 * n];
    update(diagram, {
      viewBox: `${from} 0 ${to - from} ${(levels.length - 1) * height + 2.2 * bar}`,
      "aria-label": `Corte de las capas: de una salida a ${levels.at(-1).size} píxeles de la entrada`,
    });
    const shapes = resize(cones, levels.length - 1, () => s("path", { class: "cf-link" }));
    const marks = resize(dots, levels.length, () =>
      s("g", {}, s("path", {}), s("path", {}), s("path", { class: "cf-tick cf-tick-outside" })),
    );
    levels.forEach((level, l) => {
      const [first, end] = ranges[l];
      const cell = (i) =>
        `M${(centre(l, i) - half(l)).toFixed(2)} ${y(l).toFixed(2)}h${(2 * half(l)).toFixed(2)}v${bar.toFixed(2)}h${(-2 * half(l)).toFixed(2)}z`;
      let [plain, lit] = ["", ""];
      let outside = "";
      for (let i = Math.min(0, first); i < Math.max(level.output, end + 1); i++) {
        if (i < 0 || i >= level.output) outside += cell(i);
        else if (i >= first && i <= end) lit += cell(i);
        else plain += cell(i);
      }
      const role = l === 0 ? "input" : l === levels.length - 1 ? "output" : "kernel";
      const [off, on, beyond] = marks[l].childNodes;
      update(off, { d: plain, class: `cf-tick cf-tick-${role}` });
      update(on, { d: lit, class: `cf-tick cf-tick-${role} cf-now` });
      update(beyond, { d: outside });
      if (l === 0) return;
      const [below, belowEnd] = ranges[l - 1];
      update(shapes[l - 1], {
        d: `M${centre(l, first) - half(l)} ${y(l) + bar}L${centre(l - 1, below) - half(l - 1)} ${y(l - 1)}L${centre(l - 1, belowEnd) + half(l - 1)} ${y(l - 1)}L${centre(l, end) + half(l)} ${y(l) + bar}Z`,
      });
    });
  }
}

/** El campo, recortado a la imagen. */
function clip(top, left, side, n) {
  const [row, col] = [Math.max(top, 0), Math.max(left, 0)];
  return {
    row,
    col,
    rows: Math.max(0, Math.min(top + side, n) - row),
    cols: Math.max(0, Math.min(left + side, n) - col),
    kind: "window",
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Campo receptivo",
        hint: "Toca un valor de la salida: se ilumina la parte de la imagen que lo decide. Añade capas y mira cómo crece.",
        help: "Tabulador: de un mando a otro. En la salida, las flechas eligen un valor.",
        names: ["layers", "input_size", "padding", "row", "col"],
      },
      compose,
    ),
};
