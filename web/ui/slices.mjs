// Trabajos largos, a ratos: la página responde mientras tanto.

const SLICE = 8; // milisegundos seguidos, como mucho

/**
 * Una tabla de rows × cols que se llena sola, de dentro afuera o por orden. fill(key, evaluate) empieza otra
 * vez si la clave es otra; evaluate(fila, columna) da cada valor. `values` lleva null donde aún no hay nada.
 */
export function slowTable(figure, rows, cols) {
  let [key, timer, at] = [null, 0, 0];
  const values = Array.from({ length: rows }, () => Array(cols).fill(null));
  figure.onRemove(() => clearTimeout(timer));
  return {
    values,
    progress: () => at / (rows * cols),
    fill(wanted, evaluate) {
      if (wanted === key) return;
      [key, at] = [wanted, 0];
      clearTimeout(timer);
      for (const line of values) line.fill(null);
      const turn = () => {
        const end = performance.now() + SLICE;
        for (; at < rows * cols && performance.now() < end; at++) {
          const [r, c] = [Math.floor(at / cols), at % cols];
          values[r][c] = evaluate(r, c);
        }
        figure.redraw();
        if (at < rows * cols) timer = setTimeout(turn);
      };
      timer = setTimeout(turn);
    },
  };
}
