// Da vida al formulario de una pregunta: <section class="course-question" data-question="…">.
import { judge } from "./judge.mjs";

const EVENT = "course-answer";

/** Prepara una pregunta; la segunda vez no hace nada. */
export function enhance(section, memory) {
  if (section.dataset.ready) return;
  const form = section.querySelector("form");
  const source = section.querySelector("script[type='application/json']");
  if (!form || !source) return;
  section.dataset.ready = "true";
  const key = JSON.parse(atob(JSON.parse(source.textContent)));
  const feedback = form.querySelector(".course-feedback");
  const button = form.querySelector("button");
  button.hidden = false;
  section.querySelector(".course-offline").hidden = true;
  form.querySelectorAll("input[type='range']").forEach(followSlider);
  const saved = memory.get(section.dataset.question);
  if (saved) section.dataset.answered = saved.streak > 0 ? "right" : "wrong";
  if (saved?.score) feedback.textContent = `La última vez: ${saved.score}.`;

  const check = () => {
    const verdict = judge(key, readAnswer(form, key.kind));
    show(feedback, verdict, section);
    if (verdict.right === null) return;
    section.dataset.answered = verdict.right ? "right" : "wrong";
    memory.note(section.dataset.question, verdict.right, { score: verdict.score });
    section.dispatchEvent(new CustomEvent(EVENT, { bubbles: true, detail: verdict }));
  };
  // Sin el envío del formulario: en un marco aislado (Colab) está prohibido.
  button.addEventListener("click", check);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    check();
  });
}

export { EVENT };

function readAnswer(form, kind) {
  const fields = [...form.elements].filter((element) => element.name === "answer");
  if (kind === "single" || kind === "multiple") {
    return fields.filter((field) => field.checked).map((field) => Number(field.value));
  }
  if (kind === "order" || kind === "labels")
    return fields.map((field) => (field.value === "" ? null : Number(field.value)));
  if (kind === "controls") return fields.map((field) => Number(field.value));
  return [fields[0].value];
}

/** El deslizador recorre posiciones; lo que se ve y se anuncia es el valor. */
function followSlider(slider) {
  const values = slider.dataset.values.split(" ");
  const shown = slider.parentElement.querySelector(".course-value");
  const update = () => {
    shown.textContent = values[slider.value];
    slider.setAttribute("aria-valuetext", values[slider.value]);
  };
  slider.addEventListener("input", update);
  update();
}

function show(feedback, { right, whys, message, score }, section) {
  const title = document.createElement("strong");
  title.textContent = right === null ? "Falta algo." : right ? "✓ Correcto." : "✗ Aún no.";
  title.className = right === null ? "" : right ? "course-right" : "course-wrong";
  if (score) {
    title.textContent = `Aciertas ${score}.`;
    title.className = "";
  }
  const parts = [title, ` ${message} `];
  for (const why of whys) {
    const block = document.createElement("div");
    block.append(...explanation(section, why).cloneNode(true).childNodes);
    block.querySelector(".course-mark")?.remove(); // ya se ha dicho si está bien
    parts.push(block);
  }
  feedback.replaceChildren(...parts);
}

function explanation(section, why) {
  const inTemplate = section.querySelector("template")?.content;
  return (inTemplate ?? section).querySelector(`[data-why="${why}"]`);
}
