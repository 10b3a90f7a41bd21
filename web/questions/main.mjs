// Lo que carga una página o un cuaderno: prepara las preguntas que haya.
import { enhance } from "./form.mjs";
import { browserMemory } from "./memory.mjs";
import { offerToResume } from "./resume.mjs";

function start() {
  const memory = browserMemory();
  const sections = document.querySelectorAll(".course-question");
  sections.forEach((section) => enhance(section, memory));
  document.querySelectorAll(".site-start").forEach((place) => offerToResume(place, memory));
  // La página trae questions.css; un cuaderno, no.
  if (sections.length && !getComputedStyle(sections[0]).getPropertyValue("--course-questions")) {
    const style = document.createElement("style");
    style.textContent = QUESTIONS_CSS;
    document.head.append(style);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
