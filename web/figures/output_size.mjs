// Tamaño de salida: una fila de la entrada, las ventanas que caben y la salida que dejan.
import { judgeSize } from "../goals.mjs";
import { leftover, outputSize, resolvePadding, span, usage } from "../math.mjs";
import { button, challenge, choices, player, slider } from "../ui/controls.mjs";
import { h, resize, s, update, write } from "../ui/dom.mjs";
import { mount } from "../ui/figure.mjs";
import { count } from "../ui/numbers.mjs";

function compose(figure) {
  let window_ = 0;
  let found = new Set();
  const set = (name) => (value) => figure.set({ [name]: value });
  const inputs = s("g", {});
  const windows = s("g", {});
  const outputs = s("g", {});
  const links = s("path", { class: "cf-link" });
  const diagram = s("svg", { class: "cf-diagram cf-sizes", role: "img" }, links, inputs, windows, outputs);
  const message = h("p", { class: "cf-message" });
  const formula = h("p", { class: "cf-formula cf-big", role: "status" });
  const steps = player(figure, {
    label: "Ventana resaltada",
    onstep(i) {
      window_ = i;
      figure.redraw();
      figure.say(`Ventana ${i + 1}`);
    },
  });
  const controls = {
    input_size: slider({ label: "Entrada, n", min: 1, max: 32, onchange: set("input_size") }),
    kernel_size: slider({ label: "Kernel, k", min: 1, max: 11, onchange: set("kernel_size") }),
    stride: slider({ label: "Stride, s", min: 1, max: 5, onchange: set("stride") }),
    padding: slider({ label: "Padding, p", min: 0, max: 5, onchange: set("padding") }),
    dilation: slider({ label: "Dilatación, d", min: 1, max: 4, onchange: set("dilation") }),
  };
  const mode = choices({
    label: "Relleno",
    options: [
      ["valid", "valid"],
      ["same", "same"],
      ["number", "p píxeles"],
    ],
    onchange: (value) => figure.set({ padding: value === "number" ? 1 : value }),
  });
  const propose = button("Nuevo reto", () => {
    const { input_size: n, target } = figure.state();
    const wanted = [Math.ceil(n / 2), n, n - 4, Math.ceil(n / 3), n + 2, 1].filter((size) => size > 0);
    const next = wanted[(wanted.indexOf(target) + 1) % wanted.length];
    found = new Set();
    figure.set({ target: next });
  });
  const leave = button("Dejarlo", () => {
    propose.focus(); // este botón desaparece
    figure.set({ target: 0 });
  });
  const goalText = h("p", { class: "cf-label" });
  const goal = challenge({ extra: [goalText, propose, leave] });
  figure.onReset(() => {
    steps.pause();
    window_ = 0;
    found = new Set();
  });
  const area = h("div", { class: "cf-touch" }, diagram);
  const pick = (event) => {
    if (!event.buttons && event.type !== "pointerdown") return;
    const { input_size: n, kernel_size: k, stride, padding, dilation: d } = figure.state();
    const [before, after] = resolvePadding(padding, n, k, stride, d);
    const total = outputSize(n, k, stride, before, after, d);
    const box = diagram.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * (n + before + after);
    steps.pause();
    window_ = Math.min(Math.max(Math.round((x - span(k, d) / 2) / stride), 0), Math.max(total - 1, 0));
    figure.redraw();
  };
  area.addEventListener("pointerdown", pick);
  area.addEventListener("pointermove", pick);
  figure.add(
    area,
    message,
    formula,
    steps.el,
    h(
      "div",
      { class: "cf-controls" },
      controls.input_size.el,
      controls.kernel_size.el,
      controls.stride.el,
      controls.dilation.el,
      mode.el,
      controls.padding.el,
    ),
    goal.el,
  );

  return () => {
    const state = figure.state();
    const { input_size: n, kernel_size: k, stride, padding, dilation: d, target } = state;
    const [before, after] = resolvePadding(padding, n, k, stride, d);
    const cells = n + before + after;
    const reach = span(k, d);
    const total = outputSize(n, k, stride, before, after, d);
    const spare = leftover(n, k, stride, before, after, d);
    const seen = usage(n, k, stride, before, after, d);
    const unused = seen.filter((times) => times === 0).length;
    window_ = Math.min(window_, Math.max(total - 1, 0));

    // Cada fila de ventanas mide lo que una celda mientras son pocas; después se aprietan.
    const unit = Math.max(cells, 12);
    const rowHeight = Math.min(0.62, (0.5 * unit) / Math.max(total, 1));
    const [top, gap] = [0.15, 0.35];
    const base = top + 1 + gap + Math.max(total, 1) * rowHeight + gap;
    update(diagram, { viewBox: `-0.1 0 ${unit + 0.2} ${base + 1.15}`, "aria-label": describe() });
    diagram.style.setProperty("--unit", unit);
    const current = (i) =>
      total && i >= window_ * stride && i < window_ * stride + reach && (i - window_ * stride) % d === 0;
    const squares = resize(inputs, cells, () => s("rect", { y: top, width: 1, height: 1 }));
    for (let i = 0; i < cells; i++) {
      const pixel = i - before;
      const kind = pixel < 0 || pixel >= n ? "padding" : "input";
      update(squares[i], {
        x: i,
        class: `cf-cell cf-cell-${kind}${total && kind === "input" && !seen[pixel] ? " cf-unused" : ""}${current(i) ? " cf-now" : ""}`,
      });
    }
    const bars = resize(windows, total, () => s("g", {}, s("line", {}), s("g", {})));
    const boxes = resize(outputs, total, () => s("rect", { width: 1, height: 1 }));
    for (let w = 0; w < total; w++) {
      const y = top + 1 + gap + w * rowHeight;
      const now = w === window_ ? " cf-now" : "";
      const [line, taps] = bars[w].childNodes;
      update(bars[w], { class: `cf-bar${now}` });
      update(line, {
        x1: w * stride + 0.1,
        x2: w * stride + reach - 0.1,
        y1: y + rowHeight / 2,
        y2: y + rowHeight / 2,
      });
      const dots = resize(taps, k, () => s("rect", { width: 0.86 }));
      dots.forEach((dot, i) =>
        update(dot, {
          x: w * stride + i * d + 0.07,
          y: y + rowHeight * 0.14,
          height: rowHeight * 0.72,
          rx: Math.min(0.15, rowHeight / 4),
        }),
      );
      update(boxes[w], {
        x: Math.min(w * stride + reach / 2 - 0.5, unit - 1),
        y: base,
        class: `cf-cell cf-cell-output${now}`,
      });
    }
    const left = window_ * stride;
    const x = left + reach / 2;
    update(links, {
      d: total ? `M${left} ${top + 1}L${x - 0.5} ${base}H${x + 0.5}L${left + reach} ${top + 1}Z` : "",
    });

    message.hidden = total > 0 && unused === 0 && spare === 0;
    write(
      message,
      total === 0
        ? `El kernel abarca ${reach} píxeles y la entrada con relleno solo tiene ${cells}: no cabe ninguna ventana.`
        : [
            spare &&
              `No divide: al final ${spare === 1 ? "sobra 1 celda" : `sobran ${spare} celdas`} y la división se redondea hacia abajo.`,
            unused &&
              `${unused === 1 ? "Queda 1 píxel" : `Quedan ${unused} píxeles`} de la entrada sin mirar (con borde discontinuo).`,
          ]
            .filter(Boolean)
            .join(" "),
    );
    const minus = d === 1 ? `${k}` : `${d}·(${k} − 1) − 1`;
    const filler = before === after ? `2·${before}` : `${before} + ${after}`;
    formula.replaceChildren(
      `⌊(${n} + ${filler} − ${minus}) / ${stride}⌋ + 1 = `,
      h("b", {}, total ? String(total) : "no cabe"),
    );
    steps.draw(window_, Math.max(total, 1), `Ventana ${window_ + 1} de ${total}`);
    for (const [name, control] of Object.entries(controls)) {
      control.draw(name === "padding" ? before : state[name], {
        disabled:
          (name === "padding" && typeof padding === "string") || (name === "input_size" && target > 0),
      });
    }
    mode.draw(typeof padding === "string" ? padding : "number");
    const verdict = target ? judgeSize(target, state) : null;
    if (verdict?.done) {
      found.add([k, stride, before, after, d].join());
      if (found.size > 1) verdict.message += ` Llevas ${found.size} combinaciones distintas.`;
      else verdict.message += " ¿Encuentras otra combinación?";
    }
    write(
      goalText,
      target ? `Reto: con n = ${n}, llega a una salida de ${target}` : "Reto: llegar a un tamaño",
    );
    leave.hidden = !target;
    goal.draw(verdict);

    function describe() {
      return `Entrada de ${n} píxeles con ${before} de relleno delante y ${after} detrás; ${count(total, "ventana")} de ${k} píxeles; salida de ${total}.`;
    }
  };
}

export default {
  render: (context) =>
    mount(
      context,
      {
        title: "Tamaño de salida",
        hint: "Mueve los mandos: hay una ventana por cada valor de la salida. En las columnas ocurre lo mismo que en las filas.",
        help: "Tabulador: de un mando a otro. Flechas: cambiar el valor. Con el recorrido se elige la ventana resaltada.",
        names: ["input_size", "kernel_size", "stride", "padding", "dilation", "target"],
      },
      compose,
    ),
};
