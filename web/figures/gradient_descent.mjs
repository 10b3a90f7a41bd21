// Descenso de gradiente: la parábola de un peso, y el valle de los dos pesos de una recta que se ajusta.
import { clamp } from "../geometry.mjs";
import { judgeDescent, judgePrediction } from "../goals.mjs";
import { contour, descend, lossChange, POINTS, surfaces } from "../optimization.mjs";
import { button, card, challenge, choices, player, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { approximate, count, number } from "../ui/numbers.mjs";
import { plane } from "../ui/plot.mjs";

const STEPS = 60;
const RATES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2];
const MOMENTA = Array.from({ length: 10 }, (_, i) => i / 10);
const LEVELS = [0.02, 0.2, 1, 3, 6.5, 12, 20, 32]; // curvas de nivel del valle
const range = (from, to, parts) =>
  Array.from({ length: (to - from) * parts + 1 }, (_, i) => from + i / parts);
// Por pérdida: desde dónde se empieza, en cuántos pasos hay que llegar, y qué pesos se ven.
const VIEWS = {
  parabola: { start: [0, 0], limit: 5, sides: [[-2, 8]] },
  valley: {
    start: [1, 0],
    limit: 30,
    sides: [
      [-2, 6],
      [-3, 5],
    ],
  },
};
const RADIUS = 0.05; // a menos de esto de los pesos buenos, se ha llegado

/** Un número que puede haberse disparado. */
function shown(v) {
  const size = Math.abs(v);
  if (size < 1e4) return number(v);
  const power = size.toExponential(1).replace(".", ",").replace("e+", " ·\xa010^");
  return `${v < 0 ? "−" : ""}${size < 1e15 ? approximate(size) : power}`;
}

/** Un factor, entre paréntesis si es negativo. */
const factor = (v) => (v < 0 ? `(${shown(v)})` : shown(v));

/** El estado y lo que se deduce de él: los puntos, más allá de los que se dan, el actual y el siguiente. */
function look(figure) {
  const state = figure.state();
  const surface = surfaces[state.surface];
  const settings = { start: state.start, rate: state.learning_rate, momentum: state.momentum };
  const points = descend(surface, settings, 2 * STEPS);
  const { step } = state;
  const { limit, sides } = VIEWS[state.surface];
  return { ...state, ...surface, limit, sides, points, now: points[step], next: points[step + 1] };
}

/** La predicción de quien mira: dónde cree que caerá el siguiente punto, y cuántas lleva acertadas. */
function predictions(figure) {
  const guess = { at: null, last: null, streak: 0, verdict: null };
  const clear = () => Object.assign(guess, { at: null, last: null, streak: 0, verdict: null });
  figure.onReset(clear);
  return Object.assign(guess, {
    clear,
    place(at) {
      Object.assign(guess, { at, last: null });
      figure.redraw();
    },
    /** Juzga la predicción cuando se da un paso, y solo uno, desde donde se hizo. */
    move({ step, now, next }, to) {
      const judged = guess.at && to === step + 1;
      if (judged) {
        const { done, reason, values } = judgePrediction(now.weights, next.weights, guess.at);
        const streak = reason === "barely_moves" ? guess.streak : done ? guess.streak + 1 : 0;
        const said = figure.text(reason, values);
        Object.assign(guess, {
          streak,
          verdict: { done: streak >= 3, reason: "streak", values: { said, streak } },
        });
      } else Object.assign(guess, { streak: 0, verdict: null }); // lo visto y lo que se salta rompen la racha
      guess.last = judged ? guess.at : null;
      guess.at = null;
      figure.set({ step: to });
    },
  });
}

/** La predicción, para quien no la ve. */
const told = ({ at }) =>
  at ? ` Tu predicción: ${at.map((v, i) => `${"wb"[i]} = ${number(v)}`).join(", ")}.` : "";

