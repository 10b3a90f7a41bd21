// Los retos de las figuras se juzgan por lo que hacen sobre imágenes de prueba, no por sus valores. Sin DOM.
import { conv2d, convChannels, matrix, outputSize, resolvePadding, shift, sum, usageMap } from "./math.mjs";
import { distance } from "./optimization.mjs";
import { count, number } from "./ui/numbers.mjs";

const SIDE = 11;
const STEP_DOWN = matrix(SIDE, SIDE, (r) => (r < 5 ? 0 : 1)); // un borde horizontal
const STEP_RIGHT = matrix(SIDE, SIDE, (_, c) => (c < 5 ? 0 : 1)); // un borde vertical
const FLAT = matrix(SIDE, SIDE, () => 1);
const SCATTER = matrix(SIDE, SIDE, (r, c) => ((r * 7 + c * 3) % 5) / 4); // sin simetrías ni zonas lisas
const EPSILON = 1e-6;

const strength = (kernel, image) => Math.max(...conv2d(image, kernel).flat().map(Math.abs));
const isZero = (value) => Math.abs(value) < EPSILON;
const pass = (message) => ({ done: true, message });
const fail = (message) => ({ done: false, message });

function edges(kernel, wanted, other, names) {
  if (isZero(strength(kernel, wanted)))
    return fail(
      `Los bordes ${names[0]} todavía no aparecen: hacen falta pesos de signo contrario a cada lado.`,
    );
  if (!isZero(strength(kernel, FLAT)))
    return fail("Las zonas lisas también responden: los pesos no suman 0.");
  if (!isZero(strength(kernel, other)))
    return fail(`También aparecen los bordes ${names[1]}: cada ${names[2]} del kernel tiene que sumar 0.`);
  return pass(`Conseguido: responde a los bordes ${names[0]} y a nada más.`);
}

/** ¿conv2d(imagen, kernel) es `expected` lejos del borde? Solo con kernel de lado impar. */
function behavesAs(kernel, expected) {
  if (kernel.length % 2 === 0 || kernel[0].length % 2 === 0) return false;
  const [kr, kc] = [(kernel.length - 1) / 2, (kernel[0].length - 1) / 2];
  const output = conv2d(SCATTER, kernel);
  return output.every((line, r) => line.every((v, c) => isZero(v - expected[r + kr][c + kc])));
}

export const kernelGoals = {
  vertical_edges: {
    label: "Que solo se vean los bordes verticales",
    judge: (kernel) => edges(kernel, STEP_RIGHT, STEP_DOWN, ["verticales", "horizontales", "fila"]),
  },
  horizontal_edges: {
    label: "Que solo se vean los bordes horizontales",
    judge: (kernel) => edges(kernel, STEP_DOWN, STEP_RIGHT, ["horizontales", "verticales", "columna"]),
  },
  all_edges: {
    label: "Que se vean todos los bordes y nada más",
    judge(kernel) {
      if (isZero(strength(kernel, STEP_RIGHT))) return fail("Los bordes verticales no aparecen.");
      if (isZero(strength(kernel, STEP_DOWN))) return fail("Los bordes horizontales no aparecen.");
      if (!isZero(strength(kernel, FLAT)))
        return fail("Las zonas lisas también responden: los pesos no suman 0.");
      return pass("Conseguido: responde a los dos tipos de borde y calla en las zonas lisas.");
    },
  },
  blur: {
    label: "Suavizar sin cambiar el brillo",
    judge(kernel) {
      const weights = kernel.flat();
      if (Math.abs(sum(kernel) - 1) > 1e-3)
        return fail("Una zona lisa cambia de brillo: los pesos tienen que sumar 1.");
      if (Math.min(...weights) < 0)
        return fail("Con pesos negativos se marcan los bordes en vez de suavizarlos.");
      if (Math.max(...weights) > 0.5)
        return fail("Apenas suaviza: un solo píxel pesa más que todos los demás.");
      return pass("Conseguido: cada salida es un promedio de su vecindario.");
    },
  },
  shift_right: {
    label: "Mover la imagen un píxel a la derecha",
    judge(kernel) {
      if (behavesAs(kernel, shift(SCATTER, 0, 1)))
        return pass("Conseguido: cada salida copia el píxel que tiene a su izquierda.");
      if (behavesAs(kernel, shift(SCATTER, 0, -1)))
        return fail(
          "La imagen se mueve a la izquierda: cada salida tiene que copiar el píxel del otro lado.",
        );
      if (behavesAs(kernel, SCATTER))
        return fail("La imagen no se mueve: cada salida copia su propio píxel.");
      return fail("La salida todavía no es la imagen movida: basta con un peso que no sea 0.");
    },
  },
};

