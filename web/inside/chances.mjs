// Las probabilidades de las dos redes, clase por clase, y qué dice cada una.
import { CLASSES } from "../nn/garments.mjs";
import { h, update, write } from "../ui/dom.mjs";
import { percent } from "../ui/numbers.mjs";

export const NETWORKS = { cnn: "convolucional", dense: "densa" };

const chance = (part) => percent(part, Number(part > 0.995 || part < 0.005));

/** La clase más probable. */
export const best = (chances) => chances.indexOf(Math.max(...chances));

/** Qué hace una red con la prenda movida, comparado con lo que decía en su sitio. */
function kept(name, before, now) {
  const said = `la ${name} dice ${CLASSES[best(now)]} (${chance(now[best(now)])})`;
  if (best(before) === best(now)) return `${said}, como en su sitio`;
  return `${said} y en su sitio decía ${CLASSES[best(before)]}`;
}

/** Lo que se dice de las dos redes, en una frase. */
export function verdict({ chances, atRest, down, right }) {
  const still = !down && !right;
  const parts = Object.entries(NETWORKS).map(([key, name]) =>
    still
      ? `la ${name} dice ${CLASSES[best(chances[key])]} (${chance(chances[key][best(chances[key])])})`
      : kept(name, atRest[key], chances[key]),
  );
  const text = `${parts.join("; ")}.`;
  return text[0].toUpperCase() + text.slice(1);
}

export function chancesPanel() {
  const rows = CLASSES.map((name) => {
    const cells = Object.keys(NETWORKS).map((key) => {
      const [bar, text] = [h("i"), h("span")];
      return { bar, text, el: h("td", { class: `cf-chance cf-chance-${key}` }, bar, text) };
    });
    return { cells, el: h("tr", {}, h("th", { scope: "row" }, name), cells) };
  });
  const head = h(
    "tr",
    {},
    h("td"),
    Object.values(NETWORKS).map((name) => h("th", { scope: "col" }, name)),
  );
  const table = h(
    "table.cf-chances",
    { "aria-label": "Probabilidad de cada clase" },
    h("thead", {}, head),
    h("tbody", {}, rows),
  );
  const status = h("p.cf-verdict", { role: "status" });
  return {
    el: h("div.cf-side", {}, table, status),
    draw(now) {
      write(status, now.ready ? verdict(now) : "");
      table.hidden = !now.ready;
      if (!now.ready) return;
      const lists = Object.keys(NETWORKS).map((key) => now.chances[key]);
      rows.forEach(({ cells }, label) =>
        cells.forEach(({ bar, text, el }, n) => {
          const part = lists[n][label];
          bar.style.width = `${100 * part}%`;
          write(text, chance(part));
          update(el, { "data-best": String(best(lists[n]) === label) });
        }),
      );
    },
  };
}
