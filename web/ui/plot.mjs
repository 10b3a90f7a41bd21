// Gráficas que se tocan: un plano con sus dos ejes rotulados, y el de 0 a 1 por 0 a 1.
import { clamp } from "../geometry.mjs";
import { h, s, update } from "./dom.mjs";
import { number } from "./numbers.mjs";

const [SIDE, LEFT, TOP, BOTTOM] = [240, 46, 10, 44];
const ticks = [0, 0.25, 0.5, 0.75, 1];

/**
 * Al pulsar o arrastrar sobre `area`, dice a qué parte de la anchura y de la altura de `svg`, de 0 a 1. El
 * dedo arrastra de lado: si va de arriba abajo desplaza la página, y aquí no hace nada.
 */
export function onSweep(area, svg, onmove) {
  let start = null;
  const sweep = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    onmove((clientX - box.left) / box.width, (clientY - box.top) / box.height);
  };
  const scrolls = ({ pointerType, clientX, clientY }) =>
    pointerType !== "mouse" &&
    !area.matches(".cf-hold") &&
    Math.abs(clientX - start.clientX) < Math.abs(clientY - start.clientY);
  area.addEventListener("pointerdown", (event) => {
    start = event;
  });
  area.addEventListener("pointermove", (event) => event.buttons && !scrolls(event) && sweep(event));
  area.addEventListener("click", sweep);
}

/**
 * Un plano de `across` por `up`, que son {ticks, label} y, si no se escribe el valor tal cual, `text`; va de
 * la primera marca a la última. `el` es el elemento; `inside`, donde se dibuja sin salirse de los ejes, y
 * `marks`, por encima; x(v) e y(v) son las coordenadas, line(puntos) el camino que los une y
 * put(círculo, v, w) lo pone en su sitio, o lo oculta si no lo tiene. onpick(valor horizontal, valor
 * vertical) al pulsar o arrastrar.
 */
export function plane({ across, up, onpick }) {
  const ends = ({ ticks }) => [ticks[0], ticks.at(-1)];
  const [[x0, x1], [y0, y1]] = [ends(across), ends(up)];
  const near = (v) => clamp(v, -1e6, 1e6); // más lejos, un SVG no sabe dibujar
  const x = (v) => near(LEFT + ((v - x0) / (x1 - x0)) * SIDE);
  const y = (v) => near(TOP + (1 - (v - y0) / (y1 - y0)) * SIDE);
  const axis = s("g.cf-axis");
  for (const v of up.ticks) {
    axis.append(
      s("path", { d: `M${LEFT} ${y(v)}h${SIDE}` }),
      s("text", { x: LEFT - 6, y: y(v) + 4, "text-anchor": "end" }, (up.text ?? number)(v)),
    );
  }
  for (const v of across.ticks) {
    axis.append(s("text", { x: x(v), y: TOP + SIDE + 17, "text-anchor": "middle" }, number(v)));
  }
  const [middle, centre] = [LEFT + SIDE / 2, TOP + SIDE / 2];
  axis.append(
    s("text", { x: middle, y: TOP + SIDE + 37, "text-anchor": "middle" }, across.label),
    s("text", { transform: `translate(12 ${centre}) rotate(-90)`, "text-anchor": "middle" }, up.label),
  );
  const frame = { x: LEFT, y: TOP, width: SIDE, height: SIDE };
  const inside = s("svg", { ...frame, viewBox: `${LEFT} ${TOP} ${SIDE} ${SIDE}` });
  const marks = s("g");
  const [width, height] = [LEFT + SIDE + 16, TOP + SIDE + BOTTOM];
  const svg = s("svg.cf-diagram", { role: "img", viewBox: `0 0 ${width} ${height}` }, axis, inside, marks);
  const el = h("div.cf-unit", {}, svg);
  if (onpick) {
    el.classList.add("cf-touch");
    const value = (part, whole, start, from, to) =>
      clamp(from + ((part * whole - start) / SIDE) * (to - from), Math.min(from, to), Math.max(from, to));
    onSweep(el, svg, (right, down) =>
      onpick(value(right, width, LEFT, x0, x1), value(down, height, TOP, y1, y0)),
    );
  }
  const line = (points) => `M${points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("L")}`;
  const put = (dot, a, b) =>
    update(dot, { visibility: Number.isNaN(a + b) && "hidden", cx: x(a || 0), cy: y(b || 0) });
  return { el, svg, inside, marks, x, y, line, put };
}

/** Una medida, o que no la hay. */
export const measured = (v) => (Number.isNaN(v) ? "(nada que contar)" : number(v));

/** El plano de 0 a 1 por 0 a 1. */
export const unitPlot = ({ xLabel, yLabel, onpick }) =>
  plane({ across: { ticks, label: xLabel }, up: { ticks, label: yLabel }, onpick });

/** El índice del valor más cercano a `v`. */
export const nearest = (values, v) =>
  values.reduce((best, other, i) => (Math.abs(other - v) < Math.abs(values[best] - v) ? i : best), 0);

/**
 * Varias medidas de 0 a 1 según un umbral, que se cambia al tocar. `names` da el texto de cada una y
 * `labels`, dónde se escribe: junto a qué umbral, a cuánto y con qué anclaje. draw({threshold, scores,
 * along}): el umbral elegido, las medidas con él (NaN si no hay nada que contar) y con cada uno de
 * `thresholds`.
 */
export function thresholdPlot({ thresholds, names, labels, title, onpick }) {
  const plot = unitPlot({
    xLabel: "umbral",
    yLabel: "medida",
    onpick: (v) => onpick(thresholds[nearest(thresholds, v)]),
  });
  const cursor = s("line.cf-at", { y1: plot.y(1), y2: plot.y(0) });
  const curves = Object.entries(names).map(([name, text]) => ({
    name,
    path: s("path", { class: `cf-curve cf-curve-${name}` }),
    dot: s("circle", { r: 5, class: `cf-dot cf-dot-${name}` }),
    label: s("text", { class: `cf-name cf-name-${name}`, "text-anchor": labels[name][3] }, text),
  }));
  plot.marks.append(cursor, ...curves.flatMap(({ path, dot, label }) => [path, dot, label]));
  return {
    el: plot.el,
    draw({ threshold, scores, along }) {
      const at = plot.x(threshold);
      update(cursor, { x1: at, x2: at });
      for (const { name, path, dot, label } of curves) {
        const [near, right, down] = labels[name];
        update(path, { d: plot.line(along.map((values, i) => [thresholds[i], values[name]])) });
        plot.put(dot, threshold, scores[name]);
        update(label, { x: plot.x(thresholds[near]) + right, y: plot.y(along[near][name]) + down });
      }
      const said = curves.map(({ name }) => `${names[name]} ${measured(scores[name])}`).join(", ");
      update(plot.svg, { "aria-label": `${title}. Con umbral ${number(threshold)}: ${said}.` });
    },
  };
}