/** Lo común a los dos planos: por dónde ha pasado, dónde está, y la predicción. */
function trail(plot) {
  const path = s("path.cf-curve.cf-trail");
  const dots = s("g");
  const here = s("circle.cf-dot.cf-dot-here", { r: 7 });
  const mark = s("g.cf-guess", {}, s("circle", { r: 9 }), s("path", { d: "M-4 0h8M0-4v8" }));
  plot.inside.append(path, dots, here);
  plot.marks.append(mark);
  return (places, guess) => {
    update(path, { d: plot.line(places) });
    resize(dots, places.length - 1, () => s("circle.cf-dot.cf-dot-past", { r: 3.5 })).forEach((dot, i) =>
      update(dot, { cx: plot.x(places[i][0]).toFixed(1), cy: plot.y(places[i][1]).toFixed(1) }),
    );
    const [x, y] = places.at(-1);
    update(here, { cx: plot.x(x).toFixed(1), cy: plot.y(y).toFixed(1) });
    update(mark, {
      visibility: guess ? null : "hidden",
      transform: guess && `translate(${plot.x(guess[0]).toFixed(1)} ${plot.y(guess[1]).toFixed(1)})`,
    });
  };
}

/** La parábola, con la tangente en el punto. */
function parabolaPlot(guess) {
  const { loss } = surfaces.parabola;
  const plot = plane({
    across: { ticks: range(-2, 8, 0.5), label: "peso, w" },
    up: { ticks: range(0, 25, 0.2), label: "pérdida" },
    onpick: (w) => guess.place([w]),
  });
  const tangent = s("path.cf-curve.cf-slope");
  const curve = range(-2, 8, 10).map((w) => [w, loss([w])]);
  plot.inside.append(s("path.cf-curve.cf-surface", { d: plot.line(curve) }), tangent);
  const drawTrail = trail(plot);
  return {
    el: plot.el,
    draw({ points, step, now }) {
      const [[w], [slope]] = [now.weights, now.gradient];
      const reach = 2 / Math.hypot(1, slope / 2.5);
      const ends = [-reach, reach].map((by) => [w + by, now.loss + slope * by]);
      update(tangent, { d: plot.line(ends) });
      const chosen = guess.at ?? guess.last;
      drawTrail(
        points.slice(0, step + 1).map(({ weights, loss: height }) => [weights[0], height]),
        chosen && [chosen[0], loss(chosen)],
      );
      const place = `El punto está en w = ${shown(w)}, con pérdida ${shown(now.loss)}.`;
      update(plot.svg, { "aria-label": `Pérdida (w − 3)² según w. ${place}${told(guess)}` });
    },
  };
}

/** El valle visto desde arriba: curvas de nivel y, desde el punto, hacia dónde baja más. */
function valleyPlot(guess) {
  const plot = plane({
    across: { ticks: range(-2, 6, 0.5), label: "peso, w" },
    up: { ticks: range(-3, 5, 0.5), label: "sesgo, b" },
    onpick: (w, b) => guess.place([w, b]),
  });
  plot.el.classList.add("cf-hold");
  const rings = [...LEVELS]
    .reverse()
    .map((level) => s("path.cf-ring", { d: `${plot.line(contour(level))}Z` }));
  const [x, y] = surfaces.valley.minimum;
  const bottom = s("path.cf-bottom", { d: `M${plot.x(x) - 5} ${plot.y(y)}h10m-5-5v10` });
  const arrow = s("path.cf-curve.cf-slope");
  plot.inside.append(...rings, bottom, arrow);
  const drawTrail = trail(plot);
  return {
    el: plot.el,
    draw({ points, step, now }) {
      const { weights, gradient } = now;
      const size = Math.hypot(...gradient);
      const tip = weights.map((w, i) => w - (size > 0.02 ? gradient[i] / size : 0));
      update(arrow, { d: plot.line([weights, tip]) });
      drawTrail(
        points.slice(0, step + 1).map((point) => point.weights),
        guess.at ?? guess.last,
      );
      const [w, b] = weights.map(shown);
      const place = `El punto está en w = ${w}, b = ${b}, con pérdida ${shown(now.loss)}.`;
      update(plot.svg, { "aria-label": `Valle de la pérdida, desde arriba. ${place}${told(guess)}` });
    },
  };
}

