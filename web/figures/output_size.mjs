// Tamaño de salida: una fila de la entrada, las ventanas que caben y la salida que dejan.
import { clamp } from "../geometry.mjs";
import { judgeSize } from "../goals.mjs";
import { leftover, outputSize, resolvePadding, span, usage } from "../math.mjs";
import { button, challenge, choices, player, sliders, warning } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { count } from "../ui/numbers.mjs";
import { onSweep } from "../ui/plot.mjs";

// Espacio sobre la entrada y entre la entrada, las ventanas y la salida, en celdas.
const [TOP, GAP] = [0.15, 0.35];

/** El estado y lo que se deduce de él: cuántas ventanas caben y qué miran. */
function look(figure) {
  const state = figure.state();
  const { input_size: n, kernel_size: k, stride, padding, dilation: d, target } = state;
  const [before, after] = resolvePadding(padding, n, k, stride, d);
  const total = outputSize(n, k, stride, before, after, d);
  const seen = usage(n, k, stride, before, after, d);
  return {
    ...{ state, n, k, stride, padding, d, target, before, after, total, seen },
    cells: n + before + after,
    reach: span(k, d),
    spare: leftover(n, k, stride, before, after, d),
    unused: seen.filter((times) => times === 0).length,
  };
}

/** Entrada, ventanas y salida; al tocar, se resalta la ventana que esté debajo. */
function windowsDiagram(figure, choose) {
  const [inputs, windows, outputs] = [s("g"), s("g"), s("g")];
  const link = s("path.cf-link");
  const svg = s("svg.cf-diagram.cf-sizes", { role: "img" }, link, inputs, windows, outputs);
  const el = h("div.cf-touch", {}, svg);
  onSweep(el, svg, (part) => {
    const { cells, reach, stride, total } = look(figure);
    choose(clamp(Math.round((part * cells - reach / 2) / stride), 0, Math.max(total - 1, 0)));
  });
  return {
    el,
    draw(now, chosen) {
      const { n, k, before, after, total, cells, stride, reach } = now;
      // Cada fila de ventanas mide lo que una celda mientras son pocas; después se aprietan.
      const unit = Math.max(cells, 12);
      const height = Math.min(0.62, (0.5 * unit) / Math.max(total, 1));
      const base = TOP + 1 + GAP + Math.max(total, 1) * height + GAP;
      const padded = `Entrada de ${n} píxeles con ${before} de relleno delante y ${after} detrás`;
      update(svg, {
        viewBox: `-0.1 0 ${unit + 0.2} ${base + 1.15}`,
        "aria-label": `${padded}; ${count(total, "ventana")} de ${k} píxeles; salida de ${total}.`,
      });
      svg.style.setProperty("--unit", unit);
      drawInputs(inputs, now, chosen);
      drawWindows(windows, now, chosen, height);
      drawOutputs(outputs, now, chosen, base, unit);
      const left = chosen * stride;
      const x = left + reach / 2;
      const cone = `M${left} ${TOP + 1}L${x - 0.5} ${base}H${x + 0.5}L${left + reach} ${TOP + 1}Z`;
      update(link, { d: total ? cone : "" });
    },
  };
}

function drawInputs(place, { n, d, before, cells, stride, reach, total, seen }, chosen) {
  const start = chosen * stride;
  const squares = resize(place, cells, () => s("rect", { y: TOP, width: 1, height: 1 }));
  squares.forEach((square, i) => {
    const pixel = i - before;
    const kind = pixel < 0 || pixel >= n ? "padding" : "input";
    const unused = total && kind === "input" && !seen[pixel] ? " cf-unused" : "";
    const now = total && i >= start && i < start + reach && (i - start) % d === 0 ? " cf-now" : "";
    update(square, { x: i, class: `cf-cell cf-cell-${kind}${unused}${now}` });
  });
}

function drawWindows(place, { k, d, stride, reach, total }, chosen, height) {
  const bars = resize(place, total, () => s("g", {}, s("line"), s("g")));
  bars.forEach((bar, w) => {
    const [y, left] = [TOP + 1 + GAP + w * height, w * stride];
    const [line, taps] = bar.childNodes;
    const middle = y + height / 2;
    update(bar, { class: `cf-bar${w === chosen ? " cf-now" : ""}` });
    update(line, { x1: left + 0.1, x2: left + reach - 0.1, y1: middle, y2: middle });
    const shape = { y: y + height * 0.14, height: height * 0.72, rx: Math.min(0.15, height / 4) };
    resize(taps, k, () => s("rect", { width: 0.86 })).forEach((tap, i) =>
      update(tap, { x: left + i * d + 0.07, ...shape }),
    );
  });
}

