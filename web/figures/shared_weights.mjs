// Pesos compartidos: parámetros de tres capas con la misma entrada y la misma salida, según crecen.
import { judgeBudget } from "../goals.mjs";
import { parameterCounts } from "../math.mjs";
import { challenge, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { approximate, number } from "../ui/numbers.mjs";

const SIDES = [4, 6, 8, 12, 16, 24, 28, 32, 48, 64, 96, 128, 192, 224, 256, 384, 512, 768, 1024];
const FEW = [1, 2, 3, 4, 8, 16, 32, 64, 128, 256];
const KINDS = [
  ["dense", "Densa"],
  ["local", "Local"],
  ["conv", "Convolucional"],
];
const [WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM] = [560, 300, 84, 24, 46];
const TOP_POWER = 17;

function compose(figure) {
  const set = (name) => (value) => figure.set({ [name]: value });
  const curves = Object.fromEntries(
    KINDS.map(([kind]) => [kind, s("path", { class: `cf-curve cf-curve-${kind}` })]),
  );
  const points = s("g", {});
  const names = s("g", {});
  const axis = s("g", { class: "cf-axis" });
  const cursor = s("line", { class: "cf-at", y1: 8, y2: HEIGHT - BOTTOM });
  const plot = s(
    "svg",
    { class: "cf-diagram cf-plot", role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
    axis,
    cursor,
    Object.values(curves),
    points,
    names,
  );
  const x = (n) => LEFT + ((Math.log2(n) - 2) / 8) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (Math.log10(value) / TOP_POWER) * (HEIGHT - BOTTOM - 8);
  for (let power = 0; power <= TOP_POWER; power += 3) {
    const label = ["1", "mil", "1 millón", "mil mill.", "1 billón", "mil bill."][power / 3];
    axis.append(
      s("path", { d: `M${LEFT} ${y(10 ** power)}H${WIDTH - RIGHT}` }),
      s("text", { x: LEFT - 6, y: y(10 ** power) + 4, "text-anchor": "end" }, label),
    );
  }
  for (const n of [4, 16, 64, 256, 1024])
    axis.append(s("text", { x: x(n), y: HEIGHT - BOTTOM + 20, "text-anchor": "middle" }, String(n)));
  axis.append(
    s("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "lado de la imagen, n"),
  );

  const area = h("div", { class: "cf-touch" }, plot);
  const drag = (event) => {
    if (!event.buttons && event.type !== "pointerdown") return;
    const box = plot.getBoundingClientRect();
    const position = ((event.clientX - box.left) / box.width) * WIDTH;
    const nearest = SIDES.reduce((best, n) =>
      Math.abs(x(n) - position) < Math.abs(x(best) - position) ? n : best,
    );
    figure.set({ input_size: nearest });
  };
  area.addEventListener("pointerdown", drag);
  area.addEventListener("pointermove", drag);
  const cards = KINDS.map(([kind, name]) => {
    const [total, words, formula, bar] = [
      h("strong", {}),
      h("small", {}),
      h("small", { class: "cf-formula" }),
      h("i", {}),
    ];
    return {
      kind,
      total,
      words,
      formula,
      bar,
      el: h(
        "div",
        { class: `cf-card cf-card-${kind}` },
        h("span", {}, name),
        total,
        words,
        h("div", { class: "cf-meter", "aria-hidden": "true" }, bar),
        formula,
      ),
    };
  });
  const controls = {
    input_size: slider({ label: "Imagen, n", values: SIDES, onchange: set("input_size") }),
    kernel_size: slider({ label: "Kernel, k", min: 1, max: 11, onchange: set("kernel_size") }),
    channels: slider({ label: "Canales, c", values: FEW, onchange: set("channels") }),
    filters: slider({ label: "Filtros, f", values: FEW, onchange: set("filters") }),
  };
  const sentence = h("p", { role: "status" });
  const message = h("p", { class: "cf-message" });
  const goal = challenge({
    label: "Reto: más de mil millones en la densa y menos de mil en la convolucional",
  });
  const deck = h(
    "div",
    { class: "cf-cards cf-deck" },
    cards.map(({ el }) => el),
  );
  figure.add(
    message,
    deck,
    area,
    h(
      "div",
      { class: "cf-controls" },
      Object.values(controls).map(({ el }) => el),
    ),
    sentence,
    goal.el,
  );

  return () => {
    const { input_size: n, kernel_size: k, channels: c, filters: f } = figure.state();
    for (const [name, control] of Object.entries(controls)) control.draw(figure.get(name));
    const fits = k <= n;
    message.hidden = fits;
    [deck, area, sentence].forEach((el) => (el.hidden = !fits));
    if (!fits) {
      write(
        message,
        `El kernel abarca ${k} píxeles y la imagen solo tiene ${n}: reduce el kernel o agranda la imagen.`,
      );
      goal.draw(null);
      return;
    }
    const m = n - k + 1;
    const counts = parameterCounts(n, k, c, f);
    const formulas = {
      dense: `(${n}·${n}·${c} + 1) · ${m}·${m}·${f}`,
      local: `(${k}·${k}·${c} + 1) · ${m}·${m}·${f}`,
      conv: `(${k}·${k}·${c} + 1) · ${f}`,
    };
    cards.forEach(({ kind, total, words, formula, bar }) => {
      write(total, number(counts[kind], 0));
      write(words, counts[kind] >= 1e4 ? approximate(counts[kind]) : "parámetros");
      write(formula, formulas[kind]);
      bar.style.width = `${(100 * Math.log10(counts[kind])) / Math.log10(Math.max(counts.dense, 10))}%`;
    });
    for (const [kind, path] of Object.entries(curves)) {
      const line = SIDES.filter((side) => side >= k).map(
        (side) => `${x(side).toFixed(1)} ${y(parameterCounts(side, k, c, f)[kind]).toFixed(1)}`,
      );
      update(path, { d: `M${line.join("L")}` });
    }
    update(cursor, { x1: x(n), x2: x(n) });
    resize(points, 3, () => s("circle", { r: 5 })).forEach((dot, i) =>
      update(dot, { cx: x(n), cy: y(counts[KINDS[i][0]]), class: `cf-dot cf-dot-${KINDS[i][0]}` }),
    );
    const ends = KINDS.map(([kind]) => y(parameterCounts(1024, k, c, f)[kind]));
    resize(names, 3, () => s("text", { "text-anchor": "end", x: WIDTH - RIGHT - 4 })).forEach((text, i) => {
      update(text, { y: ends[i] - 8, class: `cf-name cf-name-${KINDS[i][0]}` });
      write(text, KINDS[i][1]);
    });
    const ratio = counts.dense / counts.conv;
    const text = `Con la misma entrada y la misma salida (${m} × ${m} × ${f}), la densa tiene ${approximate(ratio)} veces los parámetros de la convolucional, que no dependen de n.`;
    write(sentence, text);
    update(plot, { "aria-label": `Parámetros según el lado de la imagen, en escala logarítmica. ${text}` });
    goal.draw(judgeBudget(counts));
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Pesos compartidos",
        hint: "Agranda la imagen: arrastra sobre la gráfica o mueve el mando. La escala vertical multiplica por mil en cada línea.",
        help: "Tabulador: de un mando a otro. Flechas: cambiar el valor.",
        names: ["input_size", "kernel_size", "channels", "filters"],
      },
      compose,
    ),
};
