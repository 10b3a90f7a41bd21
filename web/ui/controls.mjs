// Mandos: deslizador, botones de elección, lista, reproductor, tarjeta y reto. Todos son nativos: el teclado
// y el lector de pantalla salen gratis.
import { h, s, update, write } from "./dom.mjs";
import { calm } from "./figure.mjs";
import { number } from "./numbers.mjs";

const LAB = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab no se queda con las flechas
const stopKeys = (event) => event.stopPropagation();

/** Deslizador de los enteros de {min, max}, o de una lista creciente. draw(valor) lo pone al día. */
export function slider(label, range, onchange) {
  const values = Array.isArray(range) ? range : null;
  const { min, max } = values ? { min: 0, max: values.length - 1 } : range;
  const nearest = (value) =>
    values.reduce((best, v, i) => (Math.abs(v - value) < Math.abs(values[best] - value) ? i : best), 0);
  const input = h("input", {
    type: "range",
    min,
    max,
    step: 1,
    "aria-label": label,
    ...LAB,
    onkeydown: stopKeys,
    oninput: () => onchange(values ? values[input.value] : Number(input.value)),
  });
  const shown = h("output", { "aria-hidden": "true" });
  return {
    el: h("label.cf-slider", {}, h("span", {}, label), input, shown),
    draw(value, disabled = false) {
      input.value = values ? nearest(value) : value;
      input.disabled = disabled;
      update(input, { "aria-valuetext": number(value) });
      write(shown, number(value));
    },
  };
}

/** Mandos con un rótulo común. */
export const group = (label, ...children) =>
  h(
    "div.cf-choices",
    { role: "group", "aria-label": label },
    h("span.cf-label", { "aria-hidden": "true" }, label),
    ...children,
  );

/** Un deslizador por estado: {estado: [rótulo, intervalo]}. draw({estado: valor}) los pone al día. */
export function sliders(ranges, setter) {
  const made = Object.entries(ranges).map(([name, [label, range]]) => [
    name,
    slider(label, range, setter(name)),
  ]);
  return {
    els: made.map(([, one]) => one),
    draw(values, disabled = {}) {
      for (const [name, one] of made) one.draw(values[name], disabled[name] ?? false);
    },
  };
}

/** Lo que impide dibujar, o nada. */
export function warning(props) {
  const el = h("p.cf-message", props);
  return {
    el,
    draw(text) {
      el.hidden = !text;
      write(el, text);
    },
  };
}

/**
 * Lo que está por llegar. draw(problema, espera): si ha fallado, un botón lo vuelve a pedir y, cuando llega,
 * deja el foco en la primera cuadrícula de la figura.
 */
export function arrival(retry) {
  const message = warning({ role: "status" });
  const again = button("Reintentar", () => retry());
  const el = h("div.cf-row", {}, message, again);
  return {
    el,
    draw(problem, wait) {
      const said = problem || wait;
      const focused = again.matches(":focus");
      el.hidden = !said;
      message.draw(said);
      again.hidden = !problem && !focused;
      if (focused && !said) el.parentNode.querySelector("[tabindex]").focus();
    },
  };
}

/** Botones de los que uno está pulsado. `options` son los valores, o pares [valor, texto]. */
export function choices(label, options, onchange) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, String(option)]));
  const buttons = pairs.map(([value, text]) =>
    h("button", { type: "button", class: "cf-choice", onclick: () => onchange(value) }, text),
  );
  return {
    el: group(label, h("span.cf-pills", {}, buttons)),
    draw(value) {
      buttons.forEach((button, i) => update(button, { "aria-pressed": String(pairs[i][0] === value) }));
    },
  };
}

/** Lista desplegable. `options` es una lista [valor, texto]; draw("") enseña `empty`. */
export function select(label, options, onchange, empty) {
  const all = empty ? [["", empty], ...options] : options;
  const input = h(
    "select",
    { ...LAB, "aria-label": label, onkeydown: stopKeys, onchange: () => onchange(input.value) },
    all.map(([value, text]) => h("option", { value }, text)),
  );
  return {
    el: h("label.cf-select", {}, h("span", { "aria-hidden": "true" }, label), input),
    draw: (value) => {
      input.value = value;
    },
  };
}

/** Botón con texto. */
export const button = (text, onclick, props) =>
  h("button", { type: "button", class: "cf-button", onclick, ...props }, text);

/** Menos y más, para quien no tiene teclado: onchange(−1 | +1). */
export function nudge(label, onchange) {
  const shown = h("output");
  const press = (text, name, step) =>
    button(text, () => onchange(step), { "aria-label": `${label}: ${name}` });
  return {
    el: h(
      "div.cf-nudge",
      { role: "group", "aria-label": label },
      h("span.cf-label", { "aria-hidden": "true" }, label),
      h("span.cf-row", {}, press("−", "menos", -1), shown, press("+", "más", 1)),
    ),
    draw: (text) => write(shown, text),
  };
}

