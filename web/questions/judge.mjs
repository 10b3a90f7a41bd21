// Corrige una respuesta con la clave de su pregunta. Sin DOM: se prueba en Node.
import { readings, trees } from "./numbers.mjs";

const NOT_YET = { right: null, whys: [] };

/**
 * @param {object} key la clave de la pregunta (course_utils/exercises/bank.py y widget.py)
 * @param {Array} answer lo elegido: índices, o un texto
 * @returns {{right: boolean|null, whys: number[], message: string, score?: string}} `right` es `null` si aún
 *   no
 *   es una respuesta; `score`, los aciertos, si cuentan
 */
export function judge(key, answer) {
  return JUDGES[key.kind](key, answer);
}

const JUDGES = {
  single(key, chosen) {
    if (!chosen.length) return { ...NOT_YET, message: "Elige una respuesta." };
    return { right: key.right.includes(chosen[0]), whys: chosen, message: "" };
  },

  multiple(key, chosen) {
    if (!chosen.length) return { ...NOT_YET, message: "Elige al menos una respuesta." };
    const wrong = chosen.filter((option) => !key.right.includes(option));
    const missing = key.right.filter((option) => !chosen.includes(option)).length;
    if (!wrong.length && !missing) return { right: true, whys: chosen, message: "" };
    const message = wrong.length ? "" : missing === 1 ? "Falta una." : `Faltan ${missing}.`;
    return { right: false, whys: wrong, message };
  },

  numeric(key, [text]) {
    const values = readings(text);
    if (!values.length) return { ...NOT_YET, message: notANumber(text) };
    const near = (target, slack) => values.some((value) => Math.abs(value - target) <= slack);
    if (near(key.answer, key.tolerance || 1e-9)) return { right: true, whys: [0], message: "" };
    return typical(key.wrong.findIndex((wrong) => near(wrong, Math.max(key.tolerance, slack(wrong)))));
  },

  predict(key, [text]) {
    const seen = normalized(text);
    if (!seen) return { ...NOT_YET, message: "Escribe lo que crees que imprime." };
    const models = [key.answer, ...key.wrong];
    const found = firstLike(text, models);
    if (found === 0) return { right: true, whys: [0], message: "" };
    if (found > 0) return typical(found - 1);
    if (seen === "error") return { right: false, whys: [], message: "No hay error: el código imprime algo." };
    if (!trees(text).length) return { ...NOT_YET, message: notNumbers(text) };
    if (sameNumbers(text, key.answer))
      return {
        ...NOT_YET,
        message: "Los números son esos, pero no se agrupan así: revisa los corchetes o las filas.",
      };
    return typical(-1);
  },

  order(key, places) {
    if (places.some((place) => place === null)) return { ...NOT_YET, message: "Coloca todos los pasos." };
    if (new Set(places).size < places.length) {
      return { ...NOT_YET, message: "Hay dos pasos en el mismo lugar: da a cada uno el suyo." };
    }
    const steps = places
      .map((place, row) => ({ place, step: key.places[row] }))
      .sort((a, b) => a.place - b.place);
    const first = steps.findIndex(({ place, step }) => place !== step);
    if (first < 0) return { right: true, whys: [], message: "" };
    const good = ["El primer paso no es ese.", "El primero está bien; el segundo, no."];
    return {
      right: false,
      whys: [steps[first].step],
      message: good[first] ?? `Los ${first} primeros están bien; el siguiente, no.`,
    };
  },

  labels(key, chosen) {
    const left = chosen.filter((label) => label === null).length;
    if (left) return { ...NOT_YET, message: left === 1 ? "Queda una foto." : `Quedan ${left} fotos.` };
    const wrong = chosen.flatMap((label, row) => (label === key.right[row] ? [] : [row]));
    const score = `${chosen.length - wrong.length} de ${chosen.length}`;
    return { right: !wrong.length, whys: wrong, message: wrong.length ? "Las que no coinciden:" : "", score };
  },

  controls(key, chosen) {
    const index = chosen.reduce((total, choice, control) => total * key.sizes[control] + choice, 0);
    const why = key.verdicts[index];
    return { right: why === 0, whys: [why], message: "" };
  },
};

function typical(index) {
  if (index >= 0) return { right: false, whys: [index + 1], message: "" };
  return { right: false, whys: [], message: "Revisa la cuenta o abre una pista." };
}

/** Un error previsto con muchos decimales se escribe con dos; los demás, tal cual (slack, en values.py). */
const slack = (wrong) => (Math.abs(wrong - Math.round(100 * wrong) / 100) > 1e-9 ? 0.005 : 1e-9);

const quoted = (text) => `«${text.trim().slice(0, 20)}»`;

function notANumber(text) {
  const example = "por ejemplo 24, 0,5, 1/2 o −3.";
  if (!text.trim()) return `Escribe un número, ${example}`;
  if (trees(text).some(({ tree }) => Array.isArray(tree))) return "Se leen varios números: escribe uno solo.";
  return `${quoted(text)} no se entiende como número. Escribe uno, ${example}`;
}

const HOW = "escribe los números que imprime, separados por espacios o comas, o «error»";
const notNumbers = (text) => `${quoted(text)} no se entiende: ${HOW}.`;

/**
 * Qué modelo dice lo mismo: igual escrito, o con los mismos números; antes, si los dos llevan decimales o
 * ninguno.
 */
function firstLike(text, models) {
  const written = models.findIndex((model) => normalized(model) === normalized(text));
  if (written >= 0) return written;
  const typed = trees(text);
  const like = (strict) =>
    models.findIndex((model) => {
      const [meant] = trees(String(model));
      return (
        meant &&
        typed.some((one) => equal(one.tree, meant.tree) && (!strict || one.decimal === meant.decimal))
      );
    });
  const strict = like(true);
  return strict >= 0 ? strict : like(false);
}

function equal(typed, meant) {
  if (Array.isArray(meant)) {
    return (
      Array.isArray(typed) && typed.length === meant.length && meant.every((part, n) => equal(typed[n], part))
    );
  }
  // un modelo con muchos decimales se acierta con dos
  const near = Math.abs(meant * 1e4 - Math.round(meant * 1e4)) < 1e-6 ? 1e-9 : 0.005;
  return !Array.isArray(typed) && Math.abs(typed - meant) < near;
}

function sameNumbers(text, answer) {
  const flat = (tree) => [tree].flat(Infinity);
  return trees(text).some(({ tree }) => equal(flat(tree), flat(trees(answer)[0].tree)));
}

/** Una salida de Python sin los espacios que no cuentan; de un error, solo que lo es. */
function normalized(text) {
  const clean = String(text).trim();
  if (/error|excepci[oó]n/i.test(clean)) return "error";
  return clean
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/\s+/g, " ").replace(/ ?([,()[\]]) ?/g, "$1"))
    .join("\n");
}
