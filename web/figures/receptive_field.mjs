// Campo receptivo: se apilan capas, se elige una salida y se ilumina lo que ve de la imagen.
import { clamp } from "../geometry.mjs";
import { judgeField } from "../goals.mjs";
import { fieldRanges, matrix, receptiveField } from "../math.mjs";
import { house } from "../pictures.mjs";
import { button, challenge, choices, select, slider, warning } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { grey, mix } from "../ui/theme.mjs";

const MOST_LAYERS = 6;
const DIMMED = 0.72; // cuánto se apaga lo que queda fuera del campo
const FILLED = 0.84; // parte de su salto que ocupa cada valor en el corte
const ADDED = [
  ["+ conv 3", { kind: "conv", kernel_size: 3, stride: 1, dilation: 1 }],
  ["+ conv 3, stride 2", { kind: "conv", kernel_size: 3, stride: 2, dilation: 1 }],
  ["+ pooling 2", { kind: "pool", kernel_size: 2, stride: 2, dilation: 1 }],
];

/** El estado y lo que se deduce de él: el campo tras cada capa, y dónde empieza el de la salida elegida. */
function look(figure) {
  const { layers, input_size: n, padding, row, col } = figure.state();
  const fields = receptiveField(layers, n, padding);
  const last = fields.at(-1);
  const failed = fields.findIndex((field) => !field.output); // la primera capa que no cabe, o −1
  const fits = failed < 0;
  const [r, c] = fits ? [row, col].map((i) => Math.min(i, last.output - 1)) : [0, 0];
  const [top, left] = [r, c].map((i) => last.start + i * last.jump);
  return { theme: figure.theme, layers, n, padding, fields, last, failed, fits, r, c, top, left };
}

/** El campo, recortado a la imagen. */
function clippedField({ top, left, last: { size }, n }) {
  const [row, col] = [Math.max(top, 0), Math.max(left, 0)];
  const [rows, cols] = [Math.min(top + size, n) - row, Math.min(left + size, n) - col];
  return { row, col, rows: Math.max(0, rows), cols: Math.max(0, cols), kind: "window" };
}

/** La imagen con el campo iluminado, y la salida; en las dos se elige qué valor se mira. */
function fieldPanels(figure, describe) {
  let picture = house(figure.get("input_size"));
  const image = grid(figure, "Imagen", "input", {
    oncursor(pixel) {
      // la salida cuyo campo tiene el centro más cerca del píxel
      const { start, size, jump, output } = look(figure).last;
      if (!output) return;
      const nearest = (p) => clamp(Math.round((p + 0.5 - start - size / 2) / jump), 0, output - 1);
      const [row, col] = pixel.map(nearest);
      figure.set({ row, col });
    },
    describe,
  });
  const output = grid(figure, "Salida", "output", {
    oncursor: ([row, col]) => figure.set({ row, col }),
    describe,
  });
  return {
    image,
    output,
    draw(now) {
      const { theme, n, last, fits, r, c, top, left } = now;
      if (picture.length !== n) picture = house(n);
      const within = (i, start) => i >= start && i < start + last.size;
      const lit = (y, x) => fits && within(y, top) && within(x, left);
      image.draw({
        values: picture,
        colour: (v, y, x) => (lit(y, x) ? grey(v) : mix(grey(v), theme.surface, DIMMED)),
        text: false,
        title: `Imagen ${n} × ${n}`,
        name: `Imagen de ${n} por ${n} píxeles con el campo receptivo iluminado. Las flechas lo mueven.`,
        boxes: fits ? [clippedField(now)] : [],
      });
      output.el.hidden = !fits;
      if (!fits) return;
      output.setCursor([r, c]);
      output.draw({
        values: matrix(last.output, last.output, (y, x) => y === r && x === c),
        colour: (chosen) => (chosen ? theme.output : theme["output-soft"]),
        text: false,
        title: `Salida ${last.output} × ${last.output}`,
        name: `Salida de ${last.output} por ${last.output}. Las flechas eligen un valor.`,
        boxes: [{ row: r, col: c, kind: "here" }],
      });
    },
  };
}

