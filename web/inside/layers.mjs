// La red entera: una miniatura por capa, que la elige, y los mapas de la elegida.
import { h, update, write } from "../ui/dom.mjs";
import { mosaic, paintMaps } from "../ui/mosaic.mjs";
import { count } from "../ui/numbers.mjs";

const NAMES = {
  InputLayer: ["Entrada", "la prenda, de 0 a 255"],
  Rescaling: ["Escala", "de 0 a 1"],
  Conv2D: ["Conv", "convolución"],
  MaxPooling2D: ["Pool", "pooling del máximo"],
  BatchNormalization: ["Norm", "normalización por lotes"],
  ReLU: ["ReLU", "lo negativo pasa a 0"],
  Add: ["Suma", "atajo: la entrada más lo que se corrige"],
  Flatten: ["Aplanar", "los mapas, en una fila"],
  Dense: ["Densa", "una puntuación por clase"],
};

/** Los mapas de una salida; los de una fila de números, en un rectángulo. */
export function asMaps({ values, shape }) {
  if (shape.length === 3) return { values, shape };
  let rows = Math.floor(Math.sqrt(shape[0]));
  while (shape[0] % rows) rows--;
  return { values, shape: [rows, shape[0] / rows, 1] };
}

/** Nombre de cada capa: su clase y, si hay varias, cuál es. */
export function layerNames(layers) {
  const seen = {};
  const total = {};
  for (const { kind } of layers) total[kind] = (total[kind] ?? 0) + 1;
  return layers.map(({ kind }) => {
    seen[kind] = (seen[kind] ?? 0) + 1;
    const [short, long] = NAMES[kind];
    const name = total[kind] > 1 ? `${short} ${seen[kind]}` : short;
    return { name, long };
  });
}

export const sizeOf = (shape) => shape.join(" × ");

/** La tira de miniaturas. Se crea cuando llega la red. */
export function layerStrip(figure) {
  const el = h("div.cf-strip", { role: "group", "aria-label": "Capas de la red" });
  let cards = [];
  const build = (names, outputs) => {
    cards = names.map(({ name }, layer) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      const size = h("small");
      const onclick = () => {
        const [rows, cols] = asMaps(outputs[layer]).shape; // el valor de en medio
        const position = Math.floor(rows / 2) * cols + Math.floor(cols / 2);
        figure.set({ layer, channel: 0, source: 0, position });
      };
      const props = { type: "button", class: "cf-layer-card", onclick };
      return { canvas, size, el: h("button", props, h("span", {}, name), canvas, " ", size) };
    });
    el.replaceChildren(...cards.map((card) => card.el));
  };
  return {
    el,
    draw({ ready, names, outputs, layer, theme }) {
      el.hidden = !ready;
      if (!ready) return;
      if (!cards.length) build(names, outputs);
      cards.forEach((card, number) => {
        const { shape } = outputs[number];
        paintMaps(card.canvas, asMaps(outputs[number]), theme);
        update(card.el, {
          "aria-pressed": String(number === layer),
          "aria-label": `${names[number].name} ${shape.join("×")}: ${names[number].long}`,
        });
        write(card.size, shape.join("×"));
      });
    },
  };
}

/** Los mapas de la capa elegida. */
export function layerMaps(figure) {
  const panel = mosaic(figure, {
    onpick: (channel) => figure.set({ channel, source: 0 }),
    describe: (channel) => `Mapa ${channel + 1}`,
  });
  return {
    el: panel.el,
    draw({ outputs, layer, names, channel, theme }) {
      const output = asMaps(outputs[layer]);
      const maps = count(output.shape[2], "mapa");
      panel.draw({
        output,
        theme,
        chosen: channel,
        title: `${names[layer].name}: ${maps} de ${sizeOf(output.shape.slice(0, 2))}`,
        name: `${names[layer].name}, ${names[layer].long}: ${maps}. Las flechas eligen uno.`,
      });
    },
  };
}
