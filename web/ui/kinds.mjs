// Qué es cada píxel de una máscara predicha: su signo, su color y cómo se dice.
import { h, write } from "./dom.mjs";

export const KINDS = {
  both: { sign: "✓", role: "output", one: "acierto del objeto (TP)", many: "aciertos del objeto (TP)" },
  extra: { sign: "+", role: "kernel-soft", one: "píxel sobra (FP)", many: "píxeles sobran (FP)" },
  missing: { sign: "−", role: "highlight-soft", one: "píxel falta (FN)", many: "píxeles faltan (FN)" },
  neither: { sign: "", role: "surface", one: "acierto del fondo (TN)", many: "aciertos del fondo (TN)" },
};
export const WORDS = { both: "acierta", extra: "sobra", missing: "falta", neither: "fondo bien predicho" };

const wordsOf = (kind, total) => (total === 1 ? KINDS[kind].one : KINDS[kind].many);

/** Cuántos hay de cada clase, seguidos. */
export const totals = (counts) =>
  Object.keys(KINDS)
    .map((kind) => `${counts[kind]} ${wordsOf(kind, counts[kind])}`)
    .join(", ");

/** La lista con el signo, el color y cuántos hay de cada clase. */
export function kindsLegend() {
  const lines = Object.entries(KINDS).map(([kind, { sign, role }]) => {
    const [total, text] = [h("strong"), h("span")];
    const mark = h("i", { "aria-hidden": "true" }, sign);
    return { kind, total, text, el: h("li", { class: `cf-kind cf-kind-${role}` }, mark, total, text) };
  });
  return {
    el: h("ul.cf-kinds", {}, lines),
    draw(counts) {
      for (const { kind, total, text } of lines) {
        write(total, String(counts[kind]));
        write(text, wordsOf(kind, counts[kind]));
      }
    },
  };
}
