// Repaso espaciado: de la lista de capítulos de la página, pregunta una a una las que tocan hoy.
import { EVENT, enhance } from "./form.mjs";
import { browserMemory, pending } from "./memory.mjs";

const count = (number) => (number === 1 ? "1 pregunta" : `${number} preguntas`);

/** La barra del repaso: qué capítulo, lo que se dice y los botones. */
function makeBar(chapters) {
  const el = element("div", { className: "course-review-bar" });
  const status = element("p", { role: "status" });
  const choose = element("select", {});
  choose.append(element("option", { value: "", textContent: "todos los capítulos" }));
  for (const { dataset, textContent } of chapters) {
    choose.append(element("option", { value: dataset.chapter, textContent }));
  }
  const label = element("label", { textContent: "Repasar " });
  label.append(choose);
  const names = { start: "Empezar", next: "Siguiente", stop: "Terminar", erase: "Borrar mi progreso" };
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

/** El texto de otra página del sitio; la edición sin conexión trae su lector. */
async function read(address) {
  if (globalThis.courseFile) return new TextDecoder().decode(await courseFile(address));
  const answer = await fetch(address).catch(() => {
    throw new Error("no hay conexión o el servidor no contesta.");
  });
  if (!answer.ok) throw new Error(`el sitio responde ${answer.status}.`);
  return answer.text();
}

/** Las preguntas que hay en la página de un capítulo, por su identificador. */
async function questionsOf(address) {
  const there = new DOMParser().parseFromString(await read(address), "text/html");
  return new Map([...there.querySelectorAll(".course-question")].map((s) => [s.dataset.question, s]));
}

/** Pone en marcha el repaso de `root`. */
function startReview(root, memory) {
  const list = root.querySelector("ul");
  const chapters = [...list.children];
  const { el, choose, say, start, next, stop, erase } = makeBar(chapters);
  const stage = element("div", {}); // donde sale la pregunta
  root.prepend(el, stage);
  const loaded = new Map(); // las preguntas de los capítulos que ya se han pedido
  let queue = [];
  let asking = null;

  const idsOf = ({ chapter, questions }) =>
    Array.from({ length: Number(questions) }, (_, place) => `${chapter}.q${place + 1}`);
  const candidates = () =>
    chapters.flatMap(({ dataset }) =>
      choose.value && dataset.chapter !== choose.value ? [] : idsOf(dataset),
    );

  async function sectionOf(id) {
    const chapter = id.slice(0, 2);
    if (!loaded.has(chapter)) {
      const link = chapters.find(({ dataset }) => dataset.chapter === chapter).querySelector("a");
      loaded.set(chapter, await questionsOf(link.getAttribute("href")));
    }
    return loaded.get(chapter).get(id);
  }

  function show(id, section) {
    asking = id;
    stage.replaceChildren(...(section ? [section] : []));
    list.hidden = id !== null;
    next.hidden = id === null;
    stop.hidden = id === null;
    start.hidden = id !== null;
  }

  function finish() {
    queue = [];
    show(null);
    const ids = candidates();
    say(summaryOf(ids, memory));
    start.hidden = pending(ids, memory).length === 0;
  }

  async function ask() {
    const id = queue[0];
    if (id === undefined) {
      finish();
      (start.hidden ? choose : start).focus();
      return;
    }
    show(id, null);
    next.disabled = true;
    let section;
    try {
      section = await sectionOf(id);
    } catch (error) {
      next.disabled = false;
      say(`No ha llegado la pregunta ${id}: ${error.message} Pulsa «Siguiente» para pedirla otra vez.`);
      next.focus();
      return;
    }
    if (asking !== id || queue[0] !== id) return; // se ha terminado, o ya había llegado
    queue.shift();
    show(id, section);
    enhance(section, memory);
    reset(section);
    say(queue.length ? `Después de esta quedan ${queue.length}.` : "Es la última.");
    section.querySelector("input, select, textarea")?.focus();
  }

  root.addEventListener(EVENT, ({ detail }) => {
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
  stop.addEventListener("click", finish);
  choose.addEventListener("change", finish);
  erase.addEventListener("click", () => {
    if (!window.confirm("¿Borrar lo que llevas contestado? Solo se guarda en este navegador.")) return;
    memory.erase();
    loaded.clear();
    finish();
  });
  finish();
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

startReview(document.querySelector(".course-review"), browserMemory());