/** Los dos puntos, la recta de ahora y sus errores. */
function linePlot() {
  const plot = plane({
    across: { ticks: [0, 1, 2, 3], label: "entrada, x" },
    up: { ticks: [-2, 0, 2, 4, 6, 8], label: "salida, wx + b" },
  });
  const line = s("path.cf-curve.cf-fit");
  const errors = POINTS.map(() => s("path.cf-curve.cf-error"));
  plot.inside.append(...errors, line);
  plot.marks.append(
    ...POINTS.map(([x, y]) => s("circle.cf-dot.cf-dot-past", { r: 6, cx: plot.x(x), cy: plot.y(y) })),
  );
  return {
    el: plot.el,
    draw({ now }) {
      const [w, b] = now.weights;
      const at = (x) => w * x + b;
      const across = (y, x) =>
        plot.line([
          [x, y],
          [x, at(x)],
        ]);
      update(line, { d: plot.line([0, 3].map((x) => [x, at(x)])) });
      POINTS.forEach(([x, y], i) => update(errors[i], { d: across(y, x) }));
      const said = POINTS.map(([x, y]) => `en ${x} da ${shown(at(x))} y debe dar ${y}`).join("; ");
      update(plot.svg, { "aria-label": `La recta de ahora y los dos puntos: ${said}.` });
    },
  };
}

/** La pérdida de cada paso dado, en escala logarítmica. */
function lossPlot() {
  const plot = plane({
    across: { ticks: range(0, STEPS, 0.1), label: "pasos" },
    up: { ticks: range(-3, 3, 1), label: "pérdida", text: (v) => number(10 ** v, 3) },
  });
  const curve = s("path.cf-curve.cf-fit");
  const dot = s("circle.cf-dot.cf-dot-here", { r: 5 });
  plot.inside.append(curve);
  plot.marks.append(dot);
  return {
    el: plot.el,
    draw({ points, step, now }) {
      const height = ({ loss }) => clamp(Math.log10(loss), -3, 6);
      const places = points.slice(0, step + 1).map((point, i) => [i, height(point)]);
      update(curve, { d: plot.line(places) });
      update(dot, { cx: plot.x(step), cy: plot.y(Math.min(3, height(now))) });
      const from = `De ${shown(points[0].loss)} a ${shown(now.loss)} en ${count(step, "paso")}.`;
      update(plot.svg, { "aria-label": `Pérdida según los pasos, en escala logarítmica. ${from}` });
    },
  };
}

/** Las cifras del punto, la cuenta del último paso y lo que ha pasado en él. */
function account(figure) {
  const cards = ["Pérdida", "w", "b"].map((title) => card(title));
  const [last, effect] = [h("p.cf-formula"), h("p", { role: "status" })];
  const terms = ({ points, step, now, learning_rate: rate, momentum }, name, i) => {
    const before = points[step - 1];
    const inertia = momentum ? ` + ${number(momentum, 6)} · ${factor(before.velocity[i])}` : "";
    const change = `${number(rate, 6)} · ${factor(before.gradient[i])}${inertia}`;
    return `${name} = ${shown(before.weights[i])} − ${change} ≈ ${shown(now.weights[i])}`;
  };
  const outside = ({ sides, now }) =>
    sides.some(([least, most], i) => now.weights[i] < least || now.weights[i] > most)
      ? " El punto queda fuera de la gráfica."
      : "";
  const happened = ({ points, step, momentum }) => {
    if (!step) return momentum ? figure.text("rule_momentum") : figure.text("rule");
    return figure.text(lossChange(points, step));
  };
  return {
    els: [h("div.cf-cards", {}, cards), last, effect],
    text: () => effect.textContent,
    draw(state) {
      const { names, step, now } = state;
      cards[0].draw(shown(now.loss), "");
      cards.slice(1).forEach((one, i) => {
        one.el.hidden = i >= names.length;
        if (i >= names.length) return;
        const derivative = names.length > 1 ? `∂L/∂${names[i]}` : "derivada";
        one.draw(shown(now.weights[i]), `${derivative} = ${shown(now.gradient[i])}`);
      });
      const done = step ? names.map((name, i) => terms(state, name, i)).join("; ") : "ninguno todavía";
      write(last, `Último paso: ${done}`);
      write(effect, happened(state) + outside(state));
    },
  };
}

