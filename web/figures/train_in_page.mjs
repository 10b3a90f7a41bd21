// Entrena en la página: una red densa y una convolucional aprenden a la vez, cada una en su hilo.
import { DISTANCES, EPOCHS, parameterCount } from "../nn/session.mjs";
import { makeJob, statusOf } from "../training/job.mjs";
import { CURVES, curvesPlot, legend } from "../training/plot.mjs";
import { button, choices, select, slider, warning } from "../ui/controls.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { paintMaps } from "../ui/mosaic.mjs";
import { number, percent } from "../ui/numbers.mjs";

const SHOWN = 16; // filtros o neuronas que se pintan
const BUTTONS = {
  ready: "Entrenar",
  loading: "Llegan las prendas…",
  running: "Parar",
  paused: "Seguir",
  done: "Entrenar otra vez",
};
const WHAT = { dense: "Lo que pesa cada píxel en", cnn: "Los filtros de la primera capa:" };

/** Los primeros mapas de unos pesos. */
function firstMaps({ values, shape: [rows, cols, maps] }) {
  const kept = Math.min(maps, SHOWN);
  const chosen = Float64Array.from({ length: rows * cols * kept }, (_, i) => {
    return values[Math.floor(i / kept) * maps + (i % kept)];
  });
  return { values: chosen, shape: [rows, cols, kept] };
}

/** La ficha de una red: parámetros, aciertos y los pesos de su primera capa según se forman. */
function networkCard(kind) {
  const [parameters, score, caption] = [h("strong"), h("small"), h("p.cf-caption")];
  const canvas = h("canvas.cf-weights", { role: "img" });
  const style = kind === "cnn" ? "conv" : "dense";
  return {
    el: h(
      "div",
      { class: `cf-card cf-card-${style} cf-racer` },
      h("span", {}, `La ${CURVES[kind]}`),
      parameters,
      h("small", {}, "parámetros"),
      score,
      caption,
      canvas,
    ),
    draw({ theme, networks, ...settings }) {
      const { weights, loss, score: hits } = networks[kind];
      write(parameters, number(parameterCount(kind, settings), 0));
      write(
        score,
        hits >= 0
          ? `acierta ${percent(hits)} de las prendas de prueba`
          : loss.length
            ? "en la primera época"
            : "sin entrenar",
      );
      canvas.hidden = !weights;
      caption.hidden = !weights;
      if (!weights) return;
      const maps = firstMaps(weights);
      paintMaps(canvas, maps, theme);
      const units =
        kind === "dense" ? `${maps.shape[2]} de sus ${settings.hidden} neuronas` : `${maps.shape[2]}`;
      write(caption, `${WHAT[kind]} ${units}`);
      update(canvas, { "aria-label": `${WHAT[kind]} ${units}` });
    },
  };
}

function settingsPanel(onchange) {
  const setter = (name) => (value) => onchange({ [name]: Number(value) });
  const rates = [0.0003, 0.001, 0.003, 0.01, 0.03].map((rate) => [String(rate), number(rate, 4)]);
  const parts = {
    filters: choices("Filtros", [4, 8, 16], setter("filters")),
    kernel_size: choices("Lado del filtro", [3, 5], setter("kernel_size")),
    hidden: choices("Neuronas de la densa", [16, 32, 64, 128], setter("hidden")),
    rate: select("Tasa de aprendizaje", rates, setter("rate")),
    seed: slider("Semilla", { min: 0, max: 99 }, setter("seed")),
  };
  return {
    el: h("div.cf-controls", {}, Object.values(parts)),
    draw(now) {
      for (const [name, part] of Object.entries(parts))
        part.draw(name === "rate" ? String(now.rate) : now[name]);
    },
  };
}

function plots() {
  const loss = curvesPlot({ title: "Pérdida al aprender", xLabel: "época" });
  const accuracy = curvesPlot({ title: "Aciertos de prueba", xLabel: "época" });
  const shifted = curvesPlot({ title: "Con las prendas movidas", xLabel: "píxeles" });
  const pick = (networks, name) =>
    Object.fromEntries(Object.keys(CURVES).map((key) => [key, networks[key][name]]));
  return {
    el: h("div.cf-plots", {}, loss, accuracy, shifted),
    draw({ networks }) {
      const losses = pick(networks, "loss");
      const most = Math.max(2.5, ...Object.values(losses).flatMap((points) => points.map(([, y]) => y)));
      loss.draw({ curves: losses, xMax: EPOCHS, yMax: Math.min(5, Math.ceil(2 * most) / 2) });
      accuracy.draw({ curves: pick(networks, "accuracy"), xMax: EPOCHS, yMax: 1 });
      shifted.draw({ curves: pick(networks, "shifted"), xMax: DISTANCES.at(-1), yMax: 1 });
    },
  };
}

export default function compose(figure) {
  const { job, clear, start, pause, resume } = makeJob(figure);
  const settings = settingsPanel((changes) => {
    clear();
    figure.set(changes);
  });
  figure.onReset(clear);
  const act = () => {
    if (job.phase === "done") clear();
    if (job.phase === "ready") start(figure.state());
    else if (job.phase === "running") pause();
    else if (job.phase === "paused") resume();
  };
  const go = button("Entrenar", act, { class: "cf-button cf-go" });
  const status = h("p.cf-verdict", { role: "status" });
  const problem = warning({ role: "alert" });
  const cards = Object.keys(CURVES).map(networkCard);
  const graphs = plots();
  const note = h("p.cf-label");
  figure.add(
    settings,
    h("div.cf-row", {}, go, status),
    problem,
    h("div.cf-race", {}, cards),
    legend(),
    graphs,
    note,
  );
  return () => {
    const state = figure.state();
    // también empieza otra vez lo que se cambia desde Python
    if (job.asked && String(Object.values(job.asked)) !== String(Object.values(state))) clear();
    const now = { ...state, ...job, theme: figure.theme };
    settings.draw(now);
    write(go, BUTTONS[job.phase]);
    update(go, { "aria-disabled": String(job.phase === "loading") });
    write(status, statusOf(figure, job));
    problem.draw(job.problem);
    for (const card of cards) card.draw(now);
    graphs.draw(now);
    write(note, job.drawn ? figure.text("drawn") : figure.text("real"));
  };
}