/** Reto de «Uso de cada píxel»: que todos los píxeles participen en el mismo número de ventanas. */
export function judgeEqualUse(n, k, s, p) {
  const counts = usageMap(n, k, s, p).flat();
  if (!outputSize(n, k, s, p)) return fail("El kernel no cabe en la entrada.");
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === 0) return fail("Hay píxeles que ninguna ventana mira.");
  if (least < most) return fail(`El que menos, participa en ${least}; el que más, en ${most}.`);
  return pass(
    most === 1
      ? "Conseguido: cada píxel se usa exactamente una vez."
      : `Conseguido: todos participan en ${most} ventanas.`,
  );
}

/** Reto de «Tamaño de salida». */
export function judgeSize(target, { input_size: n, kernel_size: k, stride: s, padding, dilation: d }) {
  const [before, after] = resolvePadding(padding, n, k, s, d);
  const size = outputSize(n, k, s, before, after, d);
  if (!size) return fail("El kernel no cabe: no hay salida.");
  if (size === target) return pass(`Conseguido: la salida mide ${target}.`);
  return fail(
    size > target ? `Mide ${size}: sobran ${size - target}.` : `Mide ${size}: faltan ${target - size}.`,
  );
}

const FLAT_COLOURS = {
  rojo: [1, 0, 0],
  verde: [0, 1, 0],
  azul: [0, 0, 1],
  blanco: [1, 1, 1],
  negro: [0, 0, 0],
};

/**
 * Reto de «Canales y filtros»: que el filtro dé un valor positivo sobre el rojo y ninguno mayor que 0 sobre
 * los demás.
 */
export function judgeRedFilter(kernels, bias) {
  if (kernels.length !== 3) return fail("En gris no hay color que distinguir: vuelve a los tres canales.");
  const side = kernels[0].length;
  const respond = (colour) =>
    convChannels(
      colour.map((v) => matrix(side, side, () => v)),
      kernels,
      bias,
    ).output[0][0];
  if (respond(FLAT_COLOURS.rojo) < EPSILON) return fail("Sobre el rojo tiene que dar un valor mayor que 0.");
  const other = Object.keys(FLAT_COLOURS).find(
    (name) => name !== "rojo" && respond(FLAT_COLOURS[name]) > EPSILON,
  );
  if (other)
    return fail(`También responde al ${other}: prueba con pesos negativos en otro canal, o con el sesgo.`);
  return pass("Conseguido: solo responde al rojo.");
}

/** Reto de «Pooling»: mover la imagen un píxel sin que cambie la salida. */
export function judgeStillOutput(changedInput, changedOutput) {
  if (!changedInput) return fail("Mueve la imagen un píxel.");
  if (changedOutput)
    return fail(
      changedOutput === 1 ? "Cambia 1 valor de la salida." : `Cambian ${changedOutput} valores de la salida.`,
    );
  return pass("Conseguido: la entrada cambia y la salida no.");
}

/**
 * Reto de «Convolución transpuesta»: aumentar la imagen y que en cada valor de la salida caigan los mismos
 * sellos.
 */
export function judgeEvenStamps(counts, stride) {
  const all = counts.flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (stride === 1) return fail("Con stride 1 la imagen apenas crece: usa 2 o 3.");
  if (least === 0) return fail("Hay valores sin ningún sello: el kernel es menor que el stride.");
  if (least < most) return fail(`Donde menos, cae ${count(least, "sello")}; donde más, caen ${most}.`);
  const stamps = `en cada valor cae ${count(most, "sello")}`;
  return pass(`Conseguido: ${stamps}, porque el lado del kernel es igual que el stride.`);
}

/** Reto de «Solape de dos máscaras»: una exactitud alta sin acertar ni un píxel del objeto. */
export function judgeBackground({ iou, accuracy }, target) {
  if (iou > 0) return fail(`El IoU vale ${number(iou)}: todavía acierta píxeles del objeto.`);
  if (accuracy < target) return fail(`La exactitud se queda en ${number(accuracy)}: sobran píxeles.`);
  return pass(
    `Conseguido: no encuentra nada del objeto y la exactitud es ${number(accuracy)}. La da el fondo.`,
  );
}