function settings(figure, guess) {
  const restart = (changes) => {
    guess.clear();
    figure.set({ step: 0, ...changes });
  };
  const surface = choices(
    "Pérdida",
    [
      ["parabola", "un peso"],
      ["valley", "dos pesos: una recta"],
    ],
    (name) => restart({ surface: name, start: VIEWS[name].start }),
  );
  const rate = slider("Tasa", RATES, (value) => restart({ learning_rate: value }));
  const momentum = slider("Inercia", MOMENTA, (value) => restart({ momentum: value }));
  const starts = [0, 1].map((i) =>
    slider(["Empezar en w", "Empezar en b"][i], range(-3, 8, 2), (value) =>
      restart({ start: figure.get("start").map((v, j) => (i === j ? value : v)) }),
    ),
  );
  return {
    surface,
    els: [rate, momentum, ...starts],
    draw({ surface: name, names, learning_rate, momentum: inertia, start }) {
      surface.draw(name);
      rate.draw(learning_rate);
      momentum.draw(inertia);
      starts.forEach((one, i) => {
        one.el.hidden = i >= names.length;
        one.draw(start[i]);
      });
    },
  };
}

/** El reto de predecir: un mando por peso, que también se mueve tocando la gráfica, y el botón del paso. */
function predictionChallenge(figure, guess, advance) {
  const made = ["w", "b"].map((name, i) =>
    slider(`Predicción de ${name}`, range(-3, 8, 10), (value) => {
      const at = guess.at ?? look(figure).now.weights;
      guess.place(at.map((v, j) => (i === j ? value : v)));
    }),
  );
  const go = button("Dar el paso", advance);
  const goal = challenge(figure, "goal_guess", [h("div.cf-controls.cf-wide", {}, made), go]);
  return {
    el: goal.el,
    draw({ names, now, step }) {
      made.forEach((one, i) => {
        one.el.hidden = i >= names.length;
        one.draw(clamp((guess.at ?? now.weights)[i] ?? 0, -3, 8));
      });
      update(go, { "aria-disabled": String(step === STEPS) });
      goal.draw(guess.verdict);
    },
  };
}

export default function compose(figure) {
  const guess = predictions(figure);
  const move = (to) => guess.move(look(figure), to);
  const advance = () => {
    const { step } = look(figure);
    if (step < STEPS) move(step + 1);
    figure.say(() => (guess.verdict ? figure.text("streak", guess.verdict.values) : said.text()));
  };
  const steps = player(figure, "Pasos", "Punto", move);
  const said = account(figure);
  const controls = settings(figure, guess);
  const plots = { parabola: [parabolaPlot(guess)], valley: [valleyPlot(guess), linePlot()] };
  const losses = lossPlot();
  const prediction = predictionChallenge(figure, guess, advance);
  const text = h("p.cf-label");
  const goal = challenge(figure, "", [text]);
  const all = Object.values(plots).flat();
  const [parabola, valley, line] = all;
  const side = h("div.cf-side.cf-steps", {}, said.els, prediction);
  const tuning = h("div.cf-controls.cf-steps", {}, steps, controls.els);
  figure.add(controls.surface, h("div.cf-ranking", {}, parabola, valley, side, line, losses, tuning));
  figure.add(goal);

  return () => {
    const now = look(figure);
    for (const plot of all) plot.el.hidden = !plots[now.surface].includes(plot);
    for (const part of [...plots[now.surface], losses, said, controls, prediction]) part.draw(now);
    steps.draw(now.step, STEPS + 1);
    const good = now.names.map((name, i) => `${name} = ${now.minimum[i]}`).join(", ");
    write(text, figure.text("goal", { radius: number(RADIUS), good, limit: now.limit }));
    goal.draw(judgeDescent(now.points.slice(0, now.step + 1), now, RADIUS));
  };
}
