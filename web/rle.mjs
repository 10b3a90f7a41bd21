// Máscaras guardadas como RLE y como polígonos, y las dos vueltas. Sin DOM.
// Se prueba contra pycocotools (web/test/vectors.json y tests/test_figures_web.py).
import { matrix } from "./math.mjs";
import { count } from "./ui/numbers.mjs";

/** Cuentas de ceros, unos, ceros…, por columnas; la primera es de ceros, aunque valga 0. */
export function encode(mask) {
  const counts = [0];
  let value = 0;
  for (let c = 0; c < mask[0].length; c++) {
    for (const line of mask) {
      if (line[c] !== value) {
        counts.push(0);
        value = line[c];
      }
      counts[counts.length - 1]++;
    }
  }
  return counts;
}

/** La máscara de unas cuentas que suman rows × cols. */
export function decode(counts, rows, cols) {
  const values = counts.flatMap((count, i) => Array(count).fill(i % 2));
  return matrix(rows, cols, (r, c) => values[c * rows + r]);
}

/** En qué cuenta cae un píxel, contado por columnas, y cuál es dentro de ella. */
export function runAt(counts, position) {
  let left = position;
  const run = counts.findIndex((count) => {
    if (left < count) return true;
    left -= count;
    return false;
  });
  return { run, within: left };
}

/**
 * Las cuentas como texto: grupos de cinco bits, el menor primero; desde la cuarta, la diferencia con la de
 * dos puestos antes.
 */
export function compress(counts) {
  let text = "";
  counts.forEach((count, i) => {
    let number = i > 2 ? count - counts[i - 2] : count;
    let more = true;
    while (more) {
      const bits = number & 31;
      number >>= 5;
      more = bits & 16 ? number !== -1 : number !== 0;
      text += String.fromCharCode(48 + bits + (more ? 32 : 0));
    }
  });
  return text;
}

/** Los lados entre un píxel del objeto y lo demás, con el objeto a la derecha: [x, y, dx, dy]. */
function sides(mask) {
  const at = (r, c) => mask[r]?.[c] ?? 0;
  return mask.flatMap((line, r) =>
    line.flatMap((value, c) =>
      value
        ? [
            !at(r - 1, c) && [c, r, 1, 0],
            !at(r, c + 1) && [c + 1, r, 0, 1],
            !at(r + 1, c) && [c + 1, r + 1, -1, 0],
            !at(r, c - 1) && [c, r + 1, 0, -1],
          ].filter(Boolean)
        : [],
    ),
  );
}

const area = (points) =>
  points.reduce((total, [x, y], i) => {
    const [u, v] = points[(i + 1) % points.length];
    return total + (x * v - u * y) / 2;
  }, 0);

/** El contorno de cada trozo de la máscara, por sus esquinas [x, y]; los huecos no se guardan. */
export function contours(mask) {
  const free = new Map(sides(mask).map((side) => [String(side), side]));
  const loops = [];
  while (free.size) {
    let [x, y, dx, dy] = free.values().next().value;
    const points = [];
    while (free.delete(String([x, y, dx, dy]))) {
      const [nx, ny] = [x + dx, y + dy];
      // primero a la derecha: dos píxeles que solo se tocan por una esquina son trozos distintos
      const turns = [
        [-dy, dx],
        [dx, dy],
        [dy, -dx],
      ];
      const turn = turns.find((to) => free.has(String([nx, ny, ...to]))) ?? turns[0];
      if (turn !== turns[1]) points.push([nx, ny]);
      [x, y, dx, dy] = [nx, ny, ...turn];
    }
    points.unshift(points.pop()); // la última esquina es la del comienzo
    if (area(points) > 0) loops.push(points);
  }
  return loops;
}

/** Distancia de un punto al segmento que une otros dos. */
function distanceTo([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const size = dx * dx + dy * dy;
  const t = size ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / size)) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/** De una línea, los puntos que hacen falta para no alejarse de ella más de `tolerance`. */
function thinned(points, tolerance) {
  const [first, last] = [points[0], points.at(-1)];
  const away = points.map((point) => distanceTo(point, first, last));
  const worst = Math.max(...away);
  if (worst <= tolerance) return [first, last];
  const at = away.indexOf(worst);
  return [...thinned(points.slice(0, at + 1), tolerance), ...thinned(points.slice(at), tolerance).slice(1)];
}

/** Un contorno con menos vértices; vacío si ya no encierra nada. */
export function simplify(points, tolerance) {
  const away = points.map(([x, y]) => Math.hypot(x - points[0][0], y - points[0][1]));
  const far = away.indexOf(Math.max(...away));
  const halves = [points.slice(0, far + 1), [...points.slice(far), points[0]]];
  const kept = halves.flatMap((half) => thinned(half, tolerance).slice(0, -1));
  return kept.length > 2 ? kept : [];
}

/** Los píxeles cuyo centro queda dentro de algún polígono: a su derecha cruzan un número impar de lados. */
export function rasterize(polygons, rows, cols) {
  const inside = (points, x, y) => {
    const crossed = points.filter(([x0, y0], i) => {
      const [x1, y1] = points[(i + 1) % points.length];
      return y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0);
    });
    return crossed.length % 2 === 1;
  };
  return matrix(rows, cols, (r, c) => Number(polygons.some((points) => inside(points, c + 0.5, r + 0.5))));
}

/** Lo que se teclea como cuentas de una máscara de rows × cols: {mask} o {error}. */
export function readCounts(text, rows, cols) {
  const words = text.split(/[\s,;[\]]+/).filter(Boolean);
  const wrong = words.find((word) => !/^\d{1,15}$/.test(word));
  if (wrong) return { error: `«${wrong}» no es una cuenta: escribe enteros separados por comas.` };
  const counts = words.map(Number);
  const [total, wanted] = [counts.reduce((a, b) => a + b, 0), rows * cols];
  if (total === wanted) return { mask: decode(counts, rows, cols) };
  const gap = Math.abs(total - wanted);
  const verb = `${total < wanted ? "falta" : "sobra"}${gap > 1 ? "n" : ""}`;
  return { error: `Las cuentas suman ${total} y la máscara tiene ${wanted} píxeles: ${verb} ${gap}.` };
}

/** Lo que se teclea como polígonos, cada uno [x1, y1, x2, y2, …]: {mask} o {error}. */
export function readPolygons(text, rows, cols) {
  const groups = text.split(/[;\]]/).map((group) => group.split(/[\s,[]+/).filter(Boolean));
  const lists = groups.filter((words) => words.length).map((words) => words.map(Number));
  for (const numbers of lists) {
    if (numbers.some(Number.isNaN)) return { error: "Solo van números, y los decimales llevan punto." };
    if (numbers.length % 2)
      return { error: `Hay ${count(numbers.length, "número")}: cada vértice lleva su x y su y.` };
    if (numbers.length < 6) return { error: "Un polígono necesita tres vértices: seis números." };
    const outside = numbers.some((v, i) => v < 0 || v > (i % 2 ? rows : cols));
    if (outside) return { error: `Se sale: x va de 0 a ${cols}, e y, de 0 a ${rows}.` };
  }
  const polygons = lists.map((numbers) => numbers.flatMap((x, i) => (i % 2 ? [] : [[x, numbers[i + 1]]])));
  const mask = rasterize(polygons, rows, cols);
  if (polygons.length && !mask.flat().includes(1))
    return { error: "Dentro no queda el centro de ningún píxel." };
  return { mask };
}
