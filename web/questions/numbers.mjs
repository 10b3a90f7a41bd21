// Números como se escriben en español. web/test/numbers.json dice, caso por caso, cómo se lee cada texto;
// course_utils/exercises/numbers.py lee igual.
const POWER_OF_TEN = new RegExp(
  String.raw`(?:(?<times>(?<=[\d.])\s*[·⋅×*xX]\s*)|(?<![a-zA-Z0-9_.,'^*]))` +
    String.raw`10\s*(?:\^|\*\*)\s*(?:\(\s*(?<inside>[+-]?\d{1,2})\s*\)|(?<bare>[+-]?\d{1,2}))(?!\d)`,
  "g",
);
const MINUS = /[−–‐‑‒—﹣－]/g;
const VULGAR = /[¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]/g;
const THIN = "\u00a0\u2007\u2009\u202f"; // espacios que solo se usan dentro de un número
const PLAIN = /^(\d{1,15}([.,']\d{0,20})?|[.,']\d{1,20})$/;
const GROUPED = /^[1-9]\d{0,2}((\.\d{3}){1,4}(,\d{1,20})?|(,\d{3}){1,4}(\.\d{1,20})?)$/;

const BEFORE = /^.*[=≈≃≅∼~]/s; // «w = 2,6», «≈ 0,67»
// «14 píxeles», «54°»; «2 mil», «1 tercio» y «2 pi» dicen otro número
const UNIT = new RegExp(
  String.raw`(?<=[\d.,')\]])\s*(?:[°º]|s|(?:de\s+)?` +
    String.raw`(?!mil|bil|pi\b|medi|terci|cuart|quint|sext|octav|d[eé]c|doc|cent|cien)[a-záéíóúüñ]{2,}\.?)$`,
  "i",
);

/** El mismo texto con un solo signo para cada cosa: menos, dividir, apóstrofo y «e» por «·10^». */
function clean(text) {
  return String(text)
    .replace(VULGAR, (sign) => ` ${sign.normalize("NFKC")}`)
    .replace(/[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) => `^${power.normalize("NFKC")}`)
    .replace(MINUS, "-")
    .replace(/[÷⁄∕]/g, "/")
    .replace(/[’´]/g, "'")
    .trim()
    .replace(POWER_OF_TEN, (...found) => {
      const { times, inside, bare } = found.at(-1);
      return `${times ? "" : "1"}e${inside ?? bare}`;
    });
}

const ungrouped = (text, spaces) =>
  text.replace(new RegExp(`(?<![\\d.,'])\\d{1,3}([${spaces}]\\d{3})+(?!\\d)`, "g"), (found) =>
    found.replace(/\s/g, ""),
  );

/** Un número sin signo, con punto y sin miles, en cada manera de leerlo: primero con decimales. */
function decimals(text) {
  const joined = ungrouped(text, ` ${THIN}`);
  const found = PLAIN.test(joined) ? [joined.replace(/[,']/, ".")] : [];
  if (GROUPED.test(joined)) {
    const [separator] = /[.,]/.exec(joined);
    found.push(joined.replaceAll(separator, "").replace(",", "."));
  }
  return found;
}

function scientific(text) {
  const [, digits, power = ""] = /^(.*?)([eE][+-]?\d{1,2})?$/s.exec(text);
  return decimals(digits).map((number) => Number(number + power));
}

/** Los dos términos de una fracción son enteros o decimales, y en ellos 1.000 es mil. */
function fraction(text) {
  const parts = text.split("/");
  if (parts.length !== 2) return [];
  const [top, bottom] = parts.map((part) => decimals(part.trim()).at(-1)).map(Number);
  return Number.isNaN(top) || !bottom ? [] : [top / bottom];
}

function mixed(text) {
  const found = /^(\d{1,15})\s+(\d{1,15})\s*\/\s*(\d{1,15})$/.exec(text);
  if (!found) return [];
  const [whole, top, bottom] = found.slice(1).map(Number);
  return top < bottom ? [whole + top / bottom] : [];
}

/**
 * Los números que puede querer decir un texto; ninguno si no es un número, o si son varios.
 * «1.168» y «1,168» pueden ser uno con decimales o mil ciento sesenta y ocho: se devuelven los dos.
 */
export function readings(text) {
  const named = clean(text).replace(BEFORE, "").replace(UNIT, "").trim();
  const bare = named.replace(/^[([]([^()[\]]*)[)\]]$/, "$1");
  const [, sign, size, percent] = /^\s*([+-]?)\s*(.*?)\s*(%?)\s*$/s.exec(bare);
  const found = size.includes("/") ? [...mixed(size), ...fraction(size)] : scientific(size);
  const signed = found.map((value) => (sign === "-" && value ? -value : value));
  const all = percent ? signed.flatMap((value) => [value / 100, value]) : signed;
  return [...new Set(all)];
}

// --- Varios números: listas, tuplas y matrices --------------------------------------------------------

// Las piezas de un texto con varios números: corchete o salto de línea, separador, número u otra cosa.
const piece = (number, end = "") =>
  new RegExp(
    `(?<mark>[()[\\]{}\\n])|[\\s,;]|` +
      `(?<number>[+-]?(?:${number})(?:/\\d{1,15}|[eE][+-]?\\d{1,2})?(?![\\w.'/%+*-])${end})|(?<other>.)`,
    "gs",
  );
const WAYS = [
  // la coma separa y el punto es decimal, como en Python
  piece("\\d{1,15}(?:[.']\\d{0,20})?|[.']\\d{1,20}"),
  // la coma pegada entre cifras es decimal, y el punto, también
  piece("(?:\\d{1,15}(?:[.,']\\d{1,20})?|[.']\\d{1,20})", "(?!,\\d)"),
  // la coma es decimal y el punto separa los miles
  piece("(?:[1-9]\\d{0,2}(?:\\.\\d{3})+|\\d{1,15})(?:,\\d{1,20})?", "(?!,\\d)"),
];
const OPEN = "([{";
const CLOSE = ")]}";

const only = (list) => (list.length === 1 ? list[0] : list);

function numberOf(text) {
  const [top, bottom = 1] = text.split("/").map((part) => Number(part.replace(/[,']/, ".")));
  return bottom ? top / bottom : Number.NaN;
}

/** Corchetes, saltos de línea y números de un texto; null si hay otra cosa o algún corchete no casa. */
function tokens(text, way) {
  const pieces = [...text.matchAll(way)].map(({ groups }) => groups);
  let depth = 0;
  const closesTooSoon = pieces.some(({ mark = " " }) => {
    depth += OPEN.includes(mark) - CLOSE.includes(mark);
    return depth < 0;
  });
  if (closesTooSoon || depth || pieces.some(({ other }) => other)) return null;
  const written = (text) => (way === WAYS[2] ? text.replaceAll(".", "") : text);
  const found = pieces
    .filter(({ mark, number }) => mark || number)
    .map(({ mark, number }) => mark ?? numberOf(written(number)));
  const decimal = pieces.some(({ number }) => number && /[.,']/.test(written(number)));
  return found.some(Number.isNaN) ? null : { found, decimal };
}

/** Lo que hay hasta el corchete que cierra; cada línea es una fila. */
function group(left) {
  const rows = [[]];
  for (let one = left.shift(); one !== undefined && !CLOSE.includes(one); one = left.shift()) {
    if (one === "\n") rows.push([]);
    else rows.at(-1).push(OPEN.includes(one) ? only(group(left)) : one);
  }
  const full = rows.filter((row) => row.length);
  return full.length > 1 ? full.map(only) : (full[0] ?? []);
}

/**
 * Las listas que puede querer decir un texto, con listas dentro si hay filas; un solo número va suelto.
 * El tipo de los corchetes no cuenta, y los de un solo elemento, tampoco.
 * @returns {{tree: Array|number, decimal: boolean}[]} `decimal`, si algún número lleva decimales escritos
 */
export function trees(typed) {
  const bare = ungrouped(clean(typed).replace(/\r/g, ""), THIN);
  const texts = bare.includes(";") && !bare.includes("\n") ? [bare.replaceAll(";", "\n"), bare] : [bare];
  const found = new Map();
  for (const way of WAYS) {
    for (const text of texts) {
      const read = tokens(text, way);
      if (!read) continue;
      const tree = only(group(read.found));
      const key = JSON.stringify(tree);
      if (key !== "[]" && !found.has(key)) found.set(key, { tree, decimal: read.decimal });
    }
  }
  return [...found.values()];
}
