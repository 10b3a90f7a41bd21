// Repaso espaciado: de todas las preguntas de la página, enseña una a una las que tocan hoy.
import { EVENT } from "./form.mjs";
import { pending } from "./memory.mjs";

const count = (number) => (number === 1 ? "1 pregunta" : `${number} preguntas`);

/** La barra del repaso: qué capítulo, lo que se dice y los botones. */
function makeBar(chapters) {
  const el = element("div", { className: "course-review-bar" });
  const status = element("p", { role: "status" });
  const choose = element("select", {});
  choose.append(element("option", { value: "", textContent: "todos los capítulos" }));
  for (const { dataset } of chapters) {
    choose.append(element("option", { value: dataset.chapter, textContent: dataset.title }));
  }
  const label = element("label", { textContent: "Repasar " });
  label.append(choose);
  const names = { start: "Empezar", next: "Siguiente", all: "Ver todas", erase: "Borrar mi progreso" };
  const buttons = Object.fromEntries(Object.entries(names).map(([name, text]) => [name, button(text)]));
  const controls = element("p", { className: "course-actions" });
  controls.append(label, ...Object.values(buttons));
  el.append(status, controls);
  const say = (text) => {
    status.textContent = text;
  };
  return { el, choose, say, ...buttons };
}

/** Lo que se dice al empezar: cuántas preguntas tocan hoy. */
function summaryOf(ids, memory) {
  const due = pending(ids, memory).length;
  const known = ids.filter((id) => memory.get(id)?.streak > 0).length;
  if (ids.every((id) => !memory.get(id))) return `Hay ${count(ids.length)} y aún no has contestado ninguna.`;
  if (due === 0) return `Hoy no te toca ninguna de estas ${count(ids.length)}. Vuelve mañana.`;
  return `Hoy te ${due === 1 ? "toca" : "tocan"} ${count(due)} de ${ids.length}; sabes ${known}.`;
}

/** Pone en marcha el repaso de `root`; la segunda vez no hace nada. */
export function startReview(root, memory) {
  if (root.dataset.ready) return;
  root.dataset.ready = "true";
  const sections = new Map(
    [...root.querySelectorAll(".course-question")].map((s) => [s.dataset.question, s]),
  );
  const chapters = [...root.querySelectorAll("[data-chapter]")];
  const { el, choose, say, start, next, all, erase } = makeBar(chapters);
  root.prepend(el);
  let queue = [];
  let asking = null;

  const candidates = () =>
    [...sections.keys()].filter((id) => id.startsWith(choose.value && `${choose.value}.`));

  function summary() {
    const ids = candidates();
    say(summaryOf(ids, memory));
    start.hidden = pending(ids, memory).length === 0;
  }

  function showAll() {
    queue = [];
    only(null);
    summary();
  }

  /** Enseña solo la pregunta que se da; con null, todas. */
  function only(id) {
    asking = id;
    sections.forEach((section, name) => (section.hidden = id !== null && name !== id));
    chapters.forEach(
      (chapter) => (chapter.hidden = id !== null && chapter.dataset.chapter !== id.slice(0, 2)),
    );
    next.hidden = id === null;
    all.hidden = id === null;
    start.hidden = id !== null;
  }

  function ask() {
    const id = queue.shift();
    if (id === undefined) {
      only(null);
      summary();
      start.focus();
      return;
    }
    only(id);
    next.disabled = true;
    reset(sections.get(id));
    say(queue.length ? `Después de esta quedan ${queue.length}.` : "Es la última.");
    sections.get(id).querySelector("input, select, textarea")?.focus();
  }

  root.addEventListener(EVENT, ({ detail }) => {
    if (asking === null) return summary();
    if (!detail.right && queue.at(-1) !== asking) queue.push(asking);
    if (detail.right) queue = queue.filter((id) => id !== asking);
    next.disabled = false;
    say(`${detail.right ? "Bien." : "Volverá a salir al final."} Quedan ${count(queue.length)}.`);
  });
  start.addEventListener("click", () => {
    queue = pending(candidates(), memory);
    ask();
  });
  next.addEventListener("click", ask);
  all.addEventListener("click", () => {
    queue = [];
    ask();
  });
  choose.addEventListener("change", showAll);
  erase.addEventListener("click", () => {
    if (!window.confirm("¿Borrar lo que llevas contestado? Solo se guarda en este navegador.")) return;
    memory.erase();
    sections.forEach((section) => {
      delete section.dataset.answered;
      reset(section);
    });
    showAll();
  });
  showAll();
}

function reset(section) {
  section.querySelector("form").reset();
  section.querySelector(".course-feedback").replaceChildren();
  section.querySelectorAll("details[open]").forEach((details) => (details.open = false));
}

function element(name, { role, ...properties }) {
  const created = Object.assign(document.createElement(name), properties);
  if (role) created.setAttribute("role", role);
  return created;
}

function button(text) {
  return element("button", { type: "button", textContent: text });
}