/** Reto de «Precisión y exhaustividad»: aceptar cuantos más aciertos, sin ningún fallo. */
export function judgeNoMistakes(ranked, accepted) {
  const clean = ranked.findIndex(({ hit }) => !hit);
  const most = clean < 0 ? ranked.length : clean;
  if (!most) return fail("Con este umbral de IoU falla la predicción más segura: bájalo.");
  const mistakes = ranked.slice(0, accepted).filter(({ hit }) => !hit).length;
  if (mistakes) return fail(`Entre las aceptadas hay ${count(mistakes, "fallo")}: sube la confianza.`);
  if (accepted < most)
    return fail(`Ningún fallo, y caben ${count(most - accepted, "acierto")} más: baja la confianza.`);
  return pass(
    `Conseguido: precisión 1 con ${count(most, "acierto")}; para encontrar más hay que admitir fallos.`,
  );
}

/** Reto de «Campo receptivo»: abarcar la entrada entera con tres capas como mucho. */
export function judgeField(layers, fields, n) {
  const last = fields.at(-1);
  if (!last.output) return fail("La última capa no cabe: no hay salida.");
  if (last.size < n) return fail(`El campo abarca ${last.size} de ${n} píxeles.`);
  if (layers.length > 3) return fail(`Abarca la imagen con ${layers.length} capas: inténtalo con 3.`);
  const used = layers.length === 1 ? "una capa" : `${layers.length} capas`;
  return pass(`Conseguido: ${used} y un campo de ${last.size} píxeles.`);
}

/**
 * Reto de «Pesos compartidos»: más de mil millones de parámetros en la densa y menos de mil en la
 * convolucional.
 */
export function judgeBudget({ dense, conv }) {
  if (dense < 1e9) return fail("La densa no llega a mil millones.");
  if (conv >= 1e3) return fail("La convolucional pasa de mil: reduce el kernel, los canales o los filtros.");
  return pass("Conseguido: la misma salida con menos de una millonésima parte de los parámetros.");
}

/**
 * Reto de «Descenso de gradiente»: predecir un paso. Vale un error de la séptima parte del paso, o de lo que
 * no se distingue con el dedo.
 */
export function judgePrediction(from, to, guess) {
  const [size, error] = [distance(from, to), distance(guess, to)];
  const miss = (message) => ({ hit: false, message });
  if (size < 0.15) return miss("El punto apenas se mueve y no cuenta: sube la tasa o empieza más lejos.");
  if (error <= Math.max(size / 7, 0.12))
    return { hit: true, message: `Acierto: a ${number(error)} del punto.` };
  // la parte del paso que se ha recorrido: 1 es el paso justo
  const along = guess.reduce((total, v, i) => total + (v - from[i]) * (to[i] - from[i]), 0) / size ** 2;
  const aside = Math.sqrt(Math.max(0, error ** 2 - ((1 - along) * size) ** 2));
  if (along < 0) return miss("Ha ido al otro lado: se resta la derivada, y el signo dice hacia dónde.");
  if (aside > Math.abs(1 - along) * size)
    return miss("El paso va en otra dirección: la de mayor pendiente, que no siempre mira al mínimo.");
  return miss(along < 1 ? "El paso ha sido más largo." : "El paso ha sido más corto.");
}

/** Reto de «Descenso de gradiente»: llegar cerca de los pesos buenos en pocos pasos. */
export function judgeDescent(points, { minimum, limit }, radius) {
  const arrival = points.findIndex(({ weights }) => distance(weights, minimum) < radius);
  const steps = points.length - 1;
  if (arrival === 0) return fail("Empieza más lejos.");
  if (arrival > 0 && arrival <= limit) return pass(`Conseguido en ${count(arrival, "paso")}.`);
  if (arrival > limit) return fail(`Ha llegado en ${arrival} pasos: cambia la tasa o la inercia.`);
  const away = distance(points.at(-1).weights, minimum);
  const left = away < 1e4 ? `Falta ${number(away)}` : "Cada vez está más lejos";
  return fail(
    steps < limit
      ? `${left}: da más pasos.`
      : `${left} y ya van ${steps} pasos: cambia la tasa o la inercia.`,
  );
}

/**
 * Reto de «Aumento»: con tiradas distintas, cambiar la imagen sin descolocar la máscara. `worst` es el
 * acuerdo de la máscara con dos tiradas opuestas: una coincidencia no vale.
 */
