// Un kernel que se edita: su cuadrícula y, para quien no tiene teclado, un botón de menos y otro de más.
import { clampCell } from "../geometry.mjs";
import { peak, shape } from "../math.mjs";
import { nudge } from "./controls.mjs";
import { grid } from "./grid.mjs";
import { dimensions, number } from "./numbers.mjs";
import { signed } from "./theme.mjs";

export const EDIT = "Cambia los pesos con + y −, con cifras o arrastrando arriba y abajo.";

/**
 * get() da los pesos; onadjust(celda, ±1) y ontype(celda, texto) los cambian; onnudge(), opcional, se llama
 * tras pulsar un botón; lo demás, como en una cuadrícula.
 */
export function kernelEditor(figure, { get, onadjust, onnudge, ...options }) {
  const panel = grid(figure, "Kernel", "kernel", {
    scrub: true,
    onadjust,
    describe: ([r, c]) => `Peso de la fila ${r + 1}, columna ${c + 1}: ${number(get()[r][c])}`,
    ...options,
  });
  /** El peso elegido: su celda, dentro del kernel aunque haya menguado. */
  const chosen = () => clampCell(panel.cursor(), ...shape(get()));
  const weight = nudge("Peso elegido", (by) => {
    onadjust(panel.cursor(), by);
    onnudge?.(panel.cursor());
  });
  return {
    el: panel.el,
    weight,
    chosen,
    draw({ theme, strength = 1.6, most = 0, name = "Kernel" }) {
      const weights = get();
      const top = peak(weights, most) * strength;
      const [row, col] = chosen();
      panel.draw({
        values: weights,
        colour: (v) => signed(theme, v, top),
        title: `Kernel ${dimensions(weights)}`,
        name,
        boxes: [{ row, col, kind: "here" }],
      });
      weight.draw(number(weights[row][col]));
    },
  };
}
