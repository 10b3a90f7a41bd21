// Números como se escriben en español: coma decimal, signo menos y grupos de tres desde cinco cifras.

const THIN_SPACE = "\u202f";

/**
 * Las cifras de un número sin signo, redondeadas como Python: al más cercano y, si está justo en medio, a la
 * cifra par. toFixed redondea bien salvo en eso, y justo en medio solo están los múltiplos impares de
 * 1 / 2^(decimales + 1).
 */
function digits(size, decimals) {
  if (size >= 1e21 && size < Infinity) return BigInt(size).toString(); // aquí toFixed pasa a potencias de 10
  const text = size.toFixed(decimals);
  const halfway = (size * 2 ** (decimals + 1)) % 2 === 1;
  return halfway ? text.slice(0, -1) + (text.at(-1) & ~1) : text;
}

/** Número con un máximo de decimales, sin ceros sobrantes: lo mismo que number_text de course_utils.style. */
export function number(value, decimals = 2) {
  const [whole, fraction = ""] = digits(Math.abs(value), decimals).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : whole;
  const tail = fraction.replace(/0+$/, "");
  const text = tail ? `${grouped},${tail}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/**
 * Lo más corto que cabe en una celda: sin el 0 de la izquierda y, si no se piden más, con un decimal como
 * mucho.
 */
export const short = (value, decimals = Math.abs(value) < 10 ? 1 : 0) =>
  number(value, decimals).replace(/^(−?)0,/, "$1,");

/** Un factor o un sumando: entre paréntesis si es negativo. */
export const factor = (value, decimals) => number(value, decimals).replace(/^−.*/, "($&)");

/** Una parte, de 0 a 1, en tantos por ciento. */
export const percent = (part, decimals = 0) => `${number(100 * part, decimals)} %`;

/** Aciertos de cada cien, sin que unos pocos parezcan ninguno ni todos. */
export function perHundred(part) {
  if (part > 0 && part < 0.005) return "menos de 1";
  return part >= 0.995 && part < 1 ? "más de 99" : number(100 * part, 0);
}

/** Los números de una matriz, seguidos. */
export const series = (values) =>
  values
    .flat()
    .map((value) => number(value))
    .join("; ");

/** Filas y columnas de una matriz: «3 × 4». */
export const dimensions = (values) => `${values.length} × ${values[0].length}`;

/** Lo que alguien teclea, con coma o con punto y con cualquier signo menos; NaN si no es un número. */
export const parse = (text) => (/\d/.test(text) ? Number(text.replace("−", "-").replace(",", ".")) : NaN);

/** «1 ventana», «3 ventanas». */
export const count = (n, one, many = `${one}s`) => `${number(n, 0)} ${n === 1 ? one : many}`;

/** Una cantidad grande en palabras: «216 mil», «17 mil millones»; por debajo de 10 000, en cifras. */
export function approximate(value) {
  const units = [
    [1e12, "billón", "billones"],
    [1e9, "mil millones", "mil millones"],
    [1e6, "millón", "millones"],
    [1e3, "mil", "mil"],
  ];
  const unit = value >= 1e4 && units.find(([size]) => value >= size * 0.9995);
  if (!unit) return number(value, 0);
  const amount = number(value / unit[0], value / unit[0] < 10 ? 1 : 0);
  if (unit[0] === 1e9 && amount === "1") return "mil millones";
  return `${amount} ${amount === "1" ? unit[1] : unit[2]}`;
}