/**
 * Texto que se edita: al acabar o con Intro, onchange(texto) lo aplica o devuelve por qué no puede.
 * draw(texto) lo cambia cuando es otro.
 */
export function field(figure, label, onchange) {
  const said = warning({ role: "status" });
  let shown = null;
  const input = h("input.cf-text", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    ...LAB,
    onkeydown: stopKeys,
    onchange: () => said.draw(onchange(input.value) ?? ""),
  });
  figure.onReset(() => {
    shown = null;
  });
  said.draw("");
  return {
    el: h("label.cf-entry", {}, h("span.cf-label", { "aria-hidden": "true" }, label), input, said),
    draw(text) {
      if (text === shown) return;
      said.draw("");
      shown = text;
      input.value = text;
    },
  };
}

const ICONS = {
  back: "M15 4v12L6 10zM4 4h2v12H4z",
  play: "M5 3l12 7-12 7z",
  pause: "M4 3h4v14H4zM12 3h4v14h-4z",
  next: "M5 4v12l9-6zM14 4h2v12h-2z",
};
const icon = (name) =>
  s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));

const iconButton = (name, text, onclick) =>
  button(icon(name), onclick, { class: "cf-button cf-icon", "aria-label": text, title: text });

/** Reproducir, pausar y avanzar; `unit` es lo que se recorre. draw(posición, cuántas hay) lo pone al día. */
export function player(figure, label, unit, onstep) {
  let [position, steps, stop] = [0, 1, null];
  const pause = () => {
    stop?.();
    stop = null;
    figure.redraw();
  };
  const jump = (to) => {
    pause();
    onstep(to);
  };
  const play = () => {
    if (position === steps - 1) onstep(0);
    const interval = Math.max(calm() ? 1000 : 60, Math.min(700, 20000 / steps));
    stop = figure.every(interval, () => (position < steps - 1 ? onstep(position + 1) : pause()));
    figure.redraw();
  };
  const toggle = iconButton("play", "Reproducir", () => (stop ? pause() : play()));
  const bar = h("input", {
    type: "range",
    min: 0,
    "aria-label": label,
    ...LAB,
    onkeydown: stopKeys,
    oninput: () => jump(Number(bar.value)),
  });
  const back = iconButton("back", "Paso anterior", () => jump((position - 1 + steps) % steps));
  const next = iconButton("next", "Paso siguiente", () => jump((position + 1) % steps));
  figure.onReset(pause);
  return {
    el: h("div.cf-player", { role: "group", "aria-label": label }, back, toggle, next, bar),
    playing: () => stop !== null,
    pause,
    draw(now, total) {
      [position, steps] = [now, Math.max(total, 1)];
      bar.max = steps - 1;
      bar.value = now;
      update(bar, { "aria-valuetext": `${unit} ${now + 1} de ${total}` });
      const [name, title] = stop ? ["pause", "Pausa"] : ["play", "Reproducir"];
      if (toggle.dataset.icon === name) return;
      toggle.dataset.icon = name;
      toggle.replaceChildren(icon(name));
      update(toggle, { "aria-label": title, title });
    },
  };
}

/** Tarjeta con una cifra y su cuenta; si se piden, con unas palabras y con una barra del color de `kind`. */
export function card(title, kind, words = false) {
  const [value, note, formula] = [h("strong"), h("small"), h("small.cf-formula")];
  const bar = h("i");
  const meter = kind && h("div.cf-meter", { "aria-hidden": "true" }, bar);
  const name = kind ? `cf-card cf-card-${kind}` : "cf-card";
  return {
    el: h("div", { class: name }, h("span", {}, title), value, words && note, meter, formula),
    /** `part`, de 0 a 1, es lo que se llena la barra. */
    draw(text, account, part, said) {
      write(value, text);
      write(formula, account);
      if (words) write(note, said);
      if (kind) bar.style.width = `${100 * part}%`;
    },
  };
}

/**
 * Un reto, con el texto `name` de rótulo, y su veredicto {done, reason, values}; `extra` son mandos propios,
 * que pueden hacer de rótulo.
 */
export function challenge(figure, name, extra = []) {
  const status = h("p.cf-verdict", { role: "status" });
  return {
    el: h(
      "div.cf-challenge",
      { role: "group", "aria-label": "Reto" },
      name && h("p.cf-label", {}, figure.text(name)),
      extra,
      status,
    ),
    draw(verdict) {
      status.hidden = !verdict;
      if (!verdict) return;
      update(status, { "data-done": String(verdict.done) });
      write(status, `${verdict.done ? "✓ " : ""}${figure.text(verdict.reason, verdict.values)}`);
    },
  };
}
