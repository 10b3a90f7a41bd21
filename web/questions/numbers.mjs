// Números como se escriben en español.
const MINUS = /[−–]/g;
const SPACES = /[\s\u00a0\u202f]/g;
const DECIMAL = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;
const GROUPED = /^[+-]?\d{1,3}([.,]\d{3})+$/;

function plain(text) {
  return Number(text.replace(",", "."));
}

/**
 * Los números que puede querer decir un texto; ninguno si no es un número.
 * «1.168» puede ser uno con decimales o mil ciento sesenta y ocho: se devuelven los dos.
 */
export function readings(text) {
  const clean = String(text).replace(MINUS, "-").replace(SPACES, "");
  const parts = clean.split("/");
  if (parts.length === 2 && parts.every((part) => DECIMAL.test(part)) && plain(parts[1]) !== 0) {
    return [plain(parts[0]) / plain(parts[1])];
  }
  const found = DECIMAL.test(clean) ? [plain(clean)] : [];
  if (GROUPED.test(clean)) found.push(Number(clean.replace(/[.,]/g, "")));
  return found;
}