export function judgeSeparateDraws({ joint, change, agreement, worst }) {
  if (joint) return fail("Elige «tiradas distintas».");
  if (agreement < 1 || worst < 1) {
    const luck =
      agreement < 1 ? `acierta ${number(100 * agreement, 0)} de cada 100` : "acierta por casualidad";
    return fail(`La máscara ${luck}: lo que mueve los píxeles pide la misma tirada.`);
  }
  if (change < 0.02) return fail("La imagen está como estaba: sube alguna fuerza.");
  return pass("Conseguido: la luz cambia el valor de los píxeles y no su sitio, y la máscara se queda.");
}

/**
 * «¿Sigue siendo la misma clase?»: lo que se contesta y lo que dice la comparación con los dibujos, que son
 * [nombre, parecido]: el de la clase y los demás.
 */
export function judgeSameClass(answer, [name, own], rivals) {
  const [rival, other] = rivals.reduce((best, one) => (one[1] > best[1] ? one : best));
  const percent = (part) => `${number(100 * Math.max(0, part), 0)} %`;
  const same = own > other + 0.05 && own > 0.5;
  const close = own > other && !same ? "; tendría que sacarle 5 puntos y pasar del 50 %" : "";
  const compared = `se parece un ${percent(own)} a ${name} y un ${percent(other)} a ${rival}${close}`;
  if ((answer === "yes") === same) return pass(`De acuerdo con la comparación: ${compared}.`);
  return fail(`La comparación dice otra cosa: ${compared}.`);
}

/** Reto de «Umbral»: encontrar casi todo el objeto, y que sobre lo menos posible. */
export function judgeRecall({ precision, recall }, along, wanted) {
  if (recall < wanted)
    return fail(`La exhaustividad se queda en ${number(recall, 3)}: se escapan píxeles del objeto.`);
  const enough = along.filter((scores) => scores.recall >= wanted);
  if (precision < Math.max(...enough.map((scores) => scores.precision)))
    return fail(`Con precisión ${number(precision)} sobran píxeles que otro umbral se ahorra.`);
  const most = `precisión ${number(precision)} con esa exhaustividad`;
  return pass(`Conseguido: ningún umbral del mando pasa de ${most}.`);
}

/** Reto de «RLE y polígono»: muchos píxeles en pocas cuentas, que van por columnas. */
export function judgeFewRuns(counts) {
  const ones = counts.filter((_, i) => i % 2).reduce((a, b) => a + b, 0);
  if (ones < 12) return fail(`Tiene ${count(ones, "píxel", "píxeles")}.`);
  if (counts.every((n, i) => i % 2 || !n)) return fail("Está llena: deja algún cero.");
  if (counts.length > 3) return fail(`Salen ${counts.length} cuentas: piensa por dónde se recorre.`);
  return pass(`Conseguido: ${ones} píxeles en ${counts.length} cuentas, porque van seguidos por columnas.`);
}

/** Reto de «RLE y polígono»: lo que un contorno exacto no puede guardar. */
export function judgeHole({ tolerance, agreement: { both, extra, missing } }) {
  if (tolerance) return fail("Pon la tolerancia a 0: así el contorno es exacto.");
  if (!both && !missing) return fail("La máscara está vacía.");
  if (!extra) return fail("Vuelve la misma: piensa en qué no dice un contorno.");
  return pass(`Conseguido: rellena ${count(extra, "píxel", "píxeles")}; un polígono no sabe de huecos.`);
}

/** Reto de «Segmenta y cuenta»: que las tres maneras encuentren todos los objetos, y ninguno de más. */
export function judgeCounts(objects, ways) {
  if (objects < 4) return fail(`Hay ${count(objects, "objeto")}: añade hasta cuatro.`);
  const names = {
    components: "Las componentes encuentran",
    watershed: "La cuenca encuentra",
    votes: "Los votos encuentran",
  };
  const short = Object.entries(ways).find(([, { found }]) => found < objects);
  if (short) {
    const [name, { found }] = short;
    return fail(`${names[name]} ${found} de los ${objects} objetos.`);
  }
  const extra = Object.entries(ways).find(([, { classes }]) => classes.length > objects);
  if (extra) return fail(`${names[extra[0]]} los ${objects} objetos, y además alguno que no está.`);
  return pass(`Conseguido: las tres encuentran los ${objects} objetos.`);
}
