// Pesos compartidos: parámetros de tres capas con la misma entrada y la misma salida, según crecen.
import { judgeBudget } from "../goals.mjs";
import { parameterCounts } from "../math.mjs";
import { card, challenge, sliders, warning } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { approximate, number } from "../ui/numbers.mjs";
import { onSweep } from "../ui/plot.mjs";

const SIDES = [4, 6, 8, 12, 16, 24, 28, 32, 48, 64, 96, 128, 192, 224, 256, 384, 512, 768, 1024];
const FEW = [1, 2, 3, 4, 8, 16, 32, 64, 128, 256];
const KINDS = { dense: "Densa", local: "Local", conv: "Convolucional" };
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [560, 300, 84, 24, 8, 46];
const POWERS = ["1", "mil", "1 millón", "mil mill.", "1 billón", "mil bill."]; // de mil en mil
const TOP_POWER = 17;

/** Coordenadas de un lado y de un número de parámetros, en escala logarítmica. */
const x = (n) => LEFT + ((Math.log2(n) - 2) / 8) * (WIDTH - LEFT - RIGHT);
const y = (value) => HEIGHT - BOTTOM - (Math.log10(value) / TOP_POWER) * (HEIGHT - BOTTOM - TOP);

/** El estado y los parámetros de cada capa; `counts` es null si el kernel no cabe. */
function look(figure) {
  const { input_size: n, kernel_size: k, channels: c, filters: f } = figure.state();
  const countsOf = (side) => parameterCounts(side, k, c, f);
  return { n, k, c, f, m: n - k + 1, countsOf, counts: k <= n ? countsOf(n) : null };
}

/** Una tarjeta por capa, con su número y su cuenta. */
function layerCards() {
  const cards = Object.entries(KINDS).map(([kind, title]) => [kind, card(title, kind, true)]);
  return {
    el: h(
      "div.cf-cards.cf-deck",
      {},
      cards.map(([, one]) => one),
    ),
    draw({ n, k, c, f, m, counts }) {
      const formulas = {
        dense: `(${n}·${n}·${c} + 1) · ${m}·${m}·${f}`,
        local: `(${k}·${k}·${c} + 1) · ${m}·${m}·${f}`,
        conv: `(${k}·${k}·${c} + 1) · ${f}`,
      };
      for (const [kind, one] of cards) {
        const total = counts[kind];
        const part = Math.log10(total) / Math.log10(Math.max(counts.dense, 10));
        one.draw(number(total, 0), formulas[kind], part, total >= 1e4 ? approximate(total) : "parámetros");
      }
    },
  };
}

function makeAxes() {
  const axis = s("g.cf-axis");
  POWERS.forEach((label, i) => {
    const at = y(10 ** (3 * i));
    const line = s("path", { d: `M${LEFT} ${at}H${WIDTH - RIGHT}` });
    axis.append(line, s("text", { x: LEFT - 6, y: at + 4, "text-anchor": "end" }, label));
  });
  for (const n of [4, 16, 64, 256, 1024]) {
    axis.append(s("text", { x: x(n), y: HEIGHT - BOTTOM + 20, "text-anchor": "middle" }, String(n)));
  }
  const middle = (LEFT + WIDTH) / 2;
  axis.append(s("text", { x: middle, y: HEIGHT - 3, "text-anchor": "middle" }, "lado de la imagen, n"));
  return axis;
}

/** Los parámetros de cada capa según el lado de la imagen; al tocar, se elige el lado. */
function growthPlot(figure) {
  const curves = Object.keys(KINDS).map((kind) => s("path", { class: `cf-curve cf-curve-${kind}` }));
  const [points, names] = [s("g"), s("g")];
  const cursor = s("line.cf-at", { y1: TOP, y2: HEIGHT - BOTTOM });
  const viewBox = `0 0 ${WIDTH} ${HEIGHT}`;
  const parts = [makeAxes(), cursor, curves, points, names];
  const svg = s("svg.cf-diagram.cf-plot", { role: "img", viewBox }, ...parts);
  const el = h("div.cf-touch", {}, svg);
  onSweep(el, svg, (part) => {
    const distance = (n) => Math.abs(x(n) - part * WIDTH);
    figure.set({ input_size: SIDES.reduce((best, n) => (distance(n) < distance(best) ? n : best)) });
  });
  return {
    el,
    draw({ n, k, counts, countsOf }, text) {
      const dots = resize(points, 3, () => s("circle", { r: 5 }));
      const labels = resize(names, 3, () => s("text", { "text-anchor": "end", x: WIDTH - RIGHT - 4 }));
      const sides = SIDES.filter((side) => side >= k);
      update(cursor, { x1: x(n), x2: x(n) });
      Object.entries(KINDS).forEach(([kind, name], i) => {
        const line = sides.map((side) => `${x(side).toFixed(1)} ${y(countsOf(side)[kind]).toFixed(1)}`);
        update(curves[i], { d: `M${line.join("L")}` });
        update(dots[i], { cx: x(n), cy: y(counts[kind]), class: `cf-dot cf-dot-${kind}` });
        update(labels[i], { y: y(countsOf(SIDES.at(-1))[kind]) - 8, class: `cf-name cf-name-${kind}` });
        write(labels[i], name);
      });
      const label = `Parámetros según el lado de la imagen, en escala logarítmica. ${text}`;
      update(svg, { "aria-label": label });
    },
  };
}

/** Lo que se dice de las dos capas o, si el kernel no cabe, por qué. */
function sentenceOf({ n, k, f, m, counts }) {
  if (!counts) {
    const small = `la imagen solo tiene ${n}: reduce el kernel o agranda la imagen.`;
    return `El kernel abarca ${k} píxeles y ${small}`;
  }
  const ratio = approximate(counts.dense / counts.conv);
  const same = `Con la misma entrada y la misma salida (${m} × ${m} × ${f})`;
  const times = `la densa tiene ${ratio} veces los parámetros de la convolucional`;
  return `${same}, ${times}, que no dependen de n.`;
}

export default function compose(figure) {
  const cards = layerCards();
  const plot = growthPlot(figure);
  const sizes = sliders(
    {
      input_size: ["Imagen, n", SIDES],
      kernel_size: ["Kernel, k", { min: 1, max: 11 }],
      channels: ["Canales, c", FEW],
      filters: ["Filtros, f", FEW],
    },
    figure.setter,
  );
  const sentence = h("p", { role: "status" });
  const message = warning();
  const goal = challenge(figure, "goal");
  figure.add(message, cards, plot, h("div.cf-controls", {}, sizes.els), sentence, goal);

  return () => {
    const now = look(figure);
    const text = sentenceOf(now);
    sizes.draw(figure.state());
    message.draw(now.counts ? "" : text);
    for (const el of [cards.el, plot.el, sentence]) el.hidden = !now.counts;
    if (now.counts) write(sentence, text);
    goal.draw(now.counts && judgeBudget(now.counts));
    if (!now.counts) return;
    cards.draw(now);
    plot.draw(now, text);
  };
}
