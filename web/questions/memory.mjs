// Lo contestado, guardado solo en este navegador, y cuándo conviene repetirlo.
const NAME = "curso-cnn.preguntas";
const DAY = 24 * 60 * 60 * 1000;
/** Días hasta el repaso siguiente según cuántas veces seguidas se ha acertado. */
export const INTERVALS = [0, 1, 3, 7, 16, 35];

export class Memory {
  /** @param {Storage|null} storage localStorage, o null si el navegador no lo permite */
  constructor(storage) {
    this.storage = storage;
    this.session = {};
  }

  all() {
    try {
      const saved = JSON.parse(this.storage?.getItem(NAME) ?? "{}");
      return saved && typeof saved === "object" && !Array.isArray(saved)
        ? { ...saved, ...this.session }
        : this.session;
    } catch {
      return this.session;
    }
  }

  /**
   * Anota una respuesta y devuelve el registro: intentos, aciertos seguidos, fecha del repaso y, si se
   * cuentan, aciertos.
   */
  note(id, right, { now = Date.now(), score } = {}) {
    const before = this.get(id);
    const streak = right ? Math.min((before?.streak ?? 0) + 1, INTERVALS.length - 1) : 0;
    const record = { tries: (before?.tries ?? 0) + 1, streak, due: now + INTERVALS[streak] * DAY, score };
    this.session = { ...this.session, [id]: record };
    try {
      this.storage?.setItem(NAME, JSON.stringify(this.all()));
    } catch {
      // sin sitio o sin permiso: el progreso dura lo que la página
    }
    return record;
  }

  get(id) {
    const record = this.all()[id];
    return Number.isFinite(record?.due) && Number.isInteger(record?.streak) ? record : undefined;
  }

  /** La pregunta que se contestó la última, o undefined. */
  last() {
    const when = (id) => this.get(id).due - INTERVALS[this.get(id).streak] * DAY;
    const known = Object.keys(this.all()).filter((id) => this.get(id));
    return known.sort((a, b) => when(b) - when(a))[0];
  }

  erase() {
    this.session = {};
    try {
      this.storage?.removeItem(NAME);
    } catch {
      // no había nada guardado
    }
  }
}

/** Lo que toca: primero lo fallado, luego lo vencido, y al final lo que nunca se ha contestado. */
export function pending(ids, memory, now = Date.now()) {
  const rank = (record) => (!record ? 2 : record.streak === 0 ? 0 : 1);
  return ids
    .map((id) => ({ id, record: memory.get(id) }))
    .filter(({ record }) => !record || record.due <= now)
    .sort((a, b) => rank(a.record) - rank(b.record) || (a.record?.due ?? 0) - (b.record?.due ?? 0))
    .map(({ id }) => id);
}

/** La memoria de este navegador; en un marco aislado puede no haber dónde guardar. */
export function browserMemory() {
  try {
    return new Memory(window.localStorage);
  } catch {
    return new Memory(null);
  }
}