/** Dónde se dibuja cada valor en el corte: una fila por nivel, centrada sobre lo que ve. */
function stackGeometry({ layers, fields, n, c }) {
  const ranges = fieldRanges(layers, fields, c);
  const levels = [{ output: n, start: 0, size: 1, jump: 1 }, ...fields];
  const height = (n * 0.72) / layers.length;
  const bar = Math.min(height * 0.3, n * 0.055);
  const y = (l) => (levels.length - 1 - l) * height + bar;
  const half = (l) => (levels[l].jump * FILLED) / 2;
  const centre = (l, i) => levels[l].start + i * levels[l].jump + levels[l].size / 2;
  const [left, right] = [(l, i) => centre(l, i) - half(l), (l, i) => centre(l, i) + half(l)];
  // El campo puede salirse de la imagen por los dos lados: el relleno también se dibuja.
  const [from, to] = [Math.min(0, ranges[0][0]) - 0.02 * n, Math.max(n, ranges[0][1] + 1) + 0.02 * n];
  const viewBox = `${from} 0 ${to - from} ${(levels.length - 1) * height + 2.2 * bar}`;
  return { ranges, levels, bar, y, half, left, right, viewBox };
}

/** Caminos de un nivel: los valores sin elegir, los que ve la salida elegida y los que son relleno. */
function levelPaths(l, { ranges, levels, bar, y, half, left }) {
  const [first, end] = ranges[l];
  const [size, width] = [levels[l].output, (2 * half(l)).toFixed(2)];
  const cell = (i) =>
    `M${left(l, i).toFixed(2)} ${y(l).toFixed(2)}h${width}v${bar.toFixed(2)}h${(-2 * half(l)).toFixed(2)}z`;
  const paths = { plain: "", lit: "", outside: "" };
  for (let i = Math.min(0, first); i < Math.max(size, end + 1); i++) {
    const seen = i >= first && i <= end ? "lit" : "plain";
    paths[i < 0 || i >= size ? "outside" : seen] += cell(i);
  }
  return paths;
}

/** Lo que une un nivel con el de debajo. */
function conePath(l, { ranges, bar, y, left, right }) {
  const [[first, end], [below, belowEnd]] = [ranges[l], ranges[l - 1]];
  const [top, bottom] = [y(l) + bar, y(l - 1)];
  const across = `L${left(l - 1, below)} ${bottom}L${right(l - 1, belowEnd)} ${bottom}`;
  return `M${left(l, first)} ${top}${across}L${right(l, end)} ${top}Z`;
}

/** Un corte: una fila de cada nivel y el cono que baja desde la salida elegida. */
function stackDiagram() {
  const [cones, dots] = [s("g"), s("g")];
  const el = s("svg.cf-diagram.cf-stack", { role: "img" }, cones, dots);
  const makeLevel = () => s("g", {}, s("path"), s("path"), s("path.cf-tick.cf-tick-outside"));
  return {
    el,
    draw(now) {
      el.style.display = now.fits ? "" : "none";
      if (!now.fits) return;
      const geometry = stackGeometry(now);
      const { levels, viewBox } = geometry;
      const top = levels.length - 1;
      const label = `Corte de las capas: de una salida a ${levels[top].size} píxeles de la entrada`;
      update(el, { viewBox, "aria-label": label });
      const shapes = resize(cones, top, () => s("path.cf-link"));
      resize(dots, levels.length, makeLevel).forEach((mark, l) => {
        const role = l === 0 ? "input" : l === top ? "output" : "kernel";
        const { plain, lit, outside } = levelPaths(l, geometry);
        const [off, on, beyond] = mark.childNodes;
        update(off, { d: plain, class: `cf-tick cf-tick-${role}` });
        update(on, { d: lit, class: `cf-tick cf-tick-${role} cf-now` });
        update(beyond, { d: outside });
        if (l > 0) update(shapes[l - 1], { d: conePath(l, geometry) });
      });
    },
  };
}