function drawOutputs(place, { stride, reach, total }, chosen, base, unit) {
  resize(place, total, () => s("rect", { width: 1, height: 1 })).forEach((box, w) => {
    const x = Math.min(w * stride + reach / 2 - 0.5, unit - 1);
    update(box, { x, y: base, class: `cf-cell cf-cell-output${w === chosen ? " cf-now" : ""}` });
  });
}

/** Lo que se avisa y la cuenta. */
function explanations() {
  const message = warning();
  const formula = h("p.cf-formula.cf-big", { role: "status" });
  const warn = ({ total, spare, unused, reach, cells }) => {
    const small = `la entrada con relleno solo tiene ${cells}: no cabe ninguna ventana.`;
    if (!total) return `El kernel abarca ${reach} píxeles y ${small}`;
    const left = spare === 1 ? "sobra 1 celda" : `sobran ${spare} celdas`;
    const missed = unused === 1 ? "Queda 1 píxel" : `Quedan ${unused} píxeles`;
    return [
      spare && `No divide: al final ${left} y la división se redondea hacia abajo.`,
      unused && `${missed} de la entrada sin mirar (con borde discontinuo).`,
    ]
      .filter(Boolean)
      .join(" ");
  };
  return {
    message,
    formula,
    draw(now) {
      const { n, k, d, stride, before, after, total } = now;
      message.draw(warn(now));
      const minus = d === 1 ? `${k}` : `${d}·(${k} − 1) − 1`;
      const filler = before === after ? `2·${before}` : `${before} + ${after}`;
      const account = `⌊(${n} + ${filler} − ${minus}) / ${stride}⌋ + 1 = `;
      formula.replaceChildren(account, h("b", {}, total ? String(total) : "no cabe"));
    },
  };
}

function settings(figure) {
  const sizes = sliders(
    {
      padding: ["Padding, p", { min: 0, max: 5 }],
      input_size: ["Entrada, n", { min: 1, max: 32 }],
      kernel_size: ["Kernel, k", { min: 1, max: 11 }],
      stride: ["Stride, s", { min: 1, max: 5 }],
      dilation: ["Dilatación, d", { min: 1, max: 4 }],
    },
    figure.setter,
  );
  const mode = choices(
    "Relleno",
    [
      ["valid", "valid"],
      ["same", "same"],
      ["number", "p píxeles"],
    ],
    (value) => figure.set({ padding: value === "number" ? 1 : value }),
  );
  const [padding, ...others] = sizes.els; // el relleno se elige antes que sus píxeles
  return {
    el: h("div.cf-controls", {}, others, mode, padding),
    draw({ state, before, target }) {
      const named = typeof state.padding === "string";
      sizes.draw({ ...state, padding: before }, { padding: named, input_size: target > 0 });
      mode.draw(named ? state.padding : "number");
    },
  };
}

/** El reto de llegar a un tamaño; cuenta las maneras distintas de lograrlo. */
function sizeChallenge(figure) {
  let found = new Set();
  const forget = () => {
    found = new Set();
  };
  const propose = button("Nuevo reto", () => {
    const { input_size: n, target } = figure.state();
    const sizes = [Math.ceil(n / 2), n, n - 4, Math.ceil(n / 3), n + 2, 1].filter((size) => size > 0);
    forget();
    figure.set({ target: sizes[(sizes.indexOf(target) + 1) % sizes.length] });
  });
  const leave = button("Dejarlo", () => {
    propose.focus(); // este botón desaparece
    figure.set({ target: 0 });
  });
  const text = h("p.cf-label");
  const goal = challenge(figure, "", [text, propose, leave]);
  figure.onReset(forget);
  return {
    el: goal.el,
    draw({ state, n, k, d, stride, before, after, target }) {
      const verdict = target ? judgeSize(target, state) : null;
      if (verdict?.done) {
        found.add([k, stride, before, after, d].join());
        if (found.size > 1)
          Object.assign(verdict, { reason: "reached_again", values: { target, times: found.size } });
      }
      write(text, target ? figure.text("goal", { n, target }) : figure.text("any_goal"));
      leave.hidden = !target;
      goal.draw(verdict);
    },
  };
}

export default function compose(figure) {
  let chosen = 0; // ventana resaltada
  const show = (position) => {
    chosen = position;
    figure.redraw();
  };
  const steps = player(figure, "Ventana resaltada", "Ventana", (position) => {
    show(position);
    figure.say(`Ventana ${position + 1}`);
  });
  const diagram = windowsDiagram(figure, (position) => {
    steps.pause();
    show(position);
  });
  const said = explanations();
  const controls = settings(figure);
  const goal = sizeChallenge(figure);
  figure.onReset(() => {
    chosen = 0;
  });
  figure.add(diagram, said.message, said.formula, steps, controls, goal);

  return () => {
    const now = look(figure);
    chosen = Math.min(chosen, Math.max(now.total - 1, 0));
    diagram.draw(now, chosen);
    steps.draw(chosen, now.total);
    for (const part of [said, controls, goal]) part.draw(now);
  };
}
