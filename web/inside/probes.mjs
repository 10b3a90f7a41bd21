// Dos maneras de preguntarle a la red: tapar cada parte de la prenda y moverla a cada sitio.
import { CLASSES, COVERS, coverAt, covered, moved } from "../nn/garments.mjs";
import { h, write } from "../ui/dom.mjs";
import { grid } from "../ui/grid.mjs";
import { count, number } from "../ui/numbers.mjs";
import { slowTable } from "../ui/slices.mjs";
import { mix, signed } from "../ui/theme.mjs";
import { best, NETWORKS } from "./chances.mjs";
import { FARTHEST } from "./garment.mjs";

const PLACES = 2 * FARTHEST + 1;

/** Lo que oye el lector de pantalla de un valor, si ya se ha calculado. */
const told = (value, tell) => (value === null ? "aún no se sabe" : tell(value));

/** Lo que baja la probabilidad de la clase al tapar con un cuadrado negro cada sitio. */
export function occlusionPanel(figure, ask) {
  const drops = slowTable(figure, COVERS, COVERS);
  const panel = grid(figure, "Tapar", "output", {
    oncursor: () => {},
    describe([r, c]) {
      const say = (v) => `${v < 0 ? "sube" : "baja"} ${points(Math.abs(v))}`;
      return `Fila ${r + 1}, columna ${c + 1}: ${told(drops.values[r][c], say)}`;
    },
  });
  const text = h("p", { role: "status" });
  const whole = (value) => number(100 * value, 0);
  const points = (value) => count(Math.round(100 * value), "punto");
  return {
    el: h("div.cf-probe", {}, panel, text),
    /** El cuadrado que se está mirando, para marcarlo sobre la prenda. */
    box: () => ({ ...coverAt(...panel.cursor()), kind: "window" }),
    draw({ theme, pixels, chances, key }) {
      const label = best(chances.cnn);
      drops.fill(key, (r, c) => chances.cnn[label] - ask("cnn", covered(pixels, r, c))[label]);
      const done = drops.progress() === 1;
      const [r, c] = panel.cursor();
      panel.draw({
        values: drops.values,
        colour: (v) => (v === null ? theme["padding-soft"] : signed(theme, v, 1)),
        text: (v) => (v === null ? "" : whole(v)),
        title: `Cuánto baja «${CLASSES[label]}», en puntos`,
        name: "Tapar: cuánto baja la probabilidad. Las flechas eligen el sitio que se tapa.",
        boxes: [{ row: r, col: c, kind: "here" }],
      });
      const worst = Math.max(0, ...drops.values.flat());
      const values = { name: CLASSES[label], worst: points(worst) };
      write(text, done ? figure.text("covered", values) : figure.text("covering"));
    },
  };
}

/** Qué parte de la probabilidad de la clase queda con la prenda en cada sitio, en las dos redes. */
export function shiftPanel(figure, ask) {
  const tables = Object.fromEntries(
    Object.keys(NETWORKS).map((key) => [key, slowTable(figure, PLACES, PLACES)]),
  );
  const at = ([r, c]) => [r - FARTHEST, c - FARTHEST];
  const goTo = (cell) => {
    const [down, right] = at(cell);
    figure.set({ shift_rows: down, shift_cols: right });
  };
  const panels = Object.entries(NETWORKS).map(([key, name]) => {
    const panel = grid(figure, name, "output", {
      oncursor: goTo,
      describe([r, c]) {
        const say = (v) => `${number(Math.abs(v))}${v > 0 ? "" : "; la red dice otra clase"}`;
        return `Probabilidad: ${told(tables[key].values[r][c], say)}`;
      },
    });
    return { key, name, panel };
  });
  const text = h("p", { role: "status" });
  return {
    el: h(
      "div.cf-probe",
      {},
      panels.map(({ panel }) => panel.el),
      text,
    ),
    draw({ theme, image, atRest, imageKey, down, right }) {
      const keeps = {};
      for (const { key, name, panel } of panels) {
        const label = best(atRest[key]);
        const { values, fill } = tables[key];
        fill(imageKey, (r, c) => {
          const chances = ask(key, moved(image, ...at([r, c])));
          return best(chances) === label ? chances[label] : -chances[label];
        });
        const known = values.flat().filter((v) => v !== null);
        keeps[name] = [known.filter((v) => v > 0).length, known.length];
        panel.setCursor([down + FARTHEST, right + FARTHEST]);
        panel.draw({
          values,
          colour: (v) => placeColour(theme, v),
          text: (v) => (v !== null && v <= 0 ? "·" : ""),
          title: `La ${name}`,
          name: `La ${name}, con la prenda en cada sitio. Las flechas mueven la prenda.`,
          boxes: [{ row: down + FARTHEST, col: right + FARTHEST, kind: "here" }],
        });
      }
      const all = PLACES ** 2;
      const done = Math.min(...Object.values(keeps).map(([, seen]) => seen));
      const said = Object.entries(keeps).map(([name, [kept]]) => `la ${name}, en ${kept} de ${all}`);
      const progress =
        done < all ? `Van ${done} de ${all} sitios…` : `La conservan: ${said.join("; ")} sitios.`;
      write(text, figure.text("places", { farthest: FARTHEST, progress }));
    },
  };
}

/** Verde cuanto más probable sigue siendo la clase; fondo si la red ya dice otra. */
function placeColour(theme, value) {
  if (value === null) return theme["padding-soft"];
  return value > 0 ? mix(theme["output-soft"], theme.output, value) : theme.surface;
}