/** Los mandos de una capa y lo que consigue. */
function layerRow(figure, index, focusPrevious) {
  const set = (name, toValue) => (text) =>
    figure.set({
      layers: figure
        .get("layers")
        .map((layer, i) => (i === index ? { ...layer, [name]: toValue(text) } : layer)),
    });
  const control = (name, said, label, options, toValue = Number) => {
    const made = select(label, options, set(name, toValue));
    update(made.el.querySelector("select"), { "aria-label": `Capa ${index + 1}: ${said}` });
    return made;
  };
  const upTo = (most) => Array.from({ length: most }, (_, i) => [String(i + 1), String(i + 1)]);
  const kinds = [
    ["conv", "conv"],
    ["pool", "pooling"],
  ];
  const controls = {
    kind: control("kind", "tipo", `${index + 1}`, kinds, String),
    kernel_size: control("kernel_size", "kernel", "k", upTo(7)),
    stride: control("stride", "stride", "s", upTo(4)),
    dilation: control("dilation", "dilatación", "d", upTo(4)),
  };
  const onremove = () => {
    const layers = figure.get("layers");
    if (layers.length === 1) return;
    if (index === layers.length - 1) focusPrevious(); // esta fila desaparece
    figure.set({ layers: layers.filter((_, i) => i !== index) });
  };
  const remove = button("×", onremove, { "aria-label": `Quitar la capa ${index + 1}` });
  const effect = h("span.cf-formula");
  const els = Object.values(controls);
  const el = h("li.cf-layer", {}, h("span.cf-row", {}, els), effect, remove);
  return {
    el,
    focus: () => remove.focus(),
    draw({ layers, fields }) {
      el.hidden = index >= layers.length;
      if (el.hidden) return;
      for (const [name, one] of Object.entries(controls)) one.draw(String(layers[index][name]));
      const { output, size, jump } = fields[index];
      const side = output ? `salida ${output} × ${output}` : "no cabe";
      write(effect, `${side} · campo ${size} × ${size} · salto ${number(jump)}`);
      update(remove, { "aria-disabled": layers.length === 1 && "true" }); // conserva el foco
    },
  };
}

/** La lista de capas y los botones que las añaden. */
function layersList(figure) {
  const rows = Array.from({ length: MOST_LAYERS }, (_, i) => layerRow(figure, i, () => rows[i - 1].focus()));
  const adders = ADDED.map(([text, layer]) =>
    button(text, () => {
      const layers = figure.get("layers");
      if (layers.length < MOST_LAYERS) figure.set({ layers: [...layers, { ...layer }] });
    }),
  );
  return {
    el: h("ol.cf-layers", {}, rows),
    adders: h("div.cf-row", {}, adders),
    draw(now) {
      for (const row of rows) row.draw(now);
      const full = now.layers.length >= MOST_LAYERS;
      for (const adder of adders) update(adder, { "aria-disabled": full && "true" });
    },
  };
}

function explanations(figure) {
  const message = warning();
  const sentence = h("p.cf-formula", { role: "status" });
  return {
    message,
    sentence,
    draw({ fits, failed, last, n, r, c, left }) {
      const { size, jump } = last;
      const lost = Math.max(0, -left) + Math.max(0, left + size - n);
      const filler = lost ? ", parte de ellos de relleno" : "";
      const next = count(jump, "píxel", "píxeles");
      message.draw(fits ? "" : figure.text("layer_too_big", { layer: failed + 1 }));
      write(sentence, fits ? figure.text("sees", { r, c, size, filler, next }) : "");
    },
  };
}

export default function compose(figure) {
  const said = explanations(figure);
  const panels = fieldPanels(figure, () => said.sentence.textContent);
  const diagram = stackDiagram();
  const list = layersList(figure);
  const size = slider("Imagen, n", { min: 8, max: 64 }, figure.setter("input_size"));
  const padding = choices("Padding", ["valid", "same"], figure.setter("padding"));
  const goal = challenge(figure, "goal");
  const side = h("div.cf-side", {}, panels.output);
  const stage = h("div.cf-field", {}, panels.image, side, diagram);
  const controls = h("div.cf-controls", {}, size, padding);
  figure.add(said.message, stage, said.sentence, list, list.adders, controls, goal);

  return () => {
    const now = look(figure);
    stage.style.setProperty("--n", now.n);
    stage.style.setProperty("--m", now.fits ? now.last.output : 1);
    for (const part of [said, panels, diagram, list]) part.draw(now);
    size.draw(now.n);
    padding.draw(now.padding);
    goal.draw(judgeField(now.layers, now.fields, now.n));
  };
}
